"""The archive: the same bytes for the same files on every machine, and a plain gzip tar for everybody else."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import random
import subprocess
import sys
import tarfile
import tracemalloc
import zlib
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from smgen.assets import ARCHIVE_FILE, SourceFile, content_address, packed, packed_asset, unpacked as files_of
from smgen.diagnostics import FindingsError, Place
from tests.interpreters import SUPPORTED, find_python

PLACE = Place(file="pipeline.py", line=7)
FILES = (
    SourceFile("train.py", b"print(1)\n", True),
    SourceFile("net/layers.py", b"x = 1\n"),
    SourceFile("net/ü.txt", b""),
)
#: Written down once: whoever changes the packing gives the steps of every user new bytes.
BYTES = "eda19d96d4a5f06de36a2dfa6c1b6a5cf3dbc3f993ad45c89b3cadb6a8925e23"
ADDRESS = "665510db574719fd39d729d55d34edf9378c43e072ce0a96de8316d521ca4e42"


def unpacked(archive: bytes) -> dict[str, tuple[bytes, int, float, int, int, str, str]]:
    found: dict[str, tuple[bytes, int, float, int, int, str, str]] = {}
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as members:
        for member in members:
            content = members.extractfile(member)
            assert content is not None
            about = (member.mode, member.mtime, member.uid, member.gid, member.uname, member.gname)
            assert not member.pax_headers
            found[member.name] = (content.read(), *about)
    return found


def test_an_archive_says_nothing_of_when_where_and_by_whom_it_was_packed() -> None:
    archive = packed(FILES, PLACE)
    time = 315619200
    assert unpacked(archive) == {
        "net/layers.py": (b"x = 1\n", 0o644, time, 0, 0, "", ""),
        "net/ü.txt": (b"", 0o644, time, 0, 0, "", ""),
        "train.py": (b"print(1)\n", 0o755, time, 0, 0, "", ""),
    }
    assert list(unpacked(archive)) == ["net/layers.py", "net/ü.txt", "train.py"]
    assert archive[:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


def test_the_bytes_are_written_down() -> None:
    assert hashlib.sha256(packed(FILES, PLACE)).hexdigest() == BYTES
    assert packed(FILES[::-1], PLACE) == packed(FILES, PLACE)


@pytest.mark.parametrize("version", SUPPORTED)
def test_every_python_packs_the_same_bytes(version: str) -> None:
    interpreter = find_python(version)
    if interpreter is None:
        pytest.skip(f"there is no Python {version} here")
    program = (
        "import hashlib, sys; sys.path.insert(0, sys.argv[1]);"
        "from smgen.assets.archive import packed; from smgen.assets.source_files import SourceFile;"
        "from smgen.diagnostics import Place;"
        "files = [SourceFile('net/ü.txt', b''), SourceFile('train.py', b'print(1)\\n', True),"
        " SourceFile('net/layers.py', b'x = 1\\n')];"
        "print(hashlib.sha256(packed(files, Place())).hexdigest())"
    )
    codegen = Path(__file__).parents[2] / "codegen"
    run = subprocess.run(
        [str(interpreter), "-I", "-X", "utf8", "-c", program, str(codegen)], capture_output=True, text=True, check=False
    )
    assert (run.stdout, run.stderr) == (f"{BYTES}\n", "")


@given(st.lists(st.binary(max_size=70_000), max_size=3))
def test_an_archive_gives_back_what_was_packed(contents: list[bytes]) -> None:
    files = [SourceFile(f"{number}.bin", content) for number, content in enumerate(contents)]
    archive = packed(files, PLACE)
    assert {name: item[0] for name, item in unpacked(archive).items()} == {file.path: file.content for file in files}
    # Both what unpacks it in one go and what reads it as a stream take it.
    assert gzip.decompress(archive) == zlib.decompressobj(31).decompress(archive)


def test_other_programs_unpack_it(tmp_path: Path) -> None:
    (tmp_path / ARCHIVE_FILE).write_bytes(packed(FILES, PLACE))
    subprocess.run(["tar", "-xzf", ARCHIVE_FILE], cwd=tmp_path, check=True)
    assert (tmp_path / "net/ü.txt").read_bytes() == b""
    assert (tmp_path / "train.py").stat().st_mode & 0o777 == 0o755


def test_the_address_is_that_of_the_content() -> None:
    assert content_address(FILES) == content_address(FILES[::-1]) == ADDRESS
    others = [
        SourceFile("train.py", b"print(1)\n"),
        SourceFile("train2.py", b"print(1)\n", True),
        SourceFile("train.py", b"print(2)\n", True),
    ]
    addresses = {content_address([other, *FILES[1:]]) for other in others}
    assert len(addresses) == 3
    assert ADDRESS not in addresses


def test_the_asset_of_an_archive_lies_at_the_address_of_its_content() -> None:
    asset = packed_asset(FILES, "src", "s3://b/code/", PLACE)
    assert (asset.file, asset.digest, asset.source) == (ARCHIVE_FILE, ADDRESS, "src")
    assert asset.location == f"s3://b/code/{ADDRESS}/sourcedir.tar.gz"
    assert asset.path == f"assets/{ADDRESS}/sourcedir.tar.gz"
    assert (asset.sha256, asset.size) == (BYTES, len(asset.content))


def test_paths_that_the_format_cannot_hold_are_all_reported() -> None:
    long = ["x" * 101, "d" * 156 + "/x"]
    with pytest.raises(FindingsError) as caught:
        packed([SourceFile(name, b"") for name in [*long, "d" * 155 + "/" + "x" * 100]], PLACE)
    assert [(finding.rule, finding.given, finding.place) for finding in caught.value.findings] == [
        ("SMG126", name, PLACE) for name in sorted(long)
    ]


def test_a_room_that_every_pipeline_imports_loads_no_packer() -> None:
    program = "import sys, smgen.assets; print([name for name in ('tarfile', 'pathspec') if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def tar_of(*members: tuple[tarfile.TarInfo, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form) as archive:
        for member, content in members:
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def test_an_archive_of_any_compression_is_files_of() -> None:
    plain = tar_of((tarfile.TarInfo("a/train.py"), b"print()"))
    for pack in (bytes, gzip.compress, bz2.compress, lzma.compress):
        assert files_of(pack(plain), 100_000) == {"a/train.py": b"print()"}


def test_what_is_no_archive_is_none() -> None:
    plain = tar_of((tarfile.TarInfo("a.py"), random.Random(0).randbytes(200_000)))
    damaged = bytearray(lzma.compress(plain, preset=1))
    damaged[100_000:100_200] = bytes(200)
    sparse = tarfile.TarInfo("train.py")
    sparse.pax_headers = {"GNU.sparse.map": "a,b", "GNU.sparse.size": "x"}
    for content in (b"", b"x" * 5_000, bytes(damaged), gzip.compress(plain)[:1_000], tar_of((sparse, b"abc"))):
        assert not files_of(content, 1_000_000)


def test_a_small_archive_of_something_huge_is_not_files_of() -> None:
    """A header may say that gigabytes of itself follow: what counts is what it unpacks to, not what its files hold."""
    header = tarfile.TarInfo("././@PaxHeader")
    header.type, header.size = tarfile.XHDTYPE, 6 * 2**30
    bomb = gzip.compress(header.tobuf(tarfile.GNU_FORMAT) + bytes(64 * 2**20))
    assert len(bomb) < 100_000
    tracemalloc.start()
    assert files_of(bomb, 1_000_000) is None
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()
