"""How long it takes to resolve every port of pipelines of 5, 50, 500 and 5,000 steps, and how many pairs are weighed.

The pipelines are blocks of five steps (load, prepare, train, evaluate, package), each block behind the one before it,
so that nearly every step comes before every later one.
"""

from __future__ import annotations

import sys
import time

from smgen.contracts import read_contracts
from smgen.shipped import shipped_folder
from smgen.wiring import Resolution, Step, UnifiedDependencyResolver

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


def pipeline(size: int) -> tuple[list[Step], list[tuple[str, str]]]:
    """Return the steps and edges of a pipeline of that many steps."""
    registry = read_contracts(shipped_folder("contract_specs"))
    steps: list[Step] = []
    edges: list[tuple[str, str]] = []
    for block in range(size // len(BLOCK)):
        steps += [Step(f"{name}_{block}", registry[contract]) for name, contract in BLOCK]
        edges += [(f"{source}_{block}", f"{target}_{block}") for source, target in EDGES]
        if block:
            edges.append((f"package_{block - 1}", f"load_{block}"))
    return steps, edges


def main() -> int:
    """Measure and print the table; every port that the blocks can feed must be bound, or the exit code is 1."""
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
    return 0 if bound_as_expected else 1


if __name__ == "__main__":
    sys.exit(main())
