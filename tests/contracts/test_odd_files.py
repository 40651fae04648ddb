"""Files that are too large, too deep, links, or not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smgen.contracts import read_contracts
from smgen.diagnostics import FindingsError
from smgen.documents import JsonObject
from tests.contracts.samples import edited, sample, write_folder


def findings(root: Path) -> list[tuple[str, str | None]]:
    with pytest.raises(FindingsError) as caught:
        read_contracts(root, shown_root="contracts")
    return [(finding.rule, finding.place.file) for finding in caught.value.findings]


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    write_folder(tmp_path, {})
    (tmp_path / "huge.json").write_bytes(b'{"description": "' + b"x" * 1_100_000 + b'"}')
    assert findings(tmp_path) == [("SMG102", "contracts/huge.json")]


def test_a_deep_file(tmp_path: Path) -> None:
    write_folder(tmp_path, {})
    (tmp_path / "deep.json").write_bytes(b"[" * 100_000 + b"]" * 100_000)
    assert {rule for rule, _ in findings(tmp_path)} == {"SMG102"}


def test_a_deep_request_within_the_limit(tmp_path: Path) -> None:
    value: dict[str, object] = {"x": 1}
    for _ in range(50):
        value = {"A": value}
    document = {"name": "Deep", "version": "1.0.0", "kind": "Training", "request": value}
    write_folder(tmp_path, {})
    (tmp_path / "deep.json").write_text(json.dumps(document), encoding="utf-8")
    assert ("SMG115", "contracts/deep.json") in findings(tmp_path)


def test_a_contract_that_is_a_link_out_of_the_folder(tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text("{}", encoding="utf-8")
    root = write_folder(tmp_path / "contracts", {})
    (root / "linked.json").symlink_to(outside)
    assert findings(root) == [("SMG118", "contracts/linked.json")]


def test_a_schema_and_a_script_that_are_links_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "outside.json").write_text('{"type": "object", "properties": {}}', encoding="utf-8")
    document = edited(sample("tabular_preprocessing"), "source", {"entry": "linked.py"})
    other = edited(sample("xgboost_training"), "hyperparameters/properties", {"a": {"$ref": "schemas/linked.json"}})
    root = write_folder(tmp_path / "contracts", {"a.json": document, "b.json": other})
    (root / "schemas").mkdir()
    (root / "schemas" / "linked.json").symlink_to(tmp_path / "outside.json")
    (root / "linked.py").symlink_to(tmp_path / "outside.json")
    assert findings(root) == [("SMG118", "contracts/a.json"), ("SMG118", "contracts/b.json")]


def test_references_that_multiply_are_bounded(tmp_path: Path) -> None:
    definitions: dict[str, object] = {"d0": {"type": "object", "properties": {}}}
    for index in range(1, 20):
        target = {"$ref": f"#/$defs/d{index - 1}"}
        definitions[f"d{index}"] = {"type": "object", "properties": {f"p{n}": target for n in range(10)}}
    schema = {"$defs": definitions, "$ref": "#/$defs/d19"}
    document = edited(sample("model_evaluation"), "outputs/report/files/metrics/schema", {"$ref": "bomb.schema#"})
    root = write_folder(tmp_path, {"a.json": document, "bomb.schema": json.loads(json.dumps(schema))})
    assert {rule for rule, _ in findings(root)} == {"SMG117"}


def test_folders_named_like_contracts_and_other_files_are_no_contracts(tmp_path: Path) -> None:
    root = write_folder(tmp_path, {"schemas/wrong.json": {"name": 1}})
    (root / "folder.json").mkdir()
    (root / "notes.txt").write_text("no contract", encoding="utf-8")
    assert len(read_contracts(root)) == 0


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_contracts(tmp_path / "nothing")


def test_a_contract_that_cannot_be_opened(tmp_path: Path) -> None:
    root = write_folder(tmp_path, {})
    (root / "dangling.json").symlink_to(root / "nothing.json")
    with pytest.raises(FileNotFoundError):
        read_contracts(root)


@pytest.mark.parametrize("name", ["x" * 300, "é" * 200, "a/" * 3_000 + "b", "\ud800", "a\x00b"])
@pytest.mark.parametrize("member", ["dir", "entry", "requirements", "dependencies"])
def test_a_path_that_no_file_can_have(tmp_path: Path, member: str, name: str) -> None:
    source: JsonObject = {"dir": "scripts", "entry": "preprocess.py"}
    source[member] = [name] if member == "dependencies" else name
    root = write_folder(tmp_path, {"a.json": edited(sample("tabular_preprocessing"), "source", source)})
    (root / "scripts").mkdir()
    (root / "scripts" / "preprocess.py").touch()
    assert {rule for rule, _ in findings(root)} & {"SMG118", "SMG100"}
