"""The definitions that were recorded of both SDKs, imported into projects by the command line."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from smgen.documents import JsonObject
from tests.cli.command_line import Result, smgen

TESTS: Final = Path(__file__).parents[1]
RECORDED: Final = TESTS / "data" / "parity" / "imported"
#: The folder that the recorders built their pipelines in, with the code that the SDKs uploaded.
PROJECT: Final = TESTS / "parity" / "sdk_imported" / "project"
NAMES: Final = ("registration", "search", "functions", "checks", "decorated")
CASES: Final = tuple(f"sdk{major}/{name}" for major in (2, 3) for name in NAMES)


@dataclass(frozen=True)
class Imported:
    """A project with one imported pipeline: its folder, and what the command said of it as JSON."""

    folder: Path
    report: Mapping[str, Any]

    @property
    def module(self) -> str:
        """The pipeline's module."""
        path = self.folder / str(self.report["module"])
        return path.read_text(encoding="utf-8")

    def contract(self, name: str) -> Any:
        """A contract's document, by its file's name."""
        return json.loads((self.folder / "contract_specs" / f"{name}.json").read_text(encoding="utf-8"))


def document(case: str) -> Any:
    """A recorded definition."""
    return json.loads((RECORDED / f"{case}.json").read_text(encoding="utf-8"))


def archives(major: int) -> dict[str, dict[str, str]]:
    """The archives that an SDK uploaded, by location: the hash of each file in them."""
    found: dict[str, dict[str, str]] = {}
    for location, content in _uploads(major).items():
        if isinstance(content, dict):
            found[location] = {str(name): str(digest) for name, digest in content.items()}
    return found


def scripts(major: int) -> dict[str, str]:
    """The hashes of the scripts that an SDK uploaded, by location."""
    return {location: content for location, content in _uploads(major).items() if isinstance(content, str)}


def _uploads(major: int) -> JsonObject:
    document: JsonObject = json.loads((RECORDED / f"sdk{major}" / "_uploads.json").read_text(encoding="utf-8"))
    found = document["uploads"]
    assert isinstance(found, dict)
    return found


def package(case: str) -> str:
    """The name of the package that is generated for a case."""
    return f"{case.replace('/', '_')}_steps"


def command(folder: Path, case: str, *arguments: str | Path) -> Result:
    """Imports a recorded definition into ``folder/project``."""
    file = folder / Path(f"{case}.json").name
    file.write_bytes((RECORDED / f"{case}.json").read_bytes())
    return smgen("import", file.name, "-o", "project", "--package", package(case), *arguments, cwd=folder)


def imported(folder: Path, case: str, *arguments: str | Path) -> Imported:
    """A recorded definition, imported."""
    result = command(folder, case, "--format", "json", *arguments)
    assert (result.code, result.err) == (0, "")
    (report,) = json.loads(result.out)["pipelines"]
    return Imported(folder / "project", report)


def archive(files: Mapping[str, bytes]) -> bytes:
    """An archive as the SDK packs one, of files by name."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as packed:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            packed.addfile(member, io.BytesIO(content))
    return buffer.getvalue()
