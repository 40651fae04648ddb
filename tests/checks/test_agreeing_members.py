"""Members that AWS takes together or not: each slip is told at its place, and what is legal beside it is not."""

from __future__ import annotations

import pytest

from smgen.documents import JsonObject, JsonValue
from tests.checks.service_cases import (
    IMAGE,
    ROLE,
    definition,
    found,
    get,
    machine,
    parameter,
    processing,
    step,
    training,
)

SPOT: JsonObject = {"EnableManagedSpotTraining": True}
WAITS: JsonObject = {"StoppingCondition": {"MaxRuntimeInSeconds": 3600, "MaxWaitTimeInSeconds": 7200}}
S3: JsonObject = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://fraud/train/"}}
FILES: JsonObject = {
    "FileSystemDataSource": {
        "FileSystemId": "fs-0123456789a",
        "FileSystemAccessMode": "ro",
        "FileSystemType": "EFS",
        "DirectoryPath": "/data",
    }
}
VPC: JsonObject = {"VpcConfig": {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]}}


def channel(source: JsonObject, **members: JsonValue) -> JsonValue:
    return {"ChannelName": "train", "DataSource": source, **members}


def manifest(**members: JsonValue) -> JsonValue:
    source: JsonObject = {"S3DataType": "AugmentedManifestFile", "S3Uri": "s3://fraud/train.jsonl", **members}
    return channel({"S3DataSource": source}, InputMode="Pipe")


def groups(*names: JsonValue, **members: JsonValue) -> JsonObject:
    each: list[JsonValue] = [
        {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "InstanceGroupName": name} for name in names
    ]
    return {"InstanceGroups": each, "VolumeSizeInGB": 30, **members}


def of_group(name: JsonValue) -> JsonValue:
    prefix: JsonObject = {"S3DataType": "S3Prefix", "S3Uri": "s3://fraud/train/", "InstanceGroupNames": [name]}
    return channel({"S3DataSource": prefix})


TRAINING: list[tuple[JsonObject, list[tuple[str, str]]]] = [
    (SPOT, [("SMG416", "")]),
    ({**SPOT, **WAITS}, []),
    ({"EnableManagedSpotTraining": False}, []),
    ({"EnableManagedSpotTraining": get("Flag")}, []),
    (
        {**SPOT, **WAITS, "ResourceConfig": machine(KeepAlivePeriodInSeconds=600)},
        [("SMG416", "/ResourceConfig/KeepAlivePeriodInSeconds")],
    ),
    ({"ResourceConfig": machine(KeepAlivePeriodInSeconds=600)}, []),
    ({**SPOT, **WAITS, "ResourceConfig": machine(KeepAlivePeriodInSeconds=0)}, []),
    (
        {"InputDataConfig": [channel({**S3, **FILES})], **VPC},
        [("SMG417", "/InputDataConfig/0/DataSource/FileSystemDataSource")],
    ),
    ({"InputDataConfig": [channel({})]}, [("SMG417", "/InputDataConfig/0/DataSource")]),
    ({"InputDataConfig": [channel(FILES)]}, [("SMG417", "")]),
    ({"InputDataConfig": [channel(FILES)], **VPC}, []),
    ({"InputDataConfig": [manifest()]}, [("SMG417", "/InputDataConfig/0/DataSource/S3DataSource")]),
    ({"InputDataConfig": [manifest(AttributeNames=["source-ref"])]}, []),
    ({"ResourceConfig": {"VolumeSizeInGB": 30}}, [("SMG417", "")]),
    ({"ResourceConfig": {"InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 30}}, [("SMG417", "/ResourceConfig")]),
    ({"ResourceConfig": groups("a", "b")}, []),
    ({"ResourceConfig": groups("a", "a")}, [("SMG417", "/ResourceConfig/InstanceGroups/1/InstanceGroupName")]),
    (
        {"ResourceConfig": groups("a", "b", KeepAlivePeriodInSeconds=60)},
        [("SMG416", "/ResourceConfig/KeepAlivePeriodInSeconds")],
    ),
    (
        {"ResourceConfig": groups("a", InstanceType="ml.m5.xlarge", InstanceCount=1)},
        [("SMG417", "/ResourceConfig/InstanceGroups"), ("SMG417", "/ResourceConfig/InstanceCount")],
    ),
    ({"ResourceConfig": groups("a", "b"), "InputDataConfig": [of_group("b")]}, []),
    (
        {"ResourceConfig": groups("a", "b"), "InputDataConfig": [of_group("c")]},
        [("SMG417", "/InputDataConfig/0/DataSource/S3DataSource/InstanceGroupNames/0")],
    ),
    ({"ResourceConfig": groups("a", get("Unknown")), "InputDataConfig": [of_group("c")]}, []),
    ({"Tags": [{"Key": "aws:team", "Value": "x"}]}, [("SMG416", "/Tags/0/Key")]),
    ({"Tags": [{"Key": "awsome", "Value": "x"}, {"Key": get("Text"), "Value": "x"}]}, []),
]


@pytest.mark.parametrize(("arguments", "findings"), TRAINING)
def test_training(arguments: JsonObject, findings: list[tuple[str, str]]) -> None:
    given: list[JsonValue] = [parameter("Text", "String"), parameter("Unknown", "String"), parameter("Flag", "Boolean")]
    told = found(definition(training(**arguments), parameters=given))
    assert sorted(told) == sorted((rule, f"/Steps/0/Arguments{pointer}") for rule, pointer in findings)


def job(**members: JsonValue) -> JsonObject:
    metrics: list[JsonValue] = [{"Name": "loss", "Regex": "loss=(.*)"}]
    return {
        "AlgorithmSpecification": {
            "TrainingImage": IMAGE,
            "TrainingInputMode": "File",
            "MetricDefinitions": metrics,
        },
        "OutputDataConfig": {"S3OutputPath": "s3://fraud/models"},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        "ResourceConfig": machine(),
        "RoleArn": ROLE,
        **members,
    }


OBJECTIVE: JsonObject = {"Type": "Minimize", "MetricName": "loss"}
RANGE: JsonObject = {"Name": "depth", "MinValue": "1", "MaxValue": "9"}
CATEGORIES: JsonObject = {"Name": "booster", "Values": ["a", "b"]}


def tuning(config: JsonObject | None = None, **arguments: JsonValue) -> JsonObject:
    whole: JsonObject = {
        "Strategy": "Random",
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 4, "MaxParallelTrainingJobs": 2},
        "HyperParameterTuningJobObjective": OBJECTIVE,
        **(config or {}),
    }
    return {"HyperParameterTuningJobConfig": whole, **(arguments or {"TrainingJobDefinition": job()})}


def ranges(**lists: JsonValue) -> JsonObject:
    return {"ParameterRanges": lists}


def named(name: str) -> JsonObject:
    return job(DefinitionName=name, TuningObjective=OBJECTIVE)


CONFIG = "/HyperParameterTuningJobConfig"
TUNING: list[tuple[JsonObject, list[tuple[str, str]]]] = [
    (tuning(), []),
    (
        tuning({"ResourceLimits": {"MaxNumberOfTrainingJobs": 2, "MaxParallelTrainingJobs": 4}}),
        [("SMG417", f"{CONFIG}/ResourceLimits/MaxNumberOfTrainingJobs")],
    ),
    (tuning({"ResourceLimits": {"MaxParallelTrainingJobs": 4}}), []),
    (
        tuning({"Strategy": "Grid", **ranges(IntegerParameterRanges=[RANGE])}),
        [("SMG416", f"{CONFIG}/ParameterRanges/IntegerParameterRanges/0")],
    ),
    (
        tuning({"Strategy": "Grid", **ranges(IntegerParameterRanges=[], CategoricalParameterRanges=[CATEGORIES])}),
        [],
    ),
    (
        tuning(ranges(IntegerParameterRanges=[RANGE], ContinuousParameterRanges=[RANGE])),
        [("SMG417", f"{CONFIG}/ParameterRanges/ContinuousParameterRanges/0/Name")],
    ),
    (
        tuning(ranges(ContinuousParameterRanges=[{**RANGE, "MinValue": "low"}])),
        [("SMG416", f"{CONFIG}/ParameterRanges/ContinuousParameterRanges/0/MinValue")],
    ),
    (
        tuning(
            {
                "Strategy": "Hyperband",
                "StrategyConfig": {"HyperbandStrategyConfig": {"MinResource": 9, "MaxResource": 3}},
            }
        ),
        [("SMG416", f"{CONFIG}/StrategyConfig/HyperbandStrategyConfig/MaxResource")],
    ),
    (tuning({"HyperParameterTuningJobObjective": None}), [("SMG417", "")]),
    (tuning(TrainingJobDefinition=job(), TrainingJobDefinitions=[named("a")]), [("SMG417", "/TrainingJobDefinitions")]),
    (tuning(Tags=[]), [("SMG417", "")]),
    (tuning(TrainingJobDefinitions=[named("a"), named("b")]), []),
    (
        tuning(TrainingJobDefinitions=[named("a"), named("a")]),
        [("SMG417", "/TrainingJobDefinitions/1/DefinitionName")],
    ),
    (
        tuning(TrainingJobDefinitions=[named("a"), job(DefinitionName="b")]),
        [("SMG417", "/TrainingJobDefinitions/1")],
    ),
    (tuning(TrainingJobDefinition=job(ResourceConfig=None)), [("SMG417", "/TrainingJobDefinition")]),
    (tuning(TrainingJobDefinition=job(ResourceConfig={"VolumeSizeInGB": 30})), [("SMG417", "/TrainingJobDefinition")]),
    (
        tuning(TrainingJobDefinition=job(HyperParameterTuningResourceConfig=machine())),
        [("SMG417", "/TrainingJobDefinition/HyperParameterTuningResourceConfig")],
    ),
    (tuning(TrainingJobDefinition=job(**SPOT)), [("SMG416", "/TrainingJobDefinition")]),
]


@pytest.mark.parametrize(("arguments", "findings"), TUNING)
def test_tuning(arguments: JsonObject, findings: list[tuple[str, str]]) -> None:
    told = found(definition(step("Tune", "Tuning", arguments)))
    assert sorted(told) == sorted((rule, f"/Steps/0/Arguments{pointer}") for rule, pointer in findings)


def container(**members: JsonValue) -> JsonObject:
    return {"Image": IMAGE, **members}


def prefix(location: JsonValue) -> JsonObject:
    source: JsonObject = {"S3Uri": location, "S3DataType": "S3Prefix", "CompressionType": "None"}
    return container(ModelDataSource={"S3DataSource": source})


DIRECT: JsonObject = {"InferenceExecutionConfig": {"Mode": "Direct"}}
MODELS: list[tuple[JsonObject, list[tuple[str, str]]]] = [
    ({}, [("SMG417", "")]),
    ({"PrimaryContainer": container()}, []),
    ({"PrimaryContainer": {"ModelDataUrl": "s3://fraud/model.tar.gz"}}, [("SMG417", "/PrimaryContainer")]),
    ({"PrimaryContainer": container(ModelPackageName="fraud")}, [("SMG417", "/PrimaryContainer/ModelPackageName")]),
    ({"PrimaryContainer": {"ModelPackageName": "fraud"}}, []),
    (
        {"PrimaryContainer": container(Mode="SingleModel", MultiModelConfig={"ModelCacheSetting": "Disabled"})},
        [("SMG417", "/PrimaryContainer/MultiModelConfig")],
    ),
    ({"PrimaryContainer": container(Mode="MultiModel", MultiModelConfig={"ModelCacheSetting": "Disabled"})}, []),
    (
        {"PrimaryContainer": prefix("s3://fraud/model")},
        [("SMG416", "/PrimaryContainer/ModelDataSource/S3DataSource/S3Uri")],
    ),
    ({"PrimaryContainer": prefix("s3://fraud/model/")}, []),
    ({"PrimaryContainer": prefix({"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"})}, []),
    ({"Containers": [container(ContainerHostname="a"), container(ContainerHostname="b")], **DIRECT}, []),
    ({"Containers": [container(ContainerHostname="a")], **DIRECT}, [("SMG416", "/Containers")]),
    (
        {"Containers": [container(), container()], **DIRECT},
        [("SMG416", "/Containers/0"), ("SMG416", "/Containers/1")],
    ),
    ({"PrimaryContainer": container(), **DIRECT}, [("SMG416", "/PrimaryContainer")]),
]


@pytest.mark.parametrize(("arguments", "findings"), MODELS)
def test_models(arguments: JsonObject, findings: list[tuple[str, str]]) -> None:
    told = found(definition(step("Make", "Model", {"ExecutionRoleArn": ROLE, **arguments})))
    assert sorted(told) == sorted((rule, f"/Steps/0/Arguments{pointer}") for rule, pointer in findings)


def an_input(name: str, path: JsonValue) -> JsonValue:
    source: JsonObject = {"S3Uri": "s3://fraud/raw/", "S3DataType": "S3Prefix", "S3InputMode": "File"}
    return {"InputName": name, "S3Input": {**source, "LocalPath": path}}


def test_two_inputs_in_one_folder() -> None:
    one, other = "/opt/ml/processing/a", "/opt/ml/processing/b"
    assert found(definition(processing(ProcessingInputs=[an_input("a", one), an_input("b", other)]))) == []
    assert found(definition(processing(ProcessingInputs=[an_input("a", one), an_input("b", one)]))) == [
        ("SMG416", "/Steps/0/Arguments/ProcessingInputs/1/S3Input/LocalPath")
    ]


def cluster(*roles: JsonValue, **instances: JsonValue) -> JsonObject:
    each: list[JsonValue] = [{"InstanceRole": role, "InstanceType": "m5.xlarge", "InstanceCount": 1} for role in roles]
    config: JsonObject = {"Instances": {"InstanceGroups": each, **instances}, "ReleaseLabel": "emr-7.0.0"}
    jar: JsonObject = {"HadoopJarStep": {"Jar": "s3://code/job.jar"}}
    return definition(step("E", "EMR", {"StepConfig": jar, "ClusterConfig": config}))


def test_clusters() -> None:
    below = "/Steps/0/Arguments/ClusterConfig/Instances"
    assert found(cluster("MASTER", "CORE")) == []
    assert found(cluster("CORE", {"Get": "Steps.Ask.OutputParameters['role']"})) == []
    assert found(cluster("CORE", "TASK")) == [("SMG417", f"{below}/InstanceGroups")]
    assert found(cluster("MASTER", Ec2SubnetId="subnet-1", Ec2SubnetIds=["subnet-2"])) == [
        ("SMG417", f"{below}/Ec2SubnetIds")
    ]


def test_a_problem_of_automl_has_an_objective() -> None:
    data: JsonObject = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://fraud/train/"}}
    request: JsonObject = {
        "InputDataConfig": [{"DataSource": data, "TargetAttributeName": "y"}],
        "OutputDataConfig": {"S3OutputPath": "s3://fraud/automl"},
        "AutoMLJobConfig": {"Mode": "ENSEMBLING"},
        "RoleArn": ROLE,
    }
    problem: JsonObject = {"ProblemType": "Regression"}
    objective: JsonObject = {"AutoMLJobObjective": {"MetricName": "MSE"}}
    for given, findings in (
        ({}, []),
        ({**problem, **objective}, []),
        (problem, [("SMG417", "/Steps/0/Arguments/ProblemType")]),
        (objective, [("SMG417", "/Steps/0/Arguments/AutoMLJobObjective")]),
    ):
        assert found(definition(step("Auto", "AutoML", {**request, **given}))) == findings


def test_manifests_of_a_transform() -> None:
    def transform(kind: str) -> JsonObject:
        source: JsonObject = {"S3DataSource": {"S3DataType": kind, "S3Uri": "s3://fraud/batch/"}}
        return definition(
            step(
                "Score",
                "Transform",
                {
                    "ModelName": "fraud",
                    "TransformInput": {"DataSource": source},
                    "TransformOutput": {"S3OutputPath": "s3://fraud/scores"},
                    "TransformResources": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
                },
            )
        )

    assert found(transform("ManifestFile")) == []
    assert found(transform("AugmentedManifestFile")) == [
        ("SMG416", "/Steps/0/Arguments/TransformInput/DataSource/S3DataSource/S3DataType")
    ]
