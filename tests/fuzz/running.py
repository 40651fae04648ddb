"""What all fuzzers have in common: inputs made from a seed and a number, tried in this process, and counted.

Of an input comes an answer or findings, never an exception, and nothing in it is evaluated. An input is made from the
seed and its own number alone, so a number that is printed here gives the same bytes on every machine and with any
number of processes.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from smgen.diagnostics import RULES, Finding, FindingsError, Format, bounded, render, visible
from tests.cli.command_line import smgen
from tests.fuzz.payloads import was_evaluated

_BATCH: Final = 250
#: The id under which the command line tells what nobody foresaw.
UNFORESEEN: Final = "SMG199"


@dataclass(frozen=True, slots=True)
class Input:
    """What is tried: the bytes of a file, and the name of what it was made from where that says what stands beside."""

    data: bytes
    base: str = ""


@dataclass(slots=True)
class Trial:
    """One input on its way: ``folder`` is the working directory, which trials of one batch have in common.

    ``past`` is set by who tries it, once the input has got past the parser; ``findings`` are all that was found.
    """

    given: Input
    number: int
    folder: Path
    past: bool = False
    findings: list[Finding] = field(default_factory=list[Finding])

    @property
    def form(self) -> Format:
        """The form in which findings of this input are written."""
        return list(Format)[self.number % len(Format)]

    def write(self, *names: str) -> Path:
        """The input as a file below the folder."""
        path = self.folder.joinpath(*names)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.given.data)
        return path


@dataclass(frozen=True, slots=True)
class Target:
    """One sort of input: how one is made, what reads it, and the command lines that do so, for one input in ``every``.

    ``run`` may raise FindingsError; everything else is a failure.
    """

    name: str
    make: Callable[[random.Random], Input]
    run: Callable[[Trial], None]
    commands: Callable[[Trial], Iterator[tuple[str, ...]]] | None = None
    every: int = 50


@dataclass
class Tally:
    """What came of some inputs; ``failures`` has, by the text of an exception, the number of the first such input."""

    inputs: int = 0
    bytes: int = 0
    past: int = 0
    with_findings: int = 0
    commands: int = 0
    rules: Counter[str] = field(default_factory=Counter[str])
    exceptions: int = 0
    executions: int = 0
    failures: dict[str, int] = field(default_factory=dict[str, int])
    slowest: tuple[float, int] = (0.0, -1)

    def add(self, other: Tally) -> None:
        self.inputs += other.inputs
        self.bytes += other.bytes
        self.past += other.past
        self.with_findings += other.with_findings
        self.commands += other.commands
        self.rules.update(other.rules)
        self.exceptions += other.exceptions
        self.executions += other.executions
        for text, number in other.failures.items():
            self.failures[text] = min(number, self.failures.get(text, number))
        self.slowest = max(self.slowest, other.slowest)

    @property
    def is_good(self) -> bool:
        """No exception, nothing evaluated, nothing unforeseen, and at least half of the inputs past the parser."""
        failed = self.exceptions or self.executions or self.rules[UNFORESEEN]
        return not failed and 2 * self.past >= self.inputs


def made(target: Target, seed: int, number: int) -> Input:
    """The input of that number."""
    return target.make(random.Random(f"{target.name}/{seed}/{number}"))


def fuzz(target: Target, inputs: int, seed: int, processes: int = 1) -> Tally:
    """Tries that many inputs; the tally is the same with any number of processes, but for times."""
    work = [(target, seed, first, min(first + _BATCH, inputs)) for first in range(0, inputs, _BATCH)]
    tally = Tally()
    if processes == 1:
        for part in map(_batch, work):
            tally.add(part)
        return tally
    with multiprocessing.Pool(processes) as pool:
        for part in pool.imap_unordered(_batch, work):
            tally.add(part)
    return tally


def _batch(work: tuple[Target, int, int, int]) -> Tally:
    """The inputs from one number to before another, in a folder of their own."""
    target, seed, first, end = work
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="smgen-fuzz-") as name, _inside(Path(name)) as folder:
        for number in range(first, end):
            given = made(target, seed, number)
            _try(target, Trial(given, number, folder), tally)
        tally.executions += was_evaluated(folder)
    return tally


@contextlib.contextmanager
def _inside(folder: Path) -> Generator[Path]:
    here = Path.cwd()
    os.chdir(folder)
    try:
        yield folder.resolve()
    finally:
        os.chdir(here)


def _try(target: Target, trial: Trial, tally: Tally) -> None:
    tally.inputs += 1
    tally.bytes += len(trial.given.data)
    start = time.perf_counter()
    try:
        try:
            target.run(trial)
        except FindingsError as error:
            trial.findings += error.findings
        check_output(render(trial.findings, trial.form), trial.form, len(trial.findings))
        if target.commands is not None and trial.number % target.every == 0:
            for arguments in target.commands(trial):
                tally.commands += 1
                _call(arguments, trial)
    except Exception as error:
        tally.exceptions += 1
        # Where it was raised tells failures apart; what it says may hold anything.
        where = "".join(traceback.format_tb(error.__traceback__, limit=-6))
        tally.failures.setdefault(f"{where}{type(error).__name__}: {visible(bounded(str(error), 300))}", trial.number)
        return
    tally.past += trial.past
    tally.with_findings += bool(trial.findings)
    tally.rules.update(finding.rule for finding in trial.findings)
    tally.slowest = max(tally.slowest, (time.perf_counter() - start, trial.number))


def _call(arguments: tuple[str, ...], trial: Trial) -> None:
    """Runs a command line. Raises AssertionError where it does not end as command lines do."""
    result = smgen(*arguments, cwd=trial.folder)
    told = result.out + result.err
    if UNFORESEEN in told or "Traceback" in told or result.code not in (0, 1, 2):
        raise AssertionError(f"smgen {' '.join(arguments)} ended with {result.code}:\n{told[-2_000:]}")
    if "json" in arguments and result.out:
        json.loads(result.out)
    for text in (result.out, result.err):
        check_output(text, Format.GITHUB if "github" in arguments else Format.TEXT, told.count("SMG"))


def check_output(text: str, form: Format, findings: int) -> None:
    """Raises AssertionError for an output with raw control characters, with a command to a CI system that is not its
    own, or longer than its findings explain.
    """
    raw = [char for char in text if not char.isprintable() and char != "\n"]
    if raw:
        raise AssertionError(f"raw characters in the output: {raw[:5]!r}")
    # JSON writes characters beyond ASCII with six signs, and SARIF has some texts twice.
    if len(text) > 60_000 * (findings + 1):
        raise AssertionError(f"{len(text):,} characters for {findings} findings")
    if "##vso[" in text or any(_is_command(line, form) for line in text.splitlines()):
        raise AssertionError("a command to a CI system")


def _is_command(line: str, form: Format) -> bool:
    own = form is Format.GITHUB and line.startswith(("::error ", "::warning ", "::notice "))
    return line.lstrip().startswith("::") and not own


def table(target: Target, tally: Tally, seed: int, seconds: float) -> Iterator[str]:
    """What came of a target's inputs, in lines."""
    inputs = max(tally.inputs, 1)
    yield f"{target.name}, seed {seed}: {seconds:.0f} s, {tally.inputs / max(seconds, 1e-9):,.0f} inputs/s"
    for what, count in (
        ("inputs", tally.inputs),
        ("  past the parser", tally.past),
        ("  with findings", tally.with_findings),
        ("  command lines", tally.commands),
        ("exceptions", tally.exceptions),
        ("executions", tally.executions),
        (f"{UNFORESEEN} {RULES[UNFORESEEN].name}", tally.rules[UNFORESEEN]),
    ):
        yield f"  {what:24}{count:>10,}{count / inputs:>9.1%}"
    yield f"  slowest: number {tally.slowest[1]}, {tally.slowest[0] * 1000:.0f} ms"
    yield f"  rules: {', '.join(f'{rule} {count:,}' for rule, count in sorted(tally.rules.items()))}"
    for text, number in sorted(tally.failures.items(), key=lambda item: item[1]):
        yield f"\n  input {number}:\n{text}"


def report(targets: Sequence[Target], inputs: int, seed: int, processes: int) -> bool:
    """Tries the inputs of each target, prints what came of them; whether all of it is good."""
    good = True
    for target in targets:
        start = time.perf_counter()
        tally = fuzz(target, inputs, seed, processes)
        print("\n".join(table(target, tally, seed, time.perf_counter() - start)), end="\n\n", flush=True)
        good = good and tally.is_good
    if not good:
        print("An input can be seen with --only NAME --show NUMBER.", file=sys.stderr)
    return good
