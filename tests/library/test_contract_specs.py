"""The library's contracts are general, complete in their words, and say of their scripts what is true."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from smgen.contracts import ContractRegistry, StepContract, is_scalar, module_name, read_contracts, setting_schemas
from smgen.documents import JsonValue, append_pointer
from tests.library.script_runs import SCRIPTS, SPECS, run_script, write_csv

NAMES = (
    "AutomlTraining",
    "BatchTransform",
    "CreateEndpoint",
    "CreateEndpointConfig",
    "CreateInferenceComponent",
    "CreateModel",
    "DataBiasCheck",
    "DataLoad",
    "DataQualityCheck",
    "EmrClusterStep",
    "EmrServerlessSpark",
    "EmrStep",
    "HyperparameterPrep",
    "LambdaFunction",
    "ModelBiasCheck",
    "ModelEvaluation",
    "ModelExplainabilityCheck",
    "ModelLineage",
    "ModelPackaging",
    "ModelQualityCheck",
    "ModelRegistration",
    "NotebookJob",
    "RandomCutForestTraining",
    "RemoteFunction",
    "SagemakerJob",
    "SqsCallback",
    "TabularPreprocessing",
    "XGBoostTraining",
)
WITH_SCRIPT = ("DataLoad", "HyperparameterPrep", "ModelEvaluation", "ModelPackaging", "TabularPreprocessing")

#: What belongs to one account or pipeline: an S3 location, an account id, an ARN, a registry.
SPECIFIC = re.compile(r"s3://|(?<![0-9])[0-9]{12}(?![0-9])|\barn:|\.ecr\.|amazonaws\.com|\.dkr\.", re.IGNORECASE)

#: Names that the recorded pipelines use, by which a contract copied from one of them would give itself away.
RECORDED = re.compile(r"abalone|mse_?threshold|PipelineExecutionId|ModelPackageGroupName\"", re.IGNORECASE)


@pytest.fixture(scope="module")
def library() -> ContractRegistry:
    return read_contracts(SPECS, shown_root="contract_specs")


def texts(value: JsonValue, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a document with its pointer, names of members included."""
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, append_pointer(pointer, index))
    elif isinstance(value, dict):
        for key, member in value.items():
            yield pointer, key
            yield from texts(member, append_pointer(pointer, key))


def script_of(contract: StepContract) -> Path:
    assert contract.source is not None
    return SPECS / contract.source.directory / contract.source.entry


def test_the_library_reads_without_a_finding(library: ContractRegistry) -> None:
    assert tuple(library.contracts) == NAMES


def test_each_contract_stands_in_a_file_of_its_module_name() -> None:
    files = sorted(path.name for path in SPECS.glob("*.json"))
    assert files == sorted(["artifact_types.json", *(f"{module_name(name)}.json" for name in NAMES)])


@pytest.mark.parametrize("name", NAMES)
def test_a_contract_holds_nothing_of_one_account_or_pipeline(library: ContractRegistry, name: str) -> None:
    found = [
        (pointer, text)
        for pointer, text in texts(library.contracts[name].document)
        # What an execution knows of itself is of no pipeline in particular.
        if not pointer.endswith("/$execution") and (SPECIFIC.search(text) or RECORDED.search(text))
    ]
    assert found == []


@pytest.mark.parametrize("script", sorted(path.relative_to(SCRIPTS).as_posix() for path in SCRIPTS.rglob("*.py")))
def test_a_script_holds_nothing_of_one_account_or_pipeline(script: str) -> None:
    text = (SCRIPTS / script).read_text(encoding="utf-8")
    assert SPECIFIC.findall(text) == []
    assert RECORDED.findall(text) == []


@pytest.mark.parametrize("name", NAMES)
def test_everything_of_a_contract_is_described(library: ContractRegistry, name: str) -> None:
    contract = library.contracts[name]
    assert contract.owner == "smgen"
    words = {
        "contract": contract.description,
        **{port.name: port.dependency_spec.description for port in contract.input_ports.values()},
        **{port.name: port.output_spec.description for port in contract.output_ports.values()},
        **{setting.name: setting.description for setting in contract.settings.values()},
        **{value.name: value.schema.description for value in contract.hyperparameters.values()},
        **{value.name: value.schema.description for value in contract.environment.values()},
    }
    assert [what for what, text in words.items() if not text.endswith((".", "?"))] == []


@pytest.mark.parametrize("name", NAMES)
def test_instance_types_are_a_short_list_with_a_default(library: ContractRegistry, name: str) -> None:
    contract = library.contracts[name]
    schemas = setting_schemas(contract)
    for setting in ("instance_type", "realtime_instance_types", "transform_instance_types"):
        if setting in contract.settings:
            schema = schemas[setting].element or schemas[setting]
            assert schema.enum is not None
            assert 8 <= len(schema.enum) <= 12
            assert contract.settings[setting].default is not None


@pytest.mark.parametrize("name", NAMES)
def test_no_default_of_an_algorithm_is_written_down(library: ContractRegistry, name: str) -> None:
    contract = library.contracts[name]
    values = (*contract.hyperparameters.values(), *contract.environment.values())
    assert [value.name for value in values if value.default is not None] == []


def test_every_output_that_feeds_a_port_of_the_library_has_its_type(library: ContractRegistry) -> None:
    # A port that lists a contract of the library as a source is of no use if nothing of that contract fits.
    types = library.artifact_types
    for contract in library.contracts.values():
        for port in contract.input_ports.values():
            for source in port.dependency_spec.compatible_sources:
                outputs = library.contracts[source].output_ports.values()
                given = [output.output_spec.output_type for output in outputs]
                given += [file.artifact_type for output in outputs for file in output.output_spec.files]
                wanted = port.dependency_spec.dependency_type
                fitting = [kind for kind in given if not is_scalar(kind) and types.is_subtype(kind, wanted)]
                assert fitting, f"{contract.name}.{port.name} takes {wanted}, and {source} gives {given}"


@pytest.mark.parametrize("name", WITH_SCRIPT)
def test_a_script_reads_the_variables_and_folders_of_its_contract(library: ContractRegistry, name: str) -> None:
    contract = library.contracts[name]
    text = script_of(contract).read_text(encoding="utf-8")
    read = re.findall(r'\b(?:environment\.)?get\("([A-Z][A-Z_]*)"', text)
    assert sorted(set(read)) == sorted(contract.environment)
    paths = [port.dependency_spec.local_path for port in contract.input_ports.values()]
    paths += [port.output_spec.local_path for port in contract.output_ports.values()]
    folders = set(re.findall(r'"(/opt/ml/processing[a-z_/]*)"', text))
    # The preprocessing script writes its parts below one folder.
    below = {"/opt/ml/processing/train", "/opt/ml/processing/validation", "/opt/ml/processing/test"}
    if name == "TabularPreprocessing":
        folders = (folders - {"/opt/ml/processing"}) | below
    assert {path for path in paths if path} == folders


@pytest.mark.parametrize("name", WITH_SCRIPT)
def test_a_script_is_python_3_7(library: ContractRegistry, name: str) -> None:
    # The oldest container that the library can be used with, sagemaker-scikit-learn 0.23-1, has Python 3.7.
    text = script_of(library.contracts[name]).read_text(encoding="utf-8")
    assert ast.parse(text, feature_version=(3, 7)).body


@pytest.mark.parametrize("name", WITH_SCRIPT)
def test_a_script_says_how_it_is_used(library: ContractRegistry, name: str) -> None:
    script = script_of(library.contracts[name]).relative_to(SCRIPTS).as_posix()
    result = run_script(script, ["--help"])
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("usage: ")


def test_the_scripts_run_behind_each_other(tmp_path: Path) -> None:
    # What DataLoad writes is what TabularPreprocessing reads, and so on: the whole way, by the command lines.
    rows = [["M" if number % 2 else "F", number, number * 2.5, number % 2] for number in range(40)]
    write_csv(tmp_path / "source" / "a.csv", [["sex", "length", "weight", "old"], *rows[:20]])
    write_csv(tmp_path / "source" / "b.csv", [["sex", "length", "weight", "old"], *rows[20:]])
    steps = (
        (
            "data_load/load_data.py",
            {"HAS_HEADER": "true"},
            ("input-folder", "source", "output-folder", "raw", "profile-folder", "profile"),
        ),
        (
            "tabular_preprocessing/preprocessing.py",
            {"HAS_HEADER": "true", "LABEL_COLUMN": "old"},
            ("input-folder", "raw", "output-folder", "parts"),
        ),
        (
            "hyperparameter_prep/prepare_hyperparameters.py",
            {"TASK": "binary_classification"},
            ("input-folder", "parts/train", "base-folder", "none", "output-folder", "hyperparameters"),
        ),
    )
    for script, environment, names in steps:
        arguments = [f"--{name}={tmp_path / folder}" for name, folder in zip(names[::2], names[1::2], strict=True)]
        result = run_script(script, arguments, environment)
        assert (result.returncode, result.stderr) == (0, ""), script
    written = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert written == [
        "hyperparameters/hyperparameters.json",
        "parts/test/test.csv",
        "parts/train/train.csv",
        "parts/validation/validation.csv",
        "profile/profile.json",
        "raw/data.csv",
        "source/a.csv",
        "source/b.csv",
    ]
