"""An edge that somebody drew carries something: the ports that it makes uncertain, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from smgen.contract_model import DependencySpec
from smgen.wiring.consumer import Consumer, Decided
from smgen.wiring.evidence import WEIGHTS, Certainty, Evidence, EvidenceRule
from smgen.wiring.resolution import Binding
from smgen.wiring.weighed import Weighed

_Rivals: TypeAlias = Mapping[str, list[tuple[DependencySpec, Weighed]]]


def carry_edges(consumer: Consumer, outcome: dict[str, list[Decided]]) -> None:
    """Decides those ports of a step again that a direct predecessor could feed which so far feeds none.

    Where one port and one output fit, that is the binding, unless another direct predecessor would then feed nothing;
    otherwise the port is asked about, the direct predecessor first. A port that is certainly bound stays so, unless its
    contract lists the idle predecessor as well.
    """
    rivals = {name: _rivals(consumer, outcome, name) for name in _idle(consumer, outcome)}
    if rivals:
        again = {
            port.logical_name: _again(consumer, port, outcome[port.logical_name], rivals) for port in consumer.ports
        }
        outcome |= {port: decided for port, decided in again.items() if decided}


def _again(consumer: Consumer, port: DependencySpec, decided: Sequence[Decided], rivals: _Rivals) -> list[Decided]:
    """What idle predecessors make of a port; nothing where they change nothing."""
    carried = _carried(consumer, port, decided, rivals)
    if carried:
        return carried
    fitting = [item for found in rivals.values() for one, item in found if one is port]
    if _walks_past(decided) and fitting:
        return [_asked(consumer, port, fitting, decided)]
    contested = _contested(consumer, port, decided, rivals)
    if contested is None:
        return []
    strong = [item for item in fitting if item.strength >= consumer.thresholds.contest]
    ranked = [*_present(consumer, port, decided), *strong]
    return [consumer.ambiguity(port, ranked, f"the edge from {contested} would carry nothing")]


def _carried(consumer: Consumer, port: DependencySpec, decided: Sequence[Decided], rivals: _Rivals) -> list[Decided]:
    """The binding to what an idle predecessor has for this port alone; nothing where none or several have."""
    only = [found[0][1] for found in rivals.values() if len(found) == 1 and found[0][0] is port]
    carried = [item for item in only if _may_carry(port, item, decided)]
    if not port.many:
        return [_bound(consumer, port, item) for item in carried] if len(carried) == 1 else []
    # What is carried by the edges stands for what lies behind their steps.
    kept = [item for item in decided if isinstance(item, Binding) and item.source.distance == 1]
    return [*kept, *(_bound(consumer, port, item) for item in carried)] if carried else []


def _idle(consumer: Consumer, outcome: Mapping[str, Iterable[Decided]]) -> list[str]:
    """The direct predecessors along drawn edges that feed no port, by name."""
    feeding = set(consumer.fed_by)
    for decided in outcome.values():
        feeding.update(item.source.step for item in decided if isinstance(item, Binding))
    return [name for name in consumer.comparison.reach.direct(consumer.step.name) if name not in feeding]


def _rivals(
    consumer: Consumer, outcome: Mapping[str, list[Decided]], producer: str
) -> list[tuple[DependencySpec, Weighed]]:
    """The ports that an idle predecessor could feed and that are not certain, each with an output that fits it."""
    return [
        (port, item)
        for port in consumer.ports
        for item in consumer.found[port.logical_name]
        if item.step == producer and not _is_certain(outcome[port.logical_name], item)
    ]


def _is_certain(decided: Iterable[Decided], rival: Weighed) -> bool:
    """Whether a port is bound for certain, and its contract does not name the rival as a source too."""
    bound = any(isinstance(item, Binding) and item.certainty is Certainty.CERTAIN for item in decided)
    return bound and not rival.match.listed


def _may_carry(port: DependencySpec, item: Weighed, decided: Iterable[Decided]) -> bool:
    """Whether a port can take what an idle predecessor has, and leaves no other direct predecessor idle by it."""
    if item.match.left_out or not port.required:
        return False
    return port.many or not any(isinstance(one, Binding) and one.source.distance == 1 for one in decided)


def _walks_past(decided: Iterable[Decided]) -> bool:
    """Whether a port is bound to a step that is no direct predecessor."""
    return any(isinstance(item, Binding) and item.source.distance > 1 for item in decided)


def _bound(consumer: Consumer, port: DependencySpec, item: Weighed) -> Binding:
    if item.certainty is None:
        text = f"the edge from {item.step} carries nothing else"
        item = item.claimed(Evidence(EvidenceRule.IDLE_EDGE, WEIGHTS[EvidenceRule.IDLE_EDGE], text))
    return consumer.binding(port, item, item.score)


def _asked(consumer: Consumer, port: DependencySpec, fitting: list[Weighed], decided: Iterable[Decided]) -> Decided:
    """What becomes of a port that is bound past an edge which would carry nothing."""
    ranked = [*fitting, *_present(consumer, port, decided)]
    if not port.required:
        return consumer.open_port(port, ranked)
    return consumer.ambiguity(port, ranked, f"the edge from {fitting[0].step} would carry nothing")


def _present(consumer: Consumer, port: DependencySpec, decided: Iterable[Decided]) -> list[Weighed]:
    """The candidates that a port is bound to."""
    bound = {item.source.key for item in decided if isinstance(item, Binding)}
    return [item for item in consumer.found[port.logical_name] if item.key in bound]


def _contested(
    consumer: Consumer,
    port: DependencySpec,
    decided: Iterable[Decided],
    rivals: Iterable[str],
) -> str | None:
    """The idle predecessor that a name speaks for, where a direct one feeds the port; also one that only its variant
    bars. None where there is none, or the port is optional or takes many."""
    bound = next((item for item in decided if isinstance(item, Binding)), None)
    if bound is None or not port.required or port.many:
        return None
    step_type = consumer.comparison.kinds[bound.source.step].step_type
    for name in rivals:
        kind = consumer.comparison.kinds[name]
        if kind.step_type == step_type:
            continue
        matches = consumer.comparison.matches(consumer.kind, port, kind)
        if any(match.strength >= consumer.thresholds.contest for match in matches):
            return name
    return None
