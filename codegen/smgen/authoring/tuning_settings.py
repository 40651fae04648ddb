"""The settings of a tuning job, whatever it tunes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict

from smgen.authoring.variables import FloatVariable, IntegerVariable, StringVariable


@dataclass(frozen=True, slots=True)
class WarmStart:
    """Earlier tuning jobs whose results a tuning starts from (``WarmStartConfig``): one to five of them, by name.

    ``IdenticalDataAndAlgorithm`` searches further on the same data with the same image, and ``overall_best_…`` of the
    step's outputs then counts the earlier jobs in; ``TransferLearning`` allows other data.
    """

    parents: Sequence[str | StringVariable]
    type: Literal["IdenticalDataAndAlgorithm", "TransferLearning"] | StringVariable = "IdenticalDataAndAlgorithm"


class TuningSettings(TypedDict, total=False):
    """The settings of a tuning job, which has the same ones whatever it tunes."""

    max_jobs: int | IntegerVariable
    """How many training jobs are started at most. Grid search without it tries every combination."""

    max_parallel_jobs: int | IntegerVariable
    """How many of them run at one time; 1 where it is left out. Bayesian search learns more with fewer."""

    max_runtime_s: int | IntegerVariable
    """When the whole search is stopped, in seconds: 120 to 15,768,000."""

    strategy: Literal["Bayesian", "Random", "Hyperband", "Grid"] | StringVariable
    """How values are chosen: Bayesian where it is left out. Grid takes lists of values only."""

    early_stopping: Literal["Off", "Auto"] | StringVariable
    """Whether training jobs that will not be the best are stopped: Off where it is left out. Hyperband needs Off."""

    random_seed: int | IntegerVariable
    """The seed of the search, from 0."""

    min_resource: int | IntegerVariable
    """For Hyperband: the least iterations (epochs) before a job may be stopped."""

    max_resource: int | IntegerVariable
    """For Hyperband: the most iterations (epochs) of a job."""

    target_objective: float | FloatVariable
    """The search ends when a job reaches this value of the objective."""

    max_jobs_not_improving: int | IntegerVariable
    """The search ends after so many jobs without a better objective, at least 3."""

    complete_on_convergence: bool
    """Whether the search ends when no better objective is to be expected."""

    autotune: bool
    """Whether AWS chooses what is not said here (``Autotune``)."""

    warm_start: WarmStart
    """Earlier tuning jobs whose results this one starts from."""
