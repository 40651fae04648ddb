"""What a step's own arguments name that other steps may read by that name: outputs, inputs, channels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from smgen.definition import Step
from smgen.documents import JsonValue, append_pointer


@dataclass(frozen=True, slots=True)
class DeclaredList:
    """A list whose items have names: its path, which is the same in the request and in the properties.

    `beside` says that the list stands beside `Arguments`; `name` is the member of an item that holds its name.
    """

    path: tuple[str, ...]
    name: str
    noun: str
    beside: bool = False


@dataclass(frozen=True, slots=True)
class DeclaredNames:
    """The names in such a list of one step, in order, and the pointer of the list or of what lacks it."""

    names: tuple[str, ...]
    pointer: str
    known: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make a set of the names: a step may have very many, and each of them may be asked for."""
        object.__setattr__(self, "known", frozenset(self.names))


_OUTPUT_PARAMETERS: Final = (DeclaredList(("OutputParameters",), "OutputName", "output parameter", beside=True),)

DECLARED_LISTS: Final[Mapping[str, tuple[DeclaredList, ...]]] = {
    "Processing": (
        DeclaredList(("ProcessingOutputConfig", "Outputs"), "OutputName", "output"),
        DeclaredList(("ProcessingInputs",), "InputName", "input"),
    ),
    "Training": (DeclaredList(("InputDataConfig",), "ChannelName", "channel"),),
    "Tuning": (DeclaredList(("TrainingJobDefinition", "InputDataConfig"), "ChannelName", "channel"),),
    "Lambda": _OUTPUT_PARAMETERS,
    "Callback": _OUTPUT_PARAMETERS,
}
"""By step kind. Quality and clarify checks have outputs too, but offer them under names of their own."""


def declared_names(step: Step, of: DeclaredList) -> DeclaredNames | None:
    """The names that a step declares; None where they cannot be told (an expression stands for one of them)."""
    here: JsonValue = step.fields if of.beside else step.arguments
    pointer = step.pointer if of.beside else append_pointer(step.pointer, "Arguments")
    for part in of.path:
        if not isinstance(here, dict):
            return None
        if here.get(part) is None:
            return DeclaredNames((), pointer)
        here, pointer = here[part], append_pointer(pointer, part)
    if not isinstance(here, list):
        return None
    names: list[str] = []
    for item in here:
        name = item.get(of.name) if isinstance(item, dict) else None
        if not isinstance(name, str):
            return None
        names.append(name)
    return DeclaredNames(tuple(names), pointer)
