"""The request of a step that was made with the SageMaker SDK, as plain JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import Enum
from typing import Final, Protocol

from typing_extensions import TypeIs

from smgen.authoring.misuse import short, shown
from smgen.authoring.variables import VARIABLE_TYPES, VariableType, plain_literal
from smgen.building.content import ParameterDeclaration
from smgen.diagnostics import Finding, Place
from smgen.documents import JsonObject, JsonValue, append_pointer

#: How deep the request of a step may be; what AWS takes is far from it.
_DEEPEST: Final = 100
#: The trigger that the SDK has a name for, and the definition format none.
_COMPLETED: Final = "Completed"


class SdkStep(Protocol):
    """A step of the SageMaker SDK, of whichever version."""

    @property
    def name(self) -> str:
        """The step's name."""
        ...

    def to_request(self) -> object:
        """The step's document, in which variables of the SDK may stand."""
        ...


class RequestReader:
    """Makes JSON of a request, and keeps the parameters of the SDK that stand in it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.findings: list[Finding] = []
        self.parameters: dict[str, ParameterDeclaration] = {}

    def document(self, step: SdkStep) -> JsonObject | None:
        """The step's document; None after a finding."""
        try:
            request = step.to_request()
        except Exception as error:  # whatever the SDK, or what it asks, raises
            given = f"{type(error).__name__}: {error}".removesuffix(": ")
            message = f"the step '{step.name}' makes no request"
            fix = "make it so that it builds offline: with a PipelineSession, a full role ARN, code that is in S3"
            self.findings.append(Finding("SMG230", message, self.place, given=given, fix=fix))
            return None
        if not _is_mapping(request) or not isinstance(request.get("Type"), str):
            message = f"the request of step '{step.name}' is no step document"
            expected = "an object with Name, Type and Arguments"
            self.findings.append(Finding("SMG230", message, self.place, given=short(request), expected=expected))
            return None
        members = dict(request)
        awaited = members.pop("DependsOn", None) or ()
        document = self.value(members, "", 0)
        if not isinstance(document, dict):
            return None
        # A step that is renamed by the SDK (X-RegisterModel) is called what its request says.
        ordered: JsonObject = {"Name": step.name, "Type": document.pop("Type"), "Arguments": {}}
        document.pop("Name", None)
        ordered |= {"Arguments": document.pop("Arguments", {})}
        depends_on = self.depends_on(awaited)
        if depends_on:
            ordered["DependsOn"] = depends_on
        return ordered | document

    def value(self, value: object, at: str, depth: int) -> JsonValue:
        """A value of a request as JSON; null after a finding."""
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, Enum) and isinstance(value.value, (str, int, float)):
            value = value.value
        if isinstance(value, (str, int)):
            # Plain ones, whatever class of the caller's they are of.
            return str.__str__(value) if isinstance(value, str) else int(value)
        if isinstance(value, float) and math.isfinite(value):
            return float(value)
        if depth == _DEEPEST:
            self.wrong("is too deep", at, f"more than {_DEEPEST} levels")
            return None
        if _is_mapping(value):
            return self.members(value, at, depth)
        if _is_sequence(value):
            return [self.value(item, append_pointer(at, index), depth + 1) for index, item in enumerate(value)]
        if hasattr(value, "expr"):
            return self.variable(value, at, depth)
        self.wrong("holds something that is no JSON", at, shown(value))
        return None

    def members(self, value: Mapping[object, object], at: str, depth: int) -> JsonObject:
        """An object as JSON, without the members whose names are no texts."""
        found: JsonObject = {}
        for key, member in value.items():
            if isinstance(key, str):
                found[key] = self.value(member, append_pointer(at, key), depth + 1)
            else:
                self.wrong("has a name that is no text", at, shown(key))
        return found

    def variable(self, value: object, at: str, depth: int) -> JsonValue:
        """A variable of the SDK as the expression that it is."""
        self.collect(value, depth)
        expression: object = getattr(value, "expr", None)
        if callable(expression):
            fix = "pass step.properties.Outputs['name'] instead, which says of which step it is"
            self.wrong("holds an output of a Lambda or Callback step that names no step", at, short(value), fix)
            return None
        return self.value(expression, at, depth + 1)

    def collect(self, value: object, depth: int) -> None:
        """The parameters of the SDK in a variable, which may be composed of several."""
        type_name: object = getattr(getattr(value, "parameter_type", None), "value", None)
        name: object = getattr(value, "name", None)
        if isinstance(name, str) and _is_variable_type(type_name):
            default = plain_literal(getattr(value, "default_value", None))
            values: object = getattr(value, "enum_values", None)
            enum = tuple(item for item in values if isinstance(item, str)) if _is_sequence(values) else ()
            self.parameters.setdefault(name, ParameterDeclaration(name, type_name, default, enum, self.place))
        parts: object = getattr(value, "values", None)
        for part in (*(parts if _is_sequence(parts) else ()), getattr(value, "s3_uri", None)):
            if depth < _DEEPEST and hasattr(part, "expr"):
                self.collect(part, depth + 1)

    def depends_on(self, given: object) -> list[JsonValue]:
        """``DependsOn`` as the SDK would compile it: names, and outcomes other than that a step completed."""
        found: list[JsonValue] = []
        for index, item in enumerate(given if _is_sequence(given) else (given,)):
            step, trigger = _awaited(item)
            name = _awaited_name(step)
            if name is None:
                self.wrong("waits for something that is no step", append_pointer("/DependsOn", index), short(item))
            elif isinstance(trigger, str) and trigger != _COMPLETED:
                found.append({"Step": name, "Trigger": trigger})
            elif name not in found:
                found.append(name)
        return found

    def wrong(self, message: str, at: str, given: str, fix: str | None = None) -> None:
        """Adds a finding at a JSON pointer of the request."""
        place = replace(self.place, pointer=at)
        self.findings.append(Finding("SMG230", f"the request of an SDK step {message}", place, given=given, fix=fix))


def _awaited(item: object) -> tuple[object, object]:
    """The step of an item of ``depends_on``, and the outcome that is waited for; None where there is no word of it."""
    if _is_mapping(item):
        return item.get("Step"), item.get("Trigger")
    if not hasattr(item, "trigger"):
        return item, None
    return getattr(item, "step", None), getattr(getattr(item, "trigger", None), "value", None)


def _awaited_name(step: object) -> str | None:
    """The name of what stands in the ``depends_on`` of an SDK step."""
    if isinstance(step, str):
        return step
    inner: object = getattr(step, "steps", None)
    if _is_sequence(inner) and len(inner):
        # A collection of version 2 is waited for until its last step completed.
        return _awaited_name(inner[-1])
    name: object = getattr(getattr(step, "_step", None) or step, "name", None)
    return name if isinstance(name, str) else None


def _is_mapping(value: object) -> TypeIs[Mapping[object, object]]:
    return isinstance(value, Mapping)


def _is_sequence(value: object) -> TypeIs[Sequence[object]]:
    return isinstance(value, (list, tuple))


def _is_variable_type(name: object) -> TypeIs[VariableType]:
    return name in VARIABLE_TYPES.values()
