"""Parameters: every one that is read is declared, and every one that is declared is read."""

from __future__ import annotations

from collections.abc import Iterator

from smgen.checks.context import CheckContext
from smgen.checks.index import DefinitionIndex, Use
from smgen.diagnostics import Finding
from smgen.documents import append_pointer, canonical_json
from smgen.expressions import ParameterReference, UnknownReference, target


def check_parameters(index: DefinitionIndex, context: CheckContext) -> Iterator[Finding]:
    """SMG301 for each name that is read and not declared, SMG302 for each parameter that nothing reads."""
    declared = tuple(dict.fromkeys(parameter.name for parameter in index.definition.parameters))
    names = frozenset(declared)
    read: dict[str, list[Use]] = {}
    for use in index.uses:
        if isinstance(use.target, ParameterReference):
            read.setdefault(use.target.name, []).append(use)
    meant: set[str | None] = set()
    for name, uses in read.items():
        if name not in names:
            nearest = index.nearest(name, declared)
            meant.add(nearest)
            yield _undeclared(index, name, uses, declared, nearest)
    # A parameter that somebody meant to read, or reads in a broken expression, is found there and not here.
    silent = read.keys() | meant | _mentioned(index)
    seen: set[str] = set()
    for parameter in index.definition.parameters:
        if parameter.name in silent or parameter.name in seen:
            continue
        seen.add(parameter.name)
        call = f"p.{parameter.type.lower()}({canonical_json(parameter.name)})"
        yield Finding(
            "SMG302",
            f"the parameter {parameter.name} is declared but nothing reads it: setting it changes nothing",
            index.place(append_pointer(parameter.pointer, "Name")),
            expected=None if context.is_authored else f'a use as {{"Get": "Parameters.{parameter.name}"}}',
            fix=f"use the variable that {call} returns, or remove {call}"
            if context.is_authored
            else "use the parameter where its value is written out, or remove it",
        )


def _undeclared(
    index: DefinitionIndex, name: str, uses: list[Use], declared: tuple[str, ...], nearest: str | None
) -> Finding:
    first = uses[0]
    reader = "the definition" if first.step is None else first.step.name
    more = f" (and {len(uses) - 1} more places)" if len(uses) > 2 else " (and one more place)" if len(uses) > 1 else ""
    return Finding(
        "SMG301",
        f"{reader} reads the parameter {name}, which is not declared{more}",
        index.place(append_pointer(first.pointer, "Get"), first.step),
        given=f"Parameters.{name}",
        expected=", ".join(declared[:12]) if declared else "a parameter in Parameters, which has none",
        nearest=nearest,
        fix=f"read {nearest}, or declare {name} in Parameters" if nearest else f"declare {name} in Parameters",
    )


def _mentioned(index: DefinitionIndex) -> set[str]:
    """The parameters in the paths of malformed references, and what may be one behind a wrong first word."""
    names = {use.target.path.partition(".")[2] for use in index.uses if isinstance(use.target, UnknownReference)}
    for malformed in index.malformed:
        path = malformed.value.get("Get")
        of = target(path) if isinstance(path, str) else None
        if isinstance(of, ParameterReference):
            names.add(of.name)
    return names
