"""Records what SageMaker's training toolkit makes, inside a container, of both recordings' hyperparameters.

Run by hand after ``sdk2_estimators.py`` and ``ours.py``, in an environment with sagemaker-training 5.1.4, from the root
of the checkout:

    pip install sagemaker-training==5.1.4
    python tests/parity/script_mode/toolkit_views.py

It writes ``tests/data/script_mode/views.json``. A view is the toolkit's own: what it takes for the user's
hyperparameters, for its own settings, for the script and its arguments, and every variable that the script then finds.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

DATA = Path(__file__).parents[2] / "data" / "script_mode"

#: What the machine is, and not what it was told.
_OF_THE_MACHINE = ("num_cpus", "num_gpus", "num_neurons")


def view(request: Mapping[str, object], base: Path) -> dict[str, object]:
    """What the toolkit finds in a container whose ``/opt/ml`` is ``base``."""
    config = base / "input" / "config"
    config.mkdir(parents=True)
    resources = {
        "current_host": "algo-1",
        "hosts": ["algo-1", "algo-2"],
        "current_instance_type": "ml.p4d.24xlarge",
        "current_group_name": "homogeneousCluster",
        "instance_groups": [
            {
                "instance_group_name": "homogeneousCluster",
                "instance_type": "ml.p4d.24xlarge",
                "hosts": ["algo-1", "algo-2"],
            }
        ],
        "network_interface_name": "eth0",
    }
    (config / "hyperparameters.json").write_text(json.dumps(request["HyperParameters"]), encoding="utf-8")
    (config / "resourceconfig.json").write_text(json.dumps(resources), encoding="utf-8")
    (config / "inputdataconfig.json").write_text(json.dumps({"train": {"TrainingInputMode": "File"}}), encoding="utf-8")
    os.environ["SAGEMAKER_BASE_DIR"] = str(base)
    environment = importlib.import_module("sagemaker_training.environment").Environment()
    variables = {name: value for name, value in environment.to_env_vars().items() if name != "SM_TRAINING_ENV"}
    return {
        "hyperparameters": dict(environment.hyperparameters),
        "settings": dict(environment.additional_framework_parameters),
        "entry_point": environment.user_entry_point,
        "code": environment.module_dir,
        "arguments": environment.to_cmd_args(),
        "variables": {
            name: value for name, value in variables.items() if name.removeprefix("SM_").lower() not in _OF_THE_MACHINE
        },
    }


def main(arguments: list[str]) -> None:
    """Writes the recording; with a side and a case, prints the view of that one, which needs a process of its own."""
    if arguments:
        side, case = arguments
        recorded = json.loads((DATA / f"{side}.json").read_text(encoding="utf-8"))
        with tempfile.TemporaryDirectory() as folder:
            found = json.dumps(view(recorded["cases"][case]["request"], Path(folder)))
        print(found.replace(folder, "/opt/ml"))
        return
    views: dict[str, dict[str, object]] = {}
    cases = json.loads((DATA / "sdk2.json").read_text(encoding="utf-8"))["cases"]
    for case in cases:
        for side in ("sdk2", "ours"):
            run = subprocess.run([sys.executable, __file__, side, case], capture_output=True, text=True, check=True)
            views.setdefault(case, {})[side] = json.loads(run.stdout)
    document = {"sagemaker-training": importlib.metadata.version("sagemaker-training"), "cases": views}
    (DATA / "views.json").write_text(json.dumps(document, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
