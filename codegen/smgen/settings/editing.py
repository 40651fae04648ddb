"""Edits the settings in the text of a pyproject.toml, and leaves every byte of what is not meant as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from smgen.diagnostics import Finding, FindingsError, Place
from smgen.settings.toml import Headers, Table, parse_toml, path_of, table_at, toml_or_none

#: What a setting is written with; a mapping is an inline table.
SettingValue: TypeAlias = "str | int | float | bool | Sequence[str] | Mapping[str, str | Sequence[str]]"

#: Tables by the names that lead to them, each with its settings; a table that is there gets what it lacks.
Tables: TypeAlias = "Mapping[tuple[str, ...], Mapping[str, SettingValue]]"

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
#: A key with what is before and behind it, up to its value.
_KEY: Final = re.compile(r"""[ \t]*([A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')[ \t]*=[ \t]*""")


def with_settings(
    text: str,
    tables: Tables,
    file: str,
    *,
    changed: Tables | None = None,
    removed: Mapping[tuple[str, ...], Sequence[str]] | None = None,
) -> str:
    """The text with the settings of ``tables``, which must not be there yet; ``file`` is its name in findings.

    Settings of a table that is there go to its end, new tables to the end of the text. The settings of ``changed`` get
    other values where they stand, and those of ``removed`` go; comments behind them stay or go with them. Raises
    FindingsError (SMG130) where the text is no TOML, or is written in a way that cannot be edited, as an inline table.
    """
    before = parse_toml(text.encode(), file).value
    edited = text
    for path, settings in (changed or {}).items():
        for name, value in settings.items():
            edited = _with_value(edited, path, name, value)
    for path, names in (removed or {}).items():
        for name in names:
            edited = _with_value(edited, path, name, None)
    expected = before
    for path, settings in (changed or {}).items():
        expected = _merged(expected, path, settings)
    for path, names in (removed or {}).items():
        expected = _without(expected, path, names)
    if toml_or_none(edited) != expected:
        raise FindingsError([_not_editable([*(changed or {}), *(removed or {})], file)])
    return _with_additions(edited, expected, tables, file)


def _with_additions(text: str, before: Table, tables: Tables, file: str) -> str:
    # Split at line feeds only: other ends of lines may stand in texts, and a carriage return stays where it is.
    mark = "\r" if "\r\n" in text else ""
    lines = text.removesuffix("\n").split("\n") if text else []
    if text and not text.endswith("\n"):
        lines[-1] += mark
    headers = Headers(lines)
    additions: dict[int, list[str]] = {}
    appended: list[str] = []
    expected = before
    for path, settings in tables.items():
        expected = _merged(expected, path, settings)
        written = [f"{toml_key(name)} = {toml_value(value)}" for name, value in settings.items()]
        head = headers.tables.get(path)
        if head is None:
            appended += ["", f"[{'.'.join(map(toml_key, path))}]", *written]
        elif written:
            additions.setdefault(_end_of_table(headers, head), []).extend(f"{line}{mark}" for line in written)
    for at in sorted(additions, reverse=True):
        lines[at:at] = additions[at]
    if not text.strip():
        lines, appended = [], appended[1:]
    result = "".join(f"{line}\n" for line in (*lines, *(f"{line}{mark}" for line in appended)))
    if toml_or_none(result) != expected:
        raise FindingsError([_not_editable(tables, file)])
    return result


def _not_editable(paths: Iterable[tuple[str, ...]], file: str) -> Finding:
    names = ", ".join(f"[{'.'.join(map(toml_key, path))}]" for path in dict.fromkeys(paths))
    return Finding(
        "SMG130",
        "settings cannot be added to this pyproject.toml",
        Place(file=file),
        given=f"additions to {names}",
        expected="tables under [tool] that are written as tables, such as [tool.smgen.pipelines]",
        fix="write inline tables and dotted keys of [tool.smgen] as tables",
    )


def _with_value(text: str, path: tuple[str, ...], name: str, value: SettingValue | None) -> str:
    """The text with another value of a setting, or without it for None; as it is where the setting is not found."""
    lines = text.split("\n")
    headers = Headers(lines)
    head = headers.tables.get(path)
    if head is None:
        return text
    end = headers.end(head)
    for at in range(head + 1, end):
        key = _KEY.match(lines[at])
        if key is None or path_of(key[1]) != (name,):
            continue
        for last in range(at, end):
            whole = "\n".join([lines[at][key.end() :], *lines[at + 1 : last + 1]])
            parsed = toml_or_none(f"x = {whole}\n")
            if parsed is not None:
                written = [] if value is None else [f"{key[0]}{toml_value(value)}{_comment(whole, parsed)}"]
                return "\n".join([*lines[:at], *written, *lines[last + 1 :]])
    return text


def _comment(value: str, parsed: Table) -> str:
    """What stands behind a value on its last line: a comment with the space before it, or the end of the line."""
    start = value.rfind("\n") + 1
    for at in (found.start() for found in re.finditer("#", value[start:])):
        before = value[: start + at]
        if toml_or_none(f"x = {before}\n") == parsed:
            return value[len(before.rstrip()) :]
    return "\r" if value.endswith("\r") else ""


def _without(document: Table, path: Sequence[str], names: Sequence[str]) -> Table:
    if not path:
        return {name: value for name, value in document.items() if name not in names}
    return {**document, path[0]: _without(table_at(document, path[0]), path[1:], names)}


def with_sections(text: str, sections: str, file: str) -> str:
    """The text with whole sections, which end lines with line feeds, behind what is there, in its own ends of lines.

    Raises FindingsError (SMG130) where nothing can follow it, as when ``tool`` is an inline table.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    gap = "" if not text.strip() else newline if text.endswith("\n") else newline * 2
    whole = text + gap + sections.replace("\n", newline)
    try:
        parse_toml(whole.encode(), file)
    except FindingsError as error:
        finding = Finding(
            "SMG130",
            "no section can be added to this pyproject.toml",
            Place(file=file),
            given=error.findings[0].given,
            expected="tables under [tool] that are written as tables, such as [tool.mypy]",
            fix="write 'tool' and what is in it as tables, or choose another folder",
        )
        raise FindingsError([finding]) from None
    return whole


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
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{toml_key(name)} = {toml_value(item)}' for name, item in value.items())}}}"
    return f"[{', '.join(map(_text, value))}]"


def _text(text: str) -> str:
    # A text of JSON is one of TOML, but for the one control character that JSON takes as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _end_of_table(headers: Headers, head: int) -> int:
    """Where a setting of the table with that header can stand: behind its last line that says something."""
    end = headers.end(head)
    while end > head + 1 and re.match(r"\s*(#|$)", headers.lines[end - 1]):
        end -= 1
    return end


def _merged(document: Table, path: Sequence[str], settings: Mapping[str, SettingValue]) -> Table:
    if not path:
        return {**document, **{name: _as_read(value) for name, value in settings.items()}}
    return {**document, path[0]: _merged(table_at(document, path[0]), path[1:], settings)}


def _as_read(value: SettingValue) -> object:
    """A value as a TOML parser gives it."""
    if isinstance(value, (str, int, float)):
        return value
    return {name: _as_read(item) for name, item in value.items()} if isinstance(value, Mapping) else list(value)
