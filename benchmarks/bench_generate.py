"""What generating a package costs, cold and again, against its floors in the same run.

The contracts are copies of the library's, each with a setting of its own, so that no two have a config of the same
shape. CPU seconds of whole processes, children included; medians of what is quick.

- cold, nothing known of the package, against datamodel-code-generator alone: one pass for each of the same schemas;
- nothing changed, with and without ``--check``, against ``python -c "import pydantic, click"``;
- one contract changed, in its words and in its shape, against the same;
- type checking five steps beside all others, against the five alone.

Ends with 1 where cold takes more than 1.3 times the tool, nothing changed more than 3 times the imports, or five steps
more than 1.1 times what they take alone.
``python benchmarks/bench_generate.py 10000`` measures another number; its last column is the largest memory.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import cast

from smgen.documents import JsonObject, JsonValue, object_at

ROOT = Path(__file__).resolve().parent.parent
SIZE = 1000
RUNS = 7
MOST_COLD = 1.3
MOST_UNCHANGED = 3.0
MOST_TYPES = 1.1
STEPS = 5
BASES = (
    "tabular_preprocessing",
    "xgboost_training",
    "model_evaluation",
    "batch_transform",
    "create_model",
    "random_cut_forest_training",
    "data_load",
)
PROJECT = '[tool.smgen]\ncontracts = "contract_specs"\noutput = "generated/many_steps"\n'
# The same schemas through the same function, without anything else of smgen being counted.
TOOL = """
import sys, time
from pathlib import Path
from smgen.contracts import read_contracts
from smgen.generate import config_models, model_generator
schemas = []
class Asked:
    def source(self, schema):
        schemas.append(model_generator.compact_json(schema))
        raise KeyError
for contract in read_contracts(Path("contract_specs")).values():
    try:
        config_models.config_model(contract, Asked())
    except KeyError:
        pass
before = time.process_time()
for schema in schemas:
    model_generator._generated(schema)
print(len(set(schemas)), time.process_time() - before)
"""
COUNT = """
import sys
from pathlib import Path
from smgen.workflows.generating import GenerationFolders, generate_package
generation = generate_package(GenerationFolders(Path("contract_specs"), Path("generated/many_steps")))
print(len(generation.generated), generation.passes)
"""


def make_contract(number: int) -> JsonObject:
    """The contract of that number: one of the library's with a setting that no other has."""
    base = ROOT / "contract_specs" / f"{BASES[number % len(BASES)]}.json"
    document = object_at(cast("JsonValue", json.loads(base.read_bytes())))
    document.pop("$schema", None)
    document["name"] = f"Step{number:05}Work"
    document["description"] = f"Number {number}. {document['description']}"
    least, most = divmod(number, 200)
    knob: JsonObject = {"type": "string", "minLength": least, "maxLength": 55 + most, "default": "x" * least}
    tag: JsonObject = {"Key": "knob", "Value": {"$setting": f"knob_{number}"}}
    document["settings"] = {**object_at(document, "settings"), f"knob_{number}": knob}
    document["request"] = {"$usual": True, **object_at(document, "request"), "Tags": [tag]}
    return document


def write_contract(folder: Path, number: int, document: JsonObject) -> None:
    """Write one contract of the project."""
    path = folder / "contract_specs" / f"step_{number:05}_work.json"
    path.write_text(json.dumps(document, indent=2), encoding="utf-8")


def make_project(folder: Path, size: int) -> None:
    """A project with so many contracts, whose scripts are the library's."""
    contracts = folder / "contract_specs"
    contracts.mkdir(parents=True)
    (folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    for item in (ROOT / "contract_specs").iterdir():
        if item.is_dir():
            shutil.copytree(item, contracts / item.name)
    (contracts / "artifact_types.json").write_bytes((ROOT / "contract_specs" / "artifact_types.json").read_bytes())
    for number in range(size):
        write_contract(folder, number, make_contract(number))


def run(folder: Path, *arguments: str) -> tuple[float, str]:
    """The CPU seconds of a process with its children, and what it printed."""
    before = os.times()
    result = subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    after = os.times()
    taken = after.children_user + after.children_system - before.children_user - before.children_system
    return taken, result.stdout


def smgen(folder: Path, *arguments: str) -> float:
    """The CPU seconds of a command."""
    return run(folder, "-m", "smgen", *arguments)[0]


def make_few(many: Path) -> Path:
    """A copy of a project in which only the modules of five steps are left; both get a pipeline with these."""
    five = many.with_name("five")
    shutil.copytree(many, five)
    package = five / "generated" / "many_steps"
    for path in package.glob("step*"):
        if int(path.name[4:9]) >= STEPS:
            path.unlink()
    lines = [f"from many_steps import step{number:05}_work as step_{number}" for number in range(STEPS)]
    lines += ["", *(f"builder_{number} = step_{number}.StepBuilder" for number in range(STEPS))]
    for project in (many, five):
        (project / "pipeline.py").write_text("\n".join(lines) + "\n", encoding="utf-8")
        settings = '{"extraPaths": ["generated"], "typeCheckingMode": "strict", "include": ["pipeline.py"]}'
        (project / "pyrightconfig.json").write_text(settings, encoding="utf-8")
    return five


def seconds(project: Path, command: list[str]) -> float:
    """The CPU seconds of a checker over the pipeline of a project."""
    environment = {**os.environ, "MYPYPATH": str(project / "generated"), "PYTHONPATH": str(project / "generated")}
    before = os.times()
    subprocess.run(command, cwd=project, env=environment, stdout=subprocess.DEVNULL, check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def measure_types(many: Path) -> float:
    """Prints the table of type checking; the worst ratio."""
    five = make_few(many)
    commands = {
        "mypy --strict": [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "pipeline.py"],
        "pyright strict": [sys.executable, "-m", "pyright", "--pythonpath", sys.executable],
    }
    print()
    print(f"{f'type checking {STEPS} steps':34}{'alone s':>9}{'beside s':>10}{'ratio':>8}")
    worst = 0.0
    for label, command in commands.items():
        alone, beside = [0.0] * RUNS, [0.0] * RUNS
        for index in range(RUNS):
            alone[index], beside[index] = seconds(five, command), seconds(many, command)
        ratio = statistics.median(beside) / statistics.median(alone)
        worst = max(worst, ratio)
        print(f"{label:34}{statistics.median(alone):>9.2f}{statistics.median(beside):>10.2f}{ratio:>8.2f}")
    return worst


def main() -> int:
    """Measure, print the tables, and return the exit code."""
    size = int(sys.argv[1]) if sys.argv[1:] else SIZE
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "project"
        os.environ["SMGEN_CACHE_DIR"] = str(Path(name) / "cache")
        make_project(folder, size)
        cold = smgen(folder, "generate")
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        shapes, seconds = run(folder, "-c", TOOL)[1].split()
        tool = float(seconds)
        print(f"{size:,} contracts, {int(shapes):,} shapes, Python {sys.version.split()[0]}, CPU of whole processes")
        print()
        print(f"{'':34}{'s':>8}{'/ tool':>8}{'MB':>7}")
        print(f"{'datamodel-code-generator alone':34}{tool:>8.2f}")
        print(f"{'cold':34}{cold:>8.2f}{cold / tool:>8.2f}{memory:>7.0f}")
        # The states of files that were written a moment ago tell nothing yet.
        time.sleep(5)
        smgen(folder, "generate")
        floor, same, check, words, shape = ([0.0] * RUNS for _ in range(5))
        for index in range(RUNS):
            floor[index] = run(folder, "-c", "import pydantic, click")[0]
            same[index] = smgen(folder, "generate")
            check[index] = smgen(folder, "generate", "--check")
        for index in range(RUNS):
            document = make_contract(index)
            write_contract(folder, index, document | {"description": f"Other words, {index}."})
            words[index] = smgen(folder, "generate")
        for index in range(RUNS):
            write_contract(folder, index, make_contract(size + index) | {"name": f"Step{index:05}Work"})
            shape[index] = smgen(folder, "generate")
        write_contract(folder, 0, make_contract(0))
        made, passes = run(folder, "-c", COUNT)[1].split()
        types = measure_types(folder)
    bare = statistics.median(floor)
    print()
    print(f"{'':34}{'s':>8}{'/ imports':>11}")
    rows = {
        'python -c "import pydantic, click"': floor,
        "nothing changed": same,
        "nothing changed, --check": check,
        "one contract changed, words": words,
        "one contract changed, shape": shape,
    }
    for label, times in rows.items():
        print(f"{label:34}{statistics.median(times):>8.3f}{statistics.median(times) / bare:>11.2f}")
    print()
    print(f"One contract changed back: {made} module made, {passes} passes of the tool.")
    unchanged = max(statistics.median(same), statistics.median(check)) / bare
    fits = cold / tool <= MOST_COLD and unchanged <= MOST_UNCHANGED and types <= MOST_TYPES
    print(f"cold: {cold / tool:.2f} of {MOST_COLD} times; nothing changed: {unchanged:.2f} of {MOST_UNCHANGED} times")
    print(f"type checking {STEPS} steps beside all others: {types:.2f} of {MOST_TYPES} times")
    return 0 if fits else 1


if __name__ == "__main__":
    sys.exit(main())
