"""Fills the holes of a contract's request for one step of one pipeline in one environment."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from smgen.contracts import (
    ABSENT,
    AbsentType,
    AssetHole,
    DefaultHole,
    EachHole,
    EnvironmentHole,
    EnvironmentImage,
    ExecutionHole,
    HyperparametersHole,
    InputHole,
    ItemHole,
    JoinHole,
    ListValue,
    LiteralValue,
    MergeHole,
    ObjectValue,
    OutputLocationHole,
    OutputSpec,
    ParameterSpec,
    SettingHole,
    StepContract,
    StepNameHole,
    Value,
    WhenHole,
)
from smgen.diagnostics import Finding, Place
from smgen.documents import JsonObject, JsonValue
from smgen.expressions import Expression, Join, Operand, execution, parse_expression, to_json
from smgen.runtime.builders import Reference
from smgen.runtime.config import ConfigValue, StepConfig, config_value
from smgen.runtime.environment import Environment
from smgen.runtime.origins import Origin
from smgen.runtime.references import External, Output
from smgen.runtime.variables import Variable


class Gone(Enum):
    """Why a value is not there."""

    #: Only the member that would hold it goes.
    MEMBER = "member"
    #: An optional port is not bound: the nearest list item, or ``$when``, goes.
    ITEM = "item"


Filled: TypeAlias = "JsonValue | Gone"


@dataclass
class StepFiller:
    """The values for one step, and what was found and used while filling.

    ``bindings`` holds the references of each bound port; ``locations`` the overridden output locations; ``asset``
    gives the S3 URI of a source, or None after it has added a finding of its own.
    """

    step: str
    pipeline: str
    contract: StepContract
    config: StepConfig
    bindings: Mapping[str, Sequence[Reference]]
    locations: Mapping[str, str | Variable[str]]
    environment: Environment
    asset: Callable[[str], str | None]
    place: Place
    findings: list[Finding] = field(default_factory=list[Finding])
    origins: list[Origin] = field(default_factory=list[Origin])

    def request(self) -> JsonObject:
        """The step's ``Arguments``."""
        return self._root(self.contract.request)

    def step_fields(self) -> JsonObject:
        """What stands beside ``Arguments``."""
        return self._root(self.contract.step_fields)

    def _root(self, value: Value) -> JsonObject:
        """Every member of the top object that is there; one that went takes nothing with it."""
        filled: JsonObject = {}
        for key, member in value.members if isinstance(value, ObjectValue) else ():
            result = self._fill(member, None)
            if not isinstance(result, Gone):
                filled[key] = result
        return filled

    def _fill(self, value: Value, item: Reference | None) -> Filled:
        """One value of the grammar; ``item`` is the current reference inside ``$each``."""
        if isinstance(value, LiteralValue):
            return value.value
        if isinstance(value, ObjectValue):
            return self._object(value, item)
        if isinstance(value, ListValue):
            items = list(self._items(value.items, item))
            return items if items or not value.items else Gone.MEMBER
        if isinstance(value, InputHole):
            bound = self.bindings.get(value.port, ())
            if bound:
                return self._reference(bound[0])
            return Gone.ITEM if value.absent is ABSENT else _literal(value.absent)
        if isinstance(value, SettingHole):
            filled = self._setting(value.setting)
            return _literal(value.absent) if filled is Gone.MEMBER and value.absent is not ABSENT else filled
        if isinstance(value, DefaultHole):
            return self._default(value.name)
        if isinstance(value, HyperparametersHole):
            return self._values(self.contract.hyperparameters, value.form)
        if isinstance(value, EnvironmentHole):
            return self._values(self.contract.environment, "text")
        if isinstance(value, AssetHole):
            location = self.asset(value.asset)
            return Gone.MEMBER if location is None else location
        if isinstance(value, OutputLocationHole):
            return self._output_location(self.contract.output_ports[value.output].output_spec)
        if isinstance(value, ExecutionHole):
            return to_json(execution(value.variable))
        if isinstance(value, StepNameHole):
            return self.step
        if isinstance(value, JoinHole):
            return self._join(value, item)
        if isinstance(value, MergeHole):
            return self._merge(value, item)
        if isinstance(value, WhenHole):
            return self._when(value, item)
        if isinstance(value, ItemHole):
            return Gone.MEMBER if item is None else self._reference(item)
        # $each outside a list and $property outside an output are refused when the contract is read.
        return Gone.MEMBER

    def _object(self, value: ObjectValue, item: Reference | None) -> Filled:
        filled: JsonObject = {}
        for key, member in value.members:
            result = self._fill(member, item)
            if result is Gone.ITEM:
                return Gone.ITEM
            if not isinstance(result, Gone):
                filled[key] = result
        # An object of which every member went would be an empty request structure, which AWS mostly refuses.
        return filled if filled or not value.members else Gone.MEMBER

    def _items(self, items: Sequence[Value], item: Reference | None) -> Iterator[JsonValue]:
        for value in items:
            if isinstance(value, WhenHole) and value.items is not None:
                if self._is_there(value.name):
                    yield from self._items(value.items, item)
                continue
            if isinstance(value, EachHole):
                for reference in self.bindings.get(value.port, ()):
                    yield from self._items((value.item,), reference)
                continue
            filled = self._fill(value, item)
            if not isinstance(filled, Gone):
                yield filled

    def _when(self, value: WhenHole, item: Reference | None) -> Filled:
        if value.value is None or not self._is_there(value.name):
            return Gone.MEMBER
        filled = self._fill(value.value, item)
        return Gone.MEMBER if filled is Gone.ITEM else filled

    def _is_there(self, name: str) -> bool:
        if name in self.contract.input_ports:
            return bool(self.bindings.get(name))
        return not isinstance(self._setting(name), Gone)

    def _join(self, value: JoinHole, item: Reference | None) -> Filled:
        operands: list[Operand] = []
        for part in value.values:
            filled = self._fill(part, item)
            if filled is Gone.ITEM:
                return Gone.ITEM
            if isinstance(filled, Gone):
                continue
            operand = _operand(filled)
            # Nothing but scalars and expressions can stand in a Join; a contract with others is refused when read.
            if operand is not None:
                operands.append(operand)
        if all(isinstance(operand, str) for operand in operands):
            return value.on.join(str(operand) for operand in operands)
        return to_json(Join(value.on, tuple(operands)))

    def _merge(self, value: MergeHole, item: Reference | None) -> Filled:
        merged: JsonObject = {}
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
        return list(default) if isinstance(default, tuple) else default

    def _default(self, name: str) -> Filled:
        value = self.environment.default(name)
        if value is not None:
            return value
        if name == "role":
            # Every job needs a role, so an environment without one is a finding; the other defaults are optional.
            self.findings.append(self.environment.missing("role", "ARN of the execution role", self.place))
        return Gone.MEMBER

    def _values(self, parameters: Mapping[str, ParameterSpec], form: str) -> Filled:
        """All values that are set, as a map of texts."""
        values: JsonObject = {}
        for name, parameter in parameters.items():
            given = config_value(self.config, name)
            if given is None:
                given = parameter.default
            if given is not None:
                values[name] = self._text(given, form)
        return values or Gone.MEMBER

    def _text(self, value: ConfigValue, form: str) -> JsonValue:
        """A value as the text that AWS's maps of strings take."""
        if isinstance(value, Variable):
            self.origins.extend(value.__smgen_origins__)
            if value.__smgen_type__ == "String" and form == "text":
                return to_json(value.__smgen_expression__)
            # A number is a text inside a Join; a text in JSON form needs its quotes around it.
            quoted = value.__smgen_type__ == "String"
            operands = ('"', value.__smgen_expression__, '"') if quoted else (value.__smgen_expression__,)
            return to_json(Join("", operands))
        if isinstance(value, str) and form == "text":
            return value
        if isinstance(value, float) and value.is_integer() and form == "text":
            return str(int(value))
        return json.dumps(self._config(value), ensure_ascii=False, separators=(",", ":"))

    def _config(self, value: ConfigValue) -> JsonValue:
        if isinstance(value, Variable):
            self.origins.extend(value.__smgen_origins__)
            return to_json(value.__smgen_expression__)
        if isinstance(value, list):
            return [self._config(element) for element in value]
        if isinstance(value, dict):
            return {key: self._config(element) for key, element in value.items()}
        return value

    def _reference(self, reference: Reference) -> JsonValue:
        if isinstance(reference, Output):
            self.origins.append(reference.__smgen_origin__)
            return to_json(reference.__smgen_expression__)
        if isinstance(reference, External):
            location = reference.__smgen_location__
            return self._config(location)
        return self._config(reference)

    def _output_location(self, output: OutputSpec) -> Filled:
        override = self.locations.get(output.logical_name)
        if override is not None:
            return self._config(override)
        base = self.environment.output_location
        if base is None:
            if self.environment.bucket is None:
                what = "name of the bucket that steps write to"
                self.findings.append(self.environment.missing("bucket", what, self.place))
                return Gone.MEMBER
            base = f"s3://{self.environment.bucket}"
        bucket, _, prefix = base.removeprefix("s3://").rstrip("/").partition("/")
        # Each execution writes to a place of its own, so that no run reads what another one left. The parts are those
        # of the SDK's default, which existing tools expect.
        parts: list[str | Expression] = ["s3:/", bucket, *filter(None, prefix.split("/")), self.pipeline]
        parts += [execution("PipelineExecutionId"), self.step, "output", output.output_name or output.logical_name]
        return to_json(Join("/", tuple(parts)))


def _literal(value: JsonValue | AbsentType) -> JsonValue:
    """The literal of an ``absent`` member, which the caller has told from its absence."""
    return None if isinstance(value, AbsentType) else value


def _operand(value: JsonValue) -> Operand | None:
    return parse_expression(value) if isinstance(value, (dict, list)) else value
