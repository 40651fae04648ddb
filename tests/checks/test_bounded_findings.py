"""What is done to findings of one definition so that any number of any length can be kept and shown."""

from smgen.checks import CHECKS, CheckContext
from smgen.checks.engine import run_checks
from smgen.checks.index import index_definition
from smgen.definition import parse_definition
from smgen.documents import JsonValue


def test_a_name_of_a_step_is_bounded_in_messages_and_not_in_places() -> None:
    name = "é" * 999
    steps: list[JsonValue] = [{"Name": name, "Type": "Fail"}, {"Name": name, "Type": "Fail"}]
    document: JsonValue = {"Version": "2020-12-01", "Steps": steps}
    found = run_checks(parse_definition(document), CheckContext(), CHECKS)
    assert {len(finding.place.step or "") for finding in found} >= {999}
    assert max(len(finding.message) for finding in found) < 2_100


def test_nearest_names_are_found_once_for_the_same_names() -> None:
    steps: list[JsonValue] = [{"Name": f"Step{n}", "Type": "Fail"} for n in range(9_000)]
    document: JsonValue = {"Version": "2020-12-01", "Steps": steps}
    index = index_definition(parse_definition(document))
    # Six questions of 9,000 names would be more than are compared; the same question is asked once.
    assert [index.nearest_step("Setp7") for _ in range(20)] == ["Step7"] * 20
    assert [index.nearest_step(f"Setp{n}") for n in range(6)] == [*(f"Step{n}" for n in range(4)), None, None]
