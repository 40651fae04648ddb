"""Python's operators over conditions, written out as smgen's: ``(a >= x) & (b <= y)``."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from smgen.source.module_text import ModuleText
from smgen.source.possible_values import VARIABLES, Value, ValueKind

_SIGNS: Final[dict[type[ast.cmpop], str]] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
ORDERING: Final = tuple(_SIGNS)
EQUALITY: Final = (ast.Eq, ast.NotEq, ast.In, ast.NotIn)

#: How deep operators are written out in each other; deeper ones are copied as they are.
_DEEPEST: Final = 40


@dataclass(frozen=True, slots=True)
class Rewriting:
    """Writes conditions; ``value`` says what an expression may be."""

    module: ModuleText
    value: Callable[[ast.expr], Value]

    def written(self, node: ast.expr, depth: int = 0) -> str:
        """A condition that smgen takes, with the meaning of the Python expression ``node``."""
        if depth > _DEEPEST:
            return self.module.source(node)
        if isinstance(node, ast.BoolOp):
            sign = " & " if isinstance(node.op, ast.And) else " | "
            return sign.join(self._inner(value, depth) for value in node.values)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return f"~{self._inner(node.operand, depth)}"
        if isinstance(node, ast.Compare):
            return self._comparison(node)
        return self._truth(node)

    def _inner(self, node: ast.expr, depth: int) -> str:
        text = self.written(node, depth + 1)
        return text if is_closed(node) else f"({text})"

    def _truth(self, node: ast.expr) -> str:
        """What Python takes for true, as a comparison; a condition as it is."""
        text = self.module.source(node)
        kinds = self.value(node).kinds
        base = text if is_closed(node) else f"({text})"
        if ValueKind.CONDITION in kinds or kinds.isdisjoint(VARIABLES):
            return text
        if ValueKind.TEXT_VARIABLE in kinds:
            return f'~{base}.equals("")'
        return f"~{base}.equals(0)" if ValueKind.NUMBER_VARIABLE in kinds else f"{base}.equals(True)"

    def _comparison(self, node: ast.Compare) -> str:
        """A comparison, a chained one taken apart, and `a >= x & b <= y` read as it was meant."""
        parts: list[str] = []
        signs: list[str] = []
        left: ast.expr = node.left
        if misread_sign(left, self.value) and isinstance(left, ast.BinOp):
            parts.append(self._truth(left.left))
            signs.append(_sign(left.op))
            left = left.right
        for position, (operator, operand) in enumerate(zip(node.ops, node.comparators, strict=True)):
            if misread_sign(operand, self.value) and isinstance(operand, ast.BinOp):
                parts.append(self._pair(left, operator, operand.left))
                signs.append(_sign(operand.op))
                left = operand.right
                if position == len(node.ops) - 1:
                    parts.append(self._truth(left))
            else:
                parts.append(self._pair(left, operator, operand))
                signs.append("&")
                left = operand
        if len(parts) == 1:
            return parts[0]
        written = f"({parts[0]})"
        for sign, part in zip(signs, parts[1:], strict=False):
            written += f" {sign} ({part})"
        return written

    def _pair(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> str:
        first, second = self.module.source(left), self.module.source(right)
        if isinstance(operator, ORDERING):
            return f"{first} {_SIGNS[type(operator)]} {second}"
        if isinstance(operator, (ast.In, ast.NotIn)):
            values = second
            if isinstance(right, (ast.Set, ast.Tuple)):
                # is_in takes a list; a set has no order that a definition could keep.
                values = f"[{', '.join(self.module.source(item) for item in right.elts)}]"
            text = f"{_base(left, first)}.is_in({values})"
            return f"~{text}" if isinstance(operator, ast.NotIn) else text
        if isinstance(operator, (ast.Eq, ast.NotEq)):
            swapped = self.value(left).kinds.isdisjoint(VARIABLES)
            text = f"{_base(right, second)}.equals({first})" if swapped else f"{_base(left, first)}.equals({second})"
            return f"~{text}" if isinstance(operator, ast.NotEq) else text
        return f"{first} {'is not' if isinstance(operator, ast.IsNot) else 'is'} {second}"


def is_closed(node: ast.expr) -> bool:
    """Whether an expression binds tighter than any operator around it."""
    return isinstance(node, (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Constant))


def misread_sign(node: ast.expr, value: Callable[[ast.expr], Value]) -> bool:
    """Whether ``node`` is `x & b` that a comparison stands around: the sign took x and b, not the comparisons."""
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitAnd, ast.BitOr))):
        return False
    sides = [value(node.left), value(node.right)]
    return any(side.may_be(VARIABLES) for side in sides) and not any(
        ValueKind.CONDITION in side.kinds for side in sides
    )


def quoted_names(nodes: Iterable[ast.expr], module: ModuleText) -> str:
    """Expressions for a sentence."""
    return ", ".join(f"`{module.source(node)}`" for node in nodes)


def _base(node: ast.expr, text: str) -> str:
    return text if is_closed(node) else f"({text})"


def _sign(operator: ast.operator) -> str:
    return "&" if isinstance(operator, ast.BitAnd) else "|"
