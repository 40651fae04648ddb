"""The document formats of contracts and artifact types as pydantic models.

Written by ``python -m smgen.contracts.document_model_script`` from the schemas in ``schema/``: change those.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints


class Renaming(BaseModel):
    """The port's former name; until a version, generated code has a tombstone there that says the new one."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str, Field(pattern="^[A-Za-z][A-Za-z0-9_]{0,63}$")]
    until: Annotated[
        str,
        Field(pattern="^(0|[1-9][0-9]{0,8})[.](0|[1-9][0-9]{0,8})[.](0|[1-9][0-9]{0,8})$"),
    ]


class Input(BaseModel):
    """An input port: an argument of the generated step builder."""

    model_config = ConfigDict(
        extra="forbid",
    )
    type: Annotated[str, Field(min_length=1)]
    required: bool | None = None
    many: bool | None = None
    description: str | None = None
    compatible_sources: list[str] | None = None
    semantic_keywords: list[str] | None = None
    aliases: list[str] | None = None
    channel: Annotated[str | None, Field(min_length=1)] = None
    content_type: Annotated[str | None, Field(min_length=1)] = None
    input_mode: Annotated[str | None, Field(min_length=1)] = None
    local_path: Annotated[str | None, Field(min_length=1)] = None
    input_name: Annotated[str | None, Field(min_length=1)] = None
    renamed_from: Renaming | None = None


class ReportFile(BaseModel):
    """A JSON file that the step writes below this output's location."""

    model_config = ConfigDict(
        extra="forbid",
        arbitrary_types_allowed=True,
    )
    path: Annotated[str, Field(min_length=1)]
    property_file: Annotated[str | None, Field(min_length=1)] = None
    type: Annotated[str | None, Field(min_length=1)] = None
    description: str | None = None
    schema_: Annotated[JsonValue, Field(alias="schema")]


class Output(BaseModel):
    """An output port: a property of the generated proxy, from a property path or a composed value."""

    model_config = ConfigDict(
        extra="forbid",
        arbitrary_types_allowed=True,
    )
    type: Annotated[str, Field(min_length=1)]
    property_path: Annotated[str | None, Field(min_length=1)] = None
    value: JsonValue | None = None
    description: str | None = None
    must_be_consumed: bool | None = None
    shared: bool | None = None
    aliases: list[str] | None = None
    local_path: Annotated[str | None, Field(min_length=1)] = None
    output_name: Annotated[str | None, Field(min_length=1)] = None
    files: (
        dict[
            Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")],
            ReportFile,
        ]
        | None
    ) = None
    renamed_from: Renaming | None = None


class Setting(BaseModel):
    """A part of the request that a pipeline chooses per step; keywords narrow what AWS says at its holes."""

    model_config = ConfigDict(
        extra="forbid",
        arbitrary_types_allowed=True,
    )
    default: JsonValue | None = None
    required: bool | None = None
    description: str | None = None
    type: JsonValue | None = None
    enum: JsonValue | None = None
    const: JsonValue | None = None
    minimum: JsonValue | None = None
    maximum: JsonValue | None = None
    exclusive_minimum: Annotated[JsonValue | None, Field(alias="exclusiveMinimum")] = None
    exclusive_maximum: Annotated[JsonValue | None, Field(alias="exclusiveMaximum")] = None
    multiple_of: Annotated[JsonValue | None, Field(alias="multipleOf")] = None
    min_length: Annotated[JsonValue | None, Field(alias="minLength")] = None
    max_length: Annotated[JsonValue | None, Field(alias="maxLength")] = None
    pattern: JsonValue | None = None
    items: JsonValue | None = None
    additional_properties: Annotated[JsonValue | None, Field(alias="additionalProperties")] = None
    min_items: Annotated[JsonValue | None, Field(alias="minItems")] = None
    max_items: Annotated[JsonValue | None, Field(alias="maxItems")] = None
    min_properties: Annotated[JsonValue | None, Field(alias="minProperties")] = None
    max_properties: Annotated[JsonValue | None, Field(alias="maxProperties")] = None


class ArtifactType(BaseModel):
    """One artifact type."""

    model_config = ConfigDict(
        extra="forbid",
    )
    parent: str | None = None
    description: str | None = None
    package: Annotated[
        str | None,
        Field(pattern="^[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z_][A-Za-z0-9_]*)*$"),
    ] = None


class Source(BaseModel):
    """The script that the step runs."""

    model_config = ConfigDict(
        extra="forbid",
    )
    entry: Annotated[str, Field(min_length=1)]
    dir: Annotated[str | None, Field(min_length=1)] = None
    launch: Literal["processing"] | None = None


class ContractDocument(BaseModel):
    """What one step of a SageMaker pipeline takes, gives and asks of AWS; one file per contract."""

    model_config = ConfigDict(
        extra="forbid",
        arbitrary_types_allowed=True,
    )
    field_schema: Annotated[str | None, Field(alias="$schema")] = None
    name: Annotated[str, Field(pattern="^[A-Z][A-Za-z0-9]{0,62}$")]
    version: Annotated[
        str,
        Field(pattern="^(0|[1-9][0-9]{0,8})[.](0|[1-9][0-9]{0,8})[.](0|[1-9][0-9]{0,8})$"),
    ]
    kind: Annotated[str, Field(min_length=1)]
    owner: str | None = None
    description: str | None = None
    inputs: (
        dict[
            Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")],
            Input,
        ]
        | None
    ) = None
    outputs: (
        dict[
            Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")],
            Output,
        ]
        | None
    ) = None
    settings: (
        dict[
            Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")],
            Setting,
        ]
        | None
    ) = None
    hyperparameters: JsonValue | None = None
    environment: JsonValue | None = None
    source: Annotated[Source | None, Field(description="The script that the step runs.")] = None
    request: JsonValue
    step_fields: JsonValue | None = None
    reserved: list[str] | None = None
    deprecated: Annotated[str | None, Field(min_length=1)] = None


class ArtifactTypesDocument(BaseModel):
    """The kinds of artifacts that the contracts of one folder pass around, as a hierarchy."""

    model_config = ConfigDict(
        extra="forbid",
    )
    field_schema: Annotated[str | None, Field(alias="$schema")] = None
    package: Annotated[
        str | None,
        Field(pattern="^[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z_][A-Za-z0-9_]*)*$"),
    ] = None
    types: dict[
        Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]{0,62}$")],
        ArtifactType,
    ]


class Documents(BaseModel):
    """Both documents of a contract folder."""

    contract: ContractDocument | None = None
    types: ArtifactTypesDocument | None = None
