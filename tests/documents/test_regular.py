"""What stands in the place of a file and has no end is not read."""

import os
from pathlib import Path

import pytest

from smgen.documents import read_regular


def test_only_a_regular_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "endless").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe")
    assert [read_regular(tmp_path / name) for name in ("file", "link")] == [b"x", b"x"]
    for name in ("endless", "pipe"):
        with pytest.raises(OSError, match="it is no regular file"):
            read_regular(tmp_path / name)
    with pytest.raises(IsADirectoryError):
        read_regular(tmp_path)
    with pytest.raises(FileNotFoundError):
        read_regular(tmp_path / "none")
