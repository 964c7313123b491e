"""The text of a PDF, page by page. Runs in `child`."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pypdf

LONGEST_PAGE: Final = 200_000
"""Characters of one page. PostgreSQL makes no search vector of more than 1 MB."""


def page_texts(path: Path) -> Iterator[str]:
    """The text of each page in order; empty for pages without text and for those that cannot be read."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = pypdf.PdfReader(path, strict=False)
    for page in reader.pages:
        try:
            text = page.extract_text()
        except Exception:  # noqa: BLE001 - readers of hostile files raise anything; the next page may be sound
            text = ""
        yield storable(text)


def storable(text: str) -> str:
    """Without what PostgreSQL refuses: NUL and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()[:LONGEST_PAGE]
