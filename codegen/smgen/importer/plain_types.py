"""The types of plain values: what definitions call those of parameters, and Python's and JSON Schema's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, get_args

ParameterType: TypeAlias = Literal["String", "Integer", "Float", "Boolean"]
PythonType: TypeAlias = Literal["str", "int", "float", "bool"]

PARAMETER_TYPES: Final[tuple[ParameterType, ...]] = get_args(ParameterType)
PYTHON_TYPES: Final[Mapping[str, PythonType]] = dict(zip(PARAMETER_TYPES, get_args(PythonType), strict=True))
JSON_TYPES: Final[Mapping[str, str]] = dict(
    zip(PARAMETER_TYPES, ("string", "integer", "number", "boolean"), strict=True)
)
OF_PYTHON: Final[Mapping[PythonType, ParameterType]] = {PYTHON_TYPES[kind]: kind for kind in PARAMETER_TYPES}
OF_JSON: Final[Mapping[str, ParameterType]] = {JSON_TYPES[kind]: kind for kind in PARAMETER_TYPES}


def parameter_type(name: object) -> ParameterType | None:
    """The type of a parameter of that name; None for any other value."""
    return next((kind for kind in PARAMETER_TYPES if kind == name), None)
