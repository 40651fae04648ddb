"""An earlier state of a repository can be read, and the repository stays as it is."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from smgen.diagnostics import Finding, FindingsError
from smgen.workflows.commits import committed_folder
from tests.cli.command_line import tree


def git(folder: Path, *arguments: str) -> str:
    """What git answers, as somebody who has no settings of their own."""
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    who = {f"GIT_{role}_{what}": "a@b" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    command = ["git", "-c", "init.defaultBranch=main", *arguments]
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **own, **who}, check=True, capture_output=True, text=True
    ).stdout.strip()


def commit(folder: Path, message: str = "a state") -> str:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with two commits, of which the first is called ``first``, and with changes that are in none."""
    root = tmp_path / "repository"
    specs = root / "project" / "contract_specs"
    specs.mkdir(parents=True)
    git(root, "init", "--quiet")
    (specs / "fitting.json").write_text("old\n")
    (specs / "left_out.json").write_text("not for archives\n")
    (root / ".gitattributes").write_text("left_out.json export-ignore\n")
    (root / "beside.txt").write_text("beside\n")
    commit(root)
    git(root, "tag", "first")
    (specs / "fitting.json").write_text("new\n")
    commit(root)
    (specs / "fitting.json").write_text("newest\n")
    (specs / "staged.json").write_text("staged\n")
    git(root, "add", "project/contract_specs/staged.json")
    return root


def refused(folder: Path, ref: str) -> Finding:
    with pytest.raises(FindingsError) as caught, committed_folder(folder, ref):
        pass
    (finding,) = caught.value.findings
    assert finding.rule == "SMG600"
    return finding


@pytest.mark.parametrize("ref", ["first", "HEAD~1", "main^", "tags/first"])
def test_the_tree_of_a_commit(repository: Path, ref: str) -> None:
    with committed_folder(repository / "project" / "contract_specs", ref) as found:
        assert tree(found) == {"fitting.json": b"old\n", "left_out.json": b"not for archives\n"}
        assert (found.parent.parent / "beside.txt").read_text() == "beside\n"
    assert not found.exists()


def test_one_folder_alone(repository: Path) -> None:
    with committed_folder(repository / "project", "first", alone=True) as found:
        assert sorted(tree(found)) == ["contract_specs/fitting.json", "contract_specs/left_out.json"]
        assert [path.name for path in found.parent.iterdir()] == ["project"]


def test_the_root_of_the_repository(repository: Path) -> None:
    with committed_folder(repository, "first") as found:
        assert "project/contract_specs/fitting.json" in tree(found)


def test_the_repository_stays_as_it_is(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hook = repository / ".git" / "hooks" / "post-index-change"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\ntouch "$(dirname "$0")"/../ran\n')
    hook.chmod(0o755)
    # As git starts a hook: with an index, and a folder that is relative to the top.
    monkeypatch.setenv("GIT_INDEX_FILE", str(repository / ".git" / "index"))
    monkeypatch.setenv("GIT_DIR", ".git")
    before = tree(repository)
    with committed_folder(repository / "project" / "contract_specs", "first") as found:
        assert (found / "fitting.json").read_text() == "old\n"
    assert tree(repository) == before


def test_a_folder_that_is_only_in_the_commit(repository: Path) -> None:
    git(repository, "rm", "-rqf", "project")
    with committed_folder(repository / "project" / "contract_specs", "first") as found:
        assert (found / "fitting.json").read_text() == "old\n"


def test_a_commit_that_nobody_knows(repository: Path) -> None:
    finding = refused(repository, "frist")
    assert (finding.given, finding.nearest, finding.fix) == ("frist", "first", "write first")
    assert finding.message == "git knows no commit 'frist' here"


@pytest.mark.parametrize(
    "ref", ["", "--all", "-h", "^HEAD", "first..main", "a\0b", "\ud800", "HEAD:beside.txt", "@{u}"]
)
def test_what_is_no_commit(repository: Path, ref: str) -> None:
    assert refused(repository, ref).fix


def test_a_folder_that_the_commit_does_not_have(repository: Path) -> None:
    (repository / "later").mkdir()
    finding = refused(repository / "later", "first")
    assert finding.message == "the commit 'first' has no folder later"


def test_a_link_does_not_lead_out_of_the_commit(repository: Path) -> None:
    (repository / "link").symlink_to(repository / "project", target_is_directory=True)
    commit(repository)
    (repository / "link").unlink()
    (repository / "link").mkdir()
    assert refused(repository / "link", "HEAD").message == "the commit 'HEAD' has no folder link"


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    finding = refused(tmp_path, "main")
    assert finding.message.endswith("lies in no working tree of git")
    assert finding.given is not None
    assert "not a git repository" in finding.given


def test_no_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))
    assert refused(repository, "first").message == "there is no git on this machine"


def test_a_commit_of_which_parts_are_missing(repository: Path) -> None:
    blob = git(repository, "rev-parse", "first:beside.txt")
    (repository / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert refused(repository, "first").message == "git knows the commit, but its files cannot be written"
