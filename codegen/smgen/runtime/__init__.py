"""What generated code and pipelines import: references, typed variables, builders, and the pipeline itself."""

from __future__ import annotations

from smgen.contracts import StepContract
from smgen.runtime.auto import Connections, output_attribute
from smgen.runtime.builders import Binding, Reference, StepBuilder
from smgen.runtime.building import CompiledPipeline
from smgen.runtime.compilation import ResolvedPipeline, compile_pipeline, read_project_lock, resolve_pipeline
from smgen.runtime.compiled_files import compiled_files
from smgen.runtime.config import StepConfig
from smgen.runtime.contract_code import packed_files, packing_findings
from smgen.runtime.environment import Environment
from smgen.runtime.items import Item, ItemRecord
from smgen.runtime.loading import load_contract, package_folder
from smgen.runtime.loops import ForEachStep, IterationOutput, IterationOutputs
from smgen.runtime.misuse import MisuseError
from smgen.runtime.ordering import PipelineStep, Ran
from smgen.runtime.pipeline import BranchBuilder, ConditionStep, FluentPipelineBuilder, StepsBuilder
from smgen.runtime.project import PipelineSource, Project, undeclared_environment_parameters
from smgen.runtime.project_package import stale_project_findings
from smgen.runtime.project_reading import find_project, read_project
from smgen.runtime.proxies import StepHandle, StepOutputProxy
from smgen.runtime.proxy_factory import ProxyFactory
from smgen.runtime.ranges import (
    AutoRange,
    BooleanSearch,
    ContinuousRange,
    IntegerRange,
    IntegerSearch,
    NumberSearch,
    TextSearch,
)
from smgen.runtime.raw import raw_condition, raw_value
from smgen.runtime.references import AUTO, Artifact, Auto, External, Output, Renamed
from smgen.runtime.reports import ReportFile, ReportList, ReportNode, ReportValues, json_value
from smgen.runtime.run_time_builders import RunTimeStepBuilder
from smgen.runtime.run_time_proxies import RunTimeProxy
from smgen.runtime.sdk_requests import SdkStep
from smgen.runtime.source_code import SourceCode, source_code
from smgen.runtime.step_settings import Cache, Retry
from smgen.runtime.tuning import TunedJob, TuningBuilder, TuningProxy, TuningSettings, WarmStart
from smgen.runtime.user_code import tracebacks_to
from smgen.runtime.variables import (
    TUNED,
    BooleanVariable,
    Condition,
    Execution,
    FloatVariable,
    IntegerVariable,
    PipelineExperiment,
    StringVariable,
    Variable,
    join,
)

__all__ = [
    "AUTO",
    "TUNED",
    "Artifact",
    "Auto",
    "AutoRange",
    "Binding",
    "BooleanSearch",
    "BooleanVariable",
    "BranchBuilder",
    "Cache",
    "CompiledPipeline",
    "Condition",
    "ConditionStep",
    "Connections",
    "ContinuousRange",
    "Environment",
    "Execution",
    "External",
    "FloatVariable",
    "FluentPipelineBuilder",
    "ForEachStep",
    "IntegerRange",
    "IntegerSearch",
    "IntegerVariable",
    "Item",
    "ItemRecord",
    "IterationOutput",
    "IterationOutputs",
    "MisuseError",
    "NumberSearch",
    "Output",
    "PipelineExperiment",
    "PipelineSource",
    "PipelineStep",
    "Project",
    "ProxyFactory",
    "Ran",
    "Reference",
    "Renamed",
    "ReportFile",
    "ReportList",
    "ReportNode",
    "ReportValues",
    "ResolvedPipeline",
    "Retry",
    "RunTimeProxy",
    "RunTimeStepBuilder",
    "SdkStep",
    "SourceCode",
    "StepBuilder",
    "StepConfig",
    "StepContract",
    "StepHandle",
    "StepOutputProxy",
    "StepsBuilder",
    "StringVariable",
    "TextSearch",
    "TunedJob",
    "TuningBuilder",
    "TuningProxy",
    "TuningSettings",
    "Variable",
    "WarmStart",
    "compile_pipeline",
    "compiled_files",
    "find_project",
    "join",
    "json_value",
    "load_contract",
    "output_attribute",
    "package_folder",
    "packed_files",
    "packing_findings",
    "raw_condition",
    "raw_value",
    "read_project",
    "read_project_lock",
    "resolve_pipeline",
    "source_code",
    "stale_project_findings",
    "tracebacks_to",
    "undeclared_environment_parameters",
]
