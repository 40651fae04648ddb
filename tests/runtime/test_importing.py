"""What a pipeline's module imports: the generated package, what lies beside it or beside the project, and the fixes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from smgen.runtime import Project, compile_pipeline, read_project
from tests.runtime.fixture_package import findings_of, one_of

SETTINGS = """\
[tool.smgen]
output = "generated/gen_steps"

[tool.smgen.pipelines]
fraud = "pipelines/fraud.py:fraud"
calendar = "pipelines/calendar.py:fraud"
jinja2 = "pipelines/jinja2.py:fraud"

[tool.smgen.environments.dev]
"""
PIPELINE = "{}\n\n\ndef fraud(p, env):\n    p.fail(NAME, 'text')\n"
#: What lies in the project besides: files with what stands in them.
BESIDE = {
    "pipelines/helper.py": "NAME = 'beside'\n",
    "pipelines/parts/names.py": "NAME = 'below'\n",
    "pipelines/parts/__init__.py": "",
    "pipelines/calendar.py": PIPELINE.format("import calendar\n\nNAME = calendar.month_name[1]"),
    "pipelines/jinja2.py": PIPELINE.format("import jinja2\n\nNAME = jinja2.__name__"),
    "pipelines/click.py": "NAME = 'no_click'\n",
    "pipelines/data/rows.csv": "",
    "shared.py": "NAME = 'root'\n",
    "library/texts.py": "NAME = 'library'\n",
    "generated/gen_steps/__init__.py": "",
    "generated/gen_steps/train.py": "NAME = 'generated'\n",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("project")
    for path, text in {"pyproject.toml": SETTINGS, **BESIDE}.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return read_project(root)


def importing(project: Project, statement: str) -> Project:
    (project.root / "pipelines" / "fraud.py").write_text(PIPELINE.format(statement))
    return project


def step(project: Project, name: str = "fraud") -> str:
    (found,) = compile_pipeline(project, name, "dev").definition.steps
    return found.name


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("from helper import NAME", "beside"),
        ("from parts.names import NAME", "below"),
        ("from pipelines.helper import NAME", "beside"),
        ("from shared import NAME", "root"),
        ("from library.texts import NAME", "library"),
        ("from gen_steps.train import NAME", "generated"),
        # A folder without modules hides no package of its name, and none of the standard library is hidden.
        ("import calendar\n\nNAME = calendar.day_abbr[0]", "Mon"),
    ],
)
def test_what_can_be_imported(project: Project, statement: str, name: str) -> None:
    path, finders, modules = list(sys.path), list(sys.meta_path), dict(sys.modules)
    assert step(importing(project, statement)) == name
    assert (sys.path, sys.meta_path) == (path, finders)
    gone = ("helper", "parts", "parts.names", "pipelines", "shared", "library", "gen_steps")
    assert [module for module in gone if module in sys.modules] == []
    assert all(sys.modules[name] is module for name, module in modules.items())


def test_a_pipeline_may_have_the_name_of_what_it_imports(project: Project) -> None:
    """Of the standard library, or of a package that is installed."""
    assert step(project, "calendar") == "January"
    assert step(project, "jinja2") == "jinja2"


def test_a_module_beside_the_pipeline_comes_before_one_that_is_installed(project: Project) -> None:
    """As in a program that Python runs; smgen's own commands go on with theirs."""
    import click

    assert step(importing(project, "from click import NAME")) == "no_click"
    assert sys.modules["click"] is click


INSTALL = "install it beside smgen if it is a package; a module of your own lies in {} or in the project"


@pytest.mark.parametrize(
    ("statement", "given", "nearest", "fix"),
    [
        ("from .helper import NAME", "ImportError: attempted relative import", None, "write 'from helper import NAME'"),
        ("from . import helper", "ImportError: attempted relative import", None, "write 'import helper'"),
        (
            "from .parts.names import (\n    NAME,\n    NAME as OTHER,\n)",
            "ImportError: attempted relative import",
            None,
            "write 'from parts.names import NAME, NAME as OTHER'",
        ),
        (
            "from ..shared import NAME",
            "ImportError: attempted relative import",
            None,
            "write 'from shared import NAME'",
        ),
        (
            "from ..library.texts import NAME",
            "ImportError: attempted relative import",
            None,
            "write 'from library.texts import NAME'",
        ),
        ("from helpr import NAME", "ModuleNotFoundError: No module named 'helpr'", "helper", "write helper"),
        (
            "from pipelines.helpr import NAME",
            "ModuleNotFoundError: No module named 'pipelines.helpr'",
            "helper",
            "write pipelines.helper",
        ),
        (
            "from texts import NAME",
            "ModuleNotFoundError: No module named 'texts'",
            None,
            "write library.texts, or move it beside {}/fraud.py",
        ),
        ("import unheard_of", "ModuleNotFoundError: No module named 'unheard_of'", None, INSTALL),
        ("from helper import NAM", "ImportError: cannot import name 'NAM' from 'helper'", "NAME", "write NAME"),
        (
            "from helper import other",
            "ImportError: cannot import name 'other' from 'helper'",
            None,
            "'helper' has NAME",
        ),
        ("from gen_steps import trian", "ImportError: cannot import name 'trian'", "train", "write train"),
        ("from gen_steps import scoring", "ImportError: cannot import name 'scoring'", None, "run 'smgen generate'"),
        (
            "import gen_steps.scoring",
            "ModuleNotFoundError: No module named 'gen_steps.scoring'",
            None,
            "run 'smgen generate'",
        ),
    ],
)
def test_an_import_that_fails_says_which_one_does_not(
    project: Project, statement: str, given: str, nearest: str | None, fix: str
) -> None:
    finding = one_of(lambda: compile_pipeline(importing(project, statement), "fraud", "dev"))
    folder = project.root / "pipelines"
    assert finding.rule == "SMG210"
    assert (finding.given or "").startswith(given)
    assert (finding.nearest, finding.fix) == (nearest, fix.format(folder.as_posix()))
    assert (finding.place.file, finding.place.line) == ((folder / "fraud.py").as_posix(), 1)


def test_two_modules_that_import_each_other(project: Project) -> None:
    other = project.root / "pipelines" / "other.py"
    other.write_text("from third import THIRD\n\nNAME = 'other'\n")
    (project.root / "pipelines" / "third.py").write_text("from other import NAME\n\nTHIRD = NAME\n")
    finding = one_of(lambda: compile_pipeline(importing(project, "from other import NAME"), "fraud", "dev"))
    assert finding.fix == "two modules import each other: move what both need into a third one"


@pytest.mark.parametrize(
    "statement",
    [
        "float(p.float('Limit'))",
        "int(p.integer('Limit'))",
        "list(range(p.integer('Limit')))",
        "len(p.string('Day'))",
        "import os; os.path.join(p.string('Raw'), 'part')",
        "from pathlib import Path; Path(p.string('Raw'))",
        "import json; json.dumps({'limit': p.float('Limit')})",
    ],
)
def test_what_python_cannot_do_with_a_variable(project: Project, statement: str) -> None:
    (project.root / "pipelines" / "fraud.py").write_text(f"def fraud(p, env):\n    {statement}\n")
    finding = one_of(lambda: compile_pipeline(project, "fraud", "dev"))
    assert (finding.rule, finding.place.line) == ("SMG208", 2)
    assert finding.message == "Python works with a Variable here, whose value is known only when the pipeline runs"
    assert finding.fix == (
        "SageMaker calculates nothing: do it in a step, or in plain Python before it becomes a parameter; "
        "texts are put together with join(…)"
    )
    assert (finding.given or "").startswith("TypeError: ")


@pytest.mark.parametrize(
    ("statement", "fix"),
    [
        (
            "p.float('Limit') >= 0.5 & 0.6 <= p.float('Other')",
            "write parentheses around each comparison: (a >= x) & (b <= y)",
        ),
        ("len(3)", None),
    ],
)
def test_what_python_itself_refuses(project: Project, statement: str, fix: str | None) -> None:
    (project.root / "pipelines" / "fraud.py").write_text(f"def fraud(p, env):\n    {statement}\n")
    finding = one_of(lambda: compile_pipeline(project, "fraud", "dev"))
    assert (finding.rule, finding.place.line, finding.fix) == ("SMG210", 2, fix)
    assert (finding.given or "").startswith("TypeError: ")


def test_a_package_that_was_never_generated(tmp_path: Path) -> None:
    (tmp_path / "pipelines").mkdir()
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    (tmp_path / "pipelines" / "fraud.py").write_text("from gen_steps import train\n")
    (finding,) = findings_of(lambda: compile_pipeline(read_project(tmp_path), "fraud", "dev"))
    assert finding.fix == "run 'smgen generate'"
