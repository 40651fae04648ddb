"""Proposes a name that AWS takes for one that it refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from smgen.aws.limits import PIPELINE_NAME_MAX, STEP_NAME_MAX

#: Those of names of steps, and of pipelines and parameters.
_LENGTHS: Final = (STEP_NAME_MAX, PIPELINE_NAME_MAX)


def legal_fix(name: str, problem_of: Callable[[str], str | None]) -> str | None:
    """What to write instead of a name: hyphens for what is illegal, cut to length; None where nothing is left of it.

    ``problem_of`` says what is wrong with a name, and is the judge of what is proposed.
    """
    for illegal in (r"[^A-Za-z0-9_]+", r"[^A-Za-z0-9]+"):
        word = re.sub(illegal, "-", name).strip("-")
        for length in (len(word), *reversed(_LENGTHS)):
            legal = word[:length].rstrip("-")
            if legal and problem_of(legal) is None:
                return f'write "{legal}"'
    return None
