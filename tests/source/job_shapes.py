"""Scripts by what they find and leave in their jobs: variables, folders, outputs and reports; with wrong edits."""

from __future__ import annotations

from smgen.documents import JsonObject
from tests.source.script_contracts import PYTORCH, SKLEARN, evaluation, processing, training
from tests.source.script_shapes import CHANNEL, INTEGER, SHARE, USUAL, WHOLE, Shape, share

DATA: JsonObject = {"type": "Data"}
SPLITS: JsonObject = {
    name: {**DATA, "local_path": f"/opt/ml/processing/{name}"} for name in ("train", "validation", "test")
}
LABEL: JsonObject = {"type": "object", "properties": {"LABEL_COLUMN": {"type": "string", "default": "y"}}}


def with_environment(contract: JsonObject) -> JsonObject:
    request = contract["request"]
    assert isinstance(request, dict)
    return {**contract, "environment": LABEL, "request": {**request, "Environment": {"$environment": True}}}


JOBS: dict[str, Shape] = {
    "a port with many": Shape(
        processing(
            inputs={
                "raw": {**DATA, "local_path": "/opt/ml/processing/input"},
                "extra": {**DATA, "many": True, "required": False, "local_path": "/opt/ml/processing/extra"},
            },
            outputs={"train": {**DATA, "local_path": "/opt/ml/processing/train"}},
        ),
        """\
from pathlib import Path
import pandas as pd

frame = pd.read_csv("/opt/ml/processing/input/raw.csv")
for path in Path("/opt/ml/processing/extra").rglob("*.csv"):
    frame = pd.concat([frame, pd.read_csv(path)])
frame.to_csv("/opt/ml/processing/train/train.csv", index=False)
""",
        {
            "an input called otherwise": ('read_csv("/opt/ml/processing/input/', 'read_csv("/opt/ml/processing/inptu/'),
            "the many called otherwise": ("/opt/ml/processing/extra", "/opt/ml/processing/exrta"),
        },
    ),
    "three outputs": Shape(
        processing(outputs=SPLITS, arguments=share(), settings=SHARE),
        """\
import argparse
import os
import numpy as np
import pandas as pd

parser = argparse.ArgumentParser()
parser.add_argument("--test-share", type=float, default=0.2)
args = parser.parse_args()
frame = pd.read_csv("/opt/ml/processing/input/raw.csv")
train, validation, test = np.split(frame.sample(frac=1), [10, 20])
train.to_csv("/opt/ml/processing/train/train.csv", index=False)
validation.to_csv(os.path.join("/opt/ml/processing/validation", "validation.csv"), index=False)
test.to_csv("/opt/ml/processing/test/test.csv", index=False)
""",
        {
            "writes": ('test.to_csv("/opt/ml/processing/test/test.csv", index=False)', "print(test)"),
            "writes, elsewhere": ("/opt/ml/processing/test/test.csv", "/opt/ml/model/holdout.csv"),
        },
    ),
    "outputs in a loop": Shape(
        processing(outputs=SPLITS),
        """\
from pathlib import Path
import pandas as pd

BASE = Path("/opt/ml/processing")
frame = pd.read_csv(BASE / "input" / "raw.csv")
(BASE / "train").mkdir(parents=True, exist_ok=True)
for name in ("train", "validation", "test"):
    frame.to_csv(BASE / name / "data.csv")
""",
        {"reads": ('"input" /', '"inputs" /')},
    ),
    "a report beside predictions": Shape(
        evaluation(),
        """\
import json
import os

FOLDER = "/opt/ml/processing/evaluation"
os.makedirs(FOLDER, exist_ok=True)
with open(f"{FOLDER}/evaluation.json", "w") as file:
    json.dump({"regression_metrics": {"mse": {"value": 0.5, "standard_deviation": 0.1}}, "n": 1}, file)
""",
        {
            "writes": ("evaluation.json", "metrics.json"),
            "writes, a key": ('"mse": {"value"', '"rmse": {"value"'),
        },
    ),
    "a report of keywords": Shape(
        evaluation(),
        """\
import json
from pathlib import Path

mse = 0.5
report = dict(n=3, regression_metrics=dict(mse=dict(value=mse, standard_deviation=0.1)))
output = Path("/opt/ml/processing/evaluation") / "evaluation.json"
with output.open(mode="w") as stream:
    json.dump(obj=report, fp=stream, indent=2)
""",
        {"writes": ("value=mse", "values=mse"), "writes, a type": ("n=3", 'n="3"')},
    ),
    "metrics of a log with a format": Shape(
        training(USUAL, metrics={"loss": {"regex": "INFO loss: ([0-9.]+)"}}),
        """\
import logging

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
logger = logging.getLogger(__name__)
loss = 0.5
logger.info("loss: %.3f", loss)
logger.log(logging.INFO, "the loss is %.3f", loss)
""",
        {
            "writes": ('"loss: %.3f"', '"loss=%.3f"'),
            "writes, printed": ('logger.info("loss: %.3f", loss)', 'print("loss:", loss)'),
        },
    ),
    "metrics in pieces": Shape(
        training(USUAL, metrics={"loss": {"regex": "loss: ([0-9.]+), done"}}),
        """\
loss = 0.5
print("loss:", loss, end=", ")
print("done")
""",
        {"writes": (', end=", ")', ")")},
    ),
    "a report that is written twice": Shape(
        evaluation(),
        """\
import json

PATH = "/opt/ml/processing/evaluation/evaluation.json"
with open(PATH, "w") as file:
    json.dump({"started": True, "n": 0}, file)
report = {"n": 3, "regression_metrics": {"mse": {"value": 0.5, "standard_deviation": 0.1}}}
with open(PATH, "w") as file:
    json.dump(report, file)
""",
        {"writes": ('"regression_metrics"', '"regression"'), "writes, a type": ('"value": 0.5', '"value": "0.5"')},
    ),
    "folders of a training job": Shape(
        training(USUAL, source=CHANNEL),
        """\
import os
import joblib

model_dir = os.environ.get("SM_MODEL_DIR", "/opt/ml/model")
joblib.dump({}, os.path.join(model_dir, "model.joblib"))
with open("/opt/ml/output/data/history.json", "w") as file:
    file.write("{}")
with open("/opt/ml/output/failure", "w") as file:
    file.write("")
""",
        {
            "writes": ("/opt/ml/output/data/history.json", "/opt/ml/outputs/data/history.json"),
            "writes, the model": ("os.path.join(model_dir, ", 'os.path.join("/opt/ml/models", '),
        },
    ),
    "variables of the contract": Shape(
        with_environment(processing()),
        """\
import os

label = os.environ["LABEL_COLUMN"]
region = os.environ["AWS_REGION"]
debug = os.environ.get("DEBUG", "0")
print(label, region, debug)
""",
        {
            "stops": ('"LABEL_COLUMN"', '"LABEL_COLUMNS"'),
            "stops, nothing near": ('"LABEL_COLUMN"', '"WEIGHTS"'),
            "stops, no toolkit": ('os.environ["AWS_REGION"]', 'os.environ["SM_MODEL_DIR"]'),
        },
    ),
    "variables in a module": Shape(
        with_environment(processing(source=WHOLE)),
        "import settings\n\nprint(settings.LABEL)\n",
        {"starts": ("import settings", "import setings")},
        {"settings.py": "import os\n\nLABEL = os.environ['LABEL_COLUMN']\n"},
    ),
    "variables of the toolkit": Shape(
        training({"epochs": INTEGER, "batch-size": INTEGER}, required=["epochs", "batch-size"]),
        """\
import json
import os

if __name__ == "__main__":
    hosts = json.loads(os.environ["SM_HOSTS"])
    size = int(os.environ["SM_HP_BATCH-SIZE"])
    print(hosts, size, os.environ["SM_CURRENT_HOST"], os.environ["SM_OUTPUT_DATA_DIR"], os.environ["SM_NUM_GPUS"])
""",
        {
            "stops": ("SM_HP_BATCH-SIZE", "SM_HP_BATCH_SIZE"),
            "stops, words in another order": ("SM_OUTPUT_DATA_DIR", "SM_OUTPUT_DIR_DATA"),
            "stops, a letter less": ("SM_NUM_GPUS", "SM_NUM_GPU"),
            "stops, a channel": ('os.environ["SM_CURRENT_HOST"]', 'os.environ["SM_CHANEL_TRAIN"]'),
        },
    ),
    "a container that starts the script itself": Shape(
        training(USUAL, source=CHANNEL, image=PYTORCH),
        """\
import os

train = os.environ.get("SM_CHANNEL_TRAIN", "/opt/ml/input/data/train")
model = os.getenv("SM_MODEL_DIR") or "/opt/ml/model"
job = os.environ["TRAINING_JOB_NAME"]
""",
        {
            "stops": ('os.getenv("SM_MODEL_DIR") or "/opt/ml/model"', 'os.environ["SM_MODEL_DIR"]'),
            "reads": ('"/opt/ml/input/data/train"', '"train")\nprint("/opt/ml/input/data/tarin"'),
        },
    ),
}

#: Legal styles of which nothing can be said, and nothing is.
QUIET_JOBS: dict[str, Shape] = {
    "outputs of a configuration": Shape(
        processing(outputs=SPLITS),
        "import json\nwith open('/opt/ml/config/processingjobconfig.json') as file:\n    job = json.load(file)\n"
        "open('/opt/ml/processing/train/a.csv', 'w')\n",
    ),
    "an output that a library writes": Shape(
        processing(outputs=SPLITS, image=None),
        "import company_data\nopen('/opt/ml/processing/train/a.csv', 'w')\ncompany_data.write_the_rest()\n",
    ),
    "an output by an argument": Shape(
        processing(outputs=SPLITS, arguments=["--rest", {"$setting": "rest"}], settings={"rest": {"type": "string"}}),
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--rest')\nargs = p.parse_args()\n"
        "open('/opt/ml/processing/train/a.csv', 'w')\nopen(args.rest + '/x', 'w')\n",
    ),
    "an output by its name in a variable": Shape(
        processing(outputs=SPLITS),
        "import os\nopen('/opt/ml/processing/train/a.csv', 'w')\nopen(os.environ['PWD'] + '/x', 'w')\n",
    ),
    "the model of a processing job": Shape(
        processing(),
        "import os, tarfile\nos.makedirs('/opt/ml/model', exist_ok=True)\n"
        "tarfile.open('/opt/ml/processing/input/model.tar.gz').extractall('/opt/ml/model')\n"
        "print(os.listdir('/opt/ml/model/code'))\n",
    ),
    "variables of other tools of SageMaker": Shape(
        training(USUAL),
        "import os\nos.environ.setdefault('SM_MODELDIR', '/opt/ml/model')\n"
        "print(os.environ['SM_MODELDIR'], os.environ['SM_SOURCE_DIR'], os.environ['SM_ENTRY_SCRIPT'])\n"
        "print(os.environ['SM_MASTER_ADDR'], os.environ['SM_HOST_COUNT'], os.environ['SM_CURRENT_HOST_RANK'])\n",
    ),
    "variables that the script sets": Shape(
        processing(image=SKLEARN),
        "import os\nos.environ['RANK'] = '0'\nos.environ.setdefault('WEIGHTS', 'none')\n"
        "print(os.environ['RANK'], os.environ['WEIGHTS'], os.environ['PATH'], os.environ['LOCAL_RANK'])\n"
        "if 'TOKEN' in os.environ:\n    print(os.environ['TOKEN'])\n",
    ),
    **{
        f"a metric in {what}": Shape(
            training(USUAL, metrics={"loss": {"regex": regex}}),
            f"import json, logging, sys\nloss = 0.5\nprint('final loss', loss)\n{written}\n",
        )
        for what, regex, written in (
            ("JSON", '"loss": ([0-9.]+)', "print(json.dumps({'loss': loss}))"),
            ("a table", "'loss': ([0-9.]+)", "print({'loss': loss})"),
            ("a table of a log", "'loss': ([0-9.]+)", "logging.info({'loss': loss})"),
            ("a table by its name", "'loss': ([0-9.]+)", "found = {}\nfound['loss'] = loss\nprint(f'all: {found}')"),
            ("a table by its keys", "'loss': ([0-9.]+)", "print('all: {}'.format(dict(loss=loss)))"),
            ("a text of a function", "loss: ([0-9.]+)", "def say(text): print(text)\nsay(f'loss: {loss}')"),
            ("several writings", "loss: ([0-9.]+)", "sys.stdout.write('loss: ')\nsys.stdout.write(str(loss))"),
            ("words of a list", "loss: ([0-9.]+)", "words = ['loss:', loss]\nprint(*words)"),
            (
                "a log whose format ends otherwise",
                "loss 0.5 at ([0-9.]+)",
                "logging.basicConfig(format='%(message)s at %(created)f')\nlogging.info('loss %s', loss)",
            ),
        )
    },
    "a report that is written before it is known": Shape(
        evaluation(),
        "import json, numpy\nPATH = '/opt/ml/processing/evaluation/evaluation.json'\n"
        "json.dump({'started': True}, open(PATH, 'w'))\n"
        "with open(PATH, 'w') as file:\n    json.dump(numpy.measure(), file)\n",
    ),
    "a report that is written before it is a text": Shape(
        evaluation(),
        "import pathlib, json, numpy\nPATH = pathlib.Path('/opt/ml/processing/evaluation/evaluation.json')\n"
        "PATH.write_text(json.dumps({'started': True}))\nPATH.write_text(numpy.measure().to_json())\n",
    ),
    "a report whose tables others fill": Shape(
        evaluation(),
        "import json\n\ndef measure(report):\n    report['regression_metrics']['mse']['value'] = 0.5\n\n"
        "report = {'n': 1, 'regression_metrics': {'mse': {}}}\nmeasure(report)\n"
        "json.dump(report, open('/opt/ml/processing/evaluation/evaluation.json', 'w'))\n",
    ),
    "a variable that may be missing": Shape(
        processing(image=SKLEARN),
        "import contextlib, os\nwith contextlib.suppress(KeyError):\n    print(os.environ['WEIGHTS'])\n",
    ),
    "a folder for checkpoints": Shape(
        training(
            USUAL,
            request={
                "AlgorithmSpecification": {"TrainingImage": {"$setting": "image"}, "TrainingInputMode": "File"},
                "RoleArn": {"$default": "role"},
                "OutputDataConfig": {"S3OutputPath": {"$output_location": "model"}},
                "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 50},
                "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
                "CheckpointConfig": {"S3Uri": "s3://bucket/checkpoints", "LocalPath": "/opt/ml/checkpoint"},
                "HyperParameters": {"$hyperparameters": "json"},
            },
        ),
        "open('/opt/ml/checkpoint/last.pt', 'wb')\nopen('/opt/ml/output/data/x', 'w')\n",
    ),
    "variables of an image of one's own": Shape(
        processing(image=None), "import os\nprint(os.environ['SM_MODEL_DIR'], os.environ['WEIGHTS'])\n"
    ),
    "variables of a module that does not run": Shape(
        processing(source=WHOLE),
        "import settings\n",
        files={
            "settings.py": "import os\n\ndef weights():\n    return os.environ['WEIGHTS']\n\n"
            "if __name__ == '__main__':\n    print(os.environ['SM_MODEL_DIR'])\n"
        },
    ),
}
