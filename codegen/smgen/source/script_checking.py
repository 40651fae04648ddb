"""The rules over a contract's script: what the contract packs and sends, held against what the script takes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from smgen.aws import ImageRequest, image_python
from smgen.contracts import SourceSpec, StepContract, default_image
from smgen.diagnostics import Finding, sorted_findings
from smgen.source.argparse_options import argparse_command_line as command_line
from smgen.source.argument_checks import argument_findings
from smgen.source.environment_checks import environment_findings
from smgen.source.script_code import PackedCode, ReadCode, read_code
from smgen.source.script_constants import Constants
from smgen.source.script_environment import names_read
from smgen.source.script_modules import ModulesAround, module_findings
from smgen.source.script_sending import sent_by


def script_findings(contract: StepContract, files: Mapping[str, bytes], root: Path) -> tuple[Finding, ...]:
    """Everything that is wrong between a contract and its script, in reading order; nothing for one without a script.

    ``files`` are those of its source by their paths in the archive, ``root`` is the folder of the contracts. What
    cannot be known of a script is left alone. Nothing of it is run or imported, whatever its text.
    """
    source = contract.source
    if source is None or not source.entry.endswith(".py") or source.entry_path not in files:
        return ()
    code = packed_code(source, files, root)
    image = default_image(contract)
    read = read_code(code, None if image is None else image_python(image))
    return sorted_findings((*read.findings, *_of_script(contract, source, code, read, image)))


def _of_script(
    contract: StepContract, source: SourceSpec, code: PackedCode, read: ReadCode, image: ImageRequest | None
) -> tuple[Finding, ...]:
    if code.entry not in read.scripts:
        return ()
    around = ModulesAround(contract, source, None if image is None else image.framework)
    findings = [*module_findings(code, read, around)]
    entry = read.scripts[code.entry]
    constants = Constants(entry)
    sent = sent_by(contract)
    line = command_line(entry, constants)
    if line is not None:
        findings += argument_findings(contract, sent, line)
    findings += environment_findings(contract, sent, names_read(entry, constants))
    return tuple(findings)


def packed_code(source: SourceSpec, files: Mapping[str, bytes], root: Path) -> PackedCode:
    """The code of a source, with where its files come from."""
    dependencies = {PurePosixPath(item).name: root / item for item in source.dependencies}
    return PackedCode(files, source.entry_path, root / source.directory, dependencies)
