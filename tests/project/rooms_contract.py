"""An import-linter contract that holds the table of the rooms: which part of a package may import which."""

from collections.abc import Collection, Mapping, Sequence

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

ANY = "*"


def read_rows(rows: Sequence[str]) -> dict[str, frozenset[str]]:
    """Return room → rooms that it may import, from rows such as ``"aws: documents, diagnostics"``.

    Raises ``ValueError`` for a room with two rows and for a named room that has no row.
    """
    table: dict[str, frozenset[str]] = {}
    for row in rows:
        room, _, allowed = row.partition(":")
        if room in table:
            raise ValueError(f"the room {room!r} has two rows")
        table[room] = frozenset(name.strip() for name in allowed.split(",") if name.strip())
    for room, allowed_rooms in table.items():
        for name in sorted(allowed_rooms - table.keys() - {ANY}):
            raise ValueError(f"the row of {room!r} names {name!r}, which has no row")
    return table


def broken_imports(
    package: str, table: Mapping[str, frozenset[str]], graph: ImportGraph, open_to_all: Collection[str] = ()
) -> list[str]:
    """Return one line per import that no row allows, and one per room without a row, in order of the modules.

    What is ``open_to_all`` is in no row: it imports nothing of the package, and everything may import it.

    Imports count wherever they stand, in functions and under ``TYPE_CHECKING`` too.
    The package's own ``__init__`` may import no room: whatever imports a room would pay for it.
    """
    lines: list[str] = []
    modules = sorted(graph.modules)
    rooms = {module: module.removeprefix(package).lstrip(".").split(".")[0] for module in modules}
    for room in sorted(set(rooms.values()) - table.keys() - {"", *open_to_all}):
        lines.append(f"{package}.{room} has no row in the table of the rooms")
    for importer in modules:
        own = rooms[importer]
        allowed = table.get(own, frozenset())
        if ANY in allowed:
            continue
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            other = rooms[imported]
            if other not in {own, *allowed, *open_to_all}:
                places = graph.get_import_details(importer=importer, imported=imported)
                numbers = ", ".join(str(place["line_number"]) for place in places)
                lines.append(f"{importer} imports {imported} (line {numbers})")
    return lines


class RoomsContract(Contract):
    """A room imports what its row names and nothing else of the package; a room without a row is an error.

    Only direct imports count: where A may import B, what B imports is B's row.
    """

    type_name = "rooms"

    rooms = fields.ListField(subfield=fields.StringField())
    open_to_all = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        table = read_rows(self.contract_options["rooms"])
        (package,) = self.session_options["root_packages"]
        lines = broken_imports(package, table, graph, self.contract_options.get("open_to_all", ()))
        if verbose:
            output.print(f"{len(graph.modules)} modules against {len(table)} rows")
        return ContractCheck(kept=not lines, metadata={"lines": lines})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["lines"]:
            output.print_error(line)
