"""Kinds of the pipeline service itself: what steers a pipeline, what calls other code, lineage and cleanup."""

from __future__ import annotations

from smgen.aws.kinds.row import NamedList, Read, StepField, StepKind, Usual
from smgen.aws.request_paths import EACH

CONDITION = StepKind(
    type="Condition",
    service="pipelines",
    arguments="pipelines.ConditionArguments",
    response=("ConditionStepMetadata",),
    structural=True,
    branches=("IfSteps", "ElseSteps"),
    usual=(Usual("outcome", "Outcome", "String"),),
)

FAIL = StepKind(
    type="Fail", service="pipelines", arguments="pipelines.FailArguments", structural=True, ends_execution=True
)

FOR_EACH = StepKind(
    type="ForEach",
    service="pipelines",
    arguments="pipelines.ForEachArguments",
    response=("pipelines.ForEachProperties",),
    structural=True,
    branches=("ForEachBody",),
    usual=(
        Usual("status", "Status", "String"),
        Usual("input_item_count", "InputItemCount", "Integer"),
        Usual("total_step_count", "TotalStepCount", "Integer"),
        Usual("succeeded_step_count", "SucceededStepCount", "Integer"),
        Usual("failed_step_count", "FailedStepCount", "Integer"),
        Usual("stopped_step_count", "StoppedStepCount", "Integer"),
    ),
)

OUTPUT_PARAMETERS = NamedList(("OutputParameters",), "OutputName", "output parameter", beside=True, is_read=True)
_OUTPUT_PARAMETERS = StepField("OutputParameters", "pipelines.OutputParameters")


def _calling(type: str, address: str) -> StepKind:
    """A step that hands named values to code elsewhere and gets named values back."""
    return StepKind(
        type=type,
        service="pipelines",
        arguments="pipelines.NamedValues",
        response=("pipelines.OutputParametersProperties",),
        step_fields=(StepField(address, "pipelines.Text", required=True), _OUTPUT_PARAMETERS),
        caches=True,
        reads=(Read((EACH,), told=True),),
        lists=(OUTPUT_PARAMETERS,),
        input_form="named_value",
        output_form="named_value",
    )


LAMBDA = _calling("Lambda", "FunctionArn")
CALLBACK = _calling("Callback", "SqsQueueUrl")

LINEAGE = StepKind(
    type="Lineage", service="pipelines", arguments="pipelines.LineageArguments", response=("LineageMetadata",)
)

CLEANUP = StepKind(
    type="Cleanup",
    service="pipelines",
    arguments="pipelines.CleanupArguments",
    deletes=(("Resources", "S3", EACH, "StepName"),),
)
