"""Markdown and HTML become sections; hostile ones are refused in time that grows with their length."""

import time

import pytest

from texts.reading.blocks import LONGEST_BODY, Notice, ReadText
from texts.reading.documents import read_document
from texts.reading.problems import DocumentProblem


def read(text: str | bytes, name: str = "a.md") -> ReadText:
    data = text if isinstance(text, bytes) else text.encode()
    return read_document(data, name, preamble="Preamble")


def refusal(text: str | bytes, name: str = "a.md") -> str:
    with pytest.raises(DocumentProblem) as refused:
        read(text, name)
    return refused.value.code


def words_of(found: ReadText) -> list[tuple[str, int, str]]:
    return [(one.heading, one.level, one.body) for one in found.sections]


def test_markdown_keeps_paragraphs_lists_tables_and_addresses() -> None:
    found = read(
        "# Guidelines\n\n## Aims\n\nOne *two*\nthree.\n\nFour.\n\n- a\n- b\n  1. c\n\n"
        "| x | y |\n|---|---|\n| 1 | 2 |\n\n### Green\n\n[here](https://example.org/a)\n\n## End\n"
    )
    assert found.title == "Guidelines"
    assert words_of(found) == [
        ("Aims", 1, "One two three.\n\nFour.\n\n- a\n- b\n  1. c\n\nx | y\n1 | 2"),
        ("Green", 2, "here (https://example.org/a)"),
        ("End", 1, ""),
    ]


def test_html_in_markdown_is_text_without_tags() -> None:
    found = read("# A\n\n<script>alert(1)</script>\n\n<b>bold</b> &amp; more\n\n# B")
    assert words_of(found) == [("A", 1, "bold & more"), ("B", 1, "")]


def test_html_of_a_word_processor_is_read_by_headings_outline_levels_and_lists() -> None:
    page = (
        "<html><head><meta charset=windows-1252><title>x</title><style>p{}</style></head><body>"
        "<p class=MsoTitle>Über uns</p><h1>Eins<o:p></o:p></h1>"
        '<p class=MsoNormal>Text <span style="display:none">geheim</span>weiter<br>Zeile</p>'
        '<p class=MsoListParagraph><span style="mso-list:Ignore">·<span>&nbsp;&nbsp; </span></span>Punkt</p>'
        "<ol start=3><li>drei</li><li><p>vier</p></li></ol>"
        "<table><tr><td><p>a</p></td><td>b</td></tr></table>"
        '<p style="mso-outline-level:2">Zwei</p><script>alert(1)</script>'
        "<p>x <del>alt</del><ins>neu</ins></p></body></html>"
    )
    found = read(page.encode("windows-1252"), "w.html")
    assert found.title == "Über uns"
    assert words_of(found) == [
        ("Eins", 1, "Text weiter\nZeile\n\n- Punkt\n3. drei\n4. vier\n\na | b"),
        ("Zwei", 2, "x neu"),
    ]
    assert set(found.notices) == {Notice.TRACKED_CHANGES, Notice.HIDDEN}


def test_text_in_other_encodings_is_refused_in_words() -> None:
    assert refusal("# Über".encode("latin-1")) == "text_not_utf8"
    assert refusal(b"# a\0b") == "text_not_utf8"
    assert words_of(read("# Über".encode("utf-8-sig"))) == [("Über", 1, "")]
    assert words_of(read("# Über".encode("utf-16"))) == [("Über", 1, "")]


def test_sections_and_texts_have_a_longest_length() -> None:
    paragraph = "word " * (LONGEST_BODY // 5 - 1)
    assert refusal(f"# A\n\n{paragraph}\n\n{paragraph}") == "section_too_long"
    assert refusal("\n\n".join(f"# {number}\n\n{paragraph}" for number in range(60))) == "text_too_long"
    assert refusal("x" * (2 * 2**20 + 1)) == "text_too_large"


@pytest.mark.parametrize(
    ("piece", "name"),
    [
        ("> ", "a.md"),
        ("[a", "a.md"),
        ("*a ", "a.md"),
        ("- ", "a.md"),
        ("|a", "a.md"),
        ("<", "a.md"),
        ("![[", "a.md"),
        ("<div>", "a.html"),
        ("<b x=1>", "a.html"),
        ("<p>", "a.html"),
        ("<!--", "a.html"),
        ("<", "a.html"),
        ("&#", "a.html"),
    ],
)
def test_hostile_documents_end_soon(piece: str, name: str) -> None:
    begun = time.process_time()
    with pytest.raises(DocumentProblem):
        read(piece * 200_000, name)
    assert time.process_time() - begun < 20
