"""The whole way of one pipeline, offline: ``make demo``.

Generates the typed steps into a folder of its own, type-checks the pipeline, plants mistakes and shows what the type
checkers say about them, compiles for two environments, leaves every port to AUTO, and deploys the pipeline to a
SageMaker that moto serves on this machine. Everything that is printed was done just now, and is checked before it is
printed.
"""

from __future__ import annotations

import ast
import importlib
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast, runtime_checkable

from smgen.definition import Definition, compare, parse_definition
from smgen.documents import DEFINITION_LIMITS, read_document, shown_path

EXAMPLE = Path(__file__).resolve().parent
ROOT = EXAMPLE.parents[1]
GENERATED = ROOT / "generated" / "smgen_steps"
PIPELINE = "AbalonePipeline"
ENVIRONMENTS = ("dev", "prod")
REGION = "eu-west-1"
ACCOUNT = "111122223333"
BUCKET = f"abalone-dev-{ACCOUNT}"
WIDTH = 80
BOLD = "\033[1m"
#: A step of the library, and what is shown of it: one hyperparameter, one output and one port.
STEP, HYPERPARAMETER, OUTPUT, PORT = "xgboost_training", "max_depth", "model_artifacts", "training_data"


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
        generate(workspace)
        check_types()
        show_mistakes(workspace)
        definitions = compile_pipelines(workspace)
        resolve_every_port(workspace, definitions["dev"])
        deploy_pipeline(workspace, definitions["dev"])
    say("")
    say("Done: no credentials, no network, no docker.")


def generate(workspace: Path) -> None:
    """Generates the typed steps from the contracts, and shows what became of one of them."""
    heading("1", "Generate the typed steps from the contracts")
    contracts, package = ROOT / "contract_specs", workspace / "generated" / "smgen_steps"
    arguments = ["generate", "--contracts", str(contracts), "--output", "generated/smgen_steps"]
    command(arguments, workspace)
    contract = contracts / f"{STEP}.json"
    (line,) = [line for line in contract.read_text().splitlines() if f'"{HYPERPARAMETER}": {{' in line]
    say("")
    say(f"One of the contracts, {contract}, says:")
    say(wrapped(line.strip().rstrip(","), "  "))
    say(f"So {STEP}.py, which was made of it just now, has these types:")
    for shown in typed_parts(package / f"{STEP}.py"):
        say(f"  {shown}")
    say("")
    differing = [path.name for path in package.iterdir() if path.read_bytes() != (GENERATED / path.name).read_bytes()]
    # It names the folder of the contracts, as seen from its own.
    require(differing == ["manifest.json"], f"the package of the repository differs: {differing}")
    say("Byte for byte these are the modules in this repository, as CI asks each time:")
    command(["generate", "--check"], ROOT)


def typed_parts(module: Path) -> Sequence[str]:
    """A field of the config, an output and a port of a generated module, as they are written there."""
    found: list[str] = []
    for node in ast.parse(module.read_text()).body:
        if isinstance(node, ast.ClassDef) and node.name.endswith(("Config", "Proxy", "StepBuilder")):
            parts = [shown for member in node.body if (shown := typed_part(member)) is not None]
            found += [f"class {node.name}:", *(f"    {part}" for part in parts)]
    require(len(found) == 6, f"{module.name} has not the parts that were expected: {found}")
    return found


def typed_part(member: ast.stmt) -> str | None:
    """What a member of a generated class shows of the hyperparameter, the output or the port; None for any other."""
    if isinstance(member, ast.AnnAssign) and ast.unparse(member.target) == HYPERPARAMETER:
        return ast.unparse(member)
    if isinstance(member, ast.FunctionDef) and member.name == OUTPUT and member.returns is not None:
        return f"{OUTPUT} -> {ast.unparse(member.returns)}"
    if isinstance(member, ast.FunctionDef) and member.name == "__init__":
        ports = [argument for argument in member.args.kwonlyargs if argument.arg == PORT]
        return next((ast.unparse(port) for port in ports), None)
    return None


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
        say(f"  {line:>3} | … {mistake.wrong} …")
        say(wrapped(messages[0], "        mypy: "))
    say("")
    say(f"{len(MISTAKES)} mistakes, each one edit away from the right pipeline. mypy and pyright find every one.")


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
    say("The steps, with their kinds and the branches that they stand in:")
    for step in definitions["dev"].all_steps():
        branch = f"'{step.scope[-1].branch}' of {step.scope[-1].step}" if step.scope else ""
        say(f"  {step.name:<35} {step.type:<14} {branch}".rstrip())
    differences = compare(definitions["dev"], definitions["prod"]).differences
    say("")
    say(f"dev and prod differ in {len(differences)} places and in nothing else, for instance:")
    for difference in (differences[0], differences[len(differences) // 2], differences[-1]):
        say(f"  {difference.pointer}")
        say(f"      dev   {shortened(difference.left)}")
        say(f"      prod  {shortened(difference.right)}")
    return {name: folder / "definition.json" for name, folder in folders.items()}


def resolve_every_port(workspace: Path, explicit: Path) -> None:
    """Writes AUTO for every reference between steps, shows what each port is bound to, and compiles the same."""
    heading("5", "Leave every port to AUTO")
    project = copied(workspace / "auto")
    module = project / "pipeline.py"
    source = module.read_text().replace("import Environment", "import AUTO, Environment")
    source, count = re.subn(r"=(preprocessing|training|evaluation|model)\.\w+(,|\))", r"=AUTO\2", source)
    module.write_text(source)
    say(run(["-m", "smgen", "resolve", PIPELINE, "--env", "dev"], project))
    run(["-m", "smgen", "resolve", "--lock"], project)
    build = project / "build"
    run(["-m", "smgen", "compile", PIPELINE, "--env", "dev", "--locked", "-o", str(build)], project)
    same = (build / "definition.json").read_bytes() == explicit.read_bytes()
    require(same, "AUTO gives another definition than the references that were written out")
    say("")
    say(f"{count} ports, none guessed. The definition is, byte for byte, that of the references written out.")
    say("smgen.lock keeps what they are bound to:")
    say(f"  {(project / 'smgen.lock').read_text().splitlines()[1]}")


def deploy_pipeline(workspace: Path, file: Path) -> None:
    """Plans and deploys the pipeline to moto's SageMaker and S3 on loopback, twice, and once more with a change."""
    heading("6", "Plan and deploy it to a SageMaker that moto serves on this machine")
    project = copied(workspace / "deployed")
    with aws_on_loopback(BUCKET) as (client, environment):

        def smgen(*arguments: str, allowed: Sequence[int] = (0,)) -> str:
            return command([*arguments, "--env", "dev"], project, allowed, environment)

        smgen("deploy", PIPELINE)
        described = client.describe_pipeline(PipelineName=PIPELINE)
        same = json.loads(described["PipelineDefinition"]) == json.loads(file.read_text())
        require(same, "what was deployed is not what was compiled")
        require("unchanged" in smgen("deploy", PIPELINE), "the second time something was changed")
        module = project / "pipeline.py"
        module.write_text(module.read_text().replace("max_depth=5", "max_depth=6"))
        require("1 change" in smgen("plan", PIPELINE, allowed=(1,)), "the plan does not name the change")
        require("updated (definition)" in smgen("deploy", PIPELINE), "the change was not deployed")
    say("What is deployed is the definition that was compiled; the second time nothing was uploaded or changed.")


def copied(folder: Path) -> Path:
    """A copy of the example."""
    return Path(shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__")))


@runtime_checkable
class SageMakerClient(Protocol):
    """The call of boto3's SageMaker client that the demo makes; AWS chose the names of its arguments."""

    def describe_pipeline(self, *, PipelineName: str) -> dict[str, str]:  # noqa: N803
        """Reads a pipeline back."""
        ...


@runtime_checkable
class S3Client(Protocol):
    """The call of boto3's S3 client that the demo makes."""

    def create_bucket(self, *, Bucket: str, CreateBucketConfiguration: dict[str, str]) -> object:  # noqa: N803
        """Makes a bucket."""
        ...


@contextmanager
def aws_on_loopback(bucket: str) -> Generator[tuple[SageMakerClient, dict[str, str]]]:
    """A SageMaker client, and what lets other processes find the moto server behind it, which has the bucket."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    # Deploying holds the environment's account against the one that is asked.
    os.environ["MOTO_ACCOUNT_ID"] = ACCOUNT
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        storage, sagemaker = client_of("s3", endpoint), client_of("sagemaker", endpoint)
        if not isinstance(storage, S3Client) or not isinstance(sagemaker, SageMakerClient):
            raise TypeError("boto3 made something else than clients of S3 and SageMaker")
        storage.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        keys = {"AWS_ACCESS_KEY_ID": "demo", "AWS_SECRET_ACCESS_KEY": "demo", "AWS_CONFIG_FILE": os.devnull}
        yield sagemaker, {"AWS_ENDPOINT_URL": endpoint, **keys}
    finally:
        server.stop()


def client_of(service: str, endpoint: str) -> object:
    """A client of boto3 that knows no other endpoint."""
    keys = {"aws_access_key_id": "demo", "aws_secret_access_key": "demo"}
    # By its name, because boto3's stubs know only the services whose own stubs are installed.
    client = cast("Callable[..., object]", vars(importlib.import_module("boto3"))["client"])
    return client(service, region_name=REGION, endpoint_url=endpoint, **keys)


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


def run(
    arguments: Sequence[str], folder: Path, allowed: Sequence[int] = (0,), more: Mapping[str, str] | None = None
) -> str:
    """The output of a Python program; any other exit code than the allowed ones ends the demo."""
    environment = {
        **os.environ,
        **(more or {}),
        "MYPYPATH": os.pathsep.join(source_roots()),
        "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1",
        "NO_COLOR": "1",
    }
    result = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    require(result.returncode in allowed, f"{' '.join(arguments)} ended with {result.returncode}:\n{result.stderr}")
    return result.stdout.rstrip("\n")


def command(
    arguments: Sequence[str], folder: Path, allowed: Sequence[int] = (0,), more: Mapping[str, str] | None = None
) -> str:
    """Runs smgen and shows the command and what it prints, which is returned."""
    shown = run(["-m", "smgen", *arguments], folder, allowed, more)
    say(f"$ smgen {' '.join(arguments)}")
    say(textwrap.indent(shown, "  "))
    return shown


def require(condition: bool, message: str) -> None:
    """Ends the demo if what it is about to show is not so."""
    if not condition:
        sys.exit(f"demo: {message}")


def heading(number: str, text: str) -> None:
    """Starts a section."""
    title = f" {number}. {text} "
    line = f"──{title}{'─' * max(0, WIDTH - len(title) - 2)}"
    say("")
    say(f"{BOLD}{line}\033[0m" if sys.stdout.isatty() else line)


def shortened(value: object) -> str:
    """A JSON value on one line."""
    text = "nothing" if value is None else json.dumps(value)
    return text if len(text) <= WIDTH - 14 else f"{text[: WIDTH - 17]}..."


def wrapped(text: str, lead: str) -> str:
    """A text in lines below each other, the first behind ``lead``."""
    return textwrap.fill(text, WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False)


def say(text: str) -> None:
    """Prints at once, so that progress is seen; what is too long for a line goes on below."""
    for line in text.replace(f"{shown_path(ROOT)}/", "").replace(f"{ROOT}/", "").split("\n"):
        indent = len(line) - len(line.lstrip())
        # A sentence goes on at its margin, and an answer further in.
        inner = " " * (indent + 4 if indent else 0)
        print("\n".join(broken(line, inner)) or "", flush=True)


def broken(line: str, inner: str) -> Sequence[str]:
    """A line as it is, or as lines that are short enough, all but the first behind ``inner``."""
    if len(line.removeprefix(BOLD)) <= WIDTH or line.startswith(BOLD):
        return [line]
    return textwrap.wrap(
        line, WIDTH, subsequent_indent=inner, drop_whitespace=True, break_long_words=False, break_on_hyphens=False
    )


if __name__ == "__main__":
    main()
