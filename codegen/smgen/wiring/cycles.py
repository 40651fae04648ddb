"""Steps that wait for each other. By hand: networkx takes longer to import than all else that reads a pipeline."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def components(successors: Sequence[Sequence[int]]) -> list[list[int]]:
    """The strongly connected components of a graph over numbers, each behind all that it leads to.

    Tarjan's algorithm, without recursion.
    """
    index = [-1] * len(successors)
    low = [0] * len(successors)
    on_stack = [False] * len(successors)
    stack: list[int] = []
    found: list[list[int]] = []
    count = 0
    for root in range(len(successors)):
        if index[root] != -1:
            continue
        work = [(root, 0)]
        while work:
            node, position = work.pop()
            if position == 0:
                index[node] = low[node] = count
                count += 1
                stack.append(node)
                on_stack[node] = True
            else:
                low[node] = min(low[node], low[successors[node][position - 1]])
            descended = False
            while position < len(successors[node]):
                to = successors[node][position]
                position += 1
                if index[to] == -1:
                    work += [(node, position), (to, 0)]
                    descended = True
                    break
                if on_stack[to]:
                    low[node] = min(low[node], index[to])
            if not descended and low[node] == index[node]:
                group: list[int] = []
                while not group or group[-1] != node:
                    group.append(stack.pop())
                    on_stack[group[-1]] = False
                found.append(group)
    return found


def knots(edges: Iterable[tuple[str, str]]) -> list[set[str]]:
    """The groups of steps that wait for each other, two steps or more in each."""
    following: dict[str, list[str]] = {}
    for source, target in edges:
        following.setdefault(source, []).append(target)
        following.setdefault(target, [])
    names = list(following)
    number = {name: at for at, name in enumerate(names)}
    groups = components([[number[target] for target in targets] for targets in following.values()])
    return [{names[at] for at in group} for group in groups if len(group) > 1]


def shortest_cycle(start: T, following: Callable[[T], Iterable[T]]) -> list[T]:
    """The shortest way from a node, which must be on a cycle, back to itself; of two the one that comes first."""
    came: dict[T, T] = {}
    todo = deque([start])
    while start not in came:
        node = todo.popleft()
        for to in following(node):
            if to not in came:
                came[to] = node
                todo.append(to)
    way = [start]
    while len(way) == 1 or way[-1] != start:
        way.append(came[way[-1]])
    return way[::-1]
