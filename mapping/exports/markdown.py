"""Texts of others in Markdown files: words, never a heading, a link, a table or HTML."""

from __future__ import annotations

import re
from typing import Final

_WHITE_SPACE: Final = re.compile(r"\s+")
# CommonMark 0.31, section 2.4: a backslash before any ASCII punctuation makes it literal. Of these, some mean nothing
# within a line; escaping them would only make the file harder to read.
_PUNCTUATION: Final = re.compile(r"""[\\`*_{}\[\]<>()#+!|~$&^=:@-]""")
# "1." and "1)" begin lists, "www." a link of GitHub's dialect.
_LIST: Final = re.compile(r"^([0-9]+)([.)])")
_WWW: Final = re.compile(r"\bwww\.", re.IGNORECASE)


def in_markdown(text: str) -> str:
    """A text as one line of a Markdown file that shows it as it is, at the start of a line and within a cell too."""
    line = _WHITE_SPACE.sub(" ", text).strip()
    line = _PUNCTUATION.sub(r"\\\g<0>", line)
    return _WWW.sub(lambda found: found[0][:-1] + "\\.", _LIST.sub(r"\1\\\2", line))
