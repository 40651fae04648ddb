"""What smgen is called, what its extras bring, and that pyproject.toml, README.md and the messages say the same."""

from __future__ import annotations

import importlib.metadata
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from smgen.contracts import read_contracts
from smgen.distribution import DISTRIBUTION, EXTRAS, Extra, MissingExtraError, need, smgen_version
from smgen.emit import ConnectionSettings, s3_client
from smgen.generate import GenerationOptions, format_sources, plan
from smgen.shipped import shipped_folder
from smgen.source.module_edits import ModuleEdits, edited
from tests.project.checkout import CHECKOUT, pyproject
from tests.project.ranges import ranged
from tests.project.readme import REPOSITORY

PROJECT = pyproject()["project"]
GROUPS = pyproject()["dependency-groups"]


def test_the_name_and_the_version() -> None:
    assert DISTRIBUTION == PROJECT["name"] == "sagemaker-smgen"
    assert smgen_version() == PROJECT["version"]
    assert importlib.metadata.metadata(DISTRIBUTION)["Name"] == DISTRIBUTION


def test_the_extras_are_those_of_the_distribution() -> None:
    declared = {
        extra: tuple(sorted(canonicalize_name(Requirement(one).name) for one in requirements))
        for extra, requirements in PROJECT["optional-dependencies"].items()
    }
    assert declared == EXTRAS
    assert set(get_args(Extra)) == EXTRAS.keys()


# Ranges and the versions that are tried -----------------------------------------------------------------------------


def pins(*groups: str) -> dict[str, str]:
    found = [Requirement(text) for group in groups for text in GROUPS[group]]
    return {one.name: str(one.specifier).removeprefix("==") for one in found}


def test_nothing_that_users_install_is_pinned() -> None:
    every = [*PROJECT["dependencies"], *(one for extra in PROJECT["optional-dependencies"].values() for one in extra)]
    assert [text for text in every if re.search(r"==|~=|===", text.partition(";")[0])] == []


def test_the_oldest_versions_are_the_lower_ends() -> None:
    ends = {
        name: specifier.version
        for name, requirement in ranged().items()
        for specifier in requirement.specifier
        if specifier.operator == ">="
    }
    oldest = pins("oldest", "oldest-apart")
    assert {name: Version(version) for name, version in oldest.items()} == {
        name: Version(version) for name, version in ends.items()
    }


def test_the_versions_of_our_own_runs_are_exact_and_in_the_ranges() -> None:
    current = pins("current")
    assert current.keys() == ranged().keys()
    for name, requirement in ranged().items():
        assert Version(current[name]) in requirement.specifier, name
    for group in ("current", "oldest", "oldest-apart", "tools"):
        assert [text for text in GROUPS[group] if not re.fullmatch(r"[a-z0-9-]+(\[[a-z]+\])?==[0-9.]+", text)] == []


# What is missing ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("absent", "extras", "message"),
    [
        ("boto3", ["aws"], "boto3 is not installed; install it with: pip install 'sagemaker-smgen[aws]'"),
        ("ruff", ["generate"], "ruff is not installed; install it with: pip install 'sagemaker-smgen[generate]'"),
        (
            "datamodel_code_generator libcst",
            ["generate"],
            "datamodel-code-generator and libcst are not installed; "
            "install them with: pip install 'sagemaker-smgen[generate]'",
        ),
        (
            "jinja2 boto3 ruff",
            ["generate", "aws"],
            "boto3, jinja2 and ruff are not installed; install them with: pip install 'sagemaker-smgen[aws,generate]'",
        ),
        # Only what lacks something is in the line.
        (
            "jinja2",
            ["generate", "aws"],
            "jinja2 is not installed; install it with: pip install 'sagemaker-smgen[generate]'",
        ),
    ],
)
def test_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, absent: str, extras: list[Extra], message: str
) -> None:
    for module in absent.split():
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError) as caught:
        need(*extras)
    assert str(caught.value) == message


def test_what_is_there_is_not_asked_for() -> None:
    need("generate", "aws")
    need()


@pytest.mark.parametrize(
    ("use", "absent"),
    [
        (lambda: plan(read_contracts(shipped_folder("contract_specs")), GenerationOptions("p", "c")), "ruff"),
        (lambda: format_sources({"a.py": "x = 1\n"}), "ruff"),
        (lambda: edited("x = 1\n", ModuleEdits()), "libcst"),
        (lambda: s3_client(ConnectionSettings(region="eu-west-1")), "boto3"),
    ],
    ids=["plan", "format", "edit", "connect"],
)
def test_whoever_calls_from_python_is_told_as_well(
    monkeypatch: pytest.MonkeyPatch, use: Callable[[], object], absent: str
) -> None:
    monkeypatch.setitem(sys.modules, absent, None)
    with pytest.raises(MissingExtraError, match=rf"^{absent} is not installed; install it with: pip install "):
        use()


# Texts --------------------------------------------------------------------------------------------------------------


def texts() -> list[Path]:
    folders = ("codegen", "docs", "examples", "templates")
    files = [path for folder in folders for path in (CHECKOUT / folder).rglob("*") if path.is_file()]
    kinds = {".md", ".py", ".jinja", ".toml"}
    return [
        CHECKOUT / "README.md",
        *(path for path in files if path.suffix in kinds and "__pycache__" not in path.parts),
    ]


def test_every_text_installs_smgen_by_its_name() -> None:
    wrong = re.compile(r"(?:pip install|uv add|pip install -U)\s+['\"]?smgen\b|(?<![\w-])smgen\[[a-z,]+\]")
    assert wrong.search("pip install smgen")
    assert wrong.search("`pip install 'smgen[aws]'`")
    assert not wrong.search("pip install './sagemaker-smgen[aws]'")
    found = [str(path.relative_to(CHECKOUT)) for path in texts() if wrong.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_every_extra_that_a_text_names_is_there() -> None:
    for path in texts():
        for extras in re.findall(r"sagemaker-smgen\[([a-z,]+)\]", path.read_text(encoding="utf-8")):
            assert set(extras.split(",")) <= EXTRAS.keys(), path


def test_the_repository_has_one_address() -> None:
    for address in PROJECT["urls"].values():
        assert address == REPOSITORY or address.startswith(f"{REPOSITORY}/")
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"https://github\.com/[\w.-]+/[\w.-]+", readme))
    assert named == {REPOSITORY}
