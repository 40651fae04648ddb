"""A package ``sagemaker`` that has what smgen asks of the SDK and does with it what the SDK does, in few lines.

``tests/parity/test_sdk_pipeline.py`` asks the real ones; here is what a run without them can notice.
"""

from __future__ import annotations

import importlib.metadata
import json
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any, ClassVar, TypeGuard

import pytest


class PipelineVariable:
    """The base of what is known only when a pipeline runs."""

    expr: Any


class Properties(PipelineVariable):
    """What a step gives."""

    step_name: str
    path: str | None

    @property
    def expr(self) -> dict[str, str]:
        return {"Get": f"Steps.{self.step_name}.{self.path}"}

    @expr.setter
    def expr(self, value: object) -> None:
        raise AttributeError(value)


class StepTypeEnum:
    """The kinds of steps that the SDK knows."""

    known: ClassVar[tuple[str, ...]] = ("Training", "Condition", "Fail", "Lambda", "ForEach")

    def __init__(self, value: str) -> None:
        if value not in self.known:
            raise ValueError(f"'{value}' is not a valid StepTypeEnum")
        self.value = value


class Step:
    """A step."""

    def __init__(
        self,
        name: str,
        display_name: str | None = None,
        description: str | None = None,
        step_type: Any = None,
        depends_on: list[Any] | None = None,
    ) -> None:
        self.name, self.display_name, self.description = name, display_name, description
        self.step_type, self.depends_on = step_type, depends_on

    arguments: Any

    def to_request(self) -> dict[str, Any]:
        request = {"Name": self.name, "Type": self.step_type.value, "Arguments": self.arguments}
        return request | ({"DisplayName": self.display_name} if self.display_name else {})


class Condition:
    """A condition."""

    def to_request(self) -> Any: ...


class ConditionStep(Step):
    """A step that decides; whatever else its document has is lost, as it is in the SDK."""

    def __init__(self, conditions: list[Any], if_steps: list[Any], else_steps: list[Any], **more: Any) -> None:
        super().__init__(step_type=StepTypeEnum("Condition"), **more)
        self.conditions, self.if_steps, self.else_steps = conditions, if_steps, else_steps

    @property
    def arguments(self) -> dict[str, Any]:
        return {
            "Conditions": [one.to_request() for one in self.conditions],
            "IfSteps": [compiled(one) for one in self.if_steps],
            "ElseSteps": [compiled(one) for one in self.else_steps],
        }


class Parameter:
    """A parameter."""

    type: ClassVar[str]

    def __init__(self, name: str, default_value: Any = None, enum_values: list[str] | None = None) -> None:
        if self.type == "Integer" and not isinstance(default_value, int | None):
            raise TypeError("The default value specified does not match the Parameter Python type.")
        self.request: dict[str, Any] = {"Name": name, "Type": self.type}
        self.request |= {} if default_value is None else {"DefaultValue": default_value}
        self.request |= {"EnumValues": enum_values} if enum_values else {}


class PipelineExperimentConfig:
    """Where executions are filed."""

    def __init__(self, experiment_name: Any, trial_name: Any) -> None:
        self.request = {"ExperimentName": experiment_name, "TrialName": trial_name}


class Pipeline:
    """A pipeline."""

    def __init__(self, sagemaker_session: Any, **members: Any) -> None:
        if sagemaker_session == "nowhere":
            raise ValueError("Must setup local AWS configuration with a region supported by SageMaker.")
        self.__dict__.update(members)
        self.calls: list[tuple[str, Any, Any]] = []

    steps: list[Any]
    parameters: list[Any]
    pipeline_experiment_config: Any

    def definition(self) -> str:
        experiment = self.pipeline_experiment_config
        known = {one.name for one in self.steps}
        for one in self.steps:
            for name in one.depends_on or ():
                if name not in known:
                    raise ValueError(f"The input steps do not contain the step of name: {name}")
        return json.dumps(
            {
                "Version": "2020-12-01",
                "Metadata": {},
                "Parameters": [one.request for one in self.parameters],
                "PipelineExperimentConfig": None if experiment is None else interpolated(experiment.request),
                "MlflowConfig": None,
                "Steps": [compiled(one) for one in self.steps],
            }
        )

    def create(self, role_arn: str | None = None, description: str | None = None) -> None:
        self.calls.append(("create", role_arn, description))

    def update(self, role_arn: str | None = None, description: str | None = None) -> None:
        self.calls.append(("update", role_arn, description))

    def upsert(self, role_arn: str | None = None, description: str | None = None) -> None:
        self.calls.append(("upsert", role_arn, description))


def compiled(step: Any) -> Any:
    """A step's document, in which the SDK writes the dependencies."""
    request = step.to_request()
    return interpolated(request | ({"DependsOn": list(step.depends_on)} if step.depends_on else {}))


def interpolated(value: Any) -> Any:
    """The value with expressions in the place of variables."""
    if isinstance(value, PipelineVariable):
        return value.expr
    if is_object(value):
        return {key: interpolated(member) for key, member in value.items()}
    return [interpolated(item) for item in value] if is_list(value) else value


def variables_in(value: Any) -> Iterator[Any]:
    """The variables in a request."""
    if isinstance(value, PipelineVariable):
        yield value
    elif is_object(value):
        yield from variables_in([*value.values()])
    elif is_list(value):
        for item in value:
            yield from variables_in(item)


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def install(monkeypatch: pytest.MonkeyPatch, version: str = "2.257.7") -> None:
    """Puts the package in the place of the SDK, in the layout of version 2, for one test."""
    parameters = {
        f"Parameter{kind}": type(f"Parameter{kind}", (Parameter,), {"type": kind})
        for kind in ("String", "Integer", "Float", "Boolean")
    }
    modules: dict[str, dict[str, Any]] = {
        "pipeline": {"Pipeline": Pipeline},
        "pipeline_experiment_config": {"PipelineExperimentConfig": PipelineExperimentConfig},
        "steps": {"Step": Step, "StepTypeEnum": StepTypeEnum},
        "condition_step": {"ConditionStep": ConditionStep},
        "conditions": {"Condition": Condition},
        "properties": {"Properties": Properties},
        "entities": {"PipelineVariable": PipelineVariable},
        "parameters": parameters,
    }
    real = importlib.metadata.version

    def installed(name: str) -> str:
        return version if name == "sagemaker" else real(name)

    monkeypatch.setattr(importlib.metadata, "version", installed)
    for name in ("sagemaker", "sagemaker.workflow"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    for name, members in modules.items():
        module = ModuleType(f"sagemaker.workflow.{name}")
        module.__dict__.update(members)
        monkeypatch.setitem(sys.modules, module.__name__, module)
