"""What teams use in their own tests: a compiled pipeline, assertions on it, and what an execution of it would do."""

from __future__ import annotations

from smgen.testing.compiling import PipelineFunction, compile_pipeline
from smgen.testing.execution import Branch, TestedExecution
from smgen.testing.snapshots import assert_snapshot
from smgen.testing.tested_pipeline import GivenValues, TestedPipeline
from smgen.testing.tested_step import TestedStep

__all__ = [
    "Branch",
    "GivenValues",
    "PipelineFunction",
    "TestedExecution",
    "TestedPipeline",
    "TestedStep",
    "assert_snapshot",
    "compile_pipeline",
]
