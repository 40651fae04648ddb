"""Everything that CI asks of a project, part by part: each once, and as many as can be in spite of what others find."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Final

from smgen.checks import CheckSettings, read_check_settings
from smgen.contract_model import ContractRegistry
from smgen.contracts import read_contracts, unread_findings
from smgen.diagnostics import Finding, FindingsError, Place, Severity, counted, sorted_findings
from smgen.documents import shown_path
from smgen.generate import GenerationOptions, package_changes, plan, stale_findings
from smgen.packages import contracts_path
from smgen.runtime import Project, lock_findings, read_project_lock, stale_project_findings
from smgen.settings import SETTINGS_FILE
from smgen.wiring import LOCK_FILE
from smgen.workflows.breaking import breaking_changes
from smgen.workflows.commits import NoFolderInCommitError
from smgen.workflows.linting import Linter, over_environments
from smgen.workflows.type_checking import TypeCheck, is_mypy_installed, pipeline_modules, type_checking
from smgen.workflows.validating import content_findings, script_findings, told_of_contracts, unpackable_code


class Outcome(str, Enum):
    """What became of a part: nothing wrong, something wrong, not asked for or not possible here, waiting for another
    part that has to be green first, or no answer.
    """

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    NOT_RUN = "not run"
    UNANSWERED = "no answer"


@dataclass(frozen=True, slots=True)
class PartResult:
    """What a part found. ``reason`` says why it has no answer of its own, or what its answer leaves out.

    ``seconds`` are those that the part waited or worked, for people only.
    """

    name: str
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    reason: str | None = None
    seconds: float = field(default=0.0, compare=False)

    def count(self, severity: Severity) -> int:
        """How many findings are of a severity."""
        return sum(finding.severity is severity for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Verification:
    """All parts in their order."""

    parts: tuple[PartResult, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, each once."""
        return sorted_findings(finding for part in self.parts for finding in part.findings)

    @property
    def is_answered(self) -> bool:
        """Whether every part that could be asked has an answer."""
        return all(part.outcome is not Outcome.UNANSWERED for part in self.parts)

    @property
    def is_green(self) -> bool:
        """Whether nothing is wrong, as far as there are answers."""
        return all(part.outcome in (Outcome.PASSED, Outcome.SKIPPED) for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Answer:
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    reason: str | None = None


@dataclass(slots=True)
class _Verifying:
    """What the parts know of each other."""

    project: Project
    settings: CheckSettings
    linter: Linter
    against: str | None
    #: The contracts, as soon as they could be read.
    registry: ContractRegistry | None = None
    #: Whether the generated package is what the contracts say.
    is_fresh: bool = False
    #: mypy at work, or why it is not.
    types: TypeCheck | _Answer = field(default_factory=lambda: _Answer(Outcome.SKIPPED))


def verify(
    project: Project,
    *,
    environment: str | None = None,
    against: str | None = None,
    started: Callable[[str], object] = lambda _: None,
) -> Verification:
    """Asks everything of a project; ``started`` is told the name of each part that begins.

    Pipelines are compiled for all environments that they go to, or for one. With ``against`` the contracts are held
    against an earlier state, as by `breaking_changes`. Raises FindingsError for an unknown environment.
    """
    if environment is not None:
        project.environment(environment)
    settings = read_check_settings(project.root)
    work = _Verifying(project, settings, Linter(project, settings, environment, keep=True), against)
    results: list[PartResult] = []
    with ExitStack() as stack:
        # It is a process of its own, and takes as long as everything else together.
        work.types = _begun_types(project, stack)
        for name, ask in _PARTS.items():
            started(name)
            begin = time.monotonic()
            answer = _asked(ask, work)
            seconds = time.monotonic() - begin
            results.append(
                _told_once(PartResult(name, answer.outcome, answer.findings, answer.reason, seconds), results)
            )
    return Verification(tuple(results))


def _asked(ask: Callable[[_Verifying], _Answer], work: _Verifying) -> _Answer:
    try:
        return ask(work)
    except FindingsError as error:
        return _found(error.findings)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _Answer(Outcome.UNANSWERED, reason=f"{where}{error.strerror or error}")


def _told_once(result: PartResult, before: Sequence[PartResult]) -> PartResult:
    """The result without the findings of earlier parts."""
    told = {finding: part.name for part in reversed(before) for finding in part.findings}
    own = tuple(finding for finding in result.findings if finding not in told)
    if own or not result.findings:
        return replace(result, findings=own)
    names = ", ".join(dict.fromkeys(told[finding] for finding in result.findings))
    return replace(result, findings=own, reason=result.reason or f"what it found is told by {names}")


def _found(findings: Iterable[Finding], reason: str | None = None) -> _Answer:
    found = sorted_findings(findings)
    failed = any(finding.severity is Severity.ERROR for finding in found)
    return _Answer(Outcome.FAILED if failed else Outcome.PASSED, found, reason)


def _waits(reason: str) -> _Answer:
    return _Answer(Outcome.NOT_RUN, reason=reason)


_NO_CONTRACTS: Final = _Answer(Outcome.SKIPPED, reason="the project has no contracts of its own")
_NO_PIPELINES: Final = _Answer(Outcome.SKIPPED, reason="[tool.smgen.pipelines] lists no pipeline")
_UNREADABLE: Final = _waits("the contracts cannot be read")


def _has_contracts(project: Project) -> bool:
    """Whether there are contracts, or should be; a project may use the packages of others only."""
    return project.output is not None or (project.root / project.contracts).is_dir()


# Parts ---------------------------------------------------------------------------------------------------------------


def _contracts(work: _Verifying) -> _Answer:
    project = work.project
    if not _has_contracts(project):
        return _NO_CONTRACTS
    folder = project.root / project.contracts
    if not folder.is_dir():
        finding = Finding(
            "SMG130",
            "the folder 'contracts' is not there",
            Place(file=shown_path(project.root / SETTINGS_FILE)),
            given=project.contracts,
            expected='contracts = "<folder>" in [tool.smgen]',
            fix="write where it is",
        )
        raise FindingsError([finding])
    shown = shown_path(folder)
    registry = work.registry = read_contracts(folder, shown_root=shown)
    unread = unread_findings(folder, registry.values(), shown_root=shown)
    return _found((*unread, *told_of_contracts(content_findings(registry), work.settings.suppressions)))


def _scripts(work: _Verifying) -> _Answer:
    if work.registry is None:
        return _UNREADABLE if _has_contracts(work.project) else _NO_CONTRACTS
    unpackable = unpackable_code(work.registry)
    return _found(unpackable or told_of_contracts(script_findings(work.registry), work.settings.suppressions))


def _freshness(work: _Verifying) -> _Answer:
    project = work.project
    if project.output is None:
        work.is_fresh = True
        return _Answer(Outcome.SKIPPED, reason="[tool.smgen] names no 'output' to generate")
    if work.registry is None:
        return _UNREADABLE
    stale = _stale_files(work.registry, project.root / project.contracts, project.root / project.output)
    work.is_fresh = not stale
    return _found(stale)


def _stale_files(registry: ContractRegistry, contracts: Path, output: Path) -> tuple[Finding, ...]:
    """What differs between the package on disk and what would be generated. Raises FindingsError where nothing can."""
    options = GenerationOptions(output.resolve().name, contracts_path(output, contracts))
    return stale_findings(package_changes(output, plan(registry, options)), shown_path(output))


def _compile(work: _Verifying) -> _Answer:
    """Builds every pipeline once for each environment; the linter, which looks at each as it is built, keeps them."""
    if not work.is_fresh:
        return _waits("the generated package is not what the contracts say")
    if not work.project.pipelines:
        return _NO_PIPELINES
    stale = stale_project_findings(work.project)
    if stale:
        raise FindingsError(stale)
    work.linter.project(work.project)
    answer = _found(work.linter.unbuilt)
    if work.linter.failed:
        return replace(answer, outcome=Outcome.FAILED)
    return replace(answer, reason=counted(len(work.linter.compiled), "definition"))


def _lint(work: _Verifying) -> _Answer:
    linter = work.linter
    if not work.project.pipelines:
        return _NO_PIPELINES
    if not (linter.compiled or linter.failed):
        return _waits("nothing was compiled")
    report = linter.report(None)
    return _found(report.findings, f"{len(report.suppressed)} suppressed" if report.suppressed else None)


def _lock(work: _Verifying) -> _Answer:
    if not (work.project.root / LOCK_FILE).is_file():
        return _Answer(Outcome.SKIPPED, reason=f"there is no {LOCK_FILE}")
    lock = read_project_lock(work.project)
    if not work.project.pipelines:
        return _NO_PIPELINES
    if not work.linter.compiled:
        return _waits("nothing was compiled")
    by_pipeline: dict[str, dict[str, tuple[Finding, ...]]] = {}
    for (name, environment), compiled in work.linter.compiled.items():
        found = tuple(lock_findings(compiled.connections, lock.pins(name, environment)))
        by_pipeline.setdefault(name, {})[environment] = found
    return _found(item for found in by_pipeline.values() for item in over_environments(found))


def _breaking(work: _Verifying) -> _Answer:
    from smgen.evolution import Level

    if work.against is None:
        return _Answer(Outcome.SKIPPED, reason="asked for with --against REF")
    if work.registry is None:
        return _UNREADABLE if _has_contracts(work.project) else _NO_CONTRACTS
    try:
        # What compiling an earlier state does is a step of this part, and no part of its own.
        report = breaking_changes(work.project, work.against, lambda _done, _all: None)
    except NoFolderInCommitError:
        # As in the change that brings smgen into a repository.
        return _Answer(Outcome.SKIPPED, reason=f"{work.against} has no folder {work.project.contracts}")
    told = report.unreleased
    released = len(report.reaching(Level.RUN)) - len(told.reaching(Level.RUN))
    reason = f"{counted(released, 'break')} released with a version that says so" if released else None
    answer = _found(told.findings, reason)
    return replace(answer, outcome=Outcome.FAILED if told.reaches(Level.RUN) else answer.outcome)


def _types(work: _Verifying) -> _Answer:
    if isinstance(work.types, _Answer):
        return work.types
    result = work.types.finished()
    if result.stopped is not None:
        return _Answer(Outcome.UNANSWERED, reason=f"mypy could not look: {result.stopped}")
    if not work.is_fresh:
        return _found(result.findings, "against the package as it stands, which is not what the contracts say")
    return _found(result.findings)


def _begun_types(project: Project, stack: ExitStack) -> TypeCheck | _Answer:
    if not is_mypy_installed():
        return _Answer(Outcome.SKIPPED, reason="mypy is not installed; install it with: pip install mypy")
    files = pipeline_modules(project)
    if not files:
        return _Answer(Outcome.SKIPPED, reason="there is no module of a pipeline")
    if project.output is not None and not (project.root / project.output).is_dir():
        # It would say of every import that it is not there, and keep that in its cache.
        return _waits("the package is not generated")
    return stack.enter_context(type_checking(project, files))


#: Each part by its name, in the order in which they are asked: mypy last, since it works beside all others.
_PARTS: Final[dict[str, Callable[[_Verifying], _Answer]]] = {
    "contracts": _contracts,
    "scripts": _scripts,
    "freshness": _freshness,
    "compile": _compile,
    "lint": _lint,
    "lock": _lock,
    "breaking": _breaking,
    "types": _types,
}
#: The names of the parts, in their order.
PARTS: Final = tuple(_PARTS)
