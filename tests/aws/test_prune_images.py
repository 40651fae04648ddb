"""Making the table of images: what is kept, what is refused, and that the shipped file is fresh."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from smgen.aws.image_table import IMAGE_TABLE_FILE, image_table
from smgen.aws.prune_images import image_table_of, main, table_differences, table_text

SDK_FOLDER = Path("/work/sdk3/lib/python3.11/site-packages/sagemaker/core/image_uri_config")

ONE: dict[str, Any] = {
    "scope": ["inference", "training"],
    "version_aliases": {"1": "1.0"},
    "versions": {"1.0": {"registries": {"us-east-1": "1"}, "repository": "one", "py_versions": []}},
}
TWO: dict[str, Any] = {
    "training": {
        "processors": ["cpu", "gpu"],
        "versions": {
            "2.0": {
                "registries": {"us-east-1": "1"},
                "repository": "two",
                "tag_prefix": "2.0-x",
                "processor_in_tag": False,
            },
            "2.1": {
                "version_aliases": {"pytorch2": "pytorch2.0"},
                "pytorch2.0": {"registries": {"us-east-1": "2"}, "repository": "two", "py_versions": ["py310"]},
            },
            "2.2": {"py2": {"registries": {"us-east-1": "1"}, "repository": "two-py2"}},
        },
    }
}


def texts(**files: object) -> dict[str, str]:
    return {name: json.dumps(value) for name, value in files.items()}


def test_what_is_kept() -> None:
    table = image_table_of(texts(two=TWO, one=ONE, gpus={"us-east-1": {"ml.p5": {"Count": 8}}}), "2.0")
    assert table == {
        "sagemaker_core": "2.0",
        "registries": [{"us-east-1": "1"}, {"us-east-1": "2"}],
        "frameworks": {
            "one": {
                "scopes": ["inference", "training"],
                "images": {"*": {"versions": {"1.0": {"repository": "one", "registries": 0}}, "aliases": {"1": "1.0"}}},
            },
            "two": {
                "scopes": ["training"],
                "images": {
                    "training": {
                        "versions": {
                            "2.0": {
                                "repository": "two",
                                "registries": 0,
                                "tag_prefix": "2.0-x",
                                "processor_in_tag": False,
                            },
                            "2.1": {
                                "bases": {
                                    "pytorch2.0": {"repository": "two", "registries": 1, "py_versions": ["py310"]}
                                },
                                "base_aliases": {"pytorch2": "pytorch2.0"},
                            },
                            "2.2": {"pythons": {"py2": {"repository": "two-py2", "registries": 0}}},
                        },
                        "processors": ["cpu", "gpu"],
                    }
                },
            },
        },
    }
    text = table_text(table)
    assert json.loads(text) == table
    assert text.splitlines()[:6] == [
        "{",
        '"sagemaker_core":"2.0",',
        '"registries":[',
        '{"us-east-1":"1"},',
        '{"us-east-1":"2"}',
        "],",
    ]


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ({"versions": {}, "novelty": 1}, "x: the SDK has members that are not known here: novelty"),
        (
            {"versions": {"1": {"repository": "r", "novelty": {"a": "b"}}}},
            "x 1: the SDK has members that are not known here: novelty",
        ),
        (
            {"versions": {"1": {"novelty": {"a": "b"}}}},
            "x 1: the SDK has members that are not known here: novelty",
        ),
    ],
)
def test_a_member_that_is_not_known_is_refused(file: object, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        image_table_of(texts(x=file), "1")


def test_differences_are_named() -> None:
    old = table_text(image_table_of(texts(one=ONE, two=TWO), "1"))
    changed = {**ONE, "versions": {"1.0": {"registries": {"us-east-1": "3"}, "repository": "one"}}}
    new = table_text(image_table_of(texts(one=changed, three=ONE), "2"))
    assert table_differences(old, old) == ()
    assert table_differences("{", old) == ("the file is no JSON",)
    assert table_differences(old, new) == (
        "sagemaker_core: 1 in the file, 2 in the folder",
        "three 1.0: new",
        "two training 2.0: gone",
        "two training 2.1: gone",
        "two training 2.2: gone",
        "one 1.0: changed",
    )
    without = {key: value for key, value in ONE.items() if key != "version_aliases"}
    aliases = table_text(image_table_of(texts(one=without, two=TWO), "1"))
    assert table_differences(old, aliases) == ("aliases, processors or the layout of the file",)


def sdk_folder(root: Path) -> Path:
    folder = root / "sagemaker" / "core" / "image_uri_config"
    folder.mkdir(parents=True)
    (root / "sagemaker_core-2.0.dist-info").mkdir()
    (folder / "one.json").write_text(json.dumps(ONE), encoding="utf-8")
    return folder


def test_writing_and_checking(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, file = sdk_folder(tmp_path), tmp_path / "images.json"
    assert main([str(folder)], file) == 0
    written = file.read_bytes()
    assert json.loads(written)["sagemaker_core"] == "2.0"
    assert main([str(folder)], file) == 0
    assert file.read_bytes() == written
    assert main([str(folder), "--check"], file) == 0
    (folder / "two.json").write_text(json.dumps(TWO), encoding="utf-8")
    assert main([str(folder), "--check"], file) == 1
    assert file.read_bytes() == written
    assert capsys.readouterr().out.splitlines()[-1] == "run: python -m smgen.aws.prune_images FOLDER"


def test_a_wrong_folder_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)], tmp_path / "images.json") == 2
    assert capsys.readouterr().err == f"no *.json in {tmp_path}\n"
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    assert main([str(tmp_path)], tmp_path / "images.json") == 2
    assert "which release" in capsys.readouterr().err
    assert not (tmp_path / "images.json").exists()


@pytest.mark.skipif(not SDK_FOLDER.exists(), reason="only where sagemaker 3 is installed")
def test_the_shipped_table_is_the_one_of_the_sdk() -> None:
    assert main([str(SDK_FOLDER), "--check"]) == 0


def test_the_shipped_file_is_in_the_form_of_the_script() -> None:
    assert table_text(image_table()) == IMAGE_TABLE_FILE.read_text(encoding="utf-8")
