"""Which calls deploying makes, with what in them, and what a refusal says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from botocore.exceptions import ClientError

from smgen.definition import parse_definition
from smgen.documents import JsonObject
from smgen.emit import DeploymentSettings, ServiceError, UploadSettings, deploy, deployed_state, start
from tests.emit.fake_s3 import FakeS3

DOCUMENT: JsonObject = {"Version": "2020-12-01", "Parameters": [], "Steps": []}
DEFINITION = parse_definition(DOCUMENT)
ROLE = "arn:aws:iam::111122223333:role/x"
ARN = "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/Fraud"


@dataclass
class FakeSageMaker:
    """One pipeline or none; ``calls`` are those that write, ``refused`` names the call that is forbidden."""

    described: dict[str, object] | None = None
    tags: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    refused: str = ""
    calls: list[tuple[str, dict[str, object]]] = field(default_factory=list[tuple[str, dict[str, object]]])

    def _refuse(self, call: str) -> None:
        if call == self.refused:
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no rights"}}, call)

    def _written(self, call: str, request: dict[str, object]) -> Mapping[str, object]:
        self._refuse(call)
        self.calls.append((call, request))
        return {"PipelineArn": ARN, "PipelineExecutionArn": f"{ARN}/execution/1", "Tags": []}

    def list_pipelines(self, **request: str | int) -> Mapping[str, object]:
        raise AssertionError(f"nobody needs the list: {request}")

    def describe_pipeline(self, **request: str) -> Mapping[str, object]:
        self._refuse("DescribePipeline")
        if self.described is None or request != {"PipelineName": "Fraud"}:
            raise ClientError({"Error": {"Code": "ResourceNotFound", "Message": ""}}, "DescribePipeline")
        return self.described

    def create_pipeline(self, **request: object) -> Mapping[str, object]:
        return self._written("CreatePipeline", request)

    def update_pipeline(self, **request: object) -> Mapping[str, object]:
        return self._written("UpdatePipeline", request)

    def list_tags(self, **request: str) -> Mapping[str, object]:
        self._refuse("ListTags")
        return {"Tags": self.tags[1:]} if "NextToken" in request else {"Tags": self.tags[:1], "NextToken": "t"}

    def add_tags(self, **request: object) -> Mapping[str, object]:
        return self._written("AddTags", request)

    def start_pipeline_execution(self, **request: object) -> Mapping[str, object]:
        return self._written("StartPipelineExecution", request)


def as_deployed(**changes: object) -> dict[str, object]:
    return {"PipelineArn": ARN, "PipelineDefinition": json.dumps(DOCUMENT), "RoleArn": ROLE, **changes}


def test_a_new_pipeline_is_made_with_all_that_it_has() -> None:
    client = FakeSageMaker()
    settings = DeploymentSettings(ROLE, {"team": "x"}, "Finds fraud.", 7)
    done = deploy(client, FakeS3(), "Fraud", DEFINITION, settings)
    assert (done.action, done.arn, done.changed) == ("created", ARN, ())
    assert client.calls == [
        (
            "CreatePipeline",
            {
                "PipelineName": "Fraud",
                "PipelineDefinition": '{"Version":"2020-12-01","Parameters":[],"Steps":[]}',
                "RoleArn": ROLE,
                "PipelineDescription": "Finds fraud.",
                "ParallelismConfiguration": {"MaxParallelExecutionSteps": 7},
                "Tags": [{"Key": "team", "Value": "x"}],
            },
        )
    ]


def test_what_is_as_it_should_be_is_left_alone() -> None:
    reordered = json.dumps({"Steps": [], "Parameters": [], "Version": "2020-12-01"}, indent=2)
    client = FakeSageMaker(as_deployed(PipelineDefinition=reordered, PipelineDescription="theirs"))
    client.tags = [{"Key": "cost", "Value": "1"}, {"Key": "team", "Value": "x"}]
    done = deploy(client, FakeS3(), "Fraud", DEFINITION, DeploymentSettings(ROLE, {"team": "x"}))
    assert (done.action, done.changed, client.calls) == ("unchanged", (), [])


def test_only_what_differs_is_changed() -> None:
    client = FakeSageMaker(as_deployed(RoleArn="other"))
    done = deploy(client, FakeS3(), "Fraud", DEFINITION, DeploymentSettings(ROLE))
    assert (done.action, done.changed) == ("updated", ("role",))
    assert client.calls == [("UpdatePipeline", {"PipelineName": "Fraud", "RoleArn": ROLE})]


def test_tags_alone_need_no_update() -> None:
    client = FakeSageMaker(as_deployed(), [{"Key": "team", "Value": "y"}])
    done = deploy(client, FakeS3(), "Fraud", DEFINITION, DeploymentSettings(ROLE, {"team": "x", "new": "1"}))
    assert (done.action, done.changed) == ("updated", ("tag team", "tag new"))
    tags = [{"Key": "team", "Value": "x"}, {"Key": "new", "Value": "1"}]
    assert client.calls == [("AddTags", {"ResourceArn": ARN, "Tags": tags})]


def test_a_large_definition_is_uploaded_under_its_hash() -> None:
    steps: list[JsonObject] = [
        {"Name": f"F{number}", "Type": "Fail", "Arguments": {"ErrorMessage": "x" * 1000}} for number in range(110)
    ]
    definition = parse_definition({**DOCUMENT, "Steps": [*steps]})
    client, s3 = FakeSageMaker(), FakeS3()
    settings = DeploymentSettings(ROLE, definitions="s3://b/code/definitions", upload=UploadSettings("key", "1"))
    deploy(client, s3, "Fraud", definition, settings)
    ((_, request),) = client.calls
    (put,) = s3.puts
    assert request["PipelineDefinitionS3Location"] == {"Bucket": put["Bucket"], "ObjectKey": put["Key"]}
    assert "PipelineDefinition" not in request
    assert (put["SSEKMSKeyId"], put["ExpectedBucketOwner"]) == ("key", "1")
    # Without a place for it the definition is sent as it is.
    client = FakeSageMaker()
    deploy(client, s3, "Fraud", definition, DeploymentSettings(ROLE))
    assert "PipelineDefinition" in client.calls[0][1]


@pytest.mark.parametrize("call", ["DescribePipeline", "ListTags", "CreatePipeline", "UpdatePipeline", "AddTags"])
def test_a_refusal_names_the_call(call: str) -> None:
    there = None if call == "CreatePipeline" else as_deployed(RoleArn="other" if call == "UpdatePipeline" else ROLE)
    client = FakeSageMaker(there, refused=call)
    with pytest.raises(ServiceError, match=rf"^{call}: AccessDeniedException: no rights$"):
        deploy(client, FakeS3(), "Fraud", DEFINITION, DeploymentSettings(ROLE, {"team": "x"}))
    assert client.calls == []


def test_no_pipeline_is_told_from_no_permission() -> None:
    assert deployed_state(FakeSageMaker(), "Fraud") is None
    with pytest.raises(ServiceError):
        deployed_state(FakeSageMaker(refused="DescribePipeline"), "Fraud")


def test_a_start_sends_its_parameters() -> None:
    client = FakeSageMaker()
    assert start(client, "Fraud", {"Limit": "5"}) == f"{ARN}/execution/1"
    assert start(client, "Fraud", {}) == f"{ARN}/execution/1"
    assert client.calls == [
        (
            "StartPipelineExecution",
            {"PipelineName": "Fraud", "PipelineParameters": [{"Name": "Limit", "Value": "5"}]},
        ),
        ("StartPipelineExecution", {"PipelineName": "Fraud"}),
    ]
