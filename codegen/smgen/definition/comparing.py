"""Comparing two definitions after the named normalisations: what differs, as JSON pointers, and what was forgiven."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from smgen.definition.definition import Definition
from smgen.definition.normalisations import ALL, Normalisation, is_expression_object, normalise_pair
from smgen.documents import JsonObject, JsonValue, append_pointer, upwards

DifferenceKind: TypeAlias = Literal["changed", "left-only", "right-only"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two documents differ.

    `left` and `right` are the normalised values, None on the side that has none (and where it is null; `kind`
    tells). A missing subtree is one difference, and so is a value that is an expression on either side.
    """

    pointer: str
    left: JsonValue
    right: JsonValue
    kind: DifferenceKind


@dataclass(frozen=True, slots=True)
class Unexplained:
    """What a list of expected pointers leaves over: differences it does not cover, and entries that cover nothing."""

    differences: tuple[Difference, ...]
    unused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DefinitionComparison:
    """The differences in the order of the left document, and how many places each normalisation made equal.

    `counts` has an entry for each normalisation asked for. A place counts when the documents differ there as they
    stand and no longer do so normalised; what a normalisation did where both sides were equal anyway is not counted.
    """

    differences: tuple[Difference, ...]
    counts: Mapping[str, int]

    def unexplained(self, expected: Mapping[str, str]) -> Unexplained:
        """Hold the differences against expected ones: JSON pointers with a reason each.

        A pointer covers the differences at and below it, and of several pointers that do the longest one is used.
        """
        used: set[str] = set()
        left_over: list[Difference] = []
        for difference in self.differences:
            covering = [at for at in expected if _covers(at, difference.pointer)]
            if covering:
                used.add(max(covering, key=len))
            else:
                left_over.append(difference)
        return Unexplained(tuple(left_over), tuple(at for at in expected if at not in used))


def compare(
    left: Definition | JsonObject, right: Definition | JsonObject, *, normalisations: Collection[Normalisation] = ALL
) -> DefinitionComparison:
    """Compare two definitions.

    Lists are compared item by item at the same position, objects by member, whatever the order of members. `1` and
    `1.0` differ, and so do `1` and `true`. Without normalisations (`normalisations=()`) the documents are compared
    as they stand. The result is the same for the same documents, always.
    """
    normal_left, normal_right = normalise_pair(left, right, normalisations)
    differences = tuple(_differences(normal_left.document, normal_right.document))
    as_they_stand = _differences(_raw(left), _raw(right))
    forgiven = _forgiven([difference.pointer for difference in as_they_stand], differences)
    above = {upper for at in forgiven for upper in upwards(at)} - {""}
    applied = {
        (application.normalisation, application.pointer)
        for application in (*normal_left.applications, *normal_right.applications)
        # A difference at or above the place, or (a condition is rewritten as a whole) below it.
        if application.pointer in above or not forgiven.isdisjoint(upwards(application.pointer))
    }
    counts = {item.id: sum(1 for name, _ in applied if name == item.id) for item in normalisations}
    return DefinitionComparison(differences, counts)


def _raw(definition: Definition | JsonObject) -> JsonObject:
    return definition.document if isinstance(definition, Definition) else definition


def _forgiven(as_they_stand: Iterable[str], remaining: Iterable[Difference]) -> set[str]:
    """The pointers of differences that are gone: neither they nor anything above them differs any longer."""
    still = {difference.pointer for difference in remaining}
    return {at for at in as_they_stand if still.isdisjoint(upwards(at))}


def _covers(upper: str, at: str) -> bool:
    return at == upper or at.startswith(upper + "/")


def _differences(left: JsonValue, right: JsonValue) -> Iterator[Difference]:
    """The places where two values differ, as high up as the whole subtree does, in the order of the left one."""
    todo: list[tuple[str, JsonValue, JsonValue, DifferenceKind]] = [("", left, right, "changed")]
    while todo:
        at, here, there, kind = todo.pop()
        if kind != "changed":
            yield Difference(at, here, there, kind)
        elif is_expression_object(here) or is_expression_object(there):
            # An expression is one value: what differs is the value, not a part of how it is written.
            if any(_parts_that_differ(here, there)):
                yield Difference(at, here, there, kind)
        elif (parts := _parts(here, there)) is not None:
            todo.extend((append_pointer(at, part), one, other, how) for part, one, other, how in reversed(parts))
        elif not _same_scalar(here, there):
            yield Difference(at, here, there, kind)


def _parts_that_differ(left: JsonValue, right: JsonValue) -> Iterator[bool]:
    """True for each part of two values that differs."""
    todo: list[tuple[JsonValue, JsonValue]] = [(left, right)]
    while todo:
        here, there = todo.pop()
        if (parts := _parts(here, there)) is None:
            yield not _same_scalar(here, there)
        else:
            yield any(how != "changed" for _, _, _, how in parts)
            todo.extend((one, other) for _, one, other, how in parts if how == "changed")


def _parts(left: JsonValue, right: JsonValue) -> list[tuple[str | int, JsonValue, JsonValue, DifferenceKind]] | None:
    """The members of two objects, or the items of two lists, side by side; None for anything else."""
    found: list[tuple[str | int, JsonValue, JsonValue, DifferenceKind]] = []
    if isinstance(left, dict) and isinstance(right, dict):
        for key, item in left.items():
            found.append((key, item, right[key], "changed") if key in right else (key, item, None, "left-only"))
        found.extend((key, None, item, "right-only") for key, item in right.items() if key not in left)
        return found
    if isinstance(left, list) and isinstance(right, list):
        common = min(len(left), len(right))
        found.extend((index, left[index], right[index], "changed") for index in range(common))
        found.extend((index, left[index], None, "left-only") for index in range(common, len(left)))
        found.extend((index, None, right[index], "right-only") for index in range(common, len(right)))
        return found
    return None


def _same_scalar(left: JsonValue, right: JsonValue) -> bool:
    """Whether two values that are not both objects or both lists are the same JSON text."""
    # repr tells -0.0 from 0.0, as the text does; the types tell 1 from 1.0 and from true.
    return type(left) is type(right) and (repr(left) == repr(right) if isinstance(left, float) else left == right)
