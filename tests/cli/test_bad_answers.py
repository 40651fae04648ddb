"""Every command that asks AWS, against answers that are none: exit code 2, one message with the call, and an end."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from unittest import mock

import pytest
from botocore.loaders import JSONFileLoader

from smgen.emit import service
from tests.cli.bad_endpoint import BAD, ENDLESS, HOSTILE, BadEndpoint, bad_endpoint
from tests.cli.command_line import Result, smgen, tree

COMMANDS: Final[Mapping[str, tuple[str, ...]]] = {
    "deploy": ("deploy", "Proj1", "--env", "dev", "--start"),
    "plan": ("plan", "Proj1", "--env", "dev"),
    "assets publish": ("assets", "publish", "build"),
    "lint": ("lint", "--pipelines", "*"),
    "import of one": ("import", "--pipeline", "Proj1", "-o", "imported"),
    "import of many": ("import", "--pipelines", "*", "-o", "imported"),
}
#: Those that are tried at every call, and not at the first alone.
EVERYWHERE: Final = ("HTML", "wrong types", "403 with a hostile message")
#: Those that are waited for as long as for any answer.
WITHOUT_END: Final = ("a trickle", "silence")
NAMES: Final = (
    "ListPipelines|DescribePipeline|CreatePipeline|UpdatePipeline|StartPipelineExecution|ListTags|AddTags"
    "|GetCallerIdentity|HeadObject|PutObject"
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    for arguments in (
        ("init", ".", "--name", "proj1"),
        ("generate",),
        ("compile", "Proj1", "--env", "dev", "-o", "build"),
    ):
        assert smgen(*arguments, cwd=folder).code == 0
    return folder


@pytest.fixture(scope="module", autouse=True)
def _tables_read_once() -> Iterator[None]:
    """botocore reads its tables for each client, which takes longer than all else."""
    read, known = JSONFileLoader.load_file, dict[str, object]()

    def load_file(self: JSONFileLoader, file_path: str) -> object:
        if file_path not in known:
            known[file_path] = read(self, file_path)
        return known[file_path]

    with mock.patch.object(JSONFileLoader, "load_file", load_file):
        yield


@pytest.fixture
def server() -> Iterator[BadEndpoint]:
    with bad_endpoint() as server:
        yield server


@pytest.fixture
def at(project: Path, server: BadEndpoint, tmp_path: Path, fake_aws: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project whose account is the server, and an impatient client."""
    assert fake_aws
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    monkeypatch.setattr(service, "_THROTTLED_WAITS", ())
    return Path(shutil.copytree(project, tmp_path / "p"))


def told(result: Result, call: str = NAMES) -> None:
    """Exit code 2, and one bounded message that names the call."""
    assert result.code == 2, result
    # What was done before the start of a pipeline is said.
    assert result.out == "" or (call == "StartPipelineExecution" and "Started" not in result.out)
    lines = result.err.splitlines()
    assert re.search(rf"\b({call})\b", result.err), result.err
    assert "Traceback" not in result.err
    assert sum(line.startswith("Error: ") for line in lines) == 1, result.err
    assert len(result.err) < 6_000
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", result.err), result.err
    assert not any(line.startswith("::") for line in lines)


@pytest.mark.parametrize("answer", BAD)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_bad_answer(
    command: str, answer: str, at: Path, server: BadEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    if answer in WITHOUT_END:
        monkeypatch.setattr(service, "_LONGEST_CALL", 0.3)
    server.answers, server.after = BAD[answer], 0
    before = tree(at)
    told(smgen(*COMMANDS[command], cwd=at))
    assert tree(at) == before


@pytest.mark.parametrize("answer", EVERYWHERE)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_bad_answer_to_a_later_call(command: str, answer: str, at: Path, server: BadEndpoint) -> None:
    server.answers, server.after = BAD[answer], 1_000
    assert smgen(*COMMANDS[command], cwd=at).code in (0, 1)
    calls = list(server.calls)
    for number in range(1, len(calls)):
        server.calls.clear()
        server.after = number
        told(smgen(*COMMANDS[command], cwd=at), calls[number])


@pytest.mark.parametrize("command", ["deploy", "plan", "lint", "import of many"])
def test_pages_without_an_end(command: str, at: Path, server: BadEndpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_MOST_PAGES", 5)
    server.answers, server.after = ENDLESS, 0
    told(smgen(*COMMANDS[command], cwd=at), "ListPipelines|ListTags")


def test_the_hostile_message_is_shown_escaped(at: Path, server: BadEndpoint) -> None:
    server.answers, server.after = BAD["403 with a hostile message"], 0
    result = smgen(*COMMANDS["lint"], cwd=at)
    assert (
        "ListPipelines: AccessDeniedException: \\x1b[2J\\x1b]0;pwn\\x07\\r\\n::error::pwn\\u202e\\x9b31mxxx"
        in result.err
    )
    assert "more characters" in result.err
    assert HOSTILE not in result.err
