"""The older table takes the place of the shipped one, wholly and for a while."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

import smgen
from smgen.aws import STEP_KINDS, service_model
from smgen.aws.property_paths import properties_shape
from tests.aws.older_tables import LATER, OLDER, older_tables

_ROOM: Final = Path(smgen.__file__).parent
#: What is kept for a process and is not of the table: patterns, other tables, and what is no fact of AWS.
_NOT_OF_THE_TABLE: Final = {
    "_asked_by", "_compiled", "_environment", "_loaded", "_matcher", "_pages", "_parsed", "_pass_over_what_is_built",
    "_python_problem", "_rule", "_table", "_types", "content", "image_modules", "image_table",
    "known_image_modules", "member_rules", "parsed_manifest", "pattern_matcher", "stem", "stems", "telling_stems",
    "words", "works_in_pydantic", "works_in_python",
}  # fmt: skip


def test_it_is_there_within_and_gone_after() -> None:
    newer, job = service_model().botocore_version, STEP_KINDS["Job"]
    with older_tables():
        assert service_model().botocore_version == OLDER
        assert properties_shape(job).members == {}
        assert all(service_model().shape(name).members == {} for name in LATER)
    assert service_model().botocore_version == newer != OLDER
    assert properties_shape(job).members != {}


def test_nothing_else_is_kept_of_a_table() -> None:
    kept = {
        node.name
        for file in _ROOM.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and any(re.match(r"(lru_)?cache\b", ast.unparse(decorator)) for decorator in node.decorator_list)
    }
    assert kept - _NOT_OF_THE_TABLE == {"service_model", "properties_shape"}
