"""Mutations of bytes and of texts in lines."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

from tests.fuzz.payloads import PAYLOADS

#: The share of inputs in which bytes are changed too; few of them can be parsed afterwards.
BYTES_SHARE: Final = 0.12

TOKENS: Final = (
    *(b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"\x00", b"\xff", b"\xef\xbb\xbf", b"NaN", b"-Infinity"),
    *(b"1e999", b"\\ud800", b"\\u0000", b"//", b"'", b'"a":1,', b"[" * 300, b"9" * 5_000, b"\xed\xa0\x80", b"null"),
    *(b" ", b"#", b"=", b"'''", b'"""', b"\r", b"\n", b"\x1b[2J", b"::error::x"),
)


def mutated_bytes(rng: random.Random, data: bytes) -> bytes:
    """Bytes with one change to four."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = rng.randrange(len(data) + 1)
        to = min(len(data), at + rng.choice((0, 1, 1, 4, 40, 400)))
        roll = rng.randrange(5)
        if roll == 0:
            data = data[:at] + rng.choice(TOKENS) + data[at:]
        elif roll == 1:
            data = data[:at] + data[to:]
        elif roll == 2:
            data = data[:at] + data[at:to] * 2 + data[to:]
        elif roll == 3 and at < len(data):
            data = data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :]
        else:
            data = data[:at] if rng.random() < 0.2 else data[:at] + bytes([rng.randrange(256)]) + data[to:]
    return data


def sometimes_bytes(rng: random.Random, data: bytes) -> bytes:
    """Bytes as they are, or changed: :data:`BYTES_SHARE` of all."""
    return mutated_bytes(rng, data) if rng.random() < BYTES_SHARE else data


def mutated_lines(rng: random.Random, text: str, others: Sequence[str], words: Sequence[str]) -> str:
    """A text with one change to three: lines lost, doubled, swapped, taken from others; words exchanged."""
    lines = text.splitlines(keepends=True)
    for _ in range(rng.choice((1, 1, 2, 3))):
        at = rng.randrange(len(lines)) if lines else 0
        roll = rng.randrange(8)
        if roll == 0 and lines:
            del lines[at]
        elif roll == 1 and lines:
            lines.insert(rng.randrange(len(lines)), lines[at])
        elif roll == 2 and lines:
            other = rng.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        elif roll == 3:
            lines.insert(at, rng.choice(others))
        elif lines:
            found = lines[at].split()
            new = rng.choice((*rng.choice((words, words, PAYLOADS)), *found))
            lines[at] = lines[at].replace(rng.choice(found), new, 1) if found else new
    return "".join(lines)
