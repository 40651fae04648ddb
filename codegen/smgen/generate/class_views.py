"""Generated classes of properties, as the templates lay them out."""

from __future__ import annotations

from dataclasses import dataclass

from smgen.contract_model import SCALAR_TYPES, OutputSpec, python_identifier
from smgen.generate.annotations import Annotation, applied, artifact, variable
from smgen.generate.literals import python_literal


@dataclass(frozen=True, slots=True)
class PropertyView:
    """A property of a generated class: what it returns, as annotation and as expression, and where it is from."""

    name: str
    annotation: Annotation
    expression: str
    text: str
    pointer: str


@dataclass(frozen=True, slots=True)
class ClassView:
    """A generated class of properties: a proxy, or an object or file of a report; ``pointer`` says where it is from."""

    name: str
    base: Annotation
    text: str
    properties: tuple[PropertyView, ...]
    tombstones: tuple[TombstoneView, ...] = ()
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class TombstoneView:
    """A name that a port or output had before."""

    name: str
    new_name: str
    annotation: Annotation
    pointer: str


def output_property(name: str, spec: OutputSpec, text: str, pointer: str) -> PropertyView:
    """The property for an output: a variable, or a reference to an artifact."""
    type = spec.output_type
    if type in SCALAR_TYPES:
        annotation: Annotation = variable(type)
        expression = f"self.__smgen_variable__({python_literal(name)}, {SCALAR_TYPES[type]})"
    else:
        annotation, expression = (
            applied("Output", artifact(type)),
            f"self.__smgen_output__({python_literal(name)}, {type})",
        )
    return PropertyView(python_identifier(name), annotation, expression, text, pointer)
