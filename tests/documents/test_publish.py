"""Publishing: what is written, what is refused, and that no kill and no second run leaves half a tree."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping
from functools import partial
from pathlib import Path

import pytest

import smgen
from smgen.diagnostics import FindingsError
from smgen.documents import Publication, finish_publication, provisional_files, publish_files, publish_tree
from smgen.documents.exchange import exchange
from smgen.documents.journal import Journal, write_journal

Files = Mapping[str, bytes]

OLD: Files = {"__init__.py": b"", "same.py": b"same\n", "sub/changed.py": b"old\n", "gone/gone.py": b"gone\n"}
NEW: Files = {"__init__.py": b"", "same.py": b"same\n", "sub/changed.py": b"new\n", "added/deep/added.py": b"added\n"}


def _everything(path: str, data: bytes) -> bool:
    return bool(path) and len(data) >= 0


def _nothing(path: str, data: bytes) -> bool:
    return not _everything(path, data)


def _write(target: Path, files: Files) -> None:
    for path, data in files.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(data)


def _read(target: Path) -> dict[str, bytes]:
    files = (path for path in sorted(target.rglob("*")) if not path.is_dir())
    return {path.relative_to(target).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    target = tmp_path / "package"
    _write(target, OLD)
    return target


def _no_exchange(left: Path, right: Path) -> bool:
    return left == right


@pytest.fixture(params=["exchange", "two renames"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The two ways in which a new tree takes its place; a test runs with each that this system has."""
    if request.param == "two renames":
        monkeypatch.setattr("smgen.documents.publish.exchange", _no_exchange)
        return "two renames"
    left, right = tmp_path / "left", tmp_path / "right"
    left.mkdir()
    right.mkdir()
    works = exchange(left, right)
    left.rmdir()
    right.rmdir()
    if not works:
        pytest.skip("this file system does not exchange folders")
    return "exchange"


def test_linux_exchanges_folders(tmp_path: Path) -> None:
    left, right = tmp_path / "left", tmp_path / "right"
    _write(left, OLD)
    _write(right, NEW)
    if exchange(left, right):
        assert (_read(left), _read(right)) == (NEW, OLD)
    else:
        assert (_read(left), _read(right)) == (OLD, NEW)
    assert not exchange(left, tmp_path / "nowhere")


# What is written


@pytest.mark.usefixtures("way")
def test_the_target_holds_exactly_the_files(target: Path) -> None:
    (target / "__pycache__").mkdir()
    (target / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert publish_tree(target, NEW, owns=_everything) == Publication(
        written=("added/deep/added.py", "sub/changed.py"),
        removed=("gone/gone.py",),
        unchanged=("__init__.py", "same.py"),
    )
    assert _read(target) == NEW
    assert sorted(path.name for path in target.iterdir()) == ["__init__.py", "added", "same.py", "sub"]
    assert list(target.parent.iterdir()) == [target]


def test_a_new_target_with_its_parents(tmp_path: Path) -> None:
    target = tmp_path / "generated" / "package"
    assert publish_tree(target, NEW, owns=_nothing).written == tuple(sorted(NEW))
    assert _read(target) == NEW
    assert list(target.parent.iterdir()) == [target]


def test_an_empty_target_is_filled_and_a_full_one_emptied(tmp_path: Path) -> None:
    target = tmp_path / "package"
    target.mkdir()
    publish_tree(target, NEW, owns=_everything)
    assert _read(target) == NEW
    assert publish_tree(target, {}, owns=_everything) == Publication((), tuple(sorted(NEW)), ())
    assert list(target.iterdir()) == []


def _times(folder: Path) -> dict[str, tuple[int, int, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns, path.stat().st_ctime_ns)
        for path in [folder, *sorted(folder.rglob("*"))]
    }


def test_nothing_is_touched_when_nothing_changes(target: Path) -> None:
    before, parent = _times(target), _times(target.parent)
    assert publish_tree(target, OLD, owns=_nothing) == Publication((), (), tuple(sorted(OLD)))
    assert (_times(target), _times(target.parent)) == (before, parent)


@pytest.mark.usefixtures("way")
def test_unchanged_files_keep_their_inode_and_time(target: Path) -> None:
    os.utime(target / "same.py", ns=(1, 1_000_000_000))
    before = _times(target)
    publish_tree(target, NEW, owns=_everything)
    after = _times(target)
    for path in ("same.py", "__init__.py"):
        assert after[path][:2] == before[path][:2]
    assert after["sub/changed.py"][0] != before["sub/changed.py"][0]


def test_without_hard_links_unchanged_files_keep_their_time(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", refuse)
    os.utime(target / "same.py", ns=(1, 1_000_000_000))
    publish_tree(target, NEW, owns=_everything)
    assert _read(target) == NEW
    assert (target / "same.py").stat().st_mtime_ns == 1_000_000_000


def test_modes_follow_the_umask_and_the_folders_that_were_there(target: Path) -> None:
    target.chmod(0o750)
    (target / "sub").chmod(0o775)
    umask = os.umask(0o027)
    try:
        publish_tree(target, NEW, owns=_everything)
    finally:
        os.umask(umask)
    modes = {path: stat.S_IMODE((target / path).stat().st_mode) for path in ("", "sub", "added", "added/deep/added.py")}
    assert modes == {"": 0o750, "sub": 0o775, "added": 0o750, "added/deep/added.py": 0o640}


def test_a_folder_takes_the_place_of_a_file_and_a_file_that_of_a_folder(target: Path) -> None:
    files = {"same.py/inner.py": b"1", "sub": b"2"}
    publish_tree(target, files, owns=_everything)
    assert _read(target) == files


def test_a_relative_target_and_the_current_folder(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(target.parent)
    publish_tree(Path("package"), NEW, owns=_everything)
    assert _read(target) == NEW
    monkeypatch.chdir(target)
    publish_tree(Path(), OLD, owns=_everything)
    assert _read(target) == OLD
    assert list(target.parent.iterdir()) == [target]


# What is refused


def test_every_foreign_file_is_a_finding_and_nothing_is_written(target: Path) -> None:
    (target / "notes.txt").write_bytes(b"mine")
    (target / "sub" / "link.py").symlink_to("changed.py")
    asked: list[tuple[str, bytes]] = []

    def owns(path: str, data: bytes) -> bool:
        asked.append((path, data))
        return path == "gone/gone.py"

    before = _times(target)
    with pytest.raises(FindingsError) as caught:
        publish_tree(target, NEW, owns=owns)
    assert asked == [("gone/gone.py", b"gone\n"), ("notes.txt", b"mine")]
    assert [(finding.rule, finding.place.file) for finding in caught.value.findings] == [
        ("SMG123", (target / "notes.txt").as_posix()),
        ("SMG123", (target / "sub/link.py").as_posix()),
    ]
    assert str(caught.value).splitlines()[:3] == [
        f"{target.as_posix()}/notes.txt: error SMG123 foreign-file: "
        "smgen did not write this file, and it stands in a folder that smgen writes as a whole",
        f"  expected      only files that smgen wrote in {target.as_posix()}",
        "  fix           move the file to another folder, or delete it",
    ]
    assert _times(target) == before
    assert list(target.parent.iterdir()) == [target]


def test_a_foreign_file_is_a_finding_even_when_nothing_else_changes(target: Path) -> None:
    (target / "notes.txt").write_bytes(b"mine")
    with pytest.raises(FindingsError):
        publish_tree(target, OLD, owns=_nothing)


def test_a_link_in_the_place_of_a_file_is_replaced_and_its_target_left_alone(target: Path) -> None:
    outside = target.parent / "outside.py"
    outside.write_bytes(NEW["same.py"])
    (target / "same.py").unlink()
    (target / "same.py").symlink_to(outside)
    assert "same.py" in publish_tree(target, NEW, owns=_everything).written
    assert not (target / "same.py").is_symlink()
    assert outside.read_bytes() == NEW["same.py"]


@pytest.mark.parametrize("kind", ["link", "dangling link", "file"])
def test_a_target_that_is_no_folder_is_a_finding(target: Path, kind: str) -> None:
    name = target.parent / "other"
    if kind == "file":
        name.write_bytes(b"x")
    else:
        name.symlink_to(target if kind == "link" else "nowhere")
    with pytest.raises(FindingsError) as caught:
        publish_tree(name, NEW, owns=_everything)
    assert [finding.rule for finding in caught.value.findings] == ["SMG123"]
    assert caught.value.findings[0].place.file == name.as_posix()
    assert _read(target) == OLD
    assert sorted(path.name for path in target.parent.iterdir()) == ["other", "package"]


def test_an_exception_from_owns_writes_nothing(target: Path) -> None:
    def owns(path: str, data: bytes) -> bool:
        raise RuntimeError(f"{path} {data!r}")

    with pytest.raises(RuntimeError):
        publish_tree(target, NEW, owns=owns)
    assert _read(target) == OLD
    assert list(target.parent.iterdir()) == [target]


# Kills and failing disks

_EVENTS = frozenset(
    ["open", "os.chmod", "os.link", "os.listdir", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.scandir"]
)


def _in_a_child(publish: Callable[[], object], step: int, at_step: Callable[[], None]) -> int:
    """Runs `publish` in a fork whose `step`-th file operation does `at_step` first.

    Returns 0 when it came to its end, 7 when it raised OSError, 9 when it was killed.
    """
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    left = step

    def hook(event: str, _: tuple[object, ...]) -> None:
        nonlocal left
        if event in _EVENTS:
            left -= 1
            if left == 0:
                at_step()

    status = 1
    try:
        sys.addaudithook(hook)
        publish()
        status = 0
    except OSError:
        status = 7
    finally:
        os._exit(status)


def _kill() -> None:
    os._exit(9)


def _fail() -> None:
    raise OSError(errno.EIO, "the disk is on fire")


def _prepare(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    target = folder / "package"
    _write(target, OLD)
    return target


def _state(target: Path) -> str:
    if not target.exists():
        return "missing"
    files = _read(target)
    return "old" if files == OLD else "new" if files == NEW else f"half: {files}"


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@needs_fork
def test_a_kill_at_any_step_leaves_the_old_tree_or_the_new_one(tmp_path: Path, way: str) -> None:
    states: list[str] = []
    for step in range(1, 1000):
        target = _prepare(tmp_path / "work")
        status = _in_a_child(partial(publish_tree, target, NEW, owns=_everything), step, _kill)
        assert status in (0, 9)
        states.append(_state(target))
        if states[-1] == "missing":
            # The one moment between two renames: the next run finds the old tree and puts it back.
            assert publish_tree(target, OLD, owns=_nothing) == Publication((), (), tuple(sorted(OLD)))
            assert _state(target) == "old"
        publish_tree(target, NEW, owns=_everything)
        assert _state(target) == "new"
        assert list(target.parent.iterdir()) == [target]
        if status == 0:
            break
    else:
        pytest.fail("the publish never came to its end")
    assert len(states) > 30
    # First always the old tree, from some step on always the new one; only two renames know a moment in between.
    changes = [state for state, before in zip(states, [None, *states], strict=False) if state != before]
    assert changes == (["old", "new"] if way == "exchange" else ["old", "missing", "new"])


@needs_fork
@pytest.mark.usefixtures("way")
def test_a_failure_at_any_step_leaves_the_old_tree_or_is_none(tmp_path: Path) -> None:
    outcomes: set[tuple[int, str]] = set()
    for step in range(1, 1000):
        target = _prepare(tmp_path / "work")
        status = _in_a_child(partial(publish_tree, target, NEW, owns=_everything), step, _fail)
        outcomes.add((status, _state(target)))
        if status == 7:
            assert list(target.parent.iterdir()) == [target]
        untouched = _prepare(tmp_path / "count")
        if _in_a_child(partial(publish_tree, untouched, NEW, owns=_everything), step, _kill) == 0:
            break
    assert outcomes == {(7, "old"), (0, "new")}


@needs_fork
def test_a_kill_while_a_new_target_is_made_leaves_none_or_all(tmp_path: Path) -> None:
    states: set[str] = set()
    for step in range(1, 1000):
        shutil.rmtree(tmp_path / "work", ignore_errors=True)
        target = tmp_path / "work" / "package"
        status = _in_a_child(partial(publish_tree, target, NEW, owns=_nothing), step, _kill)
        states.add(_state(target))
        publish_tree(target, NEW, owns=_nothing)
        assert list(target.parent.iterdir()) == [target]
        if status == 0:
            break
    assert states == {"missing", "new"}


def test_a_failure_of_the_second_rename_puts_the_old_tree_back(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smgen.documents.publish.exchange", _no_exchange)
    rename = Path.rename

    def failing(self: Path, to: Path) -> Path:
        if self.name == "new":
            raise OSError(errno.EIO, "the disk is on fire")
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="on fire"):
        publish_tree(target, NEW, owns=_everything)
    assert _read(target) == OLD
    assert list(target.parent.iterdir()) == [target]


def test_a_keyboard_interrupt_leaves_the_old_tree_and_nothing_else(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("smgen.documents.publish.write_new", interrupted)
    with pytest.raises(KeyboardInterrupt):
        publish_tree(target, NEW, owns=_everything)
    assert _read(target) == OLD
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("number", [errno.EXDEV, errno.EBUSY])
def test_a_target_that_cannot_be_moved_is_written_in_place(
    target: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr("smgen.documents.publish.exchange", _no_exchange)
    rename = Path.rename

    def refusing(self: Path, to: Path) -> Path:
        if self == target:
            raise OSError(number, os.strerror(number))
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", refusing)
    (target / "gone" / "__pycache__").mkdir()
    before = _times(target)
    assert publish_tree(target, NEW, owns=_everything).removed == ("gone/gone.py",)
    assert _read(target) == NEW
    assert not (target / "gone").exists()
    assert _times(target)["same.py"][:2] == before["same.py"][:2]
    assert list(target.parent.iterdir()) == [target]
    files = {"same.py/inner.py": b"1", "sub": b"2"}
    publish_tree(target, files, owns=_everything)
    assert _read(target) == files


def test_leftovers_of_other_targets_and_folders_of_others_stay(target: Path) -> None:
    others = [
        ".other.smgen-staging-abcdefgh",
        ".package.smgen-staging-short",
        ".package.smgen-staging-ABCDEFGH",
        ".package.smgen-staging-abcdefghi",
    ]
    for name in others:
        (target.parent / name / "new").mkdir(parents=True)
    (target.parent / ".package.smgen-staging-00000000").write_bytes(b"a file")
    (target.parent / ".package.smgen-staging-abcdefgh" / "new").mkdir(parents=True)
    publish_tree(target, OLD, owns=_everything)
    assert sorted(path.name for path in target.parent.iterdir()) == sorted(
        [*others, ".package.smgen-staging-00000000", "package"]
    )


def test_without_locks_young_leftovers_may_belong_to_somebody(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextlib.contextmanager
    def no_locks(_: Path) -> Generator[bool, None, None]:
        yield False

    monkeypatch.setattr("smgen.documents.publish.locked", no_locks)
    young, old = target.parent / ".package.smgen-staging-aaaaaaaa", target.parent / ".package.smgen-staging-bbbbbbbb"
    young.mkdir()
    old.mkdir()
    os.utime(old, (0, 0))
    publish_tree(target, NEW, owns=_everything)
    assert sorted(path.name for path in target.parent.iterdir()) == [young.name, "package"]
    assert _read(target) == NEW


# Two runs at once

_PUBLISHER = """
import sys
from pathlib import Path
from smgen.documents import publish_tree
letter = sys.argv[2]
for turn in range(15):
    files = {f"{number}.py": f"{letter} {number}\\n".encode() * 50 for number in range(20)}
    files[f"only_{letter}.py"] = b"x"
    publish_tree(Path(sys.argv[1]), files, owns=lambda path, data: True)
"""


def test_two_publishers_at_once_make_whole_trees(tmp_path: Path) -> None:
    target = tmp_path / "package"
    environment = {**os.environ, "PYTHONPATH": str(Path(smgen.__path__[0]).parent)}
    runs = [
        subprocess.Popen([sys.executable, "-c", _PUBLISHER, str(target), letter], env=environment)
        for letter in ("a", "b")
    ]
    seen: set[str] = set()
    while any(run.poll() is None for run in runs):
        with contextlib.suppress(FileNotFoundError):
            seen.add(_letters(target))
    assert [run.returncode for run in runs] == [0, 0]
    assert seen <= {"a", "b"}
    assert _letters(target) in ("a", "b")
    assert list(tmp_path.iterdir()) == [target]


def _letters(target: Path) -> str:
    """The letters in all files of the one tree that stands at `target` now, however it is moved meanwhile.

    Raises FileNotFoundError when that tree goes away while it is read.
    """
    folder = os.open(target, os.O_RDONLY)
    try:
        names = _names(folder)
        letters: set[str] = set()
        for name in names:
            descriptor = os.open(name, os.O_RDONLY, dir_fd=folder)
            with os.fdopen(descriptor, "rb") as stream:
                data = stream.read()
            letters.add(name[5] if name.startswith("only") else chr(data[0]))
            assert len(data) in (1, len(f"a {name[:-3]}\n") * 50)
        # A tree that is being removed has lost names before it lost the folder.
        if len(names) != 21 or len(_names(folder)) != 21:
            raise FileNotFoundError
        return "".join(sorted(letters))
    finally:
        os.close(folder)


def _names(folder: int) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries]


# Into a folder of others


def test_files_are_written_and_the_others_left_alone(target: Path) -> None:
    (target / "notes.txt").write_bytes(b"mine")
    before = _times(target)
    assert publish_files(target, NEW) == Publication(
        written=("added/deep/added.py", "sub/changed.py"), removed=(), unchanged=("__init__.py", "same.py")
    )
    assert _read(target) == {**OLD, **NEW, "notes.txt": b"mine"}
    after = _times(target)
    for path in ("notes.txt", "same.py", "__init__.py", "gone/gone.py"):
        assert after[path] == before[path]
    assert sorted(path.name for path in target.iterdir()) == sorted(
        ["__init__.py", "same.py", "sub", "gone", "added", "notes.txt"]
    )


def test_equal_files_are_not_touched(target: Path) -> None:
    before = _times(target)
    assert publish_files(target, OLD) == Publication((), (), tuple(sorted(OLD)))
    assert _times(target) == before


def test_a_new_output_folder_and_a_linked_one(tmp_path: Path) -> None:
    folder = tmp_path / "build" / "fraud"
    assert publish_files(folder, NEW).written == tuple(sorted(NEW))
    link = tmp_path / "link"
    link.symlink_to(folder)
    assert publish_files(link, {"more.json": b"{}"}).written == ("more.json",)
    assert _read(folder) == {**NEW, "more.json": b"{}"}


def test_obstacles_are_all_found_and_nothing_is_written(target: Path) -> None:
    outside = target.parent / "outside"
    outside.mkdir()
    (target / "linked").symlink_to(outside)
    files = {"linked/x": b"1", "same.py/x": b"2", "sub": b"3", "fine": b"4"}
    with pytest.raises(FindingsError) as caught:
        publish_files(target, files)
    assert [(finding.rule, finding.place.file, finding.message) for finding in caught.value.findings] == [
        ("SMG123", f"{target.as_posix()}/linked", "a symbolic link stands where a folder is needed"),
        ("SMG123", f"{target.as_posix()}/same.py", "a file stands where a folder is needed"),
        ("SMG123", f"{target.as_posix()}/sub", "a folder stands where a file is needed"),
    ]
    assert list(outside.iterdir()) == []
    assert not (target / "fine").exists()


@pytest.mark.parametrize("kind", ["file", "dangling link"])
def test_an_output_folder_that_is_no_folder_is_a_finding(tmp_path: Path, kind: str) -> None:
    name = tmp_path / "build"
    if kind == "file":
        name.write_bytes(b"x")
    else:
        name.symlink_to("nowhere")
    with pytest.raises(FindingsError) as caught:
        publish_files(name, NEW)
    assert [finding.rule for finding in caught.value.findings] == ["SMG123"]


@needs_fork
def test_a_kill_at_any_step_leaves_every_file_old_or_new(tmp_path: Path) -> None:
    new = {"a/x": b"new", "b": b"new", "c": b"new"}
    seen: set[tuple[bytes | None, ...]] = set()
    for step in range(1, 1000):
        target = tmp_path / "work"
        shutil.rmtree(target, ignore_errors=True)
        _write(target, {"b": b"old", "c": b"old"})
        status = _in_a_child(partial(publish_files, target, new), step, _kill)
        files = {path: data for path, data in _read(target).items() if not path.startswith(".smgen-staging-")}
        seen.add(tuple(files.get(path) for path in new))
        publish_files(target, new)
        assert _read(target) == new
        assert sorted(path.name for path in target.iterdir()) == ["a", "b", "c"]
        if status == 0:
            break
    assert seen == {
        (None, b"old", b"old"),
        (b"new", b"old", b"old"),
        (b"new", b"new", b"old"),
        (b"new", b"new", b"new"),
    }


@needs_fork
def test_what_a_killed_run_left_is_finished_or_taken_back(tmp_path: Path) -> None:
    """After the next look at the folder all files are old or all are new, and nothing else is left."""
    old, new = {"b": b"old", "c": b"old"}, {"a/x": b"new", "b": b"new", "c": b"new"}
    states: list[str] = []
    finished: list[bool] = []
    for step in range(1, 1000):
        target = tmp_path / "work"
        shutil.rmtree(target, ignore_errors=True)
        _write(target, old)
        status = _in_a_child(partial(publish_files, target, new), step, _kill)
        finished.append(finish_publication(target))
        files = _read(target)
        states.append("old" if files == old else "new" if files == new else f"half: {files}")
        if status == 0:
            break
    assert [state for state, before in zip(states, ["", *states], strict=False) if state != before] == ["old", "new"]
    assert True in finished
    assert not finished[0]
    assert not finished[-1]


@needs_fork
def test_a_run_that_is_killed_while_it_finishes_another_is_finished_too(tmp_path: Path) -> None:
    new = {"a/x": b"new", "b": b"new", "c": b"new"}
    target = tmp_path / "work"
    for step in range(1, 1000):
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        staging = target / ".smgen-staging-abcdefgh"
        staging.mkdir()
        for number, path in enumerate(new):
            (staging / str(number)).write_bytes(new[path])
        write_journal(staging, Journal(tuple(new)))
        status = _in_a_child(partial(finish_publication, target), step, _kill)
        finish_publication(target)
        assert _read(target) == new
        assert sorted(path.name for path in target.iterdir()) == ["a", "b", "c"]
        if status == 0:
            return


@pytest.mark.parametrize(
    "journal",
    [
        "",
        "[]",
        "{}",
        '{"folder": HERE, "files": ["../outside"], "removed": []}',
        '{"folder": HERE, "files": ["/etc/passwd"], "removed": []}',
        '{"folder": HERE, "files": ["a", 1], "removed": []}',
        '{"folder": HERE, "files": ["linked/outside"], "removed": []}',
        '{"folder": HERE, "files": [], "removed": ["../outside"]}',
        '{"folder": HERE, "files": [], "removed": ["linked/outside"]}',
        # It came from elsewhere, with a checkout or an archive.
        '{"folder": 1, "files": ["a"], "removed": []}',
        '{"files": ["a"], "removed": []}',
        "[" * 100_000,
    ],
)
def test_a_journal_that_smgen_did_not_write_changes_nothing(tmp_path: Path, journal: str) -> None:
    outside, target = tmp_path / "outside", tmp_path / "work"
    outside.mkdir()
    (outside / "outside").write_bytes(b"kept")
    (tmp_path / "outside.txt").write_bytes(b"kept")
    staging = target / ".smgen-staging-abcdefgh"
    staging.mkdir(parents=True)
    (target / "linked").symlink_to(outside)
    (staging / "0").write_bytes(b"evil")
    (staging / "journal.json").write_text(journal.replace("HERE", str(staging.stat().st_ino)), encoding="utf-8")
    finish_publication(target)
    assert (outside / "outside").read_bytes() == b"kept"
    assert [path.name for path in target.iterdir()] == ["linked"]


@pytest.mark.parametrize("name", [".smgen-settings", ".smgen-workflow", ".smgen-notebook"])
def test_a_folder_of_somebody_who_calls_it_after_smgen_stays(tmp_path: Path, name: str) -> None:
    (tmp_path / "target" / name).mkdir(parents=True)
    (tmp_path / "target" / name / "notes.txt").write_bytes(b"mine")
    publish_files(tmp_path / "target", {"a.txt": b"new"})
    publish_tree(tmp_path / "target" / "package", {"b.txt": b"new"}, owns=lambda _path, _content: True)
    assert not finish_publication(tmp_path / "target")
    assert (tmp_path / "target" / name / "notes.txt").read_bytes() == b"mine"


def test_a_link_is_neither_replaced_nor_written_through(tmp_path: Path) -> None:
    shared, target = tmp_path / "shared.toml", tmp_path / "target"
    shared.write_bytes(b"shared\n")
    target.mkdir()
    (target / "pyproject.toml").symlink_to(shared)
    with pytest.raises(FindingsError) as caught:
        publish_files(target, {"pyproject.toml": b"new\n", "other.txt": b""})
    (finding,) = caught.value.findings
    assert (finding.rule, finding.message) == ("SMG123", "a symbolic link stands where a file is needed")
    assert [path.name for path in target.iterdir()] == ["pyproject.toml"]
    assert shared.read_bytes() == b"shared\n"


# For as long as something is looked at


def test_what_was_only_tried_is_taken_back(tmp_path: Path) -> None:
    module = tmp_path / "a.py"
    module.write_bytes(b"old")
    module.chmod(0o755)

    def tried() -> None:
        with provisional_files(tmp_path, {"a.py": b"new"}):
            assert module.read_bytes() == b"new"
            # What is called may look for what is left of a dead run.
            assert not finish_publication(tmp_path)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        tried()
    assert [path.name for path in tmp_path.iterdir()] == ["a.py"]
    assert module.read_bytes() == b"old"
    with provisional_files(tmp_path, {"a.py": b"new"}):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["a.py"]
    assert module.read_bytes() == b"new"
    assert module.stat().st_mode & 0o777 == 0o755


@needs_fork
def test_a_kill_while_something_is_tried_brings_the_old_back(tmp_path: Path) -> None:
    old, new = {"a": b"old", "b": b"old"}, {"a": b"new", "b": b"new"}
    target = tmp_path / "work"
    seen: set[bytes] = set()

    def tried() -> None:
        with provisional_files(target, new):
            pass

    for step in range(1, 1000):
        shutil.rmtree(target, ignore_errors=True)
        _write(target, old)
        status = _in_a_child(tried, step, _kill)
        seen.add((target / "a").read_bytes() + (target / "b").read_bytes())
        finish_publication(target)
        assert _read(target) in (old, new)
        if status == 0:
            break
    assert seen == {b"oldold", b"newold", b"newnew"}
