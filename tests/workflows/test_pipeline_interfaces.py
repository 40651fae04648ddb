"""What changed in the interfaces of a project's pipelines since a commit of a real repository."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from smgen.diagnostics import Finding, FindingsError, Place, render
from smgen.documents import shown_path
from smgen.runtime import find_project
from smgen.workflows.pipeline_interfaces import interface_findings
from tests.cli.command_line import tree
from tests.workflows.committed_project import PIPELINE, make_repository, replace
from tests.workflows.test_commits import commit, git


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of two commits with a project in a folder of it; no test writes into it."""
    root = tmp_path_factory.mktemp("interfaces") / "repository"
    make_repository(root)
    return root


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    """The project in a copy of that repository which the test may change."""
    return Path(shutil.copytree(made, tmp_path / "repository")) / "fraud"


def found(project: Path, ref: str) -> tuple[Finding, ...]:
    return interface_findings(find_project(project), ref)


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(finding.rule, finding.message) for finding in findings]


def test_since_the_first_commit(project: Path) -> None:
    before = tree(project), git(project, "status", "--porcelain")
    assert render(found(project, "first")) == (
        "pyproject.toml:11: error SMG656 default-changed: the parameter 'LeastShareKept' has another default: "
        "a start without it does another thing (run)\n"
        "  given         0.9\n"
        "  expected      0.8\n"
        "  fix           tell those who start the pipeline without it, or keep the default\n"
        "\n"
        "1 error\n"
    )
    assert (tree(project), git(project, "status", "--porcelain")) == before


def test_nothing_changed_since_the_last_commit(project: Path) -> None:
    assert found(project, "HEAD") == ()


def test_pipelines_and_environments_that_are_gone(project: Path) -> None:
    settings = project / "pyproject.toml"
    settings.write_text(settings.read_text() + '\n[tool.smgen.environments.other]\nbucket = "other-bucket"\n')
    replace(settings, 'Fraud = "pipelines/fraud.py:fraud"', "")
    replace(
        settings,
        "[tool.smgen.environments.dev]",
        '[tool.smgen.pipelines.Fraud]\nfunction = "pipelines/fraud.py:fraud"\nenvironments = ["dev"]\n\n'
        "[tool.smgen.environments.dev]",
    )
    commit(project)
    replace(settings, 'Daily = "', 'Dailies = "')
    replace(settings, 'function = "pipelines/fraud.py:fraud"\nenvironments = ["dev"]\n', "")
    replace(settings, "[tool.smgen.pipelines.Fraud]\n", "")
    replace(settings, "[tool.smgen.pipelines]\n", '[tool.smgen.pipelines]\nFraud = "pipelines/fraud.py:fraud"\n')
    (gone,) = found(project, "HEAD")
    assert (gone.rule, gone.expected, gone.given, gone.nearest) == ("SMG651", "Daily", "Dailies", "Dailies")


def test_what_differs_between_environments_says_where(project: Path) -> None:
    settings = project / "pyproject.toml"
    settings.write_text(settings.read_text() + '\n[tool.smgen.environments.other]\nbucket = "other-bucket"\n')
    daily = project / "pipelines/daily.py"
    daily.write_text(
        "def daily(p, env):\n    p.integer('Rounds', default=5)\n    p.string('Data', default=env.uri('a'))\n"
        "    p.fail('Stop', 'not today')\n"
    )
    (project / PIPELINE).write_text("def fraud(p, env):\n    p.fail('Stop', 'not today')\n")
    commit(project)
    replace(daily, "default=5", "default=6")
    replace(daily, "env.uri('a')", "env.uri('b')")
    replace(daily, "'Stop'", "'Halt'")
    text = "has another default: a start without it does another thing (run)"
    gone = "is gone: what selects it, waits for it or shows it finds none of that name (run)"
    rounds, data, stop = found(project, "HEAD")
    assert told((rounds, data, stop)) == [
        ("SMG656", f"the parameter 'Rounds' {text}"),
        ("SMG656", f"the parameter 'Data' {text}"),
        ("SMG658", f"the step 'Stop' {gone}"),
    ]
    assert (rounds.expected, rounds.given) == ("5", "6")
    assert data.expected == '"s3://placeholder-bucket/a" (dev), "s3://other-bucket/a" (other)'
    assert data.given == '"s3://placeholder-bucket/b" (dev), "s3://other-bucket/b" (other)'


def test_what_changed_in_one_environment_says_in_which(project: Path) -> None:
    settings = project / "pyproject.toml"
    settings.write_text(settings.read_text() + '\n[tool.smgen.environments.other]\nbucket = "other-bucket"\n')
    daily = project / "pipelines/daily.py"
    daily.write_text("def daily(p, env):\n    p.integer('Rounds', default=5)\n    p.fail('Stop', 'not today')\n")
    (project / PIPELINE).write_text("def fraud(p, env):\n    p.fail('Stop', 'not today')\n")
    commit(project)
    settings.write_text(
        settings.read_text() + "\n[tool.smgen.environments.other.pipelines.Daily.parameters]\nRounds = 6\n"
    )
    text = "the parameter 'Rounds' has another default: a start without it does another thing (run)"
    assert told(found(project, "HEAD")) == [("SMG656", f"in other: {text}")]


def test_a_pipeline_that_goes_to_an_environment_no_more(project: Path) -> None:
    settings = project / "pyproject.toml"
    settings.write_text(settings.read_text().replace("environments.dev", "environments.test"))
    (gone, also) = found(project, "HEAD")
    assert told((gone, also)) == [
        (
            "SMG651",
            f"the pipeline '{name}' goes to 'dev' no more: who starts it there finds what was deployed last (run)",
        )
        for name in ("Daily", "Fraud")
    ]
    assert (gone.given, gone.expected) == ("test", "dev")


def test_what_is_wrong_now_or_then_is_told_and_hides_no_other_pipeline(project: Path) -> None:
    daily = project / "pipelines/daily.py"
    daily.write_text("raise ValueError('then')\n")
    commit(project)
    daily.write_text("raise ValueError('now')\n")
    replace(project / PIPELINE, "default=0.9", "default=0.95")
    then, now, default = found(project, "HEAD")
    text = "interfaces of the pipeline 'Daily' are not compared: it cannot be compiled"
    assert told((then, now)) == [("SMG664", f"{text} then"), ("SMG664", f"{text} now")]
    reason = "importing its file raised an exception: pipeline 'Daily' (SMG210, for 'dev')"
    assert (then.given, now.given) == (reason, reason)
    assert (then.given_at, now.given_at) == (
        Place(file="HEAD:pipelines/daily.py", line=1),
        Place(file=shown_path(daily.resolve()), line=1),
    )
    assert default.rule == "SMG656"


@pytest.mark.parametrize("settings", [None, '[tool.smgen]\ncontract = "a"\n'])
def test_settings_of_then_that_cannot_be_read(project: Path, settings: str | None) -> None:
    file = project / "pyproject.toml"
    text = file.read_text()
    if settings is None:
        file.unlink()
    else:
        file.write_text(settings)
    commit(project)
    file.write_text(text)
    (unread,) = found(project, "HEAD")
    assert told((unread,)) == [("SMG664", "interfaces of the project are not compared: it cannot be read then")]
    assert "(SMG130)" in (unread.given or "")


def test_an_unknown_commit(project: Path) -> None:
    with pytest.raises(FindingsError) as caught:
        found(project, "frist")
    assert [item.rule for item in caught.value.findings] == ["SMG600"]
