"""What was seen of a script and what was not, in words: for whoever asks why nothing was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from smgen.contract_model import StepContract
from smgen.diagnostics import counted, first_of
from smgen.source.command_lines import CommandLine
from smgen.source.script_facts import ScriptFacts, script_facts
from smgen.source.script_reports import WrittenObject
from smgen.source.script_sending import Sent

_MOST_NAMED = 12


def script_explanation(contract: StepContract, files: Mapping[str, bytes], root: Path) -> tuple[str, ...]:
    """Lines about the script of a contract: what was seen, and what was not; none for a contract without one."""
    if contract.source is None:
        return ()
    facts = script_facts(contract, files, root)
    if facts is None:
        return (f"{contract.name}: {contract.source.entry}", "  not seen  anything: the script is no Python file")
    lines = [f"{contract.name}: {facts.code.shown(facts.code.entry)}"]
    for seen, text in _lines(contract, facts):
        lines.append(f"  {'seen    ' if seen else 'not seen'}  {text}")
    return tuple(lines)


def _lines(contract: StepContract, facts: ScriptFacts) -> Iterator[tuple[bool, str]]:
    """What is said, each with whether it was seen."""
    if facts.code.entry not in facts.read.scripts:
        yield False, "anything: the script cannot be read"
        return
    yield from _of_image(facts)
    modules = {item.top or "." for found in facts.read.imports.values() for item in found if item.sure}
    packed = sum(path.endswith(".py") for path in facts.code.files)
    yield True, f"{len(facts.read.scripts)} of {packed} packed scripts, which import {_named(sorted(modules))}"
    if contract.step_kind.is_processing_job or contract.step_kind.is_training_job:
        yield from _of_arguments(facts.command_line, facts.sent)
    yield from _of_names(facts)
    used = sorted({use.path for paths in facts.paths for use in paths.used})
    yield True, f"folders and files below /opt/ml: {_named(used)}"
    yield from _of_reports(contract, facts)
    if contract.metrics:
        yield True, f"{counted(len(facts.lines), 'line')} that {'is' if len(facts.lines) == 1 else 'are'} printed"


def _of_image(facts: ScriptFacts) -> Iterator[tuple[bool, str]]:
    if facts.framework is None:
        yield False, "the image: no public one of AWS by default"
    else:
        python = "" if facts.python is None else f" and its Python {facts.python[0]}.{facts.python[1]}"
        yield True, f"the image, of {facts.framework}{python}"


def _of_names(facts: ScriptFacts) -> Iterator[tuple[bool, str]]:
    needed = sorted({item.name for item in facts.names if item.needed})
    others = sorted({item.name for item in facts.names} - set(needed))
    if facts.names:
        yield True, f"names without which it stops: {_named(needed)}; others that it looks up: {_named(others)}"


def _of_reports(contract: StepContract, facts: ScriptFacts) -> Iterator[tuple[bool, str]]:
    written: set[str] = set()
    for report in facts.reports:
        if report.content is not None:
            whole = "" if report.content.whole else ", and others"
            yield True, f"the report {report.path}: {_named(sorted(_keys(report.content)))}{whole}"
            written.add(report.path.rpartition("/")[2])
    files = [file.path for port in contract.output_ports.values() for file in port.output_spec.files]
    for path in files:
        if path.rpartition("/")[2] not in written:
            yield False, f"what is written into the report {path}"


def _of_arguments(line: CommandLine | None, sent: Sent) -> Iterator[tuple[bool, str]]:
    always = [option.flag for option in sent.options if option.always]
    sometimes = [option.flag for option in sent.options if not option.always]
    yield True, f"sent in every job: {_named(always)}; sent where a step sets it: {_named(sometimes)}"
    if not sent.whole:
        yield False, "all that is sent: a part of it is made when the pipeline is built"
    if line is None:
        yield False, "a command line: the script reads none with a library that is known here"
        return
    yield True, f"taken with {line.tool}: {_named(sorted(set(line.flags())))}"
    if not line.whole:
        yield False, "all that is taken: options are added by other code, or by names that are no constants"
    if not line.refuses:
        yield False, "that unknown arguments are refused"


def _keys(written: WrittenObject, before: str = "") -> Iterator[str]:
    for name, member in written.members.items():
        if member is None:
            yield before + name
        else:
            yield from _keys(member, f"{before}{name}.")


def _named(names: list[str]) -> str:
    return first_of(names, _MOST_NAMED) or "none"
