"""What lies in another account or region than the pipeline: ARNs of every partition, queues, and what is shared."""

from __future__ import annotations

import pytest

from smgen.checks import CheckContext, Home, check_definition
from smgen.definition import parse_definition
from smgen.diagnostics import Finding
from smgen.documents import JsonObject
from tests.checks.service_cases import definition, parameter, step, training

AT_HOME = ("123456789012", "us-east-1")
HERE = Home(*AT_HOME)


def of_elsewhere(document: JsonObject, home: Home | None = HERE) -> list[Finding]:
    found = check_definition(parse_definition(document), CheckContext(home=home))
    return [finding for finding in found if finding.rule == "SMG426"]


def call(name: str, function: str) -> JsonObject:
    return step(name, "Lambda", {"day": "monday"}, FunctionArn=function)


def function(account: str, region: str, partition: str = "aws") -> str:
    return f"arn:{partition}:lambda:{region}:{account}:function:f"


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-eusc"])
def test_an_arn_of_each_partition_is_right_at_home_and_told_elsewhere(partition: str) -> None:
    here, there = function("123456789012", "xx-west-1", partition), function("999900001111", "xx-west-1", partition)
    role = f"arn:{partition}:iam::123456789012:role/pipelines"
    home = Home("123456789012", "xx-west-1")
    fine = definition(call("Score", here), training(RoleArn=role))
    assert check_definition(parse_definition(fine), CheckContext(home=home)) == ()
    assert [item.given for item in of_elsewhere(definition(call("Score", there)), home)] == [there]


def test_one_name_is_told_once_with_all_steps() -> None:
    arn = function("123456789012", "eu-west-1")
    (found,) = of_elsewhere(definition(call("One", arn), call("Two", arn), call("Three", arn)))
    assert found.place.pointer == "/Steps/0/FunctionArn"
    assert found.message == (
        "One names what lies in the region eu-west-1, and the pipeline runs in us-east-1, and so do Two, Three"
    )


def test_a_name_is_told_where_it_stands_first() -> None:
    inner: JsonObject = {"Std:Join": {"On": "", "Values": [function("999900001111", "us-east-1")]}}
    outer: JsonObject = {"Std:Join": {"On": ",", "Values": [inner, inner]}}
    (found,) = of_elsewhere(definition(step("Ask", "Lambda", {"both": outer}, FunctionArn=function(*AT_HOME))))
    assert found.place.pointer == "/Steps/0/Arguments/both/Std:Join/Values/0/Std:Join/Values/0"


def test_a_default_a_part_of_a_text_and_a_queue() -> None:
    queue = "https://sqs.eu-west-1.amazonaws.com/123456789012/work"
    joined: JsonObject = {"Std:Join": {"On": "", "Values": ["arn:aws:sns:us-east-1:999900001111:", "topic"]}}
    document = definition(
        step("Ask", "Callback", {"topic": joined}, SqsQueueUrl=queue),
        call("Score", function("123456789012", "us-east-1")),
        parameters=[parameter("Key", "String", "arn:aws:kms:us-east-1:999900001111:key/k")],
    )
    assert [item.place.pointer for item in of_elsewhere(document)] == [
        "/Parameters/0/DefaultValue",
        "/Steps/0/Arguments/topic/Std:Join/Values/0",
        "/Steps/0/SqsQueueUrl",
    ]


@pytest.mark.parametrize(
    "home",
    [
        None,
        Home(),
        Home("123456789012", "us-east-1", shared_accounts=("999900001111",)),
        Home("999900001111", "eu-west-1"),
        Home("999900001111"),
        Home(None, "eu-west-1"),
        Home("123456789012", "us-east-1", told=(function("999900001111", "eu-west-1"),)),
    ],
)
def test_what_is_shared_or_at_home_or_told_is_not_told(home: Home | None) -> None:
    assert of_elsewhere(definition(call("Score", function("999900001111", "eu-west-1"))), home) == []


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:s3:::some-bucket/key",
        "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess",
        "arn:aws:sagemaker:us-east-1:aws:hub-content/SageMakerPublicHub/Model/m/1.0.0",
        "arn:aws:iam::123456789012:role/pipelines",
        "a text about arn:aws",
    ],
)
def test_arns_without_an_account_or_of_aws_itself(text: str) -> None:
    assert (
        of_elsewhere(
            definition(step("Score", "Lambda", {"text": text}, FunctionArn=function("123456789012", "us-east-1")))
        )
        == []
    )
