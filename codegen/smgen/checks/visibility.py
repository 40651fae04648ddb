"""What a step may refer to: branches and loop bodies hide what is inside them."""

from __future__ import annotations

from smgen.definition import Step, StepScope


def sees(reader: Step | None, step: Step) -> bool:
    """Whether a reader may refer to a step: all branches around the step are also around the reader."""
    if not step.scope:
        return True
    return reader is not None and reader.scope[: len(step.scope)] == step.scope


def hiding_scope(reader: Step | None, step: Step) -> StepScope | None:
    """The outermost branch that is around the step and not around the reader, None when the reader sees the step."""
    around = () if reader is None else reader.scope
    for level, scope in enumerate(step.scope):
        if around[level : level + 1] != (scope,):
            return scope
    return None


def exclude_each_other(one: Step, other: Step) -> bool:
    """Whether two steps never run in the same execution: they stand in the two branches of one condition."""
    for here, there in zip(one.scope, other.scope, strict=False):
        if here != there:
            return here.step == there.step
    return False
