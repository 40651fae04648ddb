"""Everything that talks to a service; each library for it is an extra and is imported when it is needed."""

from __future__ import annotations

from smgen.emit.accounts import AskedAccount, asked_account
from smgen.emit.deployed import DeployedPipeline, pipeline_names, read_deployed
from smgen.emit.deploying import (
    DeployedState,
    Deployment,
    DeploymentSettings,
    deploy,
    deployed_state,
    pipeline_tags,
    settings_that_differ,
    start,
)
from smgen.emit.publishing import Published, Upload, UploadSettings, publish, read_uploads
from smgen.emit.reading_code import holds_asset
from smgen.emit.sdk_pipeline import HasExpression, SdkPipeline, sagemaker_pipeline, sdk_variable
from smgen.emit.service import (
    ConnectionSettings,
    S3Client,
    S3Reader,
    SageMakerClient,
    SageMakerReader,
    ServiceError,
    s3_client,
    s3_reader,
    sagemaker_client,
    sts_client,
)
from smgen.emit.start_parameters import start_parameters

__all__ = [
    "AskedAccount",
    "ConnectionSettings",
    "DeployedPipeline",
    "DeployedState",
    "Deployment",
    "DeploymentSettings",
    "HasExpression",
    "Published",
    "S3Client",
    "S3Reader",
    "SageMakerClient",
    "SageMakerReader",
    "SdkPipeline",
    "ServiceError",
    "Upload",
    "UploadSettings",
    "asked_account",
    "deploy",
    "deployed_state",
    "holds_asset",
    "pipeline_names",
    "pipeline_tags",
    "publish",
    "read_deployed",
    "read_uploads",
    "s3_client",
    "s3_reader",
    "sagemaker_client",
    "sagemaker_pipeline",
    "sdk_variable",
    "settings_that_differ",
    "start",
    "start_parameters",
    "sts_client",
]
