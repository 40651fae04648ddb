"""What check steps compare and write, by the type of the check: statistics, constraints and reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from smgen.definition import Step

#: The artifact types of the statistics and of the constraints of a check, by its CheckType. SageMaker calls reports of
#: bias and of explainability constraints as well.
_TYPES: Final[Mapping[str, tuple[str, str]]] = {
    "DATA_QUALITY": ("DataStatistics", "DataConstraints"),
    "MODEL_QUALITY": ("ModelQualityStatistics", "ModelQualityConstraints"),
    "DATA_BIAS": ("Statistics", "DataBiasReport"),
    "MODEL_BIAS": ("Statistics", "ModelBiasReport"),
    "MODEL_EXPLAINABILITY": ("Statistics", "ExplainabilityReport"),
}


def check_artifact(step: Step, kind: str) -> str:
    """The artifact type of what a check calls ``kind``, Statistics or Constraints; any other type is what it is."""
    if step.type not in ("QualityCheck", "ClarifyCheck") or kind not in ("Statistics", "Constraints"):
        return kind
    statistics, constraints = _TYPES.get(str(step.fields.get("CheckType")), ("Statistics", "Constraints"))
    return statistics if kind == "Statistics" else constraints
