"""The picture of the house in ``docs/architecture.md``: each room above those that it imports, by the imports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from tests.project.checkout import CHECKOUT
from tests.project.imports import imports_of

PAGE = CHECKOUT / "docs" / "architecture.md"
HOUSE = CHECKOUT / "codegen"
_BEGIN = "<!-- drawn from the imports: pytest tests/project/test_house_picture.py --update-golden -->\n"
_END = "<!-- end of the picture -->\n"


def rooms(root: Path, package: str = "smgen") -> Mapping[str, frozenset[str]]:
    """The rooms below a source root and the rooms that each imports, in stubs and for type checkers too."""
    folders = sorted(path.parent for path in (root / package).glob("*/__init__.py"))
    names = {folder.name for folder in folders}
    found: dict[str, frozenset[str]] = {}
    for folder in folders:
        imported = {room for file in sorted(folder.rglob("*.py*")) for room in _imported(file, root, package)}
        found[folder.name] = frozenset(imported & names - {folder.name})
    return found


def _imported(file: Path, root: Path, package: str) -> Iterator[str]:
    if file.suffix not in (".py", ".pyi"):
        return
    parts = file.relative_to(root).with_suffix("").parts
    is_package = parts[-1] == "__init__"
    module = ".".join(parts[:-1] if is_package else parts)
    for found in imports_of(file.read_text(encoding="utf-8"), module, is_package=is_package):
        names = [found.module, *(f"{found.module}.{name}" for name in found.names)]
        yield from (name.split(".")[1] for name in names if name.startswith(f"{package}."))


def picture(house: Mapping[str, frozenset[str]]) -> str:
    """A Mermaid chart: an arrow leads from a room to each that it imports and reaches in no other way."""

    @cache
    def below(room: str) -> frozenset[str]:
        return house[room].union(*map(below, house[room]))

    lines = ["```mermaid", "flowchart TD"]
    for room in sorted(house):
        direct = sorted(other for other in house[room] if not any(other in below(via) for via in house[room]))
        lines.append(f"    {room}" + (f" --> {' & '.join(direct)}" if direct else ""))
    return "\n".join([*lines, "```", ""])


def page_with(page: str, drawn: str) -> str:
    """The page with another picture in the place of the one that it has."""
    before, begin, rest = page.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        raise ValueError(f"{PAGE.name} has no place for the picture")
    return f"{before}{begin}\n{drawn}\n{end}{after}"
