"""Short forms of steps that take and give named values, Lambda and Callback: arguments and output parameters.

An input, and a setting, that no hole of the contract names becomes the argument of its name. An output becomes an item
of ``OutputParameters``, unless the contract wrote one of that name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from smgen.aws import EACH, OUTPUT_PARAMETERS, KeyPart, element_of, property_at
from smgen.contract_model.hole_names import HoleNames, hole_names
from smgen.contract_model.holes import (
    EachHole,
    InputHole,
    ItemHole,
    ListValue,
    LiteralValue,
    ObjectValue,
    SettingHole,
    Value,
    WhenHole,
    walk,
)
from smgen.contract_model.model import SCALAR_TYPES, InputPort, OutputPort, SettingSpec
from smgen.contract_model.request_editing import Misplaced, member, object_value, with_member

_FIELD: Final = OUTPUT_PARAMETERS.path[0]


def returned_value_path(name: str) -> str:
    """The property path of a value that the step returns under that name."""
    return property_at((*OUTPUT_PARAMETERS.path, EACH), name)


def expand_named_values(
    request: Value,
    step_fields: Value,
    inputs: Mapping[str, InputPort],
    outputs: Mapping[str, OutputPort],
    settings: Mapping[str, SettingSpec],
) -> tuple[Value, Value, tuple[Misplaced, ...]]:
    """The request and the step fields with what the ports and settings stand for, and places that take none of it."""
    misplaced: list[Misplaced] = []
    arguments = tuple(_arguments(hole_names(request, step_fields), inputs, settings))
    if isinstance(request, ObjectValue):
        # What the contract wrote wins; a port whose name is taken never reaches the request, which is a finding.
        members = dict(request.members)
        for name, value in arguments:
            members.setdefault(name, value)
        request = ObjectValue(tuple(members.items()), request.pointer)
    elif arguments:
        message = "this is no object, so the contract's inputs and settings cannot be added to it"
        misplaced.append(Misplaced(request.pointer, message))
    return request, _with_output_parameters(step_fields, outputs, misplaced), tuple(misplaced)


def _arguments(
    named: HoleNames,
    inputs: Mapping[str, InputPort],
    settings: Mapping[str, SettingSpec],
) -> Iterator[tuple[str, Value]]:
    """The arguments by name: inputs, then settings, each in declaration order."""
    for port in inputs.values():
        if port.name in named.inputs:
            continue
        spec = port.dependency_spec
        value: Value = InputHole(port.name, pointer=port.pointer)
        if spec.many:
            value = ListValue((EachHole(port.name, ItemHole(pointer=port.pointer), port.pointer),), port.pointer)
        if not spec.required:
            value = WhenHole(port.name, value=value, pointer=port.pointer)
        yield port.name if spec.input_name is None else spec.input_name, value
    for setting in settings.values():
        if setting.name not in named.settings:
            yield setting.name, SettingHole(setting.name, pointer=setting.pointer)


def _with_output_parameters(step_fields: Value, outputs: Mapping[str, OutputPort], misplaced: list[Misplaced]) -> Value:
    """The step fields with an item of ``OutputParameters`` for each output, an empty list where there is none.

    The SDK writes the empty list as well.
    """
    if not isinstance(step_fields, ObjectValue):
        return step_fields
    written = member(step_fields, _FIELD) or ListValue((), "/step_fields")
    if not isinstance(written, ListValue):
        message = "this is no list, so the contract's outputs cannot be appended to it"
        misplaced.append(Misplaced(written.pointer, message))
        return step_fields
    items = (*written.items, *_parameters(outputs, tuple(_written_names(written))))
    return with_member(step_fields, _FIELD, ListValue(items, written.pointer))


def _parameters(outputs: Mapping[str, OutputPort], known: tuple[str, ...]) -> Iterator[Value]:
    """One item per output that is a returned value; two outputs may read one value, which is declared once."""
    seen = dict.fromkeys(known)
    for output in outputs.values():
        spec = output.output_spec
        returned = element_of(OUTPUT_PARAMETERS.path, spec.property_path or "")
        if not isinstance(returned, KeyPart) or returned.key in seen:
            continue
        seen[returned.key] = None
        # An artifact is returned as its location.
        kind = spec.output_type if spec.output_type in SCALAR_TYPES else "String"
        yield object_value({"OutputName": returned.key, "OutputType": kind}, output.pointer)


def _written_names(items: ListValue) -> Iterator[str]:
    for value in walk(items):
        name = member(value, "OutputName")
        if isinstance(name, LiteralValue) and isinstance(name.value, str):
            yield name.value
