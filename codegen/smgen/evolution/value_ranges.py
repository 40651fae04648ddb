"""Whether a value that one schema takes is taken by another: what was narrowed, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from smgen.contract_model import ValueSchema, value_problem
from smgen.documents import shown_json

_Number: TypeAlias = "int | float"
_VALUES_SHOWN = 8


def is_retyped(old: ValueSchema, new: ValueSchema) -> bool:
    """Whether a value of the old type is none of the new one; an integer is a number."""
    if old.type != new.type:
        return (old.type, new.type) != ("integer", "number")
    if old.element is None or new.element is None:
        return False
    return is_retyped(old.element, new.element)


def narrowings(old: ValueSchema, new: ValueSchema) -> Iterator[str]:
    """What the new schema refuses and the old one takes, as clauses; of schemas of which neither is retyped."""
    if old.enum is not None:
        # Of listed values each can be tried.
        refused = [value for value in old.enum if value_problem(new, value) is not None]
        if refused and not (new.open and old.open and new.enum is None):
            yield f"no more {_listed(refused)}"
        return
    if new.enum is not None:
        yield f"only {_listed(new.enum)}"
    yield from _bounds(old, new)
    yield from _forms(old, new)
    if old.element is not None and new.element is not None:
        yield from (f"each: {clause}" for clause in narrowings(old.element, new.element))
    elif new.element is not None and new.element != ValueSchema(new.element.type):
        yield "its elements have limits"


def _forms(old: ValueSchema, new: ValueSchema) -> Iterator[str]:
    if new.pattern is not None and new.pattern != old.pattern:
        yield f"only texts that match {shown_json(new.pattern)}"
    if new.multiple_of is not None and not _divides(new.multiple_of, old.multiple_of):
        yield f"only multiples of {new.multiple_of}"


def _bounds(old: ValueSchema, new: ValueSchema) -> Iterator[str]:
    if _is_stricter(_lower(new), _lower(old)):
        yield f"at least {new.minimum}" if new.exclusive_minimum is None else f"above {new.exclusive_minimum}"
    if _is_stricter(_upper(new), _upper(old)):
        yield f"at most {new.maximum}" if new.exclusive_maximum is None else f"below {new.exclusive_maximum}"
    what = "characters" if new.type == "string" else "items"
    for least, before in ((new.min_length, old.min_length), (new.min_items, old.min_items)):
        if least is not None and least > (before or 0):
            yield f"at least {least} {what}"
    for most, before in ((new.max_length, old.max_length), (new.max_items, old.max_items)):
        if most is not None and (before is None or most < before):
            yield f"at most {most} {what}"


def _lower(schema: ValueSchema) -> tuple[_Number, bool] | None:
    """The lower bound, and whether it is itself left out."""
    bounds = [(schema.minimum, False), (schema.exclusive_minimum, True)]
    return max(((bound, is_open) for bound, is_open in bounds if bound is not None), default=None)


def _upper(schema: ValueSchema) -> tuple[_Number, bool] | None:
    """The upper bound with its sign turned round, so that a larger one is stricter."""
    bounds = [(schema.maximum, False), (schema.exclusive_maximum, True)]
    return max(((-bound, is_open) for bound, is_open in bounds if bound is not None), default=None)


def _is_stricter(new: tuple[_Number, bool] | None, old: tuple[_Number, bool] | None) -> bool:
    return new is not None and (old is None or new > old)


def _divides(new: _Number, old: _Number | None) -> bool:
    """Whether every multiple of ``old`` is one of ``new``, as far as whole numbers tell."""
    if new == old:
        return True
    return isinstance(new, int) and isinstance(old, int) and old % new == 0


def _listed(values: tuple[str | int | float | bool, ...] | list[str | int | float | bool]) -> str:
    shown = ", ".join(shown_json(value) for value in values[:_VALUES_SHOWN])
    return shown if len(values) <= _VALUES_SHOWN else f"{shown} and {len(values) - _VALUES_SHOWN} more"
