"""The option that rewrites the golden package, and the contracts that it is made from."""

from pathlib import Path

import pytest

from smgen.contracts import ContractRegistry, read_contracts

TESTS = Path(__file__).resolve().parents[1]
GOLDEN_CONTRACTS = TESTS / "data" / "golden_contracts"
GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    # Known only when this folder is named: pytest tests/generate --update-golden
    parser.addoption("--update-golden", action="store_true", help="rewrite tests/generate/golden, then read the diff")


@pytest.fixture(scope="session")
def update_golden(pytestconfig: pytest.Config) -> bool:
    return bool(pytestconfig.getoption("--update-golden", default=False))


@pytest.fixture(scope="session")
def golden_registry() -> ContractRegistry:
    return read_contracts(GOLDEN_CONTRACTS)
