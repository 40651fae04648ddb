"""Lays two definitions beside each other by the names of their steps and parameters, and counts what was forgiven."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from smgen.definition.comparing import compare
from smgen.definition.definition import Definition
from smgen.definition.normalisations import Normalisation
from smgen.definition.shape import branches_of
from smgen.documents import JsonObject, JsonValue, list_at, object_at, split_pointer, text_at


def forgiven(before: Definition, after: Definition, normalisations: Collection[Normalisation]) -> Mapping[str, int]:
    """How many places each normalisation made equal, by its id, in what both definitions have.

    Steps and parameters are found by their names: one that is new, gone or moved does not hide the others. What
    forgave nothing is left out.
    """
    left, right = {**before.document}, {**after.document}
    _keep_common(left, right, "Parameters")
    _keep_common(left, right, "Steps")
    counts = compare(left, right, normalisations=normalisations).counts
    return {name: count for name, count in counts.items() if count}


def _keep_common(left: JsonObject, right: JsonObject, member: str) -> None:
    """Leaves in two lists what both have, in the order of the right one; steps likewise inside of steps."""
    if not isinstance(left.get(member), list) or not isinstance(right.get(member), list):
        return
    known = {text_at(item, "Name"): item for item in reversed(list_at(left, member))}
    named = [(text_at(item, "Name"), item) for item in list_at(right, member)]
    aligned = [_aligned(known[name], item) for name, item in named if name in known]
    left[member], right[member] = [one for one, _ in aligned], [other for _, other in aligned]


def _aligned(one: JsonValue, other: JsonValue) -> tuple[JsonValue, JsonValue]:
    """Two items of one name, without those steps inside of them that only one of them has."""
    left, right = object_at(one), object_at(other)
    branches = (*branches_of(left, "", ()), *branches_of(right, "", ()))
    ours, theirs = {**object_at(left, "Arguments")}, {**object_at(right, "Arguments")}
    if not branches or not ours or not theirs:
        return one, other
    for member in dict.fromkeys(split_pointer(branch.pointer)[-1] for branch in branches):
        _keep_common(ours, theirs, member)
    return {**left, "Arguments": ours}, {**right, "Arguments": theirs}
