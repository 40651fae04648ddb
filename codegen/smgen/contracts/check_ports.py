"""Checks a contract's ports: artifact types, property paths, short forms of the kind, and report files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from typing import Final

from smgen.aws import (
    OUTPUT_PARAMETERS,
    STEP_KINDS,
    KeyPart,
    Leaf,
    NamedList,
    PathProblem,
    element_of,
    parse_property_path,
    property_leaf,
)
from smgen.contract_model.artifact_types import ArtifactTypes
from smgen.contract_model.holes import JoinHole, ListValue, LiteralValue, PropertyHole, Value, WhenHole, walk
from smgen.contract_model.model import SCALAR_TYPES, DependencySpec, OutputPort, OutputSpec, ReportFile, is_scalar
from smgen.contract_model.request_editing import member
from smgen.contract_model.short_forms import ShortForm, input_form, output_form
from smgen.contract_model.step_contract import StepContract
from smgen.contracts.check_request import output_value_findings
from smgen.diagnostics import Finding, Place, nearest_name
from smgen.documents import append_pointer, object_at


def _kinds_of(
    form_of: Callable[[str], ShortForm | None], spec: type[DependencySpec | OutputSpec], by_name: str
) -> Mapping[str, tuple[str, ...]]:
    """The members of a port that short forms read, each with its kinds; ``by_name`` is that of named values."""
    found: dict[str, tuple[str, ...]] = {}
    for name in (field.name for field in fields(spec)):
        forms = {kind: form for kind in STEP_KINDS if (form := form_of(kind)) is not None and name in form.fields}
        named = [kind for kind, row in STEP_KINDS.items() if name == by_name and row.takes_named_values]
        if forms:
            found[name] = (*forms, *named)
    return found


#: The short forms of inputs and outputs, and the kinds that have each.
_INPUT_FORMS: Final = _kinds_of(input_form, DependencySpec, "input_name")
_OUTPUT_FORMS: Final = _kinds_of(output_form, OutputSpec, "output_name")


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
        form = input_form(contract.kind)
        if form is None or written[form.place]:
            continue
        noun = "an input with a 'local_path', and there is none"
        if form.place == form.name:
            noun = f"a {form.place}, and none is named"
        for name in _INPUT_FORMS:
            if name in form.fields and name not in (form.place, form.name) and written[name]:
                yield Finding(
                    "SMG105",
                    f"'{name}' of the input '{port.name}' says something about {noun}",
                    contract.place(append_pointer(port.pointer, name), key=True),
                    expected=form.place,
                    fix=f"{'name the' if form.place == form.name else 'write the'} '{form.place}', or write the whole "
                    "item in the request",
                )
    for output in contract.output_ports.values():
        written = {name: getattr(output.output_spec, name) is not None for name in _OUTPUT_FORMS}
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
                ways = "property_path, value" + (", local_path" if output_form(contract.kind) else "")
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
    of = _list_of_outputs(contract)
    element = element_of(of.path, path)
    given: str = leaf.type
    if isinstance(element, KeyPart) and declared is not None:
        if element.key not in declared:
            yield _undeclared(of, element.key, path, place, tuple(declared))
            return
        if of.beside:
            given = declared[element.key] if declared[element.key] in SCALAR_TYPES else "String"
    if wanted is not None and given not in (wanted, "Any") and (given, wanted) != ("Timestamp", "String"):
        yield _wrong_type(path, place, given, wanted, output_type)


def _undeclared(of: NamedList, name: str, path: str, place: Place, names: tuple[str, ...]) -> Finding:
    nearest = nearest_name(name, names)
    return Finding(
        "SMG111",
        f"the step declares no output named '{name}' under {of.property}",
        place,
        given=path,
        expected=", ".join(names) or f"an item with that name under {of.property}",
        nearest=None if nearest is None else path.replace(f"'{name}'", f"'{nearest}'"),
    )


def _wrong_type(path: str, place: Place, given: str, wanted: str, output_type: str) -> Finding:
    artifact = not is_scalar(output_type)
    what = f"the artifact {output_type}, whose location is a String" if artifact else f"of type {output_type}"
    return Finding(
        "SMG111",
        f"{path} is of type {given}, and the output is {what}",
        place,
        given=given,
        expected=wanted,
        fix=f"declare the output as {given}" if not artifact and given in SCALAR_TYPES else None,
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


def _list_of_outputs(contract: StepContract) -> NamedList:
    """The list in which a step of the contract names its outputs, if it names any."""
    return contract.step_kind.outputs or OUTPUT_PARAMETERS


def declared_outputs(contract: StepContract) -> Mapping[str, str] | None:
    """The outputs that a step names itself, with their declared types.

    None where a name is not written as a literal, so that nothing can be said.
    """
    of = _list_of_outputs(contract)
    items = member(contract.step_fields if of.beside else contract.request, *of.path)
    if items is None:
        return {}
    if not isinstance(items, ListValue):
        return None
    found: dict[str, str] = {}
    for item in _flat(items):
        name = _literal(item, of.name)
        if name is None:
            return None
        found[str(name.value)] = "String" if (kind := _literal(item, "OutputType")) is None else str(kind.value)
    return found


def _flat(items: ListValue) -> Iterator[Value]:
    for item in items.items:
        if isinstance(item, WhenHole) and item.items is not None:
            yield from item.items
        else:
            yield item


def _literal(item: Value, name: str) -> LiteralValue | None:
    """The text at a member of an item; None where none is written there."""
    value = member(item, name)
    return value if isinstance(value, LiteralValue) and isinstance(value.value, str) else None


def item_name_findings(contract: StepContract) -> Iterator[Finding]:
    """SMG107: two channels, processing inputs or outputs of one name in the request."""
    for row in contract.step_kind.lists:
        items = member(contract.request, *row.path) if row.title else None
        seen: dict[object, Value] = {}
        for item in _flat(items) if isinstance(items, ListValue) else ():
            name = _literal(item, row.name)
            first = name if name is None else seen.setdefault(name.value, name)
            if name is not None and first is not None and first is not name:
                yield Finding(
                    "SMG107",
                    f"two {row.title}s are named '{name.value}'",
                    contract.place(name.pointer),
                    given=str(name.value),
                    expected="a name of its own",
                    expected_at=contract.place(first.pointer),
                )


def returned_name_findings(contract: StepContract) -> Iterator[Finding]:
    """SMG107: two outputs of one `output_name` where a step returns values by their names."""
    if not contract.step_kind.takes_named_values:
        return
    seen: dict[str, OutputPort] = {}
    for output in contract.output_ports.values():
        spec = output.output_spec
        declared = object_at(contract.document, "outputs", output.name)
        # A property path may name the value of another output on purpose.
        if "property_path" in declared or "value" in declared:
            continue
        name = spec.output_name or output.name
        first = seen.setdefault(name, output)
        if first is not output:
            yield Finding(
                "SMG107",
                f"the outputs '{first.name}' and '{output.name}' are both the value '{name}' that the step returns",
                contract.place(output.pointer, key=True),
                given=name,
                expected="an output_name of its own",
                expected_at=contract.place(first.pointer, key=True),
                fix="give one of the two another 'output_name', or remove it",
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
    elif (single := _single_file(contract, spec)) is not None:
        yield Finding(
            "SMG124",
            f"nothing lies below the output of the file '{file.name}', which is one file, {single}",
            contract.place(pointer, key=True),
            given=spec.property_path,
            expected="a property that gives a folder, such as OutputDataConfig.S3OutputPath",
        )
    elif contract.step_kind.has_property_files and spec.aws_name is None:
        yield Finding(
            "SMG124",
            f"the file '{file.name}' lies below a processing output, and its output does not say which one",
            contract.place(pointer, key=True),
            expected="output_name, or a property_path that starts with ProcessingOutputConfig.Outputs['…']",
            fix="write 'output_name' at the output",
        )


def _single_file(contract: StepContract, spec: OutputSpec) -> str | None:
    """The one file that an output is; None for an output below which files lie."""
    writes = contract.step_kind.writes
    return next((row.file for row in writes if row.file and spec.property_path in row.properties), None)


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
