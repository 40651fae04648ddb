"""Splitting, filling, scaling and encoding a table."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from contract_specs.scripts.tabular_preprocessing import preprocessing
from tests.library.script_runs import Rows, read_csv, write_csv

PARTS = ("train", "validation", "test")


def run(tmp_path: Path, **variables: str) -> int:
    return preprocessing.main([f"--input-folder={tmp_path / 'in'}", f"--output-folder={tmp_path / 'out'}"], variables)


def prepared(tmp_path: Path, rows: Rows, **variables: str) -> list[list[str]]:
    """All rows in the training part, sorted."""
    write_csv(tmp_path / "in" / "data.csv", rows)
    assert run(tmp_path, **{"TRAIN_FRACTION": "1", "VALIDATION_FRACTION": "0", **variables}) == 0
    return sorted(read_csv(tmp_path / "out" / "train" / "train.csv"))


def test_the_defaults_prepare_a_table_like_the_abalone_one(tmp_path: Path) -> None:
    # No header, the label last, one column of texts: 100 rows become 70, 15 and 15.
    rows = [
        ["MFI"[number % 3], 0.1 + number / 100, 0.5, "" if number == 7 else number, 1 + number % 9]
        for number in range(100)
    ]
    write_csv(tmp_path / "in" / "data.csv", rows)
    assert run(tmp_path) == 0
    parts = [read_csv(tmp_path / "out" / name / f"{name}.csv") for name in PARTS]
    assert [len(part) for part in parts] == [70, 15, 15]
    # The label, three categories, two numeric columns and a constant one.
    assert {len(row) for part in parts for row in part} == {7}
    assert sorted(int(row[0]) for part in parts for row in part) == sorted(1 + number % 9 for number in range(100))
    assert {tuple(sorted(row[1:4])) for part in parts for row in part} == {("0", "0", "1")}
    lengths = [float(row[4]) for row in parts[0]]
    assert sum(lengths) / 70 == pytest.approx(0, abs=1e-12)
    assert sum(value * value for value in lengths) / 70 == pytest.approx(1)
    assert {row[5] for part in parts for row in part} == {"0"}


def test_the_same_seed_gives_the_same_parts_and_another_one_others(tmp_path: Path) -> None:
    write_csv(tmp_path / "in" / "data.csv", [[number, number] for number in range(50)])
    results: list[bytes] = []
    for seed in ("3", "3", "4"):
        assert run(tmp_path, RANDOM_SEED=seed) == 0
        results.append(b"".join((tmp_path / "out" / name / f"{name}.csv").read_bytes() for name in PARTS))
    assert results[0] == results[1]
    assert results[0] != results[2]


def test_categories_are_encoded_in_order_and_a_missing_one_is_one(tmp_path: Path) -> None:
    rows: Rows = [["b", 1], ["a", 2], ["", 3], ["NA", 4]]
    # The features are: missing, a, b.
    assert prepared(tmp_path, rows) == [
        ["1", "0", "0", "1"],
        ["2", "0", "1", "0"],
        ["3", "1", "0", "0"],
        ["4", "1", "0", "0"],
    ]


def test_rare_categories_beyond_the_limit_are_all_zero(tmp_path: Path) -> None:
    rows = [["a", 1], ["b", 2], ["b", 3], ["c", 4], ["c", 5]]
    assert [row[1:] for row in prepared(tmp_path, rows, MAX_CATEGORIES="2")] == [
        ["0", "0"],
        ["1", "0"],
        ["1", "0"],
        ["0", "1"],
        ["0", "1"],
    ]


@pytest.mark.parametrize(("imputation", "filled"), [("median", "3"), ("mean", "4")])
def test_missing_numbers_are_filled(tmp_path: Path, imputation: str, filled: str) -> None:
    rows: Rows = [[1, 1], [3, 2], [8, 3], ["?", 4]]
    assert prepared(tmp_path, rows, SCALE_NUMBERS="false", IMPUTATION=imputation) == [
        ["1", "1"],
        ["2", "3"],
        ["3", "8"],
        ["4", filled],
    ]


def test_numbers_are_scaled(tmp_path: Path) -> None:
    assert prepared(tmp_path, [[1, 10], [3, 20]]) == [["10", "-1"], ["20", "1"]]


def test_what_is_learned_comes_from_the_training_part_only(tmp_path: Path) -> None:
    rows = [[number, number] for number in range(10)]
    write_csv(tmp_path / "in" / "data.csv", rows)
    assert run(tmp_path, TRAIN_FRACTION="0.2", VALIDATION_FRACTION="0.3") == 0
    parts = [read_csv(tmp_path / "out" / name / f"{name}.csv") for name in PARTS]
    assert [len(part) for part in parts] == [2, 3, 5]
    (low, first), (high, second) = sorted((int(label), feature) for label, feature in parts[0])
    assert (first, second) == ("-1", "1")
    for label, feature in (*parts[1], *parts[2]):
        assert float(feature) == pytest.approx((int(label) - (low + high) / 2) / ((high - low) / 2))


def test_columns_by_name(tmp_path: Path) -> None:
    rows: Rows = [["id", "kind", "size", "price"], [7, 1, 5, 10], [8, 2, 6, 20]]
    variables = {"HAS_HEADER": "true", "LABEL_COLUMN": "price", "DROP_COLUMNS": "id", "CATEGORICAL_COLUMNS": "kind"}
    assert prepared(tmp_path, rows, SCALE_NUMBERS="false", **variables) == [
        ["10", "1", "0", "5"],
        ["20", "0", "1", "6"],
    ]


def test_columns_by_number(tmp_path: Path) -> None:
    rows = [[7, 1, 5, 10], [8, 2, 6, 20]]
    variables = {"LABEL_COLUMN": "0", "DROP_COLUMNS": "-1, 1", "SCALE_NUMBERS": "false"}
    assert prepared(tmp_path, rows, **variables) == [["7", "5"], ["8", "6"]]


def test_labels_that_are_texts_become_classes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [[1, "yes"], [2, "no"], [3, ""], [4, "yes"]]
    assert prepared(tmp_path, rows, SCALE_NUMBERS="false") == [["0", "2"], ["1", "1"], ["1", "4"]]
    output = capsys.readouterr().out
    assert "classes no=0, yes=1" in output
    assert "without label 1" in output


def test_a_folder_is_read_without_the_script_in_it(tmp_path: Path) -> None:
    # The container mounts the script below the input folder.
    write_csv(tmp_path / "in" / "code" / "preprocessing.py", [["import", "sys"]])
    (tmp_path / "in" / "b.csv.gz").write_bytes(gzip.compress(b"\xef\xbb\xbf5;6\n"))
    assert prepared(tmp_path, [["3;4"]], DELIMITER=";", SCALE_NUMBERS="false") == [["4", "3"], ["6", "5"]]


@pytest.mark.parametrize(
    ("rows", "variables", "message"),
    [
        ([[1, 2], [1]], {}, "data.csv:2: the row has 1 values, and there are 2 columns"),
        ([[1, 2]], {"LABEL_COLUMN": "price"}, "LABEL_COLUMN: there is no column 'price'; there are 0, 1"),
        ([[1, 2]], {"DROP_COLUMNS": "2"}, "DROP_COLUMNS: there is no column '2'"),
        ([[1, 2]], {"TRAIN_FRACTION": "0.1"}, "1 rows are too few"),
        ([[1, ""]], {}, "no row has a label in the column 1"),
        ([["a", "a"], [1, 2]], {"HAS_HEADER": "true"}, "a column of the header is there twice"),
        ([], {}, "there is no row in"),
    ],
)
def test_wrong_input_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: Rows, variables: dict[str, str], message: str
) -> None:
    write_csv(tmp_path / "in" / "data.csv", rows)
    assert run(tmp_path, **variables) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_a_text_among_the_numbers_of_another_part_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Whatever the shuffle does, one row of two is in the training part: make both orders fail or learn a category.
    write_csv(tmp_path / "in" / "data.csv", [["x", 1], [5, 2]])
    codes = {run(tmp_path, TRAIN_FRACTION="0.5", VALIDATION_FRACTION="0", RANDOM_SEED=str(seed)) for seed in range(8)}
    assert codes == {0, 1}
    assert "name the column in CATEGORICAL_COLUMNS" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"TRAIN_FRACTION": "0.9"}, "are more than 1 together"),
        ({"TRAIN_FRACTION": "0"}, "TRAIN_FRACTION is above 0"),
        ({"IMPUTATION": "mode"}, "IMPUTATION is 'mode'; there are median, mean"),
        ({"DELIMITER": "::"}, "DELIMITER is one character"),
        ({"MAX_CATEGORIES": "0"}, "MAX_CATEGORIES is at least 1"),
        ({"SCALE_NUMBERS": "si"}, "'si' is neither true nor false"),
    ],
)
def test_a_wrong_option_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], variables: dict[str, str], message: str
) -> None:
    with pytest.raises(SystemExit) as stop:
        run(tmp_path, **variables)
    assert stop.value.code == 2
    assert message in capsys.readouterr().err


@given(st.integers(0, 10_000), st.integers(1, 100), st.integers(0, 100))
def test_the_parts_hold_all_rows(count: int, train: int, validation: int) -> None:
    train_fraction, validation_fraction = train / 200, validation / 200
    first, second, third = preprocessing.split_sizes(count, train_fraction, validation_fraction)
    assert first + second + third == count
    assert min(first, second, third) >= 0
    assert abs(first - count * train_fraction) < 1
    assert abs(second - count * validation_fraction) < 2


def test_limits_are_rounded_down_but_not_by_binary_fractions() -> None:
    assert preprocessing.split_sizes(20, 0.7, 0.15) == (14, 3, 3)
    assert preprocessing.split_sizes(100, 0.29, 0.71) == (29, 71, 0)
    assert preprocessing.split_sizes(4177, 0.7, 0.15) == (2923, 627, 627)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_written_number_reads_back(number: float) -> None:
    assert float(preprocessing.shown_number(number)) == number
