"""Corpus 03, rebuilt: the definition is the one that SDK v2 recorded."""

from __future__ import annotations

from tests.corpus.comparison import RebuiltPipeline, compared, found, with_auto
from tests.corpus.pipelines.lambda_deploy import ENVIRONMENT, NAME, lambda_deploy

#: The recording made no function, and has a placeholder for its whole ARN.
FUNCTION = "arn:aws:sagemaker:us-east-1:<ACCOUNT_ID>:resource/placeholder-FunctionArn"

PIPELINE = RebuiltPipeline(
    recorded="03-lambda-deploy",
    name=NAME,
    function=lambda_deploy,
    environment=ENVIRONMENT,
    placeholders={
        "<BUCKET_1>": ENVIRONMENT.text("sample_bucket"),
        "<BUCKET_2>": ENVIRONMENT.bucket,
        "<ROLE_ARN>": ENVIRONMENT.role,
        "<IMAGE:sagemaker-scikit-learn:1>": ENVIRONMENT.images["scikit-learn"],
        "<IMAGE:sagemaker-xgboost:2>": ENVIRONMENT.images["xgboost"],
        FUNCTION: ENVIRONMENT.text("deploy_function"),
    },
)
#: What differs after the normalisations, by JSON pointer, and why: nothing.
DIFFERENCES: dict[str, str] = {}
#: How often each normalisation made a difference go away.
NORMALISATIONS = {"N1": 8, "N2": 1, "N3": 2, "N4": 2}


def test_it_is_the_recorded_pipeline() -> None:
    comparison = compared(PIPELINE)
    unexplained = comparison.unexplained(DIFFERENCES)

    assert unexplained.differences == ()
    assert unexplained.unused == ()
    assert len(DIFFERENCES) <= 8
    assert dict(comparison.counts) == NORMALISATIONS


def test_the_checks_find_what_the_author_left_over() -> None:
    # ModelApprovalStatus: nothing is registered here.
    assert found(PIPELINE) == [("SMG302", "/Parameters/3/Name")]


def test_auto_means_the_same() -> None:
    resolved = with_auto(PIPELINE)
    assert resolved.changed == []
    assert resolved.bound == {
        "TrainAbaloneModel.training_data": "PreprocessAbaloneData.train",
        "TrainAbaloneModel.validation_data": "PreprocessAbaloneData.validation",
        "EvaluateAbaloneModel.model": "TrainAbaloneModel.model_artifacts",
        "EvaluateAbaloneModel.test_data": "PreprocessAbaloneData.test",
        "CreateModel-CreateModel.model": "TrainAbaloneModel.model_artifacts",
        "LambdaStep.model": "CreateModel-CreateModel.model",
    }
