"""Every sort of input that is fuzzed, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.fuzz.answers import ANSWERS
from tests.fuzz.archives import ARCHIVES
from tests.fuzz.contracts import CONTRACTS
from tests.fuzz.definitions import DEFINITIONS
from tests.fuzz.running import Target
from tests.fuzz.scripts import SCRIPTS
from tests.fuzz.settings import SETTINGS
from tests.fuzz.wiring import DAGS, LOCKS

TARGETS: Final[Mapping[str, Target]] = {
    target.name: target for target in (CONTRACTS, DEFINITIONS, SETTINGS, DAGS, LOCKS, ARCHIVES, SCRIPTS, ANSWERS)
}
