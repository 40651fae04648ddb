"""Comparing a folder with what it should hold."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import TreeChange, compare_tree

FILES = {"__init__.py": b"", "a.py": b"one\ntwo\nthree\n", "sub/b.py": b"x = 1\n", "py.typed": b""}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    target = tmp_path / "package"
    (target / "sub").mkdir(parents=True)
    for path, data in FILES.items():
        (target / path).write_bytes(data)
    return target


def test_an_equal_folder_has_no_changes(target: Path) -> None:
    (target / "__pycache__").mkdir()
    (target / "__pycache__" / "a.cpython-311.pyc").write_bytes(b"x")
    (target / "sub" / "__pycache__").mkdir()
    (target / "sub" / "__pycache__" / "b.pyc").write_bytes(b"x")
    (target / "empty").mkdir()
    assert compare_tree(target, FILES) == ()


def test_missing_changed_and_extra_files_with_their_diffs(target: Path) -> None:
    (target / "py.typed").unlink()
    (target / "sub" / "b.py").unlink()
    (target / "a.py").write_bytes(b"one\nTWO\nthree")
    (target / "sub" / "old.py").write_bytes(b"old\n")
    assert compare_tree(target, FILES) == (
        TreeChange(
            "CHANGED",
            "a.py",
            "--- a.py (on disk)\n"
            "+++ a.py (expected)\n"
            "@@ -1,3 +1,3 @@\n"
            " one\n"
            "-TWO\n"
            "-three\n"
            "\\ no line feed at the end of the file\n"
            "+two\n"
            "+three\n",
        ),
        TreeChange("MISSING", "py.typed", "--- /dev/null\n+++ py.typed (expected)\nthe file is empty\n"),
        TreeChange("MISSING", "sub/b.py", "--- /dev/null\n+++ sub/b.py (expected)\n@@ -0,0 +1 @@\n+x = 1\n"),
        TreeChange("EXTRA", "sub/old.py", "--- sub/old.py (on disk)\n+++ /dev/null\n@@ -1 +0,0 @@\n-old\n"),
    )


def test_a_folder_that_is_not_there_lacks_everything(tmp_path: Path) -> None:
    changes = compare_tree(tmp_path / "none" / "none", FILES)
    assert [(change.kind, change.path) for change in changes] == [("MISSING", path) for path in sorted(FILES)]
    assert list(tmp_path.iterdir()) == []


def test_line_numbers_in_the_middle_of_a_file(target: Path) -> None:
    lines = [f"line {number}\n" for number in range(1, 101)]
    (target / "a.py").write_text("".join(lines))
    lines[49] = "changed\n"
    del lines[89]
    (change,) = compare_tree(target, {**FILES, "a.py": "".join(lines).encode()})
    assert change.diff.splitlines()[2:] == [
        "@@ -47,7 +47,7 @@",
        " line 47",
        " line 48",
        " line 49",
        "-line 50",
        "+changed",
        " line 51",
        " line 52",
        " line 53",
        "@@ -87,7 +87,6 @@",
        " line 87",
        " line 88",
        " line 89",
        "-line 90",
        " line 91",
        " line 92",
        " line 93",
    ]


def test_only_the_line_end_differs(target: Path) -> None:
    (target / "sub" / "b.py").write_bytes(b"x = 1\r\n")
    (change,) = compare_tree(target, FILES)
    assert change.diff.splitlines()[2:] == ["@@ -1 +1 @@", "-x = 1\\r", "+x = 1"]


def test_contents_that_are_no_text(target: Path) -> None:
    (target / "a.py").write_bytes(b"\xff")
    (target / "py.typed").write_bytes(b"\0")
    assert [change.diff for change in compare_tree(target, FILES)] == [
        "--- a.py (on disk)\n+++ a.py (expected)\nthe contents are no text\n",
        "--- py.typed (on disk)\n+++ py.typed (expected)\nthe contents are no text\n",
    ]


def test_diffs_are_bounded_and_safe_to_show(target: Path) -> None:
    (target / "a.py").write_text("\x1b[2J" + "x" * 100_000 + "\n" + "y\n" * 1000)
    (target / "\x1bz.py").write_text("z\n")
    changed, extra = sorted(compare_tree(target, FILES), key=lambda change: change.kind)
    lines = changed.diff.splitlines()
    assert len(lines) == 2 + 80 + 1
    assert lines[3].startswith("-\\x1b[2Jxxx")
    assert lines[3].endswith("more characters)")
    assert lines[-1] == "… (925 more lines)"
    assert extra.path == "\x1bz.py"
    assert extra.diff.startswith("--- \\x1bz.py (on disk)\n")


def test_large_and_repetitive_files_are_compared_in_bounded_time(target: Path) -> None:
    (target / "a.py").write_bytes(b"a\n" * 1_000_000)
    start = time.perf_counter()
    (change,) = compare_tree(target, {**FILES, "a.py": b"b\na\n" * 500_000})
    assert time.perf_counter() - start < 30
    assert change.kind == "CHANGED"
    assert len(change.diff) < 20_000


def test_files_too_large_to_be_ours_are_not_read(target: Path) -> None:
    with (target / "a.py").open("wb") as stream:
        stream.truncate(1 << 40)
    (change,) = compare_tree(target, FILES)
    assert (change.kind, change.path) == ("CHANGED", "a.py")
    assert change.diff.endswith("what is there is no regular file, or a huge one\n")


def test_links_and_pipes_are_never_equal_and_never_opened(target: Path) -> None:
    (target / "a.py").rename(target.parent / "a.py")
    (target / "a.py").symlink_to(target.parent / "a.py")
    os.mkfifo(target / "pipe")
    (target / "folder").symlink_to(target / "sub")
    changes = compare_tree(target, FILES)
    assert [(change.kind, change.path) for change in changes] == [
        ("CHANGED", "a.py"),
        ("EXTRA", "folder"),
        ("EXTRA", "pipe"),
    ]


def test_a_file_where_a_folder_belongs_and_the_other_way_round(target: Path) -> None:
    (target / "a.py").unlink()
    (target / "a.py").mkdir()
    (target / "a.py" / "inner").write_bytes(b"")
    (target / "sub" / "b.py").unlink()
    (target / "sub").rmdir()
    (target / "sub").write_bytes(b"")
    assert [(change.kind, change.path) for change in compare_tree(target, FILES)] == [
        ("MISSING", "a.py"),
        ("EXTRA", "a.py/inner"),
        ("EXTRA", "sub"),
        ("MISSING", "sub/b.py"),
    ]


def test_a_target_that_is_no_folder_is_a_finding(tmp_path: Path, target: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(target)
    with pytest.raises(FindingsError) as caught:
        compare_tree(link, FILES)
    assert caught.value.findings == (
        Finding(
            "SMG123",
            "the folder to write is a symbolic link",
            Place(file=link.as_posix()),
            fix="name the folder that the link leads to",
        ),
    )
    with pytest.raises(FindingsError) as caught:
        compare_tree(target / "a.py", FILES)
    assert caught.value.findings[0].message == "the folder to write is a file"


@pytest.mark.parametrize(
    "path",
    ["", "/a", "a/", "a//b", "../a", "a/../b", "./a", "a\\b", "a\0", "__pycache__/a.pyc", "a/__pycache__"],
)
def test_paths_that_are_not_plain_are_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="not a plain relative path"):
        compare_tree(tmp_path / "x", {path: b""})


def test_a_path_that_is_a_folder_of_another_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a file and a folder at once: 'a'"):
        compare_tree(tmp_path / "x", {"a": b"", "a/b/c": b""})
