"""What a notebook and a debugger show: each object says what it is."""

from __future__ import annotations

import pytest

from smgen.diagnostics import FindingsError
from smgen.runtime import External, FluentPipelineBuilder, join
from tests.runtime.fixture_package import Steps


def test_a_pipeline_its_branches_and_its_steps(p: FluentPipelineBuilder, steps: Steps) -> None:
    assert repr(p) == '<the pipeline "Fraud" for dev: 0 steps, 0 parameters>'
    limit = p.float("Limit", default=1.0)
    gate = p.condition("Gate", limit <= 3)
    gate.otherwise.fail("Broken", "above the limit")
    loop = gate.then.for_each("Loop", items=["a"], max_concurrency=1)
    loop.body.add_step("Prep", steps.prepare.StepBuilder(raw=[External(loop.item)]))
    assert repr(p) == '<the pipeline "Fraud" for dev: 4 steps, 1 parameter>'
    assert repr(gate) == '<the condition "Gate">'
    assert repr(gate.then) == '<the branch "then" of condition "Gate": 1 step>'
    assert repr(gate.otherwise) == '<the branch "otherwise" of condition "Gate": 1 step>'
    assert repr(loop) == '<the loop "Loop">'
    assert repr(loop.body) == '<the body of loop "Loop": 1 step>'


def test_a_compiled_pipeline(p: FluentPipelineBuilder, steps: Steps) -> None:
    p.add_step("Prep", steps.prepare.StepBuilder(raw=[External("s3://b/k")]))
    assert repr(p.build()) == '<the compiled pipeline "Fraud": 1 step, 0 parameters, 1 asset>'


def test_a_condition(p: FluentPipelineBuilder) -> None:
    limit, name = p.float("Limit"), p.string("Name")
    assert repr(limit <= 3) == "<condition Parameters.Limit <= 3>"
    assert repr(limit > p.integer("Least")) == "<condition Parameters.Limit > Parameters.Least>"
    assert repr((limit < 3) & name.equals("a")) == "<condition (Parameters.Limit < 3) & (Parameters.Name.equals('a'))>"
    assert repr((limit >= 3) | ~name.is_in(["a", join("-", name, "b")])) == (
        "<condition (Parameters.Limit >= 3) | (~(Parameters.Name.is_in(['a', a join of 2 values])))>"
    )


def test_outputs_and_files(p: FluentPipelineBuilder, steps: Steps) -> None:
    made = p.add_step("Prep", steps.prepare.StepBuilder(raw=[External("s3://b/k")]))
    assert repr(made.train) == '<Output[TrainingData] of step "Prep", output "train">'
    assert repr(made.train / "a" / "b.csv") == '<Output[TrainingData] of step "Prep", output "train", file "a/b.csv">'
    assert repr(made.statistics) == (
        '<the report of step "Prep", output "report", file "out/statistics.json", of type EvaluationReport>'
    )


CELL = 'step = p.string("Raw")\np.fail("Broken", "text")\n'
SECOND_CELL = 'p.fail("Broken", "other text")\n'
AGAIN = (
    "a cell that runs again adds its {}s again: make the builder in the same cell, p = FluentPipelineBuilder(…), and "
    "run the cells behind it once more"
)


@pytest.mark.parametrize("file", ["/tmp/ipykernel_12/345.py", "<ipython-input-3-ab12>", "<python-input-3>", "<stdin>"])
def test_a_cell_that_runs_twice_says_how_to_go_on(file: str) -> None:
    p = FluentPipelineBuilder("Fraud")
    for _ in range(2):
        exec(compile(CELL, file, "exec"), {"p": p})
    with pytest.raises(FindingsError, match="two steps are named 'Broken'") as caught:
        p.build()
    findings = {finding.rule: finding for finding in caught.value.findings}
    assert findings["SMG200"].fix == AGAIN.format("step")
    assert findings["SMG209"].fix == f"declare it once and pass the variable on, or {AGAIN.format('parameter')}"


def test_a_line_that_runs_twice_says_so() -> None:
    p = FluentPipelineBuilder("Fraud")
    for text in ("a", "b"):
        p.fail("Broken", text)
    with pytest.raises(FindingsError, match="two steps are named 'Broken'") as caught:
        p.build()
    (finding,) = caught.value.findings
    assert finding.fix == 'this line runs more than once: give each step a name of its own, such as f"Broken-{number}"'
