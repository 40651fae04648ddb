from smgen.authoring.builders import Binding as Binding, Reference as Reference, StepBuilder as StepBuilder
from smgen.authoring.code_references import SourceCode as SourceCode, source_code as source_code
from smgen.authoring.config import StepConfig as StepConfig
from smgen.authoring.contract_files import package_folder as package_folder
from smgen.authoring.execution import Execution as Execution, PipelineExperiment as PipelineExperiment
from smgen.authoring.items import Item as Item, ItemRecord as ItemRecord
from smgen.authoring.loading import load_contract as load_contract
from smgen.authoring.misuse import MisuseError as MisuseError
from smgen.authoring.ordering import PipelineStep as PipelineStep, Ran as Ran
from smgen.authoring.proxies import StepOutputProxy as StepOutputProxy
from smgen.authoring.ranges import (
    AutoRange as AutoRange,
    BooleanSearch as BooleanSearch,
    ContinuousRange as ContinuousRange,
    IntegerRange as IntegerRange,
    IntegerSearch as IntegerSearch,
    NumberSearch as NumberSearch,
    TextSearch as TextSearch,
)
from smgen.authoring.raw import raw_condition as raw_condition, raw_value as raw_value
from smgen.authoring.references import (
    AUTO as AUTO,
    Artifact as Artifact,
    Auto as Auto,
    External as External,
    Output as Output,
    Renamed as Renamed,
)
from smgen.authoring.reports import (
    ReportFile as ReportFile,
    ReportList as ReportList,
    ReportNode as ReportNode,
    ReportValues as ReportValues,
    json_value as json_value,
)
from smgen.authoring.step_handles import StepHandle as StepHandle
from smgen.authoring.step_settings import Cache as Cache, Retry as Retry
from smgen.authoring.tuning import TunedJob as TunedJob, TuningBuilder as TuningBuilder, TuningProxy as TuningProxy
from smgen.authoring.tuning_settings import TuningSettings as TuningSettings, WarmStart as WarmStart
from smgen.authoring.variables import (
    TUNED as TUNED,
    BooleanVariable as BooleanVariable,
    Condition as Condition,
    FloatVariable as FloatVariable,
    IntegerVariable as IntegerVariable,
    StringVariable as StringVariable,
    Variable as Variable,
    join as join,
)
from smgen.building.build import CompiledPipeline as CompiledPipeline
from smgen.building.connections import Connections as Connections, lock_findings as lock_findings
from smgen.building.contract_code import packed_files as packed_files, packing_findings as packing_findings
from smgen.building.environment import Environment as Environment
from smgen.building.loops import (
    IterationOutput as IterationOutput,
    IterationOutputs as IterationOutputs,
)
from smgen.building.output_types import output_attribute as output_attribute
from smgen.building.pipeline import (
    BranchBuilder as BranchBuilder,
    ConditionStep as ConditionStep,
    FluentPipelineBuilder as FluentPipelineBuilder,
    ForEachStep as ForEachStep,
    StepsBuilder as StepsBuilder,
)
from smgen.building.sdk_requests import SdkStep as SdkStep
from smgen.contract_model.step_contract import StepContract as StepContract
from smgen.diagnostics.errors import FindingsError as FindingsError
from smgen.diagnostics.finding import Finding as Finding
from smgen.factory.proxy_factory import ProxyFactory as ProxyFactory
from smgen.factory.run_time_builders import RunTimeStepBuilder as RunTimeStepBuilder
from smgen.factory.run_time_proxies import RunTimeProxy as RunTimeProxy
from smgen.projects.compilation import (
    ResolvedPipeline as ResolvedPipeline,
    compile_pipeline as compile_pipeline,
    read_project_lock as read_project_lock,
    resolve_pipeline as resolve_pipeline,
)
from smgen.projects.compiled_output import compiled_files as compiled_files
from smgen.projects.project import (
    PipelineSource as PipelineSource,
    Project as Project,
    undeclared_environment_parameters as undeclared_environment_parameters,
)
from smgen.projects.project_package import stale_project_findings as stale_project_findings
from smgen.projects.project_reading import find_project as find_project, read_project as read_project
from smgen.projects.user_code import tracebacks_to as tracebacks_to
