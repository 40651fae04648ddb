"""The document formats of contracts and artifact types as pydantic models.

Written by ``python -m smgen.contracts.document_model_script`` from the schemas in ``schema/``: change those.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

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


class Metric(BaseModel):
    """A metric of a training job."""

    model_config = ConfigDict(
        extra="forbid",
    )
    regex: Annotated[str | None, Field(max_length=500, min_length=1)] = None
    goal: Literal["maximize", "minimize"] | None = None
    description: str | None = None


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


class Variant(BaseModel):
    """What a variant says differently; whatever it does not state is as in the contract."""

    model_config = ConfigDict(
        extra="forbid",
        arbitrary_types_allowed=True,
    )
    description: str | None = None
    inputs: JsonValue | None = None
    outputs: JsonValue | None = None
    settings: JsonValue | None = None
    hyperparameters: JsonValue | None = None
    environment: JsonValue | None = None
    source: JsonValue | None = None
    request: JsonValue | None = None
    step_fields: JsonValue | None = None
    deprecated: Annotated[str | None, Field(min_length=1)] = None


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


class SettingHole(BaseModel):
    """The value of a setting. When it is not set and there is no 'absent', only this member goes."""

    model_config = ConfigDict(
        extra="forbid",
    )
    field_setting: Annotated[str, Field(alias="$setting", min_length=1)]
    absent: Any | None = None


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


class Distribution(BaseModel):
    """With 'toolkit': how the script is started on several machines or GPUs."""

    model_config = ConfigDict(
        extra="forbid",
    )
    type: Literal[
        "mpi",
        "smdataparallel",
        "torch_distributed",
        "parameter_server",
        "multi_worker_mirrored_strategy",
    ]
    processes_per_host: int | SettingHole | None = None
    custom_mpi_options: str | SettingHole | None = None


class Source(BaseModel):
    """The script that the step runs, with the files that it needs."""

    model_config = ConfigDict(
        extra="forbid",
    )
    entry: Annotated[str, Field(min_length=1)]
    dir: Annotated[str | None, Field(min_length=1)] = None
    pack: Literal["entry", "folder"] | None = None
    dependencies: list[str] | None = None
    requirements: Annotated[str | None, Field(min_length=1)] = None
    launch: Literal["processing", "toolkit", "channel", "inference"] | None = None
    by_channel: bool | None = None
    log_level: Annotated[int | None, Field(ge=0, le=50)] = None
    distribution: Annotated[
        Distribution | None,
        Field(description="With 'toolkit': how the script is started on several machines or GPUs."),
    ] = None


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
    input_mode: str | SettingHole | None = None
    distribution: str | SettingHole | None = None
    data_type: str | SettingHole | None = None
    compression: str | SettingHole | None = None
    local_path: Annotated[str | None, Field(min_length=1)] = None
    input_name: Annotated[str | None, Field(min_length=1)] = None
    renamed_from: Renaming | None = None


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
    raw: bool | None = None
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
    metrics: Annotated[
        dict[Annotated[str, StringConstraints(min_length=1, max_length=255)], Metric] | None,
        Field(min_length=1),
    ] = None
    source: Annotated[
        Source | None,
        Field(description="The script that the step runs, with the files that it needs."),
    ] = None
    request: JsonValue | None = None
    step_fields: JsonValue | None = None
    reserved: list[str] | None = None
    deprecated: Annotated[str | None, Field(min_length=1)] = None
    variants: Annotated[
        dict[
            Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")],
            Variant,
        ]
        | None,
        Field(max_length=64, min_length=1),
    ] = None


class Documents(BaseModel):
    """Both documents of a contract folder."""

    contract: ContractDocument | None = None
    types: ArtifactTypesDocument | None = None
