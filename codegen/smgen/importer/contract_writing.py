"""Writes the contract of steps of one shape, and what each of these steps gives to it."""

from __future__ import annotations

import builtins
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from smgen.aws import CODE_TEXTS, STEP_KINDS, Shape, StepKind, scalar_problem
from smgen.aws.limits import HYPERPARAMETER_KEY_MAX
from smgen.contract_model import CONFIG_ATTRIBUTES, PORT_ATTRIBUTES, folder_of, python_identifier, schema_of_shape
from smgen.definition import Step
from smgen.documents import JsonObject, JsonValue, append_pointer, object_at
from smgen.expressions import Join, Members, Value, as_expression, execution, members_at, value_to_json
from smgen.importer.artifacts import Inferred
from smgen.importer.code_names import snake
from smgen.importer.imported_pipeline import (
    Authored,
    EnvironmentReference,
    EnvironmentText,
    ExecutionInCode,
    FileValue,
    JoinedText,
    LoopItem,
    ParameterInCode,
    ProxyExpression,
    RawValue,
    is_literal,
)
from smgen.importer.outputs import OutputPlan, free_name, schema_of
from smgen.importer.properties import returned_types
from smgen.importer.shapes import Parts, StepLeaf, is_expression, keeps_null, shape_at, step_fields
from smgen.importer.shortening import with_short_forms
from smgen.importer.step_ports import Port, location_output, port_at
from smgen.importer.step_reads import Reading
from smgen.importer.text_values import WHOLE, is_number, is_whole, number_in, schema_of_type, value_in_json
from smgen.importer.value_writer import ValueWriter

#: Members that a pipeline chooses per step, with the setting's name.
_SETTINGS: Final[Mapping[str, str]] = {
    "InstanceType": "instance_type",
    "InstanceCount": "instance_count",
    "InitialInstanceCount": "instance_count",
    "VolumeSizeInGB": "volume_size_gb",
    "ImageUri": "image",
    "TrainingImage": "image",
    "Image": "image",
    "MaxRuntimeInSeconds": "max_runtime_s",
    "ModelApprovalStatus": "approval_status",
    "ModelPackageGroupName": "model_package_group",
    "SkipCheck": "skip_check",
    "FailOnViolation": "fail_on_violation",
    "RegisterNewBaseline": "register_new_baseline",
    "FunctionArn": "function_arn",
    "SqsQueueUrl": "queue_url",
}
#: Further names for members that become settings because their values differ.
_NAMES: Final[Mapping[str, str]] = {
    "S3Uri": "location",
    "S3OutputPath": "output_path",
    "RoleArn": "role",
    "sagemaker_submit_directory": "code_location",
}
#: Where jobs write what nobody reads as an output, mostly at the place of their output.
_WRITTEN_BESIDE: Final = "S3OutputPath"
#: Settings for what tells the toolkits where the code is.
_QUOTED: Final[Mapping[str, str]] = {"sagemaker_submit_directory": "code_location"}
_VARIABLE_NAME: Final = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
#: Names that annotations of generated classes hold, which no field may hide.
_TAKEN: Final = frozenset(
    (
        *dir(builtins),
        "Annotated",
        "ClassVar",
        "Field",
        "Literal",
        "Sequence",
        "TypeAliasType",
        "StringVariable",
        "IntegerVariable",
        "FloatVariable",
        "BooleanVariable",
    )
)


@dataclass
class PlannedPort:
    """An input port: what its place and its name say of its type, and what is given to it."""

    wanted: Inferred
    document: JsonObject = field(default_factory=dict[str, JsonValue])
    type: str = ""


@dataclass
class StepValues:
    """What one step gives to its contract."""

    config: dict[str, Authored] = field(default_factory=dict[str, "Authored"])
    ports: dict[str, Authored] = field(default_factory=dict[str, "Authored"])
    locations: dict[str, Authored] = field(default_factory=dict[str, "Authored"])


@dataclass
class ContractDraft:
    """A contract before the types of its ports are known, with the values of the steps that use it."""

    name: str
    members: tuple[Step, ...]
    plan: OutputPlan
    request: JsonObject = field(default_factory=dict[str, JsonValue])
    fields: JsonObject = field(default_factory=dict[str, JsonValue])
    ports: dict[str, PlannedPort] = field(default_factory=dict[str, PlannedPort])
    settings: dict[str, JsonObject] = field(default_factory=dict[str, JsonObject])
    hyperparameters: dict[str, JsonObject] = field(default_factory=dict[str, JsonObject])
    environment: dict[str, JsonObject] = field(default_factory=dict[str, JsonObject])
    steps: dict[str, StepValues] = field(default_factory=dict[str, StepValues])
    #: The ports that are given a place which another step writes, by step and port: the pointer of the place.
    places: dict[tuple[str, str], str] = field(default_factory=dict["tuple[str, str]", str])


def write_contract(name: str, members: Sequence[Step], writer: ValueWriter, pipeline: str) -> ContractDraft:
    """The contract of steps of one shape; ``pipeline`` is the name that the pipeline will have."""
    plan = writer.plans[members[0].name]
    draft = ContractDraft(name, tuple(members), plan)
    draft.steps = {step.name: StepValues() for step in members}
    _Contract(draft, writer, pipeline).write()
    return draft


def document_of(draft: ContractDraft, used: Collection[tuple[str, str]]) -> JsonObject:
    """The document of a contract whose ports have their types; ``used`` are the attributes of steps that are read."""
    kind = draft.members[0].type
    names = ", ".join(f"'{step.name}'" for step in draft.members)
    document: JsonObject = {"name": draft.name, "version": "1.0.0", "kind": kind}
    if kind not in STEP_KINDS:
        document["raw"] = True
    document["description"] = f"{kind} step {names}." if len(draft.members) == 1 else f"{kind} steps {names}."
    inputs: JsonObject = {name: {"type": port.type, **port.document} for name, port in draft.ports.items()}
    outputs = _outputs(draft, used)
    request, fields = draft.request, draft.fields
    request, inputs, outputs = with_short_forms(kind, request, inputs, outputs)
    for member, value in (("inputs", inputs), ("outputs", outputs)):
        if value:
            document[member] = value
    if draft.settings:
        document["settings"] = dict(draft.settings)
    for member, declared in (("hyperparameters", draft.hyperparameters), ("environment", draft.environment)):
        if declared:
            document[member] = {
                "type": "object",
                "additionalProperties": False,
                "required": list(_required(draft, declared)),
                "properties": dict(declared),
            }
    document["request"] = request
    if fields:
        document["step_fields"] = fields
    return document


def _required(draft: ContractDraft, declared: Mapping[str, JsonObject]) -> Iterator[JsonValue]:
    yield from (name for name in declared if all(name in values.config for values in draft.steps.values()))


def _outputs(draft: ContractDraft, used: Collection[tuple[str, str]]) -> JsonObject:
    outputs: JsonObject = {}
    for name, output in draft.plan.outputs.items():
        if output.is_inner and not any((step, python_identifier(name)) in used for step in draft.steps):
            # A part of a composed output, which nobody reads by itself.
            continue
        document: JsonObject = {"type": output.type}
        if output.value is not None:
            document["value"] = output.value
        else:
            document["property_path"] = output.path
        files: JsonObject = {}
        for file_name, file in output.files.items():
            schema = schema_of(file.values)
            if schema is not None:
                own: JsonObject = {} if file.type is None else {"type": file.type}
                files[file_name] = {"path": file.path, "property_file": file.property_file, **own, "schema": schema}
        if files:
            document["files"] = files
        outputs[name] = document
    return outputs


@dataclass
class _Contract:
    """One contract while it is written; every leaf is looked at in all its steps together."""

    draft: ContractDraft
    writer: ValueWriter
    pipeline: str
    #: Names of settings, hyperparameters and variables, as Python names.
    taken: set[str] = field(default_factory=set[str])
    #: The port or setting for values that are the same in every step, by what they are.
    known_ports: dict[str, str] = field(default_factory=dict[str, str])
    known_settings: dict[str, str] = field(default_factory=dict[str, str])
    #: The values of each output's location.
    known_locations: dict[str, str] = field(default_factory=dict[str, str])
    #: The holes of the locations of outputs.
    located: dict[tuple[bool, Parts], JsonValue] = field(default_factory=dict["tuple[bool, Parts]", JsonValue])

    @property
    def reading(self) -> Reading:
        """The definition."""
        return self.writer.reading

    @property
    def members(self) -> tuple[Step, ...]:
        """The steps."""
        return self.draft.members

    @property
    def kind(self) -> str:
        """The kind of the steps."""
        return self.members[0].type

    @property
    def row(self) -> StepKind:
        return self.members[0].kind

    def write(self) -> None:
        self.leaves = [{leaf.key: leaf for leaf in self.reading.leaves[step.name]} for step in self.members]
        first = self.members[0]
        places = (port_at(first, leaf, self.reading.folders.get(leaf.pointer, "")) for leaf in self.leaves[0].values())
        self.named_ports = {port.name for port in places if port is not None}
        # Hyperparameters and variables keep their names, so they come before the settings.
        self.maps: dict[Parts, JsonValue] = {}
        maps = ((first.kind.hyperparameters, "hyperparameters"), (first.kind.environment, "environment"))
        for parts, form in maps:
            value = members_at(first.own["Arguments"], *(parts or ()))
            if parts is not None and value and not is_expression(value) and (False, parts) not in self.leaves[0]:
                self.maps[parts] = self.values_by_name(parts, value, form)
        self.locate()
        self.draft.request = object_at(self.build(first.own["Arguments"], (), beside=False))
        fields: Members = {name: value for name, value in step_fields(first).items() if name != "OutputParameters"}
        self.draft.fields = object_at(self.build(fields, (), beside=True))
        self.named_outputs(first)
        self.property_files(first)

    def locate(self) -> None:
        """The holes of the locations of outputs, which come before what is written to the same place."""
        first, elsewhere = self.members[0], {*self.writer.assigned.defaults, *self.reading.raw}
        for key, leaf in self.leaves[0].items():
            if leaf.pointer not in elsewhere and location_output(first, leaf) is not None:
                hole = self.location([leaves[key] for leaves in self.leaves])
                if hole is not None:
                    self.located[key] = hole

    # The request ----------------------------------------------------------------------------------------------------

    def build(self, value: Value, parts: Parts, *, beside: bool) -> JsonValue:
        """A part of the request with holes."""
        if not beside and parts in self.maps:
            return self.maps[parts]
        if (beside, parts) in self.leaves[0]:
            return self.hole([leaves[beside, parts] for leaves in self.leaves])
        if isinstance(value, list):
            return [self.build(item, (*parts, number), beside=beside) for number, item in enumerate(value)]
        members = members_at(value)
        literal = {name: item for name, item in members.items() if name.startswith("$")}
        # Null says what absence says, but where it is what an author hands over.
        is_kept = beside or keeps_null(self.kind)
        rest: JsonObject = {
            name: self.build(item, (*parts, name), beside=beside)
            for name, item in members.items()
            if name not in literal and (item is not None or is_kept)
        }
        if not literal:
            return rest
        built = self.literal_object(literal, parts, beside=beside)
        return {"$merge": [rest, built]} if len(literal) < len(members) else built

    def literal_object(self, value: Members, parts: Parts, *, beside: bool) -> JsonValue:
        """An object of names that begin with ``$``: it stands as it is, in every step."""
        depth = len(parts)
        inside = [
            key
            for key in self.leaves[0]
            if key[0] is beside and key[1][:depth] == parts and key[1][depth : depth + 1] and key[1][depth] in value
        ]
        for key in inside:
            found = [leaves[key] for leaves in self.leaves]
            if not all(self.is_plain(leaf) for leaf in found) or len({repr(leaf.value) for leaf in found}) != 1:
                words = "a name that begins with '$' stands beside a value that is not the same everywhere"
                self.writer.finding(words, found[0].pointer, self.members[0].name)
        return {"$literal": value_to_json(value)}

    def hole(self, found: Sequence[StepLeaf]) -> JsonValue:
        """What stands in the contract at a place, of which these are the values in each step."""
        leaf = found[0]
        if not leaf.parts:
            self.writer.finding("the arguments of a step are an object", leaf.pointer, self.members[0].name)
            return {}
        if self.is_raw(leaf):
            return {"$raw": value_to_json(leaf.value)}
        default, *others = {self.writer.assigned.defaults.get(item.pointer) for item in found}
        if default is not None and not others:
            return {"$default": default}
        if self.is_step_name(found):
            return {"$step_name": True}
        shape = shape_at(self.kind, leaf)
        special: JsonValue = None
        if shape is None or shape.type in ("string", "timestamp", "blob"):
            special = self.located.get(leaf.key) or self.beside_location(found) or self.port(found)
        if special is not None:
            return special
        is_one = all(map(self.is_plain, found)) and len({_typed(item.value) for item in found}) == 1
        return self.plain(found, shape) if is_one else self.setting(found, shape)

    def is_raw(self, leaf: StepLeaf) -> bool:
        """Whether a value stands in the contract as it is; an expression comes in by the module."""
        return leaf.pointer in self.reading.raw and as_expression(leaf.value) is None

    def is_step_name(self, found: Sequence[StepLeaf]) -> bool:
        """Whether a place holds the name of its step: as the value of an option, or in several steps each its own."""
        if not all(leaf.value == step.name for leaf, step in self.pairs(found)):
            return False
        return len(found) > 1 or "name" in self.option(found[0]).split("_")

    def is_plain(self, leaf: StepLeaf) -> bool:
        return not leaf.is_expression and leaf.pointer not in self.writer.assigned.values

    def plain(self, found: Sequence[StepLeaf], shape: Shape | None) -> JsonValue:
        """One value for all steps: it stays in the request, or is the default of a setting."""
        leaf = found[0]
        is_argument = self.row.takes_named_values and not leaf.beside and len(leaf.parts) == 1
        is_chosen = is_argument or (leaf.name in _SETTINGS and isinstance(leaf.parts[-1], str))
        if (is_chosen and leaf.value is not None) or (shape is not None and self.tag(leaf) is not None):
            return self.setting(found, shape)
        return value_to_json(leaf.value)

    # Locations and ports --------------------------------------------------------------------------------------------

    def location(self, found: Sequence[StepLeaf]) -> JsonValue:
        """The hole of the location of an output; None where no step writes."""
        name = location_output(self.members[0], found[0])
        output = None if name is None else self.output_of(name)
        if name is None or output is None or output in self.known_locations:
            return None
        if not all(leaf.is_expression or (isinstance(leaf.value, str) and leaf.value) for leaf in found):
            return None
        values = self.values(found)
        if not all(map(self.is_text, values)):
            return None
        for step, leaf, value in zip(self.members, found, values, strict=True):
            if not self.is_default_location(step, leaf, name):
                self.draft.steps[step.name].locations[output] = value
        self.known_locations[output] = repr(values)
        return {"$output_location": output}

    def output_of(self, name: str) -> str | None:
        """The output that has AWS's name; a step that names its outputs has no other ones."""
        for own, planned in self.draft.plan.outputs.items():
            if (planned.aws_name or own) == name and (planned.aws_name != "" or self.row.outputs is None):
                return own
        return None

    def beside_location(self, found: Sequence[StepLeaf]) -> JsonValue:
        """The location of an output once more: Debugger and profiler write where the model is written."""
        if found[0].name != _WRITTEN_BESIDE or not self.known_locations:
            return None
        values = repr(self.values(found))
        output = next((name for name, known in self.known_locations.items() if known == values), None)
        return None if output is None else {"$output_location": output}

    def is_default_location(self, step: Step, leaf: StepLeaf, name: str) -> bool:
        """Whether a place is the one that a build gives an output by itself."""
        join = leaf.value
        if not isinstance(join, Join) or any(scope.branch == "body" for scope in step.scope):
            return False
        bucket = self.writer.assigned.values.get(append_pointer(leaf.pointer, "Std:Join", "Values", 1))
        names = [planned.aws_name or own for own, planned in self.draft.plan.outputs.items()]
        rest = (self.pipeline, execution("PipelineExecutionId"), step.name, *folder_of(name, names))
        is_own = bucket == EnvironmentReference("value", "bucket")
        return is_own and join.on == "/" and join.values[:1] == ("s3:/",) and join.values[2:] == rest

    def is_text(self, value: Authored) -> bool:
        """Whether a value is a text, or known to be one when the pipeline runs."""
        if isinstance(value, str):
            return value != ""
        if isinstance(value, (ParameterInCode, LoopItem, FileValue, RawValue)):
            return self.writer.json_type(value) == "string"
        if isinstance(value, ProxyExpression):
            return self.writer.proxy_type(value) == "String"
        return isinstance(value, (EnvironmentReference, EnvironmentText, JoinedText, ExecutionInCode))

    def port(self, found: Sequence[StepLeaf]) -> JsonValue:
        """The hole of a port; None where the place takes a plain value."""
        leaf = found[0]
        port = port_at(self.members[0], leaf, self.reading.folders.get(leaf.pointer, ""))
        values = [self.writer.reference(item.value, item.pointer, step.name) for item, step in self.pairs(found)]
        artifacts = [value for value in values if isinstance(value, ProxyExpression) and self.is_artifact(value)]
        if (port is None and not artifacts) or not all(self.is_text(value) or value in artifacts for value in values):
            return None
        if port is None:
            port = self.port_for(artifacts[0], leaf)
        known = self.known_ports.get(repr(values))
        if known is not None and not all(isinstance(value, str) for value in values):
            return {"$input": known}
        own = free_name(port.name, (python_identifier(other, PORT_ATTRIBUTES) for other in self.draft.ports))
        self.draft.ports[own] = PlannedPort(port.wanted)
        self.known_ports[repr(values)] = own
        for step, item, value in zip(self.members, found, values, strict=True):
            self.draft.steps[step.name].ports[own] = value
            self.draft.places[step.name, own] = item.pointer
        return {"$input": own}

    def port_for(self, artifact: ProxyExpression, leaf: StepLeaf) -> Port:
        """The port of an artifact at a place that is made for none, such as a member of metadata."""
        own = self.option(leaf) or snake(artifact.attribute)
        # Where the step has a place for an artifact of that name, that one is called so.
        return Port(snake(leaf.name) if own in self.named_ports else own, Inferred("Dataset", False))

    def is_artifact(self, value: ProxyExpression) -> bool:
        """Whether an output is a reference to an artifact, and no plain value."""
        return not value.members and self.writer.proxy_type(value) == "Artifact"

    def pairs(self, found: Sequence[StepLeaf]) -> Iterator[tuple[StepLeaf, Step]]:
        return zip(found, self.members, strict=True)

    def values(self, found: Sequence[StepLeaf]) -> list[Authored]:
        """What stands at a place in each step, as the module writes it."""
        return [self.writer.value(leaf.value, leaf.pointer, step.name) for leaf, step in self.pairs(found)]

    def give(self, name: str, values: Sequence[Authored]) -> None:
        """A field of the config with the value of each step."""
        for step, value in zip(self.members, values, strict=True):
            self.draft.steps[step.name].config[name] = value

    # Settings -------------------------------------------------------------------------------------------------------

    def setting(self, found: Sequence[StepLeaf], shape: Shape | None) -> JsonValue:
        """The hole of a setting."""
        leaf, values = found[0], self.values(found)
        if shape is not None and shape.type == "string" and any(name in leaf.parts for name in CODE_TEXTS):
            kinds = {"" if is_literal(value) else self.writer.json_type(value) for value in values}
            if kinds.isdisjoint(("", "string")):
                # A text of one variable: where the value is read it is the same.
                return {"$join": [self.setting(found, None)]}
        what = repr((leaf.name, values))
        known = self.known_settings.get(what)
        if known is not None and not all(map(is_literal, values)):
            return {"$setting": known}
        own = self.known_settings[what] = self.free_setting(leaf, values[0])
        self.draft.settings[own] = document = self.typed_setting(found, values, shape)
        default = self.default(values)
        if default is not None:
            document["default"] = default
        else:
            self.give(own, values)
        return {"$setting": own}

    def typed_setting(self, found: Sequence[StepLeaf], values: Sequence[Authored], shape: Shape | None) -> JsonObject:
        """What a setting says of its type, where AWS does not; a value of another type than AWS's is a finding."""
        schema = None if shape is None else schema_of_shape(shape)
        if schema is None:
            return {"type": self.common_json_type(values, found)}
        for (leaf, step), value in zip(self.pairs(found), values, strict=True):
            self.check_type(value, schema.type, leaf, step)
        return {}

    def default(self, values: Sequence[Authored]) -> JsonValue:
        """The default of a setting: the one plain value, or the one image of the environment, of all steps."""
        first = values[0]
        if any(repr(value) != repr(first) for value in values):
            return None
        if isinstance(first, EnvironmentReference) and first.kind == "image":
            return {"image": first.name}
        if isinstance(first, (bool, int, float)) or (isinstance(first, str) and not self.row.takes_named_values):
            return first
        return None

    def free_setting(self, leaf: StepLeaf, value: Authored) -> str:
        """A name for a setting: what the member is called, the option in front of it, or the way to it.

        An item of a list has no name of its own, so it is called as what is given to it.
        """
        taken = self.config_names()
        tag = self.tag(leaf)
        if tag is not None:
            return free_name(snake(f"tag_{tag}"), taken)
        option = self.option(leaf) or (_called(value) if isinstance(leaf.parts[-1], int) else "")
        if option:
            return free_name(option, taken)
        own = _SETTINGS.get(leaf.name) or _NAMES.get(leaf.name) or snake(leaf.name)
        if leaf.name in ("S3Uri", "Value", "Name") and leaf.item and snake(leaf.item) != own:
            own = snake(f"{leaf.item}_{own}")
        names = [snake(item) for item in leaf.parts if isinstance(item, str)]
        longer = snake("_".join(names[-2:]))
        return free_name(longer if own in taken and len(names) > 1 and longer not in taken else own, taken)

    def tag(self, leaf: StepLeaf) -> str | None:
        """The key of the tag whose value stands at a place; None for any other place."""
        if leaf.parts[-1] != "Value" or leaf.parts[-3:-2] != ("Tags",):
            return None
        key = self.leaves[0].get((leaf.beside, (*leaf.parts[:-1], "Key")))
        return key.value if key is not None and isinstance(key.value, str) else None

    def option(self, leaf: StepLeaf) -> str:
        """The option of a command that a value stands behind: ``--input-data`` gives ``input_data``."""
        last = leaf.parts[-1]
        if not isinstance(last, int) or last == 0:
            return ""
        before = self.leaves[0].get((leaf.beside, (*leaf.parts[:-1], last - 1)))
        text = before.value if before is not None else None
        return snake(text) if isinstance(text, str) and text.startswith("-") and snake(text) != "x" else ""

    def common_json_type(self, values: Sequence[Authored], found: Sequence[StepLeaf]) -> str:
        """The type of a setting of which AWS says none."""
        kinds = {WHOLE if is_whole(value) else self.writer.json_type(value) for value in values}
        if is_number(kinds):
            return "number"
        if len(kinds) != 1:
            self.writer.finding("its values have different types in different steps", found[0].pointer, None)
        return next(iter(sorted(kinds)))

    def check_type(self, value: Authored, wanted: str, leaf: StepLeaf, step: Step) -> None:
        """SMG134 for a variable of another type than AWS takes there."""
        given = self.writer.json_type(value)
        if given == wanted or (given == "integer" and wanted == "number"):
            self.check_default(value, leaf, step)
            return
        words = f"AWS takes {_article(wanted)} here, and this is {_article(given)}"
        self.writer.finding(words, leaf.pointer, step.name, given=given, expected=wanted)

    def check_default(self, value: Authored, leaf: StepLeaf, step: Step) -> None:
        """SMG134 for a parameter whose default AWS refuses where it is read."""
        parameter = self.reading.parameters.get(value.name) if isinstance(value, ParameterInCode) else None
        shape = shape_at(self.kind, leaf)
        if parameter is None or shape is None or parameter.default is None:
            return
        at = append_pointer(parameter.pointer, "DefaultValue")
        for default in self.writer.unified.values(at, parameter.default):
            problem = None if default is None else scalar_problem(default, shape)
            if problem is not None and problem.certain:
                words = f"the default of parameter '{parameter.name}' is refused here: {problem.message}"
                self.writer.finding(words, leaf.pointer, step.name)

    # Hyperparameters and environment variables ----------------------------------------------------------------------

    def values_by_name(self, parts: Parts, value: Members, form: str) -> JsonValue:
        """A map of texts: what has a good name and a plain type becomes a field of the config, the rest stays."""
        as_json = form == "hyperparameters" and self.is_json(parts)
        target = self.draft.hyperparameters if form == "hyperparameters" else self.draft.environment
        left: dict[str, list[StepLeaf]] = {}
        for name in value:
            key = (False, (*parts, name))
            found = [leaves[key] for leaves in self.leaves if key in leaves]
            if len(found) != len(self.members):
                continue
            if self.is_raw(found[0]):
                left[name] = found
                continue
            typed = self.typed(name, found, form, as_json=as_json)
            if typed is None:
                left[name] = found
                continue
            target[name], values = typed
            self.taken.add(python_identifier(name, CONFIG_ATTRIBUTES))
            self.give(name, values)
        hole: JsonObject = {"$environment": True}
        if form == "hyperparameters":
            hole = {"$hyperparameters": "json" if as_json else "text"}
        rest: JsonObject = {
            name: (self.quoted(found) if as_json else None) or self.build(value[name], (*parts, name), beside=False)
            for name, found in left.items()
            if not name.startswith("$")
        }
        return self.layered(
            [hole] if target else [], rest, {name: value[name] for name in left if name not in rest}, parts
        )

    def layered(self, layers: list[JsonValue], rest: JsonObject, literal: Members, parts: Parts) -> JsonValue:
        """A map of what is filled in, what the contract says itself, and what stands there as it is."""
        if rest or not (layers or literal):
            layers.append(rest)
        if literal:
            layers.append(self.literal_object(literal, parts, beside=False))
        return layers[0] if len(layers) == 1 else {"$merge": layers}

    def quoted(self, found: Sequence[StepLeaf]) -> JsonValue:
        """A setting for a text of the environment that stands in quotes, as script mode writes it; None for others."""
        texts: list[Authored] = []
        for text in self.values(found):
            parts = text.parts if isinstance(text, EnvironmentText) else ()
            first, last = (parts[0], parts[-1]) if parts else ("", "")
            if not (isinstance(first, str) and isinstance(last, str) and len(parts) > 2):
                return None
            inner = (first[1:], *parts[1:-1], last[:-1])
            plain = "".join(part for part in inner if isinstance(part, str))
            if first[:1] + last[-1:] != '""' or json.dumps(plain) != f'"{plain}"':
                return None
            texts.append(EnvironmentText(tuple(_main_bucket(part, inner[0]) for part in inner if part)))
        own = free_name(_QUOTED.get(found[0].name, found[0].name), self.config_names())
        self.draft.settings[own] = {"type": "string"}
        self.give(own, texts)
        return {"$json": {"$setting": own}}

    def config_names(self) -> set[str]:
        """What no further setting may be called."""
        return self.taken | {python_identifier(name, CONFIG_ATTRIBUTES) for name in self.draft.settings} | _TAKEN

    def is_json(self, parts: Parts) -> bool:
        """Whether hyperparameters are written as JSON, as script mode does: texts have quotes around them."""
        texts = [leaf.value for leaves in self.leaves for key, leaf in leaves.items() if key[1][: len(parts)] == parts]
        plain = [text for text in texts if isinstance(text, str)]
        return any(text.startswith(('"', "[", "{")) for text in plain) and all(
            text == "null" or value_in_json(text) is not None for text in plain
        )

    def typed(
        self, name: str, found: Sequence[StepLeaf], form: str, *, as_json: bool
    ) -> tuple[JsonObject, list[Authored]] | None:
        """The schema and the values of one name; None where it stays in the request."""
        if not self.may_be_field(name, form) or not all(
            isinstance(leaf.value, str) or leaf.is_expression for leaf in found
        ):
            return None
        values: list[Authored] = []
        kinds: set[str] = set()
        for leaf, step in self.pairs(found):
            pair = self.typed_value(leaf, step, numbers=form == "hyperparameters", as_json=as_json)
            if pair is None:
                return None
            kinds.add(pair[0])
            values.append(pair[1])
        if len(kinds) == 1 or is_number(kinds):
            return schema_of_type("number" if is_number(kinds) else kinds.pop()), values
        # Numbers in one step and words in another: texts in all of them.
        texts = [] if as_json else self.values(found)
        return (
            ({"type": "string"}, texts) if texts and all(self.is_text(text) or text == "" for text in texts) else None
        )

    def may_be_field(self, name: str, form: str) -> bool:
        """Whether a hyperparameter or variable may be a field of the config by its name."""
        identifier = python_identifier(name, CONFIG_ATTRIBUTES)
        if identifier in self.config_names() or not 0 < len(name) <= HYPERPARAMETER_KEY_MAX:
            return False
        if form == "environment":
            return _VARIABLE_NAME.fullmatch(name) is not None
        # The toolkits have hyperparameters of their own, which say where code is and how it runs.
        return not name.startswith("sagemaker_")

    def typed_value(self, leaf: StepLeaf, step: Step, *, numbers: bool, as_json: bool) -> tuple[str, Authored] | None:
        """Type and value of one entry; None where the map would not be written back in the same letters."""
        value, known = leaf.value, self.writer.assigned.values.get(leaf.pointer)
        if leaf.pointer in self.writer.assigned.defaults:
            return None
        if not isinstance(value, str):
            return self.typed_expression(self.writer.value(value, leaf.pointer, step.name), as_json=as_json)
        if known is not None:
            return None if as_json else ("string", known)
        if as_json:
            return value_in_json(value)
        if numbers and value in ("true", "false"):
            return "boolean", value == "true"
        return (number_in(value) if numbers else None) or ("string", value)

    def typed_expression(self, value: Authored, *, as_json: bool) -> tuple[str, Authored] | None:
        """The same of an entry that is worked out when the pipeline runs."""
        # SDK v2 makes a text of a number; SDK v3 leaves that to SageMaker.
        inner = _only(value)
        kind = self.writer.json_type(inner)
        if kind != "string" and not is_literal(inner):
            return kind, inner
        if as_json:
            if isinstance(value, JoinedText) and value.on == "" and len(value.values) == 3:
                first, inner, last = value.values
                if first == last == '"' and not is_literal(inner) and self.is_text(inner):
                    return "string", inner
            return None
        return ("string", value) if self.is_text(value) else None

    # Beside the request ---------------------------------------------------------------------------------------------

    def named_outputs(self, first: Step) -> None:
        """``OutputParameters`` that the contract's outputs do not say already."""
        given = first.fields.get("OutputParameters")
        if given is None or (given == [] and self.row.takes_named_values):
            return
        if self.row.takes_named_values and returned_types(first):
            declared = [item.aws_name for item in self.draft.plan.outputs.values() if item.aws_name]
            if declared == list(returned_types(first)):
                return
        self.draft.fields["OutputParameters"] = given

    def property_files(self, first: Step) -> None:
        """``PropertyFiles`` where a build would not declare the same by itself."""
        if not first.property_files:
            return
        known = {file.property_file for item in self.draft.plan.outputs.values() for file in item.files.values()}
        names = tuple(file.name for file in first.property_files)
        if all(self.reading.read_files.get(step.name, ()) == names for step in self.members) and known.issuperset(
            names
        ):
            return
        self.draft.fields["PropertyFiles"] = [file.document() for file in first.property_files]


def _typed(value: Value) -> str:
    return f"{type(value).__name__} {value!r}"


def _called(value: Authored) -> str:
    """What a value is called; "" for a plain one."""
    if isinstance(value, (ParameterInCode, EnvironmentReference)):
        return snake(value.name) if value.name else ""
    if isinstance(value, ProxyExpression):
        return snake(f"{value.step}_{value.attribute}")
    if isinstance(value, LoopItem):
        return snake(value.members[-1] if value.members else "item")
    if isinstance(value, JoinedText):
        inner = [item for item in value.values if not is_literal(item)]
        return _called(inner[0]) if len(inner) == 1 else ""
    return ""


def _only(value: Authored) -> Authored:
    """What a text is made of where it is made of one value and nothing else."""
    alone = isinstance(value, JoinedText) and value.on == "" and len(value.values) == 1
    return value.values[0] if isinstance(value, JoinedText) and alone else value


def _main_bucket(part: str | EnvironmentReference, before: str | EnvironmentReference) -> str | EnvironmentReference:
    """The name of the bucket behind its scheme, written as the bucket itself."""
    own = EnvironmentReference("value", "bucket")
    return EnvironmentReference("bucket") if part == own and before == "s3://" else part


def _article(kind: str) -> str:
    words = {"string": "a text", "integer": "an integer", "number": "a number", "boolean": "true or false"}
    return words.get(kind, f"an {kind}")
