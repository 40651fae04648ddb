"""Opens the two sides of a comparison: reads the file, finds the project, puts the tree of the commit into a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TypeAlias

from smgen.definition import Definition
from smgen.diagnostics import Finding, FindingsError
from smgen.runtime import Project
from smgen.workflows.compared_sides import STDIN_NAME, FileSide, Side, named_side
from smgen.workflows.pipeline_states import ProjectState, Target, committed_state, working_state
from smgen.workflows.reading_definitions import definition_of, read_definition


@dataclass(frozen=True)
class OpenedFile:
    """A definition in a file, and the name of its pipeline where the file says one."""

    name: str
    pipeline: str | None
    definition: Definition


@dataclass(frozen=True)
class OpenedState:
    """A state of the project, and the environment of it that was named."""

    state: ProjectState
    environment: str | None

    def has(self, target: Target) -> bool:
        """Whether the pipeline is there and goes to the environment."""
        pipeline, environment = target
        project = self.state.project
        return pipeline in project.pipelines and environment in project.environments_of(pipeline)

    def label(self, environment: str) -> str:
        """What the environment of this state is called beside another one."""
        return environment if self.state.ref is None else f"{self.state.ref}:{environment}"


OpenedSide: TypeAlias = "OpenedFile | OpenedState"


def opened_sides(
    texts: tuple[str, str], find_project: Callable[[], Project], read_stdin: Callable[[], bytes], stack: ExitStack
) -> tuple[OpenedSide, OpenedSide]:
    """Both sides, which stay open as long as ``stack`` does.

    Raises FindingsError: SMG650 for what names nothing or several things, SMG211 for an unknown environment, SMG600 for
    a commit, SMG300 for a file.
    """
    first, second = _named(texts, find_project)

    def opened(side: Side) -> OpenedSide:
        if isinstance(side, FileSide):
            return _read(side, read_stdin)
        project = find_project()
        state = working_state(project) if side.ref is None else stack.enter_context(committed_state(project, side.ref))
        if side.environment is not None:
            with state.told():
                state.project.environment(side.environment)
        return OpenedState(state, side.environment)

    return opened(first), opened(second)


def _read(side: FileSide, read_stdin: Callable[[], bytes]) -> OpenedFile:
    name = side.name
    read = definition_of(read_stdin(), name) if side.path is None else read_definition(side.path, name)
    if read.definition.faults:
        # What a tolerant reader leaves out would be missing on one side.
        raise FindingsError(read.definition.faults)
    return OpenedFile(name, read.pipeline, read.definition)


def _named(texts: tuple[str, str], find_project: Callable[[], Project]) -> Sequence[Side]:
    """What both sides name. Raises FindingsError with everything that is wrong with them."""
    sides: list[Side] = []
    findings: list[Finding] = []
    for text in texts:
        try:
            sides.append(named_side(text, find_project))
        except FindingsError as error:
            findings += error.findings
    if sides == [FileSide(STDIN_NAME, None)] * 2:
        finding = Finding(
            "SMG650", "both sides are the input stream", given="- and -", fix="give one of them as a file"
        )
        findings.append(finding)
    if findings:
        raise FindingsError(dict.fromkeys(findings))
    return tuple(sides)
