"""Reading documents: values, places, and a finding with a place for everything that can be wrong."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, strategies as st

from smgen.diagnostics import Finding, FindingsError, Place
from smgen.documents import (
    CONTRACT_LIMITS,
    DEFINITION_LIMITS,
    Document,
    JsonValue,
    Limits,
    parse_document,
    pointer,
    read_document,
)
from tests.documents.arbitrary import JSON_VALUES

CORPUS = sorted((Path(__file__).parents[1] / "data" / "corpus").glob("*.json"))


def _findings(data: bytes | str, limits: Limits = CONTRACT_LIMITS) -> tuple[Finding, ...]:
    with pytest.raises(FindingsError) as caught:
        parse_document(data if isinstance(data, bytes) else data.encode(), "f.json", limits)
    return caught.value.findings


def _only(data: bytes | str, limits: Limits = CONTRACT_LIMITS) -> Finding:
    findings = _findings(data, limits)
    assert len(findings) == 1
    return findings[0]


def _at(line: int, column: int, pointer: str | None = "") -> Place:
    return Place(file="f.json", line=line, column=column, pointer=pointer)


# Values


def test_the_value_is_what_json_makes_of_it() -> None:
    document = parse_document(b' {"b": [1, -2.50, true, null], "a": "\\ud83d\\ude00\xc3\xbc"}\r\n', "f.json")
    assert document.value == {"b": [1, -2.5, True, None], "a": "😀ü"}
    assert isinstance(document.value, dict)
    assert list(document.value) == ["b", "a"]
    assert document.file == "f.json"
    assert repr(document) == "Document('f.json')"


@given(JSON_VALUES, st.booleans(), st.sampled_from([None, 0, 1, "\t"]))
def test_any_value_is_read_as_json_reads_it(value: JsonValue, ascii_only: bool, indent: int | str | None) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    parsed = parse_document(text.encode(), "f.json").value
    assert parsed == value
    assert repr(parsed) == repr(value)


def test_the_longest_integer_and_the_greatest_float() -> None:
    digits = "9" * 4300
    assert parse_document(f"[{digits}, -{digits}, 1.7976931348623157e308]".encode(), "f").value == [
        int(digits),
        -int(digits),
        1.7976931348623157e308,
    ]


# Places

DOCUMENT = '{\r\n  "ä": {"x/y": [10,\n\t"a", {}]},\r "b" :\n\n  true}'


@pytest.mark.parametrize(
    ("where", "key", "line", "column"),
    [
        ("", False, 1, 1),
        ("", True, 1, 1),
        ("/ä", False, 2, 8),
        ("/ä", True, 2, 3),
        ("/ä/x~1y", False, 2, 16),
        ("/ä/x~1y", True, 2, 9),
        ("/ä/x~1y/0", False, 2, 17),
        ("/ä/x~1y/1", False, 3, 2),
        ("/ä/x~1y/1", True, 3, 2),  # an item has no name
        ("/ä/x~1y/2", False, 3, 7),
        ("/b", True, 4, 2),  # a lone CR ends a line too
        ("/b", False, 6, 3),
        ("/missing", False, 1, 1),  # what is not there stands where its object stands
        ("/ä/missing", True, 2, 8),
        ("/ä/x~1y/3", False, 2, 16),
        ("/ä/x~1y/01", False, 2, 16),
        ("/ä/x~1y/-", False, 2, 16),
        ("/ä/x~1y/" + "9" * 5000, False, 2, 16),
        ("/b/deeper", False, 6, 3),
    ],
)
def test_places(where: str, key: bool, line: int, column: int) -> None:
    document = parse_document(DOCUMENT.encode(), "f.json")
    assert document.place(where, key=key) == _at(line, column, where)


def test_columns_count_characters_and_not_bytes_or_code_units() -> None:
    document = parse_document('{"😀ü": 1, "b": 2}'.encode(), "f.json")
    assert document.place("/b", key=True).column == 11


def test_a_text_that_is_no_pointer_is_refused() -> None:
    with pytest.raises(ValueError, match="not a JSON pointer"):
        parse_document(b"{}", "f.json").place("a")


def _pointers(value: JsonValue, *parts: str | int) -> Iterator[tuple[str, JsonValue, str | None]]:
    last = parts[-1] if parts else None
    yield pointer(*parts), value, last if isinstance(last, str) else None
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _pointers(member, *parts, key)
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _pointers(item, *parts, index)


def _offset(text: str, place: Place) -> int:
    assert place.line is not None
    assert place.column is not None
    lines = text.split("\n")
    return sum(len(line) + 1 for line in lines[: place.line - 1]) + place.column - 1


@given(JSON_VALUES, st.booleans(), st.sampled_from([None, 0, 1]))
def test_every_value_and_every_key_starts_at_its_place(value: JsonValue, ascii_only: bool, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    # Outside of texts json.dumps makes no CR, and it escapes those inside.
    document = parse_document(text.encode(), "f.json")
    for where, member, key in _pointers(value):
        place = document.place(where)
        assert place.pointer == where
        found: tuple[JsonValue, int] = json.JSONDecoder().raw_decode(text, _offset(text, place))
        assert repr(found[0]) == repr(member)
        if key is not None:
            named: tuple[JsonValue, int] = json.JSONDecoder().raw_decode(
                text, _offset(text, document.place(where, key=True))
            )
            assert named[0] == key


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: str(path.name))
def test_recorded_definitions_are_read_and_located(path: Path) -> None:
    document = read_document(path, DEFINITION_LIMITS)
    assert document.value == json.loads(path.read_text(encoding="utf-8"))
    lines = path.read_text(encoding="utf-8").split("\n")
    for where, _, key in _pointers(document.value):
        if key is not None:
            place = document.place(where, key=True)
            assert lines[(place.line or 0) - 1].startswith(json.dumps(key), (place.column or 0) - 1)


def test_the_corpus_is_there() -> None:
    assert len(CORPUS) == 8


# What is no JSON


@pytest.mark.parametrize(
    ("text", "line", "column", "where", "message"),
    [
        ("", 1, 1, "", "the document is empty"),
        (" \r\n\t ", 1, 1, "", "the document is empty"),
        ("{", 1, 2, "", "the document ends inside of an object"),
        ('{"a": [1,\n', 1, 10, "/a", "the document ends inside of a list"),
        ('{"a"', 1, 5, "", "the document ends inside of an object"),
        ('{"a":', 1, 6, "", "the document ends inside of an object"),
        ("[1,]", 1, 4, "", "a comma stands before the end of a list"),
        ('{"a":1,\n}', 2, 1, "", "a comma stands before the end of an object"),
        ("[,]", 1, 2, "", "this is no JSON value"),
        ("[1 2]", 1, 4, "", "a comma is missing in this list"),
        ('{"a":1 "b":2}', 1, 8, "", "a comma is missing in this object"),
        ("[1}", 1, 3, "", "the wrong sign ends this list"),
        ('{"a":{"b":1]}', 1, 12, "/a", "the wrong sign ends this object"),
        ("[1] x", 1, 5, "", "text follows the end of the document"),
        ("{}\n{}", 2, 1, "", "text follows the end of the document"),
        ('{"a" 1}', 1, 6, "", "a colon is missing after a key"),
        ('{"a":}', 1, 6, "", "this is no JSON value"),
        ("{'a':1}", 1, 2, "", "a key lacks its double quotes"),
        ("{a:1}", 1, 2, "", "a key lacks its double quotes"),
        ("{1:1}", 1, 2, "", "a key lacks its double quotes"),
        ("['a']", 1, 2, "", "a text stands in single quotes"),
        ("// x\n{}", 1, 1, "", "JSON has no comments"),
        ("{ /* x */ }", 1, 3, "", "JSON has no comments"),
        ("[1 # x\n]", 1, 4, "", "JSON has no comments"),
        ("é", 1, 1, "", "this is no JSON value"),
        ("\x00", 1, 1, "", "this is no JSON value"),
        ("[True]", 1, 2, "", "this word is no JSON value"),
        ("01", 1, 1, "", "this is no JSON number"),
        ("[1.]", 1, 2, "", "this is no JSON number"),
        ("[.5]", 1, 2, "", "this is no JSON number"),
        ("+1", 1, 1, "", "this is no JSON number"),
        ("-", 1, 1, "", "this is no JSON number"),
        ("0x10", 1, 1, "", "this is no JSON number"),
        ("1_000", 1, 1, "", "this is no JSON number"),
        ("1e", 1, 1, "", "this is no JSON number"),
        ('"abc', 1, 1, "", "the text has no closing double quote"),
        ('{"a": "b\\', 1, 7, "", "the text has no closing double quote"),
        ('"a\nb"', 1, 3, "", "a text holds a line end or another control character"),
        ('["\x1b"]', 1, 3, "", "a text holds a line end or another control character"),
        (r'["a\x41"]', 1, 4, "", "a text holds a backslash that starts no escape"),
        (r'["a\u12g4"]', 1, 4, "", "a text holds a backslash that starts no escape"),
        (r'["\\a\u12"]', 1, 6, "", "a text holds a backslash that starts no escape"),
        ("\\", 1, 1, "", "this is no JSON value"),
        ("]", 1, 1, "", "this is no JSON value"),
    ],
)
def test_what_is_no_json(text: str, line: int, column: int, where: str, message: str) -> None:
    finding = _only(text)
    assert (finding.rule, finding.message) == ("SMG100", message)
    assert finding.place == _at(line, column, where)


def test_an_open_object_is_named_with_its_start() -> None:
    finding = _only('{\n  "a": [\n    1')
    assert finding.expected == '"]" for the list that starts here'
    assert finding.expected_at == _at(2, 8, "/a")


@pytest.mark.parametrize(("word", "meant"), [("True", "true"), ("FALSE", "false"), ("None", "null"), ("nul", "null")])
def test_words_of_other_languages_are_translated(word: str, meant: str) -> None:
    finding = _only(f"[{word}]")
    assert (finding.given, finding.nearest) == (word, meant)


# What is JSON for some readers, but not here


def test_everything_that_does_not_hide_the_structure_is_found_at_once() -> None:
    digits = "7" * 4301
    text = f'{{"a": NaN,\n"a": [Infinity, -Infinity, 1e999, -1e999, {digits}, "\\ud800"],\n"\\udc00": 1, "b": 01}}'
    found = [(f.rule, f.message, f.place) for f in _findings(text)]
    range_message = "the number is out of range"
    finite = "JSON has no NaN and no infinities"
    half = "the text holds half of a surrogate pair"
    last = 2, 36 + 4303
    assert found == [
        ("SMG100", finite, _at(1, 7, "/a")),
        ("SMG101", 'the key "a" stands twice in one object', _at(2, 1, "/a")),
        ("SMG100", finite, _at(2, 7, "/a/0")),
        ("SMG100", finite, _at(2, 17, "/a/1")),
        ("SMG100", range_message, _at(2, 28, "/a/2")),
        ("SMG100", range_message, _at(2, 35, "/a/3")),
        ("SMG100", range_message, _at(2, 43, "/a/4")),
        ("SMG100", half, _at(last[0], 43 + 4303, "/a/5")),
        ("SMG100", half, _at(3, 1, "")),
        ("SMG100", "this is no JSON number", _at(3, 19, "")),
    ]


def test_one_finding_for_every_duplicate_key_with_both_places() -> None:
    findings = _findings('{"x": {"a": 1,\n "\\u0061": 2,\n "b": 3, "a": 4}, "b": 5}')
    assert findings == (
        Finding(
            "SMG101",
            'the key "a" stands twice in one object',
            _at(2, 2, "/x/a"),
            given='a second "a"',
            expected="every key once in an object; the first one stands here",
            expected_at=_at(1, 8, "/x/a"),
            fix="remove or rename one of the two",
        ),
        Finding(
            "SMG101",
            'the key "a" stands twice in one object',
            _at(3, 10, "/x/a"),
            given='a second "a"',
            expected="every key once in an object; the first one stands here",
            expected_at=_at(1, 8, "/x/a"),
            fix="remove or rename one of the two",
        ),
    )


def test_a_pair_of_surrogate_escapes_is_one_character_and_a_spelt_out_escape_is_text() -> None:
    assert parse_document(rb'["\ud83d\ude00", "\\ud800"]', "f").value == ["😀", "\\ud800"]


def test_a_byte_order_mark() -> None:
    finding = _only(b"\xef\xbb\xbf{}")
    assert finding.rule == "SMG100"
    assert finding.message == "the document starts with a byte order mark"
    assert finding.place == Place(file="f.json", line=1, column=1)
    assert [f.rule for f in _findings(b'\xef\xbb\xbf{"a":1,"a":2}')] == ["SMG100", "SMG101"]


@pytest.mark.parametrize(
    ("data", "line", "column", "given_text", "message"),
    [
        (b'{"a":\r\n "\xc3\xbc\xff"}', 2, 4, "the byte 0xff", "the document is not UTF-8"),
        (b"\xff\xfe{\x00}\x00", 1, 1, "the byte 0xff", "the document is UTF-16, not UTF-8"),
        (b'"\xed\xa0\x80"', 1, 2, "the byte 0xed", "the document is not UTF-8"),
        (b'"\xc0\x80"', 1, 2, "the byte 0xc0", "the document is not UTF-8"),
        (b'"\xe2\x82', 1, 2, "the byte 0xe2", "the document is not UTF-8"),
    ],
)
def test_other_encodings(data: bytes, line: int, column: int, given_text: str, message: str) -> None:
    finding = _only(data)
    assert (finding.rule, finding.message, finding.given) == ("SMG100", message, given_text)
    assert finding.place == Place(file="f.json", line=line, column=column)


# Limits


def test_the_size_is_bounded() -> None:
    limits = Limits(max_bytes=4, max_depth=1)
    assert parse_document(b"1234", "f.json", limits).value == 1234
    assert _only(b"12345", limits) == Finding(
        "SMG102",
        "the document is too large",
        Place(file="f.json"),
        given="5 bytes",
        expected="at most 4 bytes",
    )


def test_the_depth_is_bounded() -> None:
    limits = Limits(max_bytes=1000, max_depth=3)
    assert parse_document(b'[{"[[[[": ["[{\\"["]}]', "f.json", limits).value == [{"[[[[": ['[{"[']}]
    assert _only(b'[{"a": [1, {}]}]', limits) == Finding(
        "SMG102",
        "the document is nested too deeply",
        _at(1, 12, "/0/a"),
        expected="at most 3 objects and lists inside each other",
    )


@pytest.mark.parametrize("text", [r'"\""', r'"\\"', r'"\\\""', r'"\"\""', '"]]]]"'])
def test_texts_hide_no_depth(text: str) -> None:
    assert parse_document(f"[{text}, [[1]]]".encode(), "f.json", Limits(1000, 3)).value
    assert _only(f"[{text}, [[[1]]]]", Limits(1000, 3)).message == "the document is nested too deeply"


def test_depth_is_nesting_and_not_the_number_of_brackets() -> None:
    assert parse_document(b"[" + b"[],{}," * 100 + b"[]]", "f.json", Limits(10_000, 2)).value


MEGABYTES = 10_000_000


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"[" * MEGABYTES, "the document is nested too deeply"),
        (b'{"a":' * (MEGABYTES // 5), "the document is nested too deeply"),
        (b'"' * MEGABYTES, "text follows the end of the document"),
        (b'"' + b'\\"' * (MEGABYTES // 2), "the text has no closing double quote"),
        (b"1" * MEGABYTES, "the number is out of range"),
        (b"1." + b"1" * MEGABYTES + b"e99999999999", "the number is out of range"),
        (b"-" * MEGABYTES, "this is no JSON number"),
        (b"[]" * (MEGABYTES // 2), "text follows the end of the document"),
        (b" " * MEGABYTES, "the document is empty"),
        (b"\n" * MEGABYTES + b"x", "this word is no JSON value"),
    ],
    ids=lambda value: repr(value[:8]) if isinstance(value, bytes) else "",
)
def test_large_nonsense_is_a_finding_in_bounded_time(data: bytes, message: str) -> None:
    start = time.perf_counter()
    finding = _findings(data, DEFINITION_LIMITS)[0]
    # Generous for a busy machine; what grows with the square of the size would take hours.
    assert time.perf_counter() - start < 30
    assert finding.message == message
    assert len(str(finding)) < 5000


def test_the_number_of_findings_is_bounded() -> None:
    findings = _findings(b'{"k":0' + b',"k":1' * 5000 + b"}")
    assert len(findings) == 1001
    assert [f.message for f in findings if f.rule == "SMG102"] == [
        "the document has more than 1,000 findings; the others are not listed"
    ]


def test_long_keys_make_no_long_findings() -> None:
    key = "k" * 300_000
    findings = _findings(f'{{"{key}": {{"a": 1, "a": 2, "a": 3}}}}')
    assert [f.place.pointer for f in findings] == [None, None]
    assert len(str(FindingsError(findings))) < 2000


# Arbitrary bytes


def _accepted(data: bytes) -> bool:
    """Whether the standard library reads these bytes, in its strictest form and with the same value limits."""
    try:
        value: JsonValue = json.loads(data.decode("utf-8"), parse_constant=float, object_pairs_hook=_no_duplicates)
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        return False
    return True


def _no_duplicates(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError
    return dict(pairs)


def _try(data: bytes) -> Document | None:
    try:
        return parse_document(data, "f.json", DEFINITION_LIMITS)
    except FindingsError as error:
        lines = data.count(b"\n") + data.count(b"\r") + 1
        for finding in error.findings:
            assert finding.rule in ("SMG100", "SMG101", "SMG102")
            assert finding.place.line is not None
            assert 1 <= finding.place.line <= lines
            assert finding.place.column is not None
            assert finding.place.column >= 1
        return None


_FRAGMENTS = st.sampled_from(
    ["{", "}", "[", "]", ",", ":", '"', '"a"', '"b":', "1", "-", "0.5", "1e999", "NaN", "true", "nul", " ", "\n", "\r"]
) | st.sampled_from(
    ["\\", "\\u", "d800", "\t", "\x00", "é", "/", "'", "\\n", "\\ud83d", '"\\ude00"', "\ufeff", '\\"', "Infinity"]
)


@given(st.lists(_FRAGMENTS, max_size=14).map("".join))
@example('{"a":1}')
@example("\ufeff{}")
@example("-Infinity")
@example('"\\ud800"')
def test_nearly_json_is_accepted_exactly_when_json_is(text: str) -> None:
    data = text.encode()
    assert (_try(data) is not None) == _accepted(data)


@given(st.binary())
def test_arbitrary_bytes_make_findings_and_no_other_error(data: bytes) -> None:
    assert (_try(data) is not None) == _accepted(data)


@given(JSON_VALUES, st.data())
def test_a_damaged_document_makes_findings_and_no_other_error(value: JsonValue, data: st.DataObject) -> None:
    text = bytearray(json.dumps(value, ensure_ascii=False).encode())
    at = data.draw(st.integers(0, len(text)))
    text[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    assert (_try(bytes(text)) is not None) == _accepted(bytes(text))


def test_deep_documents_are_located_without_recursion() -> None:
    depth = 900
    document = parse_document(b"[" * depth + b"]" * depth, "f.json", Limits(10_000, depth))
    assert document.place("/0" * (depth - 1)).column == depth


# Files


def test_a_file_is_shown_by_its_path_or_as_told(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b'{"a": 1}')
    assert read_document(path).file == path.as_posix()
    assert read_document(path, shown_as="specs/a.json").place("/a") == Place(
        file="specs/a.json", line=1, column=7, pointer="/a"
    )


def test_no_more_than_the_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as stream:
        stream.truncate(1 << 40)
    with pytest.raises(FindingsError) as caught:
        read_document(path, shown_as="huge.json")
    assert caught.value.findings == (
        Finding(
            "SMG102",
            "the document is too large",
            Place(file="huge.json"),
            given="more than 1,048,576 bytes",
            expected="at most 1,048,576 bytes",
        ),
    )


def test_a_file_that_cannot_be_read_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_document(tmp_path / "missing.json")
    with pytest.raises(OSError, match="directory"):
        read_document(tmp_path)
