"""Artifact types: the hierarchy that says which output fits which port, and the package that owns each class."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from smgen.contract_model.json_reading import text
from smgen.contract_model.model import SCALAR_TYPES
from smgen.contract_model.names import KEYWORDS
from smgen.diagnostics import Finding, FindingsError, Place, nearest_name
from smgen.documents import Document, JsonObject, append_pointer, object_at, text_at

_TYPE_NAME: Final = re.compile(r"[A-Z][A-Za-z0-9]{0,62}")


@dataclass(frozen=True, slots=True)
class ArtifactType:
    """One kind of artifact. ``package`` is the import package that owns its class; None is the generated package."""

    name: str
    parent: str | None = None
    description: str = ""
    package: str | None = None


@dataclass(frozen=True, slots=True)
class ArtifactTypes(Mapping[str, ArtifactType]):
    """Artifact types by name, in declaration order; parents are in it too."""

    types: Mapping[str, ArtifactType]

    def __getitem__(self, name: str) -> ArtifactType:
        return self.types[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.types)

    def __len__(self) -> int:
        return len(self.types)

    def ancestors(self, name: str) -> tuple[str, ...]:
        """The types that ``name`` is a kind of, nearest first, without itself; KeyError for an unknown name."""
        found: list[str] = []
        parent = self.types[name].parent
        while parent is not None:
            found.append(parent)
            parent = self.types[parent].parent
        return tuple(found)

    def is_subtype(self, name: str, of: str) -> bool:
        """Whether an artifact of type ``name`` fits where ``of`` is asked for; scalar types fit themselves only."""
        if name == of:
            return True
        return name in self.types and of in self.ancestors(name)


def artifact_types_from_document(document: JsonObject, source: Document | None = None) -> ArtifactTypes:
    """The artifact types of a document that has passed the artifact-types JSON Schema.

    Raises FindingsError (SMG110) for names that cannot be classes, scalar types declared again, unknown parents and
    cycles; ``source`` gives the places.
    """
    owner = text_at(document, "package")
    types: dict[str, ArtifactType] = {}
    for name, value in object_at(document, "types").items():
        declared = object_at(value)
        package = text_at(declared, "package") if "package" in declared else owner
        types[name] = ArtifactType(name, text_at(declared, "parent"), text(declared.get("description")), package)
    findings = list(_Checker(types, source).findings())
    if findings:
        raise FindingsError(findings)
    return ArtifactTypes(types)


@dataclass(frozen=True, slots=True)
class _Checker:
    """What is wrong with artifact types that were declared together."""

    types: Mapping[str, ArtifactType]
    source: Document | None

    def place(self, *parts: str, key: bool = False) -> Place:
        pointer = append_pointer("", *parts)
        return Place(pointer=pointer) if self.source is None else self.source.place(pointer, key=key)

    def findings(self) -> Iterator[Finding]:
        for declared in self.types.values():
            yield from self.name(declared.name)
            yield from self.parent(declared)
        yield from self.cycles()

    def name(self, name: str) -> Iterator[Finding]:
        place = self.place("types", name, key=True)
        if name in SCALAR_TYPES:
            yield Finding(
                "SMG110",
                f"{name} is a scalar type, so no artifact type can have its name",
                place,
                given=name,
                expected=f"a name other than {', '.join(SCALAR_TYPES)}",
                fix="use the scalar type directly, or give the artifact type a name of its own",
            )
        elif _TYPE_NAME.fullmatch(name) is None or name in KEYWORDS:
            yield Finding(
                "SMG110",
                "the name of an artifact type becomes a Python class",
                place,
                given=name,
                expected="a capital letter, then up to 62 letters and digits, such as TrainingData; no Python keyword",
            )

    def parent(self, declared: ArtifactType) -> Iterator[Finding]:
        parent = declared.parent
        if parent is None or parent in self.types:
            return
        names = [name for name in self.types if name != declared.name]
        yield Finding(
            "SMG110",
            f"the parent of {declared.name} is not declared",
            self.place("types", declared.name, "parent"),
            given=parent,
            expected=", ".join(names) or "null",
            nearest=nearest_name(parent, names),
            fix="declare the parent under 'types', or write null",
        )

    def cycles(self) -> Iterator[Finding]:
        """Each cycle once, at the parent of its first type in declaration order."""
        settled: dict[str, None] = {}
        for start in self.types:
            path: dict[str, None] = {}
            current: str | None = start
            while current is not None and current in self.types and current not in settled and current not in path:
                path[current] = None
                current = self.types[current].parent
            if current is not None and current in path:
                names = list(path)
                cycle = [*names[names.index(current) :], current]
                yield Finding(
                    "SMG110",
                    f"{current} is a kind of itself: {' -> '.join(cycle)}",
                    self.place("types", current, "parent"),
                    given=self.types[current].parent,
                    expected="a hierarchy that ends in a type without a parent",
                    fix="write null as the parent of the most general of them",
                )
            settled.update(path)
