"""`smgen deploy`, `plan` and `assets publish` against a SageMaker and an S3 that moto serves on loopback."""

from __future__ import annotations

import ast
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from unittest import mock

import pytest
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError
from moto.server import ThreadedMotoServer

from smgen.documents import content_hash
from smgen.emit import ConnectionSettings, ServiceError, asked_account, s3_client, sagemaker_client
from smgen.emit.service import called
from tests.cli.command_line import Result, smgen
from tests.project.checkout import CHECKOUT

EXAMPLE = CHECKOUT / "examples" / "abalone"
NAME = "AbalonePipeline"
BUCKET = "abalone-dev-111122223333"
ACCOUNT = "111122223333"
ARN = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:pipeline/{NAME}"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    with mock.patch.dict(os.environ, {"MOTO_ACCOUNT_ID": ACCOUNT}):
        server.start()
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
        server.stop()


@dataclass
class Account:
    """An empty account with the example's bucket, and a copy of the example to deploy into it."""

    endpoint: str
    project: Path
    call: Callable[..., Any]

    def smgen(self, *arguments: str) -> Result:
        with mock.patch.dict(os.environ, {"AWS_ENDPOINT_URL": self.endpoint, "AWS_MAX_ATTEMPTS": "1"}):
            return smgen(*arguments, cwd=self.project)

    def deploy(self, *options: str) -> Result:
        return self.smgen("deploy", NAME, "--env", "dev", *options)

    def plan(self, *options: str) -> Result:
        return self.smgen("plan", NAME, "--env", "dev", *options)

    def objects(self) -> list[str]:
        return [item["Key"] for item in self.call("s3", "list_objects_v2", Bucket=BUCKET).get("Contents", [])]

    def edit(self, file: str, old: str, new: str, *, first: bool = False) -> None:
        path = self.project / file
        text = path.read_text(encoding="utf-8")
        assert old in text if first else text.count(old) == 1
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def account(server: str, fake_aws: str, tmp_path: Path) -> Account:
    settings = ConnectionSettings(region=fake_aws, endpoint_url=server)
    clients = {"s3": s3_client(settings), "sagemaker": sagemaker_client(settings)}

    def call(service: str, name: str, **request: object) -> Any:
        return cast("Callable[..., object]", getattr(clients[service], name))(**request)

    for summary in call("sagemaker", "list_pipelines")["PipelineSummaries"]:
        call("sagemaker", "delete_pipeline", PipelineName=summary["PipelineName"], ClientRequestToken="t" * 32)
    names = [item["Name"] for item in call("s3", "list_buckets")["Buckets"]]
    if BUCKET not in names:
        call("s3", "create_bucket", Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": fake_aws})
    for item in call("s3", "list_objects_v2", Bucket=BUCKET).get("Contents", []):
        call("s3", "delete_object", Bucket=BUCKET, Key=item["Key"])
    project = Path(shutil.copytree(EXAMPLE, tmp_path / "abalone", ignore=shutil.ignore_patterns("__pycache__")))
    return Account(server, project, call)


# Deploying ----------------------------------------------------------------------------------------------------------


def test_the_second_time_changes_nothing(account: Account) -> None:
    first = account.deploy()
    assert (first.code, first.err) == (0, "")
    assert first.out == f"2 assets uploaded, 0 there already.\n{NAME} for dev: created. {ARN}\n"
    described = account.call("sagemaker", "describe_pipeline", PipelineName=NAME)
    compiled = account.smgen("compile", NAME, "--env", "dev", "-o", "build")
    assert compiled.code == 0
    assert json.loads(described["PipelineDefinition"]) == json.loads(
        (account.project / "build/definition.json").read_text(encoding="utf-8")
    )
    assert described["RoleArn"] == "arn:aws:iam::111122223333:role/AbalonePipelineRole"
    second = account.deploy()
    assert second.out == f"0 assets uploaded, 2 there already.\n{NAME} for dev: unchanged. {ARN}\n"
    again = account.call("sagemaker", "describe_pipeline", PipelineName=NAME)
    assert again["LastModifiedTime"] == described["LastModifiedTime"]
    assert account.plan().out == f"{NAME} for dev: no changes\n"


def test_one_changed_setting_is_planned_and_deployed(account: Account) -> None:
    account.deploy()
    account.edit("pipeline.py", "max_depth=5", "max_depth=6")
    plan = account.plan()
    assert (plan.code, plan.err) == (1, "")
    assert plan.out == (
        f'{NAME} for dev: 1 change\n  ~ step AbaloneTrain\n      ~ HyperParameters.max_depth: "5" -> "6"\n'
    )
    assert account.deploy().out.splitlines()[1] == f"{NAME} for dev: updated (definition). {ARN}"
    assert account.plan().code == 0


def test_tags_role_description_and_parallelism(account: Account) -> None:
    account.deploy()
    settings = '\n[tool.smgen.environments.dev.tags]\nteam = "a|b"\n'
    account.edit("pyproject.toml", 'bucket = "abalone-dev', 'max_parallel_steps = 7\nbucket = "abalone-dev')
    with (account.project / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(settings)
    account.edit("pipeline.py", "    processing_instances = p", '    p.describe("Ages")\n    processing_instances = p')
    plan = account.plan("--format", "markdown")
    rows = [row for row in plan.out.splitlines() if row.startswith("| changed | pipeline ")]
    assert rows == [
        "| changed | pipeline | `description` | `none` | `Ages` |",
        "| changed | pipeline | `parallelism` | `none` | `7` |",
        "| changed | pipeline | `tag team` | `none` | `a\\|b` |",
    ]
    assert account.deploy().code == 0
    described = account.call("sagemaker", "describe_pipeline", PipelineName=NAME)
    assert described["PipelineDescription"] == "Ages"
    assert described["ParallelismConfiguration"] == {"MaxParallelExecutionSteps": 7}
    assert account.call("sagemaker", "list_tags", ResourceArn=ARN)["Tags"] == [{"Key": "team", "Value": "a|b"}]
    assert account.plan().code == 0
    assert account.deploy().out.splitlines()[1] == f"{NAME} for dev: unchanged. {ARN}"


def test_a_change_behind_our_back_is_named(account: Account) -> None:
    account.deploy()
    described = account.call("sagemaker", "describe_pipeline", PipelineName=NAME)
    definition = described["PipelineDefinition"].replace('"ml.m5.xlarge"', '"ml.p3.16xlarge"')
    account.call(
        "sagemaker",
        "update_pipeline",
        PipelineName=NAME,
        PipelineDefinition=definition,
        RoleArn="arn:aws:iam::1:role/x",
    )
    plan = account.plan()
    assert plan.code == 1
    assert "~ role: arn:aws:iam::1:role/x -> arn:aws:iam::111122223333:role/AbalonePipelineRole\n" in plan.out
    assert '~ DefaultValue: "ml.p3.16xlarge" -> "ml.m5.xlarge"\n' in plan.out
    assert account.deploy().code == 0
    assert account.plan().code == 0


def test_what_is_deployed_is_no_definition(account: Account) -> None:
    account.call(
        "sagemaker",
        "create_pipeline",
        PipelineName=NAME,
        PipelineDefinition="not json",
        RoleArn="arn:aws:iam::111122223333:role/AbalonePipelineRole",
        ClientRequestToken="t" * 32,
    )
    plan = account.plan()
    assert plan.code == 1
    assert "~ definition: not readable -> that of this project\n" in plan.out
    assert account.deploy().out.splitlines()[1] == f"{NAME} for dev: updated (definition). {ARN}"


def test_a_large_definition_goes_through_s3(account: Account) -> None:
    steps = "".join(f'    gate.otherwise.fail("F{number}", "{"x" * 400}")\n' for number in range(300))
    path = account.project / "pipeline.py"
    path.write_text(path.read_text(encoding="utf-8") + steps, encoding="utf-8")
    assert account.deploy().code == 0
    (key,) = [key for key in account.objects() if "/definitions/" in key]
    content = account.call("s3", "get_object", Bucket=BUCKET, Key=key)["Body"].read()
    assert key == f"{NAME}/code/definitions/{content_hash(content)}.json"
    assert len(content) > 100 * 1024
    described = account.call("sagemaker", "describe_pipeline", PipelineName=NAME)
    # moto keeps what it read from S3 as the text of a Python object.
    assert ast.literal_eval(described["PipelineDefinition"]) == json.loads(content)


def test_one_changed_script_uploads_one_object(account: Account, tmp_path: Path) -> None:
    assert smgen("init", "fraud-detection", cwd=tmp_path).code == 0
    account.project = tmp_path / "fraud-detection"
    assert smgen("generate", cwd=account.project).code == 0
    account.edit("pyproject.toml", 'bucket = "', f'asset_location = "s3://{BUCKET}/fraud"\nbucket = "', first=True)
    first = account.smgen("deploy", "FraudDetection", "--env", "dev")
    assert (first.code, first.err) == (0, "")
    assert first.out.startswith("1 asset uploaded, 0 there already.\nFraudDetection for dev: created. ")
    before = account.objects()
    script = account.project / "contract_specs" / "scripts" / "clean_data.py"
    script.write_text(script.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    plan = account.smgen("plan", "FraudDetection", "--env", "dev")
    assert plan.code == 1
    (change,) = [line for line in plan.out.splitlines() if line.startswith("      ")]
    assert change.startswith("      ~ ProcessingInputs[code].S3Input.S3Uri: other content of the code")
    second = account.smgen("deploy", "FraudDetection", "--env", "dev")
    assert second.out.startswith("1 asset uploaded, 0 there already.\nFraudDetection for dev: updated (definition). ")
    assert len(set(account.objects()) - set(before)) == 1


# Starting -----------------------------------------------------------------------------------------------------------


def test_a_start_with_parameters(account: Account) -> None:
    result = account.deploy("--start", "--parameter", "MseThreshold=5.5")
    assert result.code == 0
    (execution,) = account.call("sagemaker", "list_pipeline_executions", PipelineName=NAME)[
        "PipelineExecutionSummaries"
    ]
    assert result.out.splitlines()[-1] == f"Started: {execution['PipelineExecutionArn']}"
    given = account.call(
        "sagemaker",
        "list_pipeline_parameters_for_execution",
        PipelineExecutionArn=execution["PipelineExecutionArn"],
    )["PipelineParameters"]
    assert given == [{"Name": "MseThreshold", "Value": "5.5"}]


def test_wrong_parameters_stop_before_anything_is_deployed(account: Account) -> None:
    result = account.deploy("--start", "--parameter", "MseThreshold=x", "--parameter", "MseTreshold=1")
    assert result.code == 1
    assert result.err.count("error SMG240 start-parameter") == 2
    assert "did you mean  MseThreshold" in result.err
    assert account.objects() == []
    assert account.call("sagemaker", "list_pipelines")["PipelineSummaries"] == []
    assert account.deploy("--parameter", "MseThreshold=1").code == 2


# Failing ------------------------------------------------------------------------------------------------------------


def test_no_connection_names_the_call(account: Account) -> None:
    account.endpoint = "http://127.0.0.1:9"
    for result, call in ((account.plan(), "DescribePipeline"), (account.deploy(), "DescribePipeline")):
        assert result.code == 2
        assert result.err.startswith(f"Error: {call}")
        assert "Could not connect to the endpoint URL" in result.err
        assert result.err.endswith(
            "\n  fix           look at the region, at the network and its proxy, and at --endpoint-url\n"
        )
        assert "Traceback" not in result.err


def test_no_bucket_names_the_call(account: Account) -> None:
    account.edit("pyproject.toml", f'bucket = "{BUCKET}"', 'bucket = "another-bucket"')
    result = account.deploy()
    assert result.code == 2
    assert result.err.startswith("Error: PutObject s3://another-bucket/")
    fix = "make the bucket another-bucket, or correct bucket and asset_location of the environment"
    assert result.err.endswith(f"\n  fix           {fix}\n")
    assert account.call("sagemaker", "list_pipelines")["PipelineSummaries"] == []


def test_findings_come_before_any_call(account: Account) -> None:
    account.endpoint = "http://127.0.0.1:9"
    account.edit("pipeline.py", "max_depth=5", "max_depth=-5")
    for result in (account.plan(), account.deploy()):
        assert result.code == 1
        assert "SMG207" in result.err


def test_what_lint_calls_an_error_is_not_deployed(account: Account) -> None:
    account.endpoint = "http://127.0.0.1:9"
    account.edit("pipeline.py", "raw_data=External(input_data)", 'raw_data=External("s3 //no location")')
    compiled = account.smgen("compile", NAME, "--env", "dev", "-o", "build")
    assert (compiled.code, compiled.out) == (1, "")
    assert not (account.project / "build").exists()
    result = account.deploy()
    assert (result.code, result.out, result.err) == (1, "", compiled.err)
    assert "pipeline.py:" in result.err
    assert "error SMG414" in result.err
    # The parameter that nobody reads now is a warning, which stops nothing.
    assert "SMG302" not in result.err


# Publishing ---------------------------------------------------------------------------------------------------------


def test_a_compiled_folder_is_published_once(account: Account) -> None:
    assert account.smgen("compile", NAME, "--env", "dev", "-o", "build").code == 0
    first = account.smgen("assets", "publish", "build", "--region", "eu-west-1")
    assert (first.code, first.err) == (0, "")
    uploaded = [line.split()[1] for line in first.out.splitlines() if line.startswith("uploaded ")]
    assert uploaded == [f"s3://{BUCKET}/{key}" for key in account.objects()]
    assert first.out.endswith("2 assets uploaded, 0 there already.\n")
    second = account.smgen("assets", "publish", "build")
    assert second.out == "0 assets uploaded, 2 there already.\n"
    (account.project / "build" / "assets.json").write_text("{}", encoding="utf-8")
    broken = account.smgen("assets", "publish", "build")
    assert (broken.code, broken.out) == (1, "")
    assert "SMG132" in broken.err


def test_a_kill_loses_nothing(account: Account, tmp_path: Path) -> None:
    count, size = 150, 200_000
    folder = tmp_path / "build"
    assets: list[dict[str, object]] = []
    for number in range(count):
        content = bytes([number]) * size
        digest = content_hash(content)
        path = folder / "assets" / digest / "a.bin"
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        where = {"path": f"assets/{digest}/a.bin", "location": f"s3://{BUCKET}/{digest}/a.bin"}
        assets.append({**where, "sha256": digest, "bytes": size, "source": "a"})
    (folder / "assets.json").write_text(json.dumps({"version": 1, "assets": assets}), encoding="utf-8")
    command = [sys.executable, "-m", "smgen", "assets", "publish", str(folder)]
    process = subprocess.Popen(command, env={**os.environ, "AWS_ENDPOINT_URL": account.endpoint})
    while not account.objects() and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    before = account.objects()
    assert 0 < len(before) < count
    done = account.smgen("assets", "publish", str(folder))
    # What was under way when the process died may have arrived or not.
    present = int(done.out.splitlines()[-1].split(", ")[1].split()[0])
    assert len(before) <= present < count
    assert done.out.splitlines()[-1] == f"{count - present} assets uploaded, {present} there already."
    for item in assets:
        key = str(item["location"]).removeprefix(f"s3://{BUCKET}/")
        content = account.call("s3", "get_object", Bucket=BUCKET, Key=key)["Body"].read()
        assert content_hash(content) == item["sha256"]


# The account --------------------------------------------------------------------------------------------------------


def in_another_account(account: Account) -> None:
    account.edit("pyproject.toml", f'account = "{ACCOUNT}"', 'account = "444455556666"', first=True)


@pytest.mark.parametrize("command", [Account.deploy, Account.plan], ids=["deploy", "plan"])
def test_another_account_than_the_environments_is_refused(
    account: Account, command: Callable[[Account], Result]
) -> None:
    in_another_account(account)
    line = next(
        number
        for number, text in enumerate((account.project / "pyproject.toml").read_text().splitlines(), start=1)
        if text == "[tool.smgen.environments.dev]"
    )
    result = command(account)
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        f"pyproject.toml:{line}: error SMG142 other-account: the environment 'dev' is account 444455556666, and "
        f"account {ACCOUNT} is asked\n"
        f"  given         {ACCOUNT} (GetCallerIdentity)\n"
        "  expected      444455556666\n"
        "  fix           take the credentials of 444455556666 (--profile, AWS_PROFILE), or name the environment that"
        " is meant\n"
        "\n"
        "1 error\n"
    )
    assert account.call("sagemaker", "list_pipelines")["PipelineSummaries"] == []
    assert account.objects() == []


def test_where_sts_cannot_be_reached_the_deployed_pipeline_says_whose_it_is(account: Account) -> None:
    # As in a network with an endpoint of SageMaker alone.
    with mock.patch.dict(os.environ, {"AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9"}):
        first = account.deploy()
        told = "nobody says which account this is: STS gives no answer, and there is no pipeline 'AbalonePipeline' yet"
        assert first.code == 2
        assert first.err.startswith(f"Error: GetCallerIdentity: {told}\n")
        assert account.call("sagemaker", "list_pipelines")["PipelineSummaries"] == []
        assert account.objects() == []
        # Looking changes nothing.
        planned = account.plan()
        assert (planned.code, planned.err) == (1, f"Not held against account {ACCOUNT} of 'dev': {told}.\n")
    assert account.deploy().code == 0
    with mock.patch.dict(os.environ, {"AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9"}):
        again = account.deploy()
        assert (again.code, again.err) == (0, "")
        in_another_account(account)
        refused = account.plan()
    assert refused.code == 1
    assert f"  given         {ACCOUNT} (DescribePipeline)\n" in refused.err


class FakeSts:
    def __init__(self, answer: Exception | dict[str, object]) -> None:
        self.answer = answer

    def get_caller_identity(self) -> dict[str, object]:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def client_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "GetCallerIdentity")


class NoPipeline:
    """A SageMaker in which no pipeline is."""

    def describe_pipeline(self, **_: str) -> dict[str, object]:
        raise ClientError({"Error": {"Code": "ResourceNotFound", "Message": "no"}}, "DescribePipeline")

    def list_pipelines(self, **_: str | int) -> dict[str, object]:
        return {}


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidClientTokenId", "SignatureDoesNotMatch"])
def test_credentials_that_sts_refuses_ask_nobody_else(code: str) -> None:
    with pytest.raises(ServiceError) as caught:
        asked_account(FakeSts(client_error(code)), NoPipeline(), NAME)
    assert caught.value.code == code


@pytest.mark.parametrize("answer", [client_error("AccessDenied"), {}, {"Account": ""}, {"Account": None}])
def test_an_answer_that_says_no_account(answer: Exception | dict[str, object]) -> None:
    assert asked_account(FakeSts(answer), NoPipeline(), NAME) is None


def test_an_answer_that_is_none_of_aws() -> None:
    sts = FakeSts(ResponseParserError("<html>"))
    with pytest.raises(ServiceError, match="the answer is none of AWS"):
        called(sts.get_caller_identity, "GetCallerIdentity")
    assert asked_account(sts, NoPipeline(), NAME) is None


def test_an_environment_without_an_account_goes_to_any(account: Account) -> None:
    account.edit("pyproject.toml", f'account = "{ACCOUNT}"\n', "", first=True)
    assert account.deploy().code == 0
