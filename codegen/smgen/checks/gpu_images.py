"""SMG421: a machine with a GPU that runs an image without support for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from smgen.aws import EACH, Found, Path, values_at
from smgen.checks.context import CheckContext
from smgen.checks.expression_values import ExpressionValues, step_reference
from smgen.checks.index import DefinitionIndex
from smgen.checks.masking import shown_value
from smgen.definition import Step
from smgen.diagnostics import Finding
from smgen.documents import append_pointer
from smgen.expressions import Value

#: Machines with GPUs of Nvidia; Trainium and Inferentia (`ml.trn1`, `ml.inf2`) have images of their own.
_GPU_MACHINE: Final = re.compile(r"ml\.(?:p|g)[0-9][a-z0-9-]*\.[a-z0-9-]+")
_WORDS: Final = re.compile(r"[a-z0-9]+")
_LONGEST: Final = 1_024


def image_findings(index: DefinitionIndex, _: CheckContext) -> Iterator[Finding]:
    """GPU machines with an image whose tag or repository says `cpu`; parameters count with their defaults.

    The other way round is silent: an image for GPUs runs on a machine without one.
    """
    values = ExpressionValues.of(index.definition, index.by_name)
    for step in index.steps:
        places = step.kind.job
        if places is None:
            continue
        for group in places.groups:
            for root, below in values_at(step.own["Arguments"], group.root):
                machines = [
                    Found((*root, *found.parts), found.value)
                    for path in group.instance_types
                    for found in values_at(below, path)
                ]
                gpus = [machine for machine in machines if is_gpu_machine(values.default(machine.value))]
                for image in (image for path in group.images for image in values_at(below, path)):
                    at = append_pointer(step.pointer, "Arguments", *root, *image.parts)
                    # Of several machines one is enough to say it.
                    for gpu in gpus[:1]:
                        yield from _image(index, values, step, gpu, image.value, at, step)
                if places.model is not None:
                    yield from _model_images(index, values, step, gpus, places.model)


def is_gpu_machine(instance_type: object) -> bool:
    """Whether an instance type is one with Nvidia GPUs: the families `ml.p…` and `ml.g…`."""
    return isinstance(instance_type, str) and _GPU_MACHINE.fullmatch(instance_type) is not None


def is_cpu_image(image: object) -> bool:
    """Whether the tag or the last part of the repository of an image has the word `cpu` and not `gpu`."""
    if not isinstance(image, str) or len(image) > _LONGEST:
        return False
    words = _WORDS.findall(image.rpartition("/")[2].lower())
    return "cpu" in words and not any(word.startswith(("gpu", "cu1", "cuda")) for word in words)


def _model_images(
    index: DefinitionIndex, values: ExpressionValues, step: Step, gpus: list[Found], path: Path
) -> Iterator[Finding]:
    """The images of the models that this step runs on its GPU machine, where the model is a step of the pipeline."""
    # Of several variants the model and the machine have to be those of one.
    together = path.index(EACH) + 1 if EACH in path else 0
    by_variant = {gpu.parts[:together]: gpu for gpu in reversed(gpus)}
    for name in values_at(step.own["Arguments"], path):
        gpu = by_variant.get(name.parts[:together])
        to = step_reference(name.value)
        model = None if to is None else index.by_name.get(to.step)
        if gpu is None or model is None:
            continue
        images = (values_at(model.own["Arguments"], (*container, "Image")) for container in model.kind.containers)
        for image in chain.from_iterable(images):
            at = append_pointer(model.pointer, "Arguments", *image.parts)
            yield from _image(index, values, step, gpu, image.value, at, model)


def _image(
    index: DefinitionIndex, values: ExpressionValues, step: Step, gpu: Found, image: Value, at: str, owner: Step
) -> Iterator[Finding]:
    uri = values.default(image)
    if not is_cpu_image(uri):
        return
    machine = values.default(gpu.value)
    parameter = values.parameter(gpu.value)
    by = f", the default of parameter {parameter.name}," if parameter is not None else ""
    of = "" if owner is step else f' of the model "{owner.name}"'
    machine_at = append_pointer(step.pointer, "Arguments", *gpu.parts)
    yield Finding(
        "SMG421",
        f'step "{step.name}": {machine}{by} has a GPU, and the image{of} is built for CPUs',
        index.definition.place(at, step=owner.name),
        given=shown_value("", uri),
        expected=f"an image for GPUs, since the instance type is {machine}",
        expected_at=index.definition.place(machine_at, step=step.name),
        fix="take the image's variant for GPUs, or a machine without one, which costs less",
    )
