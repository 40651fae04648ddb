"""Mutations of JSON documents: members and items deleted, doubled, renamed, of another type, of another document."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from smgen.documents import JsonValue
from tests.fuzz.payloads import PAYLOADS

Holder: TypeAlias = "dict[str, JsonValue] | list[JsonValue]"
Spot: TypeAlias = "tuple[Holder, str | int]"

#: Names and texts that are odd everywhere.
ODD_KEYS: Final = ("", "a/b", "~", "~1", "a'b", 'a"b', "\x00", "\x1b[31m", "\u202e", "é", "k" * 3_000, "__class__")
ODD_TEXTS: Final = (
    *("", " ", "x", "'", '"', "\\", "\n", "\x00\x1b[2J", "\u202e", "\U0001f600", "0", "-1", "true", "null", "s3://"),
    *(
        "None",
        "NaN",
        "1.0",
        "{{x}}",
        "${Name}",
        "<NAME>",
        "%s",
        "P" * 64,
        "Z" * 5_000,
        "../../etc/passwd",
        "a.b",
        "CON",
    ),
)
SCALARS: Final[tuple[JsonValue, ...]] = (
    *(None, True, False, 0, 1, -1, 3.5, 1.0, -0.0, 2**31, 2**63, 10**400, 1e308, 5e-324, "", "text"),
)
#: Counts of mutations in one input: mostly few, so that the rest still means something.
COUNTS: Final = (1, 1, 1, 2, 2, 3, 4, 8)


@dataclass(frozen=True, slots=True)
class Words:
    """What mutations put into documents of one sort: names of members, texts, and values that may stand anywhere.

    ``bases`` are documents without a mistake, ``value`` makes something that might stand in one, and ``layers`` puts
    something around a value.
    """

    bases: Sequence[JsonValue]
    keys: Sequence[str]
    value: Callable[[random.Random, JsonValue], JsonValue]
    layers: Sequence[Callable[[JsonValue, int], JsonValue]]


@dataclass(frozen=True, slots=True)
class Edit:
    """One mutation to be done: where, in which document, with which words."""

    rng: random.Random
    document: JsonValue
    spot: Spot
    words: Words


def words_of(bases: Sequence[JsonValue]) -> Words:
    """The words of the documents themselves, with odd ones and payloads among them."""
    found = [spot for base in bases for spot in spots(base)]
    keys = (*dict.fromkeys(key for _, key in found if isinstance(key, str)), *ODD_KEYS, *PAYLOADS)
    own = tuple(dict.fromkeys(text for spot in found if isinstance(text := get(spot), str)))

    def value(rng: random.Random, document: JsonValue) -> JsonValue:
        roll = rng.randrange(12)
        if roll < 3:
            return rng.choice(SCALARS)
        if roll < 8:
            return rng.choice(rng.choice((own, own, ODD_TEXTS, PAYLOADS)))
        if roll < 10:
            return copied(get(rng.choice(found)))
        if roll == 10:
            return [value(rng, document) for _ in range(rng.randrange(3))]
        return {rng.choice(keys): value(rng, document) for _ in range(rng.randrange(3))}

    return Words(bases, keys, value, (in_list, in_object))


def mutated_json(rng: random.Random, base: JsonValue, words: Words, mutations: Sequence[Mutation]) -> JsonValue:
    """A copy of a document with one mutation to eight."""
    document = copied(base)
    for _ in range(rng.choice(COUNTS)):
        candidates = spots(document)
        if candidates:
            rng.choice(mutations)(Edit(rng, document, rng.choice(candidates), words))
        if len(candidates) > 20_000:
            break
    # Once at most: what writes the text recurses.
    if rng.random() < 0.05 and (candidates := spots(document)):
        deepen(Edit(rng, document, rng.choice(candidates), words))
    return document


def json_bytes(rng: random.Random, document: JsonValue) -> bytes:
    """A document as some program writes it."""
    text = json.dumps(document, ensure_ascii=rng.random() < 0.5, indent=rng.choice((None, None, 1)))
    return text.encode("utf-8", "surrogatepass")


# Places ---------------------------------------------------------------------------------------------------------------


def spots(value: JsonValue) -> list[Spot]:
    """Every member and item below a value."""
    return list(_spots(value))


def _spots(value: JsonValue) -> Iterator[Spot]:
    todo: list[JsonValue] = [value]
    while todo:
        here = todo.pop()
        if isinstance(here, dict):
            yield from ((here, key) for key in here)
            todo.extend(here.values())
        elif isinstance(here, list):
            yield from ((here, number) for number in range(len(here)))
            todo.extend(here)


def get(spot: Spot) -> JsonValue:
    holder, key = spot
    if isinstance(holder, dict):
        return holder[str(key)]
    return holder[int(key)]


def put(spot: Spot, value: JsonValue) -> None:
    holder, key = spot
    if isinstance(holder, dict):
        holder[str(key)] = value
    else:
        holder[int(key)] = value


def copied(value: JsonValue) -> JsonValue:
    copy: JsonValue = json.loads(json.dumps(value))
    return copy


# Mutations ------------------------------------------------------------------------------------------------------------


def delete(edit: Edit) -> None:
    holder, key = edit.spot
    if isinstance(holder, dict):
        del holder[str(key)]
    else:
        del holder[int(key)]


def duplicate(edit: Edit) -> None:
    holder, key = edit.spot
    if isinstance(holder, dict):
        holder[edit.rng.choice((f"{key}2", edit.rng.choice(edit.words.keys)))] = copied(get(edit.spot))
    else:
        holder.insert(edit.rng.randrange(len(holder) + 1), copied(get(edit.spot)))


def swap(edit: Edit) -> None:
    other = edit.rng.choice(spots(edit.document))
    # Copies: one of the two may stand inside of the other.
    one, two = copied(get(edit.spot)), copied(get(other))
    put(other, one)
    put(edit.spot, two)


def rename(edit: Edit) -> None:
    holder, key = edit.spot
    if isinstance(holder, dict):
        text = str(key)
        another = edit.rng.choice(edit.words.keys)
        new = edit.rng.choice(
            (another, text[1:], text.lower(), f"{text}x", text[:1] + text[2:3] + text[1:2] + text[3:])
        )
        holder[new] = holder.pop(text)
    else:
        edit.rng.shuffle(holder)


def retype(edit: Edit) -> None:
    value = get(edit.spot)
    key = edit.rng.choice(edit.words.keys)
    others: tuple[JsonValue, ...] = (edit.rng.choice(SCALARS), [], {}, [value], {key: value}, json.dumps(value))
    put(edit.spot, edit.rng.choice((*others, str(value))))


def rewrite(edit: Edit) -> None:
    put(edit.spot, edit.words.value(edit.rng, edit.document))


def reword(edit: Edit) -> None:
    """Another text in the place of one: the shape stays."""
    texts = [spot for spot in spots(edit.document) if isinstance(get(spot), str)]
    value = edit.words.value(edit.rng, edit.document)
    if texts and isinstance(value, str):
        put(edit.rng.choice(texts), value)


def insert_member(edit: Edit) -> None:
    value = get(edit.spot)
    new = edit.words.value(edit.rng, edit.document)
    if isinstance(value, dict):
        value[edit.rng.choice(edit.words.keys)] = new
    elif isinstance(value, list):
        value.insert(edit.rng.randrange(len(value) + 1), new)
    elif isinstance(value, str):
        at = edit.rng.randrange(len(value) + 1)
        put(edit.spot, value[:at] + edit.rng.choice((".", "[", "'", "x", "/", str(new))) + value[at:])


def splice(edit: Edit) -> None:
    """Part of another document, in the place of something or, mostly, of something under the same name."""
    candidates = spots(edit.rng.choice(edit.words.bases))
    same = [found for found in candidates if found[1] == edit.spot[1]] if isinstance(edit.spot[1], str) else []
    put(edit.spot, copied(get(edit.rng.choice(same if same and edit.rng.random() < 0.8 else candidates))))


def long_text(edit: Edit) -> None:
    part = edit.rng.choice(("a", "é", "\x1b", "A/", "Steps.", "${", "=;", "//:@", "-", "9", "(a+)+", "::"))
    put(edit.spot, part * edit.rng.choice((300, 2_000, 9_000)))


def deepen(edit: Edit) -> None:
    """Much nesting around something, sometimes more than the limit allows."""
    value = get(edit.spot)
    around = edit.rng.choice(edit.words.layers)
    for level in range(edit.rng.choice((5, 20, 59, 61, 90, 150))):
        value = around(value, level)
    put(edit.spot, value)


def in_list(value: JsonValue, _level: int) -> JsonValue:
    return [value]


def in_object(value: JsonValue, _level: int) -> JsonValue:
    return {"properties": value}


Mutation: TypeAlias = "Callable[[Edit], None]"
#: What may happen to any document.
ANY: Final[tuple[Mutation, ...]] = (
    *(delete, delete, duplicate, swap, rename, rename, retype, retype, rewrite, insert_member, insert_member),
    *(splice, splice, long_text),
)
#: What mostly leaves a document of its form.
MILD: Final[tuple[Mutation, ...]] = (*([reword] * 6), *([splice] * 5), *([rewrite] * 2), delete, duplicate, rename)
