"""Wrong arguments of smgen's own calls, in words, with the nearest name and the fix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from smgen.authoring.calls import checked_call
from smgen.diagnostics import FindingsError
from smgen.runtime import (
    Cache,
    Environment,
    External,
    FluentPipelineBuilder,
    Retry,
    join,
    json_value,
)
from tests.runtime.fixture_package import findings_of, line, one_of, shown

# Without their types: a type checker refuses all of this.
P: Any = FluentPipelineBuilder("Fraud")
any_join: Any = join
any_value: Any = json_value
AnyExternal: Any = External
AnyCache: Any = Cache
AnyRetry: Any = Retry
AnyEnvironment: Any = Environment
AnyBuilder: Any = FluentPipelineBuilder

STEP = "name, builder, after, cache, retry, display_name, description, raw"


@pytest.mark.parametrize(
    ("use", "message", "expected", "nearest", "fix"),
    [
        (lambda: P.add_step("A", None, afer=[]), "p.add_step takes no 'afer'", STEP, "after", "write after=…"),
        # What others call it.
        (
            lambda: P.add_step("A", None, depends_on=[]),
            "p.add_step takes no 'depends_on'",
            STEP,
            "after",
            "write after=…",
        ),
        (
            lambda: P.add_step("A", None, cache_config=1),
            "p.add_step takes no 'cache_config'",
            STEP,
            "cache",
            "write cache=…",
        ),
        (
            lambda: P.add_step("A", None, retry_policies=[]),
            "p.add_step takes no 'retry_policies'",
            STEP,
            "retry",
            "write retry=…",
        ),
        (lambda: P.add_step("A", None, colour=3), "p.add_step takes no 'colour'", STEP, None, "leave 'colour' out"),
        (
            lambda: P.add_step("A"),
            "p.add_step needs 'builder'",
            STEP,
            None,
            "give 'builder': p.add_step(name, builder, …)",
        ),
        (lambda: P.add_step(nme="A", builder=None), "p.add_step takes no 'nme'", STEP, "name", "write name=…"),
        (
            lambda: P.add_step("A", None, []),
            "p.add_step takes only name and builder by position",
            "after, cache, retry, display_name, description, raw",
            None,
            "give it by its name, such as after=…",
        ),
        (
            lambda: P.condition("Gate", if_steps=[]),
            "p.condition takes no 'if_steps'",
            "name, after, display_name, description, raw",
            None,
            "add the steps to the branch: gate = p.condition(…), then gate.then.add_step(…)",
        ),
        (
            lambda: P.fail("Broken", error_message="x"),
            "p.fail takes no 'error_message'",
            "name, message, after, display_name, description, raw",
            "message",
            "write message=…",
        ),
        (
            lambda: P.for_each("Loop", iterable=["a"], max_concurrency=2),
            "p.for_each takes no 'iterable'",
            "name, items, of, max_concurrency, after, display_name, description, raw",
            "items",
            "write items=…",
        ),
        (
            lambda: P.for_each("Loop", items=["a"]),
            "p.for_each needs 'max_concurrency'",
            "name, items, of, max_concurrency, after, display_name, description, raw",
            None,
            "give max_concurrency=…",
        ),
        (
            lambda: P.string("Raw", default_value="a"),
            "p.string takes no 'default_value'",
            "name, default, enum",
            "default",
            "write default=…",
        ),
        (
            lambda: P.integer("Count", 3),
            "p.integer takes only name by position",
            "default",
            None,
            "give it by its name, such as default=…",
        ),
        (lambda: P.build("dev"), "p.build takes no argument", None, None, "leave it out"),
        (lambda: any_join("a", "b", sep="/"), "join takes no 'sep'", "on", "on", "write on=…"),
        (
            lambda: any_join("a", "b", on="/"),
            "join was given 'on' twice, by position and by name",
            None,
            None,
            "leave out one of them; without a name it comes at position 1",
        ),
        (
            lambda: any_value("s3://b/k", "a"),
            "json_value needs 'type'",
            "location, path, type",
            None,
            "give 'type': json_value(location, path, type, …)",
        ),
        (
            lambda: AnyExternal(),
            "External needs 'location'",
            "location",
            None,
            "give 'location': External(location, …)",
        ),
        (lambda: AnyExternal("a", "b"), "External takes only location", None, None, "leave it out"),
        (lambda: AnyCache(days=3), "Cache takes no 'days'", "expire_after, enabled", None, "write Cache.days(30)"),
        (
            lambda: AnyRetry(["Step.THROTTLING"], attempts=3),
            "Retry takes no 'attempts'",
            "exceptions, max_attempts, expire_after_minutes, interval_seconds, backoff_rate",
            "max_attempts",
            "write max_attempts=…",
        ),
        (
            lambda: AnyBuilder(),
            "FluentPipelineBuilder needs 'name'",
            "name, environment, lock, locked, place",
            None,
            "give 'name': FluentPipelineBuilder(name, environment, …)",
        ),
    ],
)
def test_a_wrong_argument_is_one_finding(
    use: Callable[[], object], message: str, expected: str | None, nearest: str | None, fix: str
) -> None:
    finding = one_of(use)
    assert (finding.rule, finding.message) == ("SMG207", message)
    assert (finding.expected, finding.nearest, finding.fix) == (expected, nearest, fix)
    assert finding.place.file == shown(__file__)


def test_the_whole_of_a_finding() -> None:
    (finding,) = findings_of(lambda: AnyEnvironment(bukcet="dev"))
    assert (finding.place.file, finding.place.line) == (shown(__file__), line() - 1)
    assert (finding.message, finding.given) == ("Environment takes no 'bukcet'", "bukcet")
    assert (finding.nearest, finding.fix) == ("bucket", "write bucket=…")


def test_all_wrong_arguments_are_told_together() -> None:
    findings = findings_of(lambda: P.for_each(nme="Loop", item=["a"]))
    assert [(finding.message, finding.nearest) for finding in findings] == [
        ("p.for_each needs 'max_concurrency'", None),
        ("p.for_each takes no 'item'", "items"),
        ("p.for_each takes no 'nme'", "name"),
    ]


def test_what_a_call_raises_by_itself_stays_what_it_is() -> None:
    """Only the arguments are looked at: a TypeError from inside is nobody's mistake in the call."""

    @checked_call("added")
    def added(text: str) -> str:
        raise TypeError(f"from inside: {text}")

    with pytest.raises(TypeError, match="from inside: a") as caught:
        added("a")
    assert not isinstance(caught.value, FindingsError)
    assert added.__name__ == "added"
