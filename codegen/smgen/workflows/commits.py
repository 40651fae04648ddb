"""Earlier states of a project: the tree of a git commit, in a temporary folder, while the repository stays as it is."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from smgen.diagnostics import Finding, FindingsError, nearest_name
from smgen.documents import shown_path, working_folder

_SECONDS: Final = 300
"""How long one command of git may take: a commit of a partial clone may have to be fetched."""

_NAMES: Final = 5000
"""Among how many branches and tags the nearest name is looked for."""

#: What git tells the hooks that it starts: smgen may run in one, and would work with that hook's index and folder.
_OF_HOOKS: Final = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_NAMESPACE")

#: The repository's own programs do not run, and no part of a tree is left out.
_SETTINGS: Final = (
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.sparseCheckout=false"),
)
_COMMIT: Final = re.compile("[0-9a-f]{40,64}")


class NoFolderInCommitError(FindingsError):
    """A commit is there, and has no folder of that name: what was asked for began later."""


@contextmanager
def committed_folder(folder: Path, ref: str, *, alone: bool = False) -> Generator[Path]:
    """A folder of the working tree as it was in a commit, with the whole tree of that commit around it.

    ``ref`` is whatever git takes for a commit: a branch, a tag, a hash, ``HEAD~3``. The tree is written to a temporary
    folder, which goes with the block; with ``alone`` only the folder itself is. The user's index, working tree and
    branches are neither used nor changed. Files are as a checkout has them: line ends and filters are applied (of Git
    LFS there are the pointers), ``export-ignore`` is not.

    Raises FindingsError (SMG600): there is no git, no repository, no such commit, or no such folder in it.
    """
    with working_folder() as work:
        git = _Git(_existing(folder), work / "index")
        top, inner = git.place_of(folder)
        commit = git.commit(ref)
        git.answer("its tree cannot be read", "read-tree", commit)
        tree = work / "tree"
        tree.mkdir()
        start = folder if alone and folder.is_dir() else top
        git.answer(
            "its files cannot be written", "checkout-index", "--all", "--force", f"--prefix={tree}/", folder=start
        )
        found = tree / inner
        # What a link of the commit leads to need not be of the commit.
        if not found.is_dir() or not found.resolve().is_relative_to(tree.resolve()):
            raise NoFolderInCommitError(
                [
                    Finding(
                        "SMG600",
                        f"the commit '{ref}' has no folder {inner.as_posix()}",
                        given=f"{ref}, which is {commit[:12]}",
                        expected=f"a commit in which there is a folder {inner.as_posix()}",
                        fix="name a later commit, or the folder as it was in a place of its own",
                    )
                ]
            )
        yield found


def is_commit(folder: Path, ref: str) -> bool:
    """Whether git knows a commit by that name in the repository around a folder; not where there is no git."""
    with working_folder() as work:
        try:
            _Git(_existing(folder), work / "index").commit(ref)
        except FindingsError:
            return False
    return True


def _existing(folder: Path) -> Path:
    """The folder, or what there is above it: one that is only in the commit."""
    return next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.is_dir())


class _Git:
    """Runs git in a folder, with an index of its own."""

    def __init__(self, folder: Path, index: Path) -> None:
        self.folder = folder
        self.environment: Mapping[str, str] = {
            **{name: value for name, value in os.environ.items() if name not in _OF_HOOKS},
            "GIT_INDEX_FILE": str(index),
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_LFS_SKIP_SMUDGE": "1",
            "LC_ALL": "C",
        }

    def place_of(self, folder: Path) -> tuple[Path, Path]:
        """The working tree that a folder lies in, and the folder's path in it. Raises FindingsError (SMG600)."""
        found = self.run("rev-parse", "--show-toplevel")
        if found.returncode != 0 or not found.stdout:
            raise _problem(
                f"{shown_path(folder)} lies in no working tree of git",
                _words(found.stderr),
                "run it in a clone of the repository, or compare with a folder",
            )
        top = Path(os.fsdecode(found.stdout.removesuffix(b"\n"))).resolve()
        return top, Path(os.path.relpath(folder.resolve(), top))

    def commit(self, ref: str) -> str:
        """The hash of a commit. Raises FindingsError (SMG600) with the nearest branch or tag."""
        found = self.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        commit = os.fsdecode(found.stdout).strip()
        if found.returncode == 0 and _COMMIT.fullmatch(commit):
            return commit
        names = self.run(
            "for-each-ref",
            f"--count={_NAMES}",
            "--format=%(refname:short)",
            *("refs/heads", "refs/tags", "refs/remotes"),
        )
        nearest = nearest_name(ref, os.fsdecode(names.stdout).splitlines())
        fix = "run 'git fetch' where it is one of a remote: a shallow clone has only the newest commits"
        raise FindingsError(
            [
                Finding(
                    "SMG600",
                    f"git knows no commit '{ref}' here",
                    given=ref,
                    expected="a branch, a tag or a commit of this repository",
                    nearest=nearest,
                    fix=f"write {nearest}" if nearest else fix,
                )
            ]
        )

    def answer(self, problem: str, *arguments: str, folder: Path | None = None) -> None:
        """Runs a command that has to succeed. Raises FindingsError (SMG600)."""
        done = self.run(*arguments, folder=folder)
        if done.returncode != 0:
            fix = "see what 'git fsck' says, and whether there is room for temporary files"
            raise _problem(f"git knows the commit, but {problem}", _words(done.stderr), fix)

    def run(self, *arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[bytes]:
        """What git answers. Raises FindingsError (SMG600) where it gives no answer at all."""
        command: Sequence[str] = ("git", *_SETTINGS, *arguments)
        try:
            return subprocess.run(
                command,
                cwd=folder or self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except FileNotFoundError as error:
            raise _problem("there is no git on this machine", None, "install git, or compare with a folder") from error
        except (OSError, ValueError) as error:
            # What is no argument of a program is no name of a commit either.
            raise _problem("git cannot be asked", str(error), "name a branch, a tag or a commit") from error
        except subprocess.TimeoutExpired as error:
            words = f"no answer of git {arguments[0]} within {_SECONDS} seconds"
            raise _problem("git does not answer", words, "fetch the commit first, or compare with a folder") from error


def _problem(message: str, given: str | None, fix: str) -> FindingsError:
    expected = "git, and a repository that has the commit"
    return FindingsError([Finding("SMG600", message, given=given or None, expected=expected, fix=fix)])


def _words(stderr: bytes) -> str:
    """The first line of what git says is wrong."""
    lines = stderr.decode("utf-8", "replace").splitlines()
    return next((line.removeprefix("fatal: ") for line in lines if line.strip()), "")
