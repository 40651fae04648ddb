"""A small generated package for the tests of the runtime: every kind of port, output, setting and hole."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from smgen.contracts import read_contracts
from smgen.diagnostics import Finding, FindingsError
from smgen.documents import JsonObject, JsonValue, shown_path
from smgen.generate import GenerationOptions, plan, publish_package
from smgen.packages import contracts_path
from smgen.runtime import CompiledPipeline, Environment

CONTRACTS = Path(__file__).parent.parent / "data" / "runtime_contracts"
PACKAGE = "rt_steps"

ENVIRONMENT = Environment(
    "dev",
    account="123456789012",
    region="eu-west-1",
    role="arn:aws:iam::123456789012:role/dev",
    bucket="dev-bucket",
    images={"prep": "prep:1", "xgboost": "xgb:1"},
)


@dataclass(frozen=True)
class Steps:
    """The modules of the generated package."""

    notify: ModuleType
    prepare: ModuleType
    register: ModuleType
    train: ModuleType
    tune: ModuleType
    artifact_types: ModuleType


def generate(folder: Path, package: str = PACKAGE, contracts: Path = CONTRACTS) -> Path:
    """Writes the package into a folder and returns its own folder."""
    target = folder / package
    options = GenerationOptions(package, contracts_path(target, contracts))
    publish_package(target, plan(read_contracts(contracts), options))
    return target


def imported(folder: Path, package: str = PACKAGE) -> Steps:
    """The package's modules; the folder is on the path only while they are imported."""
    sys.path.insert(0, str(folder))
    try:
        names = ("notify", "prepare", "register", "train", "tune", "artifact_types")
        return Steps(*(importlib.import_module(f"{package}.{name}") for name in names))
    finally:
        sys.path.remove(str(folder))


def findings_of(wrong: Callable[[], object]) -> tuple[Finding, ...]:
    """What a call reports; the test fails where it reports nothing."""
    with pytest.raises(FindingsError) as caught:
        wrong()
    return caught.value.findings


def rules_of(wrong: Callable[[], object]) -> list[str]:
    """The rules of what a call reports, sorted as the findings are."""
    return [finding.rule for finding in findings_of(wrong)]


def one_of(wrong: Callable[[], object]) -> Finding:
    """The only thing that a call reports."""
    (finding,) = findings_of(wrong)
    return finding


def line() -> int:
    """The line of the caller."""
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return frame.f_back.f_lineno


def shown(file: str) -> str:
    """A test module as a place shows it."""
    return shown_path(Path(file))


def document(compiled: CompiledPipeline) -> JsonObject:
    """The definition as JSON."""
    return compiled.definition.document


def step(compiled: CompiledPipeline, name: str) -> JsonObject:
    """The document of a step, wherever it stands."""
    found = [item for item in _steps(document(compiled)["Steps"]) if item["Name"] == name]
    assert len(found) == 1
    return found[0]


def _steps(value: JsonValue) -> list[JsonObject]:
    found: list[JsonObject] = []
    for item in value if isinstance(value, list) else []:
        if isinstance(item, dict):
            found.append(item)
            arguments = item["Arguments"]
            if isinstance(arguments, dict):
                for branch in ("IfSteps", "ElseSteps", "ForEachBody"):
                    found += _steps(arguments.get(branch))
    return found
