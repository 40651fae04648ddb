"""The best joint assignment: each port takes at most one place and each place serves at most one port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """How one port fares: its place in the best assignment, and the best total for each place that it could take.

    ``totals`` is by place; ``unbound`` is the best total when the port takes nothing. All are sums of the
    scores of the ports that share places with this one.
    """

    place: str | None
    totals: Mapping[str, int]
    unbound: int

    @property
    def margin(self) -> int:
        """How much is lost without the chosen place; 0 when another choice is as good."""
        if self.place is None:
            return 0
        others = [total for place, total in self.totals.items() if place != self.place]
        return self.totals[self.place] - max([self.unbound, *others])


Scores = Mapping[str, Mapping[str, int]]


def best_total(scores: Scores) -> int:
    """The greatest sum of scores when every port takes one place of its own or none; scores are positive."""
    return sum(scores[port][place] for port, place in best_assignment(scores).items())


def best_assignment(scores: Scores) -> dict[str, str]:
    """An assignment with the greatest sum; of equal ones always the same, whatever the order of the mappings is.

    Shortest augmenting paths over integers (the Hungarian method), with one private empty place for each port.
    """
    ports = sorted(scores)
    places = sorted({place for row in scores.values() for place in row})
    if not ports or not places:
        return {}
    width = len(places) + len(ports)
    costs: list[list[int]] = []
    for row, port in enumerate(ports):
        mine = scores[port]
        # A place that a port cannot take costs more than every real choice together could gain.
        costs.append(
            [-mine[place] if place in mine else _NEVER for place in places]
            + [0 if column == row else _NEVER for column in range(len(ports))]
        )
    taken = _hungarian(costs, width)
    return {ports[row]: places[column] for column, row in taken.items() if column < len(places)}


def standings(scores: Scores) -> dict[str, Standing]:
    """How each port fares in the best joint assignment."""
    result: dict[str, Standing] = {}
    for group in _connected(scores):
        if len(group) == 1:
            # Most ports share no place with another one.
            ((port, row),) = group.items()
            best = max(row, key=lambda place: (row[place], place), default=None) if row else None
            result[port] = Standing(best, dict(row), 0)
            continue
        chosen = best_assignment(group)
        for port, row in group.items():
            rest = {other: places for other, places in group.items() if other != port}
            totals = {place: score + best_total(_without(rest, place)) for place, score in row.items()}
            result[port] = Standing(chosen.get(port), totals, best_total(rest))
    return result


#: More than all points of all ports of a step could ever be worth together.
_NEVER = 10**24


def _without(scores: Scores, place: str) -> Scores:
    return {port: {name: score for name, score in row.items() if name != place} for port, row in scores.items()}


def _connected(scores: Scores) -> list[Scores]:
    """The ports in groups that share no place with each other: each group can be decided alone."""
    owner: dict[str, str] = {}
    parent = {port: port for port in scores}

    def root(port: str) -> str:
        while parent[port] != port:
            parent[port] = parent[parent[port]]
            port = parent[port]
        return port

    for port, row in scores.items():
        for place in row:
            parent[root(port)] = root(owner.setdefault(place, port))
    groups: dict[str, dict[str, Mapping[str, int]]] = {}
    for port, row in scores.items():
        groups.setdefault(root(port), {})[port] = row
    return list(groups.values())


def _hungarian(costs: Sequence[Sequence[int]], width: int) -> dict[int, int]:
    """The row of each used column in a cheapest assignment of all rows; ``width`` is at least the number of rows."""
    free = -1
    row_price = [0] * len(costs)
    column_price = [0] * width
    owner = [free] * width
    for start in range(len(costs)):
        least = [4 * _NEVER] * width
        before = [free] * width
        done = [False] * width
        row, last = start, free
        while True:
            step, nearest = 4 * _NEVER, free
            for column in range(width):
                if done[column]:
                    continue
                cost = costs[row][column] - row_price[row] - column_price[column]
                if cost < least[column]:
                    least[column], before[column] = cost, last
                if least[column] < step:
                    step, nearest = least[column], column
            for column in range(width):
                if done[column]:
                    row_price[owner[column]] += step
                    column_price[column] -= step
                else:
                    least[column] -= step
            row_price[start] += step
            done[nearest] = True
            last = nearest
            if owner[nearest] == free:
                break
            row = owner[nearest]
        while last != free:
            previous = before[last]
            owner[last] = start if previous == free else owner[previous]
            last = previous
    return {column: row for column, row in enumerate(owner) if row != free}
