"""Names for contracts: from the names of their steps, or from what their steps have in common."""

from __future__ import annotations

import builtins
import re
from collections.abc import Sequence
from typing import Final

from smgen.contract_model import class_name, module_name
from smgen.definition import Step
from smgen.documents import device_name
from smgen.generate import is_fixed_name
from smgen.importer.artifacts import is_artifact_type
from smgen.importer.code_names import snake

_LONGEST: Final = 55
_NOT_LETTERS: Final = re.compile(r"[^A-Za-z0-9]+")
#: What the SDK hangs behind the names of its steps.
_SDK_ENDING: Final = re.compile(r"-(RegisterModel|CreateModel|RepackModel-(\d+|[a-z]+-[0-9a-f]{8})|CreateEndpoint)\Z")
#: The endings of the classes that are generated for a contract.
_CLASSES: Final = ("Config", "Proxy", "Ranges", "StepBuilder")
#: Modules that every generated package has, and names that mean something else in a pipeline's module.
_MODULES: Final = ("all", "artifact_types", "manifest", "init", "p", "env", "join", *dir(builtins))


def contract_names(groups: Sequence[Sequence[Step]], pipeline: str) -> tuple[str, ...]:
    """A name for the contract of each group of steps; the names and their modules differ from each other.

    No module is called as the function of the ``pipeline`` will be.
    """
    taken: set[str] = {*_MODULES, snake(pipeline), module_name(pipeline)}
    names: list[str] = []
    for members in groups:
        wanted = _name(members)
        own, number = wanted, 2
        while module_name(own) in taken or device_name(module_name(own)) or not is_free(own):
            own = _camel(f"{wanted}Step" if number == 2 and not wanted.endswith("Step") else f"{wanted}{number}")
            number += 1
        taken.add(module_name(own))
        names.append(own)
    return tuple(names)


def is_free(name: str) -> bool:
    """Whether the classes of a contract of that name are called as nothing else in its module, and in no import."""
    classes = [f"{name}{ending}" for ending in _CLASSES]
    return not (any(map(is_artifact_type, (name, *classes))) or any(map(is_fixed_name, classes)))


def shortened(name: str) -> str:
    """A name that leaves room for a number behind it."""
    return name[:_LONGEST]


def _name(members: Sequence[Step]) -> str:
    names = [_SDK_ENDING.sub("", step.name) for step in members]
    if len(names) == 1:
        own = names[0]
        ending = members[0].kind.emitted_for
        if own != members[0].name and ending.lower() not in own.lower():
            own = f"{own}-{ending}"
        return _camel(own) or _camel(members[0].type)
    shared = _shared(names)
    return _camel(shared) if len(shared) > 2 else _camel(f"{members[0].type}Step")


def _shared(names: Sequence[str]) -> str:
    """The words that all names have, in the first one's order."""
    words = [snake(name).split("_") for name in names]
    common = [word for word in words[0] if all(word in other for other in words) and not word.isdigit()]
    return "_".join(common)


def _camel(text: str) -> str:
    name = _NOT_LETTERS.sub("", class_name(snake(text)))[:_LONGEST]
    if not name or not name[0].isalpha():
        name = f"X{name}"
    return name[:1].upper() + name[1:]
