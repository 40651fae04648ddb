"""The named ways in which two definitions may differ in text and still mean the same; each use of one is counted.

Every normalisation is a function of one document: it takes members away or rewrites strings, and never moves, adds
or drops an item of a list, so a pointer means the same before and after. Only N3 has a second half that looks at
both documents (see N3 and normalise_pair).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from smgen.aws import CODE_TEXTS, CONDITION, STEP_KINDS
from smgen.definition.copying import copied_object
from smgen.definition.definition import Definition
from smgen.definition.shape import located_objects, raw_steps
from smgen.documents import (
    JsonObject,
    JsonValue,
    Trail,
    append_pointer,
    children,
    is_container,
    json_at,
    list_at,
    object_at,
    text_at,
    trail_pointer,
    walk,
)
from smgen.expressions import (
    MIRRORED,
    Comparison,
    Condition,
    Get,
    Not,
    Or,
    StepReference,
    as_expression,
    parse_condition,
    parse_expression,
    parse_json_path,
    references,
    target,
    to_json,
    write_json_path,
)


@dataclass(frozen=True, slots=True)
class Normalisation:
    """One named normalisation, and the reason why it changes no meaning."""

    id: str
    name: str
    reason: str


N1: Final = Normalisation(
    "N1",
    "app-managed-false",
    "AppManaged is false by default: in an item of ProcessingInputs or ProcessingOutputConfig.Outputs,"
    " `AppManaged: false` is absent.",
)
N2: Final = Normalisation(
    "N2",
    "empty-object",
    "An object without members says what its absence says, and so does one in which only such are left. Items of"
    " lists, and whatever stands inside an expression, are left alone.",
)
N3: Final = Normalisation(
    "N3",
    "input-name",
    "The SDK names a processing input `input-<position>` when the author named none, and the container does not see"
    " the name. Where no Get of the document reads the input by it, such a name is absent; when two documents are"
    " compared, the name that the other one has chosen at the same place is absent too, if nothing there reads it.",
)
N4: Final = Normalisation(
    "N4",
    "code-location",
    "Where code lies is named after its content or the time of its upload: in code locations a run of 32 to 64 hex"
    " digits is `<HASH>` and a time stamp of the SDK is `<TIMESTAMP>`. Locations of data keep theirs.",
)
N5: Final = Normalisation(
    "N5",
    "optional-member",
    "A member that may be left out says with null what its absence says, and beside Arguments an empty list says it as"
    " well: a step without property files, a definition without parameters, a condition without steps for one outcome."
    " What an author hands to a function or a queue, items of lists, and whatever stands inside an expression are left"
    " alone.",
)
N6: Final = Normalisation(
    "N6",
    "json-path",
    "The Path of a JsonGet is the same way with dots or brackets: `['mse']` is `.mse`, and a `$` in front of it says"
    " nothing.",
)
N7: Final = Normalisation(
    "N7",
    "whole-number",
    "The default of a Float parameter is the same number as `6` and as `6.0`.",
)
N8: Final = Normalisation(
    "N8",
    "condition-form",
    "One condition has several forms: a comparison with a plain value on its left is the mirrored one with the value on"
    " its right, an Or in an Or is part of it, an Or of one condition is that condition, a Not of a Not is what stands"
    " in it, and the condition of a Not stands under Condition or under Expression.",
)
N9: Final = Normalisation(
    "N9",
    "text-of-one",
    "Hyperparameters, environment variables and arguments of containers are texts: there a Join of one variable with"
    " nothing beside it is that variable. SDK v2 writes numbers among them with such a Join, SDK v3 without.",
)
ALL: Final[tuple[Normalisation, ...]] = (N1, N2, N3, N4)
N10: Final = Normalisation(
    "N10",
    "retry-default",
    "A retry policy that says what holds anyway says nothing: BackoffRate 2, IntervalSeconds 1, MaxAttempts 5.",
)
N11: Final = Normalisation(
    "N11",
    "plain-dependency",
    "That a step waits until another one completed is said by its name, or by an object with the outcome Completed or"
    " with none.",
)
IMPORTED: Final[tuple[Normalisation, ...]] = (*ALL, N5, N6, N7, N8, N9, N10, N11)
"""Those of a comparison with a definition that was made by hand or by another tool, and imported."""
DEPLOYED: Final[tuple[Normalisation, ...]] = tuple(item for item in IMPORTED if item is not N4)
"""Those of a comparison with a deployed pipeline: all that an import forgives, but that other code is another hash."""


@dataclass(frozen=True, slots=True)
class Application:
    """A normalisation was applied at a pointer, which is that of the document before it was normalised."""

    normalisation: str
    pointer: str


@dataclass(frozen=True, slots=True)
class Normalised:
    """A normalised copy of a document, and what was done to it: N5 to N11, N1, N3, N4, N2, each from top to bottom."""

    document: JsonObject
    applications: tuple[Application, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """How often each normalisation was applied, by id; those that were not are left out."""
        found: dict[str, int] = {}
        for application in self.applications:
            found[application.normalisation] = found.get(application.normalisation, 0) + 1
        return {name: found[name] for name in sorted(found)}


def normalise(document: Definition | JsonObject, normalisations: Collection[Normalisation] = ALL) -> Normalised:
    """The normal form of one document; what is no definition is normalised as far as it looks like one."""
    return _finished(_prepared(document, normalisations), normalisations)


def normalise_pair(
    left: Definition | JsonObject, right: Definition | JsonObject, normalisations: Collection[Normalisation] = ALL
) -> tuple[Normalised, Normalised]:
    """The normal forms of two documents that are to be compared.

    Each is what `normalise` makes of it, but for the second half of N3: where one document's name was made by the
    SDK and is absent now, an unreferenced name of the other document at the same place is absent as well: that of the
    input at the same position of the step of the same name. That is noted after what the document's own half did.
    """
    ours, theirs = _prepared(left, normalisations), _prepared(right, normalisations)
    for here, there in ((ours, theirs), (theirs, ours)):
        for at in here.made_by_sdk:
            # A name that the SDK made on both sides is gone from both already.
            same = there.place_of(here.inputs[at])
            if same in there.free_names:
                there.remove_name(same)
    return _finished(ours, normalisations), _finished(theirs, normalisations)


def with_input_names(left: Definition, right: Definition) -> JsonObject:
    """The left document in which names of inputs that N3 forgives are those of the right one.

    So the inputs of both can be told apart by their names, which N3 itself takes away.
    """
    ours, theirs = (_Work(copied_object(item.document)) for item in (left, right))
    for work in (ours, theirs):
        _name_inputs(work, list(_requests(work.document)), take_away=False)
    for here, item in ours.free_names.items():
        there = theirs.place_of(ours.inputs[here])
        if there in theirs.free_names and (here in ours.made_by_sdk or there in theirs.made_by_sdk):
            item["InputName"] = theirs.free_names[there]["InputName"]
    return ours.document


def is_expression_object(value: JsonValue) -> bool:
    """Whether an object has the looks of an expression: one member, which is `Get` or begins with `Std:`."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    member = next(iter(value))
    return member == "Get" or member.startswith("Std:")


_CODE_INPUT: Final = "code"
# What the SDK calls the files it uploads itself; an own archive of that name is code as well.
_CODE_FILES: Final = ("/sourcedir.tar.gz", "/runproc.sh", "/install_requirements.py")
# The channels in which ModelTrainer of SDK v3 hands over source code and its own drivers.
_CODE_CHANNELS: Final = ("code", "sm_drivers")
_CODE_SETTINGS: Final[Mapping[str, str]] = {
    "HyperParameters": "sagemaker_submit_directory",
    "StaticHyperParameters": "sagemaker_submit_directory",
    "Environment": "SAGEMAKER_SUBMIT_DIRECTORY",
}
_INPUT_BY_NAME: Final = re.compile(r"(?:\A|\.)ProcessingInputs\[(['\"])(.*?)\1\]", re.DOTALL)
_BUCKET: Final = re.compile(r"\"?s3://[^/]*")
_HASH: Final = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{32,64}(?![0-9A-Za-z])")
# In this order: sagemaker_timestamp of the SDK, the job names of v3, unique_name_from_base, sagemaker_short_timestamp.
_MONTH, _DAY, _TIME = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])", r"[0-2]\d[0-5]\d"
_TIMESTAMP: Final = re.compile(
    rf"(?<![0-9A-Za-z])(?:20\d\d-{_MONTH}-{_DAY}-\d\d-\d\d-\d\d-\d{{1,3}}|20\d\d{_MONTH}{_DAY}{_TIME}\d\d"
    rf"|1\d{{9}}-[0-9a-f]{{4}}|\d\d{_MONTH}{_DAY}-{_TIME})(?![0-9A-Za-z])"
)


@dataclass(slots=True)
class _Work:
    """A copy that is being normalised."""

    document: JsonObject
    applications: list[Application] = field(default_factory=list[Application])
    made_by_sdk: list[str] = field(default_factory=list[str])
    free_names: dict[str, JsonObject] = field(default_factory=dict[str, JsonObject])
    #: The step and the position in it of each InputName, by its pointer, and the other way round.
    inputs: dict[str, tuple[str, int]] = field(default_factory=dict[str, "tuple[str, int]"])
    places: dict[tuple[str, int], str] = field(default_factory=dict["tuple[str, int]", str])

    def note(self, normalisation: Normalisation, at: str) -> None:
        self.applications.append(Application(normalisation.id, at))

    def place_of(self, item: tuple[str, int]) -> str:
        """The pointer of the InputName at a position of a step; empty where there is none."""
        return self.places.get(item, "")

    def remove_name(self, at: str) -> None:
        """N3 at the pointer of an InputName that nothing references."""
        self.free_names.pop(at).pop("InputName")
        self.note(N3, at)


def _prepared(document: Definition | JsonObject, normalisations: Collection[Normalisation]) -> _Work:
    """N1, N4 and the first half of N3."""
    work = _Work(copied_object(document.document if isinstance(document, Definition) else document))
    for normalisation, rewrite in _OF_DOCUMENTS:
        if normalisation in normalisations:
            rewrite(work)
    requests = list(_requests(work.document))
    for normalisation, rewrite_request in _OF_REQUESTS:
        if normalisation in normalisations:
            for at, _, arguments in requests:
                rewrite_request(work, at, arguments)
    # The locations are found by the names of inputs, so before N3 takes names away.
    locations = [location for request in requests for location in _code_locations(*request)]
    if N3 in normalisations:
        _name_inputs(work, requests)
    if N4 in normalisations:
        for here, holder, member in locations:
            _rewrite(work, here, holder, member)
    return work


#: Members that hold a list, and that may be left out when it is empty.
_LISTS: Final = (
    "Parameters",
    "DependsOn",
    "PropertyFiles",
    "RetryPolicies",
    "OutputParameters",
    "IfSteps",
    "ElseSteps",
)


def _leave_out(work: _Work) -> None:
    """N5: from the top to the bottom, but in what is no request."""
    document = work.document
    _drop(work, "/MlflowConfig", object_at(document, "MlflowConfig"), lists=False)
    for at, holder in [
        ("", document),
        *raw_steps(document),
        *located_objects("/Parameters", document.get("Parameters")),
    ]:
        _drop(work, at, holder, lists=True)
        row = STEP_KINDS.get(text_at(holder, "Type") or "")
        here, arguments = append_pointer(at, "Arguments"), object_at(holder, "Arguments")
        if row is not None and row.structural:
            _drop(work, here, arguments, lists=True)
        elif row is not None and not row.takes_named_values:
            for trail, value in _outside_expressions(arguments, here):
                _drop(work, trail_pointer(trail), object_at(value), lists=False)


def _drop(work: _Work, at: str, holder: JsonObject, *, lists: bool) -> None:
    for member in [*holder]:
        value = holder[member]
        if value is None or (lists and value == [] and member in _LISTS):
            del holder[member]
            work.note(N5, append_pointer(at, member))


def _outside_expressions(value: JsonValue, at: Trail) -> Iterator[tuple[Trail, JsonValue]]:
    """The objects and lists in a value, but those that are or stand in an expression."""
    todo: list[tuple[Trail, JsonValue]] = [(at, value)]
    while todo:
        here, found = todo.pop()
        if is_container(found) and not is_expression_object(found):
            yield here, found
            todo.extend(((here, part), item) for part, item in reversed(children(found)))


def _rewrite_paths(work: _Work) -> None:
    """N6, for every object that is a JsonGet."""
    for trail, value in walk(work.document):
        inside = object_at(value, "Std:JsonGet") if len(object_at(value)) == 1 else {}
        path = text_at(inside, "Path")
        parts = parse_json_path(path) if path is not None else None
        if parts is not None and write_json_path(parts) != path:
            inside["Path"] = write_json_path(parts)
            work.note(N6, append_pointer(trail_pointer(trail), "Std:JsonGet", "Path"))


def _rewrite_defaults(work: _Work) -> None:
    """N7, for every parameter."""
    for at, parameter in located_objects("/Parameters", work.document.get("Parameters")):
        default = parameter.get("DefaultValue")
        if parameter.get("Type") == "Float" and isinstance(default, int) and not isinstance(default, bool):
            try:
                parameter["DefaultValue"] = float(default)
            except OverflowError:
                continue
            work.note(N7, append_pointer(at, "DefaultValue"))


def _name_dependencies(work: _Work) -> None:
    """N11, for every step."""
    for at, step in raw_steps(work.document):
        waited = list_at(step, "DependsOn")
        for index, item in enumerate(waited):
            name = text_at(item, "Step")
            is_plain = json_at(item, "Trigger") in (None, "Completed")
            if name is not None and is_plain and {"Step", "Trigger"}.issuperset(object_at(item)):
                waited[index] = name
                work.note(N11, append_pointer(at, "DependsOn", index))


def _rewrite_conditions(work: _Work) -> None:
    """N8, for the conditions of every condition step."""
    for at, step in raw_steps(work.document):
        listed = list_at(step, "Arguments", "Conditions") if step.get("Type") == CONDITION.type else []
        for index, value in enumerate(listed):
            condition = parse_condition(value)
            changed = value if condition is None else to_json(_one_form(condition))
            if changed != value:
                listed[index] = changed
                work.note(N8, append_pointer(at, "Arguments", "Conditions", index))


def _one_form(condition: Condition) -> Condition:
    """The one form of a condition."""
    if isinstance(condition, Not):
        inner = _one_form(condition.condition)
        return inner.condition if isinstance(inner, Not) else Not(inner)
    if isinstance(condition, Or):
        formed = [_one_form(part) for part in condition.conditions]
        parts = [inner for part in formed for inner in (part.conditions if isinstance(part, Or) else (part,))]
        return parts[0] if len(parts) == 1 else Or(tuple(parts))
    if not isinstance(condition, Comparison) or as_expression(condition.left) is not None:
        return condition
    if as_expression(condition.right) is None:
        return condition
    return Comparison(MIRRORED[condition.type], condition.right, condition.left)


_RETRY_DEFAULTS: Final[Mapping[str, int]] = {"BackoffRate": 2, "IntervalSeconds": 1, "MaxAttempts": 5}


def _leave_out_retry_defaults(work: _Work) -> None:
    """N10, for every policy."""
    for at, step in raw_steps(work.document):
        for here, policy in located_objects(append_pointer(at, "RetryPolicies"), step.get("RetryPolicies")):
            for member, default in _RETRY_DEFAULTS.items():
                value = policy.get(member)
                if isinstance(value, (int, float)) and not isinstance(value, bool) and value == default:
                    del policy[member]
                    work.note(N10, append_pointer(here, member))


def _rewrite_texts(work: _Work, at: str, arguments: JsonObject) -> None:
    """N9, for one request."""
    for trail, value in _outside_expressions(arguments, at):
        here = trail_pointer(trail)
        for member in CODE_TEXTS:
            holder = json_at(value, member)
            if is_expression_object(holder):
                continue
            for part, text in children(holder):
                values = list_at(text, "Std:Join", "Values")
                if len(values) == 1 and is_expression_object(values[0]) and json_at(text, "Std:Join", "On") == "":
                    only, join = object_at(values[0]), object_at(text)
                    join.clear()
                    join.update(only)
                    work.note(N9, append_pointer(here, member, part))


def _leave_out_unmanaged(work: _Work, at: str, arguments: JsonObject) -> None:
    """N1, for one request."""
    for here, item in (*_inputs(at, arguments), *_outputs(at, arguments)):
        if item.get("AppManaged") is False:
            item.pop("AppManaged")
            work.note(N1, append_pointer(here, "AppManaged"))


_OF_DOCUMENTS: Final[tuple[tuple[Normalisation, Callable[[_Work], None]], ...]] = (
    (N5, _leave_out),
    (N6, _rewrite_paths),
    (N7, _rewrite_defaults),
    (N8, _rewrite_conditions),
    (N10, _leave_out_retry_defaults),
    (N11, _name_dependencies),
)
_OF_REQUESTS: Final[tuple[tuple[Normalisation, Callable[[_Work, str, JsonObject], None]], ...]] = (
    (N9, _rewrite_texts),
    (N1, _leave_out_unmanaged),
)


def _finished(work: _Work, normalisations: Collection[Normalisation]) -> Normalised:
    """N2, which comes last because the others can leave an object empty."""
    if N2 in normalisations:
        found = [*_outside_expressions(work.document, "")]
        holders = {
            id(item): (value, name) for _, value in found if isinstance(value, dict) for name, item in value.items()
        }
        removed: list[Trail] = []
        # An object comes before those inside it, so backwards the inner ones come first.
        for trail, value in reversed(found):
            if value == {} and id(value) in holders:
                holder, name = holders[id(value)]
                del holder[name]
                removed.append(trail)
        for trail in reversed(removed):
            work.note(N2, trail_pointer(trail))
    return Normalised(work.document, tuple(work.applications))


def _requests(document: JsonObject) -> Iterator[tuple[str, str, JsonObject]]:
    """The Arguments that are a request of AWS, with their pointer and the step's name.

    What an author hands to a function or a queue (Lambda, Callback) only looks like one, and is left alone.
    """
    for at, step in raw_steps(document):
        row = STEP_KINDS.get(text_at(step, "Type") or "")
        if row is not None and row.request is not None and isinstance(step.get("Arguments"), dict):
            yield append_pointer(at, "Arguments"), text_at(step, "Name") or "", object_at(step, "Arguments")


def _inputs(at: str, arguments: JsonObject) -> list[tuple[str, JsonObject]]:
    return located_objects(append_pointer(at, "ProcessingInputs"), arguments.get("ProcessingInputs"))


def _outputs(at: str, arguments: JsonObject) -> list[tuple[str, JsonObject]]:
    way = ("ProcessingOutputConfig", "Outputs")
    return located_objects(append_pointer(at, *way), json_at(arguments, *way))


def _name_inputs(work: _Work, requests: Collection[tuple[str, str, JsonObject]], *, take_away: bool = True) -> None:
    """The first half of N3, and the list of names that its second half may take."""
    referenced: set[tuple[str, str]] = set()
    for _, expression in references(work.document):
        if isinstance(expression, Get):
            reference = target(expression)
            if isinstance(reference, StepReference) and (by_name := _INPUT_BY_NAME.search(reference.path)):
                referenced.add((reference.step, by_name.group(2)))
    for at, step, arguments in requests:
        for index, item in enumerate(list_at(arguments, "ProcessingInputs")):
            name = text_at(item, "InputName")
            if name is not None and (step, name) not in referenced:
                here = append_pointer(at, "ProcessingInputs", index, "InputName")
                work.free_names[here] = object_at(item)
                work.inputs[here] = (step, index + 1)
                work.places.setdefault((step, index + 1), here)
                if name == f"input-{index + 1}":
                    work.made_by_sdk.append(here)
    for here in work.made_by_sdk if take_away else ():
        work.remove_name(here)


def _code_locations(at: str, _step: str, arguments: JsonObject) -> Iterator[tuple[str, JsonObject, str]]:
    """The members that hold a code location: pointer of the holder, holder, name of the member."""
    for here, item in _inputs(at, arguments):
        if item.get("InputName") == _CODE_INPUT:
            yield from _location(here, item, "S3Input")
    for trail, value in walk(arguments, at):
        called = trail[1] if isinstance(trail, tuple) else ""
        here = trail_pointer(trail) if is_container(value) else ""
        if isinstance(value, dict):
            setting = _CODE_SETTINGS.get(str(called))
            for member, inner in value.items():
                text = inner.rstrip('"') if isinstance(inner, str) else ""
                if member == setting or text.endswith(_CODE_FILES):
                    yield here, value, member
        elif called == "InputDataConfig":
            for channel_at, channel in located_objects(here, value):
                if channel.get("ChannelName") in _CODE_CHANNELS:
                    yield from _location(channel_at, channel, "DataSource", "S3DataSource")


def _location(at: str, holder: JsonObject, *way: str) -> Iterator[tuple[str, JsonObject, str]]:
    found = object_at(holder, *way)
    if "S3Uri" in found:
        yield append_pointer(at, *way), found, "S3Uri"


def _rewrite(work: _Work, at: str, holder: JsonObject, member: str) -> None:
    """N4 for the string at a member, or for each string among the values of the Join there."""
    value, here = holder[member], append_pointer(at, member)
    if isinstance(value, str):
        if (text := _without_marks(value)) != value:
            holder[member] = text
            work.note(N4, here)
        return
    values = list_at(value, "Std:Join", "Values") if parse_expression(value) is not None else []
    for index, part in enumerate(values):
        if isinstance(part, str) and (text := _without_marks(part)) != part:
            values[index] = text
            work.note(N4, append_pointer(here, "Std:Join", "Values", index))


def _without_marks(text: str) -> str:
    """The text with hashes and time stamps as placeholders, but for the name of its bucket."""
    bucket = _BUCKET.match(text)
    kept = bucket.group() if bucket else ""
    return kept + _TIMESTAMP.sub("<TIMESTAMP>", _HASH.sub("<HASH>", text[len(kept) :]))
