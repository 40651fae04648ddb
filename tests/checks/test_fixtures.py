"""Every rule has a small definition that breaks it, with the whole output pinned, and one that keeps it.

A folder of ``tests/data/rules`` is named like its rule and holds ``failing.json``, ``expected.txt`` and
``passing.json``, and ``policy.json`` where the rule needs a policy (the settings of ``[tool.smgen.policy]``).
"""

import json
from pathlib import Path

import pytest

from smgen.checks import CheckContext, check_definition
from smgen.checks.policy import Policy, read_policy
from smgen.definition import parse_definition
from smgen.diagnostics import RULES, Finding, Place, render
from smgen.documents import DEFINITION_LIMITS, read_document
from smgen.settings import SettingsTable

RULES_DATA = Path(__file__).parent.parent / "data" / "rules"
FOLDERS = sorted(path for path in RULES_DATA.iterdir() if path.is_dir())


def findings(folder: Path, name: str) -> tuple[Finding, ...]:
    policy: Policy | None = None
    if (folder / "policy.json").is_file():
        table = json.loads((folder / "policy.json").read_text(encoding="utf-8"))
        settings = SettingsTable(("policy.json",), table, lambda _, key: Place(file="policy.json", pointer=key), [])
        policy = read_policy(settings)
        assert settings.findings == []
    document = read_document(folder / name, DEFINITION_LIMITS, shown_as=name)
    return check_definition(parse_definition(document), CheckContext(policy=policy))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_failing_definition(folder: Path) -> None:
    found = findings(folder, "failing.json")
    # The rule and no other: a wrong thing is reported once.
    assert {finding.rule for finding in found} == {folder.name}
    assert render(found) == (folder / "expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_passing_definition(folder: Path) -> None:
    assert render(findings(folder, "passing.json")) == "no findings\n"


def test_folders_are_rules() -> None:
    assert [folder.name for folder in FOLDERS if folder.name not in RULES] == []
