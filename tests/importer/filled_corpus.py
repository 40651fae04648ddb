"""The recorded pipelines with values of one account in place of their placeholders."""

from __future__ import annotations

import json
import re
from pathlib import Path

from smgen.documents import JsonObject
from tests.project.checkout import CHECKOUT

CORPUS = CHECKOUT / "tests/data/corpus"
HASH = "0123456789abcdef0123456789abcdef"


def filled(name: str, account: str = "111122223333", region: str = "us-east-1", bucket: str = "ml-dev") -> JsonObject:
    """The definition in the file of the corpus whose name begins so."""
    (path,) = CORPUS.glob(f"{name}*.json")
    text = json.dumps(json.loads(path.read_text(encoding="utf-8"))["definition"])
    for placeholder, value in {
        "<BUCKET_1>": bucket,
        "<BUCKET_2>": f"sagemaker-{region}-{account}",
        "<ROLE_ARN>": f"arn:aws:iam::{account}:role/Runner",
        "<ACCOUNT_ID>": account,
        "<HASH>": HASH,
        "<TIMESTAMP>": "2026-01-02-03-04-05-678",
        "<EPOCH>": "1700000000",
        "<REPO>": "/repo",
        "us-east-1": region,
        "us-west-2": region,
    }.items():
        text = text.replace(placeholder, value)
    registry = f"683313688378.dkr.ecr.{region}.amazonaws.com"
    definition: JsonObject = json.loads(re.sub(r"<IMAGE:([a-z-]+):(\d+)>", rf"{registry}/\1:1.\2", text))
    return definition


def written(folder: Path, name: str, definition: JsonObject) -> Path:
    """A definition as a file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(json.dumps(definition, indent=1), encoding="utf-8")
    return path
