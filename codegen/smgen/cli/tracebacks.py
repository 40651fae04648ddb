"""The option that shows where an exception was raised, as Python does: in a pipeline's own code, or in smgen."""

from __future__ import annotations

import click

from smgen.cli.boundary import show_traceback
from smgen.cli.invocation import Invocation


def _asked(context: click.Context, _parameter: click.Parameter, asked: bool) -> None:
    if not asked:
        return
    from smgen.runtime import tracebacks_to

    invocation = context.find_object(Invocation)
    if invocation is not None:
        invocation.traceback = True
    context.with_resource(tracebacks_to(show_traceback))


traceback_option = click.option(
    "--traceback",
    is_flag=True,
    expose_value=False,
    callback=_asked,
    help="Show Python's traceback of an exception.",
)
