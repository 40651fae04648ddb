"""Writes an imported pipeline with other contracts, whose names for what is theirs are others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, TypeVar

from smgen.contract_model import StepContract
from smgen.documents import object_at, text_at
from smgen.importer.fitting import Fit
from smgen.importer.imported_pipeline import (
    Authored,
    EnvironmentKind,
    EnvironmentReference,
    EnvironmentText,
    FileValue,
    Guess,
    HiddenEdge,
    Imported,
    ImportedCleanup,
    ImportedCondition,
    ImportedFail,
    ImportedPipeline,
    ImportedRaw,
    ImportedStep,
    JoinedText,
    ProxyExpression,
)
from smgen.importer.walking import authored_values, changed_steps, contract_steps, leaves

V = TypeVar("V")
#: What becomes of one reference.
Rewriting: TypeAlias = "Callable[[ProxyExpression | EnvironmentReference], Authored]"


@dataclass(frozen=True, slots=True)
class Replacement:
    """The contract that steps are written with instead of their own, and how; ``is_reuse`` if it is another one's."""

    contract: StepContract
    is_reuse: bool = False
    fit: Fit = field(default_factory=lambda: Fit({}, {}, {}, {}))


def read_attributes(pipeline: ImportedPipeline) -> Mapping[str, frozenset[str]]:
    """The attributes of each step's proxy that something reads, by the step's name."""
    found: dict[str, set[str]] = {}
    for value in authored_values(pipeline):
        for leaf in leaves(value):
            if isinstance(leaf, ProxyExpression):
                found.setdefault(leaf.step, set()).add(leaf.attribute)
    return {step: frozenset(names) for step, names in found.items()}


def without_unused_values(pipeline: ImportedPipeline) -> ImportedPipeline:
    """The pipeline whose environments have only the values, groups and images that its module or contracts name.

    A copy of a public image is not named: its own name, with a colon in it, stands for that.
    """
    used = {
        leaf for value in authored_values(pipeline) for leaf in leaves(value) if isinstance(leaf, EnvironmentReference)
    }
    for document in pipeline.contracts.values():
        for setting in object_at(document, "settings").values():
            image = text_at(setting, "default", "image")
            if image is not None:
                used.add(EnvironmentReference("image", image))

    def kept(kind: EnvironmentKind, table: Mapping[str, V]) -> dict[str, V]:
        return {
            name: item
            for name, item in table.items()
            if EnvironmentReference(kind, name) in used or (kind == "image" and ":" in name)
        }

    environments = tuple(
        replace(
            item,
            images=kept("image", item.images),
            model_package_groups=kept("model_package_group", item.model_package_groups),
            values=kept("value", item.values),
        )
        for item in pipeline.environments
    )
    return replace(pipeline, environments=environments)


def with_contracts(pipeline: ImportedPipeline, replacements: Mapping[str, Replacement]) -> ImportedPipeline:
    """The pipeline with other contracts for those of these names."""
    of_step = {step.name: replacements.get(step.contract) for step in contract_steps(pipeline)}

    def reference(value: ProxyExpression | EnvironmentReference) -> Authored:
        if isinstance(value, EnvironmentReference):
            return value
        found = of_step.get(value.step)
        if found is None:
            return value
        return replace(value, attribute=found.fit.attributes.get(value.attribute, value.attribute))

    def step(value: ImportedStep) -> ImportedStep:
        found = replacements.get(value.contract)
        return value if found is None else _with_contract(value, found)

    contracts = {
        (found.contract.name if (found := replacements.get(name)) else name): (
            found.contract.document if found else document
        )
        for name, document in pipeline.contracts.items()
    }
    edges = tuple(
        replace(edge, port=found.fit.inputs.get(edge.port, edge.port)) if (found := of_step.get(edge.step)) else edge
        for edge in pipeline.hidden_edges
    )
    guesses = tuple(item for guess in pipeline.guesses for item in _guesses(guess, replacements))
    written = _rewritten(replace(pipeline, hidden_edges=edges, guesses=guesses), reference, step)
    return replace(written, contracts=contracts)


def _guesses(guess: Guess, replacements: Mapping[str, Replacement]) -> Iterator[Guess]:
    """A guess about a contract under the name that it has now; none where another contract says it."""
    found = replacements.get(guess.contract)
    if found is None:
        yield guess
    elif not found.is_reuse:
        rest = guess.subject.removeprefix(guess.contract)
        yield replace(guess, subject=f"{found.contract.name}{rest}", contract=found.contract.name)


def _with_contract(step: ImportedStep, replacement: Replacement) -> ImportedStep:
    fit, contract = replacement.fit, replacement.contract
    given = {**{name: value for name, value in fit.implied.items() if step.config.get(name) is None}, **step.config}
    config: dict[str, Authored] = {}
    for name, value in (
        *((fit.settings.get(name, name), value) for name, value in given.items() if name not in fit.dropped),
        *fit.constants.items(),
    ):
        setting = contract.settings.get(name)
        if setting is None or setting.default is None or setting.default != value:
            config[name] = value
    return replace(
        step,
        contract=contract.name,
        config=config,
        ports={fit.inputs.get(name, name): bound for name, bound in step.ports.items()},
        locations={fit.outputs.get(name, name): location for name, location in step.locations.items()},
    )


def _rewritten(
    pipeline: ImportedPipeline, reference: Rewriting, step: Callable[[ImportedStep], ImportedStep]
) -> ImportedPipeline:
    def value(item: Authored) -> Authored:
        return _value(item, reference)

    def changed(item: Imported) -> Imported:
        written = _with_values(item, value)
        return step(written) if isinstance(written, ImportedStep) else written

    def pair(items: tuple[Authored, Authored] | None) -> tuple[Authored, Authored] | None:
        return None if items is None else (value(items[0]), value(items[1]))

    return replace(
        pipeline,
        parameters=tuple(replace(item, default=value(item.default)) for item in pipeline.parameters),
        steps=changed_steps(pipeline.steps, changed),
        experiment=pair(pipeline.experiment),
        mlflow=pair(pipeline.mlflow),
        hidden_edges=tuple(_edge(edge, reference) for edge in pipeline.hidden_edges),
    )


def _edge(edge: HiddenEdge, reference: Rewriting) -> HiddenEdge:
    written = reference(edge.edge)
    return replace(edge, edge=written) if isinstance(written, ProxyExpression) else edge


def _with_values(step: Imported, value: Callable[[Authored], Authored]) -> Imported:
    """A step whose own values are changed, without those of the steps inside it."""
    if isinstance(step, ImportedStep):
        return replace(
            step,
            config={name: value(item) for name, item in step.config.items()},
            ports={name: tuple(map(value, bound)) for name, bound in step.ports.items()},
            locations={name: value(item) for name, item in step.locations.items()},
        )
    if isinstance(step, ImportedCondition):
        return replace(step, operands={operand: value(item) for operand, item in step.operands.items()})
    if isinstance(step, ImportedFail):
        return replace(step, message=value(step.message))
    if isinstance(step, ImportedCleanup):
        sources = map(value, step.sources)
        return replace(step, sources=tuple(item for item in sources if isinstance(item, ProxyExpression)))
    if isinstance(step, ImportedRaw):
        return step
    selector = step.selector
    if selector is not None and isinstance(by := value(selector[1]), ProxyExpression):
        selector = (selector[0], by)
    return replace(step, items=value(step.items), selector=selector)


def _value(value: Authored, reference: Rewriting) -> Authored:
    if isinstance(value, (ProxyExpression, EnvironmentReference)):
        return reference(value)
    if isinstance(value, EnvironmentText):
        return EnvironmentText(tuple(_part(part, reference) for part in value.parts))
    if isinstance(value, FileValue):
        return replace(value, location=_value(value.location, reference))
    if isinstance(value, JoinedText):
        return JoinedText(value.on, tuple(_value(item, reference) for item in value.values))
    if isinstance(value, tuple):
        return tuple(_value(item, reference) for item in value)
    if isinstance(value, Mapping):
        return {name: _value(item, reference) for name, item in value.items()}
    return value


def _part(part: str | EnvironmentReference, reference: Rewriting) -> str | EnvironmentReference:
    written = part if isinstance(part, str) else reference(part)
    return written if isinstance(written, (str, EnvironmentReference)) else part
