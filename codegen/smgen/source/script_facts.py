"""All that is seen of a contract's script by its syntax tree, beside what its contract sends; nothing of it is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from smgen.aws import image_python
from smgen.contract_model import SourceSpec, StepContract, default_image
from smgen.source.argparse_options import argparse_command_line
from smgen.source.command_lines import CommandLine
from smgen.source.script_calls import FollowedScript, followed_scripts
from smgen.source.script_code import PackedCode, ReadCode, read_code
from smgen.source.script_environment import NameRead, names_read
from smgen.source.script_paths import ScriptPaths, paths_of
from smgen.source.script_sending import Sent, sent_by
from smgen.source.script_text import PythonVersion

if TYPE_CHECKING:
    from smgen.source.script_prints import PrintedLine
    from smgen.source.script_reports import WrittenReport

#: Libraries that make a command line of fields or parameters, and of decorated functions.
_BY_FIELDS: Final = frozenset(("transformers", "simple_parsing", "tyro", "fire"))
_BY_FUNCTIONS: Final = frozenset(("click", "typer"))


@dataclass(frozen=True, slots=True)
class ScriptFacts:
    """What a script takes, reads and writes.

    ``framework`` and ``python`` are those of its image where it is one of AWS's. ``command_line`` is that of
    the entry, None where it could not be read or reads none; ``paths`` has one item per script, and ``names``,
    ``reports`` and ``lines`` are what any of them looks up, writes and prints.
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
    lines: tuple[PrintedLine, ...] = ()


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
    if code.entry not in read.scripts:
        return ScriptFacts(code, read, framework, python, sent)
    followed = followed_scripts(code, read)
    return ScriptFacts(
        code,
        read,
        framework,
        python,
        sent,
        _command_line(followed, read.imported),
        names_read(followed),
        tuple(paths_of(item.script, item.constants) for item in followed),
        tuple(_reports(contract, followed)),
        tuple(_lines(contract, followed)),
    )


# What few contracts need is imported where one does: compiling waits for it.


def _reports(contract: StepContract, scripts: Sequence[FollowedScript]) -> Iterator[WrittenReport]:
    """The reports that are written, for a contract that has some."""
    if any(port.output_spec.files for port in contract.output_ports.values()):
        from smgen.source.script_reports import reports_of

        for item in scripts:
            yield from reports_of(item.script, item.constants)


def _lines(contract: StepContract, scripts: Sequence[FollowedScript]) -> Iterator[PrintedLine]:
    """The lines that are printed, for a contract that looks for metrics in them."""
    if contract.metrics:
        from smgen.source.script_prints import printed_lines

        yield from printed_lines(scripts)


def _command_line(scripts: Sequence[FollowedScript], imported: frozenset[str]) -> CommandLine | None:
    """What a script takes, by the first of the known libraries among the ``imported`` modules that reads it."""
    script, constants = scripts[0].script, scripts[0].constants
    line = argparse_command_line(scripts) if "argparse" in imported else None
    if line is None and not _BY_FIELDS.isdisjoint(imported):
        from smgen.source.field_options import field_command_line

        line = field_command_line(scripts)
    if line is None and "absl" in imported:
        from smgen.source.absl_options import absl_command_line

        line = absl_command_line(scripts, imported)
    if line is None and not _BY_FUNCTIONS.isdisjoint(imported):
        from smgen.source.click_options import click_command_line, typer_command_line

        line = click_command_line(script, constants) or typer_command_line(script, constants)
    return line


def _packed_code(source: SourceSpec, files: Mapping[str, bytes], root: Path) -> PackedCode:
    dependencies = {PurePosixPath(item).name: root / item for item in source.dependencies}
    return PackedCode(files, source.entry_path, root / source.directory, dependencies)
