"""Thirty scripts in the styles of public examples of SageMaker: right ones, of which nothing is to be said.

Written for these tests; only the ways of writing are those of the examples.
"""

from __future__ import annotations

from smgen.documents import JsonObject
from tests.source.script_contracts import evaluation, processing, training
from tests.source.script_shapes import CHANNEL, CHOICE, FLAG, INTEGER, NUMBER, TEXT, USUAL, WHOLE, Shape

SKLEARN: JsonObject = {"framework": "sklearn", "version": "1.2-1"}
XGBOOST: JsonObject = {"framework": "xgboost", "version": "1.7-1"}
TENSORFLOW: JsonObject = {"framework": "tensorflow", "version": "2.13", "py_version": "py310"}
MNIST: JsonObject = {
    "batch-size": INTEGER,
    "test-batch-size": INTEGER,
    "epochs": INTEGER,
    "lr": NUMBER,
    "momentum": NUMBER,
    "seed": INTEGER,
    "log-interval": INTEGER,
    "backend": TEXT,
}
TREES: JsonObject = {"max_depth": INTEGER, "eta": NUMBER, "gamma": INTEGER, "objective": TEXT, "num_round": INTEGER}
DATA: JsonObject = {"type": "Data"}

STYLES: dict[str, Shape] = {
    "abalone, prepared": Shape(
        processing(arguments=["--input-data", {"$join": ["s3://", {"$default": "bucket"}, "/abalone.csv"]}]),
        '''\
"""Feature engineers the abalone dataset."""
import argparse
import logging
import os
import pathlib
import boto3
import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline

logger = logging.getLogger()
logger.setLevel(logging.INFO)
logger.addHandler(logging.StreamHandler())

def merge_two_dicts(x, y):
    z = x.copy()
    z.update(y)
    return z

if __name__ == "__main__":
    logger.debug("Starting preprocessing.")
    parser = argparse.ArgumentParser()
    parser.add_argument("--input-data", type=str, required=True)
    args = parser.parse_args()
    base_dir = "/opt/ml/processing"
    bucket, _, key = args.input_data.removeprefix("s3://").partition("/")
    fn = f"{base_dir}/train/raw.csv"
    boto3.resource("s3").Bucket(bucket).download_file(key, fn)
    df = pd.read_csv(fn)
    os.unlink(fn)
    pd.DataFrame(df).to_csv(f"{base_dir}/train/train.csv", header=False, index=False)
''',
    ),
    "abalone, evaluated": Shape(
        evaluation(image=XGBOOST, inputs={"model": {**DATA, "local_path": "/opt/ml/processing/model"}}),
        """\
import json
import logging
import pathlib
import pickle
import tarfile
import numpy as np
import pandas as pd
import xgboost
from sklearn.metrics import mean_squared_error

logger = logging.getLogger()
if __name__ == "__main__":
    model_path = "/opt/ml/processing/model/model.tar.gz"
    with tarfile.open(model_path) as tar:
        tar.extractall(path=".")
    model = pickle.load(open("xgboost-model", "rb"))
    predictions = model.predict(xgboost.DMatrix(pd.read_csv("x").values))
    mse = mean_squared_error([1], predictions)
    std = np.std(predictions)
    report_dict = {
        "regression_metrics": {
            "mse": {"value": mse, "standard_deviation": std},
        },
    }
    output_dir = "/opt/ml/processing/evaluation"
    pathlib.Path(output_dir).mkdir(parents=True, exist_ok=True)
    logger.info("Writing out evaluation report with mse: %f", mse)
    evaluation_path = f"{output_dir}/evaluation.json"
    with open(evaluation_path, "w") as f:
        f.write(json.dumps(report_dict))
""",
    ),
    "mnist in PyTorch": Shape(
        training(MNIST),
        """\
import argparse
import json
import logging
import os
import sys
import torch
import torch.distributed as dist
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms

logger = logging.getLogger(__name__)
logger.addHandler(logging.StreamHandler(sys.stdout))

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(50, 10)

    def forward(self, x):
        return F.log_softmax(self.fc(x), dim=1)

def train(args):
    is_distributed = len(args.hosts) > 1 and args.backend is not None
    if is_distributed:
        os.environ["WORLD_SIZE"] = str(len(args.hosts))
        os.environ["RANK"] = str(args.hosts.index(args.current_host))
        dist.init_process_group(backend=args.backend, rank=int(os.environ["RANK"]))
    logger.info("Train Epoch: {} Loss: {:.6f}".format(1, 0.1))
    save_model(Net(), args.model_dir)

def save_model(model, model_dir):
    torch.save(model.cpu().state_dict(), os.path.join(model_dir, "model.pth"))

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch-size", type=int, default=64, metavar="N", help="input batch size (default: 64)")
    parser.add_argument("--test-batch-size", type=int, default=1000, metavar="N")
    parser.add_argument("--epochs", type=int, default=10, metavar="N")
    parser.add_argument("--lr", type=float, default=0.01, metavar="LR")
    parser.add_argument("--momentum", type=float, default=0.5, metavar="M")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("--log-interval", type=int, default=100, metavar="N")
    parser.add_argument("--backend", type=str, default=None)
    parser.add_argument("--hosts", type=list, default=json.loads(os.environ["SM_HOSTS"]))
    parser.add_argument("--current-host", type=str, default=os.environ["SM_CURRENT_HOST"])
    parser.add_argument("--model-dir", type=str, default=os.environ["SM_MODEL_DIR"])
    parser.add_argument("--data-dir", type=str, default=os.environ["SM_CHANNEL_TRAIN"])
    parser.add_argument("--num-gpus", type=int, default=os.environ["SM_NUM_GPUS"])
    train(parser.parse_args())
""",
    ),
    "mnist in TensorFlow": Shape(
        training({"epochs": INTEGER, "model_dir": TEXT}, image=TENSORFLOW, metrics={"l": {"regex": "loss: ([0-9.]+)"}}),
        """\
import argparse
import json
import os
import numpy as np
import tensorflow as tf

def model(x_train, y_train):
    net = tf.keras.models.Sequential([tf.keras.layers.Flatten()])
    net.fit(x_train, y_train)
    return net

def _load(base_dir):
    return np.load(os.path.join(base_dir, "train_data.npy")), np.load(os.path.join(base_dir, "train_labels.npy"))

def _parse_args():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model_dir", type=str)
    parser.add_argument("--sm-model-dir", type=str, default=os.environ.get("SM_MODEL_DIR"))
    parser.add_argument("--train", type=str, default=os.environ.get("SM_CHANNEL_TRAINING"))
    parser.add_argument("--hosts", type=list, default=json.loads(os.environ.get("SM_HOSTS")))
    return parser.parse_known_args()

if __name__ == "__main__":
    args, unknown = _parse_args()
    classifier = model(*_load(args.train))
    if os.environ["SM_CURRENT_HOST"] == "algo-1":
        classifier.save(os.path.join(args.sm_model_dir, "000000001"))
""",
    ),
    "iris in scikit-learn": Shape(
        training({"max_leaf_nodes": INTEGER}, image=SKLEARN),
        """\
from __future__ import print_function
import argparse
import os
import joblib
import pandas as pd
from sklearn import tree

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--max_leaf_nodes", type=int, default=-1)
    parser.add_argument("--output-data-dir", type=str, default=os.environ["SM_OUTPUT_DATA_DIR"])
    parser.add_argument("--model-dir", type=str, default=os.environ["SM_MODEL_DIR"])
    parser.add_argument("--train", type=str, default=os.environ["SM_CHANNEL_TRAIN"])
    args = parser.parse_args()
    input_files = [os.path.join(args.train, file) for file in os.listdir(args.train)]
    if len(input_files) == 0:
        raise ValueError(("There are no files in {}.\\n").format(args.train, "train"))
    raw_data = [pd.read_csv(file, header=None, engine="python") for file in input_files]
    joblib.dump(raw_data, os.path.join(args.model_dir, "model.joblib"))

def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "model.joblib"))
""",
    ),
    "script mode of XGBoost": Shape(
        training({**TREES, "verbosity": INTEGER}, image=XGBOOST, metrics={"m": {"regex": "train-rmse:([0-9.]+)"}}),
        """\
import argparse, json, logging, os, pickle as pkl
import pandas as pd
import xgboost as xgb
from sagemaker_containers import entry_point
from sagemaker_xgboost_container import distributed
from sagemaker_xgboost_container.data_utils import get_dmatrix

def _xgb_train(params, dtrain, evals, num_boost_round, model_dir, is_master):
    booster = xgb.train(params=params, dtrain=dtrain, evals=evals, num_boost_round=num_boost_round)
    if is_master:
        pkl.dump(booster, open(model_dir + "/xgboost-model", "wb"))

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--max_depth", type=int)
    parser.add_argument("--eta", type=float)
    parser.add_argument("--gamma", type=int)
    parser.add_argument("--verbosity", type=int)
    parser.add_argument("--objective", type=str)
    parser.add_argument("--num_round", type=int)
    parser.add_argument("--tree_method", type=str, default="auto")
    parser.add_argument("--output_data_dir", type=str, default=os.environ.get("SM_OUTPUT_DATA_DIR"))
    parser.add_argument("--train", type=str, default=os.environ.get("SM_CHANNEL_TRAIN"))
    parser.add_argument("--sm_hosts", type=str, default=os.environ.get("SM_HOSTS"))
    args, _ = parser.parse_known_args()
    sm_hosts = json.loads(args.sm_hosts)
    dtrain = get_dmatrix(args.train, "libsvm")
    train_hp = {"max_depth": args.max_depth, "eta": args.eta}
    if len(sm_hosts) > 1:
        distributed.rabit_run(exec_fun=_xgb_train, args={})
    else:
        _xgb_train(train_hp, dtrain, [], args.num_round, "/opt/ml/model", True)
""",
    ),
    "a container of one's own": Shape(
        training({"max_leaf_nodes": INTEGER}, image=None, source=CHANNEL),
        """\
#!/usr/bin/env python
from __future__ import print_function
import json
import os
import sys
import traceback

prefix = "/opt/ml/"
input_path = prefix + "input/data"
output_path = os.path.join(prefix, "output")
model_path = os.path.join(prefix, "model")
param_path = os.path.join(prefix, "input/config/hyperparameters.json")
channel_name = "train"
training_path = os.path.join(input_path, channel_name)

def train():
    print("Starting the training.")
    try:
        with open(param_path, "r") as tc:
            trainingParams = json.load(tc)
        max_leaf_nodes = trainingParams.get("max_leaf_nodes", None)
        files = [os.path.join(training_path, file) for file in os.listdir(training_path)]
        with open(os.path.join(model_path, "decision-tree-model.pkl"), "wb") as out:
            out.write(b"")
    except Exception as e:
        trc = traceback.format_exc()
        with open(os.path.join(output_path, "failure"), "w") as s:
            s.write("Exception during training: " + str(e) + "\\n" + trc)
        sys.exit(255)

if __name__ == "__main__":
    train()
    sys.exit(0)
""",
    ),
    "census with a fitted featurizer": Shape(
        processing(arguments=["--train-test-split-ratio", "0.3"]),
        """\
import argparse, os, warnings
import pandas as pd
from sklearn.exceptions import DataConversionWarning
from sklearn.model_selection import train_test_split

warnings.filterwarnings(action="ignore", category=DataConversionWarning)
columns = ["age", "education"]

def print_shape(df):
    print("Data shape: {}, {} positive examples".format(df.shape, len(df)))

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--train-test-split-ratio", type=float, default=0.3)
    args, _ = parser.parse_known_args()
    print("Received arguments {}".format(args))
    input_data_path = os.path.join("/opt/ml/processing/input", "census-income.csv")
    df = pd.read_csv(input_data_path)
    train_features_output_path = os.path.join("/opt/ml/processing/train", "train_features.csv")
    df.to_csv(train_features_output_path, header=False, index=False)
""",
    ),
    "Spark": Shape(
        processing(arguments=["--s3_input_bucket", "b", "--s3_output_key_prefix", "p"], image=None),
        """\
import argparse
import pyspark
from pyspark.sql import SparkSession
from pyspark.sql.types import StructField, StructType

def csv_line(data):
    return str(data[1]) + "," + ",".join(str(d) for d in data[0])

def main():
    parser = argparse.ArgumentParser(description="app inputs and outputs")
    parser.add_argument("--s3_input_bucket", type=str, help="s3 input bucket")
    parser.add_argument("--s3_output_key_prefix", type=str, help="s3 output key prefix")
    args = parser.parse_args()
    spark = SparkSession.builder.appName("PySparkApp").getOrCreate()
    total_df = spark.read.csv("s3://" + args.s3_input_bucket + "/abalone.csv", header=False)
    total_df.rdd.map(csv_line).saveAsTextFile("s3://x")

if __name__ == "__main__":
    main()
""",
    ),
    "transformers with a trainer": Shape(
        training(
            {"epochs": INTEGER, "train_batch_size": INTEGER, "model_name": TEXT, "learning_rate": TEXT, "fp16": FLAG},
            image=None,
            metrics={"loss": {"regex": "'eval_loss': ([0-9.]+)"}},
        ),
        """\
from transformers import AutoModelForSequenceClassification, Trainer, TrainingArguments, AutoTokenizer
from sklearn.metrics import accuracy_score, precision_recall_fscore_support
from datasets import load_from_disk
import random, logging, sys, argparse, os, torch

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    # hyperparameters sent by the client are passed as command-line arguments to the script.
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--train_batch_size", type=int, default=32)
    parser.add_argument("--model_name", type=str)
    parser.add_argument("--learning_rate", type=str, default=5e-5)
    parser.add_argument("--fp16", type=lambda x: bool(x == "True"), default=True)
    parser.add_argument("--output_data_dir", type=str, default=os.environ["SM_OUTPUT_DATA_DIR"])
    parser.add_argument("--model_dir", type=str, default=os.environ["SM_MODEL_DIR"])
    parser.add_argument("--n_gpus", type=str, default=os.environ["SM_NUM_GPUS"])
    parser.add_argument("--training_dir", type=str, default=os.environ["SM_CHANNEL_TRAIN"])
    args, _ = parser.parse_known_args()
    train_dataset = load_from_disk(args.training_dir)
    eval_result = {"eval_loss": 0.1}
    with open(os.path.join(args.output_data_dir, "eval_results.txt"), "w") as writer:
        print("***** Eval results *****")
        for key, value in sorted(eval_result.items()):
            writer.write(f"{key} = {value}\\n")
""",
    ),
    "hyperparameters as a namespace": Shape(
        training(USUAL),
        """\
import json
import os
from types import SimpleNamespace

hps = SimpleNamespace(**{k.replace("-", "_"): v for k, v in json.loads(os.environ["SM_HPS"]).items()})
env = json.loads(os.environ.get("SM_TRAINING_ENV", "{}"))
print(env.get("job_name"), hps)
""",
    ),
    "the toolkit's own environment": Shape(
        training(USUAL),
        """\
from sagemaker_training import environment
import torch

env = environment.Environment()
train_dir = env.channel_input_dirs["train"]
epochs = env.hyperparameters.get("epochs", object_type=int)
""",
    ),
    "served by the inference toolkit": Shape(
        training(USUAL),
        """\
import io, json, os, torch

def model_fn(model_dir):
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    with open(os.path.join(model_dir, "model.pth"), "rb") as f:
        return torch.load(f, map_location=device)

def input_fn(request_body, request_content_type):
    assert request_content_type == "application/json"
    return torch.tensor(json.loads(request_body)["inputs"])

def predict_fn(input_object, model):
    from helper_that_serving_has import postprocess
    return postprocess(model(input_object))

if __name__ == "__main__":
    print("nothing to train")
""",
    ),
    "Horovod": Shape(
        training(MNIST, image=TENSORFLOW),
        """\
import argparse, os
import tensorflow as tf
import horovod.tensorflow as hvd

hvd.init()
gpus = tf.config.experimental.list_physical_devices("GPU")
for gpu in gpus:
    tf.config.experimental.set_memory_growth(gpu, True)

p = argparse.ArgumentParser()
for name, kind in [("batch-size", int), ("test-batch-size", int), ("epochs", int), ("lr", float)]:
    p.add_argument("--" + name, type=kind)
args, _ = p.parse_known_args()
if hvd.rank() == 0:
    tf.io.write_file("/opt/ml/model/1/saved", "x")
""",
    ),
    "checkpoints and spot": Shape(
        training(USUAL),
        """\
import argparse, os, torch

def load_checkpoint(path="/opt/ml/checkpoints"):
    files = sorted(os.listdir(path)) if os.path.isdir(path) else []
    return torch.load(os.path.join(path, files[-1])) if files else None

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=50)
    parser.add_argument("--lr", type=float, default=0.001)
    parser.add_argument("--batch-size", type=int, default=4)
    parser.add_argument("--checkpoint-path", type=str, default="/opt/ml/checkpoints")
    parser.add_argument("--dist_backend", type=str, default="gloo")
    return parser.parse_args()

if __name__ == "__main__":
    main()
    load_checkpoint()
""",
    ),
    "a configuration in a file": Shape(
        processing(source=WHOLE),
        """\
import os, yaml, json
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "config.yaml")) as f:
    config = yaml.safe_load(f)
folder = config["folders"]["input"]
for name in os.listdir(f"/opt/ml/processing/{folder}"):
    print(name)
""",
        files={"config.yaml": "folders: {input: input}\n"},
    ),
    "the job's own configuration": Shape(
        processing(),
        """\
import json
with open("/opt/ml/config/processingjobconfig.json") as f:
    job = json.load(f)
with open("/opt/ml/config/resourceconfig.json") as f:
    hosts = json.load(f)["hosts"]
outputs = {o["OutputName"]: o["S3Output"]["LocalPath"] for o in job["ProcessingOutputConfig"]["Outputs"]}
""",
    ),
    "plain sys.argv": Shape(
        processing(arguments=["/opt/ml/processing/input/a.csv", "10"]),
        "import sys\n\ndef main(path, limit):\n    print(path, limit)\n\nmain(sys.argv[1], int(sys.argv[2]))\n",
    ),
    "tuned, with a metric in a log": Shape(
        training({"optimizer": CHOICE, "lr": NUMBER}, metrics={"acc": {"regex": "Test Accuracy: (.*?);"}}),
        """\
import argparse, logging
logging.basicConfig(format="%(asctime)s %(message)s", level="INFO")
def fit(opt):
    best = max(range(3))
    logging.info(f"Test Loss: {best}; Test Accuracy: {best:.2f}; done")
ap = argparse.ArgumentParser(conflict_handler="resolve")
ap.add_argument("--optimizer", default="adam", choices={"adam", "sgd", "rmsprop"})
ap.add_argument("--lr", default=0.1, type=float)
fit(ap.parse_args())
""",
    ),
    "classes and modules": Shape(
        training(USUAL),
        """\
import argparse
import importlib
from trainer.task import Task
from trainer import config as cfg

class App:
    def __init__(self):
        self.parser = argparse.ArgumentParser()
        self.parser.add_argument("--epochs", type=int)
        self.parser.add_argument("--model-name", required=True)

    def run(self):
        args = self.parser.parse_args()
        importlib.import_module(f"trainer.{args.model_name}")

if __name__ == "__main__":
    App().run()
""",
        files={
            "trainer/__init__.py": "",
            "trainer/task.py": "from .config import A\nclass Task: ...\n",
            "trainer/config.py": "A = 1\n",
        },
    ),
    "optional extras": Shape(
        training(USUAL),
        """\
import os
try:
    import wandb
except ImportError:
    wandb = None
try:
    from smdebug import modes
except Exception:
    modes = None
if os.environ.get("USE_MLFLOW"):
    import mlflow
import torch
""",
    ),
    "installs what it needs": Shape(
        processing(),
        """\
import subprocess
import sys

def pip_install(package):
    subprocess.check_call([sys.executable, "-q", "-m", "pip", "install", package])

pip_install("awswrangler==2.16.1")
import awswrangler as wr
wr.s3.read_csv("s3://x")
""",
    ),
    "Feature Store": Shape(
        processing(arguments=["--feature-group-name", "f", "--region", {"$default": "region"}], image=None),
        """\
import argparse, os, boto3, sagemaker
from sagemaker.feature_store.feature_group import FeatureGroup
parser = argparse.ArgumentParser()
parser.add_argument("--feature-group-name", type=str, required=True)
parser.add_argument("--region", type=str, required=True)
parser.add_argument("--max-workers", type=int, default=os.cpu_count())
args = parser.parse_args()
os.environ["AWS_DEFAULT_REGION"] = args.region
print(os.environ["AWS_DEFAULT_REGION"])
""",
    ),
    "a report with a helper": Shape(
        evaluation(),
        """\
import json
import os

def save_json(obj, folder, name):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w") as fp:
        json.dump(obj, fp)

def classification_report_dict(mse):
    return {"regression_metrics": {"mse": {"value": mse}}}

save_json(classification_report_dict(1.0), "/opt/ml/processing/evaluation", "evaluation.json")
""",
    ),
    "a report that a branch fills": Shape(
        evaluation(),
        """\
import json, pathlib
result = {"n": 0}
if result["n"] == 0:
    result["regression_metrics"] = {"mse": {"value": 0.0}}
out = pathlib.Path("/opt/ml/processing/evaluation")
out.mkdir(parents=True, exist_ok=True)
(out / "evaluation.json").open("w").write(json.dumps(result))
(out / "predictions.json").write_text(json.dumps({"rows": []}))
""",
    ),
    "async and a context": Shape(
        processing(),
        """\
import asyncio
import contextlib

async def main():
    with contextlib.suppress(OSError):
        with open("/opt/ml/processing/input/a") as f:
            f.read()
    await asyncio.sleep(0)

if __name__ == "__main__":
    asyncio.run(main())
""",
    ),
    "a dataclass of options": Shape(
        training({**USUAL, "model_id": TEXT}, required=["model_id"]),
        """\
from dataclasses import dataclass, field
from transformers import HfArgumentParser, TrainingArguments

@dataclass
class ScriptArguments:
    model_id: str = field(metadata={"help": "the model"})
    epochs: int = field(default=1)

if __name__ == "__main__":
    parser = HfArgumentParser((ScriptArguments, TrainingArguments))
    script_args, training_args = parser.parse_args_into_dataclasses()
""",
        files={"requirements.txt": "transformers\n"},
    ),
    "fire": Shape(
        processing(arguments=["--share", "0.2"], image=None),
        "import fire\n\ndef main(share: float = 0.1): ...\n\nif __name__ == '__main__':\n    fire.Fire(main)\n",
    ),
    "channels that may be": Shape(
        training(USUAL),
        """\
import argparse, os
parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=os.environ.get("SM_HP_EPOCHS", 3))
parser.add_argument("--lr", type=float, default=float(os.environ.get("SM_HP_LR", "0.1")))
parser.add_argument("--batch-size", type=int, default=int(os.environ.get("SM_HP_BATCH-SIZE", 8)))
parser.add_argument("--validation", default=os.environ.get("SM_CHANNEL_VALIDATION"))
parser.add_argument("--pretrained", default=os.getenv("SM_CHANNEL_PRETRAINED", None))
args = parser.parse_args()
if args.validation:
    print(os.listdir(os.environ["SM_CHANNEL_VALIDATION"]))
""",
    ),
    "lightning": Shape(
        training({"max_epochs": INTEGER}, metrics={"val": {"regex": "val_loss=([0-9.]+)"}}),
        """\
import pytorch_lightning as pl
from argparse import ArgumentParser

class Model(pl.LightningModule):
    @staticmethod
    def add_model_specific_args(parent_parser):
        parser = ArgumentParser(parents=[parent_parser], add_help=False)
        parser.add_argument("--hidden", type=int, default=3)
        return parser

if __name__ == "__main__":
    parser = ArgumentParser()
    parser = pl.Trainer.add_argparse_args(parser)
    parser = Model.add_model_specific_args(parser)
    args = parser.parse_args()
    print(f"val_acc={args.hidden}")
""",
    ),
}
