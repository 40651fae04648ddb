"""What a generated module loads when it is imported: its contract, from the JSON file beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from smgen.contracts import StepContract, contract_from_document
from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import read_document
from smgen.runtime.places import own_package
from smgen.shipped import shipped_folder

#: The file of a generated package that says what made it and from where.
MANIFEST_NAME: Final = "manifest.json"
#: The generated package that smgen ships.
LIBRARY_PACKAGE: Final = "smgen_steps"

_CONTRACTS: Final[dict[str, StepContract]] = {}
_FOLDERS: Final[dict[str, Path]] = {}


def load_contract(module: str, file: str) -> StepContract:
    """The contract of a generated module, from the ``.json`` file of the same name beside it.

    ``module`` is the module's ``__name__`` and ``file`` its ``__file__``. Raises FindingsError (SMG131) where the
    data file is missing or is no contract, as happens when a package was copied without its data files.
    """
    path = Path(file).with_suffix(".json")
    try:
        document = read_document(path)
    except OSError as error:
        raise FindingsError(
            [
                Finding(
                    "SMG131",
                    f"the generated module {module} has lost the contract that belongs to it",
                    Place(file=path.as_posix()),
                    given=error.strerror or type(error).__name__,
                    fix="run 'smgen generate' again; a package that is shipped must carry its .json files",
                )
            ]
        ) from None
    if not isinstance(document.value, dict):
        raise FindingsError(
            [Finding("SMG131", "a generated contract is a JSON object", document.place(""), fix="run 'smgen generate'")]
        )
    own_package(module)
    contract = contract_from_document(document.value)
    _CONTRACTS[module] = contract
    _FOLDERS[module] = path.parent
    return contract


def contract_of_module(module: str) -> StepContract | None:
    """The contract that a generated module loaded; None for any other module."""
    return _CONTRACTS.get(module)


def contracts_folder(module: str) -> Path:
    """The folder of the contract files that a generated module was made from, where its script is found.

    The package's manifest holds its path relative to the package. smgen's own library is also found in an installed
    wheel, where it is shipped. Raises FindingsError (SMG131) where there is no such folder.
    """
    package = _FOLDERS[module]
    manifest = read_document(package / MANIFEST_NAME).value
    relative = manifest.get("contracts") if isinstance(manifest, dict) else None
    folder = package / relative if isinstance(relative, str) else package
    if isinstance(relative, str) and folder.is_dir():
        return folder
    if package.name == LIBRARY_PACKAGE:
        return shipped_folder("contract_specs")
    raise FindingsError(
        [
            Finding(
                "SMG131",
                f"the contracts that {package.name} was generated from are not where its manifest says",
                Place(file=(package / MANIFEST_NAME).as_posix(), pointer="/contracts"),
                given=str(relative),
                expected="a folder, relative to the package, that holds the contracts and their scripts",
                fix="keep the contracts beside the generated package, or run 'smgen generate' where they are",
            )
        ]
    )
