"""The named ways in which two definitions may differ in text and still mean the same; each use of one is counted.

Every normalisation is a function of one document: it takes members away or rewrites strings, and never moves, adds
or drops an item of a list, so a pointer means the same before and after. Only N3 has a second half that looks at
both documents (see N3 and normalise_pair).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from smgen.aws import STEP_KINDS
from smgen.definition.copying import copied_object
from smgen.definition.model import Definition
from smgen.definition.shape import raw_steps
from smgen.documents import JsonObject, JsonValue, append_pointer
from smgen.expressions import (
    Get,
    StepReference,
    parse_expression,
    parse_json_path,
    references,
    target,
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
    if N5 in normalisations:
        _leave_out(work)
    if N6 in normalisations:
        _rewrite_paths(work)
    if N7 in normalisations:
        _rewrite_defaults(work)
    if N8 in normalisations:
        _rewrite_conditions(work)
    if N10 in normalisations:
        _leave_out_retry_defaults(work)
    if N11 in normalisations:
        _name_dependencies(work)
    requests = list(_requests(work.document))
    if N9 in normalisations:
        for at, _, arguments in requests:
            _rewrite_texts(work, at, arguments)
    if N1 in normalisations:
        for at, _, arguments in requests:
            for here, item in (*_inputs(at, arguments), *_outputs(at, arguments)):
                if item.get("AppManaged") is False:
                    item.pop("AppManaged")
                    work.note(N1, append_pointer(here, "AppManaged"))
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
    holders: list[tuple[str, JsonObject]] = [("", work.document), *raw_steps(work.document)]
    holders += _items("/Parameters", work.document.get("Parameters"))
    mlflow = work.document.get("MlflowConfig")
    if isinstance(mlflow, dict):
        _drop(work, "/MlflowConfig", mlflow, lists=False)
    for at, holder in holders:
        _drop(work, at, holder, lists=True)
        kind, arguments = holder.get("Type"), holder.get("Arguments")
        row = STEP_KINDS.get(kind) if isinstance(kind, str) else None
        if isinstance(arguments, dict) and row is not None:
            here = append_pointer(at, "Arguments")
            if row.structural:
                _drop(work, here, arguments, lists=True)
            elif row.arguments != "pipelines.NamedValues":
                _drop_below(work, here, arguments)


def _drop(work: _Work, at: str, holder: JsonObject, *, lists: bool) -> None:
    for member in [*holder]:
        value = holder[member]
        if value is None or (lists and value == [] and member in _LISTS):
            del holder[member]
            work.note(N5, append_pointer(at, member))


def _drop_below(work: _Work, at: str, arguments: JsonObject) -> None:
    """The null members of a request."""
    todo: list[tuple[str, JsonValue]] = [(at, arguments)]
    while todo:
        here, value = todo.pop()
        if isinstance(value, dict) and not is_expression_object(value):
            _drop(work, here, value, lists=False)
            todo.extend((append_pointer(here, member), value[member]) for member in reversed(value))
        elif isinstance(value, list):
            todo.extend((append_pointer(here, index), value[index]) for index in reversed(range(len(value))))


def _rewrite_paths(work: _Work) -> None:
    """N6, for every object that is a JsonGet."""
    todo: list[tuple[str, JsonValue]] = [("", work.document)]
    while todo:
        here, value = todo.pop()
        if isinstance(value, dict):
            inside = value.get("Std:JsonGet") if len(value) == 1 else None
            path = inside.get("Path") if isinstance(inside, dict) else None
            parts = parse_json_path(path) if isinstance(path, str) else None
            if isinstance(inside, dict) and parts is not None and write_json_path(parts) != path:
                inside["Path"] = write_json_path(parts)
                work.note(N6, append_pointer(here, "Std:JsonGet", "Path"))
            todo.extend((append_pointer(here, member), value[member]) for member in reversed(value))
        elif isinstance(value, list):
            todo.extend((append_pointer(here, index), value[index]) for index in reversed(range(len(value))))


def _rewrite_defaults(work: _Work) -> None:
    """N7, for every parameter."""
    for at, parameter in _items("/Parameters", work.document.get("Parameters")):
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
        waited = step.get("DependsOn")
        for index, item in enumerate(waited if isinstance(waited, list) else []):
            name = item.get("Step") if isinstance(item, dict) and {"Step", "Trigger"}.issuperset(item) else None
            plain = isinstance(item, dict) and item.get("Trigger") in (None, "Completed")
            if isinstance(name, str) and plain and isinstance(waited, list):
                waited[index] = name
                work.note(N11, append_pointer(at, "DependsOn", index))


_MIRRORED: Final[Mapping[str, str]] = {
    "Equals": "Equals",
    "GreaterThan": "LessThan",
    "LessThan": "GreaterThan",
    "GreaterThanOrEqualTo": "LessThanOrEqualTo",
    "LessThanOrEqualTo": "GreaterThanOrEqualTo",
}
_DEEPEST: Final = 100
"""How deep conditions are followed within each other: as deep as they are read."""


def _rewrite_conditions(work: _Work) -> None:
    """N8, for the conditions of every condition step."""
    for at, step in raw_steps(work.document):
        arguments = step.get("Arguments")
        listed = (
            arguments.get("Conditions") if step.get("Type") == "Condition" and isinstance(arguments, dict) else None
        )
        for index, condition in enumerate(listed if isinstance(listed, list) else []):
            changed = _condition(condition, _DEEPEST)
            if changed != condition and isinstance(listed, list):
                listed[index] = changed
                work.note(N8, append_pointer(at, "Arguments", "Conditions", index))


def _condition(value: JsonValue, depth: int) -> JsonValue:
    """The one form of a condition."""
    if not isinstance(value, dict) or depth == 0:
        return value
    kind, left, right = value.get("Type"), value.get("LeftValue"), value.get("RightValue")
    if isinstance(kind, str) and kind in _MIRRORED and "LeftValue" in value:
        plain = not isinstance(left, (dict, list))
        mirrored = plain and isinstance(right, dict)
        return {**value, "Type": _MIRRORED[kind], "LeftValue": right, "RightValue": left} if mirrored else value
    if kind == "Not":
        inner = _condition(value.get("Condition", value.get("Expression")), depth - 1)
        if isinstance(inner, dict) and inner.get("Type") == "Not":
            return inner.get("Condition")
        return {"Type": "Not", "Condition": inner}
    listed = value.get("Conditions")
    if kind == "Or" and isinstance(listed, list):
        parts: list[JsonValue] = []
        for item in listed:
            part = _condition(item, depth - 1)
            inside = part.get("Conditions") if isinstance(part, dict) and part.get("Type") == "Or" else None
            parts.extend(inside if isinstance(inside, list) else [part])
        return parts[0] if len(parts) == 1 else {"Type": "Or", "Conditions": parts}
    return value


_RETRY_DEFAULTS: Final[Mapping[str, int]] = {"BackoffRate": 2, "IntervalSeconds": 1, "MaxAttempts": 5}


def _leave_out_retry_defaults(work: _Work) -> None:
    """N10, for every policy."""
    for at, step in raw_steps(work.document):
        for here, policy in _items(append_pointer(at, "RetryPolicies"), step.get("RetryPolicies")):
            for member, default in _RETRY_DEFAULTS.items():
                value = policy.get(member)
                if isinstance(value, (int, float)) and not isinstance(value, bool) and value == default:
                    del policy[member]
                    work.note(N10, append_pointer(here, member))


#: Members of requests whose own members or items AWS takes as texts.
_TEXTS: Final = ("HyperParameters", "StaticHyperParameters", "Environment", "ContainerArguments", "ContainerEntrypoint")


def _rewrite_texts(work: _Work, at: str, arguments: JsonObject) -> None:
    """N9, for one request."""
    todo: list[tuple[str, JsonValue]] = [(at, arguments)]
    while todo:
        here, value = todo.pop()
        if isinstance(value, dict) and not is_expression_object(value):
            for member in _TEXTS:
                holder = value.get(member)
                if isinstance(holder, dict) and not is_expression_object(holder):
                    for key, text in holder.items():
                        holder[key] = _one(work, append_pointer(here, member, key), text)
                elif isinstance(holder, list):
                    for index, text in enumerate(holder):
                        holder[index] = _one(work, append_pointer(here, member, index), text)
            todo.extend((append_pointer(here, member), value[member]) for member in reversed(value))
        elif isinstance(value, list):
            todo.extend((append_pointer(here, index), value[index]) for index in reversed(range(len(value))))


def _one(work: _Work, at: str, text: JsonValue) -> JsonValue:
    """The variable of a Join that holds nothing else, and any other value as it is."""
    join = text.get("Std:Join") if isinstance(text, dict) else None
    values = join.get("Values") if isinstance(join, dict) and join.get("On") == "" else None
    if isinstance(values, list) and len(values) == 1 and is_expression_object(values[0]):
        work.note(N9, at)
        return values[0]
    return text


def _finished(work: _Work, normalisations: Collection[Normalisation]) -> Normalised:
    """N2, which comes last because the others can leave an object empty."""
    if N2 in normalisations:
        members: list[tuple[str, JsonObject, str]] = []
        # A value comes with the object that it is a member of; an item of a list comes without.
        todo: list[tuple[str, JsonValue, JsonObject | None, str]] = [("", work.document, None, "")]
        while todo:
            at, value, holder, member = todo.pop()
            if isinstance(value, dict) and not is_expression_object(value):
                if holder is not None:
                    members.append((at, holder, member))
                todo.extend((append_pointer(at, key), value[key], value, key) for key in reversed(value))
            elif isinstance(value, list):
                todo.extend(
                    (append_pointer(at, index), value[index], None, "") for index in reversed(range(len(value)))
                )
        removed: list[str] = []
        # An object is listed before those inside it, so backwards the inner ones come first.
        for at, holder, member in reversed(members):
            if holder[member] == {}:
                del holder[member]
                removed.append(at)
        for at in reversed(removed):
            work.note(N2, at)
    return Normalised(work.document, tuple(work.applications))


def _requests(document: JsonObject) -> Iterator[tuple[str, str, JsonObject]]:
    """The Arguments that are a request of AWS, with their pointer and the step's name.

    What an author hands to a function or a queue (Lambda, Callback) only looks like one, and is left alone.
    """
    for at, step in raw_steps(document):
        kind, name, arguments = step.get("Type"), step.get("Name"), step.get("Arguments")
        is_request = isinstance(kind, str) and kind in STEP_KINDS and STEP_KINDS[kind].request is not None
        if is_request and isinstance(arguments, dict):
            yield append_pointer(at, "Arguments"), name if isinstance(name, str) else "", arguments


def _items(at: str, value: JsonValue) -> list[tuple[str, JsonObject]]:
    """The objects in a list, with their pointers; none when the value is no list."""
    if not isinstance(value, list):
        return []
    return [(append_pointer(at, index), item) for index, item in enumerate(value) if isinstance(item, dict)]


def _inputs(at: str, arguments: JsonObject) -> list[tuple[str, JsonObject]]:
    return _items(append_pointer(at, "ProcessingInputs"), arguments.get("ProcessingInputs"))


def _outputs(at: str, arguments: JsonObject) -> list[tuple[str, JsonObject]]:
    config = arguments.get("ProcessingOutputConfig")
    if not isinstance(config, dict):
        return []
    return _items(append_pointer(at, "ProcessingOutputConfig", "Outputs"), config.get("Outputs"))


def _name_inputs(work: _Work, requests: Collection[tuple[str, str, JsonObject]], *, take_away: bool = True) -> None:
    """The first half of N3, and the list of names that its second half may take."""
    referenced: set[tuple[str, str]] = set()
    for _, expression in references(work.document):
        if isinstance(expression, Get):
            reference = target(expression)
            if isinstance(reference, StepReference) and (by_name := _INPUT_BY_NAME.search(reference.path)):
                referenced.add((reference.step, by_name.group(2)))
    for at, step, arguments in requests:
        inputs = arguments.get("ProcessingInputs")
        for position, item in enumerate(inputs if isinstance(inputs, list) else [], 1):
            if not isinstance(item, dict):
                continue
            name = item.get("InputName")
            if isinstance(name, str) and (step, name) not in referenced:
                here = append_pointer(at, "ProcessingInputs", position - 1, "InputName")
                work.free_names[here] = item
                work.inputs[here] = (step, position)
                work.places.setdefault((step, position), here)
                if name == f"input-{position}":
                    work.made_by_sdk.append(here)
    for here in work.made_by_sdk if take_away else ():
        work.remove_name(here)


def _code_locations(at: str, _step: str, arguments: JsonObject) -> Iterator[tuple[str, JsonObject, str]]:
    """The members that hold a code location: pointer of the holder, holder, name of the member."""
    for here, item in _inputs(at, arguments):
        source = item.get("S3Input")
        if item.get("InputName") == _CODE_INPUT and isinstance(source, dict) and "S3Uri" in source:
            yield append_pointer(here, "S3Input"), source, "S3Uri"
    todo: list[tuple[str, str, JsonValue]] = [(at, "", arguments)]
    while todo:
        here, called, value = todo.pop()
        if isinstance(value, dict):
            setting = _CODE_SETTINGS.get(called)
            for member, inner in value.items():
                text = inner.rstrip('"') if isinstance(inner, str) else ""
                if member == setting or text.endswith(_CODE_FILES):
                    yield here, value, member
            todo.extend((append_pointer(here, member), member, value[member]) for member in reversed(value))
        elif isinstance(value, list):
            if called == "InputDataConfig":
                for channel_at, channel in _items(here, value):
                    yield from _code_channel(channel_at, channel)
            todo.extend((append_pointer(here, index), "", value[index]) for index in reversed(range(len(value))))


def _code_channel(at: str, channel: JsonObject) -> Iterator[tuple[str, JsonObject, str]]:
    source = channel.get("DataSource")
    location = source.get("S3DataSource") if isinstance(source, dict) else None
    if channel.get("ChannelName") in _CODE_CHANNELS and isinstance(location, dict) and "S3Uri" in location:
        yield append_pointer(at, "DataSource", "S3DataSource"), location, "S3Uri"


def _rewrite(work: _Work, at: str, holder: JsonObject, member: str) -> None:
    """N4 for the string at a member, or for each string among the values of the Join there."""
    value, here = holder[member], append_pointer(at, member)
    if isinstance(value, str):
        if (text := _without_marks(value)) != value:
            holder[member] = text
            work.note(N4, here)
        return
    join = value.get("Std:Join") if isinstance(value, dict) and parse_expression(value) is not None else None
    values = join.get("Values") if isinstance(join, dict) else None
    for index, part in enumerate(values if isinstance(values, list) else []):
        if isinstance(part, str) and isinstance(values, list) and (text := _without_marks(part)) != part:
            values[index] = text
            work.note(N4, append_pointer(here, "Std:Join", "Values", index))


def _without_marks(text: str) -> str:
    """The text with hashes and time stamps as placeholders, but for the name of its bucket."""
    bucket = _BUCKET.match(text)
    kept = bucket.group() if bucket else ""
    return kept + _TIMESTAMP.sub("<TIMESTAMP>", _HASH.sub("<HASH>", text[len(kept) :]))
