"""Turns the values of a definition into what the module writes: references to steps, parameters and the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from typing_extensions import Unpack

from smgen.contract_model import REPORT_ATTRIBUTES, python_identifier, schema_of_shape
from smgen.diagnostics import Details, Finding
from smgen.documents import JsonObject, JsonValue, append_pointer, canonical_json
from smgen.expressions import (
    EXECUTION_VARIABLES,
    Bare,
    CurrentItemReference,
    ExecutionReference,
    Expression,
    Get,
    Join,
    JsonGet,
    Operand,
    ParameterReference,
    StepReference,
    Target,
    Value,
    as_expression,
    parse_json_path,
    target,
    to_json,
)
from smgen.importer.environment_values import Assigned
from smgen.importer.imported_pipeline import (
    Authored,
    EnvironmentReference,
    EnvironmentText,
    ExecutionInCode,
    FileValue,
    JoinedText,
    LoopItem,
    ParameterInCode,
    ProxyExpression,
    RawValue,
)
from smgen.importer.loop_items import item_keys, type_at
from smgen.importer.outputs import OutputPlan
from smgen.importer.plain_types import JSON_TYPES, OF_JSON, OF_PYTHON
from smgen.importer.shapes import is_expression, shape_at
from smgen.importer.step_reads import Reading, file_of
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
    #: Why values come in as they are, by their places.
    raw: dict[str, str] = field(default_factory=dict[str, str])
    #: The attributes of steps that something reads.
    used: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def finding(self, message: str, pointer: str, step: str | None, **details: Unpack[Details]) -> None:
        """Adds SMG134 for something that cannot be written as typed code."""
        place = self.reading.definition.place(pointer, step=step)
        found = Finding("SMG134", message, place, **details)
        if found not in self.findings:
            self.findings.append(found)

    def of_environments(self, name: str) -> tuple[JsonValue, ...]:
        """The values of that name in the environments that have one."""
        return tuple(item.values[name] for item in self.assigned.environments if name in item.values)

    def value(self, value: Value, pointer: str, step: str | None) -> Authored:
        """A value where text, a number or a truth value belongs; locations of artifacts are written as texts."""
        return self._value(value, pointer, step, artifact=False)

    def believed(self, pointer: str, step: str | None) -> str:
        """The type of an expression that comes in as it is: what AWS takes at its place."""
        leaf = next((leaf for leaf in self.reading.leaves.get(step or "", ()) if leaf.pointer == pointer), None)
        shape = None if leaf is None else shape_at(self.reading.steps[step or ""].type, leaf)
        schema = None if shape is None else schema_of_shape(shape)
        return "String" if schema is None else OF_JSON.get(schema.type, "String")

    def reference(self, value: Value, pointer: str, step: str | None) -> Authored:
        """A value where a port takes an artifact."""
        return self._value(value, pointer, step, artifact=True)

    def _value(self, value: Value, pointer: str, step: str | None, *, artifact: bool) -> Authored:
        known = self.assigned.values.get(pointer)
        if known is not None:
            return known
        expression = as_expression(value)
        if expression is not None and pointer in self.reading.raw:
            return RawValue(self.unified.part(pointer), self.believed(pointer, step))
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
        if isinstance(found, ParameterReference):
            if found.name in self.reading.parameters:
                return ParameterInCode(found.name)
            return self.as_it_is(expression, pointer, f"the parameter '{found.name}' is used and not declared")
        if isinstance(found, ExecutionReference):
            if found.variable not in EXECUTION_VARIABLES:
                words = f"there is no execution variable '{found.variable}'"
                return self.as_it_is(expression, pointer, words)
            return ExecutionInCode(found.variable)
        if isinstance(found, CurrentItemReference):
            return self._item(expression, found, pointer, step)
        if isinstance(found, StepReference):
            return self._of_step(expression, found, pointer, step, artifact=artifact)
        root, _, name = path.partition(".")
        if root == "PipelineExperimentConfig" and name in ("ExperimentName", "TrialName") and step is not None:
            return ExecutionInCode(name)
        return self.as_it_is(expression, pointer, "nothing of that form can be read")

    def as_it_is(self, expression: Expression, pointer: str, words: str) -> RawValue:
        """The expression as it stands in the definition, since nothing typed says it."""
        self.raw[pointer] = words
        return RawValue(self.unified.part(pointer), self.reading.type_of(expression) or "String")

    def _out_of_sight(self, name: str, reader: str | None) -> str | None:
        """Why a step cannot be read: it stands in a branch, or in the body of a loop, in which its reader is not."""
        step = self.reading.steps.get(name)
        own = None if reader is None else self.reading.steps.get(reader)
        if name == reader:
            return "a step reads itself"
        if step is None or (() if own is None else own.scope)[: len(step.scope)] == step.scope:
            return None
        return f"'{name}' stands in a branch or loop that its reader is not in, and may not have run"

    def _item(self, expression: Get, found: CurrentItemReference, pointer: str, step: str | None) -> Authored:
        """The current item of the loop around a step, or a member of it."""
        around = None if step is None else self.reading.steps.get(step)
        scope = () if around is None else around.scope
        loop = next((item.step for item in reversed(scope) if item.branch == "body"), "")
        keys, of = item_keys(found.path), self.reading.items.get(loop)
        kind = None if keys is None or of is None else type_at(of, keys)
        if keys is None or kind is None:
            words = "the item of a loop is read outside of its body, or not as one value"
            return self.as_it_is(expression, pointer, words)
        return LoopItem(keys, OF_PYTHON[kind])

    def _of_step(
        self, expression: Get, found: StepReference, pointer: str, step: str | None, *, artifact: bool
    ) -> Authored:
        """An output of a step; of one in the body of a loop that is read from outside of it, in an iteration."""
        hidden = self._out_of_sight(found.step, step)
        if hidden is not None:
            return self.as_it_is(expression, pointer, hidden)
        outside = self.reading.body_output(found)
        owner, path = (found.step, found.path) if outside is None else (outside.step, outside.path)
        plan = self.plans.get(owner)
        name = None if plan is None else plan.by_path.get(path)
        if plan is None or name is None:
            return self.as_it_is(expression, pointer, self.unknown(found))
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
        if isinstance(value, ParameterInCode):
            return JSON_TYPES.get(self.reading.parameters[value.name].type, "string")
        if isinstance(value, ProxyExpression):
            return JSON_TYPES.get(self.proxy_type(value), "string")
        if isinstance(value, (LoopItem, FileValue, RawValue)):
            return JSON_TYPES.get(value.type, "string")
        return "string"

    def unknown(self, found: StepReference) -> str:
        """Why a property cannot be read."""
        if found.step not in self.reading.steps:
            return f"there is no step '{found.step}'"
        return f"{found.path or 'a whole step'} cannot be read of a {self.reading.steps[found.step].type} step"

    def _join(self, join: Join, pointer: str, step: str | None, *, artifact: bool) -> Authored:
        if None in join.values:
            return self.as_it_is(join, pointer, "a part of a text is null")
        inner = append_pointer(pointer, "Std:Join", "Values")
        if self._reads_hidden(join, step):
            return self._joined(join, inner, step)
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
        return self._joined(join, inner, step)

    def _reads_hidden(self, join: Join, step: str | None) -> bool:
        """Whether a part of a text is something of a step that cannot be read from here."""
        read = (target(item) for item in join.values if isinstance(item, Get))
        return any(isinstance(found, StepReference) and self._out_of_sight(found.step, step) for found in read)

    def _joined(self, join: Join, inner: str, step: str | None) -> JoinedText:
        parts = (self.value(item, append_pointer(inner, at), step) for at, item in enumerate(join.values))
        return JoinedText(join.on, tuple(parts))

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
        if isinstance(read, ExecutionReference) and read.variable in EXECUTION_VARIABLES:
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
            hidden = self._out_of_sight(owner, step)
            if hidden is not None:
                return self.as_it_is(read, pointer, hidden)
            name = self.plans[owner].reports.get(file) if owner in self.plans else None
            if name is not None and parts is not None:
                return ProxyExpression(owner, python_identifier(name), tuple(map(_member, parts)))
        if name is None and parts is not None and read.form == "S3Uri":
            here = append_pointer(pointer, "Std:JsonGet", "S3Uri")
            kind = self.reading.json_types.get((canonical_json(to_json(read.source)), parts))
            return FileValue(self.value(read.source, here, step), read.path, OF_JSON.get(kind or "", "String"))
        return self.as_it_is(read, pointer, "a value of a file is read that no step declares as its report")


def _member(part: str | int) -> str | int:
    """A part of the way to a value of a report, as code writes it."""
    return part if isinstance(part, int) else python_identifier(part, REPORT_ATTRIBUTES)


def _is_below(file: str) -> bool:
    """Whether a text can stand behind ``output /``."""
    return bool(file) and not file.startswith("/") and ".." not in file.split("/")
