"""What nobody foresaw ends a command with a finding of its own id; streams that are closed or broken end it quietly."""

from __future__ import annotations

import errno
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from smgen.cli.main import COMMANDS
from smgen.diagnostics import RULES, Finding, FindingsError
from smgen.distribution import MissingExtraError
from smgen.documents import JsonValue
from tests.cli.command_line import TERMINAL, Result, smgen
from tests.project.checkout import CHECKOUT

#: Each command with what it needs to be called at all.
CALLS: dict[str, tuple[str, ...]] = {
    "init": (),
    "import": ("a.json", "-o", "p"),
    "generate": (),
    "validate": (),
    "breaking": ("--against", "main"),
    "lint": ("a.json",),
    "verify": (),
    "explain cache": ("a.json",),
    "resolve": (),
    "compile": ("Name", "--env", "dev", "-o", "build"),
    "assets publish": (".",),
    "plan": (),
    "diff": ("a.json", "b.json"),
    "deploy": ("Name", "--env", "dev"),
}
HOSTILE = "\x1b[2Jfirst\n::error::pwned\n##vso[task.setvariable]x " + "long" * 5_000


def command_of(name: str) -> click.Command:
    first, *rest = name.split()
    command: object = getattr(importlib.import_module(f"smgen.cli.{first}_command"), "command", None)
    for part in rest:
        assert isinstance(command, click.Group)
        command = command.commands[part]
    assert isinstance(command, click.Command)
    return command


def called(name: str, *options: str, cwd: Path, before: tuple[str, ...] = ()) -> Result:
    return smgen(*before, *name.split(), *CALLS[name], *options, cwd=cwd)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, BaseException], None]:
    """Makes a command raise an exception as soon as it is called."""

    def change(name: str, error: BaseException) -> None:
        def callback(**_given: object) -> None:
            # A line of smgen's own, for the place.
            exec(compile("raise error", "holes.py", "exec"), {"__name__": "smgen.contracts.holes", "error": error})

        monkeypatch.setattr(command_of(name), "callback", callback)

    return change


def test_every_command_is_in_these_tests() -> None:
    assert [name.split()[0] for name in CALLS] == list(COMMANDS)


@pytest.mark.parametrize("name", CALLS)
def test_what_nobody_foresaw_is_a_finding(
    tmp_path: Path, broken: Callable[[str, BaseException], None], name: str
) -> None:
    broken(name, KeyError("maxProperties"))
    result = called(name, cwd=tmp_path)
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "error SMG199 unforeseen: smgen stopped at something that it did not foresee in smgen.contracts.holes, "
        "line 1\n"
        "  given         KeyError: 'maxProperties'\n"
        "  fix           report it at https://github.com/smgen/sagemaker-smgen/issues, with what was given to smgen "
        "and what the option --traceback shows\n"
        "\n"
        "1 error\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", CALLS)
def test_every_command_shows_the_traceback(
    tmp_path: Path, broken: Callable[[str, BaseException], None], name: str
) -> None:
    broken(name, KeyError("maxProperties"))
    plain = called(name, cwd=tmp_path)
    for asked in (called(name, "--traceback", cwd=tmp_path), called(name, cwd=tmp_path, before=("--traceback",))):
        assert asked.err.startswith("Traceback (most recent call last):\n")
        assert asked.err.count("Traceback (most recent call last):\n") == 1
        assert asked.err.endswith("KeyError: 'maxProperties'\n\n" + plain.err)
        assert (asked.code, asked.out) == (2, "")


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("form", ["json", "sarif", "github", "markdown"])
def test_every_form_stays_well_formed(
    tmp_path: Path, broken: Callable[[str, BaseException], None], name: str, form: str
) -> None:
    broken(name, RuntimeError(HOSTILE))
    result = called(name, "--format", form, cwd=tmp_path)
    assert result.code == 2
    if "is not one of" in result.err:
        return
    assert "SMG199" in result.out + result.err
    if form == "json" and name != "explain cache":
        (finding,) = json.loads(result.out)["findings"]
        assert finding["rule"] == "SMG199"
        assert result.err == ""
    if form == "sarif":
        (found,) = json.loads(result.out)["runs"][0]["results"]
        assert found["ruleId"] == "SMG199"
    if form == "github":
        assert result.out.startswith("::error title=")
        assert result.out.count("\n") == 1
    if form == "markdown":
        assert result.out == ""
    for line in (result.out + result.err).splitlines()[1 if form == "github" else 0 :]:
        assert not line.lstrip().startswith("::")
        assert "##vso[" not in line
        assert len(line) < 10_000
    assert "\x1b" not in result.out + result.err


class UnsayableError(Exception):
    def __str__(self) -> str:
        raise ValueError("no words")


@pytest.mark.parametrize(
    "error",
    [
        AssertionError(),
        EOFError("no input"),
        MemoryError(),
        RecursionError("maximum recursion depth exceeded"),
        StopIteration(),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
        UnsayableError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_exception(tmp_path: Path, broken: Callable[[str, BaseException], None], error: Exception) -> None:
    broken("validate", error)
    result = called("validate", "--format", "json", cwd=tmp_path)
    (finding,) = json.loads(result.out)["findings"]
    assert result.code == 2
    assert finding["rule"] == "SMG199"
    assert finding["given"].startswith(type(error).__name__) or "UnsayableError" in finding["given"]
    assert finding["message"].endswith(" in smgen.contracts.holes, line 1")


def test_what_somebody_foresaw_stays_what_it_is(tmp_path: Path, broken: Callable[[str, BaseException], None]) -> None:
    broken("validate", FindingsError([Finding("SMG104", "a number stands here")]))
    result = called("validate", cwd=tmp_path)
    assert (result.code, result.err) == (1, "error SMG104 wrong-type: a number stands here\n\n1 error\n")
    broken("validate", MissingExtraError(["generate"], ["ruff"]))
    result = called("validate", cwd=tmp_path)
    assert result.code == 2
    assert result.err.startswith("Error: ruff is not installed; install it with: pip install")
    broken("validate", PermissionError(errno.EACCES, "Permission denied", "a\n::error::b\x1b[2J"))
    result = called("validate", cwd=tmp_path)
    assert (result.code, result.err) == (2, "Error: a\n\\x3a:error::b\\x1b[2J: Permission denied\n")


@pytest.mark.parametrize("argument", ["a\x1b[2J", "a\n::error::pwned", "a\n  ::error::pwned", "a ##vso[x]"])
def test_what_click_quotes_cannot_move_the_cursor_nor_command(tmp_path: Path, argument: str) -> None:
    for arguments in ((argument,), ("validate", argument), ("validate", f"--{argument}"), ("lint", f"{argument}.json")):
        result = smgen(*arguments, cwd=tmp_path)
        assert result.code == 2
        assert "\x1b" not in result.err
        assert "##vso[" not in result.err
        assert not [line for line in result.err.splitlines() if line.lstrip().startswith("::")]


def test_ctrl_c(tmp_path: Path, broken: Callable[[str, BaseException], None]) -> None:
    broken("validate", KeyboardInterrupt())
    result = called("validate", "--format", "json", cwd=tmp_path)
    assert (result.code, result.out, result.err) == (130, "", "\nStopped.\n")


# Real processes -------------------------------------------------------------------------------------------------------

LINT = f"{sys.executable} -m smgen lint many.json"


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a definition of which lint says much."""
    folder = tmp_path_factory.mktemp("many")
    steps: list[JsonValue] = [{"Name": f"日本{number}", "Type": "Training", "Arguments": {}} for number in range(1_000)]
    (folder / "many.json").write_text(json.dumps({"Version": "2020-12-01", "Steps": steps}), encoding="utf-8")
    return folder


def in_shell(line: str, cwd: Path, **environment: str) -> Result:
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=cwd,
        env={**os.environ, **TERMINAL, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "markdown"])
@pytest.mark.parametrize("both", [False, True])
def test_a_reader_that_has_gone_away(many: Path, form: str, both: bool) -> None:
    """The pipe of ``smgen lint | head`` once head has seen enough: a write to it fails, however little is written."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "smgen", "lint", "many.json", "--format", form]
    error = subprocess.STDOUT if both else subprocess.PIPE
    done = subprocess.run(command, cwd=many, stdout=writer, stderr=error, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (2, None if both else b"")


@pytest.mark.parametrize("arguments", [["--help"], ["lint", "--help"], ["--version"]])
def test_a_reader_of_help_that_has_gone_away(many: Path, arguments: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "smgen", *arguments]
    done = subprocess.run(command, cwd=many, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode > 0, done.stderr) == (True, b"")


@pytest.mark.parametrize(
    ("redirection", "code"),
    [
        (">&-", 1),
        ("2>&-", 1),
        (">&- 2>&-", 1),
        ("<&- >&- 2>&-", 1),
        ("2>/dev/full", 1),
        (">/dev/full 2>/dev/full", 2),
    ],
)
def test_streams_that_are_closed_or_full(many: Path, redirection: str, code: int) -> None:
    result = in_shell(f"{LINT} {redirection}", many)
    assert (result.code, result.err) == (code, "")


def test_a_full_disk_is_told(many: Path) -> None:
    result = in_shell(f"{LINT} > /dev/full", many)
    assert (result.code, result.err) == (2, "Error: No space left on device\n")


def test_nothing_that_is_written_goes_into_a_file(tmp_path: Path) -> None:
    """The numbers of closed streams would be those of the next files that are opened."""
    whole, closed = tmp_path / "whole", tmp_path / "closed"
    assert in_shell(f"{sys.executable} -m smgen init whole --name one", tmp_path).code == 0
    assert in_shell(f"{sys.executable} -m smgen init closed --name one <&- >&- 2>&-", tmp_path).code == 0
    for path in whole.rglob("*"):
        if path.is_file():
            assert (closed / path.relative_to(whole)).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "markdown"])
@pytest.mark.parametrize("encoding", ["ascii:strict", "latin-1:strict"])
def test_streams_that_cannot_take_every_character(many: Path, form: str, encoding: str) -> None:
    result = in_shell(f"{LINT} --format {form}", many, PYTHONIOENCODING=encoding)
    assert (result.code, result.err) == (1, "")
    # click takes the encoding that systems have by mistake for what is meant: UTF-8.
    name = "日本" if encoding == "ascii:strict" and form not in ("json", "sarif") else "\\u65e5\\u672c"
    assert f"{name}9" in result.out
    if form in ("json", "sarif"):
        assert "日本9" in json.dumps(json.loads(result.out), ensure_ascii=False)


STOPPED = """
import os, signal, sys

def hook(event, arguments):
    if event == "open" and arguments[0] == "many.json":
        os.kill(os.getpid(), signal.SIGINT)

sys.addaudithook(hook)
from smgen.cli import main
main()
"""


def test_a_process_that_is_stopped(many: Path) -> None:
    command = [sys.executable, "-c", STOPPED, "lint", "many.json", "--format", "json"]
    done = subprocess.run(command, cwd=many, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "\nStopped.\n")


def test_the_rule_is_the_command_lines_alone() -> None:
    """No other part of smgen may hide behind it, and a fuzzer that sees it has found a mistake."""
    source = CHECKOUT / "codegen/smgen"
    using = [path.relative_to(source).as_posix() for path in source.rglob("*.py") if "SMG199" in path.read_text()]
    assert using == ["cli/boundary.py"]
    assert RULES["SMG199"].name == "unforeseen"
