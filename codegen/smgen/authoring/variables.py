"""Typed values that are known only when the pipeline runs, and the conditions made of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Generic, Literal, NoReturn, TypeAlias, get_args, overload

from typing_extensions import Never, TypeIs, TypeVar

from smgen.authoring.calls import checked_call
from smgen.authoring.misuse import Attributes, refuse, short, unchecked
from smgen.authoring.operators import PARENTHESES, NoOperators, attribute_fix, computing_fix
from smgen.expressions import (
    Comparison,
    ComparisonType,
    Condition as ConditionExpression,
    Expression,
    In,
    Join,
    Not,
    Operand,
    Or,
)

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

    from smgen.authoring.origins import Origin
    from smgen.diagnostics import Finding

T_co = TypeVar("T_co", covariant=True)

VariableType: TypeAlias = Literal["String", "Integer", "Float", "Boolean"]
Literals: TypeAlias = "str | int | float | bool"

#: The Python types of the values that variables of a type stand for, and the other way round.
PYTHON_TYPES: Final[Mapping[str, type[Literals]]] = {"String": str, "Integer": int, "Float": float, "Boolean": bool}
VARIABLE_TYPES: Final[Mapping[object, VariableType]] = {str: "String", int: "Integer", float: "Float", bool: "Boolean"}
#: Which variables may stand where one of a type is asked for: a whole number is a number.
_FITS: Final[dict[VariableType, tuple[VariableType, ...]]] = {
    "String": ("String",),
    "Integer": ("Integer",),
    "Float": ("Float", "Integer"),
    "Boolean": ("Boolean",),
}

#: Of a whole number: far more than any service reads, and fewer than Python refuses to write as digits.
MOST_BITS: Final = 8_000
#: How deep joins may stand in each other: far more than anyone writes, and less than a definition is read with.
_MOST_NESTING: Final = 50


def variable_type(given: object) -> VariableType | None:
    """The type of the variables that hold values of a Python type; None for what is no such type, whatever it is."""
    return VARIABLE_TYPES.get(given) if isinstance(given, type) else None


def believed_type(call: str, given: object) -> VariableType:
    """The type that a caller says a value has. Raises FindingsError (SMG208) for anything but a type of a variable."""
    found = variable_type(given)
    if found is None:
        refuse(f"{call} was given {short(given)} as a type", "write str, int, float or bool")
    return found


class Variable(NoOperators, Attributes, Generic[T_co]):
    """A value of a Python type that a pipeline knows only when it runs.

    Parameters, scalar outputs of steps, execution variables, joins and values of reports are variables. One fits
    wherever a setting, hyperparameter or environment variable of its type is asked for. Numbers compare with ``<``,
    ``<=``, ``>``, ``>=``; ``equals`` and ``is_in`` work for every type; conditions combine with ``&``, ``|``, ``~``.
    """

    __slots__ = ("__smgen_expression__", "__smgen_origins__", "__smgen_type__")

    __smgen_expression__: Expression
    __smgen_type__: VariableType
    __smgen_origins__: tuple[Origin, ...]

    def __init__(self, expression: Expression, type: VariableType, origins: tuple[Origin, ...] = ()) -> None:
        """``expression`` as it stands in the definition; ``type`` of its value; ``origins`` of what it reads."""
        self.__smgen_expression__ = expression
        self.__smgen_type__ = type
        self.__smgen_origins__ = origins

    def __lt__(self: Variable[float], other: float | Variable[float]) -> Condition:
        """True when the value is below ``other``."""
        return _comparison("LessThan", self, other)

    def __le__(self: Variable[float], other: float | Variable[float]) -> Condition:
        """True when the value is at most ``other``."""
        return _comparison("LessThanOrEqualTo", self, other)

    def __gt__(self: Variable[float], other: float | Variable[float]) -> Condition:
        """True when the value is above ``other``."""
        return _comparison("GreaterThan", self, other)

    def __ge__(self: Variable[float], other: float | Variable[float]) -> Condition:
        """True when the value is at least ``other``."""
        return _comparison("GreaterThanOrEqualTo", self, other)

    @overload
    def equals(self: Variable[bool], other: bool | Variable[bool]) -> Condition: ...
    @overload
    def equals(self: Variable[float], other: float | Variable[float]) -> Condition: ...
    @overload
    def equals(self: Variable[str], other: str | Variable[str]) -> Condition: ...
    def equals(self: Variable[Literals], other: Literals | Variable[Literals]) -> Condition:
        """True when the value is ``other``."""
        return _comparison("Equals", self, other)

    @overload
    def is_in(self: Variable[bool], values: Sequence[bool | Variable[bool]]) -> Condition: ...
    @overload
    def is_in(self: Variable[float], values: Sequence[float | Variable[float]]) -> Condition: ...
    @overload
    def is_in(self: Variable[str], values: Sequence[str | Variable[str]]) -> Condition: ...
    def is_in(self: Variable[Literals], values: Sequence[Literals | Variable[Literals]]) -> Condition:
        """True when the value is one of ``values``."""
        # A set has another order in every process, and an iterator could be gone through only once.
        if isinstance(values, str) or not isinstance(unchecked(values), Sequence) or not values:
            refuse("is_in takes a list of at least one value", "write .is_in([…]) with the values that are allowed")
        operands = tuple(_operand(self, value) for value in values)
        origins = _origins(self, *values)
        return Condition((In(self.__smgen_expression__, operands),), origins)

    def __repr__(self) -> str:
        from smgen.authoring.expression_texts import expression_shown

        return f"<{self.__smgen_type__} variable {expression_shown(self.__smgen_expression__)}>"

    def __bool__(self) -> NoReturn:
        """Raises SMG208: the value is not known yet."""
        refuse(
            f"{self!r} was used as True or False, but its value is known only when the pipeline runs",
            "compare it (.equals(True), <=, …) and give the condition to p.condition(…); combine with & | ~",
        )

    def __str__(self) -> str:
        """Raises SMG208: there is no text yet."""
        refuse(
            f"{self!r} was made a text, but its value is known only when the pipeline runs",
            'pass the variable itself; to put texts together write join("/", a, b), for a file below an output '
            'write output / "file.csv"',
        )

    def __format__(self, format_spec: str) -> str:
        """Raises SMG208: an f-string would freeze a value that is not there yet."""
        return self.__str__()

    def __iter__(self) -> Iterator[NoReturn]:
        """Raises SMG208: there is nothing to go through yet."""
        refuse(
            f"{self!r} was iterated over, but its value is known only when the pipeline runs",
            "pass the variable itself",
        )

    def __contains__(self, item: object) -> bool:
        """Raises SMG208, as going through it does; Python would say less."""
        return bool(list(self))

    def __smgen_combined__(self, sign: str) -> str:
        """A truth value has to be compared like any other."""
        fix = super().__smgen_combined__(sign)
        return fix if self.__smgen_type__ != "Boolean" else f"compare it first, .equals(True), and {fix}"

    def __smgen_computed__(self, sign: str) -> str:
        """What to write instead of computing."""
        return computing_fix(sign, is_text=self.__smgen_type__ == "String")

    def __smgen_unknown__(self, name: str) -> Finding:
        """A method of Python's own texts and numbers has a reason not to be here."""
        finding = super().__smgen_unknown__(name)
        fix = attribute_fix(name, is_text=self.__smgen_type__ == "String")
        if fix is None:
            return finding
        message = f"{finding.message}: it is no value of Python, and has one only when the pipeline runs"
        return replace(finding, message=message, nearest=None, fix=fix)

    def __copy__(self) -> Variable[T_co]:
        """The variable itself, which never changes."""
        return self

    def __deepcopy__(self, memo: object) -> Variable[T_co]:
        """The variable itself: a copy would belong to no pipeline."""
        return self

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Accepts variables of the annotated type only: ``Variable[str]`` is refused where a number belongs."""
        from pydantic_core import core_schema

        wanted = VARIABLE_TYPES.get(next(iter(get_args(source)), object))

        def check(value: object) -> object:
            if not is_variable(value) or not (wanted is None or isinstance(value, Tuned) or fits(value, wanted)):
                raise ValueError(f"not a {wanted or 'pipeline'} variable")
            return value

        return core_schema.no_info_plain_validator_function(check)


class Tuned(Variable[Never]):
    """The type of :data:`TUNED`: a variable of every type to a type checker, and of none to everything else."""

    __slots__ = ()

    def __init__(self) -> None:
        """There is one, :data:`TUNED`; it has no expression, because nothing of it reaches a definition."""

    def __repr__(self) -> str:
        return "TUNED"

    # To a type checker it is a variable like any other.
    if not TYPE_CHECKING:
        __smgen_type__ = "Tuned"
        __smgen_origins__ = ()

        @property
        def __smgen_expression__(self) -> Expression:
            refuse(
                "TUNED was used as a value, and it has none",
                "give it to a hyperparameter of a config: Config(num_round=TUNED)",
            )


#: Stands in a config for the value of a hyperparameter that a tuning searches.
TUNED: Final = Tuned()

IntegerVariable: TypeAlias = Variable[int]
FloatVariable: TypeAlias = Variable[float]
StringVariable: TypeAlias = Variable[str]
BooleanVariable: TypeAlias = Variable[bool]
AnyVariable: TypeAlias = Variable[object]


def is_variable(value: object) -> TypeIs[Variable[object]]:
    """Whether a value is a variable, of whatever type."""
    return isinstance(value, Variable)


def fits(variable: Variable[object], wanted: VariableType) -> bool:
    """Whether a variable may stand where a value of type ``wanted`` is asked for."""
    return variable.__smgen_type__ in _FITS[wanted]


class Condition:
    """A condition over values that are known when the pipeline runs.

    Combine with ``&``, ``|`` and ``~``; Python's ``and``, ``or``, ``not`` and chained comparisons would ask for a
    truth value now, so they raise.
    """

    __slots__ = ("__smgen_all__", "__smgen_origins__")

    #: The conditions of which all must hold, in order.
    __smgen_all__: tuple[ConditionExpression, ...]
    __smgen_origins__: tuple[Origin, ...]

    def __init__(self, all_of: tuple[ConditionExpression, ...], origins: tuple[Origin, ...] = ()) -> None:
        """``all_of`` must all hold; ``origins`` is what they read."""
        self.__smgen_all__ = all_of
        self.__smgen_origins__ = origins

    def __and__(self, other: Condition) -> Condition:
        """True when both are."""
        _check_condition(other, "&")
        return Condition(self.__smgen_all__ + other.__smgen_all__, self.__smgen_origins__ + other.__smgen_origins__)

    def __or__(self, other: Condition) -> Condition:
        """True when one of them is."""
        _check_condition(other, "|")
        either = Or(tuple(part for side in (self, other) for part in _alternatives(side)))
        return Condition((either,), self.__smgen_origins__ + other.__smgen_origins__)

    # To a type checker there is nothing but a condition on either side.
    if not TYPE_CHECKING:

        def __rand__(self, other: object) -> Condition:
            _check_condition(other, "&")

        def __ror__(self, other: object) -> Condition:
            _check_condition(other, "|")

        def __xor__(self, other: object) -> Condition:
            refuse("conditions were combined by ^, which no definition has", "write (a & ~b) | (~a & b)")

        __rxor__ = __xor__

    def __invert__(self) -> Condition:
        """True when this is not."""
        return Condition((_negation(_single(self.__smgen_all__)),), self.__smgen_origins__)

    def __bool__(self) -> NoReturn:
        """Raises SMG208: whether the condition holds is not known yet."""
        refuse(
            "a condition was used as True or False, but it is decided only when the pipeline runs",
            "write (a >= x) & (b <= y) for 'and' and for a chained comparison, | for 'or', ~ for 'not'; for two ways "
            "use p.condition(…).then and .otherwise",
        )

    def __repr__(self) -> str:
        from smgen.authoring.expression_texts import condition_shown

        parts = [condition_shown(condition) for condition in self.__smgen_all__]
        return f"<condition {parts[0] if len(parts) == 1 else ' & '.join(f'({part})' for part in parts)}>"

    def __str__(self) -> str:
        """Raises SMG208: there is no text of what is decided later."""
        refuse(
            "a condition was made a text, but it is decided only when the pipeline runs",
            "give it to p.condition(…), and texts to the steps of its branches",
        )

    def __format__(self, format_spec: str) -> str:
        """Raises SMG208, as ``str()`` does."""
        return self.__str__()


@checked_call("join")
def join(on: str, *values: Literals | Variable[Literals]) -> StringVariable:
    """The values as one text with ``on`` between them, put together when the pipeline runs (``Std:Join``)."""
    if not isinstance(unchecked(on), str):
        refuse(f"join was given {short(on)} to put between the values", 'write a text first: join("/", a, b)')
    if not values:
        refuse("join takes at least one value", 'write join("/", first, second)')
    operands = tuple(_joined(value) for value in values)
    if _depth(operands) > _MOST_NESTING:
        refuse(
            f"joins stand more than {_MOST_NESTING} deep in each other",
            "collect the values in a list and join them at once: join(on, *values)",
        )
    return Variable(Join(on, operands), "String", _origins(*values))


def _comparison(type: ComparisonType, left: Variable[Literals], right: Literals | Variable[Literals]) -> Condition:
    if type != "Equals" and left.__smgen_type__ not in _FITS["Float"]:
        refuse(
            f"{left!r} is no number, so it cannot be compared by size",
            "use .equals(…) or .is_in([…]) for texts and truth values",
        )
    operand = _operand(left, right)
    return Condition((Comparison(type, left.__smgen_expression__, operand),), _origins(left, right))


def _operand(left: Variable[Literals], right: object) -> Operand:
    """The other side of a comparison, of the same family of types as ``left``."""
    numbers = _FITS["Float"]
    family = numbers if left.__smgen_type__ in numbers else (left.__smgen_type__,)
    if is_variable(right):
        type_ = right.__smgen_type__
        operand: Operand = right.__smgen_expression__
    else:
        literal = plain_literal(right)
        if literal is None:
            hint = value_hint(right)
            fix = f"compare with {hint}" if hint else "compare with a value or a variable of its type"
            refuse(f"{left!r} was compared with {short(right)}", fix)
        type_, operand = VARIABLE_TYPES[type(literal)], literal
        _check_finite(literal)
    if type_ not in family:
        fix = f"compare it with {' or '.join(family)}; the two sides of a condition have one type"
        if family == numbers and isinstance(operand, str) and is_number(operand):
            fix = f"write the number without quotes: {operand.strip()}"
        refuse(f"{left!r} was compared with {short(right)}, which is {type_}", fix)
    _check_digits(operand)
    return operand


def is_number(text: str) -> bool:
    """Whether a text is a number in quotes."""
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def plain_literal(value: object) -> Literals | None:
    """A text, number or truth value as JSON has it, without the subclass that it may be of (an enum, say).

    None for anything else; a number may still be infinite.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    # The text of an enum's member is its value, while str() of one may be its name.
    return str.__str__(value) if isinstance(value, str) else None


def _joined(value: object) -> Operand:
    """One value of a join."""
    if is_variable(value):
        return value.__smgen_expression__
    literal = plain_literal(value)
    if literal is None:
        hint = _location_hint(value)
        refuse(
            f"join was given {short(value)}",
            f"join {hint}" if hint else "join texts, numbers, truth values and variables; None and lists have no text",
        )
    _check_digits(literal)
    _check_finite(literal)
    return literal


def _check_finite(value: Literals) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        refuse(f"{value!r} is no number that a definition can hold", "use a finite number")


def _check_digits(value: object) -> None:
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        refuse("a number has more digits than a definition can hold", "use a smaller number")


def value_hint(value: object) -> str | None:
    """What to compare instead of a reference or a part of a report; None for what is neither."""
    if hasattr(value, "__smgen_path__"):
        return "its .value" if hasattr(type(value), "value") else "one of its values"
    return _location_hint(value)


def _location_hint(value: object) -> str | None:
    """What to write instead of a reference, where a value belongs; None for what is no reference.

    Told by its attributes, because references are defined in terms of variables.
    """
    if hasattr(value, "__smgen_artifact__"):
        return "its .location, which is a String variable"
    if hasattr(value, "__smgen_location__"):
        return "the location itself, without External(…)"
    return "one of its outputs" if hasattr(value, "__smgen_step__") else None


def _check_condition(value: object, operator: str) -> None:
    if isinstance(value, Condition):
        return
    fix = "combine conditions with conditions"
    if is_variable(value):
        fix = value.__smgen_combined__(operator)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        fix = PARENTHESES
    refuse(f"a condition was combined by {operator} with {short(value)}, which is no condition", fix)


def _depth(operands: tuple[Operand, ...]) -> int:
    """How many joins stand in each other, this one included."""
    depth, level = 1, [part for part in operands if isinstance(part, Join)]
    while level:
        depth += 1
        level = [part for join_ in level for part in join_.values if isinstance(part, Join)]
    return depth


def _origins(*values: object) -> tuple[Origin, ...]:
    return tuple(origin for value in values if isinstance(value, Variable) for origin in value.__smgen_origins__)


def _single(conditions: tuple[ConditionExpression, ...]) -> ConditionExpression:
    """One condition that holds when all of several do: the format has no And below the top, so not (not a or not b)."""
    if len(conditions) == 1:
        return conditions[0]
    return Not(Or(tuple(_negation(condition) for condition in conditions)))


def _negation(condition: ConditionExpression) -> ConditionExpression:
    return condition.condition if isinstance(condition, Not) else Not(condition)


def _alternatives(condition: Condition) -> tuple[ConditionExpression, ...]:
    single = _single(condition.__smgen_all__)
    return single.conditions if isinstance(single, Or) else (single,)
