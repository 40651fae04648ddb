"""Property paths and request paths against the shipped table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

import pytest
from hypothesis import given, strategies as st

from smgen.aws import (
    STEP_KINDS,
    IndexPart,
    KeyPart,
    Leaf,
    MemberPart,
    PathPart,
    PathProblem,
    PropertyPath,
    Shape,
    parse_property_path,
    properties_shape,
    property_leaf,
    request_member,
    request_shape,
    service_model,
    step_field_member,
    step_field_shape,
)


class CorpusPaths(TypedDict):
    property_paths: list[tuple[str, str]]
    argument_paths: list[tuple[str, list[str | int]]]
    step_fields: list[tuple[str, list[str | int]]]


def corpus_paths() -> CorpusPaths:
    """Every path that stands in eight definitions that the SDKs really emitted; list positions are all 0."""
    file = Path(__file__).parent.parent / "data" / "aws" / "corpus_paths.json"
    paths: CorpusPaths = json.loads(file.read_text(encoding="utf-8"))
    return paths


def leaf(kind: str, path: str) -> Leaf:
    found = property_leaf(kind, path)
    assert isinstance(found, Leaf), found
    return found


def problem(kind: str, path: str) -> PathProblem:
    found = property_leaf(kind, path)
    assert isinstance(found, PathProblem), found
    return found


# Leaves ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "path", "type_"),
    [
        ("Training", "ModelArtifacts.S3ModelArtifacts", "String"),
        ("Training", "properties.ModelArtifacts.S3ModelArtifacts", "String"),
        ("Training", "FinalMetricDataList[0].Value", "Float"),
        ("Training", "FinalMetricDataList['mse'].Value", "Float"),
        ("Training", "HyperParameters['max_depth']", "String"),
        ("Training", 'HyperParameters["max_depth"]', "String"),
        ("Training", "CreationTime", "Timestamp"),
        ("Training", "EnableNetworkIsolation", "Boolean"),
        ("Training", "ResourceConfig.InstanceCount", "Integer"),
        ("Processing", "ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri", "String"),
        ("Processing", "ProcessingOutputConfig.Outputs[0].S3Output.S3Uri", "String"),
        ("Processing", "ProcessingInputs['input-1'].S3Input.S3Uri", "String"),
        ("Tuning", "BestTrainingJob.TrainingJobName", "String"),
        ("Tuning", "TrainingJobSummaries[1].TrainingJobName", "String"),
        ("Tuning", "TrainingJobSummaries[0].FinalHyperParameterTuningJobObjectiveMetric.Value", "Float"),
        ("Transform", "TransformOutput.S3OutputPath", "String"),
        ("Model", "ModelName", "String"),
        ("RegisterModel", "ModelPackageArn", "String"),
        ("AutoML", "BestCandidate.InferenceContainers[0].Environment['MODEL_NAME']", "String"),
        ("AutoML", "BestCandidateProperties.ExplainabilityJsonReportPath", "String"),
        ("Condition", "Outcome", "String"),
        ("Lambda", "OutputParameters['x']", "String"),
        ("Callback", "OutputParameters['x']", "String"),
        ("QualityCheck", "CalculatedBaselineStatistics", "String"),
        ("ClarifyCheck", "BaselineUsedForDriftCheckConstraints", "String"),
        ("EMR", "Config.Args[3]", "String"),
        ("EMR", "Status.Timeline.EndDateTime", "Timestamp"),
        ("EMRServerless", "jobRun.billedResourceUtilization.vCPUHour", "Float"),
        ("EndpointConfig", "EndpointConfigName", "String"),
        ("Endpoint", "EndpointArn", "String"),
        ("InferenceComponent", "InferenceComponentArn", "String"),
        ("Lineage", "ArtifactArns['model']", "String"),
        ("Job", "JobConfigDocument", "String"),
        ("Job", "JobConfigDocument.OutputModelPackageArn", "String"),
        ("ForEach", "Status", "String"),
        ("ForEach", "FailedStepCount", "Integer"),
        ("ForEach", "IterationOutputs[0].My-Step.ModelArtifacts.S3ModelArtifacts", "Any"),
        ("ForEach", "Selected.OutputParameters['n']", "Any"),
    ],
)
def test_leaf_types(kind: str, path: str, type_: str) -> None:
    assert leaf(kind, path).type == type_


def test_a_leaf_names_its_shape_and_carries_awss_words() -> None:
    assert leaf("Model", "ModelName") == Leaf("String", "ModelName", "Name of the SageMaker model.")


@pytest.mark.parametrize(("kind", "path"), corpus_paths()["property_paths"])
def test_every_property_path_of_real_definitions_is_a_leaf(kind: str, path: str) -> None:
    assert leaf(kind, path).type == "String"


def leaf_paths(shape: Shape, path: str) -> Iterator[str]:
    """Every leaf below a shape, lists by [0] and maps by ['k']; responses have no recursion but EMR Serverless's."""
    model = service_model()
    if shape.type == "structure":
        for member in shape.members.values():
            yield from leaf_paths(model.shape(member.shape), f"{path}.{member.name}" if path else member.name)
    elif shape.element is not None:
        yield from leaf_paths(model.shape(shape.element), f"{path}[0]")
    elif shape.value is not None:
        yield from leaf_paths(model.shape(shape.value), f"{path}['k']")
    else:
        yield path


# Counted independently over botocore 1.44.5; Tuning and AutoML with what their rows add to the description of the job.
LEAF_COUNTS = {
    "Training": 150,
    "Processing": 69,
    "Transform": 39,
    "Model": 70,
    "RegisterModel": 210,
    "Tuning": 249,
    "AutoML": 72,
    "EndpointConfig": 111,
    "Endpoint": 199,
    "InferenceComponent": 62,
    "Job": 18,
    "QualityCheck": 4,
    "ClarifyCheck": 2,
    "Condition": 1,
    "Lambda": 1,
    "Callback": 1,
    "Lineage": 5,
    "EMR": 21,
}


@pytest.mark.parametrize(("kind", "count"), LEAF_COUNTS.items())
def test_every_leaf_of_a_kind_is_found(kind: str, count: int) -> None:
    paths = list(leaf_paths(properties_shape(STEP_KINDS[kind]), ""))
    assert len(paths) == count
    assert {leaf(kind, path).type for path in paths} <= {"String", "Integer", "Float", "Boolean", "Timestamp"}


# Problems ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "path", "message", "at", "wrong", "nearest"),
    [
        (
            "Training",
            "ModelArtifact.S3ModelArtifacts",
            "ModelArtifact is no member of the properties of Training steps; did you mean ModelArtifacts",
            "",
            "ModelArtifact",
            "ModelArtifacts",
        ),
        (
            "Training",
            "modelartifacts.S3ModelArtifacts",
            "modelartifacts is no member of the properties of Training steps; did you mean ModelArtifacts",
            "",
            "modelartifacts",
            "ModelArtifacts",
        ),
        (
            "Processing",
            "TrainingJobName",
            "TrainingJobName is no member of the properties of Processing steps: it belongs to Training steps; "
            "did you mean ProcessingJobName",
            "",
            "TrainingJobName",
            "ProcessingJobName",
        ),
        (
            "Processing",
            "ModelArtifacts.S3ModelArtifacts",
            "ModelArtifacts is no member of the properties of Processing steps: it belongs to Training steps",
            "",
            "ModelArtifacts",
            None,
        ),
        (
            "Tuning",
            "TrainingJobArn",
            "TrainingJobArn is no member of the properties of Tuning steps; "
            "did you mean BestTrainingJob.TrainingJobArn",
            "",
            "TrainingJobArn",
            "BestTrainingJob.TrainingJobArn",
        ),
        (
            "Training",
            "S3ModelArtifacts",
            "S3ModelArtifacts is no member of the properties of Training steps; "
            "did you mean ModelArtifacts.S3ModelArtifacts",
            "",
            "S3ModelArtifacts",
            "ModelArtifacts.S3ModelArtifacts",
        ),
        (
            "Training",
            "ModelArtifacts",
            "ModelArtifacts is a structure, not one value; did you mean ModelArtifacts.S3ModelArtifacts",
            "",
            "ModelArtifacts",
            "ModelArtifacts.S3ModelArtifacts",
        ),
        (
            "Processing",
            "ProcessingOutputConfig.Outputs['train'].S3Output",
            "ProcessingOutputConfig.Outputs['train'].S3Output is a structure, not one value; it has "
            "ProcessingOutputConfig.Outputs['train'].S3Output.LocalPath, "
            "ProcessingOutputConfig.Outputs['train'].S3Output.S3UploadMode, "
            "ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri",
            "ProcessingOutputConfig.Outputs['train']",
            "S3Output",
            None,
        ),
        (
            "Processing",
            "ProcessingOutputConfig.Outputs",
            "ProcessingOutputConfig.Outputs is a list, not one value; "
            "an element is written ProcessingOutputConfig.Outputs[0]",
            "ProcessingOutputConfig",
            "Outputs",
            None,
        ),
        (
            "Training",
            "HyperParameters",
            "HyperParameters is a map, not one value; an entry is written HyperParameters['key']",
            "",
            "HyperParameters",
            None,
        ),
        (
            "Processing",
            "ProcessingOutputConfig.Outputs.train",
            "ProcessingOutputConfig.Outputs is a list: an element is written "
            "ProcessingOutputConfig.Outputs['train'] or ProcessingOutputConfig.Outputs[0]",
            "ProcessingOutputConfig.Outputs",
            "train",
            "['train']",
        ),
        (
            "Training",
            "ModelArtifacts['X']",
            "ModelArtifacts is a structure: its members are written with a dot",
            "ModelArtifacts",
            "['X']",
            None,
        ),
        (
            "Training",
            "ModelArtifacts['S3ModelArtifacts']",
            "ModelArtifacts is a structure: its members are written with a dot",
            "ModelArtifacts",
            "['S3ModelArtifacts']",
            "S3ModelArtifacts",
        ),
        (
            "Training",
            "ModelArtifacts.S3ModelArtifacts.Foo",
            "ModelArtifacts.S3ModelArtifacts is a String: nothing stands below it",
            "ModelArtifacts.S3ModelArtifacts",
            "Foo",
            None,
        ),
        (
            "Training",
            "ResourceConfig.InstanceCount[0]",
            "ResourceConfig.InstanceCount is an Integer: nothing stands below it",
            "ResourceConfig.InstanceCount",
            "[0]",
            None,
        ),
        (
            "Training",
            "HyperParameters[0]",
            "HyperParameters is a map: an entry is written HyperParameters['key']",
            "HyperParameters",
            "[0]",
            None,
        ),
        (
            "Training",
            "HyperParameters.depth",
            "HyperParameters is a map: an entry is written HyperParameters['key']",
            "HyperParameters",
            "depth",
            "['depth']",
        ),
        (
            "Lambda",
            "Outputs['x']",
            "Outputs is no member of the properties of Lambda steps; did you mean OutputParameters",
            "",
            "Outputs",
            "OutputParameters",
        ),
        ("Fail", "ErrorMessage", "Fail steps have no properties", "", "ErrorMessage", None),
        ("Cleanup", "CleanedSteps", "Cleanup steps have no properties", "", "CleanedSteps", None),
        ("Trainin", "TrainingJobName", "Trainin is no step kind", "", "Trainin", "Training"),
        (
            "ForEach",
            "IterationOutputs.Train.ModelArtifacts",
            "IterationOutputs is a list: an element is written IterationOutputs['Train'] or IterationOutputs[0]",
            "IterationOutputs",
            "Train",
            "['Train']",
        ),
        (
            "ForEach",
            "IterationOutputs[0].Train",
            "IterationOutputs[0].Train is not one value: "
            "after IterationOutputs[0] comes the name of a body step and one of its properties",
            "IterationOutputs[0]",
            "Train",
            None,
        ),
        (
            "ForEach",
            "Selected",
            "Selected is not one value: after Selected comes a property of a body step",
            "",
            "Selected",
            None,
        ),
    ],
)
def test_paths_that_do_not_fit(kind: str, path: str, message: str, at: str, wrong: str, nearest: str | None) -> None:
    found = problem(kind, path)
    assert (found.message, found.at, found.given, found.nearest) == (message, at, wrong, nearest)


@pytest.mark.parametrize(
    ("path", "message", "at", "wrong"),
    [
        ("", "the name of a member is missing", "", ""),
        ("..", "the name of a member is missing", "", ".."),
        ("ModelArtifacts.", "the name of a member is missing", "ModelArtifacts", "."),
        ("ModelArtifacts..S3", "the name of a member is missing", "ModelArtifacts", "..S3"),
        (" ModelArtifacts", "no name of a member", "", " ModelArtifacts"),
        (
            "ModelArtifacts.S3 ModelArtifacts",
            "after a part comes '.', '[' or the end",
            "ModelArtifacts.S3",
            " ModelArtifacts",
        ),
        ("[0]", "a property path starts with the name of a member", "", "[0]"),
        ("A[-1]", "an index counts from 0; there is no counting from the end", "A", "[-1]"),
        ("A[]", "between '[' and ']' stands an index or a quoted key", "A", "[]"),
        ("A[x]", "between '[' and ']' stands an index or a quoted key", "A", "[x]"),
        ("A[1234567890]", "the index is too large", "A", "[1234567890]"),
        ("A['']", "the key is empty", "A", "['']"),
        ("A['x", "the ']' is missing", "A", "['x"),
        (
            "A['a'b']",
            "a key stands in one pair of quotes and has no quote and no control character in it",
            "A",
            "['a'b']",
        ),
        (
            "A['a\"]",
            "a key stands in one pair of quotes and has no quote and no control character in it",
            "A",
            "['a\"]",
        ),
        (
            "A['a\nb']",
            "a key stands in one pair of quotes and has no quote and no control character in it",
            "A",
            "['a\nb']",
        ),
        ("A" * 1_025, "a property path has at most 1024 characters", "", "A" * 40),
    ],
)
def test_paths_that_cannot_be_read(path: str, message: str, at: str, wrong: str) -> None:
    assert parse_property_path(path) == PathProblem(message, at, wrong)
    assert property_leaf("Training", path) == PathProblem(message, at, wrong)


def test_what_would_fit_is_listed() -> None:
    found = problem("Training", "ModelArtifacts.S3Uri2")
    assert found.expected == ("S3ModelArtifacts",)
    assert problem("Training", "Nonsense").expected == tuple(properties_shape(STEP_KINDS["Training"]).members)
    assert problem("Processing", "ProcessingOutputConfig.Outputs.train").expected == ("[0]", "['train']")


def test_a_long_list_of_members_is_cut_in_the_message_only() -> None:
    found = problem("Training", "Zzzzzz")
    assert found.nearest is None
    assert found.message == (
        "Zzzzzz is no member of the properties of Training steps; it has AlgorithmSpecification, AutoMLJobArn, "
        "BillableTimeInSeconds, BillableTokenCount, CheckpointConfig, CreationTime, DebugHookConfig, "
        f"DebugRuleConfigurations and {len(found.expected) - 8} more"
    )


@pytest.mark.parametrize(
    ("kind", "path", "suggestion"),
    [
        ("Training", "ModelArtifacts", "ModelArtifacts.S3ModelArtifacts"),
        ("Processing", "ProcessingOutputConfig.Outputs.train", "ProcessingOutputConfig.Outputs['train']"),
        (
            "Processing",
            "ProcessingOutputConfig.Outputs[0].S3Outputs.S3Uri",
            "ProcessingOutputConfig.Outputs[0].S3Output",
        ),
        ("Training", "ModelArtifacts['S3ModelArtifacts']", "ModelArtifacts.S3ModelArtifacts"),
        ("Training", "ModelArtifacts.S3ModelArtifacts.Foo", None),
    ],
)
def test_suggestion_is_a_whole_path(kind: str, path: str, suggestion: str | None) -> None:
    assert problem(kind, path).suggestion == suggestion


# The reader --------------------------------------------------------------------------------------------------------


def test_parts() -> None:
    assert parse_property_path("A.B_1[0]['x.y'][\"z z\"].C") == PropertyPath(
        (MemberPart("A"), MemberPart("B_1"), IndexPart(0), KeyPart("x.y"), KeyPart("z z"), MemberPart("C"))
    )


def test_a_path_is_written_in_sagemakers_form() -> None:
    assert str(parse_property_path('properties.A["x"][007].B')) == "A['x'][7].B"


def test_a_prefix_that_is_all_there_is_is_a_name() -> None:
    assert parse_property_path("properties") == PropertyPath((MemberPart("properties"),))


NAMES = st.text("abcXYZ019_-", min_size=1, max_size=12).filter(lambda name: name != "properties").map(MemberPart)
KEYS = st.text(st.characters(exclude_characters="'\"", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12).map(
    KeyPart
)
INDEXES = st.integers(0, 999_999_999).map(IndexPart)


def paths() -> st.SearchStrategy[PropertyPath]:
    rest: st.SearchStrategy[list[PathPart]] = st.lists(st.one_of(NAMES, KEYS, INDEXES), max_size=8)
    return st.tuples(NAMES, rest).map(lambda drawn: PropertyPath((drawn[0], *drawn[1])))


@given(paths())
def test_a_written_path_reads_back(path: PropertyPath) -> None:
    assert parse_property_path(str(path)) == path


@given(st.text(max_size=60) | st.text("AB.[]'\"0-9 ", max_size=30))
def test_any_text_is_answered(text: str) -> None:
    found = parse_property_path(text)
    if isinstance(found, PropertyPath):
        assert parse_property_path(str(found)) == found
    else:
        assert found.message
        assert found.given in text
    for kind in STEP_KINDS:
        assert isinstance(property_leaf(kind, text), (Leaf, PathProblem))


@given(paths(), st.sampled_from(sorted(STEP_KINDS)))
def test_any_path_is_answered_for_any_kind(path: PropertyPath, kind: str) -> None:
    assert isinstance(property_leaf(kind, str(path)), (Leaf, PathProblem))


def test_a_path_of_many_parts_is_answered() -> None:
    assert isinstance(property_leaf("Training", "A" + "[0]" * 300), PathProblem)
    deep = "jobRun.configurationOverrides.applicationConfiguration[0]" + ".configurations[0]" * 50
    assert leaf("EMRServerless", f"{deep}.classification").type == "String"


# Arguments ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "parts"), corpus_paths()["argument_paths"])
def test_every_argument_of_real_definitions_has_a_shape(kind: str, parts: list[str | int]) -> None:
    assert isinstance(request_shape(kind, parts), Shape)


@pytest.mark.parametrize(("kind", "parts"), corpus_paths()["step_fields"])
def test_every_field_of_real_definitions_has_a_shape(kind: str, parts: list[str | int]) -> None:
    assert isinstance(step_field_shape(kind, parts), Shape)


@pytest.mark.parametrize(
    ("kind", "parts", "shape"),
    [
        ("Training", [], "CreateTrainingJobRequest"),
        ("Training", ["ResourceConfig", "InstanceType"], "TrainingInstanceType"),
        ("Training", ["TrainingJobName"], "TrainingJobName"),
        ("Training", ["InputDataConfig", 3, "DataSource", "S3DataSource", "S3Uri"], "S3Uri"),
        ("Training", ["HyperParameters", "max_depth"], "HyperParameterValue"),
        ("Lambda", ["anything"], "pipelines.AnyValue"),
        ("Lambda", ["anything", "below", 0], "pipelines.AnyValue"),
        ("Condition", ["Conditions", 0, "LeftValue"], "pipelines.AnyValue"),
        ("Condition", ["IfSteps"], "pipelines.Steps"),
        ("Fail", ["ErrorMessage"], "String3072"),
        ("EMR", ["StepConfig", "HadoopJarStep", "Args", 0], "emr.XmlString"),
        ("EMR", ["ClusterConfig", "Instances", "InstanceCount"], "emr.Integer"),
        ("EMRServerless", ["JobConfig", "jobDriver", "sparkSubmit", "entryPoint"], "emr-serverless.EntryPointPath"),
        ("Lineage", ["Artifacts", 0, "ArtifactType"], "String256"),
        ("Cleanup", ["Resources", "S3", 0, "S3Uris", 0], "pipelines.Text"),
        ("ForEach", ["MaxConcurrency"], "pipelines.ForEachConcurrency"),
    ],
)
def test_request_shape(kind: str, parts: list[str | int], shape: str) -> None:
    found = request_shape(kind, parts)
    assert isinstance(found, Shape)
    assert found.name == shape


@pytest.mark.parametrize(
    ("kind", "parts", "expected"),
    [
        (
            "Training",
            ["ResourceConfg", "InstanceType"],
            (
                "ResourceConfg is no member of the Arguments of Training steps; did you mean ResourceConfig",
                "",
                "ResourceConfig",
            ),
        ),
        (
            "Training",
            ["ResourceConfig", "Instancetype"],
            (
                "Instancetype is no member of ResourceConfig; did you mean ResourceConfig.InstanceType",
                "ResourceConfig",
                "InstanceType",
            ),
        ),
        (
            "Training",
            ["InputDataConfig", "train"],
            (
                "InputDataConfig is a list, so 'train' is nothing in it; elements have numbers from 0",
                "InputDataConfig",
                None,
            ),
        ),
        (
            "Training",
            ["InputDataConfig", -1],
            (
                "InputDataConfig is a list, so -1 is nothing in it; elements have numbers from 0",
                "InputDataConfig",
                None,
            ),
        ),
        (
            "Training",
            ["HyperParameters", 0],
            ("HyperParameters is a map, so 0 is nothing in it", "HyperParameters", None),
        ),
        ("Training", [0], ("the Arguments of Training steps is a structure, so 0 is nothing in it", "", None)),
        ("Training", ["RoleArn", "x"], ("RoleArn is a String: nothing stands below it", "RoleArn", None)),
        ("Training", ["RoleArn", 0], ("RoleArn is a String: nothing stands below it", "RoleArn", None)),
        ("Trainin", ["RoleArn"], ("Trainin is no step kind", "", "Training")),
    ],
)
def test_request_paths_that_do_not_fit(
    kind: str, parts: list[str | int], expected: tuple[str, str, str | None]
) -> None:
    found = request_shape(kind, parts)
    assert isinstance(found, PathProblem)
    assert (found.message, found.at, found.nearest) == expected
    assert request_member(kind, parts) is None


def test_request_member_has_awss_words() -> None:
    member = request_member("Training", ["ResourceConfig", "InstanceCount"])
    assert member is not None
    assert (member.name, member.shape) == ("InstanceCount", "TrainingInstanceCount")
    assert member.documentation.startswith("The number of ML compute instances to use.")


def test_an_entry_has_the_words_of_its_map() -> None:
    member, holder = request_member("Training", ["Environment", "X"]), request_member("Training", ["Environment"])
    assert member is not None
    assert holder is not None
    assert member.documentation == holder.documentation == "The environment variables to set in the Docker container."
    assert member.shape == "TrainingEnvironmentValue"


def test_fields_beside_arguments() -> None:
    check = step_field_shape("QualityCheck", ["CheckType"])
    assert isinstance(check, Shape)
    assert check.enum == ("DATA_QUALITY", "MODEL_QUALITY")
    path = step_field_member("Processing", ["PropertyFiles", 0, "FilePath"])
    assert path is not None
    assert path.documentation == "The path of the file inside that output."


@pytest.mark.parametrize(
    ("kind", "parts", "message", "nearest"),
    [
        (
            "Lambda",
            ["FunctionARN"],
            "Lambda steps have no field 'FunctionARN' beside Arguments; did you mean FunctionArn",
            "FunctionArn",
        ),
        (
            "Fail",
            ["CacheConfig"],
            "Fail steps have no field 'CacheConfig' beside Arguments; it has DependsOn, DisplayName, Description",
            None,
        ),
        (
            "Training",
            ["CacheConfig", "Enable"],
            "Enable is no member of CacheConfig; did you mean CacheConfig.Enabled",
            "Enabled",
        ),
        ("Trainin", ["CacheConfig"], "Trainin is no step kind", "Training"),
    ],
)
def test_fields_that_do_not_fit(kind: str, parts: list[str | int], message: str, nearest: str | None) -> None:
    found = step_field_shape(kind, parts)
    assert isinstance(found, PathProblem)
    assert (found.message, found.nearest) == (message, nearest)
    assert step_field_member(kind, parts) is None


def test_no_field_is_a_problem_too() -> None:
    assert isinstance(step_field_shape("Training", []), PathProblem)
