"""Mistakes with steps that were made with the SDK, each on a marked line beside its right use."""

from typing_extensions import assert_type

from smgen.emit import SdkPipeline, sagemaker_pipeline, sdk_variable
from smgen.runtime import External, FluentPipelineBuilder, Output, StringVariable
from smgen_steps import model_evaluation, xgboost_training
from smgen_steps.artifact_types import ModelArtifacts, TestData


class Step:
    """What a step of the SDK looks like from here."""

    def __init__(self, name: str) -> None:
        self.name = name

    def to_request(self) -> dict[str, object]:
        return {}


class Collection:
    """What is no step."""

    name = "Register"


def pipeline(p: FluentPipelineBuilder) -> None:
    training = p.adopt(Step("Train"), xgboost_training.Proxy)
    assert_type(training, xgboost_training.XGBoostTrainingProxy)
    assert_type(training.model_artifacts, Output[ModelArtifacts])
    assert_type(training.training_job_name, StringVariable)
    training.model_artifact  # E
    p.adopt(Collection(), xgboost_training.Proxy)  # E
    p.adopt("Train", xgboost_training.Proxy)  # E
    p.adopt(Step("Train"), xgboost_training.StepBuilder)  # E
    p.adopt(Step("Train"))  # E

    test = External[TestData]("s3://b/test")
    model_evaluation.StepBuilder(model=training.model_artifacts, test_data=test)
    model_evaluation.StepBuilder(model=training, test_data=test)  # E
    model_evaluation.StepBuilder(model=test, test_data=test)  # E

    loop = p.for_each("Each", items=["a"], max_concurrency=1)
    assert_type(loop.body.adopt(Step("Inner"), xgboost_training.Proxy), xgboost_training.XGBoostTrainingProxy)

    sdk_variable(training.model_artifacts)
    sdk_variable(training.training_job_name)
    sdk_variable(p.string("Data"))
    sdk_variable(training)  # E
    sdk_variable("s3://b/data")  # E


def exported(p: FluentPipelineBuilder) -> None:
    compiled = p.build()
    made = sagemaker_pipeline(compiled.definition, name=compiled.name)
    assert_type(made, SdkPipeline)
    assert_type(made.definition(), str)
    made.upsert(role_arn="arn", description="text")
    made.start(parameters={"Data": "s3://b/data", "Rounds": 5})
    made.steps.append(Step("ByHand"))
    sagemaker_pipeline(compiled, name=compiled.name)  # E
    sagemaker_pipeline(compiled.definition)  # E
    made.definitions()  # E
