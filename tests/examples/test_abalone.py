"""The example compiles to the definition that the SDK recorded for the same pipeline, apart from what is listed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smgen.definition import compare, parse_definition
from smgen.documents import JsonObject
from smgen.runtime import CompiledPipeline, Environment, compile_pipeline, read_project

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "abalone"
RECORDED = ROOT / "tests" / "data" / "corpus" / "01-abalone-train-eval-transform.json"
PIPELINE = "AbalonePipeline"

#: What differs after the normalisations, by JSON pointer, and why. A pointer covers its subtree.
DIFFERENCES = {
    "/Steps/2/Arguments/ProcessingOutputConfig/Outputs/0/S3Output/S3Uri": (
        "the recorded location was frozen when the definition was built, so that all executions share one report; "
        "here each execution writes to its own"
    ),
    "/Steps/3/Arguments/IfSteps/0/Arguments/ModelMetrics/ModelQuality/Statistics/S3Uri": (
        "a hidden edge: the recorded text repeats the frozen location, here it is a reference to the report"
    ),
}
#: How often each normalisation made a difference go away.
NORMALISATIONS = {"N1": 9, "N2": 4, "N3": 3, "N4": 2}


@pytest.fixture(scope="module")
def compiled() -> CompiledPipeline:
    return compile_pipeline(read_project(EXAMPLE), PIPELINE, "dev")


def recorded(environment: Environment) -> JsonObject:
    """The recorded definition with its placeholders filled from an environment."""
    definition: JsonObject = json.loads(RECORDED.read_text())["definition"]
    assert environment.bucket is not None
    assert environment.role is not None
    text = json.dumps(definition)
    for placeholder, value in {
        "<BUCKET_1>": environment.bucket,
        "<ROLE_ARN>": environment.role,
        "<IMAGE:sagemaker-scikit-learn:1>": environment.images["scikit-learn"],
        "<IMAGE:sagemaker-xgboost:2>": environment.images["xgboost"],
    }.items():
        assert placeholder in text
        text = text.replace(placeholder, value)
    filled: JsonObject = json.loads(text)
    return filled


def test_the_example_is_the_recorded_pipeline(compiled: CompiledPipeline) -> None:
    theirs = recorded(read_project(EXAMPLE).environment("dev"))

    comparison = compare(compiled.definition, parse_definition(theirs))
    unexplained = comparison.unexplained(DIFFERENCES)

    assert unexplained.differences == ()
    assert unexplained.unused == ()
    assert len(DIFFERENCES) <= 8
    assert dict(comparison.counts) == NORMALISATIONS


def test_the_hidden_edge_is_a_reference_now(compiled: CompiledPipeline) -> None:
    step = compiled.definition.step("AbaloneRegisterModel-RegisterModel")
    assert step is not None
    assert step.arguments["ModelMetrics"] == {
        "ModelQuality": {
            "Statistics": {
                "ContentType": "application/json",
                "S3Uri": {
                    "Std:Join": {
                        "On": "/",
                        "Values": [
                            {
                                "Get": "Steps.AbaloneEval.ProcessingOutputConfig.Outputs['evaluation'].S3Output.S3Uri",
                            },
                            "evaluation.json",
                        ],
                    }
                },
            }
        }
    }
