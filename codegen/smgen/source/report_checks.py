"""The reports that a script writes, held against the schemas of its contract's report files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Final

from smgen.contract_model import OutputPort, ReportFile, StepContract
from smgen.diagnostics import Finding, Place, nearest_name
from smgen.documents import JsonValue, append_pointer, at_pointer, json_at, object_at
from smgen.source.script_reports import WrittenObject, WrittenReport, together

_NUMBERS: Final = ("integer", "number")


def report_findings(contract: StepContract, reports: Iterable[WrittenReport]) -> Iterator[Finding]:
    """SMG278 for keys of a report that its schema requires and the script does not write, and for wrong types.

    SMG279 for a key that the schema does not require, where the script writes one that it does not have.
    """
    files = [(port, file) for port in contract.output_ports.values() for file in port.output_spec.files]
    contents: dict[int, list[WrittenObject | None]] = {}
    for report in reports:
        matching = [number for number, pair in enumerate(files) if _is_file(report.path, *pair)]
        if len(matching) == 1:
            contents.setdefault(matching[0], []).append(report.content)
    for number, written in contents.items():
        port, file = files[number]
        content = together(written)
        if content is not None:
            pointer = append_pointer(port.pointer, "files", file.name, "schema")
            yield from _ReportComparison(contract, file.path).object(
                content, at_pointer(contract.document, pointer), contract.place(pointer), ()
            )


def _is_file(path: str, port: OutputPort, file: ReportFile) -> bool:
    if path.startswith("/"):
        return (
            port.output_spec.local_path is not None and path == f"{port.output_spec.local_path.rstrip('/')}/{file.path}"
        )
    return PurePosixPath(path).name == PurePosixPath(file.path).name


class _ReportComparison:
    def __init__(self, contract: StepContract, file: str) -> None:
        self.contract = contract
        self.file = file

    def object(
        self, written: WrittenObject, schema: JsonValue, place: Place, way: tuple[str, ...]
    ) -> Iterator[Finding]:
        properties = object_at(schema, "properties")
        required = json_at(schema, "required")
        needed = [name for name in required if isinstance(name, str)] if isinstance(required, list) else []
        extra = [name for name in written.members if name not in properties]
        for name in dict.fromkeys((*needed, *properties)):
            if name not in written.members:
                if written.whole and (name in needed or nearest_name(name, extra) is not None):
                    yield self.missing(written, name, name in needed, extra, place, way)
                continue
            yield from self.member(written, name, json_at(properties, name), place, way)

    def member(
        self, written: WrittenObject, name: str, declared: JsonValue, place: Place, way: tuple[str, ...]
    ) -> Iterator[Finding]:
        member = written.members[name]
        kind = "object" if member is not None else written.kinds.get(name)
        wanted = json_at(declared, "type")
        if isinstance(wanted, str) and kind is not None and not _fits(kind, wanted):
            what = f"{'.'.join((*way, name))} of {self.file}"
            yield Finding(
                "SMG278",
                f"the script writes {what} as {kind}, and its contract says {wanted}",
                written.place,
                given=kind,
                expected=wanted,
                expected_at=place,
            )
        elif member is not None:
            yield from self.object(member, declared, place, (*way, name))

    def missing(
        self, written: WrittenObject, name: str, required: bool, extra: list[str], place: Place, way: tuple[str, ...]
    ) -> Finding:
        nearest = nearest_name(name, extra)
        return Finding(
            "SMG278" if required else "SMG279",
            f"the script does not write {'.'.join((*way, name))} into {self.file}",
            written.place,
            given=", ".join(written.members) or "no key",
            expected=name,
            expected_at=place,
            nearest=nearest,
            fix=f"write {name}"
            + (f" instead of {nearest}" if nearest else "")
            + ", or correct the schema in the contract",
        )


def _fits(kind: str, wanted: str) -> bool:
    return kind == wanted or (kind in _NUMBERS and wanted in _NUMBERS and (wanted == "number" or kind == "integer"))
