"""Finds the folders of data that come with smgen, in an installed package and in a checkout."""

from pathlib import Path
from typing import Literal, TypeAlias

ShippedFolder: TypeAlias = Literal["templates", "contract_specs", "docs/rules"]

_PACKAGE = Path(__file__).parent


def shipped_folder(name: ShippedFolder, *, package: Path = _PACKAGE) -> Path:
    """Return the absolute path of a folder that comes with smgen.

    A wheel has it inside the package (``smgen/_templates``), an editable install reads it from the checkout
    (``codegen/smgen`` is the package, so ``templates`` lies two folders up). ``package`` is the folder of the
    package ``smgen``; only tests give another. Raises ``FileNotFoundError``, naming both places, where neither
    has the folder.
    """
    inside = package / f"_{name}"
    checkout = package.parent.parent / name
    for folder in (inside, checkout):
        if folder.is_dir():
            return folder.absolute()
    raise FileNotFoundError(
        f"smgen's folder {name!r} is neither in the package ({inside}) nor in a checkout ({checkout}); "
        "install smgen again"
    )
