"""Where steps read from and write to in Amazon S3, as texts in which expressions stand for themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from smgen.aws import PathProblem, parse_property_path
from smgen.definition import Step
from smgen.documents import JsonValue, append_pointer, canonical_json
from smgen.expressions import Expression, Get, Join, Operand, parse_expression, to_json

_LONGEST: Final = 4_096
"""The longest location that is compared, in characters; AWS's own limit is 1,024."""

_MARK: Final = "\x00"
"""Stands before and behind an expression inside a location; no S3 location has it."""

_MOST_INNER: Final = 60
"""How deep Joins within Joins are followed."""

EACH: Final = "*"
"""In a path of the tables: every item of a list, every member of an object."""


@dataclass(frozen=True, slots=True)
class Read:
    """A place that a step reads, or (`given`) that it is told of in its arguments."""

    step: Step
    location: str
    pointer: str
    given: bool


@dataclass(frozen=True, slots=True)
class Write:
    """A place that a step writes: directly, or (`below_job`) in a folder below it that is named like the job.

    `what` names it among what the step writes; `output` is the name of a processing output; `is_location` says that
    one of the step's properties is the location itself.
    """

    step: Step
    location: str
    pointer: str
    what: str
    below_job: bool
    is_location: bool
    output: str | None
    known_properties: tuple[str, ...]

    @property
    def properties(self) -> tuple[str, ...]:
        """The paths of the properties through which others read it."""
        if self.output is None or not self.is_location:
            return self.known_properties
        own = f"ProcessingOutputConfig.Outputs['{self.output}'].S3Output.S3Uri"
        return () if isinstance(parse_property_path(own), PathProblem) else (own,)


_MODEL_DATA: Final = (
    ("ModelDataUrl",),
    ("ModelDataSource", "S3DataSource", "S3Uri"),
    ("AdditionalModelDataSources", EACH, "S3DataSource", "S3Uri"),
)
_CHANNELS: Final = ("InputDataConfig", EACH, "DataSource", "S3DataSource", "S3Uri")
_PROCESSING_INPUTS: Final = (("ProcessingInputs", EACH, "S3Input", "S3Uri"),)
_INFERENCE: Final = (
    ("InferenceSpecification", "Containers", EACH),
    ("AdditionalInferenceSpecifications", EACH, "Containers", EACH),
)

READS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "Processing": _PROCESSING_INPUTS,
    "QualityCheck": _PROCESSING_INPUTS,
    "ClarifyCheck": _PROCESSING_INPUTS,
    "Training": (_CHANNELS,),
    "Tuning": (
        ("TrainingJobDefinition", *_CHANNELS),
        ("TrainingJobDefinitions", EACH, *_CHANNELS),
    ),
    "AutoML": (_CHANNELS,),
    "Transform": (("TransformInput", "DataSource", "S3DataSource", "S3Uri"),),
    "Model": (
        *(("PrimaryContainer", *path) for path in _MODEL_DATA),
        *(("Containers", EACH, *path) for path in _MODEL_DATA),
    ),
    "RegisterModel": (
        *((*holder, *path) for holder in _INFERENCE for path in _MODEL_DATA),
        ("ModelMetrics", EACH, EACH, "S3Uri"),
        ("DriftCheckBaselines", EACH, EACH, "S3Uri"),
        ("SourceAlgorithmSpecification", "SourceAlgorithms", EACH, "ModelDataUrl"),
        ("SamplePayloadUrl",),
    ),
}
"""What the service itself reads, as paths in `Arguments` by step kind."""

READ_FIELDS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "QualityCheck": (("SuppliedBaselineStatistics",), ("SuppliedBaselineConstraints",)),
    "ClarifyCheck": (("SuppliedBaselineConstraints",),),
}
"""The same beside `Arguments`."""

TOLD: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "Processing": (("AppSpecification", "ContainerArguments", EACH),),
    "Training": (("AlgorithmSpecification", "ContainerArguments", EACH),),
    "Lambda": ((EACH,),),
    "Callback": ((EACH,),),
    "EMR": (("StepConfig", "HadoopJarStep", "Args", EACH),),
    "EMRServerless": (("JobConfig", "jobDriver", "sparkSubmit", "entryPointArguments", EACH),),
}
"""Arguments of users' own code: a location in them that another step writes is read, or the name says nothing."""

_OUTPUTS: Final = ("ProcessingOutputConfig", "Outputs", EACH, "S3Output", "S3Uri")
_BASELINES: Final = ("CalculatedBaselineStatistics", "CalculatedBaselineConstraints")


@dataclass(frozen=True, slots=True)
class _Written:
    path: tuple[str, ...]
    what: str
    properties: tuple[str, ...]
    below_job: bool = False
    is_location: bool = False


WRITES: Final[Mapping[str, tuple[_Written, ...]]] = {
    "Processing": (_Written(_OUTPUTS, "output", (), is_location=True),),
    "QualityCheck": (_Written(_OUTPUTS, "output", _BASELINES),),
    "ClarifyCheck": (_Written(_OUTPUTS, "output", _BASELINES[1:]),),
    "Training": (
        _Written(("OutputDataConfig", "S3OutputPath"), "model", ("ModelArtifacts.S3ModelArtifacts",), below_job=True),
    ),
    "Tuning": (
        _Written(
            ("TrainingJobDefinition", "OutputDataConfig", "S3OutputPath"),
            "models",
            ("BestTrainingJob.TrainingJobName",),
            below_job=True,
        ),
        _Written(
            ("TrainingJobDefinitions", EACH, "OutputDataConfig", "S3OutputPath"),
            "models",
            ("BestTrainingJob.TrainingJobName",),
            below_job=True,
        ),
    ),
    "AutoML": (
        _Written(
            ("OutputDataConfig", "S3OutputPath"),
            "candidates",
            ("BestCandidate.InferenceContainers[0].ModelDataUrl",),
            below_job=True,
        ),
    ),
    "Transform": (
        _Written(
            ("TransformOutput", "S3OutputPath"), "predictions", ("TransformOutput.S3OutputPath",), is_location=True
        ),
    ),
}
"""What steps write, as paths in `Arguments`. Debugger, profiler, checkpoint and log places are no data of others."""


def reads_of(step: Step) -> Iterator[Read]:
    """Every location that a step reads or is told of, in its kind's order."""
    arguments = append_pointer(step.pointer, "Arguments")
    rows = (
        (step.arguments, arguments, READS, False),
        (step.fields, step.pointer, READ_FIELDS, False),
        (step.arguments, arguments, TOLD, True),
    )
    for holder, pointer, table, given in rows:
        for path in table.get(step.type, ()):
            for at, value in values_at(holder, pointer, path):
                location = symbolic_location(value)
                if location is not None:
                    yield Read(step, location, at, given)


def writes_of(step: Step) -> Iterator[Write]:
    """Every location that a step writes."""
    arguments = append_pointer(step.pointer, "Arguments")
    for row in WRITES.get(step.type, ()):
        for at, value in values_at(step.arguments, arguments, row.path):
            location = symbolic_location(value)
            if location is None or _is_bucket(location):
                continue
            name = _output_name(step, at) if row.path == _OUTPUTS else None
            what = f"output {name}" if name else row.what
            yield Write(step, location, at, what, row.below_job, row.is_location, name or None, row.properties)


def values_at(holder: JsonValue, pointer: str, path: tuple[str, ...]) -> Iterator[tuple[str, JsonValue]]:
    """The values at a path, with their pointers, in the order of the document."""
    found: list[tuple[str, JsonValue]] = [(pointer, holder)]
    for part in path:
        below: list[tuple[str, JsonValue]] = []
        for at, here in found:
            if isinstance(here, dict):
                keys = list(here) if part == EACH else [part] if part in here else []
                below.extend((append_pointer(at, key), here[key]) for key in keys)
            elif isinstance(here, list) and part == EACH:
                below.extend((append_pointer(at, number), item) for number, item in enumerate(here))
        found = below
    yield from found


def symbolic_location(value: JsonValue) -> str | None:
    """A location as text without a slash at its end, expressions standing for themselves; None for what is none."""
    if isinstance(value, str):
        text: str | None = None if _MARK in value else value
    elif isinstance(value, dict):
        expression = parse_expression(value)
        text = None if expression is None else _symbolic(expression, _MOST_INNER)
    else:
        return None
    return None if text is None else _normal(text)


def location_of(value: Operand) -> str | None:
    """The same for what is already an expression or a plain value."""
    text = value if isinstance(value, str) else _symbolic(value, _MOST_INNER) if _is_expression(value) else None
    return None if text is None or (isinstance(value, str) and _MARK in value) else _normal(text)


def _is_expression(value: Operand) -> bool:
    return value is not None and not isinstance(value, (str, int, float))


def _normal(text: str) -> str | None:
    for scheme in ("s3a://", "s3n://"):
        if text.startswith(scheme):
            text = "s3://" + text[len(scheme) :]
    text = text.rstrip("/")
    if len(text) > _LONGEST or not text.startswith(("s3://", _MARK)):
        return None
    return text


def shown(location: str) -> str:
    """A location for people: expressions in braces."""
    pieces = location.split(_MARK)
    return "".join(piece if number % 2 == 0 else f"{{{piece}}}" for number, piece in enumerate(pieces))


def prefixes(location: str) -> Iterator[str]:
    """The location and everything above it, at the borders of path segments, longest first."""
    here = location
    while here:
        yield here
        here = here.rpartition("/")[0]


def is_fixed(location: str) -> bool:
    """Whether a location is the same in every execution."""
    return _MARK not in location


def is_of_execution(location: str) -> bool:
    """Whether a location holds something that tells executions apart."""
    return any(
        f"{_MARK}Execution.{name}{_MARK}" in location
        for name in ("PipelineExecutionId", "PipelineExecutionArn", "StartDateTime", "CurrentDateTime")
    )


def with_rest(reference: str, rest: str) -> str:
    """The JSON of a location `rest` below the one that a property holds."""
    if not rest:
        return canonical_json({"Get": reference})
    values: list[JsonValue] = [{"Get": reference}]
    for number, piece in enumerate(rest.split(_MARK)):
        if number % 2:
            values.append({"Get": piece})
        elif piece:
            values.append(piece)
    if len(values) == 2:
        return canonical_json({"Std:Join": {"On": "/", "Values": values}})
    return canonical_json({"Std:Join": {"On": "", "Values": [values[0], "/", *values[1:]]}})


def _symbolic(expression: Operand, depth: int) -> str | None:
    if isinstance(expression, bool) or expression is None:
        return None
    if isinstance(expression, str):
        return None if _MARK in expression else expression
    if isinstance(expression, (int, float)):
        return str(expression)
    if isinstance(expression, Get):
        return None if _MARK in expression.path else f"{_MARK}{expression.path}{_MARK}"
    if isinstance(expression, Join):
        return _joined(expression, depth)
    return f"{_MARK}{canonical_json(_plain(expression))}{_MARK}"


def _joined(join: Join, depth: int) -> str | None:
    if depth == 0 or _MARK in join.on:
        return None
    pieces: list[str] = []
    for value in join.values:
        piece = _symbolic(value, depth - 1)
        if piece is None:
            return None
        pieces.append(piece)
    return join.on.join(pieces)


def _plain(expression: Expression) -> JsonValue:
    return to_json(expression)


def _is_bucket(location: str) -> bool:
    """A whole bucket is no place of one step: everything in it would be."""
    return location.startswith("s3://") and "/" not in location[len("s3://") :]


def _output_name(step: Step, at: str) -> str | None:
    number = int(at.split("/")[-3])
    config = step.arguments.get("ProcessingOutputConfig")
    outputs = config.get("Outputs") if isinstance(config, dict) else None
    item = outputs[number] if isinstance(outputs, list) else None
    name = item.get("OutputName") if isinstance(item, dict) else None
    return name if isinstance(name, str) else None
