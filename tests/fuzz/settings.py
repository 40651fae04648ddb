"""pyproject.toml: read as a project's, with its policy and suppressions, edited, and added to by a new project."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Final

from smgen.checks import read_check_settings
from smgen.diagnostics import FindingsError
from smgen.runtime import read_project
from smgen.settings import parse_toml, with_sections, with_settings
from smgen.workflows.existing_settings import existing_settings, is_project, values_for_pipelines
from tests.fuzz.definitions import EXAMPLE
from tests.fuzz.payloads import PAYLOADS
from tests.fuzz.running import Input, Target, Trial
from tests.fuzz.text_mutations import mutated_lines, sometimes_bytes

_FILE: Final = "pyproject.toml"
_MORE: Final = """\
[project]
name = "fraud"
requires-python = ">=3.10"
dependencies = ["sagemaker-smgen"]

[tool.smgen]
contracts = "contracts"
output = "src/fraud_steps"

[tool.smgen.pipelines]
Fraud = "pipelines/fraud.py:fraud"
"With-Dash" = "pipelines/fraud.py:other"

[tool.smgen.environments.dev]
role = "arn:aws:iam::111122223333:role/dev"

[tool.smgen.environments.dev.pipelines.Fraud]
max_parallel_steps = 3

[tool.smgen.environments.dev.pipelines.Fraud.parameters]
Limit = 3

[tool.smgen.policy]
require_network = true
required_tags = ["owner"]
max_run_time_s = 3600
allowed_instance_types = ["ml.m5.*"]

[[tool.smgen.suppressions]]
rule = "SMG302"
pipeline = "Fraud"
reason = "read by hand"

[tool.mypy]
strict = true
exclude = ["build"]

[tool.pyright]
include = ["src"]

[tool.ruff]
line-length = 100

[tool.pytest.ini_options]
pythonpath = ["src"]
"""
BASES: Final = ((EXAMPLE / _FILE).read_text(encoding="utf-8"), _MORE)
_LINES: Final = tuple(line for text in BASES for line in text.splitlines(keepends=True) if line.strip())
_VALUES: Final = (
    *('""', "0", "-1", "true", "1979-05-27", "nan", "inf", "[]", "{}", '["a", 1]', "[[[]]]", '"CON"', '"../x"', "0x7f"),
    *('"""a\nb"""', "'::error::x'", '"\\u0000"', '"\\u001b[2J"', '"\u202e"', "9" * 400, f'"{"x" * 5_000}"'),
    *("{a = {b = 1}}", '"a:b:c"', '"a.py:"', '":f"', '"arn:aws:iam::1:role/x"', "1e400", '"\\uFFFD"', '"/etc/passwd"'),
)


def made(rng: random.Random) -> Input:
    text = rng.choice(BASES)
    if rng.random() < 0.85:
        for _ in range(rng.choice((1, 1, 2, 4))):
            text = another_value(rng, text)
        if rng.random() < 0.3:
            text = without_a_table(rng, text)
    else:
        text = mutated_lines(rng, text, _LINES, _VALUES)
    return Input(sometimes_bytes(rng, text.encode("utf-8", "surrogatepass")))


def another_value(rng: random.Random, text: str) -> str:
    """Another value, key or table name: still TOML, mostly."""
    lines = text.splitlines(keepends=True)
    at = rng.randrange(len(lines))
    key, equals, _ = lines[at].partition(" = ")
    quoted = f'"{_escaped(rng.choice((*PAYLOADS, "a.b", "", "é", "x" * 300)))}"'
    if equals:
        new = rng.choice((*_VALUES, quoted, quoted, quoted))
        lines[at] = f"{quoted} = {new}\n" if rng.random() < 0.2 else f"{key} = {new}\n"
    elif lines[at].startswith("["):
        parts = re.split(r"(?<=[\w\"])\.", lines[at].strip("[]\n"))
        parts[-1 if rng.random() < 0.5 else rng.randrange(len(parts))] = quoted
        around = ("[[", "]]") if rng.random() < 0.05 else ("[", "]")
        lines[at] = f"{around[0]}{'.'.join(parts)}{around[1]}\n"
    return "".join(lines)


def without_a_table(rng: random.Random, text: str) -> str:
    tables = re.split(r"^(?=\[)", text, flags=re.MULTILINE)
    del tables[rng.randrange(len(tables))]
    return "".join(tables)


def _escaped(text: str) -> str:
    return "".join(char if char.isprintable() and char not in '"\\' else f"\\u{ord(char):04x}" for char in text)


def run(trial: Trial) -> None:
    trial.write(_FILE)
    parse_toml(trial.given.data, _FILE)
    trial.past = True
    for step in (read, edit, begin):
        # What one refuses the others look at all the same.
        try:
            step(trial)
        except FindingsError as error:
            trial.findings += error.findings


def read(trial: Trial) -> None:
    """As a project's, with everything that may be asked of it."""
    try:
        read_check_settings(trial.folder)
    finally:
        project = read_project(trial.folder)
        for name in project.environments:
            project.environment(name)
        for name, environment in project.targets():
            project.environment(environment, name)


def edit(trial: Trial) -> None:
    """As an import edits one that is there."""
    text = trial.given.data.decode()
    with_sections(text, '[tool.smgen.pipelines]\nNew = "pipelines/new.py:new"\n', _FILE)
    path = ("tool", "smgen", "environments", "dev")
    with_settings(text, {path: {"bucket": "new", "tags": ["a"]}}, _FILE)


def begin(trial: Trial) -> None:
    """As ``init`` and ``import`` look at one that is there."""
    is_project(trial.folder)
    values_for_pipelines(trial.folder)
    existing_settings(trial.folder)


def commands(trial: Trial) -> Iterator[tuple[str, ...]]:
    trial.write(_FILE)
    (trial.folder / "pipeline.py").write_bytes((EXAMPLE / "pipeline.py").read_bytes())
    yield "lint", "--format", trial.form.value
    yield "validate", "--format", trial.form.value
    yield "resolve", "--format", trial.form.value


SETTINGS: Final = Target("settings", made, run, commands, every=400)
