"""What users' pipeline modules say wrongly, found in their syntax tree; nothing of them is run."""

from __future__ import annotations

from smgen.source.checking import check_source, function_lines, parameter_lines, statement_lines

__all__ = ["check_source", "function_lines", "parameter_lines", "statement_lines"]
