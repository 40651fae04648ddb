"""Places in requests: the one notation in which the rows of step kinds say them, and what stands there in a step."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    # For the annotation only: reading definitions is not needed to know the places.
    from smgen.expressions import Value

Path: TypeAlias = tuple[str, ...]
"""Names of members from ``Arguments`` (or from the step itself) on, with `EACH` between them."""

EACH: Final = "*"
"""In a path: every item of a list, every entry of a map."""


class Found(NamedTuple):
    """A value with the names and indices that lead to it."""

    parts: tuple[str | int, ...]
    value: "Value"


def values_at(holder: "Value", path: Path) -> Iterator[Found]:
    """Every value at a path that is there and not null, in the order of the document."""
    todo: list[tuple[tuple[str | int, ...], Value, int]] = [((), holder, 0)]
    while todo:
        parts, value, depth = todo.pop()
        if value is None:
            continue
        if depth == len(path):
            yield Found(parts, value)
        elif isinstance(value, dict):
            names = reversed(value) if path[depth] == EACH else [path[depth]]
            todo.extend(((*parts, name), value.get(name), depth + 1) for name in names)
        elif isinstance(value, list) and path[depth] == EACH:
            todo.extend(((*parts, at), value[at], depth + 1) for at in reversed(range(len(value))))


CODE_TEXTS: Final = (
    "HyperParameters",
    "StaticHyperParameters",
    "Environment",
    "ContainerArguments",
    "ContainerEntrypoint",
)
"""Members of requests whose own members or items are texts, for users' own code to read."""


def way(parts: tuple[str | int, ...]) -> Path:
    """The path on which a place lies: its parts, with `EACH` for each index."""
    return tuple(EACH if isinstance(part, int) else part for part in parts)


def property_at(path: Path, name: str = "name") -> str:
    """The property of the same names, as others read it: ``Outputs['name'].S3Uri`` where the path has `EACH`."""
    text = ""
    for part in path:
        text += f"['{name}']" if part == EACH else f".{part}" if text else part
    return text
