"""The public image of AWS that a contract's step runs, where the contract says one by default."""

from __future__ import annotations

from typing import Final

from smgen.aws import ImageRequest
from smgen.contracts.framework_images import image_machine
from smgen.contracts.holes import LiteralValue, SettingHole
from smgen.contracts.model import FrameworkImage, StepContract
from smgen.contracts.request_places import placed_values

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
    machine = image_machine(contract, name)
    written = machine.value if isinstance(machine, LiteralValue) else None
    if isinstance(machine, SettingHole) and machine.setting in contract.settings:
        default = contract.settings[machine.setting].default
        written = default if isinstance(default, str) else None
    return image.request(contract.kind, instance_type=written if isinstance(written, str) else None)
