"""Decides every byte of a generated package: a pure function of the contracts and the options."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import PurePosixPath

from smgen.aws import service_model
from smgen.contract_model import ARTIFACT_TYPES_FILE, ArtifactTypes, ContractRegistry, ContractSource, module_name
from smgen.diagnostics import FindingsError
from smgen.distribution import need, smgen_version
from smgen.documents import Document, JsonValue, canonical_json, compact_json, content_hash
from smgen.generate.artifact_type_views import artifact_type_views
from smgen.generate.formatting import format_sources
from smgen.generate.imports import Imports
from smgen.generate.model_generator import ModelGenerator
from smgen.generate.step_modules import ModuleWriter
from smgen.generate.template_rendering import render_template
from smgen.packages import MANIFEST_NAME, ModuleRecord, PackageManifest, SourceRecord, manifest_bytes


@dataclass(frozen=True, slots=True)
class GenerationOptions:
    """How a package is generated.

    ``package`` is its import name; ``contracts_path`` leads from the package's folder to the contracts, with ``/``.
    """

    package: str
    contracts_path: str


@dataclass(frozen=True, slots=True)
class GeneratedPackage:
    """All files of a package by their path in it, with ``/``."""

    files: Mapping[str, bytes]


def plan(registry: ContractRegistry, options: GenerationOptions) -> GeneratedPackage:
    """The files of the package.

    Raises FindingsError (SMG107) for names that meet in one module, MissingExtraError without the extra ``generate``.
    """
    need("generate")
    types = registry.artifact_types
    writer = ModuleWriter(types)
    modules = [writer.module(contract) for contract in registry.values()]
    if writer.findings:
        raise FindingsError(writer.findings)
    sources = {source.path: _source_record(source) for source in registry.sources}
    return assembled_package(
        types,
        [module.record for module in modules],
        {f"{module.record.module}.py": module.source for module in modules},
        {f"{module.record.module}.json": module.data for module in modules},
        sources,
        options,
    )


def refuse_collisions(registry: ContractRegistry) -> None:
    """Raises FindingsError (SMG106, SMG107) where :func:`plan` would; what this machine knows of shapes is used."""
    need("generate")
    writer = ModuleWriter(registry.artifact_types, ModelGenerator(stored=True))
    for contract in registry.values():
        writer.module(contract)
    if writer.findings:
        raise FindingsError(writer.findings)


def assembled_package(
    types: ArtifactTypes,
    modules: Sequence[ModuleRecord],
    unformatted: Mapping[str, str],
    finished: Mapping[str, bytes],
    sources: Mapping[str, SourceRecord],
    options: GenerationOptions,
) -> GeneratedPackage:
    """The package of these modules, whose files are ``unformatted`` or ``finished``, by their paths.

    ``sources`` are the files that it is from, by their path in the contracts' folder.
    """
    written = {**unformatted, **dict(_package_modules(types, modules, options))}
    files = {"py.typed": b"", **finished}
    files |= {path: source.encode() for path, source in format_sources(written).items()}
    files[MANIFEST_NAME] = manifest_bytes(_manifest(types, sources, files, options))
    return GeneratedPackage(dict(sorted(files.items())))


def _digest(document: JsonValue) -> str:
    return content_hash(canonical_json(document).encode())


def _package_modules(
    types: ArtifactTypes, modules: Iterable[ModuleRecord], options: GenerationOptions
) -> Iterator[tuple[str, str]]:
    """The modules that belong to no contract."""
    views = artifact_type_views(types, options.package)
    yield "__init__.py", render_template("init.py.jinja")
    declared: JsonValue = {item.name: [item.base, item.text, item.package] for item in views}
    imports = Imports()
    for item in views:
        if item.package is not None:
            imports.add(f"{item.package}.artifact_types", item.name)
        elif item.base == "Artifact":
            imports.add("smgen.runtime", "Artifact")
    yield (
        "artifact_types.py",
        render_template(
            "artifact_types.py.jinja",
            types=[item for item in views if item.package is None],
            imports=imports.lines(),
            names=sorted(types),
            origin=ARTIFACT_TYPES_FILE,
            digest=_digest(declared),
        ),
    )
    imports = Imports()
    for item in views:
        imports.add(".artifact_types", item.name)
    for module in modules:
        imports.add(f".{module.module}", *module.exports)
    names = sorted(name for module in imports.names.values() for name in module)
    yield (
        "all.py",
        render_template(
            "all.py.jinja",
            imports=imports.lines(),
            names=names,
            origin="all contracts",
            digest=_digest(list[JsonValue](names)),
        ),
    )


def _manifest(
    types: ArtifactTypes, sources: Mapping[str, SourceRecord], files: Mapping[str, bytes], options: GenerationOptions
) -> PackageManifest:
    """What made the package and what belongs to it; the only file in which the version of a tool stands."""
    return PackageManifest(
        {
            "smgen": smgen_version(),
            "datamodel-code-generator": version("datamodel-code-generator"),
            "ruff": version("ruff"),
            "botocore service model": service_model().botocore_version,
        },
        options.package,
        options.contracts_path,
        {
            name: declared.package
            for name, declared in types.items()
            if declared.package is not None and declared.package != options.package
        },
        dict(sorted(sources.items())),
        {path: content_hash(files[path]) for path in sorted(files)},
    )


def _source_record(source: ContractSource) -> SourceRecord:
    if source.path == ARTIFACT_TYPES_FILE:
        return types_record(source.document)
    return document_record(source.document, tuple(module_name(name) for name in source.contracts))


def types_record(document: Document) -> SourceRecord:
    """What a manifest says of the file of the artifact types."""
    return document_record(document, (PurePosixPath(ARTIFACT_TYPES_FILE).stem,))


def document_record(document: Document, modules: tuple[str, ...] = ()) -> SourceRecord:
    """What a manifest says of a file of contracts from which these modules are made."""
    return SourceRecord(content_hash(document.data), content_hash(compact_json(document.value).encode()), modules)
