"""Scripts whose command line a library makes of fields and parameters, with edits that each make one mistake."""

from __future__ import annotations

from smgen.documents import JsonObject
from tests.source.script_contracts import processing, training
from tests.source.script_shapes import CHOICE, FLAG, INTEGER, NUMBER, SHARE, USUAL, Shape, share

HUGGING_FACE: JsonObject = {"framework": "huggingface", "version": "4.28.1", "base_framework_version": "pytorch2.0.0"}
TUNED: JsonObject = {"epochs": INTEGER, "lr": NUMBER, "model_id": {"type": "string"}, "fast": FLAG}

FIELDS: dict[str, Shape] = {
    "HfArgumentParser": Shape(
        training(TUNED, required=["model_id"], image=None),
        """\
from dataclasses import dataclass, field
from typing import Optional
from transformers import HfArgumentParser

@dataclass
class ModelArguments:
    model_id: str = field(metadata={"help": "the model"})
    fast: bool = True

@dataclass
class Arguments:
    epochs: int = 1
    lr: Optional[float] = field(default=0.1)
    notes: list[str] = field(default_factory=list)

def main():
    parser = HfArgumentParser((ModelArguments, Arguments))
    model, other = parser.parse_args_into_dataclasses()

if __name__ == "__main__":
    main()
""",
        {
            "takes": ("epochs: int = 1", "num_epochs: int = 1"),
            "takes, required": ("model_id: str = field(", "model_name: str = field("),
            "takes, more": ("    fast: bool", "    revision: str\n    fast: bool"),
        },
    ),
    "HfArgumentParser beside TrainingArguments": Shape(
        training({**USUAL, "output_dir": {"type": "string", "default": "/opt/ml/model"}}, image=None),
        """\
from dataclasses import dataclass, field
from transformers import HfArgumentParser, TrainingArguments

@dataclass
class DataArguments:
    max_length: int = field(default=128)

parser = HfArgumentParser((DataArguments, TrainingArguments))
data, training = parser.parse_args_into_dataclasses()
""",
        {"takes": ("max_length: int = field(default=128)", "max_length: int")},
    ),
    "simple-parsing": Shape(
        training({"epochs": INTEGER, "learning_rate": NUMBER, "optimizer": CHOICE}, image=None),
        """\
from dataclasses import dataclass
from typing import Literal
import simple_parsing

@dataclass
class Options:
    epochs: int = 1
    learning_rate: float = 0.1
    optimizer: Literal["adam", "sgd"] = "adam"

options = simple_parsing.parse(Options)
""",
        {
            "takes": ("learning_rate: float", "rate: float"),
            "takes, a choice": ('"adam", "sgd"]', '"adam", "lion"]'),
            "takes, a type": ("learning_rate: float = 0.1", "learning_rate: int = 1"),
        },
    ),
    "simple-parsing with a parser": Shape(
        processing(arguments=share(), settings=SHARE, image=None),
        """\
from dataclasses import dataclass
from simple_parsing import ArgumentParser

@dataclass
class Options:
    test_share: float
    seed: int = 1

parser = ArgumentParser()
parser.add_arguments(Options, dest="options")
print(parser.parse_args().options)
""",
        {"takes": ("test_share: float", "test_size: float")},
    ),
    "tyro": Shape(
        training({"epochs": INTEGER, "learning-rate": NUMBER}, required=["epochs"], image=None),
        """\
import dataclasses
import tyro
from settings import Shared

@dataclasses.dataclass(frozen=True)
class Settings(Shared):
    learning_rate: float = 0.1
    verbose: bool = False

def main(settings):
    print(settings)

if __name__ == "__main__":
    main(tyro.cli(Settings))
""",
        {
            "starts": ("    print(settings)", "  print(settings"),
            "takes": ("learning_rate", "rate"),
            "takes, more": ("    learning_rate", "    folder: str\n    learning_rate"),
        },
        {"settings.py": "import dataclasses\n\n@dataclasses.dataclass(frozen=True)\nclass Shared:\n    epochs: int\n"},
    ),
    "tyro with a function": Shape(
        processing(arguments=share(), settings=SHARE, image=None),
        "import tyro\n\ndef split(test_share: float, seed: int = 1) -> None: ...\n\ntyro.cli(split)\n",
        {"takes": ("seed: int = 1", "seed: int"), "takes, a name": ("test_share: float", "share: float")},
    ),
    "flags of absl": Shape(
        training({"epochs": INTEGER, "learning_rate": NUMBER}, required=["epochs"], image=None),
        """\
import tensorflow as tf
from absl import app, flags

FLAGS = flags.FLAGS
flags.DEFINE_integer("epochs", None, "how often", required=True)
flags.DEFINE_float("learning_rate", 0.1, "how fast", lower_bound=0.0)
flags.DEFINE_bool("mixed", False, "whether to mix")

def main(_):
    print(FLAGS.epochs)

if __name__ == "__main__":
    app.run(main)
""",
        {
            "takes": ('"learning_rate"', '"learning-rate"'),
            "takes, a type": ("DEFINE_float", "DEFINE_integer"),
            "takes, more": (
                "FLAGS = flags.FLAGS",
                'FLAGS = flags.FLAGS\nflags.DEFINE_string("name", None, "", required=True)',
            ),
        },
    ),
    "fire": Shape(
        processing(arguments=share(), settings=SHARE, image=None),
        """\
import fire

def main(test_share, seed=1, *, verbose: bool = False):
    print(test_share, seed, verbose)

if __name__ == "__main__":
    fire.Fire(main)
""",
        {"takes": ("test_share, seed=1", "test_size, seed=1"), "takes, more": ("seed=1, *", "seed, *")},
    ),
}

#: Legal styles of which nothing can be said, and nothing is.
QUIET_FIELDS: dict[str, Shape] = {
    "fields of a file": Shape(
        training(USUAL, image=None),
        "import sys\nfrom dataclasses import dataclass\nfrom transformers import HfArgumentParser\n"
        "@dataclass\nclass A:\n    x: int\nparser = HfArgumentParser(A)\n"
        "if len(sys.argv) == 2 and sys.argv[1].endswith('.json'):\n    (a,) = parser.parse_json_file(sys.argv[1])\n"
        "else:\n    (a,) = parser.parse_args_into_dataclasses()\n",
    ),
    "fields of a table": Shape(
        training(USUAL, image=None),
        "import os, json\nfrom dataclasses import dataclass\nfrom transformers import HfArgumentParser\n"
        "@dataclass\nclass A:\n    epochs: int\nHfArgumentParser(A).parse_dict(json.loads(os.environ['SM_HPS']))\n",
    ),
    "remaining arguments": Shape(
        training(USUAL, image=None),
        "from dataclasses import dataclass\nfrom transformers import HfArgumentParser\n@dataclass\nclass A:\n"
        "    epochs: int = 1\nHfArgumentParser((A,)).parse_args_into_dataclasses(return_remaining_strings=True)\n",
    ),
    "fields with fields": Shape(
        training({"optimizer.lr": NUMBER, "epochs": INTEGER}, image=None),
        "import tyro\nfrom dataclasses import dataclass, field\n@dataclass\nclass O:\n    lr: float\n@dataclass\n"
        "class A:\n    optimizer: O\n    file: tyro.conf.Positional[str]\n    epochs: int = 1\ntyro.cli(A)\n",
    ),
    "a class as commands": Shape(
        processing(arguments=["split", *share()], settings=SHARE, image=None),
        "import fire\nclass Commands:\n    def split(self, test_share): ...\nfire.Fire(Commands)\n",
    ),
    "arguments by place for fire": Shape(
        processing(arguments=["a.csv", *share()], settings=SHARE, image=None),
        "import fire\ndef main(path, test_share=0.1):\n    return path\nfire.Fire(main)\n",
    ),
    "flags of absl beside others": Shape(
        training(USUAL, image=None),
        "from absl import app, flags\nimport official.flags\nflags.DEFINE_string('x', None, '')\n"
        "def main(_): ...\napp.run(main)\n",
    ),
    "flags of absl that are read elsewhere": Shape(
        training(USUAL, image=None),
        "import sys\nfrom absl import app, flags\nFLAGS = flags.FLAGS\nFLAGS(sys.argv, known_only=True)\n"
        "flags.mark_flag_as_required('x')\nflags.DEFINE_string('x', None, '')\n",
    ),
    "fire with what it gives back": Shape(
        processing(arguments=["--path", "a", "--then", "b"], image=None),
        "import fire\ndef main(path):\n    return lambda then: None\nfire.Fire(main)\n",
    ),
    "fields of a base that is not seen": Shape(
        training(USUAL, image=None),
        "from dataclasses import dataclass\nfrom transformers import HfArgumentParser, TrainingArguments\n"
        "@dataclass\nclass A(TrainingArguments):\n    extra: int = 1\n"
        "a = HfArgumentParser(A).parse_args_into_dataclasses()[0]\n",
    ),
}
