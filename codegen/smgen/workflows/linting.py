"""Lints definitions, pipelines of the project and deployed ones, with the project's policy and suppressions."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from smgen.checks import (
    CheckContext,
    CheckSettings,
    Home,
    Suppressed,
    Suppression,
    apply_suppressions,
    check_definition,
    read_suppressions_beside,
    unused_suppression,
)
from smgen.definition import Definition, Provenance
from smgen.diagnostics import Finding, FindingsError, Severity, nearest_name, sorted_findings
from smgen.documents import DEFINITION_LIMITS, file_name_findings, read_document, read_regular, shown_path
from smgen.runtime import (
    CompiledPipeline,
    Environment,
    PipelineSource,
    Project,
    compile_pipeline,
    undeclared_environment_parameters,
)
from smgen.source import check_source, function_lines, parameter_lines, statement_lines
from smgen.workflows.neighbour_packages import NeighbourPackages
from smgen.workflows.reading_definitions import definition_of, read_definition
from smgen.workflows.script_checks import ScriptChecks
from smgen.workflows.user_output import user_output

if TYPE_CHECKING:
    # For the annotation only: compiling lints, and talks to no service.
    from smgen.emit import DeployedPipeline

STDIN: Final = "-"
_WILDCARD: Final = re.compile(r"[*?\[]")
#: Every pipeline of an account.
EVERYTHING: Final = "*"


@dataclass(frozen=True, slots=True)
class Linted:
    """What was found in one definition or pipeline, called ``name`` in reports, and what was silenced there."""

    name: str
    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...] = ()

    def count(self, severity: Severity) -> int:
        """How many findings are of a severity."""
        return sum(finding.severity is severity for finding in self.findings)


@dataclass(frozen=True, slots=True)
class LintReport:
    """Everything that was linted, and ``general`` findings about settings and suppressions.

    ``nothing`` says why there is nothing among it, where that is so.
    """

    subjects: tuple[Linted, ...]
    general: tuple[Finding, ...] = ()
    nothing: str | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, each once."""
        return sorted_findings((*self.general, *(finding for linted in self.subjects for finding in linted.findings)))

    @property
    def suppressed(self) -> tuple[Suppressed, ...]:
        """All silenced findings, each once."""
        return tuple(dict.fromkeys(item for linted in self.subjects for item in linted.suppressed))


@dataclass(frozen=True, slots=True)
class _Source:
    """A module: what the source rules found in it, its text, and the lines of its functions and statements."""

    text: str = ""
    findings: tuple[Finding, ...] = ()
    functions: Mapping[str, range] = field(default_factory=dict[str, range])
    statements: tuple[range, ...] = ()


class Linter:
    """Lints one thing after another and keeps the account of the suppressions."""

    def __init__(
        self,
        project: Project | None,
        settings: CheckSettings,
        environment: str | None,
        *,
        locked: bool = False,
        keep: bool = False,
    ) -> None:
        """``project`` may be absent for what lies outside of one; without ``environment`` pipelines are linted for all
        that they go to.

        Without one, definitions that are read are held against the project's own policy. ``locked`` refuses AUTO ports
        that are not bound as smgen.lock says; ``keep`` keeps what was built in ``compiled``.
        """
        self._project = project
        self._settings = settings
        self._environment = environment
        self._locked = locked
        self._keep = keep
        #: What was built, by pipeline and environment, where it is kept.
        self.compiled: dict[tuple[str, str], CompiledPipeline] = {}
        #: Why the others could not be built: no suppression makes a pipeline of that.
        self.failed: dict[tuple[str, str], tuple[Finding, ...]] = {}
        #: The same as it is told: each once, and without what the rules over its source say already.
        self.unbuilt: tuple[Finding, ...] = ()
        self._subjects: list[Linted] = []
        self._general: list[Finding] = list(settings.findings)
        self._used: set[Suppression] = set()
        #: Pipelines of the project, and deployed ones, of which nothing was left out.
        self._complete: set[str] = set()
        self._deployed: set[str] = set()
        self._sources: dict[str, _Source] = {}
        #: The pipelines that could be built, and the parameters of all of them in their order.
        self._built: set[str] = set()
        self._declared: dict[str, None] = {}
        self._neighbours = NeighbourPackages(project)
        self._scripts = ScriptChecks()

    def file(self, path: Path) -> None:
        """Lints a definition file. Raises OSError where it cannot be read."""
        shown = shown_path(path)
        beside = read_suppressions_beside(path, shown)
        self._general += beside.findings
        names = (shown, path.name, path.stem)
        findings, readable = self._read_and_checked(
            lambda: read_definition(path, shown).definition, _provenance_beside(path)
        )
        used = self._add(shown, findings, names, (*beside.suppressions, *self._settings.suppressions))
        if readable:
            self._general += [unused_suppression(item) for item in beside.suppressions if item not in used]

    def stdin(self, data: bytes) -> None:
        """Lints a definition that was given on the input stream."""
        findings, _ = self._read_and_checked(lambda: definition_of(data, "<stdin>").definition, None)
        self._add("<stdin>", findings, ("<stdin>",), self._settings.suppressions)

    def deployed(self, pipeline: DeployedPipeline) -> None:
        """Lints a deployed pipeline."""
        findings = pipeline.findings
        if pipeline.definition is not None:
            findings = check_definition(pipeline.definition, self._context(None))
            self._deployed.add(pipeline.name)
        self._add(pipeline.name, findings, (pipeline.name,), self._settings.suppressions)

    def project(self, project: Project) -> None:
        """Lints every pipeline of a project, and what its environments say of parameters that none of them has.

        The latter only where all were built: one that was not may have them.
        """
        places = ((name, source.place) for name, source in project.pipelines.items())
        self._general += file_name_findings(places, "the name of a pipeline")
        for name in project.pipelines:
            if self._environment is None or self._environment in project.environments_of(name):
                self.pipeline(project, name)
        if self._built.issuperset(project.pipelines):
            only = project.environments
            if self._environment is not None:
                only = {self._environment: project.environment(self._environment)}
            self._general += undeclared_environment_parameters(replace(project, environments=only), self._declared)

    def pipeline(self, project: Project, name: str) -> None:
        """Lints a pipeline of the project: its source, and what it compiles to. Raises FindingsError (SMG210)."""
        source = project.pipeline(name)
        wrong = self._source_findings(project, source)
        own = project.environments_of(name)
        environments = own if self._environment is None else (self._environment,)
        found: dict[str, tuple[Finding, ...]] = {}
        unbuilt: dict[str, tuple[Finding, ...]] = {}
        for environment in environments or ["default"]:
            told, fine = self._compiled(project, source, environment, wrong)
            found[environment], unbuilt[environment] = (told, ()) if fine else ((), told)
        compiled = not any((name, environment) in self.failed for environment in found)
        failed = over_environments(unbuilt)
        self.unbuilt += failed
        findings = (*wrong, *over_environments(found), *failed)
        self._add(name, sorted_findings(findings), (name,), self._settings.suppressions)
        if compiled:
            self._built.add(name)
        if compiled and set(own) <= set(environments):
            self._complete.add(name)

    def report(self, deployed_pattern: str | None) -> LintReport:
        """The report; ``deployed_pattern`` says which deployed pipelines were asked for."""
        unused = [
            unused_suppression(item)
            for item in self._settings.suppressions
            if item not in self._used and self._could_match_only_linted(item, deployed_pattern)
        ]
        nothing = "pyproject.toml lists no pipeline in [tool.smgen.pipelines]"
        if deployed_pattern is not None:
            nothing = "the account has no pipeline in this region"
        return LintReport(
            tuple(self._subjects),
            sorted_findings((*self._general, *unused)),
            None if self._subjects else f"nothing was linted: {nothing}",
        )

    def _could_match_only_linted(self, suppression: Suppression, deployed_pattern: str | None) -> bool:
        """Whether everything that a suppression could be about was linted, so that nothing speaks for it."""
        own = [name for name in (self._project.pipelines if self._project else ()) if suppression.concerns([name])]
        if own:
            return self._complete.issuperset(own)
        if self._project and suppression.pipeline and nearest_name(suppression.pipeline, self._project.pipelines):
            # A slip in the name of a pipeline of the project: no deployed one is meant.
            return self._complete.issuperset(self._project.pipelines)
        if deployed_pattern is None:
            return False
        if suppression.pipeline is not None and not _WILDCARD.search(suppression.pipeline):
            return suppression.pipeline in self._deployed
        return deployed_pattern == EVERYTHING and bool(self._deployed)

    def _add(
        self, name: str, findings: Iterable[Finding], names: Sequence[str], suppressions: Iterable[Suppression]
    ) -> set[Suppression]:
        kept, silenced = apply_suppressions(findings, suppressions, names)
        self._subjects.append(Linted(name, kept, silenced))
        used = {item.suppression for item in silenced}
        self._used |= used
        return used

    def _read_and_checked(
        self, read: Callable[[], Definition], provenance: Provenance | None
    ) -> tuple[tuple[Finding, ...], bool]:
        """What is wrong with a definition, and whether it is one at all."""
        try:
            definition = read()
        except FindingsError as error:
            return error.findings, False
        return check_definition(definition, self._context(provenance)), True

    def _context(self, provenance: Provenance | None) -> CheckContext:
        """What is known of a definition that was read: the environment is the one that was asked for, if any."""
        policy = self._settings.policy_for(self._environment)
        if self._project is None or self._environment is None:
            return CheckContext(provenance, policy)
        return CheckContext(provenance, policy, _home(self._project.environment(self._environment)))

    def _source_findings(self, project: Project, source: PipelineSource) -> tuple[Finding, ...]:
        """What the source rules say about a pipeline's module, without what is inside of another pipeline's function.

        Nothing where the module cannot be read: compiling says so.
        """
        path = project.root / source.file
        others = {
            item.function
            for item in project.pipelines.values()
            if item.file == source.file and item.function != source.function
        }
        if source.file not in self._sources:
            try:
                text = read_regular(path).decode("utf-8-sig")
            except (OSError, UnicodeDecodeError):
                self._sources[source.file] = _Source()
            else:
                findings = check_source(text, shown_path(path), {source.function, *others})
                self._sources[source.file] = _Source(text, findings, function_lines(text), statement_lines(text))
        read = self._sources[source.file]
        foreign = [read.functions[name] for name in sorted(others) if name in read.functions]
        return tuple(item for item in read.findings if not any((item.place.line or 0) in here for here in foreign))

    def _compiled(
        self, project: Project, source: PipelineSource, environment: str, wrong: Sequence[Finding]
    ) -> tuple[tuple[Finding, ...], bool]:
        """What is wrong with a pipeline for one environment, and whether it could be built."""
        self._tell_problems(project, source.name, environment)
        try:
            # What a user's module prints is no part of the report.
            with user_output():
                compiled = compile_pipeline(project, source.name, environment, locked=self._locked, values="repaired")
        except FindingsError as error:
            self.failed[source.name, environment] = error.findings
            statements = self._sources[source.file].statements
            return tuple(item for item in error.findings if not _told_by_source(item, wrong, statements)), False
        _pass_over_what_is_built()
        if self._keep:
            self.compiled[source.name, environment] = compiled
        self._general += self._neighbours.stale_findings([compiled])
        self._declared.update(dict.fromkeys(item.name for item in compiled.definition.parameters))
        home = _home(project.environment(environment, source.name))
        policy = self._settings.policy_for(environment)
        context = CheckContext(compiled.provenance, policy, home, compiled.contracts)
        found = check_definition(compiled.definition, context)
        found += self._scripts.findings(compiled.contracts.values())
        module = shown_path(project.root / source.file)
        read = self._sources[source.file]
        declared = parameter_lines(read.text, read.functions.get(source.function, range(0)))
        lines = {item.pointer: declared.get(item.name) for item in compiled.definition.parameters}
        return tuple(_in_source(item, compiled.provenance, project.root, module, lines) for item in found), True

    def _tell_problems(self, project: Project, pipeline: str, environment: str) -> None:
        """Tells what is wrong with the values of an environment, once for all pipelines and steps."""
        try:
            problems = project.environment(environment, pipeline).problems
        except FindingsError:
            # Compiling says so.
            return
        self._general += [item for item in problems if item not in self._general]


@cache
def _pass_over_what_is_built() -> None:
    """Spares the collector what is there already, once: it would look through it again and again while lint works."""
    gc.freeze()


def _home(environment: Environment) -> Home:
    """Where a pipeline runs; values that cannot be right say nothing of it."""
    account = None if "account" in environment.repairs else environment.account
    region = None if "region" in environment.repairs else environment.region
    told = tuple(item.given for item in environment.problems if item.given is not None)
    return Home(account, region, environment.shared_accounts, told)


def _told_by_source(finding: Finding, wrong: Iterable[Finding], statements: Iterable[range]) -> bool:
    """Whether the source rules have told the same already, of the same statement, and with the fix written out."""
    if finding.rule == "SMG210" and any(item.rule == "SMG210" for item in wrong):
        return True
    # What is no mistake of smgen's objects, Python says in a TypeError.
    if finding.rule != "SMG208" and finding.about.exception != "TypeError":
        return False
    # An expression of several lines is told at its first, and raises at some line of it.
    told = {item.place.line for item in wrong if item.place.file == finding.place.file}
    return any(finding.place.line in lines and not told.isdisjoint(lines) for lines in statements)


def _in_source(
    finding: Finding, provenance: Provenance, root: Path, module: str, parameters: Mapping[str, int | None]
) -> Finding:
    """A finding in a compiled definition, which is no file, at the line that added its step or its parameter."""
    place = finding.place
    if place.file is not None:
        return finding
    step = provenance.step(place.step) if place.step is not None else None
    if step is None or step.file is None:
        owner = "/".join((place.pointer or "").split("/")[:3])
        return replace(finding, place=replace(place, file=module, line=parameters.get(owner)))
    return replace(finding, place=replace(place, file=shown_path(root / step.file), line=step.line))


def over_environments(found: Mapping[str, Sequence[Finding]]) -> tuple[Finding, ...]:
    """Each finding once, also where it differs in the environments' values; one that is not the same in all says so."""
    same: dict[Finding, list[str]] = {}
    for environment, findings in found.items():
        for finding in dict.fromkeys(findings):
            same.setdefault(finding, []).append(environment)
    alike: dict[Finding, list[dict[str, Finding]]] = {}
    for finding, environments in same.items():
        groups = alike.setdefault(finding.bare(finding.place), [])
        group = next((other for other in groups if other.keys().isdisjoint(environments)), None)
        if group is None:
            groups.append(group := {})
        group.update(dict.fromkeys(environments, finding))
    return tuple(_merged(group, len(found)) for groups in alike.values() for group in groups)


def _merged(group: Mapping[str, Finding], environments: int) -> Finding:
    """One finding for what is found in some of so many environments."""
    first, *others = group.values()
    if all(finding == first for finding in others) and (len(group) == environments or first.about.environment):
        return first
    return replace(
        first,
        message=f"{first.message} (for {' and '.join(group)})",
        given=_one_text({name: finding.given for name, finding in group.items()}),
        expected=_one_text({name: finding.expected for name, finding in group.items()}),
        nearest=_one_text({name: finding.nearest for name, finding in group.items()}),
        fix=_one_text({name: finding.fix for name, finding in group.items()}),
    )


def _one_text(texts: Mapping[str, str | None]) -> str | None:
    """The texts of several environments as one."""
    text, *others = texts.values()
    if all(other == text for other in others):
        return text
    return ", ".join(f"{text} ({name})" for name, text in texts.items() if text)


def _provenance_beside(path: Path) -> Provenance | None:
    """The provenance that ``smgen compile`` wrote beside its definition; None where there is none to be read."""
    beside = path.with_name("provenance.json")
    if path.name != "definition.json" or not beside.is_file():
        return None
    try:
        return Provenance.from_json(read_document(beside, DEFINITION_LIMITS).value)
    except (FindingsError, OSError):
        return None
