"""The reports that a test gives, held against the schemas of the contracts that describe them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from smgen.contract_model import (
    OutputSpec,
    ReportFile,
    StepContract,
    describe_schema,
    schema_of_json_schema,
    value_problem,
)
from smgen.diagnostics import Finding, Place, nearest_name
from smgen.documents import (
    Document,
    JsonObject,
    JsonValue,
    append_pointer,
    list_at,
    object_at,
    pointer,
    read_document,
    shown_path,
    trail_pointer,
    walk,
)
from smgen.testing.plain_values import plain, shown


@dataclass(frozen=True)
class KnownReport:
    """A JSON file that a step of the pipeline writes and that can be read by conditions.

    ``output`` and ``file`` are those of the step's contract, None for a property file that only the definition knows.
    """

    step: str
    property_file: str
    contract: StepContract | None = None
    output: OutputSpec | None = None
    file: ReportFile | None = None
    #: Whether another report of the step has a file of the same name, so that only the output tells them apart.
    ambiguous: bool = False

    @property
    def name(self) -> str:
        """The report as a test names it: ``Evaluate.metrics``."""
        if self.file is None or self.output is None:
            return f"{self.step}.{self.property_file}"
        output = f"{self.output.logical_name}." if self.ambiguous else ""
        return f"{self.step}.{output}{self.file.name}"

    def is_called(self, name: str) -> bool:
        """Whether this is the report of its step with a name: of the file, the output, both, or the property file."""
        names = [self.property_file]
        if self.output is not None and self.file is not None:
            logical = self.output.logical_name
            names += [self.file.name, f"{logical}.{self.file.name}"]
            if len(self.output.files) == 1:
                names.append(logical)
        return name in names

    @property
    def schema(self) -> JsonObject | None:
        """The schema of the report in the contract's document; None where no contract describes it."""
        return None if self.contract is None else object_at(self.contract.document, *self.schema_parts) or None

    @property
    def schema_parts(self) -> tuple[str, ...]:
        """Where the schema stands in the contract's document."""
        if self.output is None or self.file is None:
            return ()
        return ("outputs", self.output.logical_name, "files", self.file.name, "schema")


@dataclass(frozen=True)
class GivenReport:
    """A report that a test gives, and where a place in it is written."""

    value: JsonValue
    document: Document | None = None

    @property
    def whole(self) -> bool:
        """Whether it is a file, as the step would write it, and not only what a test wants to say."""
        return self.document is not None

    def place(self, at: str, step: str) -> Place:
        """The place of a pointer in the report."""
        if self.document is None:
            return Place(pointer=at, step=step)
        return replace(self.document.place(at), step=step)


def given_report(report: object) -> GivenReport:
    """The report itself, or that of a file where a Path is given.

    Raises FindingsError for a file that is no JSON, OSError for one that cannot be read, TypeError for what is no JSON.
    """
    if isinstance(report, Path):
        document = read_document(report, shown_as=shown_path(report))
        return GivenReport(document.value, document)
    return GivenReport(plain(report))


def report_findings(known: KnownReport, given: GivenReport) -> Iterator[Finding]:
    """SMG260 for everything in which a report is another than its contract describes.

    A report that is written in the test may leave out members. A file has them all, and may have others where the
    schema allows that.
    """
    schema = known.schema
    for at in _not_finite(given.value, ""):
        message = f"the report '{known.name}' has a number that no JSON has"
        yield Finding("SMG260", message, given.place(at, known.step), expected="a finite number")
    if schema is not None:
        yield from _Checked(known, given).value(schema, given.value, "", pointer(*known.schema_parts))


@dataclass(frozen=True)
class _Checked:
    known: KnownReport
    given: GivenReport

    def value(self, schema: JsonObject, value: JsonValue, at: str, schema_at: str) -> Iterator[Finding]:
        kind = schema.get("type") or ("object" if "properties" in schema else None)
        if kind == "object":
            yield from self.members(schema, value, at, schema_at)
        elif kind == "array":
            yield from self.items(schema, value, at, schema_at)
        else:
            parsed, _ = schema_of_json_schema(schema)
            problem = None if parsed is None else value_problem(parsed, value)
            if parsed is not None and problem is not None:
                expected = describe_schema(parsed)
                yield self.finding(problem, at, schema_at, given=shown(value), expected=expected)

    def members(self, schema: JsonObject, value: JsonValue, at: str, schema_at: str) -> Iterator[Finding]:
        known = object_at(schema, "properties")
        if not isinstance(value, dict):
            yield self.finding("it is no object", at, schema_at, given=shown(value), expected=", ".join(known))
            return
        closed = schema.get("additionalProperties") is False or not self.given.whole
        for name, member in value.items():
            here = append_pointer(at, name)
            inner = known.get(name)
            if isinstance(inner, dict):
                yield from self.value(inner, member, here, append_pointer(schema_at, "properties", name))
            elif closed:
                nearest = nearest_name(name, known)
                message = f"the contract knows no '{name}'"
                expected = ", ".join(known)
                yield self.finding(message, here, schema_at, given=name, expected=expected, nearest=nearest)
        for missing in list_at(schema, "required") if self.given.whole else ():
            if isinstance(missing, str) and missing not in value:
                yield self.finding(f"'{missing}' is missing", at, append_pointer(schema_at, "required"))

    def items(self, schema: JsonObject, value: JsonValue, at: str, schema_at: str) -> Iterator[Finding]:
        if not isinstance(value, list):
            yield self.finding("it is no list", at, schema_at, given=shown(value), expected="a list")
            return
        element = schema.get("items")
        for index, item in enumerate(value):
            if isinstance(element, dict):
                inner = append_pointer(schema_at, "items")
                yield from self.value(element, item, append_pointer(at, index), inner)

    def finding(
        self,
        problem: str,
        at: str,
        schema_at: str,
        *,
        given: str | None = None,
        expected: str | None = None,
        nearest: str | None = None,
    ) -> Finding:
        contract = self.known.contract
        return Finding(
            "SMG260",
            f"the report '{self.known.name}' is not what its contract describes: {problem}",
            self.given.place(at, self.known.step),
            given=given,
            expected=expected,
            expected_at=None if contract is None else contract.place(schema_at),
            nearest=nearest,
        )


def _not_finite(value: JsonValue, at: str) -> Iterator[str]:
    """The pointers of infinite numbers, and of those that are none."""
    for trail, here in walk(value, at):
        if isinstance(here, float) and not math.isfinite(here):
            yield trail_pointer(trail)
