"""What users import is light: a generated module loads the few modules of smgen that it is written with."""

from __future__ import annotations

import subprocess
import sys

import pytest

# All that a generated module with a tuning, scalars and a config needs. A name more is a decision, no accident.
LOADED = {
    "smgen",
    "smgen.authoring",
    "smgen.authoring.builders",
    "smgen.authoring.calls",
    "smgen.authoring.config",
    "smgen.authoring.loading",
    "smgen.authoring.misuse",
    "smgen.authoring.operators",
    "smgen.authoring.places",
    "smgen.authoring.proxies",
    "smgen.authoring.ranges",
    "smgen.authoring.references",
    "smgen.authoring.tuning",
    "smgen.authoring.tuning_settings",
    "smgen.authoring.variables",
    "smgen.contract_model",
    "smgen.contract_model.names",
    "smgen.contract_model.step_contract",
    "smgen.diagnostics",
    "smgen.diagnostics.errors",
    "smgen.expressions",
    "smgen.expressions.expression_tree",
    "smgen.lazy_names",
    "smgen.runtime",
}


def loaded(program: str) -> set[str]:
    """The modules that a process of its own has loaded after a program."""
    end = "import sys; print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", f"{program}; {end}"], capture_output=True, text=True, check=True)
    return set(result.stdout.split())


def of_smgen(modules: set[str]) -> set[str]:
    return {name for name in modules if name.partition(".")[0] == "smgen"}


def test_a_generated_module_loads_what_it_is_written_with() -> None:
    assert of_smgen(loaded("import smgen_steps.xgboost_training")) == LOADED


@pytest.mark.parametrize("module", ["data_load", "model_evaluation", "model_registration", "lambda_function"])
def test_no_generated_module_loads_what_reads_contracts_or_builds(module: str) -> None:
    reports = {"smgen.authoring.origins", "smgen.authoring.reports", "smgen.expressions.json_paths"}
    assert of_smgen(loaded(f"import smgen_steps.{module}")) <= LOADED | reports


def test_a_config_that_is_right_asks_for_no_contract() -> None:
    program = "from smgen_steps.xgboost_training import Config; Config(num_round=100, eta=0.2, lambda_=1)"
    checking = {f"smgen.authoring.{name}" for name in ("config_checking", "config_values", "missing_values")}
    assert of_smgen(loaded(program)) == LOADED | checking


def test_the_public_name_loads_nothing_by_itself() -> None:
    assert of_smgen(loaded("import smgen.runtime")) == {"smgen", "smgen.lazy_names", "smgen.runtime"}


def test_a_pipeline_without_auto_ports_loads_no_resolver() -> None:
    program = (
        "from smgen.runtime import Environment, External, FluentPipelineBuilder; from smgen_steps import create_model; "
        "e = Environment('dev', account='111122223333', region='eu-west-1', bucket='b',"
        " role='arn:aws:iam::111122223333:role/r'); "
        "p = FluentPipelineBuilder('P', e); p.string('A', default='x'); p.build()"
    )
    found = of_smgen(loaded(program))
    assert "smgen.building.build" in found
    heavy = {"smgen.wiring.resolver", "smgen.building.auto", "smgen.building.adopting", "smgen.assets.archive"}
    assert found & (heavy | {"smgen.checks", "smgen.contracts", "smgen.settings"}) == set()
