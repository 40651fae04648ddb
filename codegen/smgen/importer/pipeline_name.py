"""Finds a pipeline's name in its definition, which has no member for it."""

from __future__ import annotations

import re
from typing import Final

from smgen.definition import Definition
from smgen.documents import JsonValue, list_at, walk

_CODE: Final = re.compile(r"\"?s3://[^/]+/([A-Za-z0-9](?:-*[A-Za-z0-9]){0,255})/code/(?:[0-9a-f]{32}|[0-9a-f]{64})/")
_EXECUTION: JsonValue = {"Get": "Execution.PipelineExecutionId"}


def name_in(definition: Definition) -> str | None:
    """The pipeline's name as the SDK writes it into the default locations; None where none says it, or several differ.

    An output lies at ``s3:/``, the bucket, the pipeline, the execution, the step and ``output`` with slashes between;
    code at ``s3://<bucket>/<pipeline>/code/<hash>/``.
    """
    outputs: set[str] = set()
    code: set[str] = set()
    for step in definition.all_steps():
        for _, value in walk({} if step.branches else step.arguments):
            name = _named(list_at(value, "Std:Join", "Values"), step.name)
            if name is not None:
                outputs.add(name)
            if isinstance(value, str) and (found := _CODE.match(value)):
                code.add(found[1])
    names = outputs or code
    return names.pop() if len(names) == 1 else None


def _named(values: list[JsonValue], step: str) -> str | None:
    if len(values) < 6 or values[0] != "s3:/" or values[3:6] != [_EXECUTION, step, "output"]:
        return None
    return values[2] if isinstance(values[2], str) else None
