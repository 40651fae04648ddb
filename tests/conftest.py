"""What holds for the whole session: no network but loopback, no AWS credentials, the same examples in every run."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.aws.older_tables import older_tables as older_tables_within
from tests.golden import Golden
from tests.interpreters import find_python
from tests.network_guard import NetworkGuard, strip_aws_environment

GUARD = NetworkGuard()
GOLDEN = pytest.StashKey[Golden]()

# "fixed" makes the same examples everywhere; HYPOTHESIS_PROFILE=explore looks for new ones.
# Neither measures time: a busy machine is no failure.
settings.register_profile(
    "fixed", derandomize=True, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "explore", max_examples=2_000, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write pinned texts anew, and show what changed")


def pytest_configure(config: pytest.Config) -> None:
    golden = config.stash[GOLDEN] = Golden(bool(config.getoption("--update-golden")))
    if golden.update:
        # The rules are read from their pages: a new one is known only then.
        from tests.docs.rule_pages import hold_pages

        hold_pages(golden)
    strip_aws_environment(os.environ)
    GUARD.install()
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    told = config.stash[GOLDEN].told()
    if told:
        terminalreporter.section("pinned texts that changed")
        terminalreporter.write("\n".join((*told, "")))


@pytest.fixture(scope="session")
def golden(pytestconfig: pytest.Config) -> Golden:
    """Return what holds texts against files, or with --update-golden writes them."""
    return pytestconfig.stash[GOLDEN]


@pytest.fixture
def network_attempts() -> Callable[[], list[str]]:
    """Return what takes the attempts to leave this machine; a test that takes them does not fail for them."""
    return GUARD.take_attempts


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    # What smgen keeps between its runs is the user's, and no test's.
    os.environ["SMGEN_CACHE_DIR"] = str(tmp_path_factory.mktemp("cache"))
    yield
    del os.environ["SMGEN_CACHE_DIR"]


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


@pytest.fixture
def older_tables() -> Iterator[None]:
    """Let this test know no more of AWS than two years ago."""
    with older_tables_within():
        yield


@pytest.fixture(scope="session")
def python_of() -> Callable[[str], Path]:
    """Return what gives the interpreter of a version such as ``"3.12"``, and skips the test where there is none."""

    def find(version: str) -> Path:
        path = find_python(version)
        if path is None:
            pytest.skip(f"no Python {version} on PATH or in pyenv")
        return path

    return find
