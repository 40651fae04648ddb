"""What cleanup steps delete while another step still reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from smgen.aws import values_at
from smgen.checks.context import CheckContext
from smgen.checks.expression_values import step_reference
from smgen.checks.index import MOST_NAMED, DefinitionIndex
from smgen.checks.step_locations import symbolic_location
from smgen.checks.visibility import exclude_each_other
from smgen.definition import Step
from smgen.diagnostics import Finding, first_of
from smgen.documents import append_pointer
from smgen.expressions import elements_at, expressions_in, value_at


def check_deletions(index: DefinitionIndex, _: CheckContext) -> Iterator[Finding]:
    """SMG325, once for each step whose objects are deleted while steps that read them may still run."""
    cleanups = [step for step in index.steps if step.kind.deletes]
    if not cleanups:
        return
    readers = _readers(index)
    for step in cleanups:
        for path in step.kind.deletes:
            for found in values_at(step.own["Arguments"], path):
                maker = index.meant_step(found.value, step) if isinstance(found.value, str) else None
                if maker is not None:
                    yield from _too_early(index, step, maker, found.parts, readers.get(maker.pointer, {}).values())


def _too_early(
    index: DefinitionIndex,
    cleanup: Step,
    maker: Step,
    parts: tuple[str | int, ...],
    readers: Iterable[tuple[Step, str]],
) -> Iterator[Finding]:
    objects = elements_at(value_at(cleanup.own["Arguments"], *parts[:-1]), "S3Uris")
    places = tuple(place for item in objects if (place := symbolic_location(item)) is not None)
    names = dict.fromkeys(
        reader.name
        for reader, read in readers
        if (not objects or any(_is_below(place, read) for place in places)) and _may_run(index, cleanup, reader)
    )
    if names:
        yield _finding(index, cleanup, maker, [*names], append_pointer(cleanup.pointer, "Arguments", *parts))


def _readers(index: DefinitionIndex) -> dict[str, dict[tuple[str, str], tuple[Step, str]]]:
    """Who reads what each step wrote, by the pointer of that step: the reader, and the location that it takes."""
    found: dict[str, dict[tuple[str, str], tuple[Step, str]]] = {}
    written: dict[str, frozenset[str]] = {}
    for use in index.uses:
        if use.step is None or use.outer is not None or use.step.kind.deletes:
            continue
        for _trail, expression in expressions_in(use.expression):
            of = step_reference(expression)
            maker = None if of is None else index.meant_step(of.step, use.step)
            if of is None or maker is None:
                continue
            if maker.pointer not in written:
                paths = (path for write in index.writes(maker) for path in write.properties)
                written[maker.pointer] = frozenset(paths)
            if of.path in written[maker.pointer]:
                place = symbolic_location(use.expression) or ""
                found.setdefault(maker.pointer, {})[use.step.pointer, place] = (use.step, place)
    return found


def _is_below(deleted: str, read: str) -> bool:
    """Whether a deleted object is what is read, or lies below it."""
    return deleted == read or deleted.startswith(f"{read}/")


def _may_run(index: DefinitionIndex, cleanup: Step, reader: Step) -> bool:
    return not index.order.waits_for(cleanup, reader) and not exclude_each_other(cleanup, reader)


def _finding(index: DefinitionIndex, cleanup: Step, maker: Step, readers: list[str], at: str) -> Finding:
    names = first_of(readers, MOST_NAMED)
    return Finding(
        "SMG325",
        f"{cleanup.name} deletes what {maker.name} wrote, and does not wait for {names}, which "
        f"{'reads' if len(readers) == 1 else 'read'} it",
        index.place(at, cleanup),
        given=maker.name,
        expected=f"{names} in DependsOn",
        fix=f"wait for {names}" if len(readers) > 1 else f'add "{readers[0]}" to DependsOn of {cleanup.name}',
    )
