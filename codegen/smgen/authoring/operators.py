"""What Python's operators say of values that exist only when a pipeline runs: what to write instead (SMG208)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NoReturn

from smgen.authoring.misuse import refuse

#: The fix where `&` took the values beside it before the comparisons around them did.
PARENTHESES: Final = "write parentheses around each comparison: (a >= x) & (b <= y)"

#: Python's methods behind the operators, by what a person writes.
_COMBINING: Final = {"and": "&", "or": "|", "xor": "^"}
_ADDING: Final = {"add": "+", "mod": "%"}
_COMPUTING: Final = {
    "sub": "-",
    "mul": "*",
    "truediv": "/",
    "floordiv": "//",
    "pow": "**",
    "matmul": "@",
    "divmod": "divmod",
    "lshift": "<<",
    "rshift": ">>",
}
_COMPUTING_ALONE: Final = {"neg": "-", "pos": "+", "abs": "abs", "round": "round"}

#: Methods of Python's texts that ask something of one.
_ASKING: Final = ("startswith", "endswith", "find", "rfind", "index", "rindex", "count")
_PASSED_ON: Final = {
    "value": "leave .value out: this is the value itself",
    "location": "leave .location out: pass this itself",
    "to_string": 'pass the variable itself; where a text belongs, join("", variable)',
    "format": 'put texts together with join: join("", a, b)',
    "format_map": 'put texts together with join: join("", a, b)',
    "join": 'put texts together with the function join: join("/", a, b)',
}
_COMPUTES_NOTHING: Final = "a pipeline computes nothing: declare a parameter for the result, or compute it in a step"
_COMPARES_WHOLE_TEXTS: Final = "SageMaker compares whole texts: .equals(…), or .is_in([…]), in p.condition(…)"
_CHANGES_NO_TEXT: Final = "a pipeline changes no text: change it in Python before p.string(…), or in a step"


def computing_fix(sign: str, *, is_text: bool) -> str:
    """What to write instead of an operator over a variable."""
    if not is_text:
        return _COMPUTES_NOTHING
    if sign in ("+", "%", "/"):
        return 'put texts together with join: join("", a, b), or join("/", a, b)'
    return _CHANGES_NO_TEXT


def attribute_fix(name: str, *, is_text: bool) -> str | None:
    """What to write instead of an attribute that a text or number of Python has, or a variable elsewhere; else None."""
    if name in _PASSED_ON:
        return _PASSED_ON[name]
    if is_text and name in _ASKING:
        return f"{_COMPARES_WHOLE_TEXTS}; what is known when the pipeline is built stands in env.text(…)"
    if is_text:
        return _CHANGES_NO_TEXT if hasattr(str, name) else None
    return _COMPUTES_NOTHING if hasattr(float, name) or hasattr(int, name) else None


class NoOperators:
    """Refuses the operators that a value does not have, with a fix of the class's own.

    A type checker knows without these methods that there are no such operators.
    """

    __slots__ = ()

    @property
    def __smgen_subject__(self) -> str:
        """What a message calls the value."""
        return repr(self)

    def __smgen_combined__(self, sign: str) -> str:
        """The fix for ``&``, ``|``, ``^`` and ``~``."""
        return PARENTHESES if sign != "~" else "write parentheses around the comparison: ~(a >= x)"

    def __smgen_computed__(self, sign: str) -> str:
        """The fix for everything that would compute with the value, or put a text together of it."""
        return "pass it on as it is"

    if not TYPE_CHECKING:

        def __invert__(self) -> object:
            refuse(f"`~` stands before {self.__smgen_subject__}, which is no condition", self.__smgen_combined__("~"))

        def __getitem__(self, key: object) -> object:
            _computed("[]")(self)


def _combined(sign: str) -> Callable[..., NoReturn]:
    def method(self: NoOperators, _other: object) -> NoReturn:
        refuse(f"`{sign}` stands beside {self.__smgen_subject__}, which is no condition", self.__smgen_combined__(sign))

    return method


def _computed(sign: str) -> Callable[..., NoReturn]:
    def method(self: NoOperators, *_others: object) -> NoReturn:
        refuse(
            f"`{sign}` needs the value of {self.__smgen_subject__}, which is known only when the pipeline runs",
            self.__smgen_computed__(sign),
        )

    return method


for _methods, _refusing, _sides in (
    (_COMBINING, _combined, ("", "r")),
    (_ADDING, _computed, ("", "r")),
    (_COMPUTING, _computed, ("", "r")),
    (_COMPUTING_ALONE, _computed, ("",)),
):
    for _name, _sign in _methods.items():
        for _side in _sides:
            setattr(NoOperators, f"__{_side}{_name}__", _refusing(_sign))
