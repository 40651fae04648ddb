"""Writes channels, inputs and outputs of a contract in their short forms, where those say the same."""

from __future__ import annotations

from collections.abc import Mapping

from smgen.aws import PROCESSING_JOB_KINDS
from smgen.documents import JsonObject, JsonValue


def with_short_forms(
    kind: str, request: JsonObject, inputs: JsonObject, outputs: JsonObject
) -> tuple[JsonObject, JsonObject, JsonObject]:
    """The request without those items at the end of its lists that short forms of ports stand for, and the ports.

    Items of short forms come behind all written ones, so only what stands at the end of a list can be one.
    """
    holes = _holes(request)
    request = dict(request)
    if kind == "Training":
        request, inputs = _inputs(request, "InputDataConfig", inputs, holes, _channel)
    if kind in PROCESSING_JOB_KINDS:
        request, inputs = _inputs(request, "ProcessingInputs", inputs, holes, _processing_input)
    config = request.get("ProcessingOutputConfig")
    if kind == "Processing" and isinstance(config, dict):
        items = config.get("Outputs")
        listed = list(items) if isinstance(items, list) else []
        outputs = dict(outputs)
        forms: JsonObject = {}
        while listed:
            found = _processing_output(listed[-1])
            if found is None or holes.get(f"$output_location {found[0]}") != 1 or found[0] not in outputs:
                break
            forms[found[0]] = found[1]
            listed.pop()
        order = [name for name in outputs if name in forms]
        if forms and list(reversed(forms)) == order:
            for name in order:
                outputs[name] = _short_output(name, outputs[name], forms[name])
            rest = {key: value for key, value in config.items() if key != "Outputs" or listed}
            if listed:
                rest["Outputs"] = listed
            request["ProcessingOutputConfig"] = rest
            if not rest:
                del request["ProcessingOutputConfig"]
    return request, inputs, outputs


def _inputs(
    request: JsonObject, member: str, inputs: JsonObject, holes: Mapping[str, int], form: object
) -> tuple[JsonObject, JsonObject]:
    items = request.get(member)
    listed = list(items) if isinstance(items, list) else []
    forms: dict[str, JsonObject] = {}
    while listed:
        found = _channel(listed[-1]) if form is _channel else _processing_input(listed[-1])
        if found is None or holes.get(f"$input {found[0]}") != 1 or found[0] not in inputs or found[0] in forms:
            break
        forms[found[0]] = found[1]
        listed.pop()
    order = [name for name in inputs if name in forms]
    if not forms or list(reversed(forms)) != order:
        return request, inputs
    ports = dict(inputs)
    for name in order:
        port = ports[name]
        short = forms[name]
        if short.get("input_name") == name:
            short = {key: value for key, value in short.items() if key != "input_name"}
        ports[name] = {**(port if isinstance(port, dict) else {}), **short}
    if listed:
        return {**request, member: listed}, ports
    return {key: value for key, value in request.items() if key != member}, ports


def _channel(item: JsonValue) -> tuple[str, JsonObject] | None:
    """The port of a channel and its short form; None for a channel that has none."""
    if not isinstance(item, dict):
        return None
    source = item.get("DataSource")
    location = source.get("S3DataSource") if isinstance(source, dict) and len(source) == 1 else None
    known = {"ChannelName", "DataSource", "ContentType", "CompressionType", "InputMode"}
    members = {"S3DataType", "S3Uri", "S3DataDistributionType"}
    if not isinstance(location, dict) or set(location) != members or not known.issuperset(item):
        return None
    port = _hole(location["S3Uri"], "$input")
    texts = [value for name, value in item.items() if name != "DataSource"]
    texts += [location["S3DataType"], location["S3DataDistributionType"]]
    if port is None or "ChannelName" not in item or not all(isinstance(text, str) and text for text in texts):
        return None
    form: JsonObject = {"channel": item["ChannelName"]}
    for name, member in (
        ("content_type", "ContentType"),
        ("input_mode", "InputMode"),
        ("compression", "CompressionType"),
    ):
        if member in item:
            form[name] = item[member]
    return port, form | _unusual(location)


def _unusual(location: JsonObject) -> JsonObject:
    form: JsonObject = {}
    if location.get("S3DataDistributionType") != "FullyReplicated":
        form["distribution"] = location["S3DataDistributionType"]
    if location.get("S3DataType") != "S3Prefix":
        form["data_type"] = location["S3DataType"]
    return form


def _processing_input(item: JsonValue) -> tuple[str, JsonObject] | None:
    """The port of a processing input and its short form; None for an input that has none."""
    if not isinstance(item, dict) or not _is_job_item(item, "InputName", "S3Input"):
        return None
    source = item["S3Input"]
    members = {"S3Uri", "LocalPath", "S3DataType", "S3InputMode", "S3DataDistributionType", "S3CompressionType"}
    if not isinstance(source, dict) or set(source) != members:
        return None
    port = _hole(source["S3Uri"], "$input")
    texts = [item["InputName"], *(value for name, value in source.items() if name != "S3Uri")]
    if port is None or not all(isinstance(text, str) and text for text in texts):
        return None
    form: JsonObject = {"local_path": source["LocalPath"], "input_name": item["InputName"]}
    if source["S3InputMode"] != "File":
        form["input_mode"] = source["S3InputMode"]
    if source["S3CompressionType"] != "None":
        form["compression"] = source["S3CompressionType"]
    return port, form | _unusual(source)


def _processing_output(item: JsonValue) -> tuple[str, JsonObject] | None:
    """The output of a processing output and its short form; None for one that has none."""
    if not isinstance(item, dict) or not _is_job_item(item, "OutputName", "S3Output"):
        return None
    target = item["S3Output"]
    if not isinstance(target, dict) or set(target) != {"S3Uri", "LocalPath", "S3UploadMode"}:
        return None
    output, folder = _hole(target["S3Uri"], "$output_location"), target["LocalPath"]
    if output is None or target["S3UploadMode"] != "EndOfJob" or not isinstance(folder, str) or not folder:
        return None
    return output, {"local_path": folder, "output_name": item["OutputName"]}


def _is_job_item(item: JsonObject, name: str, place: str) -> bool:
    """Whether an item has a name and a place; that it is not managed by an application says nothing."""
    members = {key for key, value in item.items() if key != "AppManaged" or value is not False}
    return members == {name, place} and isinstance(item[name], str) and bool(item[name])


def _short_output(name: str, output: JsonValue, form: JsonValue) -> JsonValue:
    """An output in its short form, which gives its property path as well where that is written in the usual way."""
    if not isinstance(output, dict) or not isinstance(form, dict):
        return output
    short: JsonObject = {"type": output["type"], "local_path": form["local_path"]}
    if form["output_name"] != name:
        short["output_name"] = form["output_name"]
    path = f"ProcessingOutputConfig.Outputs['{form['output_name']}'].S3Output.S3Uri"
    return short | {
        key: value for key, value in output.items() if key != "type" and (key, value) != ("property_path", path)
    }


def _hole(value: JsonValue, key: str) -> str | None:
    name = value.get(key) if isinstance(value, dict) and len(value) == 1 else None
    return name if isinstance(name, str) else None


def _holes(value: JsonValue) -> dict[str, int]:
    """How often each port and output is named in a request."""
    found: dict[str, int] = {}
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            for key in ("$input", "$output_location"):
                name = _hole(item, key)
                if name is not None:
                    found[f"{key} {name}"] = found.get(f"{key} {name}", 0) + 1
            todo.extend(item.values())
        elif isinstance(item, list):
            todo.extend(item)
    return found
