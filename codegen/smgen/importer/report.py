"""The report of an imported pipeline as Markdown: what became of it, and what a person should look at."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from smgen.definition import IMPORTED, Definition
from smgen.diagnostics import RULES, Finding, Place, bounded, visible
from smgen.documents import JsonObject, JsonValue, children, is_container, object_at, walk
from smgen.importer.environments import OwnEnvironment
from smgen.importer.imported_pipeline import Authored, EnvironmentReference, EnvironmentText, Guess, ImportedPipeline
from smgen.importer.merging import NoReuse, Reuse
from smgen.importer.module import hidden_edge_edits
from smgen.importer.project_files import PlannedPipeline
from smgen.importer.source_folders import CodeLocation
from smgen.importer.type_guesses import type_guesses
from smgen.importer.walking import contract_steps

_HIDDEN_EDGE: Final = "SMG311"
_UNREAD_PARAMETER: Final = "SMG302"
_LONGEST: Final = 300
#: Signs that mean something in Markdown.
_MARKUP: Final = re.compile(r"([\\`*<\[|])")
_MOVED: Final = "code in the project"
#: The first line of a report, by which an import knows that it may write another one in its place.
REPORT_MARK: Final = "<!-- Written by smgen import. -->"


@dataclass(frozen=True, slots=True)
class EnvironmentProof:
    """That the pipeline compiles to its definition for an environment; ``counts`` are what normalisations forgave.

    ``moved`` are the places where code that lies in the project now stands instead of its former location.
    """

    environment: str
    source: str
    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    moved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContractCount:
    """What one contract of an imported pipeline has; ``raw`` are the values of the definition that it holds itself."""

    name: str
    kind: str
    steps: int
    ports: int
    outputs: int
    settings: int
    raw: int
    fallbacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Everything that is said of one imported pipeline.

    ``findings`` are those of lint over what the pipeline compiles to, at the lines of its module; ``folder`` is that of
    the contracts.
    """

    planned: PlannedPipeline
    proofs: tuple[EnvironmentProof, ...]
    findings: tuple[Finding, ...]
    reused: tuple[Reuse, ...] = ()
    refused: tuple[NoReuse, ...] = ()
    own_environments: tuple[OwnEnvironment, ...] = ()
    code: tuple[CodeLocation, ...] = ()
    folder: str = "contract_specs"
    #: What the environments of the project say for this pipeline alone, by environment.
    own_values: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, "tuple[str, ...]"])

    @property
    def pipeline(self) -> ImportedPipeline:
        """The pipeline as it was written."""
        return self.planned.pipeline

    @property
    def contracts(self) -> tuple[ContractCount, ...]:
        """The contracts in the order in which steps use them."""
        uses = Counter(step.contract for step in contract_steps(self.pipeline))
        return tuple(_counted(name, document, uses[name]) for name, document in self.pipeline.contracts.items())

    @property
    def guesses(self) -> tuple[Guess, ...]:
        """What was inferred, and what could not be known of the types in the contracts that the pipeline brought."""
        others = {item.contract for item in self.reused}
        own = [name for name in self.pipeline.contracts if name not in others]
        return (*self.pipeline.guesses, *type_guesses(self.pipeline, own, self.folder))

    @property
    def hidden_edges(self) -> tuple[Finding, ...]:
        """Steps that meet in Amazon S3 without a reference."""
        return tuple(item for item in self.findings if item.rule == _HIDDEN_EDGE)

    @property
    def unread_parameters(self) -> tuple[Finding, ...]:
        """Parameters that nothing reads."""
        return tuple(item for item in self.findings if item.rule == _UNREAD_PARAMETER)

    @property
    def fixed_locations(self) -> tuple[tuple[str, str, str], ...]:
        """Step, port and location of what is read from the same place in every execution."""
        return tuple(
            (step.name, port, text)
            for step in contract_steps(self.pipeline)
            for port, bound in step.ports.items()
            for value in bound
            if (text := _fixed(value)) is not None
        )

    @property
    def functions(self) -> tuple[tuple[str, str], ...]:
        """The Lambda steps, each with its function, which the SDK may have made while it deployed the pipeline."""
        found: dict[str, str] = {}
        for definition in self.planned.definitions.values():
            for step in definition.all_steps():
                function = step.fields.get("FunctionArn")
                if isinstance(function, str):
                    found.setdefault(step.name, function)
        return tuple(found.items())


def report_markdown(report: ImportReport) -> str:
    """The whole report, with a line feed at its end."""
    return "\n".join(_lines(report)).rstrip() + "\n"


def report_text(report: ImportReport, *, brief: bool = False) -> str:
    """The report in a few lines for a terminal, or with ``brief`` in one."""
    lines = list(_short(report))
    return "".join(f"{line}\n" for line in (lines[:1] if brief else lines))


def report_json(report: ImportReport) -> JsonObject:
    """The report's numbers and lists as JSON."""
    return {
        "pipeline": report.pipeline.name,
        "module": report.planned.module,
        "report": report.planned.report,
        "steps": len(_steps(report)),
        "environments": [
            {
                "name": proof.environment,
                "source": proof.source,
                "normalisations": {**proof.counts},
                "code_in_the_project": list(proof.moved),
                "own_values": list(report.own_values.get(proof.environment, ())),
            }
            for proof in report.proofs
        ],
        "contracts": [
            {
                "name": item.name,
                "kind": item.kind,
                "new": item.name not in {reuse.contract for reuse in report.reused if not reuse.is_new},
                "steps": item.steps,
                "ports": item.ports,
                "outputs": item.outputs,
                "settings": item.settings,
                "raw_leaves": item.raw,
                "fallbacks": list(item.fallbacks),
            }
            for item in report.contracts
        ],
        "raw_parts": [{"pointer": pointer, "words": why} for pointer, why in report.pipeline.raw_parts.items()],
        "guesses": [
            {"subject": guess.subject, "words": guess.words, "file": guess.file or None, "lines": list(guess.lines)}
            for guess in report.guesses
        ],
        "fixed_locations": [
            {"step": step, "port": port, "location": text} for step, port, text in report.fixed_locations
        ],
        "code": [
            {
                "location": item.location,
                "steps": list(item.steps),
                "path": item.path,
                "candidates": list(item.candidates),
            }
            for item in report.code
        ],
        "functions": [{"step": step, "function": function} for step, function in report.functions],
        "not_reused": [
            {"contract": item.contract, "nearest": item.nearest, "reason": item.reason} for item in report.refused
        ],
    }


# Text ---------------------------------------------------------------------------------------------------------------


def _short(report: ImportReport) -> Iterator[str]:
    contracts = report.contracts
    used = {is_new: {item.contract for item in report.reused if item.is_new is is_new} for is_new in (False, True)}
    known = [f"{len(used[is_new])} {word}" for is_new, word in _REUSED if used[is_new]]
    there = f" ({', '.join(known)})" if known else ""
    counts = [
        _n(len(_steps(report)), "step"),
        f"{_n(len(contracts), 'contract')}{there}",
        _n(sum(item.ports for item in contracts), "port"),
        _n(sum(item.settings for item in contracts), "setting"),
        _n(sum(item.raw for item in contracts), "raw leaf", "raw leaves"),
    ]
    yield f"{report.pipeline.name}: {', '.join(counts)}."
    for proof in report.proofs:
        yield f"  {proof.environment}: compiles to {visible(proof.source)}{_forgiven(proof)}."
    for own in report.own_environments:
        others = "other" if own.because[0].endswith("s") else "another"
        yield f"  {own.wanted} became {own.name}, for {others} {', '.join(own.because)}."
    yield from _alone(report)
    for count, noun, more in (
        (len(report.hidden_edges), "hidden edge", ""),
        (len(report.unread_parameters), "unread parameter", ""),
        (len(report.fixed_locations), "fixed location", ""),
        (len(report.guesses), "guess", "guesses"),
        (len(report.pipeline.raw_parts) + sum(len(item.fallbacks) for item in contracts), "raw part", ""),
        (sum(item.path is None for item in report.code), "code location in S3 only", "code locations in S3 only"),
        (len(report.functions), "Lambda function", ""),
    ):
        if count:
            yield f"  {_n(count, noun, more or None)}"
    yield f"  {report.planned.module}; the whole report: {report.planned.report}"


#: What is said of contracts that were not written for the pipeline, by whether the import brought them.
_REUSED: Final = ((False, "there already"), (True, "shared"))


def _alone(report: ImportReport) -> Iterator[str]:
    """What environments say for the pipeline alone, those together that say the same settings."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for environment, names in report.own_values.items():
        alike.setdefault(tuple(dict.fromkeys(name.partition(".")[0] for name in names)), []).append(environment)
    for names, environments in alike.items():
        yield f"  for it alone, in {' and '.join(environments)}: {', '.join(names)}."


# Markdown -----------------------------------------------------------------------------------------------------------


def _lines(report: ImportReport) -> Iterator[str]:
    planned = report.planned
    yield REPORT_MARK
    yield ""
    yield f"# {_plain(report.pipeline.name)}"
    yield ""
    # A kind may be any text of the definition.
    kinds = Counter(_plain(step.type) for step in _steps(report))
    yield (
        f"Imported into {_code(planned.module)}. {_n(len(_steps(report)), 'step')}:"
        f" {', '.join(f'{count} {kind}' for kind, count in kinds.items())}."
    )
    yield from _section("Round trip", _proof_lines(report))
    yield from _section("Contracts", _contract_lines(report))
    yield from _section("Hidden edges", _edge_lines(report))
    yield from _section("Parameters that nothing reads", _finding_lines(report.unread_parameters, _UNREAD))
    yield from _section("Fixed locations", _fixed_lines(report))
    yield from _section("Code", _code_lines(report))
    yield from _section("Not in the definition", _function_lines(report))
    yield from _section("Guesses", _guess_lines(report))
    yield from _section("Raw parts", _fallback_lines(report))
    rest = [item for item in report.findings if item.rule not in (_HIDDEN_EDGE, _UNREAD_PARAMETER)]
    yield from _section("What lint says besides", _rest_lines(rest))


_HIDDEN_EDGES: Final = (
    "These steps read what another step writes, and nothing in the definition says so. They are kept as they were. With"
    " the edits below each becomes an edge, and the definition changes."
)
_UNREAD: Final = "They are declared as before, so that whoever starts the pipeline with them still can."


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield from ("", f"## {title}", "", *found)


def _proof_lines(report: ImportReport) -> Iterator[str]:
    used = [item for item in IMPORTED if any(proof.counts.get(item.id) for proof in report.proofs)]
    moved = any(proof.moved for proof in report.proofs)
    columns = [*(item.id for item in used), *([_MOVED] if moved else [])]
    counted = " What normalisations forgave is counted:" if columns else ""
    yield f"The module compiles to the definition that it was imported from.{counted}"
    yield ""
    yield f"| {' | '.join(['environment', 'definition', *columns])} |"
    yield f"|---|---|{'---|' * len(columns)}"
    for proof in report.proofs:
        counts = [proof.counts.get(item.id, 0) for item in used] + ([len(proof.moved)] if moved else [])
        cells = [_code(proof.environment), _code(proof.source), *(str(count) for count in counts)]
        yield f"| {' | '.join(cells)} |"
    if columns:
        yield ""
    for item in used:
        yield f"- **{item.id}** {item.reason}"
    if moved:
        yield f"- **{_MOVED}** The code is packed from a folder of the project, so its location is another one."
    yield from _environment_lines(report)


def _environment_lines(report: ImportReport) -> Iterator[str]:
    for own in report.own_environments:
        yield ""
        yield (
            f"The environment {_code(own.wanted)} of the project has another {', '.join(map(_code, own.because))}, so"
            f" this pipeline goes to {_code(own.name)}."
        )
    for environment, names in report.own_values.items():
        yield ""
        where = f"[tool.smgen.environments.{environment}.pipelines.{report.pipeline.name}]"
        yield (
            f"In {_code(environment)} this pipeline has values of its own, which stand in pyproject.toml under"
            f" {_code(where)}: {_listed(names)}."
        )


def _contract_lines(report: ImportReport) -> Iterator[str]:
    contracts = report.contracts
    there = {item.contract: "shared" if item.is_new else "was there" for item in report.reused}
    yield "| contract | kind | | steps | ports | outputs | settings | raw leaves |"
    yield "|---|---|---|---|---|---|---|---|"
    for item in contracts:
        state = there.get(item.name, "new")
        cells = " | ".join(str(n) for n in (item.steps, item.ports, item.outputs, item.settings, item.raw))
        yield f"| {_code(item.name)} | {item.kind} | {state} | {cells} |"
    numbers = [(item.steps, item.ports, item.outputs, item.settings, item.raw) for item in contracts]
    if len(numbers) > 1:
        totals = " | ".join(f"**{sum(column)}**" for column in zip(*numbers, strict=True))
        yield f"| **{_n(len(contracts), 'contract')}** | | | {totals} |"
    yield ""
    yield "Raw leaves are values of the definition that the contract holds itself."
    for refused in report.refused:
        yield ""
        reason = _plain(refused.reason)
        yield f"{_code(refused.contract)} is new, because {_code(refused.nearest)} does not fit: {reason}."


def _finding_lines(findings: Sequence[Finding], about: str) -> Iterator[str]:
    if findings:
        yield about
        yield ""
    for finding in findings:
        yield f"- {_at(finding.place)}{_plain(finding.message)}"
        if finding.given is not None and finding.rule == _HIDDEN_EDGE:
            yield f"  - location: {_code(finding.given)}"
        if finding.fix:
            yield f"  - {_plain(finding.fix)}"


def _edge_lines(report: ImportReport) -> Iterator[str]:
    yield from _finding_lines(report.hidden_edges, _HIDDEN_EDGES)
    edits = hidden_edge_edits(report.pipeline, report.planned.function)
    if edits:
        yield ""
        yield f"The edits in {_code(report.planned.module)}:"
        yield ""
    for edge, before, after in edits:
        yield f"- in {_code(edge.step)}, {_code(before)} becomes {_code(after)}"


def _fixed_lines(report: ImportReport) -> Iterator[str]:
    if report.fixed_locations:
        yield "Every execution reads these from the same place. Where the data change, a parameter or a step says more."
        yield ""
        yield "| step | port | location |"
        yield "|---|---|---|"
    for step, port, text in report.fixed_locations:
        yield f"| {_code(step)} | {_code(port)} | {_code(text)} |"


def _code_lines(report: ImportReport) -> Iterator[str]:
    matched = [item for item in report.code if item.path is not None]
    left = [item for item in report.code if item.path is None]
    if matched:
        yield "An edit of these files reaches the job with the next deployment:"
        yield ""
        for item in matched:
            was = f"it was {_code(item.location)}{_plain(item.note)}"
            yield f"- {_code(item.path or '')}, for {_listed(item.steps)}; {was}"
        yield from _lost_cache_lines(report, {step for item in matched for step in item.steps})
    if left:
        if matched:
            yield ""
        yield (
            "This code stays where it is in Amazon S3, and an edit in the repository does not reach it. `smgen import"
            " --source-root DIR` looks for it in a folder:"
        )
        yield ""
    for item in left:
        among = f"; it could be {_listed(item.candidates, 'or')}" if item.candidates else ""
        yield f"- {_code(item.location)}, for {_listed(item.steps)}{among}{_plain(item.note)}"


def _lost_cache_lines(report: ImportReport, moved: Collection[str]) -> Iterator[str]:
    """The steps whose results a cache does not find any more, since their code has ``moved``."""
    cached = [step.name for step in contract_steps(report.pipeline) if step.cache and step.name in moved]
    if cached:
        words = "With it their locations are others, and a cache knows a step by these: the next execution runs"
        yield from ("", f"{words} {_listed(cached)} again, once.")


def _function_lines(report: ImportReport) -> Iterator[str]:
    if report.functions:
        yield (
            "The SDK makes or updates Lambda functions while it deploys a pipeline (`Lambda(script=…)`). smgen does"
            " not: if one of these was made so, deploy it with the tool that deploys your other functions."
        )
        yield ""
    for step, function in report.functions:
        yield f"- {_code(function)}, called by {_code(step)}"


def _guess_lines(report: ImportReport) -> Iterator[str]:
    if report.guesses:
        yield (
            "The definition does not say these. Nothing depends on them but names and types; change what is wrong. A"
            " type is as wide as AWS's own; where more is known, the line below it narrows it, with `smgen generate`."
        )
        yield ""
    for guess in report.guesses:
        yield f"- {_code(guess.subject)}: {_plain(guess.words)}"
        for line in guess.lines:
            yield f"  - in {_code(guess.file)}: {_code(line)}"


def _fallback_lines(report: ImportReport) -> Iterator[str]:
    rows = [(item, part) for item in report.contracts for part in item.fallbacks]
    if rows or report.pipeline.raw_parts:
        yield "These parts are kept as they were, without a type:"
        yield ""
    for pointer, why in report.pipeline.raw_parts.items():
        yield f"- {_code(pointer)}: {_plain(why)}"
    for item, part in rows:
        yield f"- {_code(item.name)}: {_plain(part)}"


def _rest_lines(findings: Sequence[Finding]) -> Iterator[str]:
    counts = Counter(finding.rule for finding in findings)
    for number, rule in enumerate(sorted(counts)):
        if number:
            yield ""
        yield f"**{rule} {RULES[rule].name}** ({RULES[rule].severity.value}): {_plain(RULES[rule].summary)}"
        yield ""
        for finding in findings:
            if finding.rule == rule:
                yield f"- {_at(finding.place)}{_plain(finding.message)}"
                if finding.fix:
                    yield f"  - fix: {_plain(finding.fix)}"


# Numbers ------------------------------------------------------------------------------------------------------------


def _steps(report: ImportReport) -> tuple[_ReportedStep, ...]:
    definition: Definition | None = next(iter(report.planned.definitions.values()), None)
    return () if definition is None else tuple(_ReportedStep(step.name, step.type) for step in definition.all_steps())


@dataclass(frozen=True, slots=True)
class _ReportedStep:
    name: str
    type: str


def _counted(name: str, document: JsonObject, steps: int) -> ContractCount:
    kind = str(document.get("kind"))
    unknown = [f"its kind, {kind}, is one that smgen does not know"] if document.get("raw") is True else []
    raw, literals = _own_values(document)
    ports, outputs, settings = (len(object_at(document, key)) for key in ("inputs", "outputs", "settings"))
    settings += sum(len(object_at(document, key, "properties")) for key in ("hyperparameters", "environment"))
    return ContractCount(name, kind, steps, ports, outputs, settings, raw, (*unknown, *literals))


def _own_values(document: JsonObject) -> tuple[int, list[str]]:
    """How many values of the definition a contract holds itself, and what it holds as a literal."""
    raw = 0
    literals: list[str] = []
    todo: list[tuple[str, JsonValue]] = [(key, document.get(key)) for key in ("step_fields", "request")]
    while todo:
        at, value = todo.pop()
        members = object_at(value)
        if "$literal" in members:
            literals.append(f"{at} is a literal")
            raw += sum(not is_container(item) for _, item in walk(members["$literal"]))
        elif any(key.startswith("$") for key in members):
            todo.extend((at, item) for key, item in members.items() if key in _HOLDERS)
        else:
            inside = [(f".{part}" if isinstance(part, str) else f"[{part}]", item) for part, item in children(value)]
            todo.extend((f"{at}{part}", item) for part, item in reversed(inside))
            raw += not is_container(value) and value is not None
    return raw, literals


#: The members of holes that hold values of the request.
_HOLDERS: Final = ("$join", "$json", "$merge", "value", "items", "item")


def _fixed(value: Authored) -> str | None:
    """A location that is the same in every execution; None for anything that a run or a parameter decides."""
    if isinstance(value, str):
        return value
    if isinstance(value, EnvironmentReference):
        return f"{{{value.kind}{f' {value.name}' if value.name else ''}}}"
    if isinstance(value, EnvironmentText):
        return "".join(part if isinstance(part, str) else _fixed(part) or "" for part in value.parts)
    return None


# Words --------------------------------------------------------------------------------------------------------------


def _forgiven(proof: EnvironmentProof) -> str:
    counts = [f"{name} {count} times" if count > 1 else f"{name} once" for name, count in proof.counts.items() if count]
    if proof.moved:
        counts.append(f"{len(proof.moved)} of its code in the project now")
    return f" ({', '.join(counts)})" if counts else ""


def _n(count: int, noun: str, plural: str | None = None) -> str:
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def _listed(names: Sequence[str], word: str = "and") -> str:
    codes = [_code(name) for name in names]
    return codes[0] if len(codes) == 1 else f"{', '.join(codes[:-1])} {word} {codes[-1]}" if codes else "no step"


def _at(place: Place) -> str:
    if place.file is None:
        return ""
    line = f":{place.line}" if place.line is not None else ""
    return f"{_code(f'{place.file}{line}')}: "


def _code(text: str) -> str:
    """Text as code, whatever signs are in it; safe in a table."""
    shown = visible(bounded(text, _LONGEST)).replace("|", "\\|")
    if "`" in shown:
        return f"``` {shown} ```"
    return f"`{shown}`"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return _MARKUP.sub(r"\\\1", visible(bounded(text, _LONGEST * 4)))
