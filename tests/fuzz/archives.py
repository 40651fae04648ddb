"""Archives of code, whoever packed them: tar in four formats, with links, devices and headers of any size."""

from __future__ import annotations

import bz2
import functools
import gzip
import io
import lzma
import random
import tarfile
from collections.abc import Callable, Iterator
from typing import Final

from smgen.assets import SourceFile, packed, unpacked
from smgen.diagnostics import Place
from tests.fuzz.payloads import PAYLOADS
from tests.fuzz.running import Input, Target, Trial
from tests.fuzz.text_mutations import mutated_bytes

#: In bytes: what is unpacked at most.
LIMIT: Final = 1_000_000
_BLOCK: Final = 512
_FORMATS: Final = (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)
_TYPES: Final = (tarfile.REGTYPE, tarfile.REGTYPE, tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE)
_ODD_TYPES: Final = (tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.CONTTYPE, b"S", b"x", b"L", b"Z")
_NAMES: Final = (
    *("train.py", "src/train.py", "../../etc/passwd", "/etc/passwd", "a/../b", "./x", "CON", "aux.py", "a" * 300, "é"),
    *("\udcff", "a\nb", "a\x1bb", "-rf", "train.py/x", "", "."),
)
_PAX: Final = (
    ("GNU.sparse.map", "a,b"),
    ("GNU.sparse.map", "0,10"),
    ("GNU.sparse.major", "1"),
    ("GNU.sparse.size", "x"),
    ("size", "99999999999"),
    ("size", "-1"),
    ("path", "x" * 2_000),
    ("mtime", "nan"),
    ("uid", "9" * 40),
    ("hdrcharset", "BINARY"),
    ("comment", "é" * 500),
)
_COMPRESSIONS: Final[tuple[Callable[[bytes], bytes], ...]] = (
    bytes,
    functools.partial(gzip.compress, compresslevel=1, mtime=0),
    functools.partial(bz2.compress, compresslevel=1),
    functools.partial(lzma.compress, preset=0),
)


def made(rng: random.Random) -> Input:
    if rng.random() < 0.1:
        own = packed([SourceFile("train.py", b"import os\n", executable=False)], Place())
        return Input(mutated_bytes(rng, own))
    data = bytearray(members(rng))
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        spoil_header(rng, data)
    whole = rng.choice(_COMPRESSIONS)(bytes(data))
    return Input(mutated_bytes(rng, whole) if rng.random() < 0.15 else whole)


def members(rng: random.Random) -> bytes:
    """An archive of a few members, right or odd."""
    stream, form = io.BytesIO(), rng.choice(_FORMATS)
    with tarfile.open(fileobj=stream, mode="w", format=form, errors="surrogateescape") as archive:
        for number in range(rng.randrange(1, 5)):
            content = rng.choice((b"import os\n" * 3, b"", rng.choice(PAYLOADS).encode(), rng.randbytes(700)))
            name = rng.choice(_NAMES) or f"m{number}.py"
            # The oldest form has no place for a longer one.
            entry = tarfile.TarInfo(name if form != tarfile.USTAR_FORMAT else name[:90])
            entry.type = rng.choice(_TYPES if rng.random() < 0.8 else _ODD_TYPES)
            entry.linkname = rng.choice(_NAMES)[:90] if entry.type in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
            entry.size = len(content) if entry.type == tarfile.REGTYPE else 0
            if rng.random() < 0.2:
                entry.pax_headers = dict([rng.choice(_PAX)])
            archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def spoil_header(rng: random.Random, data: bytearray) -> None:
    """Changes a field of a member's header, and its sum, so that the member is still looked at."""
    starts = [at for at in range(0, len(data) - _BLOCK, _BLOCK) if data.startswith(b"ustar", at + 257)]
    if not starts:
        return
    at = rng.choice(starts)
    first, length = rng.choice(((0, 100), (100, 8), (108, 8), (124, 12), (136, 12), (156, 1), (157, 100), (345, 155)))
    value = rng.choice(
        (b"\xff" * length, b"\x80" + bytes(length - 1), b"7" * length, bytes(length), rng.randbytes(length))
    )
    data[at + first : at + first + length] = value
    data[at + 148 : at + 156] = b" " * 8
    data[at + 148 : at + 156] = b"%06o\0 " % sum(data[at : at + _BLOCK])


def run(trial: Trial) -> None:
    files = unpacked(trial.given.data, LIMIT)
    trial.past = files is not None
    if files is not None:
        assert sum(map(len, files.values())) <= LIMIT


def commands(trial: Trial) -> Iterator[tuple[str, ...]]:
    """An import that looks for the code of a definition in a folder with a copy of its archive."""
    trial.write("repo", "b", "job", "sourcedir.tar.gz")
    for name in ("one", "two"):
        (trial.folder / "repo" / name).mkdir(exist_ok=True)
        (trial.folder / "repo" / name / "train.py").write_text(f"print('{name}')\n")
    (trial.folder / "d.json").write_text(_DEFINITION)
    yield "import", "d.json", "--source-root", "repo", "--name", "Fraud", "-o", f"out{trial.number}", "--format", "json"


_DEFINITION: Final = """\
{"Version": "2020-12-01", "Metadata": {}, "Parameters": [], "PipelineExperimentConfig": null, "Steps": [
 {"Name": "Train", "Type": "Training", "Arguments": {
  "AlgorithmSpecification": {"TrainingImage": "1.dkr.ecr.eu-west-1.amazonaws.com/x:1", "TrainingInputMode": "File"},
  "OutputDataConfig": {"S3OutputPath": "s3://b/out"}, "RoleArn": "arn:aws:iam::111122223333:role/r",
  "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
  "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
  "HyperParameters": {"sagemaker_program": "train.py", "sagemaker_submit_directory": "s3://b/job/sourcedir.tar.gz"}}}]}
"""

ARCHIVES: Final = Target("archives", made, run, commands, every=2_000)
