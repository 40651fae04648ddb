"""What a project says about its checks in pyproject.toml, and a team beside a definition file."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

from smgen.checks.policy import Policy, merged, read_policy
from smgen.checks.suppressions import Suppression, read_suppressions
from smgen.checks.toml_places import TomlPlaces
from smgen.diagnostics import Finding, Place

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SETTINGS_FILE: Final = "pyproject.toml"
#: What is added to the name of a definition file for the file of its suppressions.
BESIDE: Final = ".smgen.toml"


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """The policy of a project, that of each environment, and the suppressions; ``findings`` is what is wrong there."""

    policy: Policy = field(default_factory=Policy)
    environments: Mapping[str, Policy] = field(default_factory=dict[str, Policy])
    suppressions: tuple[Suppression, ...] = ()
    findings: tuple[Finding, ...] = ()

    def policy_for(self, environment: str | None) -> Policy:
        """The policy of an environment: its own settings, and the project's for the rest."""
        own = self.environments.get(environment) if environment is not None else None
        return self.policy if own is None else merged(self.policy, own)


def read_check_settings(folder: Path) -> CheckSettings:
    """The tables ``policy`` and ``suppressions`` of ``[tool.smgen]`` in a folder's pyproject.toml.

    Wrong settings are findings (SMG130, SMG291) and are left out. Raises OSError where the file cannot be read. A
    file that is no TOML gives no settings: whoever reads the project reports it.
    """
    document, places, _ = _parsed(folder / SETTINGS_FILE, SETTINGS_FILE)
    table = _table(_table(document.get("tool")).get("smgen"))
    findings: list[Finding] = []

    def policy(holder: Mapping[str, object], where: str) -> Policy:
        if "policy" not in holder:
            return Policy()
        value = holder["policy"]
        table = _optional_table(value)
        if table is None:
            message = f"the setting 'policy' of [{where}] cannot be used"
            expected = f"a table [{where}.policy]"
            at = places.table(where, "policy")
            findings.append(Finding("SMG130", message, at, given=repr(value), expected=expected))
            return Policy()
        found, wrong = read_policy(table, f"{where}.policy", lambda key: places.table(f"{where}.policy", key))
        findings.extend(wrong)
        return found

    general = policy(table, "tool.smgen")
    environments = {
        name: policy(_table(value), f"tool.smgen.environments.{name}")
        for name, value in _table(table.get("environments")).items()
    }
    suppressions, wrong = _suppressions(table, "tool.smgen.suppressions", places)
    return CheckSettings(general, environments, suppressions, (*findings, *wrong))


def read_suppressions_beside(definition: Path, shown: str) -> CheckSettings:
    """The suppressions in ``<definition>.smgen.toml``; none without such a file. ``shown`` names the definition.

    What is wrong with them is a finding (SMG291).
    """
    path = definition.with_name(definition.name + BESIDE)
    file = shown + BESIDE
    if not path.is_file():
        return CheckSettings()
    document, places, error = _parsed(path, file)
    if error is not None:
        where = re.search(r"line (\d+), column (\d+)", error)
        line, column = (int(where[1]), int(where[2])) if where else (None, None)
        place = Place(file=file, line=line, column=column)
        return CheckSettings(findings=(Finding("SMG291", "the suppressions are no TOML", place, given=error),))
    findings = [
        Finding(
            "SMG291",
            f"a file of suppressions has no setting '{key}'",
            places.table("", key),
            given=key,
            expected="[[suppressions]]",
        )
        for key in document
        if key != "suppressions"
    ]
    suppressions, wrong = _suppressions(document, "suppressions", places)
    return CheckSettings(suppressions=suppressions, findings=(*findings, *wrong))


def _suppressions(
    table: Mapping[str, object], where: str, places: TomlPlaces
) -> tuple[tuple[Suppression, ...], tuple[Finding, ...]]:
    if "suppressions" not in table:
        return (), ()
    return read_suppressions(table["suppressions"], where, lambda index, key: places.item(where, index, key))


def _parsed(path: Path, file: str) -> tuple[Mapping[str, object], TomlPlaces, str | None]:
    """A TOML document with the places in it; without content, and why, for what is none."""
    data = path.read_bytes()
    places = TomlPlaces(file, tuple(data.decode(errors="replace").splitlines()))
    try:
        return tomllib.loads(data.decode()), places, None
    except (ValueError, RecursionError) as error:
        return {}, places, str(error)


def _table(value: object) -> Mapping[str, object]:
    """A table of TOML, whose keys are texts; an empty one for anything else."""
    return _optional_table(value) or {}


def _optional_table(value: object) -> Mapping[str, object] | None:
    # The keys of a TOML table are texts.
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else None
