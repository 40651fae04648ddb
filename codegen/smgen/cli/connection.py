"""The options that say which AWS account a command asks, and how a call that fails ends it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import wraps
from typing import Final, TypeVar, cast

import click

from smgen.cli.boundary import EXIT_UNANSWERED

#: The most characters of what a service answered that are shown.
_LONGEST_REASON: Final = 2_000

_Command = TypeVar("_Command", bound=Callable[..., object])


def connection_options(command: _Command, *, goes_with: str = "") -> _Command:
    """Adds ``--profile``, ``--region`` and ``--endpoint-url`` to a command, which gets them as ``connection``.

    ``goes_with`` is the option that they are for, where it is another one that asks AWS.
    """

    @wraps(command)
    def connected(*args: object, profile: object, region: object, endpoint_url: object, **given: object) -> object:
        from smgen.emit import ConnectionSettings

        # To click the value of an option may be anything; these are texts or None.
        values = cast("tuple[str | None, str | None, str | None]", (profile, region, endpoint_url))
        return command(*args, connection=ConnectionSettings(*values), **given)

    profile, region, endpoint = "The AWS profile", "The AWS region", "Another endpoint of"
    helps = (f"{profile}.", f"{region}.  [default: the environment's]", f"{endpoint} the services.")
    if goes_with:
        helps = (f"{profile} for {goes_with}.", f"{region} for {goes_with}.", f"{endpoint} SageMaker for {goes_with}.")
    for name, text in reversed([*zip(("--profile", "--region", "--endpoint-url"), helps, strict=True)]):
        connected = click.option(name, help=text)(connected)
    # The wrapper takes what the command does.
    return cast("_Command", connected)


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
