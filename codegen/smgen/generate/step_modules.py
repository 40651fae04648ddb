"""The generated module of one contract, with what the modules of the whole package have to know of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TypeAlias

from smgen.contract_model import ArtifactTypes, StepContract, module_name
from smgen.diagnostics import Finding, Place
from smgen.documents import canonical_json, content_hash, pretty_json
from smgen.generate.collisions import (
    defined_names,
    hiding_names,
    module_collisions,
    package_findings,
    type_collisions,
)
from smgen.generate.config_models import config_model
from smgen.generate.model_generator import ModelGenerator
from smgen.generate.template_rendering import render_template
from smgen.generate.views import ModuleView, module_view
from smgen.packages import ModuleRecord

#: By rule, name and place the contract of which it was told first.
_Told: TypeAlias = dict[tuple[str, str, Place], str]


@dataclass(frozen=True, slots=True)
class StepModule:
    """A module before it is formatted, its data file, and its record, in which the hashes are still missing."""

    record: ModuleRecord
    source: str
    data: bytes


@dataclass
class ModuleWriter:
    """Writes modules one by one; ``findings`` says what keeps them from standing in one package.

    These are SMG107, for names that meet or hide each other, and SMG106 of the artifact types.
    """

    types: ArtifactTypes
    generator: ModelGenerator = field(default_factory=ModelGenerator)
    findings: list[Finding] = field(init=False)
    _told: _Told = field(default_factory=dict[tuple[str, str, Place], str])

    def __post_init__(self) -> None:
        self.findings = [*type_collisions(self.types), *package_findings(self.types)]

    def module(self, contract: StepContract) -> StepModule:
        """The module of a contract that was read without an error."""
        config = config_model(contract, self.generator)
        view = module_view(contract, config)
        self.findings += self._not_told(contract, module_collisions(contract, config, self.types))
        self.findings += self._not_told(contract, hiding_names(contract, config, view))
        document = contract.source_document
        name = module_name(contract.name)
        source = render_template(
            "step.py.jinja",
            module=view,
            origin=f"{name}.json" if document is None else PurePosixPath(document.file).name,
            digest=content_hash(canonical_json(contract.document).encode()),
        )
        names = tuple(sorted(defined_names(contract, config)))
        record = ModuleRecord(contract.name, contract.family, name, tuple(_exports(view)), names)
        return StepModule(record, source, pretty_json(contract.document).encode())

    def _not_told(self, contract: StepContract, findings: Iterable[Finding]) -> Iterator[Finding]:
        """What no other variant of the contract's family has told of the same place: they share what they inherit."""
        for finding in findings:
            # Names that are made of the contract's are those of its family.
            name = (finding.about.field or "").replace(contract.name, contract.step_type)
            if self._told.setdefault((finding.rule, name, finding.place), contract.name) == contract.name:
                yield finding


def _exports(view: ModuleView) -> Iterator[str]:
    """The classes that a notebook finds in the module ``all``."""
    yield from (view.config, view.proxy.name, view.builder.name)
    if view.tuning is not None:
        yield from (view.tuning.ranges, view.tuning.job.name)
