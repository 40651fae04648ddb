"""Checks a contract's request against AWS's shapes, and its holes against what the contract declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from typing_extensions import Unpack

from smgen.aws import NOUNS, STEP_KINDS, Shape, StepKind, ValueProblem, range_in_words, scalar_problem, service_model
from smgen.contract_model.aws_schemas import schema_of_shape
from smgen.contract_model.holes import (
    ABSENT,
    AbsentType,
    AssetHole,
    DefaultHole,
    EachHole,
    EnvironmentHole,
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
    PropertyHole,
    RawLiteral,
    SettingHole,
    Value,
    WhenHole,
    walk,
)
from smgen.contract_model.model import ParameterSpec, SourceSpec
from smgen.contract_model.script_mode import CODE_ASSET
from smgen.contract_model.step_contract import StepContract
from smgen.contracts.usual_requests import usual_setting
from smgen.diagnostics import Details, Finding, nearest_name
from smgen.documents import JsonValue, append_pointer, object_at, shown_json

#: The shape types that a value of each scalar port type fits.
_PORT_SHAPES: Final[Mapping[str, tuple[str, ...]]] = {
    "String": ("string", "blob", "timestamp"),
    "Integer": ("integer", "long", "float", "double"),
    "Float": ("float", "double"),
    "Boolean": ("boolean",),
}

#: What the values of an environment are, in shape types.
_DEFAULT_SHAPES: Final[Mapping[str, str]] = {
    "network": "structure",
    "subnets": "list",
    "security_group_ids": "list",
    "tags": "list",
}

#: Fields of every step, which a contract does not write.
_OF_THE_PIPELINE: Final = (
    "Name",
    "Type",
    "Arguments",
    "DependsOn",
    "DisplayName",
    "Description",
    "RetryPolicies",
    "CacheConfig",
)

#: Keys of the expressions of a pipeline definition, which a contract writes as holes.
_EXPRESSIONS: Final = ("Get", "Std:Join", "Std:JsonGet")


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place of the request: AWS's shape (None where nothing is known), its path for people, and what is around.

    ``removable`` says that a list item or a ``$when`` around it can go when an optional port is empty, ``given`` which
    ports and settings are there because a ``$when`` around it asks for them.
    """

    shape: Shape | None
    path: str
    beside: bool = False
    removable: bool = False
    in_each: bool = False
    in_text: bool = False
    given: frozenset[str] = frozenset()

    def below(self, shape_name: str | None, path: str) -> _Spot:
        """The place of a member or item."""
        shape = None if shape_name is None else service_model().shape(shape_name)
        return replace(self, shape=shape, path=path)

    def unknown(self) -> _Spot:
        """The same place, of which AWS's shape is not asked."""
        return replace(self, shape=None)


def request_findings(contract: StepContract, *, complete: bool) -> Iterator[Finding]:
    """SMG112 to SMG116 of the request and the step fields, in written order.

    Without ``complete`` parts of the request could not be read, and nothing is called missing.
    """
    row = STEP_KINDS.get(contract.kind)
    checker = _Checker(contract, row, complete)
    shape = None if row is None else service_model().shape(row.arguments)
    yield from checker.value(contract.request, _Spot(shape, ""))
    if row is not None:
        yield from checker.fields(contract.step_fields, row)
    elif contract.raw:
        yield from checker.raw_fields(contract.step_fields)


def output_value_findings(contract: StepContract, value: Value) -> Iterator[Finding]:
    """SMG112 and SMG113 of the composed value of an output: holes that have no meaning once the step has run."""
    checker = _Checker(contract, STEP_KINDS.get(contract.kind), True)
    yield from checker.output_value(value)


@dataclass(frozen=True, slots=True)
class _Checker:
    contract: StepContract
    row: StepKind | None
    complete: bool

    # --- findings ---

    def problem(
        self,
        rule: str,
        message: str,
        at: Value | str,
        *,
        key: bool = False,
        **details: Unpack[Details],
    ) -> Finding:
        pointer = at if isinstance(at, str) else at.pointer
        return Finding(rule, message, self.contract.place(pointer, key=key), **details)

    def unknown(self, what: str, name: str, names: Sequence[str], at: Value, key: str) -> Finding:
        """SMG113: a hole names something that the contract does not declare."""
        return self.problem(
            "SMG113",
            f"the contract has no {what} '{name}'",
            self.named(at, key),
            given=name,
            expected=", ".join(names) or f"no {what} is declared",
            nearest=nearest_name(name, names),
        )

    @staticmethod
    def named(at: Value, key: str) -> str:
        """The pointer of a hole's argument."""
        return append_pointer(at.pointer, key)

    def wrong(self, at: Value, spot: _Spot, given: str) -> Iterator[Finding]:
        """SMG115: AWS wants something else at this place."""
        if spot.shape is None or spot.shape.type == "document":
            return
        yield self.problem(
            "SMG115",
            f"AWS wants {NOUNS[spot.shape.type]} at {spot.path or 'the top'}",
            at,
            given=given,
            expected=_shape_in_words(spot.shape),
        )

    def of_types(self, at: Value, spot: _Spot, given: str, types: Sequence[str]) -> Iterator[Finding]:
        if spot.shape is not None and spot.shape.type not in types:
            yield from self.wrong(at, spot, given)

    # --- walking ---

    def value(self, value: Value, spot: _Spot) -> Iterator[Finding]:
        return self._checks.get(type(value), _Checker.fitting)(self, value, spot)

    def written(self, value: LiteralValue, spot: _Spot) -> Iterator[Finding]:
        return self.literal(value.value, value.pointer, spot)

    def raw(self, _: RawLiteral, __: _Spot) -> Iterator[Finding]:
        """Nothing: what AWS says of the place is not asked."""
        yield from ()

    def json(self, value: JsonHole, spot: _Spot) -> Iterator[Finding]:
        yield from self.of_types(value, spot, "$json, which gives a text", ("string", "blob", "document"))
        yield from self.value(value.value, replace(spot.unknown(), in_text=False))

    def each_alone(self, value: EachHole, spot: _Spot) -> Iterator[Finding]:
        yield self.problem(
            "SMG115",
            f"'$each' gives several items, and {spot.path or 'the request'} is no item of a list",
            value,
            expected="$each among the items of a list",
        )
        yield from self.each(value, spot.unknown())

    def list_value(self, value: ListValue, spot: _Spot) -> Iterator[Finding]:
        if spot.in_text:
            yield self.problem("SMG112", "a part of a $join is one value, not a list", value, given="a list")
            return
        if spot.shape is not None and spot.shape.type not in ("list", "document"):
            yield from self.wrong(value, spot, "a list")
            return
        element = spot.shape.element if spot.shape is not None and spot.shape.type == "list" else None
        sure = 0
        for index, item in enumerate(value.items):
            below = replace(spot.below(element, f"{spot.path}[{index}]"), removable=True)
            yield from self.item(item, below)
            sure += not isinstance(item, (WhenHole, EachHole))
        if (
            spot.shape is not None
            and spot.shape.type == "list"
            and spot.shape.max is not None
            and sure > spot.shape.max
        ):
            yield self.problem(
                "SMG115",
                f"AWS takes at most {spot.shape.max} items at {spot.path}",
                value,
                given=f"{sure} items",
                expected=f"at most {spot.shape.max} items",
            )

    def item(self, item: Value, spot: _Spot) -> Iterator[Finding]:
        if isinstance(item, EachHole):
            yield from self.each(item, spot)
        elif isinstance(item, WhenHole) and item.items is not None:
            yield from self.when_name(item)
            for inner in item.items:
                yield from self.item(inner, replace(spot, given=spot.given | {item.name}))
        else:
            yield from self.value(item, spot)

    def each(self, value: EachHole, spot: _Spot) -> Iterator[Finding]:
        port = self.contract.input_ports.get(value.port)
        setting = self.contract.settings.get(value.port)
        if port is None and setting is None:
            names = (*self.contract.input_ports, *self.contract.settings)
            yield self.unknown("input port or setting", value.port, names, value, "$each")
        elif port is None or setting is not None:
            yield from self.each_setting(value, both=port is not None)
        elif not port.dependency_spec.many:
            yield self.problem(
                "SMG113",
                f"'$each' repeats its item for every reference of a port, and '{value.port}' takes only one",
                self.named(value, "$each"),
                given=value.port,
                expected='a port with "many": true',
                fix=f'use {{"$input": "{value.port}"}}, or write "many": true at the port',
            )
        if not any(isinstance(inner, ItemHole) and not inner.number for inner in walk(value.item)):
            yield self.problem(
                "SMG112",
                "the item of this '$each' never uses the reference",
                append_pointer(value.pointer, "item"),
                expected='{"$item": true} somewhere in the item',
            )
        yield from self.value(value.item, replace(spot, in_each=True, removable=True))

    def each_setting(self, value: EachHole, *, both: bool) -> Iterator[Finding]:
        """SMG107 for a name that is a port's as well, SMG113 for a setting that is no list."""
        if both:
            yield self.problem(
                "SMG107",
                f"'$each' asks for '{value.port}', which is an input port and a setting",
                self.named(value, "$each"),
                given=value.port,
                expected="the name of one of the two",
                fix="rename the setting",
            )
            return
        declared = self.contract.settings[value.port].declared
        if declared.get("type") != "array":
            yield self.problem(
                "SMG113",
                f"'$each' repeats its item for every element of a setting, and '{value.port}' is no list",
                self.named(value, "$each"),
                given=value.port,
                expected='a setting with "type": "array"',
                fix=f'write "type": "array" and "items" at the setting, or use {{"$setting": "{value.port}"}}',
            )

    def object_value(self, value: ObjectValue, spot: _Spot) -> Iterator[Finding]:
        if spot.in_text:
            yield self.problem("SMG112", "a part of a $join is one value, not an object", value, given="an object")
            return
        shape = spot.shape
        names = [name for name, _ in value.members]
        if shape is not None and shape.type not in ("map", "document") and len(names) == 1 and names[0] in _EXPRESSIONS:
            yield self.problem(
                "SMG115",
                f"an expression of a pipeline cannot stand in a contract, at {spot.path or 'the top'}",
                value,
                given=names[0],
                expected="a hole",
                fix="use $input, $setting, $join or $execution",
            )
            return
        if shape is not None and shape.type not in ("structure", "map", "document"):
            yield from self.wrong(value, spot, "an object")
            return
        for name, member in value.members:
            yield from self.member(value, name, member, spot)
        if shape is not None and shape.type == "structure":
            yield from self.required(value, self.present(value, spot), spot)

    def member(self, owner: ObjectValue, name: str, member: Value, spot: _Spot) -> Iterator[Finding]:
        shape = spot.shape
        path = f"{spot.path}.{name}" if spot.path else name
        if shape is None or shape.type == "document":
            yield from self.value(member, replace(spot, path=path))
        elif shape.type == "map":
            yield from self.value(member, spot.below(shape.value, path))
        elif name in shape.members:
            yield from self.value(member, spot.below(shape.members[name].shape, path))
        elif not isinstance(member, RawLiteral):
            names = tuple(shape.members)
            where = spot.path or (f"the request of a {self.contract.kind} step")
            yield self.problem(
                "SMG115",
                f"{where} has no member '{name}'",
                append_pointer(owner.pointer, name),
                given=name,
                expected=", ".join(names),
                nearest=nearest_name(name, names),
                key=True,
            )
            yield from self.value(member, replace(spot.unknown(), path=path))

    def merge(self, value: MergeHole, spot: _Spot) -> Iterator[Finding]:
        if spot.in_text:
            yield self.problem("SMG112", "a part of a $join is one value, not a '$merge'", value, given="$merge")
            return
        if spot.shape is not None and spot.shape.type not in ("structure", "map", "document"):
            yield from self.wrong(value, spot, "$merge, which gives an object")
            return
        known = True
        present: dict[str, None] = {}
        for part in value.values:
            if isinstance(part, ObjectValue):
                for name, member in part.members:
                    yield from self.member(part, name, member, spot)
                present |= dict.fromkeys(self.sure(part, spot))
            else:
                # Whatever else gives an object gives members that cannot be known here.
                known = False
                yield from self.value(part, spot)
        if known and spot.shape is not None and spot.shape.type == "structure":
            yield from self.required(value, tuple(present), spot)

    def required(self, at: Value, present: Sequence[str], spot: _Spot) -> Iterator[Finding]:
        shape = spot.shape
        if shape is None or not self.complete:
            return
        dropped = self.row.dropped if self.row is not None and not spot.path else ()
        where = spot.path or f"the request of a {self.contract.kind} step"
        for name in shape.required:
            if name in present or name in dropped:
                continue
            yield self.problem(
                "SMG115",
                f"AWS requires '{name}' in {where}",
                at,
                expected=_member_in_words(shape, name),
                fix=self.fix_of_missing(name, spot),
            )

    def fix_of_missing(self, name: str, spot: _Spot) -> str:
        document = self.contract.source_document
        path = (*(part for part in spot.path.split(".") if part), name)
        setting = None if document is None else usual_setting(object_at(document.value), path)
        if setting is not None:
            return f"declare the setting '{setting}', which usually gives it, or write '{name}' in the request"
        return f"write '{name}' as a literal or a hole that is always filled"

    def present(self, value: ObjectValue, spot: _Spot) -> tuple[str, ...]:
        """The members of an object that are there whenever the object is.

        An object inside the request goes when all its members do, so an only member is there as long as the object.
        """
        if spot.path and len(value.members) == 1:
            return (value.members[0][0],)
        return self.sure(value, spot)

    def sure(self, value: ObjectValue, spot: _Spot) -> tuple[str, ...]:
        """The members of an object that are there in every step."""
        return tuple(name for name, member in value.members if self.always(member, spot))

    def always(self, value: Value, spot: _Spot) -> bool:
        """Whether a member is there in every step."""
        if isinstance(value, SettingHole):
            return value.absent is not ABSENT or value.setting in spot.given or self.always_set(value.setting)
        if isinstance(value, WhenHole):
            return value.name in spot.given or self.always_set(value.name)
        if isinstance(value, ObjectValue):
            return not value.members or any(self.always(member, spot) for _, member in value.members)
        if isinstance(value, ListValue):
            return not value.items or any(self.always(item, spot) for item in value.items)
        if isinstance(value, EachHole):
            return value.port in spot.given or self.always_set(value.port)
        return True

    def always_set(self, name: str) -> bool:
        port = self.contract.input_ports.get(name)
        if port is not None:
            return port.dependency_spec.required
        setting = self.contract.settings.get(name)
        # An unknown name is reported as such.
        return setting is None or setting.required or setting.default is not None

    def join(self, value: JoinHole, spot: _Spot) -> Iterator[Finding]:
        yield from self.of_types(value, spot, "$join, which gives a text", ("string", "blob", "timestamp", "document"))
        for part in value.values:
            if isinstance(part, LiteralValue) and (part.value is None or isinstance(part.value, (dict, list))):
                yield self.problem(
                    "SMG112", "a part of a $join is a text, a number or a hole", part, given=shown_json(part.value)
                )
                continue
            yield from self.value(part, replace(spot.unknown(), in_text=True))

    def when(self, value: WhenHole, spot: _Spot) -> Iterator[Finding]:
        yield from self.when_name(value)
        inner = replace(spot, removable=True, given=spot.given | {value.name})
        if value.items is not None:
            yield self.problem(
                "SMG115",
                f"'items' of '$when' are items of a list, and {spot.path or 'the request'} is none",
                value,
                given="items",
                expected="value",
                fix="write 'value' instead of 'items'",
            )
            for item in value.items:
                yield from self.value(item, inner.unknown())
        elif value.value is not None:
            yield from self.value(value.value, inner)

    def when_name(self, value: WhenHole) -> Iterator[Finding]:
        names = (*self.contract.input_ports, *self.contract.settings)
        if value.name not in names:
            yield self.unknown("input port or setting", value.name, names, value, "$when")
        elif value.name in self.contract.input_ports and value.name in self.contract.settings:
            yield self.problem(
                "SMG107",
                f"'$when' asks for '{value.name}', which is an input port and a setting",
                self.named(value, "$when"),
                given=value.name,
                expected="the name of one of the two",
                fix="rename the setting",
            )

    # --- holes ---

    def item_hole(self, value: ItemHole, spot: _Spot) -> Iterator[Finding]:
        if not spot.in_each:
            yield self.problem(
                "SMG112", "'$item' stands for the reference of a '$each', and there is none around it", value
            )
        what = "$item, a number as a text" if value.number else "$item, a location"
        yield from self.of_types(value, spot, what, ("string", "document"))

    def property_hole(self, value: PropertyHole, _: _Spot) -> Iterator[Finding]:
        yield self.problem(
            "SMG112",
            "'$property' reads the step after it has run, so it stands only in the value of an output",
            value,
            given=value.path,
            expected="$property inside outputs.<output>.value",
        )

    def hyperparameters(self, value: HyperparametersHole, spot: _Spot) -> Iterator[Finding]:
        declared = self.contract.hyperparameters
        return self.parameters(value, spot, declared, "hyperparameters", "hyperparameters")

    def environment(self, value: EnvironmentHole, spot: _Spot) -> Iterator[Finding]:
        return self.parameters(value, spot, self.contract.environment, "environment variables", "environment")

    def parameters(
        self, value: Value, spot: _Spot, declared: Mapping[str, ParameterSpec], noun: str, member: str
    ) -> Iterator[Finding]:
        """A hole for all hyperparameters or environment variables."""
        if not declared and self.complete:
            yield self.problem("SMG113", f"the contract declares no {noun}", value, fix=f"declare '{member}'")
        yield from self.of_types(value, spot, f"the {noun}, an object", ("map", "document"))

    def output_location(self, value: OutputLocationHole, spot: _Spot) -> Iterator[Finding]:
        outputs = self.contract.output_ports
        if value.output not in outputs:
            yield self.unknown("output", value.output, tuple(outputs), value, "$output_location")
        yield from self.of_types(value, spot, "$output_location, a text", ("string", "document"))

    def fitting(self, value: Value, spot: _Spot) -> Iterator[Finding]:
        return self.of_types(value, spot, "a text", value.fits)

    def default(self, value: DefaultHole, spot: _Spot) -> Iterator[Finding]:
        wanted = _DEFAULT_SHAPES.get(value.name, "string")
        return self.of_types(value, spot, f"$default {value.name}, {NOUNS[wanted]}", (wanted, "document"))

    def input_hole(self, value: InputHole, spot: _Spot) -> Iterator[Finding]:
        port = self.contract.input_ports.get(value.port)
        if port is None:
            yield self.unknown("input port", value.port, tuple(self.contract.input_ports), value, "$input")
            return
        spec = port.dependency_spec
        if spec.many:
            yield self.problem(
                "SMG113",
                f"the port '{value.port}' takes many references, and '$input' stands for one",
                value,
                given=value.port,
                expected='{"$each": port, "item": …} among the items of a list',
            )
        if not spec.required and value.absent is ABSENT and not spot.removable:
            yield self.problem(
                "SMG112",
                f"the port '{value.port}' is optional, and nothing here can go when it is empty",
                value,
                expected="a list item or a '$when' around the hole, or an 'absent' value in it",
                fix=f'write {{"$when": "{value.port}", "value": …}} around the member',
            )
        given = f"the port '{value.port}' of type {spec.dependency_type}"
        fitting = _PORT_SHAPES.get(spec.dependency_type, ("string",))
        yield from self.of_types(value, spot, given, (*fitting, "document"))
        if value.absent is not ABSENT:
            yield from self.absent(value.absent, value, spot)

    def absent(self, literal: JsonValue | AbsentType, value: Value, spot: _Spot) -> Iterator[Finding]:
        if not isinstance(literal, AbsentType):
            yield from self.literal(literal, append_pointer(value.pointer, "absent"), spot)

    def setting_hole(self, value: SettingHole, spot: _Spot) -> Iterator[Finding]:
        setting = self.contract.settings.get(value.setting)
        if setting is None:
            yield self.unknown("setting", value.setting, tuple(self.contract.settings), value, "$setting")
            return
        if spot.shape is not None and not _is_open(spot.shape) and schema_of_shape(spot.shape) is None:
            where, wanted = spot.path or "the top", NOUNS[spot.shape.type]
            yield self.problem(
                "SMG116",
                f"the setting '{value.setting}' cannot stand at {where}: AWS wants {wanted} there",
                value,
                given=value.setting,
                expected=_shape_in_words(spot.shape),
                fix="use one setting for each value inside it",
            )
        if value.absent is not ABSENT:
            yield from self.absent(value.absent, value, spot)

    def asset_hole(self, value: AssetHole, spot: _Spot) -> Iterator[Finding]:
        source = self.contract.source
        names = () if source is None else (CODE_ASSET,)
        if value.asset not in names:
            yield self.unknown("asset", value.asset, names, value, "$asset")
        elif source is not None and value.member is not None and value.member != _plain_file(source):
            yield self.problem(
                "SMG113",
                f"the asset '{value.asset}' has no file '{value.member}'",
                self.named(value, "member"),
                given=value.member,
                expected=_plain_file(source),
                nearest=_plain_file(source),
            )
        yield from self.of_types(value, spot, "$asset, a location", ("string", "document"))

    def output_value(self, value: Value) -> Iterator[Finding]:
        """Holes inside the value of an output."""
        if isinstance(value, JoinHole):
            for part in value.values:
                if isinstance(part, LiteralValue) and not isinstance(part.value, (str, int, float)):
                    yield self.problem(
                        "SMG112", "a part of a $join is a text, a number or a hole", part, given=shown_json(part.value)
                    )
                yield from self.output_value(part)
        elif isinstance(value, (SettingHole, OutputLocationHole, DefaultHole)) or value.fits:
            yield from self.value(value, _Spot(None, ""))
        elif not isinstance(value, (PropertyHole, LiteralValue)):
            yield self.problem(
                "SMG112",
                "the value of an output is one text or number, and this gives none",
                value,
                given=_form_in_words(value),
                expected="$property, $join, $setting, $output_location, $execution, $step_name, $default or a literal",
            )

    # --- literals and step fields ---

    def literal(self, value: JsonValue, pointer: str, spot: _Spot) -> Iterator[Finding]:
        """A literal, or what stands under ``$literal``, against AWS's shape."""
        shape = spot.shape
        if shape is None or shape.type == "document":
            return
        if isinstance(value, dict):
            # Only $literal has objects: its members are checked like written ones.
            yield from self.object_value(_as_written(value, pointer), spot)
            return
        if isinstance(value, list):
            items = tuple(LiteralValue(item, pointer) for item in value)
            yield from self.list_value(ListValue(items, pointer), spot)
            return
        if value is None and (spot.beside or not self.complete):
            # The SDK writes null for fields of a step that are not set; and what could not be read is null here.
            return
        problem = scalar_problem(value, shape)
        if problem is None or (problem.kind == "enum" and not problem.certain):
            # A machine that is newer than the table is told where a pipeline uses it.
            return
        enum = shape.enum if isinstance(value, str) else ()
        yield self.problem(
            "SMG115",
            f"AWS refuses this value at {spot.path}: {problem.message}",
            pointer,
            given=shown_json(value),
            expected=_shape_in_words(shape),
            nearest=nearest_name(value, enum) if isinstance(value, str) and enum else None,
            fix=_literal_fix(value, shape, problem),
        )

    def fields(self, value: Value, row: StepKind) -> Iterator[Finding]:
        """The fields beside ``Arguments``: those of the step's kind, without what the pipeline writes itself."""
        if not isinstance(value, ObjectValue):
            yield self.problem("SMG115", "the fields of a step are an object", value)
            return
        fields = {field.name: field for field in row.step_fields}
        for name, member in value.members:
            field = fields.get(name)
            if isinstance(member, RawLiteral):
                continue
            if field is None:
                yield self.problem(
                    "SMG115",
                    f"a {self.contract.kind} step has no field '{name}' that a contract may write",
                    append_pointer(value.pointer, name),
                    given=name,
                    expected=", ".join(fields) or "no field",
                    nearest=nearest_name(name, fields),
                    key=True,
                )
                continue
            yield from self.value(member, _Spot(None, "", beside=True).below(field.shape, name))
        present = self.sure(value, _Spot(None, "", beside=True))
        for field in row.step_fields:
            if field.required and field.name not in present and self.complete:
                yield self.problem(
                    "SMG115",
                    f"a {self.contract.kind} step needs the field '{field.name}' beside its arguments",
                    "/step_fields",
                    expected=field.name,
                    fix=f"write '{field.name}' under 'step_fields'",
                )

    def raw_fields(self, value: Value) -> Iterator[Finding]:
        """The fields of a step of a raw kind: any but those that the pipeline writes itself."""
        if not isinstance(value, ObjectValue):
            yield self.problem("SMG115", "the fields of a step are an object", value)
            return
        for name, member in value.members:
            if name in _OF_THE_PIPELINE:
                yield self.problem(
                    "SMG115",
                    f"the pipeline writes the field '{name}' of a step itself",
                    append_pointer(value.pointer, name),
                    given=name,
                    fix="remove it; a pipeline says it where it adds the step",
                    key=True,
                )
            yield from self.value(member, _Spot(None, name, beside=True))

    #: The check of each form of the grammar of which more is asked than that it fits.
    _checks: ClassVar[Mapping[type, Callable[..., Iterator[Finding]]]] = {
        LiteralValue: written,
        RawLiteral: raw,
        ListValue: list_value,
        ObjectValue: object_value,
        InputHole: input_hole,
        SettingHole: setting_hole,
        DefaultHole: default,
        HyperparametersHole: hyperparameters,
        EnvironmentHole: environment,
        AssetHole: asset_hole,
        OutputLocationHole: output_location,
        JoinHole: join,
        JsonHole: json,
        MergeHole: merge,
        WhenHole: when,
        EachHole: each_alone,
        ItemHole: item_hole,
        PropertyHole: property_hole,
    }


def _literal_fix(value: JsonValue, shape: Shape, problem: ValueProblem) -> str | None:
    if shape.type == "string" and isinstance(value, (int, float)):
        return f'write it as a text: "{shown_json(value)}"'
    return None if problem.certain else f'write {{"$raw": {shown_json(value)}}}, which is held against nothing'


def _is_open(shape: Shape) -> bool:
    """Whether AWS takes any value there, or any values by name: then the contract says the type of a setting."""
    if shape.type == "map" and shape.value is not None:
        shape = service_model().shape(shape.value)
    return shape.type == "document"


def _plain_file(source: SourceSpec) -> str:
    """What an asset is made of, as a contract may name it: an archive is one file."""
    return source.file if source.is_archive else source.entry


def _form_in_words(value: Value) -> str:
    """What a value that is no plain text is, for a message."""
    if isinstance(value, ListValue):
        return "a list"
    return "an object" if isinstance(value, ObjectValue) else type(value).__name__.removesuffix("Hole").lower()


def _as_written(value: Mapping[str, JsonValue], pointer: str) -> ObjectValue:
    return ObjectValue(tuple((name, LiteralValue(member, pointer)) for name, member in value.items()), pointer)


def _shape_in_words(shape: Shape) -> str:
    if shape.enum:
        return ", ".join(shape.enum)
    if shape.type == "structure":
        return f"an object with {', '.join(shape.members)}"
    words = NOUNS[shape.type]
    if shape.type == "boolean":
        return words
    unit = {"string": " characters", "list": " items", "map": " entries"}.get(shape.type, "")
    limits = range_in_words(shape.min or None if unit else shape.min, shape.max, unit)
    pattern = f"matching {shape.pattern}" if shape.pattern is not None else ""
    return " ".join(part for part in (words, f"of {limits}" if limits else "", pattern) if part)


def _member_in_words(shape: Shape, name: str) -> str:
    member = shape.members.get(name)
    if member is None:
        return name
    return member.documentation or _shape_in_words(service_model().shape(member.shape))
