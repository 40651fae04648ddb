"""Builds loops, run conditions and cleanup steps with the classes of sagemaker 3.27 and writes their documents.

Run by hand, in an environment of its own that has that SDK and nothing of smgen:

    python tests/parity/sdk_loops.py

Nothing leaves the machine, as in ``sdk_steps.py``. ``tests/runtime/test_loop_parity.py`` holds the documents against
those of the same pipelines written with smgen.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from typing import Any

#: The script beside this one. A package of the SDK's environment is called ``tests``, so it has no longer name.
sdk: Any = importlib.import_module("sdk_steps")
of: Callable[[str, str], Any] = sdk.of
FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:score"
ROLE = "arn:aws:iam::111122223333:role/pipeline"
#: The same text that smgen writes for a record.
FIRST = '{"name":"eu","the-size":3,"zone":{"code":"a"}}'


class Builder:
    """The classes of the SDK that are used, and one session."""

    def __init__(self) -> None:
        self.session = sdk.session()
        loops = "mlops.workflow.for_each_step"
        self.for_each = of(loops, "ForEachStep")
        self.selector = of(loops, "ForEachSelector")
        self.item = of(loops, "CurrentItem")
        self.iteration = of(loops, "IterationOutput")
        self.string = of("core.workflow.parameters", "ParameterString")
        self.join = of("core.workflow.functions", "Join")
        self.fail = of("mlops.workflow.fail_step", "FailStep")
        self.condition = of("mlops.workflow.condition_step", "ConditionStep")
        self.equals = of("core.workflow.conditions", "ConditionEquals")
        dependency = of("mlops.workflow.step_dependency", "StepDependency")
        trigger = of("mlops.workflow.step_dependency", "TriggerCondition")
        self.ran: Callable[[Any, str], Any] = lambda step, name: dependency(step, getattr(trigger, name))

    def score(self, name: str, inputs: dict[str, Any], **more: Any) -> Any:
        """A call of a function that returns a score and a location."""
        output = of("mlops.workflow.lambda_step", "LambdaOutput")
        types = of("mlops.workflow.lambda_step", "LambdaOutputTypeEnum")
        return of("mlops.workflow.lambda_step", "LambdaStep")(
            name=name,
            lambda_func=of("core.lambda_helper", "Lambda")(function_arn=FUNCTION, session=self.session),
            inputs=inputs,
            outputs=[output("score", types.Float), output("uri", types.String)],
            **more,
        )

    def document(self, name: str, parameters: list[Any], steps: list[Any]) -> Any:
        """The steps of a pipeline as the SDK compiles them."""
        pipeline = of("mlops.workflow.pipeline", "Pipeline")
        made = pipeline(name=name, parameters=parameters, steps=steps, sagemaker_session=self.session)
        return json.loads(made.definition())["Steps"]


def values(b: Builder) -> Any:
    """A loop over texts, with a selector, in a run order, read by later steps."""
    region = b.string(name="Region", default_value="us")
    before = b.score("Before", {"region": region})
    one = b.score("One", {"region": b.item()})
    two = b.score("Two", {"region": one.properties.Outputs["uri"]}, depends_on=[one])
    loop = b.for_each(
        name="PerRegion",
        iterable_items=["eu", region, before.properties.Outputs["uri"]],
        max_concurrency=4,
        for_each_body=[one, two],
        selector=b.selector("MaxBy", b.iteration(one).OutputParameters["score"]),
        display_name="Per region",
        description="One call for each region.",
        depends_on=[before],
    )
    best = b.score("Best", {"region": loop.properties.Selected.OutputParameters["uri"]})
    second = b.score("Second", {"region": loop.properties.IterationOutputs[1].Two.OutputParameters["uri"]})
    counts = b.score("Counts", {"region": loop.properties.Status, "size": loop.properties.FailedStepCount})
    return b.document("values", [region], [before, loop, best, second, counts])


def numbers(b: Builder) -> Any:
    """Loops over numbers and truth values."""
    whole = b.for_each("Whole", [1, 2, 3], 50, [b.score("OneWhole", {"size": b.item()})])
    broken = b.for_each("Broken", [0.5, 1], 1, [b.score("OneBroken", {"rate": b.item()})])
    flags = b.for_each("Flags", [True, False], 2, [b.score("OneFlag", {"flag": b.item()})])
    return b.document("numbers", [], [whole, broken, flags])


def records(b: Builder) -> Any:
    """A loop over JSON objects, some of whose fields are variables."""
    region = b.string(name="Region", default_value="us")
    second = b.join(on="", values=['{"name":"', region, '","the-size":4,"zone":{"code":"b"}}'])
    inputs = {"region": b.item().name, "size": b.item()["the-size"]}
    one = b.score("One", inputs)
    two = b.score("Two", {"region": b.item().zone.code})
    loop = b.for_each("PerRegion", [FIRST, second], 2, [one, two])
    return b.document("records", [region], [loop])


def listed(b: Builder) -> Any:
    """Loops over lists that are known only when the pipeline runs, one of them in a branch."""
    regions = b.string(name="Regions", default_value='["eu", "us"]')
    found = b.score("Find", {})
    first = b.for_each("PerRegion", regions, 2, [b.score("One", {"region": b.item()})])
    selector = b.selector("MinBy", b.iteration("Two").OutputParameters["score"])
    two = b.score("Two", {"size": b.item()})
    second = b.for_each("PerSize", found.properties.Outputs["uri"], 2, [two], selector=selector)
    gate = b.condition("Gate", conditions=[b.equals(regions, "[]")], if_steps=[], else_steps=[first, second])
    return b.document("listed", [regions], [found, gate])


def outcomes(b: Builder) -> Any:
    """Steps that run on each outcome of others."""
    work, more = b.score("Work", {}), b.score("More", {})
    loop = b.for_each("Loop", ["a"], 1, [b.score("One", {"region": b.item()})], depends_on=[b.ran(work, "ANY")])
    failed = b.score("OnFailure", {}, depends_on=[b.ran(work, "FAILED"), more, b.ran(loop, "STOPPED")])
    twice = b.score("Twice", {}, depends_on=[b.ran(work, "FAILED"), b.ran(work, "FAILED")])
    gate = b.condition(
        "Gate",
        conditions=[b.equals(more.properties.Outputs["uri"], "x")],
        if_steps=[b.fail("Stop", error_message="stopped", depends_on=[b.ran(work, "STOPPED")])],
        else_steps=[],
        depends_on=[b.ran(failed, "ANY")],
    )
    end = b.fail("End", error_message="failed", depends_on=[b.ran(gate, "FAILED"), b.ran(loop, "FAILED")])
    return b.document("outcomes", [], [work, more, loop, failed, twice, gate, end])


def cleanups(b: Builder) -> Any:
    """Steps that delete what a training step, and what a processing step wrote."""
    types = of("mlops.workflow.steps", "StepTypeEnum")
    properties = of("core.workflow.properties", "Properties")

    step = of("mlops.workflow.steps", "Step")

    class Made(of("mlops.workflow.steps", "Step")):  # type: ignore[misc]  # no types there
        """A step whose document is not what is compared."""

        def __init__(self, name: str, kind: Any, shape: str) -> None:
            step.__init__(self, name, None, None, kind, None)
            self.made = properties(step_name=name, step=self, shape_name=shape)

        @property
        def arguments(self) -> dict[str, Any]:
            return {}

        @property
        def properties(self) -> Any:
            return self.made

    train = Made("Train", types.TRAINING, "DescribeTrainingJobResponse")
    prepare = Made("Prepare", types.PROCESSING, "DescribeProcessingJobResponse")
    clean = of("mlops.workflow.cleanup_step", "CleanupStep")
    source = of("mlops.workflow.cleanup_step", "S3CleanupSource")
    data = prepare.properties.ProcessingOutputConfig.Outputs["data"].S3Output.S3Uri
    files = [b.join(on="/", values=[data, "a.csv"]), b.join(on="/", values=[data, "b.csv"])]
    after = clean("CleanAll", [source(train), source(prepare, files)], description="Deletes.", depends_on=["Prepare"])
    any_end = clean("CleanAny", [source(train)], depends_on=[b.ran(prepare, "FAILED"), b.ran(train, "ANY")])
    steps = b.document("cleanups", [], [train, prepare, after, any_end])
    return [document for document in steps if document["Type"] == "Cleanup"]


def main() -> None:
    """Writes the documents of each pipeline."""
    sdk.guard()
    builder = Builder()
    made = {part.__name__: part(builder) for part in (values, numbers, records, listed, outcomes, cleanups)}
    folder = sdk.DATA / "loops"
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in made.items():
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    if sdk.ATTEMPTS:
        sys.exit("something asked the network: " + ", ".join(sdk.ATTEMPTS))


if __name__ == "__main__":
    main()
