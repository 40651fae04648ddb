"""The options that say which AWS account a command asks, and how a call that fails ends it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final, TypeVar

import click

#: The question could not be answered: no permission, no connection.
EXIT_UNANSWERED: Final = 2
#: The most characters of what a service answered that are shown.
_LONGEST_REASON: Final = 2_000

_Command = TypeVar("_Command", bound=Callable[..., object])


def connection_options(command: _Command) -> _Command:
    """Adds ``--profile``, ``--region`` and ``--endpoint-url`` to a command."""
    for option in (
        click.option("--endpoint-url", help="Another endpoint of the services."),
        click.option("--region", help="The AWS region.  [default: the environment's]"),
        click.option("--profile", help="The AWS profile."),
    ):
        command = option(command)
    return command


@contextmanager
def answered() -> Generator[None]:
    """Ends the command with exit code 2, the call's name and what to do where a call of AWS fails."""
    from smgen.diagnostics import bounded, visible
    from smgen.emit import ServiceError

    try:
        yield
    except ServiceError as error:
        # What a service answers may be anything.
        click.echo(f"Error: {visible(bounded(str(error), _LONGEST_REASON))}", err=True)
        if error.fix is not None:
            click.echo(f"  fix           {visible(bounded(error.fix, _LONGEST_REASON))}", err=True)
        sys.exit(EXIT_UNANSWERED)
