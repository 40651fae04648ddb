"""What ``source`` stands for in the request, by launch convention; the commands are run for real."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from smgen.assets import SourceParts, packed, read_source
from smgen.contract_model.script_mode import model_ports
from smgen.contracts import StepContract, contract_from_document
from smgen.diagnostics import FindingsError, Place
from smgen.documents import JsonObject, JsonValue
from tests.contracts.written_values import written

PORTS: JsonObject = {"data": {"type": "Dataset", "channel": "train"}}
HYPERPARAMETERS: JsonObject = {"type": "object", "properties": {"epochs": {"type": "integer"}}}


def contract(kind: str, source: JsonObject, request: JsonObject, **members: JsonValue) -> StepContract:
    document: JsonObject = {"name": "X", "version": "1.0.0", "kind": kind, "source": source, "request": request}
    return contract_from_document(document | members)


def request(kind: str, source: JsonObject, written_request: JsonObject, **members: JsonValue) -> JsonObject:
    value = written(contract(kind, source, written_request, **members).request)
    assert isinstance(value, dict)
    return value


def command(kind: str, source: JsonObject) -> list[str]:
    where = {"Processing": "AppSpecification", "Training": "AlgorithmSpecification"}[kind]
    specification = request(kind, source, {})[where]
    assert isinstance(specification, dict)
    words = specification["ContainerEntrypoint"]
    assert isinstance(words, list)
    return [str(word) for word in words]


# Processing and channel -------------------------------------------------------------------------------------------


def test_a_processing_script_alone_is_a_file_and_a_folder_is_unpacked() -> None:
    code = "/opt/ml/processing/input/code"
    assert command("Processing", {"entry": "a/run.py"}) == ["python3", f"{code}/run.py"]
    assert command("Processing", {"entry": "run.sh"}) == ["bash", f"{code}/run.sh"]
    assert command("Processing", {"dir": "src", "entry": "a/run.py", "pack": "folder"}) == [
        "/bin/sh",
        "-c",
        f'cd {code} && tar -xzf sourcedir.tar.gz && exec python3 "$0" "$@"',
        "a/run.py",
    ]
    assert command("Processing", {"entry": "./run.sh", "dependencies": ["lib"], "requirements": "r.txt"}) == [
        "/bin/sh",
        "-c",
        f'cd {code} && tar -xzf sourcedir.tar.gz && python3 -m pip install -r requirements.txt && exec bash "$0" "$@"',
        "run.sh",
    ]


def test_a_processing_source_is_an_input_behind_the_ports() -> None:
    found = request("Processing", {"dir": "src", "entry": "run.py", "pack": "folder"}, {"ProcessingInputs": []})
    assert found["ProcessingInputs"] == [
        {
            "InputName": "code",
            "S3Input": {
                "S3Uri": {"$asset": "code"},
                "LocalPath": "/opt/ml/processing/input/code",
                "S3DataType": "S3Prefix",
                "S3InputMode": "File",
                "S3DataDistributionType": "FullyReplicated",
                "S3CompressionType": "None",
            },
        }
    ]


def test_a_channel_brings_code_to_any_image() -> None:
    found = request("Training", {"dir": "src", "entry": "train.py", "launch": "channel"}, {}, inputs=PORTS)
    assert found == {
        "InputDataConfig": [
            {
                "ChannelName": "train",
                "DataSource": {
                    "S3DataSource": {
                        "S3DataType": "S3Prefix",
                        "S3Uri": {"$input": "data"},
                        "S3DataDistributionType": "FullyReplicated",
                    }
                },
            },
            {
                "ChannelName": "code",
                "DataSource": {
                    "S3DataSource": {
                        "S3DataType": "S3Prefix",
                        "S3Uri": {"$asset": "code"},
                        "S3DataDistributionType": "FullyReplicated",
                    }
                },
                "InputMode": "File",
            },
        ],
        "AlgorithmSpecification": {
            "ContainerEntrypoint": [
                "/bin/sh",
                "-c",
                "mkdir -p /opt/ml/code && cd /opt/ml/code && tar -xzf /opt/ml/input/data/code/sourcedir.tar.gz "
                '&& exec python3 "$0" "$@"',
                "train.py",
            ]
        },
    }
    alone: JsonObject = {"entry": "train.py", "launch": "channel", "pack": "entry"}
    assert command("Training", alone) == ["python3", "/opt/ml/input/data/code/train.py"]


@pytest.mark.parametrize("kind", ["Processing", "Training"])
def test_an_entry_point_that_the_contract_writes_stays(kind: str) -> None:
    where = {"Processing": "AppSpecification", "Training": "AlgorithmSpecification"}[kind]
    own: JsonObject = {where: {"ContainerEntrypoint": ["mine"], "A": 1}}
    launch = {"Processing": "processing", "Training": "channel"}[kind]
    assert request(kind, {"dir": "s", "entry": "a.py", "launch": launch}, own)[where] == own[where]


@pytest.mark.parametrize(
    ("kind", "launch"), [("Processing", "processing"), ("Training", "channel"), ("Training", "toolkit")]
)
def test_a_contract_that_says_itself_where_its_code_goes_gets_nothing(kind: str, launch: str) -> None:
    own: JsonObject = {"Environment": {"CODE": {"$asset": "code"}}}
    assert request(kind, {"dir": "s", "entry": "a.py", "launch": launch}, own) == own


@pytest.mark.parametrize(
    ("kind", "source", "arrives"),
    [
        ("Processing", {"entry": "app/run.py", "pack": "folder"}, "opt/ml/processing/input/code"),
        ("Processing", {"entry": "app/run.sh", "dependencies": ["lib"]}, "opt/ml/processing/input/code"),
        ("Training", {"entry": "app/run.py", "launch": "channel"}, "opt/ml/input/data/code"),
        ("Training", {"entry": "app/run.py", "launch": "channel", "pack": "entry"}, "opt/ml/input/data/code"),
    ],
)
def test_the_command_runs_the_script_with_the_arguments_of_the_job(
    tmp_path: Path, kind: str, source: JsonObject, arrives: str
) -> None:
    root = tmp_path / "contracts"
    (root / "src/app").mkdir(parents=True)
    (root / "lib").mkdir()
    (root / "lib/constants.txt").write_text("7", encoding="utf-8")
    (root / "src/app/run.py").write_text("import sys\nprint(sys.argv[1:])\nsys.exit(3)\n", encoding="utf-8")
    (root / "src/app/run.sh").write_text('cat lib/constants.txt\nprintf " <%s>" "$@"\nexit 3\n', encoding="utf-8")
    spec = contract(kind, {"dir": "src", **source}, {}).source
    assert spec is not None
    container = tmp_path / "a container" / arrives
    container.mkdir(parents=True)
    if spec.is_archive:
        parts = SourceParts(spec.entry, "src", not spec.whole_folder, spec.dependencies)
        (container / "sourcedir.tar.gz").write_bytes(packed(read_source(root, parts, Place()), Place()))
    else:
        (container / "run.py").write_bytes((root / "src/app/run.py").read_bytes())
    # The container's own paths, below a folder that stands for its root; a space in it would show missing quotes.
    (tmp_path / "root").symlink_to(tmp_path / "a container")
    words = [word.replace("/opt/ml", f"{tmp_path}/root/opt/ml") for word in command(kind, {"dir": "src", **source})]
    path = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    run = subprocess.run([*words, "--a", "b c", "*"], capture_output=True, text=True, env=path, check=False)
    shown = "7 <--a> <b c> <*>" if spec.entry.endswith(".sh") else "['--a', 'b c', '*']\n"
    assert (run.stdout, run.stderr, run.returncode) == (shown, "", 3)


def test_a_broken_archive_ends_the_job(tmp_path: Path) -> None:
    (tmp_path / "opt/ml/processing/input/code").mkdir(parents=True)
    words = [
        word.replace("/opt", f"{tmp_path}/opt") for word in command("Processing", {"entry": "a.py", "pack": "folder"})
    ]
    run = subprocess.run(words, capture_output=True, check=False)
    assert run.returncode != 0
    assert run.stdout == b""


def test_what_does_not_fit_an_entry_point_is_found() -> None:
    # AWS takes at most 256 characters a word.
    for kind in ("Processing", "Training"):
        words = command(
            kind,
            {
                "dir": "s",
                "entry": "a.py",
                "pack": "folder",
                "requirements": "r.txt",
                "launch": {"Processing": "processing", "Training": "channel"}[kind],
            },
        )
        assert max(len(word) for word in words) <= 256


# Toolkits ---------------------------------------------------------------------------------------------------------

TOOLKIT: JsonObject = {"dir": "src", "entry": "./train.py", "launch": "toolkit"}
SENT: JsonObject = {
    "sagemaker_submit_directory": {"$json": {"$asset": "code"}},
    "sagemaker_program": '"train.py"',
    "sagemaker_container_log_level": "20",
    "sagemaker_region": {"$json": {"$default": "region"}},
}


def test_the_training_toolkit_is_told_by_hyperparameters() -> None:
    assert request("Training", TOOLKIT, {}) == {"HyperParameters": SENT}
    assert request("Training", TOOLKIT, {}, hyperparameters=HYPERPARAMETERS) == {
        "HyperParameters": {"$merge": [{"$hyperparameters": "json"}, SENT]}
    }


def test_hyperparameters_that_the_contract_writes_stay() -> None:
    own: JsonObject = {"HyperParameters": {"sagemaker_container_log_level": "40", "x": "1"}}
    rest = {name: value for name, value in SENT.items() if name != "sagemaker_container_log_level"}
    assert request("Training", TOOLKIT, own) == {
        "HyperParameters": {"sagemaker_container_log_level": "40", "x": "1", **rest}
    }
    hole: JsonObject = {"HyperParameters": {"$hyperparameters": "text"}}
    assert request("Training", TOOLKIT, hole, hyperparameters=HYPERPARAMETERS) == {
        "HyperParameters": {"$merge": [{"$hyperparameters": "text"}, SENT]}
    }
    merge: JsonObject = {
        "HyperParameters": {"$merge": [{"$hyperparameters": "json"}, {"sagemaker_region": '"eu-west-1"'}]}
    }
    assert request("Training", TOOLKIT, merge, hyperparameters=HYPERPARAMETERS) == {
        "HyperParameters": {
            "$merge": [
                {"$hyperparameters": "json"},
                {"sagemaker_region": '"eu-west-1"'},
                {name: value for name, value in SENT.items() if name != "sagemaker_region"},
            ]
        }
    }


@pytest.mark.parametrize(
    ("distribution", "told"),
    [
        (
            {"type": "mpi"},
            {"sagemaker_mpi_enabled": "true", "sagemaker_mpi_custom_mpi_options": '""'},
        ),
        (
            {"type": "mpi", "processes_per_host": {"$setting": "processes"}, "custom_mpi_options": '-x A="b"'},
            {
                "sagemaker_mpi_enabled": "true",
                "sagemaker_mpi_num_of_processes_per_host": {"$json": {"$setting": "processes"}},
                "sagemaker_mpi_custom_mpi_options": '"-x A=\\"b\\""',
            },
        ),
        (
            {"type": "smdataparallel", "custom_mpi_options": {"$setting": "options"}},
            {
                "sagemaker_distributed_dataparallel_enabled": "true",
                "sagemaker_instance_type": {"$json": {"$setting": "machine"}},
                "sagemaker_distributed_dataparallel_custom_mpi_options": {"$json": {"$setting": "options"}},
            },
        ),
        (
            {"type": "torch_distributed"},
            {
                "sagemaker_torch_distributed_enabled": "true",
                "sagemaker_instance_type": {"$json": {"$setting": "machine"}},
            },
        ),
        ({"type": "parameter_server"}, {"sagemaker_parameter_server_enabled": "true"}),
        (
            {"type": "multi_worker_mirrored_strategy"},
            {"sagemaker_multi_worker_mirrored_strategy_enabled": "true"},
        ),
    ],
)
def test_distributed_launchers(distribution: JsonObject, told: JsonObject) -> None:
    resources: JsonObject = {"ResourceConfig": {"InstanceType": {"$setting": "machine"}}}
    found = request("Training", {**TOOLKIT, "distribution": distribution}, resources)
    assert found["HyperParameters"] == {**SENT, **told}


def test_a_launcher_is_told_no_instance_type_that_the_request_does_not_say() -> None:
    found = request("Training", {**TOOLKIT, "distribution": {"type": "torch_distributed"}}, {})
    assert found["HyperParameters"] == {**SENT, "sagemaker_torch_distributed_enabled": "true"}


# Serving ----------------------------------------------------------------------------------------------------------

SERVED: JsonObject = {
    "SAGEMAKER_PROGRAM": "serve.py",
    "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code",
    "SAGEMAKER_CONTAINER_LOG_LEVEL": "30",
    "SAGEMAKER_REGION": {"$default": "region"},
}
SERVING: JsonObject = {"dir": "inference", "entry": "serve.py", "log_level": 30}


def test_the_serving_toolkit_is_told_by_the_environment_of_the_container() -> None:
    container: JsonObject = {"Image": "i", "ModelDataUrl": {"$input": "model"}}
    served = {**container, "Environment": SERVED}
    assert request("Model", SERVING, {"PrimaryContainer": container}) == {"PrimaryContainer": served}
    assert request("Model", SERVING, {"Containers": [container]}) == {"Containers": [served]}
    registered = request("RegisterModel", SERVING, {"InferenceSpecification": {"Containers": [container], "X": []}})
    assert registered == {"InferenceSpecification": {"Containers": [served], "X": []}}


def test_an_environment_that_the_contract_writes_stays() -> None:
    container: JsonObject = {"Environment": {"SAGEMAKER_PROGRAM": "own.py", "A": "1"}}
    rest = {name: value for name, value in SERVED.items() if name != "SAGEMAKER_PROGRAM"}
    assert request("Model", SERVING, {"PrimaryContainer": container}) == {
        "PrimaryContainer": {"Environment": {"SAGEMAKER_PROGRAM": "own.py", "A": "1", **rest}}
    }
    setting: JsonObject = {"PrimaryContainer": {"Environment": {"$setting": "environment"}}}
    assert request("Model", SERVING, setting, settings={"environment": {}}) == {
        "PrimaryContainer": {"Environment": {"$merge": [{"$setting": "environment"}, SERVED]}}
    }


NOT_ONE: list[JsonObject] = [{}, {"Containers": []}, {"Containers": [{}, {}]}, {"PrimaryContainer": "x"}]


@pytest.mark.parametrize("containers", NOT_ONE)
def test_code_is_served_by_exactly_one_container(containers: JsonObject) -> None:
    with pytest.raises(FindingsError) as caught:
        contract("Model", SERVING, containers)
    (finding,) = caught.value.findings
    assert (finding.rule, finding.place.pointer) == ("SMG115", "/source")
    assert "one container" in finding.message


def test_the_ports_that_give_a_container_its_model() -> None:
    url: JsonObject = {"PrimaryContainer": {"ModelDataUrl": {"$input": "model"}, "Image": {"$input": "image"}}}
    made = contract("Model", SERVING, url)
    assert model_ports("Model", made.request) == ("model",)
    location: JsonObject = {"ModelDataSource": {"S3DataSource": {"S3Uri": {"$input": "packed"}}}}
    registered = contract("RegisterModel", SERVING, {"InferenceSpecification": {"Containers": [location]}})
    assert model_ports("RegisterModel", registered.request) == ("packed",)
    assert model_ports("Model", contract("Processing", {"entry": "a.py"}, {}).request) == ()
