"""The example, written without a generated package: the same definition, provenance and code, byte for byte."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from smgen.definition import Provenance
from smgen.documents import pretty_json
from smgen.runtime import (
    CompiledPipeline,
    Environment,
    External,
    FluentPipelineBuilder,
    ProxyFactory,
    compile_pipeline,
    join,
    read_project,
)

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "abalone"
CONTRACTS = ROOT / "contract_specs"
PIPELINE = "AbalonePipeline"


def abalone(p: FluentPipelineBuilder, env: Environment, factory: ProxyFactory) -> None:
    """examples/abalone/pipeline.py with steps of a factory."""
    processing_instances = p.integer("ProcessingInstanceCount", default=1)
    training_instance = p.string("TrainingInstanceType", default="ml.m5.xlarge")
    approval = p.string("ModelApprovalStatus", default="PendingManualApproval")
    input_data = p.string("InputData", default=env.uri("abalone/abalone-dataset.csv"))
    batch_data = p.string("BatchData", default=env.uri("abalone/abalone-dataset-batch"))
    threshold = p.float("MseThreshold", default=6.0)

    preprocessing = p.add_step(
        "AbaloneProcess",
        factory.builder(
            "TabularPreprocessing", {"instance_count": processing_instances}, raw_data=External(input_data)
        ),
    )
    training_output = env.uri("AbaloneTrain")
    training = p.add_step(
        "AbaloneTrain",
        factory.builder(
            "XGBoostTraining",
            {
                "objective": "reg:linear",
                "num_round": 50,
                "max_depth": 5,
                "eta": 0.2,
                "gamma": 4,
                "min_child_weight": 6,
                "subsample": 0.7,
                "instance_type": training_instance,
                "debugger_output": training_output,
                "profiler_output": training_output,
                "disable_profiler": False,
            },
            training_data=preprocessing.output("processed_data"),
            validation_data=None,
        ).with_output_locations(model_artifacts=training_output),
    )
    training.connect_input("validation_data", preprocessing.output("validation_data"))
    evaluation = p.add_step(
        "AbaloneEval",
        factory.builder(
            "ModelEvaluation",
            model=training.output("model_artifacts"),
            test_data=preprocessing.output("test_data"),
        ),
    )

    error = evaluation.value("metrics", "regression_metrics.mse.value", float)
    gate = p.condition("AbaloneMSECond", error <= threshold)
    gate.then.add_step(
        "AbaloneRegisterModel-RegisterModel",
        factory.builder(
            "ModelRegistration",
            {
                "model_package_group": env.model_package_group("abalone"),
                "approval_status": approval,
                "realtime_instance_types": ["ml.t2.medium", "ml.m5.xlarge"],
            },
            model=training.output("model_artifacts"),
            quality=evaluation.output("metrics"),
        ),
    )
    model = gate.then.add_step(
        "AbaloneCreateModel-CreateModel", factory.builder("CreateModel", model=training.output("model_artifacts"))
    )
    gate.then.add_step(
        "AbaloneTransform",
        factory.builder(
            "BatchTransform", model=model.output("model"), input_data=External(batch_data)
        ).with_output_locations(predictions=env.uri("AbaloneTransform")),
    )
    gate.otherwise.fail("AbaloneMSEFail", join(" ", "Execution failed due to MSE >", threshold))


def without_places(compiled: CompiledPipeline) -> Provenance:
    """The provenance without the lines that added the steps, which stand in two modules."""
    return Provenance(tuple(replace(step, file=None, line=None) for step in compiled.provenance.steps))


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_the_example_is_the_same_pipeline(name: str) -> None:
    project = read_project(EXAMPLE)
    typed = compile_pipeline(project, PIPELINE, name)

    p = FluentPipelineBuilder(PIPELINE, project.environment(name))
    abalone(p, project.environment(name), ProxyFactory.read(CONTRACTS))
    untyped = p.build()

    assert pretty_json(untyped.definition.document) == pretty_json(typed.definition.document)
    assert without_places(untyped) == without_places(typed)
    assert untyped.assets == typed.assets
    assert len(untyped.assets) == 2
    assert all(step.file == "tests/runtime/test_proxy_factory_example.py" for step in untyped.provenance.steps)
