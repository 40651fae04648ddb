"""Whether a script starts: what it imports is packed with it, installed for it, in Python or in its image."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from smgen.aws import image_modules, known_image_modules
from smgen.contract_model import CODE_FOLDER, ObjectValue, SourceSpec, StepContract, walk
from smgen.diagnostics import Finding, nearest_name
from smgen.documents import shown_path
from smgen.source.script_code import PackedCode, ReadCode, import_bases
from smgen.source.script_imports import Import, changes_search_path, installs_packages

_REQUIREMENT: Final = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^]]*\])?\s*([<>=!~;#].*)?$")
#: Modules that Python had once, which an older image still has.
_FORMER: Final = """
    aifc asynchat asyncore audioop binhex cgi cgitb chunk crypt distutils formatter imghdr imp lib2to3 mailcap msilib
    nis nntplib ossaudiodev parser pipes smtpd sndhdr spwd sunau symbol telnetlib uu xdrlib
"""
#: The modules that some Python brings.
PYTHONS_OWN: Final = sys.stdlib_module_names | {*_FORMER.split(), "__future__", "__main__"}


@dataclass(frozen=True, slots=True)
class ModulesAround:
    """What is around the packed code: its contract and source, and the framework of its image, None where unknown."""

    contract: StepContract
    source: SourceSpec
    framework: str | None


def module_findings(code: PackedCode, read: ReadCode, around: ModulesAround) -> Iterator[Finding]:
    """SMG272 for modules beside a script that are not packed with it, SMG273 for packages that its image lacks."""
    if any(changes_search_path(script) for script in read.scripts.values()) or _brings_modules(around.contract):
        # Modules may come from anywhere.
        return
    image = None if around.framework is None else image_modules(around.framework)
    installs = any(installs_packages(script) for script in read.scripts.values()) or _brings_more(code, around, image)
    for path, imports in read.imports.items():
        for imported in imports:
            if imported.sure:
                yield from _relative_findings(code, path, imported, around)
                yield from _absolute_findings(code, imported, around, None if installs else image)


def _relative_findings(code: PackedCode, path: str, imported: Import, around: ModulesAround) -> Iterator[Finding]:
    if not imported.level:
        return
    if path == code.entry:
        if "setup.py" not in code.files:
            message = (
                f"the script is started by itself, so it is in no package that '{imported.written}' could begin at"
            )
            fix = f"write {_absolute(imported)}"
            yield Finding("SMG272", message, imported.place, given=f"from {imported.written} import …", fix=fix)
        return
    bases = import_bases(code, path, imported)
    if imported.module and bases and not code.has(bases[0] + imported.module.split(".")[0]):
        yield _not_packed(code, imported, bases[0] + imported.top, around)


def _absolute(imported: Import) -> str:
    names = ", ".join(imported.names)
    return f"from {imported.module} import {names}" if imported.module else f"import {names}"


def _absolute_findings(
    code: PackedCode, imported: Import, around: ModulesAround, image: frozenset[str] | None
) -> Iterator[Finding]:
    top = imported.top
    if imported.level or not top or top in PYTHONS_OWN:
        return
    packed = [base + top for base in code.bases() if code.has(base + top)] or [
        path for path in code.files if path.endswith((f"/{top}.py", f"/{top}/__init__.py"))
    ]
    if packed:
        return
    folder = PurePosixPath(code.entry).parent
    if top not in known_image_modules() and _is_module(code.folder / folder, top):
        yield _not_packed(code, imported, (folder / top).as_posix(), around)
    elif image is not None and top not in image:
        yield _not_in_image(imported, image, around)


def _is_module(folder: Path, name: str) -> bool:
    """Whether a folder has a module of a name: a file, or a folder with scripts."""
    try:
        if (folder / f"{name}.py").is_file():
            return True
        return any(True for _ in (folder / name).glob("*.py"))
    except (OSError, ValueError):
        return False


def _not_packed(code: PackedCode, imported: Import, module: str, around: ModulesAround) -> Finding:
    """SMG272, with the part of the contract that would bring the module."""
    file = code.folder / f"{module}.py"
    found = file if file.is_file() else code.folder / module
    there = file.is_file() or found.is_dir()
    what = f"{module}.py" if file.is_file() or not there else f"{module}/"
    if not there:
        fix = "write the module, or correct the name"
    elif around.source.whole_folder:
        fix = f"keep it: .smgenignore leaves it out, and a line !{what} brings it back"
    elif around.source.directory != ".":
        fix = f'write "pack": "folder" in \'source\', which packs all of {around.source.directory}'
    else:
        fix = f'write "dependencies": ["{what.rstrip("/")}"] in \'source\''
    siblings = sorted({PurePosixPath(path).stem for path in code.files if path.endswith(".py")})
    return Finding(
        "SMG272",
        f"the script imports '{imported.written}', which is not packed",
        imported.place,
        given=f"{shown_path(found)} stays behind" if there else f"no {what} in the source",
        expected=f"{what} beside the script",
        expected_at=around.contract.place("/source"),
        nearest=None if there else nearest_name(imported.top, siblings),
        fix=fix,
    )


def _not_in_image(imported: Import, image: frozenset[str], around: ModulesAround) -> Finding:
    return Finding(
        "SMG273",
        f"the {around.framework} images of AWS are not known to have '{imported.top}'",
        imported.place,
        given=imported.top,
        expected="a module of Python, of the image, of the source or of its requirements",
        expected_at=around.contract.place("/source"),
        nearest=nearest_name(imported.top, sorted(image)),
        fix="name the package in a requirements file, and that in 'requirements' of the contract's source",
    )


def _brings_modules(contract: StepContract) -> bool:
    """Whether the job may find modules elsewhere: in an input that lies with its code, or where PYTHONPATH says."""
    mounted = [port.dependency_spec.local_path or "" for port in contract.input_ports.values()]
    if "PYTHONPATH" in contract.environment or any(path.startswith(CODE_FOLDER) for path in mounted):
        return True
    objects = [value for value in walk(contract.request) if isinstance(value, ObjectValue)]
    return any(name == "PYTHONPATH" for value in objects for name, _ in value.members)


def _brings_more(code: PackedCode, around: ModulesAround, image: frozenset[str] | None) -> bool:
    """Whether requirements bring a package that the image lacks, and so others that it needs."""
    named = around.source.requirements is not None or around.source.launch in ("toolkit", "inference")
    content = code.files.get("requirements.txt") if named else None
    if content is None:
        return any(path.endswith((".whl", "setup.py", "pyproject.toml", "environment.yml")) for path in code.files)
    for line in content.decode("utf-8", "replace").splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            found = _REQUIREMENT.match(line)
            if found is None or image is None or found[1].lower().replace("-", "_") not in image:
                return True
    return False
