"""The settings of a project: ``[tool.smgen]`` in its pyproject.toml."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from keyword import iskeyword
from pathlib import Path
from typing import Final, TypeVar, cast

from smgen.aws import pipeline_name_problem
from smgen.diagnostics import Finding, FindingsError, Place, nearest_name
from smgen.documents import resolve_inside
from smgen.runtime.environment import Environment, ParameterValue
from smgen.runtime.names import legal_fix

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SETTINGS_FILE: Final = "pyproject.toml"
DEFAULT_CONTRACTS: Final = "contract_specs"

T = TypeVar("T")

# The last two are read by smgen.checks, when definitions are checked.
_TOP: Final = ("contracts", "output", "pipelines", "environments", "policy", "suppressions")
_TEXTS: Final = (
    "account",
    "region",
    "role",
    "bucket",
    "output_location",
    "asset_location",
    "kms_key",
    "output_kms_key",
    "asset_kms_key",
    "asset_bucket_owner",
)
_LISTS: Final = ("subnets", "security_group_ids")
_TABLES: Final = ("tags", "images", "model_package_groups")
_COUNT: Final = "max_parallel_steps"
_ENVIRONMENT: Final = (*_TEXTS, _COUNT, *_LISTS, *_TABLES, "parameters", "values", "policy")


@dataclass(frozen=True)
class PipelineSource:
    """Where a pipeline function is: a file relative to the project and the function's name."""

    name: str
    file: str
    function: str
    place: Place


@dataclass(frozen=True)
class Project:
    """A project: its folder, the folders of contracts and of the generated package, its pipelines and environments.

    ``output`` is the folder of the generated package, relative to the project; its last part is the package's import
    name. A project that only uses packages of others has none.
    """

    root: Path
    contracts: str
    output: str | None
    pipelines: Mapping[str, PipelineSource] = field(default_factory=dict[str, PipelineSource])
    environments: Mapping[str, Environment] = field(default_factory=dict[str, Environment])

    def environment(self, name: str) -> Environment:
        """The environment of that name. Raises FindingsError (SMG211) where there is none."""
        return self._named("SMG211", "environment", name, self.environments)

    def pipeline(self, name: str) -> PipelineSource:
        """The pipeline of that name. Raises FindingsError (SMG210) where there is none."""
        return self._named("SMG210", "pipeline", name, self.pipelines)

    def _named(self, rule: str, what: str, name: str, among: Mapping[str, T]) -> T:
        if name in among:
            return among[name]
        nearest = nearest_name(name, among)
        finding = Finding(
            rule,
            f"there is no {what} '{name}' in this project",
            Place(file=SETTINGS_FILE),
            given=name,
            expected=", ".join(among) or f"a table [tool.smgen.{what}s]",
            nearest=nearest,
            fix=f"add '{name}' to [tool.smgen.{what}s], or name one that is there",
        )
        raise FindingsError([finding])


def find_project(start: Path) -> Project:
    """The project that ``start`` lies in: the nearest folder upwards whose pyproject.toml has ``[tool.smgen]``.

    Raises FindingsError (SMG130) for wrong settings, and where there is no such folder.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        settings = folder / SETTINGS_FILE
        if settings.is_file() and _smgen_table(_parsed(settings)) is not None:
            return read_project(folder)
    raise FindingsError(
        [
            Finding(
                "SMG130",
                "there is no smgen project here",
                Place(file=SETTINGS_FILE),
                expected=f"a pyproject.toml with a table [tool.smgen], in {start.as_posix()} or above it",
                fix="run 'smgen init', or go to the project's folder",
            )
        ]
    )


def read_project(folder: Path) -> Project:
    """The project whose pyproject.toml stands in ``folder``. Raises FindingsError (SMG130), all findings at once."""
    settings = folder / SETTINGS_FILE
    reader = _Reader(folder, settings.read_bytes().decode(errors="replace"))
    project = reader.project(_smgen_table(_parsed(settings)) or {})
    if reader.findings:
        raise FindingsError(reader.findings)
    return project


def undeclared_environment_parameters(project: Project, declared_by_all: Collection[str]) -> tuple[Finding, ...]:
    """SMG130 for each default in an environment of a parameter that no pipeline of the project declares.

    ``declared_by_all`` are the parameters of all pipelines together, which are known only once all were built.
    """
    return tuple(
        environment.undeclared(name, declared_by_all)
        for environment in project.environments.values()
        for name in environment.parameters
        if name not in declared_by_all
    )


def _parsed(settings: Path) -> dict[str, object]:
    try:
        return tomllib.loads(settings.read_bytes().decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        where = re.search(r"line (\d+), column (\d+)", str(error))
        line, column = (int(where[1]), int(where[2])) if where else (None, None)
        place = Place(file=SETTINGS_FILE, line=line, column=column)
        raise FindingsError([Finding("SMG130", "pyproject.toml is no TOML", place, given=str(error))]) from None


def _table(value: object) -> dict[str, object] | None:
    # The keys of a TOML table are texts.
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


def _smgen_table(document: dict[str, object]) -> dict[str, object] | None:
    return _table((_table(document.get("tool")) or {}).get("smgen"))


class _Reader:
    """Reads the settings and collects what is wrong with them."""

    def __init__(self, root: Path, text: str) -> None:
        self.root = root
        self.lines = text.splitlines()
        self.findings: list[Finding] = []

    def project(self, table: dict[str, object]) -> Project:
        self.known("tool.smgen", table, _TOP)
        pipelines = self.table("tool.smgen", table, "pipelines")
        environments = self.table("tool.smgen", table, "environments")
        return Project(
            self.root,
            self.folder(table, "contracts") or DEFAULT_CONTRACTS,
            self.output(table),
            {name: self.pipeline(name, value) for name, value in pipelines.items()},
            {name: self.environment(name, value) for name, value in environments.items()},
        )

    def folder(self, table: dict[str, object], key: str) -> str | None:
        """A folder inside the project."""
        value = self.text("tool.smgen", table, key)
        if value is None:
            return None
        try:
            resolve_inside(self.root, value, self.place("tool.smgen", key))
        except FindingsError as error:
            self.findings += error.findings
            return None
        return value

    def output(self, table: dict[str, object]) -> str | None:
        output = self.folder(table, "output")
        name = None if output is None else output.rstrip("/").rpartition("/")[2]
        if name is not None and (not name.isidentifier() or not name.isascii() or iskeyword(name) or name == "smgen"):
            self.wrong(
                "tool.smgen", "output", f"'{name}' cannot be imported", "a folder whose last part is a Python name"
            )
            return None
        return output

    def pipeline(self, name: str, value: object) -> PipelineSource:
        where = "tool.smgen.pipelines"
        file, colon, function = value.rpartition(":") if isinstance(value, str) else ("", "", "")
        if not colon or not file.endswith(".py") or not function.isidentifier():
            self.wrong(where, name, f"{value!r} names no function", '"pipelines/fraud.py:fraud": a file and a function')
        else:
            try:
                resolve_inside(self.root, file, self.place(where, name))
            except FindingsError as error:
                self.findings += error.findings
        problem = pipeline_name_problem(name)
        if problem is not None:
            fix = legal_fix(name, pipeline_name_problem)
            self.findings.append(Finding("SMG401", problem, self.place(where, name), given=name, fix=fix))
        return PipelineSource(name, file, function, self.place(where, name))

    def environment(self, name: str, value: object) -> Environment:
        where = f"tool.smgen.environments.{name}"
        table = _table(value)
        if table is None:
            self.wrong("tool.smgen.environments", name, f"{value!r}", "a table")
            table = {}
        self.known(where, table, _ENVIRONMENT)
        texts = {key: self.text(where, table, key) for key in _TEXTS}
        lists = {key: self.texts(where, table, key) for key in _LISTS}
        tables = {key: self.text_table(where, table, key) for key in _TABLES}
        for key in ("output_location", "asset_location"):
            location = texts[key]
            if location is not None and not re.match(r"s3://[^/]", location):
                self.wrong(where, key, repr(location), "an S3 URI such as s3://bucket/prefix")
        if texts["bucket"] is not None and "/" in texts["bucket"]:
            self.wrong(where, "bucket", repr(texts["bucket"]), "the bucket's name, without s3:// and without a prefix")
        parameters = self.scalars(where, table, "parameters")
        return Environment(
            name,
            account=texts["account"],
            region=texts["region"],
            role=texts["role"],
            bucket=texts["bucket"],
            output_location=texts["output_location"],
            asset_location=texts["asset_location"],
            kms_key=texts["kms_key"],
            output_kms_key=texts["output_kms_key"],
            subnets=lists["subnets"],
            security_group_ids=lists["security_group_ids"],
            tags=tables["tags"],
            images=tables["images"],
            model_package_groups=tables["model_package_groups"],
            parameters=parameters,
            values=self.scalars(where, table, "values"),
            asset_kms_key=texts["asset_kms_key"],
            asset_bucket_owner=texts["asset_bucket_owner"],
            max_parallel_steps=self.count(where, table, _COUNT),
            parameter_places={key: self.place(f"{where}.parameters", key) for key in parameters},
            place=self.place(where),
        )

    def scalars(self, where: str, table: dict[str, object], key: str) -> dict[str, ParameterValue]:
        values: dict[str, ParameterValue] = {}
        for name, value in self.table(where, table, key).items():
            if isinstance(value, (str, int, float, bool)):
                values[name] = value
            else:
                self.wrong(f"{where}.{key}", name, repr(value), "a text, a number or true or false")
        return values

    def known(self, where: str, table: dict[str, object], names: tuple[str, ...]) -> None:
        for key in table:
            if key not in names:
                nearest = nearest_name(key, names)
                self.findings.append(
                    Finding(
                        "SMG130",
                        f"[{where}] has no setting '{key}'",
                        self.place(where, key),
                        given=key,
                        expected=", ".join(names),
                        nearest=nearest,
                        fix=f"write {nearest}" if nearest else f"remove '{key}'",
                    )
                )

    def table(self, where: str, table: dict[str, object], key: str) -> dict[str, object]:
        value = table.get(key, {})
        found = _table(value)
        if found is None:
            self.wrong(where, key, repr(value), f"a table [{where}.{key}]")
            return {}
        return found

    def text(self, where: str, table: dict[str, object], key: str) -> str | None:
        value = table.get(key)
        if value is None or (isinstance(value, str) and value):
            return value
        self.wrong(where, key, repr(value), "a text in quotes")
        return None

    def count(self, where: str, table: dict[str, object], key: str) -> int | None:
        value = table.get(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 1):
            return value
        self.wrong(where, key, repr(value), "a whole number from 1")
        return None

    def texts(self, where: str, table: dict[str, object], key: str) -> tuple[str, ...]:
        value = table.get(key, [])
        # The items of a TOML list may be anything.
        items = cast("list[object]", value) if isinstance(value, list) else []
        texts = tuple(item for item in items if isinstance(item, str))
        if not isinstance(value, list) or len(texts) != len(items):
            self.wrong(where, key, repr(table[key]), "a list of texts")
        return texts

    def text_table(self, where: str, table: dict[str, object], key: str) -> dict[str, str]:
        texts: dict[str, str] = {}
        for name, value in self.table(where, table, key).items():
            if isinstance(value, str):
                texts[name] = value
            else:
                self.wrong(f"{where}.{key}", name, repr(value), "a text in quotes")
        return texts

    def wrong(self, where: str, key: str, given: str, expected: str) -> None:
        message = f"the setting '{key}' of [{where}] cannot be used"
        self.findings.append(Finding("SMG130", message, self.place(where, key), given=given, expected=expected))

    def place(self, table: str, key: str | None = None) -> Place:
        """The line of a table's header, or of a key in it; the TOML parser does not tell.

        A table that is written as a key of the one around it (``dev.region = …``, ``dev = {…}``) is found there.
        """
        line = self.line(tuple(table.split(".")), key)
        return Place(file=SETTINGS_FILE, line=line)

    def line(self, table: tuple[str, ...], key: str | None) -> int | None:
        start = next((number for number, line in enumerate(self.lines) if _header(line) == table), None)
        if start is None:
            # Not one of the parts is known to stand on the line of the key, so the line of the table has to do.
            return self.line(table[:-1], table[-1]) if len(table) > 1 else None
        if key is not None:
            written = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[.=]""")
            for number in range(start + 1, len(self.lines)):
                if _header(self.lines[number]) is not None:
                    break
                if written.match(self.lines[number]):
                    return number + 1
        return start + 1


def _header(line: str) -> tuple[str, ...] | None:
    """The names in the header of a table; None for any other line. Quoted names are taken as they stand."""
    match = re.match(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?$", line)
    if match is None:
        return None
    return tuple(part.strip().strip("\"'") for part in match[1].split("."))
