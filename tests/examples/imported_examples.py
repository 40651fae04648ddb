"""The imported examples: the recorded pipelines that they come from, and how they are imported."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.cli.command_line import smgen, tree
from tests.importer.filled_corpus import filled, written
from tests.project.checkout import CHECKOUT

EXAMPLES: Final = CHECKOUT / "examples/imported"
#: The accounts and regions for which the recorded definitions are filled in.
ACCOUNTS: Final[Mapping[str, tuple[str, str]]] = {
    "dev": ("111122223333", "us-east-1"),
    "prod": ("444455556666", "eu-west-1"),
}
_SCRIPTS: Final = CHECKOUT / "tests/corpus/contract_specs/scripts"


@dataclass(frozen=True)
class Example:
    """One example: its folder, the recorded definition, the generated package, and the scripts of its repository."""

    folder: str
    recorded: str
    package: str
    scripts: tuple[str, ...] = ()


IMPORTED: Final = (
    Example("abalone", "01-abalone", "abalone_steps"),
    Example("tuning", "04-hyperparameter", "tuning_steps", ("evaluate.py", "preprocess.py")),
)


def imported(example: Example, folder: Path) -> dict[str, bytes]:
    """Imports an example below an empty folder; the files of its project by path."""
    arguments: list[str | Path] = []
    for name, (account, region) in ACCOUNTS.items():
        file = written(folder, f"{example.folder}.{name}.json", filled(example.recorded, account, region, f"ml-{name}"))
        arguments += ["--env", f"{name}={file.name}"]
    if example.scripts:
        (folder / "src").mkdir()
        for script in example.scripts:
            shutil.copyfile(_SCRIPTS / script, folder / "src" / script)
        arguments += ["--source-root", "src"]
    result = smgen("import", *arguments, "-o", example.folder, "--package", example.package, cwd=folder)
    if result.code:
        raise SystemExit(result.err)
    return tree(folder / example.folder)
