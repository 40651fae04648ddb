"""What the developer guide of SageMaker Pipelines says of single kinds of steps, and AWS's models do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from smgen.aws.limits import JOB_EXCEPTIONS
from smgen.checks.context import CheckContext
from smgen.checks.index import DefinitionIndex
from smgen.checks.masking import shown_value
from smgen.definition import Step
from smgen.diagnostics import Finding
from smgen.documents import append_pointer, list_at
from smgen.expressions import is_worked_out, looks_like_expression, members_at, value_at

#: The fields of a check without any of which there is nothing to hold its data against.
_BASELINES: Final = ("ModelPackageGroupName", "SuppliedBaselineStatistics", "SuppliedBaselineConstraints")
_CHECKING: Final = ("SkipCheck", "RegisterNewBaseline")


def check_kind_limits(index: DefinitionIndex, _: CheckContext) -> Iterator[Finding]:
    """SMG322, SMG411, SMG417 and SMG418: nested conditions, nested inputs, checks against nothing, vain retries."""
    kinds = {step.name: step.kind for step in index.steps}
    for step in index.steps:
        around = next((scope.step for scope in reversed(step.scope) if kinds[scope.step].decides), None)
        if step.kind.decides and around is not None:
            yield Finding(
                "SMG322",
                f"{step.name} is a condition in a branch of {around}: the guide says that conditions do not nest",
                index.place(append_pointer(step.pointer, "Type"), step),
                given=step.type,
                expected="conditions side by side (developer guide: Condition step, Limitations)",
                fix=f"put both conditions into {around}, or wait with DependsOn for a step of its branch",
            )
        if step.kind.takes_named_values:
            yield from _nested_inputs(index, step)
        if any(field.name == _CHECKING[0] for field in step.kind.step_fields):
            yield from _check_without_baseline(index, step)
        if step.kind.retries_itself:
            yield from _vain_retries(index, step)


def _nested_inputs(index: DefinitionIndex, step: Step) -> Iterator[Finding]:
    for name, value in members_at(step.own["Arguments"]).items():
        is_list = isinstance(value, list)
        if is_list or (isinstance(value, dict) and not looks_like_expression(value)):
            yield Finding(
                "SMG411",
                f'step "{step.name}": the inputs of {step.kind.a_step} are single values, and {name} is a '
                f"{'list' if is_list else 'nested object'}",
                index.place(append_pointer(step.pointer, "Arguments", name), step),
                given=shown_value(name, value),
                expected="a text, a number, true or false, or a reference (developer guide: Lambda step, Inputs)",
                fix="give each value under a name of its own, or all of them as one JSON text",
            )


def _check_without_baseline(index: DefinitionIndex, step: Step) -> Iterator[Finding]:
    if any(value_at(step.own, name) not in (None, "") for name in _BASELINES):
        return
    flags = [value_at(step.own, name) for name in _CHECKING]
    if not any(flag is True or is_worked_out(flag) for flag in flags):
        yield Finding(
            "SMG417",
            f'step "{step.name}": the check has no baseline to hold the data against',
            index.place(step.pointer, step),
            given=f"{' and '.join(_CHECKING)} are false",
            expected=f"one of {', '.join(_BASELINES)} (developer guide: QualityCheck step)",
            fix="name the model package group or a baseline, or set RegisterNewBaseline or SkipCheck in the first run",
        )


def _vain_retries(index: DefinitionIndex, step: Step) -> Iterator[Finding]:
    for number, policy in enumerate(step.retry):
        for at, name in enumerate(list_at(policy, "ExceptionType")):
            if name == JOB_EXCEPTIONS[0]:
                yield Finding(
                    "SMG418",
                    f'step "{step.name}": {step.kind.a_step} does not retry {name}, whatever its policy says',
                    index.place(append_pointer(step.pointer, "RetryPolicies", number, "ExceptionType", at), step),
                    given=JOB_EXCEPTIONS[0],
                    expected="the RetryStrategy of its jobs (developer guide: Retry policy, Note)",
                    fix="set RetryStrategy in the job, and remove the exception here",
                )
