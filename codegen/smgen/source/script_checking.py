"""The rules over a contract's script: what the contract packs and sends, held against what the script takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from smgen.contract_model import StepContract
from smgen.diagnostics import Finding, sorted_findings
from smgen.source.argument_checks import argument_findings
from smgen.source.output_checks import output_findings
from smgen.source.path_checks import path_findings
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
    if any(item.needed for item in facts.names):
        from smgen.source.environment_checks import environment_findings

        yield from environment_findings(contract, facts.sent, facts.names, known_image=facts.framework is not None)
    lost = [item for paths in facts.paths for item in path_findings(contract, facts.sent, paths)]
    # What is written to another folder is not missed once more in its own.
    yield from lost or output_findings(contract, facts)
    if facts.reports:
        from smgen.source.report_checks import report_findings

        yield from report_findings(contract, facts.reports)
    if facts.lines:
        from smgen.source.metric_checks import metric_findings

        yield from metric_findings(contract, facts.lines, facts.read.imported)
