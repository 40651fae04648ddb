"""Answers of AWS: bytes that boto3's own clients parse, for every call that smgen makes."""

from __future__ import annotations

import functools
import itertools
import json
import os
import random
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Final, Protocol, cast
from unittest import mock

from botocore.awsrequest import AWSResponse, HTTPHeaders

from smgen.checks import check_definition
from smgen.definition import Definition, parse_definition
from smgen.documents import JsonObject
from smgen.emit import (
    ConnectionSettings,
    DeploymentSettings,
    ServiceError,
    Upload,
    UploadSettings,
    asked_account,
    deploy,
    deployed_state,
    pipeline_names,
    pipeline_tags,
    publish,
    read_deployed,
    s3_client,
    sagemaker_client,
    start,
    sts_client,
)
from tests.fuzz.json_mutations import ANY, MILD, Words, json_bytes, mutated_json, words_of
from tests.fuzz.payloads import PAYLOADS
from tests.fuzz.running import Input, Target, Trial
from tests.fuzz.text_mutations import mutated_bytes

_ARN: Final = "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/fraud"
_DEFINITION: Final[JsonObject] = {
    "Version": "2020-12-01",
    "Steps": [{"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": "x"}}],
}
_ANSWERS: Final[Mapping[str, JsonObject]] = {
    "ListPipelines": {
        "PipelineSummaries": [{"PipelineName": "Fraud", "PipelineArn": _ARN, "CreationTime": 1.5}],
        "NextToken": "again",
    },
    "DescribePipeline": {
        "PipelineName": "Fraud",
        "PipelineArn": _ARN,
        "RoleArn": "arn:aws:iam::111122223333:role/x",
        "PipelineDescription": "about",
        "PipelineDefinition": json.dumps(_DEFINITION),
        "ParallelismConfiguration": {"MaxParallelExecutionSteps": 3},
        "CreationTime": 1.5,
    },
    "ListTags": {"Tags": [{"Key": "a", "Value": "b"}], "NextToken": "more"},
    "UpdatePipeline": {"PipelineArn": _ARN},
    "StartPipelineExecution": {"PipelineExecutionArn": f"{_ARN}/execution/x"},
    "error": {"__type": "ValidationException", "message": "no", "Code": "Throttling"},
}
_XML: Final = (
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult>"
    "</GetCallerIdentityResponse>",
    "<Error><Code>AccessDenied</Code><Message>no</Message><RequestId>x</RequestId></Error>",
    "<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>old</Message></Error></ErrorResponse>",
    "",
)
_OTHERS: Final = (b"<html>Log in</html>", b"", b"null", b"[1, 2]", b'"text"', b"{}", b"\xff\xfe", b"<a>" * 500)
_STATUS: Final = (*([200] * 12), 204, 301, 302, 307, 400, 400, 403, 404, 404, 409, 500, 503)


@functools.cache
def words() -> Words:
    return words_of([*_ANSWERS.values()])


def made(rng: random.Random) -> Input:
    """The bodies of a conversation, each with its status and headers: a JSON list."""
    replies = [_reply(rng) for _ in range(rng.randrange(1, 4))]
    return Input(json.dumps([[status, headers, body.decode("latin-1")] for status, headers, body in replies]).encode())


def _reply(rng: random.Random) -> tuple[int, dict[str, str], bytes]:
    headers = {"x-amzn-RequestId": "1", "Content-Type": "application/x-amz-json-1.1", "ETag": '"e"'}
    if rng.random() < 0.2:
        headers[rng.choice(("Content-Length", "x-amz-bucket-region", "Location", "Retry-After"))] = rng.choice(
            ("0", "x", "us-east-1", "https://example.com/", "-1", "99999999")
        )
    roll = rng.random()
    if roll < 0.75:
        answer = rng.choice([*_ANSWERS.values()])
        if "PipelineDefinition" in answer:
            # A definition is a text in its answer, which is mutated by itself.
            definition = json_bytes(rng, mutated_json(rng, _DEFINITION, words(), (*MILD, *ANY)))
            answer = {**answer, "PipelineDefinition": definition.decode("utf-8", "replace")}
        document = mutated_json(rng, answer, words(), (*MILD, *ANY))
        body = json_bytes(rng, document)
    elif roll < 0.9:
        body = rng.choice(_XML).replace("no", rng.choice(PAYLOADS)).encode()
    else:
        body = rng.choice(_OTHERS)
    return rng.choice(_STATUS), headers, mutated_bytes(rng, body) if rng.random() < 0.08 else body


class Raw:
    """A body as urllib3 gives one."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, *_given: object, **_named: object) -> Generator[bytes]:
        yield self._body

    def read(self, *_given: object) -> bytes:
        body, self._body = self._body, b""
        return body


class _Request(Protocol):
    url: str


class _Events(Protocol):
    def register(self, event_name: str, handler: Callable[..., AWSResponse]) -> None: ...


class _Meta(Protocol):
    events: _Events


class _Client(Protocol):
    meta: _Meta


class Account:
    """The clients of an account whose answers are given before each trial; nothing leaves the process."""

    def __init__(self) -> None:
        settings = ConnectionSettings(region="eu-west-1", endpoint_url="http://127.0.0.1:9")
        keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_EC2_METADATA_DISABLED": "true"}
        with mock.patch.dict(os.environ, keys):
            self.sagemaker = sagemaker_client(settings, workers=1)
            self.s3 = s3_client(settings, workers=1)
            self.sts = sts_client(settings)
        self.replies: Iterator[tuple[int, dict[str, str], str]] = iter(())
        for client in (self.sagemaker, self.s3, self.sts):
            cast("_Client", client).meta.events.register("before-send.*.*", self._answer)

    def _answer(self, request: _Request, **_given: object) -> AWSResponse:
        status, headers, body = next(self.replies)
        # botocore takes any mapping, and reads a body by `stream`.
        given = cast("HTTPHeaders", headers)
        return AWSResponse(request.url, status, given, Raw(body.encode("latin-1")))


@functools.cache
def account() -> Account:
    return Account()


@functools.cache
def wanted() -> Definition:
    return parse_definition({**_DEFINITION, "Metadata": {"x": "y"}})


def run(trial: Trial) -> None:
    aws = account()
    aws.replies = itertools.cycle([(status, headers, body) for status, headers, body in json.loads(trial.given.data)])
    calls: tuple[Callable[[], object], ...] = (
        lambda: pipeline_names(aws.sagemaker, "Fr*"),
        lambda: read(trial, aws),
        lambda: deployed_state(aws.sagemaker, "Fraud"),
        lambda: pipeline_tags(aws.sagemaker, _ARN),
        lambda: asked_account(aws.sts, aws.sagemaker, "Fraud"),
        lambda: publish(aws.s3, [Upload("s3://b/k", b"x")], UploadSettings()),
        lambda: deploy(aws.sagemaker, aws.s3, "Fraud", wanted(), DeploymentSettings("role", tags={"a": "c"})),
        lambda: start(aws.sagemaker, "Fraud", {"A": "b"}),
    )
    # botocore waits before it tries again.
    with mock.patch("time.sleep"):
        for call in calls:
            try:
                call()
                trial.past = True
            except ServiceError as error:
                # What has a code of its own was read as an answer, too.
                trial.past = trial.past or bool(error.code)


def read(trial: Trial, aws: Account) -> None:
    for pipeline in read_deployed(aws.sagemaker, ["Fraud"], workers=1):
        trial.findings += pipeline.findings
        if pipeline.definition is not None:
            trial.findings += check_definition(pipeline.definition)


ANSWERS: Final = Target("answers", made, run)
