"""``smgen import`` refuses nothing that is a definition: what no typed form can say comes in as it is, and is told."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest

from smgen.documents import JsonObject, json_at, list_at
from tests.cli.command_line import Result, smgen as run
from tests.importer import handmade
from tests.importer.filled_corpus import written
from tests.importer.round_trip import RECORDED

CASES: Final = Path(__file__).parents[1] / "data" / "import_cases"

#: What comes in as it is of each definition, by the beginning of its file's name.
RAW: Final[Mapping[str, Sequence[str]]] = {
    "01": (),
    "02": (),
    "03": ("/Steps/2/Arguments/v",),
    "04": ("/Steps/0/Arguments/InferenceSpecification/SupportedResponseMIMETypes/0",),
    "05": (),
    "07": ("/Steps/0/Arguments/Conditions/0",),
    "09": ("/Steps/0/Arguments/Conditions/0",),
    "10": ("/Steps/1/DependsOn",),
    "12": ("/Steps/0/Arguments/ProcessingOutputConfig/Outputs/0/S3Output/S3Uri",),
    "15": (),
    "18": (),
    "19": (),
    "20": ("/Steps/0/Arguments/AppSpecification/ContainerArguments/3",),
    "21": ("/Steps/0/Arguments/ModelPackageGroupName",),
    "52": ("/ParallelismConfiguration",),
    "54": ("/Steps/0/RetryPolicies",),
    "55": ("/Parameters/0",),
    "58": ("/Steps/1/DependsOn",),
    "65": ("/Parameters/0",),
    "newmember": ("/Steps/1/Arguments/BrandNewMember2027",),
}


def imported(folder: Path, *arguments: str | Path) -> Result:
    return run("import", *arguments, cwd=folder)


def report(result: Result) -> JsonObject:
    found: JsonObject = json.loads(result.out)
    return found


@pytest.mark.parametrize("case", RAW)
def test_a_definition_comes_in(tmp_path: Path, case: str) -> None:
    (file,) = CASES.glob(f"{case}*.json")
    result = imported(tmp_path, file, "-o", "project", "--format", "json")

    assert (result.code, result.err) == (0, "")
    raw = json_at(report(result), "pipelines", 0, "raw_parts")
    assert isinstance(raw, list)
    assert [json_at(item, "pointer") for item in raw] == [*RAW[case]]


def test_a_machine_that_is_newer_than_the_table(tmp_path: Path) -> None:
    result = imported(tmp_path, CASES / "newinst.json", "-o", "project", "--format", "json")

    assert (result.code, result.err) == (0, "")
    # Every step has its contract, whose machine is a setting or a literal like any other.
    assert json_at(report(result), "pipelines", 0, "raw_parts") == []
    assert json_at(report(result), "pipelines", 0, "contracts", 5, "name") is not None


def test_two_names_that_were_too_long_together(tmp_path: Path) -> None:
    result = imported(tmp_path, CASES / "names-1.json", CASES / "names-2.json", "-o", "project")

    assert (result.code, result.err) == (0, "")


def test_a_pipeline_that_cannot_come_in_leaves_the_others_alone(tmp_path: Path) -> None:
    written(tmp_path, "small.json", handmade.definition())
    (tmp_path / "half.json").write_text('{"Version": "2020-12-01", "Steps": [1]}', encoding="utf-8")
    result = imported(tmp_path, "small.json", "half.json", "-o", "project")

    assert result.code == 1
    assert "half.json was not imported: a step has to be an object\n" in result.out
    assert "SMG300" in result.err
    assert (tmp_path / "project/imported/small.md").is_file()
    assert not (tmp_path / "project/imported/half.md").exists()
    # For programs both are one document.
    both = imported(tmp_path, "small.json", "half.json", "-o", "again", "--format", "json")
    assert (both.code, both.err) == (1, "")
    assert json_at(report(both), "not_imported", "half.json") == json_at(report(both), "findings", 0, "message")
    assert json_at(report(both), "pipelines", 0, "pipeline") == "small"
    alone = imported(tmp_path, "half.json", "-o", "other")
    assert alone.code == 1
    assert alone.err.startswith("Nothing was imported.\n")
    assert not (tmp_path / "other").exists()


def test_environments_of_two_forms_are_one_pipeline(tmp_path: Path) -> None:
    step: JsonObject = {
        "Name": "A",
        "Type": "Lambda",
        "Arguments": {},
        "FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:score",
    }
    for account, steps in (("111122223333", [step]), ("444455556666", [step, {**step, "Name": "B"}])):
        definition = json.dumps({"Version": "2020-12-01", "Steps": steps})
        arn = f"arn:aws:sagemaker:eu-west-1:{account}:pipeline/odd"
        answer: JsonObject = {"PipelineName": "Odd", "PipelineArn": arn, "PipelineDefinition": definition}
        written(tmp_path, f"odd.{account}.json", answer)
    files = ("odd.111122223333.json", "odd.444455556666.json")
    result = imported(tmp_path, *files, "-o", "project", "--format", "json")

    assert (result.code, result.err) == (0, "")
    (found,) = list_at(report(result), "pipelines")
    assert [json_at(item, "words") for item in list_at(found, "raw_parts")] == [
        "the step 'B' is in one environment only: '444455556666' differs from '111122223333'"
    ]
    # The environments have the names of the project in the code.
    names = [str(json_at(item, "name")) for item in list_at(found, "environments")]
    assert f'if env.name == "{names[1]}":' in (tmp_path / "project/pipelines/odd.py").read_text()
    assert run("import", "--check", "project", cwd=tmp_path).code == 0


#: How many contracts the recorded pipelines take; a definition is one, whichever team it belongs to.
SHAPES: Final = 30
#: How many they take with the machines of three teams, which lists of machines hold.
FLEET_CONTRACTS: Final = 34


@pytest.mark.slow
def test_a_fleet_of_three_teams_in_three_accounts(tmp_path: Path) -> None:
    accounts = {"dev": "111122223333", "stage": "222233334444", "prod": "444455556666"}
    files: list[str] = []
    for path in sorted(RECORDED.glob("*.json")):
        text = json.dumps(json.loads(path.read_text(encoding="utf-8"))["definition"])
        for team, machine in enumerate(("ml.m5.xlarge", "ml.m5.2xlarge", "ml.c5.2xlarge")):
            for environment, account in accounts.items():
                name = f"{path.stem.split('-', 1)[1].title().replace('-', '')}Team{team}"
                body = text.replace('"ml.m5.xlarge"', f'"{machine}"')
                said = {"<ROLE_ARN>": f"arn:aws:iam::{account}:role/team{team}-jobs", "<ACCOUNT_ID>": account}
                said |= {f"<BUCKET_{number}>": f"team{team}-{environment}-{number}" for number in range(1, 6)}
                said |= {"<TIMESTAMP>": "1700000000", "<EPOCH>": "1700000000", "<HASH>": "0123456789abcdef" * 2}
                for placeholder, value in {**said, "<REPO>": "pipelines"}.items():
                    body = body.replace(placeholder, value)
                answer: JsonObject = {
                    "PipelineName": name,
                    "PipelineArn": f"arn:aws:sagemaker:eu-west-1:{account}:pipeline/{name.lower()}",
                    "RoleArn": f"arn:aws:iam::{account}:role/team{team}-pipelines",
                    "PipelineDefinition": body,
                }
                (tmp_path / environment).mkdir(exist_ok=True)
                files.append(f"{environment}/{name}.json")
                written(tmp_path, files[-1], answer)
    result = imported(tmp_path, *files, "-o", "project", "--format", "json")

    assert (result.code, result.err) == (0, "")
    found = report(result)["pipelines"]
    assert isinstance(found, list)
    assert len(found) == 24
    environments = {str(json_at(item, "environments", at, "name")) for item in found for at in range(3)}
    assert environments == {*accounts}
    contracts = [*(tmp_path / "project" / "contract_specs").glob("*.json")]
    assert len(contracts) - 1 == FLEET_CONTRACTS <= 1.5 * SHAPES
