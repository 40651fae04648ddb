"""Pipelines of the SDK are read through what both of its versions have: a name and a definition."""

from __future__ import annotations

import json

import pytest

from smgen.diagnostics import FindingsError
from smgen.importer import from_sdk
from tests.importer import handmade


class SdkPipeline:
    """What ``sagemaker.workflow.pipeline.Pipeline`` looks like from outside."""

    def __init__(self, text: str) -> None:
        self.name = "Small"
        self._text = text

    def definition(self) -> str:
        return self._text


def test_the_definition_of_an_sdk_pipeline() -> None:
    definition = from_sdk(SdkPipeline(json.dumps(handmade.definition())))
    assert definition.document == handmade.definition()
    assert definition.file == "sdk:Small"


@pytest.mark.parametrize(("text", "rule"), [("{", "SMG100"), ("[]", "SMG300")])
def test_what_is_no_definition(text: str, rule: str) -> None:
    with pytest.raises(FindingsError) as raised:
        from_sdk(SdkPipeline(text))
    assert [item.rule for item in raised.value.findings] == [rule]
    assert raised.value.findings[0].place.file == "sdk:Small"
