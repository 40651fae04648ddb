"""The ranges of hyperparameters that a tuning searches: from and to, values to try, or what Autotune starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

from smgen.authoring.variables import Variable

T = TypeVar("T")

#: How a range is searched. Logarithmic needs a lowest value above 0, ReverseLogarithmic a range within 0 <= x < 1.
Scaling: TypeAlias = Literal["Auto", "Linear", "Logarithmic", "ReverseLogarithmic"]


@dataclass(frozen=True, slots=True)
class IntegerRange:
    """Every whole number from ``low`` to ``high``, both included (``IntegerParameterRange``)."""

    low: int | Variable[int]
    high: int | Variable[int]
    scaling: Scaling | Variable[str] = "Auto"


@dataclass(frozen=True, slots=True)
class ContinuousRange:
    """Every number from ``low`` to ``high`` (``ContinuousParameterRange``)."""

    low: float | Variable[float]
    high: float | Variable[float]
    scaling: Scaling | Variable[str] = "Auto"


@dataclass(frozen=True, slots=True)
class AutoRange:
    """A range that Autotune chooses around an example value (``AutoParameter``); it turns Autotune on."""

    hint: str | float | bool | Variable[str] | Variable[float] | Variable[bool]


#: What is searched of a whole number: ``(low, high)`` or an IntegerRange; a list is the values to try.
IntegerSearch: TypeAlias = (
    IntegerRange | tuple[int | Variable[int], int | Variable[int]] | list[int | Variable[int]] | AutoRange
)
#: What is searched of a number: ``(low, high)`` or a ContinuousRange; a list is the values to try.
NumberSearch: TypeAlias = (
    ContinuousRange
    | tuple[float | Variable[float], float | Variable[float]]
    | list[float | Variable[float]]
    | AutoRange
)
#: The texts to try; the type argument says which there are.
TextSearch: TypeAlias = list[T | Variable[str]] | AutoRange
#: The truth values to try.
BooleanSearch: TypeAlias = list[bool | Variable[bool]] | AutoRange
