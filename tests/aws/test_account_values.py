"""Which texts name an account, a region, a role, a bucket or a key, and what is said of those that do not."""

from __future__ import annotations

import pytest
from botocore.loaders import Loader

from smgen.aws import (
    REGIONS,
    AccountValueProblem,
    account_problem,
    bucket_problem,
    key_problem,
    region_problem,
    role_problem,
)


def test_the_regions_are_those_of_botocore() -> None:
    partitions = Loader().load_data("partitions")["partitions"]
    known = {region for partition in partitions for region in partition["regions"] if not region.endswith("-global")}
    assert set(REGIONS) == known
    assert list(REGIONS) == sorted(REGIONS)


@pytest.mark.parametrize("region", REGIONS)
def test_a_region_that_there_is(region: str) -> None:
    assert region_problem(region) is None


@pytest.mark.parametrize(
    ("region", "nearest"),
    [
        ("us-esat-1", "us-east-1"),
        ("us-east-1a", "us-east-1"),
        ("US-EAST-1", "us-east-1"),
        ("eu_west_1", "eu-west-1"),
        ("eu-wset-3", "eu-west-3"),
        ("ap-souteast-1", "ap-southeast-1"),
        ("Frankfurt", None),
        ("", None),
        ("us-east-1 ", "us-east-1"),
    ],
)
def test_a_region_that_there_cannot_be(region: str, nearest: str | None) -> None:
    problem = region_problem(region)
    assert problem == AccountValueProblem("no region of AWS is called so", "a region such as us-east-1", nearest)


@pytest.mark.parametrize("region", ["us-west-3", "ap-southeast-9", "za-south-1", "us-isog-central-1"])
def test_a_region_that_there_may_be_by_now(region: str) -> None:
    problem = region_problem(region)
    assert problem is not None
    assert not problem.certain


@pytest.mark.parametrize(
    "role",
    [
        "arn:aws:iam::111122223333:role/Fraud",
        "arn:aws-cn:iam::111122223333:role/service-role/AmazonSageMaker-ExecutionRole-2024",
        "arn:aws-us-gov:iam::111122223333:role/path/to/a.role_name@x",
    ],
)
def test_a_role(role: str) -> None:
    assert role_problem(role) is None


def test_what_is_no_role() -> None:
    named = role_problem("service-role/Fraud", "111122223333")
    assert named is not None
    assert (named.words, named.nearest) == (
        "a role's name is not its ARN",
        "arn:aws:iam::111122223333:role/service-role/Fraud",
    )
    prefixed = role_problem("role/Fraud", "111122223333")
    assert prefixed is not None
    assert prefixed.nearest == "arn:aws:iam::111122223333:role/Fraud"
    for text in (
        "arn:aws:iam::1111:role/Fraud",
        "arn:aws:iam::111122223333:user/me",
        "arn:aws:sts::111122223333:x",
        "",
    ):
        problem = role_problem(text, "111122223333")
        assert problem is not None
        assert (problem.words, problem.nearest) == ("this is not the ARN of a role", None)


@pytest.mark.parametrize("bucket", ["abc", "a.b-c1", "0" * 63, "sagemaker-eu-west-1-111122223333"])
def test_a_bucket(bucket: str) -> None:
    assert bucket_problem(bucket) is None


@pytest.mark.parametrize(
    ("bucket", "nearest", "certain"),
    [
        ("s3://data/raw", "data", True),
        ("data/raw", "data", True),
        ("s3://", None, True),
        ("ab", None, True),
        ("my bucket", "my-bucket", True),
        ("-data-", "data", False),
        ("192.168.1.1", None, True),
        ("a" * 300, None, True),
        ("My_Bucket", "my-bucket", False),
        ("data..raw", None, False),
        ("b" * 64, None, False),
    ],
)
def test_what_is_no_bucket(bucket: str, nearest: str | None, certain: bool) -> None:
    problem = bucket_problem(bucket)
    assert problem is not None
    assert (problem.nearest, problem.certain) == (nearest, certain)


@pytest.mark.parametrize(
    "key",
    [
        "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "arn:aws:kms:eu-west-1:111122223333:alias/data/team",
        "arn:aws:kms:eu-west-1:111122223333:key/placeholder-key",
        "1234abcd-12ab-34cd-56ef-1234567890ab",
        "mrk-1234abcd12ab34cd56ef1234567890ab",
        "alias/data",
    ],
)
def test_a_key(key: str) -> None:
    assert key_problem(key) is None


def test_what_is_no_key() -> None:
    for text, nearest in (("data", "alias/data"), ("data key", None), ("arn:aws:kms::1:key/x", None), ("key/x", None)):
        problem = key_problem(text)
        assert problem is not None
        assert problem.nearest == nearest


def test_an_account() -> None:
    assert account_problem("012345678901") is None
    spaced, short = account_problem("0123 4567 8901"), account_problem("1234")
    assert spaced is not None
    assert short is not None
    assert (spaced.nearest, short.nearest) == ("012345678901", None)
