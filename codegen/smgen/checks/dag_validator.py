"""Validates a whole authored pipeline: its structure, what its steps wait for, and the types that it connects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from smgen.aws import PathProblem, parse_property_path
from smgen.checks.catalogue import STRUCTURE
from smgen.checks.context import CheckContext
from smgen.checks.index import DefinitionIndex, index_definition
from smgen.definition import (
    AutoBinding,
    Definition,
    ExternalBinding,
    Provenance,
    ReferenceBinding,
    StepProvenance,
)
from smgen.diagnostics import Finding, Place, nearest_name, sorted_findings
from smgen.expressions import PropertyFileReference, StepReference

if TYPE_CHECKING:
    # Only for types: whoever checks a definition without contracts does not pay for that room.
    from smgen.contract_model import ContractRegistry, OutputPort, StepContract


class DAGValidator:
    """Checks a definition as one graph.

    ``provenance`` says which ports, contracts and lines of the pipeline function its steps come from: findings name
    them. ``contracts`` are the contracts that were used: with both the types of connected ports are compared, and
    required ports and outputs that must be consumed are checked. Without them every definition can be validated.
    """

    def __init__(
        self,
        definition: Definition,
        provenance: Provenance | None = None,
        contracts: ContractRegistry | None = None,
    ) -> None:
        self._definition = definition
        self._provenance = provenance or Provenance()
        self._contracts = contracts
        self._origins = {step.step: step for step in reversed(self._provenance.steps)}
        self._steps = {step.name: step for step in reversed(definition.all_steps())}

    def validate_complete_pipeline(self) -> tuple[Finding, ...]:
        """Everything that is wrong with the structure, the dependencies and the types, in reading order."""
        context = CheckContext(provenance=self._provenance)
        index = index_definition(self._definition)
        structure = (self._with_origin(found) for check in STRUCTURE for found in check(index, context))
        return sorted_findings([*structure, *self._connections(_reads(index))])

    def _with_origin(self, finding: Finding) -> Finding:
        """The finding with the add_step line of its step, where it says nothing else about what was given."""
        origin = self._origins.get(finding.place.step or "")
        if origin is None or origin.line is None or finding.given_at is not None:
            return finding
        given = finding.given or f"contract {origin.contract} {origin.contract_version}"
        return replace(finding, given=given, given_at=_line(origin))

    # Connections -------------------------------------------------------------------------------------------------

    def _connections(self, reads: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
        consumed: set[tuple[str, str]] = set()
        for origin in self._provenance.steps:
            if origin.step not in self._steps:
                yield Finding(
                    "SMG303",
                    f"the provenance has the step {origin.step}, and the definition does not",
                    _line(origin),
                    given=origin.step,
                    nearest=nearest_name(origin.step, self._steps),
                    fix="build the pipeline again, so that both come from one build",
                )
                continue
            contract = self._contract(origin)
            for port, bindings in origin.ports.items():
                for binding in bindings:
                    if not isinstance(binding, ExternalBinding):
                        consumed.add((binding.step, binding.output))
                        yield from self._connection(origin, contract, port, binding)
            if contract is not None:
                yield from self._missing_inputs(origin, contract)
        yield from self._unconsumed(consumed, reads)

    def _contract(self, origin: StepProvenance) -> StepContract | None:
        return None if self._contracts is None else self._contracts.contracts.get(origin.contract)

    def _connection(
        self, origin: StepProvenance, contract: StepContract | None, port: str, binding: ReferenceBinding | AutoBinding
    ) -> Iterator[Finding]:
        """What is wrong with one port and the output that it is given."""
        place = self._place(origin, port)
        source = self._origins.get(binding.step)
        if source is None:
            if binding.step not in self._steps:
                yield Finding(
                    "SMG303",
                    f"the port '{port}' of {origin.step} takes {binding.output} of {binding.step}, "
                    "and no step has that name",
                    place,
                    given=binding.step,
                    given_at=_line(origin),
                    expected=", ".join(self._origins),
                    nearest=nearest_name(binding.step, self._steps),
                    fix="pass an output of a step of this pipeline",
                )
            return
        if binding.output not in source.outputs:
            yield Finding(
                "SMG206",
                f"the port '{port}' of {origin.step} takes '{binding.output}' of {binding.step}, "
                f"a {source.contract}, which has no such output",
                place,
                given=binding.output,
                given_at=_line(origin),
                expected=", ".join(source.outputs),
                expected_at=_line(source),
                nearest=nearest_name(binding.output, source.outputs),
                fix="pass an output that the contract has",
            )
            return
        if contract is not None:
            yield from self._types(origin, contract, port, binding, source)

    def _types(
        self,
        origin: StepProvenance,
        contract: StepContract,
        port: str,
        binding: ReferenceBinding | AutoBinding,
        source: StepProvenance,
    ) -> Iterator[Finding]:
        given = source.outputs[binding.output]
        declared = contract.input_ports.get(port)
        if declared is None:
            yield Finding(
                "SMG205",
                f"{origin.step} binds the port '{port}', which its contract {contract.name} does not have",
                self._place(origin, port),
                given=port,
                given_at=_line(origin),
                expected=", ".join(contract.input_ports),
                expected_at=contract.place("/inputs"),
                nearest=nearest_name(port, contract.input_ports),
                fix="generate the steps again from the contracts in use",
            )
            return
        wanted = declared.dependency_spec.dependency_type
        if any(self._fits(offered, wanted) for offered in (given, *self._file_types(source, binding.output))):
            return
        how = " (chosen by AUTO)" if isinstance(binding, AutoBinding) else ""
        yield Finding(
            "SMG204",
            f"the port '{port}' of {origin.step} takes {wanted}, and is given {given}: "
            f"'{binding.output}' of {binding.step}{how}",
            self._place(origin, port),
            given=f"{given}: {binding.step}.{binding.output}",
            given_at=_line(source),
            expected=f"{wanted} (contract {contract.name} {contract.version})",
            expected_at=contract.place(declared.pointer),
            fix=self._offer(wanted, origin.step),
        )

    def _fits(self, given: str, wanted: str) -> bool:
        return self._contracts is not None and self._contracts.artifact_types.is_subtype(given, wanted)

    def _file_types(self, source: StepProvenance, output: str) -> tuple[str, ...]:
        """The types of the files in an output: a port that takes one of them is bound to the output as a whole."""
        contract = self._contract(source)
        port = None if contract is None else contract.output_ports.get(output)
        return () if port is None else tuple(file.artifact_type for file in port.output_spec.files)

    def _offer(self, wanted: str, reader: str) -> str:
        """The outputs of other steps that have the type that is wanted, at most three."""
        offers = [
            f"{source.step}.{output}"
            for source in self._provenance.steps
            for output, given in source.outputs.items()
            if source.step != reader and self._fits(given, wanted)
        ]
        if not offers:
            return f"add a step that makes {wanted}"
        return f"pass an output of that type: {', '.join(offers[:3])}"

    def _missing_inputs(self, origin: StepProvenance, contract: StepContract) -> Iterator[Finding]:
        for name, port in contract.input_ports.items():
            if port.dependency_spec.required and not origin.ports.get(name):
                yield Finding(
                    "SMG205",
                    f"the required port '{name}' of {origin.step} is given nothing",
                    self._place(origin, name),
                    given_at=_line(origin),
                    expected=f"{port.dependency_spec.dependency_type} (contract {contract.name} {contract.version})",
                    expected_at=contract.place(port.pointer),
                    fix=self._offer(port.dependency_spec.dependency_type, origin.step),
                )

    def _unconsumed(self, consumed: set[tuple[str, str]], reads: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
        """SMG214 for outputs that must be consumed; a pipeline that was built has passed this already."""
        for origin in self._provenance.steps:
            contract = self._contract(origin)
            if contract is None or origin.step not in self._steps:
                continue
            for name, port in contract.output_ports.items():
                bound = (origin.step, name) in consumed
                if port.output_spec.must_be_consumed and not bound and not _is_read(port, reads.get(origin.step, ())):
                    yield Finding(
                        "SMG214",
                        f"nothing reads the output '{name}' of {origin.step}",
                        self._place(origin, name),
                        given_at=_line(origin),
                        expected=f"a step that takes it: contract {contract.name} says must_be_consumed",
                        expected_at=contract.place(port.pointer),
                        fix=f"pass {name} to the step that needs it, or leave the step out",
                    )

    def _place(self, origin: StepProvenance, port: str) -> Place:
        return self._definition.place(self._steps[origin.step].pointer, step=origin.step, port=port)


def _line(origin: StepProvenance) -> Place:
    """The add_step line of a step."""
    return Place(file=origin.file, line=origin.line, step=origin.step)


def _reads(index: DefinitionIndex) -> Mapping[str, tuple[str, ...]]:
    """What the definition reads of each step: property paths, and `PropertyFiles.<name>`."""
    found: dict[str, dict[str, None]] = {}
    for use in index.uses:
        if isinstance(use.target, StepReference):
            parsed = parse_property_path(use.target.path)
            if not isinstance(parsed, PathProblem):
                found.setdefault(use.target.step, {})[str(parsed)] = None
        elif isinstance(use.target, PropertyFileReference):
            found.setdefault(use.target.step, {})[f"PropertyFiles.{use.target.property_file}"] = None
    return {step: tuple(paths) for step, paths in found.items()}


def _is_read(port: OutputPort, reads: tuple[str, ...]) -> bool:
    """Whether something reads an output without a port: a condition, or a value of another step."""
    spec = port.output_spec
    files = {f"PropertyFiles.{file.property_file}" for file in spec.files}
    if any(path in files for path in reads):
        return True
    if spec.property_path is None:
        # Composed of several properties: which of them says nothing certain.
        return bool(reads)
    parsed = parse_property_path(spec.property_path)
    return not isinstance(parsed, PathProblem) and str(parsed) in reads
