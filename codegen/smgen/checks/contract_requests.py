"""The request of a contract, filled with its defaults, against AWS's rules between members."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from smgen.checks.context import CheckContext
from smgen.checks.engine import run_checks
from smgen.checks.kind_limits import check_kind_limits
from smgen.checks.requests import request_findings
from smgen.checks.tuning_rules import check_tuning
from smgen.contract_model import (
    DefaultHole,
    EachHole,
    InputHole,
    JoinHole,
    ListValue,
    LiteralValue,
    MergeHole,
    ObjectValue,
    RawLiteral,
    SettingHole,
    StepContract,
    Value,
    WhenHole,
)
from smgen.definition import DEFINITION_VERSION, parse_definition
from smgen.diagnostics import Finding
from smgen.documents import JsonObject, JsonValue, append_pointer, object_at, split_pointer

_RULES: Final = ("SMG416", "SMG417")
_UNKNOWN: Final[JsonObject] = {"Get": "Parameters.Unknown"}
"""Stands for what is known only when a step is added."""
_STEP: Final = "/Steps/0"


class _Gone:
    """Stands for what is not there."""


_GONE: Final = _Gone()


def contract_request_findings(contracts: Iterable[StepContract]) -> Iterator[Finding]:
    """SMG416 and SMG417 for contracts whose own values and defaults break a rule, whatever a step gives beside them."""
    for contract in contracts:
        if not contract.raw:
            yield from _findings(contract)


def _findings(contract: StepContract) -> Iterator[Finding]:
    # Nobody knows what a step gives of the optional values: only what is wrong with all and with none of them is told.
    with_all = set(_checked(contract, _Filling(contract, is_full=True)))
    for finding in _checked(contract, _Filling(contract, is_full=False)):
        if finding in with_all:
            place = contract.place(_pointer(contract, finding.place.pointer or ""))
            yield replace(finding, place=place, expected_at=None)


def _checked(contract: StepContract, filling: _Filling) -> tuple[Finding, ...]:
    step: JsonObject = {
        "Name": contract.name,
        "Type": contract.kind,
        "Arguments": filling.members(contract.request),
        **filling.members(contract.step_fields),
    }
    document: JsonObject = {"Version": DEFINITION_VERSION, "Metadata": {}, "Parameters": [], "Steps": [step]}
    checks = (request_findings, check_tuning, check_kind_limits)
    found = run_checks(parse_definition(document, tolerant=True), CheckContext(), checks)
    return tuple(finding for finding in found if finding.rule in _RULES)


def _pointer(contract: StepContract, pointer: str) -> str:
    """Where the contract writes what stands at a place of the step: the innermost member that it has itself."""
    root, *parts = split_pointer(pointer.removeprefix(_STEP)) or [""]
    member, parts = ("request", parts) if root == "Arguments" else ("step_fields", [root, *parts])
    found = append_pointer("", member)
    for end in range(1, len(parts) + 1):
        if not object_at(contract.document, member, *parts[: end - 1]).get(parts[end - 1]):
            break
        found = append_pointer(found, parts[end - 1])
    return found


@dataclass(frozen=True, slots=True)
class _Filling:
    """Fills a request with defaults; what is optional and has none is there with ``is_full``, and else it is not."""

    contract: StepContract
    is_full: bool

    def value(self, value: Value) -> JsonValue | _Gone:
        fill = self.forms.get(type(value))
        return _UNKNOWN if fill is None else fill(self, value)

    def members(self, value: Value) -> JsonObject:
        """An object with its members; empty for anything else."""
        if not isinstance(value, ObjectValue):
            return {}
        members = ((name, self.value(member)) for name, member in value.members)
        return {name: member for name, member in members if not isinstance(member, _Gone)}

    def literal(self, value: LiteralValue) -> JsonValue:
        return value.value

    def listed(self, value: ListValue) -> JsonValue:
        return [*self.items(value.items)]

    def setting(self, value: SettingHole) -> JsonValue | _Gone:
        setting = self.contract.settings.get(value.setting)
        if setting is None or setting.default is None:
            return _UNKNOWN if self.is_there(value.setting) else _GONE
        if isinstance(setting.default, tuple):
            return [*setting.default]
        return setting.default if isinstance(setting.default, (str, int, float)) else _UNKNOWN

    def join(self, value: JoinHole) -> JsonValue:
        parts = [self.value(part) for part in value.values]
        known = [part for part in parts if isinstance(part, (str, int, float)) and not isinstance(part, bool)]
        return value.on.join(map(str, known)) if len(known) == len(parts) else _UNKNOWN

    def when(self, value: WhenHole) -> JsonValue | _Gone:
        return self.value(value.value) if value.value is not None and self.is_there(value.name) else _GONE

    def merge(self, value: MergeHole) -> JsonValue:
        parts = [self.members(part) for part in value.values if isinstance(part, ObjectValue)]
        if len(parts) < len(value.values):
            return _UNKNOWN
        return {name: member for part in parts for name, member in part.items()}

    def default(self, value: DefaultHole) -> JsonValue | _Gone:
        return _UNKNOWN if self.is_full or value.name == "role" else _GONE

    def port(self, value: InputHole) -> JsonValue | _Gone:
        return _UNKNOWN if self.is_there(value.port) else _GONE

    def items(self, items: Iterable[Value]) -> Iterator[JsonValue]:
        for item in items:
            if isinstance(item, WhenHole):
                if self.is_there(item.name):
                    inner = item.items if item.items is not None else (item.value,)
                    yield from self.items(one for one in inner if one is not None)
            elif isinstance(item, EachHole):
                if self.is_there(item.port):
                    yield _UNKNOWN
            else:
                filled = self.value(item)
                if not isinstance(filled, _Gone):
                    yield filled

    def is_there(self, name: str) -> bool:
        """Whether a port or a setting has a value, or must be given one."""
        port, setting = self.contract.input_ports.get(name), self.contract.settings.get(name)
        required = port.dependency_spec.required if port is not None else setting is None or setting.required
        return required or self.is_full or (setting is not None and setting.default is not None)

    #: How each form is filled; any other one is known only when a step is added.
    forms: ClassVar[Mapping[type, Callable[..., JsonValue | _Gone]]] = {
        LiteralValue: literal,
        RawLiteral: literal,
        ObjectValue: members,
        ListValue: listed,
        SettingHole: setting,
        JoinHole: join,
        WhenHole: when,
        MergeHole: merge,
        DefaultHole: default,
        InputHole: port,
    }
