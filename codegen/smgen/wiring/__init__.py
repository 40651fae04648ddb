"""Wiring: the pipeline as a graph, and the resolver that binds its ports or says why it does not."""

from __future__ import annotations

from smgen.wiring.dag_file import dag_findings, dag_from_document
from smgen.wiring.evidence import Evidence, Rule, Thresholds
from smgen.wiring.explanation import explain, resolution_json, summary
from smgen.wiring.graph import PipelineDAG
from smgen.wiring.knots import components, knots, shortest_cycle
from smgen.wiring.lock import LOCK_FILE, LockedBinding, Pins, WiringLock, joined, read_lock
from smgen.wiring.matcher import SemanticMatcher
from smgen.wiring.model import (
    Ambiguity,
    Binding,
    Candidate,
    DependencyEdge,
    Given,
    OpenPort,
    Resolution,
    Step,
)
from smgen.wiring.resolver import UnifiedDependencyResolver

__all__ = [
    "LOCK_FILE",
    "Ambiguity",
    "Binding",
    "Candidate",
    "DependencyEdge",
    "Evidence",
    "Given",
    "LockedBinding",
    "OpenPort",
    "Pins",
    "PipelineDAG",
    "Resolution",
    "Rule",
    "SemanticMatcher",
    "Step",
    "Thresholds",
    "UnifiedDependencyResolver",
    "WiringLock",
    "components",
    "dag_findings",
    "dag_from_document",
    "explain",
    "joined",
    "knots",
    "read_lock",
    "resolution_json",
    "shortest_cycle",
    "summary",
]
