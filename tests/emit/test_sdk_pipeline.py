"""Pipelines of the SDK, made of definitions; the SDK is a small one (``fake_sdk``)."""

from __future__ import annotations

import importlib.metadata
import json
from typing import Any

import pytest

from smgen.definition import Definition, parse_definition
from smgen.diagnostics import Finding, FindingsError
from smgen.distribution import MissingExtraError
from smgen.documents import JsonObject, JsonValue
from smgen.emit import ServiceError, sagemaker_pipeline, sdk_variable
from smgen.runtime import Environment, External, FluentPipelineBuilder
from smgen_steps import model_evaluation, xgboost_training
from tests.emit import fake_sdk
from tests.library.test_kinds import compiled

ROLE = "arn:aws:iam::111122223333:role/pipeline"
EXPERIMENT: JsonObject = {
    "ExperimentName": {"Get": "Execution.PipelineName"},
    "TrialName": {"Get": "Execution.PipelineExecutionId"},
}
MODEL: JsonObject = {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}


def training(name: str = "Train", **members: JsonValue) -> JsonObject:
    return {"Name": name, "Type": "Training", "Arguments": {"RoleArn": ROLE}, **members}


def definition(*steps: JsonObject, **members: JsonValue) -> Definition:
    document: JsonObject = {
        "Version": "2020-12-01",
        "Metadata": {},
        "Parameters": [],
        "PipelineExperimentConfig": EXPERIMENT,
        **members,
        "Steps": [*steps],
    }
    return parse_definition(document)


def pipeline(given: Definition, **settings: Any) -> Any:
    return sagemaker_pipeline(given, "session", name="Fraud", **settings)


def refused(given: Definition) -> tuple[Finding, ...]:
    with pytest.raises(FindingsError) as caught:
        pipeline(given)
    assert {found.rule for found in caught.value.findings} == {"SMG250"}
    return caught.value.findings


@pytest.fixture
def _sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_sdk.install(monkeypatch)


def test_without_the_sdk_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    with pytest.raises(MissingExtraError) as caught:
        pipeline(definition(training()))
    assert str(caught.value) == "sagemaker is not installed; install it with: pip install 'sagemaker-smgen[sagemaker]'"


def test_an_sdk_of_another_layout_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_sdk.install(monkeypatch, "4.0.0")
    with pytest.raises(ServiceError, match=r"sagemaker 4\.0\.0 cannot be used: .*smgen knows sagemaker 3\.27"):
        pipeline(definition(training()))


@pytest.mark.usefixtures("_sdk")
def test_no_session_is_told_in_words() -> None:
    with pytest.raises(ServiceError, match=r"creating a pipeline of sagemaker 2\.257\.7: Must setup local AWS"):
        sagemaker_pipeline(definition(training()), "nowhere", name="Fraud")


@pytest.mark.usefixtures("_sdk")
def test_the_definition_comes_out_as_it_went_in() -> None:
    condition: JsonObject = {"Type": "Equals", "LeftValue": {"Get": "Parameters.Mode"}, "RightValue": "full"}
    gate: JsonObject = {
        "Name": "Gate",
        "Type": "Condition",
        "DisplayName": "The gate",
        "DependsOn": ["Train"],
        "Arguments": {
            "Conditions": [condition],
            "IfSteps": [training("Again", CacheConfig={"Enabled": True}, DependsOn=["Gate"])],
            "ElseSteps": [{"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": MODEL}}],
        },
    }
    given = definition(
        training(RetryPolicies=[{"MaxAttempts": 2}], Arguments={"Model": MODEL, "On": [{"Get": "Parameters.Rounds"}]}),
        gate,
        training("Twice", DependsOn=["Train", "Gate", "Train"]),
        training("Late", DependsOn=["Train", {"Step": "Twice", "Trigger": "Failed"}]),
        Parameters=[
            {"Name": "Mode", "Type": "String", "DefaultValue": "full", "EnumValues": ["full", "part"]},
            {"Name": "Rounds", "Type": "Integer", "DefaultValue": 5},
            {"Name": "Rate", "Type": "Float"},
            {"Name": "Fast", "Type": "Boolean", "DefaultValue": False},
        ],
    )
    assert json.loads(pipeline(given).definition()) == given.document


@pytest.mark.usefixtures("_sdk")
@pytest.mark.parametrize(
    "members",
    [
        {"PipelineExperimentConfig": None},
        {"PipelineExperimentConfig": {"ExperimentName": "mine", "TrialName": "first"}},
        {"MlflowConfig": None},
        {"MlflowConfig": {"MlflowResourceArn": "arn:aws:sagemaker:eu-west-1:111122223333:mlflow-app/a"}},
    ],
)
def test_what_the_sdk_writes_otherwise_at_the_top_stays(members: JsonObject) -> None:
    given = definition(training(), **members)
    assert json.loads(pipeline(given).definition()) == given.document


@pytest.mark.usefixtures("_sdk")
def test_no_experiment_at_all_stays_none() -> None:
    document = dict(definition(training()).document)
    del document["PipelineExperimentConfig"]
    assert json.loads(pipeline(parse_definition(document)).definition()) == document


@pytest.mark.usefixtures("_sdk")
def test_expressions_are_variables_that_name_their_steps() -> None:
    join: JsonValue = {"Std:Join": {"On": "/", "Values": [MODEL, {"Get": "Parameters.P"}, "x"]}}
    report: JsonValue = {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.Evaluate.PropertyFiles.Report"}, "Path": "mse"}}
    item: JsonValue = {"Get": "ForEach.CurrentItem"}
    made = pipeline(definition(training(Arguments={"A": join, "B": [report], "C": {"D": item}})))
    (step,) = made.steps
    found = list(fake_sdk.variables_in(step.to_request()))
    assert [one.expr for one in found] == [join, report, item]
    assert [one._referenced_steps for one in found] == [["Train"], ["Evaluate"], []]


@pytest.mark.usefixtures("_sdk")
def test_steps_made_by_hand_come_last_and_are_not_asked_before() -> None:
    class ByHand(fake_sdk.Step):
        arguments = "its own"

    by_hand = ByHand("ByHand", step_type=fake_sdk.StepTypeEnum("Fail"))
    made = pipeline(definition(training(DependsOn=["ByHand"])), steps=[by_hand])
    assert [one.name for one in made.steps] == ["Train", "ByHand"]
    assert json.loads(made.definition())["Steps"][1]["Arguments"] == "its own"


@pytest.mark.usefixtures("_sdk")
def test_the_role_is_used_where_a_call_gives_none() -> None:
    made = pipeline(definition(training()), role=ROLE)
    made.create()
    made.update("another", description="d")
    made.upsert(description="e")
    assert made.calls == [("create", ROLE, None), ("update", "another", "d"), ("upsert", ROLE, "e")]


@pytest.mark.usefixtures("_sdk")
def test_properties_of_its_steps_are_those_of_aws() -> None:
    function: JsonObject = {"Name": "Call", "Type": "Lambda", "Arguments": {}, "FunctionArn": "arn"}
    train, call = pipeline(definition(training(), function)).steps
    found: Any = train.properties
    assert found.ModelArtifacts.S3ModelArtifacts.expr == MODEL
    assert isinstance(found.ModelArtifacts.S3ModelArtifacts, fake_sdk.Properties)
    assert found.FinalMetricDataList["auc"].Value.expr == {"Get": "Steps.Train.FinalMetricDataList['auc'].Value"}
    assert found.FinalMetricDataList[0].Value.expr == {"Get": "Steps.Train.FinalMetricDataList[0].Value"}
    assert call.properties.Outputs["score"].expr == {"Get": "Steps.Call.OutputParameters['score']"}
    with pytest.raises(AttributeError, match='step "Train" has no ModelArtifact; did you mean ModelArtifacts'):
        _ = found.ModelArtifact
    with pytest.raises(AttributeError, match=r"Steps\.Train\.FinalMetricDataList is a list and has no auc"):
        _ = found.FinalMetricDataList.auc
    with pytest.raises(TypeError, match=r"Steps\.Train\.TrainingJobName is a string and has no items"):
        _ = found.TrainingJobName[0]


@pytest.mark.usefixtures("_sdk")
def test_a_step_that_gives_nothing_has_no_properties() -> None:
    (stop,) = pipeline(definition({"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": "x"}})).steps
    with pytest.raises(RuntimeError, match="a Fail step has no properties"):
        _ = stop.properties


@pytest.mark.usefixtures("_sdk")
def test_kinds_that_the_sdk_lacks_are_all_told() -> None:
    findings = refused(compiled("calls").definition)
    assert [(found.place.pointer, found.given) for found in findings if found.place.step == "Query"] == [
        ("/Steps/14", "Athena")
    ]
    assert len(findings) > 5
    assert findings[0].fix == "install sagemaker 3, or deploy it without the SDK: smgen deploy"


@pytest.mark.usefixtures("_sdk")
def test_what_the_sdk_would_lose_is_told_at_its_place() -> None:
    gate: JsonObject = {
        "Name": "Gate",
        "Type": "Condition",
        "Arguments": {"Conditions": [], "IfSteps": [training()], "ElseSteps": []},
        "DependsOn": [{"Step": "Train", "Trigger": "Any"}],
    }
    (found,) = refused(definition(gate))
    assert found.message == "sagemaker 2.257.7 would write something else at /Steps/0/DependsOn"
    assert found.place.pointer == "/Steps/0/DependsOn"
    assert found.expected == '[{"Step": "Train", "Trigger": "Any"}]'


@pytest.mark.usefixtures("_sdk")
def test_a_step_that_nobody_has_is_told() -> None:
    (found,) = refused(definition(training(DependsOn=["Prepare"])))
    assert found.message == "the SDK refuses the definition"
    assert found.given == "The input steps do not contain the step of name: Prepare"


@pytest.mark.usefixtures("_sdk")
def test_parameters_that_the_sdk_refuses() -> None:
    parameters: list[JsonValue] = [
        {"Name": "A", "Type": "Integer", "DefaultValue": "x"},
        {"Name": "B", "Type": "Duration"},
    ]
    first, second = refused(definition(training(), Parameters=parameters))
    assert (first.message, first.place.pointer) == ("the SDK refuses the parameter 'A'", "/Parameters/0")
    assert (second.given, second.place.pointer) == ("Duration", "/Parameters/1")


@pytest.mark.usefixtures("_sdk")
def test_references_of_typed_builders_become_variables() -> None:
    p = FluentPipelineBuilder("Fraud", Environment("dev", role=ROLE, bucket="b"))
    config = xgboost_training.Config(num_round=1)
    train = p.add_step("Train", xgboost_training.StepBuilder(config, training_data=External("s3://b/train")))
    limit = p.float("Limit", default=1.0)
    evaluate = model_evaluation.StepBuilder(model=train.model_artifacts, test_data=External("s3://b/test"))
    evaluation = p.add_step("Evaluate", evaluate)
    made: list[Any] = [
        sdk_variable(train.model_artifacts),
        sdk_variable(limit),
        sdk_variable(evaluation.metrics.regression_metrics.mse.value),
    ]
    assert [one._referenced_steps for one in made] == [["Train"], [], ["Evaluate"]]
    assert [one.expr for one in made[:2]] == [MODEL, {"Get": "Parameters.Limit"}]
    assert all(isinstance(one, fake_sdk.PipelineVariable) for one in made)
