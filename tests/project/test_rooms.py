"""The table of the rooms: what import-linter holds is what DESIGN.md says, and no room is without a row."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.checkout import CHECKOUT, pyproject
from tests.project.rooms_contract import read_rows

BELOW_CONTRACTS = {"aws", "documents", "diagnostics"}
ROOMS: dict[str, set[str]] = {
    "diagnostics": set(),
    "documents": {"diagnostics"},
    "expressions": {"documents"},
    "aws": {"expressions", "documents", "diagnostics"},
    "assets": {"documents", "diagnostics"},
    "packages": {"documents", "diagnostics"},
    "settings": {"diagnostics"},
    "contracts": {"expressions"} | BELOW_CONTRACTS,
    "definition": {"expressions", "aws", "documents", "diagnostics"},
    "wiring": {"contracts", "documents", "diagnostics"},
    "checks": {"definition", "wiring", "contracts", "expressions", "settings"} | BELOW_CONTRACTS,
    "runtime": {"checks", "definition", "wiring", "contracts", "expressions", "packages", "assets", "settings"}
    | BELOW_CONTRACTS,
    "source": {"contracts", "aws", "documents", "diagnostics"},
    "generate": {"contracts", "packages"} | BELOW_CONTRACTS,
    "importer": {"generate", "definition", "contracts", "expressions", "checks", "assets", "settings"}
    | BELOW_CONTRACTS,
    "views": {"definition", "contracts", "wiring", "checks", "documents"},
    "emit": {"definition", "expressions", "assets", "aws", "documents", "diagnostics"},
    # A compiled pipeline is a definition and expressions; what a test gives is held against contracts.
    "testing": {"runtime", "definition", "contracts", "expressions", "documents", "diagnostics"},
    "cli": {"*"},
}
# Modules that are no rooms; `shipped` only finds folders, and whoever reads one may import it. `distribution` knows the
# extras, and whoever uses one may import it.
MODULES: dict[str, set[str]] = {"__main__": {"cli"}, "distribution": set(), "shipped": set()}
READERS_OF_SHIPPED = {"contracts", "generate", "importer", "runtime", "views"}
USERS_OF_EXTRAS = {"emit", "generate", "source"}


def contract_rows() -> dict[str, frozenset[str]]:
    (contract,) = pyproject()["tool"]["importlinter"]["contracts"]
    return read_rows(contract["rooms"])


def test_the_contract_is_the_table() -> None:
    beside = {"shipped": READERS_OF_SHIPPED, "distribution": USERS_OF_EXTRAS}
    rows = {
        room: named | {module for module, users in beside.items() if room in users} for room, named in ROOMS.items()
    }
    assert contract_rows() == {**rows, **MODULES}


def test_every_room_on_disk_has_a_row() -> None:
    package = CHECKOUT / "codegen" / "smgen"
    rooms = {path.parent.name for path in package.glob("*/*.py")}
    # Without it import-linter would not see the room at all.
    assert [room for room in sorted(rooms) if not (package / room / "__init__.py").is_file()] == []
    modules = {path.stem for path in package.glob("*.py")} - {"__init__"}
    assert "diagnostics" in rooms
    assert rooms | modules <= contract_rows().keys()


def lint(tmp_path: Path, files: dict[str, str], rows: list[str]) -> subprocess.CompletedProcess[str]:
    """Run import-linter in a process of its own over a small package with these files and these rows."""
    for name, text in files.items():
        path = tmp_path / "house" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(text, encoding="utf-8")
    config = tmp_path / "contracts.toml"
    config.write_text(
        "[tool.importlinter]\n"
        'root_package = "house"\n'
        'contract_types = ["rooms: tests.project.rooms_contract.RoomsContract"]\n'
        "[[tool.importlinter.contracts]]\n"
        'name = "rooms"\n'
        'type = "rooms"\n'
        f"rooms = {rows!r}\n",
        encoding="utf-8",
    )
    start = (
        f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(CHECKOUT)!r}]\n"
        "from importlinter.cli import lint_imports\n"
        f"sys.exit(lint_imports(config_filename={str(config)!r}, no_cache=True))\n"
    )
    return subprocess.run(
        [sys.executable, "-c", start], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False
    )


HOUSE = {
    "cellar/wine.py": "",
    "kitchen/stove.py": "from house.cellar import wine\n",
    "hall/door.py": "from house.kitchen import stove\n",
}


def test_a_house_that_keeps_its_rows_passes(tmp_path: Path) -> None:
    result = lint(tmp_path, HOUSE, ["cellar:", "kitchen: cellar", "hall: kitchen", "attic: hall"])
    assert (result.returncode, result.stderr) == (0, "")
    assert "1 kept, 0 broken" in result.stdout


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("cellar/rack.py", "import house.hall\n", "house.cellar.rack imports house.hall (line 1)"),
        # What the kitchen may import, the hall that uses the kitchen may not.
        ("hall/mat.py", "\nfrom house.cellar import wine", "house.hall.mat imports house.cellar.wine (line 2)"),
        ("attic/box.py", "", "house.attic has no row in the table of the rooms"),
    ],
)
def test_a_broken_row_is_told_with_its_place(tmp_path: Path, file: str, text: str, message: str) -> None:
    result = lint(tmp_path, HOUSE | {file: text}, ["cellar:", "kitchen: cellar", "hall: kitchen"])
    assert result.returncode == 1
    assert message in result.stdout.splitlines()


def test_the_package_itself_imports_no_room(tmp_path: Path) -> None:
    files = HOUSE | {"__init__.py": "import house.cellar\n"}
    result = lint(tmp_path, files, ["cellar:", "kitchen: cellar", "hall: kitchen"])
    assert result.returncode == 1
    assert "house imports house.cellar (line 1)" in result.stdout.splitlines()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["a:", "a:"], "the room 'a' has two rows"),
        (["a: b"], "the row of 'a' names 'b', which has no row"),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(rows: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        read_rows(rows)
