"""What is compiled is what the repository says: a stale package, a wrong value and an error of lint stop everything."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from smgen.runtime import read_project
from tests.cli.command_line import smgen, smgen_process, tree
from tests.use.edits import PIPELINE, SETTINGS, TRAINING, append, edit

COMPILE = ("compile", "Churn", "--env", "dev", "-o", "build")
#: Every command that takes what the package says for what the repository says.
COMMANDS = (
    COMPILE,
    (*COMPILE, "--no-lint"),
    ("lint",),
    ("lint", "Churn"),
    ("plan", "Churn"),
    ("deploy", "Churn", "--env", "dev"),
    ("resolve",),
    ("resolve", "Churn", "--lock"),
)
STALE = (
    "contract_specs/churn_train.json: error SMG140 stale-package: churn_steps was generated from an older state of this"
    " file\n"
    "  fix           run 'smgen generate' and commit the result\n"
    "\n"
    "1 error\n"
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_stale_package_is_refused(churn: Path, command: tuple[str, ...]) -> None:
    """Case 02: a volume is changed in the contract, and nobody generates."""
    edit(churn / TRAINING, '"VolumeSizeInGB": 50', '"VolumeSizeInGB": 500')
    before = tree(churn)
    result = smgen_process(*command, cwd=churn)
    assert (result.code, result.out, result.err) == (1, "", STALE)
    assert tree(churn) == before


def test_generating_makes_it_fresh(churn: Path) -> None:
    edit(churn / TRAINING, '"VolumeSizeInGB": 50', '"VolumeSizeInGB": 500')
    assert smgen("generate", cwd=churn).code == 0
    assert smgen_process(*COMPILE, cwd=churn).code == 0
    assert '"VolumeSizeInGB": 500' in (churn / "build/definition.json").read_text(encoding="utf-8")


def test_a_deployed_definition_needs_no_package(churn: Path) -> None:
    """Linting a file has nothing to do with the package."""
    assert smgen_process(*COMPILE, cwd=churn).code == 0
    edit(churn / TRAINING, '"VolumeSizeInGB": 50', '"VolumeSizeInGB": 500')
    assert smgen("lint", "build/definition.json", cwd=churn).code == 0


def region_typo(folder: Path) -> tuple[int, str]:
    edit(folder / SETTINGS, 'region = "us-east-1"', 'region = "us-esat-1"')
    result = smgen_process("lint", cwd=folder)
    return result.code, result.out


def test_a_region_that_is_none(churn: Path, tmp_path: Path) -> None:
    """Case 05: told once, at its line, with the nearest one, whatever asks for a region."""
    told = (
        "pyproject.toml:{}: error SMG130 project-settings: the region of [tool.smgen.environments.dev] cannot be right:"
        " no region of AWS is called so\n"
        "  given         us-esat-1\n"
        "  expected      a region such as us-east-1\n"
        "  did you mean  us-east-1\n"
        '  fix           write region = "us-east-1"\n'
    )
    code, out = region_typo(churn)
    assert (code, out.count("SMG130")) == (1, 1)
    assert out.startswith(told.format(14))
    compiled = smgen_process(*COMPILE, cwd=churn)
    assert (compiled.code, compiled.err) == (1, f"{told.format(14)}\n1 error\n")
    assert not (churn / "build").exists()
    assert smgen("init", "fraud", cwd=tmp_path).code == 0
    assert smgen("generate", cwd=tmp_path / "fraud").code == 0
    code, out = region_typo(tmp_path / "fraud")
    assert (code, out) == (1, f"{told.format(16)}\nFraud: 1 error\n")


@pytest.mark.parametrize(
    ("printed", "seen"),
    [
        ('print("hello")', "hello\n"),
        ('__import__("sys").stdout.write("hello")', "hello"),
        ('__import__("subprocess").run(["echo", "hello"])', "hello\n"),
        ('__import__("os").write(1, b"hello")', "hello"),
    ],
)
@pytest.mark.parametrize("output_format", ["json", "sarif"])
def test_the_output_is_the_document_alone(churn: Path, printed: str, seen: str, output_format: str) -> None:
    """Case 07: whatever a pipeline prints, and however."""
    edit(churn / PIPELINE, "    raw = p.string", f"    {printed}\n    raw = p.string")
    append(churn / PIPELINE, f"\n\n{printed}\n")
    for command in (COMPILE, (*COMPILE, "--no-lint"), ("lint", "Churn"), ("resolve", "Churn")):
        if command[0] == "resolve" and output_format != "json":
            continue
        result = smgen_process(*command, "--format", output_format, cwd=churn)
        assert result.code == 0
        json.loads(result.out)
        assert seen in result.err


def test_a_role_that_is_no_arn(churn: Path) -> None:
    """Case 08: one error at the line of the setting, and none per step."""
    edit(churn / SETTINGS, 'role = "arn:aws:iam::111122223333:role/placeholder-role"', 'role = "MyRole"')
    told = (
        "pyproject.toml:15: error SMG130 project-settings: the role of [tool.smgen.environments.dev] cannot be right: "
        "a role's name is not its ARN\n"
        "  given         MyRole\n"
        "  expected      the ARN of an IAM role, arn:aws:iam::111122223333:role/NAME\n"
        "  did you mean  arn:aws:iam::111122223333:role/MyRole\n"
        '  fix           write role = "arn:aws:iam::111122223333:role/MyRole"\n'
    )
    compiled = smgen_process(*COMPILE, cwd=churn)
    assert (compiled.code, compiled.err) == (1, f"{told}\n1 error\n")
    linted = smgen_process("lint", "Churn", cwd=churn)
    assert (linted.code, linted.out) == (1, f"{told}\nChurn: 1 error\n")


def test_every_wrong_value_comes_with_everything_else(churn: Path) -> None:
    """A wrong value hides nothing: legal ones stand in its place."""
    edit(churn / SETTINGS, 'role = "arn:aws:iam::111122223333:role/placeholder-role"', 'role = "MyRole"')
    edit(churn / SETTINGS, 'bucket = "placeholder-bucket"', 'bucket = "s3://churn data"')
    edit(churn / PIPELINE, "raw=External(raw)", 'raw=External("b/x")')
    found = json.loads(smgen_process(*COMPILE, "--format", "json", cwd=churn).out)["findings"]
    assert [(item["rule"], item["place"]["file"]) for item in found] == [
        ("SMG414", "pipelines/churn.py"),
        ("SMG130", "pyproject.toml"),
        ("SMG130", "pyproject.toml"),
    ]


def test_compile_writes_nothing_that_lint_refuses(churn: Path) -> None:
    """Case 13."""
    edit(churn / PIPELINE, "raw=External(raw)", 'raw=External("b/x")')
    linted, compiled = smgen_process("lint", "Churn", cwd=churn), smgen_process(*COMPILE, cwd=churn)
    assert (linted.code, compiled.code, compiled.out) == (1, 1, "")
    (error,) = [block for block in linted.out.split("\n\n") if ": error " in block]
    assert compiled.err == f"{error}\n\n1 error\n"
    assert not (churn / "build").exists()
    written = smgen_process(*COMPILE, "--no-lint", cwd=churn)
    assert (written.code, written.err) == (0, "")
    assert (churn / "build/definition.json").is_file()


def test_a_warning_is_counted_and_stops_nothing(churn: Path) -> None:
    edit(churn / PIPELINE, "    raw = p.string", '    p.string("Spare", default="x")\n    raw = p.string')
    result = smgen_process(*COMPILE, cwd=churn)
    assert (result.code, result.err) == (0, "1 warning: see 'smgen lint Churn --env dev'.\n")


def test_everything_that_an_environment_lacks_comes_at_once(churn: Path) -> None:
    """Case 16: at the environment's line, with the lines to add."""
    append(churn / SETTINGS, '\n[tool.smgen.environments.prod]\nregion = "eu-west-1"\nbucket = "churn-prod"\n')
    document = json.loads(smgen_process("lint", "Churn", "--env", "prod", "--format", "json", cwd=churn).out)
    table = "[tool.smgen.environments.prod"
    assert [(item["message"], item["fix"]) for item in document["findings"]] == [
        (
            "the environment 'prod' has no account",
            f'add account = "…" (a part of a text) to {table}] in pyproject.toml',
        ),
        (
            "the environment 'prod' has no model_package_groups.churn",
            f'add churn = "…" (name or ARN of the group) to {table}.model_package_groups] in pyproject.toml',
        ),
        (
            "the environment 'prod' has no role",
            f'add role = "…" (ARN of the execution role) to {table}] in pyproject.toml',
        ),
        (
            "the environment 'prod' has no values.queue",
            f'add queue = "…" (a text) to {table}.values] in pyproject.toml',
        ),
        (
            "the environment 'prod' has no image 'scikit-learn'",
            f'add scikit-learn = "<image URI>" to {table}.images] in pyproject.toml',
        ),
    ]
    assert {item["place"]["line"] for item in document["findings"]} == {39}
    # What asks for it is told beside it.
    asked = document["findings"][3]["expected_at"]
    assert (asked["file"], asked["line"]) == ("pipelines/churn.py", 29)


def test_with_the_lines_that_were_told_it_compiles(churn: Path) -> None:
    append(
        churn / SETTINGS,
        """
[tool.smgen.environments.prod]
region = "eu-west-1"
bucket = "churn-prod"
account = "444455556666"
role = "arn:aws:iam::444455556666:role/churn"
model_package_groups = {churn = "churn"}
values = {queue = "https://sqs.eu-west-1.amazonaws.com/444455556666/approve"}
images = {scikit-learn = "444455556666.dkr.ecr.eu-west-1.amazonaws.com/scikit-learn:1.2-1"}
""",
    )
    assert smgen_process("lint", "Churn", cwd=churn).out == "Churn: no findings\n"


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ('env.text("queue")', 'env.text("queue") + "/" + env.text("queu")', ["values.queue", "values.queu"]),
        ("env.model_package_group(", "env.integer('n') * 'x' + env.model_package_group(", ["values.queue", "values.n"]),
        ("epochs=epochs", "epochs=env.integer('epochs')", ["values.epochs", "values.queue"]),
        ("lr=0.01", "lr=env.number('rate')", ["values.rate", "values.queue"]),
        ("use_amp=True", "use_amp=env.flag('amp')", ["values.amp", "values.queue"]),
    ],
)
def test_whatever_is_made_of_what_is_missing_hides_nothing(churn: Path, old: str, new: str, names: list[str]) -> None:
    """A stand-in passes every check of a value, and nothing is said of it."""
    edit(churn / SETTINGS, "values = {queue = ", "values = {other = ")
    edit(churn / PIPELINE, old, new)
    found = json.loads(smgen_process("lint", "Churn", "--format", "json", cwd=churn).out)["findings"]
    assert {item["rule"] for item in found} == {"SMG211"}
    told = {item["message"].removeprefix("the environment 'dev' has no ") for item in found}
    assert told == set(names)


def test_other_mistakes_are_told_beside_what_is_missing(churn: Path) -> None:
    edit(churn / SETTINGS, "values = {queue = ", "values = {other = ")
    edit(churn / PIPELINE, "validation=prep.test", "validation=prep.train")
    edit(churn / PIPELINE, '"Repack"', '"Train"')
    found = json.loads(smgen_process("lint", "Churn", "--format", "json", cwd=churn).out)["findings"]
    assert "SMG211" in [item["rule"] for item in found]
    assert "SMG200" in [item["rule"] for item in found]


# Where a pipeline goes ----------------------------------------------------------------------------------------------


def two_environments(folder: Path) -> None:
    text = (folder / SETTINGS).read_text(encoding="utf-8")
    table = text[text.index("[tool.smgen.environments.dev]") : text.index("[tool.mypy]")]
    append(folder / SETTINGS, "\n" + table.replace("environments.dev", "environments.prod"))
    edit(
        folder / SETTINGS,
        'ChurnTuning = "pipelines/churn_tuning.py:tuning"',
        'ChurnTuning = {function = "pipelines/churn_tuning.py:tuning", environments = ["prod"]}',
    )


def test_commands_keep_to_where_a_pipeline_goes(churn: Path) -> None:
    two_environments(churn)
    resolved = smgen_process("resolve", "--format", "json", cwd=churn)
    pipelines = json.loads(resolved.out)["pipelines"]
    assert [(item["pipeline"], item["environments"]) for item in pipelines] == [
        ("Churn", ["dev", "prod"]),
        ("ChurnTuning", ["prod"]),
        ("ChurnRegions", ["dev", "prod"]),
    ]
    linted = smgen_process("lint", "--env", "dev", cwd=churn)
    assert linted.out == "2 pipelines linted, 2 without findings: no findings\n"
    refused = smgen_process("compile", "ChurnTuning", "--env", "dev", "-o", "build", cwd=churn)
    assert (refused.code, refused.err) == (
        1,
        "pyproject.toml:7: error SMG211 environment-value: the pipeline 'ChurnTuning' does not go to the environment"
        " 'dev'\n"
        "  given         dev\n"
        "  expected      prod\n"
        "  fix           name one of its environments, or add 'dev' to them in [tool.smgen.pipelines]\n"
        "\n"
        "1 error\n",
    )
    for command in (("plan", "ChurnTuning", "--env", "dev"), ("deploy", "ChurnTuning", "--env", "dev")):
        assert smgen_process(*command, cwd=churn).err == refused.err


def test_values_for_one_pipeline_are_compiled_for_it_alone(churn: Path) -> None:
    append(
        churn / SETTINGS,
        """
[tool.smgen.environments.dev.pipelines.Churn]
role = "arn:aws:iam::111122223333:role/churn"
bucket = "churn-only"
parameters = {Epochs = 3}
""",
    )
    assert smgen_process(*COMPILE, cwd=churn).code == 0
    own = (churn / "build/definition.json").read_text(encoding="utf-8")
    assert "placeholder-role" not in own
    assert "placeholder-bucket" not in own
    assert {"Name": "Epochs", "Type": "Integer", "DefaultValue": 3} in json.loads(own)["Parameters"]
    other = smgen_process("compile", "ChurnRegions", "--env", "dev", "-o", "other", cwd=churn)
    assert other.code == 0
    assert "churn-only" not in (churn / "other/definition.json").read_text(encoding="utf-8")


def test_a_parameter_for_one_pipeline_is_one_of_its_own(churn: Path) -> None:
    append(churn / SETTINGS, "\n[tool.smgen.environments.dev.pipelines.Churn.parameters]\nRounds = 3\n")
    result = smgen_process(*COMPILE, cwd=churn)
    assert result.code == 1
    assert result.err.startswith(
        "pyproject.toml:40: error SMG130 project-settings: [tool.smgen.environments.dev.pipelines.Churn.parameters] has"
        " a default of 'Rounds', which pipeline \"Churn\" does not declare\n"
    )


def test_the_environments_of_a_pipeline_are_those_of_its_tests(churn: Path) -> None:
    two_environments(churn)
    project = read_project(churn)
    assert project.environments_of("ChurnTuning") == ("prod",)


# Packages of others -------------------------------------------------------------------------------------------------


def test_the_stale_package_of_a_neighbour_is_refused(churn: Path, tmp_path: Path) -> None:
    """Steps that come from another team's package, which lies in the same repository with its contracts."""
    team = tmp_path / "team"
    shutil.copytree(churn, team)
    edit(churn / SETTINGS, 'output = "generated/churn_steps"\n', "")
    environment = {"PYTHONPATH": str(team / "generated")}
    shutil.rmtree(churn / "generated")
    assert smgen_process(*COMPILE, cwd=churn, environment=environment).code == 0
    shutil.rmtree(churn / "build")
    edit(team / TRAINING, '"VolumeSizeInGB": 50', '"VolumeSizeInGB": 500')
    stale = smgen_process(*COMPILE, cwd=churn, environment=environment)
    assert (stale.code, stale.out) == (1, "")
    assert f"{team}/{TRAINING}: error SMG140 stale-package: " in stale.err
    assert not (churn / "build").exists()
    # Installed without its contracts, it is what it is.
    shutil.rmtree(team / "contract_specs")
    installed = smgen_process(*COMPILE, "--no-lint", cwd=churn, environment=environment)
    assert "SMG140" not in installed.err


# What a breaker found -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "copied",
    [
        "import copy; env = copy.deepcopy(env)",
        "import copy; env = copy.copy(env)",
        "import pickle; env = pickle.loads(pickle.dumps(env))",
        "from dataclasses import replace; env = replace(env, name='other')",
    ],
)
@pytest.mark.parametrize("asked", ['env.text("queue")', 'env.text("queue")[:] + "x"', 'str(env.text("queue"))'])
def test_no_stand_in_reaches_a_definition(churn: Path, copied: str, asked: str) -> None:
    """Whatever a function does with the environment that it was given."""
    edit(churn / SETTINGS, "values = {queue = ", "values = {other = ")
    edit(churn / PIPELINE, "    raw = p.string", f"    {copied}\n    raw = p.string")
    edit(churn / PIPELINE, 'env.text("queue")', asked)
    for command in (COMPILE, (*COMPILE, "--no-lint")):
        result = smgen_process(*command, cwd=churn)
        assert result.code == 1
        assert "error SMG211" in result.err
        assert not (churn / "build").exists()


@pytest.mark.parametrize(
    "asked",
    [
        'str(int(env.text("queue")[20:]))',
        '__import__("json").loads(env.text("queue"))["x"]',
        'env.text("queue").split(",")[1]',
        'env.text("queue") if 10 // (env.integer("n") - 1) else "x"',
    ],
)
def test_what_a_function_makes_of_a_stand_in_is_no_finding(churn: Path, asked: str) -> None:
    edit(churn / SETTINGS, "values = {queue = ", "values = {other = ")
    edit(churn / PIPELINE, 'env.text("queue")', asked)
    found = json.loads(smgen_process("lint", "Churn", "--format", "json", cwd=churn).out)["findings"]
    assert {item["rule"] for item in found} == {"SMG211"}


@pytest.mark.parametrize("rule", ["SMG211", "SMG210"])
def test_a_suppression_builds_nothing(churn: Path, rule: str) -> None:
    """A pipeline that could not be built is not there, whatever is suppressed."""
    if rule == "SMG211":
        edit(churn / SETTINGS, 'bucket = "placeholder-bucket"\n', "")
    else:
        edit(churn / PIPELINE, "    raw = p.string", "    1 / 0\n    raw = p.string")
    append(churn / SETTINGS, f'\n[[tool.smgen.suppressions]]\nrule = "{rule}"\nreason = "x"\n')
    for options in ((), ("--format", "json")):
        result = smgen_process(*COMPILE, *options, cwd=churn)
        assert result.code == 1
        assert rule in result.err + result.out
        assert "Traceback" not in result.err


def test_warnings_stand_in_the_document(churn: Path) -> None:
    edit(churn / PIPELINE, "    raw = p.string", '    p.string("Spare", default="x")\n    raw = p.string')
    document = json.loads(smgen_process(*COMPILE, "--format", "json", cwd=churn).out)
    assert document["counts"] == {"error": 0, "warning": 1, "note": 0}
    assert [item["rule"] for item in document["findings"]] == ["SMG302"]


@pytest.mark.parametrize("text", [f"x = {'9' * 5000}\n", f"x = {'[' * 3000}{']' * 3000}\n"])
def test_settings_that_python_cannot_read(churn: Path, text: str) -> None:
    append(churn / SETTINGS, f"\n[tool.other]\n{text}")
    result = smgen_process(*COMPILE, cwd=churn)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("pyproject.toml: error SMG130 project-settings: pyproject.toml is no TOML\n")


def test_a_role_of_another_account(churn: Path) -> None:
    edit(churn / SETTINGS, 'account = "111122223333"', 'account = "444455556666"')
    found = json.loads(smgen_process("lint", "Churn", "--format", "json", cwd=churn).out)["findings"]
    told = {(item["rule"], item["severity"], item["place"]["line"]) for item in found}
    # The role is told at its setting; what a contract names in the account that was there before, beside its step.
    assert ("SMG143", "warning", 15) in told
    assert {rule for rule, _, _ in told} == {"SMG143", "SMG426"}


def test_a_wrong_account_does_not_put_the_role_into_another(churn: Path) -> None:
    edit(churn / SETTINGS, 'account = "111122223333"', 'account = "11112222333"')
    found = json.loads(smgen_process("lint", "Churn", "--format", "json", cwd=churn).out)["findings"]
    assert [(item["rule"], item["place"]["line"]) for item in found] == [("SMG130", 13)]


def test_wrong_values_come_with_wrong_settings(churn: Path) -> None:
    edit(churn / SETTINGS, 'region = "us-east-1"', 'region = "us-esat-1"\nkms_kye = "x"')
    found = json.loads(smgen_process(*COMPILE, "--format", "json", cwd=churn).out)["findings"]
    assert [(item["rule"], item["place"]["line"]) for item in found] == [("SMG130", 14), ("SMG130", 15)]


def test_a_contract_that_was_renamed_is_named(churn: Path) -> None:
    edit(churn / "contract_specs/churn_prepare.json", '"name": "ChurnPrepare"', '"name": "ChurnPrepared"')
    assert smgen("generate", cwd=churn).code == 0
    result = smgen_process("compile", "ChurnTuning", "--env", "dev", "-o", "build", cwd=churn)
    assert result.code == 1
    assert "  did you mean  churn_prepared\n" in result.err
