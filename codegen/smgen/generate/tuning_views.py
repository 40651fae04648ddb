"""What the templates lay out for tuning: the ranges of a training contract, the outputs of a tuned job, the method."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from smgen.aws import Leaf, property_leaf, tuning_kind
from smgen.contract_model import (
    CONFIG_ATTRIBUTES,
    StepContract,
    ValueSchema,
    is_tunable,
    python_identifier,
    tunable_hyperparameters,
    tuned_outputs,
)
from smgen.generate.annotations import NONE, TEXT, Annotation, Either, OneText, applied, imported, variable
from smgen.generate.class_views import ClassView, PropertyView, output_property
from smgen.generate.texts import output_text

_DIRECTIONS: Final = ("maximize", "minimize")
_SEARCHES: Final = {"integer": "IntegerSearch", "number": "NumberSearch", "boolean": "BooleanSearch"}


@dataclass(frozen=True, slots=True)
class RangeView:
    """A hyperparameter that can be searched, and what may be given for it; ``pointer`` is its place in the contract."""

    name: str
    annotation: Annotation
    pointer: str


@dataclass(frozen=True, slots=True)
class ObjectiveView:
    """A direction of the objective, and the metrics that it may be given."""

    name: str
    annotation: Annotation


@dataclass(frozen=True, slots=True)
class TuningView:
    """What a contract's module has for tuning."""

    ranges: str
    fields: tuple[RangeView, ...]
    objectives: tuple[ObjectiveView, ...]
    job: ClassView
    text: str

    def annotations(self) -> Iterator[Annotation]:
        """Every annotation of it."""
        yield from (item.annotation for item in self.fields)
        yield from (item.annotation for item in self.objectives)
        yield from (item.annotation for item in self.job.properties)


def tuning_view(contract: StepContract) -> TuningView | None:
    """What a contract's module has for tuning; None for a contract that cannot be tuned."""
    if not is_tunable(contract):
        return None
    fields = tuple(
        RangeView(python_identifier(name, CONFIG_ATTRIBUTES), _annotation(spec.schema), spec.pointer)
        for name, spec in tunable_hyperparameters(contract).items()
    )
    return TuningView(ranges_name(contract), fields, tuple(_objectives(contract)), _job(contract), _text(contract))


def ranges_name(contract: StepContract) -> str:
    """The class of a contract's ranges."""
    return f"{contract.name}Ranges"


def job_name(contract: StepContract) -> str:
    """The class of the outputs of one of a tuning's training jobs."""
    return f"{contract.name}TunedJob"


def _annotation(schema: ValueSchema) -> Annotation:
    if schema.type in _SEARCHES:
        return imported(_SEARCHES[schema.type])
    texts = TEXT if schema.enum is None else OneText(tuple(str(value) for value in schema.enum))
    return applied("TextSearch", texts)


def _objectives(contract: StepContract) -> Iterator[ObjectiveView]:
    """The directions in which some metric can go; a contract that lists no metrics takes any."""
    for direction in _DIRECTIONS:
        metrics = [name for name, spec in contract.metrics.items() if spec.goal in (None, direction)]
        if metrics:
            yield ObjectiveView(direction, Either((OneText(tuple(metrics)), variable("String"), NONE)))
        elif not contract.metrics:
            yield ObjectiveView(direction, Either((TEXT, variable("String"), NONE)))


def _job(contract: StepContract) -> ClassView:
    properties: list[PropertyView] = []
    tuning = tuning_kind(contract.kind).type
    for name, port in tuned_outputs(contract).items():
        spec = port.output_spec
        leaf = None if spec.property_path is None else property_leaf(tuning, spec.property_path)
        documented = leaf.documentation if isinstance(leaf, Leaf) else ""
        # The property's path has the rank of the job in it, which is not known here.
        described = replace(spec, property_path=None, description=spec.description or documented)
        properties.append(output_property(name, spec, output_text(tuning, described), port.pointer))
    text = f"The outputs of one training job of a tuning of {contract.name}."
    return ClassView(job_name(contract), imported("TunedJob"), text, tuple(properties))


def _text(contract: StepContract) -> str:
    required = [
        python_identifier(name, CONFIG_ATTRIBUTES)
        for name, spec in tunable_hyperparameters(contract).items()
        if spec.required and spec.default is None
    ]
    paragraphs = ["A tuning step that repeats this training step and searches ranges of its hyperparameters."]
    paragraphs.append("The metric that is maximized or minimized is the objective; settings are those of any tuning.")
    if required:
        names = ", ".join(required)
        paragraphs.append(f"What the config needs ({names}) is written TUNED there where it is searched.")
    return "\n\n".join(paragraphs)
