"""`smgen resolve NAME`: the table, `smgen.lock`, `--locked`, and what a merge can leave behind."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.command_line import Result, smgen_process
from tests.project.checkout import CHECKOUT

EXAMPLE = CHECKOUT / "examples" / "abalone"
LOCK = """\
# What AUTO ports are bound to. Written by 'smgen resolve --lock'; one line for each binding.
AbalonePipeline: AbaloneCreateModel-CreateModel.model = AbaloneTrain.model_artifacts
AbalonePipeline: AbaloneEval.model = AbaloneTrain.model_artifacts
AbalonePipeline: AbaloneEval.test_data = AbaloneProcess.test_data
AbalonePipeline: AbaloneRegisterModel-RegisterModel.model = AbaloneTrain.model_artifacts
AbalonePipeline: AbaloneRegisterModel-RegisterModel.quality = AbaloneEval.evaluation.metrics
AbalonePipeline: AbaloneTrain.training_data = AbaloneProcess.processed_data
AbalonePipeline: AbaloneTrain.validation_data = AbaloneProcess.validation_data
AbalonePipeline: AbaloneTransform.model = AbaloneCreateModel-CreateModel.model
"""


def all_auto(text: str) -> str:
    """The example with AUTO instead of every reference that a port is given."""
    text = text.replace("import Environment", "import AUTO, Environment")
    text, count = re.subn(r"=(preprocessing|training|evaluation|model)\.\w+(,|\))", r"=AUTO\2", text)
    assert count == 8
    return text


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "abalone", ignore=shutil.ignore_patterns("__pycache__")))
    module = folder / "pipeline.py"
    module.write_text(all_auto(module.read_text(encoding="utf-8")), encoding="utf-8")
    return folder


def resolve(project: Path, *options: str) -> Result:
    return smgen_process("resolve", *options, cwd=project)


def compile_(project: Path, *options: str, env: str = "dev") -> Result:
    return smgen_process("compile", "AbalonePipeline", "--env", env, "-o", "build", *options, cwd=project)


def test_every_port_auto_is_the_explicit_pipeline(project: Path, tmp_path: Path) -> None:
    explicit = Path(shutil.copytree(EXAMPLE, tmp_path / "explicit", ignore=shutil.ignore_patterns("__pycache__")))
    for environment in ("dev", "prod"):
        first, second = compile_(project, env=environment), compile_(explicit, env=environment)
        assert (first.code, second.code, first.out) == (0, 0, second.out)
        assert first.err == "8 AUTO ports not in smgen.lock: see 'smgen resolve --lock'.\n"
        definition = "build/definition.json"
        assert (project / definition).read_bytes() == (explicit / definition).read_bytes()


def test_the_table(project: Path) -> None:
    result = resolve(project, "AbalonePipeline")
    assert (result.code, result.err) == (0, "\nThere is no smgen.lock yet: --lock writes one.\n")
    assert result.out == (
        "AbalonePipeline (dev, prod)\n"
        "\n"
        "AbaloneTrain\n"
        "  = training_data    AbaloneProcess.processed_data\n"
        "  = validation_data  AbaloneProcess.validation_data\n"
        "AbaloneEval\n"
        "  = model            AbaloneTrain.model_artifacts\n"
        "  = test_data        AbaloneProcess.test_data\n"
        "AbaloneRegisterModel-RegisterModel\n"
        "  = model            AbaloneTrain.model_artifacts\n"
        "  = quality          AbaloneEval.evaluation.metrics\n"
        "AbaloneCreateModel-CreateModel\n"
        "  = model            AbaloneTrain.model_artifacts\n"
        "AbaloneTransform\n"
        "  = model            AbaloneCreateModel-CreateModel.model\n"
        "\n"
        "8 bound, 0 ambiguous, 0 open\n"
    )


def test_the_resolution_as_data(project: Path) -> None:
    result = resolve(project, "--env", "dev", "--format", "json")
    assert (result.code, result.err) == (0, "")
    document = json.loads(result.out)
    assert document["findings"] == []
    (pipeline,) = document["pipelines"]
    assert (pipeline["pipeline"], pipeline["environments"], len(pipeline["ports"])) == ("AbalonePipeline", ["dev"], 8)
    port = pipeline["ports"][0]
    assert (port["step"], port["port"], port["state"]) == ("AbaloneTrain", "training_data", "bound")
    assert port["source"]["evidence"][0] == {
        "rule": "alias",
        "weight": 90,
        "words": "the output's alias 'training_data'",
    }


def test_a_pipeline_without_auto_says_so() -> None:
    result = resolve(EXAMPLE)
    assert (result.code, result.out, result.err) == (0, "AbalonePipeline (dev, prod)\nno port is AUTO\n", "")


def test_the_lock_is_written_and_held(project: Path) -> None:
    assert resolve(project, "--locked").code == 1
    assert compile_(project, "--locked").code == 1
    result = resolve(project, "--lock")
    assert (result.code, result.err) == (0, "")
    assert result.out.endswith("\nsmgen.lock holds 8 bindings.\n")
    assert (project / "smgen.lock").read_text(encoding="utf-8") == LOCK
    assert resolve(project, "--locked").code == 0
    for environment in ("dev", "prod"):
        compiled = compile_(project, "--locked", env=environment)
        assert (compiled.code, compiled.err) == (0, "")


def second_preprocessing(project: Path) -> None:
    module = project / "pipeline.py"
    text = module.read_text(encoding="utf-8")
    marker = '    training_output = env.uri("AbaloneTrain")\n'
    assert marker in text
    more = (
        '    p.add_step("AbaloneProcessAgain", tabular_preprocessing.StepBuilder(raw_data=External(input_data)))\n'
        + marker
    )
    module.write_text(text.replace(marker, more), encoding="utf-8")


def test_the_lock_keeps_what_became_ambiguous(project: Path) -> None:
    assert resolve(project, "--lock").code == 0
    second_preprocessing(project)
    result = resolve(project)
    assert "  ? training_data    two or more outputs fit as well; one of:\n" in result.out
    kept = "AbalonePipeline: AbaloneTrain.training_data = AbaloneProcess.processed_data"
    assert f"  {kept}  (today it would be nothing)\n" in result.out
    # The further step's own output is read by nobody, which is another matter.
    assert "SMG201" not in result.err
    assert resolve(project, "--locked").err.count("SMG218") == 0
    assert (project / "smgen.lock").read_text(encoding="utf-8") == LOCK
    afresh = resolve(project, "--update", "--lock")
    assert afresh.code == 1
    assert afresh.err.count("SMG201") == 2
    assert (project / "smgen.lock").read_text(encoding="utf-8") == LOCK


def test_lines_that_nobody_needs(project: Path) -> None:
    extra = "AbalonePipeline: Gone.x = AbaloneTrain.model_artifacts\nOther: A.x = B.y\n"
    (project / "smgen.lock").write_text(LOCK + extra, encoding="utf-8")
    result = resolve(project, "--locked")
    assert result.code == 1
    assert re.findall(r"smgen\.lock:(\d+): error SMG218 wiring-lock: (.*)", result.err) == [
        ("10", "smgen.lock has a line that no AUTO port needs"),
        ("11", "smgen.lock has a line that no AUTO port needs"),
    ]
    assert resolve(project, "AbalonePipeline", "--lock").code == 0
    assert (project / "smgen.lock").read_text(encoding="utf-8") == LOCK + "Other: A.x = B.y\n"
    assert resolve(project, "--lock").code == 0
    assert (project / "smgen.lock").read_text(encoding="utf-8") == LOCK


def test_a_merge_that_went_wrong(project: Path) -> None:
    broken = LOCK + "<<<<<<< HEAD\n"
    (project / "smgen.lock").write_text(broken, encoding="utf-8")
    for result in (compile_(project), resolve(project), resolve(project, "--lock")):
        assert result.code == 1
        assert "smgen.lock:10: error SMG218 wiring-lock: smgen.lock has a conflict of a merge in it" in result.err
    assert (project / "smgen.lock").read_text(encoding="utf-8") == broken
    assert resolve(project, "--update", "--lock").code == 0
    assert (project / "smgen.lock").read_text(encoding="utf-8") == LOCK


def test_not_utf8(project: Path) -> None:
    (project / "smgen.lock").write_bytes(b"\xff\n")
    result = compile_(project)
    assert (result.code, result.err.splitlines()[0]) == (
        1,
        "smgen.lock: error SMG218 wiring-lock: smgen.lock is not UTF-8",
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--lock", "--locked"), "--lock writes smgen.lock, --locked refuses to change it: give one of them."),
        (("--lock", "--env", "dev"), "smgen.lock holds what is bound in every environment: leave out --env."),
        (("x.json", "--lock"), "A DAG file is resolved alone, and without environments and lock."),
        (("x.json", "y.json"), "A DAG file is resolved alone, and without environments and lock."),
        (("--contracts", "."), "--contracts belongs to a DAG file; a pipeline knows its contracts."),
    ],
)
def test_wrong_usage(project: Path, options: tuple[str, ...], words: str) -> None:
    result = resolve(project, *options)
    assert result.code == 2
    assert words in re.sub(r"\s+", " ", result.err)


def test_unknown_names(project: Path) -> None:
    result = resolve(project, "AbalonPipeline")
    assert result.code == 1
    assert "did you mean  AbalonePipeline" in result.err
    assert "did you mean  prod" in resolve(project, "--env", "prd").err
