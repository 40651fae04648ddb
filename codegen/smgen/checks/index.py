"""A definition made ready for rules: every expression with its place, its owner and what it refers to, found once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from smgen.definition import Definition, Step
from smgen.expressions import Expression, Target


@dataclass(frozen=True, slots=True)
class Use:
    """One expression in a definition.

    ``step`` is the innermost step in whose own arguments or fields it stands (for an expression inside a branch that
    is the step of the branch, not the condition); None at the top of the definition. ``target`` is what a Get refers
    to, None for a Join or a JsonGet. ``outer`` is the expression directly around it.
    """

    pointer: str
    expression: Expression
    target: Target | None
    step: Step | None
    outer: Expression | None


@dataclass(frozen=True, slots=True)
class DefinitionIndex:
    """A definition with its steps in order, the first step of each name, and every expression in document order."""

    definition: Definition
    steps: tuple[Step, ...]
    by_name: Mapping[str, Step]
    uses: tuple[Use, ...]
