"""Packs the files of a source into ``sourcedir.tar.gz`` with the same bytes on every machine.

Nothing in an archive depends on when, where or by whom it was packed. Its files are stored and not compressed, since
compressors differ between builds of zlib; what a source loses by that is small beside the image of its container.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

from smgen.assets.source_files import SourceFile
from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import canonical_json, content_hash

#: The name under which containers of SageMaker's frameworks look for packed code.
ARCHIVE_FILE: Final = "sourcedir.tar.gz"

#: The time of every file: 1980-01-02, in seconds. Python wheels, which a job may build of what is unpacked, hold
#: nothing that is older than 1980 in any time zone.
_TIME: Final = 315_619_200

#: Magic, deflate, no flags, no time, no hint, unknown system (RFC 1952).
_GZIP_HEADER: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"

#: The most bytes of one stored block of deflate (RFC 1951).
_STORED: Final = 0xFFFF

#: What a file fills is a multiple of so many bytes.
_BLOCK: Final = 512


def content_address(files: Sequence[SourceFile]) -> str:
    """The SHA-256 in hex digits of what an archive holds: its paths, the right to run them, and their contents.

    It says nothing of how they are packed, so that another form of archive would not give every step new code.
    """
    listed = sorted((file.path, "755" if file.executable else "644", file.digest) for file in files)
    return content_hash(canonical_json([list(item) for item in listed]).encode())


def packed(files: Sequence[SourceFile], place: Place) -> bytes:
    """The archive as bytes. Raises FindingsError (SMG126 at ``place``) for paths that its format cannot hold."""
    findings: list[Finding] = []
    blocks: list[bytes] = []
    for file in sorted(files, key=lambda file: file.path):
        try:
            blocks += [_header(file), file.content, bytes(-len(file.content) % _BLOCK)]
        except ValueError:
            expected = "at most 100 bytes of name behind at most 155 bytes of folders"
            message = "the path of a file is too long for the archive"
            findings.append(Finding("SMG126", message, place, given=file.path, expected=expected))
    if findings:
        raise FindingsError(findings)
    # Two empty blocks end an archive.
    return _gzip(b"".join([*blocks, bytes(2 * _BLOCK)]))


def unpacked(content: bytes, limit: int) -> Mapping[str, bytes] | None:
    """The files in an archive by path, whoever packed it; None for what is none, or holds more than ``limit`` bytes."""
    import io
    import lzma
    import tarfile

    files: dict[str, bytes] = {}
    size = 0
    try:
        plain = _plain(content, limit)
        if plain is None:
            return None
        with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as archive:
            for member in archive:
                size += member.size
                if size > limit:
                    return None
                read = archive.extractfile(member) if member.isfile() else None
                if read is not None:
                    files[PurePosixPath(member.name).as_posix()] = read.read()
    except (tarfile.TarError, OSError, EOFError, ValueError, OverflowError, RecursionError, zlib.error, lzma.LZMAError):
        return None
    return files


def _plain(content: bytes, limit: int) -> bytes | None:
    """The archive without its compression; None where it is more than ``limit`` and what headers may take then."""
    import bz2
    import gzip
    import io
    import lzma

    openers = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ", lzma.open), (b"\x5d\x00\x00", lzma.open))
    opener = next((opener for magic, opener in openers if content.startswith(magic)), None)
    if opener is None:
        return content
    most = 2 * limit
    with opener(io.BytesIO(content)) as stream:
        plain = stream.read(most + 1)
    return plain if len(plain) <= most else None


def _header(file: SourceFile) -> bytes:
    # Imported here: every pipeline imports this room, and few of them pack an archive.
    from tarfile import USTAR_FORMAT, TarInfo

    entry = TarInfo(file.path)
    entry.size = len(file.content)
    entry.mtime = _TIME
    entry.mode = 0o755 if file.executable else 0o644
    # USTAR has no extended headers, in which writers differ.
    return entry.tobuf(USTAR_FORMAT, "utf-8", "strict")


def _gzip(data: bytes) -> bytes:
    end = zlib.crc32(data).to_bytes(4, "little") + (len(data) & 0xFFFFFFFF).to_bytes(4, "little")
    return b"".join([_GZIP_HEADER, *_stored(data), end])


def _stored(data: bytes) -> Iterator[bytes]:
    """The data as stored blocks: a mark of the last one, its length, the length's complement, its bytes."""
    for start in range(0, len(data), _STORED):
        block = data[start : start + _STORED]
        yield b"\x01" if start + _STORED >= len(data) else b"\x00"
        yield len(block).to_bytes(2, "little") + (len(block) ^ 0xFFFF).to_bytes(2, "little")
        yield block
