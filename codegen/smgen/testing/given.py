"""What a test says of an execution: reports, outputs and parameters, looked up in the pipeline and checked."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from smgen.contract_model import SCALAR_TYPES, ValueSchema, ValueType, value_problem
from smgen.definition import Definition, Parameter, Step
from smgen.diagnostics import Finding, FindingsError, Place, nearest_name
from smgen.documents import JsonValue
from smgen.expressions import EXECUTION_VARIABLES
from smgen.testing.artifact_flow import Flow, plain_path
from smgen.testing.given_reports import GivenReport, KnownReport, given_report, report_findings
from smgen.testing.plain_values import shown

Scalar: TypeAlias = "str | int | float | bool"

_TYPES: Final[Mapping[str, ValueType]] = {
    "String": "string",
    "Integer": "integer",
    "Float": "number",
    "Boolean": "boolean",
}
#: What a value of a type is, in words.
TYPE_WORDS: Final[Mapping[str, str]] = {
    "String": "a text",
    "Integer": "a whole number",
    "Float": "a number",
    "Boolean": "True or False",
}
#: A step of the body of a loop in one iteration: ``PerRegion.IterationOutputs[0].Evaluate``.
_ITERATION: Final = re.compile(r"([^.\[\]]+)\.(IterationOutputs\[[0-9]+\]|Selected)\.(.+)", re.DOTALL)
_EXECUTION: Final = "Execution"


@dataclass(frozen=True)
class Run:
    """Which run of a step is meant: the only one (""), or one iteration of the loop that it stands in."""

    step: str
    iteration: str = ""


@dataclass
class GivenValues:
    """What a test gives, by what reads it."""

    reports: dict[tuple[Run, str], GivenReport] = field(default_factory=dict[tuple[Run, str], GivenReport])
    #: Reports by the text of their location, for files that nothing describes.
    located: dict[str, GivenReport] = field(default_factory=dict[str, GivenReport])
    outputs: dict[tuple[Run, str], Scalar] = field(default_factory=dict[tuple[Run, str], Scalar])
    parameters: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    execution: dict[str, Scalar] = field(default_factory=dict[str, Scalar])

    def report(self, run: Run, property_file: str) -> GivenReport | None:
        """The report of one run of a step, or else of the step."""
        return self.reports.get((run, property_file)) or self.reports.get((Run(run.step), property_file))

    def output(self, run: Run, path: str) -> Scalar | None:
        """The property of one run of a step, or else of the step."""
        found = self.outputs.get((run, path))
        return self.outputs.get((Run(run.step), path)) if found is None else found


def known_reports(flow: Flow) -> tuple[KnownReport, ...]:
    """Every report that the contracts of the steps describe, and property files that only the definition knows."""
    return tuple(report for step in flow.steps.values() for report in _reports_of(flow, step))


def _reports_of(flow: Flow, step: Step) -> Iterator[KnownReport]:
    contract = flow.contracts.get(step.name)
    ports = () if contract is None else contract.output_ports.values()
    described = {file.property_file for port in ports for file in port.output_spec.files}
    names = [file.name for port in ports for file in port.output_spec.files]
    for port in ports:
        for file in port.output_spec.files:
            ambiguous = names.count(file.name) > 1
            yield KnownReport(step.name, file.property_file, contract, port.output_spec, file, ambiguous)
    for declared in step.property_files:
        if declared.name not in described:
            yield KnownReport(step.name, declared.name)


class GivenReader:
    """Looks up what a test gives, and collects what is wrong with it."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.reports = known_reports(flow)
        self.given = GivenValues()
        self.findings: list[Finding] = []

    def report(self, name: str, report: object) -> None:
        """One item of ``report``: ``Evaluate.metrics`` and what it holds, or the file that does."""
        try:
            value = given_report(report)
        except TypeError as error:
            message = f"the report '{name}' is no JSON"
            self.findings.append(Finding("SMG260", message, given=str(error), expected="JSON, or a Path"))
            return
        except FindingsError as error:
            self.findings += error.findings
            return
        if "/" in name:
            self.given.located[name] = value
            return
        run, rest = self._run(name)
        found = [one for one in self.reports if one.step == run.step and one.is_called(rest)]
        if len(found) != 1:
            self._no_report(name, found)
            return
        self.given.reports[run, found[0].property_file] = value
        self.findings += report_findings(found[0], value)

    def _no_report(self, name: str, found: list[KnownReport]) -> None:
        if found:
            message = f"'{name}' is the name of several reports"
            names = [one.name for one in found]
        else:
            message = f"there is no report '{name}' in this pipeline"
            names = [one.name for one in self.reports]
        self._unknown(message, name, names, "a contract with a report file among its outputs")

    def output(self, name: str, value: object) -> None:
        """One item of ``outputs``: ``Notify.result`` and its value, or a property path in place of the output."""
        if not isinstance(value, (str, int, float)):
            message = f"the value of output '{name}' is no single value"
            expected = "a text, a number or a truth value"
            self.findings.append(Finding("SMG260", message, given=repr(value), expected=expected))
            return
        root, _, rest = name.partition(".")
        if root == _EXECUTION and rest in EXECUTION_VARIABLES:
            self.given.execution[rest] = value
            return
        run, rest = self._run(name)
        if run.step not in self.flow.steps or not rest:
            names = [f"{step}.{output}" for step in self.flow.steps for output in self._outputs(step)]
            self._unknown(f"there is no output '{name}' in this pipeline", name, names, "an output of a step")
            return
        contract = self.flow.contracts.get(run.step)
        port = None if contract is None else contract.output_ports.get(rest)
        if port is None:
            self.given.outputs[run, plain_path(rest)] = value
            return
        spec = port.output_spec
        problem = _problem(spec.output_type if spec.output_type in SCALAR_TYPES else "String", value)
        if spec.property_path is None:
            message = f"the output '{name}' is composed of several properties"
            fix = "give the properties that it is composed of, by their paths"
            self.findings.append(Finding("SMG260", message, Place(step=run.step), given=name, fix=fix))
        elif problem is not None:
            expected = TYPE_WORDS.get(spec.output_type, "the location, a text")
            message = f"the output '{name}' has another type than its contract says"
            place = Place(step=run.step)
            self.findings.append(Finding("SMG260", message, place, given=shown(value), expected=expected))
        else:
            self.given.outputs[run, plain_path(spec.property_path)] = value

    def parameter(self, name: str, value: object) -> None:
        """One item of ``parameters``, as it would be given at a start."""
        declared = {parameter.name: parameter for parameter in self.flow.definition.parameters}
        if name not in declared:
            nearest = nearest_name(name, declared)
            message = f"the pipeline has no parameter '{name}'"
            expected = ", ".join(declared) or "no parameter"
            self.findings.append(Finding("SMG240", message, given=name, expected=expected, nearest=nearest))
            return
        self.findings += _parameter_findings(declared[name], value)
        if isinstance(value, (str, int, float)):
            self.given.parameters[name] = value

    def _run(self, name: str) -> tuple[Run, str]:
        """The run of a step that a name begins with, and the rest of the name."""
        inner = _ITERATION.fullmatch(name)
        iteration = ""
        if inner is not None and inner[1] in self.flow.steps:
            iteration, name = f"{inner[1]}.{inner[2]}", inner[3]
        step, _, rest = name.partition(".")
        return Run(step, iteration), rest

    def _unknown(self, message: str, name: str, names: list[str], otherwise: str) -> None:
        step, _, rest = name.partition(".")
        if step in self.flow.steps:
            # The step is right, so that only the rest of the name can be meant in another way.
            own = [one.removeprefix(f"{step}.") for one in names if one.startswith(f"{step}.")]
            near = nearest_name(rest, own) if rest else None
            nearest = None if near is None else f"{step}.{near}"
        else:
            nearest = nearest_name(name, names)
        expected = ", ".join(names) or otherwise
        self.findings.append(Finding("SMG260", message, given=name, expected=expected, nearest=nearest))

    def _outputs(self, step: str) -> Iterator[str]:
        contract = self.flow.contracts.get(step)
        yield from contract.output_ports if contract is not None else ()


def parameter_defaults(definition: Definition) -> dict[str, JsonValue]:
    """The defaults of the parameters that have one."""
    return {parameter.name: parameter.default for parameter in definition.parameters if parameter.has_default}


def _parameter_findings(parameter: Parameter, value: object) -> Iterator[Finding]:
    name = parameter.name
    if not isinstance(value, (str, int, float)) or _problem(parameter.type, value) is not None:
        message = f"the value of parameter '{name}' is no {parameter.type}"
        expected = TYPE_WORDS.get(parameter.type, parameter.type)
        yield Finding("SMG240", message, given=repr(value), expected=expected)
    elif parameter.enum and value not in parameter.enum:
        allowed = [str(item) for item in parameter.enum]
        message = f"the value of parameter '{name}' is not among its values"
        nearest = nearest_name(str(value), allowed)
        yield Finding("SMG240", message, given=shown(value), expected=", ".join(allowed), nearest=nearest)


def _problem(type_name: str, value: Scalar) -> str | None:
    kind = _TYPES.get(type_name)
    if isinstance(value, float) and not math.isfinite(value):
        return "it is not finite"
    return None if kind is None else value_problem(ValueSchema(kind), value)
