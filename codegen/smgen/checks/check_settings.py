"""What a project says about its checks in pyproject.toml, and a team beside a definition file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from smgen.checks.policy import Policy, merged, read_policy
from smgen.checks.suppressions import Suppression, read_suppressions
from smgen.diagnostics import Finding, FindingsError
from smgen.settings import SettingsTable, TomlDocument, parse_toml, read_settings, table_at, tables_in

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
    try:
        document = read_settings(folder)
    except FindingsError:
        return CheckSettings()
    path = ("tool", "smgen")
    smgen = SettingsTable(path, table_at(document.value, *path), document.place, [])

    def policy(holder: SettingsTable) -> Policy:
        table = holder.inner("policy")
        return Policy() if table is None else read_policy(table)

    general = policy(smgen)
    environments = {
        name: policy(SettingsTable((*path, "environments", name), values, document.place, smgen.findings))
        for name, values in tables_in(smgen.values, "environments")
    }
    suppressions, wrong = _suppressions(document, path)
    return CheckSettings(general, environments, suppressions, (*smgen.findings, *wrong))


def read_suppressions_beside(definition: Path, shown: str) -> CheckSettings:
    """The suppressions in ``<definition>.smgen.toml``; none without such a file. ``shown`` names the definition.

    What is wrong with them is a finding (SMG291).
    """
    path = definition.with_name(definition.name + BESIDE)
    file = shown + BESIDE
    if not path.is_file():
        return CheckSettings()
    try:
        document = parse_toml(path.read_bytes(), file, rule="SMG291", message="the suppressions are no TOML")
    except FindingsError as error:
        return CheckSettings(findings=error.findings)
    findings = [
        Finding(
            "SMG291",
            f"a file of suppressions has no setting '{key}'",
            document.place((), key),
            given=key,
            expected="[[suppressions]]",
        )
        for key in document.value
        if key != "suppressions"
    ]
    suppressions, wrong = _suppressions(document, ())
    return CheckSettings(suppressions=suppressions, findings=(*findings, *wrong))


def _suppressions(
    document: TomlDocument, holder: tuple[str, ...]
) -> tuple[tuple[Suppression, ...], tuple[Finding, ...]]:
    table = table_at(document.value, *holder)
    if "suppressions" not in table:
        return (), ()
    path = (*holder, "suppressions")
    return read_suppressions(
        table["suppressions"], ".".join(path), lambda index, key: document.item_place(path, index, key)
    )
