"""DAGValidator: what provenance and contracts add to the rules about structure."""

import copy
from dataclasses import replace
from pathlib import Path

import pytest

from smgen.checks import DAGValidator
from smgen.contracts import ContractRegistry, read_contracts
from smgen.definition import (
    AutoBinding,
    Definition,
    PortBinding,
    Provenance,
    ReferenceBinding,
    StepProvenance,
    parse_definition,
)
from smgen.diagnostics import Finding, Place
from smgen.runtime import CompiledPipeline, compile_pipeline, read_project
from tests.checks.definitions import as_definition, corpus_document, put

ROOT = Path(__file__).resolve().parents[2]
REGISTER = "AbaloneRegisterModel-RegisterModel"


@pytest.fixture(scope="module")
def compiled() -> CompiledPipeline:
    return compile_pipeline(read_project(ROOT / "examples" / "abalone"), "AbalonePipeline", "dev")


@pytest.fixture(scope="module")
def contracts() -> ContractRegistry:
    return read_contracts(ROOT / "contract_specs")


def with_ports(provenance: Provenance, step: str, **ports: tuple[PortBinding, ...]) -> Provenance:
    def changed(item: StepProvenance) -> StepProvenance:
        return replace(item, ports={**item.ports, **ports}) if item.step == step else item

    return Provenance(tuple(changed(item) for item in provenance.steps))


def without_port(provenance: Provenance, step: str, port: str) -> Provenance:
    def changed(item: StepProvenance) -> StepProvenance:
        ports = {name: bound for name, bound in item.ports.items() if name != port}
        return replace(item, ports=ports) if item.step == step else item

    return Provenance(tuple(changed(item) for item in provenance.steps))


def only(findings: tuple[Finding, ...]) -> Finding:
    (found,) = findings
    return found


def test_a_built_pipeline_is_complete(compiled: CompiledPipeline, contracts: ContractRegistry) -> None:
    validator = DAGValidator(compiled.definition, compiled.provenance, contracts)
    assert validator.validate_complete_pipeline() == ()
    assert DAGValidator(compiled.definition, compiled.provenance).validate_complete_pipeline() == ()
    assert DAGValidator(compiled.definition).validate_complete_pipeline() == ()


def test_a_foreign_definition_is_checked_without_provenance() -> None:
    document = corpus_document("03")
    put(document, "/Steps/0/DependsOn", ["EvaluateAbaloneModel"])
    messages = [found.message for found in DAGValidator(as_definition(document)).validate_complete_pipeline()]
    assert messages == [
        "the parameter ModelApprovalStatus is declared but nothing reads it: setting it changes nothing",
        "PreprocessAbaloneData waits for itself: "
        "PreprocessAbaloneData -> EvaluateAbaloneModel -> PreprocessAbaloneData",
    ]


def test_structure_names_the_line_of_the_step(compiled: CompiledPipeline) -> None:
    definition = edited(compiled, "/Steps/1/DependsOn", ["AbaloneEvl"])
    found = only(DAGValidator(definition, compiled.provenance).validate_complete_pipeline())
    assert (found.rule, found.message) == ("SMG303", "AbaloneTrain depends on AbaloneEvl, and no step has that name")
    assert found.given_at == Place(file="pipeline.py", line=37, step="AbaloneTrain")


def test_wrong_artifact_type(compiled: CompiledPipeline, contracts: ContractRegistry) -> None:
    wrong = with_ports(compiled.provenance, "AbaloneEval", model=(ReferenceBinding("AbaloneProcess", "test_data"),))
    found = only(DAGValidator(compiled.definition, wrong, contracts).validate_complete_pipeline())
    assert found.rule == "SMG204"
    assert found.message == (
        "the port 'model' of AbaloneEval takes ModelArtifacts, and is given TestData: 'test_data' of AbaloneProcess"
    )
    assert found.given == "TestData: AbaloneProcess.test_data"
    assert found.given_at == Place(file="pipeline.py", line=29, step="AbaloneProcess")
    assert found.expected == "ModelArtifacts (contract ModelEvaluation 1.0.0)"
    assert found.expected_at is not None
    assert found.expected_at.pointer == "/inputs/model"
    assert found.expected_at.line is not None
    assert found.fix == "pass an output of that type: AbaloneTrain.model_artifacts"
    assert found.place == Place(pointer="/Steps/2", step="AbaloneEval", port="model")


def test_what_auto_chose_is_said(compiled: CompiledPipeline, contracts: ContractRegistry) -> None:
    wrong = with_ports(compiled.provenance, "AbaloneEval", model=(AutoBinding("AbaloneProcess", "test_data"),))
    found = only(DAGValidator(compiled.definition, wrong, contracts).validate_complete_pipeline())
    assert found.message.endswith("'test_data' of AbaloneProcess (chosen by AUTO)")


def test_a_file_of_an_output_fits_a_port_of_its_type(compiled: CompiledPipeline, contracts: ContractRegistry) -> None:
    # The port takes ModelMetrics, the type of a file in the output evaluation, which is an EvaluationReport.
    provenance = compiled.provenance.step(REGISTER)
    assert provenance is not None
    assert provenance.ports["quality"] == (ReferenceBinding("AbaloneEval", "evaluation", "metrics"),)
    assert DAGValidator(compiled.definition, compiled.provenance, contracts).validate_complete_pipeline() == ()


@pytest.mark.parametrize(
    ("binding", "rule", "nearest"),
    [
        (ReferenceBinding("AbaloneTrain", "model_artefacts"), "SMG206", "model_artifacts"),
        (ReferenceBinding("AbaloneTrian", "model_artifacts"), "SMG303", "AbaloneTrain"),
    ],
)
def test_unknown_source(compiled: CompiledPipeline, binding: PortBinding, rule: str, nearest: str) -> None:
    wrong = with_ports(compiled.provenance, "AbaloneEval", model=(binding,))
    found = only(DAGValidator(compiled.definition, wrong).validate_complete_pipeline())
    assert (found.rule, found.nearest, found.place.port) == (rule, nearest, "model")


def test_missing_input(compiled: CompiledPipeline, contracts: ContractRegistry) -> None:
    wrong = without_port(compiled.provenance, "AbaloneEval", "model")
    found = only(DAGValidator(compiled.definition, wrong, contracts).validate_complete_pipeline())
    assert (found.rule, found.message) == ("SMG205", "the required port 'model' of AbaloneEval is given nothing")
    assert found.given_at == Place(file="pipeline.py", line=57, step="AbaloneEval")


def test_an_unknown_port(compiled: CompiledPipeline, contracts: ContractRegistry) -> None:
    binding = ReferenceBinding("AbaloneTrain", "model_artifacts")
    wrong = with_ports(compiled.provenance, "AbaloneEval", modle=(binding,))
    found = only(DAGValidator(compiled.definition, wrong, contracts).validate_complete_pipeline())
    assert (found.rule, found.given, found.nearest) == ("SMG205", "modle", "model")


def test_a_step_that_the_definition_lacks(compiled: CompiledPipeline) -> None:
    extra = Provenance((*compiled.provenance.steps, StepProvenance("AbaloneTrian", "XGBoostTraining", "1.0.0")))
    found = only(DAGValidator(compiled.definition, extra).validate_complete_pipeline())
    assert (found.rule, found.nearest) == ("SMG303", "AbaloneTrain")


def test_unconsumed_output(compiled: CompiledPipeline, contracts: ContractRegistry) -> None:
    marked = must_be_consumed(contracts, "BatchTransform", "predictions")
    found = only(DAGValidator(compiled.definition, compiled.provenance, marked).validate_complete_pipeline())
    assert (found.rule, found.message) == ("SMG214", "nothing reads the output 'predictions' of AbaloneTransform")
    assert found.given_at == Place(file="pipeline.py", line=82, step="AbaloneTransform")


def test_an_output_that_only_a_condition_reads_is_consumed(
    compiled: CompiledPipeline, contracts: ContractRegistry
) -> None:
    provenance = without_port(compiled.provenance, REGISTER, "quality")
    marked = must_be_consumed(contracts, "ModelEvaluation", "evaluation")
    findings = DAGValidator(compiled.definition, provenance, marked).validate_complete_pipeline()
    assert [found for found in findings if found.rule == "SMG214"] == []


def must_be_consumed(contracts: ContractRegistry, name: str, output: str) -> ContractRegistry:
    contract = contracts[name]
    port = contract.output_ports[output]
    spec = replace(port.output_spec, must_be_consumed=True)
    ports = {**contract.output_ports, output: replace(port, output_spec=spec)}
    return replace(contracts, contracts={**contracts.contracts, name: replace(contract, output_ports=ports)})


def edited(compiled: CompiledPipeline, pointer: str, value: list[str]) -> Definition:
    document = copy.deepcopy(compiled.definition.document)
    put(document, pointer, [*value])
    return parse_definition(document)
