"""The outcomes of other steps on which a step runs (`Trigger` in `DependsOn`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from smgen.checks.context import CheckContext
from smgen.checks.expression_values import has_placeholder
from smgen.checks.index import DefinitionIndex
from smgen.checks.masking import shown_value
from smgen.checks.step_locations import LocationWrite, value_in
from smgen.definition import Step
from smgen.diagnostics import Finding
from smgen.documents import append_pointer
from smgen.expressions import PropertyFileReference, StepReference, value_at

#: TriggerCondition of the SDK (step_dependency.py), which writes the first one as the plain name of the step.
_TRIGGERS: Final = ("Completed", "Failed", "Stopped", "Any")
_FAILED: Final = "Failed"


def check_run_conditions(index: DefinitionIndex, _context: CheckContext) -> Iterator[Finding]:
    """SMG321 for an outcome that SageMaker does not know, for waiting for a step that ends the execution, and for
    reading what a step has not written that failed.
    """
    yield from _unwritten(index)
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


def _unwritten(index: DefinitionIndex) -> Iterator[Finding]:
    """What is read of a step for whose failure the reader waits, though only a step that succeeded has written it."""
    failed = {
        (step.pointer, awaited.pointer): dependency
        for step in index.steps
        for dependency in step.depends_on
        if dependency.trigger == _FAILED and (awaited := index.meant_step(dependency.step, step)) is not None
    }
    if not failed:
        return
    for use in index.uses:
        of = use.target
        if use.step is None or not isinstance(of, (StepReference, PropertyFileReference)):
            continue
        maker = index.meant_step(of.step, use.step)
        dependency = None if maker is None else failed.get((use.step.pointer, maker.pointer))
        if (
            maker is None
            or dependency is None
            or (isinstance(of, StepReference) and not _is_written(index, maker, of.path))
        ):
            continue
        path = of.path if isinstance(of, StepReference) else f"PropertyFiles.{of.property_file}"
        yield Finding(
            "SMG321",
            f"{use.step.name} waits for the failure of {maker.name}, and reads {path}, which a step that failed has "
            "not written",
            index.place(append_pointer(use.pointer, "Get"), use.step),
            given=f"Steps.{maker.name}.{path}",
            expected="what there is of a step that failed, such as its status and FailureReason",
            expected_at=index.place(dependency.pointer, use.step),
            fix=f"wait for {maker.name} to succeed, or leave the reference out",
        )


def _is_written(index: DefinitionIndex, maker: Step, path: str) -> bool:
    return any(path in write.properties for write in index.writes(maker) if not _is_continuous(maker, write))


def _is_continuous(maker: Step, write: LocationWrite) -> bool:
    """Whether an output is uploaded while the job runs, so that some of it is there when the job fails."""
    return value_at(value_in(maker, write.pointer.rpartition("/")[0]), "S3UploadMode") == "Continuous"
