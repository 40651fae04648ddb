"""What ``smgen init`` says when it is done: the files, what is left to a person, and the commands that come next."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from smgen.documents import shown_path
from smgen.workflows.existing_settings import Advice
from smgen.workflows.new_project import NewProject, install_line


def project_summary(project: NewProject) -> str:
    """The whole text, with a line feed at its end."""
    return "".join(f"{line.rstrip()}\n" for line in _lines(project))


def _lines(project: NewProject) -> Iterator[str]:
    names = project.names
    here = project.folder.resolve() == Path.cwd().resolve()
    shown = shown_path(project.folder)
    yield f"Made the project {names.project}{'' if here or shown == names.project else f' in {shown}'}:"
    yield ""
    yield from _columns(
        [(file.path, file.purpose if file.is_new else f"{file.purpose}; added to yours") for file in project.files]
    )
    for name in project.kept:
        yield from ("", f"Your {name} stays as it is.")
    if project.repository is not None:
        yield from ("", f"The repository begins in {project.repository.as_posix()}: what runs 'smgen verify' in CI")
        yield "belongs there, and so do hooks of pre-commit."
    if names.note is not None:
        yield from ("", names.note)
    yield from by_hand(project.advice)
    yield from ("", "Next:", "")
    yield from _columns(
        [
            *([] if here else [(f"cd {shlex.quote(shown)}", "")]),
            ("pip install --group dev" if project.has_group else install_line(), "smgen, mypy, pyright and pytest"),
            ("smgen generate", f"writes the typed steps, generated/{names.package}"),
            ("mypy", "or pyright: checks every reference between steps"),
            ("smgen verify", "checks everything at once, as CI does"),
            ("pytest", "checks what the pipeline must be"),
            (f"smgen compile {names.pipeline} --env dev -o build", "writes its definition and code to build"),
        ]
    )


def _columns(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    width = max(len(left) for left, _ in rows)
    for left, right in rows:
        yield f"  {left.ljust(width)}  {right}"


def by_hand(advice: Iterable[Advice]) -> Iterator[str]:
    """The lines that a person adds, because smgen changes no setting that is there."""
    for number, one in enumerate(advice):
        if not number:
            yield from ("", "smgen changes no setting of yours. For its imports to be found, do this by hand:")
        if one.instead_of is None:
            yield from ("", f"  {one.file}, {one.section}: add the line", f"    {one.line}")
        else:
            yield from ("", f"  {one.file}, {one.section}: replace the line", f"    {one.instead_of}")
            yield from ("  by", f"    {one.line}")
