"""Says where in a definition stands what a contract that was made of it is refused for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from smgen.contracts import module_name
from smgen.definition import Definition, Step
from smgen.diagnostics import Finding, Place
from smgen.documents import JsonValue, append_pointer, children, json_at, object_at, split_pointer, trail_parts, walk
from smgen.importer.model import ImportedPipeline
from smgen.importer.walking import contract_steps


def at_definitions(
    findings: Iterable[Finding], imported: Sequence[tuple[ImportedPipeline, Definition]], folder: str
) -> tuple[Finding, ...]:
    """The findings with those in contracts of the pipelines at the places of their definitions.

    ``folder`` is what the findings call the folder of the contracts. Of several steps with a contract the first is
    meant, and where it has nothing of what the contract says, the innermost thing that holds it.
    """
    held: dict[str, tuple[Definition, Step, JsonValue]] = {}
    for pipeline, definition in imported:
        for used in contract_steps(pipeline):
            step = definition.step(used.name)
            document = pipeline.contracts.get(used.contract)
            if step is not None and document is not None:
                held.setdefault(f"{folder}/{module_name(used.contract)}.json", (definition, step, document))
    return tuple(_placed(finding, held) for finding in findings)


def at_steps(findings: Iterable[Finding], definition: Definition) -> tuple[Finding, ...]:
    """What a build of an imported pipeline is refused for, at the steps and parameters of its definition.

    The module that was built is written nowhere, so its lines are no places.
    """
    return tuple(
        replace(finding, place=_of_step(finding, definition), given_at=None, expected_at=None) for finding in findings
    )


def _of_step(finding: Finding, definition: Definition) -> Place:
    name = finding.place.step
    step = None if name is None else definition.step(name)
    if step is not None:
        return definition.place(step.pointer, step=name)
    parameter = next((item for item in definition.parameters if item.name == finding.about.field), None)
    return definition.place("" if parameter is None else parameter.pointer)


def _placed(finding: Finding, held: Mapping[str, tuple[Definition, Step, JsonValue]]) -> Finding:
    known = held.get(finding.place.file or "")
    if known is None:
        return finding
    definition, step, contract = known
    pointer = _pointer(split_pointer(finding.place.pointer or ""), step, contract)
    at = _deepest(definition.document, split_pointer(pointer))
    return replace(finding, place=definition.place(at, step=step.name), expected_at=None)


def _pointer(parts: Sequence[str], step: Step, contract: JsonValue) -> str:
    """The pointer in the definition, as far as it may be there."""
    if parts and parts[0] == "settings":
        for top in ("request", "step_fields"):
            found = _hole(json_at(contract, top), parts[1] if len(parts) > 1 else "")
            if found is not None:
                return _pointer((top, *found), step, contract)
    if parts and parts[0] in ("request", "step_fields"):
        way: list[str] = [] if parts[0] == "step_fields" else ["Arguments"]
        after_merge = False
        for part in parts[1:]:
            # The parts that a merge puts together are one object in the definition.
            if not part.startswith("$") and not after_merge:
                way.append(part)
            after_merge = part == "$merge"
        return append_pointer(step.pointer, *way)
    return step.pointer


def _hole(value: JsonValue, setting: str) -> tuple[str, ...] | None:
    """The way to the first hole of a setting."""
    holes = (trail for trail, item in walk(value) if object_at(item).get("$setting") == setting)
    return next((tuple(map(str, trail_parts(trail))) for trail in holes), None)


def _deepest(document: JsonValue, parts: Sequence[str]) -> str:
    """The pointer as far as there is something."""
    at = ""
    for part in parts:
        inside = {str(name): item for name, item in children(document)}
        if part not in inside:
            break
        document, at = inside[part], append_pointer(at, part)
    return at
