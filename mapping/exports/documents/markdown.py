"""Escaping of foreign texts in Markdown files: plain words, never a heading, a link, a table or HTML."""

from __future__ import annotations

import re
from typing import Final

# CommonMark 0.31, section 2.4: a backslash makes punctuation literal. These mean something anywhere in a line;
_PUNCTUATION: Final = re.compile(r"[\\`*_\[\]<>|~&#]")
# these where it begins (lists, underlined headings, block quotes), these as an address (the dialect of GitHub).
_BEGINNING: Final = re.compile(r"^([0-9]*)([-+=.)])")
_ADDRESS: Final = re.compile(r":(?=//)|(?<=www)\.", re.IGNORECASE)


def in_markdown(text: str) -> str:
    """Escape a text for one line of Markdown so that it renders literally, also at line starts and in table cells."""
    line = _PUNCTUATION.sub(r"\\\g<0>", " ".join(text.split()))
    return _ADDRESS.sub(r"\\\g<0>", _BEGINNING.sub(r"\1\\\2", line))
