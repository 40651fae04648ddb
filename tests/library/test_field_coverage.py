"""Every feature of real pipelines (FIELD, part B) is written with typed builders and found in the emitted definition.

The pipelines are ``field_pipeline.py`` and ``kind_pipelines.py``, which both type checkers read. A row is a feature, a
step, the path to a place of its document, and exactly what stands there.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TypeAlias

import pytest

from smgen.checks import CheckContext, check_definition
from smgen.definition import dump_definition
from smgen.documents import JsonObject, JsonValue
from smgen.runtime import CompiledPipeline, FluentPipelineBuilder
from tests.library.field_pipeline import FIELD_ENVIRONMENT, field
from tests.library.test_kinds import documents

#: One row: a feature, a step, a path, and what stands there.
Row: TypeAlias = "tuple[str, str, tuple[str | int, ...], JsonValue]"


def get(path: str) -> JsonObject:
    return {"Get": path}


def join(on: str, *values: JsonValue) -> JsonObject:
    return {"Std:Join": {"On": on, "Values": [*values]}}


def report(step: str, file: str, path: str) -> JsonObject:
    return {"Std:JsonGet": {"PropertyFile": get(f"Steps.{step}.PropertyFiles.{file}"), "Path": path}}


EXECUTION = get("Execution.PipelineExecutionId")
TRAIN_DATA = get("Steps.Prepare.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri")
MODEL_DATA = get("Steps.Train.ModelArtifacts.S3ModelArtifacts")
SUMMARY = "Score", "summary"
S3 = ("S3Input", "S3Uri")
CONTAINER = ("Arguments", "InferenceSpecification", "Containers", 0)
CLUSTER = ("Arguments", "ProcessingResources", "ClusterConfig")
METRICS = ("Arguments", "ModelMetrics")
DRIFT = ("Arguments", "DriftCheckBaselines")
CONDITIONS = ("Arguments", "Conditions")
CHANNEL = ("DataSource", "S3DataSource", "S3Uri")


def best(rank: int) -> JsonObject:
    """The model of one of the best training jobs, as the SDK's ``get_top_model_s3_uri`` writes it."""
    job = get(f"Steps.Tune.TrainingJobSummaries[{rank}].TrainingJobName")
    return join(
        *("/", "s3:/", "dev-bucket", "field"),
        *(EXECUTION, "Tune", "output", "model_artifacts"),
        *(job, "output/model.tar.gz"),
    )


STEP_TYPES: tuple[Row, ...] = tuple(
    (f"step of type {kind}", step, ("Type",), kind)
    for kind, step in {
        "Processing": "Prepare",
        "Training": "Train",
        "RegisterModel": "Register",
        "Condition": "Gate",
        "Model": "Create",
        "Transform": "Transform",
        "Lambda": "Lookup",
        "Fail": "TooWeak",
        "Tuning": "Tune",
        "QualityCheck": "Quality",
        "Callback": "kinds:Glue",
        "ClarifyCheck": "kinds:DataBias",
        "EMR": "kinds:Features",
        "AutoML": "kinds:Search",
        "EMRServerless": "kinds:Serverless",
    }.items()
)

PROPERTY_PATHS: tuple[Row, ...] = (
    ("Outputs['x'].S3Output.S3Uri", "Train", ("Arguments", "InputDataConfig", 0, *CHANNEL), TRAIN_DATA),
    ("ModelArtifacts.S3ModelArtifacts", "Create", ("Arguments", "PrimaryContainer", "ModelDataUrl"), MODEL_DATA),
    ("ModelName", "Transform", ("Arguments", "ModelName"), get("Steps.Create.ModelName")),
    (
        "OutputDataConfig.S3OutputPath",
        "kinds:Gate",
        (*CONDITIONS, 0, "LeftValue", "Std:JsonGet", "S3Uri"),
        join("/", get("Steps.Evaluate.OutputDataConfig.S3OutputPath"), "results.json"),
    ),
    (
        "OutputParameters['x'] of a Lambda",
        "Create",
        ("Arguments", "PrimaryContainer", "Image"),
        get("Steps.Lookup.OutputParameters['image_uri']"),
    ),
    (
        "OutputParameters['x'] of a Callback",
        "kinds:Monitor",
        ("Arguments", "ProcessingInputs", 0, *S3),
        get("Steps.Glue.OutputParameters['s3_data_out']"),
    ),
    ("TrainingJobSummaries[i].TrainingJobName in a Join", "Score", ("Arguments", "ProcessingInputs", 0, *S3), best(0)),
    (
        "TrainingJobSummaries[i] of the second best",
        "CreateSecond",
        ("Arguments", "PrimaryContainer", "ModelDataUrl"),
        best(1),
    ),
    (
        "CalculatedBaselineStatistics",
        "Register",
        (*METRICS, "ModelDataQuality", "Statistics", "S3Uri"),
        get("Steps.Quality.CalculatedBaselineStatistics"),
    ),
    (
        "CalculatedBaselineConstraints",
        "Register",
        (*METRICS, "ModelDataQuality", "Constraints", "S3Uri"),
        get("Steps.Quality.CalculatedBaselineConstraints"),
    ),
    (
        "BaselineUsedForDriftCheckStatistics",
        "Register",
        (*DRIFT, "ModelDataQuality", "Statistics", "S3Uri"),
        get("Steps.Quality.BaselineUsedForDriftCheckStatistics"),
    ),
    (
        "BaselineUsedForDriftCheckConstraints",
        "kinds:Register",
        (*DRIFT, "Bias", "PreTrainingConstraints", "S3Uri"),
        get("Steps.DataBias.BaselineUsedForDriftCheckConstraints"),
    ),
    (
        "TransformOutput.S3OutputPath",
        "kinds:ModelQuality",
        ("Arguments", "ProcessingInputs", 0, *S3),
        get("Steps.Predict.TransformOutput.S3OutputPath"),
    ),
    (
        "BestCandidate… of AutoML",
        "kinds:CreateBest",
        ("Arguments", "PrimaryContainer", "ModelDataUrl"),
        get("Steps.Search.BestCandidate.InferenceContainers[0].ModelDataUrl"),
    ),
    (
        "TrainingJobName",
        "Score",
        ("Arguments", "AppSpecification", "ContainerArguments", 7),
        get("Steps.Train.TrainingJobName"),
    ),
    (
        "Config.Args[i] of EMR",
        "kinds:EmrCommand",
        ("Arguments", "StepConfig", "HadoopJarStep", "Args", 2),
        get("Steps.Features.Config.Args[5]"),
    ),
)

EXPRESSIONS: tuple[Row, ...] = (
    ("Join", "Transform", ("Arguments", "TransformInput", *CHANNEL), join("/", get("Parameters.BatchData"), "today")),
    (
        "Join over a property",
        "Score",
        ("Arguments", "ProcessingInputs", 1, *S3),
        join("/", get("Steps.Prepare.ProcessingOutputConfig.Outputs['test'].S3Output.S3Uri"), "part.csv"),
    ),
    ("PipelineExecutionId", "Score", ("Arguments", "AppSpecification", "ContainerArguments", 9), EXECUTION),
    (
        "JsonGet of a property file",
        "Gate",
        (*CONDITIONS, 0, "LeftValue"),
        report("Evaluate", "EvaluationReport", "regression_metrics.mse.value"),
    ),
    (
        "PropertyFiles",
        "Evaluate",
        ("PropertyFiles",),
        [{"PropertyFileName": "EvaluationReport", "OutputName": "evaluation", "FilePath": "evaluation.json"}],
    ),
    ("DependsOn", "Tune", ("DependsOn",), ["Train"]),
    ("DependsOn of a condition", "Gate", ("DependsOn",), ["Quality"]),
    ("caching", "Prepare", ("CacheConfig",), {"Enabled": True, "ExpireAfter": "P30D"}),
    (
        "network configuration of a processing job",
        "Prepare",
        ("Arguments", "NetworkConfig", "VpcConfig"),
        {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1", "subnet-2"]},
    ),
    ("network configuration of a training job", "Train", ("Arguments", "VpcConfig", "Subnets", 0), "subnet-1"),
    ("volume key", "Train", ("Arguments", "ResourceConfig", "VolumeKmsKeyId"), "key-1"),
    ("output key", "Train", ("Arguments", "OutputDataConfig", "KmsKeyId"), "key-2"),
    ("tags", "Train", ("Arguments", "Tags"), [{"Key": "team", "Value": "ml"}]),
    (
        "retry policies",
        "Prepare",
        ("RetryPolicies",),
        [
            {
                "BackoffRate": 2.0,
                "IntervalSeconds": 10,
                "MaxAttempts": 3,
                "ExceptionType": ["Step.SERVICE_FAULT", "Step.THROTTLING"],
            },
            {
                "BackoffRate": 2.0,
                "IntervalSeconds": 1,
                "ExpireAfterMin": 60,
                "ExceptionType": ["SageMaker.CAPACITY_ERROR"],
            },
        ],
    ),
    ("display name", "Prepare", ("DisplayName",), "Prepare the data"),
    ("description", "Prepare", ("Description",), "Splits and encodes."),
    (
        "message of a failure",
        "TooWeak",
        ("Arguments", "ErrorMessage"),
        join(" ", "the error is above", get("Parameters.Limit"), "in", get("Execution.PipelineName")),
    ),
)

OPERATORS: tuple[Row, ...] = (
    ("<=", "Gate", (*CONDITIONS, 0, "Type"), "LessThanOrEqualTo"),
    (">=", "Gate", (*CONDITIONS, 1, "Type"), "GreaterThanOrEqualTo"),
    (">", "Gate", (*CONDITIONS, 2, "Type"), "GreaterThan"),
    ("<", "Gate", (*CONDITIONS, 3, "Type"), "LessThan"),
    (
        "==",
        "Gate",
        (*CONDITIONS, 4),
        {"Type": "Equals", "LeftValue": report(*SUMMARY, "label"), "RightValue": "good"},
    ),
    (
        "In",
        "Gate",
        (*CONDITIONS, 5),
        {"Type": "In", "QueryValue": report(*SUMMARY, "label"), "Values": ["good", get("Parameters.Mode")]},
    ),
    (
        "Or",
        "Gate",
        (*CONDITIONS, 6),
        {
            "Type": "Or",
            "Conditions": [
                {"Type": "Equals", "LeftValue": report(*SUMMARY, "complete"), "RightValue": True},
                {"Type": "Equals", "LeftValue": get("Steps.Lookup.OutputParameters['approved']"), "RightValue": True},
            ],
        },
    ),
    (
        "Not",
        "Gate",
        (*CONDITIONS, 7),
        {
            "Type": "Not",
            "Condition": {"Type": "LessThan", "LeftValue": report(*SUMMARY, "count"), "RightValue": 10},
        },
    ),
    ("a condition in a branch", "Gate", ("Arguments", "ElseSteps", 0, "Type"), "Condition"),
)

#: What a reference stands in; parameters first, then outputs of steps.
BINDINGS: tuple[Row, ...] = (
    ("parameter: input URI", "Prepare", ("Arguments", "ProcessingInputs", 0, *S3), get("Parameters.InputData")),
    ("parameter: instance count", "Prepare", (*CLUSTER, "InstanceCount"), get("Parameters.ProcessingInstanceCount")),
    ("parameter: instance type", "Prepare", (*CLUSTER, "InstanceType"), get("Parameters.ProcessingInstanceType")),
    (
        "parameter: instance type of training",
        "Train",
        ("Arguments", "ResourceConfig", "InstanceType"),
        get("Parameters.TrainingInstanceType"),
    ),
    ("parameter: approval status", "Register", ("Arguments", "ModelApprovalStatus"), get("Parameters.ApprovalStatus")),
    (
        "parameter: container argument",
        "Score",
        ("Arguments", "AppSpecification", "ContainerArguments", 5),
        get("Parameters.Mode"),
    ),
    ("parameter: right side of a condition", "Gate", (*CONDITIONS, 0, "RightValue"), get("Parameters.Limit")),
    (
        "parameter: hyperparameter",
        "Train",
        ("Arguments", "HyperParameters", "max_depth"),
        join("", get("Parameters.MaxDepth")),
    ),
    ("parameter: image", "Train", ("Arguments", "AlgorithmSpecification", "TrainingImage"), get("Parameters.Image")),
    ("parameter: field of a step", "Quality", ("RegisterNewBaseline",), get("Parameters.RegisterBaseline")),
    ("parameter: argument of a function", "kinds:Lookup", ("Arguments", "max_age_days"), get("Parameters.MaxAge")),
    ("model data of a package", "Register", (*CONTAINER, "ModelDataUrl"), best(0)),
    ("training channel", "Train", ("Arguments", "InputDataConfig", 0, *CHANNEL), TRAIN_DATA),
    ("processing input", "Evaluate", ("Arguments", "ProcessingInputs", 0, *S3), MODEL_DATA),
    ("model data", "Create", ("Arguments", "PrimaryContainer", "ModelDataUrl"), MODEL_DATA),
    ("model of a transform", "Transform", ("Arguments", "ModelName"), get("Steps.Create.ModelName")),
    ("container argument", "Score", ("Arguments", "AppSpecification", "ContainerArguments", 1), best(0)),
    (
        "left side of a condition",
        "Again",
        (*CONDITIONS, 0, "LeftValue"),
        get("Parameters.Limit"),
    ),
    (
        "model metrics",
        "Register",
        (*METRICS, "ModelQuality", "Statistics", "S3Uri"),
        join("/", get("Steps.Evaluate.ProcessingOutputConfig.Outputs['evaluation'].S3Output.S3Uri"), "evaluation.json"),
    ),
    ("image of a package", "Register", (*CONTAINER, "Image"), get("Steps.Lookup.OutputParameters['image_uri']")),
    (
        "tuning channel",
        "Tune",
        ("Arguments", "TrainingJobDefinition", "InputDataConfig", 0, *CHANNEL),
        TRAIN_DATA,
    ),
    (
        "transform input",
        "kinds:Predict",
        ("Arguments", "TransformInput", *CHANNEL),
        get("Steps.Prepare.ProcessingOutputConfig.Outputs['test'].S3Output.S3Uri"),
    ),
    ("input of a quality check", "Quality", ("Arguments", "ProcessingInputs", 0, *S3), TRAIN_DATA),
    (
        "drift baseline",
        "Register",
        (*DRIFT, "ModelDataQuality", "Constraints", "S3Uri"),
        get("Steps.Quality.BaselineUsedForDriftCheckConstraints"),
    ),
    (
        "hyperparameter",
        "kinds:Notebook",
        ("Arguments", "HyperParameters", "function"),
        get("Steps.Function.TrainingJobName"),
    ),
    ("environment variable", "Register", (*CONTAINER, "Environment", "JOB"), get("Steps.Train.TrainingJobName")),
    (
        "field beside Arguments",
        "Quality",
        ("SuppliedBaselineStatistics",),
        get("Steps.Lookup.OutputParameters['s3_statistics']"),
    ),
    ("field beside Arguments that is not set", "Quality", ("SuppliedBaselineConstraints",), None),
    (
        "name of an input of one's own",
        "Quality",
        ("Arguments", "ProcessingInputs", 0, "InputName"),
        "baseline_dataset_input",
    ),
    (
        "sharded input",
        "Score",
        ("Arguments", "ProcessingInputs", 1, "S3Input", "S3DataDistributionType"),
        "ShardedByS3Key",
    ),
    ("input mode of a channel", "kinds:Train", ("Arguments", "InputDataConfig", 1, "InputMode"), "FastFile"),
    (
        "rule of Debugger",
        "kinds:Train",
        ("Arguments", "DebugRuleConfigurations", 0, "RuleParameters"),
        {"rule_to_invoke": "Overfit", "patience": "5"},
    ),
)

ROWS = (*STEP_TYPES, *PROPERTY_PATHS, *EXPRESSIONS, *OPERATORS, *BINDINGS)


@cache
def compiled() -> CompiledPipeline:
    p = FluentPipelineBuilder("field", FIELD_ENVIRONMENT)
    field(p, FIELD_ENVIRONMENT)
    return p.build()


def steps_in(steps: JsonValue) -> Iterator[JsonObject]:
    assert isinstance(steps, list)
    for step in steps:
        assert isinstance(step, dict)
        yield step
        arguments = step["Arguments"]
        if step["Type"] == "Condition" and isinstance(arguments, dict):
            yield from steps_in(arguments["IfSteps"])
            yield from steps_in(arguments["ElseSteps"])


@cache
def steps() -> dict[str, JsonObject]:
    """The steps of the field's pipeline by name, and those of the kinds' with ``kinds:`` before it."""
    found = {str(step["Name"]): step for step in steps_in(dump_definition(compiled().definition)["Steps"])}
    return found | {f"kinds:{name}": step for name, step in documents().items()}


def at(value: JsonValue, path: tuple[str | int, ...]) -> JsonValue:
    for part in path:
        if isinstance(part, str):
            assert isinstance(value, dict), path
            value = value[part]
        else:
            assert isinstance(value, list), path
            value = value[part]
    return value


@pytest.mark.parametrize(("feature", "step", "path", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_a_feature_is_in_the_definition(
    feature: str, step: str, path: tuple[str | int, ...], expected: JsonValue
) -> None:
    assert at(steps()[step], path) == expected, feature


def test_parameters_of_every_type() -> None:
    declared = dump_definition(compiled().definition)["Parameters"]
    assert isinstance(declared, list)
    shown = ("ApprovalStatus", "MaxDepth", "Eta", "RegisterBaseline")
    assert [item for item in declared if isinstance(item, dict) and item["Name"] in shown] == [
        {
            "Name": "ApprovalStatus",
            "Type": "String",
            "DefaultValue": "PendingManualApproval",
            "EnumValues": ["Approved", "PendingManualApproval"],
        },
        {"Name": "MaxDepth", "Type": "Integer", "DefaultValue": 5},
        {"Name": "Eta", "Type": "Float", "DefaultValue": 0.2},
        {"Name": "RegisterBaseline", "Type": "Boolean", "DefaultValue": False},
    ]


def test_several_conditions_in_one_step() -> None:
    conditions = at(steps()["Gate"], CONDITIONS)
    assert isinstance(conditions, list)
    assert len(conditions) == 8


def test_the_rules_find_nothing() -> None:
    built = compiled()
    found = check_definition(built.definition, CheckContext(built.provenance))
    assert [(item.rule, item.place.step) for item in found] == [("SMG411", "Lookup"), ("SMG322", "Again")]
