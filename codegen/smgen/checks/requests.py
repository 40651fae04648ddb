"""SMG406 and SMG410 to SMG415: what stands in a step against the shapes of AWS's service models."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from smgen.aws import (
    COMMON_STEP_FIELDS,
    NOUNS,
    ONE_LINE,
    STEP_KINDS,
    LeafType,
    MemberRule,
    PathProblem,
    Shape,
    StepKind,
    ValueProblem,
    location_problem,
    member_problems,
    member_rules,
    members_of_the_step,
    request_shape,
    scalar_problem,
    service_model,
    shape_in_words,
    step_field_shape,
    works_in_python,
)
from smgen.checks.context import CheckContext
from smgen.checks.expression_values import ExpressionValues, has_placeholder
from smgen.checks.index import MOST_NAMED, DefinitionIndex
from smgen.checks.masking import shown_value
from smgen.checks.proposals import Proposals
from smgen.definition import Parameter, Step
from smgen.diagnostics import Finding, Place, first_of
from smgen.documents import JsonValue, append_pointer, is_container, split_pointer
from smgen.expressions import (
    Expression,
    Join,
    Members,
    Scalar,
    Value,
    as_expression,
    looks_like_expression,
    members_at,
    value_at,
)

_RULES: Final[Mapping[str, str]] = {
    "type": "SMG411",
    "enum": "SMG413",
    "length": "SMG415",
    "pattern": "SMG414",
    "range": "SMG415",
}

#: The types of expressions that a place of each shape type takes. SageMaker converts nothing: an Integer parameter in
#: a text is refused with "Cannot assign property reference […] to argument of type [String]".
_TAKES: Final[Mapping[str, tuple[LeafType, ...]]] = {
    "string": ("String", "Timestamp"),
    "blob": ("String",),
    "timestamp": ("Timestamp", "String"),
    "integer": ("Integer",),
    "long": ("Integer",),
    "float": ("Float", "Integer"),
    "double": ("Float", "Integer"),
    "boolean": ("Boolean",),
}

_KINDS: Final[Mapping[type, str]] = {
    type(None): "null",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "an object",
}

#: Lists for which a reference to a list may stand.
_REFERENCED_LISTS: Final = ("pipelines.ForEachItems",)

#: Kinds that the body of a ForEach step must not hold (for_each_step.py of the SDK).
_NOT_IN_A_BODY: Final = tuple(name for name, row in STEP_KINDS.items() if row.structural)

_ROLE_NAME: Final = re.compile(r"(?:[\w+=,.@-]+/)*[\w+=,.@-]{1,64}")
#: How the patterns of locations in Amazon S3 begin, and a location as a sample.
_LOCATION: Final = "(https|s3)://([^/]"
_SHORT_BUCKET: Final = re.compile(r"s3://[a-z0-9]{1,2}(?:/|$)")
_SOME_LOCATION: Final = "s3://bucket/key"

#: Every field that a step of some kind has beside its Arguments.
_FIELDS: Final = frozenset(field.name for kind in STEP_KINDS.values() for field in kind.fields)
#: Fields beside Arguments that other rules look at.
_COMMON: Final = frozenset(field.name for field in COMMON_STEP_FIELDS)


def request_findings(index: DefinitionIndex, context: CheckContext) -> Iterator[Finding]:
    """Every step's `Arguments`, and its fields beside them, against AWS's shapes; unknown kinds are passed over.

    A null member counts as absent, an integral number as an integer, and a text that holds a placeholder of another
    tool (`${…}`, `{{…}}`, `<NAME>`) as any text. Names of jobs may be there or not.
    """
    written_out = frozenset(text.pointer for text in index.written_out)
    values = ExpressionValues.of(index.definition, index.by_name)
    checker = _RequestChecker(index, values, written_out, "the value" if context.is_start else "the default")
    for step in index.steps:
        row = STEP_KINDS.get(step.type)
        if row is not None:
            yield from checker.arguments(step, row)
            yield from checker.fields(step, row)
            yield from checker.body(step)
    for newer in checker.newer.values():
        yield newer.told


@dataclass(frozen=True, slots=True)
class _Newer:
    """Something that may be newer than the table: the finding about the first place, and the steps that have it."""

    first: Finding
    steps: dict[str, None]

    @property
    def told(self) -> Finding:
        """The finding, with all steps."""
        others = [*self.steps][1:]
        if not others:
            return self.first
        return replace(self.first, message=f"{self.first.message} (the same in {first_of(others, MOST_NAMED)})")


@dataclass(frozen=True, slots=True)
class _RequestSpot:
    """A value to look at: AWS's shape, and the parts that lead to it from `base`."""

    value: Value
    shape: Shape
    parts: tuple[str | int, ...]


@dataclass(slots=True)
class _Owner:
    """The step that is looked at, and where: `base` is a pointer, `beside` says that it is not `Arguments`."""

    step: Step
    row: StepKind
    base: str
    beside: bool

    def pointer(self, parts: tuple[str | int, ...]) -> str:
        return append_pointer(self.base, *parts)

    def named(self, parts: tuple[str | int, ...]) -> str:
        """The place for a message: `ResourceConfig.InstanceType`, or what the whole is called."""
        if not parts:
            return f"the Arguments of {self.row.a_step}"
        text = ""
        for part in parts:
            text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
        return text


@dataclass(slots=True)
class _RequestChecker:
    index: DefinitionIndex
    values: ExpressionValues
    written_out: frozenset[str]
    """The pointers of texts in which Python wrote a reference out, which SMG315 reports."""
    default: str
    """What the default of a parameter is called."""
    proposals: Proposals = field(default_factory=Proposals)
    newer: dict[tuple[str, ...], _Newer] = field(default_factory=dict[tuple[str, ...], "_Newer"])
    """What the table does not know, each thing once: by what it is called and where it stands."""
    rules: Mapping[str, tuple[MemberRule, ...]] = field(default_factory=member_rules)
    defaults_seen: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def place(self, owner: _Owner, parts: tuple[str | int, ...], *, key: bool = False) -> Place:
        return self.index.definition.place(owner.pointer(parts), key=key, step=owner.step.name)

    def arguments(self, step: Step, row: StepKind) -> Iterator[Finding]:
        owner = _Owner(step, row, append_pointer(step.pointer, "Arguments"), False)
        given = value_at(step.own, "Arguments")
        if isinstance(given, dict):
            # Steps have their own turn; how many there are is all that is asked here.
            given = dict(given)
            for branch in step.branches:
                given[split_pointer(branch.pointer)[-1]] = [{} for _ in branch.steps]
        yield from self.walk(owner, _RequestSpot(given, service_model().shape(row.arguments), ()))

    def fields(self, step: Step, row: StepKind) -> Iterator[Finding]:
        """The fields beside `Arguments`; settings of caching and retries, names and texts are other rules' matter."""
        owner = _Owner(step, row, step.pointer, True)
        known = {known.name: known for known in row.fields}
        for name in step.fields:
            value = step.own[name]
            if value is None or name in _COMMON:
                continue
            if name not in known:
                yield from self.unknown(owner, (), name, tuple(known))
                continue
            yield from self.walk(owner, _RequestSpot(value, service_model().shape(known[name].shape), (name,)))
        if step.property_files and "PropertyFiles" not in known:
            yield from self.unknown(owner, (), "PropertyFiles", tuple(known))
        for wanted in row.step_fields:
            if wanted.required and step.fields.get(wanted.name) is None:
                yield Finding(
                    "SMG412",
                    f'step "{step.name}": {row.a_step} needs {wanted.name} beside its arguments',
                    self.index.definition.place(step.pointer, step=step.name),
                    expected=f"{wanted.name}: {shape_in_words(service_model().shape(wanted.shape))}",
                    fix=f"add {wanted.name} beside Arguments",
                )

    def body(self, step: Step) -> Iterator[Finding]:
        """A kind of step that the body of a loop cannot hold."""
        if step.type in _NOT_IN_A_BODY and step.scope and step.scope[-1].branch == "body":
            yield Finding(
                "SMG413",
                f'step "{step.name}": the body of a loop holds no {step.type} step',
                self.index.definition.place(append_pointer(step.pointer, "Type"), step=step.name),
                given=step.type,
                expected="a step that does work, such as Training or Processing",
                fix=f'move "{step.name}" out of the body of "{step.scope[-1].step}"',
            )

    def walk(self, owner: _Owner, start: _RequestSpot) -> Iterator[Finding]:
        todo = [start]
        while todo:
            spot = todo.pop()
            shape = spot.shape
            if shape.type == "document":
                continue
            value, kind = spot.value, shape.type
            if isinstance(value, dict):
                # What is malformed is another rule's matter.
                if looks_like_expression(value):
                    continue
                if kind == "structure":
                    yield from self.structure(owner, spot, value, todo)
                elif kind == "map":
                    yield from self.map(owner, spot, value, todo)
                else:
                    yield self.wrong_type(owner, spot)
            elif isinstance(value, list) and kind == "list":
                yield from self.list(owner, spot, value, todo)
            elif (expression := as_expression(value)) is not None:
                yield from self.expression(owner, spot, expression)
            elif isinstance(value, list) or kind in ("structure", "map", "list"):
                yield self.wrong_type(owner, spot)
            else:
                yield from self.scalar(owner, spot)

    # --- objects and lists ---

    def structure(
        self, owner: _Owner, spot: _RequestSpot, value: Members, todo: list[_RequestSpot]
    ) -> Iterator[Finding]:
        shape, model = spot.shape, service_model()
        top = not spot.parts and not owner.beside
        below: list[_RequestSpot] = []
        for name, item in value.items():
            member = shape.members.get(name)
            if member is None and name in members_of_the_step(shape.name):
                yield self.not_in_a_pipeline(owner, (*spot.parts, name))
            elif member is None:
                yield from self.unknown(owner, spot.parts, name, tuple(shape.members))
            elif item is not None:
                if top and name in owner.row.dropped and name != owner.row.job_name:
                    yield self.not_in_a_pipeline(owner, (name,))
                below.append(_RequestSpot(item, model.shape(member.shape), (*spot.parts, name)))
        todo.extend(reversed(below))
        for name in shape.required:
            if value.get(name) is None and not (top and name in owner.row.dropped):
                yield self.missing(owner, spot, name)
        if shape.union:
            yield from self.exactly_one(owner, spot, value, tuple(shape.members))
        yield from self.together(owner, spot)

    def map(self, owner: _Owner, spot: _RequestSpot, value: Members, todo: list[_RequestSpot]) -> Iterator[Finding]:
        shape, model = spot.shape, service_model()
        yield from self.count(owner, spot, len(value), "entries", "entry")
        key_shape = None if shape.key is None else model.shape(shape.key)
        if shape.value is None:
            return
        value_shape = model.shape(shape.value)
        below: list[_RequestSpot] = []
        for name, item in value.items():
            if key_shape is not None and (problem := scalar_problem(name, key_shape)) is not None:
                yield from self.refused(owner, _RequestSpot(name, key_shape, (*spot.parts, name)), problem, key=True)
            below.append(_RequestSpot(item, value_shape, (*spot.parts, name)))
        todo.extend(reversed(below))

    def list(
        self, owner: _Owner, spot: _RequestSpot, value: list[Value], todo: list[_RequestSpot]
    ) -> Iterator[Finding]:
        yield from self.count(owner, spot, len(value), "items", "item")
        yield from self.together(owner, spot)
        if spot.shape.element is not None:
            element = service_model().shape(spot.shape.element)
            if element.type != "document":
                todo.extend(_RequestSpot(value[at], element, (*spot.parts, at)) for at in reversed(range(len(value))))

    def count(self, owner: _Owner, spot: _RequestSpot, count: int, many: str, one: str) -> Iterator[Finding]:
        low, high = spot.shape.min, spot.shape.max
        where = owner.named(spot.parts)
        if high is not None and count > high:
            clause, fix = f"AWS takes at most {high:,} {one if high == 1 else many}", f"remove {count - high:,} of them"
        elif low is not None and count < low:
            clause, fix = f"AWS wants at least {low:,} {one if low == 1 else many}", f"add {many}, or remove {where}"
        else:
            return
        yield Finding(
            "SMG406",
            f'step "{owner.step.name}": {clause} at {where}, and it has {count:,}',
            self.place(owner, spot.parts, key=True),
            given=f"{count:,} {one if count == 1 else many}",
            expected=shape_in_words(spot.shape),
            fix=fix,
        )

    def unknown(
        self, owner: _Owner, parts: tuple[str | int, ...], name: str, names: tuple[str, ...]
    ) -> Iterator[Finding]:
        """SMG410 for a slip, and SMG425, later and once, for what may be newer than the table."""
        # A field of the step that was written among its arguments.
        astray = not parts and not owner.beside and name in {field.name for field in owner.row.fields}
        nearest = None if astray else self.nearest_member(owner, (*parts, name), len(names))
        # A name that is near none, and that no other kind has, may be newer than the table.
        slip = astray or nearest is not None or (owner.beside and name in _FIELDS)
        finding = Finding(
            "SMG410" if slip else "SMG425",
            f'step "{owner.step.name}": {_unknown_words(owner, parts, name)}',
            self.place(owner, (*parts, name), key=True),
            given=name,
            expected=", ".join(names),
            nearest=nearest,
            fix=f"move {name} out of Arguments, beside it" if astray else _unknown_fix(name, nearest),
        )
        if slip:
            yield finding
        else:
            self.note_newer(owner, (owner.row.type, *(part for part in parts if isinstance(part, str)), name), finding)

    def nearest_member(self, owner: _Owner, parts: tuple[str | int, ...], names: int) -> str | None:
        """The member that was meant by an unknown one at the end of `parts`; None also after very many questions."""
        # What is searched are the members below these too, and their number is not known.
        if not self.proposals.spend(10 * names):
            return None
        found = (step_field_shape if owner.beside else request_shape)(owner.step.type, parts)
        return found.nearest if isinstance(found, PathProblem) else None

    def note_newer(self, owner: _Owner, what: tuple[str, ...], finding: Finding) -> None:
        """Notes what the table does not know, to be told once with all steps that have it."""
        self.newer.setdefault(what, _Newer(finding, {})).steps[owner.step.name] = None

    def not_in_a_pipeline(self, owner: _Owner, parts: tuple[str | int, ...]) -> Finding:
        name = parts[-1]
        where = f" in {owner.named(parts[:-1])}: it gives that itself" if parts[:-1] else ""
        return Finding(
            "SMG410",
            f'step "{owner.step.name}": in a pipeline {owner.row.a_step} takes no {name}{where}',
            self.place(owner, parts, key=True),
            given=str(name),
            fix=f"remove {name}",
        )

    def missing(self, owner: _Owner, spot: _RequestSpot, name: str) -> Finding:
        member = spot.shape.members[name]
        wanted = shape_in_words(service_model().shape(member.shape))
        where = owner.named(spot.parts)
        # A step may have no Arguments at all.
        parts = spot.parts if spot.parts or owner.beside or owner.step.arguments else None
        place = (
            self.index.definition.place(owner.step.pointer, step=owner.step.name)
            if parts is None
            else self.place(owner, parts)
        )
        return Finding(
            "SMG412",
            f'step "{owner.step.name}": AWS requires {name} in {where}',
            place,
            expected=f"{name}: {wanted}",
            fix=f"add {name}" + (f" ({words})" if (words := _first_sentence(member.documentation)) else ""),
        )

    def exactly_one(
        self, owner: _Owner, spot: _RequestSpot, value: Members, choices: tuple[str, ...]
    ) -> Iterator[Finding]:
        given = [name for name in choices if value.get(name) is not None]
        # What is there under an unknown name is reported as such.
        if len(given) == 1 or (not given and any(name not in spot.shape.members for name in value)):
            return
        yield Finding(
            "SMG413" if given else "SMG412",
            f'step "{owner.step.name}": {owner.named(spot.parts)} takes exactly one of {", ".join(choices)}',
            self.place(owner, spot.parts),
            given=", ".join(given) or "none of them",
            expected=f"one of {', '.join(choices)}",
            fix=f"keep one of {', '.join(given)}" if given else f"add one of {', '.join(choices)}",
        )

    def together(self, owner: _Owner, spot: _RequestSpot) -> Iterator[Finding]:
        """SMG416 and SMG417: rules between the members of one shape."""
        rules = self.rules.get(spot.shape.name)
        if rules is None:
            return
        for problem in member_problems(rules, spot.value, self.values.default):
            # What is there under an unknown name is reported as such.
            unknown = [name for name in members_at(spot.value) if name not in spot.shape.members]
            if problem.is_missing and unknown:
                continue
            where = owner.named(spot.parts)
            yield Finding(
                "SMG416" if problem.rule.certain else "SMG417",
                f'step "{owner.step.name}": AWS {problem.message} in {where}{problem.condition}',
                self.place(owner, (*spot.parts, *problem.parts)),
                given=problem.given,
                expected=f"{problem.expected} (AWS: {problem.rule.source})",
                fix=problem.fix,
            )

    # --- values ---

    def scalar(self, owner: _Owner, spot: _RequestSpot) -> Iterator[Finding]:
        value = spot.value if isinstance(spot.value, (str, int, float)) else None
        if isinstance(value, float) and spot.shape.type in ("integer", "long") and value.is_integer():
            value = int(value)
        problem = scalar_problem(value, spot.shape)
        if problem is not None:
            yield from self.refused(owner, spot, problem)
        elif isinstance(value, str) and value.startswith("s3"):
            yield from self.bucket(owner, spot, value)

    def bucket(self, owner: _Owner, spot: _RequestSpot, location: str) -> Iterator[Finding]:
        """SMG414 and SMG417 for a location below what no bucket, or hardly one, is called.

        A bucket of one or two letters is a placeholder, as examples have it.
        """
        is_location = spot.shape.pattern is not None and spot.shape.pattern.startswith(_LOCATION)
        problem = location_problem(location) if is_location and not has_placeholder(location) else None
        if problem is not None and not _SHORT_BUCKET.match(location):
            yield Finding(
                "SMG414" if problem.certain else "SMG417",
                f'step "{owner.step.name}": the bucket at {owner.named(spot.parts)} cannot be right: {problem.words}',
                self.place(owner, spot.parts),
                given=shown_value("", location),
                expected=f"a bucket's name of {problem.expected} (S3 user guide: Bucket naming rules)",
                nearest=problem.nearest,
                fix=f"write {problem.nearest}" if problem.nearest else "write the name of a bucket behind s3://",
            )

    def refused(
        self, owner: _Owner, spot: _RequestSpot, problem: ValueProblem, *, key: bool = False
    ) -> Iterator[Finding]:
        value = spot.value
        if problem.kind == "type":
            yield self.wrong_type(owner, spot)
            return
        if isinstance(value, str) and (has_placeholder(value) or owner.pointer(spot.parts) in self.written_out):
            return
        if isinstance(value, str) and problem.may_be_newer:
            self.newer_machine(owner, spot, value, None)
            return
        where = owner.named(spot.parts)
        if spot.shape.name == "RoleArn" and isinstance(value, str) and _ROLE_NAME.fullmatch(value):
            yield self.role_name(owner, spot, value)
            return
        refuses = "refuses" if problem.certain else "may refuse"
        what = f"AWS {refuses} the name {shown_value('', value)}" if key else f"AWS {refuses} the value of {where}"
        nearest = self.proposals.nearest(value, spot.shape.enum) if isinstance(value, str) else None
        yield Finding(
            _rule_of(problem),
            f'step "{owner.step.name}": {what}: {problem.message}',
            self.place(owner, spot.parts, key=key),
            given=shown_value("" if key else _name_of(spot.parts), value),
            expected=shape_in_words(spot.shape),
            nearest=nearest,
            fix=f"write {nearest}" if nearest else _fix_of(problem, spot, where),
        )

    def newer_machine(self, owner: _Owner, spot: _RequestSpot, machine: str, at: Place | None) -> None:
        """SMG425 for a machine of a family that the table does not know, told once: it may be newer."""
        finding = Finding(
            "SMG425",
            f'step "{owner.step.name}": smgen knows no machine {machine} at {owner.named(spot.parts)}, nor its family',
            self.place(owner, spot.parts),
            given=shown_value("", machine),
            given_at=at,
            expected=f"a machine that AWS has; smgen knows those of {table_release()}",
            fix="look whether AWS has it; wherever else it stands it is not told again",
        )
        self.note_newer(owner, (machine,), finding)

    def role_name(self, owner: _Owner, spot: _RequestSpot, name: str) -> Finding:
        arn = f"arn:aws:iam::<account>:role/{name}"
        return Finding(
            "SMG414",
            f'step "{owner.step.name}": AWS wants the ARN of a role at {owner.named(spot.parts)}, and it is a name',
            self.place(owner, spot.parts),
            given=shown_value("", name),
            expected=arn,
            fix=f"write {arn} with the number of the account",
        )

    def wrong_type(self, owner: _Owner, spot: _RequestSpot) -> Finding:
        wanted, given = NOUNS[spot.shape.type], _KINDS[type(spot.value)]
        return Finding(
            "SMG411",
            f'step "{owner.step.name}": AWS wants {wanted} at {owner.named(spot.parts)}, and it is {given}',
            self.place(owner, spot.parts),
            given=shown_value(_name_of(spot.parts), spot.value),
            expected=shape_in_words(spot.shape),
            fix=_type_fix(spot),
        )

    def expression(self, owner: _Owner, spot: _RequestSpot, value: Expression) -> Iterator[Finding]:
        """An expression stands for its type; what leads nowhere is another rule's matter."""
        shape, kind = spot.shape, self.values.type(value)
        if kind is None or shape.name in _REFERENCED_LISTS:
            return
        takes = _TAKES.get(shape.type, ())
        if kind not in takes and not (kind == "Any" and takes):
            yield self.wrong_expression(owner, spot, value, kind)
            return
        parameter = self.values.parameter(value)
        if parameter is not None:
            yield from self.parameter_values(owner, spot, parameter)
        else:
            yield from self.text_start(owner, spot, value)

    def wrong_expression(self, owner: _Owner, spot: _RequestSpot, value: Expression, kind: LeafType) -> Finding:
        where, wanted = owner.named(spot.parts), NOUNS[spot.shape.type]
        parameter = self.values.parameter(value)
        what = f"a {kind}" if kind not in ("Integer", "Any") else "an Integer" if kind == "Integer" else "one value"
        clause = f"the expression gives {what}" if parameter is None else f"parameter {parameter.name} is {what}"
        if spot.shape.type in ("structure", "list", "map"):
            fix = f"write {wanted} with expressions for its single values"
        elif spot.shape.type == "string":
            fix = 'make it a text: {"Std:Join": {"On": "", "Values": [ … ]}} around the reference'
        elif parameter is not None:
            fix = f"declare parameter {parameter.name} as {' or '.join(_TAKES[spot.shape.type][:1])}"
        else:
            fix = f"refer to {wanted}"
        return Finding(
            "SMG411",
            f'step "{owner.step.name}": AWS wants {wanted} at {where}, and {clause}',
            self.place(owner, spot.parts),
            given=shown_value("", value),
            given_at=None
            if parameter is None
            else self.index.definition.place(append_pointer(parameter.pointer, "Type")),
            expected=shape_in_words(spot.shape),
            fix=fix,
        )

    def parameter_values(self, owner: _Owner, spot: _RequestSpot, parameter: Parameter) -> Iterator[Finding]:
        """The default of a parameter and the values that it may have, where AWS takes not every value; once per shape.

        An empty text means that the value is given at the start. Of a value of another type SMG207 says so.
        """
        seen = (parameter.name, spot.shape.name)
        if seen in self.defaults_seen:
            return
        self.defaults_seen.add(seen)
        given: list[tuple[JsonValue, str, tuple[str | int, ...]]] = [
            (parameter.default, self.default, ("DefaultValue",))
        ]
        given += [
            (value, "a value", ("EnumValues", number))
            for number, value in enumerate(parameter.enum or ())
            if value != parameter.default
        ]
        for value, what, at in given:
            if not (value is None or value == "" or is_container(value) or _is_template(value)):
                yield from self.parameter_value(owner, spot, parameter, value, what, at)

    def parameter_value(
        self,
        owner: _Owner,
        spot: _RequestSpot,
        parameter: Parameter,
        value: JsonValue,
        what: str,
        at: tuple[str | int, ...],
    ) -> Iterator[Finding]:
        problem = scalar_problem(value, spot.shape)
        if problem is None or problem.kind == "type":
            return
        if isinstance(value, str) and problem.may_be_newer:
            given_at = self.index.definition.place(append_pointer(parameter.pointer, *at))
            self.newer_machine(owner, spot, value, given_at)
            return
        nearest = self.proposals.nearest(value, spot.shape.enum) if isinstance(value, str) else None
        yield Finding(
            _rule_of(problem),
            f'step "{owner.step.name}": AWS refuses {what} of parameter {parameter.name} at '
            f"{owner.named(spot.parts)}: {problem.message}",
            self.place(owner, spot.parts),
            given=shown_value(parameter.name, value),
            given_at=self.index.definition.place(append_pointer(parameter.pointer, *at)),
            expected=shape_in_words(spot.shape),
            nearest=nearest,
            fix=f"write {nearest} as {what}" if nearest else f"change {what}, or leave it out",
        )

    def text_start(self, owner: _Owner, spot: _RequestSpot, value: Expression) -> Iterator[Finding]:
        """SMG414 for what cannot become what AWS wants: a location for a name, or a Join that begins as no location."""
        shape = spot.shape
        if shape.pattern is None:
            return
        start = known_start(value, self.values.default)
        if shape.pattern.startswith(_LOCATION):
            if start is None or _may_begin_a_location(start):
                if start is not None and "/" in start.removeprefix("s3://"):
                    yield from self.bucket(owner, spot, start)
                return
            what, expected = f"it begins with {shown_value('', start)}", "a text that begins with s3://bucket"
        elif (
            self.values.is_location(value)
            and works_in_python(shape.pattern)
            and re.fullmatch(shape.pattern, _SOME_LOCATION, re.ASCII) is None
        ):
            what, expected = "the expression gives a location in Amazon S3", shape_in_words(shape)
        else:
            return
        yield Finding(
            "SMG414",
            f'step "{owner.step.name}": AWS refuses the value of {owner.named(spot.parts)}: {what}',
            self.place(owner, spot.parts),
            given=shown_value("", value),
            expected=expected,
            fix="refer to the name of the resource" if start is None else "begin it with s3:// and the bucket",
        )


def _unknown_words(owner: _Owner, parts: tuple[str | int, ...], name: str) -> str:
    if parts:
        return f"{owner.named(parts)} has no member {name!r}"
    where = f"{owner.row.a_step} beside its Arguments" if owner.beside else owner.named(parts)
    return f"there is no member {name!r} in {where}"


def _unknown_fix(name: str, nearest: str | None) -> str:
    return f"write {nearest}" if nearest else f"remove {name!r}, unless AWS has it since {table_release()}"


def _rule_of(problem: ValueProblem) -> str:
    return _RULES[problem.kind] if problem.certain else "SMG417"


def table_release() -> str:
    """The release of AWS's models from which smgen's tables were made."""
    return f"botocore {service_model().botocore_version}"


def known_start(value: Value, known: Callable[[Value], Scalar]) -> str | None:
    """The text that a Join begins with as far as it is known; None where nothing is, and for what is no Join."""
    if not isinstance(value, Join):
        return None
    text, number = "", 0
    for number, item in enumerate(value.values):
        part = known(item)
        if not isinstance(part, str) or part == "" or has_placeholder(part):
            break
        text += f"{value.on if number else ''}{part}"
    else:
        return text or None
    return f"{text}{value.on}" if number else None


def _may_begin_a_location(start: str) -> bool:
    """Whether a location may begin with a text, which may end before the bucket does."""
    for scheme in ("s3://", "https://"):
        if scheme.startswith(start) or (start.startswith(scheme) and start[len(scheme) :][:1] != "/"):
            return True
    return False


def _is_template(value: JsonValue) -> bool:
    return isinstance(value, str) and has_placeholder(value)


def _first_sentence(documentation: str) -> str:
    return documentation.partition(". ")[0].rstrip(".")


def _name_of(parts: tuple[str | int, ...]) -> str:
    """The innermost name around a value, by which a secret may be known."""
    return next((part for part in reversed(parts) if isinstance(part, str)), "")


def _fix_of(problem: ValueProblem, spot: _RequestSpot, where: str) -> str:
    if problem.kind == "enum":
        return f"write one of the values that AWS knows (those of botocore {service_model().botocore_version})"
    if problem.kind == "length":
        too_long = isinstance(spot.value, str) and spot.shape.max is not None and len(spot.value) > spot.shape.max
        return f"shorten it to {spot.shape.max:,} characters" if too_long else f"write a longer text at {where}"
    if problem.kind == "pattern":
        if spot.shape.pattern in ONE_LINE:
            return "write it on one line"
        return "write a text that matches AWS's pattern as a whole"
    return f"write {shape_in_words(spot.shape)}"


def _type_fix(spot: _RequestSpot) -> str:
    value, shape = spot.value, spot.shape
    if isinstance(value, (bool, int, float)) and shape.type == "string":
        return f"write it in quotes: {shown_value('', shown_value(_name_of(spot.parts), value))}"
    if isinstance(value, str):
        if shape.type == "boolean" and value.lower() in ("true", "false"):
            return f"write {value.lower()} without quotes"
        if shape.type in ("integer", "long", "float", "double") and value.replace(".", "", 1).isdecimal():
            return f"write {value} without quotes"
    return f"write {shape_in_words(shape)}" if shape.type != "structure" else "write an object with its members"
