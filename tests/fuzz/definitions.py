"""Definitions: read, checked against every rule and a policy, and shown; some by ``smgen lint`` and ``explain``."""

from __future__ import annotations

import functools
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from smgen.checks import CheckContext, Policy, caches_of, check_definition
from smgen.definition import dump_definition, parse_definition
from smgen.documents import DEFINITION_LIMITS, JsonValue, parse_document
from tests.checks.definitions import CORPUS, corpus_document
from tests.fuzz.json_mutations import (
    ANY,
    SCALARS,
    Edit,
    Mutation,
    Words,
    copied,
    get,
    in_list,
    json_bytes,
    mutated_json,
    put,
    spots,
)
from tests.fuzz.payloads import PAYLOADS
from tests.fuzz.running import Input, Target, Trial
from tests.fuzz.text_mutations import sometimes_bytes

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


_LARGEST: Final = 400_000

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
PROPERTIES: Final = (
    *("ModelArtifacts.S3ModelArtifacts", "ModelArtifacts", "ModelName", "Outcome", "..", "['", "[0]", "[-1]", "A"),
    *("ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri", "ProcessingOutputConfig.Outputs[0].S3Output.S3Uri"),
    *("ProcessingOutputConfig.Outputs['tr'ain'].S3Output.S3Uri", "PropertyFiles.EvaluationReport", "PropertyFiles"),
    *("OutputParameters['x']", "IterationOutputs[0].A.ModelName", "properties.ModelName", "InputDataConfig[99999999]"),
    *("BestTrainingJob.TrainingJobName", "ModelPackageArn", "x" * 2_000, ""),
)


def random_text(rng: random.Random) -> str:
    if rng.random() < 0.1:
        return rng.choice(PAYLOADS)
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


def insert_expression(edit: Edit) -> None:
    put(edit.spot, random_expression(edit.rng, edit.document))


def add_step(edit: Edit) -> None:
    """A step of another definition, or one of this one again, in some list of steps."""
    source = edit.rng.choice((edit.document, edit.rng.choice(edit.words.bases)))
    lists = [found for holder, key in spots(edit.document) if isinstance(found := get((holder, key)), list)]
    found_steps = [value for at in spots(source) if isinstance(value := get(at), dict) and "Arguments" in value]
    if lists and found_steps:
        holder = edit.rng.choice(lists)
        holder.insert(edit.rng.randrange(len(holder) + 1), copied(edit.rng.choice(found_steps)))


def depend(edit: Edit) -> None:
    """Steps wait for others, which may make a cycle."""
    steps = [value for at in spots(edit.document) if isinstance(value := get(at), dict) and "Arguments" in value]
    if steps:
        names = names_of(edit.document)[0]
        waits: list[JsonValue] = [edit.rng.choice(names) for _ in range(edit.rng.randrange(1, 4))]
        edit.rng.choice(steps)["DependsOn"] = waits


def in_join(value: JsonValue, _level: int) -> JsonValue:
    return {"Std:Join": {"On": "", "Values": [value]}}


def in_not(value: JsonValue, _level: int) -> JsonValue:
    return {"Type": "Not", "Condition": value}


def in_or(value: JsonValue, _level: int) -> JsonValue:
    return {"Type": "Or", "Conditions": [value]}


def in_branch(value: JsonValue, level: int) -> JsonValue:
    return {"Name": f"Gate{level}", "Type": "Condition", "Arguments": {"Conditions": [], "IfSteps": [value]}}


LAYERS: Final = (in_list, in_join, in_not, in_or, in_branch)

MUTATIONS: Final[tuple[Mutation, ...]] = (*ANY, insert_expression, insert_expression, add_step, depend)


@functools.cache
def words() -> Words:
    """The recorded definitions, and the one that the example compiles to."""
    from smgen.runtime import compile_pipeline, read_project

    example = compile_pipeline(read_project(EXAMPLE), "AbalonePipeline", "dev").definition
    bases = (*(corpus_document(path.name[:2]) for path in CORPUS), dump_definition(example))
    return Words(bases, KEYS, random_value, LAYERS)


def made(rng: random.Random) -> Input:
    document = copied(rng.choice(words().bases))
    steps = document.get("Steps") if isinstance(document, dict) else None
    if isinstance(steps, list) and len(steps) > 2 and rng.random() < 0.5:
        # Fewer steps: faster, and what they refer to is gone.
        kept = sorted(rng.sample(range(len(steps)), rng.randrange(1, len(steps))))
        steps[:] = [steps[at] for at in kept]
    data = json_bytes(rng, mutated_json(rng, document, words(), MUTATIONS))
    return Input(sometimes_bytes(rng, data)[:_LARGEST])


def run(trial: Trial) -> None:
    definition = parse_definition(parse_document(trial.given.data, "definition.json", DEFINITION_LIMITS))
    trial.past = True
    trial.findings += check_definition(definition, CONTEXTS[trial.number % len(CONTEXTS)])
    caches_of(definition)


def commands(trial: Trial) -> Iterator[tuple[str, ...]]:
    path = trial.write("definition.json").name
    yield "lint", path, "--format", trial.form.value
    yield "explain", "cache", path


DEFINITIONS: Final = Target("definitions", made, run, commands)
