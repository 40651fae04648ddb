"""Runs datamodel-code-generator, once for all equal schemas of one run, and of all runs on this machine.

A pass costs more than everything else that is done for a contract, and most edits of a contract are of words, which the
tool never sees.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from smgen.documents import JsonObject, compact_json, content_hash
from smgen.generate.fingerprint import tool_versions
from smgen.packages import MODELS, cached_text, keep_text


@dataclass
class ModelGenerator:
    """The sources of models; ``passes`` counts how often the tool was run.

    With ``stored`` an answer that this machine has got before from the same tool, asked the same way, is taken.
    """

    stored: bool = False
    passes: int = field(default=0, init=False)
    _sources: dict[str, str] = field(default_factory=dict[str, str], init=False)

    def source(self, schema: JsonObject) -> str:
        """The tool's module for a JSON Schema of an object."""
        text = compact_json(schema)
        if text not in self._sources:
            self._sources[text] = self._stored(text) if self.stored else self._pass(text)
        return self._sources[text]

    def _stored(self, schema: str) -> str:
        key = content_hash(f"{_asked_by()}\0{schema}".encode())
        source = cached_text(MODELS, key)
        if source is None:
            source = self._pass(schema)
            keep_text(MODELS, key, source)
        return source

    def _pass(self, schema: str) -> str:
        self.passes += 1
        return _generated(schema)


@cache
def _asked_by() -> str:
    """What an answer depends on beside the schema: the tools, and how this module asks."""
    return "\0".join((*tool_versions(), content_hash(Path(__file__).read_bytes())))


def _generated(schema: str) -> str:
    with warnings.catch_warnings():
        # Its words about the Python that it runs on are for its own users, not for whoever generates.
        warnings.simplefilter("ignore")
        from datamodel_code_generator import InputFileType, LiteralType, PythonVersion, generate
        from datamodel_code_generator.enums import DataModelType

        source = generate(
            schema,
            input_file_type=InputFileType.JsonSchema,
            output_model_type=DataModelType.PydanticV2BaseModel,
            base_class="smgen.runtime.StepConfig",
            target_python_version=PythonVersion.PY_310,
            use_type_alias=True,
            strict_nullable=True,
            use_annotated=True,
            field_constraints=True,
            enum_field_as_literal=LiteralType.All,
            use_one_literal_as_default=True,
            use_union_operator=True,
            use_standard_collections=True,
            # Of a mutable collection only one of exactly the same type of items fits: no list[str] of a user's own.
            use_generic_container_types=True,
            use_serialization_alias=True,
            use_field_description=True,
            use_schema_description=True,
            disable_timestamp=True,
            formatters=[],
        )
    if not isinstance(source, str):
        raise TypeError(f"datamodel-code-generator returned {type(source).__name__} for one model")
    return source
