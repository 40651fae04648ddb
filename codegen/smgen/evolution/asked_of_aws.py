"""What changed in the requests of a contract, and what that means for steps that were run before."""

from __future__ import annotations

from collections.abc import Iterator

from smgen.aws import EACH, Path
from smgen.contract_model import StepContract
from smgen.evolution.changes import ContractChange, Pair
from smgen.evolution.comparable_requests import (
    MemberDifference,
    MemberPath,
    item_differences,
    keys_at,
    request_differences,
)
from smgen.evolution.renaming import former_names


def has_same_request(pair: Pair) -> bool:
    """Whether both states ask AWS for the same, whatever form it is written in."""
    return (pair.old.request, pair.old.step_fields) == (pair.new.request, pair.new.step_fields)


def request_changes(pair: Pair) -> Iterator[ContractChange]:
    """SMG618, SMG625, SMG640 and SMG641: what AWS is asked for, in whatever form it is written."""
    if has_same_request(pair):
        return
    for port, difference in item_differences(pair):
        yield _item_change(pair, port, difference)
    for beside in (False, True):
        for difference in request_differences(pair, beside=beside):
            yield _change(pair, difference, beside=beside)
    yield from _order_changes(pair)


def _item_change(pair: Pair, port: str, difference: MemberDifference) -> ContractChange:
    is_input = port in pair.new.input_ports
    rule, what = ("SMG618", "input") if is_input else ("SMG625", "output")
    before, after = difference.words
    former = former_names(pair).get(port, port)
    was, now = (
        (contract.input_ports[name].pointer if is_input else contract.output_ports[name].pointer)
        for contract, name in ((pair.old, former), (pair.new, port))
    )
    message = f"the {what} '{port}' has another {difference.name}"
    return pair.change(rule, f"{what} {port}", message, was=was, now=now, before=before, after=after)


def _change(pair: Pair, difference: MemberDifference, *, beside: bool) -> ContractChange:
    path = difference.name or "the request"
    again = _cached(pair.new, difference.path, beside=beside)
    old, new = difference.old, difference.new
    what = "is asked for" if old is None else "is asked for no more" if new is None else "is another one"
    before, after = difference.words
    return pair.change(
        "SMG640",
        path,
        f"{path} {what}{again}",
        was=None if old is None else old.pointer or "/request",
        now=None if new is None else new.pointer or "/request",
        before=before,
        after=after,
    )


def _cached(contract: StepContract, path: MemberPath, *, beside: bool) -> str:
    """What a change at a path means for steps whose caching is on, as far as AWS documents it."""
    if not contract.step_kind.caches:
        return ""
    if is_in_cache_key(contract, path, beside=beside):
        return "; cached steps run again"
    return "; cached steps do not run again for it" if contract.step_kind.cache_key is not None else ""


def is_in_cache_key(contract: StepContract, path: MemberPath, *, beside: bool = False) -> bool:
    """Whether AWS documents that a member of a request decides whether an earlier run is taken."""
    key = contract.step_kind.cache_key
    if key is None:
        return False
    if beside:
        return path[:1] in [(field,) for field in key.fields]
    return any(path[: len(way)] == way[: len(path)] for way in map(_named, key.arguments))


def _named(path: Path) -> MemberPath:
    """A path as far as it names members."""
    return path[: path.index(EACH)] if EACH in path else path


def _order_changes(pair: Pair) -> Iterator[ContractChange]:
    """SMG641: the same named items in another order, in a list that decides whether an earlier run is taken."""
    for row in pair.new.step_kind.lists:
        path = _named(row.path)
        if row.beside or not is_in_cache_key(pair.new, path):
            continue
        old, new = (keys_at(item.request, path, row.name) for item in (pair.old, pair.new))
        before = [key for key in old if key in new]
        after = [key for key in new if key in old]
        if before != after:
            yield pair.change(
                "SMG641",
                ".".join(path),
                f"{'.'.join(path)} has its items in another order; cached steps may run again",
                was="/request",
                now="/request",
                before=", ".join(before),
                after=", ".join(after),
            )
