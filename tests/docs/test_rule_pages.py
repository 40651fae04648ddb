"""Every rule has its page, the index is the rule table, and the snippets on the pages are what they are called."""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NoReturn, cast

import pytest

from smgen.contracts import read_contracts
from smgen.definition import parse_definition
from smgen.diagnostics import RULES, FindingsError, Rule, Severity, read_rule
from smgen.documents import JsonObject, JsonValue, parse_document
from smgen.runtime import Environment, FluentPipelineBuilder, Project, compile_pipeline, read_project
from tests.docs.rule_pages import CONTRACT_RULES, INDEX, MODULES, PAGES, PIPELINE_RULES, hold_pages, page_of
from tests.golden import Golden

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

#: What the check of a rule module takes, by its room.
TAKEN = {
    "building": ["WrittenPipeline"],
    "checks": ["DefinitionIndex", "CheckContext"],
    "contracts": ["StepContract"],
}

#: The pipeline's name in the settings on the pages; it is the function ``fraud`` in ``pipelines/fraud.py``.
PIPELINE = "FraudDetection"

ARTIFACT_TYPES: JsonObject = {
    "types": {"Dataset": {}, "TrainingData": {"parent": "Dataset"}, "ModelArtifacts": {}},
}
FITTING: JsonObject = {
    "name": "Fitting",
    "version": "1.0.0",
    "kind": "Training",
    "inputs": {"training_data": {"type": "TrainingData", "channel": "train"}},
    "outputs": {"model": {"type": "ModelArtifacts", "property_path": "ModelArtifacts.S3ModelArtifacts"}},
    "settings": {"max_runtime_s": {"default": 3600}},
    "hyperparameters": {
        "type": "object",
        "required": ["num_round"],
        "properties": {"num_round": {"type": "integer", "minimum": 1}},
    },
    "request": {
        "AlgorithmSpecification": {"TrainingImage": "xgboost:1", "TrainingInputMode": "File"},
        "RoleArn": {"$default": "role"},
        "OutputDataConfig": {"S3OutputPath": {"$output_location": "model"}},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": {"$setting": "max_runtime_s"}},
        "HyperParameters": {"$hyperparameters": "text"},
    },
}
EVALUATION: JsonObject = {
    "name": "Evaluation",
    "version": "1.0.0",
    "kind": "Processing",
    "request": {
        "AppSpecification": {"ImageUri": "scikit-learn:1"},
        "ProcessingResources": {
            "ClusterConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}
        },
        "RoleArn": {"$default": "role"},
    },
}

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def page(rule: str) -> str:
    return (PAGES / f"{rule}.md").read_text(encoding="utf-8")


def snippets(text: str, language: str) -> list[str]:
    return [body for found, body in _BLOCK.findall(text) if found == language]


def snippet(rule: str, section: str, language: str) -> str:
    """The only block of a section that is written in a language."""
    _, _, rest = page(rule).partition(f"\n## {section}\n")
    (found,) = snippets(rest.partition("\n## ")[0], language)
    return found


def json_values(text: str) -> list[JsonValue]:
    """What a block holds: one or several JSON values, or members of an object without its braces."""

    def refuse(name: str) -> NoReturn:
        raise ValueError(f"{name} is no JSON")

    if re.match(r'\s*"[^"]*"\s*:', text):
        text = f"{{{text}}}"
    decoder = json.JSONDecoder(parse_constant=refuse)
    values: list[JsonValue] = []
    while text := text.strip():
        value, end = cast("tuple[JsonValue, int]", decoder.raw_decode(text))
        values.append(value)
        text = text[end:]
    return values


def rules_of(wrong: Callable[[], object]) -> set[str]:
    with pytest.raises(FindingsError) as caught:
        wrong()
    return {finding.rule for finding in caught.value.findings}


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    assert sorted(path.name for path in PAGES.iterdir()) == sorted([INDEX.name, *(f"{rule}.md" for rule in RULES)])


@pytest.mark.parametrize("rule", RULES)
def test_a_page_starts_with_its_rule(rule: str) -> None:
    assert read_rule(page(rule)) == RULES[rule]
    assert RULES[rule].id == rule


@pytest.mark.parametrize("rule", RULES)
def test_a_page_has_its_sections(rule: str) -> None:
    sections = [line.removeprefix("## ") for line in page(rule).splitlines() if line.startswith("## ")]

    assert [name for name in sections if name != "How to mend"] == [
        "What it finds",
        "Why it matters",
        "Wrong",
        "Right",
        "How to suppress",
    ]


def test_the_pages_of_modules_and_the_list_are_what_is_made(golden: Golden) -> None:
    hold_pages(golden)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: cast("Path", module).stem)
def test_a_rule_module_is_named_like_its_rule_and_has_the_check_of_its_room(module: Path) -> None:
    rule = read_rule(page_of(module))
    assert module.stem == f"{rule.id.lower()}_{rule.name.replace('-', '_')}"
    room = module.parent.parent.name
    check = import_module(f"smgen.{room}.rules.{module.stem}").check
    signature = inspect.signature(check)
    taken = [parameter.annotation for parameter in signature.parameters.values()]
    assert ([*taken], signature.return_annotation) == (TAKEN[room], "Iterator[Finding]")


def test_a_page_that_does_not_say_its_rule_is_refused() -> None:
    head = "# SMG310 cycle\n\nNo step waits for itself. Severity: error.\n"
    assert read_rule(head) == Rule("SMG310", "cycle", Severity.ERROR, "No step waits for itself.")
    for wrong in (head[1:], head.replace("error", "fatal"), head.replace("SMG310", "SMG3100"), head[:-1], ""):
        with pytest.raises(ValueError, match="no page of a rule"):
            read_rule(wrong)


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.md")), ids=lambda path: cast("Path", path).stem)
def test_the_links_of_a_page_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (PAGES / target).is_file(), target


@pytest.mark.parametrize("rule", RULES)
def test_json_and_toml_parse(rule: str) -> None:
    text = page(rule)

    for block in snippets(text, "json"):
        assert json_values(block), block
    for block in snippets(text, "toml"):
        assert tomllib.loads(block), block


def test_a_snippet_that_is_no_json_is_noticed() -> None:
    for wrong in ('{"a": 1,}', '{"a": NaN}', '"a": 1, "b"', '{"a": 1} x'):
        with pytest.raises(ValueError, match=r"."):
            json_values(wrong)


def contract_folder(folder: Path, members: JsonObject) -> Path:
    """A contract folder around a snippet: its members take the place of those of a contract that is right.

    In objects such as ``inputs`` each port is replaced as a whole. A snippet with ``types`` is the folder's
    ``artifact_types.json``.
    """
    files = {"artifact_types.json": ARTIFACT_TYPES}
    if "types" in members:
        files["artifact_types.json"] = members
    else:
        contract = dict(EVALUATION if members.get("kind") == "Processing" else FITTING)
        for name, value in members.items():
            present = contract.get(name)
            if isinstance(present, dict) and isinstance(value, dict):
                value = present | value
            contract[name] = value
        files["contract.json"] = contract
        (folder / "train.py").write_text("")
    for name, value in files.items():
        (folder / name).write_text(json.dumps(value))
    return folder


@pytest.mark.parametrize("rule", CONTRACT_RULES)
def test_contracts_on_pages(rule: str, tmp_path: Path) -> None:
    (wrong,) = json_values(snippet(rule, "Wrong", "json"))
    (right,) = json_values(snippet(rule, "Right", "json"))
    assert isinstance(wrong, dict)
    assert isinstance(right, dict)

    # A name that is wrong in one place is often missing in another.
    also = {"SMG113": {"SMG114"}}.get(rule, set[str]())
    assert rules_of(lambda: read_contracts(contract_folder(tmp_path, wrong))) == {rule, *also}
    read_contracts(contract_folder(tmp_path, right))


@pytest.mark.parametrize("rule", ["SMG100", "SMG101"])
def test_documents_on_pages(rule: str) -> None:
    assert rules_of(lambda: parse_document(snippet(rule, "Wrong", "text").encode(), "a.json")) == {rule}
    parse_document(snippet(rule, "Right", "json").encode(), "a.json")


def test_definitions_on_pages() -> None:
    (wrong,) = json_values(snippet("SMG300", "Wrong", "json"))
    (right,) = json_values(snippet("SMG300", "Right", "json"))

    assert rules_of(lambda: parse_definition(wrong)) == {"SMG300"}
    parse_definition(right)


def project(folder: Path, settings: str, module: str) -> Project:
    (folder / "pyproject.toml").write_text(settings)
    (folder / "pipelines").mkdir(exist_ok=True)
    (folder / "pipelines" / "fraud.py").write_text(module)
    return read_project(folder)


def test_settings_on_pages(tmp_path: Path) -> None:
    assert rules_of(lambda: project(tmp_path, snippet("SMG130", "Wrong", "toml"), "")) == {"SMG130"}
    assert project(tmp_path, snippet("SMG130", "Right", "toml"), "").environments["dev"].bucket == "fraud-dev"


def test_functions_on_pages(tmp_path: Path) -> None:
    settings = snippet("SMG211", "Right", "toml")

    def compiled(section: str) -> object:
        return compile_pipeline(project(tmp_path, settings, snippet("SMG210", section, "python")), PIPELINE, "prod")

    assert rules_of(lambda: compiled("Wrong")) == {"SMG210"}
    compiled("Right")


def test_environments_on_pages(tmp_path: Path) -> None:
    module = snippet("SMG214", "Right", "python")
    images = snippet("SMG212", "Right", "toml").replace(".dev.", ".prod.")

    def compiled(environment: str, images: str) -> object:
        return compile_pipeline(project(tmp_path, f"{environment}\n{images}", module), PIPELINE, "prod")

    right = snippet("SMG211", "Right", "toml")
    unknown = snippet("SMG212", "Wrong", "toml").replace(".dev.", ".prod.")
    assert rules_of(lambda: compiled(snippet("SMG211", "Wrong", "toml"), images)) == {"SMG211"}
    assert rules_of(lambda: compiled(right, unknown)) == {"SMG212"}
    compiled(right, images)


@pytest.mark.parametrize("rule", PIPELINE_RULES)
def test_pipelines_on_pages(rule: str) -> None:
    def build(section: str) -> None:
        namespace: dict[str, object] = {}
        exec(compile(snippet(rule, section, "python"), f"{rule}.md", "exec"), namespace)
        fraud = cast("Callable[[FluentPipelineBuilder, Environment], None]", namespace["fraud"])
        environment = Environment(
            "dev",
            role="arn:aws:iam::111122223333:role/Fraud",
            bucket="fraud-dev",
            images={"xgboost": "xgboost:1.7-1", "scikit-learn": "scikit-learn:1.2-1"},
        )
        builder = FluentPipelineBuilder("Fraud", environment)
        fraud(builder, environment)
        builder.build()

    assert rules_of(lambda: build("Wrong")) == {rule}
    build("Right")
