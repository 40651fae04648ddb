"""What a contract is once it has been read: frozen values that know where they came from.

A ``StepContract`` says what one pipeline step takes, gives and asks of AWS. It is built from a contract document that
has passed the contract JSON Schema (see :mod:`smgen.contracts.reading`), or from the copy of one in a
generated package.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final, Literal, TypeAlias, get_args

from smgen.aws import (
    PROCESSING_OUTPUTS,
    ImageRequest,
    KeyPart,
    LaunchConvention,
    element_of,
    image_scope_of_kind,
)
from smgen.contract_model.holes import SettingHole, Value
from smgen.contract_model.value_schema import Scalar, ValueSchema
from smgen.documents import JsonObject

#: Output types that are values, not artifacts: their references are ``Variable``s of the Python type.
SCALAR_TYPES: Final[Mapping[str, str]] = {"String": "str", "Integer": "int", "Float": "float", "Boolean": "bool"}


DistributionType: TypeAlias = Literal[
    "mpi",
    "smdataparallel",
    "torch_distributed",
    "parameter_server",
    "multi_worker_mirrored_strategy",
]
DISTRIBUTION_TYPES: Final[tuple[DistributionType, ...]] = get_args(DistributionType)
MetricGoal: TypeAlias = Literal["maximize", "minimize"]
ReportType: TypeAlias = Literal["object", "array", "string", "integer", "number", "boolean"]


@dataclass(frozen=True, slots=True)
class Renaming:
    """A name that a port had before; its tombstone stands while the contract's version is below ``until``."""

    name: str
    until: str

    def stands_in(self, version: str) -> bool:
        """Whether a contract of this version still has a tombstone for the former name."""
        return _numbers(version) < _numbers(self.until)

    def is_past(self, version: str) -> bool:
        """Whether it ended with an earlier version; the one with which it ends may still say so."""
        return _numbers(version) > _numbers(self.until)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


@dataclass(frozen=True, slots=True)
class DependencySpec:
    """What an input port takes (contract field ``inputs.<port>``).

    ``dependency_type`` is an artifact type or a scalar type. ``compatible_sources``, ``semantic_keywords`` and
    ``aliases`` are evidence for the resolution of AUTO ports. The members from ``channel`` on are sugar for the place
    of the port in the request: a training channel, or a processing input with its path in the container.
    """

    logical_name: str
    dependency_type: str
    required: bool = True
    many: bool = False
    description: str = ""
    compatible_sources: tuple[str, ...] = ()
    semantic_keywords: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    channel: str | None = None
    content_type: str | None = None
    input_mode: str | SettingHole | None = None
    distribution: str | SettingHole | None = None
    data_type: str | SettingHole | None = None
    compression: str | SettingHole | None = None
    local_path: str | None = None
    input_name: str | None = None
    renamed_from: Renaming | None = None


@dataclass(frozen=True, slots=True)
class ReportNode:
    """One place of a report's JSON: an object with members, a list with its element, or a typed leaf."""

    type: ReportType
    description: str = ""
    members: tuple[tuple[str, ReportNode], ...] = ()
    element: ReportNode | None = None


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A JSON file below an output's location (contract field ``outputs.<output>.files.<name>``).

    ``path`` is relative to the output's location; ``property_file`` is the name under which the step declares it
    when a value of it is read; ``artifact_type`` is what a reference to the file itself is.
    """

    name: str
    path: str
    property_file: str
    artifact_type: str
    schema: ReportNode
    description: str = ""


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """What an output port gives (contract field ``outputs.<output>``).

    ``property_path`` is the path behind ``Steps.<name>.``, without the prefix ``properties.``; an output that is no
    single property has a ``value`` with ``$property`` holes instead. ``output_name`` and ``local_path`` are sugar for
    a processing output.
    """

    logical_name: str
    output_type: str
    property_path: str | None = None
    value: Value | None = None
    description: str = ""
    must_be_consumed: bool = False
    shared: bool = False
    aliases: tuple[str, ...] = ()
    local_path: str | None = None
    output_name: str | None = None
    files: tuple[ReportFile, ...] = ()
    renamed_from: Renaming | None = None

    @property
    def aws_name(self) -> str | None:
        """AWS's name of the processing output (``OutputName``); None where the contract does not say one."""
        if self.output_name is not None or self.local_path is not None:
            return self.output_name or self.logical_name
        named = element_of(PROCESSING_OUTPUTS.path, self.property_path or "")
        return named.key if isinstance(named, KeyPart) else None


@dataclass(frozen=True, slots=True)
class InputPort:
    """An input port of a contract; ``pointer`` is its JSON pointer in the contract document."""

    name: str
    dependency_spec: DependencySpec
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class OutputPort:
    """An output port of a contract; ``pointer`` is its JSON pointer in the contract document."""

    name: str
    output_spec: OutputSpec
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class EnvironmentImage:
    """A container image by its name in the environment (contract form ``{"image": name}``)."""

    name: str


@dataclass(frozen=True, slots=True)
class FrameworkImage:
    """A public image of AWS (contract form ``{"framework": name, "version": …}``).

    ``asked`` has neither region nor instance type, which depend on the environment and on the step; its ``scope`` is
    None where the kind of the step says it.
    """

    asked: ImageRequest

    def request(self, kind: str, region: str | None = None, instance_type: str | None = None) -> ImageRequest:
        """The whole request for a step of a kind; an accelerator in the contract counts more than the machine."""
        scope = self.asked.scope or image_scope_of_kind(self.asked.framework, kind)
        return replace(self.asked, scope=scope, region=region, instance_type=instance_type)

    @property
    def title(self) -> str:
        """What the image is called in texts: ``xgboost 1.7-1``."""
        return f"{self.asked.framework} {self.asked.version}".rstrip()


SettingDefault: TypeAlias = "Scalar | tuple[Scalar, ...] | EnvironmentImage | FrameworkImage"


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """A setting (contract field ``settings.<name>``): a part of the request that a pipeline chooses per step.

    ``declared`` holds what the contract says of its type in JSON Schema words; AWS's shape at its hole says the rest.
    """

    name: str
    required: bool
    default: SettingDefault | None
    declared: JsonObject
    description: str = ""
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """One hyperparameter or environment variable, from its JSON Schema."""

    name: str
    schema: ValueSchema
    required: bool
    default: Scalar | None = None
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Distribution:
    """How a toolkit starts a script on several machines or GPUs (contract field ``source.distribution``).

    ``processes_per_host`` and ``custom_mpi_options`` belong to launchers that use MPI; None leaves them to it.
    """

    type: DistributionType
    processes_per_host: Value | None = None
    custom_mpi_options: Value | None = None


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """A metric that a training container reports (contract field ``metrics.<name>``).

    ``regex`` finds its value in the job's log, None for a built-in algorithm, whose metrics SageMaker knows. ``goal``
    says whether larger or smaller values are better, None where the contract leaves that open.
    """

    name: str
    regex: str | None = None
    goal: MetricGoal | None = None
    description: str = ""
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """The script of a contract (contract field ``source``).

    ``entry`` and ``requirements`` are files relative to ``directory``, which is relative to the contract file's
    folder, as ``dependencies`` are. ``launch`` is the convention by which the container finds the script; None where
    the kind has none of its own and the request says it. ``whole_folder`` packs all of ``directory`` and not the entry
    alone. ``log_level`` is that of the toolkits, in Python's numbers; with ``by_channel`` the training toolkit gets the
    archive through a channel, as a container without a network needs.
    """

    entry: str
    directory: str = "."
    launch: LaunchConvention | None = "processing"
    whole_folder: bool = False
    dependencies: tuple[str, ...] = ()
    requirements: str | None = None
    distribution: Distribution | None = None
    log_level: int = 20
    by_channel: bool = False
    pointer: str = "/source"

    @property
    def is_archive(self) -> bool:
        """Whether the source is packed as ``sourcedir.tar.gz``; a script alone is a plain file where it can be one."""
        alone = not (self.whole_folder or self.dependencies or self.requirements)
        return not alone or self.launch in ("toolkit", "inference")

    @property
    def file(self) -> str:
        """The name of the file in S3."""
        return "sourcedir.tar.gz" if self.is_archive else PurePosixPath(self.entry).name

    @property
    def entry_path(self) -> str:
        """The path of the script in the archive, in its plain spelling."""
        return PurePosixPath(self.entry).as_posix()


@dataclass(frozen=True, slots=True)
class PropertyReference:
    """An output of a step of a pipeline, without its Python type."""

    step_name: str
    output_spec: OutputSpec

    @property
    def path(self) -> str | None:
        """``Steps.<step>.<property path>``; None for an output that is composed of several properties."""
        path = self.output_spec.property_path
        return None if path is None else f"Steps.{self.step_name}.{path}"


def is_scalar(type_name: str) -> bool:
    """Whether a port's type is a value type (``String``, ``Integer``, ``Float``, ``Boolean``)."""
    return type_name in SCALAR_TYPES
