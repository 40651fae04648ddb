"""What a loop goes through: plain values, variables, lists that are known later, and records."""

from __future__ import annotations

from typing import Any

import pytest

from smgen.documents import JsonValue
from smgen.expressions import Get
from smgen.runtime import Environment, FluentPipelineBuilder, Item, ItemRecord, StepContract, Variable
from tests.runtime.fixture_package import findings_of, line, one_of, shown


class Zone(ItemRecord):
    code: Item[str]
    rate: Item[float]


class Region(ItemRecord, keys={"size": "the-size"}):
    name: Item[str]
    size: Item[int]
    active: Item[bool]
    zone: Zone


class Wider(Region):
    more: Item[str]


@pytest.fixture
def p() -> FluentPipelineBuilder:
    return FluentPipelineBuilder("Items", Environment("dev"))


def items_of(p: Any, items: object, of: object = None) -> JsonValue:
    """The ``IterableItems`` of a new loop."""
    p.for_each(f"Loop{len(p._branch.steps)}", items=items, of=of, max_concurrency=1)
    found: JsonValue = p._branch.steps[-1].items.document
    return found


def item_of(p: Any, items: object, of: object = None) -> Any:
    return p.for_each(f"Loop{len(p._branch.steps)}", items=items, of=of, max_concurrency=1).item


def refused(p: Any, items: object, of: object = None) -> Any:
    """The one finding about the items of a loop."""
    p.for_each("Loop", items=items, of=of, max_concurrency=1)
    (found,) = [finding for finding in findings_of(p.build) if "in its body" not in finding.message]
    assert found.rule == "SMG222"
    return found


# Plain values ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "type_"),
    [
        (["a", "b"], "String"),
        (("a",), "String"),
        ([1, 2], "Integer"),
        ([1, 0.5], "Float"),
        ([True, False], "Boolean"),
        (["a"] * 100, "String"),
    ],
)
def test_the_type_of_plain_items(p: FluentPipelineBuilder, items: Any, type_: str) -> None:
    assert items_of(p, items) == list(items)
    item = item_of(p, items)
    assert (item.__smgen_type__, item.__smgen_expression__) == (type_, Get("ForEach.CurrentItem"))
    assert item.__smgen_origins__[0].title == 'the current item of loop "Loop1"'


def test_variables_among_the_items(p: FluentPipelineBuilder) -> None:
    name, size, rate = p.string("Name"), p.integer("Size"), p.float("Rate")
    assert items_of(p, ["a", name]) == ["a", {"Get": "Parameters.Name"}]
    assert item_of(p, [size, 3]).__smgen_type__ == "Integer"
    assert item_of(p, [size, rate]).__smgen_type__ == "Float"
    assert item_of(p, [p.boolean("Flag")]).__smgen_type__ == "Boolean"


def test_a_list_that_is_known_later(p: FluentPipelineBuilder) -> None:
    listed = p.string("List", default="[]")
    assert items_of(p, listed, int) == {"Get": "Parameters.List"}
    for python, type_ in ((str, "String"), (int, "Integer"), (float, "Float"), (bool, "Boolean")):
        assert item_of(p, listed, python).__smgen_type__ == type_
    assert item_of(p, listed, Region).zone.code.__smgen_expression__ == Get("ForEach.CurrentItem.zone.code")
    # Variables that hold a record each.
    assert items_of(p, [listed, listed], Region) == [{"Get": "Parameters.List"}, {"Get": "Parameters.List"}]
    assert isinstance(item_of(p, [listed], Region), Region)


@pytest.mark.parametrize(
    ("items", "message", "given"),
    [
        ([], "a loop has 1 to 100 items that are written down", "0 items"),
        (["a"] * 101, "a loop has 1 to 100 items that are written down", "101 items"),
        ("abc", "the items of a loop are no list", "'abc' (str)"),
        ({"a", "b"}, "the items of a loop are no list", None),
        (None, "the items of a loop are no list", "None (NoneType)"),
        (3, "the items of a loop are no list", "3 (int)"),
        (["a", None], "item 1 of a loop is no plain value, variable or record", "None (NoneType)"),
        ([{"a": 1}], "item 0 of a loop is no plain value, variable or record", "{'a': 1} (dict)"),
        ([float("nan")], "item 0 of a loop is no plain value, variable or record", "nan (float)"),
        (["a", 1], "the items of a loop are of different types", "String, Integer"),
        ([True, 1], "the items of a loop are of different types", "Boolean, Integer"),
    ],
)
def test_items_that_are_none(p: FluentPipelineBuilder, items: object, message: str, given: str | None) -> None:
    found = refused(p, items)
    assert found.message == message
    if given is not None:
        assert found.given == given


def test_lists_of_other_types(p: FluentPipelineBuilder) -> None:
    without = refused(p, p.string("List"))
    assert without.message == "a loop over a variable needs the type of its items"
    assert without.fix == "write of=str, of=int, … or of= with an ItemRecord class"
    other = FluentPipelineBuilder("Other")
    assert refused(other, other.integer("Size"), int).expected == "a String variable that holds a JSON list"
    for wrong in (list, "str", Region(**right()), ItemRecord, StepContract):
        other = FluentPipelineBuilder("Other")
        found = refused(other, other.string("List"), wrong)
        assert found.message == "the items of a loop are of no type that they can have"
    other = FluentPipelineBuilder("Other")
    found = refused(other, [Zone(code="a", rate=1)], Region)
    assert (found.message, found.given) == ("item 0 of a loop is of another type than of=", "Zone")
    assert found.expected == "Region, or variables that hold one"


# Records ---------------------------------------------------------------------------------------------------------


def right(**values: object) -> Any:
    return {"name": "eu", "size": 3, "active": True, "zone": Zone(code="a", rate=0.5)} | values


def test_records_are_json_texts(p: FluentPipelineBuilder) -> None:
    assert items_of(p, [Region(**right())]) == [
        '{"name":"eu","the-size":3,"active":true,"zone":{"code":"a","rate":0.5}}'
    ]
    assert items_of(p, [Region(**right(name='a"ü\\'))]) == [
        '{"name":"a\\"ü\\\\","the-size":3,"active":true,"zone":{"code":"a","rate":0.5}}'
    ]


def test_variables_in_records(p: FluentPipelineBuilder) -> None:
    name, size, rate = p.string("Name"), p.integer("Size"), p.integer("Rate")
    record = Region(**right(name=name, size=size, zone=Zone(code=name, rate=rate)))
    assert items_of(p, [record]) == [
        {
            "Std:Join": {
                "On": "",
                "Values": [
                    '{"name":"',
                    {"Get": "Parameters.Name"},
                    '","the-size":',
                    {"Get": "Parameters.Size"},
                    ',"active":true,"zone":{"code":"',
                    {"Get": "Parameters.Name"},
                    '","rate":',
                    {"Get": "Parameters.Rate"},
                    "}}",
                ],
            }
        }
    ]


def test_the_fields_of_the_current_item(p: FluentPipelineBuilder) -> None:
    item = item_of(p, [Region(**right())])
    fields = [
        (item.name, "String", "ForEach.CurrentItem.name"),
        (item.size, "Integer", "ForEach.CurrentItem['the-size']"),
        (item.active, "Boolean", "ForEach.CurrentItem.active"),
        (item.zone.code, "String", "ForEach.CurrentItem.zone.code"),
        (item.zone.rate, "Float", "ForEach.CurrentItem.zone.rate"),
    ]
    for field, type_, path in fields:
        assert isinstance(field, Variable)
        assert (field.__smgen_type__, field.__smgen_expression__) == (type_, Get(path))
    assert repr(item) == '<the current item of loop "Loop0">'
    assert one_of(lambda: item.nmae).nearest == "name"
    assert one_of(lambda: item.zone.cod).nearest == "code"
    assert one_of(lambda: f"{item}").rule == "SMG208"
    assert one_of(lambda: str(item.name)).rule == "SMG208"
    wider = item_of(p, [Wider(**right(more="x"))])
    assert (wider.more.__smgen_expression__, wider.name.__smgen_expression__) == (
        Get("ForEach.CurrentItem.more"),
        Get("ForEach.CurrentItem.name"),
    )


def test_a_record_that_is_written_down_is_given_to_the_loop() -> None:
    region = Region(**right())
    assert repr(Zone(code="a", rate=1)) == "Zone(code='a', rate=1)"
    assert str(Zone(code="a", rate=1)) == "Zone(code='a', rate=1)"
    read = one_of(lambda: region.name)
    assert (read.rule, read.fix) == ("SMG208", "in the body of the loop read loop.item.name")
    assert one_of(lambda: region.zone.code).rule == "SMG208"
    assert one_of(lambda: setattr(region, "name", "x")).rule == "SMG208"
    assert one_of(lambda: setattr(region, "zone", region)).rule == "SMG208"


def test_wrong_records() -> None:
    def make(**values: Any) -> Any:
        return findings_of(lambda: Region(**values))

    made = line() - 2

    wrong = right(name=3, size=True, active="yes", zone="a")
    assert [(finding.rule, finding.message, finding.expected) for finding in make(**wrong)] == [
        ("SMG222", f"the field '{name}' of an item of type Region is of another type", expected)
        for name, expected in (
            ("active", "bool, or a Boolean variable"),
            ("name", "str, or a String variable"),
            ("size", "int, or an Integer variable"),
            ("zone", "a Zone"),
        )
    ]
    unknown, missing = make(nmae="eu", size=1, active=True, zone=Zone(code="a", rate=1))
    assert (unknown.message, unknown.nearest) == ("an item of type Region has no field 'nmae'", "name")
    assert missing.message == "an item of type Region lacks the field 'name'"
    assert (missing.place.file, missing.place.line) == (shown(__file__), made)
    infinite = one_of(lambda: Zone(code="a", rate=float("inf")))
    assert infinite.given == "inf (float)"


def test_the_current_item_is_no_new_item(p: FluentPipelineBuilder) -> None:
    item = item_of(p, [Region(**right())])
    assert one_of(lambda: Region(**right(zone=item.zone))).message.startswith("the field 'zone'")
    p.for_each("Loop", items=[item], max_concurrency=1)
    assert any("item 0 of a loop is no plain value" in found.message for found in findings_of(p.build))


def test_wrong_record_classes() -> None:
    def without() -> object:
        class Empty(ItemRecord):
            pass

        return Empty

    def of_others() -> object:
        class Other(ItemRecord):
            name: str
            tags: Item[list[str]]  # type: ignore[type-var]  # the mistake
            fine: Item[str]

        return Other

    def unknown() -> object:
        class Unknown(ItemRecord):
            name: Nothing  # type: ignore[name-defined]  # noqa: F821  # the mistake

        return Unknown

    def keys() -> object:
        class Keys(ItemRecord, keys={"name": "a'b", "nmae": "x", "one": "two"}):
            name: Item[str]
            one: Item[str]
            two: Item[str]

        return Keys

    def folder() -> object:
        class Folder(ItemRecord, folder="nmae"):
            name: Item[str]
            zone: Zone

        return Folder

    def record_as_folder() -> object:
        class Folder(ItemRecord, folder="zone"):
            zone: Zone

        return Folder

    assert one_of(without).message == "the record class Empty has no field"
    assert [finding.message for finding in findings_of(of_others)] == [
        "the field 'name' of the record class Other has no type that an item can have",
        "the field 'tags' of the record class Other has no type that an item can have",
    ]
    assert one_of(unknown).message == "the annotations of the record class Unknown cannot be read"
    assert [finding.message for finding in findings_of(keys)] == [
        "the key of the field 'name' of the record class Keys cannot stand in a reference",
        "the record class Keys has no field 'nmae'",
        "two fields of the record class Keys have the key 'two'",
    ]
    found = one_of(folder)
    assert (found.message, found.nearest) == (
        "folder= of the record class Folder names no field with a plain value",
        "name",
    )
    assert one_of(record_as_folder).given == "'zone'"


def test_a_class_inside_a_function(p: FluentPipelineBuilder) -> None:
    class Inner(ItemRecord):
        code: Item[str]

    class Outer(ItemRecord):
        inner: Inner

    assert items_of(p, [Outer(inner=Inner(code="a"))]) == ['{"inner":{"code":"a"}}']
    assert item_of(p, [Outer(inner=Inner(code="a"))]).inner.code.__smgen_type__ == "String"
