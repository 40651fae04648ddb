"""Pipelines of one account share an environment; what differs by pipeline stands under the pipeline in it."""

from __future__ import annotations

from dataclasses import replace

from smgen.importer import (
    EnvironmentSettings,
    ExistingEnvironments,
    ImportedEnvironment,
    ImportedPipeline,
    OwnEnvironment,
    share_environments,
)
from smgen.importer.contract_replacement import without_unused_values
from smgen.importer.environments import SharedEnvironments
from smgen.importer.imported_pipeline import EnvironmentReference, EnvironmentText, ImportedParameter
from tests.importer import handmade
from tests.importer.handmade import environment

ROLE = "arn:aws:iam::111122223333:role/Runner"
ACCOUNT = {"account": "111122223333", "region": "eu-west-1"}
IMAGES = {"images": {"xgboost": handmade.IMAGE}}


def shared(*pipelines: ImportedPipeline, there: ExistingEnvironments | None = None) -> SharedEnvironments:
    return share_environments(pipelines, there or ExistingEnvironments(), {})


def project(**settings: EnvironmentSettings) -> ExistingEnvironments:
    return ExistingEnvironments(settings)


def of(name: str, *environments: ImportedEnvironment) -> ImportedPipeline:
    return handmade.pipeline(name, *environments)


# Several pipelines of one import --------------------------------------------------------------------------------------


def test_equal_settings_stand_in_the_environment() -> None:
    found = shared(of("First"), of("Second"))
    assert found.environments == {"default": EnvironmentSettings({**ACCOUNT, "role": ROLE, "bucket": "b-1"}, IMAGES)}
    assert found.for_pipelines == {}
    assert found.own == ()
    assert found.names == {("First", "default"): "default", ("Second", "default"): "default"}


def test_what_most_say_stands_in_the_environment() -> None:
    found = shared(of("First"), of("Second", environment(bucket="b-2")), of("Third"))
    assert found.environments["default"].settings == {**ACCOUNT, "role": ROLE, "bucket": "b-1"}
    assert found.for_pipelines == {("default", "Second"): EnvironmentSettings({"bucket": "b-2"})}


def test_what_each_says_otherwise_stands_under_each() -> None:
    found = shared(of("First"), of("Second", environment(bucket="b-2")))
    assert found.environments["default"].settings == {**ACCOUNT, "role": ROLE}
    assert found.for_pipelines == {
        ("default", "First"): EnvironmentSettings({"bucket": "b-1"}),
        ("default", "Second"): EnvironmentSettings({"bucket": "b-2"}),
    }


def test_names_may_mean_another_thing_in_each_pipeline() -> None:
    first = of("First", replace(environment(), values={"queue": "q-1", "limit": 1}))
    second = of("Second", replace(environment(), images={"xgboost": "another"}, values={"queue": "q-2", "limit": 1.0}))
    found = shared(first, second)
    assert found.environments["default"].tables == {}
    assert found.for_pipelines == {
        ("default", "First"): EnvironmentSettings({}, {**IMAGES, "values": {"queue": "q-1", "limit": 1}}),
        ("default", "Second"): EnvironmentSettings(
            {}, {"images": {"xgboost": "another"}, "values": {"queue": "q-2", "limit": 1.0}}
        ),
    }


def test_tags_are_the_environments_where_all_pipelines_have_them() -> None:
    tagged = replace(environment(), tags={"team": "risk", "env": "dev"})
    both = shared(of("First", tagged), of("Second", tagged))
    assert both.environments["default"].tables["tags"] == {"team": "risk", "env": "dev"}
    assert both.for_pipelines == {}
    # No pipeline can take away a tag that its environment has, and their order is that of the definition.
    for other in ({}, {"env": "dev", "team": "risk"}, {"team": "risk"}):
        found = shared(of("First", tagged), of("Second", replace(environment(), tags=other)))
        assert "tags" not in found.environments["default"].tables
        assert found.for_pipelines["default", "First"].tables == {"tags": {"team": "risk", "env": "dev"}}


def test_keys_and_networks_are_the_environments_where_all_have_them() -> None:
    keyed = replace(environment(), kms_key="alias/a", subnets=("s-1",))
    found = shared(of("First", keyed), of("Second", keyed), of("Third"))
    assert found.environments["default"].settings == {**ACCOUNT, "role": ROLE, "bucket": "b-1"}
    assert set(found.for_pipelines) == {("default", "First"), ("default", "Second")}


def test_parameters_are_a_pipelines_own() -> None:
    first = of("First", replace(environment(), parameters={"Limit": 3}))
    second = of("Second", replace(environment(), parameters={"Limit": 3}))
    found = shared(first, second)
    assert found.for_pipelines == {
        ("default", name): EnvironmentSettings({}, {"parameters": {"Limit": 3}}) for name in ("First", "Second")
    }
    # Where there is one pipeline only, its environment may say them.
    assert shared(first).environments["default"].tables == {**IMAGES, "parameters": {"Limit": 3}}


def test_another_account_is_another_environment() -> None:
    second = of("Second", environment(account="444455556666"))
    found = shared(of("First"), second)
    assert list(found.environments) == ["default", "default-444455556666"]
    assert found.own == (OwnEnvironment("Second", "default", "default-444455556666", ("account",)),)
    assert found.pipelines[1].environments[0].name == "default-444455556666"


def test_another_region_is_another_environment() -> None:
    there = replace(environment(), region="us-east-1")
    found = shared(of("First"), of("Second", there), of("Third", there))
    assert list(found.environments) == ["default", "default-us-east-1"]
    assert {item.name for item in found.own} == {"default-us-east-1"}
    assert found.for_pipelines == {}


def test_an_environment_gets_the_account_that_one_pipeline_says() -> None:
    nowhere = replace(environment(), account=None, region=None)
    found = shared(of("First", nowhere), of("Second"))
    assert found.environments["default"].settings == {**ACCOUNT, "role": ROLE, "bucket": "b-1"}


def test_three_environments() -> None:
    accounts = {"dev": "111122223333", "test": "222233334444", "prod": "444455556666"}
    names = [environment(name, f"b-{name}", account) for name, account in accounts.items()]
    other = [replace(item, bucket=f"other-{item.name}") for item in names]
    found = shared(of("First", *names), of("Second", *other))
    assert list(found.environments) == ["dev", "test", "prod"]
    assert list(found.for_pipelines) == [(name, pipeline) for name in accounts for pipeline in ("First", "Second")]


# Beside pipelines that are there --------------------------------------------------------------------------------------


def test_an_environment_of_the_project_is_not_changed() -> None:
    known = EnvironmentSettings({**ACCOUNT, "role": ROLE, "bucket": "theirs"}, {"images": {"xgboost": "theirs"}})
    new = of("New", replace(environment(), values={"queue": "q"}, parameters={"Limit": 3}))
    found = shared(new, there=project(default=known))
    assert found.environments == {"default": known}
    assert found.for_pipelines == {
        ("default", "New"): EnvironmentSettings(
            {"bucket": "b-1"}, {**IMAGES, "values": {"queue": "q"}, "parameters": {"Limit": 3}}
        )
    }


def test_an_environment_without_an_account_gets_it() -> None:
    found = shared(of("New"), there=project(default=EnvironmentSettings({"bucket": "b-1"})))
    assert found.environments["default"].settings == {**ACCOUNT, "bucket": "b-1"}


def test_a_default_of_the_environment_is_overridden() -> None:
    known = EnvironmentSettings(ACCOUNT, {"parameters": {"Source": "s3://theirs"}})
    defaults = {("New", "default"): {"Source": "s3://b-1/raw"}}
    found = share_environments([of("New")], project(default=known), defaults)
    assert found.for_pipelines["default", "New"].tables["parameters"] == {"Source": "s3://b-1/raw"}
    # A parameter without a default cannot be given none.
    (own,) = share_environments([of("New")], project(default=known), {}).own
    assert own == OwnEnvironment("New", "default", "default-New", ("parameters.Source",))


def test_an_output_location_is_overridden() -> None:
    known = EnvironmentSettings({**ACCOUNT, "output_location": "s3://b-1/runs"})
    found = shared(of("New"), there=project(default=known))
    assert found.for_pipelines["default", "New"].settings["output_location"] == "s3://b-1"


def test_tags_that_no_pipeline_can_take_away() -> None:
    known = EnvironmentSettings(ACCOUNT, {"tags": {"project": "x"}})
    # Nothing of a pipeline whose steps do not take the environment's tags depends on them.
    assert shared(of("New"), there=project(default=known)).own == ()
    tagged = of("New", replace(environment(), tags={"team": "risk"}))
    assert shared(tagged, there=project(default=known)).own == (
        OwnEnvironment("New", "default", "default-New", ("tags",)),
    )
    same = of("New", replace(environment(), tags={"project": "x", "team": "risk"}))
    found = shared(same, there=project(default=known))
    assert found.own == ()
    assert found.for_pipelines["default", "New"].tables["tags"] == {"team": "risk"}


def test_a_key_that_one_environment_has_and_another_not() -> None:
    known = EnvironmentSettings({**ACCOUNT, "kms_key": "alias/theirs"})
    both = of("New", environment(), replace(environment("prod", account="444455556666"), kms_key="alias/mine"))
    (own,) = shared(both, there=project(default=known)).own
    assert (own.name, own.because) == ("default-New", ("kms_key",))


def test_names_of_own_environments_are_free() -> None:
    known = EnvironmentSettings(ACCOUNT, {"parameters": {"Source": "x"}})
    there = ExistingEnvironments({"default": known, "default-New": EnvironmentSettings()})
    assert [item.name for item in share_environments([of("New")], there, {}).own] == ["default-New-2"]


# Again ----------------------------------------------------------------------------------------------------------------


def test_the_same_pipeline_again_changes_nothing() -> None:
    first = shared(of("First"), of("Second", environment(bucket="b-2")))
    there = ExistingEnvironments(first.environments, first.for_pipelines)
    again = shared(of("Second", environment(bucket="b-2")), there=there)
    assert again.environments == first.environments
    assert again.for_pipelines == first.for_pipelines


def test_what_a_pipeline_no_longer_says_goes() -> None:
    own = EnvironmentSettings(
        {"bucket": "old", "role": "of a person"}, {"parameters": {"Gone": 1, "Limit": 2}, "values": {"kept": "v"}}
    )
    there = ExistingEnvironments({"default": EnvironmentSettings(ACCOUNT)}, {("default", "New"): own})
    found = shared(of("New", replace(environment(), parameters={"Limit": 3})), there=there)
    assert found.for_pipelines["default", "New"] == EnvironmentSettings(
        {"bucket": "b-1", "role": ROLE}, {"values": {"kept": "v"}, "parameters": {"Limit": 3}, **IMAGES}
    )


def test_values_that_nothing_names_go() -> None:
    default = EnvironmentText(("x-", EnvironmentReference("value", "queue")))
    pipeline = of("First", replace(environment(), values={"queue": "q-1"}))
    pipeline = replace(pipeline, parameters=(ImportedParameter("Queue", "String", default),))
    (kept,) = pipeline.environments
    kept = replace(
        kept, values={"queue": "q-1", "unused": 1}, images={**kept.images, "xgboost:1.7-1": "copy", "no": "n"}
    )
    (left,) = without_unused_values(replace(pipeline, environments=(kept,))).environments
    assert left.values == {"queue": "q-1"}
    assert left.images == {"xgboost": handmade.IMAGE, "xgboost:1.7-1": "copy"}
