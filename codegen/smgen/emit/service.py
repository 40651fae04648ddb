"""The connection to an AWS account: its settings, its clients, and calls that fail in words."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol, cast

from smgen.distribution import need
from smgen.emit.service_fixes import connection_fix, service_fix

#: Attempts that botocore makes of one call, in its standard mode, before it gives up.
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
    attempts: int = _ATTEMPTS,
    connect_timeout: float = _CONNECT_TIMEOUT,
) -> object:
    need("aws")
    # Through importlib, because the types of boto3's sessions name stubs that need not be installed.
    session_class = cast("Callable[..., _Session]", vars(importlib.import_module("boto3.session"))["Session"])
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    config = Config(
        retries={"mode": "standard", "total_max_attempts": attempts},
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


def called(call: Callable[[], Mapping[str, object]], name: str) -> Mapping[str, object]:
    """The answer of a call, tried again while the service is asked too often; ``name`` is AWS's name of it.

    Raises ServiceError, with the service's own code.
    """
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    waits = iter((*_THROTTLED_WAITS, None))
    while True:
        try:
            return call()
        except ClientError as error:
            # botocore types an answer as a dict of Any; its keys are texts.
            answer = cast("Mapping[str, object]", error.response).get("Error", {})
            members = cast("Mapping[str, object]", answer)
            code, message = str(members.get("Code", "")), str(members.get("Message", ""))
            wait = next(waits) if code in _THROTTLING else None
            if wait is None:
                reason = f"{code}: {message}" if message else code or str(error)
                raise ServiceError(name, reason, code, service_fix(name, code, message)) from None
            time.sleep(wait)
        except BotoCoreError as error:
            raise ServiceError(name, str(error), fix=connection_fix(type(error).__name__, None, ())) from None
        except ResponseParserError as error:
            fix = "see whether something else answers in the place of AWS: a proxy, or another --endpoint-url"
            raise ServiceError(name, f"the answer is none of AWS: {error}", fix=fix) from None
