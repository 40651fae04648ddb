"""Code of imported steps is found in the repository: by name, by content where that is not enough, or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from pathlib import Path

from smgen.definition import Definition, parse_definition
from smgen.documents import JsonObject, JsonValue
from smgen.importer import CodeLocation, import_pipeline
from smgen.importer.code_contracts import SourceFolders, with_source_folders
from smgen.importer.source_folders import FoundCode, NotFound, Repository, StepCode, codes_of
from smgen.importer.walking import contract_steps
from tests.importer import handmade
from tests.importer.filled_corpus import filled


def code(location: str, entry: str | None = "run.py", *, archive: bool = False) -> StepCode:
    return StepCode("Step", (), location, entry, archive)


def files(root: Path, **contents: str) -> Path:
    """Files by path, in which two underscores stand for a slash and ``_py`` for the ending."""
    for name, text in contents.items():
        path = root / f"{name.replace('__', '/').removesuffix('_py')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def script_mode(*programs: str) -> JsonObject:
    """Training steps as an estimator of SDK v2 with a source folder makes them, one for each program."""
    steps: list[JsonValue] = []
    for number, program in enumerate(programs):
        location = f"s3://b-1/job-{number}/source/sourcedir.tar.gz"
        arguments: JsonObject = {
            "AlgorithmSpecification": {"TrainingImage": handmade.IMAGE, "TrainingInputMode": "File"},
            "HyperParameters": {
                "eta": "0.2",
                "sagemaker_submit_directory": json.dumps(location),
                "sagemaker_program": json.dumps(program),
                "sagemaker_container_log_level": "20",
                "sagemaker_region": '"eu-west-1"',
            },
            "OutputDataConfig": {"S3OutputPath": "s3://b-1/models"},
            "ResourceConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 30},
            "RoleArn": "arn:aws:iam::111122223333:role/Runner",
            "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        }
        steps.append({"Name": f"Train{number}", "Type": "Training", "Arguments": arguments})
    return {**handmade.definition(), "Parameters": [], "Steps": steps}


def placed(definition: JsonObject, root: Path, project: Path) -> SourceFolders:
    parsed: dict[str, Definition] = {"default": parse_definition(definition)}
    pipeline = import_pipeline("Small", parsed)
    return with_source_folders([pipeline], {"Small": parsed}, [root], project / "contract_specs", project)


# Where code is named ------------------------------------------------------------------------------------------------


def test_code_of_processing_jobs() -> None:
    assert [
        (item.step, item.parts, item.entry, item.is_archive) for item in codes_of(parse_definition(filled("01")))
    ] == [
        ("AbaloneProcess", ("ProcessingInputs", 1, "S3Input", "S3Uri"), "preprocessing.py", False),
        ("AbaloneEval", ("ProcessingInputs", 2, "S3Input", "S3Uri"), "evaluation.py", False),
    ]


def test_code_of_script_mode() -> None:
    assert codes_of(parse_definition(script_mode("jobs/train.py"))) == (
        StepCode(
            "Train0",
            ("HyperParameters", "sagemaker_submit_directory"),
            "s3://b-1/job-0/source/sourcedir.tar.gz",
            "jobs/train.py",
            True,
            True,
        ),
    )


# Where it lies ------------------------------------------------------------------------------------------------------


def test_a_script_by_its_name(tmp_path: Path) -> None:
    root = files(tmp_path, src__run_py="1", src__other_py="2").resolve()
    assert Repository([root]).find(code("s3://b/x/run.py")) == FoundCode(root / "src", "run.py", False)


def test_a_script_that_is_nowhere(tmp_path: Path) -> None:
    assert Repository([files(tmp_path, other_py="2")]).find(code("s3://b/x/run.py")) == NotFound("")


def test_several_scripts_of_one_name_are_no_guess(tmp_path: Path) -> None:
    root = files(tmp_path, a__run_py="1", b__run_py="2").resolve()
    found = Repository([root]).find(code("s3://b/x/run.py"))
    assert found == NotFound("", (root / "a/run.py", root / "b/run.py"))


def test_the_hash_in_the_location_tells_them_apart(tmp_path: Path) -> None:
    root = files(tmp_path, a__run_py="1", b__run_py="2").resolve()
    for hashed in (hashlib.sha256(b"2").hexdigest(), hashlib.md5(b"2").hexdigest()):
        found = Repository([root]).find(code(f"s3://b/pipeline/code/{hashed}/run.py"))
        assert found == FoundCode(root / "b", "run.py", False)


def test_a_downloaded_script_tells_them_apart(tmp_path: Path) -> None:
    root = files(tmp_path / "repository", a__run_py="1", b__run_py="2").resolve()
    copies = files(tmp_path / "copies", bucket__job__run_py="2")
    found = Repository([root, copies]).find(code("s3://bucket/job/run.py"))
    assert found == FoundCode(root / "b", "run.py", False)


def test_a_downloaded_archive_tells_folders_apart(tmp_path: Path) -> None:
    root = files(tmp_path / "r", a__run_py="1", a__lib__x_py="x", b__run_py="1", b__lib__x_py="y").resolve()
    (tmp_path / "copies/bucket/job").mkdir(parents=True)
    with tarfile.open(tmp_path / "copies/bucket/job/sourcedir.tar.gz", "w:gz") as archive:
        for name, text in (("run.py", b"1"), ("lib/x.py", b"y")):
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))
    wanted = code("s3://bucket/job/sourcedir.tar.gz", archive=True)
    assert Repository([root, tmp_path / "copies"]).find(wanted) == FoundCode(root / "b", "run.py", True)
    assert Repository([root]).find(wanted) == NotFound("", (root / "a", root / "b"))


def test_a_broken_archive_says_nothing(tmp_path: Path) -> None:
    root = files(tmp_path / "r", a__run_py="1", b__run_py="1").resolve()
    copy = tmp_path / "copies/bucket/job/sourcedir.tar.gz"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(b"\x1f\x8b no archive")
    found = Repository([root, tmp_path / "copies"]).find(code("s3://bucket/job/sourcedir.tar.gz", archive=True))
    assert found == NotFound("", (root / "a", root / "b"))


def test_what_the_sdk_writes_is_nobodys() -> None:
    assert Repository([]).find(code("s3://b/x/runproc.sh", "runproc.sh")) == NotFound(", which the SDK writes")
    assert Repository([]).find(code("s3://b/x/sourcedir.tar.gz", None, archive=True)) == NotFound(
        ", whose script the definition does not name"
    )


def test_hidden_folders_and_environments_are_not_searched(tmp_path: Path) -> None:
    root = files(tmp_path, src__run_py="1", venv__run_py="2").resolve()
    files(root / ".hidden", run_py="3")
    assert Repository([root]).find(code("s3://b/x/run.py")) == FoundCode(root / "src", "run.py", False)


# What becomes of it -------------------------------------------------------------------------------------------------


def test_a_folder_becomes_the_source_of_its_step(tmp_path: Path) -> None:
    root = files(tmp_path / "r", fit__train_py="1", fit__lib__x_py="x")
    found = placed(script_mode("train.py"), root, tmp_path / "project")
    (pipeline,) = found.pipelines
    (contract,) = pipeline.contracts.values()
    assert contract["source"] == {"dir": "fit", "entry": "train.py", "launch": "toolkit"}
    assert found.files == {"contract_specs/fit/lib/x.py": b"x", "contract_specs/fit/train.py": b"1"}
    # The convention says all that script mode of the SDK says.
    assert "sagemaker_" not in json.dumps(contract)
    assert found.locations["Small"] == (
        CodeLocation(
            "s3://b-1/job-0/source/sourcedir.tar.gz",
            ("Train0",),
            "contract_specs/fit",
            (),
            "; copied from ../r/fit: edit the copy from now on"
            "; found by its name: whether its content is the same is not known",
        ),
    )


def test_script_mode_that_says_more_stays_written_out(tmp_path: Path) -> None:
    root = files(tmp_path / "r", fit__train_py="1")
    text = json.dumps(script_mode("train.py")).replace(
        '"eta": "0.2"', '"eta": "0.2", "sagemaker_job_name": "\\"job\\""'
    )
    found = placed(json.loads(text), root, tmp_path / "project")
    (contract,) = found.pipelines[0].contracts.values()
    assert contract["source"] == {"dir": "fit", "entry": "train.py", "pack": "folder"}
    assert '"sagemaker_submit_directory": {"$json": {"$asset": "code"}}' in json.dumps(contract["request"])


def test_steps_of_one_shape_with_two_scripts_get_a_contract_each(tmp_path: Path) -> None:
    root = files(tmp_path / "r", a__train_py="1", b__tune_py="2")
    (pipeline,) = placed(script_mode("train.py", "tune.py", "train.py"), root, tmp_path / "project").pipelines
    sources = {name: contract.get("source") for name, contract in pipeline.contracts.items()}
    of_step = {step.name: sources[step.contract] for step in contract_steps(pipeline)}
    first: JsonValue = {"dir": "a", "entry": "train.py", "launch": "toolkit"}
    assert of_step == {
        "Train0": first,
        "Train1": {"dir": "b", "entry": "tune.py", "launch": "toolkit"},
        "Train2": first,
    }
    assert len(pipeline.contracts) == 2


def test_code_that_lies_beside_the_contracts_is_not_copied(tmp_path: Path) -> None:
    project = tmp_path / "project"
    root = files(project / "contract_specs", jobs__train_py="1")
    found = placed(script_mode("train.py"), root, project)
    assert found.files == {}
    (contract,) = found.pipelines[0].contracts.values()
    assert contract["source"] == {"dir": "jobs", "entry": "train.py", "launch": "toolkit"}
    assert found.locations["Small"][0].note == "; found by its name: whether its content is the same is not known"


def test_a_copy_does_not_overwrite_what_is_there(tmp_path: Path) -> None:
    project = tmp_path / "project"
    files(project / "contract_specs", fit__train_py="mine")
    root = files(tmp_path / "r", fit__train_py="1")
    assert list(placed(script_mode("train.py"), root, project).files) == ["contract_specs/fit_2/train.py"]


def test_without_folders_everything_stays_where_it_is(tmp_path: Path) -> None:
    parsed = {"default": parse_definition(filled("01"))}
    pipeline = import_pipeline("Abalone", parsed)
    found = with_source_folders([pipeline], {"Abalone": parsed}, [], tmp_path / "contract_specs", tmp_path)
    assert found.pipelines == (pipeline,)
    assert [(item.steps, item.path) for item in found.locations["Abalone"]] == [
        (("AbaloneProcess",), None),
        (("AbaloneEval",), None),
    ]
