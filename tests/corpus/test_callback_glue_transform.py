"""Corpus 07, rebuilt: the definition is the one that SDK v2 recorded, apart from what is listed."""

from __future__ import annotations

from tests.corpus.comparison import RebuiltPipeline, compared, found, with_auto
from tests.corpus.pipelines.callback_glue_transform import ENVIRONMENT, NAME, callback_glue_transform

#: The recording has a placeholder for the account in the queue's URL.
QUEUE = "https://sqs.us-east-1.amazonaws.com/<ACCOUNT_ID>/pipeline_callbacks_glue_prep"

PIPELINE = RebuiltPipeline(
    recorded="07-callback-glue-transform",
    name=NAME,
    function=callback_glue_transform,
    environment=ENVIRONMENT,
    placeholders={
        "<BUCKET_1>": ENVIRONMENT.bucket,
        "<ROLE_ARN>": ENVIRONMENT.role,
        # The library's contract names this one, and smgen's table has it.
        "<IMAGE:randomcutforest:1>": "382416733822.dkr.ecr.us-east-1.amazonaws.com/randomcutforest:1",
        "<IMAGE:randomcutforest:2>": ENVIRONMENT.images["serving"],
        QUEUE: ENVIRONMENT.text("glue_queue"),
    },
)
#: What differs after the normalisations, by JSON pointer, and why. A pointer covers its subtree.
DIFFERENCES = {
    "/Steps/1/Arguments/DebugHookConfig": (
        "SDK v2 sets up Debugger for every training job; the container of Random Cut Forest has no hook that reads it, "
        "so the library's contract has no such member"
    ),
}
#: How often each normalisation made a difference go away.
NORMALISATIONS = {"N1": 0, "N2": 1, "N3": 0, "N4": 0}


def test_it_is_the_recorded_pipeline() -> None:
    comparison = compared(PIPELINE)
    unexplained = comparison.unexplained(DIFFERENCES)

    assert unexplained.differences == ()
    assert unexplained.unused == ()
    assert len(DIFFERENCES) <= 8
    assert dict(comparison.counts) == NORMALISATIONS


def test_the_checks_find_what_the_author_left_over() -> None:
    # InputData: the author's callback step says the location itself.
    assert found(PIPELINE) == [("SMG302", "/Parameters/0/Name")]


def test_auto_means_the_same() -> None:
    resolved = with_auto(PIPELINE)
    assert resolved.changed == []
    assert resolved.bound == {
        "TrainModel.training_data": "GluePrepCallbackStep.prepared_data",
        "TaxiModel-CreateModel.model": "TrainModel.model_artifacts",
        "TaxiTransform.model": "TaxiModel-CreateModel.model",
        "TaxiTransform.input_data": "GluePrepCallbackStep.prepared_data",
    }
