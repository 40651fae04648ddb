"""What a tuning searches and how: checked when it is written, and put into the tuning job's request."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, TypeAlias, cast

from typing_extensions import Unpack

from smgen.authoring.config import StepConfig
from smgen.authoring.config_values import ConfigValue, field_name
from smgen.authoring.misuse import items_of, short, shown
from smgen.authoring.places import user_place
from smgen.authoring.ranges import AutoRange, ContinuousRange, IntegerRange
from smgen.authoring.request_filler import DefaultOf, RequestFiller
from smgen.authoring.tuning_settings import WarmStart
from smgen.authoring.variables import TUNED, Literals, VariableType, fits, is_variable, plain_literal
from smgen.aws import Shape, scalar_problem, service_model, shape_in_words
from smgen.contract_model import (
    VARIABLE_OF_JSON,
    ParameterSpec,
    StepContract,
    ValueSchema,
    describe_schema,
    hyperparameter_form,
    nearest_value,
    tunable_hyperparameters,
    tuning_obstacles,
    value_problem,
)
from smgen.diagnostics import Details, Finding, FindingsError, Place, Subject, nearest_name
from smgen.documents import JsonObject, JsonValue

#: The hyperparameters that one tuning job searches at most, over all kinds of ranges, and the values of one of them.
MOST_RANGES: Final = 30
MOST_VALUES: Final = 30

_MAXIMIZE: Final = "maximize"
_MINIMIZE: Final = "minimize"
_SCALING_SHAPE: Final = "HyperParameterScalingType"
#: The settings with the AWS shape of their values; what stands under another key of the request is named beside it.
_SHAPES: Final[Mapping[str, str]] = {
    "max_jobs": "MaxNumberOfTrainingJobs",
    "max_parallel_jobs": "MaxParallelTrainingJobs",
    "max_runtime_s": "HyperParameterTuningMaxRuntimeInSeconds",
    "strategy": "HyperParameterTuningJobStrategyType",
    "early_stopping": "TrainingJobEarlyStoppingType",
    "random_seed": "RandomSeed",
    "min_resource": "HyperbandStrategyMinResource",
    "max_resource": "HyperbandStrategyMaxResource",
    "target_objective": "TargetObjectiveMetricValue",
    "max_jobs_not_improving": "MaxNumberOfTrainingJobsNotImproving",
}
_FLAGS: Final = ("complete_on_convergence", "autotune")
_WARM_START: Final = "warm_start"
_KNOWN: Final = (*_SHAPES, *_FLAGS, _WARM_START)

#: What ends a search that is no grid.
_ENDS: Final = ("max_jobs", "max_runtime_s")

_VARIABLE_OF_SHAPE: Final[Mapping[str, VariableType]] = {"string": "String", "integer": "Integer", "float": "Float"}
_RANGE_IN_WORDS: Final[Mapping[str, str]] = {
    "integer": "(low, high), IntegerRange(low, high, scaling), or a list of whole numbers to try",
    "number": "(low, high), ContinuousRange(low, high, scaling), or a list of numbers to try",
    "string": "a list of texts to try",
    "boolean": "a list of truth values to try",
}
#: How many literal combinations of a grid are counted; above it AWS is left to say something.
_MOST_COMBINATIONS: Final = 100_000

Range: TypeAlias = "IntegerRange | ContinuousRange | AutoRange | tuple[ConfigValue, ...]"


@dataclass(frozen=True)
class Searched:
    """One hyperparameter with its type and what is searched of it; a tuple is the values to try."""

    name: str
    schema: ValueSchema
    range: Range

    @property
    def values(self) -> tuple[object, ...]:
        """What the range is written with: its ends, its hint, or the values to try."""
        if isinstance(self.range, tuple):
            return self.range
        return (self.range.hint,) if isinstance(self.range, AutoRange) else (self.range.low, self.range.high)


@dataclass(frozen=True)
class TuningSearch:
    """What a tuning job searches and how, checked as far as it is known while the pipeline is written."""

    contract: StepContract
    searched: tuple[Searched, ...]
    goal: str
    metric: ConfigValue
    settings: Mapping[str, ConfigValue]
    warm_start: WarmStart | None

    @property
    def names(self) -> tuple[str, ...]:
        """The contract's names of the searched hyperparameters."""
        return tuple(item.name for item in self.searched)

    def arguments(self, filler: RequestFiller, default_of: DefaultOf) -> JsonObject:
        """The step's ``Arguments``; ``filler`` fills the request of the derived contract."""
        for item in self.searched:
            filler.findings.extend(_default_findings(item, default_of, filler.place))
        arguments: JsonObject = {"HyperParameterTuningJobConfig": self._config(filler)}
        arguments |= filler.request()
        if self.settings.get("autotune") is True or any(isinstance(item.range, AutoRange) for item in self.searched):
            arguments["Autotune"] = {"Mode": "Enabled"}
        if self.warm_start is not None:
            parents = [{"HyperParameterTuningJobName": filler.value_of(name)} for name in self.warm_start.parents]
            arguments["WarmStartConfig"] = {
                "ParentHyperParameterTuningJobs": [*parents],
                "WarmStartType": filler.value_of(self.warm_start.type),
            }
        return arguments

    def _config(self, filler: RequestFiller) -> JsonObject:
        def given(**members: str) -> JsonObject:
            """The settings that were given, by the names that AWS has for them."""
            values = {key: self.settings.get(name) for key, name in members.items()}
            return {key: filler.value_of(value) for key, value in values.items() if value is not None}

        limits = given(MaxNumberOfTrainingJobs="max_jobs", MaxRuntimeInSeconds="max_runtime_s")
        limits["MaxParallelTrainingJobs"] = filler.value_of(self.settings.get("max_parallel_jobs", 1))
        config: JsonObject = {
            "Strategy": filler.value_of(self.settings.get("strategy", "Bayesian")),
            "ResourceLimits": limits,
            "TrainingJobEarlyStoppingType": filler.value_of(self.settings.get("early_stopping", "Off")),
            "HyperParameterTuningJobObjective": {
                "Type": self.goal.capitalize(),
                "MetricName": filler.value_of(self.metric),
            },
            "ParameterRanges": self._ranges(filler),
        }
        config |= given(RandomSeed="random_seed")
        hyperband = given(MinResource="min_resource", MaxResource="max_resource")
        if hyperband:
            config["StrategyConfig"] = {"HyperbandStrategyConfig": hyperband}
        criteria = given(TargetObjectiveMetricValue="target_objective")
        not_improving = given(MaxNumberOfTrainingJobsNotImproving="max_jobs_not_improving")
        if not_improving:
            criteria["BestObjectiveNotImproving"] = not_improving
        converged = self.settings.get("complete_on_convergence")
        if converged is not None:
            criteria["ConvergenceDetected"] = {"CompleteOnConvergence": "Enabled" if converged is True else "Disabled"}
        if criteria:
            config["TuningJobCompletionCriteria"] = criteria
        return config

    def _ranges(self, filler: RequestFiller) -> JsonObject:
        """``ParameterRanges``. The SDK writes the lists without items as well."""
        form = hyperparameter_form(self.contract)
        lists: dict[str, list[JsonValue]] = {
            "ContinuousParameterRanges": [],
            "CategoricalParameterRanges": [],
            "IntegerParameterRanges": [],
        }
        for item in self.searched:
            document: JsonObject = {"Name": item.name}
            if isinstance(item.range, (IntegerRange, ContinuousRange)):
                document["MinValue"] = filler.text_of(item.range.low, form)
                document["MaxValue"] = filler.text_of(item.range.high, form)
                document["ScalingType"] = filler.value_of(item.range.scaling)
                kind = "Integer" if isinstance(item.range, IntegerRange) else "Continuous"
                lists[f"{kind}ParameterRanges"].append(document)
            elif isinstance(item.range, AutoRange):
                document["ValueHint"] = filler.text_of(item.range.hint, form)
                lists.setdefault("AutoParameters", []).append(document)
            else:
                document["Values"] = [filler.text_of(value, form) for value in item.range]
                lists["CategoricalParameterRanges"].append(document)
        return {name: [*items] for name, items in lists.items()}


def tuning_search(
    contract: StepContract,
    config: StepConfig,
    ranges: Mapping[str, object],
    objective: Mapping[str, object],
    settings: Mapping[str, object],
) -> TuningSearch:
    """What a tuning of a training ``contract`` searches. Raises FindingsError (SMG207) with all that is wrong.

    ``ranges`` are by the config's field names or by the contract's; ``objective`` holds the metric under "maximize" or
    "minimize"; None says that something is not given.
    """
    check = _Check(contract, config)
    check.obstacles()
    searched = check.ranges(ranges)
    # A goal that no metric of the contract has is no argument of the generated method, and comes as a setting.
    objective = {**objective, **{key: settings[key] for key in (_MAXIMIZE, _MINIMIZE) if key in settings}}
    settings = {key: value for key, value in settings.items() if key not in objective}
    goal, metric = check.objective({key: value for key, value in objective.items() if value is not None})
    chosen, warm_start = check.settings({key: value for key, value in settings.items() if value is not None})
    check.statics(searched)
    check.strategy(searched, chosen)
    if check.findings:
        raise FindingsError(check.findings)
    return TuningSearch(contract, searched, goal, metric, chosen, warm_start)


class _Check:
    """One tuning while it is checked."""

    def __init__(self, contract: StepContract, config: StepConfig) -> None:
        self.contract = contract
        self.config = config
        self.tunable = tunable_hyperparameters(contract)
        self.fields = {field_name(name): name for name in self.tunable}
        self.place = user_place()
        self.findings: list[Finding] = []
        #: Whether what was given as ranges is ranges at all.
        self.readable = True
        #: The settings that were given, right or wrong or misspelt.
        self.tried: list[str | None] = []

    def add(self, message: str, *, field: str | None = None, **details: Unpack[Details]) -> None:
        about = Subject(contract=self.contract.name, field=field)
        self.findings.append(Finding("SMG207", message, self.place, about=about, **details))

    def obstacles(self) -> None:
        """A request of which a tuning job could carry only a part."""
        for member in tuning_obstacles(self.contract):
            self.add(
                f"contract {self.contract.name} cannot be tuned: a tuning job has no {member}",
                given=member,
                expected="a request without it",
                fix="tune a contract whose image needs none, or whose script is launched by the framework container",
            )

    # Ranges --------------------------------------------------------------------------------------------------------

    def ranges(self, given: object) -> tuple[Searched, ...]:
        # A caller without a type checker may give anything.
        if not isinstance(given, Mapping):
            self.add("a tuning was given something else than ranges", given=shown(given), fix="write ranges=Ranges(…)")
            self.readable = False
            return ()
        items = {str(key): value for key, value in cast("Mapping[object, object]", given).items() if value is not None}
        if not items:
            fix = f"write ranges=Ranges({next(iter(self.fields), 'name')}=…)"
            self.add("a tuning searches at least one hyperparameter", expected=", ".join(self.fields), fix=fix)
        searched: dict[str, Searched] = {}
        for key, value in items.items():
            name = self.fields.get(key, key)
            spec = self.tunable.get(name)
            if spec is None:
                self.unknown_range(key)
            elif name in searched:
                fix = f"keep one of them; the field is '{field_name(name)}'"
                self.add(f"the ranges name '{name}' twice, under its own name and under another spelling", fix=fix)
            else:
                self.add_range(searched, spec, value)
        if len(items) > MOST_RANGES:
            self.add(
                f"a tuning job searches at most {MOST_RANGES} hyperparameters",
                given=f"{len(items)} ranges",
                fix="give the config the values of the others",
            )
        return tuple(searched.values())

    def unknown_range(self, key: str) -> None:
        if key in self.contract.hyperparameters or key in map(field_name, self.contract.hyperparameters):
            message = f"the hyperparameter '{key}' is a list or a mapping, which no tuning can search"
            self.add(message, fix="give it a value in the config", field=key)
            return
        nearest = nearest_name(key, self.fields)
        self.add(
            f"contract {self.contract.name} has no hyperparameter '{key}' to search",
            given=key,
            expected=", ".join(self.fields) or "none",
            nearest=nearest,
            fix=f"write {nearest}=…" if nearest else f"leave '{key}' out, or add it to the contract",
        )

    def add_range(self, searched: dict[str, Searched], spec: ParameterSpec, given: object) -> None:
        before = len(self.findings)
        found = self.range_of(spec, given)
        if found is None:
            self.wrong_range(spec, shown(given), _RANGE_IN_WORDS[spec.schema.type])
        elif len(self.findings) == before:
            searched[spec.name] = Searched(spec.name, spec.schema, found)

    def wrong_range(self, spec: ParameterSpec, given: str, expected: str, fix: str | None = None) -> None:
        field = field_name(spec.name)
        self.add(f"the range of '{field}' is not allowed", given=given, expected=expected, fix=fix, field=field)

    def range_of(self, spec: ParameterSpec, given: object) -> Range | None:
        """What is given for a hyperparameter in one form; None for what is no range of it."""
        kind = spec.schema.type
        if isinstance(given, AutoRange):
            self.value(spec, given.hint, "the hint of Autotune for")
            return given
        if isinstance(given, list):
            # The elements of what a caller gave may be anything.
            return self.values(spec, cast("list[object]", given))
        ends = cast("tuple[object, ...]", given) if isinstance(given, tuple) else ()
        if kind == "integer":
            if len(ends) == 2:
                given = IntegerRange(cast("int", ends[0]), cast("int", ends[1]))
            return self.ends(spec, given) if isinstance(given, IntegerRange) else None
        if kind == "number":
            if len(ends) == 2:
                given = ContinuousRange(cast("float", ends[0]), cast("float", ends[1]))
            return self.ends(spec, given) if isinstance(given, ContinuousRange) else None
        return None

    def ends(self, spec: ParameterSpec, found: IntegerRange | ContinuousRange) -> Range:
        """A range from a lowest to a highest value."""
        if spec.schema.enum is not None:
            fix = "write a list of those to try"
            self.wrong_range(spec, repr((found.low, found.high)), describe_schema(spec.schema), fix)
            return found
        low = self.value(spec, found.low, "the low end of the range of")
        high = self.value(spec, found.high, "the high end of the range of")
        scaling = self.literal(spec, found.scaling)
        message = _order_problem(low, high) or _scaling_problem(low, high, scaling)
        if message is not None:
            field = field_name(spec.name)
            self.add(f"the range of '{field}' {message}", given=short((found.low, found.high)), field=field)
        return found

    def literal(self, spec: ParameterSpec, scaling: object) -> str | None:
        """The scaling of a range where it is known."""
        if is_variable(scaling) and scaling.__smgen_type__ == "String":
            return None
        allowed = service_model().shape(_SCALING_SHAPE).enum
        if isinstance(scaling, str) and scaling in allowed:
            return scaling
        nearest = nearest_name(scaling, allowed) if isinstance(scaling, str) else None
        field = field_name(spec.name)
        self.add(
            f"the range of '{field}' has no such scaling",
            given=short(scaling),
            expected=", ".join(allowed),
            nearest=nearest,
            fix=f'write scaling="{nearest}"' if nearest else None,
            field=field,
        )
        return None

    def values(self, spec: ParameterSpec, given: Sequence[object]) -> tuple[ConfigValue, ...]:
        """The values to try."""
        for value in given:
            self.value(spec, value, "one of the values to try of")
        if not 1 <= len(given) <= MOST_VALUES:
            self.wrong_range(spec, f"{len(given)} values", f"1 to {MOST_VALUES} values to try")
        # Each of them was checked to be one of the hyperparameter's type.
        return tuple(cast("ConfigValue", value) for value in given)

    def value(self, spec: ParameterSpec, given: object, what: str) -> int | float | None:
        """Checks one value of a hyperparameter; gives it where it is a number that is known now."""
        schema = spec.schema
        if is_variable(given) and given is not TUNED and fits(given, VARIABLE_OF_JSON[schema.type]):
            return None
        literal = None if is_variable(given) else plain_literal(given)
        problem = "it is no value" if literal is None else _literal_problem(schema, literal)
        if problem is not None:
            nearest = nearest_value(given, schema)
            field = field_name(spec.name)
            self.add(
                f"{what} '{field}' is not allowed: {problem}",
                given=shown(given),
                expected=f"{describe_schema(schema)}, or a variable of type {VARIABLE_OF_JSON[schema.type]}",
                nearest=nearest,
                fix=f"write {nearest!r}"
                if nearest
                else f"give a value that is allowed there (contract {self.contract.name} {self.contract.version})",
                field=field,
            )
            return None
        return literal if isinstance(literal, (int, float)) else None

    def statics(self, searched: Sequence[Searched]) -> None:
        """Hyperparameters that have a value and are searched, and such that are TUNED and are not."""
        names = [item.name for item in searched]
        for name in self.contract.hyperparameters:
            field = field_name(name)
            value: object = getattr(self.config, field, None)
            if value is TUNED and name not in names and self.readable and not self.has_finding(field):
                self.add(
                    f"'{field}' is TUNED, and the ranges do not search it",
                    given="TUNED",
                    expected="a range of it, or a value in the config",
                    fix=f"write ranges=Ranges({field}=…)",
                )
            elif name in names and value is not None and value is not TUNED and field in self.config.model_fields_set:
                self.add(
                    f"'{field}' has a value in the config and is searched in the ranges",
                    given=short(value),
                    fix=f"leave it out of one of them; where the config needs it, write Config({field}=TUNED)",
                )

    def has_finding(self, field: str) -> bool:
        """Whether something was said of the range of a hyperparameter."""
        return any(finding.about.field == field for finding in self.findings)

    # Objective and settings ----------------------------------------------------------------------------------------

    def objective(self, given: Mapping[str, object]) -> tuple[str, ConfigValue]:
        if len(given) != 1:
            message = "a tuning has one objective, which is maximized or minimized"
            both = " and ".join(f"{key}={short(value)}" for key, value in given.items())
            self.add(message, given=both or "none", fix='write maximize="…" or minimize="…" with a metric')
            return _MAXIMIZE, None
        ((goal, metric),) = given.items()
        if self.checked(goal, metric, service_model().shape("MetricName")) and isinstance(metric, str):
            self.metric(goal, metric)
        # It is a text or a String variable, or there is a finding.
        return goal, cast("ConfigValue", metric)

    def metric(self, goal: str, metric: str) -> None:
        """A metric among those that the contract lists; one that lists none says nothing of them."""
        metrics = self.contract.metrics
        if not metrics:
            return
        found = metrics.get(metric)
        fitting = [name for name, spec in metrics.items() if spec.goal in (None, goal)]
        if found is None:
            nearest = nearest_name(metric, metrics)
            self.add(
                f"contract {self.contract.name} has no metric '{metric}'",
                given=metric,
                expected=", ".join(fitting),
                nearest=nearest,
                fix=f'write "{nearest}"' if nearest else "use a metric of the contract, or add it there",
            )
        elif metric not in fitting:
            other = _MINIMIZE if goal == _MAXIMIZE else _MAXIMIZE
            self.add(
                f"the metric '{metric}' is better when it is {'smaller' if goal == _MAXIMIZE else 'larger'}",
                given=f"{goal}={short(metric)}",
                expected=", ".join(fitting) or None,
                fix=f"write {other}={short(metric)}",
            )

    def settings(self, given: Mapping[str, object]) -> tuple[Mapping[str, ConfigValue], WarmStart | None]:
        chosen: dict[str, ConfigValue] = {}
        warm_start: WarmStart | None = None
        for key, value in given.items():
            shape = _SHAPES.get(key)
            if shape is not None:
                self.tried.append(key)
                if self.checked(key, value, service_model().shape(shape)):
                    # It has the shape's type, or is a variable of it.
                    chosen[key] = cast("ConfigValue", value)
            elif key in _FLAGS:
                if isinstance(value, bool):
                    chosen[key] = value
                else:
                    self.add(f"'{key}' of a tuning is a truth value", given=shown(value), expected="True or False")
            elif key == _WARM_START:
                warm_start = self.warm_start(value)
            else:
                nearest = nearest_name(key, _KNOWN)
                self.tried.append(nearest)
                fix = f"write {nearest}=…" if nearest else f"leave '{key}' out"
                message = f"a tuning has no setting '{key}'"
                self.add(message, given=key, expected=", ".join(_KNOWN), nearest=nearest, fix=fix)
        return chosen, warm_start

    def warm_start(self, given: object) -> WarmStart | None:
        if not isinstance(given, WarmStart):
            fix = "write WarmStart([earlier.tuning_job_name])"
            self.add("'warm_start' of a tuning takes a WarmStart", given=shown(given), fix=fix)
            return None
        self.checked("type", given.type, service_model().shape("HyperParameterTuningJobWarmStartType"))
        names = items_of(given.parents) or ()
        most = int(service_model().shape("ParentHyperParameterTuningJobs").max or 0)
        if not 1 <= len(names) <= most:
            message = "a tuning starts from a list of earlier tuning jobs"
            self.add(message, given=shown(given.parents), expected=f"1 to {most} names")
        for name in names:
            self.checked("parents", name, service_model().shape("HyperParameterTuningJobName"))
        return given

    def checked(self, what: str, given: object, shape: Shape) -> bool:
        """Whether a value is what AWS takes at a place, or a variable of that type; a finding where not."""
        wanted = _VARIABLE_OF_SHAPE[shape.type]
        if is_variable(given) and given is not TUNED and fits(given, wanted):
            return True
        literal = None if is_variable(given) else plain_literal(given)
        problem = None if literal is None else scalar_problem(literal, shape)
        infinite = isinstance(literal, float) and not math.isfinite(literal)
        if literal is not None and (problem is None or not problem.certain) and not infinite:
            return True
        nearest = nearest_name(given, shape.enum) if isinstance(given, str) and shape.enum else None
        self.add(
            f"'{what}' of a tuning is not allowed" + ("" if problem is None else f": {problem.message}"),
            given=shown(given),
            expected=f"{shape_in_words(shape)}, or a variable of type {wanted}",
            nearest=nearest,
            fix=f"write {nearest!r}" if nearest else None,
        )
        return False

    def strategy(self, searched: Sequence[Searched], chosen: Mapping[str, ConfigValue]) -> None:
        """What the strategies ask of ranges and settings."""
        strategy = chosen.get("strategy", "Bayesian")
        if not isinstance(strategy, str):
            return
        if strategy == "Grid":
            self.grid(searched, chosen.get("max_jobs"))
        elif not any(name in self.tried for name in _ENDS):
            self.add("a tuning has no end: neither max_jobs nor max_runtime_s is given", fix="write max_jobs=…")
        if strategy == "Hyperband" and chosen.get("early_stopping") == "Auto":
            fix = 'leave early_stopping out, or write "Off"'
            self.add("Hyperband stops jobs by itself, and AWS refuses early stopping with it", given="Auto", fix=fix)
        resources = [name for name in ("min_resource", "max_resource") if name in chosen]
        if resources and strategy != "Hyperband":
            fix = 'write strategy="Hyperband", or leave it out'
            self.add(f"'{resources[0]}' is a setting of Hyperband", given=f"strategy={strategy!r}", fix=fix)
        low, high = chosen.get("min_resource"), chosen.get("max_resource")
        if isinstance(low, int) and isinstance(high, int) and low > high:
            self.add("the min_resource of Hyperband is above its max_resource", given=f"{low} and {high}")

    def grid(self, searched: Sequence[Searched], max_jobs: ConfigValue) -> None:
        """A grid has lists of values, and one job for each combination of them."""
        lists = [item.range for item in searched if isinstance(item.range, tuple)]
        for item in searched:
            if not isinstance(item.range, tuple):
                field = field_name(item.name)
                fix = f"write a list of the values to try: {field}=[…]"
                self.add(f"grid search tries values, and '{field}' has a range", given=short(item.range), fix=fix)
        literals = [[plain_literal(value) for value in values] for values in lists]
        known = len(lists) == len(searched) and all(value is not None for values in literals for value in values)
        if not known or not isinstance(max_jobs, int) or math.prod(map(len, literals)) > _MOST_COMBINATIONS:
            return
        combinations = len(set(product(*literals)))
        if combinations != max_jobs:
            self.add(
                "grid search starts one job for each combination of values",
                given=f"max_jobs={max_jobs}",
                expected=f"max_jobs={combinations}, or none",
                fix="leave max_jobs out",
            )


def _literal_problem(schema: ValueSchema, literal: Literals) -> str | None:
    if isinstance(literal, float) and not math.isfinite(literal):
        return "it is no finite number"
    return value_problem(schema, literal)


def _order_problem(low: float | None, high: float | None) -> str | None:
    return "ends before it begins" if low is not None and high is not None and low > high else None


def _scaling_problem(low: float | None, high: float | None, scaling: str | None) -> str | None:
    """Why a range cannot be searched at that scale."""
    if scaling == "Logarithmic" and low is not None and low <= 0:
        return "cannot be searched logarithmically: it has values that are not above 0"
    if scaling == "ReverseLogarithmic" and ((low is not None and low < 0) or (high is not None and high >= 1)):
        return "cannot be searched in reverse logarithmic scale: it is not within 0 <= x < 1"
    return None


def _default_findings(item: Searched, default_of: DefaultOf, place: Place) -> Iterator[Finding]:
    """SMG207 for the defaults of parameters in a range that cannot stand there, or that end it before it begins."""
    field = field_name(item.name)
    defaults = [default_of(value) if is_variable(value) else None for value in item.values]
    for default in filter(None, defaults):
        problem = None if default.value is None else value_problem(item.schema, default.value)
        if problem is not None:
            yield Finding(
                "SMG207",
                f"the default of parameter '{default.parameter}' is not allowed in the range of '{field}': {problem}",
                place,
                given=short(default.value),
                given_at=default.place,
                expected=describe_schema(item.schema),
                fix="give the parameter another default",
            )
    if isinstance(item.range, (IntegerRange, ContinuousRange)) and any(defaults):
        low, high = (
            _number(value if default is None else default.value)
            for value, default in zip(item.values, defaults, strict=True)
        )
        scaling = item.range.scaling if isinstance(item.range.scaling, str) else None
        message = _order_problem(low, high) or _scaling_problem(low, high, scaling)
        if message is not None:
            given = f"{low} to {high}"
            fix = "give the parameters other defaults"
            yield Finding("SMG207", f"the range of '{field}' {message} by its defaults", place, given=given, fix=fix)


def _number(value: object) -> float | None:
    literal = None if is_variable(value) else plain_literal(value)
    return literal if isinstance(literal, (int, float)) and not isinstance(literal, bool) else None
