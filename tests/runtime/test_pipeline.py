"""Building a pipeline that is right: the definition, its provenance, its assets."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from smgen.contracts import contract_from_document
from smgen.definition import AssetProvenance, ExternalBinding, ReferenceBinding, StepProvenance
from smgen.documents import JsonObject, content_hash
from smgen.runtime import (
    AUTO,
    BranchBuilder,
    Cache,
    Environment,
    Execution,
    External,
    FluentPipelineBuilder,
    Retry,
    StepBuilder,
    StepConfig,
    StepOutputProxy,
    compiled_files,
    join,
)
from tests.runtime.fixture_package import CONTRACTS, ENVIRONMENT, Steps, document, line, rules_of, shown, step

DATA: External[Any] = External("s3://b/data")


def prepared(p: BranchBuilder, steps: Steps, name: str = "Prep", **given: Any) -> Any:
    return p.add_step(name, steps.prepare.StepBuilder(raw=[DATA], **given))


def trained(p: BranchBuilder, steps: Steps, name: str = "Train", data: Any = DATA, **given: Any) -> Any:
    return p.add_step(name, steps.train.StepBuilder(steps.train.Config(num_round=1), data=data), **given)


def registered(p: BranchBuilder, steps: Steps, model: Any, name: str = "Reg", **given: Any) -> Any:
    config = steps.register.Config(group="g", image="i:1")
    return p.add_step(name, steps.register.StepBuilder(config, model=model, **given))


def test_an_empty_pipeline() -> None:
    assert document(FluentPipelineBuilder("Empty").build()) == {
        "Version": "2020-12-01",
        "Metadata": {},
        "Parameters": [],
        "PipelineExperimentConfig": {
            "ExperimentName": {"Get": "Execution.PipelineName"},
            "TrialName": {"Get": "Execution.PipelineExecutionId"},
        },
        "Steps": [],
    }


def test_parameters_stand_in_order_with_their_defaults(p: FluentPipelineBuilder) -> None:
    p.string("A")
    p.string("B", default="", enum=["", "x"])
    p.integer("C", default=0)
    p.float("D", default=6)
    p.float("E", default=0.5)
    p.boolean("F", default=False)
    built = document(p.build())["Parameters"]
    assert built == [
        {"Name": "A", "Type": "String"},
        {"Name": "B", "Type": "String", "DefaultValue": "", "EnumValues": ["", "x"]},
        {"Name": "C", "Type": "Integer", "DefaultValue": 0},
        {"Name": "D", "Type": "Float", "DefaultValue": 6.0},
        {"Name": "E", "Type": "Float", "DefaultValue": 0.5},
        {"Name": "F", "Type": "Boolean", "DefaultValue": False},
    ]
    assert '"DefaultValue": 6.0' in json.dumps(built)


def test_an_environment_has_its_own_defaults() -> None:
    environment = Environment("prod", parameters={"Raw": "s3://prod", "Rate": 3, "Other": True})
    p = FluentPipelineBuilder("P", environment)
    p.string("Raw", default="s3://dev")
    p.float("Rate")
    assert document(p.build())["Parameters"] == [
        {"Name": "Raw", "Type": "String", "DefaultValue": "s3://prod"},
        {"Name": "Rate", "Type": "Float", "DefaultValue": 3.0},
    ]
    assert (p.name, p.environment) == ("P", environment)


def test_experiment_and_mlflow(p: FluentPipelineBuilder) -> None:
    group = p.string("Group")
    built = document(p.experiment(join("-", group, "x"), "trial").mlflow("arn:mlflow", group).build())
    assert built["PipelineExperimentConfig"] == {
        "ExperimentName": {"Std:Join": {"On": "-", "Values": [{"Get": "Parameters.Group"}, "x"]}},
        "TrialName": "trial",
    }
    assert built["MlflowConfig"] == {
        "MlflowResourceArn": "arn:mlflow",
        "MlflowExperimentName": {"Get": "Parameters.Group"},
    }
    again = document(p.no_experiment().mlflow(Execution.PIPELINE_ARN).build())
    assert again["PipelineExperimentConfig"] is None
    assert again["MlflowConfig"] == {"MlflowResourceArn": {"Get": "Execution.PipelineArn"}}


def test_the_documents_of_a_small_pipeline(p: FluentPipelineBuilder, steps: Steps) -> None:
    first = prepared(p, steps)
    made = p.add_step(
        "Train",
        steps.train.StepBuilder(
            steps.train.Config(num_round=p.integer("Rounds"), REGION="EU"), data=first.train, validation=first.test
        ),
        after=[first, first],
        cache=Cache.days(30),
        retry=Retry(("SageMaker.CAPACITY_ERROR",), max_attempts=3),
        display_name="Training",
        description="Trains.",
    )
    registered(p, steps, made.model, quality=first.statistics, job=made.job_name)
    compiled = p.build()
    assert step(compiled, "Train") == {
        "Name": "Train",
        "Type": "Training",
        "Arguments": {
            "AlgorithmSpecification": {"TrainingImage": "xgb:1", "TrainingInputMode": "File"},
            "RoleArn": "arn:aws:iam::123456789012:role/dev",
            "OutputDataConfig": {
                "S3OutputPath": {
                    "Std:Join": {
                        "On": "/",
                        "Values": [
                            "s3:/",
                            "dev-bucket",
                            "Fraud",
                            {"Get": "Execution.PipelineExecutionId"},
                            "Train",
                            "output",
                            "model",
                        ],
                    }
                }
            },
            "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
            "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
            "HyperParameters": {
                "num_round": {"Std:Join": {"On": "", "Values": [{"Get": "Parameters.Rounds"}]}},
                "eta": "0.3",
            },
            "Environment": {"REGION": "EU"},
            "InputDataConfig": [
                {
                    "ChannelName": "train",
                    "DataSource": {
                        "S3DataSource": {
                            "S3DataType": "S3Prefix",
                            "S3Uri": {"Get": "Steps.Prep.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"},
                            "S3DataDistributionType": "FullyReplicated",
                        }
                    },
                },
                {
                    "ChannelName": "validation",
                    "DataSource": {
                        "S3DataSource": {
                            "S3DataType": "S3Prefix",
                            "S3Uri": {"Get": "Steps.Prep.ProcessingOutputConfig.Outputs['test-set'].S3Output.S3Uri"},
                            "S3DataDistributionType": "FullyReplicated",
                        }
                    },
                },
            ],
        },
        "DependsOn": ["Prep"],
        "DisplayName": "Training",
        "Description": "Trains.",
        "RetryPolicies": [
            {
                "BackoffRate": 2.0,
                "IntervalSeconds": 1,
                "MaxAttempts": 3,
                "ExceptionType": ["SageMaker.CAPACITY_ERROR"],
            }
        ],
        "CacheConfig": {"Enabled": True, "ExpireAfter": "P30D"},
    }
    arguments = step(compiled, "Reg")["Arguments"]
    assert isinstance(arguments, dict)
    assert arguments["ModelMetrics"] == {
        "ModelQuality": {
            "Statistics": {
                "ContentType": "application/json",
                "S3Uri": {
                    "Std:Join": {
                        "On": "/",
                        "Values": [
                            {"Get": "Steps.Prep.ProcessingOutputConfig.Outputs['quality'].S3Output.S3Uri"},
                            "out/statistics.json",
                        ],
                    }
                },
            }
        }
    }
    assert arguments["CustomerMetadataProperties"] == {"job": {"Get": "Steps.Train.TrainingJobName"}}


def test_inputs_settings_and_environment_of_a_processing_step(p: FluentPipelineBuilder, steps: Steps) -> None:
    config = steps.prepare.Config(
        instance_count=p.integer("Count"), LEVEL=3, RATIO=4.0, VERBOSE=False, arguments=["--x", p.string("X")]
    )
    builder = steps.prepare.StepBuilder(
        config, raw=(External("s3://a"), External("s3://b")), reference=External("s3://r"), self_=p.integer("Size")
    )
    p.add_step("Prep", builder.with_output_locations(report=p.string("Where")))
    arguments = step(p.build(), "Prep")["Arguments"]
    assert isinstance(arguments, dict)
    inputs: Any = arguments["ProcessingInputs"]
    assert [(item["InputName"], item["S3Input"]["S3Uri"]) for item in inputs[:3]] == [
        ("raw", "s3://a"),
        ("raw", "s3://b"),
        ("ref", "s3://r"),
    ]
    outputs: Any = arguments["ProcessingOutputConfig"]
    assert "KmsKeyId" not in outputs
    assert outputs["Outputs"][0]["S3Output"]["S3Uri"] == {"Get": "Parameters.Where"}
    assert arguments["AppSpecification"] == {
        "ImageUri": "prep:1",
        "ContainerArguments": ["--x", {"Get": "Parameters.X"}],
        "ContainerEntrypoint": ["python3", "/opt/ml/processing/input/code/prepare.py"],
    }
    assert arguments["ProcessingResources"] == {
        "ClusterConfig": {
            "InstanceType": "ml.m5.xlarge",
            "InstanceCount": {"Get": "Parameters.Count"},
            "VolumeSizeInGB": {"Get": "Parameters.Size"},
        }
    }
    assert arguments["Environment"] == {"LEVEL": "3", "RATIO": "4", "VERBOSE": "false"}
    assert "StoppingCondition" not in arguments
    assert "NetworkConfig" not in arguments
    assert "Tags" not in arguments


def test_fields_beside_the_arguments(p: FluentPipelineBuilder, steps: Steps) -> None:
    config = steps.notify.Config(function="arn:f")
    made = p.add_step("Notify", steps.notify.StepBuilder(config), cache=Cache())
    p.add_step("Again", steps.notify.StepBuilder(config, text=made.answer))
    compiled = p.build()
    assert step(compiled, "Notify") == {
        "Name": "Notify",
        "Type": "Lambda",
        "Arguments": {"text": "none"},
        "CacheConfig": {"Enabled": True},
        "FunctionArn": "arn:f",
        "OutputParameters": [{"OutputName": "answer", "OutputType": "String"}],
    }
    assert step(compiled, "Again")["Arguments"] == {"text": {"Get": "Steps.Notify.OutputParameters['answer']"}}


def test_conditions_branches_and_failures(p: FluentPipelineBuilder, steps: Steps) -> None:
    limit = p.float("Limit")
    first = prepared(p, steps)
    gate = p.condition("Gate", first.statistics.nested.mean <= limit, ~first.statistics.ok.equals(True))
    inner = gate.then.condition("Inner", limit > 3, display_name="In", description="Inside", after=[first])
    made = prepared(inner.then, steps, "Deep")
    inner.otherwise.fail("No", join(": ", "too bad", first.extra.value, limit), after=[first], description="Ends")
    gate.otherwise.fail("Never", "no", display_name="Never")
    prepared(p, steps, "Last", reference=first.test / "x.csv")
    last = p.condition("After", limit > 0, after=[gate])
    last.then.fail("Done", p.string("Message"))
    compiled = p.build()
    mean = {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.Prep.PropertyFiles.Statistics"}, "Path": "nested.mean"}}
    document_ = step(compiled, "Gate")
    assert isinstance(document_["Arguments"], dict)
    assert document_["Arguments"]["Conditions"] == [
        {"Type": "LessThanOrEqualTo", "LeftValue": mean, "RightValue": {"Get": "Parameters.Limit"}},
        {
            "Type": "Not",
            "Condition": {
                "Type": "Equals",
                "LeftValue": {
                    "Std:JsonGet": {"PropertyFile": {"Get": "Steps.Prep.PropertyFiles.Statistics"}, "Path": "ok"}
                },
                "RightValue": True,
            },
        },
    ]
    inside: Any = document_["Arguments"]["IfSteps"]
    assert [item["Name"] for item in inside] == ["Inner"]
    assert list(inside[0]) == ["Name", "Type", "Arguments", "DependsOn", "DisplayName", "Description"]
    assert inside[0]["DependsOn"] == ["Prep"]
    assert [item["Name"] for item in inside[0]["Arguments"]["IfSteps"]] == ["Deep"]
    assert step(compiled, "No") == {
        "Name": "No",
        "Type": "Fail",
        "Arguments": {
            "ErrorMessage": {
                "Std:Join": {
                    "On": ": ",
                    "Values": [
                        "too bad",
                        {
                            "Std:JsonGet": {
                                "PropertyFile": {"Get": "Steps.Prep.PropertyFiles.Extra"},
                                "Path": "value",
                            }
                        },
                        {"Get": "Parameters.Limit"},
                    ],
                }
            }
        },
        "DependsOn": ["Prep"],
        "Description": "Ends",
    }
    assert step(compiled, "Never") == {
        "Name": "Never",
        "Type": "Fail",
        "Arguments": {"ErrorMessage": "no"},
        "DisplayName": "Never",
    }
    assert step(compiled, "After")["DependsOn"] == ["Gate"]
    assert step(compiled, "Done")["Arguments"] == {"ErrorMessage": {"Get": "Parameters.Message"}}
    assert repr(made) == '<PrepareProxy of step "Deep">'


STATISTICS = {"PropertyFileName": "Statistics", "OutputName": "quality", "FilePath": "out/statistics.json"}
EXTRA = {"PropertyFileName": "Extra", "OutputName": "quality", "FilePath": "extra.json"}


def test_property_files_are_declared_when_they_are_read(p: FluentPipelineBuilder, steps: Steps) -> None:
    unread = prepared(p, steps, "Unread")
    read = prepared(p, steps, "Read", reference=External(unread.statistics.location))
    both = prepared(p, steps, "Both")
    gate = p.condition("Gate", read.statistics.rows > 1, both.extra.value > 1, both.statistics.rows > 1)
    inside = prepared(gate.then, steps, "Inside")
    gate.then.fail("Bad", join("", inside.extra.value))
    gate.otherwise.fail("Worse", "no")
    compiled = p.build()
    assert "PropertyFiles" not in step(compiled, "Unread")
    assert step(compiled, "Read")["PropertyFiles"] == [STATISTICS]
    assert step(compiled, "Both")["PropertyFiles"] == [STATISTICS, EXTRA]
    assert step(compiled, "Inside")["PropertyFiles"] == [EXTRA]


def test_property_files_that_the_contract_declares_by_itself_stay(p: FluentPipelineBuilder, steps: Steps) -> None:
    written = dict(steps.prepare.CONTRACT.document)
    own = {"PropertyFileName": "Own", "OutputName": "quality", "FilePath": "own.json"}
    same = {"PropertyFileName": "Extra", "OutputName": "quality", "FilePath": "written.json"}
    written["step_fields"] = {"PropertyFiles": [own, same]}
    del written["source"]

    class Own(StepBuilder[StepOutputProxy]):
        STEP_CONTRACT = contract_from_document(written)

    made: Any = p.add_step("Own", Own(steps.prepare.Proxy, Prepared(), {"raw": [DATA]}))
    p.condition("Gate", made.extra.value > 1, made.statistics.rows > 1).then.fail("F", "x")
    assert step(p.build(), "Own")["PropertyFiles"] == [own, same, STATISTICS]


class Prepared(StepConfig):
    """A config of no contract, which any builder takes."""


# Each takes the pipeline, the package and the step whose model is to be consumed.
CONSUMERS: dict[str, Callable[[FluentPipelineBuilder, Steps, Any], object]] = {
    "a port": lambda p, steps, made: registered(p, steps, made.model),
    "a file": lambda p, steps, made: registered(p, steps, made.model / "x"),
    "a join": lambda p, steps, made: registered(p, steps, External(join("/", made.model.location, "x"))),
    "a setting": lambda p, steps, made: p.add_step(
        "N", steps.notify.StepBuilder(steps.notify.Config(function=made.model.location))
    ),
    "a condition": lambda p, _, made: p.condition("G", made.model.location.equals("x")).then.fail("F", "no"),
    "a failure": lambda p, _, made: p.fail("F", made.model.location),
    "an output location": lambda p, steps, made: p.add_step(
        "R", steps.prepare.StepBuilder(raw=[DATA]).with_output_locations(report=made.model.location)
    ),
}


@pytest.mark.parametrize("consumer", CONSUMERS)
def test_an_output_is_consumed_by(p: FluentPipelineBuilder, steps: Steps, consumer: str) -> None:
    made = trained(p, steps)
    CONSUMERS[consumer](p, steps, made)
    assert "Steps.Train.ModelArtifacts.S3ModelArtifacts" in json.dumps(document(p.build()))


def test_a_composed_output_is_consumed_only_by_itself(p: FluentPipelineBuilder, steps: Steps) -> None:
    tune = p.add_step("Tune", steps.tune.StepBuilder(data=DATA))
    p.fail("F", tune.best_job)
    # best_job reads a property that best_model is composed of, and is another output all the same.
    assert rules_of(p.build) == ["SMG214"]
    registered(p, steps, tune.best_model)
    p.build()


def test_building_twice_gives_the_same_bytes_and_changes_nothing(p: FluentPipelineBuilder, steps: Steps) -> None:
    first = prepared(p, steps)
    gate = p.condition("Gate", first.statistics.rows > 1)
    made = trained(gate.then, steps, data=first.train)
    registered(gate.then, steps, made.model)
    before = compiled_files(p.build())
    assert compiled_files(p.build()) == before
    prepared(p, steps, "More")
    steps_now = document(p.build())["Steps"]
    assert isinstance(steps_now, list)
    assert len(steps_now) == 3
    wrong = FluentPipelineBuilder("Wrong")
    prepared(wrong, steps)
    assert rules_of(wrong.build) == rules_of(wrong.build) == ["SMG211", "SMG211", "SMG212"]


def test_provenance(p: FluentPipelineBuilder, steps: Steps) -> None:
    first = prepared(p, steps)
    at = line() + 1
    made = p.add_step("Train", steps.train.StepBuilder(steps.train.Config(num_round=1), data=first.train))
    gate = p.condition("Gate", made.seconds > 3)
    registered(gate.then, steps, External(made.model.location), quality=first.statistics / "x", job=made.job_name)
    compiled = p.build()
    assert [item.step for item in compiled.provenance.steps] == ["Prep", "Train", "Reg"]
    assert compiled.provenance.step("Train") == StepProvenance(
        step="Train",
        contract="Train",
        contract_version="1.2.0",
        file=shown(__file__),
        line=at,
        ports={"data": (ReferenceBinding("Prep", "train"),)},
        outputs={"model": "ModelArtifacts", "job_name": "String", "seconds": "Integer"},
        assets={},
    )
    prep, reg = compiled.provenance.step("Prep"), compiled.provenance.step("Reg")
    assert prep is not None
    assert reg is not None
    assert prep.ports == {"raw": (ExternalBinding(),)}
    digest = content_hash((CONTRACTS / "scripts" / "prepare.py").read_bytes())
    assert prep.assets == {"code": AssetProvenance("scripts/prepare.py", digest)}
    assert reg.ports == {
        "model": (ReferenceBinding("Train", "model"),),
        "quality": (ReferenceBinding("Prep", "report"),),
        "job": (ReferenceBinding("Train", "job_name"),),
    }


def test_a_script_is_an_asset_beside_the_definition(steps: Steps) -> None:
    script = (CONTRACTS / "scripts" / "prepare.py").read_bytes()
    digest = content_hash(script)
    for environment, folder in (
        (ENVIRONMENT, "s3://dev-bucket/Fraud/code"),
        (Environment(role="r", bucket="b", images={"prep": "i"}, asset_location="s3://code/x/"), "s3://code/x"),
    ):
        p = FluentPipelineBuilder("Fraud", environment)
        prepared(p, steps)
        prepared(p, steps, "Again")
        compiled = p.build()
        (asset,) = compiled.assets
        assert asset.location == f"{folder}/{digest}/prepare.py"
        files = compiled_files(compiled)
        assert sorted(files) == ["assets.json", f"assets/{digest}/prepare.py", "definition.json", "provenance.json"]
        assert files[f"assets/{digest}/prepare.py"] == script
        assert json.loads(files["definition.json"]) == document(compiled)
        assert json.loads(files["provenance.json"]) == compiled.provenance.to_json()
        assert json.loads(files["assets.json"]) == {
            "version": 1,
            "assets": [
                {
                    "path": f"assets/{digest}/prepare.py",
                    "location": f"{folder}/{digest}/prepare.py",
                    "sha256": digest,
                    "bytes": len(script),
                    "source": "scripts/prepare.py",
                }
            ],
        }
        inputs: Any = step(compiled, "Prep")["Arguments"]
        assert inputs["ProcessingInputs"][-1]["S3Input"]["S3Uri"] == f"{folder}/{digest}/prepare.py"


def test_a_builder_written_by_hand(p: FluentPipelineBuilder, steps: Steps) -> None:
    class Own(StepBuilder[StepOutputProxy]):
        STEP_CONTRACT = steps.prepare.CONTRACT

        def __init__(self) -> None:
            super().__init__(StepOutputProxy, steps.prepare.Config(), {"raw": [DATA]})

    sub: Any = type("Sub", (steps.train.StepBuilder,), {})
    made = p.add_step("Own", Own())
    assert dir(made) == ["extra", "job_name", "report", "statistics", "test", "train"]
    registered(p, steps, p.add_step("Sub", sub(steps.train.Config(num_round=1), data=DATA)).model)
    compiled = p.build()
    assert [asset.source for asset in compiled.assets] == ["scripts/prepare.py"]
    builder: Any = Own()
    assert repr(builder) == "<Own of contract Prepare 1.1.0>"


def test_a_builder_may_be_added_twice_and_moved_without_being_changed(p: FluentPipelineBuilder, steps: Steps) -> None:
    builder = steps.prepare.StepBuilder(raw=[DATA])
    moved = builder.with_output_locations(train="s3://t").with_output_locations(test="s3://h", train=None)
    p.add_step("A", builder)
    p.add_step("B", moved)
    compiled = p.build()

    def locations(name: str) -> dict[str, object]:
        arguments: Any = step(compiled, name)["Arguments"]
        outputs = arguments["ProcessingOutputConfig"]["Outputs"]
        return {item["OutputName"]: item["S3Output"]["S3Uri"] for item in outputs}

    assert {name: type(where) for name, where in locations("A").items()} == {
        "quality": dict,
        "train": dict,
        "test-set": dict,
    }
    assert (locations("B")["train"], locations("B")["test-set"]) == ("s3://t", "s3://h")
    assert isinstance(locations("B")["quality"], dict)


def test_after_may_be_one_step_and_a_condition(p: FluentPipelineBuilder, steps: Steps) -> None:
    first = prepared(p, steps)
    gate = p.condition("Gate", first.statistics.rows > 1)
    one: Any = first  # one step instead of a list is understood
    gate.then.fail("F", "x", after=one)
    made = p.add_step("Last", steps.prepare.StepBuilder(raw=[DATA]), after=(gate, first, gate))
    assert made
    compiled = p.build()
    assert step(compiled, "F")["DependsOn"] == ["Prep"]
    assert step(compiled, "Last")["DependsOn"] == ["Gate", "Prep"]


def test_auto_is_a_value_of_its_own() -> None:
    assert repr(AUTO) == "<Auto.AUTO: 'AUTO'>"


def test_a_definition_shares_nothing_with_the_contract(p: FluentPipelineBuilder, steps: Steps) -> None:
    prepared(p, steps)
    built: JsonObject = step(p.build(), "Prep")
    again = json.dumps(built)
    built.clear()
    assert json.dumps(step(p.build(), "Prep")) == again
