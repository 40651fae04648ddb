"""The errors for a use of a reference that Python would allow, and for an attribute that is not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, NoReturn, cast

from smgen.authoring.places import user_place
from smgen.diagnostics import FindingsError

if TYPE_CHECKING:
    from smgen.diagnostics import Finding


class MisuseError(FindingsError, TypeError):
    """A value that exists only when the pipeline runs was used as if it were known now (SMG208)."""


class UnknownNameError(FindingsError, AttributeError):
    """Something was asked for an attribute that it does not have (SMG206)."""


class Attributes:
    """Says which attribute was probably meant where one is asked for that is not there (SMG206)."""

    __slots__ = ()

    #: What other libraries call the attributes here, where it is nothing like their names.
    __smgen_meant__: ClassVar[Mapping[str, str]] = {}

    @property
    def __smgen_name__(self) -> str:
        """What a message calls it."""
        return repr(self)

    def __smgen_unknown__(self, name: str) -> Finding:
        """The finding about an attribute that is not there."""
        from smgen.diagnostics import Finding, nearest_name

        known = [key for key in self.__smgen_known__() if not key.startswith("_")]
        nearest = self.__smgen_meant__.get(name) or nearest_name(name, known)
        return Finding(
            "SMG206",
            f"{self.__smgen_name__} has no '{name}'",
            user_place(),
            given=name,
            expected=", ".join(known),
            nearest=nearest,
            fix=f"write .{nearest}" if nearest else "use one of its attributes",
        )

    def __smgen_known__(self) -> list[str]:
        """The attributes in the order in which they are written."""
        names = [*getattr(self, "__dict__", ()), *(key for base in type(self).__mro__ for key in vars(base))]
        return list(dict.fromkeys(names))

    # A __getattr__ that a type checker sees would make every misspelt attribute pass.
    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            if name.startswith("_"):
                # Python and its tools ask for these, also of objects that are only half made.
                raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
            raise UnknownNameError([self.__smgen_unknown__(name)])


def refuse(message: str, fix: str) -> NoReturn:
    """Raises a :class:`MisuseError` with the user's line."""
    from smgen.diagnostics import Finding

    raise MisuseError([Finding("SMG208", message, user_place(), fix=fix)])


def shown(value: object) -> str:
    """A value that a caller gave as a text for a message, with its type; whatever its ``repr`` does."""
    return f"{short(value)} ({type(value).__name__})"


def short(value: object) -> str:
    """A value as a message writes it; a value that cannot be written is named by its type."""
    try:
        return repr(value)
    except Exception:  # a class of the caller's own, or a number of more digits than Python writes
        return f"a value of type {type(value).__name__}"


def items_of(given: object) -> Sequence[object] | None:
    """What a list or tuple holds that a caller gave, who may have no type checker; None for anything else."""
    return cast("Sequence[object]", given) if isinstance(given, (list, tuple)) else None


def each(given: object) -> Sequence[object]:
    """What a list or tuple holds that a caller gave; anything else by itself."""
    items = items_of(given)
    return (given,) if items is None else items


def unchecked(value: object) -> object:
    """The value without its declared type: a caller may have no type checker."""
    return value
