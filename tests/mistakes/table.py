"""The mistakes: each one edit away from the correct project, and what finds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

PIPELINE: Final = "pipelines/fraud.py"
SETTINGS: Final = "pyproject.toml"
CONTRACT: Final = "contract_specs/data_baseline.json"

#: T: mypy and pyright both, in the editor. C: a command of smgen, offline.
Catcher: TypeAlias = Literal["T", "C"]


@dataclass(frozen=True)
class Mistake:
    """One edit, ``old`` to ``new`` in ``file``, and what finds it.

    ``rules`` are what the commands say of it for ``environment``: with T, to a user who has no type checker. ``lint``
    are the rules of `smgen lint` where they are others.
    """

    name: str
    what: str
    caught: Catcher
    rules: tuple[str, ...]
    old: str
    new: str
    file: str = PIPELINE
    environment: str = "dev"
    lint: tuple[str, ...] | None = None


#: The twenty-two of the yardstick, in its order; a letter where one has several forms.
YARDSTICK: Final = (
    Mistake(
        "01",
        "typo in an output name",
        "T",
        ("SMG206",),
        "training_data=preprocessing.processed_data,",
        "training_data=preprocessing.procesed_data,",
    ),
    Mistake(
        "02",
        "dataset into a model input",
        "T",
        ("SMG204",),
        "model=training.model_artifacts,\n            test_data",
        "model=preprocessing.test_data,\n            test_data",
    ),
    Mistake(
        "03",
        "required input missing",
        "T",
        ("SMG205",),
        "            test_data=preprocessing.test_data,\n",
        "",
    ),
    Mistake(
        "04",
        "unknown input name",
        "T",
        ("SMG207",),
        "validation_data=preprocessing.validation_data",
        "validation=preprocessing.validation_data",
    ),
    Mistake("05", "hyperparameter name", "T", ("SMG207",), "max_depth=5", "max_dept=5"),
    Mistake("06", "hyperparameter type", "T", ("SMG207",), "num_round=100", 'num_round="100"'),
    Mistake("07", "hyperparameter out of range", "C", ("SMG207",), "max_depth=5", "max_depth=-5"),
    Mistake(
        "08",
        "an output that only another step kind has",
        "T",
        ("SMG206",),
        '"trained by", training.training_job_name',
        '"trained by", evaluation.training_job_name',
    ),
    Mistake(
        "09",
        "a stale output after a contract rename",
        "T",
        ("SMG501",),
        "data_statistics=baseline.statistics",
        "data_statistics=baseline.baseline",
    ),
    Mistake(
        "10a",
        "cycle",
        "T",
        ("SMG210",),
        "validation_data=preprocessing.validation_data",
        "validation_data=External(evaluation.evaluation.location)",
    ),
    Mistake(
        "10b",
        "cycle that only an AUTO port could close",
        "C",
        ("SMG201",),
        """    preprocessing = p.add_step("Preprocess", tabular_preprocessing.StepBuilder(raw_data=External(raw)))
""",
        """    from smgen.runtime import AUTO
    from smgen_steps import data_load

    preprocessing = p.add_step("Preprocess", tabular_preprocessing.StepBuilder(raw_data=AUTO))
    p.add_step("Load", data_load.StepBuilder(source_data=External(raw)), after=[preprocessing])
""",
    ),
    Mistake(
        "11",
        "a step of another pipeline",
        "C",
        ("SMG202",),
        """\
    training = p.add_step(
        "Train",
        xgboost_training.StepBuilder(
            xgboost_training.Config(num_round=100, max_depth=5, instance_type="ml.m5.2xlarge"),
            training_data=preprocessing.processed_data,
""",
        """\
    nightly = FluentPipelineBuilder("Nightly", env)
    prepared = nightly.add_step("Preprocess", tabular_preprocessing.StepBuilder(raw_data=External(env.uri("raw/"))))
    training = p.add_step(
        "Train",
        xgboost_training.StepBuilder(
            xgboost_training.Config(num_round=100, max_depth=5, instance_type="ml.m5.2xlarge"),
            training_data=prepared.processed_data,
""",
    ),
    Mistake("12", "duplicate step name", "C", ("SMG200",), '"Evaluate",', '"Train",'),
    Mistake(
        "13a",
        "wrong property path for the job type, in the contract",
        "C",
        ("SMG111",),
        '"property_path": "ProcessingJobName"',
        '"property_path": "TrainingJobName"',
        CONTRACT,
    ),
    Mistake(
        "13b",
        "the same in the pipeline, where an output is all that can be named",
        "T",
        ("SMG206",),
        '"trained by", training.training_job_name',
        '"trained by", baseline.training_job_name',
    ),
    Mistake(
        "14",
        "a list where one output belongs",
        "T",
        ("SMG204",),
        "training_data=preprocessing.processed_data",
        "training_data=[preprocessing.processed_data]",
    ),
    Mistake(
        "15",
        "plain S3 string where a reference belongs",
        "T",
        ("SMG204",),
        "training_data=preprocessing.processed_data",
        'training_data="s3://fraud-dev/train/"',
    ),
    Mistake(
        "16a",
        "required environment variable missing",
        "T",
        ("SMG207",),
        'data_baseline.Config(REGION="EU")',
        "data_baseline.Config()",
    ),
    Mistake(
        "16b",
        "the config with a required environment variable missing",
        "T",
        ("SMG207",),
        '            data_baseline.Config(REGION="EU"),\n',
        "",
    ),
    Mistake("17", "wrong instance type string", "T", ("SMG207",), '"ml.m5.2xlarge"', '"ml.m5.2xlagre"'),
    Mistake("18", "a name that breaks AWS's pattern", "C", ("SMG400",), '"Register",', '"Register model",'),
    Mistake(
        "19",
        "a required output nobody consumes",
        "C",
        ("SMG214",),
        "            data_statistics=baseline.statistics,\n",
        "",
    ),
    Mistake("20", "a condition compares a number with a string", "T", ("SMG208",), "error <= limit", 'error <= "6.0"'),
    Mistake(
        "21a",
        "`and` between conditions",
        "C",
        ("SMG220",),
        "(error <= limit) & (fit >= 0.5)",
        "error <= limit and fit >= 0.5",
    ),
    Mistake(
        "21b",
        "a chained comparison as a condition",
        "C",
        ("SMG220",),
        "(error <= limit) & (fit >= 0.5)",
        "(0.0 < error <= limit) & (fit >= 0.5)",
    ),
    Mistake(
        "22a",
        "an f-string over a reference",
        "C",
        ("SMG221",),
        "training_data=preprocessing.processed_data",
        'training_data=External(f"{preprocessing.processed_data}/part-0.csv")',
    ),
    Mistake(
        "22b",
        "`str()` over a reference",
        "C",
        ("SMG221",),
        'join(" ", "trained by", training.training_job_name)',
        '"trained by " + str(training.training_job_name)',
    ),
)

#: More of the same families.
MORE: Final = (
    # Ports and outputs.
    Mistake(
        "a-whole-step", "a whole step into a port", "T", ("SMG204",), "quality=evaluation.metrics", "quality=evaluation"
    ),
    Mistake(
        "a-folder-for-a-file",
        "the folder of a report where the report belongs",
        "T",
        ("SMG204",),
        "quality=evaluation.metrics",
        "quality=evaluation.evaluation",
    ),
    Mistake(
        "another-split",
        "validation data where training data belongs",
        "T",
        ("SMG204",),
        "training_data=preprocessing.processed_data",
        "training_data=preprocessing.validation_data",
    ),
    Mistake(
        "a-name-for-a-model",
        "a scalar output where an artifact belongs",
        "T",
        ("SMG204",),
        "model=training.model_artifacts,\n            test_data",
        "model=training.training_job_name,\n            test_data",
    ),
    Mistake(
        "a-parameter-for-data",
        "a parameter without External",
        "T",
        ("SMG204",),
        "raw_data=External(raw)",
        "raw_data=raw",
    ),
    Mistake(
        "none-for-a-port",
        "None for a required port",
        "T",
        ("SMG205",),
        "test_data=preprocessing.test_data",
        "test_data=None",
    ),
    Mistake(
        "another-config",
        "the config of another step",
        "T",
        ("SMG207",),
        'data_baseline.Config(REGION="EU"),',
        "xgboost_training.Config(num_round=100),",
    ),
    Mistake(
        "a-builder-for-a-step",
        "an output of a builder that was never added",
        "T",
        ("SMG206",),
        '    preprocessing = p.add_step("Preprocess", tabular_preprocessing.StepBuilder(raw_data=External(raw)))\n'
        "    baseline = p.add_step(\n"
        '        "Baseline",\n'
        "        data_baseline.StepBuilder(\n"
        '            data_baseline.Config(REGION="EU"),\n'
        "            data=preprocessing.processed_data,\n",
        '    preprocessing = p.add_step("Preprocess", tabular_preprocessing.StepBuilder(raw_data=External(raw)))\n'
        "    prepared = tabular_preprocessing.StepBuilder(raw_data=External(raw))\n"
        "    baseline = p.add_step(\n"
        '        "Baseline",\n'
        "        data_baseline.StepBuilder(\n"
        '            data_baseline.Config(REGION="EU"),\n'
        "            data=prepared.processed_data,\n",
    ),
    # Values.
    Mistake(
        "a-wrong-environment-value",
        "an environment variable outside its values",
        "T",
        ("SMG207",),
        'REGION="EU"',
        'REGION="Europe"',
    ),
    Mistake(
        "a-variable-of-another-type",
        "a Float variable for a whole number",
        "T",
        ("SMG207",),
        "max_depth=5",
        "max_depth=limit",
    ),
    Mistake(
        "a-text-as-default",
        "a text as the default of a Float parameter",
        "T",
        ("SMG207",),
        "default=6.0",
        'default="6.0"',
    ),
    Mistake(
        "a-fraction-for-a-count",
        "a fraction where a whole number belongs",
        "T",
        ("SMG207",),
        "num_round=100",
        "num_round=0.5",
    ),
    Mistake(
        "a-group-name-with-blanks",
        "a model package group whose name breaks AWS's pattern",
        "C",
        ("SMG207",),
        'model_package_group=env.model_package_group("fraud")',
        'model_package_group="fraud models"',
    ),
    Mistake(
        "a-default-of-a-machine",
        "a wrong instance type as the default of a parameter",
        "C",
        ("SMG207",),
        'instance_type="ml.m5.2xlarge"',
        'instance_type=p.string("Machine", default="ml.m5.2xlagre")',
    ),
    Mistake(
        "a-machine-in-a-list",
        "a wrong instance type in a list",
        "T",
        ("SMG207",),
        'model_package_group=env.model_package_group("fraud")',
        'realtime_instance_types=["ml.m5.xlrage"], model_package_group=env.model_package_group("fraud")',
    ),
    Mistake(
        "an-unread-parameter",
        "a parameter that nothing reads",
        "C",
        (),
        '    limit = p.float("MaxError", default=6.0)\n',
        '    limit = p.float("MaxError", default=6.0)\n    p.string("Approval", default="Approved")\n',
        lint=("SMG302",),
    ),
    Mistake(
        "a-hidden-edge",
        "the location that a step writes, typed again",
        "C",
        (),
        """\
            validation_data=preprocessing.validation_data,
        ),
    )
    evaluation = p.add_step(
        "Evaluate",
        model_evaluation.StepBuilder(
            model=training.model_artifacts,
""",
        """\
            validation_data=preprocessing.validation_data,
        ).with_output_locations(model_artifacts=env.uri("models")),
    )
    evaluation = p.add_step(
        "Evaluate",
        model_evaluation.StepBuilder(
            model=External(env.uri("models")),
""",
        lint=("SMG311",),
    ),
    # Reports and conditions.
    Mistake(
        "a-report-value",
        "typo in the name of a metric",
        "T",
        ("SMG206",),
        "regression_metrics.mse.value",
        "regression_metrics.msee.value",
    ),
    Mistake(
        "an-object-for-a-value",
        "an object of a report where its value belongs",
        "T",
        ("SMG208",),
        "error <= limit",
        "evaluation.metrics.regression_metrics.mse <= limit",
    ),
    Mistake(
        "an-equality",
        "`==` as a condition",
        "T",
        ("SMG220",),
        "(error <= limit) & (fit >= 0.5)",
        "error == limit, fit >= 0.5",
    ),
    Mistake(
        "a-text-by-size",
        "a text compared by size",
        "T",
        ("SMG208",),
        "error <= limit",
        "training.training_job_name <= limit",
    ),
    Mistake(
        "an-if",
        "Python's `if` over a condition",
        "C",
        ("SMG220",),
        '    gate = p.condition("Gate", (error <= limit) & (fit >= 0.5))\n',
        '    if fit < 0.5:\n        return\n    gate = p.condition("Gate", error <= limit)\n',
    ),
    Mistake(
        "a-missing-bracket",
        "`&` without brackets around its sides",
        "T",
        ("SMG220",),
        "(error <= limit) & (fit >= 0.5)",
        "error <= limit & fit >= 0.5",
    ),
    Mistake(
        "an-empty-branch",
        "a condition that decides nothing",
        "C",
        ("SMG215",),
        '    gate = p.condition("Gate", (error <= limit) & (fit >= 0.5))\n',
        '    p.condition("Fits", fit >= 0.5)\n    gate = p.condition("Gate", error <= limit)\n',
    ),
    Mistake(
        "a-variable-to-a-fail",
        "a number as the message of a failure",
        "T",
        ("SMG207",),
        '.fail("TooWeak", join(" ", "mean squared error above", limit))',
        '.fail("TooWeak", limit)',
    ),
    Mistake(
        "a-plus",
        "`+` between a text and a reference",
        "T",
        ("SMG221",),
        'join(" ", "trained by", training.training_job_name)',
        '"trained by " + training.training_job_name',
    ),
    # Scopes and pipelines.
    Mistake(
        "out-of-a-branch",
        "an output of a step in one branch, read in the other",
        "C",
        ("SMG203",),
        '    gate.otherwise.fail("TooWeak", join(" ", "mean squared error above", limit))\n',
        '    retraining = gate.then.add_step("Retrain", tabular_preprocessing.StepBuilder(raw_data=External(raw)))\n'
        '    gate.otherwise.fail("TooWeak", join(" ", "rows", retraining.test_data.location))\n',
    ),
    Mistake(
        "after-a-branch",
        "a step that waits for one in a branch",
        "C",
        ("SMG203",),
        '    gate.otherwise.fail("TooWeak", join(" ", "mean squared error above", limit))\n',
        '    again = gate.otherwise.add_step("Again", tabular_preprocessing.StepBuilder(raw_data=External(raw)))\n'
        '    p.add_step("Last", tabular_preprocessing.StepBuilder(raw_data=External(raw)), after=[again])\n',
    ),
    Mistake(
        "after-its-own-condition",
        "a step in a branch that waits for the condition",
        "C",
        ("SMG213",),
        '.fail("TooWeak", join(" ", "mean squared error above", limit))',
        '.fail("TooWeak", join(" ", "mean squared error above", limit), after=[gate])',
    ),
    Mistake(
        "another-pipeline-in-a-condition",
        "a condition over a parameter of another pipeline",
        "C",
        ("SMG202",),
        "(error <= limit) & (fit >= 0.5)",
        '(error <= limit) & (fit >= FluentPipelineBuilder("Nightly").float("MinFit", default=0.5))',
    ),
    Mistake(
        "another-pipeline-in-a-join",
        "a join with a parameter of another pipeline",
        "C",
        ("SMG202",),
        '"mean squared error above", limit',
        '"mean squared error above", FluentPipelineBuilder("Nightly").float("MaxError")',
    ),
    # Names.
    Mistake(
        "a-duplicate-parameter",
        "two parameters of one name",
        "C",
        ("SMG209",),
        'p.float("MaxError", default=6.0)',
        'p.float("RawData", default=6.0)',
    ),
    Mistake(
        "a-parameter-name",
        "a parameter's name that breaks AWS's pattern",
        "C",
        ("SMG402",),
        '"RawData"',
        '"raw data"',
    ),
    Mistake(
        "a-long-step-name",
        "a step's name of 65 characters",
        "C",
        ("SMG400",),
        '"Evaluate",',
        f'"{"Evaluate" * 8}s",',
    ),
    Mistake(
        "after-a-name",
        "the name of a step where the step belongs",
        "T",
        ("SMG208",),
        "cache=Cache.days(30)",
        'after=["Baseline"], cache=Cache.days(30)',
    ),
    # Settings of steps.
    Mistake("a-cache-duration", "a duration in words", "C", ("SMG403",), "Cache.days(30)", 'Cache("30 days")'),
    Mistake("a-cache-of-nothing", "a cache of no days", "C", ("SMG403",), "Cache.days(30)", "Cache.days(0)"),
    Mistake("a-text-for-a-cache", "a text where a Cache belongs", "T", ("SMG403",), "Cache.days(30)", '"P30D"'),
    Mistake(
        "a-cache-of-a-registration",
        "a cache of a step that has none",
        "C",
        ("SMG403",),
        'drift/statistics.json")),\n        ),\n',
        'drift/statistics.json")),\n        ),\n        cache=Cache.days(1),\n',
    ),
    # The environments.
    Mistake(
        "a-setting-of-an-environment",
        "typo in a setting",
        "C",
        ("SMG130",),
        'bucket = "fraud-dev"',
        'buket = "fraud-dev"',
        SETTINGS,
    ),
    Mistake(
        "no-bucket",
        "an environment without a value that is asked for",
        "C",
        ("SMG211",),
        'bucket = "fraud-dev"\n',
        "",
        SETTINGS,
    ),
    Mistake(
        "an-image-name",
        "typo in the name of an image",
        "C",
        ("SMG212",),
        'xgboost = "141502667606',
        'xgbost = "141502667606',
        SETTINGS,
    ),
    Mistake(
        "a-group-of-models",
        "typo in the name of a model package group",
        "C",
        ("SMG211",),
        'env.model_package_group("fraud")',
        'env.model_package_group("fruad")',
        # Each environment lacks it, at its own line.
        lint=("SMG211", "SMG211"),
    ),
    Mistake(
        "a-parameter-of-an-environment",
        "a text for a number in one environment",
        "C",
        ("SMG207",),
        "MaxError = 5.0",
        'MaxError = "5.0"',
        SETTINGS,
        environment="prod",
    ),
    Mistake(
        "a-function-name",
        "typo in the name of the function",
        "C",
        ("SMG210",),
        "fraud.py:fraud",
        "fraud.py:fruad",
        SETTINGS,
    ),
    # Contracts.
    Mistake(
        "a-type-of-a-port",
        "typo in an artifact type",
        "C",
        ("SMG109",),
        '"type": "Dataset", "local_path"',
        '"type": "Datset", "local_path"',
        CONTRACT,
    ),
    Mistake(
        "a-member-of-a-request",
        "typo in a member of the request",
        "C",
        ("SMG115",),
        '"InstanceCount": 1',
        '"InstanceCounts": 1',
        CONTRACT,
    ),
)

MISTAKES: Final = (*YARDSTICK, *MORE)
