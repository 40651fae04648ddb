"""Puts steps together that one contract serves: they have one form, and differ in values only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from smgen.definition import Step
from smgen.expressions import as_expression
from smgen.importer.environment_values import Assigned
from smgen.importer.model import EnvironmentReference
from smgen.importer.reading import Reading
from smgen.importer.shapes import Leaf, form, shape_at

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


def _marks(step: Step, leaves: tuple[Leaf, ...], reading: Reading, assigned: Assigned) -> Iterator[tuple[str, str]]:
    """What some leaves are, whatever their value is."""
    environments: Mapping[str, str] = {}
    for environment in assigned.environments[:1]:
        environments = environment.images
    for leaf in leaves:
        default = assigned.defaults.get(leaf.pointer)
        known = assigned.values.get(leaf.pointer)
        if default is not None:
            yield leaf.pointer, f"default {default}"
        elif isinstance(known, EnvironmentReference) and known.kind == "image":
            # Two images are two algorithms, be it in one contract or another.
            yield leaf.pointer, f"image {environments.get(known.name, known.name)}"
        elif isinstance(leaf.value, str) and (script := _SCRIPT.search(leaf.value)):
            yield leaf.pointer, f"file {script[1]}"
        elif isinstance(leaf.value, str) and leaf.name in _FUNCTIONS and (last := _LAST.search(leaf.value)):
            yield leaf.pointer, f"function {last[1]}"
        elif leaf.is_expression and shape_at(step.type, leaf) is None:
            expression = as_expression(leaf.value)
            kind = None if expression is None else reading.type_of(expression)
            yield leaf.pointer, f"a {kind or 'String'}"
        elif known is not None:
            yield leaf.pointer, "a value of the environment"
