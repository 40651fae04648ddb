"""Images of AWS as defaults of settings: how they are written, and whether there is such an image."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from smgen.aws import ACCELERATORS, ImageProblem, ImageRequest, image_name, image_problem
from smgen.contract_model.holes import LiteralValue, Parts, SettingHole, Value
from smgen.contract_model.json_reading import flag, text
from smgen.contract_model.model import FrameworkImage, SettingSpec
from smgen.contract_model.request_places import placed_values
from smgen.contract_model.step_contract import StepContract
from smgen.diagnostics import Finding, Place, nearest_name
from smgen.documents import JsonObject, shown_json, text_at

#: The texts of the form; where only some are allowed, which.
_TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    "framework": (),
    "version": (),
    "scope": (),
    "accelerator": ACCELERATORS,
    "py_version": (),
    "base_framework_version": (),
    "container_version": (),
    "sdk_version": (),
    "inference_tool": ("neuron", "neuronx"),
}
_FLAGS: Final = ("training_compiler", "smdistributed")

#: Where the machine of an image stands, by the end of the image's place: both start at the same object.
_MACHINES: Final[Mapping[Parts, tuple[Parts, ...]]] = {
    ("AlgorithmSpecification", "TrainingImage"): (
        ("ResourceConfig", "InstanceType"),
        ("HyperParameterTuningResourceConfig", "InstanceType"),
    ),
    ("AppSpecification", "ImageUri"): (("ProcessingResources", "ClusterConfig", "InstanceType"),),
    ("Container", "Image"): (("InstanceType",),),
}


def framework_image(value: JsonObject) -> FrameworkImage:
    """The image that a default in the form ``{"framework": …}`` means; the form has been checked."""
    return FrameworkImage(
        ImageRequest(
            framework=text(value.get("framework")),
            version=text(value.get("version")),
            scope=text_at(value, "scope"),
            accelerator=text_at(value, "accelerator"),
            py_version=text_at(value, "py_version"),
            base_framework_version=text_at(value, "base_framework_version"),
            container_version=text_at(value, "container_version"),
            sdk_version=text_at(value, "sdk_version"),
            inference_tool=text_at(value, "inference_tool"),
            training_compiler=flag(value.get("training_compiler"), False),
            smdistributed=flag(value.get("smdistributed"), False),
        )
    )


def framework_form_findings(value: JsonObject, places: Mapping[str, Place]) -> Iterator[Finding]:
    """SMG103 and SMG104 for members of the form that are unknown or of the wrong type; ``places`` are by member."""
    for name, given in value.items():
        if name not in _TEXTS and name not in _FLAGS:
            known = (*_TEXTS, *_FLAGS)
            nearest = nearest_name(name, known)
            yield Finding(
                "SMG103",
                f"an image of AWS has no key '{name}'",
                places[name],
                given=name,
                expected=", ".join(known),
                nearest=nearest,
            )
            continue
        choices = _TEXTS.get(name, ())
        right = isinstance(given, bool) if name in _FLAGS else isinstance(given, str) and given != ""
        if right and (not choices or given in choices):
            continue
        wanted = "true or false" if name in _FLAGS else ", ".join(choices) or "a text of at least one character"
        nearest = nearest_name(given, choices) if isinstance(given, str) else None
        message = f"'{name}' of an image of AWS is wrong"
        yield Finding("SMG104", message, places[name], given=shown_json(given), expected=wanted, nearest=nearest)


def image_machine(contract: StepContract, setting: str) -> Value | None:
    """What the request says at the instance type on which a setting's image runs: a setting or a literal.

    None where it says nothing, or where the step has no machine of its own, as one that registers a model.
    """
    values = {placed.parts: placed for placed in placed_values(contract) if not placed.beside and not placed.in_text}
    for parts, placed in values.items():
        if not (isinstance(placed.value, SettingHole) and placed.value.setting == setting):
            continue
        for image, machines in _MACHINES.items():
            if parts[-len(image) :] != image:
                continue
            for machine in machines:
                found = values.get((*parts[: -len(image)], *machine))
                if found is not None and isinstance(found.value, (SettingHole, LiteralValue)):
                    return found.value
    return None


def default_machine(contract: StepContract, machine: Value | None) -> str | None:
    """The instance type that the contract itself says for a machine, as `image_machine` finds it."""
    if isinstance(machine, SettingHole):
        spec = contract.settings.get(machine.setting)
        written: object = None if spec is None else spec.default
    else:
        written = machine.value if isinstance(machine, LiteralValue) else None
    return written if isinstance(written, str) else None


def default_image_problem(contract: StepContract, setting: SettingSpec, image: FrameworkImage) -> ImageProblem | None:
    """Why the image of a setting's default can be found in no region; a machine that a step must say counts as any."""
    machine = image_machine(contract, setting.name)
    written = default_machine(contract, machine)
    if machine is not None and written is None:
        return image_problem(image.request(contract.kind))
    name = image_name(image.request(contract.kind, instance_type=written))
    return name if isinstance(name, ImageProblem) else None
