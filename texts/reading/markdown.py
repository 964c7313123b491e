"""Markdown (CommonMark with tables) as blocks; HTML within it is read as text without its tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import unescape
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from texts.reading.blocks import LONGEST_BODY, Block, Notice, one_line, several_lines
from texts.reading.problems import DocumentProblem

_parser: Final = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(["table", "strikethrough"])
_LISTS: Final = frozenset(f"{kind}_list_{end}" for kind in ("bullet", "ordered") for end in ("open", "close"))
_BREAKS: Final = {"softbreak": " ", "hardbreak": "\n"}


def blocks_of_markdown(text: str) -> tuple[list[Block], list[Notice]]:
    """The blocks of a text and what was left out. Raises DocumentProblem section_too_long."""
    _check_paragraphs(text)
    tokens = _parser.parse(text)
    has_pictures = any(one.type == "image" for token in tokens for one in token.children or ())
    return list(_Reader().blocks(tokens)), [Notice.PICTURES] if has_pictures else []


def _check_paragraphs(text: str) -> None:
    """Refuse paragraphs that fit no section: emphasis and links cost time by the square of their length."""
    length = 0
    for line in text.splitlines():
        length = length + len(line) if line.strip() else 0
        if length > LONGEST_BODY:
            raise DocumentProblem("section_too_long", title=text.strip()[:60], max=LONGEST_BODY)


class _Reader:
    """Walks the tokens; what a token opens is remembered for the words within it."""

    def __init__(self) -> None:
        self.lists: list[int | None] = []
        """The next number of each list that is open; None where items have none."""
        self.cells: list[str] = []
        self.sign = ""
        self.heading = 0
        self.is_cell = False

    def blocks(self, tokens: Iterable[Token]) -> Iterator[Block]:
        for token in tokens:
            if token.type == "inline":
                yield from self._inline(_words(token.children or ()))
            elif token.type in ("fence", "code_block"):
                yield Block("paragraph", token.content.strip())
            elif token.type == "html_block":
                yield Block("paragraph", several_lines(_without_tags(token.content)))
            elif token.type == "tr_close":
                yield Block("row", " | ".join(self.cells) if any(self.cells) else "")
                self.cells = []
            elif token.type in _LISTS:
                self._list(token)
            elif token.type == "list_item_open":
                self.sign = self._next_sign()
            elif token.type in ("heading_open", "heading_close"):
                self.heading = int(token.tag[1:]) if token.nesting == 1 else 0
            elif token.tag in ("th", "td"):
                self.is_cell = token.nesting == 1

    def _inline(self, words: str) -> Iterator[Block]:
        if self.is_cell:
            self.cells.append(one_line(words))
        elif self.heading:
            yield Block("heading", one_line(words), self.heading)
        elif self.sign:
            yield Block("item", f"{self.sign}{one_line(words)}")
            self.sign = ""
        else:
            yield Block("paragraph", several_lines(words))

    def _list(self, token: Token) -> None:
        if token.nesting != 1:
            self.lists.pop()
        elif token.type == "bullet_list_open":
            self.lists.append(None)
        else:
            self.lists.append(int(token.attrs.get("start", 1)))

    def _next_sign(self) -> str:
        indent = "  " * min(len(self.lists) - 1, 5)
        number = self.lists[-1]
        if number is None:
            return f"{indent}- "
        self.lists[-1] = number + 1
        return f"{indent}{number}. "


def _words(tokens: Iterable[Token]) -> str:
    """The words of a line, without emphasis; the address of a link stands behind it."""
    found: list[str] = []
    address = ""
    for token in tokens:
        match token.type:
            case "text" | "code_inline":
                found.append(token.content)
            case "softbreak" | "hardbreak":
                found.append(_BREAKS[token.type])
            case "link_open":
                address = str(token.attrs.get("href", ""))
            case "link_close":
                if address.startswith(("http://", "https://")) and not "".join(found).endswith(address):
                    found.append(f" ({address})")
    return "".join(found)


def _without_tags(html: str) -> str:
    return unescape(nh3.clean(html, tags=set()))
