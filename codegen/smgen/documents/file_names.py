"""Names of files that some file system reserves, changes, or does not tell apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from smgen.diagnostics import Finding, Place

#: What Windows keeps for devices, whatever stands behind a dot (learn.microsoft.com, "Naming Files, Paths, and
#: Namespaces").
_DEVICES: Final = frozenset(
    (
        *("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"),
        *(f"{port}{number}" for port in ("COM", "LPT") for number in "123456789¹²³"),
    )
)
#: What no name has on Windows, beside the slash and what does not print.
_NEVER: Final = frozenset('<>:"|?*\\')


def file_name_problem(path: str) -> str | None:
    """Why a relative path with ``/`` is none of a file everywhere, in a few words; None where it is one."""
    for name in path.split("/"):
        if device_name(name) is not None:
            return f"Windows keeps the name {device_name(name)} for a device"
        if name != name.rstrip(" ."):
            return f"Windows drops the {'dot' if name.endswith('.') else 'space'} at the end of a name"
        sign = next((char for char in name if char in _NEVER or not char.isprintable()), None)
        if sign is not None:
            return f"no name has a {sign!r} on Windows"
    return None


def device_name(name: str) -> str | None:
    """The device that Windows takes a name for, such as ``NUL`` for ``nul.tar.gz``; None where it is none."""
    stem = name.partition(".")[0].rstrip(" ").upper()
    return stem if stem in _DEVICES else None


def folded(path: str) -> str:
    """One text for all paths that Windows or macOS may take for one: of other case, or composed otherwise."""
    plain = unicodedata.normalize("NFD", path).casefold()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", plain).casefold())


def file_name_findings(paths: Iterable[tuple[str, Place]], what: str) -> Iterator[Finding]:
    """SMG146 for each path that is none of a file everywhere, or that another one is taken for; each is a ``what``."""
    first: dict[str, str] = {}
    for path, place in paths:
        problem = file_name_problem(path)
        fix = "give it another name"
        if problem is not None:
            yield Finding("SMG146", f"{what} cannot be a file everywhere: {problem}", place, given=path, fix=fix)
        other = first.setdefault(folded(path), path)
        if other != path:
            message = f"{what} is one file with another one on Windows and macOS"
            yield Finding("SMG146", message, place, given=path, expected=f"a name that is told from {other}", fix=fix)
