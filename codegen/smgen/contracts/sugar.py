"""Short forms of a contract written out: channels, processing inputs and outputs, and scripts become request members.

Each item is appended to its list after the items that the contract wrote, in declaration order. A port, output or
source that a written hole names already gets nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from smgen.aws import PROCESSING_JOB_KINDS
from smgen.contracts.hole_names import hole_names
from smgen.contracts.holes import (
    EachHole,
    InputHole,
    ItemHole,
    JoinHole,
    LiteralValue,
    OutputLocationHole,
    Value,
    WhenHole,
)
from smgen.contracts.model import DependencySpec, InputPort, OutputPort, SourceSpec
from smgen.contracts.request_editing import Misplaced, appended, object_value
from smgen.contracts.script_mode import with_script


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
    *,
    hyperparameters: bool,
) -> tuple[Value, tuple[Misplaced, ...]]:
    """The request with everything that short forms of a contract of that kind stand for.

    ``hyperparameters`` says whether the contract declares any.
    """
    named = hole_names(request)
    additions = _Additions()
    for port in inputs.values():
        if port.name not in named.inputs:
            _add_input(additions, kind, port)
    for output in outputs.values():
        spec = output.output_spec
        if kind == "Processing" and spec.local_path is not None and output.name not in named.outputs:
            additions.add(("ProcessingOutputConfig", "Outputs"), _processing_output(output))
    misplaced: list[Misplaced] = []
    for path, items in additions.items.items():
        request = appended(request, path, items, misplaced)
    if source is not None:
        request = with_script(kind, request, source, hyperparameters=hyperparameters, misplaced=misplaced)
    return request, tuple(misplaced)


def _add_input(additions: _Additions, kind: str, port: InputPort) -> None:
    spec = port.dependency_spec
    location = ItemHole(pointer=port.pointer) if spec.many else InputHole(port.name, pointer=port.pointer)
    if kind == "Training" and spec.channel is not None:
        item = _channel(port, _each_its_own(port, spec.channel, "-"), location)
        path: tuple[str, ...] = ("InputDataConfig",)
    elif kind in PROCESSING_JOB_KINDS and spec.local_path is not None:
        name = spec.input_name if spec.input_name is not None else port.name
        local_path = _each_its_own(port, spec.local_path, "/")
        item = _processing_input(_each_its_own(port, name, "-"), location, local_path, port.pointer, spec)
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
    s3 = {
        "S3DataType": spec.data_type or "S3Prefix",
        "S3Uri": location,
        "S3DataDistributionType": spec.distribution or "FullyReplicated",
    }
    members: dict[str, Value | str | None] = {
        "ChannelName": channel,
        "DataSource": object_value({"S3DataSource": object_value(s3, port.pointer)}, port.pointer),
        "ContentType": spec.content_type,
        "CompressionType": spec.compression,
        "InputMode": spec.input_mode,
    }
    return object_value(members, port.pointer)


def _processing_input(
    name: Value | str, location: Value, local_path: Value | str, pointer: str, spec: DependencySpec | None = None
) -> Value:
    """An item of ``ProcessingInputs``; ``spec`` says how its data come, where that is not as usual."""
    s3 = {
        "S3Uri": location,
        "LocalPath": local_path,
        "S3DataType": (spec and spec.data_type) or "S3Prefix",
        "S3InputMode": (spec and spec.input_mode) or "File",
        "S3DataDistributionType": (spec and spec.distribution) or "FullyReplicated",
        "S3CompressionType": (spec and spec.compression) or "None",
    }
    return object_value({"InputName": name, "S3Input": object_value(s3, pointer)}, pointer)


def _processing_output(output: OutputPort) -> Value:
    spec = output.output_spec
    name = spec.output_name if spec.output_name is not None else output.name
    s3 = {
        "S3Uri": OutputLocationHole(output.name, output.pointer),
        "LocalPath": spec.local_path,
        "S3UploadMode": "EndOfJob",
    }
    return object_value({"OutputName": name, "S3Output": object_value(s3, output.pointer)}, output.pointer)
