"""What both recorders of this folder need: a session that answers for S3 itself, and how recordings are written.

It is used in the environments of the SDKs and knows nothing of smgen.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.metadata
import io
import json
import os
import re
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PROJECT = HERE / "project"
REGION = "eu-west-1"
ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/SageMakerPipelines"
BUCKET = f"sagemaker-{REGION}-{ACCOUNT}"

#: The forms in which the SDKs write the time, each with the moment that stands in its place.
_TIMES = (
    (re.compile(r"\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-\d{3}"), "2026-01-02-03-04-05-678"),
    (re.compile(r"(?<![0-9])20\d{12}(?![0-9])"), "20260102030405"),
    (re.compile(r"(?<![0-9])1[789]\d{8}-[0-9a-f]{4}(?![0-9a-f])"), "1767323045-ab12"),
    (re.compile(r"(?<![0-9a-f])1[789]\d{8}(?![0-9a-f])"), "1767323045"),
    # And what is made up anew each time: names of a model and of a temporary file, and a key for signatures.
    (re.compile(r"(?<=[/-])model-[0-9a-f]{8}(?![0-9a-f])"), "model-ab12cd34"),
    (re.compile(r"(?<=BEGIN PUBLIC KEY-----\\n)[^-]+(?=-----END)"), "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE==\\\\n"),
    (re.compile(r"sagemaker_requirements_[a-z0-9_]{8}\.txt"), "sagemaker_requirements_abcd1234.txt"),
)


class Uploads:
    """Stands for S3: keeps what is uploaded by its URI; every other call of AWS ends the recording."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def call(self, operation: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """In place of a client's way to AWS."""
        if operation != "PutObject":
            raise AssertionError(f"a call of AWS: {operation}")
        body = given["Body"]
        content: bytes = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else body.read()
        self.files[f"s3://{given['Bucket']}/{given['Key']}"] = content
        return {"ETag": '"0"'}


def of(place: str, name: str) -> Any:
    """A thing of a module of the SDK, which has no types."""
    return getattr(importlib.import_module(f"sagemaker.{place}"), name)


def nothing(*_: object, **__: object) -> None:
    """In place of what would talk to somebody."""


def offline(telemetry: str) -> Uploads:
    """No credentials that anybody has, no telemetry, S3 in memory, and every attempt to leave this machine refused."""
    os.environ.update(
        AWS_DEFAULT_REGION=REGION,
        AWS_ACCESS_KEY_ID="testing",
        AWS_SECRET_ACCESS_KEY="testing",
        AWS_EC2_METADATA_DISABLED="true",
        SAGEMAKER_VALIDATE_ROLE="false",
        SAGEMAKER_SUPPRESS_V2_WARNING="1",
    )

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo"):
            raise RuntimeError(f"parity runs offline: {event} {arguments[-1]}")

    sys.addaudithook(refuse)
    uploads = Uploads()
    client: Any = importlib.import_module("botocore.client")
    # A bound method in a class stays bound: it is not given the client.
    client.BaseClient._make_api_call = uploads.call
    of(telemetry, "telemetry_logging")._send_telemetry_request = nothing
    # The SDK puts files of its own into the folders that it packs.
    copy = Path(tempfile.mkdtemp()) / "project"
    shutil.copytree(PROJECT, copy)
    os.chdir(copy)
    return uploads


def session(place: str) -> Any:
    """A session that captures requests; its bucket is known, so that it asks nobody."""
    import boto3  # of the SDK's environment

    boto = boto3.Session(region_name=REGION, aws_access_key_id="testing", aws_secret_access_key="testing")
    made = of(place, "PipelineSession")(boto_session=boto, default_bucket=BUCKET)
    made._default_bucket = BUCKET
    return made


def timeless(text: str) -> str:
    """The text with one moment in place of every time that the SDK wrote."""
    for form, moment in _TIMES:
        text = form.sub(moment, text)
    return text


def contents(files: Mapping[str, bytes]) -> dict[str, Any]:
    """The code that was uploaded, by its URI: the SHA-256 of a script, and of each file in an archive."""
    found: dict[str, Any] = {}
    for uri, content in files.items():
        if not uri.endswith((".tar.gz", ".py", ".sh")):
            continue
        if uri.endswith(".tar.gz"):
            with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as packed:
                read = {one.name: packed.extractfile(one) for one in packed if one.isfile()}
                members = {name: _digest(data.read()) for name, data in read.items() if data is not None}
            found[timeless(uri)] = dict(sorted(members.items()))
        else:
            found[timeless(uri)] = _digest(content)
    return dict(sorted(found.items()))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def record(major: int, pipelines: Mapping[str, Callable[[Any], Any]], own: Any, uploads: Uploads) -> None:
    """Writes the definition of each pipeline, and what was uploaded for all of them."""
    target = HERE.parents[1] / "data" / "parity" / "imported" / f"sdk{major}"
    target.mkdir(parents=True, exist_ok=True)
    for name, build in pipelines.items():
        definition = json.loads(timeless(build(own).definition()))
        text = json.dumps(definition, indent=2, ensure_ascii=False)
        (target / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    written = {"sagemaker": importlib.metadata.version("sagemaker"), "uploads": contents(uploads.files)}
    text = json.dumps(written, indent=2)
    (target / "_uploads.json").write_text(text + "\n", encoding="utf-8")
