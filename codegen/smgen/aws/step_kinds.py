"""The table of step kinds of SageMaker pipelines: the only place that knows what a kind is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from smgen.aws.kinds.emr import EMR, EMR_SERVERLESS
from smgen.aws.kinds.models import ENDPOINT, ENDPOINT_CONFIG, INFERENCE_COMPONENT, MODEL, REGISTER_MODEL
from smgen.aws.kinds.pipelines import CALLBACK, CLEANUP, CONDITION, FAIL, FOR_EACH, LAMBDA, LINEAGE
from smgen.aws.kinds.processing import CLARIFY_CHECK, PROCESSING, QUALITY_CHECK
from smgen.aws.kinds.row import StepKind
from smgen.aws.kinds.training import AUTOML, JOB, TRAINING, TRANSFORM, TUNING

# Sources: StepTypeEnum, to_request() and properties of the step classes in sagemaker-mlops 1.27 (SDK 3.27) and
# sagemaker 2.257, and the definitions that both really emit. Cache keys: the page "Default cache key attributes by
# pipeline step type" of the Amazon SageMaker Developer Guide.

_KINDS = (
    *(TRAINING, PROCESSING, TRANSFORM, TUNING, MODEL, REGISTER_MODEL, CONDITION, FAIL, LAMBDA, CALLBACK),
    *(QUALITY_CHECK, CLARIFY_CHECK, EMR, EMR_SERVERLESS, AUTOML, ENDPOINT_CONFIG, ENDPOINT, INFERENCE_COMPONENT),
    *(LINEAGE, JOB, CLEANUP, FOR_EACH),
)

STEP_KINDS: Mapping[str, StepKind] = {kind.type: kind for kind in _KINDS}
"""All step kinds of SDK v3 by ``Type``. The service knows six more that no SDK class emits; they have no row."""

_UNKNOWN: Final = StepKind(type="", service="pipelines", arguments="")


def step_kind(type: str) -> StepKind:
    """The row of a kind; for a kind that the table lacks a row without a name that says nothing."""
    return STEP_KINDS.get(type, _UNKNOWN)


def tuning_kind(type: str) -> StepKind:
    """The row of the kind that repeats steps of a kind with other hyperparameters; one that says nothing for none."""
    return next((kind for kind in _KINDS if type and kind.repeats == type), _UNKNOWN)
