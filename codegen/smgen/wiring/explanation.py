"""A resolution as text: one line for each port, and the evidence below it."""

from __future__ import annotations

from collections.abc import Iterator

from smgen.documents import JsonObject, JsonValue
from smgen.wiring.resolution import Ambiguity, Binding, Candidate, OpenPort, Resolution

_INDENT = "      "


def summary(resolution: Resolution) -> str:
    """One line: how many ports were bound, are ambiguous and stayed open."""
    bound, unclear, left = len(resolution.bindings), len(resolution.ambiguities), len(resolution.open_ports)
    return f"{bound:,} bound, {unclear:,} ambiguous, {left:,} open"


def explain(resolution: Resolution, *, evidence: bool = True) -> str:
    """The table of a resolution: steps in their order, for each port what feeds it, and with ``evidence`` why.

    ``=`` marks a binding, ``?`` an ambiguity with its candidates, ``-`` an open port. Numbers are the weights of the
    evidence; the one behind a source is its sum, and `ahead by` is the lead over the next best wiring.
    """
    lines: list[str] = []
    items = _by_step(resolution)
    ports = [item.port.logical_name for found in items.values() for item in found]
    width = max(map(len, ports), default=0)
    for step, found in items.items():
        lines.append(step)
        for item in found:
            lines += _told(item, width, evidence)
    return "\n".join([*lines, "", summary(resolution)] if lines else [summary(resolution)]) + "\n"


def _told(item: Binding | Ambiguity | OpenPort, width: int, evidence: bool) -> Iterator[str]:
    port = item.port.logical_name.ljust(width)
    if isinstance(item, Binding):
        yield f"  = {port}  {item.source.source}" + (
            f"  [{item.certainty.name.lower()}: {item.source.score}, ahead by {item.margin}]" if evidence else ""
        )
        if evidence:
            yield from _reasons(item.source, _INDENT + " " * width)
    elif isinstance(item, Ambiguity):
        yield f"  ? {port}  {item.reason}; one of:"
        for candidate in item.candidates:
            yield f"{_INDENT}{' ' * width}{candidate.source}" + (f"  [{candidate.score}]" if evidence else "")
            if evidence:
                yield from _reasons(candidate, f"{_INDENT}  {' ' * width}")
    else:
        yield f"  - {port}  open{'' if item.port.required else ' (optional)'}: {item.reason}"
        if item.suggestion is not None and evidence:
            yield from _reasons(item.suggestion, _INDENT + " " * width)


def _reasons(candidate: Candidate, indent: str) -> Iterator[str]:
    for one in candidate.evidence:
        yield f"{indent}{one.weight:>4}  {one.words}"


def resolution_json(resolution: Resolution) -> JsonObject:
    """The resolution as data: counts, and a list of ports, each with what was decided and why.

    A port has its ``state``. ``bound``: its ``source`` with its evidence, ``certainty`` (the class, in lower case),
    ``margin`` (how much worse the next best wiring scores) and ``confidence`` (from 0 to 1). ``ambiguous``: the
    ``reason`` and at most three ``candidates``. ``open``: the ``reason``, the ``suggestion`` if there is one, and
    whether the port is an ``entry`` (its data come from outside). ``cut_off`` lists what a limit of the resolver left
    out.
    """
    ports: list[JsonValue] = []
    for step, found in _by_step(resolution).items():
        ports += (_port_json(step, item) for item in found)
    counts: JsonObject = {
        "steps": len(resolution.steps),
        "ports": len({(item["step"], item["port"]) for item in ports if isinstance(item, dict)}),
        "bindings": len(resolution.bindings),
        "ambiguous": len(resolution.ambiguities),
        "open": len(resolution.open_ports),
        "compared": resolution.compared,
        "scored": resolution.scored,
    }
    return {"summary": counts, "ports": ports}


def _port_json(step: str, item: Binding | Ambiguity | OpenPort) -> JsonObject:
    port = item.port
    entry: JsonObject = {
        "step": step,
        "port": port.logical_name,
        "type": port.dependency_type,
        "required": port.required,
        "many": port.many,
    }
    if isinstance(item, Binding):
        entry |= {
            "state": "bound",
            "source": _json(item.source),
            "certainty": item.certainty.name.lower(),
            "margin": item.margin,
            "confidence": item.confidence,
        }
        return entry
    if isinstance(item, Ambiguity):
        candidates: list[JsonValue] = [_json(candidate) for candidate in item.candidates]
        entry |= {"state": "ambiguous", "reason": item.reason, "candidates": candidates}
    else:
        suggestion = None if item.suggestion is None else _json(item.suggestion)
        entry |= {"state": "open", "reason": item.reason, "suggestion": suggestion, "entry": item.entry}
    entry["cut_off"] = [*item.cut_off]
    return entry


def _json(candidate: Candidate) -> JsonObject:
    evidence: list[JsonValue] = [
        {"rule": one.rule.value, "weight": one.weight, "words": one.words} for one in candidate.evidence
    ]
    return {
        "step": candidate.step,
        "output": candidate.output.logical_name,
        "file": candidate.file,
        "type": candidate.type,
        "score": candidate.score,
        "strength": candidate.strength,
        "distance": candidate.distance,
        "evidence": evidence,
    }


def _by_step(resolution: Resolution) -> dict[str, list[Binding | Ambiguity | OpenPort]]:
    """Everything by step and in the order of the resolution: what is bound, then what is unclear, then what is open."""
    items: list[Binding | Ambiguity | OpenPort] = []
    items += resolution.bindings
    items += resolution.ambiguities
    items += resolution.open_ports
    order: dict[str, list[Binding | Ambiguity | OpenPort]] = {step: [] for step in resolution.steps}
    for item in items:
        order.setdefault(item.step, []).append(item)
    return {step: found for step, found in order.items() if found}
