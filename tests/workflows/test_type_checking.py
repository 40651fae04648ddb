"""mypy over the pipelines of a project: its lines as findings, and what is said where it cannot look."""

from __future__ import annotations

from pathlib import Path

import pytest

from smgen.diagnostics import Finding, Place
from smgen.runtime import PipelineSource, Project
from smgen.workflows.type_checking import TypeErrors, pipeline_modules, type_checking, type_errors


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """One cache for all: what mypy knows of the standard library does not change."""
    monkeypatch.setenv("MYPY_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "mypy-cache"))


def project(folder: Path, **modules: str) -> Project:
    """A project with a pipeline in each of these modules, and no settings for mypy."""
    (folder / "pipelines").mkdir()
    (folder / "pyproject.toml").write_text("[tool.smgen]\n", encoding="utf-8")
    for name, text in modules.items():
        (folder / f"pipelines/{name}.py").write_text(text, encoding="utf-8")
    sources = {name: PipelineSource(name, f"pipelines/{name}.py", "build", Place()) for name in modules}
    return Project(folder, "contract_specs", "generated/steps", sources)


def checked(project: Project) -> TypeErrors:
    with type_checking(project, pipeline_modules(project)) as types:
        return types.finished()


def test_lines_are_findings(tmp_path: Path) -> None:
    said = (
        'pipelines/a.py:3:5: error: "P" has no attribute "x"; maybe "y"?  [attr-defined]\n'
        "pipelines/a.py:4: error: Something without a column and a code\n"
        "pipelines/a.py:7:1: error: Missing thing  [import-not-found]\n"
        "pipelines/a.py:7:1: note: See https://mypy.readthedocs.io/\n"
        "pipelines/a.py:7:1: note: Write another one\n"
        "pipelines/a.py:7:1: note:     or a third\n"
        "Warning: unused section\n"
    )
    file = (tmp_path / "pipelines/a.py").as_posix()
    assert type_errors(said, tmp_path) == (
        Finding("SMG680", '"P" has no attribute "x"; maybe "y"? [attr-defined]', Place(file=file, line=3, column=5)),
        Finding("SMG680", "Something without a column and a code", Place(file=file, line=4)),
        Finding(
            "SMG680",
            "Missing thing [import-not-found]",
            Place(file=file, line=7, column=1),
            fix="Write another one; or a third",
        ),
    )


def test_a_note_without_an_error_is_no_finding(tmp_path: Path) -> None:
    assert type_errors("a.py:1: note: Revealed type is 'int'\n", tmp_path) == ()


@pytest.mark.typecheck
def test_what_lies_beside_a_pipeline_is_found_without_settings(tmp_path: Path) -> None:
    """And so is the generated package; a mistake in what is imported is told at its place."""
    built = project(tmp_path, first="from steps import kind\nfrom second import NUMBER\n\nx: str = NUMBER + kind\n")
    (tmp_path / "generated/steps").mkdir(parents=True)
    (tmp_path / "generated/steps/__init__.py").write_text("kind: int = 1\n", encoding="utf-8")
    (tmp_path / "pipelines/second.py").write_text("NUMBER: int = 1\n", encoding="utf-8")
    (found,) = checked(built).findings
    assert (found.rule, found.place.line, found.place.column) == ("SMG680", 4, 10)
    assert found.message.endswith('expression has type "int", variable has type "str") [assignment]')


@pytest.mark.typecheck
def test_a_module_that_is_no_python_is_a_finding(tmp_path: Path) -> None:
    result = checked(project(tmp_path, first="def build(:\n"))
    assert result.stopped is None
    assert {finding.place.file for finding in result.findings} == {(tmp_path / "pipelines/first.py").as_posix()}
    assert result.findings[0].place.line == 1


@pytest.mark.typecheck
def test_settings_that_stop_mypy_are_no_findings(tmp_path: Path) -> None:
    stopped = project(tmp_path, first="x = 1\n")
    (tmp_path / "mypy.ini").write_text("[mypy]\npython_executable = /nowhere/python\n", encoding="utf-8")
    result = checked(stopped)
    assert result.findings == ()
    assert result.stopped is not None
    assert "/nowhere/python" in result.stopped


@pytest.mark.typecheck
def test_what_has_a_file_and_no_line_is_a_finding(tmp_path: Path) -> None:
    built = project(tmp_path, first="x = 1\n")
    (tmp_path / "other").mkdir()
    (tmp_path / "other/first.py").write_text("x = 1\n", encoding="utf-8")
    with type_checking(built, ["pipelines/first.py", "other/first.py"]) as types:
        (found,) = types.finished().findings
    assert (found.place.file, found.place.line) == ((tmp_path / "other/first.py").as_posix(), None)
    assert "Duplicate module named" in found.message


def test_the_process_ends_with_the_block(tmp_path: Path) -> None:
    with type_checking(project(tmp_path, first="x = 1\n"), ["pipelines/first.py"]) as types:
        assert types.process.poll() is None
    assert types.process.returncode is not None


def test_a_module_that_is_not_there_is_not_asked_about(tmp_path: Path) -> None:
    built = project(tmp_path, first="", second="")
    (tmp_path / "pipelines/second.py").unlink()
    assert pipeline_modules(built) == ("pipelines/first.py",)


@pytest.mark.typecheck
def test_what_is_called_mypy_in_the_project_is_not_run(tmp_path: Path) -> None:
    checking = project(tmp_path, a='x: int = "text"\n')
    (tmp_path / "mypy").mkdir()
    (tmp_path / "mypy" / "__init__.py").touch()
    (tmp_path / "mypy" / "__main__.py").write_text("raise SystemExit(0)\n", encoding="utf-8")
    assert [finding.rule for finding in checked(checking).findings] == ["SMG680"]


@pytest.mark.parametrize("code", ["import os; os.kill(os.getpid(), 9)", "raise SystemExit(1)", "raise SystemExit(7)"])
def test_a_checker_that_ends_without_an_answer_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr("smgen.workflows.type_checking._START", code)
    found = checked(project(tmp_path, a="x = 1\n"))
    assert (found.findings, found.stopped is not None) == ((), True)
