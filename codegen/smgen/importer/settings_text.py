"""Adds tables and settings to the text of a pyproject.toml, and leaves every byte of what is there as it is."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias, TypeGuard

from smgen.diagnostics import Finding, FindingsError, Place

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

#: What a setting is written with.
SettingValue: TypeAlias = "str | int | float | bool | Sequence[str]"

#: Tables by the names that lead to them, each with its settings; a table that is there gets what it lacks.
Tables: TypeAlias = "Mapping[tuple[str, ...], Mapping[str, SettingValue]]"

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_HEADER: Final = re.compile(r"[ \t]*\[([^\[\]].*)\][ \t]*(?:#.*)?")


def with_settings(text: str, tables: Tables, file: str) -> str:
    """The text with the settings of ``tables``, which must not be there yet; ``file`` is its name in findings.

    Settings of a table that is there go to its end, new tables to the end of the text. Raises FindingsError (SMG130)
    where the text is no TOML, or is written in a way that nothing can be added to, such as an inline table.
    """
    before = _parsed(text, file)
    # Split at line feeds only: other ends of lines may stand in texts, and a carriage return stays where it is.
    mark = "\r" if "\r\n" in text else ""
    lines = text.removesuffix("\n").split("\n") if text else []
    if text and not text.endswith("\n"):
        lines[-1] += mark
    heads = _headers(lines)
    additions: dict[int, list[str]] = {}
    appended: list[str] = []
    for path, settings in tables.items():
        written = [f"{toml_key(name)} = {toml_value(value)}" for name, value in settings.items()]
        head = heads.get(path)
        if head is None:
            appended += ["", f"[{'.'.join(map(toml_key, path))}]", *written]
        elif written:
            additions.setdefault(_end_of_table(lines, head), []).extend(f"{line}{mark}" for line in written)
    for at in sorted(additions, reverse=True):
        lines[at:at] = additions[at]
    if not any(line.strip() for line in lines):
        lines, appended = [], appended[1:]
    result = "".join(f"{line}\n" for line in (*lines, *(f"{line}{mark}" for line in appended)))
    expected = before
    for path, settings in tables.items():
        expected = _merged(expected, path, settings)
    if _parsed_or_none(result) != expected:
        names = ", ".join(f"[{'.'.join(map(toml_key, path))}]" for path in tables)
        raise FindingsError(
            [
                Finding(
                    "SMG130",
                    "settings cannot be added to this pyproject.toml",
                    Place(file=file),
                    given=f"additions to {names}",
                    expected="tables under [tool] that are written as tables, such as [tool.smgen.pipelines]",
                    fix="write inline tables and dotted keys of [tool.smgen] as tables",
                )
            ]
        )
    return result


def toml_key(name: str) -> str:
    """A key as TOML writes it."""
    return name if _BARE.fullmatch(name) else _text(name)


def toml_value(value: SettingValue) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return _text(value)
    return f"[{', '.join(map(_text, value))}]"


def _text(text: str) -> str:
    # A text of JSON is one of TOML, but for the one control character that JSON takes as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _headers(lines: Iterable[str]) -> dict[tuple[str, ...], int]:
    """The line of each table's header. A line of a text of several lines may look like one: the result is checked."""
    found: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(lines):
        head = _HEADER.fullmatch(line.removesuffix("\r"))
        path = None if head is None else _path(head[1])
        if path is not None:
            found.setdefault(path, number)
    return found


def _path(dotted: str) -> tuple[str, ...] | None:
    """The names in a header; None for what is none."""
    document = _parsed_or_none(f"{dotted} = 1")
    path: list[str] = []
    value: object = document
    while _is_table(value):
        if len(value) != 1:
            return None
        ((name, value),) = value.items()
        path.append(name)
    return tuple(path) or None


def _end_of_table(lines: Sequence[str], head: int) -> int:
    """Where a setting of the table with that header can stand: behind its last line that is not empty."""
    end = next((at for at in range(head + 1, len(lines)) if re.match(r"[ \t]*\[", lines[at])), len(lines))
    # A line that starts with a bracket may belong to a list of several lines; then the result tells.
    while end > head + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return end


def _merged(
    document: Mapping[str, object], path: Sequence[str], settings: Mapping[str, SettingValue]
) -> dict[str, object]:
    if not path:
        plain = {
            name: value if isinstance(value, (str, int, float)) else list(value) for name, value in settings.items()
        }
        return {**document, **plain}
    inner = document.get(path[0], {})
    return {**document, path[0]: _merged(inner if _is_table(inner) else {}, path[1:], settings)}


def _parsed(text: str, file: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FindingsError([Finding("SMG130", f"{file} is no TOML", Place(file=file), given=str(error))]) from None


def _parsed_or_none(text: str) -> Mapping[str, object] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _is_table(value: object) -> TypeGuard[Mapping[str, object]]:
    # The keys of a TOML table are texts.
    return isinstance(value, dict)
