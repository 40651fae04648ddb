"""The source rules take any text: nothing is raised, and the time is bounded."""

import ast
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smgen.source import check_source

HEAD = "def f(p: FluentPipelineBuilder, env):\n    r = p.string('R')\n    s = p.add_step('S', X())\n    l = [r]\n"

names = st.sampled_from(["r", "s", "l", "env", "p", "n", "str", "join", "f"])
leaves = st.one_of(
    names, st.sampled_from(["1", "'a/'", "None", "s.model", "s.m.v.value", "env.name", "p.condition", "r.equals"])
)


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    signs = st.sampled_from(["+", "%", "/", "&", "|", "<", "<=", "==", "in", "is", "and", "or", "if 1 else"])
    return st.one_of(
        st.builds(lambda both, sign: f"({both[0]} {sign} {both[1]})", pair, signs),
        st.builds(lambda both: f"({both[0]} < {both[1]} < 3)", pair),
        st.builds(lambda both: f"{both[0]}({both[1]})", pair),
        st.builds(lambda both: f"[{both[0]}, *{both[1]}]", pair),
        st.builds(lambda both: f"{{{both[0]}: {both[1]}, **r}}", pair),
        st.builds(lambda both: f"[{both[0]} for n in {both[1]} if n]", pair),
        st.builds(lambda both: f"'%s %(a)d'.format({both[0]}, a={both[1]})", pair),
        st.builds("(not {})".format, inner),
        st.builds("(lambda n: {})(r)".format, inner),
        st.builds("(n := {})".format, inner),
        st.builds("{}[0]".format, inner),
        st.builds(lambda one: f'f"""{{{one}}}/x"""', inner.filter(lambda one: '"' not in one)),
    )


expressions = st.recursive(leaves, grown, max_leaves=12)


def statement(body: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(lambda name, one: f"{name} = {one}", names, expressions),
        st.builds("l.append({})".format, expressions),
        st.builds("n, *l = {}".format, expressions),
        st.builds("return {}".format, expressions),
        st.builds(lambda one, inner: f"if {one}:\n  {inner}\nelse:\n  {inner}", expressions, body),
        st.builds(lambda one, inner: f"for n in {one}:\n  {inner}\n  break", expressions, body),
        st.builds(lambda one, inner: f"while {one}:\n  {inner}\n  continue", expressions, body),
        st.builds(lambda inner: f"try:\n  {inner}\nexcept X as r:\n  pass\nfinally:\n  pass", body),
        st.builds(lambda one, inner: f"def f(r, *l, **n):\n  {inner}\n  return f({one})", expressions, body),
        st.builds(lambda inner: f"class A:\n  def g(self):\n    self.r = r\n    {inner}", body),
    )


simple = st.builds(lambda name, one: f"{name} = {one}", names, expressions)
bodies = st.lists(statement(simple), min_size=1, max_size=4)


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
