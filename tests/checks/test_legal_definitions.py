"""Legal but odd definitions: the rules about structure say nothing about them."""

from collections.abc import Callable

import pytest

from smgen.aws import EACH, STEP_KINDS, PathProblem, request_shape, step_field_shape
from smgen.checks import CheckContext, index_definition
from smgen.checks.catalogue import STRUCTURE
from smgen.documents import JsonValue
from tests.checks.definitions import as_definition, corpus_document, put, value_at

Edit = Callable[[JsonValue], None]

TRAIN_URI = "/Steps/1/Arguments/InputDataConfig/0/DataSource/S3DataSource/S3Uri"
IF = "/Steps/3/Arguments/IfSteps"
ELSE = "/Steps/3/Arguments/ElseSteps"
FIXED = "s3://<BUCKET_2>/pipeline-v3/train"


def get(path: str) -> JsonValue:
    return {"Get": path}


def setting(*edits: tuple[str, JsonValue]) -> Edit:
    def edit(document: JsonValue) -> None:
        for pointer, value in edits:
            put(document, pointer, value)

    return edit


def reversed_steps(document: JsonValue) -> None:
    steps = value_at(document, "/Steps")
    assert isinstance(steps, list)
    steps.reverse()


def transform(name: str, path: str) -> JsonValue:
    return {
        "Name": name,
        "Type": "Transform",
        "Arguments": {
            "ModelName": "a-model",
            "TransformInput": {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://other/in"}}},
            "TransformOutput": {"S3OutputPath": path},
            "TransformResources": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
        },
    }


def looped(step: JsonValue) -> JsonValue:
    return {
        "Name": "Loop",
        "Type": "ForEach",
        "Arguments": {
            "IterableItems": ["a", "b"],
            "MaxConcurrency": 1,
            "ForEachBody": [step],
            "Selector": {"Pick": "MinBy", "Field": get("IterationOutput.Fit.FinalMetricDataList[0].Value")},
        },
    }


def training_in_a_loop(document: JsonValue) -> None:
    """Train once per item, and read one iteration of it outside."""
    step = value_at(document, "/Steps/1")
    put(step, "/Name", "Fit")
    put(step, "/Arguments/HyperParameters/eta", get("ForEach.CurrentItem"))
    put(document, "/Steps/1", looped(step))
    model = "Steps.Loop.IterationOutputs[0].Fit.ModelArtifacts.S3ModelArtifacts"
    put(document, "/Steps/2/Arguments/PrimaryContainer/ModelDataUrl", get(model))
    put(document, "/Steps/3/Arguments/InferenceSpecification/Containers/0/ModelDataUrl", get(model))


LEGAL: dict[str, tuple[str, Edit]] = {
    "steps in any order": ("01", reversed_steps),
    "output by its position": (
        "01",
        setting((TRAIN_URI, get("Steps.AbaloneProcess.ProcessingOutputConfig.Outputs[0].S3Output.S3Uri"))),
    ),
    "output by its name in double quotes": (
        "01",
        setting((TRAIN_URI, get('Steps.AbaloneProcess.ProcessingOutputConfig.Outputs["train"].S3Output.S3Uri'))),
    ),
    "step of the branch depends on its own condition": ("01", setting((f"{IF}/0/DependsOn", ["AbaloneMSECond"]))),
    "experiment of the pipeline in a step": (
        "02",
        setting(("/Steps/1/Arguments/ExperimentConfig", {"TrialName": get("PipelineExperimentConfig.TrialName")})),
    ),
    "map with a key named Get": (
        "03",
        setting((f"{IF}/1/Arguments/payload", {"Get": "/orders", "Post": "/orders", "Std": 1})),
    ),
    "data in the folder of an earlier job": (
        "02",
        setting((TRAIN_URI, "s3://<BUCKET_2>/v3-pipeline-example-xgboost-train/old-job/output/model.tar.gz")),
    ),
    "folder above what is written": (
        "03",
        setting((f"{IF}/1/Arguments/folder", "s3://<BUCKET_2>/lambda-step-pipeline")),
    ),
    "place whose name begins like a written one": (
        "03",
        setting((f"{IF}/1/Arguments/report", "s3://<BUCKET_2>/lambda-step-pipeline/evaluation_report_2/x")),
    ),
    "reader of what the last execution left": (
        "02",
        setting(
            (
                "/Steps/-",
                {
                    "Name": "Compare",
                    "Type": "Lambda",
                    "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:compare",
                    "Arguments": {"earlier": f"{FIXED}/train.csv"},
                },
            ),
            ("/Steps/0/DependsOn", ["Compare"]),
        ),
    ),
    "whole bucket as a place": (
        "03",
        setting(("/Steps/2/Arguments/ProcessingOutputConfig/Outputs/0/S3Output/S3Uri", "s3://<BUCKET_2>")),
    ),
    "one folder for two training jobs": (
        "06",
        setting(
            ("/Steps/1/Arguments/OutputDataConfig/S3OutputPath", "s3://b/m"),
            ("/Steps/3/Arguments/OutputDataConfig/S3OutputPath", "s3://b/m"),
        ),
    ),
    "one place in two branches": (
        "03",
        setting(
            (f"{IF}/-", transform("ScoreNew", "s3://b/scores")), (f"{ELSE}/-", transform("ScoreOld", "s3://b/scores"))
        ),
    ),
    "integer against float": ("01", setting(("/Steps/3/Arguments/Conditions/0/RightValue", 6))),
    "one step for two outcomes": (
        "06",
        setting(
            ("/Steps/1/DependsOn", ["PreprocessAbaloneData", {"Step": "PreprocessAbaloneData", "Trigger": "Failed"}])
        ),
    ),
    "loop with a selector": ("02", training_in_a_loop),
    "nested conditions": (
        "01",
        setting(
            (
                "/Steps/3/Arguments/Conditions/-",
                {
                    "Type": "Or",
                    "Conditions": [
                        {
                            "Type": "Not",
                            "Condition": {
                                "Type": "In",
                                "QueryValue": get("Parameters.InputData"),
                                "Values": ["a", "b"],
                            },
                        },
                        {"Type": "Not", "Expression": {"Type": "Equals", "LeftValue": True, "RightValue": False}},
                    ],
                },
            )
        ),
    ),
    "Join in a Join": (
        "01",
        setting(
            (
                TRAIN_URI,
                {"Std:Join": {"On": "", "Values": [{"Std:Join": {"On": "/", "Values": ["s3:/", "b"]}}, "/", 1]}},
            )
        ),
    ),
    "model of a multi-model container": (
        "02",
        setting(
            (
                "/Steps/2/Arguments/PrimaryContainer",
                {
                    "Image": "<IMAGE:x>",
                    "Mode": "MultiModel",
                    "ModelDataUrl": get("Steps.TrainModelTestStep.OutputDataConfig.S3OutputPath"),
                },
            )
        ),
    ),
}


@pytest.mark.parametrize("name", LEGAL)
def test_legal_edit_makes_no_finding(name: str) -> None:
    file, edit = LEGAL[name]
    document = corpus_document(file)
    before = structure(document)
    edit(document)
    # A finding that goes away is fine: the edit may have been what it asked for.
    assert structure(document) - before == set()


def structure(document: JsonValue) -> set[tuple[str, str]]:
    index = index_definition(as_definition(document))
    return {(found.rule, found.message) for check in STRUCTURE for found in check(index, CheckContext())}


def test_the_places_of_the_tables_are_those_of_aws() -> None:
    rows = [
        *((kind, read.path, read.beside) for kind, row in STEP_KINDS.items() for read in row.reads),
        *((kind, write.path, False) for kind, row in STEP_KINDS.items() for write in row.writes),
        *((kind, items.path, items.beside) for kind, row in STEP_KINDS.items() for items in row.lists),
        *((kind, path, False) for kind, row in STEP_KINDS.items() for path in (*row.containers, *row.deletes)),
    ]
    assert [(kind, path) for kind, path, beside in rows if not beside and not any_shape(kind, path)] == []
    fields = [(kind, path) for kind, path, beside in rows if beside]
    assert [row for row in fields if isinstance(step_field_shape(*row), PathProblem)] == []


def any_shape(kind: str, path: tuple[str, ...]) -> bool:
    """Whether a path exists, whatever `each` stands for: an item, an entry, or one member of a structure."""
    ways: list[tuple[str | int, ...]] = [()]
    for part in path:
        if part != EACH:
            ways = [(*way, part) for way in ways]
            continue
        more: list[tuple[str | int, ...]] = []
        for way in ways:
            shape = request_shape(kind, way)
            assert not isinstance(shape, PathProblem)
            names: list[str | int] = [*shape.members] if shape.type == "structure" else [0, "key"]
            more.extend((*way, name) for name in names)
        ways = [way for way in more if not isinstance(request_shape(kind, way), PathProblem)]
    return any(not isinstance(request_shape(kind, way), PathProblem) for way in ways)
