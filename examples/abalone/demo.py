"""The whole way of one pipeline, offline: ``make demo``.

Generates the typed steps, type-checks the pipeline, plants mistakes and shows what the type checkers say about them,
compiles for two environments, and creates the pipeline in a SageMaker that moto serves on this machine. Everything that
is printed was done just now, and is checked before it is printed.
"""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from smgen.definition import Definition, compare, parse_definition
from smgen.documents import DEFINITION_LIMITS, read_document, shown_path

EXAMPLE = Path(__file__).resolve().parent
ROOT = EXAMPLE.parents[1]
PIPELINE = "AbalonePipeline"
ENVIRONMENTS = ("dev", "prod")
WIDTH = 110


@dataclass(frozen=True)
class Mistake:
    """One edit of the pipeline that a person could make, and what mypy must say about it."""

    what: str
    right: str
    wrong: str
    says: tuple[str, ...]


MISTAKES = (
    Mistake(
        "a misspelt output",
        "test_data=preprocessing.test_data",
        "test_data=preprocessing.tset_data",
        ("has no attribute", 'maybe "test_data"?'),
    ),
    Mistake(
        "the validation data where the training data belongs",
        "training_data=preprocessing.processed_data",
        "training_data=preprocessing.validation_data",
        ('"Output[ValidationData]"', 'expected "Output[TrainingData]'),
    ),
    Mistake(
        "model artifacts where the model in SageMaker belongs",
        "model=model.model,",
        "model=training.model_artifacts,",
        ('"Output[ModelArtifacts]"', 'expected "Output[Model]'),
    ),
    Mistake(
        "a hyperparameter as a text",
        "max_depth=5",
        'max_depth="5"',
        ('"max_depth"', 'expected "int |'),
    ),
    Mistake(
        "a hyperparameter that is not there",
        "subsample=0.7",
        "subsampel=0.7",
        ('Unexpected keyword argument "subsampel"', '"subsample"'),
    ),
    Mistake(
        "a metric that the report does not have",
        "regression_metrics.mse.value",
        "regression_metrics.mse.valeu",
        ("has no attribute", 'maybe "value"?'),
    ),
    Mistake(
        "a number compared with a text",
        "mse.value <= threshold",
        "mse.value <= approval",
        ("Unsupported operand types for <=",),
    ),
    Mistake(
        "a plain location where a reference belongs",
        "raw_data=External(input_data)",
        "raw_data=input_data",
        ('"Variable[str]"', 'expected "Output[RawData]'),
    ),
)


def main() -> None:
    """Runs the demo; any surprise ends it with a message and exit code 1."""
    with tempfile.TemporaryDirectory(prefix="smgen-demo-") as folder:
        workspace = Path(folder)
        generate()
        check_types()
        show_mistakes(workspace)
        definitions = compile_pipelines(workspace)
        create_pipeline(definitions["dev"])
    say("")
    say("Done: no credentials, no network, no docker.")


def generate() -> None:
    """Generates the typed steps from the contracts."""
    heading("1", "Generate the typed steps from the contracts")
    say(run(["-m", "smgen", "generate"], ROOT))
    say(run(["-m", "smgen", "generate", "--check"], ROOT))


def check_types() -> None:
    """Type-checks the pipeline with both checkers."""
    heading("2", "Type-check the pipeline")
    say(f"mypy --strict  {mypy(EXAMPLE / 'pipeline.py').strip()}")
    say(f"pyright strict {pyright(EXAMPLE / 'pipeline.py').strip()}")


def show_mistakes(workspace: Path) -> None:
    """Plants each mistake in a copy of its own and shows what mypy says; pyright must find it as well."""
    heading("3", "Make mistakes that SageMaker's SDK lets through")
    source = (EXAMPLE / "pipeline.py").read_text()
    copies = workspace / "mistakes"
    copies.mkdir()
    for number, mistake in enumerate(MISTAKES):
        require(source.count(mistake.right) == 1, f"the pipeline does not hold {mistake.right!r} exactly once")
        (copies / f"mistake_{number}.py").write_text(source.replace(mistake.right, mistake.wrong))
    files = sorted(copies.glob("*.py"))
    found = re.findall(r"^mistake_(\d+)\.py:\d+: error: (.*)$", mypy(*files), re.MULTILINE)
    seen_by_pyright = re.findall(r"mistake_(\d+)\.py:\d+:\d+ - error", pyright(*files))
    for number, mistake in enumerate(MISTAKES):
        lines = files[number].read_text().splitlines()
        changed = zip(lines, source.splitlines(), strict=True)
        line = next(index for index, (now, before) in enumerate(changed, 1) if now != before)
        messages = [message for copy, message in found if copy == str(number)]
        require(len(messages) == 1, f"mypy says {len(messages)} things about {mistake.what}: {messages}")
        for words in mistake.says:
            require(words in messages[0], f"mypy's message about {mistake.what} lacks {words!r}: {messages[0]}")
        require(str(number) in seen_by_pyright, f"pyright says nothing about {mistake.what}")
        say("")
        say(f"{mistake.what}:")
        say(f"  {line:>3} | {lines[line - 1].strip()}")
        say(wrapped(messages[0], "        mypy: "))
    say("")
    say(f"{len(MISTAKES)} mistakes, each one edit away from the right pipeline; mypy and pyright find every one.")


def compile_pipelines(workspace: Path) -> dict[str, Path]:
    """Compiles the pipeline for each environment and shows in what the definitions differ."""
    heading("4", "Compile it for two environments")
    folders: dict[str, Path] = {}
    for environment in ENVIRONMENTS:
        folders[environment] = workspace / "build" / environment
        arguments = ["-m", "smgen", "compile", PIPELINE, "--env", environment, "-o", str(folders[environment])]
        say(run(arguments, EXAMPLE).splitlines()[0])
    definitions = {name: definition(folder) for name, folder in folders.items()}
    say("")
    say("The steps:")
    for step in definitions["dev"].all_steps():
        branch = f"   only in branch '{step.scope[-1].branch}' of {step.scope[-1].step}" if step.scope else ""
        say(f"  {step.name:<36} {step.type:<14}{branch}")
    differences = compare(definitions["dev"], definitions["prod"]).differences
    say("")
    say(f"dev and prod differ in {len(differences)} places and in nothing else, for instance:")
    for difference in (differences[0], differences[len(differences) // 2], differences[-1]):
        say(f"  {difference.pointer}")
        say(f"      dev   {shortened(difference.left)}")
        say(f"      prod  {shortened(difference.right)}")
    return {name: folder / "definition.json" for name, folder in folders.items()}


@runtime_checkable
class SageMakerClient(Protocol):
    """The two calls of boto3's SageMaker client that the demo makes; AWS chose the names of their arguments."""

    def create_pipeline(self, *, PipelineName: str, PipelineDefinition: str, RoleArn: str) -> dict[str, str]:  # noqa: N803
        """Creates a pipeline."""
        ...

    def describe_pipeline(self, *, PipelineName: str) -> dict[str, str]:  # noqa: N803
        """Reads a pipeline back."""
        ...


def create_pipeline(file: Path) -> None:
    """Creates the pipeline in moto's SageMaker on loopback and reads the same definition back."""
    heading("5", "Create it with boto3 in a SageMaker that moto serves on this machine")
    role = "arn:aws:iam::111122223333:role/AbalonePipelineRole"
    text = file.read_text()
    with sagemaker_on_loopback() as (client, endpoint):
        created = client.create_pipeline(PipelineName=PIPELINE, PipelineDefinition=text, RoleArn=role)
        described = client.describe_pipeline(PipelineName=PIPELINE)
    require(json.loads(described["PipelineDefinition"]) == json.loads(text), "the definition came back changed")
    say(f"endpoint  {endpoint}")
    say(f"created   {created['PipelineArn']}")
    say(f"status    {described['PipelineStatus']}")
    say(f"the definition that came back is the one that was sent: {len(text):,} characters")


@contextmanager
def sagemaker_on_loopback() -> Generator[tuple[SageMakerClient, str]]:
    """A SageMaker client whose only endpoint is a moto server in this process."""
    import boto3
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        # boto3's stubs know the services whose own stubs are installed; the Protocol above says what is used here.
        client: object = boto3.client(  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
            "sagemaker",
            region_name="eu-west-1",
            endpoint_url=endpoint,
            aws_access_key_id="demo",
            aws_secret_access_key="demo",
        )
        if not isinstance(client, SageMakerClient):
            raise TypeError("boto3 made something else than a SageMaker client")
        yield client, endpoint
    finally:
        server.stop()


def definition(folder: Path) -> Definition:
    """The compiled definition in a folder."""
    return parse_definition(read_document(folder / "definition.json", DEFINITION_LIMITS))


def mypy(*files: Path) -> str:
    """What mypy --strict says about files of one folder."""
    cache = Path(tempfile.gettempdir()) / "smgen-demo-mypy"
    names = [file.name for file in files]
    return run(["-m", "mypy", "--strict", "--config-file=", f"--cache-dir={cache}", *names], files[0].parent, (0, 1))


def pyright(*files: Path) -> str:
    """What pyright says about files in strict mode."""
    settings = {"typeCheckingMode": "strict", "extraPaths": source_roots()}
    with tempfile.TemporaryDirectory(prefix="smgen-demo-") as folder:
        (Path(folder) / "pyrightconfig.json").write_text(json.dumps(settings))
        for file in files:
            shutil.copy(file, folder)
        return run(["-m", "pyright", "--pythonpath", sys.executable, "--project", folder], Path(folder), (0, 1))


def source_roots() -> list[str]:
    """The folders that the import packages smgen and smgen_steps lie in."""
    return [str(ROOT / "codegen"), str(ROOT / "generated")]


def run(arguments: Sequence[str], folder: Path, allowed: Sequence[int] = (0,)) -> str:
    """The output of a Python program; any other exit code than the allowed ones ends the demo."""
    environment = {
        **os.environ,
        "MYPYPATH": os.pathsep.join(source_roots()),
        "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1",
        "NO_COLOR": "1",
    }
    result = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    require(result.returncode in allowed, f"{' '.join(arguments)} ended with {result.returncode}:\n{result.stderr}")
    return result.stdout.rstrip("\n")


def require(condition: bool, message: str) -> None:
    """Ends the demo if what it is about to show is not so."""
    if not condition:
        sys.exit(f"demo: {message}")


def heading(number: str, text: str) -> None:
    """Starts a section."""
    title = f" {number}. {text} "
    line = f"──{title}{'─' * max(0, WIDTH - len(title) - 2)}"
    say("")
    say(f"\033[1m{line}\033[0m" if sys.stdout.isatty() else line)


def shortened(value: object) -> str:
    """A JSON value on one line."""
    text = "nothing" if value is None else json.dumps(value)
    return text if len(text) <= WIDTH - 14 else f"{text[: WIDTH - 17]}..."


def wrapped(text: str, lead: str) -> str:
    """A text in lines below each other, the first behind ``lead``."""
    return textwrap.fill(text, WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False)


def say(text: str) -> None:
    """Prints at once, so that progress is seen."""
    print(text.replace(f"{shown_path(ROOT)}/", ""), flush=True)


if __name__ == "__main__":
    main()
