"""What smgen makes of the estimators in ``cases.json``: the training step and its source archive.

Run by hand after script mode changed, from the root of the checkout, and then ``toolkit_views.py``:

    python -m tests.parity.script_mode.ours

It writes ``tests/data/script_mode/ours.json``.
"""

from __future__ import annotations

import importlib
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from smgen.contracts import read_contracts
from smgen.documents import JsonObject, JsonValue
from smgen.generate import GenerationOptions, plan, publish_package
from smgen.packages import contracts_path
from smgen.runtime import CompiledPipeline, Environment, External, FluentPipelineBuilder
from tests.parity.script_mode.sdk2_estimators import members

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "data" / "script_mode"
ENVIRONMENT = Environment(region="eu-west-1", role="arn:aws:iam::111122223333:role/train", bucket="bucket")


def read(path: Path) -> Any:
    """A JSON file of this suite, whose form its users know."""
    return json.loads(path.read_text(encoding="utf-8"))


def contract(name: str, case: JsonObject) -> JsonObject:
    """A contract that says the same as the estimator of a case."""
    arguments = case["arguments"]
    assert isinstance(arguments, dict)
    request: JsonObject = {
        "AlgorithmSpecification": {"TrainingImage": {"$setting": "image"}, "TrainingInputMode": "File"},
        "RoleArn": {"$default": "role"},
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/output"},
        "ResourceConfig": {
            "InstanceType": {"$setting": "instance_type"},
            "InstanceCount": arguments["instance_count"],
            "VolumeSizeInGB": 30,
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
    }
    if arguments.get("enable_network_isolation"):
        request["EnableNetworkIsolation"] = True
    source = case["source"]
    assert isinstance(source, dict)
    return {
        "name": class_name(name),
        "version": "1.0.0",
        "kind": "Training",
        "inputs": {"train": {"type": "Dataset", "channel": "train"}},
        "outputs": {},
        "settings": {"instance_type": {}, "image": {"type": "string"}},
        "hyperparameters": {
            "type": "object",
            "properties": {
                "epochs": {"type": "integer"},
                "lr": {"type": "number"},
                "whole": {"type": "number"},
                "shuffle": {"type": "boolean"},
                "title": {"type": "string"},
                "number_as_text": {"type": "string"},
                "layers": {"type": "array", "items": {"type": "integer"}},
                "weights": {"type": "object", "additionalProperties": {"type": "number"}},
            },
        },
        "source": {"dir": "src", "entry": "train.py", "launch": "toolkit", **source},
        "request": request,
    }


def class_name(case: str) -> str:
    """The contract's name."""
    return "".join(word.capitalize() for word in case.split("_"))


def compiled(folder: Path, images: dict[str, str]) -> dict[str, CompiledPipeline]:
    """One pipeline per case with the training step ``Train``, generated and built below ``folder``."""
    contracts = folder / "contracts"
    shutil.copytree(HERE / "project", contracts)
    (contracts / "artifact_types.json").write_text('{"types": {"Dataset": {}}}', encoding="utf-8")
    cases = read(HERE / "cases.json")
    for name, case in cases.items():
        (contracts / f"{name}.json").write_text(json.dumps(contract(name, case)), encoding="utf-8")
    target = folder / "script_mode_steps"
    publish_package(
        target, plan(read_contracts(contracts), GenerationOptions(target.name, contracts_path(target, contracts)))
    )
    sys.path.insert(0, str(folder))
    try:
        return {name: pipeline(name, case, images[name]) for name, case in cases.items()}
    finally:
        sys.path.remove(str(folder))
        for module in [module for module in sys.modules if module.partition(".")[0] == target.name]:
            del sys.modules[module]


def pipeline(name: str, case: Any, image: str) -> CompiledPipeline:
    """The pipeline of one case."""
    module = importlib.import_module(f"script_mode_steps.{name}")
    settings = {"instance_type": case["arguments"]["instance_type"], "image": image}
    config = module.Config(**settings, **read(HERE / "hyperparameters.json"))
    p = FluentPipelineBuilder("ScriptMode", ENVIRONMENT)
    p.add_step("Train", module.StepBuilder(config, train=External("s3://bucket/train")))
    return p.build()


def recorded(built: CompiledPipeline) -> JsonObject:
    """The step's request, where its code belongs, and what is in the archive, as ``sdk2_estimators.py`` records it."""
    (step,) = built.definition.steps
    (asset,) = built.assets
    files: JsonObject = {path: {**about} for path, about in members(asset.content).items()}
    uploaded: list[JsonValue] = [asset.location]
    return {"request": step.arguments, "uploaded_to": uploaded, "archive": files}


def main() -> None:
    """Writes the recording."""
    theirs = read(DATA / "sdk2.json")["cases"]
    images = {name: case["request"]["AlgorithmSpecification"]["TrainingImage"] for name, case in theirs.items()}
    with tempfile.TemporaryDirectory() as folder:
        found = {name: recorded(built) for name, built in compiled(Path(folder), images).items()}
    (DATA / "ours.json").write_text(json.dumps({"cases": found}, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
