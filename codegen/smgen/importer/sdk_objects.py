"""Reads the definition of a pipeline that was built with the SageMaker SDK, of whichever version."""

from __future__ import annotations

from typing import Protocol

from smgen.definition import Definition, parse_definition
from smgen.documents import DEFINITION_LIMITS, parse_document


class SdkDefinition(Protocol):
    """What a ``Pipeline`` of SDK v2 or v3 is to an import; nothing of the SDK is needed to say so."""

    @property
    def name(self) -> str:
        """The pipeline's name in SageMaker."""
        ...

    def definition(self) -> str:
        """The definition as JSON text, with which the SDK would update the pipeline."""
        ...


def from_sdk(pipeline: SdkDefinition) -> Definition:
    """The definition of an SDK pipeline, as ``upsert`` would send it.

    The SDK may upload code when it is asked for it, as it always does. What it raises passes through; FindingsError
    (SMG300 and what reading a document reports) where its text is no definition.
    """
    data = pipeline.definition().encode("utf-8", "surrogatepass")
    return parse_definition(parse_document(data, f"sdk:{pipeline.name}", DEFINITION_LIMITS))
