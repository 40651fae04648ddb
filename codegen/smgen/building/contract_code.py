"""Packs the code of contracts while a pipeline is built: each source once, with the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from smgen.authoring.contract_files import contracts_folder
from smgen.building.environment import Environment
from smgen.contract_model import SourceSpec, StepContract
from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import resolve_inside, shown_path

if TYPE_CHECKING:
    from smgen.assets import Asset, SourceParts


class ContractCode:
    """The code of one pipeline in one environment."""

    def __init__(self, environment: Environment, pipeline: str) -> None:
        self.environment = environment
        self.pipeline = pipeline
        #: Everything that was packed, by its path beside the definition.
        self.assets: dict[str, Asset] = {}
        self._packed: dict[int, Asset] = {}

    def pack(self, contract: StepContract, place: Place) -> tuple[Asset | None, tuple[Finding, ...]]:
        """The contract's source as an asset; None with findings at ``place``, the step that needs it.

        Nothing is packed for a contract without a source.
        """
        source = contract.source
        if source is None:
            return None, ()
        if id(contract) not in self._packed:
            location = self.environment.asset_folder(self.pipeline)
            if location is None:
                what = "name of the bucket that code is uploaded to"
                return None, (self.environment.missing("bucket", what, place),)
            try:
                asset = _asset(contract, source, location, place)
            except FindingsError as error:
                return None, tuple(_with_fix(error.findings))
            self._packed[id(contract)] = asset
            self.assets[asset.path] = asset
        return self._packed[id(contract)], ()


def packing_findings(contract: StepContract) -> tuple[Finding, ...]:
    """What would keep the contract's source from being packed (SMG118, SMG119, SMG126), at its place in the contract.

    For a contract that was read from its file; nothing is found for one without a source.
    """
    if contract.source is None:
        return ()
    try:
        _asset(contract, contract.source, "", contract.place("/source"))
    except FindingsError as error:
        return error.findings
    return ()


def packed_files(contract: StepContract) -> tuple[Path, Mapping[str, bytes]]:
    """The folder of the contracts, and the files of the contract's source by their paths in the archive.

    No files for a contract without a source, or with one that cannot be packed: what is wrong with it,
    :func:`packing_findings` says.
    """
    from smgen.assets import read_source

    try:
        root = contracts_folder(contract).resolve()
        files = read_source(root, _parts(contract.source), Place()) if contract.source is not None else ()
    except FindingsError:
        return Path(), {}
    return root, {file.path: file.content for file in files}


def _asset(contract: StepContract, source: SourceSpec, location: str, place: Place) -> Asset:
    from smgen.assets import packed_asset, read_asset, read_source

    # A manifest says where it is relative to its package, and findings show paths as people write them.
    root = contracts_folder(contract).resolve()
    if source.is_archive:
        return packed_asset(read_source(root, _parts(source), place), source.directory, location, place)
    relative = PurePosixPath(source.directory, source.entry).as_posix()
    path = resolve_inside(root, relative, place)
    try:
        return read_asset(path, relative, location)
    except OSError as error:
        message = f"the script of contract {contract.name} cannot be read"
        given = f"{shown_path(path)}: {error.strerror or type(error).__name__}"
        raise FindingsError([Finding("SMG119", message, place, given=given)]) from None


def _parts(source: SourceSpec) -> SourceParts:
    from smgen.assets import SourceParts

    return SourceParts(
        entry=source.entry,
        directory=source.directory,
        entry_only=not source.whole_folder,
        dependencies=source.dependencies,
        requirements=source.requirements,
    )


def _with_fix(findings: Iterable[Finding]) -> Iterable[Finding]:
    """The findings, those about missing files with what to do about them."""
    fix = "put the script there, or change 'source' of the contract and run 'smgen generate'"
    for finding in findings:
        yield replace(finding, fix=fix) if finding.rule == "SMG119" and finding.fix is None else finding
