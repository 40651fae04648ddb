"""Which steps of a pipeline would run, given what a test says of an execution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from smgen.definition import Step
from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import list_at
from smgen.expressions import Condition, as_expression, parse_condition, value_at, value_to_json
from smgen.testing.artifact_flow import Flow
from smgen.testing.evaluation import Evaluator
from smgen.testing.given import GivenReader, GivenValues
from smgen.testing.plain_values import shown

Branch: TypeAlias = Literal["then", "otherwise"]
_Outcome: TypeAlias = Literal["Completed", "Failed", "Stopped"]


@dataclass(frozen=True)
class TestedExecution:
    """What an execution would do: the steps that run and those that do not, each in order, and why.

    ``branches`` has the branch of each condition that is reached; ``failures`` the message of each Fail step that is
    reached, in which values that the test does not know stand in braces. A step in the body of a loop stands there
    once, whatever the number of its iterations.
    """

    __test__ = False

    steps: tuple[str, ...]
    not_run: tuple[str, ...]
    branches: Mapping[str, Branch]
    failures: Mapping[str, str]


class Simulation:
    """Decides for each step whether it runs. ``failed`` and ``stopped`` are steps that do not complete."""

    def __init__(
        self, flow: Flow, pipeline: str, reader: GivenReader, *, failed: Sequence[str] = (), stopped: Sequence[str] = ()
    ) -> None:
        self.flow = flow
        self.given: GivenValues = reader.given
        self.failed = set(failed)
        self.stopped = set(stopped)
        self.branches: dict[str, Branch] = {}
        self.evaluator = Evaluator(flow, reader.reports, reader.given, pipeline, self._outcome)
        self.started: dict[str, bool] = {}

    def execution(self) -> TestedExecution:
        """The whole execution. Raises FindingsError (SMG260, SMG240) with everything that it reads and is not given."""
        for name in self.flow.order:
            self.started[name] = self._starts(name)
        self._raise()
        ran = tuple(name for name in self.flow.order if self.started[name])
        fails = [self.flow.steps[name] for name in ran if self.flow.steps[name].kind.ends_execution]
        return TestedExecution(
            ran,
            tuple(name for name in self.flow.order if not self.started[name]),
            {name: self.branches[name] for name in ran if name in self.branches},
            {step.name: self._message(step) for step in fails},
        )

    def branch(self, name: str) -> Branch:
        """The branch of one condition step, whether it is reached or not. Raises FindingsError as ``execution``."""
        self._decide(name)
        self._raise()
        return self.branches[name]

    def _raise(self) -> None:
        if self.evaluator.findings:
            raise FindingsError(self.evaluator.findings)

    def _starts(self, name: str) -> bool:
        step = self.flow.steps[name]
        if step.scope and not self._opens(step):
            return False
        awaited = self.flow.awaited(name)
        around = {scope.step for scope in step.scope}
        for before in self.flow.predecessors[name]:
            if before in around:
                continue
            if not self.started.get(before, False):
                return False
            wanted = awaited.get(before, "Completed")
            if wanted not in ("Any", self._ended(before)):
                return False
        if step.kind.decides:
            self._decide(name)
        return True

    def _opens(self, step: Step) -> bool:
        """Whether the branch or body in which a step stands is run."""
        inner = step.scope[-1]
        if not self.started.get(inner.step, False):
            return False
        if inner.branch == "body":
            return True
        return self.branches.get(inner.step) == ("then" if inner.branch == "if" else "otherwise")

    def _ended(self, name: str) -> _Outcome:
        """How a step that was started ends."""
        step = self.flow.steps[name]
        if name in self.stopped:
            return "Stopped"
        if name in self.failed or step.kind.ends_execution:
            return "Failed"
        # A loop fails with a step of its body.
        for inner in step.walk():
            in_body = inner.scope[len(step.scope) :][:1]
            if in_body and in_body[0].branch == "body" and self.started.get(inner.name, False):
                if inner.name in self.failed:
                    return "Failed"
                if inner.name in self.stopped:
                    return "Stopped"
        return "Completed"

    def _outcome(self, name: str) -> bool:
        self._decide(name)
        return self.branches[name] == "then"

    def _decide(self, name: str) -> None:
        if name in self.branches:
            return
        # Set first, so that a condition that reads itself ends.
        self.branches[name] = "otherwise"
        conditions: list[Condition] = []
        for item in list_at(self.flow.steps[name].arguments, "Conditions"):
            condition = parse_condition(item)
            if condition is None:
                message = f"a condition of step '{name}' has a form that cannot be worked out"
                self.evaluator.findings.append(Finding("SMG260", message, Place(step=name), given=shown(item)))
            else:
                conditions.append(condition)
        if self.evaluator.all_hold(conditions, name):
            self.branches[name] = "then"

    def _message(self, step: Step) -> str:
        message = value_at(step.own, "Arguments", "ErrorMessage")
        expression = as_expression(message)
        if expression is not None:
            return self.evaluator.text(expression)
        return message if isinstance(message, str) else shown(value_to_json(message))
