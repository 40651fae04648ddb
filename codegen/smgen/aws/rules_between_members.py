"""What AWS asks of members of a request together: the forms of such rules, and what one shape's values do to them.

The rules themselves stand in `data/member_rules.json`, by shape, each with the place in AWS's documentation that says
it. `docs/member_rules.md` tells of every sentence of that documentation which could be a rule whether it is one. What
is known only when the pipeline runs is given, and breaks no rule that asks for its value.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path as FilePath
from typing import Final, Literal, TypeAlias, TypedDict, cast

from typing_extensions import NotRequired

from smgen.aws.request_paths import EACH, Found, Path, values_at
from smgen.expressions import Join, Scalar, Value, elements_at, is_worked_out, members_at

Form: TypeAlias = Literal[
    "exactly-one",
    "at-most-one",
    "at-least-one",
    "together",
    "all-or-none",
    "requires",
    "excludes",
    "never",
    "not-less-than",
    "at-least",
    "at-most",
    "more-than",
    "less-than",
    "product-at-most",
    "count-at-most",
    "count-at-least",
    "length-at-most",
    "number",
    "one-of-values",
    "none-of-values",
    "begins-with",
    "begins-not-with",
    "ends-with",
    "unique-by",
    "same",
    "among",
    "contains",
]
"""What a rule asks:

- `exactly-one`, `at-most-one`, `at-least-one` of the members is given; `together`: all of them or none.
- `all-or-none`: the one member, whose path has `EACH`, is given in all items or in none.
- `requires`: all members are given, in each item where the path has `EACH`; `excludes`, `never`: none is (`never` is a
  member that AWS itself fills in).
- `not-less-than`: the first member against the second; `at-least`, `at-most`, `more-than`, `less-than` the `limit`.
- `product-at-most`: the numbers of all members, of which one that is not given counts as the number in `values`.
- `count-at-most`, `count-at-least` items, `length-at-most` characters; `number`: the text is one.
- `one-of-values`, `none-of-values`, `begins-with`, `begins-not-with`, `ends-with` (one of `values`).
- `contains`: one of `values` is in the list, or among all items where the path has `EACH`.
- `unique-by`, `same`: the members, whose paths have `EACH`, differ in all items, or are equal in all.
- `among`: what the first member has is one of what the second has, whose path has `EACH`.
"""

_OF_NOTHING: Final = ("exactly-one", "at-least-one", "requires")
"""The forms that may be broken by what is not there."""

MEMBER_RULES_FILE: Final = FilePath(__file__).parent / "data" / "member_rules.json"

LOCAL_STORAGE: Final = r"ml\.(?:[a-z]+\d+[a-z]*d[a-z]*|g4dn|g5|g6e?|p4d|p4de|p5e?n?|p6[a-z0-9-]*|trn\d[a-z0-9]*)\..*"
"""Instance types whose volume is a disk of their own, which AWS encrypts by itself."""
_PATTERNS: Final = {"local-storage": LOCAL_STORAGE}

Known: TypeAlias = Callable[[Value], Scalar]
"""The plain value that a value has as far as it is known (an expression by its defaults); None where it is not."""


@dataclass(frozen=True, slots=True)
class When:
    """A rule holds only where a member is given (no `values`), or has one of the values, or matches the pattern.

    `absent` says that AWS takes one of the values where the member is left out, so that the rule holds then as well;
    `no` turns the question round.
    """

    path: Path
    values: tuple[Scalar, ...] = ()
    pattern: str = ""
    absent: bool = False
    no: bool = False

    def holds(self, holder: Value, known: Known) -> bool | None:
        """Whether it does for the values of a shape; None where that is not known before the pipeline runs."""
        found = next(values_at(holder, self.path), None)
        held: bool | None
        if found is None:
            held = None if _is_hidden(holder, self.path) else self.absent
        elif not self.values and not self.pattern:
            held = True
        else:
            value = known(found.value)
            held = None if value is None else _is_one(value, self.values) or self._matches(value)
        return held if held is None else held is not self.no

    def _matches(self, value: Scalar) -> bool:
        return bool(self.pattern) and isinstance(value, str) and re.fullmatch(self.pattern, value) is not None

    @property
    def words(self) -> str:
        """The condition in words, for the end of a sentence."""
        name = path_text(self.path)
        if self.pattern:
            return f"where {name} is of that kind"
        if not self.values:
            return f"where {name} is {'not given' if self.no else 'given'}"
        return f"where {name} is {'not ' if self.no else ''}{_listed([shown_scalar(value) for value in self.values])}"


@dataclass(frozen=True, slots=True)
class MemberRule:
    """One rule between members of a shape of AWS, a structure or a list.

    `members` are paths from the shape's value; `source` is where AWS says it: `Shape$Member` of botocore's
    documentation, or a page of the guide. `certain` is False where the documentation leaves a doubt: then it is a
    warning. `why` is what AWS says, as the end of a sentence, where the form alone does not say it.
    """

    name: str
    shape: str
    form: Form
    members: tuple[Path, ...]
    source: str
    when: tuple[When, ...] = ()
    values: tuple[Scalar, ...] = ()
    limit: float = 0
    certain: bool = True
    why: str = ""
    needs: frozenset[str] = frozenset()
    """Members of the shape of which one has to be there for the rule to be broken; empty where that is not said."""


@dataclass(frozen=True, slots=True)
class MemberProblem:
    """A rule that values break: where (parts from the shape's value), what is wrong, and what to do.

    `message` goes on after "AWS" and is followed by the place, and that by `condition`: "AWS | takes no Tags | in the
    Arguments | beside ModelPackageGroupName".
    """

    rule: MemberRule
    parts: tuple[str | int, ...]
    message: str
    given: str | None
    expected: str
    fix: str
    is_missing: bool = False
    """What is wrong is that something is not there: the place is that of what lacks it."""

    @property
    def condition(self) -> str:
        """Where the rule holds, with a blank before it; "" for one that holds everywhere."""
        words = [self.rule.why] if self.rule.why else [when.words for when in self.rule.when]
        return f" {' and '.join(words)}" if words else ""


class _When(TypedDict):
    member: str
    values: NotRequired[list[Scalar]]
    pattern: NotRequired[str]
    absent: NotRequired[bool]
    no: NotRequired[bool]


class _Rule(TypedDict):
    """A rule as the file has it; paths are written with dots."""

    name: str
    form: Form
    members: list[str]
    source: str
    when: NotRequired[list[_When]]
    values: NotRequired[list[Scalar]]
    limit: NotRequired[float]
    certain: NotRequired[bool]
    why: NotRequired[str]


@cache
def member_rules() -> Mapping[str, tuple[MemberRule, ...]]:
    """The rules of each shape, in the order in which they are asked."""
    rows = cast("dict[str, list[_Rule]]", json.loads(MEMBER_RULES_FILE.read_text(encoding="utf-8")))
    return {shape: tuple(_read(shape, row) for row in rows[shape]) for shape in rows}


def _read(shape: str, row: _Rule) -> MemberRule:
    when = tuple(
        When(
            tuple(item["member"].split(".")),
            tuple(item.get("values", ())),
            _PATTERNS.get(item.get("pattern", ""), ""),
            item.get("absent", False),
            item.get("no", False),
        )
        for item in row.get("when", ())
    )
    members = tuple(tuple(path.split(".")) for path in row["members"])
    given = next((item.path[0] for item in when if not item.absent and not item.no), None)
    needs = frozenset((given,)) if given is not None else frozenset(path[0] for path in members)
    return MemberRule(
        row["name"],
        shape,
        row["form"],
        members,
        row["source"],
        when,
        tuple(row.get("values", ())),
        row.get("limit", 0),
        row.get("certain", True),
        row.get("why", ""),
        frozenset() if given is None and row["form"] in _OF_NOTHING else needs,
    )


def member_problems(rules: tuple[MemberRule, ...], holder: Value, known: Known) -> Iterator[MemberProblem]:
    """What the values of one shape do to its rules, in their order; nothing for an expression in the place of all."""
    if is_worked_out(holder):
        return
    names = members_at(holder)
    for rule in rules:
        # Most rules are about members that are not there: looking for one is less work than asking.
        if names and rule.needs and rule.needs.isdisjoint(names):
            continue
        if all(when.holds(holder, known) is True for when in rule.when):
            yield from _FORMS[rule.form](rule, holder, known)


def path_text(path: tuple[str | int, ...]) -> str:
    """A path for people: `Containers[].ModelDataUrl`; of the items of a list itself without the brackets, `Key`."""
    text = ""
    for part in path:
        inner = "[]" if part == EACH else f"[{part}]" if isinstance(part, int) else ""
        text += inner or (f".{part}" if text else str(part))
    return text.removeprefix("[].")


def shown_scalar(value: Scalar) -> str:
    """A plain value for a message, texts without quotes."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _listed(names: list[str], last: str = "or") -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def _is_one(value: Scalar, values: tuple[Scalar, ...]) -> bool:
    return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in values)


def _given(holder: Value, path: Path) -> list[Found]:
    # Most members are not there.
    if path and path[0] != EACH and members_at(holder).get(path[0]) is None:
        return []
    return [*values_at(holder, path)]


def _is_hidden(holder: Value, path: Path) -> bool:
    """Whether an expression stands above the end of a path, so that nobody knows what will be there."""
    return any(is_worked_out(found.value) for depth in range(1, len(path)) for found in _given(holder, path[:depth]))


def _number(value: Scalar) -> float | None:
    """A number, also as the text in which some requests have it."""
    if isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            return None
        return number if math.isfinite(number) else None
    return None if value is None or isinstance(value, bool) else value


def _choice(rule: MemberRule, holder: Value, _known: Known) -> Iterator[MemberProblem]:
    given = [path for path in rule.members if _given(holder, path)]
    most = 1 if rule.form in ("exactly-one", "at-most-one") else len(rule.members)
    least = 0 if rule.form == "at-most-one" else 1
    if least <= len(given) <= most or (not given and any(_is_hidden(holder, path) for path in rule.members)):
        return
    names = ", ".join(map(path_text, rule.members))
    words = {"exactly-one": "exactly one", "at-most-one": "at most one", "at-least-one": "at least one"}[rule.form]
    one = len(rule.members) == 1
    yield MemberProblem(
        rule,
        _given(holder, given[-1])[0].parts if given else (),
        f"takes {words} of {names}" if not one else f"wants {names}",
        ", ".join(map(path_text, given)) or "none of them",
        f"one of {names}" if not one else names,
        f"keep one of {_listed([*map(path_text, given)], 'and')}, and remove the other"
        + ("s" if len(given) > 2 else "")
        if given
        else (f"add {names}" if one else f"add one of {names}"),
        is_missing=not given,
    )


def _together(rule: MemberRule, holder: Value, _known: Known) -> Iterator[MemberProblem]:
    given = [path for path in rule.members if _given(holder, path)]
    missing = [path_text(path) for path in rule.members if path not in given]
    if given and missing:
        names = _listed([path_text(path) for path in rule.members], "and")
        message = f"takes {names} together, or none of them"
        said = ", ".join(map(path_text, given))
        yield MemberProblem(rule, _given(holder, given[0])[0].parts, message, said, names, f"add {', '.join(missing)}")


def _all_or_none(rule: MemberRule, holder: Value, _known: Known) -> Iterator[MemberProblem]:
    (path,) = rule.members
    at = len(path) - path[::-1].index(EACH)
    items, given = _given(holder, path[:at]), _given(holder, path)
    lacking = [item for item in items if item.parts not in {found.parts[:at] for found in given}]
    if given and lacking and not any(is_worked_out(item.value) for item in items):
        name = path_text(path[at:])
        message = f"takes {name} in all items of {path_text(path[: at - 1]) or 'a list'} or in none"
        fix = f"add {name} to every item, or leave it out everywhere"
        said = f"{len(given)} of {len(items)} items"
        yield MemberProblem(
            rule, lacking[0].parts, message, said, f"{name} in all items, or in none", fix, is_missing=True
        )


def _presence(rule: MemberRule, holder: Value, _known: Known) -> Iterator[MemberProblem]:
    for path in rule.members:
        name = path_text(path)
        if rule.form == "requires":
            # Without what holds it there is nothing that could lack it.
            for above in _given(holder, path[:-1]):
                if not is_worked_out(above.value) and members_at(above.value).get(path[-1]) is None:
                    yield MemberProblem(rule, above.parts, f"wants {name}", None, name, f"add {name}", is_missing=True)
        else:
            for item in _given(holder, path)[:1]:
                yield MemberProblem(rule, item.parts, f"takes no {name}", name, f"no {name}", f"remove {name}")


def _compared(rule: MemberRule, holder: Value, known: Known) -> Iterator[MemberProblem]:
    first, second = (_given(holder, path) for path in rule.members)
    for greater, lesser in zip(first, second, strict=False):
        one, other = _number(known(greater.value)), _number(known(lesser.value))
        if one is not None and other is not None and one < other:
            names = [path_text(path) for path in rule.members]
            shown = [shown_scalar(known(item.value)) for item in (greater, lesser)]
            yield MemberProblem(
                rule,
                greater.parts,
                f"takes no {names[0]} below {names[1]}",
                shown[0],
                f"{names[0]} of at least {shown[1]}, as {names[1]} is",
                f"raise {names[0]}, or lower {names[1]}",
            )


_LIMITS: Final[Mapping[str, tuple[Callable[[float, float], bool], str]]] = {
    "at-least": (lambda value, limit: value >= limit, "at least"),
    "at-most": (lambda value, limit: value <= limit, "at most"),
    "more-than": (lambda value, limit: value > limit, "more than"),
    "less-than": (lambda value, limit: value < limit, "less than"),
}


def _limited(rule: MemberRule, holder: Value, known: Known) -> Iterator[MemberProblem]:
    holds, words = _LIMITS[rule.form]
    for path in rule.members:
        for found in _given(holder, path):
            number = _number(known(found.value))
            if number is not None and not holds(number, rule.limit):
                expected = f"{words} {rule.limit:,g}"
                message = f"takes {path_text(path)} of {expected}"
                said = shown_scalar(known(found.value))
                yield MemberProblem(rule, found.parts, message, said, expected, f"write {expected}")


def _product(rule: MemberRule, holder: Value, known: Known) -> Iterator[MemberProblem]:
    numbers: list[float] = []
    given = [_given(holder, path) for path in rule.members]
    for found, default in zip(given, rule.values, strict=True):
        number = _number(known(found[0].value)) if found else _number(default)
        if number is None:
            return
        numbers.append(number)
    product = math.prod(numbers)
    if product > rule.limit and any(given):
        names = " x ".join(map(path_text, rule.members))
        said = " x ".join(f"{number:g}" for number in numbers) + f" = {product:,g}"
        message = f"takes {names} of at most {rule.limit:,g}"
        parts = next(found[0].parts for found in given if found)
        yield MemberProblem(rule, parts, message, said, f"at most {rule.limit:,g}", "lower one of them")


def _sized(rule: MemberRule, holder: Value, known: Known) -> Iterator[MemberProblem]:
    (path,) = rule.members
    few = rule.form == "count-at-least"
    for found in _given(holder, path):
        if rule.form == "length-at-most":
            text, unit = known(found.value), "characters"
            size = len(text) if isinstance(text, str) else 0
        elif is_worked_out(found.value):
            continue
        else:
            size, unit = len(elements_at(found.value)), "items"
        if size < rule.limit if few else size > rule.limit:
            unit = unit[:-1] if rule.limit == 1 else unit
            expected = f"at {'least' if few else 'most'} {rule.limit:,g} {unit}"
            message = f"takes {path_text(path)} of {expected}"
            fix = f"{'extend' if few else 'shorten'} {path_text(path)}"
            yield MemberProblem(rule, found.parts, message, f"{size:,} {unit}", expected, fix)


def _numeric(rule: MemberRule, holder: Value, known: Known) -> Iterator[MemberProblem]:
    for path in rule.members:
        for found in _given(holder, path):
            value = known(found.value)
            if isinstance(value, str) and _number(value) is None:
                message = f"takes no {path_text(path)} but a number"
                yield MemberProblem(rule, found.parts, message, value, "a number, written as a text", "write a number")


def _valued(rule: MemberRule, holder: Value, known: Known) -> Iterator[MemberProblem]:
    names = [shown_scalar(value) for value in rule.values]
    for path in rule.members:
        for found in _given(holder, path):
            value = known(found.value)
            if value is None or _is_one(value, rule.values) is (rule.form == "one-of-values"):
                continue
            one = len(names) == 1
            if rule.form == "one-of-values":
                expected, fix = _listed(names), f"write {names[0]}" if one else "write one of them"
                message = f"takes no {path_text(path)} but {expected}"
            else:
                expected, fix = (
                    f"a value other than {_listed(names)}",
                    f"write another value, or remove {path_text(path)}",
                )
                message = f"takes no {path_text(path)} of {shown_scalar(value)}"
            yield MemberProblem(rule, found.parts, message, shown_scalar(value), expected, fix)


def _edged(rule: MemberRule, holder: Value, known: Known) -> Iterator[MemberProblem]:
    begins, wanted = rule.form != "ends-with", rule.form != "begins-not-with"
    edges = tuple(value for value in rule.values if isinstance(value, str))
    verb = "ends" if not begins else "begins" if wanted else "does not begin"
    for path in rule.members:
        for found in _given(holder, path):
            text = edge_text(found.value, known, begins=begins)
            if text is None or (text.startswith(edges) if begins else text.endswith(edges)) is wanted:
                continue
            expected = f"a text that {verb} with {_listed([*edges])}"
            message = f"takes no {path_text(path)} but {expected}"
            yield MemberProblem(rule, found.parts, message, text, expected, f"write {expected}")


def edge_text(value: Value, known: Known, *, begins: bool) -> str | None:
    """What a text begins or ends with: the text, or the first or last part of a Join; None where that is not known."""
    if isinstance(value, Join) and value.values:
        edge = value.values[0 if begins else -1]
        return edge if isinstance(edge, str) and edge else None
    text = known(value)
    return text if isinstance(text, str) else None


def _repeated(rule: MemberRule, holder: Value, known: Known) -> Iterator[MemberProblem]:
    name = path_text(rule.members[0][-1:])
    seen: dict[Scalar, Found] = {}
    for found in (found for path in rule.members for found in _given(holder, path)):
        value = known(found.value)
        if value is None:
            continue
        shown = shown_scalar(value)
        if rule.form == "same" and seen and value not in seen:
            (first,) = seen
            message = f"takes one {name} in all items"
            yield MemberProblem(rule, found.parts, message, shown, shown_scalar(first), f"write {shown_scalar(first)}")
        elif rule.form == "unique-by" and value in seen:
            fix = "change or remove one of the two"
            yield MemberProblem(
                rule, found.parts, f"takes each {name} once", f"{shown} a second time", f"each {name} once", fix
            )
        else:
            seen[value] = found


def _among(rule: MemberRule, holder: Value, known: Known) -> Iterator[MemberProblem]:
    member, choices = rule.members
    names = [known(found.value) for found in _given(holder, choices)]
    if not names or None in names or _is_hidden(holder, choices):
        return
    for found in _given(holder, member):
        value = known(found.value)
        if value is not None and value not in names:
            message = f"takes in {path_text(member)} only what is in {path_text(choices)}"
            expected = _listed([shown_scalar(name) for name in names])
            yield MemberProblem(rule, found.parts, message, shown_scalar(value), expected, "write one of these names")


def _containing(rule: MemberRule, holder: Value, known: Known) -> Iterator[MemberProblem]:
    names = _listed([shown_scalar(value) for value in rule.values])
    for path in rule.members:
        for parts, items in _lists(holder, path):
            values = [known(item) for item in items]
            if None not in values and not any(_is_one(value, rule.values) for value in values):
                message = f"takes {path_text(path)} only with {names} in it"
                said = ", ".join(map(shown_scalar, values)) or "no items"
                yield MemberProblem(rule, parts, message, said, f"a list with {names}", f"add {names}")


def _lists(holder: Value, path: Path) -> Iterator[tuple[tuple[str | int, ...], Sequence[Value]]]:
    """The lists at a path with their places; of one with `EACH`, the list of what all items have there."""
    given = _given(holder, path)
    if EACH not in path:
        yield from ((found.parts, elements_at(found.value)) for found in given)
    elif given and not _is_hidden(holder, path):
        yield path[: path.index(EACH)], [found.value for found in given]


_FORMS: Final[Mapping[Form, Callable[[MemberRule, Value, Known], Iterator[MemberProblem]]]] = {
    **dict.fromkeys(("exactly-one", "at-most-one", "at-least-one"), _choice),
    "together": _together,
    "all-or-none": _all_or_none,
    **dict.fromkeys(("requires", "excludes", "never"), _presence),
    "not-less-than": _compared,
    **dict.fromkeys(("at-least", "at-most", "more-than", "less-than"), _limited),
    "product-at-most": _product,
    **dict.fromkeys(("count-at-most", "count-at-least", "length-at-most"), _sized),
    "number": _numeric,
    **dict.fromkeys(("one-of-values", "none-of-values"), _valued),
    **dict.fromkeys(("begins-with", "begins-not-with", "ends-with"), _edged),
    **dict.fromkeys(("unique-by", "same"), _repeated),
    "among": _among,
    "contains": _containing,
}
