"""The connection to an AWS account: its settings, its clients, and calls that fail in words."""

from __future__ import annotations

import importlib
import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol, cast

from smgen.distribution import need
from smgen.emit.service_fixes import connection_fix, service_fix

#: Attempts that botocore makes of one call, in its standard mode, before it gives up; AWS's own variable goes before.
_ATTEMPTS: Final = 5
#: In seconds.
_CONNECT_TIMEOUT: Final = 10.0
_SOON: Final = 3.0
#: Seconds to wait before further attempts where the service still says that it is asked too often.
_THROTTLED_WAITS: Final = (2.0, 4.0, 8.0)
_THROTTLING: Final = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "SlowDown",
    }
)
#: Seconds after which a call ends that still gets an answer, byte by byte; and bytes a second that an upload gets.
_LONGEST_CALL: Final = 45.0
_SLOWEST_UPLOAD: Final = 100_000
#: The member without which an answer is none of AWS, by the name of the call, and its type.
_HOLDS: Final[Mapping[str, tuple[str, type]]] = {
    "ListPipelines": ("PipelineSummaries", list),
    "DescribePipeline": ("PipelineDefinition", str),
    "CreatePipeline": ("PipelineArn", str),
    "UpdatePipeline": ("PipelineArn", str),
    "StartPipelineExecution": ("PipelineExecutionArn", str),
    "ListTags": ("Tags", list),
    "AddTags": ("Tags", list),
    "GetCallerIdentity": ("Account", str),
    "HeadObject": ("ETag", str),
    "PutObject": ("ETag", str),
}
#: No account has a listing that is longer: in pages, and in seconds.
_MOST_PAGES: Final = 1_000
_LONGEST_LISTING: Final = 600.0
#: In characters; a definition has at most a sixteenth of it.
_LONGEST_TEXT: Final = 16 * 1024 * 1024
_NOT_FOUND: Final = re.compile(r"does not exist|not found|(unable to|could not) find", re.IGNORECASE)
_NO_AWS: Final = "see whether something else answers in the place of AWS: a proxy, or another --endpoint-url"
#: What botocore raises where an answer is of another shape, wherever it first meets that: a time that is none is a
#: RuntimeError, a number without an end an OverflowError, too deep a nesting a RecursionError.
_STUMBLES: Final = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
#: Calls of one client that are made at once.
DEFAULT_WORKERS: Final = 8


class SageMakerReader(Protocol):
    """The calls of boto3's SageMaker client that read pipelines."""

    def list_pipelines(self, **request: str | int) -> Mapping[str, object]:
        """One page of the account's pipelines."""
        ...

    def describe_pipeline(self, **request: str) -> Mapping[str, object]:
        """One pipeline with its definition, wherever that was uploaded from."""
        ...


class SageMakerClient(SageMakerReader, Protocol):
    """The calls of boto3's SageMaker client that deploying makes."""

    def create_pipeline(self, **request: object) -> Mapping[str, object]:
        """Makes a pipeline."""
        ...

    def update_pipeline(self, **request: object) -> Mapping[str, object]:
        """Changes a pipeline."""
        ...

    def list_tags(self, **request: str) -> Mapping[str, object]:
        """One page of the tags of a resource."""
        ...

    def add_tags(self, **request: object) -> Mapping[str, object]:
        """Adds tags to a resource, or changes their values."""
        ...

    def start_pipeline_execution(self, **request: object) -> Mapping[str, object]:
        """Starts a pipeline."""
        ...


class S3Client(Protocol):
    """The calls of boto3's S3 client that publishing makes."""

    def head_object(self, **request: str) -> Mapping[str, object]:
        """The size of an object and what else S3 knows of it."""
        ...

    def put_object(self, **request: object) -> Mapping[str, object]:
        """Writes an object, as a whole or not at all."""
        ...


class StsClient(Protocol):
    """The call of boto3's STS client that says whose the credentials are."""

    def get_caller_identity(self) -> Mapping[str, object]:
        """The account, and the user or role in it; needs no permission."""
        ...


class S3Reader(Protocol):
    """The call of boto3's S3 client that reads objects."""

    def get_object(self, **request: str) -> Mapping[str, object]:
        """An object; its ``Body`` is read by the caller."""
        ...


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """Which account is asked: a profile, a region and an endpoint; None leaves each to AWS's own configuration."""

    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None


class ServiceError(Exception):
    """The service could not be asked: ``call`` is what was tried, ``reason`` why it failed, each in a few words."""

    def __init__(self, call: str, reason: str, code: str = "", fix: str | None = None) -> None:
        """``code`` is the service's own name of the error, where it gave one; ``fix`` is what to do, if known."""
        super().__init__(f"{call}: {reason}")
        self.call = call
        self.reason = reason
        self.code = code
        self.fix = fix

    @property
    def says_missing(self) -> bool:
        """Whether the service answers that what it was asked for is not there."""
        is_about_the_name = self.code == "ValidationException" and _NOT_FOUND.search(self.reason) is not None
        return self.code == "ResourceNotFound" or is_about_the_name


def no_answer(call: str, reason: str) -> ServiceError:
    """The error for an answer that no service of AWS gives."""
    return ServiceError(call, f"the answer is none of AWS: {reason}", fix=_NO_AWS)


class _Session(Protocol):
    def client(self, name: str, **settings: object) -> object: ...


def sagemaker_client(settings: ConnectionSettings, workers: int = DEFAULT_WORKERS) -> SageMakerClient:
    """A client of SageMaker. Raises MissingExtraError without boto3, ServiceError where that is not configured."""
    return cast("SageMakerClient", _client("sagemaker", "SageMaker", settings, workers))


def s3_client(settings: ConnectionSettings, workers: int = DEFAULT_WORKERS) -> S3Client:
    """A client of S3. Raises MissingExtraError without boto3, ServiceError where that is not configured."""
    return cast("S3Client", _client("s3", "S3", settings, workers))


def s3_reader(settings: ConnectionSettings, workers: int = DEFAULT_WORKERS) -> S3Reader:
    """A client of S3 that reads. Raises ServiceError where boto3 is not installed or not configured."""
    return cast("S3Reader", _client("s3", "S3", settings, workers))


def sts_client(settings: ConnectionSettings) -> StsClient:
    """A client of STS, which gives up soon: a network without a way to STS swallows what is sent there.

    Raises MissingExtraError without boto3, ServiceError where that is not configured.
    """
    return cast("StsClient", _client("sts", "STS", settings, 1, attempts=1, connect_timeout=_SOON))


def _client(
    name: str,
    title: str,
    settings: ConnectionSettings,
    workers: int,
    *,
    attempts: int | None = None,
    connect_timeout: float = _CONNECT_TIMEOUT,
) -> object:
    need("aws")
    # Through importlib, because the types of boto3's sessions name stubs that need not be installed.
    session_class = cast("Callable[..., _Session]", vars(importlib.import_module("boto3.session"))["Session"])
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    if attempts is None and "AWS_MAX_ATTEMPTS" not in os.environ:
        attempts = _ATTEMPTS
    config = Config(
        retries={"mode": "standard"} if attempts is None else {"mode": "standard", "total_max_attempts": attempts},
        max_pool_connections=workers,
        connect_timeout=connect_timeout,
        read_timeout=60,
        user_agent_extra="smgen",
    )
    try:
        session = session_class(profile_name=settings.profile, region_name=settings.region)
        return session.client(name, endpoint_url=settings.endpoint_url, config=config)
    except (BotoCoreError, ValueError) as error:
        fix = connection_fix(type(error).__name__, settings.profile, _profiles())
        raise ServiceError(f"connecting to {title}", str(error), fix=fix) from None


def _profiles() -> list[str]:
    """The names of the profiles on this machine; none where AWS's configuration cannot be read."""
    from botocore.exceptions import BotoCoreError
    from botocore.session import Session

    try:
        return list(Session().available_profiles)
    except BotoCoreError:
        return []


def called(call: Callable[[], Mapping[str, object]], name: str, *, upload: int = 0) -> Mapping[str, object]:
    """The answer of a call, tried again while the service is asked too often.

    ``name`` is AWS's name of it, with what it is about behind a space; ``upload`` the bytes that it sends. Raises
    ServiceError, with the service's own code, also for an answer that is none and for one that does not end.
    """
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    waits = iter((*_THROTTLED_WAITS, None))
    while True:
        try:
            return _answer(_in_time(call, name, _LONGEST_CALL + upload / _SLOWEST_UPLOAD), name)
        except ClientError as error:
            # botocore types an answer as a dict of Any; its keys are texts.
            answer = cast("Mapping[str, object]", error.response).get("Error", {})
            members = cast("Mapping[str, object]", answer)
            code, message = str(members.get("Code", "")), str(members.get("Message", ""))
            wait = next(waits) if code in _THROTTLING else None
            if wait is None:
                reason = f"{code}: {message}" if message else code or str(error)
                fix = _NO_AWS if code.isdigit() and not message else service_fix(name, code, message)
                raise ServiceError(name, reason, code, fix) from None
            time.sleep(wait)
        except BotoCoreError as error:
            raise ServiceError(name, str(error), fix=connection_fix(type(error).__name__, None, ())) from None
        except (ResponseParserError, *_STUMBLES) as error:
            reason = str(error) if isinstance(error, ResponseParserError) else "it has another form"
            raise no_answer(name, reason) from None


def pages(
    call: Callable[..., Mapping[str, object]], name: str, request: Mapping[str, str | int]
) -> Iterator[Mapping[str, object]]:
    """The answers of a listing, each as of :func:`called`. Raises ServiceError, also for one that does not end."""
    token: object = None
    seen: set[str] = set()
    ends = time.monotonic() + _LONGEST_LISTING
    while len(seen) < _MOST_PAGES and time.monotonic() < ends:
        more = {} if token is None else {"NextToken": token}
        page = called(partial(call, **request, **more), name)
        yield page
        token = page.get("NextToken")
        if token in (None, ""):
            return
        if not isinstance(token, str):
            raise no_answer(name, "its NextToken is no text")
        if token in seen:
            raise no_answer(name, "it names no further page")
        seen.add(token)
    raise no_answer(name, f"there are still pages after {len(seen):,}")


def _answer(answer: Mapping[str, object], name: str) -> Mapping[str, object]:
    """The answer, if it holds what answers of this call hold. Raises ServiceError."""
    holds = _HOLDS.get(name.partition(" ")[0])
    if holds is not None:
        value = answer.get(holds[0])
        if not isinstance(value, holds[1]):
            raise no_answer(name, f"it has no {holds[0]}")
        if isinstance(value, str) and len(value) > _LONGEST_TEXT:
            raise no_answer(name, f"its {holds[0]} has {len(value):,} characters")
    return answer


def _in_time(call: Callable[[], Mapping[str, object]], name: str, seconds: float) -> Mapping[str, object]:
    """What a call gives or raises. Raises ServiceError where it has not ended after so many seconds."""
    answers: list[Mapping[str, object]] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(call())
        except BaseException as error:
            errors.append(error)

    # botocore waits for each byte anew. A thread that still waits must not keep the process.
    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not answers:
        raise ServiceError(name, f"there was no whole answer after {seconds:.0f} s", fix=_NO_AWS)
    return answers[0]
