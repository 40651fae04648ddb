"""What the path of a Get refers to, and the constructors that write such paths."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, strategies as st

from smgen.expressions import (
    EXECUTION_VARIABLES,
    CurrentItemReference,
    ExecutionReference,
    Get,
    IterationOutputReference,
    ParameterReference,
    PropertyFileReference,
    StepReference,
    Target,
    UnknownReference,
    execution,
    parameter,
    property_file,
    step_property,
    target,
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Parameters.Input-Data_1", ParameterReference("Input-Data_1")),
        ("Execution.PipelineExecutionId", ExecutionReference("PipelineExecutionId")),
        ("Execution.Later", ExecutionReference("Later")),
        (
            "Steps.X-Create_Model-0.ModelArtifacts.S3ModelArtifacts",
            StepReference("X-Create_Model-0", "ModelArtifacts.S3ModelArtifacts"),
        ),
        (
            "Steps.P.ProcessingOutputConfig.Outputs['train.x'].S3Output.S3Uri",
            StepReference("P", "ProcessingOutputConfig.Outputs['train.x'].S3Output.S3Uri"),
        ),
        ("Steps.L.OutputParameters['a b']", StepReference("L", "OutputParameters['a b']")),
        ("Steps.F.IterationOutputs[0].Body.Status", StepReference("F", "IterationOutputs[0].Body.Status")),
        ("Steps.C.Outcome", StepReference("C", "Outcome")),
        ("Steps.T", StepReference("T", "")),
        ("Steps.T['x']", StepReference("T", "['x']")),
        ("Steps.E.PropertyFiles.Report", PropertyFileReference("E", "Report")),
        ("Steps.E.PropertyFiles.Report.json", PropertyFileReference("E", "Report.json")),
        ("Steps.E.PropertyFiles", StepReference("E", "PropertyFiles")),
        ("Steps.E.PropertyFiles['Report']", StepReference("E", "PropertyFiles['Report']")),
        ("ForEach.CurrentItem", CurrentItemReference("")),
        ("ForEach.CurrentItem.a.b[0]", CurrentItemReference("a.b[0]")),
        ("ForEach.CurrentItem['score']", CurrentItemReference("['score']")),
        ("IterationOutput.Body.OutputParameters['n']", IterationOutputReference("Body", "OutputParameters['n']")),
        ("IterationOutput.Body", IterationOutputReference("Body", "")),
        *(
            (path, UnknownReference(path))
            for path in (
                "",
                "Parameters",
                "Parameters.",
                "Parameters.a.b",
                "Parameters.a[0]",
                "Execution.",
                "Steps",
                "Steps.",
                "Steps..a",
                "Steps.T.",
                "Steps.T..a",
                "steps.T.a",
                "ForEach.Index",
                "ForEach.CurrentItems",
                "ForEach.CurrentItem.",
                "IterationOutput",
                "Something.Else",
            )
        ),
    ],
)
def test_a_path_is_split(path: str, expected: Target) -> None:
    assert target(Get(path)) == expected
    assert target(path) == expected


def test_the_execution_variables_are_those_of_the_sdk() -> None:
    assert EXECUTION_VARIABLES == (
        "StartDateTime",
        "CurrentDateTime",
        "PipelineName",
        "PipelineArn",
        "PipelineExecutionId",
        "PipelineExecutionArn",
        "TrainingJobName",
        "ProcessingJobName",
    )
    assert [execution(name) for name in EXECUTION_VARIABLES[:2]] == [
        Get("Execution.StartDateTime"),
        Get("Execution.CurrentDateTime"),
    ]


def test_constructors_write_the_paths_of_the_sdk() -> None:
    assert parameter("Limit") == Get("Parameters.Limit")
    assert step_property("Train", "ModelArtifacts.S3ModelArtifacts") == Get(
        "Steps.Train.ModelArtifacts.S3ModelArtifacts"
    )
    assert step_property("Train", "properties.TrainingJobName") == Get("Steps.Train.TrainingJobName")
    assert step_property("Train", "['x']") == Get("Steps.Train['x']")
    assert property_file("Evaluate", "Report") == Get("Steps.Evaluate.PropertyFiles.Report")


@pytest.mark.parametrize(
    ("construct", "message"),
    [
        (lambda: parameter(""), "'' cannot be the name of a parameter"),
        (lambda: parameter("a.b"), r"'a\.b' cannot be the name of a parameter"),
        (lambda: parameter("a[0]"), r"'a\[0\]' cannot be the name of a parameter"),
        (lambda: execution("PipelineExecutionID"), "no execution variable is named 'PipelineExecutionID'; there are"),
        (lambda: step_property("a.b", "c"), "cannot be the name of a step"),
        (lambda: step_property("a", ""), "'' is no property path"),
        (lambda: step_property("a", "properties."), "is no property path"),
        (lambda: step_property("a", ".b"), "is no property path"),
        (lambda: property_file("a", "b[c"), "cannot be the name of a property file"),
    ],
)
def test_constructors_refuse_what_could_not_be_split_again(construct: Callable[[], Get], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        construct()


NAMES = st.text(st.characters(codec="utf-8", exclude_characters=".[]"), min_size=1, max_size=12)


@given(NAMES, NAMES)
def test_what_is_constructed_is_split_into_the_same(name: str, other: str) -> None:
    assert target(parameter(name)) == ParameterReference(name)
    assert target(property_file(name, other)) == PropertyFileReference(name, other)
    assert target(step_property(name, f"Outputs['{other}'].S3Uri")) == StepReference(name, f"Outputs['{other}'].S3Uri")


@given(st.text())
def test_any_text_is_split(path: str) -> None:
    found = target(path)
    assert not isinstance(found, UnknownReference) or found.path == path
