"""A small generated package for the tests of loops: a function, a processing job and a training job."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from tests.runtime.fixture_package import generate

CONTRACTS = Path(__file__).parent.parent / "data" / "loop_contracts"
PACKAGE = "loop_steps"


@dataclass(frozen=True)
class LoopSteps:
    """The modules of the generated package."""

    prepare: ModuleType
    score: ModuleType
    train: ModuleType


def loop_steps(folder: Path) -> LoopSteps:
    """The package's modules; the folder is on the path only while they are imported."""
    generate(folder, PACKAGE, CONTRACTS)
    sys.path.insert(0, str(folder))
    try:
        return LoopSteps(*(importlib.import_module(f"{PACKAGE}.{name}") for name in ("prepare", "score", "train")))
    finally:
        sys.path.remove(str(folder))
