"""What it costs to hold a script against its contract.

The scripts of the library (157 to 364 lines), each with every contract that runs it, by CPU time: median of many runs,
and the same for 300 lines. Ends with 1 where the median of all scripts takes more than 10 ms for 300 lines.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from smgen.contracts import read_contracts
from smgen.runtime import packed_files
from smgen.source import script_findings

ROOT = Path(__file__).resolve().parent.parent
RUNS = 15
LINES = 300
LIMIT_MS = 10.0


def main() -> int:
    """Print a row per script and the limit; 1 where it is passed."""
    measured: list[float] = []
    seen: set[str] = set()
    print(f"{'script':<40}{'lines':>8}{'ms':>8}{'ms of 300':>12}")
    for contract in read_contracts(ROOT / "contract_specs").values():
        if contract.source is None or contract.source.entry_path in seen:
            continue
        seen.add(contract.source.entry_path)
        root, files = packed_files(contract)
        lines = sum(content.count(b"\n") for content in files.values())
        times: list[float] = []
        for _ in range(RUNS):
            start = time.process_time()
            found = script_findings(contract, files, root)
            times.append((time.process_time() - start) * 1000)
            assert found == ()
        median = statistics.median(times)
        measured.append(median * LINES / lines)
        print(f"{contract.source.entry_path:<40}{lines:>8}{median:>8.2f}{measured[-1]:>12.2f}")
    cost = statistics.median(measured)
    print(f"{cost:.1f} ms for {LINES} lines; at most {LIMIT_MS:.0f}")
    return 0 if cost <= LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
