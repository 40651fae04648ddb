"""The table of AWS's public images that ships with smgen: frameworks, versions, repositories and registries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, TypedDict

from typing_extensions import NotRequired

IMAGE_TABLE_FILE: Final = Path(__file__).parent / "data" / "images.json"
"""The table, written by ``python -m smgen.aws.prune_images``."""

EVERY_SCOPE: Final = "*"
"""In place of a scope: the same images serve all scopes of the framework."""


class VersionRow(TypedDict):
    """The images of one version.

    ``registries`` is an index into the table's list of registries. ``bases`` holds an image per base framework
    (``pytorch2.1.0``) and ``pythons`` one per Python version, where they differ in more than the tag; beside either of
    the two nothing else is said. ``container_version`` is the end of the tag by processor; ``sdk_versions`` are those
    of Neuron, of which one stands in the tag.
    """

    repository: NotRequired[str]
    registries: NotRequired[int]
    py_versions: NotRequired[list[str]]
    tag_prefix: NotRequired[str]
    processors: NotRequired[list[str]]
    processor_in_tag: NotRequired[bool]
    container_version: NotRequired[dict[str, str]]
    sdk_versions: NotRequired[list[str]]
    bases: NotRequired[dict[str, VersionRow]]
    base_aliases: NotRequired[dict[str, str]]
    pythons: NotRequired[dict[str, VersionRow]]


class ScopeRow(TypedDict):
    """The images of one scope: by version, with other names for versions, and the processors that they differ by."""

    versions: dict[str, VersionRow]
    aliases: NotRequired[dict[str, str]]
    processors: NotRequired[list[str]]


class FrameworkRow(TypedDict):
    """One framework or algorithm: its scopes in the SDK's order, and the images by scope or of `EVERY_SCOPE`."""

    scopes: list[str]
    images: dict[str, ScopeRow]


class ImageTable(TypedDict):
    """The whole file. ``registries`` are maps from region to account."""

    sagemaker_core: str
    registries: list[dict[str, str]]
    frameworks: dict[str, FrameworkRow]


@cache
def image_table() -> ImageTable:
    """Return the shipped table; the file is read once per process."""
    table: ImageTable = json.loads(IMAGE_TABLE_FILE.read_text(encoding="utf-8"))
    return table


#: The ends of host names outside ``amazonaws.com``, by the beginning of the region's name (botocore: endpoints.json).
_DOMAINS: Final[Mapping[str, str]] = {
    "cn-": "amazonaws.com.cn",
    "eu-isoe-": "cloud.adc-e.uk",
    "eusc-": "amazonaws.eu",
    "us-iso-": "c2s.ic.gov",
    "us-isob-": "sc2s.sgov.gov",
    "us-isof-": "csp.hci.ic.gov",
}


def registry_host(account: str, region: str) -> str:
    """The host of an account's registry in a region: ``683313688378.dkr.ecr.us-east-1.amazonaws.com``."""
    domain = next((end for start, end in _DOMAINS.items() if region.startswith(start)), "amazonaws.com")
    return f"{account}.dkr.ecr.{region}.{domain}"
