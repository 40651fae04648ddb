"""docs/importing.md names every normalisation that an import forgives."""

from __future__ import annotations

import re

from smgen.definition import IMPORTED
from tests.project.checkout import CHECKOUT


def test_every_normalisation_is_named() -> None:
    text = (CHECKOUT / "docs/importing.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| (N[0-9]+ [a-z-]+) \|", text, re.MULTILINE)
    assert named == [f"{item.id} {item.name}" for item in IMPORTED]
