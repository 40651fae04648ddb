"""Uploads the assets of a compiled pipeline to S3: only what is missing, several at a time, each as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from smgen.assets import ASSETS_FOLDER
from smgen.diagnostics import Finding, FindingsError, Place, nearest_name
from smgen.documents import (
    Document,
    JsonObject,
    JsonValue,
    append_pointer,
    content_hash,
    read_document,
    read_regular,
    resolve_inside,
)
from smgen.emit.service import DEFAULT_WORKERS, S3Client, ServiceError, called

#: The file beside a definition that lists its assets.
MANIFEST_FILE: Final = "assets.json"
_MANIFEST_VERSION: Final = 1
_LOCATION: Final = re.compile(r"s3://(?P<bucket>[^/]+)/(?P<key>.+)")
_MEMBERS: Final = ("path", "location", "sha256", "bytes", "source")
_ABSENT: Final = frozenset(("404", "NoSuchKey", "NotFound"))


@dataclass(frozen=True, slots=True)
class UploadSettings:
    """How objects are written: under which KMS key, and into whose bucket (a 12-digit account); None leaves it out."""

    kms_key: str | None = None
    bucket_owner: str | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """Bytes and the S3 URI that they belong to."""

    location: str
    content: bytes

    @property
    def bucket(self) -> str:
        """The bucket of the location."""
        return _parts(self.location)[0]

    @property
    def key(self) -> str:
        """The key of the location."""
        return _parts(self.location)[1]


@dataclass(frozen=True, slots=True)
class Published:
    """The locations that were written, and those that were there already, each sorted."""

    uploaded: tuple[str, ...] = ()
    present: tuple[str, ...] = ()


def read_uploads(folder: Path, shown: str) -> tuple[Upload, ...]:
    """The assets that a compiled folder lists in ``assets.json``, with their content.

    ``shown`` is the folder as messages show it. Raises FindingsError with everything that is wrong: SMG132 for another
    form of the manifest and for files that are gone or changed, SMG118 for paths that leave the folder.
    """
    document = read_document(folder / MANIFEST_FILE, shown_as=f"{shown}/{MANIFEST_FILE}")
    reader = _FolderReader(folder, document)
    uploads = tuple(reader.uploads())
    if reader.findings:
        raise FindingsError(reader.findings)
    return uploads


def publish(
    client: S3Client,
    uploads: Iterable[Upload],
    settings: UploadSettings,
    *,
    workers: int = DEFAULT_WORKERS,
    progress: Callable[[int, int], None] | None = None,
) -> Published:
    """Writes what is missing; an object of the same size under its content address is there already.

    Each object is written in one call, so that a run that is broken off leaves whole objects, and the next one goes on
    with the rest. ``progress`` is called with how many bytes are done and how many there are. Raises ServiceError for
    the first call that fails; those that are under way are finished.
    """
    wanted = {upload.location: upload for upload in uploads}
    total = sum(len(upload.content) for upload in wanted.values())
    done = 0
    uploaded: list[str] = []
    present: list[str] = []
    if progress is not None and wanted:
        progress(0, total)
    with ThreadPoolExecutor(max_workers=max(1, min(workers, len(wanted)))) as pool:
        futures = {pool.submit(_published, client, upload, settings): upload for upload in wanted.values()}
        try:
            for future in as_completed(futures):
                upload = futures[future]
                (uploaded if future.result() else present).append(upload.location)
                done += len(upload.content)
                if progress is not None:
                    progress(done, total)
        except ServiceError:
            pool.shutdown(cancel_futures=True)
            raise
    return Published(tuple(sorted(uploaded)), tuple(sorted(present)))


def _published(client: S3Client, upload: Upload, settings: UploadSettings) -> bool:
    """Whether the object had to be written."""
    if _size(client, upload, settings) == len(upload.content):
        return False
    request: dict[str, object] = {
        "Bucket": upload.bucket,
        "Key": upload.key,
        "Body": upload.content,
    }
    if settings.kms_key is not None:
        request |= {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": settings.kms_key}
    request |= _owner(settings)
    called(lambda: client.put_object(**request), f"PutObject {upload.location}", upload=len(upload.content))
    return True


def _size(client: S3Client, upload: Upload, settings: UploadSettings) -> int | None:
    """The size of the object in bytes; None where there is none."""
    try:
        answer = called(
            lambda: client.head_object(Bucket=upload.bucket, Key=upload.key, **_owner(settings)),
            f"HeadObject {upload.location}",
        )
    except ServiceError as error:
        if error.code in _ABSENT:
            return None
        raise
    size = answer.get("ContentLength")
    return size if isinstance(size, int) else None


def _owner(settings: UploadSettings) -> dict[str, str]:
    return {} if settings.bucket_owner is None else {"ExpectedBucketOwner": settings.bucket_owner}


def _parts(location: str) -> tuple[str, str]:
    match = _LOCATION.fullmatch(location)
    if match is None:
        raise ValueError(f"no S3 URI with a key: {location!r}")
    return match["bucket"], match["key"]


class _FolderReader:
    """Reads a manifest and the files that it lists, and collects what is wrong with them."""

    def __init__(self, folder: Path, document: Document) -> None:
        self.folder = folder
        self.document = document
        self.findings: list[Finding] = []

    def uploads(self) -> Sequence[Upload]:
        value = self.document.value
        if not isinstance(value, dict) or value.get("version") != _MANIFEST_VERSION:
            self._wrong("", "an object of version 1")
            return ()
        items = value.get("assets")
        if not isinstance(items, list):
            self._wrong("/assets", "a list")
            return ()
        found = [self._upload(item, append_pointer("/assets", index)) for index, item in enumerate(items)]
        return [upload for upload in found if upload is not None]

    def _upload(self, item: JsonValue, at: str) -> Upload | None:
        if not isinstance(item, dict):
            self._wrong(at, "an object")
            return None
        members = self._members(item, at)
        if members is None:
            return None
        path, location, expected = members
        place = self.document.place(append_pointer(at, "path"))
        try:
            file = resolve_inside(self.folder, path, place)
        except FindingsError as error:
            self.findings += error.findings
            return None
        if not path.startswith(f"{ASSETS_FOLDER}/"):
            self._wrong(append_pointer(at, "path"), f"a file below {ASSETS_FOLDER}/")
            return None
        try:
            content = read_regular(file)
        except OSError as error:
            message = "an asset of the manifest cannot be read"
            self._add(message, place, f"{path}: {error.strerror or type(error).__name__}", None)
            return None
        if content_hash(content) != expected:
            message = "an asset is not what it was when the pipeline was compiled"
            self._add(message, place, f"{path}: sha256 {content_hash(content)}", f"sha256 {expected}")
            return None
        return Upload(location, content)

    def _members(self, item: JsonObject, at: str) -> tuple[str, str, str] | None:
        """The path, the location and the hash of an item."""
        before = len(self.findings)
        for name in item:
            if name not in _MEMBERS:
                nearest = nearest_name(name, _MEMBERS)
                self._wrong(append_pointer(at, name), f"one of {', '.join(_MEMBERS)}", nearest)
        texts: list[str] = []
        for name in ("path", "location", "sha256"):
            text = item.get(name)
            if not isinstance(text, str) or (name == "location" and not _LOCATION.fullmatch(text)):
                self._wrong(append_pointer(at, name), "an S3 URI with a key" if name == "location" else "a text")
            else:
                texts.append(text)
        return None if len(self.findings) > before else (texts[0], texts[1], texts[2])

    def _wrong(self, at: str, expected: str, nearest: str | None = None) -> None:
        message = "the manifest of the assets is not what smgen writes"
        finding = Finding("SMG132", message, self.document.place(at), expected=expected, nearest=nearest, fix=_AGAIN)
        self.findings.append(finding)

    def _add(self, message: str, place: Place, given: str, expected: str | None) -> None:
        self.findings.append(Finding("SMG132", message, place, given=given, expected=expected, fix=_AGAIN))


_AGAIN: Final = "compile the pipeline again"
