"""Tries very many mutated inputs of every sort: ``make fuzz``, or ``python -m tests.fuzz --inputs 1000 --seed 7``."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Sequence

from tests.fuzz.running import made, report
from tests.fuzz.targets import TARGETS


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 1 after an exception, an execution, or when less than half of the inputs get past a parser."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=20_000, help="of each sort")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=multiprocessing.cpu_count())
    parser.add_argument("--only", choices=TARGETS, action="append", help="this sort; may be given several times")
    parser.add_argument("--show", type=int, metavar="NUMBER", help="write the bytes of one input, and try nothing")
    options = parser.parse_args(arguments)
    targets = [TARGETS[name] for name in options.only or TARGETS]
    if options.show is not None:
        for target in targets:
            sys.stdout.buffer.write(made(target, options.seed, options.show).data)
        return 0
    return 0 if report(targets, options.inputs, options.seed, options.processes) else 1


if __name__ == "__main__":
    sys.exit(main())
