"""The short forms of ports: items of a request's lists that members of a port stand for.

Each form is written down once, as the members of its item and what says them. By that an item is written, and by that
it is read back: what is not exactly as a form writes it is not of that form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from smgen.aws import EACH, PROCESSING_OUTPUTS, property_at, step_kind
from smgen.contract_model.holes import LiteralValue, ObjectValue, Value
from smgen.contract_model.request_editing import object_value

#: What is said of an item beside the members of its port: where the data lie.
LOCATION: Final = "location"


@dataclass(frozen=True, slots=True)
class Said:
    """A member of an item that the member ``field`` of a port says.

    ``usual`` is what stands there where the port does not say it; an ``optional`` member is not there then. Of a port
    with ``many`` each item has its number behind ``numbered``, as AWS takes no two of one name or in one folder.
    """

    field: str
    usual: str | None = None
    optional: bool = False
    numbered: str = ""


#: Members of an item in the order in which they are written; a text is the same in all items.
_Members: TypeAlias = "Mapping[str, Said | str | _Members]"


@dataclass(frozen=True, slots=True)
class ShortForm:
    """The short form of an item of the list at ``path``.

    A port has the form if it says the member ``place``. ``name`` is the member with the name of the item, which is the
    port's own where it is not said. ``fields`` are all members of a port that say something of the item, in the order
    in which a contract has them.
    """

    path: tuple[str, ...]
    place: str
    name: str
    fields: tuple[str, ...]
    members: _Members

    def written(self, said: Mapping[str, Value | str | None], pointer: str) -> ObjectValue:
        """The item of which that is said, by field; every part of it says that it comes from ``pointer``."""
        return _written(self.members, said, pointer)

    def read(self, item: Value) -> dict[str, Value] | None:
        """What is said, by field, of an item that is as this form writes it; None for any other value."""
        said: dict[str, Value] = {}
        return said if _read(self.members, item, said) else None

    @property
    def numbered(self) -> tuple[tuple[str, str], ...]:
        """The fields that are numbered where a port has several items, with what stands before the number."""
        return tuple((said.field, said.numbered) for said in _all_said(self.members) if said.numbered)


def processing_output_path(name: str) -> str:
    """The property with the location of a processing output, by AWS's name of it."""
    return property_at((*PROCESSING_OUTPUTS.path, EACH, "S3Output", "S3Uri"), name)


def _written(members: _Members, said: Mapping[str, Value | str | None], pointer: str) -> ObjectValue:
    def value(member: Said | str | _Members) -> Value | str | None:
        if isinstance(member, Said):
            return said.get(member.field) or member.usual if member.usual else said.get(member.field)
        return member if isinstance(member, str) else _written(member, said, pointer)

    return object_value({name: value(member) for name, member in members.items()}, pointer)


def _read(members: _Members, item: Value | None, said: dict[str, Value]) -> bool:
    """Whether a value is an object with these members; what it says of them is added to ``said``."""
    found = dict(item.members) if isinstance(item, ObjectValue) else {}
    return members.keys() >= found.keys() and all(
        _read_member(member, found.get(name), said) for name, member in members.items()
    )


def _read_member(member: Said | str | _Members, value: Value | None, said: dict[str, Value]) -> bool:
    if not isinstance(member, Said):
        return value == LiteralValue(member) if isinstance(member, str) else _read(member, value, said)
    if value is not None and value != LiteralValue(member.usual):
        said[member.field] = value
    return value is not None or member.optional


def _all_said(members: _Members) -> Iterator[Said]:
    for member in members.values():
        if isinstance(member, Said):
            yield member
        elif not isinstance(member, str):
            yield from _all_said(member)


CHANNEL: Final = ShortForm(
    path=("InputDataConfig",),
    place="channel",
    name="channel",
    fields=("channel", "content_type", "input_mode", "compression", "distribution", "data_type"),
    members={
        "ChannelName": Said("channel", numbered="-"),
        "DataSource": {
            "S3DataSource": {
                "S3DataType": Said("data_type", "S3Prefix"),
                "S3Uri": Said(LOCATION),
                "S3DataDistributionType": Said("distribution", "FullyReplicated"),
            }
        },
        "ContentType": Said("content_type", optional=True),
        "CompressionType": Said("compression", optional=True),
        "InputMode": Said("input_mode", optional=True),
    },
)
PROCESSING_INPUT: Final = ShortForm(
    path=("ProcessingInputs",),
    place="local_path",
    name="input_name",
    fields=("local_path", "input_name", "input_mode", "compression", "distribution", "data_type"),
    members={
        "InputName": Said("input_name", numbered="-"),
        "S3Input": {
            "S3Uri": Said(LOCATION),
            "LocalPath": Said("local_path", numbered="/"),
            "S3DataType": Said("data_type", "S3Prefix"),
            "S3InputMode": Said("input_mode", "File"),
            "S3DataDistributionType": Said("distribution", "FullyReplicated"),
            "S3CompressionType": Said("compression", "None"),
        },
    },
)
PROCESSING_OUTPUT: Final = ShortForm(
    path=PROCESSING_OUTPUTS.path,
    place="local_path",
    name="output_name",
    fields=("local_path", "output_name"),
    members={
        "OutputName": Said("output_name"),
        "S3Output": {"S3Uri": Said(LOCATION), "LocalPath": Said("local_path"), "S3UploadMode": "EndOfJob"},
    },
)
_FORMS: Final[Mapping[str | None, ShortForm]] = {
    "channel": CHANNEL,
    "processing_input": PROCESSING_INPUT,
    "processing_output": PROCESSING_OUTPUT,
}


def input_form(kind: str) -> ShortForm | None:
    """The short form of the inputs of a kind of step; None where its inputs are no items of a list."""
    return _FORMS.get(step_kind(kind).input_form)


def output_form(kind: str) -> ShortForm | None:
    """The same of its outputs."""
    return _FORMS.get(step_kind(kind).output_form)
