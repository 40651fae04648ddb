"""What an expression of a user's module may be, as far as the source rules care."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

Key: TypeAlias = "str | int"

#: How deep collections are known in each other, and how many members of one: what is beyond is anything.
_DEEPEST: Final = 4
_MOST_MEMBERS: Final = 200


class ValueKind(str, Enum):
    """One thing that a value may be; a value that is none of these is ordinary Python."""

    BUILDER = "builder"  # a pipeline, a branch of a condition, or the body of a loop
    GATE = "gate"  # what p.condition returns
    LOOP = "loop"  # what p.for_each returns
    STEP = "step"  # what add_step returns
    OUTPUT = "output"  # an attribute of a step: an artifact, or a scalar output
    VALUE = "value"  # something below an output, such as a value of a report
    VARIABLE = "variable"  # a variable of unknown type
    TEXT_VARIABLE = "text variable"
    NUMBER_VARIABLE = "number variable"
    BOOLEAN_VARIABLE = "boolean variable"
    CONDITION = "condition"
    TEXT = "text"  # an ordinary str
    MAPPING = "mapping"  # a dict: going through it gives its keys
    NONE = "none"  # None, beside which a reference may be there or not


VARIABLES: Final = frozenset(
    {
        ValueKind.VARIABLE,
        ValueKind.TEXT_VARIABLE,
        ValueKind.NUMBER_VARIABLE,
        ValueKind.BOOLEAN_VARIABLE,
        ValueKind.OUTPUT,
        ValueKind.VALUE,
    }
)
#: What has no truth value before the pipeline runs.
UNDECIDED: Final = VARIABLES | {ValueKind.CONDITION}
#: What has no text before the pipeline runs.
TEXTLESS: Final = UNDECIDED | {ValueKind.STEP}


@dataclass(frozen=True, slots=True)
class Value:
    """Everything that one expression may be.

    ``names`` are dotted names of what is imported or built in (``builtins.str``), ``functions`` numbers of functions
    of the module. ``members`` are items of a collection at known keys, ``rest`` what all its other items may be.
    """

    kinds: frozenset[ValueKind] = frozenset()
    names: frozenset[str] = frozenset()
    functions: frozenset[int] = frozenset()
    members: tuple[tuple[Key, Value], ...] = ()
    rest: Value | None = None
    depth: int = 0

    def may_be(self, kinds: frozenset[ValueKind]) -> bool:
        """Whether the value may be one of ``kinds``."""
        return not self.kinds.isdisjoint(kinds)

    def is_only(self, kind: ValueKind) -> bool:
        """Whether the value is certainly of one kind."""
        return len(self.kinds) == 1 and kind in self.kinds

    def iterated(self) -> Value:
        """What going through the value may give."""
        return ANYTHING if ValueKind.MAPPING in self.kinds else self.item()

    @property
    def inner(self) -> list[Value]:
        """What is known of its items."""
        return [*(value for _, value in self.members), *([] if self.rest is None else [self.rest])]

    def item(self) -> Value:
        """What any of its items may be; of a dict its values."""
        return merged(self.inner)

    def at(self, key: Key | None) -> Value:
        """The item at a key; with an unknown key only what every item is."""
        if key is not None:
            for name, value in self.members:
                if name == key:
                    return value
            if isinstance(key, int) and key < 0 and self.rest is None:
                return dict(self.members).get(len(self.members) + key, ANYTHING)
        certain = TEXTLESS | {ValueKind.BUILDER, ValueKind.GATE, ValueKind.LOOP}
        return self.item() if all(value.may_be(certain) for value in self.inner) else ANYTHING

    def with_rest(self, value: Value) -> Value:
        """The collection after ``value`` was put somewhere into it."""
        return collection(dict(self.members), value if self.rest is None else merged([self.rest, value]), like=self)

    def with_member(self, key: Key, value: Value) -> Value:
        """The collection after ``value`` was put at ``key``."""
        return collection({**dict(self.members), key: value}, self.rest, like=self)


ANYTHING: Final = Value()


def one(kind: ValueKind) -> Value:
    """A value that is certainly of one kind."""
    return Value(frozenset({kind}))


def named(name: str) -> Value:
    """What a dotted name stands for."""
    return Value(names=frozenset({name}))


def collection(members: Mapping[Key, Value], rest: Value | None = None, *, like: Value = ANYTHING) -> Value:
    """A collection with these items; one that is nested too deep is anything."""
    inner = [*members.values(), *([] if rest is None else [rest])]
    depth = 1 + max((value.depth for value in inner), default=0)
    if depth > _DEEPEST:
        return ANYTHING
    if len(members) > _MOST_MEMBERS:
        return Value(like.kinds, like.names, like.functions, (), merged(inner), depth)
    return Value(like.kinds, like.names, like.functions, tuple(members.items()), rest, depth)


def merged(values: Iterable[Value]) -> Value:
    """What is one of several values."""
    found = list(dict.fromkeys(values))
    if not found:
        return ANYTHING
    if len(found) == 1:
        return found[0]
    whole = Value(
        frozenset[ValueKind]().union(*(value.kinds for value in found)),
        frozenset[str]().union(*(value.names for value in found)),
        frozenset[int]().union(*(value.functions for value in found)),
    )
    members: dict[Key, list[Value]] = {}
    for value in found:
        for key, item in value.members:
            members.setdefault(key, []).append(item)
    rests = [value.rest for value in found if value.rest is not None]
    if not members and not rests:
        return whole
    return collection(
        {key: merged(items) for key, items in members.items()}, merged(rests) if rests else None, like=whole
    )
