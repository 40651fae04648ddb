"""What is known of an execution once it runs, and of the experiment that it is filed under, as variables."""

from __future__ import annotations

from typing import Final

from smgen.authoring.variables import StringVariable, Variable
from smgen.expressions import Get, execution


class Execution:
    """What SageMaker knows of the running execution (``Execution.…`` in the definition)."""

    START_DATETIME: Final[StringVariable] = Variable(execution("StartDateTime"), "String")
    CURRENT_DATETIME: Final[StringVariable] = Variable(execution("CurrentDateTime"), "String")
    PIPELINE_NAME: Final[StringVariable] = Variable(execution("PipelineName"), "String")
    PIPELINE_ARN: Final[StringVariable] = Variable(execution("PipelineArn"), "String")
    PIPELINE_EXECUTION_ID: Final[StringVariable] = Variable(execution("PipelineExecutionId"), "String")
    PIPELINE_EXECUTION_ARN: Final[StringVariable] = Variable(execution("PipelineExecutionArn"), "String")
    TRAINING_JOB_NAME: Final[StringVariable] = Variable(execution("TrainingJobName"), "String")
    PROCESSING_JOB_NAME: Final[StringVariable] = Variable(execution("ProcessingJobName"), "String")


class PipelineExperiment:
    """The experiment that the running execution is filed under (``PipelineExperimentConfig.…`` in the definition)."""

    NAME: Final[StringVariable] = Variable(Get("PipelineExperimentConfig.ExperimentName"), "String")
    TRIAL: Final[StringVariable] = Variable(Get("PipelineExperimentConfig.TrialName"), "String")
