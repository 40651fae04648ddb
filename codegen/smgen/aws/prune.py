"""Makes the service model table from the installed botocore: ``python -m smgen.aws.prune [--check]``."""

from __future__ import annotations

import argparse
import html
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypedDict

from typing_extensions import NotRequired

from smgen.aws.pipeline_shapes import DERIVED_SHAPES, PIPELINE_SHAPES, Derived
from smgen.aws.service_shapes import SERVICE_MODEL_FILE, Shape, ShapeRow, ShapeTable, ShapeType
from smgen.aws.shipped_table import write_or_check
from smgen.aws.step_kinds import STEP_KINDS

SERVICES = ("sagemaker", "emr", "emr-serverless")
"""The services whose models are read; the shapes of the first keep their names, the others get a prefix."""

ENVELOPE_ROOTS = ("CreatePipelineRequest", "StartPipelineExecutionRequest", "MlflowConfig")
"""What the limits of names and of the pipeline itself are read from, beside the shapes of the steps."""

DOCUMENTATION_LIMIT = 300
"""The longest documentation that is kept, in characters."""


class _Reference(TypedDict):
    shape: str
    documentation: NotRequired[str]


class _RawShape(TypedDict):
    """A shape as botocore's service-2.json holds it, as far as it is read here."""

    type: ShapeType
    members: NotRequired[dict[str, _Reference]]
    required: NotRequired[list[str]]
    member: NotRequired[_Reference]
    key: NotRequired[_Reference]
    value: NotRequired[_Reference]
    enum: NotRequired[list[str]]
    min: NotRequired[int | float]
    max: NotRequired[int | float]
    pattern: NotRequired[str]
    union: NotRequired[bool]
    document: NotRequired[bool]
    documentation: NotRequired[str]


_BLOCK_TAG = re.compile(r"</?(?:p|br|li|ul|ol|dl|dt|dd|div|note|important|h[1-6])\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_ASIDE = re.compile(r"<(?:ul|ol|dl|note|important|table|pre)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)(?<!vs\.)(?<=[.!?])\s+(?=[A-Z\"'(])")
# Sentences that only lead to a link, which plain text does not keep.
_POINTER = re.compile(r"(?:For (?:more )?(?:information|details|a list)\b|To learn more\b|See\b|Learn more\b)")
_TYPOGRAPHY = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-"})


def plain_sentences(markup: str, limit: int = DOCUMENTATION_LIMIT) -> str:
    """Return the first sentences of AWS's HTML as one line of plain text, at most ``limit`` characters.

    Whole sentences as far as they fit; a first sentence that is too long is cut at a word and ends in ``...``. Lists
    and notes are left out, and so are sentences that only point to another page.
    """
    lead = _ASIDE.split(markup, maxsplit=1)[0]
    sentences = list(_sentences(lead)) or list(_sentences(markup))
    if not sentences:
        return ""
    text = sentences[0]
    if text.endswith(":"):
        # What it announces is a list, which is left out.
        text = f"{text[:-1]}."
    if len(text) > limit:
        return text[: limit - 3].rsplit(" ", 1)[0].rstrip(" ,;:") + "..."
    for sentence in sentences[1:]:
        if len(text) + 1 + len(sentence) > limit:
            break
        if not sentence.endswith(":"):
            text = f"{text} {sentence}"
    return text


def _sentences(markup: str) -> Iterator[str]:
    text = html.unescape(_TAG.sub("", _BLOCK_TAG.sub(" ", markup))).translate(_TYPOGRAPHY)
    text = re.sub(r"\s+([.,;:)])", r"\1", " ".join(text.split()))
    for sentence in _SENTENCE_END.split(text):
        if sentence and not _POINTER.match(sentence):
            yield sentence


def step_roots() -> tuple[str, ...]:
    """Return the shapes that must be in the table, sorted: those of the kinds, their fields, and the envelope's."""
    roots: set[str] = {*ENVELOPE_ROOTS}
    for kind in STEP_KINDS.values():
        roots.update((kind.arguments, *kind.response, *(field.shape for field in kind.fields)))
    return tuple(sorted(roots))


def pruned_table(
    models: Mapping[str, Mapping[str, _RawShape]], versions: Mapping[str, str], release: str
) -> ShapeTable:
    """Return the table of every shape that the roots reach.

    ``models`` are the shapes of each service by name, ``versions`` their API versions, ``release`` is botocore's.
    KeyError when a root or a hand-written shape names a shape that AWS no longer has.
    """
    rows: dict[str, ShapeRow] = {}
    open_names = list(step_roots())
    while open_names:
        name = open_names.pop()
        if name not in rows:
            rows[name] = row = _row(name, models)
            open_names.extend(_references(row))
    return {"botocore": release, "services": dict(sorted(versions.items())), "shapes": dict(sorted(rows.items()))}


def _references(row: ShapeRow) -> Iterator[str]:
    for member in row.get("members", {}).values():
        yield member[0]
    for name in (row.get("element"), row.get("key"), row.get("value")):
        if name is not None:
            yield name


def _row(name: str, models: Mapping[str, Mapping[str, _RawShape]]) -> ShapeRow:
    if name in PIPELINE_SHAPES:
        return _written_row(PIPELINE_SHAPES[name])
    if name in DERIVED_SHAPES:
        return _derived_row(DERIVED_SHAPES[name], models)
    service, _, bare = name.rpartition(".")
    shapes = models[service or SERVICES[0]]
    return _aws_row(shapes[bare], shapes, f"{service}." if service else "")


def _aws_row(raw: _RawShape, shapes: Mapping[str, _RawShape], prefix: str) -> ShapeRow:
    row: ShapeRow = {"type": "document" if raw.get("document") else raw["type"]}
    if "members" in raw:
        row["members"] = {
            name: _member(prefix + member["shape"], member.get("documentation") or _own_words(shapes[member["shape"]]))
            for name, member in sorted(raw["members"].items())
        }
    if required := raw.get("required"):
        row["required"] = sorted(required)
    if "member" in raw:
        row["element"] = prefix + raw["member"]["shape"]
    if "key" in raw:
        row["key"] = prefix + raw["key"]["shape"]
    if "value" in raw:
        row["value"] = prefix + raw["value"]["shape"]
    if "enum" in raw:
        row["enum"] = raw["enum"]
    if "min" in raw:
        row["min"] = raw["min"]
    if "max" in raw:
        row["max"] = raw["max"]
    if "pattern" in raw:
        row["pattern"] = raw["pattern"]
    if raw.get("union"):
        row["union"] = True
    return row


def _own_words(raw: _RawShape) -> str:
    return raw.get("documentation", "")


def _member(shape: str, markup: str) -> list[str]:
    words = plain_sentences(markup)
    return [shape, words] if words else [shape]


def _written_row(shape: Shape) -> ShapeRow:
    row: ShapeRow = {"type": shape.type}
    if shape.members:
        row["members"] = {
            name: [member.shape, *((member.documentation,) if member.documentation else ())]
            for name, member in sorted(shape.members.items())
        }
    if shape.required:
        row["required"] = sorted(shape.required)
    if shape.element is not None:
        row["element"] = shape.element
    if shape.key is not None:
        row["key"] = shape.key
    if shape.value is not None:
        row["value"] = shape.value
    if shape.enum:
        row["enum"] = list(shape.enum)
    if shape.min is not None:
        row["min"] = shape.min
    if shape.max is not None:
        row["max"] = shape.max
    return row


def _derived_row(derived: Derived, models: Mapping[str, Mapping[str, _RawShape]]) -> ShapeRow:
    row = _row(derived.base, models)
    members = dict(row.get("members", {}))
    for name in derived.without:
        del members[name]
    for name, shape in derived.replaced:
        members[name] = [shape, *members[name][1:]]
    row["members"] = members
    required = [name for name in row.get("required", ()) if name in members and name not in derived.optional]
    if required:
        row["required"] = required
    else:
        row.pop("required", None)
    return row


def table_text(table: ShapeTable) -> str:
    """Return the file's text: canonical ASCII JSON, one shape per line, so that a diff shows which shape changed."""

    def compact(value: object) -> str:
        return json.dumps(value, sort_keys=True, separators=(",", ":"))

    lines = (f"{compact(name)}:{compact(row)}" for name, row in table["shapes"].items())
    return "\n".join(
        (
            "{",
            f'"botocore":{compact(table["botocore"])},',
            f'"services":{compact(table["services"])},',
            '"shapes":{',
            ",\n".join(lines),
            "}}",
            "",
        )
    )


def installed_table() -> ShapeTable:
    """Return the table of the installed botocore; ImportError when there is none."""
    import botocore
    from botocore.loaders import Loader

    loader = Loader()
    models: dict[str, Mapping[str, _RawShape]] = {}
    versions: dict[str, str] = {}
    for service in SERVICES:
        versions[service] = loader.determine_latest_version(service, "service-2")
        models[service] = loader.load_service_model(service, "service-2", versions[service])["shapes"]
    return pruned_table(models, versions, botocore.__version__)


def table_differences(shipped: str, fresh: str) -> tuple[str, ...]:
    """Say how the text of one table differs from another's, a line per difference; empty when they are equal."""
    if shipped == fresh:
        return ()
    try:
        old: ShapeTable = json.loads(shipped)
    except ValueError:
        return ("the file is no JSON",)
    new: ShapeTable = json.loads(fresh)
    lines = [
        f"{key}: {old.get(key)} in the file, {new.get(key)} installed"
        for key in ("botocore", "services")
        if old.get(key) != new.get(key)
    ]
    before, after = old.get("shapes", {}), new["shapes"]
    lines.extend(f"shape {name}: new" for name in after if name not in before)
    lines.extend(f"shape {name}: gone" for name in before if name not in after)
    lines.extend(
        f"shape {name}: {_changes(before[name], row)}" for name, row in after.items() if before.get(name, row) != row
    )
    return tuple(lines) or ("the layout of the file",)


def _changes(old: ShapeRow, new: ShapeRow) -> str:
    changes = [f"{key} changed" for key in new if key != "members" and old.get(key) != new.get(key)]
    changes.extend(f"{key} gone" for key in old if key not in new)
    before, after = old.get("members", {}), new.get("members", {})
    changes.extend(f"member {name} new" for name in after if name not in before)
    changes.extend(f"member {name} gone" for name in before if name not in after)
    changes.extend(f"member {name} changed" for name, row in after.items() if before.get(name, row) != row)
    return ", ".join(changes)


def main(arguments: Iterable[str] | None = None, file: Path = SERVICE_MODEL_FILE) -> int:
    """Write the table, or with ``--check`` compare it; return 0 (fine), 1 (stale) or 2 (no botocore, no file)."""
    parser = argparse.ArgumentParser(prog="python -m smgen.aws.prune", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the table is stale")
    options = parser.parse_args(None if arguments is None else list(arguments))
    try:
        fresh = table_text(installed_table())
    except ImportError as error:
        print(f"the service model is made from botocore, which cannot be imported: {error}", file=sys.stderr)
        return 2
    try:
        return write_or_check(file, fresh, table_differences, check=options.check, again="python -m smgen.aws.prune")
    except OSError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
