"""The step document of every kind, whole: what a contract of that kind becomes."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

from smgen.aws import STEP_KINDS
from smgen.checks import CheckContext, check_definition
from smgen.contracts import read_contracts
from smgen.definition import dump_definition
from smgen.documents import JsonObject, JsonValue, pretty_json
from smgen.generate import GenerationOptions, plan
from smgen.packages import contracts_path
from smgen.runtime import CompiledPipeline, FluentPipelineBuilder
from tests.golden import Golden
from tests.library.kind_pipelines import ENVIRONMENT, calls, kinds
from tests.library.script_runs import SPECS

TESTS = Path(__file__).parents[1]
KIND_CONTRACTS = TESTS / "data" / "kind_contracts"
GOLDEN = Path(__file__).parent / "golden"
PACKAGE = GOLDEN / "kind_steps"
OPTIONS = GenerationOptions("kind_steps", contracts_path(PACKAGE, KIND_CONTRACTS))
PIPELINES = {"kinds": kinds, "calls": calls}

#: Kinds of which a step stands elsewhere: written in the pipeline itself, or derived from a training step.
ELSEWHERE = ("Condition", "Fail", "ForEach", "Cleanup", "Tuning")


@cache
def compiled(pipeline: str) -> CompiledPipeline:
    builder = FluentPipelineBuilder(pipeline, ENVIRONMENT)
    PIPELINES[pipeline](builder, ENVIRONMENT)
    return builder.build()


@cache
def documents() -> dict[str, JsonObject]:
    """The step documents by name."""
    found: dict[str, JsonObject] = {}
    for pipeline in PIPELINES:
        steps: JsonValue = dump_definition(compiled(pipeline).definition)["Steps"]
        assert isinstance(steps, list)
        for step in steps:
            assert isinstance(step, dict)
            found[str(step["Name"])] = step
    return found


NAMES = tuple(documents())


def test_the_package_of_the_kinds_is_what_is_generated(golden: Golden) -> None:
    golden.package(PACKAGE, plan(read_contracts(KIND_CONTRACTS), OPTIONS))


@pytest.mark.parametrize("name", NAMES)
def test_the_whole_step_document(name: str, golden: Golden) -> None:
    # The order of members is part of it: that of the contract, and then the SDK's.
    golden.text(GOLDEN / "kinds" / f"{name}.json", pretty_json(documents()[name]))


def test_there_is_a_document_for_every_step_and_no_other(golden: Golden) -> None:
    golden.names(GOLDEN / "kinds", {f"{name}.json" for name in NAMES})


def test_every_kind_stands_in_it() -> None:
    types = {str(step["Type"]) for step in documents().values()}
    assert types - set(STEP_KINDS) == {"Athena"}
    assert set(STEP_KINDS) - types == set(ELSEWHERE) - {"Condition"}


#: What is advised against, checks that nothing can be held against, and a list, which the guide refuses.
ADVISED = {
    "kinds": [("SMG417", "ModelBias"), ("SMG417", "Explain")],
    "calls": [("SMG411", "Lookup"), ("SMG417", "Bias")],
}


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_the_rules_find_nothing(pipeline: str) -> None:
    built = compiled(pipeline)
    found = check_definition(built.definition, CheckContext(built.provenance))
    assert [(item.rule, item.place.step) for item in found] == ADVISED[pipeline]


def test_without_its_contract_an_unknown_kind_is_told() -> None:
    found = next(
        item for item in check_definition(compiled("calls").definition) if item.rule not in ("SMG411", "SMG417")
    )
    assert (found.rule, found.given) == ("SMG319", "Athena")


def test_what_a_check_brings_with_it_is_an_asset() -> None:
    (asset,) = compiled("calls").assets
    assert asset.location in json.dumps(documents()["Bias"])
    assert asset.location.endswith("/analysis_config.json")


def test_the_examples_of_the_documentation_are_contracts(tmp_path: Path) -> None:
    text = (TESTS.parent / "docs" / "contracts.md").read_text(encoding="utf-8")
    section = text.partition("\n## Kind by kind\n")[2].partition("\n## What is checked\n")[0]
    blocks = re.findall(r"```json\n(.*?)```", section, re.DOTALL)
    examples = [json.loads(block) for block in blocks if '"kind"' in block]
    for example in examples:
        (tmp_path / f"{example['name']}.json").write_text(json.dumps(example), encoding="utf-8")
    types = (SPECS / "artifact_types.json").read_text(encoding="utf-8")
    (tmp_path / "artifact_types.json").write_text(types, encoding="utf-8")
    assert tuple(read_contracts(tmp_path).contracts) == ("AthenaQuery", "ModelLookup")
    # The others are parts of contracts.
    for block in blocks:
        assert json.loads(block if block.startswith("{") else f"{{{block}}}")
