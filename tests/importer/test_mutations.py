"""Recorded definitions with members added, removed and replaced at every level: what is a definition comes in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

import pytest

from smgen.definition import parse_definition
from smgen.diagnostics import FindingsError
from smgen.documents import JsonObject, JsonValue
from tests.cli.command_line import smgen
from tests.importer.filled_corpus import filled, written
from tests.importer.round_trip import RECORDED

#: 300 were looked at when the test was written; each costs a second and more.
MUTATIONS: Final = int(os.environ.get("SMGEN_MUTATIONS", "40"))
#: What was refused of the definitions, each with the reason.
REFUSED: Final[dict[str, str]] = {}

_NAMES: Final = ("New", "$x", "Name", "Type", "Get", "DependsOn", "CacheConfig", "RetryPolicies", "Description")
_VALUES: Final[list[JsonValue]] = [
    None, True, 0, -1, 1.5, "", "x", [], {}, ["x"], "s3://", "a" * 300, "two\nlines", 10**20,
    {"$input": "x"}, {"Get": "Steps.Nope.X"}, {"Get": "Parameters.Nope"}, {"Get": ""}, {"Name": "x"},
    {"Std:Join": {"On": "/", "Values": []}},
    {"Std:Join": {"On": 1, "Values": ["a"]}},
    {"Std:Join": {"On": "", "Values": ["a", None]}},
    {"Std:JsonGet": {"PropertyFile": "x", "Path": "$..a"}},
]  # fmt: skip


def _holders(value: JsonValue) -> Iterator[JsonObject | list[JsonValue]]:
    if isinstance(value, (dict, list)):
        if value:
            yield value
        for item in value.values() if isinstance(value, dict) else value:
            yield from _holders(item)


def mutated(seed: int) -> JsonObject:
    """A recorded definition with one change."""
    random = Random(seed)
    files = sorted(RECORDED.glob("*.json"))
    document: JsonObject = json.loads(json.dumps(filled(files[seed % len(files)].stem)))
    holder = random.choice(list(_holders(document)))
    how, value = random.choice(("add", "remove", "replace")), json.loads(json.dumps(random.choice(_VALUES)))
    if isinstance(holder, dict):
        name = random.choice(_NAMES if how == "add" else list(holder))
        if how == "remove":
            del holder[name]
        else:
            holder[name] = value
    else:
        at = random.randrange(len(holder))
        holder[at : at + (how != "add")] = [] if how == "remove" else [value]
    return document


def mutations(count: int) -> Iterator[JsonObject]:
    """That many mutations that are definitions still."""
    seed = 0
    while count:
        document = mutated(seed)
        seed += 1
        try:
            parse_definition(document, tolerant=True)
        except FindingsError:
            continue
        count -= 1
        yield document


@pytest.mark.slow
def test_every_mutation_that_is_a_definition_comes_in(tmp_path: Path) -> None:
    files: list[str] = []
    for number, document in enumerate(mutations(MUTATIONS)):
        files.append(f"M{number}.json")
        written(tmp_path, files[-1], {"PipelineName": f"M{number}", "PipelineDefinition": json.dumps(document)})
    result = smgen("import", *files, "-o", "project", "--format", "json", cwd=tmp_path)

    # The proof holds for each: what compiles to something else is not imported.
    report = json.loads(result.out)
    assert report["not_imported"] == REFUSED
    assert len(report["pipelines"]) == MUTATIONS - len(REFUSED)
    # One odd value makes no pipeline raw.
    raw = [len(item["raw_parts"]) for item in report["pipelines"]]
    assert sum(raw) <= 3 * len(raw)
    project = tmp_path / "project"
    mypy = subprocess.run([sys.executable, "-m", "mypy"], cwd=project, capture_output=True, text=True, check=False)
    assert mypy.returncode == 0, mypy.stdout
    pyright = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable]
    checked = subprocess.run(pyright, cwd=project, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
