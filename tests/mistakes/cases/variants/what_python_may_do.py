"""What Python does with references without needing a value: identity, representation, choosing, storing, unpacking."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from smgen.runtime import Environment, External, FluentPipelineBuilder, Output, StringVariable
from smgen_steps import data_load, model_evaluation, tabular_preprocessing, xgboost_training
from smgen_steps.artifact_types import Dataset, TrainingData


@dataclass
class Seen:
    outputs: list[Output[Dataset]] = field(default_factory=list[Output[Dataset]])
    log: list[str] = field(default_factory=list[str])

    def keep(self, output: Output[Dataset]) -> None:
        if not any(output is other for other in self.outputs):
            self.outputs.append(output)
        self.log.append(f"{output!r} is number {len(self.outputs)}: {self.outputs!r:>10}")


def chosen(first: Output[TrainingData] | None, second: Output[TrainingData]) -> Output[TrainingData]:
    return second if first is None else first


def fraud(p: FluentPipelineBuilder, env: Environment) -> None:
    seen = Seen()
    raw: StringVariable = p.string("RawData", default=env.uri("raw/"))
    load = partial(p.add_step, description="loads")
    loaded = load("Load", data_load.StepBuilder(source_data=External(raw)))
    preprocessing = p.add_step("Preprocess", tabular_preprocessing.StepBuilder(raw_data=loaded.raw_data))
    for output in (preprocessing.processed_data, preprocessing.test_data):
        seen.keep(output)
    train, *others = [preprocessing.processed_data, chosen(None, preprocessing.processed_data)]
    assert others and train is not None
    training = p.add_step(
        "Train",
        xgboost_training.StepBuilder(xgboost_training.Config(num_round=len(seen.log)), training_data=train),
        description=" ".join(seen.log)[:200],
    )
    p.add_step(
        "Evaluate",
        model_evaluation.StepBuilder(model=training.model_artifacts, test_data=preprocessing.test_data),
    )
    gate = p.condition("Gate", loaded.profile.row_count > 1, loaded.profile.columns[0].name.equals("label"))
    gate.otherwise.fail("Empty", repr(raw))
