"""The fixes of the source rules, written into the code that they are about: it is silent then, and it builds."""

from __future__ import annotations

import re
import sys
import textwrap
from functools import partial
from itertools import count
from types import ModuleType, SimpleNamespace
from typing import Final

import pytest

from smgen.diagnostics import Finding
from smgen.runtime import Environment, External, FluentPipelineBuilder
from smgen.source import check_source
from smgen_steps import model_evaluation, tabular_preprocessing, xgboost_training
from tests.source.test_operators_and_texts import HEAD, JOINED, WRONG_OPERATORS

SNIPPETS: Final = [*(body for body, _, _ in WRONG_OPERATORS), *(f"x = {text}" for text in JOINED)]

#: Snippets with names that nothing real has, and one that orders two plain numbers.
NOT_RUN: Final = re.compile(r"env\.(?:template|names)|env\.count|elsewhere\(|< 1 < 2")
#: What is to be written instead of what was given.
FORMS: Final = (
    re.compile(r"write (?P<code>.*), if that is asked for"),
    re.compile(r"write (?P<code>.*) where a condition belongs"),
    re.compile(r".*; where a text belongs, (?P<code>.*)"),
    re.compile(r"write (?P<code>.*) \(.* as its \.location if it is an artifact\)"),
    re.compile(r"pass (?P<code>.*) itself"),
    re.compile(r"(?P<code>print .*), which says what it refers to"),
    re.compile(r"write (?!gate = )(?P<code>.*)"),
)
#: What is to be written instead of the whole statement.
DECIDED: Final = re.compile(
    r"(?:write gate = |leave it out; to stop the pipeline, write |give them all to )"
    r"(?P<builder>\w+)\.condition\(\"…\", (?P<code>.*)\)(?: and .*)?"
)
#: Where no code is written out, since it depends on what is meant.
ADVICE: Final = (
    'if env.name == "prod" and mse < 1:\n    pass',
    "size = 1 if mse < 1 else 2",
    "if trained.model_artifacts:\n    pass",
    "best = max(limit, 3)",
    "low = [v for v in (mse, auc) if v < 1]",
    'x = f"{trained}"',
    "x = str(mse < 1)",
)


def found_in(body: str) -> tuple[Finding, ...]:
    return check_source(HEAD + textwrap.indent(body + "\n", "    "), "pipelines/fraud.py")


def put_right(body: str) -> str | None:
    """The code with the fix of its first finding in it; None where the fix is advice."""
    finding = found_in(body)[0]
    lines = body.split("\n")
    number = (finding.place.line or 0) - HEAD.count("\n") - 1
    column = (finding.place.column or 0) - len("    ") - 1
    line, fix, given = lines[number], finding.fix or "", finding.given or ""
    decided = DECIDED.fullmatch(fix)
    if decided is not None and re.match(r"\s*(?:if|elif|while|assert) ", line):
        indent = re.match(r" *", line)
        assert indent is not None
        after = number + 1
        while after < len(lines) and lines[after].startswith(indent[0] + " "):
            after += 1
        name = 'f"Decided{next(numbers)}"'
        lines[number:after] = [f"{indent[0]}{decided['builder']}.condition({name}, {decided['code']})"]
        return "\n".join(lines)
    form = next((found for found in (form.fullmatch(fix) for form in FORMS) if found is not None), None)
    if form is None:
        return None
    code = re.sub(r"^print (.*)", r"print(\1)", form["code"])
    assert line[column:].startswith(given)
    lines[number] = line[:column] + code + line[column + len(given) :]
    return "\n".join(lines)


def built(body: str) -> None:
    """Builds a pipeline with the code in it; a text or variable ``x`` is used in it."""
    head = HEAD.replace('classification_metrics["auc"]', "regression_metrics.r2")
    body = re.sub(
        r"^(\s*\w+\.condition\(.*\))$", r'\1.then.fail(f"Stop{next(numbers)}", "x")', body, flags=re.MULTILINE
    )
    use = "\nif isinstance(locals().get('x'), (str, rt.Variable)):\n    p.fail('Used', x)\n"
    module: dict[str, object] = {"numbers": count()}
    exec(compile(head + textwrap.indent(body + use, "    "), "fraud.py", "exec"), module)
    pipeline = FluentPipelineBuilder("Fraud", ENVIRONMENT)
    function = module["fraud"]
    assert callable(function)
    function(pipeline, SimpleNamespace(bucket="b", name="dev", uri=ENVIRONMENT.uri, full=True, x=False))
    pipeline.build()


ENVIRONMENT: Final = Environment(
    "dev",
    account="111122223333",
    region="eu-west-1",
    role="arn:aws:iam::111122223333:role/Fraud",
    bucket="b",
    images={"scikit-learn": "image", "xgboost": "image"},
)


@pytest.fixture
def _steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """The module that the snippets import, with real steps in it."""
    data, config = External("s3://b/data/"), xgboost_training.Config(num_round=1)
    steps = ModuleType("steps")
    steps.__dict__.update(
        preparation=SimpleNamespace(StepBuilder=partial(tabular_preprocessing.StepBuilder, raw_data=data)),
        training=SimpleNamespace(StepBuilder=partial(xgboost_training.StepBuilder, config)),
        evaluation=SimpleNamespace(StepBuilder=partial(model_evaluation.StepBuilder, test_data=data)),
    )
    monkeypatch.setitem(sys.modules, "steps", steps)


@pytest.mark.parametrize("body", SNIPPETS)
def test_a_fixed_snippet_is_silent(body: str) -> None:
    fixed = put_right(body)
    if fixed is not None:
        assert found_in(fixed) == (), fixed


@pytest.mark.usefixtures("_steps")
@pytest.mark.parametrize("body", [body for body in SNIPPETS if not NOT_RUN.search(body)])
def test_a_fixed_snippet_builds(body: str) -> None:
    fixed = put_right(body)
    if fixed is not None:
        built(fixed)


@pytest.mark.usefixtures("_steps")
def test_the_code_around_the_snippets_builds() -> None:
    built("pass")


def test_few_fixes_are_advice() -> None:
    assert [body for body in SNIPPETS if put_right(body) is None] == [*ADVICE]
