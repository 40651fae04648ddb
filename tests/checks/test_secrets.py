"""Secrets in clear text: by name and by form, and what only looks like one."""

from __future__ import annotations

import pytest

from smgen.checks.masking import masked, shown_value
from smgen.checks.secret_signs import is_stand_in, secret_form, secret_name
from smgen.diagnostics import Format, render
from smgen.documents import JsonObject, JsonValue
from tests.checks.service_cases import (
    IMAGE,
    corpus_definition,
    definition,
    found,
    get,
    only,
    parameter,
    processing,
    service_findings,
    step,
    training,
)

# Made up here, in pieces, so that no scanner of secrets takes this file for one.
ACCESS_KEY = "AKIA" + "QWERTYUIOPASDFGH"
GITHUB = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
SLACK = "xoxb-" + "123456789012-abcdefghij"
JWT = "eyJ" + "hbGciOiJIUzI1NiJ9." + "eyJ" + "zdWIiOiIxMjM0In0." + "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"
PRIVATE_KEY = "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----"


@pytest.mark.parametrize(
    "name",
    [
        *("password", "PASSWORD", "DB_PASSWORD", "dbPassword", "db-passwd", "MYSQL_PWD", "PGPASSWORD1"),
        *("secret", "CLIENT_SECRET", "clientSecret", "AWS_SECRET_ACCESS_KEY", "SECRET_KEY", "SECRET_VALUE"),
        *("token", "HF_TOKEN", "hfToken", "ACCESS_TOKEN", "github_token", "AWS_SESSION_TOKEN", "userToken"),
        *("api_key", "apiKey", "API-KEY", "OPENAI_API_KEY", "apikey", "X-Api-Key", "PRIVATE_KEY", "ssh_passphrase"),
        *("credentials", "DB_CREDENTIALS", "AccountKey"),
    ],
)
def test_names_of_secrets(name: str) -> None:
    assert secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *("max_tokens", "tokenizer", "num_tokens", "token_count", "TOKENIZERS_PARALLELISM", "max_new_tokens"),
        *("eos_token", "pad_token", "pad-token", "bosToken", "unk_token", "next_token", "special_token", "stop_token"),
        *("secret_name", "SECRET_ARN", "password_arn", "DB_SECRET_ID", "password_file", "token_path", "secretsmanager"),
        *("kms_key", "KMS_KEY_ID", "kmsKeyArn", "key", "primary_key", "partition_key", "AWS_ACCESS_KEY_ID", "sort_key"),
        *("passes", "password_length", "monkey", "turkey", "", "--", "eval_metric", "credentials_path", "accesskeys"),
    ],
)
def test_names_of_other_things(name: str) -> None:
    assert not secret_name(name)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (ACCESS_KEY, "an AWS access key"),
        (f"key={ACCESS_KEY}&x=1", "an AWS access key"),
        (PRIVATE_KEY, "a private key"),
        (JWT, "a JSON web token"),
        (f"Bearer {JWT}", "a JSON web token"),
        (GITHUB, "a GitHub token"),
        (SLACK, "a Slack token"),
        ("postgresql://user:" + "hunter22@db.internal:5432/x", "a connection string with a password"),
        ("mongodb+srv://:" + "hunter22@db.internal", "a connection string with a password"),
        ("Server=db;Database=x;Password=" + "hunter22;", "a connection string with a password"),
        ("AKIA" + "IOSFODNN7EXAMPLE", None),
        ("XAKIA" + "QWERTYUIOPASDFGH", None),
        ("-----BEGIN PUBLIC KEY-----\nMFkwEwYH\n-----END PUBLIC KEY-----\n", None),
        ("-----BEGIN CERTIFICATE-----", None),
        ("s3://bucket/key", None),
        ("https://user@host/path", None),
        ("https://host:8443/path@version", None),
        ("postgresql://user:${DB_PASSWORD}@db", None),
        ("postgresql://user:<PASSWORD>@db", None),
        ("postgresql://user:{password}@db", None),
        ("jdbc:postgresql://db/x?user=a", None),
        ("eyJhbGciOiJIUzI1NiJ9", None),
        ("123456789012.dkr.ecr.us-east-1.amazonaws.com/x@sha256:abc", None),
        ("a;b=c", None),
        ("", None),
    ],
)
def test_forms(text: str, form: str | None) -> None:
    assert secret_form(text) == form


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "  ",
            "${PASSWORD}",
            "<PASSWORD>",
            "{{resolve:secretsmanager:db}}",
            "$PASSWORD",
            "%(password)s",
            "{token}",
        ),
        *("arn:aws:secretsmanager:us-east-1:123456789012:secret:db", "ssm://db", "/prod/db/password", "s3://b/k"),
        *("changeme", "CHANGE-ME", "placeholder", "xxxx", "****", "None", "true", "False", "your-token-here", "0"),
    ],
)
def test_stand_ins(text: str) -> None:
    assert is_stand_in(text)


@pytest.mark.parametrize("text", ["hunter22", "p", "correct horse", "abc/def", "none of your business", "a" * 5000])
def test_no_stand_ins(text: str) -> None:
    assert not is_stand_in(text)


def test_every_place() -> None:
    container: JsonObject = {"Image": IMAGE, "Environment": {"API_KEY": "k3y-0123456789"}}
    document = definition(
        training(Environment={"DB_PASSWORD": "hunter22"}, HyperParameters={"wandb_api_key": "0123456789abcdef"}),
        processing(
            AppSpecification={
                "ImageUri": IMAGE,
                "ContainerArguments": ["--user", "me", "--password", "hunter22", "--token=0123456789", "-v", GITHUB],
            }
        ),
        step("Model", "Model", {"ExecutionRoleArn": "arn:aws:iam::123456789012:role/m", "Containers": [container]}),
        step("Call", "Lambda", {"token": "0123456789", "deep": {"password": "hunter22"}}, FunctionArn="arn"),
        parameters=[parameter("ApiToken", "String", "0123456789"), parameter("Hook", "String", SLACK)],
    )
    assert found(document) == [
        ("SMG420", "/Parameters/0/DefaultValue"),
        ("SMG420", "/Parameters/1/DefaultValue"),
        ("SMG420", "/Steps/0/Arguments/Environment/DB_PASSWORD"),
        ("SMG420", "/Steps/0/Arguments/HyperParameters/wandb_api_key"),
        ("SMG420", "/Steps/1/Arguments/AppSpecification/ContainerArguments/3"),
        ("SMG420", "/Steps/1/Arguments/AppSpecification/ContainerArguments/4"),
        ("SMG420", "/Steps/1/Arguments/AppSpecification/ContainerArguments/6"),
        ("SMG420", "/Steps/2/Arguments/Containers/0/Environment/API_KEY"),
        ("SMG411", "/Steps/3/Arguments/deep"),
        ("SMG420", "/Steps/3/Arguments/deep/password"),
        ("SMG420", "/Steps/3/Arguments/token"),
    ]


@pytest.mark.parametrize(
    "environment",
    [
        {"DB_PASSWORD": get("Password")},
        {"DB_PASSWORD": {"Std:Join": {"On": "", "Values": [get("Password")]}}},
        {"DB_PASSWORD": ""},
        {"DB_SECRET": "prod/fraud/db"},
        {"DB_SECRET": "arn:aws:secretsmanager:us-east-1:123456789012:secret:db"},
        {"API_KEY": "{{resolve:secretsmanager:prod/key}}"},
        {
            "EOS_TOKEN": "</s>",
            "MAX_TOKENS": "512",
            "TOKENIZER": "bpe",
            "KMS_KEY": "1234abcd-12ab-34cd-56ef-1234567890ab",
        },
        {"SIGNING_KEY": "-----BEGIN PUBLIC KEY-----\nMFkwEwYH\n-----END PUBLIC KEY-----\n"},
    ],
)
def test_no_secret(environment: JsonObject) -> None:
    assert found(definition(training(Environment=environment), parameters=[parameter("Password", "String")])) == []


def test_a_secret_inside_an_expression_is_found() -> None:
    url: JsonObject = {"Std:Join": {"On": "", "Values": ["postgresql://u:hunter22@", get("Host")]}}
    document = definition(training(Environment={"DB": url}), parameters=[parameter("Host", "String")])
    assert found(document) == [("SMG420", "/Steps/0/Arguments/Environment/DB/Std:Join/Values/0")]


def test_the_public_key_of_remote_functions_is_no_secret() -> None:
    # The SDK writes it into REMOTE_FUNCTION_SECRET_KEY of every @step; old ones wrote the key of an HMAC there.
    document = corpus_definition(6)
    assert found(document) == []
    steps = document["Steps"]
    assert isinstance(steps, list)
    first = steps[0]
    assert isinstance(first, dict)
    arguments = first["Arguments"]
    assert isinstance(arguments, dict)
    arguments["Environment"] = {"REMOTE_FUNCTION_SECRET_KEY": "5f2e" * 16}
    assert found(document) == [("SMG420", "/Steps/0/Arguments/Environment/REMOTE_FUNCTION_SECRET_KEY")]


@pytest.mark.parametrize("format", list(Format))
def test_no_output_shows_a_secret(format: Format) -> None:
    secret = "correct-horse-battery-staple"
    document = definition(
        processing(
            Environment={"DB_PASSWORD": secret * 20},
            AppSpecification={"ImageUri": IMAGE, "ContainerArguments": ["--password", secret, f"--token={secret}"]},
        ),
        training(Environment=["--password", secret], HyperParameters={"token": [secret], "pwd": {"x": secret}}),
        parameters=[parameter("Token", "String", secret), parameter("Password", "Integer", secret)],
    )
    findings = service_findings(document)
    assert len(findings) >= 8
    assert "horse" not in render(findings, format)


def test_masked() -> None:
    assert masked("hunter22hunter22") == "hunt… (16 characters)"
    assert masked("hunter22") == "hu… (8 characters)"
    assert masked("abc") == "… (3 characters)"


def test_shown_values() -> None:
    values: list[tuple[str, JsonValue, str]] = [
        ("name", "text", '"text"'),
        ("name", 5, "5"),
        ("password", "hunter22", "hu… (8 characters)"),
        ("password", 12345678, "12… (8 characters)"),
        ("name", JWT, f"eyJh… ({len(JWT)} characters)"),
        ("name", "x" * 200, f'"{"x" * 60}…" (200 characters)'),
        ("name", {"password": "hunter22"}, "an object with password"),
        ("name", ["--password", "hunter22"], "a list of 2"),
        ("name", {"Get": "Parameters.P"}, '{"Get": "Parameters.P"}'),
        ("name", [], "[]"),
        ("name", {}, "{}"),
        ("name", None, "null"),
    ]
    assert [shown_value(name, value) for name, value, _ in values] == [shown for _, _, shown in values]


def test_the_message() -> None:
    finding = only(definition(training(Environment={"DB_PASSWORD": "correct-horse-battery"})))
    assert finding.message == 'step "Train": DB_PASSWORD is a secret, by its name, in clear text'
    assert finding.given == "corr… (21 characters)"
    assert finding.severity.value == "warning"
