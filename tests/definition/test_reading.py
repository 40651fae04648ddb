"""Reading definitions: the typed views, tolerance, every reason why a document is none, and copies."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from smgen.definition import (
    Branch,
    Dependency,
    Parameter,
    PropertyFile,
    StepScope,
    dump_definition,
    parse_definition,
)
from smgen.diagnostics import FindingsError, Place
from smgen.documents import DEFINITION_LIMITS, JsonObject, JsonValue, parse_document, pretty_json


def a_definition(*steps: JsonValue, **members: JsonValue) -> JsonObject:
    return {"Version": "2020-12-01", **members, "Steps": list(steps)}


def a_step(name: str, kind: str = "Training", **members: JsonValue) -> JsonObject:
    return {"Name": name, "Type": kind, "Arguments": {}, **members}


def a_condition(name: str, then: list[JsonValue], otherwise: list[JsonValue]) -> JsonObject:
    return a_step(name, "Condition", Arguments={"Conditions": [], "IfSteps": then, "ElseSteps": otherwise})


def test_the_top_level_has_typed_views() -> None:
    definition = parse_definition(
        a_definition(
            Metadata={"a": 1},
            Parameters=[
                {"Name": "A", "Type": "String", "DefaultValue": "x", "EnumValues": ["x", "y"], "More": 1},
                {"Name": "B", "Type": "Integer"},
                {"Name": "C", "Type": "Float", "DefaultValue": None},
            ],
            PipelineExperimentConfig={"ExperimentName": {"Get": "Execution.PipelineName"}},
            MlflowConfig={"MlflowResourceArn": "arn"},
            Unknown=[1],
        ),
        file="a.json",
    )
    assert definition.version == "2020-12-01"
    assert definition.file == "a.json"
    assert definition.metadata == {"a": 1}
    assert definition.parameters == (
        Parameter("A", "String", "x", True, ("x", "y"), "/Parameters/0"),
        Parameter("B", "Integer", None, False, None, "/Parameters/1"),
        Parameter("C", "Float", None, True, None, "/Parameters/2"),
    )
    assert definition.experiment == {"ExperimentName": {"Get": "Execution.PipelineName"}}
    assert definition.mlflow == {"MlflowResourceArn": "arn"}
    assert definition.steps == ()
    assert dump_definition(definition)["Unknown"] == [1]


def test_null_stands_for_absent() -> None:
    step = a_step(
        "A", Arguments=None, DependsOn=None, CacheConfig=None, RetryPolicies=None, PropertyFiles=None, Extra=None
    )
    document = a_definition(
        step,
        a_step("C", "Condition", Arguments={"IfSteps": None, "ElseSteps": None}),
        Metadata=None,
        Parameters=None,
        PipelineExperimentConfig=None,
        MlflowConfig=None,
    )
    definition = parse_definition(document)
    assert (definition.metadata, definition.parameters) == ({}, ())
    assert (definition.experiment, definition.mlflow) == (None, None)
    first, second = definition.steps
    assert (first.arguments, first.depends_on, first.cache, first.retry, first.property_files) == ({}, (), None, (), ())
    assert first.fields == {"Extra": None}
    assert second.branches == ()
    assert dump_definition(definition) == document


def test_a_step_has_typed_views() -> None:
    definition = parse_definition(
        a_definition(
            {
                "Name": "P",
                "Type": "SomethingNew",
                "Arguments": {"a": 1},
                "DisplayName": "Shown",
                "DependsOn": ["A", {"Step": "B", "Trigger": "Failed"}, {"Step": "C"}],
                "CacheConfig": {"Enabled": True, "ExpireAfter": "P30D"},
                "RetryPolicies": [{"MaxAttempts": 3}],
                "PropertyFiles": [{"PropertyFileName": "R", "OutputName": "out", "FilePath": "r.json"}],
                "FunctionArn": "arn",
            }
        )
    )
    (step,) = definition.steps
    assert (step.name, step.type, step.pointer, step.scope) == ("P", "SomethingNew", "/Steps/0", ())
    assert step.arguments == {"a": 1}
    assert step.depends_on == (
        Dependency("A", None, "/Steps/0/DependsOn/0"),
        Dependency("B", "Failed", "/Steps/0/DependsOn/1"),
        Dependency("C", None, "/Steps/0/DependsOn/2"),
    )
    assert step.cache == {"Enabled": True, "ExpireAfter": "P30D"}
    assert step.retry == ({"MaxAttempts": 3},)
    assert step.property_files == (PropertyFile("R", "out", "r.json", "/Steps/0/PropertyFiles/0"),)
    assert list(step.fields.items()) == [("DisplayName", "Shown"), ("FunctionArn", "arn")]


def test_the_tree_of_steps_knows_its_branches() -> None:
    inner = a_condition("Inner", [a_step("B")], [a_step("C")])
    loop = a_step("Loop", "ForEach", Arguments={"MaxConcurrency": 1, "ForEachBody": [a_step("D", "Lambda")]})
    definition = parse_definition(
        a_definition(a_step("A"), a_condition("Outer", [inner], [a_step("E", "Fail")]), loop, a_step("F"))
    )
    assert [step.name for step in definition.steps] == ["A", "Outer", "Loop", "F"]
    assert [(step.name, step.scope, step.pointer) for step in definition.all_steps()] == [
        ("A", (), "/Steps/0"),
        ("Outer", (), "/Steps/1"),
        ("Inner", (StepScope("Outer", "if"),), "/Steps/1/Arguments/IfSteps/0"),
        ("B", (StepScope("Outer", "if"), StepScope("Inner", "if")), "/Steps/1/Arguments/IfSteps/0/Arguments/IfSteps/0"),
        (
            "C",
            (StepScope("Outer", "if"), StepScope("Inner", "else")),
            "/Steps/1/Arguments/IfSteps/0/Arguments/ElseSteps/0",
        ),
        ("E", (StepScope("Outer", "else"),), "/Steps/1/Arguments/ElseSteps/0"),
        ("Loop", (), "/Steps/2"),
        ("D", (StepScope("Loop", "body"),), "/Steps/2/Arguments/ForEachBody/0"),
        ("F", (), "/Steps/3"),
    ]
    outer = definition.steps[1]
    assert [(branch.name, branch.pointer) for branch in outer.branches] == [
        ("if", "/Steps/1/Arguments/IfSteps"),
        ("else", "/Steps/1/Arguments/ElseSteps"),
    ]
    assert isinstance(outer.branches[0], Branch)
    assert outer.branches[0].steps[0].name == "Inner"
    found = definition.step("D")
    assert found is not None
    assert found.type == "Lambda"
    assert definition.step("Nobody") is None


def test_branches_come_in_the_order_of_the_document() -> None:
    step = a_step("C", "Condition", Arguments={"ElseSteps": [a_step("B")], "IfSteps": [a_step("A")]})
    assert [inner.name for inner in parse_definition(a_definition(step)).all_steps()] == ["C", "B", "A"]


def test_steps_are_looked_for_only_where_the_kind_has_them() -> None:
    step = a_step("L", "Lambda", Arguments={"IfSteps": [a_step("A")], "ForEachBody": 1})
    assert [inner.name for inner in parse_definition(a_definition(step)).all_steps()] == ["L"]


WRONG: list[tuple[JsonValue, list[tuple[str, str | None, str]]]] = [
    (None, [("", None, "a pipeline definition has to be an object")]),
    ([], [("", None, "a pipeline definition has to be an object")]),
    ({}, [("", None, "Steps is missing"), ("", None, "Version is missing")]),
    ({"Version": "2021-01-01", "Steps": []}, [("/Version", None, "the definition is of another version")]),
    (
        {"Version": 1, "Steps": {}},
        [("/Steps", None, "Steps has to be a list"), ("/Version", None, "Version has to be a string")],
    ),
    (
        a_definition(
            Metadata=1,
            Parameters={},
            PipelineExperimentConfig="x",
            MlflowConfig=[],
        ),
        [
            ("/Metadata", None, "Metadata has to be an object"),
            ("/MlflowConfig", None, "MlflowConfig has to be an object"),
            ("/Parameters", None, "Parameters has to be a list"),
            ("/PipelineExperimentConfig", None, "PipelineExperimentConfig has to be an object"),
        ],
    ),
    (
        a_definition(
            Parameters=[1, {}, {"Name": 1, "Type": "String"}, {"Name": "A", "Type": "String", "EnumValues": 1}]
        ),
        [
            ("/Parameters/0", None, "an item of Parameters has to be an object"),
            ("/Parameters/1", None, "Name is missing"),
            ("/Parameters/2/Name", None, "Name has to be a string"),
            ("/Parameters/3/EnumValues", None, "EnumValues has to be a list"),
        ],
    ),
    (
        a_definition("A", {"Type": "Training"}, {"Name": "B"}, {"Name": None, "Type": []}),
        [
            ("/Steps/0", None, "a step has to be an object"),
            ("/Steps/1", None, "Name is missing"),
            ("/Steps/2", "B", "Type is missing"),
            ("/Steps/3/Name", None, "Name has to be a string"),
            ("/Steps/3/Type", None, "Type has to be a string"),
        ],
    ),
    (
        a_definition(
            a_step(
                "A",
                Arguments=[],
                DependsOn=[1, {"Trigger": 2}, {"Step": "B", "Trigger": 2}],
                CacheConfig=True,
                RetryPolicies=[None],
                PropertyFiles=[{"PropertyFileName": "R", "FilePath": 3}],
            )
        ),
        [
            ("/Steps/0/Arguments", "A", "Arguments has to be an object"),
            ("/Steps/0/CacheConfig", "A", "CacheConfig has to be an object"),
            ("/Steps/0/DependsOn/0", "A", "a dependency has to be a step's name, or an object with Step and Trigger"),
            (
                "/Steps/0/DependsOn/1",
                "A",
                "an item of DependsOn is a step's name, or an object with Step and Trigger",
            ),
            ("/Steps/0/DependsOn/2/Trigger", "A", "Trigger has to be a string"),
            ("/Steps/0/PropertyFiles/0", "A", "OutputName is missing"),
            ("/Steps/0/PropertyFiles/0/FilePath", "A", "FilePath has to be a string"),
            ("/Steps/0/RetryPolicies/0", "A", "an item of RetryPolicies has to be an object"),
        ],
    ),
    (
        a_definition(a_step("C", "Condition", Arguments={"IfSteps": {}, "ElseSteps": [1, {"Name": "X"}]})),
        [
            ("/Steps/0/Arguments/ElseSteps/0", "C", "a step has to be an object"),
            ("/Steps/0/Arguments/ElseSteps/1", "X", "Type is missing"),
            ("/Steps/0/Arguments/IfSteps", "C", "IfSteps has to be a list"),
        ],
    ),
]


@pytest.mark.parametrize(("document", "expected"), WRONG)
def test_everything_wrong_is_found_at_once(document: JsonValue, expected: list[tuple[str, str | None, str]]) -> None:
    with pytest.raises(FindingsError) as caught:
        parse_definition(document, file="a.json")
    findings = caught.value.findings
    assert [(found.place.pointer, found.place.step, found.message) for found in findings] == expected
    assert {found.rule for found in findings} == {"SMG300"}
    assert {found.place.file for found in findings} == {"a.json"}


def test_findings_say_what_was_given_and_expected() -> None:
    with pytest.raises(FindingsError) as caught:
        parse_definition({"Version": "2019-01-01", "Steps": True})
    steps, version = caught.value.findings
    assert (steps.given, steps.expected) == ("a boolean", "a list")
    assert (version.given, version.expected) == ("'2019-01-01'", "'2020-12-01'")


def test_a_document_gives_lines_to_findings_and_places() -> None:
    text = pretty_json(a_definition(a_step("A"), {"Name": "B", "Type": 1}))
    with pytest.raises(FindingsError) as caught:
        parse_definition(parse_document(text.encode(), "d.json", DEFINITION_LIMITS))
    (finding,) = caught.value.findings
    assert finding.place == Place(file="d.json", line=11, column=15, pointer="/Steps/1/Type", step="B")

    good = pretty_json(a_definition(a_step("A")))
    definition = parse_definition(parse_document(good.encode(), "d.json", DEFINITION_LIMITS))
    assert definition.place("/Steps/0/Name", step="A") == Place(
        file="d.json", line=5, column=15, pointer="/Steps/0/Name", step="A"
    )
    assert definition.place("/Steps/0/Name", key=True) == Place(
        file="d.json", line=5, column=7, pointer="/Steps/0/Name"
    )


def test_without_a_document_places_have_pointers() -> None:
    definition = parse_definition(a_definition(a_step("A")), file="d.json")
    assert definition.place("/Steps/0", step="A", port="x") == Place(
        file="d.json", pointer="/Steps/0", step="A", port="x"
    )


def test_a_definition_owns_its_document() -> None:
    document = a_definition(a_step("A", Arguments={"list": [1]}))
    definition = parse_definition(document)
    document["Steps"] = []
    dumped = dump_definition(definition)
    assert dumped == a_definition(a_step("A", Arguments={"list": [1]}))
    dumped["Steps"] = []
    assert dump_definition(definition) == a_definition(a_step("A", Arguments={"list": [1]}))


def nested_conditions(count: int) -> JsonValue:
    step: JsonValue = a_step("Leaf")
    for index in range(count):
        step = a_condition(f"C{index}", [step], [])
    return a_definition(step)


def test_deep_nesting_is_read_up_to_the_limit() -> None:
    # A definition, its list of steps, and four levels for a step with an empty Arguments in each branch.
    deepest = (DEFINITION_LIMITS.max_depth - 4) // 3
    definition = parse_definition(nested_conditions(deepest))
    assert len(definition.all_steps()) == deepest + 1
    assert len(definition.all_steps()[-1].scope) == deepest
    with pytest.raises(FindingsError) as caught:
        parse_definition(nested_conditions(deepest + 1), file="deep.json")
    (finding,) = caught.value.findings
    assert (finding.rule, finding.message) == ("SMG102", "the value is nested deeper than 200 levels")
    assert finding.place == Place(file="deep.json", pointer="")


def test_the_limit_is_that_of_the_parser() -> None:
    inner: JsonValue = 1
    for _ in range(DEFINITION_LIMITS.max_depth - 1):
        inner = [inner]
    deepest = a_definition(Other=inner)
    document = parse_document(pretty_json(deepest).encode(), "a.json", DEFINITION_LIMITS)
    assert dump_definition(parse_definition(document)) == dump_definition(parse_definition(deepest))
    too_deep = a_definition(Other=[inner])
    with pytest.raises(FindingsError, match="SMG102"):
        parse_definition(too_deep)
    with pytest.raises(FindingsError, match="SMG102"):
        parse_document(pretty_json(too_deep).encode(), "a.json", DEFINITION_LIMITS)


def test_pathological_nesting_is_a_finding() -> None:
    value: JsonValue = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(FindingsError):
        parse_definition(value)
    with pytest.raises(FindingsError):
        parse_definition(a_definition(value))


MEMBERS = st.sampled_from(
    [
        *("Version", "Metadata", "Parameters", "PipelineExperimentConfig", "MlflowConfig", "Steps", "Name", "Type"),
        *("Arguments", "DependsOn", "CacheConfig", "RetryPolicies", "PropertyFiles", "PropertyFileName", "OutputName"),
        *("FilePath", "Step", "Trigger", "DefaultValue", "EnumValues", "IfSteps", "ElseSteps", "ForEachBody", "x/~y"),
    ]
)
SCALARS: st.SearchStrategy[JsonValue] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=6)
    | st.sampled_from(["2020-12-01", "Condition", "ForEach", "Training"])
)
JSON: st.SearchStrategy[JsonValue] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=5), max_leaves=25
)


BRANCHES = {"Condition": ("IfSteps", "ElseSteps"), "ForEach": ("ForEachBody",), "Training": (), "New": ("IfSteps",)}


@st.composite
def steps_with(draw: st.DrawFn, inner: st.SearchStrategy[JsonValue]) -> JsonValue:
    kind = draw(st.sampled_from(sorted(BRANCHES)))
    arguments: JsonObject = draw(st.dictionaries(st.sampled_from(["a", "b"]), JSON, max_size=2))
    for member in BRANCHES[kind]:
        arguments[member] = draw(st.lists(inner, max_size=2))
    step: JsonObject = draw(st.dictionaries(st.sampled_from(["DisplayName", "Something"]), JSON, max_size=2))
    if draw(st.booleans()):
        step["DependsOn"] = [draw(st.text(max_size=3)), {"Step": draw(st.text(max_size=3)), "Trigger": "Any"}]
    if draw(st.booleans()):
        step["CacheConfig"] = {"Enabled": True}
    return {**step, "Name": draw(st.text(max_size=4)), "Arguments": arguments, "Type": kind}


@st.composite
def definitions(draw: st.DrawFn) -> JsonObject:
    document: JsonObject = draw(st.dictionaries(st.text(max_size=4), JSON, max_size=2))
    leaf: JsonValue = {"Name": "leaf", "Type": "Training"}
    steps = st.recursive(st.just(leaf), steps_with, max_leaves=6)
    document["Steps"] = draw(st.lists(steps, max_size=3))
    document["Parameters"] = [{"Name": draw(st.text(max_size=3)), "DefaultValue": draw(JSON), "Type": "String"}]
    document["Version"] = "2020-12-01"
    return document


def check_either_or(document: JsonValue) -> None:
    """It is a definition and comes back, or there are findings that can be shown."""
    try:
        definition = parse_definition(document)
    except FindingsError as error:
        shown = str(error)
    else:
        shown = "a definition"
        assert repr(dump_definition(definition)) == repr(document)
    assert shown


@given(JSON)
def test_any_json_is_a_definition_or_has_findings(document: JsonValue) -> None:
    check_either_or(document)


@given(st.dictionaries(MEMBERS, JSON, max_size=6), st.lists(JSON, max_size=3))
def test_anything_like_a_definition_is_one_or_has_findings(members: JsonObject, steps: list[JsonValue]) -> None:
    check_either_or({**members, "Version": "2020-12-01", "Steps": steps})


@given(definitions())
def test_any_definition_comes_back(document: JsonObject) -> None:
    definition = parse_definition(document)
    assert repr(dump_definition(definition)) == repr(document)
    for step in definition.all_steps():
        value: JsonValue = document
        for part in step.pointer.split("/")[1:]:
            assert isinstance(value, (dict, list))
            value = value[part] if isinstance(value, dict) else value[int(part)]
        assert isinstance(value, dict)
        assert value["Name"] == step.name


def test_no_more_findings_than_anyone_reads() -> None:
    with pytest.raises(FindingsError) as caught:
        parse_definition({"Version": "2020-12-01", "Steps": list[JsonValue]([1] * 5_000)})
    *found, last = caught.value.findings
    assert (len(found), last.message) == (
        1_000,
        "the definition has more than 1,000 findings; the others are not listed",
    )
