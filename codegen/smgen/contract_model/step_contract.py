"""A contract once it has been read: one frozen value that knows where it came from, of parts in :mod:`.model`.

Every generated module has one, so what this module needs is imported when it is used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from typing_extensions import Never

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from smgen.aws import StepKind
    from smgen.contract_model.holes import Value
    from smgen.contract_model.model import InputPort, MetricSpec, OutputPort, ParameterSpec, SettingSpec, SourceSpec
    from smgen.diagnostics import Place
    from smgen.documents import Document, JsonObject


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a part of an inlined or merged document was written: the file it stands in, and its JSON pointer there."""

    document: Document
    pointer: str


def place_of_origin(origins: Mapping[str, Origin], pointer: str) -> tuple[Origin, str] | None:
    """The origin of the innermost inlined part that holds ``pointer``, and the pointer inside that origin's file."""
    best = max((base for base in origins if pointer == base or pointer.startswith(f"{base}/")), key=len, default=None)
    if best is None:
        return None
    return origins[best], origins[best].pointer + pointer[len(best) :]


def _nothing() -> Mapping[str, Never]:
    return {}


@dataclass(frozen=True, eq=False, slots=True)
class StepContract:
    """The contract of one step: its ports, settings, hyperparameters, environment variables and AWS request.

    ``kind`` is a row of the step-kind table (``Training``, ``Processing``, …), or with ``raw`` a kind that the table
    lacks, of which nothing is checked against AWS. ``request`` and ``step_fields`` are
    parsed and have their sugar expanded. ``document`` is the contract as JSON, from which an equal contract can be
    read; ``source_document`` knows its lines where the contract was read from a file, and ``origins`` says which parts
    of ``document`` stand in another place because a ``$ref`` or a variant brought them in. A contract that is a variant
    of a family has the family's name as ``family`` ("" for any other contract), and its ``job_type``.
    """

    name: str
    version: str
    kind: str
    owner: str
    description: str
    input_ports: Mapping[str, InputPort]
    output_ports: Mapping[str, OutputPort]
    settings: Mapping[str, SettingSpec]
    hyperparameters: Mapping[str, ParameterSpec]
    environment: Mapping[str, ParameterSpec]
    request: Value
    step_fields: Value
    document: JsonObject = field(repr=False)
    source: SourceSpec | None = None
    raw: bool = False
    reserved: tuple[str, ...] = ()
    deprecated: str | None = None
    family: str = ""
    job_type: str | None = None
    metrics: Mapping[str, MetricSpec] = field(default_factory=_nothing)
    source_document: Document | None = field(default=None, repr=False)
    origins: Mapping[str, Origin] = field(default_factory=_nothing, repr=False)
    #: The files that its references reach, also those that only lead on to another one.
    brought_in: tuple[Document, ...] = field(default=(), repr=False)
    #: The folder of the contract's file, below which its script lies; None where it was not read from a folder.
    folder: Path | None = field(default=None, repr=False)

    @property
    def step_kind(self) -> StepKind:
        """The row of its kind; one that says nothing for a kind that the table lacks."""
        from smgen.aws import step_kind

        return step_kind(self.kind)

    @property
    def step_type(self) -> str:
        """What lists of compatible sources call a step of this contract: the name of its family, else its own."""
        return self.family or self.name

    def place(self, pointer: str = "", *, key: bool = False) -> Place:
        """The place of a JSON pointer in the contract's file; only the pointer where the file is not known."""
        from smgen.diagnostics import Place

        if self.source_document is None:
            return Place(file=self.name, pointer=pointer or None)
        origin = place_of_origin(self.origins, pointer)
        if origin is not None:
            return origin[0].document.place(origin[1], key=key)
        return self.source_document.place(pointer, key=key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StepContract) and self.document == other.document

    def __hash__(self) -> int:
        return hash((self.name, self.version))


class _Deferred(StepContract):
    """A contract that is read when something of it is first asked for."""

    __slots__ = ("__smgen_read__",)

    # A __getattr__ that a type checker sees would make every misspelt attribute pass.
    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            # Python asks here for a slot that holds nothing: for all of them until the contract was read.
            if name not in self.__dataclass_fields__:
                raise AttributeError(f"'StepContract' object has no attribute '{name}'")
            contract = self.__smgen_read__()
            for field_name in self.__dataclass_fields__:
                object.__setattr__(self, field_name, getattr(contract, field_name))
            return getattr(self, name)


def deferred_contract(read: Callable[[], StepContract]) -> StepContract:
    """A contract that is equal to what ``read`` gives, which is called when something of it is first asked for.

    What ``read`` raises is raised there.
    """
    contract = object.__new__(_Deferred)
    object.__setattr__(contract, "__smgen_read__", read)
    return contract


#: The plan's name for a contract.
StepSpecification: TypeAlias = StepContract
