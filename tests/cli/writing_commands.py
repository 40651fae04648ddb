"""Every command that writes, each in a folder in which it changes something."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from smgen.documents import JsonObject, object_at
from tests.cli.command_line import smgen
from tests.project.checkout import CHECKOUT

_EXAMPLE = CHECKOUT / "examples/abalone"
_CORPUS = CHECKOUT / "tests/data/corpus"
_REFERENCE = re.compile(r"=(preprocessing|training|evaluation|model)\.\w+(,|\))")


@dataclass(frozen=True, slots=True)
class Case:
    """A command with what makes the folder that it is run in.

    ``refuses_itself`` is True where it refuses a folder in which it has done its work.
    """

    name: str
    arguments: tuple[str, ...]
    prepare: Callable[[Path], None]
    refuses_itself: bool = False


def _nothing(folder: Path) -> None:
    assert folder.is_dir()


def _settings_of_others(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "1"\n', encoding="utf-8")
    (folder / "pyproject.toml").chmod(0o600)
    (folder / ".gitignore").write_text("*.log\n", encoding="utf-8")
    (folder / "README.md").write_text("# Ours\n", encoding="utf-8")


def _project(folder: Path) -> None:
    _run(folder, "init", ".", "--name", "proj1")


def _generated(folder: Path) -> None:
    _project(folder)
    _run(folder, "generate")


def _other_contracts(folder: Path) -> None:
    """A package of one contract that is changed since, and of one that is gone."""
    _project(folder)
    contract = folder / "contract_specs/clean_data.json"
    text = contract.read_text(encoding="utf-8")
    more = folder / "contract_specs/more_data.json"
    more.write_text(text.replace('"CleanData"', '"MoreData"'), encoding="utf-8")
    _run(folder, "generate")
    more.unlink()
    described = re.sub(r'("description": ")', r"\1Really. ", text, count=1)
    assert described != text
    contract.write_text(described, encoding="utf-8")


def _older_build(folder: Path) -> None:
    _generated(folder)
    _run(folder, "compile", "Proj1", "--env", "dev", "-o", "build")
    settings = folder / "pyproject.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("placeholder-bucket", "another-bucket"), encoding="utf-8"
    )


def _definition(name: str) -> JsonObject:
    document: JsonObject = json.loads((_CORPUS / name).read_text(encoding="utf-8"))
    return object_at(document, "definition")


def _a_definition(folder: Path) -> None:
    (folder / "abalone.json").write_text(
        json.dumps(_definition("01-abalone-train-eval-transform.json")), encoding="utf-8"
    )


def _fleet(folder: Path) -> None:
    """Two definitions beside a project with a pipeline of its own."""
    _generated(folder)
    for name, recorded in (("lambda-one", "03-lambda-deploy.json"), ("train", "02-v3-train-create-register.json")):
        (folder / f"{name}.json").write_text(json.dumps(_definition(recorded)), encoding="utf-8")


def _earlier_import(folder: Path) -> None:
    """What was imported of another definition, of which some generated modules go."""
    (folder / "one.json").write_text(json.dumps(_definition("01-abalone-train-eval-transform.json")), encoding="utf-8")
    _run(folder, "import", "one.json", "--name", "One", "-o", "p")
    (folder / "one.json").write_text(json.dumps(_definition("03-lambda-deploy.json")), encoding="utf-8")
    for path in (folder / "p/contract_specs").iterdir():
        if path.name != "artifact_types.json":
            path.unlink()


def _auto(folder: Path) -> None:
    """The example with every port AUTO."""
    shutil.copytree(_EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__", "build"), dirs_exist_ok=True)
    module = folder / "pipeline.py"
    text = module.read_text(encoding="utf-8").replace("import Environment", "import AUTO, Environment")
    module.write_text(_REFERENCE.sub(r"=AUTO\2", text), encoding="utf-8")
    module.chmod(0o755)


def _locked_otherwise(folder: Path) -> None:
    _auto(folder)
    _run(folder, "resolve", "--lock")
    lock = folder / "smgen.lock"
    kept = lock.read_text(encoding="utf-8").splitlines(keepends=True)[:-1]
    lock.write_text("".join(kept), encoding="utf-8")


def _run(folder: Path, *arguments: str) -> None:
    result = smgen(*arguments, cwd=folder)
    assert result.code == 0, result.err


CASES = (
    Case("init", ("init", "p", "--name", "proj1"), _nothing, refuses_itself=True),
    Case("init here", ("init", ".", "--name", "proj1"), _settings_of_others, refuses_itself=True),
    Case("generate", ("generate",), _project),
    Case("generate again", ("generate",), _other_contracts),
    Case("compile", ("compile", "Proj1", "--env", "dev", "-o", "out/build"), _generated),
    Case("compile again", ("compile", "Proj1", "--env", "dev", "-o", "build"), _older_build),
    Case("resolve --lock", ("resolve", "--lock"), _auto),
    Case("resolve --lock --update", ("resolve", "--lock", "--update"), _locked_otherwise),
    Case("resolve --write", ("resolve", "--write"), _auto),
    Case("import", ("import", "abalone.json", "--name", "Abalone", "-o", "p"), _a_definition),
    Case("import again", ("import", "one.json", "--name", "One", "-o", "p", "--force"), _earlier_import),
    Case("import of a fleet", ("import", "lambda-one.json", "train.json", "-o", "."), _fleet),
)
