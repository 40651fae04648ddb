"""Gives contracts of imported steps the code that was found in the repository as their source."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from smgen.assets import SourceParts, read_source
from smgen.contracts import class_name, module_name
from smgen.definition import Definition
from smgen.diagnostics import Place
from smgen.documents import JsonObject, JsonValue, append_pointer
from smgen.importer.model import Imported, ImportedCondition, ImportedLoop, ImportedPipeline, ImportedStep
from smgen.importer.source_folders import CodeLocation, FoundCode, NotFound, Parts, Repository, StepCode, codes_of
from smgen.importer.walking import contract_steps

#: Where scripts are copied to, below the folder of the contracts.
_SCRIPTS = "scripts"
_ASSET: JsonObject = {"$asset": "code"}
#: The hyperparameters of the launch convention ``toolkit``, and the log level that needs no saying.
_TOOLKIT = ["sagemaker_container_log_level", "sagemaker_program", "sagemaker_region", "sagemaker_submit_directory"]
_INFO = "20"
#: The input of the launch convention ``processing``, in both forms that the SDK has written, without its location.
_CODE_FOLDER = "/opt/ml/processing/input/code"
_CODE_INPUTS: tuple[JsonObject, ...] = ({"InputName": "code"}, {"InputName": "code", "AppManaged": False})
#: What is said of code that was found.
_COMPARED = "; its content is the same"
_NOT_COMPARED = "; found by its name: whether its content is the same is not known"
_CODE_S3: JsonObject = {
    "LocalPath": _CODE_FOLDER,
    "S3DataType": "S3Prefix",
    "S3InputMode": "File",
    "S3DataDistributionType": "FullyReplicated",
    "S3CompressionType": "None",
}


@dataclass(frozen=True, slots=True)
class SourceFolders:
    """The pipelines with the code that was found; ``files`` are copies of it by path in the project.

    ``locations`` are all places of code, by pipeline; ``equal`` those whose content is known to be that of what was
    found: by pipeline, the names of environments with the pointers in their definitions.
    """

    pipelines: tuple[ImportedPipeline, ...]
    files: Mapping[str, bytes]
    locations: Mapping[str, tuple[CodeLocation, ...]]
    equal: Mapping[str, frozenset[tuple[str, str]]]


def with_source_folders(
    pipelines: Sequence[ImportedPipeline],
    definitions: Mapping[str, Mapping[str, Definition]],
    roots: Sequence[Path],
    contracts: Path,
    project: Path,
) -> SourceFolders:
    """The pipelines with the code that is found below ``roots`` as sources of their contracts.

    ``definitions`` are by pipeline and environment; ``contracts`` is the folder of the contracts in ``project``. Code
    outside of it is copied into it, since a contract brings along only what lies beside it. Raises FindingsError
    (SMG126) for a folder that cannot be packed, and OSError for one that cannot be read.
    """
    work = _Sources(Repository(roots), contracts.resolve(), project.resolve())
    written = tuple(work.pipeline(item, definitions[item.name]) for item in pipelines)
    return SourceFolders(written, work.files, work.locations, work.equal)


@dataclass(frozen=True, slots=True)
class _Source:
    """A contract's source, with the place of its location in the request."""

    document: str
    directory: str
    entry: str
    is_archive: bool
    parts: Parts
    in_json: bool

    def to_json(self, launch: JsonObject) -> JsonObject:
        """The member ``source`` of a contract; ``launch`` says by which convention, where by any."""
        pack: JsonObject = {"pack": "folder"} if self.is_archive and not launch else {}
        return {"dir": self.directory, "entry": self.entry, **pack, **launch}


class _Sources:
    """The sources of several pipelines, each copied once."""

    def __init__(self, repository: Repository, contracts: Path, project: Path) -> None:
        self.repository = repository
        self.contracts = contracts
        self.project = project
        self.files: dict[str, bytes] = {}
        self.locations: dict[str, tuple[CodeLocation, ...]] = {}
        self.equal: dict[str, frozenset[tuple[str, str]]] = {}
        #: Where each folder or script lies below the folder of the contracts.
        self.placed: dict[Path, str] = {}

    def pipeline(self, pipeline: ImportedPipeline, definitions: Mapping[str, Definition]) -> ImportedPipeline:
        of_contract = {step.name: step.contract for step in contract_steps(pipeline)}
        sources: dict[str, _Source] = {}
        told: dict[str, CodeLocation] = {}
        matched: dict[tuple[str, Parts], FoundCode] = {}
        for code in codes_of(next(iter(definitions.values()))):
            if code.step not in of_contract:
                continue
            found = self.repository.find(code)
            note = ""
            if isinstance(found, FoundCode):
                if code.step in sources:
                    found = NotFound(", because a step has one source")
                elif not _can_hold(pipeline.contracts[of_contract[code.step]], code.parts):
                    found = NotFound(", because the contract does not say it in one place")
                else:
                    sources[code.step], note = self.source(code, found, pipeline.contracts[of_contract[code.step]])
                    matched[code.step, code.parts] = found
                    note += _COMPARED if self.repository.is_equal(code, found) else _NOT_COMPARED
            told[code.location] = self.told(code, found, note, told.get(code.location))
        self.locations[pipeline.name] = tuple(told.values())
        self.equal[pipeline.name] = frozenset(self.compared(definitions, matched))
        return _with_sources(pipeline, sources) if sources else pipeline

    def compared(
        self, definitions: Mapping[str, Definition], matched: Mapping[tuple[str, Parts], FoundCode]
    ) -> Iterator[tuple[str, str]]:
        """The places of code whose content is known to be that of what was found, in each environment."""
        for environment, definition in definitions.items():
            for code in codes_of(definition):
                found, step = matched.get((code.step, code.parts)), definition.step(code.step)
                if found is not None and step is not None and self.repository.is_equal(code, found):
                    yield environment, append_pointer(step.pointer, "Arguments", *code.parts)

    def source(self, code: StepCode, found: FoundCode, contract: JsonObject) -> tuple[_Source, str]:
        """The source of a step, copied into the folder of the contracts unless it lies there, with a note if so."""
        folder, root = found.folder, self.contracts.resolve()
        relative: str | None = None
        if folder.is_relative_to(root) and (folder != root or not found.is_archive):
            relative = folder.relative_to(root).as_posix()
        note = ""
        if relative is None:
            relative = self.copied(found, code.step)
            note = f"; copied from {self.shown(found.path)}: edit the copy from now on"
        name = contract.get("name")
        document = name if isinstance(name, str) else ""
        return _Source(document, relative, found.entry, found.is_archive, code.parts, code.in_json), note

    def copied(self, found: FoundCode, step: str) -> str:
        """The folder below that of the contracts to which code is copied."""
        known = self.placed.get(found.path)
        if known is not None:
            return known
        place = Place(step=step)
        parts = SourceParts(found.entry, entry_only=not found.is_archive)
        files = {item.path: item.content for item in read_source(found.folder, parts, place)}
        base = found.folder.name if found.is_archive else _SCRIPTS
        if module_name(base) != base and not found.is_archive:
            base = _SCRIPTS
        target, number = base, 2
        while any(self.is_taken(f"{target}/{path}", content) for path, content in files.items()):
            target, number = f"{base}_{number}", number + 1
        self.files |= {self.in_project(f"{target}/{path}"): content for path, content in files.items()}
        self.placed[found.path] = target
        return target

    def is_taken(self, path: str, content: bytes) -> bool:
        """Whether something else stands at a path below the folder of the contracts."""
        planned = self.files.get(self.in_project(path))
        there = self.contracts / path
        if planned is not None:
            return planned != content
        return there.exists() and (not there.is_file() or there.read_bytes() != content)

    def in_project(self, path: str) -> str:
        return (self.contracts.relative_to(self.project) / path).as_posix()

    def told(self, code: StepCode, found: FoundCode | NotFound, note: str, before: CodeLocation | None) -> CodeLocation:
        steps = (*(before.steps if before else ()), code.step)
        if isinstance(found, NotFound):
            if before is not None and before.path is not None:
                return replace(before, note=f"{before.note}, but for {code.step}")
            candidates = tuple(map(self.shown, found.candidates))
            return CodeLocation(code.location, tuple(dict.fromkeys(steps)), None, candidates, found.note)
        target = self.placed.get(found.path)
        path = found.path if target is None else self.contracts / target / ("" if found.is_archive else found.entry)
        return CodeLocation(code.location, tuple(dict.fromkeys(steps)), self.shown(path), (), note)

    def shown(self, path: Path) -> str:
        """A path as the project's report shows it, the same on every machine that has both at these places."""
        return Path(os.path.relpath(path.absolute(), self.project)).as_posix()


# The contracts ------------------------------------------------------------------------------------------------------


def _can_hold(contract: JsonObject, parts: Parts) -> bool:
    """Whether the contract's request has one place for the location of code."""
    return _place(contract, parts) is not None


@dataclass(frozen=True, slots=True)
class _Place:
    """What stands in a contract where code is named: the names of a setting, port or parameter that go with it."""

    setting: str | None = None
    port: str | None = None
    hyperparameter: str | None = None
    variable: str | None = None


def _place(contract: JsonObject, parts: Parts) -> _Place | None:
    value: JsonValue = contract.get("request")
    for number, part in enumerate(parts):
        if isinstance(value, dict) and "$hyperparameters" in value:
            return _Place(hyperparameter=str(part)) if number == len(parts) - 1 else None
        if isinstance(value, dict) and "$environment" in value:
            return _Place(variable=str(part)) if number == len(parts) - 1 else None
        inside = _inside(value, part)
        if inside is None:
            return None
        value = inside
    if isinstance(value, str):
        return _Place()
    if isinstance(value, dict) and set(value) == {"$json"}:
        value = value["$json"]
    if not isinstance(value, dict):
        return None
    setting, port = value.get("$setting"), value.get("$input")
    if isinstance(setting, str) and _count(contract.get("request"), "$setting", setting) == 1:
        return _Place(setting=setting)
    return _Place(port=port) if isinstance(port, str) else _Place() if "$join" in value else None


def _inside(value: JsonValue, part: str | int) -> JsonValue:
    """A member or item of a value; None where there is none."""
    merged = value.get("$merge") if isinstance(value, dict) else None
    if isinstance(merged, list):
        # A later object wins; the first one may be the hole of all parameters.
        found = (
            item[part] for item in reversed(merged) if isinstance(item, dict) and isinstance(part, str) and part in item
        )
        return next(found, None)
    if isinstance(value, dict) and isinstance(part, str):
        return value.get(part)
    return value[part] if isinstance(value, list) and isinstance(part, int) and part < len(value) else None


def _count(value: JsonValue, hole: str, name: str) -> int:
    if isinstance(value, dict):
        return int(value.get(hole) == name) + sum(_count(item, hole, name) for item in value.values())
    return sum(_count(item, hole, name) for item in value) if isinstance(value, list) else 0


def _with_sources(pipeline: ImportedPipeline, sources: Mapping[str, _Source]) -> ImportedPipeline:
    """The pipeline in which each of these steps has a contract with its source."""
    contracts: dict[str, JsonObject] = {}
    of_step: dict[str, str] = {}
    names = dict.fromkeys(pipeline.contracts)
    regions = frozenset(item.region for item in pipeline.environments)
    for name, document in pipeline.contracts.items():
        steps = [step.name for step in contract_steps(pipeline) if step.contract == name]
        groups: dict[tuple[str, str] | None, list[str]] = {}
        for step in steps:
            source = sources.get(step)
            groups.setdefault(None if source is None else (source.directory, source.entry), []).append(step)
        for key, members in groups.items():
            source = sources.get(members[0])
            own = name if len(groups) == 1 or key is None else _name_of(name, key[1], names)
            names[own] = None
            contracts[own] = document if source is None else _with_source({**document, "name": own}, source, regions)
            of_step |= dict.fromkeys(members, own)

    def written(step: Imported) -> Imported:
        if isinstance(step, ImportedStep):
            source = sources.get(step.name)
            step = replace(step, contract=of_step[step.name])
            return (
                step
                if source is None
                else _without_location(step, _place(pipeline.contracts[source.document], source.parts))
            )
        if isinstance(step, ImportedCondition):
            return replace(step, then=tuple(map(written, step.then)), otherwise=tuple(map(written, step.otherwise)))
        if isinstance(step, ImportedLoop):
            return replace(step, body=tuple(map(written, step.body)))
        return step

    return replace(pipeline, contracts=contracts, steps=tuple(map(written, pipeline.steps)))


def _name_of(contract: str, entry: str, taken: Mapping[str, None]) -> str:
    """A name for the contract of one of several scripts."""
    own = f"{contract}{class_name(PurePosixPath(entry).stem)}"
    name, number = own, 2
    modules = {module_name(one) for one in taken}
    while module_name(name) in modules:
        name, number = f"{own}{number}", number + 1
    return name


def _with_source(contract: JsonObject, source: _Source, regions: Collection[str | None]) -> JsonObject:
    place = _place(contract, source.parts) or _Place()
    document = deepcopy(contract)
    hole: JsonValue = {"$json": deepcopy(_ASSET)} if source.in_json else deepcopy(_ASSET)
    launch: JsonObject = {}
    toolkit = _toolkit(document, source, regions)
    conventional = _without_convention(document, source)
    if toolkit is not None:
        document["request"], launch = toolkit
    elif conventional is not None:
        document["request"] = conventional
    else:
        document["request"] = _replaced(document.get("request"), source.parts, hole)
    for member, name in (("settings", place.setting), ("inputs", place.port)):
        _remove(document, (member,), name)
    _remove(document, ("hyperparameters", "properties"), place.hyperparameter)
    _remove(document, ("environment", "properties"), place.variable)
    # Behind what the contract says of its ports and settings, before the request.
    members = [(name, value) for name, value in document.items() if name not in ("request", "step_fields")]
    rest = [(name, value) for name, value in document.items() if name in ("request", "step_fields")]
    return dict([*members, ("source", source.to_json(launch)), *rest])


def _without_convention(contract: JsonObject, source: _Source) -> JsonObject | None:
    """The request without what the convention ``processing`` adds by itself; None where the step is launched otherwise.

    The convention puts its input behind all others, so that of the step must be the last.
    """
    request = contract.get("request")
    inputs = request.get("ProcessingInputs") if isinstance(request, dict) else None
    if contract.get("kind") != "Processing" or not isinstance(request, dict) or not isinstance(inputs, list):
        return None
    specification = request.get("AppSpecification")
    last = inputs[-1] if inputs else None
    s3 = last.get("S3Input") if isinstance(last, dict) else None
    if not isinstance(specification, dict) or not isinstance(last, dict) or not isinstance(s3, dict):
        return None
    launched: JsonValue = ["python3", f"{_CODE_FOLDER}/{source.entry}"]
    is_usual = (
        source.parts[:2] == ("ProcessingInputs", len(inputs) - 1)
        and not source.is_archive
        and source.entry.endswith(".py")
        and specification.get("ContainerEntrypoint") == launched
        and {name: value for name, value in last.items() if name != "S3Input"} in _CODE_INPUTS
        and {name: value for name, value in s3.items() if name != "S3Uri"} == _CODE_S3
    )
    ports = contract.get("inputs")
    holes = all(_count(request, "$input", name) or _count(request, "$each", name) for name in _names(ports))
    if not is_usual or not holes:
        return None
    rest = {name: value for name, value in specification.items() if name != "ContainerEntrypoint"}
    written: JsonObject = {**request, "AppSpecification": rest, "ProcessingInputs": inputs[:-1]}
    return written if inputs[:-1] else {name: value for name, value in written.items() if name != "ProcessingInputs"}


def _toolkit(
    contract: JsonObject, source: _Source, regions: Collection[str | None]
) -> tuple[JsonObject, JsonObject] | None:
    """The request without what the convention ``toolkit`` adds, and how ``source`` says it; None for another launch."""
    request = contract.get("request")
    parameters = request.get("HyperParameters") if isinstance(request, dict) else None
    if not isinstance(request, dict) or not isinstance(parameters, dict) or contract.get("kind") != "Training":
        return None
    merged = parameters.get("$merge")
    own = {"$hyperparameters": "json"}
    members = merged[1] if isinstance(merged, list) and len(merged) == 2 and merged[0] == own else parameters
    if not isinstance(members, dict) or sorted(members) != _TOOLKIT or not source.is_archive:
        return None
    level, region = members["sagemaker_container_log_level"], members["sagemaker_region"]
    is_hole = region == {"$json": {"$default": "region"}}
    is_region = is_hole or (isinstance(region, str) and {json.dumps(item) for item in regions} == {region})
    if members["sagemaker_program"] != json.dumps(source.entry) or not is_region:
        return None
    if not isinstance(level, str) or not level.isdecimal():
        return None
    rest = {name: value for name, value in request.items() if name != "HyperParameters"}
    return rest, {"launch": "toolkit", **({"log_level": int(level)} if level != _INFO else {})}


def _names(value: JsonValue) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, dict) else ()


def _remove(document: JsonObject, members: Sequence[str], name: str | None) -> None:
    if name is None:
        return
    holder: JsonValue = document
    for member in members:
        holder = holder.get(member) if isinstance(holder, dict) else None
    if isinstance(holder, dict):
        holder.pop(name, None)
    schema = document.get(members[0])
    required = schema.get("required") if isinstance(schema, dict) else None
    if isinstance(required, list) and name in required and len(members) > 1:
        required.remove(name)
    if isinstance(schema, dict) and not schema:
        del document[members[0]]


def _replaced(value: JsonValue, parts: Parts, hole: JsonValue) -> JsonValue:
    if not parts:
        return hole
    if isinstance(value, dict) and ("$hyperparameters" in value or "$environment" in value):
        return {"$merge": [value, {str(parts[0]): hole}]}
    merged = value.get("$merge") if isinstance(value, dict) else None
    if isinstance(merged, list):
        holding = max(index for index, item in enumerate(merged) if isinstance(item, dict) and parts[0] in item)
        items = [_replaced(item, parts, hole) if index == holding else item for index, item in enumerate(merged)]
        return {"$merge": items}
    if isinstance(value, dict):
        return {name: _replaced(item, parts[1:], hole) if name == parts[0] else item for name, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, parts[1:], hole) if index == parts[0] else item for index, item in enumerate(value)]
    return value


def _without_location(step: ImportedStep, place: _Place | None) -> ImportedStep:
    if place is None:
        return step
    gone = (place.setting, place.hyperparameter, place.variable)
    return replace(
        step,
        config={name: value for name, value in step.config.items() if name not in gone},
        ports={name: bound for name, bound in step.ports.items() if name != place.port},
    )
