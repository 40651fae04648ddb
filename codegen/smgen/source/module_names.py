"""Which variable a name means at a place of a module, and which value it certainly holds there."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, cast

_COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_SCOPES: Final = (ast.Module, ast.ClassDef, *_FUNCTIONS, *_COMPREHENSIONS)
_LOOPS: Final = (ast.For, ast.AsyncFor, ast.While)
_BLOCKS: Final = ("body", "orelse", "finalbody")
#: What stands below one of these may be evaluated later, several times or never.
_PERHAPS: Final = (ast.Lambda, ast.match_case, ast.excepthandler, *_COMPREHENSIONS)


@dataclass(frozen=True, slots=True, eq=False)
class NameBinding:
    """A place where a name gets a value (or loses it).

    `value` is the expression whose value it gets, None where that is not a plain assignment. `elsewhere` says that
    another function does it, at a time that nobody can tell.
    """

    name: str
    node: ast.AST
    value: ast.expr | None = None
    elsewhere: bool = False


@dataclass(slots=True)
class ModuleNames:
    """The scopes of a module, what is bound in them, and which statement surely runs before which place."""

    tree: ast.Module
    #: Every node's parent; the marks of contexts and operators, which nodes share, are left out.
    parents: dict[ast.AST, ast.AST] = field(default_factory=dict[ast.AST, ast.AST])
    #: What is bound in a scope, by name, in the order of the text.
    bindings: dict[ast.AST, dict[str, list[NameBinding]]] = field(
        default_factory=dict[ast.AST, dict[str, list[NameBinding]]]
    )
    #: Whether a star import may bind any name.
    has_star: bool = False
    _declared: dict[tuple[ast.AST, str], type[ast.stmt]] = field(
        default_factory=dict[tuple[ast.AST, str], type[ast.stmt]]
    )
    _positions: dict[ast.stmt, tuple[ast.AST, str, int]] = field(
        default_factory=dict[ast.stmt, tuple[ast.AST, str, int]]
    )

    def __post_init__(self) -> None:
        for parent in ast.walk(self.tree):
            for child in ast.iter_child_nodes(parent):
                if isinstance(child, (ast.expr_context, ast.operator, ast.cmpop, ast.boolop, ast.unaryop)):
                    continue
                self.parents[child] = parent
            for name, block in blocks(parent).items():
                for index, statement in enumerate(block):
                    self._positions[statement] = (parent, name, index)
        for node in self.parents:
            if isinstance(node, (ast.Global, ast.Nonlocal)):
                for name in node.names:
                    self._declared[self.scope(node), name] = type(node)
        for node in self.parents:
            for binding in _bindings(node, self.parents):
                self._bind(binding)
        for names in self.bindings.values():
            for found in names.values():
                found.sort(key=lambda binding: _start(binding.node))

    # Scopes ----------------------------------------------------------------------------------------------------------

    def scope(self, node: ast.AST) -> ast.AST:
        """The innermost module, class, function, lambda or comprehension in which a node is evaluated."""
        child: ast.AST = node
        while child is not self.tree:
            parent = self.parents[child]
            if isinstance(parent, _SCOPES) and _is_inside(child, parent):
                return parent
            child = parent
        return self.tree

    def owner(self, name: str, node: ast.AST) -> ast.AST | None:
        """The scope whose variable a name is when it is read at a node; None for a name that nothing here binds."""
        innermost = self.scope(node)
        for scope in self.outward(innermost):
            declared = self._declared.get((scope, name))
            if declared is ast.Global:
                return self.tree if name in self.bindings.get(self.tree, {}) else None
            # The names of a class are not seen by the functions inside it.
            hidden = isinstance(scope, ast.ClassDef) and scope is not innermost
            if declared is None and not hidden and name in self.bindings.get(scope, {}):
                return scope
        return None

    def outward(self, scope: ast.AST) -> Iterator[ast.AST]:
        """A scope and those around it, innermost first."""
        while True:
            yield scope
            if scope is self.tree:
                return
            scope = self.scope(scope)

    def sees(self, node: ast.AST, owner: ast.AST) -> bool:
        """Whether a variable of the scope `owner` can be read at a node, if nothing nearer has its name."""
        innermost = self.scope(node)
        hidden = isinstance(owner, ast.ClassDef) and owner is not innermost
        return not hidden and any(scope is owner for scope in self.outward(innermost))

    def in_scope(self, owner: ast.AST, name: str) -> list[NameBinding]:
        """Where a variable of a scope gets its values, in the order of the text."""
        return self.bindings.get(owner, {}).get(name, [])

    def function(self, node: ast.AST) -> ast.AST:
        """The scope of a node without the comprehensions around it, which run where they stand."""
        scope = self.scope(node)
        while isinstance(scope, _COMPREHENSIONS):
            scope = self.scope(scope)
        return scope

    # Order -----------------------------------------------------------------------------------------------------------

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement that a node belongs to."""
        while not isinstance(node, ast.stmt):
            node = self.parents[node]
        return node

    def surely_before(self, node: ast.AST, use: ast.AST) -> bool:
        """Whether what stands at `node` has run, as a whole, whenever `use` is reached."""
        first = self.statement(node)
        if not self._surely_evaluated(node, first):
            return False
        places: dict[tuple[ast.AST, str], int] = {}
        mark: ast.AST = first
        while isinstance(mark, ast.stmt):
            parent, block, index = self._positions[mark]
            places[parent, block] = index
            # What a with statement holds runs whenever it does.
            mark = parent if isinstance(parent, (ast.With, ast.AsyncWith)) and block == "body" else self.tree
        child: ast.AST = use
        while child is not self.tree:
            if isinstance(child, ast.stmt):
                parent, block, index = self._positions[child]
                if index > places.get((parent, block), index):
                    return True
                if child is first and node is not first:
                    # The head of a statement that holds others: it runs before each of them.
                    return self._is_in_block(use, first)
            child = self.parents[child]
        return False

    def reaches(self, binding: NameBinding, owner: ast.AST, use: ast.AST) -> bool:
        """Whether the variable certainly holds the value of this binding when it is read at `use`."""
        if self.owner(binding.name, use) is not owner or not self.surely_before(binding.node, use):
            return False
        others = [other for other in self.in_scope(owner, binding.name) if other is not binding]
        if self.function(use) is not owner:
            # A function inside reads the variable when it is called, and that may be after any other binding.
            return not others
        around = [loop for loop in self._loops(use) if loop not in [*self._loops(binding.node)]]
        return not any(self._comes_between(other, binding, use, around) for other in others)

    def _comes_between(self, other: NameBinding, binding: NameBinding, use: ast.AST, around: list[ast.AST]) -> bool:
        if other.elsewhere or any(self._is_under(other.node, loop) for loop in around):
            return True
        statement = self.statement(use)
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and self.parents.get(other.node) is statement:
            # The statement's own target, which is set when its value is known.
            return False
        return _start(binding.node) < _start(other.node) < _start(use)

    def _surely_evaluated(self, node: ast.AST, statement: ast.stmt) -> bool:
        """Whether an expression of a statement is evaluated whenever the statement is reached."""
        while node is not statement:
            parent = self.parents[node]
            if isinstance(parent, (ast.IfExp, ast.Assert)):
                always: ast.AST | None = parent.test
            elif isinstance(parent, ast.BoolOp):
                always = parent.values[0]
            elif isinstance(parent, ast.Compare):
                always = parent.left
            else:
                always = None if isinstance(parent, _PERHAPS) else node
            if node is not always:
                return False
            node = parent
        return True

    def _is_in_block(self, node: ast.AST, statement: ast.stmt) -> bool:
        """Whether a node stands in a block of a statement, and not in its head; no block of a function or class."""
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return False
        child = node
        while self.parents[child] is not statement:
            child = self.parents[child]
        return isinstance(child, (ast.stmt, ast.match_case, ast.excepthandler))

    def _loops(self, node: ast.AST) -> Iterator[ast.AST]:
        """The loops around a node in its function, comprehensions included."""
        while node is not self.tree:
            node = self.parents[node]
            if isinstance(node, (*_LOOPS, *_COMPREHENSIONS)):
                yield node
            elif isinstance(node, _SCOPES):
                return

    def _is_under(self, node: ast.AST, above: ast.AST) -> bool:
        while node is not self.tree:
            if node is above:
                return True
            node = self.parents[node]
        return above is self.tree

    # Bindings --------------------------------------------------------------------------------------------------------

    def _bind(self, binding: NameBinding) -> None:
        if binding.name == "*":
            self.has_star = True
            return
        scope = self.scope(binding.node)
        if isinstance(binding.node, ast.NamedExpr):
            scope = self.function(binding.node)
        elif isinstance(binding.node, ast.arg):
            scope = self._function_of(binding.node)
        declared = self._declared.get((scope, binding.name))
        if declared is None:
            owners = [scope]
        else:
            binding = NameBinding(binding.name, binding.node, binding.value, elsewhere=True)
            # Which function around it is meant does not matter: none of them can rely on the name.
            around = list(self.outward(scope))[1:]
            owners = [self.tree] if declared is ast.Global else around
        for owner in owners:
            self.bindings.setdefault(owner, {}).setdefault(binding.name, []).append(binding)

    def _function_of(self, node: ast.AST) -> ast.AST:
        while not isinstance(node, _FUNCTIONS):
            node = self.parents[node]
        return node


def blocks(node: ast.AST) -> dict[str, list[ast.stmt]]:
    """The lists of statements that a node holds, by the name of its field."""
    found: dict[str, list[ast.stmt]] = {}
    for name in _BLOCKS:
        block: object = getattr(node, name, None)
        # A lambda and a conditional expression have a `body`, too: one expression.
        if isinstance(block, list):
            found[name] = cast("list[ast.stmt]", block)
    return found


def _is_inside(child: ast.AST, scope: ast.AST) -> bool:
    """Whether a child of a scope's node is evaluated in the scope; defaults and the like are so around it."""
    if isinstance(scope, ast.Module):
        return True
    if isinstance(scope, ast.Lambda):
        return child is scope.body
    if isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        # Decorators, defaults, bases and annotations are no statements.
        return isinstance(child, ast.stmt)
    # The first source of a comprehension is evaluated before it; that it counts as inside only makes names fewer.
    return True


def _bindings(node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> Iterator[NameBinding]:
    """The names that a node binds."""
    if isinstance(node, ast.Name):
        yield from _assigned(node, parents[node])
    elif isinstance(node, ast.arg):
        yield NameBinding(node.arg, node)
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield NameBinding(node.name, node)
    elif isinstance(node, ast.alias):
        plain = isinstance(parents[node], ast.Import)
        yield NameBinding(node.asname or (node.name.partition(".")[0] if plain else node.name), node)
    elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name is not None:
        yield NameBinding(node.name, node)
    elif isinstance(node, ast.MatchMapping) and node.rest is not None:
        yield NameBinding(node.rest, node)


def _assigned(name: ast.Name, parent: ast.AST) -> Iterator[NameBinding]:
    """What a name that is no value is bound to by what holds it."""
    if isinstance(name.ctx, ast.Load):
        return
    if isinstance(parent, ast.NamedExpr):
        # Its scope is another one than that of the name, so the whole expression stands for it.
        yield NameBinding(name.id, parent, parent.value)
    elif isinstance(parent, (ast.Assign, ast.AnnAssign)):
        # A name that is only declared is bound to nothing.
        if parent.value is not None:
            yield NameBinding(name.id, name, parent.value)
    else:
        yield NameBinding(name.id, name)


def _start(node: ast.AST) -> tuple[int, int]:
    """Where a node starts: its line and its column in bytes."""
    if isinstance(node, (ast.expr, ast.stmt, ast.arg, ast.alias, ast.excepthandler, ast.pattern)):
        return node.lineno, node.col_offset
    return 0, 0
