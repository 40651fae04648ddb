"""Ten pipelines of other fields: their steps, types and labels, and what a resolution makes of them."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypedDict, cast

from smgen.contracts import ArtifactType, ArtifactTypes
from smgen.documents import JsonObject
from smgen.wiring import Resolution, UnifiedDependencyResolver, WiredStep
from tests.wiring.corpus import DATA, NodeData
from tests.wiring.samples import contract


class FieldStep(TypedDict):
    inputs: dict[str, JsonObject]
    outputs: dict[str, JsonObject]


class FieldDag(TypedDict):
    name: str
    types: dict[str, str | None]
    steps: dict[str, FieldStep]
    nodes: list[NodeData]
    edges: list[tuple[str, str]]
    labels: dict[str, list[str]]


@lru_cache
def field_dags() -> tuple[FieldDag, ...]:
    # What the file holds is read as a whole by the tests, which would fail at any other form of it.
    return tuple(cast(Sequence[FieldDag], json.loads((DATA / "fields.json").read_text(encoding="utf-8"))))


def artifact_types(dag: FieldDag) -> ArtifactTypes:
    return ArtifactTypes({name: ArtifactType(name, parent) for name, parent in dag["types"].items()})


def steps_of(dag: FieldDag) -> list[WiredStep]:
    contracts = {name: contract(name, step["inputs"], step["outputs"]) for name, step in dag["steps"].items()}
    return [WiredStep(node["name"], contracts[node["step"]]) for node in dag["nodes"]]


def resolve(dag: FieldDag, *, drawn: bool = True, resolver: UnifiedDependencyResolver | None = None) -> Resolution:
    """A resolution of the pipeline; where no edges are drawn, its order is settled by nothing but the bindings."""
    used = UnifiedDependencyResolver(artifact_types(dag)) if resolver is None else resolver
    return used.resolve(steps_of(dag), [(first, then) for first, then in dag["edges"]] if drawn else None)


def outcome(resolution: Resolution) -> Mapping[str, list[str]]:
    """What each port is bound to, sorted; only the ports that are bound."""
    found: dict[str, list[str]] = {}
    for item in resolution.bindings:
        found.setdefault(f"{item.step}.{item.port.logical_name}", []).append(item.source.source)
    return {port: sorted(sources) for port, sources in found.items()}


class Counts(TypedDict):
    labelled: int
    right: int
    wrong: int
    asked: int
    asked_with_right: int
    missed: int


def counts(dag: FieldDag, resolution: Resolution, lines: list[str]) -> Counts:
    """What became of the labelled ports; each that is not right is told in ``lines``."""
    found = outcome(resolution)
    asked = {
        f"{item.step}.{item.port.logical_name}": [one.source for one in item.candidates]
        for item in resolution.ambiguities
    }
    result = Counts(labelled=0, right=0, wrong=0, asked=0, asked_with_right=0, missed=0)
    for port, right in dag["labels"].items():
        result["labelled"] += bool(right)
        sources = found.get(port, [])
        if sources:
            hit = sources == sorted(right)
            result["right"] += hit
            result["wrong"] += not hit
            if not hit:
                lines.append(f"wrong   {dag['name']}: {port} <- {', '.join(sources)}, not {', '.join(right) or 'open'}")
        elif port in asked:
            result["asked"] += 1
            result["asked_with_right"] += bool(set(asked[port]) & set(right))
            lines.append(f"asked   {dag['name']}: {port} <- {', '.join(asked[port])}; {', '.join(right) or 'open'}")
        elif right:
            result["missed"] += 1
            lines.append(f"missed  {dag['name']}: {port} <- {', '.join(right)}")
    return result
