"""Documents and files: located JSON, canonical JSON, paths inside a root, and atomic publishing."""

from __future__ import annotations

from smgen.documents.document import Document, parse_document, read_document
from smgen.documents.inside import documents_in, resolve_inside
from smgen.documents.limits import CONTRACT_LIMITS, DEFINITION_LIMITS, Limits
from smgen.documents.members import (
    at_pointer,
    children,
    is_container,
    json_at,
    list_at,
    object_at,
    objects_at,
    replace_at,
    text_at,
    walk,
    with_plain,
)
from smgen.documents.pointers import (
    Trail,
    append_pointer,
    longer_trail,
    pointer,
    split_pointer,
    trail_parts,
    trail_pointer,
)
from smgen.documents.publish import Publication, publish_files, publish_tree
from smgen.documents.shown import shown_json, shown_path
from smgen.documents.tree import TreeChange, compare_tree
from smgen.documents.values import (
    HALF_CHARACTER,
    JsonObject,
    JsonReadable,
    JsonValue,
    canonical_json,
    compact_json,
    content_hash,
    pretty_json,
    whole_text,
)

__all__ = [
    "CONTRACT_LIMITS",
    "DEFINITION_LIMITS",
    "HALF_CHARACTER",
    "Document",
    "JsonObject",
    "JsonReadable",
    "JsonValue",
    "Limits",
    "Publication",
    "Trail",
    "TreeChange",
    "append_pointer",
    "at_pointer",
    "canonical_json",
    "children",
    "compact_json",
    "compare_tree",
    "content_hash",
    "documents_in",
    "is_container",
    "json_at",
    "list_at",
    "longer_trail",
    "object_at",
    "objects_at",
    "parse_document",
    "pointer",
    "pretty_json",
    "publish_files",
    "publish_tree",
    "read_document",
    "replace_at",
    "resolve_inside",
    "shown_json",
    "shown_path",
    "split_pointer",
    "text_at",
    "trail_parts",
    "trail_pointer",
    "walk",
    "whole_text",
    "with_plain",
]
