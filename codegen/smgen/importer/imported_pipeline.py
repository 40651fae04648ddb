"""An imported pipeline before it is written: its contracts, its environments, and its steps as code will add them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from smgen.diagnostics import Finding
from smgen.documents import JsonObject, JsonValue
from smgen.expressions import Condition, Expression
from smgen.importer.plain_types import ParameterType, PythonType

Scalar: TypeAlias = "str | int | float | bool"

#: What of an environment a value comes from: its bucket, a named image or model package group, or one of
#: ``[tool.smgen.environments.<name>.values]``. Roles, keys, networks and tags are filled in by the contracts.
EnvironmentKind: TypeAlias = Literal["bucket", "image", "model_package_group", "value"]


@dataclass(frozen=True, slots=True)
class EnvironmentReference:
    """A value of the environment; ``name`` says which image, group or value, and is empty for the bucket."""

    kind: EnvironmentKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class EnvironmentText:
    """A text with parts that differ by environment; at least one part is a reference.

    The bucket stands only behind a first part ``s3://``; a bucket's name anywhere else is a ``value``.
    """

    parts: tuple[str | EnvironmentReference, ...]


@dataclass(frozen=True, slots=True)
class ProxyExpression:
    """An output of a step read as an attribute: ``train.model_artifacts``, or a value of a report.

    ``attribute`` is the attribute of the proxy, ``members`` the way into a report (member names, list indices).
    ``location`` says that the text of an artifact output is meant
    (``.location``), ``below`` a file below it (``/ "file"``). With ``loop`` the step is one of that loop's body, read
    from outside of it: in the ``iteration`` from 0, or without one in that which the loop picks.
    """

    step: str
    attribute: str
    members: tuple[str | int, ...] = ()
    location: bool = False
    below: str = ""
    loop: str = ""
    iteration: int | None = None


@dataclass(frozen=True, slots=True)
class JoinedText:
    """Texts and variables put together when the pipeline runs (``join``)."""

    on: str
    values: tuple[Authored, ...]


@dataclass(frozen=True, slots=True)
class FileValue:
    """A value of a JSON file that no step declares as its report (``json_value``); ``path`` leads to it."""

    location: Authored
    path: str
    type: ParameterType


@dataclass(frozen=True, slots=True)
class ParameterInCode:
    """A parameter of the pipeline, by its name in the definition."""

    name: str


@dataclass(frozen=True, slots=True)
class ExecutionInCode:
    """A fact of the execution (``Execution.PIPELINE_EXECUTION_ID``), by the definition's name of it.

    ``ExperimentName`` and ``TrialName`` are those that it is filed under.
    """

    name: str


@dataclass(frozen=True, slots=True)
class LoopItem:
    """The current item of the loop around a step, or a member of it by keys; ``type`` as a parameter's is called."""

    members: tuple[str, ...] = ()
    type: str = "String"


@dataclass(frozen=True, slots=True)
class RawPart:
    """What comes in as it is: the JSON in each of the ``environments``, by their numbers, that has something there."""

    values: Mapping[int, JsonValue]
    environments: int = 1

    @property
    def is_alike(self) -> bool:
        """Whether it is the same in every environment."""
        texts = {json.dumps(value, sort_keys=True) for value in self.values.values()}
        return self.is_everywhere and len(texts) == 1

    @property
    def is_everywhere(self) -> bool:
        """Whether every environment has it."""
        return len(self.values) == self.environments

    def of_all(self) -> JsonValue:
        """What one environment has, where all have the same."""
        return next(iter(self.values.values()))


@dataclass(frozen=True, slots=True)
class RawValue:
    """An expression as it stands in the definition; ``type`` as a parameter's is called, and believed."""

    expression: RawPart
    type: str = "String"


#: What is worked out when the pipeline is built, or when it runs.
Reference: TypeAlias = (
    EnvironmentReference
    | EnvironmentText
    | ProxyExpression
    | JoinedText
    | FileValue
    | ParameterInCode
    | ExecutionInCode
    | LoopItem
    | RawValue
)

#: A value as the module will write it. Lists and objects hold such values; None is left out where it may be.
Authored: TypeAlias = "Scalar | Reference | tuple[Authored, ...] | Mapping[str, Authored] | None"


def is_literal(value: object) -> bool:
    """Whether a value, or the operand of a condition, is plain: a text, a number, a truth value or nothing."""
    return value is None or isinstance(value, (str, bool, int, float))


def authored_json(value: JsonValue) -> Authored:
    """The values of JSON as the module will write them, in which lists are tuples."""
    if isinstance(value, dict):
        return {name: authored_json(item) for name, item in value.items()}
    return tuple(map(authored_json, value)) if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item of ``after=``: a step, and the outcome that is waited for (None: it succeeded)."""

    step: str
    trigger: str | None = None


@dataclass(frozen=True, slots=True)
class ImportedStep:
    """A step with a contract.

    ``config`` is by the contract's names of settings, hyperparameters and environment variables; ``ports`` holds the
    references of each bound port, ``External`` where a value is no ProxyExpression; ``locations`` the outputs that are
    written elsewhere than by default. ``cache`` and ``retries`` are the documents' own.
    """

    name: str
    contract: str
    config: Mapping[str, Authored] = field(default_factory=dict[str, "Authored"])
    ports: Mapping[str, tuple[Authored, ...]] = field(default_factory=dict[str, "tuple[Authored, ...]"])
    locations: Mapping[str, Authored] = field(default_factory=dict[str, "Authored"])
    after: tuple[Waiting, ...] = ()
    cache: JsonObject | None = None
    retries: tuple[JsonObject, ...] = ()
    display_name: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class ImportedCondition:
    """A condition step; the operands of its conditions are expressions whose authored forms are in ``operands``."""

    name: str
    conditions: tuple[Condition | RawPart, ...]
    operands: Mapping[Expression, Authored]
    then: tuple[Imported, ...] = ()
    otherwise: tuple[Imported, ...] = ()
    after: tuple[Waiting, ...] = ()
    display_name: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class ImportedFail:
    """A step that ends the execution as failed."""

    name: str
    message: Authored
    after: tuple[Waiting, ...] = ()
    display_name: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class ImportedCleanup:
    """A step that deletes what others wrote: a source is a file of an output, or a step without an ``attribute``."""

    name: str
    sources: tuple[ProxyExpression, ...]
    after: tuple[Waiting, ...] = ()
    display_name: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class ImportedRecord:
    """The class of items with members: a Python type, or another such class, by key."""

    name: str
    members: Mapping[str, PythonType | ImportedRecord]


@dataclass(frozen=True, slots=True)
class ImportedLoop:
    """A ForEach step: ``arguments`` is what of its ``Arguments`` is not the body.

    ``items`` are a list, in which items with members are mappings, or a variable; ``of`` is the type of one item.
    ``selector`` says which iteration is picked (``MaxBy``, ``MinBy``), and by which output of which step of the body.
    """

    name: str
    items: Authored
    arguments: JsonObject
    of: PythonType | ImportedRecord = "str"
    selector: tuple[str, ProxyExpression] | None = None
    body: tuple[Imported, ...] = ()
    after: tuple[Waiting, ...] = ()
    display_name: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class ImportedRaw:
    """A step that comes in by its document, with the steps that stand in it."""

    name: str
    document: RawPart
    after: tuple[Waiting, ...] = ()
    display_name: str | None = None
    description: str | None = None


Imported: TypeAlias = "ImportedStep | ImportedCondition | ImportedFail | ImportedCleanup | ImportedLoop | ImportedRaw"


@dataclass(frozen=True, slots=True)
class DeployedFacts:
    """What is known of a deployed pipeline beside its definition; None where nothing says it.

    ``role`` is the ARN that its executions run under, ``tags`` are those of the pipeline itself.
    """

    account: str | None = None
    region: str | None = None
    role: str | None = None
    tags: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ImportedEnvironment:
    """One environment as it will stand in pyproject.toml; None and empty where the definition says nothing."""

    name: str
    account: str | None = None
    region: str | None = None
    role: str | None = None
    bucket: str | None = None
    kms_key: str | None = None
    output_kms_key: str | None = None
    subnets: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    images: Mapping[str, str] = field(default_factory=dict[str, str])
    model_package_groups: Mapping[str, str] = field(default_factory=dict[str, str])
    parameters: Mapping[str, Scalar] = field(default_factory=dict[str, Scalar])
    values: Mapping[str, Scalar] = field(default_factory=dict[str, Scalar])


@dataclass(frozen=True, slots=True)
class ImportedParameter:
    """A parameter of the pipeline; ``default`` is None where it has none, ``type`` is the definition's word.

    ``raw`` is its document, where it comes in as it is; ``is_read`` says that some definition reads it.
    """

    name: str
    type: ParameterType
    default: Authored = None
    enum: tuple[str, ...] = ()
    raw: RawPart | None = None
    is_read: bool = True


@dataclass(frozen=True, slots=True)
class Guess:
    """Something that was inferred and that a person should look at; ``subject`` is a step, contract or port.

    ``lines`` are what to write in ``file`` where more is known. ``contract`` is the one that the subject is a part of.
    """

    subject: str
    words: str
    file: str = ""
    lines: tuple[str, ...] = ()
    contract: str = ""


@dataclass(frozen=True, slots=True)
class HiddenEdge:
    """A port that is given a place as a text which another step writes: ``edge`` is what to write in its stead.

    Written so, the definition changes: the step waits for the other one, and takes the place from it.
    """

    step: str
    port: str
    edge: ProxyExpression


@dataclass(frozen=True, slots=True)
class ImportedPipeline:
    """Everything that was read of one pipeline.

    ``metadata`` is what stands in ``Metadata``. ``raw_members`` are members of the whole that come in as they are,
    ``raw_of_steps`` those of steps by the step's name, each an object, and ``raw_parts`` says why, by JSON pointer.
    ``contracts`` are contract documents by name, in the order in which steps use them; ``artifact_types`` the document
    of ``artifact_types.json``. ``experiment`` (experiment and trial) is None where the executions are filed under none,
    ``mlflow`` (resource and experiment) where nothing is tracked. ``findings`` are structural differences between
    environments and whatever could not be read; no module is written while one is an error. ``listed`` are the names of
    all steps in the order of the definition, by the environment's number where that is another one than the order in
    which code must add them.
    """

    name: str
    contracts: Mapping[str, JsonObject]
    artifact_types: JsonObject
    environments: tuple[ImportedEnvironment, ...]
    parameters: tuple[ImportedParameter, ...]
    steps: tuple[Imported, ...]
    experiment: tuple[Authored, Authored] | None
    mlflow: tuple[Authored, Authored] | None = None
    guesses: tuple[Guess, ...] = ()
    findings: tuple[Finding, ...] = ()
    hidden_edges: tuple[HiddenEdge, ...] = ()
    listed: Mapping[int, tuple[str, ...]] = field(default_factory=dict[int, "tuple[str, ...]"])
    metadata: JsonObject = field(default_factory=dict[str, JsonValue])
    raw_members: RawPart | None = None
    raw_of_steps: Mapping[str, RawPart] = field(default_factory=dict[str, RawPart])
    raw_parts: Mapping[str, str] = field(default_factory=dict[str, str])
