"""Suppressions: what they silence, how they are read, and what is wrong with them."""

from pathlib import Path

import pytest

from smgen.checks import (
    Policy,
    Suppressed,
    Suppression,
    apply_suppressions,
    read_check_settings,
    read_suppressions_beside,
    unused_suppression,
)
from smgen.diagnostics import Finding, Place

FOUND = Finding("SMG302", "unread", Place(file="a.json", pointer="/Parameters/3/Name", step="Train"))


@pytest.mark.parametrize(
    ("suppression", "silent"),
    [
        (Suppression("SMG302", "r"), True),
        (Suppression("SMG301", "r"), False),
        (Suppression("SMG302", "r", pipeline="Fraud*"), True),
        (Suppression("SMG302", "r", pipeline="Fraud"), False),
        (Suppression("SMG302", "r", pipeline="fraud*"), False),
        (Suppression("SMG302", "r", step="Tr*"), True),
        (Suppression("SMG302", "r", step="Evaluate"), False),
        (Suppression("SMG302", "r", pointer="/Parameters/3"), True),
        (Suppression("SMG302", "r", pointer="/Parameters/3/"), True),
        (Suppression("SMG302", "r", pointer="/Parameters/3/Name"), True),
        (Suppression("SMG302", "r", pointer="/Parameters/*/Name"), True),
        (Suppression("SMG302", "r", pointer="/Parameters/33"), False),
        (Suppression("SMG302", "r", pointer="/Param"), False),
        (Suppression("SMG302", "r", pipeline="F*", step="T*", pointer="/Steps"), False),
    ],
)
def test_what_a_suppression_silences(suppression: Suppression, silent: bool) -> None:
    kept, silenced = apply_suppressions([FOUND], [suppression], ["FraudTraining", "x.json"])
    assert (kept, silenced) == (((), (Suppressed(FOUND, suppression),)) if silent else ((FOUND,), ()))


def test_a_finding_without_step_or_pointer_is_not_taken_for_one() -> None:
    bare = Finding("SMG302", "unread")
    suppressions = [Suppression("SMG302", "r", step="Train"), Suppression("SMG302", "r", pointer="/Parameters")]
    assert apply_suppressions([bare], suppressions, ["p"]) == ((bare,), ())


def test_the_first_that_takes_a_finding_counts() -> None:
    first, second = Suppression("SMG302", "one"), Suppression("SMG302", "two")
    assert apply_suppressions([FOUND], [first, second], ["p"])[1] == (Suppressed(FOUND, first),)


def test_an_unused_suppression() -> None:
    place = Place(file="pyproject.toml", line=3)
    assert unused_suppression(Suppression("SMG302", "r", "Fraud*", "S", "/x", place)) == Finding(
        "SMG290",
        "the suppression silences nothing",
        place,
        given='rule = "SMG302", pipeline = "Fraud*", step = "S", pointer = "/x"',
        fix="remove it, or correct what it names",
    )


SETTINGS = """\
[tool.smgen.policy]
require_network = true
max_run_time_s = 3600

[tool.smgen.environments.prod.policy]
max_run_time_s = 60

[[tool.smgen.suppressions]]
rule = "SMG302"
pipeline = "Fraud*"
reason = "read by the deployment"

[[tool.smgen.suppressions]]
rule = "SMG311"
step = "Train"
pointer = "/Steps/0"
reason = "one execution at a time"
"""


def settings(tmp_path: Path, text: str) -> Path:
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_tables_of_a_project(tmp_path: Path) -> None:
    found = read_check_settings(settings(tmp_path, SETTINGS))
    assert found.findings == ()
    assert found.policy_for(None) == Policy(require_network=True, max_run_time_s=3600)
    assert found.policy_for("prod") == Policy(require_network=True, max_run_time_s=60)
    assert found.policy_for("dev") == found.policy
    first, second = found.suppressions
    assert first == Suppression(
        "SMG302", "read by the deployment", pipeline="Fraud*", place=Place(file="pyproject.toml", line=8)
    )
    assert second == Suppression(
        "SMG311",
        "one execution at a time",
        step="Train",
        pointer="/Steps/0",
        place=Place(file="pyproject.toml", line=13),
    )


@pytest.mark.parametrize("text", ["", "[tool]\nsmgen = 3\n", "[tool.smgen]\n", "no toml ["])
def test_a_project_without_such_tables(tmp_path: Path, text: str) -> None:
    found = read_check_settings(settings(tmp_path, text))
    assert (found.policy, found.suppressions, found.findings) == (Policy(), (), ())


ITEM = "[[tool.smgen.suppressions]]\n"
WRONG = {
    ITEM + 'rule = "SMG302"\n': ("a suppression gives no reason", 1, 'rule = "SMG302"', None),
    ITEM + 'rule = "SMG302"\nreason = " "\n': ("a suppression gives no reason", 3, 'rule = "SMG302"', None),
    ITEM + 'rule = "SMG302"\nreason = 3\n': ("'reason' of a suppression cannot be used", 3, "3", None),
    ITEM + 'reason = "r"\n': ("a suppression names no rule", 1, None, None),
    ITEM + 'rule = "SMG3022"\nreason = "r"\n': (
        "a suppression names a rule that does not exist",
        2,
        "SMG3022",
        "SMG302",
    ),
    ITEM + 'rule = "unread-parameter"\nreason = "r"\n': (
        "a suppression names a rule that does not exist",
        2,
        "unread-parameter",
        "SMG302",
    ),
    ITEM + 'rule = "SMG290"\nreason = "r"\n': ("SMG290 cannot be suppressed", 2, None, None),
    ITEM + 'rule = "SMG302"\nreason = "r"\npipelines = "x"\n': (
        "a suppression has no setting 'pipelines'",
        4,
        "pipelines",
        "pipeline",
    ),
    ITEM + 'rule = "SMG302"\nreason = "r"\nstep = 1\n': ("'step' of a suppression cannot be used", 4, "1", None),
    "[tool.smgen]\nsuppressions = 3\n": ("'tool.smgen.suppressions' holds no suppressions", 2, None, None),
    "[tool.smgen]\nsuppressions = [3]\n": ("a suppression is no table", 2, "3", None),
    '[tool.smgen]\nsuppressions = [{rule = "SMG302"}]\n': (
        "a suppression gives no reason",
        2,
        'rule = "SMG302"',
        None,
    ),
}


@pytest.mark.parametrize("text", WRONG)
def test_wrong_suppressions(tmp_path: Path, text: str) -> None:
    found = read_check_settings(settings(tmp_path, text))
    assert found.suppressions == ()
    (finding,) = found.findings
    message, line, given, nearest = WRONG[text]
    assert (finding.rule, finding.place) == ("SMG291", Place(file="pyproject.toml", line=line))
    assert (finding.message, finding.given, finding.nearest) == (message, given, nearest)


def test_one_wrong_suppression_leaves_the_others(tmp_path: Path) -> None:
    text = SETTINGS + ITEM + 'rule = "SMG302"\n'
    found = read_check_settings(settings(tmp_path, text))
    assert (len(found.suppressions), [finding.place.line for finding in found.findings]) == (2, [18])


def test_a_policy_that_is_no_table(tmp_path: Path) -> None:
    (finding,) = read_check_settings(settings(tmp_path, "[tool.smgen]\npolicy = 3\n")).findings
    assert (finding.rule, finding.place.line, finding.given) == ("SMG130", 2, "3")


def test_suppressions_beside_a_definition(tmp_path: Path) -> None:
    definition = tmp_path / "fraud.json"
    assert read_suppressions_beside(definition, "d/fraud.json").suppressions == ()
    beside = tmp_path / "fraud.json.smgen.toml"
    beside.write_text('other = 1\n[[suppressions]]\nrule = "SMG302"\nreason = "r"\n', encoding="utf-8")
    found = read_suppressions_beside(definition, "d/fraud.json")
    assert found.suppressions == (Suppression("SMG302", "r", place=Place(file="d/fraud.json.smgen.toml", line=2)),)
    (finding,) = found.findings
    assert finding.place == Place(file="d/fraud.json.smgen.toml", line=1)
    assert finding.message == "a file of suppressions has no setting 'other'"
    beside.write_text("x = [", encoding="utf-8")
    (broken,) = read_suppressions_beside(definition, "d/fraud.json").findings
    assert (broken.rule, broken.message) == ("SMG291", "the suppressions are no TOML")
    assert broken.place.file == "d/fraud.json.smgen.toml"
