"""Hyperparameters that an algorithm needs together, as its contract says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from smgen.aws import EACH, values_at
from smgen.checks.context import CheckContext
from smgen.checks.expression_values import ExpressionValues
from smgen.checks.index import DefinitionIndex
from smgen.contract_model import Need, needs_of
from smgen.diagnostics import Finding
from smgen.documents import append_pointer, canonical_json, object_at
from smgen.expressions import Scalar, Value, looks_like_expression, members_at, value_at

_RANGES: Final = ("HyperParameterTuningJobConfig", "ParameterRanges", EACH, EACH, "Name")


def check_hyperparameters(index: DefinitionIndex, context: CheckContext) -> Iterator[Finding]:
    """SMG417 for what a hyperparameter needs beside it and is neither given nor searched."""
    values = ExpressionValues.of(index.definition, index.by_name)
    for step in index.steps:
        path, contract = step.kind.hyperparameters, context.contracts.get(step.name)
        if path is None or contract is None:
            continue
        given = members_at(value_at(step.own["Arguments"], *path))
        searched = {found.value for found in values_at(step.own["Arguments"], _RANGES) if isinstance(found.value, str)}
        for need in needs_of(object_at(contract.document, "hyperparameters")):
            missing = [name for name in need.wanted if name not in given and name not in searched]
            if looks_like_expression(given) or not missing or not _holds(need, given.get(need.name), values):
                continue
            shown = str(values.default(given[need.name]))
            yield Finding(
                "SMG417",
                f'step "{step.name}": {need.name} {shown} needs {" and ".join(missing)}, as {contract.name} says',
                index.place(append_pointer(step.pointer, "Arguments", *path, need.name), step),
                given=shown,
                expected=f"{', '.join(missing)} beside it",
                fix=f"give {' and '.join(missing)}",
            )


def _holds(need: Need, given: Value, values: ExpressionValues) -> bool:
    """Whether a hyperparameter is given with a value that needs others; texts of JSON are read as what they say."""
    if given is None or not need.values:
        return given is not None
    value = values.default(given)
    return any(value in _written(wanted) for wanted in need.values)


def _written(value: Scalar) -> tuple[Scalar, ...]:
    return value, canonical_json(value)
