"""Whether the values of a config are what its contract allows: pydantic's answer as findings, and what it passes."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar, cast

from pydantic import BaseModel, ModelWrapValidatorHandler, ValidationError

from smgen.authoring.config_values import by_field, field_name, spellings
from smgen.authoring.missing_values import without_stand_ins
from smgen.authoring.misuse import items_of, shown
from smgen.authoring.places import user_place
from smgen.authoring.variables import TUNED
from smgen.diagnostics import FindingsError

if TYPE_CHECKING:
    from smgen.contract_model import StepContract
    from smgen.diagnostics import Finding, Place

ConfigT = TypeVar("ConfigT", bound=BaseModel)


def checked_config(
    cls: type[ConfigT],
    contract: StepContract | None,
    collections: frozenset[str],
    data: object,
    handler: ModelWrapValidatorHandler[ConfigT],
) -> ConfigT:
    """The config of class ``cls`` that pydantic's ``handler`` makes of what was given.

    ``contract`` is that of the class, ``collections`` are its fields that hold a list or a mapping. Raises
    FindingsError (SMG207) with all that is wrong.
    """
    findings: list[Finding] = []
    if isinstance(data, Mapping):
        # Keys that are no texts are pydantic's to refuse.
        given = cast("Mapping[str, object]", data)
        named, findings = by_field(cls, contract, given)
        data = {
            name: without_stand_ins(_copied(value) if name in collections else value) for name, value in named.items()
        }
    try:
        config, newer = _validated(handler, data, contract)
    except ValidationError as error:
        from smgen.authoring.config_findings import config_findings

        names = spellings(contract)
        fields = {field: names.get(field, field) for field in cls.model_fields}
        findings += config_findings(cls.__name__, fields, contract, error, user_place())
    else:
        if isinstance(data, dict):
            # The handler has refused keys that are no texts.
            findings += _converted(config, cast("dict[str, object]", data))
            _keep_whole_numbers(config, cast("dict[str, object]", data))
            findings += _misplaced_marks(cls, cast("dict[str, object]", data), contract)
        if not findings:
            vars(config).update(newer)
            return config
    raise FindingsError(findings) from None


def _copied(value: object) -> object:
    """A sequence or mapping of whatever class as a list or dict of the config's own; a text is neither."""
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray)):
        return list(cast("Sequence[object]", value))
    return dict(cast("Mapping[object, object]", value)) if isinstance(value, Mapping) else value


def _converted(config: BaseModel, given: Mapping[str, object]) -> Iterator[Finding]:
    """SMG207 for True, False and floats that pydantic took for the enumerated whole numbers that they are equal to."""
    for field, value in given.items():
        wrong = _other_type(value, getattr(config, field, None))
        if wrong is not None:
            from smgen.diagnostics import Finding

            yield Finding(
                "SMG207",
                f"{type(config).__name__} was given a wrong value for '{field}'",
                user_place(),
                given=shown(wrong),
                expected="a whole number",
                fix="write the number without a fraction; True and False are no numbers here",
            )


def _validated(
    handler: ModelWrapValidatorHandler[ConfigT], data: object, contract: StepContract | None
) -> tuple[ConfigT, dict[str, object]]:
    """The config, and by field the instance types in it that are newer than the table, in whose place others stand.

    Raises ValidationError.
    """
    try:
        return handler(data), {}
    except ValidationError:
        newer: dict[str, object] = {}
        known: dict[str, object] = {}
        if contract is not None and isinstance(data, dict):
            from smgen.aws import is_newer_machine
            from smgen.contract_model import setting_schemas

            schemas = setting_schemas(contract)
            names = spellings(contract)
            for field, value in cast("dict[str, object]", data).items():
                schema = schemas.get(names.get(field, field))
                if schema is not None and schema.open and schema.enum and is_newer_machine(value, schema.enum):
                    newer[field], known[field] = value, schema.enum[0]
        if not newer:
            raise
        return handler({**cast("dict[str, object]", data), **known}), newer


def _keep_whole_numbers(config: BaseModel, given: Mapping[str, object]) -> None:
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


def _misplaced_marks(
    config: type[BaseModel], given: Mapping[str, object], contract: StepContract | None
) -> Iterator[Finding]:
    """SMG207 for TUNED in place of, or inside, something that is no hyperparameter which a tuning can search."""
    marked = [field for field, value in given.items() if _holds_mark(value)]
    if not marked or contract is None:
        return
    from smgen.contract_model import is_tunable, tunable_hyperparameters
    from smgen.diagnostics import Finding

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


def tuned_findings(contract: StepContract, config: BaseModel, place: Place) -> Iterator[Finding]:
    """SMG207 for each hyperparameter that is TUNED in the config of a step that searches nothing."""
    from smgen.diagnostics import Finding

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
