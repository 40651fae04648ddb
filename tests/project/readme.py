"""What README.md tells a reader to run, and where the repository is that it names."""

import re
from typing import Final

from tests.project.checkout import CHECKOUT, pyproject

REPOSITORY: Final[str] = pyproject()["project"]["urls"]["Homepage"]


def readme_commands(section: str) -> tuple[str, ...]:
    """The blocks of commands in a section, each a script as it stands there."""
    text = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    (found,) = re.findall(rf"^## {re.escape(section)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return tuple(re.findall(r"^```console\n(.*?)^```", found, re.MULTILINE | re.DOTALL))
