"""Which steps come before a step, nearest first, and which pairs of steps must never be bound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from smgen.wiring.cycles import components
from smgen.wiring.resolution import WiredStep


class Reach:
    """Order and visibility of the steps of one pipeline.

    With ``edges`` only a step before the consumer can feed it. Without (None) every step can that is visible and does
    not come after the consumer by ``waits``. Ancestors are bit sets over the steps, one integer for each step.
    """

    def __init__(
        self, steps: Sequence[WiredStep], edges: Iterable[tuple[str, str]] | None, waits: Iterable[tuple[str, str]]
    ) -> None:
        self.steps = {step.name: step for step in steps}
        self.drawn = edges is not None
        drawn = list(dict.fromkeys(edges or ()))
        self._bits = {step.name: 1 << index for index, step in enumerate(steps)}
        self._before: dict[str, list[str]] = {}
        for source, target in drawn:
            if source != target:
                self._before.setdefault(target, []).append(source)
        for sources in self._before.values():
            sources.sort()
        ordered = dict.fromkeys((*drawn, *waits))
        self._ancestors = _ancestors(self._bits, ordered)
        self._visible: dict[tuple[str, ...], int] = {}
        self._drawn_ancestors = self._ancestors if len(ordered) == len(drawn) else _ancestors(self._bits, drawn)
        acyclic = not any(self._ancestors[name] & bit for name, bit in self._bits.items())
        # Then whatever is found going back along the edges may feed the step where the way began.
        self._free = acyclic and not any(step.scope for step in steps)

    def bit(self, step: str) -> int:
        """The bit of a step in the sets."""
        return self._bits[step]

    def producers(self, consumer: str) -> int:
        """The steps that may feed the consumer, as a bit set; scopes are not looked at."""
        if self.drawn:
            return self._drawn_ancestors[consumer] & ~self._bits[consumer]
        return ((1 << len(self._bits)) - 1) & ~self._bits[consumer]

    def count(self, consumer: str) -> int:
        """How many steps there are that may feed the consumer and are seen from where it stands."""
        scope = self.steps[consumer].scope
        if scope not in self._visible:
            seen = (name for name, step in self.steps.items() if scope[: len(step.scope)] == step.scope)
            self._visible[scope] = sum(self._bits[name] for name in seen)
        return (self.producers(consumer) & self._visible[scope]).bit_count()

    def may_feed(self, producer: str, consumer: str) -> bool:
        """Whether a binding of these two breaks no rule of order or scope."""
        if producer == consumer or self._ancestors[producer] & self._bits[consumer]:
            return False
        scope = self.steps[producer].scope
        if self.steps[consumer].scope[: len(scope)] != scope:
            return False
        return not self.drawn or bool(self._drawn_ancestors[consumer] & self._bits[producer])

    def levels(self, consumer: str) -> Iterator[list[str]]:
        """The steps before the consumer by their distance, each level by name; steps without a contract are passed."""
        seen = {consumer}
        level = [consumer]
        while level:
            if len(level) == 1:
                level = [source for source in self._before.get(level[0], ()) if source not in seen]
            else:
                level = sorted({source for step in level for source in self._before.get(step, ())} - seen)
            seen.update(level)
            if self._free:
                yield [name for name in level if name in self.steps]
            else:
                yield [name for name in level if name in self.steps and self.may_feed(name, consumer)]

    def direct(self, consumer: str) -> list[str]:
        """The steps with a drawn edge to the consumer, by name."""
        return [name for name in self._before.get(consumer, ()) if name in self.steps]


def _ancestors(bits: Mapping[str, int], edges: Iterable[tuple[str, str]]) -> dict[str, int]:
    """For each step the bit set of the steps before it; the steps of a knot are all before each other."""
    sources: dict[str, list[str]] = {name: [] for name in bits}
    for source, target in edges:
        sources.setdefault(source, [])
        sources.setdefault(target, []).append(source)
    names = list(sources)
    number = {name: at for at, name in enumerate(names)}
    before: dict[str, int] = {}
    # On the turned graph a component comes behind all its ancestors.
    for group in components([[number[source] for source in found] for found in sources.values()]):
        members = {names[at] for at in group}
        found = 0
        for name in members:
            for source in sources[name]:
                if source not in members:
                    found |= before[source] | bits.get(source, 0)
        if len(members) > 1:
            for name in members:
                found |= bits.get(name, 0)
        before |= dict.fromkeys(members, found)
    return before
