"""Edits of the base state, each with what has to be said of it, and of the way back."""

from __future__ import annotations

from dataclasses import dataclass

from smgen.documents import JsonObject, JsonValue
from tests.evolution.states import Edit, State, all_of, drop, drop_contract, put, rename


@dataclass(frozen=True)
class Expected:
    """An edit with the rules and levels that are told: ``610 source, 605 compatible``.

    ``backwards`` is what is told of the way back, None where that is the same.
    """

    name: str
    edit: Edit
    forwards: str
    backwards: str | None = None


def _reordered(state: State) -> None:
    inputs = state["fitting"]["inputs"]
    assert isinstance(inputs, dict)
    state["fitting"]["inputs"] = dict(reversed(inputs.items()))


def _of_a_family(state: State) -> None:
    """The contract becomes the only variant of a family, under the name that it had."""
    document = state["scoring"]
    document["name"] = "Rating"
    document["variants"] = {"daily": {}}


_UNTIL: JsonObject = {"name": "model", "until": "2.0.0"}
_WRITTEN_OUT: list[JsonValue] = [
    {
        "ChannelName": "train",
        "DataSource": {
            "S3DataSource": {
                "S3DataType": "S3Prefix",
                "S3Uri": {"$input": "train"},
                "S3DataDistributionType": "FullyReplicated",
            }
        },
    }
]
_IN, _OUT, _SET = "fitting/inputs", "fitting/outputs", "fitting/settings"
_HYPER, _ASKED = "fitting/hyperparameters/properties", "fitting/request"
_FILE = "scoring/outputs/evaluation/files/scores"
_NEW_INPUT: JsonObject = {"type": "Weights", "channel": "more"}
_NEW_OUTPUT: JsonObject = {"type": "String", "property_path": "TrainingJobArn"}

EDITS = (
    # Contracts.
    Expected("a contract is gone", drop_contract("scoring"), "601 source", "607 compatible"),
    Expected(
        "a contract has another name",
        put("scoring/name", "Rating"),
        "601 source, 607 compatible",
    ),
    Expected("a contract is deprecated", put("fitting/deprecated", "Use Other."), "604 compatible", ""),
    Expected("another owner", put("fitting/owner", "fraud"), ""),
    Expected("another description", put("fitting/description", "Trains."), ""),
    Expected("another kind", put("query/kind", "Redshift"), "602 run"),
    # Inputs.
    Expected(
        "an optional input is gone",
        drop(f"{_IN}/weights"),
        "605 compatible, 610 source",
        "616 compatible",
    ),
    Expected(
        "an input is gone and reserved",
        all_of(drop(f"{_IN}/weights"), put("fitting/reserved", ["seed_data", "weights"])),
        "610 source",
        "606 run, 616 compatible",
    ),
    Expected(
        "a required input is new",
        put(f"{_IN}/more", _NEW_INPUT),
        "611 source",
        "605 compatible, 610 source",
    ),
    Expected("an input is required", put(f"{_IN}/weights/required", True), "612 source", "616 compatible"),
    Expected("an input takes more", put(f"{_IN}/train/type", "Dataset"), "616 compatible", "614 source"),
    Expected("an input takes another type", put(f"{_IN}/train/type", "Report"), "614 source"),
    Expected(
        "an input takes a list",
        put(f"{_IN}/weights/many", True),
        "615 source",
    ),
    Expected("an alias of an input is gone", put(f"{_IN}/train/aliases", []), "617 wiring"),
    Expected(
        "other keywords",
        put(f"{_IN}/train/semantic_keywords", ["rows", "table"]),
        "617 wiring",
    ),
    Expected(
        "other sources",
        put("scoring/inputs/model/compatible_sources", []),
        "617 wiring",
    ),
    Expected("keywords in another order", put(f"{_IN}/train/semantic_keywords", ["rows"]), ""),
    Expected("another channel", put(f"{_IN}/train/channel", "training"), "618 run"),
    Expected("another input mode", put(f"{_IN}/train/input_mode", "Pipe"), "618 run"),
    Expected("the input mode as it is", put("scoring/inputs/model/input_mode", "File"), ""),
    Expected(
        "another path in the container",
        put("scoring/inputs/model/local_path", "/opt/ml/processing/m"),
        "618 run",
    ),
    Expected(
        "another name for AWS",
        put("scoring/inputs/model/input_name", "the_model"),
        "618 run",
    ),
    Expected("inputs in another order", _reordered, "641 cache"),
    Expected(
        "a short form is written out",
        all_of(drop(f"{_IN}/train/channel"), put(f"{_ASKED}/InputDataConfig", _WRITTEN_OUT)),
        "",
    ),
    Expected(
        "an input is renamed",
        rename(f"{_IN}/train", "training", renamed_from={"name": "train", "until": "2.0.0"}),
        "613 source",
        "605 compatible, 610 source, 611 source",
    ),
    Expected(
        "an input is renamed without a word",
        rename(f"{_IN}/train", "training"),
        "605 compatible, 610 source, 611 source",
    ),
    Expected(
        "a reserved name comes back",
        all_of(put("fitting/reserved", []), put(f"{_IN}/seed_data", _NEW_INPUT | {"required": False})),
        "606 run, 616 compatible",
        "610 source",
    ),
    Expected("a name is reserved no more", put("fitting/reserved", []), "605 compatible", ""),
    # Outputs.
    Expected(
        "an output is gone",
        drop(f"{_OUT}/job"),
        "605 compatible, 620 source",
        "623 compatible",
    ),
    Expected(
        "an output is renamed",
        all_of(
            rename(f"{_OUT}/model", "fitted", renamed_from=_UNTIL, aliases=[]),
            put(f"{_ASKED}/OutputDataConfig", {"S3OutputPath": {"$output_location": "fitted"}}),
        ),
        "621 source, 625 run, 626 wiring",
        "605 compatible, 620 source, 623 compatible",
    ),
    Expected("an output is another type", put(f"{_OUT}/model/type", "Weights"), "622 source"),
    Expected(
        "an output is a wider type",
        put("scoring/outputs/evaluation/type", "Report"),
        "622 source",
        "623 compatible",
    ),
    Expected(
        "an output is another scalar",
        all_of(put(f"{_OUT}/job/type", "Integer"), put(f"{_OUT}/job/property_path", "BillableTimeInSeconds")),
        "622 source, 624 run",
    ),
    Expected(
        "an output is read elsewhere",
        put(f"{_OUT}/job/property_path", "TrainingJobArn"),
        "624 run",
    ),
    Expected(
        "an output lies elsewhere",
        put("scoring/outputs/evaluation/local_path", "/opt/ml/processing/e"),
        "625 run",
    ),
    Expected("an output is shared", put(f"{_OUT}/model/shared", True), "625 run"),
    Expected(
        "an alias of an output",
        put(f"{_OUT}/model/aliases", ["fitted", "trained"]),
        "626 wiring",
    ),
    Expected(
        "an output has to be read",
        put(f"{_OUT}/model/must_be_consumed", True),
        "627 source",
        "623 compatible",
    ),
    Expected("a file is gone", drop("scoring/outputs/evaluation/files"), "628 source", "623 compatible"),
    Expected(
        "a value of a report is gone",
        drop(f"{_FILE}/schema/properties/rows"),
        "628 source",
        "623 compatible",
    ),
    Expected(
        "a value of a report is another type",
        put(f"{_FILE}/schema/properties/auc", {"type": "string"}),
        "628 source",
    ),
    Expected("a report lies elsewhere", put(f"{_FILE}/path", "all/scores.json"), "629 run"),
    # Settings, hyperparameters, environment variables.
    Expected(
        "a setting is gone",
        all_of(drop(f"{_SET}/spot"), drop(f"{_ASKED}/EnableManagedSpotTraining")),
        "605 compatible, 630 source",
        "635 compatible",
    ),
    Expected("a hyperparameter is gone", drop(f"{_HYPER}/note"), "630 source", "635 compatible"),
    Expected(
        "a variable is gone",
        all_of(drop("fitting/environment"), drop(f"{_ASKED}/Environment")),
        "630 source",
        "635 compatible",
    ),
    Expected(
        "a required setting is new",
        all_of(
            put(f"{_SET}/volume", {"type": "integer"}),
            put(f"{_ASKED}/ResourceConfig/VolumeSizeInGB", {"$setting": "volume"}),
        ),
        "631 source",
        "605 compatible, 630 source",
    ),
    Expected(
        "a literal becomes a setting",
        all_of(
            put(f"{_SET}/volume", {"default": 30}),
            put(f"{_ASKED}/ResourceConfig/VolumeSizeInGB", {"$setting": "volume"}),
        ),
        "635 compatible",
        "605 compatible, 630 source",
    ),
    Expected(
        "a hyperparameter is required",
        put("fitting/hyperparameters/required", ["rounds", "note"]),
        "631 source",
        "635 compatible",
    ),
    Expected(
        "a required hyperparameter has a default",
        put(f"{_HYPER}/rounds/default", 10),
        "635 compatible",
        "631 source",
    ),
    Expected(
        "a required variable is new",
        put(
            "fitting/environment",
            {
                "type": "object",
                "required": ["LOG", "MODE"],
                "properties": {"LOG": {"type": "string", "default": "info"}, "MODE": {"type": "string"}},
            },
        ),
        "631 source",
        "630 source",
    ),
    Expected(
        "an integer may be a number",
        put(f"{_HYPER}/rounds/type", "number"),
        "635 compatible",
        "632 source",
    ),
    Expected(
        "a number is a text",
        put(f"{_HYPER}/eta", {"type": "string"}),
        "632 source, 634 run",
    ),
    Expected("a range is narrower", put(f"{_HYPER}/rounds/maximum", 50), "633 source", "635 compatible"),
    Expected(
        "a range of a setting is wider",
        put(f"{_SET}/count/maximum", 20),
        "635 compatible",
        "633 source",
    ),
    Expected(
        "a value of a list is gone",
        put(f"{_SET}/machine/enum", ["ml.m5.xlarge"]),
        "633 source",
        "635 compatible",
    ),
    Expected(
        "a value of a list is new",
        put(f"{_HYPER}/objective/enum", ["binary", "multi", "rank"]),
        "635 compatible",
        "633 source",
    ),
    Expected("a text may be longer", put(f"{_HYPER}/note/maxLength", 40), "635 compatible", "633 source"),
    Expected("a pattern is gone", drop(f"{_HYPER}/note/pattern"), "635 compatible", "633 source"),
    Expected("another pattern", put(f"{_HYPER}/note/pattern", "^[a-z0-9]+$"), "633 source"),
    Expected("another default of a hyperparameter", put(f"{_HYPER}/eta/default", 0.1), "634 run"),
    Expected("another default of a setting", put(f"{_SET}/count/default", 2), "634 run"),
    Expected(
        "another default of a variable",
        put("fitting/environment/properties/LOG/default", "debug"),
        "634 run",
    ),
    Expected("a default for what had none", put(f"{_HYPER}/note/default", "a"), "634 run"),
    Expected(
        "a hyperparameter becomes a variable",
        all_of(
            drop(f"{_HYPER}/note"),
            put("fitting/environment/properties/note", {"type": "string", "maxLength": 20, "pattern": "^[a-z]+$"}),
        ),
        "636 run",
    ),
    Expected(
        "what is needed together",
        put("fitting/hyperparameters/dependentRequired", {"objective": ["note"]}),
        "637 source",
        "635 compatible",
    ),
    # Requests.
    Expected(
        "another limit",
        put(f"{_ASKED}/StoppingCondition/MaxRuntimeInSeconds", 60),
        "640 run",
    ),
    Expected(
        "another image",
        put(f"{_ASKED}/AlgorithmSpecification/TrainingImage", "xgboost:2"),
        "640 run",
    ),
    Expected("a member more", put(f"{_ASKED}/EnableNetworkIsolation", True), "640 run"),
    Expected(
        "a command",
        put("scoring/request/AppSpecification/ContainerArguments", ["--fast"]),
        "640 run",
    ),
    Expected("another script", put("scoring/source/entry", "score_v2.py"), "642 run"),
    Expected("no script", drop("scoring/source"), "642 run"),
    # Metrics and tuning.
    Expected("a metric is gone", drop("fitting/metrics/loss"), "643 source", "648 compatible"),
    Expected(
        "a metric is found otherwise",
        put("fitting/metrics/auc/regex", "AUC=([0-9.]+)"),
        "644 run",
    ),
    Expected("a metric is better when small", put("fitting/metrics/auc/goal", "minimize"), "643 source"),
    Expected("a metric may be either", drop("fitting/metrics/auc/goal"), "648 compatible", "643 source"),
    Expected(
        "an output has one place",
        put(f"{_ASKED}/OutputDataConfig", {"S3OutputPath": "s3://bucket/models"}),
        "619 source, 625 run, 640 run",
        "625 run, 640 run",
    ),
    Expected(
        "a metric in the log is new",
        put("fitting/metrics/f1", {"regex": "f1=([0-9.]+)"}),
        "641 cache",
        "643 source",
    ),
    Expected(
        "no tuning",
        put(
            f"{_ASKED}/ModelPackageConfig",
            {"ModelPackageGroupArn": "arn:aws:sagemaker:eu-west-1:111122223333:model-package-group/g"},
        ),
        "640 run, 645 source",
        "640 run",
    ),
    # Artifact types.
    Expected("a type is gone", drop("artifact_types/types/Predictions"), "646 source", ""),
    Expected(
        "a type has no parent",
        put("artifact_types/types/TrainingData", {}),
        "647 source",
        "649 wiring",
    ),
    Expected(
        "a type between two",
        all_of(
            put("artifact_types/types/Table", {"parent": "Dataset"}),
            put("artifact_types/types/TrainingData", {"parent": "Table"}),
        ),
        "649 wiring",
        "646 source, 647 source",
    ),
    Expected(
        "a family",
        _of_a_family,
        "601 source, 607 compatible",
    ),
)
