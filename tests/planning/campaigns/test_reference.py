"""Reference distributions typed, pasted or from a small file."""

from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mapping.planning.campaigns.reference import lines_of, parse_groups, text_of
from mapping.services.errors import Invalid
from tests.work import bounded_work


def pairs(text: str) -> list[tuple[str, float]]:
    return [(group.title, group.size) for group in parse_groups(text)]


@pytest.mark.parametrize(
    "text",
    [
        "18 bis 29; 15250\n30 und mehr; 40,5",
        "Gruppe;Anzahl\n18 bis 29;15250\n30 und mehr;40.5\n",
        "18 bis 29\t15250\r\n\r\n30 und mehr\t40,5 %",
        "18 bis 29, 15250\n30 und mehr, 40.5",
        '"18 bis 29";"15250";\n"30 und mehr";"40,5";',
        "18 bis 29;15250\n;;\n30 und mehr; 40,50%",
    ],
)
def test_lines_in_the_ways_tables_are_written(text: str) -> None:
    assert pairs(text) == [("18 bis 29", 15250), ("30 und mehr", 40.5)]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("A; 1\nB; viele", "size_unreadable", 2),
        ("A; 1\nB", "size_unreadable", 2),
        ("A; 1\n; 7", "size_unreadable", 2),
        ("A; 1\nB; -7", "size_unreadable", 2),
        ("A; 1\nB; 7; 9", "size_unreadable", 2),
        ("A; 1\nB, 18,4", "size_unreadable", 2),
        ("A; 15.250\nB; 1", "size_ambiguous", 1),
        ("A; 1e9\nB; 1", "size_unreadable", 1),
        ("A; NaN\nB; ٣", "size_unreadable", 2),
    ],
)
def test_lines_that_cannot_be_read_are_named(text: str, code: str, line: int) -> None:
    with pytest.raises(Invalid) as refused:
        parse_groups(text)
    problems = refused.value.fields["groups"]
    assert (problems[0].code, problems[0].params["line"]) == (code, line)


def test_lines_are_written_as_they_are_read() -> None:
    assert pairs(lines_of(parse_groups("A; 15250\nB; 33,33\nC; 0"))) == [("A", 15250), ("B", 33.33), ("C", 0)]


@pytest.mark.parametrize(
    "content", ["Männer;5".encode(), "\ufeffMänner;5".encode(), "Männer;5".encode("cp1252")]
)
def test_files_in_the_encodings_of_offices(content: bytes) -> None:
    assert text_of(SimpleUploadedFile("a.csv", content)) == "Männer;5"


@pytest.mark.parametrize(
    ("content", "code"), [(b"PK\x03\x04\0\0", "file_no_text"), (b"A;1\n" * 40_000, "upload_too_large")]
)
def test_files_that_are_no_small_table(content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        text_of(SimpleUploadedFile("a.csv", content))
    assert refused.value.fields["file"][0].code == code


@pytest.mark.parametrize(
    "text", ["A;" * 50_000, ";1" * 50_000, "A;" + "1" * 90_000, "A" * 90_000, "A;1\n" * 25_000]
)
def test_long_texts_are_read_in_no_time(text: str) -> None:
    with bounded_work(), suppress(Invalid):
        parse_groups(text)
