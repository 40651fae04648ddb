"""DAG files: JSON with nodes and edges, read into a :class:`PipelineDAG` whose steps have their contracts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from typing_extensions import Unpack

from smgen.contract_model import ContractRegistry, StepContract, module_name
from smgen.diagnostics import Details, Finding, FindingsError, nearest_name
from smgen.documents import Document, JsonObject, JsonValue, append_pointer, list_at, text_at
from smgen.wiring.graph import PipelineDAG

_MEMBERS = ("name", "description", "nodes", "edges")
_NODE_MEMBERS = ("name", "step")


@dataclass(frozen=True, slots=True)
class DagNode:
    """A node of a DAG file: the step's name, its contract, and the variant where the file names one."""

    name: str
    contract: StepContract
    step_type: str
    job_type: str | None


def dag_findings(document: Document, dag: PipelineDAG) -> tuple[Finding, ...]:
    """What is wrong with a resolved DAG, each finding about a step with the place of its node in the file."""
    places = {
        text_at(node, "name"): document.place(append_pointer("/nodes", index))
        for index, node in enumerate(list_at(document.value, "nodes"))
    }
    found: list[Finding] = []
    for finding in dag.validate():
        at = finding.place
        place = places.get(at.step) if at.step is not None else None
        found.append(finding if place is None else replace(finding, place=replace(place, step=at.step, port=at.port)))
    return tuple(found)


def dag_from_document(document: Document, registry: ContractRegistry) -> PipelineDAG:
    """The graph of a DAG file: ``{"nodes": [{"name", "step"}], "edges": [[from, to]]}``.

    ``step`` is the name of a contract, or ``Contract:variant``. A family has a contract for each of its variants, and
    no others; of any other contract a variant may have a contract of its own, ``ContractVariant``.
    FindingsError with everything that is wrong: SMG103 to SMG105 for the form, SMG125 for unknown contracts and
    variants, SMG200 for names used twice, SMG213 for cycles, SMG216 for edges to unknown steps.
    """
    reader = _DagReader(document, registry)
    nodes = reader.nodes()
    edges = reader.edges({node.name for node in nodes} | reader.named)
    dag = PipelineDAG((node.name for node in nodes), edges, artifact_types=registry.artifact_types)
    for node in nodes:
        dag.register_step_specification(node.name, node.contract, job_type=node.job_type, step_type=node.step_type)
    findings = [*reader.findings, *reader.cycles(dag)]
    if findings:
        raise FindingsError(findings)
    return dag


class _DagReader:
    """One reading of a DAG file; collects findings so that all of them are told together."""

    def __init__(self, document: Document, registry: ContractRegistry) -> None:
        self.document = document
        self.registry = registry
        self.findings: list[Finding] = []
        self.named: set[str] = set()
        self.edge_places: dict[tuple[str, str], str] = {}
        value = document.value
        if isinstance(value, dict):
            self.root: JsonObject = value
            self._unknown(value, _MEMBERS, "")
            for member in ("nodes", "edges"):
                if member not in value:
                    self._add("SMG105", f"a DAG file needs '{member}'", "", expected='{"nodes": […], "edges": […]}')
        else:
            self.root = {}
            self._type("", value, 'an object: {"nodes": […], "edges": […]}')

    def nodes(self) -> list[DagNode]:
        found: list[DagNode] = []
        first: dict[str, str] = {}
        for index, value in enumerate(self._list("nodes")):
            at = append_pointer("/nodes", index)
            if not isinstance(value, dict):
                self._type(at, value, 'an object: {"name": …, "step": …}')
                continue
            self._unknown(value, _NODE_MEMBERS, at)
            name, step = self._text(value, "name", at), self._text(value, "step", at)
            if name is not None:
                self.named.add(name)
                if name in first:
                    self._add(
                        "SMG200",
                        f"two nodes are named {name}",
                        append_pointer(at, "name"),
                        given=name,
                        expected="a name of its own",
                        fix="rename one of the two",
                        expected_at=self.document.place(first[name]),
                    )
                    continue
                first[name] = append_pointer(at, "name")
            node = None if step is None else self._node(name or "", step, append_pointer(at, "step"))
            if name is not None and node is not None:
                found.append(node)
        return found

    def _node(self, name: str, step: str, at: str) -> DagNode | None:
        base, colon, variant = step.partition(":")
        if colon and not variant:
            self._add(
                "SMG104", "a colon stands before the name of a variant", at, given=step, expected="Contract:variant"
            )
            return None
        contract = self._contract(base, variant)
        if contract is None:
            self.findings.append(self.registry.unknown(step, self.document.place(at)))
            return None
        if contract.job_type is not None:
            return DagNode(name, contract, contract.family, contract.job_type)
        return DagNode(name, contract, base, variant or None)

    def _contract(self, base: str, variant: str) -> StepContract | None:
        """The variant's own contract if there is one, else that of the step; a family has only its variants."""
        if base in self.registry.families:
            return self.registry.find(f"{base}:{variant}")
        if variant:
            wanted = f"{module_name(base)}_{module_name(variant)}"
            for name in self.registry:
                if module_name(name) == wanted:
                    return self.registry[name]
        contract = self.registry.find(base)
        # One of a family's variants is that one already.
        return None if contract is not None and contract.job_type and variant else contract

    def edges(self, known: set[str]) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for index, value in enumerate(self._list("edges")):
            at = append_pointer("/edges", index)
            names = [item for item in list_at(value) if isinstance(item, str)]
            if len(names) != 2 or len(list_at(value)) != 2:
                self._type(at, value, "a list of two names: [from, to]")
                continue
            source, target = names
            for side, name in enumerate(names):
                if name not in known:
                    self._add(
                        "SMG216",
                        f"no node is named {name}",
                        append_pointer(at, side),
                        given=name,
                        expected=", ".join(sorted(known)) or "the name of a node",
                        nearest=nearest_name(name, sorted(known)),
                        fix="add the node, or put the name right",
                    )
            if source in known and target in known:
                found.append((source, target))
                self.edge_places.setdefault((source, target), at)
        return found

    def cycles(self, dag: PipelineDAG) -> Iterator[Finding]:
        for cycle in dag.cycles():
            yield Finding(
                "SMG213",
                f"{cycle[0]} waits for itself: {' -> '.join(cycle)}",
                self.document.place(self.edge_places[cycle[0], cycle[1]]),
                expected="steps that can run one after the other",
                fix="remove one of these edges",
            )

    # Forms ----------------------------------------------------------------------------------------------------------

    def _list(self, member: str) -> list[JsonValue]:
        value = self.root.get(member, [])
        if isinstance(value, list):
            return value
        self._type(append_pointer("", member), value, "a list")
        return []

    def _text(self, value: JsonObject, member: str, at: str) -> str | None:
        if member not in value:
            self._add("SMG105", f"a node needs '{member}'", at, expected='{"name": …, "step": …}')
            return None
        found = value[member]
        if isinstance(found, str) and found:
            return found
        self._type(append_pointer(at, member), found, "a text that is not empty")
        return None

    def _unknown(self, value: JsonObject, known: tuple[str, ...], at: str) -> None:
        for key in value:
            if key not in known:
                pointer = append_pointer(at, key)
                self.findings.append(
                    Finding(
                        "SMG103",
                        f"a DAG file has no '{key}' here",
                        self.document.place(pointer, key=True),
                        given=key,
                        expected=", ".join(known),
                        nearest=nearest_name(key, known),
                    )
                )

    def _type(self, at: str, value: JsonValue, expected: str) -> None:
        self._add("SMG104", "a DAG file has another form", at, given=_kind(value), expected=expected)

    def _add(self, rule: str, message: str, at: str, **details: Unpack[Details]) -> None:
        self.findings.append(Finding(rule, message, self.document.place(at), **details))


def _kind(value: JsonValue) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return "a text" if value else "an empty text"
    if isinstance(value, list):
        return "a list"
    return "an object" if isinstance(value, dict) else "a number"
