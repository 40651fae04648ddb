"""Follows the statements and functions of a module, so that names are known to be references where they are."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias, cast

from smgen.source.evaluator import DEEPEST, ModuleEvaluator, narrow
from smgen.source.joining import Piece
from smgen.source.meanings import annotated
from smgen.source.module_text import ModuleText
from smgen.source.possible_values import ANYTHING, Key, Value, ValueKind, collection, merged, named, one
from smgen.source.scope import NameScope

_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_Arguments: TypeAlias = tuple[tuple[str, Value], ...]

#: How many expressions are evaluated at least, and how many times each on average at most.
_LEAST_BUDGET: Final = 50_000
_TIMES_EACH: Final = 20
_MOST_CONTEXTS: Final = 40
_MOST_CALLS: Final = 12


@dataclass(slots=True)
class _Known:
    """A function of the module: its node, the scope around it, and what its calls gave."""

    node: _Function
    scope: NameScope
    #: What methods of its class assigned to attributes of their first argument; None for a plain function.
    attributes: dict[str, Value] | None = None
    results: dict[_Arguments, Value] = field(default_factory=dict[_Arguments, Value])
    running: bool = False


@dataclass(slots=True)
class _Frame:
    """A function that is being followed: what it returns, and where its loops are left."""

    returned: list[Value] = field(default_factory=list[Value])
    yielded: list[Value] = field(default_factory=list[Value])
    exits: list[list[NameScope]] = field(default_factory=list[list[NameScope]])
    defined: list[int] = field(default_factory=list[int])


class ModuleFlow:
    """Follows one module; ``roots`` are the names of functions whose first argument is a pipeline's builder."""

    def __init__(self, module: ModuleText, tree: ast.Module, roots: Collection[str]) -> None:
        size = sum(1 for _ in ast.walk(tree))
        self.evaluator = ModuleEvaluator(module, self.call, max(_LEAST_BUDGET, _TIMES_EACH * size))
        self._roots = frozenset(roots)
        self._functions: list[_Known] = []
        self._calls = 0
        self._frames: list[_Frame] = []
        self._tree = tree

    def run(self) -> None:
        """Follows the whole module."""
        self._enter(self._tree.body, NameScope())

    # Functions ---------------------------------------------------------------------------------------------------

    def _enter(self, body: Sequence[ast.stmt], scope: NameScope) -> _Frame:
        """Follows a body, and then every function that it defines, for itself."""
        frame = _Frame()
        self._frames.append(frame)
        try:
            self.block(body, scope)
        finally:
            self._frames.pop()
        for number in frame.defined:
            self.call(number, (), {})
        for number in frame.defined:
            # Once more for what later methods assigned.
            if self._functions[number].attributes:
                self.call(number, (), {})
        return frame

    def call(self, number: int, positional: Sequence[Value], keywords: dict[str, Value]) -> Value:
        """What a function of the module returns for arguments; what is not given is what its annotation says."""
        known = self._functions[number]
        parameters = self._parameters(known, positional, keywords)
        key = tuple((name, parameters[name]) for name in sorted(parameters))
        if key in known.results:
            return known.results[key]
        if known.running or len(known.results) >= _MOST_CONTEXTS or self._calls >= _MOST_CALLS:
            return ANYTHING
        if self.evaluator.depth >= DEEPEST or self.evaluator.budget <= 0:
            return ANYTHING
        known.running = True
        self._calls += 1
        # A function of its own is no part of the f-string that calls it.
        around, self.evaluator.around = self.evaluator.around, []
        try:
            scope = NameScope(known.scope, dict(parameters))
            frame = self._enter(known.node.body, scope)
            self._keep_attributes(known, scope)
        finally:
            known.running = False
            self._calls -= 1
            self.evaluator.around = around
        result = collection({}, merged(frame.yielded)) if frame.yielded else merged(frame.returned)
        if not self.evaluator.silent:
            known.results[key] = result
        return result

    def _parameters(self, known: _Known, positional: Sequence[Value], keywords: dict[str, Value]) -> dict[str, Value]:
        arguments = known.node.args
        ordered = [*arguments.posonlyargs, *arguments.args]
        values = self._declared(known)
        given = {item.arg: value for item, value in zip(ordered, positional, strict=False)}
        given |= {name: value for name, value in keywords.items() if name in values}
        others: dict[Key, Value] = {name: value for name, value in keywords.items() if name not in values}
        values |= {name: value for name, value in given.items() if value != ANYTHING}
        if arguments.vararg is not None:
            values[arguments.vararg.arg] = collection({}, merged(positional[len(ordered) :]))
        if arguments.kwarg is not None:
            values[arguments.kwarg.arg] = collection(others, like=one(ValueKind.MAPPING))
        own = _own_name(known)
        if own is not None and known.attributes is not None:
            values |= {f"{own}.{name}": value for name, value in known.attributes.items()}
        return values

    def _declared(self, known: _Known) -> dict[str, Value]:
        """The parameters of a function as their annotations say; the first one of a root is a builder."""
        arguments = known.node.args
        ordered = [*arguments.posonlyargs, *arguments.args]

        def resolve(name: str) -> Value:
            return known.scope.look_up(name) or ANYTHING

        def declared(*, proxies: bool) -> dict[str, Value]:
            everything = [*ordered, *arguments.kwonlyargs]
            return {item.arg: annotated(item.annotation, resolve, proxies=proxies) for item in everything}

        values = declared(proxies=False)
        if any(ValueKind.BUILDER in value.kinds for value in values.values()):
            # Only a function that builds a pipeline takes the proxies of generated modules.
            values = declared(proxies=True)
        if known.node.name in self._roots and ordered and values[ordered[0].arg] == ANYTHING:
            values[ordered[0].arg] = one(ValueKind.BUILDER)
        return values

    def _keep_attributes(self, known: _Known, scope: NameScope) -> None:
        """Remembers what a method assigned to ``self``."""
        own = _own_name(known)
        if known.attributes is None or own is None:
            return
        for name, value in scope.names.items():
            if name.startswith(f"{own}."):
                attribute = name.removeprefix(f"{own}.")
                before = known.attributes.get(attribute)
                known.attributes[attribute] = value if before is None else merged([before, value])

    def _define(self, node: _Function, scope: NameScope) -> None:
        for item in (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults):
            self.evaluator.evaluate(item, scope)
        self._functions.append(_Known(node, scope))
        number = len(self._functions) - 1
        self._frames[-1].defined.append(number)
        # What a decorator makes of a function is not known.
        scope.names[node.name] = Value(functions=frozenset({number})) if not node.decorator_list else ANYTHING

    def _define_class(self, node: ast.ClassDef, scope: NameScope) -> None:
        """Follows a class body; its methods do not see the names of the class."""
        for item in (*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)):
            self.evaluator.evaluate(item, scope)
        inner = NameScope(scope)
        before = len(self._functions)
        self.block(node.body, inner)
        attributes: dict[str, Value] = {}
        for known in self._functions[before:]:
            if known.scope is inner:
                known.scope, known.attributes = scope, attributes
        scope.names[node.name] = ANYTHING

    # Statements --------------------------------------------------------------------------------------------------

    def block(self, body: Iterable[ast.stmt], scope: NameScope) -> bool:
        """Follows statements; False where the end of them is not reached."""
        return all(self.statement(node, scope) for node in body)

    def statement(self, node: ast.stmt, scope: NameScope) -> bool:
        """Follows one statement; False where what comes after it is not reached."""
        if self.evaluator.budget <= 0:
            return True
        self.evaluator.budget -= 1
        if isinstance(node, ast.If):
            return self._if(node, scope)
        if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            return self._loop(node, scope)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self._define(node, scope)
            return True
        if isinstance(node, ast.ClassDef):
            self._define_class(node, scope)
            return True
        if isinstance(node, ast.Try) or type(node).__name__ == "TryStar":
            return self._try(node, scope)
        if isinstance(node, (ast.With, ast.AsyncWith)):
            return self._with(node, scope)
        if isinstance(node, ast.Match):
            return self._match(node, scope)
        if isinstance(node, (ast.Return, ast.Raise, ast.Break, ast.Continue)):
            self._leave(node, scope)
            return False
        self._simple(node, scope)
        return True

    def _simple(self, node: ast.stmt, scope: NameScope) -> None:
        evaluator = self.evaluator
        if isinstance(node, ast.Assign):
            value = evaluator.evaluate(node.value, scope)
            for target in node.targets:
                evaluator.assign(target, value, scope)
        elif isinstance(node, ast.AnnAssign):
            if node.value is not None:
                value = evaluator.evaluate(node.value, scope)
                declared = annotated(node.annotation, lambda name: scope.look_up(name) or ANYTHING, proxies=False)
                evaluator.assign(node.target, declared if value == ANYTHING else value, scope)
        elif isinstance(node, ast.AugAssign):
            self._augmented(node, scope)
        elif isinstance(node, ast.Expr):
            self._expression(node.value, scope)
        elif isinstance(node, ast.Assert):
            evaluator.truth(node.test, scope, "assert")
            narrow(node.test, True, scope)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            _bind_imports(node, scope)
        elif isinstance(node, ast.Delete):
            scope.names |= {target.id: ANYTHING for target in node.targets if isinstance(target, ast.Name)}

    def _expression(self, node: ast.expr, scope: NameScope) -> None:
        """An expression that stands for itself; what a generator gives is kept."""
        if not isinstance(node, (ast.Yield, ast.YieldFrom)):
            self.evaluator.evaluate(node, scope)
            return
        value = self.evaluator.evaluate(node.value, scope)
        if self._frames:
            self._frames[-1].yielded.append(value if isinstance(node, ast.Yield) else value.iterated())

    def _augmented(self, node: ast.AugAssign, scope: NameScope) -> None:
        """``a += b``, which puts texts and lists together as ``a + b`` does."""
        if not isinstance(node.op, ast.Add):
            self.evaluator.evaluate(node.value, scope)
            self.evaluator.assign(node.target, ANYTHING, scope)
            return
        before = self.evaluator.evaluate(node.target, scope)
        pieces = self.evaluator.pieces(node.value, scope)
        left = Piece(self.evaluator.operand(node.target), before)
        self.evaluator.assign(node.target, self.evaluator.text_sum(node, [[left], pieces], scope), scope)

    def _leave(self, node: ast.stmt, scope: NameScope) -> None:
        frame = self._frames[-1]
        if isinstance(node, ast.Return):
            frame.returned.append(self.evaluator.evaluate(node.value, scope))
        elif isinstance(node, ast.Raise):
            self.evaluator.evaluate(node.exc, scope)
        elif frame.exits:
            frame.exits[-1].append(scope.branch())

    def _if(self, node: ast.If, scope: NameScope) -> bool:
        """An ``if`` with all its ``elif``s."""
        ways: list[NameScope] = []
        rest = scope.branch()
        here: ast.If = node
        while True:
            self.evaluator.truth(here.test, rest, "if")
            then = rest.branch()
            narrow(here.test, True, then)
            if self.block(here.body, then):
                ways.append(then)
            narrow(here.test, False, rest)
            following = here.orelse
            if len(following) == 1 and isinstance(following[0], ast.If):
                here = following[0]
                continue
            if self.block(following, rest):
                ways.append(rest)
            break
        scope.become(ways)
        return bool(ways)

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, scope: NameScope) -> bool:
        frame = self._frames[-1]
        frame.exits.append([])
        item = ANYTHING if isinstance(node, ast.While) else self.evaluator.evaluate(node.iter, scope).iterated()
        # Twice: what the first round leaves behind is there in the second.
        for _ in range(2):
            inner = scope.branch()
            if isinstance(node, ast.While):
                self.evaluator.truth(node.test, inner, "while")
                narrow(node.test, True, inner)
            else:
                self.evaluator.assign(node.target, item, inner)
            ends = self.block(node.body, inner)
            scope.become([scope.branch(), *([inner] if ends else []), *frame.exits[-1]])
        left = frame.exits.pop()
        after = scope.branch()
        ends = self.block(node.orelse, after)
        scope.become([*left, *([after] if ends else [])] or [scope.branch()])
        return ends or bool(left)

    def _try(self, node: ast.stmt, scope: NameScope) -> bool:
        """A ``try``; an exception may come after any part of its body."""
        body, otherwise, final = (_statements(node, name) for name in ("body", "orelse", "finalbody"))
        before = scope.branch()
        tried = scope.branch()
        ways: list[NameScope] = []
        ends = self.block(body, tried)
        broken = [before, tried.branch()]
        if ends and self.block(otherwise, tried):
            ways.append(tried)
        for handler in ast.iter_child_nodes(node):
            if isinstance(handler, ast.ExceptHandler):
                way = NameScope(scope.outer)
                way.become(broken)
                if handler.name is not None:
                    way.names[handler.name] = ANYTHING
                if self.block(handler.body, way):
                    ways.append(way)
        scope.become(ways or broken)
        return self.block(final, scope) and bool(ways)

    def _with(self, node: ast.With | ast.AsyncWith, scope: NameScope) -> bool:
        for item in node.items:
            self.evaluator.evaluate(item.context_expr, scope)
            if item.optional_vars is not None:
                self.evaluator.assign(item.optional_vars, ANYTHING, scope)
        return self.block(node.body, scope)

    def _match(self, node: ast.Match, scope: NameScope) -> bool:
        self.evaluator.evaluate(node.subject, scope)
        ways = [scope.branch()]
        for case in node.cases:
            way = scope.branch()
            for pattern in ast.walk(case.pattern):
                if isinstance(pattern, (ast.MatchAs, ast.MatchStar)) and pattern.name is not None:
                    way.names[pattern.name] = ANYTHING
                elif isinstance(pattern, ast.MatchMapping) and pattern.rest is not None:
                    way.names[pattern.rest] = ANYTHING
            if isinstance(node.subject, ast.Name):
                # A case lets through only some types.
                way.names[node.subject.id] = ANYTHING
            if case.guard is not None:
                self.evaluator.truth(case.guard, way, "if")
            if self.block(case.body, way):
                ways.append(way)
        scope.become(ways)
        return True


def _own_name(known: _Known) -> str | None:
    """The name of a method's first argument, mostly ``self``."""
    ordered = [*known.node.args.posonlyargs, *known.node.args.args]
    return ordered[0].arg if known.attributes is not None and ordered else None


def _statements(node: ast.stmt, name: str) -> Iterator[ast.stmt]:
    # Python 3.10 has no `except*`, so that the node is known by its fields alone.
    yield from cast("list[ast.stmt]", getattr(node, name, []))


def _bind_imports(node: ast.Import | ast.ImportFrom, scope: NameScope) -> None:
    for alias in node.names:
        if isinstance(node, ast.Import):
            name = alias.asname or alias.name.partition(".")[0]
            scope.names[name] = named(alias.name if alias.asname else name)
        elif alias.name == "*":
            if node.module is not None and (node.module + ".").startswith("smgen.runtime."):
                for public in ("join", "Execution", "FluentPipelineBuilder"):
                    scope.names[public] = named(f"{node.module}.{public}")
        elif node.module is None or node.level:
            scope.names[alias.asname or alias.name] = ANYTHING
        else:
            scope.names[alias.asname or alias.name] = named(f"{node.module}.{alias.name}")
