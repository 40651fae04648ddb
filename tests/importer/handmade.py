"""A small pipeline as its definition and as what is read of it, written by hand."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

from smgen.documents import JsonObject, JsonValue
from smgen.importer import ImportedEnvironment, ImportedPipeline
from smgen.importer.imported_pipeline import (
    EnvironmentReference,
    EnvironmentText,
    Guess,
    ImportedParameter,
    ImportedStep,
    ParameterInCode,
    ProxyExpression,
)

IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/xgboost:1"
PREPARING: JsonObject = {
    "name": "Preparing",
    "version": "1.0.0",
    "kind": "Processing",
    "inputs": {"raw": {"type": "Dataset", "local_path": "/opt/ml/processing/input"}},
    "outputs": {"rows": {"type": "Dataset", "local_path": "/opt/ml/processing/rows"}},
    "settings": {"instance_type": {"default": "ml.m5.large"}},
    "request": {
        "AppSpecification": {"ImageUri": IMAGE, "ContainerEntrypoint": ["python3", "/opt/ml/run.py"]},
        "ProcessingResources": {
            "ClusterConfig": {
                "InstanceCount": 1,
                "InstanceType": {"$setting": "instance_type"},
                "VolumeSizeInGB": 30,
            }
        },
        "RoleArn": {"$default": "role"},
    },
}
TRAINING: JsonObject = {
    "name": "Fitting",
    "version": "1.0.0",
    "kind": "Training",
    "inputs": {"rows": {"type": "Dataset", "channel": "train"}},
    "outputs": {"model": {"type": "ModelArtifacts", "property_path": "ModelArtifacts.S3ModelArtifacts"}},
    "settings": {"image": {"default": {"image": "xgboost"}}},
    "hyperparameters": {"type": "object", "properties": {"eta": {"type": "number"}}},
    "request": {
        "AlgorithmSpecification": {"TrainingImage": {"$setting": "image"}, "TrainingInputMode": "File"},
        "HyperParameters": {"$hyperparameters": "text"},
        "OutputDataConfig": {"S3OutputPath": {"$output_location": "model"}},
        "ResourceConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 30},
        "RoleArn": {"$default": "role"},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    },
}
TYPES: JsonObject = {"types": {"Dataset": {}, "ModelArtifacts": {}}}


def environment(name: str = "default", bucket: str = "b-1", account: str = "111122223333") -> ImportedEnvironment:
    return ImportedEnvironment(
        name,
        account=account,
        region="eu-west-1",
        role=f"arn:aws:iam::{account}:role/Runner",
        bucket=bucket,
        images={"xgboost": IMAGE},
    )


def pipeline(name: str = "Small", *environments: ImportedEnvironment) -> ImportedPipeline:
    preparing = ImportedStep(
        "Prepare",
        "Preparing",
        ports={"raw": (ParameterInCode("Source"),)},
        locations={"rows": EnvironmentText(("s3://", EnvironmentReference("bucket"), "/rows"))},
    )
    training = ImportedStep(
        "Train",
        "Fitting",
        config={"eta": 0.2},
        ports={"rows": (ProxyExpression("Prepare", "rows"),)},
        locations={"model": EnvironmentText(("s3://", EnvironmentReference("bucket"), "/model"))},
    )
    return ImportedPipeline(
        name,
        contracts={"Preparing": PREPARING, "Fitting": TRAINING},
        artifact_types=TYPES,
        environments=environments or (environment(),),
        parameters=(
            ImportedParameter("Source", "String", EnvironmentText(("s3://", EnvironmentReference("bucket"), "/raw"))),
        ),
        steps=(preparing, training),
        experiment=None,
        guesses=(Guess("Preparing.rows", "the type Dataset is a guess"),),
    )


def definition(bucket: str = "b-1", account: str = "111122223333") -> JsonObject:
    """What the pipeline compiles to."""
    role = f"arn:aws:iam::{account}:role/Runner"
    processing: JsonObject = {
        "AppSpecification": {"ImageUri": IMAGE, "ContainerEntrypoint": ["python3", "/opt/ml/run.py"]},
        "ProcessingResources": {
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30}
        },
        "RoleArn": role,
        "ProcessingInputs": [
            {
                "InputName": "raw",
                "S3Input": {
                    "S3Uri": {"Get": "Parameters.Source"},
                    "LocalPath": "/opt/ml/processing/input",
                    "S3DataType": "S3Prefix",
                    "S3InputMode": "File",
                    "S3DataDistributionType": "FullyReplicated",
                    "S3CompressionType": "None",
                },
            }
        ],
        "ProcessingOutputConfig": {
            "Outputs": [
                {
                    "OutputName": "rows",
                    "S3Output": {
                        "S3Uri": f"s3://{bucket}/rows",
                        "LocalPath": "/opt/ml/processing/rows",
                        "S3UploadMode": "EndOfJob",
                    },
                }
            ]
        },
    }
    rows = "Steps.Prepare.ProcessingOutputConfig.Outputs['rows'].S3Output.S3Uri"
    training: JsonObject = {
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        "HyperParameters": {"eta": "0.2"},
        "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/model"},
        "ResourceConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 30},
        "RoleArn": role,
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        "InputDataConfig": [
            {
                "ChannelName": "train",
                "DataSource": {
                    "S3DataSource": {
                        "S3DataType": "S3Prefix",
                        "S3Uri": {"Get": rows},
                        "S3DataDistributionType": "FullyReplicated",
                    }
                },
            }
        ],
    }
    parameters: JsonValue = [{"Name": "Source", "Type": "String", "DefaultValue": f"s3://{bucket}/raw"}]
    return {
        "Version": "2020-12-01",
        "Metadata": {},
        "Parameters": parameters,
        "PipelineExperimentConfig": None,
        "Steps": [
            {"Name": "Prepare", "Type": "Processing", "Arguments": processing},
            {"Name": "Train", "Type": "Training", "Arguments": training},
        ],
    }


def renamed(imported: ImportedPipeline, names: dict[str, str]) -> ImportedPipeline:
    """The pipeline with other names for its contracts."""
    contracts = {
        names.get(name, name): {**deepcopy(item), "name": names.get(name, name)}
        for name, item in imported.contracts.items()
    }
    steps = tuple(
        replace(step, contract=names.get(step.contract, step.contract)) if isinstance(step, ImportedStep) else step
        for step in imported.steps
    )
    return replace(imported, contracts=contracts, steps=steps)
