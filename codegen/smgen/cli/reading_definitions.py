"""Reads definitions as files hold them: a definition itself, or what describe-pipeline prints."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from smgen.definition import Definition, parse_definition
from smgen.documents import DEFINITION_LIMITS, Document, parse_document, read_document


@dataclass(frozen=True, slots=True)
class ReadDefinition:
    """A definition, and the pipeline's name where the text says it, as what describe-pipeline prints does."""

    definition: Definition
    pipeline: str | None = None


def read_definition(path: Path, shown: str) -> ReadDefinition:
    """The definition in a file, which findings call ``shown``.

    Raises FindingsError (SMG300 and what reading a document reports), and OSError where it cannot be read.
    """
    return _read(read_document(path, DEFINITION_LIMITS, shown_as=shown), shown)


def definition_of(data: bytes, shown: str) -> ReadDefinition:
    """The definition in a text. Raises FindingsError like ``read_definition``."""
    return _read(parse_document(data, shown, DEFINITION_LIMITS), shown)


def _read(document: Document, shown: str) -> ReadDefinition:
    value = document.value
    text = value.get("PipelineDefinition") if isinstance(value, dict) and "Steps" not in value else None
    if not isinstance(value, dict) or not isinstance(text, str):
        return ReadDefinition(parse_definition(document))
    inner = parse_document(text.encode("utf-8", "surrogatepass"), shown, DEFINITION_LIMITS)
    name = value.get("PipelineName")
    return ReadDefinition(parse_definition(inner), name if isinstance(name, str) else None)
