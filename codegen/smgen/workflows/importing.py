"""Imports pipelines into a project: plans its files, proves them in a temporary place, and writes them at the end."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, cast

from smgen.checks import read_check_settings
from smgen.contract_model import ARTIFACT_TYPES_FILE, ContractRegistry
from smgen.contracts import read_contracts
from smgen.definition import Definition
from smgen.diagnostics import Finding, FindingsError, Place, Severity
from smgen.documents import (
    JsonObject,
    object_at,
    parse_document,
    publish_files,
    read_document,
    read_regular,
    shown_path,
    working_folder,
)
from smgen.generate import (
    GeneratedPackage,
    GenerationOptions,
    foreign_files,
    obsolete_files,
    plan,
    publish_package,
)
from smgen.importer import (
    LIBRARY_PACKAGE,
    REPORT_MARK,
    Account,
    CodeLocation,
    DeployedFacts,
    EnvironmentProof,
    EnvironmentSettings,
    ExistingEnvironments,
    ExistingPipeline,
    ImportedPipeline,
    ImportReport,
    Merged,
    PlannedPipeline,
    PlannedProject,
    ProjectSettings,
    SharedEnvironments,
    SourceFolders,
    at_definitions,
    at_steps,
    contract_steps,
    import_pipeline,
    merge,
    planned_project,
    raw_parts_for,
    report_markdown,
    share_environments,
    with_source_folders,
    without_unused_values,
)
from smgen.packages import contracts_path
from smgen.runtime import Project, read_project
from smgen.settings import ENVIRONMENT_LISTS, ENVIRONMENT_TABLES, ENVIRONMENT_TEXTS, SETTINGS_FILE, as_table
from smgen.workflows.existing_settings import Advice, existing_settings, is_project, values_for_pipelines
from smgen.workflows.linting import Linter
from smgen.workflows.moved_code import ImportedCode, location_text, record_path, record_text
from smgen.workflows.project_names import LONGEST_NAME, project_names
from smgen.workflows.proving import Proof, prove, step_at

_CONTRACTS: Final = "contract_specs"
_CHECKERS: Final = ("mypy", "pyright")
#: What of a definition no other way of writing it mends: half characters.
_NEVER_RAW: Final = "SMG134"


@dataclass(frozen=True, slots=True)
class SourceDefinition:
    """A definition to import: of which pipeline, for which environment, and how messages call where it came from.

    ``facts`` is what is known of the deployed pipeline beside it.
    """

    pipeline: str
    environment: str
    shown: str
    definition: Definition
    facts: DeployedFacts = field(default_factory=DeployedFacts)


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How an import is done: the generated package's name (None: the project's), the folders in which code is looked
    for, the scripts and folders that are looked at before them, and whether what an earlier import of the same
    pipelines wrote may be replaced.
    """

    package: str | None = None
    source_roots: tuple[Path, ...] = ()
    code: tuple[Path, ...] = ()
    force: bool = False


@dataclass(frozen=True, slots=True)
class PlannedImport:
    """An import before it is written: the files of a folder by their paths, and those of it that go.

    ``named`` are the pipelines that were there and name their environments from now on. ``left_out`` are those that
    cannot come in, with why.
    """

    folder: Path
    files: Mapping[str, bytes]
    removed: tuple[str, ...]
    reports: tuple[ImportReport, ...]
    advice: tuple[Advice, ...]
    named: Mapping[str, tuple[str, ...]]
    left_out: Mapping[str, tuple[Finding, ...]]


def accounts_of(folder: Path) -> Mapping[str, Account]:
    """The accounts of the environments of a project in a folder; none where there is no project.

    Raises FindingsError (SMG130) for settings that cannot be read.
    """
    if not is_project(folder):
        return {}
    return {name: Account(item.account, item.region) for name, item in read_project(folder).environments.items()}


def plan_import(folder: Path, sources: Sequence[SourceDefinition], options: ImportOptions) -> PlannedImport:
    """Everything that an import writes, proven in a temporary place; nothing is written to ``folder``.

    Raises FindingsError with everything that is wrong: what cannot be read or expressed, a pipeline that compiles to
    something else than its definition (SMG135), and files of others in the way (SMG123). OSError passes through.
    """
    return _Import(folder, sources, options).planned()


def write_import(planned: PlannedImport) -> tuple[str, ...]:
    """Writes the files, all or none; the paths of those that were written or changed.

    Raises FindingsError (SMG123) where something is in the way, and OSError where the disk refuses.
    """
    return publish_files(planned.folder, planned.files, removed=planned.removed).written


class _Import:
    """One import."""

    def __init__(self, folder: Path, sources: Sequence[SourceDefinition], options: ImportOptions) -> None:
        self.folder = folder
        self.sources = sources
        self.options = options
        self.advice: tuple[Advice, ...] = ()
        #: What comes in as it is, by pipeline: why, by the place in its definition.
        self.raw: dict[str, dict[str, str]] = {source.pipeline: {} for source in sources}
        self.left_out: dict[str, tuple[Finding, ...]] = {}
        self.settings = self.existing()
        self.contracts = folder / self.settings.contracts
        self.registry: ContractRegistry | None = None
        self.artifact_types: JsonObject | None = None
        types = self.contracts / ARTIFACT_TYPES_FILE
        if types.is_file():
            self.registry = read_contracts(self.contracts, shown_root=shown_path(self.contracts))
            self.artifact_types = object_at(read_document(types, shown_as=shown_path(types)).value)

    def existing(self) -> ProjectSettings:
        """What the folder says already."""
        path = self.folder / SETTINGS_FILE
        text = path.read_bytes().decode(errors="replace") if path.is_file() else ""
        if not is_project(self.folder):
            found = existing_settings(self.folder)
            self.advice = tuple(item for item in found.advice if "pytest" not in item.section)
            missing = tuple(name for name in _CHECKERS if name in found.missing)
            output = f"generated/{self.package_name()}"
            return ProjectSettings(text, _CONTRACTS, output, ("contracts", "output"), checkers=missing)
        project = read_project(self.folder)
        output = project.output or f"generated/{self.package_name()}"
        if self.options.package is not None and output.rpartition("/")[2] != self.options.package:
            finding = Finding(
                "SMG130",
                "the project generates another package",
                Place(file=SETTINGS_FILE),
                given=self.options.package,
                expected=output,
                fix="leave out --package",
            )
            raise FindingsError([finding])
        return ProjectSettings(
            text,
            project.contracts,
            output,
            () if project.output else ("output",),
            {
                name: ExistingPipeline(f"{source.file}:{source.function}", source.environments)
                for name, source in project.pipelines.items()
            },
            ExistingEnvironments(
                {name: _settings_of(vars(environment)) for name, environment in project.environments.items()},
                {key: _settings_of(values) for key, values in values_for_pipelines(self.folder).items()},
            ),
        )

    def package_name(self) -> str:
        """The generated package of a folder that has none: the one asked for, else named after the folder."""
        name = self.options.package
        if name is None:
            # A folder may be called anything; what is left of its name is good enough for a package.
            words = re.sub(r"[^A-Za-z0-9]+", "-", re.sub(r"^[^A-Za-z]+", "", self.folder.resolve().name)).strip("-")
            return project_names(self.folder, words[:LONGEST_NAME].strip("-") or "imported").package
        if not (name.isidentifier() and name.isascii()) or name == "smgen":
            finding = Finding(
                "SMG130", f"a package named '{name}' cannot be imported", given=name, expected="a Python name"
            )
            raise FindingsError([finding])
        if name == LIBRARY_PACKAGE:
            message = f"'{name}' is the library's own package, whose types the imported steps have"
            raise FindingsError([Finding("SMG130", message, given=name, expected="a name of the project's own")])
        return name

    # The plan -------------------------------------------------------------------------------------------------------

    def planned(self) -> PlannedImport:
        """The import, with as much of each pipeline as it is as nothing typed can say."""
        while True:
            try:
                return self.attempt()
            except FindingsError as error:
                if not (self.more_is_raw(error.findings) or self.leave_out(error.findings)):
                    raise

    def settle(self, pipeline: str) -> None:
        """Finds all that is raw of a pipeline by itself: a try of one is fast, and one of a whole fleet is not."""
        alone = _Import(self.folder, [item for item in self.sources if item.pipeline == pipeline], self.options)
        alone.raw = {pipeline: self.raw[pipeline]}
        with suppress(FindingsError):
            alone.planned()

    def leave_out(self, findings: Sequence[Finding]) -> bool:
        """Whether the others of several pipelines can come in without those that are refused."""
        files = {source.shown: source.pipeline for source in self.sources}
        refused: dict[str, list[Finding]] = {}
        for finding in findings:
            if finding.place.file in files:
                refused.setdefault(files[finding.place.file], []).append(finding)
        rest = [source for source in self.sources if source.pipeline not in refused]
        if not refused or not rest:
            return False
        self.left_out |= {name: tuple(own) for name, own in refused.items()}
        self.sources = rest
        return True

    def more_is_raw(self, findings: Iterable[Finding]) -> bool:
        """Whether more of the pipelines can come in as it is, because of what a try was refused for."""
        more: dict[str, None] = {}
        for source in self.sources:
            known = self.raw[source.pipeline]
            own = [item for item in findings if item.place.file == source.shown and item.rule != _NEVER_RAW]
            if own:
                found = raw_parts_for(self.definitions(source.pipeline), source.environment, own, known)
                known |= found
                more |= dict.fromkeys((source.pipeline,) if found else ())
        if len(self.raw) > 1:
            for pipeline in more:
                self.settle(pipeline)
        return bool(more)

    def attempt(self) -> PlannedImport:
        imported, code = self.imported()
        defaults = {
            (source.pipeline, source.environment): {
                item.name: item.default
                for item in source.definition.parameters
                if isinstance(item.default, (str, int, float, bool))
            }
            for source in self.sources
        }
        shared = share_environments(imported, self.settings.environments, defaults)
        proven_wrong: dict[tuple[str, str], str] = {}
        while True:
            definitions = {item.name: self.definitions(item.name) for item in imported}
            try:
                merged = merge(shared.pipelines, self.registry, self.artifact_types, proven_wrong)
            except FindingsError as error:
                findings = error.findings
                for item in imported:
                    findings = at_definitions(
                        findings, [(item, next(iter(definitions[item.name].values())))], item.name
                    )
                raise FindingsError(findings) from None
            project = planned_project(self.settings, shared, merged, definitions, self.artifact_types)
            files = {**project.files, **self.edited_types(project)}
            with self.staged({**files, **code.files}, project) as (staged, package):
                proofs, doubtful = self.proofs(staged, project, shared, merged)
                if doubtful:
                    # These steps get the contracts that were made for them.
                    proven_wrong |= doubtful
                    continue
                reports = tuple(
                    self.report(staged, item, proofs, shared, merged, code.locations) for item in project.pipelines
                )
            files |= {
                report.planned.report: report_markdown(report).encode()
                for report in reports
                if not self.is_imported(report.planned, files)
            }
            files |= self.records(project, proofs, shared, code)
            files |= code.files
            self.refuse_overwriting(files, project, package)
            output = self.settings.output
            # What an earlier run generated and nothing needs any more.
            removed = tuple(f"{output}/{path}" for path in obsolete_files(self.folder / output, package))
            files |= {f"{output}/{path}": content for path, content in package.files.items()}
            left_out = dict(self.left_out)
            return PlannedImport(self.folder, files, removed, reports, self.advice, project.named, left_out)

    def imported(self) -> tuple[tuple[ImportedPipeline, ...], SourceFolders]:
        """The pipelines, with code from the repository where it was found."""
        found: list[ImportedPipeline] = []
        findings: list[Finding] = []
        for name in dict.fromkeys(source.pipeline for source in self.sources):
            try:
                facts = {item.environment: self.facts(item) for item in self.sources if item.pipeline == name}
                pipeline = import_pipeline(name, self.definitions(name), facts, self.raw[name])
            except FindingsError as error:
                findings += error.findings
                continue
            findings += [item for item in pipeline.findings if item.severity is Severity.ERROR]
            found.append(pipeline)
        if findings:
            raise FindingsError(findings)
        definitions = {item.name: self.definitions(item.name) for item in found}
        folders = with_source_folders(
            found, definitions, self.options.source_roots, self.contracts, self.folder, self.options.code
        )
        return tuple(without_unused_values(item) for item in folders.pipelines), folders

    def definitions(self, pipeline: str) -> Mapping[str, Definition]:
        return {item.environment: item.definition for item in self.sources if item.pipeline == pipeline}

    def facts(self, source: SourceDefinition) -> DeployedFacts:
        """What is known of a deployed pipeline; where the environment of the project has other tags, not its own."""
        known = self.settings.environments.environments.get(source.environment)
        tags = None if known is None else known.tables.get("tags")
        return replace(source.facts, tags=None) if tags and tags != source.facts.tags else source.facts

    def edited_types(self, project: PlannedProject) -> Mapping[str, bytes]:
        """The file of the artifact types with the new ones behind those that are there, in its own form."""
        path = f"{self.settings.contracts}/{ARTIFACT_TYPES_FILE}"
        file = self.folder / path
        if path not in project.files or self.artifact_types is None:
            return {}
        wanted = json.loads(project.files[path])
        edited = _with_more_types(read_regular(file).decode(), self.artifact_types, wanted)
        return {} if edited is None else {path: edited.encode()}

    @contextmanager
    def staged(
        self, files: Mapping[str, bytes], project: PlannedProject
    ) -> Generator[tuple[Project, GeneratedPackage]]:
        """The project as it will be, in a temporary place, with its generated package."""
        with working_folder() as temporary:
            root = temporary.resolve()
            if self.contracts.is_dir():
                ignored = shutil.ignore_patterns("__pycache__", ".git")
                shutil.copytree(self.contracts, root / self.settings.contracts, ignore=ignored, symlinks=True)
            if self.settings.text:
                (root / SETTINGS_FILE).write_bytes((self.folder / SETTINGS_FILE).read_bytes())
            publish_files(root, files)
            try:
                contracts, output = root / self.settings.contracts, root / self.settings.output
                registry = read_contracts(contracts, shown_root=self.settings.contracts)
                options = GenerationOptions(self.settings.package, contracts_path(output, contracts))
                package = plan(registry, options)
                publish_package(output, package)
                yield read_project(root), package
            except FindingsError as error:
                # What is wrong with a contract that is not written is wrong with what it was made of.
                imported = [(item.pipeline, next(iter(item.definitions.values()))) for item in project.pipelines]
                placed = at_definitions(_relative(error.findings, root), imported, self.settings.contracts)
                raise FindingsError(placed) from None

    # The proof ------------------------------------------------------------------------------------------------------

    def proofs(
        self, staged: Project, project: PlannedProject, shared: SharedEnvironments, merged: Merged
    ) -> tuple[Mapping[tuple[str, str], Proof], Mapping[tuple[str, str], str]]:
        """The proofs by pipeline and environment; and contracts that were used again and give something else, with why.

        FindingsError where something differs and no contract was used again that could be the reason.
        """
        found: dict[tuple[str, str], Proof] = {}
        doubtful: dict[tuple[str, str], str] = {}
        findings: list[Finding] = []
        for planned in project.pipelines:
            name = planned.pipeline.name
            imported = next(item for item in shared.pipelines if item.name == name)
            reuse = _Reuse(
                {step.name: step.contract for step in contract_steps(imported)},
                frozenset(item.imported for item in merged.reused if item.pipeline == name),
            )
            blamed: dict[str, str] = {}
            for environment, definition in planned.definitions.items():
                try:
                    proof = prove(staged, name, environment, definition)
                except FindingsError as error:
                    blamed |= reuse.refused(error)
                    module = (staged.root / planned.module).read_text(encoding="utf-8")
                    findings += at_steps(error.findings, definition, module, imported)
                    continue
                found[name, environment] = proof
                blamed = {**reuse.differing(proof, definition), **blamed}
                shown = self.shown(name, environment, shared)
                findings += [replace(item, place=replace(item.place, file=shown)) for item in proof.findings]
            doubtful |= {(name, contract): why for contract, why in blamed.items()}
        if findings and not doubtful:
            raise FindingsError(findings)
        return found, doubtful

    def shown(self, pipeline: str, environment: str, shared: SharedEnvironments) -> str:
        """Where the definition of a pipeline came from; ``environment`` is its name in the project."""
        return next(
            item.shown
            for item in self.sources
            if item.pipeline == pipeline and shared.names[pipeline, item.environment] == environment
        )

    def report(
        self,
        staged: Project,
        planned: PlannedPipeline,
        proved: Mapping[tuple[str, str], Proof],
        shared: SharedEnvironments,
        merged: Merged,
        code: Mapping[str, tuple[CodeLocation, ...]],
    ) -> ImportReport:
        name = planned.pipeline.name
        proofs: list[EnvironmentProof] = []
        for environment in planned.definitions:
            proof = proved[name, environment]
            shown = self.shown(name, environment, shared)
            moved = tuple(item.pointer for item in proof.moved)
            proofs.append(EnvironmentProof(environment, shown, proof.counts, moved))
        return ImportReport(
            planned,
            tuple(proofs),
            _lint(staged, planned),
            tuple(item for item in merged.reused if item.pipeline == name),
            tuple(item for item in merged.refused if item.pipeline == name),
            tuple(item for item in shared.own if item.pipeline == name),
            code.get(name, ()),
            self.settings.contracts,
            {
                environment: own.names
                for environment in planned.definitions
                if (own := shared.for_pipelines.get((environment, name))) is not None
            },
        )

    def records(
        self,
        project: PlannedProject,
        proved: Mapping[tuple[str, str], Proof],
        shared: SharedEnvironments,
        code: SourceFolders,
    ) -> Mapping[str, bytes]:
        """What is known of the code that lies in the project now, for each pipeline that has any."""
        found: dict[str, bytes] = {}
        for planned in project.pipelines:
            name = planned.pipeline.name
            equal = {(shared.names[name, own], pointer) for own, pointer in code.equal.get(name, ())}
            items = [
                ImportedCode(
                    location_text(moved.location) or "",
                    moved.asset.digest,
                    f"{self.settings.contracts}/{moved.asset.source}",
                    (environment, moved.pointer) in equal,
                )
                for environment in planned.definitions
                for moved in proved[name, environment].moved
            ]
            if items:
                found[record_path(name)] = record_text(items).encode()
        return found

    def is_imported(self, planned: PlannedPipeline, files: Mapping[str, bytes]) -> bool:
        """Whether a pipeline is there already as it would be written: its report tells more than a new one could."""
        own = [path for path in planned.paths if path != planned.report]
        return (self.folder / planned.report).is_file() and all(
            (self.folder / path).is_file() and (self.folder / path).read_bytes() == files[path] for path in own
        )

    # What is there --------------------------------------------------------------------------------------------------

    def refuse_overwriting(
        self, files: Mapping[str, bytes], project: PlannedProject, package: GeneratedPackage
    ) -> None:
        """SMG123 for each file that is there with another content, but for those that an import may replace."""
        # Only what an import wrote can an import replace.
        imported = [item for item in project.pipelines if any((self.folder / path).exists() for path in item.marks)]
        replaceable = {path: item for item in imported for path in (*item.paths, record_path(item.pipeline.name))}
        incomplete = {
            item.pipeline.name: finding for item in imported if (finding := self.incomplete(item, files)) is not None
        }
        # What is missing of a pipeline is told, and not that the rest of it is there.
        untold = {path for path, item in replaceable.items() if item.pipeline.name in incomplete}
        untold |= {SETTINGS_FILE, f"{self.settings.contracts}/{ARTIFACT_TYPES_FILE}"}
        findings = [
            Finding(
                "SMG123",
                "'smgen import' would overwrite what is here",
                Place(file=shown_path(self.folder / path)),
                fix="give --force to import the pipeline again" if path in replaceable else "move the file away",
            )
            for path in sorted(files.keys() - untold)
            if (self.folder / path).is_file() and not self.may_replace(path, files[path], own=path in replaceable)
        ]
        findings += incomplete.values()
        findings += self.other_pipelines(project, imported)
        findings += foreign_files(self.folder / self.settings.output, package)
        if findings:
            raise FindingsError(findings)

    def incomplete(self, planned: PlannedPipeline, files: Mapping[str, bytes]) -> Finding | None:
        """SMG135 for a pipeline that would be written anew from the definitions of some of its environments only."""
        known = self.settings.pipelines.get(planned.pipeline.name)
        there = self.folder / planned.module
        if known is None or known.environments is None or not there.is_file():
            return None
        missing = [name for name in known.environments if name not in planned.definitions]
        if not missing or read_regular(there) == files[planned.module]:
            return None
        given = " ".join(f"--env {name}=…" for name in (*planned.definitions, *missing))
        return Finding(
            "SMG135",
            f"'{planned.pipeline.name}' goes to {', '.join(missing)} too, "
            "and would no longer compile to what it was imported from there",
            Place(file=SETTINGS_FILE),
            given=", ".join(planned.definitions),
            expected=", ".join(known.environments),
            fix=f"give the definitions of all together: smgen import {given} --name {planned.pipeline.name}",
        )

    def other_pipelines(self, project: PlannedProject, imported: Collection[PlannedPipeline]) -> Iterator[Finding]:
        """SMG130 for pipelines of the project that have a name of imported ones, and were not ``imported`` before."""
        for planned in project.pipelines:
            name, entry = planned.pipeline.name, f"{planned.module}:{planned.function}"
            known = self.settings.pipelines.get(name)
            if known is not None and (planned not in imported or known.entry != entry):
                yield Finding(
                    "SMG130",
                    f"the project has another pipeline '{name}'",
                    Place(file=SETTINGS_FILE),
                    given=known.entry,
                    expected="a name that no pipeline of the project has",
                    fix="import it under another name, with --name",
                )

    def may_replace(self, path: str, content: bytes, *, own: bool) -> bool:
        """Whether nothing of anybody's is lost by writing a file: what is there is equal, a report, or given up."""
        there = read_regular(self.folder / path)
        is_report = own and path.endswith(".md") and there.startswith(REPORT_MARK.encode())
        return there == content or is_report or (own and self.options.force)


@dataclass(frozen=True)
class _Reuse:
    """The contract of each step of a pipeline, and which of them are contracts that were there and are used again."""

    contracts: Mapping[str, str]
    reused: frozenset[str]

    def refused(self, error: FindingsError) -> dict[str, str]:
        """The contracts used again that may be why a build is refused, each with that; all where no step is named."""
        named = {self.contracts.get(finding.place.step or "", "") for finding in error.findings} & self.reused
        return dict.fromkeys(named or self.reused, f"with it the pipeline is refused: {error.findings[0].message}")

    def differing(self, proof: Proof, definition: Definition) -> dict[str, str]:
        """The contracts used again of which a step differs from its definition, each with the first place of it."""
        found: dict[str, str] = {}
        for pointer in proof.differing:
            contract = self.contracts.get(step_at(definition, pointer) or "", "")
            if contract in self.reused:
                found.setdefault(contract, f"with it {pointer} is another value")
        return found


def _lint(staged: Project, planned: PlannedPipeline) -> tuple[Finding, ...]:
    """What lint finds in what a pipeline compiles to, at the lines of its module."""
    environments = {name: staged.environments[name] for name in planned.definitions}
    linter = Linter(replace(staged, environments=environments), read_check_settings(staged.root), None)
    linter.pipeline(replace(staged, environments=environments), planned.pipeline.name)
    return _relative(linter.report(None).subjects[0].findings, staged.root)


def _relative(findings: Iterable[Finding], root: Path) -> tuple[Finding, ...]:
    """Findings without the temporary place in their files."""
    prefix = f"{root.as_posix()}/"

    def place(at: Place | None) -> Place | None:
        return None if at is None or at.file is None else replace(at, file=at.file.replace(prefix, ""))

    return tuple(
        replace(
            finding.with_texts(lambda text: text.replace(prefix, "")),
            place=place(finding.place) or finding.place,
            given_at=place(finding.given_at) or finding.given_at,
            expected_at=place(finding.expected_at) or finding.expected_at,
        )
        for finding in findings
    )


def _settings_of(values: Mapping[str, object]) -> EnvironmentSettings:
    """What an import knows of the values of an environment, or of one pipeline in it."""
    settings: dict[str, str | tuple[str, ...]] = {}
    for key in (*ENVIRONMENT_TEXTS, *ENVIRONMENT_LISTS):
        value = values.get(key)
        if isinstance(value, str) and key in ENVIRONMENT_TEXTS:
            settings[key] = value
        elif isinstance(value, (list, tuple)) and value:
            # The items of a list of TOML may be anything.
            settings[key] = tuple(item for item in cast("Sequence[object]", value) if isinstance(item, str))
    tables: dict[str, dict[str, str | int | float | bool]] = {}
    for key in ENVIRONMENT_TABLES:
        table = as_table(values.get(key))
        if table:
            tables[key] = {name: item for name, item in table.items() if isinstance(item, (str, int, float, bool))}
    return EnvironmentSettings(settings, tables)


def _with_more_types(text: str, before: JsonObject, wanted: JsonObject) -> str | None:
    """The text with more types behind its last one; None where it is written in a way that this does not see."""
    known, types = object_at(before, "types"), object_at(wanted, "types")
    end = re.search(r"\s*\}\s*\}\s*\Z", text)
    if end is None:
        return None
    more = [
        f"    {json.dumps(name)}: {json.dumps(types[name], ensure_ascii=False)}" for name in types if name not in known
    ]
    comma = "," if known else ""
    edited = f"{text[: end.start()]}{comma}\n" + ",\n".join(more) + "\n  }\n}\n"
    try:
        return edited if parse_document(edited.encode(), ARTIFACT_TYPES_FILE).value == wanted else None
    except FindingsError:
        return None


# Again, from the copies ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CheckedImport:
    """One pipeline that was held against the copy of its definition; no proof where it does not compile."""

    pipeline: str
    environment: str
    copy: str
    findings: tuple[Finding, ...]
    proof: Proof | None


def check_imports(
    project: Project, copies: Mapping[tuple[str, str], Definition], folder: str
) -> tuple[CheckedImport, ...]:
    """Holds what the pipelines of a project compile to against the definitions that they were imported from.

    ``copies`` are those by pipeline and environment, ``folder`` is where they lie.
    """
    found: list[CheckedImport] = []
    for (pipeline, environment), definition in copies.items():
        copy = f"{folder}/{pipeline}.{environment}.json"
        try:
            proof = prove(project, pipeline, environment, definition)
        except FindingsError as error:
            found.append(CheckedImport(pipeline, environment, copy, error.findings, None))
        else:
            found.append(CheckedImport(pipeline, environment, copy, proof.findings, proof))
    return tuple(found)
