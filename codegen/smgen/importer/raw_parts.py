"""Which parts of a definition come in as they are, because nothing typed can say them, and the definition without."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from smgen.definition import Branch, Definition, Step
from smgen.diagnostics import Finding
from smgen.documents import append_pointer, at_pointer, object_at, split_pointer
from smgen.expressions import value_from_json
from smgen.importer.shapes import is_expression

#: Why parts come in as they are, by JSON pointer: of a step, of a member beside its arguments, of a value in its
#: arguments, of a parameter, or of a member of the whole definition.
RawParts: TypeAlias = "Mapping[str, str]"

_KNOWN: Final = ("Version", "Metadata", "Parameters", "PipelineExperimentConfig", "MlflowConfig", "Steps")
#: What of a step is the step itself.
_ITSELF: Final = ("Name", "Type", "Arguments")
#: The members of a step that a pipeline says where it adds the step.
_OF_PIPELINE: Final = ("DependsOn", "CacheConfig", "RetryPolicies", "DisplayName", "Description", "PropertyFiles")


def first_raw_parts(definition: Definition) -> RawParts:
    """What comes in as it is without a try: what a tolerant reader left out, unknown members, names that are there
    twice.
    """
    found = {
        append_pointer("", name): f"a definition has no member '{name}'"
        for name in definition.document
        if name not in _KNOWN
    }
    found |= more_raw_parts(definition, definition.faults, found)
    names: dict[str, list[Step]] = {}
    for step in definition.all_steps():
        names.setdefault(step.name, []).append(step)
    for name, steps in names.items():
        if len(steps) > 1:
            found |= {step.pointer: f"{len(steps)} steps are named '{name}'" for step in steps}
    return found


def more_raw_parts(definition: Definition, findings: Iterable[Finding], known: RawParts) -> dict[str, str]:
    """The parts that have to come in as they are for findings about a definition, beside those that are ``known``.

    Without an entry for what is nothing of that definition.
    """
    found: dict[str, str] = {}
    for finding in findings:
        part = None if finding.place.pointer is None else _part(definition, finding.place.pointer, known)
        if part is not None:
            found.setdefault(part, finding.message)
    return found


def without(definition: Definition, raw: RawParts) -> Definition:
    """The definition whose views have none of the parts; its document stays, and so do the pointers."""
    if not raw:
        return definition
    return replace(
        definition,
        parameters=tuple(
            replace(item, default=None, has_default=False, enum=None) if item.pointer in raw else item
            for item in (() if "/Parameters" in raw else definition.parameters)
        ),
        experiment=None if "/PipelineExperimentConfig" in raw else definition.experiment,
        mlflow=None if "/MlflowConfig" in raw else definition.mlflow,
        steps=tuple(_steps(definition.steps, raw)),
    )


def raw_steps(steps: Iterable[Step], raw: Collection[str]) -> Iterator[Step]:
    """The outermost steps that come in as they are."""
    for step in steps:
        if step.pointer in raw:
            yield step
        else:
            yield from (inner for branch in step.branches for inner in raw_steps(branch.steps, raw))


def names_in_order(steps: Iterable[Step], raw: Collection[str]) -> Iterator[str]:
    """The names of the steps that code adds, in the order of the definition: nothing of what stands in a raw one."""
    for step in steps:
        yield step.name
        if step.pointer not in raw:
            yield from (name for branch in step.branches for name in names_in_order(branch.steps, raw))


def raw_members(step: Step, raw: Collection[str]) -> tuple[str, ...]:
    """The members of a step that come in as they are."""
    begin = f"{step.pointer}/"
    below = (split_pointer(part[len(step.pointer) :]) for part in raw if part.startswith(begin))
    return tuple(way[0] for way in below if len(way) == 1 and (step.kind.structural or way[0] in _OF_PIPELINE))


def _steps(steps: Iterable[Step], raw: RawParts) -> Iterator[Step]:
    for step in steps:
        if step.pointer not in raw:
            inside = tuple(
                Branch(branch.name, tuple(_steps(branch.steps, raw)), branch.pointer) for branch in step.branches
            )
            yield _without_members(replace(step, branches=inside), raw_members(step, raw))


def _without_members(step: Step, members: Collection[str]) -> Step:
    if not members:
        return step
    return replace(
        step,
        depends_on=() if "DependsOn" in members else step.depends_on,
        cache=None if "CacheConfig" in members else step.cache,
        retry=() if "RetryPolicies" in members else step.retry,
        property_files=() if "PropertyFiles" in members else step.property_files,
        fields={name: item for name, item in step.fields.items() if name not in members},
        own={name: item for name, item in step.own.items() if name not in members},
    )


def _part(definition: Definition, pointer: str, known: RawParts) -> str | None:
    """The smallest part around a place that can come in as it is and does not yet; None where there is none."""
    holding = [step for step in definition.all_steps() if f"{pointer}/".startswith(f"{step.pointer}/")]
    for step in sorted(holding, key=lambda one: -len(one.pointer)):
        if any(part in known for part in _around(step.pointer)):
            continue
        return next(part for part in _parts_of_step(definition, step, pointer, known))
    return None if holding else _part_beside_steps(definition, pointer, known)


def _parts_of_step(definition: Definition, step: Step, pointer: str, known: RawParts) -> Iterator[str]:
    """The parts of a step around a place, the smallest first and the step, which is none that is known, last."""
    way = split_pointer(pointer[len(step.pointer) :])
    if way and (way[0] in _OF_PIPELINE or (step.kind.structural and way[0] not in _ITSELF)):
        member = append_pointer(step.pointer, way[0])
        if member not in known:
            yield member
    value = None if step.kind.structural else _value(definition, step, way)
    if value is not None and not any(part in known for part in _around(value)):
        yield value
    yield step.pointer


def _part_beside_steps(definition: Definition, pointer: str, known: RawParts) -> str | None:
    first, *rest = split_pointer(pointer) or ("Steps",)
    if first == "Steps":
        return None
    item = append_pointer("", first, *rest[:1])
    if first == "Parameters" and rest and item not in known:
        return item
    top = append_pointer("", first)
    return top if top not in known and first in object_at(definition.document) else None


def _value(definition: Definition, step: Step, way: Sequence[str]) -> str | None:
    """The value in the arguments of a step, or beside them, that holds a place; an expression is taken whole."""
    # The arguments themselves are the step, and so is its name or type.
    if not way or way[0] in ("Name", "Type") or (len(way) == 1 and way[0] == "Arguments"):
        return None
    at = step.pointer
    for number, part in enumerate(way):
        at = append_pointer(at, part)
        if number and is_expression(value_from_json(at_pointer(definition.document, at))):
            break
    return at


def _around(pointer: str) -> Iterator[str]:
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]
