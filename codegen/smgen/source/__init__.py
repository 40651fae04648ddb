"""What users' pipeline modules say wrongly, found in their syntax tree, and AUTO ports written out; nothing is run."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

from smgen.source.checking import check_source, function_lines, parameter_lines, statement_lines

if TYPE_CHECKING:
    from smgen.source.auto_edits import AutoEdit, AutoSource, RewrittenModule, WrittenReference, WrittenStep
    from smgen.source.explicit_references import write_references
    from smgen.source.module_file import ModuleFile, read_module
    from smgen.source.script_checking import script_findings
    from smgen.source.script_explanation import script_explanation

#: What only the writing out of AUTO ports and the rules over scripts need, by the module that has it.
_WRITING: Final = {
    **dict.fromkeys(("AutoEdit", "AutoSource", "RewrittenModule", "WrittenReference", "WrittenStep"), "auto_edits"),
    "write_references": "explicit_references",
    **dict.fromkeys(("ModuleFile", "read_module"), "module_file"),
    "script_explanation": "script_explanation",
    "script_findings": "script_checking",
}

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
    "script_explanation",
    "script_findings",
    "statement_lines",
    "write_references",
]


def __getattr__(name: str) -> object:
    """What is imported when it is first asked for."""
    if name not in _WRITING:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(importlib.import_module(f"smgen.source.{_WRITING[name]}"), name)
    globals()[name] = found
    return found
