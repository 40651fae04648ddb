"""Random small pipelines, some of them wired wrongly: a definition that holds together, or findings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings, strategies as st

from smgen.documents import JsonObject, JsonValue
from smgen.expressions import Get, ParameterReference, PropertyFileReference, StepReference, references, target
from smgen.runtime import External, FluentPipelineBuilder, compiled_files, join
from tests.runtime.fixture_package import ENVIRONMENT, Steps, document, findings_of


@dataclass
class Writing:
    """A pipeline while it is written at random; ``wrong`` counts the mistakes that were made on purpose."""

    data: st.DataObject
    steps: Steps
    p: FluentPipelineBuilder
    foreign: Any
    visible: list[list[Any]]
    elsewhere: list[Any] = field(default_factory=list[Any])
    names: int = 0
    wrong: int = 0

    def name(self) -> str:
        self.names += 1
        return f"S{self.names}"

    def before(self) -> Any:
        """A step that may be read here, or now and then one that may not; None where there is none."""
        hidden = [*self.elsewhere, self.foreign]
        if self.data.draw(st.integers(0, 11)) == 0:
            self.wrong += 1
            return self.data.draw(st.sampled_from(hidden))
        seen = [made for level in self.visible for made in level]
        return self.data.draw(st.sampled_from(seen)) if seen else None

    def branch(self, place: Any, depth: int) -> None:
        self.visible.append([])
        for _ in range(self.data.draw(st.integers(1, 3))):
            kind = self.data.draw(st.sampled_from(["prepare", "prepare", "train", "gate"]))
            if kind == "gate" and depth < 2:
                self.gate(place, depth)
            else:
                self.visible[-1].append(self.step(place, kind))
        self.elsewhere += self.visible.pop()

    def gate(self, place: Any, depth: int) -> None:
        made = self.before()
        value = self.p.float(self.name()) if made is None else self.data.draw(st.sampled_from(made_numbers(made)))
        condition = value > 1
        if self.data.draw(st.booleans()):
            condition = ~(condition & (value < 3)) | value.equals(2)
        gate = place.condition(self.name(), condition)
        self.branch(gate.then, depth + 1)
        if self.data.draw(st.booleans()):
            self.branch(gate.otherwise, depth + 1)

    def step(self, place: Any, kind: str) -> Any:
        made = self.before()
        after = [self.before()] if self.data.draw(st.integers(0, 4)) == 0 else []
        after = [step for step in after if step is not None]
        if kind == "train":
            raw = External("s3://b/k") if made is None else made_data(made)
            builder = self.steps.train.StepBuilder(self.steps.train.Config(num_round=1), data=raw)
            trained = place.add_step(self.name(), builder, after=after)
            place.fail(self.name(), join("", trained.model.location))
            return trained
        raw = External("s3://b/k") if made is None else External(join("/", made.job_name, "x"))
        config = self.steps.prepare.Config(LEVEL=self.p.integer(self.name()))
        return place.add_step(self.name(), self.steps.prepare.StepBuilder(config, raw=[raw]), after=after)


def made_numbers(made: Any) -> list[Any]:
    return [made.seconds] if "seconds" in dir(made) else [made.statistics.rows, made.extra.value]


def made_data(made: Any) -> Any:
    return External(made.model.location) if "model" in dir(made) else made.train


@settings(max_examples=60)
@given(st.data())
def test_a_random_pipeline_holds_together_or_is_reported(steps: Steps, data: st.DataObject) -> None:
    p = FluentPipelineBuilder("Random", ENVIRONMENT)
    other = FluentPipelineBuilder("Other", ENVIRONMENT)
    foreign = other.add_step("Foreign", steps.prepare.StepBuilder(raw=[External("s3://b")]))
    writing = Writing(data, steps, p, foreign, [])
    writing.branch(p, 0)
    if writing.wrong:
        found = findings_of(p.build)
        assert {finding.rule for finding in found} <= {"SMG202", "SMG203"}
        return
    compiled = p.build()
    parameters = document(compiled)["Parameters"]
    assert isinstance(parameters, list)
    declared = {str(item["Name"]) for item in parameters if isinstance(item, dict)}
    check(document(compiled)["Steps"], {}, declared)
    assert compiled_files(p.build()) == compiled_files(compiled)


def check(steps: JsonValue, around: dict[str, JsonObject], parameters: set[str]) -> None:
    """Every reference of a list of steps names a step before it that is in scope, and a declared parameter."""
    known = dict(around)
    assert isinstance(steps, list)
    for step in steps:
        assert isinstance(step, dict)
        arguments = step["Arguments"]
        assert isinstance(arguments, dict)
        own = {name: value for name, value in arguments.items() if name not in ("IfSteps", "ElseSteps")}
        for _, expression in references(own):
            if isinstance(expression, Get):
                check_target(expression, known, parameters)
        after = step.get("DependsOn", [])
        assert isinstance(after, list)
        assert set(after) <= set(known)
        for branch in ("IfSteps", "ElseSteps"):
            if branch in arguments:
                check(arguments[branch], known, parameters)
        known[str(step["Name"])] = step


def check_target(expression: Get, known: dict[str, JsonObject], parameters: set[str]) -> None:
    read = target(expression)
    if isinstance(read, ParameterReference):
        assert read.name in parameters
    elif isinstance(read, PropertyFileReference):
        files = known[read.step]["PropertyFiles"]
        assert isinstance(files, list)
        assert read.property_file in [item["PropertyFileName"] for item in files if isinstance(item, dict)]
    elif isinstance(read, StepReference):
        assert read.step in known
