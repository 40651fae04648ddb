"""``[tool.smgen]`` of a project: what is read, and the line of everything that is wrong."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from smgen.diagnostics import Finding, Place
from smgen.runtime import (
    Environment,
    PipelineSource,
    Project,
    find_project,
    read_project,
    undeclared_environment_parameters,
)
from tests.runtime.fixture_package import findings_of, one_of

WHOLE = """\
[project]
name = "x"

[tool.smgen]
contracts = "specs"
output = "src/my_steps"

[tool.smgen.pipelines]
fraud = "pipelines/fraud.py:fraud"

[tool.smgen.environments.dev]
account = "123456789012"
region = "eu-west-1"
role = "arn:aws:iam::123456789012:role/r"
bucket = "one-bucket"
output_location = "s3://out/x"
asset_location = "s3://code"
kms_key = "alias/k"
output_kms_key = "alias/o"
subnets = ["s-1", "s-2"]
security_group_ids = ["g-1"]
tags = {team = "x"}
parameters = {A = "x", B = 3, C = 0.5, D = true}

[tool.smgen.environments.dev.images]
xgboost = "x:1"

[tool.smgen.environments.dev.model_package_groups]
fraud = "fraud-dev"

[tool.smgen.environments."my env"]
bucket = "two-bucket"
"""


def project(folder: Path, text: str) -> Path:
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_whole_project(tmp_path: Path) -> None:
    read = read_project(project(tmp_path, WHOLE))
    assert read == Project(
        tmp_path,
        "specs",
        "src/my_steps",
        {"fraud": PipelineSource("fraud", "pipelines/fraud.py", "fraud", Place(file="pyproject.toml", line=9))},
        {
            "dev": Environment(
                "dev",
                account="123456789012",
                region="eu-west-1",
                role="arn:aws:iam::123456789012:role/r",
                bucket="one-bucket",
                output_location="s3://out/x",
                asset_location="s3://code",
                kms_key="alias/k",
                output_kms_key="alias/o",
                subnets=("s-1", "s-2"),
                security_group_ids=("g-1",),
                tags={"team": "x"},
                images={"xgboost": "x:1"},
                model_package_groups={"fraud": "fraud-dev"},
                parameters={"A": "x", "B": 3, "C": 0.5, "D": True},
            ),
            "my env": Environment("my env", bucket="two-bucket"),
        },
    )
    assert [item.place.line for item in read.environments.values()] == [11, 31]


def test_a_project_without_anything(tmp_path: Path) -> None:
    assert read_project(project(tmp_path, "[tool.smgen]\n")) == Project(tmp_path, "contract_specs", None)


def test_the_nearest_project_upwards(tmp_path: Path) -> None:
    project(tmp_path, "[tool.smgen]\n")
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    project(tmp_path / "a", "[project]\nname = 'x'\n")
    assert find_project(inner).root == tmp_path.resolve()


def test_no_project_anywhere(tmp_path: Path) -> None:
    finding = one_of(lambda: find_project(tmp_path))
    assert (finding.rule, finding.message) == ("SMG130", "there is no smgen project here")


def test_everything_that_is_wrong_with_its_line(tmp_path: Path) -> None:
    text = """\
[tool.smgen]
contract = "specs"
contracts = "../specs"
output = "src/my-steps"

[tool.smgen.pipelines]
fraud = "pipelines/fraud.py"
"a_b" = "pipelines/fraud.py:fraud"
up = "../x.py:f"
number = 3

[tool.smgen.environments.dev]
acount = "1"
account = 123456789012
region = ""
bucket = ""
output_location = "/tmp"
asset_location = "s3://"
subnets = "s-1"
security_group_ids = ["g", 3]
tags = ["x"]
images = {a = 1}

[tool.smgen.environments.dev.parameters]
When = 2026-01-01
Many = [1]

[tool.smgen.environments]
prod = "x"
"""
    found = findings_of(lambda: read_project(project(tmp_path, text)))
    settings = "the setting '{}' of [tool.smgen{}] cannot be used"
    dev = ".environments.dev"
    assert [(finding.rule, finding.place.line, finding.message) for finding in found if finding.rule == "SMG130"] == [
        ("SMG130", 2, "[tool.smgen] has no setting 'contract'"),
        ("SMG130", 4, settings.format("output", "")),
        ("SMG130", 7, settings.format("fraud", ".pipelines")),
        ("SMG130", 10, settings.format("number", ".pipelines")),
        ("SMG130", 13, "[tool.smgen.environments.dev] has no setting 'acount'"),
        ("SMG130", 14, settings.format("account", dev)),
        ("SMG130", 15, settings.format("region", dev)),
        ("SMG130", 16, settings.format("bucket", dev)),
        ("SMG130", 17, settings.format("output_location", dev)),
        ("SMG130", 18, settings.format("asset_location", dev)),
        ("SMG130", 19, settings.format("subnets", dev)),
        ("SMG130", 20, settings.format("security_group_ids", dev)),
        ("SMG130", 21, settings.format("tags", dev)),
        ("SMG130", 22, settings.format("a", f"{dev}.images")),
        ("SMG130", 25, settings.format("When", f"{dev}.parameters")),
        ("SMG130", 26, settings.format("Many", f"{dev}.parameters")),
        ("SMG130", 29, settings.format("prod", ".environments")),
    ]
    assert [(finding.rule, finding.place.line) for finding in found if finding.rule != "SMG130"] == [
        ("SMG118", 3),
        ("SMG401", 8),
        ("SMG118", 9),
    ]
    given = {finding.place.line: (finding.given, finding.expected) for finding in found}
    assert given[14] == ("123456789012", "a text in quotes")
    assert given[16] == ("''", "a text in quotes")
    assert given[19] == ("'s-1'", "a list of texts")
    assert given[20] == ("['g', 3]", "a list of texts")
    assert given[26] == ("[1]", "a text, a number or true or false")
    contract = found[0]
    assert (contract.nearest, contract.fix) == ("contracts", "write contracts")


@pytest.mark.parametrize("name", ["class", "smgen", "1x", "ä", "."])
def test_a_package_that_cannot_be_imported(tmp_path: Path, name: str) -> None:
    finding = one_of(lambda: read_project(project(tmp_path, f'[tool.smgen]\noutput = "{name}"\n')))
    assert (finding.rule, finding.place.line) == ("SMG130", 2)
    assert finding.given == f"'{name}' cannot be imported"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[tool.smgen]\nenvironments.dev.region = 3\n", 2),
        ("[tool.smgen.environments]\n\ndev = {region = 3}\n", 3),
        ("[tool]\nsmgen = {environments = {dev = {region = 3}}}\n", 2),
        ("tool.smgen.environments.dev.region = 3\n", None),
        ('[tool.smgen.environments."dev"] # here\nx.y = 1\n"region" = 3\n', 3),
    ],
)
def test_tables_that_are_written_as_keys(tmp_path: Path, text: str, line: int | None) -> None:
    found = findings_of(lambda: read_project(project(tmp_path, text)))
    (region,) = [finding for finding in found if "'region'" in finding.message]
    assert region.place == Place(file="pyproject.toml", line=line)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"[tool.smgen]\nx = \n", Place(file="pyproject.toml", line=2, column=5)),
        (b"[tool.smgen]\nx = '\xff'\n", Place(file="pyproject.toml")),
    ],
)
def test_a_file_that_is_no_toml(tmp_path: Path, content: bytes, place: Place) -> None:
    (tmp_path / "pyproject.toml").write_bytes(content)
    for read in (read_project, find_project):
        finding = one_of(partial(read, tmp_path))
        assert (finding.rule, finding.message, finding.place) == ("SMG130", "pyproject.toml is no TOML", place)


def test_names_that_the_project_does_not_have(tmp_path: Path) -> None:
    read = read_project(project(tmp_path, WHOLE))
    assert one_of(lambda: read.pipeline("frad")) == Finding(
        "SMG210",
        "there is no pipeline 'frad' in this project",
        Place(file="pyproject.toml"),
        given="frad",
        expected="fraud",
        nearest="fraud",
        fix="add 'frad' to [tool.smgen.pipelines], or name one that is there",
    )
    finding = one_of(lambda: read.environment("prod"))
    assert (finding.rule, finding.expected) == ("SMG211", "dev, my env")


def test_without_a_file_the_error_passes_through(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_project(tmp_path)


def test_defaults_of_parameters_that_nobody_declares(tmp_path: Path) -> None:
    settings = """\
[tool.smgen.environments.dev.parameters]
Rate = 1.0
Rats = 2

[tool.smgen.environments.prod.parameters]
Whole = 3
"""
    read = read_project(project(tmp_path, settings))
    assert read.environments["dev"].parameter_places["Rats"] == Place(file="pyproject.toml", line=3)
    assert undeclared_environment_parameters(read, ["Rate", "Whole"]) == (
        Finding(
            "SMG130",
            "[tool.smgen.environments.dev.parameters] has a default of 'Rats', which no pipeline of the project "
            "declares",
            Place(file="pyproject.toml", line=3),
            given="Rats",
            expected="Rate, Whole",
            nearest="Rate",
            fix="write Rate",
        ),
    )
    found = undeclared_environment_parameters(read, [])
    assert [(finding.given, finding.expected, finding.fix) for finding in found] == [
        ("Rate", "no parameter", "remove 'Rate'"),
        ("Rats", "no parameter", "remove 'Rats'"),
        ("Whole", "no parameter", "remove 'Whole'"),
    ]


VALUES = """\
[tool.smgen.environments.dev]
max_parallel_steps = 4
asset_kms_key = "alias/k"
asset_bucket_owner = "444455556666"

[tool.smgen.environments.dev.values]
queue = "q-1"
count = 3
share = 0.5
strict = true
"""


def test_values_of_the_projects_own(tmp_path: Path) -> None:
    dev = read_project(project(tmp_path, VALUES)).environment("dev")
    assert (dev.max_parallel_steps, dev.asset_kms_key, dev.asset_bucket_owner) == (4, "alias/k", "444455556666")
    assert (dev.text("queue"), dev.integer("count"), dev.number("share"), dev.flag("strict")) == ("q-1", 3, 0.5, True)
    # A whole number is a number.
    assert repr(dev.number("count")) == "3.0"
    at = Place(file="pyproject.toml", line=1)
    unknown = one_of(lambda: dev.text("qeue"))
    assert (unknown.rule, unknown.nearest, unknown.place) == ("SMG211", "queue", at)
    assert unknown.message == "the environment 'dev' has no values.qeue"
    for read, name, expected in (
        (dev.text, "count", "a text"),
        (dev.integer, "share", "a whole number"),
        (dev.integer, "strict", "a whole number"),
        (dev.number, "strict", "a number"),
        (dev.flag, "queue", "true or false"),
    ):
        wrong = one_of(partial(read, name))
        assert (wrong.rule, wrong.expected, wrong.place) == ("SMG211", expected, at)


def test_values_that_are_wrong(tmp_path: Path) -> None:
    text = VALUES.replace("= 4", "= 0").replace("= true", "= []")
    found = findings_of(lambda: read_project(project(tmp_path, text)))
    assert [(item.place.line, item.expected) for item in found] == [
        (2, "a whole number from 1"),
        (10, "a text, a number or true or false"),
    ]


TARGETS = """\
[tool.smgen.pipelines]
Fraud = "pipelines/fraud.py:fraud"
Churn = {function = "pipelines/churn.py:churn", environments = ["dev", "prod"]}
"Price-1" = {function = "pipelines/price.py:price", environments = ["prod"]}

[tool.smgen.environments.dev]
account = "111122223333"
region = "eu-west-1"
role = "arn:aws:iam::111122223333:role/Dev"
bucket = "dev-bucket"
subnets = ["subnet-1"]
tags = {team = "ml", stage = "dev"}
parameters = {Limit = 3}

[tool.smgen.environments.dev.pipelines.Churn]
role = "arn:aws:iam::111122223333:role/Churn"
tags = {team = "churn"}
parameters = {Rounds = 5}

[tool.smgen.environments.test]
bucket = "test-bucket"

[tool.smgen.environments.prod]
bucket = "prod-bucket"
"""


def test_a_pipeline_says_where_it_goes(tmp_path: Path) -> None:
    read = read_project(project(tmp_path, TARGETS))
    assert {name: read.environments_of(name) for name in read.pipelines} == {
        "Fraud": ("dev", "test", "prod"),
        "Churn": ("dev", "prod"),
        "Price-1": ("prod",),
    }
    assert [source.place.line for source in read.pipelines.values()] == [2, 3, 4]
    assert read.targets() == (
        ("Fraud", "dev"),
        ("Fraud", "test"),
        ("Fraud", "prod"),
        ("Churn", "dev"),
        ("Churn", "prod"),
        ("Price-1", "prod"),
    )
    assert read.targets(environments=["dev"]) == (("Fraud", "dev"), ("Churn", "dev"))
    assert read.targets(["Churn", "Price-1"], ["prod", "dev"]) == (
        ("Churn", "prod"),
        ("Churn", "dev"),
        ("Price-1", "prod"),
    )
    elsewhere = one_of(lambda: read.targets(["Price-1"], ["dev"]))
    assert elsewhere == Finding(
        "SMG211",
        "the pipeline 'Price-1' does not go to the environment 'dev'",
        Place(file="pyproject.toml", line=4),
        given="dev",
        expected="prod",
        fix="name one of its environments, or add 'dev' to them in [tool.smgen.pipelines]",
    )
    assert one_of(lambda: read.environment("test", "Churn")).message == (
        "the pipeline 'Churn' does not go to the environment 'test'"
    )
    unknown = findings_of(lambda: read.targets(["Frod"], ["prd"]))
    assert [(item.rule, item.nearest) for item in unknown] == [("SMG210", "Fraud"), ("SMG211", "prod")]


def test_an_environment_says_values_for_one_pipeline(tmp_path: Path) -> None:
    read = read_project(project(tmp_path, TARGETS))
    own, other = read.environment("dev", "Churn"), read.environment("dev", "Fraud")
    assert other == read.environment("dev")
    assert own == replace(
        other,
        role="arn:aws:iam::111122223333:role/Churn",
        tags={"team": "churn", "stage": "dev"},
        parameters={"Limit": 3, "Rounds": 5},
    )
    assert (own.parameters_of_pipeline, own.parameter_place("Rounds").line) == (("Rounds",), 18)
    assert (own.place.line, own.parameter_place("Limit").line) == (6, 13)


def test_what_is_wrong_with_targets_and_values_for_pipelines(tmp_path: Path) -> None:
    text = TARGETS.replace('"dev", "prod"]', '"dve", "prod"]').replace('["prod"]}', "[]}")
    text += """
[tool.smgen.environments.prod.pipelines]
Chrun = {bucket = "a-bucket"}
Fraud = 3

[tool.smgen.environments.prod.pipelines.Churn]
account = "111122223333"
tags = 3

[tool.smgen.pipelines.Late]
functon = "pipelines/late.py:late"
"""
    found = findings_of(lambda: read_project(project(tmp_path, text)))
    assert [(item.place.line, item.message, item.nearest, item.fix) for item in found] == [
        (3, "there is no environment 'dve' in this project", "dev", "write dev"),
        (4, "the setting 'environments' of [tool.smgen.pipelines.Price-1] cannot be used", None, None),
        (
            15,
            "the pipeline 'Churn' does not go to the environment 'dev', which has values for it",
            None,
            "add 'dev' to the environments of 'Churn', or remove the table",
        ),
        (
            27,
            "the environment 'prod' has values for 'Chrun', which is no pipeline of the project",
            "Churn",
            "write Churn",
        ),
        (28, "the setting 'Fraud' of [tool.smgen.environments.prod.pipelines] cannot be used", None, None),
        (31, "[tool.smgen.environments.prod.pipelines.Churn] has no setting 'account'", None, "remove 'account'"),
        (32, "the setting 'tags' of [tool.smgen.environments.prod.pipelines.Churn] cannot be used", None, None),
        (34, "[tool.smgen.pipelines.Late] does not say the function of the pipeline", None, None),
        (35, "[tool.smgen.pipelines.Late] has no setting 'functon'", "function", "write function"),
    ]


WRONG_VALUES = """\
[tool.smgen.environments.dev]
account = "1111-2222-3333"
region = "us-esat-1"
role = "MyRole"
bucket = "s3://data/raw"
kms_key = "data key"
asset_kms_key = "data"
asset_bucket_owner = "me"

[tool.smgen.environments.new]
region = "us-west-7"
bucket = "Old_Bucket"
"""


def test_values_that_no_account_has_are_told_at_their_line_and_once(tmp_path: Path) -> None:
    read = read_project(project(tmp_path, WRONG_VALUES))
    dev = read.environment("dev")
    assert [(item.rule, item.place.line, item.given, item.nearest) for item in dev.problems] == [
        ("SMG130", 2, "1111-2222-3333", "111122223333"),
        ("SMG130", 3, "us-esat-1", "us-east-1"),
        ("SMG130", 4, "MyRole", None),
        ("SMG130", 5, "s3://data/raw", "data"),
        ("SMG130", 6, "data key", None),
        ("SMG130", 7, "data", "alias/data"),
        ("SMG130", 8, "me", None),
    ]
    assert dev.problems[2].expected == "the ARN of an IAM role, arn:aws:iam::111122223333:role/NAME"
    # Everything else is checked with what is right, or could be.
    repaired = dev.repaired()
    assert (repaired.account, repaired.region, repaired.bucket, repaired.kms_key) == (
        "111122223333",
        "us-east-1",
        "data",
        "alias/placeholder",
    )
    assert (dev.account, dev.region, dev.bucket, dev.kms_key) == (
        "1111-2222-3333",
        "us-esat-1",
        "s3://data/raw",
        "data key",
    )
    new = read.environment("new")
    assert [(item.rule, item.place.line, item.nearest) for item in new.problems] == [
        ("SMG141", 11, "us-west-1"),
        ("SMG141", 12, "old-bucket"),
    ]
    assert (new.repaired().region, new.repaired().bucket) == ("us-west-7", "Old_Bucket")
