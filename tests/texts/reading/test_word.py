"""Word files become sections: headings by outline level, tables as text, tracked changes as if accepted."""

from typing import Any

import pytest

from tests.texts.reading.word_files import with_member, word_file, xml
from texts.reading.blocks import LONGEST_HEADING, Notice, ReadText
from texts.reading.documents import read_document
from texts.reading.problems import DocumentProblem


def read(data: bytes) -> ReadText:
    return read_document(data, "Leitlinien.DOCX", preamble="Preamble")


def refusal(data: bytes, name: str = "a.docx") -> str:
    with pytest.raises(DocumentProblem) as refused:
        read_document(data, name, preamble="Preamble")
    return refused.value.code


def simple(document: Any) -> None:
    document.add_heading("Guidelines", 0)
    document.add_heading("Aims", 1)
    document.add_paragraph("First paragraph.")
    document.add_paragraph("Second one.")
    document.add_heading("Green", 2)
    document.add_paragraph("trees", style="List Bullet")
    document.add_paragraph("hedges", style="List Bullet")
    document.add_heading("Traffic", 1)


def test_headings_begin_sections_with_their_levels() -> None:
    found = read(word_file(simple))
    assert found.title == "Guidelines"
    assert [(one.heading, one.level, one.body) for one in found.sections] == [
        ("Aims", 1, "First paragraph.\n\nSecond one."),
        ("Green", 2, "- trees\n- hedges"),
        ("Traffic", 1, ""),
    ]
    assert found.notices == ()


def test_outline_level_of_a_paragraph_makes_it_a_heading_whatever_its_style() -> None:
    def write(document: Any) -> None:
        document.add_heading("Aims", 1)
        paragraph = document.add_paragraph("Looks like text")
        paragraph._p.get_or_add_pPr().append(xml('<w:outlineLvl w:val="1"/>'))
        document.add_paragraph("Body")
        document.add_paragraph("Numbered", style="List Number")
        document.add_paragraph("Second", style="List Number")
        document.add_heading("End", 1)

    found = read(word_file(write))
    assert [(one.heading, one.level) for one in found.sections[:2]] == [("Aims", 1), ("Looks like text", 2)]
    assert found.sections[1].body == "Body\n\n1. Numbered\n2. Second"


def test_style_inherits_the_outline_level_of_its_base() -> None:
    def write(document: Any) -> None:
        own = document.styles.add_style("Paragraph of the city", 1)
        own.base_style = document.styles["Heading 2"]
        document.add_heading("Aims", 1)
        document.add_paragraph("Below", style=own)
        document.add_heading("Next", 1)

    assert [one.level for one in read(word_file(write)).sections] == [1, 2, 1]


def test_tables_are_kept_as_rows_of_text() -> None:
    def write(document: Any) -> None:
        document.add_heading("Ways", 1)
        table = document.add_table(2, 2)
        for cell, words in zip(table._cells, ("Way", "What", "online", ""), strict=True):
            cell.text = words
        document.add_heading("End", 1)

    assert read(word_file(write)).sections[0].body == "Way | What\nonline | "


def test_tracked_insertions_are_read_and_deletions_left_out_with_a_notice() -> None:
    def write(document: Any) -> None:
        document.add_heading("Aims", 1)
        paragraph = document.add_paragraph("Old ")
        paragraph._p.append(xml('<w:ins w:id="1" w:author="A"><w:r><w:t>inserted</w:t></w:r></w:ins>'))
        paragraph._p.append(
            xml('<w:del w:id="2" w:author="A"><w:r><w:delText>gone</w:delText></w:r></w:del>')
        )

    found = read(word_file(write))
    assert found.sections[0].body == "Old inserted"
    assert found.notices == (Notice.TRACKED_CHANGES,)


def test_content_controls_are_read_but_for_the_table_of_contents() -> None:
    control = (
        "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    contents = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'

    def write(document: Any) -> None:
        document.add_heading("Aims", 1)
        body = document.element.body
        body.insert(1, xml(control.format(contents, "Aims … 1")))
        body.insert(2, xml(control.format("", "Kept")))

    assert read(word_file(write)).sections[0].body == "Kept"


def test_hidden_words_and_notes_are_left_out_with_notices() -> None:
    def write(document: Any) -> None:
        document.add_heading("Aims", 1)
        paragraph = document.add_paragraph("Seen")
        paragraph._p.append(xml("<w:r><w:rPr><w:vanish/></w:rPr><w:t> secret</w:t></w:r>"))
        paragraph._p.append(xml('<w:r><w:footnoteReference w:id="1"/></w:r>'))

    found = read(word_file(write))
    assert found.sections[0].body == "Seen"
    assert set(found.notices) == {Notice.HIDDEN, Notice.NOTES}


def test_words_before_the_first_heading_are_a_section_without_number() -> None:
    def write(document: Any) -> None:
        document.add_paragraph("Hello")
        document.add_heading("1 Aims", 1)
        document.add_heading("1.1 Green", 2)
        document.add_heading("2 End", 1)

    found = read(word_file(write))
    assert [(one.heading, one.level) for one in found.sections] == [
        ("Preamble", 0),
        ("Aims", 1),
        ("Green", 2),
        ("End", 1),
    ]
    assert set(found.notices) == {Notice.PREAMBLE, Notice.NUMBERS}


def test_typed_numbers_that_are_not_counted_so_stay() -> None:
    def write(document: Any) -> None:
        document.add_heading("1 Aims", 1)
        document.add_heading("3 End", 1)

    assert [one.heading for one in read(word_file(write)).sections] == ["1 Aims", "3 End"]


def test_long_heading_is_cut_and_stands_whole_in_the_text() -> None:
    heading = "word " * 40

    def write(document: Any) -> None:
        document.add_heading(heading, 1)
        document.add_paragraph("Body")

    found = read(word_file(write))
    assert len(found.sections[0].heading) <= LONGEST_HEADING
    assert found.sections[0].body == f"{heading.strip()}\n\nBody"
    assert found.notices == (Notice.LONG_HEADINGS,)


@pytest.mark.slow
def test_five_hundred_sections_are_read_and_one_more_is_refused() -> None:
    def write(number: int) -> bytes:
        def fill(document: Any) -> None:
            for one in range(number):
                document.add_heading(f"Section {one}", 1)

        return word_file(fill)

    assert len(read(write(500)).sections) == 500
    assert refusal(write(501)) == "too_many_sections"


def test_document_without_headings_is_refused() -> None:
    assert refusal(word_file(lambda document: document.add_paragraph("Only text"))) == "no_headings"
    assert refusal(word_file(lambda document: document)) == "text_without_words"


def test_macros_are_refused() -> None:
    plain = word_file(simple)
    assert refusal(with_member(plain, "word/vbaProject.bin", b"macro")) == "word_macros"
    assert refusal(plain, "a.docm") == "word_macros"
    types = b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
    assert refusal(with_member(plain, "[Content_Types].xml", types)) == "word_macros"


def test_bombs_broken_and_other_files_are_refused() -> None:
    plain = word_file(simple)
    assert refusal(with_member(plain, "word/media/a.bin", b"\0" * 60_000_000)) == "word_bomb"
    assert refusal(with_member(plain, "word/document.xml", b"<w:document")) == "word_broken"
    assert refusal(b"PK\x03\x04 no archive") == "not_a_word_file"
    assert refusal(b"\xd0\xcf\x11\xe0 old") == "word_too_old"
    assert refusal(b"text", "a.odt") == "word_other"
    assert refusal(b"text", "a.pdf") == "text_unknown_format"
    assert refusal(b"\n ") == "text_without_words"


def test_entities_of_a_document_type_are_not_expanded() -> None:
    body = (
        b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        b'<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>Aims</w:t></w:r></w:p>'
        b"<w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"
    )
    data = with_member(word_file(simple), "word/document.xml", body)
    try:
        found = read(data)
    except DocumentProblem as problem:
        assert problem.code == "word_broken"
    else:
        assert "aaaa" not in found.sections[0].body
