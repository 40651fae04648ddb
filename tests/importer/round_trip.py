"""Imports definitions, writes what was imported, and builds it again for each environment."""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from smgen.contracts import module_name, read_contracts
from smgen.definition import IMPORTED, Definition, DefinitionComparison, compare, parse_definition
from smgen.diagnostics import Severity
from smgen.documents import JsonObject, JsonValue, pretty_json
from smgen.generate import GenerationOptions, plan
from smgen.importer import ImportedEnvironment, ImportedPipeline, import_pipeline, pipeline_module
from smgen.runtime import Environment, FluentPipelineBuilder

RECORDED: Final = Path(__file__).parents[1] / "data" / "corpus"
ACCOUNT: Final = "111122223333"
REGION: Final = "us-east-1"

#: What the placeholders of the recorded definitions stand for.
FILLED: Final[Mapping[str, str]] = {
    "<ROLE_ARN>": f"arn:aws:iam::{ACCOUNT}:role/SageMakerPipeline",
    "<ACCOUNT_ID>": ACCOUNT,
    "<BUCKET_1>": "sagemaker-samples-files",
    "<BUCKET_2>": f"sagemaker-{REGION}-{ACCOUNT}",
    "<HASH>": "0123456789abcdef0123456789abcdef",
    "<TIMESTAMP>": "2024-05-06-07-08-09-123",
    "<EPOCH>": "1715000000",
    "<REPO>": "repository",
}
_IMAGE: Final = re.compile(r"<IMAGE:([a-z-]+):(\d+)>")
_PACKAGES: Final = iter(range(1_000_000))


def recorded(name: str) -> JsonObject:
    """A recorded definition with plausible values in place of its placeholders; ``name`` begins the file's name."""
    (file,) = RECORDED.glob(f"{name}*.json")
    text = json.dumps(json.loads(file.read_text(encoding="utf-8"))["definition"])
    for placeholder, value in FILLED.items():
        text = text.replace(placeholder, value)
    text = _IMAGE.sub(rf"683313688378.dkr.ecr.{REGION}.amazonaws.com/\1:1.\2", text)
    assert "<" not in re.sub(r"MSE >|-----", "", text) or not re.search(r"<[A-Z_]+[:>]", text)
    document: JsonObject = json.loads(text)
    return document


def moved(document: JsonObject, changes: Mapping[str, str]) -> JsonObject:
    """The definition in another account: every text with those parts replaced."""

    def inside(value: JsonValue) -> JsonValue:
        if isinstance(value, str):
            for old, new in changes.items():
                value = value.replace(old, new)
            return value
        if isinstance(value, list):
            return [inside(item) for item in value]
        return {name: inside(item) for name, item in value.items()} if isinstance(value, dict) else value

    return {name: inside(value) for name, value in document.items()}


@dataclass(frozen=True)
class Built:
    """An imported pipeline, its module, and the definitions that it gives, by environment."""

    pipeline: ImportedPipeline
    module: str
    folder: Path
    definitions: Mapping[str, Definition]
    originals: Mapping[str, Definition]

    def comparison(self, environment: str) -> DefinitionComparison:
        """What differs between what was imported and what it gives now, after the normalisations of an import."""
        return compare(self.originals[environment], self.definitions[environment], normalisations=IMPORTED)

    @property
    def counts(self) -> Mapping[str, int]:
        """How often each normalisation made a difference go away in the first environment."""
        return {name: count for name, count in self.comparison(next(iter(self.originals))).counts.items() if count}


def runtime_environment(found: ImportedEnvironment) -> Environment:
    """The environment as a project would have it."""
    return Environment(
        found.name,
        account=found.account,
        region=found.region,
        role=found.role,
        bucket=found.bucket,
        kms_key=found.kms_key,
        output_kms_key=found.output_kms_key,
        subnets=found.subnets,
        security_group_ids=found.security_group_ids,
        tags=found.tags,
        images=found.images,
        model_package_groups=found.model_package_groups,
        parameters=found.parameters,
        values=found.values,
    )


def round_trip(folder: Path, documents: Mapping[str, JsonObject], name: str = "ImportedPipeline") -> Built:
    """Imports definitions, one for each environment, and builds what was written of them."""
    originals = {environment: parse_definition(document, tolerant=True) for environment, document in documents.items()}
    pipeline = import_pipeline(name, originals)
    errors = [item for item in pipeline.findings if item.severity is Severity.ERROR]
    assert errors == [], "\n".join(map(str, errors))
    package = f"imported_{next(_PACKAGES)}"
    write_project(folder, pipeline, package)
    module = pipeline_module(pipeline, package, "imported", "An imported pipeline.")
    (folder / f"{package}_pipeline.py").write_text(module, encoding="utf-8")
    definitions: dict[str, Definition] = {}
    with importable(folder, package):
        function: Callable[[FluentPipelineBuilder, Environment], None]
        function = importlib.import_module(f"{package}_pipeline").imported
        for found in pipeline.environments:
            environment = runtime_environment(found)
            builder = FluentPipelineBuilder(name, environment)
            function(builder, environment)
            definitions[found.name] = builder.build().definition
    return Built(pipeline, module, folder, definitions, originals)


def write_project(folder: Path, pipeline: ImportedPipeline, package: str) -> None:
    """Writes the contracts and the package that is generated from them."""
    contracts = folder / "contract_specs"
    contracts.mkdir(parents=True)
    (contracts / "artifact_types.json").write_text(pretty_json(pipeline.artifact_types), encoding="utf-8")
    for contract, document in pipeline.contracts.items():
        (contracts / f"{module_name(contract)}.json").write_text(pretty_json(document), encoding="utf-8")
    generated = plan(read_contracts(contracts), GenerationOptions(package, "../contract_specs"))
    for path, content in generated.files.items():
        target = folder / package / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


@contextmanager
def importable(folder: Path, package: str) -> Generator[None, None, None]:
    """Makes the modules of a folder importable, and forgets them afterwards."""
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.partition(".")[0] in (package, f"{package}_pipeline")]:
            del sys.modules[name]
