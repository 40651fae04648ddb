"""Assets are uploaded once, whole, and encrypted as asked; a run that was broken off goes on where it ended."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smgen.diagnostics import FindingsError
from smgen.documents import JsonObject, content_hash
from smgen.emit import ServiceError, Upload, UploadSettings, publish, read_uploads
from tests.emit.fake_s3 import FakeS3

UPLOADS = tuple(Upload(f"s3://bucket/code/{number}.py", b"x" * number) for number in range(1, 6))
PLAIN = UploadSettings()


def test_what_is_missing_is_uploaded_and_nothing_twice() -> None:
    s3 = FakeS3({"bucket/code/2.py": b"xx"})
    told: list[tuple[int, int]] = []
    first = publish(s3, UPLOADS, PLAIN, workers=1, progress=lambda done, total: told.append((done, total)))
    assert first.present == ("s3://bucket/code/2.py",)
    assert len(first.uploaded) == 4
    assert told == [(0, 15), (1, 15), (3, 15), (6, 15), (10, 15), (15, 15)]
    second = publish(s3, [*UPLOADS, *UPLOADS], PLAIN)
    assert (second.uploaded, len(second.present)) == ((), 5)
    assert len(s3.puts) == 4
    assert s3.objects == {f"bucket/code/{number}.py": b"x" * number for number in range(1, 6)}


def test_an_object_of_another_size_is_written_again() -> None:
    s3 = FakeS3({"bucket/code/5.py": b"half"})
    assert publish(s3, UPLOADS[4:], PLAIN).uploaded == ("s3://bucket/code/5.py",)
    assert s3.objects["bucket/code/5.py"] == b"xxxxx"


def test_the_key_and_the_owner_are_sent() -> None:
    s3 = FakeS3()
    publish(s3, UPLOADS[:1], UploadSettings("arn:aws:kms:eu-west-1:1:key/k", "123456789012"))
    assert s3.heads == [{"Bucket": "bucket", "Key": "code/1.py", "ExpectedBucketOwner": "123456789012"}]
    assert s3.puts == [
        {
            "Bucket": "bucket",
            "Key": "code/1.py",
            "ServerSideEncryption": "aws:kms",
            "SSEKMSKeyId": "arn:aws:kms:eu-west-1:1:key/k",
            "ExpectedBucketOwner": "123456789012",
        }
    ]


def test_without_settings_nothing_of_them_is_sent() -> None:
    s3 = FakeS3()
    publish(s3, UPLOADS[:1], PLAIN)
    assert s3.puts == [{"Bucket": "bucket", "Key": "code/1.py"}]


def test_a_call_that_fails_names_itself_and_the_next_run_does_the_rest() -> None:
    s3 = FakeS3(fail_at=3)
    with pytest.raises(ServiceError, match=r"^PutObject s3://bucket/code/3.py: AccessDenied: told to$"):
        publish(s3, UPLOADS, PLAIN, workers=1)
    kept = dict(s3.objects)
    assert {"bucket/code/1.py", "bucket/code/2.py"} <= kept.keys()
    s3.fail_at = None
    done = publish(s3, UPLOADS, PLAIN, workers=1)
    assert sorted(f"s3://{key}" for key in kept) == list(done.present)
    assert len(done.uploaded) + len(done.present) == 5


def test_no_permission_to_look_is_no_missing_object() -> None:
    s3 = FakeS3(forbidden=True)
    with pytest.raises(ServiceError, match=r"^HeadObject s3://bucket/code/1.py: 403: told to$"):
        publish(s3, UPLOADS[:1], PLAIN)
    assert s3.puts == []


# The manifest --------------------------------------------------------------------------------------------------------


def compiled_folder(folder: Path, **changes: object) -> Path:
    (folder / "assets" / "h").mkdir(parents=True)
    (folder / "assets" / "h" / "a.py").write_bytes(b"print()\n")
    asset: dict[str, object] = {
        "path": "assets/h/a.py",
        "location": "s3://bucket/code/h/a.py",
        "sha256": content_hash(b"print()\n"),
        "bytes": 8,
        "source": "scripts/a.py",
    }
    asset |= changes
    manifest = {"version": 1, "assets": [{name: value for name, value in asset.items() if value is not None}]}
    (folder / "assets.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def wrong(folder: Path) -> list[tuple[str, str | None, str]]:
    with pytest.raises(FindingsError) as caught:
        read_uploads(folder, "build")
    return [(finding.rule, finding.place.pointer, finding.message) for finding in caught.value.findings]


def test_a_compiled_folder_is_read(tmp_path: Path) -> None:
    assert read_uploads(compiled_folder(tmp_path), "build") == (Upload("s3://bucket/code/h/a.py", b"print()\n"),)


def test_an_asset_that_changed_is_not_uploaded(tmp_path: Path) -> None:
    folder = compiled_folder(tmp_path)
    (folder / "assets" / "h" / "a.py").write_bytes(b"print(1)\n")
    assert wrong(folder) == [
        ("SMG132", "/assets/0/path", "an asset is not what it was when the pipeline was compiled"),
    ]


def test_an_asset_that_is_gone(tmp_path: Path) -> None:
    folder = compiled_folder(tmp_path)
    (folder / "assets" / "h" / "a.py").unlink()
    assert wrong(folder) == [("SMG132", "/assets/0/path", "an asset of the manifest cannot be read")]


NOT_OURS = "the manifest of the assets is not what smgen writes"


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"path": "../secret"}, [("SMG118", "/assets/0/path")]),
        ({"path": "/etc/passwd"}, [("SMG118", "/assets/0/path")]),
        ({"path": "definition.json"}, [("SMG132", "/assets/0/path")]),
        ({"location": "https://x/y"}, [("SMG132", "/assets/0/location")]),
        ({"location": "s3://bucket"}, [("SMG132", "/assets/0/location")]),
        ({"sha256": 3, "location": None}, [("SMG132", "/assets/0/location"), ("SMG132", "/assets/0/sha256")]),
        ({"size": 8}, [("SMG132", "/assets/0/size")]),
    ],
)
def test_a_wrong_manifest(tmp_path: Path, changes: dict[str, object], found: list[tuple[str, str]]) -> None:
    assert [item[:2] for item in wrong(compiled_folder(tmp_path, **changes))] == found


@pytest.mark.parametrize(
    ("manifest", "pointer"),
    [
        ([], ""),
        ({"version": 2}, ""),
        ({"version": 1}, "/assets"),
        ({"version": 1, "assets": [3]}, "/assets/0"),
    ],
)
def test_no_manifest_at_all(tmp_path: Path, manifest: JsonObject, pointer: str) -> None:
    (tmp_path / "assets.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert wrong(tmp_path) == [("SMG132", pointer, NOT_OURS)]
