"""What the ports and settings of Lambda and Callback contracts stand for, and how short forms name settings."""

from __future__ import annotations

from smgen.contracts import (
    EachHole,
    InputHole,
    ItemHole,
    ListValue,
    LiteralValue,
    ObjectValue,
    SettingHole,
    StepContract,
    Value,
    WhenHole,
    contract_from_document,
)
from smgen.documents import JsonObject


def contract(kind: str = "Lambda", **members: JsonObject) -> StepContract:
    return contract_from_document({"name": "Call", "version": "1.0.0", "kind": kind, "request": {}, **members})


def literal(value: str) -> Value:
    return LiteralValue(value)


def parameter(name: str, kind: str) -> Value:
    return ObjectValue((("OutputName", literal(name)), ("OutputType", literal(kind))))


def members(value: Value) -> dict[str, Value]:
    assert isinstance(value, ObjectValue)
    return dict(value.members)


def test_inputs_and_unnamed_settings_are_arguments_behind_the_written_ones() -> None:
    call = contract(
        inputs={
            "table": {"type": "Dataset"},
            "limit": {"type": "Float", "required": False, "input_name": "maximum"},
            "tables": {"type": "Dataset", "many": True},
            "named": {"type": "String"},
        },
        settings={"arn": {}, "mode": {"type": "string"}, "switch": {"type": "boolean"}},
        step_fields={"FunctionArn": {"$setting": "arn"}},
        request={"written": {"$when": "switch", "value": {"$input": "named"}}},
    )
    assert list(members(call.request).items()) == [
        ("written", WhenHole("switch", value=InputHole("named"))),
        ("table", InputHole("table")),
        ("maximum", WhenHole("limit", value=InputHole("limit"))),
        ("tables", ListValue((EachHole("tables", ItemHole()),))),
        ("mode", SettingHole("mode")),
    ]


def test_outputs_are_declared_and_read_under_their_names() -> None:
    call = contract(
        "Callback",
        outputs={
            "rows": {"type": "Dataset", "output_name": "s3_rows"},
            "count": {"type": "Integer"},
            "same": {"type": "Integer", "property_path": "properties.OutputParameters['count']"},
            "written": {"type": "Boolean"},
            "text": {"type": "String", "value": {"$property": "OutputParameters['count']"}},
        },
        step_fields={
            "SqsQueueUrl": "https://queue",
            "OutputParameters": [{"OutputName": "written", "OutputType": "Boolean"}],
        },
    )
    assert {name: port.output_spec.property_path for name, port in call.output_ports.items()} == {
        "rows": "OutputParameters['s3_rows']",
        "count": "OutputParameters['count']",
        "same": "OutputParameters['count']",
        "written": "OutputParameters['written']",
        "text": None,
    }
    assert members(call.step_fields)["OutputParameters"] == ListValue(
        (parameter("written", "Boolean"), parameter("s3_rows", "String"), parameter("count", "Integer"))
    )


def test_a_step_that_returns_nothing_says_so() -> None:
    assert members(contract(step_fields={"FunctionArn": "f"}).step_fields) == {
        "FunctionArn": literal("f"),
        "OutputParameters": ListValue(()),
    }


def test_other_kinds_take_nothing_by_name() -> None:
    model = contract("Model", inputs={"model": {"type": "ModelArtifacts"}}, settings={"image": {}})
    assert members(model.request) == {}
    assert members(model.step_fields) == {}


def test_a_short_form_says_how_the_data_come_or_names_a_setting() -> None:
    check = contract(
        "QualityCheck",
        inputs={
            "data": {
                "type": "Dataset",
                "local_path": "/data",
                "input_mode": "Pipe",
                "compression": "Gzip",
                "data_type": "ManifestFile",
                "distribution": {"$setting": "distribution"},
            }
        },
    )
    inputs = members(check.request)["ProcessingInputs"]
    assert isinstance(inputs, ListValue)
    (item,) = inputs.items
    s3 = members(members(item)["S3Input"])
    assert s3 == {
        "S3Uri": InputHole("data"),
        "LocalPath": literal("/data"),
        "S3DataType": literal("ManifestFile"),
        "S3InputMode": literal("Pipe"),
        "S3DataDistributionType": SettingHole("distribution"),
        "S3CompressionType": literal("Gzip"),
    }


def test_the_same_in_a_channel() -> None:
    training = contract(
        "Training",
        inputs={
            "data": {
                "type": "Dataset",
                "channel": "train",
                "input_mode": {"$setting": "mode", "absent": "File"},
                "compression": "Gzip",
                "distribution": "ShardedByS3Key",
            }
        },
    )
    assert isinstance(training.request, ObjectValue)
    channels = members(training.request)["InputDataConfig"]
    assert isinstance(channels, ListValue)
    channel = members(channels.items[0])
    assert channel["InputMode"] == SettingHole("mode", "File")
    assert channel["CompressionType"] == literal("Gzip")
    assert members(members(channel["DataSource"])["S3DataSource"]) == {
        "S3DataType": literal("S3Prefix"),
        "S3Uri": InputHole("data"),
        "S3DataDistributionType": literal("ShardedByS3Key"),
    }
