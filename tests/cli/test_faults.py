"""A kill, Ctrl-C and a full disk while a command writes: old or new, and the next run ends well.

``python -m tests.cli.faults`` puts them at every change; here they are at some of each command.
"""

from __future__ import annotations

import pytest

from tests.cli.faults import Fault, Stage, sampled
from tests.cli.writing_commands import CASES, Case

#: The most faults of a kind in one command: an import takes longer, and changes more.
_MOST = 5
_MOST_OF_IMPORT = 2


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.name)
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    case = request.param
    assert isinstance(case, Case)
    return Stage(case, tmp_path_factory.mktemp("stage"))


@pytest.mark.parametrize("fault", Fault)
def test_a_fault_leaves_old_or_new(stage: Stage, fault: Fault) -> None:
    most = _MOST_OF_IMPORT if stage.case.name.startswith("import") else _MOST
    found = [stage.check(fault, at) for at in sampled(len(stage.changes), most, shift=list(Fault).index(fault))]
    assert found[0] == "old"


def test_every_kind_of_change_is_seen(stage: Stage) -> None:
    assert {"open", "fsync", "os.mkdir", "os.rmdir"} <= {*stage.changes}
    assert {"os.rename", "exchange"} & {*stage.changes}


def test_a_state_that_is_neither_is_told(stage: Stage) -> None:
    """The check itself: a folder of which one file is of neither state."""
    stage.reset()
    (stage.work / "half.txt").write_text("half", encoding="utf-8")
    with pytest.raises(AssertionError):
        stage.check_state(finish=False)
