"""What the parts of a tuning step say of each other: what is searched, what is fixed, and what is compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from smgen.aws import EACH, reports_metrics, values_at
from smgen.checks.context import CheckContext
from smgen.checks.expression_values import ExpressionValues, has_placeholder
from smgen.checks.index import DefinitionIndex
from smgen.definition import Step
from smgen.diagnostics import Finding, Place
from smgen.documents import append_pointer
from smgen.expressions import StepReference, Value, elements_at, looks_like_expression, members_at, value_at

_CONFIG: Final = "HyperParameterTuningJobConfig"
_RANK: Final = re.compile(r"TrainingJobSummaries\[([0-9]{1,9})\]")


def check_tuning(index: DefinitionIndex, _: CheckContext) -> Iterator[Finding]:
    """SMG416: a hyperparameter with a value and a range, and an objective that no metric definition finds; SMG306: a
    training job beyond the number of those that there will be.
    """
    values = ExpressionValues.of(index.definition, index.by_name)
    for step in index.steps:
        if not step.kind.repeats:
            continue
        arguments = step.own["Arguments"]
        alone = (value_at(arguments, _CONFIG), "ParameterRanges", (_CONFIG,), "HyperParameterTuningJobObjective")
        if value_at(arguments, "TrainingJobDefinition") is not None:
            yield from _definition(index, values, step, ("TrainingJobDefinition",), *alone)
        for number, one in enumerate(elements_at(arguments, "TrainingJobDefinitions")):
            at = ("TrainingJobDefinitions", number)
            yield from _definition(index, values, step, at, one, "HyperParameterRanges", at, "TuningObjective")
    yield from _ranks(index, values)


def _ranks(index: DefinitionIndex, values: ExpressionValues) -> Iterator[Finding]:
    for use in index.uses:
        if not isinstance(use.target, StepReference):
            continue
        rank = _RANK.match(use.target.path)
        step = None if rank is None else index.meant_step(use.target.step, use.step)
        if rank is None or step is None or not step.kind.repeats:
            continue
        at = (_CONFIG, "ResourceLimits", "MaxNumberOfTrainingJobs")
        most = values.default(value_at(step.own["Arguments"], *at))
        if isinstance(most, int) and int(rank[1]) >= most:
            yield Finding(
                "SMG306",
                f"{'the definition' if use.step is None else use.step.name} reads the training job of rank {rank[1]} "
                f"of {step.name}, which runs {most:,}: ranks count from 0",
                index.place(append_pointer(use.pointer, "Get"), use.step),
                given=f"TrainingJobSummaries[{rank[1]}]",
                expected=f"a rank of at most {most - 1:,}",
                expected_at=_place(index, step, *at),
                fix=f"read a rank of at most {most - 1:,}, or let {step.name} run more jobs",
            )


def _definition(
    index: DefinitionIndex,
    values: ExpressionValues,
    step: Step,
    at: tuple[str | int, ...],
    searched: Value,
    ranges: str,
    ranges_at: tuple[str | int, ...],
    objective: str,
) -> Iterator[Finding]:
    """One training job definition; `searched` holds the ranges and the objective, at `ranges_at`."""
    definition = value_at(step.own["Arguments"], *at)
    fixed = members_at(definition, "StaticHyperParameters")
    for found in values_at(value_at(searched, ranges), (EACH, EACH, "Name")):
        name = values.default(found.value)
        if isinstance(name, str) and name in fixed and not looks_like_expression(fixed):
            yield Finding(
                "SMG416",
                f'step "{step.name}": {name} has a value among the StaticHyperParameters, and is searched',
                _place(index, step, *ranges_at, ranges, *found.parts),
                given=name,
                expected="a value or a range (AWS: HyperParameterTrainingJobDefinition$StaticHyperParameters)",
                expected_at=_place(index, step, *at, "StaticHyperParameters", name),
                fix=f"remove {name} from the StaticHyperParameters, or its range",
            )
    yield from _objective(index, values, step, at, value_at(searched, objective, "MetricName"), (*ranges_at, objective))


def _objective(
    index: DefinitionIndex,
    values: ExpressionValues,
    step: Step,
    at: tuple[str | int, ...],
    metric: Value,
    metric_at: tuple[str | int, ...],
) -> Iterator[Finding]:
    algorithm = value_at(step.own["Arguments"], *at, "AlgorithmSpecification")
    name, image = values.default(metric), values.default(value_at(algorithm, "TrainingImage"))
    names = [values.default(value_at(item, "Name")) for item in elements_at(algorithm, "MetricDefinitions")]
    if not isinstance(name, str) or not isinstance(image, str) or has_placeholder(name) or name in names:
        return
    if None in names or reports_metrics(image) is not False:
        return
    yield Finding(
        "SMG416",
        f'step "{step.name}": no metric definition finds the objective {name} in the log of its image',
        _place(index, step, *metric_at, "MetricName"),
        given=name,
        expected=", ".join(str(one) for one in names) or "a metric definition of that name",
        expected_at=_place(index, step, *at, "AlgorithmSpecification"),
        nearest=index.nearest(name, tuple(str(one) for one in names)),
        fix=f"add a metric definition with the name {name} and the Regex that finds it",
    )


def _place(index: DefinitionIndex, step: Step, *parts: str | int) -> Place:
    return index.place(append_pointer(step.pointer, "Arguments", *parts), step)
