"""What a script takes on its command line, whatever tool reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from smgen.diagnostics import Place
from smgen.source.script_constants import Constant, Known


@dataclass(frozen=True, slots=True)
class Option:
    """One option, or with no flags an argument that is told by its place.

    ``values`` is how many values it takes, None for another number, of which ``most`` is the highest, None for any.
    Where it takes the ``rest``, all words from there on are its values, flags too. ``type`` is what makes a value of a
    text (``int``, ``float``, ``bool``, ``str``), None for a function that is not known. ``sure`` says that it is there
    whenever the script reads its command line.
    """

    flags: tuple[str, ...]
    name: str
    place: Place
    values: int | None = 1
    required: bool = False
    type: str | None = "str"
    choices: tuple[Constant, ...] | None = None
    default: Known | None = None
    sure: bool = True
    most: int | None = None
    rest: bool = False

    @property
    def least(self) -> int:
        """How many values an argument that is told by its place asks for."""
        return (self.values or 1) if self.required and not self.flags else 0

    @property
    def title(self) -> str:
        """The option as texts name it: its longest flag."""
        return max(self.flags, key=len, default=self.name)


@dataclass(frozen=True, slots=True)
class ExclusiveGroup:
    """Options, by their numbers, of which at most one is given; where ``required`` one has to be."""

    members: tuple[int, ...]
    required: bool
    place: Place
    sure: bool


@dataclass(frozen=True, slots=True)
class CommandLine:
    """All that a script takes.

    ``whole`` says that nothing else is taken, ``refuses`` that what is not taken ends the script, ``read`` that the
    script is sure to read its command line, ``abbreviates`` that a beginning of a flag is enough, and ``commands`` that
    the first argument is a command, of ``command_names`` where these are known. ``tool`` is the library that reads it.
    Without ``by_place`` an argument without a flag may be any option's.
    """

    tool: str
    options: tuple[Option, ...]
    place: Place
    whole: bool = True
    refuses: bool = True
    read: bool = True
    abbreviates: bool = False
    commands: bool = False
    command_names: tuple[str, ...] = ()
    exclusive: tuple[ExclusiveGroup, ...] = ()
    by_place: bool = True

    def matching(self, flag: str) -> tuple[Option, ...]:
        """The options that a flag means: those that have it, else those of which it is the beginning of one."""
        exact = tuple(option for option in self.options if flag in option.flags)
        if exact or not (self.abbreviates or is_joined(flag)):
            return exact
        if not flag.startswith("--"):
            wanted = flag[:2] if is_joined(flag) else flag
            return tuple(o for o in self.options if any(f == wanted or f.startswith(flag) for f in o.flags))
        return tuple(option for option in self.options if any(known.startswith(flag) for known in option.flags))

    def flags(self) -> Iterator[str]:
        """Every flag."""
        for option in self.options:
            yield from option.flags

    def positionals(self) -> tuple[Option, ...]:
        """The arguments that are told by their place."""
        return tuple(option for option in self.options if not option.flags)


def is_joined(flag: str) -> bool:
    """Whether a flag may be a short one with its value or with others behind it, ``-n5`` or ``-vq``."""
    return len(flag) > 2 and not flag.startswith("--")
