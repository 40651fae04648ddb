"""What the outputs of a tuning step are in the definition: those of one of its training jobs, and its own."""

from __future__ import annotations

from dataclasses import replace

from smgen.authoring.misuse import refuse
from smgen.authoring.output_expressions import output_expression
from smgen.authoring.step_handles import StepHandle
from smgen.contract_model import (
    MODEL_FILE,
    MODEL_FOLDER,
    JoinHole,
    LiteralValue,
    OutputPort,
    OutputSpec,
    of_rank,
    request_value,
)
from smgen.expressions import Expression, Join, Operand


def output_of_job(step: StepHandle, name: str, rank: int) -> Expression:
    """An output of the training contract, of the training job of a rank: 0 for the one with the best objective."""
    spec = of_rank(step.contract.output_ports[name].output_spec, rank)
    expression = _expression(step, spec)
    return _in_parts(expression, _model_below(step)) if _is_model(spec) else expression


def property_of_tuning(step: StepHandle, path: str) -> Expression:
    """A property of the tuning job itself."""
    return _expression(step, OutputSpec(path, "String", property_path=path))


def _expression(step: StepHandle, spec: OutputSpec) -> Expression:
    """An output of the step that its contract does not have."""
    port = OutputPort(spec.logical_name, spec)
    own = replace(step, contract=replace(step.contract, output_ports={port.name: port}))
    return output_expression(own, port.name)


def _is_model(spec: OutputSpec) -> bool:
    """Whether an output is the model, which lies below the place that the job writes to."""
    value = spec.value
    return isinstance(value, JoinHole) and value.values[-1] == LiteralValue(MODEL_FILE)


def _model_below(step: StepHandle) -> str:
    """What the model is called below the folder of its job: a file, or a folder where it is not packed."""
    compression = request_value(step.contract, "TrainingJobDefinition", "OutputDataConfig", "CompressionType")
    packed = None if compression is None else step.composed(compression)
    if packed is not None and not isinstance(packed, str):
        refuse(
            f'the model of the tuning step "{step.name}" was read, and whether it is packed is decided at the start',
            "give the compression of the model a fixed value: GZIP or NONE",
        )
    return MODEL_FOLDER if packed == "NONE" else MODEL_FILE


def _in_parts(location: Expression, file: str) -> Expression:
    """The location of a model as the SDK writes it: one join of the bucket, the prefix, the job's name and the file."""
    if not isinstance(location, Join) or not location.values:
        return location
    place, *job, _ = location.values
    if isinstance(place, str) and place.startswith("s3://"):
        bucket, _, prefix = place.removeprefix("s3://").rstrip("/").partition("/")
        parts: tuple[Operand, ...] = ("s3:/", bucket, prefix) if prefix else ("s3:/", bucket)
    else:
        parts = place.values if isinstance(place, Join) and place.on == "/" else (place,)
    return Join("/", (*parts, *job, file))
