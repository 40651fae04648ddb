"""References to steps: the step exists, it has that property, and the property is one value that it declares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from smgen.aws import (
    FOR_EACH,
    STEP_KINDS,
    IndexPart,
    KeyPart,
    Leaf,
    MemberPart,
    NamedList,
    PathPart,
    PathProblem,
    PropertyPath,
    parse_property_path,
    property_leaf,
    values_at,
)
from smgen.checks.context import CheckContext
from smgen.checks.declared import DeclaredNames
from smgen.checks.index import DefinitionIndex, Use
from smgen.definition import Step
from smgen.diagnostics import Finding, first_of
from smgen.documents import append_pointer, at_pointer
from smgen.expressions import PropertyFileReference, StepReference

_EMITTED_SUFFIXES: Final = tuple(sorted(kind.emitted_suffix for kind in STEP_KINDS.values() if kind.emitted_suffix))
_PREFIX: Final = "properties."
_PROPERTY_FILES: Final = re.compile(r"PropertyFiles(?![A-Za-z0-9_\-])")
_SHOWN: Final = 12


def check_step_references(index: DefinitionIndex, _context: CheckContext) -> Iterator[Finding]:
    """SMG303 to SMG307, and SMG315 for property paths that cannot be read: every reference to a step."""
    for use in index.uses:
        of = use.target
        if not isinstance(of, (StepReference, PropertyFileReference)):
            continue
        at = append_pointer(use.pointer, "Get")
        step = index.meant_step(of.step, use.step)
        if step is None:
            path = of.path if isinstance(of, StepReference) else None
            yield _unknown_step(index, of.step, path, at, use.step, f"reads {of.step}")
        elif isinstance(of, PropertyFileReference):
            yield from _property_file(index, step, of.property_file, at, use)
        else:
            yield from property_findings(index, step, of.path, at, use.step)


def check_named_steps(index: DefinitionIndex, _context: CheckContext) -> Iterator[Finding]:
    """SMG303 where a step is named without a reference: DependsOn, and what a Cleanup step deletes."""
    for step in index.steps:
        for dependency in step.depends_on:
            if dependency.step not in index.named:
                at = dependency.pointer
                # The object form has the name one level below; a definition keeps the pointer of the item.
                if isinstance(at_pointer(index.definition.document, at), dict):
                    at = append_pointer(at, "Step")
                yield _unknown_step(index, dependency.step, None, at, step, f"depends on {dependency.step}")
        yield from _deleted(index, step)


def check_property_file_outputs(index: DefinitionIndex, _context: CheckContext) -> Iterator[Finding]:
    """SMG306 for a property file in an output that its own step does not have."""
    for step in index.steps:
        outputs = step.kind.outputs if step.kind.has_property_files else None
        declared = None if outputs is None else index.declared(step, outputs)
        if declared is None:
            continue
        for file in step.property_files:
            if file.output not in declared.known:
                nearest = index.nearest(file.output, declared.names)
                yield Finding(
                    "SMG306",
                    f"the property file {file.name} of {step.name} lies in the output {file.output}, "
                    f"which {step.name} does not have",
                    index.place(append_pointer(file.pointer, "OutputName"), step),
                    given=file.output,
                    expected=first_of(declared.names, _SHOWN) or "an output, of which the step has none",
                    expected_at=index.place(declared.pointer, step),
                    nearest=nearest,
                    fix=f"name the output {nearest}" if nearest else "name an output of the step",
                )


def property_findings(index: DefinitionIndex, step: Step, path: str, at: str, reader: Step | None) -> Iterator[Finding]:
    """What is wrong with one property of a step, at the text of the reference; at most one finding."""
    if step.type not in STEP_KINDS:
        return
    who = "the definition" if reader is None else reader.name
    whole = f"Steps.{step.name}"
    if not path:
        yield Finding(
            "SMG305",
            f"{who} reads the whole step {step.name}, which is not one value",
            index.place(at, reader),
            given=whole,
            expected=f"a property of {step.name}, such as {whole}.{step.kind.example}"
            if STEP_KINDS[step.type].has_properties
            else f"a property; {step.type} steps have none",
            fix="read one of its properties",
        )
        return
    given = f"{whole}{'' if path.startswith('[') else '.'}{path}"
    if path.startswith(_PREFIX):
        right = path.removeprefix(_PREFIX)
        yield Finding(
            "SMG304",
            f"{who} reads {path} of {step.name}: in a definition a property stands directly behind the step's name",
            index.place(at, reader),
            given=given,
            nearest=f"{whole}.{right}",
            fix=f"write {whole}.{right}",
        )
        return
    if _PROPERTY_FILES.match(path):
        yield Finding(
            "SMG315",
            f"{who} names a property file of {step.name} in a form that SageMaker does not read",
            index.place(at, reader),
            given=given,
            expected=f"{whole}.PropertyFiles.<name of the property file>",
            fix="write the name of the property file behind a dot",
        )
        return
    parsed = parse_property_path(path)
    if isinstance(parsed, PathProblem):
        yield Finding(
            "SMG315",
            f"{who} reads {step.name} through a path that cannot be read: {parsed.message}",
            index.place(at, reader),
            given=given,
            expected=f"a path such as {whole}.{step.kind.example}",
            fix=f"correct the path at {parsed.given}" if parsed.given else "complete the path",
        )
        return
    leaf = property_leaf(step.type, path)
    if isinstance(leaf, PathProblem):
        yield _bad_property(step, parsed, leaf, Finding("SMG304", who, index.place(at, reader), given=given))
        return
    yield from _undeclared_element(index, step, parsed.parts, given, at, reader)


def _bad_property(step: Step, parsed: PropertyPath, problem: PathProblem, start: Finding) -> Finding:
    """The finding for a path that AWS's shapes do not have; `start` has its place and what was given."""
    whole = f"Steps.{step.name}"
    nearest = _completed(step.type, parsed, problem)
    right = None if nearest is None else f"{whole}.{nearest}"
    no_leaf = _is_no_leaf(step.type, parsed, problem)
    what = "no single value of" if no_leaf else "what is no property of"
    below = (
        problem.expected if len(problem.expected) > 4 else tuple(_below(whole, problem.at, n) for n in problem.expected)
    )
    return Finding(
        "SMG305" if no_leaf else "SMG304",
        f"{start.message} reads {what} {step.name}, a {step.type} step: {problem.reason}",
        start.place,
        given=start.given,
        expected=first_of(below, _SHOWN) or None,
        nearest=right,
        fix=None if right is None else f"write {right}",
    )


def _completed(kind: str, parsed: PropertyPath, problem: PathProblem) -> str | None:
    """The path with its wrong part put right, with what follows where that makes a value of it."""
    suggestion = problem.suggestion
    if suggestion is None:
        return None
    text = str(parsed)
    for prefix in (f"{problem.at}.{problem.given}", f"{problem.at}{problem.given}"):
        if text.startswith(prefix):
            whole = suggestion + text[len(prefix) :]
            return whole if isinstance(property_leaf(kind, whole), Leaf) else suggestion
    return suggestion


def _is_no_leaf(kind: str, parsed: PropertyPath, problem: PathProblem) -> bool:
    """Whether a path is right as far as it goes, and goes not far enough."""
    text = str(parsed)
    if text not in (f"{problem.at}.{problem.given}", f"{problem.at}{problem.given}"):
        return False
    if not problem.expected:
        # Open values of a ForEach step: too few parts behind them.
        return kind == FOR_EACH.type and problem.at != "" and problem.nearest is None
    return all(re.match(re.escape(problem.given) + r"[.\[]", name) for name in problem.expected)


def _below(whole: str, at: str, name: str) -> str:
    joint = "" if name.startswith("[") else "."
    return f"{whole}.{at}{joint}{name}" if at else f"{whole}.{name}"


def _undeclared_element(
    index: DefinitionIndex, step: Step, parts: tuple[PathPart, ...], given: str, at: str, reader: Step | None
) -> Iterator[Finding]:
    """SMG306 for an output, input or channel that the step's own arguments do not have."""
    for row in step.kind.lists:
        length = len(row.path)
        names = tuple(part.name if isinstance(part, MemberPart) else "" for part in parts[:length])
        if not row.is_read or names != row.path or len(parts) == length:
            continue
        element = parts[length]
        declared = index.declared(step, row)
        if declared is None or isinstance(element, MemberPart) or _has(element, declared):
            continue
        nearest = _nearest_element(index, element, declared.names)
        yield Finding(
            "SMG306",
            f"{'the definition' if reader is None else reader.name} reads {_element_words(element, row)} of "
            f"{step.name}, which {_has_words(row, declared.names)}",
            index.place(at, reader),
            given=given,
            expected=first_of(declared.names, _SHOWN) or None,
            expected_at=index.place(declared.pointer, step),
            nearest=nearest,
            fix=f"write Steps.{step.name}.{_with_key(parts, length, nearest)}"
            if nearest
            else f"declare the {row.noun} in {step.name}, or read another one",
        )


def _with_key(parts: tuple[PathPart, ...], number: int, key: str) -> PropertyPath:
    return PropertyPath((*parts[:number], KeyPart(key), *parts[number + 1 :]))


def _has(element: IndexPart | KeyPart, declared: DeclaredNames) -> bool:
    return element.index < len(declared.names) if isinstance(element, IndexPart) else element.key in declared.known


def _nearest_element(index: DefinitionIndex, element: IndexPart | KeyPart, names: tuple[str, ...]) -> str | None:
    return index.nearest(element.key, names) if isinstance(element, KeyPart) else None


def _element_words(element: IndexPart | KeyPart, row: NamedList) -> str:
    return f"the {row.noun} {element.key}" if isinstance(element, KeyPart) else f"the {row.noun} [{element.index}]"


def _has_words(row: NamedList, names: tuple[str, ...]) -> str:
    if not names:
        return f"has no {row.noun}s"
    count = "one" if len(names) == 1 else str(len(names))
    return f"has {count} {row.noun}{'' if len(names) == 1 else 's'}, but not that one"


def _property_file(index: DefinitionIndex, step: Step, name: str, at: str, use: Use) -> Iterator[Finding]:
    declared = index.property_files(step)
    names = declared.names
    if name in declared.known or step.type not in STEP_KINDS:
        return
    who = "the definition" if use.step is None else use.step.name
    nearest = index.nearest(name, names)
    yield Finding(
        "SMG307",
        f"{who} reads the property file {name} of {step.name}, which does not declare it",
        index.place(at, use.step),
        given=f"Steps.{step.name}.PropertyFiles.{name}",
        expected=first_of(names, _SHOWN) or f"a property file in PropertyFiles of {step.name}, which has none",
        expected_at=index.place(declared.pointer, step),
        nearest=nearest,
        fix=f"read {nearest}" if nearest else f"declare {name} in PropertyFiles of {step.name}",
    )


def _unknown_step(
    index: DefinitionIndex, name: str, path: str | None, at: str, reader: Step | None, words: str
) -> Finding:
    emitted = tuple(f"{name}{suffix}" for suffix in _EMITTED_SUFFIXES if f"{name}{suffix}" in index.named)
    fitting = tuple(found for found in emitted if path is None or _offers(index.by_name[found], path))
    nearest = (fitting or emitted)[0] if emitted else index.nearest_step(name)
    why = f"; the SDK emits a model step of that name as {' and '.join(emitted)}" if emitted else ""
    return Finding(
        "SMG303",
        f"{'the definition' if reader is None else reader.name} {words}, and no step has that name{why}",
        index.place(at, reader),
        given=name,
        expected=first_of(index.step_names, _SHOWN),
        nearest=nearest,
        fix=f"name {nearest}" if nearest else "name a step of this pipeline, or add the step",
    )


def _offers(step: Step, path: str) -> bool:
    return isinstance(property_leaf(step.type, path), Leaf)


def _deleted(index: DefinitionIndex, step: Step) -> Iterator[Finding]:
    for path in step.kind.deletes:
        for at, name in values_at(step.own["Arguments"], path):
            if isinstance(name, str) and name not in index.named:
                where = append_pointer(step.pointer, "Arguments", *at)
                yield _unknown_step(index, name, None, where, step, f"deletes what {name} wrote")
