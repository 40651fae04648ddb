"""The artifact types of a step's outputs as the classes of its contract have them, and how an output is written."""

from __future__ import annotations

from dataclasses import replace

from smgen.authoring.references import Artifact, is_output
from smgen.authoring.variables import is_variable
from smgen.building.content import AddedStep
from smgen.contract_model import StepContract, Value, is_derived_tuning, python_identifier


def output_types(added: AddedStep, output: str, file: str | None = None) -> tuple[str, ...]:
    """The type of a step's output and those that it is a kind of, nearest first; a scalar type alone."""
    # Only the type is asked for, and composing the value might report what nobody reads.
    proxy = added.builder.__smgen_proxy__(replace(added.handle, composed=_nothing))
    value = proxy.__smgen_read__(attribute_name(output, file))
    if is_output(value):
        return _names(value.__smgen_artifact__)
    return (value.__smgen_type__,) if is_variable(value) else ()


def _names(artifact: type[Artifact]) -> tuple[str, ...]:
    """The names of an artifact class and of its bases, without the root of all of them."""
    return tuple(base.__name__ for base in artifact.__mro__ if issubclass(base, Artifact) and base is not Artifact)


def output_attribute(contract: StepContract, output: str, file: str | None) -> str:
    """What is written behind a step's variable for one of its outputs; of a tuning step its best job has them."""
    of_job = "best." if is_derived_tuning(contract) else ""
    return of_job + attribute_name(output, file)


def attribute_name(output: str, file: str | None) -> str:
    """The attribute of a proxy for an output, or for a file in it."""
    return python_identifier(file or output)


def _nothing(value: Value) -> None:
    """Instead of composing a value."""
