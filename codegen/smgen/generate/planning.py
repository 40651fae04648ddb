"""Decides every byte of a generated package: a pure function of the contracts and the options."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import PurePosixPath
from typing import TypeAlias

from smgen.aws import service_model
from smgen.contract_model import ARTIFACT_TYPES_FILE, ContractRegistry, ContractSource, StepContract, module_name
from smgen.diagnostics import Finding, FindingsError, Place
from smgen.distribution import need, smgen_version
from smgen.documents import JsonValue, canonical_json, compact_json, content_hash, pretty_json
from smgen.generate.collisions import hiding_names, module_collisions, package_findings, type_collisions
from smgen.generate.config_models import config_model
from smgen.generate.formatting import format_sources
from smgen.generate.imports import Imports
from smgen.generate.template_rendering import render_template
from smgen.generate.views import ModuleView, artifact_type_views, module_view
from smgen.packages import MANIFEST_NAME, PackageManifest, SourceRecord, manifest_bytes

#: By rule, name and place the contract of which it was told first.
_Told: TypeAlias = dict[tuple[str, str, Place], str]


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
    findings: list[Finding] = [*type_collisions(types), *package_findings(types)]
    sources: dict[str, str] = {}
    files: dict[str, bytes] = {"py.typed": b""}
    views: list[ModuleView] = []
    told: _Told = {}
    for contract in registry.values():
        module = module_name(contract.name)
        config = config_model(contract)
        view = module_view(contract, config)
        findings += _not_told(contract, module_collisions(contract, config, types), told)
        findings += _not_told(contract, hiding_names(contract, config, view), told)
        views.append(view)
        sources[f"{module}.py"] = render_template("step.py.jinja", module=view, **_header(contract))
        files[f"{module}.json"] = pretty_json(contract.document).encode()
    if findings:
        raise FindingsError(findings)
    sources |= _package_modules(registry, views, options)
    files |= {path: source.encode() for path, source in format_sources(sources).items()}
    files[MANIFEST_NAME] = manifest_bytes(_manifest(registry, files, options))
    return GeneratedPackage(dict(sorted(files.items())))


def _not_told(contract: StepContract, findings: Iterable[Finding], told: _Told) -> Iterator[Finding]:
    """What no other variant of the contract's family has told of the same place: variants share what they inherit."""
    for finding in findings:
        # Names that are made of the contract's are those of its family.
        name = (finding.about.field or "").replace(contract.name, contract.step_type)
        if told.setdefault((finding.rule, name, finding.place), contract.name) == contract.name:
            yield finding


def _header(contract: StepContract) -> dict[str, str]:
    """What the header says a module is from: the contract's file, and the hash of what it says."""
    document = contract.source_document
    file = f"{module_name(contract.name)}.json" if document is None else PurePosixPath(document.file).name
    return {"origin": file, "digest": _digest(contract.document)}


def _digest(document: JsonValue) -> str:
    return content_hash(canonical_json(document).encode())


def _package_modules(
    registry: ContractRegistry, views: Iterable[ModuleView], options: GenerationOptions
) -> Iterator[tuple[str, str]]:
    """The modules that belong to no contract."""
    types = artifact_type_views(registry.artifact_types, options.package)
    yield "__init__.py", render_template("init.py.jinja")
    declared: JsonValue = {item.name: [item.base, item.text, item.package] for item in types}
    imports = Imports()
    for item in types:
        if item.package is not None:
            imports.add(f"{item.package}.artifact_types", item.name)
        elif item.base == "Artifact":
            imports.add("smgen.runtime", "Artifact")
    yield (
        "artifact_types.py",
        render_template(
            "artifact_types.py.jinja",
            types=[item for item in types if item.package is None],
            imports=imports.lines(),
            names=sorted(registry.artifact_types),
            origin=ARTIFACT_TYPES_FILE,
            digest=_digest(declared),
        ),
    )
    imports = Imports()
    for item in types:
        imports.add(".artifact_types", item.name)
    for view in views:
        tuning = () if view.tuning is None else (view.tuning.ranges, view.tuning.job.name)
        for name in (view.config, view.proxy.name, view.builder.name, *tuning):
            imports.add(f".{module_name(view.contract)}", name)
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


def _manifest(registry: ContractRegistry, files: Mapping[str, bytes], options: GenerationOptions) -> PackageManifest:
    """What made the package and what belongs to it; the only file in which the version of a tool stands."""
    types = registry.artifact_types
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
        {source.path: _source_record(source) for source in registry.sources},
        {path: content_hash(files[path]) for path in sorted(files)},
    )


def _source_record(source: ContractSource) -> SourceRecord:
    modules = tuple(module_name(name) for name in source.contracts)
    if source.path == ARTIFACT_TYPES_FILE:
        modules = (PurePosixPath(ARTIFACT_TYPES_FILE).stem,)
    return SourceRecord(
        content_hash(source.document.data), content_hash(compact_json(source.document.value).encode()), modules
    )
