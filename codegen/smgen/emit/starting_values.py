"""The parameters of a start, as a person gives them, held against what the definition declares."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from smgen.aws.limits import PARAMETER_VALUE_MAX, PARAMETERS_MAX
from smgen.definition import Definition, Parameter
from smgen.diagnostics import Finding, FindingsError, Place, nearest_name
from smgen.documents import JsonValue

_WHOLE: Final = re.compile(r"[+-]?[0-9]+")
_EXPECTED: Final[Mapping[str, str]] = {
    "Integer": "a whole number",
    "Float": "a number",
    "Boolean": "true or false",
    "String": "a text",
}


def start_parameters(definition: Definition, given: Iterable[str]) -> dict[str, str]:
    """The parameters of ``Name=value`` texts, as SageMaker takes them.

    Raises FindingsError (SMG240) with everything that is wrong: unknown names, wrong values, names given twice, and
    parameters without a default that are left out.
    """
    declared = {parameter.name: parameter for parameter in definition.parameters}
    values: dict[str, str] = {}
    findings: list[Finding] = []
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            findings.append(_finding("a parameter is given as Name=value", text, "Name=value"))
        elif name not in declared:
            nearest = nearest_name(name, declared)
            message = f"the pipeline has no parameter '{name}'"
            findings.append(_finding(message, name, ", ".join(declared) or "no parameter", nearest))
        elif name in values:
            findings.append(_finding(f"the parameter '{name}' is given twice", text, "one value"))
        else:
            values[name] = value
            findings += _value_findings(declared[name], value)
    for name, parameter in declared.items():
        if name not in values and not parameter.has_default:
            message = f"the parameter '{name}' has no default and is not given"
            findings.append(_finding(message, None, _EXPECTED.get(parameter.type, "a value"), fix=f"add {name}=…"))
    if len(values) > PARAMETERS_MAX:
        findings.append(_finding("a start takes no more parameters", str(len(values)), f"at most {PARAMETERS_MAX}"))
    if findings:
        raise FindingsError(findings)
    return values


def typed_values(definition: Definition, values: Mapping[str, str]) -> dict[str, JsonValue]:
    """The values of a start as what their parameters are; they fit the types."""
    types = {parameter.name: parameter.type for parameter in definition.parameters}
    return {name: _typed(types.get(name, "String"), value) for name, value in values.items()}


def _typed(type: str, value: str) -> JsonValue:
    if type == "Integer":
        return int(value)
    if type == "Float":
        return float(value)
    return value == "true" if type == "Boolean" else value


def _value_findings(parameter: Parameter, value: str) -> Iterator[Finding]:
    name = parameter.name
    if value == "":
        # The service answers "Invalid length for parameter" (aws/sagemaker-python-sdk#4016).
        message, expected = f"the value of parameter '{name}' is empty", _EXPECTED.get(parameter.type, "a value")
        fix = f"leave {name} out, so that its default holds" if parameter.has_default else f"write {name}=…"
        yield _finding(message, "", f"{expected} of at least 1 character", fix=fix)
    elif not _fits(parameter.type, value):
        message = f"the value of parameter '{name}' is no {parameter.type}"
        yield _finding(message, value, _EXPECTED.get(parameter.type, parameter.type))
    elif len(value) > PARAMETER_VALUE_MAX:
        message = f"the value of parameter '{name}' is too long"
        yield _finding(message, f"{len(value)} characters", f"at most {PARAMETER_VALUE_MAX} characters")
    else:
        allowed = _enum(parameter.enum)
        if allowed and value not in allowed:
            message = f"the value of parameter '{name}' is not among its values"
            yield _finding(message, value, ", ".join(allowed), nearest_name(value, allowed))


def _enum(values: Sequence[JsonValue] | None) -> list[str]:
    return [item for item in values or () if isinstance(item, str)]


def _fits(type: str, value: str) -> bool:
    if type == "Boolean":
        return value in ("true", "false")
    if type not in ("Integer", "Float"):
        return True
    if type == "Integer":
        return _WHOLE.fullmatch(value) is not None
    try:
        return math.isfinite(float(value))
    except ValueError:
        return False


def _finding(
    message: str, given: str | None, expected: str, nearest: str | None = None, *, fix: str | None = None
) -> Finding:
    return Finding("SMG240", message, Place(), given=given, expected=expected, nearest=nearest, fix=fix)
