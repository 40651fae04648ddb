"""What a row of the table of step kinds says."""

from typing import Literal, NamedTuple, TypeAlias

from smgen.aws.request_paths import EACH, Path, property_at

# Every generated module waits for these classes. A dataclass takes half a millisecond and more to make, a named tuple
# a tenth of that unless its annotations are texts; so these are named tuples, in a module whose annotations are not.

Service: TypeAlias = Literal["sagemaker", "emr", "emr-serverless", "pipelines"]
"""Whose request a step makes; ``pipelines`` where the pipeline service itself does the work."""

InputForm: TypeAlias = Literal["channel", "processing_input", "named_value"]
"""What an input is in the request without being written out there: an item of a list, or an argument of its name."""

OutputForm: TypeAlias = Literal["processing_output", "named_value"]
"""The same of an output: an item of the list of outputs, or a declared value."""

LaunchConvention: TypeAlias = Literal["processing", "toolkit", "channel", "inference"]
"""How a container comes to run a team's script: by an input and a command, or by what its toolkit reads."""


class StepField(NamedTuple):
    """A field of the step document beside ``Name``, ``Type`` and ``Arguments``; ``shape`` names its shape."""

    name: str
    shape: str
    required: bool = False


class Read(NamedTuple):
    """A place that takes what another step makes.

    ``port`` is the usual name of the input there, '' where the item around the place names it, None where none is made
    of it; ``artifact`` is the type of it, None where only names say one. ``beside`` says that the place stands beside
    ``Arguments``. There is a location, or (``by_name``) the name of a resource. Where users' own code is ``told`` it, a
    location that another step writes is read, or the name says nothing.
    """

    path: Path
    port: str | None = None
    artifact: str | None = None
    beside: bool = False
    by_name: bool = False
    told: bool = False


class Write(NamedTuple):
    """A location that a step writes: directly, or (``below_job``) in a folder below it that is named like the job.

    ``what`` names what lies there; ``output`` is the usual output that stands for it, '' where the item around has its
    name, None where there is none. ``properties`` are those through which others read it; where it ``is_location`` the
    property at the same place gives the location itself. ``file`` is the one file that lies in the job's folder.
    """

    path: Path
    what: str
    output: str | None
    properties: tuple[str, ...] = ()
    below_job: bool = False
    is_location: bool = False
    file: str = ""


class NamedList(NamedTuple):
    """A list whose items have names that differ: ``name`` is the member that holds one, ``noun`` a word for an item.

    ``beside`` says that it stands beside ``Arguments``. Where ``is_read`` the properties have the same list at the same
    place, and others read its items by their names. ``title`` is the noun for authors of contracts, whose
    short forms write such items.
    """

    path: Path
    name: str
    noun: str
    beside: bool = False
    is_read: bool = False
    title: str = ""

    @property
    def property(self) -> str:
        """The list among the properties: ``ProcessingOutputConfig.Outputs``."""
        return property_at(self.path)


class Usual(NamedTuple):
    """An output that every step of a kind has: its name in contracts, its property, its artifact or scalar type."""

    name: str
    path: str
    type: str


class JobGroup(NamedTuple):
    """One part of a request that runs on its own, below ``root``; its paths start there.

    A path of None means that the kind has no such setting. Of ``volume_keys`` one is enough, depending on how the
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


class JobPlaces(NamedTuple):
    """Where a request says on which machines, with which images and how protected it runs, registers or hosts.

    ``no_tags_with`` is a member beside which AWS takes no tags. ``job_count`` bounds the number of its jobs. ``model``
    is the path to the name of a model, whose images then run on the machines of this step.
    """

    groups: tuple[JobGroup, ...] = ()
    tags: Path = ("Tags",)
    no_tags_with: str | None = None
    job_count: Path | None = None
    model: Path | None = None


class CacheKey(NamedTuple):
    """What AWS documents of the members that decide whether an earlier run is taken instead of a new one.

    ``arguments`` are paths in ``Arguments``, ``fields`` stand beside them. ``sdk`` are arguments of the SDK's class;
    which members of the request they stand for is not documented.
    """

    arguments: tuple[Path, ...] = ()
    fields: tuple[str, ...] = ()
    sdk: tuple[str, ...] = ()


class StepKind(NamedTuple):
    """What a step of one ``Type`` is made of; shape names are those of the service model.

    ``arguments`` names the shape of ``Arguments``. ``response`` names the shapes whose members, merged, are the
    properties other steps may read; none means the step has no properties. ``json_text`` are properties that hold JSON
    as text, which a path may descend into. ``branches`` are the members of ``Arguments`` that hold steps.
    """

    type: str
    arguments: str
    service: Service = "sagemaker"
    response: tuple[str, ...] = ()
    job_name: str | None = None
    """The member that names the job: out of ``Arguments`` unless the pipeline has ``use_custom_job_prefix``."""
    left_out: tuple[str, ...] = ()
    """Further members of the request that stay out of ``Arguments``."""
    step_fields: tuple[StepField, ...] = ()
    caches: bool = False
    retries: bool = False
    retries_itself: bool = False
    """The job starts its own jobs again, so that a policy for their internal errors has no effect."""
    runs_no_job: bool = False
    """Retry policies may not name the ``SageMaker.*`` exceptions: the SDK refuses them on Model and RegisterModel."""
    structural: bool = False
    """The kind steers the pipeline and needs code of its own: Condition, ForEach, Fail."""
    ends_execution: bool = False
    branches: tuple[str, ...] = ()
    json_text: tuple[str, ...] = ()
    reads: tuple[Read, ...] = ()
    writes: tuple[Write, ...] = ()
    """Debugger, profiler, checkpoint and log places are no data of others."""
    lists: tuple[NamedList, ...] = ()
    usual: tuple[Usual, ...] = ()
    """The outputs that do not depend on what the step itself names, the best known one first."""
    job: JobPlaces | None = None
    listed_as: str = ""
    """What lists of compatible sources, and the SDK, call any step of the kind."""
    image_scopes: tuple[str, ...] = ()
    """The scopes of AWS's images by what the step does with one, the best first."""
    containers: tuple[Path, ...] = ()
    """Where the containers of models stand."""
    check_artifacts: tuple[tuple[str, str, str], ...] = ()
    """Of a check: a CheckType, and the artifact types of its statistics and of its constraints."""
    emitted_suffix: str = ""
    """What version 2 of the SDK puts behind the name of a ModelStep for the step of this kind that it emits for it."""
    emitted_for: str = ""
    """A word for what such a step does."""
    input_form: InputForm | None = None
    output_form: OutputForm | None = None
    launches: tuple[LaunchConvention, ...] = ()
    hyperparameters: Path | None = None
    environment: Path | None = None
    """The environment variables of the team's own code."""
    metrics: Path | None = None
    """Where the job is told how metrics are found in its log."""
    repeats: str = ""
    """The kind of step whose job it repeats, each time with other hyperparameters."""
    deletes: tuple[Path, ...] = ()
    """Where the names of steps stand whose objects the step deletes."""
    found_by_cleanup: bool = False
    """SageMaker knows by itself what such a step wrote (cleanup_step.py of the SDK)."""
    cache_key: CacheKey | None = None

    @property
    def request(self) -> str | None:
        """The request of SageMaker that ``Arguments`` is, None where it is something else."""
        return self.arguments if self.service == "sagemaker" else None

    @property
    def dropped(self) -> tuple[str, ...]:
        """The members of the request that stay out of ``Arguments``."""
        return (*((self.job_name,) if self.job_name else ()), *self.left_out)

    @property
    def retries_job_errors(self) -> bool:
        """Whether retry policies may name the ``SageMaker.*`` exceptions."""
        return self.retries and not self.runs_no_job

    @property
    def own_folder(self) -> bool:
        """Whether the job writes to a folder of its own name below the location that it is given."""
        return any(write.below_job for write in self.writes)

    @property
    def a_step(self) -> str:
        """A step of the kind, for messages: ``an EMR step``."""
        return f"{'an' if self.type[:1] in 'AEI' else 'a'} {self.type} step"

    @property
    def decides(self) -> bool:
        """Whether the step takes one of two branches."""
        return len(self.branches) == 2

    @property
    def is_processing_job(self) -> bool:
        """Whether a step of this kind runs a processing job, with its inputs and outputs."""
        return self.request == "CreateProcessingJobRequest"

    @property
    def is_training_job(self) -> bool:
        """Whether a step of this kind runs one training job, with its channels and hyperparameters."""
        return self.request == "CreateTrainingJobRequest"

    @property
    def has_properties(self) -> bool:
        """Whether another step can read anything from a step of this kind."""
        return bool(self.response)

    @property
    def takes_named_values(self) -> bool:
        """Whether ``Arguments`` are values by name, whatever their form, and so are what the step returns."""
        return self.input_form == "named_value"

    @property
    def outputs(self) -> NamedList | None:
        """The list in which the step itself names the outputs that others read by these names."""
        return next((row for row in self.lists if row.is_read and row.name == "OutputName"), None)

    @property
    def has_property_files(self) -> bool:
        """Whether others read values of the JSON files in the step's outputs."""
        return any(field.name == "PropertyFiles" for field in self.step_fields)

    @property
    def output_place(self) -> Path | None:
        """Where the properties give an output that the step itself names; None for a kind without such outputs."""
        if self.outputs is None:
            return None
        return next((write.path for write in self.writes if write.output == ""), (*self.outputs.path, EACH))

    @property
    def example(self) -> str:
        """A property of such a step, for messages."""
        if self.usual:
            return self.usual[0].path
        return "Member.Member" if self.output_place is None else property_at(self.output_place)

    @property
    def fields(self) -> tuple[StepField, ...]:
        """Every field that may stand beside ``Name``, ``Type`` and ``Arguments``, in the order the SDK writes them."""
        return (
            *COMMON_STEP_FIELDS,
            *((_RETRY_POLICIES,) if self.retries else ()),
            *((_CACHE_CONFIG,) if self.caches else ()),
            *self.step_fields,
        )


COMMON_STEP_FIELDS = (
    StepField("DependsOn", "pipelines.DependsOn"),
    StepField("DisplayName", "StepDisplayName"),
    StepField("Description", "StepDescription"),
)
"""What every step may have beside its arguments, in the order the SDK writes it."""

_RETRY_POLICIES = StepField("RetryPolicies", "pipelines.RetryPolicies")
_CACHE_CONFIG = StepField("CacheConfig", "pipelines.CacheConfig")
