"""The public wiring data as contracts, pipelines and verdicts, and the table that a resolution of it gives."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TypeAlias, TypedDict, cast

from smgen.contracts import ArtifactType, ArtifactTypes, StepContract, contract_from_document
from smgen.documents import JsonObject
from smgen.wiring import Resolution, UnifiedDependencyResolver, WiredStep
from tests.project.checkout import CHECKOUT

DATA = CHECKOUT / "tests" / "data" / "wiring"
ONE_TYPE = "S3Uri"


class PortData(TypedDict, total=False):
    type: str
    data_type: str
    required: bool
    compatible_sources: list[str]
    semantic_keywords: list[str]
    property_path: str
    aliases: list[str]


class StepData(TypedDict):
    inputs: dict[str, PortData]
    outputs: dict[str, PortData]


class NodeData(TypedDict):
    name: str
    step: str


class DagData(TypedDict):
    name: str
    nodes: list[NodeData]
    edges: list[tuple[str, str]]


class LabelData(TypedDict):
    consumer: str
    input: str
    producer: str
    output: str
    verdict: str


class PortTypes(TypedDict):
    inputs: dict[str, str]
    outputs: dict[str, str]


class TypesData(TypedDict):
    types: dict[str, str | None]
    steps: dict[str, PortTypes]


Pair: TypeAlias = tuple[str, str, str, str]
Verdicts: TypeAlias = Mapping[Pair, str]


def read(name: str) -> object:
    return cast(object, json.loads((DATA / name).read_text(encoding="utf-8")))


@lru_cache
def steps_data() -> Mapping[str, StepData]:
    # What the file holds is pinned by test_the_corpus_is_what_the_tests_read.
    return cast(Mapping[str, StepData], read("steps.json"))


@lru_cache
def dags() -> tuple[DagData, ...]:
    return tuple(cast(Sequence[DagData], read("dags.json")))


@lru_cache
def verdicts() -> Verdicts:
    labels = cast(Sequence[LabelData], read("labels.json"))
    return {(one["consumer"], one["input"], one["producer"], one["output"]): one["verdict"] for one in labels}


@lru_cache
def types_data() -> TypesData:
    return cast(TypesData, read("artifact_types.json"))


def artifact_types(typed: bool) -> ArtifactTypes:
    if not typed:
        return ArtifactTypes({ONE_TYPE: ArtifactType(ONE_TYPE)})
    return ArtifactTypes({name: ArtifactType(name, parent) for name, parent in types_data()["types"].items()})


def base(step: str) -> str:
    return step.partition(":")[0]


def variant(step: str) -> str | None:
    return step.partition(":")[2] or None


def same(name: str) -> str:
    return name


Rename: TypeAlias = Callable[[str], str]


def contract_of(step: str, typed: bool, rename: Rename = same, reverse: bool = False) -> StepContract:
    """The contract of a step interface; ``rename`` changes every name of it, ``reverse`` turns every order round."""
    data = steps_data()[step]

    def kind(side: str, port: str) -> str:
        if not typed:
            return ONE_TYPE
        sides = types_data()["steps"][base(step)]
        return sides["inputs"][port] if side == "inputs" else sides["outputs"][port]

    def names(found: Sequence[str]) -> list[str]:
        renamed = [rename(name) for name in found]
        return renamed[::-1] if reverse else renamed

    inputs = {
        rename(name): {
            "type": kind("inputs", name),
            "required": port.get("required", True),
            "compatible_sources": names(port.get("compatible_sources", [])),
            "semantic_keywords": names(port.get("semantic_keywords", [])),
        }
        for name, port in data["inputs"].items()
    }
    outputs = {
        rename(name): {
            "type": kind("outputs", name),
            "property_path": port.get("property_path", ""),
            "aliases": names(port.get("aliases", [])),
        }
        for name, port in data["outputs"].items()
    }
    if reverse:
        inputs, outputs = dict(reversed(inputs.items())), dict(reversed(outputs.items()))
    document = {
        "name": rename(base(step)),
        "version": "1.0.0",
        "kind": "Training" if base(step).endswith("Training") else "Processing",
        "owner": "tests",
        "description": "",
        "inputs": inputs,
        "outputs": outputs,
        "request": {},
    }
    return contract_from_document(cast(JsonObject, document))


@cache
def plain_contract(step: str, typed: bool) -> StepContract:
    return contract_of(step, typed)


def steps_of(dag: DagData, contract: Callable[[str], StepContract], rename: Rename = same) -> list[WiredStep]:
    return [
        WiredStep(
            rename(node["name"]),
            contract(node["step"]),
            None if variant(node["step"]) is None else rename(variant(node["step"]) or ""),
            rename(base(node["step"])),
        )
        for node in dag["nodes"]
    ]


def resolve(dag: DagData, typed: bool = False, resolver: UnifiedDependencyResolver | None = None) -> Resolution:
    used = UnifiedDependencyResolver(artifact_types(typed)) if resolver is None else resolver
    steps = steps_of(dag, lambda step: plain_contract(step, typed))
    return used.resolve(steps, [(source, target) for source, target in dag["edges"]])


@dataclass
class Table:
    """Counts over the ports of all pipelines, and the lines behind them.

    ``reachable`` counts ports with a right producer; ``right`` and the others say what became of a port. A port whose
    right producer is at hand is ``missed`` when it stayed open.
    """

    reachable: int = 0
    right: int = 0
    wrong: int = 0
    questionable: int = 0
    unlabelled: int = 0
    ambiguous: int = 0
    ambiguous_with_right: int = 0
    ambiguous_without_right: int = 0
    missed: int = 0
    open: int = 0
    lines: list[str] = field(default_factory=list[str])
    unlabelled_pairs: dict[Pair, int] = field(default_factory=dict[Pair, int])

    def row(self) -> tuple[int, int, int, int, int, int]:
        """right, wrong, questionable, ambiguous, open, unlabelled."""
        return self.right, self.wrong, self.questionable, self.ambiguous, self.open, self.unlabelled

    @property
    def share(self) -> float:
        return self.right / self.reachable


def ancestors(dag: DagData) -> dict[str, dict[str, int]]:
    """For each node the nodes before it with their distance."""
    before: dict[str, list[str]] = {}
    for source, target in dag["edges"]:
        before.setdefault(target, []).append(source)
    found: dict[str, dict[str, int]] = {}
    for node in dag["nodes"]:
        seen: dict[str, int] = {}
        level, distance = [node["name"]], 0
        while level:
            distance += 1
            level = [name for step in level for name in before.get(step, []) if name not in seen]
            for name in level:
                seen.setdefault(name, distance)
        found[node["name"]] = seen
    return found


def right_sources(dag: DagData) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """For each port (node, input) its right sources (node, output), read as the README of the data says.

    Where several reachable nodes carry one right pair, only those of the consumer's own variant are right; for a
    consumer without a variant, or without its own among them, only the nearest.
    """
    labels = verdicts()
    steps = {node["name"]: node["step"] for node in dag["nodes"]}
    before = ancestors(dag)
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for name, step in steps.items():
        for port in steps_data()[step]["inputs"]:
            pairs: dict[tuple[str, str], list[str]] = {}
            for producer in before[name]:
                for output in steps_data()[steps[producer]]["outputs"]:
                    if labels.get((base(step), port, base(steps[producer]), output)) == "right":
                        pairs.setdefault((base(steps[producer]), output), []).append(producer)
            right: set[tuple[str, str]] = set()
            for (_, output), producers in pairs.items():
                own = [one for one in producers if variant(step) and variant(steps[one]) == variant(step)]
                nearest = min(before[name][one] for one in producers)
                right |= {(one, output) for one in own or [one for one in producers if before[name][one] == nearest]}
            found[name, port] = right
    return found


def add(table: Table, dag: DagData, resolution: Resolution, restore: Rename = same) -> None:
    """Counts what became of each port of a pipeline; ``restore`` gives back the names of the data."""
    labels = verdicts()
    steps = {node["name"]: node["step"] for node in dag["nodes"]}
    right = right_sources(dag)
    table.reachable += sum(1 for sources in right.values() if sources)
    for item in resolution.bindings:
        node, port = restore(item.step), restore(item.port.logical_name)
        producer, output = restore(item.source.step), restore(item.source.output.logical_name)
        pair = (base(steps[node]), port, base(steps[producer]), output)
        verdict = labels.get(pair)
        line = f"{dag['name']}: {node}.{port} <- {producer}.{output}"
        if verdict == "right" and (producer, output) in right[node, port]:
            table.right += 1
        elif verdict is None:
            table.unlabelled += 1
            table.unlabelled_pairs[pair] = table.unlabelled_pairs.get(pair, 0) + 1
            table.lines.append(f"unlabelled    {line}")
        elif verdict == "questionable":
            table.questionable += 1
            table.lines.append(f"questionable  {line}")
        else:
            table.wrong += 1
            table.lines.append(f"wrong         {line}")
    for unclear in resolution.ambiguities:
        node, port = restore(unclear.step), restore(unclear.port.logical_name)
        sources = [(restore(one.step), restore(one.output.logical_name)) for one in unclear.candidates]
        table.ambiguous += 1
        if right[node, port]:
            hit = bool(right[node, port] & set(sources))
            table.ambiguous_with_right += hit
            table.ambiguous_without_right += not hit
        shown = ", ".join(f"{one}.{output}" for one, output in sources)
        table.lines.append(f"ambiguous     {dag['name']}: {node}.{port} <- {shown} ({unclear.reason})")
    for port_left in resolution.open_ports:
        node, port = restore(port_left.step), restore(port_left.port.logical_name)
        table.open += 1
        if right[node, port]:
            table.missed += 1
            table.lines.append(f"missed        {dag['name']}: {node}.{port}")


def table_of(typed: bool = False, resolver: UnifiedDependencyResolver | None = None) -> Table:
    table = Table()
    for dag in dags():
        add(table, dag, resolve(dag, typed, resolver))
    return table
