"""The public image of AWS that a contract's step runs, where the contract says one by default."""

from __future__ import annotations

from typing import Final

from smgen.aws import ImageRequest
from smgen.contract_model.framework_images import default_machine, image_machine
from smgen.contract_model.holes import SettingHole
from smgen.contract_model.model import FrameworkImage
from smgen.contract_model.request_places import placed_values
from smgen.contract_model.step_contract import StepContract

_IMAGE_MEMBERS: Final = ("TrainingImage", "ImageUri", "Image")


def default_image(contract: StepContract) -> ImageRequest | None:
    """What the image of the contract's default is asked for by; None where it has none, or several."""
    names = {
        placed.value.setting
        for placed in placed_values(contract)
        if placed.parts and placed.parts[-1] in _IMAGE_MEMBERS and isinstance(placed.value, SettingHole)
    }
    found = [(name, contract.settings[name].default) for name in sorted(names) if name in contract.settings]
    images = [(name, image) for name, image in found if isinstance(image, FrameworkImage)]
    if len(images) != 1:
        return None
    name, image = images[0]
    machine = default_machine(contract, image_machine(contract, name))
    return image.request(contract.kind, instance_type=machine)
