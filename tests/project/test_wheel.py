"""What is in the distributions: every file of the package and its data folders, no other, and few requirements."""

import importlib.metadata
import importlib.util
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.project.checkout import CHECKOUT

INFO = "sagemaker_smgen-0.1.0.dist-info"

# Folder of the checkout → where a wheel has it.
SHIPPED = {
    "codegen/smgen": "smgen",
    "generated/smgen_steps": "smgen_steps",
    "templates": "smgen/_templates",
    "contract_specs": "smgen/_contract_specs",
    "docs/rules": "smgen/_docs/rules",
}

# Where a wheel has data, and of which sort.
DATA = {
    "smgen/_templates": ".jinja",
    "smgen/_contract_specs": ".json",
    "smgen/_docs/rules": ".md",
    "smgen/aws/data": ".json",
}

# Everything that `pip install sagemaker-smgen` brings beside smgen, on Linux. A name more is a decision, no accident.
BASE_INSTALL = {
    "annotated-types",
    "click",
    "networkx",
    "pathspec",
    "pydantic",
    "pydantic-core",
    "rapidfuzz",
    "typing-extensions",
    "typing-inspection",
}

# What `sagemaker-smgen[generate]` brings beside that.
GENERATE_INSTALL = {
    "argcomplete",
    "black",
    "datamodel-code-generator",
    "genson",
    "inflect",
    "isort",
    "jaraco-functools",
    "jinja2",
    "libcst",
    "markupsafe",
    "more-itertools",
    "mypy-extensions",
    "packaging",
    "platformdirs",
    "pytokens",
    "pyyaml",
    "ruff",
    "typeguard",
}


@dataclass(frozen=True, slots=True)
class Built:
    """The two distributions as built from the checkout, the wheel by way of the source distribution."""

    wheel: Path
    sdist: Path

    def wheel_files(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self.wheel) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def metadata(self) -> Message:
        return Parser().parsestr(self.wheel_files()[f"{INFO}/METADATA"].decode())

    def sdist_names(self) -> set[str]:
        with tarfile.open(self.sdist) as archive:
            return {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}


def build(target: Path, *what: str) -> None:
    """Build with the backend that is installed: an isolated build would ask a registry for it."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(target), *what, str(CHECKOUT)]
    result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def only_file(folder: Path, pattern: str) -> Path:
    (path,) = folder.glob(pattern)
    return path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    target = tmp_path_factory.mktemp("dist")
    build(target)
    return Built(wheel=only_file(target, "*.whl"), sdist=only_file(target, "*.tar.gz"))


def files_under(folder: str) -> set[str]:
    """Return the files of a folder of the checkout, relative to it, without what Python leaves behind."""
    root = CHECKOUT / folder
    paths = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    return {path.as_posix() for path in paths if "__pycache__" not in path.parts}


def test_the_wheel_holds_the_five_folders_and_nothing_else(built: Built) -> None:
    expected = {f"{inside}/{name}" for folder, inside in SHIPPED.items() for name in files_under(folder)}
    expected |= {f"{INFO}/{name}" for name in ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE")}
    assert built.wheel_files().keys() == expected


def test_the_wheel_holds_what_a_user_cannot_do_without(built: Built) -> None:
    names = built.wheel_files().keys()
    assert {"smgen/__init__.py", "smgen/py.typed", "smgen_steps/__init__.py", "smgen_steps/py.typed"} <= names
    for folder, suffix in DATA.items():
        assert [name for name in names if name.startswith(f"{folder}/") and name.endswith(suffix)], folder
    # Tests, as pytest knows them; `smgen.testing` is for those of users.
    assert not [name for name in names if re.search(r"/(test_[^/]*|[^/]*_test|conftest)\.py$", name)]


def test_the_wheel_from_the_tree_is_the_wheel_from_the_source_distribution(built: Built, tmp_path: Path) -> None:
    build(tmp_path, "--wheel")
    assert only_file(tmp_path, "*.whl").read_bytes() == built.wheel.read_bytes()


def test_the_wheel_is_for_every_machine_and_has_the_command(built: Built) -> None:
    assert built.wheel.name == "sagemaker_smgen-0.1.0-py3-none-any.whl"
    assert built.wheel_files()[f"{INFO}/entry_points.txt"].decode() == "[console_scripts]\nsmgen = smgen.cli:main\n"


def test_what_the_wheel_requires(built: Built) -> None:
    metadata = built.metadata()
    assert metadata["Requires-Python"] == ">=3.10"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata.get_all("Provides-Extra") == ["aws", "generate", "sagemaker", "watch"]
    assert metadata.get_all("Requires-Dist") == [
        "click<9,>=8.1.7",
        "networkx<4,>=3.4",
        "pathspec<2,>=0.12",
        "pydantic<3,>=2.11.2",
        "rapidfuzz<4,>=3.10",
        "tomli>=2.0.1; python_version < '3.11'",
        "typing-extensions>=4.12.2",
        "boto3<2,>=1.36; extra == 'aws'",
        "datamodel-code-generator<0.90,>=0.70; extra == 'generate'",
        "jinja2<4,>=3.1.4; extra == 'generate'",
        "libcst<2,>=1.8; extra == 'generate'",
        "platformdirs<5,>=4; extra == 'generate'",
        "ruff<0.18,>=0.9; extra == 'generate'",
        "sagemaker<4,>=3.27; extra == 'sagemaker'",
        "watchfiles<2,>=1; extra == 'watch'",
    ]


def test_the_name_and_where_everything_is(built: Built) -> None:
    metadata = built.metadata()
    repository = "https://github.com/smgen/sagemaker-smgen"
    assert metadata["Name"] == "sagemaker-smgen"
    assert metadata.get_all("Project-URL") == [
        f"Homepage, {repository}",
        f"Documentation, {repository}/tree/main/docs",
        f"Issues, {repository}/issues",
        f"Changelog, {repository}/releases",
    ]


def installed_closure(requirements: Iterable[str], *extras: str) -> set[str]:
    """Return the names of everything that the requirements bring in here, read from what is installed.

    ``extras`` are asked for of whoever has the requirements; those of the requirements themselves count.
    """
    found: set[str] = set()
    seen: set[tuple[str, str]] = set()
    waiting = [(requirement, extra) for requirement in requirements for extra in ("", *extras)]
    while waiting:
        text, extra = waiting.pop()
        requirement = Requirement(text)
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        found.add(name)
        for wanted in ("", *sorted(requirement.extras)):
            if (name, wanted) not in seen:
                seen.add((name, wanted))
                waiting.extend((needed, wanted) for needed in importlib.metadata.requires(name) or ())
    return found


def test_the_base_install_stays_small(built: Built) -> None:
    expected = BASE_INSTALL | ({"tomli"} if sys.version_info < (3, 11) else set())
    assert installed_closure(built.metadata().get_all("Requires-Dist", [])) == expected
    assert not expected & {"boto3", "botocore", "jinja2", "libcst", "mypy", "numpy", "pandas", "ruff", "sagemaker"}


def test_what_the_generator_brings(built: Built) -> None:
    expected = BASE_INSTALL | GENERATE_INSTALL | ({"tomli"} if sys.version_info < (3, 11) else set())
    # For this version alone libcst asks for the build of PyYAML that threads may share.
    expected |= {"pyyaml-ft"} if sys.version_info[:2] == (3, 13) else set()
    assert installed_closure(built.metadata().get_all("Requires-Dist", []), "generate") == expected
    assert not expected & {"boto3", "botocore", "mypy", "numpy", "pandas", "pyright", "rich", "sagemaker"}


def test_the_closure_follows_extras() -> None:
    assert "flask" in installed_closure(["moto[server]==5.2.5"])
    assert "flask" not in installed_closure(["moto==5.2.5"])


def test_an_unpacked_wheel_finds_its_folders_inside_itself(built: Built, tmp_path: Path) -> None:
    with zipfile.ZipFile(built.wheel) as archive:
        archive.extractall(tmp_path)
    start = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from smgen.shipped import shipped_folder\n"
        "print(shipped_folder('templates'), shipped_folder('contract_specs'), sep='\\n')\n"
    )
    command = [sys.executable, "-I", "-c", start]
    result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [str(tmp_path / "smgen/_templates"), str(tmp_path / "smgen/_contract_specs")]


def test_the_source_distribution_holds_what_a_rebuild_and_a_test_need(built: Built) -> None:
    names = built.sdist_names()
    for folder in ("codegen", "contract_specs", "generated", "templates", "tests"):
        assert {f"{folder}/{name}" for name in files_under(folder)} <= names, folder
    assert {"LICENSE", "Makefile", "PKG-INFO", "README.md", "pyproject.toml"} <= names
    assert not [name for name in names if name.startswith((".git/", ".venv", "dist/", "build/"))]
    assert not [name for name in names if "__pycache__" in name]


@pytest.mark.parametrize(("package", "root"), [("smgen", "codegen"), ("smgen_steps", "generated")])
def test_both_packages_are_read_from_the_checkout_here(package: str, root: str) -> None:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin == str(CHECKOUT / root / package / "__init__.py")
