"""Paths that stay inside of their folder, and those that do not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import resolve_inside

PLACE = Place(file="c.json", line=3, column=4, pointer="/source/dir")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / "scripts").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "root-too").mkdir()
    (root / "inner").symlink_to("scripts")
    (root / "leaving").symlink_to("../outside")
    (root / "absolute").symlink_to(tmp_path / "outside")
    (root / "neighbour").symlink_to("../root-too")
    (root / "loop").symlink_to("loop")
    (root / "scripts" / "back").symlink_to("../../root/scripts")
    return root


@pytest.mark.parametrize(
    ("relative", "expected"),
    [
        ("scripts/train.py", "scripts/train.py"),
        ("./scripts//train.py", "scripts/train.py"),
        ("scripts/", "scripts"),
        (".", ""),
        ("not/there/yet.py", "not/there/yet.py"),
        ("inner/train.py", "inner/train.py"),
        ("scripts/back/x", "scripts/back/x"),
        ("..hidden/a..b", "..hidden/a..b"),
        ("größe 1.py", "größe 1.py"),
    ],
)
def test_what_stays_inside(root: Path, relative: str, expected: str) -> None:
    assert resolve_inside(root, relative, PLACE) == root / expected


@pytest.mark.parametrize(
    ("relative", "message"),
    [
        ("", "the path is empty"),
        ("/etc/passwd", "the path is absolute"),
        ("//server/share", "the path is absolute"),
        ("..", 'the path goes up with ".."'),
        ("scripts/../../outside", 'the path goes up with ".."'),
        ("scripts/..", 'the path goes up with ".."'),
        ("scripts\\train.py", "the path has a backslash"),
        ("..\\outside", "the path has a backslash"),
        ("C:/windows", "the path starts with a drive"),
        ("c:train.py", "the path starts with a drive"),
        ("a\0b", "the path has a character that does not print"),
        ("a\nb", "the path has a character that does not print"),
        ("a\ud800", "the path has a character that does not print"),
        ("leaving", "the path leaves its folder through a symbolic link"),
        ("leaving/new.py", "the path leaves its folder through a symbolic link"),
        ("absolute/x", "the path leaves its folder through a symbolic link"),
        ("neighbour/x", "the path leaves its folder through a symbolic link"),
    ],
)
def test_what_does_not(root: Path, relative: str, message: str) -> None:
    with pytest.raises(FindingsError) as caught:
        resolve_inside(root, relative, PLACE)
    assert caught.value.findings == (
        Finding(
            "SMG118",
            message,
            PLACE,
            given=relative,
            expected="a relative path with forward slashes that stays inside its folder",
        ),
    )


def test_a_root_behind_a_link_is_a_root_like_any_other(root: Path) -> None:
    link = root.parent / "link"
    link.symlink_to(root)
    assert resolve_inside(link, "scripts/train.py", PLACE) == link / "scripts/train.py"


def _resolved(root: Path, relative: str) -> Path | tuple[Finding, ...]:
    try:
        return resolve_inside(root, relative, PLACE)
    except FindingsError as error:
        return error.findings


def test_a_loop_of_links_never_escapes(root: Path) -> None:
    # Python 3.13 follows a loop as far as it goes, older ones refuse it: both stay inside.
    found = _resolved(root, "loop/x")
    assert found == root / "loop/x" or (isinstance(found, tuple) and found[0].message == "the path cannot be followed")


@given(
    relative=st.text()
    | st.lists(st.sampled_from(["..", "a", ".", "", "\\", "~", "x" * 5000]), max_size=5).map("/".join)
)
def test_any_text_is_inside_or_a_finding(tmp_path_factory: pytest.TempPathFactory, relative: str) -> None:
    root = tmp_path_factory.getbasetemp()
    found = _resolved(root, relative)
    if isinstance(found, Path):
        assert found.is_relative_to(root)
        assert ".." not in found.relative_to(root).parts
    else:
        assert [(finding.rule, finding.place, finding.given) for finding in found] == [("SMG118", PLACE, relative)]
