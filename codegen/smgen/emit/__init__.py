"""Everything that talks to a service; each library for it is an extra and is imported when it is needed."""

from __future__ import annotations

from smgen.emit.deployed import (
    ConnectionSettings,
    DeployedPipeline,
    SageMakerClient,
    ServiceError,
    pipeline_names,
    read_deployed,
    sagemaker_client,
)

__all__ = [
    "ConnectionSettings",
    "DeployedPipeline",
    "SageMakerClient",
    "ServiceError",
    "pipeline_names",
    "read_deployed",
    "sagemaker_client",
]
