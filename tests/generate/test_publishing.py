"""Publishing a package leaves alone what smgen did not write, and cleans up what it did."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from pathlib import Path

import pytest

from smgen.diagnostics import FindingsError
from smgen.documents import content_hash
from smgen.generate import package_changes, publish_package
from tests.generate.packages import contract_document, planned

ALPHA, BETA = contract_document(name="Alpha"), contract_document(name="Beta")


def state(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(folder: Path) -> list[tuple[str, str]]:
    """The files that a publication is refused for; it has touched nothing."""
    before = state(folder)
    with pytest.raises(FindingsError) as caught:
        publish_package(folder, planned(ALPHA))
    assert state(folder) == before
    found = caught.value.findings
    return [(finding.rule, Path(finding.place.file or "").relative_to(folder).as_posix()) for finding in found]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    publish_package(tmp_path / "made_steps", planned(ALPHA, BETA))
    return tmp_path / "made_steps"


@pytest.mark.parametrize("name", ["notes.txt", "mine.py", "data.json", "deep/er/x.py", ".env", "alpha.pyi"])
def test_foreign_files_leave_everything_whole(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("mine\n")
    assert refused(folder) == [("SMG123", name)]


@pytest.mark.parametrize("name", ["__init__.py", "alpha.py", "alpha.json", "all.py", "py.typed"])
def test_a_file_of_somebody_else_is_not_overwritten(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "made_steps"
    folder.mkdir()
    (folder / name).write_text("mine = 1\n")
    assert refused(folder) == [("SMG123", name)]


def test_empty_files_and_caches_are_in_nobody_s_way(tmp_path: Path) -> None:
    folder = tmp_path / "made_steps"
    (folder / "__pycache__").mkdir(parents=True)
    (folder / "__pycache__" / "x.pyc").write_bytes(b"x")
    (folder / "__init__.py").write_text("\n")
    (folder / "py.typed").write_text("")
    publish_package(folder, planned(ALPHA))
    assert package_changes(folder, planned(ALPHA)) == ()


@pytest.mark.parametrize("name", ["alpha.py", "alpha.json", "__init__.py"])
def test_an_edited_file_of_ours_is_written_again(folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes() + b"\n# edited\n")
    assert publish_package(folder, planned(ALPHA, BETA)).written == (name,)


@pytest.mark.parametrize("name", ["manifest.json", "py.typed"])
def test_an_edited_file_that_cannot_tell_whose_it_is_stays(folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes() + b"\n# edited\n")
    assert refused(folder) == [("SMG123", name)]


@pytest.mark.parametrize("lost", [True, False], ids=["lost", "conflicting"])
def test_a_lost_or_conflicting_manifest_is_no_hindrance(folder: Path, lost: bool) -> None:
    if lost:
        (folder / "manifest.json").unlink()
    else:
        (folder / "manifest.json").write_bytes(merged((folder / "manifest.json").read_bytes()))
    (folder / "alpha.json").write_bytes(b"<<<<<<< HEAD\n{}\n")
    module = (folder / "alpha.py").read_bytes()
    (folder / "alpha.py").write_bytes(b"<<<<<<< HEAD\n" + module + b"=======\n" + module + b">>>>>>> other\n")
    publication = publish_package(folder, planned(ALPHA))
    assert publication.removed == ("beta.json", "beta.py")
    assert package_changes(folder, planned(ALPHA)) == ()


def merged(manifest: bytes) -> bytes:
    """What git leaves of a manifest that two branches changed."""
    with tempfile.TemporaryDirectory() as name:
        files = [Path(name, side) for side in ("ours", "base", "theirs")]
        for file, version in zip(files, (b"8.8.8", b"0.0.0", b"9.9.9"), strict=True):
            file.write_bytes(re.sub(rb'"smgen": "[^"]+"', b'"smgen": "' + version + b'"', manifest))
        result = subprocess.run(["git", "merge-file", "-p", *files], capture_output=True, check=False)
    assert result.stdout.count(b"=======") == 1
    return result.stdout


@pytest.mark.parametrize(
    "manifest",
    [
        b"[]",
        b"\xff",
        b"{}",
        b'{"generator": "smgen", "files": {}}',
        b'{"generator": {"webpack": "5"}, "files": {"index.html": "x"}}',
        b"<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n",
    ],
)
def test_a_manifest_that_does_not_say_that_smgen_wrote_it_stays(folder: Path, manifest: bytes) -> None:
    (folder / "manifest.json").write_bytes(manifest)
    assert refused(folder) == [("SMG123", "manifest.json")]


def test_the_manifest_of_somebody_else_owns_nothing(tmp_path: Path) -> None:
    """A web application's folder: its manifest lists the files that lie there."""
    folder = tmp_path / "site"
    (folder / "static").mkdir(parents=True)
    (folder / "index.html").write_text("<html>")
    (folder / "static" / "main.js").write_text("run()")
    for manifest in ('{"files": {"index.html": "/index.html", "main.js": "/static/main.js"}}', '{"name": "site"}'):
        (folder / "manifest.json").write_text(manifest)
        assert refused(folder) == [("SMG123", "manifest.json")]


def test_a_manifest_owns_only_what_it_has_the_hash_of(folder: Path) -> None:
    """As when the manifest was copied into another folder, with files of the names that it lists."""
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"] |= {"index.html": content_hash(b"<html>"), "old.txt": content_hash(b"smgen's")}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "index.html").write_text("somebody's")
    assert refused(folder) == [("SMG123", "index.html")]
    (folder / "index.html").unlink()
    (folder / "old.txt").write_text("smgen's")
    assert "old.txt" in publish_package(folder, planned(ALPHA, BETA)).removed


def test_a_link_in_the_place_of_a_file_stays(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "target.py"
    target.write_bytes((folder / "alpha.py").read_bytes())
    (folder / "alpha.py").unlink()
    (folder / "alpha.py").symlink_to(target)
    with pytest.raises(FindingsError) as caught:
        publish_package(folder, planned(ALPHA))
    assert [(item.rule, item.given) for item in caught.value.findings] == [("SMG123", "a symbolic link")]
    assert (folder / "alpha.py").is_symlink()


def test_a_link_in_the_place_of_the_folder_stays(folder: Path, tmp_path: Path) -> None:
    folder.rename(tmp_path / "real")
    folder.symlink_to("real")
    before = state(tmp_path / "real")
    with pytest.raises(FindingsError) as caught:
        publish_package(folder, planned(ALPHA))
    assert [(item.rule, item.message) for item in caught.value.findings] == [
        ("SMG123", "the folder to write is a symbolic link")
    ]
    assert state(tmp_path / "real") == before


@pytest.mark.parametrize("name", ["__init__.json", "all.json", "artifact_types.json"])
def test_a_data_file_beside_a_module_of_no_contract_is_somebody_s(folder: Path, name: str) -> None:
    (folder / name).write_text('{"mine": 1}')
    assert refused(folder) == [("SMG123", name)]


def test_what_file_managers_leave_is_in_nobody_s_way(folder: Path) -> None:
    (folder / ".DS_Store").write_bytes(b"x")
    assert package_changes(folder, planned(ALPHA, BETA)) == ()
