"""What an expression stands for before the pipeline runs: its type, and its value where a default decides it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from smgen.aws import STEP_KINDS, Leaf, LeafType, property_leaf, service_model
from smgen.definition import Definition, Parameter, Step
from smgen.documents import list_at, text_at
from smgen.expressions import (
    CurrentItemReference,
    ExecutionReference,
    Expression,
    Get,
    IterationOutputReference,
    Join,
    JsonGet,
    ParameterReference,
    Scalar,
    StepReference,
    Value,
    target,
)

_PARAMETER_TYPES: Final[Mapping[str, LeafType]] = {
    "String": "String",
    "Integer": "Integer",
    "Float": "Float",
    "Boolean": "Boolean",
}
_LONGEST_DEFAULT: Final = 4_096
"""Longer defaults are not joined: nothing that is looked at is so long, and many references to one would be."""
_TIMES: Final = ("StartDateTime", "CurrentDateTime")
_OUTPUT_PARAMETER: Final = re.compile(r"""OutputParameters\[(['"])(.+)\1\]""")

# What another tool fills in before the definition is used: Terraform and Fn::Sub, CloudFormation's dynamic
# references and Jinja, and the placeholders of people.
_PLACEHOLDER: Final = re.compile(r"\$\{[^{}]*\}|\{\{|<[A-Z][A-Z0-9_]*(?::[^<>]*)?>")


def has_placeholder(text: str) -> bool:
    """Whether a text is a template of which another tool fills in a part, such as `${RoleArn}` or `<ROLE_ARN>`."""
    return _PLACEHOLDER.search(text) is not None


def step_reference(value: Value) -> StepReference | None:
    """The property of a step that a value is a reference to; None for anything else."""
    to = target(value) if isinstance(value, Get) else None
    return to if isinstance(to, StepReference) else None


@dataclass(frozen=True, slots=True)
class ExpressionValues:
    """The types and default values of one definition's expressions; what was worked out once is kept."""

    parameters: Mapping[str, Parameter]
    steps: Mapping[str, Step]
    _leaves: dict[tuple[str, str], LeafType | None] = field(default_factory=dict[tuple[str, str], LeafType | None])
    _outputs: dict[str, Mapping[str, LeafType]] = field(default_factory=dict[str, Mapping[str, LeafType]])

    @staticmethod
    def of(definition: Definition, steps: Mapping[str, Step]) -> ExpressionValues:
        """Those of a definition, whose first step of each name is in `steps`."""
        parameters: dict[str, Parameter] = {}
        for parameter in definition.parameters:
            parameters.setdefault(parameter.name, parameter)
        return ExpressionValues(parameters, steps)

    def type(self, expression: Expression) -> LeafType | None:
        """The type of the value; `Any` where it may be any scalar, None where nothing is known of it.

        None are the references to what does not exist, which other rules report, and the items of a loop, which may
        be objects too.
        """
        if isinstance(expression, Join):
            return "String"
        if isinstance(expression, JsonGet):
            return "Any"
        to = target(expression)
        if isinstance(to, ParameterReference):
            parameter = self.parameters.get(to.name)
            return None if parameter is None else _PARAMETER_TYPES.get(parameter.type)
        if isinstance(to, ExecutionReference):
            return "Timestamp" if to.variable in _TIMES else "String"
        if isinstance(to, StepReference):
            step = self.steps.get(to.step)
            return None if step is None else self._property_type(step, to.path)
        if isinstance(to, (CurrentItemReference, IterationOutputReference)):
            return None
        return None

    def parameter(self, value: Value) -> Parameter | None:
        """The declared parameter that a value is, if it is a reference to one."""
        to = target(value) if isinstance(value, Get) else None
        return self.parameters.get(to.name) if isinstance(to, ParameterReference) else None

    def default(self, value: Value) -> Scalar:
        """A value as it is when the pipeline is started without parameters; None where that is not known.

        A parameter is its default, a Join of known scalars is their text; of lists and objects nothing is known.
        """
        # The depth of expressions is bounded when they are read.
        if isinstance(value, Join):
            parts = [self.default(item) for item in value.values]
            texts = [str(part) for part in parts if isinstance(part, (str, int, float)) and not isinstance(part, bool)]
            too_long = any(isinstance(part, str) and len(part) > _LONGEST_DEFAULT for part in parts)
            return None if too_long or len(texts) < len(parts) else value.on.join(texts)
        parameter = self.parameter(value)
        found = value if parameter is None else parameter.default
        return found if isinstance(found, (bool, int, float, str)) else None

    def is_location(self, value: Value) -> bool:
        """Whether a value is a reference to a property that is a location in Amazon S3."""
        to = step_reference(value)
        step = None if to is None else self.steps.get(to.step)
        if to is None or step is None:
            return False
        leaf = property_leaf(step.type, to.path)
        pattern = service_model().shape(leaf.shape).pattern if isinstance(leaf, Leaf) and leaf.shape else None
        return pattern is not None and pattern.startswith("(https|s3)://")

    def _property_type(self, step: Step, path: str) -> LeafType | None:
        row = STEP_KINDS.get(step.type)
        if row is None:
            return None
        if "pipelines.OutputParametersProperties" in row.response:
            found = _OUTPUT_PARAMETER.fullmatch(path)
            return None if found is None else self._declared_outputs(step).get(found[2])
        key = (step.type, path)
        if key not in self._leaves:
            leaf = property_leaf(step.type, path)
            self._leaves[key] = leaf.type if isinstance(leaf, Leaf) else None
        return self._leaves[key]

    def _declared_outputs(self, step: Step) -> Mapping[str, LeafType]:
        """The types of the `OutputParameters` that a Lambda or Callback step declares."""
        if step.pointer not in self._outputs:
            declared: dict[str, LeafType] = {}
            for item in list_at(step.fields, "OutputParameters"):
                name, kind = text_at(item, "OutputName"), text_at(item, "OutputType")
                if name is not None and kind is not None and kind in _PARAMETER_TYPES:
                    declared.setdefault(name, _PARAMETER_TYPES[kind])
            self._outputs[step.pointer] = declared
        return self._outputs[step.pointer]
