"""Corpus 05, rebuilt: the definition is the one that SDK v2 recorded, apart from what is listed."""

from __future__ import annotations

from tests.corpus.comparison import RebuiltPipeline, built, compared, found, with_auto
from tests.corpus.pipelines.drift_detection_build import ENVIRONMENT, NAME, drift_detection_build

PIPELINE = RebuiltPipeline(
    recorded="05-drift-detection-build",
    name=NAME,
    function=drift_detection_build,
    environment=ENVIRONMENT,
    placeholders={
        "<BUCKET_1>": ENVIRONMENT.bucket,
        "<ROLE_ARN>": ENVIRONMENT.role,
        "<IMAGE:sagemaker-scikit-learn:1>": ENVIRONMENT.images["scikit-learn"],
        "<IMAGE:sagemaker-xgboost:3>": ENVIRONMENT.images["xgboost"],
        # The library's contracts name these two, and smgen's table has them.
        "<IMAGE:sagemaker-model-monitor-analyzer:2>": (
            "156813124566.dkr.ecr.us-east-1.amazonaws.com/sagemaker-model-monitor-analyzer"
        ),
        "<IMAGE:sagemaker-debugger-rules:4>": (
            "503895931360.dkr.ecr.us-east-1.amazonaws.com/sagemaker-debugger-rules:latest"
        ),
    },
)
#: What differs after the normalisations, by JSON pointer, and why. A pointer covers its subtree.
DIFFERENCES = {
    "/Steps/0/Arguments/ProcessingInputs/2/S3Input/S3Uri": (
        "outside of a pipeline session SDK v2 uploads a script below the processor's name and the time; here the "
        "address is made of the content"
    ),
    "/Steps/3/Arguments/AppSpecification/ContainerEntrypoint/1": (
        "the library's evaluation takes the place of the author's; its script is evaluation.py, not evaluate.py"
    ),
    "/Steps/3/Arguments/ProcessingInputs/2/S3Input/S3Uri": "both of that: where the script is uploaded, and its name",
    "/Steps/3/Arguments/ProcessingOutputConfig/Outputs/0/S3Output/S3Uri": (
        "the recorded location was frozen, with the time, when the definition was built, so that all executions share "
        "one report; here each execution writes to its own"
    ),
    "/Steps/4/Arguments/IfSteps/0/Arguments/ModelMetrics/ModelQuality/Statistics/S3Uri": (
        "a hidden edge: the recorded text repeats the frozen location, here it is a reference to the report"
    ),
}
#: How often each normalisation made a difference go away.
NORMALISATIONS = {"N1": 13, "N2": 2, "N3": 4, "N4": 0}


def test_it_is_the_recorded_pipeline() -> None:
    comparison = compared(PIPELINE)
    unexplained = comparison.unexplained(DIFFERENCES)

    assert unexplained.differences == ()
    assert unexplained.unused == ()
    assert len(DIFFERENCES) <= 8
    assert dict(comparison.counts) == NORMALISATIONS


def test_the_hidden_edge_is_a_reference_now() -> None:
    step = built(PIPELINE).definition.step("RegisterModel-RegisterModel")
    assert step is not None
    metrics = step.arguments["ModelMetrics"]
    assert isinstance(metrics, dict)
    report = "Steps.EvaluateModel.ProcessingOutputConfig.Outputs['evaluation'].S3Output.S3Uri"
    assert metrics["ModelQuality"] == {
        "Statistics": {
            "ContentType": "application/json",
            "S3Uri": {"Std:Join": {"On": "/", "Values": [{"Get": report}, "evaluation.json"]}},
        }
    }


def test_the_checks_find_what_the_author_left_over() -> None:
    # InputSource and OutputBaselineUrl: nothing reads them.
    assert found(PIPELINE) == [("SMG302", "/Parameters/0/Name"), ("SMG302", "/Parameters/9/Name")]


def test_auto_means_the_same() -> None:
    resolved = with_auto(PIPELINE)
    assert resolved.changed == []
    assert resolved.bound == {
        "DataQualityBaselineJob.data": "PreprocessData.baseline",
        "TrainModel.training_data": "PreprocessData.train",
        "TrainModel.validation_data": "PreprocessData.validation",
        "EvaluateModel.model": "TrainModel.model_artifacts",
        "EvaluateModel.test_data": "PreprocessData.test",
        "RegisterModel-RegisterModel.model": "TrainModel.model_artifacts",
        "RegisterModel-RegisterModel.quality": "EvaluateModel.evaluation.metrics",
        "RegisterModel-RegisterModel.data_statistics": "DataQualityBaselineJob.statistics",
        "RegisterModel-RegisterModel.data_constraints": "DataQualityBaselineJob.constraints",
        "RegisterModel-RegisterModel.drift_statistics": "DataQualityBaselineJob.drift_statistics",
        "RegisterModel-RegisterModel.drift_constraints": "DataQualityBaselineJob.drift_constraints",
    }
