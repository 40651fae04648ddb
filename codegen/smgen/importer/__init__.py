"""Turns existing pipeline definitions into contracts and a typed pipeline module that compiles to the same."""

from __future__ import annotations

from smgen.importer.accounts import Account, account_of, account_of_arn
from smgen.importer.artifacts import LIBRARY_PACKAGE
from smgen.importer.code_contracts import SourceFolders, with_source_folders
from smgen.importer.environments import (
    EnvironmentSettings,
    ExistingEnvironments,
    OwnEnvironment,
    SharedEnvironments,
    share_environments,
)
from smgen.importer.importing import import_pipeline
from smgen.importer.merging import Merged, NoReuse, Reuse, merge
from smgen.importer.model import DeployedFacts, ImportedEnvironment, ImportedPipeline
from smgen.importer.module import pipeline_module
from smgen.importer.pipeline_name import name_in
from smgen.importer.project_files import (
    IMPORTED_FOLDER,
    ExistingPipeline,
    PlannedPipeline,
    PlannedProject,
    ProjectSettings,
    planned_project,
)
from smgen.importer.raw_parts import more_raw_parts
from smgen.importer.refused_contracts import at_definitions, at_steps
from smgen.importer.report import (
    REPORT_MARK,
    EnvironmentProof,
    ImportReport,
    report_json,
    report_markdown,
    report_text,
)
from smgen.importer.rewriting import without_unused_values
from smgen.importer.sdk_objects import SdkDefinition, from_sdk
from smgen.importer.source_folders import CodeLocation
from smgen.importer.walking import contract_steps

__all__ = [
    "IMPORTED_FOLDER",
    "LIBRARY_PACKAGE",
    "REPORT_MARK",
    "Account",
    "CodeLocation",
    "DeployedFacts",
    "EnvironmentProof",
    "EnvironmentSettings",
    "ExistingEnvironments",
    "ExistingPipeline",
    "ImportReport",
    "ImportedEnvironment",
    "ImportedPipeline",
    "Merged",
    "NoReuse",
    "OwnEnvironment",
    "PlannedPipeline",
    "PlannedProject",
    "ProjectSettings",
    "Reuse",
    "SdkDefinition",
    "SharedEnvironments",
    "SourceFolders",
    "account_of",
    "account_of_arn",
    "at_definitions",
    "at_steps",
    "contract_steps",
    "from_sdk",
    "import_pipeline",
    "merge",
    "more_raw_parts",
    "name_in",
    "pipeline_module",
    "planned_project",
    "report_json",
    "report_markdown",
    "report_text",
    "share_environments",
    "with_source_folders",
    "without_unused_values",
]
