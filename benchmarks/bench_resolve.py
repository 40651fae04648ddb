"""How long it takes to resolve every port of pipelines of 5, 50, 500 and 5,000 steps, and how many pairs are weighed.

The pipelines are blocks of five steps (load, prepare, train, evaluate, package). In the first table they are DAGs with
edges, each block behind the one before it, so that nearly every step comes before every later one. In the second they
are written with the builder, every port AUTO, and no edge is known.
"""

from __future__ import annotations

import sys
import time

from smgen.contracts import read_contracts
from smgen.runtime import AUTO, External, FluentPipelineBuilder
from smgen.shipped import shipped_folder
from smgen.wiring import Resolution, UnifiedDependencyResolver, WiredStep
from smgen_steps import data_load, model_evaluation, model_packaging, tabular_preprocessing, xgboost_training

SIZES = (5, 50, 500, 5000)
BLOCK = (
    ("load", "DataLoad"),
    ("prepare", "TabularPreprocessing"),
    ("train", "XGBoostTraining"),
    ("evaluate", "ModelEvaluation"),
    ("package", "ModelPackaging"),
)
EDGES = (
    ("load", "prepare"),
    ("prepare", "train"),
    ("train", "evaluate"),
    ("prepare", "evaluate"),
    ("train", "package"),
)


def pipeline(size: int) -> tuple[list[WiredStep], list[tuple[str, str]]]:
    """Return the steps and edges of a pipeline of that many steps."""
    registry = read_contracts(shipped_folder("contract_specs"))
    steps: list[WiredStep] = []
    edges: list[tuple[str, str]] = []
    for block in range(size // len(BLOCK)):
        steps += [WiredStep(f"{name}_{block}", registry[contract]) for name, contract in BLOCK]
        edges += [(f"{source}_{block}", f"{target}_{block}") for source, target in EDGES]
        if block:
            edges.append((f"package_{block - 1}", f"load_{block}"))
    return steps, edges


def authored(size: int) -> FluentPipelineBuilder:
    """Return a pipeline of that many steps, with AUTO for every port that a step of it can feed."""
    p = FluentPipelineBuilder("Blocks")
    for block in range(size // len(BLOCK)):
        p.add_step(f"load-{block}", data_load.StepBuilder(source_data=External("s3://bucket/data")))
        p.add_step(f"prepare-{block}", tabular_preprocessing.StepBuilder(raw_data=AUTO))
        config = xgboost_training.Config(num_round=1)
        train = xgboost_training.StepBuilder(config, training_data=AUTO, validation_data=AUTO)
        p.add_step(f"train-{block}", train)
        p.add_step(f"evaluate-{block}", model_evaluation.StepBuilder(model=AUTO, test_data=AUTO))
        package = model_packaging.StepBuilder(model=AUTO, inference_code=External("s3://bucket/code"))
        p.add_step(f"package-{block}", package)
    return p


def main() -> int:
    """Measure and print the tables; every port that the blocks can feed must be bound, or the exit code is 1."""
    drawn = with_edges()
    print()
    return 0 if with_builder() and drawn else 1


def with_builder() -> bool:
    """Measure pipelines written with the builder; whether each port was bound."""
    print(f"{'steps':>8}{'AUTO':>8}{'bound':>8}{'seconds':>10}{'compared':>10}{'weighed':>10}{'µs/port':>9}")
    expected = True
    for size in SIZES:
        p = authored(size)
        start = time.perf_counter()
        found = p.auto_connect().connections
        seconds = time.perf_counter() - start
        ports = 6 * (size // len(BLOCK))
        bound = len(found.bindings)
        compared, scored = (found.resolution.compared, found.resolution.scored) if found.resolution else (0, 0)
        each = 1e6 * seconds / ports
        print(f"{size:>8,}{ports:>8,}{bound:>8,}{seconds:>10.3f}{compared:>10,}{scored:>10,}{each:>9.0f}")
        # Both the trained and the packaged model could be evaluated, so that one port of each block is ambiguous.
        expected = expected and bound == ports - size // len(BLOCK)
    return expected


def with_edges() -> bool:
    """Measure DAGs with edges; whether each port that a step can feed was bound."""
    print(f"{'steps':>8}{'ports':>8}{'bound':>8}{'seconds':>10}{'compared':>10}{'weighed':>10}{'µs/port':>9}")
    bound_as_expected = True
    for size in SIZES:
        steps, edges = pipeline(size)
        resolver = UnifiedDependencyResolver(read_contracts(shipped_folder("contract_specs")).artifact_types)
        start = time.perf_counter()
        found: Resolution = resolver.resolve(steps, edges)
        seconds = time.perf_counter() - start
        ports = sum(len(step.contract.input_ports) for step in steps)
        bound = len(found.bindings)
        each = 1e6 * seconds / ports
        print(f"{size:>8,}{ports:>8,}{bound:>8,}{seconds:>10.3f}{found.compared:>10,}{found.scored:>10,}{each:>9.0f}")
        # Per block: raw data, training data, validation data, the model twice, and test data.
        bound_as_expected = bound_as_expected and bound == 6 * (size // len(BLOCK))
    return bound_as_expected


if __name__ == "__main__":
    sys.exit(main())
