"""Where a step comes from: its contract, its line, and what each of its ports and assets is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from smgen.authoring.references import is_external, is_output
from smgen.authoring.reports import ReportFile, ReportPath
from smgen.authoring.variables import Variable
from smgen.building.content import AddedStep, AutoReference
from smgen.contract_model import StepContract
from smgen.definition import AssetProvenance, ExternalBinding, PortBinding, ReferenceBinding, StepProvenance

if TYPE_CHECKING:
    from smgen.assets import Asset


def step_provenance(
    added: AddedStep,
    bindings: Mapping[str, Sequence[object]],
    connected: Mapping[str, Sequence[AutoReference]],
    assets: Mapping[str, Asset],
    contracts: Mapping[str, StepContract],
) -> StepProvenance:
    """The provenance of a step; ``bindings`` are what its ports were bound to, ``connected`` those that were AUTO."""
    handle = added.handle
    ports: dict[str, tuple[PortBinding, ...]] = {
        name: tuple(_port_binding(item, contracts) for item in bound) for name, bound in bindings.items() if bound
    }
    ports |= {name: tuple(one.binding for one in found) for name, found in connected.items()}
    outputs = {name: port.output_spec.output_type for name, port in handle.contract.output_ports.items()}
    return StepProvenance(
        step=handle.name,
        contract=handle.contract.name,
        contract_version=handle.contract.version,
        file=handle.place.file,
        line=handle.place.line,
        ports=ports,
        outputs=outputs,
        assets={name: AssetProvenance(asset.source, asset.digest) for name, asset in assets.items()},
    )


def _port_binding(reference: object, contracts: Mapping[str, StepContract]) -> PortBinding:
    if is_output(reference):
        origin = reference.__smgen_origin__
        return ReferenceBinding(origin.name, origin.output or "", _file(reference, contracts.get(origin.name)))
    if is_external(reference):
        reference = reference.__smgen_location__
    if isinstance(reference, Variable):
        for origin in reference.__smgen_origins__:
            if origin.kind == "step" and origin.output is not None:
                return ReferenceBinding(origin.name, origin.output)
    return ExternalBinding()


def _file(reference: object, contract: StepContract | None) -> str | None:
    """The contract's name of the report file that a reference is; None for an output as a whole."""
    if contract is None or not isinstance(reference, ReportFile):
        return None
    path: ReportPath = reference.__smgen_path__
    port = contract.output_ports.get(path.origin.output or "")
    files = () if port is None else port.output_spec.files
    return next((file.name for file in files if path.property_file in (file.property_file, file.path)), None)
