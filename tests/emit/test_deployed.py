"""Deployed pipelines are listed and read; one that fails is a finding, an account that fails is an error."""

import json
import sys

import pytest
from botocore.exceptions import EndpointConnectionError

from smgen.diagnostics import Finding, Place
from smgen.distribution import MissingExtraError
from smgen.emit import ConnectionSettings, ServiceError, pipeline_names, read_deployed, sagemaker_client
from tests.emit.fake_client import FakeClient, error

RIGHT = json.dumps({"Version": "2020-12-01", "Steps": []})


def test_names_match_a_pattern_and_come_sorted() -> None:
    client = FakeClient(dict.fromkeys(["b-train", "a-train", "a-score", "A-train"], RIGHT), page=2)
    assert pipeline_names(client, "*") == ("A-train", "a-score", "a-train", "b-train")
    assert client.lists == [{"MaxResults": 100}, {"MaxResults": 100, "NextToken": "2"}]
    assert pipeline_names(client, "?-train") == ("A-train", "a-train", "b-train")
    assert pipeline_names(client, "a-train") == ("a-train",)
    assert pipeline_names(client, "c*") == ()


@pytest.mark.parametrize(
    ("pattern", "prefix"),
    [
        ("Fraud*", "Fraud"),
        ("Fraud-*", "Fraud"),
        ("Fraud-a[bc]", "Fraud-a"),
        ("Fraud", "Fraud"),
        ("*", None),
        ("-x*", None),
    ],
)
def test_the_service_is_asked_for_the_beginning_of_the_pattern(pattern: str, prefix: str | None) -> None:
    client = FakeClient({})
    pipeline_names(client, pattern)
    assert client.lists[0].get("PipelineNamePrefix") == prefix


def test_a_listing_that_repeats_its_token_ends() -> None:
    class Endless(FakeClient):
        def list_pipelines(self, **request: str | int) -> dict[str, object]:
            self.lists.append(request)
            return {"PipelineSummaries": [{"PipelineName": "a"}], "NextToken": "t"}

    client = Endless({})
    with pytest.raises(ServiceError, match="ListPipelines: the answer is none of AWS: it names no further page"):
        pipeline_names(client, "*")
    assert len(client.lists) == 2


@pytest.mark.parametrize("token", [3, {}, ["t"], True])
def test_a_token_is_a_text(token: object) -> None:
    class Other(FakeClient):
        def list_pipelines(self, **request: str | int) -> dict[str, object]:
            self.lists.append(request)
            return {"PipelineSummaries": [], "NextToken": token}

    with pytest.raises(ServiceError, match="ListPipelines: the answer is none of AWS: its NextToken is no text"):
        pipeline_names(Other({}), "*")


@pytest.mark.parametrize("summary", [{}, 3, None, {"PipelineName": None}, {"PipelineName": ["a"]}])
def test_a_listing_of_what_is_no_pipeline_is_none(summary: object) -> None:
    class Other(FakeClient):
        def list_pipelines(self, **request: str | int) -> dict[str, object]:
            self.lists.append(request)
            return {"PipelineSummaries": [{"PipelineName": "a"}, summary]}

    with pytest.raises(ServiceError, match="ListPipelines: the answer is none of AWS: a pipeline has no name"):
        pipeline_names(Other({}), "*")


def test_definitions_are_read_in_order_and_not_too_many_at_once() -> None:
    names = [f"p{number}" for number in range(40)]
    client = FakeClient(dict.fromkeys(names, RIGHT), pause=0.01)
    told: list[tuple[int, int]] = []
    found = read_deployed(client, names, workers=4, progress=lambda done, total: told.append((done, total)))
    assert [item.name for item in found] == names
    assert all(item.definition is not None and item.findings == () for item in found)
    assert sorted(client.described) == sorted(names)
    assert 1 < client.most_at_once <= 4
    assert told == [(number, 40) for number in range(1, 41)]
    assert found[0].definition is not None
    assert found[0].definition.file == "sagemaker:p0"


def test_one_pipeline_that_fails_is_one_finding() -> None:
    client = FakeClient(
        {
            "right": RIGHT,
            "forbidden": error("AccessDeniedException", "no rights"),
            "gone": error("ResourceNotFound"),
            "empty": {"PipelineName": "empty"},
            "text": "pipeline:\n  - yaml",
            "list": "[]",
            "lost": EndpointConnectionError(endpoint_url="https://x"),
        }
    )
    found = {item.name: item.findings for item in read_deployed(client, list(client.answers))}
    assert found.pop("right") == ()
    assert found == {
        "forbidden": (
            Finding(
                "SMG292",
                "the deployed pipeline forbidden cannot be read",
                Place(file="sagemaker:forbidden"),
                given="DescribePipeline: AccessDeniedException: no rights",
                fix="allow sagemaker:DescribePipeline in a policy",
            ),
        ),
        "gone": (
            Finding(
                "SMG292",
                "the deployed pipeline gone cannot be read",
                Place(file="sagemaker:gone"),
                given="DescribePipeline: ResourceNotFound",
                fix="try again later",
            ),
        ),
        "empty": (
            Finding(
                "SMG292",
                "the deployed pipeline empty cannot be read",
                Place(file="sagemaker:empty"),
                given="DescribePipeline: the answer is none of AWS: it has no PipelineDefinition",
                fix="try again later",
            ),
        ),
        "text": (
            Finding(
                "SMG300",
                "the definition of the deployed pipeline is no JSON",
                Place(file="sagemaker:text", line=1, column=1, pointer=""),
                given="this word is no JSON value: pipeline",
                expected="a SageMaker pipeline definition",
                fix="deploy the pipeline again from its source",
            ),
        ),
        "list": found["list"],
        "lost": (
            Finding(
                "SMG292",
                "the deployed pipeline lost cannot be read",
                Place(file="sagemaker:lost"),
                given='DescribePipeline: Could not connect to the endpoint URL: "https://x"',
                fix="try again later",
            ),
        ),
    }
    assert [item.rule for item in found["list"]] == ["SMG300"]


def test_an_account_of_which_nothing_can_be_read_is_an_error() -> None:
    client = FakeClient(dict.fromkeys(["a", "b"], error("AccessDeniedException", "no rights")))
    with pytest.raises(ServiceError, match=r"^DescribePipeline: AccessDeniedException: no rights$"):
        read_deployed(client, ["a", "b"])
    with pytest.raises(ServiceError, match="no rights"):
        read_deployed(client, ["a"])
    assert read_deployed(client, []) == ()


def test_pipelines_that_are_not_there_are_findings_also_where_there_is_no_other() -> None:
    client = FakeClient(dict.fromkeys(["a", "b"], error("ValidationException", "Pipeline 'a' does not exist.")))
    assert [[item.rule for item in found.findings] for found in read_deployed(client, ["a", "b"])] == [["SMG292"]] * 2


def test_a_listing_that_fails_is_an_error() -> None:
    class Closed(FakeClient):
        def list_pipelines(self, **request: str | int) -> dict[str, object]:
            raise error("AccessDeniedException", f"you may not {request}", "ListPipelines")

    with pytest.raises(ServiceError) as caught:
        pipeline_names(Closed({}), "*")
    assert (caught.value.call, caught.value.reason) == (
        "ListPipelines",
        "AccessDeniedException: you may not {'MaxResults': 100}",
    )


def test_a_throttled_call_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("smgen.emit.service.time.sleep", waits.append)
    slow = error("ThrottlingException", "Rate exceeded")
    client = FakeClient({"a": [slow, slow, RIGHT], "b": slow})
    first, second = read_deployed(client, ["a", "b"])
    assert first.findings == ()
    assert second.findings[0].given == "DescribePipeline: ThrottlingException: Rate exceeded"
    assert (client.described.count("a"), client.described.count("b")) == (3, 4)
    assert sorted(waits) == [2.0, 2.0, 4.0, 4.0, 8.0]


def test_without_boto3_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    message = r"^boto3 is not installed; install it with: pip install 'sagemaker-smgen\[aws\]'$"
    with pytest.raises(MissingExtraError, match=message):
        sagemaker_client(ConnectionSettings())


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (ConnectionSettings(), "connecting to SageMaker: You must specify a region."),
        (ConnectionSettings(profile="x"), "connecting to SageMaker: The config profile (x) could not be found"),
        (
            ConnectionSettings(region="eu-west-1", endpoint_url="nowhere"),
            "connecting to SageMaker: Invalid endpoint: nowhere",
        ),
    ],
)
def test_a_connection_that_cannot_be_made(settings: ConnectionSettings, message: str) -> None:
    with pytest.raises(ServiceError) as caught:
        sagemaker_client(settings)
    assert str(caught.value) == message
