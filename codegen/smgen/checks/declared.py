"""What a step's own arguments name that other steps may read by that name: outputs, inputs, channels."""

from __future__ import annotations

from dataclasses import dataclass, field

from smgen.aws import NamedList
from smgen.checks.step_locations import holder_of
from smgen.definition import Step
from smgen.documents import append_pointer
from smgen.expressions import elements_at, value_at


@dataclass(frozen=True, slots=True)
class DeclaredNames:
    """The names in such a list of one step, in order, and the pointer of the list or of what lacks it."""

    names: tuple[str, ...]
    pointer: str
    known: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make a set of the names: a step may have very many, and each of them may be asked for."""
        object.__setattr__(self, "known", frozenset(self.names))


def declared_names(step: Step, of: NamedList) -> DeclaredNames | None:
    """The names that a step declares; None where they cannot be told (an expression stands for one of them)."""
    here, pointer = holder_of(step, beside=of.beside)
    for part in of.path:
        if not isinstance(here, dict):
            return None
        if here.get(part) is None:
            return DeclaredNames((), pointer)
        here, pointer = here[part], append_pointer(pointer, part)
    names = [value_at(item, of.name) for item in elements_at(here)]
    texts = tuple(name for name in names if isinstance(name, str))
    return DeclaredNames(texts, pointer) if isinstance(here, list) and len(texts) == len(names) else None
