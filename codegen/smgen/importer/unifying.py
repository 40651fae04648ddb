"""Lays the definitions of several environments over each other: one structure, and what of it differs."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from smgen.definition import Definition, dump_definition, parse_definition
from smgen.diagnostics import Finding, Place
from smgen.documents import (
    JsonObject,
    JsonValue,
    append_pointer,
    at_pointer,
    is_there,
    list_at,
    object_at,
    text_at,
    upwards,
)
from smgen.importer.imported_pipeline import RawPart
from smgen.importer.shapes import FUNCTIONS

#: Parts of a request that an environment has or has not: a network, tags, and keys of volumes and outputs.
_WHOLE: Final = ("VpcConfig", "Tags")
_KEY_ENDING: Final = "KmsKeyId"
_FAMILIES: Final[Mapping[type, str]] = {
    bool: "boolean",
    int: "number",
    float: "number",
    str: "text",
    dict: "object",
    list: "list",
}
#: The lists of steps and parameters, whose items are found by their names.
_LISTED: Final = re.compile(r"\A/Parameters\Z|(?:\A|/Arguments)/(?:Steps|IfSteps|ElseSteps|ForEachBody)\Z")
_FIX: Final = "make the two alike and import again, or leave it: it comes in as it is"

#: The name of a step or parameter, and how many of the same name stand before it.
ItemName: TypeAlias = "tuple[str, int]"


@dataclass(frozen=True, slots=True)
class Unified:
    """The definitions of all environments as one.

    ``definition`` is that of the first environment, with all that only others have: parts that an environment may have
    or not (see ``is_optional``), members, steps and parameters. ``varying`` has, by JSON pointer, what differs in
    value: a plain value for each environment, or a whole network or list of tags; None where an environment has none.
    ``differing`` says why where the structure differs, and ``findings`` tells it (SMG133).
    """

    definition: Definition
    definitions: tuple[Definition, ...]
    environments: tuple[str, ...]
    varying: Mapping[str, tuple[JsonValue, ...]]
    differing: Mapping[str, str]
    findings: tuple[Finding, ...]
    #: Where each of the varying values stands, by environment.
    places: Mapping[str, tuple[Place, ...]]
    #: Where steps and parameters stand in each environment's own definition; no entry where it has none.
    own: tuple[Mapping[str, str], ...]

    def values(self, pointer: str, value: JsonValue) -> tuple[JsonValue, ...]:
        """What stands at a place in each environment; ``value`` is that of the first one."""
        return self.varying.get(pointer, (value,) * len(self.environments))

    def own_pointer(self, number: int, pointer: str) -> str | None:
        """Where something stands in the definition of an environment; None if the step or parameter is not there."""
        for item in upwards(pointer):
            if any(item in own for own in self.own):
                holder = self.own[number].get(item)
                return None if holder is None else holder + pointer[len(item) :]
        return pointer

    def pointer_of(self, number: int, pointer: str) -> str:
        """Where something of the definition of an environment stands in the one of all."""
        known = {own: item for item, own in self.own[number].items()}
        holder = next((item for item in upwards(pointer) if item in known), "")
        return known.get(holder, "") + pointer[len(holder) :]

    def part(self, pointer: str) -> RawPart:
        """What stands at a place in each environment, as it is."""
        found: dict[int, JsonValue] = {}
        for number, definition in enumerate(self.definitions):
            own = self.own_pointer(number, pointer)
            if own is not None and is_there(definition.document, own):
                found[number] = at_pointer(definition.document, own)
        return RawPart(found, len(self.environments))


def is_optional(member: str) -> bool:
    """Whether a member of a request is one that an environment fills or leaves out as a whole."""
    return member in _WHOLE or member.endswith(_KEY_ENDING)


def difference(unified: Unified, pointer: str, values: Sequence[JsonValue]) -> Finding:
    """SMG133 for something that varies, and that no environment can say."""
    other = next((number for number, item in enumerate(values) if item != values[0]), 0)
    places = unified.places.get(pointer) or (unified.definition.place(pointer),) * len(values)
    names = unified.environments
    return Finding(
        "SMG133",
        f"this is no value of an environment, and '{names[other]}' differs from '{names[0]}' in it",
        places[other],
        given=_shown(values[other]),
        expected=_shown(values[0]),
        expected_at=places[0],
        fix=_FIX,
    )


def unify(definitions: Mapping[str, Definition]) -> Unified:
    """The definitions of at least one environment as one."""
    names, given = tuple(definitions), tuple(definitions.values())
    first = dump_definition(given[0])
    unifier = _Unifier(names, given)
    unifier.value(first, "", [dump_definition(item) for item in given], [""] * len(given), None)
    merged = given[0] if not unifier.added else parse_definition(first, file=given[0].file, tolerant=True)
    return Unified(
        merged,
        given,
        names,
        unifier.varying,
        unifier.differing,
        tuple(unifier.findings),
        unifier.places,
        tuple(unifier.own),
    )


@dataclass
class _Unifier:
    names: tuple[str, ...]
    definitions: tuple[Definition, ...]
    varying: dict[str, tuple[JsonValue, ...]] = field(default_factory=dict[str, "tuple[JsonValue, ...]"])
    differing: dict[str, str] = field(default_factory=dict[str, str])
    findings: list[Finding] = field(default_factory=list[Finding])
    places: dict[str, tuple[Place, ...]] = field(default_factory=dict[str, "tuple[Place, ...]"])
    #: Whether something was added to the first document.
    added: bool = False

    def __post_init__(self) -> None:
        self.own: list[dict[str, str]] = [{} for _ in self.names]

    def value(
        self, first: JsonValue, here: str, values: Sequence[JsonValue], at: Sequence[str], step: str | None
    ) -> None:
        """One place; ``values`` and ``at`` are what stands in each environment and where.

        ``first`` is what becomes of it, at ``here``, and is changed.
        """
        if all(item == values[0] and _same_types(item, values[0]) for item in values):
            return
        family, *others = {_family(item) for item in values}
        if others:
            self.differs(here, values, at, step)
        elif family == "object":
            self.members(object_at(first), here, [object_at(item) for item in values], at, step)
        elif family == "list":
            self.items(list_at(first), here, [list_at(item) for item in values], at, step)
        else:
            self.vary(here, values, at, step)

    def members(
        self, first: JsonObject, here: str, values: Sequence[JsonObject], at: Sequence[str], step: str | None
    ) -> None:
        name = text_at(first, "Name")
        inside = name if name is not None and "Type" in first and "Arguments" in first else step
        forms = {tuple(item) for item in values}
        if not forms.isdisjoint(FUNCTIONS) and (len(forms) > 1 or ("Get",) in forms):
            self.differs(here, values, at, inside)
            return
        for key in dict.fromkeys(key for item in values for key in item):
            self.member(key, first, append_pointer(here, key), values, [append_pointer(one, key) for one in at], inside)

    def member(
        self,
        key: str,
        first: JsonObject,
        here: str,
        values: Sequence[JsonObject],
        at: Sequence[str],
        step: str | None,
    ) -> None:
        there = [item.get(key) for item in values]
        missing = [number for number, item in enumerate(values) if key not in item]
        if is_optional(key) and _fits_whole(key, there):
            if any(item != there[0] for item in there):
                self.vary(here, there, at, step)
                if first.get(key) is None:
                    first[key] = next(item for item in there if item is not None)
                    self.added = True
        elif missing:
            if any(item is not None for item in there):
                self.lacking(f"the member {key}", here, there, missing, at, step)
                if key not in first:
                    first[key] = deepcopy(next(item for item in there if item is not None))
                    self.added = True
        elif _LISTED.search(here) and all(map(_is_list, there)):
            self.named_items(list_at(first, key), here, [list_at(item) for item in there], at, step)
        else:
            self.value(first[key], here, there, at, step)

    def items(
        self, first: list[JsonValue], here: str, values: Sequence[list[JsonValue]], at: Sequence[str], step: str | None
    ) -> None:
        if len({len(item) for item in values}) != 1:
            self.differs(here, values, at, step)
            return
        for number, item in enumerate(first):
            there = [value[number] for value in values]
            self.value(item, append_pointer(here, number), there, [append_pointer(one, number) for one in at], step)

    def named_items(
        self, first: list[JsonValue], here: str, values: Sequence[list[JsonValue]], at: Sequence[str], step: str | None
    ) -> None:
        """Steps or parameters, which have names: one that is missing somewhere does not move the others."""
        listed = [_by_name(item) for item in values]
        names = _one_order([tuple(found) for found in listed])
        noun = "parameter" if here == "/Parameters" else "step"
        merged: list[JsonValue] = []
        for name in names:
            # What only later environments have stands where they have it.
            holder = next(number for number, found in enumerate(listed) if name in found)
            self.added |= holder > 0
            merged.append(deepcopy(values[holder][listed[holder][name]]) if holder else first[listed[0][name]])
        first[:] = merged
        for number, (item, name) in enumerate(zip(merged, names, strict=True)):
            numbers = [found.get(name) for found in listed]
            there = [None if own is None else value[own] for value, own in zip(values, numbers, strict=True)]
            places = [one if own is None else append_pointer(one, own) for one, own in zip(at, numbers, strict=True)]
            owner = name[0] if noun == "step" and None in numbers else step
            self.named_item(
                item, append_pointer(here, number), f"the {noun} {name[0]!r}", there, numbers, places, owner
            )
        self.order([tuple(found) for found in listed], noun, here, at, step)

    def named_item(
        self,
        first: JsonValue,
        here: str,
        what: str,
        values: Sequence[JsonValue],
        numbers: Sequence[int | None],
        at: Sequence[str],
        step: str | None,
    ) -> None:
        """One of them; ``numbers`` are those that it has in the lists, None where it is missing."""
        for own, place, number in zip(self.own, at, numbers, strict=True):
            if number is not None:
                own[here] = place
        missing = [other for other, number in enumerate(numbers) if number is None]
        if missing:
            self.lacking(what, here, values, missing, at, step)
        else:
            self.value(first, here, values, at, step)

    def order(
        self, listed: Sequence[tuple[ItemName, ...]], noun: str, here: str, at: Sequence[str], step: str | None
    ) -> None:
        """SMG133 where steps or parameters that all environments have stand in another order."""
        orders = [tuple(name for name in found if all(name in other for other in listed)) for found in listed]
        other = next((number for number, order in enumerate(orders) if order != orders[0]), None)
        if other is not None:
            shown = [", ".join(name for name, _ in orders[number]) for number in (other, 0)]
            words = self.add(f"the {noun}s stand in another order", (0, other), at, step, *shown)
            if noun == "parameter":
                # Steps are listed in the order of each environment.
                self.differing[here] = words

    def vary(self, here: str, values: Sequence[JsonValue], at: Sequence[str], step: str | None) -> None:
        self.varying[here] = tuple(values)
        given = zip(self.definitions, at, strict=True)
        self.places[here] = tuple(definition.place(pointer, step=step) for definition, pointer in given)

    def differs(self, here: str, values: Sequence[JsonValue], at: Sequence[str], step: str | None) -> None:
        """SMG133 for the first environment that is not like the first one of all."""
        other = next(
            number for number, item in enumerate(values) if item != values[0] or not _same_types(item, values[0])
        )
        shown = (_shown(values[other]), _shown(values[0]))
        self.differing[here] = self.add("this is made differently", (0, other), at, step, *shown)

    def lacking(
        self,
        what: str,
        here: str,
        values: Sequence[JsonValue],
        missing: Sequence[int],
        at: Sequence[str],
        step: str | None,
    ) -> None:
        has = next(number for number in range(len(values)) if number not in missing)
        # The place to look at is where it stands.
        words = f"{what} is in one environment only"
        self.differing[here] = self.add(words, (missing[0], has), at, step, _shown(values[has]), "nothing")

    def add(
        self, what: str, pair: tuple[int, int], at: Sequence[str], step: str | None, given: str, expected: str
    ) -> str:
        """SMG133: the environment of ``pair[1]`` differs from that of ``pair[0]``; in words."""
        one, other = pair
        words = f"{what}: '{self.names[other]}' differs from '{self.names[one]}'"
        self.findings.append(
            Finding(
                "SMG133",
                words,
                self.definitions[other].place(at[other], step=step),
                given=given,
                expected=expected,
                expected_at=self.definitions[one].place(at[one], step=step),
                fix=_FIX,
            )
        )
        return words


def _by_name(items: Sequence[JsonValue]) -> dict[ItemName, int]:
    """The items of a list by their names, and by how many of that name stand before them."""
    found: dict[ItemName, int] = {}
    counts: Counter[str] = Counter()
    for number, item in enumerate(items):
        name = text_at(item, "Name") or ""
        found[name, counts[name]] = number
        counts[name] += 1
    return found


def _one_order(listed: Sequence[tuple[ItemName, ...]]) -> list[ItemName]:
    """The names of several lists in the order of the first one; each other name behind that before it in its list."""
    found = [*listed[0]]
    for names in listed[1:]:
        for number, name in enumerate(names):
            if name not in found:
                found.insert(found.index(names[number - 1]) + 1 if number else 0, name)
    return found


def _shown(value: JsonValue) -> str:
    text = json.dumps(value, sort_keys=True)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _family(value: JsonValue) -> str:
    """What may stand in another environment instead of a value: 1.5 for 1, but no text."""
    return _FAMILIES.get(type(value), "null")


def _same_types(left: JsonValue, right: JsonValue) -> bool:
    """Whether two equal values are equal as JSON: 1, 1.0 and true are equal to Python."""
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


def _fits_whole(member: str, values: Sequence[JsonValue]) -> bool:
    """Whether each value is what an environment can say of that member, or nothing."""
    there = [value for value in values if value is not None]
    if member == "VpcConfig":
        return all(network_of(value) is not None for value in there)
    if member == "Tags":
        return all(tags_of(value) is not None for value in there)
    return all(isinstance(value, str) and value for value in there)


def network_of(value: JsonValue) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Subnets and security groups of a ``VpcConfig`` of plain texts; None for any other value."""
    members = object_at(value)
    if set(members) != {"Subnets", "SecurityGroupIds"}:
        return None
    subnets, groups = _texts(members["Subnets"]), _texts(members["SecurityGroupIds"])
    return (subnets, groups) if subnets and groups else None


def tags_of(value: JsonValue) -> dict[str, str] | None:
    """The tags of a list of plain ``Key`` and ``Value``, each key once; None for any other value."""
    tags: dict[str, str] = {}
    for item in list_at(value):
        key, text = text_at(item, "Key"), text_at(item, "Value")
        if key is None or text is None or key in tags or len(object_at(item)) != 2:
            return None
        tags[key] = text
    return tags or None


def _texts(value: JsonValue) -> tuple[str, ...]:
    """The texts of a list of nothing else; none for any other value."""
    listed = list_at(value)
    found = tuple(item for item in listed if isinstance(item, str))
    return found if len(found) == len(listed) else ()


def _is_list(value: JsonValue) -> bool:
    return _family(value) == "list"
