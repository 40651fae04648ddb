"""Steps that meet in Amazon S3 without saying so: one reads what another writes, or two write to one place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from smgen.checks.context import CheckContext
from smgen.checks.index import MOST_NAMED, DefinitionIndex
from smgen.checks.step_locations import (
    LocationRead,
    LocationWrite,
    is_fixed,
    is_of_execution,
    is_of_iteration,
    prefixes,
    reads_of,
    refers_to,
    shown_location,
    symbolic_location,
    with_rest,
)
from smgen.checks.visibility import exclude_each_other, hiding_scope
from smgen.definition import Step, StepProvenance
from smgen.diagnostics import Finding, first_of
from smgen.documents import append_pointer, canonical_json
from smgen.expressions import JsonGet, StepReference

_SCALARS: Final = ("String", "Integer", "Float", "Boolean")
"""The types of outputs that have no location."""

_WRITERS: Final = 50
"""How many writers of one place, none of which disturbs another, are held against each later one."""

_CANDIDATES: Final = 20
"""How many writers of one place are asked whether they come before its reader: a bound for hostile definitions."""


def check_hidden_edges(index: DefinitionIndex, context: CheckContext) -> Iterator[Finding]:
    """SMG311 for each location that a step takes from another one's writing without a reference to that place."""
    writes: dict[str, dict[str, LocationWrite]] = {}
    for step in index.steps:
        for write in index.writes(step):
            writes.setdefault(write.location, {}).setdefault(step.pointer, write)
    if not writes:
        return
    references = _References(_referenced(index), writes)
    for read in _all_reads(index):
        found = _written_by(index, read, writes, references)
        if found is not None:
            refers = found.step.pointer in references.referenced.get(read.step.pointer, {})
            yield _hidden_edge(index, read, found, context.author_of(found.step.name), refers)


def check_shared_locations(index: DefinitionIndex, _context: CheckContext) -> Iterator[Finding]:
    """SMG312 for each place that is written a second time, by another step or by another output of the same one.

    Jobs that write below their own names share a folder without harm, and so do the two branches of a condition.
    """
    writes: dict[str, list[LocationWrite]] = {}
    shared: dict[str, list[LocationWrite]] = {}
    for step in index.steps:
        for write in index.writes(step):
            earlier = writes.setdefault(write.location, [])
            first = next((other for other in earlier if _collide(other, write)), None)
            # One is enough to report each later one against; a bound for many writers of one place.
            if len(earlier) < (_WRITERS if first is None else 2):
                earlier.append(write)
            if first is not None:
                shared.setdefault(write.location, [first]).append(write)
    for found in shared.values():
        yield _shared(index, *found)
    yield from _iterations(index)


def _iterations(index: DefinitionIndex) -> Iterator[Finding]:
    """SMG312 for a place in the body of a loop that every iteration writes."""
    bodies: dict[str, list[Step]] = {}
    for step in index.steps:
        if step.scope and step.scope[-1].branch == "body":
            bodies.setdefault(step.scope[-1].step, []).append(step)
    for loop, body in bodies.items():
        names = {step.name for step in body}
        for step in body:
            writes = (write for write in index.writes(step) if not write.below_job)
            same = [write for write in writes if not is_of_iteration(write.location, names)]
            if same:
                yield _overwritten(index, step, loop, *same)


def _overwritten(index: DefinitionIndex, step: Step, loop: str, first: LocationWrite, *more: LocationWrite) -> Finding:
    also = f" and {first_of([f'its {write.what}' for write in more], MOST_NAMED)}" if more else ""
    return Finding(
        "SMG312",
        f"{step.name} writes its {first.what}{also} to one place in every iteration of {loop}: each overwrites the "
        "one before",
        index.place(first.pointer, step),
        given=shown_location(first.location),
        expected="a place with the item of the iteration in it",
        fix='put {"Get": "ForEach.CurrentItem"} into the location, or a field of it',
    )


def _collide(one: LocationWrite, other: LocationWrite) -> bool:
    return not (one.below_job and other.below_job) and not exclude_each_other(one.step, other.step)


def _shared(index: DefinitionIndex, first: LocationWrite, write: LocationWrite, *more: LocationWrite) -> Finding:
    own = first.step is write.step
    place = f"the place of its {first.what}" if own else f"the place where {first.step.name} writes its {first.what}"
    named = dict.fromkeys(f"its {other.what}" if other.step is write.step else other.step.name for other in more)
    also = f", and {first_of([*named], MOST_NAMED)} too" if named else ""
    return Finding(
        "SMG312",
        f"{write.step.name} writes its {write.what} to {place}{also}: who reads one of them gets "
        f"{'all' if more else 'both'}",
        index.place(write.pointer, write.step),
        given=shown_location(write.location),
        expected="a place of its own",
        expected_at=index.place(first.pointer, first.step),
        fix=f"give {'each' if more else 'one'} of them another location, for instance a folder of its own name below "
        "this one",
    )


def _all_reads(index: DefinitionIndex) -> Iterator[LocationRead]:
    for step in index.steps:
        yield from reads_of(step)
    for use in index.uses:
        if isinstance(use.expression, JsonGet) and use.expression.form == "S3Uri" and use.step is not None:
            location = symbolic_location(use.expression.source)
            if location is not None:
                yield LocationRead(use.step, location, append_pointer(use.pointer, "Std:JsonGet", "S3Uri"), given=False)


def _referenced(index: DefinitionIndex) -> dict[str, dict[str, set[str]]]:
    """The steps of which each step reads something, all by their pointers, and the paths of what it reads."""
    found: dict[str, dict[str, set[str]]] = {}
    for use in index.uses:
        if use.step is not None and isinstance(use.target, StepReference):
            step = index.meant_step(use.target.step, use.step)
            if step is not None:
                found.setdefault(use.step.pointer, {}).setdefault(step.pointer, set()).add(use.target.path)
    return found


@dataclass(slots=True)
class _References:
    """Which writers of a place a step refers to, found once for each step and place."""

    referenced: Mapping[str, Mapping[str, set[str]]]
    writes: Mapping[str, Mapping[str, LocationWrite]]
    known: dict[tuple[str, str], tuple[LocationWrite, ...]] = field(
        default_factory=dict[tuple[str, str], tuple[LocationWrite, ...]]
    )

    def writers(self, reader: Step, place: str) -> tuple[LocationWrite, ...]:
        """The writers of a place to which a step refers; of many that are alike one."""
        key = (reader.pointer, place)
        if key not in self.known:
            here, steps = self.writes.get(place, {}), self.referenced.get(reader.pointer, {})
            few, many = (here, steps) if len(here) < len(steps) else (steps, here)
            # What is asked about them depends on nothing but these three.
            kinds = {
                (here[at].below_job, here[at].step is reader, self.is_read(reader, here[at])): here[at]
                for at in few
                if at in many
            }
            self.known[key] = tuple(kinds.values())
        return self.known[key]

    def is_read(self, reader: Step, write: LocationWrite) -> bool:
        """Whether a step reads the place itself through a reference, where one of the properties is the place."""
        read = self.referenced.get(reader.pointer, {}).get(write.step.pointer, set())
        return not read.isdisjoint(write.properties) if write.is_location else bool(read)


def _written_by(
    index: DefinitionIndex,
    read: LocationRead,
    writes: Mapping[str, Mapping[str, LocationWrite]],
    references: _References,
) -> LocationWrite | None:
    """The step whose writing is read without a reference to it, if at all to the step; None when there is none."""
    for prefix in prefixes(read.location):
        here = writes.get(prefix)
        if here is None:
            continue
        referenced = [write for write in references.writers(read.step, prefix) if _reaches(write, read)]
        if referenced:
            named = any(refers_to(read.location, write.step.name) for write in referenced)
            hidden = not named and not any(references.is_read(read.step, write) for write in referenced)
            return referenced[0] if hidden else None
        candidates = (write for write in islice(here.values(), _CANDIDATES) if _reaches(write, read))
        for write in candidates:
            # A writer that comes after the reader: what is read is what an earlier execution left there.
            if not exclude_each_other(write.step, read.step) and not index.order.waits_for(write.step, read.step):
                return write
    return None


def _reaches(write: LocationWrite, read: LocationRead) -> bool:
    if write.step is read.step:
        return False
    # Below such a place stand folders of jobs, also of other pipelines: only this execution's own folder is sure.
    return not write.below_job or write.location == read.location or is_of_execution(write.location)


def _hidden_edge(
    index: DefinitionIndex, read: LocationRead, write: LocationWrite, author: StepProvenance | None, refers: bool
) -> Finding:
    """The finding; ``refers`` says that the reader has a reference to something else of the writer."""
    reader, writer = read.step, write.step
    verb = "is given a place that" if read.given else "reads a place that"
    if refers:
        order = f"only what else {reader.name} reads of {writer.name} keeps them in order"
    elif any(index.meant_step(item.step, reader) is writer for item in reader.depends_on):
        order = "only DependsOn keeps them in order"
    elif index.order.waits_for(reader, writer):
        order = f"{reader.name} waits for {writer.name} only through other steps"
    else:
        order = f"nothing makes {reader.name} wait for {writer.name}"
    fixed = ", and all executions share this one place" if is_fixed(write.location) else ""
    references = tuple(f"Steps.{writer.name}.{path}" for path in write.properties)
    return Finding(
        "SMG311",
        f"{reader.name} {verb} {writer.name} writes (its {write.what}), without a reference to it: {order}{fixed}",
        index.place(read.pointer, reader),
        given=shown_location(read.location),
        expected=" or ".join(references) if references else f"a reference to {writer.name}",
        expected_at=index.place(write.pointer, writer),
        fix=_fix(read, write, references, author),
    )


def _fix(read: LocationRead, write: LocationWrite, references: tuple[str, ...], author: StepProvenance | None) -> str:
    hidden = hiding_scope(read.step, write.step)
    if hidden is not None:
        inside = f"the {'body' if hidden.branch == 'body' else hidden.branch + ' branch'} of {hidden.step}"
        return f"move {read.step.name} into {inside}, so that it can refer to {write.step.name}"
    if author is not None:
        return _fix_in_python(read, write, author)
    if not references:
        return f"read the place through a property of {write.step.name}, or name {write.step.name} in DependsOn"
    if write.is_location:
        return f"write {with_rest(references[0], read.location[len(write.location) + 1 :])}"
    return f"read {' or '.join(references)} instead of writing the place out"


def _fix_in_python(read: LocationRead, write: LocationWrite, author: StepProvenance) -> str:
    """The same for who writes a pipeline function: they pass outputs of the step that writes."""
    artifacts = [name for name, type_name in author.outputs.items() if type_name not in _SCALARS]
    own = [name for name in artifacts if name == write.output] or artifacts
    # Below what is no output's own location nobody knows which file is meant.
    rest = read.location[len(write.location) + 1 :] if write.is_location and is_fixed(read.location) else ""
    below = f" / {canonical_json(rest)}" if rest else ""
    ways = [f"<step>.{name}{below}" for name in own] or ["an output of <step>"]
    if read.given:
        ways = [f"({way}).location" if rest else f"{way}.location" for way in ways] if own else ways
    return f'pass {" or ".join(ways)} instead of the location; <step> is what add_step("{author.step}", …) returned'
