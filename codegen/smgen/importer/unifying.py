"""Lays the definitions of several environments over each other: one structure, and what of it differs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from smgen.definition import Definition, dump_definition, parse_definition
from smgen.diagnostics import Finding, Place
from smgen.documents import JsonObject, JsonValue, append_pointer, json_at, list_at, object_at, text_at
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
#: Lists whose items are found by their names.
_NAMED_LISTS: Final = ("Steps", "IfSteps", "ElseSteps", "ForEachBody", "Parameters")


@dataclass(frozen=True, slots=True)
class Unified:
    """The definitions of all environments as one.

    ``definition`` is that of the first environment, with those parts that an environment may have or not (see
    ``is_optional``) taken from the others where it has none. ``varying`` has, by JSON pointer, what differs: a plain
    value for each environment, or a whole network or list of tags; None where an environment has none. ``findings``
    are the differences in structure (SMG133).
    """

    definition: Definition
    environments: tuple[str, ...]
    varying: Mapping[str, tuple[JsonValue, ...]]
    findings: tuple[Finding, ...]
    #: Where each of the varying values stands, by environment.
    places: Mapping[str, tuple[Place, ...]]

    def values(self, pointer: str, value: JsonValue) -> tuple[JsonValue, ...]:
        """What stands at a place in each environment; ``value`` is that of the first one."""
        return self.varying.get(pointer, (value,) * len(self.environments))


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
        fix="import the two as two pipelines, or make them alike first",
    )


def unify(definitions: Mapping[str, Definition]) -> Unified:
    """The definitions of at least one environment as one."""
    names, given = tuple(definitions), tuple(definitions.values())
    first = dump_definition(given[0])
    unifier = _Unifier(names, given)
    unifier.value(first, [dump_definition(item) for item in given], [""] * len(given), None)
    merged = given[0] if not unifier.added else parse_definition(first, file=given[0].file, tolerant=True)
    return Unified(merged, names, unifier.varying, tuple(unifier.findings), unifier.places)


@dataclass
class _Unifier:
    names: tuple[str, ...]
    definitions: tuple[Definition, ...]
    varying: dict[str, tuple[JsonValue, ...]] = field(default_factory=dict[str, "tuple[JsonValue, ...]"])
    findings: list[Finding] = field(default_factory=list[Finding])
    places: dict[str, tuple[Place, ...]] = field(default_factory=dict[str, "tuple[Place, ...]"])
    #: Whether something was added to the first document.
    added: bool = False

    def value(self, first: JsonValue, values: Sequence[JsonValue], at: Sequence[str], step: str | None) -> None:
        """One place; ``values`` and ``at`` are what stands in each environment and where, ``first`` is changed."""
        if all(item == values[0] and _same_types(item, values[0]) for item in values):
            return
        family, *others = {_family(item) for item in values}
        if others:
            self.differs(values, at, step)
        elif family == "object":
            self.members(object_at(first), [object_at(item) for item in values], at, step)
        elif family == "list":
            self.items(list_at(first), [list_at(item) for item in values], at, step)
        else:
            self.vary(values, at, step)

    def members(self, first: JsonObject, values: Sequence[JsonObject], at: Sequence[str], step: str | None) -> None:
        name = text_at(first, "Name")
        inside = name if name is not None and "Type" in first and "Arguments" in first else step
        forms = {tuple(item) for item in values}
        if not forms.isdisjoint(FUNCTIONS) and (len(forms) > 1 or ("Get",) in forms):
            self.differs(values, at, inside)
            return
        for key in dict.fromkeys(key for item in values for key in item):
            self.member(key, first, values, [append_pointer(one, key) for one in at], inside)

    def member(
        self, key: str, first: JsonObject, values: Sequence[JsonObject], at: Sequence[str], step: str | None
    ) -> None:
        there = [item.get(key) for item in values]
        missing = [number for number, item in enumerate(values) if key not in item]
        if is_optional(key) and _fits_whole(key, there):
            if any(item != there[0] for item in there):
                self.vary(there, at, step)
                if first.get(key) is None:
                    first[key] = next(item for item in there if item is not None)
                    self.added = True
        elif missing:
            if any(item is not None for item in there):
                self.lacking(f"the member {key}", there, missing, at, step)
        elif key in _NAMED_LISTS and all(map(_is_named_list, there)):
            self.named_items(first[key], there, at, step)
        else:
            self.value(first[key], there, at, step)

    def items(
        self, first: list[JsonValue], values: Sequence[list[JsonValue]], at: Sequence[str], step: str | None
    ) -> None:
        if len({len(item) for item in values}) != 1:
            self.differs(values, at, step)
            return
        for number, item in enumerate(first):
            there = [value[number] for value in values]
            self.value(item, there, [append_pointer(one, number) for one in at], step)

    def named_items(self, first: JsonValue, values: Sequence[JsonValue], at: Sequence[str], step: str | None) -> None:
        """Steps or parameters, which have names: one that is missing somewhere does not move the others."""
        listed = [
            {str(text_at(item, "Name")): number for number, item in enumerate(list_at(value))} for value in values
        ]
        noun = "parameter" if at[0].endswith("/Parameters") else "step"
        for name in dict.fromkeys(name for found in listed for name in found):
            numbers = [found.get(name) for found in listed]
            missing = [place for place, number in enumerate(numbers) if number is None]
            ways = [() if number is None else (number,) for number in numbers]
            there = [json_at(value, *(way or ("",))) for value, way in zip(values, ways, strict=True)]
            here = [append_pointer(one, *way) for one, way in zip(at, ways, strict=True)]
            if missing:
                self.lacking(f"the {noun} {name!r}", there, missing, here, name if noun == "step" else step)
            else:
                self.value(json_at(first, listed[0][name]), there, here, step)
        self.order([tuple(found) for found in listed], noun, at, step)

    def order(self, listed: Sequence[tuple[str, ...]], noun: str, at: Sequence[str], step: str | None) -> None:
        """SMG133 where steps or parameters that all environments have stand in another order."""
        orders = [tuple(name for name in found if all(name in other for other in listed)) for found in listed]
        other = next((number for number, order in enumerate(orders) if order != orders[0]), None)
        if other is not None:
            words = f"the {noun}s stand in another order"
            self.add(words, (0, other), at, step, ", ".join(orders[other]), ", ".join(orders[0]))

    def vary(self, values: Sequence[JsonValue], at: Sequence[str], step: str | None) -> None:
        self.varying[at[0]] = tuple(values)
        given = zip(self.definitions, at, strict=True)
        self.places[at[0]] = tuple(definition.place(pointer, step=step) for definition, pointer in given)

    def differs(self, values: Sequence[JsonValue], at: Sequence[str], step: str | None) -> None:
        """SMG133 for the first environment that is not like the first one of all."""
        other = next(
            number for number, item in enumerate(values) if item != values[0] or not _same_types(item, values[0])
        )
        self.add("this is made differently", (0, other), at, step, _shown(values[other]), _shown(values[0]))

    def lacking(
        self, what: str, values: Sequence[JsonValue], missing: Sequence[int], at: Sequence[str], step: str | None
    ) -> None:
        has = next(number for number in range(len(values)) if number not in missing)
        # The place to look at is where it stands.
        self.add(f"{what} is in one environment only", (missing[0], has), at, step, _shown(values[has]), "nothing")

    def add(
        self, what: str, pair: tuple[int, int], at: Sequence[str], step: str | None, given: str, expected: str
    ) -> None:
        """SMG133: the environment of ``pair[1]`` differs from that of ``pair[0]``."""
        one, other = pair
        self.findings.append(
            Finding(
                "SMG133",
                f"{what}: '{self.names[other]}' differs from '{self.names[one]}'",
                self.definitions[other].place(at[other], step=step),
                given=given,
                expected=expected,
                expected_at=self.definitions[one].place(at[one], step=step),
                fix="import the two as two pipelines, or make them alike first",
            )
        )


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


def _is_named_list(value: JsonValue) -> bool:
    names = [text_at(item, "Name") for item in list_at(value)]
    return isinstance(value, list) and None not in names and len(set(names)) == len(names)
