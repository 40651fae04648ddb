"""The option that shows where a pipeline's own code raised an exception, as Python does."""

from __future__ import annotations

from typing import Final

import click

#: The most characters of a traceback that are shown; Python itself leaves out what repeats.
_LONGEST: Final = 20_000


def _shown(context: click.Context, _parameter: click.Parameter, asked: bool) -> None:
    if not asked:
        return
    from smgen.diagnostics import bounded, visible
    from smgen.runtime import tracebacks_to

    def write(text: str) -> None:
        click.echo(visible(bounded(text, _LONGEST), keep_newlines=True), err=True)

    context.with_resource(tracebacks_to(write))


traceback_option = click.option(
    "--traceback",
    is_flag=True,
    expose_value=False,
    callback=_shown,
    help="Show Python's traceback of an exception of the pipeline's own code.",
)
