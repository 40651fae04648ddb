"""Several pipelines share environments as long as nothing of them differs."""

from __future__ import annotations

from dataclasses import replace

from smgen.importer import EnvironmentSettings, ImportedPipeline, OwnEnvironment, share_environments
from smgen.importer.model import EnvironmentReference, EnvironmentText, ImportedParameter
from smgen.importer.rewriting import without_unused_values
from smgen.importer.walking import authored_values, leaves
from tests.importer import handmade
from tests.importer.handmade import environment


def named(name: str, text: str, value: str) -> ImportedPipeline:
    """A pipeline with a parameter whose default is a value of the environment."""
    pipeline = handmade.pipeline(name, replace(environment(), values={"queue": value}))
    default = EnvironmentText((text, EnvironmentReference("value", "queue")))
    return replace(pipeline, parameters=(ImportedParameter("Queue", "String", default),))


def used(pipeline: ImportedPipeline) -> list[str]:
    found = [leaf for value in authored_values(pipeline) for leaf in leaves(value)]
    return [item.name for item in found if isinstance(item, EnvironmentReference) and item.kind == "value"]


def test_equal_settings_are_shared() -> None:
    shared = share_environments([handmade.pipeline("First"), handmade.pipeline("Second")], {}, {})
    assert list(shared.environments) == ["default"]
    assert shared.own == ()
    assert shared.names == {("First", "default"): "default", ("Second", "default"): "default"}
    assert shared.environments["default"] == EnvironmentSettings(
        {
            "account": "111122223333",
            "region": "eu-west-1",
            "role": "arn:aws:iam::111122223333:role/Runner",
            "bucket": "b-1",
        },
        {"images": {"xgboost": handmade.IMAGE}},
    )


def test_a_value_of_the_same_name_gets_another_name() -> None:
    shared = share_environments([named("First", "x-", "q-1"), named("Second", "x-", "q-2")], {}, {})
    assert shared.own == ()
    assert shared.environments["default"].tables["values"] == {"queue": "q-1", "queue_2": "q-2"}
    assert [used(item) for item in shared.pipelines] == [["queue"], ["queue_2"]]


def test_an_image_of_the_same_name_gets_another_name_in_the_contract() -> None:
    second = handmade.pipeline("Second", replace(environment(), images={"xgboost": "another"}))
    shared = share_environments([handmade.pipeline("First"), second], {}, {})
    assert shared.environments["default"].tables["images"] == {"xgboost": handmade.IMAGE, "xgboost_2": "another"}
    settings = shared.pipelines[1].contracts["Fitting"]["settings"]
    assert settings == {"image": {"default": {"image": "xgboost_2"}}}


def test_another_bucket_is_another_environment() -> None:
    second = handmade.pipeline("Second", environment(bucket="b-2"))
    shared = share_environments([handmade.pipeline("First"), second], {}, {})
    assert list(shared.environments) == ["default", "default-Second"]
    assert shared.own == (OwnEnvironment("Second", "default", "default-Second", ("bucket",)),)
    assert shared.pipelines[1].environments[0].name == "default-Second"


def test_a_default_of_the_environment_counts_in_every_pipeline() -> None:
    first = handmade.pipeline("First", replace(environment(), parameters={"Source": "s3://b-1/other"}))
    own = share_environments([first, handmade.pipeline("Second")], {}, {}).own
    assert own == (OwnEnvironment("Second", "default", "default-Second", ("parameters.Source",)),)
    # The other way round: what comes second would change what was there first.
    own = share_environments([handmade.pipeline("Second"), first], {}, {}).own
    assert own == (OwnEnvironment("First", "default", "default-First", ("parameters.Source",)),)


def test_pipelines_of_the_project_are_not_changed() -> None:
    there = {"default": EnvironmentSettings({"region": "eu-west-1"})}
    wanted = handmade.pipeline("New", replace(environment(), parameters={"Limit": 3}))
    assert share_environments([wanted], there, {}).own == ()
    own = share_environments([wanted], there, {"Old": frozenset(["Limit"])}).own
    assert own == (OwnEnvironment("New", "default", "default-New", ("parameters.Limit",)),)


def test_settings_that_would_move_outputs_or_tag_jobs() -> None:
    there = {"default": EnvironmentSettings({"output_location": "s3://b-1/runs"}, {"tags": {"team": "risk"}})}
    (own,) = share_environments([handmade.pipeline("New")], there, {}).own
    assert own.because == ("output_location", "tags")


def test_names_of_own_environments_are_free() -> None:
    there = {"default": EnvironmentSettings({"bucket": "x"}), "default-New": EnvironmentSettings()}
    assert [item.name for item in share_environments([handmade.pipeline("New")], there, {}).own] == ["default-New-2"]


def test_values_that_nothing_names_go() -> None:
    pipeline = named("First", "x-", "q-1")
    (kept,) = pipeline.environments
    kept = replace(
        kept, values={"queue": "q-1", "unused": 1}, images={**kept.images, "xgboost:1.7-1": "copy", "no": "n"}
    )
    (left,) = without_unused_values(replace(pipeline, environments=(kept,))).environments
    assert left.values == {"queue": "q-1"}
    assert left.images == {"xgboost": handmade.IMAGE, "xgboost:1.7-1": "copy"}
