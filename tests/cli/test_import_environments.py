"""One account is one environment: an import beside other pipelines changes nothing for them, a fleet has few."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import cast

import pytest

from smgen.documents import JsonObject
from tests.cli.command_line import Result, smgen, tree
from tests.importer import handmade
from tests.importer.filled_corpus import filled, written
from tests.project.checkout import CHECKOUT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = CHECKOUT / "tests/importer/cases"
CHURN = CASES / "churn/definition.json"
ROLES = CASES / "roles"
ROLE = "arn:aws:iam::111122223333:role/SageMakerRole"


def imported(folder: Path, *arguments: str | Path, code: int = 0) -> Result:
    result = smgen("import", *arguments, cwd=folder)
    assert result.code == code, result.err
    return result


def settings(project: Path) -> dict[str, object]:
    found: dict[str, object] = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["smgen"]
    return found


def table(value: object, *path: str) -> dict[str, object]:
    for name in path:
        value = table(value)[name]
    assert isinstance(value, dict)
    # The keys of a TOML table are texts.
    return cast("dict[str, object]", value)


def definition(bucket: str = "b-1", account: str = "111122223333", region: str = "eu-west-1") -> JsonObject:
    text = json.dumps(handmade.definition(bucket, account)).replace("eu-west-1", region)
    document: JsonObject = json.loads(text)
    return document


# Beside another pipeline ----------------------------------------------------------------------------------------------


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    """A project with a pipeline of its own, which lint finds nothing in."""
    assert smgen("init", "project", "--name", "fraud", cwd=tmp_path).code == 0
    assert smgen("generate", cwd=tmp_path / "project").code == 0
    assert smgen("lint", cwd=tmp_path / "project").out == "Fraud: no findings\n"
    return tmp_path / "project"


def test_an_import_changes_nothing_for_the_pipeline_beside_it(beside: Path) -> None:
    before = (beside / "pyproject.toml").read_text(encoding="utf-8")
    assert smgen("compile", "Fraud", "--env", "dev", "-o", "before", cwd=beside).code == 0
    result = imported(beside, CHURN, "-o", ".", "--env", "dev")
    assert "  dev: compiles to " in result.out
    assert "  for it alone, in dev: role, bucket, images, values.\n" in result.out
    assert "Fraud went to every environment. pyproject.toml says now where it goes: dev.\n" in result.out
    after = (beside / "pyproject.toml").read_text(encoding="utf-8")
    named = before.replace(
        'Fraud = "pipelines/fraud.py:fraud"\n',
        'Fraud = {function = "pipelines/fraud.py:fraud", environments = ["dev"]}\n'
        'ChurnV2 = {function = "pipelines/churn_v2.py:churn_v2", environments = ["dev"]}\n',
    )
    assert after == (
        f"{named}\n"
        "[tool.smgen.environments.dev.pipelines.ChurnV2]\n"
        f'role = "{ROLE}"\n'
        'bucket = "acme-ml-us-east-1"\n'
        "\n"
        "[tool.smgen.environments.dev.pipelines.ChurnV2.images]\n"
        'scikit-learn = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"\n'
        'xgboost = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"\n'
        "\n"
        "[tool.smgen.environments.dev.pipelines.ChurnV2.values]\n"
        'deploy_lambda_function_arn = "arn:aws:lambda:us-east-1:111122223333:function:deploy-churn"\n'
    )
    assert smgen("lint", cwd=beside).out == "2 pipelines linted, 2 without findings: no findings\n"
    assert smgen("compile", "Fraud", "--env", "dev", "-o", "after", cwd=beside).code == 0
    assert tree(beside / "before") == tree(beside / "after")


def test_a_new_environment_is_none_of_the_pipeline_beside_it(beside: Path) -> None:
    imported(beside, CHURN, "-o", ".", "--env", "prod")
    pipelines = table(settings(beside), "pipelines")
    assert table(pipelines, "Fraud")["environments"] == ["dev"]
    assert table(pipelines, "ChurnV2")["environments"] == ["prod"]
    assert smgen("lint", cwd=beside).out == "2 pipelines linted, 2 without findings: no findings\n"
    assert smgen("compile", "Fraud", "--env", "prod", "-o", "b", cwd=beside).code == 1


def test_without_an_environment_it_goes_to_the_one_of_its_account(beside: Path) -> None:
    imported(beside, CHURN, "-o", ".")
    assert list(table(settings(beside), "environments")) == ["dev"]
    written(beside, "elsewhere.json", definition(account="444455556666"))
    imported(beside, "elsewhere.json", "-o", ".")
    assert list(table(settings(beside), "environments")) == ["dev", "default"]
    assert table(settings(beside), "pipelines", "elsewhere")["environments"] == ["default"]


def test_another_account_under_the_same_name(beside: Path) -> None:
    written(beside, "elsewhere.json", definition(account="444455556666", region="us-east-1"))
    result = imported(beside, "elsewhere.json", "-o", ".", "--env", "dev")
    assert "  dev became dev-444455556666, for another account.\n" in result.out
    assert list(table(settings(beside), "environments")) == ["dev", "dev-444455556666"]
    assert smgen("lint", cwd=beside).code == 0


def test_two_accounts_of_one_project_that_are_the_same(beside: Path) -> None:
    path = beside / "pyproject.toml"
    text = path.read_text(encoding="utf-8")
    more = '\n[tool.smgen.environments.test]\naccount = "111122223333"\nregion = "us-east-1"\n'
    path.write_text(text + more, encoding="utf-8")
    document = definition(region="us-east-1")
    written(beside, "small.json", document)
    result = imported(beside, "small.json", "-o", ".", code=2)
    assert "dev and test are both in the account of small.json: say which, with --env." in " ".join(result.err.split())
    written(beside, "small.test.json", {"PipelineName": "Small", "PipelineDefinition": json.dumps(document)})
    imported(beside, "small.test.json", "-o", ".")
    assert table(settings(beside), "pipelines", "Small")["environments"] == ["test"]


@pytest.mark.parametrize(
    ("entry", "after"),
    [
        ('Fraud = {function = "pipelines/fraud.py:fraud"}', {"environments": ["dev"]}),
        ('Fraud = {function = "pipelines/fraud.py:fraud", environments = ["dev"]}', {"environments": ["dev"]}),
        ('[tool.smgen.pipelines.Fraud]\nfunction = "pipelines/fraud.py:fraud"', {"environments": ["dev"]}),
        ("'Fraud' = 'pipelines/fraud.py:fraud'  # ours", {"environments": ["dev"]}),
    ],
)
def test_entries_in_every_form(beside: Path, entry: str, after: dict[str, object]) -> None:
    path = beside / "pyproject.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('Fraud = "pipelines/fraud.py:fraud"', entry), encoding="utf-8")
    imported(beside, CHURN, "-o", ".", "--env", "prod")
    found = table(settings(beside), "pipelines", "Fraud")
    assert found == {"function": "pipelines/fraud.py:fraud", **after}
    assert ("# ours" in path.read_text(encoding="utf-8")) is ("# ours" in entry)
    assert smgen("lint", cwd=beside).code == 0


def test_entries_that_cannot_be_edited(beside: Path) -> None:
    path = beside / "pyproject.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace('[tool.smgen.pipelines]\nFraud = "pipelines/fraud.py:fraud"\n', "")
    path.write_text(text.replace("[tool.smgen]\n", '[tool.smgen]\npipelines.Fraud = "pipelines/fraud.py:fraud"\n'))
    before = tree(beside)
    result = imported(beside, CHURN, "-o", ".", "--env", "dev", code=1)
    assert "SMG130" in result.err
    assert tree(beside) == before


def test_a_parameter_of_the_environment_does_not_hide_that_of_the_code(beside: Path) -> None:
    path = beside / "pyproject.toml"
    more = '\n[tool.smgen.environments.dev.parameters]\nInputData = "s3://theirs/x"\n'
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    imported(beside, CHURN, "-o", ".", "--env", "dev")
    own = table(settings(beside), "environments", "dev", "pipelines", "ChurnV2")
    assert own["parameters"] == {"InputData": "s3://acme-ml-us-east-1/raw/abalone.csv"}


# Accounts and regions -------------------------------------------------------------------------------------------------


def fleet(project: Path) -> None:
    """What holds of the pipelines of three teams in two accounts, however they were imported."""
    found = settings(project)
    assert list(table(found, "environments")) == ["dev", "prod"]
    for name in ("Churn", "Fraud", "Price"):
        assert table(found, "pipelines", name)["environments"] == ["dev", "prod"]
    linted = smgen("lint", cwd=project)
    assert (linted.code, linted.out) == (0, "3 pipelines linted, 3 without findings: no findings\n")
    checked = smgen("import", "--check", ".", cwd=project)
    assert len(checked.out.splitlines()) == 6
    assert checked.code == 0
    for account, environment in (("111111111111", "dev"), ("222222222222", "prod")):
        for name in ("Churn", "Fraud", "Price"):
            compiled = smgen("compile", name, "--env", environment, "-o", "build", cwd=project)
            assert compiled.code == 0
            text = (project / "build/definition.json").read_text(encoding="utf-8")
            assert f"arn:aws:iam::{account}:role/{name.lower()}-role" in text


def test_a_fleet_has_as_many_environments_as_accounts(tmp_path: Path) -> None:
    imported(tmp_path, *sorted(ROLES.glob("*.json")), "-o", "project")
    project = tmp_path / "project"
    fleet(project)
    assert table(settings(project), "environments", "dev") == {
        "account": "111111111111",
        "region": "eu-west-1",
        "images": {"x": "111111111111.dkr.ecr.eu-west-1.amazonaws.com/x:1"},
        "pipelines": {
            name: {"role": f"arn:aws:iam::111111111111:role/{name.lower()}-role"}
            for name in ("Churn", "Fraud", "Price")
        },
    }
    assert len(list((project / "contract_specs").glob("*.json"))) == 2


def test_a_fleet_that_comes_one_by_one(tmp_path: Path) -> None:
    for name in ("Churn", "Fraud", "Price"):
        given = [part for env in ("dev", "prod") for part in ("--env", f"{env}={ROLES / f'{name}.{env}.json'}")]
        imported(tmp_path, *given, "-o", "project")
    fleet(tmp_path / "project")


def test_a_fleet_with_an_environment_for_each_file(tmp_path: Path) -> None:
    given = [
        part
        for name in ("Churn", "Fraud", "Price")
        for env in ("dev", "prod")
        for part in ("--env", f"{env}={ROLES / f'{name}.{env}.json'}")
    ]
    imported(tmp_path, *given, "-o", "project")
    fleet(tmp_path / "project")


def described(name: str, account: str, region: str = "eu-west-1") -> JsonObject:
    return {
        "PipelineName": name,
        "PipelineArn": f"arn:aws:sagemaker:{region}:{account}:pipeline/{name.lower()}",
        "RoleArn": f"arn:aws:iam::{account}:role/Runner",
        "PipelineDefinition": json.dumps(definition(account=account, region=region)),
    }


@pytest.mark.parametrize(
    ("files", "regions", "names"),
    [
        # What the files are called, their folders, the regions, the accounts, or both.
        (("One.dev.json", "One.prod.json"), ("eu-west-1", "eu-west-1"), ["dev", "prod"]),
        (("dev/One.json", "prod/One.json"), ("eu-west-1", "eu-west-1"), ["dev", "prod"]),
        (("One.json", "copy/One.dev.json"), ("eu-west-1", "us-east-1"), ["eu-west-1", "us-east-1"]),
        (("One.json", "One.a b.json"), ("eu-west-1", "eu-west-1"), ["111122223333", "444455556666"]),
    ],
)
def test_environments_are_called_by_what_tells_them_apart(
    files: tuple[str, str], regions: tuple[str, str], names: list[str], tmp_path: Path
) -> None:
    folder = tmp_path / "it is"
    for file, account, region in zip(files, ("111122223333", "444455556666"), regions, strict=True):
        written((folder / file).parent, Path(file).name, described("One", account, region))
    imported(folder, *files, "-o", "project")
    found = settings(folder / "project")
    assert list(table(found, "environments")) == names
    assert table(found, "pipelines", "One")["environments"] == names


@pytest.mark.parametrize("stem", ["churn", "Churn-Pipeline", "churn_pipeline", "pipeline"])
def test_a_file_is_called_after_words_of_its_pipeline(stem: str, tmp_path: Path) -> None:
    for env, account in (("dev", "111122223333"), ("prod", "444455556666")):
        written(tmp_path, f"{stem}.{env}.json", described("ChurnPipeline", account))
    imported(tmp_path, f"{stem}.dev.json", f"{stem}.prod.json", "-o", "project")
    found = settings(tmp_path / "project")
    assert list(table(found, "environments")) == ["dev", "prod"]
    assert list(table(found, "pipelines")) == ["ChurnPipeline"]


def test_three_of_one_account_and_one_of_another_region(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        written(tmp_path, f"{name}.json", described(name, "111122223333"))
    written(tmp_path, "d.json", described("d", "111122223333", "us-east-1"))
    imported(tmp_path, "a.json", "b.json", "c.json", "d.json", "-o", "project")
    assert list(table(settings(tmp_path / "project"), "environments")) == ["eu-west-1", "us-east-1"]


def test_two_regions_of_one_account(tmp_path: Path) -> None:
    for region in ("eu-west-1", "us-east-1"):
        written(tmp_path, f"small.{region}.json", definition(region=region))
    given = [part for region in ("eu-west-1", "us-east-1") for part in ("--env", f"dev=small.{region}.json")]
    # One pipeline has one definition for an environment.
    assert imported(tmp_path, *given, "-o", "p", "--name", "Small", code=2).out == ""
    imported(tmp_path, "--env", "dev=small.eu-west-1.json", "-o", "project", "--name", "First")
    result = imported(tmp_path, "--env", "dev=small.us-east-1.json", "-o", "project", "--name", "Second")
    assert "  dev became dev-us-east-1, for another region.\n" in result.out
    imported(tmp_path, "small.us-east-1.json", "-o", "project", "--name", "Third")
    found = settings(tmp_path / "project")
    assert {name: table(item)["environments"] for name, item in table(found, "pipelines").items()} == {
        "First": ["dev"],
        "Second": ["dev-us-east-1"],
        "Third": ["dev-us-east-1"],
    }
    assert smgen("lint", cwd=tmp_path / "project").code == 0


def test_the_same_account_for_several_pipelines_is_default(tmp_path: Path) -> None:
    for name in ("First", "Second"):
        written(tmp_path, f"{name}.json", definition(bucket=f"b-{name.lower()}"))
    imported(tmp_path, "First.json", "Second.json", "-o", "project")
    environment = table(settings(tmp_path / "project"), "environments", "default")
    assert environment["role"] == "arn:aws:iam::111122223333:role/Runner"
    assert environment["pipelines"] == {"First": {"bucket": "b-first"}, "Second": {"bucket": "b-second"}}
    assert smgen("import", "--check", "project", cwd=tmp_path).code == 0


# Tags and again -------------------------------------------------------------------------------------------------------


def tagged(**tags: str) -> JsonObject:
    """A pipeline whose training step has these tags."""
    document = definition()
    steps = document["Steps"]
    assert isinstance(steps, list)
    training = steps[1]
    assert isinstance(training, dict)
    arguments = training["Arguments"]
    assert isinstance(arguments, dict)
    arguments["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
    return document


def test_tags_that_differ_by_pipeline(tmp_path: Path) -> None:
    written(tmp_path, "First.json", tagged(team="a", cost="1"))
    written(tmp_path, "Second.json", tagged(team="b", cost="1"))
    imported(tmp_path, "First.json", "Second.json", "-o", "project")
    assert "tags" not in (tmp_path / "project/pyproject.toml").read_text(encoding="utf-8")
    # One contract serves both: its tags have the keys, the steps say the values.
    assert len(list((tmp_path / "project/contract_specs").glob("*.json"))) == 3
    assert 'tag_team="b"' in (tmp_path / "project/pipelines/second.py").read_text(encoding="utf-8")


def test_tags_that_differ_by_environment(tmp_path: Path) -> None:
    written(tmp_path, "Small.dev.json", tagged(team="a", stage="dev"))
    other = json.loads(json.dumps(tagged(team="a", stage="prod")).replace("111122223333", "444455556666"))
    written(tmp_path, "Small.prod.json", other)
    imported(tmp_path, "--env", "dev=Small.dev.json", "--env", "prod=Small.prod.json", "-o", "project")
    found = table(settings(tmp_path / "project"), "environments")
    assert [table(found, name)["values"] for name in ("dev", "prod")] == [{"tag_stage": "dev"}, {"tag_stage": "prod"}]
    assert 'tag_stage=env.text("tag_stage")' in (tmp_path / "project/pipelines/small.py").read_text(encoding="utf-8")


def test_tags_that_only_one_environment_has_are_its_own(tmp_path: Path) -> None:
    written(tmp_path, "Small.dev.json", definition())
    other = json.loads(json.dumps(tagged(team="a")).replace("111122223333", "444455556666"))
    written(tmp_path, "Small.prod.json", other)
    imported(tmp_path, "--env", "dev=Small.dev.json", "--env", "prod=Small.prod.json", "-o", "project")
    found = table(settings(tmp_path / "project"), "environments")
    assert ("tags" in table(found, "dev"), table(found, "prod")["tags"]) == (False, {"team": "a"})
    report = (tmp_path / "project/imported/Small.md").read_text(encoding="utf-8")
    words = "not every environment has the same tags, so that they are the environments', and the pipeline's too"
    assert f"- `the tags of steps`: {words}\n" in report


def test_an_environment_of_its_own_is_used_again(tmp_path: Path) -> None:
    written(tmp_path, "Small.dev.json", definition())
    other = json.loads(json.dumps(tagged(cost="1")).replace("111122223333", "444455556666"))
    written(tmp_path, "Small.prod.json", other)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.smgen.environments.prod]\naccount = "444455556666"\nregion = "eu-west-1"\ntags = {team = "risk"}\n'
    )
    sources = ("--env", "dev=Small.dev.json", "--env", "prod=Small.prod.json", "-o", ".")
    assert "  prod became prod-Small, for other tags.\n" in imported(tmp_path, *sources).out
    assert list(table(settings(tmp_path), "environments")) == ["prod", "dev", "prod-Small"]
    before = tree(tmp_path)
    imported(tmp_path, *sources)
    assert tree(tmp_path) == before
    imported(tmp_path, *sources, "--force")
    assert tree(tmp_path) == before


def test_three_environments_and_again(tmp_path: Path) -> None:
    accounts = {"dev": "111122223333", "test": "222233334444", "prod": "444455556666"}
    for name, account in accounts.items():
        written(tmp_path, f"Small.{name}.json", definition(f"b-{name}", account))
    files = [f"Small.{name}.json" for name in accounts]
    imported(tmp_path, *files, "-o", "project")
    before = tree(tmp_path / "project")
    again = imported(tmp_path, *files, "-o", "project")
    assert tree(tmp_path / "project") == before
    assert "went to every environment" not in again.out
    assert list(table(settings(tmp_path / "project"), "environments")) == ["dev", "test", "prod"]


def test_another_role_with_the_next_import(tmp_path: Path) -> None:
    written(tmp_path, "First.json", definition())
    written(tmp_path, "Second.json", definition("b-2"))
    imported(tmp_path, "First.json", "Second.json", "-o", "project")
    written(tmp_path, "Second.json", json.loads(json.dumps(definition("b-3")).replace("role/Runner", "role/Other")))
    refused = imported(tmp_path, "Second.json", "-o", "project", code=1)
    assert "SMG123" in refused.err
    imported(tmp_path, "Second.json", "-o", "project", "--force")
    environment = table(settings(tmp_path / "project"), "environments", "default")
    assert environment["pipelines"] == {
        "First": {"bucket": "b-1"},
        "Second": {"bucket": "b-3", "role": "arn:aws:iam::111122223333:role/Other"},
    }
    assert smgen("import", "--check", "project", cwd=tmp_path).code == 0


def test_an_environment_more_with_the_next_import(tmp_path: Path) -> None:
    written(tmp_path, "Small.json", definition())
    imported(tmp_path, "Small.json", "--env", "dev", "-o", "project")
    written(tmp_path, "Small.json", definition("b-2", "444455556666"))
    imported(tmp_path, "Small.json", "--env", "prod", "-o", "project", "--force")
    assert table(settings(tmp_path / "project"), "pipelines", "Small")["environments"] == ["dev", "prod"]


def test_one_of_two_environments_cannot_come_alone_again(tmp_path: Path) -> None:
    """The other one would no longer compile to what it was imported from, and nothing would say so."""
    written(tmp_path, "churn.dev.json", definition())
    written(tmp_path, "churn.prod.json", definition("b-2", "444455556666"))
    imported(tmp_path, "churn.dev.json", "churn.prod.json", "-o", "p")
    changed = json.loads(json.dumps(definition("b-2", "444455556666")).replace("ml.m5.xlarge", "ml.m5.4xlarge"))
    assert changed != definition("b-2", "444455556666")
    written(tmp_path, "churn.prod.json", changed)
    before = tree(tmp_path / "p")
    for force in ((), ("--force",)):
        result = imported(tmp_path, "churn.prod.json", "-o", "p", "--env", "prod", *force, code=1)
        assert "SMG135 import-differs: 'churn' goes to dev too, and would no longer compile to" in result.err
        assert "--env prod=… --env dev=…" in result.err
        assert "SMG123" not in result.err
        assert tree(tmp_path / "p") == before
    imported(tmp_path, "churn.dev.json", "churn.prod.json", "-o", "p", "--force")
    assert smgen("lint", cwd=tmp_path / "p").code == 0


def test_it_is_told_as_json(beside: Path) -> None:
    result = imported(beside, CHURN, "-o", ".", "--env", "dev", "--format", "json")
    document = json.loads(result.out)
    assert document["named_environments"] == {"Fraud": ["dev"]}
    assert document["pipelines"][0]["environments"][0]["own_values"] == [
        "role",
        "bucket",
        "images.scikit-learn",
        "images.xgboost",
        "values.deploy_lambda_function_arn",
    ]


def test_recorded_pipelines_of_two_teams_in_three_accounts(tmp_path: Path) -> None:
    accounts = {"dev": "111122223333", "stage": "222233334444", "prod": "444455556666"}
    for team in ("Red", "Blue"):
        for environment, account in accounts.items():
            document = filled("01", account, "us-east-1", f"{team.lower()}-{environment}")
            text = json.dumps(document).replace("AbalonePipeline", f"Abalone{team}")
            described: JsonObject = {
                "PipelineName": f"Abalone{team}",
                "PipelineArn": f"arn:aws:sagemaker:us-east-1:{account}:pipeline/abalone{team.lower()}",
                "RoleArn": f"arn:aws:iam::{account}:role/{team}-pipelines",
                "PipelineDefinition": text,
            }
            written(tmp_path / environment, f"Abalone{team}.json", described)
    files = [f"{environment}/Abalone{team}.json" for environment in accounts for team in ("Red", "Blue")]
    imported(tmp_path, *files, "-o", "project")
    found = settings(tmp_path / "project")
    assert list(table(found, "environments")) == ["dev", "stage", "prod"]
    assert len(list((tmp_path / "project/contract_specs").glob("*.json"))) == 7
    assert table(found, "environments", "stage", "pipelines") == {
        f"Abalone{team}": {
            "role": f"arn:aws:iam::222233334444:role/{team}-pipelines",
            "bucket": f"{team.lower()}-stage",
        }
        for team in ("Blue", "Red")
    }
    assert table(found, "environments", "stage", "values")["job_role"] == "arn:aws:iam::222233334444:role/Runner"
    assert smgen("import", "--check", "project", cwd=tmp_path).code == 0
