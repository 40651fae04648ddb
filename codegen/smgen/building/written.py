"""A pipeline as rules see it: what was added to it, and what is bound to what."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from smgen.authoring.builders import Reference
from smgen.building.connections import Connections
from smgen.building.content import Added, AddedStep, PipelineContent
from smgen.documents import JsonObject

StepBindings: TypeAlias = Mapping[str, Mapping[str, Sequence[Reference]]]
"""What is bound to each port of a step, by the step's name."""


@dataclass(frozen=True, slots=True)
class WrittenPipeline:
    """A pipeline that was written, once every step was filled.

    ``added`` is all that was added to it, ``steps`` those with a contract, ``read`` the outputs that something reads,
    by step and output, and ``documents`` the steps as the definition will have them.
    """

    content: PipelineContent
    added: Sequence[Added]
    steps: Sequence[AddedStep]
    connections: Connections
    bindings: StepBindings
    read: Collection[tuple[str, str | None]]
    documents: Sequence[JsonObject]
