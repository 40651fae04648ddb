"""Checks that a model which a contract serves with its own code was given that code by a step before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from smgen.contracts import StepContract, model_ports
from smgen.diagnostics import Finding
from smgen.runtime.builders import Reference
from smgen.runtime.content import AddedStep
from smgen.runtime.references import is_output
from smgen.runtime.source_code import SourceCode

#: What is bound to each port of a step, by the step's name.
StepBindings = Mapping[str, Mapping[str, Sequence[Reference]]]


def served_code_findings(steps: Sequence[AddedStep], bindings: StepBindings) -> Iterator[Finding]:
    """SMG219 for a step that serves a model with its contract's code, though no step put it into the model.

    Nothing is said of a model that comes from outside the pipeline, or from a step of which nothing is known.
    """
    for added in steps:
        contract, name = added.handle.contract, added.handle.name
        if contract.source is None or contract.source.launch != "inference":
            continue
        for port in model_ports(contract.kind, contract.request):
            makers = list(_makers(bindings.get(name, {}).get(port, ())))
            if makers and not _holds(contract, makers, bindings):
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
