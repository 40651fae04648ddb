"""Records what SDK v2 makes of the estimators in ``cases.json``: the training request and the source archive.

Run by hand, in an environment with sagemaker 2.257.7, from the root of the checkout:

    SAGEMAKER_SUPPRESS_V2_WARNING=1 /work/sdk2/bin/python tests/parity/script_mode/sdk2_estimators.py

It writes ``tests/data/script_mode/sdk2.json``. Nothing reaches AWS: the session has made-up keys, what the SDK uploads
stays in memory, and any call of a service is an error.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import json
import os
import re
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

HERE = Path(__file__).parent
PROJECT = HERE / "project"
TARGET = HERE.parents[1] / "data" / "script_mode" / "sdk2.json"
ROLE = "arn:aws:iam::111122223333:role/train"
REGION = "eu-west-1"


class Uploads:
    """Stands for the S3 resource of boto3; keeps what is uploaded by its URI."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def resource(self, *_: object, **__: object) -> Uploads:
        """Itself, in the place of any resource of boto3."""
        return self

    def Object(self, bucket: str, key: str) -> Upload:  # noqa: N802 - boto3's name
        """The object to upload."""
        return Upload(self.files, f"s3://{bucket}/{key}")


class Upload:
    """One object of the made-up S3."""

    def __init__(self, files: dict[str, bytes], uri: str) -> None:
        self.files = files
        self.uri = uri

    def upload_file(self, path: str, **_: object) -> None:
        """Keeps the file."""
        self.files[self.uri] = Path(path).read_bytes()


def members(archive: bytes) -> dict[str, dict[str, str | bool]]:
    """The files of an archive by path, with the SHA-256 of each and whether its owner may run it."""
    found: dict[str, dict[str, str | bool]] = {}
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as packed:
        for member in packed:
            content = packed.extractfile(member) if member.isfile() else None
            if content is not None:
                digest = hashlib.sha256(content.read()).hexdigest()
                found[member.name] = {"sha256": digest, "executable": bool(member.mode & 0o100)}
    return dict(sorted(found.items()))


def ignore(*_: object, **__: object) -> None:
    """Does nothing."""


def refuse(*_: object, **__: object) -> NoReturn:
    """Any call of AWS ends the recording."""
    raise AssertionError("a call of AWS")


def recorded(estimator: Callable[..., Any], arguments: Mapping[str, object]) -> dict[str, object]:
    """What a training step of the estimator asks for, and what was uploaded for it."""
    boto3 = importlib.import_module("boto3")
    context = importlib.import_module("sagemaker.workflow.pipeline_context")
    steps = importlib.import_module("sagemaker.workflow.steps")
    uploads = Uploads()
    boto = boto3.Session(aws_access_key_id="x", aws_secret_access_key="x", region_name=REGION)
    boto.resource = uploads.resource
    session = context.PipelineSession(boto_session=boto, default_bucket="bucket")
    session.s3_resource = uploads
    given = json.loads((HERE / "hyperparameters.json").read_text(encoding="utf-8"))
    made = estimator(
        entry_point="train.py",
        source_dir="src",
        role=ROLE,
        output_path="s3://bucket/output",
        hyperparameters=given,
        sagemaker_session=session,
        **arguments,
    )
    step = steps.TrainingStep("Train", step_args=made.fit({"train": "s3://bucket/train"}))
    request = step.to_request()["Arguments"]
    (archive,) = uploads.files.values()
    return {"request": request, "uploaded_to": list(uploads.files), "archive": members(archive)}


def main() -> None:
    """Writes the recording."""
    client: Any = importlib.import_module("botocore.client")
    client.BaseClient._make_api_call = refuse
    # The telemetry would ask a service who calls.
    telemetry: Any = importlib.import_module("sagemaker.telemetry.telemetry_logging")
    telemetry._send_telemetry_request = ignore
    version = importlib.import_module("sagemaker").__version__
    os.chdir(PROJECT)
    cases = json.loads((HERE / "cases.json").read_text(encoding="utf-8"))
    found: dict[str, object] = {}
    for name, case in cases.items():
        module, _, estimator = case["estimator"].rpartition(".")
        found[name] = recorded(getattr(importlib.import_module(module), estimator), case["arguments"])
    text = json.dumps({"sagemaker": version, "cases": found}, indent=2, sort_keys=True)
    # The SDK names the folder of the code after the time.
    TARGET.write_text(re.sub(r"\d{4}(-\d\d){5}-\d{3}", "TIME", text) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
