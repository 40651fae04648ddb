"""Definitions become pipelines of the real SDK, version 3 and 2: equal, deployed to moto, mixed with the SDK's steps.

``sdk_pipeline/in_sdk.py`` runs in the SDK's environment, under the suite's network guard, and answers in JSON.
"""

from __future__ import annotations

import importlib
import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from moto.server import ThreadedMotoServer

from smgen.definition import dump_definition
from smgen.documents import JsonObject
from smgen.runtime import Environment, External, FluentPipelineBuilder, Ran, compile_pipeline, read_project
from smgen_steps import lambda_function, model_evaluation, tabular_preprocessing, xgboost_training
from tests.corpus.comparison import RebuiltPipeline, built
from tests.library.test_kinds import compiled as compiled_kinds
from tests.parity.sdks import ROOT, VERSIONS, run
from tests.runtime.loop_package import loop_steps
from tests.runtime.test_loop_parity import PIPELINES as LOOPS

pytestmark = [pytest.mark.sdk, pytest.mark.slow]

HERE = Path(__file__).parent
RECORDED = sorted((ROOT / "tests" / "data" / "corpus").glob("*.json"))
ENVIRONMENT = Environment(
    "dev",
    account="111122223333",
    region="eu-west-1",
    role="arn:aws:iam::111122223333:role/pipeline",
    bucket="dev-bucket",
    images={name: f"111122223333.dkr.ecr.eu-west-1.amazonaws.com/{name}:1" for name in ("scikit-learn", "xgboost")},
)
#: What a version of the SDK has no steps for, by pipeline: the place and the kind or the reason.
REFUSED: dict[int, dict[str, list[list[str]]]] = {
    3: {"calls": [["SMG250", "/Steps/14", "Athena"]]},
    2: {
        "calls": [
            ["SMG250", "/Steps/9", "EMRServerless"],
            ["SMG250", "/Steps/12", "Job"],
            ["SMG250", "/Steps/14", "Athena"],
        ],
        "loop-cleanups": [["SMG250", "/Steps/3", "Cleanup"], ["SMG250", "/Steps/4", "Cleanup"]],
        "loop-listed": [
            ["SMG250", "/Steps/1/Arguments/ElseSteps/0", "ForEach"],
            ["SMG250", "/Steps/1/Arguments/ElseSteps/1", "ForEach"],
        ],
        "loop-numbers": [["SMG250", f"/Steps/{number}", "ForEach"] for number in range(3)],
        "loop-outcomes": [["SMG250", "/Steps/2", "ForEach"]],
        "loop-records": [["SMG250", "/Steps/0", "ForEach"]],
        "loop-values": [["SMG250", "/Steps/1", "ForEach"]],
    },
}


def large() -> JsonObject:
    """A definition that goes through S3: 120 steps, more than 100 KiB."""
    p = FluentPipelineBuilder("large", ENVIRONMENT)
    data = p.string("Data", default="s3://dev-bucket/raw")
    for number in range(40):
        prepared = p.add_step(f"Prepare{number}", tabular_preprocessing.StepBuilder(raw_data=External(data)))
        config = xgboost_training.Config(num_round=10)
        train = xgboost_training.StepBuilder(config, training_data=prepared.processed_data)
        model = p.add_step(f"Train{number}", train).model_artifacts
        evaluate = model_evaluation.StepBuilder(model=model, test_data=prepared.test_data)
        p.add_step(f"Evaluate{number}", evaluate)
    return dump_definition(p.build().definition)


def outcomes() -> JsonObject:
    """Steps that wait for other outcomes than that a step completed, and one that is named twice."""
    p = FluentPipelineBuilder("outcomes", ENVIRONMENT)
    config = lambda_function.Config(function_arn="arn:aws:lambda:eu-west-1:111122223333:function:call")
    first = p.add_step("First", lambda_function.StepBuilder(config))
    second = p.add_step("Second", lambda_function.StepBuilder(config), after=[first])
    third = p.add_step("Third", lambda_function.StepBuilder(config), after=[first, Ran.failed(second)])
    p.add_step("Fourth", lambda_function.StepBuilder(config), after=[Ran.any(third), first])
    document = dump_definition(p.build().definition)
    steps: Any = document["Steps"]
    # Legal, and nothing that the builder writes.
    steps[1]["DependsOn"].append("First")
    return document


@cache
def definitions(folder: Path) -> dict[str, JsonObject]:
    """Every definition that is tried, by the name of the pipeline."""
    found: dict[str, JsonObject] = {}
    example = read_project(ROOT / "examples" / "abalone")
    found["abalone"] = dump_definition(compile_pipeline(example, "AbalonePipeline", "dev").definition)
    for name in ("kinds", "calls"):
        found[name] = dump_definition(compiled_kinds(name).definition)
    for path in RECORDED:
        found[f"recorded-{path.stem[:2]}"] = json.loads(path.read_text(encoding="utf-8"))["definition"]
    steps = loop_steps(folder)
    for written in LOOPS:
        p = FluentPipelineBuilder("loops", Environment("dev", role=ENVIRONMENT.role, bucket="dev-bucket"))
        written(p, steps)
        found[f"loop-{written.__name__}"] = dump_definition(p.build().definition)
    for path in sorted((ROOT / "tests" / "corpus").glob("test_*.py")):
        rebuilt: object = getattr(importlib.import_module(f"tests.corpus.{path.stem}"), "PIPELINE", None)
        if isinstance(rebuilt, RebuiltPipeline):
            found[f"rebuilt-{rebuilt.recorded[:2]}"] = dump_definition(built(rebuilt).definition)
    found["large"] = large()
    found["outcomes"] = outcomes()
    return found


@pytest.fixture(scope="module", params=sorted(VERSIONS, reverse=True), ids=lambda major: f"sagemaker-{major}")
def answers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the SDK's environment answers."""
    major: int = request.param
    folder = tmp_path_factory.mktemp(f"sdk{major}")
    (folder / "definitions").mkdir()
    for name, document in definitions(tmp_path_factory.getbasetemp() / "loops").items():
        (folder / "definitions" / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        # Servers of one process share what they hold.
        urlopen(f"http://{host}:{port}/moto-api/reset", data=b"").close()
        path = f"{ROOT / 'codegen'}:{ROOT / 'generated'}"
        script = HERE / "sdk_pipeline" / "in_sdk.py"
        run(major, script, str(folder), SMGEN_MOTO=f"http://{host}:{port}", PYTHONPATH=path)
    finally:
        server.stop()
    found: dict[str, Any] = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    return found | {"major": major}


def test_it_is_the_sdk_that_is_meant_and_nothing_left_the_machine(answers: dict[str, Any]) -> None:
    assert answers["version"] == VERSIONS[answers["major"]]
    assert answers["attempts"] == []


def test_every_definition_comes_out_as_it_went_in(answers: dict[str, Any]) -> None:
    exported: dict[str, Any] = answers["exported"]
    numbers = [f"{kind}-0{number}" for kind in ("rebuilt", "recorded") for number in range(2, 9)]
    loops = [f"loop-{written.__name__}" for written in LOOPS]
    assert sorted(exported) == sorted(
        ["abalone", "calls", "kinds", "large", "outcomes", "recorded-01", *loops, *numbers]
    )
    refused = REFUSED[answers["major"]]
    for name, answer in exported.items():
        if name in refused:
            assert answer["findings"] == refused[name], name
        else:
            assert (answer["equal"], answer["again"]) == (True, True), (name, answer)


def test_upsert_and_start_go_through(answers: dict[str, Any]) -> None:
    for name, answer in answers["exported"].items():
        if "findings" not in answer:
            assert answer["stored"] == ("through S3" if name == "large" else True), name
            assert answer["role"] == "arn:aws:iam::111122223333:role/pipeline"
            assert (answer["same"], answer["started"], answer["in_part"]) == (True, "Succeeded", True), name


def test_the_sdks_own_graph_holds_every_step(answers: dict[str, Any]) -> None:
    assert answers["exported"]["abalone"]["graph"] == [
        "AbaloneCreateModel-CreateModel",
        "AbaloneEval",
        "AbaloneMSECond",
        "AbaloneMSEFail",
        "AbaloneProcess",
        "AbaloneRegisterModel-RegisterModel",
        "AbaloneTrain",
        "AbaloneTransform",
    ]
    order = answers["mixed"]["graph"]
    for before, after in (("Preprocess", "Train"), ("Train", "Evaluate"), ("Train", "ByHand"), ("Train", "ByHandToo")):
        known = after != "ByHandToo"
        assert order.index(before) < order.index(after) or not known


def test_steps_of_both_sorts_make_one_pipeline(answers: dict[str, Any]) -> None:
    mixed = answers["mixed"]
    assert mixed["equal"] is True
    assert mixed["names"] == ["Preprocess", "Train", "Evaluate", "EvaluateAgain", "ByHand", "ByHandToo"]
    assert mixed["by_hand"] == [
        {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"},
        {"Get": "Steps.Preprocess.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"},
    ]
    assert (mixed["stored"], mixed["started"], mixed["in_part"]) == (True, "Succeeded", True)


def test_an_adopted_step_is_what_the_sdk_makes_of_it(answers: dict[str, Any]) -> None:
    ours = answers["mixed"]["ours"]
    assert ours["Steps"][1] == answers["mixed"]["alone"]
    assert [one["Name"] for one in ours["Parameters"]] == ["RawData", "Machine"]
    assert ours["Parameters"][1] == {
        "Name": "Machine",
        "Type": "String",
        "DefaultValue": "ml.m5.xlarge",
        "EnumValues": ["ml.m5.xlarge", "ml.m5.4xlarge"],
    }


@pytest.mark.parametrize("step", [2, 3])
def test_an_adopted_step_feeds_typed_builders_by_hand_and_by_auto(answers: dict[str, Any], step: int) -> None:
    read = json.dumps(answers["mixed"]["ours"]["Steps"][step])
    assert '{"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}' in read


def test_steps_that_do_not_fit_their_contract_are_told(answers: dict[str, Any]) -> None:
    promised = "the step 'Preprocess' has no output '{}', which contract TabularPreprocessing promises as .{}"
    assert answers["refused"] == [
        ["SMG230", promised.format("train", "processed_data"), "trian", "train"],
        ["SMG230", promised.format("test", "test_data"), "trian", "test"],
        ["SMG230", promised.format("validation", "validation_data"), "trian", "validation"],
        [
            "SMG230",
            "the step 'Train' is of another kind than contract TabularPreprocessing",
            "Training",
            "Processing",
        ],
    ]
