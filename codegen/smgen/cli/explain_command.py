"""``smgen explain``: the page of a rule, and what a definition does not say itself: when a cached step runs again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smgen.cli.findings import counted, reported
from smgen.cli.locations import project_option
from smgen.cli.tracebacks import traceback_option

if TYPE_CHECKING:
    from smgen.checks import CacheOfStep
    from smgen.definition import Definition


class _Explained(click.Group):
    """The commands, and each rule by its id."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        from smgen.diagnostics import rule_page

        rule = _rule(cmd_name)
        if rule is None:
            return super().get_command(ctx, cmd_name)
        return click.Command(rule, callback=lambda: click.echo(rule_page(rule), nl=False))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from smgen.diagnostics import RULES, nearest_name, visible

        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            names = [rule.name for rule in RULES.values()]
            nearest = nearest_name(name.upper(), list(RULES)) or nearest_name(name, names)
            hint = f" Did you mean {nearest}?" if nearest else ""
            raise click.UsageError(f"There is no rule '{visible(name)}'.{hint} Rules are SMG100 to {max(RULES)}.")
        return super().resolve_command(ctx, args)


def _rule(asked: str) -> str | None:
    """The id of the rule that is asked for by its id, its number or its name."""
    from smgen.diagnostics import RULES

    id = f"SMG{asked.upper().removeprefix('SMG')}"
    if id in RULES:
        return id
    return next((rule.id for rule in RULES.values() if rule.name == asked), None)


@click.group(name="explain", cls=_Explained)
def command() -> None:
    """Say what a rule is about: smgen explain SMG201. Or when a step is cached: smgen explain cache."""


@command.command(name="cache")
@click.argument("name")
@click.option("--env", "environment", help="The environment to build the pipeline for.")
@click.option("--step", help="Only this step.")
@project_option
@traceback_option
@click.option("--format", "output_format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def cache(name: str, environment: str | None, step: str | None, project: Path, output_format: str) -> None:
    """Say of each step whether it is cached, what its cache key is made of, and what makes it miss.

    NAME is a definition file, or a pipeline of [tool.smgen] in pyproject.toml, with --env. What is in the key is what
    AWS's developer guide says for the kind of the step.
    """
    from smgen.checks import caches_of
    from smgen.documents import pretty_json

    # Findings are why there is no answer: they go to the error stream, as text.
    with reported("text"):
        definition = _definition(name, environment, project)
        found = [item for item in caches_of(definition) if step in (None, item.step)]
        if step is not None and not found:
            raise click.BadParameter(f"{name} has no step '{step}'.", param_hint="--step")
        if output_format == "json":
            click.echo(pretty_json({"version": 1, "steps": [item.to_json() for item in found]}), nl=False)
            return
        for item in found:
            for line in _lines(item):
                click.echo(line)
        cached = [item for item in found if item.is_cached]
        never = sum(bool(item.misses) for item in cached)
        again = f", {never} of which can never be found again" if never else ""
        click.echo(f"\n{counted(len(found), 'step')}: {len(cached)} cached{again}.")


def _definition(name: str, environment: str | None, project: Path) -> Definition:
    path = Path(name)
    if path.is_file() and environment is None:
        from smgen.documents import shown_path
        from smgen.workflows.reading_definitions import read_definition

        return read_definition(path, shown_path(path)).definition
    if environment is None:
        raise click.UsageError(f"There is no file {name}; for a pipeline of the project name an environment: --env.")
    from smgen.runtime import find_project
    from smgen.workflows.compiling import compile_unchecked

    return compile_unchecked(find_project(project), name, environment).compiled.definition


def _lines(item: CacheOfStep) -> Iterator[str]:
    from smgen.diagnostics import visible

    how = item.why or (f"cached for {item.expires}" if item.expires else "cached")
    yield visible(f"{item.step} ({item.kind}): {how}")
    if item.key:
        yield visible(f"  key       {', '.join(item.key)}")
    elif item.is_cached:
        yield "  key       AWS documents none for this kind"
    for part, path, why in item.misses:
        yield visible(f"  misses    {path} in {part} {why}")
