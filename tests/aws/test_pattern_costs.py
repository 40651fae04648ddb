"""AWS's own patterns, which Python's engine matches: each ends on any text of the length that AWS allows."""

from __future__ import annotations

import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

import pytest

from smgen.aws import Shape, scalar_problem, service_model

#: Of what is repeated to fill a text: whatever some repeated group of a pattern takes.
PARTS = ("a", "0", "-", "a-", "a.", "/", "a/", ":", " ", "a ", "é", "._-", "a:", "1.", "[a]", "=", "a=b,", "\\w")
BEFORE = ("", "s3://", "arn:aws:iam::111122223333:role/", "https://")
#: What keeps a text from matching, at its very end.
BEHIND = ("", "!", "\n", "\x00")
LONGEST = 4_000
#: In seconds; a pattern that goes back without an end takes years.
_NO_END = 60


@contextmanager
def ending() -> Generator[None]:
    """Fails, and does not wait for ever, where the block does not end."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        pytest.fail("it does not end")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(_NO_END)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def shapes() -> dict[str, Shape]:
    """The longest-reaching shape of each pattern."""
    model = service_model()
    found: dict[str, Shape] = {}
    for shape in map(model.shape, model.shape_names):
        if shape.type == "string" and shape.pattern is not None:
            other = found.get(shape.pattern)
            if other is None or (other.max or LONGEST) < (shape.max or LONGEST):
                found[shape.pattern] = shape
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="no alarms there")
@pytest.mark.parametrize("shape", shapes().values(), ids=lambda shape: shape.name)
def test_a_pattern_ends_on_long_texts(shape: Shape) -> None:
    length = int(min(shape.max or LONGEST, LONGEST))
    with ending():
        for before in BEFORE:
            for part in PARTS:
                for behind in BEHIND:
                    text = f"{before}{part * length}"[: max(0, length - len(behind))] + behind
                    scalar_problem(text, shape)


def test_there_are_many() -> None:
    assert len(shapes()) > 80
