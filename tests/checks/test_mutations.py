"""Every structural rule finds one edit of a recorded definition, at the expected places, and says nothing else."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from smgen.checks import check_definition
from smgen.diagnostics import RULES
from smgen.documents import JsonValue
from tests.checks.definitions import as_definition, corpus_document, put, remove, value_at

Edit = Callable[[JsonValue], None]

TRAIN_URI = "/Steps/1/Arguments/InputDataConfig/0/DataSource/S3DataSource/S3Uri"
MODEL_URI = "/Steps/3/Arguments/IfSteps/1/Arguments/PrimaryContainer/ModelDataUrl"
OUTPUTS = "/Steps/0/Arguments/ProcessingOutputConfig/Outputs"
CONDITION = "/Steps/3/Arguments/Conditions/0"
IF = "/Steps/3/Arguments/IfSteps"
LOOP_OUTPUT = "Steps.Loop.IterationOutputs[0].Work.ProcessingOutputConfig.Outputs['out'].S3Output.S3Uri"


def setting(*edits: tuple[str, JsonValue]) -> Edit:
    def edit(document: JsonValue) -> None:
        for pointer, value in edits:
            put(document, pointer, value)

    return edit


def removing(pointer: str) -> Edit:
    return lambda document: remove(document, pointer)


def get(path: str) -> JsonValue:
    return {"Get": path}


def moved(source: str, target: str) -> Edit:
    def edit(document: JsonValue) -> None:
        value = value_at(document, source)
        remove(document, source)
        put(document, target, value)

    return edit


def in_loop(*, item: str) -> Edit:
    """Put the first step of a pipeline into a loop, reading the item that way."""

    def edit(document: JsonValue) -> None:
        step = value_at(document, "/Steps/0")
        put(step, "/Arguments/ProcessingInputs/0/S3Input/S3Uri", get(item))
        loop: JsonValue = {
            "Name": "Loop",
            "Type": "ForEach",
            "Arguments": {"IterableItems": ["a", "b"], "MaxConcurrency": 1, "ForEachBody": [step]},
        }
        put(document, "/Steps/0", loop)

    return edit


@dataclass(frozen=True)
class Mutation:
    rule: str
    file: str
    edit: Edit
    pointers: tuple[str, ...]


MUTATIONS = {
    "parameter misspelt": Mutation(
        "SMG301",
        "01",
        setting((f"{IF}/2/Arguments/TransformInput/DataSource/S3DataSource/S3Uri", get("Parameters.BatchDat"))),
        (f"{IF}/2/Arguments/TransformInput/DataSource/S3DataSource/S3Uri/Get",),
    ),
    "parameter removed": Mutation(
        "SMG301",
        "05",
        removing("/Parameters/8"),
        ("/Steps/2/Arguments/OutputDataConfig/S3OutputPath/Get",),
    ),
    "parameter written out": Mutation(
        "SMG302",
        "04",
        setting((f"{IF[:7]}5{IF[8:]}/0/Arguments/ModelApprovalStatus", "Approved")),
        ("/Parameters/3/Name",),
    ),
    "step misspelt": Mutation(
        "SMG303",
        "02",
        setting(("/Steps/2/Arguments/PrimaryContainer/ModelDataUrl", get("Steps.TrainModel.X"))),
        ("/Steps/2/Arguments/PrimaryContainer/ModelDataUrl/Get",),
    ),
    "python name of a model step": Mutation(
        "SMG303",
        "07",
        setting(("/Steps/3/Arguments/ModelName", get("Steps.TaxiModel.ModelName"))),
        ("/Steps/3/Arguments/ModelName/Get",),
    ),
    "dependency misspelt": Mutation(
        "SMG303", "06", setting(("/Steps/1/DependsOn/0", "Preprocess")), ("/Steps/1/DependsOn/0",)
    ),
    "dependency as an object misspelt": Mutation(
        "SMG303", "06", setting(("/Steps/1/DependsOn/0", {"Step": "Preprocess"})), ("/Steps/1/DependsOn/0/Step",)
    ),
    "property misspelt": Mutation(
        "SMG304",
        "01",
        setting((MODEL_URI, get("Steps.AbaloneTrain.ModelArtifact.S3ModelArtifacts"))),
        (f"{MODEL_URI}/Get",),
    ),
    "list read with a dot": Mutation(
        "SMG304",
        "01",
        setting((TRAIN_URI, get("Steps.AbaloneProcess.ProcessingOutputConfig.Outputs.train.S3Output.S3Uri"))),
        (f"{TRAIN_URI}/Get",),
    ),
    "property of a step that has none": Mutation(
        "SMG304",
        "01",
        setting(("/Steps/3/Arguments/ElseSteps/0/Arguments/ErrorMessage", get("Steps.AbaloneMSEFail.ErrorMessage"))),
        ("/Steps/3/Arguments/ElseSteps/0/Arguments/ErrorMessage/Get",),
    ),
    "prefix of the SDK": Mutation(
        "SMG304",
        "08",
        setting(("/Steps/2/Arguments/ModelName", get("Steps.Mammo-CreateModel-CreateModel.properties.ModelName"))),
        ("/Steps/2/Arguments/ModelName/Get",),
    ),
    "structure": Mutation(
        "SMG305", "01", setting((MODEL_URI, get("Steps.AbaloneTrain.ModelArtifacts"))), (f"{MODEL_URI}/Get",)
    ),
    "whole step": Mutation("SMG305", "01", setting((MODEL_URI, get("Steps.AbaloneTrain"))), (f"{MODEL_URI}/Get",)),
    "output folder for the model": Mutation(
        "SMG320",
        "01",
        setting((MODEL_URI, get("Steps.AbaloneTrain.OutputDataConfig.S3OutputPath"))),
        (f"{MODEL_URI}/Get",),
    ),
    "output renamed": Mutation(
        "SMG306",
        "01",
        setting((f"{OUTPUTS}/1/OutputName", "valid")),
        ("/Steps/1/Arguments/InputDataConfig/1/DataSource/S3DataSource/S3Uri/Get",),
    ),
    "output by a position that is not there": Mutation(
        "SMG306",
        "01",
        setting((TRAIN_URI, get("Steps.AbaloneProcess.ProcessingOutputConfig.Outputs[3].S3Output.S3Uri"))),
        (f"{TRAIN_URI}/Get",),
    ),
    "output of a function renamed": Mutation(
        "SMG306",
        "08",
        setting(("/Steps/0/OutputParameters/1/OutputName", "image")),
        ("/Steps/1/Arguments/PrimaryContainer/Image/Get",),
    ),
    "property file in another output": Mutation(
        "SMG306",
        "03",
        setting(("/Steps/2/PropertyFiles/0/OutputName", "evaluations")),
        ("/Steps/2/PropertyFiles/0/OutputName",),
    ),
    "property file renamed": Mutation(
        "SMG307",
        "01",
        setting(("/Steps/2/PropertyFiles/0/PropertyFileName", "Evaluation")),
        (f"{CONDITION}/LeftValue/Std:JsonGet/PropertyFile/Get",),
    ),
    "step of a branch read from outside": Mutation(
        "SMG308", "01", moved(f"{IF}/2", "/Steps/-"), ("/Steps/4/Arguments/ModelName/Get",)
    ),
    "dependency into another branch": Mutation(
        "SMG308",
        "01",
        setting(("/Steps/3/Arguments/ElseSteps/0/DependsOn", ["AbaloneTransform"])),
        ("/Steps/3/Arguments/ElseSteps/0/DependsOn/0",),
    ),
    "step of a loop read from outside": Mutation(
        "SMG308",
        "02",
        in_loop(item="ForEach.CurrentItem"),
        (f"{TRAIN_URI}/Get", TRAIN_URI.replace("Config/0", "Config/1") + "/Get"),
    ),
    "item outside of a loop": Mutation(
        "SMG309", "01", setting((TRAIN_URI, get("ForEach.CurrentItem"))), (f"{TRAIN_URI}/Get",)
    ),
    "iteration output outside of a selector": Mutation(
        "SMG309", "01", setting((TRAIN_URI, get("IterationOutput.AbaloneEval.ProcessingJobArn"))), (f"{TRAIN_URI}/Get",)
    ),
    "cycle through DependsOn": Mutation(
        "SMG310", "01", setting(("/Steps/0/DependsOn", ["AbaloneEval"])), ("/Steps/0/DependsOn/0",)
    ),
    "cycle through a branch": Mutation(
        "SMG310", "03", setting(("/Steps/2/DependsOn", ["LambdaStep"])), ("/Steps/2/DependsOn/0",)
    ),
    "condition about its own branch": Mutation(
        "SMG310",
        "03",
        setting((f"{CONDITION}/RightValue", get("Steps.LambdaStep.OutputParameters['body']"))),
        (f"{CONDITION}/RightValue/Get",),
    ),
    "reference replaced by the location": Mutation(
        "SMG311",
        "02",
        setting(
            (TRAIN_URI, "s3://<BUCKET_2>/pipeline-v3/train/"),
            (TRAIN_URI.replace("Config/0", "Config/1"), "s3://<BUCKET_2>/x"),
        ),
        (TRAIN_URI,),
    ),
    "the same Join in another step": Mutation(
        "SMG311",
        "03",
        setting(
            (
                "/Steps/2/Arguments/ProcessingInputs/1/S3Input/S3Uri",
                {
                    "Std:Join": {
                        "On": "",
                        "Values": [
                            "s3://<BUCKET_2>/lambda-step-pipeline11-23-14-14-53/",
                            get("Execution.PipelineExecutionId"),
                            "/PreprocessAbaloneData/output/test/test.csv",
                        ],
                    }
                },
            ),
        ),
        ("/Steps/2/Arguments/ProcessingInputs/1/S3Input/S3Uri",),
    ),
    "one location for two outputs": Mutation(
        "SMG312",
        "02",
        setting((f"{OUTPUTS}/2/S3Output/S3Uri", "s3://<BUCKET_2>/pipeline-v3/train/")),
        (f"{OUTPUTS}/2/S3Output/S3Uri",),
    ),
    "limit as a text": Mutation(
        "SMG313",
        "01",
        setting((f"{CONDITION}/LeftValue", 5), (f"{CONDITION}/RightValue", "6.0")),
        (f"{CONDITION}/RightValue",),
    ),
    "text of a function against a number": Mutation(
        "SMG313",
        "08",
        setting(
            (
                "/Steps/-",
                {
                    "Name": "Gate",
                    "Type": "Condition",
                    "Arguments": {
                        "Conditions": [
                            {
                                "Type": "Equals",
                                "LeftValue": get("Steps.LambdaStep.OutputParameters['image_uri']"),
                                "RightValue": 1,
                            }
                        ],
                        "IfSteps": [{"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": "no image"}}],
                        "ElseSteps": [],
                    },
                },
            )
        ),
        ("/Steps/4/Arguments/Conditions/0/RightValue",),
    ),
    "step name twice": Mutation(
        "SMG314",
        "01",
        setting(("/Steps/3/Arguments/ElseSteps/0/Name", "AbaloneEval")),
        ("/Steps/3/Arguments/ElseSteps/0/Name",),
    ),
    "channel twice": Mutation(
        "SMG314",
        "04",
        setting(("/Steps/1/Arguments/TrainingJobDefinition/InputDataConfig/1/ChannelName", "train")),
        ("/Steps/1/Arguments/TrainingJobDefinition/InputDataConfig/1/ChannelName",),
    ),
    "parameter twice": Mutation(
        "SMG314", "06", setting(("/Parameters/-", {"Name": "InputDataUrl", "Type": "String"})), ("/Parameters/2/Name",)
    ),
    "dependency twice": Mutation(
        "SMG314", "06", setting(("/Steps/1/DependsOn/-", "PreprocessAbaloneData")), ("/Steps/1/DependsOn/1",)
    ),
    "Join without On": Mutation(
        "SMG315", "01", removing(f"{OUTPUTS}/0/S3Output/S3Uri/Std:Join/On"), (f"{OUTPUTS}/0/S3Output/S3Uri/Std:Join",)
    ),
    "quote in a key": Mutation(
        "SMG315",
        "01",
        setting((TRAIN_URI, get("Steps.AbaloneProcess.ProcessingOutputConfig.Outputs['tr'ain'].S3Output.S3Uri"))),
        (f"{TRAIN_URI}/Get",),
    ),
    "index from the end": Mutation(
        "SMG315",
        "01",
        setting((TRAIN_URI, get("Steps.AbaloneProcess.ProcessingOutputConfig.Outputs[-1].S3Output.S3Uri"))),
        (f"{TRAIN_URI}/Get",),
    ),
    "unknown root": Mutation(
        "SMG315",
        "02",
        setting(("/Steps/1/Arguments/ResourceConfig/InstanceType", get("Params.TrainingInstanceType"))),
        ("/Steps/1/Arguments/ResourceConfig/InstanceType/Get",),
    ),
    "condition of an unknown type": Mutation(
        "SMG315", "01", setting((f"{CONDITION}/Type", "LessThan=")), (f"{CONDITION}/Type",)
    ),
    "property file as a value": Mutation(
        "SMG315",
        "01",
        setting(
            (
                f"{IF}/0/Arguments/ModelMetrics/ModelQuality/Statistics/S3Uri",
                get("Steps.AbaloneEval.PropertyFiles.EvaluationReport"),
            )
        ),
        (f"{IF}/0/Arguments/ModelMetrics/ModelQuality/Statistics/S3Uri",),
    ),
    "text of a reference": Mutation(
        "SMG315", "02", setting((TRAIN_URI, "s3://<BUCKET_2>/{'Get': 'Parameters.InputDataUrl'}")), (TRAIN_URI,)
    ),
    "execution variable": Mutation(
        "SMG316",
        "01",
        setting((f"{OUTPUTS}/0/S3Output/S3Uri/Std:Join/Values/3", get("Execution.PipelineExecutionID"))),
        (f"{OUTPUTS}/0/S3Output/S3Uri/Std:Join/Values/3/Get",),
    ),
    "property file unread": Mutation(
        "SMG317",
        "01",
        setting((f"{CONDITION}/LeftValue", get("Steps.AbaloneTrain.FinalMetricDataList[0].Value"))),
        ("/Steps/2/PropertyFiles/0",),
    ),
    "branches emptied": Mutation("SMG318", "03", setting((IF, [])), ("/Steps/3",)),
    "conditions emptied": Mutation(
        "SMG318", "06", setting(("/Steps/2/Arguments/Conditions", [])), ("/Steps/2/Arguments/Conditions",)
    ),
    "unknown kind": Mutation("SMG319", "07", setting(("/Steps/0/Type", "Callbak")), ("/Steps/0/Type",)),
}

# What one edit makes wrong beside its rule, and rightly: rule and pointer.
ALSO: dict[str, set[tuple[str, str]]] = {
    "property of a step that has none": {("SMG310", "/Steps/3/Arguments/ElseSteps/0/Arguments/ErrorMessage/Get")},
    "the same Join in another step": {
        ("SMG419", "/Steps/2/Arguments/ProcessingInputs/1/S3Input/S3Uri/Std:Join/Values/1/Get")
    },
    # Every iteration writes to the places that the step had alone.
    "step of a loop read from outside": {
        ("SMG312", "/Steps/0/Arguments/ForEachBody/0/Arguments/ProcessingOutputConfig/Outputs/0/S3Output/S3Uri")
    },
    "limit as a text": {("SMG317", "/Steps/2/PropertyFiles/0")},
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_mutation_is_found(name: str) -> None:
    mutation = MUTATIONS[name]
    document = corpus_document(mutation.file)
    before = {(finding.rule, finding.place.pointer) for finding in check_definition(as_definition(document))}
    mutation.edit(document)
    found = {
        (finding.rule, finding.place.pointer or "")
        for finding in check_definition(as_definition(document))
        if (finding.rule, finding.place.pointer) not in before
    }
    assert found == {(mutation.rule, pointer) for pointer in mutation.pointers} | ALSO.get(name, set())


def test_every_structural_rule_has_a_mutation() -> None:
    rules = {rule for rule in RULES if "SMG301" <= rule <= "SMG320"}
    assert {mutation.rule for mutation in MUTATIONS.values()} == rules
