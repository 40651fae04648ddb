"""What the images of AWS's frameworks hold: their Python, and the modules that can be imported in them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, TypedDict

from smgen.aws.images import ImageProblem, ImageRequest, image_name

PACKAGE_TABLE_FILE: Final = Path(__file__).parent / "data" / "image_packages.json"
"""The table; its member ``source`` says where its facts come from."""

_PYTHON_OF_TAG: Final = re.compile(r"-py([23])(\d{1,2})?(?:-|$)")


class _PackageTable(TypedDict):
    source: str
    python: dict[str, dict[str, str]]
    modules: dict[str, list[str]]


@cache
def _table() -> _PackageTable:
    table: _PackageTable = json.loads(PACKAGE_TABLE_FILE.read_text(encoding="utf-8"))
    return table


@cache
def image_modules(framework: str) -> frozenset[str] | None:
    """The modules, by the first part of their names, that some image of a framework has; None where none is known.

    What Python itself brings is left out. A module that is listed may be missing in an older version.
    """
    listed: Mapping[str, list[str]] = _table()["modules"]
    return frozenset(listed[framework]) if framework in listed else None


@cache
def known_image_modules() -> frozenset[str]:
    """The modules of all images in the table: names that are a public package's."""
    return frozenset(name for names in _table()["modules"].values() for name in names)


def image_python(request: ImageRequest) -> tuple[int, int] | None:
    """The Python of the image that is asked for, such as (3, 10); None where neither its tag nor the table says it."""
    written = _table()["python"].get(request.framework, {}).get(request.version or "")
    if written is not None:
        major, minor = written.split(".")
        return int(major), int(minor)
    name = image_name(request)
    found = None if isinstance(name, ImageProblem) else _PYTHON_OF_TAG.search(name)
    if found is None or (found[1] == "3" and found[2] is None):
        return None
    return int(found[1]), int(found[2] or 7)
