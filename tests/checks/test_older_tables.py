"""What smgen says when it knows AWS of two years ago: recorded and authored pipelines have warnings only."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest

from smgen.aws import service_model
from smgen.checks import CheckContext, check_definition
from smgen.definition import parse_definition
from smgen.diagnostics import Finding, Severity
from smgen.documents import JsonObject, JsonValue, object_at
from smgen.runtime import FluentPipelineBuilder
from tests.aws.older_tables import OLDER, older_tables
from tests.checks.definitions import CORPUS
from tests.corpus.comparison import RebuiltPipeline, built
from tests.library.kind_pipelines import ENVIRONMENT, calls, kinds

PARITY: Final = Path(__file__).parents[1] / "data" / "parity"
IMPORTED: Final = sorted(path for path in PARITY.glob("imported/*/*.json") if not path.name.startswith("_"))
STEPS: Final = sorted(
    path for folder in ("kinds", "loops", "tuning") for path in (PARITY / folder).glob("*.json") if path.name[0] != "_"
)
REBUILT: Final = sorted(path.stem for path in (Path(__file__).parents[1] / "corpus").glob("test_*.py"))
#: What only a whole pipeline has: parameters, and the steps that a single one reads.
OF_THE_WHOLE: Final = ("SMG301", "SMG303")
#: Errors of recorded steps with today's table, each looked at: SageMaker takes no Integer where a text belongs (the
#: SDK of version 3 converts none), and the guide takes no list as the input of a function.
KNOWN: Final = {("registration.json", "SMG411"), ("Lookup.json", "SMG411")}


def recorded(path: Path) -> JsonObject:
    content: JsonValue = json.loads(path.read_text(encoding="utf-8"))
    if path in CORPUS:
        return object_at(content, "definition")
    if path in IMPORTED:
        return object_at(content)
    steps: list[JsonValue] = content if isinstance(content, list) else [object_at(content, "step") or content]
    return {"Version": "2020-12-01", "Metadata": {}, "Parameters": [], "Steps": steps}


def findings(path: Path) -> list[Finding]:
    found = check_definition(parse_definition(recorded(path)))
    return [finding for finding in found if path not in STEPS or finding.rule not in OF_THE_WHOLE]


def errors(path: Path) -> set[tuple[str, str]]:
    return {(path.name, finding.rule) for finding in findings(path) if finding.severity is Severity.ERROR}


@pytest.mark.parametrize("path", [*CORPUS, *IMPORTED, *STEPS], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_recording_has_no_error_but_the_known_ones_with_either_table(path: Path) -> None:
    assert errors(path) <= KNOWN
    now = {(item.rule, item.place.pointer) for item in findings(path)}
    with older_tables():
        assert service_model().botocore_version == OLDER
        assert errors(path) <= KNOWN
        newer = [item for item in findings(path) if (item.rule, item.place.pointer) not in now]
    assert {item.rule for item in newer} <= {"SMG425"}
    assert all(OLDER in f"{item.expected} {item.fix}" for item in newer)


def test_what_is_newer_is_told() -> None:
    with older_tables():
        told = [item.given for item in findings(PARITY / "kinds" / "Tailor.json") if item.rule == "SMG425"]
    assert "JobCategory" in told


def rebuilt(name: str) -> RebuiltPipeline | None:
    found = getattr(import_module(f"tests.corpus.{name}"), "PIPELINE", None)
    return found if isinstance(found, RebuiltPipeline) else None


@pytest.mark.parametrize("name", [name for name in REBUILT if rebuilt(name) is not None])
def test_the_rebuilt_pipelines_compile_with_warnings_only(name: str) -> None:
    pipeline = rebuilt(name)
    assert pipeline is not None
    with older_tables():
        compiled = built(pipeline)
        found = check_definition(compiled.definition, CheckContext(compiled.provenance))
    assert [item.message for item in found if item.severity is Severity.ERROR] == []


@pytest.mark.parametrize("function", [kinds, calls])
def test_a_step_of_each_kind_compiles_with_warnings_only(function: object) -> None:
    assert callable(function)
    with older_tables():
        builder = FluentPipelineBuilder("Kinds", ENVIRONMENT)
        function(builder, ENVIRONMENT)
        compiled = builder.build()
        found = check_definition(compiled.definition, CheckContext(compiled.provenance))
    assert [item.place.step for item in found if item.severity is Severity.ERROR and item.place.step != "Lookup"] == []
