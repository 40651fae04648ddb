"""Decides every byte of a generated package: a pure function of the contracts and the options."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

from smgen.aws import service_model
from smgen.contracts import (
    ARTIFACT_TYPES_FILE,
    ArtifactTypes,
    ContractRegistry,
    StepContract,
    module_name,
)
from smgen.diagnostics import Finding, FindingsError
from smgen.documents import JsonValue, canonical_json, content_hash, pretty_json
from smgen.generate.config_models import ConfigModel, config_model
from smgen.generate.formatting import format_sources
from smgen.generate.rendering import render_template
from smgen.generate.views import RUNTIME_NAMES, ModuleView, artifact_type_views, generated_class_names, module_view

#: The file of a generated package that says what made it, from where, and what belongs to it.
MANIFEST: Final = "manifest.json"
#: Modules that every generated package has beside those of the contracts.
FIXED_MODULES: Final = ("__init__", "all", "artifact_types")


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
    """The files of the package. Raises FindingsError (SMG107) for names that meet in one module."""
    findings: list[Finding] = []
    sources: dict[str, str] = {}
    files: dict[str, bytes] = {"py.typed": b""}
    views: list[ModuleView] = []
    for contract in registry.values():
        module = module_name(contract.name)
        config = config_model(contract)
        findings += _collisions(contract, config, registry.artifact_types)
        if module in FIXED_MODULES:
            findings.append(_taken(contract, f"the module {module}, which every generated package has"))
        view = module_view(contract, config)
        views.append(view)
        sources[f"{module}.py"] = render_template("step.py.jinja", module=view, **_header(contract))
        files[f"{module}.json"] = pretty_json(contract.document).encode()
    if findings:
        raise FindingsError(findings)
    sources |= _package_modules(registry, views)
    files |= {path: source.encode() for path, source in format_sources(sources).items()}
    files[MANIFEST] = _manifest(files, options)
    return GeneratedPackage(dict(sorted(files.items())))


def _header(contract: StepContract) -> dict[str, str]:
    return {
        "source": f"{module_name(contract.name)}.json",
        "digest": content_hash(canonical_json(contract.document).encode()),
    }


def _package_modules(registry: ContractRegistry, views: Iterable[ModuleView]) -> Iterator[tuple[str, str]]:
    types = registry.artifact_types
    document: JsonValue = {name: [type.parent, type.description, type.package] for name, type in types.items()}
    header = {"source": ARTIFACT_TYPES_FILE, "digest": content_hash(canonical_json(document).encode())}
    yield "__init__.py", render_template("init.py.jinja", **header)
    imports = ["from smgen.runtime import Artifact"] if any(type.package is None for type in types.values()) else []
    for name, type in types.items():
        if type.package is not None:
            imports.append(f"from {type.package}.artifact_types import {name}")
    yield (
        "artifact_types.py",
        render_template(
            "artifact_types.py.jinja",
            types=artifact_type_views(types),
            imports=sorted(imports),
            names=sorted(types),
            **header,
        ),
    )
    modules = [(module_name(view.contract), _facade_names(view)) for view in views]
    lines = [f"from .artifact_types import {', '.join(sorted(types))}"] if types else []
    lines += [f"from .{module} import {', '.join(sorted(names))}" for module, names in modules]
    names = sorted([*types, *(name for _, exported in modules for name in exported)])
    yield "all.py", render_template("all.py.jinja", imports=sorted(lines), names=names, **header)


def _facade_names(view: ModuleView) -> tuple[str, ...]:
    return (view.config, view.proxy.name, view.builder.name)


def _manifest(files: Mapping[str, bytes], options: GenerationOptions) -> bytes:
    """What made the package and what belongs to it; the only file in which the version of a tool stands."""
    document: JsonValue = {
        "generator": {
            "smgen": version("smgen"),
            "datamodel-code-generator": version("datamodel-code-generator"),
            "ruff": version("ruff"),
            "botocore service model": service_model().botocore_version,
        },
        "package": options.package,
        "contracts": options.contracts_path,
        "files": {path: content_hash(files[path]) for path in sorted(files)},
    }
    return pretty_json(document).encode()


def _collisions(contract: StepContract, config: ConfigModel, types: ArtifactTypes) -> Iterator[Finding]:
    """SMG107 for two things that would have one name in the contract's module."""
    taken: dict[str, str] = dict.fromkeys(("CONTRACT", "Config", "Proxy", "StepBuilder"), "a name of every module")
    for _, name in config.imports:
        taken[name] = "an import of every config"
    for name in (*RUNTIME_NAMES, "StepConfig", "StepContract", "StepOutputProxy", "load_contract", "Artifact"):
        taken[name] = "a class of smgen.runtime"
    for statement in ast.parse(config.source).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            taken[statement.targets[0].id] = "the type of a config value"
    for name in generated_class_names(contract):
        if name in taken:
            yield _taken(contract, f"{name}, which is {taken[name]}")
        taken[name] = f"a class of contract {contract.name}"
    for name in types:
        if name in taken:
            yield _taken(contract, f"the artifact type {name}, which is {taken[name]}")


def _taken(contract: StepContract, what: str) -> Finding:
    return Finding(
        "SMG107",
        f"the generated module of {contract.name} would have two things of one name",
        contract.place("/name"),
        given=what,
        expected="names that do not meet",
        fix="rename the contract, or the artifact type",
    )
