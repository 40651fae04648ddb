"""DAG files, resolved and explained; locks, read and written again."""

from __future__ import annotations

import functools
import json
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from smgen.contracts import ContractRegistry, read_contracts
from smgen.documents import JsonValue, parse_document
from smgen.runtime import Project, read_project, read_project_lock
from smgen.shipped import shipped_folder
from smgen.wiring import LOCK_FILE, dag_findings, dag_from_document, explain, read_lock, resolution_json
from tests.fuzz.definitions import EXAMPLE
from tests.fuzz.json_mutations import ANY, MILD, Edit, Words, get, json_bytes, mutated_json, put, spots, words_of
from tests.fuzz.running import Input, Target, Trial
from tests.fuzz.text_mutations import mutated_lines, sometimes_bytes
from tests.wiring.corpus import DATA, dags

_DRAWN: Final = DATA / "drawn" / "outvoted"


@functools.cache
def registries() -> Mapping[str, ContractRegistry]:
    """The contracts that DAG files name, by the folder that a command gets."""
    folders = (shipped_folder("contract_specs"), _DRAWN / "contracts")
    return {str(folder): read_contracts(folder) for folder in folders}


@functools.cache
def drawn() -> Mapping[str, tuple[JsonValue, ...]]:
    """DAG files by the folder of their contracts: the recorded ones with the library's steps, and two from outside."""
    library, outside = registries()
    names = [*registries()[library]]
    recorded: list[JsonValue] = []
    for dag in dags():
        nodes: list[JsonValue] = [
            {"name": node["name"], "step": names[number % len(names)]} for number, node in enumerate(dag["nodes"])
        ]
        edges: list[JsonValue] = [[source, target] for source, target in dag["edges"]]
        recorded.append({"name": dag["name"], "nodes": nodes, "edges": edges})
    own = [json.loads((_DRAWN / name).read_text(encoding="utf-8")) for name in ("m4.json", "m7.json")]
    return {library: tuple(recorded), outside: tuple(own)}


@functools.cache
def words() -> Words:
    return words_of([document for documents in drawn().values() for document in documents])


def another_step(edit: Edit) -> None:
    """Another contract in the place of one, or a variant of it."""
    steps = [(holder, key) for holder, key in spots(edit.document) if key == "step"]
    names = [name for registry in registries().values() for name in registry]
    if steps:
        put(edit.rng.choice(steps), edit.rng.choice(names) + edit.rng.choice(("", "", ":training", ":x")))


def another_edge(edit: Edit) -> None:
    """An edge more, which may make a cycle."""
    edges = [found for at in spots(edit.document) if at[1] == "edges" and isinstance(found := get(at), list)]
    ends = [text for at in spots(edit.document) if at[1] == "name" and isinstance(text := get(at), str)]
    if edges and ends:
        edges[0].append([edit.rng.choice(ends), edit.rng.choice(ends)])


def made_dag(rng: random.Random) -> Input:
    folder = rng.choice([*drawn()])
    mutations = (*MILD, *([another_step] * 12), *([another_edge] * 6), *ANY[:4])
    document = mutated_json(rng, rng.choice(drawn()[folder]), words(), mutations)
    return Input(sometimes_bytes(rng, json_bytes(rng, document)), folder)


def run_dag(trial: Trial) -> None:
    document = parse_document(trial.given.data, "dag.json")
    trial.past = True
    graph = dag_from_document(document, registries()[trial.given.base])
    graph.auto_resolve_dependencies()
    trial.findings += dag_findings(document, graph)
    if graph.resolution is not None:
        assert "\x1b" not in explain(graph.resolution, evidence=True)
        json.dumps(resolution_json(graph.resolution))


def dag_commands(trial: Trial) -> Iterator[tuple[str, ...]]:
    path = trial.write("dag.json").name
    yield "resolve", path, "--contracts", trial.given.base, "--format", trial.form.value, "--explain"


DAGS: Final = Target("dags", made_dag, run_dag, dag_commands, every=200)


# Locks ----------------------------------------------------------------------------------------------------------------

_LOCKS: Final = (
    "# What AUTO ports are bound to.\n"
    "AbalonePipeline: Train.train = Process.train\n"
    "AbalonePipeline: Train.validation = Process.validation\n"
    "AbalonePipeline@dev: Evaluate.model = Train.model\n"
    "AbalonePipeline@prod: Evaluate.model = Train.model\n"
    "AbalonePipeline: Gate.value = Evaluate.evaluation.report\n",
    "a: A.b = C.d\nb: A.b = C.d\nb@a%20b: A.b = C.d.e\n",
    "\n# only a comment\n\n",
)
_WORDS: Final = (
    *("<<<<<<< ours", "=======", ">>>>>>> theirs", "AbalonePipeline:", "AbalonePipeline@:", "@dev:", "Train.train"),
    *("=", "Train.", ".train", "Evaluate.evaluation.report", "a.b.c.d", "%00", "%zz", "\u2028", "\x85", "é.é", "#"),
)


def made_lock(rng: random.Random) -> Input:
    text = rng.choice(_LOCKS)
    # A line that has another form is the end of reading: half of all have none.
    if rng.random() < 0.5:
        lines = [*text.splitlines(keepends=True), *rng.choice(_LOCKS).splitlines(keepends=True)]
        names = rng.sample(("Train", "Évaluer", "x" * 3_000, "A$(x)", "\x1b[2J", "{{x}}", "'", '"', "\\"), 2)
        text = "".join(rng.sample(lines, rng.randrange(1, len(lines) + 1))).replace("Train", names[0])
        return Input(text.replace("dev", names[1]).encode())
    return Input(sometimes_bytes(rng, mutated_lines(rng, text, _LOCKS, _WORDS).encode("utf-8", "surrogatepass")))


@functools.cache
def project(root: Path) -> Project:
    """The example, with the lock of each input."""
    (root / "pyproject.toml").write_bytes((EXAMPLE / "pyproject.toml").read_bytes())
    (root / "pipeline.py").write_bytes((EXAMPLE / "pipeline.py").read_bytes())
    return read_project(root)


def run_lock(trial: Trial) -> None:
    trial.write(LOCK_FILE)
    found = project(trial.folder)
    lock = read_project_lock(found)
    trial.past = True
    for binding in lock.bindings:
        lock.pins(binding.pipeline, binding.environment or "dev")
    again = read_lock(lock.to_text(), LOCK_FILE)
    assert again.to_text() == lock.to_text()


def lock_commands(trial: Trial) -> Iterator[tuple[str, ...]]:
    trial.write(LOCK_FILE)
    project(trial.folder)
    yield "resolve", "--locked", "--format", trial.form.value


LOCKS: Final = Target("locks", made_lock, run_lock, lock_commands, every=400)
