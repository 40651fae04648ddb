"""The untyped values of a pipeline definition that are worked out when the pipeline runs, as frozen dataclasses.

The forms and member names are those that the SageMaker SDK emits (read in sagemaker 2.257.7 and sagemaker-core 2.27.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Scalar: TypeAlias = "bool | int | float | str | None"

JsonGetForm: TypeAlias = Literal["PropertyFile", "S3Uri"]
ComparisonType: TypeAlias = Literal["Equals", "GreaterThan", "GreaterThanOrEqualTo", "LessThan", "LessThanOrEqualTo"]
MIRRORED: Final[Mapping[ComparisonType, ComparisonType]] = {
    "Equals": "Equals",
    "GreaterThan": "LessThan",
    "GreaterThanOrEqualTo": "LessThanOrEqualTo",
    "LessThan": "GreaterThan",
    "LessThanOrEqualTo": "GreaterThanOrEqualTo",
}
"""The comparison that says the same with its sides exchanged."""
CONDITION_MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(MIRRORED, ("LeftValue", "RightValue")),
    "In": ("QueryValue", "Values"),
    "Not": ("Condition",),
    "Or": ("Conditions",),
}
"""The members of each type of condition beside `Type`; that of a Not may also be the second of NOT_MEMBERS."""
NotMember: TypeAlias = Literal["Condition", "Expression"]
NOT_MEMBERS: Final[tuple[NotMember, ...]] = ("Condition", "Expression")
"""The members under which a Not may have its condition; that of the SDKs first."""


@dataclass(frozen=True, slots=True)
class Get:
    """`{"Get": path}`: a parameter, an execution variable, a property of a step, or the item of a loop.

    `path` is the text as the definition has it, for instance `Steps.Train.ModelArtifacts.S3ModelArtifacts`.
    """

    path: str


@dataclass(frozen=True, slots=True)
class Join:
    """`{"Std:Join": {"On": on, "Values": [...]}}`: the values as text, with `on` between them."""

    on: str
    values: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class JsonGet:
    """`{"Std:JsonGet": {form: source, "Path": path}}`: one value of a JSON file that a step wrote.

    In the form `PropertyFile` the source is a Get of `Steps.<step>.PropertyFiles.<name>`; in the form `S3Uri` it is
    the location of the file (the SDK emits a Join there). Raises ValueError for a property file that is no Get.
    """

    source: Get | Join | str
    path: str
    form: JsonGetForm = "PropertyFile"

    def __post_init__(self) -> None:
        """Refuse what the definition format has no form for."""
        if self.form == "PropertyFile" and not isinstance(self.source, Get):
            raise ValueError('the source of a JsonGet is a Get, or a location with form="S3Uri"')


Expression: TypeAlias = "Get | Join | JsonGet"
Operand: TypeAlias = "Scalar | Expression"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`{"Type": type, "LeftValue": left, "RightValue": right}`."""

    type: ComparisonType
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class In:
    """`{"Type": "In", "QueryValue": query, "Values": [...]}`: true when the query equals one of the values."""

    query: Operand
    values: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """`{"Type": "Not", "Condition": {...}}`.

    Both SDKs emit the member `Condition`; `Expression` is kept where a definition has it, so that nothing is lost.
    """

    condition: Condition
    member: NotMember = "Condition"


@dataclass(frozen=True, slots=True)
class Or:
    """`{"Type": "Or", "Conditions": [...]}`: true when one of the conditions is."""

    conditions: tuple[Condition, ...]


Condition: TypeAlias = "Comparison | In | Not | Or"
