"""What a cleanup step deletes: all that a step wrote, or single objects of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from smgen.authoring.misuse import short
from smgen.authoring.origins import Dependency, Origin
from smgen.authoring.proxies import StepOutputProxy
from smgen.authoring.references import is_output
from smgen.building.content import AddedCleanup, CleanupSource
from smgen.contract_model import StepContract
from smgen.diagnostics import Finding, Place
from smgen.documents import JsonObject, JsonValue, object_at
from smgen.expressions import Expression, Get, to_json


def cleanup_sources(given: Sequence[object], place: Place) -> tuple[tuple[CleanupSource, ...], list[Finding]]:
    """The steps of which something is deleted, in the order in which they are first named; SMG223 for wrong ones."""
    findings: list[Finding] = []
    steps: dict[str, Origin] = {}
    objects: dict[str, list[Expression]] = {}
    whole: set[str] = set()
    for item in given:
        if isinstance(item, StepOutputProxy):
            origin = item.__smgen_step__.origin()
            whole.add(origin.name)
        elif is_output(item):
            # Who deletes an output does not read it.
            origin = replace(item.__smgen_origin__, output=None)
            objects.setdefault(origin.name, []).append(item.__smgen_expression__)
        else:
            message = "a cleanup step was given something that no step wrote"
            fix = 'pass a step, or a file of an output: prepare.data / "part.csv"'
            findings.append(Finding("SMG223", message, place, given=short(item), fix=fix))
            continue
        if origin.iteration is not None:
            message = f"a cleanup step deletes nothing of {origin.iteration.title}"
            fix = "add the cleanup step to the body of the loop"
            findings.append(Finding("SMG223", message, place, given_at=origin.place, fix=fix))
        else:
            steps.setdefault(origin.name, origin)
    if not given:
        fix = "pass the steps whose objects are deleted"
        findings.append(Finding("SMG223", "a cleanup step deletes nothing", place, fix=fix))
    for name in objects:
        if name in whole:
            message = f'a cleanup step deletes all of step "{name}" and single objects of it'
            findings.append(Finding("SMG223", message, place, fix="pass the step, or its files"))
    return tuple(CleanupSource(step, tuple(objects.get(name, ()))) for name, step in steps.items()), findings


def waiting_for(sources: Sequence[CleanupSource], after: Sequence[Dependency]) -> tuple[Dependency, ...]:
    """What a cleanup step waits for: what it was told to, and every source that is not among that."""
    named = {dependency.origin.name for dependency in after}
    return (*after, *(Dependency(source.step) for source in sources if source.step.name not in named))


def cleanup_arguments(added: AddedCleanup) -> JsonObject:
    """The ``Arguments`` of a cleanup step."""
    return {"Resources": {"S3": [_source(source) for source in added.sources]}}


def _source(source: CleanupSource) -> JsonObject:
    if not source.objects:
        return {"StepName": source.step.name}
    return {"StepName": source.step.name, "S3Uris": [to_json(uri) for uri in source.objects]}


def source_finding(source: CleanupSource, contract: StepContract, document: JsonObject, place: Place) -> Finding | None:
    """SMG223 for a step of which SageMaker cannot delete what it is asked to; ``document`` is that of the step."""
    kind, name = contract.kind, source.step.name
    row = contract.step_kind
    if not source.objects and row.type and not row.found_by_cleanup:
        message = f'SageMaker does not find by itself what step "{name}", a {kind} step, wrote'
        fix = 'name the objects: step.output / "file.csv"'
        return Finding("SMG223", message, place, given_at=source.step.place, fix=fix)
    folder = next((uri for uri in source.objects if isinstance(uri, Get)), None)
    if folder is not None and any(write.is_location for write in row.writes):
        message = f'a cleanup step deletes single objects of step "{name}", not a whole output'
        fix = 'name the objects: step.output / "file.csv"'
        return Finding("SMG223", message, place, given=folder.path, given_at=source.step.place, fix=fix)
    if _has_network(document.get("Arguments")):
        message = f'step "{name}" runs in a network (VpcConfig), and what such a step wrote cannot be cleaned up'
        fix = "delete the objects in another way, such as a lifecycle rule of the bucket"
        return Finding("SMG223", message, place, given_at=source.step.place, fix=fix)
    return None


def _has_network(arguments: JsonValue) -> bool:
    return any("VpcConfig" in object_at(arguments, *way) for way in ((), ("NetworkConfig",)))
