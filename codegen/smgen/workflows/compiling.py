"""Builds pipelines of a project for what leaves it: nothing stale, nothing that lint calls an error, and built once."""

from __future__ import annotations

from dataclasses import dataclass

from smgen.diagnostics import Finding, FindingsError, Severity
from smgen.runtime import CompiledPipeline, Project, compile_pipeline, stale_project_findings
from smgen.workflows.neighbour_packages import NeighbourPackages
from smgen.workflows.user_output import user_output


@dataclass(frozen=True, slots=True)
class CheckedPipeline:
    """A compiled pipeline, and what lint says of it short of an error."""

    compiled: CompiledPipeline
    findings: tuple[Finding, ...] = ()

    def count(self, severity: Severity) -> int:
        """How many findings are of a severity."""
        return sum(finding.severity is severity for finding in self.findings)


def compile_checked(project: Project, name: str, environment: str, *, locked: bool = False) -> CheckedPipeline:
    """A pipeline, built once and linted. Raises FindingsError with everything that is wrong with it.

    That is a stale package (SMG140), before anything is built, or every error that ``smgen lint`` finds.
    """
    from smgen.checks import read_check_settings
    from smgen.workflows.linting import Linter

    project.targets([name], [environment])
    refuse_stale(project)
    linter = Linter(project, read_check_settings(project.root), environment, locked=locked, keep=True)
    linter.pipeline(project, name)
    findings = linter.report(None).findings
    compiled = linter.compiled.get((name, environment))
    errors = [item for item in findings if item.severity is Severity.ERROR]
    if compiled is None or errors:
        raise FindingsError(errors or linter.failed[name, environment])
    return CheckedPipeline(compiled, findings)


def compile_unchecked(project: Project, name: str, environment: str, *, locked: bool = False) -> CheckedPipeline:
    """A pipeline that is built from what the contracts say, whatever lint says of it. Raises FindingsError."""
    project.targets([name], [environment])
    refuse_stale(project)
    with user_output():
        compiled = compile_pipeline(project, name, environment, locked=locked)
    stale = NeighbourPackages(project).stale_findings([compiled])
    if stale:
        raise FindingsError(stale)
    return CheckedPipeline(compiled)


def refuse_stale(project: Project) -> None:
    """Raises FindingsError (SMG140) where the project's package is not what its contracts say."""
    findings = stale_project_findings(project)
    if findings:
        raise FindingsError(findings)
