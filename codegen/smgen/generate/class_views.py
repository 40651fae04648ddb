"""Generated classes of properties, as the templates lay them out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PropertyView:
    """A property of a generated class: what it returns, as annotation and as expression, and where it is from."""

    name: str
    annotation: str
    expression: str
    text: str
    pointer: str


@dataclass(frozen=True, slots=True)
class ClassView:
    """A generated class of properties: a proxy, or an object or file of a report; ``pointer`` says where it is from."""

    name: str
    base: str
    text: str
    properties: tuple[PropertyView, ...]
    tombstones: tuple[TombstoneView, ...] = ()
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class TombstoneView:
    """A name that a port or output had before."""

    name: str
    new_name: str
    annotation: str
    pointer: str
