"""Lints very many mutated definitions and counts what comes of them: findings or none, never an exception.

Run `python -m tests.checks.fuzz_definitions --inputs 200000 --seed 0`, or `make fuzz`. An input is made from the seed
and its own number alone, so a number that is printed here gives the same bytes on every machine and with any number
of processes: `--only NUMBER` writes them out.
"""

from __future__ import annotations

import argparse
import functools
import json
import multiprocessing
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from smgen.checks import CheckContext, Policy, check_definition
from smgen.definition import dump_definition, parse_definition
from smgen.diagnostics import Finding, FindingsError, Format, render
from smgen.documents import DEFINITION_LIMITS, JsonValue, parse_document
from tests.checks.definitions import CORPUS, corpus_document

EXAMPLE: Final = Path(__file__).parents[2] / "examples" / "abalone"

CONTEXTS: Final = (
    CheckContext(),
    CheckContext(
        policy=Policy(
            require_network=True,
            require_volume_key=True,
            require_output_key=True,
            required_tags=("owner", "cost-center"),
            max_run_time_s=3_600,
            allowed_instance_types=("ml.m5.*",),
            allowed_images=("*.dkr.ecr.*/sagemaker-*",),
            max_instance_count=2,
            max_tuning_jobs=5,
        )
    ),
)

BYTES_SHARE: Final = 0.12
"""The share of inputs in which bytes are changed too; few of them are JSON afterwards."""

_LARGEST: Final = 400_000
_BATCH: Final = 250

# Mutations ------------------------------------------------------------------------------------------------------------

Holder: TypeAlias = "dict[str, JsonValue] | list[JsonValue]"
Spot: TypeAlias = "tuple[Holder, str | int]"

KEYS: Final = (
    *("Name", "Type", "Arguments", "Steps", "DependsOn", "CacheConfig", "RetryPolicies", "PropertyFiles", "Get"),
    *("Std:Join", "Std:JsonGet", "On", "Values", "PropertyFile", "Path", "S3Uri", "Conditions", "IfSteps"),
    *("ElseSteps", "ForEachBody", "Items", "Selector", "LeftValue", "RightValue", "Environment", "HyperParameters"),
    *("", "a/b", "~", "~1", "a'b", 'a"b', "\x00", "\x1b[31m", "\u202e", "é", "k" * 3_000, "password", "Parameters"),
)
TEXTS: Final = (
    *("", " ", "x", "'", '"', "\\", "\n", "\x00\x1b[2J", "\u202e", "\U0001f600", "0", "-1", "true", "null", "s3://"),
    *("s3://bucket/out", "s3://bucket/out/", "arn:aws:iam::1:role/x", "ml.p3.2xlarge", "ml.m5.large", "2020-12-01"),
    *(
        "{{resolve:secretsmanager:x}}",
        "${Name}",
        "<NAME>",
        "AKIAIOSFODNN7EXAMPLE",
        "AKIA" + "Q" * 16,
        "ghp_" + "a" * 36,
    ),
    *("postgres://user:hunter22@host/db", "{'Get': 'Steps.A.B'}", "--password", "1.0", "P30D", "P" * 64, "Z" * 5_000),
    *("Training", "Processing", "Condition", "ForEach", "Model", "RegisterModel", "Tuning", "Lambda", "EMR", "Fail"),
    *("QualityCheck", "Transform", "Callback", "Cleanup", "EndpointConfig", "Execution", "AutoML", "ClarifyCheck"),
)
SCALARS: Final[tuple[JsonValue, ...]] = (
    *(None, True, False, 0, 1, -1, 3.5, 1.0, -0.0, 2**31, 2**63, 10**400, 1e308, 5e-324, "", "text"),
)
PROPERTIES: Final = (
    *("ModelArtifacts.S3ModelArtifacts", "ModelArtifacts", "ModelName", "Outcome", "..", "['", "[0]", "[-1]", "A"),
    *("ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri", "ProcessingOutputConfig.Outputs[0].S3Output.S3Uri"),
    *("ProcessingOutputConfig.Outputs['tr'ain'].S3Output.S3Uri", "PropertyFiles.EvaluationReport", "PropertyFiles"),
    *("OutputParameters['x']", "IterationOutputs[0].A.ModelName", "properties.ModelName", "InputDataConfig[99999999]"),
    *("BestTrainingJob.TrainingJobName", "ModelPackageArn", "x" * 2_000, ""),
)


def random_text(rng: random.Random) -> str:
    if rng.random() < 0.8:
        return rng.choice(TEXTS)
    return "".join(
        chr(rng.choice((rng.randrange(0x20, 0x7F), rng.randrange(0x20), rng.randrange(0x3000)))) for _ in range(9)
    )


def random_expression(rng: random.Random, document: JsonValue) -> JsonValue:
    """A reference or a function, right or wrong, mostly to what the definition has."""
    steps, parameters = names_of(document)
    roll = rng.randrange(12)
    if roll < 4:
        return {"Get": f"Steps.{rng.choice(steps)}.{rng.choice(PROPERTIES)}"}
    if roll == 4:
        return {"Get": f"Parameters.{rng.choice(parameters)}"}
    if roll == 5:
        return {
            "Get": rng.choice(
                ("Execution.PipelineExecutionId", "Execution.X", "ForEach.CurrentItem", "", "Steps.", "A.B")
            )
        }
    if roll == 6:
        return {"Get": f"IterationOutput.{rng.choice(steps)}.{rng.choice(PROPERTIES)}"}
    if roll == 7:
        source: JsonValue = {
            "Get": f"Steps.{rng.choice(steps)}.PropertyFiles.{rng.choice(('EvaluationReport', 'x', ''))}"
        }
        paths: tuple[JsonValue, ...] = ("a.b", "", {"Get": "Parameters.X"}, 1)
        return {"Std:JsonGet": {"PropertyFile": source, "Path": rng.choice(paths)}}
    if roll == 8:
        return {"Std:JsonGet": {"S3Uri": random_expression(rng, document), "Path": "metrics.mse.value"}}
    if roll == 9:
        return {rng.choice(("Std:Join", "Std:Joint", "Get", "Std:JsonGet")): rng.choice(SCALARS)}
    values: list[JsonValue] = [random_value(rng, document) for _ in range(rng.randrange(4))]
    return {"Std:Join": {"On": rng.choice(("/", "", "-", 1)), "Values": values}}


def random_value(rng: random.Random, document: JsonValue) -> JsonValue:
    roll = rng.randrange(10)
    if roll < 3:
        return rng.choice(SCALARS)
    if roll < 5:
        return random_text(rng)
    if roll < 8:
        return random_expression(rng, document)
    if roll == 8:
        return [random_value(rng, document) for _ in range(rng.randrange(3))]
    return {rng.choice(KEYS): random_value(rng, document) for _ in range(rng.randrange(3))}


def names_of(document: JsonValue) -> tuple[list[str], list[str]]:
    """Names of steps at the top, and of parameters; each list has one at least."""
    found: list[list[str]] = []
    for member, otherwise in (("Steps", "Train"), ("Parameters", "InputData")):
        items = document.get(member) if isinstance(document, dict) else None
        names = [item.get("Name") for item in items if isinstance(item, dict)] if isinstance(items, list) else []
        found.append([name for name in names if isinstance(name, str)] or [otherwise])
    return found[0], found[1]


def spots(value: JsonValue) -> list[Spot]:
    """Every member and item below a value."""
    found: list[Spot] = []
    todo: list[JsonValue] = [value]
    while todo:
        here = todo.pop()
        if isinstance(here, dict):
            found.extend((here, key) for key in here)
            todo.extend(here.values())
        elif isinstance(here, list):
            found.extend((here, number) for number in range(len(here)))
            todo.extend(here)
    return found


def get(spot: Spot) -> JsonValue:
    holder, key = spot
    if isinstance(holder, dict):
        return holder[str(key)]
    return holder[int(key)]


def put(spot: Spot, value: JsonValue) -> None:
    holder, key = spot
    if isinstance(holder, dict):
        holder[str(key)] = value
    else:
        holder[int(key)] = value


def copied(value: JsonValue) -> JsonValue:
    copy: JsonValue = json.loads(json.dumps(value))
    return copy


@dataclass(frozen=True, slots=True)
class Edit:
    """One mutation to be done: where, in which document."""

    rng: random.Random
    document: JsonValue
    spot: Spot


def delete(edit: Edit) -> None:
    holder, key = edit.spot
    if isinstance(holder, dict):
        del holder[str(key)]
    else:
        del holder[int(key)]


def duplicate(edit: Edit) -> None:
    holder, key = edit.spot
    if isinstance(holder, dict):
        holder[edit.rng.choice((f"{key}2", edit.rng.choice(KEYS)))] = copied(get(edit.spot))
    else:
        holder.insert(edit.rng.randrange(len(holder) + 1), copied(get(edit.spot)))


def swap(edit: Edit) -> None:
    other = edit.rng.choice(spots(edit.document))
    # Copies: one of the two may stand inside of the other.
    one, two = copied(get(edit.spot)), copied(get(other))
    put(other, one)
    put(edit.spot, two)


def rename(edit: Edit) -> None:
    holder, key = edit.spot
    if isinstance(holder, dict):
        text = str(key)
        new = edit.rng.choice(
            (edit.rng.choice(KEYS), text[1:], text.lower(), f"{text}x", text[:1] + text[2:3] + text[1:2] + text[3:])
        )
        holder[new] = holder.pop(text)
    else:
        edit.rng.shuffle(holder)


def retype(edit: Edit) -> None:
    value = get(edit.spot)
    put(
        edit.spot,
        edit.rng.choice(
            (edit.rng.choice(SCALARS), [], {}, [value], {edit.rng.choice(KEYS): value}, json.dumps(value), str(value))
        ),
    )


def rewrite(edit: Edit) -> None:
    put(edit.spot, random_value(edit.rng, edit.document))


def insert_expression(edit: Edit) -> None:
    put(edit.spot, random_expression(edit.rng, edit.document))


def insert_member(edit: Edit) -> None:
    value = get(edit.spot)
    if isinstance(value, dict):
        value[edit.rng.choice(KEYS)] = random_value(edit.rng, edit.document)
    elif isinstance(value, list):
        value.insert(edit.rng.randrange(len(value) + 1), random_value(edit.rng, edit.document))
    elif isinstance(value, str):
        at = edit.rng.randrange(len(value) + 1)
        put(edit.spot, value[:at] + edit.rng.choice((".", "[", "'", "x", "/", random_text(edit.rng))) + value[at:])


def splice(edit: Edit) -> None:
    """Part of another definition, in the place of something or, mostly, of something under the same name."""
    other = copied(edit.rng.choice(bases()))
    candidates = spots(other)
    same = [found for found in candidates if found[1] == edit.spot[1]] if isinstance(edit.spot[1], str) else []
    put(edit.spot, get(edit.rng.choice(same if same and edit.rng.random() < 0.8 else candidates)))


def add_step(edit: Edit) -> None:
    """A step of another definition, or one of this one again, in some list of steps."""
    source = edit.rng.choice((edit.document, edit.rng.choice(bases())))
    lists = [found for holder, key in spots(edit.document) if isinstance(found := get((holder, key)), list)]
    found_steps = [value for at in spots(source) if isinstance(value := get(at), dict) and "Arguments" in value]
    if lists and found_steps:
        holder = edit.rng.choice(lists)
        holder.insert(edit.rng.randrange(len(holder) + 1), copied(edit.rng.choice(found_steps)))


def long_text(edit: Edit) -> None:
    put(
        edit.spot,
        edit.rng.choice(("a", "é", "\x1b", "A/", "Steps.", "${", "=;", "//:@", "-", "9"))
        * edit.rng.choice((300, 2_000, 9_000)),
    )


def depend(edit: Edit) -> None:
    """Steps wait for others, which may make a cycle."""
    steps = [value for at in spots(edit.document) if isinstance(value := get(at), dict) and "Arguments" in value]
    if steps:
        names = names_of(edit.document)[0]
        waits: list[JsonValue] = [edit.rng.choice(names) for _ in range(edit.rng.randrange(1, 4))]
        edit.rng.choice(steps)["DependsOn"] = waits


def deepen(edit: Edit) -> None:
    """Much nesting around something, sometimes more than the limit allows."""
    value = get(edit.spot)
    levels = edit.rng.choice((5, 20, 59, 61, 90, 150))
    around = edit.rng.choice(LAYERS)
    for level in range(levels):
        value = around(value, level)
    put(edit.spot, value)


def in_list(value: JsonValue, _level: int) -> JsonValue:
    return [value]


def in_join(value: JsonValue, _level: int) -> JsonValue:
    return {"Std:Join": {"On": "", "Values": [value]}}


def in_not(value: JsonValue, _level: int) -> JsonValue:
    return {"Type": "Not", "Condition": value}


def in_or(value: JsonValue, _level: int) -> JsonValue:
    return {"Type": "Or", "Conditions": [value]}


def in_branch(value: JsonValue, level: int) -> JsonValue:
    return {"Name": f"Gate{level}", "Type": "Condition", "Arguments": {"Conditions": [], "IfSteps": [value]}}


LAYERS: Final = (in_list, in_join, in_not, in_or, in_branch)

Mutation: TypeAlias = Callable[[Edit], None]
MUTATIONS: Final[tuple[Mutation, ...]] = (
    *(delete, delete, duplicate, swap, rename, rename, retype, retype, rewrite, insert_expression, insert_expression),
    *(insert_member, insert_member, splice, splice, add_step, depend, long_text),
)
# Counts of mutations in one input: mostly few, so that the rest still means something.
COUNTS: Final = (1, 1, 1, 2, 2, 3, 4, 8)

TOKENS: Final = (
    *(
        b'"',
        b"\\",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"\x00",
        b"\xff",
        b"\xef\xbb\xbf",
        b"NaN",
        b"-Infinity",
        b"1e999",
    ),
    *(b"\\ud800", b"\\u0000", b"//", b"'", b'"a":1,', b"[" * 300, b"9" * 5_000, b"\xed\xa0\x80", b"null", b" "),
)


def mutated_bytes(rng: random.Random, data: bytes) -> bytes:
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = rng.randrange(len(data) + 1)
        to = min(len(data), at + rng.choice((0, 1, 1, 4, 40, 400)))
        roll = rng.randrange(5)
        if roll == 0:
            data = data[:at] + rng.choice(TOKENS) + data[at:]
        elif roll == 1:
            data = data[:at] + data[to:]
        elif roll == 2:
            data = data[:at] + data[at:to] * 2 + data[to:]
        elif roll == 3 and at < len(data):
            data = data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :]
        else:
            data = data[:at] if rng.random() < 0.2 else data[:at] + bytes([rng.randrange(256)]) + data[to:]
    return data


@functools.cache
def bases() -> tuple[JsonValue, ...]:
    """The recorded definitions, and the one that the example compiles to."""
    from smgen.runtime import compile_pipeline, read_project

    example = compile_pipeline(read_project(EXAMPLE), "AbalonePipeline", "dev").definition
    return (*(corpus_document(path.name[:2]) for path in CORPUS), dump_definition(example))


def mutated(seed: int, number: int) -> bytes:
    """The input of that number."""
    rng = random.Random(f"{seed}/{number}")
    document = copied(rng.choice(bases()))
    steps = document.get("Steps") if isinstance(document, dict) else None
    if isinstance(steps, list) and len(steps) > 2 and rng.random() < 0.5:
        # Fewer steps: faster, and what they refer to is gone.
        kept = sorted(rng.sample(range(len(steps)), rng.randrange(1, len(steps))))
        steps[:] = [steps[at] for at in kept]
    for _ in range(rng.choice(COUNTS)):
        candidates = spots(document)
        if candidates:
            rng.choice(MUTATIONS)(Edit(rng, document, rng.choice(candidates)))
        if len(candidates) > 20_000:
            break
    # Once at most: what writes the text recurses.
    if rng.random() < 0.05 and (candidates := spots(document)):
        deepen(Edit(rng, document, rng.choice(candidates)))
    ascii_only = rng.random() < 0.5
    data = json.dumps(document, ensure_ascii=ascii_only, indent=rng.choice((None, None, 1))).encode(
        "utf-8", "surrogatepass"
    )
    if rng.random() < BYTES_SHARE:
        data = mutated_bytes(rng, data)
    return data[:_LARGEST]


# What comes of them ---------------------------------------------------------------------------------------------------


@dataclass
class Tally:
    """What came of some inputs. `failures` has, by the text of an exception, the number of the first input with it."""

    inputs: int = 0
    bytes: int = 0
    parsed: int = 0
    accepted: int = 0
    with_findings: int = 0
    rules: Counter[str] = field(default_factory=Counter[str])
    exceptions: int = 0
    failures: dict[str, int] = field(default_factory=dict[str, int])
    slowest: tuple[float, int] = (0.0, -1)

    def add(self, other: Tally) -> None:
        self.inputs += other.inputs
        self.bytes += other.bytes
        self.parsed += other.parsed
        self.accepted += other.accepted
        self.with_findings += other.with_findings
        self.rules.update(other.rules)
        self.exceptions += other.exceptions
        for text, number in other.failures.items():
            self.failures[text] = min(number, self.failures.get(text, number))
        self.slowest = max(self.slowest, other.slowest)


def lint_one(data: bytes, number: int, tally: Tally) -> None:
    """The whole path of one input, its findings shown in one of the forms."""
    tally.inputs += 1
    tally.bytes += len(data)
    start = time.perf_counter()
    findings: Sequence[Finding]
    try:
        try:
            document = parse_document(data, "definition.json", DEFINITION_LIMITS)
            tally.parsed += 1
            definition = parse_definition(document)
            tally.accepted += 1
            findings = check_definition(definition, CONTEXTS[number % len(CONTEXTS)])
        except FindingsError as error:
            findings = error.findings
        check_output(render(findings, list(Format)[number % len(Format)]), findings)
    except Exception:
        tally.exceptions += 1
        # Where it was raised tells failures apart; what it says may hold anything.
        tally.failures.setdefault(traceback.format_exc(limit=-4)[-3_000:], number)
        return
    tally.with_findings += bool(findings)
    tally.rules.update(finding.rule for finding in findings)
    tally.slowest = max(tally.slowest, (time.perf_counter() - start, number))


def check_output(text: str, findings: Sequence[Finding]) -> None:
    """Raises AssertionError for an output with raw control characters, or one longer than its findings explain."""
    raw = [char for char in text if not char.isprintable() and char != "\n"]
    if raw:
        raise AssertionError(f"raw characters in the output: {raw[:5]!r}")
    # JSON writes characters beyond ASCII with six signs, and SARIF has some texts twice.
    if len(text) > 60_000 * (len(findings) + 1):
        raise AssertionError(f"{len(text):,} characters for {len(findings)} findings")


def lint_range(work: tuple[int, int, int]) -> Tally:
    """The inputs from one number to before another."""
    seed, first, end = work
    tally = Tally()
    for number in range(first, end):
        lint_one(mutated(seed, number), number, tally)
    return tally


def fuzz(inputs: int, seed: int, processes: int = 1) -> Tally:
    """Lint that many inputs; the tally is the same with any number of processes, but for times."""
    work = [(seed, first, min(first + _BATCH, inputs)) for first in range(0, inputs, _BATCH)]
    tally = Tally()
    if processes == 1:
        for part in map(lint_range, work):
            tally.add(part)
        return tally
    with multiprocessing.Pool(processes) as pool:
        for done, part in enumerate(pool.imap_unordered(lint_range, work), 1):
            tally.add(part)
            if done % 80 == 0:
                print(f"… {tally.inputs:,} inputs, {tally.exceptions:,} exceptions", file=sys.stderr, flush=True)
    return tally


def lines(tally: Tally, seed: int, seconds: float, processes: int) -> Iterator[str]:
    """The table."""

    def row(what: str, count: int) -> str:
        return f"{what:34}{count:>12,}{count / max(tally.inputs, 1):>9.1%}"

    yield f"seed {seed}, {processes} processes, Python {sys.version.split()[0]}"
    yield ""
    yield row("inputs", tally.inputs)
    yield row("  read as JSON", tally.parsed)
    yield row("  read as a definition, reach rules", tally.accepted)
    yield row("  with findings", tally.with_findings)
    yield row("exceptions", tally.exceptions)
    yield ""
    yield f"{seconds:.0f} s, {tally.inputs / seconds:,.0f} inputs/s, {tally.bytes / seconds / 1e6:.1f} MB/s"
    yield f"slowest input: number {tally.slowest[1]}, {tally.slowest[0] * 1000:.0f} ms"
    yield ""
    yield f"{'rule':8}{'findings':>12}"
    for rule, count in sorted(tally.rules.items()):
        yield f"{rule:8}{count:>12,}"
    for text, number in sorted(tally.failures.items(), key=lambda item: item[1]):
        yield ""
        yield f"input {number}:"
        yield text


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz, print the table, and return 1 after an exception or when less than half of the inputs reach the rules."""
    parser = argparse.ArgumentParser(description="Lint mutated definitions and count what comes of them.")
    parser.add_argument("--inputs", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=multiprocessing.cpu_count())
    parser.add_argument("--only", type=int, metavar="NUMBER", help="write the bytes of one input, and lint nothing")
    options = parser.parse_args(arguments)
    if options.only is not None:
        sys.stdout.buffer.write(mutated(options.seed, options.only))
        return 0
    start = time.perf_counter()
    tally = fuzz(options.inputs, options.seed, options.processes)
    print("\n".join(lines(tally, options.seed, time.perf_counter() - start, options.processes)))
    return 1 if tally.exceptions or 2 * tally.accepted < tally.inputs else 0


if __name__ == "__main__":
    sys.exit(main())
