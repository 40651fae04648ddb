"""Tuning steps: what is derived from a training contract, what is refused, and the outputs."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from smgen.authoring.tuning import TunedJob
from smgen.authoring.tuning_search import MOST_RANGES, MOST_VALUES
from smgen.aws import service_model
from smgen.checks import check_definition
from smgen.contract_model.tuning import (
    ALGORITHM_MEMBERS,
    DEFINITION_MEMBERS,
    DROPPED_ALGORITHM_MEMBERS,
    DROPPED_MEMBERS,
    FORBIDDING_ALGORITHM_MEMBERS,
    FORBIDDING_MEMBERS,
    SUMMARY_PROPERTIES,
)
from smgen.contracts import (
    StepContract,
    contract_from_document,
    is_tunable,
    read_contracts,
    tuning_contract,
    tuning_obstacles,
)
from smgen.diagnostics import FindingsError
from smgen.documents import JsonObject, JsonValue
from smgen.runtime import (
    AUTO,
    TUNED,
    AutoRange,
    Cache,
    ContinuousRange,
    Environment,
    External,
    FluentPipelineBuilder,
    IntegerRange,
    MisuseError,
    Retry,
    TuningBuilder,
    TuningProxy,
    TuningSettings,
    WarmStart,
    join,
)
from smgen_steps import create_model, model_evaluation, xgboost_training
from tests.runtime.fixture_package import CONTRACTS, ENVIRONMENT, Steps, document, findings_of, one_of, step

GOLDEN_CONTRACTS = Path(__file__).parents[1] / "data" / "golden_contracts"
DATA: External[Any] = External("s3://bucket/train")

Tuning = TuningBuilder[xgboost_training.XGBoostTrainingTunedJob]


def training(**config: object) -> xgboost_training.StepBuilder:
    """A training step whose number of rounds is searched."""
    values = {"num_round": TUNED} | config
    return xgboost_training.StepBuilder(
        xgboost_training.Config.model_validate(values), training_data=External("s3://bucket/train")
    )


def tune(ranges: Mapping[str, object] | None = None, **given: object) -> Tuning:
    """A tuning as somebody without a type checker may write it."""
    searched = {"num_round": (10, 20)} if ranges is None else ranges
    arguments = {"minimize": "validation:rmse", "max_jobs": 4, "ranges": searched} | given
    written: Callable[..., Tuning] = training().tune
    return written(**{name: value for name, value in arguments.items() if value is not None})


def environment(**values: object) -> Environment:
    return Environment(
        "dev",
        account="123456789012",
        region="eu-west-1",
        role="arn:aws:iam::123456789012:role/dev",
        bucket="dev-bucket",
        images={"xgboost": "xgb:1", "scikit-learn": "skl:1"},
        **values,  # type: ignore[arg-type]  # the tests name fields of the class
    )


def built(tuning: Tuning, env: Environment | None = None) -> JsonObject:
    """The arguments of a tuning step whose model is used."""
    p = FluentPipelineBuilder("Search", env or environment())
    outputs = p.add_step("Tune", tuning)
    p.add_step("Create", create_model.StepBuilder(model=outputs.best.model_artifacts))
    arguments = step(p.build(), "Tune")["Arguments"]
    assert isinstance(arguments, dict)
    return arguments


def part(arguments: JsonObject, *names: str) -> JsonValue:
    value: JsonValue = arguments
    for name in names:
        assert isinstance(value, dict)
        value = value[name]
    return value


def messages(wrong: Callable[[], object]) -> list[str]:
    """What a call reports; everything is SMG207 at this file."""
    findings = findings_of(wrong)
    assert {finding.rule for finding in findings} == {"SMG207"}
    assert {finding.place.file for finding in findings} == {"tests/runtime/test_tuning.py"}
    return [finding.message for finding in findings]


# The request ------------------------------------------------------------------------------------------------------


def test_the_whole_request() -> None:
    arguments = built(
        tune(
            {
                "eta": ContinuousRange(0.01, 0.5, scaling="Logarithmic"),
                "num_round": (10, 20),
                "booster": ["gbtree", "dart"],
                "max_bin": IntegerRange(2, 256, "Linear"),
                "subsample": (0.5, 1.0),
                "silent": [0, 1],
                "deterministic_histogram": [True, False],
            },
            strategy="Random",
            early_stopping="Auto",
            max_parallel_jobs=2,
            max_runtime_s=7200,
            random_seed=7,
            target_objective=0.5,
            max_jobs_not_improving=3,
            complete_on_convergence=True,
            warm_start=WarmStart(["earlier-job"], type="TransferLearning"),
        ),
        environment(tags={"team": "risk"}, subnets=("subnet-1",), security_group_ids=("sg-1",), kms_key="volumes"),
    )
    assert arguments == {
        "HyperParameterTuningJobConfig": {
            "Strategy": "Random",
            "ResourceLimits": {
                "MaxNumberOfTrainingJobs": 4,
                "MaxRuntimeInSeconds": 7200,
                "MaxParallelTrainingJobs": 2,
            },
            "TrainingJobEarlyStoppingType": "Auto",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "validation:rmse"},
            "ParameterRanges": {
                "ContinuousParameterRanges": [
                    {"Name": "eta", "MinValue": "0.01", "MaxValue": "0.5", "ScalingType": "Logarithmic"},
                    {"Name": "subsample", "MinValue": "0.5", "MaxValue": "1", "ScalingType": "Auto"},
                ],
                "CategoricalParameterRanges": [
                    {"Name": "booster", "Values": ["gbtree", "dart"]},
                    {"Name": "silent", "Values": ["0", "1"]},
                    {"Name": "deterministic_histogram", "Values": ["true", "false"]},
                ],
                "IntegerParameterRanges": [
                    {"Name": "num_round", "MinValue": "10", "MaxValue": "20", "ScalingType": "Auto"},
                    {"Name": "max_bin", "MinValue": "2", "MaxValue": "256", "ScalingType": "Linear"},
                ],
            },
            "RandomSeed": 7,
            "TuningJobCompletionCriteria": {
                "TargetObjectiveMetricValue": 0.5,
                "BestObjectiveNotImproving": {"MaxNumberOfTrainingJobsNotImproving": 3},
                "ConvergenceDetected": {"CompleteOnConvergence": "Enabled"},
            },
        },
        "TrainingJobDefinition": {
            "AlgorithmSpecification": {"TrainingImage": "xgb:1", "TrainingInputMode": "File"},
            "RoleArn": "arn:aws:iam::123456789012:role/dev",
            "InputDataConfig": [
                {
                    "ChannelName": "train",
                    "DataSource": {
                        "S3DataSource": {
                            "S3DataType": "S3Prefix",
                            "S3Uri": "s3://bucket/train",
                            "S3DataDistributionType": "FullyReplicated",
                        }
                    },
                    "ContentType": "text/csv",
                }
            ],
            "OutputDataConfig": {
                "S3OutputPath": {
                    "Std:Join": {
                        "On": "/",
                        "Values": [
                            "s3:/",
                            "dev-bucket",
                            "Search",
                            {"Get": "Execution.PipelineExecutionId"},
                            "Tune",
                            "output",
                            "model_artifacts",
                        ],
                    }
                }
            },
            "ResourceConfig": {
                "InstanceType": "ml.m5.xlarge",
                "InstanceCount": 1,
                "VolumeSizeInGB": 30,
                "VolumeKmsKeyId": "volumes",
            },
            "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
            "VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
        },
        "Tags": [{"Key": "team", "Value": "risk"}],
        "WarmStartConfig": {
            "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "earlier-job"}],
            "WarmStartType": "TransferLearning",
        },
    }


def test_nothing_is_found_in_a_definition_with_a_tuning() -> None:
    p = FluentPipelineBuilder("Search", environment())
    outputs = p.add_step("Tune", tune({"num_round": (1, 9), "eta": AutoRange(0.3)}), cache=Cache.days(1))
    p.add_step("Create", create_model.StepBuilder(model=outputs.best.model_artifacts))
    p.condition("Good", outputs.best_objective_value <= 3).otherwise.fail(
        "Bad",
        join(
            " ",
            outputs.tuning_job_name,
            outputs.tuning_job_arn,
            outputs.tuning_job_status,
            outputs.best_training_job_name,
            outputs.best_training_job_arn,
            outputs.best_objective_status,
            outputs.overall_best_training_job_name,
            outputs.completed_jobs,
            outputs.failed_jobs,
            outputs.stopped_jobs,
            outputs.evaluated_jobs,
            outputs.jobs_without_objective,
            outputs.objective_value(2),
            outputs.best_hyperparameter("num_round"),
            outputs.top(3).training_job_name,
        ),
    )
    assert [str(finding) for finding in check_definition(p.build().definition)] == []


def test_settings_of_hyperband_and_of_what_is_not_said() -> None:
    arguments = built(tune(strategy="Hyperband", min_resource=1, max_resource=9, complete_on_convergence=False))
    assert part(arguments, "HyperParameterTuningJobConfig") == {
        "Strategy": "Hyperband",
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 4, "MaxParallelTrainingJobs": 1},
        "TrainingJobEarlyStoppingType": "Off",
        "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "validation:rmse"},
        "ParameterRanges": {
            "ContinuousParameterRanges": [],
            "CategoricalParameterRanges": [],
            "IntegerParameterRanges": [
                {"Name": "num_round", "MinValue": "10", "MaxValue": "20", "ScalingType": "Auto"}
            ],
        },
        "StrategyConfig": {"HyperbandStrategyConfig": {"MinResource": 1, "MaxResource": 9}},
        "TuningJobCompletionCriteria": {"ConvergenceDetected": {"CompleteOnConvergence": "Disabled"}},
    }
    assert "Autotune" not in arguments


def test_autotune_is_asked_for_or_needed() -> None:
    assert built(tune(autotune=True))["Autotune"] == {"Mode": "Enabled"}
    assert "Autotune" not in built(tune(autotune=False))
    arguments = built(tune({"num_round": AutoRange(50)}))
    assert arguments["Autotune"] == {"Mode": "Enabled"}
    assert part(arguments, "HyperParameterTuningJobConfig", "ParameterRanges", "AutoParameters") == [
        {"Name": "num_round", "ValueHint": "50"}
    ]


def test_variables_stand_everywhere(p: FluentPipelineBuilder) -> None:
    low, rate = p.integer("Low", default=1), p.float("Rate", default=0.5)
    name, jobs = p.string("Metric", default="validation:mae"), p.integer("Jobs", default=3)
    booster = p.string("Booster", default="dart")
    outputs = p.add_step(
        "Tune",
        training().tune(
            minimize=name,
            ranges=xgboost_training.Ranges(num_round=(low, 9), eta=[0.1, rate], booster=[booster]),
            max_jobs=jobs,
            max_parallel_jobs=jobs,
            strategy=name,
            warm_start=WarmStart([name], name),
        ),
    )
    p.add_step("Create", create_model.StepBuilder(model=outputs.best.model_artifacts))
    arguments = step(p.build(), "Tune")["Arguments"]
    assert isinstance(arguments, dict)
    metric: JsonValue = {"Get": "Parameters.Metric"}
    config = part(arguments, "HyperParameterTuningJobConfig")
    assert isinstance(config, dict)
    assert config["Strategy"] == metric
    assert config["ResourceLimits"] == {
        "MaxNumberOfTrainingJobs": {"Get": "Parameters.Jobs"},
        "MaxParallelTrainingJobs": {"Get": "Parameters.Jobs"},
    }
    assert part(config, "ParameterRanges", "IntegerParameterRanges") == [
        {
            "Name": "num_round",
            "MinValue": {"Std:Join": {"On": "", "Values": [{"Get": "Parameters.Low"}]}},
            "MaxValue": "9",
            "ScalingType": "Auto",
        }
    ]
    assert part(config, "ParameterRanges", "CategoricalParameterRanges") == [
        {"Name": "eta", "Values": ["0.1", {"Std:Join": {"On": "", "Values": [{"Get": "Parameters.Rate"}]}}]},
        {"Name": "booster", "Values": [{"Get": "Parameters.Booster"}]},
    ]


def test_a_variable_of_another_pipeline_is_found() -> None:
    other = FluentPipelineBuilder("Other", ENVIRONMENT).integer("Low", default=1)
    with pytest.raises(FindingsError) as caught:
        built(tune({"num_round": (other, 9)}))
    assert [finding.rule for finding in caught.value.findings] == ["SMG202"]


def registered(p: FluentPipelineBuilder, steps: Steps, name: str, model: object) -> None:
    p.add_step(name, steps.register.StepBuilder(steps.register.Config(group="g", image="i"), model=model))


def test_static_values_stay_and_defaults_give_way(steps: Steps, p: FluentPipelineBuilder) -> None:
    """``eta`` has a default in the contract, which a range of it takes away."""
    made = steps.train.StepBuilder(
        steps.train.Config(num_round=5, lambda_=0.5, columns=["a"], REGION="EU", note=TUNED), data=DATA
    )
    for name, ranges in (("First", {"note": ["a"]}), ("Second", {"eta": (0.1, 0.3), "note": ["a"]})):
        outputs = p.add_step(name, made.tune(maximize="any metric", ranges=ranges, max_jobs=1))
        registered(p, steps, f"{name}Register", outputs.best.model)
    compiled = p.build()
    definitions: list[JsonObject] = []
    for name in ("First", "Second"):
        arguments = step(compiled, name)["Arguments"]
        assert isinstance(arguments, dict)
        definition = arguments["TrainingJobDefinition"]
        assert isinstance(definition, dict)
        definitions.append(definition)
    assert [definition["StaticHyperParameters"] for definition in definitions] == [
        {"num_round": "5", "lambda": "0.5", "eta": "0.3", "columns": '["a"]'},
        {"num_round": "5", "lambda": "0.5", "columns": '["a"]'},
    ]
    assert definitions[0]["Environment"] == {"REGION": "EU"}


def test_members_that_only_watch_are_left_out() -> None:
    made = training(debugger_output="s3://b/debug", profiler_output="s3://b/profile", spot_training=True, max_wait_s=1)
    written: Callable[..., Tuning] = made.tune
    arguments = built(written(minimize="validation:mae", ranges={"num_round": (1, 2)}, max_jobs=1))
    definition = arguments["TrainingJobDefinition"]
    assert isinstance(definition, dict)
    assert list(definition) == [
        "AlgorithmSpecification",
        "EnableManagedSpotTraining",
        "InputDataConfig",
        "OutputDataConfig",
        "ResourceConfig",
        "RoleArn",
        "StoppingCondition",
    ]


def test_every_member_of_a_training_request_is_decided_about() -> None:
    model = service_model()
    request, definition = model.shape("CreateTrainingJobRequest"), model.shape("HyperParameterTrainingJobDefinition")
    decided = (*DEFINITION_MEMBERS, *DROPPED_MEMBERS, *FORBIDDING_MEMBERS, "HyperParameters", "Tags")
    assert sorted(decided) == sorted(request.members)
    assert [name for name in request.members if name in definition.members] == sorted(DEFINITION_MEMBERS)
    algorithm, tuned = model.shape("AlgorithmSpecification"), model.shape("HyperParameterAlgorithmSpecification")
    of_algorithm = (*ALGORITHM_MEMBERS, *DROPPED_ALGORITHM_MEMBERS, *FORBIDDING_ALGORITHM_MEMBERS)
    assert sorted(of_algorithm) == sorted(algorithm.members)
    assert sorted(tuned.members) == sorted(ALGORITHM_MEMBERS)


def test_what_a_tuning_tells_of_its_jobs_is_what_a_training_job_tells() -> None:
    model = service_model()
    told = model.shape("HyperParameterTrainingJobSummary").members
    job = model.shape("DescribeTrainingJobResponse").members
    assert sorted(SUMMARY_PROPERTIES) == sorted(name for name in told if name in job and name != "TuningJobArn")


def test_the_numbers_are_those_of_aws() -> None:
    model = service_model()
    for shape in ("ContinuousParameterRanges", "CategoricalParameterRanges", "IntegerParameterRanges"):
        assert model.shape(shape).max == MOST_RANGES
    assert model.shape("ParameterValues").max == MOST_VALUES


def test_a_step_keeps_its_cache_retries_ports_and_contract(steps: Steps, p: FluentPipelineBuilder) -> None:
    prepared = p.add_step("Prepare", steps.prepare.StepBuilder(raw=[DATA]))
    made = steps.train.StepBuilder(steps.train.Config(num_round=5), data=prepared.train)
    outputs = p.add_step(
        "Tune",
        made.tune(maximize="auc", ranges={"max_depth": (1, 3)}, max_jobs=1),
        cache=Cache.days(2),
        retry=Retry(("SageMaker.CAPACITY_ERROR",), max_attempts=2),
    )
    registered(p, steps, "Register", outputs.best.model)
    compiled = p.build()
    tune_step = step(compiled, "Tune")
    assert tune_step["Type"] == "Tuning"
    assert tune_step["CacheConfig"] == {"Enabled": True, "ExpireAfter": "P2D"}
    assert "RetryPolicies" in tune_step
    (provenance,) = (item for item in compiled.provenance.steps if item.step == "Tune")
    assert (provenance.contract, provenance.contract_version) == ("Train", "1.2.0")
    assert list(provenance.ports) == ["data"]
    assert list(provenance.outputs) == ["model", "job_name"]


def test_an_auto_port_finds_the_best_model() -> None:
    p = FluentPipelineBuilder("Search", environment())
    p.add_step("Tune", tune())
    p.add_step("Create", create_model.StepBuilder(model=AUTO))
    arguments = step(p.build(), "Create")["Arguments"]
    assert isinstance(arguments, dict)
    location = part(arguments, "PrimaryContainer", "ModelDataUrl", "Std:Join", "Values")
    assert isinstance(location, list)
    assert location[-2:] == [{"Get": "Steps.Tune.TrainingJobSummaries[0].TrainingJobName"}, "output/model.tar.gz"]


def test_an_ambiguous_auto_port_names_the_best_models() -> None:
    p = FluentPipelineBuilder("Search", environment())
    p.add_step("One", tune())
    p.add_step("Two", tune())
    p.add_step("Create", create_model.StepBuilder(model=AUTO))
    # What may be meant by the port is not said to be read by nothing as well.
    finding = one_of(p.build)
    assert finding.rule == "SMG201"
    assert finding.given is not None
    assert finding.given.startswith("One.best.model_artifacts (")
    assert finding.fix == "write model=… with one of: One.best.model_artifacts, Two.best.model_artifacts"


def test_a_goal_that_no_metric_of_the_contract_has_comes_as_a_setting() -> None:
    job = xgboost_training.XGBoostTrainingTunedJob
    settings: dict[str, object] = {"minimize": "validation:auc", "max_jobs": 1}
    ranges = {"num_round": (1, 2)}
    finding = one_of(lambda: TuningBuilder(training(), job, ranges, {"maximize": None}, settings))
    assert finding.message == "the metric 'validation:auc' is better when it is larger"
    assert finding.fix == "write maximize='validation:auc'"


def test_a_wrong_artifact_is_answered_with_the_best_job() -> None:
    p = FluentPipelineBuilder("Search", environment())
    p.add_step("Tune", tune())
    wrong: Any = p.float("Number")
    p.add_step("Evaluate", model_evaluation.StepBuilder(model=wrong, test_data=DATA))
    finding = next(item for item in findings_of(p.build) if item.rule == "SMG204")
    assert finding.fix == "pass an output of that type: Tune.best.model_artifacts"


# The outputs ------------------------------------------------------------------------------------------------------


def located(tuning: Tuning) -> JsonValue:
    p = FluentPipelineBuilder("Search", environment())
    outputs = p.add_step("Tune", tuning)
    p.add_step("Create", create_model.StepBuilder(model=outputs.top(3).model_artifacts))
    arguments = step(p.build(), "Create")["Arguments"]
    assert isinstance(arguments, dict)
    return part(arguments, "PrimaryContainer", "ModelDataUrl")


JOB: JsonValue = {"Get": "Steps.Tune.TrainingJobSummaries[3].TrainingJobName"}


@pytest.mark.parametrize(
    ("location", "values"),
    [
        ("s3://bucket", ["s3:/", "bucket", JOB, "output/model.tar.gz"]),
        ("s3://bucket/a/b/", ["s3:/", "bucket", "a/b", JOB, "output/model.tar.gz"]),
    ],
)
def test_the_model_of_a_job_lies_below_a_written_location(location: str, values: list[JsonValue]) -> None:
    written: Callable[..., Tuning] = training().with_output_locations(model_artifacts=location).tune
    tuning = written(minimize="validation:mae", ranges={"num_round": (1, 2)}, max_jobs=1)
    assert located(tuning) == {"Std:Join": {"On": "/", "Values": values}}


def test_the_model_of_a_job_lies_below_a_location_of_the_environment() -> None:
    execution: JsonValue = {"Get": "Execution.PipelineExecutionId"}
    folder: list[JsonValue] = ["s3:/", "dev-bucket", "Search", execution, "Tune", "output", "model_artifacts"]
    assert located(tune()) == {"Std:Join": {"On": "/", "Values": [*folder, JOB, "output/model.tar.gz"]}}


def test_a_model_that_is_not_packed_is_a_folder() -> None:
    written: Callable[..., Tuning] = (
        training(model_compression="NONE").with_output_locations(model_artifacts="s3://bucket").tune
    )
    tuning = written(minimize="validation:mae", ranges={"num_round": (1, 2)}, max_jobs=1)
    assert located(tuning) == {"Std:Join": {"On": "/", "Values": ["s3:/", "bucket", JOB, "output/model/"]}}


def test_a_model_whose_packing_is_decided_later_is_refused(p: FluentPipelineBuilder) -> None:
    made = training(model_compression=p.string("Compression"))
    written: Callable[..., Tuning] = made.tune
    outputs = p.add_step("Tune", written(minimize="validation:mae", ranges={"num_round": (1, 2)}, max_jobs=1))
    with pytest.raises(MisuseError, match="whether it is packed is decided at the start"):
        _ = outputs.best.model_artifacts


def test_the_properties_of_a_tuning_job(p: FluentPipelineBuilder) -> None:
    outputs = p.add_step("Tune", tune())
    assert isinstance(outputs, TuningProxy)
    assert isinstance(outputs.best, TunedJob)
    properties = {
        "tuning_job_name": "HyperParameterTuningJobName",
        "tuning_job_arn": "HyperParameterTuningJobArn",
        "tuning_job_status": "HyperParameterTuningJobStatus",
        "best_training_job_name": "BestTrainingJob.TrainingJobName",
        "best_training_job_arn": "BestTrainingJob.TrainingJobArn",
        "best_objective_value": "BestTrainingJob.FinalHyperParameterTuningJobObjectiveMetric.Value",
        "best_objective_status": "BestTrainingJob.ObjectiveStatus",
        "overall_best_training_job_name": "OverallBestTrainingJob.TrainingJobName",
        "completed_jobs": "TrainingJobStatusCounters.Completed",
        "failed_jobs": "TrainingJobStatusCounters.NonRetryableError",
        "stopped_jobs": "TrainingJobStatusCounters.Stopped",
        "evaluated_jobs": "ObjectiveStatusCounters.Succeeded",
        "jobs_without_objective": "ObjectiveStatusCounters.Failed",
    }
    methods = ["best", "best_hyperparameter", "objective_value", "top"]
    assert dir(outputs) == sorted([*properties, *methods])
    for name, path in properties.items():
        assert repr(getattr(outputs, name)).endswith(f"variable Steps.Tune.{path}>")
    assert repr(outputs.best_hyperparameter("eta")) == (
        "<String variable Steps.Tune.BestTrainingJob.TunedHyperParameters['eta']>"
    )
    assert repr(outputs.objective_value(1)) == (
        "<Float variable Steps.Tune.TrainingJobSummaries[1].FinalHyperParameterTuningJobObjectiveMetric.Value>"
    )
    assert repr(outputs.top(2).training_job_name) == (
        "<String variable Steps.Tune.TrainingJobSummaries[2].TrainingJobName>"
    )


@pytest.mark.parametrize("rank", [-1, 50, True, "0", None])
def test_ranks_that_no_job_has(p: FluentPipelineBuilder, rank: Any) -> None:
    outputs = p.add_step("Tune", tune())
    finding = one_of(lambda: outputs.top(rank))
    assert (finding.rule, finding.given) == ("SMG206", repr(rank))
    assert finding.expected == "a whole number from 0 (the best) to 49"


def test_attributes_that_are_not_there(p: FluentPipelineBuilder) -> None:
    outputs: Any = p.add_step("Tune", tune())
    finding = one_of(lambda: outputs.best_job)
    assert (finding.rule, finding.message) == ("SMG206", "the tuning step \"Tune\" has no 'best_job'")
    assert finding.nearest is not None
    job = one_of(lambda: outputs.best.model_artifact)
    assert (job.rule, job.nearest) == ("SMG206", "model_artifacts")
    # An output of the training contract is one of a job, to Python as to a type checker.
    model = one_of(lambda: outputs.model_artifacts)
    assert (model.nearest, model.fix) == ("best.model_artifacts", "write .best.model_artifacts")
    assert not hasattr(outputs, "__len__")
    assert one_of(lambda: outputs.best_hyperparameter("a'b")).rule == "SMG206"


# What is refused --------------------------------------------------------------------------------------------------


def test_everything_that_is_wrong_comes_together() -> None:
    wrong = {
        "eta": (2, 1),
        "max_dept": (1, 2),
        "booster": ("gbtree", "dart"),
        "tree_method": ["exakt"],
        "gamma": ContinuousRange(0, 1, "Logarithmic"),
        "base_score": ContinuousRange(0, 1, "ReverseLogarithmic"),
        "alpha": [],
        "max_bin": ContinuousRange(2, 9),
        "subsample": IntegerRange(1, 1),
        "max_leaves": (9, 1),
        "num_round": True,
        "num_class": (2, 3, 4),
        "seed": (1, TUNED),
    }
    assert messages(lambda: tune(wrong, minimize="validation:rsme", max_job=3, strategy="Baysian", max_jobs=None)) == [
        "'strategy' of a tuning is not allowed: it is none of the values that AWS knows",
        "a tuning has no setting 'max_job'",
        "contract XGBoostTraining has no hyperparameter 'max_dept' to search",
        "contract XGBoostTraining has no metric 'validation:rsme'",
        "one of the values to try of 'tree_method' is not allowed: \"exakt\" is none of its values",
        "the high end of the range of 'seed' is not allowed: it is no value",
        "the low end of the range of 'eta' is not allowed: 2 is above the maximum 1",
        "the range of 'alpha' is not allowed",
        "the range of 'base_score' cannot be searched in reverse logarithmic scale: it is not within 0 <= x < 1",
        "the range of 'booster' is not allowed",
        "the range of 'gamma' cannot be searched logarithmically: it has values that are not above 0",
        "the range of 'max_bin' is not allowed",
        "the range of 'max_leaves' ends before it begins",
        "the range of 'num_class' is not allowed",
        "the range of 'num_round' is not allowed",
        "the range of 'subsample' is not allowed",
    ]


@pytest.mark.parametrize(
    ("given", "message", "fix"),
    [
        (
            {"minimize": None},
            "a tuning has one objective, which is maximized or minimized",
            'write maximize="…" or minimize="…" with a metric',
        ),
        (
            {"maximize": "validation:auc"},
            "a tuning has one objective, which is maximized or minimized",
            'write maximize="…" or minimize="…" with a metric',
        ),
        (
            {"minimize": "validation:auc"},
            "the metric 'validation:auc' is better when it is larger",
            "write maximize='validation:auc'",
        ),
        ({"minimize": 3}, "'minimize' of a tuning is not allowed: it is not a text", None),
        (
            {"minimize": TUNED},
            "'minimize' of a tuning is not allowed",
            None,
        ),
        (
            {"max_jobs": None},
            "a tuning has no end: neither max_jobs nor max_runtime_s is given",
            "write max_jobs=…",
        ),
        ({"max_jobs": True}, "'max_jobs' of a tuning is not allowed: it is not an integer", None),
        ({"max_parallel_jobs": 0}, "'max_parallel_jobs' of a tuning is not allowed: it is below 1", None),
        ({"max_runtime_s": 60}, "'max_runtime_s' of a tuning is not allowed: it is below 120", None),
        ({"target_objective": float("nan")}, "'target_objective' of a tuning is not allowed", None),
        ({"autotune": 1}, "'autotune' of a tuning is a truth value", None),
        (
            {"strategy": "Hyperband", "early_stopping": "Auto"},
            "Hyperband stops jobs by itself, and AWS refuses early stopping with it",
            'leave early_stopping out, or write "Off"',
        ),
        (
            {"min_resource": 1},
            "'min_resource' is a setting of Hyperband",
            'write strategy="Hyperband", or leave it out',
        ),
        (
            {"strategy": "Hyperband", "min_resource": 3, "max_resource": 2},
            "the min_resource of Hyperband is above its max_resource",
            None,
        ),
        (
            {"strategy": "Grid", "max_jobs": None},
            "grid search tries values, and 'num_round' has a range",
            "write a list of the values to try: num_round=[…]",
        ),
        (
            {"strategy": "Grid", "ranges": {"num_round": [1, 2, 2], "booster": ["gbtree", "dart"]}, "max_jobs": 6},
            "grid search starts one job for each combination of values",
            "leave max_jobs out",
        ),
        (
            {"warm_start": "earlier"},
            "'warm_start' of a tuning takes a WarmStart",
            "write WarmStart([earlier.tuning_job_name])",
        ),
        ({"warm_start": WarmStart([])}, "a tuning starts from a list of earlier tuning jobs", None),
        (
            {"warm_start": WarmStart(["a b"])},
            "'parents' of a tuning is not allowed: it does not match AWS's pattern",
            None,
        ),
        ({"ranges": 3}, "a tuning was given something else than ranges", "write ranges=Ranges(…)"),
        (
            {"ranges": {"num_round": IntegerRange(1, 2, "Logaritmic")}},  # type: ignore[arg-type]  # the mistake
            "the range of 'num_round' has no such scaling",
            'write scaling="Logarithmic"',
        ),
        (
            {"ranges": {"num_round": list(range(1, 32))}},
            "the range of 'num_round' is not allowed",
            None,
        ),
        (
            {"ranges": {"num_round": (1, 2), "lambda": (0, 1), "lambda_": (0, 1)}},
            "the ranges name 'lambda' twice, under its own name and under another spelling",
            "keep one of them; the field is 'lambda_'",
        ),
    ],
)
def test_one_thing_that_is_wrong(given: dict[str, Any], message: str, fix: str | None) -> None:
    finding = one_of(lambda: tune(**given))
    assert (finding.rule, finding.message, finding.fix) == ("SMG207", message, fix)


def test_a_grid_of_as_many_jobs_as_it_has_combinations() -> None:
    ranges = {"num_round": [1, 2, 2], "booster": ["gbtree", "dart"]}
    limits = part(built(tune(ranges, strategy="Grid", max_jobs=4)), "HyperParameterTuningJobConfig", "ResourceLimits")
    assert limits == {"MaxNumberOfTrainingJobs": 4, "MaxParallelTrainingJobs": 1}


def test_no_ranges_at_all() -> None:
    assert messages(lambda: tune({})) == [
        "'num_round' is TUNED, and the ranges do not search it",
        "a tuning searches at least one hyperparameter",
    ]


def test_too_many_ranges() -> None:
    names = list(xgboost_training.Ranges.__annotations__)[: MOST_RANGES + 1]
    wanted = {name: AutoRange(3) for name in names}
    finding = next(item for item in findings_of(lambda: tune(wanted)) if "at most" in item.message)
    assert finding.message == "a tuning job searches at most 30 hyperparameters"
    assert finding.given == "31 ranges"


def test_a_list_is_no_hyperparameter_to_search(steps: Steps) -> None:
    made = steps.train.StepBuilder(steps.train.Config(num_round=5), data=DATA)
    finding = one_of(lambda: made.tune(maximize="auc", ranges={"columns": ["a"], "eta": (0, 1)}, max_jobs=1))
    assert finding.message == "the hyperparameter 'columns' is a list or a mapping, which no tuning can search"
    assert "columns" not in steps.train.Ranges.__annotations__


def test_an_enumerated_number_is_searched_by_its_values(steps: Steps, p: FluentPipelineBuilder) -> None:
    made = steps.train.StepBuilder(steps.train.Config(num_round=5), data=DATA)
    finding = one_of(lambda: made.tune(maximize="auc", ranges={"level": (1, 2)}, max_jobs=1))
    assert (finding.message, finding.fix) == ("the range of 'level' is not allowed", "write a list of those to try")
    outputs = p.add_step("Tune", made.tune(maximize="auc", ranges={"level": [1, 2]}, max_jobs=1))
    registered(p, steps, "Register", outputs.best.model)
    p.build()


def test_arguments_that_python_would_refuse() -> None:
    builder: Any = training()
    written: Callable[..., object] = builder.tune
    for finding, given in (
        (one_of(lambda: written()), "nothing"),
        (one_of(lambda: written({"eta": (0, 1)}, max_jobs=3)), "{'eta': (0, 1)} (dict), max_jobs=…"),
    ):
        assert (finding.rule, finding.given) == ("SMG207", given)
        assert finding.fix == 'write .tune(minimize="…", ranges=Ranges(…), max_jobs=…)'


# TUNED ------------------------------------------------------------------------------------------------------------


def test_a_value_and_a_range() -> None:
    made: Callable[..., Tuning] = training(eta=0.5).tune
    finding = one_of(
        lambda: made(minimize="validation:mae", ranges={"num_round": (1, 2), "eta": (0.1, 0.2)}, max_jobs=1)
    )
    assert finding.message == "'eta' has a value in the config and is searched in the ranges"
    assert (finding.given, finding.fix) == (
        "0.5",
        "leave it out of one of them; where the config needs it, write Config(eta=TUNED)",
    )


def test_a_mark_without_a_range() -> None:
    finding = one_of(lambda: tune({"eta": (0.1, 0.2)}))
    assert finding.message == "'num_round' is TUNED, and the ranges do not search it"
    assert finding.fix == "write ranges=Ranges(num_round=…)"


def test_a_mark_in_a_step_that_searches_nothing(p: FluentPipelineBuilder) -> None:
    outputs = p.add_step("Train", training())
    p.add_step("Create", create_model.StepBuilder(model=outputs.model_artifacts))
    finding = one_of(p.build)
    assert finding.message == "'num_round' is TUNED, and this Training step searches no ranges"
    assert finding.place.step == "Train"


def test_a_mark_where_nothing_is_searched(steps: Steps) -> None:
    config: Any = xgboost_training.Config
    finding = one_of(lambda: config(num_round=1, instance_type=TUNED))
    assert finding.message == "XGBoostTrainingConfig was given TUNED for 'instance_type', which no tuning can search"
    nested = one_of(lambda: steps.train.Config(num_round=1, columns=[TUNED]))
    assert nested.message == "TrainConfig was given TUNED for 'columns', which no tuning can search"
    other = one_of(lambda: steps.prepare.Config(instance_type=TUNED))
    assert other.expected == "a value or a variable"


def test_a_mark_is_no_value() -> None:
    mark: Any = TUNED
    for wrong in (
        lambda: join("-", mark),
        lambda: mark < 3,
        lambda: mark.equals("a"),
        lambda: External(mark),
        lambda: f"{mark}",
        lambda: bool(mark),
    ):
        assert {finding.rule for finding in findings_of(wrong)} == {"SMG208"}
    assert repr(TUNED) == "TUNED"


def test_defaults_of_parameters_are_held_against_the_hyperparameter(p: FluentPipelineBuilder) -> None:
    high = p.float("High", default=1.5)
    low = p.integer("Low", default=30)
    outputs = p.add_step("Tune", tune({"eta": (0.1, high), "num_round": (low, 20)}))
    p.add_step("Create", create_model.StepBuilder(model=outputs.best.model_artifacts))
    findings = findings_of(p.build)
    assert [finding.message for finding in findings] == [
        "the default of parameter 'High' is not allowed in the range of 'eta': 1.5 is above the maximum 1",
        "the range of 'num_round' ends before it begins by its defaults",
    ]


# Contracts --------------------------------------------------------------------------------------------------------


def contracts(folder: Path) -> dict[str, StepContract]:
    return dict(read_contracts(folder).contracts)


def test_a_container_with_an_entry_point_of_its_own_is_not_tuned() -> None:
    contract = contracts(GOLDEN_CONTRACTS)["ModelTraining"]
    assert not is_tunable(contract)
    assert tuning_obstacles(contract) == (
        "AlgorithmSpecification.ContainerArguments",
        "AlgorithmSpecification.ContainerEntrypoint",
    )
    assert is_tunable(contracts(GOLDEN_CONTRACTS)["SearchedTraining"])
    assert not any(is_tunable(contracts(CONTRACTS)[name]) for name in ("Prepare", "Tune", "Register"))


def test_the_derived_contract_is_the_training_contract_of_another_kind() -> None:
    contract = contracts(GOLDEN_CONTRACTS)["SearchedTraining"]
    derived = tuning_contract(contract, ["rounds"])
    assert derived == contract
    assert derived.kind == "Tuning"
    assert derived.input_ports == contract.input_ports
    assert list(derived.output_ports) == ["model_artifacts", "job_name", "report"]
    assert list(derived.settings) == ["output_location", "compression"]
    assert "rounds" not in derived.hyperparameters


def test_a_derived_contract_keeps_a_setting_that_only_a_repetition_names() -> None:
    item: JsonObject = {"ChannelName": "train", "DataSource": {"S3DataSource": {"S3Uri": {"$item": True}}}}
    document: JsonObject = {
        "name": "Searched",
        "version": "1.0.0",
        "kind": "Training",
        "settings": {"places": {"type": "array", "items": {"type": "string"}}},
        "hyperparameters": {"type": "object", "properties": {"eta": {"type": "number"}}},
        "request": {
            "InputDataConfig": [{"$each": "places", "item": item}],
            "HyperParameters": {"$hyperparameters": "text"},
        },
    }
    assert list(tuning_contract(contract_from_document(document), ["eta"]).settings) == ["places"]


def test_settings_of_a_tuning_are_the_same_in_type_and_at_run_time() -> None:
    from smgen.authoring import tuning_search

    assert list(TuningSettings.__annotations__) == list(tuning_search._KNOWN)  # pyright: ignore[reportPrivateUsage]
    assert list(inspect.signature(xgboost_training.StepBuilder.tune).parameters) == [
        "self",
        "ranges",
        "maximize",
        "minimize",
        "settings",
    ]


def test_a_tuning_is_deterministic() -> None:
    assert document_of(tune()) == document_of(tune())


def document_of(tuning: Tuning) -> JsonObject:
    p = FluentPipelineBuilder("Search", environment())
    p.add_step("Create", create_model.StepBuilder(model=p.add_step("Tune", tuning).best.model_artifacts))
    return document(p.build())
