"""Pipelines that are legal but odd: nobody may say anything about them.

The files in ``cases/variants`` hold several oddities each. Those that are one edit from the correct file stand here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.mistakes.project_folder import CASES, CORRECT, edited

FOLDER: Final = CASES / "variants"


@dataclass(frozen=True)
class Variant:
    """A pipeline that is right: its name, and its text."""

    name: str
    text: str


def _edit(name: str, old: str, new: str) -> Variant:
    return Variant(name, edited(CORRECT.read_text(encoding="utf-8"), old, new))


VARIANTS: Final = (
    *(Variant(file.stem, file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.py"))),
    _edit("a_whole_number_as_limit", "default=6.0", "default=6"),
    _edit(
        "a_stored_location",
        "            training_data=preprocessing.processed_data,",
        "            training_data=External(preprocessing.processed_data.location),",
    ),
    _edit("a_bracket_too_many", "(error <= limit) & (fit >= 0.5)", "((error <= limit)) & ~(~(fit >= 0.5))"),
    _edit("two_conditions_for_one", "(error <= limit) & (fit >= 0.5)", "error <= limit, fit >= 0.5"),
    _edit("an_optional_port_left_out", "            quality=evaluation.metrics,\n", ""),
    _edit("an_hour_of_cache", "Cache.days(30)", "Cache.hours(1)"),
    _edit("a_name_beside_another", '"Evaluate"', '"train"'),
)
