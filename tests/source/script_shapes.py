"""Scripts in the shapes that real ones have, each with its contract, and with edits that each make one mistake.

Written for these tests in the styles of public examples: nothing in them is anybody's code.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from smgen.documents import JsonObject, JsonValue
from tests.source.script_contracts import evaluation, processing, training


@dataclass(frozen=True)
class Shape:
    """A contract with its files, and by name what one edit of the script is: the text and what becomes of it."""

    contract: JsonObject
    script: str
    edits: dict[str, tuple[str, str]] = field(default_factory=dict[str, "tuple[str, str]"])
    files: dict[str, str] = field(default_factory=dict[str, str])


INTEGER: JsonObject = {"type": "integer"}
NUMBER: JsonObject = {"type": "number"}
TEXT: JsonObject = {"type": "string"}
FLAG: JsonObject = {"type": "boolean"}
CHOICE: JsonObject = {"type": "string", "enum": ["adam", "sgd"]}
USUAL: JsonObject = {"epochs": INTEGER, "lr": NUMBER, "batch-size": INTEGER}
WHOLE: JsonObject = {"dir": "job", "entry": "run.py", "pack": "folder"}
CHANNEL: JsonObject = {"dir": "job", "entry": "run.py", "launch": "channel"}


def share(flag: str = "--test-share") -> list[JsonValue]:
    return [flag, {"$join": [{"$setting": "share"}]}]


SHARE: JsonObject = {"share": {"type": "number", "default": 0.2}}
SYNTAX = "def main(\n"

SHAPES: dict[str, Shape] = {
    "argparse at the top": Shape(
        training(USUAL),
        """\
import argparse
import os

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--lr", type=float, default=0.1)
parser.add_argument("--batch-size", type=int, default=64)
parser.add_argument("--train", default=os.environ["SM_CHANNEL_TRAIN"])
parser.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])
args = parser.parse_args()
print(args.epochs, args.lr, os.listdir(args.train))
""",
        {
            "starts": ("import os\n", "import os\nimport lightgbm\n"),
            "takes": ("--lr", "--learning-rate"),
            "reads": ("SM_CHANNEL_TRAIN", "SM_CHANNEL_TRAINING"),
        },
    ),
    "argparse under the guard": Shape(
        training(USUAL, required=["epochs"]),
        """\
import argparse, os

def train(args):
    print(args)

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="trains")
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--lr", type=float, default=1e-3, metavar="LR", help="learning rate")
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--hosts", type=list, default=os.environ.get("SM_HOSTS"))
    train(parser.parse_args())
""",
        {"starts": ("print(args)", "print(args"), "takes": ("--epochs", "--epoch-count")},
    ),
    "argparse in a function": Shape(
        training({"epochs": INTEGER, "optimizer": CHOICE}),
        """\
from argparse import ArgumentParser, Namespace
import torch

def parse_args() -> Namespace:
    parser = ArgumentParser()
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--optimizer", type=str, choices=["adam", "sgd"], default="adam")
    return parser.parse_args()

def main() -> None:
    args = parse_args()
    torch.manual_seed(args.epochs)

if __name__ == "__main__":
    main()
""",
        {"starts": ("import torch", "from .model import Net"), "takes": ('"adam", "sgd"', '"adamw", "sgd"')},
    ),
    "arguments handed to main": Shape(
        processing(arguments=share(), settings=SHARE),
        """\
import argparse
import sys

def main(arguments=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--test-share", type=float, default=0.2)
    options = parser.parse_args(arguments)
    print(options.test_share)
    return 0

if __name__ == "__main__":
    sys.exit(main())
""",
        {"starts": ("import sys\n", "import sys\nfrom tools import read\n"), "takes": ("--test-share", "--test-size")},
        {"tools.py": "def read(): ...\n"},
    ),
    "arguments of sys.argv": Shape(
        processing(arguments=share("--share"), settings=SHARE),
        """\
import argparse
import sys

def run(argv):
    p = argparse.ArgumentParser()
    p.add_argument("-s", "--share", dest="fraction", type=float)
    return p.parse_args(argv)

run(sys.argv[1:])
""",
        {"takes": ("type=float", "type=int")},
    ),
    "groups": Shape(
        training(USUAL),
        """\
import argparse

parser = argparse.ArgumentParser(formatter_class=argparse.ArgumentDefaultsHelpFormatter)
model = parser.add_argument_group("model")
model.add_argument("--epochs", type=int, default=3)
either = parser.add_mutually_exclusive_group()
either.add_argument("--lr", type=float)
either.add_argument("--schedule")
parser.add_argument("--batch-size", type=int)
args = parser.parse_args()
""",
        {
            "starts": ("args = ", "args == = "),
            "takes": ('model.add_argument("--epochs"', 'model.add_argument("--rounds"'),
        },
    ),
    "parents": Shape(
        training(USUAL),
        """\
import argparse

common = argparse.ArgumentParser(add_help=False)
common.add_argument("--epochs", type=int, default=3)
parser = argparse.ArgumentParser(parents=[common])
parser.add_argument("--lr", type=float, default=0.1)
parser.add_argument("--batch-size", type=int)
print(parser.parse_args())
""",
        {"takes": ('common.add_argument("--epochs"', 'common.add_argument("--steps"')},
    ),
    "subcommands": Shape(
        processing(arguments=["split", *share()], settings=SHARE),
        """\
import argparse

parser = argparse.ArgumentParser()
commands = parser.add_subparsers(dest="command", required=True)
split = commands.add_parser("split")
split.add_argument("--test-share", type=float, required=True)
check = commands.add_parser("check")
check.add_argument("--strict", action="store_true")
check.add_argument("--limit", required=True)
args = parser.parse_args()
""",
        {"takes": ("--test-share", "--share"), "takes, a command": ('add_parser("split")', 'add_parser("splits")')},
    ),
    "known arguments only": Shape(
        training(USUAL),
        """\
import argparse

def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--optimizer", choices=("adam", "sgd"))
    return parser.parse_known_args()

args, unknown = parse()
""",
        {"takes": ('"--epochs", type=int, default=3', '"--rounds", type=int, required=True')},
    ),
    "abbreviated": Shape(
        processing(arguments=share("--test"), settings=SHARE),
        """\
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--test-share", type=float)
parser.add_argument("--seed", type=int, default=1)
parser.parse_args()
""",
        {"takes": ("ArgumentParser()", "ArgumentParser(allow_abbrev=False)")},
    ),
    "flags": Shape(
        processing(arguments=["--verbose", *share(), "--columns", "a", "b"], settings=SHARE),
        """\
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("-v", "--verbose", action="store_true")
parser.add_argument("--test-share", type=float)
parser.add_argument("--columns", nargs="+", default=[])
parser.parse_args()
""",
        {"takes": ('"--verbose", action="store_true"', '"--verbose"')},
    ),
    "a truth value as text": Shape(
        training({"use-amp": FLAG}),
        """\
import argparse

def truth(text):
    return text.lower() in ("true", "1")

parser = argparse.ArgumentParser()
parser.add_argument("--use-amp", type=truth, default=False)
parser.parse_args()
""",
        {
            "takes": ("type=truth, default=False", 'action="store_true"'),
            "takes, differently": ("type=truth", "type=bool"),
            "takes, not at all": ("type=truth", "type=int"),
        },
    ),
    "choices of truth values": Shape(
        training({"use-amp": FLAG}),
        """\
import argparse
import json

parser = argparse.ArgumentParser()
parser.add_argument("--use-amp", choices=("True", "False"), default="False")
parser.parse_args()
""",
        {"takes": ('("True", "False")', '("true", "false")')},
    ),
    "choices in a name": Shape(
        training({"optimizer": CHOICE, "layers": {"type": "integer", "enum": [2, 4]}}),
        """\
import argparse

OPTIMIZERS = ("adam", "sgd", "lion")
parser = argparse.ArgumentParser()
parser.add_argument("--optimizer", choices=OPTIMIZERS)
parser.add_argument("--layers", type=int, choices=[2, 4, 8])
parser.parse_args()
""",
        {"takes": ("[2, 4, 8]", "[2, 8]"), "takes, by name": ('"sgd", ', "")},
    ),
    "an alias for the method": Shape(
        training(USUAL),
        """\
import argparse as ap

p = ap.ArgumentParser()
arg = p.add_argument
arg("--epochs", type=int)
arg("--lr", "--learning-rate", type=float)
arg("--batch-size", "--batch_size", type=int)
p.parse_args()
""",
        {"takes": ('"--lr", "--learning-rate"', '"--learning-rate"')},
    ),
    "a function that adds": Shape(
        training(USUAL),
        """\
import argparse

def add_arguments(parser):
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--lr", type=float)

parser = argparse.ArgumentParser()
add_arguments(parser)
parser.add_argument("--batch-size", type=int)
args = parser.parse_args()
""",
        {"takes": ('"--lr"', '"--rate"')},
    ),
    "defaults of the environment": Shape(
        training({"learning_rate": NUMBER, "max_depth": INTEGER}, image={"framework": "sklearn", "version": "1.2-1"}),
        """\
from __future__ import print_function

import argparse
import os
import joblib
import pandas as pd
from sklearn import tree

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--learning_rate", type=float, default=0.1)
    parser.add_argument("--max_depth", type=int, default=5)
    parser.add_argument("--output-data-dir", type=str, default=os.environ["SM_OUTPUT_DATA_DIR"])
    parser.add_argument("--model-dir", type=str, default=os.environ["SM_MODEL_DIR"])
    parser.add_argument("--train", type=str, default=os.environ["SM_CHANNEL_TRAIN"])
    args = parser.parse_args()
    frames = [pd.read_csv(os.path.join(args.train, file)) for file in os.listdir(args.train)]
    joblib.dump(tree.DecisionTreeClassifier(max_depth=args.max_depth), os.path.join(args.model_dir, "model.joblib"))

def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "model.joblib"))
""",
        {
            "starts": ("import joblib\n", "import xgboost\n"),
            "takes": ("--max_depth", "--max-depth"),
            "reads": ('os.environ["SM_CHANNEL_TRAIN"]', 'os.environ["SM_CHANNEL_TEST"]'),
        },
    ),
    "hyperparameters of SM_HPS": Shape(
        training(USUAL, required=["epochs"]),
        """\
import json
import os

hyperparameters = json.loads(os.environ["SM_HPS"])
epochs = int(hyperparameters["epochs"])
rate = hyperparameters.get("lr", 0.1)
if "warmup" in hyperparameters:
    print(hyperparameters["warmup"])
""",
        {
            "starts": ("import json\n", "import json\nimport wandb\n"),
            "takes": ('["epochs"]', '["epoch"]'),
            "takes, not always": ('.get("lr", 0.1)', '["lr"]'),
        },
    ),
    "a hyperparameter each": Shape(
        training({"epochs": INTEGER, "lr": NUMBER}, required=["epochs"]),
        """\
import os

epochs = int(os.environ["SM_HP_EPOCHS"])
rate = float(os.environ.get("SM_HP_LR", "0.1"))
""",
        {"takes": ("SM_HP_EPOCHS", "SM_HP_NUM_EPOCHS")},
    ),
    "the file of hyperparameters": Shape(
        training(USUAL, required=["epochs"], source=CHANNEL),
        """\
import json

with open("/opt/ml/input/config/hyperparameters.json") as file:
    hyperparameters = json.load(file)
epochs = int(hyperparameters["epochs"])
""",
        {"takes": ('["epochs"]', '["n_epochs"]')},
    ),
    "a channel's folder": Shape(
        training(USUAL, source=CHANNEL),
        """\
import json
import pathlib

PREFIX = pathlib.Path("/opt/ml")
PARAMETERS = PREFIX / "input/config/hyperparameters.json"
TRAINING = PREFIX / "input/data" / "train"
with PARAMETERS.open() as stream:
    parameters = json.load(stream)
for path in TRAINING.glob("*.csv"):
    print(path)
(PREFIX / "model" / "model.json").write_text("{}")
""",
        {"reads": ('"train"', '"training"')},
    ),
    "processing with constants": Shape(
        processing(),
        """\
import os
import pandas as pd

INPUT = "/opt/ml/processing/input"
OUTPUT = "/opt/ml/processing/train"

def main():
    frame = pd.read_csv(os.path.join(INPUT, "raw.csv"))
    os.makedirs(OUTPUT, exist_ok=True)
    frame.to_csv(f"{OUTPUT}/train.csv", index=False)

main()
""",
        {
            "starts": ("import pandas as pd", "import polars as pd"),
            "reads": ('"/opt/ml/processing/input"', '"/opt/ml/processing/inputs"'),
            "writes": ('f"{OUTPUT}/train.csv"', '"/opt/ml/processing/training/train.csv"'),
        },
    ),
    "processing with pathlib": Shape(
        processing(),
        """\
from pathlib import Path

base = Path("/opt/ml/processing")
for path in (base / "input").rglob("*.csv"):
    target = base / "train" / path.name
    target.write_bytes(path.read_bytes())
""",
        {"reads": ('base / "input"', 'base / "inptu"'), "starts": ("from pathlib", "from pathlb")},
    ),
    "folders as arguments": Shape(
        processing(arguments=["--input", "/opt/ml/processing/input", "--output", "/opt/ml/processing/train"]),
        """\
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--input", required=True)
parser.add_argument("--output", required=True)
parser.add_argument("--limit", type=int, default=None)
args = parser.parse_args()
""",
        {"takes": ('"--output"', '"--out"'), "takes more": ("type=int, default=None", "type=int, required=True")},
    ),
    "an argument by its place": Shape(
        processing(arguments=["/opt/ml/processing/input"]),
        """\
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("folder")
args = parser.parse_args()
""",
        {"starts": ('"folder")', '"folder"')},
    ),
    "an optional argument": Shape(
        processing(
            arguments=[{"$when": "share", "items": share()}], settings={"share": {"type": "number", "required": False}}
        ),
        """\
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--test-share", type=float, default=0.1)
parser.parse_args()
""",
        {"takes": ("default=0.1", "required=True")},
    ),
    "a flag with an equals sign": Shape(
        processing(arguments=[{"$join": ["--test-share=", {"$setting": "share"}]}], settings=SHARE),
        """\
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--test-share", type=float, default=0.1)
parser.parse_args()
""",
        {"takes": ("--test-share", "--share")},
    ),
    "a default that the contract refuses": Shape(
        training({"lr": {"type": "number", "exclusiveMinimum": 0, "maximum": 1}, "optimizer": CHOICE}),
        """\
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.1)
parser.add_argument("--optimizer", default="adam")
parser.parse_args()
""",
        {"takes": ("default=0.1", "default=10"), "takes, by name": ('default="adam"', 'default="rmsprop"')},
    ),
    "helpers in a package": Shape(
        training(USUAL),
        """\
import argparse
import logging
import sys

from lib.data import load
from lib import model

logging.basicConfig(level=logging.INFO, handlers=[logging.StreamHandler(sys.stdout)])

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=2)
parser.add_argument("--lr", type=float, default=2)
parser.add_argument("--batch-size", type=int, default=2)
load(parser.parse_args(), model.build())
""",
        {"starts": ("from lib.data", "from .lib.data"), "takes": ("--batch-size", "--batch_size")},
        {
            "lib/__init__.py": "",
            "lib/data.py": "import numpy as np\nfrom .paths import DATA\n\ndef load(args, model): ...\n",
            "lib/paths.py": "DATA = '/opt/ml/input/data/train'\n",
            "lib/model.py": "import torch.nn as nn\n\ndef build():\n"
            "    from transformers import AutoModel\n    return nn\n",
        },
    ),
    "the toolkit with another form": Shape(
        training(USUAL, form="text"),
        """\
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int)
parser.add_argument("--lr", type=float)
parser.add_argument("--batch-size", type=int)
parser.parse_args()
""",
        {"takes": ("--epochs", "--num-epochs")},
    ),
}

METRICS: JsonObject = {"auc": {"regex": "validation auc: ([0-9.]+)"}, "loss": {"regex": "val_loss=([0-9\\\\.]+)"}}

SHAPES.update(
    {
        "click": Shape(
            training(USUAL, required=["epochs"]),
            """\
import click

@click.command()
@click.option("--epochs", type=int, required=True)
@click.option("--lr", "rate", type=float, default=0.1, show_default=True)
@click.option("--batch-size", type=click.INT, default=32)
@click.option("--train", envvar="SM_CHANNEL_TRAIN")
def main(epochs, rate, batch_size, train):
    click.echo(f"{epochs} {rate}")

if __name__ == "__main__":
    main()
""",
            {"starts": ("import click", "import cilck"), "takes": ('"--lr", "rate"', '"--rate"')},
        ),
        "click with choices": Shape(
            training({"optimizer": CHOICE, "use-amp": FLAG}),
            """\
from click import command, option, Choice

@command()
@option("--optimizer", type=Choice(["adam", "sgd"]), default="adam")
@option("--use-amp", type=bool, default=False)
def run(optimizer, use_amp):
    pass

run()
""",
            {
                "takes": ('"adam", "sgd"', '"adam", "SGD"'),
                "takes, a flag": ("type=bool, default=False", "is_flag=True"),
            },
        ),
        "click with arguments": Shape(
            processing(arguments=["/opt/ml/processing/input", *share()], settings=SHARE),
            """\
import click

@click.command(help="splits")
@click.argument("folder", type=click.Path(exists=True))
@click.option("-s", "--test-share", type=float, default=0.2)
@click.option("--shuffle/--no-shuffle", default=True)
def main(folder: str, test_share: float, shuffle: bool) -> None: ...

if __name__ == "__main__":
    main()
""",
            {"takes": ('"-s", "--test-share"', '"-s", "--share"'), "starts": ('"folder", type', '"folder" type')},
        ),
        "typer": Shape(
            training({"epochs": INTEGER, "batch-size": INTEGER}, required=["epochs"]),
            """\
import typer

def main(epochs: int = typer.Option(...), batch_size: int = 32, fast: bool = False):
    print(epochs, batch_size, fast)

if __name__ == "__main__":
    typer.run(main)
""",
            {"takes": ("batch_size: int = 32", "batches: int = 32")},
        ),
        "an app of typer": Shape(
            processing(arguments=share(), settings=SHARE, image=None),
            """\
from typing import Annotated
import typer

app = typer.Typer()

@app.command()
def split(
    test_share: Annotated[float, typer.Option()] = 0.2,
    seed: int = 1,
) -> None: ...

if __name__ == "__main__":
    app()
""",
            {"takes": ("test_share: Annotated[float", "test_size: Annotated[float")},
        ),
        "a report as a literal": Shape(
            evaluation(),
            """\
import json
import pathlib

import numpy as np

predictions = np.zeros(3)
report = {"regression_metrics": {"mse": {"value": 0.1, "standard_deviation": 0.0}}, "n": 3}
folder = "/opt/ml/processing/evaluation"
pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
with open(f"{folder}/evaluation.json", "w") as file:
    file.write(json.dumps(report))
""",
            {
                "starts": ("import numpy as np", "import numpi as np"),
                "writes": ('{"mse"', '{"mean_squared_error"'),
                "writes, a type": ('"value": 0.1', '"value": "0.1"'),
                "writes, elsewhere": ('"/opt/ml/processing/evaluation"', '"/opt/ml/processing/evaluations"'),
            },
        ),
        "a report by subscripts": Shape(
            evaluation(),
            """\
import json, os

def measure(): return 0.1

metrics = {}
metrics["n"] = 3
metrics["regression_metrics"] = {"mse": {}}
metrics["regression_metrics"]["mse"]["value"] = measure()
metrics["regression_metrics"]["mse"]["standard_deviation"] = 0.0
with open(os.path.join("/opt/ml/processing/evaluation", "evaluation.json"), "w") as f:
    json.dump(metrics, f, indent=2)
""",
            {"writes": ('["mse"]["value"]', '["mse"]["values"]')},
        ),
        "a report in a function": Shape(
            evaluation(),
            """\
import argparse
import json
from pathlib import Path

def write(folder, mse):
    result = {"n": 1, "regression_metrics": {"mse": {"value": mse, "standard_deviation": 0.5}}}
    (Path(folder) / "evaluation.json").write_text(json.dumps(result, indent=1) + "\\n")

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="/opt/ml/processing/evaluation")
args = parser.parse_args()
write(args.output, 0.1)
""",
            {
                "writes": ('"standard_deviation"', '"standard_dev"'),
                "takes": ('default="/opt/ml/processing/evaluation"', "required=True"),
            },
        ),
        "metrics that are printed": Shape(
            training(USUAL, metrics=METRICS),
            """\
import logging

logger = logging.getLogger(__name__)
for epoch in range(3):
    auc, loss = 0.5, 0.1
    print(f"epoch {epoch} validation auc: {auc:.4f}")
    logger.info("epoch %d val_loss=%.3f", epoch, loss)
""",
            {
                "writes": ("validation auc: {", "validation roc_auc={"),
                "writes, logged": ("val_loss=%.3f", "val_loss: %.3f"),
            },
        ),
        "metrics by format": Shape(
            training(USUAL, metrics=METRICS),
            """\
import sys

def report(auc, loss):
    sys.stdout.write("validation auc: {:.3f}\\n".format(auc))
    print("val_loss=" + str(loss))
    print("done", "in", 3, "steps")

report(0.1, 0.2)
""",
            {"writes": ('"val_loss="', '"value_loss="'), "starts": ("import sys", "import sis")},
        ),
        "metrics with several values": Shape(
            training(USUAL, metrics={"auc": {"regex": "auc: ([0-9.]+)"}}),
            """\
auc = 0.5
print("step", 3, "auc:", auc)
""",
            {"writes": ('"auc:"', '"auc ="')},
        ),
    }
)

#: Legal styles of which nothing can be said, and nothing is.
QUIET: dict[str, Shape] = {
    "options in a loop": Shape(
        training(USUAL),
        "import argparse\np = argparse.ArgumentParser()\n"
        'for name in open("options"):\n    p.add_argument("--" + name)\np.parse_args()\n',
    ),
    "options of a library": Shape(
        training(USUAL),
        "import argparse\nimport torch\np = argparse.ArgumentParser()\np = torch.add_arguments(p)\np.parse_args()\n",
    ),
    "a class of its own": Shape(
        training(USUAL),
        "import argparse\nclass P(argparse.ArgumentParser):\n    def error(self, m): pass\nP().parse_args()\n",
    ),
    "keywords of a table": Shape(
        training(USUAL, required=["epochs"]),
        """\
import argparse
common = {"type": int, "required": True}
common.update(required=False)
p = argparse.ArgumentParser()
p.add_argument("--epochs", **common)
p.add_argument("--lr", type=float)
p.add_argument("--batch-size", **common)
p.parse_args()
""",
    ),
    "a parser in a branch": Shape(
        training(USUAL),
        "import argparse, os\nif os.environ.get('LOCAL'):\n    argparse.ArgumentParser().parse_args()\n",
    ),
    "a parser that nobody reads with": Shape(
        training(USUAL),
        "import argparse\ndef cli():\n    p = argparse.ArgumentParser()\n"
        "    p.add_argument('--x', required=True)\n    p.parse_args()\n",
    ),
    "arguments of its own": Shape(
        training(USUAL), "import argparse\np = argparse.ArgumentParser()\np.parse_args(['--x'])\np.parse_args([])\n"
    ),
    "arguments that it changes": Shape(
        training(USUAL),
        "import argparse, sys\nsys.argv = sys.argv[:1]\np = argparse.ArgumentParser()\np.parse_args()\n",
    ),
    "arguments that are not known": Shape(
        processing(arguments={"$setting": "more"}, settings={"more": {"type": "array", "items": {"type": "string"}}}),
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--x', required=True)\np.parse_args()\n",
    ),
    "a setting that may be a flag": Shape(
        processing(arguments=[{"$setting": "more"}], settings={"more": {"type": "string"}}),
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--x', required=True)\np.parse_args()\n",
    ),
    "a command of its own": Shape(
        processing(
            request={
                "ProcessingResources": {
                    "ClusterConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}
                },
                "AppSpecification": {
                    "ImageUri": {"$setting": "image"},
                    "ContainerEntrypoint": ["python3", "-m", "launcher"],
                    "ContainerArguments": ["--script", "run.py"],
                },
                "RoleArn": {"$default": "role"},
            }
        ),
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--x', required=True)\np.parse_args()\n",
    ),
    "no command line at all": Shape(training(USUAL), "import torch\nprint(torch.__version__)\n"),
    "two parsers": Shape(
        training(USUAL),
        """\
import argparse
first = argparse.ArgumentParser()
first.add_argument("--config", required=True)
second = argparse.ArgumentParser()
for name in ("--epochs", "--lr", "--batch-size"):
    second.add_argument(name)
second.parse_args()
""",
    ),
    "environment that may be there": Shape(
        training(USUAL),
        """\
import os
train = os.environ.get("SM_CHANNEL_TRAINING", "/opt/ml/input/data/training")
test = os.getenv("SM_CHANNEL_TEST")
try:
    other = os.environ["SM_CHANNEL_OTHER"]
except KeyError:
    other = None
if test:
    print(os.environ["SM_CHANNEL_THIRD"])
""",
    ),
    "a negative number": Shape(
        processing(arguments=["--shift", "-1", "-5.0"]),
        "import argparse\np = argparse.ArgumentParser()\n"
        "p.add_argument('--shift', nargs=2, type=float)\np.parse_args()\n",
    ),
    "metrics of a library": Shape(
        training(USUAL, metrics={"auc": {"regex": "'eval_auc': ([0-9.]+)"}}),
        "import torch\nprint('loading data, 3 files')\ntorch.fit()\n",
    ),
    "a report that is filled elsewhere": Shape(
        evaluation(),
        """\
import json
def measure(report): report["regression_metrics"] = {}
report = {"version": 1}
measure(report)
with open("/opt/ml/processing/evaluation/evaluation.json", "w") as f:
    json.dump(report, f)
""",
    ),
    "a report of parts": Shape(
        evaluation(),
        """\
import json
common = {"n": 1}
report = {**common, "regression_metrics": dict(mse={})}
report.update(more=1)
json.dump(report, open("/opt/ml/processing/evaluation/evaluation.json", "w"))
""",
    ),
    "a folder of its own": Shape(
        processing(),
        "import os\nWORK = '/opt/ml/processing/scratch'\n"
        "os.makedirs(WORK, exist_ok=True)\nopen(WORK + '/a.txt', 'w')\n",
    ),
    "a path that may be": Shape(
        processing(),
        "import os\nfolder = os.environ.get('DATA', '/opt/ml/processing/data')\n"
        "def read(path='/opt/ml/processing/x'): ...\n",
    ),
    "a path in a text": Shape(
        processing(), '"""Reads /opt/ml/processing/inputs."""\nprint("/opt/ml/processing/inputs is empty, see above")\n'
    ),
    "a group of commands": Shape(
        training(USUAL),
        "import click\n@click.group()\ndef cli(): ...\n"
        "@cli.command()\n@click.option('--x', required=True)\ndef a(x): ...\ncli()\n",
    ),
    "click that takes anything": Shape(
        training(USUAL),
        "import click\n@click.command(context_settings={'ignore_unknown_options': True})\ndef main(): ...\nmain()\n",
    ),
    "click with options of its own": Shape(
        training(USUAL),
        "import click\ndef common(f): return f\n@click.command()\n@common\ndef main(): ...\nmain()\n",
    ),
    "metrics that a library prints, too": Shape(
        training(USUAL, metrics={"loss": {"regex": "val_loss: ([0-9.]+)"}}, image=None),
        "from tensorflow import keras\nkeras.fit()\nprint(f'test_loss: {keras.x}')\nprint('val_loss', keras.y)\n",
        files={},
    ),
}
