"""Makes the table of images from the SDK's: ``python -m smgen.aws.prune_images FOLDER [--check]``.

``FOLDER`` is ``sagemaker/core/image_uri_config`` of an installed ``sagemaker-core``; nothing of the SDK is imported.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, TypedDict

from typing_extensions import NotRequired

from smgen.aws.image_table import EVERY_SCOPE, IMAGE_TABLE_FILE, FrameworkRow, ImageTable, ScopeRow, VersionRow
from smgen.aws.shipped_table import write_or_check


class _RawVersion(TypedDict):
    """A version as the SDK's file holds it, as far as its members have fixed names."""

    repository: NotRequired[str]
    registries: NotRequired[dict[str, str]]
    py_versions: NotRequired[list[str]]
    tag_prefix: NotRequired[str]
    processors: NotRequired[list[str]]
    processor_in_tag: NotRequired[bool]
    container_version: NotRequired[dict[str, str]]
    sdk_versions: NotRequired[list[str]]
    version_aliases: NotRequired[dict[str, str]]


class _RawScope(TypedDict):
    versions: dict[str, dict[str, _RawVersion]]
    version_aliases: NotRequired[dict[str, str]]
    processors: NotRequired[list[str]]
    scope: NotRequired[list[str]]


#: Members of a version that are no image of a base framework or of a Python version.
_FIXED: Final = frozenset(_RawVersion.__annotations__)


def image_table_of(files: Mapping[str, str], release: str) -> ImageTable:
    """Return the table of the texts of the SDK's files by framework; ``release`` is that of sagemaker-core.

    Files without versions (such as the one about the memory of GPUs) are left out. ValueError for a member of a
    version that is not known here: the table would lose something that the SDK takes into account.
    """
    registries: dict[str, int] = {}
    frameworks: dict[str, FrameworkRow] = {}
    for name, file in sorted(files.items()):
        row = _framework(name, file, registries)
        if row is not None:
            frameworks[name] = row
    return {
        "sagemaker_core": release,
        "registries": [json.loads(text) for text in registries],
        "frameworks": frameworks,
    }


def _framework(name: str, text: str, registries: dict[str, int]) -> FrameworkRow | None:
    scopes: dict[str, _RawScope] = json.loads(text)
    if "versions" in scopes:
        whole: _RawScope = json.loads(text)
        return {"scopes": whole.get("scope", []), "images": {EVERY_SCOPE: _scope(name, whole, registries)}}
    if not all("versions" in scope for scope in scopes.values()):
        return None
    return {
        "scopes": list(scopes),
        "images": {key: _scope(name, scope, registries) for key, scope in sorted(scopes.items())},
    }


def _scope(name: str, raw: _RawScope, registries: dict[str, int]) -> ScopeRow:
    unknown = raw.keys() - _RawScope.__annotations__.keys()
    if unknown:
        raise ValueError(f"{name}: the SDK has members that are not known here: {', '.join(sorted(unknown))}")
    row: ScopeRow = {
        "versions": {
            version: _version(f"{name} {version}", json.dumps(raw["versions"][version]), registries)
            for version in raw["versions"]
        }
    }
    if aliases := raw.get("version_aliases"):
        row["aliases"] = aliases
    if processors := raw.get("processors"):
        row["processors"] = processors
    return row


def _version(what: str, text: str, registries: dict[str, int]) -> VersionRow:
    raw: _RawVersion = json.loads(text)
    members: dict[str, object] = json.loads(text)
    row: VersionRow = {}
    if "repository" in raw:
        row["repository"] = raw["repository"]
    if "registries" in raw:
        key = json.dumps(raw["registries"], sort_keys=True)
        row["registries"] = registries.setdefault(key, len(registries))
    _add_form_of_tag(row, raw)
    names = [key for key in members if key not in _FIXED]
    if not names:
        return row
    if row or not all(_is_image(members[key]) for key in names):
        raise ValueError(f"{what}: the SDK has members that are not known here: {', '.join(names)}")
    inner = {key: _version(f"{what} {key}", json.dumps(members[key]), registries) for key in names}
    if "version_aliases" in raw:
        return {"bases": inner, "base_aliases": raw["version_aliases"]}
    return {"pythons": inner}


def _add_form_of_tag(row: VersionRow, raw: _RawVersion) -> None:
    """What the tags of a version are made of, without what says the same as its absence."""
    if py_versions := raw.get("py_versions"):
        row["py_versions"] = py_versions
    if "tag_prefix" in raw:
        row["tag_prefix"] = raw["tag_prefix"]
    if processors := raw.get("processors"):
        row["processors"] = processors
    if not raw.get("processor_in_tag", True):
        row["processor_in_tag"] = False
    if container_version := raw.get("container_version"):
        row["container_version"] = container_version
    if sdk_versions := raw.get("sdk_versions"):
        row["sdk_versions"] = sdk_versions


def _is_image(value: object) -> bool:
    return isinstance(value, dict) and "repository" in value


def table_text(table: ImageTable) -> str:
    """Return the file's text: ASCII JSON, a line per map of registries and per framework; the SDK's order is kept."""

    def compact(value: object) -> str:
        return json.dumps(value, separators=(",", ":"))

    return "\n".join(
        (
            "{",
            f'"sagemaker_core":{compact(table["sagemaker_core"])},',
            '"registries":[',
            ",\n".join(compact(row) for row in table["registries"]),
            "],",
            '"frameworks":{',
            ",\n".join(f"{compact(name)}:{compact(row)}" for name, row in table["frameworks"].items()),
            "}}",
            "",
        )
    )


def sdk_table(folder: Path) -> ImageTable:
    """Return the table of an SDK's folder. OSError and ValueError where it is not what it should be."""
    files = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.json"))}
    if not files:
        raise FileNotFoundError(f"no *.json in {folder}")
    return image_table_of(files, _release(folder))


def _release(folder: Path) -> str:
    """The release of the SDK that a folder belongs to, from the metadata that an installer wrote beside it."""
    # <site-packages>/sagemaker/core/image_uri_config; version 2 has no core.
    for above, package in ((2, "sagemaker_core"), (1, "sagemaker")):
        names = sorted(path.name for path in folder.absolute().parents[above].glob(f"{package}-*.dist-info"))
        if names:
            return names[-1].removeprefix(f"{package}-").removesuffix(".dist-info")
    raise ValueError(f"which release {folder} belongs to is not known: no sagemaker_core-*.dist-info beside sagemaker/")


def table_differences(shipped: str, fresh: str) -> tuple[str, ...]:
    """Say how the text of one table differs from another's, a line per difference; empty when they are equal."""
    if shipped == fresh:
        return ()
    try:
        old: ImageTable = json.loads(shipped)
    except ValueError:
        return ("the file is no JSON",)
    new: ImageTable = json.loads(fresh)
    lines = list(_release_differences(old, new))
    before, after = dict(_versions(old)), dict(_versions(new))
    lines += [f"{name}: new" for name in after if name not in before]
    lines += [f"{name}: gone" for name in before if name not in after]
    lines += [f"{name}: changed" for name, row in after.items() if before.get(name, row) != row]
    return tuple(lines) or ("aliases, processors or the layout of the file",)


def _release_differences(old: ImageTable, new: ImageTable) -> Iterator[str]:
    if old["sagemaker_core"] != new["sagemaker_core"]:
        yield f"sagemaker_core: {old['sagemaker_core']} in the file, {new['sagemaker_core']} in the folder"


def _versions(table: ImageTable) -> Iterator[tuple[str, str]]:
    """Every version by its name, with all that is said about it."""
    for name, framework in table["frameworks"].items():
        for scope, images in framework["images"].items():
            for version, row in images["versions"].items():
                where = "" if scope == EVERY_SCOPE else f" {scope}"
                yield f"{name}{where} {version}", json.dumps(_with_registries(row, table["registries"]))


def _with_registries(row: VersionRow, registries: list[dict[str, str]]) -> object:
    """A version with its registries in place of their number, which changes with others."""
    inner = {**row.get("bases", {}), **row.get("pythons", {})}
    return [
        row,
        registries[row["registries"]] if "registries" in row else None,
        {key: _with_registries(image, registries) for key, image in inner.items()},
    ]


def main(arguments: Iterable[str] | None = None, file: Path = IMAGE_TABLE_FILE) -> int:
    """Write the table, or with ``--check`` compare it; return 0 (fine), 1 (stale) or 2 (no such folder, no file)."""
    parser = argparse.ArgumentParser(prog="python -m smgen.aws.prune_images", description=__doc__)
    parser.add_argument("folder", type=Path, help="image_uri_config of an installed SDK")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the table is stale")
    options = parser.parse_args(None if arguments is None else list(arguments))
    try:
        fresh = table_text(sdk_table(options.folder))
        again = "python -m smgen.aws.prune_images FOLDER"
        return write_or_check(file, fresh, table_differences, check=options.check, again=again)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
