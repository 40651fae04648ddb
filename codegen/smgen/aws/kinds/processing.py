"""Kinds that run a processing job: processing itself, and the checks."""

from __future__ import annotations

from smgen.aws.kinds.row import CacheKey, JobGroup, JobPlaces, NamedList, Read, StepField, StepKind, Usual, Write
from smgen.aws.request_paths import EACH, Path

_REQUEST = "CreateProcessingJobRequest"
_INPUT = Read(("ProcessingInputs", EACH, "S3Input", "S3Uri"), port="")
_INPUTS = NamedList(("ProcessingInputs",), "InputName", "input", title="processing input")
PROCESSING_OUTPUTS = NamedList(("ProcessingOutputConfig", "Outputs"), "OutputName", "output", title="processing output")
_OUTPUT: Path = (*PROCESSING_OUTPUTS.path, EACH, "S3Output", "S3Uri")
_CLUSTER: Path = ("ProcessingResources", "ClusterConfig")
_MACHINES = (_CLUSTER, (*_CLUSTER, "InstancePreferences", EACH))
_JOB = JobPlaces(
    (
        JobGroup(
            network=("NetworkConfig", "VpcConfig"),
            volume_keys=((*_CLUSTER, "VolumeKmsKeyId"),),
            output_key=("ProcessingOutputConfig", "KmsKeyId"),
            run_time=("StoppingCondition", "MaxRuntimeInSeconds"),
            instance_types=tuple((*at, "InstanceType") for at in _MACHINES),
            instance_counts=tuple((*at, "InstanceCount") for at in _MACHINES),
            images=(("AppSpecification", "ImageUri"),),
        ),
    )
)

PROCESSING = StepKind(
    type="Processing",
    arguments=_REQUEST,
    response=("DescribeProcessingJobResponse",),
    job_name="ProcessingJobName",
    step_fields=(StepField("PropertyFiles", "pipelines.PropertyFiles"),),
    caches=True,
    retries=True,
    reads=(_INPUT, Read(("AppSpecification", "ContainerArguments", EACH), told=True)),
    writes=(Write(_OUTPUT, "output", output="", is_location=True),),
    lists=(_INPUTS._replace(is_read=True), PROCESSING_OUTPUTS._replace(is_read=True)),
    job=_JOB,
    listed_as="ProcessingStep",
    # Scripts are run in training images too: the SDK does so with every framework that has no other.
    image_scopes=("processing", "training"),
    input_form="processing_input",
    output_form="processing_output",
    launches=("processing",),
    environment=("Environment",),
    cache_key=CacheKey((("AppSpecification",), ("Environment",), ("ProcessingInputs",))),
)

# What a check offers to other steps are its baselines, not the job's description, nor its outputs by their names.
_CHECK_TYPE = "CheckType"
# The SDK writes null for those of these that are not set.
_CHECK_FIELDS = (
    StepField("ModelPackageGroupName", "ArnOrName"),
    StepField("SkipCheck", "pipelines.Flag"),
    StepField("FailOnViolation", "pipelines.Flag"),
    StepField("RegisterNewBaseline", "pipelines.Flag"),
)
_STATISTICS_FIELD = StepField("SuppliedBaselineStatistics", "String1024")
_CONSTRAINTS_FIELD = StepField("SuppliedBaselineConstraints", "String1024")
_STATISTICS = Usual("statistics", "CalculatedBaselineStatistics", "Statistics")
_CONSTRAINTS = Usual("constraints", "CalculatedBaselineConstraints", "Constraints")
_DRIFT_STATISTICS = Usual("drift_statistics", "BaselineUsedForDriftCheckStatistics", "Statistics")
_DRIFT_CONSTRAINTS = Usual("drift_constraints", "BaselineUsedForDriftCheckConstraints", "Constraints")
_SUPPLIED_STATISTICS = Read((_STATISTICS_FIELD.name,), "supplied_statistics", "Statistics", beside=True)
_SUPPLIED_CONSTRAINTS = Read((_CONSTRAINTS_FIELD.name,), "supplied_constraints", "Constraints", beside=True)
_KEY_FIELDS = ("SkipCheck", "RegisterNewBaseline", "ModelPackageGroupName", _CONSTRAINTS_FIELD.name)

QUALITY_CHECK = StepKind(
    type="QualityCheck",
    arguments=_REQUEST,
    response=("pipelines.QualityCheckProperties",),
    job_name="ProcessingJobName",
    step_fields=(
        StepField(_CHECK_TYPE, "pipelines.QualityCheckType", required=True),
        *_CHECK_FIELDS,
        _STATISTICS_FIELD,
        _CONSTRAINTS_FIELD,
    ),
    caches=True,
    reads=(_INPUT, _SUPPLIED_STATISTICS, _SUPPLIED_CONSTRAINTS),
    writes=(Write(_OUTPUT, "output", _STATISTICS.name, (_STATISTICS.path, _CONSTRAINTS.path)),),
    lists=(_INPUTS, PROCESSING_OUTPUTS),
    usual=(_STATISTICS, _CONSTRAINTS, _DRIFT_STATISTICS, _DRIFT_CONSTRAINTS),
    job=_JOB,
    image_scopes=("monitoring", "processing"),
    check_artifacts=(
        ("DATA_QUALITY", "DataStatistics", "DataConstraints"),
        ("MODEL_QUALITY", "ModelQualityStatistics", "ModelQualityConstraints"),
    ),
    input_form="processing_input",
    cache_key=CacheKey(
        fields=(*_KEY_FIELDS, _STATISTICS_FIELD.name),
        sdk=("QualityCheckConfig", "CheckJobConfig"),
    ),
)

CLARIFY_CHECK = StepKind(
    type="ClarifyCheck",
    arguments=_REQUEST,
    response=("pipelines.ClarifyCheckProperties",),
    job_name="ProcessingJobName",
    step_fields=(
        StepField(_CHECK_TYPE, "pipelines.ClarifyCheckType", required=True),
        *_CHECK_FIELDS,
        _CONSTRAINTS_FIELD,
        # Written for the two model checks only.
        StepField("ModelName", "ModelName"),
    ),
    caches=True,
    reads=(_INPUT, _SUPPLIED_CONSTRAINTS, Read(("ModelName",), "model", "Model", beside=True, by_name=True)),
    writes=(Write(_OUTPUT, "output", _CONSTRAINTS.name, (_CONSTRAINTS.path,)),),
    lists=(_INPUTS, PROCESSING_OUTPUTS),
    usual=(_CONSTRAINTS, _DRIFT_CONSTRAINTS),
    job=_JOB,
    image_scopes=("processing",),
    # SageMaker calls reports of bias and of explainability constraints as well.
    check_artifacts=(
        ("DATA_BIAS", "Statistics", "DataBiasReport"),
        ("MODEL_BIAS", "Statistics", "ModelBiasReport"),
        ("MODEL_EXPLAINABILITY", "Statistics", "ExplainabilityReport"),
    ),
    input_form="processing_input",
    cache_key=CacheKey(fields=_KEY_FIELDS, sdk=("ClarifyCheckConfig", "CheckJobConfig")),
)
