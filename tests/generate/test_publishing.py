"""Publishing a package leaves alone what smgen did not write, and cleans up what it did."""

from __future__ import annotations

from pathlib import Path

import pytest

from smgen.diagnostics import FindingsError
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


@pytest.mark.parametrize("name", ["alpha.py", "alpha.json", "__init__.py", "manifest.json", "py.typed"])
def test_an_edited_file_of_ours_is_written_again(folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes() + b"\n# edited\n")
    assert publish_package(folder, planned(ALPHA, BETA)).written == (name,)


@pytest.mark.parametrize("manifest", [None, b"", b"<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n", b"[]", b"\xff"])
def test_a_lost_or_conflicting_manifest_is_no_hindrance(folder: Path, manifest: bytes | None) -> None:
    if manifest is None:
        (folder / "manifest.json").unlink()
    else:
        (folder / "manifest.json").write_bytes(manifest)
    (folder / "alpha.json").write_bytes(b"<<<<<<< HEAD\n{}\n")
    module = (folder / "alpha.py").read_bytes()
    (folder / "alpha.py").write_bytes(b"<<<<<<< HEAD\n" + module + b"=======\n" + module + b">>>>>>> other\n")
    publication = publish_package(folder, planned(ALPHA))
    assert publication.removed == ("beta.json", "beta.py")
    assert package_changes(folder, planned(ALPHA)) == ()


def test_a_link_in_the_place_of_a_file_is_replaced_and_its_target_kept(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "target.py"
    target.write_text("mine\n")
    (folder / "alpha.py").unlink()
    (folder / "alpha.py").symlink_to(target)
    publish_package(folder, planned(ALPHA, BETA))
    assert target.read_text() == "mine\n"
    assert not (folder / "alpha.py").is_symlink()
    assert package_changes(folder, planned(ALPHA, BETA)) == ()
