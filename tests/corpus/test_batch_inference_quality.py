"""Corpus 08, rebuilt: the definition is the one that SDK v2 recorded, apart from what is listed."""

from __future__ import annotations

import pytest

from tests.corpus.auto_ports import Port
from tests.corpus.comparison import RebuiltPipeline, compared, found, with_auto
from tests.corpus.pipelines.batch_inference_quality import ENVIRONMENT, NAME, batch_inference_quality

#: The recording made no function, and has a placeholder for its whole ARN.
FUNCTION = "arn:aws:sagemaker:us-east-1:<ACCOUNT_ID>:resource/placeholder-FunctionArn"
CHECK = "MonitorCustomerChurnDataQuality-monitoring"
TRANSFORM = "MonitorCustomerChurnDataQuality-transform"

PIPELINE = RebuiltPipeline(
    recorded="08-batch-inference-quality",
    name=NAME,
    function=batch_inference_quality,
    environment=ENVIRONMENT,
    placeholders={
        "<BUCKET_1>": ENVIRONMENT.bucket,
        "<ROLE_ARN>": ENVIRONMENT.role,
        # The library's contract names this one, and smgen's table has it.
        "<IMAGE:sagemaker-model-monitor-analyzer:1>": (
            "156813124566.dkr.ecr.us-east-1.amazonaws.com/sagemaker-model-monitor-analyzer"
        ),
        FUNCTION: ENVIRONMENT.text("lookup_function"),
    },
    moved={
        TRANSFORM: (
            "SDK v2's MonitorBatchTransformStep writes the transform before the check that it waits for; here a step "
            "waits for steps that are there already"
        ),
    },
)
#: What differs after the normalisations, by JSON pointer, and why. A pointer covers its subtree.
DIFFERENCES = {
    "/Steps/2/Arguments/ProcessingOutputConfig/Outputs/0/S3Output/S3Uri": (
        "the recorded location was frozen, with the time, when the definition was built, so that all executions "
        "overwrite one report; here each execution writes to its own"
    ),
    "/Steps/3/Arguments/TransformOutput/S3OutputPath": "frozen in the same way: all executions share their predictions",
}
#: How often each normalisation made a difference go away.
NORMALISATIONS = {"N1": 2, "N2": 1, "N3": 0, "N4": 0}

_NOT_CERTAIN = (
    "that a baseline comes with the model, and not from the model package group, is a decision; the names "
    "baseline_… and supplied_… are near each other, but do not make an optional port certain"
)
#: The ports that AUTO leaves open: where the definition is another one then, and why.
EXPLICIT: dict[Port, tuple[str, str]] = {
    (CHECK, "supplied_statistics"): ("/Steps/2/SuppliedBaselineStatistics", _NOT_CERTAIN),
    (CHECK, "supplied_constraints"): ("/Steps/2/SuppliedBaselineConstraints", _NOT_CERTAIN),
}


def test_it_is_the_recorded_pipeline() -> None:
    comparison = compared(PIPELINE)
    unexplained = comparison.unexplained(DIFFERENCES)

    assert unexplained.differences == ()
    assert unexplained.unused == ()
    assert len(DIFFERENCES) + len(PIPELINE.moved) <= 8
    assert dict(comparison.counts) == NORMALISATIONS


def test_the_checks_find_what_the_author_left_over() -> None:
    # ProcessingInstanceType and ProcessingInstanceCount: nothing reads them.
    assert found(PIPELINE) == [("SMG302", "/Parameters/0/Name"), ("SMG302", "/Parameters/1/Name")]


def test_auto_means_the_same() -> None:
    resolved = with_auto(PIPELINE, but=EXPLICIT)
    assert resolved.changed == []
    assert resolved.bound == {
        "Mammo-CreateModel-CreateModel.model": "LambdaStep.model",
        f"{TRANSFORM}.model": "Mammo-CreateModel-CreateModel.model",
    }


@pytest.mark.parametrize("port", EXPLICIT)
def test_what_auto_leaves_open(port: Port) -> None:
    changed, _ = EXPLICIT[port]
    assert with_auto(PIPELINE, but=[other for other in EXPLICIT if other != port]).changed == [changed]
