"""Making the table: text reduction, what is reached, the file's form, and that the shipped file is fresh."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from smgen.aws.prune import main, plain_sentences, step_roots, table_differences, table_text
from smgen.aws.service_shapes import SERVICE_MODEL_FILE, ShapeTable, service_model


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("", ""),
        ("<p>The name.</p>", "The name."),
        ("<p>The <code>Name</code>s of <a href='x'>things</a> .</p>", "The Names of things."),
        ("<p>One.</p><p>Two.</p>", "One. Two."),
        ("<p>One.\n   Two &amp; three.</p>", "One. Two & three."),
        ("<p>The mode. Valid values:</p><ul><li>A</li></ul>", "The mode."),
        ("<p>One of these:</p><ul><li>A</li></ul>", "One of these."),
        ("<note><p>Only a note.</p></note>", "Only a note."),
        ("<p>One. For more information, see <a>here</a>. Two.</p>", "One. Two."),
        ("<p>An image, e.g. Alpine. Another.</p>", "An image, e.g. Alpine. Another."),
        ("<p>AWS\u2019s \u201cname\u201d \u2013 it.</p>", 'AWS\'s "name" - it.'),
        ("no end", "no end"),
    ],
)
def test_plain_sentences(markup: str, text: str) -> None:
    assert plain_sentences(markup) == text


def test_whole_sentences_as_far_as_they_fit() -> None:
    assert plain_sentences("<p>Aaa bbb. Ccc ddd. Eee.</p>", limit=17) == "Aaa bbb. Ccc ddd."
    assert plain_sentences("<p>Aaa bbb. Ccc ddd. Eee.</p>", limit=16) == "Aaa bbb."


def test_a_first_sentence_that_is_too_long_is_cut_at_a_word() -> None:
    assert plain_sentences("<p>Aaa bbb ccc, ddd eee fff.</p>", limit=16) == "Aaa bbb ccc..."


def test_every_root_is_in_the_shipped_table() -> None:
    assert set(step_roots()) <= set(service_model().shape_names)
    assert list(step_roots()) == sorted(step_roots())


def small_table() -> ShapeTable:
    return {
        "botocore": "1.0",
        "services": {"sagemaker": "2017"},
        "shapes": {
            "A": {"type": "structure", "members": {"X": ["B", "\u00e4"]}, "required": ["X"]},
            "B": {"type": "string", "max": 3},
        },
    }


def test_one_shape_per_line() -> None:
    text = table_text(small_table())
    assert text == (
        "{\n"
        '"botocore":"1.0",\n'
        '"services":{"sagemaker":"2017"},\n'
        '"shapes":{\n'
        '"A":{"members":{"X":["B","\\u00e4"]},"required":["X"],"type":"structure"},\n'
        '"B":{"max":3,"type":"string"}\n'
        "}}\n"
    )
    assert json.loads(text) == small_table()


def test_differences_are_named() -> None:
    old, new = small_table(), small_table()
    assert table_differences(table_text(old), table_text(new)) == ()
    new["botocore"] = "1.1"
    new["shapes"]["A"] = {"type": "structure", "members": {"X": ["B"], "Y": ["B"]}}
    new["shapes"]["C"] = new["shapes"].pop("B")
    assert table_differences(table_text(old), table_text(new)) == (
        "botocore: 1.0 in the file, 1.1 installed",
        "shape C: new",
        "shape B: gone",
        "shape A: required gone, member Y new, member X changed",
    )
    assert table_differences("", table_text(new)) == ("the file is no JSON",)
    assert table_differences(table_text(old) + "\n", table_text(old)) == ("the layout of the file",)


def needs_botocore_of_the_table() -> None:
    if importlib.util.find_spec("botocore") is None:
        pytest.skip("botocore is not installed")
    import botocore

    if botocore.__version__ != service_model().botocore_version:
        pytest.skip(f"botocore {botocore.__version__} is installed, the table is of another release")


def test_the_shipped_table_is_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    needs_botocore_of_the_table()
    assert main(["--check"]) == 0
    assert capsys.readouterr().out == ""


def test_check_says_what_is_stale_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    needs_botocore_of_the_table()
    stale = tmp_path / "model.json"
    shipped = SERVICE_MODEL_FILE.read_text(encoding="utf-8")
    stale.write_text(shipped.replace('"AcceptEula":{"type":"boolean"}', '"AcceptEula":{"type":"string"}'))
    before = stale.read_bytes()
    assert main(["--check"], stale) == 1
    assert capsys.readouterr().out == "shape AcceptEula: type changed\nrun: python -m smgen.aws.prune\n"
    assert stale.read_bytes() == before
    assert main([], stale) == 0
    assert stale.read_text(encoding="utf-8") == shipped


def test_a_file_that_cannot_be_written_is_no_answer(tmp_path: Path) -> None:
    needs_botocore_of_the_table()
    assert main([], tmp_path / "missing" / "model.json") == 2
