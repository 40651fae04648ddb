"""Corpus 06, rebuilt: the definition is the one that SDK v3 recorded for functions with its decorator @step."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from smgen.definition import parse_definition
from smgen.documents import JsonValue, append_pointer
from smgen.expressions import Get, StepReference, references, target
from tests.corpus.comparison import RECORDED, RebuiltPipeline, built, compared, found, with_auto
from tests.corpus.pipelines.step_decorator_gate import ENVIRONMENT, NAME, step_decorator_gate

PIPELINE = RebuiltPipeline(
    recorded="06-v3-step-decorator-gate",
    name=NAME,
    function=step_decorator_gate,
    environment=ENVIRONMENT,
    placeholders={
        "<BUCKET_1>": ENVIRONMENT.text("sample_bucket"),
        "<BUCKET_2>": ENVIRONMENT.bucket,
        "<ROLE_ARN>": ENVIRONMENT.role,
        "<IMAGE:custom-image:1>": ENVIRONMENT.images["remote-function"],
        "<REPO>": ENVIRONMENT.text("repository"),
        # See MASKED.
        "<TIMESTAMP>": ENVIRONMENT.text("function_folder"),
    },
    moved={
        "CheckMSEAbaloneEvaluation": (
            "SDK v3 collects the steps backwards from the last one, so the condition stands before the function whose "
            "result it reads; here a value is read of a step that is there already"
        ),
    },
)
#: Where the recording has the time at which the SDK serialized the functions: the folder of the functions, and of what
#: they return. Any folder would do there, so these texts are equal because the environment says which one.
MASKED = [
    f"/Steps/{step}/Arguments/{at}"
    for step in ("0", "1", "2/Arguments/IfSteps/0", "3")
    for at in ("OutputDataConfig/S3OutputPath/Std:Join/Values/2", "AlgorithmSpecification/ContainerArguments/15")
]
#: What differs after the normalisations, by JSON pointer, and why. A pointer covers its subtree.
DIFFERENCES = {
    "/Steps/3/Arguments/Conditions/0/LeftValue": (
        "the path to one value, written in two ways: Result['mse'] by the SDK, Result.mse here"
    ),
    "/Steps/3/Arguments/IfSteps/0/Arguments/AlgorithmSpecification/ContainerArguments/21": (
        "the library's contract always has the result written as JSON, the SDK only where something reads it"
    ),
    "/Steps/3/Arguments/IfSteps/0/Arguments/AlgorithmSpecification/ContainerArguments/22": "the other half of that",
    "/MlflowConfig": "SDK v3 writes null where no MLflow is used, smgen leaves the member out",
}
#: How often each normalisation made a difference go away.
NORMALISATIONS = {"N1": 0, "N2": 0, "N3": 0, "N4": 0}


def test_it_is_the_recorded_pipeline() -> None:
    comparison = compared(PIPELINE)
    unexplained = comparison.unexplained(DIFFERENCES)

    assert unexplained.differences == ()
    assert unexplained.unused == ()
    assert len(DIFFERENCES) + len(PIPELINE.moved) <= 8
    assert dict(comparison.counts) == NORMALISATIONS


def texts(value: JsonValue, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a value, with its JSON pointer."""
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from texts(member, append_pointer(pointer, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, append_pointer(pointer, index))


def test_nothing_but_the_folder_of_the_functions_is_masked() -> None:
    definition = json.loads((RECORDED / f"{PIPELINE.recorded}.json").read_text(encoding="utf-8"))["definition"]
    times = [(pointer, text) for pointer, text in texts(definition) if "<TIMESTAMP>" in text]
    assert times == [(pointer, "<TIMESTAMP>") for pointer in MASKED]


def test_the_steps_are_connected_as_recorded() -> None:
    facts = json.loads((RECORDED / f"{PIPELINE.recorded}.json").read_text(encoding="utf-8"))
    theirs = Counter(
        (edge["from_step"], edge["property_path"], edge["to_step"])
        for edge in facts["edges"]
        if "property_path" in edge
    )
    ours: Counter[tuple[str, str, str]] = Counter()
    definition = parse_definition(built(PIPELINE).definition.document)
    for step in definition.all_steps():
        own: JsonValue = {name: value for name, value in step.arguments.items() if name not in ("IfSteps", "ElseSteps")}
        for _, expression in references(own):
            reference = target(expression) if isinstance(expression, Get) else None
            if isinstance(reference, StepReference):
                ours[reference.step, reference.path, step.name] += 1
    assert ours == theirs
    assert theirs.total() == facts["summary"]["edges"] == 10
    assert {step.name: [dependency.step for dependency in step.depends_on] for step in definition.all_steps()} == {
        step["name"]: step["depends_on"] for step in facts["steps"]
    }


def test_the_checks_find_nothing() -> None:
    assert found(PIPELINE) == []


def test_auto_has_nothing_to_do() -> None:
    # The only port of a function is its code, which comes from outside; what it reads are values, not ports.
    resolved = with_auto(PIPELINE)
    assert resolved.changed == []
    assert resolved.bound == {}
