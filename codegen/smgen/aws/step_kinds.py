"""One row per step kind of SageMaker pipelines: the only place that knows what a kind is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

# Sources: StepTypeEnum, to_request() and properties of the step classes in sagemaker-mlops 1.27 (SDK 3.27) and
# sagemaker 2.257, and the definitions that both really emit.

Service: TypeAlias = Literal["sagemaker", "emr", "emr-serverless", "pipelines"]
"""Whose request a step makes; ``pipelines`` where the pipeline service itself does the work."""


@dataclass(frozen=True, slots=True)
class StepField:
    """A field of the step document beside ``Name``, ``Type`` and ``Arguments``; ``shape`` names its shape."""

    name: str
    shape: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class StepKind:
    """What a step of one ``Type`` is made of; shape names are those of the service model.

    ``request`` is the AWS request that ``Arguments`` is, None where it is something else; ``arguments`` always names
    the shape of ``Arguments``. ``response`` names the shapes whose members, merged, are the properties other steps may
    read; none means the step has no properties. ``dropped`` are the members of the request that stay out of
    ``Arguments``; ``job_name`` among them may stand there after all, as a prefix, when the pipeline was built with
    ``use_custom_job_prefix``. ``json_text`` are properties that hold JSON as text, which a path may descend into.
    ``branches`` are the members of ``Arguments`` that hold steps.
    """

    type: str
    service: Service
    arguments: str
    response: tuple[str, ...] = ()
    request: str | None = None
    job_name: str | None = None
    dropped: tuple[str, ...] = ()
    step_fields: tuple[StepField, ...] = ()
    caches: bool = False
    retries: bool = False
    retries_job_errors: bool = False
    """Retry policies may name the ``SageMaker.*`` exceptions; the SDK refuses them on Model and RegisterModel."""
    structural: bool = False
    """The kind steers the pipeline and needs code of its own: Condition, ForEach, Fail."""
    branches: tuple[str, ...] = ()
    json_text: tuple[str, ...] = ()
    own_folder: bool = False
    """The job writes to a folder of its own name below the location that it is given."""

    @property
    def is_processing_job(self) -> bool:
        """Whether a step of this kind runs a processing job, with its inputs and outputs."""
        return self.request == "CreateProcessingJobRequest"

    @property
    def has_properties(self) -> bool:
        """Whether another step can read anything from a step of this kind."""
        return bool(self.response)

    @property
    def fields(self) -> tuple[StepField, ...]:
        """Every field that may stand beside ``Name``, ``Type`` and ``Arguments``, in the order the SDK writes them."""
        return (
            *COMMON_STEP_FIELDS,
            *((_RETRY_POLICIES,) if self.retries else ()),
            *((_CACHE_CONFIG,) if self.caches else ()),
            *self.step_fields,
        )


COMMON_STEP_FIELDS = (
    StepField("DependsOn", "pipelines.DependsOn"),
    StepField("DisplayName", "StepDisplayName"),
    StepField("Description", "StepDescription"),
)
"""What every step may have beside its arguments, in the order the SDK writes it."""

_RETRY_POLICIES = StepField("RetryPolicies", "pipelines.RetryPolicies")
_CACHE_CONFIG = StepField("CacheConfig", "pipelines.CacheConfig")
_OUTPUT_PARAMETERS = StepField("OutputParameters", "pipelines.OutputParameters")
# The SDK writes null for those of these that are not set.
_CHECK_FIELDS = (
    StepField("ModelPackageGroupName", "ArnOrName"),
    StepField("SkipCheck", "pipelines.Flag"),
    StepField("FailOnViolation", "pipelines.Flag"),
    StepField("RegisterNewBaseline", "pipelines.Flag"),
)
_BASELINE_STATISTICS = StepField("SuppliedBaselineStatistics", "String1024")
_BASELINE_CONSTRAINTS = StepField("SuppliedBaselineConstraints", "String1024")


def _request_kind(
    kind: str,
    request: str,
    *response: str,
    job_name: str | None = None,
    dropped: tuple[str, ...] = (),
    step_fields: tuple[StepField, ...] = (),
    caches: bool = True,
    retries: bool = True,
    retries_job_errors: bool = True,
    json_text: tuple[str, ...] = (),
    own_folder: bool = False,
) -> StepKind:
    return StepKind(
        kind,
        "sagemaker",
        arguments=request,
        response=response,
        request=request,
        job_name=job_name,
        dropped=(*((job_name,) if job_name else ()), *dropped),
        step_fields=step_fields,
        caches=caches,
        retries=retries,
        retries_job_errors=retries and retries_job_errors,
        json_text=json_text,
        own_folder=own_folder,
    )


_KINDS = (
    _request_kind(
        "Training",
        "CreateTrainingJobRequest",
        "DescribeTrainingJobResponse",
        job_name="TrainingJobName",
        own_folder=True,
    ),
    _request_kind(
        "Processing",
        "CreateProcessingJobRequest",
        "DescribeProcessingJobResponse",
        job_name="ProcessingJobName",
        step_fields=(StepField("PropertyFiles", "pipelines.PropertyFiles"),),
    ),
    _request_kind(
        "Transform", "CreateTransformJobRequest", "DescribeTransformJobResponse", job_name="TransformJobName"
    ),
    _request_kind(
        "Tuning",
        "CreateHyperParameterTuningJobRequest",
        "DescribeHyperParameterTuningJobResponse",
        "ListTrainingJobsForHyperParameterTuningJobResponse",
        job_name="HyperParameterTuningJobName",
        own_folder=True,
    ),
    _request_kind(
        "Model",
        "CreateModelInput",
        "DescribeModelOutput",
        job_name="ModelName",
        caches=False,
        retries_job_errors=False,
    ),
    _request_kind(
        "RegisterModel",
        "CreateModelPackageInput",
        "DescribeModelPackageOutput",
        job_name="ModelPackageName",
        # The SDK: "not available in the workflow service and will cause rejection".
        dropped=("CertifyForMarketplace",),
        caches=False,
        retries_job_errors=False,
    ),
    StepKind(
        "Condition",
        "pipelines",
        arguments="pipelines.ConditionArguments",
        response=("ConditionStepMetadata",),
        structural=True,
        branches=("IfSteps", "ElseSteps"),
    ),
    StepKind("Fail", "pipelines", arguments="pipelines.FailArguments", structural=True),
    StepKind(
        "Lambda",
        "pipelines",
        arguments="pipelines.NamedValues",
        response=("pipelines.OutputParametersProperties",),
        step_fields=(StepField("FunctionArn", "pipelines.Text", required=True), _OUTPUT_PARAMETERS),
        caches=True,
    ),
    StepKind(
        "Callback",
        "pipelines",
        arguments="pipelines.NamedValues",
        response=("pipelines.OutputParametersProperties",),
        step_fields=(StepField("SqsQueueUrl", "pipelines.Text", required=True), _OUTPUT_PARAMETERS),
        caches=True,
    ),
    # A check is a processing job; what it offers to other steps are its baselines, not the job's description.
    _request_kind(
        "QualityCheck",
        "CreateProcessingJobRequest",
        "pipelines.QualityCheckProperties",
        job_name="ProcessingJobName",
        step_fields=(
            StepField("CheckType", "pipelines.QualityCheckType", required=True),
            *_CHECK_FIELDS,
            _BASELINE_STATISTICS,
            _BASELINE_CONSTRAINTS,
        ),
        retries=False,
    ),
    _request_kind(
        "ClarifyCheck",
        "CreateProcessingJobRequest",
        "pipelines.ClarifyCheckProperties",
        job_name="ProcessingJobName",
        step_fields=(
            StepField("CheckType", "pipelines.ClarifyCheckType", required=True),
            *_CHECK_FIELDS,
            _BASELINE_CONSTRAINTS,
            # Written for the two model checks only.
            StepField("ModelName", "ModelName"),
        ),
        retries=False,
    ),
    # Retry policies: the SDK's v2 class writes them, v3 has lost the argument, the published schema has an exception
    # type of EMR: the service takes them.
    StepKind(
        "EMR",
        "emr",
        arguments="pipelines.EMRArguments",
        response=("emr.Step",),
        caches=True,
        retries=True,
        retries_job_errors=True,
    ),
    # The SDK names GetJobRunResponse but never loads that service, so its own properties object is empty; what the
    # pipeline service resolves could not be verified.
    StepKind(
        "EMRServerless",
        "emr-serverless",
        arguments="pipelines.EMRServerlessArguments",
        response=("emr-serverless.GetJobRunResponse",),
        caches=True,
        retries=True,
        retries_job_errors=True,
    ),
    _request_kind(
        "AutoML",
        "CreateAutoMLJobRequest",
        "DescribeAutoMLJobResponse",
        "pipelines.AutoMLProperties",
        job_name="AutoMLJobName",
        dropped=("ModelDeployConfig", "GenerateCandidateDefinitionsOnly"),
        own_folder=True,
    ),
    # Endpoints and components keep their names in Arguments: they are the resources that live on.
    _request_kind("EndpointConfig", "CreateEndpointConfigInput", "DescribeEndpointConfigOutput"),
    _request_kind("Endpoint", "CreateEndpointInput", "DescribeEndpointOutput", retries=False),
    _request_kind(
        "InferenceComponent",
        "CreateInferenceComponentInput",
        "DescribeInferenceComponentOutput",
        caches=False,
        retries=False,
    ),
    StepKind("Lineage", "pipelines", arguments="pipelines.LineageArguments", response=("LineageMetadata",)),
    _request_kind(
        "Job", "CreateJobRequest", "DescribeJobResponse", job_name="JobName", json_text=("JobConfigDocument",)
    ),
    StepKind("Cleanup", "pipelines", arguments="pipelines.CleanupArguments"),
    StepKind(
        "ForEach",
        "pipelines",
        arguments="pipelines.ForEachArguments",
        response=("pipelines.ForEachProperties",),
        structural=True,
        branches=("ForEachBody",),
    ),
)

STEP_KINDS: Mapping[str, StepKind] = {kind.type: kind for kind in _KINDS}
"""All step kinds of SDK v3 by ``Type``. The service knows six more that no SDK class emits; they have no row."""

PROCESSING_JOB_KINDS = tuple(kind.type for kind in _KINDS if kind.is_processing_job)
"""The kinds that run a processing job: processing itself, and the checks."""
