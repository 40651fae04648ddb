"""How large and how deep a document may be before it is read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest document that is read: its size in bytes and how many objects and lists may stand in each other."""

    max_bytes: int
    max_depth: int


CONTRACT_LIMITS = Limits(max_bytes=1024 * 1024, max_depth=64)
"""For documents that people write: contracts, artifact types, settings."""

DEFINITION_LIMITS = Limits(max_bytes=16 * 1024 * 1024, max_depth=200)
"""For pipeline definitions and data that programs write."""
