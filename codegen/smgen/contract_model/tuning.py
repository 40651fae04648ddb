"""The contract of a tuning step, derived from the contract of the training step that it repeats.

A tuning job takes a training request with some members less: those of ``HyperParameterTrainingJobDefinition``. What
only watches or records a job is left out of it; a member without which the job would be another one forbids tuning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Final

from smgen.aws import tuning_kind
from smgen.contract_model.hole_names import hole_names
from smgen.contract_model.holes import (
    HyperparametersHole,
    JoinHole,
    LiteralValue,
    ObjectValue,
    PropertyHole,
    Value,
    walk,
)
from smgen.contract_model.json_reading import text
from smgen.contract_model.model import OutputPort, OutputSpec, ParameterSpec
from smgen.contract_model.request_editing import member
from smgen.contract_model.step_contract import StepContract
from smgen.contract_model.value_schema import ValueType

#: Members of a training request that a training job of a tuning job has too.
DEFINITION_MEMBERS: Final = (
    "AlgorithmSpecification",
    "CheckpointConfig",
    "EnableInterContainerTrafficEncryption",
    "EnableManagedSpotTraining",
    "EnableNetworkIsolation",
    "Environment",
    "InputDataConfig",
    "OutputDataConfig",
    "ResourceConfig",
    "RetryStrategy",
    "RoleArn",
    "StoppingCondition",
    "VpcConfig",
)
#: Members that only watch or record a job; a tuning job has none of them, and they are left out.
DROPPED_MEMBERS: Final = (
    "DebugHookConfig",
    "DebugRuleConfigurations",
    "ExperimentConfig",
    "InfraCheckConfig",
    "MlflowConfig",
    "ProfilerConfig",
    "ProfilerRuleConfigurations",
    "RemoteDebugConfig",
    "TensorBoardOutputConfig",
    "TrainingJobName",
)
#: Members without which the job would run elsewhere, with other rights, or leave something out.
FORBIDDING_MEMBERS: Final = ("ModelPackageConfig", "ServerlessJobConfig", "SessionChainingConfig")
#: Members of ``AlgorithmSpecification`` that a training job of a tuning job has too.
ALGORITHM_MEMBERS: Final = ("AlgorithmName", "MetricDefinitions", "TrainingImage", "TrainingInputMode")
#: Members of ``AlgorithmSpecification`` that only watch a job.
DROPPED_ALGORITHM_MEMBERS: Final = ("EnableSageMakerMetricsTimeSeries",)
#: Members of ``AlgorithmSpecification`` without which another program would run, or none.
FORBIDDING_ALGORITHM_MEMBERS: Final = ("ContainerArguments", "ContainerEntrypoint", "TrainingImageConfig")

#: The properties of a training job that a tuning job tells of each of its training jobs.
SUMMARY_PROPERTIES: Final = (
    "CreationTime",
    "FailureReason",
    "TrainingEndTime",
    "TrainingJobArn",
    "TrainingJobName",
    "TrainingJobStatus",
    "TrainingStartTime",
)
#: Where a training job says what it wrote, and where that lies below the place that its request names.
MODEL_PROPERTY: Final = "ModelArtifacts.S3ModelArtifacts"
MODEL_FILE: Final = "output/model.tar.gz"
#: The same for a job that does not pack its model.
MODEL_FOLDER: Final = "output/model/"

_SEARCHED_TYPES: Final[tuple[ValueType, ...]] = ("string", "integer", "number", "boolean")
_SUMMARY: Final = re.compile(r"^TrainingJobSummaries\[\d+\]\.")


def tunable_hyperparameters(contract: StepContract) -> Mapping[str, ParameterSpec]:
    """The hyperparameters that a tuning job can search: all but lists and maps."""
    found = contract.hyperparameters.items()
    return {name: spec for name, spec in found if spec.schema.type in _SEARCHED_TYPES}


def tuning_obstacles(contract: StepContract) -> tuple[str, ...]:
    """The members of the contract's request that a tuning job would need and cannot carry, as paths."""
    found = [name for name in FORBIDDING_MEMBERS if member(contract.request, name) is not None]
    specification = member(contract.request, "AlgorithmSpecification")
    found += [
        f"AlgorithmSpecification.{name}"
        for name in FORBIDDING_ALGORITHM_MEMBERS
        if specification is not None and any(member(part, name) is not None for part in walk(specification))
    ]
    return tuple(found)


def is_tunable(contract: StepContract) -> bool:
    """Whether a tuning step can be derived from the contract."""
    repeatable = tuning_kind(contract.kind).type != ""
    return repeatable and bool(tunable_hyperparameters(contract)) and not tuning_obstacles(contract)


def is_derived_tuning(contract: StepContract) -> bool:
    """Whether the contract is one that :func:`tuning_contract` made."""
    return tuning_kind(text(contract.document.get("kind"))).type == contract.kind


def tuning_contract(contract: StepContract, searched: Collection[str] = ()) -> StepContract:
    """The contract of a tuning step that repeats a training step and searches some of its hyperparameters.

    It has the training contract's ports, settings and document. Its outputs are those of the best training job, as far
    as a tuning job tells them. Its request has no ``HyperParameterTuningJobConfig``: that is no matter of a contract.
    """
    members = dict(contract.request.members) if isinstance(contract.request, ObjectValue) else {}
    definition = [(name, _in_definition(name, value)) for name, value in members.items() if name in DEFINITION_MEMBERS]
    if "HyperParameters" in members:
        definition.insert(0, ("StaticHyperParameters", members["HyperParameters"]))
    arguments: list[tuple[str, Value]] = [
        ("TrainingJobDefinition", ObjectValue(tuple(definition), contract.request.pointer))
    ]
    arguments += [(name, value) for name, value in members.items() if name == "Tags"]
    request = ObjectValue(tuple(arguments), contract.request.pointer)
    outputs = tuned_outputs(contract)
    composed = [port.output_spec.value for port in outputs.values() if port.output_spec.value is not None]
    used = hole_names(request, contract.step_fields, *composed).settings
    return replace(
        contract,
        kind=tuning_kind(contract.kind).type,
        output_ports=outputs,
        # What only a member that is left out asks for has no place, and so no type, in the request of a tuning job.
        settings={name: setting for name, setting in contract.settings.items() if name in used},
        hyperparameters={name: spec for name, spec in contract.hyperparameters.items() if name not in searched},
        request=request,
    )


def tuned_outputs(contract: StepContract) -> Mapping[str, OutputPort]:
    """The outputs of a training contract that a tuning job tells of each of its training jobs."""
    return {port.name: port for port in _output_ports(contract)}


def of_rank(output: OutputSpec, rank: int) -> OutputSpec:
    """An output of a derived contract for the training job of a rank, 0 for the best."""
    path = output.property_path
    return replace(
        output,
        property_path=None if path is None else _SUMMARY.sub(_summary(rank), path),
        value=None if output.value is None else _with_rank(output.value, rank),
    )


def request_value(contract: StepContract, *path: str) -> Value | None:
    """What stands at a place of a contract's request; None where it stands in another form than plain objects."""
    return member(contract.request, *path)


def hyperparameter_form(contract: StepContract) -> str:
    """How the request writes hyperparameters: ``text`` or ``json``."""
    return next((value.form for value in walk(contract.request) if isinstance(value, HyperparametersHole)), "text")


def _in_definition(name: str, value: Value) -> Value:
    """A member of a training request as a training job of a tuning job has it."""
    if name != "AlgorithmSpecification" or not isinstance(value, ObjectValue):
        return value
    kept = tuple((key, member) for key, member in value.members if key not in DROPPED_ALGORITHM_MEMBERS)
    return ObjectValue(kept, value.pointer)


def _output_ports(contract: StepContract) -> tuple[OutputPort, ...]:
    found: list[OutputPort] = []
    location = request_value(contract, "OutputDataConfig", "S3OutputPath")
    for port in contract.output_ports.values():
        spec = port.output_spec
        path: str | None = None
        value: Value | None = None
        if spec.property_path in SUMMARY_PROPERTIES:
            path = f"{_summary(0)}{spec.property_path}"
        elif spec.property_path == MODEL_PROPERTY and location is not None:
            job = PropertyHole(f"{_summary(0)}TrainingJobName", port.pointer)
            value = JoinHole((location, job, LiteralValue(MODEL_FILE, port.pointer)), "/", port.pointer)
        elif spec.value is not None and _is_told(spec.value):
            value = _in_summary(spec.value)
        if path is not None or value is not None:
            found.append(replace(port, output_spec=replace(spec, property_path=path, value=value, files=())))
    return tuple(found)


def _is_told(value: Value) -> bool:
    """Whether every property that a composed output reads is one that a tuning job tells."""
    paths = [part.path.removeprefix("properties.") for part in walk(value) if isinstance(part, PropertyHole)]
    return all(path in SUMMARY_PROPERTIES for path in paths)


def _summary(rank: int) -> str:
    return f"TrainingJobSummaries[{rank}]."


def _in_summary(value: Value) -> Value:
    return _with_paths(value, lambda path: f"{_summary(0)}{path.removeprefix('properties.')}")


def _with_rank(value: Value, rank: int) -> Value:
    return _with_paths(value, lambda path: _SUMMARY.sub(_summary(rank), path))


def _with_paths(value: Value, change: Callable[[str], str]) -> Value:
    """The value with the path of every property in it changed."""
    if isinstance(value, PropertyHole):
        return replace(value, path=change(value.path))
    return value.rebuilt(lambda part: _with_paths(part, change))
