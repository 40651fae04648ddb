"""What a port takes: outputs of other steps, data from outside, or AUTO."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import Enum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, ClassVar, Final, Generic, NoReturn

from typing_extensions import Never, TypeIs, TypeVar

from smgen.authoring.calls import checked_call
from smgen.authoring.misuse import Attributes, each, refuse, short, unchecked
from smgen.authoring.operators import NoOperators
from smgen.authoring.places import user_place
from smgen.authoring.variables import Variable, value_hint

if TYPE_CHECKING:
    from smgen.authoring.origins import Origin
    from smgen.diagnostics import Finding
    from smgen.expressions import Expression, Join


class Artifact:
    """The root of all artifact types. The classes are marks for the type checker; nobody makes an object of one."""


A_co = TypeVar("A_co", covariant=True, default=Never)
M_co = TypeVar("M_co", covariant=True)


class Auto(Enum):
    """The type of :data:`AUTO`."""

    AUTO = "AUTO"


_FILE_BELOW: Final = 'for a file below it write output / "file.csv", for a text join("/", output.location, …)'
#: Asks in the open that a port be bound by resolution.
AUTO: Final = Auto.AUTO


class Output(NoOperators, Attributes, Generic[A_co]):
    """A reference to an artifact that a step makes, such as ``training.model_artifacts``.

    ``output / "file.csv"`` refers to a file below it and is an artifact of the same type; ``.location`` is its S3
    location as a variable.
    """

    __slots__ = ("__smgen_artifact__", "__smgen_expression__", "__smgen_file__", "__smgen_origin__")

    #: What other libraries call the location.
    __smgen_meant__: ClassVar[Mapping[str, str]] = dict.fromkeys(("uri", "s3_uri", "S3Uri", "path"), "location")

    __smgen_expression__: Expression
    __smgen_artifact__: type[Artifact]
    __smgen_origin__: Origin
    __smgen_file__: str

    def __init__(self, expression: Expression, artifact: type[Artifact], origin: Origin, file: str = "") -> None:
        """``expression`` of the location; the ``artifact`` type that stands there; the step's output as ``origin``.

        ``file`` is what is referred to below the output, for messages.
        """
        self.__smgen_expression__ = expression
        self.__smgen_artifact__ = artifact
        self.__smgen_origin__ = origin
        self.__smgen_file__ = file

    @property
    def __smgen_title__(self) -> str:
        """The step, the output, and the file below it."""
        title = self.__smgen_origin__.title
        return f'{title}, file "{self.__smgen_file__}"' if self.__smgen_file__ else title

    @property
    def __smgen_name__(self) -> str:
        return self.__smgen_title__

    @property
    def location(self) -> Variable[str]:
        """The S3 location (for a model: its name) as a variable, for places that take a text."""
        return Variable(self.__smgen_expression__, "String", (self.__smgen_origin__,))

    def __truediv__(self, file: str) -> Output[A_co]:
        """A file or folder below this output; ``file`` is relative and is joined with ``/``."""
        given = unchecked(file)
        if not isinstance(given, str) or not given or given.startswith("/") or ".." in given.split("/"):
            refuse(f"{short(given)} is no file below an output", 'write a relative name: output / "part/file.csv"')
        below = "/".join(filter(None, (self.__smgen_file__, given)))
        expression = file_below(self.__smgen_expression__, given)
        return Output(expression, self.__smgen_artifact__, self.__smgen_origin__, below)

    def __smgen_combined__(self, sign: str) -> str:
        """An output is no value that could be compared."""
        return "an output always exists once its step has run; compare a value of its report, or leave it out"

    def __smgen_computed__(self, sign: str) -> str:
        """What most people mean is a file below the output."""
        return _FILE_BELOW

    def __smgen_unknown__(self, name: str) -> Finding:
        """A method of Python's own texts and paths puts locations together."""
        finding = super().__smgen_unknown__(name)
        known = finding.nearest is not None or not (hasattr(str, name) or hasattr(PurePosixPath, name))
        return finding if known else replace(finding, fix=_FILE_BELOW)

    # A type checker knows without them that there is nothing to compare.
    if not TYPE_CHECKING:

        def __lt__(self, other: object) -> bool:
            refuse(f"{self!r} was compared, but it is no value", f"compare {value_hint(self)}")

        __le__ = __gt__ = __ge__ = __lt__

    def __copy__(self) -> Output[A_co]:
        """The reference itself, which never changes."""
        return self

    def __deepcopy__(self, memo: object) -> Output[A_co]:
        """The reference itself: a copy would belong to no pipeline."""
        return self

    def __repr__(self) -> str:
        return f"<Output[{self.__smgen_artifact__.__name__}] of {self.__smgen_title__}>"

    def __bool__(self) -> NoReturn:
        """Raises SMG208: there is no artifact yet."""
        refuse(
            f"{self!r} was used as True or False", "an output always exists once its step has run; leave the test out"
        )

    def __str__(self) -> str:
        """Raises SMG208: the location is known only when the pipeline runs."""
        refuse(
            f"{self!r} was made a text, but its location is known only when the pipeline runs",
            f"pass the output itself; {_FILE_BELOW}",
        )

    def __format__(self, format_spec: str) -> str:
        """Raises SMG208: an f-string would freeze a location that is not there yet."""
        return self.__str__()

    def __iter__(self) -> NoReturn:
        """Raises SMG208: an output is one reference."""
        refuse(f"{self!r} was iterated over", "pass the output itself")

    def __contains__(self, item: object) -> bool:
        """Raises SMG208, as going through it does; Python would say less."""
        return self.__iter__()


def bound_items(binding: object) -> Sequence[object]:
    """What is bound to a port, or was given for one; AUTO is nothing yet."""
    return () if binding is None or isinstance(binding, Auto) else each(binding)


class External(Generic[A_co]):
    """Data that no step of this pipeline makes: ``External(raw)`` says that a plain location is meant.

    The location is an S3 URI (for a model: its name), as a text or a variable. The artifact type is taken from the
    port that it is given to.
    """

    __slots__ = ("__smgen_location__", "__smgen_place__")

    @checked_call("External")
    def __init__(self, location: str | Variable[str]) -> None:
        """Raises SMG207 for anything that is no text."""
        if isinstance(location, Variable):
            if location.__smgen_type__ != "String":
                refuse(f"{location!r} is no location", "an external location is a text or a String variable")
        elif is_output(location):
            refuse(f"{location!r} is no location from outside", "pass the output itself, without External(…)")
        elif not isinstance(unchecked(location), str) or not location:
            refuse(f"{short(location)} is no location", "give a text such as s3://bucket/key, or a String variable")
        self.__smgen_location__ = location
        self.__smgen_place__ = user_place()

    def __copy__(self) -> External[A_co]:
        """The reference itself, which never changes."""
        return self

    def __deepcopy__(self, memo: object) -> External[A_co]:
        """The reference itself, whose variable must stay that of the pipeline."""
        return self

    def __repr__(self) -> str:
        return f"External({self.__smgen_location__!r})"


class Renamed(Generic[M_co]):
    """The type of a port that has another name now; the type argument says which. Nothing is assignable to it."""

    __slots__ = ()

    def __init__(self) -> NoReturn:
        """Raises SMG208: a tombstone has no value."""
        refuse("a renamed port takes no value", "use the port's new name")


def file_below(location: Expression, file: str) -> Join:
    """The location of a file or folder below another location."""
    from smgen.expressions import Join

    parts = location.values if isinstance(location, Join) and location.on == "/" else (location,)
    return Join("/", (*parts, file))


def is_output(value: object) -> TypeIs[Output[Artifact]]:
    """Whether a value refers to an output of a step, of whatever artifact type."""
    return isinstance(value, Output)


def is_external(value: object) -> TypeIs[External[Artifact]]:
    """Whether a value is data from outside, of whatever artifact type."""
    return isinstance(value, External)
