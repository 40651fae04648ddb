"""The Python face of a step, whether its classes are generated or made at run time: arguments, locations, reports."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from smgen.contract_model.holes import OutputLocationHole, walk
from smgen.contract_model.model import DependencySpec, ReportNode
from smgen.contract_model.names import PORT_ATTRIBUTES, class_name, python_identifier
from smgen.contract_model.step_contract import StepContract

#: The type of a variable that stands for a value of a type of JSON Schema.
VARIABLE_OF_JSON: Final[Mapping[str, Literal["String", "Integer", "Float", "Boolean"]]] = {
    "string": "String",
    "integer": "Integer",
    "number": "Float",
    "boolean": "Boolean",
}

#: What a member of a report is: an object, a list of objects, a list of values, or a value.
MemberForm: TypeAlias = Literal["node", "list", "values", "value"]


@dataclass(frozen=True, slots=True)
class PortArgument:
    """The keyword argument of a builder for a port; ``former`` is the argument of the name that the port had before."""

    port: str
    argument: str
    spec: DependencySpec
    pointer: str
    former: str | None


def port_arguments(contract: StepContract) -> tuple[PortArgument, ...]:
    """The arguments of a contract's builder, in the order of the ports."""
    return tuple(
        PortArgument(
            name,
            python_identifier(name, PORT_ATTRIBUTES),
            port.dependency_spec,
            port.pointer,
            _former(port.dependency_spec, contract.version),
        )
        for name, port in contract.input_ports.items()
    )


def _former(spec: DependencySpec, version: str) -> str | None:
    renamed = spec.renamed_from
    stands = renamed is not None and renamed.stands_in(version)
    return python_identifier(renamed.name, PORT_ATTRIBUTES) if renamed is not None and stands else None


def config_argument(ports: Collection[PortArgument]) -> str:
    """The first argument of a builder, its config, under a name that no port has or had."""
    name = "config"
    while any(name in (port.argument, port.former) for port in ports):
        name += "_"
    return name


def located_outputs(contract: StepContract) -> tuple[str, ...]:
    """The outputs that the request names a location for, in the order of the contract."""
    holes = (*walk(contract.request), *walk(contract.step_fields))
    located = {hole.output for hole in holes if isinstance(hole, OutputLocationHole)}
    return tuple(name for name in contract.output_ports if name in located)


@dataclass(frozen=True, slots=True)
class ReportMember:
    """A member of an object in a report, as a property of the object's class.

    ``node`` is the member; ``below`` is the object that it is, or that its items are, with the name of its class in
    ``inner``. ``variable`` is the type of the variable that it is, or that its items are. ``form`` is None for a list
    of lists, which has no property.
    """

    key: str
    attribute: str
    form: MemberForm | None
    node: ReportNode
    inner: str
    below: ReportNode | None = None
    variable: Literal["String", "Integer", "Float", "Boolean"] = "String"


def report_members(name: str, node: ReportNode, reserved: Collection[str] = ()) -> Iterator[ReportMember]:
    """The members of an object whose class is called ``name``, and in which ``reserved`` names are taken."""
    for key, member in node.members:
        attribute, inner = python_identifier(key, reserved), f"{name}{class_name(key)}"
        item = member.element if member.type == "array" else member
        plural = member.type == "array"
        if item is None or item.type == "array":
            yield ReportMember(key, attribute, None, member, inner)
        elif item.type == "object":
            yield ReportMember(key, attribute, "list" if plural else "node", member, inner, item)
        else:
            variable = VARIABLE_OF_JSON[item.type]
            yield ReportMember(key, attribute, "values" if plural else "value", member, inner, None, variable)
