"""The table of the rooms: what import-linter holds is what DESIGN.md says, and no room is without a row."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from grimp import build_graph
from networkx import DiGraph, strongly_connected_components

from tests.project.checkout import CHECKOUT, pyproject
from tests.project.imports import imports_of
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
    "contract_model": {"expressions"} | BELOW_CONTRACTS,
    "contracts": {"contract_model"} | BELOW_CONTRACTS,
    "definition": {"expressions"} | BELOW_CONTRACTS,
    "wiring": {"contract_model", "documents", "diagnostics"},
    "checks": {"definition", "wiring", "contract_model", "expressions", "settings"} | BELOW_CONTRACTS,
    "evolution": {"checks", "definition", "contract_model", "expressions"} | BELOW_CONTRACTS,
    # What a generated module imports comes from here: nothing that builds, resolves or checks.
    "authoring": {"contract_model", "expressions", "packages"} | BELOW_CONTRACTS,
    "building": {"authoring", "wiring", "definition", "contract_model", "expressions", "assets"} | BELOW_CONTRACTS,
    "projects": {"authoring", "building", "wiring", "definition", "packages", "assets", "settings"} | BELOW_CONTRACTS,
    "factory": {"authoring", "building", "contracts", "contract_model", "expressions", "diagnostics"},
    # Only names: it loads nothing by itself.
    "runtime": {"authoring", "building", "projects", "factory", "contract_model", "diagnostics"},
    "source": {"contract_model"} | BELOW_CONTRACTS,
    "generate": {"contract_model", "packages"} | BELOW_CONTRACTS,
    "importer": {"generate", "definition", "contract_model", "expressions", "checks", "settings", "assets"}
    | BELOW_CONTRACTS,
    "views": {"definition", "contract_model", "wiring", "checks", "documents"},
    "emit": {"definition", "expressions", "assets"} | BELOW_CONTRACTS,
    # Beside the runtime the forms in which a compiled pipeline is data, and the schemas of the reports that tests give.
    "testing": {"runtime", "definition", "contract_model", "expressions", "documents", "diagnostics"},
    # What commands do, for Python too; only the command line is above it.
    "workflows": {"runtime", "source", "importer", "generate", "emit", "checks", "wiring", "definition", "contracts"}
    | {"evolution", "contract_model", "packages", "assets", "settings", "documents", "diagnostics"},
    "cli": {"*"},
}
# Modules that are no rooms.
MODULES: dict[str, set[str]] = {"__main__": {"cli"}}
OPEN_TO_ALL = {"distribution", "lazy_names", "shipped"}


def rooms_options() -> dict[str, list[str]]:
    contract: dict[str, list[str]]
    (contract,) = pyproject()["tool"]["importlinter"]["contracts"]
    return contract


def contract_rows() -> dict[str, frozenset[str]]:
    return read_rows(rooms_options()["rooms"])


def test_the_contract_is_the_table() -> None:
    assert contract_rows() == {**ROOMS, **MODULES}
    assert set(rooms_options()["open_to_all"]) == OPEN_TO_ALL


def test_every_room_on_disk_has_a_row() -> None:
    package = CHECKOUT / "codegen" / "smgen"
    rooms = {path.parent.name for path in package.glob("*/*.py")}
    # Without it import-linter would not see the room at all.
    assert [room for room in sorted(rooms) if not (package / room / "__init__.py").is_file()] == []
    modules = {path.stem for path in package.glob("*.py")} - {"__init__"}
    assert "diagnostics" in rooms
    assert rooms | modules <= contract_rows().keys() | OPEN_TO_ALL


def test_no_public_name_is_that_of_a_module() -> None:
    package = CHECKOUT / "codegen" / "smgen"
    stubs = sorted(package.glob("*/__init__.pyi"))
    assert len(stubs) > 10
    clashing = [
        f"{stub.parent.name}.{name.name}"
        for stub in stubs
        for line in ast.parse(stub.read_text(encoding="utf-8")).body
        if isinstance(line, ast.ImportFrom)
        for name in line.names
        if {path.stem for path in stub.parent.iterdir()} & {name.name}
    ]
    assert clashing == []


def test_the_names_of_a_room_are_its_own() -> None:
    """But for those of the public room, and of what was one room with its model."""
    package = CHECKOUT / "codegen" / "smgen"
    others = {"runtime": set(ROOMS["runtime"]), "contracts": {"contract_model"}}
    for stub in sorted(package.glob("*/__init__.pyi")):
        room = stub.parent.name
        homes = {
            (line.module or "").split(".")[1]
            for line in ast.parse(stub.read_text(encoding="utf-8")).body
            if isinstance(line, ast.ImportFrom)
        }
        assert homes <= {room} | others.get(room, set()), room


def test_no_files_import_each_other_in_a_circle() -> None:
    graph = build_graph("smgen", cache_dir=None)
    imports: DiGraph[str] = DiGraph()
    for name in graph.modules:
        imports.add_edges_from((name, other) for other in graph.find_modules_directly_imported_by(name))
    circles = [sorted(group) for group in strongly_connected_components(imports) if len(group) > 1]
    assert imports.number_of_edges() > 1000
    assert circles == []


def test_what_is_open_to_all_imports_nothing() -> None:
    for name in sorted(OPEN_TO_ALL):
        path = CHECKOUT / "codegen" / "smgen" / f"{name}.py"
        found = imports_of(path.read_text(encoding="utf-8"), f"smgen.{name}", is_package=False)
        assert [line.module for line in found if line.package == "smgen"] == []


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
