"""Each rule by itself, in the smallest pipeline that shows it: what it says, and what is without it."""

from __future__ import annotations

import pytest

from smgen.contracts import StepContract
from smgen.documents import JsonObject
from smgen.wiring import Candidate, Certainty, EvidenceRule, Given, Resolution, UnifiedDependencyResolver, WiredStep
from tests.wiring.samples import TYPES, contract


def resolve(
    steps: list[WiredStep],
    *edges: tuple[str, str],
    drawn: bool = True,
    without: EvidenceRule | tuple[EvidenceRule, ...] = (),
    given: tuple[Given, ...] = (),
) -> Resolution:
    off = frozenset((without,) if isinstance(without, EvidenceRule) else without)
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


def evidence(resolution: Resolution, source: str, rule: EvidenceRule) -> list[tuple[int, str]]:
    return [(one.weight, one.words) for one in candidates(resolution)[source].evidence if one.rule is rule]


def pair(port: str, output: str, made: JsonObject | None = None, used: JsonObject | None = None) -> list[WiredStep]:
    """A step with one output, and one behind it with one port."""
    make = WiredStep("make", contract("Make", outputs={output: made or {}}))
    return [make, WiredStep("use", contract("Use", {port: used or {}}))]


EDGE = ("make", "use")


# Hard rules ---------------------------------------------------------------------------------------------------------


def test_type() -> None:
    steps = pair("rows", "rows", {"type": "Model"})
    assert told(resolve(steps, EDGE)) == {"use.rows": "-"}
    assert resolve(steps, EDGE).open_ports[0].reason == "no Dataset comes before it"
    assert told(resolve(steps, EDGE, without=EvidenceRule.TYPE)) == {"use.rows": "make.rows"}
    kind = pair("rows", "rows", {"type": "TrainingData"})
    assert told(resolve(kind, EDGE)) == {"use.rows": "make.rows"}
    parent = pair("rows", "rows", {"type": "Dataset"}, {"type": "TrainingData"})
    assert told(resolve(parent, EDGE)) == {"use.rows": "-"}


def test_reachable() -> None:
    steps = pair("rows", "rows")
    assert told(resolve(steps)) == {"use.rows": "-"}
    assert resolve(steps).open_ports[0].reason == "no step comes before it"
    assert told(resolve(steps, ("use", "make"))) == {"use.rows": "-"}
    assert told(resolve(steps, without=EvidenceRule.REACHABLE)) == {"use.rows": "make.rows"}


def test_one_port() -> None:
    ports: dict[str, JsonObject] = {"rows": {}, "rows_input": {}}

    def steps(shared: bool) -> list[WiredStep]:
        make = WiredStep("make", contract("Make", outputs={"rows": {"shared": shared}}))
        return [make, WiredStep("use", contract("Use", ports))]

    assert told(resolve(steps(False), EDGE)) == {"use.rows": "make.rows", "use.rows_input": "? make.rows"}
    both = {"use.rows": "make.rows", "use.rows_input": "make.rows"}
    assert told(resolve(steps(True), EDGE)) == both
    assert told(resolve(steps(False), EDGE, without=EvidenceRule.ONE_PORT)) == both
    given = (Given("use", "rows", "make", "rows"),)
    assert told(resolve(steps(False), EDGE, given=given)) == {"use.rows_input": "-"}
    assert told(resolve(steps(False), EDGE, given=given, without=EvidenceRule.ONE_PORT)) == {
        "use.rows_input": "make.rows"
    }


def test_own_variant() -> None:
    made = contract("Make", outputs={"rows": {}})
    use = contract("Use", {"rows": {}})
    steps = [WiredStep("far", made, "test"), WiredStep("near", made, "training"), WiredStep("use", use, "test")]
    edges = (("far", "near"), ("near", "use"))
    assert told(resolve(steps, *edges)) == {"use.rows": "far.rows"}
    assert told(resolve(steps, *edges, without=EvidenceRule.OWN_VARIANT)) == {"use.rows": "near.rows"}
    # Without an own one before it, another variant is taken from a direct predecessor only.
    assert told(resolve(steps[1:], edges[1])) == {"use.rows": "near.rows"}
    between = WiredStep("between", contract("Between"))
    far = [steps[1], between, steps[2]]
    assert told(resolve(far, ("near", "between"), ("between", "use"))) == {"use.rows": "? near.rows"}
    reason = resolve(far, ("near", "between"), ("between", "use")).ambiguities[0].reason
    assert reason == "near is another variant and no direct predecessor"


# Claims -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("port", "output", "used", "made", "rule", "expected"),
    [
        ("rows", "Rows", {}, {}, EvidenceRule.NAME, (100, "same name 'Rows'")),
        ("rows", "table_one", {}, {"aliases": ["rows"]}, EvidenceRule.ALIAS, (90, "the output's alias 'rows'")),
        ("rows", "table_one", {"aliases": ["table_one"]}, {}, EvidenceRule.ALIAS, (90, "the port's alias 'table_one'")),
        ("rows", "tens", {"aliases": ["x"]}, {"aliases": ["x"]}, EvidenceRule.ALIAS, (85, "the alias 'x' of both")),
        ("rows_input", "rows_output", {}, {}, EvidenceRule.DIRECTION, (85, "same name but for the direction")),
        (
            "rows",
            "tens",
            {"semantic_keywords": ["tens"]},
            {},
            EvidenceRule.KEYWORD,
            (55, "keyword 'tens' names the output"),
        ),
        ("big_rows", "big_lines", {}, {}, EvidenceRule.SIMILAR, (25, "name like 'big_lines' (0.50)")),
    ],
)
def test_claims(
    port: str, output: str, used: JsonObject, made: JsonObject, rule: EvidenceRule, expected: tuple[int, str]
) -> None:
    steps = pair(port, output, made, used)
    assert evidence(resolve(steps, EDGE), f"make.{output}", rule) == [expected]
    without = resolve(steps, EDGE, without=rule)
    assert f"make.{output}" not in candidates(without) or evidence(without, f"make.{output}", rule) == []


def test_several_keywords_of_which_one_stands_beside_a_better_claim() -> None:
    keywords: JsonObject = {"semantic_keywords": ["tens", "ten_rows", "ten_lines"]}
    steps = pair("rows", "tens", {"aliases": ["ten_rows", "ten_lines"]}, keywords)
    words = "keyword 'ten_rows', 'ten_lines', 'tens' names the output"
    assert evidence(resolve(steps, EDGE), "make.tens", EvidenceRule.KEYWORD) == [(75, words)]
    steps = pair("tens", "tens", {}, {"semantic_keywords": ["tens"]})
    assert evidence(resolve(steps, EDGE), "make.tens", EvidenceRule.KEYWORD) == [
        (10, "keyword 'tens' names the output")
    ]


def only_fit_steps(used: JsonObject) -> list[WiredStep]:
    make = WiredStep("make", contract("Make", outputs={"fitted": {"type": "Model"}, "plots": {"type": "Report"}}))
    return [make, WiredStep("use", contract("Use", {"classifier": {"type": "Model", **used}}))]


def test_only_fit() -> None:
    listed = only_fit_steps({"compatible_sources": ["Make"]})
    found = resolve(listed, EDGE)
    assert told(found) == {"use.classifier": "make.fitted"}
    assert evidence(found, "make.fitted", EvidenceRule.ONLY_FIT) == [(60, "the only Model before the step")]
    # 60 and the listed source's 15 reach 75.
    assert candidates(found)["make.fitted"].strength == 75
    off = (EvidenceRule.ONLY_FIT, EvidenceRule.IDLE_EDGE)
    assert told(resolve(listed, EDGE, without=off)) == {"use.classifier": "? make.fitted"}
    # The type alone is not enough, and an optional port never takes what only its type speaks for.
    assert told(resolve(only_fit_steps({}), EDGE, without=EvidenceRule.IDLE_EDGE)) == {
        "use.classifier": "? make.fitted"
    }
    assert told(resolve(only_fit_steps({"required": False, "compatible_sources": ["Make"]}), EDGE)) == {
        "use.classifier": "-"
    }


def test_a_keyword_beside_the_only_fit_makes_it_no_less_certain() -> None:
    listed: JsonObject = {"compatible_sources": ["Make"]}
    found = resolve(only_fit_steps({**listed, "semantic_keywords": ["fitted"]}), EDGE)
    assert told(found) == {"use.classifier": "make.fitted"}
    assert evidence(found, "make.fitted", EvidenceRule.ONLY_FIT) == [(60, "the only Model before the step")]
    assert evidence(found, "make.fitted", EvidenceRule.KEYWORD) == [(10, "keyword 'fitted' names the output")]
    assert candidates(found)["make.fitted"].strength == 88
    # Without a listed source the two are not enough together, and a strong keyword stays the claim that it is.
    alone = resolve(only_fit_steps({"semantic_keywords": ["fitted"]}), EDGE, without=EvidenceRule.IDLE_EDGE)
    assert told(alone) == {"use.classifier": "? make.fitted"}
    assert candidates(alone)["make.fitted"].strength == 73


def test_only_fit_says_nothing_where_every_output_fits_or_two_do() -> None:
    listed: JsonObject = {"compatible_sources": ["Make"]}
    one_type = [
        WiredStep("make", contract("Make", outputs={"fitted": {}})),
        WiredStep("use", contract("Use", {"classifier": listed})),
    ]
    assert told(resolve(one_type, EDGE, without=EvidenceRule.IDLE_EDGE)) == {"use.classifier": "? make.fitted"}
    both: JsonObject = {"compatible_sources": ["Make", "More"]}
    two = [WiredStep("more", contract("More", outputs={"tuned": {"type": "Model"}})), *only_fit_steps(both)]
    found = resolve(two, EDGE, ("more", "use"))
    assert told(found) == {"use.classifier": "? make.fitted more.tuned"}


# Support ------------------------------------------------------------------------------------------------------------


def test_keyword_words() -> None:
    steps = pair("rows", "tall_trees", {}, {"semantic_keywords": ["tree", "tall_thing", "data", "rows"]})
    found = resolve(steps, EDGE)
    assert evidence(found, "make.tall_trees", EvidenceRule.KEYWORD_WORDS) == [(6, "words of its keywords: tall, tree")]
    assert (
        evidence(
            resolve(steps, EDGE, without=EvidenceRule.KEYWORD_WORDS), "make.tall_trees", EvidenceRule.KEYWORD_WORDS
        )
        == []
    )


def test_named_after() -> None:
    make = WiredStep("make", contract("ModelCalibration", outputs={"model_output": {}}))
    use = WiredStep("use", contract("Use", {"calibrated_model_input": {}}))
    found = resolve([make, use], EDGE)
    assert evidence(found, "make.model_output", EvidenceRule.NAMED_AFTER) == [
        (20, "port named after the step ModelCalibration")
    ]
    without = resolve([make, use], EDGE, without=EvidenceRule.NAMED_AFTER)
    assert evidence(without, "make.model_output", EvidenceRule.NAMED_AFTER) == []


def test_named_for() -> None:
    make = WiredStep("make", contract("Make", outputs={"training_data": {"aliases": ["rows"]}, "other": {}}))
    use = WiredStep("use", contract("XGBoostTraining", {"rows": {}}))
    found = resolve([make, use], EDGE)
    assert evidence(found, "make.training_data", EvidenceRule.NAMED_FOR) == [
        (20, "'training_data' is named for the consumer")
    ]
    assert (
        evidence(
            resolve([make, use], EDGE, without=EvidenceRule.NAMED_FOR), "make.training_data", EvidenceRule.NAMED_FOR
        )
        == []
    )
    alike = [WiredStep("make", make.contract, step_type="XGBoostTraining"), use]
    assert evidence(resolve(alike, EDGE), "make.training_data", EvidenceRule.NAMED_FOR) == []


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
    steps = [WiredStep("make", make.contract, "training"), use]
    assert evidence(resolve(steps, EDGE), "make.rows", EvidenceRule.SOURCE) == [expected]
    assert evidence(resolve(steps, EDGE, without=EvidenceRule.SOURCE), "make.rows", EvidenceRule.SOURCE) == []


def chain() -> list[WiredStep]:
    """Two steps that make the same, one behind the other, and one that uses it."""
    made = contract("Make", {"before": {"required": False}}, {"rows": {}})
    return [WiredStep("far", made), WiredStep("near", made), WiredStep("use", contract("Use", {"rows": {}}))]


CHAIN = (("far", "near"), ("near", "use"))


def test_nearest_and_its_shadow() -> None:
    found = resolve(chain(), *CHAIN)
    assert told(found)["use.rows"] == "near.rows"
    assert evidence(found, "near.rows", EvidenceRule.NEAREST) == [(30, "direct edge")]
    # The far one stands behind the near one, so that its class is another and the whole score is ahead.
    assert [(one.margin, one.certainty) for one in found.bindings] == [(130, Certainty.NAMED)]
    without = resolve(chain(), *CHAIN, without=(EvidenceRule.NEAREST, EvidenceRule.IDLE_EDGE))
    assert told(without)["use.rows"] == "? far.rows near.rows"


def test_a_shadowed_output_is_taken_when_the_nearer_one_serves_elsewhere() -> None:
    far = WiredStep("far", contract("Far", outputs={"old_rows": {}}))
    near = WiredStep("near", contract("Near", outputs={"rows": {"aliases": ["old_rows"]}}))
    use = WiredStep("use", contract("Use", {"rows": {}, "old_rows": {}}))
    found = resolve([far, near, use], *CHAIN)
    assert told(found) == {"use.rows": "near.rows", "use.old_rows": "far.old_rows"}
    assert candidates(found)["far.old_rows"].score == 100 + 15 - 100
    # Alone the port takes the nearer one, whose alias it is.
    alone = WiredStep("use", contract("Use", {"old_rows": {}}))
    assert told(resolve([far, near, alone], *CHAIN)) == {"use.old_rows": "near.rows"}


def test_same_variant() -> None:
    make, use = contract("Make", outputs={"rows": {}}), contract("Use", {"rows": {}})
    steps = [WiredStep("make", make, "test"), WiredStep("use", use, "test")]
    assert evidence(resolve(steps, EDGE), "make.rows", EvidenceRule.SAME_VARIANT) == [(10, "same variant 'test'")]
    assert (
        evidence(resolve(steps, EDGE, without=EvidenceRule.SAME_VARIANT), "make.rows", EvidenceRule.SAME_VARIANT) == []
    )
    other = [WiredStep("make", make, "training"), WiredStep("use", use, "test")]
    assert evidence(resolve(other, EDGE), "make.rows", EvidenceRule.SAME_VARIANT) == []


@pytest.mark.parametrize(("consumer", "port"), [("ModelCalibration", "rows"), ("Use", "calibration_rows")])
def test_variant_word(consumer: str, port: str) -> None:
    make = contract("Make", outputs={"rows": {"aliases": [port]}})
    use = contract(consumer, {port: {}})
    steps = [WiredStep("one", make, "training"), WiredStep("two", make, "calibration"), WiredStep("use", use)]
    edges = (("one", "use"), ("two", "use"))
    found = resolve(steps, *edges)
    assert told(found) == {f"use.{port}": "two.rows"}
    words = "variant 'calibration' is in the consumer's name"
    assert evidence(found, "two.rows", EvidenceRule.VARIANT_WORD) == [(12, words)]
    assert told(resolve(steps, *edges, without=EvidenceRule.VARIANT_WORD)) == {f"use.{port}": "? one.rows two.rows"}


@pytest.mark.parametrize("drawn", [True, False])
def test_lane(drawn: bool) -> None:
    make, use = contract("Make", outputs={"rows": {}}), contract("Use", {"rows": {}})
    steps = [
        WiredStep("MakeNorth", make),
        WiredStep("MakeSouth", make),
        WiredStep("use-north", use),
        WiredStep("use-west", use),
    ]
    edges = tuple((step.name, name) for step in steps[:2] for name in ("use-north", "use-west"))
    found = resolve(steps, *edges, drawn=drawn)
    assert told(found) == {"use-north.rows": "MakeNorth.rows", "use-west.rows": "? MakeNorth.rows MakeSouth.rows"}
    assert evidence(found, "MakeNorth.rows", EvidenceRule.LANE) == []
    (binding,) = found.bindings
    assert [(one.weight, one.words) for one in binding.source.evidence if one.rule is EvidenceRule.LANE] == [
        (12, "both steps have 'north' in their names")
    ]
    assert binding.margin == 12
    without = resolve(steps, *edges, drawn=drawn, without=EvidenceRule.LANE)
    assert told(without)["use-north.rows"] == "? MakeNorth.rows MakeSouth.rows"


def test_a_lane_is_no_word_of_the_type_no_generic_one_and_none_that_all_steps_have() -> None:
    make, use = contract("Make", outputs={"rows": {}}), contract("Use", {"rows": {}})
    for names in (
        ("use-1", "make-2", "use"),
        ("data-1", "two", "data"),
        ("fraud-1", "fraud-2", "fraud-use"),
    ):
        steps = [WiredStep(names[0], make), WiredStep(names[1], make), WiredStep(names[2], use)]
        found = resolve(steps, (names[0], names[2]), (names[1], names[2]))
        first, second = sorted(names[:2])
        assert told(found) == {f"{names[2]}.rows": f"? {first}.rows {second}.rows"}


# Decision -----------------------------------------------------------------------------------------------------------


def test_second_witness() -> None:
    def steps(port: JsonObject) -> list[WiredStep]:
        return pair("rows", "tens", {"aliases": ["rows"]}, {"required": False, **port})

    alone = resolve(steps({}), EDGE)
    assert told(alone) == {"use.rows": "- make.tens"}
    assert alone.open_ports[0].reason == "make.tens is near, but not certain"
    assert told(resolve(steps({}), EDGE, without=EvidenceRule.SECOND_WITNESS)) == {"use.rows": "make.tens"}
    assert told(resolve(steps({"compatible_sources": ["Make"]}), EDGE)) == {"use.rows": "make.tens"}
    assert told(resolve(steps({"compatible_sources": ["ProcessingStep"]}), EDGE)) == {"use.rows": "- make.tens"}
    assert told(resolve(steps({"semantic_keywords": ["ten_lines"]}), EDGE)) == {"use.rows": "make.tens"}
    # The same name needs none, and a required port neither.
    assert told(resolve(pair("rows", "rows", {}, {"required": False}), EDGE)) == {"use.rows": "make.rows"}
    assert told(resolve(steps({"required": True}), EDGE)) == {"use.rows": "make.tens"}


def idle(second: StepContract) -> list[WiredStep]:
    first = WiredStep("first", contract("First", outputs={"lines": {"aliases": ["rows"]}}))
    return [first, WiredStep("second", second), WiredStep("use", contract("Use", {"rows": {}}))]


def test_idle_edge() -> None:
    edges = (("first", "use"), ("second", "use"))
    steps = idle(contract("Second", outputs={"big_rows": {}}))
    found = resolve(steps, *edges)
    assert told(found) == {"use.rows": "? first.lines second.big_rows"}
    assert found.ambiguities[0].reason == "the edge from second would carry nothing"
    assert told(resolve(steps, *edges, without=EvidenceRule.IDLE_EDGE)) == {"use.rows": "first.lines"}
    # A step with nothing for the port may wait for something else, and one of the same type is no rival.
    assert told(resolve(idle(contract("Second", outputs={"plots": {}})), *edges)) == {"use.rows": "first.lines"}
    assert told(resolve(idle(contract("First", outputs={"big_rows": {}})), *edges)) == {"use.rows": "first.lines"}
    # Where no edges are drawn none can be idle.
    assert told(resolve(steps, drawn=False)) == {"use.rows": "first.lines"}


def test_an_edge_that_carries_nothing_else_is_the_binding() -> None:
    found = resolve(chain_of("rows", "clean_lines"), *CHAIN)
    assert told(found)["use.rows"] == "near.clean_lines"
    (binding,) = (one for one in found.bindings if one.step == "use")
    assert binding.source.evidence[0].words == "the edge from near carries nothing else"
    assert (
        told(resolve(chain_of("rows", "clean_lines"), *CHAIN, without=EvidenceRule.IDLE_EDGE))["use.rows"] == "far.rows"
    )
    # With two outputs, two ports or two such edges nobody knows, and the direct predecessor is named first.
    assert told(resolve(chain_of("rows", "clean_lines", "rejects"), *CHAIN))["use.rows"] == (
        "? near.clean_lines near.rejects far.rows"
    )
    two_ports = resolve(chain_of("rows", "clean_lines", ports=("rows", "others")), *CHAIN)
    assert told(two_ports)["use.rows"] == "? near.clean_lines far.rows"
    beside = WiredStep("beside", contract("Beside", outputs={"tall_trees": {}}))
    both = resolve([*chain_of("rows", "clean_lines"), beside], *CHAIN, ("beside", "use"))
    assert told(both)["use.rows"] == "? beside.tall_trees near.clean_lines far.rows"
    # An optional port takes nothing by its type alone.
    optional = chain_of("rows", "clean_lines", port={"required": False})
    assert told(resolve(optional, *CHAIN))["use.rows"] == "- far.rows"


def test_a_certain_binding_stays_where_an_edge_carries_nothing() -> None:
    first, second = (
        WiredStep("first", contract("First", outputs={"rows": {}})),
        WiredStep("second", contract("Second", outputs={"clean_lines": {}})),
    )
    edges = (("first", "use"), ("second", "use"))

    def use(*sources: str) -> WiredStep:
        return WiredStep("use", contract("Use", {"rows": {"compatible_sources": list(sources)}}))

    assert told(resolve([first, second, use("First")], *edges)) == {"use.rows": "first.rows"}
    both = resolve([first, second, use("First", "Second")], *edges)
    assert told(both) == {"use.rows": "first.rows"}
    alike = WiredStep("second", contract("Second", outputs={"clean_rows": {}}))
    assert told(resolve([first, alike, use("First", "Second")], *edges)) == {
        "use.rows": "? first.rows second.clean_rows"
    }


def chain_of(
    name: str, *outputs: str, ports: tuple[str, ...] = ("rows",), port: JsonObject | None = None
) -> list[WiredStep]:
    """Three steps in a row: one that makes ``name``, one that takes it and makes the outputs, one that takes ports."""
    far = WiredStep("far", contract("Far", outputs={name: {}}))
    near = WiredStep("near", contract("Near", {name: {}}, {output: {} for output in outputs}))
    return [far, near, WiredStep("use", contract("Use", {one: port or {} for one in ports}))]


def test_carries_on() -> None:
    found = resolve(chain_of("rows", "clean_rows"), drawn=False)
    assert told(found) == {"near.rows": "far.rows", "use.rows": "near.clean_rows"}
    (binding,) = (one for one in found.bindings if one.step == "use")
    assert binding.source.evidence[0].words == "near carries far.rows on"
    assert (
        told(resolve(chain_of("rows", "clean_rows"), drawn=False, without=EvidenceRule.CARRIES_ON))["use.rows"]
        == "far.rows"
    )
    # A chain that forks is asked about; one that leads to another type is none.
    fork = resolve(chain_of("rows", "clean_rows", "rejects"), drawn=False)
    assert told(fork)["use.rows"] == "? near.clean_rows near.rejects far.rows"
    learns = WiredStep("near", contract("Near", {"rows": {}}, {"learnt": {"type": "Model"}}))
    far, _, use = chain_of("rows", "clean_rows")
    assert told(resolve([far, learns, use], drawn=False))["use.rows"] == "far.rows"
    # A port that certainly means the first says so with its list.
    listed = WiredStep("use", contract("Use", {"rows": {"compatible_sources": ["Far"]}}))
    near = chain_of("rows", "clean_rows")[1]
    assert told(resolve([far, near, listed], drawn=False))["use.rows"] == "far.rows"


def test_a_chain_to_what_nothing_speaks_for_is_asked_about() -> None:
    assert told(resolve(chain_of("rows", "rejects"), drawn=False))["use.rows"] == "? near.rejects far.rows"
    listing = chain_of("rows", "rejects", port={"compatible_sources": ["Near"]})
    assert told(resolve(listing, drawn=False))["use.rows"] == "near.rejects"


def test_a_chain_to_a_narrower_type_is_asked_about() -> None:
    far, _, use = chain_of("rows", "clean_rows")
    near = WiredStep("near", contract("Near", {"rows": {}}, {"training_rows": {"type": "TrainingData"}}))
    assert told(resolve([far, near, use], drawn=False))["use.rows"] == "? near.training_rows far.rows"


def test_a_port_that_takes_many_does_not_take_what_lies_behind_what_it_takes() -> None:
    far = WiredStep("far", contract("Far", outputs={"rows": {}}))
    clean = contract("Clean", {"rows": {}}, {"tall_trees": {}})
    use = WiredStep("use", contract("Use", {"rows": {"many": True}}))
    edges = (("far", "one"), ("far", "two"), ("one", "use"), ("two", "use"))
    found = resolve([far, WiredStep("one", clean), WiredStep("two", clean), use], *edges)
    assert [one.source.source for one in found.bindings if one.step == "use"] == ["one.tall_trees", "two.tall_trees"]


def test_a_port_that_takes_many_is_asked_about_where_its_outputs_are_carried_on() -> None:
    far = WiredStep("far", contract("Far", outputs={"rows": {}}))
    clean = contract("Clean", {"rows": {}}, {"clean_rows": {}})
    use = WiredStep("use", contract("Use", {"rows": {"many": True}}))
    given = (Given("one", "rows", "far", "rows"), Given("two", "rows", "far", "rows"))
    found = resolve([far, WiredStep("one", clean), WiredStep("two", clean), use], drawn=False, given=given)
    assert told(found) == {"use.rows": "? one.clean_rows two.clean_rows far.rows"}
    assert found.ambiguities[0].reason == "one and two may carry far.rows on"


def test_what_feeds_another_port_carries_nothing_on() -> None:
    steps = chain_of("rows", "scored_rows", ports=("rows", "scored_rows"))
    found = told(resolve(steps, drawn=False))
    assert (found["use.rows"], found["use.scored_rows"]) == ("far.rows", "near.scored_rows")


def test_two_steps_that_could_carry_each_other_on_are_asked_about() -> None:
    far = WiredStep("far", contract("Far", outputs={"rows": {}}))
    one = WiredStep("one", contract("One", {"rows": {}}, {"clean_rows": {}}))
    two = WiredStep("two", contract("Two", {"rows": {}}, {"tall_rows": {}}))
    use = WiredStep("use", contract("Use", {"rows": {}}))
    assert told(resolve([far, one, two, use], drawn=False)) == {
        "one.rows": "? two.tall_rows far.rows",
        "two.rows": "? one.clean_rows far.rows",
        "use.rows": "? one.clean_rows two.tall_rows far.rows",
    }
    # A settled order makes a chain of them.
    waits = UnifiedDependencyResolver(TYPES).resolve([far, one, two, use], waits=[("one", "two")])
    assert told(waits) == {"one.rows": "far.rows", "two.rows": "one.clean_rows", "use.rows": "two.tall_rows"}


def test_listed_only() -> None:
    first = WiredStep("first", contract("First", outputs={"rows": {}}))
    second = WiredStep("second", contract("Second", outputs={"tall_trees": {}}))
    use = WiredStep("use", contract("Use", {"rows": {"compatible_sources": ["Second"]}}))
    edges = (("first", "use"), ("second", "use"))
    assert told(resolve([first, second, use], *edges)) == {"use.rows": "second.tall_trees"}
    assert told(resolve([first, second, use], *edges, without=EvidenceRule.LISTED_ONLY)) == {"use.rows": "first.rows"}
    # Past a step it is asked about, and an edge of its own with an equal name says enough where no listed step is near.
    chain = (("first", "middle"), ("middle", "use"))
    middle = WiredStep("middle", contract("Middle"))
    assert told(resolve([first, middle, use], *chain)) == {"use.rows": "? first.rows"}
    assert resolve([first, middle, use], *chain).ambiguities[0].reason == (
        "first is none of the sources that the port lists"
    )
    alone = resolve([first, use], ("first", "use"))
    assert told(alone) == {"use.rows": "first.rows"}
    # Bound all the same, but not without a word.
    assert evidence(alone, "first.rows", EvidenceRule.LISTED_ONLY) == [(0, "none of the sources that the port lists")]


def test_certain_before_likely() -> None:
    """Points of two guesses never outweigh a certain binding, and what cannot be bound takes nothing away."""
    fit = WiredStep("fit", contract("Fit", outputs={"scaler": {}, "scaled": {}}))
    listed: JsonObject = {"compatible_sources": ["Fit"], "aliases": ["scaled"]}
    guess: JsonObject = {"semantic_keywords": ["scaler", "fitted_scaler"], "required": False}
    use = WiredStep("use", contract("Use", {"artifacts": guess, "scaler": listed}))
    found = resolve([fit, use], ("fit", "use"))
    assert told(found)["use.scaler"] == "fit.scaler"
    assert [one.certainty for one in found.bindings] == [Certainty.CERTAIN]


def test_every_rule_has_a_test_here() -> None:
    tested = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    claims = {"name", "alias", "direction", "keyword", "similar"}
    named = {rule.value.replace("-", "_") for rule in EvidenceRule} - claims
    assert {
        rule for rule in named if not any(name == rule or name.startswith(f"{rule}_and") for name in tested)
    } == set()
