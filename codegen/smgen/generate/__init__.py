"""From contracts to a typed package: planning, rendering, formatting, checking and publishing."""

from __future__ import annotations

from smgen.generate.collisions import is_fixed_name
from smgen.generate.formatting import format_sources
from smgen.generate.literals import docstring, string_literal
from smgen.generate.package import (
    contracts_path,
    foreign_files,
    other_tools,
    package_changes,
    publish_package,
    stale_findings,
)
from smgen.generate.planning import GeneratedPackage, GenerationOptions, plan

__all__ = [
    "GeneratedPackage",
    "GenerationOptions",
    "contracts_path",
    "docstring",
    "foreign_files",
    "format_sources",
    "is_fixed_name",
    "other_tools",
    "package_changes",
    "plan",
    "publish_package",
    "stale_findings",
    "string_literal",
]
