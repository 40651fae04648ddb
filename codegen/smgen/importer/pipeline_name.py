"""Finds a pipeline's name in its definition, which has no member for it."""

from __future__ import annotations

from smgen.definition import Definition
from smgen.documents import JsonValue

_EXECUTION: JsonValue = {"Get": "Execution.PipelineExecutionId"}


def name_in(definition: Definition) -> str | None:
    """The pipeline's name as the SDK writes it into the default locations of outputs; None where none says it.

    Such a location is ``s3:/``, the bucket, the pipeline, the execution, the step and ``output`` with slashes between.
    """
    names: set[str] = set()
    for step in definition.all_steps():
        todo: list[JsonValue] = [step.arguments] if not step.branches else []
        while todo:
            value = todo.pop()
            if isinstance(value, list):
                todo += value
            elif isinstance(value, dict):
                join = value.get("Std:Join")
                values = join.get("Values") if isinstance(join, dict) else None
                name = _named(values, step.name) if isinstance(values, list) else None
                if name is not None:
                    names.add(name)
                todo += value.values()
    return names.pop() if len(names) == 1 else None


def _named(values: list[JsonValue], step: str) -> str | None:
    if len(values) < 6 or values[0] != "s3:/" or values[3:6] != [_EXECUTION, step, "output"]:
        return None
    return values[2] if isinstance(values[2], str) else None
