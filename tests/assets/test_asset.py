"""Assets: addressed by their content, listed once."""

from __future__ import annotations

from pathlib import Path

import pytest

from smgen.assets import ASSETS_FOLDER, Asset, asset_manifest, read_asset

HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
ONE = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"


def test_an_asset_is_addressed_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "run.py").write_bytes(b"hello")
    asset = read_asset(tmp_path / "run.py", "scripts/run.py", "s3://b/code")
    assert asset == Asset("run.py", HELLO, f"s3://b/code/{HELLO}/run.py", "scripts/run.py", b"hello")
    assert read_asset(tmp_path / "run.py", "scripts/run.py", "s3://b/code/") == asset
    assert ASSETS_FOLDER == "assets"
    assert asset.path == f"assets/{HELLO}/run.py"
    assert (asset.sha256, asset.size) == (HELLO, 5)
    assert "hello" not in repr(asset)


def test_the_bytes_are_kept_as_they_are(tmp_path: Path) -> None:
    content = b"\xff\x00a\r\nb"
    (tmp_path / "x.bin").write_bytes(content)
    assert read_asset(tmp_path / "x.bin", "x.bin", "s3://b").content == content


def test_what_cannot_be_read_passes_through(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_asset(tmp_path / "gone.py", "gone.py", "s3://b")
    with pytest.raises(IsADirectoryError):
        read_asset(tmp_path, "folder", "s3://b")


def test_the_manifest_lists_each_asset_once_by_path_with_the_hash_of_its_bytes() -> None:
    first = Asset("b.py", "1" * 64, "s3://b/1/b.py", "x/b.py", b"one")
    second = Asset("a.py", "0" * 64, "s3://b/0/a.py", "x/a.py", b"")
    assert asset_manifest([first, second, first]) == {
        "version": 1,
        "assets": [
            {
                "path": f"assets/{'0' * 64}/a.py",
                "location": "s3://b/0/a.py",
                "sha256": NOTHING,
                "bytes": 0,
                "source": "x/a.py",
            },
            {
                "path": f"assets/{'1' * 64}/b.py",
                "location": "s3://b/1/b.py",
                "sha256": ONE,
                "bytes": 3,
                "source": "x/b.py",
            },
        ],
    }
    assert asset_manifest([]) == {"version": 1, "assets": []}


def test_one_content_for_two_places_is_listed_twice() -> None:
    first = Asset("a.py", HELLO, "s3://b/one/a.py", "a.py", b"hello")
    second = Asset("a.py", HELLO, "s3://b/two/a.py", "a.py", b"hello")
    listed = asset_manifest([second, first])["assets"]
    assert isinstance(listed, list)
    assert [item["location"] for item in listed if isinstance(item, dict)] == ["s3://b/one/a.py", "s3://b/two/a.py"]
