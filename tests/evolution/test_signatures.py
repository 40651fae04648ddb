"""What changes the generated modules for a type checker is told, whatever single edit it comes from."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from smgen.contracts import ContractRegistry
from smgen.diagnostics import FindingsError
from smgen.documents import JsonValue, append_pointer, at_pointer, replace_at
from smgen.evolution import Level, contract_changes
from smgen.generate import GenerationOptions, plan
from tests.evolution.states import State, base, registry

#: Members that are for people, or that say what holds without them.
SAYS_NOTHING = {
    "/fitting/owner",
    "/fitting/description",
    "/fitting/hyperparameters/type",
    "/fitting/environment/type",
    "/scoring/owner",
    "/scoring/outputs/evaluation/property_path",
    "/scoring/outputs/evaluation/files/scores/type",
    "/scoring/outputs/evaluation/files/scores/schema/type",
}
#: The kind of change that type checkers see in the text of a module, and that reaches no user's module.
DEFAULT = "SMG634"


@dataclass(frozen=True)
class Edited:
    """A state of which one value is gone or another one; ``face`` is its package as a type checker reads it."""

    pointer: str
    contracts: ContractRegistry
    face: dict[str, str]


def faces(contracts: ContractRegistry) -> dict[str, str]:
    """The modules of the package without docstrings and comments."""
    files = plan(contracts, GenerationOptions("risk_steps", "contracts")).files
    return {path: _face(content.decode()) for path, content in files.items() if path.endswith(".py")}


def _face(source: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            node.body = [part for part in node.body if not _is_text(part)]
    return ast.unparse(ast.fix_missing_locations(tree))


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def edits() -> Iterator[tuple[str, State]]:
    """Every value of the base state taken away, and every plain one changed."""
    waiting: list[tuple[str, JsonValue]] = [(f"/{name}", document) for name, document in base().items()]
    while waiting:
        pointer, value = waiting.pop()
        if isinstance(value, (dict, list)):
            parts = value.items() if isinstance(value, dict) else enumerate(value)
            waiting += [(append_pointer(pointer, part), inner) for part, inner in parts]
        if pointer.count("/") == 1:
            continue
        changed: JsonValue = {**base()}
        holder, last = at_pointer(changed, pointer.rpartition("/")[0]), pointer.rpartition("/")[2]
        if isinstance(holder, dict):
            del holder[last]
        elif isinstance(holder, list):
            del holder[int(last)]
        yield pointer, _state(changed)
        other: JsonValue = {**base()}
        replace_at(other, pointer, _other(value))
        yield pointer, _state(other)


def _state(value: JsonValue) -> State:
    assert isinstance(value, dict)
    return {name: document for name, document in value.items() if isinstance(document, dict)}


def _other(value: JsonValue) -> JsonValue:
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    return f"{value}x" if isinstance(value, str) else copy.deepcopy(value)


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> list[Edited]:
    """Those of the edited states that are contracts."""
    folder = tmp_path_factory.mktemp("edited")
    found: list[Edited] = []
    for pointer, state in edits():
        if state == base():
            continue
        try:
            contracts = registry(folder, state)
        except FindingsError:
            continue
        found.append(Edited(pointer, contracts, faces(contracts)))
    return found


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> ContractRegistry:
    return registry(tmp_path_factory.mktemp("before"), base())


@pytest.mark.slow
def test_everything_is_told_but_what_says_nothing(before: ContractRegistry, edited: list[Edited]) -> None:
    assert len(edited) > 100
    silent = {edit.pointer: edit.face for edit in edited if contract_changes(before, edit.contracts) == ()}
    assert silent.keys() == SAYS_NOTHING
    assert list(silent.values()) == [faces(before)] * len(silent)


@pytest.mark.slow
def test_what_a_type_checker_sees_reaches_source_in_one_direction(
    before: ContractRegistry, edited: list[Edited]
) -> None:
    face = faces(before)
    seen = [edit for edit in edited if edit.face != face]
    assert len(seen) > 50
    for edit in seen:
        there, back = contract_changes(before, edit.contracts), contract_changes(edit.contracts, before)
        told = {(change.level, change.rule) for change in (*there, *back)}
        assert any(level is Level.SOURCE or rule == DEFAULT for level, rule in told), edit.pointer


@pytest.mark.slow
def test_what_reaches_source_is_seen_by_a_type_checker_or_by_the_build(
    before: ContractRegistry, edited: list[Edited]
) -> None:
    face = faces(before)
    unseen = {
        edit.pointer: sorted({change.rule for change in contract_changes(before, edit.contracts)})
        for edit in edited
        if edit.face == face
        and any(change.level is Level.SOURCE for change in contract_changes(before, edit.contracts))
    }
    assert unseen == {}
