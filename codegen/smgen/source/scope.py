"""Which names stand for what, at one point of a module."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from smgen.source.possible_values import Value, ValueKind, merged


@dataclass(slots=True)
class NameScope:
    """The names of a function, class body or module; ``outer`` is the scope around it."""

    outer: NameScope | None = None
    names: dict[str, Value] = field(default_factory=dict[str, Value])

    def look_up(self, name: str) -> Value | None:
        """What a name stands for; None for one that is not known here."""
        scope: NameScope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return None

    def branch(self) -> NameScope:
        """A copy that one way through the code may change."""
        return NameScope(self.outer, dict(self.names))

    def become(self, ways: Iterable[NameScope]) -> None:
        """Takes over what the names are after several ways that meet again."""
        found = list(ways)
        if found:
            keys = dict.fromkeys(name for way in found for name in way.names)
            self.names = {name: merged([way.names[name] for way in found if name in way.names]) for name in keys}

    def builder(self) -> str:
        """The name of the pipeline's builder here, for sentences."""
        scope: NameScope | None = self
        while scope is not None:
            for name, value in scope.names.items():
                if ValueKind.BUILDER in value.kinds and "." not in name:
                    return name
            scope = scope.outer
        return "p"
