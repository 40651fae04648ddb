"""Branches and loops: what is inside them is not read or waited for from outside, nor a loop's item elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from smgen.checks.context import CheckContext
from smgen.checks.index import DefinitionIndex, Use
from smgen.checks.step_references import property_findings
from smgen.checks.visibility import hiding_scope
from smgen.definition import Step, StepScope
from smgen.diagnostics import Finding
from smgen.documents import append_pointer
from smgen.expressions import (
    CurrentItemReference,
    Get,
    IterationOutputReference,
    PropertyFileReference,
    StepReference,
)


def check_scopes(index: DefinitionIndex, _context: CheckContext) -> Iterator[Finding]:
    """SMG308 for a step that is read or waited for from outside of the branch or loop that it stands in."""
    for use in index.uses:
        if isinstance(use.target, (StepReference, PropertyFileReference)):
            step = index.meant_step(use.target.step, use.step)
            if step is not None:
                at = append_pointer(use.pointer, "Get")
                path = use.target.path if isinstance(use.target, StepReference) else None
                yield from _hidden(index, use.step, step, at, f"reads {step.name}", path)
    for reader in index.steps:
        for dependency in reader.depends_on:
            step = index.meant_step(dependency.step, reader)
            if step is not None:
                yield from _hidden(index, reader, step, dependency.pointer, f"depends on {step.name}", None)


def check_loop_items(index: DefinitionIndex, _context: CheckContext) -> Iterator[Finding]:
    """SMG309 for what only a loop knows and something else reads, and what is wrong with a loop's selector."""
    bodies: dict[str, _Body] = {}
    for use in index.uses:
        if isinstance(use.target, CurrentItemReference):
            if use.step is None or all(scope.branch != "body" for scope in use.step.scope):
                yield Finding(
                    "SMG309",
                    f"{_who(use.step)} reads the current item of a loop, but stands in no loop",
                    index.place(append_pointer(use.pointer, "Get"), use.step),
                    given=use.expression.path if isinstance(use.expression, Get) else None,
                    expected="a step in the ForEachBody of a ForEach step",
                    fix="move the step into the body of the loop, or read something else",
                )
        elif isinstance(use.target, IterationOutputReference):
            yield from _iteration_output(index, use, use.target, bodies)


@dataclass(frozen=True, slots=True)
class _Body:
    """The steps that stand in a loop's body by their names."""

    steps: Mapping[str, Step]
    names: tuple[str, ...]


def _body(loop: Step) -> _Body:
    steps = {step.name: step for branch in loop.branches for step in branch.steps}
    return _Body(steps, tuple(steps))


def _iteration_output(
    index: DefinitionIndex, use: Use, of: IterationOutputReference, bodies: dict[str, _Body]
) -> Iterator[Finding]:
    at = append_pointer(use.pointer, "Get")
    loop = use.step
    if loop is None or not use.pointer.startswith(append_pointer(loop.pointer, "Arguments", "Selector", "")):
        yield Finding(
            "SMG309",
            f"{_who(loop)} reads the output of an iteration, which only the Selector of a ForEach step can",
            index.place(at, loop),
            given=f"IterationOutput.{of.step}",
            expected="Steps.<loop>.IterationOutputs[0].<step>.<property>",
            fix="name the loop and one of its iterations",
        )
        return
    # Found once for each loop: a selector may hold very many references.
    body = bodies.get(loop.pointer) or bodies.setdefault(loop.pointer, _body(loop))
    step = body.steps.get(of.step)
    if step is not None:
        yield from property_findings(index, step, of.path, at, loop)
        return
    nearest = index.nearest(of.step, body.names)
    yield Finding(
        "SMG303",
        f"the Selector of {loop.name} reads {of.step}, and no step of its body has that name",
        index.place(at, loop),
        given=of.step,
        expected=", ".join(body.names[:12]) or None,
        nearest=nearest,
        fix=f"name {nearest}" if nearest else "name a step of the loop's body",
    )


def _hidden(
    index: DefinitionIndex, reader: Step | None, step: Step, at: str, words: str, path: str | None
) -> Iterator[Finding]:
    scope = hiding_scope(reader, step)
    # Two steps that wait for each other are in a cycle: that finding says more.
    if scope is None or (reader is not None and index.order.in_one_cycle(reader, step)):
        return
    yield Finding(
        "SMG308",
        f"{_who(reader)} {words}, which stands in {_in_words(scope)} and {_why(scope)}",
        index.place(at, reader),
        given=step.name,
        given_at=index.place(step.pointer, step),
        expected=f"a step outside of {_in_words(scope)}",
        fix=_fix(reader, step, scope, path),
    )


def _fix(reader: Step | None, step: Step, scope: StepScope, path: str | None) -> str:
    if scope.branch == "body":
        if path:
            return f"read one iteration: Steps.{scope.step}.IterationOutputs[0].{step.name}.{path}"
        return f"name the loop {scope.step} instead of the step in its body"
    if reader is None:
        return f"move {step.name} out of the branch"
    return f"move {reader.name} into {_in_words(scope)}, or {step.name} out of it"


def _who(reader: Step | None) -> str:
    return "the definition" if reader is None else reader.name


def _in_words(scope: StepScope) -> str:
    if scope.branch == "body":
        return f"the body of the loop {scope.step}"
    return f"the {scope.branch} branch of {scope.step}"


def _why(scope: StepScope) -> str:
    return "runs once per item" if scope.branch == "body" else "may not run"
