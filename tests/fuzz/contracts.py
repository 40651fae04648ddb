"""Contracts: read, held against AWS, packed, their scripts held against them; some generated and imported."""

from __future__ import annotations

import ast
import functools
import importlib
import json
import random
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from smgen.checks import contract_request_findings
from smgen.contracts import (
    ContractRegistry,
    read_contracts,
    read_what_is_readable,
    rule_findings,
    setting_schemas,
)
from smgen.diagnostics import FindingsError
from smgen.documents import JsonValue
from smgen.evolution import contract_changes
from smgen.generate import GenerationOptions, plan
from smgen.runtime import packed_files, packing_findings
from smgen.source import script_findings
from tests.fuzz.json_mutations import ANY, MILD, Words, json_bytes, mutated_json, words_of
from tests.fuzz.payloads import CANARY
from tests.fuzz.running import Input, Target, Trial
from tests.fuzz.text_mutations import sometimes_bytes
from tests.project.checkout import CHECKOUT

_TYPES: Final = "artifact_types.json"
#: The rules of a document that is no contract at all: no check has seen it.
_UNREAD: Final = frozenset(("SMG100", "SMG101", "SMG102"))
#: One of so many that have no mistake is generated and imported.
_GENERATED: Final = 50


@functools.cache
def bases() -> Mapping[str, JsonValue]:
    """Contracts without a mistake, each by its path in the repository."""
    data = CHECKOUT / "tests" / "data"
    folders = [CHECKOUT / "contract_specs", *(data / f"{name}contracts" for name in ("", "golden_", "kind_", "loop_"))]
    found = [path for folder in folders for path in sorted(folder.glob("*.json"))]
    return {path.relative_to(CHECKOUT).as_posix(): json.loads(path.read_text(encoding="utf-8")) for path in found}


@functools.cache
def words() -> Words:
    return words_of([*bases().values()])


def made(rng: random.Random) -> Input:
    base = rng.choice([*bases()])
    document = mutated_json(rng, bases()[base], words(), (*MILD, *MILD, *ANY))
    return Input(sometimes_bytes(rng, json_bytes(rng, document)), base)


def folder_of(trial: Trial) -> Path:
    """A folder with the contract and what it needs beside it: types, schemas, scripts; no other contract."""
    base = CHECKOUT / trial.given.base
    folder = trial.folder / base.parent.name / base.stem
    if not folder.exists():
        is_types = base.name == _TYPES
        others = [] if is_types else [item.name for item in base.parent.glob("*.json") if item.name != _TYPES]
        shutil.copytree(base.parent, folder, ignore=lambda path, _: others if Path(path) == base.parent else [])
    (folder / base.name).write_bytes(trial.given.data)
    return folder


def run(trial: Trial) -> None:
    folder = folder_of(trial)
    compare(folder, trial)
    try:
        registry = read_contracts(folder, shown_root="contracts")
    except FindingsError as error:
        trial.past = not {finding.rule for finding in error.findings} & _UNREAD
        raise
    trial.past = True
    contracts = [*registry.values()]
    trial.findings += contract_request_findings(contracts)
    for contract in contracts:
        trial.findings += rule_findings(contract)
        assert set(setting_schemas(contract)) == set(contract.settings)
        found = packing_findings(contract)
        trial.findings += found
        if not found and contract.source is not None:
            root, files = packed_files(contract)
            trial.findings += script_findings(contract, files, root)
    if trial.number % _GENERATED == 0 and all(item.package is None for item in registry.artifact_types.values()):
        generate(registry, trial)


def compare(folder: Path, trial: Trial) -> None:
    """Holds the contract, as an earlier state, against the one that it was made from, and that one against it."""
    base = CHECKOUT / trial.given.base
    mutated, _ = read_what_is_readable(folder, shown_root="contracts")
    (folder / base.name).write_bytes(base.read_bytes())
    original, _ = read_what_is_readable(folder, shown_root="contracts")
    (folder / base.name).write_bytes(trial.given.data)
    assert contract_changes(mutated, mutated) == ()
    changes = (*contract_changes(mutated, original), *contract_changes(original, mutated))
    trial.findings += [change.finding() for change in changes]


def generate(registry: ContractRegistry, trial: Trial) -> None:
    """Generates the package and imports it: what a contract says stands in it as text, if at all."""
    package = f"fuzzed_{trial.number}"
    files = plan(registry, GenerationOptions(package, "contracts")).files
    for path, content in files.items():
        file = trial.folder / package / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        if path.endswith(".py"):
            values = {node.value for node in ast.walk(ast.parse(content)) if isinstance(node, ast.Constant)}
            assert CANARY not in values, path
    sys.path.insert(0, str(trial.folder))
    importlib.invalidate_caches()
    try:
        for path in files:
            if path.endswith(".py"):
                name = ".".join([package, *Path(path).with_suffix("").parts]).removesuffix(".__init__")
                importlib.import_module(name)
    finally:
        sys.path.remove(str(trial.folder))
        for name in [name for name in sys.modules if name.partition(".")[0] == package]:
            del sys.modules[name]


def commands(trial: Trial) -> Iterator[tuple[str, ...]]:
    yield "validate", "--contracts", str(folder_of(trial)), "--format", trial.form.value


CONTRACTS: Final = Target("contracts", made, run, commands, every=100)
