"""A script's bytes as a syntax tree that can be asked where it stands and what is sure to run; nothing of it is run."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias, TypeVar, cast

from smgen.diagnostics import Finding, Place
from smgen.source.module_text import ModuleText

#: A Python by its two numbers, such as (3, 10).
PythonVersion: TypeAlias = "tuple[int, int]"

#: The most bytes of a script that are read. A larger one holds data; and Python 3.10 dies of trees that are deeper than
#: what fits into these.
MOST_BYTES: Final = 192 * 1024

#: Signs of syntax that came after Python 3.10, the oldest that smgen runs on: what an older one cannot read.
_NEWER: Final = re.compile(
    r"^\s*type\s+\w+\s*(\[|=)|^\s*(async\s+)?(def|class)\s+\w+\s*\[|\bexcept\s*\*|\bexcept\s+\w+\s*,|\bt[\"']|\[\s*\*|:\s*\*",
    re.MULTILINE,
)
#: How many levels a tree has at most. Python 3.10 reads deeper ones than later Pythons do.
_DEEPEST: Final = 1_000
#: Nodes that a tree has only one of each for all places.
_SHARED: Final = frozenset((ast.Load, ast.Store, ast.Del))
#: The oldest Python whose syntax is told from that of later ones.
_OLDEST_FEATURES: Final = (3, 7)

Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"
N = TypeVar("N", bound=ast.AST)


@dataclass(slots=True, eq=False)
class Script:
    """A script that could be read: its tree with the nodes by their class, and the node around each.

    ``started`` says that it is run by itself and not imported, ``entered`` are the functions that another script is
    sure to call.
    """

    text: ModuleText
    tree: ast.Module
    started: bool = True
    entered: set[str] = field(default_factory=set[str])
    _nodes: dict[type[ast.AST], list[ast.AST]] = field(default_factory=dict[type[ast.AST], list[ast.AST]])
    _around: dict[ast.AST, ast.AST] = field(default_factory=dict[ast.AST, ast.AST])
    _calls: dict[str, list[ast.Call]] = field(default_factory=dict[str, list[ast.Call]])
    _sure: set[Function] | None = None
    _functions: frozenset[str] | None = None
    _names: dict[str, list[ast.Name]] | None = None

    def __post_init__(self) -> None:
        """Raises RecursionError for a tree that is deeper than people write them."""
        level: list[ast.AST] = [self.tree]
        for _ in range(_DEEPEST):
            below: list[ast.AST] = []
            for node in level:
                self._nodes.setdefault(type(node), []).append(node)
                # What ast.iter_child_nodes gives, at half of its cost.
                for name in node._fields:
                    value: object = getattr(node, name, None)
                    for child in cast("list[object]", value) if type(value) is list else (value,):
                        if isinstance(child, ast.AST) and type(child) not in _SHARED:
                            self._around[child] = node
                            below.append(child)
            if not below:
                break
            level = below
        else:
            raise RecursionError
        for call in self.of(ast.Call):
            if isinstance(call.func, ast.Name):
                self._calls.setdefault(call.func.id, []).append(call)

    @property
    def file(self) -> str:
        """The file as findings show it."""
        return self.text.file

    def of(self, kind: type[N]) -> list[N]:
        """Every node of a class."""
        return [node for node in self._nodes.get(kind, ()) if isinstance(node, kind)]

    def place(self, node: ast.expr | ast.stmt | ast.arg) -> Place:
        """Where a node starts."""
        return self.text.place(node)

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, from the inside out."""
        while (outer := self._around.get(node)) is not None:
            yield outer
            node = outer

    def calls_of(self, function: str) -> list[ast.Call]:
        """The calls of a function of the module by its name."""
        return self._calls.get(function, [])

    def stores_of(self, name: str) -> list[ast.Name]:
        """Where a name is bound."""
        return [node for node in self._uses_of(name) if not isinstance(node.ctx, ast.Load)]

    def loads_of(self, name: str) -> list[ast.Name]:
        """Where a name is looked up."""
        return [node for node in self._uses_of(name) if isinstance(node.ctx, ast.Load)]

    def _uses_of(self, name: str) -> list[ast.Name]:
        if self._names is None:
            self._names = {}
            for node in self.of(ast.Name):
                self._names.setdefault(node.id, []).append(node)
        return self._names.get(name, [])

    def has_function(self, name: str) -> bool:
        """Whether the module has a function of that name."""
        if self._functions is None:
            self._functions = frozenset(function.name for function in self.functions())
        return name in self._functions

    def functions(self) -> list[Function]:
        """Every function and method."""
        return [*self.of(ast.FunctionDef), *self.of(ast.AsyncFunctionDef)]

    def function_of(self, node: ast.AST) -> Function | None:
        """The function in whose body a node stands; None at the top of the module."""
        return self._where(node)[0]

    def parameter_of(self, argument: ast.arg) -> Function | None:
        """The function whose parameter an argument is; None for one of a lambda."""
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
        found = next((node for node in self.around(argument) if isinstance(node, kinds)), None)
        return None if isinstance(found, ast.Lambda) else found

    def is_sure(self, node: ast.AST) -> bool:
        """Whether a node is evaluated whenever the script runs: under no condition, in no ``try``, in no loop.

        What stands in a function counts where a call of the function by its name does.
        """
        function, sure = self._where(node)
        return sure and (function is None or function in self._sure_functions())

    def _where(self, node: ast.AST) -> tuple[Function | None, bool]:
        """The function in whose body a node stands, and whether it is sure to be evaluated when that runs."""
        sure = True
        for outer in self.around(node):
            if not isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef)):
                sure = sure and _is_sure_inside(outer, node, started=self.started)
            elif node is not outer.args and node not in outer.decorator_list and node is not outer.returns:
                return outer, sure
            node = outer
        return None, sure

    def enter(self, function: str) -> None:
        """Takes note that another script is sure to call a function."""
        self.entered.add(function)
        self._sure = None

    def _sure_functions(self) -> set[Function]:
        """The functions that are sure to be called."""
        if self._sure is None:
            called: dict[Function | None, list[Function]] = {}
            for function in self.functions():
                is_method = isinstance(self._around[function], ast.ClassDef)
                if function.name in self.entered and not is_method:
                    called.setdefault(None, []).append(function)
                for call in () if is_method else self.calls_of(function.name):
                    caller, sure = self._where(call)
                    if sure:
                        called.setdefault(caller, []).append(function)
            waiting = list(called.get(None, ()))
            self._sure = set()
            while waiting:
                function = waiting.pop()
                if function not in self._sure:
                    self._sure.add(function)
                    waiting += called.get(function, ())
        return self._sure


def _is_sure_inside(outer: ast.AST, inner: ast.AST, *, started: bool) -> bool:
    if isinstance(outer, ast.If):
        return inner is outer.test or (started and is_main_guard(outer.test) and inner in outer.body)
    if isinstance(outer, (ast.With, ast.AsyncWith)):
        return not _suppresses(outer)
    if type(outer).__name__ == "TryStar":
        return False
    if isinstance(outer, ast.Try):
        return not outer.handlers or inner in outer.finalbody
    if isinstance(outer, (ast.For, ast.AsyncFor)):
        return inner is outer.iter
    if isinstance(outer, (ast.While, ast.IfExp)):
        return inner is outer.test
    if isinstance(outer, ast.BoolOp):
        return inner is outer.values[0]
    unsure = (ast.Lambda, ast.ExceptHandler, ast.comprehension, ast.ListComp, ast.SetComp, ast.DictComp)
    return not isinstance(outer, (*unsure, ast.GeneratorExp, ast.Assert, ast.Match, ast.match_case))


def _suppresses(node: ast.With | ast.AsyncWith) -> bool:
    """Whether a ``with`` goes on after exceptions."""
    called = [item.context_expr.func for item in node.items if isinstance(item.context_expr, ast.Call)]
    return any(
        (isinstance(function, ast.Name) and function.id == "suppress")
        or (isinstance(function, ast.Attribute) and function.attr == "suppress")
        for function in called
    )


def is_main_guard(test: ast.expr) -> bool:
    """Whether a test is ``__name__ == "__main__"``."""
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq)):
        return False
    sides = (test.left, *test.comparators)
    named = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
    return named and any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides)


def read_script(content: bytes, file: str, python: PythonVersion | None, *, started: bool = True) -> Script | Finding:
    """The script in these bytes, or why there is none: SMG270 where its Python cannot read it, else SMG271.

    ``python`` is the one that runs it, None where that is not known; ``started`` says that it is not imported.
    """
    if len(content) > MOST_BYTES:
        given = f"{len(content):,} bytes"
        return _unread(Place(file=file), "it is too large to be looked through", given, f"at most {MOST_BYTES:,} bytes")
    if python is not None and python < (3, 0):
        return _unread(Place(file=file), "its image has Python 2", f"Python {python[0]}.{python[1]}", "Python 3")
    try:
        text = _decoded(content)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else str(error)
        return _no_python(Place(file=file), str(reason), python)
    try:
        with warnings.catch_warnings():
            # What Python warns of, such as unknown escapes, is no business of these rules.
            warnings.simplefilter("ignore")
            older = python is not None and _OLDEST_FEATURES <= python < sys.version_info[:2]
            tree = ast.parse(text, feature_version=python if older else None)
        return Script(ModuleText(file, text), tree, started)
    except SyntaxError as error:
        return _wrong_syntax(text, file, python, error)
    except (ValueError, OverflowError) as error:
        # Null characters and lone surrogates, which no Python takes.
        return _no_python(Place(file=file), str(error), python)
    except (RecursionError, MemoryError):
        return _unread(Place(file=file), "it is nested too deep to be looked through", f"more than {_DEEPEST:,} levels")


def _wrong_syntax(text: str, file: str, python: PythonVersion | None, error: SyntaxError) -> Finding:
    """SMG270; SMG271 where a newer Python than the one that runs smgen may be able to read it."""
    line = error.lineno or None
    place = Place(file=file, line=line, column=(error.offset or None) if line else None)
    newer = python is None or python > sys.version_info[:2]
    if newer and (error.msg.startswith("f-string") or _NEWER.search(text)):
        here = ".".join(map(str, sys.version_info[:2]))
        return _unread(place, f"Python {here}, which runs smgen, cannot read it", error.msg)
    return _no_python(place, error.msg, python)


def _decoded(content: bytes) -> str:
    """The text, in the encoding that the script names. Raises SyntaxError and UnicodeDecodeError as Python would."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    return content.decode(encoding)


def _no_python(place: Place, reason: str, python: PythonVersion | None) -> Finding:
    expected = None if python is None else f"Python {python[0]}.{python[1]}, which its image has"
    return Finding(
        "SMG270", "the script is no Python", place, given=reason, expected=expected, fix="correct the syntax"
    )


def _unread(place: Place, why: str, given: str, expected: str | None = None) -> Finding:
    message = f"the script is not held against its contract: {why}"
    return Finding("SMG271", message, place, given=given, expected=expected)
