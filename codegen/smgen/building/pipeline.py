"""The fluent builder: parameters, steps, conditions and loops, added in order and built into a definition."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from functools import partial
from types import NoneType
from typing import TYPE_CHECKING, ClassVar, TypeVar, overload

from typing_extensions import Never, Self

from smgen.authoring.builders import StepBuilder
from smgen.authoring.calls import checked_call
from smgen.authoring.items import ItemRecord
from smgen.authoring.misuse import Attributes, each, items_of, refuse, short, shown, unchecked
from smgen.authoring.ordering import After, PipelineStep, dependency
from smgen.authoring.origins import Dependency, Origin, PipelineIdentity, Scope
from smgen.authoring.places import said_twice_fix, user_place
from smgen.authoring.proxies import StepOutputProxy
from smgen.authoring.raw import RawObject, raw_object
from smgen.authoring.references import Artifact, Output
from smgen.authoring.step_handles import StepHandle, path_name
from smgen.authoring.step_settings import Cache, Retry
from smgen.authoring.variables import (
    BooleanVariable,
    Condition,
    FloatVariable,
    IntegerVariable,
    Literals,
    StringVariable,
    Variable,
    VariableType,
    believed_type,
)
from smgen.aws import CONDITION, FAIL, FOR_EACH, FOR_EACH_CONCURRENCY_MAX, parameter_name_problem, pipeline_name_problem
from smgen.building.auto_connecting import connect
from smgen.building.build import CompiledPipeline, build_pipeline
from smgen.building.connecting import connect_port
from smgen.building.connections import Connections
from smgen.building.content import (
    AddedCleanup,
    AddedCondition,
    AddedFail,
    AddedForEach,
    AddedRaw,
    AddedStep,
    Branch,
    ExperimentSettings,
    MlflowSettings,
    ParameterDeclaration,
    PipelineContent,
    all_steps,
    check_text,
)
from smgen.building.environment import Environment, ParameterValue
from smgen.building.filling import StepFiller
from smgen.building.loops import LoopStep
from smgen.building.names import legal_fix
from smgen.contract_model import Value
from smgen.diagnostics import Finding, Place, Subject, counted
from smgen.expressions import Operand, parameter, step_property

if TYPE_CHECKING:
    from smgen.building.sdk_requests import SdkStep
    from smgen.wiring import WiringLock


P = TypeVar("P", bound=StepOutputProxy)
Record = TypeVar("Record", bound=ItemRecord)
V = TypeVar("V", bound=Literals)
I_co = TypeVar("I_co", covariant=True)


class ConditionStep(PipelineStep):
    """A condition that was added: its two branches take steps, and other steps may come ``after`` it."""

    #: ``else`` cannot be an attribute, and the others are what AWS and its SDK write.
    __smgen_meant__: ClassVar[Mapping[str, str]] = {
        "else_": "otherwise",
        "if_": "then",
        "then_": "then",
        "if_steps": "then",
        "else_steps": "otherwise",
    }

    def __init__(self, name: str, origin: Origin, then: BranchBuilder, otherwise: BranchBuilder) -> None:
        """``origin`` is where the condition stands."""
        super().__init__(name, origin)
        self.then = then
        self.otherwise = otherwise

    @property
    def outcome(self) -> StringVariable:
        """Which branch ran, as SageMaker tells it."""
        return Variable(step_property(path_name(self.name), "Outcome"), "String", (self.__smgen_origin__,))

    @property
    def __smgen_name__(self) -> str:
        return f'the condition "{self.name}"'


class ForEachStep(LoopStep[I_co]):
    """A loop that was added: its ``body`` takes the steps that run once for each item.

    ``item`` is the current item, which the steps of the body read. Outside of the body, ``outputs[0][step]`` are the
    outputs that a step of the body had in the first iteration, and ``max_by`` and ``min_by`` pick one iteration.
    """

    def __init__(
        self, added: AddedForEach, origin: Origin, item: I_co, body: StepsBuilder, content: PipelineContent
    ) -> None:
        """``origin`` is where the loop stands; ``item`` what its body reads; ``content`` takes what is found wrong."""
        super().__init__(added, origin, item, content)
        self._body = body

    @property
    def body(self) -> StepsBuilder:
        """The place of the steps that run once for each item."""
        return self._body


class StepsBuilder(Attributes):
    """A place that takes steps that do work: the body of a loop, and every place that takes other steps as well."""

    #: The steps that steer the pipeline, which the body of a loop cannot hold.
    __smgen_steering__: ClassVar[Mapping[str, str]] = {
        "condition": CONDITION.type,
        "fail": FAIL.type,
        "for_each": FOR_EACH.type,
    }

    def __init__(self, content: PipelineContent, branch: Branch) -> None:
        """``content`` is shared by all places of one pipeline; ``branch`` is this one."""
        self._content = content
        self._branch = branch

    @property
    def __smgen_name__(self) -> str:
        return self._branch.scope.title

    def __repr__(self) -> str:
        return f"<{self.__smgen_name__}: {counted(len(self._branch.steps), 'step')}>"

    def __smgen_unknown__(self, name: str) -> Finding:
        """What steers the pipeline stands outside of loops."""
        if name not in self.__smgen_steering__:
            return super().__smgen_unknown__(name)
        return Finding(
            "SMG206",
            f"{self.__smgen_name__} takes no {self.__smgen_steering__[name]} step",
            user_place(),
            given=name,
            expected="steps that do work",
            fix=f"add it before or after the loop: p.{name}(…)",
        )

    @checked_call("p.add_step")
    def add_step(
        self,
        name: str,
        builder: StepBuilder[P],
        *,
        after: Sequence[After] = (),
        cache: Cache | None = None,
        retry: Retry | Sequence[Retry] = (),
        display_name: str | None = None,
        description: str | None = None,
        raw: RawObject | None = None,
    ) -> P:
        """Adds a step and returns its outputs.

        ``name`` is unique in the pipeline: 1 to 64 letters, digits, hyphens and underscores. ``after`` lists steps
        that must have run before though nothing of them is read, or with :class:`Ran` their other outcomes
        (``DependsOn``). What is wrong is reported by ``build()``, together with everything else.
        """
        place = self._named(name, display_name, description, raw)
        if not isinstance(unchecked(builder), StepBuilder):
            refuse(f"the step '{name}' was given {short(builder)}", "pass a StepBuilder: module.StepBuilder(…)")
        # The step's own, to whose ports connect_input may bind something.
        builder = builder.__smgen_copy__()
        compose = partial(self._composed, name, builder, place)
        connect = partial(connect_port, self._content, builder)
        handle = StepHandle(name, builder.STEP_CONTRACT, self._branch.scope, place, compose, connect)
        retries = self._retries(retry, place)
        if not isinstance(unchecked(cache), (Cache, NoneType)):
            finding = Finding("SMG403", "cache takes a Cache", place, given=short(cache), fix="write Cache.days(30)")
            self._content.findings.append(finding)
            cache = None
        waited = self._waited(after, place)
        self._branch.steps.append(AddedStep(handle, builder, waited, cache, retries, display_name, description))
        return builder.__smgen_proxy__(handle)

    @checked_call("p.adopt")
    def adopt(self, step: SdkStep, proxy: type[P]) -> P:
        """Adds a step that was made with the SageMaker SDK, and returns its outputs as those of a contract.

        ``proxy`` is the ``Proxy`` of a generated module. The step's request, as it is now, becomes a part of the
        definition; parameters of the SDK in it are declared unless the pipeline has them. It is held against the
        contract: its kind, and the outputs that the contract promises (SMG230, reported by ``build()``).
        """
        from smgen.building.adopting import (
            adopted_builder,
            adopted_name,
            adopted_request,
            contract_of_proxy,
            refuse_connection,
        )

        name = adopted_name(step)
        contract = contract_of_proxy(proxy, name)
        place = self._named(name, None, None, None)
        request, findings = adopted_request(step, contract, place)
        self._content.findings += findings
        builder = adopted_builder(contract, proxy)
        compose = partial(self._composed, name, builder, place)
        handle = StepHandle(name, contract, self._branch.scope, place, compose, refuse_connection)
        self._branch.steps.append(AddedStep(handle, builder, (), None, (), None, None, request))
        return proxy(handle)

    @checked_call("p.cleanup")
    def cleanup(
        self,
        name: str,
        *sources: StepOutputProxy | Output[Artifact],
        after: Sequence[After] = (),
        display_name: str | None = None,
        description: str | None = None,
        raw: RawObject | None = None,
    ) -> PipelineStep:
        """Adds a step that deletes from Amazon S3 what other steps wrote, and waits for these steps.

        A training step is passed whole, since SageMaker knows what it wrote; of processing and transform steps the
        objects are named: ``prepare.data / "part.csv"``. ``after=[Ran.any(step)]`` deletes however a step ended.
        """
        from smgen.building.cleanup import cleanup_sources

        place = self._named(name, display_name, description, raw)
        found, findings = cleanup_sources(sources, place)
        self._content.findings += findings
        scope, waited = self._branch.scope, self._waited(after, place)
        self._branch.steps.append(AddedCleanup(name, scope, place, found, waited, display_name, description))
        return PipelineStep(name, Origin("step", name, scope, place))

    def _named(self, name: str, display_name: str | None, description: str | None, raw: RawObject | None) -> Place:
        """The place of a new step, whose name and titles are checked; ``raw`` are members that it has as they are."""
        check_text("SMG400", "a step name", name)
        place = user_place(step=name)
        self._content.name_step(name, place)
        self._content.title_step(display_name, description, place)
        if raw is not None:
            self._content.raw_of_steps[name] = raw_object("raw=", raw)
        return place

    @checked_call("p.raw_step")
    def raw_step(self, document: RawObject) -> PipelineStep:
        """Adds a step by its document, for what no other method can write; other steps may come ``after`` it.

        The document has texts ``Name`` and ``Type`` and reaches the definition as it is, with the steps that stand in
        it. Nothing of it is checked here, what it reads may be missing; ``smgen lint`` looks at it. What it gives is
        read with :func:`raw_value`. Raises FindingsError (SMG208) for what is no such object.
        """
        found = raw_object("raw_step", document)
        name = found.get("Name")
        if not isinstance(name, str) or not isinstance(found.get("Type"), str):
            refuse("raw_step was given an object without texts Name and Type", "give it the document of a step")
        scope, place = self._branch.scope, user_place(step=name)
        self._branch.steps.append(AddedRaw(name, scope, place, found))
        return PipelineStep(name, Origin("step", name, scope, place))

    def _composed(self, name: str, builder: StepBuilder[P], place: Place, value: Value) -> Operand:
        """The value of an output that the contract composes of several properties and of what the step was given."""
        filler = StepFiller(
            name,
            self._content.name,
            builder.STEP_CONTRACT,
            builder.__smgen_config__,
            {},
            builder.__smgen_locations__,
            self._content.environment,
            lambda _: None,
            place,
            path_name(name),
            loop=self._branch.items,
        )
        operand = filler.composed(value)
        self._content.findings += filler.findings
        return operand

    def _retries(self, given: object, place: Place) -> tuple[Retry, ...]:
        items = each(given)
        retries = tuple(item for item in items if isinstance(item, Retry))
        if len(retries) < len(items):
            message = "retry takes a Retry, or a list of them"
            self._content.findings.append(Finding("SMG404", message, place, given=short(items)))
        return retries

    def _waited(self, after: object, place: Place) -> tuple[Dependency, ...]:
        """What the items of ``after`` wait for; SMG208 for what is no step."""
        found: list[Dependency] = []
        for step in each(after):
            waited = dependency(step)
            if waited is not None and waited.origin.iteration is None:
                found.append(waited)
                continue
            fix = "pass what add_step or condition returned: after=[training]"
            if waited is not None and waited.origin.iteration is not None:
                fix = f'pass the loop "{waited.origin.iteration.loop.name}", whose iterations end together'
            finding = Finding("SMG208", "after takes steps", place, given=short(step), fix=fix)
            self._content.findings.append(finding)
        return tuple(found)


class BranchBuilder(StepsBuilder):
    """A place that takes steps of every kind: the top of a pipeline, or one branch of a condition."""

    @checked_call("p.condition")
    def condition(
        self,
        name: str,
        *conditions: Condition,
        after: Sequence[After] = (),
        display_name: str | None = None,
        description: str | None = None,
        raw: RawObject | None = None,
    ) -> ConditionStep:
        """Adds a condition step; ``.then`` runs when all of ``conditions`` hold, ``.otherwise`` when not."""
        place = self._named(name, display_name, description, raw)
        if not conditions:
            self._content.findings.append(
                Finding("SMG215", "a condition step has no condition", place, fix='write p.condition("Gate", a <= b)')
            )
        for condition in conditions:
            if not isinstance(unchecked(condition), Condition):
                message = "a condition step was given something that is no condition"
                fix = "compare a variable: .equals(…), .is_in([…]), <=, …; == is decided now"
                self._content.findings.append(Finding("SMG208", message, place, given=shown(condition), fix=fix))
        scope = self._branch.scope
        then = Branch(Scope(scope.pipeline, f'the branch "then" of condition "{name}"', scope, place))
        otherwise = Branch(Scope(scope.pipeline, f'the branch "otherwise" of condition "{name}"', scope, place))
        conditions = tuple(condition for condition in conditions if isinstance(unchecked(condition), Condition))
        waited = self._waited(after, place)
        self._branch.steps.append(
            AddedCondition(name, scope, place, conditions, waited, then, otherwise, display_name, description)
        )
        origin = Origin("step", name, scope, place)
        return ConditionStep(name, origin, BranchBuilder(self._content, then), BranchBuilder(self._content, otherwise))

    @checked_call("p.fail")
    def fail(
        self,
        name: str,
        message: str | StringVariable,
        *,
        after: Sequence[After] = (),
        display_name: str | None = None,
        description: str | None = None,
        raw: RawObject | None = None,
    ) -> None:
        """Adds a step that ends the execution as failed with ``message`` (put texts together with ``join``)."""
        place = self._named(name, display_name, description, raw)
        waited = self._waited(after, place)
        self._branch.steps.append(
            AddedFail(name, self._branch.scope, place, message, waited, display_name, description)
        )

    # Records come first: mypy holds a list with something wrong in it against the first overload that takes a list.
    @overload
    def for_each(
        self,
        name: str,
        *,
        items: Sequence[Record],
        max_concurrency: int,
        after: Sequence[After] = (),
        display_name: str | None = None,
        description: str | None = None,
        raw: RawObject | None = None,
    ) -> ForEachStep[Record]: ...
    @overload
    def for_each(
        self,
        name: str,
        *,
        items: Sequence[bool | BooleanVariable],
        max_concurrency: int,
        after: Sequence[After] = (),
        display_name: str | None = None,
        description: str | None = None,
        raw: RawObject | None = None,
    ) -> ForEachStep[BooleanVariable]: ...
    @overload
    def for_each(
        self,
        name: str,
        *,
        items: Sequence[int | IntegerVariable],
        max_concurrency: int,
        after: Sequence[After] = (),
        display_name: str | None = None,
        description: str | None = None,
        raw: RawObject | None = None,
    ) -> ForEachStep[IntegerVariable]: ...
    @overload
    def for_each(
        self,
        name: str,
        *,
        items: Sequence[float | FloatVariable],
        max_concurrency: int,
        after: Sequence[After] = (),
        display_name: str | None = None,
        description: str | None = None,
        raw: RawObject | None = None,
    ) -> ForEachStep[FloatVariable]: ...
    @overload
    def for_each(
        self,
        name: str,
        *,
        items: Sequence[str | StringVariable],
        max_concurrency: int,
        after: Sequence[After] = (),
        display_name: str | None = None,
        description: str | None = None,
        raw: RawObject | None = None,
    ) -> ForEachStep[StringVariable]: ...
    @overload
    def for_each(
        self,
        name: str,
        *,
        items: StringVariable | Sequence[Record | StringVariable | str],
        of: type[Record],
        max_concurrency: int,
        after: Sequence[After] = (),
        display_name: str | None = None,
        description: str | None = None,
        raw: RawObject | None = None,
    ) -> ForEachStep[Record]: ...
    @overload
    def for_each(
        self,
        name: str,
        *,
        items: StringVariable,
        of: type[V],
        max_concurrency: int,
        after: Sequence[After] = (),
        display_name: str | None = None,
        description: str | None = None,
        raw: RawObject | None = None,
    ) -> ForEachStep[Variable[V]]: ...
    @checked_call("p.for_each")
    def for_each(
        self,
        name: str,
        *,
        items: object,
        of: object = None,
        max_concurrency: int,
        after: Sequence[After] = (),
        display_name: str | None = None,
        description: str | None = None,
        raw: RawObject | None = None,
    ) -> ForEachStep[object]:
        """Adds a loop: the steps of its ``body`` run once for each item, at most ``max_concurrency`` (1 to 50) at once.

        ``items`` are 1 to 100 values or variables of one type, or records (:class:`ItemRecord`); or a String variable
        that holds a JSON list, with ``of`` as the type of its items. The type of the items is that of ``loop.item``.
        """
        from smgen.authoring.items import current_item, loop_items

        place = self._named(name, display_name, description, raw)
        found, findings = loop_items(items, of)
        self._content.findings += findings
        concurrency = unchecked(max_concurrency)
        if (
            isinstance(concurrency, bool)
            or not isinstance(concurrency, int)
            or not 1 <= concurrency <= FOR_EACH_CONCURRENCY_MAX
        ):
            message = "max_concurrency says how many steps of a loop run at once"
            expected = f"a whole number from 1 to {FOR_EACH_CONCURRENCY_MAX}"
            self._content.findings.append(
                Finding("SMG222", message, place, given=short(concurrency), expected=expected)
            )
        scope = self._branch.scope
        body = Branch(Scope(scope.pipeline, f'the body of loop "{name}"', scope, loop=place), items=found)
        waited = self._waited(after, place)
        added = AddedForEach(name, scope, place, found, max_concurrency, body, waited, display_name, description)
        self._branch.steps.append(added)
        item = current_item(found.type, Origin("item", name, body.scope, place))
        origin = Origin("step", name, scope, place)
        return ForEachStep(added, origin, item, StepsBuilder(self._content, body), self._content)


class FluentPipelineBuilder(BranchBuilder):
    """One pipeline under construction, for one environment."""

    @checked_call("FluentPipelineBuilder")
    def __init__(
        self,
        name: str,
        environment: Environment | None = None,
        *,
        lock: WiringLock | None = None,
        locked: bool = False,
        place: Place | None = None,
    ) -> None:
        """``name`` is the pipeline's name in SageMaker: 1 to 256 letters, digits, and hyphens between them.

        ``lock`` says what AUTO ports are bound to as long as they can be; with ``locked`` every one of them must be
        bound as it says (SMG218). ``place`` is where the pipeline is listed, for messages about the whole of it;
        without it that is the line of the call.
        """
        check_text("SMG401", "a pipeline name", name)
        place = place or user_place()
        environment = environment or Environment()
        root = Branch(Scope(PipelineIdentity(name, place), f'the pipeline "{name}"'))
        content = PipelineContent(name, environment, place, locked=locked)
        if lock is not None:
            content.pins = lock.pins(name, environment.name)
        super().__init__(content, root)
        self._connections = Connections()
        problem = pipeline_name_problem(name)
        if problem is not None:
            fix = legal_fix(name, pipeline_name_problem)
            self._content.findings.append(Finding("SMG401", problem, place, given=name, fix=fix))

    def __repr__(self) -> str:
        steps = counted(len(list(all_steps(self._branch))), "step")
        parameters = counted(len(self._content.parameters), "parameter")
        return f'<the pipeline "{self.name}" for {self.environment.name}: {steps}, {parameters}>'

    @property
    def name(self) -> str:
        """The pipeline's name."""
        return self._content.name

    @property
    def environment(self) -> Environment:
        """The environment that it is built for."""
        return self._content.environment

    @checked_call("p.string")
    def string(self, name: str, *, default: str | None = None, enum: Sequence[str] = ()) -> StringVariable:
        """Declares a String parameter; ``enum`` lists the values that may be given at a start."""
        given = items_of(enum)
        if given is None or not all(isinstance(item, str) for item in given):
            message = f"the values of parameter '{name}' are no list of texts"
            fix = 'write enum=["a", "b"]'
            self._content.findings.append(Finding("SMG207", message, user_place(), given=short(enum), fix=fix))
            enum = ()
        return self._parameter(name, "String", default, tuple(enum))

    @checked_call("p.integer")
    def integer(self, name: str, *, default: int | None = None) -> IntegerVariable:
        """Declares an Integer parameter."""
        return self._parameter(name, "Integer", default)

    @checked_call("p.float")
    def float(self, name: str, *, default: builtins.float | None = None) -> FloatVariable:
        """Declares a Float parameter; a whole number is written ``6.0``."""
        return self._parameter(name, "Float", default)

    @checked_call("p.boolean")
    def boolean(self, name: str, *, default: bool | None = None) -> BooleanVariable:
        """Declares a Boolean parameter."""
        return self._parameter(name, "Boolean", default)

    @checked_call("p.raw_parameter")
    def raw_parameter(self, document: RawObject, type: type[V]) -> Variable[V]:
        """Declares a parameter by its item of ``Parameters``, as it is: a type that there is not, values of numbers.

        ``type`` is what steps take it for. Nothing of it is checked here; ``smgen lint`` looks at it.
        """
        found = raw_object("raw_parameter", document)
        believed = believed_type("raw_parameter", type)
        self._content.raw_parameters.append((len(self._content.parameters) + len(self._content.raw_parameters), found))
        name = found.get("Name")
        return Variable(parameter(path_name(name if isinstance(name, str) else "")), believed)

    @checked_call("p.metadata")
    def metadata(self, metadata: RawObject) -> Self:
        """What stands in ``Metadata`` of the definition: any JSON, of which SageMaker makes nothing."""
        self._content.raw_members["Metadata"] = raw_object("metadata", metadata)
        return self

    @checked_call("p.raw_members")
    def raw_members(self, members: RawObject) -> Self:
        """Members of the definition as a whole as they are, in place of those that a build writes.

        Nothing of them is checked here; ``smgen lint`` looks at them. ``Steps`` are those that are added.
        """
        found = raw_object("raw_members", members)
        if "Steps" in found:
            refuse("raw_members was given Steps", "add them one by one: p.raw_step(…)")
        self._content.raw_members |= found
        return self

    @checked_call("p.experiment")
    def experiment(self, name: str | StringVariable, trial: str | StringVariable) -> Self:
        """Files the executions under another experiment and trial than the pipeline's name and execution id."""
        self._content.experiment = ExperimentSettings(name, trial, user_place())
        return self

    @checked_call("p.describe")
    def describe(self, description: str) -> Self:
        """Describes the pipeline in SageMaker, in at most 3,072 characters."""
        self._content.title_step(None, description, user_place())
        self._content.description = description
        return self

    @checked_call("p.no_experiment")
    def no_experiment(self) -> Self:
        """Files the executions under no experiment."""
        self._content.experiment = None
        return self

    @checked_call("p.mlflow")
    def mlflow(self, resource_arn: str | StringVariable, experiment: str | StringVariable | None = None) -> Self:
        """Tracks the executions in an MLflow tracking server or app, under ``experiment`` where one is named."""
        self._content.mlflow = MlflowSettings(resource_arn, experiment, user_place())
        return self

    @checked_call("p.list_steps")
    def list_steps(self, *names: str) -> Self:
        """Lists the steps in the definition in this order, and not in that in which they were added.

        Python adds a step before what reads it, and a definition may have them the other way round. Steps that are not
        named come behind those that are. The order says nothing about when a step runs.
        """
        self._content.listed = names
        self._content.listed_at = user_place()
        return self

    @checked_call("p.auto_connect")
    def auto_connect(self) -> Self:
        """Binds the AUTO ports of the steps so far, as ``build()`` does, for those who want to look.

        What it binds stays, whatever is added later; ``connections`` says what it is. A port that it cannot bind is
        asked for again by ``build()``, which reports it.
        """
        connections = connect(self._content, list(all_steps(self._branch)))
        self._content.connected = {step: dict(ports) for step, ports in connections.bound.items()}
        self._connections = connections
        return self

    @property
    def connections(self) -> Connections:
        """What ``auto_connect()`` made of the AUTO ports when it was last called."""
        return self._connections

    @checked_call("p.build")
    def build(self) -> CompiledPipeline:
        """The definition with its provenance and assets. Raises FindingsError with everything that is wrong."""
        return build_pipeline(self._content, self._branch)

    def _parameter(
        self, name: str, type: VariableType, default: ParameterValue | None, enum: tuple[str, ...] = ()
    ) -> Variable[Never]:
        check_text("SMG402", "a parameter name", name)
        content = self._content
        place = user_place()
        problem = parameter_name_problem(name)
        if problem is not None:
            fix = legal_fix(name, parameter_name_problem)
            about = Subject(field=name)
            content.findings.append(Finding("SMG402", problem, place, given=name, fix=fix, about=about))
        if name in content.parameters:
            first = content.parameters[name].place
            fix = f"declare it once and pass the variable on, or {said_twice_fix('parameter', name, first, place)}"
            message = f"the parameter '{name}' is declared twice"
            content.findings.append(Finding("SMG209", message, place, expected_at=first, fix=fix))
        else:
            content.parameters[name] = ParameterDeclaration(name, type, default, enum, place)
        return Variable(parameter(path_name(name)), type, (Origin("parameter", name, self._branch.scope, place),))
