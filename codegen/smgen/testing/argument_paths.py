"""Places in the arguments of a step, as a person writes them: ``InputDataConfig[train].DataSource`` or a pointer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from smgen.definition import naming_member
from smgen.diagnostics import nearest_name
from smgen.documents import JsonValue, split_pointer

_PART: Final = re.compile(r"""\.?([^.\[\]]+)|\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^\[\]]*))\]""")
_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
#: A name that can stand in brackets as it is.
_BARE: Final = re.compile(r"""[^\[\]'"\\]+""")
_NUMBER: Final = re.compile("[0-9]+")


@dataclass(frozen=True)
class NoSuchPlace:
    """A path that leads nowhere: where it ends (``at``, "" for the top), what is there, and the nearest right path."""

    at: str
    there: tuple[str, ...]
    nearest: str | None


def value_at(value: JsonValue, path: str) -> JsonValue | NoSuchPlace:
    """The value at a path: a JSON pointer, or names with dots between them.

    Of a list ``[0]`` is an item by its place and ``[train]`` one by its name (``ChannelName``, ``OutputName``, …).
    Names that are no plain words stand in quotes: ``HyperParameters['eval.metric']``.
    """
    parts = _parts(path)
    if parts is None:
        return NoSuchPlace("", (), None)
    here, at = value, ""
    for index, part in enumerate(parts):
        found = _member(here, part)
        if found is None:
            return NoSuchPlace(at, tuple(_names(here)), _nearest(value, here, at, parts[index:]))
        name, here = found
        at = _below(at, name, here_is_item=name.startswith("["))
    return here


def _parts(path: str) -> tuple[str, ...] | None:
    """The parts of a path; None where it cannot be read."""
    if path.startswith("/"):
        return tuple(split_pointer(path))
    parts: list[str] = []
    end = 0
    while end < len(path):
        match = _PART.match(path, end)
        if match is None or (not parts and path.startswith(".")):
            return None
        plain, single, double, bare = match.groups()
        quoted = single if single is not None else double
        parts.append(re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else plain or bare or "")
        end = match.end()
    return tuple(parts)


def _member(value: JsonValue, part: str) -> tuple[str, JsonValue] | None:
    """How a member or item is written in a path, and the member; None where there is none of that name."""
    if isinstance(value, dict):
        return (_written(part), value[part]) if part in value else None
    if not isinstance(value, list):
        return None
    member = naming_member(value)
    for item in value if member is not None else ():
        if isinstance(item, dict) and item.get(member or "") == part:
            return _as_item(part), item
    if _NUMBER.fullmatch(part) and len(part) < 10 and int(part) < len(value):
        return f"[{int(part)}]", value[int(part)]
    return None


def _names(value: JsonValue) -> Iterator[str]:
    """What can be named next: members, or the items of a list."""
    if isinstance(value, dict):
        yield from value
    elif isinstance(value, list):
        member = naming_member(value)
        for index, item in enumerate(value):
            yield str(item[member]) if member is not None and isinstance(item, dict) else str(index)


def _nearest(top: JsonValue, here: JsonValue, at: str, rest: Sequence[str]) -> str | None:
    """The path that was probably meant: with the nearest name in place of the wrong one, or the same name elsewhere."""
    near = nearest_name(rest[0], list(_names(here)))
    found = None if near is None else _member(here, near)
    if found is not None:
        path, value = _below(at, found[0], here_is_item=found[0].startswith("[")), found[1]
        for part in rest[1:]:
            inner = _member(value, part)
            if inner is None:
                break
            path, value = _below(path, inner[0], here_is_item=inner[0].startswith("[")), inner[1]
        return path
    if not isinstance(here, (dict, list)):
        return None
    # The right member without the way to it, or with another way.
    wanted = _written(rest[-1])
    return next(
        (path for path, _ in places(top) if path == wanted or path.endswith((f".{wanted}", _as_item(rest[-1])))), None
    )


def places(value: JsonValue) -> Iterator[tuple[str, JsonValue]]:
    """Every place below a value with what stands there, those further out first."""
    level: list[tuple[str, JsonValue]] = [("", value)]
    while level:
        below = [
            (_below(at, written, here_is_item=written.startswith("[")), inner)
            for at, here in level
            for written, inner in _inside(here)
        ]
        yield from below
        level = below


def _inside(value: JsonValue) -> Iterator[tuple[str, JsonValue]]:
    """The members or items of a value, each as a path has it."""
    for name in _names(value):
        found = _member(value, name)
        if found is not None:
            yield found


def _written(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else _quoted(name)


def _as_item(name: str) -> str:
    return f"[{name}]" if _BARE.fullmatch(name) else _quoted(name)


def _quoted(name: str) -> str:
    return "['" + name.replace("\\", "\\\\").replace("'", "\\'") + "']"


def _below(path: str, name: str, *, here_is_item: bool) -> str:
    return f"{path}{name}" if here_is_item or not path else f"{path}.{name}"
