"""Splits a table into training, validation and test data and turns its columns into numbers, the label first.

Runs in a processing job; it needs Python 3.7 or newer and nothing else, and holds the table in memory. Options come
from the command line, else from environment variables of the same names.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import math
import os
import random
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import TextIO

INPUT_FOLDER = "/opt/ml/processing/input"
OUTPUT_FOLDER = "/opt/ml/processing"

#: Where the script itself lies: below the input folder, and no data.
CODE_FOLDER = "code"

MISSING_VALUES = "?,NA,NaN,nan,null,None"
IMPUTATIONS = ("median", "mean")


class InputError(Exception):
    """The input or an option is wrong; the text says what, where and what to do."""


@dataclass(frozen=True)
class Options:
    """What the script is asked to do; columns are names, or numbers from 0 where there is no header."""

    input_folder: Path
    output_folder: Path
    has_header: bool
    delimiter: str
    label_column: str
    drop_columns: tuple[str, ...]
    categorical_columns: tuple[str, ...]
    missing_values: frozenset[str]
    imputation: str
    scale_numbers: bool
    max_categories: int
    train_fraction: float
    validation_fraction: float
    random_seed: int


@dataclass(frozen=True)
class Table:
    """A table as text: ``rows`` have one value per name, the empty text for a missing one."""

    names: tuple[str, ...]
    rows: list[list[str]]


@dataclass(frozen=True)
class NumericColumn:
    """What was learned about a column of numbers: ``(value - shift) / scale``, ``fill`` for a missing one."""

    name: str
    index: int
    fill: float
    shift: float
    scale: float

    @property
    def features(self) -> tuple[str, ...]:
        """The one feature that the column gives."""
        return (self.name,)

    def encode(self, value: str) -> tuple[float, ...]:
        """The feature for a value of the table."""
        number = self.fill if not value else to_number(value)
        if number is None:
            raise InputError(
                f"the column {self.name} has the value {value!r}, and numbers only in the training part: "
                "name the column in CATEGORICAL_COLUMNS, or the value in MISSING_VALUES"
            )
        return ((number - self.shift) / self.scale,)


@dataclass(frozen=True)
class CategoricalColumn:
    """What was learned about a column of categories: those that get a feature; the empty text is a missing value."""

    name: str
    index: int
    categories: tuple[str, ...]

    @property
    def features(self) -> tuple[str, ...]:
        """One feature per category."""
        return tuple(f"{self.name}={category or 'missing'}" for category in self.categories)

    def encode(self, value: str) -> tuple[float, ...]:
        """1 at the value's category and 0 elsewhere; all 0 for a category that the training part has not."""
        return tuple(1.0 if value == category else 0.0 for category in self.categories)


def flag(text: str) -> bool:
    """``true`` or ``false`` in any case, as a contract's environment writes a boolean."""
    value = {"true": True, "1": True, "false": False, "0": False}.get(text.strip().lower())
    if value is None:
        raise argparse.ArgumentTypeError(f"{text!r} is neither true nor false")
    return value


def listed(text: str) -> tuple[str, ...]:
    """The parts of a text between commas, without the spaces around them."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def to_number(text: str) -> float | None:
    """A text as a finite number; None where it is none."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def read_options(arguments: Sequence[str] | None, environment: Mapping[str, str]) -> Options:
    """The options of the command line, each with a default from the environment; a wrong one ends the script."""
    parser = argparse.ArgumentParser(description="Prepares a table for a tabular algorithm.")
    get = environment.get
    parser.add_argument("--input-folder", type=Path, default=INPUT_FOLDER)
    parser.add_argument("--output-folder", type=Path, default=OUTPUT_FOLDER)
    parser.add_argument("--has-header", type=flag, default=get("HAS_HEADER", "false"))
    parser.add_argument("--delimiter", default=get("DELIMITER", ","))
    parser.add_argument("--label-column", default=get("LABEL_COLUMN", "-1"))
    parser.add_argument("--drop-columns", type=listed, default=get("DROP_COLUMNS", ""))
    parser.add_argument("--categorical-columns", type=listed, default=get("CATEGORICAL_COLUMNS", ""))
    parser.add_argument("--missing-values", type=listed, default=get("MISSING_VALUES", MISSING_VALUES))
    parser.add_argument("--imputation", default=get("IMPUTATION", "median"))
    parser.add_argument("--scale-numbers", type=flag, default=get("SCALE_NUMBERS", "true"))
    parser.add_argument("--max-categories", type=int, default=get("MAX_CATEGORIES", "100"))
    parser.add_argument("--train-fraction", type=float, default=get("TRAIN_FRACTION", "0.7"))
    parser.add_argument("--validation-fraction", type=float, default=get("VALIDATION_FRACTION", "0.15"))
    parser.add_argument("--random-seed", type=int, default=get("RANDOM_SEED", "0"))
    given = parser.parse_args(arguments)
    if given.imputation not in IMPUTATIONS:
        parser.error(f"IMPUTATION is {given.imputation!r}; there are {', '.join(IMPUTATIONS)}")
    if len(given.delimiter) != 1:
        parser.error(f"DELIMITER is one character, not {given.delimiter!r}")
    if given.max_categories < 1:
        parser.error("MAX_CATEGORIES is at least 1")
    if given.train_fraction <= 0 or given.validation_fraction < 0:
        parser.error("TRAIN_FRACTION is above 0 and VALIDATION_FRACTION not below it")
    if given.train_fraction + given.validation_fraction > 1 + 1e-9:
        parser.error("TRAIN_FRACTION and VALIDATION_FRACTION are more than 1 together")
    return Options(
        input_folder=given.input_folder,
        output_folder=given.output_folder,
        has_header=given.has_header,
        delimiter=given.delimiter,
        label_column=given.label_column.strip(),
        drop_columns=given.drop_columns,
        categorical_columns=given.categorical_columns,
        missing_values=frozenset(given.missing_values),
        imputation=given.imputation,
        scale_numbers=given.scale_numbers,
        max_categories=given.max_categories,
        train_fraction=given.train_fraction,
        validation_fraction=given.validation_fraction,
        random_seed=given.random_seed,
    )


def data_files(folder: Path) -> list[Path]:
    """The file itself, or every file below the folder, sorted; code and names starting with ``.`` or ``_`` left out."""
    if folder.is_file():
        return [folder]
    files: list[Path] = []
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and parts[0] != CODE_FOLDER and not any(part[0] in "._" for part in parts):
            files.append(path)
    if not files:
        raise InputError(f"there is no file in {folder}")
    return files


def open_text(path: Path) -> TextIO:
    """A file as text in UTF-8, unpacked where its name ends in ``.gz``; line ends stay as they are."""
    if path.suffix.lower() == ".gz":
        return io.TextIOWrapper(gzip.open(path, "rb"), encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def read_table(options: Options) -> Table:
    """All rows of all files, missing values as the empty text. Raises InputError where the columns differ."""
    names: tuple[str, ...] = ()
    rows: list[list[str]] = []
    for path in data_files(options.input_folder):
        with open_text(path) as text:
            reader = csv.reader(text, delimiter=options.delimiter)
            header_read = False
            for row in reader:
                if not row:
                    continue
                values = [value.strip() for value in row]
                if options.has_header and not header_read:
                    header_read = True
                    names = names or _header(values, path)
                    if tuple(values) != names:
                        raise InputError(
                            f"{path.name}: the columns are not those of the first file: {', '.join(names)}"
                        )
                    continue
                names = names or tuple(str(number) for number in range(len(values)))
                if len(values) != len(names):
                    raise InputError(
                        f"{path.name}:{reader.line_num}: the row has {len(values)} values, and there are "
                        f"{len(names)} columns"
                    )
                rows.append(["" if value in options.missing_values else value for value in values])
    if not rows:
        raise InputError(f"there is no row in {options.input_folder}")
    return Table(names, rows)


def _header(values: Sequence[str], path: Path) -> tuple[str, ...]:
    for value in values:
        if not value or values.count(value) > 1:
            what = "is there twice" if value else "has no name"
            raise InputError(f"{path.name}: a column of the header {what}: {', '.join(values)}")
    return tuple(values)


def column_index(names: Sequence[str], column: str, option: str) -> int:
    """The index of a column by its name or, where no name is like that, by its number (-1 is the last)."""
    if column in names:
        return list(names).index(column)
    try:
        number = int(column)
    except ValueError:
        number = len(names)
    if not -len(names) <= number < len(names):
        raise InputError(f"{option}: there is no column {column!r}; there are {', '.join(names)}")
    return number % len(names)


def encode_labels(values: Sequence[str]) -> tuple[list[float], tuple[str, ...]]:
    """Labels as numbers, and the classes by their numbers where the labels are no numbers (else none)."""
    numbers = [to_number(value) for value in values]
    known = [number for number in numbers if number is not None]
    if len(known) == len(values):
        return known, ()
    classes = tuple(sorted(set(values)))
    number_of = {name: float(index) for index, name in enumerate(classes)}
    return [number_of[value] for value in values], classes


def split_sizes(count: int, train_fraction: float, validation_fraction: float) -> tuple[int, int, int]:
    """How many of ``count`` rows are for training, validation and test; each limit is rounded down."""
    # The small addition keeps sums such as 0.7 + 0.15 from losing a row to binary fractions.
    first = int(train_fraction * count + 1e-9)
    second = min(count, int((train_fraction + validation_fraction) * count + 1e-9))
    return first, second - first, count - second


def learn_column(
    name: str, index: int, values: Sequence[str], options: Options, *, categorical: bool
) -> NumericColumn | CategoricalColumn:
    """What the training part says about a column."""
    numbers = [to_number(value) for value in values if value]
    known = [number for number in numbers if number is not None]
    if categorical or len(known) < len(numbers):
        counts: dict[str, int] = {}
        for value in values:
            counts[value] = counts.get(value, 0) + 1
        frequent = sorted(counts, key=lambda category: (-counts[category], category))[: options.max_categories]
        return CategoricalColumn(name, index, tuple(sorted(frequent)))
    fill = 0.0
    if known:
        fill = statistics.median(known) if options.imputation == "median" else math.fsum(known) / len(known)
    if not options.scale_numbers:
        return NumericColumn(name, index, fill, 0.0, 1.0)
    filled = known + [fill] * (len(values) - len(known))
    shift = math.fsum(filled) / len(filled)
    deviation = math.sqrt(math.fsum((number - shift) ** 2 for number in filled) / len(filled))
    # A column with one value only says nothing; it becomes 0.
    return NumericColumn(name, index, fill, shift, deviation or 1.0)


def shown_number(number: float) -> str:
    """A number in the shortest text that reads back as it; an integral one without a fraction."""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def write_part(
    path: Path, rows: Iterable[tuple[float, list[str]]], columns: Sequence[NumericColumn | CategoricalColumn]
) -> None:
    """Write rows of label and table values as CSV, the label first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        for label, row in rows:
            encoded = [label]
            for column in columns:
                encoded.extend(column.encode(row[column.index]))
            writer.writerow([shown_number(number) for number in encoded])


def preprocess(options: Options) -> dict[str, int]:
    """Write the three parts, say what was done, and return the rows of each part."""
    table = read_table(options)
    label_index = column_index(table.names, options.label_column, "LABEL_COLUMN")
    dropped = {column_index(table.names, column, "DROP_COLUMNS") for column in options.drop_columns}
    categorical = {column_index(table.names, column, "CATEGORICAL_COLUMNS") for column in options.categorical_columns}
    labelled = [row for row in table.rows if row[label_index]]
    if not labelled:
        raise InputError(f"no row has a label in the column {table.names[label_index]}")
    labels, classes = encode_labels([row[label_index] for row in labelled])
    rows = [(labels[index], row) for index, row in enumerate(labelled)]
    random.Random(options.random_seed).shuffle(rows)
    sizes = split_sizes(len(rows), options.train_fraction, options.validation_fraction)
    if not sizes[0]:
        raise InputError(f"{len(rows)} rows are too few: none would be in the training part")
    training = rows[: sizes[0]]
    columns = [
        learn_column(name, index, [row[index] for _, row in training], options, categorical=index in categorical)
        for index, name in enumerate(table.names)
        if index != label_index and index not in dropped
    ]
    start = 0
    written: dict[str, int] = {}
    for position, name in enumerate(("train", "validation", "test")):
        part = rows[start : start + sizes[position]]
        write_part(options.output_folder / name / f"{name}.csv", part, columns)
        written[name] = len(part)
        start += sizes[position]
    print(f"preprocessing: rows {written}, without label {len(table.rows) - len(labelled)}")
    print(f"preprocessing: features {', '.join(feature for column in columns for feature in column.features)}")
    if classes:
        print(f"preprocessing: classes {', '.join(f'{name}={index}' for index, name in enumerate(classes))}")
    return written


def main(arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ) -> int:
    """Run the script; 0 when it is done, 1 when the input is wrong, 2 for a wrong option."""
    options = read_options(arguments, environment)
    try:
        preprocess(options)
    except (InputError, OSError, UnicodeDecodeError, csv.Error) as error:
        print(f"preprocessing: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
