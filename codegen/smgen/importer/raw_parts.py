"""Which parts of a definition come in as they are, because nothing typed can say them, and the definition without."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from smgen.aws import CONDITION
from smgen.definition import Branch, Definition, Step, dump_definition, parse_definition
from smgen.diagnostics import Finding
from smgen.documents import append_pointer, at_pointer, object_at, split_pointer, upwards
from smgen.expressions import as_expression, parse_condition, value_from_json
from smgen.importer.imported_pipeline import RawPart
from smgen.importer.shapes import is_expression
from smgen.importer.unifying import Unified, unify

#: Why parts come in as they are, by JSON pointer: of a step, of a member beside its arguments, of a value in its
#: arguments, of a parameter, or of a member of the whole definition.
RawParts: TypeAlias = "Mapping[str, str]"

_KNOWN: Final = ("Version", "Metadata", "Parameters", "PipelineExperimentConfig", "MlflowConfig", "Steps")
_PARAMETER: Final = re.compile(r"/Parameters/\d+")
_CONDITION: Final = re.compile(r"/Arguments/Conditions/\d+\Z")
#: What of a step is the step itself.
_ITSELF: Final = ("Name", "Type", "Arguments")
#: The members of a step that a pipeline says where it adds the step.
_OF_PIPELINE: Final = ("DependsOn", "CacheConfig", "RetryPolicies", "DisplayName", "Description", "PropertyFiles")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something at a place of a definition cannot be typed, in the words of a finding."""

    pointer: str
    words: str


def first_raw_parts(unified: Unified) -> RawParts:
    """What comes in as it is without a try: what a tolerant reader left out, unknown members, names that are there
    twice, and what environments have in another form.
    """
    definition = unified.definition
    found = {
        append_pointer("", name): f"a definition has no member '{name}'"
        for name in definition.document
        if name not in _KNOWN
    }
    differing = (Reason(pointer, words) for pointer, words in unified.differing.items())
    reasons = (*differing, *reasons_of(definition.faults))
    found |= more_raw_parts(definition, reasons, found)
    names: dict[str, list[Step]] = {}
    for step in definition.all_steps():
        names.setdefault(step.name, []).append(step)
    for name, steps in names.items():
        if len(steps) > 1:
            found |= {step.pointer: f"{len(steps)} steps are named '{name}'" for step in steps}
    return found


def raw_parts_for(
    definitions: Mapping[str, Definition], environment: str, findings: Iterable[Finding], known: RawParts
) -> RawParts:
    """The same for findings about the definition of one environment: the parts are those of the one of all."""
    unified = unify(definitions)
    number = unified.environments.index(environment)
    reasons = (replace(one, pointer=unified.pointer_of(number, one.pointer)) for one in reasons_of(findings))
    return more_raw_parts(unified.definition, reasons, known)


def more_raw_parts(definition: Definition, reasons: Iterable[Reason], known: RawParts) -> dict[str, str]:
    """The parts that have to come in as they are because of what is at places of a definition, beside those ``known``.

    Without an entry for what is nothing of that definition.
    """
    found: dict[str, str] = {}
    steps = {step.pointer: step for step in definition.all_steps()}
    for reason in reasons:
        part = _part(definition, steps, reason.pointer, known)
        if part is not None:
            found.setdefault(part, reason.words)
    return found


def reasons_of(findings: Iterable[Finding]) -> Iterator[Reason]:
    """The findings that have a place in a definition."""
    for finding in findings:
        if finding.place.pointer is not None:
            yield Reason(finding.place.pointer, finding.message)


@dataclass(frozen=True, slots=True)
class RawView:
    """The definition of all environments without what comes in as it is; its pointers are those of the whole.

    ``parts`` are what comes in so. ``laid_over`` are those of them that no contract can hold, since environments
    differ in them: values in the arguments of steps, or beside them.
    """

    unified: Unified
    parts: RawParts
    laid_over: tuple[str, ...]


def raw_view(whole: Unified, raw: RawParts) -> RawView:
    """The view without the parts ``raw``; where environments differ in one inside of a list, without the list."""
    steps = {step.pointer: step for step in whole.definition.all_steps()}
    parts, laid_over = dict[str, str](), list[str]()
    for pointer, words in raw.items():
        step = next((steps[item] for item in upwards(pointer) if item in steps), None)
        if step is not None and _is_value(step, pointer) and not _is_held(whole.part(pointer)):
            pointer = _member(whole.definition, step, pointer)
            laid_over.append(pointer)
        elif not _is_told(whole.part(pointer), pointer):
            # A condition is as raw as its step then, and a parameter as all of them.
            pointer = "/Parameters" if step is None else step.pointer
        parts.setdefault(pointer, words)
    # What stands in another part is that part.
    parts = {pointer: words for pointer, words in parts.items() if not _is_in(parts, pointer.rpartition("/")[0])}
    cut = tuple(dict.fromkeys(pointer for pointer in laid_over if pointer in parts))
    varying = {pointer: values for pointer, values in whole.varying.items() if not _is_in(parts, pointer)}
    missing = [pointer for pointer in parts if not whole.part(pointer).is_everywhere]
    seen = replace(whole, definition=_without(_cut(whole.definition, cut), parts, missing), varying=varying)
    return RawView(seen, parts, cut)


def _is_in(parts: Collection[str], pointer: str) -> bool:
    return any(item in parts for item in upwards(pointer))


def _is_told(part: RawPart, pointer: str) -> bool:
    """Whether ``raw_parameter`` and ``raw_condition`` take what they would be given; nothing else is that narrow."""
    if _PARAMETER.fullmatch(pointer):
        return all(map(object_at, part.values.values()))
    return not _CONDITION.search(pointer) or None not in map(parse_condition, part.values.values())


def _is_value(step: Step, pointer: str) -> bool:
    """Whether a part is a value in the arguments of a step with a contract, or beside them."""
    way = split_pointer(pointer[len(step.pointer) :])
    return bool(way) and not step.kind.structural and way[0] not in _OF_PIPELINE


def _is_held(part: RawPart) -> bool:
    """Whether a contract has a place for a value: one that is the same everywhere, or an expression everywhere."""
    values = [value_from_json(value) for value in part.values.values()]
    return part.is_alike or (part.is_everywhere and None not in map(as_expression, values))


def _member(definition: Definition, step: Step, pointer: str) -> str:
    """The outermost value around a place in a step that is a member of objects only."""
    at = step.pointer
    for name in split_pointer(pointer[len(step.pointer) :]):
        if name not in object_at(at_pointer(definition.document, at)):
            break
        at = append_pointer(at, name)
    return at


def _cut(definition: Definition, members: Collection[str]) -> Definition:
    """The definition whose document has not those members."""
    if not members:
        return definition
    document = dump_definition(definition)
    for pointer in members:
        holder, _, _ = pointer.rpartition("/")
        object_at(at_pointer(document, holder)).pop(split_pointer(pointer)[-1], None)
    return parse_definition(document, file=definition.file, tolerant=True)


def _without(definition: Definition, raw: RawParts, missing: Collection[str]) -> Definition:
    """The definition whose views have none of the parts; of ``missing`` ones nothing is there to be read."""
    if not raw:
        return definition
    return replace(
        definition,
        parameters=tuple(
            replace(item, default=None, has_default=False, enum=None) if item.pointer in raw else item
            for item in (() if "/Parameters" in raw else definition.parameters)
            if item.pointer not in missing
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


def _part(definition: Definition, steps: Mapping[str, Step], pointer: str, known: RawParts) -> str | None:
    """The smallest part around a place that can come in as it is and does not yet; None where there is none.

    ``steps`` are those of the definition by their pointers.
    """
    holding = [steps[part] for part in upwards(pointer) if part in steps]
    for step in holding:
        if not any(part in known for part in upwards(step.pointer)):
            return next(_parts_of_step(definition, step, pointer, known))
    return None if holding else _part_beside_steps(definition, pointer, known)


def _parts_of_step(definition: Definition, step: Step, pointer: str, known: RawParts) -> Iterator[str]:
    """The parts of a step around a place, the smallest first and the step, which is none that is known, last."""
    way = split_pointer(pointer[len(step.pointer) :])
    if way and (way[0] in _OF_PIPELINE or (step.kind.structural and way[0] not in _ITSELF)):
        member = append_pointer(step.pointer, way[0])
        if member not in known:
            yield member
    if step.kind is CONDITION and way[:2] == ("Arguments", "Conditions") and len(way) > 2:
        condition = append_pointer(step.pointer, *way[:3])
        if condition not in known:
            yield condition
    value = None if step.kind.structural else _value(definition, step, way)
    if value is not None and not any(part in known for part in upwards(value)):
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
