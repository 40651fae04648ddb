"""``smgen plan`` right after ``smgen import --pipeline``: nothing changes, and what is told another way is counted."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from moto.server import ThreadedMotoServer

from smgen.documents import JsonObject
from smgen.emit import ConnectionSettings, s3_client, sagemaker_client
from tests.cli.command_line import Result, smgen
from tests.importer import handmade
from tests.importer.test_project_code import script_mode
from tests.project.checkout import CHECKOUT

CHURN = CHECKOUT / "tests/importer/cases/churn"
ROLE = "arn:aws:iam::111122223333:role/SageMakerRole"
BUCKET = "acme-ml-us-east-1"
PREPROCESS = (
    f"s3://{BUCKET}/ChurnV2/code/fa22cb3356f25784dcd98683ad3db54d4d0039131f30814627f3372cb9061c22/preprocess.py"
)
EVALUATE = f"s3://{BUCKET}/ChurnV2/code/a111c815d9cce6828721369e6c16f5918d2e3de3e58212402c1c90737aa2de74/evaluate.py"
MOVED = tuple(
    f"  in the project now, with the same content: step {step}, {location} is contract_specs/scripts/{file}\n"
    for step, location, file in (("Preprocess", PREPROCESS, "preprocess.py"), ("Evaluate", EVALUATE, "evaluate.py"))
)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@dataclass
class Account:
    """An account without pipelines, and a folder to import them into."""

    endpoint: str
    folder: Path
    call: Callable[..., Any]

    def deployed(
        self, definition: JsonObject, role: str = ROLE, tags: Mapping[str, str] | None = None, name: str = "ChurnV2"
    ) -> None:
        text, token = json.dumps(definition), "x" * 32
        listed = [{"Key": key, "Value": value} for key, value in (tags or {}).items()]
        self.call(
            "sagemaker",
            "create_pipeline",
            PipelineName=name,
            PipelineDefinition=text,
            RoleArn=role,
            ClientRequestToken=token,
            Tags=listed,
        )

    def imported(self, *arguments: str | Path, name: str = "ChurnV2") -> Result:
        where = ("--endpoint-url", self.endpoint, "-o", "project")
        return smgen("import", "--pipeline", name, *where, *arguments, cwd=self.folder)

    def project(self, command: str, *arguments: str) -> Result:
        return smgen(command, *arguments, "--endpoint-url", self.endpoint, cwd=self.folder / "project")

    def edited(self, file: str, old: str, new: str) -> None:
        path = self.folder / "project" / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def account(server: str, fake_aws: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    # STS is asked for the account as well.
    monkeypatch.setenv("AWS_ENDPOINT_URL", server)
    settings = ConnectionSettings(region=fake_aws, endpoint_url=server)
    clients = {"s3": s3_client(settings), "sagemaker": sagemaker_client(settings)}

    def call(service: str, name: str, **request: object) -> Any:
        return cast("Callable[..., object]", getattr(clients[service], name))(**request)

    def emptied() -> None:
        for summary in call("sagemaker", "list_pipelines")["PipelineSummaries"]:
            call("sagemaker", "delete_pipeline", PipelineName=summary["PipelineName"], ClientRequestToken="t" * 32)
        for bucket in call("s3", "list_buckets")["Buckets"]:
            for item in call("s3", "list_objects_v2", Bucket=bucket["Name"]).get("Contents", []):
                call("s3", "delete_object", Bucket=bucket["Name"], Key=item["Key"])
            call("s3", "delete_bucket", Bucket=bucket["Name"])

    emptied()
    yield Account(server, tmp_path, call)
    # The account is that of all tests of this process.
    emptied()


def churn(old: str = "", new: str = "") -> JsonObject:
    text = (CHURN / "definition.json").read_text(encoding="utf-8")
    assert old in text
    definition: JsonObject = json.loads(text.replace(old, new) if old else text)
    return definition


# Nothing changes ------------------------------------------------------------------------------------------------------


def test_an_imported_pipeline_has_no_changes(account: Account) -> None:
    account.deployed(churn())
    assert account.imported().code == 0
    plan = account.project("plan")
    assert (plan.code, plan.err) == (0, "")
    assert plan.out == (
        "ChurnV2 for default: no changes\n  told another way and meaning the same: N1 app-managed-false 4 times\n"
    )
    # A tag of a step is no tag of the pipeline.
    settings = (account.folder / "project/pyproject.toml").read_text(encoding="utf-8")
    assert "tags" not in settings
    contract = json.loads((account.folder / "project/contract_specs/train.json").read_text(encoding="utf-8"))
    assert contract["request"]["Tags"] == [{"Key": "team", "Value": {"$setting": "tag_team"}}]
    assert contract["settings"]["tag_team"] == {"default": "churn"}


def test_tags_that_the_pipeline_has_are_its_environments(account: Account) -> None:
    account.deployed(churn(), tags={"team": "churn"})
    assert account.imported().code == 0
    settings = (account.folder / "project/pyproject.toml").read_text(encoding="utf-8")
    assert '[tool.smgen.environments.default.tags]\nteam = "churn"\n' in settings
    contract = json.loads((account.folder / "project/contract_specs/train.json").read_text(encoding="utf-8"))
    assert contract["request"]["Tags"] == {"$default": "tags"}
    assert account.project("plan").out.startswith("ChurnV2 for default: no changes\n")


@pytest.mark.parametrize("tags", [{"team": "other"}, {"team": "churn", "owner": "me"}])
def test_other_tags_of_the_pipeline_stay_its_own(account: Account, tags: dict[str, str]) -> None:
    account.deployed(churn(), tags=tags)
    assert account.imported().code == 0
    assert "tags" not in (account.folder / "project/pyproject.toml").read_text(encoding="utf-8")
    assert account.project("plan").code == 0


def test_the_role_of_the_pipeline_is_the_environments(account: Account) -> None:
    account.deployed(churn(), role="arn:aws:iam::111122223333:role/Pipelines")
    assert account.imported().code == 0
    settings = (account.folder / "project/pyproject.toml").read_text(encoding="utf-8")
    assert 'role = "arn:aws:iam::111122223333:role/Pipelines"\n' in settings
    assert f'job_role = "{ROLE}"\n' in settings
    assert account.project("plan").code == 0


def test_the_account_is_that_of_the_pipeline(account: Account) -> None:
    # What its steps name may lie elsewhere.
    account.deployed(churn())
    assert account.imported().code == 0
    settings = (account.folder / "project/pyproject.toml").read_text(encoding="utf-8")
    assert '[tool.smgen.environments.default]\naccount = "123456789012"\nregion = "eu-west-1"\n' in settings


def test_deploying_leaves_it_alone(account: Account) -> None:
    account.deployed(churn())
    assert account.imported().code == 0
    deployed = account.project("deploy", "ChurnV2", "--env", "default")
    assert (deployed.code, deployed.err) == (0, "")
    assert deployed.out.splitlines()[1].startswith("ChurnV2 for default: unchanged. ")
    described = account.call("sagemaker", "describe_pipeline", PipelineName="ChurnV2")
    assert json.loads(described["PipelineDefinition"]) == churn()


def test_only_the_change_is_told(account: Account) -> None:
    account.deployed(churn())
    assert account.imported().code == 0
    account.edited("pipelines/churn_v2.py", "max_depth=5", "max_depth=6")
    account.edited(
        "pipelines/churn_v2.py",
        "    train_step = p.add_step(",
        '    p.condition("First", mse_threshold > 1).then.fail("Early", "x")\n\n    train_step = p.add_step(',
    )
    plan = account.project("plan")
    assert plan.code == 1
    assert plan.out == (
        "ChurnV2 for default: 3 changes\n"
        "  + step First (Condition)\n"
        "  + step Early (Fail, in if of First)\n"
        "  ~ step Train\n"
        '      ~ HyperParameters.max_depth: "5" -> "6"\n'
        "  told another way and meaning the same: N1 app-managed-false 4 times\n"
    )
    assert "ChurnV2 for default: updated (definition)." in account.project("deploy", "ChurnV2", "--env", "default").out
    assert account.project("plan").out == "ChurnV2 for default: no changes\n"


# Code that moved into the project -------------------------------------------------------------------------------------


def with_code(account: Account) -> Path:
    account.deployed(churn())
    shutil.copytree(CHURN / "code", account.folder / "repository/code")
    result = account.imported("--source-root", "repository")
    assert (result.code, result.err) == (0, "")
    assert "  default: compiles to sagemaker:ChurnV2 (N1 6 times, 2 of its code in the project now).\n" in result.out
    return account.folder / "project"


def test_code_whose_hash_says_that_it_is_the_same(account: Account) -> None:
    project = with_code(account)
    plan = account.project("plan")
    assert (plan.code, plan.err) == (0, "")
    assert plan.out == (
        "ChurnV2 for default: no changes\n"
        "  told another way and meaning the same: N1 app-managed-false 6 times\n"
        f"{''.join(MOVED)}"
    )
    report = (project / "imported/ChurnV2.md").read_text(encoding="utf-8")
    assert (
        f"- `contract_specs/scripts/evaluate.py`, for `Evaluate`; it was `{EVALUATE}`; copied from"
        " ../repository/code/evaluate.py: edit the copy from now on; its content is the same\n"
    ) in report


def test_it_is_told_in_every_format(account: Account) -> None:
    with_code(account)
    (plan,) = json.loads(account.project("plan", "--format", "json").out)["plans"]
    assert plan["changes"] == []
    assert plan["forgiven"] == {"N1": 6}
    assert plan["moved_code"] == [
        {"step": "Preprocess", "location": PREPROCESS, "path": "contract_specs/scripts/preprocess.py"},
        {"step": "Evaluate", "location": EVALUATE, "path": "contract_specs/scripts/evaluate.py"},
    ]
    assert account.project("plan", "--format", "markdown").out == (
        "### ChurnV2 for default: no changes\n"
        "\n"
        "Told another way and meaning the same: N1 app-managed-false 6 times.\n"
        "\n"
        "In the project now, with the same content:\n"
        "\n"
        f"- step Preprocess: `{PREPROCESS}` is `contract_specs/scripts/preprocess.py`\n"
        f"- step Evaluate: `{EVALUATE}` is `contract_specs/scripts/evaluate.py`\n"
        "\n"
    )


def test_an_edit_of_the_code_is_a_change(account: Account) -> None:
    project = with_code(account)
    (project / "contract_specs/scripts/evaluate.py").write_text('print("other")\n', encoding="utf-8")
    assert smgen("generate", cwd=project).code == 0
    plan = account.project("plan")
    assert plan.code == 1
    assert plan.out == (
        "ChurnV2 for default: 1 change\n"
        "  ~ step Evaluate\n"
        "      ~ ProcessingInputs[code].S3Input.S3Uri: other content of the code\n"
        "  told another way and meaning the same: N1 app-managed-false 6 times\n"
        f"{MOVED[0]}"
    )
    account.call("s3", "create_bucket", Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    assert "2 assets uploaded" in account.project("deploy", "ChurnV2", "--env", "default").out
    assert account.project("plan").out == "ChurnV2 for default: no changes\n"


def test_other_code_under_the_same_name_is_no_equal_content(account: Account) -> None:
    account.deployed(churn())
    (account.folder / "repository").mkdir()
    (account.folder / "repository/evaluate.py").write_text("print(1)\n", encoding="utf-8")
    assert account.imported("--source-root", "repository").code == 0
    plan = account.project("plan")
    assert plan.code == 1
    assert "  ~ step Evaluate\n" in plan.out
    assert f'~ ProcessingInputs[code].S3Input.S3Uri: "{EVALUATE}" -> "s3://{BUCKET}/ChurnV2/code/' in plan.out


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"print(1)\n", "ChurnV2 for default: no changes\n"),
        (b"print(2)\n", "      ~ ProcessingInputs[code].S3Input.S3Uri: other content of the code\n"),
    ],
)
def test_the_object_in_s3_tells(account: Account, content: bytes, expected: str) -> None:
    account.call("s3", "create_bucket", Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    account.call("s3", "put_object", Bucket=BUCKET, Key=EVALUATE.removeprefix(f"s3://{BUCKET}/"), Body=content)
    account.deployed(churn())
    (account.folder / "repository").mkdir()
    (account.folder / "repository/evaluate.py").write_text("print(1)\n", encoding="utf-8")
    assert account.imported("--source-root", "repository").code == 0
    assert expected in account.project("plan").out


@pytest.mark.parametrize("text", [b"print(1)\n", b"print(2)\n"])
def test_an_archive_in_s3_tells_by_its_files(account: Account, text: bytes) -> None:
    account.call("s3", "create_bucket", Bucket="b-1", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        member = tarfile.TarInfo("train.py")
        member.size, member.mtime = len(text), 1_700_000_000
        archive.addfile(member, io.BytesIO(text))
    account.call("s3", "put_object", Bucket="b-1", Key="job-0/source/sourcedir.tar.gz", Body=packed.getvalue())
    account.deployed(script_mode("train.py"), role="arn:aws:iam::111122223333:role/Runner", name="Script")
    (account.folder / "repository/fit").mkdir(parents=True)
    (account.folder / "repository/fit/train.py").write_bytes(b"print(1)\n")
    assert account.imported("--source-root", "repository", name="Script").code == 0
    plan = account.project("plan")
    assert plan.code == int(text != b"print(1)\n")
    assert ("step Train0, s3://b-1/job-0/source/sourcedir.tar.gz is contract_specs/fit" in plan.out) is not plan.code


def test_a_broken_record_is_a_finding(account: Account) -> None:
    project = with_code(account)
    (project / "imported/code/ChurnV2.json").write_text('{"version": 1, "code": [{}]}', encoding="utf-8")
    plan = account.project("plan")
    assert plan.code == 1
    assert "imported/code/ChurnV2.json: error SMG300" in plan.err


# Several environments and pipelines -----------------------------------------------------------------------------------


def test_a_second_pipeline_beside_it_has_no_changes_either(account: Account) -> None:
    account.deployed(churn())
    account.deployed(handmade.definition(), role="arn:aws:iam::111122223333:role/Runner", name="Small")
    assert account.imported().code == 0
    result = account.imported(name="Small")
    assert (result.code, result.err) == (0, "")
    plan = account.project("plan")
    assert plan.code == 0
    assert [line for line in plan.out.splitlines() if not line.startswith(" ")] == [
        "ChurnV2 for default: no changes",
        "",
        "Small for default: no changes",
    ]


def test_tags_of_a_project_are_not_taken_for_those_of_steps(account: Account) -> None:
    account.deployed(churn(), tags={"team": "churn"})
    assert smgen("init", "project", cwd=account.folder).code == 0
    settings = account.folder / "project/pyproject.toml"
    text = (
        settings.read_text(encoding="utf-8").replace("111122223333", "123456789012").replace("us-east-1", "eu-west-1")
    )
    settings.write_text(f'{text}\n[tool.smgen.environments.dev.tags]\nproject = "x"\n', encoding="utf-8")
    result = account.imported("--env", "dev")
    assert (result.code, result.err) == (0, "")
    contract = json.loads((account.folder / "project/contract_specs/train.json").read_text(encoding="utf-8"))
    assert contract["settings"]["tag_team"] == {"default": "churn"}
    # The environment's tag is for every pipeline in it.
    assert account.project("plan", "ChurnV2").out == (
        "ChurnV2 for dev: 1 change\n"
        "  ~ pipeline\n"
        "      ~ tag project: none -> x\n"
        "  told another way and meaning the same: N1 app-managed-false 4 times\n"
    )
