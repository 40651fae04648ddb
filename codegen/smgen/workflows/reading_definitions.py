"""Reads definitions as files hold them: a definition itself, or what describe-pipeline prints."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from smgen.definition import Definition, parse_definition
from smgen.documents import DEFINITION_LIMITS, Document, object_at, parse_document, read_document, text_at


@dataclass(frozen=True, slots=True)
class ReadDefinition:
    """A definition, and what the text says of the pipeline around it, as what describe-pipeline prints does.

    ``arn`` is that of the pipeline, ``role`` that of the role which its executions run under.
    """

    definition: Definition
    pipeline: str | None = None
    arn: str | None = None
    role: str | None = None


def read_definition(path: Path, shown: str) -> ReadDefinition:
    """The definition in a file, which findings call ``shown``, as a tolerant reader has it.

    Raises FindingsError (SMG300 and what reading a document reports), and OSError where it cannot be read.
    """
    return _read(read_document(path, DEFINITION_LIMITS, shown_as=shown), shown)


def definition_of(data: bytes, shown: str) -> ReadDefinition:
    """The definition in a text. Raises FindingsError like ``read_definition``."""
    return _read(parse_document(data, shown, DEFINITION_LIMITS), shown)


def _read(document: Document, shown: str) -> ReadDefinition:
    value = object_at(document.value)
    text = text_at(value, "PipelineDefinition")
    if "Steps" in value or text is None:
        return ReadDefinition(parse_definition(document, tolerant=True))
    inner = parse_document(text.encode("utf-8", "surrogatepass"), shown, DEFINITION_LIMITS)
    name, arn, role = (text_at(value, member) or None for member in ("PipelineName", "PipelineArn", "RoleArn"))
    return ReadDefinition(parse_definition(inner, tolerant=True), name, arn, role)
