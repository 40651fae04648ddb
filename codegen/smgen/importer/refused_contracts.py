"""Says where in a definition stands what a contract that was made of it is refused for."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from smgen.contract_model import module_name
from smgen.definition import Definition, Step
from smgen.diagnostics import Finding, Place
from smgen.documents import JsonValue, append_pointer, children, json_at, object_at, split_pointer, trail_parts, walk
from smgen.importer.imported_pipeline import ImportedPipeline
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


def at_steps(
    findings: Iterable[Finding], definition: Definition, module: str = "", pipeline: ImportedPipeline | None = None
) -> tuple[Finding, ...]:
    """What a build of an imported pipeline is refused for, at the steps and parameters of its definition.

    The ``module`` that was built is written nowhere, so its lines are no places. With the ``pipeline`` a value of a
    config is told where it stands in the step.
    """
    contracts = (
        {}
        if pipeline is None
        else {step.name: pipeline.contracts.get(step.contract) for step in contract_steps(pipeline)}
    )

    def place(finding: Finding) -> Place:
        at = _of_step(finding, definition, module)
        step = None if at.step is None else definition.step(at.step)
        if step is None or finding.about.field is None:
            return at
        pointer = _pointer(("settings", finding.about.field), step, contracts.get(step.name))
        return definition.place(_deepest(definition.document, split_pointer(pointer)), step=step.name)

    return tuple(replace(finding, place=place(finding), given_at=None, expected_at=None) for finding in findings)


def _of_step(finding: Finding, definition: Definition, module: str) -> Place:
    name = finding.place.step
    if name is not None and (step := definition.step(name)) is not None:
        return definition.place(step.pointer, step=name)
    parameters = {item.name: item for item in definition.parameters}
    if (parameter := parameters.get(finding.about.field or "")) is not None:
        return definition.place(parameter.pointer)
    # A call that raises knows nothing of the step or parameter that it is written for.
    for text in _texts_at(module, finding.place.line or 0):
        if (step := definition.step(text)) is not None:
            return definition.place(step.pointer, step=text)
        if text in parameters:
            return definition.place(parameters[text].pointer)
    return definition.place("")


def _texts_at(module: str, line: int) -> Iterator[str]:
    """The texts in the innermost statement of a module around a line, in their order."""
    around = [
        node
        for node in ast.walk(ast.parse(module))
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    texts = (node for node in ast.walk(around[-1]) if isinstance(node, ast.Constant)) if around else ()
    for node in sorted(texts, key=lambda item: (item.lineno, item.col_offset)):
        if isinstance(node.value, str):
            yield node.value


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
