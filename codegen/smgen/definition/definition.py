"""The document model of a SageMaker pipeline definition: the raw document with typed views of its parts, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from smgen.aws import StepKind, step_kind
from smgen.definition.shape import BranchName, StepScope
from smgen.diagnostics import Finding, Place
from smgen.documents import Document, JsonObject, JsonValue
from smgen.expressions import Members


@dataclass(frozen=True, slots=True)
class Parameter:
    """An item of `Parameters`. `default` is None without one; `has_default` tells that from a default of null."""

    name: str
    type: str
    default: JsonValue
    has_default: bool
    enum: tuple[JsonValue, ...] | None
    pointer: str


@dataclass(frozen=True, slots=True)
class Dependency:
    """An item of `DependsOn`: a step's name, and the outcome that lets this step run (None: it succeeded)."""

    step: str
    trigger: str | None
    pointer: str


@dataclass(frozen=True, slots=True)
class PropertyFile:
    """An item of `PropertyFiles`: a JSON file at `path` inside the output named `output`, which JsonGet can read."""

    name: str
    output: str
    path: str
    pointer: str

    def document(self) -> JsonObject:
        """The item again."""
        return {"PropertyFileName": self.name, "OutputName": self.output, "FilePath": self.path}


@dataclass(frozen=True, slots=True)
class Branch:
    """The steps inside one branch of a Condition step, or the body of a ForEach step; `pointer` is that of the list."""

    name: BranchName
    steps: tuple[Step, ...]
    pointer: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step. Values are those of the document and not to be changed.

    `own` is what rules and imports read: `Arguments` without the steps inside it, `CacheConfig`, `RetryPolicies` and
    the `fields`, in this order, with expressions in it parsed once and for all. The rest are views of the document:
    `arguments` is empty where it has none (or null); `cache` is the `CacheConfig`, `retry` the `RetryPolicies`,
    `fields` every other member beside `Name`, `Type`, `Arguments`, `DependsOn` and `PropertyFiles` (`DisplayName`,
    `FunctionArn`, …), in order. `scope` holds the enclosing branches, outermost first, and is empty at the top level.
    """

    name: str
    type: str
    arguments: JsonObject
    depends_on: tuple[Dependency, ...]
    cache: JsonObject | None
    retry: tuple[JsonObject, ...]
    property_files: tuple[PropertyFile, ...]
    fields: JsonObject
    branches: tuple[Branch, ...]
    pointer: str
    scope: tuple[StepScope, ...]
    own: Members = field(compare=False, repr=False)

    @property
    def kind(self) -> StepKind:
        """The row of its type; one that says nothing for a type that AWS does not have."""
        return step_kind(self.type)

    def walk(self) -> Iterator[Step]:
        """This step and all steps inside it, in the order of the document."""
        todo: list[Step] = [self]
        while todo:
            step = todo.pop()
            yield step
            todo.extend(inner for branch in reversed(step.branches) for inner in reversed(branch.steps))


@dataclass(frozen=True, slots=True)
class Definition:
    """A pipeline definition: `document` is the raw one, everything else a view of it in the document's order.

    `experiment` is `PipelineExperimentConfig` and `mlflow` is `MlflowConfig`, None when absent or null. `steps` are
    those of the top level. Made by parse_definition; `source` is there when it was read from text. `faults` are what a
    tolerant reader has left out of the views, each where it stands in the document.
    """

    document: JsonObject
    file: str | None
    version: str
    metadata: JsonObject
    parameters: tuple[Parameter, ...]
    experiment: JsonObject | None
    mlflow: JsonObject | None
    steps: tuple[Step, ...]
    source: Document | None = field(default=None, compare=False, repr=False)
    faults: tuple[Finding, ...] = field(default=(), compare=False, repr=False)

    def all_steps(self) -> tuple[Step, ...]:
        """All steps, those in branches and bodies after the step that holds them."""
        return tuple(inner for step in self.steps for inner in step.walk())

    def step(self, name: str) -> Step | None:
        """The first step of that name anywhere in the definition, or None."""
        return next((step for step in self.all_steps() if step.name == name), None)

    def place(self, pointer: str, *, key: bool = False, step: str | None = None, port: str | None = None) -> Place:
        """The place of a value, or with `key` of its member's name; with line and column if it was read from text."""
        if self.source is None:
            return Place(file=self.file, pointer=pointer, step=step, port=port)
        at = self.source.place(pointer, key=key)
        return Place(file=at.file, line=at.line, column=at.column, pointer=pointer, step=step, port=port)
