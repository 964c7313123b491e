"""JSON texts from outside."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.geo.errors import JsonProblem
from mapping.geo.json_text import MAX_DEPTH, loads_strict


@pytest.mark.parametrize(
    ("body", "code", "position"),
    [
        (b"", "not_json", 0),
        (b"{", "not_json", 1),
        (b'{"a": 1}]', "not_json", 8),
        (b'{"a": 1} {}', "not_json", 9),
        (b"{'a': 1}", "not_json", 1),
        (b'{"a": 1,}', "not_json", None),
        (b'"a\nb"', "not_json", None),
        (b'"unfinished', "not_json", 0),
        (b'"\\', "not_json", None),
        (b'"\\u12"', "not_json", None),
        (b"[01]", "not_json", None),
        (b"// comment", "not_json", 0),
        (b"[NaN]", "not_finite", 1),
        (b'["NaN", -Infinity]', "not_finite", 8),
        (b"[1.5, 1e400]", "not_finite", 6),
        (b"[-1e400]", "not_finite", 1),
        (b"[" + b"9" * 309 + b"]", "not_finite", 1),
        (b"[-" + b"9" * 100_000 + b"]", "not_finite", 1),
        (b'{"a": 1, "a": 2}', "duplicate_key", 9),
        (b'[{"a": {"b": 1, "c": {"b": 1}}}, {"x": "x", "\\u0078": 2}]', "duplicate_key", 44),
        ('{"ä": "\ud800"}', "lone_surrogate", 7),
        (b'"\\ud83d"', "lone_surrogate", 1),
        (b'"\\ude00"', "lone_surrogate", 1),
        (b'"\\ud83d \\ude00"', "lone_surrogate", 1),
        (b'"\\ud83d\\ud83d\\ude00"', "lone_surrogate", 1),
        (b'["x", "a\\u0000b"]', "nul_character", 8),
        (b'{"\\u0000": 1}', "nul_character", 2),
        (b'"a\0b"', "nul_character", 2),
        ('{"a": 1}'.encode("utf-16-le"), "nul_character", 1),
        ('{"a": 1}'.encode("utf-16"), "not_utf8", 0),
        ('{"ä": 1}'.encode("latin-1"), "not_utf8", 2),
        (b'"\xed\xa0\x80"', "not_utf8", 1),
        (b'"\xc0\x80"', "not_utf8", 1),
        (b"[" * 65, "too_deep", 64),
        (b"[" * 1_000_000, "too_deep", 64),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "too_deep", 64 * 5),
    ],
)
def test_bad_json_is_refused_with_reason_and_place(
    body: bytes | str, code: str, position: int | None
) -> None:
    with pytest.raises(JsonProblem) as caught:
        loads_strict(body)
    assert caught.value.code == code
    if position is not None:
        assert caught.value.position == position
    assert str(caught.value) != code


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"null", None),
        (b"  [1, 2.5, true]\r\n", [1, 2.5, True]),
        (b'\xef\xbb\xbf{"a": "\xc3\xa4"}', {"a": "ä"}),
        ('\ufeff{"a": 1}', {"a": 1}),
        (b'"\\ud83d\\ude00"', "\N{GRINNING FACE}"),
        (b'"\\\\u0000"', "\\u0000"),
        (b'"\\\\ud800"', "\\ud800"),
        (b'"[[[{{{NaN 1e400"', "[[[{{{NaN 1e400"),
        (b'["\\"[", "{\\\\"]', ['"[', "{\\"]),
        (b'[{"a": 1}, {"a": 2}]', [{"a": 1}, {"a": 2}]),
        (b"[1e-400]", [0.0]),
        (b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, json.loads("[" * MAX_DEPTH + "]" * MAX_DEPTH)),
    ],
)
def test_good_json_is_read(body: bytes | str, value: object) -> None:
    assert loads_strict(body) == value


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.text(st.characters(codec="utf-8", exclude_characters="\0")), inner)
        ),
        max_leaves=20,
    ),
    st.booleans(),
)
def test_every_ordinary_value_reads_back(value: object, ensure_ascii: bool) -> None:
    assert loads_strict(json.dumps(value, ensure_ascii=ensure_ascii).encode()) == value


@given(st.text(alphabet='[]{}",:\\u0d8cNaInfity-1.e \n\0') | st.text())
def test_whatever_arrives_the_answer_is_a_value_or_a_problem(text: str) -> None:
    try:
        loads_strict(text)
    except JsonProblem as refused:
        assert 0 <= refused.position <= len(text)


@given(st.binary())
def test_whatever_bytes_arrive_the_answer_is_a_value_or_a_problem(body: bytes) -> None:
    try:
        loads_strict(body)
    except JsonProblem as refused:
        assert 0 <= refused.position <= len(body)


@pytest.mark.parametrize(
    "body",
    [
        b'"' + b"\\" * 5_000_000,
        b'"' * 5_000_000,
        b'"' + b"a" * 5_000_000,
        b"-" * 5_000_000,
        b'{"a' + b" " * 5_000_000,
        b"[" + b"9" * 5_000_000 + b"]",
        b'"\\u' * 1_000_000,
        b"[1e400" + b",1" * 2_000_000 + b"]",
    ],
)
def test_five_megabytes_of_malice_are_refused(body: bytes) -> None:
    with pytest.raises(JsonProblem):
        loads_strict(body)
