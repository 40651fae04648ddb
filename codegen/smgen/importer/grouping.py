"""Puts steps together that one contract serves: they have one form, and differ in values only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from smgen.definition import Step
from smgen.expressions import as_expression
from smgen.importer.environment_values import Assigned
from smgen.importer.imported_pipeline import EnvironmentReference
from smgen.importer.shapes import StepLeaf, form, shape_at
from smgen.importer.step_reads import Reading

_SCRIPT: Final = re.compile(r"/([^/]+\.(?:py|sh|R|r|ipynb|jar|tar\.gz))\"?\Z")
_LAST: Final = re.compile(r"([^:/]+)\Z")
_FUNCTIONS: Final = ("FunctionArn", "SqsQueueUrl")


def grouped(reading: Reading, assigned: Assigned) -> tuple[tuple[Step, ...], ...]:
    """The steps with contracts, those of one form together, in the order of the first of each."""
    groups: dict[object, list[Step]] = {}
    for name, leaves in reading.leaves.items():
        step = reading.steps[name]
        marks = dict(_marks(step, leaves, reading, assigned))
        files = tuple((file.name, file.output, file.path) for file in step.property_files)
        groups.setdefault((form(step, leaves, marks), files), []).append(step)
    return tuple(tuple(members) for members in groups.values())


def _marks(step: Step, leaves: tuple[StepLeaf, ...], reading: Reading, assigned: Assigned) -> Iterator[tuple[str, str]]:
    """What some leaves are, whatever their value is."""
    for leaf in leaves:
        mark = _mark(step, leaf, reading, assigned)
        if mark is not None:
            yield leaf.pointer, mark


def _mark(step: Step, leaf: StepLeaf, reading: Reading, assigned: Assigned) -> str | None:
    if leaf.pointer in reading.raw:
        return f"raw {leaf.value!r}"
    default, known = assigned.defaults.get(leaf.pointer), assigned.values.get(leaf.pointer)
    text = leaf.value if isinstance(leaf.value, str) else ""
    if default is not None:
        return f"default {default}"
    if isinstance(known, EnvironmentReference) and known.kind == "image":
        # Two images are two algorithms, be it in one contract or another.
        return f"image {assigned.environments[0].images.get(known.name, known.name)}"
    if script := _SCRIPT.search(text):
        return f"file {script[1]}"
    if leaf.name in _FUNCTIONS and (last := _LAST.search(text)):
        return f"function {last[1]}"
    if leaf.is_expression and shape_at(step.type, leaf) is None:
        expression = as_expression(leaf.value)
        return f"a {(expression and reading.type_of(expression)) or 'String'}"
    return None if known is None else "a value of the environment"
