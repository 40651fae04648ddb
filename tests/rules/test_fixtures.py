"""Every rule has a small input that breaks it, with the whole output pinned, and one that keeps it.

A folder of ``tests/data/rules`` is named like its rule. What breaks it, and what keeps it, is told in one file:

- ``fixture.json``, with a definition or a contract as ``failing``, and one as ``passing``;
- ``fixture.py``, with two functions of these names that write a pipeline, which is built and linted; its steps are of
  the contracts in the folder ``contracts`` beside it, or of the library;
- or ``failing.json`` and ``passing.json``, which are definitions.

``policy.json`` stands beside them where the rule needs a policy (the settings of ``[tool.smgen.policy]``), and
``home.json`` where it needs an account and a region. ``expected.txt`` is written by ``pytest tests/rules
--update-golden``.
"""

from __future__ import annotations

import json
import re
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest

from smgen.checks import CheckContext, Home, check_definition
from smgen.checks.policy import Policy, read_policy
from smgen.contracts import StepContract, is_scalar, read_contracts, rule_findings
from smgen.definition import parse_definition
from smgen.diagnostics import RULES, Finding, FindingsError, Place, render, sorted_findings
from smgen.documents import DEFINITION_LIMITS as LIMITS, Document, JsonObject, object_at, read_document, text_at
from smgen.runtime import Environment, FluentPipelineBuilder, ProxyFactory
from smgen.settings import SettingsTable
from tests.docs.rule_pages import CONTRACT_RULES, MODULES, PIPELINE_RULES
from tests.golden import Golden
from tests.project.checkout import CHECKOUT

TESTS = CHECKOUT / "tests"
#: Other pinned outputs, in which the rules stand that were found.
PINNED = (
    "data/bad_contracts/*/expected.txt",
    "data/bugs/*.txt",
    "mistakes/expected/*.txt",
    "source/golden/*.json",
    "evolution/expected/*.txt",
)
#: The rules of which no text is pinned, each with a test that breaks it: what they look at is no file alone, but a
#: generated package, an account, a test. A new rule has a folder.
ASSERTED = {
    "SMG102": "documents/test_documents.py",
    "SMG120": "cli/test_generate_command.py",
    "SMG121": "cli/test_generate_command.py",
    "SMG122": "cli/test_generate_command.py",
    "SMG123": "cli/test_generate_command.py",
    "SMG125": "wiring/test_variants.py",
    "SMG126": "assets/test_source_files.py",
    "SMG131": "runtime/test_loading.py",
    "SMG132": "emit/test_publishing.py",
    "SMG133": "importer/test_environments.py",
    "SMG134": "importer/test_raw_parts.py",
    "SMG135": "cli/test_import.py",
    "SMG139": "contracts/test_unread.py",
    "SMG140": "packages/test_freshness.py",
    "SMG141": "runtime/test_project.py",
    "SMG142": "cli/test_deploy.py",
    "SMG143": "use/test_truth.py",
    "SMG145": "checks/test_contract_advice.py",
    "SMG146": "cli/test_file_names.py",
    "SMG199": "fuzz/test_fuzz.py",
    "SMG216": "wiring/test_graph.py",
    "SMG217": "wiring/test_graph.py",
    "SMG218": "runtime/test_auto.py",
    "SMG224": "source/test_explicit_references.py",
    "SMG230": "runtime/test_adopt.py",
    "SMG240": "emit/test_start_parameters.py",
    "SMG250": "emit/test_sdk_pipeline.py",
    "SMG260": "testing/test_execution.py",
    "SMG271": "source/test_script_starts.py",
    "SMG290": "checks/test_suppressions.py",
    "SMG291": "checks/test_suppressions.py",
    "SMG292": "emit/test_deployed.py",
    "SMG401": "runtime/test_project.py",
    "SMG408": "checks/test_limits.py",
    "SMG600": "workflows/test_commits.py",
    "SMG603": "evolution/test_versions.py",
    "SMG608": "evolution/test_versions.py",
    "SMG609": "cli/test_breaking.py",
    "SMG639": "cli/test_breaking.py",
    "SMG650": "cli/test_diff.py",
    "SMG651": "evolution/test_interface_changes.py",
    "SMG652": "evolution/test_interface_changes.py",
    "SMG653": "evolution/test_interface_changes.py",
    "SMG654": "evolution/test_interface_changes.py",
    "SMG655": "evolution/test_interface_changes.py",
    "SMG656": "evolution/test_interface_changes.py",
    "SMG657": "evolution/test_interface_changes.py",
    "SMG658": "evolution/test_interface_changes.py",
    "SMG659": "evolution/test_interface_changes.py",
    "SMG660": "evolution/test_interface_changes.py",
    "SMG661": "evolution/test_interface_changes.py",
    "SMG662": "evolution/test_interface_changes.py",
    "SMG663": "evolution/test_interface_changes.py",
    "SMG664": "workflows/test_pipeline_interfaces.py",
    "SMG680": "workflows/test_type_checking.py",
}
FOLDERS = sorted(path for path in (TESTS / "data" / "rules").iterdir() if path.is_dir())


def findings(folder: Path, which: str, scratch: Path) -> tuple[Finding, ...]:
    try:
        if (folder / "fixture.py").is_file():
            return of_pipeline(folder, which)
        if not (folder / "fixture.json").is_file():
            return of_definition(folder, read_document(folder / f"{which}.json", LIMITS, shown_as=f"{which}.json"))
        document = json.loads((folder / "fixture.json").read_text(encoding="utf-8"))[which]
        return of_contract(document, scratch) if "kind" in document else of_definition(folder, document)
    except FindingsError as error:
        return error.findings


def of_definition(folder: Path, document: Document | JsonObject) -> tuple[Finding, ...]:
    policy: Policy | None = None
    if (folder / "policy.json").is_file():
        table = json.loads((folder / "policy.json").read_text(encoding="utf-8"))
        settings = SettingsTable(("policy.json",), table, lambda _, key: Place(file="policy.json", pointer=key), [])
        policy = read_policy(settings)
        assert settings.findings == []
    home = Home(**json.loads((folder / "home.json").read_text())) if (folder / "home.json").is_file() else None
    return check_definition(parse_definition(document), CheckContext(policy=policy, home=home))


def of_contract(document: JsonObject, scratch: Path) -> tuple[Finding, ...]:
    """Of a contract that stands alone in a folder, which declares the artifact types that it names."""
    ports = [*object_at(document.get("inputs")).values(), *object_at(document.get("outputs")).values()]
    types = {name for port in ports if (name := text_at(object_at(port), "type")) and not is_scalar(name)}
    (scratch / "artifact_types.json").write_text(json.dumps({"types": {name: {} for name in sorted(types)}}))
    (scratch / "contract.json").write_text(json.dumps(document, indent=2))
    contracts = read_contracts(scratch, shown_root="contracts").values()
    return sorted_findings(finding for contract in contracts for finding in rule_findings(contract))


def of_pipeline(folder: Path, which: str) -> tuple[Finding, ...]:
    own = folder / "contracts"
    steps = ProxyFactory.read(own if own.is_dir() else CHECKOUT / "contract_specs")
    environment = Environment(
        "dev",
        role="arn:aws:iam::111122223333:role/Fraud",
        bucket="fraud-dev",
        images={"xgboost": "xgboost:1.7-1", "scikit-learn": "scikit-learn:1.2-1"},
    )
    builder = FluentPipelineBuilder("Fraud", environment)
    write = runpy.run_path(str(folder / "fixture.py"))[which]
    cast("Callable[[FluentPipelineBuilder, ProxyFactory], None]", write)(builder, steps)
    compiled = builder.build()
    return check_definition(
        compiled.definition, CheckContext(provenance=compiled.provenance, contracts=compiled.contracts)
    )


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_fails(folder: Path, golden: Golden, tmp_path: Path) -> None:
    found = findings(folder, "failing", tmp_path)
    # The rule and no other: a wrong thing is reported once.
    assert {finding.rule for finding in found} == {folder.name}
    golden.text(folder / "expected.txt", render(found).replace(f"{CHECKOUT.as_posix()}/", ""))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_passes(folder: Path, tmp_path: Path) -> None:
    assert render(findings(folder, "passing", tmp_path)) == "no findings\n"


def test_folders_are_rules() -> None:
    assert [folder.name for folder in FOLDERS if folder.name not in RULES] == []


def test_every_rule_has_a_fixture() -> None:
    pinned = {rule for pattern in PINNED for path in TESTS.glob(pattern) for rule in _rules_in(path)}
    on_pages = {"SMG100", "SMG101", "SMG130", "SMG210", "SMG211", "SMG212", "SMG300", *CONTRACT_RULES, *PIPELINE_RULES}
    missing = RULES.keys() - {folder.name for folder in FOLDERS} - pinned - on_pages
    assert missing == ASSERTED.keys()
    for rule, test in ASSERTED.items():
        assert rule in _rules_in(TESTS / test), f"{test} says nothing of {rule}"


def _rules_in(path: Path) -> set[str]:
    return set(re.findall(r"SMG[0-9]{3}", path.read_text(encoding="utf-8")))


def test_a_rule_that_is_a_module_has_a_folder() -> None:
    assert {module.name[:6].upper() for module in MODULES} <= {folder.name for folder in FOLDERS}


def test_an_error_of_a_rule_module_ends_the_reading_of_contracts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(contract: StepContract) -> Iterator[Finding]:
        yield Finding("SMG106", "the contract has a wrong name", contract.place("/name"))

    document = json.loads((TESTS / "data" / "rules" / "SMG502" / "fixture.json").read_text())["passing"]
    assert of_contract(document, tmp_path) == ()
    monkeypatch.setattr("smgen.contracts.rules.CHECKS", {"SMG106": check})
    with pytest.raises(FindingsError, match="the contract has a wrong name"):
        of_contract(document, tmp_path)
