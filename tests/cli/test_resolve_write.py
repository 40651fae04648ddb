"""`smgen resolve --write`: the modules after it, the pipelines they make, and when nothing is written."""

from __future__ import annotations

import json
import re
import shutil
import stat
from pathlib import Path

import pytest

from tests.cli.command_line import Result, smgen_process, tree
from tests.project.checkout import CHECKOUT
from tests.typing.checkers import mypy_errors, pyright_errors

EXAMPLE = CHECKOUT / "examples" / "abalone"
REFERENCE = re.compile(r"=(preprocessing|training|evaluation|model)\.\w+(,|\))")
WRITTEN = """\

pipeline.py:53  AbaloneTrain.training_data = preprocessing.processed_data
pipeline.py:54  AbaloneTrain.validation_data = preprocessing.validation_data
pipeline.py:60  AbaloneEval.model = training.model_artifacts
pipeline.py:61  AbaloneEval.test_data = preprocessing.test_data
pipeline.py:74  AbaloneRegisterModel-RegisterModel.model = training.model_artifacts
pipeline.py:75  AbaloneRegisterModel-RegisterModel.quality = evaluation.metrics
pipeline.py:80  AbaloneCreateModel-CreateModel.model = training.model_artifacts
pipeline.py:85  AbaloneTransform.model = model.model
8 ports written in 1 module.
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The example with every port AUTO."""
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "abalone", ignore=shutil.ignore_patterns("__pycache__")))
    text = original().replace("import Environment", "import AUTO, Environment")
    text, count = REFERENCE.subn(r"=AUTO\2", text)
    assert count == 8
    (folder / "pipeline.py").write_bytes(text.encode())
    return folder


def original() -> str:
    return (EXAMPLE / "pipeline.py").read_text(encoding="utf-8")


def write(project: Path, *options: str, cwd: Path | None = None) -> Result:
    return smgen_process("resolve", "--write", *options, cwd=cwd or project)


def definitions(project: Path, name: str = "AbalonePipeline") -> list[bytes]:
    found: list[bytes] = []
    for environment in ("dev", "prod"):
        options = ["compile", name, "--env", environment, "-o", f"build-{environment}"]
        result = smgen_process(*options, cwd=project)
        assert result.code == 0, result.err
        found.append((project / f"build-{environment}" / "definition.json").read_bytes())
    return found


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def found(result: Result) -> list[tuple[str, str | None, int | None, str]]:
    """The findings of a run that wrote nothing: rule, file, line and message."""
    assert result.code == 1
    assert result.err.endswith("Nothing was written.\n")
    document = json.loads(result.out)
    assert document.get("written", []) == []
    return [
        (item["rule"], item["place"].get("file"), item["place"].get("line"), item["message"])
        for item in document["findings"]
    ]


# What is written ---------------------------------------------------------------------------------------------------


def test_the_example_comes_back_byte_for_byte(project: Path) -> None:
    before = definitions(project)
    kept = {path: data for path, data in tree(project).items() if path != "pipeline.py"}
    (project / "pipeline.py").chmod(0o755)
    result = write(project, "AbalonePipeline", "--env", "dev")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("AbalonePipeline (dev)\n\nAbaloneTrain\n  = training_data ")
    assert result.out.endswith("8 bound, 0 ambiguous, 0 open\n" + WRITTEN)
    assert tree(project) == {**kept, "pipeline.py": (EXAMPLE / "pipeline.py").read_bytes()}
    assert stat.S_IMODE((project / "pipeline.py").stat().st_mode) == 0o755
    assert definitions(project) == before
    again = write(project)
    assert (again.code, again.err) == (0, "")
    assert again.out == ("AbalonePipeline (dev, prod)\nno port is AUTO\n\nNo AUTO port is bound: nothing to write.\n")


def test_without_the_option_nothing_is_written(project: Path) -> None:
    before = tree(project)
    assert smgen_process("resolve", cwd=project).code == 0
    assert tree(project) == before


def test_as_data_and_from_another_folder(project: Path, tmp_path: Path) -> None:
    result = write(project, "--project", "abalone", "--format", "json", cwd=tmp_path)
    assert result.code == 0
    document = json.loads(result.out)
    assert (document["findings"], len(document["written"])) == ([], 8)
    assert document["written"][7] == {
        "file": "abalone/pipeline.py",
        "line": 85,
        "steps": ["AbaloneTransform"],
        "port": "model",
        "expression": "model.model",
    }
    assert (project / "pipeline.py").read_text(encoding="utf-8") == original()


def test_a_byte_order_mark_and_the_line_ends_stay(project: Path) -> None:
    module = project / "pipeline.py"
    module.write_bytes(b"\xef\xbb\xbf" + module.read_bytes().replace(b"\n", b"\r\n"))
    assert write(project).code == 0
    assert module.read_bytes() == b"\xef\xbb\xbf" + original().replace("\n", "\r\n").encode()


def test_a_link_stays_one(project: Path) -> None:
    (project / "code").mkdir()
    (project / "pipeline.py").rename(project / "code" / "abalone.py")
    (project / "pipeline.py").symlink_to("code/abalone.py")
    assert write(project).code == 0
    assert (project / "pipeline.py").is_symlink()
    assert (project / "code" / "abalone.py").read_text(encoding="utf-8") == original()


def test_the_lock_decides_and_its_lines_are_left(project: Path) -> None:
    assert smgen_process("resolve", "--lock", cwd=project).code == 0
    result = write(project, "--locked")
    assert (result.code, result.err) == (0, "smgen.lock has 8 lines that no AUTO port needs any more: see --lock.\n")
    assert (project / "pipeline.py").read_text(encoding="utf-8") == original()


@pytest.mark.slow
@pytest.mark.typecheck
def test_steps_without_a_variable_get_one_and_both_type_checkers_agree(project: Path) -> None:
    module = project / "pipeline.py"
    before = definitions(project)
    change(module, "    preprocessing = p.add_step(", "    p.add_step(")
    change(module, "    model = gate.then.add_step(", "    gate.then.add_step(")
    assert write(project).code == 0
    expected = (
        original()
        .replace("preprocessing", "abalone_process")
        .replace("tabular_abalone_process", "tabular_preprocessing")
    )
    expected = expected.replace("    model = gate", "    abalone_create_model_create_model = gate")
    expected = expected.replace("model=model.model", "model=abalone_create_model_create_model.model")
    assert module.read_text(encoding="utf-8") == expected
    assert definitions(project) == before
    shutil.rmtree(project / "build-dev")
    shutil.rmtree(project / "build-prod")
    assert (mypy_errors(module), pyright_errors(module)) == ({}, {})


# Several pipelines and modules ---------------------------------------------------------------------------------------

HELPER = '''\
"""Steps that several pipelines have."""

from smgen.runtime import AUTO, FluentPipelineBuilder
from smgen_steps import create_model, xgboost_training


def train(p: FluentPipelineBuilder) -> None:
    """Adds a training, and its model."""
    p.add_step(
        "Train",
        xgboost_training.StepBuilder(
            xgboost_training.Config(num_round=1), training_data=AUTO, validation_data=AUTO
        ),
    )
    p.add_step("Model", create_model.StepBuilder(model=AUTO))
'''
PIPELINE = """\
from shared import train
from smgen.runtime import Environment, External, FluentPipelineBuilder
from smgen_steps import tabular_preprocessing


def small(p: FluentPipelineBuilder, env: Environment) -> None:
    p.add_step("Prep", tabular_preprocessing.StepBuilder(raw_data=External(env.uri("raw"))))
    train(p)
"""


@pytest.fixture
def several(project: Path) -> Path:
    """The example beside two pipelines that share a module."""
    for name in ("small", "other"):
        (project / f"{name}.py").write_text(PIPELINE.replace("small", name), encoding="utf-8")
    (project / "shared.py").write_text(HELPER, encoding="utf-8")
    change(
        project / "pyproject.toml",
        'AbalonePipeline = "pipeline.py:abalone"',
        'AbalonePipeline = "pipeline.py:abalone"\nSmall = "small.py:small"\nOther = "other.py:other"',
    )
    return project


def test_a_producer_in_another_module_stops_everything(several: Path) -> None:
    before = tree(several)
    assert found(write(several, "--format", "json")) == [
        (
            "SMG224",
            "shared.py",
            12,
            f"Prep.{output} is added in another module, and its variable is not known here",
        )
        for output in ("processed_data", "validation_data")
    ]
    assert tree(several) == before


def test_the_best_job_of_a_tuning_is_written(project: Path) -> None:
    module = project / "pipeline.py"
    text = module.read_text(encoding="utf-8")
    start = text.index("    training = p.add_step(")
    call = text[start : text.index("\n    )\n", start)]
    tuned = (
        call.rstrip().removesuffix(",") + '.tune(maximize="validation:auc", max_jobs=2, ranges={"alpha": (0.1, 0.2)}),'
    )
    module.write_text(text.replace(call, tuned), encoding="utf-8")
    result = write(project)
    assert (result.code, result.err) == (0, "")
    assert "  AbaloneEval.model = training.best.model_artifacts\n" in result.out
    assert "model=training.best.model_artifacts" in module.read_text(encoding="utf-8")


def test_several_modules_at_once(several: Path) -> None:
    change(
        several / "shared.py",
        "def train(p: FluentPipelineBuilder)",
        "def train(p: FluentPipelineBuilder, prep: tabular_preprocessing.Outputs)",
    )
    for old, new in (
        ("training_data=AUTO", "training_data=prep.processed_data"),
        ("validation_data=AUTO", "validation_data=prep.validation_data"),
    ):
        change(several / "shared.py", old, new)
    change(several / "shared.py", '"""Steps', 'from __future__ import annotations\n\n"""Steps')
    for name in ("small", "other"):
        change(several / f"{name}.py", "    p.add_step", "    prep = p.add_step")
        change(several / f"{name}.py", "train(p)", "train(p, prep)")
    before = definitions(several, "Other")
    result = write(several, "AbalonePipeline", "Small")
    assert (result.code, result.err) == (0, "")
    assert result.out.endswith(
        WRITTEN.replace("8 ports written in 1 module.\n", "")
        + "shared.py:17  Model.model = train_step.model_artifacts\n9 ports written in 2 modules.\n"
    )
    shared = (several / "shared.py").read_text(encoding="utf-8")
    assert "    train_step = p.add_step(\n" in shared
    assert "from smgen.runtime import FluentPipelineBuilder\n" in shared
    assert definitions(several, "Other") == before


# When nothing is written ---------------------------------------------------------------------------------------------


def test_environments_that_differ(project: Path) -> None:
    module = project / "pipeline.py"
    change(
        module,
        "    evaluation = p.add_step(",
        '    if env.name == "prod":\n'
        '        p.add_step("AbaloneTuned", xgboost_training.StepBuilder(xgboost_training.Config(num_round=9), '
        "training_data=preprocessing.processed_data))\n"
        "    evaluation = p.add_step(",
    )
    before = tree(project)
    # Two trainings leave the model of prod open; dev alone would be clear.
    result = write(project, "--env", "dev", "--format", "json")
    messages = found(result)
    assert {(rule, message) for rule, _, _, message in messages} == {
        ("SMG224", "the port is not bound to the same everywhere")
    }
    given = [item["given"] for item in json.loads(result.out)["findings"]]
    assert given == [
        "AbaloneTrain.model_artifacts (AbalonePipeline for dev); nothing (AbalonePipeline for prod)"
    ] * len(given)
    assert tree(project) == before


def test_an_ambiguous_port_stops_everything(project: Path) -> None:
    change(
        project / "pipeline.py",
        "    evaluation = p.add_step(",
        '    p.add_step("AbaloneTuned", xgboost_training.StepBuilder(xgboost_training.Config(num_round=9), '
        "training_data=preprocessing.processed_data))\n"
        "    evaluation = p.add_step(",
    )
    before = tree(project)
    assert {rule for rule, _, _, _ in found(write(project, "--format", "json"))} == {"SMG201"}
    assert tree(project) == before


def test_a_pipeline_that_reads_its_own_text_is_put_back(project: Path) -> None:
    module = project / "pipeline.py"
    change(module, '"abalone/abalone-dataset.csv"', 'f"{len(open(__file__).read())}"')
    before = tree(project)
    result = write(project, "--format", "json")
    assert found(result) == [
        (
            "SMG224",
            "pyproject.toml",
            4,
            f"written out, AbalonePipeline for {environment} would not be the same pipeline; "
            "the modules are as they were",
        )
        for environment in ("dev", "prod")
    ]
    assert tree(project) == before
    assert json.loads(result.out)["findings"][0]["given"] == "/Parameters/3/DefaultValue"


def test_a_module_outside_of_the_project(project: Path, tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    shutil.move(project / "pipeline.py", tmp_path / "lib" / "abalone_lib.py")
    (project / "pipeline.py").write_text(
        f"import sys\n\nsys.path.insert(0, {str(tmp_path / 'lib')!r})\nfrom abalone_lib import abalone\n",
        encoding="utf-8",
    )
    outside = (tmp_path / "lib" / "abalone_lib.py").as_posix()
    assert found(write(project, "--format", "json")) == [
        ("SMG224", outside, 37, "the module lies outside of the project, where nothing is written")
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--lock"], "--write leaves nothing that --lock could hold: give one of them."),
        (["dag.json"], "A DAG file is resolved alone, and without environments and lock."),
    ],
)
def test_options_that_do_not_go_together(project: Path, options: list[str], words: str) -> None:
    (project / "dag.json").write_text("{}", encoding="utf-8")
    result = write(project, *options)
    assert (result.code, words in result.err) == (2, True)
