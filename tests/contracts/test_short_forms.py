"""Short forms of ports and launch conventions: what one writes it reads back, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from smgen.aws import LaunchConvention
from smgen.contract_model.request_editing import Misplaced, object_value
from smgen.contract_model.script_mode import LAUNCH_KINDS, with_script, without_script
from smgen.contract_model.short_forms import CHANNEL, LOCATION, PROCESSING_INPUT, PROCESSING_OUTPUT, ShortForm
from smgen.contracts import (
    AssetHole,
    InputHole,
    ItemHole,
    JoinHole,
    LiteralValue,
    ObjectValue,
    OutputLocationHole,
    SettingHole,
    SourceSpec,
    Value,
    walk,
)
from tests.contracts.test_holes import VALUES

FORMS = (CHANNEL, PROCESSING_INPUT, PROCESSING_OUTPUT)
TEXTS: st.SearchStrategy[Value] = st.builds(LiteralValue, st.text(min_size=1, max_size=6))
SAID = (
    TEXTS | st.builds(SettingHole, st.text(max_size=4)) | st.just(JoinHole((LiteralValue("x"), ItemHole(number=True))))
)
LOCATIONS: list[Value] = [InputHole("data"), OutputLocationHole("data"), AssetHole("code"), ItemHole()]
USUAL = ("S3Prefix", "File", "FullyReplicated", "None")


def said_of(form: ShortForm) -> st.SearchStrategy[dict[str, Value]]:
    """What a port may say of its item: its name and place, and more that is not usual."""
    needed = dict.fromkeys((form.name, form.place), TEXTS)
    unusual = SAID.filter(lambda value: not (isinstance(value, LiteralValue) and value.value in USUAL))
    optional = {field: unusual for field in form.fields if field not in needed}
    return st.fixed_dictionaries({**needed, LOCATION: st.sampled_from(LOCATIONS)}, optional=optional)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.path[-1])
@given(data=st.data())
def test_a_form_reads_what_it_writes(form: ShortForm, data: st.DataObject) -> None:
    said = data.draw(said_of(form))
    item = form.written(said, "")
    assert form.read(item) == said
    assert form.read(ObjectValue(tuple(reversed(item.members)))) == said


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.path[-1])
@given(data=st.data())
def test_what_is_not_exactly_written_is_not_read(form: ShortForm, data: st.DataObject) -> None:
    item = form.written(data.draw(said_of(form)), "")
    more = ObjectValue((*item.members, ("Further", LiteralValue(1))))
    fewer = ObjectValue(item.members[1:])
    assert form.read(more) is None
    assert form.read(fewer) is None


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.path[-1])
@given(VALUES)
def test_what_is_read_is_written_again(form: ShortForm, value: Value) -> None:
    said = form.read(value)
    assert said is None or form.written(said, "") == value


LAUNCHES: list[tuple[str, LaunchConvention]] = [
    (kind, launch) for launch, kinds in LAUNCH_KINDS.items() for kind in kinds if launch != "inference"
]
SOURCES = st.builds(
    SourceSpec,
    st.sampled_from(["run.py", "deep/run.py", "start.sh"]),
    whole_folder=st.booleans(),
    requirements=st.none() | st.just("requirements.txt"),
    log_level=st.sampled_from([10, 20]),
    by_channel=st.booleans(),
)
REQUESTS: st.SearchStrategy[dict[str, Value]] = st.fixed_dictionaries(
    {},
    optional={
        "RoleArn": st.just(LiteralValue("role")),
        "AppSpecification": st.just(object_value({"ImageUri": "image"}, "")),
        "AlgorithmSpecification": st.just(object_value({"TrainingImage": "image"}, "")),
        "Environment": VALUES,
    },
)


@pytest.mark.parametrize(("kind", "launch"), LAUNCHES)
@given(request_members=REQUESTS, source=SOURCES, hyperparameters=st.booleans())
def test_what_a_launch_adds_can_be_taken_away(
    kind: str,
    launch: LaunchConvention,
    request_members: dict[str, Value],
    source: SourceSpec,
    hyperparameters: bool,
) -> None:
    source = replace(source, launch=launch)
    request = ObjectValue(tuple(request_members.items()))
    misplaced: list[Misplaced] = []
    launched = with_script(kind, request, source, hyperparameters=hyperparameters, misplaced=misplaced)
    assert misplaced == []
    without = without_script(kind, launched, source, hyperparameters=hyperparameters)
    assert without == (None if launched == request else request)


@pytest.mark.parametrize(("kind", "launch"), LAUNCHES)
def test_another_launch_is_not_taken_away(kind: str, launch: LaunchConvention) -> None:
    source = SourceSpec("run.py", launch=launch)
    launched = with_script(kind, ObjectValue(()), source, hyperparameters=True, misplaced=[])

    def with_another(value: Value, literal: Value) -> Value:
        return LiteralValue("other") if value is literal else value.rebuilt(lambda part: with_another(part, literal))

    literals = [value for value in walk(launched) if isinstance(value, LiteralValue)]
    assert literals
    for literal in literals:
        assert without_script(kind, with_another(launched, literal), source, hyperparameters=True) is None
