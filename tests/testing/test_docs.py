"""The code and the message in docs/testing.md are real."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from tests.testing.pipelines import EXAMPLE, ROOT, abalone, said

PAGE = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_the_tests_of_the_page_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    namespace: dict[str, object] = {"__file__": str(tmp_path / "test_abalone.py")}
    for block in blocks("python"):
        # As if they stood in the example, whose project they name.
        exec(compile(block, str(EXAMPLE / "pipeline.py"), "exec"), namespace)
    tests = [cast("Callable[[], None]", value) for name, value in namespace.items() if name.startswith("test_")]
    assert len(tests) == 4
    monkeypatch.setenv("SMGEN_UPDATE_SNAPSHOTS", "1")
    tests[-1]()
    monkeypatch.delenv("SMGEN_UPDATE_SNAPSHOTS")
    for test in tests:
        test()


def test_the_quoted_message_is_real() -> None:
    (quoted,) = blocks("text")
    message = said(lambda: abalone().assert_argument("AbaloneTrain", "ResourceConfig.InstanceTyp", "ml.m5.large"))
    assert message == quoted.rstrip("\n")
