"""Reads OParl as a client does."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.test import Client

ROOT = "/oparl/v1.1/"


def read(address: str, **query: str) -> dict[str, Any]:
    parts = urlsplit(address)
    response = Client().get(parts.path, {**parse_qs(parts.query), **query})
    assert response.status_code == 200, (address, response.content)
    assert response["Access-Control-Allow-Origin"] == "*"
    found: dict[str, Any] = response.json()
    return found


def names(noun: str, **query: str) -> list[str]:
    return [one["name"] for one in read(f"{ROOT}{noun}/", **query)["data"]]
