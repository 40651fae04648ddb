"""AWS's shapes of two years ago in place of the shipped ones: what is newer may be told, and is never in the way.

``python -m tests.aws.older_tables FOLDER`` writes the table again from the unpacked wheel of that botocore, which
``pip download --no-deps botocore==1.35.71`` fetches (27 November 2024). It is pruned like the shipped one, without
AWS's words, by which nothing is decided.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from unittest import mock

from smgen.aws import service_model as shipped
from smgen.aws.property_paths import properties_shape
from smgen.aws.prune import SERVICES, pruned_table, table_text
from tests.project.checkout import CHECKOUT

OLDER: Final = "1.35.71"
OLDER_TABLE: Final = CHECKOUT / "tests" / "data" / "aws" / f"service_model_{OLDER}.json"

#: What smgen asks for and AWS did not have yet; a table of that time has nothing in them.
LATER: Final = ("CreateJobRequest", "DescribeJobResponse", "ForEachStatus", "LineageMetadata", "MlflowConfig")


@contextmanager
def older_tables() -> Generator[None]:
    """Within it, in this process, smgen knows what AWS had two years ago."""
    with mock.patch("smgen.aws.service_shapes.SERVICE_MODEL_FILE", OLDER_TABLE):
        _forget()
        try:
            yield
        finally:
            _forget()


def _forget() -> None:
    """Whatever is kept of the table; `tests/aws/test_older_tables.py` holds that it is all."""
    shipped.cache_clear()
    properties_shape.cache_clear()


def _made_of(botocore: Path) -> str:
    """The text of the table of an unpacked botocore."""
    models: dict[str, Mapping[str, Any]] = {}
    versions: dict[str, str] = {}
    for service in SERVICES:
        file = max((botocore / "data" / service).glob("*/service-2.json.gz"))
        models[service] = json.loads(gzip.decompress(file.read_bytes()))["shapes"]
        versions[service] = file.parent.name
    assert not set(LATER) & set(models[SERVICES[0]])
    models[SERVICES[0]] = {**models[SERVICES[0]], **{name: {"type": "structure"} for name in LATER}}
    table = pruned_table(models, versions, OLDER)
    for row in table["shapes"].values():
        for member in row.get("members", {}).values():
            del member[1:]
    return table_text(table)


if __name__ == "__main__":
    OLDER_TABLE.write_text(_made_of(Path(sys.argv[1])), encoding="utf-8", newline="\n")
