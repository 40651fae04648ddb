"""The request that a step of a kind usually has, as far as its contract does not say it.

It is made of what the rows of ``aws`` know of the kind and of what the contract declares: the values of the environment
(role, network, keys, tags), the settings that have a usual name, ports, environment variables and hyperparameters. It
is written out when a contract is read, so that a generated package holds the whole request and depends on no rule here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from smgen.aws import EACH, STEP_KINDS, Path, PathProblem, StepKind, request_shape
from smgen.contract_model.json_reading import flag, text
from smgen.contract_model.step_contract import Origin, StepContract, place_of_origin
from smgen.contract_model.variants import USUAL
from smgen.diagnostics import Finding, Place, nearest_name
from smgen.documents import Document, JsonObject, JsonValue, object_at, pointer, shown_json, text_at

#: The settings that fill a member of a usual request where they are declared.
_SETTINGS: Final = (
    "arguments",
    "container_environment",
    "encrypt_traffic",
    "image",
    "input_mode",
    "instance_count",
    "instance_type",
    "max_runtime_s",
    "network_isolation",
    "volume_size_gb",
)
#: What stands where no setting says otherwise: one machine, 30 GB, input as files, one day.
_COUNT: Final = 1
_VOLUME_GB: Final = 30
_INPUT_MODE: Final = "File"
_RUN_TIME_S: Final = 86400


#: The path of a member, and what stands there.
_Member: TypeAlias = tuple[Path, JsonValue]


@dataclass(frozen=True, slots=True)
class WholeRequest:
    """A contract's document with its whole request, where its parts were written, and what was wrong."""

    document: JsonObject
    origins: dict[str, Origin]
    findings: tuple[Finding, ...] = ()


def is_in_part(document: JsonObject) -> bool:
    """Whether a contract leaves its request, or parts of it, to what is usual."""
    return "request" not in document or USUAL in object_at(document, "request")


def with_whole_request(document: JsonObject, source: Document, origins: Mapping[str, Origin]) -> WholeRequest:
    """The document with the usual members of its request beside those that it writes, which win.

    A null in the place of a usual member leaves it out. Findings are SMG104 for a ``$usual`` that is not true, and
    SMG103 for a null that leaves nothing out. ``origins`` says where parts of ``document`` stand.
    """
    if not is_in_part(document):
        return WholeRequest(document, dict(origins))
    written = dict(object_at(document, "request"))
    said = written.pop(USUAL, True)
    merge = _UsualMerge(source, dict(origins), "/request" if "request" in document else "/kind")
    if said is not True:
        place = merge.place(("request", USUAL))
        merge.findings.append(
            Finding(
                "SMG104",
                f"'{USUAL}' of a request is written as true",
                place,
                given=shown_json(said),
                expected="true",
                fix=f"write true, or leave '{USUAL}' out of a request that is whole",
            )
        )
    request = merge.merged(usual_request(document), written, ("request",))
    whole: JsonObject = {**document, "request": _in_order(text(document.get("kind")), request, ())}
    return WholeRequest(whole, merge.origins, tuple(merge.findings))


def nearest_usual_setting(contract: StepContract, name: str) -> str | None:
    """The setting of a usual name that was probably meant, for a contract whose request is as usual."""
    source = contract.source_document
    in_part = source is not None and is_in_part(object_at(source.value))
    return nearest_name(name, _SETTINGS) if in_part else None


def usual_setting(document: JsonObject, path: Path) -> str | None:
    """The setting that a contract has to declare so that a member of its request is there as usual.

    None where there is none, and for a contract that writes its whole request itself. ``document`` is as it was read.
    """
    row = STEP_KINDS.get(text(document.get("kind")))
    if row is None or not is_in_part(document):
        return None
    usual = _Usual(row, {**document, "settings": dict[str, JsonValue].fromkeys(_SETTINGS)})
    for found, value in (*usual.machines(), *usual.code(), *usual.account(), *usual.values()):
        if found[: len(path)] == path and "$setting" in object_at(value):
            return text_at(value, "$setting")
    return None


def usual_request(document: JsonObject) -> JsonObject:
    """What is usual for a contract of its kind, and with what it declares; nothing for a kind that is not known."""
    row = STEP_KINDS.get(text(document.get("kind")))
    if row is None or row.structural or flag(document.get("raw"), False):
        return {}
    usual = _Usual(row, document)
    found: dict[Path, JsonValue] = {}
    for path, value in (*usual.machines(), *usual.code(), *usual.account(), *usual.values(), *usual.ports()):
        # The first is the best: AWS has several places for one thing.
        if usual.is_there(path):
            found.setdefault(path, value)
    request: JsonObject = {}
    for path, value in found.items():
        at = request
        for part in path[:-1]:
            below = object_at(at, part)
            at[part] = below
            at = below
        at[path[-1]] = value
    return request


class _Usual:
    """What is usual for one contract, by subject."""

    def __init__(self, row: StepKind, document: JsonObject) -> None:
        self.row = row
        self.document = document
        self.settings = object_at(document, "settings")
        groups = () if row.job is None else row.job.groups
        self.group = next((group for group in groups if not group.root), None)

    def is_there(self, path: Path) -> bool:
        """Whether the kind's request has a member, at a place that needs no item of a list."""
        return bool(path) and EACH not in path and not isinstance(request_shape(self.row.type, path), PathProblem)

    def setting(self, name: str, path: Path | None) -> Iterator[_Member]:
        """A member that is a declared setting of a usual name."""
        if path is not None and name in self.settings:
            yield path, {"$setting": name}

    def setting_or(self, name: str, path: Path, value: JsonValue) -> Iterator[_Member]:
        yield from self.setting(name, path)
        if name not in self.settings:
            yield path, value

    def default(self, name: str, path: Path | None) -> Iterator[_Member]:
        if path is not None:
            yield path, {"$default": name}

    def machines(self) -> Iterator[_Member]:
        if self.group is None:
            return
        for path in self.group.instance_types[:1]:
            yield from self.setting("instance_type", path)
        for path in self.group.instance_counts[:1]:
            yield from self.setting_or("instance_count", path, _COUNT)
        for path in self.group.volume_keys[:1]:
            yield from self.setting_or("volume_size_gb", (*path[:-1], "VolumeSizeInGB"), _VOLUME_GB)
        for path in self.group.volume_keys[:1]:
            yield from self.default("kms_key", path)

    def code(self) -> Iterator[_Member]:
        """The image and what it is started with."""
        for path in () if self.group is None else self.group.images[:1]:
            yield from self.setting("image", path)
            mode = (*path[:-1], "TrainingInputMode")
            yield from self.setting_or("input_mode", mode, _INPUT_MODE)
        for read in self.row.reads:
            if read.told:
                yield from self.setting("arguments", tuple(part for part in read.path if part != EACH))

    def account(self) -> Iterator[_Member]:
        """What an environment says for all of its steps."""
        arguments = request_shape(self.row.type, ())
        for name in ("RoleArn", "ExecutionRoleArn"):
            # Where AWS does not ask for a role, it is one of several ways; but a model always has one.
            if not isinstance(arguments, PathProblem) and (name in arguments.required or self.row.containers):
                yield from self.default("role", (name,))
        if self.group is not None:
            # Without an output there is nothing that a key could protect, and AWS wants no half of it.
            if object_at(self.document, "outputs"):
                yield from self.default("output_kms_key", self.group.output_key)
            yield from self.default("network", self.group.network)
            for above in {(), *((self.group.network[:-1],) if self.group.network else ())}:
                yield from self.setting("network_isolation", (*above, "EnableNetworkIsolation"))
                yield from self.setting("encrypt_traffic", (*above, "EnableInterContainerTrafficEncryption"))
        if self.row.job is not None and self.row.job.no_tags_with is None:
            yield from self.default("tags", self.row.job.tags)

    def values(self) -> Iterator[_Member]:
        """Hyperparameters, environment variables, and how long a job may run."""
        if self.row.hyperparameters is not None and object_at(self.document, "hyperparameters", "properties"):
            yield self.row.hyperparameters, {"$hyperparameters": "text"}
        variables = self.row.environment or ("Environment",)
        if object_at(self.document, "environment", "properties"):
            yield variables, {"$environment": True}
        else:
            yield from self.setting("container_environment", variables)
        if self.group is None or self.group.run_time is None:
            return
        path, name = self.group.run_time, "max_runtime_s"
        setting = object_at(self.settings, name)
        if name in self.settings and setting.get("required") is False and "default" not in setting:
            # Without a value all of it goes.
            value: JsonValue = {"$when": name, "value": {path[-1]: {"$setting": name}}}
            yield path[:-1], value
        elif name in self.settings:
            yield from self.setting(name, path)
        elif self.row.is_training_job:
            yield path, _RUN_TIME_S

    def ports(self) -> Iterator[_Member]:
        """Where inputs and outputs stand that have the kind's usual name or property."""
        inputs, outputs = object_at(self.document, "inputs"), object_at(self.document, "outputs")
        taken: set[str] = set()
        for read in self.row.reads:
            if read.port and read.port in inputs and not read.beside and read.port not in taken:
                taken.add(read.port)
                yield read.path, {"$input": read.port}
        for write in self.row.writes:
            for name, output in outputs.items():
                if write.output and text_at(output, "property_path") in write.properties:
                    yield write.path, {"$output_location": name}


def _in_order(kind: str, value: JsonObject, path: Path) -> JsonObject:
    """The members in the order of AWS's model, whoever said them; what AWS does not know comes last."""
    shape = request_shape(kind, path)
    known = () if isinstance(shape, PathProblem) else tuple(shape.members)
    names = (*(name for name in known if name in value), *(name for name in value if name not in known))
    return {name: _inner_order(kind, value[name], (*path, name)) for name in names}


def _inner_order(kind: str, value: JsonValue, path: Path) -> JsonValue:
    return _in_order(kind, object_at(value), path) if _is_object(value) else value


def _is_object(value: JsonValue) -> bool:
    """Whether a value is an object with members, and no hole."""
    return isinstance(value, dict) and not any(key.startswith("$") for key in value)


@dataclass(slots=True)
class _UsualMerge:
    """The merge of what is written over what is usual; ``said_at`` is the place that asks for what is usual."""

    source: Document
    origins: dict[str, Origin]
    said_at: str
    findings: list[Finding] = field(default_factory=list[Finding])

    def origin(self, at: str) -> Origin:
        """Where the part of the document at a pointer was written."""
        found = place_of_origin(self.origins, at)
        return Origin(self.source, at) if found is None else Origin(found[0].document, found[1])

    def place(self, parts: tuple[str, ...]) -> Place:
        origin = self.origin(pointer(*parts))
        return origin.document.place(origin.pointer)

    def merged(self, usual: JsonObject, written: JsonObject, parts: tuple[str, ...]) -> JsonObject:
        """``written`` with the usual members that it has not, each said to stand where the usual ones are asked for."""
        result: JsonObject = {}
        asked = self.origin(self.said_at)
        for key, value in usual.items():
            own = written.get(key)
            if _is_object(own) and "$when" in object_at(value):
                # What is written is there in any case, so that nothing is left of the condition.
                value = object_at(value, "value")
            if key not in written:
                self.origins[pointer(*parts, key)] = asked
                result[key] = value
            elif _is_object(value) and _is_object(own):
                result[key] = self.merged(object_at(value), object_at(own), (*parts, key))
            elif own is not None:
                result[key] = own
        for key, own in written.items():
            if own is not None and key not in usual:
                result[key] = own
            elif own is None and key not in usual:
                self.findings.append(self.leaves_nothing_out((*parts, key), usual))
        return result

    def leaves_nothing_out(self, parts: tuple[str, ...], usual: JsonObject) -> Finding:
        return Finding(
            "SMG103",
            f"'{parts[-1]}' is null, and there is nothing usual that it could leave out",
            self.place(parts),
            given="null",
            expected=", ".join(usual) or "no null: nothing is usual here",
            nearest=nearest_name(parts[-1], usual),
            fix='remove it; a null for AWS is written {"$literal": null}',
        )
