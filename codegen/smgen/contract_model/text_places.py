"""Numbers and truth values in places of a request that hold texts, such as the arguments of a container: their texts.

AWS has such lists and maps for whatever reads them. What stands there in a contract and is no text becomes a ``$join``
of itself, so that the definition holds its text, and a variable's is put together when the pipeline runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from smgen.contract_model.holes import (
    EachHole,
    InputHole,
    ItemHole,
    JoinHole,
    ListValue,
    ObjectValue,
    SettingHole,
    Value,
    WhenHole,
)
from smgen.contract_model.model import InputPort, SettingSpec
from smgen.documents import JsonValue

#: Members of AWS's requests that are lists or maps of any texts; none of them is anything else in another place.
TEXT_MEMBERS: Final = frozenset(
    {
        "AdditionalInfo",
        "Args",
        "CollectionParameters",
        "ContainerArguments",
        "ContainerEntrypoint",
        "CustomerMetadataProperties",
        "Environment",
        "HookParameters",
        "HyperParameters",
        "ProfilingParameters",
        "Properties",
        "RuleParameters",
        "StaticHyperParameters",
        "entryPointArguments",
        "properties",
    }
)

#: The scalar types, of JSON Schema and of ports, whose values are no texts.
_NO_TEXTS: Final = ("integer", "number", "boolean", "Integer", "Float", "Boolean")


def with_texts(value: Value, inputs: Mapping[str, InputPort], settings: Mapping[str, SettingSpec]) -> Value:
    """The request, or the step fields, with the texts of what is no text in a place that holds texts."""
    return _Texts(inputs, settings).below(value)


@dataclass(frozen=True, slots=True)
class _Texts:
    inputs: Mapping[str, InputPort]
    settings: Mapping[str, SettingSpec]

    def below(self, value: Value) -> Value:
        """A value that may have places of texts in it."""
        if isinstance(value, ObjectValue):
            members = (
                (name, self.texts(member) if name in TEXT_MEMBERS else self.below(member))
                for name, member in value.members
            )
            return ObjectValue(tuple(members), value.pointer)
        return value if value.is_text else value.rebuilt(self.below)

    def texts(self, value: Value) -> Value:
        """A list or a map of texts."""
        if isinstance(value, (ListValue, ObjectValue)):
            return value.rebuilt(lambda item: self.item(item, False))
        return value if value.is_text else value.rebuilt(self.texts)

    def item(self, value: Value, element: bool) -> Value:
        """One text; ``element`` says that the current item of the ``$each`` around it is none."""
        if isinstance(value, EachHole):
            return replace(value, item=self.item(value.item, self.has_no_texts(value.port)))
        if isinstance(value, WhenHole):
            return value.rebuilt(lambda inner: self.item(inner, element))
        is_text = not (
            (isinstance(value, SettingHole) and self.is_no_text(value.setting))
            or (isinstance(value, InputHole) and self.is_no_text(value.port))
            or (isinstance(value, ItemHole) and element and not value.number)
        )
        return value if is_text else JoinHole((value,), pointer=value.pointer)

    def is_no_text(self, name: str) -> bool:
        """Whether a setting or port is declared to be a number or a truth value."""
        if name in self.settings:
            return _has_no_texts(self.settings[name].declared)
        return name in self.inputs and self.inputs[name].dependency_spec.dependency_type in _NO_TEXTS

    def has_no_texts(self, name: str) -> bool:
        """Whether the elements of a list, or the references of a port with ``many``, are numbers or truth values."""
        if name not in self.settings:
            return self.is_no_text(name)
        items = self.settings[name].declared.get("items")
        return isinstance(items, dict) and _has_no_texts(items)


def _has_no_texts(schema: Mapping[str, JsonValue]) -> bool:
    """Whether a schema of values allows numbers or truth values only."""
    if "type" in schema:
        return schema["type"] in _NO_TEXTS
    listed = schema.get("enum", [schema["const"]] if "const" in schema else [])
    return isinstance(listed, list) and bool(listed) and all(isinstance(value, (int, float)) for value in listed)
