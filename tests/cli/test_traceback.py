"""`--traceback`: Python's own account of an exception in a pipeline's code, beside the finding."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.command_line import smgen

SETTINGS = """\
[tool.smgen.pipelines]
fraud = "pipelines/fraud.py:fraud"

[tool.smgen.environments.dev]
role = "arn:aws:iam::111122223333:role/dev"
[tool.smgen.environments.prod]
role = "arn:aws:iam::444455556666:role/prod"
"""
PIPELINE = """\
from helper import least


def fraud(p, env):
    p.fail("Broken", least([]))
"""
HELPER = """\
def least(values):
    return min(values, key=lambda value: value)
"""
COMMANDS = {
    "compile": ("compile", "fraud", "--env", "dev", "-o", "build"),
    "lint": ("lint",),
    "lint of one": ("lint", "fraud", "--env", "dev"),
    "plan": ("plan", "fraud", "--env", "dev"),
    "diff": ("diff", "dev", "."),
    "deploy": ("deploy", "fraud", "--env", "dev"),
    "resolve": ("resolve",),
}
TRACEBACK = """\
Traceback (most recent call last):
  File "{root}/pipelines/fraud.py", line 5, in fraud
    p.fail("Broken", least([]))
  File "{root}/pipelines/helper.py", line 2, in least
    return min(values, key=lambda value: value)
ValueError: min() {empty}

"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pipelines").mkdir()
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    (tmp_path / "pipelines/fraud.py").write_text(PIPELINE)
    (tmp_path / "pipelines/helper.py").write_text(HELPER)
    return tmp_path


def plain(text: str) -> str:
    """A traceback without the marks below its lines, which differ between versions of Python."""
    return re.sub(r"^ +[~^]+\n", "", text, flags=re.MULTILINE)


def words(text: str) -> str:
    """What Python says of the least of nothing, which differs as well."""
    found = re.search(r"min\(\) (.*)", text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_that_builds_pipelines_shows_it_once(project: Path, name: str) -> None:
    without, asked = (smgen(*COMMANDS[name], *option, cwd=project) for option in ((), ("--traceback",)))
    assert "Traceback" not in without.out + without.err
    expected = TRACEBACK.format(root=project.as_posix(), empty=words(without.out + without.err))
    assert plain(asked.err) == expected + without.err
    assert (asked.code, asked.out) == (without.code, without.out)
    assert asked.code == 1


def test_machine_formats_stay_alone_on_the_output(project: Path) -> None:
    result = smgen(*COMMANDS["compile"], "--traceback", "--format", "json", cwd=project)
    assert [finding["rule"] for finding in json.loads(result.out)["findings"]] == ["SMG210"]
    assert result.err.startswith("Traceback (most recent call last):\n")


def test_what_the_exception_says_cannot_move_the_cursor(project: Path) -> None:
    (project / "pipelines/helper.py").write_text(
        "def least(values):\n    raise ValueError('\\x1b[2J' + 'x' * 50_000)\n"
    )
    result = smgen(*COMMANDS["compile"], "--traceback", cwd=project)
    assert "\x1b" not in result.err
    assert "ValueError: \\x1b[2Jxxx" in result.err
    assert re.search(r"… \([0-9,]+ more characters\)\n", result.err)


def test_what_it_was_raised_from_is_shown_too(project: Path) -> None:
    (project / "pipelines/helper.py").write_text(
        "def least(values):\n    try:\n        return values[0]\n    except IndexError as error:\n"
        "        raise ValueError('nothing to choose from') from error\n"
    )
    result = smgen(*COMMANDS["compile"], "--traceback", cwd=project)
    assert "IndexError: list index out of range\n" in result.err
    assert "The above exception was the direct cause of the following exception:\n" in result.err
    assert "ValueError: nothing to choose from\n" in result.err


def test_findings_have_no_traceback(project: Path) -> None:
    """They say where and what by themselves."""
    (project / "pipelines/fraud.py").write_text("def fraud(p, env):\n    p.float('Limit') * 2\n")
    result = smgen(*COMMANDS["compile"], "--traceback", cwd=project)
    assert result.err.startswith("pipelines/fraud.py:2: error SMG208 ")


def test_nothing_of_it_is_left_for_the_next_command(project: Path) -> None:
    assert "Traceback" in smgen(*COMMANDS["compile"], "--traceback", cwd=project).err
    assert "Traceback" not in smgen(*COMMANDS["compile"], cwd=project).err
