"""The rules over pipelines as they are written that are a module each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from smgen.building.written import WrittenPipeline
from smgen.diagnostics import Finding, rule_checks

PipelineCheck: TypeAlias = Callable[[WrittenPipeline], Iterator[Finding]]
"""A rule: findings about one pipeline, which is not built while there is one."""

CHECKS: Final[Mapping[str, PipelineCheck]] = rule_checks(__name__, __path__)
"""The checks by the rule's id."""
