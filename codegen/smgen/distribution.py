"""What smgen is called on the package index, and its extras: what each brings, and what says that one is missing."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from typing import Final, Literal, TypeAlias

#: The name that smgen is installed by. The command is ``smgen``, the packages are ``smgen`` and ``smgen_steps``.
DISTRIBUTION: Final = "sagemaker-smgen"

Extra: TypeAlias = Literal["aws", "generate", "sagemaker", "watch"]

#: What each extra installs, by its name on the index; the module of each is that name with ``_``.
EXTRAS: Final[Mapping[Extra, tuple[str, ...]]] = {
    "aws": ("boto3",),
    "generate": ("datamodel-code-generator", "jinja2", "libcst", "platformdirs", "ruff"),
    "sagemaker": ("sagemaker",),
    "watch": ("watchfiles",),
}


class MissingExtraError(ImportError):
    """Something needs an extra that is not installed. The message names what is missing and the line that installs it.

    It is no ServiceError and no finding: nothing was asked, and nothing is wrong with what was given.
    """

    def __init__(self, extras: Sequence[Extra], missing: Sequence[str]) -> None:
        """``missing`` are the names, on the index, of what is not there."""
        names = " and ".join(part for part in (", ".join(missing[:-1]), missing[-1]) if part)
        be, them = ("is", "it") if len(missing) == 1 else ("are", "them")
        line = f"pip install '{DISTRIBUTION}[{','.join(extras)}]'"
        super().__init__(f"{names} {be} not installed; install {them} with: {line}")


def need(*extras: Extra) -> None:
    """Raises MissingExtraError, with one line for all, where something of these extras is not installed.

    Everything is only looked for, and imported by whoever uses it.
    """
    lacking: dict[Extra, list[str]] = {}
    for extra, names in EXTRAS.items():
        missing = [name for name in names if extra in extras and not _is_installed(name)]
        if missing:
            lacking[extra] = missing
    if lacking:
        raise MissingExtraError(list(lacking), [name for names in lacking.values() for name in names])


def _is_installed(name: str) -> bool:
    return importlib.util.find_spec(name.replace("-", "_")) is not None


def smgen_version() -> str:
    """The version that is installed, such as ``0.1.0``."""
    from importlib.metadata import version

    return version(DISTRIBUTION)


def project_address(label: str) -> str | None:
    """The address that smgen's metadata give under a label, such as ``Issues``; None where smgen is not installed."""
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        lines = metadata(DISTRIBUTION).get_all("Project-URL") or ()
    except PackageNotFoundError:
        return None
    return next((line.removeprefix(f"{label}, ") for line in lines if line.startswith(f"{label}, ")), None)
