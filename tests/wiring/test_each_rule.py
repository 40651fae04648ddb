"""Each rule by itself, in the smallest pipeline that shows it: what it says, and what is without it."""

from __future__ import annotations

import pytest

from smgen.contracts import StepContract
from smgen.documents import JsonObject
from smgen.wiring import Candidate, Given, Resolution, Rule, Step, UnifiedDependencyResolver
from tests.wiring.samples import TYPES, contract


def resolve(
    steps: list[Step],
    *edges: tuple[str, str],
    drawn: bool = True,
    without: Rule | None = None,
    given: tuple[Given, ...] = (),
) -> Resolution:
    off = frozenset[Rule]() if without is None else frozenset((without,))
    return UnifiedDependencyResolver(TYPES, without=off).resolve(steps, edges if drawn else None, given=given)


def told(resolution: Resolution) -> dict[str, str]:
    """Each port with its source, ``?`` and its candidates, or ``-`` and its suggestion."""
    found = {f"{one.step}.{one.port.logical_name}": one.source.source for one in resolution.bindings}
    for unclear in resolution.ambiguities:
        names = " ".join(one.source for one in unclear.candidates)
        found[f"{unclear.step}.{unclear.port.logical_name}"] = f"? {names}"
    for port in resolution.open_ports:
        near = "" if port.suggestion is None else port.suggestion.source
        found[f"{port.step}.{port.port.logical_name}"] = f"- {near}".rstrip()
    return found


def candidates(resolution: Resolution) -> dict[str, Candidate]:
    """Every output that is named for some port, by its name."""
    found = [one.source for one in resolution.bindings]
    found += [one for unclear in resolution.ambiguities for one in unclear.candidates]
    found += [port.suggestion for port in resolution.open_ports if port.suggestion is not None]
    return {one.source: one for one in found}


def evidence(resolution: Resolution, source: str, rule: Rule) -> list[tuple[int, str]]:
    return [(one.weight, one.words) for one in candidates(resolution)[source].evidence if one.rule is rule]


def pair(port: str, output: str, made: JsonObject | None = None, used: JsonObject | None = None) -> list[Step]:
    """A step with one output, and one behind it with one port."""
    make = Step("make", contract("Make", outputs={output: made or {}}))
    return [make, Step("use", contract("Use", {port: used or {}}))]


EDGE = ("make", "use")


# Hard rules ---------------------------------------------------------------------------------------------------------


def test_type() -> None:
    steps = pair("rows", "rows", {"type": "Model"})
    assert told(resolve(steps, EDGE)) == {"use.rows": "-"}
    assert resolve(steps, EDGE).open_ports[0].reason == "no Dataset comes before it"
    assert told(resolve(steps, EDGE, without=Rule.TYPE)) == {"use.rows": "make.rows"}
    kind = pair("rows", "rows", {"type": "TrainingData"})
    assert told(resolve(kind, EDGE)) == {"use.rows": "make.rows"}
    parent = pair("rows", "rows", {"type": "Dataset"}, {"type": "TrainingData"})
    assert told(resolve(parent, EDGE)) == {"use.rows": "-"}


def test_reachable() -> None:
    steps = pair("rows", "rows")
    assert told(resolve(steps)) == {"use.rows": "-"}
    assert resolve(steps).open_ports[0].reason == "no step comes before it"
    assert told(resolve(steps, ("use", "make"))) == {"use.rows": "-"}
    assert told(resolve(steps, without=Rule.REACHABLE)) == {"use.rows": "make.rows"}


def test_one_port() -> None:
    ports: dict[str, JsonObject] = {"rows": {}, "rows_input": {}}

    def steps(shared: bool) -> list[Step]:
        make = Step("make", contract("Make", outputs={"rows": {"shared": shared}}))
        return [make, Step("use", contract("Use", ports))]

    assert told(resolve(steps(False), EDGE)) == {"use.rows": "make.rows", "use.rows_input": "? make.rows"}
    both = {"use.rows": "make.rows", "use.rows_input": "make.rows"}
    assert told(resolve(steps(True), EDGE)) == both
    assert told(resolve(steps(False), EDGE, without=Rule.ONE_PORT)) == both
    given = (Given("use", "rows", "make", "rows"),)
    assert told(resolve(steps(False), EDGE, given=given)) == {"use.rows_input": "-"}
    assert told(resolve(steps(False), EDGE, given=given, without=Rule.ONE_PORT)) == {"use.rows_input": "make.rows"}


def test_own_variant() -> None:
    made = contract("Make", outputs={"rows": {}})
    use = contract("Use", {"rows": {}})
    steps = [Step("far", made, "test"), Step("near", made, "training"), Step("use", use, "test")]
    edges = (("far", "near"), ("near", "use"))
    assert told(resolve(steps, *edges)) == {"use.rows": "far.rows"}
    assert told(resolve(steps, *edges, without=Rule.OWN_VARIANT)) == {"use.rows": "near.rows"}
    # Without an own one before it, another variant is taken from a direct predecessor only.
    assert told(resolve(steps[1:], edges[1])) == {"use.rows": "near.rows"}
    between = Step("between", contract("Between"))
    far = [steps[1], between, steps[2]]
    assert told(resolve(far, ("near", "between"), ("between", "use"))) == {"use.rows": "? near.rows"}
    reason = resolve(far, ("near", "between"), ("between", "use")).ambiguities[0].reason
    assert reason == "near is another variant and no direct predecessor"


# Claims -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("port", "output", "used", "made", "rule", "expected"),
    [
        ("rows", "Rows", {}, {}, Rule.NAME, (100, "same name 'Rows'")),
        ("rows", "table_one", {}, {"aliases": ["rows"]}, Rule.ALIAS, (90, "the output's alias 'rows'")),
        ("rows", "table_one", {"aliases": ["table_one"]}, {}, Rule.ALIAS, (90, "the port's alias 'table_one'")),
        ("rows", "tens", {"aliases": ["x"]}, {"aliases": ["x"]}, Rule.ALIAS, (85, "the alias 'x' of both")),
        ("rows_input", "rows_output", {}, {}, Rule.DIRECTION, (85, "same name but for the direction")),
        ("rows", "tens", {"semantic_keywords": ["tens"]}, {}, Rule.KEYWORD, (55, "keyword 'tens' names the output")),
        ("big_rows", "big_lines", {}, {}, Rule.SIMILAR, (25, "name like 'big_lines' (0.50)")),
    ],
)
def test_claims(
    port: str, output: str, used: JsonObject, made: JsonObject, rule: Rule, expected: tuple[int, str]
) -> None:
    steps = pair(port, output, made, used)
    assert evidence(resolve(steps, EDGE), f"make.{output}", rule) == [expected]
    without = resolve(steps, EDGE, without=rule)
    assert f"make.{output}" not in candidates(without) or evidence(without, f"make.{output}", rule) == []


def test_several_keywords_of_which_one_stands_beside_a_better_claim() -> None:
    keywords: JsonObject = {"semantic_keywords": ["tens", "ten_rows", "ten_lines"]}
    steps = pair("rows", "tens", {"aliases": ["ten_rows", "ten_lines"]}, keywords)
    words = "keyword 'ten_rows', 'ten_lines', 'tens' names the output"
    assert evidence(resolve(steps, EDGE), "make.tens", Rule.KEYWORD) == [(75, words)]
    steps = pair("tens", "tens", {}, {"semantic_keywords": ["tens"]})
    assert evidence(resolve(steps, EDGE), "make.tens", Rule.KEYWORD) == [(10, "keyword 'tens' names the output")]


def only_fit_steps(used: JsonObject) -> list[Step]:
    make = Step("make", contract("Make", outputs={"fitted": {"type": "Model"}, "plots": {"type": "Report"}}))
    return [make, Step("use", contract("Use", {"classifier": {"type": "Model", **used}}))]


def test_only_fit() -> None:
    listed = only_fit_steps({"compatible_sources": ["Make"]})
    found = resolve(listed, EDGE)
    assert told(found) == {"use.classifier": "make.fitted"}
    assert evidence(found, "make.fitted", Rule.ONLY_FIT) == [(60, "the only Model before the step")]
    # 60 and the listed source's 15 reach 75.
    assert candidates(found)["make.fitted"].strength == 75
    assert told(resolve(listed, EDGE, without=Rule.ONLY_FIT)) == {"use.classifier": "? make.fitted"}
    # The type alone is not enough, and an optional port never takes what only its type speaks for.
    assert told(resolve(only_fit_steps({}), EDGE)) == {"use.classifier": "? make.fitted"}
    assert told(resolve(only_fit_steps({"required": False, "compatible_sources": ["Make"]}), EDGE)) == {
        "use.classifier": "-"
    }


def test_a_keyword_beside_the_only_fit_makes_it_no_less_certain() -> None:
    listed: JsonObject = {"compatible_sources": ["Make"]}
    found = resolve(only_fit_steps({**listed, "semantic_keywords": ["fitted"]}), EDGE)
    assert told(found) == {"use.classifier": "make.fitted"}
    assert evidence(found, "make.fitted", Rule.ONLY_FIT) == [(60, "the only Model before the step")]
    assert evidence(found, "make.fitted", Rule.KEYWORD) == [(10, "keyword 'fitted' names the output")]
    assert candidates(found)["make.fitted"].strength == 88
    # Without a listed source the two are not enough together, and a strong keyword stays the claim that it is.
    alone = resolve(only_fit_steps({"semantic_keywords": ["fitted"]}), EDGE)
    assert told(alone) == {"use.classifier": "? make.fitted"}
    assert candidates(alone)["make.fitted"].strength == 73


def test_only_fit_says_nothing_where_every_output_fits_or_two_do() -> None:
    listed: JsonObject = {"compatible_sources": ["Make"]}
    one_type = [
        Step("make", contract("Make", outputs={"fitted": {}})),
        Step("use", contract("Use", {"classifier": listed})),
    ]
    assert told(resolve(one_type, EDGE)) == {"use.classifier": "? make.fitted"}
    two = [Step("more", contract("More", outputs={"tuned": {"type": "Model"}})), *only_fit_steps(listed)]
    found = resolve(two, EDGE, ("more", "use"))
    assert told(found) == {"use.classifier": "? make.fitted more.tuned"}


# Support ------------------------------------------------------------------------------------------------------------


def test_keyword_words() -> None:
    steps = pair("rows", "tall_trees", {}, {"semantic_keywords": ["tree", "tall_thing", "data", "rows"]})
    found = resolve(steps, EDGE)
    assert evidence(found, "make.tall_trees", Rule.KEYWORD_WORDS) == [(6, "words of its keywords: tall, tree")]
    assert evidence(resolve(steps, EDGE, without=Rule.KEYWORD_WORDS), "make.tall_trees", Rule.KEYWORD_WORDS) == []


def test_named_after() -> None:
    make = Step("make", contract("ModelCalibration", outputs={"model_output": {}}))
    use = Step("use", contract("Use", {"calibrated_model_input": {}}))
    found = resolve([make, use], EDGE)
    assert evidence(found, "make.model_output", Rule.NAMED_AFTER) == [
        (20, "port named after the step ModelCalibration")
    ]
    without = resolve([make, use], EDGE, without=Rule.NAMED_AFTER)
    assert evidence(without, "make.model_output", Rule.NAMED_AFTER) == []


def test_named_for() -> None:
    make = Step("make", contract("Make", outputs={"training_data": {"aliases": ["rows"]}, "other": {}}))
    use = Step("use", contract("XGBoostTraining", {"rows": {}}))
    found = resolve([make, use], EDGE)
    assert evidence(found, "make.training_data", Rule.NAMED_FOR) == [(20, "'training_data' is named for the consumer")]
    assert evidence(resolve([make, use], EDGE, without=Rule.NAMED_FOR), "make.training_data", Rule.NAMED_FOR) == []
    alike = [Step("make", make.contract, step_type="XGBoostTraining"), use]
    assert evidence(resolve(alike, EDGE), "make.training_data", Rule.NAMED_FOR) == []


# The step -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("Make:training", (20, "lists the source 'Make:training'")),
        ("Make", (15, "lists the source 'Make'")),
        ("ProcessingStep", (3, "lists sources of the kind 'ProcessingStep'")),
    ],
)
def test_source(listed: str, expected: tuple[int, str]) -> None:
    make, use = pair("rows", "rows", {}, {"compatible_sources": [listed, "Other"]})
    steps = [Step("make", make.contract, "training"), use]
    assert evidence(resolve(steps, EDGE), "make.rows", Rule.SOURCE) == [expected]
    assert evidence(resolve(steps, EDGE, without=Rule.SOURCE), "make.rows", Rule.SOURCE) == []


def chain() -> list[Step]:
    """Two steps that make the same, one behind the other, and one that uses it."""
    made = contract("Make", {"before": {"required": False}}, {"rows": {}})
    return [Step("far", made), Step("near", made), Step("use", contract("Use", {"rows": {}}))]


CHAIN = (("far", "near"), ("near", "use"))


def test_nearest_and_its_shadow() -> None:
    found = resolve(chain(), *CHAIN)
    assert told(found)["use.rows"] == "near.rows"
    assert evidence(found, "near.rows", Rule.NEAREST) == [(30, "direct edge")]
    # The far one has 100 for its name and 15 for two edges; the near one stands before it, so it loses 100.
    assert [one.margin for one in found.bindings] == [130 - 15]
    without = resolve(chain(), *CHAIN, without=Rule.NEAREST)
    assert told(without)["use.rows"] == "? far.rows near.rows"


def test_a_shadowed_output_is_taken_when_the_nearer_one_serves_elsewhere() -> None:
    far = Step("far", contract("Far", outputs={"old_rows": {}}))
    near = Step("near", contract("Near", outputs={"rows": {"aliases": ["old_rows"]}}))
    use = Step("use", contract("Use", {"rows": {}, "old_rows": {}}))
    found = resolve([far, near, use], *CHAIN)
    assert told(found) == {"use.rows": "near.rows", "use.old_rows": "far.old_rows"}
    assert candidates(found)["far.old_rows"].score == 100 + 15 - 100
    # Alone the port takes the nearer one, whose alias it is.
    alone = Step("use", contract("Use", {"old_rows": {}}))
    assert told(resolve([far, near, alone], *CHAIN)) == {"use.old_rows": "near.rows"}


def test_same_variant() -> None:
    make, use = contract("Make", outputs={"rows": {}}), contract("Use", {"rows": {}})
    steps = [Step("make", make, "test"), Step("use", use, "test")]
    assert evidence(resolve(steps, EDGE), "make.rows", Rule.SAME_VARIANT) == [(10, "same variant 'test'")]
    assert evidence(resolve(steps, EDGE, without=Rule.SAME_VARIANT), "make.rows", Rule.SAME_VARIANT) == []
    other = [Step("make", make, "training"), Step("use", use, "test")]
    assert evidence(resolve(other, EDGE), "make.rows", Rule.SAME_VARIANT) == []


@pytest.mark.parametrize(("consumer", "port"), [("ModelCalibration", "rows"), ("Use", "calibration_rows")])
def test_variant_word(consumer: str, port: str) -> None:
    make = contract("Make", outputs={"rows": {"aliases": [port]}})
    use = contract(consumer, {port: {}})
    steps = [Step("one", make, "training"), Step("two", make, "calibration"), Step("use", use)]
    edges = (("one", "use"), ("two", "use"))
    found = resolve(steps, *edges)
    assert told(found) == {f"use.{port}": "two.rows"}
    words = "variant 'calibration' is in the consumer's name"
    assert evidence(found, "two.rows", Rule.VARIANT_WORD) == [(12, words)]
    assert told(resolve(steps, *edges, without=Rule.VARIANT_WORD)) == {f"use.{port}": "? one.rows two.rows"}


@pytest.mark.parametrize("drawn", [True, False])
def test_lane(drawn: bool) -> None:
    make, use = contract("Make", outputs={"rows": {}}), contract("Use", {"rows": {}})
    steps = [Step("MakeNorth", make), Step("MakeSouth", make), Step("use-north", use), Step("use-west", use)]
    edges = tuple((step.name, name) for step in steps[:2] for name in ("use-north", "use-west"))
    found = resolve(steps, *edges, drawn=drawn)
    assert told(found) == {"use-north.rows": "MakeNorth.rows", "use-west.rows": "? MakeNorth.rows MakeSouth.rows"}
    assert evidence(found, "MakeNorth.rows", Rule.LANE) == []
    (binding,) = found.bindings
    assert [(one.weight, one.words) for one in binding.source.evidence if one.rule is Rule.LANE] == [
        (12, "both steps have 'north' in their names")
    ]
    assert binding.margin == 12
    without = resolve(steps, *edges, drawn=drawn, without=Rule.LANE)
    assert told(without)["use-north.rows"] == "? MakeNorth.rows MakeSouth.rows"


def test_a_lane_is_no_word_of_the_type_no_generic_one_and_none_that_all_steps_have() -> None:
    make, use = contract("Make", outputs={"rows": {}}), contract("Use", {"rows": {}})
    for names in (
        ("use-1", "make-2", "use"),
        ("data-1", "two", "data"),
        ("fraud-1", "fraud-2", "fraud-use"),
    ):
        steps = [Step(names[0], make), Step(names[1], make), Step(names[2], use)]
        found = resolve(steps, (names[0], names[2]), (names[1], names[2]))
        first, second = sorted(names[:2])
        assert told(found) == {f"{names[2]}.rows": f"? {first}.rows {second}.rows"}


# Decision -----------------------------------------------------------------------------------------------------------


def test_second_witness() -> None:
    def steps(port: JsonObject) -> list[Step]:
        return pair("rows", "tens", {"aliases": ["rows"]}, {"required": False, **port})

    alone = resolve(steps({}), EDGE)
    assert told(alone) == {"use.rows": "- make.tens"}
    assert alone.open_ports[0].reason == "make.tens is near, but not certain"
    assert told(resolve(steps({}), EDGE, without=Rule.SECOND_WITNESS)) == {"use.rows": "make.tens"}
    assert told(resolve(steps({"compatible_sources": ["Make"]}), EDGE)) == {"use.rows": "make.tens"}
    assert told(resolve(steps({"compatible_sources": ["ProcessingStep"]}), EDGE)) == {"use.rows": "- make.tens"}
    assert told(resolve(steps({"semantic_keywords": ["ten_lines"]}), EDGE)) == {"use.rows": "make.tens"}
    # The same name needs none, and a required port neither.
    assert told(resolve(pair("rows", "rows", {}, {"required": False}), EDGE)) == {"use.rows": "make.rows"}
    assert told(resolve(steps({"required": True}), EDGE)) == {"use.rows": "make.tens"}


def idle(second: StepContract) -> list[Step]:
    first = Step("first", contract("First", outputs={"lines": {"aliases": ["rows"]}}))
    return [first, Step("second", second), Step("use", contract("Use", {"rows": {}}))]


def test_idle_edge() -> None:
    edges = (("first", "use"), ("second", "use"))
    steps = idle(contract("Second", outputs={"big_rows": {}}))
    found = resolve(steps, *edges)
    assert told(found) == {"use.rows": "? first.lines second.big_rows"}
    assert found.ambiguities[0].reason == "the edge from second would carry nothing"
    assert told(resolve(steps, *edges, without=Rule.IDLE_EDGE)) == {"use.rows": "first.lines"}
    # A step with nothing for the port may wait for something else, and one of the same type is no rival.
    assert told(resolve(idle(contract("Second", outputs={"plots": {}})), *edges)) == {"use.rows": "first.lines"}
    assert told(resolve(idle(contract("First", outputs={"big_rows": {}})), *edges)) == {"use.rows": "first.lines"}
    # Where no edges are drawn none can be idle.
    assert told(resolve(steps, drawn=False)) == {"use.rows": "first.lines"}


def test_every_rule_has_a_test_here() -> None:
    tested = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    claims = {"name", "alias", "direction", "keyword", "similar"}
    named = {rule.value.replace("-", "_") for rule in Rule} - claims
    assert {
        rule for rule in named if not any(name == rule or name.startswith(f"{rule}_and") for name in tested)
    } == set()
