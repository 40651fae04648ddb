"""Steps and arguments: look-ups and what a failed assertion says."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from smgen.documents import JsonValue
from smgen.expressions import parameter, step_property
from smgen.runtime import Cache, Retry
from smgen.testing import TestedPipeline
from smgen.testing.argument_paths import NoSuchPlace, places, value_at
from tests.testing.pipelines import abalone, built, lines, said


@pytest.fixture(scope="module")
def pipeline() -> TestedPipeline:
    return built()


@pytest.fixture(scope="module")
def example() -> TestedPipeline:
    return abalone()


def test_what_a_pipeline_has(pipeline: TestedPipeline) -> None:
    assert pipeline.name == "fraud"
    assert pipeline.steps == (
        "Prepare",
        "Train",
        "Notify",
        "Gate",
        "Register",
        "Why",
        "TooWeak",
        "Broken",
        "Tell",
    )
    assert {name: (one.type, one.default) for name, one in pipeline.parameters.items()} == {
        "Instance": ("String", "ml.m5.xlarge"),
        "Limit": ("Float", 0.5),
        "Mode": ("String", None),
    }


def test_what_a_step_has(pipeline: TestedPipeline) -> None:
    train = pipeline.step("Train")
    assert (train.name, train.kind) == ("Train", "Training")
    assert train.hyperparameters == {
        "num_round": "7",
        "eta": "0.3",
        "note": {"Get": "Steps.Prepare.ProcessingJobName"},
    }
    assert train.environment_variables == {"REGION": "EU"}
    assert train.retries == (Retry(("SageMaker.CAPACITY_ERROR",), max_attempts=3).document(),)
    assert train.cache is None
    assert train.depends_on == ()
    assert train.added_at is not None
    assert train.added_at.startswith("tests/testing/pipelines.py:")
    prepare = pipeline.step("Prepare")
    assert prepare.cache == Cache.days(30).document()
    assert prepare.hyperparameters == {}
    assert prepare.environment_variables == {"LEVEL": "3"}
    assert pipeline.step("Register").depends_on == ("Notify",)
    assert pipeline.step("Register").run_conditions == {"Notify": "Completed"}
    assert pipeline.step("Tell").run_conditions == {"Train": "Failed"}
    # What stands in its branches is no argument of the condition itself.
    assert list(pipeline.step("Gate").arguments) == ["Conditions"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("ResourceConfig.InstanceCount", 1),
        ("/ResourceConfig/InstanceCount", 1),
        ("InputDataConfig[0].ChannelName", "train"),
        ("InputDataConfig[validation].ChannelName", "validation"),
        ("/InputDataConfig/1/ChannelName", "validation"),
        ("InputDataConfig['train']['ChannelName']", "train"),
        ("HyperParameters['num_round']", "7"),
    ],
)
def test_arguments_by_path(pipeline: TestedPipeline, path: str, value: JsonValue) -> None:
    assert pipeline.step("Train").argument(path) == value
    pipeline.assert_argument("Train", path, value)


def test_what_stands_beside_the_arguments(pipeline: TestedPipeline) -> None:
    pipeline.assert_argument("Notify", "OutputParameters[answer].OutputType", "String")
    assert pipeline.step("Notify").has_argument("FunctionArn")
    assert not pipeline.step("Notify").has_argument("FunctionArm")


def test_expressions_are_expected_as_they_are_written(pipeline: TestedPipeline) -> None:
    pipeline.assert_argument("Train", "ResourceConfig.InstanceType", parameter("Instance"))
    pipeline.assert_argument("Train", "HyperParameters.note", step_property("Prepare", "ProcessingJobName"))
    pipeline.assert_argument("Train", "HyperParameters.note", {"Get": "Steps.Prepare.ProcessingJobName"})


def test_members_have_no_order_and_numbers_no_form(example: TestedPipeline) -> None:
    expected = {
        "VolumeKmsKeyId": "arn:aws:kms:us-east-1:444455556666:key/1a2b3c4d-0000-4000-8000-000000000001",
        "VolumeSizeInGB": 30.0,
        "InstanceCount": 1,
        "InstanceType": {"Get": "Parameters.TrainingInstanceType"},
    }
    example.assert_argument("AbaloneTrain", "ResourceConfig", expected)
    # A truth value is no number.
    with pytest.raises(AssertionError):
        example.assert_argument("AbaloneTrain", "ResourceConfig.InstanceCount", True)


def test_assert_step_gives_the_step(example: TestedPipeline) -> None:
    step = example.assert_step(
        "AbaloneTrain", kind="Training", **{"ResourceConfig.VolumeSizeInGB": 30, "HyperParameters.num_round": "50"}
    )
    assert step == example.step("AbaloneTrain")
    assert step == example.assert_step("AbaloneTrain", **{"ResourceConfig.VolumeSizeInGB": 30})
    assert step == example.assert_step("AbaloneTrain", kind="Training")
    assert (repr(example), repr(step)) == (
        "<TestedPipeline AbalonePipeline for prod>",
        "<TestedStep AbaloneTrain (Training)>",
    )


# What failures say ---------------------------------------------------------------------------------------------------


def test_an_unknown_step(example: TestedPipeline) -> None:
    assert said(lambda: example.step("AbaloneTrian")) == lines(
        """
        pipeline AbalonePipeline for prod has no step "AbaloneTrian"
          steps         AbaloneProcess, AbaloneTrain, AbaloneEval, AbaloneMSECond, AbaloneRegisterModel-RegisterModel, \
AbaloneCreateModel-CreateModel, AbaloneTransform, AbaloneMSEFail
          did you mean  AbaloneTrain
        """
    )


def test_everything_that_is_different_is_said(example: TestedPipeline) -> None:
    expected: dict[str, object] = {
        "ResourceConfig.InstanceTyp": "ml.m5.large",
        "InputDataConfig[train].ContentType": "text/libsvm",
        "HyperParameters": {"num_round": "51"},
    }
    assert said(lambda: example.assert_step("AbaloneTrain", kind="Processing", **expected)) == lines(
        """
        step "AbaloneTrain" of pipeline AbalonePipeline for prod is of another kind
          expected  Processing
          actual    Training
          added at  pipeline.py:37
        step "AbaloneTrain" (Training) of pipeline AbalonePipeline for prod has no ResourceConfig.InstanceTyp
          expected            "ml.m5.large"
          ResourceConfig has  InstanceCount, InstanceType, VolumeKmsKeyId, VolumeSizeInGB
          did you mean        ResourceConfig.InstanceType
          added at            pipeline.py:37
        step "AbaloneTrain" (Training) of pipeline AbalonePipeline for prod has another value at \
InputDataConfig[train].ContentType
          expected  "text/libsvm"
          actual    "text/csv"
          added at  pipeline.py:37
        step "AbaloneTrain" (Training) of pipeline AbalonePipeline for prod has another value at HyperParameters
          expected             {"num_round": "51"}
          actual               {"objective": "reg:linear", "num_round": "50", "max_depth": "5", "eta": "0.2", \
"gamma": "4", "min_child_weight": "6", "subsample": "0.7"}
          at objective         expected nothing, actual "reg:linear"
          at num_round         expected "51", actual "50"
          at max_depth         expected nothing, actual "5"
          at eta               expected nothing, actual "0.2"
          at gamma             expected nothing, actual "4"
          at min_child_weight  expected nothing, actual "6"
          at subsample         expected nothing, actual "0.7"
          added at             pipeline.py:37
        """
    )


@pytest.mark.parametrize(
    ("path", "has", "nearest"),
    [
        # The right member without the way to it.
        ("InstanceType", "it has", "ResourceConfig.InstanceType"),
        ("InputDataConfig[tran].ContentType", "InputDataConfig has", "InputDataConfig[train].ContentType"),
        ("InputDataConfig[2].ContentType", "InputDataConfig has", "InputDataConfig[train].ContentType"),
        ("ResourceConfig.InstanceCount.Value", "ResourceConfig.InstanceCount has", None),
        ("/StopingCondition/MaxRuntimeInSeconds", "it has", "StoppingCondition.MaxRuntimeInSeconds"),
        (".ResourceConfig", "it has", None),
        ("ResourceConfig[", "it has", None),
    ],
)
def test_a_path_that_leads_nowhere(example: TestedPipeline, path: str, has: str, nearest: str | None) -> None:
    message = said(lambda: example.step("AbaloneTrain").argument(path))
    headline, *details = message.splitlines()
    assert headline == f'step "AbaloneTrain" (Training) of pipeline AbalonePipeline for prod has no {path}'
    assert details[0].startswith(f"  {has} ")
    assert [line.split()[-1] for line in details if line.startswith("  did you mean")] == ([nearest] if nearest else [])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)
NAMED = st.lists(st.fixed_dictionaries({"ChannelName": st.text(max_size=4), "Value": JSON}), max_size=3)


@given(JSON | NAMED)
def test_every_place_has_a_path_that_leads_to_it(value: JsonValue) -> None:
    for path, inner in places(value):
        assert value_at(value, path) is inner


@given(JSON, st.text(max_size=12))
def test_any_path_has_an_answer(value: JsonValue, path: str) -> None:
    found = value_at(value, path)
    if isinstance(found, NoSuchPlace) and found.nearest is not None:
        assert not isinstance(value_at(value, found.nearest), NoSuchPlace)
