"""Snapshots: the definition of a pipeline in a committed file, and what has changed since."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from smgen.definition import change_lines, changes, parse_definition
from smgen.documents import (
    DEFINITION_LIMITS,
    JsonObject,
    JsonValue,
    object_at,
    pretty_json,
    publish_files,
    read_document,
    shown_path,
    with_plain,
)
from smgen.runtime import Environment
from smgen.testing.tested_pipeline import TestedPipeline

#: The environment variable that makes :func:`assert_snapshot` write what it would compare.
UPDATE: Final = "SMGEN_UPDATE_SNAPSHOTS"
_MOST_LINES: Final = 60


def assert_snapshot(pipeline: TestedPipeline, path: Path | str, *, mask: bool = False) -> None:
    """Raises AssertionError where the definition of a pipeline is not the one in a file.

    The message says what changed, by step and parameter. With the environment variable ``SMGEN_UPDATE_SNAPSHOTS`` set
    to 1 the file is written instead. With ``mask`` what belongs to the account stands in it by name (``<role>``,
    ``<bucket>``), and the hashes of code as ``<code>``: one file serves accounts that are set up alike, and another
    script changes nothing.

    Raises FindingsError where the file is no definition.
    """
    path = Path(path)
    document = masked(pipeline) if mask else pipeline.definition.document
    if os.environ.get(UPDATE, "") not in ("", "0"):
        publish_files(path.parent, {path.name: pretty_json(document).encode()})
        return
    shown = shown_path(path)
    if not path.is_file():
        how = f"to write it, run the test with {UPDATE}=1, and commit it"
        raise AssertionError(f"there is no snapshot {shown} of {pipeline.title}\n  {how}")
    renew = f"to renew it, run the test with {UPDATE}=1, read what changes, and commit it"
    before = parse_definition(read_document(path, DEFINITION_LIMITS, shown_as=shown))
    found = changes(before, parse_definition(document))
    if found:
        lines = list(change_lines(found))
        more = len(lines) - _MOST_LINES
        told = [*lines[:_MOST_LINES], *([f"… and {more} more lines"] if more > 0 else [])]
        title = f"{pipeline.title} is no longer what the snapshot {shown} says"
        raise AssertionError("\n".join([title, *(f"  {line}" for line in told), f"  {renew}"]))


def masked(pipeline: TestedPipeline) -> JsonObject:
    """The definition with names in place of the environment's values and of the hashes of code."""
    names = {value: f"<{name}>" for name, value in _values(pipeline.environment)}
    names |= {asset.digest: "<code>" for asset in pipeline.compiled.assets}
    if not names:
        return pipeline.definition.document
    # Longer values first, since a location begins with its bucket; none inside a word.
    values = "|".join(re.escape(value) for value in sorted(names, key=lambda value: (-len(value), value)))
    pattern = re.compile(f"(?<![A-Za-z0-9_-])(?:{values})(?![A-Za-z0-9_-])")

    def mask(value: JsonValue) -> JsonValue:
        return pattern.sub(lambda found: names[found[0]], value) if isinstance(value, str) else value

    return object_at(with_plain(pipeline.definition.document, mask))


def _values(environment: Environment) -> Iterator[tuple[str, str]]:
    """The values of an environment that belong to its account, by name; the last name of a value counts."""
    found: list[tuple[str, str | None]] = [
        *((f"security_group_ids.{index}", value) for index, value in enumerate(environment.security_group_ids)),
        *((f"subnets.{index}", value) for index, value in enumerate(environment.subnets)),
        *((f"images.{name}", value) for name, value in environment.images.items()),
        ("output_location", environment.output_location),
        ("asset_location", environment.asset_location),
        ("output_kms_key", environment.output_kms_key),
        ("kms_key", environment.kms_key),
        ("role", environment.role),
        ("bucket", environment.bucket),
        ("region", environment.region),
        ("account", environment.account),
    ]
    # Tags, names of groups and other values are plain words, which a definition has for other reasons as well.
    for name, value in found:
        if value:
            yield name, value
