"""Corpus 04, rebuilt: the definition is the one that SDK v2 recorded, apart from what is listed."""

from __future__ import annotations

import pytest

from tests.corpus.auto_ports import Port
from tests.corpus.comparison import RebuiltPipeline, compared, found, with_auto
from tests.corpus.pipelines.hyperparameter_tuning import ENVIRONMENT, NAME, hyperparameter_tuning

PIPELINE = RebuiltPipeline(
    recorded="04-hyperparameter-tuning",
    name=NAME,
    function=hyperparameter_tuning,
    environment=ENVIRONMENT,
    placeholders={
        "<BUCKET_1>": ENVIRONMENT.text("sample_bucket"),
        "<BUCKET_2>": ENVIRONMENT.bucket,
        "<ROLE_ARN>": ENVIRONMENT.role,
        "<IMAGE:sagemaker-scikit-learn:1>": ENVIRONMENT.images["scikit-learn"],
        "<IMAGE:sagemaker-xgboost:2>": ENVIRONMENT.images["xgboost"],
    },
)
#: What differs after the normalisations, by JSON pointer, and why. A pointer covers its subtree.
DIFFERENCES = {
    "/Steps/1/Arguments/TrainingJobDefinition/HyperParameterTuningResourceConfig": (
        "SDK v2 writes the machine of a tuned job so; AWS takes either"
    ),
    "/Steps/1/Arguments/TrainingJobDefinition/ResourceConfig": (
        "v3 and smgen write it as the training job has it: the other half of that"
    ),
    "/Steps/4/Arguments/ProcessingOutputConfig/Outputs/0/S3Output/S3Uri": (
        "the recorded location was frozen, with the time, when the definition was built, so that all executions share "
        "one report; here each execution writes to its own"
    ),
}
#: How often each normalisation made a difference go away.
NORMALISATIONS = {"N1": 8, "N2": 3, "N3": 2, "N4": 2}

#: The ports that AUTO binds to something else: where the definition is another one then, and why.
EXPLICIT: dict[Port, tuple[str, str]] = {
    ("CreateSecondBestModel-CreateModel", "model"): (
        "/Steps/3/Arguments/PrimaryContainer/ModelDataUrl",
        "what a tuning gives is its best model; another one has to be said",
    ),
    ("RegisterBestAbaloneModel-RegisterModel", "quality"): (
        "/Steps/5/Arguments/IfSteps/0/Arguments/ModelMetrics",
        "the author registers the model without the metrics of its evaluation, which fit the optional port",
    ),
}


def test_it_is_the_recorded_pipeline() -> None:
    comparison = compared(PIPELINE)
    unexplained = comparison.unexplained(DIFFERENCES)

    assert unexplained.differences == ()
    assert unexplained.unused == ()
    assert len(DIFFERENCES) <= 8
    assert dict(comparison.counts) == NORMALISATIONS


def test_the_checks_find_what_the_author_did_wrong() -> None:
    # Training, validation and test rows have one folder: who reads one of them gets all three.
    assert found(PIPELINE) == [
        ("SMG312", "/Steps/0/Arguments/ProcessingOutputConfig/Outputs/1/S3Output/S3Uri"),
    ]


def test_auto_means_the_same() -> None:
    resolved = with_auto(PIPELINE, but=EXPLICIT)
    assert resolved.changed == []
    assert resolved.bound == {
        "HPTuning.training_data": "PreprocessAbaloneDataForHPO.train",
        "HPTuning.validation_data": "PreprocessAbaloneDataForHPO.validation",
        "CreateBestModel-CreateModel.model": "HPTuning.model_artifacts",
        "EvaluateTopModel.model": "HPTuning.model_artifacts",
        "EvaluateTopModel.test_data": "PreprocessAbaloneDataForHPO.test",
        "RegisterBestAbaloneModel-RegisterModel.model": "HPTuning.model_artifacts",
    }


@pytest.mark.parametrize("port", EXPLICIT)
def test_where_auto_means_something_else(port: Port) -> None:
    changed, _ = EXPLICIT[port]
    assert with_auto(PIPELINE, but=[other for other in EXPLICIT if other != port]).changed == [changed]
