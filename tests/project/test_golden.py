"""What holds pinned texts: it compares, or writes and tells what it changed."""

from pathlib import Path

import pytest

from tests.golden import MOST_OF_A_FILE, MOST_OF_ALL, Golden


def test_a_text_that_differs_fails_and_is_not_written(tmp_path: Path) -> None:
    file = tmp_path / "said.txt"
    file.write_text("one\ntwo\n")
    with pytest.raises(AssertionError) as caught:
        Golden().text(file, "one\nthree\n")
    told = ["--- said.txt", "+++ said.txt", "@@ -1,2 +1,2 @@", " one", "-two", "+three"]
    assert str(caught.value).splitlines() == [*told, "pytest --update-golden writes it, and shows what changed"]
    assert file.read_text() == "one\ntwo\n"
    with pytest.raises(AssertionError, match="--- nothing"):
        Golden().text(tmp_path / "new.txt", "new\n")


def test_with_the_option_it_is_written_and_told(tmp_path: Path) -> None:
    golden = Golden(update=True)
    golden.text(tmp_path / "new" / "said.txt", "one\n")
    assert (tmp_path / "new" / "said.txt").read_text() == "one\n"
    assert golden.told() == ["--- nothing", "+++ said.txt", "@@ -0,0 +1 @@", "+one"]
    golden.text(tmp_path / "new" / "said.txt", "one\n")
    assert len(golden.changes) == 1


def test_a_folder_holds_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("old\n")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "kept.pyc").write_bytes(b"")
    with pytest.raises(AssertionError, match=r"old\.txt is made no more"):
        Golden().folder(tmp_path, {"a/b.txt": b"b\n"})
    golden = Golden(update=True)
    golden.folder(tmp_path, {"a/b.txt": b"b\n"})
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["b.txt", "kept.pyc"]
    assert golden.told()[:2] == ["--- old.txt", "+++ nothing"]
    Golden().folder(tmp_path, {"a/b.txt": b"b\n"})


def test_what_is_told_is_bounded(tmp_path: Path) -> None:
    golden = Golden(update=True)
    for number in range(20):
        golden.text(tmp_path / f"{number}.txt", "line\n" * 1_000)
    told = golden.told()
    assert len(told) == MOST_OF_ALL + 1
    assert told[MOST_OF_A_FILE] == f"… {1_003 - MOST_OF_A_FILE} more lines"
    assert told[-1] == f"… {20 * (MOST_OF_A_FILE + 1) - MOST_OF_ALL} more lines: git diff"
