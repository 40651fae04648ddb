"""Scripts by how they read their command line, each with its contract, and with edits that each make one mistake."""

from __future__ import annotations

from smgen.documents import JsonObject
from tests.source.script_contracts import processing, training
from tests.source.script_shapes import CHOICE, FLAG, INTEGER, NUMBER, SHARE, TEXT, USUAL, WHOLE, Shape, share

FOLDERS: list[str] = ["/opt/ml/processing/input", "/opt/ml/processing/train"]
LEARNING: JsonObject = {"epochs": {"type": "integer", "default": 3}, "learning-rate": NUMBER}

COMMAND_LINES: dict[str, Shape] = {
    "arguments by their places": Shape(
        processing(arguments=[*FOLDERS, *share()], settings=SHARE),
        """\
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("source")
parser.add_argument("target")
parser.add_argument("--test-share", type=float, default=0.5)
args = parser.parse_args()
""",
        {
            "takes": ('"target")', '"target")\nparser.add_argument("columns", nargs="+")'),
            "takes, less": ('parser.add_argument("target")\n', ""),
            "takes, several": ('"target")', '"target", nargs=2)'),
        },
    ),
    "known arguments with a slip": Shape(
        training({"max_depth": INTEGER, "learning_rate": NUMBER, "model_dir": TEXT}),
        """\
import argparse

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--max_depth", type=int, default=5)
    parser.add_argument("--learning_rate", type=float, default=0.1)
    parser.add_argument("--model-dir", type=str, default="/opt/ml/model")
    parser.add_argument("--seed", type=int, default=1)
    args, _ = parser.parse_known_args()
""",
        {
            "takes": ('"--max_depth"', '"--max-depth"'),
            "takes, a word less": ('"--learning_rate"', '"--learn_rate"'),
            "takes, required": ('"--max_depth", type=int, default=5', '"--depth", type=int, required=True'),
        },
    ),
    "arguments behind flags": Shape(
        processing(arguments=["--columns", "a", "b", "--verbose", "/opt/ml/processing/input"]),
        """\
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--columns", nargs=2)
parser.add_argument("--verbose", action="store_true")
parser.add_argument("folder")
args = parser.parse_args()
""",
        {"takes": ("nargs=2", "nargs=3"), "takes, by place": ('"folder")', '"folder")\nparser.add_argument("name")')},
    ),
    "no argument without a flag": Shape(
        training(LEARNING),
        """\
import argparse

def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    return parser.parse_args()

if __name__ == "__main__":
    print(parse())
""",
        {
            "takes": ('nargs="*"', 'nargs="+"'),
            "takes, plain": ('"files", nargs="*"', '"files"'),
            "takes, an underscore": ("--learning-rate", "--learning_rate"),
            "takes, required": ('"--learning-rate", type=float, default=1e-3', '"--rate", type=float, required=True'),
        },
    ),
    "one of two": Shape(
        training({"epochs": {"type": "integer", "default": 3}}),
        """\
import argparse

parser = argparse.ArgumentParser()
length = parser.add_mutually_exclusive_group(required=True)
length.add_argument("--epochs", type=int)
length.add_argument("--steps", type=int)
args = parser.parse_args()
""",
        {
            "takes": ('"--epochs", type=int)', '"--hours", type=int)\nparser.add_argument("--epochs", type=int)'),
            "takes, a name": ('"--epochs"', '"--rounds"'),
        },
    ),
    "only one of two": Shape(
        training({"epochs": {"type": "integer", "default": 3}, "steps": INTEGER, "seed": INTEGER}, required=["seed"]),
        """\
import argparse

parser = argparse.ArgumentParser()
length = parser.add_mutually_exclusive_group()
length.add_argument("--epochs", type=int)
length.add_argument("--steps", type=int)
parser.add_argument("--seed", type=int)
args = parser.parse_args()
""",
        {
            "takes": ('parser.add_argument("--seed"', 'length.add_argument("--seed"'),
            "takes, not always": (
                'add_mutually_exclusive_group()\nlength.add_argument("--epochs", type=int)',
                'add_mutually_exclusive_group(required=True)\nparser.add_argument("--epochs", type=int)',
            ),
        },
    ),
    "types of defaults": Shape(
        training({"dropout": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}, "layers": INTEGER}),
        """\
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--dropout", type=float, default=0.1)
parser.add_argument("--layers", type=int, default="2")
parser.add_argument("--warmup", type=float, default="0.5")
parser.parse_args()
""",
        {
            "takes": ("type=float, default=0.1", "type=int"),
            "takes, its own default": ('type=float, default="0.5"', 'type=int, default="0.5"'),
            "takes, at times its own": ('default="2"', 'default="two"'),
        },
    ),
    "a parser of a module": Shape(
        training(USUAL),
        """\
from options import build_parser

def main():
    parser = build_parser()
    parser.add_argument("--batch-size", type=int)
    args = parser.parse_args()
    print(args)

if __name__ == "__main__":
    main()
""",
        {"takes": ('"--batch-size"', '"--batches"')},
        {
            "options.py": "import argparse\n\ndef build_parser():\n    parser = argparse.ArgumentParser()\n"
            '    for name, kind in (("epochs", int), ("lr", float)):\n'
            '        parser.add_argument(f"--{name}", type=kind)\n    return parser\n'
        },
    ),
    "a module that parses": Shape(
        training(USUAL),
        """\
import argparse
from common.args import parse_args, add_training

parser = argparse.ArgumentParser()
add_training(parser)
parser.add_argument("--lr", type=float)
args = parse_args(parser)
""",
        {"takes": ('"--lr"', '"--rate"')},
        {
            "common/__init__.py": "",
            "common/args.py": 'def add_training(p):\n    p.add_argument("--epochs", type=int)\n'
            '    p.add_argument("--batch-size", type=int)\n\ndef parse_args(parser):\n    return parser.parse_args()\n',
        },
    ),
    "options in a loop": Shape(
        training({**USUAL, "optimizer": CHOICE}),
        """\
import argparse

OPTIONS = {
    "epochs": dict(type=int, default=1),
    "lr": {"type": float, "default": 0.1},
    "batch-size": {"type": int, "default": 8},
    "optimizer": {"choices": ["adam", "sgd"]},
}
parser = argparse.ArgumentParser()
for name, said in OPTIONS.items():
    parser.add_argument("--" + name, **said)
args = parser.parse_args()
""",
        {
            "takes": ('"batch-size":', '"batch_size":'),
            "takes, a choice": ('["adam", "sgd"]', '["adam", "lion"]'),
            "takes, required": ('"default": 8}', '"default": 8},\n    "depth": {"type": int, "required": True}'),
        },
    ),
    "parents": Shape(
        training({**USUAL, "seed": INTEGER}, required=["seed"]),
        """\
import argparse

def parent_parser():
    parent = argparse.ArgumentParser(add_help=False)
    parent.add_argument("--epochs", type=int)
    parent.add_argument("--seed", type=int, required=True)
    return parent

shared = argparse.ArgumentParser(add_help=False)
shared.add_argument("--lr", type=float)
parser = argparse.ArgumentParser(parents=[parent_parser(), shared])
parser.add_argument("--batch-size", type=int)
parser.parse_args()
""",
        {"takes": ('shared.add_argument("--lr"', 'shared.add_argument("--rate"')},
    ),
    "one parent": Shape(
        training({"epochs": INTEGER, "seed": INTEGER}, required=["seed"]),
        """\
import argparse

shared = argparse.ArgumentParser(add_help=False)
shared.add_argument("--seed", type=int, required=True)
parser = argparse.ArgumentParser(parents=[shared])
parser.add_argument("--epochs", type=int)
parser.parse_args()
""",
        {"takes": ('"--seed"', '"--random-state"')},
    ),
    "a class with its options": Shape(
        training(USUAL),
        """\
import argparse

class Options(argparse.ArgumentParser):
    def __init__(self):
        super().__init__(description="trains")
        self.add_argument("--epochs", type=int)
        self.add_argument("--lr", type=float)
        self.add_argument("--batch-size", type=int)

args = Options().parse_args()
""",
        {"takes": ('"--epochs"', '"--n-epochs"')},
    ),
    "choices of an enumeration": Shape(
        training({"optimizer": CHOICE, "depth": {"type": "integer", "enum": [2, 4]}}),
        """\
import argparse
from enum import Enum

class Optimizer(str, Enum):
    ADAM = "adam"
    SGD = "sgd"

parser = argparse.ArgumentParser()
parser.add_argument("--optimizer", choices=[item.value for item in Optimizer])
parser.add_argument("--depth", type=int, choices=range(1, 5))
parser.parse_args()
""",
        {"takes": ('"sgd"', '"SGD"'), "takes, a number": ("range(1, 5)", "range(1, 4)")},
    ),
    "short flags": Shape(
        processing(arguments=["-n5", "-vq", "--na", "x"]),
        """\
import argparse

parser = argparse.ArgumentParser(fromfile_prefix_chars="@", prefix_chars="-+")
parser.add_argument("-n", "--number", type=int)
parser.add_argument("-v", action="count")
parser.add_argument("-q", action="store_true")
parser.add_argument("--name")
parser.parse_args()
""",
        {"takes": ('"--name"', '"--title"')},
    ),
    "a truth value with a name for no": Shape(
        processing(arguments=["--no-shuffle", *share()], settings=SHARE),
        """\
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--shuffle", action=argparse.BooleanOptionalAction, default=True)
parser.add_argument("--test-share", type=float)
parser.parse_args()
""",
        {"takes": ("action=argparse.BooleanOptionalAction, default=True", 'action="store_true"')},
    ),
    "functions as types": Shape(
        training({"betas": TEXT, "use-amp": FLAG, "sizes": TEXT, "lr": NUMBER}),
        """\
import argparse
import ast
import json

def positive(text):
    return abs(float(text))

parser = argparse.ArgumentParser()
parser.add_argument("--betas", type=json.loads, default="[0.9, 0.99]")
parser.add_argument("--use-amp", type=lambda text: text == "True", default=False)
parser.add_argument("--sizes", type=ast.literal_eval)
parser.add_argument("--lr", type=positive, default="0.1")
parser.parse_args()
""",
        {"takes": ('"--sizes"', '"--layer-sizes"'), "takes, a flag": ('type=lambda text: text == "True"', "type=int")},
    ),
    "arguments behind the value of a flag": Shape(
        processing(arguments=["--n", "-1", "--mode", "fast", "--size", "2", "3", "in.csv", "out.csv"]),
        """\
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--n", type=int)
parser.add_argument("--mode", choices=["fast", "slow"])
parser.add_argument("--size", type=int, nargs=2)
parser.add_argument("files", nargs="+")
args = parser.parse_args()
""",
        {
            "takes": ("nargs=2", "nargs=argparse.ONE_OR_MORE"),
            "takes, its value": ('"fast", "slow"', '"quick", "slow"'),
            "takes, fewer arguments": (', nargs="+"', ""),
        },
    ),
    "all the rest": Shape(
        processing(arguments=["--n", "1", "--command", "python", "--n", "one", "--lr", "2"]),
        """\
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--n", type=int)
parser.add_argument("--command", nargs=argparse.REMAINDER)
args = parser.parse_args()
""",
        {"takes": ('"--n"', '"--rounds"')},
    ),
    "arguments of click behind values of flags": Shape(
        processing(arguments=["--pair", "3", "x", "--q", "1", "--q", "2", "in.csv", "out.csv"]),
        """\
import click

@click.command()
@click.option("--q", type=int, multiple=True)
@click.option("--pair", type=(int, str))
@click.argument("files", nargs=-1)
def main(q, pair, files): ...

if __name__ == "__main__":
    main()
""",
        {"takes": ('"--pair", type=(int, str)', '"--pair", type=int, nargs=2'), "takes, a flag": ('"--q"', '"--p"')},
    ),
    "click with settings of its context": Shape(
        processing(arguments=["--n", "1"]),
        """\
import click

SETTINGS = {"help_option_names": ["-h", "--help"]}

@click.command(context_settings=SETTINGS)
@click.option("--n", type=int, required=True)
@click.option("--lr", type=float, required=True, envvar="LR")
@click.pass_context
def main(context, n, lr): ...

if __name__ == "__main__":
    main()
""",
        {"takes": ('"--n", type=int, required=True', '"--m", type=int'), "takes, required": (', envvar="LR"', "")},
    ),
    "an app of typer with what it says of options": Shape(
        processing(arguments=["--lr", "0.1"], image=None),
        """\
from typing import Annotated

import typer

app: typer.Typer = typer.Typer(add_completion=False)

@app.command()
def main(
    lr: Annotated[float, typer.Option("--lr", help="how fast", min=0)],
    seed: Annotated[int, typer.Option(envvar="SEED")],
    size: Annotated[int, typer.Option(default_factory=int)],
    verbose: int = 0,
) -> None: ...

if __name__ == "__main__":
    app()
""",
        {
            "takes": ('"--lr"', '"--rate"'),
            "takes, a type": ("lr: Annotated[float", "lr: Annotated[int"),
            "takes, required": ('typer.Option(envvar="SEED")', 'typer.Option(help="SEED")'),
        },
    ),
}

#: Legal styles of which nothing can be said, and nothing is.
QUIET_COMMAND_LINES: dict[str, Shape] = {
    "a module with a command line of its own": Shape(
        training(USUAL, source={**WHOLE, "launch": "toolkit"}),
        "import argparse\nimport prepare\np = argparse.ArgumentParser()\np.add_argument('--epochs')\n"
        "p.add_argument('--lr')\np.add_argument('--batch-size')\np.parse_args()\n",
        files={
            "prepare.py": "import argparse\ndef main():\n    p = argparse.ArgumentParser()\n"
            "    p.add_argument('--source', required=True)\n    p.add_argument('target')\n    p.parse_args()\n"
            "if __name__ == '__main__':\n    import not_packed_either\n    main()\n"
        },
    ),
    "a main that is called with constants": Shape(
        training(USUAL),
        "import argparse\ndef main(argv=None):\n    p = argparse.ArgumentParser()\n"
        "    p.add_argument('--x', required=True)\n    p.parse_args(argv)\nmain(['--x', '1'])\n",
    ),
    "a value that may be missing": Shape(
        processing(
            arguments=["--columns", {"$when": "column", "items": [{"$setting": "column"}]}, "--last", "x"],
            settings={"column": {"type": "string", "required": False}},
        ),
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--columns', nargs='*')\n"
        "p.add_argument('--last')\np.add_argument('rest', nargs='*')\np.parse_args()\n",
    ),
    "a table of options that grows": Shape(
        training(USUAL),
        "import argparse\nNAMES = ['--epochs']\nNAMES += ['--lr', '--batch-size']\n"
        "p = argparse.ArgumentParser()\nfor name in NAMES:\n    p.add_argument(name)\np.parse_args()\n",
    ),
    "an unknown flag whose value is an argument": Shape(
        training(USUAL),
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('folder')\np.parse_known_args()\n",
    ),
    "a group that others fill": Shape(
        training(USUAL),
        "import argparse\nfrom torch import add_options\np = argparse.ArgumentParser()\n"
        "g = p.add_mutually_exclusive_group(required=True)\ng.add_argument('--a')\nadd_options(g)\n"
        "p.add_argument('--epochs')\np.add_argument('--lr')\np.add_argument('--batch-size')\np.parse_args()\n",
    ),
    "a class that reads in another way": Shape(
        training(USUAL),
        "import argparse\nclass P(argparse.ArgumentParser):\n    def parse_args(self, *a):\n        return None\n"
        "p = P()\np.add_argument('--x', required=True)\np.parse_known_args()\n",
    ),
    "arguments that it replaces": Shape(
        training(USUAL),
        "import argparse, sys\nsys.argv[1:] = ['--x', '1']\np = argparse.ArgumentParser()\n"
        "p.add_argument('--x', required=True)\np.parse_args()\n",
    ),
    "a default of a command that does not run": Shape(
        processing(arguments=["split"]),
        "import argparse\np = argparse.ArgumentParser()\nc = p.add_subparsers()\nc.add_parser('split')\n"
        "c.add_parser('check').add_argument('--limit', type=int, default='none')\np.parse_args()\n",
    ),
    "arguments of a file": Shape(
        processing(arguments=["@arguments.txt"]),
        "import argparse\np = argparse.ArgumentParser(fromfile_prefix_chars='@')\n"
        "p.add_argument('--x', required=True)\np.parse_args()\n",
    ),
    "other signs before flags": Shape(
        processing(arguments=["++x", "1"]),
        "import argparse\np = argparse.ArgumentParser(prefix_chars='+')\n"
        "p.add_argument('++x', required=True)\np.parse_args()\n",
    ),
    "an argument behind a value that may be left out": Shape(
        processing(arguments=["--n", "1", "in.csv"]),
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--n', type=int, nargs='?')\n"
        "p.add_argument('file')\np.parse_args()\n",
    ),
    "a command line that is handed on": Shape(
        processing(arguments=["run", "--foo", "1", "--n", "x"]),
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--n', type=int)\np.add_argument('what')\n"
        "p.add_argument('words', nargs='...')\np.parse_args()\n",
    ),
    "a command line behind a value that is handed on": Shape(
        processing(arguments=["--n", "1", "python", "-m", "x", "--n", "x"]),
        "from argparse import REMAINDER, ArgumentParser\np = ArgumentParser()\np.add_argument('--n', type=int)\n"
        "p.add_argument('words', nargs=REMAINDER)\np.parse_args()\n",
    ),
    "options that typer makes otherwise": Shape(
        processing(arguments=["-v", "-v", "--n", "one"], image=None),
        "import typer\ndef main(v: int = typer.Option(0, '-v', count=True), n: int = typer.Option(1, parser=len),\n"
        "         lr: float = typer.Option(..., envvar='LR')): ...\ntyper.run(main)\n",
    ),
    **{
        f"commands {what}": Shape(
            processing(arguments=["in.csv", "split"]),
            "import argparse\np = argparse.ArgumentParser()\n" + added + "\np.parse_args()\n",
        )
        for what, added in (
            ("behind an argument", "p.add_argument('file')\nc = p.add_subparsers()\nc.add_parser('split')"),
            ("of a list", "c = p.add_subparsers()\nc.add_parser('a')\nfor n in open('n'):\n    c.add_parser(n)"),
            ("with other names", "c = p.add_subparsers()\nc.add_parser('split', aliases=['in.csv']).add_argument('x')"),
        )
    },
    "a command behind a flag": Shape(
        processing(arguments=["--n=1", "split"]),
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--n')\nc = p.add_subparsers()\n"
        "s = c.add_parser('split')\np.parse_args()\n",
    ),
    "typer that takes anything": Shape(
        processing(arguments=["--n", "1", "--m", "2"], image=None),
        "import typer\napp = typer.Typer()\n@app.command(context_settings={'ignore_unknown_options': True})\n"
        "def main(n: int = 1): ...\napp()\n",
    ),
    "click that takes its options from elsewhere": Shape(
        processing(arguments=[]),
        "import click\n@click.command(context_settings={'auto_envvar_prefix': 'JOB'})\n"
        "@click.option('--lr', required=True)\ndef main(lr): ...\nmain()\n",
    ),
    "a required option of click with a default": Shape(
        processing(arguments=[]),
        "import click\n@click.command()\n@click.option('--lr', required=True, default=0.1)\n"
        "@click.argument('file', envvar='FILE')\ndef main(lr, file): ...\nmain()\n",
    ),
    "a value of click that may be left out": Shape(
        processing(arguments=["--n", "3"]),
        "import click\n@click.command()\n@click.option('--n', is_flag=False, flag_value='2')\n"
        "def main(n): ...\nmain()\n",
    ),
}
