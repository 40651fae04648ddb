"""A git repository with a project in a folder of it, in two commits."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command_line import smgen
from tests.workflows.test_commits import commit, git

PIPELINE = "pipelines/fraud.py"


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def make_repository(root: Path) -> None:
    """Makes the folder ``root``, with a project in ``fraud``, and the tags ``first`` and ``second``.

    From ``first`` to ``second`` the contract gets a setting, which the pipeline uses, the script another line, a
    parameter another default, and the project a second pipeline.
    """
    project = root / "fraud"
    root.mkdir()
    git(root, "init", "--quiet")
    assert smgen("init", "fraud", cwd=root).code == 0
    assert smgen("generate", cwd=project).code == 0
    commit(root)
    git(root, "tag", "first")
    contract = project / "contract_specs/clean_data.json"
    replace(contract, '"LABEL_COLUMN": {', '"MARKET": {"type": "string", "default": "eu"},\n    "LABEL_COLUMN": {')
    script = project / "contract_specs/scripts/clean_data.py"
    script.write_text(script.read_text() + '\nMARKET = os.environ["MARKET"]\n', encoding="utf-8")
    replace(project / PIPELINE, 'LABEL_COLUMN="label"', 'LABEL_COLUMN="label", MARKET="us"')
    replace(project / PIPELINE, "default=0.8", "default=0.9")
    replace(project / "pyproject.toml", 'Fraud = "', 'Daily = "pipelines/daily.py:daily"\nFraud = "')
    (project / "pipelines/daily.py").write_text('def daily(p, env):\n    p.fail("Stop", "not today")\n')
    assert smgen("generate", cwd=project).code == 0
    commit(root)
    git(root, "tag", "second")
