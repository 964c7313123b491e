"""Files of documents, whatever their format: told apart by their names and first bytes."""

from __future__ import annotations

import codecs
import re
from pathlib import PurePath
from typing import Final

from texts.reading.blocks import ReadText, sections_of
from texts.reading.html import blocks_of_html
from texts.reading.markdown import blocks_of_markdown
from texts.reading.problems import DocumentProblem

MOST_BYTES: Final = 20 * 2**20
MOST_TEXT: Final = 2 * 2**20
"""Most bytes of Markdown and HTML."""
MOST_CHARACTERS: Final = 1_000_000
"""Most characters of all sections together: some four hundred pages."""
SUFFIXES: Final = (".docx", ".md", ".markdown", ".html", ".htm")
_OTHER_WORD: Final = {
    ".docm": "word_macros",
    ".dotm": "word_macros",
    ".doc": "word_too_old",
    ".odt": "word_other",
}
_OLD_WORD: Final = b"\xd0\xcf\x11\xe0"
"""The signature of the compound files of Word 97 to 2003, and of encrypted newer ones (MS-CFB, section 2.2)."""
_CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{1,40})", re.IGNORECASE)


def read_document(data: bytes, name: str, *, preamble: str) -> ReadText:
    """The sections of a file called `name`; what stands before its first heading gets the heading `preamble`.

    Raises DocumentProblem: text_without_words, text_too_large, text_unknown_format, word_too_old, word_other,
    text_not_utf8, text_too_long, and as `word.blocks_of_word` and `blocks.sections_of`.
    """
    suffix = PurePath(name).suffix.lower()
    if not data.strip():
        raise DocumentProblem("text_without_words")
    most = MOST_BYTES if suffix == ".docx" else MOST_TEXT
    if len(data) > most:
        raise DocumentProblem("text_too_large", max=most // 2**20)
    if suffix in _OTHER_WORD:
        raise DocumentProblem(_OTHER_WORD[suffix])
    if suffix not in SUFFIXES:
        raise DocumentProblem("text_unknown_format")
    if suffix == ".docx":
        if data.startswith(_OLD_WORD):
            raise DocumentProblem("word_too_old")
        from texts.reading.word import blocks_of_word  # loads lxml, which no other page needs

        blocks, notices = blocks_of_word(data)
    elif suffix in (".md", ".markdown"):
        blocks, notices = blocks_of_markdown(_decoded(data, "utf-8"))
    else:
        blocks, notices = blocks_of_html(_decoded(data, _declared(data)))
    read = sections_of(blocks, notices, preamble=preamble)
    if sum(len(one.heading) + len(one.body) for one in read.sections) > MOST_CHARACTERS:
        raise DocumentProblem("text_too_long", max=MOST_CHARACTERS)
    return read


def _declared(data: bytes) -> str:
    """The encoding that a page declares in its first kilobyte, where Python knows it."""
    found = _CHARSET.search(data[:1024])
    try:
        return "utf-8" if found is None else codecs.lookup(found[1].decode("ascii")).name
    except LookupError:
        return "utf-8"


def _decoded(data: bytes, encoding: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif data.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise DocumentProblem("text_not_utf8") from error
    if "\0" in text:
        raise DocumentProblem("text_not_utf8")
    return text
