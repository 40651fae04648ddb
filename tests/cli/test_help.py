"""What every command has in common: help without heavy imports, exit codes, words about wrong usage."""

import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest

import smgen
from smgen.cli.main import COMMANDS
from tests.cli.command_line import smgen as run, smgen_process
from tests.project.checkout import CHECKOUT

HELP = """\
Usage: smgen [OPTIONS] COMMAND [ARGS]...

  Typed SageMaker pipelines: a wrong reference between two steps is an error
  in the editor.

  Exit codes: 0 fine; 1 findings, or something is stale; 2 the question could
  not be answered.

Options:
  --version    Show the version and exit.
  --traceback  Show Python's traceback of an exception.
  -h, --help   Show this message and exit.

Commands:
  init      Make a new project that works at once.
  import    Turn existing definitions into contracts and a typed pipeline.
  generate  Generate the typed package from the contracts.
  validate  Check the contracts.
  breaking  Say what changed in the contracts, and whom it hits.
  lint      Check definitions, pipelines, or the deployed ones of an account.
  verify    Check everything of the project at once, as CI does.
  explain   Say what a rule is about, or when a step is cached.
  resolve   Say what AUTO ports are bound to, and why.
  compile   Write the definition of a pipeline with its code.
  assets    Upload the code of compiled pipelines.
  plan      Say what deploying would change.
  diff      Say how two definitions, environments or commits differ.
  deploy    Create or update a pipeline in SageMaker.
"""

# Every module of smgen that `smgen --help` imports.
FOR_HELP = [
    "smgen",
    "smgen.cli",
    "smgen.cli.boundary",
    "smgen.cli.invocation",
    "smgen.cli.main",
    "smgen.cli.tracebacks",
    "smgen.distribution",
]

# What one command's own help imports beyond that: its module, and the forms in which findings are written.
FOR_COMMAND_HELP = [
    "smgen.cli.findings",
    "smgen.diagnostics",
    "smgen.diagnostics.counting",
    "smgen.diagnostics.errors",
    "smgen.diagnostics.finding",
    "smgen.diagnostics.github",
    "smgen.diagnostics.machine",
    "smgen.diagnostics.rendering",
    "smgen.diagnostics.rules",
    "smgen.diagnostics.sarif",
    "smgen.diagnostics.text",
    "smgen.diagnostics.escaping",
    "smgen.lazy_names",
    "smgen.shipped",
]


def imported_modules(*arguments: str) -> tuple[list[str], list[str]]:
    """Return the modules of smgen, and the top-level modules of others, that a call of the command imports.

    What Python itself imports before (a ``.pth`` file in an environment may import anything) is not counted.
    """
    start = (
        "import sys\n"
        "before = set(sys.modules)\n"
        "from smgen.cli import main\n"
        f"sys.argv = ['smgen', *{list(arguments)!r}]\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as stop:\n"
        "    assert stop.code == 0, stop.code\n"
        "print(*sorted(set(sys.modules) - before), sep='\\n', file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", start]
    result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    modules = result.stderr.splitlines()
    own = [name for name in modules if name.split(".")[0] == "smgen"]
    others = {name.split(".")[0] for name in modules} - {"smgen", "__future__"} - sys.stdlib_module_names
    return own, sorted(others)


def test_the_help_imports_the_command_line_and_click() -> None:
    assert imported_modules("--help") == (FOR_HELP, ["click"])


@pytest.mark.parametrize(
    ("command", "own"),
    [
        ("init", ["smgen.cli.init_command"]),
        ("import", ["smgen.cli.connection", "smgen.cli.import_command"]),
        ("generate", ["smgen.cli.generate_command", "smgen.cli.locations"]),
        ("validate", ["smgen.cli.locations", "smgen.cli.validate_command"]),
        ("breaking", ["smgen.cli.breaking_command", "smgen.cli.locations"]),
        ("lint", ["smgen.cli.connection", "smgen.cli.lint_command"]),
        ("verify", ["smgen.cli.verify_command"]),
        ("explain", ["smgen.cli.explain_command", "smgen.cli.locations"]),
        ("resolve", ["smgen.cli.locations", "smgen.cli.resolve_command"]),
        ("compile", ["smgen.cli.compile_command", "smgen.cli.locations"]),
        ("assets", ["smgen.cli.assets_command", "smgen.cli.connection"]),
        ("plan", ["smgen.cli.connection", "smgen.cli.locations", "smgen.cli.plan_command"]),
        ("diff", ["smgen.cli.diff_command", "smgen.cli.locations"]),
        ("deploy", ["smgen.cli.connection", "smgen.cli.deploy_command", "smgen.cli.locations"]),
    ],
)
def test_the_help_of_a_command_imports_no_room_but_diagnostics(command: str, own: list[str]) -> None:
    assert imported_modules(command, "--help") == (sorted([*FOR_HELP, *FOR_COMMAND_HELP, *own]), ["click"])


def test_every_command_is_in_these_tests() -> None:
    first = ["init", "import", "generate", "validate", "breaking", "lint", "verify", "explain", "resolve", "compile"]
    assert list(COMMANDS) == [*first, "assets", "plan", "diff", "deploy"]


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], []])
def test_the_help(tmp_path: Path, arguments: list[str]) -> None:
    result = run(*arguments, cwd=tmp_path)
    # Without a command click tells the help as a wrong usage.
    shown, other = (result.out, result.err) if arguments else (result.err, result.out)
    assert shown == HELP
    assert other == ""
    assert result.code == (0 if arguments else 2)


@pytest.mark.parametrize(
    "command", [*(name for name in COMMANDS if name not in ("assets", "explain")), "assets publish"]
)
def test_every_command_has_help_and_says_where_findings_go(tmp_path: Path, command: str) -> None:
    result = run(*command.split(), "-h", cwd=tmp_path)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(f"Usage: smgen {command} [OPTIONS]")
    is_told = command in ("plan", "diff", "import")
    own = "--format [text|json|markdown]" if is_told else "--format [text|json|sarif|github"
    assert own in result.out


def test_the_version(tmp_path: Path) -> None:
    assert run("--version", cwd=tmp_path).out == f"smgen {importlib.metadata.version('sagemaker-smgen')}\n"


def test_python_m_smgen_is_the_command(tmp_path: Path) -> None:
    result = smgen_process("--help", cwd=tmp_path)
    assert (result.code, result.out, result.err) == (0, HELP, "")


# Wrong usage: exit code 2, on the error stream, nothing else --------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("generat", " Did you mean 'generate'?"),
        ("comple", " Did you mean 'compile'?"),
        ("Init", " Did you mean 'init'?"),
        ("frobnicate", ""),
    ],
)
def test_an_unknown_command(tmp_path: Path, given: str, hint: str) -> None:
    result = run(given, cwd=tmp_path)
    assert (result.code, result.out) == (2, "")
    assert result.err.endswith(f"Error: There is no command '{given}'.{hint}\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--halp"], "Error: No such option '--halp'"),
        (["compile"], "Error: Missing argument 'NAME'."),
        (["compile", "x"], "Error: Missing option '--env'."),
        (["compile", "x", "--env", "dev"], "Error: Missing option '-o' / '--output'."),
        (
            ["compile", "x", "--env", "dev", "-o", "file"],
            "Error: Invalid value for '-o' / '--output': Directory 'file'",
        ),
        (["compile", "x", "--env", "dev", "-o", "b", "--project", "no"], "'no' does not exist."),
        (["compile", "x", "--env", "dev", "-o", "b", "--project", "file"], "'file' is a file."),
        (["generate", "--chek"], "Error: No such option '--chek'"),
        (["generate", "--contracts", "no"], "'no' does not exist."),
        (["generate", "--contracts", "file"], "'file' is a file."),
        (["generate", "--output", "file"], "'file' is a file."),
        (["generate", "--format", "xml"], "'xml' is not one of 'text', 'json', 'sarif', 'github'."),
        (["validate", "--contracts", "file"], "'file' is a file."),
        (["validate", "more"], "unexpected extra argument (more)"),
        (["init", "a", "b"], "unexpected extra argument (b)"),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: list[str], message: str) -> None:
    (tmp_path / "file").touch()
    result = run(*arguments, cwd=tmp_path)
    assert (result.code, result.out) == (2, "")
    assert message.lower() in result.err.lower()
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


# No project: a finding ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments", [["generate"], ["generate", "--check"], ["validate"], ["compile", "X", "--env", "dev", "-o", "build"]]
)
def test_no_project(tmp_path: Path, arguments: list[str]) -> None:
    result = run(*arguments, cwd=tmp_path)
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        "pyproject.toml: error SMG130 project-settings: there is no smgen project here\n"
        f"  expected      a pyproject.toml with a table [tool.smgen], in {tmp_path.resolve().as_posix()} or above it\n"
        "  fix           run 'smgen init', or go to the project's folder\n"
        "\n"
        "1 error\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments", [["generate"], ["generate", "--check"], ["validate"], ["compile", "X", "--env", "dev", "-o", "build"]]
)
def test_settings_that_are_wrong_are_told_all_at_once(tmp_path: Path, arguments: list[str]) -> None:
    text = '[tool.smgen]\ncontract = "a"\noutput = "a-b"\n[tool.smgen.pipelines]\nX = "x.txt"\n'
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    result = run(*arguments, cwd=tmp_path)
    assert (result.code, result.out) == (1, "")
    lines = [line.partition(": error ")[0] for line in result.err.splitlines() if ": error " in line]
    assert lines == ["pyproject.toml:2", "pyproject.toml:3", "pyproject.toml:5"]
    assert result.err.endswith("\n\n3 errors\n")


@pytest.mark.parametrize(
    "arguments", [["generate"], ["validate"], ["compile", "X", "--env", "dev", "-o", "build"], ["init"]]
)
def test_settings_that_cannot_be_opened(tmp_path: Path, arguments: list[str]) -> None:
    # Root may read everything: a device of the system that refuses to be read stands in for a file without permission.
    memory = Path("/proc/self/mem")
    if not memory.exists():
        pytest.skip("needs a file that nobody can read from its start")
    (tmp_path / "pyproject.toml").symlink_to(memory)
    if not (tmp_path / "pyproject.toml").is_file():
        pytest.skip("needs a regular file that nobody can read from its start")
    result = run(*arguments, cwd=tmp_path)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("Error: ")
    assert "Traceback" not in result.err


def test_the_tests_run_the_checkout() -> None:
    assert Path(smgen.__file__) == CHECKOUT / "codegen/smgen/__init__.py"
