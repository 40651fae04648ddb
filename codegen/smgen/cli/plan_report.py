"""Plans as text, as Markdown for a pull request, and as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from smgen.cli.findings import counted
from smgen.definition import DEPLOYED, change_lines
from smgen.documents import JsonObject
from smgen.workflows.deploying import Plan


def plan_text(plans: Iterable[Plan]) -> str:
    """A block for each plan: its title, and the changes by what they change."""
    return "\n".join("".join(f"{line}\n" for line in _text(plan)) for plan in plans)


def _text(plan: Plan) -> Iterator[str]:
    yield f"{plan.pipeline} for {plan.environment}: {_summary(plan)}"
    for line in change_lines(plan.changes):
        yield f"  {line}"
    if plan.forgiven:
        yield f"  told another way and meaning the same: {', '.join(_forgiven(plan))}"
    for moved in plan.moved:
        yield f"  in the project now, with the same content: step {moved.step}, {moved.location} is {moved.path}"


def _forgiven(plan: Plan) -> Iterator[str]:
    """The normalisations that made something equal, with how often."""
    for item in DEPLOYED:
        count = plan.forgiven.get(item.id, 0)
        if count:
            yield f"{item.id} {item.name} {counted(count, 'time')}"


def plan_markdown(plans: Iterable[Plan]) -> str:
    """A section for each plan, with a table of its changes."""
    return "\n".join("".join(f"{line}\n" for line in _markdown(plan)) for plan in plans)


def _markdown(plan: Plan) -> Iterator[str]:
    yield f"### {_cell(plan.pipeline)} for {_cell(plan.environment)}: {_summary(plan)}"
    yield ""
    if plan.changes:
        yield "| | what | where | deployed | then |"
        yield "|---|---|---|---|---|"
        for change in plan.changes:
            sign = "code" if change.kind == "code" else change.kind
            values = [_code(change.before), _code(change.after)]
            if change.kind == "code":
                values = ["", "other content"]
            yield f"| {sign} | {_cell(change.subject)} | {_code(change.path or None)} | {values[0]} | {values[1]} |"
        yield ""
    if plan.forgiven:
        yield f"Told another way and meaning the same: {', '.join(_forgiven(plan))}."
        yield ""
    if plan.moved:
        yield "In the project now, with the same content:"
        yield ""
        for moved in plan.moved:
            yield f"- step {_cell(moved.step)}: {_code(moved.location)} is {_code(moved.path)}"
        yield ""


def plan_json(plans: Sequence[Plan]) -> JsonObject:
    """All plans as data; ``version`` grows when a member changes its meaning or goes away."""
    return {
        "version": 1,
        "plans": [
            {
                "pipeline": plan.pipeline,
                "environment": plan.environment,
                "deployed": plan.deployed,
                "changes": [
                    {
                        "kind": change.kind,
                        "subject": change.subject,
                        "path": change.path,
                        "before": change.before,
                        "after": change.after,
                    }
                    for change in plan.changes
                ],
                "forgiven": {**plan.forgiven},
                "moved_code": [
                    {"step": item.step, "location": item.location, "path": item.path} for item in plan.moved
                ],
            }
            for plan in plans
        ],
    }


def _summary(plan: Plan) -> str:
    if not plan.deployed:
        return "is not deployed yet and would be created"
    return f"{counted(len(plan.changes), 'change')}" if plan.changes else "no changes"


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def _code(text: str | None) -> str:
    """Text of a definition in a table, where nothing of it can be markup."""
    if text is None:
        return ""
    inner = text.replace("|", "\\|").replace("\n", " ")
    ticks = "`"
    while ticks in inner:
        ticks += "`"
    pad = " " if inner.startswith("`") or inner.endswith("`") else ""
    return f"{ticks}{pad}{inner}{pad}{ticks}"
