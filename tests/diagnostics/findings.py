"""Arbitrary findings for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from smgen.diagnostics import RULES, Finding, Place

_TEXTS = st.none() | st.text(max_size=5)
_PLACES = st.builds(
    Place,
    file=_TEXTS,
    line=st.none() | st.integers(1, 3),
    column=st.none() | st.integers(1, 3),
    pointer=st.none() | st.sampled_from(["", "/a", "/1", "/10", "/²", "/" + "9" * 5000]),
    step=_TEXTS,
    port=_TEXTS,
)
FINDINGS = st.builds(
    Finding,
    rule=st.sampled_from(sorted(RULES)),
    message=st.text(max_size=5),
    place=_PLACES,
    given=_TEXTS,
    given_at=st.none() | _PLACES,
    expected=_TEXTS,
    expected_at=st.none() | _PLACES,
    nearest=_TEXTS,
    fix=_TEXTS,
)
