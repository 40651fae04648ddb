"""A candidate of a port while it is weighed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from smgen.wiring.comparison import Match
from smgen.wiring.evidence import Certainty, Evidence, EvidenceRule
from smgen.wiring.resolution import Candidate, output_key


@dataclass(slots=True)
class Weighed:
    """An output of a step for a port of a consumer, with what speaks for it there.

    ``barred`` says that it can be proposed but not bound: too far away for an optional port or for another variant, or
    none of the sources that the port lists.
    ``claim`` is the rule of the best claim on the output. ``certainty`` is None for one that cannot be bound for
    itself.
    """

    step: str
    match: Match
    distance: int
    score: int
    strength: int
    evidence: tuple[Evidence, ...]
    barred: bool
    claim: EvidenceRule | None
    certainty: Certainty | None = None

    @property
    def key(self) -> str:
        """Its ``output_key``."""
        return output_key(self.step, self.match.offer.output, self.match.offer.file)

    def place(self, port: str, *, alone: bool) -> str:
        """The place that the port takes in an assignment: one of its own where an output feeds any number of ports."""
        return f"{self.key}\1{port}" if alone else self.key

    def candidate(self) -> Candidate:
        """What is told of it."""
        offer = self.match.offer
        return Candidate(
            self.step, self.match.output, offer.file, self.score, self.strength, self.distance, self.evidence
        )

    def claimed(self, evidence: Evidence) -> Weighed:
        """The same with one more claim on the output, by which it is bound after all."""
        return replace(
            self,
            score=self.score + evidence.weight,
            strength=self.strength + evidence.weight,
            evidence=(evidence, *self.evidence),
            claim=evidence.rule,
            certainty=Certainty.CARRIED,
        )
