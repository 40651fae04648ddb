"""What holds for the whole session: no network but loopback, no AWS credentials, the same examples in every run."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.interpreters import find_python
from tests.network_guard import NetworkGuard, strip_aws_environment

GUARD = NetworkGuard()

# "fixed" makes the same examples everywhere; HYPOTHESIS_PROFILE=explore looks for new ones.
# Neither measures time: a busy machine is no failure.
settings.register_profile(
    "fixed", derandomize=True, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "explore", max_examples=2_000, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)


def pytest_configure() -> None:
    strip_aws_environment(os.environ)
    GUARD.install()
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


@pytest.fixture
def network_attempts() -> Callable[[], list[str]]:
    """Return what takes the attempts to leave this machine; a test that takes them does not fail for them."""
    return GUARD.take_attempts


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    # An attempt may be swallowed by the code under test: the test fails for it all the same.
    yield
    attempts = GUARD.take_attempts()
    if attempts:
        pytest.fail("a test may not leave this machine: " + ", ".join(attempts), pytrace=False)


@pytest.fixture
def fake_aws(monkeypatch: pytest.MonkeyPatch) -> str:
    """Give this test a region and keys that are none, for a client that is pointed at loopback. Returns the region."""
    region = "eu-west-1"
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    return region


@pytest.fixture(scope="session")
def python_of() -> Callable[[str], Path]:
    """Return what gives the interpreter of a version such as ``"3.12"``, and skips the test where there is none."""

    def find(version: str) -> Path:
        path = find_python(version)
        if path is None:
            pytest.skip(f"no Python {version} on PATH or in pyenv")
        return path

    return find
