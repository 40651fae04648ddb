from smgen.importer.accounts import Account as Account, account_of as account_of, account_of_arn as account_of_arn
from smgen.importer.artifacts import LIBRARY_PACKAGE as LIBRARY_PACKAGE
from smgen.importer.code_contracts import SourceFolders as SourceFolders, with_source_folders as with_source_folders
from smgen.importer.code_names import words_of as words_of
from smgen.importer.contract_replacement import without_unused_values as without_unused_values
from smgen.importer.environments import (
    EnvironmentSettings as EnvironmentSettings,
    ExistingEnvironments as ExistingEnvironments,
    OwnEnvironment as OwnEnvironment,
    SharedEnvironments as SharedEnvironments,
    share_environments as share_environments,
)
from smgen.importer.imported_pipeline import (
    DeployedFacts as DeployedFacts,
    ImportedEnvironment as ImportedEnvironment,
    ImportedPipeline as ImportedPipeline,
)
from smgen.importer.merging import Merged as Merged, NoReuse as NoReuse, Reuse as Reuse, merge as merge
from smgen.importer.module import pipeline_module as pipeline_module
from smgen.importer.pipeline_import import import_pipeline as import_pipeline
from smgen.importer.pipeline_name import name_in as name_in
from smgen.importer.project_files import (
    IMPORTED_FOLDER as IMPORTED_FOLDER,
    ExistingPipeline as ExistingPipeline,
    PlannedPipeline as PlannedPipeline,
    PlannedProject as PlannedProject,
    ProjectSettings as ProjectSettings,
    planned_project as planned_project,
)
from smgen.importer.raw_parts import raw_parts_for as raw_parts_for
from smgen.importer.refused_contracts import at_definitions as at_definitions, at_steps as at_steps
from smgen.importer.report import (
    REPORT_MARK as REPORT_MARK,
    EnvironmentProof as EnvironmentProof,
    ImportReport as ImportReport,
    report_json as report_json,
    report_markdown as report_markdown,
    report_text as report_text,
)
from smgen.importer.sdk_objects import (
    LoadedSdkPipeline as LoadedSdkPipeline,
    SdkDefinition as SdkDefinition,
    from_sdk as from_sdk,
    sdk_pipelines as sdk_pipelines,
)
from smgen.importer.source_folders import CodeLocation as CodeLocation
from smgen.importer.walking import contract_steps as contract_steps
