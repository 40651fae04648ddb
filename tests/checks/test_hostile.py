"""Hostile definitions: findings or none, never an exception; bounded output, memory, and time against reading JSON."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from smgen.checks import check_definition
from smgen.definition import parse_definition
from smgen.diagnostics import Finding, FindingsError, Format, render
from smgen.documents import DEFINITION_LIMITS, JsonValue, parse_document
from tests.checks.definitions import corpus_document
from tests.fuzz.json_mutations import get, put, spots
from tests.fuzz.running import check_output

MEGABYTE = 1024 * 1024


def found_in(data: bytes) -> tuple[Finding, ...]:
    """The whole path of a definition file, without its output."""
    try:
        return check_definition(parse_definition(parse_document(data, "definition.json", DEFINITION_LIMITS)))
    except FindingsError as error:
        return error.findings


def linted(data: bytes) -> Counter[str]:
    """How often each rule finds something; every form of the output is bounded and has no raw control characters."""
    findings = found_in(data)
    for output_format in Format:
        check_output(render(findings, output_format), output_format, len(findings))
    return Counter(finding.rule for finding in findings)


def as_bytes(document: JsonValue) -> bytes:
    return json.dumps(document).encode()


def pipeline(steps: list[JsonValue], parameters: list[JsonValue] | None = None) -> bytes:
    return as_bytes({"Version": "2020-12-01", "Parameters": parameters or [], "Steps": steps})


def function(name: str, arguments: JsonValue = None, **more: JsonValue) -> JsonValue:
    """A step that calls a function and is right: nothing is found in it."""
    return {
        "Name": name,
        "Type": "Lambda",
        "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:run",
        "Arguments": arguments or {},
        "OutputParameters": [{"OutputName": "x", "OutputType": "String"}],
        **more,
    }


def output_of(name: str, output: str = "x") -> JsonValue:
    return {"Get": f"Steps.{name}.OutputParameters['{output}']"}


# What is no definition -----------------------------------------------------------------------------------------------


def nested_lists(levels: int) -> bytes:
    return b'{"Version": "2020-12-01", "Steps": [{"Name": "A", "Type": "B", "Arguments": {"x": %s}}]}' % (
        b"[" * levels + b"]" * levels
    )


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        pytest.param(b"", "SMG100", id="empty"),
        pytest.param(b" \n\t", "SMG100", id="spaces"),
        pytest.param(b"Steps:\n  - Name: Train\n", "SMG100", id="yaml"),
        pytest.param(b"{'Version': '2020-12-01', 'Steps': []}", "SMG100", id="python"),
        pytest.param(b'{"Version": "2020-12-01", "Steps": [', "SMG100", id="cut"),
        pytest.param(bytes(range(256)) * 64, "SMG100", id="binary"),
        pytest.param(b"\x00" * 1_000, "SMG100", id="zeros"),
        pytest.param(b"\x1f\x8b\x08" + bytes(range(200)), "SMG100", id="gzip"),
        pytest.param('{"Version": "2020-12-01", "Steps": []}'.encode("utf-16"), "SMG100", id="utf-16"),
        pytest.param('{"Version": "2020-12-01", "Steps": []}'.encode("utf-32-le"), "SMG100", id="utf-32"),
        pytest.param(b'\xef\xbb\xbf{"Version": "2020-12-01", "Steps": []}', "SMG100", id="byte-order-mark"),
        pytest.param(b'{"Steps": "\xed\xa0\x80"}', "SMG100", id="surrogate-bytes"),
        pytest.param(b'{"Version": "2020-12-01", "Steps": [], "x": 1e999}', "SMG100", id="number-out-of-range"),
        pytest.param(b'{"Version": "2020-12-01", "Steps": [], "x": %s}' % (b"9" * 5_000), "SMG100", id="long-number"),
        pytest.param(b'{"Steps": [], "Steps": []}', "SMG101", id="duplicate-key"),
        pytest.param(b"[" * 10 * MEGABYTE, "SMG102", id="10-MB-of-brackets"),
        pytest.param(b'{"a":' * 2 * MEGABYTE, "SMG102", id="10-MB-of-objects"),
        pytest.param(b" " * 17 * MEGABYTE, "SMG102", id="too-large"),
        pytest.param(nested_lists(201), "SMG102", id="201-levels"),
        pytest.param(b"null", "SMG300", id="null"),
        pytest.param(b"[]", "SMG300", id="a-list"),
        pytest.param(b'"{}"', "SMG300", id="a-text"),
        pytest.param(b"{}", "SMG300", id="an-empty-object"),
        pytest.param(b'{"Version": "2020-12-01", "Steps": {}}', "SMG300", id="steps-no-list"),
        pytest.param(b'{"Version": "2020-12-01", "Steps": [null, 1, "x", [], {}]}', "SMG300", id="no-steps"),
    ],
)
def test_what_is_no_definition(data: bytes, rule: str) -> None:
    found = linted(data)
    assert rule in found
    assert set(found) <= {"SMG100", "SMG101", "SMG102", "SMG300"}


# Names, keys and values ----------------------------------------------------------------------------------------------

NASTY = (
    *(
        "",
        "'",
        '"',
        "'\"",
        "\\",
        "\x00",
        "\x1b[2J\x1b[31m",
        "\r\n",
        "\u202e",
        "\u2028",
        "\ufeff",
        "a/b~c",
        "~1",
        "..",
        "a.b",
    ),
    *("a[0]", "a['b']", "${x}", "{{resolve:x}}", "<NAME>", "%s", "{0}", "\U0001f600", "é", "__class__", "a" * 900),
)


@pytest.mark.parametrize("nasty", NASTY, ids=[ascii(text)[:20] for text in NASTY])
def test_nasty_texts_in_every_name_and_key(nasty: str) -> None:
    document: JsonValue = {
        "Version": "2020-12-01",
        "Metadata": {nasty: nasty},
        "Parameters": [{"Name": nasty, "Type": nasty}, {"Name": f"{nasty}2", "Type": "String", "DefaultValue": nasty}],
        "Steps": [
            {
                "Name": nasty,
                "Type": "Processing",
                nasty: nasty,
                "Arguments": {
                    nasty: {nasty: nasty},
                    "Environment": {nasty: {"Get": f"Parameters.{nasty}"}},
                    "ProcessingOutputConfig": {
                        "Outputs": [{"OutputName": nasty, "S3Output": {"S3Uri": f"s3://bucket/{nasty}"}}]
                    },
                },
                "PropertyFiles": [{"PropertyFileName": nasty, "OutputName": nasty, "FilePath": nasty}],
                "DependsOn": [nasty, f"{nasty}-other"],
                "CacheConfig": {nasty: nasty},
                "RetryPolicies": [{nasty: nasty}],
            },
            {"Name": f"{nasty}3", "Type": nasty, "Arguments": {nasty: {"Std:Join": {"On": nasty, "Values": [nasty]}}}},
            {
                "Name": "Gate",
                "Type": "Condition",
                "Arguments": {
                    "Conditions": [
                        {
                            "Type": nasty,
                            "LeftValue": {"Get": f"Steps.{nasty}.ProcessingOutputConfig.Outputs['{nasty}'].S3Output"},
                            "RightValue": {
                                "Std:JsonGet": {
                                    "PropertyFile": {"Get": f"Steps.{nasty}.PropertyFiles.{nasty}"},
                                    "Path": nasty,
                                }
                            },
                        }
                    ],
                    "IfSteps": [function(nasty, {nasty: {"Get": nasty}})],
                    "ElseSteps": [],
                },
            },
        ],
    }
    assert linted(as_bytes(document)).total() > 0
    assert linted(json.dumps(document, ensure_ascii=False).encode()) == linted(as_bytes(document))


def test_a_name_that_no_finding_could_repeat() -> None:
    name = "n" * MEGABYTE
    step = function(name, {f"k{number}": {"Get": "Parameters.Lost"} for number in range(1_000)})
    assert linted(pipeline([step])) == {"SMG102": 1}


def test_a_key_with_much_below_it() -> None:
    # The pointers of all these references would have 100 GB together.
    many: list[JsonValue] = [{"Get": "Parameters.Lost"}] * 100_000
    assert linted(pipeline([function("A", {"k" * MEGABYTE: many})])) == {"SMG102": 1}


def test_values_of_megabytes_are_shown_in_short() -> None:
    long = "v" * 2 * MEGABYTE
    document = pipeline(
        [
            {"Name": "A", "Type": long[:900], "Arguments": {}},
            {"Name": "B", "Type": "Model", "Arguments": {"PrimaryContainer": {"Image": long, "Mode": long}}},
            function("C", {"password": long, "other": {"Get": f"Parameters.{long}"}}),
            function("D", {"x": {"Get": long}}),
        ]
    )
    findings = found_in(document)
    assert {"SMG301", "SMG315", "SMG319"} <= {finding.rule for finding in findings}
    assert len(render(findings, Format.JSON)) < 100_000


def test_a_long_path_is_bounded_in_the_machine_forms() -> None:
    # Found by fuzzing: JSON and SARIF hold the whole texts of findings, and some repeat what was given several times.
    path = "ModelArtifacts." + "A/" * 9_000
    document = pipeline([{"Name": "T", "Type": "Training"}, function("A", {"x": {"Get": f"Steps.T.{path}"}})])
    findings = found_in(document)
    assert max(len(text or "") for finding in findings for text in (finding.message, finding.given)) < 2_100
    for output_format in Format:
        assert len(render(findings, output_format)) < 60_000


# Depth ---------------------------------------------------------------------------------------------------------------


def around(inside: list[JsonValue], level: int) -> JsonValue:
    """A condition or, at every second level, a loop around some steps."""
    body: JsonValue = {"ForEachBody": inside, "Items": ["a"]}
    branch: JsonValue = {"IfSteps": inside}
    name = f"Level{level}"
    if level % 2:
        return {"Name": name, "Type": "ForEach", "Arguments": body}
    return {"Name": name, "Type": "Condition", "Arguments": branch}


def nested_steps(levels: int, innermost: JsonValue) -> JsonValue:
    step = innermost
    for level in reversed(range(levels)):
        step = around([step], level)
    return step


def test_100_levels_of_conditions_and_loops() -> None:
    document = pipeline([nested_steps(100, function("Inner"))])
    assert linted(document) == {"SMG102": 1}
    # Each level takes three of the 200 that a definition may have.
    deepest = linted(pipeline([nested_steps(64, function("Inner", {"x": output_of("Level0")})), function("Last")]))
    assert deepest["SMG102"] == 0
    assert deepest["SMG413"] > 0


def test_200_levels_of_joins() -> None:
    def joins(levels: int) -> JsonValue:
        value: JsonValue = {"Get": "Parameters.Lost"}
        for _ in range(levels):
            value = {"Std:Join": {"On": "/", "Values": [value, "x"]}}
        return value

    assert linted(pipeline([function("A", {"x": joins(200)})])) == {"SMG102": 1}
    assert linted(pipeline([function("A", {"x": joins(60)})]))["SMG301"] == 1


@pytest.mark.parametrize("form", ["Not", "Or"])
def test_conditions_in_conditions(form: str) -> None:
    value: JsonValue = {"Type": "Equals", "LeftValue": 1, "RightValue": {"Get": "Parameters.Lost"}}
    for _ in range(90):
        value = {"Type": "Not", "Condition": value} if form == "Not" else {"Type": "Or", "Conditions": [value]}
    step: JsonValue = {
        "Name": "Gate",
        "Type": "Condition",
        "Arguments": {"Conditions": [value], "IfSteps": [function("A")]},
    }
    assert linted(pipeline([step]))["SMG301"] == 1


def test_values_as_deep_as_a_definition_may_be() -> None:
    assert linted(nested_lists(195)).total() > 0


# Wrong types everywhere ----------------------------------------------------------------------------------------------


def wrong(value: JsonValue) -> Iterator[JsonValue]:
    for other in (None, 7, [], [value], {}, {"x": value}, "text"):
        if type(other) is not type(value) or value in ([], {}):
            yield other


@pytest.mark.parametrize("number", ["02", "07", "08"])
def test_every_single_value_of_a_wrong_type(number: str) -> None:
    document = corpus_document(number)
    outcomes: Counter[bool] = Counter()
    for spot in spots(document):
        right = get(spot)
        for value in wrong(right):
            put(spot, value)
            try:
                findings = check_definition(parse_definition(document))
                outcomes[True] += 1
            except FindingsError as error:
                findings = error.findings
                outcomes[False] += 1
            check_output(render(findings), Format.TEXT, len(findings))
        put(spot, right)
    assert document == corpus_document(number)
    assert outcomes.total() > 600
    assert outcomes[True] > outcomes[False] > 0


# Size and shape ------------------------------------------------------------------------------------------------------


def chain(size: int) -> bytes:
    return pipeline([function(f"S{n}", {"x": output_of(f"S{n - 1}")} if n else None) for n in range(size)])


def star(size: int) -> bytes:
    """One step reads all others."""
    reads: JsonValue = {f"x{n}": output_of(f"S{n}") for n in range(size)}
    return pipeline([*(function(f"S{n}") for n in range(size)), function("Last", reads)])


def fan(size: int) -> bytes:
    """All others read one step, each another output of its many."""
    outputs: list[JsonValue] = [{"OutputName": f"x{n}", "OutputType": "String"} for n in range(size)]
    first = function("First", OutputParameters=outputs)
    return pipeline([first, *(function(f"S{n}", {"x": output_of("First", f"x{n}")}) for n in range(size))])


def complete(size: int) -> bytes:
    """Every step depends on very many before it."""
    most = max(size // 10, 1)
    steps: list[JsonValue] = []
    for n in range(size):
        waits: list[JsonValue] = [f"S{before}" for before in range(max(0, n - most), n)]
        steps.append(function(f"S{n}", DependsOn=waits))
    return pipeline(steps)


def one_cycle(size: int) -> bytes:
    return pipeline([function(f"S{n}", {"x": output_of(f"S{(n + 1) % size}")}) for n in range(size)])


def every_step_for_itself(size: int) -> bytes:
    return pipeline([function(f"S{n}", {"x": output_of(f"S{n}")}, DependsOn=[f"S{n}"]) for n in range(size)])


def one_branch(size: int) -> bytes:
    inner = [function(f"S{n}", {"x": output_of(f"S{n - 1}")} if n else None) for n in range(size)]
    condition: JsonValue = {"Type": "Equals", "LeftValue": output_of("First"), "RightValue": "a"}
    arguments: JsonValue = {"Conditions": [condition], "IfSteps": inner, "ElseSteps": []}
    return pipeline([function("First"), {"Name": "Gate", "Type": "Condition", "Arguments": arguments}])


def one_body(size: int) -> bytes:
    """A loop whose selector names every step of its body, and another one that is not there."""
    inner = [function(f"S{n}") for n in range(size)]
    selector: JsonValue = {
        f"x{n}": {"Get": f"IterationOutput.{'S' if n % 2 else 'T'}{n}.OutputParameters['x']"} for n in range(size)
    }
    arguments: JsonValue = {"Items": ["a"], "ForEachBody": inner, "Selector": selector}
    return pipeline([{"Name": "Loop", "Type": "ForEach", "Arguments": arguments}])


def lost_names(size: int) -> bytes:
    return pipeline([function(f"Step{n}", {"x": output_of(f"Setp{n}")}) for n in range(size)])


def one_name(size: int) -> bytes:
    return pipeline([function("S", {"x": output_of("S")}) for _ in range(size)])


def one_place(size: int) -> bytes:
    """Jobs that write below one folder, which one step reads together with a property of each of them."""

    def below(name: str) -> JsonValue:
        return {"Std:Join": {"On": "/", "Values": ["s3://bucket", {"Get": "Execution.PipelineExecutionId"}, name]}}

    steps: list[JsonValue] = [
        {"Name": f"S{n}", "Type": "Training", "Arguments": {"OutputDataConfig": {"S3OutputPath": below("x")}}}
        for n in range(size)
    ]
    reads: list[JsonValue] = []
    for n in range(size):
        model: JsonValue = {"Get": f"Steps.S{n}.ModelArtifacts.S3ModelArtifacts"}
        reads.append({"InputName": f"a{n}", "S3Input": {"S3Uri": below(f"x/{n}")}})
        reads.append({"InputName": f"b{n}", "S3Input": {"S3Uri": model}})
    last: JsonValue = {"Name": "Last", "Type": "Processing", "Arguments": {"ProcessingInputs": reads}}
    return pipeline([*steps, last])


def property_files(size: int) -> bytes:
    files: list[JsonValue] = [
        {"PropertyFileName": f"F{n}", "OutputName": f"o{n}", "FilePath": "x.json"} for n in range(size)
    ]
    outputs: list[JsonValue] = [{"OutputName": f"o{n}", "S3Output": {"S3Uri": f"s3://b/{n}"}} for n in range(size)]
    step: JsonValue = {
        "Name": "P",
        "Type": "Processing",
        "Arguments": {"ProcessingOutputConfig": {"Outputs": outputs}},
        "PropertyFiles": files,
    }
    reads: JsonValue = {
        f"x{n}": {"Std:JsonGet": {"PropertyFile": {"Get": f"Steps.P.PropertyFiles.{'FG'[n % 2]}{n}"}, "Path": "a"}}
        for n in range(size)
    }
    return pipeline([step, function("Last", reads)])


def many_parameters(size: int) -> bytes:
    parameters: list[JsonValue] = [{"Name": f"P{n}", "Type": "Strinq", "DefaultValue": n} for n in range(size)]
    return pipeline([function("A", {f"x{n}": {"Get": f"Parameters.Q{n}"} for n in range(0, size, 5)})], parameters)


def unknown_members(size: int) -> bytes:
    return pipeline(
        [{"Name": f"S{n}", "Type": "Training", "Arguments": {"RoleAnr": 1, f"x{n}": 2}} for n in range(size)]
    )


SHAPES: tuple[tuple[Callable[[int], bytes], int, str], ...] = (
    (chain, 5_000, "SMG407"),
    (star, 5_000, "SMG407"),
    (fan, 5_000, "SMG407"),
    (complete, 1_500, "SMG407"),
    (one_cycle, 5_000, "SMG310"),
    (every_step_for_itself, 5_000, "SMG310"),
    (one_branch, 5_000, "SMG407"),
    (one_body, 5_000, "SMG303"),
    (lost_names, 5_000, "SMG303"),
    (one_name, 5_000, "SMG314"),
    (one_place, 5_000, "SMG407"),
    (property_files, 5_000, "SMG307"),
    (many_parameters, 100_000, "SMG302"),
    (unknown_members, 5_000, "SMG410"),
)


def timed(work: Callable[[], object], runs: int) -> float:
    """The least time in seconds of this process."""
    times: list[float] = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def cost(data: bytes, runs: int) -> tuple[float, tuple[Finding, ...]]:
    """The time of lint, in times of `json.loads` of the same text measured beside it, and what is found."""
    text = data.decode()
    findings: list[tuple[Finding, ...]] = []
    seconds = timed(lambda: findings.append(found_in(data)), runs)
    return seconds / max(timed(lambda: json.loads(text), 5), 1e-5), findings[0]


@pytest.mark.parametrize(("shape", "size", "rule"), SHAPES, ids=[shape.__name__ for shape, _, _ in SHAPES])
def test_time_grows_like_the_definition(shape: Callable[[int], bytes], size: int, rule: str) -> None:
    small, _ = cost(shape(size // 10), 3)
    large, findings = cost(shape(size), 1)
    assert rule in {finding.rule for finding in findings}
    # In times of json.loads: 1 to 2 measured; what grows with the square of the size would be 10 times as much.
    assert large < 5 * small, (small, large)


def test_10_000_findings_of_one_rule() -> None:
    found = linted(pipeline([function(f"S{n}", {"x": {"Get": f"Parameters.P{n}"}}) for n in range(10_000)]))
    assert found["SMG301"] == 10_000


def test_more_findings_than_anybody_reads_are_left_out_and_it_is_said() -> None:
    many: list[JsonValue] = [{"Get": f"Parameters.P{n}"} for n in range(30_000)]
    findings = found_in(pipeline([function("A", {"x": many})]))
    assert Counter(finding.rule for finding in findings)["SMG301"] == 20_000
    assert [finding.message for finding in findings if finding.rule == "SMG102"] == [
        "SMG301 finds 30,000 things, and only the first 20,000 are listed"
    ]


def test_cyclic_everything() -> None:
    """Steps, loops and conditions wait for each other and for themselves, through every form of reference."""
    inner = function("Inner", {"x": output_of("Gate"), "y": output_of("Loop")}, DependsOn=["Inner", "Loop", "Gate"])
    loop: JsonValue = {
        "Name": "Loop",
        "Type": "ForEach",
        "Arguments": {
            "Items": {"Get": "Steps.Loop.IterationOutputs[0].Inner.OutputParameters['x']"},
            "Selector": {"x": {"Get": "IterationOutput.Loop.x"}, "y": output_of("Gate")},
            "ForEachBody": [inner],
        },
        "DependsOn": [{"Step": "Gate"}, "Inner", "A"],
    }
    gate: JsonValue = {
        "Name": "Gate",
        "Type": "Condition",
        "Arguments": {
            "Conditions": [
                {"Type": "Equals", "LeftValue": {"Get": "Steps.Gate.Outcome"}, "RightValue": output_of("Inner")},
                {"Type": "In", "QueryValue": output_of("A"), "Values": [output_of("Loop"), output_of("A")]},
            ],
            "IfSteps": [loop],
            "ElseSteps": [function("A", {"x": output_of("B")}, DependsOn=["Gate", "Loop"])],
        },
        "DependsOn": ["Gate", "A", "B", "Loop", "Inner"],
    }
    found = linted(pipeline([gate, function("B", {"x": output_of("A")}, DependsOn=["A", "B"])]))
    assert found["SMG310"] >= 1


# The command ---------------------------------------------------------------------------------------------------------

MEMORY = 1_500 * MEGABYTE
TIMEOUT_S = 300
"""A safety net: each of these takes seconds."""


def bound_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def lint_file(path: Path, *options: str) -> subprocess.CompletedProcess[bytes]:
    """`smgen lint` in a process of its own, with bounded memory."""
    return subprocess.run(
        [sys.executable, "-m", "smgen", "lint", path.name, *options],
        cwd=path.parent,
        env={**os.environ, "COLUMNS": "80"},
        capture_output=True,
        timeout=TIMEOUT_S,
        check=False,
        preexec_fn=bound_memory,
    )


def right_definition_of(size: int) -> bytes:
    """A definition that is right but for its size."""
    steps: list[JsonValue] = [function(f"S{n}", {"x": "v" * 1_000}) for n in range(40)]
    steps.append(function("Last", {f"x{n}": "v" * 1_000 for n in range(size // 1_020)}))
    return pipeline(steps)


FILES: tuple[tuple[str, Callable[[], bytes], int], ...] = (
    ("not JSON", lambda: b"Steps: []\n", 1),
    ("empty", lambda: b"", 1),
    ("binary", lambda: os.urandom(100_000), 1),
    ("UTF-16", lambda: '{"Version": "2020-12-01"}'.encode("utf-16"), 1),
    ("10 MB of [", lambda: b"[" * 10 * MEGABYTE, 1),
    ("10 MB", lambda: right_definition_of(10 * MEGABYTE), 0),
    ("20 MB", lambda: right_definition_of(20 * MEGABYTE), 1),
    ("5,000 steps", lambda: chain(5_000), 0),
    ("100,000 parameters", lambda: many_parameters(100_000), 1),
    ("control characters", lambda: pipeline([function("\x1b[2J", {"\x07": {"Get": "\x00\u202e"}})]), 1),
    ("right", lambda: pipeline([function("A")]), 0),
)


@pytest.mark.parametrize(("name", "make", "code"), FILES, ids=[name for name, _, _ in FILES])
def test_the_command_on_a_hostile_file(name: str, make: Callable[[], bytes], code: int, tmp_path: Path) -> None:
    path = tmp_path / "definition.json"
    path.write_bytes(make())
    result = lint_file(path)
    assert (result.returncode, result.stderr) == (code, b""), name
    text = result.stdout.decode()
    assert "Traceback" not in text
    assert [char for char in text if not char.isprintable() and char != "\n"] == []
    assert text.splitlines()[-1].startswith("definition.json: ")


@pytest.mark.parametrize("output_format", ["json", "sarif", "github", "markdown"])
def test_the_other_forms_of_many_findings(output_format: str, tmp_path: Path) -> None:
    path = tmp_path / "definition.json"
    path.write_bytes(lost_names(500))
    result = lint_file(path, "--format", output_format)
    assert (result.returncode, result.stderr) == (1, b"")
    assert len(result.stdout) < 20_000 * 500


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    result = lint_file(tmp_path / "definition.json")
    assert (result.returncode, result.stdout) == (2, b"")
    assert b"Traceback" not in result.stderr
