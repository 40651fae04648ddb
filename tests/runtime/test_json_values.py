"""Values of files that no contract declares, outcomes of conditions, and the experiment of the execution."""

from __future__ import annotations

import pytest

from smgen.diagnostics import FindingsError
from smgen.expressions import to_json
from smgen.runtime import Environment, Execution, FluentPipelineBuilder, PipelineExperiment, join, json_value


def test_a_value_of_a_file_is_read_from_a_location() -> None:
    value = json_value(join("/", "s3://b", Execution.PIPELINE_EXECUTION_ID), "metrics.mse", float)

    location = {"Std:Join": {"On": "/", "Values": ["s3://b", {"Get": "Execution.PipelineExecutionId"}]}}
    assert to_json(value.__smgen_expression__) == {"Std:JsonGet": {"S3Uri": location, "Path": "metrics.mse"}}
    assert value.__smgen_type__ == "Float"


def test_the_location_may_be_known_already() -> None:
    value = json_value("s3://b/r.json", "rows[0]", str)

    assert to_json(value.__smgen_expression__) == {"Std:JsonGet": {"S3Uri": "s3://b/r.json", "Path": "rows[0]"}}


def test_a_path_that_is_none_is_refused() -> None:
    with pytest.raises(FindingsError) as caught:
        json_value("s3://b/r.json", "a..b", float)

    assert [item.rule for item in caught.value.findings] == ["SMG208"]


def test_the_outcome_of_a_condition_is_a_text() -> None:
    p = FluentPipelineBuilder("P", Environment("dev"))
    gate = p.condition("Gate", p.boolean("Ready").equals(True))

    assert to_json(gate.outcome.__smgen_expression__) == {"Get": "Steps.Gate.Outcome"}
    assert gate.outcome.__smgen_type__ == "String"


def test_the_experiment_of_the_execution() -> None:
    assert to_json(PipelineExperiment.NAME.__smgen_expression__) == {"Get": "PipelineExperimentConfig.ExperimentName"}
    assert to_json(PipelineExperiment.TRIAL.__smgen_expression__) == {"Get": "PipelineExperimentConfig.TrialName"}
