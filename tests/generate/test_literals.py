"""Literals, docstrings and comments hold any text, and are the same bytes on every Python."""

from __future__ import annotations

import ast
import io
import json
import subprocess
import sys
import tokenize
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given, strategies as st

from smgen.documents import JsonValue
from smgen.generate import literals
from smgen.generate.literals import comment, docstring, python_literal, string_literal
from tests.generate.hostile import NASTY, characters, texts
from tests.generate.packages import folded
from tests.interpreters import SUPPORTED, find_python

json_values: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_a_literal_means_its_value(value: JsonValue) -> None:
    literal = python_literal(value)
    read: object = ast.literal_eval(literal)
    assert read == value
    assert type(read) is type(value)
    assert "\n" not in literal


@given(st.text(characters))
def test_a_string_literal_is_one_token_of_printable_characters(text: str) -> None:
    literal = string_literal(text)
    assert ast.literal_eval(literal) == text
    assert literal.isprintable()
    tokens = list(tokenize.generate_tokens(io.StringIO(literal).readline))
    assert [tokenize.tok_name[token.type] for token in tokens] == ["STRING", "NEWLINE", "ENDMARKER"]


def test_every_character_survives() -> None:
    every = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]
    for start in range(0, len(every), 4096):
        text = "".join(every[start : start + 4096])
        assert ast.literal_eval(string_literal(text)) == text


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("", '""'),
        ("plain", '"plain"'),
        ('say "hi"', "'say \"hi\"'"),
        ("it's", '"it\'s"'),
        ('it\'s "it"', '"it\'s \\"it\\""'),
        ("a\\b\n\t\r\0", '"a\\\\b\\n\\t\\r\\x00"'),
        ("größe 東京", '"größe 東京"'),
        ("\u202e\u2028\u00a0\u00ad", '"\\u202e\\u2028\\xa0\\xad"'),
        ("\U0001f600\U000e0001", '"\\U0001f600\\U000e0001"'),
    ],
)
def test_string_literals_as_a_person_would_write_them(text: str, literal: str) -> None:
    assert string_literal(text) == literal


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        (None, "None"),
        (True, "True"),
        (2**70, "1180591620717411303424"),
        (1e300, "1e+300"),
        (-0.0, "-0.0"),
        ([1, "a", {"b": None}], '[1, "a", {"b": None}]'),
        ([], "[]"),
        ({}, "{}"),
    ],
)
def test_other_literals(value: JsonValue, literal: str) -> None:
    assert python_literal(value) == literal


def in_module(text: str) -> str:
    return f"{docstring(text, 0)}\nAFTER = 1\n"


def in_class(text: str) -> str:
    return f"class A:\n    {docstring(text, 4)}\n\n    after = 1\n\nAFTER = 1\n"


def in_function(text: str) -> str:
    return f"class A:\n    def f(self) -> int:\n        {docstring(text, 8)}\n        return 1\n\nAFTER = 1\n"


@given(texts)
@example("")
@example(" ")
@example('a""')
@example('""""')
@example("\\" * 3)
@pytest.mark.parametrize("layout", [in_module, in_class, in_function])
def test_a_docstring_is_one_docstring_and_changes_nothing_behind_it(layout: object, text: str) -> None:
    assert callable(layout)
    tree = ast.parse(str(layout(text)))
    node: ast.AST = tree
    if layout is not in_module:
        assert isinstance(tree.body[0], ast.ClassDef)
        node = tree.body[0]
    if layout is in_function:
        node = tree.body[0].body[0]  # type: ignore[attr-defined]  # the layout above
    assert isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
    assert folded(ast.get_docstring(node)) == folded(text)
    for plain in [
        child for child in ast.walk(tree) if isinstance(child, ast.Constant) and isinstance(child.value, str)
    ]:
        plain.value = ""
    expected = ast.parse(str(layout("plain")))
    for plain in [
        child for child in ast.walk(expected) if isinstance(child, ast.Constant) and isinstance(child.value, str)
    ]:
        plain.value = ""
    assert ast.dump(tree) == ast.dump(expected)


@given(texts, st.sampled_from([0, 4, 8]))
def test_a_docstring_shows_only_printable_characters(text: str, indent: int) -> None:
    for line in docstring(text, indent).split("\n"):
        assert line.isprintable()
        assert line == line.rstrip() or line.strip() == ""


@pytest.mark.parametrize("indent", [0, 4, 8])
@pytest.mark.parametrize("length", range(90, 130))
def test_no_line_of_a_docstring_is_longer_than_the_page(indent: int, length: int) -> None:
    words = ("word " * 60)[: length - 1] + "."
    first, *others = docstring(words, indent).split("\n")
    assert all(len(line) <= 120 for line in [" " * indent + first, *others])


def test_docstrings_keep_paragraphs_and_lists() -> None:
    assert docstring("One.\n\n\n\nTwo  words.\n- first\n- second", 4) == (
        '"""One.\n\n    Two words.\n    - first\n    - second\n    """'
    )
    assert docstring("One.", 4) == '"""One."""'
    assert docstring("- " + "word " * 30, 0).split("\n")[1].startswith("  word")


@given(texts)
def test_a_comment_is_one_line_and_no_code(text: str) -> None:
    line = comment(text)
    assert line.startswith("# ")
    assert line.isprintable()
    assert ast.dump(ast.parse(f"{line}\nAFTER = 1\n")) == ast.dump(ast.parse("AFTER = 1\n"))


@pytest.mark.parametrize("version", [version for version in SUPPORTED if f"3.{sys.version_info.minor}" != version])
def test_every_python_writes_the_same(version: str, tmp_path: Path) -> None:
    python = find_python(version)
    if python is None:
        pytest.skip(f"no Python {version} on PATH or in pyenv")
    # Characters that Unicode got after 3.2 are where two Pythons know different things.
    every = [chr(code) for code in range(0x80, sys.maxunicode + 1, 7) if not 0xD800 <= code <= 0xDFFF]
    given = [*NASTY, *("".join(every[start : start + 512]) for start in range(0, len(every), 512))]
    file = tmp_path / "texts.json"
    file.write_text(json.dumps(given), encoding="utf-8")
    script = Path(__file__).with_name("literal_script.py")
    outputs = [
        subprocess.run([each, "-I", script, literals.__file__, file], capture_output=True, check=True).stdout
        for each in (sys.executable, python)
    ]
    assert outputs[0] == outputs[1]
    assert len(json.loads(outputs[0])) == 5 * len(given)


def test_the_table_of_characters_is_older_than_every_python() -> None:
    assert unicodedata.ucd_3_2_0.unidata_version == "3.2.0"
