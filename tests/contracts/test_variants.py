"""Variants of a contract: what each of them is, where its parts stand, and how it is found by name."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from smgen.contract_model.variants import STATED_MEMBERS, variant_name, variants_of, without_variants
from smgen.contracts import ContractRegistry, StepContract, canonical_document, contract_from_document, read_contracts
from smgen.diagnostics import Finding, FindingsError, Format, render
from smgen.documents import JsonObject, JsonValue, object_at as members, parse_document
from tests.contracts.samples import (
    GOOD,
    edited,
    places,
    published_schema,
    published_validator,
    replaced,
    sample,
    write_folder,
)

NOTICE = sample("release_notice")
TRAINING = sample("xgboost_training")


def family(variants: JsonObject, document: JsonObject = TRAINING) -> JsonObject:
    return edited(document, "variants", variants)


def registry(tmp_path: Path, document: JsonObject, **others: JsonValue) -> ContractRegistry:
    return read_contracts(write_folder(tmp_path, {"a.json": document, **others}), shown_root="contracts")


def refused(tmp_path: Path, document: JsonObject) -> list[tuple[str, str | None]]:
    with pytest.raises(FindingsError) as caught:
        registry(tmp_path, document)
    return [(finding.rule, finding.place.pointer) for finding in caught.value.findings]


def test_each_variant_is_a_contract_and_the_family_is_none(tmp_path: Path) -> None:
    found = registry(tmp_path, family({"training": {}, "no_labels": {"description": "Other."}}))
    assert list(found) == ["XGBoostTrainingTraining", "XGBoostTrainingNoLabels"]
    one, other = found.values()
    assert (one.family, one.job_type, one.step_type) == ("XGBoostTraining", "training", "XGBoostTraining")
    assert (other.family, other.job_type, other.description) == ("XGBoostTraining", "no_labels", "Other.")
    assert one.description == TRAINING["description"]
    assert found.families == {"XGBoostTraining": {"training": one, "no_labels": other}}


def test_a_contract_without_variants_has_no_family(tmp_path: Path) -> None:
    found = registry(tmp_path, TRAINING)
    contract = found["XGBoostTraining"]
    assert (contract.family, contract.job_type, contract.step_type) == ("", None, "XGBoostTraining")
    assert found.families == {}


def test_objects_are_merged_null_removes_and_lists_are_replaced(tmp_path: Path) -> None:
    document = edited(TRAINING, "inputs/validation_data/aliases", ["a", "b"])
    stated: JsonObject = {
        "inputs": {
            "training_data": {"required": False, "channel": "other"},
            "validation_data": {"aliases": ["c"]},
            "more": {"type": "TrainingData", "channel": "more"},
        },
        "outputs": {"training_job_name": None},
        "hyperparameters": {"required": [], "properties": {"num_round": {"maximum": 5}}},
        "request": {"ResourceConfig": {"InstanceCount": 2}, "EnableNetworkIsolation": True},
        "deprecated": "use another",
    }
    contract = registry(tmp_path, family({"small": stated}, document))["XGBoostTrainingSmall"]
    assert list(contract.input_ports) == [*members(TRAINING["inputs"]), "more"]
    training = contract.input_ports["training_data"].dependency_spec
    assert (training.dependency_type, training.required, training.channel) == ("TrainingData", False, "other")
    assert contract.input_ports["validation_data"].dependency_spec.aliases == ("c",)
    assert list(contract.output_ports) == [name for name in members(TRAINING["outputs"]) if name != "training_job_name"]
    rounds = contract.hyperparameters["num_round"]
    assert (rounds.required, rounds.schema.minimum, rounds.schema.maximum) == (False, 1, 5)
    assert members(members(contract.document["request"])["ResourceConfig"])["InstanceCount"] == 2
    assert contract.deprecated == "use another"


def test_a_hole_and_a_schema_with_a_reference_are_replaced_whole(tmp_path: Path) -> None:
    document = edited(TRAINING, "settings/count", {"default": 1})
    document = edited(document, "request/ResourceConfig/InstanceCount", {"$setting": "count", "absent": 2})
    stated: JsonObject = {
        "settings": {"count": None},
        "request": {"ResourceConfig": {"InstanceCount": {"$literal": 3}}},
        "hyperparameters": {"properties": {"num_round": {"$ref": "#/hyperparameters/properties/max_depth"}}},
    }
    contract = registry(tmp_path, family({"a": stated, "b": {}}, document))["XGBoostTrainingA"]
    assert members(members(contract.document["request"])["ResourceConfig"])["InstanceCount"] == {"$literal": 3}
    depth = contract.hyperparameters["max_depth"].schema
    assert contract.hyperparameters["num_round"].schema == depth


def test_what_a_reference_of_the_contract_brings_in_is_merged_with(tmp_path: Path) -> None:
    whole: JsonValue = {"properties": {"num_round": {"type": "integer", "minimum": 1}, "eta": {"type": "number"}}}
    document = edited(TRAINING, "hyperparameters", {"$ref": "schemas/all.json"})
    stated: JsonObject = {"hyperparameters": {"properties": {"eta": None, "num_round": {"minimum": "x"}}}}
    folder: dict[str, JsonValue] = {"a.json": family({"a": stated, "b": {}}, document), "schemas/all.json": whole}
    with pytest.raises(FindingsError) as caught:
        read_contracts(write_folder(tmp_path, folder), shown_root="contracts")
    found = [(one.rule, one.place.file, one.place.pointer) for one in caught.value.findings]
    at = "/variants/a/hyperparameters/properties/num_round/minimum"
    assert found == [("SMG117", "contracts/a.json", at)]
    folder["schemas/all.json"] = replaced(whole, ("properties", "num_round", "type"), "int")
    with pytest.raises(FindingsError) as caught:
        read_contracts(write_folder(tmp_path, folder), shown_root="contracts")
    found = [(one.rule, one.place.file, one.place.pointer) for one in caught.value.findings]
    # Of a schema without a type nothing else can be said, so the variant's keyword waits.
    assert found == [("SMG117", "contracts/schemas/all.json", "/properties/num_round/type")]


def test_a_mistake_of_the_contract_is_told_once_and_at_its_place(tmp_path: Path) -> None:
    document = edited(TRAINING, "inputs/training_data/type", "TraningData")
    stated: JsonObject = {"inputs": {"training_data": {"aliases": ["x"]}}, "request": {"EnableNetworkIsolation": True}}
    found = refused(tmp_path, family({"a": {}, "b": stated, "c": {"description": "C."}}, document))
    assert found == [("SMG109", "/inputs/training_data/type")]


def test_a_mistake_of_the_form_of_the_contract_is_told_once(tmp_path: Path) -> None:
    document = replaced(TRAINING, ("inputs", "training_data"), {"channel": "train"})
    stated: JsonObject = {"inputs": {"training_data": {"aliases": ["x"]}, "validation_data": {"typ": "A"}}}
    found = refused(tmp_path, family({"a": stated, "b": {}}, members(document)))
    assert found == [
        ("SMG105", "/inputs/training_data/type"),
        ("SMG103", "/variants/a/inputs/validation_data/typ"),
    ]


def test_what_only_a_variant_makes_wrong_names_the_variant(tmp_path: Path) -> None:
    with pytest.raises(FindingsError) as caught:
        registry(tmp_path, family({"a": {"settings": {"instance_type": None}}, "b": {}}))
    (finding,) = caught.value.findings
    assert finding.rule == "SMG113"
    assert finding.message == "the contract has no setting 'instance_type', in the variant 'a'"
    assert finding.place.pointer == "/request/ResourceConfig/InstanceType/$setting"


def test_a_part_of_a_family_need_not_be_a_whole_contract(tmp_path: Path) -> None:
    # The contract's own request fills a port that only its variants have.
    document = edited(TRAINING, "request/CheckpointConfig", {"S3Uri": {"$input": "checkpoints"}})
    port: JsonObject = {"inputs": {"checkpoints": {"type": "ModelArtifacts"}}}
    assert list(registry(tmp_path, family({"a": port}, document))) == ["XGBoostTrainingA"]


def test_a_generated_document_gives_its_variant_back(tmp_path: Path) -> None:
    contract = registry(tmp_path, family({"a": {"description": "A."}}))["XGBoostTrainingA"]
    assert list(contract.document)[:2] == ["name", "variant_of"]
    assert contract.document["variant_of"] == {"family": "XGBoostTraining", "job_type": "a"}
    assert "variants" not in contract.document
    again = contract_from_document(canonical_document(contract.document))
    assert again == contract
    assert (again.family, again.job_type) == ("XGBoostTraining", "a")
    # It is what a package carries, and nothing that anybody writes.
    assert refused(tmp_path / "again", contract.document)[0] == ("SMG103", "/variant_of")


def test_contracts_are_found_by_name_and_by_family_and_variant(tmp_path: Path) -> None:
    found = registry(tmp_path, family({"training": {}, "calibration": {}}), **{"b.json": NOTICE})
    assert found.get("XGBoostTraining:calibration") is found["XGBoostTrainingCalibration"]
    assert found.get("XGBoostTrainingTraining") is found.find("XGBoostTraining:training")
    assert found.find("XGBoostTraining") is found.find("XGBoostTraining:test") is None
    assert found.find("ReleaseNotice:test") is None

    def unknown(name: str) -> tuple[str, str | None, str | None]:
        with pytest.raises(FindingsError) as caught:
            found.get(name)
        (finding,) = caught.value.findings
        assert (finding.rule, finding.given) == ("SMG125", name)
        return finding.message, finding.expected, finding.nearest

    both = "XGBoostTraining:training, XGBoostTraining:calibration"
    assert unknown("XGBoostTraining") == ("XGBoostTraining is a family: say which variant is meant", both, None)
    assert unknown("XGBoostTraining:calibraton") == (
        "XGBoostTraining has no variant 'calibraton'",
        both,
        "XGBoostTraining:calibration",
    )
    names = f"XGBoostTrainingTraining, XGBoostTrainingCalibration, ReleaseNotice, {both}"
    message = "there is no contract named XGBoostTraning"
    assert unknown("XGBoostTraning:training") == (message, names, "XGBoostTraining:training")


@pytest.mark.parametrize(
    ("job_type", "name"), [("training", "PTraining"), ("no_labels", "PNoLabels"), ("A1", "PA1"), ("none", "PNone")]
)
def test_the_name_of_a_variant(job_type: str, name: str) -> None:
    assert variant_name("P", job_type) == name


def test_the_published_schema_has_the_members_that_a_variant_may_state() -> None:
    definitions = members(published_schema("step-contract")["$defs"])
    assert tuple(members(members(definitions["variant"])["properties"])) == STATED_MEMBERS


def test_the_published_schema_takes_variants() -> None:
    takes = published_validator("step-contract").is_valid
    assert takes(family({"a": {}, "b": {"inputs": {"x": None}, "deprecated": None, "description": "B."}}))
    wrong: list[JsonValue] = [{}, {"a": None}, {"1": {}}, {"a": {"version": "1.0.0"}}, {"a": {"inputs": []}}, []]
    assert [takes(edited(TRAINING, "variants", value)) for value in wrong] == [False] * 6


NAMES = st.sampled_from("abc")
PLAIN = st.recursive(
    st.none() | st.integers(0, 3) | st.lists(st.none() | st.integers(0, 3), max_size=2),
    lambda inner: st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


def merge_patch(target: JsonValue, patch: JsonValue) -> JsonValue:
    """The algorithm of RFC 7396, as it stands there."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merge_patch(result.get(name), value)
    return result


@given(st.dictionaries(NAMES, PLAIN, max_size=3), st.dictionaries(NAMES, PLAIN, max_size=3))
def test_the_merge_is_that_of_json_merge_patches_and_knows_its_places(base: JsonObject, patch: JsonObject) -> None:
    source = parse_document(json.dumps({**base, "variants": {"v": patch}}).encode(), "a.json")
    (variant,) = variants_of(without_variants(base), source, {})
    assert variant.document == merge_patch(base, patch)
    for place in places(variant.document):
        pointer = "/" + "/".join(place)
        written = variant.place(pointer).pointer or ""
        value: JsonValue = source.value
        for part in written.split("/")[1:]:
            value = members(value)[part] if isinstance(value, dict) else _item(value, part)
        ours: JsonValue = variant.document
        for part in place:
            ours = members(ours)[part] if isinstance(ours, dict) else _item(ours, part)
        # An object may be merged of two; every other value stands where its place says.
        assert isinstance(ours, dict) or value == ours
    findings = [finding.place.pointer for finding in variant.findings]
    assert len(findings) == len(set(findings))


def _item(value: JsonValue, part: str) -> JsonValue:
    assert isinstance(value, list)
    return value[int(part)]


WORDS = st.sampled_from([*STATED_MEMBERS, "$ref", "$setting", "type", "properties", "training_data", "image", ""])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
def test_whatever_variants_hold_gives_contracts_or_findings(data: st.DataObject) -> None:
    stated: JsonValue = dict.fromkeys(STATED_MEMBERS) | {
        key: TRAINING[key] for key in STATED_MEMBERS if key in TRAINING
    }
    stated = replaced(stated, data.draw(st.sampled_from(places(stated))), data.draw(JSON))
    document = edited(TRAINING, "variants", {"a": stated, "b": data.draw(JSON), "c": {}})
    document = members(replaced(document, data.draw(st.sampled_from(places(document))), data.draw(JSON)))
    schema: JsonValue = json.loads((GOOD / "schemas" / "regression.json").read_text(encoding="utf-8"))
    contracts: tuple[StepContract, ...] = ()
    findings: tuple[Finding, ...] = ()
    with tempfile.TemporaryDirectory() as folder:
        root = write_folder(Path(folder), {"a.json": document, "schemas/regression.json": schema})
        try:
            contracts = tuple(read_contracts(root).values())
        except FindingsError as error:
            findings = error.findings
    assert bool(contracts) != bool(findings)
    assert all(finding.place.file for finding in findings)
    assert not findings or render(findings, Format.JSON)
    for contract in contracts:
        assert contract_from_document(contract.document) == contract
