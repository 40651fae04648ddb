"""The source rules: what is found in users' modules with its exact fix, and everything ordinary that stays silent."""

import textwrap
from pathlib import Path

import pytest

from smgen.diagnostics import Place
from smgen.source import check_source
from tests.project.checkout import CHECKOUT

HEAD = """\
from functools import reduce
import os.path
import smgen.runtime as rt
from smgen.runtime import AUTO, BranchBuilder, Condition, Environment, Execution, External, FluentPipelineBuilder
from smgen.runtime import StringVariable, Variable, join
from steps import evaluation, preparation, training


def fraud(p: FluentPipelineBuilder, env: Environment) -> None:
    raw = p.string("Raw", default=f"s3://{env.bucket}/raw")
    limit = p.float("Limit", default=6.0)
    fast = p.boolean("Fast", default=False)
    prepared = p.add_step("Prepare", preparation.StepBuilder(raw_data=External(raw)))
    trained = p.add_step("Train", training.StepBuilder(training_data=prepared.processed_data))
    rated = p.add_step("Evaluate", evaluation.StepBuilder(model=trained.model_artifacts))
    mse = rated.metrics.regression_metrics.mse.value
    auc = rated.metrics.classification_metrics["auc"].value
"""


def findings(body: str, head: str = HEAD) -> list[tuple[str, str, str]]:
    """Rule, given and fix of everything that is found in a function's body."""
    text = head + textwrap.indent(textwrap.dedent(body), "    ")
    return [(item.rule, item.given or "", item.fix or "") for item in check_source(text, "pipelines/fraud.py")]


GATE = 'write gate = p.condition("…", {}) and add steps to gate.then and gate.otherwise'

WRONG_OPERATORS = [
    (
        'p.condition("G", mse <= limit and auc >= 0.8)',
        "mse <= limit and auc >= 0.8",
        "write (mse <= limit) & (auc >= 0.8)",
    ),
    ('p.condition("G", mse <= 1 or auc >= 0.8)', "mse <= 1 or auc >= 0.8", "write (mse <= 1) | (auc >= 0.8)"),
    ('p.condition("G", not mse <= 1)', "not mse <= 1", "write ~(mse <= 1)"),
    ('p.condition("G", 0 < mse <= limit)', "0 < mse <= limit", "write (0 < mse) & (mse <= limit)"),
    ("ok = 0 < mse < auc < 1", "0 < mse < auc < 1", "write (0 < mse) & (mse < auc) & (auc < 1)"),
    (
        'p.condition("G", (mse <= 1 or auc >= 0.8) and not fast)',
        "(mse <= 1 or auc >= 0.8) and not fast",
        "write ((mse <= 1) | (auc >= 0.8)) & (~fast.equals(True))",
    ),
    ('p.condition("G", mse <= 1 & auc >= 0.8)', "mse <= 1 & auc >= 0.8", "write (mse <= 1) & (auc >= 0.8)"),
    ('p.condition("G", mse <= limit | auc >= 0.8)', "mse <= limit | auc >= 0.8", "write (mse <= limit) | (auc >= 0.8)"),
    ("if mse <= limit:\n    pass", "mse <= limit", GATE.format("mse <= limit")),
    ("if fast:\n    pass", "fast", GATE.format("fast.equals(True)")),
    ("if not fast:\n    pass", "not fast", GATE.format("~fast.equals(True)")),
    ("if raw:\n    pass", "raw", GATE.format('~raw.equals("")')),
    ("if limit:\n    pass", "limit", GATE.format("~limit.equals(0)")),
    ('if raw == "EU":\n    pass', 'raw == "EU"', GATE.format('raw.equals("EU")')),
    ('if "EU" != raw:\n    pass', '"EU" != raw', GATE.format('~raw.equals("EU")')),
    ('ok = raw in ("EU", "NA")', 'raw in ("EU", "NA")', 'write raw.is_in(["EU", "NA"])'),
    (
        "ok = trained.training_job_name == raw",
        "trained.training_job_name == raw",
        "write trained.training_job_name.equals(raw)",
    ),
    ('if env.name == "dev":\n    pass\nelif mse < 1:\n    pass', "mse < 1", GATE.format("mse < 1")),
    (
        'if env.name == "prod" and mse < 1:\n    pass',
        'env.name == "prod" and mse < 1',
        'test `env.name == "prod"` alone with Python\'s if, and then ' + GATE.format("mse < 1"),
    ),
    ("size = 1 if mse < 1 else 2", "mse < 1", 'write gate = p.condition("…", mse < 1) and decide by its branches'),
    ("while mse > 1:\n    pass", "mse > 1", 'write gate = p.condition("…", mse > 1) and decide by its branches'),
    (
        "assert mse < 1",
        "mse < 1",
        'leave it out; to stop the pipeline, write p.condition("…", mse < 1) and .otherwise.fail',
    ),
    (
        "if trained.model_artifacts:\n    pass",
        "trained.model_artifacts",
        "leave the test out: an output always exists once its step has run; to decide by a value, compare it in "
        'p.condition("…", …)',
    ),
    ("ok = bool(mse < 1)", "bool(mse < 1)", "write mse < 1 where a condition belongs"),
    ('p.condition("G", all([mse < 1, auc > 0.8]))', "all([mse < 1, auc > 0.8])", "write (mse < 1) & (auc > 0.8)"),
    ('p.condition("G", any([mse < 1, auc > 0.8]))', "any([mse < 1, auc > 0.8])", "write (mse < 1) | (auc > 0.8)"),
    (
        "conditions = [v < 1 for v in (mse, auc)]\nif all(conditions):\n    pass",
        "all(conditions)",
        'give them all to p.condition("…", *conditions)',
    ),
    (
        "best = max(limit, 3)",
        "max(limit, 3)",
        'compare the two in p.condition("…", …), and go on in its branches',
    ),
    (
        "model = None\nif env.full:\n    model = trained.model_artifacts\nif model:\n    pass",
        "model",
        "write model is not None, if that is asked for",
    ),
    (
        "def helper(given):\n    if not given:\n        return 1\nhelper(None if env.full else limit)",
        "not given",
        "write given is None, if that is asked for",
    ),
    # Names that stand for references.
    (
        "found = {n: p.float(n) for n in env.names}\nfor n, value in found.items():\n    if value < 1:\n        pass",
        "value < 1",
        GATE.format("value < 1"),
    ),
    (
        'found = {"a": limit, "b": 3}\nlow = found.get("a") < 1 < 2\nhigh = found["b"] < 1 < 2',
        'found.get("a") < 1 < 2',
        'write (found.get("a") < 1) & (1 < 2)',
    ),
    ("a, b = mse, auc\nok = a < 1 and b > 2", "a < 1 and b > 2", "write (a < 1) & (b > 2)"),
    ("if (ok := mse < 1):\n    pass", "ok := mse < 1", GATE.format("ok := mse < 1")),
    ("for value in [mse, auc]:\n    if value < 1:\n        pass", "value < 1", GATE.format("value < 1")),
    ("low = [v for v in (mse, auc) if v < 1]", "v < 1", GATE.format("v < 1")),
    ('gates = {"a": mse < 1}\nok = gates["a"] and fast', 'gates["a"] and fast', 'write gates["a"] & fast.equals(True)'),
    ("first, *others = [mse, auc]\nif others[0] < 1:\n    pass", "others[0] < 1", GATE.format("others[0] < 1")),
    ("ok = mse < 1 if env.name else mse < 2\nif ok:\n    pass", "ok", GATE.format("ok")),
    (
        "def gate(builder, value):\n    if value < 3:\n        builder.fail('x', 'y')\ngate(p, mse)",
        "value < 3",
        'write gate = builder.condition("…", value < 3) and add steps to gate.then and gate.otherwise',
    ),
    (
        "def is_good(value):\n    return value < 3\nok = is_good(mse) and is_good(auc)",
        "is_good(mse) and is_good(auc)",
        "write is_good(mse) & is_good(auc)",
    ),
    # Where a condition belongs, Python's operators are wrong whatever their operands are.
    ('p.condition("G", not elsewhere(p))', "not elsewhere(p)", "write ~elsewhere(p)"),
    ('p.condition("G", 0 < elsewhere(p) < 9)', "0 < elsewhere(p) < 9", "write (0 < elsewhere(p)) & (elsewhere(p) < 9)"),
]

JOINED = {
    'f"{raw}/train"': 'write join("/", raw, "train")',
    'f"s3://{raw}/x"': 'write join("", "s3://", raw, "/x")',
    'f"{raw}/{env.name}-v1/x"': 'write join("/", raw, f"{env.name}-v1", "x")',
    'f"{env.bucket}/{raw}"': 'write join("/", env.bucket, raw)',
    'f"n={limit:.2f}"': 'write join("", "n=", limit)',
    'f"{prepared.processed_data}/part.csv"': (
        'write prepared.processed_data / "part.csv"; where a text belongs, '
        'join("/", prepared.processed_data.location, "part.csv")'
    ),
    'f"{prepared.processed_data}/{env.name}.csv"': (
        'write prepared.processed_data / f"{env.name}.csv"; where a text belongs, '
        'join("/", prepared.processed_data.location, f"{env.name}.csv")'
    ),
    'f"job-{trained.training_job_name}"': (
        'write join("", "job-", trained.training_job_name) '
        "(trained.training_job_name as its .location if it is an artifact)"
    ),
    'f"{prepared.processed_data.location}/x"': 'write join("/", prepared.processed_data.location, "x")',
    'f"{Execution.PIPELINE_EXECUTION_ID}/x"': 'write join("/", Execution.PIPELINE_EXECUTION_ID, "x")',
    'f"{rt.Execution.PIPELINE_NAME}/x"': 'write join("/", rt.Execution.PIPELINE_NAME, "x")',
    'f"{raw}"': "pass raw itself",
    'f"{mse!s}"': 'pass mse itself; where a text belongs, join("", mse)',
    "str(mse)": 'pass mse itself; where a text belongs, join("", mse)',
    "format(limit)": 'pass limit itself; where a text belongs, join("", limit)',
    'f"{trained}"': "pass one of the outputs of trained; a step itself has no text",
    "str(mse < 1)": "give (mse < 1) to p.condition(…), and texts to the steps of its branches",
    '"s3://" + raw + "/x"': 'write join("", "s3://", raw, "/x")',
    'raw + "/" + env.name': 'write join("/", raw, env.name)',
    'prepared.processed_data + "/x.csv"': (
        'write prepared.processed_data / "x.csv"; where a text belongs, '
        'join("/", prepared.processed_data.location, "x.csv")'
    ),
    'env.uri("x/") + f"{raw}"': 'write join("", env.uri("x/"), raw)',
    '"%s/%s" % (env.bucket, raw)': 'write join("/", env.bucket, raw)',
    '"%s/x" % raw': 'write join("/", raw, "x")',
    '"%(a)s/x" % {"a": raw}': 'write join("/", raw, "x")',
    '"{}/x".format(raw)': 'write join("/", raw, "x")',
    '"{1}/{0}".format(env.name, raw)': 'write join("/", raw, env.name)',
    '"{r}/x".format(r=raw)': 'write join("/", raw, "x")',
    'env.template.format(raw).x + "{}".format(mse)': 'write join("", env.template.format(raw).x, mse)',
    # A text within a text is a part of it.
    '"rated " + str(mse)': 'write join("", "rated ", mse)',
    'str(mse) + " of " + str(limit)': 'write join("", mse, " of ", limit)',
    '"a" + ("b" + str("c" + raw))': 'write join("", "abc", raw)',
    '"n" + str(3) + str(mse)': 'write join("", "n", str(3), mse)',
    'str("a" + str(mse))': 'write join("", "a", mse)',
    "str(str(mse))": 'pass mse itself; where a text belongs, join("", mse)',
    "f\"a/{str(raw)}/{'x' + env.name}\"": 'write join("/", "a", raw, ("x" + env.name))',
    "f\"s3://{'a' + raw}/x\"": 'write join("", "s3://a", raw, "/x")',
    'f"{str(raw)!r}"': "pass raw itself",
    '"%r" % f"{raw}"': "pass raw itself",
    "env.count % len(str(raw))": "pass raw itself",
    '"%s/%s" % (str(raw), "x")': 'write join("/", raw, "x")',
    '"{}/x".format(f"{raw}")': 'write join("/", raw, "x")',
    '"/".join([f"{raw}", "x"])': 'write join("/", raw, "x")',
    '"/".join([raw, f"n-{limit}"])': 'write join("/", raw, join("", "n-", limit))',
    'print("rated", f"at {mse}", 3)': 'print "rated", "at ", repr(mse), 3, which says what it refers to',
    '"/".join([raw, "x"])': 'write join("/", raw, "x")',
    '"/".join(v for v in (raw, "x"))': 'write join("/", *(v for v in (raw, "x")))',
    'os.path.join(raw, "x.csv")': 'write join("/", raw, "x.csv")',
    "print(mse)": "print repr(mse), which says what it refers to",
    'join("/", f"{raw}", "x")': "pass raw itself",
}

SILENT = [
    'x = f"s3://{env.bucket}/raw/{env.name}"',
    'if env.name == "prod" and env.count > 3:\n    pass',
    "if not env.tags or 0 < env.count < 5:\n    pass",
    "x = [n for n in range(9) if n % 2 and n > 3]",
    'p.condition("G", (mse <= limit) & (auc >= 0.8))',
    'p.condition("G", mse <= limit, auc >= 0.8)',
    'p.condition("G", mse <= 5 if env.name == "prod" else mse <= 9)',
    'p.condition("G", ~(mse <= 1) | raw.equals("EU") & raw.is_in(["EU"]))',
    'x = f"{raw!r}" + repr(mse) + "%r" % raw + "{!r}".format(raw)',
    'x = f"{raw=}"',
    "if prepared is not None and raw is None:\n    pass",
    "if prepared:\n    pass",
    'x = prepared.processed_data / "part.csv"',
    'x = join("/", raw, f"{env.name}.csv")',
    'raw = "s3://bucket/x"\nx = f"{raw}/y"',
    'x = f"{p.name}-{p.environment.name}"',
    'if isinstance(raw, str):\n    x = f"{raw}/y"',
    'x = raw if not isinstance(raw, str) else f"{raw}/y"',
    'for name, data in [("a", prepared.train), ("b", prepared.test)]:\n    x = f"step-{name}"',
    'for name, data in {"a": prepared.train}.items():\n    x = f"step-{name}"',
    'for i, data in enumerate([prepared.train]):\n    x = f"step-{i}"',
    'x = {"name": "n", "data": raw}\ny = f"{x[\'name\']}"',
    'def label(text):\n    return f"{text}-x"\ny = label("a")',
    'def uri(text: str | StringVariable):\n    return f"{text}" if isinstance(text, str) else text\ny = uri(raw)',
    "steps = [p.add_step(f'S{n}', preparation.StepBuilder()) for n in range(3)]\nx = len(steps) > 2 and steps[0]",
    'x = f"{[raw]}"',
    "x = env.limit + 3 if env.limit else 0",
    "x = 7 % 3 + len(env.tags)",
    "x = sorted([mse, auc], key=id)",
    "model = trained.model_artifacts if env.full else None\nif model is not None:\n    pass",
    "step = p.add_step('S', preparation.StepBuilder()) if env.full else None\nafter = [step] if step else []",
    'found = {"a": limit, "b": 3}\nfor name in found:\n    x = f"{name}-{found[\'b\']}"',
    'found = {"a": limit}\nfor name, value in found.items():\n    x = f"{name}"',
    "other = env.override or (mse < 1)",
    'x = os.path.join(env.root, "x")',
    "def helper(raw, limit):\n    if raw and 0 < limit < 3:\n        return f'{raw}'",
    'class A:\n    raw = "x"\n    def name(self, limit):\n        return f"{self.raw}" if limit else ""',
    "raw = None\nif raw:\n    pass",
    'match env.name:\n    case "prod" if env.count:\n        x = f"{env.name}"',
    "x = AUTO\nif x:\n    pass",
    "x = [prepared.train] + [prepared.test]",
    'fail = f"above {env.limit}"\ngate = p.condition("G", mse > 3)\ngate.otherwise.fail("F", fail)\nx = f"{gate.name}"',
]


@pytest.mark.parametrize(("body", "given", "fix"), WRONG_OPERATORS, ids=[item[0] for item in WRONG_OPERATORS])
def test_operators(body: str, given: str, fix: str) -> None:
    assert findings(body) == [("SMG220", given, fix)]


@pytest.mark.parametrize(("text", "fix"), JOINED.items(), ids=JOINED)
def test_texts(text: str, fix: str) -> None:
    (found,) = findings(f"x = {text}")
    assert (found[0], found[2]) == ("SMG221", fix)


@pytest.mark.parametrize("body", SILENT)
def test_ordinary_python_is_silent(body: str) -> None:
    assert findings(body) == []


OTHER_WAYS = {
    "no annotation, but listed": ("def fraud(p, env):\n    x = p.string('R')\n    str(x)\n", ("fraud",), 3),
    "annotated as text": ("def f(p: 'FluentPipelineBuilder'):\n    str(p.string('R'))\n", (), 2),
    "made in the module": (
        "from smgen.runtime import FluentPipelineBuilder as F\np = F('fraud')\nx = p.string('R')\nif x: pass\n",
        (),
        4,
    ),
    "a class": (
        "from smgen.runtime import FluentPipelineBuilder\nclass Fraud:\n"
        "    def __init__(self, p: FluentPipelineBuilder):\n        self.p = p\n        self.raw = p.string('R')\n"
        "    def steps(self):\n        return f'{self.raw}/x'\n",
        (),
        7,
    ),
    "a branch": (
        "from smgen.runtime import FluentPipelineBuilder\ndef f(p: FluentPipelineBuilder):\n"
        "    gate = p.condition('G', p.float('L') < 1)\n    s = gate.then.add_step('S', X())\n    str(s.model)\n",
        (),
        5,
    ),
    "a proxy in an annotation": (
        "from smgen.runtime import FluentPipelineBuilder\nimport steps\n"
        "def f(p: FluentPipelineBuilder, t: steps.Proxy):\n    str(t.model)\n",
        (),
        4,
    ),
    "a variable in an annotation": (
        "import smgen.runtime as rt\ndef f(limit: rt.Variable[float]):\n    return 0 < limit < 1\n",
        (),
        3,
    ),
    "a list in an annotation": (
        "from smgen.runtime import Condition\ndef f(found: list[Condition]):\n    return all(found)\n",
        (),
        3,
    ),
    "a helper that returns a step": (
        "from smgen.runtime import FluentPipelineBuilder\ndef made(b, n):\n    return b.add_step(n, X())\n"
        "def f(p: FluentPipelineBuilder):\n    str(made(p, 'a').model)\n",
        (),
        5,
    ),
    "a helper that returns several": (
        "from smgen.runtime import FluentPipelineBuilder\ndef made(b):\n    s = b.add_step('a', X())\n"
        "    return s.train, 'x'\ndef f(p: FluentPipelineBuilder):\n    a, b = made(p)\n    str(b)\n    str(a)\n",
        (),
        8,
    ),
    "put into a list": (
        "from smgen.runtime import FluentPipelineBuilder\ndef f(p: FluentPipelineBuilder):\n    found = []\n"
        "    for n in 'ab':\n        found.append(p.add_step(n, X()))\n"
        "    for step in found:\n        str(step.model)\n",
        (),
        7,
    ),
    "added to": (
        "from smgen.runtime import FluentPipelineBuilder\ndef f(p: FluentPipelineBuilder):\n"
        "    path = 's3://'\n    path += p.string('R')\n",
        (),
        4,
    ),
    "no import of join": ("def f(p: FluentPipelineBuilder):\n    x = 'a' + p.string('R')\n", (), 2),
}


@pytest.mark.parametrize(("text", "functions", "line"), OTHER_WAYS.values(), ids=OTHER_WAYS)
def test_other_ways_to_a_reference(text: str, functions: tuple[str, ...], line: int) -> None:
    assert [(item.place.file, item.place.line) for item in check_source(text, "m.py", functions)] == [("m.py", line)]


def test_another_join_is_no_reference() -> None:
    text = 'from os.path import join\ndef f(p: FluentPipelineBuilder):\n    return f\'{join("a", "b")}\'\n'
    assert check_source(text, "m.py") == ()


def test_a_fix_names_the_import_that_lacks() -> None:
    (found,) = check_source("def f(p: FluentPipelineBuilder):\n    x = 'a' + p.string('R')\n", "m.py")
    assert found.fix == 'write join("", "a", p.string(\'R\')), with join from smgen.runtime'


def test_places_and_messages() -> None:
    text = 'def f(p: FluentPipelineBuilder):\n    raw = p.string("R"); ö = "ä"; x = f"{raw}/{ö}"; y = raw < 1 < 2\n'
    text_finding, operator_finding = check_source(text, "a/m.py")
    assert text_finding.place == Place(file="a/m.py", line=2, column=39)
    assert text_finding.message == "`raw` is made a text, but is known only when the pipeline runs"
    assert text_finding.given == 'f"{raw}/{ö}"'
    assert operator_finding.place == Place(file="a/m.py", line=2, column=57)
    assert operator_finding.message == (
        "a chained comparison needs the truth of `raw < 1 < 2`, which is known only when the pipeline runs"
    )


MESSAGES = {
    "mse < 1 and auc > 2": "`and` needs the truth of `mse < 1`, which is known only when the pipeline runs",
    "env.x or mse < 1 or auc > 2": "`or` needs the truth of `mse < 1`, which is known only when the pipeline runs",
    "mse == 3": "`==` compares references now, not the values that they have when the pipeline runs",
    "mse <= 1 & auc >= 2": "`&` and `|` take what stands beside them: write parentheses around each comparison",
    "1 if fast else 2": "`if … else` needs the truth of `fast`, which is known only when the pipeline runs",
    "min(mse, auc)": "`min` compares values that are known only when the pipeline runs",
    "'%s%s' % (raw, mse)": "`raw`, `mse` are made a text, but are known only when the pipeline runs",
    "os.path.join(raw, raw)": "`raw` is made a text, but is known only when the pipeline runs",
}


@pytest.mark.parametrize(("expression", "message"), MESSAGES.items(), ids=MESSAGES)
def test_messages(expression: str, message: str) -> None:
    (found,) = check_source(f"{HEAD}    x = {expression}\n", "m.py")
    assert found.message == message


def test_a_text_of_several_lines_is_given_in_one() -> None:
    (found,) = check_source(HEAD + "    x = (mse < 1\n         and auc > 2)\n", "m.py")
    assert found.given == "mse < 1 and auc > 2"


NO_PYTHON = [
    ("def f(:\n", Place(file="m.py", line=1, column=7)),
    ("x = 'a\n", Place(file="m.py", line=1, column=5)),
    ("x = 1\x00\n", Place(file="m.py")),
]


@pytest.mark.parametrize(("text", "place"), NO_PYTHON)
def test_what_is_no_python_is_one_finding(text: str, place: Place) -> None:
    (found,) = check_source(text, "m.py")
    assert (found.rule, found.message) == ("SMG210", "the module of a pipeline is no Python")
    assert found.place.file == place.file
    # Since 3.12 a null character has a line.
    assert found.place.line == place.line or place.line is None


EXAMPLES = sorted(path for path in (CHECKOUT / "examples").rglob("*.py"))


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.name for path in EXAMPLES])
def test_the_examples_are_silent(path: Path) -> None:
    assert check_source(path.read_text(encoding="utf-8"), path.name) == ()


def test_what_loops_give() -> None:
    head = HEAD + '    loop = p.for_each("Loop", items=["a"], max_concurrency=1)\n'
    head += '    inner = loop.body.add_step("Inner", training.StepBuilder(training_data=prepared.processed_data))\n'
    text = """
    a = f"s3://b/{loop.item}"
    b = f"s3://b/{loop.item.name}"
    c = f"{loop.status}"
    d = f"{loop.max_by(inner, inner.auc).job}"
    ok = 0 < loop.failed_step_count < 3
    fine = join("/", "s3://b", loop.item), loop.body, len(loop.outputs[0][inner].name), loop.anything
    """
    assert findings(text, head) == [
        ("SMG221", 'f"s3://b/{loop.item}"', 'write join("", "s3://b/", loop.item)'),
        ("SMG221", 'f"s3://b/{loop.item.name}"', 'write join("", "s3://b/", loop.item.name)'),
        ("SMG221", 'f"{loop.status}"', "pass loop.status itself"),
        ("SMG221", 'f"{loop.max_by(inner, inner.auc).job}"', "pass loop.max_by(inner, inner.auc).job itself"),
        (
            "SMG220",
            "0 < loop.failed_step_count < 3",
            "write (0 < loop.failed_step_count) & (loop.failed_step_count < 3)",
        ),
    ]
