"""Repacking a model archive with inference code."""

import io
import os
import tarfile
from pathlib import Path

import pytest

from contract_specs.scripts.model_packaging import package_model
from smgen.assets import SourceFile, packed
from smgen.diagnostics import Place


def run(tmp_path: Path, **variables: str) -> int:
    folders = (("model", "model"), ("inference", "code"), ("output", "out"))
    return package_model.main([f"--{name}-folder={tmp_path / folder}" for name, folder in folders], variables)


def archive(path: Path, members: dict[str, bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as written:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            entry.mtime = 1_700_000_000
            written.addfile(entry, io.BytesIO(content))


def members(path: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with tarfile.open(path, "r:gz") as read:
        for entry in read:
            content = read.extractfile(entry)
            assert content is not None
            found[entry.name] = content.read()
    return found


@pytest.fixture
def code(tmp_path: Path) -> Path:
    folder = tmp_path / "code"
    (folder / "lib" / "__pycache__").mkdir(parents=True)
    (folder / "inference.py").write_text("def model_fn(): ...\n", encoding="utf-8")
    (folder / "lib" / "tool.py").write_text("x = 1\n", encoding="utf-8")
    (folder / "lib" / "__pycache__" / "tool.cpython-311.pyc").write_bytes(b"compiled")
    return folder


@pytest.mark.usefixtures("code")
def test_code_is_put_beside_the_model(tmp_path: Path) -> None:
    archive(tmp_path / "model" / "model.tar.gz", {"./xgboost-model": b"model", "code/old.py": b"old", "extra/a": b"a"})
    assert run(tmp_path) == 0
    assert members(tmp_path / "out" / "model.tar.gz") == {
        "xgboost-model": b"model",
        "extra/a": b"a",
        "code/inference.py": b"def model_fn(): ...\n",
        "code/lib/tool.py": b"x = 1\n",
    }


@pytest.mark.usefixtures("code")
def test_another_folder_for_the_code(tmp_path: Path) -> None:
    archive(tmp_path / "model" / "model.tar.gz", {"xgboost-model": b"model", "code/kept.py": b"kept"})
    assert run(tmp_path, CODE_FOLDER="opt/serving") == 0
    assert list(members(tmp_path / "out" / "model.tar.gz")) == [
        "xgboost-model",
        "code/kept.py",
        "opt/serving/inference.py",
        "opt/serving/lib/tool.py",
    ]


@pytest.mark.usefixtures("code")
def test_a_model_that_was_not_packed(tmp_path: Path) -> None:
    (tmp_path / "model" / "part").mkdir(parents=True)
    (tmp_path / "model" / "part" / "weights").write_bytes(b"w")
    assert run(tmp_path) == 0
    assert list(members(tmp_path / "out" / "model.tar.gz")) == ["part/weights", "code/inference.py", "code/lib/tool.py"]


def test_the_same_files_give_the_same_bytes(tmp_path: Path, code: Path) -> None:
    archive(tmp_path / "model" / "model.tar.gz", {"xgboost-model": b"model"})
    results: list[bytes] = []
    for time in (1_000_000_000, 1_500_000_000):
        os.utime(code / "inference.py", (time, time))
        assert run(tmp_path) == 0
        results.append((tmp_path / "out" / "model.tar.gz").read_bytes())
    assert results[0] == results[1]


def test_a_file_that_may_be_run_may_be_run(tmp_path: Path, code: Path) -> None:
    archive(tmp_path / "model" / "model.tar.gz", {"xgboost-model": b"model"})
    (code / "serve").write_text("#!/bin/sh\n", encoding="utf-8")
    (code / "serve").chmod(0o777)
    assert run(tmp_path) == 0
    with tarfile.open(tmp_path / "out" / "model.tar.gz") as read:
        assert {entry.name: entry.mode for entry in read} == {
            "xgboost-model": 0o644,
            "code/inference.py": 0o644,
            "code/lib/tool.py": 0o644,
            "code/serve": 0o755,
        }


@pytest.mark.usefixtures("code")
@pytest.mark.parametrize("name", ["/etc/passwd", "../up", "a/../../up"])
def test_a_member_outside_of_the_archive_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    archive(tmp_path / "model" / "model.tar.gz", {name: b"x"})
    assert run(tmp_path) == 1
    assert f"the model archive has a member outside of it: {name!r}" in capsys.readouterr().err


@pytest.mark.usefixtures("code")
def test_a_link_in_the_archive_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "model").mkdir()
    with tarfile.open(tmp_path / "model" / "model.tar.gz", "w:gz") as written:
        entry = tarfile.TarInfo("link")
        entry.type = tarfile.SYMTYPE
        entry.linkname = "/etc/passwd"
        written.addfile(entry)
    assert run(tmp_path) == 1
    assert "a member that is no file: 'link'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("present", "variables", "message"),
    [
        ("model", {}, "there is no inference code in"),
        ("code", {}, "there is no model in"),
        ("both", {"CODE_FOLDER": "../x"}, "CODE_FOLDER is a folder inside the archive, not '../x'"),
        ("both", {"CODE_FOLDER": ""}, "CODE_FOLDER is a folder inside the archive, not ''"),
        ("broken", {}, "not a gzip file"),
    ],
)
def test_wrong_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], present: str, variables: dict[str, str], message: str
) -> None:
    (tmp_path / "code").mkdir()
    if present != "model":
        (tmp_path / "code" / "inference.py").write_text("", encoding="utf-8")
    (tmp_path / "model").mkdir()
    if present == "broken":
        (tmp_path / "model" / "model.tar.gz").write_bytes(b"no archive")
    elif present != "code":
        archive(tmp_path / "model" / "model.tar.gz", {"xgboost-model": b"m"})
    assert run(tmp_path, **variables) == 1
    assert message in capsys.readouterr().err


def test_code_that_comes_as_an_archive_is_unpacked(tmp_path: Path) -> None:
    archive(tmp_path / "model" / "model.tar.gz", {"xgboost-model": b"model"})
    files = [SourceFile("inference.py", b"serve", True), SourceFile("lib/tool.py", b"x = 1\n")]
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "sourcedir.tar.gz").write_bytes(packed(files, Place()))
    assert run(tmp_path) == 0
    target = tmp_path / "out" / "model.tar.gz"
    assert members(target) == {"xgboost-model": b"model", "code/inference.py": b"serve", "code/lib/tool.py": b"x = 1\n"}
    with tarfile.open(target, "r:gz") as read:
        assert [(entry.name, oct(entry.mode), entry.mtime) for entry in read] == [
            ("xgboost-model", "0o644", 0),
            ("code/inference.py", "0o755", 0),
            ("code/lib/tool.py", "0o644", 0),
        ]
    first = target.read_bytes()
    assert run(tmp_path) == 0
    assert target.read_bytes() == first


def test_an_archive_of_code_that_leaves_its_folder_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive(tmp_path / "model" / "model.tar.gz", {"xgboost-model": b"model"})
    archive(tmp_path / "code" / "sourcedir.tar.gz", {"../x.py": b""})
    assert run(tmp_path) == 1
    assert "the archive of the inference code has a member outside of it: '../x.py'" in capsys.readouterr().err


def test_nothing_is_written_where_there_is_no_code(tmp_path: Path) -> None:
    archive(tmp_path / "model" / "model.tar.gz", {"xgboost-model": b"model"})
    (tmp_path / "code").mkdir()
    assert run(tmp_path) == 1
    assert not (tmp_path / "out").exists()
