"""The source rules take any text: nothing is raised, and the time is bounded."""

import ast
import time
from typing import TypeAlias

import pytest
from hypothesis import given, strategies as st

from smgen.source import check_source

HEAD = "def f(p: FluentPipelineBuilder, env):\n    r = p.string('R')\n    s = p.add_step('S', X())\n    l = [r]\n"

Texts: TypeAlias = "st.SearchStrategy[str]"

names: Texts = st.sampled_from(["r", "s", "l", "env", "p", "n", "str", "join", "f"])
leaves: Texts = st.one_of(
    names, st.sampled_from(["1", "'a/'", "None", "s.model", "s.m.v.value", "env.name", "p.condition", "r.equals"])
)
signs: Texts = st.sampled_from(["+", "%", "/", "&", "|", "<", "<=", "==", "in", "is", "and", "or", "if 1 else"])


def filled(text: str, *parts: Texts) -> Texts:
    """A text with `@` for each of its parts, in order."""

    def put(values: tuple[str, ...]) -> str:
        pieces = text.split("@")
        return pieces[0] + "".join(value + piece for value, piece in zip(values, pieces[1:], strict=True))

    return st.tuples(*parts).map(put)


def grown(inner: Texts) -> Texts:
    return st.one_of(
        filled("(@ @ @)", inner, signs, inner),
        filled("(@ < @ < 3)", inner, inner),
        filled("@(@)", inner, inner),
        filled("[@, *@]", inner, inner),
        filled("{@: @, **r}", inner, inner),
        filled("[@ for n in @ if n]", inner, inner),
        filled("'%s %(a)d'.format(@, a=@)", inner, inner),
        filled("(not @)", inner),
        filled("(lambda n: @)(r)", inner),
        filled("(n := @)", inner),
        filled("@[0]", inner),
        filled('f"""{@}/x"""', inner.filter(lambda one: '"' not in one)),
    )


expressions = st.recursive(leaves, grown, max_leaves=12)
simple = filled("@ = @", names, expressions)
statements = st.one_of(
    simple,
    filled("l.append(@)", expressions),
    filled("n, *l = @", expressions),
    filled("return @", expressions),
    filled("if @:\n  @\nelse:\n  @", expressions, simple, simple),
    filled("for n in @:\n  @\n  break", expressions, simple),
    filled("while @:\n  @\n  continue", expressions, simple),
    filled("try:\n  @\nexcept X as r:\n  pass\nfinally:\n  pass", simple),
    filled("def f(r, *l, **n):\n  @\n  return f(@)", simple, expressions),
    filled("class A:\n  def g(self):\n    self.r = r\n    @", simple),
)
bodies = st.lists(statements, min_size=1, max_size=4)


@given(bodies)
def test_random_functions(body: list[str]) -> None:
    lines = [f"    {line}" for one in body for line in one.split("\n")]
    text = HEAD + "\n".join(lines) + "\n"
    for found in check_source(text, "m.py", ("f",)):
        assert found.rule in ("SMG210", "SMG220", "SMG221")
        assert found.place.line is None or 1 <= found.place.line <= text.count("\n") + 1
        assert found.fix


@given(expressions)
def test_random_expressions_are_python_and_are_read(expression: str) -> None:
    text = f"{HEAD}    x = {expression}\n"
    ast.parse(text)
    assert all(found.rule in ("SMG220", "SMG221") for found in check_source(text, "m.py"))


@given(st.text(max_size=200))
def test_random_texts(text: str) -> None:
    check_source(text, "m.py")
    check_source(HEAD + text, "m.py")


HUGE = {
    "a long sum": HEAD + "    x = r" + " + 'a'" * 900,
    "a long difference": HEAD + "    x = r" + " - 1" * 900,
    "a long and": HEAD + "    x = r < 1" + " and r < 1" * 2000,
    "deep parentheses": HEAD + "    x = " + "(" * 150 + "r" + ")" * 150,
    "too deep parentheses": HEAD + "    x = " + "(" * 5000 + "r" + ")" * 5000,
    "deep calls": HEAD + "    x = " + "str(" * 150 + "r" + ")" * 150,
    "deep not": HEAD + "    x = " + "not " * 900 + "r",
    "many elif": HEAD + "    if env: pass\n" + "    elif env.x == 3: pass\n" * 2000,
    "deep blocks": HEAD + "".join("    " + " " * n + "if env:\n" for n in range(90)) + " " * 99 + "str(r)",
    "deep loops": HEAD + "".join("    " + " " * n + "for n in l:\n" for n in range(18)) + " " * 99 + "str(r)",
    "many functions": HEAD
    + "".join(f"def f{n}(a, b):\n    f{n + 1}(a, b)\n    return f{n + 1}(b, a)\n" for n in range(300)),
    "itself": "def f(p: FluentPipelineBuilder):\n    x = [f(p), f([p]), f([[p]])]\n    return [x, f(x)]\n",
    "growing": HEAD + "    for n in l:\n        l = [l, [l], {'a': l}, l]\n" * 40,
}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_huge_and_deep_modules(text: str) -> None:
    started = time.perf_counter()
    check_source(text, "m.py")
    assert time.perf_counter() - started < 20
