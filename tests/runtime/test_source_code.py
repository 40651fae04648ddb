"""Code of contracts in a pipeline: packed once, told to the toolkits, and put into the model that it serves."""

from __future__ import annotations

import importlib
import io
import json
import subprocess
import sys
import tarfile
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from contract_specs.scripts.model_packaging import package_model
from smgen.documents import JsonObject, JsonValue
from smgen.runtime import CompiledPipeline, Environment, External, FluentPipelineBuilder, compiled_files, source_code
from tests.contracts.samples import write_folder
from tests.runtime.fixture_package import ENVIRONMENT, findings_of, generate, one_of, step

TRAINING: JsonObject = {
    "name": "Fit",
    "version": "1.0.0",
    "kind": "Training",
    "inputs": {"data": {"type": "Dataset", "channel": "train"}},
    "outputs": {"model": {"type": "ModelArtifacts", "property_path": "ModelArtifacts.S3ModelArtifacts"}},
    "settings": {"machine": {"default": "ml.g5.xlarge"}, "processes": {"type": "integer", "required": False}},
    "hyperparameters": {
        "type": "object",
        "properties": {
            "epochs": {"type": "integer"},
            "name": {"type": "string"},
            "layers": {"type": "array", "items": {"type": "integer"}},
        },
    },
    "source": {
        "dir": "src",
        "entry": "train.py",
        "launch": "toolkit",
        "distribution": {"type": "mpi", "processes_per_host": {"$setting": "processes"}},
    },
    "request": {
        "AlgorithmSpecification": {"TrainingImage": "image", "TrainingInputMode": "File"},
        "RoleArn": {"$default": "role"},
        "OutputDataConfig": {"S3OutputPath": {"$output_location": "model"}},
        "ResourceConfig": {"InstanceType": {"$setting": "machine"}, "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    },
}
REPACKING: JsonObject = {
    "name": "Repacking",
    "version": "1.0.0",
    "kind": "Processing",
    "inputs": {
        "model": {"type": "ModelArtifacts", "local_path": "/opt/ml/processing/model"},
        "inference_code": {"type": "InferenceCode", "local_path": "/opt/ml/processing/inference_code"},
    },
    "outputs": {"packed": {"type": "PackedModel", "local_path": "/opt/ml/processing/packed"}},
    "source": {"dir": "repack", "entry": "repack.py"},
    "request": {
        "AppSpecification": {"ImageUri": "image"},
        "ProcessingResources": {
            "ClusterConfig": {
                "InstanceType": "ml.m5.xlarge",
                "InstanceCount": 1,
                "VolumeSizeInGB": 30,
                "VolumeKmsKeyId": {"$default": "kms_key"},
            }
        },
        "NetworkConfig": {"VpcConfig": {"$default": "network"}},
        "ProcessingOutputConfig": {"KmsKeyId": {"$default": "output_kms_key"}},
        "Tags": {"$default": "tags"},
        "RoleArn": {"$default": "role"},
    },
}
SERVING: JsonObject = {
    "name": "Serving",
    "version": "1.0.0",
    "kind": "Model",
    "inputs": {"model": {"type": "ModelArtifacts"}},
    "outputs": {"name": {"type": "String", "property_path": "ModelName"}},
    "source": {"dir": "inference", "entry": "serve.py", "requirements": "needs.txt"},
    "request": {
        "ExecutionRoleArn": {"$default": "role"},
        "PrimaryContainer": {"Image": "image", "ModelDataUrl": {"$input": "model"}},
    },
}
TYPES: JsonObject = {
    "types": {
        "Dataset": {},
        "InferenceCode": {},
        "ModelArtifacts": {},
        "PackedModel": {"parent": "ModelArtifacts"},
    }
}
FILES = {
    "src/train.py": "print(1)\n",
    "src/net/layers.py": "x = 1\n",
    "repack/repack.py": "print(2)\n",
    "inference/serve.py": "def model_fn(): ...\n",
    "inference/needs.txt": "xgboost\n",
}


@dataclass(frozen=True)
class Modules:
    """The generated modules, and the folder of their contracts."""

    fit: ModuleType
    repacking: ModuleType
    serving: ModuleType
    contracts: Path


def made(folder: Path) -> Modules:
    contracts = folder / "contracts"
    documents: dict[str, JsonValue] = {"fit.json": TRAINING, "repacking.json": REPACKING, "serving.json": SERVING}
    write_folder(contracts, {"artifact_types.json": TYPES, **documents})
    for name, text in FILES.items():
        (contracts / name).parent.mkdir(exist_ok=True)
        (contracts / name).write_text(text, encoding="utf-8")
    generate(folder, "code_steps", contracts)
    sys.path.insert(0, str(folder))
    try:
        loaded = [importlib.import_module(f"code_steps.{name}") for name in ("fit", "repacking", "serving")]
    finally:
        sys.path.remove(str(folder))
        for module in [module for module in sys.modules if module.partition(".")[0] == "code_steps"]:
            del sys.modules[module]
    fit, repacking, serving = loaded
    return Modules(fit, repacking, serving, contracts)


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Modules:
    """The package, for tests that leave its sources alone."""
    return made(tmp_path_factory.mktemp("code"))


def pipeline(environment: Environment = ENVIRONMENT) -> FluentPipelineBuilder:
    return FluentPipelineBuilder("Fraud", environment)


def trained(code: Modules, environment: Environment = ENVIRONMENT, **values: object) -> CompiledPipeline:
    p = pipeline(environment)
    p.add_step("Fit", code.fit.StepBuilder(code.fit.Config(**values), data=External("s3://b/x")))
    return p.build()


def unpacked(archive: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as members:
        for member in members:
            content = members.extractfile(member)
            assert content is not None
            found[member.name] = content.read()
    return found


def arguments(compiled: CompiledPipeline, name: str) -> JsonObject:
    found = step(compiled, name)["Arguments"]
    assert isinstance(found, dict)
    return found


def test_a_folder_is_an_asset_at_the_address_of_its_content(code: Modules) -> None:
    compiled = trained(code, epochs=1)
    (asset,) = compiled.assets
    assert unpacked(asset.content) == {"net/layers.py": b"x = 1\n", "train.py": b"print(1)\n"}
    assert asset.location == f"s3://dev-bucket/Fraud/code/{asset.digest}/sourcedir.tar.gz"
    files = compiled_files(compiled)
    assert files[f"assets/{asset.digest}/sourcedir.tar.gz"] == asset.content
    assert json.loads(files["assets.json"])["assets"] == [
        {
            "path": f"assets/{asset.digest}/sourcedir.tar.gz",
            "location": asset.location,
            "sha256": asset.sha256,
            "bytes": len(asset.content),
            "source": "src",
        }
    ]
    (about,) = compiled.provenance.steps
    assert {name: (used.path, used.content_hash) for name, used in about.assets.items()} == {
        "code": ("src", asset.digest)
    }


def test_the_toolkit_gets_json_with_variables_in_it(code: Modules) -> None:
    p = pipeline()
    name, epochs, processes = p.string("Name", default="a"), p.integer("Epochs", default=1), p.integer("N", default=2)
    machine = p.string("Machine", default="ml.g5.xlarge")
    config = code.fit.Config(epochs=epochs, name=name, layers=[1, 2], processes=processes, machine=machine)
    p.add_step("Fit", code.fit.StepBuilder(config, data=External("s3://b/x")))
    compiled = p.build()
    assert arguments(compiled, "Fit")["HyperParameters"] == {
        "epochs": {"Std:Join": {"On": "", "Values": [{"Get": "Parameters.Epochs"}]}},
        "name": {"Std:Join": {"On": "", "Values": ['"', {"Get": "Parameters.Name"}, '"']}},
        "layers": "[1, 2]",
        "sagemaker_submit_directory": json.dumps(compiled.assets[0].location),
        "sagemaker_program": '"train.py"',
        "sagemaker_container_log_level": "20",
        "sagemaker_region": '"eu-west-1"',
        "sagemaker_mpi_enabled": "true",
        "sagemaker_mpi_num_of_processes_per_host": {"Std:Join": {"On": "", "Values": [{"Get": "Parameters.N"}]}},
        "sagemaker_mpi_custom_mpi_options": '""',
    }


def test_a_setting_without_a_value_is_not_told(code: Modules) -> None:
    told = arguments(trained(code), "Fit")["HyperParameters"]
    assert isinstance(told, dict)
    assert "sagemaker_mpi_num_of_processes_per_host" not in told


def test_the_toolkit_needs_a_region(code: Modules) -> None:
    finding = one_of(lambda: trained(code, replace(ENVIRONMENT, region=None)))
    assert (finding.rule, finding.message) == ("SMG211", "the environment 'dev' has no region")


def test_a_bucket_that_is_missing_is_reported(code: Modules) -> None:
    environment = replace(ENVIRONMENT, bucket=None, output_location="s3://out")
    finding = one_of(lambda: trained(code, environment))
    assert (finding.rule, finding.message) == ("SMG211", "the environment 'dev' has no bucket")


def test_all_that_is_wrong_with_a_source_is_reported_at_the_step(tmp_path: Path) -> None:
    code = made(tmp_path)
    (code.contracts / "src/net/link").symlink_to("/etc/passwd")
    (code.contracts / "src/lost").symlink_to("nowhere")
    found = findings_of(lambda: trained(code))
    assert [(finding.rule, finding.place.step) for finding in found] == [("SMG118", "Fit"), ("SMG126", "Fit")]
    (code.contracts / "src/train.py").unlink()
    (code.contracts / "src/net/link").unlink()
    (code.contracts / "src/lost").unlink()
    finding = one_of(lambda: trained(code))
    assert (finding.rule, finding.message) == ("SMG119", "the script is not there")
    assert finding.fix == "put the script there, or change 'source' of the contract and run 'smgen generate'"


def test_one_source_of_many_steps_is_packed_once(code: Modules, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    read_bytes = Path.read_bytes

    def counted(path: Path) -> bytes:
        read.append(path.name)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", counted)
    p = pipeline()
    for number in range(3):
        p.add_step(f"Fit{number}", code.fit.StepBuilder(code.fit.Config(), data=External("s3://b/x")))
    assert len(p.build().assets) == 1
    assert read.count("train.py") == 1


def repacked(code: Modules, *, environment: Environment = ENVIRONMENT) -> CompiledPipeline:
    p = pipeline(environment)
    fit = p.add_step("Fit", code.fit.StepBuilder(code.fit.Config(), data=External("s3://b/x")))
    repack = p.add_step(
        "Repack", code.repacking.StepBuilder(model=fit.model, inference_code=source_code(code.serving.StepBuilder))
    )
    p.add_step("Create", code.serving.StepBuilder(model=repack.packed))
    return p.build()


def test_a_repack_step_puts_the_code_of_a_contract_into_the_model(code: Modules) -> None:
    environment = replace(
        ENVIRONMENT,
        kms_key="key",
        output_kms_key="output-key",
        subnets=("subnet-1",),
        security_group_ids=("sg-1",),
        tags={"team": "fraud"},
    )
    compiled = repacked(code, environment=environment)
    archives = {asset.source: asset for asset in compiled.assets}
    assert list(archives) == ["src", "inference", "repack/repack.py"]
    assert unpacked(archives["inference"].content) == {
        "needs.txt": b"xgboost\n",
        "requirements.txt": b"xgboost\n",
        "serve.py": b"def model_fn(): ...\n",
    }
    repack = arguments(compiled, "Repack")
    inputs = repack["ProcessingInputs"]
    assert isinstance(inputs, list)
    assert [
        item["S3Input"]["S3Uri"] for item in inputs if isinstance(item, dict) and isinstance(item["S3Input"], dict)
    ] == [
        {"Get": "Steps.Fit.ModelArtifacts.S3ModelArtifacts"},
        archives["inference"].location,
        archives["repack/repack.py"].location,
    ]
    assert repack["NetworkConfig"] == {"VpcConfig": {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]}}
    assert repack["Tags"] == [{"Key": "team", "Value": "fraud"}]
    assert arguments(compiled, "Create")["PrimaryContainer"] == {
        "Image": "image",
        "ModelDataUrl": {"Get": "Steps.Repack.ProcessingOutputConfig.Outputs['packed'].S3Output.S3Uri"},
        "Environment": {
            "SAGEMAKER_PROGRAM": "serve.py",
            "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code",
            "SAGEMAKER_CONTAINER_LOG_LEVEL": "20",
            "SAGEMAKER_REGION": "eu-west-1",
        },
    }
    used = {about.step: dict(about.assets) for about in compiled.provenance.steps}
    assert sorted(used["Repack"]) == ["Serving", "code"]
    assert used["Repack"]["Serving"].content_hash == archives["inference"].digest
    assert used["Create"] == {}


def test_the_code_is_in_the_model_that_the_librarys_script_makes_of_it(code: Modules, tmp_path: Path) -> None:
    (inference,) = [asset for asset in repacked(code).assets if asset.source == "inference"]
    for folder in ("model", "code"):
        (tmp_path / folder).mkdir()
    (tmp_path / "code" / inference.file).write_bytes(inference.content)
    with tarfile.open(tmp_path / "model/model.tar.gz", "w:gz") as model:
        entry = tarfile.TarInfo("xgboost-model")
        entry.size = 5
        model.addfile(entry, io.BytesIO(b"model"))
    target = package_model.package(tmp_path / "model", tmp_path / "code", tmp_path / "out", "code")
    assert unpacked(target.read_bytes()) == {
        "xgboost-model": b"model",
        "code/needs.txt": b"xgboost\n",
        "code/requirements.txt": b"xgboost\n",
        "code/serve.py": b"def model_fn(): ...\n",
    }


def test_a_model_that_was_not_repacked_is_reported(code: Modules) -> None:
    p = pipeline()
    fit = p.add_step("Fit", code.fit.StepBuilder(code.fit.Config(), data=External("s3://b/x")))
    p.add_step("Create", code.serving.StepBuilder(model=fit.model))
    finding = one_of(p.build)
    assert finding.rule == "SMG219"
    assert finding.message == 'the model of step "Create" does not hold the code of contract Serving'
    assert (finding.given, finding.place.step) == ('what step "Fit" made', "Create")


def test_code_that_came_in_further_up_is_enough_and_other_code_is_not(code: Modules) -> None:
    p = pipeline()
    first = p.add_step(
        "First",
        code.repacking.StepBuilder(model=External("s3://b/m"), inference_code=source_code(code.serving.StepBuilder)),
    )
    second = p.add_step(
        "Second", code.repacking.StepBuilder(model=first.packed, inference_code=External("s3://b/more"))
    )
    p.add_step("Create", code.serving.StepBuilder(model=second.packed))
    p.build()
    p = pipeline()
    other = p.add_step(
        "Other", code.repacking.StepBuilder(model=External("s3://b/m"), inference_code=External("s3://b/c"))
    )
    p.add_step("Create", code.serving.StepBuilder(model=other.packed))
    assert one_of(p.build).rule == "SMG219"


def test_a_model_from_outside_is_taken_as_it_is(code: Modules) -> None:
    p = pipeline()
    p.add_step("Create", code.serving.StepBuilder(model=External("s3://b/model.tar.gz")))
    assert p.build().assets == ()


@pytest.mark.parametrize("given", ["repacking", "object", "step"])
def test_code_that_is_none_is_refused(code: Modules, given: str) -> None:
    p = pipeline()
    builders: dict[str, Any] = {
        "repacking": code.repacking.StepBuilder,
        "object": object,
        "step": p.add_step("Create", code.serving.StepBuilder(model=External("s3://b/m"))),
    }
    finding = one_of(lambda: source_code(builders[given]))
    assert finding.rule == "SMG207"
    assert (
        finding.message
        == {
            "repacking": "the code of contract Repacking is a single file and no archive",
            "object": "the code of something was asked for that is no step builder",
            "step": "the code of something was asked for that is no step builder",
        }[given]
    )


def test_two_builds_in_two_folders_and_on_two_hash_seeds_give_the_same_bytes(tmp_path: Path) -> None:
    program = (
        "import sys, hashlib, pathlib; sys.path.insert(0, sys.argv[1]);"
        "from tests.runtime.test_source_code import made, repacked; from smgen.runtime import compiled_files;"
        "folder = pathlib.Path(sys.argv[2]); folder.mkdir(parents=True);"
        "files = compiled_files(repacked(made(folder)));"
        "print(*(f'{name} {hashlib.sha256(data).hexdigest()}' for name, data in files.items()), sep='\\n')"
    )
    checkout = str(Path(__file__).parents[2])
    shown = [
        subprocess.run(
            [sys.executable, "-c", program, checkout, str(tmp_path / folder)],
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        for folder, seed in (("one", "0"), ("another/two", "4242"))
    ]
    assert [run.stderr for run in shown] == ["", ""]
    first, second = (
        [line for line in run.stdout.splitlines() if not line.startswith("provenance.json")] for run in shown
    )
    assert first == second
    assert len(first) == 5
