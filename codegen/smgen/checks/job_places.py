"""Where the request of each kind of step says on which machines, with which images and how protected it runs.

One table for all kinds: the rules about images and the policy read it and know no kind by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from smgen.expressions import Value, is_worked_out, value_at

ITEMS: Final = "*"
"""In a path: each item of the list."""

Path: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One part of a request that runs on its own, below `root`; its paths start there.

    A path of None means that the kind has no such setting. Of `volume_keys` one is enough, depending on how the
    machines are given.
    """

    root: Path = ()
    network: Path | None = None
    volume_keys: tuple[Path, ...] = ()
    output_key: Path | None = None
    run_time: Path | None = None
    instance_types: tuple[Path, ...] = ()
    instance_counts: tuple[Path, ...] = ()
    images: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class JobPlaces:
    """The settings of one kind of step: its groups, where its tags are, and what bounds its number of jobs.

    `no_tags_with` is a member beside which AWS takes no tags. `model` is the path to the name of a model, whose images
    then run on the machines of this step.
    """

    groups: tuple[Group, ...]
    tags: Path | None = ("Tags",)
    no_tags_with: str | None = None
    job_count: Path | None = None
    model: Path | None = None


_PROCESSING: Final = JobPlaces(
    (
        Group(
            network=("NetworkConfig", "VpcConfig"),
            volume_keys=(("ProcessingResources", "ClusterConfig", "VolumeKmsKeyId"),),
            output_key=("ProcessingOutputConfig", "KmsKeyId"),
            run_time=("StoppingCondition", "MaxRuntimeInSeconds"),
            instance_types=(
                ("ProcessingResources", "ClusterConfig", "InstanceType"),
                ("ProcessingResources", "ClusterConfig", "InstancePreferences", ITEMS, "InstanceType"),
            ),
            instance_counts=(
                ("ProcessingResources", "ClusterConfig", "InstanceCount"),
                ("ProcessingResources", "ClusterConfig", "InstancePreferences", ITEMS, "InstanceCount"),
            ),
            images=(("AppSpecification", "ImageUri"),),
        ),
    )
)


def _training(root: Path) -> Group:
    """A training job, or one of those that a tuning job starts, whose machines may stand under another name."""
    own: Path = ("ResourceConfig",)
    machines: tuple[Path, ...] = (own, (*own, "InstanceGroups", ITEMS), (*own, "InstancePreferences", ITEMS))
    if root:
        tuned: Path = ("HyperParameterTuningResourceConfig",)
        machines = (tuned, (*tuned, "InstanceConfigs", ITEMS), *machines)
    return Group(
        root=root,
        network=("VpcConfig",),
        volume_keys=tuple((*at, "VolumeKmsKeyId") for at in machines if len(at) == 1),
        output_key=("OutputDataConfig", "KmsKeyId"),
        run_time=("StoppingCondition", "MaxRuntimeInSeconds"),
        instance_types=tuple((*at, "InstanceType") for at in machines),
        instance_counts=tuple((*at, "InstanceCount") for at in machines),
        images=(("AlgorithmSpecification", "TrainingImage"),),
    )


_VARIANTS: Final = (("ProductionVariants", ITEMS), ("ShadowProductionVariants", ITEMS))

JOB_PLACES: Final[Mapping[str, JobPlaces]] = {
    "Training": JobPlaces((_training(()),)),
    "Processing": _PROCESSING,
    "QualityCheck": _PROCESSING,
    "ClarifyCheck": _PROCESSING,
    "Transform": JobPlaces(
        # A transform job runs in the network of its model, and has no maximum run time.
        (
            Group(
                volume_keys=(("TransformResources", "VolumeKmsKeyId"),),
                output_key=("TransformOutput", "KmsKeyId"),
                instance_types=(("TransformResources", "InstanceType"),),
                instance_counts=(("TransformResources", "InstanceCount"),),
            ),
        ),
        model=("ModelName",),
    ),
    "Tuning": JobPlaces(
        (_training(("TrainingJobDefinition",)), _training(("TrainingJobDefinitions", ITEMS))),
        job_count=("HyperParameterTuningJobConfig", "ResourceLimits", "MaxNumberOfTrainingJobs"),
    ),
    "Model": JobPlaces(
        (Group(network=("VpcConfig",), images=(("PrimaryContainer", "Image"), ("Containers", ITEMS, "Image"))),)
    ),
    "RegisterModel": JobPlaces(
        (
            Group(
                images=(
                    ("InferenceSpecification", "Containers", ITEMS, "Image"),
                    ("AdditionalInferenceSpecifications", ITEMS, "Containers", ITEMS, "Image"),
                )
            ),
        ),
        # AWS takes the tags of the group then, and refuses any in the request.
        no_tags_with="ModelPackageGroupName",
    ),
    "AutoML": JobPlaces(
        (
            Group(
                network=("AutoMLJobConfig", "SecurityConfig", "VpcConfig"),
                volume_keys=(("AutoMLJobConfig", "SecurityConfig", "VolumeKmsKeyId"),),
                output_key=("OutputDataConfig", "KmsKeyId"),
                run_time=("AutoMLJobConfig", "CompletionCriteria", "MaxAutoMLJobRuntimeInSeconds"),
            ),
        )
    ),
    "EndpointConfig": JobPlaces(
        (
            Group(
                volume_keys=(("KmsKeyId",),),
                instance_types=tuple((*at, "InstanceType") for at in _VARIANTS),
                instance_counts=tuple((*at, "InitialInstanceCount") for at in _VARIANTS),
            ),
        ),
        model=("ProductionVariants", ITEMS, "ModelName"),
    ),
    "Endpoint": JobPlaces(()),
    "InferenceComponent": JobPlaces(
        (
            Group(
                images=(("Specification", "Container", "Image"), ("Specifications", ITEMS, "Container", "Image")),
                instance_types=(("Specification", "InstanceType"), ("Specifications", ITEMS, "InstanceType")),
            ),
        )
    ),
    "Job": JobPlaces(()),
}
"""The kinds that run, register or host something, by `Type`. EMR and EMRServerless run outside SageMaker's settings."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value in a request with the parts that lead to it."""

    parts: tuple[str | int, ...]
    value: Value


def values_at(holder: Value, path: Path) -> Iterator[Found]:
    """Every value at a path that is there and not null, in the order of the document."""
    todo: list[tuple[tuple[str | int, ...], Value, int]] = [((), holder, 0)]
    while todo:
        parts, value, depth = todo.pop()
        if value is None:
            continue
        if depth == len(path):
            yield Found(parts, value)
        elif path[depth] == ITEMS:
            if isinstance(value, list):
                todo.extend(((*parts, at), value[at], depth + 1) for at in reversed(range(len(value))))
        elif isinstance(value, dict) and path[depth] in value:
            todo.append(((*parts, path[depth]), value[path[depth]], depth + 1))


def hidden(holder: Value, path: Path) -> bool:
    """Whether an expression, of which nothing is known, stands on the way to a path: then nothing is missing there."""
    return any(is_worked_out(value_at(holder, *path[:length])) for length in range(len(path) + 1))
