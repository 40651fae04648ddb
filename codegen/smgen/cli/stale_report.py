"""What ``smgen generate --check`` says of a stale package: a line per file, why, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from smgen.cli.findings import counted
from smgen.diagnostics import bounded, place_in_file, visible
from smgen.documents import TreeChange, shown_path
from smgen.generate import GeneratedPackage, other_tools, stale_findings
from smgen.packages import Ownership, stale_package_findings

#: How many files are named; a stale package of many contracts has hundreds.
_MOST_FILES: Final = 20
_MOST_CAUSES: Final = 10


def stale_report(
    folder: Path, contracts: Path, package: GeneratedPackage, changes: Sequence[TreeChange], *, diffs: bool
) -> str:
    """The whole text. Without ``diffs`` it names the files, what of the sources has changed, and the commands."""
    return "".join(f"{line}\n" for line in _lines(folder, contracts, package, changes, diffs))


def _lines(
    folder: Path, contracts: Path, package: GeneratedPackage, changes: Sequence[TreeChange], diffs: bool
) -> Iterator[str]:
    shown = shown_path(folder)
    named = changes if diffs else changes[:_MOST_FILES]
    for change, finding in zip(named, stale_findings(tuple(named), shown), strict=True):
        yield f"{change.kind.ljust(7)} {place_in_file(finding.place)}  {finding.rule}"
        if diffs and change.diff:
            yield change.diff.rstrip("\n")
    if len(changes) > len(named):
        yield f"and {counted(len(changes) - len(named), 'more file')}"
    yield ""
    kinds = [change.kind for change in changes]
    counts = [f"{kinds.count(kind)} {kind.lower()}" for kind in ("CHANGED", "MISSING", "EXTRA") if kind in kinds]
    yield f"{shown} is stale: {', '.join(counts)}."
    yield from _why(folder, contracts, package, changes)
    foreign = list(_foreign(folder, changes))
    if foreign:
        listed = ", ".join(visible(bounded(path, 100)) for path in foreign[:_MOST_CAUSES])
        yield f"smgen did not write {listed}: move it to another folder, or delete it."
    if len(foreign) < len(changes):
        yield "Run 'smgen generate' and commit the result." + (
            "" if diffs else " To see the differences: --check --diff."
        )


def _foreign(folder: Path, changes: Sequence[TreeChange]) -> Iterator[str]:
    """The files that are too many and somebody else's, which generating leaves where they are."""
    ownership = Ownership.of(folder)
    for change in changes:
        path = folder / change.path
        is_file = path.is_file() and not path.is_symlink()
        if change.kind == "EXTRA" and not (is_file and ownership.owns(change.path, path.read_bytes())):
            yield change.path


def _why(folder: Path, contracts: Path, package: GeneratedPackage, changes: Sequence[TreeChange]) -> Iterator[str]:
    """The sources and files that are not what they were, or else the tools, which then are the reason."""
    missing = {f"{shown_path(folder)}/{change.path}" for change in changes if change.kind == "MISSING"}
    causes = [item for item in stale_package_findings(folder, contracts) if item.place.file not in missing]
    for finding in causes[:_MOST_CAUSES]:
        yield f"  {place_in_file(finding.place)}: {visible(bounded(finding.message, 200))}"
    if len(causes) > _MOST_CAUSES:
        yield f"  and {counted(len(causes) - _MOST_CAUSES, 'more cause')}"
    tools = other_tools(folder, package)
    listed = ", ".join(f"{visible(tool)} {here} (was {visible(there)})" for tool, (there, here) in tools.items())
    only_extra = all(change.kind == "EXTRA" for change in changes)
    if tools and not causes and not only_extra:
        yield f"The contracts are what they were. It is the tools that differ: {listed}."
    elif tools and not only_extra:
        yield f"Tools of other versions have a part in it: {listed}."
