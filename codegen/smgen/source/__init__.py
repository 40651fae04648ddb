"""What users' pipeline modules say wrongly, found in their syntax tree, and AUTO ports written out; nothing is run."""

from __future__ import annotations

from smgen.source.auto_edits import AutoEdit, AutoSource, RewrittenModule, WrittenReference, WrittenStep
from smgen.source.checking import check_source, function_lines, parameter_lines, statement_lines
from smgen.source.explicit_references import write_references
from smgen.source.module_file import ModuleFile, read_module

__all__ = [
    "AutoEdit",
    "AutoSource",
    "ModuleFile",
    "RewrittenModule",
    "WrittenReference",
    "WrittenStep",
    "check_source",
    "function_lines",
    "parameter_lines",
    "read_module",
    "statement_lines",
    "write_references",
]
