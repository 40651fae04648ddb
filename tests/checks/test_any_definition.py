"""No definition makes the rules raise, every finding points at something, and time grows with size."""

import copy
import time
from collections.abc import Iterator

from hypothesis import given, strategies as st

from smgen.checks import check_definition
from smgen.definition import parse_definition
from smgen.diagnostics import Finding, FindingsError, render
from smgen.documents import JsonValue
from tests.checks.definitions import corpus_document, put, value_at

NUMBERS = ("01", "02", "03", "04", "05", "06", "07", "08")


def get(path: str) -> JsonValue:
    return {"Get": path}


NAMES = st.sampled_from(["Train", "Prepare", "Loop", "Gate", "A", "", "a.b", "a'b", "a[0]", "é", "\x00"])
PATHS = st.sampled_from(
    [
        "ModelArtifacts.S3ModelArtifacts",
        "ModelArtifacts",
        "",
        "ProcessingOutputConfig.Outputs['out'].S3Output.S3Uri",
        "ProcessingOutputConfig.Outputs['o'ut'].S3Output.S3Uri",
        "ProcessingOutputConfig.Outputs[-1]",
        "OutputParameters['x']",
        "PropertyFiles.Report",
        "IterationOutputs[0].A.B",
        "IterationOutputs[0]",
        "..",
        "['",
    ]
)
REFERENCES: st.SearchStrategy[JsonValue] = st.one_of(
    st.tuples(NAMES, PATHS).map(lambda both: get(f"Steps.{both[0]}.{both[1]}")),
    NAMES.map(lambda name: get(f"Steps.{name}")),
    NAMES.map(lambda name: get(f"Parameters.{name}")),
    st.text(max_size=12).map(get),
    st.just({"Get": "ForEach.CurrentItem"}),
    st.just({"Get": "IterationOutput.A.ModelName"}),
    st.just({"Get": "Execution.PipelineExecutionId"}),
    st.just({"Get": "Execution.Nothing"}),
    st.just({"Get": 5}),
    st.just({"Get": "Steps.A.B", "more": 1}),
    st.just({"Std:Join": {"On": "/", "Values": ["s3:/", "bucket", {"Get": "Execution.PipelineExecutionId"}]}}),
    st.just({"Std:Join": {"Values": 1}}),
    st.just({"Std:Joint": {}}),
    st.just({"Std:JsonGet": {"PropertyFile": {"Get": "Steps.A.PropertyFiles.Report"}, "Path": "a.b"}}),
    st.just({"Std:JsonGet": {"S3Uri": "s3://bucket/out/x.json", "Path": {"Get": "Parameters.A"}}}),
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=8)
)
LOCATIONS: st.SearchStrategy[JsonValue] = st.sampled_from(
    ["s3://bucket/out", "s3://bucket/out/", "s3://bucket/out/x", "s3://bucket", "s3://", "/", ""]
)
VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    st.one_of(SCALARS, REFERENCES, LOCATIONS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["Get", "Std:Join", "Std:JsonGet", "Conditions", "Type", "LeftValue", "RightValue", "x", "S3Uri"]
            ),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=6,
)
KINDS = st.sampled_from(
    (
        *("Training", "Processing", "Model", "RegisterModel", "Condition", "ForEach", "Lambda", "Fail", "Transform"),
        *("Tuning", "QualityCheck", "Cleanup", "EMR", "Unknown", ""),
    )
)
MEMBERS = st.sampled_from(
    (
        *(
            "Conditions",
            "InputDataConfig",
            "OutputDataConfig",
            "ProcessingInputs",
            "ProcessingOutputConfig",
            "ModelName",
        ),
        *("PrimaryContainer", "ModelMetrics", "Selector", "Resources", "TransformOutput", "AppSpecification", "Get"),
    )
)


def output_folder(value: JsonValue) -> JsonValue:
    return {"S3OutputPath": value}


def outputs(named: tuple[JsonValue, str]) -> JsonValue:
    return {"Outputs": [{"OutputName": named[1], "S3Output": {"S3Uri": named[0]}}]}


def inputs(named: tuple[JsonValue, str]) -> JsonValue:
    return [{"InputName": named[1], "S3Input": {"S3Uri": named[0]}}]


def comparison(value: JsonValue) -> JsonValue:
    return [{"Type": "LessThan", "LeftValue": value, "RightValue": 1}]


def nested_conditions(both: tuple[JsonValue, JsonValue]) -> JsonValue:
    return [{"Type": "Or", "Conditions": [{"Type": "Not", "Condition": both[0]}, both[1]]}]


MIXED: st.SearchStrategy[JsonValue] = st.sampled_from(["a text", True, 5])
SHAPED: st.SearchStrategy[JsonValue] = st.one_of(
    VALUES,
    VALUES.map(output_folder),
    st.tuples(VALUES, NAMES).map(outputs),
    st.tuples(VALUES, NAMES).map(inputs),
    VALUES.map(comparison),
    MIXED.map(comparison),
    LOCATIONS.map(output_folder),
    st.tuples(LOCATIONS, NAMES).map(outputs),
    st.tuples(LOCATIONS, NAMES).map(inputs),
    st.tuples(VALUES, VALUES).map(nested_conditions),
)


def steps(depth: int) -> st.SearchStrategy[JsonValue]:
    none: dict[str, JsonValue] = {}
    branches: st.SearchStrategy[dict[str, JsonValue]] = st.just(none)
    if depth:
        inner: st.SearchStrategy[JsonValue] = st.lists(steps(depth - 1), max_size=2)
        branches = st.dictionaries(st.sampled_from(["IfSteps", "ElseSteps", "ForEachBody"]), inner, max_size=3)
    return st.builds(
        step,
        NAMES,
        KINDS,
        st.dictionaries(MEMBERS, SHAPED, max_size=3),
        branches,
        st.lists(NAMES, max_size=2),
        st.lists(NAMES, max_size=1),
        VALUES,
    )


def step(
    name: str,
    kind: str,
    arguments: dict[str, JsonValue],
    branches: dict[str, JsonValue],
    depends_on: list[str],
    files: list[str],
    output_parameters: JsonValue,
) -> JsonValue:
    return {
        "Name": name,
        "Type": kind,
        "Arguments": {**arguments, **branches},
        "DependsOn": [*depends_on],
        "PropertyFiles": [{"PropertyFileName": file, "OutputName": "out", "FilePath": "x"} for file in files],
        "OutputParameters": output_parameters,
    }


def definition(parts: tuple[list[str], list[JsonValue]]) -> JsonValue:
    return {
        "Version": "2020-12-01",
        "Parameters": [{"Name": name, "Type": "String"} for name in parts[0]],
        "Steps": parts[1],
    }


DEFINITIONS = st.tuples(st.lists(NAMES, max_size=3), st.lists(steps(2), max_size=4)).map(definition)


def checked(document: JsonValue) -> tuple[Finding, ...]:
    findings = check_definition(parse_definition(document))
    for finding in findings:
        for place in (finding.place, finding.given_at, finding.expected_at):
            if place is not None and place.pointer is not None:
                # KeyError or IndexError when the pointer leads to nothing.
                value_at(document, place.pointer)
    # Every text of a finding can be shown.
    assert render(findings)
    return findings


@given(DEFINITIONS)
def test_random_definitions(document: JsonValue) -> None:
    checked(document)


@given(st.sampled_from(NUMBERS), st.data())
def test_mutated_recorded_definitions(number: str, data: st.DataObject) -> None:
    document = corpus_document(number)
    for _ in range(data.draw(st.integers(1, 4))):
        places = list(pointers(document))
        # A copy: the next edit may change what this one put in.
        put(document, data.draw(st.sampled_from(places)), copy.deepcopy(data.draw(VALUES)))
    try:
        parse_definition(document)
    except FindingsError:
        return
    checked(document)


def pointers(document: JsonValue) -> Iterator[str]:
    """Every place below the top of a document."""
    todo: list[tuple[str, JsonValue]] = [("", document)]
    while todo:
        at, here = todo.pop()
        items = here.items() if isinstance(here, dict) else enumerate(here) if isinstance(here, list) else ()
        for key, value in items:
            below = f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}"
            yield below
            todo.append((below, value))


def training(number: int, reads: JsonValue, path: str) -> JsonValue:
    return {
        "Name": f"Train{number}",
        "Type": "Training",
        "Arguments": {
            "InputDataConfig": [{"ChannelName": "train", "DataSource": {"S3DataSource": {"S3Uri": reads}}}],
            "OutputDataConfig": {"S3OutputPath": path},
        },
    }


def pipeline(steps: list[JsonValue]) -> JsonValue:
    return {"Version": "2020-12-01", "Steps": steps}


def test_one_long_cycle_is_one_finding() -> None:
    size = 3_000
    document = pipeline(
        [
            training(number, {"Get": f"Steps.Train{(number + 1) % size}.ModelArtifacts.S3ModelArtifacts"}, "s3://b/x")
            for number in range(size)
        ]
    )
    (found,) = (finding for finding in checked(document) if finding.rule == "SMG310")
    assert found.message == (
        "Train0 waits for itself: Train0 -> Train1 -> Train2 -> Train3 -> Train4 -> Train5 -> Train6 -> Train7 -> "
        "Train8 -> Train9 -> Train10 -> Train11 -> … 2988 more … -> Train0"
    )


def test_5_000_steps_that_refer_to_nothing_take_seconds_at_most() -> None:
    document = pipeline(
        [training(number, {"Get": f"Steps.Trian{number}.ModelArtifacts"}, "s3://b/x") for number in range(5_000)]
    )
    start = time.process_time()
    found = check_definition(parse_definition(document))
    # Measured 2 s; quadratic work would take minutes.
    assert time.process_time() - start < 30
    assert sum(finding.rule == "SMG303" for finding in found) == 5_000


def test_5_000_steps_in_one_place_take_seconds_at_most() -> None:
    step_documents: list[JsonValue] = [
        {
            "Name": f"Process{number}",
            "Type": "Processing",
            "Arguments": {
                "ProcessingInputs": [{"InputName": "in", "S3Input": {"S3Uri": f"s3://bucket/out/{number}"}}],
                "ProcessingOutputConfig": {
                    "Outputs": [{"OutputName": "out", "S3Output": {"S3Uri": "s3://bucket/out"}}]
                },
            },
            "DependsOn": [f"Process{number - 1}"] if number else [],
        }
        for number in range(5_000)
    ]
    start = time.process_time()
    found = check_definition(parse_definition(pipeline(step_documents)))
    assert time.process_time() - start < 30
    assert sum(finding.rule == "SMG312" for finding in found) == 1
