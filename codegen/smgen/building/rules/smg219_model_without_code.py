"""SMG219 model-without-code

A model that is served by a contract's code holds that code. Severity: error.

## What it finds

A step that creates or registers a model, whose contract has a `source` with `"launch": "inference"`, and that is given a model made by steps none of which took that code. A model from outside the pipeline (`External`) is taken as it is.

## Why it matters

The serving container looks for the script inside the model's archive. Without it the endpoint or the batch transform fails when it starts, long after the pipeline has succeeded.

## Wrong

```python
training = p.add_step("Train", xgboost_training.StepBuilder(config, training_data=data))
p.add_step("Register", scoring_registration.StepBuilder(model=training.model_artifacts))
```

## Right

```python
training = p.add_step("Train", xgboost_training.StepBuilder(config, training_data=data))
repack = p.add_step(
    "Repack",
    model_packaging.StepBuilder(
        model=training.model_artifacts,
        inference_code=source_code(scoring_registration.StepBuilder),
    ),
)
p.add_step("Register", scoring_registration.StepBuilder(model=repack.packaged_model))
```

## How to mend

Add a step of ModelPackaging between the two, as above. Give the port of the registering contract the type `PackagedModel`, and type checkers find the mistake while it is written.

## How to suppress

It cannot be suppressed: nothing is built. Where the training script puts the code into the model itself, leave `source` out of the contract and write the container's environment into its request.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smgen.authoring.builders import Reference
from smgen.authoring.code_references import SourceCode
from smgen.authoring.references import is_output
from smgen.building.written import StepBindings, WrittenPipeline
from smgen.contract_model import StepContract, model_ports
from smgen.diagnostics import Finding


def check(pipeline: WrittenPipeline) -> Iterator[Finding]:
    """A step that serves a model with its contract's code, though no step put it into the model.

    Nothing is said of a model that comes from outside the pipeline, or from a step of which nothing is known.
    """
    for added in pipeline.steps:
        contract, name = added.handle.contract, added.handle.name
        if contract.source is None or contract.source.launch != "inference":
            continue
        for port in model_ports(contract.kind, contract.request):
            makers = list(_makers(pipeline.bindings.get(name, {}).get(port, ())))
            if makers and not _holds(contract, makers, pipeline.bindings):
                yield Finding(
                    "SMG219",
                    f'the model of step "{name}" does not hold the code of contract {contract.name}',
                    added.handle.place,
                    given=f'what step "{makers[0]}" made',
                    expected="a model that was repacked with the code",
                    fix=f"add a step of ModelPackaging with inference_code=source_code({contract.name}StepBuilder), "
                    f"and pass its packaged_model as {port}",
                )


def _holds(contract: StepContract, makers: Sequence[str], bindings: StepBindings) -> bool:
    """Whether a step that makes the model, or one before it, takes the code; true where a step is not known."""
    seen: set[str] = set()
    waiting = list(makers)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name not in bindings:
            return True
        references = [reference for bound in bindings[name].values() for reference in bound]
        if any(isinstance(item, SourceCode) and item.__smgen_contract__ == contract for item in references):
            return True
        waiting += _makers(references)
    return False


def _makers(references: Sequence[Reference]) -> Iterator[str]:
    """The steps whose outputs are among the references."""
    for reference in references:
        if is_output(reference):
            yield reference.__smgen_origin__.name
