"""The good sample contracts: what they become, and that nothing is said about them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smgen.contracts import (
    AssetHole,
    ContractRegistry,
    EachHole,
    EnvironmentImage,
    InputHole,
    ItemHole,
    ListValue,
    LiteralValue,
    ObjectValue,
    OutputLocationHole,
    Renaming,
    StepContract,
    Value,
    WhenHole,
    contract_from_document,
    read_contracts,
    setting_schemas,
)
from smgen.diagnostics import FindingsError
from smgen.documents import JsonValue, canonical_json
from tests.contracts.samples import GOOD, edited, sample, write_folder

REGISTRY = read_contracts(GOOD, shown_root="contracts")


def member(value: Value | None, *names: str | int) -> Value:
    """A part of a request."""
    for name in names:
        if isinstance(name, int):
            assert isinstance(value, ListValue)
            value = value.items[name]
        else:
            assert isinstance(value, ObjectValue)
            value = dict(value.members)[name]
    assert value is not None
    return value


def written(value: Value) -> JsonValue:
    """Literals, lists and objects of a request as JSON; holes as their class names."""
    if isinstance(value, LiteralValue):
        return value.value
    if isinstance(value, ListValue):
        return [written(item) for item in value.items]
    if isinstance(value, ObjectValue):
        return {name: written(inner) for name, inner in value.members}
    return type(value).__name__


def test_names_in_the_order_of_the_files() -> None:
    assert isinstance(REGISTRY, ContractRegistry)
    assert list(REGISTRY) == [
        "ModelEvaluation",
        "ModelTuning",
        "ReleaseNotice",
        "TabularPreprocessing",
        "XGBoostTraining",
    ]
    assert list(REGISTRY.artifact_types)[:3] == ["Dataset", "RawData", "TrainingData"]


@pytest.mark.parametrize("name", list(REGISTRY))
def test_a_contract_survives_its_document(name: str) -> None:
    contract = REGISTRY[name]
    again = contract_from_document(contract.document)
    assert again == contract
    assert again.request == contract.request
    assert again.step_fields == contract.step_fields
    assert again.input_ports == contract.input_ports
    assert again.output_ports == contract.output_ports
    assert again.settings == contract.settings
    assert again.hyperparameters == contract.hyperparameters
    assert again.environment == contract.environment
    assert again.document == contract.document
    assert "$ref" not in canonical_json(contract.document)
    assert "$schema" not in contract.document
    assert contract_from_document(json.loads(canonical_json(contract.document))) == contract


def test_a_channel() -> None:
    channel = member(REGISTRY["XGBoostTraining"].request, "InputDataConfig", 0)
    assert written(channel) == {
        "ChannelName": "train",
        "DataSource": {
            "S3DataSource": {
                "S3DataType": "S3Prefix",
                "S3Uri": "InputHole",
                "S3DataDistributionType": "FullyReplicated",
            }
        },
        "ContentType": "text/csv",
    }
    assert member(channel, "DataSource", "S3DataSource", "S3Uri") == InputHole("training_data")


def test_a_channel_follows_the_items_that_are_written() -> None:
    document = edited(sample("xgboost_training"), "request/InputDataConfig", [{"ChannelName": "first"}])
    channels = member(contract_from_document(document).request, "InputDataConfig")
    assert isinstance(channels, ListValue)
    assert [type(item).__name__ for item in channels.items] == ["ObjectValue", "ObjectValue", "WhenHole"]
    assert written(channels.items[0]) == {"ChannelName": "first"}


def test_an_optional_channel_with_an_input_mode() -> None:
    optional = member(REGISTRY["XGBoostTraining"].request, "InputDataConfig", 1)
    assert isinstance(optional, WhenHole)
    assert optional.name == "validation_data"
    assert optional.items is not None
    assert written(optional.items[0]) == {
        "ChannelName": "validation",
        "DataSource": {
            "S3DataSource": {
                "S3DataType": "S3Prefix",
                "S3Uri": "InputHole",
                "S3DataDistributionType": "FullyReplicated",
            }
        },
        "ContentType": "text/csv",
        "InputMode": "File",
    }


def test_processing_inputs_outputs_and_source() -> None:
    request = REGISTRY["TabularPreprocessing"].request
    members = {
        "S3Uri": "InputHole",
        "LocalPath": "/opt/ml/processing/input",
        "S3DataType": "S3Prefix",
        "S3InputMode": "File",
        "S3DataDistributionType": "FullyReplicated",
        "S3CompressionType": "None",
    }
    assert written(member(request, "ProcessingInputs", 0)) == {"InputName": "raw_data", "S3Input": members}
    lookup = member(request, "ProcessingInputs", 1)
    assert isinstance(lookup, WhenHole)
    assert lookup.items is not None
    each = lookup.items[0]
    assert isinstance(each, EachHole)
    assert member(each.item, "S3Input", "S3Uri") == ItemHole()
    assert written(member(request, "ProcessingInputs", 2)) == {
        "InputName": "code",
        "S3Input": {**members, "S3Uri": "AssetHole", "LocalPath": "/opt/ml/processing/input/code"},
    }
    assert member(request, "ProcessingInputs", 2, "S3Input", "S3Uri") == AssetHole("code")
    assert written(member(request, "AppSpecification", "ContainerEntrypoint")) == [
        "python3",
        "/opt/ml/processing/input/code/preprocess.py",
    ]
    assert written(member(request, "ProcessingOutputConfig", "Outputs", 0)) == {
        "OutputName": "train",
        "S3Output": {
            "S3Uri": "OutputLocationHole",
            "LocalPath": "/opt/ml/processing/train",
            "S3UploadMode": "EndOfJob",
        },
    }
    assert member(request, "ProcessingOutputConfig", "Outputs", 0, "S3Output", "S3Uri") == OutputLocationHole(
        "training_data"
    )


def test_an_entry_point_that_is_written_stays() -> None:
    document = edited(sample("model_evaluation"), "request/AppSpecification/ContainerEntrypoint", ["bash", "run.sh"])
    request = contract_from_document(edited(document, "outputs", {})).request
    assert written(member(request, "AppSpecification", "ContainerEntrypoint")) == ["bash", "run.sh"]
    assert [written(member(request, "ProcessingInputs", index, "InputName")) for index in range(3)] == [
        "model",
        "test",
        "code",
    ]


def test_a_port_in_a_written_hole_gets_no_sugar() -> None:
    written_item: list[JsonValue] = [
        {"InputName": "own", "S3Input": {"S3Uri": {"$input": "model"}, "S3DataType": "S3Prefix"}}
    ]
    document = edited(sample("model_evaluation"), "request/ProcessingInputs", written_item)
    items = member(contract_from_document(edited(document, "outputs", {})).request, "ProcessingInputs")
    assert isinstance(items, ListValue)
    assert [written(member(item, "InputName")) for item in items.items] == ["own", "test", "code"]


def test_ports_and_settings() -> None:
    contract = REGISTRY["TabularPreprocessing"]
    training_data = contract.output_ports["training_data"].output_spec
    assert training_data.property_path == "ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"
    assert training_data.aws_name == "train"
    assert training_data.renamed_from == Renaming("processed_data", "3.0.0")
    assert training_data.must_be_consumed
    assert contract.output_ports["job_arn"].output_spec.aws_name is None
    assert contract.settings["image"].default == EnvironmentImage("scikit-learn")
    assert contract.settings["arguments"].default is None
    assert [setting.required for setting in contract.settings.values()] == [False, False, False, False]
    assert REGISTRY["ModelEvaluation"].settings["instance_type"].required
    lookup = contract.input_ports["lookup"].dependency_spec
    assert (lookup.required, lookup.many) == (False, True)
    assert (
        REGISTRY["XGBoostTraining"].output_ports["model_artifacts"].output_spec.property_path
        == "ModelArtifacts.S3ModelArtifacts"
    )


def test_setting_types_come_from_aws_and_are_narrowed() -> None:
    schemas = setting_schemas(REGISTRY["XGBoostTraining"])
    assert schemas["instance_type"].enum == ("ml.m5.xlarge", "ml.m5.4xlarge")
    assert (schemas["max_runtime_s"].type, schemas["max_runtime_s"].minimum, schemas["max_runtime_s"].maximum) == (
        "integer",
        1,
        432000,
    )
    assert (schemas["image"].type, schemas["image"].max_length) == ("string", 255)
    assert schemas["max_runtime_s"].description.startswith("The maximum length of time, in seconds")
    assert schemas["max_runtime_s"].description.endswith(" At least 1.")
    arguments = setting_schemas(REGISTRY["TabularPreprocessing"])["arguments"]
    assert (arguments.type, arguments.min_items, arguments.max_items) == ("array", 1, 100)
    assert arguments.description == "Command line arguments of the script."
    assert arguments.element is not None
    assert (arguments.element.type, arguments.element.max_length) == ("string", 256)
    assert setting_schemas(REGISTRY["ModelTuning"])["prefix"].pattern == "^[a-z]+$"


def test_setting_schemas_of_a_wrong_contract_raise() -> None:
    document = edited(sample("xgboost_training"), "settings/max_runtime_s", {"type": "string"})
    with pytest.raises(FindingsError) as caught:
        setting_schemas(contract_from_document(document))
    assert [finding.rule for finding in caught.value.findings] == ["SMG116"]


def test_a_report_comes_from_its_schema_file() -> None:
    contract = REGISTRY["ModelEvaluation"]
    (file,) = contract.output_ports["report"].output_spec.files
    assert (file.name, file.path, file.property_file, file.artifact_type) == (
        "metrics",
        "evaluation.json",
        "EvaluationReport",
        "ModelQuality",
    )
    metrics = dict(file.schema.members)
    mse = dict(metrics["regression_metrics"].members)["mse"]
    assert [(name, node.type, node.description) for name, node in mse.members] == [
        ("value", "number", "The metric."),
        ("standard_deviation", "number", ""),
    ]
    assert metrics["folds"].element == mse
    place = contract.place(
        "/outputs/report/files/metrics/schema/properties/regression_metrics/properties/mse/properties/value"
    )
    assert (place.file, place.pointer) == ("contracts/schemas/regression.json", "/$defs/metric/properties/value")
    assert contract.place("/kind").file == "contracts/model_evaluation.json"


def test_keywords_of_python_are_good_names() -> None:
    contract = REGISTRY["ReleaseNotice"]
    assert list(contract.input_ports) == ["model", "lambda"]
    assert list(contract.output_ports) == ["class", "count"]
    assert list(contract.settings) == ["function", "global"]


def test_hostile_text_is_text(tmp_path: Path) -> None:
    hostile = '"""\n\x1b[31m{{ 7*7 }}{% raise %}\\ \' " \u202e $(id) */ #'
    document = sample("xgboost_training")
    for place in (
        "description",
        "owner",
        "deprecated",
        "inputs/training_data/description",
        "outputs/model_artifacts/description",
        "settings/instance_type/description",
        "hyperparameters/properties/max_depth/description",
        "environment/properties/REGION/description",
    ):
        document = edited(document, place, hostile)
    for place in ("inputs/training_data/aliases", "inputs/training_data/semantic_keywords", "reserved"):
        document = edited(document, place, [hostile])
    document = edited(document, "hyperparameters/properties/odd", {"enum": [hostile, "b"], "default": hostile})
    document = edited(document, f"hyperparameters/properties/{hostile.replace('/', '')}", {"type": "string"})
    contract = read_contracts(write_folder(tmp_path, {"a.json": document}))["XGBoostTraining"]
    assert contract.description == hostile
    assert contract.hyperparameters["odd"].schema.enum == (hostile, "b")


def test_holes_that_cannot_be_read_raise() -> None:
    with pytest.raises(FindingsError) as caught:
        contract_from_document(edited(sample("xgboost_training"), "request/RoleArn", {"$rolle": 1}))
    assert [finding.rule for finding in caught.value.findings] == ["SMG112"]


def test_the_registry_knows_near_names() -> None:
    assert isinstance(REGISTRY.get("XGBoostTraining"), StepContract)
    with pytest.raises(FindingsError) as caught:
        REGISTRY.get("XgboostTrainig")
    (finding,) = caught.value.findings
    assert (finding.rule, finding.nearest) == ("SMG125", "XGBoostTraining")
    with pytest.raises(KeyError):
        REGISTRY["Nothing"]
    assert "XGBoostTraining" in REGISTRY
    assert len(REGISTRY) == len(REGISTRY.values()) == len(REGISTRY.items()) == len(REGISTRY.keys()) == 5
