"""Packages beside the project's own that steps of a pipeline come from, and which of them are stale."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from smgen.diagnostics import Finding
from smgen.packages import stale_package_findings
from smgen.runtime import CompiledPipeline, Project, package_folder


class NeighbourPackages:
    """Looks at each package once; the project's own, which is held against its contracts before, is not among them."""

    def __init__(self, project: Project | None) -> None:
        self._known: set[Path] = set()
        if project is not None and project.output is not None:
            self._known.add((project.root / project.output).resolve())

    def stale_findings(self, pipelines: Iterable[CompiledPipeline]) -> tuple[Finding, ...]:
        """SMG140 for packages that pipelines take steps from, where their contracts lie beside them."""
        folders: dict[Path, None] = {}
        for pipeline in pipelines:
            for contract in pipeline.contracts.values():
                folder = package_folder(contract)
                if folder is not None:
                    folders[folder.resolve()] = None
        fresh = [folder for folder in folders if folder not in self._known]
        self._known.update(fresh)
        return tuple(finding for folder in fresh for finding in stale_package_findings(folder))
