"""What is said where AWS cannot be asked, or refuses: who has to do what."""

from __future__ import annotations

from pathlib import Path

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
    SSOTokenLoadError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

from smgen.emit import ConnectionSettings, ServiceError, sagemaker_client
from smgen.emit.service import called

CREDENTIALS = (
    "name a profile (--profile NAME, or AWS_PROFILE), make one with 'aws configure' or 'aws configure sso', or set "
    "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
)
AGAIN = "sign in again: 'aws sso login', with --profile where you name one; keys from elsewhere have to be fetched anew"
CONNECTION = "look at the region, at the network and its proxy, and at --endpoint-url"
KEYS = (
    "AWS does not know these keys: 'aws sts get-caller-identity' says whose are used; name another profile "
    "(--profile NAME, or AWS_PROFILE), or correct the keys"
)
ROLE = "arn:aws:sts::111122223333:assumed-role/dev/me"
NOT_ALLOWED = f"User: {ROLE} is not authorized to perform:"
PIPELINE = "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/fraud"
BUCKET = "arn:aws:s3:::fraud-dev and arn:aws:s3:::fraud-dev/*"
FOREIGN = "; a bucket of another account than the environment's is refused as well"


def failed(error: Exception, call: str = "DescribePipeline") -> ServiceError:
    def ask() -> dict[str, object]:
        raise error

    with pytest.raises(ServiceError) as caught:
        called(ask, call)
    return caught.value


def answer(code: str, message: str = "no") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "Call")


@pytest.mark.parametrize(
    ("error", "fix"),
    [
        (NoCredentialsError(), CREDENTIALS),
        (PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"), CREDENTIALS),
        (SSOTokenLoadError(error_msg="there is none"), AGAIN),
        (UnauthorizedSSOTokenError(), AGAIN),
        (TokenRetrievalError(provider="sso", error_msg="expired"), AGAIN),
        (EndpointConnectionError(endpoint_url="https://x"), CONNECTION),
        (BotoCoreError(), None),
        (answer("ExpiredTokenException"), AGAIN),
        (answer("ExpiredToken"), AGAIN),
        (answer("UnrecognizedClientException"), KEYS),
        (answer("InvalidAccessKeyId"), KEYS),
        (answer("SignatureDoesNotMatch"), KEYS),
        (answer("ValidationException"), None),
    ],
)
def test_an_account_that_cannot_be_asked(error: Exception, fix: str | None) -> None:
    assert failed(error).fix == fix


@pytest.mark.parametrize(
    ("call", "code", "message", "fix"),
    [
        (
            "DescribePipeline",
            "AccessDeniedException",
            f"{NOT_ALLOWED} sagemaker:DescribePipeline on resource: {PIPELINE} because no "
            "identity-based policy allows the sagemaker:DescribePipeline action",
            f"allow sagemaker:DescribePipeline on {PIPELINE} to {ROLE} in a policy",
        ),
        (
            "CreatePipeline",
            "AccessDeniedException",
            f"{NOT_ALLOWED} iam:PassRole on resource: arn:aws:iam::111122223333:role/Fraud",
            f"allow iam:PassRole on arn:aws:iam::111122223333:role/Fraud to {ROLE} in a policy",
        ),
        (
            "UpdatePipeline",
            "AccessDeniedException",
            f"{NOT_ALLOWED} sagemaker:UpdatePipeline on resource: {PIPELINE} with an explicit "
            "deny in a service control policy",
            f"a policy denies sagemaker:UpdatePipeline on {PIPELINE} to {ROLE} explicitly: have that statement changed",
        ),
        ("ListPipelines", "AccessDeniedException", "no rights", "allow sagemaker:ListPipelines in a policy"),
        (
            "HeadObject s3://fraud-dev/code/run.py",
            "403",
            "Forbidden",
            f"allow s3:GetObject and s3:ListBucket on {BUCKET} in a policy{FOREIGN}",
        ),
        (
            "PutObject s3://fraud-dev/code/run.py",
            "AccessDenied",
            "Access Denied",
            f"allow s3:PutObject on {BUCKET} in a policy{FOREIGN}",
        ),
        (
            "PutObject s3://fraud-dev/code/run.py",
            "AccessDenied",
            f'{NOT_ALLOWED} kms:GenerateDataKey on resource: "arn:aws:kms:eu-west-1:1:key/k"',
            f"allow kms:GenerateDataKey on arn:aws:kms:eu-west-1:1:key/k to {ROLE} in a policy",
        ),
        (
            "PutObject s3://fraud-dev/code/run.py",
            "NoSuchBucket",
            "no",
            "make the bucket fraud-dev, or correct bucket and asset_location of the environment",
        ),
        (
            "HeadObject s3://fraud-dev/code/run.py",
            "301",
            "Moved Permanently",
            "the bucket fraud-dev is in another region than the environment: correct one of the two",
        ),
    ],
)
def test_what_is_refused_says_what_to_allow(call: str, code: str, message: str, fix: str) -> None:
    error = failed(answer(code, message), call)
    assert (error.call, error.code, error.fix) == (call, code, fix)


REGION = "write region in the environment's table of pyproject.toml, give --region, or set AWS_DEFAULT_REGION"
PROFILES = "[profile dev]\nregion = eu-west-1\n[profile prod]\nregion = eu-west-1\n"


@pytest.mark.parametrize(
    ("settings", "configuration", "fix"),
    [
        (ConnectionSettings(), "", REGION),
        (ConnectionSettings(profile="prd"), PROFILES, "write --profile prod"),
        (ConnectionSettings(profile="unlike"), PROFILES, "name one of dev, prod"),
        (ConnectionSettings(profile="prod"), "", "there is none: make one with 'aws configure'"),
        (ConnectionSettings(region="eu_west"), "", "write a region such as eu-west-1"),
        (
            ConnectionSettings(region="eu-west-1", endpoint_url="localhost"),
            "",
            "write the endpoint with its scheme: https://host",
        ),
    ],
)
def test_a_client_that_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: ConnectionSettings, configuration: str, fix: str
) -> None:
    (tmp_path / "config").write_text(configuration)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    with pytest.raises(ServiceError) as caught:
        sagemaker_client(settings)
    assert caught.value.fix == fix
