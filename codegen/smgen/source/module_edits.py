"""Edits of a module's text that leave every other byte as it is: expressions, new names for values, imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from smgen.distribution import need

if TYPE_CHECKING:
    import libcst

#: Line (from 1) and column (from 0, in characters) of a node's first character.
Position: TypeAlias = "tuple[int, int]"
#: The position of a node's first character and that behind its last.
Span: TypeAlias = "tuple[Position, Position]"


class UnreadableError(Exception):
    """The text cannot be edited: it would not come back as it is. The message says why."""


@dataclass(frozen=True, slots=True)
class ModuleEdits:
    """What is to change in a module.

    `expressions` are names and attributes with the source that takes their place. `kept` are statements that are a
    call, or a plain assignment, with the variable that is to hold its value, too. `imports` are import statements
    with the positions in them, from 0, of the names that go.
    """

    expressions: Mapping[Span, str] = field(default_factory=dict[Span, str])
    kept: Mapping[Position, str] = field(default_factory=dict[Position, str])
    imports: Mapping[Position, frozenset[int]] = field(default_factory=dict[Position, frozenset[int]])


def edited(text: str, edits: ModuleEdits) -> str:
    """The text after the edits. Raises UnreadableError where that is not possible without changing anything else.

    Raises MissingExtraError where there is no libcst.
    """
    need("generate")
    import libcst
    from libcst.metadata import MetadataWrapper, PositionProvider

    try:
        module = libcst.parse_module(text)
        if module.code != text:
            raise UnreadableError("a form feed, or a line that ends with a carriage return alone, would get lost")
        # Nothing is changed in place, so the copy that it makes otherwise is not needed.
        positions = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
        planned = _Planned()
        for node, span in positions.items():
            start = (span.start.line, span.start.column)
            if isinstance(node, (libcst.Name, libcst.Attribute)):
                source = edits.expressions.get((start, (span.end.line, span.end.column)))
                if source is not None:
                    planned.nodes[node] = libcst.parse_expression(source).with_changes(lpar=node.lpar, rpar=node.rpar)
            elif isinstance(node, (libcst.Expr, libcst.Assign)):
                if start in edits.kept:
                    planned.kept[node] = edits.kept[start]
            elif isinstance(node, (libcst.Import, libcst.ImportFrom)) and start in edits.imports:
                planned.imports[node] = edits.imports[start]
        found = len(planned.nodes) + len(planned.kept) + len(planned.imports)
        if found != len(edits.expressions) + len(edits.kept) + len(edits.imports):
            raise UnreadableError("a place to change was not found again")
        return module.visit(_editor(planned)).code
    except libcst.ParserSyntaxError as error:
        raise UnreadableError(error.message) from None
    except RecursionError:
        raise UnreadableError("an expression is nested too deep") from None


@dataclass(slots=True)
class _Planned:
    """The edits by the nodes that they are about."""

    nodes: dict[libcst.CSTNode, libcst.CSTNode] = field(default_factory=dict["libcst.CSTNode", "libcst.CSTNode"])
    kept: dict[libcst.CSTNode, str] = field(default_factory=dict["libcst.CSTNode", str])
    imports: dict[libcst.CSTNode, frozenset[int]] = field(default_factory=dict["libcst.CSTNode", "frozenset[int]"])


def _editor(planned: _Planned) -> libcst.CSTTransformer:
    # The base class is imported when it is needed, so the class is made then, too.
    import libcst

    class Editor(libcst.CSTTransformer):
        """Makes the edits on the way back from the leaves."""

        def leave_Name(  # noqa: N802 - libcst finds the method by the node's name
            self, original_node: libcst.Name, updated_node: libcst.Name
        ) -> libcst.BaseExpression:
            new = planned.nodes.get(original_node)
            return new if isinstance(new, libcst.BaseExpression) else updated_node

        def leave_Attribute(  # noqa: N802 - as above
            self, original_node: libcst.Attribute, updated_node: libcst.Attribute
        ) -> libcst.BaseExpression:
            new = planned.nodes.get(original_node)
            return new if isinstance(new, libcst.BaseExpression) else updated_node

        def leave_Expr(  # noqa: N802 - as above
            self, original_node: libcst.Expr, updated_node: libcst.Expr
        ) -> libcst.BaseSmallStatement:
            name = planned.kept.get(original_node)
            if name is None:
                return updated_node
            return libcst.Assign([_target(name)], updated_node.value, updated_node.semicolon)

        def leave_Assign(  # noqa: N802 - as above
            self, original_node: libcst.Assign, updated_node: libcst.Assign
        ) -> libcst.BaseSmallStatement:
            name = planned.kept.get(original_node)
            if name is None:
                return updated_node
            return updated_node.with_changes(targets=[_target(name), *updated_node.targets])

        def leave_IndentedBlock(  # noqa: N802 - as above
            self, original_node: libcst.IndentedBlock, updated_node: libcst.IndentedBlock
        ) -> libcst.BaseSuite:
            body, left = _without_imports(original_node.body, updated_node.body, planned)
            # What stood above an import that was the last statement ends the block.
            return updated_node.with_changes(body=body, footer=[*left, *updated_node.footer])

        def leave_Module(  # noqa: N802 - as above
            self, original_node: libcst.Module, updated_node: libcst.Module
        ) -> libcst.Module:
            body, left = _without_imports(original_node.body, updated_node.body, planned)
            return updated_node.with_changes(body=body, footer=[*left, *updated_node.footer])

    return Editor()


def _target(name: str) -> libcst.AssignTarget:
    import libcst

    return libcst.AssignTarget(libcst.Name(name))


# Imports -------------------------------------------------------------------------------------------------------------


def _without_imports(
    originals: Sequence[libcst.BaseStatement], updated: Sequence[libcst.BaseStatement], planned: _Planned
) -> tuple[list[libcst.BaseStatement], list[libcst.EmptyLine]]:
    """The statements of a block without the imports that go, and the lines that have no statement to stand above."""
    import libcst

    body: list[libcst.BaseStatement] = []
    left: list[libcst.EmptyLine] = []
    for before, after in zip(originals, updated, strict=True):
        statement = after
        if isinstance(before, libcst.SimpleStatementLine) and isinstance(after, libcst.SimpleStatementLine):
            small = [
                new
                for old, part in zip(before.body, after.body, strict=True)
                if (new := _without_names(part, planned.imports.get(old, frozenset()))) is not None
            ]
            if not small:
                comment = after.trailing_whitespace.comment
                left = _joined(left, after.leading_lines)
                if comment is not None and not _is_about_the_line(comment.value):
                    left.append(libcst.EmptyLine(comment=comment, newline=after.trailing_whitespace.newline))
                continue
            if len(small) < len(after.body) and after.body[-1].semicolon is libcst.MaybeSentinel.DEFAULT:
                small[-1] = small[-1].with_changes(semicolon=libcst.MaybeSentinel.DEFAULT)
            statement = after.with_changes(body=small)
        if left and isinstance(statement, (libcst.SimpleStatementLine, libcst.BaseCompoundStatement)):
            statement = statement.with_changes(leading_lines=_joined(left, statement.leading_lines))
            left = []
        body.append(statement)
    return body, left


def _joined(above: Sequence[libcst.EmptyLine], below: Sequence[libcst.EmptyLine]) -> list[libcst.EmptyLine]:
    """The lines above a statement that goes and those above the next one, without doubling the empty ones."""
    if all(line.comment is None for line in above):
        starts_empty = next((count for count, line in enumerate(below) if line.comment is not None), len(below))
        return [*above[: max(len(above) - starts_empty, 0)], *below]
    return [*above, *below]


def _is_about_the_line(comment: str) -> bool:
    """Whether a comment is meant for a tool and speaks of its line; alone it would speak of the whole module."""
    words = comment.lstrip("# ").lower()
    return words.startswith(("noqa", "type:", "pyright:", "mypy:", "pylint:", "isort:", "pragma:", "fmt:", "ruff:"))


def _without_names(statement: libcst.BaseSmallStatement, gone: frozenset[int]) -> libcst.BaseSmallStatement | None:
    """An import without some of its names; None where no name is left."""
    import libcst

    if not gone or not isinstance(statement, (libcst.Import, libcst.ImportFrom)):
        return statement
    if isinstance(statement.names, libcst.ImportStar) or len(gone) == len(statement.names):
        return None
    names = list(statement.names)
    for index in sorted(gone, reverse=True):
        statement = _without_name(statement, names, index)
        del names[index]
    return statement


def _without_name(
    statement: libcst.Import | libcst.ImportFrom, names: list[libcst.ImportAlias], index: int
) -> libcst.Import | libcst.ImportFrom:
    """The statement without the name at `index`; changes the commas of the others in `names` in place."""
    import libcst

    lpar = statement.lpar if isinstance(statement, libcst.ImportFrom) else None
    rpar = statement.rpar if isinstance(statement, libcst.ImportFrom) else None
    comma = names[index].comma
    is_last = index == len(names) - 1
    if isinstance(comma, libcst.Comma):
        after = comma.whitespace_after
    else:
        after = rpar.whitespace_before if rpar is not None else libcst.SimpleWhitespace("")
    if index == 0:
        # The next name takes the place of the first one.
        if lpar is not None and isinstance(statement, libcst.ImportFrom):
            space = _between(lpar.whitespace_after, after)
            remaining = names[1:]
            return statement.with_changes(lpar=lpar.with_changes(whitespace_after=space), names=remaining)
        return statement.with_changes(names=names[1:])
    previous = names[index - 1]
    previous_comma = previous.comma
    if not isinstance(previous_comma, libcst.Comma):
        raise UnreadableError("names of an import without a comma between them")
    space = _between(previous_comma.whitespace_after, after)
    if not is_last or isinstance(comma, libcst.Comma):
        names[index - 1] = previous.with_changes(comma=previous_comma.with_changes(whitespace_after=space))
    elif rpar is not None and isinstance(space, libcst.ParenthesizedWhitespace):
        # A comma may stand behind the last name of several lines, and what follows it belongs to the parenthesis.
        names[index - 1] = previous.with_changes(comma=previous_comma.with_changes(whitespace_after=space))
        rpar = rpar.with_changes(whitespace_before=libcst.SimpleWhitespace(""))
    else:
        names[index - 1] = previous.with_changes(comma=libcst.MaybeSentinel.DEFAULT)
    remaining = [*names[:index], *names[index + 1 :]]
    if rpar is not None and isinstance(statement, libcst.ImportFrom):
        return statement.with_changes(names=remaining, rpar=rpar)
    return statement.with_changes(names=remaining)


def _between(
    before: libcst.BaseParenthesizableWhitespace, after: libcst.BaseParenthesizableWhitespace
) -> libcst.BaseParenthesizableWhitespace:
    """What stands between the neighbours of a name that goes, given what stood before and after it; all comments."""
    import libcst

    if not isinstance(before, libcst.ParenthesizedWhitespace):
        return after if isinstance(after, libcst.ParenthesizedWhitespace) or "\n" in _spaces(after) else before
    if not isinstance(after, libcst.ParenthesizedWhitespace):
        return before
    comment = after.first_line.comment
    lines = list(before.empty_lines)
    if comment is not None and not _is_about_the_line(comment.value):
        own = libcst.EmptyLine(
            indent=before.indent,
            whitespace=before.last_line,
            comment=comment,
            newline=after.first_line.newline,
        )
        lines.append(own)
    return after.with_changes(first_line=before.first_line, empty_lines=[*lines, *after.empty_lines])


def _spaces(whitespace: libcst.BaseParenthesizableWhitespace) -> str:
    import libcst

    return whitespace.value if isinstance(whitespace, libcst.SimpleWhitespace) else ""
