"""Generates the package of a folder of contracts, with work in proportion to what changed since the last time.

What was made of a file of contracts is kept where the generator, the file, all that was looked at for it, and its
modules on disk are what this machine's record of the package says. Where that holds for all of them, no contract is
read and no tool is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from smgen.contract_model import ARTIFACT_TYPES_FILE, contract_files
from smgen.contracts import unread_beside
from smgen.diagnostics import Finding, FindingsError
from smgen.distribution import need
from smgen.documents import Publication, content_hash, files_in_tree, read_tree, shown_path
from smgen.generate import generator_fingerprint
from smgen.packages import FileHashes, GenerationRecord, SourceRecord, contracts_path, read_record, write_record
from smgen.workflows.unchanged_files import UnchangedFiles

if TYPE_CHECKING:
    from smgen.contract_model import ArtifactTypes, StepContract
    from smgen.generate import GeneratedPackage, ModuleWriter, StepModule
    from smgen.packages import ContractFileRecord, ModuleRecord


@dataclass(frozen=True, slots=True)
class GenerationFolders:
    """The folder that contracts are read from and the one that the package is written to."""

    contracts: Path
    output: Path

    @property
    def package(self) -> str:
        """The import name of the package."""
        return self.output.resolve().name

    @property
    def contracts_path(self) -> str:
        """The way from the package to its contracts, as the manifest says it."""
        return contracts_path(self.output, self.contracts)


@dataclass(frozen=True, slots=True)
class Generation:
    """What generating came to.

    ``package`` is None where the one on disk is known to be what the contracts say. ``record`` says what each module
    is from; ``known`` is what the last run remembered where that still holds for all of it. ``generated`` are the
    modules that were made and not kept, by name, and ``passes`` how often datamodel-code-generator was run for them;
    ``unread`` are warnings about files that look like contracts and are not read.
    """

    folders: GenerationFolders
    package: GeneratedPackage | None
    record: GenerationRecord
    known: GenerationRecord | None
    generated: tuple[str, ...]
    passes: int
    unread: tuple[Finding, ...]

    @property
    def contracts(self) -> int:
        """How many contracts there are, each variant of a family being one."""
        return sum(len(source.modules) for source in self.record.sources.values())

    @property
    def files(self) -> int:
        """How many files the package has."""
        return len(self.record.files if self.package is None else self.package.files)

    def publish(self) -> Publication:
        """Writes what differs, all or nothing, and keeps the record; raises as :func:`publish_package` does."""
        if self.package is None:
            publication = Publication((), (), tuple(self.record.files))
        else:
            from smgen.generate import publish_package

            publication = publish_package(self.folders.output, self.package)
        self.remember()
        return publication

    def remember(self) -> None:
        """Keeps the record for the next run, once the package lies on disk."""
        record: GenerationRecord | None = self.record
        if self.package is not None:
            from smgen.generate import published_hashes

            files = published_hashes(self.folders.output, self.package)
            record = None if files is None else replace(self.record, files=files)
        if record is not None and record != self.known:
            write_record(self.folders.output, record)


def generate_package(folders: GenerationFolders, *, full: bool = False) -> Generation:
    """The package of the contracts; with ``full`` nothing that was made before is kept.

    Raises FindingsError with everything that is wrong with the contracts, MissingExtraError without the extra
    ``generate``, and OSError.
    """
    need("generate")
    fingerprint = generator_fingerprint()
    new = GenerationRecord(fingerprint, folders.package, folders.contracts_path, "", {}, {})
    known = None if full else read_record(folders.output, fingerprint)
    if known is None or (known.package, known.contracts) != (new.package, new.contracts):
        known = new
    hashes = {**known.source_hashes(), ARTIFACT_TYPES_FILE: known.types}
    # A link may lead out of the folder, which only reading what it leads to tells.
    sources = FileHashes(folders.contracts, known.source_states, hashes)
    names = contract_files(folders.contracts)
    unchanged = UnchangedFiles(folders.contracts, sources).among(
        {name: known.sources[name] for name in names if name in known.sources}
    )
    same_types = known.types == sources.of(ARTIFACT_TYPES_FILE) and not folders.output.is_symlink()
    if same_types and list(unchanged) == list(names) == list(known.sources):
        files = FileHashes(folders.output, known.file_states, known.files)
        if {path: files.of(path) for path in files_in_tree(folders.output)} == known.files:
            record = replace(known, source_states=sources.states, file_states=files.states)
            return Generation(folders, None, record, known, (), 0, _unread(folders, unchanged.values()))
    present = read_tree(folders.output) if unchanged else {}
    kept = _with_their_modules(unchanged, present)
    new = replace(new, source_states=sources.states)
    return _Renewal(folders, new, kept, present, stored=not full).generation(names)


def _with_their_modules(
    records: Mapping[str, ContractFileRecord], present: Mapping[str, bytes | None]
) -> dict[str, ContractFileRecord]:
    """The records of which all modules lie on disk as they were made."""
    hashes = {path: content_hash(data) for path, data in present.items() if data is not None}
    return {
        name: record
        for name, record in records.items()
        if all(
            hashes.get(f"{module.module}.py") == module.code and hashes.get(f"{module.module}.json") == module.data
            for module in record.modules
        )
    }


def _unread(folders: GenerationFolders, records: Iterable[ContractFileRecord]) -> tuple[Finding, ...]:
    packed: list[str] = []
    brought_in: list[str] = []
    for record in records:
        packed += record.packed
        brought_in += record.brought_in
    return unread_beside(folders.contracts, packed, brought_in, shown_root=shown_path(folders.contracts))


class _Renewal:
    """Makes what changed anew and puts the package together; one run."""

    def __init__(
        self,
        folders: GenerationFolders,
        new: GenerationRecord,
        kept: Mapping[str, ContractFileRecord],
        present: Mapping[str, bytes | None],
        *,
        stored: bool,
    ) -> None:
        from smgen.contracts import ContractReading
        from smgen.generate import ModelGenerator

        self.folders = folders
        self.new = new
        self.kept = kept
        self.present = present
        self.shown_root = shown_path(folders.contracts)
        self.reading = ContractReading(folders.contracts, self.shown_root)
        self.generator = ModelGenerator(stored=stored)
        self.modules: list[StepModule] = []

    def generation(self, names: Sequence[str]) -> Generation:
        """The whole package. Raises FindingsError with everything that is wrong."""
        from smgen.generate import ModuleWriter

        types = self.reading.artifact_types()
        writer = None if types is None else ModuleWriter(types, self.generator)
        records = {name: self.record(name, types, writer) for name in names}
        self.reading.findings += self.collisions(records)
        unread = _unread(self.folders, records.values())
        if self.reading.findings or types is None or writer is None:
            # What is missing may lie in a file that is not read.
            raise FindingsError([*self.reading.findings, *unread])
        if writer.findings:
            raise FindingsError(writer.findings)
        package = self.package(types, records)
        record = replace(self.new, types=self.types_record().raw, sources=_with_hashes(records, package))
        made = tuple(item.record.module for item in self.modules)
        return Generation(self.folders, package, record, None, made, self.generator.passes, unread)

    def record(self, name: str, types: ArtifactTypes | None, writer: ModuleWriter | None) -> ContractFileRecord:
        """The record of a file: the one that is kept, or that of its contracts, which are read and written."""
        from smgen.contracts import registry_findings
        from smgen.workflows.contract_file_records import contract_file_record

        kept = self.kept.get(name)
        if kept is not None and types is not None and _fits(kept, types):
            return kept
        contracts = self.reading.contracts(name, types)
        self.reading.findings += registry_findings(contracts, types)
        if writer is None or self.reading.findings:
            return contract_file_record(name, contracts, None, self.shown_root)
        modules = [writer.module(contract) for contract in contracts]
        self.modules += modules
        return contract_file_record(name, contracts, [module.record for module in modules], self.shown_root)

    def collisions(self, records: Mapping[str, ContractFileRecord]) -> tuple[Finding, ...]:
        """SMG107 for contracts of several files that share a name or a module; these files are read once more."""
        from smgen.contracts import ContractReading, registry_findings

        involved = _meeting(records)
        if not involved:
            return ()
        reading = ContractReading(self.folders.contracts, self.shown_root)
        types = reading.artifact_types()
        contracts: list[StepContract] = []
        for name in involved:
            contracts += reading.contracts(name, types)
        return registry_findings(contracts, None)

    def package(self, types: ArtifactTypes, records: Mapping[str, ContractFileRecord]) -> GeneratedPackage:
        """All files: those that were made, and those of the kept modules as they lie on disk."""
        from smgen.generate import GenerationOptions, assembled_package

        made = {module.record.module for module in self.modules}
        finished = {f"{module.record.module}.json": module.data for module in self.modules}
        modules = [module for record in records.values() for module in record.modules]
        for module in modules:
            for path in (f"{module.module}.py", f"{module.module}.json"):
                data = self.present.get(path)
                if module.module not in made and data is not None:
                    finished[path] = data
        return assembled_package(
            types,
            modules,
            {f"{module.record.module}.py": module.source for module in self.modules},
            finished,
            self.sources(records),
            GenerationOptions(self.folders.package, self.folders.contracts_path),
        )

    def sources(self, records: Mapping[str, ContractFileRecord]) -> dict[str, SourceRecord]:
        """What the manifest says of each file, with the modules that are from it, directly or by a reference."""
        found: dict[str, SourceRecord] = {ARTIFACT_TYPES_FILE: self.types_record()}
        for name, record in records.items():
            modules = tuple(module.module for module in record.modules)
            for path, source in ((name, record.source), *record.brought_in.items()):
                before = found[path].modules if path in found else ()
                found[path] = replace(source, modules=tuple(dict.fromkeys((*before, *modules))))
        return found

    def types_record(self) -> SourceRecord:
        """What the manifest says of the artifact types, which were read."""
        from smgen.generate import types_record

        document = self.reading.types_document
        return SourceRecord("", "") if document is None else types_record(document)


def _fits(record: ContractFileRecord, types: ArtifactTypes) -> bool:
    """Whether the artifact types are still such that nothing is wrong with the contracts of a file."""
    return all(name in types for name in record.types) and not any(
        name in types for module in record.modules for name in module.names
    )


def _meeting(records: Mapping[str, ContractFileRecord]) -> list[str]:
    """The files of which contracts, families or modules share a name with those of another one, in their order."""
    owners: dict[tuple[str, str], dict[str, None]] = {}
    for name, record in records.items():
        for module in record.modules:
            for key in (("contract", module.family or module.contract), ("module", module.module)):
                owners.setdefault(key, {})[name] = None
    involved = {name for files in owners.values() if len(files) > 1 for name in files}
    return [name for name in records if name in involved]


def _with_hashes(records: Mapping[str, ContractFileRecord], package: GeneratedPackage) -> dict[str, ContractFileRecord]:
    """The records with the hashes of the modules as they are in the package."""

    def hashed(module: ModuleRecord) -> ModuleRecord:
        if module.code:
            return module
        code, data = (content_hash(package.files[f"{module.module}.{ending}"]) for ending in ("py", "json"))
        return replace(module, code=code, data=data)

    return {
        name: replace(record, modules=tuple(hashed(module) for module in record.modules))
        for name, record in records.items()
    }
