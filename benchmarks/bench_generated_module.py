"""How much CPU time it costs to import a generated module, as a ratio to the same config class written with pydantic.

Whole processes on both sides: `smgen_steps.xgboost_training`, and a module that holds the text of its config class, the
aliases and nothing of smgen, with classes of its own in place of the variables. They are imported, in the second row
with a first config made. Each program runs once unmeasured and then seven times in turn; the table holds medians, and
the modules of smgen that are loaded. Ends with 1 where importing takes more than 1.25 times as long as without smgen.
"""

from __future__ import annotations

import ast
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from smgen_steps import xgboost_training

RUNS = 7
MOST = 1.25
FIRST = 'Config(num_round=100, objective="reg:squarederror", eta=0.2)'
GENERATED = "from smgen_steps.xgboost_training import Config"
PLAIN = "from plain_training import XGBoostTrainingConfig as Config"
ROWS = {"import": "", "import and a first config": f"; {FIRST}"}
HEAD = """
from collections.abc import Mapping, Sequence
from typing import Annotated, Generic, Literal, TypeVar
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType

T = TypeVar("T")


class Variable(Generic[T]):
    pass


class StringVariable(Variable[str]):
    pass


class IntegerVariable(Variable[int]):
    pass


class FloatVariable(Variable[float]):
    pass


class BooleanVariable(Variable[bool]):
    pass


class StepConfig(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", protected_namespaces=(),
                              arbitrary_types_allowed=True, allow_inf_nan=False)
"""


def plain_module() -> str:
    """The config of the generated module and the aliases that it is written with, over pydantic alone."""
    source = Path(str(xgboost_training.__file__)).read_text(encoding="utf-8")
    kept = [
        ast.unparse(statement)
        for statement in ast.parse(source).body
        if (isinstance(statement, ast.ClassDef) and statement.name.endswith("Config"))
        or (isinstance(statement, ast.Assign) and "TypeAliasType" in ast.unparse(statement))
    ]
    return "\n\n".join((HEAD, *kept))


def cpu_seconds(program: str, folder: str) -> float:
    """What a process takes that runs a program."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((folder, os.environ.get("PYTHONPATH", "")))}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def modules_of_smgen(program: str) -> int:
    """How many modules of smgen a process has loaded that ran a program."""
    end = "import sys; print(sum(name.startswith('smgen.') for name in sys.modules))"
    command = [sys.executable, "-c", f"{program}; {end}"]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> int:
    times: dict[str, list[float]] = {f"{module}{more}": [] for more in ROWS.values() for module in (GENERATED, PLAIN)}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "plain_training.py").write_text(plain_module(), encoding="utf-8")
        for run in range(RUNS + 1):
            for program, seconds in times.items():
                taken = cpu_seconds(program, folder)
                if run:
                    seconds.append(taken)
    print(f"{'':<28}{'smgen s':>9}{'pydantic s':>12}{'ratio':>8}{'modules':>9}")
    ratios: list[float] = []
    for row, more in ROWS.items():
        generated, plain = (statistics.median(times[module + more]) for module in (GENERATED, PLAIN))
        ratios.append(generated / plain)
        print(f"{row:<28}{generated:>9.3f}{plain:>12.3f}{ratios[-1]:>8.2f}{modules_of_smgen(GENERATED + more):>9}")
    print(f"importing takes at most {MOST} times as long as without smgen: {'yes' if ratios[0] <= MOST else 'no'}")
    return 0 if ratios[0] <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
