"""The edge of the command line: whatever leaves a command ends here, in words and an exit code, not in a traceback."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TextIO

import click

from smgen.cli.invocation import Invocation
from smgen.distribution import MissingExtraError, project_address

if TYPE_CHECKING:
    from smgen.diagnostics import Finding

#: The question could not be answered.
EXIT_UNANSWERED: Final = 2
#: What shells say of a program that SIGINT (Ctrl-C) stopped.
EXIT_STOPPED: Final = 130
#: The most characters that are shown of words that may hold anything, and of a traceback, in which Python itself leaves
#: out what repeats.
_LONGEST_REASON: Final = 4_000
_LONGEST_TRACEBACK: Final = 20_000


class NoReaderError(Exception):
    """Nobody reads any more what is written: whoever did has seen enough."""


def run(command: click.Command, name: str) -> int:
    """Runs a command line; its exit code. A command that ends itself passes as SystemExit."""
    _open_closed_streams()
    invocation = Invocation()
    try:
        try:
            code: object = command.main(prog_name=name, standalone_mode=False, obj=invocation)
        except Exception as error:
            code = _told(error, invocation)
    except KeyboardInterrupt:
        code = EXIT_STOPPED
    except (NoReaderError, OSError):
        # There is nobody to tell.
        code = EXIT_UNANSWERED
    finally:
        _let_go(sys.stdout)
        _let_go(sys.stderr)
    return code if isinstance(code, int) else 0


def show_traceback(text: str) -> None:
    """Writes a traceback to the error stream, safe to show and bounded."""
    from smgen.diagnostics import bounded, visible

    click.echo(visible(bounded(text, _LONGEST_TRACEBACK), keep_newlines=True), err=True)


def _told(error: Exception, invocation: Invocation) -> int:
    """Says why a command ended; its exit code. NoReaderError passes, and OSError where that cannot be said."""
    from smgen.diagnostics import FindingsError

    if isinstance(error, NoReaderError):
        raise error
    if isinstance(error, click.Abort) and isinstance(error.__cause__, KeyboardInterrupt):
        # click has ended the line of the terminal that shows ^C.
        click.echo("Stopped.", err=True)
        return EXIT_STOPPED
    if isinstance(error, click.ClickException):
        # An argument that is quoted may be a file's name, and that may be anything.
        words = io.StringIO()
        error.show(words)
        click.echo(_shown(words.getvalue()), nl=False, err=True)
        return error.exit_code
    if isinstance(error, FindingsError):
        return _reported(error.findings, invocation, 1)
    if isinstance(error, MissingExtraError):
        click.echo(f"Error: {error}", err=True)
        return EXIT_UNANSWERED
    if invocation.traceback:
        import traceback

        show_traceback("".join(traceback.format_exception(type(error), error, error.__traceback__)))
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"Error: {_shown(f'{where}{error.strerror or error}')}", err=True)
        return EXIT_UNANSWERED
    return _reported([_unforeseen(error)], invocation, EXIT_UNANSWERED)


def _unforeseen(error: Exception) -> Finding:
    """The finding about an exception that nobody foresaw."""
    import traceback

    from smgen.diagnostics import Finding, Subject, bounded

    # What click made an Abort of is what happened.
    cause = error.__cause__ if isinstance(error, click.Abort) and isinstance(error.__cause__, Exception) else error
    said = "".join(traceback.format_exception_only(type(cause), cause)).strip()
    address = project_address("Issues")
    to = f" at {address}" if address else ""
    return Finding(
        "SMG199",
        f"smgen stopped at something that it did not foresee{_where(cause)}",
        given=bounded(said, _LONGEST_REASON),
        fix=f"report it{to}, with what was given to smgen and what the option --traceback shows",
        about=Subject(exception=type(cause).__name__),
    )


def _where(error: BaseException) -> str:
    """The innermost line of smgen's own that an exception came through."""
    import traceback

    own = [
        f" in {module}, line {line}"
        for frame, line in traceback.walk_tb(error.__traceback__)
        if (module := str(frame.f_globals.get("__name__"))).partition(".")[0] == "smgen"
    ]
    return own[-1] if own else ""


def _reported(findings: tuple[Finding, ...] | list[Finding], invocation: Invocation, code: int) -> int:
    from smgen.cli.findings import report
    from smgen.diagnostics import Format

    # Not every form in which a command answers is one for findings.
    formats = [item.value for item in Format]
    report(findings, invocation.output_format if invocation.output_format in formats else Format.TEXT.value)
    return code


def _shown(text: str) -> str:
    from smgen.diagnostics import bounded, visible

    return visible(bounded(text, _LONGEST_REASON), keep_newlines=True)


# Streams --------------------------------------------------------------------------------------------------------------


def _open_closed_streams() -> None:
    """Gives the process the streams that its caller closed, and lets them take every character.

    Their numbers would go to the next files that are opened, and what is written to a stream would stand in a file.
    """
    if sys.stdin is None:
        sys.stdin = _nowhere("r")
    if sys.stdout is None:
        sys.stdout = _nowhere("w")
    if sys.stderr is None:
        sys.stderr = _nowhere("w")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _nowhere(mode: Literal["r", "w"]) -> TextIO:
    return Path(os.devnull).open(mode, encoding="utf-8")


def _let_go(stream: TextIO) -> None:
    """Keeps Python from trying again, at its end, to write what a broken stream did not take, and from telling so."""
    try:
        stream.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
