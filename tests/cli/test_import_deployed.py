"""``smgen import --pipeline``: deployed pipelines, served by moto on loopback."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from moto.server import ThreadedMotoServer

from smgen.emit import ConnectionSettings, sagemaker_client
from tests.cli.command_line import smgen
from tests.importer import handmade


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def endpoint(server: str, fake_aws: str) -> Iterator[str]:
    """An account with a pipeline that is called Deployed; the account is that of all tests of this process."""
    client = sagemaker_client(ConnectionSettings(region=fake_aws, endpoint_url=server))
    create = cast("Callable[..., object]", getattr(client, "create_pipeline", None))
    delete = cast("Callable[..., object]", getattr(client, "delete_pipeline", None))
    text = json.dumps(handmade.definition())
    role = "arn:aws:iam::123456789012:role/x"
    create(PipelineName="Deployed", PipelineDefinition=text, RoleArn=role, ClientRequestToken="x" * 32)
    yield server
    delete(PipelineName="Deployed", ClientRequestToken="x" * 32)


def test_a_deployed_pipeline(tmp_path: Path, endpoint: str) -> None:
    result = smgen(
        "import", "--pipeline", "Deployed", "--env", "prod", "--endpoint-url", endpoint, "-o", "project", cwd=tmp_path
    )
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines()[1] == "  prod: compiles to sagemaker:Deployed."
    copy = tmp_path / "project/imported/Deployed.prod.json"
    assert json.loads(copy.read_text(encoding="utf-8")) == handmade.definition()


def test_a_pipeline_that_is_not_deployed(tmp_path: Path, endpoint: str) -> None:
    result = smgen("import", "--pipeline", "None", "--endpoint-url", endpoint, "-o", "project", cwd=tmp_path)
    assert (result.code, result.out) == (1, "")
    assert "sagemaker:None: error SMG292 unreadable-pipeline" in result.err
    assert not (tmp_path / "project").exists()


def test_no_connection(tmp_path: Path, fake_aws: str) -> None:
    del fake_aws
    result = smgen("import", "--pipeline", "X", "--endpoint-url", "http://127.0.0.1:9", "-o", "project", cwd=tmp_path)
    assert result.code == 2
    assert "DescribePipeline: Could not connect" in result.err


def test_all_pipelines_of_a_pattern_with_a_profile_for_each_environment(
    tmp_path: Path, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    profiles = tmp_path / "credentials"
    keys = "aws_access_key_id = x\naws_secret_access_key = y\n"
    profiles.write_text(f"[team-dev]\n{keys}[team-prod]\n{keys}", encoding="utf-8")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(profiles))
    profile = ("--env-profile", "dev=team-dev", "--env-profile", "prod=team-prod")
    connection = ("--endpoint-url", endpoint, *profile)
    result = smgen("import", "--pipelines", "Depl*", *connection, "-o", "project", cwd=tmp_path)
    assert (result.code, result.err) == (0, "")
    assert {path.name for path in (tmp_path / "project/imported").glob("*.json")} == {
        "Deployed.dev.json",
        "Deployed.prod.json",
    }
    none = smgen("import", "--pipelines", "Other*", "--endpoint-url", endpoint, "-o", "other", cwd=tmp_path)
    assert none.code == 2
    assert "no deployed pipeline is called 'Other*'" in none.err
    wrong = smgen("import", "--pipelines", "*", "--env-profile", "dev", "-o", "other", cwd=tmp_path)
    assert wrong.code == 2
