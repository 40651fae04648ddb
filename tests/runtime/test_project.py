"""``[tool.smgen]`` of a project: what is read, and the line of everything that is wrong."""

from __future__ import annotations

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
role = "arn:role"
bucket = "b"
output_location = "s3://out/x"
asset_location = "s3://code"
kms_key = "k"
output_kms_key = "o"
subnets = ["s-1", "s-2"]
security_group_ids = ["g-1"]
tags = {team = "x"}
parameters = {A = "x", B = 3, C = 0.5, D = true}

[tool.smgen.environments.dev.images]
xgboost = "x:1"

[tool.smgen.environments.dev.model_package_groups]
fraud = "fraud-dev"

[tool.smgen.environments."my env"]
bucket = "c"
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
                role="arn:role",
                bucket="b",
                output_location="s3://out/x",
                asset_location="s3://code",
                kms_key="k",
                output_kms_key="o",
                subnets=("s-1", "s-2"),
                security_group_ids=("g-1",),
                tags={"team": "x"},
                images={"xgboost": "x:1"},
                model_package_groups={"fraud": "fraud-dev"},
                parameters={"A": "x", "B": 3, "C": 0.5, "D": True},
            ),
            "my env": Environment("my env", bucket="c"),
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
bucket = "s3://b/x"
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
    assert given[16] == ("'s3://b/x'", "the bucket's name, without s3:// and without a prefix")
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
asset_kms_key = "k"
asset_bucket_owner = "444455556666"

[tool.smgen.environments.dev.values]
queue = "q-1"
count = 3
share = 0.5
strict = true
"""


def test_values_of_the_projects_own(tmp_path: Path) -> None:
    dev = read_project(project(tmp_path, VALUES)).environment("dev")
    assert (dev.max_parallel_steps, dev.asset_kms_key, dev.asset_bucket_owner) == (4, "k", "444455556666")
    assert (dev.text("queue"), dev.integer("count"), dev.number("share"), dev.flag("strict")) == ("q-1", 3, 0.5, True)
    # A whole number is a number.
    assert repr(dev.number("count")) == "3.0"
    at = Place(file="pyproject.toml", line=1)
    unknown = one_of(lambda: dev.text("qeue"))
    assert (unknown.rule, unknown.nearest, unknown.expected_at) == ("SMG211", "queue", at)
    assert unknown.message == "the environment 'dev' has no values.qeue"
    for read, name, expected in (
        (dev.text, "count", "a text"),
        (dev.integer, "share", "a whole number"),
        (dev.integer, "strict", "a whole number"),
        (dev.number, "strict", "a number"),
        (dev.flag, "queue", "true or false"),
    ):
        wrong = one_of(partial(read, name))
        assert (wrong.rule, wrong.expected, wrong.expected_at) == ("SMG211", expected, at)


def test_values_that_are_wrong(tmp_path: Path) -> None:
    text = VALUES.replace("= 4", "= 0").replace("= true", "= []")
    found = findings_of(lambda: read_project(project(tmp_path, text)))
    assert [(item.place.line, item.expected) for item in found] == [
        (2, "a whole number from 1"),
        (10, "a text, a number or true or false"),
    ]
