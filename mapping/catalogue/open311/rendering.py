"""Answers as JSON or XML; both say the same (GeoReport v2, "Format Support")."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree import ElementTree as ET

Value = str | int | float | bool | None | Mapping[str, "Value"] | Sequence["Value"]
Row = Mapping[str, Value]

MEDIA_TYPES: Final[Mapping[str, str]] = {"json": "application/json", "xml": "text/xml; charset=utf-8"}
"""By the end of an address."""

# XML 1.0 section 2.2: no other control characters than these can be written at all, not even escaped.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ITEMS: Final[Mapping[str, str]] = {
    "attributes": "attribute",
    "endpoints": "endpoint",
    "errors": "error",
    "formats": "format",
    "service_requests": "request",
    "services": "service",
    "values": "value",
}
"""The element of each item of a list."""


def rendered(root: str, content: Value, form: str) -> bytes:
    """The document; `root` is the name of XML's outermost element. JSON has no name for it."""
    if form == "json":
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    element = ET.Element(root)
    _fill(element, content)
    document: bytes = ET.tostring(element, encoding="utf-8", xml_declaration=True)
    return document


def _fill(element: ET.Element, value: Value) -> None:
    if isinstance(value, Mapping):
        for name, member in value.items():
            _fill(ET.SubElement(element, name), member)
    elif isinstance(value, str):
        element.text = _FORBIDDEN.sub("", value)
    elif isinstance(value, Sequence):
        for item in value:
            _fill(ET.SubElement(element, _ITEMS[element.tag]), item)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None:
        element.text = str(value)
