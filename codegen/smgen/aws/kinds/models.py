"""Kinds that make a model known or serve it: models, registered versions, endpoints and their parts."""

from __future__ import annotations

from smgen.aws.kinds.row import JobGroup, JobPlaces, NamedList, Read, StepKind, Usual
from smgen.aws.request_paths import EACH, Path


def _model_data(*containers: Path) -> tuple[Read, ...]:
    """The data of models in containers; the additional sources of a container are no input of it by themselves."""
    return tuple(
        read
        for at in containers
        for read in (
            Read((*at, "ModelDataUrl"), "model", "ModelArtifacts"),
            Read((*at, "ModelDataSource", "S3DataSource", "S3Uri"), "model", "ModelArtifacts"),
            Read((*at, "AdditionalModelDataSources", EACH, "S3DataSource", "S3Uri")),
        )
    )


_CONTAINERS: tuple[Path, ...] = (("PrimaryContainer",), ("Containers", EACH))

MODEL = StepKind(
    type="Model",
    arguments="CreateModelInput",
    response=("DescribeModelOutput",),
    job_name="ModelName",
    retries=True,
    runs_no_job=True,
    reads=_model_data(*_CONTAINERS),
    usual=(Usual("model", "ModelName", "Model"),),
    job=JobPlaces((JobGroup(network=("VpcConfig",), images=tuple((*at, "Image") for at in _CONTAINERS)),)),
    listed_as="ModelStep",
    image_scopes=("inference",),
    containers=_CONTAINERS,
    emitted_suffix="-CreateModel",
    emitted_for="Model",
    launches=("inference",),
)

_INFERENCE: tuple[Path, ...] = (
    ("InferenceSpecification", "Containers", EACH),
    ("AdditionalInferenceSpecifications", EACH, "Containers", EACH),
)


#: The files that a model version shows, and those that later checks compare with: the usual input, and what it takes.
_SHOWN_FILES = (
    ("ModelMetrics.ModelQuality.Statistics", "model_statistics", "ModelMetrics"),
    ("ModelMetrics.ModelQuality.Constraints", "model_constraints", "ModelQualityConstraints"),
    ("ModelMetrics.ModelDataQuality.Statistics", "data_statistics", "DataStatistics"),
    ("ModelMetrics.ModelDataQuality.Constraints", "data_constraints", "DataConstraints"),
    ("ModelMetrics.Bias.Report", "bias_report", "BiasReport"),
    ("ModelMetrics.Bias.PreTrainingReport", "pre_training_bias_report", "DataBiasReport"),
    ("ModelMetrics.Bias.PostTrainingReport", "post_training_bias_report", "ModelBiasReport"),
    ("ModelMetrics.Explainability.Report", "explainability_report", "ExplainabilityReport"),
    ("DriftCheckBaselines.ModelQuality.Statistics", "drift_model_statistics", "ModelQualityStatistics"),
    ("DriftCheckBaselines.ModelQuality.Constraints", "drift_model_constraints", "ModelQualityConstraints"),
    ("DriftCheckBaselines.ModelDataQuality.Statistics", "drift_data_statistics", "DataStatistics"),
    ("DriftCheckBaselines.ModelDataQuality.Constraints", "drift_data_constraints", "DataConstraints"),
    ("DriftCheckBaselines.Bias.ConfigFile", "drift_bias_config", "AnalysisConfig"),
    ("DriftCheckBaselines.Bias.PreTrainingConstraints", "drift_pre_training_bias", "DataBiasReport"),
    ("DriftCheckBaselines.Bias.PostTrainingConstraints", "drift_post_training_bias", "ModelBiasReport"),
    ("DriftCheckBaselines.Explainability.ConfigFile", "drift_explainability_config", "AnalysisConfig"),
    ("DriftCheckBaselines.Explainability.Constraints", "drift_explainability", "ExplainabilityReport"),
)

REGISTER_MODEL = StepKind(
    type="RegisterModel",
    arguments="CreateModelPackageInput",
    response=("DescribeModelPackageOutput",),
    job_name="ModelPackageName",
    # The SDK: "not available in the workflow service and will cause rejection".
    left_out=("CertifyForMarketplace",),
    retries=True,
    runs_no_job=True,
    reads=(
        *_model_data(*_INFERENCE),
        *(Read((*place.split("."), "S3Uri"), port, artifact) for place, port, artifact in _SHOWN_FILES),
        Read(("SourceAlgorithmSpecification", "SourceAlgorithms", EACH, "ModelDataUrl")),
        Read(("SamplePayloadUrl",)),
    ),
    usual=(Usual("model_package", "ModelPackageArn", "ModelPackage"),),
    # AWS takes the tags of the group then, and refuses any in the request.
    job=JobPlaces(
        (JobGroup(images=tuple((*at, "Image") for at in _INFERENCE)),),
        no_tags_with="ModelPackageGroupName",
    ),
    image_scopes=("inference",),
    containers=_INFERENCE,
    emitted_suffix="-RegisterModel",
    emitted_for="Register",
    launches=("inference",),
)

# Endpoints and components keep their names in Arguments: they are the resources that live on.
_VARIANTS: Path = ("ProductionVariants", EACH)
_ALL_VARIANTS: tuple[Path, ...] = (_VARIANTS, ("ShadowProductionVariants", EACH))

ENDPOINT_CONFIG = StepKind(
    type="EndpointConfig",
    arguments="CreateEndpointConfigInput",
    response=("DescribeEndpointConfigOutput",),
    caches=True,
    retries=True,
    reads=(Read((*_VARIANTS, "ModelName"), "model", "Model", by_name=True),),
    lists=(NamedList(_VARIANTS[:1], "VariantName", "variant"),),
    usual=(Usual("endpoint_config", "EndpointConfigName", "EndpointConfig"),),
    job=JobPlaces(
        (
            JobGroup(
                volume_keys=(("KmsKeyId",),),
                instance_types=tuple((*at, "InstanceType") for at in _ALL_VARIANTS),
                instance_counts=tuple((*at, "InitialInstanceCount") for at in _ALL_VARIANTS),
            ),
        ),
        model=(*_VARIANTS, "ModelName"),
    ),
)

ENDPOINT = StepKind(
    type="Endpoint",
    arguments="CreateEndpointInput",
    response=("DescribeEndpointOutput",),
    caches=True,
    reads=(Read(("EndpointConfigName",), "endpoint_config", "EndpointConfig", by_name=True),),
    usual=(Usual("endpoint", "EndpointName", "Endpoint"),),
    job=JobPlaces(),
)

_SPECIFICATIONS: tuple[Path, ...] = (("Specification",), ("Specifications", EACH))

INFERENCE_COMPONENT = StepKind(
    type="InferenceComponent",
    arguments="CreateInferenceComponentInput",
    response=("DescribeInferenceComponentOutput",),
    reads=(
        Read(("EndpointName",), "endpoint", "Endpoint", by_name=True),
        Read(("Specification", "ModelName"), "model", "Model", by_name=True),
    ),
    usual=(Usual("inference_component", "InferenceComponentName", "InferenceComponent"),),
    job=JobPlaces(
        (
            JobGroup(
                images=tuple((*at, "Container", "Image") for at in _SPECIFICATIONS),
                instance_types=tuple((*at, "InstanceType") for at in _SPECIFICATIONS),
            ),
        )
    ),
    image_scopes=("inference",),
)
