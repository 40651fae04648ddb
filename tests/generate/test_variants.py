"""Packages of families: what goes wrong in what variants inherit is told once."""

from __future__ import annotations

from pathlib import Path

import pytest

from smgen.contracts import read_contracts
from smgen.diagnostics import FindingsError
from smgen.documents import JsonObject
from smgen.generate import plan
from tests.contracts.samples import edited, sample, write_folder
from tests.generate.packages import OPTIONS


def findings(tmp_path: Path, document: JsonObject) -> list[tuple[str, str | None]]:
    registry = read_contracts(write_folder(tmp_path, {"a.json": document}), shown_root="contracts")
    with pytest.raises(FindingsError) as caught:
        plan(registry, OPTIONS)
    return [(finding.rule, finding.place.pointer) for finding in caught.value.findings]


def test_a_name_that_hides_another_is_told_once_for_all_variants(tmp_path: Path) -> None:
    training = sample("xgboost_training")
    port: JsonObject = {"type": "TrainingData", "channel": "super"}
    inherited = edited(edited(training, "inputs/super", port), "variants", {"a": {}, "b": {"description": "B."}})
    assert findings(tmp_path / "inherited", inherited) == [("SMG107", "/inputs/super")]
    stated = edited(training, "variants", {"a": {"inputs": {"super": port}}, "b": {}})
    assert findings(tmp_path / "stated", stated) == [("SMG107", "/variants/a/inputs/super")]


def test_a_variant_that_becomes_a_module_of_every_package_is_told_where_it_is_listed(tmp_path: Path) -> None:
    document = edited(sample("xgboost_training"), "name", "Artifact")
    assert findings(tmp_path, edited(document, "variants", {"types": {}})) == [("SMG107", "/variants/types")]
