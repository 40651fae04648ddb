"""SMG207, SMG400, SMG402 and SMG405 to SMG408: names, texts, parameters and sizes against SageMaker's limits."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from smgen.aws import (
    description_problem,
    display_name_problem,
    parameter_name_problem,
    step_name_problem,
)
from smgen.aws.limits import (
    DEFINITION_MAX,
    PARAMETER_DEFAULT_MAX,
    PARAMETER_ENUM_MAX,
    PARAMETER_NAME_MAX,
    PARAMETERS_MAX,
    STEP_NAME_MAX,
    STEPS_MAX,
)
from smgen.checks.context import CheckContext
from smgen.checks.expression_values import has_placeholder
from smgen.checks.index import DefinitionIndex
from smgen.checks.masking import shown_value
from smgen.checks.proposals import Proposals
from smgen.definition import Parameter
from smgen.diagnostics import Finding
from smgen.documents import JsonValue, append_pointer
from smgen.expressions import is_worked_out

_TEXTS: Final[tuple[tuple[str, Callable[[str], str | None]], ...]] = (
    ("DisplayName", display_name_problem),
    ("Description", description_problem),
)
_TYPES: Final[Mapping[str, str]] = {
    "String": "a text",
    "Integer": "an integer",
    "Float": "a number",
    "Boolean": "true or false",
}


def name_findings(index: DefinitionIndex, _: CheckContext) -> Iterator[Finding]:
    """SMG400 and SMG402: the names of steps and parameters."""
    definition = index.definition
    for step in index.steps:
        problem = step_name_problem(step.name)
        if problem is not None and not has_placeholder(step.name):
            yield Finding(
                "SMG400",
                f'step "{step.name}": {problem}',
                definition.place(append_pointer(step.pointer, "Name"), step=step.name),
                given=shown_value("", step.name),
                expected=f"1 to {STEP_NAME_MAX} letters, digits, hyphens and underscores",
                fix="rename the step, and what refers to it",
            )
    for parameter in definition.parameters:
        problem = parameter_name_problem(parameter.name)
        if problem is not None and not has_placeholder(parameter.name):
            yield Finding(
                "SMG402",
                f'parameter "{parameter.name}": {problem}',
                definition.place(append_pointer(parameter.pointer, "Name")),
                given=shown_value("", parameter.name),
                expected=f"1 to {PARAMETER_NAME_MAX} letters, digits, hyphens and underscores",
                fix="rename the parameter, and what refers to it",
            )


def text_findings(index: DefinitionIndex, _: CheckContext) -> Iterator[Finding]:
    """SMG405: display names and descriptions of steps."""
    for step in index.steps:
        for member, problem_of in _TEXTS:
            value = step.own.get(member)
            if value is None or is_worked_out(value):
                continue
            problem = problem_of(value) if isinstance(value, str) else f"{member} is a text"
            if problem is not None:
                yield Finding(
                    "SMG405",
                    f'step "{step.name}": {problem}',
                    index.definition.place(append_pointer(step.pointer, member), step=step.name),
                    given=shown_value("", value),
                    fix=f"shorten {member}" if isinstance(value, str) and "at most" in problem else f"rewrite {member}",
                )


def parameter_findings(index: DefinitionIndex, _: CheckContext) -> Iterator[Finding]:
    """SMG207 and SMG406: the types, defaults and allowed values of parameters, and how many there are."""
    definition = index.definition
    count = len(definition.parameters)
    if count > PARAMETERS_MAX:
        yield Finding(
            "SMG406",
            f"a pipeline has at most {PARAMETERS_MAX} parameters, and this one has {count:,}",
            definition.place("/Parameters", key=True),
            given=f"{count:,} parameters",
            expected=f"at most {PARAMETERS_MAX}",
            fix="remove parameters, or read several values from one file",
        )
    proposals = Proposals()
    for parameter in definition.parameters:
        yield from _parameter(index, parameter, proposals)


def _parameter(index: DefinitionIndex, parameter: Parameter, proposals: Proposals) -> Iterator[Finding]:
    definition = index.definition
    name = parameter.name
    if parameter.type not in _TYPES:
        nearest = proposals.nearest(parameter.type, tuple(_TYPES))
        yield Finding(
            "SMG207",
            f'parameter "{name}": a parameter is of no type {parameter.type!r}',
            definition.place(append_pointer(parameter.pointer, "Type")),
            given=parameter.type,
            expected=", ".join(_TYPES),
            nearest=nearest,
            fix=f"write {nearest}" if nearest else f"write one of {', '.join(_TYPES)}",
        )
        return
    enum = parameter.enum or ()
    enum_at = append_pointer(parameter.pointer, "EnumValues")
    if len(enum) > PARAMETER_ENUM_MAX:
        yield Finding(
            "SMG406",
            f'parameter "{name}": a parameter has at most {PARAMETER_ENUM_MAX} EnumValues, and it has {len(enum):,}',
            definition.place(enum_at, key=True),
            given=f"{len(enum):,} values",
            expected=f"at most {PARAMETER_ENUM_MAX}",
            fix="leave EnumValues out, or shorten the list",
        )
    for number, value in enumerate(enum):
        if not _of_type(value, parameter.type):
            yield _wrong_type(index, parameter, value, append_pointer(enum_at, number), "an item of EnumValues")
    if parameter.default is not None:
        yield from _default(index, parameter, enum, proposals)


def _default(
    index: DefinitionIndex, parameter: Parameter, enum: tuple[JsonValue, ...], proposals: Proposals
) -> Iterator[Finding]:
    default, name = parameter.default, parameter.name
    at = append_pointer(parameter.pointer, "DefaultValue")
    if not _of_type(default, parameter.type):
        yield _wrong_type(index, parameter, default, at, "the default")
        return
    if isinstance(default, str) and len(default) > PARAMETER_DEFAULT_MAX:
        yield Finding(
            "SMG406",
            f'parameter "{name}": a default has at most {PARAMETER_DEFAULT_MAX:,} characters, not {len(default):,}',
            index.definition.place(at),
            given=shown_value(name, default),
            expected=f"at most {PARAMETER_DEFAULT_MAX:,} characters",
            fix="shorten the default, or keep the text in Amazon S3 and give its location",
        )
    if enum and not any(_same(default, value) for value in enum):
        values = tuple(value for value in enum if isinstance(value, str))
        nearest = proposals.nearest(default, values) if isinstance(default, str) else None
        yield Finding(
            "SMG207",
            f'parameter "{name}": the default is none of its EnumValues',
            index.definition.place(at),
            given=shown_value(name, default),
            expected=", ".join(shown_value(name, value) for value in enum[:20]),
            expected_at=index.definition.place(append_pointer(parameter.pointer, "EnumValues"), key=True),
            nearest=nearest,
            fix=f"write {nearest}" if nearest else "add the default to EnumValues, or change it",
        )


def _wrong_type(index: DefinitionIndex, parameter: Parameter, value: JsonValue, at: str, what: str) -> Finding:
    # The text form of a number or of true, by its own type.
    quoted = isinstance(value, str) and value.replace(".", "", 1).removeprefix("-").isdecimal()
    if parameter.type == "String":
        fix = "write it in quotes"
    elif quoted or (isinstance(value, str) and value.lower() in ("true", "false")):
        fix = "write it without quotes"
    else:
        fix = f"write {_TYPES[parameter.type]}, or declare another type"
    return Finding(
        "SMG207",
        f'parameter "{parameter.name}": {what} is not {_TYPES[parameter.type]}, as its type {parameter.type} says',
        index.definition.place(at),
        given=shown_value(parameter.name, value),
        expected=_TYPES[parameter.type],
        expected_at=index.definition.place(append_pointer(parameter.pointer, "Type")),
        fix=fix,
    )


def _of_type(value: JsonValue, type: str) -> bool:
    if isinstance(value, bool):
        return type == "Boolean"
    if isinstance(value, int):
        return type in ("Integer", "Float")
    if isinstance(value, float):
        return type == "Float" or (type == "Integer" and value.is_integer())
    return isinstance(value, str) and type == "String"


def _same(left: JsonValue, right: JsonValue) -> bool:
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def size_findings(index: DefinitionIndex, _: CheckContext) -> Iterator[Finding]:
    """SMG407 and SMG408: the number of steps, and the length of the definition."""
    definition = index.definition
    if len(index.steps) > STEPS_MAX:
        yield Finding(
            "SMG407",
            f"a pipeline has at most {STEPS_MAX} steps by default, and this one has {len(index.steps):,}",
            definition.place("/Steps", key=True),
            given=f"{len(index.steps):,} steps",
            expected=f"at most {STEPS_MAX}, unless the account's quota was raised",
            fix="ask AWS for a higher quota, or split the pipeline",
        )
    size = _compact_size(definition.document)
    if size > DEFINITION_MAX:
        yield Finding(
            "SMG408",
            f"a definition in a request has at most {DEFINITION_MAX:,} characters, and this one has {size:,}",
            definition.place(""),
            given=f"{size:,} characters without spaces between them",
            expected=f"at most {DEFINITION_MAX:,} characters",
            fix="put the definition into Amazon S3 and name it with PipelineDefinitionS3Location",
        )


def _compact_size(document: JsonValue) -> int:
    """The length of the shortest text of a document: without spaces, characters beyond ASCII as they are."""
    return len(json.dumps(document, ensure_ascii=False, separators=(",", ":")))
