"""The forms of references, functions and conditions, and the names that every pipeline knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from smgen.aws import CONDITION
from smgen.checks.context import CheckContext
from smgen.checks.index import DefinitionIndex, Use
from smgen.definition import Step
from smgen.diagnostics import Finding, nearest_name
from smgen.documents import append_pointer, is_container
from smgen.expressions import (
    CONDITION_MEMBERS,
    EXECUTION_VARIABLES,
    NOT_MEMBERS,
    ExecutionReference,
    Get,
    Join,
    JsonGet,
    Members,
    PropertyFileReference,
    UnknownReference,
    Value,
    elements_at,
    is_worked_out,
    looks_like_expression,
    members_at,
    parse_condition,
    value_to_json,
)

#: The functions that there are, and the form of each.
_FUNCTIONS: Final = {
    "Std:Join": '{"On": <text>, "Values": [<values>]}',
    "Std:JsonGet": '{"PropertyFile": {"Get": "Steps.<step>.PropertyFiles.<name>"}, "Path": <text>}',
}
_FORMS: Final = {
    "Parameters": "Parameters.<name>",
    "Execution": "Execution.<variable>",
    "Steps": "Steps.<step>.<property>",
    "ForEach": "ForEach.CurrentItem",
    "IterationOutput": "IterationOutput.<step>.<property>",
}
_ROOTS: Final = (*_FORMS, "PipelineExperimentConfig")
_CONFIGURED: Final = re.compile(r"(?:PipelineExperimentConfig|MlflowConfig)\.[A-Za-z0-9]+")
"""What a definition sets for all its steps; references to it are legal inside them."""

_DEEPEST: Final = 60


def check_forms(index: DefinitionIndex, _context: CheckContext) -> Iterator[Finding]:
    """SMG315 for objects that look like expressions and are none, and for references to nothing that exists; SMG417
    for a Join of which a part is null.
    """
    for malformed in index.malformed:
        problem = _problem(malformed.value)
        if problem is not None:
            at, message, expected, fix = problem
            yield Finding(
                "SMG315",
                f"{_who(malformed.step)} has {message}",
                index.place(malformed.pointer + at, malformed.step),
                expected=expected,
                fix=fix,
            )
    for text in index.written_out:
        yield Finding(
            "SMG315",
            f"{_who(text.step)} has a text in which a reference was written out, so nothing is put in its place",
            index.place(text.pointer, text.step),
            given=text.shown,
            expected='the reference itself, or {"Std:Join": {"On": "", "Values": [<texts and references>]}}',
            fix="join the texts and the reference with Std:Join (in the SDK: Join), not with an f-string or str()",
        )
    for use in index.uses:
        if isinstance(use.expression, Join) and None in use.expression.values:
            number = use.expression.values.index(None)
            yield Finding(
                "SMG417",
                f"{_who(use.step)} joins a text of parts of which one is null",
                index.place(append_pointer(use.pointer, "Std:Join", "Values", number), use.step),
                given="null",
                expected="a text, a number or a reference",
                fix="leave the part out, or write what belongs there",
            )
        if isinstance(use.target, UnknownReference):
            yield from _unknown(index, use, use.target.path)
        if isinstance(use.expression, JsonGet) and use.expression.form == "PropertyFile":
            yield from _property_file(index, use, use.expression)
        # Inside a Std:JsonGet that cannot be read it is that function which is wrong.
        in_function = isinstance(use.outer, JsonGet) or use.pointer.endswith("/Std:JsonGet/PropertyFile")
        if isinstance(use.target, PropertyFileReference) and not in_function:
            yield Finding(
                "SMG315",
                f"{_who(use.step)} uses the property file {use.target.property_file} as a value",
                index.place(use.pointer, use.step),
                given=f"Steps.{use.target.step}.PropertyFiles.{use.target.property_file}",
                expected='{"Std:JsonGet": {"PropertyFile": {"Get": …}, "Path": "<path in the file>"}}',
                fix="read one value of the file with Std:JsonGet, or the place of the output that holds the file",
            )


def check_execution_variables(index: DefinitionIndex, _context: CheckContext) -> Iterator[Finding]:
    """SMG316 for references to execution variables that do not exist."""
    for use in index.uses:
        if isinstance(use.target, ExecutionReference) and use.target.variable not in EXECUTION_VARIABLES:
            nearest = index.nearest(use.target.variable, EXECUTION_VARIABLES)
            yield Finding(
                "SMG316",
                f"{_who(use.step)} reads the execution variable {use.target.variable}, which does not exist",
                index.place(append_pointer(use.pointer, "Get"), use.step),
                given=f"Execution.{use.target.variable}",
                expected=", ".join(EXECUTION_VARIABLES),
                nearest=nearest,
                fix=f"read Execution.{nearest}" if nearest else "read one of the variables that exist",
            )


def check_condition_forms(index: DefinitionIndex, _context: CheckContext) -> Iterator[Finding]:
    """SMG315 for conditions that SageMaker cannot read; what is wrong inside an operand is found there."""
    for step in index.steps:
        conditions = elements_at(step.own, "Arguments", "Conditions") if step.kind is CONDITION else []
        for number, value in enumerate(conditions):
            if parse_condition(value_to_json(value)) is None:
                at = append_pointer(step.pointer, "Arguments", "Conditions", number)
                yield from _condition(index, step, value, at)


def _condition(index: DefinitionIndex, step: Step, outermost: Value, pointer: str) -> Iterator[Finding]:
    todo: list[tuple[Value, str, int]] = [(outermost, pointer, 0)]
    while todo:
        value, at, depth = todo.pop()
        inner, problem = _read_condition(value)
        if depth == _DEEPEST and inner:
            inner, problem = [], ("", "conditions that are nested too deeply", "fewer levels of Not and Or", None)
        if problem is not None:
            below, message, expected, nearest = problem
            yield Finding(
                "SMG315",
                f"{step.name} has {message}",
                index.place(at + below, step),
                expected=expected,
                nearest=nearest,
                fix=f"write {nearest}" if nearest else f"write {expected}",
            )
        todo.extend((item, at + below, depth + 1) for below, item in reversed(inner))


_ConditionProblem = tuple[str, str, str, "str | None"]
#: Members that hold a list, and what it is a list of.
_LISTS: Final = {"Values": "a list of values", "Conditions": "a list of conditions"}


def _read_condition(value: Value) -> tuple[list[tuple[str, Value]], _ConditionProblem | None]:
    """The conditions inside one, and what is wrong with its own form."""
    if not isinstance(value, dict):
        return [], ("", "a condition that is no object", "an object with Type", None)
    kind = value.get("Type")
    if kind is None:
        return [], ("", "a condition without Type", f"Type, one of {', '.join(CONDITION_MEMBERS)}", None)
    if not isinstance(kind, str) or kind not in CONDITION_MEMBERS:
        shown, nearest = (
            (kind, nearest_name(kind, CONDITION_MEMBERS)) if isinstance(kind, str) else ("what is no text", None)
        )
        return [], ("/Type", f"a condition of the type {shown}", f"one of {', '.join(CONDITION_MEMBERS)}", nearest)
    names = CONDITION_MEMBERS[kind]
    if names == NOT_MEMBERS[:1] and names[0] not in value and NOT_MEMBERS[1] in value:
        names = NOT_MEMBERS[1:]
    problem = _members(value, kind, names) or _operands(value, names) or _list(value, kind, names)
    if problem is not None:
        return [], problem
    if names == ("Conditions",):
        return [(f"/Conditions/{number}", item) for number, item in enumerate(elements_at(value, *names))], None
    return [(f"/{name}", value[name]) for name in names if name in NOT_MEMBERS], None


def _members(value: Members, kind: str, names: tuple[str, ...]) -> _ConditionProblem | None:
    missing = [name for name in names if name not in value]
    unknown = [name for name in value if name not in names and name != "Type"]
    if missing:
        nearest = nearest_name(unknown[0], missing) if unknown else None
        at = append_pointer("", unknown[0]) if nearest else ""
        return (at, f"a condition {kind} without {' and '.join(missing)}", f"Type, {', '.join(names)}", nearest)
    if unknown:
        at = append_pointer("", unknown[0])
        return (at, f"a condition {kind} with the member {unknown[0]}", f"Type, {', '.join(names)}", None)
    return None


def _operands(value: Members, names: tuple[str, ...]) -> _ConditionProblem | None:
    for name in names:
        if name not in (*_LISTS, *NOT_MEMBERS) and _is_no_operand(value[name]):
            return (f"/{name}", f"a condition whose {name} is no single value", "a value or a reference", None)
    return None


def _list(value: Members, kind: str, names: tuple[str, ...]) -> _ConditionProblem | None:
    name = names[-1]
    if name not in _LISTS:
        return None
    if not isinstance(value[name], list):
        return (f"/{name}", f"a condition {kind} whose {name} are no list", _LISTS[name], None)
    for number, item in enumerate(elements_at(value, "Values")):
        if _is_no_operand(item):
            message = "a condition In with an item that is no single value"
            return (f"/Values/{number}", message, "a value or a reference", None)
    return None


def _is_no_operand(value: Value) -> bool:
    return is_container(value) and not looks_like_expression(value)


_Problem = tuple[str, str, str, str]


def _problem(value: Members) -> _Problem | None:
    """What is wrong with the form of one object, without what is inside it: pointer, message, expected, fix."""
    if "Get" in value:
        if len(value) > 1:
            others = ", ".join(key for key in value if key != "Get")
            return ("", f"a reference with other members beside Get: {others}", "only Get", f"remove {others}")
        if not isinstance(value["Get"], str):
            return ("/Get", "a reference whose Get is no text", "the path of a reference", "write the path as a text")
        return None
    name = next(key for key in value if key.startswith("Std:"))
    at = append_pointer("", name)
    if name not in _FUNCTIONS:
        nearest = nearest_name(name, _FUNCTIONS)
        fix = f"write {nearest}" if nearest else "use one of the functions that exist"
        return (at, f"the function {name}, which does not exist", " or ".join(_FUNCTIONS), fix)
    if len(value) > 1:
        others = ", ".join(key for key in value if key != name)
        return ("", f"a {name} with other members beside it: {others}", f"only {name}", f"remove {others}")
    form, inner = _FUNCTIONS[name], value[name]
    if not isinstance(inner, dict):
        return (at, f"a {name} that is no object", form, f"write {form}")
    found = _join_problem(inner, form) if name == "Std:Join" else _json_get_problem(inner, form)
    return None if found is None else (at + found[0], *found[1:])


def _join_problem(join: Members, form: str) -> _Problem | None:
    on, values = join.get("On"), join.get("Values")
    if not isinstance(on, str):
        at = "/On" if "On" in join else ""
        return (at, "a Std:Join whose On is no text", form, "write the separator as a text")
    if not isinstance(values, list):
        at = "/Values" if "Values" in join else ""
        return (at, "a Std:Join whose Values are no list", form, "write a list of values")
    if len(join) > 2:
        other = next(key for key in join if key not in ("On", "Values"))
        return (append_pointer("", other), f"a Std:Join with the member {other}", form, f"remove {other}")
    for number, item in enumerate(values):
        if _is_no_operand(item):
            message = "a Std:Join of something that is no single value"
            return (f"/Values/{number}", message, "a text, a number or a reference", "write one value for each item")
    return None


def _json_get_problem(json_get: Members, form: str) -> _Problem | None:
    path = json_get.get("Path")
    if not isinstance(path, str):
        at = "/Path" if "Path" in json_get else ""
        return (at, "a Std:JsonGet whose Path is not written out", form, "write the path in the file as a text")
    sources = [name for name in ("PropertyFile", "S3Uri") if name in json_get]
    if len(sources) != 1 or len(json_get) > 2:
        message = "a Std:JsonGet that does not name one source"
        return ("", message, "PropertyFile or S3Uri, and Path", f"write {form}")
    source = json_get[sources[0]]
    at = f"/{sources[0]}"
    if sources[0] == "PropertyFile":
        if not isinstance(source, Get) and not (looks_like_expression(source) and "Get" in members_at(source)):
            return (at, "a Std:JsonGet whose PropertyFile is no reference", form, f"write {form}")
    elif not isinstance(source, str) and not is_worked_out(source):
        return (at, "a Std:JsonGet whose S3Uri is no location", "a Std:Join or a reference", "write a Std:Join")
    return None


def _unknown(index: DefinitionIndex, use: Use, path: str) -> Iterator[Finding]:
    if _CONFIGURED.fullmatch(path):
        return
    root = re.split(r"[.\[]", path, maxsplit=1)[0]
    known = root in _ROOTS
    nearest = None if known else index.nearest(root, _ROOTS)
    if known:
        what = "of a form that SageMaker does not know"
    else:
        what = f"to {root}, which does not exist" if root else "to nothing"
    form = _FORMS.get(root if known else nearest or "")
    right = f"{nearest}{path[len(root) :]}" if nearest else None
    yield Finding(
        "SMG315",
        f"{_who(use.step)} has a reference {what}",
        index.place(append_pointer(use.pointer, "Get"), use.step),
        given=path,
        expected=form or ", ".join(_FORMS.values()),
        nearest=right,
        fix=f"write {right or form or 'one of these forms'}",
    )


def _property_file(index: DefinitionIndex, use: Use, json_get: JsonGet) -> Iterator[Finding]:
    source = json_get.source
    inner = next((found for found in (source,) if isinstance(found, Get)), None)
    if inner is None or re.match(r"Steps\.[^.\[\]]+\.PropertyFiles(?![A-Za-z0-9_\-])", inner.path):
        return
    yield Finding(
        "SMG315",
        f"{_who(use.step)} reads JSON from what is no property file",
        index.place(append_pointer(use.pointer, "Std:JsonGet", "PropertyFile", "Get"), use.step),
        given=inner.path,
        expected="Steps.<step>.PropertyFiles.<name>, or S3Uri with a Std:Join",
        fix="declare a property file at the step that writes the file, and name it here",
    )


def _who(step: Step | None) -> str:
    return "the definition" if step is None else step.name
