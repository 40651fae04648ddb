"""What the template of the artifact types lays out."""

from __future__ import annotations

from dataclasses import dataclass

from smgen.contract_model import ArtifactTypes


@dataclass(frozen=True, slots=True)
class ArtifactTypeView:
    """One artifact type: a class of its own, or one that another package owns."""

    name: str
    base: str
    text: str
    package: str | None


def artifact_type_views(types: ArtifactTypes, package: str) -> tuple[ArtifactTypeView, ...]:
    """The artifact types of the generated ``package``, each behind its parent, otherwise in written order."""
    ordered: dict[str, None] = {}
    for name in types:
        ordered |= dict.fromkeys((*reversed(types.ancestors(name)), name))
    return tuple(
        ArtifactTypeView(
            name,
            types[name].parent or "Artifact",
            types[name].description.strip() or f"The artifact type {name}.",
            None if types[name].package == package else types[name].package,
        )
        for name in ordered
    )
