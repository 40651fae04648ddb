"""What changed in the inputs of a contract: what is taken may widen, and may not narrow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from smgen.contract_model import ArtifactTypes, DependencySpec, InputPort
from smgen.evolution.changes import ContractChange, Pair
from smgen.evolution.renaming import counterparts
from smgen.evolution.value_words import list_change, yes_or_no

#: Members of a port by which AUTO chooses what it is bound to.
_EVIDENCE: Final = (
    ("compatible_sources", "listed sources"),
    ("semantic_keywords", "keywords"),
    ("aliases", "aliases"),
)


def input_changes(pair: Pair, types: ArtifactTypes) -> Iterator[ContractChange]:
    """The changes of all inputs; ``types`` are the artifact types of the new state."""
    old, new = pair.old.input_ports, pair.new.input_ports
    formers = {name: port.dependency_spec.renamed_from for name, port in new.items()}
    both, gone, added = counterparts(old, new, formers)
    for name in gone:
        port = old[name]
        yield pair.change(
            "SMG610", f"input {name}", f"the input '{name}' is gone", was=port.pointer, before=_shown(port)
        )
    for before, after in both:
        yield from _changed(pair, old[before], new[after], types)
    for name in added:
        port = new[name]
        required = port.dependency_spec.required
        rule, what = ("SMG611", "is required and new") if required else ("SMG616", "is new, and may be left out")
        yield pair.change(rule, f"input {name}", f"the input '{name}' {what}", now=port.pointer, after=_shown(port))


def _changed(pair: Pair, old: InputPort, new: InputPort, types: ArtifactTypes) -> Iterator[ContractChange]:
    member = f"input {new.name}"
    before, after = old.dependency_spec, new.dependency_spec

    def change(rule: str, at: str, what: str, was: str | None, now: str | None) -> ContractChange:
        message = f"the input '{new.name}' {what}"
        return pair.change(
            rule, member, message, was=f"{old.pointer}/{at}", now=f"{new.pointer}/{at}", before=was, after=now
        )

    if old.name != new.name:
        stands = after.renamed_from is not None and after.renamed_from.stands_in(pair.new.version)
        until = (
            f", and the old name says so until {after.renamed_from.until}"
            if stands and after.renamed_from
            else ", and the old name does not say so"
        )
        yield change("SMG613", "renamed_from", f"was called '{old.name}'{until}", old.name, new.name)
    if after.required != before.required:
        rule, what = ("SMG612", "is required now") if after.required else ("SMG616", "may be left out now")
        yield change(rule, "required", what, yes_or_no(before.required), yes_or_no(after.required))
    if after.dependency_type != before.dependency_type:
        widened = types.is_subtype(before.dependency_type, after.dependency_type)
        rule, what = ("SMG616", "takes more types") if widened else ("SMG614", "takes another type")
        yield change(rule, "type", what, before.dependency_type, after.dependency_type)
    if after.many != before.many:
        what = "takes a list now" if after.many else "takes one thing now, and no list"
        yield change("SMG615", "many", what, _how_many(before), _how_many(after))
    for name, words in _EVIDENCE:
        told = list_change(getattr(before, name), getattr(after, name))
        if told is not None:
            yield change("SMG617", name, f"is found by other {words}", *told)


def _how_many(spec: DependencySpec) -> str:
    return f"a list of {spec.dependency_type}" if spec.many else f"one {spec.dependency_type}"


def _shown(port: InputPort) -> str:
    spec = port.dependency_spec
    return f"{_how_many(spec)}, {'required' if spec.required else 'optional'}"
