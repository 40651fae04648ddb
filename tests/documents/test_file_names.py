"""Names that are none of a file everywhere, and names that some file systems take for one."""

from __future__ import annotations

import pytest

from smgen.diagnostics import Place
from smgen.documents import device_name, file_name_findings, folded


def findings(*paths: str) -> list[tuple[str | None, str]]:
    found = file_name_findings([(path, Place(file=path)) for path in paths], "a file")
    return [(finding.given, finding.message.partition(": ")[2]) for finding in found]


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("CON", "Windows keeps the name CON for a device"),
        ("src/aux.json", "Windows keeps the name AUX for a device"),
        ("nul.tar.gz", "Windows keeps the name NUL for a device"),
        ("prn /x.py", "Windows keeps the name PRN for a device"),
        ("com1.py", "Windows keeps the name COM1 for a device"),
        ("lpt³", "Windows keeps the name LPT³ for a device"),
        ("conin$", "Windows keeps the name CONIN$ for a device"),
        ("train.", "Windows drops the dot at the end of a name"),
        ("train.py ", "Windows drops the space at the end of a name"),
        ("a./b.py", "Windows drops the dot at the end of a name"),
        ("a:b.py", "no name has a ':' on Windows"),
        ("a\x1bb.py", "no name has a '\\x1b' on Windows"),
    ],
)
def test_names_that_are_none_everywhere(path: str, problem: str) -> None:
    assert findings(path) == [(path, problem)]


@pytest.mark.parametrize(
    "path", ["train.py", "console.py", "auxiliary.json", "com10.py", "com0", "a b.py", ".smgenignore", "é.py", "conin"]
)
def test_names_that_are(path: str) -> None:
    assert findings(path) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Train.py", "train.py"),
        ("SRC/a.py", "src/a.py"),
        ("é.py", "e\u0301.py"),
        ("É.py", "e\u0301.py"),
        ("\u017f.py", "s.py"),
        ("\u212a.py", "k.py"),
        ("\u212b.py", "å.py"),
        ("straße.py", "STRASSE.py"),
        ("\u1e9b\u0323", "\u1e69"),
    ],
)
def test_names_that_are_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)
    (found,) = file_name_findings([(one, Place()), (other, Place())], "a file")
    assert (found.rule, found.given, found.expected) == ("SMG146", other, f"a name that is told from {one}")


def test_names_that_are_not_one() -> None:
    assert findings("a.py", "b.py", "a_.py", "ä.py", "a.py") == []


def test_devices() -> None:
    assert (device_name("Aux"), device_name("aux.x.y"), device_name("auxx")) == ("AUX", "AUX", None)
