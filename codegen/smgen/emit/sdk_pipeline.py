"""Makes a pipeline of the SageMaker SDK from a definition: for ``upsert``, ``start`` and steps made by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Protocol, cast

from smgen.aws import CONDITION, FAIL, FOR_EACH
from smgen.definition import Definition, Parameter, Step, compare, dump_definition
from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import JsonObject, at_pointer, list_at, object_at, shown_json
from smgen.emit.sdk import Sdk, load_sdk, referenced_steps
from smgen.emit.service import ServiceError
from smgen.expressions import Expression, to_json

_PARAMETERS: Final[Mapping[str, str]] = {
    "String": "ParameterString",
    "Integer": "ParameterInteger",
    "Float": "ParameterFloat",
    "Boolean": "ParameterBoolean",
}
_MOST_SHOWN: Final = 200


class SdkPipeline(Protocol):
    """What is used most of the SDK's ``Pipeline``; the object is one and has all the rest as well."""

    name: str
    #: The SDK's own objects; steps made by hand may be added.
    parameters: list[object]
    steps: list[object]

    def definition(self) -> str:
        """The definition as JSON, as it would be deployed."""
        ...

    def create(self, role_arn: str | None = None, description: str | None = None) -> Mapping[str, object]:
        """Creates the pipeline; the answer of CreatePipeline."""
        ...

    def update(self, role_arn: str | None = None, description: str | None = None) -> Mapping[str, object]:
        """Changes the pipeline; the answer of UpdatePipeline."""
        ...

    def upsert(self, role_arn: str | None = None, description: str | None = None) -> Mapping[str, object]:
        """Creates or changes the pipeline; the answer of either call."""
        ...

    def start(
        self,
        parameters: Mapping[str, str | bool | int | float] | None = None,
        execution_display_name: str | None = None,
        execution_description: str | None = None,
        parallelism_config: object = None,
        selective_execution_config: object = None,
    ) -> object:
        """Starts the pipeline; the SDK's ``PipelineExecution``."""
        ...


class HasExpression(Protocol):
    """An output or a variable of a pipeline that is written with smgen."""

    @property
    def __smgen_expression__(self) -> Expression:
        """What it is in the definition."""
        ...


def sagemaker_pipeline(
    definition: Definition,
    session: object = None,
    *,
    name: str,
    role: str | None = None,
    steps: Sequence[object] = (),
) -> SdkPipeline:
    """A ``Pipeline`` of the SDK that is installed, version 3 or 2, whose ``definition()`` equals the given one.

    ``session`` is a session of the SDK (None: the SDK makes one); ``role`` is the ARN that ``upsert`` uses where it
    is given none. ``steps`` are steps made with the SDK, which come after those of the definition; either side may
    read the other. Code assets are published before (``smgen assets publish``, or :func:`publish`), not here.

    Raises MissingExtraError where no SDK is installed, ServiceError where it makes no session, FindingsError (SMG250)
    for parts of the definition that this version of the SDK cannot express.
    """
    sdk = load_sdk()
    maker = _Maker(sdk, definition)
    made = [maker.step(step) for step in definition.steps]
    parameters = [maker.parameter(parameter) for parameter in definition.parameters]
    experiment = maker.experiment()
    if maker.findings:
        raise FindingsError(maker.findings)
    document = dump_definition(definition)
    # Whoever calls knows the SDK's session; here it goes where the SDK wants it.
    settings: dict[str, object] = {
        "name": name,
        "parameters": parameters,
        "pipeline_experiment_config": experiment,
        "steps": [*made, *_stand_ins(sdk, steps)],
        "sagemaker_session": session,
    }
    try:
        # An object of the class that is made from the SDK's; it has these methods.
        pipeline = cast("SdkPipeline", sdk.document_pipeline(sdk, document, role, settings))
    except ValueError as error:
        raise ServiceError(f"creating a pipeline of sagemaker {sdk.version}", str(error)) from None
    findings = [*_differences(sdk, definition, pipeline, len(steps))]
    if findings:
        raise FindingsError(findings)
    pipeline.steps = [*made, *steps]
    return pipeline


def sdk_variable(reference: HasExpression) -> object:
    """An output or variable as a variable of the SDK, for steps that are made with it by hand.

    It goes wherever the SDK takes a ``PipelineVariable``. Raises MissingExtraError where no SDK is installed.
    """
    sdk = load_sdk()
    document = to_json(reference.__smgen_expression__)
    return sdk.variable(document) if isinstance(document, dict) else document


class _Maker:
    """Makes the SDK's objects, and collects what it has none for."""

    def __init__(self, sdk: Sdk, definition: Definition) -> None:
        self.sdk = sdk
        self.definition = definition
        self.findings: list[Finding] = []

    def parameter(self, parameter: Parameter) -> object:
        made = _PARAMETERS.get(parameter.type)
        place = self.definition.place(parameter.pointer)
        if made is None:
            self.refuse(f"no SDK has a parameter of the type of '{parameter.name}'", place, parameter.type)
            return None
        settings: dict[str, object] = {"name": parameter.name}
        if parameter.has_default:
            settings["default_value"] = parameter.default
        if parameter.type == "String" and parameter.enum is not None:
            settings["enum_values"] = list(parameter.enum)
        try:
            return self.sdk[made](**settings)
        except (TypeError, ValueError) as error:
            self.refuse(f"the SDK refuses the parameter '{parameter.name}'", place, str(error))
            return None

    def experiment(self) -> object:
        experiment = self.definition.experiment
        if experiment is None:
            return None
        return self.sdk["PipelineExperimentConfig"](
            experiment_name=self.sdk.with_variables(experiment.get("ExperimentName")),
            trial_name=self.sdk.with_variables(experiment.get("TrialName")),
        )

    def step(self, step: Step) -> object:
        """A step of the SDK; None after a finding."""
        sdk = self.sdk
        place = self.definition.place(step.pointer, step=step.name)
        if sdk.step_type(step.type) is None:
            self.refuse(f"sagemaker {sdk.version} has no steps of kind {step.type}", place, step.type)
            return None
        branches: dict[str, list[object]] = {
            branch.name: [self.step(inner) for inner in branch.steps] for branch in step.branches
        }
        if self.findings:
            return None
        try:
            if step.kind is CONDITION:
                return self.condition(step, branches)
            if step.kind is FOR_EACH:
                return self.for_each(step, branches.get("body", []))
            return sdk.document_step(sdk, _document(self.definition, step), self.depends_on(step))
        except (TypeError, ValueError) as error:
            self.refuse(f"the SDK refuses the step '{step.name}'", place, str(error))
            return None

    def condition(self, step: Step, branches: Mapping[str, list[object]]) -> object:
        given = list_at(step.arguments, "Conditions")
        conditions = [self.sdk.document_condition(self.sdk, item) for item in given]
        return self.sdk["ConditionStep"](
            **self.titles(step),
            conditions=conditions,
            if_steps=branches.get("if", []),
            else_steps=branches.get("else", []),
        )

    def for_each(self, step: Step, body: list[object]) -> object:
        selector = object_at(step.arguments, "Selector")
        settings: dict[str, object] = {}
        if selector:
            pick, field = selector.get("Pick"), self.sdk.with_variables(selector.get("Field"))
            settings["selector"] = self.sdk["ForEachSelector"](pick=pick, field=field)
        return self.sdk["ForEachStep"](
            **self.titles(step),
            **settings,
            iterable_items=self.sdk.with_variables(step.arguments.get("IterableItems")),
            max_concurrency=step.arguments.get("MaxConcurrency"),
            for_each_body=body,
        )

    def titles(self, step: Step) -> dict[str, object]:
        """What all of the SDK's own steps are given."""
        return {
            "name": step.name,
            "display_name": step.fields.get("DisplayName"),
            "description": step.fields.get("Description"),
            "depends_on": self.depends_on(step),
        }

    def depends_on(self, step: Step) -> list[object] | None:
        """``DependsOn`` in the SDK's words; None where it has none, or where it would write something else."""
        names = [dependency.step for dependency in step.depends_on]
        if len(set(names)) < len(names):
            return None
        found: list[object] = []
        for dependency in step.depends_on:
            if dependency.trigger is None:
                found.append(dependency.step)
            elif self.sdk.has("StepDependency"):
                trigger = self.sdk["TriggerCondition"](dependency.trigger)
                found.append(self.sdk["StepDependency"](dependency.step, trigger))
            else:
                # Version 2 knows no outcomes, but writes what stands in a request.
                return None
        return found or None

    def refuse(self, message: str, place: Place, given: str) -> None:
        fix = "deploy it without the SDK: smgen deploy"
        if self.sdk.major == 2:
            fix = f"install sagemaker 3, or {fix}"
        self.findings.append(Finding("SMG250", message, place, given=given, fix=fix))


def _document(definition: Definition, step: Step) -> JsonObject:
    """A step's document as it stands in the definition."""
    return object_at(at_pointer(definition.document, step.pointer))


def _stand_ins(sdk: Sdk, steps: Sequence[object]) -> Iterator[object]:
    """A step without effect for each one made by hand, whose own request may need AWS."""
    for step in steps:
        # What a function with the SDK's @step returns holds its step.
        name: object = getattr(getattr(step, "_step", None) or step, "name", None)
        yield sdk.document_step(sdk, {"Name": str(name), "Type": FAIL.type, "Arguments": {"ErrorMessage": ""}}, None)


def _differences(sdk: Sdk, definition: Definition, pipeline: SdkPipeline, stand_ins: int) -> Iterator[Finding]:
    """SMG250 for each place where the SDK would write something else than the definition has."""
    known = {step.name for step in definition.all_steps()}
    try:
        # The SDK writes a JSON object.
        made = cast("JsonObject", json.loads(pipeline.definition()))
    except (TypeError, ValueError) as error:
        unknown = [name for name in referenced_steps(definition.document) if name not in known]
        given = f"{error}" + (f" (there is no step {', '.join(unknown)})" if unknown else "")
        yield Finding("SMG250", "the SDK refuses the definition", definition.place(""), given=given)
        return
    steps = made["Steps"]
    if stand_ins and isinstance(steps, list):
        made["Steps"] = steps[:-stand_ins]
    for difference in compare(made, dump_definition(definition), normalisations=()).differences:
        message = f"sagemaker {sdk.version} would write something else at {difference.pointer or '/'}"
        yield Finding(
            "SMG250",
            message,
            definition.place(difference.pointer),
            given=shown_json(difference.left, _MOST_SHOWN, "…"),
            expected=shown_json(difference.right, _MOST_SHOWN, "…"),
            fix="deploy it without the SDK: smgen deploy",
        )
