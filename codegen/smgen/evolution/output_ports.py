"""What changed in the outputs of a contract: what is given may narrow, and may not widen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from smgen.contract_model import ArtifactTypes, OutputPort, ReportFile, ReportNode, located_outputs, output_folder
from smgen.contract_model.holes import written
from smgen.documents import append_pointer, compact_json
from smgen.evolution.changes import ContractChange, Pair
from smgen.evolution.renaming import counterparts
from smgen.evolution.value_words import list_change

_REPORT: Final = "SMG628"


def output_changes(pair: Pair, types: ArtifactTypes) -> Iterator[ContractChange]:
    """The changes of all outputs; ``types`` are the artifact types of the new state."""
    old, new = pair.old.output_ports, pair.new.output_ports
    both, gone, added = counterparts(old, new, {name: port.output_spec.renamed_from for name, port in new.items()})
    for name in gone:
        message = f"the output '{name}' is gone"
        yield pair.change(
            "SMG620", f"output {name}", message, was=old[name].pointer, before=old[name].output_spec.output_type
        )
    for before, after in both:
        yield from _changed(pair, old[before], new[after], types)
    for name in added:
        spec = new[name].output_spec
        message = f"the output '{name}' is new"
        yield pair.change("SMG623", f"output {name}", message, now=new[name].pointer, after=spec.output_type)
        if spec.must_be_consumed:
            message = f"the output '{name}' has to be read, and is new"
            yield pair.change("SMG627", f"output {name}", message, now=new[name].pointer)


def _changed(pair: Pair, old: OutputPort, new: OutputPort, types: ArtifactTypes) -> Iterator[ContractChange]:
    before, after = old.output_spec, new.output_spec

    def change(rule: str, at: str, what: str, was: str | None, now: str | None) -> ContractChange:
        message = f"the output '{new.name}' {what}"
        return pair.change(
            rule,
            f"output {new.name}",
            message,
            was=f"{old.pointer}/{at}",
            now=f"{new.pointer}/{at}",
            before=was,
            after=now,
        )

    if old.name != new.name:
        former = after.renamed_from
        stands = former is not None and former.stands_in(pair.new.version)
        until = (
            f", and the old name says so until {former.until}"
            if former is not None and stands
            else ", and the old name does not say so"
        )
        yield change("SMG621", "renamed_from", f"was called '{old.name}'{until}", old.name, new.name)
    if after.output_type != before.output_type:
        narrowed = types.is_subtype(after.output_type, before.output_type)
        rule, what = ("SMG623", "gives a narrower type") if narrowed else ("SMG622", "gives another type")
        yield change(rule, "type", what, before.output_type, after.output_type)
    was, now = _read_at(old), _read_at(new)
    if was != now:
        yield change("SMG624", "property_path", "is read at another property", was, now)
    was, now = _location(pair, old, new)
    if was != now:
        yield change("SMG625", "shared", "lies in another place", was, now)
    if old.name in located_outputs(pair.old) and new.name not in located_outputs(pair.new):
        yield change("SMG619", "property_path", "lies where the contract says, and nowhere else", None, None)
    if after.must_be_consumed != before.must_be_consumed:
        rule, what = ("SMG627", "has to be read now") if after.must_be_consumed else ("SMG623", "need not be read now")
        yield change(rule, "must_be_consumed", what, None, None)
    told = list_change(before.aliases, after.aliases)
    if told is not None:
        yield change("SMG626", "aliases", "is found by other aliases", *told)
    yield from _file_changes(pair, old, new)


def _read_at(port: OutputPort) -> str | None:
    spec = port.output_spec
    if spec.value is not None:
        return compact_json(written(spec.value))
    return spec.property_path


def _location(pair: Pair, old: OutputPort, new: OutputPort) -> tuple[str | None, str | None]:
    """Where the output lies, in the container and in S3, in both states."""
    folders = [
        "/".join(output_folder(contract, port.name)) if port.name in located_outputs(contract) else None
        for contract, port in ((pair.old, old), (pair.new, new))
    ]
    if old.output_spec.shared != new.output_spec.shared:
        said = ("a folder of its own", "a folder that steps share")
        return said[old.output_spec.shared], said[new.output_spec.shared]
    return folders[0], folders[1]


def _file_changes(pair: Pair, old: OutputPort, new: OutputPort) -> Iterator[ContractChange]:
    before = {file.name: file for file in old.output_spec.files}
    after = {file.name: file for file in new.output_spec.files}
    for name, file in before.items():
        at = append_pointer(old.pointer, "files", name)
        if name not in after:
            message = f"the file '{name}' of the output '{new.name}' is gone"
            yield pair.change(_REPORT, f"output {new.name}", message, was=at, before=file.path)
            continue
        yield from _file_changed(pair, file, after[name], at, append_pointer(new.pointer, "files", name))
    for name, file in after.items():
        if name not in before:
            message = f"the file '{name}' of the output '{new.name}' is new"
            at = append_pointer(new.pointer, "files", name)
            yield pair.change("SMG623", f"output {new.name}", message, now=at, after=file.path)


def _file_changed(pair: Pair, old: ReportFile, new: ReportFile, was: str, now: str) -> Iterator[ContractChange]:
    member = f"file {new.name}"
    for what, before, after in (("path", old.path, new.path), ("property file", old.property_file, new.property_file)):
        if before != after:
            message = f"the file '{new.name}' has another {what}"
            yield pair.change("SMG629", member, message, was=was, now=now, before=before, after=after)
    if old.artifact_type != new.artifact_type:
        message = f"the file '{new.name}' is another type"
        yield pair.change(
            "SMG622", member, message, was=was, now=now, before=old.artifact_type, after=new.artifact_type
        )
    for rule, path, type_before, type_after in _node_changes(old.schema, new.schema, ()):
        value = ".".join(path)
        what = "is new" if type_before is None else "is gone" if type_after is None else "is another type"
        message = f"the value '{value}' of the file '{new.name}' {what}"
        yield pair.change(rule, member, message, was=was, now=now, before=type_before, after=type_after)


def _node_changes(
    old: ReportNode, new: ReportNode, path: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str, ...], str | None, str | None]]:
    """The members of a report that changed: rule, path, type before and after."""
    waiting = [(old, new, path)]
    while waiting:
        old, new, path = waiting.pop()
        if old.type != new.type:
            yield _REPORT, path, old.type, new.type
            continue
        if old.element is not None and new.element is not None:
            waiting.append((old.element, new.element, (*path, "*")))
        before, after = dict(old.members), dict(new.members)
        for name, node in before.items():
            if name not in after:
                yield _REPORT, (*path, name), node.type, None
            else:
                waiting.append((node, after[name], (*path, name)))
        for name, node in after.items():
            if name not in before:
                yield "SMG623", (*path, name), None, node.type
