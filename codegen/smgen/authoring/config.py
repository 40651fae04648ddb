"""The base of generated config models: strict, frozen, and with messages that say what the contract allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, model_validator
from typing_extensions import Self

from smgen.authoring.loading import contract_of_module

if TYPE_CHECKING:
    from smgen.contract_model import StepContract


class StepConfig(BaseModel):
    """Settings, hyperparameters and environment variables of one step, as one flat model.

    Every value is either of its type or a variable of its type; nothing is converted. A wrong value raises
    :class:`~smgen.diagnostics.FindingsError` (SMG207), all wrong fields together. Where the contract's name is no
    Python name (``lambda``), a config made from a mapping takes either spelling, but not both.
    """

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="forbid",
        protected_namespaces=(),
        arbitrary_types_allowed=True,
        # JSON has no word for them.
        allow_inf_nan=False,
    )

    #: The contract that the model was generated from; None for a model written by hand.
    __smgen_contract__: ClassVar[StepContract | None] = None
    #: The fields that hold a list or a mapping.
    __smgen_collections__: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: object) -> None:
        """Keeps the contract of the module in which the class is defined; a class of one's own inherits it."""
        super().__pydantic_init_subclass__(**kwargs)
        cls.__smgen_collections__ = frozenset(
            name for name, field in cls.model_fields.items() if _holds_collection(field.annotation)
        )
        contract = contract_of_module(cls.__module__)
        if contract is not None:
            cls.__smgen_contract__ = contract

    @model_validator(mode="wrap")
    @classmethod
    def _report_findings(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        from smgen.authoring.config_checking import checked_config

        return checked_config(cls, cls.__smgen_contract__, cls.__smgen_collections__, data, handler)

    def model_copy(self, *, update: Mapping[str, object] | None = None, deep: bool = False) -> Self:
        """A copy with other values, which are checked as those of a new config are."""
        if update is None:
            return super().model_copy(deep=deep)
        from smgen.authoring.config_values import by_field

        given = {name: getattr(self, name) for name in type(self).model_fields if name in self.model_fields_set}
        return type(self).model_validate(given | by_field(type(self), self.__smgen_contract__, update)[0])


def _holds_collection(annotation: object) -> bool:
    """Whether a field takes a list or a mapping, besides None."""
    origin = get_origin(annotation)
    return origin in (Sequence, Mapping, list, dict) or (
        origin is not None and any(_holds_collection(part) for part in get_args(annotation))
    )
