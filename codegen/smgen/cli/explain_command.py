"""``smgen explain``: the page of a rule, and what a definition does not say itself: when a cached step runs again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from smgen.cli.findings import counted, reported
from smgen.cli.locations import contracts_folder, project_option
from smgen.cli.tracebacks import traceback_option

if TYPE_CHECKING:
    from smgen.checks import CacheOfStep
    from smgen.contracts import StepContract
    from smgen.definition import Definition

#: How much of a value is shown, and how wide a column gets.
_LONGEST_VALUE: Final = 200
_WIDEST: Final = 70
#: A contract's name, with or without a variant, or its file; what begins like a rule is meant as one.
_CONTRACT: Final = re.compile(r"(?!SMG)[A-Z][A-Za-z0-9]*(?::[A-Za-z0-9_]+)?|.*\.json")


class _Explained(click.Group):
    """The commands, each rule by its id, and each contract by its name or file."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        from smgen.diagnostics import rule_page

        rule = _rule(cmd_name)
        if rule is not None:
            return click.Command(rule, callback=lambda: click.echo(rule_page(rule), nl=False))
        if _CONTRACT.fullmatch(cmd_name):
            return click.Command(cmd_name, callback=lambda: _explain_contract(cmd_name))
        return super().get_command(ctx, cmd_name)

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


def _explain_contract(asked: str) -> None:
    """Prints the whole request of a contract, by its name in the project or by its file."""
    from smgen.contracts import explained_request, read_contracts
    from smgen.diagnostics import bounded, visible
    from smgen.documents import shown_path

    with reported("text"):
        path = Path(asked)
        if asked.endswith(".json"):
            if not path.is_file():
                raise click.UsageError(f"There is no file {visible(asked)}.")
            shown = shown_path(path.parent)
            registry = read_contracts(path.parent, shown_root=shown)
            contracts = [item for item in registry.values() if _is_in(item, f"{shown}/{path.name}")]
        else:
            contracts = [_contract(asked)]
        for contract in contracts:
            members = explained_request(contract)
            click.echo(visible(f"{contract.name} {contract.version}, {contract.step_kind.a_step}"))
            rows = [(item.path, bounded(item.value, _LONGEST_VALUE), item.origin) for item in members]
            first, second = (min(_WIDEST, max((len(row[at]) for row in rows), default=0)) for at in (0, 1))
            for member, value, origin in rows:
                click.echo(visible(f"  {member:{first}}  {value:{second}}  {origin}"))


def _contract(name: str) -> StepContract:
    """The contract of that name: the project's, else the library's. Raises FindingsError with the project's names."""
    from smgen.contracts import read_contracts
    from smgen.documents import shown_path
    from smgen.shipped import shipped_folder

    folder = contracts_folder(None)
    registry = read_contracts(folder, shown_root=shown_path(folder))
    found = registry.find(name)
    if found is None:
        library = shipped_folder("contract_specs")
        found = read_contracts(library, shown_root=library.name).find(name)
    return registry.get(name) if found is None else found


def _is_in(contract: StepContract, file: str) -> bool:
    return contract.source_document is not None and contract.source_document.file == file


@click.group(name="explain", cls=_Explained)
def command() -> None:
    """Say what a rule is about, what a contract asks of AWS, or when a step is cached.

    \b
    smgen explain SMG201            the page of a rule
    smgen explain XGBoostTraining   the whole request of a contract, by name or file
    smgen explain cache NAME        when the steps of a pipeline are cached
    """


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
