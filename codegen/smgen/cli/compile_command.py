"""``smgen compile``: a pipeline function in, its definition and code out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smgen.cli.findings import counted, format_option, reported, say
from smgen.cli.locations import project_option
from smgen.cli.tracebacks import traceback_option
from smgen.diagnostics import Severity

if TYPE_CHECKING:
    from smgen.runtime import CompiledPipeline


@click.command(name="compile")
@click.argument("name")
@click.option("--env", "environment", required=True, help="The environment to build it for.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder that definition.json, provenance.json, assets.json and the assets are written to.",
)
@project_option
@traceback_option
@click.option("--locked", is_flag=True, help="Refuse AUTO ports that are not bound as smgen.lock says.")
@click.option("--no-lint", is_flag=True, help="Write the definition whatever smgen lint would say of it.")
@format_option
def command(
    name: str, environment: str, output: Path, project: Path, locked: bool, no_lint: bool, output_format: str
) -> None:
    """Write the definition of the pipeline NAME with its assets, offline.

    NAME and the environment are those of [tool.smgen] in pyproject.toml. Nothing is written while smgen lint finds an
    error, nor from a generated package that is not what its contracts say.
    """
    from smgen.documents import publish_files, shown_path
    from smgen.runtime import compiled_files, find_project
    from smgen.workflows.compiling import compile_checked, compile_unchecked

    with reported(output_format) as told:
        build = compile_unchecked if no_lint else compile_checked
        checked = build(find_project(project), name, environment, locked=locked)
        compiled = checked.compiled
        files = compiled_files(compiled)
        publish_files(output, files)
        counts = ", ".join(
            [
                counted(len(compiled.definition.all_steps()), "step"),
                counted(len(compiled.definition.parameters), "parameter"),
                counted(len(compiled.assets), "asset"),
            ]
        )
        say(f"{name} for {environment}: {counts}.", err=output_format != "text")
        say(f"Written to {shown_path(output)}: definition.json and {len(files) - 1} more.", err=output_format != "text")
        told += checked.findings
        warnings = checked.count(Severity.WARNING)
        if warnings:
            say(f"{counted(warnings, 'warning')}: see 'smgen lint {name} --env {environment}'.", err=True)
        for line in _about_auto(compiled):
            say(line, err=True)


def _about_auto(compiled: CompiledPipeline) -> Iterator[str]:
    """What the author should know of the AUTO ports: those that stay empty, and those that nothing holds in place."""
    connections = compiled.connections
    for step, ports in connections.unbound.items():
        for port, empty in ports.items():
            yield f"{step.name}.{port} is AUTO and stays empty: {empty.reason}."
    if connections.unlocked:
        unlocked = {(binding.step, binding.port) for binding in connections.unlocked}
        yield f"{counted(len(unlocked), 'AUTO port')} not in smgen.lock: see 'smgen resolve --lock'."
