"""The base of generated config models: strict, frozen, and with messages that say what the contract allows."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, TypeAlias, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator
from typing_extensions import Self

from smgen.contracts import (
    CONFIG_ATTRIBUTES,
    StepContract,
    is_tunable,
    python_identifier,
    tunable_hyperparameters,
)
from smgen.diagnostics import Finding, FindingsError, Place
from smgen.runtime.loading import contract_of_module
from smgen.runtime.missing_values import without_stand_ins
from smgen.runtime.misuse import items_of, shown
from smgen.runtime.places import user_place
from smgen.runtime.variables import TUNED, Variable

#: A value of a config field as a step document takes it.
ConfigValue: TypeAlias = (
    "str | int | float | bool | Variable[object] | list[ConfigValue] | dict[str, ConfigValue] | None"
)


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
        contract = cls.__smgen_contract__
        findings: list[Finding] = []
        if isinstance(data, Mapping):
            # Keys that are no texts are pydantic's to refuse.
            given = cast("Mapping[str, object]", data)
            named, findings = _by_field(cls, given, contract)
            data = {
                name: without_stand_ins(_copied(value) if name in cls.__smgen_collections__ else value)
                for name, value in named.items()
            }
        try:
            config = handler(data)
        except ValidationError as error:
            from smgen.runtime.config_findings import config_findings

            names = _spellings(contract)
            fields = {field: names.get(field, field) for field in cls.model_fields}
            findings += config_findings(cls.__name__, fields, contract, error, user_place())
        else:
            if isinstance(data, dict):
                # The handler has refused keys that are no texts.
                findings += _converted(config, cast("dict[str, object]", data))
                _keep_whole_numbers(config, cast("dict[str, object]", data))
                findings += _misplaced_marks(cls, cast("dict[str, object]", data), contract)
            if not findings:
                return config
        raise FindingsError(findings) from None

    def model_copy(self, *, update: Mapping[str, object] | None = None, deep: bool = False) -> Self:
        """A copy with other values, which are checked as those of a new config are."""
        if update is None:
            return super().model_copy(deep=deep)
        given = {name: getattr(self, name) for name in type(self).model_fields if name in self.model_fields_set}
        return type(self).model_validate(given | _by_field(type(self), update, self.__smgen_contract__)[0])


def _holds_collection(annotation: object) -> bool:
    """Whether a field takes a list or a mapping, besides None."""
    origin = get_origin(annotation)
    return origin in (Sequence, Mapping, list, dict) or (
        origin is not None and any(_holds_collection(part) for part in get_args(annotation))
    )


def _copied(value: object) -> object:
    """A sequence or mapping of whatever class as a list or dict of the config's own; a text is neither."""
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray)):
        return list(cast("Sequence[object]", value))
    return dict(cast("Mapping[object, object]", value)) if isinstance(value, Mapping) else value


def config_value(config: StepConfig, name: str) -> ConfigValue:
    """The value of the setting, hyperparameter or environment variable ``name``; None where it is not given."""
    value: ConfigValue = getattr(config, field_name(name), None)
    # A hyperparameter that a tuning searches has no value of its own.
    return None if value is TUNED else value


def tuned_findings(contract: StepContract, config: StepConfig, place: Place) -> Iterator[Finding]:
    """SMG207 for each hyperparameter that is TUNED in the config of a step that searches nothing."""
    for field in type(config).model_fields:
        if getattr(config, field) is TUNED:
            yield Finding(
                "SMG207",
                f"'{field}' is TUNED, and this {contract.kind} step searches no ranges",
                place,
                given="TUNED",
                expected="a value or a variable",
                fix=f"give it a value, or search it: StepBuilder(…).tune(ranges=Ranges({field}=…), …)",
            )


def _misplaced_marks(
    config: type[StepConfig], given: Mapping[str, object], contract: StepContract | None
) -> Iterator[Finding]:
    """SMG207 for TUNED in place of, or inside, something that is no hyperparameter which a tuning can search."""
    marked = [field for field, value in given.items() if _holds_mark(value)]
    if not marked or contract is None:
        return
    tunable = [field_name(name) for name in tunable_hyperparameters(contract)] if is_tunable(contract) else []
    for field in marked:
        if field not in tunable or given[field] is not TUNED:
            yield Finding(
                "SMG207",
                f"{config.__name__} was given TUNED for '{field}', which no tuning can search",
                user_place(),
                given="TUNED",
                expected=f"TUNED for one of {', '.join(tunable)}" if tunable else "a value or a variable",
                fix=f"give '{field}' a value",
            )


def _holds_mark(value: object) -> bool:
    if isinstance(value, Mapping):
        value = [*cast("Mapping[object, object]", value).values()]
    return value is TUNED or any(map(_holds_mark, items_of(value) or ()))


def field_name(name: str) -> str:
    """The field of a config model that holds the setting, hyperparameter or environment variable ``name``."""
    return python_identifier(name, CONFIG_ATTRIBUTES)


def _spellings(contract: StepContract | None) -> dict[str, str]:
    """The contract's name of each field."""
    if contract is None:
        return {}
    return {field_name(name): name for name in (*contract.hyperparameters, *contract.settings, *contract.environment)}


def _by_field(
    config: type[StepConfig], data: Mapping[str, object], contract: StepContract | None
) -> tuple[dict[str, object], list[Finding]]:
    """The values under their fields' names, and SMG207 where one is given under both of its names."""
    fields = {name: field for field, name in _spellings(contract).items() if field != name}
    values: dict[str, object] = {}
    findings: list[Finding] = []
    for name, value in data.items():
        field = fields.get(name, name)
        if field in values:
            findings.append(
                Finding(
                    "SMG207",
                    f"{config.__name__} was given '{field}' twice, under its own name and under another spelling",
                    user_place(),
                    fix=f"keep one of them; the field is '{field}'",
                )
            )
        values[field] = value
    return values, findings


def _converted(config: StepConfig, given: Mapping[str, object]) -> Iterator[Finding]:
    """SMG207 for True, False and floats that pydantic took for the enumerated whole numbers that they are equal to."""
    for field, value in given.items():
        wrong = _other_type(value, getattr(config, field, None))
        if wrong is not None:
            yield Finding(
                "SMG207",
                f"{type(config).__name__} was given a wrong value for '{field}'",
                user_place(),
                given=shown(wrong),
                expected="a whole number",
                fix="write the number without a fraction; True and False are no numbers here",
            )


def _keep_whole_numbers(config: StepConfig, given: Mapping[str, object]) -> None:
    """Gives fields that take numbers the whole ones as they were given: JSON tells 4 from 4.0, and so do scripts."""
    for field, value in given.items():
        taken: object = getattr(config, field, None)
        kept = _whole_as_given(value, taken)
        if kept is not taken:
            # The model is frozen for everybody else.
            vars(config)[field] = kept


def _whole_as_given(given: object, taken: object) -> object:
    """What pydantic made of a value, with the whole numbers that it made floats of as they were."""
    if isinstance(given, Sequence) and not isinstance(given, str) and isinstance(taken, list):
        old = cast("list[object]", taken)
        new = [_whole_as_given(*pair) for pair in zip(cast("Sequence[object]", given), old, strict=False)]
        return new if len(new) == len(old) and any(map(operator.is_not, new, old)) else old
    if isinstance(given, Mapping) and isinstance(taken, dict):
        members, before = cast("Mapping[object, object]", given), cast("dict[object, object]", taken)
        after = {key: _whole_as_given(members.get(key), value) for key, value in before.items()}
        return after if any(after[key] is not before[key] for key in before) else before
    return int(given) if isinstance(taken, float) and isinstance(given, int) else taken


def _other_type(given: object, taken: object) -> object:
    """The value, or the one inside a list or mapping, that became another kind of value; None where none did."""
    # The elements of what a caller gave may be anything.
    if isinstance(given, (list, tuple)) and isinstance(taken, (list, tuple)):
        pairs = zip(cast("Sequence[object]", given), cast("Sequence[object]", taken), strict=False)
        return next((wrong for pair in pairs if (wrong := _other_type(*pair)) is not None), None)
    if isinstance(given, Mapping) and isinstance(taken, Mapping):
        members, results = cast("Mapping[object, object]", given), cast("Mapping[object, object]", taken)
        inner = (_other_type(value, results.get(key)) for key, value in members.items())
        return next((wrong for wrong in inner if wrong is not None), None)
    number = isinstance(taken, int) and not isinstance(taken, bool)
    return given if number and isinstance(given, (bool, float)) else None
