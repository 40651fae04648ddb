"""The documents of the steps of a definition: all of them, their texts, and the report files that they declare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from smgen.aws import step_kind
from smgen.contract_model import OutputSpec, StepContract
from smgen.documents import JsonObject, JsonValue, append_pointer, children, list_at, object_at, objects_at, text_at
from smgen.expressions import Get, JsonGet, PropertyFileReference, references, target


def step_documents(steps: Sequence[JsonValue]) -> Iterator[JsonObject]:
    """Every step document of a list and of the branches and loops inside it."""
    for step in objects_at([*steps]):
        yield step
        for name in step_kind(str(step["Type"])).branches:
            yield from step_documents(list_at(step, "Arguments", name))


def texts_of(value: JsonValue, pointer: str = "", step: str = "") -> Iterator[tuple[str, str, str]]:
    """Every text of a JSON value, keys included, with the pointer of what holds it and the name of the step around."""
    if isinstance(value, str):
        yield pointer, value, step
        return
    if {"Type", "Arguments"} <= object_at(value).keys():
        step = text_at(value, "Name") or step
    for part, item in children(value):
        if isinstance(part, str):
            yield pointer, part, step
        yield from texts_of(item, append_pointer(pointer, part), step)


def declare_property_files(steps: Sequence[JsonObject], contracts: Mapping[str, StepContract]) -> None:
    """Adds ``PropertyFiles`` to each step of which a report is read; only what is read is declared.

    ``contracts`` are those of the steps, by the step's name.
    """
    read: dict[str, list[str]] = {}
    for _, expression in references([*steps]):
        if isinstance(expression, JsonGet) and isinstance(expression.source, Get):
            file = target(expression.source)
            if isinstance(file, PropertyFileReference):
                names = read.setdefault(file.step, [])
                if file.property_file not in names:
                    names.append(file.property_file)
    for document in step_documents(steps):
        name = str(document["Name"])
        if name in read and name in contracts:
            # What the contract declares by itself stays as it is.
            declared = list_at(document, "PropertyFiles")
            known = [text_at(item, "PropertyFileName") for item in declared]
            wanted = [file for file in read[name] if file not in known]
            files = chain.from_iterable(
                property_files(port.output_spec) for port in contracts[name].output_ports.values()
            )
            document["PropertyFiles"] = [*declared, *(file for file in files if file["PropertyFileName"] in wanted)]


def property_files(spec: OutputSpec) -> Iterator[JsonObject]:
    """The files of an output as items of ``PropertyFiles``."""
    for file in spec.files:
        yield {
            "PropertyFileName": file.property_file,
            "OutputName": spec.aws_name or spec.logical_name,
            "FilePath": file.path,
        }
