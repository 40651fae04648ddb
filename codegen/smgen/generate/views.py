"""What the templates lay out: the classes of a contract's module, with every name, annotation and text decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from smgen.contract_model import (
    PORT_ATTRIBUTES,
    REPORT_ATTRIBUTES,
    SCALAR_TYPES,
    DependencySpec,
    MemberForm,
    OutputPort,
    ReportFile,
    ReportNode,
    StepContract,
    class_name,
    config_argument,
    is_tunable,
    located_outputs,
    port_arguments,
    python_identifier,
    report_members,
)
from smgen.documents import append_pointer
from smgen.generate.annotations import (
    NONE,
    Annotation,
    Either,
    Name,
    OneText,
    applied,
    artifact,
    imported,
    names,
    python_type,
    variable,
)
from smgen.generate.class_views import ClassView, PropertyView, TombstoneView, output_property
from smgen.generate.config_models import ConfigModel
from smgen.generate.imports import Imports
from smgen.generate.literals import python_literal
from smgen.generate.texts import builder_text, member_text, output_text, report_text
from smgen.generate.tuning_views import TuningView, job_name, ranges_name, tuning_view


@dataclass(frozen=True, slots=True)
class PortView:
    """A keyword argument of a builder; ``key`` is the port's name in the contract as a literal."""

    name: str
    key: str
    annotation: Annotation
    required: bool
    pointer: str


@dataclass(frozen=True, slots=True)
class LocationView:
    """An output whose S3 location can be chosen per step."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class BuilderView:
    """The builder of a contract; ``config`` is the name of its first parameter, which no caller can use."""

    name: str
    text: str
    config: str
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
    tuning: TuningView | None
    builder: BuilderView


def module_view(contract: StepContract, config: ConfigModel) -> ModuleView:
    """The module of one contract."""
    reports = tuple(_report_classes(contract))
    proxy = _proxy(contract)
    builder = _builder(contract, config)
    tuning = tuning_view(contract)
    return ModuleView(
        contract=contract.name,
        description=contract.description.strip() or f"The step contract {contract.name}.",
        imports=_imports(config, reports, proxy, builder, tuning).lines(),
        config=f"{contract.name}Config",
        config_source=config.source,
        reports=reports,
        proxy=proxy,
        tuning=tuning,
        builder=builder,
    )


def _proxy(contract: StepContract) -> ClassView:
    properties: list[PropertyView] = []
    tombstones: list[TombstoneView] = []
    for name, port in contract.output_ports.items():
        spec = port.output_spec
        properties.append(output_property(name, spec, output_text(contract.kind, spec), port.pointer))
        properties += [_file_property(contract, port, file) for file in spec.files]
        if spec.renamed_from is not None and spec.renamed_from.stands_in(contract.version):
            tombstones.append(
                _tombstone(python_identifier(spec.renamed_from.name), python_identifier(name), port.pointer)
            )
    base, text = imported("StepOutputProxy"), f"The outputs of a step of contract {contract.name}."
    return ClassView(f"{contract.name}Proxy", base, text, tuple(properties), tuple(tombstones))


def _file_property(contract: StepContract, port: OutputPort, file: ReportFile) -> PropertyView:
    report = _report_name(contract, file)
    arguments = f"{python_literal(port.name)}, {python_literal(file.name)}, {report}, {file.artifact_type}"
    expression = f"self.__smgen_file__({arguments})"
    pointer = append_pointer(port.pointer, "files", file.name)
    return PropertyView(python_identifier(file.name), Name(report), expression, report_text(file, port.name), pointer)


def _report_name(contract: StepContract, file: ReportFile) -> str:
    return f"{contract.name}{class_name(file.name)}"


def _report_classes(contract: StepContract) -> Iterator[ClassView]:
    """A class per object of each report, inner ones first, then the file itself."""
    for port in contract.output_ports.values():
        for file in port.output_spec.files:
            name, text = _report_name(contract, file), report_text(file, port.name)
            base = applied("ReportFile", artifact(file.artifact_type))
            at = append_pointer(port.pointer, "files", file.name)
            yield from _object_classes(name, base, text, file.schema, at, REPORT_ATTRIBUTES)


def _object_classes(
    name: str, base: Annotation, text: str, node: ReportNode, pointer: str, reserved: Iterable[str] = ()
) -> Iterator[ClassView]:
    properties: list[PropertyView] = []
    for member in report_members(name, node, frozenset(reserved)):
        described = member_text(member.key, member.node)
        if member.below is not None:
            about = described if member.below is member.node else member.below.description.strip() or described
            yield from _object_classes(member.inner, imported("ReportNode"), about, member.below, pointer)
        if member.form is not None:
            inner, value = Name(member.inner), python_type(member.variable)
            faces: dict[MemberForm, tuple[Annotation, Name]] = {
                "node": (inner, inner),
                "list": (applied("ReportList", inner), inner),
                "values": (applied("ReportValues", value), value),
                "value": (variable(member.variable), value),
            }
            annotation, argument = faces[member.form]
            expression = f"self.__smgen_{member.form}__({python_literal(member.key)}, {argument})"
            properties.append(PropertyView(member.attribute, annotation, expression, described, pointer))
    yield ClassView(name, base, text, tuple(properties), pointer=pointer)


def _builder(contract: StepContract, config: ConfigModel) -> BuilderView:
    ports = port_arguments(contract)
    return BuilderView(
        name=f"{contract.name}StepBuilder",
        text=builder_text(contract),
        config=config_argument(ports),
        config_required=config.is_required,
        ports=tuple(
            PortView(
                port.argument, python_literal(port.port), _port_annotation(port.spec), port.spec.required, port.pointer
            )
            for port in ports
        ),
        tombstones=tuple(
            _tombstone(port.former, port.argument, port.pointer) for port in ports if port.former is not None
        ),
        locations=tuple(
            LocationView(python_identifier(name, PORT_ATTRIBUTES), python_literal(name))
            for name in located_outputs(contract)
        ),
        deprecated=contract.deprecated,
    )


def _tombstone(old: str, new: str, pointer: str) -> TombstoneView:
    annotation = applied("Renamed", OneText((f"use {new}",)))
    return TombstoneView(old, new, annotation, append_pointer(pointer, "renamed_from"))


def _port_annotation(spec: DependencySpec) -> Annotation:
    type_ = spec.dependency_type
    one: tuple[Annotation, ...]
    if type_ in SCALAR_TYPES:
        one = (variable(type_),)
    else:
        one = (applied("Output", artifact(type_)), applied("External", artifact(type_)))
    taken = (applied("Sequence", Either(one)),) if spec.many else one
    return Either((*taken, imported("Auto"), *(() if spec.required else (NONE,))))


def _imports(
    config: ConfigModel,
    reports: Sequence[ClassView],
    proxy: ClassView,
    builder: BuilderView,
    tuning: TuningView | None,
) -> Imports:
    """What a module imports: what its config does, and what its annotations name."""
    imports = Imports()
    for module, name in config.imports:
        imports.add(module, name)
    imports.add("smgen.runtime", "StepConfig", "StepContract", "load_contract")
    imports.renamed["smgen.runtime", "StepBuilder"] = "_StepBuilder"
    imports.add("typing", "ClassVar")
    if tuning is not None:
        imports.add("smgen.runtime", "TunedJob", "TuningBuilder", "TuningSettings")
        imports.add("typing", "TypedDict")
        imports.add("typing_extensions", "Unpack")
    if builder.locations:
        imports.add("typing_extensions", "Self")
    if builder.deprecated is not None:
        imports.add("typing_extensions", "deprecated")
    for annotation in _annotations(reports, proxy, builder, tuning):
        for used in names(annotation):
            if used.module is not None:
                imports.add(used.module, used.name)
    return imports


def _annotations(
    reports: Sequence[ClassView], proxy: ClassView, builder: BuilderView, tuning: TuningView | None
) -> Iterator[Annotation]:
    yield from (port.annotation for port in builder.ports)
    yield from (tombstone.annotation for tombstone in (*builder.tombstones, *proxy.tombstones))
    for view in (*reports, proxy):
        yield view.base
        yield from (item.annotation for item in view.properties)
    if tuning is not None:
        yield from tuning.annotations()
    if builder.locations:
        yield variable("String")


def generated_classes(contract: StepContract) -> Iterator[tuple[str, str]]:
    """The classes that a contract's module defines besides the aliases of its config, with what each is from."""
    yield f"{contract.name}Config", ""
    for view in _report_classes(contract):
        yield view.name, view.pointer
    yield f"{contract.name}Proxy", ""
    if is_tunable(contract):
        yield ranges_name(contract), ""
        yield job_name(contract), ""
    yield f"{contract.name}StepBuilder", ""
