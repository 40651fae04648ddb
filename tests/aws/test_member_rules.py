"""Every rule between members: it is about members that there are, one set of values keeps it and another breaks it."""

from __future__ import annotations

import re
from copy import deepcopy

import pytest

from smgen.aws import EACH, MemberRule, Path, PathProblem, Shape, member_problems, member_rules, service_model
from smgen.aws.rules_between_members import LOCAL_STORAGE, When
from smgen.expressions import Get, Join, Members, Scalar, Value

RULES = [rule for rules in member_rules().values() for rule in rules]
NAMES = [f"{rule.shape}-{rule.name}-{number}" for number, rule in enumerate(RULES)]


def plain(value: Value) -> Scalar:
    return value if isinstance(value, (str, int, float)) else None


def problems(rule: MemberRule, holder: Value) -> list[str]:
    return [problem.message for problem in member_problems((rule,), holder, plain)]


def shape_at(shape: Shape, path: Path) -> Shape | None:
    model = service_model()
    for part in path:
        inner = shape.element or shape.value if part == EACH else None
        if part != EACH:
            inner = shape.members[part].shape if part in shape.members else None
        if inner is None:
            return None
        shape = model.shape(inner)
    return shape


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_rule_names_members_that_there_are(rule: MemberRule) -> None:
    shape = service_model().shape(rule.shape)
    for path in (*rule.members, *(when.path for when in rule.when)):
        assert shape_at(shape, path) is not None, path
    for path in rule.members:
        found = shape_at(shape, path)
        assert found is not None
        if found.enum:
            assert set(rule.values) <= set(found.enum), path


class Holder:
    """The values of one shape, filled in by paths; a path with EACH has the item that is asked for."""

    def __init__(self, *paths: Path) -> None:
        self.value: Value = [] if any(path[0] == EACH for path in paths) else {}

    def put(self, path: Path, value: Value, item: int = 0) -> None:
        here: Value = self.value
        for number, part in enumerate(path):
            inner: Value = [] if path[number + 1 : number + 2] == (EACH,) else {}
            inner = value if number + 1 == len(path) else inner
            if isinstance(here, list):
                while len(here) <= item:
                    here.append({})
                if number + 1 == len(path):
                    here[item] = value
                here = here[item]
            elif isinstance(here, dict):
                if number + 1 == len(path):
                    here[part] = value
                here = here.setdefault(part, inner)


def filled(rule: MemberRule, *put: tuple[Path, Value]) -> Value:
    """Values in which the rule holds, with these members; the same path again goes to the next item."""
    holder = Holder(*rule.members, *(when.path for when in rule.when))
    for when in rule.when:
        meet(holder, when)
    seen: dict[Path, int] = {}
    for path, value in put:
        holder.put(path, deepcopy(value), seen.get(path, 0))
        seen[path] = seen.get(path, 0) + 1
    return holder.value


def meet(holder: Holder, when: When) -> None:
    if when.absent or when.no:
        return
    holder.put(when.path, "ml.g5.xlarge" if when.pattern else when.values[0] if when.values else {"any": 1})


def item(rule: MemberRule) -> Path:
    """The path of the items of a rule about all of them."""
    (path,) = rule.members
    return path[: len(path) - path[::-1].index(EACH)]


def cases(rule: MemberRule) -> tuple[list[Value], list[Value]]:
    """Values that keep a rule, and values that break it."""
    first, last, form = rule.members[0], rule.members[-1], rule.form
    one, all_of_them = (first, "x"), [(path, "x") for path in rule.members]
    if form in ("exactly-one", "at-most-one", "at-least-one"):
        few, many = [filled(rule, one)], [filled(rule, *all_of_them)]
        none = [filled(rule)]
        keeping = few + (none if form == "at-most-one" else []) + (many if form == "at-least-one" else [])
        return keeping, (none if form != "at-most-one" else []) + (many if form != "at-least-one" else [])
    if form == "together":
        return [filled(rule), filled(rule, *all_of_them)], [filled(rule, one)]
    if form == "all-or-none":
        items: list[tuple[Path, Value]] = [(item(rule), {}), (item(rule), {})]
        return [filled(rule, *items), filled(rule, one, one)], [filled(rule, *items, one)]
    if form == "requires":
        above = dict.fromkeys(path[:-1] for path in rule.members if path[:-1])
        holders: list[tuple[Path, Value]] = [(path, {"other": 1}) for path in above]
        return [filled(rule, *holders, *all_of_them)], [filled(rule, *holders)]
    if form in ("excludes", "never"):
        return [filled(rule)], [filled(rule, (path, "x")) for path in rule.members]
    if form == "not-less-than":
        return (
            [
                filled(rule, (first, 2), (last, 2)),
                filled(rule, (first, "0.2"), (last, "0.1")),
                filled(rule, (first, 1)),
            ],
            [filled(rule, (first, 1), (last, 2)), filled(rule, (first, "9"), (last, "10"))],
        )
    return valued(rule)


def valued(rule: MemberRule) -> tuple[list[Value], list[Value]]:
    (path, *_), form, limit = rule.members, rule.form, rule.limit
    numbers = {
        "at-least": (limit, limit - 1),
        "at-most": (limit, limit + 1),
        "more-than": (limit + 0.1, limit),
        "less-than": (limit - 0.1, limit),
    }
    if form in numbers:
        good, bad = numbers[form]
        return [filled(rule, (path, good)), filled(rule, (path, str(good)))], [filled(rule, (path, bad))]
    if form == "product-at-most":
        other = rule.members[1]
        return [filled(rule, (path, 10), (other, 10)), filled(rule, (path, 16))], [
            filled(rule, (path, 11), (other, 10)),
            filled(rule, (path, 17)),
        ]
    if form in ("count-at-most", "length-at-most"):
        number = int(limit)
        empty: list[Value] = [dict[str, Value]() for _ in range(number + 1)]
        few: Value = empty[:number] if form == "count-at-most" else "x" * number
        many: Value = empty if form == "count-at-most" else "x" * (number + 1)
        return [filled(rule, (path, few))], [filled(rule, (path, many))]
    if form == "count-at-least":
        items: list[Value] = [dict[str, Value]() for _ in range(int(limit))]
        return [filled(rule), filled(rule, (path, items))], [filled(rule, (path, items[:-1]))]
    if form == "number":
        return [filled(rule, (path, "0.5")), filled(rule, (path, 1))], [filled(rule, (path, "low"))]
    if form in ("one-of-values", "none-of-values"):
        good_value, bad_value = filled(rule, (path, rule.values[-1])), filled(rule, (path, "another"))
        return ([good_value], [bad_value]) if form == "one-of-values" else ([bad_value], [good_value])
    if form in ("unique-by", "same"):
        same, apart = [(path, "a"), (path, "a")], [(path, "a"), (path, "b")]
        kept, broken = (apart, same) if form == "unique-by" else (same, apart)
        return [filled(rule, *kept)], [filled(rule, *broken)]
    if form == "among":
        choices = rule.members[1]
        return [filled(rule, (path, "a"), (choices, "b"), (choices, "a")), filled(rule, (path, "a"))], [
            filled(rule, (path, "a"), (choices, "b"))
        ]
    edge = str(rule.values[0])
    if form == "begins-not-with":
        return [filled(rule, (path, f"a{edge}"))], [
            filled(rule, (path, f"{edge}a")),
            filled(rule, (path, Join("", (edge, Get("Parameters.X"))))),
        ]
    if form == "begins-with":
        joined = Join("/", (f"{edge}a", Get("Parameters.X")))
        return [filled(rule, (path, f"{edge}a")), filled(rule, (path, joined))], [
            filled(rule, (path, "a")),
            filled(rule, (path, Join("", ("a", Get("Parameters.X"))))),
        ]
    if form == "ends-with":
        return [filled(rule, (path, f"a{edge}"))], [filled(rule, (path, "a"))]
    assert form == "contains"
    if EACH in path:
        return [filled(rule, (path, "x"), (path, rule.values[0]))], [filled(rule, (path, "x"))]
    return [filled(rule, (path, [*rule.values, "x"]))], [filled(rule, (path, ["x"]))]


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_rule_is_kept_and_broken(rule: MemberRule) -> None:
    keeping, breaking = cases(rule)
    assert keeping
    assert breaking
    for holder in keeping:
        assert problems(rule, holder) == [], holder
    for holder in breaking:
        assert len(problems(rule, holder)) == (len(rule.members) if rule.form == "requires" else 1), holder


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_what_is_known_when_the_pipeline_runs_breaks_no_rule_of_values(rule: MemberRule) -> None:
    if rule.form in ("at-least", "at-most", "more-than", "less-than", "one-of-values", "none-of-values", "ends-with"):
        assert problems(rule, filled(rule, (rule.members[0], Get("Parameters.X")))) == []
    if rule.when and not any(when.absent or when.no or not when.values for when in rule.when):
        holder = filled(rule)
        assert isinstance(holder, dict)
        unknown: Members = {**holder}
        put = Holder()
        put.value = unknown
        put.put(rule.when[0].path, Get("Parameters.X"))
        assert all(problem == [] for problem in [problems(rule, put.value)])


def test_machines_with_a_disk_of_their_own() -> None:

    with_disks = (
        "ml.g5.xlarge",
        "ml.g4dn.2xlarge",
        "ml.p4d.24xlarge",
        "ml.m5d.large",
        "ml.c5d.9xlarge",
        "ml.trn1.2xlarge",
    )
    without = ("ml.m5.xlarge", "ml.c5.large", "ml.p3.2xlarge", "ml.t3.medium", "ml.inf1.xlarge", "ml.r5.large")
    assert all(re.fullmatch(LOCAL_STORAGE, machine) for machine in with_disks)
    assert not any(re.fullmatch(LOCAL_STORAGE, machine) for machine in without)


def test_no_rule_stands_twice() -> None:
    keys = [(rule.shape, rule.name, rule.members) for rule in RULES]
    assert len(set(keys)) == len(keys)
    assert not isinstance(service_model().shape("TagList"), PathProblem)
