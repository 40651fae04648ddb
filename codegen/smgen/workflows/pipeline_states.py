"""States of a project whose pipelines can be compiled: the working tree, and the tree of a commit."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

from smgen.definition import Definition, parse_definition
from smgen.diagnostics import Finding, FindingsError, Place, bounded
from smgen.documents import DEFINITION_LIMITS, read_document, working_folder
from smgen.runtime import Project, read_project
from smgen.settings import SETTINGS_FILE
from smgen.workflows.commits import committed_folder
from smgen.workflows.compiling import compile_unchecked

#: A pipeline and an environment, by their names.
Target: TypeAlias = tuple[str, str]
#: What becomes of compiling a target: its definition, or what is wrong with it.
Compiled: TypeAlias = "Definition | tuple[Finding, ...]"
#: Told how many of how many pipelines are compiled.
Progressed: TypeAlias = Callable[[int, int], None]

#: Runs the command smgen as its script does: what lies in the working folder hides no installed package.
_START: Final = "import sys; sys.path[:] = filter(None, sys.path); from smgen.cli import main; main()"

_LONGEST_WORDS: Final = 2_000
"""How much of what a process said is repeated, in characters."""


@dataclass(frozen=True)
class ProjectState:
    """A project at one time: in the commit ``ref``, or (None) as it is in the working tree.

    ``compile`` gives the definition of each target, or what is wrong with it; the code of the pipelines is run for it.
    """

    ref: str | None
    project: Project
    compile: Callable[[Sequence[Target], Progressed], Mapping[Target, Compiled]]

    @property
    def name(self) -> str:
        """What people call it."""
        return "the working tree" if self.ref is None else self.ref

    @contextmanager
    def told(self) -> Generator[None]:
        """Findings that the block raises about the project's own files are told as those of the commit."""
        try:
            yield
        except FindingsError as error:
            if self.ref is None:
                raise
            raise FindingsError(_of_commit(error.findings, self.ref, self.project.root)) from None


def working_state(project: Project) -> ProjectState:
    """The project as it is in the working tree."""

    def compiled(targets: Sequence[Target], progress: Progressed) -> Mapping[Target, Compiled]:
        found: dict[Target, Compiled] = {}
        for pipeline, environment in targets:
            try:
                found[pipeline, environment] = compile_unchecked(project, pipeline, environment).compiled.definition
            except FindingsError as error:
                found[pipeline, environment] = tuple(error.findings)
            progress(len(found), len(targets))
        return found

    return ProjectState(None, project, compiled)


@contextmanager
def committed_state(project: Project, ref: str) -> Generator[ProjectState]:
    """The project as it was in a commit, whose tree lies in a temporary folder as long as the block runs.

    Each pipeline is compiled by a process of its own, which imports what the commit has: its generated package and its
    modules. Packages that are installed, smgen among them, are those of now. Raises FindingsError: SMG600 for the
    commit, SMG130 where it has no project.
    """
    with committed_folder(project.root, ref) as folder:
        earlier = _read_project(ref, folder)
        compilation = _Compilation(ref, folder, _python_path(project.root.resolve(), folder))

        def compiled(targets: Sequence[Target], progress: Progressed) -> Mapping[Target, Compiled]:
            found: dict[Target, Compiled] = {}
            with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
                for target, result in zip(targets, pool.map(compilation.result, targets), strict=True):
                    found[target] = result
                    progress(len(found), len(targets))
            return found

        yield ProjectState(ref, earlier, compiled)


def compile_states(
    wanted: Sequence[tuple[ProjectState, Sequence[Target]]], progress: Progressed
) -> tuple[Mapping[Target, Definition], ...]:
    """The definitions of targets in several states. Raises FindingsError with what is wrong in any of them."""
    found: list[Mapping[Target, Definition]] = []
    findings: list[Finding] = []
    for state, targets in wanted:
        definitions: dict[Target, Definition] = {}
        for target, result in state.compile(targets, progress).items():
            if isinstance(result, Definition):
                definitions[target] = result
            else:
                findings += result
        found.append(definitions)
    if findings:
        raise FindingsError(dict.fromkeys(findings))
    return tuple(found)


def _read_project(ref: str, folder: Path) -> Project:
    """The project in the tree of a commit. Raises FindingsError (SMG130)."""
    try:
        return read_project(folder)
    except FindingsError as error:
        raise FindingsError(_of_commit(error.findings, ref, folder)) from None
    except FileNotFoundError as error:
        message = f"there is no smgen project in the commit '{ref}'"
        place = Place(file=f"{ref}:{SETTINGS_FILE}")
        expected, fix = "a pyproject.toml with a table [tool.smgen]", "name a commit in which the project is there"
        raise FindingsError([Finding("SMG130", message, place, expected=expected, fix=fix)]) from error


@dataclass(frozen=True)
class _Report:
    """What a command writes with ``--format json``, as far as it is read here."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Compilation:
    """Compiles pipelines of the tree of a commit, each in a process of its own."""

    ref: str
    folder: Path
    python_path: str

    def result(self, target: Target) -> Compiled:
        """The definition, or what is wrong with the pipeline in that commit."""
        pipeline, environment = target
        with working_folder() as work:
            done = subprocess.run(
                [
                    *(sys.executable, "-c", _START, "compile", f"--env={environment}", "--no-lint", "--format=json"),
                    *(f"--output={work / 'compiled'}", "--", pipeline),
                ],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": self.python_path},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
            written = work / "compiled" / "definition.json"
            # What the code of a pipeline ends with is not what compiling it ends with.
            if done.returncode == 0 and written.is_file():
                return parse_definition(read_document(written, DEFINITION_LIMITS, shown_as=f"{self.ref}:{pipeline}"))
        found = _findings_in(done.stdout)
        return _of_commit(found, self.ref, self.folder) if found else (self._no_answer(target, done),)

    def _no_answer(self, target: Target, done: subprocess.CompletedProcess[bytes]) -> Finding:
        words = done.stderr.decode("utf-8", "replace").strip() or f"exit code {done.returncode}"
        return Finding(
            "SMG650",
            f"the pipeline '{target[0]}' of the commit '{self.ref}' cannot be compiled for '{target[1]}'",
            Place(file=f"{self.ref}:{SETTINGS_FILE}"),
            given=bounded(words, _LONGEST_WORDS),
            fix=f"check the commit out elsewhere, and run 'smgen compile {target[0]} --env {target[1]}' there",
        )


def _findings_in(output: bytes) -> tuple[Finding, ...]:
    """The findings in what a command wrote; none where that is no report."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(_Report).validate_json(output).findings
    except ValidationError:
        return ()


def _of_commit(findings: Sequence[Finding], ref: str, folder: Path) -> tuple[Finding, ...]:
    """Findings in the tree of a commit, told as git tells its files: ``main:pipelines/fraud.py``."""

    def placed(place: Place | None) -> Place | None:
        return place if place is None or place.file is None else replace(place, file=f"{ref}:{relative(place.file)}")

    def relative(text: str) -> str:
        return text.replace(f"{folder.as_posix()}/", "")

    return tuple(
        replace(
            finding.with_texts(relative),
            place=placed(finding.place) or finding.place,
            given_at=placed(finding.given_at),
            expected_at=placed(finding.expected_at),
        )
        for finding in findings
    )


def _python_path(root: Path, folder: Path) -> str:
    """PYTHONPATH for the tree of a commit: what lies in the repository is taken from the tree, but for smgen itself."""
    own = Path(__file__).resolve().parents[2]
    top = next((parent for parent in (root, *root.parents) if (parent / ".git").exists()), root)
    tree = folder.resolve().parents[len(root.relative_to(top).parts) - 1] if root != top else folder.resolve()
    entries = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    return os.pathsep.join(_in_tree(entry, own, top, tree) for entry in entries)


def _in_tree(entry: str, own: Path, top: Path, tree: Path) -> str:
    path = Path(entry).resolve()
    if path == own or not path.is_relative_to(top) or "site-packages" in path.parts:
        return str(path)
    return str(tree / path.relative_to(top))
