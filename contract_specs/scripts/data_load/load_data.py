"""Reads a table from CSV, TSV or JSON lines and writes it as one CSV file with a header, and a profile of it beside.

Runs in a processing job; it needs Python 3.7 or newer and nothing else. Options come from the command line, else from
environment variables of the same names.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import math
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO, TypeAlias

    JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"

INPUT_FOLDER = "/opt/ml/processing/source_data"
OUTPUT_FOLDER = "/opt/ml/processing/raw_data"
PROFILE_FOLDER = "/opt/ml/processing/profile"

MISSING_VALUES = "?,NA,NaN,nan,null,None"

FORMATS = ("auto", "csv", "tsv", "jsonl")
_FORMAT_OF_SUFFIX = {".tsv": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl"}


class InputError(Exception):
    """The input or an option is wrong; the text says what, where and what to do."""


@dataclass(frozen=True)
class Options:
    """What the script is asked to do; ``columns`` is empty for all of them."""

    input_folder: Path
    output_folder: Path
    profile_folder: Path
    input_format: str
    has_header: bool
    columns: tuple[str, ...]
    drop_duplicates: bool
    max_rejected_rows: int
    missing_values: frozenset[str]


@dataclass
class Profile:
    """What was read, refused and written; ``missing`` and ``numbers`` count rows by column."""

    columns: tuple[str, ...]
    file_count: int = 0
    row_count: int = 0
    rejected_row_count: int = 0
    duplicate_row_count: int = 0
    missing: list[int] = field(init=False)
    numbers: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.missing = [0] * len(self.columns)
        self.numbers = [0] * len(self.columns)

    def add(self, row: Sequence[str]) -> None:
        """Count a row that is written."""
        self.row_count += 1
        for index, value in enumerate(row):
            if not value:
                self.missing[index] += 1
            elif is_number(value):
                self.numbers[index] += 1

    def report(self) -> dict[str, object]:
        """The profile as the contract's schema has it."""
        cells = self.row_count * len(self.columns)
        return {
            "file_count": self.file_count,
            "row_count": self.row_count,
            "rejected_row_count": self.rejected_row_count,
            "duplicate_row_count": self.duplicate_row_count,
            "column_count": len(self.columns),
            "missing_share": sum(self.missing) / cells if cells else 0.0,
            "columns": [
                {"name": name, "missing_count": self.missing[index], "number_count": self.numbers[index]}
                for index, name in enumerate(self.columns)
            ],
        }


def flag(text: str) -> bool:
    """``true`` or ``false`` in any case, as a contract's environment writes a boolean."""
    value = {"true": True, "1": True, "false": False, "0": False}.get(text.strip().lower())
    if value is None:
        raise argparse.ArgumentTypeError(f"{text!r} is neither true nor false")
    return value


def listed(text: str) -> tuple[str, ...]:
    """The parts of a text between commas, without the spaces around them."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def is_number(text: str) -> bool:
    """Whether a text is a finite number."""
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def read_options(arguments: Sequence[str] | None, environment: Mapping[str, str]) -> Options:
    """The options of the command line, each with a default from the environment; a wrong one ends the script."""
    parser = argparse.ArgumentParser(description="Writes a table as one CSV file with a header.")
    parser.add_argument("--input-folder", type=Path, default=INPUT_FOLDER)
    parser.add_argument("--output-folder", type=Path, default=OUTPUT_FOLDER)
    parser.add_argument("--profile-folder", type=Path, default=PROFILE_FOLDER)
    parser.add_argument("--input-format", default=environment.get("INPUT_FORMAT", "auto"))
    parser.add_argument("--has-header", type=flag, default=environment.get("HAS_HEADER", "false"))
    parser.add_argument("--columns", type=listed, default=environment.get("COLUMNS", ""))
    parser.add_argument("--drop-duplicates", type=flag, default=environment.get("DROP_DUPLICATES", "false"))
    parser.add_argument("--max-rejected-rows", type=int, default=environment.get("MAX_REJECTED_ROWS", "0"))
    parser.add_argument("--missing-values", type=listed, default=environment.get("MISSING_VALUES", MISSING_VALUES))
    given = parser.parse_args(arguments)
    # Not as "choices", which argparse does not ask for a default.
    if given.input_format not in FORMATS:
        parser.error(f"INPUT_FORMAT is {given.input_format!r}; there are {', '.join(FORMATS)}")
    if given.max_rejected_rows < 0:
        parser.error("MAX_REJECTED_ROWS is not below 0")
    return Options(
        input_folder=given.input_folder,
        output_folder=given.output_folder,
        profile_folder=given.profile_folder,
        input_format=given.input_format,
        has_header=given.has_header,
        columns=given.columns,
        drop_duplicates=given.drop_duplicates,
        max_rejected_rows=given.max_rejected_rows,
        missing_values=frozenset(given.missing_values),
    )


def data_files(folder: Path) -> list[Path]:
    """The file itself, or every file below the folder, sorted; names that start with ``.`` or ``_`` are left out."""
    if folder.is_file():
        return [folder]
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part[0] in "._" for part in path.relative_to(folder).parts)
    ]
    if not files:
        raise InputError(f"there is no file in {folder}")
    return files


def format_of(path: Path, chosen: str) -> str:
    """The form of a file: what was chosen, or what the end of its name says."""
    if chosen != "auto":
        return chosen
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    return _FORMAT_OF_SUFFIX.get(suffixes[-1], "csv") if suffixes else "csv"


def open_text(path: Path) -> TextIO:
    """A file as text in UTF-8, unpacked where its name ends in ``.gz``; line ends stay as they are."""
    if path.suffix.lower() == ".gz":
        return io.TextIOWrapper(gzip.open(path, "rb"), encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def json_text(value: JsonValue) -> str:
    """A JSON value as the text of a CSV field; null is the empty text."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def read_rows(path: Path, options: Options) -> Iterator[tuple[int, tuple[str, ...], list[str] | None]]:
    """Each row of a file as (line, column names, values); values are None where the row cannot be read.

    The lines count from 1. Rows of one CSV file share their column names, each JSON line has its own.
    """
    form = format_of(path, options.input_format)
    with open_text(path) as text:
        if form == "jsonl":
            for number, line in enumerate(text, start=1):
                if line.strip():
                    yield (number, *_json_row(line))
            return
        reader = csv.reader(text, delimiter="\t" if form == "tsv" else ",")
        names: tuple[str, ...] = ()
        for row in reader:
            if not row:
                continue
            if not names:
                names = _names(row, path, options.has_header)
                if options.has_header:
                    continue
            yield reader.line_num, names, [value.strip() for value in row] if len(row) == len(names) else None


def _names(first: Sequence[str], path: Path, has_header: bool) -> tuple[str, ...]:
    if not has_header:
        return tuple(f"column_{number}" for number in range(1, len(first) + 1))
    names = tuple(name.strip() for name in first)
    for name in names:
        if not name or names.count(name) > 1:
            what = "is there twice" if name else "has no name"
            raise InputError(f"{path.name}: a column of the header {what}: {', '.join(names)}")
    return names


def _json_row(line: str) -> tuple[tuple[str, ...], list[str] | None]:
    try:
        value: JsonValue = json.loads(line)
    except ValueError:
        return (), None
    if not isinstance(value, dict):
        return (), None
    return tuple(value), [json_text(member).strip() for member in value.values()]


def table_columns(files: Sequence[Path], options: Options) -> tuple[str, ...]:
    """The columns to write: those that were asked for, else all in the order in which they come."""
    found: dict[str, None] = {}
    for path in files:
        for _, names, _ in read_rows(path, options):
            found.update(dict.fromkeys(names))
            if format_of(path, options.input_format) != "jsonl":
                break
    if not found:
        raise InputError(f"the files hold no row: {', '.join(path.name for path in files[:5])}")
    for name in options.columns:
        if name not in found:
            raise InputError(f"there is no column {name!r}; there are {', '.join(found)}")
    return options.columns or tuple(found)


def table_rows(files: Sequence[Path], options: Options, profile: Profile) -> Iterator[list[str]]:
    """The rows to write, in the order of the table's columns; counts them in the profile.

    Raises InputError when more rows are refused than the options allow.
    """
    seen: set[tuple[str, ...]] = set()
    for path in files:
        profile.file_count += 1
        for line, names, values in read_rows(path, options):
            if values is None:
                profile.rejected_row_count += 1
                if profile.rejected_row_count > options.max_rejected_rows:
                    reason = f"has not the {len(names)} values of the first row" if names else "is no JSON object"
                    raise InputError(f"{path.name}:{line}: the row {reason}; MAX_REJECTED_ROWS allows to leave it out")
                continue
            by_name = {name: values[index] for index, name in enumerate(names)}
            row = [by_name.get(name, "") for name in profile.columns]
            row = ["" if value in options.missing_values else value for value in row]
            if options.drop_duplicates:
                if tuple(row) in seen:
                    profile.duplicate_row_count += 1
                    continue
                seen.add(tuple(row))
            profile.add(row)
            yield row


def load(options: Options) -> Profile:
    """Write ``data.csv`` and ``profile.json``, and return the profile."""
    files = data_files(options.input_folder)
    profile = Profile(table_columns(files, options))
    options.output_folder.mkdir(parents=True, exist_ok=True)
    options.profile_folder.mkdir(parents=True, exist_ok=True)
    with (options.output_folder / "data.csv").open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(profile.columns)
        writer.writerows(table_rows(files, options, profile))
    report = json.dumps(profile.report(), ensure_ascii=False, indent=2)
    (options.profile_folder / "profile.json").write_text(report + "\n", encoding="utf-8")
    return profile


def main(arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ) -> int:
    """Run the script; 0 when it is done, 1 when the input is wrong, 2 for a wrong option."""
    options = read_options(arguments, environment)
    try:
        profile = load(options)
    except (InputError, OSError, UnicodeDecodeError, csv.Error) as error:
        print(f"load_data: {error}", file=sys.stderr)
        return 1
    print(f"load_data: {profile.row_count} rows, {len(profile.columns)} columns, {profile.file_count} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
