"""Ignore files: what pathspec means by a line, in time that no line and no name can stretch."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from pathspec import GitIgnoreSpec

from smgen.assets.ignoring import DEFAULT_PATTERNS, IGNORE_FILE, ignore_rules
from smgen.diagnostics import Place

Line = st.text(st.sampled_from("aab/*?[]!\\.#- "), max_size=12)
Name = st.text(st.sampled_from("aabc.-"), min_size=1, max_size=6)
Names = st.lists(Name, min_size=1, max_size=4).map("/".join)


@settings(max_examples=400, deadline=None)
@given(st.lists(Line, min_size=1, max_size=3), st.lists(Names, min_size=1, max_size=8), st.booleans())
def test_a_line_means_what_it_means_to_pathspec(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], names: list[str], folder: bool
) -> None:
    root = tmp_path_factory.mktemp("ignoring")
    (root / IGNORE_FILE).write_text("\n".join(lines), encoding="utf-8")
    ignored, findings = ignore_rules(root, Place())
    wrong = {finding.place.line for finding in findings}
    kept = [line for number, line in enumerate("\n".join(lines).splitlines(), 1) if number not in wrong]
    expected = GitIgnoreSpec.from_lines([*DEFAULT_PATTERNS, *kept])
    for name in names:
        path = f"{name}/" if folder else name
        assert ignored(path) == expected.match_file(path), (lines, path)


@pytest.mark.parametrize("line", ["a*" * 8 + "b", "*" * 30 + "a*" * 8 + "b", "a?*" * 6 + "[ab]*" * 3 + "c"])
def test_a_line_of_stars_ends(tmp_path: Path, line: str) -> None:
    (tmp_path / IGNORE_FILE).write_text(line, encoding="utf-8")
    ignored, findings = ignore_rules(tmp_path, Place())
    if not findings:
        assert not ignored("a" * 250)


@pytest.mark.parametrize("line", ["a/**/" * 4 + "b", "x" * 1_001])
def test_a_line_that_is_longer_than_anyone_writes_one(tmp_path: Path, line: str) -> None:
    (tmp_path / IGNORE_FILE).write_text(f"fine\n{line}\n", encoding="utf-8")
    ignored, (finding,) = ignore_rules(tmp_path, Place())
    assert (finding.rule, finding.place.line) == ("SMG126", 2)
    assert finding.expected is not None
    assert finding.expected.endswith("of at most 1,000 characters, with '**' at most 3 times")
    assert ignored("fine")


def test_what_is_no_ignore_file(tmp_path: Path) -> None:
    path = tmp_path / IGNORE_FILE
    os.mkfifo(path)
    assert ignore_rules(tmp_path, Place())[1][0].given == "it is no regular file"
    path.unlink()
    path.write_text("a" * 65_537, encoding="utf-8")
    assert ignore_rules(tmp_path, Place())[1][0].given == "it has 65,537 bytes"
    path.write_text("a\n" * 1_001, encoding="utf-8")
    assert ignore_rules(tmp_path, Place())[1][0].given == "it has 1,001 lines"
