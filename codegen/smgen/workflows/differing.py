"""Compares the pipelines of two states: files, environments of the project, and commits, in any mix."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Final

from smgen.definition import DEPLOYED, Change, Definition, changes, forgiven
from smgen.diagnostics import Finding, FindingsError, first_of
from smgen.runtime import Project
from smgen.workflows.opened_sides import OpenedFile, OpenedState, opened_sides
from smgen.workflows.pipeline_states import (
    Progressed,
    Target,
    compile_states,
)

_MOST_LISTED: Final = 12


@dataclass(frozen=True)
class DefinitionDiff:
    """How the definition of a pipeline differs on two sides, which ``before`` and ``after`` name.

    ``pipeline`` is None for two files; ``environment`` is that of both sides, None where they have none in common. A
    side that does not have the pipeline is ``missing``. ``changes`` and ``forgiven`` are those of a plan.
    """

    before: str
    after: str
    pipeline: str | None
    environment: str | None
    changes: tuple[Change, ...]
    forgiven: Mapping[str, int] = field(default_factory=dict[str, int])
    missing: str | None = None


@dataclass(frozen=True)
class ComparedSides:
    """What a comparison of two sides found, and the environments that only one of them has, by its name."""

    diffs: tuple[DefinitionDiff, ...]
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])


@dataclass(frozen=True)
class ComparisonChoice:
    """Which pipelines and environments are compared (none: all), and how a side that is the input stream is read."""

    pipelines: Sequence[str]
    environments: Sequence[str]
    read_stdin: Callable[[], bytes]
    progress: Progressed


def compare_sides(
    before: str, after: str, find_project: Callable[[], Project], asked: ComparisonChoice
) -> ComparedSides:
    """How the second side differs from the first. Nothing is written but to temporary folders.

    Raises FindingsError: SMG650 for a side that names nothing or several things, or where nothing says what of it is
    meant; SMG210 and SMG211 for unknown pipelines and environments; SMG600 for a commit; SMG300 for a file; and all
    that is wrong with a pipeline that cannot be compiled.
    """
    with ExitStack() as stack:
        left, right = opened_sides((before, after), find_project, asked.read_stdin, stack)
        if isinstance(left, OpenedFile):
            if isinstance(right, OpenedFile):
                _refuse_choice(asked)
                return ComparedSides((_diff((left.name, right.name), None, None, left.definition, right.definition),))
            pipeline, name, definition = _beside_file(left, right, asked)
            return ComparedSides((_diff((left.name, name), pipeline, None, left.definition, definition),))
        if isinstance(right, OpenedFile):
            pipeline, name, definition = _beside_file(right, left, asked)
            return ComparedSides((_diff((name, right.name), pipeline, None, definition, right.definition),))
        return _of_projects(left, right, asked)


# A file and a project -------------------------------------------------------------------------------------------------


def _beside_file(file: OpenedFile, other: OpenedState, asked: ComparisonChoice) -> tuple[str, str, Definition]:
    """The pipeline that a file is compared with: its name, what its side is called, and its definition."""
    project = other.state.project
    with other.state.told():
        own = [name for name in project.pipelines if name == file.pipeline]
        pipeline = _only("pipeline", asked.pipelines or own or [*project.pipelines], "--pipeline")
        project.pipeline(pipeline)
        named = [] if other.environment is None else [other.environment]
        environment = _only("environment", named or asked.environments or project.environments_of(pipeline), "--env")
        project.environment(environment, pipeline)
    target = pipeline, environment
    (compiled,) = compile_states([(other.state, [target])], asked.progress)
    return pipeline, other.label(environment), compiled[target]


def _refuse_choice(asked: ComparisonChoice) -> None:
    """Raises FindingsError (SMG650) where something is chosen of two files, of which there is nothing to choose."""
    chosen = (*asked.pipelines, *asked.environments)
    if chosen:
        message = "two files hold one pipeline each, for no environment that they name"
        given, fix = first_of(chosen, _MOST_LISTED), "leave --pipeline and --env out"
        raise FindingsError([Finding("SMG650", message, given=given, fix=fix)])


def _only(what: str, names: Sequence[str], option: str) -> str:
    """The one that is meant. Raises FindingsError (SMG650) where there are others."""
    chosen = tuple(dict.fromkeys(names))
    if len(chosen) == 1:
        return chosen[0]
    message = f"a file holds one pipeline, and nothing says with which {what} it is compared"
    fix = f"name one with {option}"
    given = first_of(chosen, _MOST_LISTED) or f"no {what}"
    raise FindingsError([Finding("SMG650", message, given=given, expected=f"one {what}", fix=fix)])


# Two states of the project --------------------------------------------------------------------------------------------


def _of_projects(left: OpenedState, right: OpenedState, asked: ComparisonChoice) -> ComparedSides:
    found = _target_pairs(left, right, asked)
    before = tuple(dict.fromkeys(old for old, _ in found if left.has(old)))
    after = tuple(dict.fromkeys(new for _, new in found if right.has(new)))
    first, second = compile_states([(left.state, before), (right.state, after)], asked.progress)
    diffs = tuple(
        _diff(_names(left, right, old, new), old[0], _common(old, new), first.get(old), second.get(new))
        for old, new in found
    )
    return ComparedSides(diffs, {} if asked.environments else _left_out(left, right))


def _common(old: Target, new: Target) -> str | None:
    """The environment of both targets, where it is one."""
    return old[1] if old[1] == new[1] else None


def _names(left: OpenedState, right: OpenedState, old: Target, new: Target) -> tuple[str, str]:
    """What both sides are called: by the environments where those differ."""
    if _common(old, new) is not None:
        return left.state.name, right.state.name
    return left.label(old[1]), right.label(new[1])


def _target_pairs(left: OpenedState, right: OpenedState, asked: ComparisonChoice) -> Sequence[tuple[Target, Target]]:
    """What is laid beside each other. Raises FindingsError (SMG650) where there is nothing."""
    pairs = _environment_pairs(left, right, asked)
    wanted = [((name, old), (name, new)) for name in _pipelines(left, right, asked) for old, new in pairs]
    found = [(old, new) for old, new in wanted if left.has(old) or right.has(new)]
    if not found:
        message = "the two sides have no pipeline in the environments that are compared"
        given = ", ".join(dict.fromkeys(name for pair in pairs for name in pair)) or "no environment that both have"
        raise FindingsError([Finding("SMG650", message, given=given, fix="name others with --pipeline and --env")])
    return found


def _environment_pairs(left: OpenedState, right: OpenedState, asked: ComparisonChoice) -> Sequence[tuple[str, str]]:
    """The environments that are laid beside each other: the named ones, else those of one name."""
    own = [side.environment for side in (left, right) if side.environment is not None]
    named = tuple(dict.fromkeys(asked.environments or own))
    if asked.environments and len(own) == 2:
        message = "both sides name an environment, and --env names one as well"
        given, fix = first_of(asked.environments, _MOST_LISTED), "leave --env out"
        raise FindingsError([Finding("SMG650", message, given=given, expected=" and ".join(own), fix=fix)])
    _refuse_unknown([side for side in (left, right) if side.environment is None], named)
    if own:
        old, new = (named if side.environment is None else (side.environment,) for side in (left, right))
        return [*product(old, new)]
    return [(name, name) for name in named or _in_both(left, right)]


def _in_both(left: OpenedState, right: OpenedState) -> Sequence[str]:
    return [name for name in right.state.project.environments if name in left.state.project.environments]


def _refuse_unknown(sides: Sequence[OpenedState], environments: Sequence[str]) -> None:
    """Raises FindingsError (SMG211) where one of the sides does not have one of the environments."""
    for side in sides:
        with side.state.told():
            for name in environments:
                side.state.project.environment(name)


def _pipelines(left: OpenedState, right: OpenedState, asked: ComparisonChoice) -> Sequence[str]:
    """The pipelines that are compared, in the order of the later side. Raises FindingsError (SMG210)."""
    known = dict.fromkeys((*right.state.project.pipelines, *left.state.project.pipelines))
    for name in asked.pipelines:
        if name not in known:
            with right.state.told():
                right.state.project.pipeline(name)
    return tuple(dict.fromkeys(asked.pipelines)) or tuple(known)


def _left_out(left: OpenedState, right: OpenedState) -> Mapping[str, tuple[str, ...]]:
    """The environments that only one of two sides has, where neither names one."""
    if left.environment is not None or right.environment is not None:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for one, other in ((left, right), (right, left)):
        project = other.state.project
        names = tuple(name for name in one.state.project.environments if name not in project.environments)
        if names:
            found[one.state.name] = names
    return found


# One pipeline ---------------------------------------------------------------------------------------------------------


def _diff(
    names: tuple[str, str],
    pipeline: str | None,
    environment: str | None,
    before: Definition | None,
    after: Definition | None,
) -> DefinitionDiff:
    old, new = names
    if before is not None and after is not None:
        found = changes(before, after, DEPLOYED)
        return DefinitionDiff(old, new, pipeline, environment, found, forgiven(before, after, DEPLOYED))
    if after is not None:
        return DefinitionDiff(old, new, pipeline, environment, changes(None, after), missing=old)
    removed = () if before is None else tuple(_taken_away(change) for change in changes(None, before))
    return DefinitionDiff(old, new, pipeline, environment, removed, missing=new)


def _taken_away(change: Change) -> Change:
    """The opposite of a change that adds something."""
    return replace(change, kind="removed", before=change.after, after=None)
