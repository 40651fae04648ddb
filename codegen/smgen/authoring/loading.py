"""What a generated module loads when it is imported: its contract, from the JSON file beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from smgen.authoring.places import generated_folder
from smgen.contract_model import StepContract, deferred_contract

#: The contract that each generated module loaded last; classes find theirs here while they are defined.
_CONTRACTS: Final[dict[str, StepContract]] = {}


def load_contract(module: str, file: str) -> StepContract:
    """The contract of a generated module, from the ``.json`` file of the same name beside it.

    ``module`` is the module's ``__name__`` and ``file`` its ``__file__``. The data file is read when something of the
    contract is first asked for. Raises FindingsError (SMG131) where there is none, as happens when a package was copied
    without its data files; then, SMG131 where it holds no contract, and what reading a document or a contract reports
    where someone changed it.
    """
    path = Path(file).with_suffix(".json")

    def read() -> StepContract:
        from smgen.authoring.contract_files import read_contract_file

        return read_contract_file(module, path)

    contract = deferred_contract(read) if path.is_file() else read()
    generated_folder(file)
    _CONTRACTS[module] = contract
    return contract


def contract_of_module(module: str) -> StepContract | None:
    """The contract that a generated module loaded; None for any other module."""
    return _CONTRACTS.get(module)
