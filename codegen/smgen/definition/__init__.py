"""The document model of SageMaker pipeline definitions, their provenance, and how two of them are compared."""

from __future__ import annotations

from smgen.definition.alignment import forgiven
from smgen.definition.change_text import change_lines
from smgen.definition.changes import Change, ChangeKind, changes, naming_member, shown_value, value_changes
from smgen.definition.compare import Comparison, Difference, DifferenceKind, Unexplained, compare
from smgen.definition.model import Branch, Definition, Dependency, Parameter, PropertyFile, Step
from smgen.definition.normalisations import (
    ALL,
    DEPLOYED,
    IMPORTED,
    N1,
    N2,
    N3,
    N4,
    N5,
    N6,
    N7,
    N8,
    N9,
    N10,
    N11,
    Application,
    Normalisation,
    Normalised,
    normalise,
    normalise_pair,
)
from smgen.definition.provenance import (
    AssetProvenance,
    AutoBinding,
    ExternalBinding,
    PortBinding,
    Provenance,
    ReferenceBinding,
    StepProvenance,
)
from smgen.definition.reading import DEFINITION_VERSION, dump_definition, parse_definition
from smgen.definition.shape import BranchName, Scope

__all__ = [
    "ALL",
    "DEFINITION_VERSION",
    "DEPLOYED",
    "IMPORTED",
    "N1",
    "N2",
    "N3",
    "N4",
    "N5",
    "N6",
    "N7",
    "N8",
    "N9",
    "N10",
    "N11",
    "Application",
    "AssetProvenance",
    "AutoBinding",
    "Branch",
    "BranchName",
    "Change",
    "ChangeKind",
    "Comparison",
    "Definition",
    "Dependency",
    "Difference",
    "DifferenceKind",
    "ExternalBinding",
    "Normalisation",
    "Normalised",
    "Parameter",
    "PortBinding",
    "PropertyFile",
    "Provenance",
    "ReferenceBinding",
    "Scope",
    "Step",
    "StepProvenance",
    "Unexplained",
    "change_lines",
    "changes",
    "compare",
    "dump_definition",
    "forgiven",
    "naming_member",
    "normalise",
    "normalise_pair",
    "parse_definition",
    "shown_value",
    "value_changes",
]
