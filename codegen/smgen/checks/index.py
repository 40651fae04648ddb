"""A definition made ready for rules: every expression with its place, its owner and what it refers to, found once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from smgen.aws import NamedList
from smgen.checks.declared import DeclaredNames, declared_names
from smgen.checks.order import Order
from smgen.checks.step_locations import LocationWrite, writes_of
from smgen.checks.uses import Malformed, Use, WrittenOut, find_uses
from smgen.checks.visibility import sees
from smgen.definition import Definition, Step
from smgen.diagnostics import Place, nearest_name
from smgen.documents import append_pointer

__all__ = ["MOST_NAMED", "DefinitionIndex", "Malformed", "Use", "index_definition", "sees"]

MOST_NAMED: Final = 30
"""How many steps one finding names."""

_COMPARISONS: Final = 50_000
"""How many pairs of names are compared for suggestions in one definition: a bound for hostile ones, about a second."""


@dataclass(slots=True)
class _Suggestions:
    """The nearest names, found once each and not without end."""

    left: int = _COMPARISONS
    known: dict[tuple[str, int], tuple[tuple[str, ...], str | None]] = field(
        default_factory=dict[tuple[str, int], tuple[tuple[str, ...], "str | None"]]
    )

    def nearest(self, name: str, names: tuple[str, ...]) -> str | None:
        # By identity, since hashing many names for each question is as much work as a comparison; they are kept, so
        # that no others get their id.
        key = (name, id(names))
        if key not in self.known:
            if len(names) > self.left:
                return None
            self.left -= len(names)
            self.known[key] = (names, nearest_name(name, names))
        return self.known[key][1]


@dataclass(frozen=True, slots=True)
class DefinitionIndex:
    """A definition with its steps in order, the first step of each name, and every expression in document order.

    ``malformed`` are the objects that look like expressions and are none, ``written_out`` the texts that hold what
    Python shows for one. ``named`` has all steps of a name, of which
    there should be one. ``order`` is what waits for what.
    """

    definition: Definition
    steps: tuple[Step, ...]
    by_name: Mapping[str, Step]
    uses: tuple[Use, ...]
    malformed: tuple[Malformed, ...]
    written_out: tuple[WrittenOut, ...]
    named: Mapping[str, tuple[Step, ...]]
    step_names: tuple[str, ...]
    order: Order
    _suggestions: _Suggestions = field(default_factory=_Suggestions, compare=False, repr=False)
    _declared: dict[tuple[str, NamedList | None], DeclaredNames | None] = field(
        default_factory=dict[tuple[str, "NamedList | None"], "DeclaredNames | None"], compare=False, repr=False
    )
    _writes: dict[str, tuple[LocationWrite, ...]] = field(
        default_factory=dict[str, "tuple[LocationWrite, ...]"], compare=False, repr=False
    )

    def place(self, pointer: str, step: Step | None = None, *, key: bool = False) -> Place:
        """The place of a value of the definition, with the name of the step that it belongs to."""
        return self.definition.place(pointer, key=key, step=None if step is None else step.name)

    def nearest_step(self, name: str) -> str | None:
        """The step that a name means which no step has, or None."""
        return self.nearest(name, self.step_names)

    def nearest(self, name: str, names: tuple[str, ...]) -> str | None:
        """The nearest of some names, or None; after very many comparisons in one definition None as well.

        Answers are kept by the tuple itself: ask with the same one again, not with an equal one.
        """
        return self._suggestions.nearest(name, names)

    def declared(self, step: Step, of: NamedList) -> DeclaredNames | None:
        """What declared_names says, found once."""
        key = (step.pointer, of)
        if key not in self._declared:
            self._declared[key] = declared_names(step, of)
        return self._declared[key]

    def property_files(self, step: Step) -> DeclaredNames:
        """The names of a step's property files, and where they are declared or would be."""
        key = (step.pointer, None)
        found = self._declared.get(key)
        if found is None:
            names = tuple(file.name for file in step.property_files)
            found = DeclaredNames(names, append_pointer(step.pointer, "PropertyFiles") if names else step.pointer)
            self._declared[key] = found
        return found

    def writes(self, step: Step) -> tuple[LocationWrite, ...]:
        """Every location that a step writes, found once."""
        if step.pointer not in self._writes:
            self._writes[step.pointer] = tuple(writes_of(step))
        return self._writes[step.pointer]

    def meant_step(self, name: str, reader: Step | None) -> Step | None:
        """The step of that name, of several the first one that the reader may see; None when no step has it."""
        return meant_step(self.named, name, reader)


def meant_step(named: Mapping[str, tuple[Step, ...]], name: str, reader: Step | None) -> Step | None:
    """The step of that name, of several the first one that the reader may see; None when no step has it."""
    steps = named.get(name, ())
    if len(steps) > 1:
        return next((step for step in steps if sees(reader, step)), steps[0])
    return steps[0] if steps else None


def index_definition(definition: Definition) -> DefinitionIndex:
    """Index a definition, in time that is linear in its size."""
    steps = definition.all_steps()
    lists: dict[str, list[Step]] = {}
    for step in steps:
        lists.setdefault(step.name, []).append(step)
    named = {name: tuple(same) for name, same in lists.items()}
    found = find_uses(definition, steps)
    return DefinitionIndex(
        definition=definition,
        steps=steps,
        by_name={name: same[0] for name, same in named.items()},
        uses=found.uses,
        malformed=found.malformed,
        written_out=found.written_out,
        named=named,
        step_names=tuple(named),
        order=Order(steps, found.uses, lambda name, reader: meant_step(named, name, reader)),
    )
