"""What changed in the fields of a config: settings, hyperparameters and environment variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from smgen.contract_model import (
    Need,
    ParameterSpec,
    SettingDefault,
    SettingSpec,
    StepContract,
    ValueSchema,
    describe_schema,
    needs_of,
)
from smgen.contract_model.settings import settings_and_findings
from smgen.documents import object_at
from smgen.evolution.changes import ContractChange, Pair
from smgen.evolution.value_ranges import is_retyped, narrowings
from smgen.evolution.value_words import shown_default, yes_or_no


@dataclass(frozen=True, slots=True)
class _DeclaredField:
    """One field; ``schema`` is None where its type cannot be said."""

    kind: str
    name: str
    schema: ValueSchema | None
    asked_for: bool
    default: SettingDefault | None
    pointer: str

    @property
    def member(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def shown(self) -> str:
        """Type and default in words."""
        kind = "" if self.schema is None else describe_schema(self.schema)
        return f"{kind}, {yes_or_no(self.asked_for)}" if kind else yes_or_no(self.asked_for)


def field_changes(pair: Pair) -> Iterator[ContractChange]:
    """The changes of all fields, and of what is needed together."""
    old, new = _fields(pair.old), _fields(pair.new)
    for name, field in old.items():
        if name in new:
            yield from _changed(pair, field, new[name])
        else:
            message = f"the {field.kind} '{name}' is gone"
            yield pair.change("SMG630", field.member, message, was=field.pointer, before=field.shown)
    for name, field in new.items():
        if name not in old:
            rule, what = ("SMG631", "is required and new") if field.asked_for else ("SMG635", "is new")
            message = f"the {field.kind} '{name}' {what}"
            yield pair.change(rule, field.member, message, now=field.pointer, after=field.shown)
    yield from _need_changes(pair)


def _fields(contract: StepContract) -> Mapping[str, _DeclaredField]:
    schemas, _ = settings_and_findings(contract)
    return {
        **{name: _field("hyperparameter", item, item.schema) for name, item in contract.hyperparameters.items()},
        **{name: _field("setting", item, schemas.get(name)) for name, item in contract.settings.items()},
        **{name: _field("environment variable", item, item.schema) for name, item in contract.environment.items()},
    }


def _field(kind: str, spec: ParameterSpec | SettingSpec, schema: ValueSchema | None) -> _DeclaredField:
    return _DeclaredField(kind, spec.name, schema, spec.required and spec.default is None, spec.default, spec.pointer)


def _changed(pair: Pair, old: _DeclaredField, new: _DeclaredField) -> Iterator[ContractChange]:
    def change(rule: str, what: str, before: str | None, after: str | None) -> ContractChange:
        message = f"the {new.kind} '{new.name}' {what}"
        return pair.change(rule, new.member, message, was=old.pointer, now=new.pointer, before=before, after=after)

    if old.kind != new.kind:
        yield change("SMG636", f"was one of another kind: {old.kind}", old.kind, new.kind)
    if old.asked_for != new.asked_for:
        rule, what = ("SMG631", "is required now") if new.asked_for else ("SMG635", "may be left out now")
        yield change(rule, what, yes_or_no(old.asked_for), yes_or_no(new.asked_for))
    elif old.default != new.default or type(old.default) is not type(new.default):
        yield change("SMG634", "has another default", shown_default(old.default), shown_default(new.default))
    if old.schema is None or new.schema is None:
        return
    before, after = describe_schema(old.schema), describe_schema(new.schema)
    if is_retyped(old.schema, new.schema):
        yield change("SMG632", "has another type", before, after)
        return
    narrower = [*narrowings(old.schema, new.schema)]
    if narrower:
        yield change("SMG633", f"takes fewer values: {', '.join(narrower)}", before, after)
    elif old.schema.type != new.schema.type or [*narrowings(new.schema, old.schema)]:
        yield change("SMG635", "takes more values", before, after)


def _need_changes(pair: Pair) -> Iterator[ContractChange]:
    """What of several fields is needed together, in JSON Schema's words."""
    for group in ("hyperparameters", "environment"):
        old, new = _needs(pair.old, group), _needs(pair.new, group)
        for text in new:
            if text not in old:
                message = f"more of the {_PLURAL[group]} are needed together"
                yield pair.change("SMG637", group, message, now=f"/{group}", after=text)
        for text in old:
            if text not in new:
                message = f"fewer of the {_PLURAL[group]} are needed together"
                yield pair.change("SMG635", group, message, was=f"/{group}", before=text)


_PLURAL = {"hyperparameters": "hyperparameters", "environment": "environment variables"}


def _needs(contract: StepContract, group: str) -> list[str]:
    return [
        f"{', '.join(need.wanted)} with {need.name}{_one_of(need)}"
        for need in needs_of(object_at(contract.document, group))
    ]


def _one_of(need: Need) -> str:
    return f" = {' or '.join(map(str, need.values))}" if need.values else ""
