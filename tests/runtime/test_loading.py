"""What a generated module loads, and whose lines are whose."""

from __future__ import annotations

import json
from copy import copy
from dataclasses import replace
from pathlib import Path

import pytest

from smgen.authoring.contract_files import contracts_folder
from smgen.authoring.loading import contract_of_module
from smgen.runtime import StepContract, load_contract
from tests.runtime.fixture_package import CONTRACTS, Steps, findings_of, one_of


def test_a_contract_that_was_loaded(steps: Steps) -> None:
    assert steps.train.CONTRACT.name == "Train"
    contract: StepContract = steps.train.CONTRACT
    assert contract_of_module("rt_steps.nothing") is None
    assert contract_of_module("rt_steps.train") is contract
    assert contracts_folder(contract).resolve() == CONTRACTS.resolve()


def test_a_contract_that_is_lost(tmp_path: Path) -> None:
    finding = one_of(lambda: load_contract("pkg.train", str(tmp_path / "train.py")))
    assert (finding.rule, finding.place.file) == ("SMG131", (tmp_path / "train.json").as_posix())
    assert finding.message == "the generated module pkg.train has lost the contract that belongs to it"
    assert finding.given == "No such file or directory"


@pytest.mark.parametrize("content", ["[]", "{}", '{"name": "X"}', '{"name": "X", "kind": "Trainin"}', '"x"'])
def test_a_file_that_holds_no_contract(tmp_path: Path, content: str) -> None:
    (tmp_path / "train.json").write_text(content)
    # The file is read when something of the contract is first asked for.
    contract = load_contract("pkg.train", str(tmp_path / "train.py"))
    finding = one_of(lambda: contract.name)
    assert finding.rule == "SMG131"
    assert finding.message == "the data file of the generated module pkg.train holds no contract"


@pytest.mark.parametrize(("content", "rule"), [(b"{", "SMG100"), (b'{"a": 1, "a": 2}', "SMG101"), (b"\xff", "SMG100")])
def test_a_file_that_someone_changed(tmp_path: Path, content: bytes, rule: str) -> None:
    (tmp_path / "train.json").write_bytes(content)
    contract = load_contract("t", str(tmp_path / "train.py"))
    for _ in "again":
        assert {item.rule for item in findings_of(lambda: contract.document)} == {rule}


def test_a_contract_that_is_read_late_is_like_any_other(steps: Steps, tmp_path: Path) -> None:
    read: StepContract = steps.train.CONTRACT
    (tmp_path / "train.json").write_text(json.dumps(read.document))
    late = load_contract("t", str(tmp_path / "train.py"))
    assert isinstance(late, StepContract)
    assert (late, hash(late)) == (read, hash(read))
    assert replace(late, owner="others").owner == "others"
    assert copy(late).input_ports == late.input_ports
    with pytest.raises(AttributeError, match=r"^'StepContract' object has no attribute 'nam'$"):
        getattr(late, "nam")  # noqa: B009  # a type checker sees the slip
