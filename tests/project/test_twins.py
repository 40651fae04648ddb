"""Lists that two rooms hold, since neither may import the other."""

from smgen.contracts import EXECUTION_VARIABLES as IN_CONTRACTS
from smgen.expressions import EXECUTION_VARIABLES as IN_DEFINITIONS


def test_a_contract_names_the_execution_variables_of_definitions() -> None:
    assert IN_CONTRACTS == IN_DEFINITIONS
