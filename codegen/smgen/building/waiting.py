"""Which steps a step waits for by what is written about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from smgen.authoring.misuse import items_of
from smgen.authoring.origins import Origin
from smgen.authoring.references import is_external, is_output
from smgen.authoring.variables import Variable
from smgen.building.content import (
    Added,
    AddedCleanup,
    AddedCondition,
    AddedFail,
    AddedForEach,
    AddedRaw,
    AddedStep,
    placed,
)


def origins_in(value: object) -> Iterator[Origin]:
    """Where the references in a value come from, whatever holds them."""
    if is_output(value):
        yield value.__smgen_origin__
    elif is_external(value):
        yield from origins_in(value.__smgen_location__)
    elif isinstance(value, Variable):
        yield from cast("Variable[object]", value).__smgen_origins__
    elif isinstance(value, Mapping):
        yield from origins_in([*cast("Mapping[object, object]", value).values()])
    else:
        for item in items_of(value) or ():
            yield from origins_in(item)


def direct_waits(added: Sequence[Added]) -> dict[str, set[str]]:
    """For each step, of whatever kind, those that it waits for by what is written about it."""
    conditions = {id(item.place): item.name for item in added if isinstance(item, AddedCondition)}
    loops = {id(item.place): item.name for item in added if isinstance(item, AddedForEach)}
    written = {placed(item)[1]: _written_waits(item, conditions) for item in added}
    waits = {name: set(names) for name, names in written.items()}
    for item in added:
        scope, name, _ = placed(item)
        loop = None if scope.loop is None else loops.get(id(scope.loop))
        if loop is not None:
            # A loop starts before the steps in its body and ends after them.
            waits[name] |= written[loop]
            waits[loop].add(name)
    return waits


def _written_waits(item: Added, conditions: Mapping[int, str]) -> set[str]:
    scope, own, _ = placed(item)
    origins = [*_read_origins(item), *(() if isinstance(item, AddedRaw) else (waited.origin for waited in item.after))]
    waits = {origin.name for origin in origins if origin.kind == "step"}
    waits |= {origin.iteration.loop.name for origin in origins if origin.iteration is not None}
    if isinstance(item, AddedStep) and item.adopted is not None:
        waits.update(item.adopted.waits)
    if scope.condition is not None and id(scope.condition) in conditions:
        waits.add(conditions[id(scope.condition)])
    return waits - {own}


def _read_origins(item: Added) -> Iterator[Origin]:
    """Where that comes from which a step reads."""
    if isinstance(item, AddedStep):
        for values in (
            item.builder.__smgen_ports__,
            item.builder.__smgen_locations__,
            vars(item.builder.__smgen_config__),
        ):
            yield from origins_in(dict(values))
    elif isinstance(item, AddedCondition):
        for condition in item.conditions:
            yield from condition.__smgen_origins__
    elif isinstance(item, AddedFail):
        yield from origins_in(item.message)
    elif isinstance(item, AddedForEach):
        yield from item.items.origins
    elif isinstance(item, AddedCleanup):
        yield from (source.step for source in item.sources)
