"""Checks a contract's ports: artifact types, property paths, short forms of the kind, and report files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from smgen.aws import PROCESSING_JOB_KINDS, KeyPart, Leaf, MemberPart, PathProblem, parse_property_path, property_leaf
from smgen.contracts.artifact_types import ArtifactTypes
from smgen.contracts.check_request import output_value_findings
from smgen.contracts.holes import JoinHole, ListValue, LiteralValue, ObjectValue, PropertyHole, Value, WhenHole, walk
from smgen.contracts.model import SCALAR_TYPES, OutputPort, OutputSpec, ReportFile, StepContract, is_scalar
from smgen.contracts.named_values import NAMED_VALUE_KINDS
from smgen.diagnostics import Finding, nearest_name
from smgen.documents import append_pointer

#: The short forms of inputs and outputs, and the kinds that have each.
_INPUT_FORMS: Final[Mapping[str, tuple[str, ...]]] = {
    "channel": ("Training",),
    "content_type": ("Training",),
    "input_mode": ("Training", *PROCESSING_JOB_KINDS),
    "distribution": ("Training", *PROCESSING_JOB_KINDS),
    "data_type": ("Training", *PROCESSING_JOB_KINDS),
    "compression": ("Training", *PROCESSING_JOB_KINDS),
    "local_path": PROCESSING_JOB_KINDS,
    "input_name": (*PROCESSING_JOB_KINDS, *NAMED_VALUE_KINDS),
}
_OUTPUT_FORMS: Final[Mapping[str, tuple[str, ...]]] = {
    "local_path": ("Processing",),
    "output_name": ("Processing", *NAMED_VALUE_KINDS),
}
#: The property of a training step that is one file.
_MODEL_FILE: Final = "ModelArtifacts.S3ModelArtifacts"
#: Short forms that say more about an input which another short form has given a place.
_ABOUT_A_PLACE: Final = ("content_type", "input_mode", "distribution", "data_type", "compression")


def type_findings(contract: StepContract, types: ArtifactTypes) -> Iterator[Finding]:
    """SMG109: types of ports and report files that are neither declared nor scalar."""
    for port in contract.input_ports.values():
        yield from _type(contract, port.dependency_spec.dependency_type, append_pointer(port.pointer, "type"), types)
    for output in contract.output_ports.values():
        yield from _type(contract, output.output_spec.output_type, append_pointer(output.pointer, "type"), types)
        for file in output.output_spec.files:
            at = append_pointer(output.pointer, "files", file.name, "type")
            if file.artifact_type == output.output_spec.output_type:
                continue
            yield from _type(contract, file.artifact_type, at, types, scalars=False)


def _type(
    contract: StepContract, name: str, pointer: str, types: ArtifactTypes, *, scalars: bool = True
) -> Iterator[Finding]:
    names = (*types, *(SCALAR_TYPES if scalars else ()))
    if name in names:
        return
    yield Finding(
        "SMG109",
        f"there is no artifact type '{name}'" if not is_scalar(name) else f"a file has an artifact type, not {name}",
        contract.place(pointer),
        given=name,
        expected=", ".join(names) or "a type declared in artifact_types.json",
        nearest=nearest_name(name, names),
        fix=None if is_scalar(name) else "use a declared type, or declare this one in artifact_types.json",
    )


def form_findings(contract: StepContract) -> Iterator[Finding]:
    """SMG103 and SMG105: short forms that the contract's kind does not have, or that lack their other half."""
    for port in contract.input_ports.values():
        spec = port.dependency_spec
        written = {name: getattr(spec, name) is not None for name in _INPUT_FORMS}
        yield from _forms(contract, "input", port.name, port.pointer, written, _INPUT_FORMS)
        place = "channel" if contract.kind == "Training" else "local_path"
        noun = (
            "a channel, and none is named" if place == "channel" else "an input with a 'local_path', and there is none"
        )
        for name in _ABOUT_A_PLACE:
            if contract.kind in _INPUT_FORMS[name] and written[name] and not written[place]:
                yield Finding(
                    "SMG105",
                    f"'{name}' of the input '{port.name}' says something about {noun}",
                    contract.place(append_pointer(port.pointer, name), key=True),
                    expected=place,
                    fix=f"{'name the' if place == 'channel' else 'write the'} '{place}', or write the whole item in "
                    "the request",
                )
    for output in contract.output_ports.values():
        spec_out = output.output_spec
        written = {
            "local_path": spec_out.local_path is not None,
            "output_name": spec_out.output_name is not None,
        }
        yield from _forms(contract, "output", output.name, output.pointer, written, _OUTPUT_FORMS)


def _forms(
    contract: StepContract,
    noun: str,
    name: str,
    pointer: str,
    written: Mapping[str, bool],
    forms: Mapping[str, tuple[str, ...]],
) -> Iterator[Finding]:
    for key, kinds in forms.items():
        if written[key] and contract.kind not in kinds:
            of_kinds = f"kind{'' if len(kinds) == 1 else 's'} {', '.join(kinds)}"
            yield Finding(
                "SMG103",
                f"'{key}' of the {noun} '{name}' belongs to {of_kinds}, and this is a {contract.kind} contract",
                contract.place(append_pointer(pointer, key), key=True),
                given=key,
                expected=", ".join(other for other, owners in forms.items() if contract.kind in owners) or None,
                fix=f"remove '{key}' and name the {noun} in a hole of the request",
            )


def property_findings(contract: StepContract, *, complete: bool) -> Iterator[Finding]:
    """SMG111, and SMG112 in composed outputs: where each output comes from."""
    declared = declared_outputs(contract) if complete else None
    for output in contract.output_ports.values():
        spec = output.output_spec
        path_pointer = append_pointer(output.pointer, "property_path")
        short = contract.kind not in _OUTPUT_FORMS["output_name"] and (
            spec.local_path is not None or spec.output_name is not None
        )
        if spec.value is not None:
            if spec.property_path is not None:
                yield Finding(
                    "SMG111",
                    f"the output '{output.name}' has both a 'property_path' and a 'value'",
                    contract.place(path_pointer, key=True),
                    expected="one of the two",
                )
            yield from _composed(contract, output, spec.value, declared)
        elif spec.property_path is None:
            if complete:
                ways = "property_path, value" + (", local_path" if contract.kind == "Processing" else "")
                yield Finding(
                    "SMG111",
                    f"the output '{output.name}' does not say where it comes from",
                    contract.place(output.pointer, key=True),
                    expected=ways,
                    fix="write the property path of the step that gives it",
                )
        elif not short:
            wanted = spec.output_type if is_scalar(spec.output_type) else "String"
            yield from _path(contract, spec.property_path, path_pointer, wanted, spec.output_type, declared)


def _composed(
    contract: StepContract, output: OutputPort, value: Value, declared: Mapping[str, str] | None
) -> Iterator[Finding]:
    yield from output_value_findings(contract, value)
    kind = output.output_spec.output_type
    if isinstance(value, JoinHole) and is_scalar(kind) and kind != "String":
        yield Finding(
            "SMG111",
            f"the output '{output.name}' is of type {kind}, and a '$join' gives a text",
            contract.place(value.pointer),
            given="$join",
            expected="String or an artifact type",
        )
    if not any(isinstance(part, PropertyHole) for part in walk(value)):
        yield Finding(
            "SMG111",
            f"the value of the output '{output.name}' reads nothing of the step",
            contract.place(value.pointer),
            expected='{"$property": path} somewhere in the value',
        )
    for part in walk(value):
        if isinstance(part, PropertyHole):
            # Any leaf can be a part of a text.
            wanted = None if part is not value else kind if is_scalar(kind) else "String"
            yield from _path(contract, part.path, append_pointer(part.pointer, "$property"), wanted, kind, declared)


def _path(
    contract: StepContract,
    path: str,
    pointer: str,
    wanted: str | None,
    output_type: str,
    declared: Mapping[str, str] | None,
) -> Iterator[Finding]:
    """One property path; ``wanted`` is the leaf's scalar type, None where any will do."""
    place = contract.place(pointer)
    leaf = _raw_leaf(path) if contract.raw else property_leaf(contract.kind, path)
    if isinstance(leaf, PathProblem):
        yield Finding(
            "SMG111",
            leaf.reason,
            place,
            given=path,
            expected=", ".join(leaf.expected) or None,
            nearest=_suggestion(leaf, path),
            fix=_path_fix(contract, leaf, path),
        )
        return
    name = _declared_name(contract.kind, path)
    if name is not None and declared is not None and name not in declared:
        place_of_outputs = "ProcessingOutputConfig.Outputs" if contract.kind == "Processing" else "OutputParameters"
        names = tuple(declared)
        nearest = nearest_name(name, names)
        yield Finding(
            "SMG111",
            f"the step declares no output named '{name}' under {place_of_outputs}",
            place,
            given=path,
            expected=", ".join(names) or f"an item with that name under {place_of_outputs}",
            nearest=None if nearest is None else path.replace(f"'{name}'", f"'{nearest}'"),
        )
        return
    given: str = leaf.type
    if name is not None and declared is not None and contract.kind != "Processing":
        given = next((kind for kind in SCALAR_TYPES if kind == declared[name]), "String")
    if wanted is None or given in (wanted, "Any") or (given == "Timestamp" and wanted == "String"):
        return
    what = (
        f"of type {output_type}"
        if is_scalar(output_type)
        else f"the artifact {output_type}, whose location is a String"
    )
    yield Finding(
        "SMG111",
        f"{path} is of type {given}, and the output is {what}",
        place,
        given=given,
        expected=wanted,
        fix=f"declare the output as {given}" if is_scalar(output_type) and given in SCALAR_TYPES else None,
    )


def _raw_leaf(path: str) -> Leaf | PathProblem:
    """What is known of a property of a kind without shapes: that its path can be read."""
    parsed = parse_property_path(path)
    return parsed if isinstance(parsed, PathProblem) else Leaf("Any", "", "")


def _suggestion(problem: PathProblem, path: str) -> str | None:
    """The whole path with the wrong part put right."""
    suggestion = problem.suggestion
    if suggestion is None:
        return None
    separator = "." if problem.at and not problem.given.startswith("[") else ""
    right, wrong = f"{problem.at}{separator}", path.removeprefix("properties.")
    if not wrong.startswith(right + problem.given):
        return suggestion
    return suggestion + wrong[len(right + problem.given) :]


def _path_fix(contract: StepContract, problem: PathProblem, path: str) -> str | None:
    suggestion = _suggestion(problem, path)
    if suggestion is not None:
        return f"write {suggestion}"
    return f"take a property of {contract.kind} steps" if problem.belongs_to else None


def _declared_name(kind: str, path: str) -> str | None:
    """The name in ``ProcessingOutputConfig.Outputs['name']…`` or ``OutputParameters['name']``."""
    parsed = parse_property_path(path)
    if isinstance(parsed, PathProblem):
        return None
    parts = parsed.parts
    prefix = (
        (MemberPart("ProcessingOutputConfig"), MemberPart("Outputs"))
        if kind == "Processing"
        else (MemberPart("OutputParameters"),)
    )
    if len(parts) <= len(prefix) or parts[: len(prefix)] != prefix:
        return None
    part = parts[len(prefix)]
    return part.key if isinstance(part, KeyPart) else None


def declared_outputs(contract: StepContract) -> Mapping[str, str] | None:
    """The named outputs of a Processing, Lambda or Callback step with their declared types.

    None where a name is not written as a literal, so that nothing can be said.
    """
    if contract.kind == "Processing":
        items = _member(_member(contract.request, "ProcessingOutputConfig"), "Outputs")
    else:
        items = _member(contract.step_fields, "OutputParameters")
    if items is None:
        return {}
    if not isinstance(items, ListValue):
        return None
    found: dict[str, str] = {}
    for item in _flat(items):
        name = _member(item, "OutputName")
        if not isinstance(name, LiteralValue) or not isinstance(name.value, str):
            return None
        kind = _member(item, "OutputType")
        found[name.value] = kind.value if isinstance(kind, LiteralValue) and isinstance(kind.value, str) else "String"
    return found


def _flat(items: ListValue) -> Iterator[Value]:
    for item in items.items:
        if isinstance(item, WhenHole) and item.items is not None:
            yield from item.items
        else:
            yield item


def _member(value: Value | None, name: str) -> Value | None:
    if not isinstance(value, ObjectValue):
        return None
    return next((member for key, member in value.members if key == name), None)


def item_name_findings(contract: StepContract) -> Iterator[Finding]:
    """SMG107: two channels, processing inputs or outputs of one name in the request."""
    request = contract.request
    for items, key, noun in (
        (_member(request, "InputDataConfig"), "ChannelName", "channels"),
        (_member(request, "ProcessingInputs"), "InputName", "processing inputs"),
        (_member(_member(request, "ProcessingOutputConfig"), "Outputs"), "OutputName", "processing outputs"),
    ):
        if not isinstance(items, ListValue):
            continue
        seen: dict[str, Value] = {}
        for item in _flat(items):
            name = _member(item, key)
            if not isinstance(name, LiteralValue) or not isinstance(name.value, str):
                continue
            first = seen.setdefault(name.value, name)
            if first is not name:
                yield Finding(
                    "SMG107",
                    f"two {noun} are named '{name.value}'",
                    contract.place(name.pointer),
                    given=name.value,
                    expected="a name of its own",
                    expected_at=contract.place(first.pointer),
                )


def file_findings(contract: StepContract) -> Iterator[Finding]:
    """SMG124: paths, property files and schemas of the report files."""
    seen: dict[str, str] = {}
    for output in contract.output_ports.values():
        for file in output.output_spec.files:
            pointer = append_pointer(output.pointer, "files", file.name)
            yield from _file(contract, output.output_spec, file, pointer)
            first = seen.setdefault(file.property_file, pointer)
            if first != pointer:
                yield Finding(
                    "SMG124",
                    f"two files of the contract are declared as the property file '{file.property_file}'",
                    contract.place(append_pointer(pointer, "property_file")),
                    given=file.property_file,
                    expected="a name of its own",
                    expected_at=contract.place(append_pointer(first, "property_file")),
                )


def _file(contract: StepContract, spec: OutputSpec, file: ReportFile, pointer: str) -> Iterator[Finding]:
    problem = _path_problem(file.path)
    if problem is not None:
        yield Finding(
            "SMG124",
            f"the path of the file '{file.name}' {problem}",
            contract.place(append_pointer(pointer, "path")),
            given=file.path,
            expected="a path below the output's location, such as evaluation.json",
        )
    if file.schema.type not in ("object", "array"):
        yield Finding(
            "SMG124",
            f"the content of the file '{file.name}' is a JSON object or list, from which values are read",
            contract.place(append_pointer(pointer, "schema")),
            given=file.schema.type,
            expected="object, array",
        )
    if is_scalar(spec.output_type):
        yield Finding(
            "SMG124",
            f"the file '{file.name}' lies below a location, and the output is a value",
            contract.place(pointer, key=True),
            given=spec.output_type,
            expected="an output of an artifact type",
        )
    elif spec.property_path == _MODEL_FILE:
        yield Finding(
            "SMG124",
            f"nothing lies below the output of the file '{file.name}', which is one file, model.tar.gz",
            contract.place(pointer, key=True),
            given=spec.property_path,
            expected="a property that gives a folder, such as OutputDataConfig.S3OutputPath",
        )
    elif contract.kind == "Processing" and spec.aws_name is None:
        yield Finding(
            "SMG124",
            f"the file '{file.name}' lies below a processing output, and its output does not say which one",
            contract.place(pointer, key=True),
            expected="output_name, or a property_path that starts with ProcessingOutputConfig.Outputs['…']",
            fix="write 'output_name' at the output",
        )


def _path_problem(path: str) -> str | None:
    parts = path.split("/")
    if not path.isprintable() or "\\" in path:
        return "has a character that no path below an S3 location has"
    if path.startswith("/") or ":" in parts[0]:
        return "is absolute"
    if ".." in parts:
        return "leaves the output's location"
    if "" in parts or "." in parts:
        return "has an empty part"
    return None
