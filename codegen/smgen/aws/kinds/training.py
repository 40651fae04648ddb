"""Kinds that train or apply a model: training, tuning, AutoML, transform, and the open job."""

from __future__ import annotations

from smgen.aws.kinds.row import CacheKey, JobGroup, JobPlaces, NamedList, Read, StepKind, Usual, Write
from smgen.aws.request_paths import EACH, Path

_CHANNELS: Path = ("InputDataConfig",)
_LOCATION: Path = ("DataSource", "S3DataSource", "S3Uri")
_OUTPUT: Path = ("OutputDataConfig", "S3OutputPath")
_ALGORITHM = "AlgorithmSpecification"
#: A tuning job has one definition of its training jobs, or a list of them.
_DEFINITION: Path = ("TrainingJobDefinition",)
_DEFINITIONS: Path = ("TrainingJobDefinitions", EACH)


def _channel(root: Path = (), port: str = "") -> Read:
    return Read((*root, *_CHANNELS, EACH, *_LOCATION), port)


def _channels(root: Path = (), *, is_read: bool = False, title: str = "") -> NamedList:
    return NamedList((*root, *_CHANNELS), "ChannelName", "channel", is_read=is_read, title=title)


def _group(root: Path = ()) -> JobGroup:
    """A training job, or one of those that a tuning job starts, whose machines may stand under another name."""
    own: Path = ("ResourceConfig",)
    machines: tuple[Path, ...] = (own, (*own, "InstanceGroups", EACH), (*own, "InstancePreferences", EACH))
    if root:
        tuned: Path = ("HyperParameterTuningResourceConfig",)
        machines = (tuned, (*tuned, "InstanceConfigs", EACH), *machines)
    return JobGroup(
        root=root,
        network=("VpcConfig",),
        volume_keys=tuple((*at, "VolumeKmsKeyId") for at in machines if len(at) == 1),
        output_key=("OutputDataConfig", "KmsKeyId"),
        run_time=("StoppingCondition", "MaxRuntimeInSeconds"),
        instance_types=tuple((*at, "InstanceType") for at in machines),
        instance_counts=tuple((*at, "InstanceCount") for at in machines),
        images=((_ALGORITHM, "TrainingImage"),),
    )


_MODEL = Usual("model_artifacts", "ModelArtifacts.S3ModelArtifacts", "ModelArtifacts")

TRAINING = StepKind(
    type="Training",
    arguments="CreateTrainingJobRequest",
    response=("DescribeTrainingJobResponse",),
    job_name="TrainingJobName",
    caches=True,
    retries=True,
    reads=(_channel(), Read((_ALGORITHM, "ContainerArguments", EACH), told=True)),
    writes=(Write(_OUTPUT, "model", _MODEL.name, (_MODEL.path,), below_job=True, file="model.tar.gz"),),
    lists=(_channels(is_read=True, title="channel"),),
    usual=(_MODEL, Usual("training_job_name", "TrainingJobName", "String")),
    job=JobPlaces((_group(),)),
    listed_as="TrainingStep",
    image_scopes=("training",),
    # A training step of the SDK's own puts code into a model.
    emitted_suffix="-RepackModel-0",
    emitted_for="Repack",
    input_form="channel",
    launches=("toolkit", "channel"),
    hyperparameters=("HyperParameters",),
    environment=("Environment",),
    metrics=(_ALGORITHM, "MetricDefinitions"),
    found_by_cleanup=True,
    cache_key=CacheKey(
        (
            (_ALGORITHM,),
            ("CheckpointConfig",),
            ("DebugHookConfig",),
            ("DebugRuleConfigurations",),
            ("Environment",),
            ("HyperParameters",),
            _CHANNELS,
        )
    ),
)

_BEST_JOB = Usual("best_training_job_name", "BestTrainingJob.TrainingJobName", "String")

TUNING = StepKind(
    type="Tuning",
    arguments="CreateHyperParameterTuningJobRequest",
    response=("DescribeHyperParameterTuningJobResponse", "ListTrainingJobsForHyperParameterTuningJobResponse"),
    job_name="HyperParameterTuningJobName",
    caches=True,
    retries=True,
    retries_itself=True,
    reads=(_channel(_DEFINITION), _channel(_DEFINITIONS)),
    writes=tuple(
        Write((*root, *_OUTPUT), "models", None, (_BEST_JOB.path,), below_job=True)
        for root in (_DEFINITION, _DEFINITIONS)
    ),
    lists=(
        _channels(_DEFINITION, is_read=True),
        _channels(_DEFINITIONS),
        NamedList(_DEFINITIONS[:1], "DefinitionName", "training job definition"),
    ),
    usual=(_BEST_JOB, Usual("tuning_job_name", "HyperParameterTuningJobName", "String")),
    job=JobPlaces(
        (_group(_DEFINITION), _group(_DEFINITIONS)),
        job_count=("HyperParameterTuningJobConfig", "ResourceLimits", "MaxNumberOfTrainingJobs"),
    ),
    image_scopes=TRAINING.image_scopes,
    hyperparameters=(*_DEFINITION, "StaticHyperParameters"),
    repeats=TRAINING.type,
    cache_key=CacheKey(
        (
            ("HyperParameterTuningJobConfig",),
            *(
                (*_DEFINITION, name)
                for name in (
                    _ALGORITHM,
                    "HyperParameterRanges",
                    "InputDataConfig",
                    "StaticHyperParameters",
                    "TuningObjective",
                )
            ),
            _DEFINITIONS[:1],
        )
    ),
)

_BEST_CANDIDATE = Usual("best_model", "BestCandidate.InferenceContainers[0].ModelDataUrl", "ModelArtifacts")
_AUTOML_CONFIG = "AutoMLJobConfig"

AUTOML = StepKind(
    type="AutoML",
    arguments="CreateAutoMLJobRequest",
    response=("DescribeAutoMLJobResponse", "pipelines.AutoMLProperties"),
    job_name="AutoMLJobName",
    left_out=("ModelDeployConfig", "GenerateCandidateDefinitionsOnly"),
    caches=True,
    retries=True,
    retries_itself=True,
    reads=(_channel(),),
    writes=(Write(_OUTPUT, "candidates", _BEST_CANDIDATE.name, (_BEST_CANDIDATE.path,), below_job=True),),
    usual=(_BEST_CANDIDATE, Usual("automl_job_name", "AutoMLJobName", "String")),
    job=JobPlaces(
        (
            JobGroup(
                network=(_AUTOML_CONFIG, "SecurityConfig", "VpcConfig"),
                volume_keys=((_AUTOML_CONFIG, "SecurityConfig", "VolumeKmsKeyId"),),
                output_key=("OutputDataConfig", "KmsKeyId"),
                run_time=(_AUTOML_CONFIG, "CompletionCriteria", "MaxAutoMLJobRuntimeInSeconds"),
            ),
        )
    ),
    cache_key=CacheKey(
        (
            *(
                (_AUTOML_CONFIG, name)
                for name in ("CompletionCriteria", "CandidateGenerationConfig", "DataSplitConfig", "Mode")
            ),
            ("AutoMLJobObjective",),
            _CHANNELS,
            ("ProblemType",),
        )
    ),
)

_PREDICTIONS: Path = ("TransformOutput", "S3OutputPath")

TRANSFORM = StepKind(
    type="Transform",
    arguments="CreateTransformJobRequest",
    response=("DescribeTransformJobResponse",),
    job_name="TransformJobName",
    caches=True,
    retries=True,
    reads=(
        Read(("ModelName",), "model", "Model", by_name=True),
        Read(("TransformInput", *_LOCATION), "data", "Dataset"),
    ),
    writes=(Write(_PREDICTIONS, "predictions", "predictions", is_location=True),),
    usual=(Usual("predictions", ".".join(_PREDICTIONS), "Predictions"),),
    # A transform job runs in the network of its model, and has no maximum run time.
    job=JobPlaces(
        (
            JobGroup(
                volume_keys=(("TransformResources", "VolumeKmsKeyId"),),
                output_key=("TransformOutput", "KmsKeyId"),
                instance_types=(("TransformResources", "InstanceType"),),
                instance_counts=(("TransformResources", "InstanceCount"),),
            ),
        ),
        model=("ModelName",),
    ),
    cache_key=CacheKey((("DataProcessing",), ("Environment",), ("ModelName",), ("TransformInput",))),
)

JOB = StepKind(
    type="Job",
    arguments="CreateJobRequest",
    response=("DescribeJobResponse",),
    job_name="JobName",
    caches=True,
    retries=True,
    json_text=("JobConfigDocument",),
    job=JobPlaces(),
)
