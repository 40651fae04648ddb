"""Where a limit of the resolver leaves something out that could matter, the explanation says so."""

from __future__ import annotations

from itertools import pairwise

from smgen.documents import JsonObject, JsonValue, object_at as members
from smgen.wiring import Given, Resolution, UnifiedDependencyResolver, WiredStep, explain, resolution_json
from smgen.wiring.evidence import SUGGESTION_WINDOW, WINDOW
from tests.wiring.samples import TYPES, contract

MAKE = contract("Make", outputs={"rows": {}})
PASS = contract("Pass")


def resolve(steps: list[WiredStep], edges: list[tuple[str, str]] | None, *given: Given) -> Resolution:
    return UnifiedDependencyResolver(TYPES).resolve(steps, edges, given=given)


def chain(count: int, port: str = "rows", **more: bool) -> tuple[list[WiredStep], list[tuple[str, str]]]:
    """A step that makes rows, so many steps without ports behind it, and one that uses them."""
    names = ["make", *(f"pass{index}" for index in range(count)), "use"]
    steps = [WiredStep(name, PASS) for name in names]
    steps[0] = WiredStep("make", MAKE)
    steps[-1] = WiredStep("use", contract("Use", {port: {**more}}))
    return steps, list(pairwise(names))


def test_a_required_port_is_looked_for_in_the_window_and_its_end_is_told() -> None:
    inside = resolve(*chain(WINDOW - 1))
    assert [one.source.source for one in inside.bindings] == ["make.rows"]
    outside = resolve(*chain(WINDOW))
    (port,) = outside.open_ports
    assert port.cut_off == ("only the 256 nearest of the 257 steps before it were looked at",)
    assert port.reason == ("no Dataset comes before it; only the 256 nearest of the 257 steps before it were looked at")
    assert outside.findings()[0].message == f"nothing can feed use.rows: {port.reason}"
    assert port.reason in explain(outside)


def test_a_step_that_may_not_be_seen_is_not_counted() -> None:
    steps, edges = chain(WINDOW)
    steps[0] = WiredStep("make", MAKE, scope=("gate",))
    (port,) = resolve(steps, edges).open_ports
    assert port.cut_off == ()
    assert port.reason == "no Dataset comes before it"


def test_an_optional_port_gets_its_suggestion_from_the_nearest_steps() -> None:
    near = resolve(*chain(SUGGESTION_WINDOW - 1, required=False)).open_ports[0]
    assert (near.suggestion is not None and near.suggestion.source, near.cut_off) == ("make.rows", ())
    far = resolve(*chain(SUGGESTION_WINDOW, required=False)).open_ports[0]
    assert far.suggestion is None
    assert far.cut_off == ("only the 16 nearest of the 17 steps before it were looked at",)


def test_nothing_is_told_of_a_limit_that_decided_nothing() -> None:
    steps, edges = chain(WINDOW * 2)
    edges.append(("make", "use"))
    found = resolve(steps, edges)
    assert [one.source.source for one in found.bindings] == ["make.rows"]
    assert "looked at" not in explain(found)


def test_an_ambiguity_looks_no_farther_and_says_so() -> None:
    steps, edges = chain(WINDOW, port="lines_of_rows")
    steps[-2] = WiredStep(steps[-2].name, contract("Near", outputs={"rows": {}, "trees": {}}))
    (port,) = resolve(steps, edges).ambiguities
    assert [one.source for one in port.candidates] == [f"{steps[-2].name}.rows", f"{steps[-2].name}.trees"]
    assert port.reason == (
        "no output has enough evidence; only the 256 nearest of the 257 steps before it were looked at"
    )


def test_of_many_steps_of_one_kind_a_few_are_weighed_and_that_is_told() -> None:
    steps = [WiredStep(f"make{index}", MAKE) for index in range(20)]
    use = WiredStep("use", contract("Use", {"rows": {}}))
    (port,) = resolve([*steps, use], None).ambiguities
    assert [one.source for one in port.candidates] == ["make0.rows", "make1.rows", "make10.rows"]
    assert port.cut_off == ("only 8 of the 20 steps of Make were weighed", "3 of 8 candidates are named")
    assert port.reason == f"two or more outputs fit as well; {'; '.join(port.cut_off)}"
    (few,) = resolve([*steps[:8], use], None).ambiguities
    assert few.cut_off == ("3 of 8 candidates are named",)
    (three,) = resolve([*steps[:3], use], None).ambiguities
    assert three.cut_off == ()
    variants = [WiredStep(f"make{index}", MAKE, "test") for index in range(9)]
    (named,) = resolve([*variants, use], None).ambiguities
    assert named.cut_off[0] == "only 8 of the 9 steps of Make:test were weighed"


def test_steps_that_share_a_word_with_the_consumer_are_always_weighed() -> None:
    steps = [WiredStep(f"make-{index}", MAKE) for index in range(30)]
    found = resolve([*steps, WiredStep("use-27", contract("Use", {"rows": {}}))], None)
    assert [one.source.source for one in found.bindings] == ["make-27.rows"]


def test_steps_whose_output_feeds_the_consumer_already_take_no_place() -> None:
    steps = [WiredStep(f"make{index}", MAKE) for index in range(9)]
    ports: dict[str, JsonObject] = {"rows": {}, **{f"port{index}": {} for index in range(8)}}
    given = [Given("use", f"port{index}", f"make{index}", "rows") for index in range(8)]
    found = resolve([*steps, WiredStep("use", contract("Use", ports))], None, *given)
    assert [one.source.source for one in found.bindings] == ["make8.rows"]


def test_a_port_that_takes_many_gets_all_of_them() -> None:
    steps = [WiredStep(f"make-{index:02}", MAKE) for index in range(30)]
    use = WiredStep("use-07", contract("Use", {"rows": {"many": True}}))
    expected = ["make-07.rows", *(f"make-{index:02}.rows" for index in range(30) if index != 7)]
    assert [one.source.source for one in resolve([*steps, use], None).bindings] == expected
    # Along edges too, however many steps stand at one distance.
    steps = [WiredStep(f"make-{index:03}", MAKE) for index in range(WINDOW + 40)]
    between = WiredStep("between", PASS)
    use = WiredStep("use-007", contract("Use", {"rows": {"many": True}}))
    edges = [*((step.name, "between") for step in steps), ("between", "use-007")]
    assert len(resolve([*steps, between, use], edges).bindings) == WINDOW + 40


def source(step: str, output: str, type: str, *evidence: tuple[str, int, str]) -> JsonObject:
    """A candidate as data; evidence on the step is that of a direct edge only."""
    told: list[JsonValue] = [
        {"rule": rule, "weight": weight, "words": words} for rule, weight, words in (*evidence, DIRECT)
    ]
    strength = sum(weight for _, weight, _ in evidence)
    named: JsonObject = {"step": step, "output": output, "file": None, "type": type}
    return {**named, "score": strength + 30, "strength": strength, "distance": 1, "evidence": told}


DIRECT = ("nearest", 30, "direct edge")
SAME = ("name", 100, "same name 'rows'")


def test_the_resolution_as_data() -> None:
    plots = contract("Plots", outputs={"plots": {"type": "Report"}})
    steps = [WiredStep("one", MAKE), WiredStep("two", MAKE), WiredStep("plot", plots)]
    ports: dict[str, JsonObject] = {
        "report": {"type": "Report", "aliases": ["plots"]},
        "rows": {},
        "model": {"type": "Model", "required": False},
    }
    found = resolve([*steps, WiredStep("use", contract("Use", ports))], [(step.name, "use") for step in steps])
    bound = source("plot", "plots", "Report", ("alias", 90, "the port's alias 'plots'"))
    assert resolution_json(found) == {
        "summary": {
            "steps": 4,
            "ports": 3,
            "bindings": 1,
            "ambiguous": 1,
            "open": 1,
            "compared": 2,
            "scored": 3,
        },
        "ports": [
            {
                "step": "use",
                "port": "report",
                "type": "Report",
                "required": True,
                "many": False,
                "state": "bound",
                "source": bound,
                "certainty": "named",
                "margin": 120,
                "confidence": 0.9,
            },
            {
                "step": "use",
                "port": "rows",
                "type": "Dataset",
                "required": True,
                "many": False,
                "state": "ambiguous",
                "reason": "two or more outputs fit as well",
                "candidates": [source("one", "rows", "Dataset", SAME), source("two", "rows", "Dataset", SAME)],
                "cut_off": [],
            },
            {
                "step": "use",
                "port": "model",
                "type": "Model",
                "required": False,
                "many": False,
                "state": "open",
                "reason": "no Model comes before it",
                "suggestion": None,
                "entry": True,
                "cut_off": [],
            },
        ],
    }


def test_what_was_cut_off_is_in_the_data() -> None:
    steps = [WiredStep(f"make{index}", MAKE) for index in range(9)]
    found = resolution_json(resolve([*steps, WiredStep("use", contract("Use", {"rows": {}}))], None))
    (port,) = [members(item) for item in items(found["ports"])]
    assert port["cut_off"] == ["only 8 of the 9 steps of Make were weighed", "3 of 8 candidates are named"]
    found = resolution_json(resolve(*chain(SUGGESTION_WINDOW, required=False)))
    (port,) = [members(item) for item in items(found["ports"])]
    assert port["cut_off"] == ["only the 16 nearest of the 17 steps before it were looked at"]


def test_a_report_file_is_of_its_own_type() -> None:
    files: JsonObject = {
        "metrics": {"path": "m.json", "type": "Report", "schema": {"type": "object", "properties": {}}}
    }
    make = WiredStep("make", contract("Make", outputs={"folder": {"files": files}}))
    found = resolve([make, WiredStep("use", contract("Use", {"metrics": {"type": "Report"}}))], [("make", "use")])
    (port,) = [members(item) for item in items(resolution_json(found)["ports"])]
    told = members(port["source"])
    assert (told["output"], told["file"], told["type"]) == ("folder", "metrics", "Report")


def items(value: JsonValue) -> list[JsonValue]:
    assert isinstance(value, list)
    return value
