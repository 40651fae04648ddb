"""The command line: thin commands over the rooms, each imported when it is called."""

from __future__ import annotations

from smgen.cli.main import main

__all__ = ["main"]
