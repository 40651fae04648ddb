"""The rules over a contract's script: what the contract packs and sends, held against what the script takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from smgen.contracts import StepContract
from smgen.diagnostics import Finding, sorted_findings
from smgen.source.argument_checks import argument_findings
from smgen.source.environment_checks import environment_findings
from smgen.source.metric_checks import metric_findings
from smgen.source.path_checks import path_findings
from smgen.source.report_checks import report_findings
from smgen.source.script_facts import ScriptFacts, script_facts
from smgen.source.script_modules import ModulesAround, module_findings


def script_findings(contract: StepContract, files: Mapping[str, bytes], root: Path) -> tuple[Finding, ...]:
    """Everything that is wrong between a contract and its script, in reading order; nothing for one without a script.

    ``files`` are those of its source by their paths in the archive, ``root`` is the folder of the contracts. What
    cannot be known of a script is left alone. Nothing of it is run or imported, whatever its text.
    """
    facts = script_facts(contract, files, root)
    if facts is None:
        return ()
    return sorted_findings((*facts.read.findings, *_findings(contract, facts)))


def _findings(contract: StepContract, facts: ScriptFacts) -> Iterator[Finding]:
    if contract.source is None or facts.code.entry not in facts.read.scripts:
        return
    yield from module_findings(facts.code, facts.read, ModulesAround(contract, contract.source, facts.framework))
    if facts.command_line is not None:
        yield from argument_findings(contract, facts.sent, facts.command_line)
    yield from environment_findings(contract, facts.sent, facts.names, known_image=facts.framework is not None)
    for paths in facts.paths:
        yield from path_findings(contract, facts.sent, paths)
    yield from report_findings(contract, facts.reports)
    imported = {item.top for found in facts.read.imports.values() for item in found}
    yield from metric_findings(contract, facts.lines, imported)
