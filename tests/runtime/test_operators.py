"""Python's operators and methods over what exists only when a pipeline runs: each says what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from smgen.runtime import TUNED, External, FluentPipelineBuilder, MisuseError
from tests.runtime.fixture_package import Steps, one_of

P = FluentPipelineBuilder("Values")
# Without their types: a type checker refuses all of this.
LIMIT: Any = P.float("Limit")
WHOLE: Any = P.integer("Whole")
TEXT: Any = P.string("Text")
FLAG: Any = P.boolean("Flag")
HOLDS: Any = LIMIT <= 3

PARENTHESES = "write parentheses around each comparison: (a >= x) & (b <= y)"
COMPARED = f"compare it first, .equals(True), and {PARENTHESES}"
COMPUTES_NOTHING = "a pipeline computes nothing: declare a parameter for the result, or compute it in a step"
WHOLE_TEXTS = (
    "SageMaker compares whole texts: .equals(…), or .is_in([…]), in p.condition(…); "
    "what is known when the pipeline is built stands in env.text(…)"
)
CHANGES_NO_TEXT = "a pipeline changes no text: change it in Python before p.string(…), or in a step"
JOIN = 'put texts together with join: join("", a, b), or join("/", a, b)'

Use = Callable[[], object]


def beside(sign: str, variable: str) -> str:
    return f"`{sign}` stands beside <{variable}>, which is no condition"


def needs(sign: str, variable: str) -> str:
    return f"`{sign}` needs the value of <{variable}>, which is known only when the pipeline runs"


def combined(sign: str, value: str) -> str:
    return f"a condition was combined by {sign} with {value}, which is no condition"


LIMIT_SHOWN, WHOLE_SHOWN = "Float variable Parameters.Limit", "Integer variable Parameters.Whole"
TEXT_SHOWN, FLAG_SHOWN = "String variable Parameters.Text", "Boolean variable Parameters.Flag"


@pytest.mark.parametrize(
    ("use", "message", "fix"),
    [
        # The sign took what stands beside it, and the comparisons were to be read first.
        (lambda: LIMIT >= LIMIT & WHOLE >= 3, beside("&", LIMIT_SHOWN), PARENTHESES),
        (lambda: LIMIT >= 3 & WHOLE >= 3, beside("&", WHOLE_SHOWN), PARENTHESES),
        (lambda: LIMIT >= 0.5 & WHOLE >= 3, beside("&", WHOLE_SHOWN), PARENTHESES),
        (lambda: LIMIT >= 0.5 | WHOLE >= 3, beside("|", WHOLE_SHOWN), PARENTHESES),
        (lambda: 0.5 <= LIMIT & 0.6 <= WHOLE, beside("&", LIMIT_SHOWN), PARENTHESES),
        (lambda: LIMIT >= 0.6 & HOLDS, combined("&", "0.6"), PARENTHESES),
        (lambda: LIMIT >= 1 | HOLDS, combined("|", "1"), PARENTHESES),
        (lambda: HOLDS & 0.6 <= WHOLE, combined("&", "0.6"), PARENTHESES),
        (lambda: HOLDS & WHOLE <= 3, combined("&", f"<{WHOLE_SHOWN}>"), PARENTHESES),
        (
            lambda: ~LIMIT >= 3,
            f"`~` stands before <{LIMIT_SHOWN}>, which is no condition",
            "write parentheses around the comparison: ~(a >= x)",
        ),
        # A truth value is no condition yet.
        (lambda: FLAG & HOLDS, beside("&", FLAG_SHOWN), COMPARED),
        (lambda: HOLDS | FLAG, combined("|", f"<{FLAG_SHOWN}>"), COMPARED),
        (
            lambda: ~FLAG,
            f"`~` stands before <{FLAG_SHOWN}>, which is no condition",
            "compare it first, .equals(True), and write parentheses around the comparison: ~(a >= x)",
        ),
        (lambda: True & HOLDS, combined("&", "True"), "combine conditions with conditions"),
        (lambda: HOLDS ^ HOLDS, "conditions were combined by ^, which no definition has", "write (a & ~b) | (~a & b)"),
        (lambda: LIMIT ^ WHOLE, beside("^", LIMIT_SHOWN), PARENTHESES),
        # Nothing is computed.
        (lambda: LIMIT * 2, needs("*", LIMIT_SHOWN), COMPUTES_NOTHING),
        (lambda: 2 * LIMIT, needs("*", LIMIT_SHOWN), COMPUTES_NOTHING),
        (lambda: LIMIT + 1, needs("+", LIMIT_SHOWN), COMPUTES_NOTHING),
        (lambda: 1 - LIMIT, needs("-", LIMIT_SHOWN), COMPUTES_NOTHING),
        (lambda: LIMIT / 2, needs("/", LIMIT_SHOWN), COMPUTES_NOTHING),
        (lambda: WHOLE // 2, needs("//", WHOLE_SHOWN), COMPUTES_NOTHING),
        (lambda: WHOLE % 2, needs("%", WHOLE_SHOWN), COMPUTES_NOTHING),
        (lambda: 2**WHOLE, needs("**", WHOLE_SHOWN), COMPUTES_NOTHING),
        (lambda: divmod(WHOLE, 2), needs("divmod", WHOLE_SHOWN), COMPUTES_NOTHING),
        (lambda: -LIMIT, needs("-", LIMIT_SHOWN), COMPUTES_NOTHING),
        (lambda: +LIMIT, needs("+", LIMIT_SHOWN), COMPUTES_NOTHING),
        (lambda: abs(LIMIT), needs("abs", LIMIT_SHOWN), COMPUTES_NOTHING),
        (lambda: round(LIMIT, 2), needs("round", LIMIT_SHOWN), COMPUTES_NOTHING),
        (lambda: sum([LIMIT, WHOLE]), needs("+", LIMIT_SHOWN), COMPUTES_NOTHING),
        (
            lambda: TUNED * 2,  # type: ignore[operator]  # that is the mistake
            "`*` needs the value of TUNED, which is known only when the pipeline runs",
            COMPUTES_NOTHING,
        ),
        # Texts are put together when the pipeline runs, and not changed.
        (lambda: TEXT + "/part", needs("+", TEXT_SHOWN), JOIN),
        (lambda: "s3://" + TEXT, needs("+", TEXT_SHOWN), JOIN),
        (lambda: TEXT / "part", needs("/", TEXT_SHOWN), JOIN),
        (lambda: TEXT % 3, needs("%", TEXT_SHOWN), JOIN),
        (lambda: TEXT * 2, needs("*", TEXT_SHOWN), CHANGES_NO_TEXT),
        (lambda: TEXT[0], needs("[]", TEXT_SHOWN), CHANGES_NO_TEXT),
        (lambda: TEXT[:3], needs("[]", TEXT_SHOWN), CHANGES_NO_TEXT),
    ],
)
def test_an_operator_over_a_variable_says_what_to_write(use: Use, message: str, fix: str) -> None:
    finding = one_of(use)
    assert (finding.rule, finding.message, finding.fix) == ("SMG208", message, fix)
    with pytest.raises(MisuseError):
        use()


@pytest.mark.parametrize(
    ("variable", "name", "fix"),
    [
        (TEXT, "format", 'put texts together with join: join("", a, b)'),
        (TEXT, "join", 'put texts together with the function join: join("/", a, b)'),
        (TEXT, "startswith", WHOLE_TEXTS),
        (TEXT, "index", WHOLE_TEXTS),
        (TEXT, "split", CHANGES_NO_TEXT),
        (TEXT, "upper", CHANGES_NO_TEXT),
        (TEXT, "location", "leave .location out: pass this itself"),
        (TEXT, "to_string", 'pass the variable itself; where a text belongs, join("", variable)'),
        (LIMIT, "value", "leave .value out: this is the value itself"),
        (LIMIT, "is_integer", COMPUTES_NOTHING),
        (WHOLE, "bit_length", COMPUTES_NOTHING),
        (LIMIT, "split", "use one of its attributes"),
        (TEXT, "equal", "write .equals"),
    ],
)
def test_a_method_of_pythons_values_says_what_to_do(variable: Any, name: str, fix: str) -> None:
    finding = one_of(lambda: getattr(variable, name))
    message = f"{variable!r} has no '{name}'"
    if not fix.startswith(("use", "write")):
        message += ": it is no value of Python, and has one only when the pipeline runs"
    assert (finding.rule, finding.message, finding.fix) == ("SMG206", message, fix)
    assert finding.expected == "equals, is_in"


BELOW = 'for a file below it write output / "file.csv", for a text join("/", output.location, …)'
ALWAYS = "an output always exists once its step has run; compare a value of its report, or leave it out"


def test_an_output_is_no_text_and_no_value(p: FluentPipelineBuilder, steps: Steps) -> None:
    output: Any = p.add_step("Prep", steps.prepare.StepBuilder(raw=[External("s3://b/k")])).train
    shown = '<Output[TrainingData] of step "Prep", output "train">'
    plus = f"`+` needs the value of {shown}, which is known only when the pipeline runs"
    uses: list[tuple[Use, str, str]] = [
        (lambda: output + "/part", plus, BELOW),
        (lambda: "s3:/" + output, plus, BELOW),
        (lambda: output["part"], plus.replace("`+`", "`[]`"), BELOW),
        (lambda: output & HOLDS, f"`&` stands beside {shown}, which is no condition", ALWAYS),
        (lambda: ~output, f"`~` stands before {shown}, which is no condition", ALWAYS),
        (
            lambda: output >= 3,
            f"{shown} was compared, but it is no value",
            "compare its .location, which is a String variable",
        ),
    ]
    for use, message, fix in uses:
        finding = one_of(use)
        assert (finding.rule, finding.message, finding.fix) == ("SMG208", message, fix)
    names = {"uri": "write .location", "S3Uri": "write .location", "joinpath": BELOW, "split": BELOW}
    for name, fix in names.items():
        finding = one_of(lambda name=name: getattr(output, name))  # type: ignore[misc]  # bound to this round
        assert (finding.rule, finding.fix) == ("SMG206", fix)


def test_a_part_of_a_report_is_no_value(p: FluentPipelineBuilder, steps: Steps) -> None:
    report: Any = p.add_step("Prep", steps.prepare.StepBuilder(raw=[External("s3://b/k")])).statistics
    node = report.columns
    shown = 'the list columns of the report of step "Prep"'
    finding = one_of(lambda: node & HOLDS)
    assert finding.message == f"`&` stands beside {shown}, which is no condition"
    assert finding.fix == f"compare one of its values, and {PARENTHESES}"
    finding = one_of(lambda: 1 + node)
    assert finding.message == f"`+` needs the value of {shown}, which is known only when the pipeline runs"
    assert finding.fix == "go on to one of its values"


def test_a_step_is_none_of_its_outputs(p: FluentPipelineBuilder, steps: Steps) -> None:
    step: Any = p.add_step("Prep", steps.prepare.StepBuilder(raw=[External("s3://b/k")]))
    finding = one_of(lambda: step["train"])
    assert (finding.rule, finding.message, finding.fix) == (
        "SMG208",
        'an output of step "Prep" was asked for with []',
        "write .train",
    )
    for use in (lambda: step + "/part", lambda: step & HOLDS, lambda: step["trian"]):
        assert one_of(use).fix == "use one of its outputs: train, test, report, statistics, extra, job_name"
