from smgen.wiring.cycles import components as components, knots as knots, shortest_cycle as shortest_cycle
from smgen.wiring.dag_file import dag_findings as dag_findings, dag_from_document as dag_from_document
from smgen.wiring.evidence import (
    Certainty as Certainty,
    Evidence as Evidence,
    EvidenceRule as EvidenceRule,
    Thresholds as Thresholds,
)
from smgen.wiring.explanation import explain as explain, resolution_json as resolution_json, summary as summary
from smgen.wiring.graph import PipelineDAG as PipelineDAG
from smgen.wiring.lock import (
    LOCK_FILE as LOCK_FILE,
    LockedBinding as LockedBinding,
    Pins as Pins,
    WiringLock as WiringLock,
    joined as joined,
    read_lock as read_lock,
)
from smgen.wiring.matcher import SemanticMatcher as SemanticMatcher
from smgen.wiring.resolution import (
    Ambiguity as Ambiguity,
    Binding as Binding,
    Candidate as Candidate,
    DependencyEdge as DependencyEdge,
    Given as Given,
    OpenPort as OpenPort,
    Resolution as Resolution,
    WiredStep as WiredStep,
)
from smgen.wiring.resolver import UnifiedDependencyResolver as UnifiedDependencyResolver
