"""Scripts of contracts: read by their syntax trees and held against their contracts; nothing of them runs."""

from __future__ import annotations

import ast
import functools
import random
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from smgen.contracts import StepContract, read_contracts
from smgen.runtime import packed_files
from smgen.source import script_explanation, script_findings
from tests.fuzz.payloads import CANARY, PAYLOADS
from tests.fuzz.running import Input, Target, Trial
from tests.fuzz.text_mutations import mutated_lines, sometimes_bytes
from tests.source.script_contracts import write_script
from tests.source.script_mutations import ALL, WORDS

_NAMES: Final = (
    "parser",
    "args",
    "os",
    "sys",
    "json",
    "open",
    "print",
    "Path",
    "main",
    "self",
    "self.x",
    "x[0]",
    "x()",
)
_TEXTS: Final = (
    '"--lr"',
    "'/opt/ml/model'",
    '"SM_MODEL_DIR"',
    "b''",
    "1e400",
    "0",
    "True",
    "[*x]",
    "{**x}",
    "(x := 1)",
)
_LINES: Final = (
    "import argparse as os\n",
    "from . import x\n",
    "parser = argparse.ArgumentParser(parents=[parser])\n",
    "parser.add_argument('--x', type=eval, choices=x)\n",
    "args = parser.parse_args(['--x'])\n",
    "globals()['parser'] = None\n",
    "while True: x = x + x\n",
    "del parser\n",
    "class parser: ...\n",
    "try: import nothing\nexcept ImportError: nothing = None\n",
    f"open('{CANARY}', 'w')\n",
    f"exec(\"open('{CANARY}', 'w')\")\n",
    f"# coding: utf-8 {CANARY}\n",
)


def made(rng: random.Random) -> Input:
    number = rng.randrange(len(ALL))
    text = ALL[number].script
    for _ in range(rng.choice((1, 1, 2))):
        text = another_expression(rng, text) if rng.random() < 0.8 else mutated_lines(rng, text, _LINES, WORDS)
    return Input(sometimes_bytes(rng, text.encode("utf-8", "surrogatepass")), str(number))


def another_expression(rng: random.Random, text: str) -> str:
    """Another expression in the place of one, or a statement more: still Python, mostly."""
    tree = parsed(text)
    nodes = [node for node in ast.walk(tree) if isinstance(node, (ast.expr, ast.stmt))] if tree is not None else []
    if not nodes:
        return mutated_lines(rng, text, _LINES, WORDS)
    node = rng.choice(nodes)
    if isinstance(node, ast.stmt):
        lines = text.splitlines(keepends=True)
        indent = " " * node.col_offset
        lines.insert(node.lineno - 1, "".join(f"{indent}{line}\n" for line in rng.choice(_LINES).splitlines()))
        return "".join(lines)
    others = [found for found in nodes if isinstance(found, ast.expr)]
    quoted = repr(rng.choice(PAYLOADS))
    new = rng.choice((rng.choice(_NAMES), rng.choice(_TEXTS), quoted, ast.unparse(rng.choice(others)) or "x"))
    data = text.encode().splitlines(keepends=True)
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    before, after = data[first][: node.col_offset], data[last][node.end_col_offset or 0 :]
    whole = b"".join([*data[:first], before, new.encode("utf-8", "replace"), after, *data[last + 1 :]])
    return whole.decode("utf-8", "replace")


def parsed(source: str | bytes) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@functools.lru_cache(maxsize=2_000)
def contracts(folder: str, number: int) -> Sequence[StepContract]:
    """The contract of a script, written with what else stands beside it; read once."""
    shape = ALL[number]
    Path(folder).mkdir()
    write_script(Path(folder), shape.contract, {"run.py": shape.script, **shape.files})
    return [*read_contracts(Path(folder), shown_root="specs").values()]


def run(trial: Trial) -> None:
    trial.past = parsed(trial.given.data) is not None
    folder = trial.folder / trial.given.base
    found = contracts(str(folder), int(trial.given.base))
    (folder / "job" / "run.py").write_bytes(trial.given.data)
    for contract in found:
        root, files = packed_files(contract)
        trial.findings += script_findings(contract, files, root)
        if trial.number % 10 == 0:
            list(script_explanation(contract, files, root))


def commands(trial: Trial) -> Iterator[tuple[str, ...]]:
    yield "validate", "--contracts", trial.given.base, "--explain", "--format", trial.form.value


SCRIPTS: Final = Target("scripts", made, run, commands, every=500)
