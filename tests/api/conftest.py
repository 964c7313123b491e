"""Addresses and requests that all tests of the API share."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import ApiToken, TokenScope, User
from tests import personas

ROOT = "/api/v1"


def campaign_url(slug: str, rest: str = "") -> str:
    """An address below a campaign."""
    return f"{ROOT}/campaigns/{slug}/{rest}"


def contributions_url(slug: str, rest: str = "") -> str:
    """An address below a campaign's contributions."""
    return campaign_url(slug, f"contributions/{rest}")


def feature(category: object = "spot", geometry: object = ..., **properties: object) -> dict[str, object]:
    """A GeoJSON Feature to send; a point at the town hall unless told otherwise."""
    return {
        "type": "Feature",
        "geometry": personas.point() if geometry is ... else geometry,
        "properties": {"category": category, **properties},
    }


def send(
    client: Client, slug: str, body: object, content_type: str = "application/geo+json", **more: Any
) -> Any:
    """Send a contribution; `body` is a value or finished bytes."""
    data = body if isinstance(body, bytes | str) else json.dumps(body)
    return client.post(contributions_url(slug), data, content_type=content_type, **more)


def reasons(response: Any) -> dict[str, str]:
    """The first machine-readable reason by field; proves that the answer is a problem document."""
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == response.status_code
    assert {"type", "title", "detail", "code", "errors"} <= set(problem)
    found: dict[str, str] = {}
    for error in problem["errors"]:
        assert set(error) == {"field", "code", "detail"}
        assert error["detail"]
        found.setdefault(error["field"], error["code"])
    return found


def code(response: Any) -> str:
    """The problem's own code."""
    reasons(response)
    return str(response.json()["code"])


def with_token(user: User) -> Client:
    """A script that acts as a user."""
    return Client(headers={"Authorization": f"Bearer {ApiToken.issue(user, scope=TokenScope.WRITE)}"})


@pytest.fixture
def public() -> Client:
    """Somebody of whom nothing is known. Errors of views are answers, not exceptions of the test."""
    return Client(raise_request_exception=False)
