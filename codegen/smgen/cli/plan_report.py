"""Plans as text, as Markdown for a pull request, and as data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from smgen.cli.change_report import ReportedChanges, change_objects, changes_markdown, changes_text
from smgen.documents import JsonObject
from smgen.workflows.deploying import Plan


def plan_text(plans: Iterable[Plan]) -> str:
    """A block for each plan: its title, and the changes by what they change."""
    return changes_text(_reported(plan) for plan in plans)


def plan_markdown(plans: Iterable[Plan]) -> str:
    """A section for each plan, with a table of its changes."""
    return changes_markdown(_reported(plan) for plan in plans)


def plan_json(plans: Sequence[Plan]) -> JsonObject:
    """All plans as data; ``version`` grows when a member changes its meaning or goes away."""
    return {
        "version": 1,
        "plans": [
            {
                "pipeline": plan.pipeline,
                "environment": plan.environment,
                "deployed": plan.deployed,
                "changes": change_objects(plan.changes),
                "forgiven": {**plan.forgiven},
                "moved_code": [
                    {"step": item.step, "location": item.location, "path": item.path} for item in plan.moved
                ],
            }
            for plan in plans
        ],
    }


def _reported(plan: Plan) -> ReportedChanges:
    return ReportedChanges(
        f"{plan.pipeline} for {plan.environment}",
        ("deployed", "then"),
        plan.changes,
        plan.forgiven,
        plan.moved,
        None if plan.deployed else "is not deployed yet and would be created",
    )
