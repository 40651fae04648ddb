"""Arbitrary JSON values for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from smgen.documents import JsonValue

_TEXT = st.text(st.characters(codec="utf-8"), max_size=8)


def _containers(inner: st.SearchStrategy[JsonValue]) -> st.SearchStrategy[JsonValue]:
    return st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4)


_SCALARS: st.SearchStrategy[JsonValue] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXT
)

JSON_VALUES: st.SearchStrategy[JsonValue] = st.recursive(_SCALARS, _containers, max_leaves=20)
