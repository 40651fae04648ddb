"""The session's guard: nothing leaves this machine, and whoever tries fails even where the attempt is swallowed."""

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Protocol, runtime_checkable
from urllib.request import urlopen

import botocore.session
import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError, NoRegionError

from tests.network_guard import AWS_ENVIRONMENT, NOWHERE, NetworkForbiddenError, is_loopback, strip_aws_environment
from tests.project.checkout import CHECKOUT

Attempts = Callable[[], list[str]]
# An address of TEST-NET-3 (RFC 5737), which is nobody's.
OUTSIDE = "203.0.113.7"


def test_a_connection_to_another_machine_is_refused(network_attempts: Attempts) -> None:
    with socket.socket() as client, pytest.raises(NetworkForbiddenError, match=f"socket.connect {OUTSIDE}:443"):
        client.connect((OUTSIDE, 443))
    assert network_attempts() == [f"socket.connect {OUTSIDE}:443"]


def test_a_datagram_to_another_machine_is_refused(network_attempts: Attempts) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as client, pytest.raises(NetworkForbiddenError):
        client.sendto(b"x", (OUTSIDE, 53))
    assert network_attempts() == [f"socket.sendto {OUTSIDE}:53"]


def test_a_name_is_not_looked_up(network_attempts: Attempts) -> None:
    with pytest.raises(NetworkForbiddenError):
        socket.getaddrinfo("api.sagemaker.eu-west-1.amazonaws.com", 443)
    assert network_attempts() == ["socket.getaddrinfo api.sagemaker.eu-west-1.amazonaws.com"]


def test_a_thread_is_guarded_too(network_attempts: Attempts) -> None:
    def connect() -> None:
        with socket.socket() as client, pytest.raises(NetworkForbiddenError):
            client.connect((OUTSIDE, 443))

    thread = threading.Thread(target=connect)
    thread.start()
    thread.join()
    assert network_attempts() == [f"socket.connect {OUTSIDE}:443"]


def test_loopback_is_open() -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the request line would end up in the test's output."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        with urlopen(f"http://127.0.0.1:{server.server_port}/", timeout=10) as answer:
            assert answer.status == 204
        thread.join()


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        (None, True),
        ("", True),
        ("localhost", True),
        (b"localhost", True),
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("169.254.169.254", False),
        ("10.0.0.1", False),
        ("2001:db8::1", False),
        ("localhost.example.com", False),
        (b"s3.amazonaws.com", False),
        (3, False),
    ],
)
def test_what_loopback_is(host: object, expected: bool) -> None:
    assert is_loopback(host) is expected


@runtime_checkable
class SageMaker(Protocol):
    """What is used here of a client; botocore makes its methods at run time, so no type of its own has them."""

    def list_pipelines(self) -> object: ...


def sagemaker_client(region: str | None) -> SageMaker:
    client = botocore.session.Session().create_client("sagemaker", region_name=region)
    assert isinstance(client, SageMaker)
    return client


def test_a_client_without_an_endpoint_leads_nowhere(fake_aws: str) -> None:
    with pytest.raises(EndpointConnectionError, match=re.escape(NOWHERE)):
        sagemaker_client(fake_aws).list_pipelines()


def test_there_are_no_credentials_and_no_region() -> None:
    with pytest.raises(NoRegionError):
        sagemaker_client(None)
    with pytest.raises(NoCredentialsError):
        sagemaker_client("eu-west-1").list_pipelines()


def test_a_process_that_a_test_starts_has_no_credentials_either() -> None:
    start = "import os; print(sorted((k, v) for k, v in os.environ.items() if k.startswith('AWS_')))"
    result = subprocess.run([sys.executable, "-c", start], capture_output=True, text=True, encoding="utf-8", check=True)
    assert result.stdout.strip() == repr(sorted(AWS_ENVIRONMENT.items()))


def test_only_aws_settings_are_stripped() -> None:
    environment = {"AWS_PROFILE": "prod", "SAGEMAKER_ROLE": "y", "BOTO_CONFIG": "z", "HOME": "/h"}
    strip_aws_environment(environment)
    assert environment == {"HOME": "/h", **AWS_ENVIRONMENT}


def test_a_swallowed_attempt_still_fails_the_test(tmp_path: Path) -> None:
    (tmp_path / "test_swallowing.py").write_text(
        "import contextlib, socket\n"
        "def test_swallows():\n"
        "    with contextlib.suppress(Exception), socket.socket() as client:\n"
        f"        client.connect(({OUTSIDE!r}, 443))\n"
        "def test_innocent():\n"
        "    pass\n",
        encoding="utf-8",
    )
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "tests.conftest", str(tmp_path)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 1
    assert f"a test may not leave this machine: socket.connect {OUTSIDE}:443" in result.stdout
    assert "2 passed, 1 error" in result.stdout
