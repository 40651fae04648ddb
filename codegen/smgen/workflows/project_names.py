"""The names in a new project, all made from one: its own."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from smgen.contract_model import python_identifier
from smgen.diagnostics import Finding, FindingsError

LONGEST_NAME: Final = 64

_NAME: Final = re.compile(r"[A-Za-z](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_WORD_START: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN_WORDS: Final = re.compile(r"[._-]+")
_SUFFIX: Final = "_steps"
#: The package of the steps that smgen ships.
_LIBRARY_PACKAGE: Final = "smgen_steps"
#: Names that a module of the new project imports, so that a function in it must have another.
_IMPORTED: Final = frozenset({"clean_data", "create_model", "smgen", "smgen_steps", "xgboost_training"})
#: Packages that a project is called after and that its own module, beside which others are found, must not hide.
_INSTALLED: Final = frozenset({"boto3", "botocore", "mypy", "pydantic", "pyright", "pytest", "sagemaker", "xgboost"})
#: Standard modules that only some versions of Python have, so that a name depends on none of them.
_IN_SOME_VERSIONS: Final = frozenset(
    (
        "aifc",
        "annotationlib",
        "asynchat",
        "asyncore",
        "audioop",
        "cgi",
        "cgitb",
        "chunk",
        "compression",
        "crypt",
        "distutils",
        "imghdr",
        "imp",
        "lib2to3",
        "mailcap",
        "msilib",
        "nis",
        "nntplib",
        "ossaudiodev",
        "pipes",
        "smtpd",
        "sndhdr",
        "spwd",
        "sunau",
        "telnetlib",
        "tomllib",
        "uu",
        "xdrlib",
    )
)


@dataclass(frozen=True, slots=True)
class ProjectNames:
    """What the parts of a project are called.

    ``project`` is the name as given, ``package`` that of the generated package, ``function`` that of the pipeline
    function and of its module, ``pipeline`` the pipeline's name in SageMaker. ``note`` says why a name is not the
    one that everybody would expect; mostly there is none.
    """

    project: str
    package: str
    function: str
    pipeline: str
    note: str | None = None


def project_names(folder: Path, given: str | None) -> ProjectNames:
    """The names for a project called ``given``, or after its folder.

    Raises FindingsError (SMG106) for a name that cannot become a package's.
    """
    name = folder.resolve().name if given is None else given
    if _NAME.fullmatch(name) is None or len(name) > LONGEST_NAME:
        raise FindingsError([_unusable(name, given is None)])
    words = _BETWEEN_WORDS.split(name)
    plain = "_".join(_WORD_START.sub("_", word).lower() for word in words)
    package = plain if plain.endswith(_SUFFIX) else f"{plain}{_SUFFIX}"
    note = None
    if package == _LIBRARY_PACKAGE:
        package = f"smgen_project{_SUFFIX}"
        note = f"The generated package is called {package}, because {_LIBRARY_PACKAGE} is smgen's own."
    hides = plain in _IMPORTED | _INSTALLED | _IN_SOME_VERSIONS | sys.stdlib_module_names
    function = f"{plain}_pipeline" if hides or python_identifier(plain) != plain else plain
    return ProjectNames(name, package, function, "".join(word[:1].upper() + word[1:] for word in words), note)


def _unusable(name: str, from_folder: bool) -> Finding:
    usable = re.sub(r"[^A-Za-z0-9._-]+", "-", re.sub(r"^[^A-Za-z]+", "", name))[:LONGEST_NAME].strip("._-")
    return Finding(
        "SMG106",
        "the folder's name cannot be the project's" if from_folder else "the project cannot have this name",
        given=name,
        expected=f"1 to {LONGEST_NAME} letters, digits, '-', '_' and '.', from a letter to a letter or digit",
        nearest=usable or None,
        fix=f"give --name {usable or 'my-project'}",
    )
