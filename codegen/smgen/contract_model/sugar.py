"""Short forms of a contract written out: channels, processing inputs and outputs, and scripts become request members.

Each item is appended to its list after the items that the contract wrote, in declaration order. A port, output or
source that a written hole names already gets nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from smgen.contract_model.hole_names import hole_names
from smgen.contract_model.holes import (
    EachHole,
    InputHole,
    ItemHole,
    JoinHole,
    LiteralValue,
    OutputLocationHole,
    Value,
    WhenHole,
)
from smgen.contract_model.model import DependencySpec, InputPort, OutputPort, OutputSpec, SourceSpec
from smgen.contract_model.request_editing import Misplaced, appended
from smgen.contract_model.script_mode import with_script
from smgen.contract_model.short_forms import LOCATION, ShortForm, input_form, output_form


def expand_sugar(
    kind: str,
    request: Value,
    inputs: Mapping[str, InputPort],
    outputs: Mapping[str, OutputPort],
    source: SourceSpec | None,
    *,
    hyperparameters: bool,
) -> tuple[Value, tuple[Misplaced, ...]]:
    """The request with everything that short forms of a contract of that kind stand for.

    ``hyperparameters`` says whether the contract declares any.
    """
    named = hole_names(request)
    misplaced: list[Misplaced] = []
    form = input_form(kind)
    if form is not None:
        free = (port for port in inputs.values() if port.name not in named.inputs)
        items = [_input(form, port) for port in free if _has(form, port.dependency_spec)]
        request = appended(request, form.path, items, misplaced)
    form = output_form(kind)
    if form is not None:
        others = (output for output in outputs.values() if output.name not in named.outputs)
        items = [_output(form, output) for output in others if _has(form, output.output_spec)]
        request = appended(request, form.path, items, misplaced)
    if source is not None:
        request = with_script(kind, request, source, hyperparameters=hyperparameters, misplaced=misplaced)
    return request, tuple(misplaced)


def _has(form: ShortForm, spec: DependencySpec | OutputSpec) -> bool:
    return getattr(spec, form.place) is not None


def _said(form: ShortForm, spec: DependencySpec | OutputSpec, location: Value) -> dict[str, Value | str | None]:
    """What a port says of its item, which has the port's name where it says no other."""
    said: dict[str, Value | str | None] = {field: getattr(spec, field) for field in form.fields}
    return {**said, form.name: spec.logical_name if said[form.name] is None else said[form.name], LOCATION: location}


def _input(form: ShortForm, port: InputPort) -> Value:
    spec, at = port.dependency_spec, port.pointer
    said = _said(form, spec, ItemHole(pointer=at) if spec.many else InputHole(port.name, pointer=at))
    for field, before in form.numbered if spec.many else ():
        name = said[field]
        if isinstance(name, str):
            said[field] = JoinHole((LiteralValue(name, at), ItemHole(number=True, pointer=at)), before, at)
    item: Value = form.written(said, at)
    if spec.many:
        item = EachHole(port.name, item, at)
    return item if spec.required else WhenHole(port.name, items=(item,), pointer=at)


def _output(form: ShortForm, output: OutputPort) -> Value:
    location = OutputLocationHole(output.name, output.pointer)
    return form.written(_said(form, output.output_spec, location), output.pointer)
