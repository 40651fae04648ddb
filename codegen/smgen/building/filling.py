"""Fills the holes of a contract's request for one step of one pipeline in one environment."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar, TypeAlias

from smgen.authoring.builders import Reference
from smgen.authoring.code_references import SourceCode
from smgen.authoring.config import StepConfig
from smgen.authoring.config_values import ConfigValue, config_value
from smgen.authoring.items import LoopItems
from smgen.authoring.misuse import shown
from smgen.authoring.origins import Origin
from smgen.authoring.places import user_place
from smgen.authoring.references import External, Output
from smgen.authoring.request_filler import DefaultOf, ParameterDefault
from smgen.authoring.variables import Variable
from smgen.building.environment import Environment
from smgen.contract_model import (
    AbsentType,
    AssetHole,
    DefaultHole,
    EachHole,
    EnvironmentHole,
    EnvironmentImage,
    ExecutionHole,
    FrameworkImage,
    HyperparametersHole,
    InputHole,
    ItemHole,
    JoinHole,
    JsonHole,
    ListValue,
    LiteralValue,
    MergeHole,
    ObjectValue,
    OutputLocationHole,
    OutputSpec,
    ParameterSpec,
    PropertyHole,
    RawLiteral,
    SettingHole,
    StepContract,
    StepNameHole,
    Value as HoleValue,
    WhenHole,
    image_machine,
    output_folder,
    python_identifier,
)
from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import JsonObject, JsonValue, whole_text
from smgen.expressions import (
    Bare,
    Expression,
    Join,
    Operand,
    Scalar,
    Value,
    as_expression,
    execution,
    literal_value,
    step_property,
    value_to_json,
)


class Gone(Enum):
    """Why a value is not there."""

    #: Only the member that would hold it goes.
    MEMBER = "member"
    #: An optional port is not bound: the nearest list item, or ``$when``, goes.
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Item:
    """One reference of a port with ``many``, or one element of a setting, and its number from 1."""

    value: Value
    number: int


Filled: TypeAlias = "Value | Gone"


def _no_default(_: Variable[object]) -> ParameterDefault | None:
    return None


@dataclass
class StepFiller:
    """The values for one step, and what was found and used while filling.

    ``bindings`` holds the references of each bound port; ``locations`` the overridden output locations; ``asset``
    gives the S3 URI of the source, or of another contract's, or None after it has added a finding of its own.
    ``path_name`` is the step's name in the paths of its own properties.
    """

    step: str
    pipeline: str
    contract: StepContract
    config: StepConfig
    bindings: Mapping[str, Sequence[Reference]]
    locations: Mapping[str, str | Variable[str]]
    environment: Environment
    asset: Callable[[str | StepContract], str | None]
    place: Place
    path_name: str
    findings: list[Finding] = field(default_factory=list[Finding])
    origins: list[Origin] = field(default_factory=list[Origin])
    #: The default of a variable that is a parameter.
    default_of: DefaultOf = _no_default
    #: What the loop goes through in whose body the step stands.
    loop: LoopItems | None = None
    #: The public images that were looked up, by setting.
    images: dict[str, str | Gone] = field(default_factory=dict[str, "str | Gone"])

    def request(self) -> JsonObject:
        """The step's ``Arguments``."""
        return _object_json(self._root(self.contract.request))

    def value_of(self, value: ConfigValue) -> JsonValue:
        """A value that the author gave, with what its variables read noted."""
        return value_to_json(self._config(value))

    def text_of(self, value: ConfigValue, form: str) -> JsonValue:
        """A value that the author gave as AWS's maps of texts take it, in the form ``text`` or ``json``."""
        return value_to_json(self._text(value, form))

    def step_fields(self) -> JsonObject:
        """What stands beside ``Arguments``."""
        return _object_json(self._root(self.contract.step_fields))

    def composed(self, value: HoleValue) -> Operand:
        """The value of an output that is composed of properties of the step; None after a finding."""
        filled = self._fill(value, None)
        return None if isinstance(filled, Gone) else _operand(filled)

    def _root(self, value: HoleValue) -> dict[str, Value]:
        """Every member of the top object that is there; one that went takes nothing with it."""
        if isinstance(value, MergeHole):
            merged: dict[str, Value] = {}
            for part in value.values:
                merged |= self._root(part)
            return merged
        if not isinstance(value, ObjectValue):
            # A part of a merge that gives an object: the arguments of a Lambda step as one setting, say.
            part_filled = self._fill(value, None)
            return part_filled if isinstance(part_filled, dict) else {}
        filled: dict[str, Value] = {}
        for key, member in value.members:
            result = self._fill(member, None)
            if not isinstance(result, Gone):
                filled[key] = result
        return filled

    def _fill(self, value: HoleValue, item: Item | None) -> Filled:
        """One value of the grammar; ``item`` is the current one inside ``$each``."""
        return self._forms[type(value)](self, value, item)

    def _literal(self, value: LiteralValue, _: Item | None) -> Filled:
        # A copy, so that nobody changes the contract through a definition.
        return literal_value(value.value)

    def _list(self, value: ListValue, item: Item | None) -> Filled:
        items = list(self._items(value.items, item))
        return items if items or not value.items else Gone.MEMBER

    def _input(self, value: InputHole, _: Item | None) -> Filled:
        bound = self.bindings.get(value.port, ())
        return self._reference(bound[0]) if bound else _absent(value.absent, Gone.ITEM)

    def _set(self, value: SettingHole, _: Item | None) -> Filled:
        filled = self._setting(value.setting)
        return _absent(value.absent, filled) if filled is Gone.MEMBER else filled

    def _hyperparameters(self, value: HyperparametersHole, _: Item | None) -> Filled:
        return self._values(self.contract.hyperparameters, value.form)

    def _variables(self, _: EnvironmentHole, __: Item | None) -> Filled:
        return self._values(self.contract.environment, "text")

    def _code(self, value: AssetHole, _: Item | None) -> Filled:
        location = self.asset(value.asset)
        return Gone.MEMBER if location is None else location

    def _execution(self, value: ExecutionHole, _: Item | None) -> Filled:
        return execution(value.variable)

    def _step_name(self, _: StepNameHole, __: Item | None) -> Filled:
        return self.step

    def _item(self, value: ItemHole, item: Item | None) -> Filled:
        if item is None:
            return Gone.MEMBER
        return str(item.number) if value.number else item.value

    def _property(self, value: PropertyHole, _: Item | None) -> Filled:
        return step_property(self.path_name, value.path)

    def _each(self, _: EachHole, __: Item | None) -> Filled:
        # Outside of a list it is refused when the contract is read.
        return Gone.MEMBER

    def _object(self, value: ObjectValue, item: Item | None) -> Filled:
        filled: dict[str, Value] = {}
        for key, member in value.members:
            result = self._fill(member, item)
            if result is Gone.ITEM:
                return Gone.ITEM
            if not isinstance(result, Gone):
                filled[key] = result
        # An object of which every member went would be an empty request structure, which AWS mostly refuses.
        return filled if filled or not value.members else Gone.MEMBER

    def _items(self, items: Sequence[HoleValue], item: Item | None) -> Iterator[Value]:
        for value in items:
            if isinstance(value, WhenHole) and value.items is not None:
                if self._is_there(value.name):
                    yield from self._items(value.items, item)
                continue
            if isinstance(value, EachHole):
                for number, element in enumerate(self._elements(value.port), 1):
                    yield from self._items((value.item,), Item(element, number))
                continue
            filled = self._fill(value, item)
            if not isinstance(filled, Gone):
                yield filled

    def _elements(self, name: str) -> Sequence[Value]:
        """What ``$each`` goes through: the references of a port, or the elements of a setting that is a list."""
        if name in self.contract.input_ports:
            return [self._reference(reference) for reference in self.bindings.get(name, ())]
        given = self._setting(name)
        return given if isinstance(given, list) else ()

    def _when(self, value: WhenHole, item: Item | None) -> Filled:
        if value.value is None or not self._is_there(value.name):
            return Gone.MEMBER
        filled = self._fill(value.value, item)
        return Gone.MEMBER if filled is Gone.ITEM else filled

    def _is_there(self, name: str) -> bool:
        if name in self.contract.input_ports:
            return bool(self.bindings.get(name))
        return not isinstance(self._setting(name), Gone)

    def _join(self, value: JoinHole, item: Item | None) -> Filled:
        """One text. Without one of its parts it would be another text, so it goes with any of them."""
        operands: list[Operand] = []
        for part in value.values:
            filled = self._fill(part, item)
            if isinstance(filled, Gone):
                if isinstance(part, DefaultHole) and part.name != "role":
                    self.findings.append(self.environment.missing(part.name, "a part of a text", self.place))
                return filled
            # Nothing but scalars and expressions can stand in a Join; a contract with others is refused when read.
            operands.append(_operand(filled))
        literals = [operand for operand in operands if operand is None or isinstance(operand, (str, int, float))]
        if len(literals) == len(operands):
            return value.on.join(_literal_text(literal) for literal in literals)
        return Join(value.on, tuple(operands))

    def _json(self, value: JsonHole, item: Item | None) -> Filled:
        """The JSON text of one value, as the SDK writes it."""
        filled = self._fill(value.value, item)
        if isinstance(filled, Gone):
            if isinstance(value.value, DefaultHole) and value.value.name != "role":
                self.findings.append(self.environment.missing(value.value.name, "a part of a text", self.place))
            return filled
        return _one_text(self._encoded(filled))

    def _encoded(self, value: Value) -> Iterator[str | Expression]:
        """A filled value as JSON text, in the middle of which expressions stand; texts have quotes around them."""
        if isinstance(value, Bare):
            yield value.expression
        elif isinstance(value, dict):
            yield "{"
            for number, (key, member) in enumerate(value.items()):
                yield f"{', ' if number else ''}{_json_text(key, ascii_only=True)}: "
                yield from self._encoded(member)
            yield "}"
        elif isinstance(value, list):
            yield "["
            for number, element in enumerate(value):
                yield ", " if number else ""
                yield from self._encoded(element)
            yield "]"
        elif (expression := as_expression(value)) is not None:
            yield from ('"', expression, '"')
        else:
            yield _json_text(_scalar(value), ascii_only=True)

    def _merge(self, value: MergeHole, item: Item | None) -> Filled:
        merged: dict[str, Value] = {}
        for part in value.values:
            filled = self._fill(part, item)
            if filled is Gone.ITEM:
                return Gone.ITEM
            if isinstance(filled, dict):
                merged.update(filled)
        return merged or Gone.MEMBER

    def _setting(self, name: str) -> Filled:
        given = config_value(self.config, name)
        if given is not None:
            return self._config(given)
        default = self.contract.settings[name].default
        if default is None:
            return Gone.MEMBER
        if isinstance(default, EnvironmentImage):
            uri = self.environment.images.get(default.name)
            if uri is None:
                self.findings.append(self.environment.missing_image(default.name, self.place))
                return Gone.MEMBER
            return uri
        if isinstance(default, FrameworkImage):
            return self._framework_image(name, default)
        return [*default] if isinstance(default, tuple) else literal_value(default)

    def _framework_image(self, name: str, image: FrameworkImage) -> Filled:
        """The image for the environment's region and the step's machine; it is looked up, and reported, once."""
        if name not in self.images:
            request = image.request(self.contract.kind, instance_type=self._machine(name))
            found = self.environment.resolved_image(request, self.place)
            if isinstance(found, Finding):
                self.findings.append(found)
            self.images[name] = Gone.MEMBER if isinstance(found, Finding) else found
        return self.images[name]

    def _machine(self, image: str) -> str | None:
        """The instance type that the image of a setting runs on: what the step says, or the default of its variable."""
        machine = image_machine(self.contract, image)
        value: object = None
        if isinstance(machine, LiteralValue):
            value = machine.value
        elif isinstance(machine, SettingHole):
            value = config_value(self.config, machine.setting)
            if value is None:
                value = self.contract.settings[machine.setting].default
        if isinstance(value, Variable):
            # Another value, when the pipeline runs, gets the image for the default.
            default = self.default_of(value)
            value = None if default is None else default.value
        return value if isinstance(value, str) else None

    def _default(self, hole: DefaultHole, _: Item | None) -> Filled:
        value = self.environment.default(hole.name)
        if value is not None:
            if hole.name == "network":
                # AWS takes a network whole or not at all.
                for key in ("subnets", "security_group_ids"):
                    if self.environment.default(key) is None:
                        self.findings.append(self.environment.missing(key, "the other half of a network", self.place))
            return literal_value(value)
        if hole.name == "role":
            # Every job needs a role, so an environment without one is a finding; the other defaults are optional.
            self.findings.append(self.environment.missing("role", "ARN of the execution role", self.place))
        return Gone.MEMBER

    def _values(self, parameters: Mapping[str, ParameterSpec], form: str) -> Filled:
        """All values that are set, as a map of texts."""
        values: dict[str, Value] = {}
        for name, parameter in parameters.items():
            given = config_value(self.config, name)
            if given is None:
                given = parameter.default
            if given is not None:
                values[name] = self._text(given, form)
        return values or Gone.MEMBER

    def _text(self, value: ConfigValue, form: str) -> Value:
        """A value as the text that AWS's maps of strings take."""
        if isinstance(value, Variable) and value.__smgen_type__ == "String" and form == "text":
            self.origins.extend(value.__smgen_origins__)
            return value.__smgen_expression__
        if form == "text" and isinstance(value, (str, int, float)):
            return _literal_text(value)
        return _one_text(self._encoded(self._config(value)) if form == "json" else self._json_parts(value))

    def _json_parts(self, value: ConfigValue) -> Iterator[str | Expression]:
        """A value as JSON text, in the middle of which variables stand; a String variable has its quotes around it."""
        if isinstance(value, Variable):
            self.origins.extend(value.__smgen_origins__)
            quote = '"' if value.__smgen_type__ == "String" else ""
            yield from (part for part in (quote, value.__smgen_expression__, quote) if part != "")
        elif isinstance(value, (list, tuple)):
            yield "["
            for number, element in enumerate(value):
                yield "," if number else ""
                yield from self._json_parts(element)
            yield "]"
        elif isinstance(value, dict):
            yield "{"
            for number, (key, element) in enumerate(value.items()):
                yield f"{',' if number else ''}{_json_text(key)}:"
                yield from self._json_parts(element)
            yield "}"
        else:
            yield _json_text(value)

    def _config(self, value: ConfigValue) -> Value:
        if isinstance(value, Variable):
            self.origins.extend(value.__smgen_origins__)
            expression = value.__smgen_expression__
            return expression if value.__smgen_type__ == "String" else Bare(expression)
        if isinstance(value, (list, tuple)):
            return [self._config(element) for element in value]
        if isinstance(value, dict):
            return {key: self._config(element) for key, element in value.items()}
        return value

    def _reference(self, reference: Reference) -> Value:
        if isinstance(reference, Output):
            self.origins.append(reference.__smgen_origin__)
            return reference.__smgen_expression__
        if isinstance(reference, SourceCode):
            return self.asset(reference.__smgen_contract__)
        if isinstance(reference, External):
            location = reference.__smgen_location__
            return self._config(location)
        return self._config(reference)

    def _output_location(self, hole: OutputLocationHole, _: Item | None) -> Filled:
        output = self.contract.output_ports[hole.output].output_spec
        override: object = self.locations.get(output.logical_name)
        if isinstance(override, Variable) and override.__smgen_type__ == "String":
            return self._config(override)
        if isinstance(override, str) and override:
            return override
        if override is not None:
            self.findings.append(
                Finding(
                    "SMG207",
                    f"the location of the output '{output.logical_name}' is no S3 location",
                    self.place,
                    given=shown(override),
                    expected="a text such as s3://bucket/prefix, or a String variable",
                    fix="for a place below an output of another step write its .location",
                )
            )
            return Gone.MEMBER
        base = self.environment.output_location
        if base is None:
            if self.environment.bucket is None:
                what = "name of the bucket that steps write to"
                self.findings.append(self.environment.missing("bucket", what, self.place))
                return Gone.MEMBER
            base = f"s3://{self.environment.bucket}"
        bucket, *prefix = base.removeprefix("s3://").rstrip("/").split("/")
        # Each execution writes to a place of its own, so that no run reads what another one left.
        parts: list[str | Expression] = ["s3:/", bucket, *filter(None, prefix), self.pipeline]
        parts += [execution("PipelineExecutionId"), self.step, *self._folder_of_iteration(output)]
        return Join("/", (*parts, *output_folder(self.contract, hole.output)))

    def _folder_of_iteration(self, output: OutputSpec) -> Sequence[Expression]:
        """What keeps the iterations of a loop from writing to one place: the item that each of them is for."""
        if self.loop is None or self.contract.step_kind.own_folder:
            return ()
        folder = self.loop.folder
        if folder is not None:
            return (folder,)
        name = output.logical_name
        message = f"all iterations of the loop would write the output '{name}' to one place"
        fix = (
            'say which field tells the items apart: class …(ItemRecord, folder="…"), or where the output goes: '
            f'.with_output_locations({python_identifier(name)}=join("/", …, loop.item.…))'
        )
        finding = Finding("SMG222", message, self.place, expected="a location with a field of the item in it", fix=fix)
        if finding not in self.findings:
            self.findings.append(finding)
        return ()

    #: How each form of the grammar is filled.
    _forms: ClassVar[Mapping[type, Callable[..., Filled]]] = {
        LiteralValue: _literal,
        RawLiteral: _literal,
        ListValue: _list,
        ObjectValue: _object,
        InputHole: _input,
        SettingHole: _set,
        DefaultHole: _default,
        HyperparametersHole: _hyperparameters,
        EnvironmentHole: _variables,
        AssetHole: _code,
        OutputLocationHole: _output_location,
        ExecutionHole: _execution,
        StepNameHole: _step_name,
        JoinHole: _join,
        JsonHole: _json,
        MergeHole: _merge,
        WhenHole: _when,
        EachHole: _each,
        ItemHole: _item,
        PropertyHole: _property,
    }


def _object_json(value: Mapping[str, Value]) -> JsonObject:
    return {key: value_to_json(member) for key, member in value.items()}


def _one_text(parts: Iterable[str | Expression]) -> str | Join:
    """Parts of a text as one: a plain text where every part is."""
    joined: list[str | Expression] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    texts = [part for part in joined if isinstance(part, str)]
    return texts[0] if len(texts) == len(joined) else Join("", tuple(joined))


def _absent(value: JsonValue | AbsentType, without: Gone) -> Filled:
    """What stands for something that is not there: the literal ``absent`` of its hole, or nothing."""
    return without if isinstance(value, AbsentType) else literal_value(value)


def _operand(value: Value) -> Operand:
    return value.expression if isinstance(value, Bare) else None if isinstance(value, (dict, list)) else value


def _scalar(value: Value) -> Scalar:
    """What is left of a value once mappings, lists and expressions are told apart."""
    return value if value is None or isinstance(value, (str, int, float)) else None


def _literal_text(value: str | float | bool | None) -> str:
    """A plain value as AWS's maps of strings take it: a whole float without its fraction, as the SDK writes it."""
    if isinstance(value, str):
        return value
    whole = whole_text(value) if isinstance(value, float) else None
    return _json_text(value) if whole is None else whole


def _json_text(value: str | float | bool | None, *, ascii_only: bool = False) -> str:
    try:
        return json.dumps(value, ensure_ascii=ascii_only)
    except ValueError:
        # Python writes no integer of more than 4,300 digits.
        message = "a number has more digits than can be written"
        raise FindingsError([Finding("SMG207", message, user_place(), expected="a smaller number")]) from None
