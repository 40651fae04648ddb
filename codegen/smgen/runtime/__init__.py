"""What generated code and pipelines import: references, typed variables, builders, and the pipeline itself."""

from __future__ import annotations

from smgen.contracts import StepContract
from smgen.runtime.builders import Binding, Reference, StepBuilder
from smgen.runtime.building import CompiledPipeline
from smgen.runtime.compilation import compile_pipeline
from smgen.runtime.compiled_files import compiled_files
from smgen.runtime.config import StepConfig
from smgen.runtime.environment import Environment
from smgen.runtime.loading import load_contract
from smgen.runtime.misuse import MisuseError
from smgen.runtime.pipeline import BranchBuilder, ConditionStep, FluentPipelineBuilder
from smgen.runtime.project import (
    PipelineSource,
    Project,
    find_project,
    read_project,
    undeclared_environment_parameters,
)
from smgen.runtime.proxies import StepHandle, StepOutputProxy
from smgen.runtime.references import AUTO, Artifact, Auto, External, Output, Renamed
from smgen.runtime.reports import ReportFile, ReportList, ReportNode, ReportValues
from smgen.runtime.step_settings import Cache, Retry
from smgen.runtime.variables import (
    BooleanVariable,
    Condition,
    Execution,
    FloatVariable,
    IntegerVariable,
    StringVariable,
    Variable,
    join,
)

__all__ = [
    "AUTO",
    "Artifact",
    "Auto",
    "Binding",
    "BooleanVariable",
    "BranchBuilder",
    "Cache",
    "CompiledPipeline",
    "Condition",
    "ConditionStep",
    "Environment",
    "Execution",
    "External",
    "FloatVariable",
    "FluentPipelineBuilder",
    "IntegerVariable",
    "MisuseError",
    "Output",
    "PipelineSource",
    "Project",
    "Reference",
    "Renamed",
    "ReportFile",
    "ReportList",
    "ReportNode",
    "ReportValues",
    "Retry",
    "StepBuilder",
    "StepConfig",
    "StepContract",
    "StepHandle",
    "StepOutputProxy",
    "StringVariable",
    "Variable",
    "compile_pipeline",
    "compiled_files",
    "find_project",
    "join",
    "load_contract",
    "read_project",
    "undeclared_environment_parameters",
]
