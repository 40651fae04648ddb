"""The same contracts give the same bytes, with one formatter process and one look at each file."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from smgen.contracts import ContractRegistry, read_contracts
from smgen.documents import JsonObject, canonical_json
from smgen.generate import GenerationOptions, plan, publish_package
from smgen.generate.formatting import format_sources
from tests.generate.conftest import GOLDEN_CONTRACTS
from tests.generate.packages import contract_document, hyperparameters, planned, registry
from tests.interpreters import SUPPORTED, find_python

OPTIONS = GenerationOptions("golden_steps", "../contracts")

SCRIPT = """
import hashlib, sys
from pathlib import Path
from smgen.contracts import read_contracts
from smgen.generate import GenerationOptions, plan
package = plan(read_contracts(Path(sys.argv[1])), GenerationOptions("golden_steps", "../contracts"))
for path, content in package.files.items():
    print(path, hashlib.sha256(content).hexdigest())
"""


def digests(registry: ContractRegistry) -> list[str]:
    files = plan(registry, OPTIONS).files
    return [f"{path} {hashlib.sha256(content).hexdigest()}" for path, content in files.items()]


def digests_of_process(python: Path, contracts: Path, cwd: Path, seed: str, path: str = "") -> list[str]:
    environment = {**os.environ, "PYTHONHASHSEED": seed, **({"PYTHONPATH": path} if path else {})}
    result = subprocess.run(
        [python, "-c", SCRIPT, contracts], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_hash_seed_and_folder_do_not_matter(seed: str, golden_registry: ContractRegistry, tmp_path: Path) -> None:
    copied = tmp_path / "elsewhere" / "contracts"
    # Written in the other order, so that the folder lists its files in another one where it can.
    copied.mkdir(parents=True)
    for file in sorted(GOLDEN_CONTRACTS.iterdir(), reverse=True):
        (shutil.copytree if file.is_dir() else shutil.copy2)(file, copied / file.name)
    assert digests_of_process(Path(sys.executable), copied, tmp_path, seed) == digests(golden_registry)


@pytest.mark.parametrize("version", [version for version in SUPPORTED if f"3.{sys.version_info.minor}" != version])
def test_python_version_does_not_matter(version: str, golden_registry: ContractRegistry, tmp_path: Path) -> None:
    python = find_python(version)
    if python is None:
        pytest.skip(f"no Python {version} on PATH or in pyenv")
    ask = [str(python), "-c", "import smgen, datamodel_code_generator, ruff, jinja2, pydantic"]
    if subprocess.run(ask, capture_output=True, check=False).returncode != 0:
        pytest.skip(f"Python {version} has not smgen and its dependencies")
    assert digests_of_process(python, GOLDEN_CONTRACTS, tmp_path, "0") == digests(golden_registry)


def test_order_of_contracts_does_not_matter() -> None:
    documents = [contract_document(name=name) for name in ("Alpha", "Beta", "Gamma")]
    assert planned(*documents) == planned(*reversed(documents))


def test_a_second_publication_touches_nothing(golden_registry: ContractRegistry, tmp_path: Path) -> None:
    folder = tmp_path / "golden_steps"
    package = plan(golden_registry, OPTIONS)
    first = publish_package(folder, package)
    assert list(first.written) == sorted(package.files)

    def state() -> dict[str, tuple[int, int]]:
        return {
            path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in [folder, *sorted(folder.iterdir())]
        }

    before = state()
    second = publish_package(folder, plan(golden_registry, OPTIONS))
    assert (second.written, second.removed, list(second.unchanged)) == ((), (), sorted(package.files))
    assert state() == before


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    documents = [contract_document(name=name) for name in ("Alpha", "Beta")]
    folder = tmp_path / "made_steps"
    publish_package(folder, planned(*documents))
    kept = (folder / "beta.py").stat()
    documents[0]["description"] = "Another one."
    publication = publish_package(folder, planned(*documents))
    assert publication.written == ("alpha.json", "alpha.py", "manifest.json")
    assert (folder / "beta.py").stat().st_ino == kept.st_ino
    publication = publish_package(folder, planned(documents[1]))
    assert publication.removed == ("alpha.json", "alpha.py")
    assert publication.written == ("all.py", "manifest.json")


def test_one_process_of_ruff_and_one_look_at_each_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    spawned: list[object] = []
    opened: list[str] = []

    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        # An audit hook stays for good: it listens to this test's folder only.
        if event == "subprocess.Popen" and str(arguments[2]).startswith(str(tmp_path)):
            spawned.append(arguments[1][1:4])
        # Where Python's open() has an opener of its own, that tells of the file once more, without a mode.
        path = str(arguments[0]) if arguments else ""
        is_json = path.startswith(str(tmp_path)) and path.endswith(".json")
        if event == "open" and is_json and arguments[1] is not None:
            opened.append(Path(str(arguments[0])).name)

    shutil.copytree(GOLDEN_CONTRACTS, tmp_path / "contracts")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    sys.addaudithook(heard)
    plan(read_contracts(tmp_path / "contracts"), OPTIONS)
    assert spawned == [["-m", "ruff", "format"]]
    assert sorted(opened) == sorted(file.name for file in GOLDEN_CONTRACTS.glob("*.json"))


def test_no_contract_starts_no_second_process_and_gives_a_package() -> None:
    package = plan(registry(types={}), OPTIONS)
    assert sorted(package.files) == ["__init__.py", "all.py", "artifact_types.py", "manifest.json", "py.typed"]
    assert format_sources({}) == {}


def test_settings_around_the_folder_for_temporary_files_do_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "build" / "venv"
    folder.mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("*\n")
    (tmp_path / "ruff.toml").write_text('line-length = 40\nexclude = ["*.py"]\n[format]\nquote-style = "single"\n')
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    assert format_sources({"a.py": "x  =  'a'\n"}) == {"a.py": 'x = "a"\n'}
    assert list(folder.iterdir()) == []


def test_a_generated_module_named_like_the_formatter_is_not_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    sources = {f"{name}.py": f"open({str(mark)!r}, 'w')\n" for name in ("ruff", "sysconfig", "subprocess", "os")}
    assert sorted(format_sources(sources)) == sorted(sources)
    assert not mark.exists()


def test_what_ruff_cannot_read_is_a_defect() -> None:
    with pytest.raises(RuntimeError, match="ruff could not format what smgen generated"):
        format_sources({"a.py": "def\n"})


def test_the_manifest_says_what_made_the_package(golden_registry: ContractRegistry) -> None:
    package = plan(golden_registry, OPTIONS)
    manifest = json.loads(package.files["manifest.json"])
    assert list(manifest) == ["generator", "options", "imported_types", "sources", "files"]
    assert manifest["options"] == {"package": "golden_steps", "contracts": "../contracts"}
    assert manifest["imported_types"] == {"Records": "shared_types"}
    root = next(iter(golden_registry.values())).folder
    assert root is not None
    for path, record in manifest["sources"].items():
        data = (root / path).read_bytes()
        assert record["raw"] == hashlib.sha256(data).hexdigest()
        compact = json.dumps(json.loads(data), separators=(",", ":"), ensure_ascii=False)
        assert record["canonical"] == hashlib.sha256(compact.encode()).hexdigest()
        assert all(f"{module}.py" in package.files for module in record["modules"])
    # Every module has a source; tests/packages has one behind a $ref.
    modules = {module for record in manifest["sources"].values() for module in record["modules"]}
    assert {f"{module}.py" for module in modules} == {
        path for path in package.files if path.endswith(".py") and path not in ("__init__.py", "all.py")
    }
    assert manifest["files"] == {
        path: hashlib.sha256(content).hexdigest() for path, content in package.files.items() if path != "manifest.json"
    }
    # The versions of the tools stand in no other file.
    for path, content in package.files.items():
        if path != "manifest.json":
            assert manifest["generator"]["datamodel-code-generator"].encode() not in content


def test_the_header_holds_the_hash_of_the_contract(golden_registry: ContractRegistry) -> None:
    package = plan(golden_registry, OPTIONS)
    for name, module in (("Heartbeat", "heartbeat"), ("ModelTraining", "model_training")):
        digest = hashlib.sha256(canonical_json(golden_registry[name].document).encode()).hexdigest()
        assert package.files[f"{module}.py"].decode().splitlines()[:2] == [
            f"# Generated by smgen from {module}.json; change that and run 'smgen generate'.",
            f"# sha256 of what was read: {digest}",
        ]


def test_equal_shapes_share_a_pass_of_the_tool(monkeypatch: pytest.MonkeyPatch) -> None:
    from smgen.generate import model_generator

    asked: list[str] = []
    generated = model_generator._generated  # pyright: ignore[reportPrivateUsage]  # what is counted

    def counted(schema: str) -> str:
        asked.append(schema)
        return generated(schema)

    monkeypatch.setattr(model_generator, "_generated", counted)

    def contract(name: str, count: int, text: str) -> JsonObject:
        properties: JsonObject = {
            f"{name.lower()}_{number}": {"type": "integer", "minimum": 1, "description": f"{text} {number}."}
            for number in range(count)
        }
        return contract_document(name=name, hyperparameters=hyperparameters(properties))

    documents = [contract(f"Fit{number}", number // 10 + 1, f"Text {number}") for number in range(30)]
    package = planned(*documents)
    assert len(package.files) == 2 * 30 + 5
    # Names and words are no part of a shape; how many values there are is one.
    assert len(asked) == len(set(asked)) == 3
