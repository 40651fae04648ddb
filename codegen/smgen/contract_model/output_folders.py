"""Where the outputs of a step lie below the step's own folder, if nobody says otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from smgen.contract_model.step_contract import StepContract
from smgen.contract_model.step_face import located_outputs

_END: Final = "data"


def output_folder(contract: StepContract, output: str) -> tuple[str, ...]:
    """The folders of an output below its step's."""
    ports = contract.output_ports
    names = {name: ports[name].output_spec.aws_name or name for name in located_outputs(contract)}
    return folder_of(names[output], names.values())


def folder_of(name: str, names: Iterable[str]) -> tuple[str, ...]:
    """The folders of the output that AWS knows as `name`, of a step whose outputs have `names`.

    They are those of the SDK's default, which existing tools expect. Where another name goes on from this one
    (`test_small` from `test`) a folder more ends the location: jobs read every key that begins with it. A slash would
    end it as well, and would stand twice before the file in a path below.
    """
    goes_on = any(other != name and other.startswith(name) for other in names)
    return ("output", name, _END) if goes_on else ("output", name)
