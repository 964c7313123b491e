"""HTML as blocks, also that of word processors: sanitised first, then read by its headings, lists and tables."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

import nh3

from texts.reading.blocks import Block, Notice, one_line, several_lines
from texts.reading.problems import DocumentProblem

_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_BLOCKS: Final = frozenset(
    {*_HEADINGS, "p", "div", "section", "article", "main", "blockquote", "pre", "li", "ul", "ol", "dt", "dd"}
    | {"table", "caption", "thead", "tbody", "tr", "td", "th", "address", "figcaption"}
)
_INLINE: Final = frozenset({"br", "span"})
_DROPPED: Final = {"script", "style", "title", "del", "s", "strike", "nav", "template", "noscript", "iframe"}
_OUTLINE: Final = re.compile(r"mso-outline-level:\s*([1-9])\b")
_HIDDEN: Final = re.compile(r"display:\s*none|mso-hide:\s*all")
_LIST_CLASS: Final = re.compile(r"\bMsoList", re.IGNORECASE)
_TITLE_CLASS: Final = re.compile(r"\bMsoTitle\b", re.IGNORECASE)
_SIGN: Final = re.compile(r"[·•▪◦§o–-]\s+")
"""Signs that Word writes before items of lists, the letters of its fonts of symbols among them."""
_TAG: Final = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_CLOSED_BY_THEMSELVES: Final = frozenset(
    {"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "colgroup"}
    | {"br", "hr", "img", "input", "meta", "link", "col", "wbr", "area", "base", "source", "embed"}
)
MOST_NESTED: Final = 200
"""Parsers of HTML need time and memory by the square of how deep elements are nested; pages have some 30 levels."""


def blocks_of_html(text: str) -> tuple[list[Block], list[Notice]]:
    """The blocks of a page and what was left out. Raises DocumentProblem html_nested."""
    _check_nesting(text)
    notices = []
    if re.search(r"<(?:ins|del)\b", text, re.IGNORECASE):
        notices.append(Notice.TRACKED_CHANGES)
    if re.search(r"<img\b", text, re.IGNORECASE):
        notices.append(Notice.PICTURES)
    clean = nh3.clean(
        text,
        tags=_BLOCKS | _INLINE,
        clean_content_tags=_DROPPED,
        attributes={one: {"class", "style"} for one in (*_HEADINGS, "p", "span")} | {"ol": {"start"}},
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(clean)
    reader.close()
    reader.end()
    return reader.blocks, [*notices, *([Notice.HIDDEN] if reader.has_hidden else [])]


def _check_nesting(text: str) -> None:
    depth = 0
    for slash, name in _TAG.findall(text):
        if name.lower() in _CLOSED_BY_THEMSELVES:
            continue
        depth = max(0, depth - 1) if slash else depth + 1
        if depth > MOST_NESTED:
            raise DocumentProblem("html_nested", max=MOST_NESTED)


class _Reader(HTMLParser):
    """Collects words until a block begins or ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.has_hidden = False
        self._words: list[str] = []
        self._heading: int | None = None
        self._is_title = self._is_listed = False
        self._sign = ""
        self._lists: list[int | None] = []
        self._rows: list[list[str]] = []
        self._hidden: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._words.append("\v")
        elif tag == "span":
            self._hidden.append(_HIDDEN.search(given.get("style", "")) is not None)
        else:
            self._begin(tag, given)

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        if tag in ("td", "th"):
            if self._rows:
                self._words = []
            return
        if self._rows and tag not in {"tr", "table"}:
            self._words.append(" ")
            return
        self.end()
        outline = _OUTLINE.search(given.get("style", ""))
        if tag in _HEADINGS or outline is not None:
            self._heading = int(outline[1]) if outline is not None else _HEADINGS[tag]
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("ul", "ol"):
            start = given.get("start", "1")
            number = int(start) if start.isascii() and start.isdecimal() and len(start) < 6 else 1
            self._lists.append(number if tag == "ol" else None)
        elif tag == "li":
            self._sign = self._next_sign()
        self._is_title = _TITLE_CLASS.search(given.get("class", "")) is not None
        self._is_listed = _LIST_CLASS.search(given.get("class", "")) is not None

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            if self._hidden:
                self._hidden.pop()
        elif tag in ("td", "th"):
            if self._rows:
                self._rows[-1].append(one_line("".join(self._words)))
                self._words = []
        elif tag == "tr":
            if self._rows:
                cells = self._rows.pop()
                self.blocks.append(Block("row", " | ".join(cells) if any(cells) else ""))
                self._words = []
        elif self._rows:
            self._words.append(" ")
        else:
            self.end()
            if tag in ("ul", "ol") and self._lists:
                self._lists.pop()

    def handle_data(self, data: str) -> None:
        if any(self._hidden):
            self.has_hidden = self.has_hidden or bool(data.strip())
        else:
            self._words.append(data)

    def end(self) -> None:
        """Make a block of the words so far."""
        if not self._words:
            self._heading, self._is_title, self._is_listed = None, False, False
            return
        words = " ".join("".join(self._words).split(" "))
        text = several_lines(re.sub(r"[^\S\v]+", " ", words).replace("\v", "\n"))
        self._words = []
        if text:
            self.blocks.append(self._block(text))
            self._sign = ""
        self._heading, self._is_title, self._is_listed = None, False, False

    def _block(self, text: str) -> Block:
        if self._is_title:
            return Block("title", one_line(text))
        if self._heading is not None:
            return Block("heading", one_line(text), self._heading)
        sign = _SIGN.match(text) if self._is_listed else None
        if sign is not None:
            return Block("item", f"- {one_line(text[sign.end() :])}")
        if self._is_listed or self._sign:
            return Block("item", f"{self._sign}{one_line(text)}")
        return Block("paragraph", text)

    def _next_sign(self) -> str:
        if not self._lists:
            return "- "
        indent = "  " * min(len(self._lists) - 1, 5)
        number = self._lists[-1]
        if number is None:
            return f"{indent}- "
        self._lists[-1] = number + 1
        return f"{indent}{number}. "
