"""Small rules about what a definition holds: property files, conditions and kinds of steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from smgen.aws import CONDITION, STEP_KINDS
from smgen.checks.context import CheckContext
from smgen.checks.index import DefinitionIndex
from smgen.diagnostics import Finding
from smgen.documents import append_pointer, at_pointer, json_at
from smgen.expressions import PropertyFileReference, StepReference

_TOP: Final = ("Version", "Metadata", "Parameters", "PipelineExperimentConfig", "MlflowConfig", "Steps")
"""The members of a definition, as the SDK writes them."""
_OF_THE_REQUEST: Final = ("ParallelismConfiguration", "PipelineDisplayName", "PipelineDescription", "RoleArn", "Tags")
"""Members of CreatePipeline beside the definition, which are written into it by mistake."""


def check_members(index: DefinitionIndex, _context: CheckContext) -> Iterator[Finding]:
    """SMG300 for parts that cannot be read, SMG410 for unknown members at the top, SMG323 for untyped parameters."""
    yield from index.definition.faults
    for name in index.definition.document:
        if name not in _TOP:
            nearest = index.nearest(name, _TOP)
            yield Finding(
                "SMG410",
                f"a definition has no member {name!r}",
                index.definition.place(append_pointer("", name), key=True),
                given=name,
                expected=", ".join(_TOP),
                nearest=nearest,
                fix="it belongs to the request that creates the pipeline (max_parallel_steps of a smgen project)"
                if name == _OF_THE_REQUEST[0]
                else "it belongs to the request that creates the pipeline"
                if name in _OF_THE_REQUEST
                else f"write {nearest}"
                if nearest
                else f"remove {name!r}",
            )
    for parameter in index.definition.parameters:
        if json_at(at_pointer(index.definition.document, parameter.pointer), "Type") is None:
            yield Finding(
                "SMG323",
                f"the parameter {parameter.name} says no type, so it is taken for a text",
                index.definition.place(parameter.pointer),
                expected="Type: String, Integer, Float or Boolean",
                fix='add "Type": "String"',
            )


def check_property_files_are_read(index: DefinitionIndex, _context: CheckContext) -> Iterator[Finding]:
    """SMG317 for each property file that nothing reads."""
    read = {
        (step.pointer, use.target.property_file)
        for use in index.uses
        if isinstance(use.target, PropertyFileReference)
        and (step := index.meant_step(use.target.step, use.step)) is not None
    }
    # One that was probably meant: the reference with the wrong name is the finding.
    meant = {
        (step.pointer, index.nearest(use.target.property_file, index.property_files(step).names))
        for use in index.uses
        if isinstance(use.target, PropertyFileReference)
        and (step := index.meant_step(use.target.step, use.step)) is not None
        and use.target.property_file not in index.property_files(step).known
    }
    for step in index.steps:
        for file in step.property_files:
            if (step.pointer, file.name) not in read and (step.pointer, file.name) not in meant:
                yield Finding(
                    "SMG317",
                    f"{step.name} declares the property file {file.name}, and nothing reads it",
                    index.place(file.pointer, step),
                    given=file.name,
                    expected=f'a Std:JsonGet of {{"Get": "Steps.{step.name}.PropertyFiles.{file.name}"}}',
                    fix="read it in a condition, or remove it",
                )


def check_branches(index: DefinitionIndex, _context: CheckContext) -> Iterator[Finding]:
    """SMG318 for a Condition step that decides nothing, or about nothing though nobody reads its outcome."""
    read = {
        step.pointer
        for use in index.uses
        if isinstance(use.target, StepReference) and (step := index.meant_step(use.target.step, use.step)) is not None
    }
    for step in index.steps:
        if step.kind is not CONDITION:
            continue
        arguments = append_pointer(step.pointer, "Arguments")
        if step.arguments.get("Conditions") == []:
            yield Finding(
                "SMG318",
                f"{step.name} has no condition, so there is nothing to decide",
                index.place(append_pointer(arguments, "Conditions"), step),
                expected="at least one condition",
                fix="add a condition, or put the steps of the if branch in place of the Condition step",
            )
        if not any(branch.steps for branch in step.branches) and step.pointer not in read:
            yield Finding(
                "SMG318",
                f"{step.name} has no step in either branch, so its decision changes nothing",
                index.place(step.pointer, step),
                expected="a step in IfSteps or ElseSteps",
                fix="add the steps that the condition decides about, or remove the Condition step",
            )


def check_step_kinds(index: DefinitionIndex, context: CheckContext) -> Iterator[Finding]:
    """SMG319 once for each kind of step that smgen does not know, and therefore does not check.

    The contract of an authored step says itself that its kind is raw, so nothing is said about those.
    """
    unknown = [step for step in index.steps if step.type not in STEP_KINDS and context.author_of(step.name) is None]
    seen: dict[str, int] = {}
    for step in unknown:
        seen[step.type] = seen.get(step.type, 0) + 1
    for step in unknown:
        count = seen.pop(step.type, 0)
        if count:
            nearest = index.nearest(step.type, tuple(STEP_KINDS))
            more = "" if count == 1 else f" (and of {count - 1} more step{'' if count == 2 else 's'})"
            yield Finding(
                "SMG319",
                f"smgen does not know the kind {step.type} of {step.name}{more}, so it checks none of its arguments "
                "and properties",
                index.place(append_pointer(step.pointer, "Type"), step),
                given=step.type,
                expected=", ".join(STEP_KINDS),
                nearest=nearest,
                fix=f"write {nearest}" if nearest else None,
            )
