"""The golden package, and the contracts that it is made from."""

from pathlib import Path

import pytest

from smgen.contracts import ContractRegistry, read_contracts

TESTS = Path(__file__).resolve().parents[1]
GOLDEN_CONTRACTS = TESTS / "data" / "golden_contracts"
GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="session")
def golden_registry() -> ContractRegistry:
    return read_contracts(GOLDEN_CONTRACTS)
