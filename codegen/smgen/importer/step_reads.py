"""What the steps of a definition read of each other, found once: properties, values of reports, hidden locations."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from smgen.aws import FOR_EACH
from smgen.checks.step_locations import LocationWrite, prefixes, reads_of, symbolic_location, writes_of
from smgen.definition import Definition, Parameter, Step
from smgen.documents import append_pointer, canonical_json
from smgen.expressions import (
    Expression,
    Get,
    IterationOutputReference,
    Join,
    JsonGet,
    Operand,
    PropertyFileReference,
    StepReference,
    Value,
    as_expression,
    elements_at,
    members_at,
    parse_json_path,
    references,
    target,
    to_json,
    value_at,
    within,
)
from smgen.importer.artifacts import Inferred, inferred
from smgen.importer.environment_values import Assigned
from smgen.importer.imported_pipeline import ImportedRecord
from smgen.importer.loop_items import item_type, with_own_names
from smgen.importer.plain_types import PythonType
from smgen.importer.properties import artifact_of, property_type
from smgen.importer.shapes import StepLeaf, inside, leaves, shape_at
from smgen.importer.step_ports import Port, port_at


@dataclass(frozen=True, slots=True)
class PropertyUse:
    """A property of a step that something reads; ``wanted`` are the artifact types of the ports that take it."""

    step: str
    path: str
    at_port: bool = False
    wanted: tuple[Inferred, ...] = ()


@dataclass(frozen=True, slots=True)
class StepFile:
    """A JSON file of a step: its property file of a name, or what lies at ``file`` below its property ``path``."""

    property_file: str = ""
    path: str = ""
    file: str = ""


def file_of(read: JsonGet) -> tuple[str, StepFile] | None:
    """The step and the file of it that a value is read of; None for any other file."""
    source = read.source
    if isinstance(source, Get):
        found = target(source)
        return (found.step, StepFile(found.property_file)) if isinstance(found, PropertyFileReference) else None
    if isinstance(source, Join) and source.on == "/" and len(source.values) == 2:
        first, file = source.values
        folder = target(first) if isinstance(first, Get) else None
        if isinstance(folder, StepReference) and isinstance(file, str):
            return folder.step, StepFile("", folder.path, file)
    return None


@dataclass(frozen=True, slots=True)
class ReportUse:
    """A value of a report: ``parts`` lead to it in its file; ``type`` is JSON Schema's word, None where it is open."""

    step: str
    at: StepFile
    parts: tuple[str | int, ...]
    type: str | None


@dataclass(frozen=True, slots=True)
class HiddenRead:
    """A place that a step reads and another one writes, without a reference; ``rest`` leads to it from there."""

    step: str
    pointer: str
    write: LocationWrite
    rest: str


@dataclass(frozen=True, slots=True)
class BodyOutput:
    """An output of a step in the body of a loop, in one iteration (from 0), or in that which the loop picks."""

    step: str
    path: str
    iteration: int | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A definition with what its steps read of each other.

    ``leaves`` are those of each step with a contract; ``folders`` say in which folder a processing input lies, by the
    pointer of its location.
    """

    definition: Definition
    steps: Mapping[str, Step]
    parameters: Mapping[str, Parameter]
    leaves: Mapping[str, tuple[StepLeaf, ...]]
    folders: Mapping[str, str]
    properties: Mapping[tuple[str, str], PropertyUse]
    reports: tuple[ReportUse, ...]
    hidden: Mapping[str, HiddenRead]
    #: The property files of each step in the order in which they are read.
    read_files: Mapping[str, tuple[str, ...]]
    #: The type of the items of each loop.
    items: Mapping[str, PythonType | ImportedRecord] = field(default_factory=dict[str, "PythonType | ImportedRecord"])

    #: The types of values of files at a location, in JSON Schema's words, by the location's text and the way to them.
    json_types: Mapping[tuple[str, tuple[str | int, ...]], str] = field(
        default_factory=dict["tuple[str, tuple[str | int, ...]]", str]
    )

    #: The pointers of what comes in as it is.
    raw: frozenset[str] = frozenset()

    def body_output(self, found: StepReference) -> BodyOutput | None:
        """The output of a step in the body of a loop that a path means; None for any other path."""
        step = self.steps.get(found.step)
        return None if step is None else _body_output(step, found.path)

    def artifact(self, step: str, path: str) -> Inferred | None:
        """The artifact that a property gives; None for a plain value."""
        return artifact_at(self.steps[step], path, self.properties.get((step, path)))

    def type_of(self, expression: Operand) -> str | None:
        """The type of a value as a parameter's is called; None where nothing says it."""
        if isinstance(expression, bool):
            return "Boolean"
        if isinstance(expression, (int, float)):
            return "Integer" if isinstance(expression, int) else "Float"
        if expression is None or isinstance(expression, (str, Join)):
            return None if expression is None else "String"
        if isinstance(expression, JsonGet):
            return None
        found = target(expression)
        if isinstance(found, StepReference):
            return _type_of_property(self.steps, found)
        prefix, _, name = expression.path.partition(".")
        if prefix == "Parameters":
            parameter = self.parameters.get(name)
            return None if parameter is None else parameter.type
        return "String" if prefix in ("Execution", "PipelineExperimentConfig") else None


def artifact_at(step: Step, path: str, use: PropertyUse | None) -> Inferred | None:
    """The artifact that a property gives, by what it is and by the ports that take it; None for a plain value."""
    if property_type(step, path) not in ("String", None):
        return None
    own = artifact_of(step, path)
    if own is None and (use is None or not use.at_port):
        return None
    if own is not None and own.certain:
        return own
    wanted = [] if use is None else [item for item in use.wanted if item.certain]
    if wanted and len({item.type for item in wanted}) == 1:
        return wanted[0]
    if own is None:
        returned = path.partition("[")[2].strip("]'\"")
        return inferred(returned)
    return own


def read(definition: Definition, assigned: Assigned, raw: Collection[str] = ()) -> Reading:
    """Reads a definition; what stands at the pointers of ``raw`` is one leaf."""
    steps = {step.name: step for step in reversed(definition.all_steps())}
    return _UseReader(definition, assigned, steps, raw).reading()


@dataclass
class _UseReader:
    definition: Definition
    assigned: Assigned
    steps: Mapping[str, Step]
    raw: Collection[str]
    properties: dict[tuple[str, str], PropertyUse] = field(default_factory=dict["tuple[str, str]", PropertyUse])
    reports: list[ReportUse] = field(default_factory=list[ReportUse])
    json_types: dict[tuple[str, tuple[str | int, ...]], str] = field(
        default_factory=dict["tuple[str, tuple[str | int, ...]]", str]
    )
    read_files: dict[str, dict[str, None]] = field(default_factory=dict[str, "dict[str, None]"])

    def reading(self) -> Reading:
        found: dict[str, tuple[StepLeaf, ...]] = {}
        folders: dict[str, str] = {}
        whole = {*self.assigned.defaults, *self.raw}
        for step in self.definition.all_steps():
            if step.kind.structural:
                continue
            found.setdefault(step.name, leaves(step, whole))
            folders |= _folders(step)
            for leaf in found[step.name]:
                self.value(step, leaf, port_at(step, leaf, folders.get(leaf.pointer, "")))
        for step in self.definition.all_steps():
            if step.kind.structural:
                self.walk(step.own["Arguments"], None)
        self.selectors()
        self.order_of_files()
        reading = Reading(
            self.definition,
            self.steps,
            {item.name: item for item in self.definition.parameters},
            found,
            folders,
            self.properties,
            tuple(self.reports),
            dict(self.hidden(found)),
            {step: tuple(names) for step, names in self.read_files.items()},
            json_types=self.json_types,
            raw=frozenset(self.raw),
        )
        loops = [step for step in self.definition.all_steps() if step.kind is FOR_EACH]
        return replace(
            reading, items=with_own_names({step.name: item_type(step, found, reading.type_of) for step in loops})
        )

    def selectors(self) -> None:
        """The outputs by which loops pick an iteration."""
        for step in self.definition.all_steps():
            picked = selected_by(step)
            if picked is not None:
                self.properties.setdefault(picked, PropertyUse(*picked))

    def value(self, step: Step, leaf: StepLeaf, port: Port | None) -> None:
        """The value of one leaf; ``port`` is there where its place takes an artifact."""
        expression = as_expression(leaf.value)
        if expression is None:
            return
        source = expression
        if isinstance(expression, Join) and expression.on == "/" and len(expression.values) == 2:
            first = expression.values[0]
            source = first if isinstance(first, Get) and isinstance(expression.values[1], str) else expression
        if port is not None and isinstance(source, Get):
            self.use(source, port.wanted)
        shape = shape_at(step.type, leaf)
        self.expression(expression, None, "" if shape is None else _LIKE.get(shape.type, ""))

    def walk(self, value: Value, other: Value) -> None:
        """Everything inside a value; ``other`` is what it is compared with."""
        members = members_at(value)
        if (expression := as_expression(value)) is not None:
            self.expression(expression, other)
        elif "LeftValue" in members:
            left, right = members["LeftValue"], members.get("RightValue")
            ordered = members.get("Type") not in ("Equals", "In")
            self.walk(left, 0.0 if ordered else right)
            self.walk(right, 0.0 if ordered else left)
        elif "QueryValue" in members:
            compared = (members["QueryValue"], *elements_at(members, "Values"))
            like = next((item for item in compared if self.json_type(item) is not None), None)
            for item in compared:
                self.walk(item, like)
        else:
            for _, item in inside(value):
                self.walk(item, None)

    def expression(self, expression: Expression, other: Value, wanted: str = "") -> None:
        """What an expression reads; ``other`` is what it is compared with, ``wanted`` what its place takes."""
        if isinstance(expression, Get):
            self.use(expression, None)
        elif isinstance(expression, Join):
            for _, item in within(expression):
                self.expression(item, "")
        else:
            self.report(expression, other, wanted)

    def use(self, expression: Get, wanted: Inferred | None) -> None:
        found = target(expression)
        if not isinstance(found, StepReference):
            return
        step = self.steps.get(found.step)
        outside = None if step is None else _body_output(step, found.path)
        key = (found.step, found.path) if outside is None else (outside.step, outside.path)
        known = self.properties.get(key, PropertyUse(*key))
        more = () if wanted is None else (wanted,)
        self.properties[key] = PropertyUse(*key, known.at_port or bool(more), (*known.wanted, *more))

    def report(self, expression: JsonGet, other: Value, wanted: str) -> None:
        parts = parse_json_path(expression.path)
        kind = wanted or self.json_type(other)
        if parts is not None and kind is not None and expression.form == "S3Uri":
            key = (canonical_json(to_json(expression.source)), parts)
            # A whole number is a number wherever one is wanted.
            if self.json_types.get(key) != "integer":
                self.json_types[key] = kind
        if isinstance(expression.source, Join):
            self.expression(expression.source, "")
        file = file_of(expression)
        if file is not None and parts is not None:
            self.reports.append(ReportUse(*file, parts, kind))

    def json_type(self, other: Value) -> str | None:
        """The type of a value by what it is compared with."""
        if isinstance(other, (bool, int, float)):
            return "boolean" if isinstance(other, bool) else "number"
        if isinstance(other, str):
            return "string" if other else None
        expression = as_expression(other)
        kind = "String" if isinstance(expression, Join) else None
        if isinstance(expression, Get):
            found = target(expression)
            if isinstance(found, StepReference) and found.step in self.steps:
                kind = _type_of_property(self.steps, found)
            else:
                name = expression.path.partition(".")[2]
                kind = next((item.type for item in self.definition.parameters if item.name == name), "String")
        return {"String": "string", "Integer": "number", "Float": "number", "Boolean": "boolean"}.get(kind or "")

    def order_of_files(self) -> None:
        """The property files in the order in which the document reads them, as a build declares them."""
        for _, expression in references(self.definition.document):
            found = file_of(expression) if isinstance(expression, JsonGet) else None
            if found is not None and found[1].property_file:
                self.read_files.setdefault(found[0], {})[found[1].property_file] = None

    def hidden(self, known: Mapping[str, tuple[StepLeaf, ...]]) -> Iterator[tuple[str, HiddenRead]]:
        """What steps read where another one writes, by the pointer of the place."""
        writes: dict[str, LocationWrite] = {}
        for step in self.definition.all_steps():
            for write in writes_of(step):
                writes.setdefault(write.location, write)
        for step in self.definition.all_steps():
            if step.name not in known:
                continue
            values = {leaf.pointer: leaf.value for leaf in known[step.name]}
            for found in reads_of(step):
                location = symbolic_location(values.get(found.pointer))
                if location is None:
                    continue
                writer = next((writes[prefix] for prefix in prefixes(location) if prefix in writes), None)
                if writer is not None and writer.step.name != step.name and not writer.below_job:
                    rest = location[len(writer.location) :].lstrip("/")
                    yield found.pointer, HiddenRead(step.name, found.pointer, writer, rest)


#: JSON Schema's word for what AWS takes at a place; a text is what is taken for granted anyway.
_LIKE: Final[Mapping[str, str]] = {
    "boolean": "boolean",
    "integer": "integer",
    "long": "integer",
    "float": "number",
    "double": "number",
}
_ITERATION: Final = re.compile(r"IterationOutputs\[(\d{1,9})\]\.([^.\[\]]+)(?:\.(?=[^.])|(?=\[))(.+)", re.DOTALL)
_SELECTED: Final = re.compile(r"Selected(?:\.(?=[^.])|(?=\[))(.+)", re.DOTALL)


def selected_by(step: Step) -> tuple[str, str] | None:
    """The step and property by which a loop picks an iteration; None where it picks none."""
    compared = value_at(step.own, "Arguments", "Selector", "Field") if step.kind is FOR_EACH else None
    found = target(compared) if isinstance(compared, Get) else None
    return (found.step, found.path) if isinstance(found, IterationOutputReference) else None


def _body_output(step: Step, path: str) -> BodyOutput | None:
    if step.kind is not FOR_EACH:
        return None
    iteration = _ITERATION.fullmatch(path)
    if iteration is not None:
        return BodyOutput(iteration[2], iteration[3], int(iteration[1]))
    selected, picked = _SELECTED.fullmatch(path), selected_by(step)
    return None if selected is None or picked is None else BodyOutput(picked[0], selected[1], None)


def _type_of_property(steps: Mapping[str, Step], found: StepReference) -> str | None:
    """The type of a property of a step, or of a step in the body of one, as a parameter's is called."""
    step = steps.get(found.step)
    outside = None if step is None else _body_output(step, found.path)
    if outside is not None:
        step = steps.get(outside.step)
    return None if step is None else property_type(step, found.path if outside is None else outside.path)


def _folders(step: Step) -> dict[str, str]:
    """The folder of each processing input, by the pointer of its location."""
    found: dict[str, str] = {}
    at = append_pointer(step.pointer, "Arguments", "ProcessingInputs")
    for number, item in enumerate(elements_at(step.own, "Arguments", "ProcessingInputs")):
        folder = value_at(item, "S3Input", "LocalPath")
        if isinstance(folder, str):
            found[append_pointer(at, number, "S3Input", "S3Uri")] = folder
    return found
