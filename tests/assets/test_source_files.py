"""Which files of a source are packed, and what is said of those that cannot be."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from smgen.assets import DEFAULT_PATTERNS, IGNORE_FILE, SOURCE_LIMITS, SourceLimits, SourceParts, read_source
from smgen.diagnostics import Finding, FindingsError, Place

PLACE = Place(file="pipeline.py", line=7)
FOLDER = SourceParts("train.py", "src")


def written(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def names(root: Path, parts: SourceParts = FOLDER) -> list[str]:
    return [file.path for file in read_source(root, parts, PLACE)]


def findings(root: Path, parts: SourceParts = FOLDER, limits: SourceLimits | None = None) -> list[Finding]:
    with pytest.raises(FindingsError) as caught:
        read_source(root, parts, PLACE, SOURCE_LIMITS if limits is None else limits)
    return list(caught.value.findings)


def said(found: list[Finding]) -> list[tuple[str, str, str | None]]:
    return [(finding.rule, finding.message, finding.given) for finding in found]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of contracts in which findings show relative paths."""
    monkeypatch.chdir(tmp_path)
    return written(tmp_path, {"src/train.py": "print(1)\n", "src/net/layers.py": "x = 1\n"})


def test_a_folder_is_packed_whole_and_an_entry_alone(root: Path) -> None:
    assert names(root) == ["net/layers.py", "train.py"]
    assert names(root, SourceParts("train.py", "src", entry_only=True)) == ["train.py"]
    assert names(root, SourceParts("net/layers.py", "src", entry_only=True)) == ["net/layers.py"]
    assert names(root, SourceParts("./train.py", "src/")) == ["net/layers.py", "train.py"]


def test_dependencies_lie_beside_the_script_under_their_own_names(root: Path) -> None:
    written(root, {"lib/shared/a.py": "", "lib/shared/deep/b.py": "", "one.py": "", "src/extra.txt": ""})
    parts = SourceParts("train.py", "src", entry_only=True, dependencies=("lib/shared", "one.py"))
    assert names(root, parts) == ["one.py", "shared/a.py", "shared/deep/b.py", "train.py"]


def test_requirements_are_packed_under_the_name_that_containers_look_for(root: Path) -> None:
    written(root, {"src/needs/gpu.txt": "torch\n"})
    packed = read_source(root, SourceParts("train.py", "src", requirements="needs/gpu.txt"), PLACE)
    assert [(file.path, file.content) for file in packed] == [
        ("needs/gpu.txt", b"torch\n"),
        ("net/layers.py", b"x = 1\n"),
        ("requirements.txt", b"torch\n"),
        ("train.py", b"print(1)\n"),
    ]
    written(root, {"src/requirements.txt": "numpy\n"})
    assert "requirements.txt" in names(root, SourceParts("train.py", "src", requirements="requirements.txt"))
    assert said(findings(root, SourceParts("train.py", "src", requirements="needs/gpu.txt"))) == [
        (
            "SMG126",
            "two files of the source have one place in the archive: requirements.txt",
            "src/requirements.txt, src/needs/gpu.txt",
        )
    ]


def test_only_the_right_to_run_a_file_is_kept_of_its_mode(root: Path) -> None:
    (root / "src/train.py").chmod(0o755)
    (root / "src/net/layers.py").chmod(0o600)
    assert [(file.path, file.executable) for file in read_source(root, FOLDER, PLACE)] == [
        ("net/layers.py", False),
        ("train.py", True),
    ]


def test_what_nobody_wants_packed_stays_at_home(root: Path) -> None:
    kept = {"src/.flake8": "", "src/data/notes.md": "", "src/environment.env": ""}
    left = {
        "src/__pycache__/train.cpython-311.pyc": "",
        "src/net/__pycache__/x.pyc": "",
        "src/net/old.pyo": "",
        "src/.git/config": "",
        "src/.venv/bin/python": "",
        "src/net/.DS_Store": "",
        "src/.env": "PASSWORD=1",
        "src/.ipynb_checkpoints/a.ipynb": "",
    }
    written(root, kept | left)
    assert names(root) == [".flake8", "data/notes.md", "environment.env", "net/layers.py", "train.py"]
    assert "__pycache__/" in DEFAULT_PATTERNS


def test_the_ignore_file_has_gits_syntax_and_the_last_word(root: Path) -> None:
    rules = "# notes\n*.md\n!keep.md\n/data\n!.env\nnet/**/*.tmp\n\\#odd\n"
    files = {
        f"src/{IGNORE_FILE}": rules,
        "src/a.md": "",
        "src/net/keep.md": "",
        "src/data/x.csv": "",
        "src/net/data/y.csv": "",
        "src/net/deep/z.tmp": "",
        "src/.env": "A=1",
        "src/#odd": "",
    }
    written(root, files)
    assert names(root) == [".env", "net/data/y.csv", "net/keep.md", "net/layers.py", "train.py"]


def test_folders_that_lie_too_deep_in_each_other(root: Path) -> None:
    """However deep they are: the way down ends, and what goes through them afterwards may not be as careful."""
    folders = [root / "src" / "/".join(["a"] * depth) for depth in range(1, 1_101)]
    for folder in folders:
        folder.mkdir()
    try:
        (finding,) = findings(root)
        assert (finding.rule, finding.message) == ("SMG126", "folders lie more than 100 deep in each other")
        assert finding.given == f"src/{'a/' * 100}a"
        (folders[99] / "last.py").touch()
        folders[100].rename(root / "elsewhere")
        assert f"{'a/' * 100}last.py" in names(root)
        (root / "elsewhere").rename(folders[100])
        (folders[99] / "last.py").unlink()
    finally:
        for folder in reversed(folders):
            folder.rmdir()


def test_what_lies_in_an_ignored_folder_cannot_be_brought_back(root: Path) -> None:
    written(root, {f"src/{IGNORE_FILE}": "data/\n!data/keep.csv\n", "src/data/keep.csv": ""})
    assert names(root) == ["net/layers.py", "train.py"]


def test_every_packed_folder_has_an_ignore_file_of_its_own(root: Path) -> None:
    written(root, {f"src/{IGNORE_FILE}": "*.csv\n", "lib/a.csv": "", "lib/b.py": "", f"lib/{IGNORE_FILE}": "*.py\n"})
    parts = SourceParts("train.py", "src", dependencies=("lib",))
    assert names(root, parts) == ["lib/a.csv", "net/layers.py", "train.py"]


def test_lines_that_are_no_patterns_are_reported_each(root: Path) -> None:
    written(root, {f"src/{IGNORE_FILE}": "*.csv\n!\n[z-a]\n"})
    found = findings(root)
    assert said(found) == [
        ("SMG126", "a line of .smgenignore is no pattern", "!"),
        ("SMG126", "a line of .smgenignore is no pattern", "[z-a]"),
    ]
    assert [finding.place for finding in found] == [
        Place(file="src/.smgenignore", line=2),
        Place(file="src/.smgenignore", line=3),
    ]


def test_an_ignore_file_that_is_no_text_or_a_link_is_reported(root: Path) -> None:
    (root / "src" / IGNORE_FILE).write_bytes(b"\xff\xfe")
    assert said(findings(root)) == [
        ("SMG126", "the ignore file src/.smgenignore cannot be read", "bytes that are no UTF-8")
    ]
    (root / "src" / IGNORE_FILE).unlink()
    (root / "src" / IGNORE_FILE).symlink_to("/etc/passwd")
    assert said(findings(root)) == [
        ("SMG126", "the ignore file src/.smgenignore cannot be read", "it is a symbolic link")
    ]


def test_a_script_that_is_left_out_is_reported(root: Path) -> None:
    written(root, {f"src/{IGNORE_FILE}": "train.py\n"})
    (finding,) = findings(root)
    assert (finding.rule, finding.given) == ("SMG126", "train.py")
    assert finding.expected == "a line that keeps it, such as !train.py"


def test_all_that_is_missing_is_reported_with_what_was_meant(root: Path) -> None:
    parts = SourceParts("trian.py", "src", dependencies=("lab",), requirements="req.txt")
    written(root, {"lib/a.py": "", "src/reqs.txt": ""})
    found = findings(root, parts)
    assert said(found) == [
        ("SMG119", "the dependency is not there", "lab"),
        ("SMG119", "the file of requirements is not there", "src/req.txt"),
    ]
    assert [finding.nearest for finding in found] == ["lib", "reqs.txt"]
    assert said(findings(root, SourceParts("trian.py", "src"))) == [
        ("SMG119", "the script is not there", "src/trian.py")
    ]
    assert said(findings(root, SourceParts("net", "src"))) == [("SMG119", "the script is no regular file", "src/net")]
    assert said(findings(root, SourceParts("train.py", "scr"))) == [
        ("SMG119", "the folder of the source is not there", "scr")
    ]
    assert said(findings(root, SourceParts("x.py", "src", entry_only=True))) == [
        ("SMG119", "the script is not there", "src/x.py")
    ]


def test_paths_that_leave_the_root_are_refused(root: Path) -> None:
    parts = SourceParts("train.py", "src", dependencies=("../other", "/etc"))
    assert [finding.rule for finding in findings(root, parts)] == ["SMG118", "SMG118"]
    assert [finding.rule for finding in findings(root, SourceParts("train.py", ".."))] == ["SMG118"]


def test_links_to_files_inside_the_root_are_followed(root: Path) -> None:
    written(root, {"shared/common.py": "y = 2\n"})
    (root / "src/common.py").symlink_to("../shared/common.py")
    packed = {file.path: file.content for file in read_source(root, FOLDER, PLACE)}
    assert packed["common.py"] == b"y = 2\n"


def test_every_other_link_is_refused(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret"
    outside.write_text("key", encoding="utf-8")
    (root / "src/a_secret").symlink_to(outside)
    (root / "src/b_lost").symlink_to("nowhere")
    (root / "src/c_loop").symlink_to("c_loop")
    (root / "src/d_folder").symlink_to("net")
    assert said(findings(root)) == [
        ("SMG118", "the source has a symbolic link that leaves its root", "src/a_secret"),
        ("SMG126", "the source has a symbolic link that leads nowhere", "src/b_lost"),
        ("SMG126", "the source has a symbolic link that leads nowhere", "src/c_loop"),
        ("SMG126", "the source has a symbolic link to a folder, which could hold itself", "src/d_folder"),
    ]


def test_what_is_neither_file_nor_folder_is_refused(root: Path) -> None:
    os.mkfifo(root / "src/pipe")
    assert said(findings(root)) == [
        ("SMG126", "the source has something that is neither a file nor a folder", "src/pipe")
    ]


def test_a_file_and_a_folder_that_cannot_be_read_are_reported(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_bytes, scandir = Path.read_bytes, os.scandir

    def refusing(path: Path) -> bytes:
        if path.name == "train.py":
            raise PermissionError(13, "Permission denied")
        return read_bytes(path)

    def closed(path: Path) -> AbstractContextManager[Iterator[os.DirEntry[str]]]:
        if path.name == "net":
            raise PermissionError(13, "Permission denied")
        return scandir(str(path))

    monkeypatch.setattr(Path, "read_bytes", refusing)
    monkeypatch.setattr(os, "scandir", closed)
    assert said(findings(root)) == [
        ("SMG126", "a file of the source cannot be read", "src/train.py: Permission denied"),
        ("SMG126", "a folder of the source cannot be read", "src/net: Permission denied"),
    ]


def test_too_many_files_and_too_many_bytes_are_reported_once(root: Path) -> None:
    assert said(findings(root, limits=SourceLimits(files=1))) == [
        ("SMG126", "the source is too large to be packed", "2 files; src has 1, src/net has 1")
    ]
    (finding,) = findings(root, limits=SourceLimits(size=10))
    assert finding.given == "15 bytes in 2 files; src/train.py has 9, src/net/layers.py has 6"
    assert finding.expected == "at most 10 bytes"
    assert finding.fix == ("leave out what the job does not need, in .smgenignore; data belong into a channel or input")
    assert finding.place == PLACE


def test_the_largest_files_are_named(root: Path) -> None:
    """Those that make the size, also where they come last; a file that makes next to nothing of it is none."""
    written(
        root, {"src/data/a.bin": "a" * 300, "src/zz.bin": "z" * 500, "src/b.bin": "b" * 400, "src/c.bin": "c" * 200}
    )
    (finding,) = findings(root, limits=SourceLimits(size=600))
    assert finding.given == ("1,415 bytes in 6 files; src/zz.bin has 500, src/b.bin has 400, src/data/a.bin has 300")
    written(root, {"src/zz.bin": "z" * 50_000})
    (finding,) = findings(root, limits=SourceLimits(size=600))
    assert finding.given == "50,915 bytes in 6 files; src/zz.bin has 50,000"


def test_the_folders_with_most_files_are_named(root: Path) -> None:
    written(root, {f"src/images/{number}.png": "" for number in range(30)})
    (finding,) = findings(root, limits=SourceLimits(files=10))
    assert (finding.given, finding.expected) == (
        "32 files; src/images has 30, src has 1, src/net has 1",
        "at most 10 files",
    )


def test_nobody_counts_for_ever(root: Path) -> None:
    written(root, {f"src/images/{number}.png": "" for number in range(30)})
    (finding,) = findings(root, limits=SourceLimits(files=2))
    assert (finding.given or "").startswith("more than 21 files; src/images has ")


def test_what_is_too_large_is_not_called_missing_as_well(root: Path) -> None:
    written(root, {"src/a.bin": "a" * 100})
    assert [finding.rule for finding in findings(root, limits=SourceLimits(size=50))] == ["SMG126"]


def test_two_dependencies_of_one_name_are_reported(root: Path) -> None:
    written(root, {"a/util/x.py": "1", "b/util/x.py": "2"})
    parts = SourceParts("train.py", "src", entry_only=True, dependencies=("a/util", "b/util", "a/util"))
    assert said(findings(root, parts)) == [
        (
            "SMG126",
            "two files of the source have one place in the archive: util/x.py",
            "a/util/x.py, b/util/x.py",
        )
    ]


def test_a_name_that_is_no_text_is_reported(root: Path) -> None:
    Path(os.fsdecode(os.fsencode(root / "src") + b"/\xff.py")).write_text("", encoding="utf-8")
    assert said(findings(root)) == [("SMG126", "the name of a file is no Unicode text", "'\\udcff.py'")]
