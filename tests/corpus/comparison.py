"""Holds a rebuilt pipeline against the definition that the SDK recorded for it.

A test lists what differs, by JSON pointer with a reason, and how often each normalisation made a difference go away:

    comparison = compared(LAMBDA_DEPLOY)
    unexplained = comparison.unexplained(DIFFERENCES)
    assert unexplained.differences == ()
    assert unexplained.unused == ()
    assert dict(comparison.counts) == NORMALISATIONS
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from smgen.checks import CheckContext, check_definition
from smgen.contracts import read_contracts
from smgen.definition import AutoBinding, Definition, DefinitionComparison, compare, parse_definition
from smgen.documents import JsonObject, JsonValue
from smgen.generate import GeneratedPackage, GenerationOptions, plan
from smgen.packages import contracts_path
from smgen.runtime import CompiledPipeline, Environment, FluentPipelineBuilder
from tests.corpus.auto_ports import AutoPipelineBuilder, Port

RECORDED: Final = Path(__file__).parents[1] / "data" / "corpus"
#: The contracts of steps that are peculiar to one of the pipelines, and the package that is generated from them.
CONTRACTS: Final = Path(__file__).parent / "contract_specs"
PACKAGE: Final = Path(__file__).parent / "golden" / "corpus_steps"

PipelineFunction: TypeAlias = "Callable[[FluentPipelineBuilder, Environment], None]"

_PLACEHOLDER: Final = re.compile(r"<[A-Z][A-Z_0-9]*(?::[^<>\"]*)?>")
#: What stands in locations and differs from build to build: it is normalised (N4), or what holds it is listed.
_UNFILLED: Final = ("<EPOCH>", "<HASH>", "<TIMESTAMP>")


@dataclass(frozen=True)
class RebuiltPipeline:
    """A pipeline written with typed builders, and the definition that it is to be equal to.

    ``recorded`` is the file's name without its end, ``name`` the pipeline's name in SageMaker. ``placeholders`` are the
    values of the environment that stand in the recorded definition as placeholders.

    ``moved`` lists the steps, not those inside others, that the recording has at another position, with a reason each.
    SageMaker runs steps by what they read and wait for and not by their positions; but each such step is a difference
    all the same, and counts as one.
    """

    recorded: str
    name: str
    function: PipelineFunction
    environment: Environment
    placeholders: Mapping[str, str | None]
    moved: Mapping[str, str] = field(default_factory=dict[str, str])


def built(pipeline: RebuiltPipeline) -> CompiledPipeline:
    """The pipeline as its author wrote it."""
    builder = FluentPipelineBuilder(pipeline.name, pipeline.environment)
    pipeline.function(builder, pipeline.environment)
    return builder.build()


def recorded(pipeline: RebuiltPipeline) -> JsonObject:
    """The recorded definition with its placeholders filled; every one of them, and no other, has a value."""
    document = json.loads((RECORDED / f"{pipeline.recorded}.json").read_text(encoding="utf-8"))
    text = json.dumps(document["definition"])
    for placeholder, value in pipeline.placeholders.items():
        assert placeholder in text, f"{placeholder} does not stand in the recorded definition"
        assert value is not None, f"the environment has no value for {placeholder}"
        text = text.replace(placeholder, json.dumps(value)[1:-1])
    left_over = sorted(set(_PLACEHOLDER.findall(text)) - set(_UNFILLED))
    assert not left_over, f"placeholders without a value: {left_over}"
    filled: JsonObject = json.loads(text)
    return filled


def compared(pipeline: RebuiltPipeline) -> DefinitionComparison:
    """What differs between the rebuilt pipeline, on the left, and the recorded one with the moved steps moved."""
    ours, theirs = built(pipeline).definition, parse_definition(recorded(pipeline))
    return compare(ours, _rearranged(theirs, [step.name for step in ours.steps], pipeline.moved))


def _steps(definition: Definition) -> list[JsonValue]:
    """The documents of the steps that stand in no other one."""
    steps = definition.document["Steps"]
    assert isinstance(steps, list)
    return steps


def _rearranged(theirs: Definition, order: Sequence[str], moved: Iterable[str]) -> JsonObject:
    """The definition with some of its steps, and no others, at the positions that they have in ``order``."""
    names = [step.name for step in theirs.steps]
    steps = dict(zip(names, _steps(theirs), strict=True))
    rearranged = list(names)
    for name in moved:
        rearranged.remove(name)
    for name in sorted(moved, key=order.index):
        rearranged.insert(order.index(name), name)
        assert names.index(name) != order.index(name), f"{name} stands where it is recorded"
    return {**theirs.document, "Steps": [steps[name] for name in rearranged]}


@dataclass(frozen=True)
class AutoOutcome:
    """What AUTO makes of a pipeline: JSON pointers of what it changes, and what it binds ports to.

    ``bound`` is from ``Step.port`` to ``Step.output``, or to ``Step.output.file`` for a report.
    """

    changed: list[str]
    bound: dict[str, str]


def with_auto(pipeline: RebuiltPipeline, but: Iterable[Port] = ()) -> AutoOutcome:
    """The pipeline with AUTO at every port that is not External, also those that its author left empty.

    ``but`` lists ports that stay as they are written.
    """
    builder = AutoPipelineBuilder(pipeline.name, pipeline.environment, but=but)
    pipeline.function(builder, pipeline.environment)
    resolved = builder.build()
    differences = compare(built(pipeline).definition, resolved.definition, normalisations=()).differences
    bound = {
        f"{step.step}.{port}": ".".join(filter(None, (binding.step, binding.output, binding.file)))
        for step in resolved.provenance.steps
        for port, bindings in step.ports.items()
        for binding in bindings
        if isinstance(binding, AutoBinding)
    }
    return AutoOutcome([difference.pointer for difference in differences], bound)


def found(pipeline: RebuiltPipeline) -> list[tuple[str, str | None]]:
    """What the checks find in the rebuilt pipeline: rule and JSON pointer of each finding, in reading order."""
    compiled = built(pipeline)
    findings = check_definition(compiled.definition, CheckContext(compiled.provenance))
    return [(finding.rule, finding.place.pointer) for finding in findings]


def corpus_package() -> GeneratedPackage:
    """The package that is generated from the contracts now."""
    return plan(read_contracts(CONTRACTS), GenerationOptions(PACKAGE.name, contracts_path(PACKAGE, CONTRACTS)))
