"""What the scripts that make smgen's tables end with: the file is written, or held against what they would write."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path


def write_or_check(
    file: Path, fresh: str, differences: Callable[[str, str], Iterable[str]], *, check: bool, again: str
) -> int:
    """Writes ``fresh`` where the file is another, or with ``check`` prints how the two differ.

    ``differences`` tells the file's text from the fresh one, a line per difference; ``again`` is the command that
    writes the file. Returns 0 (fine) or 1 (stale). OSError passes through.
    """
    shipped = file.read_text(encoding="utf-8") if file.exists() else ""
    if not check:
        if shipped != fresh:
            file.write_text(fresh, encoding="utf-8", newline="\n")
        return 0
    lines = tuple(differences(shipped, fresh))
    for line in lines:
        print(line)
    if lines:
        print(f"run: {again}")
    return 1 if lines else 0
