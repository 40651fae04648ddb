"""``smgen generate``: contracts in, typed package out."""

from __future__ import annotations

import contextlib
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from smgen.cli.findings import EXIT_FINDINGS, counted, format_option, report, reported, say, warned
from smgen.cli.locations import contracts_option, generation_folders, output_option
from smgen.cli.tracebacks import traceback_option

if TYPE_CHECKING:
    from smgen.workflows.generating import Generation, GenerationFolders

#: How many of the files that changed at once are named.
_MOST_NAMED: Final = 3


@click.command(name="generate")
@contracts_option
@output_option
@click.option("--check", is_flag=True, help="Write nothing; say what is stale, and exit with 1 if something is.")
@click.option("--diff", "diffs", is_flag=True, help="With --check: show in which lines the files differ.")
@click.option("--full", is_flag=True, help="Make every module anew, whatever this machine has made before.")
@click.option("--watch", is_flag=True, help="Stay, and generate again whenever a contract changes.")
@traceback_option
@format_option
def command(
    contracts: Path | None,
    output: Path | None,
    check: bool,
    diffs: bool,
    full: bool,
    watch: bool,
    output_format: str,
) -> None:
    """Generate the typed package from the contracts, all or nothing.

    The folders are those of [tool.smgen] in pyproject.toml unless they are given. What did not change since this
    machine generated the package is not made again.
    """
    from smgen.workflows.generating import generate_package

    if watch:
        if check or full or output_format != "text":
            raise click.UsageError("--watch goes with none of --check, --full and --format.")
        _watch(contracts, output)
        return
    if diffs and not check:
        raise click.UsageError("--diff goes with --check.")
    with reported(output_format):
        generation = generate_package(generation_folders(contracts, output), full=full)
        if check:
            _check(generation, output_format, diffs=diffs)
        else:
            _publish(generation, output_format)
        warned(generation.unread, output_format)


def _check(generation: Generation, output_format: str, *, diffs: bool) -> None:
    """Says whether the package on disk is what the contracts say, and ends the process where it is not."""
    from smgen.documents import shown_path

    folder = generation.folders.output
    shown = shown_path(folder)
    if generation.package is not None:
        from smgen.cli.stale_report import stale_report
        from smgen.generate import package_changes, stale_findings

        changes = package_changes(folder, generation.package)
        if changes and output_format == "text":
            say(stale_report(folder, generation.folders.contracts, generation.package, changes, diffs=diffs), nl=False)
            if generation.unread:
                report(generation.unread, output_format)
            sys.exit(EXIT_FINDINGS)
        if changes:
            report((*stale_findings(changes, shown), *generation.unread), output_format)
            sys.exit(EXIT_FINDINGS)
    generation.remember()
    say(f"{shown} is what the contracts say: {generation.files} files.", err=output_format != "text")


def _publish(generation: Generation, output_format: str) -> None:
    """Writes what differs, and says what that was."""
    from smgen.documents import shown_path

    publication = generation.publish()
    counts = f"{len(publication.written)} written, {len(publication.removed)} removed, "
    counts += f"{len(publication.unchanged)} unchanged"
    told = f"{shown_path(generation.folders.output)}: {counted(generation.contracts, 'contract')}, {counts}."
    say(told, err=output_format != "text")


def _watch(contracts: Path | None, output: Path | None) -> None:
    """Generates now and after every change, a line each, with the findings where something is wrong."""
    from smgen.distribution import need
    from smgen.documents import shown_path
    from smgen.workflows.watching import changed_files

    need("watch", "generate")
    folders = generation_folders(contracts, output)
    say(f"Watching {shown_path(folders.contracts)}; Ctrl-C ends.")
    with contextlib.suppress(KeyboardInterrupt):
        for changed in changed_files(folders.contracts):
            named = ", ".join(changed[:_MOST_NAMED]) + (" and more" if changed[_MOST_NAMED:] else "")
            _watched_once(folders, named or shown_path(folders.contracts))


def _watched_once(folders: GenerationFolders, changed: str) -> None:
    from smgen.diagnostics import FindingsError
    from smgen.workflows.generating import generate_package

    at = time.strftime("%H:%M:%S")
    try:
        generation = generate_package(folders)
        publication = generation.publish()
    except FindingsError as error:
        report(error.findings, "text")
        say(f"{at} {changed}: the package stays as it was.")
    except OSError as error:
        # A file that was there a moment ago; its next change is heard, too.
        say(f"{at} {changed}: {error.filename or 'a file'}: {error.strerror or error}")
    else:
        if generation.unread:
            report(generation.unread, "text")
        files = len(publication.written) + len(publication.removed)
        say(f"{at} {changed}: {counted(files, 'file')} written." if files else f"{at} {changed}: nothing to write.")
