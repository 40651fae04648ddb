"""Recorded definitions with members added, removed and replaced at every level: what is a definition comes in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from smgen.definition import parse_definition
from smgen.diagnostics import FindingsError
from smgen.documents import JsonObject, JsonValue
from tests.cli.command_line import smgen
from tests.importer.filled_corpus import filled, written
from tests.importer.holders import holders
from tests.importer.round_trip import RECORDED, moved
from tests.importer.test_corpus import PROD

#: 300 were looked at when the test was written; each costs a second and more.
MUTATIONS: Final = int(os.environ.get("SMGEN_MUTATIONS", "16"))
ACCOUNTS: Final = ("111122223333", PROD["111122223333"])
#: As many are imported by one command, in the suite all.
PART: Final = 40
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


def mutated(seed: int) -> JsonObject:
    """A recorded definition with one change."""
    files = sorted(RECORDED.glob("*.json"))
    return changed(filled(files[seed % len(files)].stem), Random(seed))


def changed(given: JsonObject, random: Random) -> JsonObject:
    """A definition with one change, somewhere."""
    document: JsonObject = json.loads(json.dumps(given))
    holder = random.choice(list(holders(document)))
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
        if is_definition(document):
            count -= 1
            yield document


def is_definition(document: JsonObject) -> bool:
    try:
        parse_definition(document, tolerant=True)
    except FindingsError:
        return False
    return True


def pairs(count: int) -> Iterator[tuple[JsonObject, JsonObject]]:
    """That many definitions, each with the one of another account, which has three changes more."""
    for seed, dev in enumerate(mutations(count)):
        random, prod = Random(-seed - 1), moved(dev, PROD)
        for _ in range(3):
            other = changed(prod, random)
            prod = other if is_definition(other) else prod
        yield dev, prod


@pytest.mark.slow
def test_every_mutation_that_is_a_definition_comes_in(tmp_path: Path) -> None:
    files: list[str] = []
    for number, document in enumerate(mutations(MUTATIONS)):
        files.append(f"M{number}.json")
        written(tmp_path, files[-1], {"PipelineName": f"M{number}", "PipelineDefinition": json.dumps(document)})
    # The proof holds for each: what compiles to something else is not imported.
    pipelines, refused = imported(tmp_path, files)
    assert refused == REFUSED
    assert len(pipelines) == MUTATIONS - len(REFUSED)
    # One odd value makes no pipeline raw.
    raw = [len(item["raw_parts"]) for item in pipelines]
    assert sum(raw) <= 3 * len(raw)
    assert_clean(tmp_path / "project")


@pytest.mark.slow
def test_mutations_of_another_account_come_in_beside_it(tmp_path: Path) -> None:
    count = MUTATIONS // 4
    files: list[str] = []
    for number, documents in enumerate(pairs(count)):
        for environment, account, document in zip(("dev", "prod"), ACCOUNTS, documents, strict=True):
            files.append(f"M{number}.{environment}.json")
            arn = f"arn:aws:sagemaker:us-east-1:{account}:pipeline/M{number}"
            content: JsonObject = {
                "PipelineName": f"M{number}",
                "PipelineArn": arn,
                "PipelineDefinition": json.dumps(document),
            }
            written(tmp_path, files[-1], content)
    pipelines, refused = imported(tmp_path, files)

    assert refused == {}
    assert [len(item["environments"]) for item in pipelines] == [2] * count
    assert_clean(tmp_path / "project")


def imported(folder: Path, files: Sequence[str]) -> tuple[list[Any], dict[str, str]]:
    """The pipelines of one project, and what was refused; a fleet comes in by parts, each beside those before it."""
    pipelines: list[Any] = []
    refused: dict[str, str] = {}
    for start in range(0, len(files), PART):
        part = files[start : start + PART]
        report = json.loads(smgen("import", *part, "-o", "project", "--format", "json", cwd=folder).out)
        pipelines += report["pipelines"]
        refused |= report["not_imported"]
    return pipelines, refused


def assert_clean(project: Path) -> None:
    """Both type checkers, one run each."""
    mypy = subprocess.run([sys.executable, "-m", "mypy"], cwd=project, capture_output=True, text=True, check=False)
    assert mypy.returncode == 0, mypy.stdout
    pyright = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable]
    checked = subprocess.run(pyright, cwd=project, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
