"""Contracts that are there are used again where they fit, and it is said why another does not."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace

import pytest

from smgen.contracts import artifact_types_from_document, contract_from_document, contract_registry
from smgen.documents import JsonObject, JsonValue
from smgen.importer import ImportedPipeline, merge
from smgen.importer.fitting import Fit, NoFit, fit
from smgen.importer.imported_pipeline import EnvironmentReference, ImportedStep, ProxyExpression
from smgen.importer.walking import contract_steps
from smgen.importer.widening import widened
from tests.importer import handmade


def changed(document: JsonObject, *path: str, value: JsonValue = None) -> JsonObject:
    """The document with another value at a path of members."""
    written = deepcopy(document)
    holder: JsonValue = written
    for part in path[:-1]:
        assert isinstance(holder, dict)
        holder = holder.setdefault(part, {})
    assert isinstance(holder, dict)
    holder[path[-1]] = value
    return written


def fitted(
    new: JsonObject, old: JsonObject, *, config: Mapping[str, str | float] | None = None, read: tuple[str, ...] = ()
) -> Fit | NoFit:
    contract = contract_from_document(new)
    use = ImportedStep(
        "Step",
        contract.name,
        config=dict(config or {}),
        ports=dict.fromkeys(contract.input_ports, ("s3://b/x",)),
    )
    return fit(contract, contract_from_document(old), [use], read)


def reason(new: JsonObject, old: JsonObject, **more: tuple[str, ...] | Mapping[str, str | float]) -> str:
    config, read = more.get("config"), more.get("read", ())
    found = fitted(
        new, old, config=config if isinstance(config, Mapping) else None, read=read if isinstance(read, tuple) else ()
    )
    assert isinstance(found, NoFit)
    return found.reason


def test_other_names_fit() -> None:
    old = changed(handmade.PREPARING, "name", value="Cleaning")
    old = changed(
        old,
        "inputs",
        value={"source": {"type": "Dataset", "local_path": "/opt/ml/processing/input", "input_name": "raw"}},
    )
    old = changed(
        old,
        "outputs",
        value={"table": {"type": "Dataset", "local_path": "/opt/ml/processing/rows", "output_name": "rows"}},
    )
    old = changed(old, "settings", value={"machine": {"default": "ml.m5.large"}})
    old = changed(old, "request", "ProcessingResources", "ClusterConfig", "InstanceType", value={"$setting": "machine"})
    found = fitted(handmade.PREPARING, old, read=("rows",))
    assert found == Fit({"instance_type": "machine"}, {"raw": "source"}, {"rows": "table"}, {"rows": "table"})


def test_a_value_becomes_a_setting() -> None:
    new = changed(handmade.TRAINING, "request", "ResourceConfig", "VolumeSizeInGB", value=50)
    old = changed(handmade.TRAINING, "request", "ResourceConfig", "VolumeSizeInGB", value={"$setting": "volume"})
    old = changed(old, "settings", "volume", value={"default": 30})
    found = fitted(new, old)
    assert isinstance(found, Fit)
    assert found.constants == {"volume": 50}


def test_a_setting_that_always_has_the_others_value_is_dropped() -> None:
    new = changed(handmade.TRAINING, "request", "ResourceConfig", "VolumeSizeInGB", value={"$setting": "volume"})
    new = changed(new, "settings", "volume", value={})
    found = fitted(new, handmade.TRAINING, config={"volume": 30})
    assert isinstance(found, Fit)
    assert found.dropped == {"volume"}
    assert reason(new, handmade.TRAINING, config={"volume": 40}) == "/ResourceConfig/VolumeSizeInGB is always 30"


def test_another_default_is_written_out() -> None:
    old = changed(handmade.TRAINING, "settings", "image", "default", value={"image": "other"})
    found = fitted(handmade.TRAINING, old)
    assert isinstance(found, Fit)
    assert found.implied == {"image": EnvironmentReference("image", "xgboost")}


def test_what_may_be_absent_may_be_absent() -> None:
    old = changed(handmade.TRAINING, "request", "VpcConfig", value={"Subnets": {"$setting": "subnets"}})
    old = changed(old, "settings", "subnets", value={"required": False})
    old = changed(old, "inputs", "extra", value={"type": "Dataset", "channel": "extra", "required": False})
    old = changed(old, "hyperparameters", "properties", "depth", value={"type": "integer"})
    assert isinstance(fitted(handmade.TRAINING, old, config={"eta": 0.1}), Fit)


def test_more_outputs_and_values_of_reports_are_no_obstacle() -> None:
    def files(*names: str) -> JsonObject:
        leaves: JsonObject = {name: {"type": "number"} for name in names}
        return {"file": {"path": "r.json", "property_file": "R", "schema": {"type": "object", "properties": leaves}}}

    new = changed(handmade.PREPARING, "outputs", "rows", "files", value=files("a"))
    old = changed(handmade.PREPARING, "outputs", "rows", "files", value=files("a", "b"))
    assert isinstance(fitted(new, old, read=("file",)), Fit)
    assert reason(old, new, read=("file",)) == "its output 'rows' does not declare the file r.json with all its values"


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("kind",), "Training", "it is a Training step"),
        (("deprecated",), "old", "it is deprecated"),
        (("request", "RoleArn"), "arn:x", '/RoleArn is "arn:x" and not a value of the environment'),
        (
            ("request", "AppSpecification", "ContainerEntrypoint"),
            ["python3", "/opt/ml/other.py"],
            '/AppSpecification/ContainerEntrypoint/1 is "/opt/ml/other.py" and not "/opt/ml/run.py"',
        ),
        (
            ("request", "AppSpecification", "ContainerEntrypoint"),
            ["python3"],
            "it has no /AppSpecification/ContainerEntrypoint/1",
        ),
        (("request", "NetworkConfig"), {"EnableNetworkIsolation": True}, "it always has /NetworkConfig"),
        (("source",), {"entry": "a.py"}, "it has code of its own"),
        (
            ("inputs", "more"),
            {"type": "Dataset", "local_path": "/opt/ml/processing/more"},
            "/ProcessingInputs has more items",
        ),
        (("settings", "instance_type", "default"), "ml.m5.xlarge", ""),
    ],
)
def test_why_a_contract_does_not_fit(path: tuple[str, ...], value: JsonValue, expected: str) -> None:
    old = changed(handmade.PREPARING, *path, value=value)
    if not expected:
        assert isinstance(fitted(handmade.PREPARING, old), Fit)
    else:
        assert reason(handmade.PREPARING, old) == expected


def test_hyperparameters_are_what_the_container_reads() -> None:
    narrow = changed(handmade.TRAINING, "hyperparameters", "properties", "eta", value={"type": "number", "maximum": 1})
    assert reason(handmade.TRAINING, narrow, config={"eta": 2.0}) == "its hyperparameter 'eta' does not take 2.0"
    required = changed(handmade.TRAINING, "hyperparameters", "required", value=["eta"])
    assert reason(handmade.TRAINING, required) == "its hyperparameter 'eta' always has a value"
    other = changed(handmade.TRAINING, "hyperparameters", "properties", value={"depth": {"type": "integer"}})
    assert reason(handmade.TRAINING, other, config={"eta": 0.1}) == "it has no hyperparameter 'eta'"


# The library --------------------------------------------------------------------------------------------------------


def names(pipeline: ImportedPipeline) -> list[tuple[str, str]]:
    return [(step.name, step.contract) for step in contract_steps(pipeline)]


def test_pipelines_that_are_alike_share_their_contracts() -> None:
    first = handmade.pipeline("First")
    second = handmade.renamed(handmade.pipeline("Second"), {"Preparing": "Cleaning", "Fitting": "Learning"})
    merged = merge([first, second], None, None, {})
    assert list(merged.added) == ["Preparing", "Fitting"]
    assert [names(item) for item in merged.pipelines] == [[("Prepare", "Preparing"), ("Train", "Fitting")]] * 2
    assert [(item.pipeline, item.imported, item.contract, item.is_new) for item in merged.reused] == [
        ("Second", "Cleaning", "Preparing", True),
        ("Second", "Learning", "Fitting", True),
    ]
    assert merged.artifact_types == handmade.TYPES


def test_references_follow_the_names_of_the_contract() -> None:
    first = handmade.pipeline("First")
    renamed = changed(
        handmade.PREPARING,
        "outputs",
        value={
            "table": {"type": "Dataset", "local_path": "/opt/ml/processing/rows", "output_name": "rows"},
        },
    )
    first = replace(first, contracts={**first.contracts, "Preparing": renamed})
    first = replace(
        first,
        steps=tuple(
            replace(step, locations={"table": step.locations["rows"]})
            if isinstance(step, ImportedStep) and step.name == "Prepare"
            else replace(step, ports={"rows": (ProxyExpression("Prepare", "table"),)})
            if isinstance(step, ImportedStep)
            else step
            for step in first.steps
        ),
    )
    merged = merge([first, handmade.pipeline("Second")], None, None, {})
    prepare, train = contract_steps(merged.pipelines[1])
    assert list(prepare.locations) == ["table"]
    assert train.ports == {"rows": (ProxyExpression("Prepare", "table"),)}


def test_a_contract_of_the_same_name_that_does_not_fit_gets_another_name() -> None:
    other = changed(handmade.PREPARING, "request", "AppSpecification", "ImageUri", value="other-image")
    second = handmade.pipeline("Second")
    merged = merge(
        [handmade.pipeline("First"), replace(second, contracts={**second.contracts, "Preparing": other})],
        None,
        None,
        {},
    )
    assert list(merged.added) == ["Preparing", "Fitting", "SecondPreparing"]
    assert merged.added["SecondPreparing"]["name"] == "SecondPreparing"
    assert names(merged.pipelines[1]) == [("Prepare", "SecondPreparing"), ("Train", "Fitting")]
    (refused,) = merged.refused
    assert (refused.pipeline, refused.contract, refused.nearest) == ("Second", "SecondPreparing", "Preparing")
    assert refused.reason == f'/AppSpecification/ImageUri is "{handmade.IMAGE}" and not "other-image"'


def test_what_was_proven_wrong_is_not_tried_again() -> None:
    pipelines = [handmade.pipeline("First"), handmade.pipeline("Second")]
    merged = merge(pipelines, None, None, {("Second", "Fitting"): "with it /Steps/1 is another value"})
    assert list(merged.added) == ["Preparing", "Fitting", "SecondFitting"]
    assert [item.reason for item in merged.refused] == ["with it /Steps/1 is another value"]


def test_types_that_are_there_stay_as_they_are() -> None:
    there: JsonObject = {"package": None, "types": {"Dataset": {"description": "Mine."}}}
    merged = merge([handmade.pipeline()], None, there, {})
    assert merged.artifact_types == {
        "package": None,
        "types": {"Dataset": {"description": "Mine."}, "ModelArtifacts": {}},
    }


# What two contracts of one import take together ---------------------------------------------------------------------


def test_contracts_of_one_import_take_what_either_takes() -> None:
    one = changed(handmade.TRAINING, "hyperparameters", "required", value=["eta", "depth"])
    one = changed(one, "hyperparameters", "properties", "depth", value={"type": "integer"})
    other = changed(handmade.TRAINING, "hyperparameters", "required", value=["eta", "rounds"])
    other = changed(other, "hyperparameters", "properties", "rounds", value={"type": "integer"})
    other = changed(other, "environment", value={"type": "object", "properties": {"REGION": {"type": "string"}}})
    other = changed(other, "request", "Environment", value={"$environment": True})
    both = widened(one, other)
    assert both is not None
    wide, same = both
    assert wide == same
    assert wide["hyperparameters"] == {
        "type": "object",
        "properties": {"eta": {"type": "number"}, "depth": {"type": "integer"}, "rounds": {"type": "integer"}},
        "required": ["eta"],
    }
    assert wide["environment"] == other["environment"]
    assert isinstance(wide["request"], dict)
    assert wide["request"]["Environment"] == {"$environment": True}


def test_what_cannot_be_taken_together() -> None:
    integer = changed(handmade.TRAINING, "hyperparameters", "properties", "eta", value={"type": "integer"})
    assert widened(handmade.TRAINING, integer) is None
    default = changed(
        handmade.TRAINING, "hyperparameters", "properties", "depth", value={"type": "integer", "default": 3}
    )
    assert widened(handmade.TRAINING, default) is None
    assert widened(handmade.TRAINING, handmade.TRAINING) is None
    environment: JsonObject = {"type": "object", "properties": {"REGION": {"type": "string"}}}
    assert widened(handmade.TRAINING, changed(handmade.TRAINING, "environment", value=environment)) is None


def test_contracts_of_the_folder_are_never_changed() -> None:
    there = contract_registry(
        tuple(contract_from_document(item) for item in (handmade.PREPARING, handmade.TRAINING)),
        artifact_types_from_document(handmade.TYPES),
    )
    more = changed(handmade.TRAINING, "hyperparameters", "properties", "depth", value={"type": "integer"})
    pipeline = handmade.pipeline("New")
    steps = tuple(
        replace(step, config={"eta": 0.2, "depth": 3})
        if isinstance(step, ImportedStep) and step.name == "Train"
        else step
        for step in pipeline.steps
    )
    pipeline = replace(pipeline, contracts={**pipeline.contracts, "Fitting": more}, steps=steps)
    merged = merge([pipeline], there, handmade.TYPES, {})
    assert list(merged.added) == ["NewFitting"]
    assert [item.reason for item in merged.refused] == ["it has no hyperparameter 'depth'"]
