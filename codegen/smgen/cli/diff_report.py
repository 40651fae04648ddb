"""How two sides differ, as text, as Markdown for a pull request, and as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from smgen.cli.change_report import ReportedChanges, change_objects, changes_markdown, changes_text
from smgen.documents import JsonObject
from smgen.workflows.differing import DefinitionDiff


def diff_text(diffs: Sequence[DefinitionDiff]) -> str:
    """A block for each pipeline: its title, and the changes by what they change."""
    return changes_text(_reported(diffs))


def diff_markdown(diffs: Sequence[DefinitionDiff]) -> str:
    """A section for each pipeline, with a table of its changes."""
    return changes_markdown(_reported(diffs))


def diff_json(diffs: Sequence[DefinitionDiff]) -> JsonObject:
    """All of it as data; ``version`` grows when a member changes its meaning or goes away."""
    return {
        "version": 1,
        "diffs": [
            {
                "pipeline": diff.pipeline,
                "environment": diff.environment,
                "before": diff.before,
                "after": diff.after,
                "missing": diff.missing,
                "changes": change_objects(diff.changes),
                "forgiven": {**diff.forgiven},
            }
            for diff in diffs
        ],
    }


def _reported(diffs: Sequence[DefinitionDiff]) -> Iterator[ReportedChanges]:
    """What is told once: environments in which the same changes are one after the other are told together."""
    for diff, alike in groupby(diffs, key=lambda diff: replace(diff, environment=None)):
        environments = [item.environment for item in alike if item.environment is not None]
        sides = f"{diff.before} to {diff.after}"
        of = " for ".join(name for name in (diff.pipeline, ", ".join(environments)) if name)
        yield ReportedChanges(
            f"{of}, {sides}" if of else sides,
            (diff.before, diff.after),
            diff.changes,
            diff.forgiven,
            summary=None if diff.missing is None else f"is not in {diff.missing}",
        )
