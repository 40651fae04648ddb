"""What is wrong with the arguments of a call of smgen, in words, where Python says only that it does not take them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast

from smgen.diagnostics import FindingsError

if TYPE_CHECKING:
    from smgen.diagnostics import Finding

F = TypeVar("F", bound=Callable[..., object])
C = TypeVar("C", bound=type)
#: Says what is wrong with the arguments of a call, given in their order and by their names.
FindingsOf: TypeAlias = "Callable[[inspect.Signature, Sequence[object], Mapping[str, object]], Iterable[Finding]]"


def checked(function: F, findings_of: FindingsOf) -> F:
    """The function, with findings where Python raises a TypeError for its arguments and there are any.

    To a type checker it stays what it is.
    """
    # Asked when the function is first called: most that a generated module has never are.
    signature: inspect.Signature | None = None

    @wraps(function)
    def wrapper(*args: object, **given: object) -> object:
        nonlocal signature
        signature = signature or inspect.signature(function)
        try:
            signature.bind(*args, **given)
        except TypeError:
            # What is not smgen's, such as an argument of a class of the user's own, is said by Python.
            findings = [*findings_of(signature, args, given)]
            if findings:
                raise FindingsError(findings) from None
        return function(*args, **given)

    # The wrapper takes and gives what the function does.
    return cast("F", wrapper)


def checked_call(written: str) -> Callable[[F], F]:
    """Makes a function or method report wrong arguments (SMG207) where Python raises a TypeError.

    ``written`` is how a person writes the call: ``p.add_step``.
    """

    def decorate(function: F) -> F:
        def findings_of(
            signature: inspect.Signature, args: Sequence[object], given: Mapping[str, object]
        ) -> Iterable[Finding]:
            from smgen.authoring.wrong_calls import wrong_call

            return wrong_call(written, signature, args, given)

        return checked(function, findings_of)

    return decorate


def checked_class(written: str) -> Callable[[C], C]:
    """Makes a class report wrong arguments (SMG207) of its constructor, as :func:`checked_call` does."""

    def decorate(class_: C) -> C:
        initialise: Callable[..., None] = vars(class_)["__init__"]
        setattr(class_, "__init__", checked_call(written)(initialise))  # noqa: B010  # mypy refuses the plain form
        return class_

    return decorate
