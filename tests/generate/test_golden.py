"""The golden package: every feature of generated code, byte for byte, read by eye before it was accepted.

Update it with ``pytest tests/generate/test_golden.py --update-golden`` and read the diff.
"""

from __future__ import annotations

import ast
import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from smgen.contracts import ContractRegistry
from smgen.diagnostics import FindingsError
from smgen.documents import JsonValue
from smgen.generate import GenerationOptions, plan
from smgen.packages import contracts_path
from smgen.runtime import Environment, External, FluentPipelineBuilder, StepConfig
from tests.generate.conftest import GOLDEN, GOLDEN_CONTRACTS, TESTS
from tests.golden import Golden
from tests.typing.checkers import pyright_report

PACKAGE = GOLDEN / "golden_steps"
OPTIONS = GenerationOptions("golden_steps", contracts_path(PACKAGE, GOLDEN_CONTRACTS))
CODEGEN = TESTS.parent / "codegen"


def test_the_golden_package_is_what_is_generated(golden_registry: ContractRegistry, golden: Golden) -> None:
    golden.package(PACKAGE, plan(golden_registry, OPTIONS))


def test_the_layout_is_what_a_person_would_hand_in() -> None:
    for file in sorted(PACKAGE.glob("*.py")):
        lines = file.read_text(encoding="utf-8").split("\n")
        assert lines[-1] == ""
        assert lines[-2] != ""
        for number, line in enumerate(lines, 1):
            assert line == line.rstrip(), f"{file.name}:{number}"
            assert len(line) <= 120, f"{file.name}:{number}"


def test_every_public_thing_has_a_docstring() -> None:
    for file in sorted(PACKAGE.glob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), file.name
        for node in ast.walk(tree):
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name != "__init__":
                assert ast.get_docstring(node), f"{file.name}: {node.name}"


def test_ruff_finds_nothing_in_it() -> None:
    rules = "A,ARG,B,C4,D1,E,F,I,PIE,RET,RUF,SIM,UP,W"
    options = ["--isolated", "--no-cache", "--select", rules, "--ignore", "D107,D105,A002,A003", "--line-length", "120"]
    # The other package is no part of this one, wherever it lies.
    options += ["--target-version", "py310", "--config", 'lint.isort.known-third-party = ["shared_types"]']
    result = subprocess.run(
        [sys.executable, "-m", "ruff", "check", *options, PACKAGE], capture_output=True, text=True, check=False
    )
    assert result.stdout == "All checks passed!\n"


@pytest.fixture
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(GOLDEN), *sys.path])


@pytest.mark.usefixtures("_importable")
def test_the_package_is_imported_and_used() -> None:
    use = importlib.import_module("use_golden")
    environment = Environment(
        role="arn:aws:iam::123456789012:role/golden",
        bucket="golden",
        images={"trainer": "trainer:1", "evaluator": "evaluator:1"},
    )
    pipeline = FluentPipelineBuilder("Golden", environment)
    use.golden(pipeline)
    steps = {step.name: step for step in pipeline.build().definition.all_steps()}
    assert list(steps) == ["Train", "Evaluate", "Tell", "Gate", "Weak", "Prepare", "Check"]
    request = steps["Train"].arguments
    assert isinstance(request, dict)
    depth: JsonValue = {"Get": "Parameters.Depth"}
    region: JsonValue = {"Get": "Parameters.Region"}
    metric: JsonValue = {"Get": "Parameters.Metric"}
    assert request["HyperParameters"] == {
        "num_round": "10",
        "max_depth": {"Std:Join": {"On": "", "Values": [depth]}},
        "lambda": "0.5",
        "learning rate": "0.3",
        "objective": "reg:squarederror",
        "seed": "0",
        "verbosity": "1",
        "quantile": "0.5",
        "shuffle": "true",
        "layers": {"Std:Join": {"On": "", "Values": ["[1,", depth, "]"]}},
        "metrics": {"Std:Join": {"On": "", "Values": ['["mae","', metric, '"]']}},
        "weights": '{"a":0.5}',
    }
    assert request["Environment"] == {"REGION": region, "model_config": "x"}
    assert request["AlgorithmSpecification"] == {
        "TrainingImage": "trainer:1",
        "TrainingInputMode": "File",
        "ContainerEntrypoint": ["python3", "train.py"],
    }
    assert request["OutputDataConfig"] == {"S3OutputPath": "s3://bucket/model"}
    label: JsonValue = {"PropertyFile": {"Get": "Steps.Evaluate.PropertyFiles.Metrics"}, "Path": "label"}
    assert steps["Tell"].arguments == {
        "config": {"Std:JsonGet": label},
        "wait": depth,
        "recipients": [region, {"Get": "Steps.Train.TrainingJobName"}],
    }
    prepared, checked = steps["Prepare"].arguments, steps["Check"].arguments
    assert isinstance(prepared, dict)
    assert isinstance(checked, dict)
    assert prepared["Environment"] == {"JOB_TYPE": "training", "SHARE": "0.5"}
    assert checked["Environment"] == {"JOB_TYPE": "validation"}


@pytest.mark.usefixtures("_importable")
def test_a_training_step_is_tuned() -> None:
    use = importlib.import_module("use_golden")
    pipeline = FluentPipelineBuilder("Golden", Environment(role="arn:aws:iam::123456789012:role/golden"))
    use.tuned(pipeline)
    (step,) = (step for step in pipeline.build().definition.all_steps() if step.name == "Tune")
    assert step.type == "Tuning"
    job, definition = step.arguments["HyperParameterTuningJobConfig"], step.arguments["TrainingJobDefinition"]
    assert isinstance(job, dict)
    assert isinstance(definition, dict)
    rounds: JsonValue = {"Std:Join": {"On": "", "Values": [{"Get": "Parameters.Rounds"}]}}
    rate: JsonValue = {"Std:Join": {"On": "", "Values": [{"Get": "Parameters.Rate"}]}}
    assert job["ParameterRanges"] == {
        "ContinuousParameterRanges": [
            {"Name": "learning rate", "MinValue": rate, "MaxValue": "0.5", "ScalingType": "Logarithmic"}
        ],
        "CategoricalParameterRanges": [
            {"Name": "batch", "Values": ["16", "64"]},
            {"Name": "optimizer", "Values": ['"sgd"', '"adam"']},
            {"Name": "shuffle", "Values": ["true", "false"]},
        ],
        "IntegerParameterRanges": [{"Name": "rounds", "MinValue": "10", "MaxValue": rounds, "ScalingType": "Auto"}],
        "AutoParameters": [{"Name": "momentum", "ValueHint": "0.9"}],
    }
    assert step.arguments["Autotune"] == {"Mode": "Enabled"}
    assert definition["StaticHyperParameters"] == {"layers": "[1]", "sagemaker_program": '"fit.py"'}
    assert definition["AlgorithmSpecification"] == {
        "TrainingImage": "trainer:2",
        "TrainingInputMode": "File",
        "MetricDefinitions": [
            {"Name": "loss", "Regex": "loss=([0-9.]+)"},
            {"Name": "accuracy", "Regex": "accuracy=([0-9.]+)"},
            {"Name": "gain", "Regex": "gain=([0-9.]+)"},
        ],
    }


@pytest.mark.usefixtures("_importable")
def test_each_variant_has_a_module_and_its_contract_knows_its_family() -> None:
    family: dict[str, tuple[list[str], list[str]]] = {}
    for job_type in ("training", "validation", "scoring"):
        module = importlib.import_module(f"golden_steps.record_preparation_{job_type}")
        contract = module.CONTRACT
        assert (contract.family, contract.job_type) == ("RecordPreparation", job_type)
        family[contract.name] = (list(contract.input_ports), list(contract.output_ports))
    assert family == {
        "RecordPreparationTraining": (["records"], ["prepared", "learnt"]),
        "RecordPreparationValidation": (["records", "model"], ["prepared"]),
        "RecordPreparationScoring": (["records", "model"], ["prepared"]),
    }
    training = importlib.import_module("golden_steps.record_preparation_training")
    with pytest.raises(FindingsError, match="no port 'model'"):
        training.StepBuilder(training.Config(SHARE=0.5), records=External("s3://b/k"), model=External("s3://b/m"))
    scoring = importlib.import_module("golden_steps.record_preparation_scoring")
    with pytest.warns(DeprecationWarning, match="^use the variant validation$"):
        scoring.StepBuilder(records=External("s3://b/k"))


@pytest.mark.usefixtures("_importable")
def test_the_facade_has_every_class_of_the_package() -> None:
    steps = importlib.import_module("golden_steps.all")
    assert sorted(steps.__all__) == sorted(name for name in dir(steps) if name[0].isupper())


@pytest.mark.usefixtures("_importable")
def test_former_names_and_deprecated_contracts_are_told() -> None:
    training = importlib.import_module("golden_steps.model_training")
    config = training.Config(num_round=1, lambda_=1.0, volume_gb=1, REGION="NA")
    with pytest.raises(FindingsError) as caught:
        training.StepBuilder(config, training_data=External("s3://b/k"), data=External("s3://b/k"))
    assert [finding.rule for finding in caught.value.findings] == ["SMG501"]
    with pytest.raises(FindingsError, match="no port 'holdout'") as unknown:
        training.StepBuilder(config, training_data=External("s3://b/k"), holdout=External("s3://b/k"))
    assert [finding.rule for finding in unknown.value.findings] == ["SMG207"]
    heartbeat = importlib.import_module("golden_steps.heartbeat")
    with pytest.warns(DeprecationWarning, match="^use ReleaseNotice, which says more$"):
        heartbeat.StepBuilder()
    assert issubclass(heartbeat.Config, StepConfig)
    assert heartbeat.Config.model_fields == {}


@pytest.mark.slow
@pytest.mark.typecheck
def test_mypy_finds_nothing(tmp_path: Path) -> None:
    options = ["--strict", "--config-file=", "--python-version", "3.10", "--cache-dir", str(tmp_path)]
    result = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "golden_steps", "shared_types", "use_golden.py"],
        cwd=GOLDEN,
        env={**os.environ, "MYPYPATH": str(CODEGEN)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stdout == "Success: no issues found in 14 source files\n"


@pytest.mark.slow
@pytest.mark.typecheck
def test_pyright_finds_nothing() -> None:
    # Strict mode is a setting of a file: golden/pyrightconfig.json.
    report = pyright_report(GOLDEN)
    assert [f"{item['file']}: {item['message']}" for item in report["generalDiagnostics"]] == []
    assert report["summary"]["filesAnalyzed"] == 14
