"""Gives imported pipelines one library of contracts: a contract that fits is used again, another one is added."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from smgen.contract_model import (
    ContractRegistry,
    StepContract,
    class_name,
    contract_from_document,
    is_scalar,
    module_name,
)
from smgen.diagnostics import FindingsError
from smgen.documents import JsonObject, json_at, object_at, text_at
from smgen.importer.artifacts import LIBRARY_PACKAGE, declared
from smgen.importer.code_names import free
from smgen.importer.contract_names import is_free, shortened
from smgen.importer.contract_replacement import Replacement, read_attributes, with_contracts
from smgen.importer.fitting import NoFit, fit
from smgen.importer.imported_pipeline import ImportedPipeline, ImportedStep
from smgen.importer.walking import contract_steps
from smgen.importer.widening import widened

#: Contracts of a kind that are tried for each new one, those of its name first.
_CANDIDATES: Final = 200


@dataclass(frozen=True, slots=True)
class Reuse:
    """The steps of a pipeline that were imported as ``imported`` use the contract ``contract``, which was there.

    ``is_new`` says that another pipeline of the same import brought it.
    """

    pipeline: str
    imported: str
    contract: str
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class NoReuse:
    """The contract of a pipeline was added although ``nearest`` is of its kind; ``reason`` says why."""

    pipeline: str
    contract: str
    nearest: str
    reason: str


@dataclass(frozen=True, slots=True)
class Merged:
    """Pipelines with their contracts in one library.

    ``added`` are the documents of the contracts that the library did not have, by name, and ``artifact_types`` is the
    whole document of its artifact types. ``pipelines`` have all the contracts that they use.
    """

    pipelines: tuple[ImportedPipeline, ...]
    added: Mapping[str, JsonObject]
    artifact_types: JsonObject
    reused: tuple[Reuse, ...] = ()
    refused: tuple[NoReuse, ...] = ()


def merge(
    pipelines: Sequence[ImportedPipeline],
    library: ContractRegistry | None,
    artifact_types: JsonObject | None,
    proven_wrong: Mapping[tuple[str, str], str],
) -> Merged:
    """Merges pipelines into the library of a folder, in their order; None is a folder without contracts.

    ``proven_wrong`` says of contracts that were tried before, by pipeline and imported contract, why the steps do not
    compile to the same with another contract than their own. Raises FindingsError for a contract that cannot be read,
    at its file in a folder of the pipeline's name.
    """
    work = _Merging({} if library is None else dict(library.contracts), proven_wrong)
    written = tuple(work.pipeline(pipeline) for pipeline in pipelines)
    # A contract may have become wider since a pipeline got it.
    written = tuple(
        replace(item, contracts={name: work.added.get(name, document) for name, document in item.contracts.items()})
        for item in written
    )
    types = artifact_types
    for pipeline in pipelines:
        used = {type_name for document in work.added.values() for type_name in _types_of(document)}
        types = _with_types(types, pipeline.artifact_types, used)
    return Merged(written, work.added, types or {"types": {}}, tuple(work.reused), tuple(work.refused))


class _Merging:
    """The library while it grows."""

    def __init__(self, library: dict[str, StepContract], proven_wrong: Mapping[tuple[str, str], str]) -> None:
        self.library = library
        self.proven_wrong = proven_wrong
        self.added: dict[str, JsonObject] = {}
        self.reused: list[Reuse] = []
        self.refused: list[NoReuse] = []

    def pipeline(self, pipeline: ImportedPipeline) -> ImportedPipeline:
        read = read_attributes(pipeline)
        replacements: dict[str, Replacement] = {}
        # Contracts of one pipeline differ for a reason: they are held against what was there before it.
        before = tuple(self.library)
        for name, document in pipeline.contracts.items():
            uses = [step for step in contract_steps(pipeline) if step.contract == name]
            attributes = {attribute for step in uses for attribute in read.get(step.name, ())}
            contract = _read(document, f"{pipeline.name}/{module_name(name)}.json")
            wrong = self.proven_wrong.get((pipeline.name, name))
            candidates = _candidates(contract, [self.library[one] for one in before])
            found, nearest = self.counterpart(contract, candidates, uses, attributes, wrong)
            if found is not None:
                is_new = found.contract.name in self.added
                self.reused.append(Reuse(pipeline.name, name, found.contract.name, is_new))
            else:
                found = Replacement(self.add(contract, pipeline.name))
                if nearest is not None:
                    self.refused.append(NoReuse(pipeline.name, found.contract.name, *nearest))
            replacements[name] = found
        return with_contracts(pipeline, replacements)

    def counterpart(
        self,
        contract: StepContract,
        candidates: Sequence[StepContract],
        uses: Sequence[ImportedStep],
        read: Collection[str],
        wrong: str | None,
    ) -> tuple[Replacement | None, tuple[str, str] | None]:
        """What steps are written with instead of their own contract; or the nearest candidate, and why not."""
        tried: list[tuple[StepContract, NoFit]] = []
        for candidate in candidates:
            result = fit(contract, candidate, uses, read) if wrong is None else NoFit(wrong)
            if not isinstance(result, NoFit):
                return Replacement(candidate, True, result), None
            if wrong is None and candidate.name in self.added:
                wider = self.wider(contract, candidate, uses, read)
                if wider is not None:
                    return wider, None
            tried.append((candidate, result))
        if not tried:
            return None, None
        nearest, misfit = max(tried, key=lambda pair: (pair[0].name == contract.name, pair[1].depth))
        return None, (nearest.name, misfit.reason)

    def wider(
        self, contract: StepContract, candidate: StepContract, uses: Sequence[ImportedStep], read: Collection[str]
    ) -> Replacement | None:
        """The candidate, which this import added, with what the contract takes beyond it, if it fits then."""
        both = widened(candidate.document, contract.document)
        if both is None:
            return None
        try:
            wide, own = map(contract_from_document, both)
        except FindingsError:
            return None
        result = fit(own, wide, uses, read)
        if isinstance(result, NoFit):
            return None
        self.library[wide.name] = wide
        self.added[wide.name] = wide.document
        return Replacement(wide, True, result)

    def add(self, contract: StepContract, pipeline: str) -> StepContract:
        """The contract, under a name that no other one has."""
        name = free_name(contract.name, pipeline, self.library)
        if name != contract.name:
            contract = replace(contract, name=name, document={**contract.document, "name": name})
        self.library[name] = contract
        self.added[name] = contract.document
        return contract


def _read(document: JsonObject, file: str) -> StepContract:
    try:
        return contract_from_document(document)
    except FindingsError as error:
        placed = (replace(item, place=replace(item.place, file=file)) for item in error.findings)
        raise FindingsError(placed) from None


def free_name(name: str, pipeline: str, taken: Collection[str]) -> str:
    """A name for a contract whose module no other contract has: its own, or one with the pipeline's before it."""
    modules = {module_name(one) for one in taken}
    own = name if module_name(name) not in modules else shortened(f"{class_name(pipeline)}{name}")
    return free(own, lambda found: module_name(found) in modules or not is_free(found), "")


def _candidates(contract: StepContract, library: Sequence[StepContract]) -> Sequence[StepContract]:
    """The contracts that may be meant, that of the same name first."""
    alike = [other for other in library if (other.kind, other.raw) == (contract.kind, contract.raw)]
    return sorted(alike, key=lambda other: other.name != contract.name)[:_CANDIDATES]


def _types_of(document: JsonObject) -> Iterator[str]:
    """The artifact types of a contract's ports and report files."""
    for member in ("inputs", "outputs"):
        for port in object_at(document, member).values():
            values = [port, *object_at(port, "files").values()]
            for value in values:
                name = text_at(value, "type")
                if name is not None and not is_scalar(name):
                    yield name


def _with_types(document: JsonObject | None, imported: JsonObject, used: Collection[str]) -> JsonObject:
    """The artifact types of a folder, with those of an imported pipeline that its contracts use and it lacks.

    A type of the library is the library's here too, but below a type that the folder has a class of its own for: a
    class has one parent, and the library's has the library's.
    """
    known, types = object_at(document, "types"), object_at(imported, "types")
    wanted = {above for name in types if name in used for above in _line(types, name)}
    package = json_at(document, "package")
    # The package that owns a type; None for the folder's own.
    owners = {name: object_at(found).get("package", package) for name, found in known.items()}
    own = {name for name, owner in owners.items() if owner != LIBRARY_PACKAGE}
    added: JsonObject = {}
    for name in types:
        if name not in wanted or name in known:
            continue
        found = object_at(types, name)
        if found.get("package") == LIBRARY_PACKAGE and found.get("parent") in own:
            found = declared(name, own=True)
        if "package" not in found:
            own.add(name)
            # Where the document names a package, it would be one of that package.
            found = {**found, "package": None} if package else found
        added[name] = found
    return {**(imported if document is None else document), "types": {**known, **added}}


def _line(types: JsonObject, name: str) -> tuple[str, ...]:
    """A type and those above it."""
    line: list[str] = []
    at: str | None = name
    while at is not None and at in types and at not in line:
        line.append(at)
        at = text_at(types, at, "parent")
    return tuple(line)
