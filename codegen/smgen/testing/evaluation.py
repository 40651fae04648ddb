"""Works out expressions and conditions of a definition from what a test gives."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from smgen.diagnostics import Finding, Place, nearest_name
from smgen.documents import JsonValue
from smgen.expressions import (
    Comparison,
    Condition,
    ExecutionReference,
    Get,
    In,
    Join,
    JsonGet,
    Not,
    Operand,
    Or,
    ParameterReference,
    parse_json_path,
    target,
)
from smgen.testing.artifact_flow import Flow, Property, plain_path
from smgen.testing.given import TYPE_WORDS, GivenValues, Run, Scalar
from smgen.testing.given_reports import GivenReport, KnownReport
from smgen.testing.plain_values import equal, shown
from smgen.testing.report_paths import NotThere, sketch, value_at


class _UnknownError(Exception):
    """A value is not known; a finding says why."""


@dataclass
class Evaluator:
    """Works out the values of one execution; ``findings`` say what is missing, or cannot be compared.

    ``outcome`` gives the outcome of a condition step, which is a property that others can read.
    """

    flow: Flow
    reports: Sequence[KnownReport]
    given: GivenValues
    pipeline: str
    outcome: Callable[[str], bool]
    findings: list[Finding] = field(default_factory=list[Finding])

    def all_hold(self, conditions: Sequence[Condition], step: str) -> bool:
        """Whether all conditions of a step hold; False, and findings, where that is not known."""
        # Each is worked out, so that everything that is missing is said at once.
        held = [self._known(condition, step) for condition in conditions]
        return all(held)

    def text(self, value: Operand) -> str:
        """A text for people, in which what is not known stands in braces."""
        count = len(self.findings)
        try:
            return _text(self._operand(value, ""))
        except _UnknownError:
            del self.findings[count:]
        if isinstance(value, Join):
            return value.on.join(self.text(item) for item in value.values)
        return f"{{{_name(value)}}}"

    def _known(self, condition: Condition, step: str) -> bool:
        try:
            return self._holds(condition, step)
        except _UnknownError:
            return False

    def _holds(self, condition: Condition, step: str) -> bool:
        if isinstance(condition, Not):
            return not self._holds(condition.condition, step)
        if isinstance(condition, Or):
            found = [self._tried(part, step) for part in condition.conditions]
            if None in found:
                raise _UnknownError
            return any(found)
        if isinstance(condition, In):
            values = self._operands((condition.query, *condition.values), step)
            for value in values[1:]:
                self._check_types(values[0], value, condition, step)
            return any(equal(values[0], value) for value in values[1:])
        return self._compared(condition, step)

    def _tried(self, condition: Condition, step: str) -> bool | None:
        try:
            return self._holds(condition, step)
        except _UnknownError:
            return None

    def _compared(self, condition: Comparison, step: str) -> bool:
        left, right = self._operands((condition.left, condition.right), step)
        self._check_types(left, right, condition, step)
        if condition.type == "Equals":
            return equal(left, right)
        if not isinstance(left, (int, float)) or not isinstance(right, (int, float)) or isinstance(left, bool):
            self._add(f"the condition '{step}' compares by size what is no number", step, shown(left), "two numbers")
            raise _UnknownError
        if condition.type == "LessThan":
            return left < right
        if condition.type == "LessThanOrEqualTo":
            return left <= right
        return left > right if condition.type == "GreaterThan" else left >= right

    def _check_types(self, left: JsonValue, right: JsonValue, condition: Comparison | In, step: str) -> None:
        """Both sides have one type, as SageMaker asks."""
        if _family(left) != _family(right):
            query = condition.query if isinstance(condition, In) else condition.left
            message = f"the condition '{step}' compares {_family(left)} with {_family(right)}"
            given = f"{_name(query)} = {shown(left)}, compared with {shown(right)}"
            self._add(message, step, given, "two values of one type")
            raise _UnknownError

    def _operands(self, operands: Sequence[Operand], step: str) -> list[JsonValue]:
        """The values of all operands; everything that is missing is said before the first one stops."""
        values: list[JsonValue] = []
        unknown = False
        for operand in operands:
            try:
                values.append(self._operand(operand, step))
            except _UnknownError:
                unknown = True
        if unknown:
            raise _UnknownError
        return values

    def _operand(self, operand: Operand, step: str) -> JsonValue:
        if isinstance(operand, Get):
            return self._get(operand, step)
        if isinstance(operand, Join):
            return operand.on.join(_text(value) for value in self._operands(operand.values, step))
        if isinstance(operand, JsonGet):
            return self._json_get(operand, step)
        return operand

    def _get(self, get: Get, step: str) -> JsonValue:
        read = target(get)
        if isinstance(read, ParameterReference):
            if read.name not in self.given.parameters:
                message = f"the parameter '{read.name}' has no default and is not given"
                fix = f'give parameters={{"{read.name}": …}}'
                types = [item.type for item in self.flow.definition.parameters if item.name == read.name]
                expected = TYPE_WORDS.get(types[0]) if types else None
                self._add(message, step, None, expected, fix, rule="SMG240")
                raise _UnknownError
            return self.given.parameters[read.name]
        if isinstance(read, ExecutionReference):
            return self._execution(read.variable, step)
        found = self.flow.property_read(get)
        if found is None:
            self._add(f"'{get.path}' cannot be worked out in a test", step, get.path, "a parameter or an output")
            raise _UnknownError
        return self._output(found, step)

    def _execution(self, variable: str, step: str) -> Scalar:
        if variable in self.given.execution:
            return self.given.execution[variable]
        if variable == "PipelineName":
            return self.pipeline
        name = f"Execution.{variable}"
        self._add(f"'{name}' is read and not given", step, None, "a text", f'give outputs={{"{name}": "…"}}')
        raise _UnknownError

    def _output(self, read: Property, step: str) -> JsonValue:
        if read.step in self.flow.steps and self.flow.steps[read.step].kind.decides and read.path == "Outcome":
            # The values of ConditionOutcome in AWS's model.
            return "True" if self.outcome(read.step) else "False"
        value = self.given.output(_run(read), read.path)
        if value is None:
            name, expected = self._output_name(read)
            message = f"the output '{name}' is read and not given"
            self._add(message, step, None, expected, f'give outputs={{"{name}": …}}')
            raise _UnknownError
        return value

    def _output_name(self, read: Property) -> tuple[str, str | None]:
        """The name of an output as a test gives it, and what it is."""
        contract = self.flow.contracts.get(read.step)
        for name, port in contract.output_ports.items() if contract is not None else ():
            path = port.output_spec.property_path
            if path is not None and plain_path(path) == read.path:
                return f"{_prefix(read)}{read.step}.{name}", TYPE_WORDS.get(port.output_spec.output_type)
        return f"{_prefix(read)}{read.step}.{read.path}", None

    def _json_get(self, json_get: JsonGet, step: str) -> JsonValue:
        name, report = self._report(json_get)
        parts = parse_json_path(json_get.path)
        if parts is None:
            message = f"the path of a value in the report '{name}' cannot be read"
            self._add(message, step, json_get.path, "names with dots between them, [0] and ['quoted names']")
            raise _UnknownError
        if report is None:
            message = f"the report '{name}' is read and not given"
            fix = f'give report={{"{name}": {sketch(parts)}}}'
            self._add(message, step, None, f"a report with {json_get.path}", fix)
            raise _UnknownError
        found = value_at(report.value, parts)
        if isinstance(found, NotThere):
            message = f"the report '{name}' has no {json_get.path}, which condition '{step}' reads"
            place = report.place(found.pointer, step)
            near = nearest_name(str(found.part), found.there) if found.there else None
            expected = f"'{found.part}'" if isinstance(found.part, str) else f"an item {found.part}"
            there = ", ".join(found.there) or shown(found.value)
            self.findings.append(Finding("SMG260", message, place, given=there, expected=expected, nearest=near))
            raise _UnknownError
        if isinstance(found, (dict, list)):
            self._add(f"{json_get.path} of the report '{name}' is no single value", step, shown(found), "a scalar")
            raise _UnknownError
        return found

    def _report(self, json_get: JsonGet) -> tuple[str, GivenReport | None]:
        """The name of the report that is read, and the report where it is given."""
        source = json_get.source
        if isinstance(source, Get):
            read = self.flow.property_read(source)
            if read is not None and read.property_file is not None:
                known = next(
                    (
                        one.name
                        for one in self.reports
                        if (one.step, one.property_file) == (read.step, read.property_file)
                    ),
                    f"{read.step}.{read.property_file}",
                )
                return known, self.given.report(Run(read.step), read.property_file)
        for one in self.reports if isinstance(source, Join) else ():
            if one.output is None or one.file is None or not isinstance(source, Join):
                continue
            folder = self.flow.folder_of(source, one.output, one.file)
            if folder is not None and folder.step == one.step:
                return f"{_prefix(folder)}{one.name}", self.given.report(_run(folder), one.property_file)
        name = self.text(source)
        return name, self.given.located.get(name)

    def _add(
        self,
        message: str,
        step: str,
        given: str | None,
        expected: str | None,
        fix: str | None = None,
        *,
        rule: str = "SMG260",
    ) -> None:
        finding = Finding(rule, message, Place(step=step or None), given=given, expected=expected, fix=fix)
        if finding not in self.findings:
            self.findings.append(finding)


def _run(read: Property) -> Run:
    return Run(read.step, _prefix(read).removesuffix("."))


def _prefix(read: Property) -> str:
    return "" if read.loop is None else f"{read.loop}.{read.iteration}."


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _family(value: JsonValue) -> str:
    if isinstance(value, str):
        return "a text"
    if isinstance(value, bool):
        return "a truth value"
    return "a number" if isinstance(value, (int, float)) else "null"


def _name(value: Operand) -> str:
    if isinstance(value, Get):
        return value.path
    if isinstance(value, JsonGet):
        return value.path
    return "a text that is put together" if isinstance(value, Join) else shown(value)
