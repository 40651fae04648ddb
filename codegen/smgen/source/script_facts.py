"""All that is seen of a contract's script by its syntax tree, beside what its contract sends; nothing of it is run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from smgen.aws import image_python
from smgen.contracts import SourceSpec, StepContract, default_image
from smgen.source.argparse_options import argparse_command_line
from smgen.source.command_lines import CommandLine
from smgen.source.script_code import PackedCode, ReadCode, read_code
from smgen.source.script_constants import Constants
from smgen.source.script_environment import NameRead, names_read
from smgen.source.script_paths import ScriptPaths, paths_of
from smgen.source.script_prints import printed_lines
from smgen.source.script_reports import WrittenReport, reports_of
from smgen.source.script_sending import Sent, sent_by
from smgen.source.script_text import PythonVersion, Script

#: Libraries that make a command line of functions.
_BY_FUNCTIONS: Final = frozenset(("click", "typer"))


@dataclass(frozen=True, slots=True)
class ScriptFacts:
    """What a script takes, reads and writes.

    ``framework`` and ``python`` are those of its image where it is one of AWS's. ``command_line`` and ``names`` are of
    the entry, None and none where it could not be read; ``paths`` has one item per script, ``lines`` are what any of
    them prints.
    """

    code: PackedCode
    read: ReadCode
    framework: str | None
    python: PythonVersion | None
    sent: Sent
    command_line: CommandLine | None = None
    names: tuple[NameRead, ...] = ()
    paths: tuple[ScriptPaths, ...] = ()
    reports: tuple[WrittenReport, ...] = ()
    lines: tuple[tuple[str, ...], ...] = ()


def script_facts(contract: StepContract, files: Mapping[str, bytes], root: Path) -> ScriptFacts | None:
    """What is seen of the script of a contract; None for one without a script, or with one that is not Python's.

    ``files`` are those of its source by their paths in the archive, ``root`` is the folder of the contracts.
    """
    source = contract.source
    if source is None or not source.entry.endswith(".py") or source.entry_path not in files:
        return None
    code = _packed_code(source, files, root)
    image = default_image(contract)
    python = None if image is None else image_python(image)
    read = read_code(code, python)
    framework = None if image is None else image.framework
    sent = sent_by(contract)
    entry = read.scripts.get(code.entry)
    if entry is None:
        return ScriptFacts(code, read, framework, python, sent)
    followed = [(script, Constants(script)) for script in read.scripts.values()]
    constants = followed[0][1]
    return ScriptFacts(
        code,
        read,
        framework,
        python,
        sent,
        _command_line(entry, constants, {item.top for item in read.imports[code.entry]}),
        names_read(entry, constants),
        tuple(paths_of(script, own) for script, own in followed),
        tuple(report for script, own in followed for report in reports_of(script, own)),
        tuple(line for script, own in followed if contract.metrics for line in printed_lines(script, own)),
    )


def _command_line(script: Script, constants: Constants, imported: Collection[str]) -> CommandLine | None:
    """What a script takes, by the first of the known libraries among its ``imported`` modules that reads it."""
    line = argparse_command_line(script, constants) if "argparse" in imported else None
    if line is None and not _BY_FUNCTIONS.isdisjoint(imported):
        from smgen.source.click_options import click_command_line, typer_command_line

        line = click_command_line(script, constants) or typer_command_line(script, constants)
    return line


def _packed_code(source: SourceSpec, files: Mapping[str, bytes], root: Path) -> PackedCode:
    dependencies = {PurePosixPath(item).name: root / item for item in source.dependencies}
    return PackedCode(files, source.entry_path, root / source.directory, dependencies)
