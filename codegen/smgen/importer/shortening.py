"""Writes channels, inputs and outputs of a contract in their short forms, where those say the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from smgen.contract_model import InputHole, LiteralValue, ObjectValue, OutputLocationHole, Value, parse_value, walk
from smgen.contract_model.short_forms import (
    CHANNEL,
    LOCATION,
    ShortForm,
    input_form,
    output_form,
    processing_output_path,
)
from smgen.documents import JsonObject, JsonValue, list_at, object_at

#: The port that a hole names; None for any other value.
_PortOf: TypeAlias = "Callable[[Value], str | None]"


def with_short_forms(
    kind: str, request: JsonObject, inputs: JsonObject, outputs: JsonObject
) -> tuple[JsonObject, JsonObject, JsonObject]:
    """The request without those items at the end of its lists that short forms of ports stand for, and the ports.

    Items of short forms come behind all written ones, so only what stands at the end of a list can be one.
    """
    request, inputs = _shortened(request, input_form(kind), inputs, _input)
    request, outputs = _shortened(request, output_form(kind), outputs, _output)
    return request, inputs, outputs


def without_app_managed(item: Value | None) -> Value:
    """An item of a processing job: that it is not managed by an application says nothing."""
    members = item.members if isinstance(item, ObjectValue) else ()
    return ObjectValue(tuple(member for member in members if member != ("AppManaged", LiteralValue(False))))


def _shortened(
    request: JsonObject, form: ShortForm | None, ports: JsonObject, port_of: _PortOf
) -> tuple[JsonObject, JsonObject]:
    if form is None:
        return request, ports
    named = list(map(port_of, walk(parse_value(request)[0])))
    forms: dict[str, JsonObject] = {}
    for item in reversed(list_at(request, *form.path)):
        found = _short(form, item, port_of)
        if found is None or named.count(found[0]) != 1 or found[0] not in ports:
            break
        forms[found[0]] = found[1]
    if not forms or list(reversed(forms)) != [name for name in ports if name in forms]:
        return request, ports
    written: JsonObject = {name: _port(form, name, object_at(port), forms.get(name)) for name, port in ports.items()}
    return _without_items(request, form.path, len(forms)), written


def _short(form: ShortForm, item: JsonValue, port_of: _PortOf) -> tuple[str, JsonObject] | None:
    """The port of an item and its short form; None for an item that has none, or says something else than texts."""
    value = parse_value(item)[0]
    said = form.read(value if form is CHANNEL else without_app_managed(value))
    port = None if said is None else port_of(said[LOCATION])
    if said is None or port is None:
        return None
    literals = ((field, said.get(field)) for field in form.fields)
    texts = {field: value.value for field, value in literals if isinstance(value, LiteralValue)}
    if len(texts) != len(said) - 1 or not all(isinstance(text, str) and text for text in texts.values()):
        return None
    if form.name != form.place and texts.get(form.name) == port:
        del texts[form.name]
    return port, texts


def _port(form: ShortForm, name: str, port: JsonObject, short: JsonObject | None) -> JsonObject:
    """A port in its short form, which gives its property path as well where that is written in the usual way."""
    if short is None:
        return port
    usual = ("property_path", processing_output_path(str(short.get(form.name, name))))
    return {"type": port["type"], **short, **{key: value for key, value in port.items() if (key, value) != usual}}


def _without_items(value: JsonObject, path: Sequence[str], count: int) -> JsonObject:
    """The request without the last items of a list, nor the list and what holds it where nothing is left in them."""
    name, *rest = path
    inner: JsonValue = (
        list_at(value, name)[:-count] if not rest else _without_items(object_at(value, name), rest, count)
    )
    return {**value, name: inner} if inner else {key: item for key, item in value.items() if key != name}


def _input(hole: Value) -> str | None:
    return hole.port if isinstance(hole, InputHole) else None


def _output(hole: Value) -> str | None:
    return hole.output if isinstance(hole, OutputLocationHole) else None
