"""Where the checkout is, and what its pyproject.toml says."""

from pathlib import Path
from typing import Any

import tomli

CHECKOUT = Path(__file__).resolve().parents[2]


def pyproject() -> dict[str, Any]:
    """Return the parsed pyproject.toml. ``Any``, because it is data of many shapes that each test knows its part of."""
    with (CHECKOUT / "pyproject.toml").open("rb") as file:
        data: dict[str, Any] = tomli.load(file)
    return data
