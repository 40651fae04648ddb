"""Imports a definition and builds what was imported, without generating a package, which takes a second or more.

The module is executed as it is written; what it imports as step modules is made from the contracts as the proxy
factory makes it, whose builders take what generated ones take.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Final
from unittest.mock import patch

from smgen.contracts import ContractRegistry, module_name, read_contracts
from smgen.definition import IMPORTED, compare, parse_definition
from smgen.diagnostics import Finding, FindingsError
from smgen.documents import JsonObject, pretty_json
from smgen.factory.run_time_builders import builder_class
from smgen.factory.run_time_types import ArtifactClasses
from smgen.importer import ImportedPipeline, at_definitions, at_steps, import_pipeline, pipeline_module
from smgen.runtime import FluentPipelineBuilder
from tests.importer.round_trip import runtime_environment

PACKAGE: Final = "steps_of_a_random_definition"
#: Where pipeline_module() gets what formats its text; unformatted it says the same.
_FORMATTING: Final = "smgen.importer.module"


@dataclass(frozen=True)
class Trip:
    """What came of a round trip: findings at places of the definitions, and differences of what was built."""

    findings: tuple[Finding, ...] = ()
    differences: tuple[str, ...] = ()


def fast_round_trip(documents: Mapping[str, JsonObject]) -> Trip:
    """A round trip of definitions, one for each environment.

    Raises FindingsError for what is no definition; any other exception is a defect.
    """
    originals = {name: parse_definition(document) for name, document in documents.items()}
    pipeline = import_pipeline("Random", originals)
    if pipeline.findings:
        return Trip(pipeline.findings)
    first = next(iter(originals.values()))
    findings: list[Finding] = []
    differences: list[str] = []
    with TemporaryDirectory() as folder:
        try:
            root = written_contracts(Path(folder), pipeline)
            registry = read_contracts(root, shown_root="contracts")
        except FindingsError as error:
            return Trip(at_definitions(error.findings, [(pipeline, first)], "contracts"))
        with step_modules(registry, pipeline):
            names: dict[str, object] = {}
            exec(compile(module_text(pipeline), "<module>", "exec"), names)
            function = names["imported"]
            assert callable(function)
            for found in pipeline.environments:
                environment = runtime_environment(found)
                builder = FluentPipelineBuilder("Random", environment)
                try:
                    function(builder, environment)
                    built = builder.build().definition
                except FindingsError as error:
                    findings += at_steps(error.findings, originals[found.name])
                    continue
                differences += [
                    f"{found.name}: {item.pointer} is {item.kind}: {item.left!r} became {item.right!r}"
                    for item in compare(originals[found.name], built, normalisations=IMPORTED).differences
                ]
    return Trip(tuple(findings), tuple(differences))


def module_text(pipeline: ImportedPipeline) -> str:
    """The module of a pipeline, not formatted."""
    with patch.object(importlib.import_module(_FORMATTING), "format_sources", dict):
        return pipeline_module(pipeline, PACKAGE, "imported", "A pipeline.")


def written_contracts(folder: Path, pipeline: ImportedPipeline) -> Path:
    """Writes the contracts of a pipeline into a folder."""
    (folder / "artifact_types.json").write_text(pretty_json(pipeline.artifact_types), encoding="utf-8")
    for contract, document in pipeline.contracts.items():
        (folder / f"{module_name(contract)}.json").write_text(pretty_json(document), encoding="utf-8")
    return folder


@contextmanager
def step_modules(registry: ContractRegistry, pipeline: ImportedPipeline) -> Generator[None]:
    """Modules with the builder and config of each contract, to be imported from the package."""
    package, artifacts = ModuleType(PACKAGE), ArtifactClasses(registry.artifact_types)
    for contract in pipeline.contracts:
        made = builder_class(registry.get(contract), artifacts)
        module = ModuleType(f"{PACKAGE}.{module_name(contract)}")
        vars(module).update(StepBuilder=made, Config=made.__smgen_config_class__)
        setattr(package, module_name(contract), module)
    sys.modules[PACKAGE] = package
    try:
        yield
    finally:
        del sys.modules[PACKAGE]
