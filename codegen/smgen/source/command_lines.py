"""What a script takes on its command line, whatever tool reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from smgen.diagnostics import Place
from smgen.source.script_constants import Constant, Known


@dataclass(frozen=True, slots=True)
class Option:
    """One option, or with no flags an argument that is told by its place.

    ``values`` is how many values it takes, None for any number. ``type`` is what makes a value of a text (``int``,
    ``float``, ``bool``, ``str``), None for a function that is not known. ``sure`` says that it is there whenever the
    script reads its command line.
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

    @property
    def title(self) -> str:
        """The option as texts name it: its longest flag."""
        return max(self.flags, key=len, default=self.name)


@dataclass(frozen=True, slots=True)
class CommandLine:
    """All that a script takes.

    ``whole`` says that nothing else is taken, ``refuses`` that what is not taken ends the script, ``read`` that the
    script is sure to read its command line, ``abbreviates`` that a beginning of a flag is enough, and ``commands`` that
    the first argument is a command. ``tool`` is the library that reads it.
    """

    tool: str
    options: tuple[Option, ...]
    place: Place
    whole: bool = True
    refuses: bool = True
    read: bool = True
    abbreviates: bool = False
    commands: bool = False

    def matching(self, flag: str) -> tuple[Option, ...]:
        """The options that a flag means: those that have it, else those of which it is the beginning of one."""
        exact = tuple(option for option in self.options if flag in option.flags)
        if exact or not (self.abbreviates and flag.startswith("--")):
            return exact
        return tuple(option for option in self.options if any(known.startswith(flag) for known in option.flags))

    def flags(self) -> Iterator[str]:
        """Every flag."""
        for option in self.options:
            yield from option.flags

    def positionals(self) -> tuple[Option, ...]:
        """The arguments that are told by their place."""
        return tuple(option for option in self.options if not option.flags)
