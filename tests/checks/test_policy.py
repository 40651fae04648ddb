"""The policy: reading it, merging it, and what it asks of each kind of step."""

from __future__ import annotations

import pytest

from smgen.aws import EACH, STEP_KINDS, Path, Shape, request_shape
from smgen.checks import Policy
from smgen.checks.policy import POLICY_SETTINGS, merged, read_policy
from smgen.diagnostics import Finding, Place
from smgen.documents import JsonObject, JsonValue
from smgen.settings import SettingsTable, Table
from tests.checks.service_cases import (
    corpus_definition,
    definition,
    found,
    get,
    machine,
    only,
    parameter,
    processing,
    step,
    training,
)

KEY = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d"
VPC: JsonObject = {"Subnets": ["subnet-01234567"], "SecurityGroupIds": ["sg-01234567"]}
AT = "/Steps/0/Arguments"


def place(_: tuple[str, ...], key: str | None) -> Place:
    return Place(file="pyproject.toml", pointer=f"/{key}")


def read(values: Table, where: str) -> tuple[Policy, list[Finding]]:
    table = SettingsTable((where,), values, place, [])
    return read_policy(table), table.findings


# --- reading ---


def test_every_setting_is_read() -> None:
    table: dict[str, object] = {
        "require_network": True,
        "require_volume_key": False,
        "require_output_key": True,
        "required_tags": ["team"],
        "max_run_time_s": 3600,
        "allowed_instance_types": ["ml.m5.*"],
        "allowed_images": [],
        "max_instance_count": 4,
        "max_tuning_jobs": 20,
    }
    assert tuple(table) == POLICY_SETTINGS
    policy, findings = read(table, "tool.smgen.policy")
    assert policy == Policy(True, False, True, ("team",), 3600, ("ml.m5.*",), (), 4, 20)
    assert findings == []
    assert read({}, "tool.smgen.policy") == (Policy(), [])


def test_an_unknown_setting() -> None:
    policy, findings = read({"require_networks": True}, "tool.smgen.policy")
    assert policy == Policy()
    assert [(found.rule, found.nearest, found.place.pointer) for found in findings] == [
        ("SMG130", "require_network", "/require_networks")
    ]
    assert findings[0].message == "[tool.smgen.policy] has no setting 'require_networks'"


SWITCH, NUMBER, LIST = "true or false", "a whole number from 1", "a list of texts"
UNUSABLE: list[tuple[str, JsonValue, str]] = [
    ("require_network", "yes", SWITCH),
    ("require_network", 1, SWITCH),
    ("require_network", [], SWITCH),
    ("max_run_time_s", 0, NUMBER),
    ("max_run_time_s", -1, NUMBER),
    ("max_run_time_s", 1.5, NUMBER),
    ("max_run_time_s", "60", NUMBER),
    ("max_run_time_s", True, NUMBER),
    ("required_tags", "team", LIST),
    ("required_tags", [1], LIST),
    ("required_tags", [""], LIST),
    ("required_tags", {"team": 1}, LIST),
]


@pytest.mark.parametrize(("key", "value", "expected"), UNUSABLE)
def test_settings_that_cannot_be_used(key: str, value: object, expected: str) -> None:
    policy, findings = read({key: value}, "tool.smgen.environments.prod.policy")
    assert policy == Policy()
    assert [(found.rule, found.expected, found.given) for found in findings] == [("SMG130", expected, repr(value))]
    assert findings[0].message == f"the setting '{key}' of [tool.smgen.environments.prod.policy] cannot be used"


def test_all_wrong_settings_are_reported() -> None:
    _, findings = read({"a": 1, "max_tuning_jobs": "x", "required_tags": 5}, "t")
    assert [found.given for found in findings] == ["a", "5", "'x'"]


def test_an_environment_speaks_over_the_project() -> None:
    base = Policy(require_network=True, required_tags=("team",), max_run_time_s=3600, max_tuning_jobs=5)
    over = Policy(require_network=False, required_tags=(), max_run_time_s=60)
    assert merged(base, over) == Policy(require_network=False, required_tags=(), max_run_time_s=60, max_tuning_jobs=5)
    assert merged(base, Policy()) == base
    assert merged(Policy(), over) == over


# --- the table of places ---


JOBS = {kind: row.job for kind, row in STEP_KINDS.items() if row.job is not None}


def paths_of(kind: str) -> list[Path]:
    places = JOBS[kind]
    found: list[Path] = [path for path in (places.tags, places.job_count, places.model) if path is not None]
    if places.no_tags_with is not None:
        found.append((places.no_tags_with,))
    for group in places.groups:
        below = [path for path in (group.network, group.output_key, group.run_time) if path is not None]
        below += [*group.volume_keys, *group.instance_types, *group.instance_counts, *group.images]
        found += [(*group.root, *path) for path in below]
    return found


@pytest.mark.parametrize("kind", JOBS)
def test_every_place_exists_in_the_request(kind: str) -> None:
    for path in paths_of(kind):
        shape = request_shape(kind, [0 if part == EACH else part for part in path])
        assert isinstance(shape, Shape), (kind, path)


def test_no_kind_with_such_settings_is_left_out() -> None:
    # Every request that has tags is in the table; EMR, EMRServerless and Lineage are not SageMaker jobs.
    tagged = [
        kind for kind, row in STEP_KINDS.items() if row.request and isinstance(request_shape(kind, ["Tags"]), Shape)
    ]
    assert sorted(tagged) == sorted(JOBS)


# --- the rules ---


def test_without_a_policy_nothing_is_asked() -> None:
    assert found(definition(training(), processing())) == []
    assert found(definition(training(), processing()), Policy()) == []


def test_what_keeps_the_policy_is_silent() -> None:
    policy = Policy(True, True, True, ("team",), 3600, ("ml.m5.*",), ("123456789012.dkr.ecr.*",), 2, 3)
    tags: list[JsonValue] = [{"Key": "team", "Value": "fraud"}]
    right = training(
        VpcConfig=VPC,
        ResourceConfig=machine(VolumeKmsKeyId=KEY),
        OutputDataConfig={"S3OutputPath": "s3://b/m", "KmsKeyId": KEY},
        Tags=tags,
    )
    also = processing(
        NetworkConfig={"VpcConfig": VPC},
        ProcessingResources={"ClusterConfig": machine(VolumeKmsKeyId=get("Key"), InstanceCount=2)},
        StoppingCondition={"MaxRuntimeInSeconds": get("Longest")},
        Tags=tags,
    )
    parameters: list[JsonValue] = [parameter("Key", "String"), parameter("Longest", "Integer", 60)]
    assert found(definition(right, also, parameters=parameters), policy) == []


@pytest.mark.parametrize(
    ("network", "pointer"),
    [
        (None, AT),
        ({}, f"{AT}/NetworkConfig"),
        ({"VpcConfig": {"Subnets": ["s"], "SecurityGroupIds": []}}, f"{AT}/NetworkConfig/VpcConfig"),
    ],
)
def test_network(network: JsonValue, pointer: str) -> None:
    listed = found(definition(processing(NetworkConfig=network)), Policy(require_network=True))
    assert ("SMG430", pointer) in listed


def test_a_transform_job_has_no_network_of_its_own() -> None:
    listed = found(corpus_definition(8), Policy(require_network=True))
    assert [pointer for _, pointer in listed] == ["/Steps/1/Arguments", "/Steps/3/Arguments"]


def test_machines_with_disks_take_no_volume_key() -> None:
    policy = Policy(require_volume_key=True)
    for name in ("ml.g5.xlarge", "ml.p3dn.24xlarge", "ml.p4d.24xlarge", "ml.g4dn.xlarge", "ml.trn1.2xlarge"):
        assert found(definition(training(ResourceConfig=machine(InstanceType=name))), policy) == []
    for name in ("ml.p3.2xlarge", "ml.m5.large", "ml.c5n.xlarge"):
        listed = found(definition(training(ResourceConfig=machine(InstanceType=name))), policy)
        assert listed == [("SMG431", f"{AT}/ResourceConfig")]


def test_a_serverless_endpoint_has_no_volume() -> None:
    variant: JsonObject = {"VariantName": "a", "ModelName": "m"}
    serverless: JsonObject = {**variant, "ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 1}}
    hosted: JsonObject = {**variant, "InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 1}
    policy = Policy(require_volume_key=True)

    def config(one: JsonObject) -> JsonObject:
        return definition(step("C", "EndpointConfig", {"EndpointConfigName": "c", "ProductionVariants": [one]}))

    assert found(config(serverless), policy) == []
    assert found(config(hosted), policy) == [("SMG431", AT)]


def test_a_processing_job_without_outputs_needs_no_output_key() -> None:
    policy = Policy(require_output_key=True)
    assert found(definition(processing()), policy) == []
    outputs: JsonObject = {"Outputs": []}
    document = definition(processing(ProcessingOutputConfig=outputs))
    assert found(document, policy) == [("SMG432", f"{AT}/ProcessingOutputConfig")]


def test_tags() -> None:
    policy = Policy(required_tags=("team", "cost"))
    finding = only(definition(training(Tags=[{"Key": "team", "Value": "x"}])), policy)
    assert (finding.rule, finding.place.pointer, finding.given) == ("SMG433", f"{AT}/Tags", "team")
    assert finding.message == 'step "Train": the tag cost is missing'
    assert only(definition(training()), policy).message == 'step "Train": the tags team, cost are missing'
    # A key that is known only when the pipeline runs may be the one.
    unknown: list[JsonValue] = [{"Key": get("Key"), "Value": "x"}]
    assert found(definition(training(Tags=unknown), parameters=[parameter("Key", "String")]), policy) == []


def test_a_package_in_a_group_takes_no_tags() -> None:
    policy = Policy(required_tags=("team",))
    assert found(definition(step("R", "RegisterModel", {"ModelPackageGroupName": "fraud"})), policy) == []
    assert found(definition(step("R", "RegisterModel", {})), policy) == [("SMG433", "/Steps/0")]


@pytest.mark.parametrize(
    ("seconds", "finds"), [(3600, False), (3601, True), (get("Longest"), True), (get("Open"), False)]
)
def test_run_time(seconds: JsonValue, finds: bool) -> None:
    document = definition(
        training(StoppingCondition={"MaxRuntimeInSeconds": seconds}),
        parameters=[parameter("Longest", "Integer", 7200), parameter("Open", "Integer")],
    )
    listed = found(document, Policy(max_run_time_s=3600))
    assert listed == ([("SMG434", f"{AT}/StoppingCondition/MaxRuntimeInSeconds")] if finds else [])


def test_each_training_job_of_a_tuning_step() -> None:
    job: JsonObject = {
        "AlgorithmSpecification": {"TrainingImage": "1.dkr.ecr.x/y:1", "TrainingInputMode": "File"},
        "OutputDataConfig": {"S3OutputPath": "s3://b/m"},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        "HyperParameterTuningResourceConfig": machine(InstanceType="ml.p3.2xlarge", InstanceCount=8),
        "RoleArn": "arn:aws:iam::123456789012:role/pipelines",
        "TuningObjective": {"Type": "Minimize", "MetricName": "validation:rmse"},
    }
    jobs: list[JsonValue] = [{**job, "DefinitionName": name} for name in ("trees", "net")]
    config: JsonObject = {
        "Strategy": "Random",
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 100, "MaxParallelTrainingJobs": 2},
    }
    document = definition(
        step("Tune", "Tuning", {"HyperParameterTuningJobConfig": config, "TrainingJobDefinitions": jobs})
    )
    policy = Policy(max_instance_count=4, max_tuning_jobs=50, allowed_instance_types=("ml.m5.*",))
    below = "HyperParameterTuningResourceConfig"
    assert found(document, policy) == [
        ("SMG437", f"{AT}/HyperParameterTuningJobConfig/ResourceLimits/MaxNumberOfTrainingJobs"),
        ("SMG437", f"{AT}/TrainingJobDefinitions/0/{below}/InstanceCount"),
        ("SMG435", f"{AT}/TrainingJobDefinitions/0/{below}/InstanceType"),
        ("SMG437", f"{AT}/TrainingJobDefinitions/1/{below}/InstanceCount"),
        ("SMG435", f"{AT}/TrainingJobDefinitions/1/{below}/InstanceType"),
    ]


@pytest.mark.parametrize(
    ("pattern", "allows"),
    [
        ("ml.m5.*", True),
        ("ml.m5.xlarge", True),
        ("ml.m?.*", True),
        ("ml.[cm]5.*", True),
        ("ML.M5.*", False),
        ("*", True),
    ],
)
def test_patterns(pattern: str, allows: bool) -> None:
    listed = found(definition(training()), Policy(allowed_instance_types=("ml.z1.*", pattern)))
    assert listed == ([] if allows else [("SMG435", f"{AT}/ResourceConfig/InstanceType")])


def test_expressions_hide_what_is_below_them() -> None:
    policy = Policy(True, True, True, ("team",), 60, ("x",), ("x",), 1, 1)
    document = definition(step("T", "Training", {"Get": "ForEach.CurrentItem"}))
    assert found(document, policy) == []
