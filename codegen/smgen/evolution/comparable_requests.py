"""Makes the requests of two contracts comparable: what is told of ports and settings by itself makes no difference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from smgen.contract_model import (
    AbsentType,
    EachHole,
    EnvironmentHole,
    EnvironmentImage,
    FrameworkImage,
    HyperparametersHole,
    InputHole,
    ListValue,
    LiteralValue,
    MergeHole,
    ObjectValue,
    OutputLocationHole,
    SettingHole,
    StepContract,
    Value,
    WhenHole,
    walk,
)
from smgen.contract_model.holes import written
from smgen.contract_model.short_forms import ShortForm, input_form, output_form
from smgen.documents import compact_json
from smgen.evolution.changes import Pair
from smgen.evolution.renaming import former_names

MemberPath = tuple[str, ...]

#: Members that name an item of a list, whatever the list.
_NAMES: Final = ("Name", "Key", "RuleConfigurationName", "ContainerHostname")


@dataclass(frozen=True, slots=True)
class MemberDifference:
    """A member that is not the same in both states; None where a state has none."""

    path: MemberPath
    old: Value | None
    new: Value | None

    @property
    def name(self) -> str:
        """The path in words."""
        return ".".join(self.path)

    @property
    def words(self) -> tuple[str | None, str | None]:
        """Both values as a contract writes them."""
        before, after = (None if value is None else compact_json(written(value)) for value in (self.old, self.new))
        return before, after


def request_differences(pair: Pair, *, beside: bool) -> Iterator[MemberDifference]:
    """Where the written requests differ, or (``beside``) the fields beside them, as far down as their parts have names.

    What short forms stand for, and the items of ports in lists, are left out.
    """
    shared = _Shared(pair)
    old, new = ((item.step_fields if beside else item.request) for item in (pair.old, pair.new))
    old = _renamed(pair, old)
    if not beside:
        old, new = (_without_items(contract, value) for contract, value in ((pair.old, old), (pair.new, new)))
    for difference in _differences(pair, shared.of(pair.old, old), shared.of(pair.new, new), ()):
        if not (shared.is_asked_for(difference.old) or shared.is_asked_for(difference.new)):
            yield difference


def item_differences(pair: Pair) -> Iterator[tuple[str, MemberDifference]]:
    """Where the items of ports differ in the lists of a kind, each with the port's name in the new state."""
    shared = _Shared(pair, short_forms=True)
    former = former_names(pair)
    lists = {
        name
        for name, port in pair.new.input_ports.items()
        if (other := pair.old.input_ports.get(former.get(name, name))) is not None
        and other.dependency_spec.many != port.dependency_spec.many
    }
    for form_of in (input_form, output_form):
        old = _items(form_of(pair.old.kind), _renamed(pair, pair.old.request))
        new = _items(form_of(pair.new.kind), pair.new.request)
        for name, after in new.items():
            # What becomes a list, or is none any more, is told by itself.
            if name in old and name not in lists:
                sides = shared.of(pair.old, old[name]), shared.of(pair.new, after)
                yield from ((name, difference) for difference in _differences(pair, *sides, ()))


def keys_at(value: Value, path: MemberPath, name: str) -> list[str]:
    """The names of the items of a list, those that are repeated or may be left out among them."""
    found = _at(value, path)
    items = found.items if isinstance(found, ListValue) else ()
    return [key for item in items if (key := _key(item, (name,))) is not None]


def _items(form: ShortForm | None, request: Value) -> dict[str, Value]:
    """The items of ports by their names, without what says whether and how often they are there."""
    found = None if form is None else _at(request, form.path)
    if not isinstance(found, ListValue):
        return {}
    return {port: inner for item in found.items for port, inner in _bare(item)}


def _bare(item: Value) -> Iterator[tuple[str, Value]]:
    repeated: str | None = None
    while isinstance(item, (WhenHole, EachHole)):
        if isinstance(item, EachHole):
            repeated, item = item.port, item.item
        elif item.items is not None and len(item.items) == 1:
            item = item.items[0]
        elif item.value is not None:
            item = item.value
        else:
            return
    ports = {repeated, *map(_port, walk(item))} - {None}
    if len(ports) == 1:
        yield from ((port, item) for port in ports if port is not None)


def _without_items(contract: StepContract, request: Value) -> Value:
    for form in (input_form(contract.kind), output_form(contract.kind)):
        if form is not None:
            request = _without(request, form.path)
    return request


def _without(value: Value, path: tuple[str, ...]) -> Value:
    """A request without the items of a list that stand for one port."""
    if path and isinstance(value, ObjectValue):
        members = ((name, _without(item, path[1:]) if name == path[0] else item) for name, item in value.members)
        return ObjectValue(tuple(members), value.pointer)
    if path or not isinstance(value, ListValue):
        return value
    return ListValue(tuple(item for item in value.items if not [*_bare(item)]), value.pointer)


def _renamed(pair: Pair, value: Value) -> Value:
    """A value of the old state with the names that its ports have now."""
    names = {former: name for name, former in former_names(pair).items()}

    def change(hole: Value) -> Value:
        if isinstance(hole, InputHole) and hole.port in names:
            return replace(hole, port=names[hole.port])
        if isinstance(hole, OutputLocationHole) and hole.output in names:
            return replace(hole, output=names[hole.output])
        if isinstance(hole, WhenHole) and hole.name in names:
            return replace(hole, name=names[hole.name])
        if isinstance(hole, EachHole) and hole.port in names:
            return replace(hole, port=names[hole.port])
        return hole

    return _replaced(value, change) if names else value


def _sorted(value: Value) -> Value:
    """An object with its members in the order of their names: the order in which they are written says nothing."""
    return replace(value, members=tuple(sorted(value.members, key=_name))) if isinstance(value, ObjectValue) else value


def _name(member: tuple[str, Value]) -> str:
    return member[0]


def _replaced(value: Value, change: Callable[[Value], Value]) -> Value:
    return change(value.rebuilt(lambda inner: _replaced(inner, change)))


def _at(value: Value, path: MemberPath) -> Value | None:
    for name in path:
        held = dict(value.members) if isinstance(value, ObjectValue) else {}
        if name not in held:
            return None
        value = held[name]
    return value


def _key(item: Value, names: tuple[str, ...]) -> str | None:
    for inner in walk(item):
        if isinstance(inner, ObjectValue):
            for name, member in inner.members:
                if name in names:
                    return compact_json(written(member))
            return None
    return None


class _Shared:
    """Makes requests comparable: what only one of two contracts declares is told by itself, and taken out here."""

    def __init__(self, pair: Pair, *, short_forms: bool = False) -> None:
        self.short_forms = short_forms
        old, new = pair.old, pair.new
        before = {*old.input_ports, *old.output_ports, *former_names(pair)}
        self.ports = before & {*new.input_ports, *new.output_ports}
        self.settings = set(old.settings) & set(new.settings)
        # What becomes of all hyperparameters, or all variables, is told where one state has none.
        self.told = [
            *([] if old.hyperparameters and new.hyperparameters else [HyperparametersHole]),
            *([] if old.environment and new.environment else [EnvironmentHole]),
        ]

    def of(self, contract: StepContract, value: Value) -> Value:
        """The value without the parts that short forms stand for, and with defaults for settings of one state only."""
        return self._below(contract, _replaced(value, _sorted)) or ObjectValue(())

    def _below(self, contract: StepContract, value: Value) -> Value | None:
        if not self.short_forms and value.pointer and not value.pointer.startswith(("/request", "/step_fields")):
            return None
        if isinstance(value, ObjectValue):
            return self._object(contract, value)
        if isinstance(value, ListValue):
            items = self._all(contract, tuple(item for item in value.items if not self._names_a_port(item)))
            return ListValue(items, value.pointer) if items or not value.items else None
        if type(value) in self.told or self._names_a_port(value):
            return None
        return self._hole(contract, value)

    def _object(self, contract: StepContract, value: ObjectValue) -> Value | None:
        members = ((name, self._below(contract, inner)) for name, inner in value.members)
        kept = tuple((name, inner) for name, inner in members if inner is not None)
        return ObjectValue(kept, value.pointer) if kept or not value.members else None

    def _hole(self, contract: StepContract, value: Value) -> Value | None:
        if isinstance(value, SettingHole):
            is_kept = value.setting in self.settings or _is_asked_for(contract, value)
            return value if is_kept else _default_at(contract, value)
        if isinstance(value, MergeHole):
            parts = self._all(contract, value.values)
            return parts[0] if len(parts) == 1 else replace(value, values=parts) if parts else None
        return self._switched(contract, value)

    def is_asked_for(self, value: Value | None) -> bool:
        """Whether it is a setting of one state only that everybody has to give, which is told by itself."""
        return isinstance(value, SettingHole) and value.setting not in self.settings

    def _switched(self, contract: StepContract, value: Value) -> Value | None:
        """What depends on a setting of one state only is there by its default, or not at all."""
        switch = _switch(value)
        alone = switch is not None and switch in contract.settings and switch not in self.settings
        if alone and contract.settings[switch or ""].default is None:
            return None
        if isinstance(value, WhenHole) and value.value is not None:
            inner = self._below(contract, value.value)
            return inner if inner is None or alone else replace(value, value=inner)
        if isinstance(value, WhenHole):
            items = self._all(contract, value.items or ())
            return replace(value, items=items) if items else None
        return value

    def _all(self, contract: StepContract, values: tuple[Value, ...]) -> tuple[Value, ...]:
        found = (self._below(contract, value) for value in values)
        return tuple(value for value in found if value is not None)

    def _names_a_port(self, value: Value) -> bool:
        """Whether a port is named that only one state has."""
        return any(name is not None and name not in self.ports for name in map(_port, walk(value)))


def _port(value: Value) -> str | None:
    if isinstance(value, InputHole):
        return value.port
    return value.output if isinstance(value, OutputLocationHole) else None


def _switch(value: Value) -> str | None:
    if isinstance(value, WhenHole):
        return value.name
    return value.port if isinstance(value, EachHole) else None


def _default_at(contract: StepContract, hole: SettingHole) -> Value | None:
    """What stands at the hole where nobody gives the setting; None for nothing."""
    setting = contract.settings.get(hole.setting)
    default = None if setting is None else setting.default
    if isinstance(default, (EnvironmentImage, FrameworkImage)):
        # Whichever it is, it is the same in both states or another one.
        return LiteralValue(str(default), hole.pointer)
    if default is not None:
        return LiteralValue(list(default) if isinstance(default, tuple) else default, hole.pointer)
    return None if isinstance(hole.absent, AbsentType) else LiteralValue(hole.absent, hole.pointer)


def _differences(pair: Pair, old: Value | None, new: Value | None, path: MemberPath) -> Iterator[MemberDifference]:
    """Where two requests differ, as far down as both are objects, or lists whose items have names."""
    if old == new:
        return
    before, after = _parts(pair, old), _parts(pair, new)
    if before is None or after is None:
        yield MemberDifference(path, old, new)
        return
    for name in dict.fromkeys((*after, *before)):
        yield from _differences(pair, before.get(name), after.get(name), (*path, name))


def _parts(pair: Pair, value: Value | None) -> Mapping[str, Value] | None:
    """The members of an object, or the items of a list by their names; None for any other value."""
    if isinstance(value, ObjectValue):
        return dict(value.members)
    if not isinstance(value, ListValue):
        return None
    names = (*(row.name for row in pair.new.step_kind.lists), *_NAMES)
    keys = [_key(item, names) for item in value.items]
    named = {key: item for key, item in zip(keys, value.items, strict=True) if key is not None}
    return named if len(named) == len(keys) else None


def _is_asked_for(contract: StepContract, hole: SettingHole) -> bool:
    """Whether every user of the contract says the setting."""
    setting = contract.settings.get(hole.setting)
    return setting is not None and setting.required and setting.default is None
