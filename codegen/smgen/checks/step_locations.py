"""Where steps read from and write to in Amazon S3, as texts in which expressions stand for themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, cast

from smgen.aws import EACH, PathProblem, parse_property_path, property_at, values_at, way
from smgen.definition import Step
from smgen.documents import JsonValue, append_pointer, at_pointer, canonical_json, text_at
from smgen.expressions import Get, Join, Operand, Value, as_expression, to_json

_LONGEST: Final = 4_096
"""The longest location that is compared, in characters; AWS's own limit is 1,024."""

_MARK: Final = "\x00"
"""Stands before and behind an expression inside a location; no S3 location has it."""

_MOST_INNER: Final = 60
"""How deep Joins within Joins are followed."""


@dataclass(frozen=True, slots=True)
class LocationRead:
    """A place that a step reads, or (`given`) that it is told of in its arguments."""

    step: Step
    location: str
    pointer: str
    given: bool


@dataclass(frozen=True, slots=True)
class LocationWrite:
    """A place that a step writes: directly, or (`below_job`) in a folder below it that is named like the job.

    `what` names it among what the step writes; `output` is the name of a processing output; `is_location` says that
    one of the step's properties is the location itself. `properties` are those through which others read it.
    """

    step: Step
    location: str
    pointer: str
    what: str
    below_job: bool
    is_location: bool
    output: str | None
    properties: tuple[str, ...]


def reads_of(step: Step) -> Iterator[LocationRead]:
    """Every location that a step reads or is told of, in its kind's order."""
    for row in step.kind.reads:
        if row.by_name:
            continue
        holder, pointer = holder_of(step, beside=row.beside)
        for at, value in values_at(holder, row.path):
            location = symbolic_location(value)
            if location is not None:
                yield LocationRead(step, location, append_pointer(pointer, *at), row.told)


def writes_of(step: Step) -> Iterator[LocationWrite]:
    """Every location that a step writes."""
    arguments = append_pointer(step.pointer, "Arguments")
    for row in step.kind.writes:
        for at, value in values_at(step.own["Arguments"], row.path):
            location = symbolic_location(value)
            if location is None or _is_bucket(location):
                continue
            name = _name_of_item(step, at)
            what = f"{row.what} {name}" if name else row.what
            own = property_at(row.path, name)
            is_own = row.is_location and not isinstance(parse_property_path(own), PathProblem)
            properties = (own,) if is_own else row.properties
            pointer = append_pointer(arguments, *at)
            yield LocationWrite(step, location, pointer, what, row.below_job, row.is_location, name or None, properties)


def holder_of(step: Step, *, beside: bool) -> tuple[Value, str]:
    """The object in which a path of a step kind starts, the arguments or what stands beside them, and its pointer."""
    return (step.own, step.pointer) if beside else (step.own["Arguments"], append_pointer(step.pointer, "Arguments"))


def value_in(step: Step, pointer: str) -> Value:
    """What a step has at a pointer of the definition."""
    # An expression is neither an object nor a list: what reads JSON stops at it.
    return cast("Value", at_pointer(cast("JsonValue", step.own), pointer[len(step.pointer) :]))


def _name_of_item(step: Step, at: tuple[str | int, ...]) -> str:
    """The name of the item of a named list that a place in the arguments lies in; '' for none."""
    for row in step.kind.lists:
        end = len(row.path) + 1
        if way(at[:end]) == (*row.path, EACH):
            return text_at(step.arguments, *at[:end], row.name) or ""
    return ""


def symbolic_location(value: Value) -> str | None:
    """A location as text without a slash at its end, expressions standing for themselves; None for what is none."""
    symbolic = symbolic_text(value)
    return None if symbolic is None else _normal(symbolic)


def symbolic_text(value: Value) -> str | None:
    """A text in which expressions stand for themselves; None for a value that is no text."""
    text = value if isinstance(value, str) else as_expression(value)
    return None if text is None else _symbolic(text, _MOST_INNER)


def _normal(text: str) -> str | None:
    for scheme in ("s3a://", "s3n://"):
        if text.startswith(scheme):
            text = "s3://" + text[len(scheme) :]
    text = text.rstrip("/")
    if len(text) > _LONGEST or not text.startswith(("s3://", _MARK)):
        return None
    return text


def shown_location(location: str) -> str:
    """A location, or another text in which expressions stand, for people: expressions in braces."""
    pieces = location.split(_MARK)
    return "".join(piece if number % 2 == 0 else f"{{{piece}}}" for number, piece in enumerate(pieces))


def prefixes(location: str) -> Iterator[str]:
    """The location and everything above it, at the borders of path segments, longest first."""
    here = location
    while here:
        yield here
        here = here.rpartition("/")[0]


def is_fixed(location: str) -> bool:
    """Whether a location is the same in every execution."""
    return _MARK not in location


def is_of_parameters(location: str) -> bool:
    """Whether who knows the parameters of an execution knows a location: nothing else stands in it."""
    return all(get.startswith("Parameters.") for get in location.split(_MARK)[1::2])


def is_of_execution(location: str) -> bool:
    """Whether a location holds something that tells executions apart."""
    return any(
        f"{_MARK}Execution.{name}{_MARK}" in location
        for name in ("PipelineExecutionId", "PipelineExecutionArn", "StartDateTime", "CurrentDateTime")
    )


def is_of_iteration(location: str, body: Collection[str]) -> bool:
    """Whether a location holds something that tells iterations of a loop apart: the item, or a step of its body."""
    gets = location.split(_MARK)[1::2]
    return any(
        get.startswith(("ForEach.", "{")) or (get.startswith("Steps.") and get.split(".")[1] in body) for get in gets
    )


def refers_to(location: str, step: str) -> bool:
    """Whether a location holds something of a step."""
    return f"{_MARK}Steps.{step}." in location


def with_rest(reference: str, rest: str) -> str:
    """The JSON of a location `rest` below the one that a property holds."""
    if not rest:
        return canonical_json({"Get": reference})
    values: list[JsonValue] = [{"Get": reference}]
    for number, piece in enumerate(rest.split(_MARK)):
        if number % 2:
            values.append({"Get": piece})
        elif piece:
            values.append(piece)
    if len(values) == 2:
        return canonical_json({"Std:Join": {"On": "/", "Values": values}})
    return canonical_json({"Std:Join": {"On": "", "Values": [values[0], "/", *values[1:]]}})


def _symbolic(expression: Operand, depth: int) -> str | None:
    if isinstance(expression, bool) or expression is None:
        return None
    if isinstance(expression, str):
        return None if _MARK in expression else expression
    if isinstance(expression, (int, float)):
        return str(expression)
    if isinstance(expression, Get):
        return None if _MARK in expression.path else f"{_MARK}{expression.path}{_MARK}"
    if isinstance(expression, Join):
        return _joined(expression, depth)
    return f"{_MARK}{canonical_json(to_json(expression))}{_MARK}"


def _joined(join: Join, depth: int) -> str | None:
    if depth == 0 or _MARK in join.on:
        return None
    pieces: list[str] = []
    for value in join.values:
        piece = _symbolic(value, depth - 1)
        if piece is None:
            return None
        pieces.append(piece)
    return join.on.join(pieces)


def _is_bucket(location: str) -> bool:
    """A whole bucket is no place of one step: everything in it would be."""
    return location.startswith("s3://") and "/" not in location[len("s3://") :]
