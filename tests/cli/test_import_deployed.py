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
    assert result.code == 1
    assert "SMG292" in result.err
