"""What feeds what: by ports, AUTO, report files and expressions; what comes before and after a step."""

from __future__ import annotations

import pytest

from smgen.testing import TestedPipeline
from tests.testing.pipelines import abalone, built, lines, looped, said


@pytest.fixture(scope="module")
def pipeline() -> TestedPipeline:
    return built()


@pytest.fixture(scope="module")
def loop() -> TestedPipeline:
    return looped()


@pytest.mark.parametrize(
    ("producer", "consumer", "holds"),
    [
        ("Prepare", "Train", True),
        ("Train", "Prepare", False),
        ("Prepare.train", "Train.data", True),
        # Bound by AUTO.
        ("Train.model", "Register.model", True),
        ("Train.model", "Register.quality", False),
        ("Prepare.train", "Train.validation", False),
        ("Prepare.test", "Train.validation", True),
        ("Prepare.train", "Train", True),
        # A value in the hyperparameters.
        ("Prepare.job_name", "Train", True),
        ("Prepare.job_name", "Train.data", False),
        # A report file, which is one of two in its output.
        ("Prepare.statistics", "Register.quality", True),
        ("Prepare.report.statistics", "Register.quality", True),
        ("Prepare.extra", "Register.quality", False),
        ("Prepare.report", "Register.quality", True),
        # Values of a report in conditions.
        ("Prepare.statistics", "Gate", True),
        ("Prepare.extra", "Gate", False),
        ("Prepare.report", "Gate", True),
        ("Prepare", "Why", True),
        ("Notify.answer", "Gate", True),
        ("Notify.answer", "Register", False),
        # after= is no data.
        ("Notify", "Register", False),
        ("Train", "Tell", False),
    ],
)
def test_feeds(pipeline: TestedPipeline, producer: str, consumer: str, holds: bool) -> None:
    assert pipeline.feeds(producer, consumer) is holds


@pytest.mark.parametrize(
    ("producer", "consumer", "holds"),
    [
        ("Prepare.data", "Train.data", True),
        # The selected iteration, and iterations by their places.
        ("Train.model", "Score.region", True),
        ("Train", "Score", True),
        ("Regions", "Score", True),
        ("Prepare", "Score", False),
        ("Prepare.quality", "Gate", True),
        ("Train.seconds", "Gate", True),
        ("Train.job", "Gate", False),
    ],
)
def test_feeds_out_of_a_loop(loop: TestedPipeline, producer: str, consumer: str, holds: bool) -> None:
    assert loop.feeds(producer, consumer) is holds


def test_assert_feeds_says_what_there_is(pipeline: TestedPipeline) -> None:
    pipeline.assert_feeds("Train.model", "Register.model")
    added_at = pipeline.step("Register").added_at
    assert said(lambda: pipeline.assert_feeds("Train.job_name", "Register.model")) == lines(
        f"""
        Train.job_name does not feed Register.model in pipeline fraud for dev
          it is fed by  Train.model (AUTO)
          added at      {added_at}
        """
    )
    assert said(lambda: pipeline.assert_feeds("Notify", "Register")) == lines(
        f"""
        Notify does not feed Register in pipeline fraud for dev
          it is fed by  model from Train.model (AUTO), quality from Prepare.statistics
          added at      {added_at}
        """
    )
    assert said(lambda: pipeline.assert_feeds("Train", "Gate")) == lines(
        """
        Train does not feed Gate in pipeline fraud for dev
          it is fed by  Prepare, Notify
        """
    )
    assert said(lambda: pipeline.assert_feeds("Train", "Prepare.raw")) == lines(
        f"""
        Train does not feed Prepare.raw in pipeline fraud for dev
          it is fed by  something from outside of the pipeline
          added at      {pipeline.step("Prepare").added_at}
        """
    )
    assert "it is fed by  nothing" in said(lambda: pipeline.assert_feeds("Train", "Prepare.reference"))


def test_names_that_there_are_not(pipeline: TestedPipeline) -> None:
    assert said(lambda: pipeline.feeds("Prepare.tran", "Train")) == lines(
        """
        step "Prepare" of pipeline fraud for dev has no output tran
          outputs       statistics, extra, train, test, report, job_name
          did you mean  train
        """
    )
    assert said(lambda: pipeline.feeds("Prepare", "Train.dat")) == lines(
        """
        step "Train" of pipeline fraud for dev has no port dat
          ports         data, validation
          did you mean  data
        """
    )
    assert said(lambda: pipeline.feeds("Prepare", "Gate.data")) == lines(
        """
        step "Gate" (Condition) of pipeline fraud for dev has no ports
          name  the step alone
        """
    )
    assert "  did you mean  Prepare" in said(lambda: pipeline.feeds("Prepair", "Train"))
    assert "  did you mean  Train" in said(lambda: pipeline.feeds("Prepare", "Trian"))


def test_what_comes_before_and_after(pipeline: TestedPipeline, loop: TestedPipeline) -> None:
    assert pipeline.upstream("Register") == ("Prepare", "Train", "Notify", "Gate")
    assert pipeline.upstream("Prepare") == ()
    assert pipeline.upstream("TooWeak") == ("Prepare", "Notify", "Gate", "Why")
    assert pipeline.downstream("Train") == ("Register", "Tell")
    assert pipeline.downstream("Notify") == ("Gate", "Register", "Why", "TooWeak", "Broken")
    # After a loop is after every step of its body; in the body it has only begun.
    assert loop.upstream("Score") == ("Regions", "Prepare", "Train")
    assert loop.upstream("Prepare") == ("Regions",)
    assert loop.downstream("Prepare") == ("Train", "Score", "Gate", "Weak")


def test_the_order_follows_what_waits() -> None:
    example = abalone()
    assert example.order() == example.steps
    order = built().order()
    for step in order:
        assert order == tuple(dict.fromkeys(order))
        for before in built().upstream(step):
            assert order.index(before) < order.index(step)
