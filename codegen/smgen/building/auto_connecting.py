"""Binds the AUTO ports of a pipeline where it has any; only then is the resolver loaded."""

from __future__ import annotations

from collections.abc import Sequence

from smgen.building.connections import Connections, auto_ports
from smgen.building.content import Added, AddedStep, PipelineContent


def connect(content: PipelineContent, added: Sequence[Added]) -> Connections:
    """Binds every AUTO port of the steps; ``added`` are all steps of the pipeline, in order.

    Steps that were connected before (``auto_connect``) keep what they were bound to.
    """
    steps = [item for item in added if isinstance(item, AddedStep)]
    if not any(auto_ports(step) for step in steps):
        return Connections()
    if len({step.handle.name for step in steps}) < len(steps):
        # Reported as SMG200; which of two steps of one name is meant, nobody knows.
        return Connections()
    from smgen.building.auto import bind_auto_ports

    return bind_auto_ports(content, added, steps)
