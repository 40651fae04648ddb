"""Steps of contracts are those that sagemaker 3.27 makes of the same, apart from what is listed.

``tests/parity/sdk_steps.py`` wrote the SDK's documents, in an environment of its own. The pipeline is that of
``kind_pipelines.py``; the serialized function is one that the SDK recorded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from smgen.aws import STEP_KINDS
from smgen.documents import JsonObject, JsonValue, append_pointer
from smgen.runtime import Environment, Execution, External, FluentPipelineBuilder, join
from smgen_steps import remote_function
from tests.library.test_kinds import documents

DATA = Path(__file__).parents[1] / "data"
PARITY = DATA / "parity" / "kinds"
NAMES = sorted(path.stem for path in PARITY.glob("*.json") if path.stem != "_sdk")

#: What differs, by the end of the pointer, and why.
DIFFERENCES: dict[str, dict[str, str]] = {
    **{
        name: {
            "/S3Input/S3DataDistributionType": "the SDK's request builder for checks drops the member, even where one "
            "was chosen (s3_data_distribution_type of Clarify's DataConfig); what is written here is AWS's default",
            "/S3Input/S3CompressionType": "dropped in the same place; what is written here is AWS's default",
        }
        for name in ("DataQuality", "ModelQuality", "DataBias", "ModelBias", "Explain")
    },
    **{
        name: {"/Arguments/Tags": "the SDK writes an empty list where there are no tags"}
        for name in ("Endpoint", "SharedEndpoint")
    },
    "Notebook": {
        "/S3DataSource/S3Uri": "the SDK uploads the notebook to a folder with a time in its name, so no two builds are "
        "equal and no step is found in the cache",
        "/Arguments/TrainingJobName": "the SDK drops the names of all jobs but forgets that of a notebook's",
        "/Arguments/Tags": "tags that only SageMaker Studio reads, to list notebook jobs",
    },
}
#: Stands for a member that one side has not got.
ABSENT = "<absent>"


def differences(ours: JsonValue, theirs: JsonValue, at: str = "") -> Iterator[str]:
    """The pointers at which two JSON values differ; 1 and 1.0 are one number."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted({*ours, *theirs}):
            yield from differences(ours.get(key, ABSENT), theirs.get(key, ABSENT), append_pointer(at, key))
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, (left, right) in enumerate(zip(ours, theirs, strict=True)):
            yield from differences(left, right, append_pointer(at, index))
    elif ours != theirs or isinstance(ours, bool) is not isinstance(theirs, bool):
        yield at


def read(name: str) -> JsonObject:
    value: JsonValue = json.loads((PARITY / f"{name}.json").read_text(encoding="utf-8"))
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize("name", NAMES)
def test_a_step_is_that_of_the_sdk(name: str) -> None:
    explained = DIFFERENCES.get(name, {})
    found = list(differences(documents()[name], read(name)))
    assert [at for at in found if not at.endswith(tuple(explained))] == []
    # A listed difference that is none any more is taken out of the list.
    assert [end for end in explained if not any(at.endswith(end) for at in found)] == []


def test_what_does_not_work_in_the_sdk() -> None:
    assert read("_sdk") == {
        "sagemaker": "3.27.0",
        "defects": {
            # The class cannot be constructed at all.
            "AutoML": "AttributeError: type object 'Session' has no attribute 'auto_ml'",
            # It names the shape of a service that it never loads.
            "EMRServerless": "members of its properties: 0",
        },
    }


def test_the_kinds_that_are_compared() -> None:
    compared = {str(read(name)["Type"]) for name in NAMES}
    assert set(STEP_KINDS) - compared == {
        "AutoML",  # a defect of the SDK, see above
        # Compared as recorded pipelines, with their references: tests/examples and the corpus.
        "Processing",
        "Transform",
        "Tuning",
        "Model",
        "RegisterModel",
        "Condition",
        "Fail",
        # Written in the pipeline.
        "ForEach",
        "Cleanup",
    }


ENVIRONMENT = Environment(
    "dev",
    region="us-east-1",
    role="<ROLE_ARN>",
    bucket="<BUCKET_2>",
    images={"remote-function": "<IMAGE:custom-image:1>"},
)


def test_a_serialized_function_is_the_recorded_one() -> None:
    text = (DATA / "corpus" / "06-v3-step-decorator-gate.json").read_text(encoding="utf-8")
    recorded: JsonObject = next(
        step for step in json.loads(text)["definition"]["Steps"] if step["Name"] == "PreprocessAbaloneData"
    )
    arguments = recorded["Arguments"]
    assert isinstance(arguments, dict)
    environment = arguments["Environment"]
    assert isinstance(environment, dict)

    p = FluentPipelineBuilder("AbalonePipeline", ENVIRONMENT)
    instance_type = p.string("InstanceType")
    url = p.string("InputDataUrl")
    run = Execution.PIPELINE_EXECUTION_ID
    base = ENVIRONMENT.uri("AbalonePipeline")
    builder = remote_function.StepBuilder(
        remote_function.Config(
            function_folder="<TIMESTAMP>",
            python_version="3.11",
            sdk_version="3.27.0",
            references=[
                *("Execution.PipelineExecutionId", run),
                *("Parameters.InputDataUrl", url),
                *("Execution.PipelineExecutionId", run),
            ],
            instance_type=instance_type,
            keep_alive_s=900,
            network_isolation=False,
            encrypt_traffic=False,
            spot_training=False,
            container_environment={"REMOTE_FUNCTION_SECRET_KEY": str(environment["REMOTE_FUNCTION_SECRET_KEY"])},
        ),
        code=External(base),
    ).with_output_locations(results=join("/", base, "PreprocessAbaloneData", "<TIMESTAMP>", run, "results"))
    p.add_step(
        "PreprocessAbaloneData",
        builder,
        display_name=str(recorded["DisplayName"]),
        description=str(recorded["Description"]),
    )
    steps = p.build().definition.document["Steps"]
    assert isinstance(steps, list)
    assert list(differences(steps, [recorded])) == []
