"""What the path of a Get refers to, and the constructors that write such paths."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from smgen.expressions.expression_tree import Get

EXECUTION_VARIABLES: tuple[str, ...] = (
    "StartDateTime",
    "CurrentDateTime",
    "PipelineName",
    "PipelineArn",
    "PipelineExecutionId",
    "PipelineExecutionArn",
    "TrainingJobName",
    "ProcessingJobName",
)
"""The execution variables that the SDK knows (`ExecutionVariables` of sagemaker-core 2.27.0), in its order."""


@dataclass(frozen=True, slots=True)
class ParameterReference:
    """`Parameters.<name>`."""

    name: str


@dataclass(frozen=True, slots=True)
class ExecutionReference:
    """`Execution.<variable>`; the variable need not be one of EXECUTION_VARIABLES."""

    variable: str


@dataclass(frozen=True, slots=True)
class StepReference:
    """`Steps.<step>.<path>`; the path is the text after the step's name, empty when the whole step is meant."""

    step: str
    path: str


@dataclass(frozen=True, slots=True)
class PropertyFileReference:
    """`Steps.<step>.PropertyFiles.<property_file>`, which stands only inside a JsonGet."""

    step: str
    property_file: str


@dataclass(frozen=True, slots=True)
class CurrentItemReference:
    """`ForEach.CurrentItem<path>` in the body of a ForEach step; the path is empty when the whole item is meant."""

    path: str


@dataclass(frozen=True, slots=True)
class IterationOutputReference:
    """`IterationOutput.<step>.<path>` in the selector of a ForEach step; `step` is a step of its body."""

    step: str
    path: str


@dataclass(frozen=True, slots=True)
class UnknownReference:
    """A path of no known form, as it stands."""

    path: str


Target: TypeAlias = (
    ParameterReference
    | ExecutionReference
    | StepReference
    | PropertyFileReference
    | CurrentItemReference
    | IterationOutputReference
    | UnknownReference
)

# A name ends at the next member or index. AWS allows letters, digits, `-` and `_` in the names of steps and
# parameters; others are read as well, so that a check can name them.
_NAME = r"[^.\[\]]+"
_SIMPLE = re.compile(rf"(Parameters|Execution)\.({_NAME})", re.DOTALL)
_STEP = re.compile(rf"(Steps|IterationOutput)\.({_NAME})(?:\.(?=[^.])|(?=\[)|\Z)(.*)", re.DOTALL)
_PROPERTY_FILE = re.compile(rf"PropertyFiles\.({_NAME}(?:\.{_NAME})*)", re.DOTALL)
_CURRENT_ITEM = re.compile(r"ForEach\.CurrentItem(?:\.(?=[^.])|(?=\[)|\Z)(.*)", re.DOTALL)
_PROPERTIES_PREFIX = "properties."


def target(get: Get | str) -> Target:
    """What a Get, or the path of one, refers to.

    Property paths are given as they stand, without the dot that joins them to the name before them; a step's name
    ends at the first `.` or `[`.
    """
    path = get.path if isinstance(get, Get) else get
    if simple := _SIMPLE.fullmatch(path):
        root, name = simple.groups()
        return ParameterReference(name) if root == "Parameters" else ExecutionReference(name)
    if item := _CURRENT_ITEM.fullmatch(path):
        return CurrentItemReference(item.group(1))
    if in_step := _STEP.fullmatch(path):
        root, step, rest = in_step.groups()
        if root == "IterationOutput":
            return IterationOutputReference(step, rest)
        if property_file := _PROPERTY_FILE.fullmatch(rest):
            return PropertyFileReference(step, property_file.group(1))
        return StepReference(step, rest)
    return UnknownReference(path)


def parameter(name: str) -> Get:
    """The value of a pipeline parameter. Raises ValueError for an empty name and one with `.`, `[` or `]`."""
    return Get(f"Parameters.{_checked(name, 'parameter')}")


def execution(variable: str) -> Get:
    """The value of an execution variable. Raises ValueError for one that is not in EXECUTION_VARIABLES."""
    if variable not in EXECUTION_VARIABLES:
        raise ValueError(f"no execution variable is named {variable!r}; there are {', '.join(EXECUTION_VARIABLES)}")
    return Get(f"Execution.{variable}")


def step_property(step: str, path: str) -> Get:
    """A property of a step, for instance `step_property("Train", "ModelArtifacts.S3ModelArtifacts")`.

    A leading `properties.` of the path means the same as none. Raises ValueError for an empty path, one that begins
    with a dot, or a step name that a path cannot hold.
    """
    member = path[len(_PROPERTIES_PREFIX) :] if path.startswith(_PROPERTIES_PREFIX) else path
    if not member or member.startswith("."):
        raise ValueError(f"{path!r} is no property path")
    joint = "" if member.startswith("[") else "."
    return Get(f"Steps.{_checked(step, 'step')}{joint}{member}")


def property_file(step: str, name: str) -> Get:
    """A property file of a step, as the source of a JsonGet. Raises ValueError for a name that a path cannot hold."""
    # What stands behind is the name as a whole, dots in it as well.
    for part in name.split("."):
        if not re.fullmatch(_NAME, part, re.DOTALL):
            raise ValueError(f"{name!r} cannot be the name of a property file")
    return Get(f"Steps.{_checked(step, 'step')}.PropertyFiles.{name}")


def _checked(name: str, of_what: str) -> str:
    """The name itself, or ValueError when the path of a Get could not be split at it again."""
    if not re.fullmatch(_NAME, name, re.DOTALL):
        raise ValueError(f"{name!r} cannot be the name of a {of_what}")
    return name
