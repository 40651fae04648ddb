"""AUTO ports written out: what is written, what stays as it is, and what is refused with which words."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

import pytest

from smgen.diagnostics import Finding
from smgen.source import AutoEdit, AutoSource, RewrittenModule, WrittenReference, WrittenStep, write_references
from tests.source.pipeline_recorder import FILE, Reference, facts, recorded

SOURCES = {"Train.data": "Prep.processed"}


def write(text: str, sources: Mapping[str, str | Sequence[str]] = SOURCES) -> RewrittenModule:
    """The rewritten module, which must give every port what was asked for, and everything else what it was given."""
    before = recorded(text)
    edits, steps = facts(before, sources)
    result = write_references(text, FILE, edits, steps)
    if result.findings:
        assert (result.text, result.references) == (text, ())
        return result
    after = recorded(result.text)
    for step, ports in before.ports.items():
        wanted = dict(ports)
        for port in ports:
            source = sources.get(f"{step}.{port}")
            if isinstance(source, str):
                wanted[port] = Reference(*source.split("."))
            elif source is not None:
                wanted[port] = [Reference(*one.split(".")) for one in source]
        assert after.ports[step] == wanted
    assert write_references(result.text, FILE, [], steps) == RewrittenModule(result.text)
    return result


def function(body: str) -> str:
    return "from smgen.runtime import AUTO\n\n\ndef pipeline(p, env):\n" + textwrap.indent(
        textwrap.dedent(body), "    "
    )


def written(body: str, sources: Mapping[str, str | Sequence[str]] = SOURCES) -> str:
    """The body of the function after writing."""
    result = write(function(body), sources)
    assert result.findings == ()
    head = "\n\ndef pipeline(p, env):\n"
    assert result.text.startswith(head)
    return textwrap.dedent(result.text.removeprefix(head))


def refused(
    body: str, sources: Mapping[str, str | Sequence[str]] = SOURCES
) -> list[tuple[int | None, str, str | None]]:
    """The findings: line in the body, message, fix."""
    result = write(function(body), sources)
    assert result.findings
    assert {item.rule for item in result.findings} == {"SMG224"}
    return [((item.place.line or 0) - 4, item.message, item.fix) for item in result.findings]


# What is written ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            'prep = p.add_step("Prep", m.SB())\np.add_step("Train", m.SB(data=AUTO))\n',
            'prep = p.add_step("Prep", m.SB())\np.add_step("Train", m.SB(data=prep.processed))\n',
            id="a variable",
        ),
        pytest.param(
            'by_hand = "Prep"\nprep = p.adopt(by_hand, m.Proxy)\np.add_step("Train", m.SB(data=AUTO))\n',
            'by_hand = "Prep"\nprep = p.adopt(by_hand, m.Proxy)\np.add_step("Train", m.SB(data=prep.processed))\n',
            id="a step of the SDK",
        ),
        pytest.param(
            'prep: object = p.add_step("Prep", m.SB())\np.add_step("Train", m.SB(data=AUTO))\n',
            'prep: object = p.add_step("Prep", m.SB())\np.add_step("Train", m.SB(data=prep.processed))\n',
            id="an annotated variable",
        ),
        pytest.param(
            'print(prep := p.add_step("Prep", m.SB()))\np.add_step("Train", m.SB(data=AUTO))\n',
            'print(prep := p.add_step("Prep", m.SB()))\np.add_step("Train", m.SB(data=prep.processed))\n',
            id="a walrus",
        ),
        pytest.param(
            'a = b = p.add_step("Prep", m.SB())\na = 1\np.add_step("Train", m.SB(data=AUTO))\n',
            'a = b = p.add_step("Prep", m.SB())\na = 1\np.add_step("Train", m.SB(data=b.processed))\n',
            id="two variables",
        ),
        pytest.param(
            'p.add_step("Prep", m.SB())\np.add_step("Train", m.SB(data=AUTO))\n',
            'prep = p.add_step("Prep", m.SB())\np.add_step("Train", m.SB(data=prep.processed))\n',
            id="not kept",
        ),
        pytest.param(
            'prep = 1\nprint(prep); (p\n  .add_step("Prep", m.SB()));\np.add_step("Train", m.SB(data=AUTO))\n',
            'prep = 1\nprint(prep); prep_step = (p\n  .add_step("Prep", m.SB()));\n'
            'p.add_step("Train", m.SB(data=prep_step.processed))\n',
            id="not kept, and the name is taken",
        ),
        pytest.param(
            'steps = {}\nsteps["Prep"] = p.add_step("Prep", m.SB())\np.add_step("Train", m.SB(data=AUTO))\n',
            'steps = {}\nprep = steps["Prep"] = p.add_step("Prep", m.SB())\n'
            'p.add_step("Train", m.SB(data=prep.processed))\n',
            id="kept in something else",
        ),
        pytest.param(
            's = p.add_step("Prep", m.SB())\ns = p.add_step("Other", m.SB())\n'
            's = p.add_step("Train", m.SB(data=AUTO))\n',
            'prep = s = p.add_step("Prep", m.SB())\ns = p.add_step("Other", m.SB())\n'
            's = p.add_step("Train", m.SB(data=prep.processed))\n',
            id="one variable for all",
        ),
        pytest.param(
            's = p.add_step("Prep", m.SB())\ns = p.add_step("Train", m.SB(data=AUTO))\n',
            's = p.add_step("Prep", m.SB())\ns = p.add_step("Train", m.SB(data=s.processed))\n',
            id="set to the consumer itself",
        ),
        pytest.param(
            'prep = p.add_step("Prep", m.SB())\n'
            'p.add_step("Train", builder=m.SB(1, data = ( AUTO ), x=1).with_output_locations(data="a"), cache=1)\n',
            'prep = p.add_step("Prep", m.SB())\n'
            'p.add_step("Train", builder=m.SB(1, data = ( prep.processed ), x=1)'
            '.with_output_locations(data="a"), cache=1)\n',
            id="a method of the builder, and parentheses",
        ),
        pytest.param(
            'prep = p.add_step("Prep", m.SB())\nb = m.SB(data=AUTO)\n'
            'b = b.with_output_locations(data="a")\nb2 = b\np.add_step("Train", b2)\n',
            'prep = p.add_step("Prep", m.SB())\nb = m.SB(data=prep.processed)\n'
            'b = b.with_output_locations(data="a")\nb2 = b\np.add_step("Train", b2)\n',
            id="a builder in variables",
        ),
        pytest.param(
            'prep = p.add_step("Prep", m.SB())\ngate = p.condition("Gate", 1)\nif env == "dev":\n'
            '    with open("/dev/null"):\n        gate.then.add_step("Train", m.SB(data=AUTO))\n',
            'prep = p.add_step("Prep", m.SB())\ngate = p.condition("Gate", 1)\nif env == "dev":\n'
            '    with open("/dev/null"):\n'
            '        gate.then.add_step("Train", m.SB(data=prep.processed))\n',
            id="in a branch",
        ),
        pytest.param(
            'with open("/dev/null"):\n    p.add_step("Prep", m.SB())\np.add_step("Train", m.SB(data=AUTO))\n',
            'with open("/dev/null"):\n    prep = p.add_step("Prep", m.SB())\n'
            'p.add_step("Train", m.SB(data=prep.processed))\n',
            id="out of a with statement",
        ),
        pytest.param(
            'prep = p.add_step("Prep", m.SB())\ndef train():\n    p.add_step("Train", m.SB(data=AUTO))\ntrain()\n',
            'prep = p.add_step("Prep", m.SB())\ndef train():\n'
            '    p.add_step("Train", m.SB(data=prep.processed))\ntrain()\n',
            id="read by an inner function",
        ),
        pytest.param(
            'prep = p.add_step("Prep", m.SB())\ndef train(prep):\n    p.add_step("Train", m.SB(data=AUTO))\ntrain(1)\n',
            'prep_step = prep = p.add_step("Prep", m.SB())\ndef train(prep):\n'
            '    p.add_step("Train", m.SB(data=prep_step.processed))\ntrain(1)\n',
            id="hidden by an argument",
        ),
        pytest.param(
            'prep = p.add_step("Prep", m.SB())\nfor i in range(1):\n'
            '    p.add_step("Train", m.SB(data=AUTO))\n    prep = 2\n',
            'prep_step = prep = p.add_step("Prep", m.SB())\nfor i in range(1):\n'
            '    p.add_step("Train", m.SB(data=prep_step.processed))\n    prep = 2\n',
            id="set again later in a loop",
        ),
    ],
)
def test_what_is_written(body: str, expected: str) -> None:
    assert written(body) == expected


def test_a_port_that_takes_many_gets_a_list() -> None:
    body = 'a = p.add_step("A", m.SB())\np.add_step("B", m.SB())\np.add_step("Train", m.SB(data=AUTO))\n'
    assert written(body, {"Train.data": ["A.x", "B.y"]}).endswith('p.add_step("Train", m.SB(data=[a.x, b.y]))\n')
    assert written(body, {"Train.data": ["B.y"]}).endswith("data=[b.y]))\n")


def test_one_line_for_several_steps_that_read_the_same() -> None:
    body = (
        'prep = p.add_step("Prep", m.SB())\nfor n in "AB":\n    p.add_step(n, m.SB(data=AUTO))\n'
        'b = m.SB(data=AUTO)\np.add_step("C", b)\np.add_step("D", b)\n'
    )
    sources = {f"{step}.data": "Prep.out" for step in "ABCD"}
    assert written(body, sources) == body.replace("AUTO", "prep.out")


def test_a_helper_that_two_pipelines_call() -> None:
    text = (
        "from smgen.runtime import AUTO\n\n\ndef both(p):\n    p.add_step('Prep', m.SB())\n"
        "    p.add_step('Train', m.SB(data=AUTO))\n\n\ndef one(p, env):\n    both(p)\n\n\n"
        "def two(p, env):\n    both(p)\n"
    )
    edits: list[AutoEdit] = []
    steps: list[WrittenStep] = []
    for name in ("one", "two"):
        found, added = facts(recorded(text, name), SOURCES, f"{name} for dev")
        edits += found
        steps += added
    result = write_references(text, FILE, edits, steps)
    assert result.findings == ()
    assert result.text == text.removeprefix("from smgen.runtime import AUTO\n").replace(
        "    p.add_step('Prep'", "    prep = p.add_step('Prep'"
    ).replace("AUTO", "prep.processed")
    assert result.references == (WrittenReference(5, ("Train",), "data", "prep.processed"),)


def test_a_helper_that_gets_other_steps_from_two_pipelines() -> None:
    text = (
        "from smgen.runtime import AUTO\n\n\ndef train(p):\n    p.add_step('Train', m.SB(data=AUTO))\n\n\n"
        "def one(p, env):\n    p.add_step('Prep', m.SB())\n    train(p)\n\n\n"
        "def two(p, env):\n    p.add_step('Prep', m.SB())\n    train(p)\n"
    )
    edits: list[AutoEdit] = []
    steps: list[WrittenStep] = []
    for name in ("one", "two"):
        found, added = facts(recorded(text, name), SOURCES, f"{name} for dev")
        edits += found
        steps += added
    (finding,) = write_references(text, FILE, edits, steps).findings
    assert finding.message == "the port is not bound to the same everywhere"
    assert finding.given == "Prep.processed of line 9 (one for dev); Prep.processed of line 14 (two for dev)"
    assert finding.fix == "write data=… by hand: pass what it reads to this line from where that is known"


@pytest.mark.parametrize(
    ("step", "name"),
    [
        ("AbaloneRegisterModel-RegisterModel", "abalone_register_model_register_model"),
        ("ETL_Load", "etl_load"),
        ("XGBoostTrain2", "xg_boost_train2"),
        ("2ndStep", "step_2nd_step"),
        ("Import", "import_step"),
        ("match", "match_step"),
        ("List", "list_step"),
        ("p", "p_step"),
        ("-", "step"),
        ("Größe", "gr_e"),
    ],
)
def test_the_name_of_a_new_variable(step: str, name: str) -> None:
    body = f'p.add_step("{step}", m.SB())\np.add_step("Train", m.SB(data=AUTO))\n'
    assert written(body, {"Train.data": f"{step}.out"}).startswith(f"{name} = p.add_step(")


# The spellings of AUTO, and its import -------------------------------------------------------------------------------

BODY = '\ndef pipeline(p, env):\n    prep = p.add_step("Prep", m.SB())\n    p.add_step("Train", m.SB(data=AUTO))\n'


@pytest.mark.parametrize(
    ("imports", "auto", "left"),
    [
        ("from smgen.runtime import AUTO\n", "AUTO", ""),
        ("from smgen.runtime import AUTO as A\n", "A", ""),
        ("from smgen import runtime\n", "runtime.AUTO", ""),
        ("import smgen.runtime\n", "smgen.runtime.AUTO", ""),
        ("import smgen.runtime as rt\n", "rt . AUTO", ""),
        ("import smgen.runtime, os\n", "smgen.runtime.AUTO", "import os\n"),
        ("import smgen.checks, smgen.runtime\n", "smgen.runtime.AUTO", "import smgen.checks\n"),
        ("from smgen.authoring.references import Auto\n", "Auto.AUTO", ""),
        ("from smgen.runtime import *\n", "AUTO", "from smgen.runtime import *\n"),
        ("from smgen.runtime import AUTO, Cache\n", "AUTO", "from smgen.runtime import Cache\n"),
        ("from smgen.runtime import Cache, AUTO\n", "AUTO", "from smgen.runtime import Cache\n"),
        ("from smgen.runtime import (Cache, AUTO)\n", "AUTO", "from smgen.runtime import (Cache)\n"),
        (
            "from smgen.runtime import (  # all\n    AUTO,  # asks\n    # text\n    Cache,  # days\n    join,\n)\n",
            "AUTO",
            "from smgen.runtime import (  # all\n    # asks\n    # text\n    Cache,  # days\n    join,\n)\n",
        ),
        (
            "from smgen.runtime import (\n    Cache,\n    AUTO,  # noqa: F401\n)\n",
            "AUTO",
            "from smgen.runtime import (\n    Cache,\n)\n",
        ),
        (
            "from smgen.runtime import (\n    Cache, AUTO,\n    join\n)\n",
            "AUTO",
            "from smgen.runtime import (\n    Cache,\n    join\n)\n",
        ),
        ("from smgen.runtime import Cache, \\\n    AUTO\n", "AUTO", "from smgen.runtime import Cache\n"),
        ("import os; from smgen.runtime import AUTO\n", "AUTO", "import os\n"),
        ("# first\nfrom smgen.runtime import AUTO  # asks\nimport os\n", "AUTO", "# first\n# asks\nimport os\n"),
        ("from smgen.runtime import AUTO  # type: ignore\n", "AUTO", ""),
        (
            "from __future__ import annotations\n\nfrom smgen.runtime import AUTO\n\nimport os\n",
            "AUTO",
            "from __future__ import annotations\n\nimport os\n",
        ),
        (
            "from __future__ import annotations\n\nfrom smgen.runtime import AUTO\nimport os\n",
            "AUTO",
            "from __future__ import annotations\n\nimport os\n",
        ),
        # What something else may use stays.
        ("from smgen.runtime import AUTO as AUTO\n", "AUTO", "from smgen.runtime import AUTO as AUTO\n"),
        *(
            (f"from smgen.runtime import AUTO\n{use}\n", "AUTO", f"from smgen.runtime import AUTO\n{use}\n")
            for use in ("ask = AUTO", '__all__ = ["AUTO"]', 'ask: "AUTO | None" = None', "ask = None  # type: AUTO")
        ),
        (
            "if True:\n    from smgen.runtime import AUTO\n",
            "AUTO",
            "if True:\n    from smgen.runtime import AUTO\n",
        ),
    ],
)
def test_the_spellings_of_auto_and_its_import(imports: str, auto: str, left: str) -> None:
    result = write(imports + BODY.replace("AUTO", auto))
    assert result.findings == ()
    assert result.text == left + BODY.replace("AUTO", "prep.processed")
    line = 1 + result.text.splitlines().index('    p.add_step("Train", m.SB(data=prep.processed))')
    assert result.references == (WrittenReference(line, ("Train",), "data", "prep.processed"),)


def test_an_import_in_the_function() -> None:
    body = "from smgen.runtime import AUTO\n" + BODY.partition(":\n")[2].replace("    ", "")
    text = "def pipeline(p, env):\n" + textwrap.indent(body, "    ")
    assert write(text).text == text.replace("    from smgen.runtime import AUTO\n", "").replace(
        "AUTO", "prep.processed"
    )


# Everything else stays -----------------------------------------------------------------------------------------------

TEXT = '''\
# -*- coding: utf-8 -*-
"""Größen — 量."""
from __future__ import annotations
from typing import List
from smgen.runtime import AUTO, Cache


def pipeline(p, env):  # type: (object, object) -> None
\tgröße = "é" ; prep = p.add_step("Prep", m.SB())\t# kept
\tnames = []  # type: List[str]
\f
\tp.add_step(
\t\t"Train",
\t\tm.SB("ä", data=AUTO,  # the data
\t\t\tother = """x
  y""",),\x20\x20
\t)
'''


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_every_other_byte_stays(end: str, last: bool) -> None:
    text = (TEXT if last else TEXT.rstrip()).replace("\n", end)
    result = write(text)
    assert result.findings == ()
    assert result.text == text.replace("AUTO, ", "", 1).replace("AUTO", "prep.processed")


# What is refused -----------------------------------------------------------------------------------------------------


def test_a_producer_below() -> None:
    body = 'p.add_step("Train", m.SB(\n    data=AUTO))\nprep = p.add_step("Prep", m.SB())\n'
    assert refused(body) == [
        (2, "Prep is added on line 7, below this one", "move the call that adds Prep above line 6")
    ]


def test_nothing_is_written_while_one_port_cannot_be() -> None:
    body = (
        'p.add_step("A", m.SB(x=AUTO))\nprep = p.add_step("Prep", m.SB())\n'
        'p.add_step("B", m.SB(x=AUTO, y=AUTO))\nlast = p.add_step("Last", m.SB())\n'
    )
    sources = {"A.x": "Prep.o", "B.x": "Prep.o", "B.y": "Last.o"}
    assert [(line, message) for line, message, _ in refused(body, sources)] == [
        (1, "Prep is added on line 6, below this one"),
        (3, "Last is added on line 8, below this one"),
    ]


@pytest.mark.parametrize(
    ("body", "sources", "expected"),
    [
        pytest.param(
            'for n in "AB":\n    prep = p.add_step("Prep" + n, m.SB())\n    p.add_step(n, m.SB(data=AUTO))\n',
            {"A.data": "PrepA.out", "B.data": "PrepB.out"},
            (
                3,
                "line 6, which adds PrepA, stands for several steps (PrepA, PrepB)",
                "write data=… by hand: .out of what add_step returns for PrepA",
            ),
            id="a loop",
        ),
        pytest.param(
            'def both(n):\n    prep = p.add_step("Prep" + n, m.SB())\n'
            '    p.add_step(n, m.SB(data=AUTO))\nboth("A")\nboth("B")\n',
            {"A.data": "PrepA.out", "B.data": "PrepA.out"},
            (
                3,
                "line 6, which adds PrepA, stands for several steps (PrepA, PrepB)",
                "write data=… by hand: .out of what add_step returns for PrepA",
            ),
            id="a helper that is called twice",
        ),
        pytest.param(
            'x = p.add_step("X", m.SB())\ny = p.add_step("Y", m.SB())\nfor n in "AB":\n'
            "    p.add_step(n, m.SB(data=AUTO))\n",
            {"A.data": "X.out", "B.data": "Y.out"},
            (
                4,
                "one line stands for several steps (A, B), and they are not bound to the same",
                "write data=… by hand: pass what it reads to this line from where that is known",
            ),
            id="a line whose steps read different ones",
        ),
        pytest.param(
            'x = p.add_step("X", m.SB())\nb = m.SB(data=AUTO)\np.add_step("A", b)\np.add_step("B", b)\n',
            {"A.data": "X.out"},
            (
                2,
                "one line stands for several steps (A, B), and they are not bound to the same",
                "write data=… by hand: pass what it reads to this line from where that is known",
            ),
            id="a builder of which one step stays unbound",
        ),
        pytest.param(
            'def prepare():\n    prep = p.add_step("Prep", m.SB())\nprepare()\np.add_step("Train", m.SB(data=AUTO))\n',
            SOURCES,
            (
                4,
                "Prep is added in another function, whose variables are not known here",
                "pass what add_step returns for Prep to this function, and write data=….processed",
            ),
            id="another function",
        ),
        pytest.param(
            'if env:\n    prep = p.add_step("Prep", m.SB())\np.add_step("Train", m.SB(data=AUTO))\n',
            SOURCES,
            (
                3,
                "Prep is added where this line is not always reached with it: in a branch, a loop or a try",
                "add Prep outside of it, or move this step into it, or write data=….processed by hand",
            ),
            id="a branch",
        ),
        pytest.param(
            'prep: object = p.add_step("Prep", m.SB())\nprep = 1\np.add_step("Train", m.SB(data=AUTO))\n',
            SOURCES,
            (
                3,
                "'prep', which holds Prep, gets another value before it is read here",
                "give the step on line 5 a variable of its own",
            ),
            id="a variable that gets another value and cannot get a second name",
        ),
        pytest.param(
            'a, b = p.add_step("Prep", m.SB()), 1\np.add_step("Train", m.SB(data=AUTO))\n',
            SOURCES,
            (
                2,
                "what add_step returns for Prep is not kept in a variable",
                "write … = p.add_step(…) for Prep as a statement of its own above this one",
            ),
            id="a tuple",
        ),
        pytest.param(
            'prep = p.add_step("Prep", m.SB())\nports = {"data": AUTO}\np.add_step("Train", m.SB(**ports))\n',
            SOURCES,
            (
                3,
                "the builder's call does not write data=AUTO",
                "write data=… by hand: .processed of what add_step returns for Prep",
            ),
            id="unpacked ports",
        ),
        pytest.param(
            'prep = p.add_step("Prep", m.SB())\nask = AUTO\np.add_step("Train", m.SB(data=ask))\n',
            SOURCES,
            (
                3,
                "data= is given something else than the imported AUTO",
                "write data=… by hand: .processed of what add_step returns for Prep",
            ),
            id="AUTO in a variable",
        ),
        pytest.param(
            'prep = p.add_step("Prep", m.SB())\nb = m.SB(data=AUTO)\nif not env:\n    b = m.SB()\n'
            'p.add_step("Train", b)\n',
            SOURCES,
            (
                5,
                "the builder 'b' is not made in one place above this call",
                "write data=… by hand: .processed of what add_step returns for Prep",
            ),
            id="a builder that may be another one",
        ),
        pytest.param(
            'prep = p.add_step("Prep", m.SB())\np.add_step("Train", [m.SB(data=AUTO)][0])\n',
            SOURCES,
            (
                2,
                "the step's builder is not made by a plain call",
                "write data=… by hand: .processed of what add_step returns for Prep",
            ),
            id="a builder from a list",
        ),
        pytest.param(
            'prep = p.add_step("Prep", m.SB())\nadd = p.add_step\nadd("Train", m.SB(data=AUTO))\n',
            SOURCES,
            (
                3,
                "the call on line 7 that adds the step is no plain call of add_step",
                "write data=… by hand: .processed of what add_step returns for Prep",
            ),
            id="a method in a variable",
        ),
        pytest.param(
            'add = p.add_step\nprep = add("Prep", m.SB())\np.add_step("Train", m.SB(data=AUTO))\n',
            SOURCES,
            (
                3,
                "the call on line 6 that adds Prep is no plain call of add_step",
                "write data=… by hand: .processed of what add_step returns for Prep",
            ),
            id="the producer's method in a variable",
        ),
    ],
)
def test_what_is_refused(body: str, sources: Mapping[str, str | Sequence[str]], expected: tuple[int, str, str]) -> None:
    assert refused(body, sources) == [expected]


def test_another_module_and_other_environments() -> None:
    text = function('prep = p.add_step("Prep", m.SB())\np.add_step("Train", m.SB(data=AUTO))\n')
    dev, prod = (WrittenStep(f"fraud for {env}", "Train", FILE, 6) for env in ("dev", "prod"))
    here = AutoSource(WrittenStep("fraud for dev", "Prep", FILE, 5), "out")
    there = AutoSource(WrittenStep("fraud for prod", "Load", "load.py", 3), "raw")
    steps = [dev, prod, here.step, there.step]

    def found(*edits: AutoEdit) -> Finding:
        (finding,) = write_references(text, FILE, edits, steps).findings
        assert (finding.place.file, finding.place.line, finding.place.column) == (FILE, 6, 35)
        return finding

    differs = found(AutoEdit(dev, "data", (here,)), AutoEdit(prod, "data", (there,)))
    assert differs.message == "the port is not bound to the same everywhere"
    assert differs.given == "Prep.out (fraud for dev); Load.raw (fraud for prod)"
    assert found(AutoEdit(dev, "data", (here,))).given == "Prep.out (fraud for dev); nothing (fraud for prod)"
    foreign = found(AutoEdit(dev, "data", (there,)), AutoEdit(prod, "data", (there,)))
    assert foreign.message == "Load.raw is added in another module, and its variable is not known here"
    assert foreign.given_at is not None
    assert (foreign.given_at.file, foreign.given_at.line) == ("load.py", 3)


def test_a_text_that_is_no_python() -> None:
    step = WrittenStep("fraud for dev", "Train", FILE, 1)
    result = write_references("def f(:\n", FILE, [AutoEdit(step, "data", (AutoSource(step, "x"),))], [step])
    assert [(item.rule, item.place.line) for item in result.findings] == [("SMG210", 1)]
    assert result.text == "def f(:\n"


def test_line_ends_that_would_get_lost() -> None:
    text = function('prep = p.add_step("Prep", m.SB())\np.add_step("Train", m.SB(data=AUTO))\n')
    (finding,) = write(text.replace("\n", "\r")).findings
    assert finding.message == "the module cannot be edited without changing more of it"
    assert finding.given == "a form feed, or a line that ends with a carriage return alone, would get lost"
    assert finding.fix == "write these ports by hand: Train.data"
