"""Property paths of steps, and request paths into their arguments, read and checked against AWS's shapes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeAlias

from smgen.aws.kinds.row import StepKind
from smgen.aws.request_paths import Path
from smgen.aws.service_shapes import Member, Shape, service_model
from smgen.aws.step_kinds import STEP_KINDS
from smgen.diagnostics import first_of, nearest_name

LeafType: TypeAlias = Literal["String", "Integer", "Float", "Boolean", "Timestamp", "Any"]
"""The type of a value in a pipeline; ``Any`` where no model says (outputs of a ForEach body)."""

MAX_PATH_LENGTH = 1_024
"""The longest property path that is read, in characters: a bound against hostile input (AWS states none).

The longest path that AWS's shapes allow, with keys of 256 characters, is shorter.
"""

_NAME = re.compile(r"[A-Za-z0-9_\-]+")
_INDEX = re.compile(r"\[([0-9]{1,9})\]")
_KEY = re.compile(r"""\['([^'"\x00-\x1f\x7f]+)'\]|\["([^'"\x00-\x1f\x7f]+)"\]""")
_PREFIX = "properties."
_LEAF_TYPES: Mapping[str, LeafType] = {
    "string": "String",
    "integer": "Integer",
    "long": "Integer",
    "float": "Float",
    "double": "Float",
    "boolean": "Boolean",
    "timestamp": "Timestamp",
    "blob": "String",
    "document": "Any",
}
_NOUNS: Mapping[str, str] = {"structure": "a structure", "list": "a list", "map": "a map", "document": "an open value"}
_SHOWN_NAMES = 8


@dataclass(frozen=True, slots=True)
class MemberPart:
    """A member of a structure: ``.Name``; letters, digits, ``_`` and ``-`` (the latter in names of ForEach steps)."""

    name: str


@dataclass(frozen=True, slots=True)
class IndexPart:
    """An element of a list by position from 0: ``[0]``."""

    index: int


@dataclass(frozen=True, slots=True)
class KeyPart:
    """An entry of a map, or a named element of a list: ``['train']``; no quotes, no control characters."""

    key: str


PathPart: TypeAlias = MemberPart | IndexPart | KeyPart


@dataclass(frozen=True, slots=True)
class PropertyPath:
    """A property path as its parts; ``str()`` gives SageMaker's form, which reads back to an equal path."""

    parts: tuple[PathPart, ...]

    def __str__(self) -> str:
        """Return the form that stands after ``Steps.<name>.`` in a definition."""
        return _text(self.parts)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value that other steps can read: its type, the name of its AWS shape, AWS's words about it."""

    type: LeafType
    shape: str
    documentation: str


@dataclass(frozen=True, slots=True)
class PathProblem:
    """Why a path does not fit: the ``reason``, and a ``hint`` at what would.

    ``at`` is the prefix that is right ('' at the start), ``given`` the part after it that is wrong, ``nearest`` what to
    write instead of ``given`` if one thing suggests itself, ``expected`` what would fit there: names, or ``[0]`` and
    ``['name']``. ``belongs_to`` are the kinds of steps that have the property which this kind has not.
    """

    reason: str
    at: str
    given: str
    nearest: str | None = None
    expected: tuple[str, ...] = ()
    belongs_to: tuple[str, ...] = ()
    hint: str = ""

    @property
    def message(self) -> str:
        """The reason with the hint behind it."""
        return f"{self.reason}; {self.hint}" if self.hint else self.reason

    @property
    def suggestion(self) -> str | None:
        """The path up to and including the place of the problem with ``nearest`` in it, or None."""
        return None if self.nearest is None else _joined(self.at, self.nearest)


def parse_property_path(text: str) -> PropertyPath | PathProblem:
    """Read a property path such as ``ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri``.

    A leading ``properties.`` means nothing and is dropped. Any text gives an answer; nothing is raised.
    """
    if len(text) > MAX_PATH_LENGTH:
        return PathProblem(f"a property path has at most {MAX_PATH_LENGTH} characters", "", text[:40])
    rest = text.removeprefix(_PREFIX)
    parts: list[PathPart] = []
    position = 0
    while position < len(rest) or not parts:
        read = _part(rest, position, first=not parts)
        if isinstance(read, str):
            return PathProblem(read, _text(parts), rest[position : position + 40])
        part, position = read
        parts.append(part)
    return PropertyPath(tuple(parts))


def element_of(items: Path, path: str) -> IndexPart | KeyPart | None:
    """The element of the list of properties at ``items`` into which a path leads; None where it leads elsewhere."""
    parsed = parse_property_path(path)
    parts = () if isinstance(parsed, PathProblem) else parsed.parts
    if len(parts) <= len(items) or parts[: len(items)] != tuple(MemberPart(name) for name in items):
        return None
    element = parts[len(items)]
    return None if isinstance(element, MemberPart) else element


def _part(text: str, position: int, *, first: bool) -> tuple[PathPart, int] | str:
    """Read the part at a position: the part and the position after it, or what is wrong in words."""
    if text.startswith("[", position):
        if first:
            return "a property path starts with the name of a member"
        if index := _INDEX.match(text, position):
            return IndexPart(int(index[1])), index.end()
        if key := _KEY.match(text, position):
            return KeyPart(key[1] or key[2]), key.end()
        return _bracket_problem(text, position)
    start = position
    if not first:
        if not text.startswith(".", position):
            return "after a part comes '.', '[' or the end"
        start += 1
    name = _NAME.match(text, start)
    if name is None:
        return "the name of a member is missing" if text[start : start + 1] in {"", ".", "["} else "no name of a member"
    return MemberPart(name[0]), name.end()


def _bracket_problem(text: str, position: int) -> str:
    inside = text[position + 1 :]
    if re.match(r"-[0-9]", inside):
        return "an index counts from 0; there is no counting from the end"
    if re.match(r"[0-9]+\]", inside):
        return "the index is too large"
    if not inside.startswith(("'", '"')):
        return "between '[' and ']' stands an index or a quoted key"
    if inside[1:3] == inside[0] + "]":
        return "the key is empty"
    if "]" not in inside:
        return "the ']' is missing"
    return "a key stands in one pair of quotes and has no quote and no control character in it"


def _text(parts: Iterable[PathPart]) -> str:
    text = ""
    for part in parts:
        text = _joined(text, _part_text(part))
    return text


def _part_text(part: PathPart) -> str:
    if isinstance(part, MemberPart):
        return part.name
    return f"[{part.index}]" if isinstance(part, IndexPart) else f"['{part.key}']"


def _joined(prefix: str, part: str) -> str:
    return f"{prefix}.{part}" if prefix and not part.startswith("[") else f"{prefix}{part}"


def property_leaf(kind: str, path: str) -> Leaf | PathProblem:
    """Return the leaf at a property path of a step of that kind, or why there is none.

    ``OutputParameters['x']`` of a Lambda or Callback step is a String here; the step's own ``OutputParameters`` say
    which names there are and their types. So do a processing step's outputs for ``Outputs['x']``: any name passes here.
    """
    row = STEP_KINDS.get(kind)
    if row is None:
        return _unknown_kind(kind)
    if not row.has_properties:
        return PathProblem(f"{kind} steps have no properties", "", path)
    parsed = parse_property_path(path)
    if isinstance(parsed, PathProblem):
        return parsed
    return _leaf(row, parsed.parts)


def _unknown_kind(kind: str) -> PathProblem:
    return PathProblem(
        f"{kind} is no step kind", "", kind, nearest=nearest_name(kind, STEP_KINDS), expected=tuple(STEP_KINDS)
    )


def _leaf(kind: StepKind, parts: tuple[PathPart, ...]) -> Leaf | PathProblem:
    model = service_model()
    shape = properties_shape(kind)
    documentation = ""
    for position, part in enumerate(parts):
        at = _text(parts[:position])
        if shape.type == "document":
            return _open_leaf(shape, parts, position, documentation)
        if at in kind.json_text:
            return Leaf("String", shape.name, documentation)
        step = _step(shape, part, at, f"the properties of {kind.type} steps")
        if isinstance(step, PathProblem):
            return step if at else _of_another_kind(kind, step)
        shape = model.shape(step.shape)
        documentation = step.documentation or documentation
    if shape.type == "document":
        return _open_leaf(shape, parts, len(parts), documentation)
    leaf_type = _LEAF_TYPES.get(shape.type)
    if shape.type == "structure" and not shape.members:
        # Nothing is known of it: what AWS has in it came after the table.
        leaf_type = "Any"
    if leaf_type is None:
        return _no_leaf(shape, parts)
    return Leaf(leaf_type, shape.name, documentation)


def _of_another_kind(kind: StepKind, problem: PathProblem) -> PathProblem:
    """The problem of a property that steps of other kinds have, with this kind's own instead of it if there is one."""
    name = problem.given
    owners = [other for other in STEP_KINDS.values() if name in properties_shape(other).members]
    if not owners or (problem.nearest or "").endswith(f".{name}"):
        return problem
    own = properties_shape(kind).members
    # TrainingJobArn is to TrainingJobName what ProcessingJobArn is to ProcessingJobName.
    stems = [(other.job_name or "").removesuffix("Name") for other in (kind, *owners)]
    alike = [stems[0] + name.removeprefix(stem) for stem in stems[1:] if stem and name.startswith(stem)]
    nearest = next((member for member in alike if member in own), None)
    kinds = tuple(owner.type for owner in owners)
    others = first_of(kinds, _SHOWN_NAMES)
    reason = f"{name} is no member of the properties of {kind.type} steps: it belongs to {others} steps"
    hint = f"did you mean {nearest}" if nearest else ""
    return PathProblem(reason, "", name, nearest, problem.expected, kinds, hint)


def _open_leaf(shape: Shape, parts: tuple[PathPart, ...], below: int, documentation: str) -> Leaf | PathProblem:
    """Accept any parts below an open value, if there are as many as a reference into it needs."""
    if len(parts) - below < (shape.min or 0):
        missing = "the name of a body step and one of its properties" if shape.min == 2 else "a property of a body step"
        at, given = _text(parts[:-1]), _part_text(parts[-1])
        return PathProblem(f"{_text(parts)} is not one value: after {_text(parts[:below])} comes {missing}", at, given)
    return Leaf("Any", shape.name, documentation)


@cache
def properties_shape(kind: StepKind) -> Shape:
    """Return one structure with the members of all responses of a kind; it has none when there are no properties."""
    model = service_model()
    members: dict[str, Member] = {}
    for name in kind.response:
        for member in model.shape(name).members.values():
            members.setdefault(member.name, member)
    return Shape(" and ".join(kind.response), "structure", members=members)


def _step(shape: Shape, part: PathPart, at: str, owner: str) -> Member | PathProblem:
    """Go one part down: the member or element there, under a made-up name if it is an element or an entry."""
    where = at or owner
    given = _part_text(part)
    if shape.type == "structure":
        if isinstance(part, MemberPart):
            return shape.members.get(part.name) or _unknown_member(shape, part.name, at, owner)
        nearest = part.key if isinstance(part, KeyPart) and part.key in shape.members else None
        message = f"{where} is a structure: its members are written with a dot"
        return PathProblem(message, at, given, nearest=nearest, expected=tuple(shape.members))
    if shape.type == "list" and shape.element is not None:
        if not isinstance(part, MemberPart):
            return Member(given, shape.element)
        expected = ("[0]", f"['{part.name}']")
        message = f"{where} is a list: an element is written {where}['{part.name}'] or {where}[0]"
        return PathProblem(message, at, given, nearest=expected[1], expected=expected)
    if shape.type == "map" and shape.value is not None:
        if isinstance(part, KeyPart):
            return Member(given, shape.value)
        key = f"['{part.name if isinstance(part, MemberPart) else part.index}']"
        message = f"{where} is a map: an entry is written {where}['key']"
        return PathProblem(message, at, given, nearest=key if isinstance(part, MemberPart) else None, expected=(key,))
    return PathProblem(f"{where} is {_article(_LEAF_TYPES[shape.type])}: nothing stands below it", at, given)


def _article(leaf_type: LeafType) -> str:
    return f"an {leaf_type}" if leaf_type == "Integer" else f"a {leaf_type}"


def _unknown_member(shape: Shape, name: str, at: str, owner: str) -> PathProblem:
    names = tuple(shape.members)
    lowered = {member.lower(): member for member in names}
    nearest = lowered.get(name.lower()) or _deeper(shape, name) or nearest_name(name, names)
    hint = f"did you mean {_joined(at, nearest)}" if nearest else f"it has {first_of(names, _SHOWN_NAMES)}"
    return PathProblem(f"{name} is no member of {at or owner}", at, name, nearest, names, hint=hint)


def _deeper(shape: Shape, name: str) -> str | None:
    """Return the one path to a member of that name below a structure, through structures only, or None."""
    model = service_model()
    found: list[str] = []
    seen = {shape.name}
    level = [(member.name, member.shape) for member in shape.members.values()]
    while level and not found:
        below: list[tuple[str, str]] = []
        for path, shape_name in level:
            inner = model.shape(shape_name)
            if inner.type != "structure" or shape_name in seen:
                continue
            seen.add(shape_name)
            below.extend((f"{path}.{member.name}", member.shape) for member in inner.members.values())
        found = [path for path, _ in below if path.rpartition(".")[2] == name]
        level = below
    return found[0] if len(found) == 1 else None


def _no_leaf(shape: Shape, parts: tuple[PathPart, ...]) -> PathProblem:
    path, at, given = _text(parts), _text(parts[:-1]), _part_text(parts[-1])
    message = f"{path} is {_NOUNS[shape.type]}, not one value"
    if shape.type == "list":
        return PathProblem(f"{message}; an element is written {path}[0]", at, given, expected=(f"{given}[0]",))
    if shape.type == "map":
        return PathProblem(f"{message}; an entry is written {path}['key']", at, given, expected=(f"{given}['key']",))
    leaves = tuple(f"{given}.{name}" for name in _leaves_below(shape))
    nearest = leaves[0] if len(leaves) == 1 else None
    hint = f"it has {first_of([_joined(at, leaf) for leaf in leaves], _SHOWN_NAMES)}" if leaves else ""
    if nearest:
        hint = f"did you mean {_joined(at, nearest)}"
    return PathProblem(message, at, given, nearest, leaves, hint=hint)


def _leaves_below(shape: Shape) -> tuple[str, ...]:
    """The members that are values; where there is none, the members."""
    model = service_model()
    values = tuple(name for name, member in shape.members.items() if model.shape(member.shape).type in _LEAF_TYPES)
    return values or tuple(shape.members)


def request_shape(kind: str, parts: Sequence[str | int]) -> Shape | PathProblem:
    """Return the shape at a place inside ``Arguments``, or why there is none.

    A part is the name of a member, the key of a map, or an index of a list; no parts give the shape of ``Arguments``.
    Members that the pipeline drops, such as ``TrainingJobName``, are found like the others.
    """
    found = _request_place(kind, parts)
    return found if isinstance(found, PathProblem) else service_model().shape(found.shape)


def request_member(kind: str, parts: Sequence[str | int]) -> Member | None:
    """Return the member at a place inside ``Arguments`` with AWS's words, None where ``request_shape`` has a problem.

    An element of a list and an entry of a map have the words of the member that holds them, and ``[0]`` or ``['key']``
    for a name.
    """
    found = _request_place(kind, parts)
    return None if isinstance(found, PathProblem) else found


def _request_place(kind: str, parts: Sequence[str | int]) -> Member | PathProblem:
    row = STEP_KINDS.get(kind)
    if row is None:
        return _unknown_kind(kind)
    return _descend(Member("Arguments", row.arguments), parts, "", f"the Arguments of {kind} steps")


def step_field_shape(kind: str, parts: Sequence[str | int]) -> Shape | PathProblem:
    """Return the shape at a place beside ``Arguments``; the first part is the name of the field, such as CheckType."""
    found = _field_place(kind, parts)
    return found if isinstance(found, PathProblem) else service_model().shape(found.shape)


def step_field_member(kind: str, parts: Sequence[str | int]) -> Member | None:
    """Return the member at a place beside ``Arguments``, None where ``step_field_shape`` has a problem."""
    found = _field_place(kind, parts)
    return None if isinstance(found, PathProblem) else found


def _field_place(kind: str, parts: Sequence[str | int]) -> Member | PathProblem:
    row = STEP_KINDS.get(kind)
    if row is None:
        return _unknown_kind(kind)
    fields = {field.name: Member(field.name, field.shape) for field in row.fields}
    first = str(parts[0]) if parts else ""
    if first not in fields:
        nearest = nearest_name(first, fields)
        hint = f"did you mean {nearest}" if nearest else f"it has {first_of(tuple(fields), _SHOWN_NAMES)}"
        reason = f"{kind} steps have no field {first!r} beside Arguments"
        return PathProblem(reason, "", first, nearest, tuple(fields), hint=hint)
    return _descend(fields[first], parts[1:], first, first)


def _descend(member: Member, parts: Sequence[str | int], at: str, owner: str) -> Member | PathProblem:
    model = service_model()
    for given in parts:
        shape = model.shape(member.shape)
        if shape.type == "document":
            return member
        part = _request_part(shape, given)
        if part is None:
            return _wrong_container(shape, given, at, at or owner)
        step = _step(shape, part, at, owner)
        if isinstance(step, PathProblem):
            return step
        member = Member(step.name, step.shape, step.documentation or member.documentation)
        at = _joined(at, _part_text(part))
    return member


def _request_part(shape: Shape, given: str | int) -> PathPart | None:
    """JSON has one way to write a part, the container says what it means; None where it is not of the container's."""
    if isinstance(given, int):
        return IndexPart(given) if shape.type != "map" and shape.type != "structure" and given >= 0 else None
    if shape.type == "list":
        return None
    return KeyPart(given) if shape.type == "map" else MemberPart(given)


def _wrong_container(shape: Shape, given: str | int, at: str, where: str) -> PathProblem:
    message = f"{where} is {_NOUNS[shape.type]}, so {given!r} is nothing in it"
    if shape.type == "list":
        return PathProblem(f"{message}; elements have numbers from 0", at, str(given), expected=("0",))
    return PathProblem(message, at, str(given), expected=tuple(shape.members))
