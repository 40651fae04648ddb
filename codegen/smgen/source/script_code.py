"""The code that a contract packs: its scripts, followed from the entry through what they import of each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from smgen.diagnostics import Finding
from smgen.documents import shown_path
from smgen.source.script_imports import Import, imports_of
from smgen.source.script_text import PythonVersion, Script, read_script

#: How many scripts of one contract are read at most.
MOST_SCRIPTS: Final = 100


@dataclass(frozen=True, slots=True)
class PackedCode:
    """The files of a contract's source by their paths in the archive, and where they come from.

    ``entry`` is the path of the script that is started. ``folder`` is the source's folder on disk, ``dependencies``
    are what else is packed, each by its name in the archive.
    """

    files: Mapping[str, bytes] = field(repr=False)
    entry: str
    folder: Path
    dependencies: Mapping[str, Path] = field(default_factory=dict[str, Path])

    def shown(self, path: str) -> str:
        """A packed file as findings show it: where it is read from."""
        first, _, rest = path.partition("/")
        if first in self.dependencies and not (self.folder / path).exists():
            return shown_path(self.dependencies[first] / rest if rest else self.dependencies[first])
        return shown_path(self.folder / path)

    def has(self, module: str) -> bool:
        """Whether a module, given as a path without its ending, is packed: as a file, a package or something built."""
        return any(path.startswith((f"{module}.", f"{module}/")) for path in self.files)

    def script(self, module: str) -> str | None:
        """The file of a module that is packed as source: ``module.py``, or the ``__init__.py`` of a package."""
        return next((path for path in (f"{module}.py", f"{module}/__init__.py") if path in self.files), None)

    def bases(self) -> tuple[str, ...]:
        """The folders of the archive in which an absolute import is looked for, as prefixes: the entry's first."""
        return tuple(dict.fromkeys((_prefix(PurePosixPath(self.entry).parent), "")))


@dataclass(slots=True)
class ReadCode:
    """The scripts that are reached from the entry, by path, the imports of each, and what kept others from it."""

    scripts: dict[str, Script] = field(default_factory=dict[str, Script])
    imports: dict[str, tuple[Import, ...]] = field(default_factory=dict[str, "tuple[Import, ...]"])
    findings: list[Finding] = field(default_factory=list[Finding])

    @property
    def imported(self) -> frozenset[str]:
        """The first parts of the names of all modules that the scripts import."""
        return frozenset(item.top for imports in self.imports.values() for item in imports)


def read_code(code: PackedCode, python: PythonVersion | None) -> ReadCode:
    """The entry and every packed script that it is sure to import, directly or through others."""
    read = ReadCode()
    waiting = [code.entry]
    for path in waiting:
        if path in read.scripts or len(read.scripts) >= MOST_SCRIPTS:
            continue
        script = read_script(code.files[path], code.shown(path), python, started=path == code.entry)
        if isinstance(script, Finding):
            if script not in read.findings:
                read.findings.append(script)
            continue
        read.scripts[path] = script
        read.imports[path] = imports_of(script)
        for imported in read.imports[path]:
            if imported.sure:
                waiting += packed_modules(code, path, imported)
    return read


def packed_modules(code: PackedCode, path: str, imported: Import) -> Iterator[str]:
    """The packed scripts that an import in the script at ``path`` runs."""
    for base in import_bases(code, path, imported):
        parts = imported.module.split(".") if imported.module else []
        reached = ["/".join(parts[: count + 1]) for count in range(len(parts))]
        reached += ["/".join((*parts, name)) for name in imported.names]
        found = [script for module in reached if (script := code.script(base + module)) is not None]
        if found:
            yield from found
            return


def import_bases(code: PackedCode, path: str, imported: Import) -> tuple[str, ...]:
    """The folders, as prefixes, in which an import of the script at ``path`` is looked for; none above the archive."""
    if not imported.level:
        return code.bases()
    folder = PurePosixPath(path).parent
    parts = folder.parts[: len(folder.parts) - imported.level + 1]
    return (_prefix(PurePosixPath(*parts)),) if imported.level <= len(folder.parts) else ()


def _prefix(folder: PurePosixPath) -> str:
    text = folder.as_posix()
    return "" if text == "." else f"{text}/"
