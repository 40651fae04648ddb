"""Scripts as a slip of the hand leaves them: cut, with lines lost, doubled or swapped, with signs changed.

``python -m tests.source.script_mutations 5000`` holds so many of them against their contracts and says what raised.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from tests.source.command_line_shapes import COMMAND_LINES, QUIET_COMMAND_LINES
from tests.source.field_shapes import FIELDS, QUIET_FIELDS
from tests.source.job_shapes import JOBS, QUIET_JOBS
from tests.source.more_public_styles import MORE_STYLES
from tests.source.public_styles import STYLES
from tests.source.script_contracts import found_in
from tests.source.script_shapes import QUIET, SHAPES, Shape

ALL: list[Shape] = [
    shape
    for shapes in (SHAPES, COMMAND_LINES, FIELDS, JOBS, QUIET, QUIET_COMMAND_LINES, QUIET_FIELDS, QUIET_JOBS)
    for shape in shapes.values()
] + [*STYLES.values(), *MORE_STYLES.values()]
SIGNS = "()[]{}\"'=,.:*@#%\\-+/ \n\t0\x00é\ud800"
WORDS = (
    "None",
    "...",
    "*args",
    "**kwargs",
    "lambda: 0",
    "[]",
    "{}",
    "()",
    "''",
    "not",
    "await x",
    "yield",
    "f'{x}'",
    "-1",
)


def mutations(seed: int, count: int) -> Iterator[tuple[Shape, str]]:
    """So many mutated scripts with their shapes; the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        shape = chance.choice(ALL)
        text = shape.script
        for _ in range(chance.randint(1, 3)):
            text = _mutated(chance, text)
        yield shape, text


def _mutated(chance: random.Random, text: str) -> str:
    place = chance.randrange(len(text) + 1)
    kind = chance.randrange(7)
    lines = text.splitlines(keepends=True)
    if kind == 0:
        return text[:place]
    if kind == 1:
        return text[:place] + chance.choice(SIGNS) + text[place + chance.randint(0, 1) :]
    if kind == 2 and lines:
        del lines[chance.randrange(len(lines))]
    elif kind == 3 and lines:
        lines.insert(chance.randrange(len(lines)), chance.choice(lines))
    elif kind == 4 and len(lines) > 1:
        first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[first], lines[second] = lines[second], lines[first]
    else:
        # A word becomes another of the script, or something that is legal and odd.
        words = text.split()
        if words:
            old = chance.choice(words)
            return text.replace(old, chance.choice((*WORDS, chance.choice(words))), chance.randint(1, 2))
    return "".join(lines)


def main() -> int:
    """Hold mutated scripts against their contracts; 1 where one raised or took longer than a second."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    failed, longest = 0, 0.0
    for number, (shape, text) in enumerate(mutations(seed, count)):
        with tempfile.TemporaryDirectory() as folder:
            start = time.process_time()
            try:
                found_in(Path(folder), shape.contract, {"run.py": text.encode("utf-8", "surrogatepass"), **shape.files})
            except Exception:
                failed += 1
                print(f"--- {number} of seed {seed}\n{text}\n---")
                traceback.print_exc(file=sys.stdout)
            longest = max(longest, time.process_time() - start)
    print(f"{count:,} scripts, {failed} raised, at most {longest * 1000:.0f} ms")
    return 1 if failed or longest > 1 else 0


if __name__ == "__main__":
    sys.exit(main())
