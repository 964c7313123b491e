"""An answer that holds a secret is never compressed: its length beside chosen words would tell of the secret (BREACH).

A walk over every address of the site, read and written to by those who get secrets to see. Secrets are recognised by
how they look, so that nobody has to name the answers that hold them.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from accounts.models import ApiToken, Role
from mapping.models import Campaign
from mapping.models.contribution import new_contribution_id
from mapping.services import access_links
from mapping.services.identity import edit_token
from tests import personas
from tests.personas import Citizen
from tests.walk import Places, addresses, routes, words_of

# Private links of authors and analysts (escaped too), tokens of the API, tokens against forged requests.
SECRET = re.compile(
    r"(?:/|%2F)mine(?:/|%2F)[\w:.~-]{20,}|/ogc/key/[\w-]{20,}|gp_[\w-]{40,}|csrfmiddlewaretoken\W+value=\W\w{60,}"
)
CODINGS = "zstd, br, gzip"


@dataclass(frozen=True)
class Sent:
    """A body that some address takes."""

    method: str
    body: bytes
    content_type: str


def bodies() -> Iterator[Sent]:
    """A contribution, a comment, an opinion, a report, an order of a file: every address gets each of them."""
    long = "Words that make an answer long enough to be worth compressing. " * 40
    feature = {
        "type": "Feature",
        "id": str(new_contribution_id()),
        "geometry": personas.point(),
        "properties": {"category": "spot", "text": long},
    }
    for one in (feature, feature, {"text": long}, {"value": 1}, {"format": "fgb"}):
        yield Sent(
            "POST", json.dumps(one).encode(), "application/geo+json" if "type" in one else "application/json"
        )
    yield Sent("PUT", json.dumps({"value": 1}).encode(), "application/json")
    report = f"service_code=fear-spaces.spot&lat=49.4447&long=7.7689&description={long}".replace(" ", "+")
    yield Sent("POST", report.encode(), "application/x-www-form-urlencoded")


@pytest.fixture
def walkers(campaign: Campaign, citizen: Citizen) -> dict[str, tuple[Client, Places]]:
    """An author with a cookie and a link, an analyst with a link for GIS programs, a manager at their desk."""
    manager = personas.make_user(
        "manager@example.org", campaign, Role.MANAGER, is_staff=True, is_superuser=True
    )
    made = [
        personas.make_contribution(campaign, by=citizen, category="survey", text="Dark here. " * 300)
        for _ in range(3)
    ]
    ApiToken.issue(manager, "QGIS", scope="write")
    _link, key = access_links.make(campaign, "QGIS", actor=manager)
    places = Places([campaign], made, [], [edit_token(one.pk) for one in made], [key])
    return {
        "author": (citizen.browser(), places),
        "analyst": (Client(), places),
        "manager": (personas.staff_browser(manager), places),
    }


def assert_no_secret_is_compressed(response: Any, told: tuple[str, ...]) -> bool:
    """Whether there is a secret in the answer."""
    found = SECRET.search(words_of(response))
    if found is not None:
        assert "Content-Encoding" not in response.headers, (*told, found.group())
    return found is not None


@pytest.mark.parametrize("who", ["author", "analyst", "manager"])
def test_no_answer_with_a_secret_is_compressed(walkers: dict[str, tuple[Client, Places]], who: str) -> None:
    browser, places = walkers[who]
    browser.raise_request_exception = False
    with_secret = compressed = 0
    for route in routes():
        if who == "analyst" and not route.startswith("ogc/key"):
            continue
        for address in addresses(route, places)[:3]:
            response = browser.get(address, headers={"Accept-Encoding": CODINGS})
            compressed += "Content-Encoding" in response.headers
            with_secret += assert_no_secret_is_compressed(response, (who, address))
    assert with_secret > {"author": 5, "analyst": 10, "manager": 10}[who]
    # The analyst's private link stands in each address that an answer names.
    assert compressed > 3 or who == "analyst"


def test_no_answer_to_what_is_sent_holds_a_compressed_secret(
    walkers: dict[str, tuple[Client, Places]],
) -> None:
    """Sent twice: the answer to a repetition holds the link as well."""
    browser, places = walkers["author"]
    browser.raise_request_exception = False
    with_secret: set[str] = set()
    for route in routes():
        if route.startswith(("admin/", "planning/", "ogc/")):
            continue  # see above: what they take from citizens is nothing
        for address in addresses(route, places)[:2]:
            for sent in bodies():
                response = browser.generic(
                    sent.method,
                    address,
                    sent.body,
                    content_type=sent.content_type,
                    headers={"Accept-Encoding": CODINGS},
                )
                if assert_no_secret_is_compressed(response, (sent.method, address)):
                    with_secret.add(route)
    assert {"api/v1/campaigns/<slug:slug>/contributions/", "open311/v2/requests.<slug:form>"} <= with_secret
