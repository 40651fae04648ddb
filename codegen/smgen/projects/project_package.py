"""Whether the package of a project is what its contracts say, before anything is built from it."""

from __future__ import annotations

from smgen.diagnostics import Finding
from smgen.packages import stale_package_findings
from smgen.projects.project import Project


def stale_project_findings(project: Project) -> tuple[Finding, ...]:
    """SMG140 for everything in which the project's own package differs from its contracts; OSError passes."""
    if project.output is None:
        return ()
    contracts = project.root / project.contracts
    return stale_package_findings(project.root / project.output, contracts if contracts.is_dir() else None)
