"""Arguments against AWS's shapes: what is refused, what is legal though odd, and what botocore says of the same."""

from __future__ import annotations

import json
import re
import time
from functools import cache
from pathlib import Path

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel as BotocoreModel
from botocore.validate import ParamValidator
from hypothesis import given, settings, strategies as st

from smgen.aws import STEP_KINDS
from smgen.checks import CheckContext, check_definition, index_definition
from smgen.checks.catalogue import SERVICE
from smgen.checks.requests import request_findings
from smgen.definition import parse_definition
from smgen.documents import JsonObject, JsonValue
from tests.checks.service_cases import (
    at,
    corpus_definition,
    definition,
    found,
    get,
    machine,
    only,
    parameter,
    processing,
    raw_steps,
    service_findings,
    step,
    training,
)

JOIN: JsonObject = {"Std:Join": {"On": "", "Values": ["a", 1]}}
JSON_GET: JsonObject = {
    "Std:JsonGet": {"PropertyFile": {"Get": "Steps.Prepare.PropertyFiles.Report"}, "Path": "machines"}
}


def test_a_right_step_is_silent() -> None:
    assert found(definition(training(), processing())) == []


def test_members_are_proposed_from_deeper_levels() -> None:
    finding = only(definition(training(InstanceType="ml.m5.xlarge")))
    assert finding.message == "step \"Train\": there is no member 'InstanceType' in the Arguments of a Training step"
    assert finding.nearest == "ResourceConfig.InstanceType"


def test_the_name_of_a_job_may_stand_there_and_need_not() -> None:
    assert found(definition(training(TrainingJobName="fraud"))) == []
    assert found(definition(training(TrainingJobName="no_underscores"))) == [
        ("SMG414", "/Steps/0/Arguments/TrainingJobName")
    ]


def test_a_pipeline_does_not_take_every_member_of_the_request() -> None:
    registration = step("Register", "RegisterModel", {"ModelPackageGroupName": "fraud", "CertifyForMarketplace": True})
    assert found(definition(registration)) == [("SMG410", "/Steps/0/Arguments/CertifyForMarketplace")]


def test_null_is_absent() -> None:
    assert found(definition(training(VpcConfig=None, HyperParameters=None))) == []
    assert found(definition(training(RoleArn=None))) == [("SMG412", "/Steps/0/Arguments")]
    assert found(definition(training(HyperParameters={"eta": None}))) == [
        ("SMG411", "/Steps/0/Arguments/HyperParameters/eta")
    ]


def test_a_step_without_arguments() -> None:
    document = definition({"Name": "Train", "Type": "Training"})
    assert found(document) == [("SMG412", "/Steps/0"), ("SMG412", "/Steps/0")]


@pytest.mark.parametrize("value", [2, 2.0, get("Machines"), JSON_GET, {"Get": "Steps.Ask.OutputParameters['n']"}])
def test_what_is_an_integer(value: JsonValue) -> None:
    ask = step("Ask", "Lambda", {}, FunctionArn="f", OutputParameters=[{"OutputName": "n", "OutputType": "Integer"}])
    document = definition(
        training(ResourceConfig=machine(InstanceCount=value)), ask, parameters=[parameter("Machines", "Integer")]
    )
    assert found(document) == []


@pytest.mark.parametrize(
    "value",
    [
        "2",
        2.5,
        True,
        [2],
        {"Count": 2},
        get("Text"),
        get("Share"),
        JOIN,
        {"Get": "Execution.PipelineName"},
        {"Get": "Steps.Prepare.ProcessingJobName"},
        {"Get": "Steps.Ask.OutputParameters['n']"},
    ],
)
def test_what_is_no_integer(value: JsonValue) -> None:
    ask = step("Ask", "Lambda", {}, FunctionArn="f", OutputParameters=[{"OutputName": "n", "OutputType": "String"}])
    document = definition(
        training(ResourceConfig=machine(InstanceCount=value)),
        processing(),
        ask,
        parameters=[parameter("Text", "String"), parameter("Share", "Float")],
    )
    assert found(document) == [("SMG411", "/Steps/0/Arguments/ResourceConfig/InstanceCount")]


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        (get("Text"), True),
        (JOIN, True),
        (JSON_GET, True),
        ({"Get": "Execution.PipelineExecutionId"}, True),
        ({"Get": "Execution.StartDateTime"}, True),
        ({"Get": "Steps.Prepare.ProcessingJobName"}, True),
        ({"Get": "Steps.Prepare.ProcessingResources.ClusterConfig.InstanceCount"}, False),
        (get("Number"), False),
        (get("Share"), False),
        (get("Flag"), False),
        # Other rules say what is wrong with these.
        (get("Unknown"), True),
        ({"Get": "Steps.Nobody.ModelName"}, True),
        ({"Get": "Steps.Prepare.NoSuchMember"}, True),
        ({"Get": "ForEach.CurrentItem"}, True),
        ({"Get": "nothing known"}, True),
        ({"Get": 5}, True),
        ({"Std:Join": {"Values": []}}, True),
    ],
)
def test_what_is_a_text(value: JsonValue, fits: bool) -> None:
    document = definition(
        training(HyperParameters={"name": value}),
        processing(),
        parameters=[
            parameter("Text", "String"),
            parameter("Number", "Integer"),
            parameter("Share", "Float"),
            parameter("Flag", "Boolean"),
        ],
    )
    assert found(document) == ([] if fits else [("SMG411", "/Steps/0/Arguments/HyperParameters/name")])


def test_an_integer_parameter_becomes_a_text_in_a_join() -> None:
    finding = only(
        definition(training(HyperParameters={"depth": get("Depth")}), parameters=[parameter("Depth", "Integer", 5)])
    )
    assert finding.message == (
        'step "Train": AWS wants a text at HyperParameters.depth, and parameter Depth is an Integer'
    )
    assert finding.fix == 'make it a text: {"Std:Join": {"On": "", "Values": [ … ]}} around the reference'
    assert finding.given_at is not None
    assert finding.given_at.pointer == "/Parameters/0/Type"


@pytest.mark.parametrize("source", ["Steps.Train.ModelArtifacts.S3ModelArtifacts", "Parameters.Source"])
def test_a_location_where_aws_has_a_pattern_that_python_cannot_read(source: str) -> None:
    """AWS writes classes such as ``\\p{L}`` for tags; whether a location fits is then nothing that is said."""
    tagged = processing(Tags=[{"Key": "model", "Value": {"Get": source}}])
    document = definition(training(), tagged, parameters=[parameter("Source", "String", "s3://bucket/model")])
    assert found(document) == []


def test_nothing_but_a_list_stands_for_a_list() -> None:
    document = definition(
        training(VpcConfig={"Subnets": get("Subnets"), "SecurityGroupIds": ["sg-1"]}),
        parameters=[parameter("Subnets", "String")],
    )
    assert found(document) == [("SMG411", "/Steps/0/Arguments/VpcConfig/Subnets")]


@pytest.mark.parametrize("text", ["${RoleArn}", "<ROLE_ARN>", "{{resolve:ssm:/role}}", "arn:${Partition}:iam"])
def test_templates_are_any_text(text: str) -> None:
    assert found(definition(training(RoleArn=text))) == []


def test_a_text_in_which_python_wrote_a_reference_is_reported_once() -> None:
    document = definition(training(ResourceConfig=machine(InstanceType="{'Get': 'Parameters.Machine'}")))
    findings = check_definition(parse_definition(document))
    assert [finding.rule for finding in findings] == ["SMG315"]


@pytest.mark.parametrize("empty", [{"VpcConfig": None}, {"Environment": {}}, {"HyperParameters": {}}, {"Tags": []}])
def test_empty_things_are_legal(empty: JsonObject) -> None:
    assert found(definition(training(**empty))) == []


def test_unknown_kinds_and_open_arguments_are_passed_over() -> None:
    document = definition(
        step("Query", "Athena", {"Anything": [1, {"x": None}]}, Field=5),
        step("Call", "Lambda", {"anything": "1", "other": get("Execution.PipelineName")}, FunctionArn="arn"),
    )
    assert found(document) == []


def test_the_default_of_a_parameter_is_looked_at_once() -> None:
    document = definition(
        training(ResourceConfig=machine(InstanceType=get("Machine"))),
        step("Again", "Training", at(training(ResourceConfig=machine(InstanceType=get("Machine"))), "Arguments")),
        parameters=[parameter("Machine", "String", "ml.m5.huge")],
    )
    finding = only(document)
    assert finding.message == (
        'step "Train": AWS refuses the default of parameter Machine at ResourceConfig.InstanceType: '
        "it is none of the values that AWS knows"
    )
    assert finding.given == '"ml.m5.huge"'


@pytest.mark.parametrize("default", ["", "<INSTANCE_TYPE>", "ml.m5.xlarge"])
def test_a_default_may_be_empty_or_a_placeholder(default: str) -> None:
    document = definition(
        training(ResourceConfig=machine(InstanceType=get("Machine"))),
        parameters=[parameter("Machine", "String", default)],
    )
    assert found(document) == []


def test_exactly_one_of_a_union() -> None:
    def job(**driver: JsonValue) -> JsonObject:
        role = "arn:aws:iam::123456789012:role/emr"
        config: JsonObject = {"executionRoleArn": role, "jobDriver": driver}
        return step(
            "Spark", "EMRServerless", {"ExecutionRoleArn": role, "JobConfig": config, "ApplicationId": "00f1abc"}
        )

    spark: JsonObject = {"entryPoint": "s3://code/job.py"}
    hive: JsonObject = {"query": "s3://code/job.sql"}
    assert found(definition(job(sparkSubmit=spark))) == []
    assert found(definition(job())) == [("SMG412", "/Steps/0/Arguments/JobConfig/jobDriver")]
    assert found(definition(job(sparkSubmit=spark, hive=hive))) == [
        ("SMG413", "/Steps/0/Arguments/JobConfig/jobDriver")
    ]


def test_an_emr_step_has_a_cluster_or_makes_one() -> None:
    jar: JsonObject = {"HadoopJarStep": {"Jar": "s3://code/job.jar"}}
    assert found(definition(step("E", "EMR", {"StepConfig": jar, "ClusterId": "j-1"}))) == []
    assert found(definition(step("E", "EMR", {"StepConfig": jar}))) == [("SMG416", "/Steps/0/Arguments")]


def test_a_loop() -> None:
    body: list[JsonValue] = [training(OutputDataConfig={"S3OutputPath": {"Get": "ForEach.CurrentItem"}})]

    def loop(**arguments: JsonValue) -> JsonObject:
        return definition(
            step("Each", "ForEach", {"IterableItems": ["a"], "MaxConcurrency": 2, "ForEachBody": body, **arguments})
        )

    assert found(loop()) == []
    assert found(loop(IterableItems={"Get": "Steps.Ask.OutputParameters['items']"})) == []
    assert found(loop(IterableItems=[])) == [("SMG406", "/Steps/0/Arguments/IterableItems")]
    assert found(loop(IterableItems=list(range(101)))) == [("SMG406", "/Steps/0/Arguments/IterableItems")]
    assert found(loop(MaxConcurrency=51)) == [("SMG415", "/Steps/0/Arguments/MaxConcurrency")]
    fail = step("Stop", "Fail", {"ErrorMessage": "no"})
    assert found(loop(ForEachBody=[fail])) == [("SMG413", "/Steps/0/Arguments/ForEachBody/0/Type")]


def test_fields_beside_the_arguments() -> None:
    check = step("Check", "QualityCheck", at(processing(), "Arguments"), CheckType="DATA_QUALITY", SkipCheck="no")
    check["ModelPackageGroupName"] = "models"
    assert found(definition(check)) == [("SMG411", "/Steps/0/SkipCheck")]
    check = step("Check", "QualityCheck", at(processing(), "Arguments"), CheckType="DATA_BIAS", SkipCheck=get("Skip"))
    assert found(definition(check, parameters=[parameter("Skip", "Boolean")])) == [("SMG413", "/Steps/0/CheckType")]
    lost: JsonObject = {
        **training(),
        "PropertyFiles": [{"PropertyFileName": "r", "OutputName": "o", "FilePath": "r.json"}],
    }
    assert found(definition(lost)) == [("SMG410", "/Steps/0/PropertyFiles")]


def test_a_secret_is_not_shown_by_another_rule() -> None:
    document = definition(processing(Environment={"DB_PASSWORD": "correct-horse-battery" * 20}))
    findings = {finding.rule: finding for finding in service_findings(document)}
    assert set(findings) == {"SMG415", "SMG420"}
    assert findings["SMG415"].given == "corr… (420 characters)"


# --- botocore on the same requests ---


@cache
def botocore_model(service: str) -> BotocoreModel:
    return BotocoreModel(Loader().load_service_model(service, "service-2"))


def filled(shape_type: str) -> JsonValue:
    """A plain value in the place of an expression, of the type that AWS asks for."""
    return {"integer": 1, "long": 1, "float": 1.0, "double": 1.0, "boolean": True}.get(shape_type, "text")


def without_expressions(value: JsonValue, kind: str, parts: tuple[str | int, ...]) -> JsonValue:
    from smgen.aws import Shape, request_shape
    from smgen.expressions import looks_like_expression

    if looks_like_expression(value):
        shape = request_shape(kind, parts)
        return filled(shape.type if isinstance(shape, Shape) else "string")
    if isinstance(value, dict):
        return {name: without_expressions(item, kind, (*parts, name)) for name, item in value.items()}
    if isinstance(value, list):
        return [without_expressions(item, kind, (*parts, number)) for number, item in enumerate(value)]
    return value


def botocore_says(kind: str, arguments: JsonObject) -> list[str]:
    """The rules that botocore's validator would break, in sorted order; ranges and unions are not compared."""
    row = STEP_KINDS[kind]
    assert row.request is not None
    shape = botocore_model("sagemaker").shape_for(row.request)
    given = dict(arguments)
    for name in row.dropped:
        if name in shape.required_members:
            given.setdefault(name, "name")
    report = ParamValidator().validate(given, shape)
    # The report has no public list of its errors.
    text = report.generate_report()
    rules = [
        rule
        for line in text.splitlines()
        for start, rule in (
            ("Unknown parameter in", "SMG410"),
            ("Missing required parameter in", "SMG412"),
            ("Invalid type for parameter", "SMG411"),
        )
        if line.startswith(start)
    ]
    return sorted(rules)


def ours(kind: str, arguments: JsonObject) -> list[str]:
    index = index_definition(parse_definition(definition(step("S", kind, arguments))))
    rules = [finding.rule for finding in request_findings(index, CheckContext())]
    return sorted(rule for rule in rules if rule in ("SMG410", "SMG411", "SMG412"))


REQUESTS: list[tuple[str, str, JsonObject]] = [
    (f"{number}-{found['Name']}", str(found["Type"]), at(found, "Arguments"))
    for number in range(1, 9)
    for found in raw_steps(corpus_definition(number))
    if STEP_KINDS[str(found["Type"])].request is not None and found["Type"] not in ("QualityCheck", "ClarifyCheck")
]


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [(kind, arguments) for _, kind, arguments in REQUESTS],
    ids=[name for name, _, _ in REQUESTS],
)
def test_botocore_agrees_on_recorded_requests(kind: str, arguments: JsonObject) -> None:
    plain = without_expressions(arguments, kind, ())
    assert isinstance(plain, dict)
    assert botocore_says(kind, plain) == ours(kind, plain) == []


def edited(value: JsonObject) -> list[JsonObject]:
    """The request with one edit at each of its members: renamed, removed, and given another type."""
    found: list[JsonObject] = []
    text = json.dumps(value)

    def paths(here: JsonValue, parts: tuple[str | int, ...]) -> None:
        if isinstance(here, dict):
            for name, item in here.items():
                for edit in ("rename", "remove", "retype"):
                    fresh: JsonObject = json.loads(text)
                    holder = at(fresh, *parts)
                    old = holder.pop(name)
                    if edit == "rename":
                        holder[f"{name}Zz"] = old
                    elif edit == "retype":
                        holder[name] = {"An": "object"} if not isinstance(old, dict) else "a text"
                    found.append(fresh)
                paths(item, (*parts, name))
        elif isinstance(here, list):
            for number, item in enumerate(here):
                paths(item, (*parts, number))

    paths(value, ())
    return found


@pytest.mark.parametrize("kind", ["Training", "Processing", "Tuning", "Model", "RegisterModel", "Transform"])
def test_botocore_agrees_on_every_edit_of_a_recorded_request(kind: str) -> None:
    arguments = next(arguments for _, of, arguments in REQUESTS if of == kind)
    plain = without_expressions(arguments, kind, ())
    assert isinstance(plain, dict)
    requests = edited(plain)
    assert len(requests) >= 15
    for request in requests:
        assert ours(kind, request) == botocore_says(kind, request), request


# --- any arguments ---

NAMES = st.sampled_from(
    [
        *("ResourceConfig", "InstanceType", "InstanceCount", "HyperParameters", "Environment", "Tags", "Key", "Value"),
        *("Get", "Std:Join", "Std:JsonGet", "On", "Values", "VpcConfig", "Subnets", "StoppingCondition", "RoleArn"),
        *("MaxRuntimeInSeconds", "AppSpecification", "ContainerArguments", "ImageUri", "PrimaryContainer", "Image", ""),
        *("IterableItems", "Conditions", "StepConfig", "jobDriver", "Containers", "AlgorithmSpecification", "password"),
    ]
)
TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["Parameters.P", "Steps.S.X", "ml.p3.2xlarge", "x-cpu-y", "AKIA" + "A" * 16, "a://b:c@d", "--token"]
    ),
)
VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.one_of(NAMES, TEXTS), inner, max_size=5)),
    max_leaves=25,
)
OBJECTS = st.dictionaries(st.one_of(NAMES, TEXTS), VALUES, max_size=6)


@settings(max_examples=200, deadline=None)
@given(
    kind=st.sampled_from([*STEP_KINDS, "Athena"]),
    arguments=OBJECTS,
    fields=OBJECTS,
    cache=st.one_of(st.none(), OBJECTS),
    retry=st.lists(OBJECTS, max_size=3),
    default=VALUES,
)
def test_no_arguments_make_a_rule_fail(
    kind: str,
    arguments: JsonObject,
    fields: JsonObject,
    cache: JsonObject | None,
    retry: list[JsonValue],
    default: JsonValue,
) -> None:
    from smgen.checks import Policy
    from smgen.checks.engine import run_checks
    from smgen.diagnostics import FindingsError, render

    reserved = ("Name", "Type", "Arguments", "DependsOn", "PropertyFiles")
    one = {
        **{name: value for name, value in fields.items() if name not in reserved},
        **step("S", kind, arguments, CacheConfig=cache, RetryPolicies=retry),
    }
    try:
        parsed = parse_definition(
            definition(one, parameters=[{"Name": "P", "Type": "String", "DefaultValue": default}])
        )
    except FindingsError:
        return
    policy = Policy(True, True, True, ("a",), 10, ("x",), ("y",), 1, 1)
    assert render(run_checks(parsed, CheckContext(policy=policy), SERVICE))


def test_the_time_grows_with_the_number_of_steps() -> None:
    arguments = at(training(HyperParameters={f"h{number}": str(number) for number in range(20)}), "Arguments")

    def seconds(count: int) -> float:
        steps = [step(f"S{number}", "Training", arguments) for number in range(count)]
        index = index_definition(parse_definition(definition(*steps)))
        start = time.perf_counter()
        for check in SERVICE:
            list(check(index, CheckContext()))
        return time.perf_counter() - start

    seconds(50)
    small, large = seconds(500), seconds(5_000)
    # Ten times the steps: linear with room for noise, far from the hundred times of a square.
    assert large < 40 * small
    assert large < 20


def test_no_pattern_takes_long_on_hostile_text() -> None:
    from smgen.aws import scalar_problem, service_model

    model = service_model()
    for name in model.shape_names:
        shape = model.shape(name)
        if shape.pattern is None or shape.type != "string":
            continue
        longest = int(min(shape.max or 3_000, 3_000))
        for unit in ("a", "-", "a-", "a/", ".", "arn:aws:", "https://aps-workspaces.us-east-1.amazonaws.aaa"):
            start = time.process_time()  # Of this process alone: a loaded machine says nothing of a pattern.
            scalar_problem((unit * longest)[: longest - 1] + "\n", shape)
            assert time.process_time() - start < 0.5, (name, unit)


def test_the_pages_name_their_rules() -> None:
    pages = Path(__file__).parents[2] / "docs" / "rules"
    for rule in ("SMG410", "SMG411", "SMG412", "SMG413", "SMG414", "SMG415", "SMG420", "SMG421", "SMG430", "SMG437"):
        assert re.match(rf"# {rule} [a-z-]+\n", (pages / f"{rule}.md").read_text(encoding="utf-8"))
