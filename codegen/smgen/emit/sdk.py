"""The SageMaker SDK, version 3 or 2: what it is asked for, and the classes that show it parts of a definition."""

from __future__ import annotations

import importlib
import importlib.metadata
import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from types import new_class
from typing import Final, cast

from smgen.aws import STEP_KINDS, Shape, properties_shape, service_model, step_kind
from smgen.diagnostics import nearest_name
from smgen.distribution import EXTRAS, MissingExtraError
from smgen.documents import JsonObject, JsonValue
from smgen.emit.service import ServiceError
from smgen.expressions import Get, PropertyFileReference, StepReference, parse_expression, references, target

#: Where each thing that is used lives in the SDK, by its major version; a thing that is not listed is not there.
_PLACES: Final[Mapping[int, Mapping[str, str]]] = {
    3: {
        "Pipeline": "mlops.workflow.pipeline",
        "PipelineExperimentConfig": "mlops.workflow.pipeline_experiment_config",
        "Step": "mlops.workflow.steps",
        "StepTypeEnum": "mlops.workflow.steps",
        "ConditionStep": "mlops.workflow.condition_step",
        "ForEachStep": "mlops.workflow.for_each_step",
        "ForEachSelector": "mlops.workflow.for_each_step",
        "StepDependency": "mlops.workflow.step_dependency",
        "TriggerCondition": "mlops.workflow.step_dependency",
        "Condition": "core.workflow.conditions",
        "Properties": "core.workflow.properties",
        "PipelineVariable": "core.helper.pipeline_variable",
        "ParameterString": "core.workflow.parameters",
        "ParameterInteger": "core.workflow.parameters",
        "ParameterFloat": "core.workflow.parameters",
        "ParameterBoolean": "core.workflow.parameters",
    },
    2: {
        "Pipeline": "workflow.pipeline",
        "PipelineExperimentConfig": "workflow.pipeline_experiment_config",
        "Step": "workflow.steps",
        "StepTypeEnum": "workflow.steps",
        "ConditionStep": "workflow.condition_step",
        "Condition": "workflow.conditions",
        "Properties": "workflow.properties",
        "PipelineVariable": "workflow.entities",
        "ParameterString": "workflow.parameters",
        "ParameterInteger": "workflow.parameters",
        "ParameterFloat": "workflow.parameters",
        "ParameterBoolean": "workflow.parameters",
    },
}
#: The members of a step document that the SDK writes itself.
_WRITTEN_BY_THE_SDK: Final = ("Name", "Type", "Arguments", "DependsOn")
_IMPORTING: Final = "importing the SageMaker SDK"


@dataclass(frozen=True, eq=False)
class Sdk:
    """An installed SDK. ``version`` is that of its distribution; the rest are its classes and ours made from them."""

    version: str
    major: int
    things: Mapping[str, Callable[..., object]]
    document_step: Callable[..., object]
    document_condition: Callable[..., object]
    document_pipeline: Callable[..., object]
    variable: Callable[..., object]
    properties: Callable[..., object]

    def __getitem__(self, name: str) -> Callable[..., object]:
        """A class of the SDK by its name."""
        return self.things[name]

    def has(self, name: str) -> bool:
        """Whether this version of the SDK has a class of that name."""
        return name in self.things

    def step_type(self, kind: str) -> object | None:
        """The SDK's constant for a step kind; None where it knows no such steps."""
        try:
            return self.things["StepTypeEnum"](kind)
        except ValueError:
            return None

    def with_variables(self, value: JsonValue) -> object:
        """A copy of a JSON value in which every expression is a variable of the SDK."""
        if isinstance(value, dict):
            if parse_expression(value) is not None:
                return self.variable(value)
            return {key: self.with_variables(member) for key, member in value.items()}
        return [self.with_variables(item) for item in value] if isinstance(value, list) else value


def load_sdk() -> Sdk:
    """The SDK that is installed. Raises MissingExtraError where there is none, ServiceError where it cannot be used."""
    try:
        version = importlib.metadata.version("sagemaker")
    except importlib.metadata.PackageNotFoundError:
        # Version 2 has a module of that name as well: the version has to be read anyway.
        raise MissingExtraError(["sagemaker"], EXTRAS["sagemaker"]) from None
    return _loaded(version)


@cache
def _loaded(version: str) -> Sdk:
    major = 2 if version.startswith("2.") else 3
    try:
        # Through importlib, because one version of the SDK has no types and the other one is another package.
        found = {
            name: cast("Callable[..., object]", vars(importlib.import_module(f"sagemaker.{place}"))[name])
            for name, place in _PLACES[major].items()
        }
    except (ImportError, KeyError) as error:
        reason = f"sagemaker {version} cannot be used: {error}"
        raise ServiceError(_IMPORTING, f"{reason}; smgen knows sagemaker 3.27 and 2.257") from None
    return Sdk(
        version,
        major,
        found,
        document_step=_class(_DocumentStep, found["Step"]),
        document_condition=_class(_DocumentCondition, found["Condition"]),
        document_pipeline=_class(_DocumentPipeline, found["Pipeline"]),
        variable=_class(_ExpressionVariable, found["PipelineVariable"]),
        properties=_class(_DrilledProperties, found["Properties"]),
    )


def _class(part: type, base: Callable[..., object]) -> Callable[..., object]:
    """A class of the SDK with what ``part`` says before it."""
    # The SDK's classes are known to no type checker; what is called here is one.
    return new_class(part.__name__.lstrip("_"), (part, cast("type", base)))


class _ExpressionVariable:
    """An expression of a definition as a variable of the SDK."""

    def __init__(self, document: JsonObject) -> None:
        self._document = document

    @property
    def expr(self) -> JsonObject:
        return deepcopy(self._document)

    @property
    def _referenced_steps(self) -> list[str]:
        # Names and not steps: these may stand further on, or be made by hand.
        return referenced_steps(self._document)


def referenced_steps(value: JsonValue) -> list[str]:
    """The names of the steps that a JSON value reads, each once, in the order of the document."""
    return list(dict.fromkeys(_step_names(value)))


def _step_names(value: JsonValue) -> Iterator[str]:
    for _, expression in references(value):
        read = target(expression) if isinstance(expression, Get) else None
        if isinstance(read, (StepReference, PropertyFileReference)):
            yield read.step


class _DrilledProperties:
    """What a step gives, by attributes and items as in the SDK: ``.ModelArtifacts.S3ModelArtifacts``."""

    def __init__(self, step: str, kind: str, path: str | None, shape: Shape | None) -> None:
        """``shape`` is what stands at ``path``; None where nobody knows."""
        # The first three are what the SDK's own methods read.
        self.step_name = step
        self.path = path
        self._step = None
        self._shape_names: list[str] = []
        self._kind = kind
        self._shape = shape

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)
        # What the definition calls OutputParameters.
        if self.path is None and name == "Outputs" and step_kind(self._kind).takes_named_values:
            name = "OutputParameters"
        shape = self._shape
        if shape is not None and shape.type == "structure":
            if name not in shape.members:
                nearest = nearest_name(name, shape.members)
                hint = f"; did you mean {nearest}?" if nearest else ""
                raise AttributeError(f"{self._at} has no {name}{hint}")
            shape = _shape(shape.members[name].shape)
        elif shape is not None and shape.type != "document":
            raise AttributeError(f"{self._at} is a {shape.type} and has no {name}")
        return type(self)(self.step_name, self._kind, name if self.path is None else f"{self.path}.{name}", shape)

    def __getitem__(self, key: int | str) -> object:
        shape = self._shape
        if shape is not None:
            inner = shape.element or shape.value
            if inner is None and shape.type != "document":
                raise TypeError(f"{self._at} is a {shape.type} and has no items")
            shape = None if inner is None else _shape(inner)
        part = f"['{key}']" if isinstance(key, str) else f"[{key}]"
        return type(self)(self.step_name, self._kind, f"{self.path or ''}{part}", shape)

    @property
    def _at(self) -> str:
        return f'step "{self.step_name}"' if self.path is None else f"Steps.{self.step_name}.{self.path}"


def _shape(name: str) -> Shape:
    return service_model().shape(name)


class _DocumentStep:
    """A step document as a step of the SDK, with the SDK's ways to add dependencies and to read its properties."""

    name: str
    depends_on: object

    def __init__(self, sdk: Sdk, document: JsonObject, depends_on: list[object] | None) -> None:
        """``depends_on`` is None where the SDK has no words for it: then the document's own stays as it is."""
        # A class of the SDK, which is known to no type checker, has this method.
        initialise = cast("Callable[..., None]", vars(sdk["Step"])["__init__"])
        kind = str(document["Type"])
        initialise(
            self,
            name=document["Name"],
            display_name=document.get("DisplayName"),
            description=document.get("Description"),
            step_type=sdk.step_type(kind),
            depends_on=depends_on,
        )
        self._sdk = sdk
        self._kind = kind
        self._document = document

    @property
    def arguments(self) -> object:
        return self._sdk.with_variables(self._document.get("Arguments", {}))

    @property
    def properties(self) -> object:
        kind = STEP_KINDS.get(self._kind)
        if kind is None:
            return self._sdk.properties(self.name, self._kind, None, None)
        if not kind.has_properties:
            raise RuntimeError(f"a {self._kind} step has no properties")
        return self._sdk.properties(self.name, self._kind, None, properties_shape(kind))

    def to_request(self) -> dict[str, object]:
        request: dict[str, object] = {}
        for name, value in self._document.items():
            if name == "Arguments":
                request[name] = self.arguments
            elif name not in _WRITTEN_BY_THE_SDK:
                request[name] = self._sdk.with_variables(value)
            elif name != "DependsOn" or not self.depends_on:
                # With dependencies in its own words, the SDK writes them itself.
                request[name] = deepcopy(value)
        request.setdefault("Arguments", {})
        return request


class _DocumentCondition:
    """An item of the ``Conditions`` of a definition as a condition of the SDK."""

    def __init__(self, sdk: Sdk, document: JsonValue) -> None:
        self._sdk = sdk
        self._document = document

    def to_request(self) -> object:
        return self._sdk.with_variables(self._document)

    @property
    def _referenced_steps(self) -> list[str]:
        return referenced_steps(self._document)


class _DocumentPipeline:
    """A pipeline of the SDK that keeps what the SDK does not know of the document that it was made from."""

    def __init__(self, sdk: Sdk, document: JsonObject, role: str | None, settings: Mapping[str, object]) -> None:
        """``settings`` are those that the SDK's own class takes; ``role`` is used where a call gives none."""
        self._base = sdk["Pipeline"]
        self._top = {name: value for name, value in document.items() if name not in ("Parameters", "Steps")}
        self._role = role
        self._own("__init__")(self, **settings)

    def definition(self) -> str:
        """The definition as the SDK compiles it, with the members that the document has and no others."""
        # What json.loads gives is JSON, and the SDK writes an object.
        made = cast("JsonObject", json.loads(cast("str", self._own("definition")(self))))
        document = dict(self._top)
        for name, value in made.items():
            # Version 3 writes MlflowConfig always and version 2 never; the others are the same in every definition.
            if name in ("Version", "Metadata") or (value is None and (name == "MlflowConfig" or name not in document)):
                continue
            document[name] = value
        return json.dumps(document)

    def create(self, role_arn: str | None = None, *more: object, **settings: object) -> object:
        return self._own("create")(self, role_arn or self._role, *more, **settings)

    def update(self, role_arn: str | None = None, *more: object, **settings: object) -> object:
        return self._own("update")(self, role_arn or self._role, *more, **settings)

    def upsert(self, role_arn: str | None = None, *more: object, **settings: object) -> object:
        return self._own("upsert")(self, role_arn or self._role, *more, **settings)

    def _own(self, name: str) -> Callable[..., object]:
        """A method of the SDK's class, which is known to no type checker."""
        return cast("Callable[..., object]", getattr(self._base, name))
