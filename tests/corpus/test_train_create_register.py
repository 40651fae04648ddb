"""Corpus 02, rebuilt: the definition is the one that SDK v3 recorded, apart from what is listed."""

from __future__ import annotations

from tests.corpus.comparison import RebuiltPipeline, compared, found, with_auto
from tests.corpus.pipelines.train_create_register import ENVIRONMENT, NAME, train_create_register

PIPELINE = RebuiltPipeline(
    recorded="02-v3-train-create-register",
    name=NAME,
    function=train_create_register,
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
    "/Parameters/4/Type": "the recorded depth is a text; to the library's contract it is a whole number",
    "/Parameters/4/DefaultValue": "the other half of that",
    "/Steps/1/Arguments/HyperParameters/max_depth": (
        "hyperparameters are texts, so the number is made one by a Std:Join of it alone, as the SDK's to_string does"
    ),
    "/Steps/3/Arguments/InferenceSpecification/SupportedTransformInstanceTypes": (
        "the recorded version has none; the library's contract says on which machines batch transform may run a model"
    ),
    "/MlflowConfig": "SDK v3 writes null where no MLflow is used, smgen leaves the member out",
}
#: How often each normalisation made a difference go away.
NORMALISATIONS = {"N1": 0, "N2": 2, "N3": 1, "N4": 1}


def test_it_is_the_recorded_pipeline() -> None:
    comparison = compared(PIPELINE)
    unexplained = comparison.unexplained(DIFFERENCES)

    assert unexplained.differences == ()
    assert unexplained.unused == ()
    assert len(DIFFERENCES) <= 8
    assert dict(comparison.counts) == NORMALISATIONS


def test_the_checks_find_what_the_author_left_over() -> None:
    # ModelApprovalStatus: the version is registered as Approved whatever the parameter says.
    assert found(PIPELINE) == [("SMG302", "/Parameters/3/Name")]


def test_auto_means_the_same() -> None:
    resolved = with_auto(PIPELINE)
    assert resolved.changed == []
    assert resolved.bound == {
        "TrainModelTestStep.training_data": "PreprocessAbaloneData.train",
        "TrainModelTestStep.validation_data": "PreprocessAbaloneData.validation",
        "CreateModel.model": "TrainModelTestStep.model_artifacts",
        "RegisterModel.model": "TrainModelTestStep.model_artifacts",
    }
