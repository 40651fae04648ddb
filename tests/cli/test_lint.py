"""`smgen lint` over files and the project's pipelines: every option, format and exit code."""

import io
import json
import shutil
from pathlib import Path
from typing import TypeAlias

import pytest

from smgen.cli.lint_markdown import code, escaped, lint_markdown
from smgen.cli.lint_text import lint_text
from smgen.cli.progress import Progress
from smgen.diagnostics import Finding, Place
from smgen.workflows.linting import Linted, LintReport
from tests.cli.command_line import Result, smgen
from tests.project.checkout import CHECKOUT

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

RIGHT: dict[str, Json] = {
    "Version": "2020-12-01",
    "Parameters": [{"Name": "Message", "Type": "String", "DefaultValue": "stop"}],
    "Steps": [{"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": {"Get": "Parameters.Message"}}}],
}


def definition(*, unread: int = 0, undeclared: int = 0) -> dict[str, Json]:
    """A definition with this many parameters that nothing reads (warnings), and that nothing declares (errors)."""
    parameters: list[Json] = [{"Name": f"Unread{n}", "Type": "String", "DefaultValue": "x"} for n in range(unread)]
    steps: list[Json] = [
        {"Name": f"Stop{n}", "Type": "Fail", "Arguments": {"ErrorMessage": {"Get": f"Parameters.Lost{n}"}}}
        for n in range(undeclared)
    ]
    stop: Json = {"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": "stop"}}
    return {"Version": "2020-12-01", "Parameters": parameters, "Steps": [stop, *steps]}


def write(path: Path, value: Json) -> Path:
    path.write_text(json.dumps(value, indent=2), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with definitions that are right, or warned of, or wrong."""
    write(tmp_path / "right.json", RIGHT)
    write(tmp_path / "warned.json", definition(unread=1))
    write(tmp_path / "wrong.json", definition(undeclared=2, unread=1))
    return tmp_path


def rules(text: str) -> list[str]:
    return [item["rule"] for item in json.loads(text)["findings"]]


# Files -------------------------------------------------------------------------------------------------------------


def test_a_right_definition(folder: Path) -> None:
    result = smgen("lint", "right.json", cwd=folder)
    assert (result.code, result.out, result.err) == (0, "right.json: no findings\n", "")


def test_findings_of_one_file(folder: Path) -> None:
    result = smgen("lint", "wrong.json", cwd=folder)
    assert (result.code, result.err) == (1, "")
    assert "wrong.json:6:" in result.out or "wrong.json:5:" in result.out
    assert "error SMG301 undeclared-parameter: " in result.out
    assert result.out.splitlines()[-1] == "wrong.json: 2 errors, 1 warning"


def test_the_summary_of_several_files(folder: Path) -> None:
    result = smgen("lint", "right.json", "warned.json", "wrong.json", cwd=folder)
    assert result.code == 1
    assert result.out[result.out.index("pipeline  ") :] == (
        "pipeline     errors  warnings  notes  most frequent\n"
        "wrong.json        2         1      0  SMG301 (2 times), SMG302\n"
        "warned.json       0         1      0  SMG302\n"
        "\n"
        "3 pipelines linted, 1 with errors, 1 with only warnings or notes, 1 without findings: 2 errors, 2 warnings\n"
    )


def test_several_right_files(folder: Path) -> None:
    write(folder / "other.json", RIGHT)
    result = smgen("lint", "right.json", "other.json", cwd=folder)
    assert (result.code, result.out) == (0, "2 pipelines linted, 2 without findings: no findings\n")


@pytest.mark.parametrize(
    ("file", "fail_on", "expected"),
    [
        ("wrong.json", None, 1),
        ("wrong.json", "never", 0),
        ("warned.json", None, 0),
        ("warned.json", "error", 0),
        ("warned.json", "warning", 1),
        ("warned.json", "note", 1),
        ("warned.json", "never", 0),
        ("right.json", "note", 0),
    ],
)
def test_what_fails(folder: Path, file: str, fail_on: str | None, expected: int) -> None:
    options = [] if fail_on is None else ["--fail-on", fail_on]
    assert smgen("lint", file, *options, cwd=folder).code == expected


@pytest.mark.parametrize(
    ("content", "rule"),
    [(b"{", "SMG100"), (b"\xff", "SMG100"), (b'{"a": 1, "a": 2}', "SMG101"), (b"[]", "SMG300"), (b"", "SMG100")],
)
def test_what_is_no_definition_is_a_finding(folder: Path, content: bytes, rule: str) -> None:
    (folder / "bad.json").write_bytes(content)
    result = smgen("lint", "bad.json", "right.json", "--format", "json", cwd=folder)
    assert result.code == 1
    assert rules(result.out) == [rule]


def test_the_input_stream(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(json.dumps(definition(undeclared=1)).encode())

    monkeypatch.setattr("sys.stdin", Stdin)
    result = smgen("lint", "-", cwd=folder)
    assert result.code == 1
    assert result.out.startswith("<stdin>:1:")
    assert result.out.endswith("\n<stdin>: 1 error\n")


def test_what_describe_pipeline_prints_is_read(folder: Path) -> None:
    text = json.dumps(definition(unread=1))
    write(folder / "described.json", {"PipelineName": "x", "PipelineDefinition": text})
    result = smgen("lint", "described.json", "--format", "json", cwd=folder)
    assert rules(result.out) == ["SMG302"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no.json"], "Error: no.json: No such file or directory"),
        (["d/no"], "Error: d/no: No such file or directory"),
        (["folder"], "Error: folder: Is a directory"),
        (["right.json", "no.json"], "Error: no.json: No such file or directory"),
        (["right.json", "--region", "eu-west-1"], "Error: --profile, --region and --endpoint-url go with --pipelines."),
        (["right.json", "--profile", "x"], "Error: --profile, --region and --endpoint-url go with --pipelines."),
        (["right.json", "--format", "xml"], "Error: Invalid value for '--format'"),
        (["right.json", "--fail-on", "info"], "Error: Invalid value for '--fail-on'"),
        (["--pipelines", "*"], "Error: connecting to SageMaker: You must specify a region."),
        (["--pipelines", "*", "--profile", "x"], "Error: connecting to SageMaker: The config profile (x) could not"),
    ],
)
def test_what_cannot_be_answered(folder: Path, arguments: list[str], message: str) -> None:
    (folder / "folder").mkdir()
    result = smgen("lint", *arguments, cwd=folder)
    assert (result.code, result.out) == (2, "")
    assert message in result.err


def test_outside_of_a_project_a_name_says_so(folder: Path) -> None:
    for arguments in (["Fraud"], [], ["right.json", "--env", "prod"]):
        result = smgen("lint", *arguments, cwd=folder)
        assert (result.code, result.out) == (1, "")
        assert "SMG130 project-settings: there is no smgen project here" in result.err


# Formats -----------------------------------------------------------------------------------------------------------


def test_json(folder: Path) -> None:
    result = smgen("lint", "right.json", "wrong.json", "--format", "json", cwd=folder)
    document = json.loads(result.out)
    assert (result.code, result.err) == (1, "")
    assert document["counts"] == {"error": 2, "warning": 1, "note": 0}
    assert document["pipelines"] == [
        {"name": "right.json", "errors": 0, "warnings": 0, "notes": 0, "suppressed": 0},
        {"name": "wrong.json", "errors": 2, "warnings": 1, "notes": 0, "suppressed": 0},
    ]
    assert document["suppressed"] == []


def test_sarif_and_github(folder: Path) -> None:
    sarif = json.loads(smgen("lint", "wrong.json", "--format", "sarif", cwd=folder).out)
    results = sarif["runs"][0]["results"]
    assert sorted(item["ruleId"] for item in results) == ["SMG301", "SMG301", "SMG302"]
    assert all("suppressions" not in item for item in results)
    github = smgen("lint", "wrong.json", "--format", "github", cwd=folder).out.splitlines()
    assert sorted(line.partition(" file=wrong.json,line=")[0] for line in github) == ["::error", "::error", "::warning"]
    assert smgen("lint", "right.json", "--format", "github", cwd=folder).out == ""


def test_markdown(folder: Path) -> None:
    result = smgen("lint", "right.json", "wrong.json", "--format", "markdown", cwd=folder)
    assert result.code == 1
    assert result.out.startswith(
        "### smgen lint: 2 errors, 1 warning\n"
        "\n"
        "2 pipelines linted, 1 with errors, 1 without findings.\n"
        "\n"
        "| Pipeline | Errors | Warnings | Notes | Most frequent |\n"
        "|---|--:|--:|--:|---|\n"
        "| <code>wrong.json</code> | 2 | 1 |  | SMG301 undeclared-parameter (2 times), SMG302 unread-parameter |\n"
        "| <code>right.json</code> |  |  |  |  |\n"
        "\n"
        "<details>\n"
        "<summary><code>wrong.json</code>: 2 errors, 1 warning</summary>\n"
        "\n"
        "- **"
    )
    assert result.out.count("<details>") == result.out.count("</details>") == 1
    assert "**error SMG301** undeclared-parameter: " in result.out


def rendered(markdown: str) -> str:
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown))


HOSTILE = "</code></details> | a@b *x* `y` _z_ [l](u) #12 ~~s~~ <img src=x> &amp; \\ \n\x1b[31m"


def test_markdown_shows_hostile_text_as_it_is() -> None:
    finding = Finding("SMG302", HOSTILE, Place(file=HOSTILE, step=HOSTILE), given=HOSTILE, nearest=HOSTILE, fix=HOSTILE)
    text = lint_markdown(LintReport((Linted(HOSTILE, (finding,)),)))
    page = rendered(text)
    assert "<img" not in page
    assert "<em>" not in page
    assert "<a " not in page
    assert "@" not in text
    assert "#12" not in text.replace("&#12", "")
    assert page.count("<tr>") == 2
    assert page.count("<details>") == page.count("</details>") == 1
    assert "*x* `y` _z_ [l](u)" in page


def test_plain_text_stays_readable() -> None:
    assert escaped("the parameter MAX_ROWS of Steps.A['b'] [0]") == "the parameter MAX_ROWS of Steps.A['b'] [0]"
    assert code("a_b/c.json") == "<code>a_b/c.json</code>"


def test_markdown_is_short_enough_for_a_comment() -> None:
    findings = tuple(Finding("SMG302", "x" * 900, Place(file=f"{n}"), given="y" * 900) for n in range(90))
    subjects = tuple(Linted(f"pipeline-{n}", findings) for n in range(3_000))
    text = lint_markdown(LintReport(subjects))
    assert 40_000 < len(text) < 65_536
    assert " more pipelines are not shown.\n" in text
    assert "more pipelines are not shown: run `smgen lint` to see them.\n" in text
    one = lint_markdown(LintReport((Linted("p", tuple(Finding("SMG302", f"{n}") for n in range(60))),)))
    assert "\n- 10 more\n" in one


def test_long_names_do_not_spoil_the_table() -> None:
    findings = (Finding("SMG302", "m"),)
    text = lint_text(LintReport((Linted("a" * 200, findings), Linted("b\n\x1b", findings))))
    assert f"{'a' * 60}… (140 more characters)" in text
    assert "\x1b" not in text


# Suppressions ------------------------------------------------------------------------------------------------------


BESIDE = '[[suppressions]]\nrule = "SMG302"\npointer = "/Parameters"\nreason = "set by the trigger"\n'


def test_suppressions_beside_a_file(folder: Path) -> None:
    (folder / "wrong.json.smgen.toml").write_text(BESIDE, encoding="utf-8")
    result = smgen("lint", "wrong.json", cwd=folder)
    assert result.out.endswith("\nwrong.json: 2 errors, 1 suppressed\n")
    several = smgen("lint", "wrong.json", "right.json", cwd=folder)
    assert several.out.endswith("\n2 pipelines linted, 1 with errors, 1 without findings: 2 errors, 1 suppressed\n")
    markdown = smgen("lint", "wrong.json", "--format", "markdown", cwd=folder)
    assert "1 pipeline linted, 1 with errors; 1 finding suppressed.\n" in markdown.out
    document = json.loads(smgen("lint", "wrong.json", "--format", "json", cwd=folder).out)
    assert rules(json.dumps(document)) == ["SMG301", "SMG301"]
    assert [(item["rule"], item["reason"]) for item in document["suppressed"]] == [("SMG302", "set by the trigger")]
    sarif = json.loads(smgen("lint", "wrong.json", "--format", "sarif", cwd=folder).out)
    marked = {item["ruleId"]: item["suppressions"] for item in sarif["runs"][0]["results"]}
    assert marked == {"SMG301": [], "SMG302": [{"kind": "external", "justification": "set by the trigger"}]}
    # A suppressed warning no longer fails.
    (folder / "warned.json.smgen.toml").write_text(BESIDE, encoding="utf-8")
    assert smgen("lint", "warned.json", "--fail-on", "note", cwd=folder).code == 0


def test_a_suppression_beside_a_file_that_silences_nothing(folder: Path) -> None:
    (folder / "right.json.smgen.toml").write_text(BESIDE, encoding="utf-8")
    result = smgen("lint", "right.json", "--fail-on", "warning", cwd=folder)
    assert (result.code, result.out) == (
        1,
        "right.json.smgen.toml:1: warning SMG290 unused-suppression: the suppression silences nothing\n"
        '  given         rule = "SMG302", pointer = "/Parameters"\n'
        "  fix           remove it, or correct what it names\n"
        "\n"
        "right.json: 1 warning\n",
    )
    # What cannot be read may hold what it silences.
    (folder / "right.json").write_text("{", encoding="utf-8")
    assert rules(smgen("lint", "right.json", "--format", "json", cwd=folder).out) == ["SMG100"]


def test_a_wrong_suppression_is_an_error(folder: Path) -> None:
    (folder / "right.json.smgen.toml").write_text('[[suppressions]]\nrule = "SMG3O2"\n', encoding="utf-8")
    result = smgen("lint", "right.json", cwd=folder)
    assert (result.code, result.out) == (
        1,
        "right.json.smgen.toml:1: error SMG291 bad-suppression: a suppression gives no reason\n"
        '  given         rule = "SMG3O2"\n'
        '  fix           add reason = "…": why the team lives with the finding\n'
        "\n"
        "right.json.smgen.toml:2: error SMG291 bad-suppression: a suppression names a rule that does not exist\n"
        "  given         SMG3O2\n"
        "  did you mean  SMG302\n"
        "\n"
        "right.json: 2 errors\n",
    )
    markdown = smgen("lint", "right.json", "--format", "markdown", cwd=folder).out
    assert "<summary>Settings and suppressions: 2 errors</summary>" in markdown


# Pipelines of a project --------------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The abalone example, to be changed."""
    for name in ("pipeline.py", "pyproject.toml"):
        shutil.copy(CHECKOUT / "examples" / "abalone" / name, tmp_path / name)
    return tmp_path


def changed(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def appended(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


UNREAD = (
    '    threshold = p.float("MseThreshold"',
    '    p.string("Spare", default="x")\n    threshold = p.float("MseThreshold"',
)


def test_a_right_project(project: Path) -> None:
    for arguments in ([], ["AbalonePipeline"], ["--env", "prod"], ["AbalonePipeline", "--env", "dev"]):
        result = smgen("lint", *arguments, cwd=project)
        assert (result.code, result.out, result.err) == (0, "AbalonePipeline: no findings\n", ""), arguments


def test_findings_of_a_compiled_pipeline_name_the_module(project: Path) -> None:
    changed(project / "pipeline.py", UNREAD)
    document = json.loads(smgen("lint", "--format", "json", cwd=project).out)
    (finding,) = document["findings"]
    assert (finding["rule"], finding["place"]["file"]) == ("SMG302", "pipeline.py")
    assert document["pipelines"][0]["name"] == "AbalonePipeline"
    # From a folder below the project the file is named from there.
    (project / "sub").mkdir()
    inner = json.loads(smgen("lint", "--format", "json", cwd=project / "sub").out)
    assert inner["findings"][0]["place"]["file"].endswith("/pipeline.py")


def test_findings_about_a_step_name_the_line_that_added_it(project: Path) -> None:
    appended(project / "pyproject.toml", '\n[tool.smgen.policy]\nallowed_instance_types = ["ml.c5.*"]\n')
    document = json.loads(smgen("lint", "--env", "dev", "--format", "json", cwd=project).out)
    lines = (project / "pipeline.py").read_text(encoding="utf-8").splitlines()
    places = {item["place"]["step"]: item["place"] for item in document["findings"] if item["rule"] == "SMG435"}
    place = places["AbaloneProcess"]
    assert place["file"] == "pipeline.py"
    assert "p.add_step(" in lines[place["line"] - 1] or "AbaloneProcess" in lines[place["line"] - 1]


def test_a_policy_of_one_environment(project: Path) -> None:
    appended(project / "pyproject.toml", "\n[tool.smgen.environments.dev.policy]\nrequire_volume_key = true\n")
    both = json.loads(smgen("lint", "--format", "json", cwd=project).out)["findings"]
    assert {item["rule"] for item in both} == {"SMG431"}
    assert all(item["message"].endswith(" (for dev)") for item in both)
    assert smgen("lint", "--env", "prod", cwd=project).code == 0
    only = json.loads(smgen("lint", "--env", "dev", "--format", "json", cwd=project).out)["findings"]
    assert [item["message"] + " (for dev)" for item in only] == [item["message"] for item in both]


def test_the_policy_counts_for_files_too(project: Path) -> None:
    appended(project / "pyproject.toml", "\n[tool.smgen.environments.dev.policy]\nrequire_network = true\n")
    compiled = smgen("compile", "AbalonePipeline", "--env", "dev", "-o", "build", "--no-lint", cwd=project)
    assert compiled.code == 0
    assert smgen("lint", "build/definition.json", cwd=project).code == 0
    document = json.loads(smgen("lint", "build/definition.json", "--env", "dev", "--format", "json", cwd=project).out)
    assert {item["rule"] for item in document["findings"]} == {"SMG430"}


def test_source_findings_come_once_and_with_their_fix(project: Path) -> None:
    changed(project / "pipeline.py", ("mse.value <= threshold)", "mse.value <= threshold and threshold > 0)"))
    result = smgen("lint", cwd=project)
    assert result.code == 1
    assert result.out.count("SMG2") == 1
    assert "error SMG220 python-operator: `and` needs the truth of" in result.out
    assert "write (evaluation.metrics.regression_metrics.mse.value <= threshold) & (threshold > 0)" in result.out


def test_an_expression_of_several_lines_is_told_once(project: Path) -> None:
    changed(
        project / "pipeline.py",
        ("mse.value <= threshold)", "mse.value\n        <= threshold\n        and threshold\n        > 0)"),
    )
    assert rules(smgen("lint", "--format", "json", cwd=project).out) == ["SMG220"]


@pytest.mark.parametrize(
    ("new", "rule"),
    [
        ("mse.value\n        <= threshold & threshold\n        > 0)", "SMG220"),
        (
            'mse.value <= threshold)\n    p.fail(\n        "Stop",\n        "above "\n        + threshold,\n    )',
            "SMG221",
        ),
    ],
)
def test_what_python_says_of_the_same_statement_is_not_repeated(project: Path, new: str, rule: str) -> None:
    changed(project / "pipeline.py", ("mse.value <= threshold)", new))
    assert rules(smgen("lint", "--format", "json", cwd=project).out) == [rule]
    # Another one of the same module is.
    changed(project / "pipeline.py", UNREAD)
    changed(project / "pipeline.py", ('p.string("Spare", default="x")', 'len(p.string("Spare", default="x"))'))
    assert sorted(rules(smgen("lint", "--format", "json", cwd=project).out)) == sorted([rule, "SMG208"])


def test_what_an_environment_lacks_is_told_at_its_own_line(project: Path) -> None:
    changed(
        project / "pipeline.py",
        (
            '    threshold = p.float("MseThreshold"',
            '    env.model_package_group("gold")\n    threshold = p.float("MseThreshold"',
        ),
    )
    text = (project / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    found = json.loads(smgen("lint", "--format", "json", cwd=project).out)["findings"]
    for item, name in zip(found, ("dev", "prod"), strict=True):
        table = f"[tool.smgen.environments.{name}.model_package_groups]"
        assert item["rule"] == "SMG211"
        assert item["message"] == f"the environment '{name}' has no model_package_groups.gold"
        assert (item["expected"], item["expected_at"]["file"]) == (f"gold in {table}", "pipeline.py")
        assert item["fix"].endswith(f" to {table} in pyproject.toml")
        assert text[item["place"]["line"] - 1] == f"[tool.smgen.environments.{name}]"
    groups = "[tool.smgen.environments.dev.model_package_groups]\n"
    changed(project / "pyproject.toml", (groups, f'{groups}gold = "gold"\n'))
    (found,) = json.loads(smgen("lint", "--format", "json", cwd=project).out)["findings"]
    assert found["message"] == "the environment 'prod' has no model_package_groups.gold"


def test_an_unread_parameter_has_the_line_that_declares_it(project: Path) -> None:
    appended(project / "pipeline.py", '\n\ndef other(p, env):\n    p.string("Spare")\n')
    changed(project / "pipeline.py", UNREAD)
    (found,) = json.loads(smgen("lint", "--format", "json", cwd=project).out)["findings"]
    lines = (project / "pipeline.py").read_text(encoding="utf-8").splitlines()
    assert lines[found["place"]["line"] - 1] == '    p.string("Spare", default="x")'
    assert found["fix"] == 'use the variable that p.string("Spare") returns, or remove p.string("Spare")'


def test_defaults_of_parameters_that_no_pipeline_declares(project: Path) -> None:
    text = (project / "pyproject.toml").read_text(encoding="utf-8")
    appended(project / "pyproject.toml", '\n[tool.smgen.environments.dev.parameters]\nZebra = "x"\n')
    (found,) = json.loads(smgen("lint", "--format", "json", cwd=project).out)["findings"]
    assert (found["rule"], found["given"]) == ("SMG130", "Zebra")
    assert (found["place"]["file"], found["place"]["line"]) == ("pyproject.toml", text.count("\n") + 3)
    assert rules(smgen("lint", "--env", "dev", "--format", "json", cwd=project).out) == ["SMG130"]
    # Of one pipeline, or of another environment, nothing can be said, and neither where a pipeline was not built.
    assert smgen("lint", "AbalonePipeline", cwd=project).code == 0
    assert smgen("lint", "--env", "prod", cwd=project).code == 0
    changed(project / "pipeline.py", ("mse.value <= threshold)", "mse.value <= threshold and threshold > 0)"))
    assert rules(smgen("lint", "--format", "json", cwd=project).out) == ["SMG220"]


def test_what_compiling_finds_is_reported(project: Path) -> None:
    changed(
        project / "pipeline.py",
        ("training.model_artifacts,\n            test", "training.model_artefacts,\n            test"),
    )
    document = json.loads(smgen("lint", "--format", "json", cwd=project).out)
    assert [item["rule"] for item in document["findings"]] == ["SMG206"]
    assert document["findings"][0]["place"]["file"] == "pipeline.py"


TWO = """\
from smgen.runtime import FluentPipelineBuilder, join


def shared(p, value):
    return str(value)


def fraud(p, env):
    shared(p, p.string("Raw"))
    p.fail("Stop", f"nothing in {p.string('A')}")


def churn(p, env):
    p.condition("G", 0 < p.float("A") < 1).then.fail("F", "x")
"""


def test_each_pipeline_of_a_module_has_its_own_source_findings(project: Path) -> None:
    (project / "two.py").write_text(TWO, encoding="utf-8")
    changed(
        project / "pyproject.toml",
        ('AbalonePipeline = "pipeline.py:abalone"', 'Fraud = "two.py:fraud"\nChurn = "two.py:churn"'),
    )

    def lines(*names: str) -> list[int]:
        found = json.loads(smgen("lint", *names, "--format", "json", cwd=project).out)["findings"]
        return [item["place"]["line"] for item in found]

    # What a shared function does wrong is found in both.
    assert lines("Fraud") == [5, 10]
    assert lines("Churn") == [5, 14]
    assert lines() == [5, 10, 14]


def test_a_module_that_is_no_python_is_one_finding(project: Path) -> None:
    (project / "pipeline.py").write_text("def abalone(p, env:\n", encoding="utf-8")
    document = json.loads(smgen("lint", "--format", "json", cwd=project).out)
    assert [(item["rule"], item["place"]["line"]) for item in document["findings"]] == [("SMG210", 1)]


def test_what_a_module_prints_is_no_part_of_the_report(project: Path) -> None:
    appended(project / "pipeline.py", '\nprint("hello")\n')
    result = smgen("lint", "--format", "json", cwd=project)
    assert json.loads(result.out)["counts"] == {"error": 0, "warning": 0, "note": 0}
    assert result.err == "hello\nhello\n"


def test_an_unknown_name(project: Path) -> None:
    result = smgen("lint", "AbalonePipelin", cwd=project)
    assert (result.code, result.out) == (1, "")
    assert "SMG210 pipeline-function: there is no pipeline 'AbalonePipelin' in this project" in result.err
    assert "did you mean  AbalonePipeline" in result.err
    unknown = smgen("lint", "--env", "prd", cwd=project)
    assert unknown.code == 1
    assert "there is no environment 'prd' in this project" in unknown.err
    markdown = smgen("lint", "--env", "prd", "--format", "markdown", cwd=project)
    assert (markdown.code, markdown.out) == (1, "")
    machine = smgen("lint", "--env", "prd", "--format", "json", cwd=project)
    assert (machine.code, rules(machine.out)) == (1, ["SMG211"])


def suppression(**settings: str) -> str:
    lines = [f'{name} = "{value}"' for name, value in settings.items()]
    return "\n".join(["", "[[tool.smgen.suppressions]]", *lines, 'reason = "known"', ""])


@pytest.mark.parametrize(
    ("settings", "arguments", "expected"),
    [
        ({"rule": "SMG302"}, [], []),
        ({"rule": "SMG302", "pipeline": "Abalone*"}, [], []),
        ({"rule": "SMG302", "pipeline": "Abalone*"}, ["--env", "dev"], []),
        # Unused: everything that it could match was linted.
        ({"rule": "SMG301"}, [], ["SMG290", "SMG302"]),
        ({"rule": "SMG302", "step": "Nobody"}, [], ["SMG290", "SMG302"]),
        # A slip in the name of one of its pipelines.
        ({"rule": "SMG302", "pipeline": "AbalonePipelin"}, [], ["SMG290", "SMG302"]),
        ({"rule": "SMG302", "pipeline": "AbalonePipelin"}, ["--env", "dev"], ["SMG302"]),
        # Not everything was: another environment, other pipelines, deployed ones.
        ({"rule": "SMG301"}, ["--env", "dev"], ["SMG302"]),
        ({"rule": "SMG302", "pipeline": "Fraud*"}, [], ["SMG302"]),
    ],
)  # fmt: skip
def test_suppressions_of_a_project(
    project: Path, settings: dict[str, str], arguments: list[str], expected: list[str]
) -> None:
    changed(project / "pipeline.py", UNREAD)
    appended(project / "pyproject.toml", suppression(**settings))
    result = smgen("lint", "--format", "json", *arguments, cwd=project)
    assert sorted(rules(result.out)) == expected


def test_a_suppression_is_not_unused_while_a_pipeline_does_not_compile(project: Path) -> None:
    appended(project / "pyproject.toml", suppression(rule="SMG302"))
    assert rules(smgen("lint", "--format", "json", cwd=project).out) == ["SMG290"]
    changed(project / "pipeline.py", ('"AbaloneProcess"', '"Abalone Process"'))
    assert "SMG290" not in rules(smgen("lint", "--format", "json", cwd=project).out)


def test_suppressions_of_a_project_count_for_files(project: Path) -> None:
    write(project / "fraud.json", definition(unread=1))
    appended(project / "pyproject.toml", suppression(rule="SMG302", pipeline="fraud"))
    assert smgen("lint", "fraud.json", cwd=project).out == "fraud.json: no findings, 1 suppressed\n"
    # Nothing is said about a suppression that other files may need.
    write(project / "fraud.json", RIGHT)
    assert smgen("lint", "fraud.json", cwd=project).out == "fraud.json: no findings\n"


def test_wrong_settings_are_found(project: Path) -> None:
    appended(
        project / "pyproject.toml", "\n[tool.smgen.policy]\nrequire_networks = true\n[[tool.smgen.suppressions]]\n"
    )
    result = smgen("lint", "--format", "json", cwd=project)
    assert (result.code, sorted(rules(result.out))) == (1, ["SMG130", "SMG291", "SMG291"])
    # Compiling holds the pipeline against them, unless it is told not to.
    compile_it = ("compile", "AbalonePipeline", "--env", "dev", "-o", "build")
    assert sorted(rules(smgen(*compile_it, "--format", "json", cwd=project).out)) == ["SMG130", "SMG291", "SMG291"]
    assert smgen(*compile_it, "--no-lint", cwd=project).code == 0


def test_a_project_without_pipelines(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.smgen]\n", encoding="utf-8")
    nothing = "Nothing was linted: pyproject.toml lists no pipeline in [tool.smgen.pipelines].\n"
    assert smgen("lint", cwd=tmp_path) == Result(0, nothing, "")
    markdown = smgen("lint", "--format", "markdown", cwd=tmp_path)
    assert markdown == Result(0, f"### smgen lint: nothing to find\n\n{nothing}", "")
    machine = smgen("lint", "--format", "json", cwd=tmp_path)
    assert (machine.code, json.loads(machine.out)["pipelines"], machine.err) == (0, [], nothing)
    # What is wrong with the settings is said all the same.
    appended(tmp_path / "pyproject.toml", "\n[tool.smgen.policy]\nrequire_networks = true\n")
    wrong = smgen("lint", cwd=tmp_path)
    assert wrong.code == 1
    assert wrong.out.endswith(f"\n{nothing[0].lower()}{nothing[1:-2]}: 1 error\n")


# Progress ----------------------------------------------------------------------------------------------------------


BAR = "\r\x1b[KReading [############............] 1 of 2\r\x1b[K"


@pytest.mark.parametrize(("terminal", "shown"), [(True, BAR), (False, "")])
def test_progress_is_for_terminals(terminal: bool, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: terminal)
    monkeypatch.setattr("sys.stderr", stream)
    progress = Progress("Reading")
    progress(1, 2)
    progress.close()
    progress.close()
    assert stream.getvalue() == shown
