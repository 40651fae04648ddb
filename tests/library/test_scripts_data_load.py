"""Reading tables of every form into one CSV file, and the profile of what was read."""

import gzip
from pathlib import Path

import pytest

from contract_specs.scripts.data_load import load_data
from tests.library.script_runs import read_csv, read_json, schema_problem


def run(tmp_path: Path, **variables: str) -> int:
    arguments = [
        f"--input-folder={tmp_path / 'in'}",
        f"--output-folder={tmp_path / 'out'}",
        f"--profile-folder={tmp_path / 'profile'}",
    ]
    return load_data.main(arguments, variables)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def test_csv_without_a_header(tmp_path: Path, source: Path) -> None:
    (source / "part.csv").write_text('1, a ,"x,y"\r\n\r\n2,?,z\r\n', encoding="utf-8")
    assert run(tmp_path) == 0
    text = (tmp_path / "out" / "data.csv").read_text(encoding="utf-8")
    assert text == 'column_1,column_2,column_3\n1,a,"x,y"\n2,,z\n'
    report = read_json(tmp_path / "profile" / "profile.json")
    assert report == {
        "file_count": 1,
        "row_count": 2,
        "rejected_row_count": 0,
        "duplicate_row_count": 0,
        "column_count": 3,
        "missing_share": 1 / 6,
        "columns": [
            {"name": "column_1", "missing_count": 0, "number_count": 2},
            {"name": "column_2", "missing_count": 1, "number_count": 0},
            {"name": "column_3", "missing_count": 0, "number_count": 0},
        ],
    }
    assert schema_problem("DataLoad", "data_profile", "profile", report) is None


def test_files_of_every_form_are_put_together_by_column_name(tmp_path: Path, source: Path) -> None:
    (source / "1.csv").write_text("id,name\n1,one\n", encoding="utf-8")
    (source / "2.tsv.gz").write_bytes(gzip.compress(b"name\tid\ntwo\t2\n"))
    (source / "3.jsonl").write_text('{"id": 3, "size": 1.5}\n\n{"name": null, "id": [4]}\n', encoding="utf-8")
    (source / ".hidden").write_text("no", encoding="utf-8")
    (source / "_SUCCESS").write_text("", encoding="utf-8")
    assert run(tmp_path, HAS_HEADER="true") == 0
    assert read_csv(tmp_path / "out" / "data.csv") == [
        ["id", "name", "size"],
        ["1", "one", ""],
        ["2", "two", ""],
        ["3", "", "1.5"],
        ["[4]", "", ""],
    ]


def test_columns_are_chosen_and_duplicates_left_out(tmp_path: Path, source: Path) -> None:
    (source / "a.csv").write_text("a,b,c\n1,2,3\n9,2,3\n1,4,3\n", encoding="utf-8")
    assert run(tmp_path, HAS_HEADER="true", COLUMNS="c, b", DROP_DUPLICATES="true") == 0
    assert read_csv(tmp_path / "out" / "data.csv") == [["c", "b"], ["3", "2"], ["3", "4"]]
    report = read_json(tmp_path / "profile" / "profile.json")
    assert isinstance(report, dict)
    assert (report["row_count"], report["duplicate_row_count"]) == (2, 1)


def test_rows_of_the_wrong_length_are_refused_up_to_a_number(
    tmp_path: Path, source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (source / "a.csv").write_text("1,2\n1\n1,2,3\n4,5\n", encoding="utf-8")
    assert run(tmp_path, MAX_REJECTED_ROWS="1") == 1
    assert "a.csv:3: the row has not the 2 values of the first row" in capsys.readouterr().err
    assert run(tmp_path, MAX_REJECTED_ROWS="2") == 0
    assert read_csv(tmp_path / "out" / "data.csv")[1:] == [["1", "2"], ["4", "5"]]


@pytest.mark.parametrize(
    ("name", "content", "variables", "message"),
    [
        ("a.csv", b"a,a\n1,2\n", {"HAS_HEADER": "true"}, "a column of the header is there twice"),
        ("a.csv", b"a,\n1,2\n", {"HAS_HEADER": "true"}, "a column of the header has no name"),
        ("a.csv", b"a,b\n", {"HAS_HEADER": "true"}, "the files hold no row"),
        ("a.csv", b"a,b\n1,2\n", {"HAS_HEADER": "true", "COLUMNS": "z"}, "there is no column 'z'; there are a, b"),
        ("a.csv", b"\xff\xfe\n", {}, "can't decode"),
        ("a.jsonl", b'{"a": 1}\n[1]\n', {}, "a.jsonl:2: the row is no JSON object"),
        ("a.csv.gz", b"no gzip", {}, "gzip"),
        (".hidden", b"1\n", {}, "there is no file in"),
    ],
)
def test_wrong_input_is_said_in_one_line(
    tmp_path: Path,
    source: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    content: bytes,
    variables: dict[str, str],
    message: str,
) -> None:
    (source / name).write_bytes(content)
    assert run(tmp_path, **variables) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"HAS_HEADER": "perhaps"}, "'perhaps' is neither true nor false"),
        ({"INPUT_FORMAT": "xml"}, "INPUT_FORMAT is 'xml'; there are auto, csv, tsv, jsonl"),
        ({"MAX_REJECTED_ROWS": "-1"}, "MAX_REJECTED_ROWS is not below 0"),
    ],
)
def test_a_wrong_option_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], variables: dict[str, str], message: str
) -> None:
    with pytest.raises(SystemExit) as stop:
        run(tmp_path, **variables)
    assert stop.value.code == 2
    assert message in capsys.readouterr().err


def test_a_chosen_form_wins_over_the_name(tmp_path: Path, source: Path) -> None:
    (source / "rows.txt").write_text('{"a": true, "b": {"c": 1}}\n', encoding="utf-8")
    assert run(tmp_path, INPUT_FORMAT="jsonl") == 0
    assert (tmp_path / "out" / "data.csv").read_text(encoding="utf-8") == 'a,b\ntrue,"{""c"":1}"\n'
