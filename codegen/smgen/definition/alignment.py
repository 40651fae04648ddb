"""Lays two definitions beside each other by the names of their steps and parameters, and counts what was forgiven."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from smgen.definition.compare import compare
from smgen.definition.model import Definition
from smgen.definition.normalisations import Normalisation
from smgen.definition.shape import branches_of
from smgen.documents import JsonObject, JsonValue, split_pointer


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
    ours, theirs = left.get(member), right.get(member)
    if not isinstance(ours, list) or not isinstance(theirs, list):
        return
    known = {_name(item): item for item in reversed(ours)}
    pairs = [(known[_name(item)], item) for item in theirs if _name(item) in known]
    aligned = [_aligned(one, other) for one, other in pairs]
    left[member], right[member] = [one for one, _ in aligned], [other for _, other in aligned]


def _aligned(one: JsonValue, other: JsonValue) -> tuple[JsonValue, JsonValue]:
    """Two items of one name, without those steps inside of them that only one of them has."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return one, other
    members = [split_pointer(branch.pointer)[-1] for branch in (*branches_of(one, "", ()), *branches_of(other, "", ()))]
    ours, theirs = one.get("Arguments"), other.get("Arguments")
    if not members or not isinstance(ours, dict) or not isinstance(theirs, dict):
        return one, other
    ours, theirs = {**ours}, {**theirs}
    for member in dict.fromkeys(members):
        _keep_common(ours, theirs, member)
    return {**one, "Arguments": ours}, {**other, "Arguments": theirs}


def _name(item: JsonValue) -> str | None:
    name = item.get("Name") if isinstance(item, dict) else None
    return name if isinstance(name, str) else None
