"""From a JSON document to a Definition, with every reason why it is none, and back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from smgen.definition.copying import copied, copied_object
from smgen.definition.definition import Branch, Definition, Dependency, Parameter, PropertyFile, Step
from smgen.definition.shape import StepScope, branches_of
from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import (
    DEFINITION_LIMITS,
    MAX_FINDINGS,
    Document,
    JsonObject,
    JsonValue,
    append_pointer,
    children,
    is_container,
)
from smgen.expressions import members_from_json

DEFINITION_VERSION: Final = "2020-12-01"

_LONGEST_WAY: Final = 4_000
_LONGEST_NAME: Final = 1_000
"""In characters; AWS's own limits are between 64 and 1,024."""

_STEP_MEMBERS: Final = frozenset(
    {"Name", "Type", "Arguments", "DependsOn", "CacheConfig", "RetryPolicies", "PropertyFiles"}
)
_KINDS: Final[dict[type, str]] = {
    type(None): "null",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    str: "a string",
    list: "a list",
    dict: "an object",
}


def parse_definition(document: Document | JsonValue, *, file: str | None = None, tolerant: bool = False) -> Definition:
    """Read a pipeline definition.

    Raises FindingsError with all findings at once: SMG300 for what is no definition of version 2020-12-01 (not an
    object, no steps, a step without name or type, a known member of the wrong type), SMG102 for a value nested
    deeper than DEFINITION_LIMITS, and for names that are too long to be repeated in every finding below them. Unknown
    members and unknown kinds of steps are kept and are no finding; null stands for absent in every optional member,
    as in what the SDK emits. Names are not checked here otherwise.

    A `tolerant` reader raises only for what is no definition at all: no object, no text `Version`, no list `Steps`, a
    step that is no object with texts `Name` and `Type`. All else that is wrong is left out of the views, stays in the
    document, and is found in `faults`.

    `file` names the origin of a plain value in findings; a Document knows its own. A plain value is copied, so that
    later changes to it do not reach the definition; that of a Document is nobody's to change.
    """
    source = document if isinstance(document, Document) else None
    value = document.value if isinstance(document, Document) else document
    reader = _DefinitionReader(source, source.file if source is not None else file)
    problem = _beyond_limits(value, DEFINITION_LIMITS.max_depth)
    if problem is not None:
        raise FindingsError([Finding("SMG102", problem, Place(file=reader.file, pointer=""))])
    definition = reader.definition(value if source is not None else copied(value))
    if definition is None or reader.is_none or (reader.findings and not tolerant):
        raise FindingsError(reader.findings)
    return replace(definition, faults=tuple(reader.findings)) if reader.findings else definition


def dump_definition(definition: Definition) -> JsonObject:
    """The document of a definition, equal to the one it was read from, order of members included; a copy."""
    return copied_object(definition.document)


def _beyond_limits(value: JsonValue, limit: int) -> str | None:
    """Why a value is not read: objects and lists are nested too deeply, or the names on the way to one are too long.

    Every finding holds the way to its place, so that a long one with much below it would take any amount of memory.
    """
    todo: list[tuple[JsonValue, int, int]] = [(value, 0, 0)] if is_container(value) else []
    while todo:
        here, depth, way = todo.pop()
        if depth == limit:
            return f"the value is nested deeper than {limit} levels"
        for part, item in children(here):
            below = way + 1 + len(part) if isinstance(part, str) else way
            if below > _LONGEST_WAY:
                return f"the names on the way to a value have more than {_LONGEST_WAY:,} characters together"
            if is_container(item):
                todo.append((item, depth + 1, below))
    return None


@dataclass(slots=True)
class _DefinitionReader:
    """Collects findings while it makes typed views; what it makes is used only when there are no findings."""

    source: Document | None
    file: str | None
    findings: list[Finding] = field(default_factory=list[Finding])
    is_none: bool = False
    """What is read is no definition at all."""

    def definition(self, value: JsonValue) -> Definition | None:
        if not isinstance(value, dict):
            self.wrong("", None, "a pipeline definition", value, "an object")
            return None
        version = self.text(value, "", "Version", None)
        self.is_none |= version is None or not isinstance(value.get("Steps"), list)
        if version is not None and version != DEFINITION_VERSION:
            self.add(
                "/Version",
                None,
                "the definition is of another version",
                given=repr(version),
                expected=repr(DEFINITION_VERSION),
                fix=f"write {DEFINITION_VERSION!r}, the only version there is",
            )
        if "Steps" not in value:
            self.missing("", None, "Steps", "a list of steps")
        return Definition(
            document=value,
            file=self.file,
            version=version or "",
            metadata=self.optional_object(value, "", "Metadata", None) or {},
            parameters=self.parameters(value),
            experiment=self.optional_object(value, "", "PipelineExperimentConfig", None),
            mlflow=self.optional_object(value, "", "MlflowConfig", None),
            steps=self.steps(value["Steps"], "/Steps", (), None) if "Steps" in value else (),
            source=self.source,
        )

    def parameters(self, document: JsonObject) -> tuple[Parameter, ...]:
        found: list[Parameter] = []
        for at, item in self.objects(document, "", "Parameters", None):
            # A parameter without a type is a text, as in an example of the guide (experiments, default behaviour).
            name = self.text(item, at, "Name", None)
            kind = "String" if item.get("Type") is None else self.text(item, at, "Type", None)
            enum = self.items(item, at, "EnumValues", None) if item.get("EnumValues") is not None else None
            if name is not None and kind is not None:
                has_default = "DefaultValue" in item
                found.append(
                    Parameter(
                        name=name,
                        type=kind,
                        default=item.get("DefaultValue"),
                        has_default=has_default,
                        enum=None if enum is None else tuple(value for _, value in enum),
                        pointer=at,
                    )
                )
        return tuple(found)

    def steps(self, value: JsonValue, at: str, scope: tuple[StepScope, ...], inside: str | None) -> tuple[Step, ...]:
        """The steps of one list. Recursion is safe: each level takes three of the bounded levels of the document."""
        if not isinstance(value, list):
            self.wrong(at, inside, at.rpartition("/")[2], value, "a list")
            return ()
        found: list[Step] = []
        for index, item in enumerate(value):
            here = append_pointer(at, index)
            step = self.step(item, here, scope) if isinstance(item, dict) else None
            if step is not None:
                found.append(step)
                continue
            self.is_none = True
            if not isinstance(item, dict):
                self.wrong(here, inside, "a step", item, "an object")
        return tuple(found)

    def step(self, value: JsonObject, at: str, scope: tuple[StepScope, ...]) -> Step | None:
        given = value.get("Name")
        known = given if isinstance(given, str) and len(given) <= _LONGEST_NAME else None
        name, kind = self.text(value, at, "Name", known), self.text(value, at, "Type", known)
        arguments = self.optional_object(value, at, "Arguments", known) or {}
        cache = self.optional_object(value, at, "CacheConfig", known)
        retry = tuple(item for _, item in self.objects(value, at, "RetryPolicies", known))
        depends_on = self.depends_on(value, at, known)
        property_files = self.property_files(value, at, known)
        branches = tuple(
            Branch(inner.scope[-1].branch, self.steps(inner.value, inner.pointer, inner.scope, known), inner.pointer)
            for inner in branches_of(value, at, scope)
        )
        if name is None or kind is None:
            return None
        fields = {member: item for member, item in value.items() if member not in _STEP_MEMBERS}
        inside = {branch.pointer.rpartition("/")[2] for branch in branches}
        own: JsonObject = {"Arguments": {key: item for key, item in arguments.items() if key not in inside}}
        own |= {} if cache is None else {"CacheConfig": cache}
        own |= {"RetryPolicies": [*retry]} if retry else {}
        return Step(
            name=name,
            type=kind,
            arguments=arguments,
            depends_on=depends_on,
            cache=cache,
            retry=retry,
            property_files=property_files,
            fields=fields,
            branches=branches,
            pointer=at,
            scope=scope,
            own=members_from_json({**own, **fields}),
        )

    def depends_on(self, step: JsonObject, at: str, name: str | None) -> tuple[Dependency, ...]:
        found: list[Dependency] = []
        for here, item in self.items(step, at, "DependsOn", name):
            if isinstance(item, str):
                found.append(Dependency(item, None, here))
            elif isinstance(item, dict) and "Step" not in item:
                meant = item.get("Name")
                self.add(
                    here,
                    name,
                    "an item of DependsOn is a step's name, or an object with Step and Trigger",
                    given=f"an object with {', '.join(item)}" if item else "an empty object",
                    expected='"<step>" or {"Step": "<step>", "Trigger": "<outcome>"}',
                    fix=f'write "{meant}"' if isinstance(meant, str) else "write the name of the step",
                )
            elif isinstance(item, dict):
                on = self.text(item, here, "Step", name)
                trigger = self.text(item, here, "Trigger", name) if item.get("Trigger") is not None else None
                if on is not None:
                    found.append(Dependency(on, trigger, here))
            else:
                self.wrong(here, name, "a dependency", item, "a step's name, or an object with Step and Trigger")
        return tuple(found)

    def property_files(self, step: JsonObject, at: str, name: str | None) -> tuple[PropertyFile, ...]:
        found: list[PropertyFile] = []
        for here, item in self.objects(step, at, "PropertyFiles", name):
            file_name = self.text(item, here, "PropertyFileName", name)
            output, path = self.text(item, here, "OutputName", name), self.text(item, here, "FilePath", name)
            if file_name is not None and output is not None and path is not None:
                found.append(PropertyFile(file_name, output, path, here))
        return tuple(found)

    def text(self, holder: JsonObject, at: str, member: str, step: str | None) -> str | None:
        """A member that has to be there and to be a string; None after a finding."""
        if member not in holder:
            self.missing(at, step, member, "a string")
            return None
        value = holder[member]
        if not isinstance(value, str):
            self.wrong(append_pointer(at, member), step, member, value, "a string")
            return None
        if len(value) > _LONGEST_NAME:
            self.add(
                append_pointer(at, member),
                None,
                f"{member} is too long to be read",
                given=f"{len(value):,} characters",
                expected=f"at most {_LONGEST_NAME:,} characters",
                rule="SMG102",
            )
            return None
        return value

    def optional_object(self, holder: JsonObject, at: str, member: str, step: str | None) -> JsonObject | None:
        value = holder.get(member)
        if value is None or isinstance(value, dict):
            return value
        self.wrong(append_pointer(at, member), step, member, value, "an object")
        return None

    def items(self, holder: JsonObject, at: str, member: str, step: str | None) -> list[tuple[str, JsonValue]]:
        """The items of an optional list with their pointers; empty after a finding."""
        value, here = holder.get(member), append_pointer(at, member)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(here, step, member, value, "a list")
            return []
        return [(append_pointer(here, index), item) for index, item in enumerate(value)]

    def objects(self, holder: JsonObject, at: str, member: str, step: str | None) -> list[tuple[str, JsonObject]]:
        """The same for a list of objects; an item that is none becomes a finding and is left out."""
        found: list[tuple[str, JsonObject]] = []
        for here, item in self.items(holder, at, member, step):
            if isinstance(item, dict):
                found.append((here, item))
            else:
                self.wrong(here, step, f"an item of {member}", item, "an object")
        return found

    def missing(self, at: str, step: str | None, member: str, expected: str) -> None:
        self.add(at, step, f"{member} is missing", expected=expected, fix=f"add {member}")

    def wrong(self, at: str, step: str | None, what: str, value: JsonValue, expected: str) -> None:
        self.add(
            at,
            step,
            f"{what} has to be {expected}",
            given=_KINDS.get(type(value), "a value of no JSON type"),
            expected=expected,
        )

    def add(
        self,
        at: str,
        step: str | None,
        message: str,
        *,
        given: str | None = None,
        expected: str | None = None,
        fix: str | None = None,
        rule: str = "SMG300",
    ) -> None:
        if len(self.findings) > MAX_FINDINGS:
            return
        place = Place(file=self.file, pointer=at) if self.source is None else self.source.place(at)
        if len(self.findings) == MAX_FINDINGS:
            message = f"the definition has more than {MAX_FINDINGS:,} findings; the others are not listed"
            self.findings.append(Finding("SMG300", message, place))
            return
        finding = Finding(rule, message, replace(place, step=step), given=given, expected=expected, fix=fix)
        self.findings.append(finding)
