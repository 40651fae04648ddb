"""Gives contracts of imported steps the code that was found in the repository as their source."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from smgen.assets import SourceParts, read_source
from smgen.contract_model import (
    AssetHole,
    DefaultHole,
    EnvironmentHole,
    HyperparametersHole,
    InputHole,
    JoinHole,
    JsonHole,
    ListValue,
    LiteralValue,
    MergeHole,
    ObjectValue,
    SettingHole,
    SourceSpec,
    Value,
    class_name,
    module_name,
    parse_value,
    walk,
)
from smgen.contract_model.hole_names import hole_names
from smgen.contract_model.holes import written
from smgen.contract_model.script_mode import CODE_ASSET, INFO_LEVEL, without_script
from smgen.definition import Definition
from smgen.diagnostics import Place
from smgen.documents import JsonObject, append_pointer, list_at, object_at
from smgen.importer.code_names import free
from smgen.importer.imported_pipeline import Imported, ImportedPipeline, ImportedStep
from smgen.importer.shortening import without_app_managed
from smgen.importer.source_folders import CodeLocation, FoundCode, NotFound, Parts, Repository, StepCode, codes_of
from smgen.importer.walking import changed_steps, contract_steps

#: Where scripts are copied to, below the folder of the contracts.
_SCRIPTS = "scripts"
#: What is said of code that was found.
_COMPARED = "; its content is the same"
_NOT_COMPARED = "; found by its name: whether its content is the same is not known"


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
    known: Sequence[Path] = (),
) -> SourceFolders:
    """The pipelines with the code that is found below ``roots`` as sources of their contracts.

    ``definitions`` are by pipeline and environment; ``contracts`` is the folder of the contracts in ``project``, and
    ``known`` are the scripts and folders that the pipelines were built with, which are looked at first. Code
    outside of it is copied into it, since a contract brings along only what lies beside it. Raises FindingsError
    (SMG126) for a folder that cannot be packed, and OSError for one that cannot be read.
    """
    work = _Sources(Repository(roots, known), contracts.resolve(), project.resolve())
    written = tuple(work.pipeline(item, definitions[item.name]) for item in pipelines)
    return SourceFolders(written, work.files, work.locations, work.equal)


@dataclass(frozen=True, slots=True)
class _CodeSource:
    """A contract's source, with the place of its location in the request."""

    document: str
    directory: str
    entry: str
    is_archive: bool
    parts: Parts
    in_json: bool


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
        sources: dict[str, _CodeSource] = {}
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
                elif _place(_request(pipeline.contracts[of_contract[code.step]]), code.parts) is None:
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

    def source(self, code: StepCode, found: FoundCode, contract: JsonObject) -> tuple[_CodeSource, str]:
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
        return _CodeSource(document, relative, found.entry, found.is_archive, code.parts, code.in_json), note

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
        target = free(base, lambda own: any(self.is_taken(f"{own}/{path}", item) for path, item in files.items()))
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


@dataclass(frozen=True, slots=True)
class _Place:
    """What stands in a contract where code is named: the names of a setting, port or parameter that go with it."""

    setting: str | None = None
    port: str | None = None
    hyperparameter: str | None = None
    variable: str | None = None


def _request(contract: JsonObject) -> Value:
    """The request of a contract that an import wrote, in which every hole can be read."""
    return parse_value(contract.get("request"))[0]


def _place(request: Value, parts: Parts) -> _Place | None:
    """What stands at the place of code in a request; None where that is not one value."""
    value: Value | None = request
    for number, part in enumerate(parts):
        if isinstance(value, (HyperparametersHole, EnvironmentHole)):
            if number < len(parts) - 1:
                return None
            return (
                _Place(hyperparameter=str(part))
                if isinstance(value, HyperparametersHole)
                else _Place(variable=str(part))
            )
        value = None if value is None else _inside(value, part)
    if isinstance(value, LiteralValue) and isinstance(value.value, str):
        return _Place()
    value = value.value if isinstance(value, JsonHole) else value
    if isinstance(value, SettingHole) and [*walk(request)].count(value) == 1:
        return _Place(setting=value.setting)
    if isinstance(value, InputHole):
        return _Place(port=value.port)
    return _Place() if isinstance(value, JoinHole) else None


def _inside(value: Value, part: str | int) -> Value | None:
    """A member or item of a value; of values laid over each other that of the last one."""
    if isinstance(value, MergeHole):
        # The first one may be the hole of all parameters.
        found = (_inside(layer, part) for layer in reversed(value.values))
        return next((inner for inner in found if inner is not None), None)
    inside = dict(value.inside()) if isinstance(value, (ListValue, ObjectValue)) else {}
    return inside.get((part,))


def _at(request: Value, parts: Parts) -> Value | None:
    value: Value | None = request
    for part in parts:
        value = None if value is None else _inside(value, part)
    return value


def _with(value: Value, parts: Parts, new: Value) -> Value:
    """A request in which something else stands at a place."""
    if not parts:
        return new
    part, rest = parts[0], parts[1:]
    if isinstance(value, (HyperparametersHole, EnvironmentHole)):
        return MergeHole((value, ObjectValue(((str(part), new),))))
    if isinstance(value, MergeHole):
        *_, holding = (layer for layer in value.values if _inside(layer, part) is not None)
        return value.rebuilt(lambda layer: _with(layer, parts, new) if layer is holding else layer)
    there = _inside(value, part)
    return value.rebuilt(lambda inner: _with(inner, rest, new) if inner is there else inner)


def _with_sources(pipeline: ImportedPipeline, sources: Mapping[str, _CodeSource]) -> ImportedPipeline:
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

    def placed(step: Imported) -> Imported:
        if not isinstance(step, ImportedStep):
            return step
        source, step = sources.get(step.name), replace(step, contract=of_step[step.name])
        if source is None:
            return step
        return _without_location(step, _place(_request(pipeline.contracts[source.document]), source.parts))

    return replace(pipeline, contracts=contracts, steps=changed_steps(pipeline.steps, placed))


def _name_of(contract: str, entry: str, taken: Mapping[str, None]) -> str:
    """A name for the contract of one of several scripts."""
    own = f"{contract}{class_name(PurePosixPath(entry).stem)}"
    modules = {module_name(one) for one in taken}
    return free(own, lambda name: module_name(name) in modules, "")


def _with_source(contract: JsonObject, source: _CodeSource, regions: Collection[str | None]) -> JsonObject:
    request = _request(contract)
    place = _place(request, source.parts) or _Place()
    document = deepcopy(contract)
    for member, name in (("settings", place.setting), ("inputs", place.port)):
        _remove(document, (member,), name)
    _remove(document, ("hyperparameters", "properties"), place.hyperparameter)
    _remove(document, ("environment", "properties"), place.variable)
    code = AssetHole(CODE_ASSET)
    request = _with(request, source.parts, JsonHole(code) if source.in_json else code)
    request, said = _by_convention(document, request, source, regions)
    document["request"] = written(request)
    # Behind what the contract says of its ports and settings, before the request.
    members = [(name, value) for name, value in document.items() if name not in ("request", "step_fields")]
    rest = [(name, value) for name, value in document.items() if name in ("request", "step_fields")]
    return dict([*members, ("source", {"dir": source.directory, "entry": source.entry, **said}), *rest])


def _by_convention(
    contract: JsonObject, request: Value, source: _CodeSource, regions: Collection[str | None]
) -> tuple[Value, JsonObject]:
    """The request without what a launch convention adds by itself, and what ``source`` says of the launch.

    Where the step is launched otherwise, the request stays as it is.
    """
    launch: JsonObject = {}
    if source.is_archive:
        plain, level = _with_region(request, regions), _log_level(request)
        spec = SourceSpec(source.entry, launch="toolkit", whole_folder=True, log_level=level)
        launch = {"launch": "toolkit", **({"log_level": level} if level != INFO_LEVEL else {})}
    else:
        at = source.parts[:2]
        plain = _with(request, at, without_app_managed(_at(request, at)))
        spec = SourceSpec(source.entry, launch="processing")
    rest = None
    # The convention puts its input behind those of the ports, none of which may be in its short form then.
    if source.is_archive or (
        source.entry.endswith(".py") and hole_names(request).inputs.issuperset(object_at(contract, "inputs"))
    ):
        declared = bool(object_at(contract, "hyperparameters", "properties"))
        rest = without_script(str(contract["kind"]), plain, spec, hyperparameters=declared)
    if rest is not None:
        return rest, launch
    return request, {"pack": "folder"} if source.is_archive else {}


def _with_region(request: Value, regions: Collection[str | None]) -> Value:
    """The request with the environment's region for that of the toolkit, where a text says that of all environments."""
    at = ("HyperParameters", "sagemaker_region")
    region = _at(request, at)
    is_own = isinstance(region, LiteralValue) and [json.dumps(item) for item in regions] == [region.value]
    return _with(request, at, JsonHole(DefaultHole("region"))) if is_own else request


def _log_level(request: Value) -> int:
    """The log level of the toolkit, in Python's numbers."""
    level = _at(request, ("HyperParameters", "sagemaker_container_log_level"))
    text = level.value if isinstance(level, LiteralValue) else None
    return int(text) if isinstance(text, str) and text.isdecimal() else INFO_LEVEL


def _remove(document: JsonObject, members: Sequence[str], name: str | None) -> None:
    """Takes a setting, port or parameter away, and what held it where nothing is left there."""
    if name is None:
        return
    object_at(document, *members).pop(name, None)
    required = list_at(document, members[0], "required") if len(members) > 1 else []
    if name in required:
        required.remove(name)
    if document.get(members[0]) == {}:
        del document[members[0]]


def _without_location(step: ImportedStep, place: _Place | None) -> ImportedStep:
    if place is None:
        return step
    gone = (place.setting, place.hyperparameter, place.variable)
    return replace(
        step,
        config={name: value for name, value in step.config.items() if name not in gone},
        ports={name: bound for name, bound in step.ports.items() if name != place.port},
    )
