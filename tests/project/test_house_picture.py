"""The picture of the house is what the imports draw."""

from pathlib import Path

import pytest

from tests.golden import Golden
from tests.project.house_picture import HOUSE, PAGE, page_with, picture, rooms


def test_the_picture_is_of_the_house_as_it_is(golden: Golden) -> None:
    golden.text(PAGE, page_with(PAGE.read_text(encoding="utf-8"), picture(rooms(HOUSE))))


def test_no_room_imports_a_room_that_imports_it() -> None:
    house = rooms(HOUSE)
    assert {"diagnostics", "documents", "cli"} <= house.keys()
    waiting = dict(house)
    while waiting:
        done = [room for room, imported in waiting.items() if not imported & waiting.keys()]
        assert done, f"a circle of rooms: {', '.join(sorted(waiting))}"
        for room in done:
            del waiting[room]


def test_what_is_reached_through_another_room_has_no_arrow(tmp_path: Path) -> None:
    files = {
        "cellar/__init__.py": "",
        "kitchen/__init__.py": "from h import cellar\n",
        "kitchen/deep/stove.py": "from ...cellar import wine\n",
        "hall/__init__.py": "import h.kitchen.deep.stove, h.cellar, os\ndef f():\n    import h.attic\n",
        "attic/__init__.py": "",
    }
    for name, text in files.items():
        (tmp_path / "h" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "h" / name).write_text(text)
    house = rooms(tmp_path, "h")
    assert house == {
        "attic": frozenset(),
        "cellar": frozenset(),
        "hall": frozenset({"kitchen", "cellar", "attic"}),
        "kitchen": frozenset({"cellar"}),
    }
    assert picture(house).splitlines()[2:-1] == [
        "    attic",
        "    cellar",
        "    hall --> attic & kitchen",
        "    kitchen --> cellar",
    ]


def test_a_page_without_a_place_is_refused() -> None:
    with pytest.raises(ValueError, match="no place for the picture"):
        page_with("# The house\n", "")
