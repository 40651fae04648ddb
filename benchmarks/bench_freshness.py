"""What it costs to know that a package is what its contracts say, and what that and lint add to `smgen compile`.

First table: packages of copies of the library's contracts and modules, 10, 100 and 1,000 of them, held against their
contracts by CPU time, beside the floor of any such check: reading every file and hashing it. `rewritten` has every
contract indented anew, so that each is parsed as well. Second table: `smgen compile` of the example as a whole process,
against `--no-lint`, which is what compiling cost before it refused what lint refuses, but for the freshness check. The
runs alternate; medians. Ends with 1 where 1,000 contracts take more than 0.15 s of CPU, or compiling more than 1.3
times what it took.
"""

from __future__ import annotations

import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from smgen.documents import compact_json, content_hash
from smgen.packages import MANIFEST_NAME, PackageManifest, SourceRecord, manifest_bytes, stale_package_findings

ROOT = Path(__file__).resolve().parent.parent
SIZES = (10, 100, 1000)
RUNS = 9
LIMIT_S = 0.15
MOST_RATIO = 1.3


def make_package(folder: Path, size: int) -> tuple[int, int]:
    """A package of so many contracts with its manifest; how many files that are, and how many bytes."""
    contracts, package = folder / "contracts", folder / "many_steps"
    contracts.mkdir(parents=True)
    package.mkdir()
    library = ROOT / "generated" / "smgen_steps"
    modules = sorted(path.stem for path in library.glob("*.json") if path.name != MANIFEST_NAME)
    sources: dict[str, SourceRecord] = {}
    files: dict[str, str] = {}
    total = 0
    for number in range(size):
        stem = modules[number % len(modules)]
        name = f"step_{number:04}"
        source = (ROOT / "contract_specs" / f"{stem}.json").read_bytes()
        (contracts / f"{name}.json").write_bytes(source)
        compact = compact_json(json.loads(source)).encode()
        sources[f"{name}.json"] = SourceRecord(content_hash(source), content_hash(compact), (name,))
        total += len(source)
        for ending in ("py", "json"):
            content = (library / f"{stem}.{ending}").read_bytes()
            (package / f"{name}.{ending}").write_bytes(content)
            files[f"{name}.{ending}"] = content_hash(content)
            total += len(content)
    manifest = PackageManifest({"smgen": "bench"}, "many_steps", "../contracts", {}, sources, files)
    (package / MANIFEST_NAME).write_bytes(manifest_bytes(manifest))
    return 3 * size, total


def cpu(call: Callable[[], object]) -> float:
    """The median CPU seconds of a call."""
    times: list[float] = []
    for _ in range(RUNS):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return statistics.median(times)


def read_and_hash(folder: Path) -> None:
    """The floor: every file's bytes and their hash."""
    for path in (*(folder / "contracts").iterdir(), *(folder / "many_steps").iterdir()):
        hashlib.sha256(path.read_bytes()).hexdigest()


def check(folder: Path) -> None:
    """The check, which has to find nothing."""
    found = stale_package_findings(folder / "many_steps", folder / "contracts")
    if found:
        raise SystemExit(f"not fresh: {found[0]}")


def measure_packages(workspace: Path) -> float:
    """Prints the first table; the CPU seconds of the largest package."""
    print(f"Freshness, CPU, median of {RUNS}, Python {sys.version.split()[0]}")
    print()
    print(f"{'contracts':>9}{'files':>8}{'MB':>7}{'check ms':>10}{'floor ms':>10}{'/ floor':>9}{'rewritten ms':>14}")
    largest = 0.0
    for size in SIZES:
        folder = workspace / str(size)
        files, total = make_package(folder, size)
        largest, floor = cpu(partial(check, folder)), cpu(partial(read_and_hash, folder))
        for path in (folder / "contracts").iterdir():
            path.write_text(json.dumps(json.loads(path.read_bytes()), indent=3), encoding="utf-8")
        rewritten = cpu(partial(check, folder))
        print(
            f"{size:>9,}{files:>8,}{total / 1e6:>7.1f}{largest * 1e3:>10.1f}{floor * 1e3:>10.1f}"
            f"{largest / floor:>9.2f}{rewritten * 1e3:>14.1f}"
        )
    print()
    return largest


def process_cpu(arguments: list[str], folder: Path) -> float:
    """The CPU seconds of one process."""
    before = os.times()
    subprocess.run([sys.executable, "-m", "smgen", *arguments], cwd=folder, stdout=subprocess.DEVNULL, check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def measure_compile(workspace: Path) -> float:
    """Prints the second table; the ratio of compiling to compiling without lint."""
    folder = ROOT / "examples" / "abalone"
    commands = {
        "compile": ["compile", "AbalonePipeline", "--env", "dev", "-o", str(workspace / "checked")],
        "compile --no-lint": [
            "compile",
            "AbalonePipeline",
            "--env",
            "dev",
            "-o",
            str(workspace / "plain"),
            "--no-lint",
        ],
        "lint": ["lint", "AbalonePipeline", "--env", "dev"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for arguments in commands.values():
        process_cpu(arguments, folder)
    for _ in range(RUNS):
        for name, arguments in commands.items():
            times[name].append(process_cpu(arguments, folder))
    medians = {name: statistics.median(found) for name, found in times.items()}
    plain = medians["compile --no-lint"]
    print(f"{'whole process':20}{'CPU s':>8}{'/ --no-lint':>13}")
    for name, median in medians.items():
        print(f"{name:20}{median:>8.2f}{median / plain:>13.2f}")
    print()
    return medians["compile"] / plain


def main() -> int:
    """Measure, print the tables, and return the exit code."""
    with tempfile.TemporaryDirectory() as name:
        workspace = Path(name)
        taken = measure_packages(workspace)
        ratio = measure_compile(workspace)
    fits = taken <= LIMIT_S and ratio <= MOST_RATIO
    print(f"1,000 contracts: {taken:.3f} s of {LIMIT_S} s; compile: {ratio:.2f} of {MOST_RATIO} times")
    return 0 if fits else 1


if __name__ == "__main__":
    sys.exit(main())
