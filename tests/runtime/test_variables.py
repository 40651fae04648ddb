"""Variables, conditions and joins: what they write, and what they refuse in words."""

from __future__ import annotations

import copy
import math
import pickle
from collections.abc import Callable
from enum import Enum, IntEnum
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from smgen.diagnostics import FindingsError
from smgen.expressions import to_json
from smgen.runtime import (
    Condition,
    Environment,
    Execution,
    External,
    FluentPipelineBuilder,
    MisuseError,
    Variable,
    join,
)
from tests.runtime.fixture_package import Steps, line, one_of, shown

P = FluentPipelineBuilder("Values")
TEXT = P.string("Text")
OTHER = P.string("Other")
WHOLE = P.integer("Whole")
NUMBER = P.float("Number")
FLAG = P.boolean("Flag")
THREE = 3

# The same without their types, for what a type checker would refuse.
ANY_TEXT: Any = TEXT
ANY_WHOLE: Any = WHOLE
ANY_NUMBER: Any = NUMBER
ANY_FLAG: Any = FLAG
any_join: Any = join

TEXT_GET = {"Get": "Parameters.Text"}
WHOLE_GET = {"Get": "Parameters.Whole"}
NUMBER_GET = {"Get": "Parameters.Number"}


class Level(IntEnum):
    HIGH = 3


class Colour(str, Enum):
    RED = "red"


class Named(str):
    """A text of a class of the user's own."""

    __slots__ = ()

    def __str__(self) -> str:
        return "something else"


def written(condition: Condition) -> list[object]:
    """The conditions of which all must hold, as JSON."""
    return [to_json(part) for part in condition.__smgen_all__]


def comparison(type: str, left: object, right: object) -> dict[str, object]:
    return {"Type": type, "LeftValue": left, "RightValue": right}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (NUMBER < 3, comparison("LessThan", NUMBER_GET, 3)),
        (NUMBER <= 3.5, comparison("LessThanOrEqualTo", NUMBER_GET, 3.5)),
        (WHOLE > 1, comparison("GreaterThan", WHOLE_GET, 1)),
        (WHOLE >= NUMBER, comparison("GreaterThanOrEqualTo", WHOLE_GET, NUMBER_GET)),
        (THREE <= NUMBER, comparison("GreaterThanOrEqualTo", NUMBER_GET, 3)),
        (THREE > NUMBER, comparison("LessThan", NUMBER_GET, 3)),
        (WHOLE.equals(2.5), comparison("Equals", WHOLE_GET, 2.5)),
        (TEXT.equals("x"), comparison("Equals", TEXT_GET, "x")),
        (TEXT.equals(OTHER), comparison("Equals", TEXT_GET, {"Get": "Parameters.Other"})),
        (FLAG.equals(True), comparison("Equals", {"Get": "Parameters.Flag"}, True)),
        (
            Execution.PIPELINE_NAME.equals("p"),
            comparison("Equals", {"Get": "Execution.PipelineName"}, "p"),
        ),
        (
            TEXT.is_in(["a", OTHER]),
            {"Type": "In", "QueryValue": TEXT_GET, "Values": ["a", {"Get": "Parameters.Other"}]},
        ),
        (WHOLE.is_in(range(2)), {"Type": "In", "QueryValue": WHOLE_GET, "Values": [0, 1]}),
    ],
)
def test_every_operator_writes_its_condition(condition: Condition, expected: object) -> None:
    assert written(condition) == [expected]


@pytest.mark.parametrize(
    ("value", "plain"), [(Level.HIGH, 3), (Colour.RED, "red"), (Named("n"), "n")], ids=["IntEnum", "str enum", "str"]
)
def test_a_subclass_of_a_plain_type_is_written_as_the_plain_value(value: Any, plain: object) -> None:
    variable: Any = WHOLE if isinstance(value, int) else TEXT
    compared: Any = variable.equals(value).__smgen_all__[0].right
    listed: Any = variable.is_in([value]).__smgen_all__[0].values[0]
    joined: Any = any_join("", value).__smgen_expression__.values[0]
    for result in (compared, listed, joined):
        assert result == plain
        assert type(result) is type(plain)


LOW, HIGH = NUMBER < 1, NUMBER > 9
ANY_LOW: Any = LOW
LOW_JSON, HIGH_JSON = comparison("LessThan", NUMBER_GET, 1), comparison("GreaterThan", NUMBER_GET, 9)
RED_JSON = comparison("Equals", TEXT_GET, "red")


def negated(condition: object) -> dict[str, object]:
    return {"Type": "Not", "Condition": condition}


def either(*conditions: object) -> dict[str, object]:
    return {"Type": "Or", "Conditions": list(conditions)}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (LOW & HIGH, [LOW_JSON, HIGH_JSON]),
        (LOW & HIGH & TEXT.equals("red"), [LOW_JSON, HIGH_JSON, RED_JSON]),
        (LOW | HIGH, [either(LOW_JSON, HIGH_JSON)]),
        (LOW | HIGH | TEXT.equals("red"), [either(LOW_JSON, HIGH_JSON, RED_JSON)]),
        (~LOW, [negated(LOW_JSON)]),
        (~~LOW, [LOW_JSON]),
        # There is no And below the top: not (a and b) is (not a) or (not b).
        (~(LOW & HIGH), [either(negated(LOW_JSON), negated(HIGH_JSON))]),
        (~(LOW | HIGH), [negated(either(LOW_JSON, HIGH_JSON))]),
        (~(LOW & ~HIGH), [either(negated(LOW_JSON), HIGH_JSON)]),
        (
            (LOW & HIGH) | TEXT.equals("red"),
            [either(negated(either(negated(LOW_JSON), negated(HIGH_JSON))), RED_JSON)],
        ),
        (LOW & (HIGH | TEXT.equals("red")), [LOW_JSON, either(HIGH_JSON, RED_JSON)]),
    ],
)
def test_conditions_combine(condition: Condition, expected: list[object]) -> None:
    assert written(condition) == expected


def test_a_join_writes_its_values_in_order() -> None:
    text = join("/", "s3:/", TEXT, 3, 4.5, True, join("-", OTHER, "x"))
    assert text.__smgen_type__ == "String"
    assert to_json(text.__smgen_expression__) == {
        "Std:Join": {
            "On": "/",
            "Values": [
                "s3:/",
                TEXT_GET,
                3,
                4.5,
                True,
                {"Std:Join": {"On": "-", "Values": [{"Get": "Parameters.Other"}, "x"]}},
            ],
        }
    }
    assert [origin.name for origin in text.__smgen_origins__] == ["Text", "Other"]


@pytest.mark.parametrize(
    ("variable", "path"),
    [
        (Execution.START_DATETIME, "Execution.StartDateTime"),
        (Execution.CURRENT_DATETIME, "Execution.CurrentDateTime"),
        (Execution.PIPELINE_NAME, "Execution.PipelineName"),
        (Execution.PIPELINE_ARN, "Execution.PipelineArn"),
        (Execution.PIPELINE_EXECUTION_ID, "Execution.PipelineExecutionId"),
        (Execution.PIPELINE_EXECUTION_ARN, "Execution.PipelineExecutionArn"),
        (Execution.TRAINING_JOB_NAME, "Execution.TrainingJobName"),
        (Execution.PROCESSING_JOB_NAME, "Execution.ProcessingJobName"),
    ],
)
def test_execution_variables(variable: Variable[str], path: str) -> None:
    assert to_json(variable.__smgen_expression__) == {"Get": path}
    assert variable.__smgen_type__ == "String"
    assert variable.__smgen_origins__ == ()


# What is refused ------------------------------------------------------------------------------------------------


def refused(use: Callable[[Any], object], value: object = NUMBER) -> tuple[str, str]:
    """The message and the fix of a misuse, which is a TypeError too."""
    with pytest.raises(MisuseError) as caught:
        use(value)
    assert isinstance(caught.value, TypeError)
    (finding,) = caught.value.findings
    assert finding.rule == "SMG208"
    assert finding.place.file == shown(__file__)
    assert finding.fix is not None
    return finding.message, finding.fix


UNKNOWN = "its value is known only when the pipeline runs"


USES: list[tuple[Callable[[Any], object], str, str]] = [
    (bool, "<Float variable Parameters.Number> was used as True or False, but " + UNKNOWN, "compare it"),
    (lambda v: v and True, "was used as True or False", "&"),
    (lambda v: 1 <= v <= 2, "a condition was used as True or False", "(a >= x) & (b <= y)"),
    (lambda v: not v, "was used as True or False", "compare it"),
    (str, "<Float variable Parameters.Number> was made a text, but " + UNKNOWN, 'join("/", a, b)'),
    (lambda v: f"{v}", "was made a text", "join"),
    (lambda v: f"{v:.2f}", "was made a text", "join"),
    (lambda v: "%s" % v, "was made a text", "join"),  # noqa: UP031  # what a user may write
    (lambda v: "{}".format(v), "was made a text", "join"),  # noqa: UP032  # what a user may write
    (list, "<Float variable Parameters.Number> was iterated over, but " + UNKNOWN, "pass the variable itself"),
    (lambda v: 3 in v, "was iterated over", "pass the variable itself"),
]


@pytest.mark.parametrize(("use", "message", "fix"), USES)
def test_a_variable_is_no_python_value(use: Callable[[Any], object], message: str, fix: str) -> None:
    said, advised = refused(use)
    assert message in said
    assert fix in advised


TRUTHS: list[Callable[[Any], object]] = [bool, str, lambda v: f"{v}", lambda v: v or v]


@pytest.mark.parametrize("use", TRUTHS, ids=["bool", "str", "format", "or"])
def test_a_condition_is_no_python_value(use: Callable[[Any], object]) -> None:
    message, fix = refused(use, LOW)
    assert message.startswith("a condition was ")
    assert "p.condition(…)" in fix


def test_the_line_is_that_of_the_user() -> None:
    def used() -> str:
        return f"{NUMBER}"

    finding = one_of(used)
    assert (finding.place.file, finding.place.line) == (shown(__file__), line() - 3)


WRONG: list[tuple[Callable[[], object], str, str]] = [
    (lambda: ANY_NUMBER < "3", "compared with '3', which is String", "write the number without quotes: 3"),
    (lambda: ANY_NUMBER < "high", "compared with 'high', which is String", "Float or Integer"),
    (lambda: ANY_NUMBER < True, "compared with True, which is Boolean", "Float or Integer"),
    (lambda: ANY_NUMBER < None, "compared with None", "a value or a variable"),
    (lambda: ANY_NUMBER < TEXT, "compared with <String variable Parameters.Text>, which is String", "Float or Integer"),
    (lambda: ANY_TEXT < 3, "<String variable Parameters.Text> is no number", ".equals(…)"),
    (lambda: ANY_TEXT < "x", "is no number, so it cannot be compared by size", ".is_in"),
    (lambda: ANY_FLAG < FLAG, "is no number", ".equals(…)"),
    (lambda: ANY_TEXT.equals(3), "compared with 3, which is Integer", "String"),
    (lambda: ANY_FLAG.equals(1), "compared with 1, which is Integer", "Boolean"),
    (lambda: ANY_WHOLE.equals([1]), "compared with [1]", "a value or a variable"),
    (lambda: ANY_WHOLE.is_in([1, "2"]), "compared with '2', which is String", "write the number without quotes: 2"),
    (lambda: ANY_TEXT.is_in([]), "at least one value", ".is_in([…])"),
    (lambda: ANY_TEXT.is_in("ab"), "at least one value", ".is_in([…])"),
    (lambda: ANY_TEXT.is_in({"a", "b"}), "at least one value", ".is_in([…])"),
    (lambda: ANY_TEXT.is_in(iter("ab")), "at least one value", ".is_in([…])"),
    (lambda: ANY_TEXT.is_in(OTHER), "at least one value", ".is_in([…])"),
    (lambda: math.nan > NUMBER, "nan is no number that a definition can hold", "finite"),
    (lambda: ANY_NUMBER.is_in([-math.inf]), "-inf is no number that a definition can hold", "finite"),
    (lambda: any_join("", math.inf), "inf is no number that a definition can hold", "finite"),
    (lambda: any_join(""), "at least one value", "join"),
    (lambda: any_join(TEXT, "a"), "to put between the values", "write a text first"),
    (lambda: any_join("", None), "join was given None", "None and lists have no text"),
    (lambda: any_join("", ["a"]), "join was given ['a']", "None and lists have no text"),
    (lambda: any_join("", External("s3://b/k")), "join was given External('s3://b/k')", "without External(…)"),
    (lambda: ANY_LOW & True, "combined by & with True, which is no condition", "conditions with conditions"),
    (lambda: ANY_LOW | FLAG, "combined by | with <Boolean variable Parameters.Flag>", ".equals(True)"),
    (lambda: ANY_LOW & None, "combined by & with None", "conditions with conditions"),
]


@pytest.mark.parametrize(("use", "message", "fix"), WRONG)
def test_wrong_operands_are_refused_in_words(use: Callable[[], object], message: str, fix: str) -> None:
    said, advised = refused(lambda _: use())
    assert message in said
    assert fix in advised


def test_references_are_no_values(p: FluentPipelineBuilder, steps: Steps) -> None:
    made = p.add_step("Prep", steps.prepare.StepBuilder(raw=[External("s3://b/k")]))
    uses: list[Callable[[Any], object]] = [lambda train: join("/", train, "x"), TEXT.equals]
    for use in uses:
        message, fix = refused(use, made.train)
        assert '<Output[TrainingData] of step "Prep", output "train">' in message
        assert ".location" in fix
    message, fix = refused(lambda _: join("/", made))
    assert "one of its outputs" in fix


def test_joins_that_stand_too_deep_in_each_other_are_refused() -> None:
    text = join("", TEXT)
    for _ in range(49):
        text = join("", text, "x")
    message, fix = refused(lambda _: join("", text, "x"))
    assert message == "joins stand more than 50 deep in each other"
    assert fix == "collect the values in a list and join them at once: join(on, *values)"


def test_a_number_that_python_cannot_write_is_still_reported() -> None:
    message, _ = refused(lambda _: ANY_TEXT.equals(10**5000))
    assert "compared with a value of type int, which is Integer" in message


# Python's own protocols -----------------------------------------------------------------------------------------


def test_identity_copies_and_hashes() -> None:
    assert NUMBER == NUMBER
    assert P.string("Third") != TEXT
    assert len({TEXT, OTHER, TEXT}) == 2
    assert copy.copy(TEXT) is TEXT
    assert copy.deepcopy([TEXT])[0] is TEXT


def test_a_variable_survives_pickling() -> None:
    again = pickle.loads(pickle.dumps(join("/", TEXT, "x")))
    assert to_json(again.__smgen_expression__) == {"Std:Join": {"On": "/", "Values": [TEXT_GET, "x"]}}
    assert again.__smgen_type__ == "String"
    assert [origin.name for origin in again.__smgen_origins__] == ["Text"]


def test_representations() -> None:
    assert repr(TEXT) == "<String variable Parameters.Text>"
    assert repr(join("/", TEXT, "x")) == "<String variable a join of 2 values>"
    assert repr(LOW) == "<condition Parameters.Number < 1>"


def test_in_a_model_a_variable_has_the_annotated_type() -> None:
    class Model(BaseModel):
        model_config = ConfigDict(arbitrary_types_allowed=True)
        number: Variable[float]
        anything: Variable[object]

    model = Model(number=WHOLE, anything=TEXT)
    assert model.number is WHOLE
    assert model.anything is TEXT
    with pytest.raises(ValidationError) as caught:
        Model.model_validate({"number": TEXT, "anything": 3})
    assert [error["msg"] for error in caught.value.errors()] == [
        "Value error, not a Float variable",
        "Value error, not a pipeline variable",
    ]


def test_a_misuse_is_a_findings_error() -> None:
    with pytest.raises(FindingsError, match="SMG208 variable-misused"):
        bool(TEXT)


@pytest.mark.parametrize("number", [10**5_000, -(10**5_000)], ids=["large", "small"])
def test_a_number_of_more_digits_than_python_writes(number: int) -> None:
    p = FluentPipelineBuilder("Fraud", Environment("dev", role="arn:aws:iam::111122223333:role/r", bucket="b"))
    with pytest.raises(MisuseError, match="a number has more digits than a definition can hold"):
        _ = p.integer("Rows", default=1) < number
    p.integer("More", default=number)
    with pytest.raises(FindingsError, match="the default of parameter 'More' is a number of more digits"):
        p.build()
