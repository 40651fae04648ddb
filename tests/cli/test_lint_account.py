"""`smgen lint --pipelines` over an account of 200 pipelines, served by moto on loopback."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest
from moto.core.exceptions import JsonRESTError
from moto.sagemaker.models import SageMakerModelBackend
from moto.server import ThreadedMotoServer

from smgen.emit import ConnectionSettings, pipeline_names, sagemaker_client
from smgen.emit.service import DEFAULT_WORKERS
from tests.cli.command_line import smgen
from tests.cli.test_lint import RIGHT, Json, appended, definition, suppression

REGION = "eu-west-1"
ROLE = "arn:aws:iam::123456789012:role/x"
#: What stands in the account beside pipelines that are right.
UNUSUAL: dict[str, Json] = {
    "Fraud-007": definition(undeclared=2, unread=1),
    "Fraud-042": definition(undeclared=1),
    "Fraud-077": definition(unread=3),
    "Churn-003": definition(undeclared=1, unread=1),
}
NO_JSON = "Churn-050"
FORBIDDEN = "Churn-099"


@dataclass
class Account:
    """A running server, and what it was asked for."""

    endpoint: str = ""
    described: list[str] = field(default_factory=list[str])
    listed: int = 0
    most_at_once: int = 0


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def account(server: str, fake_aws: str, monkeypatch: pytest.MonkeyPatch) -> Account:
    """200 pipelines, of which one is no JSON and one may not be described."""
    found = Account(server)
    client = sagemaker_client(ConnectionSettings(region=fake_aws, endpoint_url=server))
    if not pipeline_names(client, "*"):
        create = cast("Callable[..., object]", getattr(client, "create_pipeline", None))
        for number in range(100):
            for team in ("Fraud", "Churn"):
                name = f"{team}-{number:03}"
                text = "{not JSON" if name == NO_JSON else json.dumps(UNUSUAL.get(name, RIGHT))
                create(PipelineName=name, PipelineDefinition=text, RoleArn=ROLE, ClientRequestToken="x" * 32)
    backend = vars(SageMakerModelBackend)
    describe = cast("Callable[..., dict[str, object]]", backend["describe_pipeline"])
    listing = cast("Callable[..., object]", backend["list_pipelines"])
    lock, now = threading.Lock(), [0]

    def counted_describe(self: SageMakerModelBackend, pipeline_name: str) -> dict[str, object]:
        with lock:
            found.described.append(pipeline_name)
            now[0] += 1
            found.most_at_once = max(found.most_at_once, now[0])
        try:
            time.sleep(0.005)
            if pipeline_name == FORBIDDEN:
                raise JsonRESTError("AccessDeniedException", "no rights")
            return describe(self, pipeline_name)
        finally:
            with lock:
                now[0] -= 1

    def counted_listing(self: SageMakerModelBackend, *args: object, **kwargs: object) -> object:
        found.listed += 1
        return listing(self, *args, **kwargs)

    monkeypatch.setattr(SageMakerModelBackend, "describe_pipeline", counted_describe)
    monkeypatch.setattr(SageMakerModelBackend, "list_pipelines", counted_listing)
    return found


def test_a_whole_account(account: Account, tmp_path: Path) -> None:
    result = smgen("lint", "--pipelines", "*", "--region", REGION, "--endpoint-url", account.endpoint, cwd=tmp_path)
    assert (result.code, result.err) == (1, "")
    assert result.out[result.out.index("pipeline  ") :] == (
        "pipeline   errors  warnings  notes  most frequent\n"
        "Fraud-007       2         1      0  SMG301 (2 times), SMG302\n"
        "Churn-003       1         1      0  SMG301, SMG302\n"
        "Churn-050       1         0      0  SMG300\n"
        "Churn-099       1         0      0  SMG292\n"
        "Fraud-042       1         0      0  SMG301\n"
        "Fraud-077       0         3      0  SMG302 (3 times)\n"
        "\n"
        "200 pipelines linted, 5 with errors, 1 with only warnings or notes, 194 without findings: "
        "6 errors, 5 warnings\n"
    )
    assert (
        "sagemaker:Churn-099: error SMG292 unreadable-pipeline: the deployed pipeline Churn-099 cannot be read\n"
        "  given         DescribePipeline: AccessDeniedException: no rights\n"
        "  fix           allow sagemaker:DescribePipeline in a policy\n"
    ) in result.out
    assert (
        "sagemaker:Churn-050:1:2: error SMG300 not-a-definition: the definition of the deployed pipeline is no JSON\n"
    ) in result.out
    # Every pipeline is described once, not too many at once, and the names come in two pages.
    assert sorted(account.described) == [f"{team}-{n:03}" for team in ("Churn", "Fraud") for n in range(100)]
    assert account.listed == 2
    assert 1 < account.most_at_once <= DEFAULT_WORKERS


def test_a_pattern(account: Account, tmp_path: Path) -> None:
    result = smgen(
        "lint", "--pipelines", "Fraud-0[04]*", "--region", REGION, "--endpoint-url", account.endpoint,
        "--format", "json", cwd=tmp_path,
    )  # fmt: skip
    document = json.loads(result.out)
    assert result.code == 1
    assert [item["name"] for item in document["pipelines"]] == [f"Fraud-{n:03}" for n in (*range(10), *range(40, 50))]
    assert document["counts"] == {"error": 3, "warning": 1, "note": 0}
    assert len(account.described) == 20


def test_the_region_is_that_of_the_environment(
    account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    settings = f'[tool.smgen.environments.dev]\nregion = "{REGION}"\n'
    (tmp_path / "pyproject.toml").write_text(settings, encoding="utf-8")
    pipelines = ("lint", "--pipelines", "Churn-001", "--endpoint-url", account.endpoint)
    assert smgen(*pipelines, cwd=tmp_path).code == 2
    result = smgen(*pipelines, "--env", "dev", cwd=tmp_path)
    assert (result.code, result.err) == (0, "")


@pytest.mark.parametrize("output_format", ["sarif", "github", "markdown"])
def test_other_formats(account: Account, tmp_path: Path, output_format: str) -> None:
    result = smgen(
        "lint", "--pipelines", "Churn-*", "--region", REGION, "--endpoint-url", account.endpoint,
        "--format", output_format, "--fail-on", "never", cwd=tmp_path,
    )  # fmt: skip
    assert (result.code, result.err) == (0, "")
    if output_format == "sarif":
        results = json.loads(result.out)["runs"][0]["results"]
        assert sorted(item["ruleId"] for item in results) == ["SMG292", "SMG300", "SMG301", "SMG302"]
    elif output_format == "github":
        assert len(result.out.splitlines()) == 4
    else:
        rows = [line for line in result.out.splitlines() if line.startswith("| <code>")]
        assert len(rows) == 100
        assert rows[0].startswith("| <code>Churn-003</code> | 1 | 1 |  | SMG301 undeclared-parameter, SMG302")
        assert result.out.count("<details>") == 3


def test_a_pattern_that_nothing_matches(account: Account, tmp_path: Path) -> None:
    result = smgen("lint", "--pipelines", "Frod*", "--region", REGION, "--endpoint-url", account.endpoint, cwd=tmp_path)
    assert (result.code, result.out) == (2, "")
    assert result.err == "Error: ListPipelines: no deployed pipeline is called 'Frod*'\n"


def test_no_connection(fake_aws: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smgen.emit.service._ATTEMPTS", 1)
    result = smgen(
        "lint", "--pipelines", "*", "--region", fake_aws, "--endpoint-url", "http://127.0.0.1:9", cwd=tmp_path
    )
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("Error: ListPipelines: Could not connect to the endpoint URL")


@pytest.mark.parametrize(
    ("settings", "pattern", "expected"),
    [
        ({"rule": "SMG302", "pipeline": "Fraud-077"}, "*", 0),
        ({"rule": "SMG311", "pipeline": "Fraud-077"}, "*", 1),
        ({"rule": "SMG311", "pipeline": "Fraud-077"}, "Fraud-07?", 1),
        ({"rule": "SMG311", "pipeline": "Fraud-*"}, "Fraud-07?", 0),
        ({"rule": "SMG311", "pipeline": "Fraud-*"}, "*", 1),
        ({"rule": "SMG311", "pipeline": "Fraud-078"}, "Fraud-077", 0),
    ],
)
def test_suppressions_over_an_account(
    account: Account, tmp_path: Path, settings: dict[str, str], pattern: str, expected: int
) -> None:
    folder = tmp_path
    (folder / "pyproject.toml").write_text("[tool.smgen]\n", encoding="utf-8")
    appended(folder / "pyproject.toml", suppression(**settings))
    result = smgen(
        "lint", "--pipelines", pattern, "--region", REGION, "--endpoint-url", account.endpoint,
        "--format", "json", cwd=folder,
    )  # fmt: skip
    document = json.loads(result.out)
    assert [item["rule"] for item in document["findings"]].count("SMG290") == expected
    assert len(document["suppressed"]) == (3 if settings["rule"] == "SMG302" else 0)
