"""Tuning steps: what a training builder becomes when ranges of its hyperparameters are searched, and its outputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from smgen.authoring.builders import StepBuilder
from smgen.authoring.misuse import Attributes, UnknownNameError, short, unchecked
from smgen.authoring.places import user_place
from smgen.authoring.proxies import StepOutputProxy, output_attributes
from smgen.authoring.references import Artifact, Output
from smgen.authoring.variables import (
    VARIABLE_TYPES,
    FloatVariable,
    IntegerVariable,
    Literals,
    StringVariable,
    Variable,
)
from smgen.diagnostics import FindingsError

if TYPE_CHECKING:
    from smgen.authoring.request_filler import DefaultOf, RequestFiller
    from smgen.authoring.step_handles import StepHandle
    from smgen.documents import JsonObject
    from smgen.expressions import Expression

A = TypeVar("A", bound=Artifact)
V = TypeVar("V", bound=Literals)


class TunedJob(Attributes):
    """The outputs of one training job of a tuning.

    Generated subclasses have a property for each output of the training contract that a tuning job tells of its jobs.
    """

    __slots__ = ("__smgen_rank__", "__smgen_step__")

    __smgen_step__: StepHandle
    __smgen_rank__: int

    def __init__(self, step: StepHandle, rank: int) -> None:
        """The job of ``rank`` in the tuning ``step``, 0 for the one with the best objective."""
        self.__smgen_step__ = step
        self.__smgen_rank__ = rank

    def __smgen_output__(self, name: str, artifact: type[A]) -> Output[A]:
        return Output(self.__smgen_value__(name), artifact, self.__smgen_step__.origin(name))

    def __smgen_variable__(self, name: str, type: type[V]) -> Variable[V]:
        return Variable(self.__smgen_value__(name), VARIABLE_TYPES[type], (self.__smgen_step__.origin(name),))

    def __smgen_value__(self, name: str) -> Expression:
        from smgen.authoring.tuned_outputs import output_of_job

        return output_of_job(self.__smgen_step__, name, self.__smgen_rank__)

    @property
    def __smgen_name__(self) -> str:
        return f'the training job {self.__smgen_rank__} of the tuning step "{self.__smgen_step__.name}"'

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.__smgen_rank__} of step {self.__smgen_step__.name!r}>"


J_co = TypeVar("J_co", bound=TunedJob, covariant=True)


class TuningProxy(StepOutputProxy, Generic[J_co]):
    """The outputs of a tuning step: its best training jobs, and what the tuning job says of itself."""

    __slots__ = ("__smgen_job__",)

    __smgen_job__: Callable[[StepHandle, int], J_co]

    def __init__(self, job: Callable[[StepHandle, int], J_co], step: StepHandle) -> None:
        """``job`` is the class of the outputs of one training job; ``step`` the tuning step."""
        super().__init__(step)
        self.__smgen_job__ = job

    @property
    def best(self) -> J_co:
        """The training job with the best objective."""
        return self.top(0)

    def top(self, rank: int) -> J_co:
        """The training job of a rank by objective, counted as AWS and its SDK count: 0 is the best, 49 the last."""
        from smgen.aws.limits import TOLD_TRAINING_JOBS_MAX

        given = unchecked(rank)
        if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given < TOLD_TRAINING_JOBS_MAX:
            from smgen.diagnostics import Finding

            raise FindingsError(
                [
                    Finding(
                        "SMG206",
                        "a tuning step has no training job of that rank",
                        user_place(step=self.__smgen_step__.name),
                        given=short(given),
                        expected=f"a whole number from 0 (the best) to {TOLD_TRAINING_JOBS_MAX - 1}",
                    )
                ]
            )
        return self.__smgen_job__(self.__smgen_step__, given)

    @property
    def tuning_job_name(self) -> StringVariable:
        """The name of the tuning job, which a later one may start from."""
        return self._text("HyperParameterTuningJobName")

    @property
    def tuning_job_arn(self) -> StringVariable:
        """The ARN of the tuning job."""
        return self._text("HyperParameterTuningJobArn")

    @property
    def tuning_job_status(self) -> StringVariable:
        """Completed, or how else the tuning job ended."""
        return self._text("HyperParameterTuningJobStatus")

    @property
    def best_training_job_name(self) -> StringVariable:
        """The name of the training job with the best objective."""
        return self._text("BestTrainingJob.TrainingJobName")

    @property
    def best_training_job_arn(self) -> StringVariable:
        """The ARN of the training job with the best objective."""
        return self._text("BestTrainingJob.TrainingJobArn")

    @property
    def best_objective_value(self) -> FloatVariable:
        """The best value of the objective."""
        return self._number("BestTrainingJob.FinalHyperParameterTuningJobObjectiveMetric.Value")

    @property
    def best_objective_status(self) -> StringVariable:
        """Succeeded, Pending or Failed: whether the best training job's objective was evaluated."""
        return self._text("BestTrainingJob.ObjectiveStatus")

    @property
    def overall_best_training_job_name(self) -> StringVariable:
        """The best training job, those of the tuning jobs counted in from which this one was warm-started."""
        return self._text("OverallBestTrainingJob.TrainingJobName")

    @property
    def completed_jobs(self) -> IntegerVariable:
        """How many training jobs completed."""
        return self._count("TrainingJobStatusCounters.Completed")

    @property
    def failed_jobs(self) -> IntegerVariable:
        """How many training jobs failed and are not tried again."""
        return self._count("TrainingJobStatusCounters.NonRetryableError")

    @property
    def stopped_jobs(self) -> IntegerVariable:
        """How many training jobs were stopped."""
        return self._count("TrainingJobStatusCounters.Stopped")

    @property
    def evaluated_jobs(self) -> IntegerVariable:
        """How many training jobs have an objective that was evaluated and used in the search."""
        return self._count("ObjectiveStatusCounters.Succeeded")

    @property
    def jobs_without_objective(self) -> IntegerVariable:
        """How many training jobs have an objective that could not be evaluated."""
        return self._count("ObjectiveStatusCounters.Failed")

    def objective_value(self, rank: int) -> FloatVariable:
        """The value of the objective of the training job of a rank, 0 for the best."""
        self.top(rank)
        return self._number(f"TrainingJobSummaries[{rank}].FinalHyperParameterTuningJobObjectiveMetric.Value")

    def best_hyperparameter(self, name: str) -> StringVariable:
        """The value that the best training job had for a searched hyperparameter, as a text; ``name`` is AWS's."""
        given = unchecked(name)
        if not isinstance(given, str) or not given or "'" in given:
            from smgen.diagnostics import Finding

            message = "a hyperparameter is asked for by its name"
            raise FindingsError([Finding("SMG206", message, user_place(), given=short(given), fix='write "max_depth"')])
        return self._text(f"BestTrainingJob.TunedHyperParameters['{given}']")

    def __dir__(self) -> list[str]:
        """The attributes that a user may read."""
        return [name for name in dir(type(self)) if not name.startswith("_")]

    def _text(self, path: str) -> StringVariable:
        return Variable(self._property(path), "String", (self.__smgen_step__.origin(),))

    def _count(self, path: str) -> IntegerVariable:
        return Variable(self._property(path), "Integer", (self.__smgen_step__.origin(),))

    def _number(self, path: str) -> FloatVariable:
        return Variable(self._property(path), "Float", (self.__smgen_step__.origin(),))

    def _property(self, path: str) -> Expression:
        from smgen.authoring.tuned_outputs import property_of_tuning

        return property_of_tuning(self.__smgen_step__, path)

    def __smgen_read__(self, attribute: str) -> object:
        """The output of the best training job: of a tuning step that is what a port is bound to."""
        value: object = getattr(self.best, attribute, None)
        return value

    # A __getattr__ that a type checker sees would make every misspelt attribute pass.
    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            if name.startswith("_"):
                # Python and its tools ask for these; nobody means an output.
                raise AttributeError(name)
            from smgen.diagnostics import Finding, nearest_name

            step = self.__smgen_step__
            nearest = f"best.{name}" if name in output_attributes(step.contract) else nearest_name(name, dir(self))
            finding = Finding(
                "SMG206",
                f"the tuning step \"{step.name}\" has no '{name}'",
                user_place(step=step.name),
                given=name,
                expected=", ".join(dir(self)),
                nearest=nearest,
                fix=f"write .{nearest}" if nearest else "read an output of .best or of .top(rank)",
            )
            raise UnknownNameError([finding])


class TuningBuilder(StepBuilder[TuningProxy[J_co]], Generic[J_co], abstract=True):
    """A tuning step before it is added to a pipeline, made by ``.tune(…)`` of a training builder.

    Its ports, settings and output locations are those of the training builder; so is its contract but for the kind.
    """

    def __init__(
        self,
        training: StepBuilder[StepOutputProxy],
        job: Callable[[StepHandle, int], J_co],
        ranges: Mapping[str, object],
        objective: Mapping[str, object],
        settings: Mapping[str, object],
    ) -> None:
        """What is searched: the ``ranges`` by field name, the ``objective`` under "maximize" or "minimize".

        Raises FindingsError (SMG207) with everything that is wrong with them.
        """
        from smgen.authoring.tuning_search import tuning_search
        from smgen.contract_model import tuning_contract

        search = tuning_search(training.STEP_CONTRACT, training.__smgen_config__, ranges, objective, settings)
        # Of a generated builder the contract is the class's; this one's is that of the builder it was made of.
        self.__dict__["STEP_CONTRACT"] = tuning_contract(training.STEP_CONTRACT, search.names)
        super().__init__(partial(TuningProxy, job), training.__smgen_config__, training.__smgen_ports__)
        self.__smgen_locations__ = training.__smgen_locations__
        self.__smgen_search__ = search

    def __smgen_arguments__(self, filler: RequestFiller, default_of: DefaultOf) -> JsonObject:
        """The request of the tuning job: how it searches, and the training job that it repeats."""
        return self.__smgen_search__.arguments(filler, default_of)
