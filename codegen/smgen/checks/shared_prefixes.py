"""Locations that are read as prefixes of keys, so that what lies under a longer name is read as well."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Final

from smgen.checks.context import CheckContext
from smgen.checks.index import DefinitionIndex
from smgen.checks.step_locations import LocationRead, LocationWrite, reads_of, shown_location, value_in
from smgen.definition import Step
from smgen.diagnostics import Finding
from smgen.documents import append_pointer
from smgen.expressions import Join, StepReference, Value, value_at

_MOST_LONGER: Final = 20
"""How many longer names are looked at for one location: a bound for hostile definitions."""


def check_shared_prefixes(index: DefinitionIndex, _: CheckContext) -> Iterator[Finding]:
    """SMG324 for a location without a slash at its end that is read by prefix, where another one goes on from it."""
    writes = sorted(
        (write for step in index.steps for write in index.writes(step) if not write.below_job),
        key=lambda write: write.location,
    )
    locations = [write.location for write in writes]
    longer = {
        write.location: sibling
        for write in writes
        if not _ends_in_a_folder(value_in(write.step, write.pointer))
        and (sibling := _sibling(write.location, locations, writes)) is not None
    }
    if not longer:
        return
    by_property = {
        (write.step.pointer, path): write for write in writes if write.location in longer for path in write.properties
    }
    for step, pointer, location in _reads(index, by_property, longer):
        sibling = longer[location]
        yield Finding(
            "SMG324",
            f"{step.name} reads every key that begins with this location, also what {sibling.step.name} writes to "
            f"{shown_location(sibling.location)}",
            index.place(pointer, step),
            given=shown_location(location),
            expected="a location that ends with a slash (AWS: S3DataSource$S3DataType)",
            expected_at=index.place(sibling.pointer, sibling.step),
            fix="end the location of the output with a slash, or give the other one a name that does not begin like it",
        )


def _sibling(location: str, locations: Sequence[str], writes: Sequence[LocationWrite]) -> LocationWrite | None:
    """The first write whose location goes on from this one within a name."""
    start = bisect_right(locations, location)
    below = takewhile(lambda write: write.location.startswith(location), writes[start : start + _MOST_LONGER])
    return next((write for write in below if write.location[len(location)] != "/"), None)


def _reads(
    index: DefinitionIndex, by_property: Mapping[tuple[str, str], LocationWrite], longer: Collection[str]
) -> Iterator[tuple[Step, str, str]]:
    """Who reads such a location by prefix: the step, where, and the location."""
    for use in index.uses:
        if use.step is not None and isinstance(use.target, StepReference) and use.outer is None:
            maker = index.meant_step(use.target.step, use.step)
            write = None if maker is None else by_property.get((maker.pointer, use.target.path))
            if write is not None and _by_prefix(use.step, use.pointer):
                yield use.step, append_pointer(use.pointer, "Get"), write.location
    for step in index.steps:
        for read in reads_of(step):
            if read.location in longer and not read.given and _reads_as_it_stands(read):
                yield step, read.pointer, read.location


def _reads_as_it_stands(read: LocationRead) -> bool:
    return _by_prefix(read.step, read.pointer) and not _ends_in_a_folder(value_in(read.step, read.pointer))


def _by_prefix(step: Step, pointer: str) -> bool:
    """Whether the object around a location says that all keys that begin with it are meant."""
    return value_at(value_in(step, pointer.rpartition("/")[0]), "S3DataType") == "S3Prefix"


def _ends_in_a_folder(value: Value) -> bool:
    """Whether a location ends with a slash, so that it is no beginning of a longer name."""
    if isinstance(value, Join) and value.values:
        last = value.values[-1]
        return isinstance(last, str) and (last.endswith("/") or (last == "" and value.on.endswith("/")))
    return isinstance(value, str) and value.endswith("/")
