"""What changed in the artifact types, which decide what fits where."""

from __future__ import annotations

from collections.abc import Iterator

from smgen.contract_model import ARTIFACT_TYPES_FILE, ArtifactType, ContractRegistry
from smgen.diagnostics import Place
from smgen.documents import append_pointer
from smgen.evolution.changes import ContractChange


def artifact_type_changes(old: ContractRegistry, new: ContractRegistry) -> Iterator[ContractChange]:
    """SMG646 to SMG649, for the types of both registries."""
    for name, before in old.artifact_types.items():
        after = new.artifact_types.get(name)
        if after is None:
            yield _change(old, new, "SMG646", name, f"the artifact type {name} is gone", before, None)
            continue
        was, now = (set(registry.artifact_types.ancestors(name)) for registry in (old, new))
        if was - now:
            lost = ", ".join(sorted(was - now))
            yield _change(old, new, "SMG647", name, f"{name} is no {lost} any more", before, after)
        elif now - was:
            gained = ", ".join(sorted(now - was))
            yield _change(old, new, "SMG649", name, f"{name} is a {gained} now", before, after)
        if before.package != after.package:
            yield _change(old, new, "SMG647", name, f"the class of {name} is another package's", before, after)


def _change(
    old: ContractRegistry,
    new: ContractRegistry,
    rule: str,
    name: str,
    message: str,
    before: ArtifactType,
    after: ArtifactType | None,
) -> ContractChange:
    pointer = append_pointer("", "types", name)
    return ContractChange(
        rule=rule,
        contract="",
        member=f"artifact type {name}",
        message=message,
        before=_shown(before),
        after=None if after is None else _shown(after),
        place=_place(new, "/types" if after is None else pointer),
        place_before=_place(old, pointer),
    )


def _shown(declared: ArtifactType) -> str:
    owner = f", from {declared.package}" if declared.package else ""
    return f"a {declared.parent or 'type of its own'}{owner}"


def _place(registry: ContractRegistry, pointer: str) -> Place:
    for source in registry.sources:
        if source.path == ARTIFACT_TYPES_FILE:
            return source.document.place(pointer)
    return Place(file=ARTIFACT_TYPES_FILE, pointer=pointer)
