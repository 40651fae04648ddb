"""Finds out what expressions may be, and reports the ones that cannot work."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from smgen.diagnostics import Finding
from smgen.source.joining import (
    Piece,
    argument_of,
    double_quoted,
    fix_of,
    format_pieces,
    joined_pieces,
    literal,
    percent_pieces,
    text_literal,
    without_gaps,
)
from smgen.source.meanings import METHOD, attribute, called, runtime_name
from smgen.source.module_text import ModuleText, unparsed
from smgen.source.possible_values import (
    ANYTHING,
    TEXTLESS,
    UNDECIDED,
    VARIABLES,
    Key,
    Value,
    ValueKind,
    collection,
    merged,
    named,
    one,
)
from smgen.source.rewriting import EQUALITY, ORDERING, Rewriting, is_closed, misread_sign, quoted_names
from smgen.source.scope import NameScope

#: How deep expressions are followed in each other, calls of the module's own functions included.
DEEPEST: Final = 60

_BUILTINS: Final = frozenset(dir(builtins))
_TEXT_MAKERS: Final = frozenset({"builtins.str", "builtins.format"})
#: What may be a text, so that `+` with it makes one.
_LIKE_TEXT: Final = frozenset({ValueKind.TEXT, ValueKind.TEXT_VARIABLE, ValueKind.OUTPUT})
_PATHS: Final = ("os.path.join", "posixpath.join")
#: What Python's operators are called where they stand alone.
_SIGNS: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "`==`",
    ast.NotEq: "`!=`",
    ast.In: "`in`",
    ast.NotIn: "`not in`",
}

#: What a call of a function of the module gives: its number, the arguments by position and by name.
CallFunction = Callable[[int, Sequence[Value], "dict[str, Value]"], Value]


@dataclass(slots=True)
class _Leaf:
    """An operand of `and`, `or`, `not` or of a chained comparison; ``tested`` says that Python asks for its truth."""

    node: ast.expr
    value: Value
    tested: bool


@dataclass(slots=True)
class ModuleEvaluator:
    """Evaluates expressions of one module and collects findings, each place and rule once."""

    module: ModuleText
    call_function: CallFunction
    budget: int
    findings: dict[tuple[str, int, int], Finding] = field(default_factory=dict[tuple[str, int, int], Finding])
    depth: int = 0
    #: The f-string around the expression at hand: Python before 3.12 does not know the places inside of one.
    around: list[ast.expr] = field(default_factory=list[ast.expr])
    #: Findings of nested expressions are of no use while a whole is looked at a second time.
    silent: int = 0
    #: The pieces of texts within a larger one, by the ids of their nodes: what is wrong is told of the larger one.
    inner_texts: dict[int, Sequence[Piece]] = field(default_factory=dict[int, Sequence[Piece]])

    # Findings ----------------------------------------------------------------------------------------------------

    def report(self, rule: str, node: ast.expr | ast.stmt, message: str, fix: str) -> None:
        """Adds a finding about the source of a node."""
        if self.silent:
            return
        whole = self.around[0] if self.around else node
        place = self.module.place(whole)
        key = (rule, place.line or 0, place.column or 0)
        self.findings.setdefault(key, Finding(rule, message, place, given=self.module.source(whole), fix=fix))

    def report_text(self, node: ast.expr | ast.stmt, pieces: Sequence[Piece] | None, scope: NameScope) -> None:
        """Adds a finding about a text that is made of references; one within a larger text is a part of that one."""
        if id(node) in self.inner_texts and pieces is not None:
            self.inner_texts[id(node)] = pieces
            return
        imported = any(runtime_name(name) for name in (scope.look_up("join") or ANYTHING).names)
        general = 'put texts together with join("", a, b), and pass a reference itself'
        fix = general if pieces is None else fix_of(pieces, imports_join=imported)
        found = [piece for piece in pieces or () if piece.is_reference]
        self.report("SMG221", node, _no_text([piece.source for piece in found]), fix)

    # Truth -------------------------------------------------------------------------------------------------------

    def truth(self, node: ast.expr, scope: NameScope, where: str) -> None:
        """Evaluates an expression of which Python asks now whether it is true; ``where`` names what asks."""
        leaves = self.leaves(node, scope, tested=True)
        found = [leaf for leaf in leaves if leaf.tested and leaf.value.may_be(UNDECIDED)]
        if not found:
            return
        written, plain = self.rewritten(node, leaves, scope)
        builder = scope.builder()
        if len(leaves) == 1 and ValueKind.NONE in leaves[0].value.kinds:
            operator = "is" if isinstance(node, ast.UnaryOp) else "is not"
            fix = f"write {self.source_of(leaves[0].node)} {operator} None, if that is asked for"
        elif len(leaves) == 1 and leaves[0].value.is_only(ValueKind.OUTPUT):
            fix = (
                f"leave the test out: an output always exists once its step has run; to decide by a value, compare it "
                f'in {builder}.condition("…", …)'
            )
        elif where == "assert":
            fix = f'leave it out; to stop the pipeline, write {builder}.condition("…", {written}) and .otherwise.fail'
        else:
            fix = (
                f'write gate = {builder}.condition("…", {written}) and add steps to gate.then and gate.otherwise'
                if where == "if"
                else f'write gate = {builder}.condition("…", {written}) and decide by its branches'
            )
        self.report("SMG220", node, self.no_truth(f"`{where}`", found[0].node), f"{plain}{fix}")

    def no_truth(self, what: str, node: ast.expr) -> str:
        """The message about something of Python that needs the truth of a node."""
        return f"{what} needs the truth of `{self.source_of(node)}`, which is known only when the pipeline runs"

    def source_of(self, node: ast.expr) -> str:
        """The source of a node, also inside of an f-string."""
        return double_quoted(unparsed(node)) if self.around else self.module.source(node)

    def rewritten(self, node: ast.expr, leaves: Sequence[_Leaf], scope: NameScope) -> tuple[str, str]:
        """The condition as smgen takes it, and what to say before about tests that stay with Python."""

        def value(inner: ast.expr) -> Value:
            return self.again(inner, scope)

        rewriting = Rewriting(self.module, value)
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And) and not self.around:
            undecided = {id(leaf.node) for leaf in leaves if leaf.value.may_be(UNDECIDED)}
            plain = [part for part in node.values if not any(id(inner) in undecided for inner in ast.walk(part))]
            known = {id(part) for part in plain}
            rest = [part for part in node.values if id(part) not in known]
            if plain and rest:
                written = rewriting.written(rest[0] if len(rest) == 1 else ast.BoolOp(ast.And(), rest))
                return written, f"test {quoted_names(plain, self.module)} alone with Python's if, and then "
        return rewriting.written(node), ""

    def leaves(self, node: ast.expr, scope: NameScope, *, tested: bool) -> list[_Leaf]:
        """The operands below `and`, `or`, `not` and chains, each evaluated; a chain over references is one leaf."""
        found: list[_Leaf] = []
        todo: list[tuple[ast.expr, bool]] = [(node, tested)]
        while todo:
            here, asked = todo.pop()
            if isinstance(here, ast.BoolOp):
                todo += [(here.values[-1], asked), *((value, True) for value in reversed(here.values[:-1]))]
            elif isinstance(here, ast.UnaryOp) and isinstance(here.op, ast.Not):
                todo.append((here.operand, True))
            elif isinstance(here, ast.Compare):
                value, wrong = self.comparison(here, scope)
                found.append(_Leaf(here, value, asked or wrong))
            else:
                found.append(_Leaf(here, self.evaluate(here, scope), asked))
        return found

    def comparison(self, node: ast.Compare, scope: NameScope) -> tuple[Value, bool]:
        """What a comparison gives, and whether it cannot be meant: chained, `==`, or with a misread `&`."""
        operands = [node.left, *node.comparators]
        values = [self.evaluate(operand, scope) for operand in operands]
        references = [value.may_be(VARIABLES) for value in values]
        condition = wrong = False
        for position, operator in enumerate(node.ops):
            left, right = position, position + 1
            if isinstance(operator, ORDERING) and (references[left] or references[right]):
                condition = True
            elif isinstance(operator, EQUALITY) and _meant_as_equal(operands, references, left, operator):
                condition = wrong = True
        wrong |= condition and len(node.ops) > 1
        if any(misread_sign(operand, lambda inner: self.again(inner, scope)) for operand in operands):
            condition = wrong = True
        return one(ValueKind.CONDITION) if condition else ANYTHING, wrong

    def operation(self, node: ast.BoolOp | ast.UnaryOp | ast.Compare, scope: NameScope, *, condition: bool) -> Value:
        """What `and`, `or`, `not` or a comparison gives as a value; with ``condition`` it has to be a condition."""
        leaves = self.leaves(node, scope, tested=False)
        found = [leaf.node for leaf in leaves if leaf.tested and leaf.value.may_be(UNDECIDED)]
        if found or (condition and _always_wrong(node)):
            written, plain = self.rewritten(node, leaves, scope)
            self.report(
                "SMG220", node, self.wrong_operator(node, [*found, *_tested(node)][0]), f"{plain}write {written}"
            )
            return ANYTHING
        return merged([leaf.value for leaf in leaves])

    def wrong_operator(self, node: ast.expr, tested: ast.expr) -> str:
        """The message about an operator of Python where one of smgen's belongs."""
        if isinstance(node, ast.BoolOp):
            return self.no_truth("`and`" if isinstance(node.op, ast.And) else "`or`", tested)
        if isinstance(node, ast.UnaryOp):
            return self.no_truth("`not`", tested)
        if isinstance(node, ast.Compare):
            signs = [operand.op for operand in (node.left, *node.comparators) if isinstance(operand, ast.BinOp)]
            if any(isinstance(sign, (ast.BitAnd, ast.BitOr)) for sign in signs):
                return "`&` and `|` take what stands beside them: write parentheses around each comparison"
            if len(node.ops) == 1:
                sign = _SIGNS.get(type(node.ops[0]), "a comparison")
                return f"{sign} compares references now, not the values that they have when the pipeline runs"
        return self.no_truth("a chained comparison", tested)

    # Expressions -------------------------------------------------------------------------------------------------

    def again(self, node: ast.expr, scope: NameScope) -> Value:
        """The value of an expression that was evaluated before; nothing is reported twice."""
        self.silent += 1
        try:
            return self.evaluate(node, scope.branch())
        finally:
            self.silent -= 1

    def evaluate(self, node: ast.expr | None, scope: NameScope) -> Value:
        """What an expression may be; names that it binds are put into ``scope``."""
        if node is None or self.depth >= DEEPEST or self.budget <= 0:
            return ANYTHING
        self.budget -= 1
        self.depth += 1
        try:
            return self._evaluate(node, scope)
        finally:
            self.depth -= 1

    def _evaluate(self, node: ast.expr, scope: NameScope) -> Value:
        if isinstance(node, ast.Name):
            return self.name(node.id, scope)
        if isinstance(node, ast.Constant):
            if node.value is None:
                return one(ValueKind.NONE)
            return one(ValueKind.TEXT) if isinstance(node.value, str) else ANYTHING
        if isinstance(node, ast.Attribute):
            return self.attribute(node, scope)
        if isinstance(node, ast.Call):
            return self.call(node, scope)
        if isinstance(node, (ast.BoolOp, ast.Compare)):
            return self.operation(node, scope, condition=False)
        if isinstance(node, ast.UnaryOp):
            if isinstance(node.op, ast.Not):
                return self.operation(node, scope, condition=False)
            operand = self.evaluate(node.operand, scope)
            return operand if isinstance(node.op, ast.Invert) and ValueKind.CONDITION in operand.kinds else ANYTHING
        if isinstance(node, ast.BinOp):
            return self.binary(node, scope)
        if isinstance(node, ast.JoinedStr):
            return self.joined(node, scope)
        return self._structure(node, scope)

    def _structure(self, node: ast.expr, scope: NameScope) -> Value:
        if isinstance(node, ast.IfExp):
            self.truth(node.test, scope, "if … else")
            then, otherwise = scope.branch(), scope.branch()
            narrow(node.test, True, then)
            narrow(node.test, False, otherwise)
            value = merged([self.evaluate(node.body, then), self.evaluate(node.orelse, otherwise)])
            scope.become([then, otherwise])
            return value
        if isinstance(node, ast.NamedExpr):
            value = self.evaluate(node.value, scope)
            scope.names[node.target.id] = value
            return value
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            return self.items(node.elts, scope)
        if isinstance(node, ast.Dict):
            return self.mapping(node, scope)
        if isinstance(node, ast.Subscript):
            return self.subscript(node, scope)
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
            inner = self.comprehension(node.generators, scope)
            return collection({}, self.evaluate(node.elt, inner))
        if isinstance(node, ast.DictComp):
            inner = self.comprehension(node.generators, scope)
            self.evaluate(node.key, inner)
            return collection({}, self.evaluate(node.value, inner), like=one(ValueKind.MAPPING))
        if isinstance(node, ast.Lambda):
            arguments = node.args
            names = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
            self.evaluate(node.body, NameScope(scope, {argument.arg: ANYTHING for argument in names}))
            return ANYTHING
        if isinstance(node, (ast.Await, ast.Starred, ast.YieldFrom)):
            return self.evaluate(node.value, scope)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.evaluate(child, scope)
        return ANYTHING

    def name(self, name: str, scope: NameScope) -> Value:
        """What a name stands for."""
        found = scope.look_up(name)
        if found is not None:
            return found
        return named(f"builtins.{name}") if name in _BUILTINS else ANYTHING

    def attribute(self, node: ast.Attribute, scope: NameScope) -> Value:
        """What an attribute may be; one that was assigned here is what was assigned."""
        if isinstance(node.value, ast.Name):
            # Also what another method of a class assigned: `self.raw`.
            assigned = scope.look_up(f"{node.value.id}.{node.attr}")
            if assigned is not None:
                return assigned
        return attribute(self.evaluate(node.value, scope), node.attr)

    def items(self, nodes: Iterable[ast.expr], scope: NameScope) -> Value:
        """A list, tuple or set with these items."""
        members: dict[Key, Value] = {}
        rest: list[Value] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                rest.append(self.evaluate(node.value, scope).iterated())
            elif rest:
                rest.append(self.evaluate(node, scope))
            else:
                members[len(members)] = self.evaluate(node, scope)
        return collection(members, merged(rest) if rest else None)

    def mapping(self, node: ast.Dict, scope: NameScope) -> Value:
        """A dict."""
        members: dict[Key, Value] = {}
        rest: list[Value] = []
        for key, item in zip(node.keys, node.values, strict=True):
            value = self.evaluate(item, scope)
            self.evaluate(key, scope)
            constant = key.value if isinstance(key, ast.Constant) else None
            if isinstance(constant, (str, int)):
                members[constant] = value
            else:
                rest.append(value.item() if key is None else value)
        return collection(members, merged(rest) if rest else None, like=one(ValueKind.MAPPING))

    def subscript(self, node: ast.Subscript, scope: NameScope) -> Value:
        """An item of a collection, or something in a report."""
        base = self.evaluate(node.value, scope)
        self.evaluate(node.slice, scope)
        if base.may_be(frozenset({ValueKind.OUTPUT, ValueKind.VALUE})):
            return one(ValueKind.VALUE)
        if isinstance(node.slice, ast.Slice):
            return collection({}, base.iterated()) if base.members or base.rest else ANYTHING
        return base.at(constant_key(node.slice))

    def comprehension(self, generators: Sequence[ast.comprehension], scope: NameScope) -> NameScope:
        """The scope of a comprehension's element."""
        inner = NameScope(scope)
        for generator in generators:
            self.assign(generator.target, self.evaluate(generator.iter, inner).iterated(), inner)
            for test in generator.ifs:
                self.truth(test, inner, "if")
                narrow(test, True, inner)
        return inner

    def assign(self, target: ast.expr, value: Value, scope: NameScope) -> None:
        """Binds a target of an assignment."""
        if isinstance(target, ast.Name):
            scope.names[target.id] = value
            # What was known of the attributes of another object is no longer true.
            for known in [name for name in scope.names if name.startswith(f"{target.id}.")]:
                del scope.names[known]
        elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            scope.names[f"{target.value.id}.{target.attr}"] = value
        elif isinstance(target, ast.Starred):
            self.assign(target.value, collection({}, value.iterated()), scope)
        elif isinstance(target, (ast.Tuple, ast.List)):
            starred = any(isinstance(item, ast.Starred) for item in target.elts)
            for position, item in enumerate(target.elts):
                inner = value if isinstance(item, ast.Starred) else value.at(None if starred else position)
                self.assign(item, inner, scope)
        elif isinstance(target, ast.Subscript):
            self.assign_item(target, value, scope)

    def assign_item(self, target: ast.Subscript, value: Value, scope: NameScope) -> None:
        """Puts a value into a collection that has a name."""
        self.evaluate(target.slice, scope)
        if isinstance(target.value, ast.Name):
            base = scope.look_up(target.value.id) or ANYTHING
            key = constant_key(target.slice)
            scope.names[target.value.id] = base.with_rest(value) if key is None else base.with_member(key, value)

    # Texts -------------------------------------------------------------------------------------------------------

    def joined(self, node: ast.JoinedStr, scope: NameScope) -> Value:
        """An f-string."""
        pieces = self.pieces(node, scope)
        if any(piece.is_reference for piece in pieces):
            self.report_text(node, pieces, scope)
        return one(ValueKind.TEXT)

    def pieces(self, node: ast.expr, scope: NameScope) -> list[Piece]:
        """The pieces of a text; whatever is no text is one piece."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return [literal(node.value)]
        if isinstance(node, ast.JoinedStr):
            self.around.append(node)
            try:
                return [literal(""), *joined_pieces(node, lambda inner: self.pieces(inner, scope))]
            finally:
                self.around.pop()
        self.inner_texts[id(node)] = ()
        value = self.evaluate(node, scope)
        inner = self.inner_texts.pop(id(node), ())
        # The empty text says that it is one, also where a reference is all that is in it.
        return [literal(""), *inner] if inner else [Piece(self.operand(node), value)]

    def operand(self, node: ast.expr) -> str:
        """The source of an expression, ready to stand beside an operator or as an argument."""
        text = self.source_of(node)
        closed = is_closed(node) or isinstance(node, (ast.JoinedStr, ast.GeneratorExp))
        return text if closed else f"({text})"

    def binary(self, node: ast.BinOp, scope: NameScope) -> Value:
        """An operator between two values."""
        if isinstance(node.op, ast.Add):
            return self.sum(node, scope)
        if isinstance(node.op, ast.Mod):
            return self.percent(node, scope)
        left, right = self.evaluate(node.left, scope), self.evaluate(node.right, scope)
        if isinstance(node.op, (ast.BitAnd, ast.BitOr)):
            either = ValueKind.CONDITION in left.kinds or ValueKind.CONDITION in right.kinds
            return one(ValueKind.CONDITION) if either else ANYTHING
        if isinstance(node.op, ast.Div) and ValueKind.OUTPUT in left.kinds:
            return one(ValueKind.OUTPUT)
        return ANYTHING

    def sum(self, node: ast.BinOp, scope: NameScope) -> Value:
        """A chain of `+`: of texts, numbers or lists."""
        operands: list[ast.expr] = []
        here: ast.expr = node
        while isinstance(here, ast.BinOp) and isinstance(here.op, ast.Add):
            operands.insert(0, here.right)
            here = here.left
        operands.insert(0, here)
        groups = [self.pieces(operand, scope) for operand in operands]
        return self.text_sum(node, groups, scope)

    def text_sum(self, node: ast.expr | ast.stmt, groups: Sequence[Sequence[Piece]], scope: NameScope) -> Value:
        """What operands of `+` give, a text or a list."""
        pieces = [piece for group in groups for piece in group]
        values = [piece.value for piece in pieces if piece.value is not None]
        kinds = frozenset[ValueKind]().union(*(value.kinds for value in values))
        is_text = _holds_text(groups)
        if any(piece.is_reference for piece in pieces) and (is_text or kinds & _LIKE_TEXT):
            self.report_text(node, pieces, scope)
            return ANYTHING
        if is_text or ValueKind.TEXT in kinds:
            return one(ValueKind.TEXT)
        rests = [value.iterated() for value in values if value.inner]
        return collection({}, merged(rests)) if rests else ANYTHING

    def percent(self, node: ast.BinOp, scope: NameScope) -> Value:
        """`%`: a text with values put in, or a remainder."""
        if ValueKind.TEXT not in self.evaluate(node.left, scope).kinds:
            self.evaluate(node.right, scope)
            return ANYTHING
        values: list[list[Piece]] | dict[str, list[Piece]]
        if isinstance(node.right, ast.Dict):
            values = {
                str(key.value): self.pieces(item, scope)
                for key, item in zip(node.right.keys, node.right.values, strict=True)
                if isinstance(key, ast.Constant)
            }
        else:
            items = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
            values = [self.pieces(item, scope) for item in items]
        given = values.values() if isinstance(values, dict) else values
        if any(piece.is_reference for value in given for piece in value):
            pattern = _constant_text(node.left)
            self.report_filled(node, None if pattern is None else percent_pieces(pattern, values), scope)
        return one(ValueKind.TEXT)

    def report_filled(self, node: ast.expr, pieces: Sequence[Piece] | None, scope: NameScope) -> None:
        """Reports a text with places that references are put into; None where the places are not known."""
        if pieces is None or any(piece.is_reference for piece in pieces):
            self.report_text(node, pieces, scope)

    # Calls -------------------------------------------------------------------------------------------------------

    def call(self, node: ast.Call, scope: NameScope) -> Value:
        """A call of a method, of a built-in function, of smgen's or of one of the module."""
        found = self.text_method(node, scope) or self.collection_method(node, scope)
        if found is not None:
            return found
        function = self.evaluate(node.func, scope)
        if not function.names.isdisjoint(_TEXT_MAKERS) and node.args:
            return self.text_of_one(node, scope)
        if "builtins.print" in function.names:
            return self.printed(node, scope)
        argument = self.condition_argument if f"{METHOD}condition" in function.names else self.evaluate
        positional = [argument(item, scope) for item in node.args]
        keywords = {item.arg or "**": self.evaluate(item.value, scope) for item in node.keywords}
        self.mutation(node, positional, scope)
        results = [self.called_name(name, node, positional, scope) for name in sorted(function.names)]
        starred = any(isinstance(item, ast.Starred) for item in node.args)
        for number in sorted(function.functions):
            results.append(self.call_function(number, () if starred else positional, keywords))
        return merged(results)

    def called_name(self, name: str, node: ast.Call, positional: Sequence[Value], scope: NameScope) -> Value:
        """A call of what has a dotted name."""
        if name in _PATHS and any(value.may_be(TEXTLESS) for value in positional):
            self.report_path(node, positional, scope)
        value = self.builtin(name, node, positional, scope) if name.startswith("builtins.") else called(name)
        return ANYTHING if value is None else value

    def text_of_one(self, node: ast.Call, scope: NameScope) -> Value:
        """``str(x)`` and ``format(x)``."""
        pieces = self.pieces(node.args[0], scope)
        for item in (*node.args[1:], *(keyword.value for keyword in node.keywords)):
            self.evaluate(item, scope)
        if any(piece.is_reference for piece in pieces):
            self.report_text(node, pieces, scope)
        return one(ValueKind.TEXT)

    def printed(self, node: ast.Call, scope: NameScope) -> Value:
        """``print(…)``, which makes a text of each of its arguments."""
        groups = [self.pieces(item, scope) for item in node.args]
        for keyword in node.keywords:
            self.evaluate(keyword.value, scope)
        wrong = [piece.source for group in groups for piece in group if piece.is_reference]
        if wrong:
            shown = ", ".join(
                argument_of([piece.shown if piece.is_reference else piece])
                for group in groups
                for piece in without_gaps(group)
            )
            self.report("SMG221", node, _no_text(wrong), f"print {shown}, which says what it refers to")
        return ANYTHING

    def condition_argument(self, node: ast.expr, scope: NameScope) -> Value:
        """An argument of ``p.condition``, which has to be a condition whatever is in it."""
        if isinstance(node, (ast.BoolOp, ast.Compare)) or (
            isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
        ):
            return self.operation(node, scope, condition=True)
        return self.evaluate(node, scope)

    def text_method(self, node: ast.Call, scope: NameScope) -> Value | None:
        """``text.format(…)`` and ``text.join(…)``; None for any other call."""
        if not (isinstance(node.func, ast.Attribute) and node.func.attr in ("format", "join", "format_map")):
            return None
        base = node.func.value
        if ValueKind.TEXT not in self.evaluate(base, scope).kinds:
            return None
        if node.func.attr != "join":
            self.text_format(node, _constant_text(base), scope, mapped=node.func.attr == "format_map")
        elif node.args:
            self.text_join(node, base, node.args[0], scope)
        return one(ValueKind.TEXT)

    def text_format(self, node: ast.Call, pattern: str | None, scope: NameScope, *, mapped: bool) -> None:
        """``pattern.format(…)``, or with ``mapped`` ``pattern.format_map(…)``."""
        positional = [self.pieces(item, scope) for item in node.args]
        keywords = {item.arg or "**": self.pieces(item.value, scope) for item in node.keywords}
        given = [piece for value in (*positional, *keywords.values()) for piece in value]
        held = [piece.value.item() for piece in given if piece.value] if mapped else []
        if any(piece.is_reference for piece in given) or any(value.may_be(TEXTLESS) for value in held):
            self.report_filled(node, None if pattern is None else format_pieces(pattern, positional, keywords), scope)

    def collection_method(self, node: ast.Call, scope: NameScope) -> Value | None:
        """``values()``, ``items()``, ``get(…)`` and the like of a known collection; None for any other call."""
        function = node.func
        if not (isinstance(function, ast.Attribute) and function.attr in ("values", "items", "get", "pop", "copy")):
            return None
        base = self.evaluate(function.value, scope)
        if not (base.members or base.rest):
            return None
        arguments = [self.evaluate(item, scope) for item in node.args]
        if function.attr == "values":
            return collection({}, base.item())
        if function.attr == "items":
            return collection({}, collection({0: ANYTHING, 1: base.item()}))
        if function.attr == "copy":
            return base
        found = base.at(constant_key(node.args[0])) if node.args else base.item()
        return merged([found, *arguments[1:]])

    def text_join(self, node: ast.Call, separator: ast.expr, items: ast.expr, scope: NameScope) -> None:
        """``separator.join(items)``."""
        if isinstance(items, (ast.List, ast.Tuple)):
            groups = [self.pieces(item, scope) for item in items.elts]
            references = [piece.source for group in groups for piece in group if piece.is_reference]
            values = ", ".join(argument_of(group) for group in groups)
        else:
            references = [self.source_of(items)] if self.evaluate(items, scope).iterated().may_be(TEXTLESS) else []
            values = f"*{self.operand(items)}"
        if references:
            text = separator.value if isinstance(separator, ast.Constant) else None
            written = text_literal(text) if isinstance(text, str) else self.source_of(separator)
            self.report("SMG221", node, _no_text(references), f"write join({written}, {values})")

    def report_path(self, node: ast.Call, values: Sequence[Value], scope: NameScope) -> None:
        """Reports ``os.path.join(…)`` over references."""
        pieces: list[Piece] = []
        for item, value in zip(node.args, values, strict=True):
            inner = literal(item.value) if isinstance(item, ast.Constant) and isinstance(item.value, str) else None
            pieces += [*([literal("/")] if pieces else []), inner or Piece(self.operand(item), value)]
        self.report_text(node, pieces, scope)

    def builtin(self, name: str, node: ast.Call, values: Sequence[Value], scope: NameScope) -> Value | None:
        """A call of a built-in function."""
        function = name.removeprefix("builtins.")
        first = values[0] if values else ANYTHING
        if function in ("str", "format", "repr"):
            return one(ValueKind.TEXT)
        if function == "bool":
            if first.may_be(UNDECIDED):
                written = Rewriting(self.module, lambda inner: self.again(inner, scope)).written(node.args[0])
                message = self.no_truth("`bool`", node.args[0])
                self.report("SMG220", node, message, f"write {written} where a condition belongs")
            return ANYTHING
        if function in ("all", "any"):
            if first.iterated().may_be(UNDECIDED):
                message = self.no_truth(f"`{function}`", node.args[0])
                self.report("SMG220", node, message, self.combined(function, node.args[0], scope))
            return ANYTHING
        if function in ("min", "max", "sorted"):
            ordered = any(item.arg == "key" for item in node.keywords)
            if not ordered and any(value.may_be(VARIABLES) for value in (*values, first.iterated())):
                fix = f'compare the two in {scope.builder()}.condition("…", …), and go on in its branches'
                message = f"`{function}` compares values that are known only when the pipeline runs"
                self.report("SMG220", node, message, fix)
            return ANYTHING
        return _collection_of(function, values)

    def combined(self, function: str, argument: ast.expr, scope: NameScope) -> str:
        """What to write for ``all([…])`` and ``any([…])``."""
        if isinstance(argument, (ast.List, ast.Tuple, ast.Set)) and argument.elts:
            operator: ast.boolop = ast.And() if function == "all" else ast.Or()
            whole = argument.elts[0] if len(argument.elts) == 1 else ast.BoolOp(operator, argument.elts)
            written = Rewriting(self.module, lambda inner: self.again(inner, scope)).written(whole)
            return f"write {written}"
        if function == "all":
            return f'give them all to {scope.builder()}.condition("…", *conditions)'
        return "write functools.reduce(operator.or_, conditions)"

    def mutation(self, node: ast.Call, values: Sequence[Value], scope: NameScope) -> None:
        """Remembers what is put into a list, set or dict that has a name."""
        function = node.func
        if not (isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and values):
            return
        known = scope.look_up(function.value.id)
        if known is None or known.kinds - {ValueKind.MAPPING, ValueKind.NONE} or known.names:
            return
        if function.attr in ("append", "add", "insert"):
            scope.names[function.value.id] = known.with_rest(values[-1])
        elif function.attr in ("extend", "update") and (values[0].members or values[0].rest):
            scope.names[function.value.id] = known.with_rest(values[0].item())


def _holds_text(groups: Sequence[Sequence[Piece]]) -> bool:
    """Whether one of several operands is certainly a text: it has a literal, or several pieces."""
    return any(len(group) != 1 or group[0].literal for group in groups)


def _constant_text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def constant_key(node: ast.expr) -> Key | None:
    """The key that a subscript names; None for one that is not written out."""
    if isinstance(node, ast.Constant) and isinstance(node.value, (str, int)):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        return -node.operand.value if isinstance(node.operand.value, int) else None
    return None


def narrow(test: ast.expr, outcome: bool, scope: NameScope) -> None:
    """Forgets what a name cannot be, or may no longer be, where a test had an outcome."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        narrow(test.operand, not outcome, scope)
    elif isinstance(test, ast.BoolOp):
        if outcome is isinstance(test.op, ast.And):
            for value in test.values:
                narrow(value, outcome, scope)
    elif isinstance(test, ast.Compare):
        if isinstance(test.left, ast.Name) and _tests_none(test, outcome):
            scope.names[test.left.id] = ANYTHING
    elif isinstance(test, ast.Call) and test.args and isinstance(test.args[0], ast.Name):
        name = test.args[0].id
        known = scope.look_up(name)
        # A test of the type leaves open which types it lets through; nothing is said about the name any more.
        if known is not None and known.kinds and _tests_type(test, outcome):
            scope.names[name] = ANYTHING


def _tests_none(test: ast.Compare, outcome: bool) -> bool:
    """Whether what stands left is None where the test has that outcome."""
    if len(test.ops) != 1:
        return False
    other = test.comparators[0]
    is_none = isinstance(other, ast.Constant) and other.value is None
    return is_none and outcome is isinstance(test.ops[0], (ast.Is, ast.Eq))


def _tests_type(test: ast.Call, outcome: bool) -> bool:
    function = test.func.attr if isinstance(test.func, ast.Attribute) else getattr(test.func, "id", "")
    if function == "isinstance" and len(test.args) == 2:
        plain = isinstance(test.args[1], ast.Name) and test.args[1].id in _BUILTINS
        # A reference is of none of Python's own types.
        return outcome if plain else True
    return function in ("isinstance", "issubclass", "hasattr", "callable") or str(function).startswith("is_")


def _meant_as_equal(operands: Sequence[ast.expr], references: Sequence[bool], left: int, operator: ast.cmpop) -> bool:
    """Whether `==` or `in` stands between a variable and a value: Python compares identities there, silently."""
    right = left + 1
    if isinstance(operator, (ast.In, ast.NotIn)):
        return references[left] and isinstance(operands[right], (ast.List, ast.Tuple, ast.Set))
    if not (references[left] or references[right]):
        return False
    other = operands[right] if references[left] else operands[left]
    if references[left] and references[right]:
        return True
    return isinstance(other, ast.Constant) and isinstance(other.value, (str, int, float))


def _always_wrong(node: ast.expr) -> bool:
    """Whether an argument of ``p.condition`` cannot be a condition, whatever its parts are."""
    if isinstance(node, ast.UnaryOp):
        return True
    if isinstance(node, ast.Compare):
        return len(node.ops) > 1 and all(isinstance(operator, ORDERING) for operator in node.ops)
    return isinstance(node, ast.BoolOp) and all(
        isinstance(value, ast.Compare) and all(isinstance(operator, ORDERING) for operator in value.ops)
        for value in node.values
    )


def _tested(node: ast.BoolOp | ast.UnaryOp | ast.Compare) -> list[ast.expr]:
    """What Python asks first for its truth."""
    if isinstance(node, ast.BoolOp):
        return node.values
    return [node.operand] if isinstance(node, ast.UnaryOp) else [node]


def _no_text(sources: Sequence[str]) -> str:
    """The message about texts of references."""
    names = ", ".join(f"`{source}`" for source in dict.fromkeys(sources))
    verb = "are" if len(set(sources)) > 1 else "is"
    subject = f"{names} {verb} made a text, but" if names else "a text is made of something that"
    return f"{subject} {verb} known only when the pipeline runs"


def _collection_of(function: str, values: Sequence[Value]) -> Value | None:
    """What Python's functions over collections give."""
    if function in ("list", "tuple", "set", "frozenset", "reversed", "iter") and len(values) == 1:
        return collection({}, values[0].iterated()) if values[0].members or values[0].rest else ANYTHING
    if function == "dict" and len(values) == 1:
        return values[0]
    if function == "next" and values:
        return values[0].iterated()
    if function == "enumerate" and values:
        return collection({}, collection({0: ANYTHING, 1: values[0].iterated()}))
    if function == "zip":
        return collection({}, collection({position: value.iterated() for position, value in enumerate(values)}))
    return None
