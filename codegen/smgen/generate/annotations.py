"""Annotations of generated code as small trees: their text, and the names in them with the modules these are from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from smgen.contract_model import SCALAR_TYPES
from smgen.generate.literals import python_literal

#: Where the names come from that an annotation or a base class of generated code may hold.
HOMES: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        (
            "Auto",
            "BooleanSearch",
            "BooleanVariable",
            "External",
            "FloatVariable",
            "IntegerSearch",
            "IntegerVariable",
            "NumberSearch",
            "Output",
            "Renamed",
            "ReportFile",
            "ReportList",
            "ReportNode",
            "ReportValues",
            "StepOutputProxy",
            "StringVariable",
            "TextSearch",
            "TunedJob",
        ),
        "smgen.runtime",
    ),
    "Literal": "typing",
    "Mapping": "collections.abc",
    "Sequence": "collections.abc",
}


@dataclass(frozen=True, slots=True)
class Name:
    """A class, with the module that it is imported from; None for one of Python's or of the module itself."""

    name: str
    module: str | None = None

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Applied:
    """A class with its argument: ``Output[ModelArtifacts]``."""

    to: Name
    argument: Annotation

    def __str__(self) -> str:
        return f"{self.to}[{self.argument}]"


@dataclass(frozen=True, slots=True)
class Either:
    """One of several: ``Output[Data] | External[Data] | None``."""

    options: tuple[Annotation, ...]

    def __str__(self) -> str:
        return " | ".join(map(str, self.options))


@dataclass(frozen=True, slots=True)
class OneText:
    """One of several texts: ``Literal["a", "b"]``."""

    texts: tuple[str, ...]

    def __str__(self) -> str:
        return f"Literal[{', '.join(map(python_literal, self.texts))}]"


Annotation: TypeAlias = "Name | Applied | Either | OneText"

NONE: Final = Name("None")
TEXT: Final = Name("str")


def imported(name: str) -> Name:
    """A name of :data:`HOMES`. Raises KeyError for any other."""
    return Name(name, HOMES[name])


def artifact(type: str) -> Name:
    """The class of an artifact type."""
    return Name(type, ".artifact_types")


def variable(type: str) -> Name:
    """The variables of a scalar type: ``StringVariable``."""
    return imported(f"{type}Variable")


def python_type(scalar: str) -> Name:
    """The Python type of a scalar type's values."""
    return Name(SCALAR_TYPES[scalar])


def applied(to: str, argument: Annotation) -> Applied:
    """A name of :data:`HOMES` with its argument."""
    return Applied(imported(to), argument)


def names(annotation: Annotation) -> Iterator[Name]:
    """Every name in an annotation, in the order of its text."""
    if isinstance(annotation, Name):
        yield annotation
    elif isinstance(annotation, Applied):
        yield annotation.to
        yield from names(annotation.argument)
    elif isinstance(annotation, Either):
        for option in annotation.options:
            yield from names(option)
    else:
        yield imported("Literal")
