"""Styles, scripts and pictures as text, to be embedded in a page that must work without any other file."""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from pathlib import Path
from typing import Final

from django.contrib.staticfiles import finders

_SOURCE_MAP: Final = re.compile(
    r"^\s*//[#@] sourceMappingURL=.*$|/\*[#@] sourceMappingURL=.*?\*/", re.MULTILINE
)
_PICTURE: Final = re.compile(r"[\w-]+:\s*url\([^)]*\)[^;}]*;?")


def style(path: str) -> str:
    """A style sheet of the site or of a package, without linked pictures.

    Raises FileNotFoundError.
    """
    return _PICTURE.sub("", _SOURCE_MAP.sub("", _text(path)))


def script(path: str) -> str:
    """A classic script; raises FileNotFoundError, or ValueError for one that contains the end tag of its element."""
    text = _SOURCE_MAP.sub("", _text(path))
    if "</script" in text.lower():
        raise ValueError(f"{path} cannot be written into a page: it holds the end of a script.")
    return text


def picture(data: bytes) -> str:
    """The address of a PNG that holds the picture itself."""
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"


def as_script_data(value: object) -> str:
    """JSON escaped for a script element (as by Django's json_script)."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003C").replace(">", "\\u003E").replace("&", "\\u0026")


@cache
def _text(path: str) -> str:
    found = finders.find(path)
    if not isinstance(found, str):
        raise FileNotFoundError(path)
    return Path(found).read_text(encoding="utf-8")
