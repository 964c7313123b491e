"""What is taken out of PDF files, which ones are refused, and what is read of them."""

import io
from pathlib import Path

import pikepdf
import pytest

from engagement.papers import child, running
from engagement.papers.problems import PdfProblem
from engagement.papers.running import clean_pdf, read_pdf
from tests.engagement.papers import pdfs

pytestmark = pytest.mark.slow


def cleaned(data: bytes, *, most_bytes: int = 50 * 2**20, most_pages: int = 2000) -> running.CleanPdf:
    return clean_pdf([data[:700], data[700:]], most_bytes=most_bytes, most_pages=most_pages)


def test_scripts_attachments_and_people_are_gone() -> None:
    before, found = pdfs.unpacked(pdfs.with_everything()), cleaned(pdfs.with_everything())
    after = pdfs.unpacked(found.data)
    traces = (
        *(b"app.alert", b"/JavaScript", b"/JS", b"calc.exe", b"/Launch", b"/GoToR", b"server/share", b"/XFA"),
        *(b"xfa-secret", pdfs.SECRET, b"/EmbeddedFile", b"/AA", b"javascript:", b"/Rendition", b"Erika"),
    )
    for trace in traces:
        assert trace in before, trace
        assert trace not in after, trace
    assert b"https://example.org/plan" in after
    assert found.pages == 1


def test_title_and_mark_of_accessible_files_stay() -> None:
    pdf = pdfs.pages_of(["x"])
    with pdf.open_metadata() as written:
        written["dc:title"], written["pdfuaid:part"], written["dc:creator"] = "Minutes", "1", ["Erika"]
    with pikepdf.open(io.BytesIO(cleaned(pdfs.saved(pdf)).data)) as found, found.open_metadata() as kept:
        assert (kept["dc:title"], kept["pdfuaid:part"]) == ("Minutes", "1")
        assert "dc:creator" not in kept
        assert "/Info" not in found.trailer


def test_earlier_states_of_a_file_are_gone() -> None:
    first = pdfs.with_words(["x"])
    hidden = first + b"\n99 0 obj\n(a former state)\nendobj\n"
    assert b"a former state" not in pdfs.unpacked(cleaned(hidden).data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"GIF89a" + bytes(2000), "not_a_pdf"),
        (b"<html>%PD</html>", "not_a_pdf"),
        (b"%PDF-1.7\nnothing that can be read", "pdf_broken"),
        (pdfs.with_words()[:60], "pdf_broken"),
        (pdfs.with_words()[:150] + b"trailer << /Root 1 0 R >>", "pdf_broken"),
        (pdfs.with_pages(0), "pdf_without_pages"),
        (pdfs.encrypted("secret"), "pdf_encrypted"),
        (pdfs.encrypted(""), "pdf_encrypted"),
    ],
)
def test_files_that_are_no_documents_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(PdfProblem) as refused:
        cleaned(data)
    assert refused.value.code == code


def test_large_file_is_refused_before_it_is_opened() -> None:
    pieces = iter([pdfs.with_words(), *[bytes(2**20)] * 200])
    with pytest.raises(PdfProblem) as refused:
        clean_pdf(pieces, most_bytes=50 * 2**20, most_pages=2000)
    assert (refused.value.code, refused.value.params) == ("pdf_too_large", {"max": 50})
    assert len(list(pieces)) > 100


def test_5000_pages_are_refused_with_the_limit() -> None:
    with pytest.raises(PdfProblem) as refused:
        cleaned(pdfs.with_pages(5000))
    assert (refused.value.code, refused.value.params) == ("pdf_too_many_pages", {"max": 2000})


def test_bomb_is_refused() -> None:
    data = pdfs.bomb()
    assert len(data) < 64 * 1024
    with pytest.raises(PdfProblem) as refused:
        cleaned(data)
    assert refused.value.code == "pdf_unpacks_too_large"


def test_file_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CLEANING_SECONDS", 0)
    with pytest.raises(PdfProblem) as refused:
        cleaned(pdfs.with_words())
    assert refused.value.code == "pdf_too_slow"


def test_text_is_read_page_by_page(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(cleaned(pdfs.with_words(["Grünfläche", "", "Straße"])).data)
    assert [text.strip() for text in read_pdf(path)] == ["Grünfläche", "", "Straße"]


def test_reading_a_bomb_ends_within_the_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(pdfs.bomb())
    monkeypatch.setattr(running, "READING_SECONDS", 10)
    assert len(list(read_pdf(path))) <= 1


def test_reading_what_is_no_file_of_this_kind_yields_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(b"nothing")
    assert list(read_pdf(path)) == []


def test_process_for_files_of_others_knows_no_secret() -> None:
    source = Path(running.__file__).read_text() + Path(child.__file__).read_text()
    assert "os.environ" not in source
    assert "settings" not in source
