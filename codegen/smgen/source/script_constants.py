"""What expressions of a script always are: texts, numbers, and lists and tables of them, without running anything."""

from __future__ import annotations

import ast
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from smgen.source.script_text import Function, Script

Constant: TypeAlias = "str | int | float | bool | tuple[Constant, ...] | None"

#: The longest text and the most items that are put together, and how far names and operators are followed.
_LONGEST: Final = 4_096
_MOST_ITEMS: Final = 1_000
_DEEPEST: Final = 40
_MOST_STEPS: Final = 20_000

#: What may be done with a list or table without its members becoming others.
_LOOKS: Final = frozenset(("get", "items", "keys", "values", "copy", "index", "count", "join"))
_READERS: Final = frozenset(
    ("len", "list", "tuple", "set", "sorted", "print", "str", "range", "enumerate", "zip", "iter")
)
_JOINS: Final = frozenset(("os.path.join", "path.join", "posixpath.join", "osp.join", "join"))
_PATHS: Final = frozenset(("Path", "PurePath", "PurePosixPath", "PosixPath"))
_SAME: Final = frozenset(("str", "os.fspath", "os.path.abspath", "os.path.normpath", "os.path.expanduser"))


@dataclass(frozen=True, slots=True)
class Known:
    """A constant that an expression always is."""

    value: Constant

    @property
    def text(self) -> str | None:
        """The constant where it is a text."""
        return self.value if isinstance(self.value, str) else None


@dataclass(slots=True)
class Constants:
    """The constants of one script. A name is followed where it is bound once in its function, or in the module."""

    script: Script
    _bound: dict[tuple[Function | None, str], ast.expr | None] = field(
        default_factory=dict[tuple["Function | None", str], "ast.expr | None"]
    )
    _forms: dict[type[ast.AST], Callable[[ast.AST, int], Known | None]] = field(init=False)
    _steps: int = 0
    _only_read: dict[tuple[Function | None, str], bool] = field(
        default_factory=dict[tuple["Function | None", str], bool]
    )

    def __post_init__(self) -> None:
        self._forms = {
            ast.Name: self._name,
            ast.Tuple: self._items,
            ast.List: self._items,
            ast.Set: self._items,
            ast.JoinedStr: self._joined,
            ast.BinOp: self._operator,
            ast.UnaryOp: self._signed,
            ast.Call: self._called,
        }
        for function, name, value in _bindings(self.script):
            key = (function, name)
            self._bound[key] = None if key in self._bound else value

    def of(self, node: ast.expr) -> Known | None:
        """What an expression always is; None where that is not known."""
        self._steps = 0
        return self._known(node, 0)

    def text(self, node: ast.expr) -> str | None:
        """The text that an expression always is; paths count as texts."""
        found = self.of(node)
        return None if found is None else found.text

    def bound(self, node: ast.expr) -> ast.expr | None:
        """What a name is bound to where that happens once; any other expression is what it is."""
        for _ in range(_DEEPEST):
            if not isinstance(node, ast.Name):
                return node
            found = self._named(node)
            if found is None:
                return None
            node = found
        return None

    @contextmanager
    def bound_to(self, names: Mapping[tuple[Function | None, str], ast.expr]) -> Generator[None]:
        """Takes names, by the function that binds them, as bound to these expressions meanwhile."""
        before = {key: self._bound.get(key) for key in names}
        self._bound.update(names)
        try:
            yield
        finally:
            self._bound.update(before)

    def is_only_read(self, name: ast.expr) -> bool:
        """Whether a name is looked up only in ways that cannot add to what it is bound to."""
        if not isinstance(name, ast.Name):
            return False
        variable = self.variable(name)
        if variable not in self._only_read:
            uses = [use for use in self.script.loads_of(name.id) if self.variable(use) == variable]
            self._only_read[variable] = all(map(self._only_reads, uses))
        return self._only_read[variable]

    def _only_reads(self, use: ast.Name) -> bool:
        outer = next(self.script.around(use), None)
        if isinstance(outer, ast.Attribute):
            return outer.attr in _LOOKS
        if isinstance(outer, ast.Subscript):
            return isinstance(outer.ctx, ast.Load)
        if isinstance(outer, ast.Call):
            joins = isinstance(outer.func, ast.Attribute) and outer.func.attr == "join"
            return joins or dotted(outer.func) in _READERS
        return isinstance(
            outer, (ast.keyword, ast.For, ast.Compare, ast.comprehension, ast.FormattedValue, ast.Starred)
        )

    def variable(self, node: ast.Name) -> tuple[Function | None, str]:
        """What tells a variable from others of its name: the function that binds it, None for the module's."""
        function = self.script.function_of(node)
        return (function, node.id) if (function, node.id) in self._bound else (None, node.id)

    def _named(self, node: ast.Name) -> ast.expr | None:
        return self._bound.get(self.variable(node))

    def _known(self, node: ast.expr, depth: int) -> Known | None:
        self._steps += 1
        if depth > _DEEPEST or self._steps > _MOST_STEPS:
            return None
        if isinstance(node, ast.Constant):
            return Known(node.value) if isinstance(node.value, (str, int, float, bool, type(None))) else None
        find = self._forms.get(type(node))
        return None if find is None else find(node, depth + 1)

    def _texts(self, nodes: list[ast.expr], depth: int) -> list[str] | None:
        """The texts that expressions always are, together not too long; None where one is not known."""
        found: list[str] = []
        for node in nodes:
            known = self._known(node, depth)
            if known is None or isinstance(known.value, tuple) or sum(map(len, found)) > _LONGEST:
                return None
            found.append(str(known.value))
        return found

    def _name(self, node: ast.AST, depth: int) -> Known | None:
        value = self._named(node) if isinstance(node, ast.Name) else None
        return None if value is None else self._known(value, depth)

    def _items(self, node: ast.AST, depth: int) -> Known | None:
        if not isinstance(node, (ast.Tuple, ast.List, ast.Set)) or len(node.elts) > _MOST_ITEMS:
            return None
        found = [self._known(item, depth) for item in node.elts]
        known = tuple(item.value for item in found if item is not None)
        return Known(known) if len(known) == len(found) else None

    def _joined(self, node: ast.AST, depth: int) -> Known | None:
        """An f-string."""
        parts = node.values if isinstance(node, ast.JoinedStr) else []
        plain = [
            part.value if isinstance(part, ast.FormattedValue) and part.format_spec is None else part for part in parts
        ]
        texts = self._texts(plain, depth)
        return None if texts is None else _shortened("".join(texts))

    def _operator(self, node: ast.AST, depth: int) -> Known | None:
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, (ast.Add, ast.Div)):
            return None
        left, right = self._known(node.left, depth), self._known(node.right, depth)
        if left is None or right is None or not (isinstance(left.value, str) and isinstance(right.value, str)):
            return None
        if isinstance(node.op, ast.Div):
            return _joined([left.value, right.value])
        return _shortened(left.value + right.value)

    def _signed(self, node: ast.AST, depth: int) -> Known | None:
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            found = self._known(node.operand, depth)
            if found is not None and isinstance(found.value, (int, float)) and not isinstance(found.value, bool):
                return Known(-found.value)
        return None

    def _called(self, node: ast.AST, depth: int) -> Known | None:
        """A join of paths, a Path, or a method of one that gives a path."""
        if not isinstance(node, ast.Call) or node.keywords or not node.args:
            return None
        function = dotted(node.func)
        if function in _JOINS or function.rpartition(".")[2] in _PATHS:
            texts = self._texts(node.args, depth)
            return None if texts is None else _joined(texts)
        if function in _SAME and len(node.args) == 1:
            return self._known(node.args[0], depth)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "joinpath":
            texts = self._texts([node.func.value, *node.args], depth)
            return None if texts is None else _joined(texts)
        return None


def _shortened(text: str) -> Known | None:
    return Known(text) if len(text) <= _LONGEST else None


def _joined(parts: list[str]) -> Known | None:
    """The parts as one path: one that begins with a slash starts anew."""
    path = ""
    for part in parts:
        path = part if part.startswith("/") or not path else f"{path.rstrip('/')}/{part}"
    return _shortened(path)


def dotted(node: ast.expr) -> str:
    """A name with its dots, such as ``os.path.join``; "" for any other expression."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute) and len(parts) < _DEEPEST:
        parts.append(node.attr)
        node = node.value
    return ".".join((node.id, *reversed(parts))) if isinstance(node, ast.Name) else ""


def called(decorator: ast.expr) -> ast.expr:
    """What a decorator is, without the arguments that it may be called with."""
    return decorator.func if isinstance(decorator, ast.Call) else decorator


def is_true(node: ast.expr | None) -> bool:
    """Whether True is written there."""
    return isinstance(node, ast.Constant) and node.value is True


def _bindings(script: Script) -> Iterator[tuple[Function | None, str, ast.expr | None]]:
    """Every binding of a name, with the expression where it is one alone."""
    for name in script.of(ast.Name):
        if isinstance(name.ctx, (ast.Store, ast.Del)):
            outer = next(script.around(name), None)
            value: ast.expr | None = None
            if (isinstance(outer, ast.Assign) and name in outer.targets) or (
                isinstance(outer, ast.AnnAssign) and outer.target is name
            ):
                value = outer.value
            yield script.function_of(name), name.id, value
    for argument in script.of(ast.arg):
        yield script.parameter_of(argument), argument.arg, None
    for statement in script.of(ast.Global):
        for shared in statement.names:
            # What a function binds too is nothing that always is.
            yield script.function_of(statement), shared, None
            yield None, shared, None
