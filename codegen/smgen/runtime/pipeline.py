"""The fluent builder: parameters, steps, conditions and branches, added in order and built into a definition."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import NoneType
from typing import ClassVar, TypeVar, cast

from typing_extensions import Never, Self

from smgen.aws import parameter_name_problem, pipeline_name_problem
from smgen.contracts import Value
from smgen.diagnostics import Finding, Place
from smgen.expressions import Operand, parameter
from smgen.runtime.builders import StepBuilder
from smgen.runtime.building import CompiledPipeline, build_pipeline
from smgen.runtime.content import (
    AddedCondition,
    AddedFail,
    AddedStep,
    Branch,
    ExperimentSettings,
    MlflowSettings,
    ParameterDeclaration,
    PipelineContent,
    check_text,
)
from smgen.runtime.environment import Environment, ParameterValue
from smgen.runtime.filling import StepFiller
from smgen.runtime.misuse import Attributes, refuse, short, shown, unchecked
from smgen.runtime.names import legal_fix
from smgen.runtime.origins import Origin, PipelineIdentity, Scope
from smgen.runtime.places import user_place
from smgen.runtime.proxies import StepHandle, StepOutputProxy, path_name
from smgen.runtime.step_settings import Cache, Retry
from smgen.runtime.variables import (
    BooleanVariable,
    Condition,
    FloatVariable,
    IntegerVariable,
    StringVariable,
    Variable,
    VariableType,
)

P = TypeVar("P", bound=StepOutputProxy)


@dataclass(eq=False)
class ConditionStep(Attributes):
    """A condition that was added: its two branches take steps, and other steps may come ``after`` it."""

    name: str
    then: BranchBuilder
    otherwise: BranchBuilder
    #: The step as something that others come after.
    origin: Origin

    #: ``else`` cannot be an attribute, and the others are what AWS and its SDK write.
    __smgen_meant__: ClassVar[Mapping[str, str]] = {
        "else_": "otherwise",
        "if_": "then",
        "then_": "then",
        "if_steps": "then",
        "else_steps": "otherwise",
    }

    @property
    def __smgen_name__(self) -> str:
        return f'the condition "{self.name}"'


class BranchBuilder(Attributes):
    """A place that steps are added to: the top of a pipeline, or one branch of a condition."""

    def __init__(self, content: PipelineContent, branch: Branch) -> None:
        """``content`` is shared by all places of one pipeline; ``branch`` is this one."""
        self._content = content
        self._branch = branch

    @property
    def __smgen_name__(self) -> str:
        return self._branch.scope.title

    def add_step(
        self,
        name: str,
        builder: StepBuilder[P],
        *,
        after: Sequence[StepOutputProxy | ConditionStep] = (),
        cache: Cache | None = None,
        retry: Retry | Sequence[Retry] = (),
        display_name: str | None = None,
        description: str | None = None,
    ) -> P:
        """Adds a step and returns its outputs.

        ``name`` is unique in the pipeline: 1 to 64 letters, digits, hyphens and underscores. ``after`` lists steps
        that must have run before though nothing of them is read (``DependsOn``). What is wrong is reported by
        ``build()``, together with everything else.
        """
        place = self._named(name, display_name, description)
        if not isinstance(unchecked(builder), StepBuilder):
            refuse(f"the step '{name}' was given {short(builder)}", "pass a StepBuilder: module.StepBuilder(…)")
        compose = partial(self._composed, name, builder, place)
        handle = StepHandle(name, builder.STEP_CONTRACT, self._branch.scope, place, compose)
        retries = self._retries(retry, place)
        if not isinstance(unchecked(cache), (Cache, NoneType)):
            finding = Finding("SMG403", "cache takes a Cache", place, given=short(cache), fix="write Cache.days(30)")
            self._content.findings.append(finding)
            cache = None
        origins = self._origins(after, place)
        self._branch.steps.append(AddedStep(handle, builder, origins, cache, retries, display_name, description))
        return builder.__smgen_proxy__(handle)

    def condition(
        self,
        name: str,
        *conditions: Condition,
        after: Sequence[StepOutputProxy | ConditionStep] = (),
        display_name: str | None = None,
        description: str | None = None,
    ) -> ConditionStep:
        """Adds a condition step; ``.then`` runs when all of ``conditions`` hold, ``.otherwise`` when not."""
        place = self._named(name, display_name, description)
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
        origins = self._origins(after, place)
        self._branch.steps.append(
            AddedCondition(name, scope, place, conditions, origins, then, otherwise, display_name, description)
        )
        origin = Origin("step", name, scope, place)
        return ConditionStep(name, BranchBuilder(self._content, then), BranchBuilder(self._content, otherwise), origin)

    def fail(
        self,
        name: str,
        message: str | StringVariable,
        *,
        after: Sequence[StepOutputProxy | ConditionStep] = (),
        display_name: str | None = None,
        description: str | None = None,
    ) -> None:
        """Adds a step that ends the execution as failed with ``message`` (put texts together with ``join``)."""
        place = self._named(name, display_name, description)
        origins = self._origins(after, place)
        self._branch.steps.append(
            AddedFail(name, self._branch.scope, place, message, origins, display_name, description)
        )

    def _named(self, name: str, display_name: str | None, description: str | None) -> Place:
        """The place of a new step, whose name and titles are checked."""
        check_text("SMG400", "a step name", name)
        place = user_place(step=name)
        self._content.name_step(name, place)
        self._content.title_step(display_name, description, place)
        return place

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
        )
        operand = filler.composed(value)
        self._content.findings += filler.findings
        return operand

    def _retries(self, given: object, place: Place) -> tuple[Retry, ...]:
        # The elements of what a caller without a type checker gave may be anything.
        items = cast("Sequence[object]", given) if isinstance(given, (list, tuple)) else (given,)
        retries = tuple(item for item in items if isinstance(item, Retry))
        if len(retries) < len(items):
            message = "retry takes a Retry, or a list of them"
            self._content.findings.append(Finding("SMG404", message, place, given=short(items)))
        return retries

    def _origins(self, after: object, place: Place) -> tuple[Origin, ...]:
        """What the steps of ``after`` are called, and where they stand; SMG208 for what is no step."""
        origins: list[Origin] = []
        # The elements of what a caller without a type checker gave may be anything.
        for step in cast("Sequence[object]", after) if isinstance(after, (list, tuple)) else (after,):
            if isinstance(step, StepOutputProxy):
                origins.append(step.__smgen_step__.origin())
            elif isinstance(step, ConditionStep):
                origins.append(step.origin)
            else:
                fix = "pass what add_step or condition returned: after=[training]"
                finding = Finding("SMG208", "after takes steps", place, given=short(step), fix=fix)
                self._content.findings.append(finding)
        return tuple(origins)


class FluentPipelineBuilder(BranchBuilder):
    """One pipeline under construction, for one environment."""

    def __init__(self, name: str, environment: Environment | None = None) -> None:
        """``name`` is the pipeline's name in SageMaker: 1 to 256 letters, digits, and hyphens between them."""
        check_text("SMG401", "a pipeline name", name)
        place = user_place()
        environment = environment or Environment()
        root = Branch(Scope(PipelineIdentity(name, place), f'the pipeline "{name}"'))
        super().__init__(PipelineContent(name, environment, place), root)
        problem = pipeline_name_problem(name)
        if problem is not None:
            fix = legal_fix(name, pipeline_name_problem)
            self._content.findings.append(Finding("SMG401", problem, place, given=name, fix=fix))

    @property
    def name(self) -> str:
        """The pipeline's name."""
        return self._content.name

    @property
    def environment(self) -> Environment:
        """The environment that it is built for."""
        return self._content.environment

    def string(self, name: str, *, default: str | None = None, enum: Sequence[str] = ()) -> StringVariable:
        """Declares a String parameter; ``enum`` lists the values that may be given at a start."""
        given = unchecked(enum)
        if not isinstance(given, (list, tuple)) or not all(isinstance(unchecked(item), str) for item in enum):
            message = f"the values of parameter '{name}' are no list of texts"
            fix = 'write enum=["a", "b"]'
            self._content.findings.append(Finding("SMG207", message, user_place(), given=short(enum), fix=fix))
            enum = ()
        return self._parameter(name, "String", default, tuple(enum))

    def integer(self, name: str, *, default: int | None = None) -> IntegerVariable:
        """Declares an Integer parameter."""
        return self._parameter(name, "Integer", default)

    def float(self, name: str, *, default: builtins.float | None = None) -> FloatVariable:
        """Declares a Float parameter; a whole number is written ``6.0``."""
        return self._parameter(name, "Float", default)

    def boolean(self, name: str, *, default: bool | None = None) -> BooleanVariable:
        """Declares a Boolean parameter."""
        return self._parameter(name, "Boolean", default)

    def experiment(self, name: str | StringVariable, trial: str | StringVariable) -> Self:
        """Files the executions under another experiment and trial than the pipeline's name and execution id."""
        self._content.experiment = ExperimentSettings(name, trial, user_place())
        return self

    def no_experiment(self) -> Self:
        """Files the executions under no experiment."""
        self._content.experiment = None
        return self

    def mlflow(self, resource_arn: str | StringVariable, experiment: str | StringVariable | None = None) -> Self:
        """Tracks the executions in an MLflow tracking server or app, under ``experiment`` where one is named."""
        self._content.mlflow = MlflowSettings(resource_arn, experiment, user_place())
        return self

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
            content.findings.append(Finding("SMG402", problem, place, given=name, fix=fix))
        if name in content.parameters:
            content.findings.append(
                Finding(
                    "SMG209",
                    f"the parameter '{name}' is declared twice",
                    place,
                    expected_at=content.parameters[name].place,
                    fix="declare it once and pass the variable on, or give one of them another name",
                )
            )
        else:
            content.parameters[name] = ParameterDeclaration(name, type, default, enum, place)
        return Variable(parameter(path_name(name)), type, (Origin("parameter", name, self._branch.scope, place),))
