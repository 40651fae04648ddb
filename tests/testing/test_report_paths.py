"""The JSON paths of Std:JsonGet."""

from __future__ import annotations

from hypothesis import given, strategies as st

from smgen.authoring.origins import Origin, PipelineIdentity, Scope
from smgen.authoring.reports import ReportPath
from smgen.diagnostics import Place
from smgen.documents import JsonValue
from smgen.expressions import Get, parse_json_path
from smgen.testing.report_paths import NotThere, sketch, value_at

ORIGIN = Origin("step", "S", Scope(PipelineIdentity("P", Place()), "top"), Place())


@given(st.lists(st.text(min_size=1) | st.integers(0, 1000), min_size=1))
def test_what_the_runtime_writes_is_read_back(parts: list[str | int]) -> None:
    path = ReportPath(Get("Steps.S.PropertyFiles.F"), ORIGIN)
    for part in parts:
        path = path.member(part) if isinstance(part, str) else path.item(part)
    assert parse_json_path(path.path) == tuple(parts)


def test_values() -> None:
    report: JsonValue = {"folds": [{"auc": 0.5}, {"auc": None}]}
    assert value_at(report, ("folds", 0, "auc")) == 0.5
    assert value_at(report, ("folds", 1, "auc")) is None
    assert value_at(report, ("folds", 2)) == NotThere("/folds", 2, [{"auc": 0.5}, {"auc": None}])
    assert value_at(report, ("folds", "0")) == NotThere("/folds", "0", [{"auc": 0.5}, {"auc": None}])
    assert value_at(report, ("folds", 0, "auc", "x")) == NotThere("/folds/0/auc", "x", 0.5)


def test_how_a_report_is_written() -> None:
    assert sketch(("a", 0, "b")) == '{"a": [{"b": …}]}'
    assert sketch(("a", 2)) == '{"a": […, …, …]}'
