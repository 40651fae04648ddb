"""Steps that were made with the SDK, adopted under a contract. The steps here only look like the SDK's."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from smgen.checks import check_definition
from smgen.contracts import read_contracts
from smgen.definition import dump_definition, parse_definition
from smgen.diagnostics import Finding, FindingsError, render
from smgen.documents import JsonObject
from smgen.runtime import AUTO, Environment, External, FluentPipelineBuilder, MisuseError, ProxyFactory
from smgen_steps import (
    lambda_function,
    model_evaluation,
    tabular_preprocessing,
    xgboost_training,
)
from tests.project.checkout import CHECKOUT
from tests.runtime.fixture_package import findings_of, line, one_of, step

ROLE = "arn:aws:iam::111122223333:role/pipeline"
MODEL = "Steps.Train.ModelArtifacts.S3ModelArtifacts"
TRAINED = "Steps.Prepare.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"
ENVIRONMENT = Environment(
    "dev", region="eu-west-1", role=ROLE, bucket="dev-bucket", images={"scikit-learn": "sk:1", "xgboost": "xgb:1"}
)


@pytest.fixture
def p() -> FluentPipelineBuilder:
    return FluentPipelineBuilder("Fraud", ENVIRONMENT)


@dataclass
class Sdk:
    """A step as the SDK makes it."""

    name: str
    request: Mapping[Any, Any]

    def to_request(self) -> object:
        return {"Name": self.name, **self.request}


@dataclass
class Get:
    """A variable of the SDK."""

    path: str

    @property
    def expr(self) -> dict[str, str]:
        return {"Get": self.path}


class Types(enum.Enum):
    STRING = "String"
    INTEGER = "Integer"


@dataclass
class Parameter:
    """A parameter of the SDK."""

    name: str
    parameter_type: Types = Types.STRING
    default_value: object = None
    enum_values: list[str] | None = None

    @property
    def expr(self) -> dict[str, str]:
        return {"Get": f"Parameters.{self.name}"}


@dataclass
class Join:
    """A variable of the SDK that is made of others."""

    values: list[Any]

    @property
    def expr(self) -> dict[str, Any]:
        return {"Std:Join": {"On": "/", "Values": [getattr(value, "expr", value) for value in self.values]}}


@dataclass
class Dependency:
    """A step with the outcome that is waited for."""

    step: object
    trigger: object


@dataclass
class Named:
    """Something that belongs to a step, or holds some."""

    name: str = ""
    value: str = ""
    _step: object = None
    steps: list[Any] = field(default_factory=list[Any])


def training(data: object = "s3://b/train", **more: object) -> Sdk:
    channel = {"ChannelName": "train", "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": data}}}
    arguments: dict[str, object] = {
        "AlgorithmSpecification": {"TrainingImage": "xgb:1", "TrainingInputMode": "File"},
        "RoleArn": ROLE,
        "InputDataConfig": [channel],
        "OutputDataConfig": {"S3OutputPath": "s3://b/models"},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    }
    return Sdk("Train", {"Type": "Training", "Arguments": arguments, **more})


def processing(name: str, *outputs: str, **more: object) -> Sdk:
    made = [
        {
            "OutputName": one,
            "S3Output": {"S3Uri": f"s3://b/{name}/{one}", "LocalPath": "/x", "S3UploadMode": "EndOfJob"},
        }
        for one in outputs
    ]
    arguments = {
        "AppSpecification": {"ImageUri": "sk:1"},
        "ProcessingResources": {
            "ClusterConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}
        },
        "RoleArn": ROLE,
        "ProcessingOutputConfig": {"Outputs": made},
    }
    return Sdk(name, {"Type": "Processing", "Arguments": arguments, **more})


def evaluated(p: FluentPipelineBuilder, trained: Any) -> Any:
    """The step that reads the model, as contracts ask that somebody does."""
    return p.add_step(
        "Evaluate", model_evaluation.StepBuilder(model=trained.model_artifacts, test_data=External("s3://b/test"))
    )


def made(p: FluentPipelineBuilder, name: str) -> Any:
    """A step of the definition; its parts are what they are."""
    return step(p.build(), name)


# What goes through -----------------------------------------------------------------------------------------------


def test_a_step_stands_in_its_place_with_plain_json(p: FluentPipelineBuilder) -> None:
    prepared = p.add_step("Prepare", tabular_preprocessing.StepBuilder(raw_data=External("s3://b/raw")))
    assert prepared.processed_data is not None
    cache = {"Enabled": True, "ExpireAfter": "P30D"}
    trained = p.adopt(training(Get(TRAINED), CacheConfig=cache, DisplayName="By hand"), xgboost_training.Proxy)
    evaluated(p, trained)
    compiled = p.build()
    document = dump_definition(compiled.definition)

    assert [one.name for one in compiled.definition.steps] == ["Prepare", "Train", "Evaluate"]
    adopted = made(p, "Train")
    assert list(adopted) == ["Name", "Type", "Arguments", "CacheConfig", "DisplayName"]
    assert adopted["CacheConfig"] == cache
    channel = adopted["Arguments"]["InputDataConfig"][0]
    assert channel["DataSource"]["S3DataSource"]["S3Uri"] == {"Get": TRAINED}
    assert f'"{MODEL}"' in str(step(compiled, "Evaluate")).replace("'", '"')
    assert document == dump_definition(p.build().definition)
    assert render(check_definition(parse_definition(document))) == render(())


def test_its_provenance_is_that_of_the_contract(p: FluentPipelineBuilder) -> None:
    here = line() + 1
    trained = p.adopt(training(), xgboost_training.Proxy)
    evaluated(p, trained)
    (provenance, _) = p.build().provenance.steps
    assert (provenance.step, provenance.contract, provenance.line) == ("Train", "XGBoostTraining", here)
    assert provenance.outputs["model_artifacts"] == "ModelArtifacts"


def test_auto_binds_its_outputs(p: FluentPipelineBuilder) -> None:
    p.adopt(processing("Prepare", "train", "validation", "test"), tabular_preprocessing.Proxy)
    p.adopt(training(Get(TRAINED)), xgboost_training.Proxy)
    p.add_step("Evaluate", model_evaluation.StepBuilder(model=AUTO, test_data=AUTO))
    connections = p.build().connections
    assert [binding.source for binding in connections.bindings] == ["Train.model_artifacts", "Prepare.test_data"]


def test_a_report_of_it_can_be_read(p: FluentPipelineBuilder) -> None:
    p.adopt(training(), xgboost_training.Proxy)
    reading = processing("Evaluate", "evaluation", Environment={"MODEL": Get(MODEL)})
    evaluation = p.adopt(reading, model_evaluation.Proxy)
    gate = p.condition("Gate", evaluation.metrics.regression_metrics.mse.value <= 6.0)
    gate.otherwise.fail("TooWeak", "the error is above the limit")
    assert step(p.build(), "Evaluate")["PropertyFiles"] == [
        {"PropertyFileName": "EvaluationReport", "OutputName": "evaluation", "FilePath": "evaluation.json"}
    ]


def test_what_it_reads_by_a_path_is_consumed(p: FluentPipelineBuilder) -> None:
    config = xgboost_training.Config(num_round=1)
    p.add_step("Train", xgboost_training.StepBuilder(config, training_data=External("s3://b/train")))
    step_by_hand = processing("Score", "evaluation", Extra={"Model": Get(MODEL)})
    p.adopt(step_by_hand, model_evaluation.Proxy)
    assert [one.name for one in p.build().definition.steps] == ["Train", "Score"]


def test_parameters_of_the_sdk_are_declared_after_ones_own(p: FluentPipelineBuilder) -> None:
    rounds, data = Parameter("Rounds", Types.INTEGER, 5), Parameter("Data", enum_values=["s3://b/1", "s3://b/2"])
    trained = p.adopt(training(Join([data, "part"]), Extra=[rounds, Parameter("Mine")]), xgboost_training.Proxy)
    p.string("Mine", default="x")
    evaluated(p, trained)
    document = dump_definition(p.build().definition)
    assert document["Parameters"] == [
        {"Name": "Mine", "Type": "String", "DefaultValue": "x"},
        {"Name": "Data", "Type": "String", "EnumValues": ["s3://b/1", "s3://b/2"]},
        {"Name": "Rounds", "Type": "Integer", "DefaultValue": 5},
    ]


def test_every_way_to_name_a_step_in_depends_on(p: FluentPipelineBuilder) -> None:
    for name in ("A", "B", "C", "D", "E"):
        p.add_step(name, lambda_function.StepBuilder(lambda_function.Config(function_arn="arn:aws:lambda:x")))
    waits = [
        "A",
        Named("B"),
        Dependency(Named("C"), Named(value="Failed")),
        Dependency("A", Named(value="Completed")),
        Named(steps=[Named("A"), Named("D")]),
        Named(_step=Named("E")),
    ]
    evaluated(p, p.adopt(training(DependsOn=waits), xgboost_training.Proxy))
    assert step(p.build(), "Train")["DependsOn"] == ["A", "B", {"Step": "C", "Trigger": "Failed"}, "D", "E"]


def test_it_stands_in_a_loop_and_reads_the_item(p: FluentPipelineBuilder) -> None:
    loop = p.for_each("PerRegion", items=["eu", "na"], max_concurrency=2)
    trained = loop.body.adopt(training(Join(["s3://b", Get("ForEach.CurrentItem")])), xgboost_training.Proxy)
    model = loop.outputs[0][trained].model_artifacts
    p.add_step("Evaluate", model_evaluation.StepBuilder(model=model, test_data=External("s3://b/test")))
    body = made(p, "PerRegion")["Arguments"]["ForEachBody"]
    assert [one["Name"] for one in body] == ["Train"]


def test_it_is_adopted_under_a_contract_of_a_registry(p: FluentPipelineBuilder) -> None:
    factory = ProxyFactory(read_contracts(CHECKOUT / "contract_specs"))
    proxy = type(factory.create_step_proxy("Any", "XGBoostTraining"))
    trained = p.adopt(training(), proxy)
    p.add_step("Evaluate", factory.builder("ModelEvaluation", model=trained.output("model_artifacts"), test_data=None))
    with pytest.raises(FindingsError) as caught:
        p.build()
    # Only the port that was left out.
    assert [(one.rule, one.place.port) for one in caught.value.findings] == [("SMG205", "test_data")]


# What is found ---------------------------------------------------------------------------------------------------


def adopted(p: FluentPipelineBuilder, request: Sdk, proxy: Any = xgboost_training.Proxy) -> list[Finding]:
    """What is wrong with one step; that nobody reads its outputs is another matter."""
    p.adopt(request, proxy)
    return [found for found in findings_of(p.build) if found.rule != "SMG214"]


def test_another_kind_is_told_with_both_places(p: FluentPipelineBuilder) -> None:
    (found,) = adopted(p, processing("Train", "train"))
    assert (found.rule, found.given, found.expected) == ("SMG230", "Processing", "Training")
    assert (found.place.file, found.place.step) == ("tests/runtime/test_adopt.py", "Train")
    assert found.expected_at is not None
    assert found.expected_at.pointer == "/kind"
    assert found.fix == "adopt it under the proxy of a contract of kind Processing"


def test_an_output_that_is_not_there_is_told_with_the_nearest(p: FluentPipelineBuilder) -> None:
    (found,) = adopted(p, processing("Prepare", "trian", "validation", "test"), tabular_preprocessing.Proxy)
    assert (found.rule, found.given, found.expected) == ("SMG230", "trian, validation, test", "train")
    assert found.nearest == "trian"
    assert found.place.port == "processed_data"
    assert found.expected_at is not None
    assert found.expected_at.pointer == "/outputs/processed_data"


def test_a_property_file_of_the_same_name_is_the_same_file(p: FluentPipelineBuilder) -> None:
    file = {"PropertyFileName": "EvaluationReport", "OutputName": "evaluation", "FilePath": "metrics.json"}
    (found,) = adopted(p, processing("Evaluate", "evaluation", PropertyFiles=[file]), model_evaluation.Proxy)
    assert (found.rule, found.given) == ("SMG230", "metrics.json in output evaluation")
    assert found.expected == "evaluation.json in output evaluation"


def test_names_that_there_are_not(p: FluentPipelineBuilder) -> None:
    p.string("RawData", default="s3://b/raw")
    more = {"Extra": [Get("Parameters.RawDta"), Get("Steps.Trian.TrainingJobName")], "DependsOn": ["Prepare"]}
    found = adopted(p, training(**more))
    assert [(one.rule, one.given, one.nearest, one.place.pointer) for one in found] == [
        ("SMG230", "Prepare", None, None),
        ("SMG230", "RawDta", "RawData", "/Extra/0"),
        ("SMG230", "Trian", None, "/Extra/1"),
    ]


def test_what_is_no_json(p: FluentPipelineBuilder) -> None:
    class Lambda:
        def expr(self, step: str) -> str:
            return step

    more = {"A": object, "B": {1: 2}, "C": float("nan"), "D": Lambda(), "DependsOn": [3]}
    found = adopted(p, training(**more))
    assert [
        (one.rule, one.message.removeprefix("the request of an SDK step "), one.place.pointer) for one in found
    ] == [
        ("SMG230", "holds something that is no JSON", "/A"),
        ("SMG230", "has a name that is no text", "/B"),
        ("SMG230", "holds something that is no JSON", "/C"),
        ("SMG230", "holds an output of a Lambda or Callback step that names no step", "/D"),
        ("SMG230", "waits for something that is no step", "/DependsOn/0"),
    ]


def test_a_request_that_never_ends(p: FluentPipelineBuilder) -> None:
    endless: dict[str, Any] = {}
    endless["again"] = endless
    (found,) = adopted(p, training(Extra=endless))
    assert found.message == "the request of an SDK step is too deep"


@pytest.mark.parametrize("request_of", [{"Type": 3}, {}])
def test_a_request_that_is_no_step(p: FluentPipelineBuilder, request_of: JsonObject) -> None:
    (found,) = adopted(p, Sdk("Train", request_of))
    assert found.message == "the request of step 'Train' is no step document"


def test_a_step_that_makes_no_request(p: FluentPipelineBuilder) -> None:
    class Broken(Sdk):
        def to_request(self) -> object:
            raise RuntimeError("Unable to locate credentials")

    (found,) = adopted(p, Broken("Train", {}))
    assert (found.rule, found.given) == ("SMG230", "RuntimeError: Unable to locate credentials")


@pytest.mark.parametrize(
    ("parameter", "given", "expected"),
    [
        (Parameter("Data", Types.INTEGER), "Integer, no default", "String, default 's3://b/1'"),
        (Parameter("Data", default_value="s3://b/2"), "String, default 's3://b/2'", "String, default 's3://b/1'"),
    ],
)
def test_a_parameter_that_is_declared_in_another_way(
    p: FluentPipelineBuilder, parameter: Parameter, given: str, expected: str
) -> None:
    p.string("Data", default="s3://b/1")
    (found,) = adopted(p, training(parameter))
    assert (found.rule, found.given, found.expected) == ("SMG209", given, expected)


def test_names_are_those_of_steps(p: FluentPipelineBuilder) -> None:
    p.adopt(training(), xgboost_training.Proxy)
    p.adopt(training(), xgboost_training.Proxy)
    p.adopt(Sdk("no name", training().request), xgboost_training.Proxy)
    assert sorted(found.rule for found in findings_of(p.build) if found.rule != "SMG214") == ["SMG200", "SMG400"]


def test_a_circle_through_names_is_found(p: FluentPipelineBuilder) -> None:
    trained = p.adopt(training(DependsOn=["Evaluate"]), xgboost_training.Proxy)
    evaluated(p, trained)
    found = one_of(p.build)
    assert (found.rule, found.message) == ("SMG213", 'step "Train" waits for itself: Train -> Evaluate -> Train')


def test_auto_makes_no_circle_with_it(p: FluentPipelineBuilder) -> None:
    p.adopt(
        training(Get("Steps.Evaluate.ProcessingOutputConfig.Outputs['evaluation'].S3Output.S3Uri")),
        xgboost_training.Proxy,
    )
    p.add_step("Evaluate", model_evaluation.StepBuilder(model=AUTO, test_data=External("s3://b/test")))
    assert [found.rule for found in findings_of(p.build) if found.rule != "SMG214"] == ["SMG201"]


def test_what_stands_in_a_branch_is_not_read_from_outside(p: FluentPipelineBuilder) -> None:
    gate = p.condition("Gate", p.float("Limit", default=1.0) <= 2.0)
    gate.then.add_step("Prepare", tabular_preprocessing.StepBuilder(raw_data=External("s3://b/raw")))
    (found,) = adopted(p, training(Get(TRAINED)))
    assert found.rule == "SMG203"


def test_the_item_of_a_loop_is_read_in_its_body(p: FluentPipelineBuilder) -> None:
    (found,) = adopted(p, training(Get("ForEach.CurrentItem")))
    assert found.rule == "SMG203"


@pytest.mark.parametrize(
    ("given", "fix"),
    [
        ("Train", "pass a step of the SDK, such as TrainingStep(…)"),
        (Named("Register", steps=[1]), "adopt its steps one by one: they are in .steps"),
    ],
)
def test_what_is_no_step_is_refused(p: FluentPipelineBuilder, given: Any, fix: str) -> None:
    with pytest.raises(MisuseError) as caught:
        p.adopt(given, xgboost_training.Proxy)
    assert caught.value.findings[0].fix == fix


@pytest.mark.parametrize("proxy", [str, None, xgboost_training.StepBuilder])
def test_what_is_no_proxy_is_refused(p: FluentPipelineBuilder, proxy: Any) -> None:
    with pytest.raises(MisuseError) as caught:
        p.adopt(training(), proxy)
    assert caught.value.findings[0].fix == "pass the Proxy of a generated module"


def test_its_ports_are_the_sdks(p: FluentPipelineBuilder) -> None:
    factory = ProxyFactory(read_contracts(CHECKOUT / "contract_specs"))
    trained = p.adopt(training(), type(factory.create_step_proxy("Any", "XGBoostTraining")))
    with pytest.raises(MisuseError, match="sdk_variable"):
        trained.connect_input("training_data", External("s3://b/x"))
