"""Settings are added to a pyproject.toml as text: what is there stays, byte for byte."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, strategies as st

from smgen.diagnostics import FindingsError
from smgen.settings import Tables, with_settings

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PIPELINES = ("tool", "smgen", "pipelines")
DEV = ("tool", "smgen", "environments", "dev")


def test_a_new_file() -> None:
    tables: Tables = {
        ("tool", "smgen"): {"contracts": "contract_specs", "strict": True},
        DEV: {"subnets": ("a", 'b"c'), "limit": 6.5, "count": 3},
        (*DEV, "values"): {"odd key": "ü"},
    }
    assert with_settings("", tables, "pyproject.toml") == (
        "[tool.smgen]\n"
        'contracts = "contract_specs"\n'
        "strict = true\n"
        "\n"
        "[tool.smgen.environments.dev]\n"
        'subnets = ["a", "b\\"c"]\n'
        "limit = 6.5\n"
        "count = 3\n"
        "\n"
        "[tool.smgen.environments.dev.values]\n"
        '"odd key" = "ü"\n'
    )


def test_a_table_that_is_there_gets_its_settings_at_its_end() -> None:
    text = '# mine\n[tool.smgen.pipelines]   # all of them\na = "a.py:a"\n\n# the next\n[tool.other]\nx = [\n  1,\n]\n'
    assert with_settings(text, {PIPELINES: {"b": "b.py:b"}, DEV: {"region": "r"}}, "p") == (
        '# mine\n[tool.smgen.pipelines]   # all of them\na = "a.py:a"\nb = "b.py:b"\n\n# the next\n'
        "[tool.other]\nx = [\n  1,\n]\n"
        '\n[tool.smgen.environments.dev]\nregion = "r"\n'
    )


def test_headers_are_found_however_they_are_written() -> None:
    text = '[ tool . "smgen".pipelines ]\na = "a.py:a"\n'
    assert with_settings(text, {PIPELINES: {"b": "b.py:b"}}, "p") == f'{text}b = "b.py:b"\n'


def test_line_ends_stay() -> None:
    text = '[tool.smgen.pipelines]\r\na = "a.py:a"\r\n'
    assert with_settings(text, {PIPELINES: {"b": "b.py:b"}}, "p") == f'{text}b = "b.py:b"\r\n'


def test_a_file_without_a_line_feed_at_its_end() -> None:
    assert with_settings("[a]\nx = 1", {("b",): {"y": 2}}, "p") == "[a]\nx = 1\n\n[b]\ny = 2\n"


@pytest.mark.parametrize(
    "text",
    [
        '[tool.smgen]\npipelines = {a = "a.py:a"}\n',
        "tool = {smgen = {}}\n",
        '[tool.smgen]\npipelines.a = "a.py:a"\n',
    ],
)
def test_what_nothing_can_be_added_to(text: str) -> None:
    with pytest.raises(FindingsError) as raised:
        with_settings(text, {PIPELINES: {"b": "b.py:b"}}, "pyproject.toml")
    (finding,) = raised.value.findings
    assert (finding.rule, finding.place.file) == ("SMG130", "pyproject.toml")
    assert finding.fix == "write inline tables and dotted keys of [tool.smgen] as tables"


ENTRY = {"function": "a.py:a", "environments": ["dev", "prod"]}
WRITTEN = '{function = "a.py:a", environments = ["dev", "prod"]}'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('a = "a.py:a"', f"a = {WRITTEN}"),
        ("a='a.py:a'   # mine, # 1", f"a={WRITTEN}   # mine, # 1"),
        ('"a" = "a.py:#a"#c', f'"a" = {WRITTEN}#c'),
        ('a = """a.py:\n# no comment\na"""  # b', f"a = {WRITTEN}  # b"),
    ],
)
def test_a_setting_gets_another_value(before: str, after: str) -> None:
    text = "[tool.smgen.pipelines]\nb = [\n  1,  # a = 3\n]\n%s\n\n[other]\na = 4\n"
    edited = with_settings(text % before, {PIPELINES: {"c": "c.py:c"}}, "p", changed={PIPELINES: {"a": ENTRY}})
    assert edited == text % f'{after}\nc = "c.py:c"'
    assert tomllib.loads(edited)["tool"]["smgen"]["pipelines"]["a"] == ENTRY


def test_line_ends_of_changed_lines_stay() -> None:
    text = '[tool.smgen.pipelines]\r\na = "a.py:a"\r\nb = "b"  # c\r\n'
    changed: Tables = {PIPELINES: {"a": "x", "b": "y"}}
    assert with_settings(text, {}, "p", changed=changed) == text.replace('"a.py:a"', '"x"').replace('"b"', '"y"')


def test_a_setting_goes_with_its_comment() -> None:
    text = "[a]\n# of all\nx = 1  # of x\ny = [\n  2, # inside\n]\nz = 3\n"
    assert with_settings(text, {}, "p", removed={("a",): ["x", "y"]}) == "[a]\n# of all\nz = 3\n"


@pytest.mark.parametrize(
    "text", ['[tool.smgen]\npipelines = {a = "a.py:a"}\n', '[tool.smgen]\npipelines.a = "a.py:a"\n', "[tool.smgen]\n"]
)
def test_what_cannot_be_changed(text: str) -> None:
    with pytest.raises(FindingsError) as raised:
        with_settings(text, {}, "pyproject.toml", changed={PIPELINES: {"a": "b.py:b"}})
    assert [item.rule for item in raised.value.findings] == ["SMG130"]


def test_no_toml() -> None:
    with pytest.raises(FindingsError) as raised:
        with_settings("[a", {PIPELINES: {"b": "b.py:b"}}, "pyproject.toml")
    assert [item.message for item in raised.value.findings] == ["pyproject.toml is no TOML"]


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
values = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.lists(names, max_size=3),
)


@given(st.dictionaries(names, values, max_size=4), st.dictionaries(names, values, max_size=4))
def test_any_settings_can_be_read_again(first: dict[str, str], second: dict[str, str]) -> None:
    text = with_settings("", {("a", "b.c"): first}, "p")
    more = {name: value for name, value in second.items() if name not in first}
    both = with_settings(text, {("a", "b.c"): more}, "p")
    assert tomllib.loads(both)["a"]["b.c"] == {**first, **more}
    assert both.startswith(text.rstrip("\n"))
