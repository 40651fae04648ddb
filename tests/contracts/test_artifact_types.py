"""Artifact types: the hierarchy and its owners."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from smgen.contracts import ArtifactType, artifact_types_from_document
from smgen.diagnostics import FindingsError
from smgen.documents import JsonObject

DOCUMENT: JsonObject = {
    "package": "acme_types",
    "types": {
        "Dataset": {"description": "Records."},
        "TrainingData": {"parent": "Dataset"},
        "WeightedData": {"parent": "TrainingData", "package": "other.types"},
        "Model": {"package": None},
    },
}


def test_what_a_document_declares() -> None:
    types = artifact_types_from_document(DOCUMENT)
    assert list(types.values()) == [
        ArtifactType("Dataset", None, "Records.", "acme_types"),
        ArtifactType("TrainingData", "Dataset", "", "acme_types"),
        ArtifactType("WeightedData", "TrainingData", "", "other.types"),
        ArtifactType("Model", None, "", None),
    ]
    assert len(types) == 4
    assert types == artifact_types_from_document(DOCUMENT)


def test_subtypes() -> None:
    types = artifact_types_from_document(DOCUMENT)
    assert types.ancestors("WeightedData") == ("TrainingData", "Dataset")
    assert types.ancestors("Dataset") == ()
    assert types.is_subtype("WeightedData", "Dataset")
    assert types.is_subtype("Dataset", "Dataset")
    assert not types.is_subtype("Dataset", "WeightedData")
    assert not types.is_subtype("Model", "Dataset")
    assert types.is_subtype("String", "String")
    assert not types.is_subtype("String", "Dataset")
    with pytest.raises(KeyError):
        types.ancestors("Nothing")


def has_cycle(parents: dict[str, str | None], name: str) -> bool:
    """Whether the parents of a name never end."""
    current: str | None = name
    for _ in range(len(parents) + 1):
        current = parents.get(current) if current is not None else None
    return current is not None


@given(st.dictionaries(st.sampled_from("ABCDEF"), st.none() | st.sampled_from("ABCDEFG"), max_size=6))
def test_any_hierarchy_is_refused_or_ends(parents: dict[str, str | None]) -> None:
    document: JsonObject = {"types": {name: {"parent": parent} for name, parent in parents.items()}}
    endless = any(has_cycle(parents, name) for name in parents)
    if endless or not all(parent is None or parent in parents for parent in parents.values()):
        with pytest.raises(FindingsError):
            artifact_types_from_document(document)
        return
    types = artifact_types_from_document(document)
    for name in types:
        assert name not in types.ancestors(name)
        assert all(types.is_subtype(name, ancestor) for ancestor in types.ancestors(name))


def test_one_finding_for_one_cycle() -> None:
    document: JsonObject = {
        "types": {"A": {"parent": "B"}, "B": {"parent": "C"}, "C": {"parent": "B"}, "D": {"parent": "C"}}
    }
    with pytest.raises(FindingsError) as caught:
        artifact_types_from_document(document)
    assert [finding.message for finding in caught.value.findings] == ["B is a kind of itself: B -> C -> B"]
