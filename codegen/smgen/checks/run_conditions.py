"""The outcomes of other steps on which a step runs (`Trigger` in `DependsOn`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from smgen.checks.context import CheckContext
from smgen.checks.expression_values import has_placeholder
from smgen.checks.index import DefinitionIndex
from smgen.checks.masking import shown_value
from smgen.diagnostics import Finding
from smgen.documents import append_pointer

#: TriggerCondition of the SDK (step_dependency.py), which writes the first one as the plain name of the step.
_TRIGGERS: Final = ("Completed", "Failed", "Stopped", "Any")


def check_run_conditions(index: DefinitionIndex, _context: CheckContext) -> Iterator[Finding]:
    """SMG321 for an outcome that SageMaker does not know, and for waiting for a step that ends the execution."""
    for step in index.steps:
        for dependency in step.depends_on:
            awaited = index.meant_step(dependency.step, step)
            if awaited is not None and awaited.kind.ends_execution:
                yield Finding(
                    "SMG321",
                    f"{step.name} waits for {awaited.name}, a {awaited.type} step, with which the execution ends",
                    index.place(dependency.pointer, step),
                    given=awaited.name,
                    expected="a step after which the execution goes on (developer guide: Fail step, Limitations)",
                    fix="wait for the step before it, or leave the dependency out",
                )
            trigger = dependency.trigger
            if trigger is None or trigger in _TRIGGERS or has_placeholder(trigger):
                continue
            nearest = index.nearest(trigger, _TRIGGERS)
            yield Finding(
                "SMG321",
                f"{step.name} waits for an outcome of {dependency.step} that SageMaker does not know",
                index.place(append_pointer(dependency.pointer, "Trigger"), step),
                given=shown_value("", trigger),
                expected=", ".join(_TRIGGERS),
                nearest=nearest,
                fix=f"write {nearest}" if nearest else "write one of them",
            )
