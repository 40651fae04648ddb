"""Nothing of a script runs, and a hostile one ends soon, with a finding."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from smgen.documents import JsonObject
from smgen.source.script_text import MOST_BYTES
from tests.source.script_contracts import found_in, processing, training
from tests.source.script_mutations import mutations

#: What a script could do to whoever imports or runs it.
CANARY = """\
import os, pathlib, sys
pathlib.Path({target!r}).write_text("ran")
os.environ["CANARY"] = "ran"
from helper import x
class Meta(type):
    def __new__(cls, *given): pathlib.Path({target!r}).write_text("ran")
class C(metaclass=Meta): pass
def f(x=pathlib.Path({target!r}).write_text("ran")) -> pathlib.Path({target!r}).write_text("ran"): ...
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=eval, default=pathlib.Path({target!r}).write_text("ran"))
parser.parse_args()
"""


def test_nothing_of_a_script_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CANARY", raising=False)
    target = tmp_path / "ran"
    text = CANARY.format(target=str(target))
    whole: JsonObject = {"dir": "job", "entry": "run.py", "launch": "toolkit"}
    contract = training({"lr": {"type": "number"}}, source=whole)
    found_in(tmp_path, contract, {"run.py": text, "helper.py": text, "__init__.py": text, "sitecustomize.py": text})
    assert not target.exists()


HOSTILE: dict[str, str | bytes] = {
    "huge": "x = 1\n" * MOST_BYTES,
    "deep parentheses": "x = " + "(" * 100_000 + ")" * 100_000,
    "deep lists": "[" * 5_000,
    "deep negation": "x = " + "-" * 200_000 + "1",
    "deep attributes": "x" + ".a" * 200_000,
    "deep calls": "f" + "()" * 100_000,
    "deep blocks": "".join(" " * n + "if x:\n" for n in range(500)),
    "null": b"x = 1\x00\n",
    "utf-16": "x = 1\n".encode("utf-16"),
    "an encoding that is no text": b"# coding: rot13\nvzcbeg bf\n",
    "another encoding that is no text": b"# coding: zlib\nx\n",
    "half a character": b"# coding: utf-8\nx = '\xc3'\n",
    "an endless line": "x = [" + "1," * 200_000,
    "binary": bytes(range(256)) * 100,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_script_ends_with_a_finding(tmp_path: Path, kind: str) -> None:
    start = time.process_time()
    found = found_in(tmp_path, processing(), {"run.py": HOSTILE[kind]})
    assert time.process_time() - start < 5
    assert [item.rule for item in found] in (["SMG270"], ["SMG271"])


#: Such as Python reads, and which say nothing against their contracts.
ODD: dict[str, str | bytes] = {
    "endless constants": "x = " + "'a' * 10 ** 9 + " * 500 + "'b'",
    "a long chain": "x = " + " + ".join(["'/opt/ml/processing/train'"] * 500),
    "many functions": "".join(f"def f{n}():\n    f{n + 1}()\n" for n in range(5_000)),
    "functions in a ring": "def a():\n    b()\ndef b():\n    a()\na()\n",
    "many names": "".join(f"a{n} = a{n - 1}\n" for n in range(1, 5_000)),
    "names in a ring": "a = b\nb = a\nopen(a + b)\n",
    "doubling": "a0 = '/opt/ml'\n" + "".join(f"a{n} = a{n - 1} + a{n - 1}\n" for n in range(1, 60)) + "open(a59)\n",
    "deep attributes": "x" + ".a" * 60_000,
    "a deep sum": "x = " + "1+" * 60_000 + "1",
    "options in loops": "import argparse\nN = ['--a']\np = argparse.ArgumentParser()\n"
    + "".join(f"for n in N:\n    p.add_argument(n + '{n}', choices=N)\n" for n in range(1_500)),
    "loops in loops": f"import argparse\nN = {[str(n) for n in range(190)]}\np = argparse.ArgumentParser()\n"
    "for a in N:\n for b in N:\n  for c in N:\n   p.add_argument('--' + a + b + c)\np.parse_args()\n",
    "many parsers": "import argparse\n"
    + "".join(f"p{n} = argparse.ArgumentParser()\np{n}.parse_args()\n" for n in range(1_500)),
    "many environment variables": "import os\n" + "".join(f"a{n} = os.environ['PATH']\n" for n in range(4_000)),
    "empty": "",
    "odd line ends": b"import os\r\rx = 1\x0cy = 2\r\n",
}


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_script_ends_soon(tmp_path: Path, kind: str) -> None:
    start = time.process_time()
    found = found_in(tmp_path, processing(), {"run.py": ODD[kind]})
    assert time.process_time() - start < 5
    assert {item.rule for item in found} <= {"SMG270", "SMG271"}


@pytest.mark.parametrize("seed", range(5))
def test_no_slip_of_the_hand_makes_it_raise(tmp_path: Path, seed: int) -> None:
    for number, (shape, text) in enumerate(mutations(seed, 40)):
        folder = tmp_path / str(number)
        folder.mkdir()
        found_in(folder, shape.contract, {"run.py": text.encode("utf-8", "surrogatepass"), **shape.files})


def test_many_lines_of_what_a_function_is_given(tmp_path: Path) -> None:
    script = "def f(x):\n" + "    print(x)\n" * 500 + "a.b()\n" * 20_000
    start = time.process_time()
    found_in(tmp_path, training(metrics={"loss": {"regex": "loss: ([0-9.]+)"}}), {"run.py": script})
    assert time.process_time() - start < 5


def test_modules_that_call_each_other(tmp_path: Path) -> None:
    whole: JsonObject = {"dir": "job", "entry": "run.py", "pack": "folder"}
    files = {f"m{n}.py": f"from m{n + 1} import f as g\ndef f():\n" + "    g()\n" * 500 for n in range(90)}
    start = time.process_time()
    found_in(
        tmp_path, processing(source=whole), {"run.py": "from m0 import f\nf()\n", **files, "m90.py": "def f(): ...\n"}
    )
    assert time.process_time() - start < 5


def test_modules_that_import_each_other(tmp_path: Path) -> None:
    whole: JsonObject = {"dir": "job", "entry": "run.py", "pack": "folder"}
    files = {f"m{n}.py": f"import m{(n + 1) % 300}, run\n" for n in range(300)}
    assert found_in(tmp_path, processing(source=whole), {"run.py": "import m0\n", **files}) == ()


@pytest.mark.parametrize("regex", ["(a|aa)+$", "(a+)+$", "((?:a|a)*)!", "(a?){64}a{64}!", "(.*)*x", r"(?=(a+)+$)a"])
def test_an_expression_that_would_go_back_without_an_end(tmp_path: Path, regex: str) -> None:
    """The script's line is the text that it would go back over."""
    contract = training(metrics={"loss": {"regex": f"loss {regex}"}})
    found = found_in(tmp_path, contract, {"run.py": f"print('loss {'a' * 200}?')\n"})
    assert {item.rule for item in found} <= {"SMG279"}
