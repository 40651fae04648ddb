"""Kinds that run on EMR, outside of SageMaker's settings."""

from __future__ import annotations

from smgen.aws.kinds.row import CacheKey, Read, StepKind
from smgen.aws.request_paths import EACH

# Retry policies: the SDK's v2 class writes them, v3 has lost the argument, the published schema has an exception type
# of EMR: the service takes them.
EMR = StepKind(
    type="EMR",
    service="emr",
    arguments="pipelines.EMRArguments",
    response=("emr.Step",),
    caches=True,
    retries=True,
    reads=(Read(("StepConfig", "HadoopJarStep", "Args", EACH), told=True),),
    cache_key=CacheKey((("ClusterId",), ("StepConfig",))),
)

# The SDK names GetJobRunResponse but never loads that service, so its own properties object is empty; what the pipeline
# service resolves could not be verified.
EMR_SERVERLESS = StepKind(
    type="EMRServerless",
    service="emr-serverless",
    arguments="pipelines.EMRServerlessArguments",
    response=("emr-serverless.GetJobRunResponse",),
    caches=True,
    retries=True,
    reads=(Read(("JobConfig", "jobDriver", "sparkSubmit", "entryPointArguments", EACH), told=True),),
)
