"""The contracts in the data files of generated packages, and the folders where those packages and their scripts are."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from smgen.aws import STEP_KINDS
from smgen.contract_model import StepContract, contract_from_document
from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import Document, read_document
from smgen.packages import MANIFEST_NAME, package_root, read_manifest
from smgen.shipped import shipped_folder

#: The generated package that smgen ships.
LIBRARY_PACKAGE: Final = "smgen_steps"

#: Where each contract was loaded from, by the identity of its document, which contracts derived from it share:
#: packages of two projects may have one name.
_FOLDERS: Final[dict[int, tuple[StepContract, Path]]] = {}


def read_contract_file(module: str, path: Path) -> StepContract:
    """The contract in the data file of a generated module of that name.

    Raises FindingsError: SMG131 where the file is missing or holds no contract, and what reading a document or a
    contract reports where someone changed it.
    """
    document = _data_file(path, f"the generated module {module} has lost the contract that belongs to it")
    value = document.value
    contract = contract_from_document(value) if isinstance(value, dict) else None
    if contract is None or not contract.name or not (contract.raw or contract.kind in STEP_KINDS):
        message = f"the data file of the generated module {module} holds no contract"
        raise FindingsError([Finding("SMG131", message, document.place(""), fix="run 'smgen generate' again")])
    _FOLDERS[id(contract.document)] = (contract, path.parent)
    return contract


def package_folder(contract: StepContract) -> Path | None:
    """The folder of the generated package that a contract was loaded from; None for any other contract."""
    loaded = _FOLDERS.get(id(contract.document))
    return None if loaded is None else loaded[1]


def _data_file(path: Path, lost: str) -> Document:
    """A JSON file of a generated package; SMG131 saying ``lost`` where it cannot be read."""
    try:
        return read_document(path)
    except OSError as error:
        raise FindingsError(
            [
                Finding(
                    "SMG131",
                    lost,
                    Place(file=path.as_posix()),
                    given=error.strerror or type(error).__name__,
                    fix="run 'smgen generate' again; a package that is shipped must carry its .json files",
                )
            ]
        ) from None


def contracts_folder(contract: StepContract) -> Path:
    """The folder of the contract's file, where its script is found: where it was read, or its module generated from.

    A generated package's manifest holds its path relative to the package. smgen's own library is also found in an
    installed wheel, where it is shipped. Raises FindingsError (SMG131) where there is no such folder.
    """
    if contract.folder is not None:
        return contract.folder
    loaded = _FOLDERS.get(id(contract.document))
    if loaded is None:
        raise FindingsError(
            [
                Finding(
                    "SMG131",
                    f"the contract {contract.name} has a script, and no generated package that says where it is",
                    fix="use the CONTRACT of a generated module, or a contract that ProxyFactory.read(folder) read",
                )
            ]
        )
    package = loaded[1]
    manifest = read_manifest(package)
    if manifest is None:
        message = f"the generated package {package.name} has lost its manifest"
        fix = "run 'smgen generate' again; a package that is shipped must carry its .json files"
        raise FindingsError([Finding("SMG131", message, Place(file=(package / MANIFEST_NAME).as_posix()), fix=fix)])
    folder = package_root(package, manifest)
    if folder is not None:
        return folder
    if package.name == LIBRARY_PACKAGE:
        return shipped_folder("contract_specs")
    raise FindingsError(
        [
            Finding(
                "SMG131",
                f"the contracts that {package.name} was generated from are not where its manifest says",
                Place(file=(package / MANIFEST_NAME).as_posix(), pointer="/options/contracts"),
                given=manifest.contracts,
                expected="a folder, relative to the package, that holds the contracts and their scripts",
                fix="keep the contracts beside the generated package, or run 'smgen generate' where they are",
            )
        ]
    )
