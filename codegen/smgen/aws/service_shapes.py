"""The shapes of AWS's requests and responses that pipeline steps use, read from the table that ships with smgen."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias, TypedDict

from typing_extensions import NotRequired

ShapeType: TypeAlias = Literal[
    "structure",
    "list",
    "map",
    "string",
    "integer",
    "long",
    "float",
    "double",
    "boolean",
    "timestamp",
    "blob",
    "document",
]
"""The type names of botocore's models, and ``document``: any JSON value, of which no model says more."""

SERVICE_MODEL_FILE = Path(__file__).parent / "data" / "service_model.json"
"""The table, written by ``python -m smgen.aws.prune``."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a structure: the name of its shape, and AWS's first sentences about it as text ('' if none)."""

    name: str
    shape: str
    documentation: str = ""


def _no_members() -> Mapping[str, Member]:
    return {}


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape of AWS's models.

    The name is unique: a shape of SageMaker keeps its name, one of another service is ``emr.Step``, and one that only
    the pipeline document has is ``pipelines.CacheConfig``. ``min`` and ``max`` bound the length of a string, list or
    map (in characters, items, entries) and the value of a number; for a ``document`` ``min`` is the number of path
    parts that a reference into it needs. ``pattern`` is AWS's text, meant for the whole string though it has no
    anchors.
    """

    name: str
    type: ShapeType
    members: Mapping[str, Member] = field(default_factory=_no_members)
    required: tuple[str, ...] = ()
    element: str | None = None
    key: str | None = None
    value: str | None = None
    enum: tuple[str, ...] = ()
    min: int | float | None = None
    max: int | float | None = None
    pattern: str | None = None
    union: bool = False
    """Exactly one of the members is to be given."""


class ShapeRow(TypedDict):
    """A shape as the file holds it; a member is ``[shape]`` or ``[shape, documentation]``."""

    type: ShapeType
    members: NotRequired[dict[str, list[str]]]
    required: NotRequired[list[str]]
    element: NotRequired[str]
    key: NotRequired[str]
    value: NotRequired[str]
    enum: NotRequired[list[str]]
    min: NotRequired[int | float]
    max: NotRequired[int | float]
    pattern: NotRequired[str]
    union: NotRequired[bool]


class ShapeTable(TypedDict):
    """The whole file."""

    botocore: str
    services: dict[str, str]
    shapes: dict[str, ShapeRow]


class ServiceModel:
    """Shapes by name; each is built when it is first asked for, because one command needs few of them."""

    __slots__ = ("_built", "_table")

    def __init__(self, table: ShapeTable) -> None:
        """Keep the table as parsed; nothing is copied."""
        self._table = table
        self._built: dict[str, Shape] = {}

    @property
    def botocore_version(self) -> str:
        """The botocore release the table was pruned from, such as ``1.44.5``."""
        return self._table["botocore"]

    @property
    def services(self) -> Mapping[str, str]:
        """The API version of each service in the table, such as ``{"sagemaker": "2017-07-24"}``."""
        return self._table["services"]

    @property
    def shape_names(self) -> tuple[str, ...]:
        """The names of all shapes, sorted."""
        return tuple(self._table["shapes"])

    def shape(self, name: str) -> Shape:
        """Return the shape of that name; KeyError when the table has none."""
        built = self._built.get(name)
        if built is None:
            built = self._built[name] = _shape(name, self._table["shapes"][name])
        return built

    def member_shape(self, member: Member) -> Shape:
        """Return the shape of a member."""
        return self.shape(member.shape)


def _shape(name: str, row: ShapeRow) -> Shape:
    return Shape(
        name=name,
        type=row["type"],
        members={key: Member(key, *value) for key, value in row.get("members", {}).items()},
        required=tuple(row.get("required", ())),
        element=row.get("element"),
        key=row.get("key"),
        value=row.get("value"),
        enum=tuple(row.get("enum", ())),
        min=row.get("min"),
        max=row.get("max"),
        pattern=row.get("pattern"),
        union=row.get("union", False),
    )


@cache
def service_model() -> ServiceModel:
    """Return the shipped table; the file is read once per process."""
    table: ShapeTable = json.loads(SERVICE_MODEL_FILE.read_text(encoding="utf-8"))
    return ServiceModel(table)


@cache
def works_in_python(pattern: str) -> bool:
    r"""Tell whether ``re`` takes an AWS pattern as it stands (``\p{L}`` and lone surrogates it does not).

    Use ``re.fullmatch`` and ``re.ASCII``: AWS means the whole string, and Java's ``\w``, which is ASCII.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(pattern)
    except (re.error, Warning, OverflowError, RecursionError):
        return False
    return True


# What Rust's regex crate, and so pydantic's default engine, refuses among what AWS writes: look-around and
# back-references, surrogates, POSIX class names as properties.
_NOT_IN_RUST = re.compile(
    r"\(\?(?:[=!]|<[=!])|\\[1-9]|\\u[dD][89a-fA-F]|\\p\{(?:Alnum|Alpha|Digit|Punct|Graph|Print)\}"
)


# A Unicode class repeated this often exceeds the size Rust's regex allows a pattern (measured: 202 to 244 times).
_WIDE_REPETITION = re.compile(r"(?:\[[^\]]*\\[pPwW][^\]]*\]|\\[pPwW](?:\{[A-Za-z]+\})?)\{(?:\d+,)?(\d+)\}")
_WIDEST_REPETITION = 200


@cache
def works_in_pydantic(pattern: str) -> bool:
    """Tell whether pydantic's default engine (Rust's regex) takes an AWS pattern; anchors are still to be added."""
    if _NOT_IN_RUST.search(pattern):
        return False
    return all(int(times) <= _WIDEST_REPETITION for times in _WIDE_REPETITION.findall(pattern))
