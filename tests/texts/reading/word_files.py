"""Word files made in tests, with python-docx and by hand where that writes no such thing."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls


def word_file(write: Callable[[Any], object]) -> bytes:
    """A file that `write` fills."""
    document = docx.Document()
    write(document)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def xml(words: str) -> Any:
    """An element of WordprocessingML."""
    end = min(words.find(one) for one in (" ", ">", "/>") if one in words)
    return parse_xml(f"{words[:end]} {nsdecls('w')}{words[end:]}")


def with_member(data: bytes, name: str, content: bytes) -> bytes:
    """The file with one more part, or with another one in its place."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            if one.filename != name:
                new.writestr(one, old.read(one.filename))
        new.writestr(name, content)
    return target.getvalue()
