"""Reads code that lies in S3, to tell whether it is the code of a project."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Protocol, cast

from smgen.assets import Asset, unpacked
from smgen.emit.service import S3Reader, ServiceError, called

_LOCATION: Final = re.compile(r"s3://(?P<bucket>[^/]+)/(?P<key>.+)")
#: In bytes; what is larger is not read.
_LARGEST: Final = 64 * 1024 * 1024


class _ObjectBody(Protocol):
    def read(self, size: int) -> bytes: ...


def holds_asset(client: S3Reader, location: str, asset: Asset) -> bool | None:
    """Whether the object at an S3 URI holds what an asset holds: the same bytes, or an archive of the same files.

    None where the object cannot be read, whatever the reason is.
    """
    match = _LOCATION.fullmatch(location)
    if match is None:
        return None

    def read() -> Mapping[str, object]:
        answer = client.get_object(Bucket=match["bucket"], Key=match["key"])
        return {**answer, "Body": cast("_ObjectBody", answer["Body"]).read(_LARGEST + 1)}

    try:
        content = called(read, f"GetObject {location}").get("Body")
    except ServiceError:
        return None
    if not isinstance(content, bytes) or len(content) > _LARGEST:
        return None
    if content == asset.content:
        return True
    # Archives of the same files differ in their bytes: time stamps, owners and compression are their packer's.
    theirs, ours = unpacked(content, _LARGEST), unpacked(asset.content, _LARGEST)
    return theirs is not None and theirs == ours
