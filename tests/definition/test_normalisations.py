"""Each normalisation: where it applies, and the near misses where it must not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from smgen.definition import ALL, N1, N2, N3, N4, Application, Normalisation, compare, normalise, parse_definition
from smgen.documents import JsonObject, JsonValue

CORPUS = Path(__file__).parents[1] / "data" / "corpus"
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def with_step(kind: str, arguments: JsonValue, **members: JsonValue) -> JsonObject:
    step: JsonObject = {"Name": "S", "Type": kind, "Arguments": arguments, **members}
    return {"Version": "2020-12-01", "Steps": [step]}


def applied(document: JsonObject, *normalisations: Normalisation) -> list[str]:
    """The pointers at which one normalisation was applied, below the Arguments of the first step."""
    return [
        application.pointer.removeprefix("/Steps/0/Arguments")
        for application in normalise(document, normalisations).applications
    ]


def arguments_of(document: JsonObject, *normalisations: Normalisation) -> JsonValue:
    steps = normalise(document, normalisations).document["Steps"]
    assert isinstance(steps, list)
    assert isinstance(steps[0], dict)
    return steps[0]["Arguments"]


def processing_input(name: JsonValue, uri: JsonValue = "s3://b/data", **members: JsonValue) -> JsonObject:
    return {"InputName": name, "S3Input": {"S3Uri": uri}, **members}


def test_the_four_have_ids_names_and_reasons() -> None:
    assert [(item.id, item.name) for item in ALL] == [
        ("N1", "app-managed-false"),
        ("N2", "empty-object"),
        ("N3", "input-name"),
        ("N4", "code-location"),
    ]
    assert all(item.reason.endswith(".") for item in ALL)


# N1


@pytest.mark.parametrize("kind", ["Processing", "QualityCheck", "ClarifyCheck"])
def test_n1_takes_app_managed_false_from_inputs_and_outputs(kind: str) -> None:
    document = with_step(
        kind,
        {
            "ProcessingInputs": [{"InputName": "a", "AppManaged": False}, {"InputName": "b", "AppManaged": True}],
            "ProcessingOutputConfig": {"Outputs": [{"AppManaged": False, "OutputName": "c"}]},
        },
    )
    assert applied(document, N1) == [
        "/ProcessingInputs/0/AppManaged",
        "/ProcessingOutputConfig/Outputs/0/AppManaged",
    ]
    assert arguments_of(document, N1) == {
        "ProcessingInputs": [{"InputName": "a"}, {"InputName": "b", "AppManaged": True}],
        "ProcessingOutputConfig": {"Outputs": [{"OutputName": "c"}]},
    }


@pytest.mark.parametrize(
    "document",
    [
        with_step(
            "Processing", {"ProcessingInputs": [{"AppManaged": 0}, {"AppManaged": None}, {"AppManaged": "false"}]}
        ),
        with_step("Processing", {"AppManaged": False, "Environment": {"AppManaged": False}}),
        with_step("Processing", {"ProcessingInputs": {"AppManaged": False}}),
        with_step("Lambda", {"ProcessingInputs": [{"AppManaged": False}]}),
        with_step("Unheard", {"ProcessingInputs": [{"AppManaged": False}]}),
        with_step("Processing", {}, ProcessingInputs=[{"AppManaged": False}]),
    ],
)
def test_n1_near_misses(document: JsonObject) -> None:
    assert applied(document, N1) == []
    assert normalise(document, [N1]).document == document


# N2


def test_n2_takes_empty_objects_and_what_is_left_empty_by_them() -> None:
    document: JsonObject = {"Metadata": {}, **with_step("Model", {"A": {"B": {"C": {}}, "D": {}}, "E": {"F": 1}})}
    assert [application.pointer for application in normalise(document, [N2]).applications] == [
        "/Metadata",
        "/Steps/0/Arguments/A",
        "/Steps/0/Arguments/A/B",
        "/Steps/0/Arguments/A/B/C",
        "/Steps/0/Arguments/A/D",
    ]
    assert normalise(document, [N2]).document == with_step("Model", {"E": {"F": 1}})


def test_n2_takes_what_n1_leaves_empty_but_no_item_of_a_list() -> None:
    document = with_step("Processing", {"ProcessingInputs": [{"AppManaged": False}, {}], "Environment": {}})
    assert arguments_of(document, *ALL) == {"ProcessingInputs": [{}, {}]}


NOT_EMPTY: list[JsonValue] = [
    [],
    "",
    None,
    0,
    False,
    [{}],
    {"Get": ""},
    {"Get": {}},
    {"Std:Join": {"On": "", "Values": []}},
    {"Std:Join": {"On": "", "Values": [{}]}},
    {"Std:Join": {}},
    {"Std:JsonGet": {"PropertyFile": {}, "Path": ""}},
]


@pytest.mark.parametrize("value", NOT_EMPTY)
def test_n2_near_misses(value: JsonValue) -> None:
    document = with_step("Model", {"A": value})
    assert applied(document, N2) == []
    assert normalise(document, [N2]).document == document


def test_n2_never_takes_the_document() -> None:
    assert normalise({}, ALL).document == {}


# N3


def test_n3_takes_names_that_the_sdk_made() -> None:
    document = with_step(
        "Processing",
        {"ProcessingInputs": [processing_input("input-1"), processing_input("model"), processing_input("input-3")]},
    )
    assert applied(document, N3) == ["/ProcessingInputs/0/InputName", "/ProcessingInputs/2/InputName"]
    assert arguments_of(document, N3) == {
        "ProcessingInputs": [
            {"S3Input": {"S3Uri": "s3://b/data"}},
            processing_input("model"),
            {"S3Input": {"S3Uri": "s3://b/data"}},
        ]
    }


@pytest.mark.parametrize(
    "name", ["input-2", "input-01", "Input-1", "input-1 ", "input_1", "input-", 1, {"Get": "Parameters.input-1"}]
)
def test_n3_near_misses(name: JsonValue) -> None:
    document = with_step("Processing", {"ProcessingInputs": [processing_input(name)]})
    assert applied(document, N3) == []


def test_n3_leaves_other_lists_alone() -> None:
    channels = with_step("Training", {"InputDataConfig": [{"ChannelName": "input-1", "InputName": "input-1"}]})
    assert applied(channels, N3) == []
    payload = with_step("Callback", {"ProcessingInputs": [processing_input("input-1")]})
    assert applied(payload, N3) == []
    outputs = with_step("Processing", {"ProcessingOutputConfig": {"Outputs": [{"OutputName": "output-1"}]}})
    assert applied(outputs, N3) == []


@pytest.mark.parametrize(
    ("path", "taken"),
    [
        ("Steps.S.ProcessingInputs['input-1'].S3Input.S3Uri", False),
        ('Steps.S.ProcessingInputs["input-1"].S3Input.S3Uri', False),
        ("Steps.Other.ProcessingInputs['input-1'].S3Input.S3Uri", True),
        ("Steps.S.ProcessingInputs['input-2'].S3Input.S3Uri", True),
        ("Steps.S.ProcessingInputs[0].S3Input.S3Uri", True),
        ("Steps.S.ProcessingOutputConfig.Outputs['input-1'].S3Output.S3Uri", True),
    ],
)
def test_n3_leaves_a_name_that_something_reads(path: str, taken: bool) -> None:
    document = with_step("Processing", {"ProcessingInputs": [processing_input("input-1")]})
    steps = document["Steps"]
    assert isinstance(steps, list)
    location: JsonObject = {"Std:Join": {"On": "/", "Values": [{"Get": path}, "x"]}}
    steps.append({"Name": "T", "Type": "Model", "Arguments": {"PrimaryContainer": {"ModelDataUrl": location}}})
    assert applied(document, N3) == (["/ProcessingInputs/0/InputName"] if taken else [])


def test_n3_lets_the_other_side_choose_a_name() -> None:
    made = with_step("Processing", {"ProcessingInputs": [processing_input("input-1"), processing_input("code")]})
    chosen = with_step("Processing", {"ProcessingInputs": [processing_input("raw_data"), processing_input("code")]})
    for left, right in ((made, chosen), (chosen, made)):
        comparison = compare(left, right)
        assert comparison.differences == ()
        assert comparison.counts == {"N1": 0, "N2": 0, "N3": 1, "N4": 0}


def test_n3_is_about_names_made_by_the_sdk_on_one_side() -> None:
    left = with_step("Processing", {"ProcessingInputs": [processing_input("raw")]})
    right = with_step("Processing", {"ProcessingInputs": [processing_input("data")]})
    (difference,) = compare(left, right).differences
    assert difference.pointer == "/Steps/0/Arguments/ProcessingInputs/0/InputName"


def test_n3_leaves_a_chosen_name_that_something_reads() -> None:
    made = with_step("Processing", {"ProcessingInputs": [processing_input("input-1")]})
    chosen = with_step(
        "Processing",
        {
            "ProcessingInputs": [processing_input("raw")],
            "Environment": {"X": {"Get": "Steps.S.ProcessingInputs['raw'].S3Input.S3Uri"}},
        },
    )
    differing = [difference.pointer for difference in compare(made, chosen, normalisations=[N3]).differences]
    assert differing == ["/Steps/0/Arguments/ProcessingInputs/0/InputName", "/Steps/0/Arguments/Environment"]


def test_n3_is_about_the_same_position() -> None:
    left = with_step("Processing", {"ProcessingInputs": [processing_input("input-1", "s3://b/1")]})
    right = with_step(
        "Processing", {"ProcessingInputs": [processing_input("x", "s3://b/2"), processing_input("y", "s3://b/1")]}
    )
    differing = [difference.pointer for difference in compare(left, right).differences]
    assert differing == [
        "/Steps/0/Arguments/ProcessingInputs/0/S3Input/S3Uri",
        "/Steps/0/Arguments/ProcessingInputs/1",
    ]


# N4


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        (f"s3://b/p/code/{SHA256}/run.py", "s3://b/p/code/<HASH>/run.py"),
        (f"s3://b/code/{SHA256[:32]}", "s3://b/code/<HASH>"),
        (f"s3://b/code/prep-{SHA256[:40]}.py", "s3://b/code/prep-<HASH>.py"),
        ("s3://b/job-2026-11-23-14-24-31-123/input/code/run.py", "s3://b/job-<TIMESTAMP>/input/code/run.py"),
        ("s3://b/job-2026-11-23-14-24-31-7/input/code/run.py", "s3://b/job-<TIMESTAMP>/input/code/run.py"),
        ("s3://b/train-20261123142431/input/code", "s3://b/train-<TIMESTAMP>/input/code"),
        ("s3://b/job-261123-1424/source", "s3://b/job-<TIMESTAMP>/source"),
        ("s3://b/job-1795443225-0f3a/source", "s3://b/job-<TIMESTAMP>/source"),
    ],
)
def test_n4_replaces_hashes_and_timestamps_in_code_locations(text: str, normal: str) -> None:
    document = with_step("Processing", {"ProcessingInputs": [processing_input("code", text)]})
    assert applied(document, N4) == ["/ProcessingInputs/0/S3Input/S3Uri"]
    assert arguments_of(document, N4) == {"ProcessingInputs": [processing_input("code", normal)]}


@pytest.mark.parametrize(
    "text",
    [
        "s3://b/p/code/<HASH>/run.py",
        "s3://b/job-<TIMESTAMP>/input/code/run.py",
        f"s3://{SHA256[:40]}/code/run.py",
        f"s3://b/code/{SHA256[:31]}/run.py",
        f"s3://b/code/{SHA256}0/run.py",
        f"s3://b/code/x{SHA256[:40]}/run.py",
        f"s3://b/code/{SHA256.upper()}/run.py",
        "s3://b/code/v2026-11-23/run.py",
        "s3://b/code/123456-7890/run.py",
        "s3://b/code/20269923142431/run.py",
        "s3://b/code/2611-23-1424/run.py",
        "s3://b/code/2026112314243/run.py",
        "s3://b/code/1795443225/run.py",
    ],
)
def test_n4_near_misses_in_code_locations(text: str) -> None:
    document = with_step("Processing", {"ProcessingInputs": [processing_input("code", text)]})
    assert applied(document, N4) == []


CODE = f"s3://b/code/{SHA256}/x"
ARCHIVE = f"s3://b/code/{SHA256}/sourcedir.tar.gz"


def channel(name: str) -> JsonObject:
    return {"ChannelName": name, "DataSource": {"S3DataSource": {"S3Uri": CODE}}}


@pytest.mark.parametrize(
    ("kind", "arguments", "expected"),
    [
        ("Training", {"HyperParameters": {"sagemaker_submit_directory": f'"{ARCHIVE}"'}}, "sagemaker_submit_directory"),
        ("Training", {"HyperParameters": {"sagemaker_submit_directory": CODE}}, "sagemaker_submit_directory"),
        (
            "Tuning",
            {"TrainingJobDefinitions": [{"StaticHyperParameters": {"sagemaker_submit_directory": CODE}}]},
            "sagemaker_submit_directory",
        ),
        ("Training", {"Environment": {"SAGEMAKER_SUBMIT_DIRECTORY": CODE}}, "SAGEMAKER_SUBMIT_DIRECTORY"),
        (
            "Model",
            {"PrimaryContainer": {"Environment": {"SAGEMAKER_SUBMIT_DIRECTORY": CODE}}},
            "SAGEMAKER_SUBMIT_DIRECTORY",
        ),
        ("Training", {"InputDataConfig": [channel("train"), channel("code")]}, "S3Uri"),
        ("Training", {"InputDataConfig": [channel("sm_drivers")]}, "S3Uri"),
        (
            "Processing",
            {"ProcessingInputs": [processing_input("entrypoint", f"s3://b/code/{SHA256}/runproc.sh")]},
            "S3Uri",
        ),
        ("Processing", {"Environment": {"ANY": ARCHIVE}}, "ANY"),
    ],
)
def test_n4_knows_where_code_lies(kind: str, arguments: JsonValue, expected: str) -> None:
    document = with_step(kind, arguments)
    (pointer,) = applied(document, N4)
    assert pointer.endswith("/" + expected)
    assert SHA256 not in json.dumps(arguments_of(document, N4)).replace(json.dumps(channel("train")), "")


def test_n4_reaches_into_joins() -> None:
    uri: JsonValue = {"Std:Join": {"On": "/", "Values": ["s3:/", {"Get": "Parameters.B"}, f"code/{SHA256}", "run.py"]}}
    document = with_step("Processing", {"ProcessingInputs": [processing_input("code", uri)]})
    assert applied(document, N4) == ["/ProcessingInputs/0/S3Input/S3Uri/Std:Join/Values/2"]
    normal: JsonValue = {"Std:Join": {"On": "/", "Values": ["s3:/", {"Get": "Parameters.B"}, "code/<HASH>", "run.py"]}}
    assert arguments_of(document, N4) == {"ProcessingInputs": [processing_input("code", normal)]}


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("Processing", {"ProcessingInputs": [processing_input("data", CODE), processing_input("Code", CODE)]}),
        ("Processing", {"ProcessingInputs": [processing_input("code", {"Get": f"Parameters.{SHA256}"})]}),
        ("Processing", {"ProcessingInputs": [{"InputName": "code", "S3Input": {"LocalPath": CODE}}]}),
        ("Processing", {"ProcessingOutputConfig": {"Outputs": [{"OutputName": "code", "S3Output": {"S3Uri": CODE}}]}}),
        ("Training", {"InputDataConfig": [channel("train")]}),
        ("Training", {"Tags": [channel("code")], "Environment": {"Key": [channel("code")]}}),
        ("Training", {"OutputDataConfig": {"S3OutputPath": CODE}}),
        ("Training", {"HyperParameters": {"other": CODE}, "sagemaker_submit_directory": CODE}),
        ("Model", {"PrimaryContainer": {"ModelDataUrl": f"s3://b/{SHA256}/model.tar.gz"}}),
        ("Lambda", {"HyperParameters": {"sagemaker_submit_directory": CODE}, "location": ARCHIVE}),
        ("Unheard", {"HyperParameters": {"sagemaker_submit_directory": CODE}}),
    ],
)
def test_n4_leaves_data_alone(kind: str, arguments: JsonValue) -> None:
    document = with_step(kind, arguments)
    assert applied(document, N4) == []
    assert normalise(document, [N4]).document == document


def test_n4_counts_a_place_once_when_one_side_is_a_placeholder_already() -> None:
    left = with_step("Processing", {"ProcessingInputs": [processing_input("code", CODE)]})
    right = with_step("Processing", {"ProcessingInputs": [processing_input("code", "s3://b/code/<HASH>/x")]})
    comparison = compare(left, right)
    assert comparison.differences == ()
    assert comparison.counts == {"N1": 0, "N2": 0, "N3": 0, "N4": 1}


# All


def test_normalising_reaches_steps_in_branches() -> None:
    inner: JsonObject = {"Name": "P", "Type": "Processing", "Arguments": {"ProcessingInputs": [{"AppManaged": False}]}}
    nested: JsonObject = {"Name": "L", "Type": "ForEach", "Arguments": {"ForEachBody": [inner]}}
    document = with_step("Condition", {"IfSteps": [], "ElseSteps": [nested]})
    assert applied(document, N1) == ["/ElseSteps/0/Arguments/ForEachBody/0/Arguments/ProcessingInputs/0/AppManaged"]


def test_normalising_leaves_the_document_it_is_given() -> None:
    value = json.loads((CORPUS / "01-abalone-train-eval-transform.json").read_text(encoding="utf-8"))["definition"]
    before = deepcopy(value)
    assert normalise(value).counts == {"N1": 9, "N2": 5, "N3": 3}
    assert normalise(parse_definition(value)) == normalise(value)
    assert value == before


def test_normalising_twice_is_normalising_once() -> None:
    for file in sorted(CORPUS.glob("*.json")):
        once = normalise(json.loads(file.read_text(encoding="utf-8"))["definition"])
        assert normalise(once.document).applications == ()


def _orders(value: JsonValue) -> Iterator[list[str]]:
    """The names of the members of every object, in order, without members that N1 to N3 take."""
    if isinstance(value, dict):
        yield [key for key in value if key not in ("AppManaged", "InputName") and value[key] != {}]
        for item in value.values():
            yield from _orders(item)
    elif isinstance(value, list):
        for item in value:
            yield from _orders(item)


def test_nothing_is_reordered() -> None:
    for file in sorted(CORPUS.glob("*.json")):
        document = json.loads(file.read_text(encoding="utf-8"))["definition"]
        before = [order for order in _orders(document) if order]
        assert [order for order in _orders(normalise(document).document) if order] == before


def test_applications_are_in_the_order_of_the_normalisations_and_the_document() -> None:
    document = with_step(
        "Processing",
        {
            "Environment": {},
            "ProcessingInputs": [processing_input("input-1", AppManaged=False), processing_input("code", CODE)],
        },
    )
    at = "/Steps/0/Arguments"
    assert normalise(document).applications == (
        Application("N1", f"{at}/ProcessingInputs/0/AppManaged"),
        Application("N3", f"{at}/ProcessingInputs/0/InputName"),
        Application("N4", f"{at}/ProcessingInputs/1/S3Input/S3Uri"),
        Application("N2", f"{at}/Environment"),
    )


MEMBERS = st.sampled_from(
    [
        *("Steps", "Name", "Type", "Arguments", "ProcessingInputs", "ProcessingOutputConfig", "Outputs", "AppManaged"),
        *("InputName", "S3Input", "S3Uri", "HyperParameters", "sagemaker_submit_directory", "InputDataConfig"),
        *("ChannelName", "DataSource", "S3DataSource", "Get", "Std:Join", "Values", "On", "IfSteps"),
    ]
)
SCALARS: st.SearchStrategy[JsonValue] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["Processing", "Training", "Condition", "code", "input-1", "input-2", CODE, ARCHIVE, "/"])
)
JSON: st.SearchStrategy[JsonValue] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=5), max_leaves=25
)
ARGUMENTS: st.SearchStrategy[JsonObject] = st.dictionaries(MEMBERS, JSON, max_size=5)


@given(st.sampled_from(["Processing", "Training", "Condition"]), ARGUMENTS)
def test_any_document_is_normalised_once(kind: str, arguments: JsonObject) -> None:
    document = with_step(kind, arguments)
    before = repr(document)
    once = normalise(document)
    assert repr(document) == before
    assert normalise(once.document).document == once.document
    assert compare(document, once.document).differences == ()
