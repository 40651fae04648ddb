"""Typed access to the values of a JSON report that a step writes: ``evaluation.metrics.rmse.value``."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Generic, NoReturn, TypeVar

from smgen.authoring.calls import checked_call
from smgen.authoring.misuse import Attributes, refuse, short, unchecked
from smgen.authoring.operators import NoOperators
from smgen.authoring.origins import Origin
from smgen.authoring.references import A_co, Artifact, Output, file_below
from smgen.authoring.variables import (
    VARIABLE_TYPES,
    Literals,
    StringVariable,
    Variable,
    believed_type,
    is_variable,
    value_hint,
)
from smgen.expressions import Get, Join, JsonGet, JsonGetForm, parse_json_path

N = TypeVar("N", bound="ReportNode")
N_co = TypeVar("N_co", bound="ReportNode", covariant=True)
V = TypeVar("V", bound=Literals)

_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class ReportPath:
    """A place in a report and the JSON path in it so far.

    ``source`` is the property file of a processing step, or the location of a file that another kind of step wrote.
    """

    source: Get | Join
    origin: Origin
    path: str = ""

    def __str__(self) -> str:
        where = f'the report of step "{self.origin.name}"'
        return f"{self.path} of {where}" if self.path else where

    @property
    def property_file(self) -> str:
        """What tells the file from the others of its step: its property file's name, or else its path."""
        source = self.source
        return source.path.rpartition(".")[2] if isinstance(source, Get) else str(source.values[-1])

    def member(self, key: str) -> ReportPath:
        """The member ``key`` of an object; a key that is no plain word is quoted in brackets."""
        if not _PLAIN_KEY.fullmatch(key):
            quoted = key.replace("\\", "\\\\").replace("'", "\\'")
            return replace(self, path=f"{self.path}['{quoted}']")
        return replace(self, path=f"{self.path}.{key}" if self.path else key)

    def item(self, index: int) -> ReportPath:
        """The item at ``index`` (from 0) of a list."""
        return replace(self, path=f"{self.path}[{index}]")

    def value(self, type: type[V]) -> Variable[V]:
        """The leaf here as a variable (``Std:JsonGet``)."""
        form: JsonGetForm = "PropertyFile" if isinstance(self.source, Get) else "S3Uri"
        return Variable(JsonGet(self.source, self.path, form), VARIABLE_TYPES[type], (self.origin,))


@checked_call("json_value")
def json_value(location: str | StringVariable, path: str, type: type[V]) -> Variable[V]:
    """A value of a JSON file at an S3 location that is put together when the pipeline runs (``join``).

    It is for files that no contract declares: ``path`` leads to the value (``metrics.mse``, ``rows[0].n``), and that it
    is there and of that ``type`` is believed. Raises FindingsError (SMG208) for a location that is no text, a path
    that is none, and what is no type.
    """
    given, way = unchecked(location), unchecked(path)
    if not isinstance(way, str) or parse_json_path(way) is None:
        refuse(f"{short(way)} is no way to a value of a JSON file", "write it like metrics.mse or rows[0].n")
    believed = believed_type("json_value", type)
    if isinstance(given, str):
        return Variable(JsonGet(str(given), way, "S3Uri"), believed)
    source = given.__smgen_expression__ if is_variable(given) and given.__smgen_type__ == "String" else None
    if is_variable(given) and isinstance(source, (Get, Join)):
        return Variable(JsonGet(source, way, "S3Uri"), believed, given.__smgen_origins__)
    return refuse(f"a file is read from a location, and this is {short(given)}", 'write join("/", …) around its parts')


class _Members:
    """Access to the members of an object in a report, by which generated properties are written."""

    __slots__ = ()

    @property
    def __smgen_here__(self) -> ReportPath:
        raise NotImplementedError

    def __smgen_node__(self, key: str, node: type[N]) -> N:
        return node(self.__smgen_here__.member(key))

    def __smgen_list__(self, key: str, node: type[N]) -> ReportList[N]:
        return ReportList(self.__smgen_here__.member(key), node)

    def __smgen_value__(self, key: str, type: type[V]) -> Variable[V]:
        return self.__smgen_here__.member(key).value(type)

    def __smgen_values__(self, key: str, type: type[V]) -> ReportValues[V]:
        return ReportValues(self.__smgen_here__.member(key), type)


class _NoText(NoOperators, Attributes):
    """A part of a report that stands between its file and its values: there is nothing to write or to go through."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{self.__smgen_name__}>"

    def __str__(self) -> str:
        """Raises SMG208: a report is read when the pipeline runs."""
        refuse(
            f"{self.__smgen_name__} was made a text, but a report is read only when the pipeline runs",
            "go on to one of its values, and put texts together with join",
        )

    @property
    def __smgen_subject__(self) -> str:
        return self.__smgen_name__

    def __smgen_combined__(self, sign: str) -> str:
        """Only values can be compared."""
        return f"compare {value_hint(self)}, and {super().__smgen_combined__(sign)}"

    def __smgen_computed__(self, sign: str) -> str:
        """Only values can go anywhere, and not even they can be computed with."""
        return "go on to one of its values"

    def __format__(self, format_spec: str) -> str:
        """Raises SMG208, as ``str()`` does."""
        return self.__str__()

    # A type checker knows without them that there is nothing to compare.
    if not TYPE_CHECKING:

        def __lt__(self, other: object) -> bool:
            refuse(f"{self.__smgen_name__} was compared, but it is no value", f"compare {value_hint(self)}")

        __le__ = __gt__ = __ge__ = __lt__


class ReportNode(_Members, _NoText):
    """An object in a report; generated subclasses have one property per member."""

    __slots__ = ("__smgen_path__",)

    def __init__(self, path: ReportPath) -> None:
        """``path`` of this object in its report."""
        self.__smgen_path__ = path

    @property
    def __smgen_here__(self) -> ReportPath:
        return self.__smgen_path__

    @property
    def __smgen_name__(self) -> str:
        return f"the object {self.__smgen_path__}"


def _checked_index(index: int) -> int:
    if isinstance(index, bool) or not isinstance(unchecked(index), int) or index < 0:
        refuse(
            f"{short(index)} is no place in a list of a report",
            "count from 0 with a plain number",
        )
    return int(index)


class _Items(_NoText):
    """A list in a report, of which only the items are values."""

    __slots__ = ("__smgen_path__",)

    __smgen_path__: ReportPath

    @property
    def __smgen_name__(self) -> str:
        return f"the list {self.__smgen_path__}"

    def __iter__(self) -> NoReturn:
        """Raises SMG208: how many items there are is known only when the pipeline runs."""
        refuse(
            f"{self.__smgen_name__} was iterated over, but its length is known only when the pipeline runs",
            "name its items: [0], [1], …",
        )

    def __contains__(self, item: object) -> bool:
        """Raises SMG208, as going through it does; Python would say less."""
        return self.__iter__()


class ReportList(_Items, Generic[N_co]):
    """A list of objects in a report; ``[0]`` is its first item."""

    __slots__ = ("__smgen_node__",)

    def __init__(self, path: ReportPath, node: type[N_co]) -> None:
        """``path`` of the list; ``node`` is the class of its items."""
        self.__smgen_path__ = path
        self.__smgen_node__ = node

    def __getitem__(self, index: int) -> N_co:
        """The item at ``index``, from 0."""
        return self.__smgen_node__(self.__smgen_path__.item(_checked_index(index)))


class ReportValues(_Items, Generic[V]):
    """A list of plain values in a report; ``[0]`` is its first item."""

    __slots__ = ("__smgen_type__",)

    def __init__(self, path: ReportPath, type: type[V]) -> None:
        """``path`` of the list; ``type`` of its items."""
        self.__smgen_path__ = path
        self.__smgen_type__ = type

    def __getitem__(self, index: int) -> Variable[V]:
        """The item at ``index``, from 0."""
        return self.__smgen_path__.item(_checked_index(index)).value(self.__smgen_type__)


class ReportFile(Output[A_co], _Members):
    """A reference to a JSON file that a step writes below an output; generated subclasses have its members."""

    __slots__ = ("__smgen_path__",)

    def __init__(self, output: Output[Artifact], file: str, artifact: type[Artifact], path: ReportPath) -> None:
        """``file`` is relative to ``output``; ``artifact`` is the type of the file; ``path`` is the root."""
        super().__init__(file_below(output.__smgen_expression__, file), artifact, output.__smgen_origin__, file)
        self.__smgen_path__ = path

    @property
    def __smgen_name__(self) -> str:
        return str(self.__smgen_path__)

    @property
    def __smgen_here__(self) -> ReportPath:
        return self.__smgen_path__

    def __repr__(self) -> str:
        return f"<the report of {self.__smgen_title__}, of type {self.__smgen_artifact__.__name__}>"
