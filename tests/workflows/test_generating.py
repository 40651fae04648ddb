"""Generating again: what is made anew, what is kept, and that the result is that of generating everything."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given, settings, strategies as st

from smgen.contracts import ContractSource, read_contracts
from smgen.diagnostics import Finding, FindingsError
from smgen.documents import JsonObject, object_at, read_tree, shown_path
from smgen.generate import GenerationOptions, plan
from smgen.packages import CACHE_VARIABLE, contracts_path, file_states
from smgen.workflows.generating import Generation, GenerationFolders, generate_package
from tests.generate.packages import contract_document

REPORT: JsonObject = {"type": "object", "properties": {"auc": {"type": "number"}}}


def contract(name: str, **members: object) -> JsonObject:
    """A contract of a processing step that takes and gives data and runs a script."""
    document = contract_document(
        name=name,
        kind="Processing",
        inputs={"data": {"type": "Data", "local_path": "/opt/ml/processing/input"}},
        outputs={"made": {"type": "Data", "output_name": "made", "local_path": "/opt/ml/processing/made"}},
        settings={"size": {"type": "integer", "default": 1}},
        source={"entry": f"{name.lower()}.py", "dir": "scripts"},
        request={
            "RoleArn": {"$default": "role"},
            "AppSpecification": {"ImageUri": "image"},
            "ProcessingResources": {
                "ClusterConfig": {
                    "InstanceCount": {"$setting": "size"},
                    "InstanceType": "ml.m5.large",
                    "VolumeSizeInGB": 30,
                }
            },
        },
    )
    return {**document, **as_json(members)}


def as_json(members: dict[str, object]) -> JsonObject:
    return object_at(json.loads(json.dumps(members)))


class Project:
    """A folder of contracts with the package that is made from it."""

    def __init__(self, folder: Path) -> None:
        self.folders = GenerationFolders(folder / "contracts", folder / "made_steps")
        (self.folders.contracts / "scripts").mkdir(parents=True)
        self.write("artifact_types.json", {"types": {"Data": {}, "Model": {}}})
        for name in ("Load", "Clean", "Split"):
            self.add(contract(name))

    def write(self, path: str, document: JsonObject) -> None:
        target = self.folders.contracts / path
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(document, indent=1))

    def add(self, document: JsonObject, file: str = "") -> None:
        """Writes a contract, with its script."""
        name = str(document["name"])
        self.write(file or f"{name.lower()}.json", document)
        (self.folders.contracts / "scripts" / f"{name.lower()}.py").touch()

    def read(self, file: str) -> JsonObject:
        return object_at(json.loads((self.folders.contracts / file).read_bytes()))

    def change(self, file: str, **members: object) -> Path:
        self.write(file, {**self.read(file), **as_json(members)})
        return self.folders.contracts / file

    def generate(self) -> Generation:
        """Generates as the command does."""
        generation = generate_package(self.folders)
        generation.publish()
        return generation

    def files(self) -> dict[str, bytes | None]:
        return read_tree(self.folders.output)

    def sources(self) -> tuple[ContractSource, ...]:
        return read_contracts(self.folders.contracts).sources

    def whole(self) -> dict[str, bytes]:
        """What generating everything from nothing gives."""
        folders = self.folders
        registry = read_contracts(folders.contracts, shown_root=shown_path(folders.contracts))
        options = GenerationOptions(folders.package, contracts_path(folders.output, folders.contracts))
        return dict(plan(registry, options).files)

    def outcome(self) -> tuple[Finding, ...]:
        """Generates, and holds files or findings against those of generating everything; the findings."""
        before = self.files()
        expected, whole = findings_of(self.whole)
        found, _ = findings_of(self.generate)
        assert found == expected
        assert self.files() == (before if whole is None else whole)
        return found


_T = TypeVar("_T")


def findings_of(call: Callable[[], _T]) -> tuple[tuple[Finding, ...], _T | None]:
    """What a call finds, or else what it gives."""
    try:
        return (), call()
    except FindingsError as error:
        return error.findings, None


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    made = Project(tmp_path / "project")
    first = made.generate()
    assert first.generated == ("clean", "load", "split")
    assert made.files() == made.whole()
    return made


def made_again(project: Project) -> tuple[str, ...]:
    """The modules that are generated now; the package is that of generating everything, and then nothing is new."""
    generation = project.generate()
    assert project.files() == project.whole()
    assert project.generate().package is None
    return generation.generated


def test_nothing_is_made_where_nothing_changed(project: Project) -> None:
    before = {path: path.stat() for path in project.folders.output.iterdir()}
    generation = project.generate()
    assert (generation.package, generation.generated, generation.passes) == (None, (), 0)
    assert (generation.contracts, generation.files) == (3, 11)
    assert {path: path.stat() for path in project.folders.output.iterdir()} == before


def test_full_makes_everything(project: Project) -> None:
    generation = generate_package(project.folders, full=True)
    assert generation.generated == ("clean", "load", "split")
    # Their shapes are one.
    assert generation.passes == 1


EDITS: dict[str, tuple[Callable[[Project], object], tuple[str, ...]]] = {
    "a text": (lambda p: p.change("load.json", description="Loads."), ("load",)),
    "white space": (
        lambda p: (p.folders.contracts / "load.json").write_text(json.dumps(p.read("load.json"))),
        ("load",),
    ),
    "a new contract": (lambda p: p.add(contract("Join")), ("join",)),
    "another file": (
        lambda p: (p.folders.contracts / "load.json").rename(p.folders.contracts / "other.json"),
        ("load",),
    ),
    "a contract less": (lambda p: (p.folders.contracts / "load.json").unlink(), ()),
    "a new name": (lambda p: p.add(contract("Loads"), "load.json"), ("loads",)),
    "a new type": (lambda p: p.write("artifact_types.json", {"types": {"Data": {}, "Model": {}, "Table": {}}}), ()),
    "a type less": (lambda p: p.write("artifact_types.json", {"types": {"Data": {}}}), ()),
    "the text of a type": (
        lambda p: p.write("artifact_types.json", {"types": {"Data": {"description": "Rows."}, "Model": {}}}),
        (),
    ),
    "an edited module": (
        lambda p: (p.folders.output / "load.py").write_text("x = 1\n# Generated by smgen from x\n"),
        ("load",),
    ),
    "a lost module": (lambda p: (p.folders.output / "clean.py").unlink(), ("clean",)),
    "a lost data file": (lambda p: (p.folders.output / "clean.json").unlink(), ("clean",)),
    "a lost list": (lambda p: (p.folders.output / "all.py").unlink(), ()),
    "no package": (lambda p: shutil.rmtree(p.folders.output), ("clean", "load", "split")),
    "variants": (
        lambda p: p.change("load.json", variants={"training": {}, "testing": {}}),
        ("load_testing", "load_training"),
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_only_what_changed_is_made(project: Project, edit: str) -> None:
    change, expected = EDITS[edit]
    change(project)
    assert tuple(sorted(made_again(project))) == expected


def test_words_are_no_pass_of_the_tool(project: Project) -> None:
    project.change("load.json", settings={"size": {"type": "integer", "default": 7, "description": "How many."}})
    generation = project.generate()
    assert (generation.generated, generation.passes) == (("load",), 1)
    # The default is a part of the shape, its words are not.
    project.change(
        "load.json", settings={"size": {"type": "integer", "default": 7, "description": "How many there are."}}
    )
    generation = project.generate()
    assert (generation.generated, generation.passes) == (("load",), 0)
    assert project.files() == project.whole()


def test_what_a_reference_brings_in_counts(project: Project) -> None:
    with_a_report(project)
    project.write("schemas/report.json", {"type": "object", "properties": {"f1": {"type": "number"}}})
    assert made_again(project) == ("load",)
    (project.folders.contracts / "schemas" / "report.json").unlink()
    assert [finding.rule for finding in project.outcome()] == ["SMG119"]


def with_a_report(project: Project) -> None:
    """Has the schema of a report in a file of its own."""
    project.write("schemas/report.json", REPORT)
    files = {"metrics": {"path": "m.json", "type": "Data", "schema": {"$ref": "schemas/report.json"}}}
    made: dict[str, object] = {"type": "Data", "output_name": "made", "local_path": "/opt/ml/processing/made"}
    project.change("load.json", outputs={"made": {**made, "files": files}})
    assert made_again(project) == ("load",)


def test_a_file_that_only_leads_on_to_another_counts(project: Project) -> None:
    project.write("schemas/chain.json", {"x": {"$ref": "end.json#/y"}})
    project.write("schemas/end.json", {"y": {"type": "integer"}, "z": {"type": "string"}})
    project.change("load.json", environment={"type": "object", "properties": {"N": {"$ref": "schemas/chain.json#/x"}}})
    request = object_at(project.read("load.json"), "request")
    project.change("load.json", request={**request, "Environment": {"$environment": True}})
    assert made_again(project) == ("load",)
    assert {"schemas/chain.json", "schemas/end.json"} < {source.path for source in project.sources()}
    project.write("schemas/chain.json", {"x": {"$ref": "end.json#/z"}})
    assert made_again(project) == ("load",)


@pytest.mark.parametrize("path", ["load.json", "artifact_types.json", "schemas/report.json", "schemas"])
def test_a_link_out_of_the_folder_is_found_though_it_leads_to_the_same(
    project: Project, tmp_path: Path, path: str
) -> None:
    with_a_report(project)
    target = project.folders.contracts / path
    target.rename(tmp_path / "elsewhere")
    target.symlink_to(tmp_path / "elsewhere")
    assert {finding.rule for finding in project.outcome()} == {"SMG118"}


def test_a_link_to_a_package_is_no_package(project: Project, tmp_path: Path) -> None:
    (tmp_path / "made_steps").symlink_to(project.folders.output)
    linked = GenerationFolders(project.folders.contracts, tmp_path / "made_steps")
    generation = generate_package(linked)
    assert findings_of(generation.publish)[0][0].rule == "SMG123"


WRONG: dict[str, tuple[Callable[[Project], object], list[str]]] = {
    "no script": (lambda p: (p.folders.contracts / "scripts" / "load.py").unlink(), ["SMG119"]),
    "a type that is used": (lambda p: p.write("artifact_types.json", {"types": {"Model": {}}}), ["SMG109"] * 6),
    "a type called like a class": (
        lambda p: p.write("artifact_types.json", {"types": {"Data": {}, "LoadProxy": {}}}),
        ["SMG107"],
    ),
    "no types": (lambda p: (p.folders.contracts / "artifact_types.json").unlink(), ["SMG110"]),
    "a name twice": (lambda p: p.add(contract("Load"), "zoom.json"), ["SMG107"]),
    "a module twice": (lambda p: p.add(contract("LOAD"), "zoom.json"), ["SMG107"]),
    "a family called like a contract": (
        lambda p: p.add(contract("Load", variants={"a": {}, "b": {}}), "zoom.json"),
        ["SMG107"],
    ),
    "several things": (
        lambda p: (p.change("split.json", name="Load"), p.change("clean.json", knd="x")),
        ["SMG103", "SMG107"],
    ),
}


@pytest.mark.parametrize("edit", WRONG)
def test_what_is_wrong_is_told_as_by_generating_everything(project: Project, edit: str) -> None:
    change, expected = WRONG[edit]
    change(project)
    assert sorted(finding.rule for finding in project.outcome()) == expected
    # And again: an error is nothing to remember.
    assert sorted(finding.rule for finding in project.outcome()) == expected


def test_a_script_that_became_a_link_out_of_the_folder(project: Project, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.py").touch()
    script = project.folders.contracts / "scripts" / "load.py"
    script.unlink()
    script.symlink_to(tmp_path / "elsewhere.py")
    assert {finding.rule for finding in project.outcome()} == {"SMG118"}


def test_a_link_in_the_place_of_a_module_is_no_module(project: Project, tmp_path: Path) -> None:
    module = project.folders.output / "load.py"
    (tmp_path / "load.py").write_bytes(module.read_bytes())
    module.unlink()
    module.symlink_to(tmp_path / "load.py")
    assert generate_package(project.folders).package is not None


def test_files_that_are_too_many_are_no_matter_of_the_record(project: Project) -> None:
    (project.folders.output / "extra.py").write_text("x = 1\n")
    assert generate_package(project.folders).package is not None


def test_other_folders_are_other_packages(project: Project, tmp_path: Path) -> None:
    shutil.copytree(project.folders.contracts, tmp_path / "deep" / "contracts")
    moved = GenerationFolders(tmp_path / "deep" / "contracts", project.folders.output)
    generation = generate_package(moved)
    assert generation.generated == ("clean", "load", "split")
    named = project.folders.output.with_name("other_steps")
    shutil.copytree(project.folders.output, named)
    assert generate_package(GenerationFolders(project.folders.contracts, named)).package is not None


@pytest.mark.parametrize("damage", ["cut", "other", "empty", "gone", "a folder"])
def test_a_damaged_record_is_none(project: Project, tmp_path: Path, damage: str) -> None:
    (record,) = (tmp_path / "cache" / "generated").iterdir()
    data = record.read_bytes()
    record.unlink()
    if damage == "a folder":
        record.mkdir()
    elif damage != "gone":
        record.write_bytes({"cut": data[:-9], "other": data.replace(b"load", b"laod"), "empty": b""}[damage])
    generation = project.generate()
    assert generation.generated == ("clean", "load", "split")
    assert project.files() == project.whole()


def test_only_what_is_old_and_its_own_goes_from_the_cache(project: Project, tmp_path: Path) -> None:
    old = time.time() - 100 * 24 * 3600
    kept, gone = ["notes.txt", "f" * 64 + ".old"], ["0" * 32 + ".json", "." + "1" * 32 + ".json.77"]
    for sort, names in (("generated", [*kept, *gone]), ("models", [*kept, "2" * 64])):
        for name in names:
            (tmp_path / "cache" / sort / name).touch()
            os.utime(tmp_path / "cache" / sort / name, (old, old))
    project.change("load.json", description="Loads.")
    project.generate()
    left = {path.name for path in (tmp_path / "cache").rglob("*")}
    assert left.issuperset(kept)
    assert left.isdisjoint([*gone, "2" * 64])


def test_another_generator_keeps_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smgen.workflows.generating.generator_fingerprint", lambda: "another")
    assert project.generate().generated == ("clean", "load", "split")


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cache").write_text("a file")
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    made = Project(tmp_path / "project")
    for _ in range(2):
        assert made.generate().generated == ("clean", "load", "split")
        assert made.files() == made.whole()


def test_a_file_that_was_not_written_since_is_not_read(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    # As if some seconds had passed.
    monkeypatch.setattr(file_states, "_SETTLED_AFTER", -(10**12))
    project.generate()
    read: list[Path] = []
    monkeypatch.setattr(file_states, "read_regular", read.append)
    assert project.generate().package is None
    assert read == []


@pytest.mark.parametrize("path", ["made_steps/load.py", "contracts/load.json"])
def test_a_file_with_its_old_size_and_time_is_read(
    project: Project, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(file_states, "_SETTLED_AFTER", -(10**12))
    project.generate()
    target = project.folders.contracts.parent / path
    before = target.stat()
    target.write_bytes(target.read_bytes().replace(b"made", b"MADE"))
    os.utime(target, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert generate_package(project.folders).package is not None


def test_no_tool_is_loaded_where_nothing_changed(project: Project) -> None:
    code = (
        "import sys; sys.argv[1:] = ['generate', '--contracts', sys.argv[1], '--output', sys.argv[2]]\n"
        "from smgen.cli import main\n"
        "try: main()\n"
        "finally: print(*sorted(sys.modules), sep='\\n')"
    )
    arguments = [str(project.folders.contracts), str(project.folders.output)]
    result = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    told, *modules = result.stdout.splitlines()
    assert told.endswith("3 contracts, 0 written, 0 removed, 11 unchanged.")
    loaded = {module.partition(".")[0] for module in modules}
    assert loaded.isdisjoint({"datamodel_code_generator", "jinja2", "pydantic", "ruff", "networkx", "boto3"})
    assert {"smgen.contracts.reading", "smgen.contract_model.model", "smgen.generate.planning"}.isdisjoint(modules)


# Any edits ------------------------------------------------------------------------------------------------------------

NAMES = st.sampled_from(("Load", "Clean", "Split", "LOAD", "Join"))
EDIT = st.one_of(
    st.tuples(st.just("add"), NAMES, st.sampled_from(("Data", "Model", "Table")), st.integers(0, 2)),
    st.tuples(st.just("remove"), NAMES, st.just(""), st.just(0)),
    st.tuples(st.just("types"), st.just(""), st.sampled_from(("Data", "Data Model", "Data LoadProxy")), st.just(0)),
    st.tuples(st.just("damage"), NAMES, st.sampled_from(("py", "json")), st.just(0)),
    st.tuples(st.just("script"), NAMES, st.just(""), st.just(0)),
)


@settings(max_examples=8)
@given(edits=st.lists(st.lists(EDIT, min_size=1, max_size=3), min_size=1, max_size=4))
def test_any_edits_give_what_generating_everything_gives(
    edits: list[list[tuple[str, str, str, int]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    project = Project(tmp_path_factory.mktemp("edits"))
    project.outcome()
    for step in edits:
        for edit in step:
            carry_out(project, *edit)
        project.outcome()


def carry_out(project: Project, edit: str, name: str, value: str, number: int) -> None:
    contracts, output = project.folders.contracts, project.folders.output
    if edit == "add":
        made = {"type": value, "output_name": "made", "local_path": "/opt/ml/processing/made"}
        names = [f"text_{index}" for index in range(number)]
        document = contract(name, outputs={"made": made})
        texts: dict[str, object] = {item: {"type": "string", "default": "x"} for item in names}
        tags = {"Tags": [{"Key": item, "Value": {"$setting": item}} for item in names]}
        document["settings"] = {**object_at(document, "settings"), **as_json(texts)}
        document["request"] = {**object_at(document, "request"), **as_json({**tags})}
        project.add(document)
    elif edit == "remove":
        (contracts / f"{name.lower()}.json").unlink(missing_ok=True)
    elif edit == "types":
        project.write("artifact_types.json", {"types": {item: {} for item in value.split()}})
    elif edit == "damage" and (output / f"{name.lower()}.{value}").exists():
        (output / f"{name.lower()}.{value}").write_bytes(b"")
    elif edit == "script":
        (contracts / "scripts" / f"{name.lower()}.py").unlink(missing_ok=True)
