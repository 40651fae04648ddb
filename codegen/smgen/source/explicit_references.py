"""Writes the ports of a pipeline module that are AUTO as references: `training_data=preprocessing.processed_data`."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count
from keyword import iskeyword, issoftkeyword

from smgen.diagnostics import Finding, Place, sorted_findings
from smgen.source.auto_edits import AutoEdit, AutoSource, RewrittenModule, WrittenReference, WrittenStep
from smgen.source.import_uses import unused_imports
from smgen.source.module_edits import ModuleEdits, Span, UnreadableError, edited
from smgen.source.module_names import ModuleNames, NameBinding
from smgen.source.module_text import ModuleText
from smgen.source.step_calls import StepCall, StepCalls

_RULE = "SMG224"


def write_references(text: str, file: str, edits: Sequence[AutoEdit], steps: Sequence[WrittenStep]) -> RewrittenModule:
    """A module's text with the AUTO ports of `edits` written out; every other byte stays, but for unused imports.

    `steps` are all steps of all builds that are known, those of `edits` among them: they tell where one line stands
    for several steps. The variable that holds the producer is used where it certainly holds it; where a step is kept
    in no such variable it gets one with a new name. What cannot be written is a finding (SMG224), and then nothing
    is written. A text that is no Python is SMG210. Nothing of the module is run.
    """
    wanted = [edit for edit in edits if edit.step.file == file]
    if not wanted:
        return RewrittenModule(text)
    try:
        return _Writing(text, file, wanted, steps).module()
    except SyntaxError as error:
        place = Place(file=file, line=error.lineno or None)
        return _refused(text, Finding("SMG210", "the module of a pipeline is no Python", place, given=error.msg))
    except UnreadableError as error:
        return _refused(text, _unwritable(Place(file=file), str(error), wanted))
    except (ValueError, RecursionError, MemoryError) as error:
        # Null characters, and nesting beyond what Python's parser takes.
        return _refused(text, _unwritable(Place(file=file), str(error) or type(error).__name__, wanted))


@dataclass(slots=True)
class _Token:
    """One AUTO in the text, with the ports that it stands for: those of every step that was made of it."""

    node: ast.expr
    port: str
    calls: list[StepCall] = field(default_factory=list[StepCall])
    edits: list[AutoEdit] = field(default_factory=list[AutoEdit])


@dataclass(slots=True)
class _Kept:
    """A producer's call, the variables that hold what it returns, and the new variable where one was needed."""

    call: StepCall
    bindings: list[NameBinding]
    #: The statement in front of which a new variable can be written; None where there is no place for one.
    statement: ast.Expr | ast.Assign | None
    name: str | None = None


class _Writing:
    """One module while its ports are written out."""

    def __init__(self, text: str, file: str, edits: Sequence[AutoEdit], steps: Sequence[WrittenStep]) -> None:
        self.text = ModuleText(file, text)
        self.file = file
        self.edits = edits
        with warnings.catch_warnings():
            # What Python warns of, such as unknown escapes, is no business of this.
            warnings.simplefilter("ignore")
            self.names = ModuleNames(ast.parse(text))
        self.all_steps = steps
        self.calls = StepCalls(self.names, [step for step in steps if step.file == file])
        self.kept: dict[StepCall, _Kept] = {}
        self.taken = _identifiers(self.names.tree)
        self.findings: list[Finding] = []

    def module(self) -> RewrittenModule:
        tokens = self._tokens()
        expressions = {token.node: self._expression(token) for token in tokens}
        if self.findings:
            return RewrittenModule(self.text.text, (), sorted_findings(dict.fromkeys(self.findings)))
        replaced = [(token, written) for token in tokens if (written := expressions[token.node]) is not None]
        text, moved = self._edited(tokens, {self._span(token.node): written for token, written in replaced})
        self._check(text)
        references = [
            WrittenReference(
                token.node.lineno - sum(fewer for line, fewer in moved if line < token.node.lineno),
                tuple(dict.fromkeys(edit.step.step for edit in token.edits)),
                token.port,
                written,
            )
            for token, written in replaced
        ]
        return RewrittenModule(text, tuple(sorted(references, key=lambda item: item.line)))

    def _edited(self, tokens: Sequence[_Token], values: Mapping[Span, str]) -> tuple[str, list[tuple[int, int]]]:
        """The edited text without imports that nothing needs any more, and by how many lines it got shorter where."""
        kept = {
            self._span(one.statement)[0]: one.name
            for one in self.kept.values()
            if one.name is not None and one.statement is not None
        }
        gone = unused_imports(self.names, self.text.text, [token.node for token in tokens], self.calls.imports)
        # One import at a time, to know by how many lines each moves what stands below it; from the last one up, so
        # that the places of those that are still to come stay what they are. The first goes with all other edits.
        removals = [
            (statement.lineno, {self._span(statement)[0]: aliases})
            for statement, aliases in sorted(gone.items(), key=lambda item: item[0].lineno, reverse=True)
        ]
        text = self.text.text
        moved: list[tuple[int, int]] = []
        for line, imports in removals or [(0, {})]:
            shorter = edited(text, ModuleEdits(values, kept, imports))
            moved.append((line, _lines(text) - _lines(shorter)))
            text, values = shorter, dict[Span, str]()
            kept.clear()
        return text, moved

    def _check(self, text: str) -> None:
        """Raises UnreadableError for a result that Python does not take; it took the text as it was."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(text, self.file, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            raise UnreadableError(f"the result would be no Python: {error}") from None

    # AUTO ---------------------------------------------------------------------------------------------------------

    def _tokens(self) -> list[_Token]:
        """Every AUTO that is to be written out, in the order of the text, with all steps that it stands for."""
        tokens: dict[ast.expr, _Token] = {}
        for edit in self.edits:
            call = self.calls.call_of(edit.step)
            if call is None:
                line = f"the call on line {edit.step.line} that adds the step is no plain call of add_step"
                self._add(edit, self._place(edit, None), line)
                continue
            auto = self.calls.auto(call, edit.port)
            if auto.node is None or auto.problem is not None:
                self._add(edit, self._place(edit, auto.node), auto.problem or "")
                continue
            token = tokens.setdefault(auto.node, _Token(auto.node, edit.port))
            token.edits.append(edit)
        # A builder in a variable may be added more than once, and one call may add several steps.
        for port in dict.fromkeys(token.port for token in tokens.values()):
            for call in self.calls.calls:
                node = self.calls.auto(call, port).node
                if node is not None and node in tokens:
                    tokens[node].calls.append(call)
        return sorted(tokens.values(), key=lambda token: (token.node.lineno, token.node.col_offset))

    def _expression(self, token: _Token) -> str | None:
        """What is to be written instead of an AUTO; None after a finding."""
        edit = token.edits[0]
        found = {tuple(self._identity(source) for source in one.sources) for one in token.edits}
        covered = {one.step for one in token.edits}
        left = [step for call in token.calls for step in call.steps if step not in covered]
        if len(found) > 1 or left:
            self._differs(token, left)
            return None
        written: list[str] = []
        for source in edit.sources:
            problem = self._several(token, source)
            variable = None if problem else self._variable(token, source)
            if variable is None:
                if problem:
                    self._add(edit, self._place(edit, token.node), problem)
                continue
            written.append(f"{variable}.{source.attribute}")
        if len(written) < len(edit.sources):
            return None
        return f"[{', '.join(written)}]" if edit.many else written[0]

    def _identity(self, source: AutoSource) -> tuple[object, str]:
        """What a source is in the text, whatever its step is called in one build or another."""
        if source.step.file != self.file:
            # It cannot be written from here, in whichever module it is.
            return source.step.step, source.attribute
        return self.calls.call_of(source.step) or source.step.line, source.attribute

    def _differs(self, token: _Token, left: Iterable[WrittenStep]) -> None:
        """SMG224 for an AUTO that stands for several ports that are not bound to the same."""
        edit = token.edits[0]
        bound = [(one.step, ", ".join(map(str, one.sources))) for one in token.edits]
        bound += [(step, "nothing") for step in left]
        if len({what for _, what in bound}) == 1:
            # Steps of one name in several pipelines.
            bound = [
                (one.step, ", ".join(f"{source} of line {source.step.line}" for source in one.sources))
                for one in token.edits
            ]
        steps = list(dict.fromkeys(step.step for step, _ in bound))
        if len(steps) > 1:
            message = f"one line stands for several steps ({', '.join(steps)}), and they are not bound to the same"
            given = dict.fromkeys(f"{step.step} to {what}" for step, what in bound)
        else:
            message = "the port is not bound to the same everywhere"
            given = dict.fromkeys(f"{what} ({step.build})" for step, what in bound)
        fix = f"write {edit.port}=… by hand: pass what it reads to this line from where that is known"
        place = self._place(edit, token.node)
        self.findings.append(Finding(_RULE, message, place, given="; ".join(given), fix=fix))

    def _several(self, token: _Token, source: AutoSource) -> str | None:
        """What to say where the producer's line makes several steps in a build, of which only one is meant."""
        call = self.calls.call_of(source.step) if source.step.file == self.file else None
        if call is None:
            return None
        for edit in token.edits:
            here = [step.step for step in call.steps if step.build == edit.step.build]
            if len(here) > 1:
                names = ", ".join(dict.fromkeys(here))
                return f"line {source.step.line}, which adds {source.step.step}, stands for several steps ({names})"
        return None

    # Producers ------------------------------------------------------------------------------------------------------

    def _variable(self, token: _Token, source: AutoSource) -> str | None:
        """The variable that certainly holds the producer where AUTO stands; None after a finding."""
        edit, use, step = token.edits[0], token.node, source.step
        made = Place(file=step.file, line=step.line, step=step.step)
        place = self._place(edit, use)
        if step.file != self.file:
            message = f"{source} is added in another module, and its variable is not known here"
            fix = f"pass what add_step returns for it to this function, and write {edit.port}=….{source.attribute}"
            self.findings.append(Finding(_RULE, message, place, given=str(source), given_at=made, fix=fix))
            return None
        call = self.calls.call_of(step)
        if call is None:
            message = f"the call on line {step.line} that adds {step.step} is no plain call of add_step"
            self._add(edit, place, message, made)
            return None
        kept = self.kept.get(call)
        if kept is None:
            kept = self.kept[call] = self._keeping(call)
        for binding in kept.bindings:
            owner = self.names.owner(binding.name, binding.node)
            if owner is not None and self.names.reaches(binding, owner, use):
                return binding.name
        if kept.name is None and self._can_keep(kept, use):
            kept.name = self._new_name(step.step)
        if kept.name is not None and self._can_keep(kept, use):
            return kept.name
        message, fix = self._unreachable(call, kept, use, source, edit)
        self.findings.append(Finding(_RULE, message, place, given=str(source), given_at=made, fix=fix))
        return None

    def _keeping(self, call: StepCall) -> _Kept:
        """How what a call returns is kept."""
        parent = self.names.parents[call.node]
        if isinstance(parent, (ast.Assign, ast.AnnAssign)) and parent.value is call.node:
            targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
            bindings = [
                NameBinding(target.id, target, parent.value) for target in targets if isinstance(target, ast.Name)
            ]
            found = [self._known(binding) for binding in bindings]
            return _Kept(call, found, parent if isinstance(parent, ast.Assign) else None)
        if isinstance(parent, ast.NamedExpr):
            return _Kept(call, [self._known(NameBinding(parent.target.id, parent, parent.value))], None)
        return _Kept(call, [], parent if isinstance(parent, ast.Expr) else None)

    def _known(self, binding: NameBinding) -> NameBinding:
        """The same binding as the module's names have it, which know what else is bound."""
        owner = self.names.owner(binding.name, binding.node)
        known = [] if owner is None else self.names.in_scope(owner, binding.name)
        return next((one for one in known if one.node is binding.node), binding)

    def _can_keep(self, kept: _Kept, use: ast.expr) -> bool:
        """Whether a new variable for the producer would certainly hold it where AUTO stands."""
        statement = kept.statement
        return (
            statement is not None
            and self.names.sees(use, self.names.scope(statement))
            and self.names.surely_before(statement, use)
        )

    def _unreachable(
        self, call: StepCall, kept: _Kept, use: ast.expr, source: AutoSource, edit: AutoEdit
    ) -> tuple[str, str]:
        """Why no variable holds the producer where AUTO stands, and what to do."""
        step, line = source.step.step, source.step.line
        write = f"write {edit.port}=….{source.attribute}"
        if not self.names.sees(use, self.names.scope(call.node)):
            message = f"{step} is added in another function, whose variables are not known here"
            return message, f"pass what add_step returns for {step} to this function, and {write}"
        if self.names.statement(call.node).lineno > use.lineno:
            message = f"{step} is added on line {line}, below this one"
            return message, f"move the call that adds {step} above line {use.lineno}"
        if not self.names.surely_before(call.node, use):
            message = f"{step} is added where this line is not always reached with it: in a branch, a loop or a try"
            return message, f"add {step} outside of it, or move this step into it, or {write} by hand"
        if kept.bindings:
            names = " and ".join(f"'{binding.name}'" for binding in kept.bindings)
            message = f"{names}, which holds {step}, gets another value before it is read here"
            return message, f"give the step on line {line} a variable of its own"
        message = f"what add_step returns for {step} is not kept in a variable"
        return message, f"write … = p.add_step(…) for {step} as a statement of its own above this one"

    def _new_name(self, step: str) -> str:
        """A variable for a step that nothing in the module is called."""
        spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", step)
        plain = re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_") or "step"
        base = f"step_{plain}" if plain[0].isdigit() else plain
        candidates = chain([base, f"{base}_step"], (f"{base}_{number}" for number in count(2)))
        free = (one for one in candidates if one not in self.taken and not iskeyword(one) and not issoftkeyword(one))
        name = next(free)
        self.taken.add(name)
        return name

    # Words ----------------------------------------------------------------------------------------------------------

    def _place(self, edit: AutoEdit, node: ast.expr | None) -> Place:
        if node is None:
            return Place(file=self.file, line=edit.step.line, step=edit.step.step, port=edit.port)
        place = self.text.place(node)
        return replace(place, step=edit.step.step, port=edit.port)

    def _add(self, edit: AutoEdit, place: Place, message: str, given_at: Place | None = None) -> None:
        sources = ", ".join(str(source) for source in edit.sources)
        fix = f"write {edit.port}=… by hand: {_words(edit.sources)}"
        self.findings.append(Finding(_RULE, message, place, given=sources, given_at=given_at, fix=fix))

    def _span(self, node: ast.expr | ast.stmt) -> Span:
        start = self.text.position(node.lineno, node.col_offset)
        end = self.text.position(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
        return start, end


def _words(sources: Sequence[AutoSource]) -> str:
    return ", ".join(f".{source.attribute} of what add_step returns for {source.step.step}" for source in sources)


def _refused(text: str, finding: Finding) -> RewrittenModule:
    return RewrittenModule(text, (), (finding,))


def _unwritable(place: Place, reason: str, edits: Iterable[AutoEdit]) -> Finding:
    ports = ", ".join(dict.fromkeys(f"{edit.step.step}.{edit.port}" for edit in edits))
    return Finding(
        _RULE,
        "the module cannot be edited without changing more of it",
        place,
        given=reason,
        fix=f"write these ports by hand: {ports}",
    )


def _lines(text: str) -> int:
    return len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def _identifiers(tree: ast.Module) -> set[str]:
    """Every name that a module uses or binds, and those that Python itself has."""
    import builtins

    return {*dir(builtins), *_names(tree)}


def _names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        for _, value in ast.iter_fields(node):
            if isinstance(value, str) and value.isidentifier():
                yield value
        if isinstance(node, ast.alias):
            yield from node.name.split(".")
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            yield from node.names
