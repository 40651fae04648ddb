"""How the scripts of a contract call each other: which functions of a packed module are sure to be called."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from smgen.source.script_code import PackedCode, ReadCode, packed_modules
from smgen.source.script_constants import Constants, dotted
from smgen.source.script_text import Script


@dataclass(slots=True)
class FollowedScript:
    """A script with its constants, and what the other scripts are called in it.

    ``links`` are the scripts that a name of this one leads to, each with the function that it means, None for a name
    that is the module's own. ``outside`` are the calls by other scripts, each with the function of this one.
    """

    script: Script
    constants: Constants
    links: Mapping[str, tuple[tuple[Script, str | None], ...]] = field(
        default_factory=dict[str, "tuple[tuple[Script, str | None], ...]"]
    )
    outside: list[tuple[str, ast.Call]] = field(default_factory=list[tuple[str, ast.Call]])

    @property
    def imported(self) -> frozenset[str]:
        """The names that other scripts have here."""
        return frozenset(self.links)

    def leads_to(self, function: ast.expr) -> tuple[Script, str] | None:
        """The function of another script that an expression such as ``name`` or ``module.name`` means."""
        name = dotted(function)
        for script, meant in self.links.get(name.partition(".")[0], ()):
            wanted = meant if "." not in name else name.rpartition(".")[2]
            if wanted is not None and script.has_function(wanted):
                return script, wanted
        return None

    def calls_from_outside(self, function: str) -> Iterator[ast.Call]:
        """The calls of a function by other scripts."""
        yield from (call for name, call in self.outside if name == function)


def followed_scripts(code: PackedCode, read: ReadCode) -> tuple[FollowedScript, ...]:
    """The scripts that were read, the entry first, knowing which of their functions the others are sure to call."""
    followed = {id(script): FollowedScript(script, Constants(script)) for script in read.scripts.values()}
    if len(followed) == 1:
        return tuple(followed.values())
    for path, script in read.scripts.items():
        followed[id(script)].links = _links(code, read, path)
    crossing: dict[int, list[_Crossing]] = {}
    for item in followed.values():
        for call in item.script.of(ast.Call):
            meant = item.leads_to(call.func)
            if meant is not None:
                followed[id(meant[0])].outside.append((meant[1], call))
                crossing.setdefault(id(item.script), []).append((item.script, call, *meant))
    _enter(crossing)
    return tuple(followed.values())


#: A call of a function of another script: the script with the call, the call, the other script and its function.
_Crossing: TypeAlias = "tuple[Script, ast.Call, Script, str]"


def _enter(crossing: Mapping[int, Sequence[_Crossing]]) -> None:
    """Tells each script which of its functions are sure to be called by others, until nothing more is found."""
    waiting = list(crossing)
    for key in waiting:
        for script, call, other, function in crossing.get(key, ()):
            if function not in other.entered and script.is_sure(call):
                other.enter(function)
                # More of its calls may be sure now.
                waiting.append(id(other))


def _links(code: PackedCode, read: ReadCode, path: str) -> dict[str, tuple[tuple[Script, str | None], ...]]:
    found: dict[str, tuple[tuple[Script, str | None], ...]] = {}
    for imported in read.imports[path]:
        reached = [read.scripts[other] for other in packed_modules(code, path, imported) if other in read.scripts]
        for index, name in enumerate(imported.bound):
            meant = imported.names[index] if imported.names else None
            if reached:
                found[name] = tuple((script, meant) for script in reversed(reached))
    return found
