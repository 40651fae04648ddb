"""The same pipeline with AUTO where its author wrote references: what the resolver finds has to be what was meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from smgen.authoring.references import is_external
from smgen.building.content import AddedStep, all_steps
from smgen.runtime import AUTO, CompiledPipeline, Environment, FluentPipelineBuilder

#: The name of a step and the contract's name of one of its ports.
Port: TypeAlias = "tuple[str, str]"


class AutoPipelineBuilder(FluentPipelineBuilder):
    """A builder that asks for the resolution of every port that is not External, also of those that are left empty."""

    def __init__(self, name: str, environment: Environment, *, but: Iterable[Port] = ()) -> None:
        """``but`` lists ports that stay as they are written; one that is no such port fails."""
        super().__init__(name, environment)
        self._but = frozenset(but)

    def build(self) -> CompiledPipeline:
        open_ports: set[Port] = set()
        for added in all_steps(self._branch):
            if not isinstance(added, AddedStep):
                continue
            ports = added.builder.__smgen_ports__
            for port in added.builder.STEP_CONTRACT.input_ports:
                if not is_external(ports.get(port)):
                    open_ports.add((added.handle.name, port))
                    if (added.handle.name, port) not in self._but:
                        ports[port] = AUTO
        assert self._but <= open_ports, f"no ports, or External ones: {sorted(self._but - open_ports)}"
        return super().build()
