"""Short forms of a contract written out: channels, processing inputs and outputs, and scripts become request members.

Each item is appended to its list after the items that the contract wrote, in declaration order. A port, output or
source that a written hole names already gets nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from smgen.contracts.holes import (
    AssetHole,
    EachHole,
    InputHole,
    ItemHole,
    JoinHole,
    ListValue,
    LiteralValue,
    ObjectValue,
    OutputLocationHole,
    Value,
    WhenHole,
    walk,
)
from smgen.contracts.model import InputPort, OutputPort, SourceSpec

#: The name of the asset that ``source`` packs, and of the processing input that carries it.
CODE_ASSET: Final = "code"

#: Where a processing container finds its script.
CODE_FOLDER: Final = "/opt/ml/processing/input/code"


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A place of the written request that is no list or object, where sugar wants to add to it."""

    pointer: str
    message: str


@dataclass(frozen=True, slots=True)
class _Named:
    """What the written request names in its holes."""

    inputs: frozenset[str]
    outputs: frozenset[str]
    assets: frozenset[str]


@dataclass(slots=True)
class _Additions:
    """Items to append, by the list that they go to."""

    items: dict[tuple[str, ...], list[Value]] = field(default_factory=dict[tuple[str, ...], list[Value]])

    def add(self, path: tuple[str, ...], item: Value) -> None:
        self.items.setdefault(path, []).append(item)


def expand_sugar(
    kind: str,
    request: Value,
    inputs: Mapping[str, InputPort],
    outputs: Mapping[str, OutputPort],
    source: SourceSpec | None,
) -> tuple[Value, tuple[Misplaced, ...]]:
    """The request with everything that short forms of a contract of that kind stand for."""
    named = _named(request)
    additions = _Additions()
    for port in inputs.values():
        if port.name not in named.inputs:
            _add_input(additions, kind, port)
    for output in outputs.values():
        spec = output.output_spec
        if kind == "Processing" and spec.local_path is not None and output.name not in named.outputs:
            additions.add(("ProcessingOutputConfig", "Outputs"), _processing_output(output))
    by_sugar = source is not None and kind == "Processing" and CODE_ASSET not in named.assets
    if source is not None and by_sugar:
        code = AssetHole(CODE_ASSET, pointer=source.pointer)
        additions.add(("ProcessingInputs",), _processing_input(CODE_ASSET, code, CODE_FOLDER, source.pointer))
    misplaced: list[Misplaced] = []
    for path, items in additions.items.items():
        request = _appended(request, path, items, misplaced)
    if source is not None and by_sugar:
        request = _with_entry_point(request, source, misplaced)
    return request, tuple(misplaced)


def _named(request: Value) -> _Named:
    inputs: list[str] = []
    outputs: list[str] = []
    assets: list[str] = []
    for value in walk(request):
        if isinstance(value, (InputHole, EachHole)):
            inputs.append(value.port)
        elif isinstance(value, OutputLocationHole):
            outputs.append(value.output)
        elif isinstance(value, AssetHole):
            assets.append(value.asset)
    return _Named(frozenset(inputs), frozenset(outputs), frozenset(assets))


def _add_input(additions: _Additions, kind: str, port: InputPort) -> None:
    spec = port.dependency_spec
    location = ItemHole(pointer=port.pointer) if spec.many else InputHole(port.name, pointer=port.pointer)
    if kind == "Training" and spec.channel is not None:
        item = _channel(port, _each_its_own(port, spec.channel, "-"), location)
        path: tuple[str, ...] = ("InputDataConfig",)
    elif kind == "Processing" and spec.local_path is not None:
        name = spec.input_name if spec.input_name is not None else port.name
        local_path = _each_its_own(port, spec.local_path, "/")
        item = _processing_input(_each_its_own(port, name, "-"), location, local_path, port.pointer)
        path = ("ProcessingInputs",)
    else:
        return
    if spec.many:
        item = EachHole(port.name, item, port.pointer)
    if not spec.required:
        item = WhenHole(port.name, items=(item,), pointer=port.pointer)
    additions.add(path, item)


def _each_its_own(port: InputPort, name: str, on: str) -> Value | str:
    """A name or path, numbered for a port with ``many``: AWS refuses two inputs of one name, or in one folder."""
    if not port.dependency_spec.many:
        return name
    parts = (LiteralValue(name, port.pointer), ItemHole(number=True, pointer=port.pointer))
    return JoinHole(parts, on, port.pointer)


def _channel(port: InputPort, channel: Value | str, location: Value) -> Value:
    spec = port.dependency_spec
    s3 = {"S3DataType": "S3Prefix", "S3Uri": location, "S3DataDistributionType": "FullyReplicated"}
    members: dict[str, Value | str | None] = {
        "ChannelName": channel,
        "DataSource": _object({"S3DataSource": _object(s3, port.pointer)}, port.pointer),
        "ContentType": spec.content_type,
        "InputMode": spec.input_mode,
    }
    return _object(members, port.pointer)


def _processing_input(name: Value | str, location: Value, local_path: Value | str, pointer: str) -> Value:
    s3 = {
        "S3Uri": location,
        "LocalPath": local_path,
        "S3DataType": "S3Prefix",
        "S3InputMode": "File",
        "S3DataDistributionType": "FullyReplicated",
        "S3CompressionType": "None",
    }
    return _object({"InputName": name, "S3Input": _object(s3, pointer)}, pointer)


def _processing_output(output: OutputPort) -> Value:
    spec = output.output_spec
    name = spec.output_name if spec.output_name is not None else output.name
    s3 = {
        "S3Uri": OutputLocationHole(output.name, output.pointer),
        "LocalPath": spec.local_path,
        "S3UploadMode": "EndOfJob",
    }
    return _object({"OutputName": name, "S3Output": _object(s3, output.pointer)}, output.pointer)


def _object(members: Mapping[str, Value | str | None], pointer: str) -> ObjectValue:
    """An object whose every part says that it comes from ``pointer``; members that are None are left out."""
    written = (
        (name, LiteralValue(value, pointer) if isinstance(value, str) else value)
        for name, value in members.items()
        if value is not None
    )
    return ObjectValue(tuple(written), pointer)


def _appended(value: Value, path: Sequence[str], items: Sequence[Value], misplaced: list[Misplaced]) -> Value:
    """``value`` with ``items`` at the end of the list at ``path``; what is missing on the way is added."""
    pointer = items[0].pointer
    if not path:
        if isinstance(value, ListValue):
            return ListValue((*value.items, *items), value.pointer)
        misplaced.append(Misplaced(value.pointer, "this is no list, so the contract's ports cannot be appended to it"))
        return value
    if not isinstance(value, ObjectValue):
        misplaced.append(
            Misplaced(
                value.pointer, f"this is no object, so '{path[0]}' with the contract's ports cannot be added to it"
            )
        )
        return value
    for name, member in value.members:
        if name == path[0]:
            return _with_member(value, name, _appended(member, path[1:], items, misplaced))
    missing: Value = ObjectValue((), pointer) if len(path) > 1 else ListValue((), pointer)
    return _with_member(value, path[0], _appended(missing, path[1:], items, misplaced))


def _with_member(value: ObjectValue, name: str, member: Value) -> ObjectValue:
    """``value`` with that member in its old place, or at the end when it is new."""
    if all(key != name for key, _ in value.members):
        return ObjectValue((*value.members, (name, member)), value.pointer)
    return ObjectValue(tuple((key, member if key == name else old) for key, old in value.members), value.pointer)


def _with_entry_point(request: Value, source: SourceSpec, misplaced: list[Misplaced]) -> Value:
    """The request with the command that runs the script, unless the contract wrote its own."""
    if not isinstance(request, ObjectValue):
        return request
    specification: Value = next(
        (member for name, member in request.members if name == "AppSpecification"), ObjectValue((), source.pointer)
    )
    if not isinstance(specification, ObjectValue):
        misplaced.append(
            Misplaced(specification.pointer, "this is no object, so the script's entry point cannot be added")
        )
        return request
    if any(name == "ContainerEntrypoint" for name, _ in specification.members):
        return request
    path = f"{CODE_FOLDER}/{PurePosixPath(source.entry).name}"
    command = ListValue((LiteralValue("python3", source.pointer), LiteralValue(path, source.pointer)), source.pointer)
    return _with_member(request, "AppSpecification", _with_member(specification, "ContainerEntrypoint", command))
