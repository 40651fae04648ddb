"""Classes that a generated package would hold, made when the program runs: artifact types and configs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import GenericAlias, new_class
from typing import Annotated, Any, Final, Literal

from pydantic import Field, create_model

from smgen.authoring.config import StepConfig
from smgen.authoring.references import Artifact
from smgen.authoring.variables import PYTHON_TYPES, Variable
from smgen.contract_model import (
    VARIABLE_OF_JSON,
    ArtifactTypes,
    ConfigField,
    StepContract,
    ValueSchema,
    config_fields,
    config_limits,
)

#: JSON Schema's words for limits, as pydantic has them.
_LIMITS: Final = {
    "minimum": "ge",
    "maximum": "le",
    "exclusiveMinimum": "gt",
    "exclusiveMaximum": "lt",
    "multipleOf": "multiple_of",
    "minLength": "min_length",
    "maxLength": "max_length",
    "pattern": "pattern",
    "minItems": "min_length",
    "maxItems": "max_length",
    "minProperties": "min_length",
    "maxProperties": "max_length",
}


class ArtifactClasses:
    """The artifact types of a registry as classes, each made when it is first asked for.

    They are classes of their own also where a generated package has classes of these names. Types are compared by
    name along the hierarchy, so references of both kinds mix; and nothing has to be generated, imported, or found on
    the path, to use a contract.
    """

    def __init__(self, types: ArtifactTypes) -> None:
        """``types`` with their parents."""
        self._types = types
        self._classes: dict[str, type[Artifact]] = {}

    def of(self, name: str) -> type[Artifact]:
        """The class of a type; one that the registry does not declare is a kind of nothing but itself."""
        if name not in self._classes:
            declared = self._types.get(name)
            parent = Artifact if declared is None or declared.parent is None else self.of(declared.parent)
            description = "" if declared is None else declared.description
            self._classes[name] = new_class(
                name, (parent,), exec_body=lambda body: body.update(__doc__=description or None, __module__=__name__)
            )
        return self._classes[name]


def config_class(contract: StepContract) -> type[StepConfig]:
    """The config model of a contract: the same fields, limits and messages as those of the generated one.

    Raises FindingsError (SMG116, SMG117) for a contract whose settings have no type, which ``read_contracts`` refuses.
    """
    # A type that is made when the program runs is Any to a type checker, here and below.
    fields: dict[str, Any] = {item.name: _definition(item) for item in config_fields(contract)}
    text = f"Hyperparameters, settings and environment variables of {contract.name}."
    made = create_model(f"{contract.name}Config", __base__=StepConfig, __module__=__name__, __doc__=text, **fields)
    made.__smgen_contract__ = contract
    return made


def _definition(item: ConfigField) -> tuple[Any, object]:
    """The type of a field, and its default or that it has none."""
    annotation = _annotation(item.schema)
    if item.required:
        return annotation, ...
    return (annotation, item.default) if item.default is not None else (annotation | None, None)


def _annotation(schema: ValueSchema) -> Any:
    """A value or a variable of its type; in lists and maps, that of each element."""
    limits: dict[str, Any] = {_LIMITS[key]: value for key, value in config_limits(schema).items() if key in _LIMITS}
    if schema.element is not None:
        element = _annotation(schema.element)
        container: Any = (
            GenericAlias(Sequence, (element,)) if schema.type == "array" else GenericAlias(Mapping, (str, element))
        )
        return Annotated[container, Field(**limits)]
    python: Any = PYTHON_TYPES[VARIABLE_OF_JSON[schema.type]]
    if schema.enum is not None and schema.type != "number":
        value: Any = Literal[schema.enum]
    else:
        value = Annotated[python, Field(**limits)]
    return value | Variable[python]
