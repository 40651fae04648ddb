"""Authoring mistakes: each is found where it should be, with the pinned words; what is legal but odd is not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from smgen.diagnostics import RULES, Severity
from tests.cli.command_line import smgen, smgen_process, tree
from tests.golden import Golden
from tests.mistakes.checkers import Said
from tests.mistakes.observing import EXPECTED, Checked, check_types, commands, module, report, statement_lines
from tests.mistakes.project_folder import copied, edited, make_project
from tests.mistakes.table import MISTAKES, MORE, PIPELINE, SETTINGS, YARDSTICK, Mistake
from tests.mistakes.variants import VARIANTS, Variant

pytestmark = pytest.mark.typecheck

#: What pyright says of the lines after a mistake, or of what the edit leaves over.
FOLLOWING = ("reportUnknown", "reportUnused")
#: The default that an environment of the correct project gives to a parameter.
DEFAULT_OF_LIMIT = "[tool.smgen.environments.prod.parameters]\nMaxError = 5.0\n"


@dataclass(frozen=True)
class Suite:
    """The correct project, and what both checkers say about all files."""

    project: Path
    checked: Checked


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    folder = tmp_path_factory.mktemp("mistakes")
    project = make_project(folder)
    return Suite(project, check_types(project, folder / "types"))


def names(mistakes: tuple[Mistake, ...]) -> list[str]:
    return [mistake.name for mistake in mistakes]


# The correct file -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_the_correct_file_compiles(suite: Suite, tmp_path: Path, environment: str) -> None:
    project = copied(suite.project, tmp_path / "project")
    result = smgen_process("compile", "Fraud", "--env", environment, "-o", "build", cwd=project)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(f"Fraud for {environment}: 7 steps, 2 parameters, 3 assets.\n")


def test_nothing_is_said_about_the_correct_file(suite: Suite) -> None:
    assert (suite.checked.mypy["correct.py"], suite.checked.pyright["correct.py"]) == ((), ())
    linted, validated = smgen("lint", cwd=suite.project), smgen("validate", cwd=suite.project)
    assert (linted.code, linted.out, linted.err) == (0, "Fraud: no findings\n", "")
    assert (validated.code, validated.err) == (0, "")


# The mistakes ---------------------------------------------------------------------------------------------------------


def test_the_whole_yardstick_is_here() -> None:
    assert sorted({name[:2] for name in names(YARDSTICK)}) == [f"{number:02}" for number in range(1, 23)]
    assert len(MORE) >= 10
    assert len({*names(MISTAKES)}) == len(MISTAKES)


def test_most_of_the_yardstick_is_found_while_it_is_typed() -> None:
    """At least 15 of 01 to 20 have a form that both type checkers find."""
    typed = {mistake.name[:2] for mistake in YARDSTICK if mistake.caught == "T"}
    assert sorted(typed - {"21", "22"}) == [
        *("01", "02", "03", "04", "05", "06", "08", "09", "10", "13", "14", "15", "16", "17", "20"),
    ]


def test_every_pinned_text_has_a_mistake(golden: Golden) -> None:
    golden.names(EXPECTED, {f"{name}.txt" for name in names(MISTAKES)})


@pytest.mark.parametrize("mistake", MISTAKES, ids=names(MISTAKES))
def test_what_is_said_about_a_mistake(suite: Suite, tmp_path: Path, mistake: Mistake, golden: Golden) -> None:
    """The commands find it, with these rules and no other, and write nothing; every word of all is pinned."""
    first, second = ran = commands(suite.project, tmp_path, mistake)
    later = mistake.rules if mistake.lint is None else mistake.lint
    assert (first.rules, second.rules) == (mistake.rules, later)
    for command in ran:
        errors = [rule for rule in command.rules if RULES[rule].severity is Severity.ERROR]
        assert command.result.code == (1 if errors else 0)
    assert later, "nobody finds it"
    assert (tmp_path / mistake.name / "build").exists() == (first.result.code == 0)
    assert tree(tmp_path / mistake.name / "generated") == tree(suite.project / "generated")
    golden.text(EXPECTED / f"{mistake.name}.txt", report(mistake, suite.checked, ran))


@pytest.mark.parametrize("name", [mistake.name for mistake in MISTAKES if mistake.caught == "T"])
def test_both_type_checkers_find_it(suite: Suite, name: str) -> None:
    """In the statement that was edited, and nowhere else but for what follows from it."""
    mistake = next(item for item in MISTAKES if item.name == name)
    lines = statement_lines(mistake)
    found = {checker: errors(said) for checker, said in said_of(suite, mistake).items()}
    for checker, said in found.items():
        assert any(item.line in lines and not follows(item) for item in said), checker
        assert [item for item in said if item.line not in lines and not follows(item)] == [], checker


@pytest.mark.parametrize(
    "name", [mistake.name for mistake in MISTAKES if mistake.caught == "C" and mistake.file == PIPELINE]
)
def test_no_type_checker_can_find_it(suite: Suite, name: str) -> None:
    """Where both could, the table should say T: then the mistake is found while it is typed."""
    mistake = next(item for item in MISTAKES if item.name == name)
    found = [checker for checker, said in said_of(suite, mistake).items() if any(not follows(item) for item in said)]
    assert len(found) < 2


def said_of(suite: Suite, mistake: Mistake) -> dict[str, tuple[Said, ...]]:
    file = module(mistake)
    return {"mypy": suite.checked.mypy[file], "pyright": suite.checked.pyright[file]}


def errors(said: tuple[Said, ...]) -> list[Said]:
    return [item for item in said if item.text.startswith("error: ")]


def follows(said: Said) -> bool:
    return any(f"({rule}" in said.text for rule in FOLLOWING)


# What is legal --------------------------------------------------------------------------------------------------------


#: What the developer guide advises against and AWS was seen to take: a warning of lint, and of nobody else.
ADVISED: dict[str, set[str]] = {"nested_conditions": {"SMG322"}}


@pytest.mark.parametrize("variant", VARIANTS, ids=[variant.name for variant in VARIANTS])
def test_nothing_is_said_about_what_is_legal(suite: Suite, tmp_path: Path, variant: Variant) -> None:
    file = f"variant_{variant.name}.py"
    assert (suite.checked.mypy[file], suite.checked.pyright[file]) == ((), ())
    project = copied(suite.project, tmp_path / "project")
    (project / PIPELINE).write_text(variant.text, encoding="utf-8")
    if '"MaxError"' not in variant.text:
        # A default of a parameter that no pipeline of the project declares would be found.
        settings = (project / SETTINGS).read_text(encoding="utf-8")
        (project / SETTINGS).write_text(edited(settings, DEFAULT_OF_LIMIT, ""), encoding="utf-8")
    for environment in ("dev", "prod"):
        compiled = smgen("compile", "Fraud", "--env", environment, "-o", environment, cwd=project)
        assert (compiled.code, compiled.err == "") == (0, variant.name not in ADVISED)
        linted = smgen("lint", f"{environment}/definition.json", cwd=project)
        assert linted.code == 0
        assert set(re.findall(r"(?:error|warning|note) (SMG\d+)", linted.out)) == ADVISED.get(variant.name, set())
    linted = smgen("lint", cwd=project)
    assert (linted.code, linted.err) == (0, "")
    assert (linted.out == "Fraud: no findings\n") is (variant.name not in ADVISED)
