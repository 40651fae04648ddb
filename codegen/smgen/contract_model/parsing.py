"""Turns a contract document into a :class:`StepContract`, its short forms written out.

Generated packages call :func:`contract_from_document` when they are imported, so nothing here needs pydantic or AWS's
tables, and no check is made that ``smgen generate`` has made before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from smgen.aws import step_kind
from smgen.contract_model.framework_images import framework_image
from smgen.contract_model.holes import ABSENT, SettingHole, Value, parse_value
from smgen.contract_model.json_reading import flag, scalar, text, texts
from smgen.contract_model.json_schemas import parameters_of_json_schema, pointer_only, report_of_json_schema
from smgen.contract_model.metrics import expand_metrics, read_metrics
from smgen.contract_model.model import (
    DISTRIBUTION_TYPES,
    DependencySpec,
    Distribution,
    DistributionType,
    EnvironmentImage,
    InputPort,
    OutputPort,
    OutputSpec,
    ParameterSpec,
    Renaming,
    ReportFile,
    SettingDefault,
    SettingSpec,
    SourceSpec,
)
from smgen.contract_model.named_values import expand_named_values, returned_value_path
from smgen.contract_model.script_mode import INFO_LEVEL, launch_convention
from smgen.contract_model.short_forms import processing_output_path
from smgen.contract_model.step_contract import Origin, StepContract, place_of_origin
from smgen.contract_model.sugar import expand_sugar
from smgen.contract_model.text_places import with_texts
from smgen.contract_model.variants import family_of
from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import Document, JsonObject, JsonValue, append_pointer, object_at, text_at

#: Members of a setting that say how it is used; all others are JSON Schema keywords.
SETTING_MEMBERS: Final = ("default", "required", "description")

#: Members of a contract document that say nothing about the contract.
_EDITOR_MEMBERS: Final = ("$schema",)


def contract_from_document(document: JsonObject, source: Document | None = None) -> StepContract:
    """The contract in a document that has passed the contract JSON Schema and has no ``$ref`` left.

    ``source`` is the file that the document was read from, for the places of later findings. Raises FindingsError
    (SMG112, SMG115, SMG117) where a hole or a schema of a value cannot be read.
    """
    contract, findings = build_contract(document, source)
    if findings:
        raise FindingsError(findings)
    return contract


def build_contract(
    document: JsonObject, source: Document | None = None, origins: Mapping[str, Origin] | None = None
) -> tuple[StepContract, tuple[Finding, ...]]:
    """The contract in a document, and what is wrong in its holes and schemas of values; wrong parts are left out.

    ``origins`` says where the parts of ``document`` stand that were brought in by a ``$ref`` or a variant.
    """
    return _Builder(document, source, {} if origins is None else origins).contract()


def canonical_document(document: JsonObject) -> JsonObject:
    """The document as ``StepContract.document`` holds it: without what only an editor reads."""
    return {key: value for key, value in document.items() if key not in _EDITOR_MEMBERS}


class _Builder:
    """One contract in the making; collects findings so that all of them are reported together."""

    def __init__(self, document: JsonObject, source: Document | None, origins: Mapping[str, Origin]) -> None:
        self.document = document
        self.source = source
        self.origins = origins
        self.findings: list[Finding] = []

    def place(self, pointer: str) -> Place:
        if self.source is None:
            return pointer_only(pointer)
        origin = place_of_origin(self.origins, pointer)
        return self.source.place(pointer) if origin is None else origin[0].document.place(origin[1])

    def contract(self) -> tuple[StepContract, tuple[Finding, ...]]:
        document = self.document
        kind = text(document.get("kind"))
        inputs = {
            name: self.input_port(name, object_at(value), append_pointer("/inputs", name))
            for name, value in object_at(document, "inputs").items()
        }
        outputs = {
            name: self.output_port(name, object_at(value), append_pointer("/outputs", name))
            for name, value in object_at(document, "outputs").items()
        }
        source = self.source_spec(object_at(document, "source"), kind) if "source" in document else None
        written = self.value(document.get("request", {}), "/request")
        declared = bool(object_at(document, "hyperparameters", "properties"))
        request, misplaced = expand_sugar(kind, written, inputs, outputs, source, hyperparameters=declared)
        metrics = read_metrics(document.get("metrics"))
        request = expand_metrics(kind, request, metrics)
        fields = self.value(document.get("step_fields", {}), "/step_fields")
        settings = {
            name: _setting(name, object_at(value), append_pointer("/settings", name))
            for name, value in object_at(document, "settings").items()
        }
        if step_kind(kind).takes_named_values:
            request, fields, more = expand_named_values(request, fields, inputs, outputs, settings)
            misplaced = (*misplaced, *more)
        elif not flag(document.get("raw"), False):
            # What a function is called with may have any names; of a kind that smgen does not know nothing is known.
            request = with_texts(request, inputs, settings)
        self.findings += [Finding("SMG115", item.message, self.place(item.pointer)) for item in misplaced]
        family, job_type = family_of(document)
        contract = StepContract(
            name=text(document.get("name")),
            version=text(document.get("version")),
            kind=kind,
            owner=text(document.get("owner")),
            description=text(document.get("description")),
            input_ports=inputs,
            output_ports=outputs,
            settings=settings,
            hyperparameters=self.parameters("hyperparameters"),
            environment=self.parameters("environment"),
            request=request,
            step_fields=fields,
            document=canonical_document(document),
            source=source,
            raw=flag(document.get("raw"), False),
            reserved=texts(document.get("reserved")),
            deprecated=text_at(document, "deprecated"),
            family=family,
            job_type=job_type,
            metrics=metrics,
            source_document=self.source,
            origins=self.origins,
        )
        return contract, tuple(self.findings)

    def value(self, value: JsonValue, pointer: str) -> Value:
        parsed, findings = parse_value(value, pointer, self.source)
        self.findings += findings
        return parsed

    def parameters(self, member: str) -> dict[str, ParameterSpec]:
        if member not in self.document:
            return {}
        found, findings = parameters_of_json_schema(self.document[member], f"/{member}", self.place)
        self.findings += findings
        return {item.name: item for item in found}

    def source_spec(self, value: JsonObject, kind: str) -> SourceSpec:
        launch = launch_convention(text_at(value, "launch"), kind)
        # A single script is what processing jobs have always had; the other conventions unpack an archive.
        packs = text(value.get("pack"), "entry" if launch in (None, "processing") else "folder")
        level = value.get("log_level")
        return SourceSpec(
            entry=text(value.get("entry")),
            directory=text(value.get("dir"), "."),
            launch=launch,
            whole_folder=packs == "folder",
            dependencies=texts(value.get("dependencies")),
            requirements=text_at(value, "requirements"),
            distribution=self.distribution(object_at(value, "distribution")),
            log_level=level if isinstance(level, int) else INFO_LEVEL,
            by_channel=flag(value.get("by_channel"), False),
        )

    def distribution(self, value: JsonObject) -> Distribution | None:
        wanted = text(value.get("type"))
        known: DistributionType | None = next((launcher for launcher in DISTRIBUTION_TYPES if launcher == wanted), None)
        if known is None:
            return None
        values = (
            self.value(value[name], append_pointer("/source/distribution", name)) if name in value else None
            for name in ("processes_per_host", "custom_mpi_options")
        )
        return Distribution(known, *values)

    def input_port(self, name: str, value: JsonObject, pointer: str) -> InputPort:
        spec = DependencySpec(
            logical_name=name,
            dependency_type=text(value.get("type")),
            required=flag(value.get("required"), True),
            many=flag(value.get("many"), False),
            description=text(value.get("description")),
            compatible_sources=texts(value.get("compatible_sources")),
            semantic_keywords=texts(value.get("semantic_keywords")),
            aliases=texts(value.get("aliases")),
            channel=text_at(value, "channel"),
            content_type=text_at(value, "content_type"),
            input_mode=_text_or_setting(value, "input_mode", pointer),
            distribution=_text_or_setting(value, "distribution", pointer),
            data_type=_text_or_setting(value, "data_type", pointer),
            compression=_text_or_setting(value, "compression", pointer),
            local_path=text_at(value, "local_path"),
            input_name=text_at(value, "input_name"),
            renamed_from=_renaming(value.get("renamed_from")),
        )
        return InputPort(name, spec, pointer)

    def output_port(self, name: str, value: JsonObject, pointer: str) -> OutputPort:
        output_type = text(value.get("type"))
        local_path = text_at(value, "local_path")
        output_name = text_at(value, "output_name")
        composed = None
        if "value" in value:
            composed = self.value(value["value"], append_pointer(pointer, "value"))
        path = text_at(value, "property_path")
        if path is not None:
            path = path.removeprefix("properties.")
        elif composed is None and step_kind(text(self.document.get("kind"))).takes_named_values:
            path = returned_value_path(name if output_name is None else output_name)
        elif composed is None and (local_path is not None or output_name is not None):
            path = processing_output_path(name if output_name is None else output_name)
        spec = OutputSpec(
            logical_name=name,
            output_type=output_type,
            property_path=path,
            value=composed,
            description=text(value.get("description")),
            must_be_consumed=flag(value.get("must_be_consumed"), False),
            shared=flag(value.get("shared"), False),
            aliases=texts(value.get("aliases")),
            local_path=local_path,
            output_name=output_name,
            files=tuple(
                self.report_file(file, object_at(item), output_type, append_pointer(pointer, "files", file))
                for file, item in object_at(value, "files").items()
            ),
            renamed_from=_renaming(value.get("renamed_from")),
        )
        return OutputPort(name, spec, pointer)

    def report_file(self, name: str, value: JsonObject, output_type: str, pointer: str) -> ReportFile:
        schema, findings = report_of_json_schema(value.get("schema", {}), append_pointer(pointer, "schema"), self.place)
        self.findings += findings
        return ReportFile(
            name=name,
            path=text(value.get("path")),
            property_file=text(value.get("property_file"), name),
            artifact_type=text(value.get("type"), output_type),
            schema=schema,
            description=text(value.get("description")),
        )


def _text_or_setting(value: JsonObject, name: str, pointer: str) -> str | SettingHole | None:
    """A member of a short form: a text, or the setting that a pipeline says it with."""
    member = value.get(name)
    if not isinstance(member, dict):
        return text_at(member)
    return SettingHole(text(member.get("$setting")), member.get("absent", ABSENT), append_pointer(pointer, name))


def _renaming(value: JsonValue) -> Renaming | None:
    if not isinstance(value, dict):
        return None
    return Renaming(text(value.get("name")), text(value.get("until")))


def _setting(name: str, value: JsonObject, pointer: str) -> SettingSpec:
    default = _default(value.get("default"))
    declared = {key: member for key, member in value.items() if key not in SETTING_MEMBERS}
    return SettingSpec(
        name=name,
        required=flag(value.get("required"), default is None),
        default=default,
        declared=declared,
        description=text(value.get("description")),
        pointer=pointer,
    )


def _default(value: JsonValue) -> SettingDefault | None:
    if isinstance(value, dict):
        if "framework" in value:
            return framework_image(value)
        return EnvironmentImage(text(value.get("image")))
    if isinstance(value, list):
        items = (scalar(item) for item in value)
        return tuple(item for item in items if item is not None)
    return scalar(value)
