"""The leaves of a step's document: where each stands, what it stands in, and which steps have the same form."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from smgen.aws import STEP_KINDS, PathProblem, Shape, request_shape, step_field_shape
from smgen.definition import Step
from smgen.documents import append_pointer, is_container
from smgen.expressions import Members, Value, as_expression, elements_at, members_at, value_at

Parts: TypeAlias = "tuple[str | int, ...]"

#: Members that give an item of a list its name.
_ITEM_NAMES: Final = ("ChannelName", "ChannelType", "InputName", "OutputName", "Name")
#: Members that say what a step is, and not what a pipeline chooses for it: steps that differ in them are two shapes.
_IDENTITY: Final = frozenset(
    {
        "ChannelName",
        "InputName",
        "OutputName",
        "LocalPath",
        "OutputType",
        "CheckType",
        "ContentType",
        "RuleConfigurationName",
        "S3DataType",
        "S3InputMode",
        "S3UploadMode",
        "MetricName",
        "sagemaker_program",
    }
)
#: Lists of texts of which the plain ones are the step's own.
_IDENTITY_LISTS: Final = ("ContainerEntrypoint",)
#: The members of an object that looks like an expression.
FUNCTIONS: Final = (("Get",), ("Std:Join",), ("Std:JsonGet",))
_NAMES: Final = ("-", "Steps.", "Parameters.", "Execution.")


@dataclass(frozen=True, slots=True)
class StepLeaf:
    """A plain value or an expression of a step, or a part of it that the environment fills as a whole.

    ``beside`` says that it stands beside ``Arguments``; ``parts`` lead to it from there. ``item`` names the nearest
    channel, input or output around it.
    """

    beside: bool
    parts: Parts
    pointer: str
    value: Value
    item: str

    @property
    def name(self) -> str:
        """The last name on the way to it."""
        return next((part for part in reversed(self.parts) if isinstance(part, str)), "")

    @property
    def key(self) -> tuple[bool, Parts]:
        """What tells it from the other leaves of its step."""
        return self.beside, self.parts

    @property
    def is_expression(self) -> bool:
        """Whether its value is worked out when the pipeline runs."""
        return is_expression(self.value)


def is_expression(value: Value) -> bool:
    """Whether a value is an expression, or an object with the looks of one: its one member is called as a function."""
    return as_expression(value) is not None or tuple(members_at(value)) in FUNCTIONS


def step_fields(step: Step) -> Members:
    """What stands beside ``Arguments`` and belongs to the contract, with ``PropertyFiles`` left out."""
    return {name: step.own[name] for name in step.fields if name not in ("DisplayName", "Description")}


def leaves(step: Step, whole: Collection[str]) -> tuple[StepLeaf, ...]:
    """The leaves of a step in written order; at the pointers of ``whole`` a subtree is one leaf.

    Members that are null are left out of the arguments: null says what absence says.
    """
    arguments = append_pointer(step.pointer, "Arguments")
    found = list(_below(step.own["Arguments"], (), arguments, False, "", whole, keep_null=keeps_null(step.type)))
    for name, value in step_fields(step).items():
        if name != "OutputParameters":
            found += _below(value, (name,), append_pointer(step.pointer, name), True, "", whole, keep_null=True)
    return tuple(found)


def item_name(value: Value) -> str | None:
    """The name by which an item of a list is known; None where it has none that is a plain text."""
    named = (value_at(value, name) for name in _ITEM_NAMES)
    return next((name for name in named if isinstance(name, str)), None)


def inside(value: Value) -> list[tuple[str | int, Value]]:
    """The members of an object or the items of a list, each with its name or index."""
    return [*members_at(value).items(), *enumerate(elements_at(value))]


def keeps_null(kind: str) -> bool:
    """Whether null in the arguments is a value: what an author hands to a function or queue, or of an unknown kind."""
    return kind not in STEP_KINDS or STEP_KINDS[kind].takes_named_values


def _below(
    value: Value, parts: Parts, at: str, beside: bool, item: str, whole: Collection[str], *, keep_null: bool
) -> Iterator[StepLeaf]:
    if at in whole or is_expression(value) or not is_container(value):
        if value is not None or keep_null:
            yield StepLeaf(beside, parts, at, value, item)
        return
    if parts and isinstance(parts[-1], int):
        own = item_name(value)
        item = item if own is None else own
    for part, member in inside(value):
        keep = keep_null or isinstance(part, int)
        yield from _below(member, (*parts, part), append_pointer(at, part), beside, item, whole, keep_null=keep)


def shape_at(kind: str, leaf: StepLeaf) -> Shape | None:
    """AWS's shape at a leaf; None where AWS says none."""
    if kind not in STEP_KINDS:
        return None
    shape = step_field_shape(kind, leaf.parts) if leaf.beside else request_shape(kind, leaf.parts)
    return None if isinstance(shape, PathProblem) or shape.type == "document" else shape


def is_identity(leaf: StepLeaf) -> bool:
    """Whether a plain value says what the step is."""
    if leaf.name in _IDENTITY:
        return True
    if any(name in leaf.parts for name in _IDENTITY_LISTS) or (leaf.parts[-3:-2] == ("Tags",) and leaf.name == "Key"):
        return True
    # The names of options of a command, and of what @step of the SDK hands to a function.
    return isinstance(leaf.value, str) and leaf.name in ("ContainerArguments", "Args") and leaf.value.startswith(_NAMES)


def form(step: Step, found: tuple[StepLeaf, ...], marks: Mapping[str, str]) -> tuple[object, ...]:
    """What two steps have in common when one contract serves both: everything but the values of their leaves.

    ``marks`` says of some leaves, by pointer, what they are whatever their value is.
    """
    by_key = {leaf.key: leaf for leaf in found}
    fields = {name: value for name, value in step_fields(step).items() if name != "OutputParameters"}
    return (
        step.type,
        _form(step.own["Arguments"], (), False, by_key, marks, step.type),
        _form(fields, (), True, by_key, marks, step.type),
        repr(step.fields.get("OutputParameters")),
    )


def _form(
    value: Value,
    parts: Parts,
    beside: bool,
    found: Mapping[tuple[bool, Parts], StepLeaf],
    marks: Mapping[str, str],
    kind: str,
) -> object:
    leaf = found.get((beside, parts))
    if leaf is None:
        # A null member is left out.
        members = ((part, _form(member, (*parts, part), beside, found, marks, kind)) for part, member in inside(value))
        held = {part: member for part, member in members if member is not None}
        return (type(value), frozenset(held.items())) if is_container(value) else None
    if leaf.pointer in marks:
        return ("is", marks[leaf.pointer])
    if not leaf.is_expression and is_identity(leaf):
        return ("=", repr(leaf.value))
    shape = shape_at(kind, leaf)
    # Where AWS takes numbers with fractions, a config would make 1.0 of 1.
    is_open = shape is None or (shape.type in ("float", "double") and not leaf.is_expression)
    return ("*", _open_type(leaf.value) if is_open else "")


def _open_type(value: Value) -> str:
    """The type of a value where AWS says none; an expression is taken for a text until more is known."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    return "number" if isinstance(value, float) else "text"
