"""Texts that were put together of references, written out with ``join`` or ``/``."""

from __future__ import annotations

import ast
import json
import re
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from smgen.source.module_text import unparsed
from smgen.source.possible_values import TEXTLESS, Value, ValueKind

_PERCENT: Final = re.compile(r"%(?:\((?P<key>[^)]*)\))?[#0 +-]*(?:\d+|\*)?(?:\.(?:\d+|\*))?[hlL]?(?P<sign>[a-zA-Z%])")


#: Variables that may be no texts.
_NO_TEXT: Final = frozenset({ValueKind.NUMBER_VARIABLE, ValueKind.BOOLEAN_VARIABLE, ValueKind.VALUE})


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text: a literal, or an expression with what it may be."""

    source: str
    value: Value | None = None
    literal: bool = False

    @property
    def is_reference(self) -> bool:
        """Whether the piece has no text before the pipeline runs."""
        return self.value is not None and self.value.may_be(TEXTLESS)

    @property
    def shown(self) -> Piece:
        """What ``repr`` says of the piece, which also a reference has."""
        return literal(repr(self.source)) if self.literal else Piece(f"repr({self.source})")


#: What a text is put together of, in order.
Pieces: TypeAlias = Sequence[Piece]


def fix_of(pieces: Iterable[Piece], *, imports_join: bool) -> str:
    """What to write instead, as a sentence."""
    parts = without_gaps(pieces)
    references = [part for part in parts if part.is_reference]
    advice = _no_text_at_all(references)
    if advice is not None:
        return advice
    where = "" if imports_join else ", with join from smgen.runtime"
    if len(parts) == 1:
        # A number or a truth value may be what was wanted, and a text may be.
        kinds = parts[0].value.kinds if parts[0].value is not None else frozenset[ValueKind]()
        text = "" if kinds.isdisjoint(_NO_TEXT) else f"; where a text belongs, {_joined(parts, location=False)}"
        return f"pass {parts[0].source} itself{text}{where if text else ''}"
    below = _file_below(parts)
    if below is not None:
        return f"write {below}; where a text belongs, {_joined(parts, location=True)}{where}"
    unsure = [part.source for part in references if part.value is not None and ValueKind.OUTPUT in part.value.kinds]
    note = f" ({', '.join(dict.fromkeys(unsure))} as its .location if it is an artifact)" if unsure else ""
    return f"write {_joined(parts, location=False)}{note}{where}"


def percent_pieces(text: str, values: Sequence[Pieces] | Mapping[str, Pieces]) -> list[Piece] | None:
    """The pieces of ``text % values``, each value in its own; None for what is no such text."""
    pieces: list[Piece] = []
    position = 0
    used = 0
    for match in _PERCENT.finditer(text):
        pieces.append(literal(text[position : match.start()]))
        position = match.end()
        if match["sign"] == "%":
            pieces.append(literal("%"))
            continue
        key: str | None = match["key"]
        if isinstance(values, Mapping):
            value = values.get(key or "")
        else:
            value = values[used] if used < len(values) else None
            used += 1
        if value is None:
            return None
        pieces += _shown(value) if match["sign"] in "ra" else value
    return [*pieces, literal(text[position:])]


def format_pieces(text: str, positional: Sequence[Pieces], keywords: Mapping[str, Pieces]) -> list[Piece] | None:
    """The pieces of ``text.format(…)``, each value in its own; None for what is no such text."""
    pieces: list[Piece] = []
    automatic = 0
    try:
        for before, name, _, conversion in string.Formatter().parse(text):
            pieces.append(literal(before))
            if name is None:
                continue
            if not name:
                name, automatic = str(automatic), automatic + 1
            value = (
                positional[int(name)]
                if name.isascii() and name.isdigit() and len(name) < 5 and int(name) < len(positional)
                else keywords.get(name)
            )
            if value is None:
                return None
            pieces += _shown(value) if conversion in ("r", "a") else value
    except ValueError:
        return None
    return pieces


def joined_pieces(node: ast.JoinedStr, pieces_of: Callable[[ast.expr], Pieces]) -> list[Piece]:
    """The pieces of an f-string; ``pieces_of`` gives those of an expression in it."""
    pieces: list[Piece] = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            pieces.append(literal(str(part.value)))
        elif isinstance(part, ast.FormattedValue):
            # `{x!r}` and `{x=}` write the representation, which every reference has.
            shown = part.conversion in (ord("r"), ord("a"))
            found = pieces_of(part.value)
            plain = part.conversion == -1 and part.format_spec is None
            if shown:
                found = _shown(found)
            if plain or any(piece.is_reference for piece in found):
                pieces += found
            else:
                pieces.append(Piece(double_quoted(unparsed(ast.JoinedStr([part])))))
    return pieces


def _shown(pieces: Pieces) -> Pieces:
    """What ``repr`` says of a value with these pieces; a text that is made of references stays what it is."""
    inner = len(pieces) > 1 and any(piece.is_reference for piece in pieces)
    return pieces if inner else [piece.shown for piece in pieces]


def argument_of(pieces: Pieces) -> str:
    """A text of these pieces as one argument of a call."""
    parts = without_gaps(pieces)
    return _argument(parts[0], False) if len(parts) == 1 else _joined(parts, location=False) if parts else '""'


def literal(text: str) -> Piece:
    """A piece that stands as it is."""
    return Piece(text, literal=True)


def text_literal(text: str) -> str:
    """A text as Python source in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def without_gaps(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces with neighbouring literals put together and empty ones left out."""
    found: list[Piece] = []
    for piece in pieces:
        if piece.literal and found and found[-1].literal:
            found[-1] = literal(found[-1].source + piece.source)
        elif piece.source or not piece.literal:
            found.append(piece)
    return found


def _no_text_at_all(references: Sequence[Piece]) -> str | None:
    """The advice about steps and conditions, of which no text can be made."""
    for piece in references:
        if piece.value is not None and ValueKind.STEP in piece.value.kinds:
            return f"pass one of the outputs of {piece.source}; a step itself has no text"
        if piece.value is not None and ValueKind.CONDITION in piece.value.kinds:
            return f"give {piece.source} to p.condition(…), and texts to the steps of its branches"
    return None


def _file_below(parts: Sequence[Piece]) -> str | None:
    """`output / "file"`, where the text is an output and a path below it."""
    first, rest = parts[0], parts[1:]
    if first.value is None or not first.value.is_only(ValueKind.OUTPUT) or any(part.is_reference for part in rest):
        return None
    if not (rest[0].literal and rest[0].source.startswith("/")):
        return None
    path = _segment([literal(rest[0].source.lstrip("/")), *rest[1:]])
    return None if path in (None, '""') else f"{first.source} / {path}"


def _joined(parts: Sequence[Piece], *, location: bool) -> str:
    segments = _segments(parts)
    if segments is None:
        written = [_argument(part, location) for part in parts]
        return f'join("", {", ".join(written)})'
    return f'join("/", {", ".join(_argument(part, location) for part in segments)})'


def _argument(part: Piece, location: bool) -> str:
    if part.literal:
        return text_literal(part.source)
    is_output = part.value is not None and part.value.is_only(ValueKind.OUTPUT)
    return f"{part.source}.location" if location and is_output else part.source


def _segments(parts: Sequence[Piece]) -> list[Piece] | None:
    """The parts between the slashes, where each is a reference or an ordinary text, and none is empty."""
    groups: list[list[Piece]] = [[]]
    for part in parts:
        if not part.literal:
            groups[-1].append(part)
            continue
        for number, text in enumerate(part.source.split("/")):
            if number:
                groups.append([])
            if text:
                groups[-1].append(literal(text))
    if len(groups) < 2 or not all(groups):
        return None
    segments: list[Piece] = []
    for group in groups:
        if len(group) == 1:
            segments.append(group[0])
        elif any(part.is_reference for part in group):
            return None
        else:
            written = _segment(group)
            if written is None:
                return None
            segments.append(Piece(written))
    return segments


def _segment(parts: Sequence[Piece]) -> str | None:
    """Ordinary texts and values as one literal or f-string; None where quotes would clash."""
    solid = without_gaps(parts)
    if all(part.literal for part in solid):
        return text_literal("".join(part.source for part in solid))
    if len(solid) == 1:
        return solid[0].source
    written = ""
    for part in solid:
        if part.literal:
            written += text_literal(part.source.replace("{", "{{").replace("}", "}}"))[1:-1]
        elif any(sign in part.source for sign in "\"'\\{}\n"):
            return None
        else:
            written += f"{{{part.source}}}"
    return f'f"{written}"'


def double_quoted(source: str) -> str:
    """Source as people write it here; Python's own form has single quotes."""
    return source if '"' in source or "\\" in source or source.count("'") % 2 else source.replace("'", '"')
