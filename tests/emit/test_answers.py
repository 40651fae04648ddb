"""Answers that are none: of another shape, of another server, and one that never ends."""

import threading
from collections.abc import Mapping
from functools import partial

import pytest
from botocore.parsers import ResponseParserError

from smgen.emit import ConnectionSettings, ServiceError, asked_account, sagemaker_client, service as service_module
from smgen.emit.service import called

HOLDS: dict[str, dict[str, object]] = {
    "ListPipelines": {"PipelineSummaries": []},
    "DescribePipeline": {"PipelineDefinition": "{}"},
    "CreatePipeline": {"PipelineArn": "arn"},
    "UpdatePipeline": {"PipelineArn": "arn"},
    "StartPipelineExecution": {"PipelineExecutionArn": "arn"},
    "ListTags": {"Tags": []},
    "AddTags": {"Tags": []},
    "GetCallerIdentity": {"Account": "1"},
    "HeadObject s3://b/k": {"ETag": "e"},
    "PutObject s3://b/k": {"ETag": "e"},
}


@pytest.mark.parametrize("name", HOLDS)
def test_an_answer_holds_what_answers_hold(name: str) -> None:
    right = HOLDS[name]
    assert called(lambda: right, name) == right
    (member,) = right
    wrong: list[dict[str, object]] = [{}, {member: None}, {member: 7}]
    for answer in wrong:
        with pytest.raises(ServiceError, match=f"the answer is none of AWS: it has no {member}") as caught:
            called(partial(dict[str, object], answer), name)
        assert not caught.value.says_missing
        assert caught.value.fix is not None


@pytest.mark.parametrize(
    "error",
    [
        TypeError("x"),
        ValueError("x"),
        AttributeError("x"),
        KeyError("x"),
        RecursionError("x"),
        RuntimeError('Unable to calculate correct timezone offset for "1e+308"'),
        OverflowError("int too large to convert to float"),
        IndexError("x"),
        ResponseParserError("x"),
    ],
)
def test_what_botocore_stumbles_over_is_no_answer(error: Exception) -> None:
    def call() -> Mapping[str, object]:
        raise error

    with pytest.raises(ServiceError, match="DescribePipeline: the answer is none of AWS"):
        called(call, "DescribePipeline")


@pytest.mark.parametrize("account", ["12", "x" * 5_000_000, "\x1b[31m12345678901", "1234567890123"])
def test_an_account_is_a_number_of_twelve_digits(account: str) -> None:
    class Sts:
        def get_caller_identity(self) -> dict[str, object]:
            return {"Account": account}

    client = sagemaker_client(ConnectionSettings(region="eu-west-1"))
    with pytest.raises(ServiceError, match="GetCallerIdentity: the answer is none of AWS") as caught:
        asked_account(Sts(), client, "Fraud")
    assert len(str(caught.value)) < 200


def test_an_answer_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_module, "_LONGEST_CALL", 0.05)
    ends = threading.Event()

    def call() -> Mapping[str, object]:
        ends.wait()
        return {}

    with pytest.raises(ServiceError, match="there was no whole answer after 0 s"):
        called(call, "ListPipelines")
    ends.set()


@pytest.mark.parametrize(("asked", "attempts"), [(None, 5), ("2", 2)])
def test_the_attempts_are_those_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, fake_aws: str, asked: str | None, attempts: int
) -> None:
    monkeypatch.delenv("AWS_MAX_ATTEMPTS")
    if asked is not None:
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", asked)
    # A client is of no class that a type checker could know.
    meta: object = getattr(sagemaker_client(ConnectionSettings(region=fake_aws)), "meta", None)
    config = getattr(meta, "config", None)
    assert getattr(config, "retries", None) == {"mode": "standard", "total_max_attempts": attempts}
