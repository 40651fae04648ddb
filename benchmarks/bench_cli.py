"""How long `smgen --help` takes as a whole process, against a Python that does nothing and one that imports click.

The runs alternate, so that whatever else the machine does meets all of them alike. Ends with 1 where the median of
`smgen --help` is not below the limit of DESIGN.md, 0.15 seconds.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

LIMIT_S = 0.15
RUNS = 15

HELP = "import sys; from smgen.cli import main; sys.argv = ['smgen', '--help']; main()"
COMMANDS: Mapping[str, Sequence[str]] = {
    "python -c pass": ["-c", "pass"],
    'python -c "import click"': ["-c", "import click"],
    "smgen --help": ["-c", HELP],
    "smgen generate --help": ["-c", HELP.replace("'--help'", "'generate', '--help'")],
}
COUNT = "\nimport atexit, sys; atexit.register(lambda: print(len(sys.modules), file=sys.stderr))\n"


def seconds(arguments: Sequence[str]) -> float:
    """Return the wall time of one process."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def module_count(arguments: Sequence[str]) -> int:
    """Return how many modules the process has imported when it ends, those of Python's own start included."""
    flag, code = arguments
    command = [sys.executable, flag, COUNT + code]
    result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    return int(result.stderr)


def main() -> int:
    """Measure, print the table, and return the exit code."""
    counts = {name: module_count(arguments) for name, arguments in COMMANDS.items()}
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(RUNS):
        for name, arguments in COMMANDS.items():
            times[name].append(seconds(arguments))
    medians = {name: statistics.median(found) for name, found in times.items()}
    bare, click = medians["python -c pass"], medians['python -c "import click"']
    print(f"Whole process, median of {RUNS} alternating runs, Python {sys.version.split()[0]}")
    print()
    print(f"{'':26}{'ms':>8}{'fastest':>9}{'/ pass':>8}{'/ click':>9}{'modules':>9}")
    for name, median in medians.items():
        fastest = min(times[name]) * 1000
        ratios = f"{median / bare:>8.2f}{median / click:>9.2f}"
        print(f"{name:26}{median * 1000:>8.1f}{fastest:>9.1f}{ratios}{counts[name]:>9}")
    print()
    taken = medians["smgen --help"]
    fits = taken < LIMIT_S
    print(f"smgen --help: {taken:.3f} s, {'below' if fits else 'NOT below'} the limit of {LIMIT_S} s")
    return 0 if fits else 1


if __name__ == "__main__":
    sys.exit(main())
