"""What changed in contracts since an earlier state, and which pipelines it hits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from smgen.contract_model import ContractRegistry, module_name
from smgen.contracts import read_contracts
from smgen.diagnostics import Finding, FindingsError, Place, sorted_findings
from smgen.documents import shown_path
from smgen.evolution import VERSION_TOO_LOW, ContractChange, Level, contract_changes, worst_level
from smgen.runtime import Project
from smgen.settings import SETTINGS_FILE
from smgen.source import PackageImports, package_imports
from smgen.workflows.commits import is_commit
from smgen.workflows.earlier_contracts import code_files, earlier_contracts
from smgen.workflows.pipeline_interfaces import ChangedInterfaces, changed_interfaces
from smgen.workflows.pipeline_states import Progressed


@dataclass(frozen=True, slots=True)
class ChangedContract:
    """A contract of which something changed; ``pipelines`` are those of the project that import its module.

    ``before`` and ``after`` are its versions, None in a state that has it not. The name is "" for the artifact types.
    """

    name: str
    owner: str
    before: str | None
    after: str | None
    changes: tuple[ContractChange, ...]
    pipelines: tuple[str, ...] = ()

    @property
    def is_released(self) -> bool:
        """Whether the contract has a new version that says how large its change is; of a family the first tells."""
        return None not in (self.before, self.after) and not any(item.rule == VERSION_TOO_LOW for item in self.changes)

    @property
    def level(self) -> Level:
        """That of the change that reaches furthest."""
        return worst_level(self.changes) or Level.COMPATIBLE


@dataclass(frozen=True, slots=True)
class BreakingReport:
    """What changed since ``against``, contract by contract, and (SMG609) what of that state cannot be read.

    ``pipelines`` has the file of each pipeline of the project that was looked at. ``interfaces`` are those of
    pipelines, where ``against`` is a commit: no other state has any.
    """

    against: str
    contracts: tuple[ChangedContract, ...]
    unread: tuple[Finding, ...] = ()
    pipelines: Mapping[str, str] = field(default_factory=dict[str, str])
    interfaces: ChangedInterfaces = field(default_factory=ChangedInterfaces)
    is_of_commit: bool = False

    @property
    def changes(self) -> tuple[ContractChange, ...]:
        """All changes, contract by contract."""
        return tuple(change for contract in self.contracts for change in contract.changes)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All changes as findings, and what cannot be read."""
        own = (change.finding() for change in self.changes)
        return sorted_findings((*self.unread, *own, *self.interfaces.unread, *self.interfaces.findings))

    @property
    def unreleased(self) -> BreakingReport:
        """The report without the contracts of which the new version says what changed: their users know."""
        return replace(self, contracts=tuple(item for item in self.contracts if not item.is_released))

    def reaching(self, level: Level) -> tuple[ContractChange, ...]:
        """The changes that reach as far as ``level``, or further."""
        return tuple(change for change in self.changes if change.level.reaches(level))

    def reaches(self, level: Level) -> bool:
        """Whether a change of a contract, or of an interface, reaches as far as ``level``, or further."""
        return bool(self.reaching(level)) or any(item.level.reaches(level) for item in self.interfaces.pipelines)

    @property
    def hit(self) -> tuple[str, ...]:
        """The pipelines that a change hits that is more than compatible."""
        hit = {name for item in self.contracts if item.level is not Level.COMPATIBLE for name in item.pipelines}
        return tuple(name for name in self.pipelines if name in hit)


def breaking_changes(
    project: Project | None, against: str, progress: Progressed, *, contracts: Path | None = None
) -> BreakingReport:
    """What changed in a project since an earlier state, or in the contracts of a folder alone.

    ``against`` is a git commit, a folder of contracts, or a generated package: its folder, or its import name. With a
    commit the interfaces of the project's pipelines are compared too, for which the pipelines of both states are
    compiled, as ``progress`` is told.

    Raises FindingsError: SMG600 where there is no such state, SMG130 where there are no contracts today, and whatever
    is wrong with those of today, which have to be right; those of then need not be.
    """
    if contracts is not None or project is None:
        return _changed_contracts(project, against, _folder_of(project) if contracts is None else contracts)
    if not (project.root / project.contracts).is_dir() and project.pipelines and is_commit(project.root, against):
        # A project whose pipelines are written with packages of others.
        return BreakingReport(against, (), interfaces=changed_interfaces(project, against, progress))
    report = _changed_contracts(project, against, _folder_of(project))
    if not report.is_of_commit:
        return report
    return replace(report, interfaces=changed_interfaces(project, against, progress))


def _changed_contracts(project: Project | None, against: str, folder: Path) -> BreakingReport:
    """What changed in the contracts of a folder."""
    current = read_contracts(folder, shown_root=shown_path(folder))
    earlier = earlier_contracts(against, folder, current)
    changes = contract_changes(earlier.registry, current, (earlier.code, code_files(current) if earlier.code else {}))
    imports = {} if project is None else _imports(project)
    changed = tuple(
        ChangedContract(
            name,
            _owner(name, current, earlier.registry),
            _version(name, earlier.registry),
            _version(name, current),
            tuple(change for change in changes if change.contract == name),
            _hit(name, (*current, *earlier.registry), imports),
        )
        for name in dict.fromkeys(change.contract for change in changes)
    )
    files = {} if project is None else {name: project.pipelines[name].file for name in imports}
    return BreakingReport(against, changed, earlier.unread, files, is_of_commit=earlier.is_of_commit)


def _folder_of(project: Project | None) -> Path:
    folder = None if project is None else project.root / project.contracts
    if folder is None or not folder.is_dir():
        finding = Finding(
            "SMG130",
            "there are no contracts to compare",
            Place(file=SETTINGS_FILE),
            given=None if project is None else project.contracts,
            expected='contracts = "<folder>" in [tool.smgen]',
            fix="write where they are, or name the folder",
        )
        raise FindingsError([finding])
    return folder


def _imports(project: Project) -> dict[str, PackageImports]:
    """What the module of each pipeline imports of the project's generated package."""
    if project.output is None:
        return {}
    package = Path(project.output)
    folders = (project.root, (project.root / package).parent)
    return {
        name: package_imports(project.root / source.file, folders, package.name)
        for name, source in project.pipelines.items()
    }


def _hit(name: str, contracts: tuple[str, ...], imports: Mapping[str, PackageImports]) -> tuple[str, ...]:
    """The pipelines that import the module of a contract, or for "" any class of the artifact types."""
    module = module_name(name) if name else ""
    return tuple(
        pipeline
        for pipeline, found in imports.items()
        if found.everything
        or module in found.modules
        or (not name and (found.modules or found.names))
        or any(_owner_of_class(class_, contracts) == name for class_ in found.names)
    )


def _owner_of_class(class_: str, contracts: tuple[str, ...]) -> str | None:
    """The contract whose module has a class of the facade: they begin with its name."""
    return max((name for name in contracts if class_.startswith(name)), key=len, default=None)


def _owner(name: str, current: ContractRegistry, earlier: ContractRegistry) -> str:
    contract = current.find(name) or earlier.find(name)
    return "" if contract is None else contract.owner


def _version(name: str, registry: ContractRegistry) -> str | None:
    contract = registry.find(name)
    return None if contract is None else contract.version
