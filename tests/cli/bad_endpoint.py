"""A server on loopback in the place of AWS: it answers rightly for a while, and then with what is no answer of AWS."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Generator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, TypeAlias

ACCOUNT: Final = "111122223333"
ARN: Final = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:pipeline/Proj1"
DEFINITION: Final = json.dumps({"Version": "2020-12-01", "Parameters": [], "Steps": []})
#: Text of a service that tries to be more than a text: colours, another line for a CI system, marks that turn the line.
HOSTILE: Final = "\x1b[2J\x1b]0;pwn\x07\r\n::error::pwn\u202e\x9b31m" + "x" * 200_000

_JSON: Final = "application/x-amz-json-1.1"
_IDENTITY: Final = (
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
    f"<Arn>arn:aws:iam::{ACCOUNT}:user/x</Arn><UserId>x</UserId><Account>{ACCOUNT}</Account>"
    "</GetCallerIdentityResult></GetCallerIdentityResponse>"
)
_RIGHT: Final[Mapping[str, object]] = {
    "ListPipelines": {"PipelineSummaries": [{"PipelineName": "Proj1"}]},
    "DescribePipeline": {"PipelineArn": ARN, "PipelineName": "Proj1", "PipelineDefinition": DEFINITION},
    "ListTags": {"Tags": []},
    "AddTags": {"Tags": []},
    "UpdatePipeline": {"PipelineArn": ARN},
    "StartPipelineExecution": {"PipelineExecutionArn": f"{ARN}/execution/x"},
}


class Handler(BaseHTTPRequestHandler):
    """One request: a right answer, or the bad one of the server."""

    protocol_version = "HTTP/1.1"

    @property
    def endpoint(self) -> BadEndpoint:
        """The server, as what it is."""
        assert isinstance(self.server, BadEndpoint)
        return self.server

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.endpoint.asked(self.call()):
            self.endpoint.answers(self)
        else:
            self.right()

    def __getattr__(self, name: str) -> object:
        if name in ("do_GET", "do_POST", "do_PUT", "do_HEAD"):
            return self.answer
        raise AttributeError(name)

    def call(self) -> str:
        """AWS's name of what is asked."""
        target = str(self.headers.get("X-Amz-Target") or "")
        of_s3 = {"HEAD": "HeadObject", "PUT": "PutObject", "GET": "GetObject"}
        return target.rpartition(".")[2] or of_s3.get(self.command, "GetCallerIdentity")

    def right(self) -> None:
        call = self.call()
        if call == "GetCallerIdentity":
            self.send(200, _IDENTITY, "text/xml")
        elif call == "HeadObject":
            self.send(404, "")
        elif call == "PutObject":
            self.send(200, "", ETag='"x"')
        else:
            self.send(200, json.dumps(_RIGHT[call]))

    def send(self, status: int, body: str | bytes, kind: str = _JSON, **headers: str) -> None:
        """A whole answer; ``headers`` with ``_`` for ``-``."""
        data = body.encode() if isinstance(body, str) else body
        self.begin(status, len(data), kind, **headers)
        if self.command != "HEAD":
            with contextlib.suppress(OSError):
                self.wfile.write(data)

    def begin(self, status: int, length: int, kind: str = _JSON, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def close(self) -> None:
        self.close_connection = True


Answer: TypeAlias = Callable[[Handler], None]


class BadEndpoint(ThreadingHTTPServer):
    """``answers`` is given from the call with the number ``after`` + 1 on; ``calls`` are those that were asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.calls: list[str] = []
        self.after = 0
        self.answers: Answer = Handler.right
        self.ends = threading.Event()
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def asked(self, call: str) -> bool:
        """Notes a call; whether it gets the bad answer."""
        with self._lock:
            self.calls.append(call)
            return len(self.calls) > self.after

    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing: whoever asks may hang up on what it gets."""


@contextlib.contextmanager
def bad_endpoint() -> Generator[BadEndpoint]:
    """A server for a block."""
    with BadEndpoint() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.ends.set()
        server.shutdown()


# Bad answers --------------------------------------------------------------------------------------------------------


def _whole(status: int, body: str | bytes, kind: str = _JSON, **headers: str) -> Answer:
    return lambda handler: handler.send(status, body, kind, **headers)


def _cut(handler: Handler) -> None:
    handler.begin(200, 1000)
    handler.wfile.write(b'{"PipelineSummaries": [')
    handler.close()


def _reset(handler: Handler) -> None:
    # Closed with no time to linger, a connection is reset.
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close()


def _trickle(handler: Handler) -> None:
    handler.begin(200, 1_000_000)
    with contextlib.suppress(OSError):
        while not handler.endpoint.ends.is_set():
            handler.wfile.write(b" ")
            time.sleep(0.02)
    handler.close()


def _silence(handler: Handler) -> None:
    handler.endpoint.ends.wait()
    handler.close()


def _junk(handler: Handler) -> None:
    handler.wfile.write(b"\x00\xff\x00 no HTTP\r\n\r\n")
    handler.close()


def _endless_pages(handler: Handler) -> None:
    """Every page is right, and says that there is another."""
    call, number = handler.call(), len(handler.endpoint.calls)
    listed = {"ListPipelines": "PipelineSummaries", "ListTags": "Tags"}
    if call in listed:
        handler.send(200, json.dumps({listed[call]: [], "NextToken": f"token-{number}"}))
    else:
        handler.right()


_TYPES: Final[Mapping[str, object]] = {
    "PipelineSummaries": {"a": 1},
    "PipelineDefinition": 5,
    "PipelineArn": 7,
    "PipelineExecutionArn": [],
    "Tags": "x",
    "NextToken": 3,
}
_ITEMS: Final = """{
  "PipelineSummaries": [null, 1, "x", [], {"PipelineName": null}, {"PipelineName": {"a": 1}}],
  "PipelineDefinition": null,
  "Tags": [null, {"Key": 1}]
}"""

BAD: Final[Mapping[str, Answer]] = {
    "HTML": _whole(200, "<html>captive portal</html>", "text/html"),
    "nothing": _whole(200, ""),
    "an empty object": _whole(200, "{}"),
    "cut JSON": _whole(200, '{"PipelineSummaries": ['),
    "null": _whole(200, "null"),
    "a list": _whole(200, "[1, 2]"),
    "a number": _whole(200, "7"),
    "wrong types": _whole(200, json.dumps(_TYPES)),
    "wrong items": _whole(200, _ITEMS),
    "deep JSON": _whole(200, "[" * 100_000),
    "invalid UTF-8": _whole(200, b'{"PipelineDefinition": "\xff\xfe", "PipelineArn": "\xc3"}'),
    "no gzip": _whole(200, "{}", Content_Encoding="gzip"),
    "a gzip bomb": _whole(200, gzip.compress(b" " * 50_000_000), Content_Encoding="gzip"),
    "a redirect": _whole(301, "", Location="http://169.254.169.254/evil"),
    "another redirect": _whole(307, "", Location="http://example.com/evil"),
    "500 with HTML": _whole(500, "<html>" + "oops " * 10_000 + "</html>", "text/html"),
    "503 of nothing": _whole(503, ""),
    "429": _whole(429, json.dumps({"__type": "ThrottlingException", "message": "Rate exceeded"})),
    "403 with a hostile message": _whole(403, json.dumps({"__type": "AccessDeniedException", "message": HOSTILE})),
    "400 with a hostile code": _whole(400, json.dumps({"__type": HOSTILE, "message": HOSTILE})),
    "400 with a list": _whole(400, "[1]"),
    "half characters": _whole(400, '{"__type": "ValidationException", "message": "\\ud800 half"}'),
    "50 MB": _whole(200, b'{"PipelineSummaries": "' + b"A" * 50_000_000),
    "a definition of 50 MB": _whole(200, b'{"PipelineDefinition": "' + b"A" * 50_000_000 + b'"}'),
    "a cut body": _cut,
    "a reset connection": _reset,
    "a trickle": _trickle,
    "silence": _silence,
    "no HTTP": _junk,
}

#: Pages without an end: only of what is listed.
ENDLESS: Final = _endless_pages
