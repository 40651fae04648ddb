"""Where a command works: the folders of the project, of the contracts and of the generated package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smgen.diagnostics import Finding, FindingsError, Place

if TYPE_CHECKING:
    from smgen.workflows.generating import GenerationFolders

contracts_option = click.option(
    "--contracts",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of the contracts.",
)
output_option = click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the generated package; its name is the package's import name.",
)
project_option = click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="The project's folder, if it is not this one or above it.",
)


def contracts_folder(given: Path | None) -> Path:
    """The folder of the contracts: the one given, else the project's."""
    if given is not None:
        return given
    from smgen.runtime import find_project

    project = find_project(Path.cwd())
    folder = project.root / project.contracts
    if not folder.is_dir():
        raise FindingsError([_missing("contracts", project.contracts)])
    return folder


def generation_folders(contracts: Path | None, output: Path | None) -> GenerationFolders:
    """Both folders: those given, else the project's. Raises FindingsError (SMG130) where one is not known."""
    from smgen.workflows.generating import GenerationFolders

    source = contracts_folder(contracts)
    if output is None:
        from smgen.runtime import find_project

        project = find_project(Path.cwd())
        if project.output is None:
            raise FindingsError([_missing("output", "")])
        output = project.root / project.output
    name = output.resolve().name
    if not (name.isidentifier() and name.isascii()):
        finding = Finding(
            "SMG130",
            f"a package named '{name}' cannot be imported",
            given=str(output),
            expected="a folder whose name is a Python name",
            fix="give another --output",
        )
        raise FindingsError([finding])
    return GenerationFolders(source, output)


def _missing(setting: str, given: str) -> Finding:
    from smgen.settings import SETTINGS_FILE

    return Finding(
        "SMG130",
        f"the folder '{setting}' is not there" if given else f"[tool.smgen] does not say where '{setting}' is",
        Place(file=SETTINGS_FILE),
        given=given or None,
        expected=f'{setting} = "<folder>" in [tool.smgen]',
        fix=f"write where it is, or give --{setting}" if given else f"add it to pyproject.toml, or give --{setting}",
    )
