"""Costly libraries are imported by the command that needs them, and generated code knows `smgen.runtime` alone."""

from pathlib import Path

import pytest

from tests.project.checkout import CHECKOUT
from tests.project.imports import Import, imports_of

# Never imported while a module of smgen is: each costs start-up time, or is an extra that need not be there.
LATE = {
    "boto3",
    "botocore",
    "datamodel_code_generator",
    "jinja2",
    "jsonschema",
    "libcst",
    "platformdirs",
    "mypy",
    "networkx",
    "pathspec",
    "rapidfuzz",
    "rich",
    "sagemaker",
}


def modules_of(root: Path) -> list[tuple[str, list[Import]]]:
    """Return every module under a source root by its dotted name, with its imports."""
    modules: list[tuple[str, list[Import]]] = []
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        modules.append((name, imports_of(path.read_text(encoding="utf-8"), name, is_package=is_package)))
    return modules


def test_costly_libraries_are_imported_inside_functions() -> None:
    modules = modules_of(CHECKOUT / "codegen")
    assert "smgen.shipped" in dict(modules)
    early = [
        f"{name}:{found.line} imports {found.module}"
        for name, imports in modules
        for found in imports
        if found.at_load and found.package in LATE
    ]
    assert early == []


def test_the_sdk_is_imported_in_one_module_at_most() -> None:
    modules = modules_of(CHECKOUT / "codegen")
    users = [name for name, imports in modules if any(found.package == "sagemaker" for found in imports)]
    assert len(users) <= 1, users


def foreign_to_generated(found: Import) -> bool:
    from_runtime = found.module == "smgen.runtime" or (found.module, found.names) == ("smgen", ("runtime",))
    return found.package == "smgen" and not from_runtime


def test_generated_code_imports_only_the_runtime_of_smgen() -> None:
    modules = modules_of(CHECKOUT / "generated")
    assert "smgen_steps" in dict(modules)
    foreign = [
        f"{name}:{found.line} imports {found.module}"
        for name, imports in modules
        for found in imports
        if foreign_to_generated(found)
    ]
    assert foreign == []


SOURCE = """\
import os, boto3.session
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import networkx
else:
    import rich
try:
    import sagemaker
except ImportError:
    pass
class A:
    import mypy.api
    def f(self):
        from jinja2 import Environment, FileSystemLoader
async def g():
    class B:
        import rapidfuzz
from . import sibling
from .deep import x
from .. import aws
from ..aws.shapes import Shape
"""


def test_imports_are_told_apart() -> None:
    assert imports_of(SOURCE, "smgen.contract_model.model") == [
        Import("os", (), 1, True),
        Import("boto3.session", (), 1, True),
        Import("typing", ("TYPE_CHECKING",), 2, True),
        Import("networkx", (), 4, False),
        Import("rich", (), 6, True),
        Import("sagemaker", (), 8, True),
        Import("mypy.api", (), 12, True),
        Import("jinja2", ("Environment", "FileSystemLoader"), 14, False),
        Import("rapidfuzz", (), 17, False),
        Import("smgen.contract_model", ("sibling",), 18, True),
        Import("smgen.contract_model.deep", ("x",), 19, True),
        Import("smgen", ("aws",), 20, True),
        Import("smgen.aws.shapes", ("Shape",), 21, True),
    ]


def test_a_package_is_its_own_home() -> None:
    found = imports_of("from . import model\nfrom .. import aws\n", "smgen.contracts", is_package=True)
    assert [one.module for one in found] == ["smgen.contracts", "smgen"]


@pytest.mark.parametrize(
    ("line", "foreign"),
    [
        ("from smgen.runtime import Output", False),
        ("from smgen import runtime", False),
        ("import smgen.runtime", False),
        ("from smgen_steps import artifacts", False),
        ("from smgen.authoring.variables import Variable", True),
        ("from smgen import contracts", True),
        ("from smgen import runtime, contracts", True),
        ("import smgen", True),
        ("import smgen.aws", True),
    ],
)
def test_what_generated_code_may_not_import(line: str, foreign: bool) -> None:
    (found,) = imports_of(line, "smgen_steps.xgboost_training")
    assert foreign_to_generated(found) is foreign
