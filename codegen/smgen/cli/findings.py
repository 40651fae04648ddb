"""How every command reports what it found, and with which exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import NoReturn, TypeVar

import click

from smgen.cli.invocation import Invocation
from smgen.diagnostics import Finding, FindingsError, Format, Severity, counted as counted, render, visible

#: Some finding is an error, or something is stale.
EXIT_FINDINGS = 1

_Command = TypeVar("_Command", bound=Callable[..., object])


def _told(context: click.Context, _parameter: click.Parameter, chosen: str) -> str:
    """What is found by the command's edge is written in the same form."""
    invocation = context.find_object(Invocation)
    if invocation is not None:
        invocation.output_format = chosen
    return chosen


def formats_option(formats: Sequence[str], what: str) -> Callable[[_Command], _Command]:
    """The option ``--format`` of a command that answers in these forms."""
    return click.option(
        "--format",
        "output_format",
        type=click.Choice(formats),
        default=Format.TEXT.value,
        show_default=True,
        callback=_told,
        help=f"How {what} are written.",
    )


format_option = formats_option([item.value for item in Format], "findings")


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Writes words about what was asked for: the names in them, such as those of files, may be anything."""
    click.echo(visible(text, keep_newlines=True), err=err, nl=nl)


def report(findings: Iterable[Finding], output_format: str) -> None:
    """Writes findings: text to the error stream, the other formats to the output stream."""
    chosen = Format(output_format)
    text = render(findings, chosen, color=chosen is Format.TEXT and sys.stderr.isatty())
    if text:
        click.echo(text, err=chosen is Format.TEXT, nl=not text.endswith("\n"))


def fail(findings: Iterable[Finding], output_format: str) -> NoReturn:
    """Writes findings and ends with exit code 1 if one of them is an error, else with 0."""
    found = tuple(findings)
    report(found, output_format)
    sys.exit(EXIT_FINDINGS if any(item.severity is Severity.ERROR for item in found) else 0)


def warned(findings: Iterable[Finding], output_format: str) -> None:
    """Writes findings of which none is an error, and ends with exit code 0; goes on where there is none."""
    found = tuple(findings)
    if found:
        fail(found, output_format)


@contextmanager
def reported(output_format: str) -> Generator[list[Finding]]:
    """Reports the findings that the block raises and ends the command.

    A machine format also has those that the block adds to the list: what is no error, and is told as text elsewhere.
    """
    told: list[Finding] = []
    try:
        yield told
    except FindingsError as error:
        fail(error.findings, output_format)
    if output_format != Format.TEXT.value:
        # A reader of a machine format gets a document also when there is nothing to find.
        report(told, output_format)
