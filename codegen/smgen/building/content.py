"""What was added to a pipeline so far, in order, before it is built."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from smgen.authoring.builders import Reference, StepBuilder
from smgen.authoring.execution import Execution
from smgen.authoring.items import LoopItems
from smgen.authoring.misuse import short, shown, unchecked
from smgen.authoring.origins import Dependency, Origin, Scope
from smgen.authoring.places import said_twice_fix, user_place
from smgen.authoring.proxies import StepOutputProxy
from smgen.authoring.step_handles import StepHandle
from smgen.authoring.step_settings import Cache, Retry
from smgen.authoring.variables import Condition, StringVariable, VariableType
from smgen.aws import description_problem, display_name_problem, step_name_problem
from smgen.building.environment import Environment, ParameterValue
from smgen.building.names import legal_fix
from smgen.definition import AutoBinding
from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import JsonObject, JsonValue
from smgen.expressions import Expression, Get

if TYPE_CHECKING:
    from smgen.wiring import LockedBinding, Pins


@dataclass(frozen=True)
class ParameterDeclaration:
    """A declared parameter; ``default`` is what the code says, an environment may say another."""

    name: str
    type: VariableType
    default: ParameterValue | None
    enum: tuple[str, ...]
    place: Place


@dataclass(frozen=True)
class AdoptedRequest:
    """What a step made with the SDK asks for: its document, and the SDK's parameters that stand in it.

    ``waits`` are the steps that it reads or waits for.
    """

    document: JsonObject
    parameters: tuple[ParameterDeclaration, ...] = ()
    waits: tuple[str, ...] = ()


@dataclass(frozen=True)
class AddedStep:
    """A step with its contract; ``adopted`` is the request of one that was made with the SDK."""

    handle: StepHandle
    builder: StepBuilder[StepOutputProxy]
    after: tuple[Dependency, ...]
    cache: Cache | None
    retries: tuple[Retry, ...]
    display_name: str | None
    description: str | None
    adopted: AdoptedRequest | None = None


@dataclass(frozen=True)
class AddedCondition:
    """A condition step with its two branches."""

    name: str
    scope: Scope
    place: Place
    conditions: tuple[Condition, ...]
    after: tuple[Dependency, ...]
    then: Branch
    otherwise: Branch
    display_name: str | None
    description: str | None


@dataclass(frozen=True)
class AddedFail:
    """A step that ends the execution as failed."""

    name: str
    scope: Scope
    place: Place
    message: str | StringVariable
    after: tuple[Dependency, ...]
    display_name: str | None
    description: str | None


@dataclass(frozen=True)
class Selector:
    """Which iteration of a loop is picked: the one with the most or the least of ``field``, an output of its body."""

    pick: Literal["MaxBy", "MinBy"]
    field: Get
    origin: Origin
    place: Place


@dataclass
class AddedForEach:
    """A loop with its body; the selector is there once it was asked for."""

    name: str
    scope: Scope
    place: Place
    items: LoopItems
    max_concurrency: int
    body: Branch
    after: tuple[Dependency, ...]
    display_name: str | None
    description: str | None
    selector: Selector | None = None


@dataclass(frozen=True)
class CleanupSource:
    """A step of which objects are deleted; without ``objects`` it is all that it wrote."""

    step: Origin
    objects: tuple[Expression, ...]


@dataclass(frozen=True)
class AddedCleanup:
    """A step that deletes what other steps wrote to Amazon S3."""

    name: str
    scope: Scope
    place: Place
    sources: tuple[CleanupSource, ...]
    after: tuple[Dependency, ...]
    display_name: str | None
    description: str | None


@dataclass(frozen=True)
class AddedRaw:
    """A step by its document, which reaches the definition as it is."""

    name: str
    scope: Scope
    place: Place
    document: JsonObject


Added: TypeAlias = "AddedStep | AddedCondition | AddedFail | AddedForEach | AddedCleanup | AddedRaw"


@dataclass
class Branch:
    """The steps of one place, in order: the top of the pipeline, a branch of a condition, or the body of a loop."""

    scope: Scope
    steps: list[Added] = field(default_factory=list["Added"])
    #: What the loop goes through whose body it is.
    items: LoopItems | None = None


def placed(added: Added) -> tuple[Scope, str, Place]:
    """The scope, the name and the place of a step, of whatever kind."""
    if isinstance(added, AddedStep):
        return added.handle.scope, added.handle.name, added.handle.place
    return added.scope, added.name, added.place


def all_steps(branch: Branch) -> Iterator[Added]:
    """Every step of a branch and of the branches and loops inside it, in order."""
    for added in branch.steps:
        yield added
        if isinstance(added, AddedCondition):
            yield from all_steps(added.then)
            yield from all_steps(added.otherwise)
        elif isinstance(added, AddedForEach):
            yield from all_steps(added.body)


@dataclass(frozen=True)
class AutoReference:
    """What an AUTO port was bound to: the reference itself, and where it comes from with the evidence."""

    reference: Reference
    binding: AutoBinding


@dataclass(frozen=True)
class ExperimentSettings:
    """The experiment and trial that executions are filed under (``PipelineExperimentConfig``)."""

    experiment: str | StringVariable = Execution.PIPELINE_NAME
    trial: str | StringVariable = Execution.PIPELINE_EXECUTION_ID
    place: Place = field(default_factory=Place)


@dataclass(frozen=True)
class MlflowSettings:
    """The MLflow tracking server or app that executions report to (``MlflowConfig``)."""

    resource_arn: str | StringVariable
    experiment: str | StringVariable | None = None
    place: Place = field(default_factory=Place)


@dataclass
class PipelineContent:
    """Everything of one pipeline that is not the order of its steps, and what was found wrong while it was written."""

    name: str
    environment: Environment
    place: Place
    parameters: dict[str, ParameterDeclaration] = field(default_factory=dict[str, ParameterDeclaration])
    experiment: ExperimentSettings | None = field(default_factory=ExperimentSettings)
    mlflow: MlflowSettings | None = None
    description: str | None = None
    #: What stands in the definition as it was given: members of the whole (null for one that is absent), items of
    #: ``Parameters`` each with the number of parameters before it, and members of steps by the step's name.
    raw_members: JsonObject = field(default_factory=dict[str, JsonValue])
    raw_parameters: list[tuple[int, JsonObject]] = field(default_factory=list[tuple[int, JsonObject]])
    raw_of_steps: dict[str, JsonObject] = field(default_factory=dict[str, JsonObject])
    #: The names of steps in the order of the definition, and where that was said; steps that are not named come last.
    listed: tuple[str, ...] = ()
    listed_at: Place = field(default_factory=Place)
    findings: list[Finding] = field(default_factory=list[Finding])
    #: What smgen.lock binds AUTO ports to, and whether each of them must be bound so.
    pins: Pins = field(default_factory=dict[tuple[str, str], "tuple[LockedBinding, ...]"])
    locked: bool = False
    #: What auto_connect() bound so far, by step and port.
    connected: dict[StepHandle, dict[str, tuple[AutoReference, ...]]] = field(
        default_factory=dict[StepHandle, dict[str, tuple[AutoReference, ...]]]
    )
    _step_places: dict[str, Place] = field(default_factory=dict[str, Place])

    def name_step(self, name: str, place: Place) -> None:
        """Takes a step name: SMG400 for one that AWS refuses, SMG200 for one that is taken."""
        problem = step_name_problem(name)
        if problem is not None:
            fix = legal_fix(name, step_name_problem)
            self.findings.append(Finding("SMG400", problem, place, given=name, fix=fix))
        first = self._step_places.setdefault(name, place)
        if first is not place:
            self.findings.append(
                Finding(
                    "SMG200",
                    f"two steps are named '{name}'",
                    place,
                    expected="a name that no other step of the pipeline has, in whichever branch",
                    expected_at=first,
                    fix=said_twice_fix("step", name, first, place),
                )
            )

    def title_step(self, display_name: str | None, description: str | None, place: Place) -> None:
        """SMG405 for a display name or description that AWS refuses."""
        for what, text, problem_of in (
            ("a display name", display_name, display_name_problem),
            ("a description", description, description_problem),
        ):
            given = unchecked(text)
            if given is not None:
                problem = problem_of(given) if isinstance(given, str) else f"{what} is a text"
                if problem is not None:
                    self.findings.append(Finding("SMG405", problem, place, given=short(given)))


def check_text(rule: str, what: str, name: object) -> None:
    """Raises FindingsError for a name that is no text."""
    if not isinstance(name, str):
        raise FindingsError([Finding(rule, f"{what} is a text", user_place(), given=shown(name))])
