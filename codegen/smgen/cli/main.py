"""The command ``smgen``: which commands there are, without importing what they need."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from typing import Final, NoReturn

import click

from smgen.cli.boundary import NoReaderError, run
from smgen.cli.tracebacks import traceback_option
from smgen.distribution import DISTRIBUTION

#: Each command with its line of help. The module of a command is imported only when it is called or asked for help.
COMMANDS: Final[Mapping[str, str]] = {
    "init": "Make a new project that works at once.",
    "import": "Turn existing definitions into contracts and a typed pipeline.",
    "generate": "Generate the typed package from the contracts.",
    "validate": "Check the contracts.",
    "breaking": "Say what changed in the contracts, and whom it hits.",
    "lint": "Check definitions, pipelines, or the deployed ones of an account.",
    "verify": "Check everything of the project at once, as CI does.",
    "explain": "Say what a rule is about, or when a step is cached.",
    "resolve": "Say what AUTO ports are bound to, and why.",
    "compile": "Write the definition of a pipeline with its code.",
    "assets": "Upload the code of compiled pipelines.",
    "plan": "Say what deploying would change.",
    "diff": "Say how two definitions, environments or commits differ.",
    "deploy": "Create or update a pipeline in SageMaker.",
}


# The names of the arguments below are click's, whether they are read or not.
# ruff: noqa: ARG002
class LazyGroup(click.Group):
    """A group that knows its commands by name and imports a command's module when it needs it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; None for an unknown one."""
        if cmd_name not in COMMANDS:
            return None
        command: object = getattr(importlib.import_module(f"smgen.cli.{cmd_name}_command"), "command", None)
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Adds the nearest name to click's words about an unknown command."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            from smgen.diagnostics import nearest_name

            nearest = nearest_name(name, COMMANDS)
            hint = f" Did you mean '{nearest}'?" if nearest else ""
            raise click.UsageError(f"There is no command '{name}'.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Runs the command. Raises NoReaderError where click would end as commands with findings do."""
        try:
            result: object = super().invoke(ctx)
        except BrokenPipeError as error:
            raise NoReaderError from error
        return result

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table of commands, from the lines above."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=DISTRIBUTION, message="smgen %(version)s")
@traceback_option
def smgen() -> None:
    """Typed SageMaker pipelines: a wrong reference between two steps is an error in the editor.

    Exit codes: 0 fine; 1 findings, or something is stale; 2 the question could not be answered.
    """


def main() -> NoReturn:
    """Runs the command line and ends the process."""
    sys.exit(run(smgen, "smgen"))
