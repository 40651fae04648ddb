from smgen.generate.collisions import is_fixed_name as is_fixed_name
from smgen.generate.fingerprint import generator_fingerprint as generator_fingerprint
from smgen.generate.formatting import format_sources as format_sources
from smgen.generate.literals import docstring as docstring, string_literal as string_literal
from smgen.generate.model_generator import ModelGenerator as ModelGenerator
from smgen.generate.package import (
    foreign_files as foreign_files,
    obsolete_files as obsolete_files,
    other_tools as other_tools,
    package_changes as package_changes,
    publish_package as publish_package,
    published_hashes as published_hashes,
    stale_findings as stale_findings,
)
from smgen.generate.planning import (
    GeneratedPackage as GeneratedPackage,
    GenerationOptions as GenerationOptions,
    assembled_package as assembled_package,
    document_record as document_record,
    plan as plan,
    refuse_collisions as refuse_collisions,
    types_record as types_record,
)
from smgen.generate.step_modules import ModuleWriter as ModuleWriter, StepModule as StepModule
