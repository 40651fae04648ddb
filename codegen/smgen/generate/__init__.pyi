from smgen.generate.collisions import is_fixed_name as is_fixed_name
from smgen.generate.formatting import format_sources as format_sources
from smgen.generate.literals import docstring as docstring, string_literal as string_literal
from smgen.generate.package import (
    contracts_path as contracts_path,
    foreign_files as foreign_files,
    obsolete_files as obsolete_files,
    other_tools as other_tools,
    package_changes as package_changes,
    publish_package as publish_package,
    stale_findings as stale_findings,
)
from smgen.generate.planning import (
    GeneratedPackage as GeneratedPackage,
    GenerationOptions as GenerationOptions,
    plan as plan,
)
