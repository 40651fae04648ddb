"""Config models: what they take, and one finding for everything that is wrong with each field."""

from __future__ import annotations

import copy
import math
import pickle
from collections import ChainMap, OrderedDict, UserList, deque
from collections.abc import Mapping, MutableMapping, MutableSequence, Sequence
from enum import IntEnum
from types import MappingProxyType
from typing import Annotated, Any

import pytest
from hypothesis import given, strategies as st
from pydantic import Field, ValidationError

from smgen.diagnostics import FindingsError
from smgen.runtime import Execution, FluentPipelineBuilder, StepConfig, Variable
from tests.runtime.fixture_package import Steps, findings_of, line, one_of, shown

P = FluentPipelineBuilder("Values")
TEXT = P.string("Text")
WHOLE = P.integer("Whole")
NUMBER = P.float("Number")
FLAG = P.boolean("Flag")

FIELDS = (
    "max_depth, num_round, lambda_, eta, objective, note, silent, level, columns, weights, image, instance_type, "
    "max_runtime_s, REGION"
)
CONTRACT = "(contract Train 1.2.0)"


class Rounds(IntEnum):
    FEW = 3


def test_plain_values_and_defaults(steps: Steps) -> None:
    config = steps.train.Config(num_round=Rounds.FEW, lambda_=1, silent=True, columns=["a"], weights={"a": 0.5})
    assert (config.num_round, type(config.num_round)) == (3, int)
    # JSON tells 1 from 1.0, and so do scripts: a whole number stays as it was given.
    assert (config.lambda_, type(config.lambda_)) == (1, int)
    assert (config.instance_type, config.max_runtime_s, config.eta) == ("ml.m5.xlarge", 86400, 0.3)
    assert config.image is None
    assert config.columns == ["a"]
    assert config.weights == {"a": 0.5}


@pytest.mark.parametrize("given", [1, 1.0, Rounds.FEW, 0.5, -0.0])
def test_numbers_stay_as_they_were_given(steps: Steps, given: float) -> None:
    config = steps.train.Config(num_round=1, lambda_=given, weights={"a": given, "b": 2.5})
    kind = int if isinstance(given, int) else float
    assert (repr(config.lambda_), type(config.lambda_)) == (repr(kind(given)), kind)
    assert config.weights is not None
    assert [type(value) for value in config.weights.values()] == [kind, float]
    assert config.model_copy() == config


def test_variables_of_the_type_fit_everywhere(steps: Steps) -> None:
    values: dict[str, Variable[Any]] = {
        "num_round": WHOLE,
        "lambda_": NUMBER,
        "eta": WHOLE,
        "objective": TEXT,
        "silent": FLAG,
        "level": WHOLE,
        "REGION": Execution.PIPELINE_NAME,
    }
    config = steps.train.Config(**values)
    assert {name: getattr(config, name) for name in values} == values
    assert steps.train.Config(num_round=1, columns=["a", TEXT]).columns == ["a", TEXT]
    assert steps.train.Config(num_round=1, weights={"a": NUMBER}).weights == {"a": NUMBER}


def test_none_is_no_value_and_leaves_the_default_to_the_contract(steps: Steps) -> None:
    assert steps.train.Config(num_round=1, max_depth=None, image=None).max_depth is None
    finding = one_of(lambda: steps.train.Config(num_round=1, max_runtime_s=None))
    assert finding.message == "TrainConfig was given a wrong value for 'max_runtime_s'"
    assert finding.given == "None (NoneType)"


@pytest.mark.parametrize(
    ("field", "value", "given", "expected", "fix"),
    [
        (
            "max_depth",
            65,
            "65 (int)",
            "a whole number from 1 to 64, or a variable of type Integer",
            f"give a value that is allowed there {CONTRACT}",
        ),
        (
            "max_depth",
            "7",
            "'7' (str)",
            "a whole number from 1 to 64, or a variable of type Integer",
            f"write the number without quotes {CONTRACT}",
        ),
        (
            "max_depth",
            True,
            "True (bool)",
            "a whole number from 1 to 64, or a variable of type Integer",
            f"True and False are no numbers here {CONTRACT}",
        ),
        (
            "max_depth",
            7.0,
            "7.0 (float)",
            "a whole number from 1 to 64, or a variable of type Integer",
            f"give a value that is allowed there {CONTRACT}",
        ),
        (
            "max_depth",
            NUMBER,
            "<Float variable Parameters.Number> (Variable)",
            "a whole number from 1 to 64, or a variable of type Integer",
            f"give a variable of the type that is expected {CONTRACT}",
        ),
        (
            "eta",
            TEXT,
            "<String variable Parameters.Text> (Variable)",
            "a number, or a variable of type Float",
            f"give a variable of the type that is expected {CONTRACT}",
        ),
        (
            "eta",
            True,
            "True (bool)",
            "a number, or a variable of type Float",
            f"True and False are no numbers here {CONTRACT}",
        ),
        (
            "eta",
            math.inf,
            "inf (float)",
            "a number, or a variable of type Float",
            f"give a value that is allowed there {CONTRACT}",
        ),
        (
            "eta",
            math.nan,
            "nan (float)",
            "a number, or a variable of type Float",
            f"give a value that is allowed there {CONTRACT}",
        ),
        (
            "silent",
            1,
            "1 (int)",
            "True or False, or a variable of type Boolean",
            f"give a value that is allowed there {CONTRACT}",
        ),
        (
            "note",
            3,
            "3 (int)",
            "a text, or a variable of type String",
            f"give a value that is allowed there {CONTRACT}",
        ),
        (
            "columns",
            ["a", 3],
            "3 (int)",
            "a list, each a text",
            f"give a value that is allowed there {CONTRACT}",
        ),
        (
            "columns",
            "abc",
            "'abc' (str)",
            "a list, each a text",
            f"write a list: ['abc'] {CONTRACT}",
        ),
        (
            "columns",
            [WHOLE],
            "<Integer variable Parameters.Whole> (Variable)",
            "a list, each a text",
            f"give a variable of the type that is expected {CONTRACT}",
        ),
        (
            "weights",
            {"a": "x"},
            "'x' (str)",
            "a mapping, each value a number",
            f"give a value that is allowed there {CONTRACT}",
        ),
    ],
)
def test_a_wrong_value_is_one_finding(
    steps: Steps, field: str, value: object, given: str, expected: str, fix: str
) -> None:
    finding = one_of(lambda: steps.train.Config(**{"num_round": 1, field: value}))
    assert finding.rule == "SMG207"
    assert (finding.place.file, finding.place.line) == (shown(__file__), line() - 2)
    assert finding.message == f"TrainConfig was given a wrong value for '{field}'"
    assert (finding.given, finding.expected, finding.fix) == (given, expected, fix)


@pytest.mark.parametrize("value", [True, 1.0], ids=["bool", "float"])
def test_what_only_equals_an_enumerated_number_is_refused(steps: Steps, value: object) -> None:
    finding = one_of(lambda: steps.train.Config(num_round=1, level=value))
    assert finding.message == "TrainConfig was given a wrong value for 'level'"
    assert finding.given == f"{value!r} ({type(value).__name__})"


def test_a_value_that_is_none_of_an_enum_names_the_nearest(steps: Steps) -> None:
    finding = one_of(lambda: steps.train.Config(num_round=1, instance_type="ml.m5.4xlarg"))
    assert finding.expected == "one of 'ml.m5.xlarge', 'ml.m5.4xlarge', or a variable of type String"
    assert finding.nearest == "ml.m5.4xlarge"


def test_the_text_of_a_wrong_value(steps: Steps) -> None:
    with pytest.raises(FindingsError) as caught:
        steps.train.Config(num_round=1, REGION="AP")
    assert str(caught.value) == (
        f"{shown(__file__)}:{line() - 2}: error SMG207 bad-value: TrainConfig was given a wrong value for 'REGION'\n"
        "  given         'AP' (str)\n"
        "  expected      one of 'NA', 'EU', or a variable of type String\n"
        f"  fix           give a value that is allowed there {CONTRACT}\n"
        "\n1 error"
    )


def test_unknown_and_missing_fields(steps: Steps) -> None:
    unknown, missing = findings_of(lambda: steps.train.Config(num_rounds=3))
    assert unknown.message == "TrainConfig has no 'num_rounds'"
    assert (unknown.expected, unknown.nearest, unknown.fix) == (FIELDS, "num_round", "write num_round=…")
    assert missing.message == "TrainConfig needs 'num_round'"
    assert missing.expected == "a whole number of at least 1, or a variable of type Integer"
    assert missing.fix == "give num_round=…"
    strange = one_of(lambda: steps.train.Config(num_round=1, qqqqqq=3))
    assert (strange.nearest, strange.fix) == (None, "leave 'qqqqqq' out, or add it to the contract")


def test_everything_comes_at_once_with_one_finding_per_field(steps: Steps) -> None:
    values = {"num_round": "x", "lambda": -1.0, "columns": [1, 2, 3], "nme": 3, "max_depth": 0, "level": True}
    findings = findings_of(lambda: steps.train.Config(**values))
    assert sorted(finding.message for finding in findings) == [
        "TrainConfig has no 'nme'",
        "TrainConfig was given a wrong value for 'columns'",
        "TrainConfig was given a wrong value for 'lambda'",
        "TrainConfig was given a wrong value for 'max_depth'",
        "TrainConfig was given a wrong value for 'num_round'",
    ]


def test_a_keyword_takes_either_spelling_but_not_both(steps: Steps) -> None:
    assert steps.train.Config(num_round=1, lambda_=0.5).lambda_ == 0.5
    assert steps.train.Config(**{"num_round": 1, "lambda": 0.5}).lambda_ == 0.5
    findings = findings_of(lambda: steps.train.Config(**{"num_round": 0, "lambda": 0.5, "lambda_": 0.5}))
    assert [finding.message for finding in findings] == [
        "TrainConfig was given 'lambda_' twice, under its own name and under another spelling",
        "TrainConfig was given a wrong value for 'num_round'",
    ]
    assert findings[0].fix == "keep one of them; the field is 'lambda_'"


@pytest.mark.parametrize("data", ["text", 3, None, [("num_round", 1)]])
def test_a_config_is_made_of_named_values(steps: Steps, data: object) -> None:
    finding = one_of(lambda: steps.train.Config.model_validate(data))
    assert finding.rule == "SMG207"
    assert finding.message == "TrainConfig is made of named values"
    assert finding.given == f"{data!r} ({type(data).__name__})"


def test_odd_keys_and_json(steps: Steps) -> None:
    assert "wrong value for '1'" in one_of(lambda: steps.train.Config.model_validate({"num_round": 1, 1: 2})).message
    assert steps.train.Config.model_validate_json('{"num_round": 3, "lambda": 1}').lambda_ == 1.0
    finding = one_of(lambda: steps.train.Config.model_validate_json('{"num_round": "3"}'))
    assert finding.message == "TrainConfig was given a wrong value for 'num_round'"


def test_a_number_that_cannot_be_written_is_still_reported(steps: Steps) -> None:
    finding = one_of(lambda: steps.train.Config(num_round=1, max_depth=10**5000))
    assert finding.given == "a value of type int (int)"


def test_a_config_is_frozen(steps: Steps) -> None:
    config = steps.train.Config(num_round=1)
    with pytest.raises(ValidationError, match="frozen"):
        config.num_round = 2
    assert config.num_round == 1


def test_copies_and_pickles(steps: Steps) -> None:
    config = steps.train.Config(num_round=1, note=TEXT, lambda_=2.0)
    assert config.model_copy() == config
    assert copy.deepcopy(config).note is TEXT
    assert pickle.loads(pickle.dumps(steps.train.Config(num_round=1))) == steps.train.Config(num_round=1)
    other = config.model_copy(update={"num_round": 5, "lambda": 3})
    assert (other.num_round, other.lambda_, other.note) == (5, 3.0, TEXT)
    assert other.model_fields_set == {"num_round", "lambda_", "note"}
    assert one_of(lambda: config.model_copy(update={"num_round": "5"})).rule == "SMG207"


def test_an_own_class_keeps_the_contract(steps: Steps) -> None:
    class Own(steps.train.Config):  # type: ignore[misc, name-defined]  # the class is generated
        pass

    config: Any = Own(**{"num_round": 1, "lambda": 2.0})
    assert config.lambda_ == 2.0
    assert one_of(lambda: Own(num_round=0)).fix == f"give a value that is allowed there {CONTRACT}"


def test_a_model_without_a_contract_has_pydantics_words() -> None:
    class Plain(StepConfig):
        count: int

    finding = one_of(lambda: Plain(count="x"))  # type: ignore[arg-type]  # that is the mistake
    assert (finding.expected, finding.fix) == ("Input should be a valid integer", "give a value that is allowed there")


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.binary(max_size=3)
    | st.sampled_from([TEXT, WHOLE, NUMBER, FLAG, object(), int]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from([*FIELDS.split(", "), "lambda", "unknown"]) | st.text(max_size=5)


@given(st.dictionaries(NAMES, ANYTHING, max_size=6))
def test_whatever_is_given_it_is_a_config_or_findings(steps: Steps, values: dict[str, object]) -> None:
    reported: FindingsError | None = None
    config: Any = None
    try:
        config = steps.train.Config(**values)
    except FindingsError as error:
        reported = error
    if reported is not None:
        assert {finding.rule for finding in reported.findings} == {"SMG207"}
        assert str(reported)
    else:
        depth = config.max_depth
        assert depth is None or depth is WHOLE or (type(depth) is int and 1 <= depth <= 64)
        assert isinstance(config.num_round, (int, Variable))


# Lists and mappings ---------------------------------------------------------------------------------------------


SEQUENCES: list[Sequence[object]] = [["a", TEXT], ("a", TEXT), deque(["a", TEXT]), UserList(["a", TEXT])]
MAPPINGS: list[Mapping[str, float]] = [
    {"a": 1.0},
    MappingProxyType({"a": 1.0}),
    OrderedDict[str, float](a=1.0),
    ChainMap({"a": 1.0}),
]


@pytest.mark.parametrize("given", SEQUENCES)
def test_any_sequence_becomes_a_list_of_the_configs_own(steps: Steps, given: Sequence[object]) -> None:
    config = steps.train.Config(num_round=1, columns=given)
    assert (isinstance(config.columns, list), config.columns is given) == (True, False)
    if isinstance(given, MutableSequence):
        given.append("b")
    assert config.model_dump()["columns"] == ["a", TEXT]


@pytest.mark.parametrize("given", MAPPINGS)
def test_any_mapping_becomes_a_dict_of_the_configs_own(steps: Steps, given: Mapping[str, float]) -> None:
    config = steps.train.Config(num_round=1, weights=given)
    assert (isinstance(config.weights, dict), config.weights is given) == (True, False)
    if isinstance(given, MutableMapping):
        given["b"] = 2.0
    assert config.model_dump()["weights"] == {"a": 1.0}


@pytest.mark.parametrize("given", ["abc", b"abc", {"a"}, iter("abc"), {"a": "b"}, TEXT, 3])
def test_what_is_no_sequence_is_no_list(steps: Steps, given: object) -> None:
    finding = one_of(lambda: steps.train.Config(num_round=1, columns=given))
    assert finding.message == "TrainConfig was given a wrong value for 'columns'"
    assert finding.given == f"{given!r} ({type(given).__name__})"


@pytest.mark.parametrize("given", ["abc", [("a", 1.0)], {"a"}, NUMBER])
def test_what_is_no_mapping_is_none(steps: Steps, given: object) -> None:
    finding = one_of(lambda: steps.train.Config(num_round=1, weights=given))
    assert finding.message == "TrainConfig was given a wrong value for 'weights'"


def test_a_sequence_for_a_plain_value_is_told_as_it_was_given(steps: Steps) -> None:
    assert one_of(lambda: steps.train.Config(num_round=(1, 2))).given == "(1, 2) (tuple)"


def test_a_class_written_by_hand_copies_as_well() -> None:
    class Plain(StepConfig):
        names: Sequence[str]
        more: Annotated[Mapping[str, int] | None, Field(max_length=1)] = None

    names = ["a"]
    config = Plain(names=names, more={"a": 1})
    names.append("b")
    assert (config.names, config.more) == (["a"], {"a": 1})
    assert one_of(lambda: Plain(names=["a"], more={"a": 1, "b": 2})).rule == "SMG207"
