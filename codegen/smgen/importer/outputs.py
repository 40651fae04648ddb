"""The outputs of contracts: what steps of one shape give, under which names, and the reports among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from smgen.aws import StepKind
from smgen.contract_model import REPORT_ATTRIBUTES, python_identifier
from smgen.definition import Step
from smgen.documents import JsonObject, JsonValue, canonical_json, objects_at, text_at
from smgen.importer.artifacts import inferred, last_segment
from smgen.importer.code_names import free, snake
from smgen.importer.imported_pipeline import Guess
from smgen.importer.plain_types import parameter_type
from smgen.importer.properties import output_paths, property_type, returned_types
from smgen.importer.shapes import Parts
from smgen.importer.step_reads import Reading, ReportUse, StepFile

_LONGEST = 60
#: The type of the files that the model registry shows as the quality of a model, and how each of them begins.
MODEL_METRICS: Final = "ModelMetrics"
_METRICS: Final = frozenset(
    ("regression_metrics", "binary_classification_metrics", "multiclass_classification_metrics")
)


@dataclass
class PlannedFile:
    """A JSON file below an output: where it lies, and the types of the values that are read of it."""

    path: str
    property_file: str
    values: dict[tuple[str | int, ...], str] = field(default_factory=dict["tuple[str | int, ...]", str])

    def note(self, parts: Parts, kind: str | None) -> None:
        """Takes up that a value is read, of a type in JSON Schema's words, or of any."""
        # A whole number is a number wherever one is wanted.
        if kind is not None and (kind, self.values.get(parts)) != ("number", "integer"):
            self.values[parts] = kind
        self.values.setdefault(parts, "string")

    @property
    def type(self) -> str | None:
        """The artifact type of the file, where it is another than its folder's."""
        return MODEL_METRICS if any(parts[:1] and parts[0] in _METRICS for parts in self.values) else None

    @property
    def is_declared(self) -> bool:
        """Whether a contract can declare the file: one JSON Schema holds all that is read of it."""
        return schema_of(self.values) is not None


@dataclass
class PlannedOutput:
    """An output: its property, or the value that composes it, and its artifact or scalar type."""

    type: str
    path: str = ""
    value: JsonValue = None
    #: AWS's name of a processing output, or of a returned value.
    aws_name: str = ""
    local_path: str = ""
    certain: bool = True
    #: Whether it is there only because something reads the property.
    is_inner: bool = False
    files: dict[str, PlannedFile] = field(default_factory=dict[str, PlannedFile])

    @property
    def is_artifact(self) -> bool:
        """Whether it is no plain value."""
        return parameter_type(self.type) is None


@dataclass
class OutputPlan:
    """The outputs of one contract by name, and the names by what they give."""

    outputs: dict[str, PlannedOutput] = field(default_factory=dict[str, PlannedOutput])
    by_path: dict[str, str] = field(default_factory=dict[str, str])
    by_value: dict[str, str] = field(default_factory=dict[str, str])
    #: The attribute of a report, by its file.
    reports: dict[StepFile, str] = field(default_factory=dict[StepFile, str])

    def add(self, name: str, output: PlannedOutput) -> str:
        """Adds an output under a name that nothing else of the proxy has, and gives that name."""
        own = self.free(name)
        self.outputs[own] = output
        if output.path:
            self.by_path.setdefault(output.path, own)
        return own

    def free(self, name: str) -> str:
        """The name, with a number behind it if something has it."""
        taken = {python_identifier(known) for known in self.outputs}
        taken |= {python_identifier(file) for output in self.outputs.values() for file in output.files}
        return free_name(name, taken)

    def composed(self, name: str, value: JsonValue, kind: str) -> str:
        """The output with a composed value, which is added where there is none yet."""
        key = canonical_json(value)
        if key not in self.by_value:
            self.by_value[key] = self.add(name, PlannedOutput(kind, value=value))
        return self.by_value[key]


def free_name(name: str, taken: Iterable[str]) -> str:
    """A name of letters, digits and underscores that is not among those taken, compared as Python names."""
    known = set(taken)
    base = snake(name)[:_LONGEST].rstrip("_") or "x"
    return free(base, lambda own: own in known or python_identifier(own) in known)


def plan_outputs(members: Sequence[Step], reading: Reading, guesses: list[Guess]) -> OutputPlan:
    """The outputs of the contract of steps of one shape: the kind's usual ones, and all that something reads."""
    plan = OutputPlan()
    for name, output in _own_outputs(members, reading):
        plan.add(name, output)
    for usual in members[0].kind.usual:
        if usual.path not in plan.by_path:
            found = (reading.artifact(step.name, usual.path) for step in members)
            artifact = None if parameter_type(usual.type) else next((item for item in found if item is not None), None)
            plan.add(usual.name, PlannedOutput(usual.type if artifact is None else artifact.type, usual.path))
    for step in members:
        for owner, path in reading.properties:
            if owner == step.name and path not in plan.by_path:
                _add_property(plan, step, path, reading, guesses)
    for step in members:
        for use in reading.reports:
            if use.step == step.name:
                _add_report(plan, step, use)
    return plan


def _add_property(plan: OutputPlan, step: Step, path: str, reading: Reading, guesses: list[Guess]) -> None:
    """Adds what something reads of a step; nothing for a path that is no property."""
    kind, artifact = property_type(step, path), reading.artifact(step.name, path)
    if kind is not None and artifact is None:
        plan.add(_name_of_property(path), PlannedOutput(kind, path, is_inner=True))
    elif kind is not None and artifact is not None:
        name = plan.add(_name_of_property(path), PlannedOutput(artifact.type, path, certain=artifact.certain))
        if not artifact.certain:
            guesses.append(Guess(f"{step.name}.{name}", f"what it gives was taken for a {artifact.type}"))


def steering_outputs(kind: StepKind) -> OutputPlan:
    """What a step that steers the pipeline tells of itself, under the names that it has in code."""
    plan = OutputPlan()
    for usual in kind.usual:
        plan.add(usual.name, PlannedOutput(usual.type, usual.path))
    return plan


def _own_outputs(members: Sequence[Step], reading: Reading) -> Iterator[tuple[str, PlannedOutput]]:
    """The outputs that a step names itself: those of a processing job, and returned values."""
    step = members[0]
    for name, scalar, folder in _named_outputs(step):
        ways = output_paths(step.kind, name)
        if not ways:
            continue
        path = next((way for way in ways if _is_used(way, members, reading)), ways[0])
        found = [item for member in members if (item := reading.artifact(member.name, path)) is not None]
        if scalar is not None:
            yield name, PlannedOutput(found[0].type if found else scalar, path, aws_name=name)
            continue
        wanted = {one.type for one in found if one.certain}
        own = inferred(name, last_segment(folder))
        kind = next(iter(wanted)) if len(wanted) == 1 else own.type
        yield name, PlannedOutput(kind, path, aws_name=name, certain=own.certain or len(wanted) == 1)


def _named_outputs(step: Step) -> Iterator[tuple[str, str | None, str]]:
    """The names of such outputs, with the scalar type of what is returned or the folder of what is written."""
    if step.kind.takes_named_values:
        yield from ((name, scalar, "") for name, scalar in returned_types(step).items())
    elif step.kind.outputs is not None:
        for item in objects_at(step.arguments, *step.kind.outputs.path):
            name = text_at(item, step.kind.outputs.name)
            if name is not None and "S3Output" in item:
                yield name, None, text_at(item, "S3Output", "LocalPath") or ""


def _is_used(path: str, members: Sequence[Step], reading: Reading) -> bool:
    return any((member.name, path) in reading.properties for member in members)


def _name_of_property(path: str) -> str:
    """A name for a property: its last part, without what AWS calls every location."""
    parts = [part for part in path.replace("[", ".").replace("]", "").split(".") if part]
    named = [part.strip("'\"") for part in parts if not part.isdigit()]
    last = named[-1] if named else path
    if last in ("S3Uri", "S3Path", "Uri", "Arn", "Name", "Value") and len(named) > 1:
        last = f"{named[-2]}_{last}"
    index = next((part for part in parts if part.isdigit()), "")
    return snake(f"{last}_{index}" if index not in ("", "0") else last).replace("s3_", "")


def _add_report(plan: OutputPlan, step: Step, use: ReportUse) -> None:
    """Adds a value of a report to the output that its file lies below."""
    at = use.at
    declared = next((item for item in step.property_files if item.name == at.property_file), None)
    owner, path = plan.by_path.get(at.path), at.file
    if step.kind.has_property_files:
        # The files that its contract declares are property files; others are read in another way.
        if declared is None or not at.property_file:
            return
        owner = next((name for name, item in plan.outputs.items() if item.aws_name == declared.output), None)
        path = declared.path
    if owner is None or not plan.outputs[owner].is_artifact:
        return
    output = plan.outputs[owner]
    if at not in plan.reports:
        name = plan.free(at.property_file or path.rpartition("/")[2].partition(".")[0])
        output.files[name] = PlannedFile(path, at.property_file or name)
        plan.reports[at] = name
    output.files[plan.reports[at]].note(use.parts, use.type)


def schema_of(values: Mapping[tuple[str | int, ...], str]) -> JsonObject | None:
    """The JSON Schema of a report with values at those places; None where they cannot be in one document.

    No two names of one object may become one Python name.
    """
    schema = _schema([*values.items()])
    return None if schema is None or schema["type"] not in ("object", "array") else schema


def _schema(values: Sequence[tuple[Parts, str]]) -> JsonObject | None:
    kinds: set[str] = set()
    below: dict[str, list[tuple[Parts, str]]] = {}
    for parts, kind in values:
        first = parts[0] if parts else None
        kinds.add(kind if first is None else "object" if isinstance(first, str) else "array")
        if first is not None:
            below.setdefault(first if isinstance(first, str) else "", []).append((parts[1:], kind))
    members: JsonObject = {name: _schema(found) for name, found in below.items()}
    names = {python_identifier(name, REPORT_ATTRIBUTES) for name in members}
    if len(kinds) != 1 or len(names) < len(members) or None in members.values():
        return None
    (kind,) = kinds
    if kind == "array":
        return {"type": kind, "items": members[""]}
    return {"type": kind, "properties": members} if members else {"type": kind}
