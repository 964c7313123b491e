"""How the tests of Open311 GeoReport v2 ask and report, and what every answer must be."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from django.test import Client

from tests import personas

ROOT = "/open311/v2"
LATITUDE, LONGITUDE = str(personas.TOWN_HALL[1]), str(personas.TOWN_HALL[0])


def parsed(document: bytes) -> ET.Element:
    """The root of an XML document; raises where it is none."""
    return ET.fromstring(document)  # noqa: S314 - our own answers


def get(path: str) -> Any:
    """The JSON; XML is read as well and must say the same."""
    response = Client().get(f"{ROOT}/{path}")
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    content = response.json()
    other = Client().get(f"{ROOT}/{path.replace('.json', '.xml')}")
    assert other["Content-Type"] == "text/xml; charset=utf-8"
    assert other.content.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    assert plain(parsed(other.content)) == as_text(content)
    return content


def plain(element: ET.Element) -> Any:
    """An element as lists, dictionaries and texts."""
    if element.tag in {
        "services",
        "service_requests",
        "attributes",
        "values",
        "errors",
        "endpoints",
        "formats",
    }:
        return [plain(child) for child in element]
    if len(element):
        return {child.tag: plain(child) for child in element}
    return element.text or ""


def as_text(value: Any) -> Any:
    """A value of JSON as XML writes it."""
    if isinstance(value, Mapping):
        return {name: as_text(member) for name, member in value.items()}
    if isinstance(value, list):
        return [as_text(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def report(service: str = "fear-spaces.spot", **fields: Any) -> dict[str, Any]:
    """The arguments of a report at the town hall."""
    return {"service_code": service, "lat": LATITUDE, "long": LONGITUDE, "description": "Dark here."} | fields


def post(fields: object, form: str = "json", client: Client | None = None, **more: Any) -> Any:
    """Send a report; `fields` are arguments or a finished body."""
    body = fields if isinstance(fields, bytes) else urlencode(fields, doseq=True)  # type: ignore[arg-type]
    more.setdefault("content_type", "application/x-www-form-urlencoded")
    return (client or Client()).post(f"{ROOT}/requests.{form}", body, **more)


def reason(response: Any, status: int) -> str:
    """The description of the only error; proves the structure of the standard."""
    assert response.status_code == status
    [error] = response.json()
    assert set(error) == {"code", "description"}
    assert error["code"] == status
    return str(error["description"])
