"""Imports a definition and builds what was imported, without generating a package, which takes a second or more.

The module is executed as it is written; what it imports as step modules is made by the proxy factory, whose builders
take what generated ones take.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Final
from unittest.mock import patch

from smgen.contracts import module_name, read_contracts
from smgen.definition import IMPORTED, compare, parse_definition
from smgen.diagnostics import FindingsError
from smgen.documents import JsonObject, pretty_json
from smgen.importer import ImportedPipeline, import_pipeline, pipeline_module
from smgen.runtime import FluentPipelineBuilder, ProxyFactory
from tests.importer.round_trip import runtime_environment

PACKAGE: Final = "steps_of_a_random_definition"
#: Where pipeline_module() gets what formats its text; unformatted it says the same.
_FORMATTING: Final = "smgen.importer.module"


def problems_of(documents: Mapping[str, JsonObject]) -> list[str]:
    """What hinders a round trip of definitions, one for each environment: findings, and differences of what is built.

    Any exception but FindingsError passes through.
    """
    originals = {name: parse_definition(document) for name, document in documents.items()}
    pipeline = import_pipeline("Random", originals)
    if pipeline.findings:
        return [f"finding: {item.message} | {item.place.pointer} | {item.given}" for item in pipeline.findings]
    text = module_text(pipeline)
    problems: list[str] = []
    with TemporaryDirectory() as folder:
        try:
            factory = ProxyFactory(read_contracts(written_contracts(Path(folder), pipeline)))
        except FindingsError as error:
            return [f"contract: {item.message} | {item.place.pointer} | {item.given}" for item in error.findings]
        with step_modules(factory, pipeline):
            names: dict[str, object] = {}
            exec(compile(text, "<module>", "exec"), names)
            function = names["imported"]
            assert callable(function)
            for found in pipeline.environments:
                environment = runtime_environment(found)
                builder = FluentPipelineBuilder("Random", environment)
                try:
                    function(builder, environment)
                    built = builder.build().definition
                except FindingsError as error:
                    problems += [f"build: {item.message} | {item.place.step} | {item.given}" for item in error.findings]
                    continue
                differing = compare(originals[found.name], built, normalisations=IMPORTED).differences
                problems += [
                    f"{found.name}: {item.kind} {item.pointer}: {item.left!r} became {item.right!r}"
                    for item in differing
                ]
    return problems


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
def step_modules(factory: ProxyFactory, pipeline: ImportedPipeline) -> Iterator[None]:
    """Modules with the builder and config of each contract, to be imported from the package."""
    package = ModuleType(PACKAGE)
    for contract in pipeline.contracts:
        made = factory._builder_class(contract)
        module = ModuleType(f"{PACKAGE}.{module_name(contract)}")
        vars(module).update(StepBuilder=made, Config=made.__smgen_config_class__)
        setattr(package, module_name(contract), module)
    sys.modules[PACKAGE] = package
    try:
        yield
    finally:
        del sys.modules[PACKAGE]
