"""Whatever stands in a contract folder, reading it gives a registry or findings, and nothing else."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from hypothesis import given, strategies as st

from smgen.contract_model.holes import HOLE_KEYS
from smgen.contracts import ContractRegistry, read_contracts, setting_schemas
from smgen.diagnostics import Finding, FindingsError, Format, render
from smgen.documents import JsonValue
from tests.contracts.samples import GOOD, places, replaced, write_folder

DOCUMENTS: dict[str, JsonValue] = {
    path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(GOOD.glob("*.json"))
}
WORDS = st.sampled_from(
    [
        *HOLE_KEYS,
        "$ref",
        "type",
        "properties",
        "items",
        "enum",
        "required",
        "default",
        "object",
        "training_data",
        "image",
        "#/request",
        "",
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS
    | st.text(max_size=10)
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


def read_folder(files: dict[str, JsonValue], data: bytes | None = None) -> None:
    """Reads a folder with those documents, and with those bytes for one more."""
    with tempfile.TemporaryDirectory() as folder:
        root = write_folder(Path(folder), files)
        if data is not None:
            (root / "bytes.json").write_bytes(data)
        read(root)


def outcome(root: Path) -> tuple[ContractRegistry | None, tuple[Finding, ...]]:
    """The registry or the findings of a folder."""
    try:
        return read_contracts(root, shown_root="contracts"), ()
    except FindingsError as error:
        return None, error.findings


def read(root: Path) -> None:
    """Reads a folder and looks at everything that comes out."""
    registry, findings = outcome(root)
    for form in Format:
        assert not findings or render(findings, form)
    for finding in findings:
        assert finding.place.file is not None
    if registry is None:
        assert findings
        return
    for contract in registry.values():
        assert set(setting_schemas(contract)) == set(contract.settings)


@given(st.data())
def test_good_contracts_with_something_else_in_them(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(DOCUMENTS)))
    document = DOCUMENTS[name]
    for _ in range(data.draw(st.integers(1, 3))):
        document = replaced(document, data.draw(st.sampled_from(places(document))), data.draw(JSON))
    schema: JsonValue = json.loads((GOOD / "schemas" / "regression.json").read_text(encoding="utf-8"))
    read_folder({name: document, "schemas/regression.json": schema})


@given(JSON)
def test_any_json(value: JsonValue) -> None:
    read_folder({"a.json": value, "artifact_types.json": value})


@given(st.binary(max_size=60))
def test_any_bytes(data: bytes) -> None:
    read_folder({}, data)


@given(st.data())
def test_any_text_in_every_text(data: st.DataObject) -> None:
    text = data.draw(st.text(min_size=1, max_size=20))

    def hostile(value: JsonValue) -> JsonValue:
        if isinstance(value, str):
            return text
        if isinstance(value, list):
            return [hostile(item) for item in value]
        return {key: hostile(member) for key, member in value.items()} if isinstance(value, dict) else value

    name = data.draw(st.sampled_from(sorted(DOCUMENTS)))
    read_folder({name: hostile(DOCUMENTS[name])})
