"""What a user misspelt or left out is found where it was written, with what was probably meant."""

from __future__ import annotations

import copy
import inspect
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from smgen.building.names import legal_fix
from smgen.diagnostics import Finding, FindingsError, Place
from smgen.runtime import Environment, External, FluentPipelineBuilder, StepBuilder, StepOutputProxy
from tests.runtime.fixture_package import ENVIRONMENT, Steps, findings_of, line, one_of, shown

DATA: External[Any] = External("s3://b/data")


def at(number: int) -> Place:
    return Place(file=shown(__file__), line=number)


# Arguments of builders ------------------------------------------------------------------------------------------------


def test_a_port_that_is_left_out(steps: Steps) -> None:
    finding = one_of(lambda: steps.train.StepBuilder(steps.train.Config(num_round=1)))
    assert finding == Finding(
        "SMG205",
        "the required port 'data' is not bound",
        at(line() - 4),
        expected="a reference to TrainingData (contract Train 1.2.0)",
        fix="pass data=… with an output of another step, or External(location)",
    )
    assert one_of(lambda: steps.prepare.StepBuilder()).expected == "references to Dataset (contract Prepare 1.1.0)"


def test_a_misspelt_port_is_one_finding(steps: Steps) -> None:
    finding = one_of(lambda: steps.prepare.StepBuilder(rwa=[DATA]))
    assert finding == Finding(
        "SMG207",
        "a step of contract Prepare has no port 'rwa'",
        at(line() - 4),
        given="rwa",
        expected="raw, reference, self_",
        nearest="raw",
        fix="write raw=…",
    )


def test_a_misspelt_output_location(steps: Steps) -> None:
    builder = steps.train.StepBuilder(steps.train.Config(num_round=1), data=DATA)
    finding = one_of(lambda: builder.with_output_locations(modell="s3://b/models"))
    assert finding == Finding(
        "SMG206",
        "a step of contract Train has no output 'modell' whose location can be given",
        at(line() - 4),
        given="modell",
        expected="model",
        nearest="model",
        fix="write model=…",
    )
    unnamed = one_of(lambda: builder.with_output_locations("s3://b/models"))
    assert (unnamed.rule, unnamed.message) == ("SMG207", "output locations are given by the names of the outputs")
    assert (unnamed.given, unnamed.fix) == ("'s3://b/models' (str)", "write model=… for it")


def test_a_misspelt_attribute_of_the_environment() -> None:
    finding = one_of(lambda: ENVIRONMENT.textt("queue"))  # type: ignore[attr-defined]  # the mistake
    assert (finding.rule, finding.message) == ("SMG206", "the environment 'dev' has no 'textt'")
    assert (finding.nearest, finding.fix) == ("text", "write .text")


def test_all_wrong_arguments_come_together(steps: Steps) -> None:
    found = findings_of(lambda: steps.train.StepBuilder(num_round=3, nothing=DATA))
    assert sorted((finding.rule, finding.message, finding.fix) for finding in found) == [
        (
            "SMG205",
            "the required port 'data' is not bound",
            "pass data=… with an output of another step, or External(location)",
        ),
        ("SMG207", "a step of contract Train has no port 'nothing'", "leave 'nothing' out, or add it to the contract"),
        ("SMG207", "a step of contract Train has no port 'num_round'", "give it to the config: Config(num_round=…)"),
        ("SMG207", "a step of contract Train needs a config", "write StepBuilder(Config(num_round=…), …)"),
    ]


def test_the_config_has_no_name_and_ports_have_one(steps: Steps) -> None:
    config = steps.train.Config(num_round=1)
    named = one_of(lambda: steps.train.StepBuilder(config=config, data=DATA))
    assert named.fix == "write the config first and without a name: StepBuilder(Config(num_round=…), …)"
    placed, missing = findings_of(lambda: steps.train.StepBuilder(config, DATA))
    assert (missing.message, placed.message) == (
        "a step of contract Train takes its ports by name",
        "the required port 'data' is not bound",
    )
    assert missing.fix == "write data=… for it"


def test_what_a_class_of_ones_own_asks_for_is_said_by_python(steps: Steps) -> None:
    class Own(StepBuilder[StepOutputProxy]):
        STEP_CONTRACT = steps.prepare.CONTRACT

        def __init__(self, threshold: float) -> None:
            super().__init__(StepOutputProxy, steps.prepare.Config(), {"raw": [DATA]})
            self.threshold = threshold

    assert Own(0.5).threshold == 0.5
    with pytest.raises(TypeError, match="threshold"):
        Own()  # type: ignore[call-arg]  # that is the mistake


def test_a_builder_still_has_its_signature_and_copies(steps: Steps) -> None:
    assert [*inspect.signature(steps.train.StepBuilder).parameters][:2] == ["config", "data"]
    builder = steps.prepare.StepBuilder(raw=[DATA])
    assert copy.copy(builder).__smgen_ports__ == builder.__smgen_ports__


# Attributes -----------------------------------------------------------------------------------------------------------


def misspelt(p: Any, steps: Steps) -> list[tuple[Callable[[], object], str, str | None, str]]:
    made = p.add_step("Prep", steps.prepare.StepBuilder(raw=[DATA]))
    gate = p.condition("Gate", made.statistics.rows > 1)
    builder = steps.prepare.StepBuilder(raw=[DATA])
    report = 'the report of step "Prep"'
    otherwise = 'the branch "otherwise" of condition "Gate"'
    return [
        (lambda: made.statistics.rosw, f"{report} has no 'rosw'", "rows", "write .rows"),
        (lambda: made.statistics.nested.maen, f"the object nested of {report} has no 'maen'", "mean", "write .mean"),
        (
            lambda: made.statistics.nested.x,
            f"the object nested of {report} has no 'x'",
            None,
            "use one of its attributes",
        ),
        (lambda: gate.else_, "the condition \"Gate\" has no 'else_'", "otherwise", "write .otherwise"),
        (lambda: gate.thne, "the condition \"Gate\" has no 'thne'", "then", "write .then"),
        (lambda: gate.otherwise.fial, f"{otherwise} has no 'fial'", "fail", "write .fail"),
        (lambda: p.flaot, "the pipeline \"Fraud\" has no 'flaot'", "float", "write .float"),
        (lambda: made.train.loction, 'step "Prep", output "train" has no \'loction\'', "location", "write .location"),
        (lambda: p.string("A").equal, "<String variable Parameters.A> has no 'equal'", "equals", "write .equals"),
        (
            lambda: builder.with_output_location,
            "the builder PrepareStepBuilder has no 'with_output_location'",
            "with_output_locations",
            "write .with_output_locations",
        ),
        (
            lambda: builder.train,
            "the output 'train' was read from a step builder, which has none",
            None,
            'add it first: step = p.add_step("…", builder), and read step.train',
        ),
    ]


def test_misspelt_attributes(p: FluentPipelineBuilder, steps: Steps) -> None:
    for read, message, nearest, fix in misspelt(p, steps):
        finding = one_of(read)
        assert (finding.rule, finding.message, finding.nearest, finding.fix) == ("SMG206", message, nearest, fix)
        assert finding.place.file == shown(__file__)


def test_the_attributes_are_named_in_their_order(p: Any, steps: Steps) -> None:
    made = p.add_step("Prep", steps.prepare.StepBuilder(raw=[DATA]))
    assert one_of(lambda: made.statistics.nested.x).expected == "mean, class_"
    assert one_of(lambda: p.condition("G", made.statistics.rows > 1).x).expected == "name, then, otherwise, outcome"


def test_asking_for_attributes_still_works(p: Any, steps: Steps) -> None:
    made = p.add_step("Prep", steps.prepare.StepBuilder(raw=[DATA]))
    gate = p.condition("G", made.statistics.rows > 1)
    for thing in (p, gate, gate.then, made.train, made.statistics, made.statistics.nested, made.statistics.rows):
        assert not hasattr(thing, "nothing")
        assert getattr(thing, "nothing", 3) == 3
        for name in ("__nothing__", "_nothing"):
            with pytest.raises(AttributeError) as caught:
                getattr(thing, name)
            assert not isinstance(caught.value, FindingsError)
    for thing in (p, gate, made.statistics.nested):
        assert type(copy.copy(thing)) is type(thing)
    assert pickle.loads(pickle.dumps(ENVIRONMENT)) == ENVIRONMENT


def test_parts_of_a_report_are_not_compared(p: Any, steps: Steps) -> None:
    made = p.add_step("Prep", steps.prepare.StepBuilder(raw=[DATA]))
    limit = p.float("Limit")
    nested = one_of(lambda: made.statistics.nested <= 3)
    assert nested.message == 'the object nested of the report of step "Prep" was compared, but it is no value'
    assert nested.fix == "compare one of its values"
    assert one_of(lambda: limit.equals(made.extra)).fix == "compare with its .value"
    assert one_of(lambda: limit.equals(made.statistics.columns)).fix == "compare with one of its values"


# Values that are known when the pipeline is built ---------------------------------------------------------------------


def trained(p: Any, steps: Steps, **values: Any) -> int:
    p.add_step("Train", steps.train.StepBuilder(steps.train.Config(**({"num_round": 1} | values)), data=DATA))
    return line() - 1


def bad_values(p: FluentPipelineBuilder) -> list[Finding]:
    return [finding for finding in findings_of(p.build) if finding.rule == "SMG207"]


def test_defaults_of_parameters_keep_the_limits_of_the_contract(p: FluentPipelineBuilder, steps: Steps) -> None:
    rounds, machine = p.integer("Rounds", default=0), p.string("Machine", default="ml.m5.xlagre")
    declared = line() - 1
    added = trained(p, steps, num_round=rounds, instance_type=machine, columns=[p.string("Column", default="a")])
    first, second = bad_values(p)
    assert first == Finding(
        "SMG207",
        "the default of parameter 'Machine' is not allowed for 'instance_type'",
        Place(file=shown(__file__), line=added, step="Train"),
        given="'ml.m5.xlagre'",
        given_at=at(declared),
        expected="one of 'ml.m5.xlarge', 'ml.m5.4xlarge' (contract Train 1.2.0)",
        nearest="ml.m5.xlarge",
        fix="write 'ml.m5.xlarge' as the default",
    )
    assert (second.message, second.given, second.expected, second.fix) == (
        "the default of parameter 'Rounds' is not allowed for 'num_round'",
        "0",
        "a whole number of at least 1 (contract Train 1.2.0)",
        "give the parameter another default",
    )


def test_the_default_is_that_of_the_environment(steps: Steps) -> None:
    place = Place(file="pyproject.toml", line=9)
    given = {"Rounds": 0}
    p = FluentPipelineBuilder("P", Environment("prod", parameters=given, parameter_places={"Rounds": place}))
    trained(p, steps, num_round=p.integer("Rounds", default=5))
    (finding,) = bad_values(p)
    assert (finding.given, finding.given_at) == ("0", place)


def test_what_has_no_default_or_is_no_parameter_is_not_judged(p: FluentPipelineBuilder, steps: Steps) -> None:
    made: Any = p.add_step("Prep", steps.prepare.StepBuilder(raw=[DATA]))
    trained(p, steps, num_round=made.statistics.rows, max_depth=p.integer("Depth"), eta=p.float("Eta", default=2))
    assert [finding.rule for finding in findings_of(p.build)] == ["SMG214"]


def test_a_pattern_that_the_model_does_not_hold(p: FluentPipelineBuilder, steps: Steps) -> None:
    config = steps.register.Config(group="fraud models", image="i")
    p.add_step("Register", steps.register.StepBuilder(config, model=DATA))
    finding = one_of(p.build)
    assert (finding.rule, finding.message, finding.given) == (
        "SMG207",
        "the value of 'group' is not allowed there",
        "'fraud models'",
    )
    assert (finding.expected or "").startswith("a text of 1 to 170 characters matching ")


# Environments ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "slip"),
    [
        ("MaxErorr", True),
        ("max_error", True),
        ("MaxErrors", True),
        ("MaxError2", False),
        ("MinError", False),
        ("Depth", False),
        ("Other", False),
    ],
)
def test_a_slip_in_the_name_of_a_default(key: str, slip: bool) -> None:
    place = Place(file="pyproject.toml", line=9)
    values = {key: 1.0, "Depth": 3}
    p = FluentPipelineBuilder("P", Environment("prod", parameters=values, parameter_places={key: place}))
    p.fail("F", p.string("Text", default="x"))
    p.float("MaxError", default=2.0)
    p.integer("Depths", default=2)
    p.integer("Depth")
    if not slip:
        p.build()
        return
    assert one_of(p.build) == Finding(
        "SMG130",
        f"[tool.smgen.environments.prod.parameters] has a default of '{key}', which pipeline \"P\" does not declare",
        place,
        given=key,
        expected="Text, MaxError, Depths",
        nearest="MaxError",
        fix="write MaxError",
    )


def test_a_default_that_is_set_under_both_names_is_no_slip() -> None:
    p = FluentPipelineBuilder("P", Environment("prod", parameters={"MaxError": 1.0, "MaxErrors": 1.0}))
    p.fail("F", p.string("Text", default="x"))
    p.float("MaxError")
    p.build()


def test_a_group_that_the_environment_does_not_have() -> None:
    environment = Environment("dev", model_package_groups={"fraud": "fraud-models"})
    finding = one_of(lambda: environment.model_package_group("fruad"))
    assert (finding.rule, finding.given, finding.nearest) == ("SMG211", "fruad", "fraud")
    assert (finding.fix or "").startswith("write fraud, or add fruad = ")


# Names ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("Register model", "Register-model"),
        (" a.b/c ", "a-b-c"),
        ("x" * 65, "x" * 64),
        ("y" * 63 + " zz", "y" * 63),
        ("Grün", "Gr-n"),
        ("ü", None),
        ("", None),
    ],
)
def test_a_legal_name_is_proposed(p: Any, name: str, proposed: str | None) -> None:
    p.fail(name, "x")
    finding = one_of(p.build)
    assert (finding.rule, finding.fix) == ("SMG400", None if proposed is None else f'write "{proposed}"')


def test_names_of_pipelines_and_parameters(p: FluentPipelineBuilder) -> None:
    assert one_of(FluentPipelineBuilder("-fraud_detection-").build).fix == 'write "fraud-detection"'
    assert one_of(FluentPipelineBuilder("x" * 257).build).fix == f'write "{"x" * 256}"'
    p.fail("F", p.string("raw data_1"))
    assert one_of(p.build).fix == 'write "raw-data_1"'


def test_nothing_is_proposed_that_is_refused() -> None:
    assert legal_fix("a b", lambda _: "never") is None
