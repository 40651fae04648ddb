"""Creates or updates a pipeline in SageMaker, only where it differs, and starts it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, cast

from smgen.definition import Definition, dump_definition
from smgen.diagnostics import FindingsError
from smgen.documents import DEFINITION_LIMITS, JsonObject, canonical_json, content_hash, parse_document
from smgen.emit.publishing import Upload, UploadSettings, publish
from smgen.emit.service import S3Client, SageMakerClient, SageMakerReader, ServiceError, called, no_answer, pages

#: From here on, in bytes, a definition goes through S3, as it does in the SDK.
LARGE_DEFINITION: Final = 100 * 1024

Action: TypeAlias = Literal["created", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class DeploymentSettings:
    """What a pipeline has beside its definition.

    ``role`` is the ARN that executions run under; ``tags`` are added to what the pipeline has; ``parallelism`` is how
    many steps may run at once (None: SageMaker's default); ``definitions`` is the S3 URI of the folder that large
    definitions are uploaded to, None where there is none.
    """

    role: str
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    description: str | None = None
    parallelism: int | None = None
    definitions: str | None = None
    upload: UploadSettings = field(default_factory=UploadSettings)


@dataclass(frozen=True, slots=True)
class DeployedState:
    """A pipeline as it is in SageMaker; ``definition`` is None where it is no JSON object."""

    arn: str
    definition: JsonObject | None
    role: str | None
    description: str | None
    parallelism: int | None
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Deployment:
    """What deploying did: ``changed`` names what was different, in the order definition, role, …, tags."""

    arn: str
    action: Action
    changed: tuple[str, ...] = ()


def deployed_state(client: SageMakerReader, name: str, *, tags: bool = True) -> DeployedState | None:
    """The pipeline as it is deployed; None where there is none of that name. Raises ServiceError."""
    try:
        answer = called(lambda: client.describe_pipeline(PipelineName=name), "DescribePipeline")
    except ServiceError as error:
        if error.says_missing:
            return None
        raise
    arn = _text(answer, "PipelineArn") or ""
    parallelism = answer.get("ParallelismConfiguration")
    steps = _object(parallelism).get("MaxParallelExecutionSteps")
    return DeployedState(
        arn,
        _definition(_text(answer, "PipelineDefinition") or ""),
        _text(answer, "RoleArn"),
        _text(answer, "PipelineDescription"),
        steps if isinstance(steps, int) else None,
        pipeline_tags(cast("SageMakerClient", client), arn) if tags else {},
    )


def settings_that_differ(state: DeployedState, settings: DeploymentSettings) -> dict[str, tuple[str, str]]:
    """What of a deployed pipeline beside its definition is not as wanted: name → (deployed, wanted).

    Tags that the settings do not name are somebody else's, and no difference. Neither is a description or a
    parallelism of which the settings say nothing.
    """
    found: dict[str, tuple[str, str]] = {}
    if state.role != settings.role:
        found["role"] = (state.role or "none", settings.role)
    if settings.description is not None and state.description != settings.description:
        found["description"] = (state.description or "none", settings.description)
    if settings.parallelism is not None and state.parallelism != settings.parallelism:
        found["parallelism"] = (str(state.parallelism or "none"), str(settings.parallelism))
    for key, value in settings.tags.items():
        if state.tags.get(key) != value:
            found[f"tag {key}"] = (state.tags.get(key, "none"), value)
    return found


def deploy(
    client: SageMakerClient,
    s3: S3Client,
    name: str,
    definition: Definition,
    settings: DeploymentSettings,
    is_same: Callable[[JsonObject], bool] | None = None,
) -> Deployment:
    """Creates the pipeline, or changes what differs; the definition's assets are there already.

    A pipeline that is as it should be is left alone, without a call that writes. ``is_same`` says whether a deployed
    definition needs no change; without it, one that is equal as JSON needs none. Raises ServiceError.
    """
    document = dump_definition(definition)
    state = deployed_state(client, name)
    if state is None:
        request: dict[str, object] = {
            "PipelineName": name,
            **_definition_request(s3, document, settings),
            "RoleArn": settings.role,
            **_optional(settings),
        }
        if settings.tags:
            request["Tags"] = _tag_list(settings.tags)
        answer = called(lambda: client.create_pipeline(**request), "CreatePipeline")
        return Deployment(_text(answer, "PipelineArn") or "", "created")
    differing = settings_that_differ(state, settings)
    tags = {key: value for key, value in settings.tags.items() if f"tag {key}" in differing}
    same = _same(state.definition, document)
    if not same and is_same is not None and state.definition is not None:
        same = is_same(state.definition)
    changed = (*(() if same else ("definition",)), *differing)
    if len(changed) > len(tags):
        update: dict[str, object] = {"PipelineName": name, "RoleArn": settings.role, **_optional(settings)}
        if "definition" in changed:
            update |= _definition_request(s3, document, settings)
        called(lambda: client.update_pipeline(**update), "UpdatePipeline")
    if tags:
        called(lambda: client.add_tags(ResourceArn=state.arn, Tags=_tag_list(tags)), "AddTags")
    return Deployment(state.arn, "updated" if changed else "unchanged", changed)


def pipeline_tags(client: SageMakerClient, arn: str) -> dict[str, str]:
    """The tags of a deployed pipeline. Raises ServiceError."""
    tags: dict[str, str] = {}
    for page in pages(client.list_tags, "ListTags", {"ResourceArn": arn}):
        # An answer without this list is none; it is JSON, so the list may hold anything.
        for item in cast("list[object]", page["Tags"]):
            key, value = _text(_object(item), "Key"), _text(_object(item), "Value")
            if key is None or value is None:
                raise no_answer("ListTags", "a tag has no key or no value")
            tags[key] = value
    return tags


def start(client: SageMakerClient, name: str, parameters: Mapping[str, str]) -> str:
    """Starts the pipeline with these parameters, as texts; the ARN of the execution. Raises ServiceError."""
    request: dict[str, object] = {"PipelineName": name}
    if parameters:
        request["PipelineParameters"] = [{"Name": key, "Value": value} for key, value in parameters.items()]
    answer = called(lambda: client.start_pipeline_execution(**request), "StartPipelineExecution")
    return _text(answer, "PipelineExecutionArn") or ""


def definition_text(document: JsonObject) -> str:
    """The definition as it is sent: compact, members in their order."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _definition_request(s3: S3Client, document: JsonObject, settings: DeploymentSettings) -> dict[str, object]:
    text = definition_text(document)
    content = text.encode()
    if len(content) <= LARGE_DEFINITION or settings.definitions is None:
        return {"PipelineDefinition": text}
    upload = Upload(f"{settings.definitions.rstrip('/')}/{content_hash(content)}.json", content)
    publish(s3, [upload], settings.upload)
    return {"PipelineDefinitionS3Location": {"Bucket": upload.bucket, "ObjectKey": upload.key}}


def _optional(settings: DeploymentSettings) -> dict[str, object]:
    request: dict[str, object] = {}
    if settings.description is not None:
        request["PipelineDescription"] = settings.description
    if settings.parallelism is not None:
        request["ParallelismConfiguration"] = {"MaxParallelExecutionSteps": settings.parallelism}
    return request


def _same(deployed: JsonObject | None, wanted: JsonObject) -> bool:
    """Whether two definitions are equal as JSON: the order of steps counts, that of members does not."""
    return deployed is not None and canonical_json(deployed) == canonical_json(wanted)


def _definition(text: str) -> JsonObject | None:
    try:
        value = parse_document(text.encode("utf-8", "surrogatepass"), "deployed", DEFINITION_LIMITS).value
    except FindingsError:
        return None
    return value if isinstance(value, dict) else None


def _tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _object(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def _text(answer: Mapping[str, object], name: str) -> str | None:
    value = answer.get(name)
    return value if isinstance(value, str) else None
