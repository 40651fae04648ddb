"""Where no edges are drawn: a step that takes and gives the same type carries on, and the last one is meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from smgen.contract_model import DependencySpec
from smgen.wiring.comparison import StepComparison
from smgen.wiring.consumer import Consumer, Decided
from smgen.wiring.evidence import KIND_LISTED, WEIGHTS, Certainty, Evidence, EvidenceRule
from smgen.wiring.resolution import Binding, Given
from smgen.wiring.weighed import Weighed

#: A port of a step.
Port: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class _Meant:
    """A port that names say something of: the outputs that they mean, the best first."""

    consumer: Consumer
    port: DependencySpec
    heads: tuple[Weighed, ...]


@dataclass(frozen=True)
class _Chain:
    """How an output is carried on: its end, the steps on the way, and where it forks the outputs to choose from."""

    links: tuple[Weighed, ...]
    fork: tuple[Weighed, ...] = ()

    @property
    def end(self) -> Weighed:
        return self.links[-1]


class _Flow:
    """What feeds which step as far as it is known, by the ports that are bound."""

    def __init__(self) -> None:
        #: By step and port, each source as its step and its ``output_key``.
        self._sources: dict[str, dict[str, set[tuple[str, str]]]] = defaultdict(lambda: defaultdict(set))
        self._readers: dict[str, set[str]] = defaultdict(set)
        self._firm: set[tuple[str, str]] = set()

    def feed(self, port: Port, producer: str, output: str, *, firm: bool) -> None:
        """Notes that an output feeds a port; a ``firm`` source stays whatever else is found."""
        step, name = port
        self._sources[step][name].add((producer, output))
        self._readers[output].add(step)
        if firm:
            self._firm.add((step, output))

    def readers(self, item: Weighed) -> list[str]:
        """The steps that read an output, by name."""
        return sorted(self._readers.get(item.key, ()))

    def is_firm(self, step: str, item: Weighed) -> bool:
        """Whether a step certainly reads an output."""
        return (step, item.key) in self._firm

    def feeds_another_port(self, item: Weighed, *, of: Port) -> bool:
        """Whether an output that one port may take feeds another port of the step."""
        return not item.match.offer.shared and any(item.key == output for _, output in self._into(of[0], but=of))

    def comes_after(self, step: str, other: str, *, but: Port | None = None) -> bool:
        """Whether a step needs what another one gives, by any ports but the one."""
        seen: set[str] = set()
        waiting = {step}
        while waiting:
            seen |= waiting
            found = {producer for one in waiting for producer, _ in self._into(one, but=but)}
            if other in found:
                return True
            waiting = found - seen
        return False

    def _into(self, step: str, *, but: Port | None) -> Iterator[tuple[str, str]]:
        """The sources of the ports of a step, but for the one."""
        for port, sources in self._sources.get(step, {}).items():
            if (step, port) != but:
                yield from sources


def carry_on(
    comparison: StepComparison,
    consumers: Mapping[str, Consumer],
    outcome: Mapping[str, dict[str, list[Decided]]],
    given: Iterable[Given],
) -> None:
    """Decides those ports again of which the output is read by a step that gives the same type.

    In a linear chain of such steps the last output is bound; where the chain forks, or the order of its steps is not
    settled, the port is asked about. A port that is certainly bound stays so, unless its contract lists the last one
    too.
    """
    given = tuple(given)
    meant = _meant(consumers, outcome)
    chains: dict[Port, _Chain] = {}
    before = chains
    # A step on one chain may be the end of another: each round sees what the round before made of it.
    for _ in range(len(consumers) + 1):
        flow = _flow(given, outcome, chains)
        before, chains = (
            chains,
            {key: chain for key, one in meant.items() if (chain := _chain(comparison, one, flow)) is not None},
        )
        if chains == before:
            break
    for (step, port), chain in chains.items():
        if before.get((step, port)) != chain:
            # No round ever agreed with the one before.
            chain = replace(chain, fork=chain.fork or (chain.end,))
        outcome[step][port] = [_result(meant[step, port], chain)]


def _meant(consumers: Mapping[str, Consumer], outcome: Mapping[str, Mapping[str, list[Decided]]]) -> dict[Port, _Meant]:
    found: dict[Port, _Meant] = {}
    for name, consumer in consumers.items():
        for port in consumer.ports:
            bound = [item for item in outcome[name][port.logical_name] if isinstance(item, Binding)]
            heads = tuple(_heads(consumer, port, [item.source.key for item in bound]))
            if heads:
                found[name, port.logical_name] = _Meant(consumer, port, heads)
    return found


def _heads(consumer: Consumer, port: DependencySpec, bound: Collection[str]) -> list[Weighed]:
    """The output that a port is bound to; of one that is not, the strongest, also those that its list leaves out."""
    found = consumer.found[port.logical_name]
    if bound or port.many:
        return [item for item in found if item.key in bound]
    strong = [item for item in found if item.strength >= consumer.thresholds.strong]
    best = max((item.score for item in strong), default=0)
    return [item for item in strong if item.score > best - consumer.thresholds.margin]


def _flow(
    given: Iterable[Given], outcome: Mapping[str, Mapping[str, list[Decided]]], chains: Mapping[Port, _Chain]
) -> _Flow:
    flow = _Flow()
    for one in given:
        if one.source_step is not None and one.key is not None:
            flow.feed((one.step, one.port), one.source_step, one.key, firm=True)
    for step, ports in outcome.items():
        for port, decided in ports.items():
            chain = chains.get((step, port))
            if chain is not None:
                flow.feed((step, port), chain.end.step, chain.end.key, firm=False)
                continue
            for item in decided:
                if isinstance(item, Binding):
                    firm = item.certainty is Certainty.CERTAIN
                    flow.feed((step, port), item.source.step, item.source.key, firm=firm)
    return flow


def _chain(comparison: StepComparison, one: _Meant, flow: _Flow) -> _Chain | None:
    """The chain from one of the outputs that are meant which has the others on its way; None where there is none.

    A port that takes many is asked about as soon as anything carries one of its outputs on.
    """
    if one.port.many:
        onward = {item.key: item for head in one.heads for item in _onward(comparison, one, [head], flow)}
        fork = tuple(item for key, item in onward.items() if key not in {head.key for head in one.heads})
        return _Chain(one.heads, fork) if fork else None
    for head in one.heads:
        chain = _follow(comparison, one, head, flow)
        ways = {item.key for item in (*chain.links, *chain.fork)}
        if len(ways) > 1 and all(item.key in ways for item in one.heads):
            return chain
    return None


def _follow(comparison: StepComparison, one: _Meant, head: Weighed, flow: _Flow) -> _Chain:
    links = [head]
    while True:
        onward = _onward(comparison, one, links, flow)
        if not onward:
            return _Chain(tuple(links))
        # A narrower type is made of the last one, but may be no more what is meant.
        narrower = onward[0].match.offer.type != links[-1].match.offer.type
        if len(onward) > 1 or narrower or not _is_settled(comparison, one, links[-1], onward[0], flow):
            return _Chain(tuple(links), tuple(onward))
        links.append(onward[0])


def _onward(comparison: StepComparison, one: _Meant, links: Sequence[Weighed], flow: _Flow) -> list[Weighed]:
    """The outputs of the last one's type, or a narrower one, of those steps that read it and may feed the consumer."""
    own, last = (one.consumer.step.name, one.port.logical_name), links[-1]
    passed = {item.step for item in links}
    carriers = [
        name
        for name in flow.readers(last)
        if name not in passed and comparison.reach.may_feed(name, own[0]) and not flow.comes_after(name, own[0])
    ]
    return [
        item
        for name in carriers
        for item in one.consumer.weighed(name, one.port)
        if item.match.offer.file is None
        and comparison.fits(item.match.offer.type, last.match.offer.type)
        and _may_go_on(last, item)
        and not flow.feeds_another_port(item, of=own)
    ]


def _is_settled(comparison: StepComparison, one: _Meant, last: Weighed, following: Weighed, flow: _Flow) -> bool:
    """Whether the consumer comes behind a step: it gives no such output itself, or could not as well come before."""
    step = one.consumer.step.name
    return (
        all(offer.type != last.match.offer.type for offer, _ in one.consumer.kind.offers)
        or flow.is_firm(following.step, last)
        or flow.comes_after(step, following.step, but=(step, one.port.logical_name))
        or not comparison.reach.may_feed(step, following.step)
    )


def _may_go_on(last: Weighed, item: Weighed) -> bool:
    """Whether the list of sources leaves it open that the next output is meant, and not the last one."""
    if last.certainty is Certainty.CERTAIN:
        return item.match.listed > KIND_LISTED
    return last.match.left_out or not item.match.left_out


def _result(one: _Meant, chain: _Chain) -> Decided:
    consumer, port = one.consumer, one.port
    listed = [item for item in consumer.found[port.logical_name] if item.match.listed > KIND_LISTED]
    ranked = list({item.key: item for item in (*listed, *chain.fork, *reversed(chain.links))}.values())
    if not port.required:
        return consumer.open_port(port, ranked)
    if chain.fork:
        names = " and ".join(dict.fromkeys(item.step for item in chain.fork))
        return consumer.ambiguity(port, ranked, f"{names} may carry {chain.end.candidate().source} on")
    if chain.end.match.left_out:
        return consumer.ambiguity(port, ranked, f"{chain.end.step} is none of the sources that the port lists")
    if not chain.end.strength and not chain.end.match.listed:
        # A step that takes and gives the same type may give what it has left out as well.
        return consumer.ambiguity(port, ranked, f"{chain.end.step} may carry {chain.links[-2].candidate().source} on")
    if chain.links[0].certainty is Certainty.CERTAIN:
        reason = f"{chain.end.step} carries {chain.links[0].candidate().source} on, and the port lists both"
        return consumer.ambiguity(port, ranked, reason)
    through = ", ".join(item.step for item in chain.links[1:])
    text = f"{through} carries {chain.links[0].candidate().source} on"
    end = chain.end.claimed(Evidence(EvidenceRule.CARRIES_ON, WEIGHTS[EvidenceRule.CARRIES_ON], text))
    return consumer.binding(port, end, end.score)
