"""What is taken out of a PDF before anybody gets it: everything that acts, hides or names people. Runs in `child`.

pikepdf's Sanitizer removes what stands where the standard says (ISO 32000-1, section 12.6); a walk over all objects
follows, because viewers find actions in places that no list knows. Pages and their pictures stay as they are.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream
from pikepdf.sanitize import Sanitizer

from engagement.papers.problems import PdfProblem

MOST_UNPACKED: Final = 800 * 1024 * 1024
"""Bytes that the streams of a file may have unpacked: a plan of size A0 scanned at 400 dpi has 740 MB."""
_PIECE: Final = 1024 * 1024

_SANITIZER: Final = (
    Sanitizer()
    .remove_javascript()
    .remove_attachments()
    .remove_multimedia()
    .remove_thumbnails()
    .remove_search_index()
    .remove_web_capture()
    .remove_private_app_data()
    .remove_collection()
)
_ACTIONS: Final = frozenset(
    f"/{name}"
    for name in (
        *("JavaScript", "Launch", "GoToR", "GoToE", "SubmitForm", "ImportData", "ResetForm"),
        *("Rendition", "Movie", "Sound", "RichMediaExecute", "GoTo3DView"),
    )
)
"""Kinds of actions that a paper does not need (ISO 32000-1, table 198)."""
_KEYS: Final = ("/JS", "/JavaScript", "/XFA", "/EF", "/EmbeddedFiles", "/AA", "/PieceInfo")
"""Scripts, forms made of XML, attachments, actions of events, data of programs: nowhere in a file."""
_SCHEMES: Final = ("http://", "https://", "mailto:", "tel:")
_UNPACKERS: Final = frozenset({"/FlateDecode", "/Fl", "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL"})
_DEFLATE: Final = frozenset({"/FlateDecode", "/Fl"})


def clean(source: Path, target: Path, most_pages: int) -> int:
    """Write a cleaned copy and return its number of pages.

    Raises PdfProblem: pdf_encrypted, pdf_broken, pdf_without_pages, pdf_too_many_pages (max), pdf_unpacks_too_large.
    """
    try:
        with pikepdf.open(source) as pdf:
            if pdf.is_encrypted:
                raise PdfProblem("pdf_encrypted")
            pages = _count_pages(pdf, most_pages)
            _require_bounded(pdf)
            _SANITIZER.apply(pdf)
            _remove_people(pdf)
            for one in pdf.objects:
                _sweep(one)
            # The same file cleaned twice is the same again.
            pdf.save(
                target,
                encryption=False,
                deterministic_id=True,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                linearize=True,
            )
    except pikepdf.PasswordError:
        raise PdfProblem("pdf_encrypted") from None
    except pikepdf.PdfError:
        raise PdfProblem("pdf_broken") from None
    return pages


def _count_pages(pdf: Pdf, most: int) -> int:
    pages = len(pdf.pages)
    if not pages:
        raise PdfProblem("pdf_without_pages")
    if pages > most:
        raise PdfProblem("pdf_too_many_pages", max=most)
    return pages


# --- bombs ----------------------------------------------------------------------------------------------------


def _require_bounded(pdf: Pdf) -> None:
    """Deflate packs 1 to 1,032: 2 kB become 1 GB only when they are packed twice."""
    left = MOST_UNPACKED
    for one in pdf.objects:
        if not isinstance(one, Stream):
            continue
        filters = _filters(one)
        unpackers = [name for name in filters if name in _UNPACKERS]
        if len(unpackers) > 1 and not set(filters) <= _DEFLATE:
            raise PdfProblem("pdf_unpacks_too_large", max=MOST_UNPACKED // 2**20)
        if filters and set(filters) <= _DEFLATE:
            left -= _inflated(one.read_raw_bytes(), len(filters), left)


def _filters(stream: Object) -> list[str]:
    found = stream.get(Name.Filter)
    if isinstance(found, Name):
        return [str(found)]
    return [str(one) for one in found] if isinstance(found, Array) else []


def _inflated(data: bytes, times: int, most: int) -> int:
    """The unpacked size in bytes, of damaged streams as far as they go; nothing larger is ever in memory."""
    size = 0
    with suppress(zlib.error):
        for piece in _unpacked(data, times):
            size += len(piece)
            if size > most:
                raise PdfProblem("pdf_unpacks_too_large", max=MOST_UNPACKED // 2**20)
    return size


def _unpacked(data: bytes, times: int) -> Iterator[bytes]:
    inner = iter([data]) if times == 1 else _unpacked(data, times - 1)
    unpacker = zlib.decompressobj()
    for packed in inner:
        rest = packed
        while rest:
            yield unpacker.decompress(rest, _PIECE)
            rest = unpacker.unconsumed_tail


# --- people ---------------------------------------------------------------------------------------------------


def _remove_people(pdf: Pdf) -> None:
    """Keep the title and the mark of PDF/UA (ISO 14289-1, section 5); author, program and history go."""
    title, part = "", ""
    with (
        suppress(Exception),  # whatever XML a hostile file brings
        pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as written,
    ):
        title, part = str(written.get("dc:title") or ""), str(written.get("pdfuaid:part") or "")
    with suppress(Exception):
        title = title or str(pdf.docinfo.get("/Title") or "")
    for holder, key in ((pdf.Root, "/Metadata"), (pdf.trailer, "/Info")):
        if key in holder:
            del holder[key]
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as fresh:
        if title:
            fresh["dc:title"] = title
        if part.isdecimal():
            fresh["pdfuaid:part"] = part


# --- what acts ------------------------------------------------------------------------------------------------


def _sweep(found: Object) -> None:
    """Clean one object with everything that stands within it; what it refers to is an object of its own."""
    waiting: list[object] = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Array):
            waiting.extend(value for value in list(one) if _is_within(value))
        elif isinstance(one, Dictionary | Stream):
            _disarm(one)
            values = [one.get(key) for key in list(one.keys())]
            waiting.extend(value for value in values if _is_within(value))


def _is_within(value: object) -> bool:
    return isinstance(value, Object) and not value.is_indirect and isinstance(value, Array | Dictionary)


def _disarm(holder: Object) -> None:
    for key in _KEYS:
        if key in holder:
            del holder[key]
    kind = holder.get("/S")
    if isinstance(kind, Name) and (str(kind) in _ACTIONS or _leads_astray(holder, str(kind))):
        for key in list(holder.keys()):
            del holder[key]
        holder["/S"], holder["/N"] = Name("/Named"), Name("/Nothing")
    if str(holder.get("/Type")) != "/Catalog" and isinstance(holder.get("/Metadata"), Stream):
        del holder["/Metadata"]
    # The name of who commented; of a form's field it is the field's (ISO 32000-1, tables 170 and 220).
    is_comment = "/Rect" in holder and "/Subtype" in holder and str(holder.get("/Subtype")) != "/Widget"
    if is_comment and "/T" in holder:
        del holder["/T"]


def _leads_astray(action: Object, kind: str) -> bool:
    """Links lead to the web, mail or a telephone."""
    return kind == "/URI" and not str(action.get("/URI", "")).strip().lower().startswith(_SCHEMES)
