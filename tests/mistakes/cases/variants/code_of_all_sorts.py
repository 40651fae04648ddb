"""A pipeline in a class, with closures, folds over conditions, and plain values under the names of references."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from functools import reduce
from typing import TYPE_CHECKING

from smgen import runtime as rt
from smgen.runtime import Condition, ConditionStep, Environment, FluentPipelineBuilder
from smgen_steps import data_load, model_evaluation, tabular_preprocessing, xgboost_training

if TYPE_CHECKING:
    from smgen.runtime import FloatVariable

LIMITS = {"mse": 6.0, "mae": 2}
TITLE = f"{len(LIMITS)} limits, {LIMITS['mse']:.1f} and {str(LIMITS['mae'])!r}"


def limit(error: float, raw: str = "") -> str:
    return f"{raw}{error}" if raw and 0 <= error < 10 or not error else str(error)


@contextmanager
def gated(p: rt.BranchBuilder, name: str, *conditions: Condition) -> Generator[ConditionStep]:
    gate = p.condition(name, *conditions, description=limit(1.5, "from "))
    yield gate
    gate.otherwise.fail(f"{gate.name}-failed", f"{gate.name} of {TITLE}")


class Fraud:
    def __init__(self, p: FluentPipelineBuilder, env: Environment) -> None:
        self.p = p
        self.env = env
        self.raw = p.string("RawData", default=env.uri("raw"))
        self.count = 0

    def name(self, what: str) -> str:
        self.count += 1
        return f"{self.p.name}-{what}-{self.count}"

    def data(self) -> data_load.Proxy:
        return self.p.add_step(self.name("Load"), data_load.StepBuilder(source_data=rt.External(self.raw)))

    def metrics(self, loaded: data_load.Proxy) -> Callable[[str], FloatVariable]:
        split = self.p.add_step(self.name("Split"), tabular_preprocessing.StepBuilder(raw_data=loaded.raw_data))
        config = xgboost_training.Config(num_round=2)
        model = self.p.add_step(
            self.name("Fit"), xgboost_training.StepBuilder(config, training_data=split.processed_data)
        ).model_artifacts
        judge = model_evaluation.StepBuilder(model=model, test_data=split.test_data)
        report = self.p.add_step(self.name("Judge"), judge).metrics.regression_metrics
        found = {"mse": report.mse.value, "mae": report.mae.value}
        return lambda metric: found[metric]


def fraud(p: FluentPipelineBuilder, env: Environment) -> None:
    made = Fraud(p, env)
    loaded = made.data()
    metric = made.metrics(loaded)
    conditions: Sequence[Condition] = [metric(name) <= most for name, most in LIMITS.items() if name != "r2" and most]
    both: Condition = reduce(lambda left, right: left & right, conditions)
    either = reduce(lambda left, right: left | right, conditions[1:], ~conditions[0])
    columns = [loaded.profile.columns[index] for index in range(2)]
    for raw, column in zip(("first", "second"), columns):
        limit = f"{raw}-column"
        if raw == "first" or not limit:
            with gated(p, limit, column.missing_count < 10, column.name.equals(raw)), suppress(KeyError):
                LIMITS["nothing"]
    with gated(p, "Both", both, either), gated(p, "Not-neither", ~(~both & ~either)):
        assert isinstance(made, Fraud) and all(isinstance(name, str) for name in LIMITS)
