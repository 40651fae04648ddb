"""Binds ports of a step after it was added, and finds the circles that only this can close."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from smgen.authoring.builders import Binding, StepBuilder
from smgen.authoring.misuse import short
from smgen.authoring.places import user_place
from smgen.authoring.proxies import StepOutputProxy, renamed_finding
from smgen.authoring.references import bound_items, is_external, is_output
from smgen.authoring.step_handles import StepHandle
from smgen.authoring.variables import is_variable
from smgen.building.content import Added, AddedStep, PipelineContent
from smgen.building.waiting import direct_waits, origins_in
from smgen.contract_model import PORT_ATTRIBUTES, StepContract, python_identifier
from smgen.diagnostics import Finding, Place, nearest_name
from smgen.wiring import knots, shortest_cycle


def connect_port(
    content: PipelineContent, builder: StepBuilder[StepOutputProxy], step: StepHandle, port: str, reference: object
) -> None:
    """Binds a port of an added step to a reference; what is wrong with that goes to the pipeline's findings.

    ``builder`` is the step's own, so that another step of the same builder keeps its ports. The kind and the type of
    the reference are checked with those of all others, by ``build()``.
    """
    place = user_place(step=step.name)
    name = _port_name(step.contract, port)
    if name is None:
        content.findings.append(_unknown(step, port, place))
        return
    place = replace(place, port=name)
    items = bound_items(reference)
    if not items:
        message = f"the port '{name}' was connected to no reference"
        fix = "pass an output of another step, or External(location); None and AUTO are for the builder"
        content.findings.append(Finding("SMG207", message, place, given=short(reference), fix=fix))
        return
    bound = list(bound_items(builder.__smgen_ports__.get(name)))
    bound += [one.reference for one in content.connected.get(step, {}).get(name, ())]
    new = [item for item in items if not any(_is_same(item, other) for other in bound)]
    is_many = step.contract.input_ports[name].dependency_spec.many
    if bound and new and not is_many:
        content.findings.append(
            Finding(
                "SMG207",
                f"the port '{name}' is bound already",
                place,
                given=short(new[0]),
                expected=short(bound[0]),
                expected_at=step.place_of(name),
                fix="bind it once; a port that is to be connected later is None in the builder",
            )
        )
    elif new:
        binding: object = [*bound, *new] if is_many else reference
        # build() says what is wrong with a reference that is none.
        builder.__smgen_ports__[name] = cast("Binding", binding)
        step.connected_at[name] = place


def circle_findings(added: Sequence[Added]) -> Iterator[Finding]:
    """SMG213 for steps that wait for themselves through a port that was connected later, or through an adopted step.

    Without these there is no circle: a step can be read only once it was added, but for steps of the SDK, which name
    what they read.
    """
    connected = {
        item.handle.name: item
        for item in added
        if isinstance(item, AddedStep) and (item.handle.connected_at or item.adopted is not None)
    }
    if not connected:
        return
    for name, item in connected.items():
        if name in _read_steps(item):
            yield _circle((name, name), item.handle)
    waits = direct_waits(added)
    for group in knots((first, step) for step, firsts in waits.items() for first in firsts):
        closing = next(item for name, item in connected.items() if name in group)
        yield _circle(_way_around(closing.handle.name, waits, group), closing.handle)


def _way_around(start: str, waits: Mapping[str, set[str]], group: set[str]) -> list[str]:
    """The shortest way from a step through those that it waits for back to itself."""
    order = {name: number for number, name in enumerate(waits)}
    return shortest_cycle(start, lambda name: sorted(waits[name] & group, key=order.__getitem__))


def _circle(way: Sequence[str], step: StepHandle) -> Finding:
    port, place = next(iter(step.connected_at.items()), (None, step.place))
    return Finding(
        "SMG213",
        f'step "{way[0]}" waits for itself: {" -> ".join(way)}',
        replace(place, step=step.name, port=port),
        expected="steps that can run one after the other",
        fix="connect one of their ports to something else",
    )


def _read_steps(item: AddedStep) -> set[str]:
    """The steps that a step's ports read, or that an adopted one names itself."""
    origins = [origin for binding in item.builder.__smgen_ports__.values() for origin in origins_in(binding)]
    adopted = () if item.adopted is None else item.adopted.waits
    return {*adopted, *(origin.name for origin in origins if origin.kind == "step")}


def _port_name(contract: StepContract, port: object) -> str | None:
    """The contract's name of a port that is given by it, or by the argument of a builder."""
    for name in contract.input_ports:
        if port in (name, python_identifier(name, PORT_ATTRIBUTES)):
            return name
    return None


def _unknown(step: StepHandle, port: object, place: Place) -> Finding:
    """SMG501 for a former name of a port, SMG207 for any other that the contract does not have."""
    contract = step.contract
    names = {name: python_identifier(name, PORT_ATTRIBUTES) for name in contract.input_ports}
    for name, item in contract.input_ports.items():
        renaming = item.dependency_spec.renamed_from
        if renaming is not None and renaming.name == port and renaming.stands_in(contract.version):
            return renamed_finding(contract, "port", renaming.name, names[name], step=step.name)
    given = port if isinstance(port, str) else short(port)
    nearest = nearest_name(given, names.values())
    return Finding(
        "SMG207",
        f"a step of contract {contract.name} has no port '{given}'",
        place,
        given=given,
        expected=", ".join(names.values()) or "no port",
        expected_at=step.place,
        nearest=nearest,
        fix=f'write connect_input("{nearest}", …)' if nearest else f"leave '{given}' out, or add it to the contract",
    )


def _is_same(left: object, right: object) -> bool:
    """Whether two references are one: attributes of a step are new objects each time."""
    if is_output(left) and is_output(right):
        return left.__smgen_expression__ == right.__smgen_expression__ and _one_origin(left, right)
    if is_external(left) and is_external(right):
        return _is_same(left.__smgen_location__, right.__smgen_location__)
    if is_variable(left) and is_variable(right):
        return left.__smgen_expression__ == right.__smgen_expression__ and _one_origin(left, right)
    return left is right or (isinstance(left, str) and left == right)


def _one_origin(left: object, right: object) -> bool:
    """Whether two references read the same steps and parameters of one pipeline."""
    pairs = [[(one.kind, one.name, one.output, id(one.place)) for one in origins_in(item)] for item in (left, right)]
    return pairs[0] == pairs[1]
