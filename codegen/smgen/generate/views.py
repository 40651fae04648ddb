"""What the templates lay out: the classes of a contract's module, with every name, annotation and text decided."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from smgen.contracts import (
    PORT_ATTRIBUTES,
    REPORT_ATTRIBUTES,
    SCALAR_TYPES,
    ArtifactTypes,
    DependencySpec,
    OutputLocationHole,
    OutputPort,
    Renaming,
    ReportFile,
    ReportNode,
    StepContract,
    class_name,
    python_identifier,
    walk,
)
from smgen.generate.config_models import ConfigModel
from smgen.generate.literals import python_literal
from smgen.generate.texts import builder_text, output_text

#: Names of ``smgen.runtime`` that an annotation of generated code may hold.
RUNTIME_NAMES: Final = frozenset(
    {
        "Auto",
        "BooleanVariable",
        "External",
        "FloatVariable",
        "IntegerVariable",
        "Output",
        "Renamed",
        "ReportFile",
        "ReportList",
        "ReportNode",
        "ReportValues",
        "StringVariable",
    }
)
_VARIABLE_OF: Final = {
    "str": "StringVariable",
    "int": "IntegerVariable",
    "float": "FloatVariable",
    "bool": "BooleanVariable",
}
_PYTHON_OF_JSON: Final = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}


@dataclass(frozen=True, slots=True)
class PropertyView:
    """A property of a generated class: what it returns, as annotation and as expression."""

    name: str
    annotation: str
    expression: str
    text: str


@dataclass(frozen=True, slots=True)
class ClassView:
    """A generated class of properties: a proxy, or an object or file of a report."""

    name: str
    base: str
    text: str
    properties: tuple[PropertyView, ...]
    tombstones: tuple[TombstoneView, ...] = ()


@dataclass(frozen=True, slots=True)
class TombstoneView:
    """A name that a port or output had before."""

    name: str
    new_name: str
    annotation: str


@dataclass(frozen=True, slots=True)
class PortView:
    """A keyword argument of a builder; ``key`` is the port's name in the contract as a literal."""

    name: str
    key: str
    annotation: str
    required: bool


@dataclass(frozen=True, slots=True)
class LocationView:
    """An output whose S3 location can be chosen per step."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class BuilderView:
    """The builder of a contract."""

    name: str
    text: str
    config_required: bool
    ports: tuple[PortView, ...]
    tombstones: tuple[TombstoneView, ...]
    locations: tuple[LocationView, ...]
    deprecated: str | None


@dataclass(frozen=True, slots=True)
class ModuleView:
    """One generated module."""

    contract: str
    description: str
    imports: tuple[str, ...]
    config: str
    config_source: str
    reports: tuple[ClassView, ...]
    proxy: ClassView
    builder: BuilderView


@dataclass(frozen=True, slots=True)
class ArtifactTypeView:
    """One artifact type: a class of its own, or one that another package owns."""

    name: str
    base: str
    text: str
    package: str | None


def artifact_type_views(types: ArtifactTypes) -> tuple[ArtifactTypeView, ...]:
    """The artifact types, each behind its parent, otherwise in written order."""
    ordered: list[str] = []
    for name in types:
        for ancestor in (*reversed(types.ancestors(name)), name):
            if ancestor not in ordered:
                ordered.append(ancestor)
    return tuple(
        ArtifactTypeView(name, types[name].parent or "Artifact", types[name].description, types[name].package)
        for name in ordered
    )


def module_view(contract: StepContract, config: ConfigModel) -> ModuleView:
    """The module of one contract."""
    reports = tuple(_report_classes(contract))
    proxy = _proxy(contract)
    builder = _builder(contract, config)
    return ModuleView(
        contract=contract.name,
        description=contract.description or f"The step contract {contract.name}.",
        imports=tuple(_import_lines(contract, config, reports, proxy, builder)),
        config=f"{contract.name}Config",
        config_source=config.source,
        reports=reports,
        proxy=proxy,
        builder=builder,
    )


def _proxy(contract: StepContract) -> ClassView:
    properties: list[PropertyView] = []
    tombstones: list[TombstoneView] = []
    for name, port in contract.output_ports.items():
        spec = port.output_spec
        attribute = python_identifier(name)
        text = output_text(contract.kind, spec)
        if spec.output_type in SCALAR_TYPES:
            type_ = SCALAR_TYPES[spec.output_type]
            expression = f"self.__smgen_variable__({python_literal(name)}, {type_})"
            properties.append(PropertyView(attribute, f"{spec.output_type}Variable", expression, text))
        else:
            expression = f"self.__smgen_output__({python_literal(name)}, {spec.output_type})"
            properties.append(PropertyView(attribute, f"Output[{spec.output_type}]", expression, text))
        properties += [_file_property(contract, port, file) for file in spec.files]
        if spec.renamed_from is not None and is_remembered(spec.renamed_from, contract.version):
            tombstones.append(_tombstone(spec.renamed_from.name, attribute))
    text = f"The outputs of a step of contract {contract.name}."
    return ClassView(f"{contract.name}Proxy", "StepOutputProxy", text, tuple(properties), tuple(tombstones))


def _file_property(contract: StepContract, port: OutputPort, file: ReportFile) -> PropertyView:
    report = _report_name(contract, file)
    arguments = f"{python_literal(port.name)}, {python_literal(file.name)}, {report}, {file.artifact_type}"
    text = file.description or f"The report {file.path} of the output {port.name}."
    return PropertyView(python_identifier(file.name), report, f"self.__smgen_file__({arguments})", text)


def _report_name(contract: StepContract, file: ReportFile) -> str:
    return f"{contract.name}{class_name(file.name)}"


def _report_classes(contract: StepContract) -> Iterator[ClassView]:
    """A class per object of each report, inner ones first, then the file itself."""
    for port in contract.output_ports.values():
        for file in port.output_spec.files:
            name = _report_name(contract, file)
            text = file.description or f"The report {file.path} of the output {port.name}."
            base = f"ReportFile[{file.artifact_type}]"
            yield from _object_classes(name, base, text, file.schema, REPORT_ATTRIBUTES)


def _object_classes(
    name: str, base: str, text: str, node: ReportNode, reserved: Iterable[str] = ()
) -> Iterator[ClassView]:
    properties: list[PropertyView] = []
    for key, member in node.members:
        attribute = python_identifier(key, frozenset(reserved))
        inner = f"{name}{class_name(key)}"
        described = member.description or f"The member {key}."
        literal = python_literal(key)
        if member.type == "object":
            yield from _object_classes(inner, "ReportNode", described, member)
            properties.append(PropertyView(attribute, inner, f"self.__smgen_node__({literal}, {inner})", described))
        elif member.type == "array" and member.element is not None:
            element = member.element
            if element.type == "object":
                yield from _object_classes(inner, "ReportNode", element.description or described, element)
                expression = f"self.__smgen_list__({literal}, {inner})"
                properties.append(PropertyView(attribute, f"ReportList[{inner}]", expression, described))
            elif element.type in _PYTHON_OF_JSON:
                type_ = _PYTHON_OF_JSON[element.type]
                expression = f"self.__smgen_values__({literal}, {type_})"
                properties.append(PropertyView(attribute, f"ReportValues[{type_}]", expression, described))
        elif member.type in _PYTHON_OF_JSON:
            type_ = _PYTHON_OF_JSON[member.type]
            expression = f"self.__smgen_value__({literal}, {type_})"
            properties.append(PropertyView(attribute, _VARIABLE_OF[type_], expression, described))
    yield ClassView(name, base, text, tuple(properties))


def _builder(contract: StepContract, config: ConfigModel) -> BuilderView:
    ports: list[PortView] = []
    tombstones: list[TombstoneView] = []
    for name, port in contract.input_ports.items():
        spec = port.dependency_spec
        argument = python_identifier(name, PORT_ATTRIBUTES)
        ports.append(PortView(argument, python_literal(name), _port_annotation(spec), spec.required))
        if spec.renamed_from is not None and is_remembered(spec.renamed_from, contract.version):
            tombstones.append(_tombstone(spec.renamed_from.name, argument))
    return BuilderView(
        name=f"{contract.name}StepBuilder",
        text=builder_text(contract),
        config_required=config.is_required,
        ports=tuple(ports),
        tombstones=tuple(tombstones),
        locations=tuple(_locations(contract)),
        deprecated=contract.deprecated,
    )


def is_remembered(renaming: Renaming, version: str) -> bool:
    """Whether a contract of this version still has a tombstone for the former name."""
    return _numbers(version) < _numbers(renaming.until)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _tombstone(old: str, new: str) -> TombstoneView:
    text = python_literal(f"use {new}")
    return TombstoneView(python_identifier(old, PORT_ATTRIBUTES), new, f"Renamed[Literal[{text}]]")


def _port_annotation(spec: DependencySpec) -> str:
    type_ = spec.dependency_type
    scalar = type_ in SCALAR_TYPES
    one = f"{type_}Variable" if scalar else f"Output[{type_}] | External[{type_}]"
    taken = f"Sequence[{one}]" if spec.many else one
    return f"{taken} | Auto" if spec.required else f"{taken} | Auto | None"


def _locations(contract: StepContract) -> Iterator[LocationView]:
    """The outputs that the request names a location for, in the order of the contract."""
    located = {hole.output for hole in walk(contract.request) if isinstance(hole, OutputLocationHole)}
    located |= {hole.output for hole in walk(contract.step_fields) if isinstance(hole, OutputLocationHole)}
    for name in contract.output_ports:
        if name in located:
            yield LocationView(python_identifier(name, PORT_ATTRIBUTES), python_literal(name))


def _import_lines(
    contract: StepContract,
    config: ConfigModel,
    reports: Sequence[ClassView],
    proxy: ClassView,
    builder: BuilderView,
) -> Iterator[str]:
    """The import statements of a module, sorted, with an empty line between the sections."""
    wanted: dict[str, set[str]] = {}
    for module, name in config.imports:
        wanted.setdefault(module, set()).add(name)
    runtime = wanted.setdefault("smgen.runtime", set())
    runtime |= {"StepBuilder as _StepBuilder", "StepConfig", "StepContract", "StepOutputProxy", "load_contract"}
    wanted.setdefault("typing", set()).add("ClassVar")
    artifacts: set[str] = set()
    annotations = [port.annotation for port in builder.ports]
    for view in (*reports, proxy):
        annotations += [view.base, *(f"{item.annotation} {item.expression}" for item in view.properties)]
    annotations += [item.annotation for view in (builder, proxy) for item in view.tombstones]
    if builder.locations:
        annotations.append("StringVariable")
        wanted.setdefault("typing_extensions", set()).add("Self")
    if builder.deprecated is not None:
        wanted.setdefault("typing_extensions", set()).add("deprecated")
    types = {port.dependency_spec.dependency_type for port in contract.input_ports.values()}
    for port in contract.output_ports.values():
        types |= {port.output_spec.output_type, *(file.artifact_type for file in port.output_spec.files)}
    for word in re.findall(r"[A-Za-z_]+[A-Za-z0-9_]*", " ".join(annotations)):
        if word in types and word not in SCALAR_TYPES:
            artifacts.add(word)
        elif word in RUNTIME_NAMES:
            runtime.add(word)
        elif word == "Sequence":
            wanted.setdefault("collections.abc", set()).add(word)
        elif word == "Literal":
            wanted["typing"].add(word)
    section = 0
    for module in sorted(wanted, key=_import_section):
        if _import_section(module)[0] != section:
            section = _import_section(module)[0]
            yield ""
        yield f"from {module} import {', '.join(sorted(wanted[module]))}"
    if artifacts:
        yield ""
        yield f"from .artifact_types import {', '.join(sorted(artifacts))}"


def _import_section(module: str) -> tuple[int, str]:
    """Where an import stands: the standard library, then other packages, then smgen."""
    root = module.partition(".")[0]
    return (0 if root in ("typing", "collections", "datetime", "enum") else 2 if root == "smgen" else 1, module)


def generated_class_names(contract: StepContract) -> tuple[str, ...]:
    """The classes that a contract's module defines besides the aliases of its config."""
    reports = tuple(view.name for view in _report_classes(contract))
    return (f"{contract.name}Config", *reports, f"{contract.name}Proxy", f"{contract.name}StepBuilder")
