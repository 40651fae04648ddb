"""More scripts in the styles of public examples of SageMaker: right ones, of which nothing is to be said.

Written for these tests; only the ways of writing are those of the examples.
"""

from __future__ import annotations

from smgen.documents import JsonObject
from tests.source.public_styles import SKLEARN, TENSORFLOW, XGBOOST
from tests.source.script_contracts import PYTORCH, evaluation, processing, training
from tests.source.script_shapes import FLAG, INTEGER, NUMBER, TEXT, USUAL, WHOLE, Shape

DATA: JsonObject = {"type": "Data"}
OLDER: JsonObject = {**PYTORCH, "version": "1.13.1", "py_version": "py39"}
TUNED: JsonObject = {"model_id": TEXT, "epochs": INTEGER, "per_device_train_batch_size": INTEGER, "lr": NUMBER}
IN_REQUIREMENTS: JsonObject = {"dir": "job", "entry": "run.py", "launch": "toolkit", "requirements": "requirements.txt"}
GBM: JsonObject = {"num_leaves": INTEGER, "learning_rate": NUMBER, "metric": TEXT}


def outputs(*names: str) -> JsonObject:
    return {name: {**DATA, "local_path": f"/opt/ml/processing/{name}"} for name in names}


MORE_STYLES: dict[str, Shape] = {
    "Horovod with PyTorch": Shape(
        training(
            {"batch-size": INTEGER, "epochs": INTEGER}, image={**PYTORCH, "version": "1.13.1", "py_version": "py39"}
        ),
        """\
import argparse
import os
import torch
import torch.multiprocessing as mp
import horovod.torch as hvd

def save_model(model, model_dir):
    path = os.path.join(model_dir, "model.pth")
    torch.save(model.cpu().state_dict(), path)

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="PyTorch MNIST Example")
    parser.add_argument("--batch-size", type=int, default=64, metavar="N", help="input batch size")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--no-cuda", action="store_true", default=False)
    parser.add_argument("--fp16-allreduce", action="store_true", default=False)
    parser.add_argument("--model-dir", type=str, default=os.environ["SM_MODEL_DIR"])
    parser.add_argument("--train", type=str, default=os.environ["SM_CHANNEL_TRAIN"])
    args = parser.parse_args()
    args.cuda = not args.no_cuda and torch.cuda.is_available()
    hvd.init()
    torch.manual_seed(42 + hvd.rank())
""",
    ),
    "data parallel": Shape(
        training(USUAL),
        """\
from __future__ import print_function
import argparse
import os
import time
import torch
import smdistributed.dataparallel.torch.torch_smddp
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel as DDP

dist.init_process_group(backend="smddp")

class CUDANotFoundException(Exception):
    pass

def main():
    parser = argparse.ArgumentParser(description="PyTorch MNIST Example")
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--lr", type=float, default=1.0)
    parser.add_argument("--verbose", action="store_true", default=False)
    parser.add_argument("--data-path", type=str, default="/tmp/data")
    args = parser.parse_args()
    args.world_size = dist.get_world_size()
    args.rank = rank = dist.get_rank()
    args.local_rank = local_rank = int(os.getenv("LOCAL_RANK", -1))
    args.batch_size //= args.world_size // 8
    args.batch_size = max(args.batch_size, 1)

if __name__ == "__main__":
    main()
""",
    ),
    "torchrun": Shape(
        training(TUNED, required=["model_id"], image=None),
        """\
import os
import argparse
from transformers import AutoModelForCausalLM, set_seed, default_data_collator
from datasets import load_from_disk
import torch
import torch.distributed as dist

def parse_arge():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model_id", type=str, default="google/flan-t5-xl", help="Model id to use for training.")
    parser.add_argument("--dataset_path", type=str, default="lm_dataset", help="Path to dataset.")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--per_device_train_batch_size", type=int, default=1)
    parser.add_argument("--lr", type=float, default=3e-3)
    parser.add_argument("--gradient_checkpointing", type=bool, default=False)
    parser.add_argument("--bf16", type=bool, default=True if torch.cuda.get_device_capability()[0] == 8 else False)
    args = parser.parse_known_args()
    return args

def training_function(args):
    set_seed(args.seed)
    local_rank = int(os.environ["LOCAL_RANK"])
    print(f"rank {os.environ['RANK']} of {os.environ['WORLD_SIZE']}")

def main():
    args, _ = parse_arge()
    training_function(args)

if __name__ == "__main__":
    main()
""",
    ),
    "LightGBM with requirements": Shape(
        training(GBM, image=SKLEARN, source=IN_REQUIREMENTS, metrics={"l2": {"regex": "valid_0's l2: ([0-9.]+)"}}),
        """\
import argparse
import os
import joblib
import lightgbm as lgb
import pandas as pd

def parse_args():
    parser = argparse.ArgumentParser()
    parser.add_argument("--num_leaves", type=int, default=28)
    parser.add_argument("--learning_rate", type=float, default=0.1)
    parser.add_argument("--metric", type=str, default="rmse")
    parser.add_argument("--train-file", type=str, default="train.csv")
    parser.add_argument("--model-dir", default=os.environ.get("SM_MODEL_DIR"))
    parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN"))
    parser.add_argument("--validation", default=os.environ.get("SM_CHANNEL_VALIDATION"))
    args, _ = parser.parse_known_args()
    return args

if __name__ == "__main__":
    args = parse_args()
    train = pd.read_csv(f"{args.train}/{args.train_file}")
    params = {key: value for key, value in vars(args).items() if key in ("num_leaves", "learning_rate", "metric")}
    booster = lgb.train(params, lgb.Dataset(train))
    joblib.dump(booster, os.path.join(args.model_dir, "model.joblib"))
""",
        files={"requirements.txt": "lightgbm==3.3.2\n"},
    ),
    "wide and deep in TensorFlow": Shape(
        training({"epochs": INTEGER, "batch_size": INTEGER, "tf_hub": FLAG}, image=TENSORFLOW),
        """\
import argparse
import codecs
import json
import logging
import os
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

logging.getLogger().setLevel(logging.INFO)
tf.get_logger().setLevel("ERROR")

def parse_args():
    parser = argparse.ArgumentParser(
        description="trains", formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    data = parser.add_argument_group("data")
    data.add_argument("--train", type=str, default=os.environ.get("SM_CHANNEL_TRAIN"))
    data.add_argument("--model_dir", type=str)
    run = parser.add_argument_group("run")
    run.add_argument("--epochs", type=int, default=1)
    run.add_argument("--batch_size", type=int, default=64)
    run.add_argument("--tf_hub", type=lambda x: x.lower() in ["true", "1"], default=False)
    return parser.parse_known_args()[0]

def get_train_data(train_dir):
    x_train = np.load(os.path.join(train_dir, "x_train.npy"))
    print("x train", x_train.shape)
    return x_train

if __name__ == "__main__":
    args = parse_args()
    strategy = tf.distribute.MirroredStrategy()
    with strategy.scope():
        model = tf.keras.Sequential([layers.Dense(1)])
    model.fit(get_train_data(args.train), epochs=args.epochs)
    if "algo-1" == os.environ.get("SM_CURRENT_HOST"):
        model.save(os.environ["SM_MODEL_DIR"] + "/1")
""",
    ),
    "evaluated with scikit-learn": Shape(
        evaluation(image=SKLEARN, inputs={"test": {**DATA, "local_path": "/opt/ml/processing/test"}}),
        """\
import json
import os
import tarfile
import joblib
import pandas as pd
from sklearn.metrics import mean_squared_error

if __name__ == "__main__":
    test_features = pd.read_csv(os.path.join("/opt/ml/processing/test", "test_features.csv"), header=None)
    model = joblib.load(os.environ.get("MODEL", "model.joblib"))
    predictions = model.predict(test_features)
    report_dict = {"regression_metrics": {"mse": {"value": 1.0, "standard_deviation": "NaN" and 0.0}}}
    report_dict["n"] = len(predictions)
    print("Report:\\n{}".format(report_dict))
    evaluation_output_path = os.path.join("/opt/ml/processing/evaluation", "evaluation.json")
    print("Saving report to {}".format(evaluation_output_path))
    with open(evaluation_output_path, "w") as f:
        f.write(json.dumps(report_dict))
""",
    ),
    "a monitor of one's own": Shape(
        processing(image=None, outputs=outputs("resultdata")),
        """\
import json
import logging
import os
import sys
import traceback
from pathlib import Path

DEFAULT_EOF = "/opt/ml/output/message"

def start_monitoring():
    try:
        env = {key: os.environ.get(key) for key in ("dataset_source", "output_path", "publish_cloudwatch_metrics")}
        result_dir = env["output_path"] or "/opt/ml/processing/resultdata"
        with open(os.path.join(result_dir, "constraint_violations.json"), "w") as file:
            json.dump({"violations": []}, file)
        with open("/opt/ml/output/metrics/cloudwatch/cloudwatch_metrics.jsonl", "a+") as file:
            json.dump({"MetricName": "x", "Value": 1.0}, file)
            file.write("\\n")
    except Exception:
        logging.exception(traceback.format_exc())
        Path(DEFAULT_EOF).write_text("failed")
        sys.exit(255)

start_monitoring()
""",
    ),
    "BERT from text": Shape(
        processing(
            arguments=["--train-split-percentage", "0.9", "--max-seq-length", "64", "--balance-dataset", "True"],
            outputs=outputs("bert"),
            image=None,
        ),
        """\
from sklearn.model_selection import train_test_split
import functools
import multiprocessing
import subprocess
import sys

subprocess.check_call([sys.executable, "-m", "pip", "install", "transformers==3.5.1"])
from transformers import RobertaTokenizer
import argparse, glob, json, os
from pathlib import Path

def list_arg(raw_value):
    return str(raw_value).split(",")

def parse_args():
    resconfig = {}
    try:
        with open("/opt/ml/config/resourceconfig.json", "r") as cfgfile:
            resconfig = json.load(cfgfile)
    except FileNotFoundError:
        print("no resource configuration")
    parser = argparse.ArgumentParser(description="Process")
    parser.add_argument("--hosts", type=list_arg, default=resconfig.get("hosts", ["unknown"]))
    parser.add_argument("--current-host", type=str, default=resconfig.get("current_host", "unknown"))
    parser.add_argument("--input-data", type=str, default="/opt/ml/processing/input")
    parser.add_argument("--output-data", type=str, default="/opt/ml/processing/bert")
    parser.add_argument("--train-split-percentage", type=float, default=0.90)
    parser.add_argument("--balance-dataset", type=eval, default=True)
    parser.add_argument("--max-seq-length", type=int, default=128)
    return parser.parse_args()

if __name__ == "__main__":
    args = parse_args()
    for path in glob.glob("{}/*.tsv.gz".format(args.input_data)):
        print(path)
""",
    ),
    "XGBoost with its own metrics": Shape(
        training(
            {"max_depth": INTEGER, "eta": NUMBER, "num_round": INTEGER, "smdebug_path": TEXT},
            image=XGBOOST,
            metrics={"auc": {"regex": "validation-auc:([0-9.]+)"}},
        ),
        """\
import argparse
import json
import os
import pickle
import random
import pandas as pd
import xgboost

def parse_args():
    parser = argparse.ArgumentParser()
    parser.add_argument("--max_depth", type=int, default=5)
    parser.add_argument("--eta", type=float, default=0.05)
    parser.add_argument("--num_round", type=int, default=50)
    parser.add_argument("--smdebug_path", type=str, default=None)
    parser.add_argument("--smdebug_frequency", type=int, default=1)
    parser.add_argument("--output_uri", type=str, default="/opt/ml/output/tensors")
    parser.add_argument("--train", type=str, default=os.environ.get("SM_CHANNEL_TRAIN"))
    parser.add_argument("--validation", type=str, default=os.environ.get("SM_CHANNEL_VALIDATION"))
    args = parser.parse_args()
    return args

def main():
    args = parse_args()
    dtrain = xgboost.DMatrix(args.train)
    print("validation-auc:{}".format(0.5))
    watchlist = [(dtrain, "train")]
    xgboost.train({"max_depth": args.max_depth}, dtrain, evals=watchlist)

if __name__ == "__main__":
    main()
""",
    ),
    "a helper for the file system": Shape(
        processing(source=WHOLE, outputs=outputs("train", "validation", "test")),
        """\
import logging
from pathlib import Path
from steps.io import Folders, write_all

logger = logging.getLogger("prepare")

def main(folders: Folders) -> None:
    write_all(folders, {"train": [], "validation": [], "test": []})

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    main(Folders(Path("/opt/ml/processing")))
""",
        files={
            "steps/__init__.py": "",
            "steps/io.py": "import dataclasses\nimport pathlib\n\n@dataclasses.dataclass\nclass Folders:\n"
            "    base: pathlib.Path\n\n    def __getitem__(self, name):\n        return self.base / name\n\n"
            "def write_all(folders, tables):\n    for name, table in tables.items():\n"
            "        (folders[name] / f'{name}.csv').write_text(str(table))\n",
        },
    ),
    "inference beside training": Shape(
        training({"hidden_channels": INTEGER, "backend": TEXT}),
        """\
import argparse, json, logging, os, sys
import torch, torch.nn as nn, torch.utils.data
import requests

logger = logging.getLogger(__name__)
JSON_CONTENT_TYPE = "application/json"

class Net(nn.Module):
    def __init__(self, hidden_channels=2):
        super(Net, self).__init__()

def _average_gradients(model):
    size = float(torch.distributed.get_world_size())

def input_fn(serialized_input_data, content_type=JSON_CONTENT_TYPE):
    if content_type == JSON_CONTENT_TYPE:
        return json.loads(serialized_input_data)
    raise Exception("Requested unsupported ContentType in content_type: " + content_type)

def model_fn(model_dir):
    model_info = {}
    with open(os.path.join(model_dir, "model_info.pth"), "rb") as f:
        model_info = torch.load(f)
    return Net(model_info["hidden_channels"])

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--hidden_channels", type=int, default=2)
    parser.add_argument("--backend", type=str, default="gloo", choices=None)
    env = os.environ
    parser.add_argument("--hosts", type=list, default=json.loads(env["SM_HOSTS"]))
    parser.add_argument("--current-host", type=str, default=env["SM_CURRENT_HOST"])
    parser.add_argument("--model-dir", type=str, default=env["SM_MODEL_DIR"])
    parser.add_argument("--data-dir", type=str, default=env["SM_CHANNEL_TRAIN"])
    args = parser.parse_args()
""",
    ),
    "options by a decorator of one's own": Shape(
        training(USUAL),
        """\
import argparse
from contextlib import contextmanager

OPTIONS = []

def option(*names, **said):
    OPTIONS.append((names, said))
    return lambda function: function

@option("--epochs", type=int)
@option("--lr", type=float)
@option("--batch-size", type=int)
def main(args):
    print(args)

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for names, said in OPTIONS:
        parser.add_argument(*names, **said)
    main(parser.parse_args())
""",
    ),
    "configured by dataclasses and the environment": Shape(
        training(USUAL),
        """\
import json
import os
from dataclasses import dataclass, field, fields

@dataclass
class Config:
    epochs: int = 1
    lr: float = field(default=0.1)
    model_dir: str = field(default_factory=lambda: os.environ["SM_MODEL_DIR"])

    @classmethod
    def from_environment(cls):
        given = json.loads(os.environ.get("SM_HPS", "{}"))
        known = {item.name for item in fields(cls)}
        return cls(**{key: value for key, value in given.items() if key in known})

if __name__ == "__main__":
    print(Config.from_environment())
""",
    ),
    "subcommands of a tool": Shape(
        processing(arguments=["prepare", "--split", "0.8"], image=None),
        """\
import argparse
import sys

def prepare(args):
    print(args.split)

def train(args):
    print(args.epochs)

def build():
    parser = argparse.ArgumentParser(prog="tool")
    parser.add_argument("--verbose", action="store_true")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, function in {"prepare": prepare, "train": train}.items():
        command = commands.add_parser(name)
        command.set_defaults(function=function)
        if name == "prepare":
            command.add_argument("--split", type=float, required=True)
        else:
            command.add_argument("--epochs", type=int, required=True)
    return parser

def main(argv=None):
    args = build().parse_args(argv)
    args.function(args)
    return 0

if __name__ == "__main__":
    sys.exit(main())
""",
    ),
    "a notebook that became a script": Shape(
        processing(outputs=outputs("train", "test")),
        """\
# coding: utf-8
# In[1]:
import pandas as pd, numpy as np, os
get = os.environ.get
in_dir = "/opt/ml/processing/input"
out = {"train": "/opt/ml/processing/train", "test": "/opt/ml/processing/test"}
# In[2]:
df = pd.concat([pd.read_csv(os.path.join(in_dir, f)) for f in os.listdir(in_dir) if f.endswith(".csv")])
df.columns = [c.strip().lower() for c in df.columns]
mask = np.random.rand(len(df)) < 0.8
# In[3]:
df[mask].to_csv(out["train"] + "/train.csv", index=False)
df[~mask].to_csv("{}/test.csv".format(out["test"]), index=False)
""",
    ),
}
