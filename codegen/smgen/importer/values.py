"""Turns the values of a definition into what the module writes: references to steps, parameters and the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from smgen.contracts import REPORT_ATTRIBUTES, python_identifier
from smgen.diagnostics import Finding, nearest_name
from smgen.documents import JsonObject, JsonValue, append_pointer, canonical_json
from smgen.expressions import (
    EXECUTION_VARIABLES,
    Bare,
    CurrentItemReference,
    Get,
    Join,
    JsonGet,
    Operand,
    StepReference,
    Target,
    Value,
    parse_json_path,
    target,
    to_json,
)
from smgen.expressions import ExecutionReference as ExecutionTarget
from smgen.expressions import ParameterReference as ParameterTarget
from smgen.importer.environment_values import Assigned
from smgen.importer.loop_items import item_keys, type_at
from smgen.importer.model import (
    Authored,
    EnvironmentReference,
    EnvironmentText,
    ExecutionReference,
    FileValue,
    JoinedText,
    LoopItem,
    ParameterReference,
    ProxyExpression,
)
from smgen.importer.outputs import OutputPlan
from smgen.importer.plain_types import JSON_TYPES, OF_JSON, OF_PYTHON
from smgen.importer.reading import Reading, file_of
from smgen.importer.shapes import is_expression
from smgen.importer.unifying import Unified

_TUNING_JOB: Final = re.compile(r"TrainingJobSummaries\[(\d+)\]\.TrainingJobName|BestTrainingJob\.TrainingJobName")
_RANKS: Final = {0: "best_model", 1: "second_best_model", 2: "third_best_model"}


@dataclass
class ValueWriter:
    """Writes values; ``plans`` are the outputs of each step's contract. What cannot be written becomes a finding."""

    unified: Unified
    reading: Reading
    assigned: Assigned
    plans: Mapping[str, OutputPlan]
    findings: list[Finding] = field(default_factory=list[Finding])
    #: The attributes of steps that something reads.
    used: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def finding(
        self,
        message: str,
        pointer: str,
        step: str | None,
        *,
        given: str | None = None,
        expected: str | None = None,
        nearest: str | None = None,
        fix: str | None = None,
    ) -> None:
        """Adds SMG134 for something that cannot be written as typed code."""
        place = self.reading.definition.place(pointer, step=step)
        found = Finding("SMG134", message, place, given=given, expected=expected, nearest=nearest, fix=fix)
        if found not in self.findings:
            self.findings.append(found)

    def of_environments(self, name: str) -> tuple[JsonValue, ...]:
        """The values of that name in the environments that have one."""
        return tuple(item.values[name] for item in self.assigned.environments if name in item.values)

    def value(self, value: Value, pointer: str, step: str | None) -> Authored:
        """A value where text, a number or a truth value belongs; locations of artifacts are written as texts."""
        return self._value(value, pointer, step, artifact=False)

    def reference(self, value: Value, pointer: str, step: str | None) -> Authored:
        """A value where a port takes an artifact."""
        return self._value(value, pointer, step, artifact=True)

    def _value(self, value: Value, pointer: str, step: str | None, *, artifact: bool) -> Authored:
        known = self.assigned.values.get(pointer)
        if known is not None:
            return known
        if isinstance(value, Get):
            return self._get(value, pointer, step, artifact=artifact)
        if isinstance(value, Join):
            return self._join(value, pointer, step, artifact=artifact)
        if isinstance(value, JsonGet):
            return self._report(value, pointer, step)
        if is_expression(value):
            self.finding("this looks like an expression and is none", pointer, step)
            return ""
        if isinstance(value, dict):
            return {name: self.value(item, append_pointer(pointer, name), step) for name, item in value.items()}
        if isinstance(value, list):
            return tuple(self.value(item, append_pointer(pointer, number), step) for number, item in enumerate(value))
        # The default of an environment is filled in by itself in a contract; anywhere else its text is written.
        return None if isinstance(value, Bare) else value

    def _get(self, expression: Get, pointer: str, step: str | None, *, artifact: bool) -> Authored:
        found, path = target(expression), expression.path
        if isinstance(found, ParameterTarget):
            if found.name in self.reading.parameters:
                return ParameterReference(found.name)
            names = tuple(self.reading.parameters)
            self.finding(
                f"the parameter '{found.name}' is used and not declared",
                pointer,
                step,
                given=found.name,
                expected=", ".join(names) or "a declared parameter",
                nearest=nearest_name(found.name, names),
                fix="declare it in the definition first",
            )
            return ""
        if isinstance(found, ExecutionTarget):
            if found.variable not in EXECUTION_VARIABLES:
                known = ", ".join(EXECUTION_VARIABLES)
                words = f"there is no execution variable '{found.variable}'"
                self.finding(words, pointer, step, given=found.variable, expected=known)
            return ExecutionReference(found.variable)
        if isinstance(found, CurrentItemReference):
            return self._item(found, pointer, step)
        if isinstance(found, StepReference):
            return self._of_step(found, pointer, step, artifact=artifact)
        root, _, name = path.partition(".")
        if root == "PipelineExperimentConfig" and name in ("ExperimentName", "TrialName") and step is not None:
            return ExecutionReference(name)
        self.finding("nothing of that form can be read", pointer, step, given=path)
        return ""

    def _check_scope(self, name: str, pointer: str, reader: str | None) -> None:
        """SMG134 for something of a step in a branch, or in the body of a loop, that is read from outside of it."""
        step = self.reading.steps.get(name)
        if step is None or not step.scope:
            return
        own = None if reader is None else self.reading.steps.get(reader)
        if own is None or own.scope[: len(step.scope)] != step.scope:
            words = f"'{name}' stands in a branch or loop that its reader is not in, and may not have run"
            self.finding(words, pointer, reader, given=name)

    def _item(self, found: CurrentItemReference, pointer: str, step: str | None) -> Authored:
        """The current item of the loop around a step, or a member of it."""
        around = None if step is None else self.reading.steps.get(step)
        scope = () if around is None else around.scope
        loop = next((item.step for item in reversed(scope) if item.branch == "body"), "")
        keys, of = item_keys(found.path), self.reading.items.get(loop)
        kind = None if keys is None or of is None else type_at(of, keys)
        if keys is None or kind is None:
            words = "the item of a loop is read outside of its body, or not as one value"
            self.finding(words, pointer, step, given=found.path)
            return ""
        return LoopItem(keys, OF_PYTHON[kind])

    def _of_step(self, found: StepReference, pointer: str, step: str | None, *, artifact: bool) -> Authored:
        """An output of a step; of one in the body of a loop that is read from outside of it, in an iteration."""
        self._check_scope(found.step, pointer, step)
        outside = self.reading.body_output(found)
        owner, path = (found.step, found.path) if outside is None else (outside.step, outside.path)
        plan = self.plans.get(owner)
        name = None if plan is None else plan.by_path.get(path)
        if plan is None or name is None:
            self.unknown(found, pointer, step)
            return ""
        self.used.add((owner, python_identifier(name)))
        read = ProxyExpression(owner, python_identifier(name), location=plan.outputs[name].is_artifact and not artifact)
        return read if outside is None else replace(read, loop=found.step, iteration=outside.iteration)

    def proxy_type(self, value: ProxyExpression) -> str:
        """The type of what a step gives, as a parameter's is called; "Artifact" for a reference to one."""
        outputs = self.plans[value.step].outputs
        if value.members:
            files = [item for output in outputs.values() for item in output.files.items()]
            file = next((item for name, item in files if python_identifier(name) == value.attribute), None)
            if file is not None:
                for parts, kind in file.values.items():
                    if tuple(_member(part) for part in parts) == value.members:
                        return OF_JSON.get(kind, "String")
            return "String"
        output = next((item for name, item in outputs.items() if python_identifier(name) == value.attribute), None)
        if output is None or output.is_artifact:
            return "String" if value.location else "Artifact"
        return output.type

    def json_type(self, value: Authored) -> str:
        """The type of a value in JSON Schema's words."""
        plain: object = value
        if isinstance(value, EnvironmentReference) and value.kind == "value":
            plain = next(iter(self.of_environments(value.name)), "")
        if isinstance(plain, bool):
            return "boolean"
        if isinstance(plain, (int, float)):
            return "integer" if isinstance(plain, int) else "number"
        if isinstance(value, ParameterReference):
            return JSON_TYPES.get(self.reading.parameters[value.name].type, "string")
        if isinstance(value, ProxyExpression):
            return JSON_TYPES.get(self.proxy_type(value), "string")
        return JSON_TYPES.get(value.type, "string") if isinstance(value, (LoopItem, FileValue)) else "string"

    def unknown(self, found: StepReference, pointer: str, step: str | None) -> None:
        """SMG134 for a property that cannot be read."""
        names = tuple(self.reading.steps)
        if found.step not in self.reading.steps:
            self.finding(
                f"there is no step '{found.step}'",
                pointer,
                step,
                given=found.step,
                nearest=nearest_name(found.step, names),
            )
            return
        kind = self.reading.steps[found.step].type
        message = f"{found.path or 'a whole step'} cannot be read of a {kind} step"
        self.finding(message, pointer, step, given=found.path, expected="a property that is one value")

    def _join(self, join: Join, pointer: str, step: str | None, *, artifact: bool) -> Authored:
        inner = append_pointer(pointer, "Std:Join", "Values")
        composed = self._composed(join, inner)
        if composed is not None:
            return ProxyExpression(composed[0], composed[1], location=not artifact)
        file = join.values[1] if join.on == "/" and len(join.values) == 2 else None
        if isinstance(file, str) and _is_below(file):
            first = self._artifact_of(join.values[0])
            if first is not None and append_pointer(inner, 1) not in self.assigned.values:
                report = self._report_at(*first, file)
                if report is not None and artifact:
                    return report
                return ProxyExpression(first[0], first[1], location=not artifact, below=file)
        parts = tuple(self.value(item, append_pointer(inner, at), step) for at, item in enumerate(join.values))
        if any(item is None for item in parts):
            self.finding("a part of a text is null", pointer, step)
        return JoinedText(join.on, parts)

    def _artifact_of(self, value: Operand) -> tuple[str, str] | None:
        """Step and attribute of an artifact that a Get reads."""
        found = target(value) if isinstance(value, Get) else None
        if not isinstance(found, StepReference) or found.step not in self.plans:
            return None
        plan = self.plans[found.step]
        name = plan.by_path.get(found.path)
        return (found.step, python_identifier(name)) if name is not None and plan.outputs[name].is_artifact else None

    def _report_at(self, step: str, attribute: str, path: str) -> ProxyExpression | None:
        """The report that lies at a path below an output; None for a file that the contract does not declare."""
        for name, output in self.plans[step].outputs.items():
            if python_identifier(name) == attribute:
                files = [own for own, file in output.files.items() if file.path == path and file.is_declared]
                return ProxyExpression(step, python_identifier(files[0])) if files else None
        return None

    def _composed(self, join: Join, pointer: str) -> tuple[str, str] | None:
        """Step and attribute of the model of a tuning job, which is put together from the name of a training job."""
        found = [target(item) if isinstance(item, Get) else None for item in join.values]
        jobs = [
            (job.step, int(named[1] or 0))
            for job in found
            if isinstance(job, StepReference) and (named := _TUNING_JOB.fullmatch(job.path))
        ]
        if len(jobs) != 1 or jobs[0][0] not in self.plans or not self.reading.steps[jobs[0][0]].kind.repeats:
            return None
        ((step, rank),) = jobs
        listed = enumerate(zip(join.values, found, strict=True))
        parts = [self._part(item, read, append_pointer(pointer, number)) for number, (item, read) in listed]
        last = join.values[-1]
        if None in parts or not isinstance(last, str) or not last.endswith(".tar.gz"):
            return None
        value: JsonObject = {"$join": parts} if join.on == "" else {"$join": parts, "on": join.on}
        name = _RANKS.get(rank, f"model_of_rank_{rank}")
        return step, python_identifier(self.plans[step].composed(name, value, "ModelArtifacts"))

    def _part(self, item: Operand, read: Target | None, pointer: str) -> JsonValue:
        """A part of such a text as a contract holds it; None for what it cannot hold."""
        if isinstance(item, str):
            return self._text_in_contract(item, pointer)
        if isinstance(read, StepReference) and _TUNING_JOB.fullmatch(read.path):
            return {"$property": read.path}
        if isinstance(read, ExecutionTarget) and read.variable in EXECUTION_VARIABLES:
            return {"$execution": read.variable}
        return None

    def _text_in_contract(self, text: str, pointer: str) -> JsonValue:
        """A text as a contract holds it, the bucket as a hole; None where it needs another value of the environment."""
        known = self.assigned.values.get(pointer)
        if known is None:
            return text
        if known == EnvironmentReference("value", "bucket"):
            return {"$default": "bucket"}
        if isinstance(known, EnvironmentText) and known.parts[:2] == ("s3://", EnvironmentReference("bucket")):
            rest = [part for part in known.parts[2:] if isinstance(part, str)]
            if len(rest) == len(known.parts) - 2:
                return {"$join": ["s3://", {"$default": "bucket"}, *rest]}
        return None

    def _report(self, read: JsonGet, pointer: str, step: str | None) -> Authored:
        parts, found = parse_json_path(read.path), file_of(read)
        name: str | None = None
        if found is not None:
            owner, file = found
            self._check_scope(owner, pointer, step)
            name = self.plans[owner].reports.get(file) if owner in self.plans else None
            if name is not None and parts is not None:
                return ProxyExpression(owner, python_identifier(name), tuple(map(_member, parts)))
        if name is None and parts is not None and read.form == "S3Uri":
            here = append_pointer(pointer, "Std:JsonGet", "S3Uri")
            kind = self.reading.json_types.get((canonical_json(to_json(read.source)), parts))
            return FileValue(self.value(read.source, here, step), read.path, OF_JSON.get(kind or "", "String"))
        self.finding("a value of a file is read that no step declares as its report", pointer, step, given=read.path)
        return ""


def _member(part: str | int) -> str | int:
    """A part of the way to a value of a report, as code writes it."""
    return part if isinstance(part, int) else python_identifier(part, REPORT_ATTRIBUTES)


def _is_below(file: str) -> bool:
    """Whether a text can stand behind ``output /``."""
    return bool(file) and not file.startswith("/") and ".." not in file.split("/")
