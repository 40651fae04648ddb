"""Composes contracts in memory, plans packages of them, and imports what was planned."""

from __future__ import annotations

import ast
import importlib
import json
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import ModuleType

from smgen.contracts import ContractRegistry, artifact_types_from_document, contract_from_document, contract_registry
from smgen.documents import JsonObject, JsonValue
from smgen.generate import GeneratedPackage, GenerationOptions, plan

OPTIONS = GenerationOptions("made_steps", "../contracts")
_NUMBERS = count()

TYPES: JsonObject = {"Data": {"description": "Data."}, "Model": {"description": "A model."}}


def contract_document(**members: JsonValue) -> JsonObject:
    """A contract that takes and gives nothing, with these members in the place of its own."""
    document: JsonObject = {"name": "Fit", "version": "1.0.0", "kind": "Training", "request": {}}
    return document | members


def hyperparameters(properties: JsonObject, *required: str) -> JsonObject:
    return {"type": "object", "properties": properties, "required": list[JsonValue](required)}


def registry(*documents: JsonObject, types: JsonObject | None = None, package: str | None = None) -> ContractRegistry:
    """A registry of documents that nobody checked."""
    declared: JsonObject = {"types": TYPES if types is None else types, "package": package}
    contracts = tuple(contract_from_document(document) for document in documents)
    return contract_registry(contracts, artifact_types_from_document(declared))


def planned(*documents: JsonObject, types: JsonObject | None = None) -> GeneratedPackage:
    return plan(registry(*documents, types=types), OPTIONS)


def source(package: GeneratedPackage, module: str = "fit") -> str:
    return package.files[f"{module}.py"].decode()


def module_tree(package: GeneratedPackage, module: str = "fit") -> ast.Module:
    return ast.parse(source(package, module))


def shape(source: str) -> str:
    """The tree of a module with every text blanked."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


def class_of(tree: ast.Module, name: str) -> ast.ClassDef:
    return next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)


def folded(text: str | None) -> str:
    """A text with its white space normalised, as a docstring shows it."""
    return " ".join((text or "").split())


def field_docstrings(node: ast.ClassDef) -> dict[str, str]:
    """The docstring behind each field of a config class."""
    found: dict[str, str] = {}
    name = ""
    for member in node.body:
        if isinstance(member, ast.AnnAssign) and isinstance(member.target, ast.Name):
            name = member.target.id
        elif isinstance(member, ast.Expr) and isinstance(member.value, ast.Constant) and name:
            found[name] = folded(str(member.value.value))
    return found


@contextmanager
def imported(package: GeneratedPackage, folder: Path, *modules: str) -> Generator[Mapping[str, ModuleType]]:
    """Modules of a package, imported from a folder under a name that no other test has."""
    name = f"made_steps_{next(_NUMBERS)}"
    target = folder / name
    target.mkdir(parents=True)
    for path, content in package.files.items():
        (target / path).write_bytes(content)
    sys.path.insert(0, str(folder))
    try:
        importlib.invalidate_caches()
        yield {module: importlib.import_module(f"{name}.{module}") for module in modules}
    finally:
        sys.path.remove(str(folder))
        for loaded in [loaded for loaded in sys.modules if loaded.split(".")[0] == name]:
            del sys.modules[loaded]


def write_contracts(folder: Path, *documents: JsonObject, types: JsonObject | None = None) -> Path:
    """A folder with these contracts and the artifact types."""
    folder.mkdir(parents=True, exist_ok=True)
    declared: JsonValue = {"types": TYPES if types is None else types}
    (folder / "artifact_types.json").write_text(json.dumps(declared), encoding="utf-8")
    for document in documents:
        (folder / f"{str(document['name']).lower()}.json").write_text(json.dumps(document), encoding="utf-8")
    return folder
