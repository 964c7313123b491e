"""Private links for GIS programs: what they open, what they never open, and what is recorded of their use."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import ApiToken, Role, User
from geoparticipation.logs import WithoutPrivateLinks
from mapping.models import AccessLink, Campaign, ContributionStatus
from mapping.services import access_links
from tests import personas
from tests.walk import words_of


@pytest.fixture
def secret(campaign: Campaign, analyst: User) -> str:
    """The secret of a link to THE campaign, made by its analyst."""
    return access_links.make(campaign, "QGIS", actor=analyst)[1]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """What the log of accesses says."""
    found: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record.getMessage())

    handler = Keeping()
    logger = logging.getLogger("geoparticipation.access")
    logger.addHandler(handler)
    with caplog.at_level(logging.INFO, logger="geoparticipation.access"):
        yield found
    logger.removeHandler(handler)


def get(secret: str, rest: str = "", **more: Any) -> Any:
    return Client().get(f"/ogc/key/{secret}/{rest}", **more)


def statuses(response: Any) -> list[str]:
    return sorted(one["properties"]["status"] for one in json.loads(response.content)["features"])


def test_link_shows_every_status_and_the_public_sees_one(campaign: Campaign, secret: str) -> None:
    for status in (personas.PENDING, personas.PUBLISHED, personas.REJECTED):
        personas.make_contribution(campaign, status=status)
    items = "collections/fear-spaces-contributions/items"
    assert statuses(get(secret, items)) == ["pending", "published", "rejected"]
    assert statuses(Client().get(f"/ogc/{items}")) == ["published"]


def test_link_opens_a_protected_campaign_and_a_draft(db: None) -> None:
    for slug, fields, without in (
        ("night", {"publication": "cells"}, 403),
        ("plan", {"is_draft": True}, 404),
    ):
        campaign = personas.make_campaign(slug, **fields)
        maker = personas.make_user(f"{slug}@example.org", campaign, Role.MANAGER)
        secret = access_links.make(campaign, "QGIS", actor=maker)[1]
        personas.make_contribution(campaign)
        items = f"collections/{slug}-contributions/items"
        assert statuses(get(secret, items)) == ["published"]
        assert get(secret, f"collections/{slug}-cells/items").json()["features"]
        assert f"{slug}-contributions" in get(secret, "collections").content.decode()
        assert Client().get(f"/ogc/{items}").status_code == without


def test_link_opens_one_campaign_only(campaign: Campaign, secret: str, analyst: User) -> None:
    """Even where its maker could analyse the other one as well."""
    for slug, fields, expected in (
        ("other", {}, 200),
        ("other-cells", {"publication": "cells"}, 403),
        ("other-draft", {"is_draft": True}, 404),
    ):
        other = personas.make_campaign(slug, **fields)
        analyst.memberships.create(campaign=other, role=Role.ANALYST)
        personas.make_contribution(other, status=ContributionStatus.PENDING, text="HIDDEN")
        answer = get(secret, f"collections/{slug}-contributions/items")
        assert answer.status_code == expected
        assert "HIDDEN" not in words_of(answer)
    listed = get(secret, "collections").content.decode()
    assert "other-contributions" in listed
    assert "other-cells-contributions" not in listed
    assert "other-draft" not in listed


@pytest.mark.parametrize("end", ["wrong", "revoked", "expired", "dismissed", "another role", "empty role"])
def test_link_ends(campaign: Campaign, secret: str, analyst: User, end: str) -> None:
    personas.make_contribution(campaign, status=ContributionStatus.PENDING, text="HIDDEN")
    items = "collections/fear-spaces-contributions/items"
    assert get(secret, items).status_code == 200
    match end:
        case "wrong":
            secret = "x" * 43
        case "revoked":
            access_links.revoke(AccessLink.objects.get(), actor=analyst)
        case "expired":
            AccessLink.objects.update(expires_at=timezone.now())
        case "dismissed":
            User.objects.update(is_active=False)
        case "another role":
            analyst.memberships.update(role=Role.MODERATOR)
        case _:
            analyst.memberships.all().delete()
    for address in (items, "", "conformance", "no/such/address"):
        answer = get(secret, address)
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert "revoked" in answer.json()["detail"] or "widerrufen" in answer.json()["detail"]
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
    assert get(secret, items, headers={"Accept": "text/html"}).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "",
        "api",
        "collections",
        "collections/fear-spaces-contributions",
        "collections/fear-spaces-contributions/schema",
        "collections/fear-spaces-contributions/items?limit=1",
        "collections/fear-spaces-cells/items?limit=1",
    ],
)
def test_every_address_keeps_the_link(campaign: Campaign, secret: str, address: str) -> None:
    """QGIS follows links: one without the secret would lead to the public's view."""
    for place in (personas.TOWN_HALL, personas.STATION):
        personas.make_contribution(campaign, place)
    body = words_of(get(secret, address))
    addresses = [part for part in body.split('"') if part.startswith("http://testserver/ogc/")]
    assert addresses
    assert all(one.startswith(f"http://testserver/ogc/key/{secret}") for one in addresses), addresses
    page = words_of(get(secret, f"{address}{'&' if '?' in address else '?'}f=html"))
    assert not [part for part in page.split('"') if part.startswith("/ogc/") and secret not in part]
    assert f"/ogc/key/{secret}/" in page


def test_next_page_keeps_the_link(campaign: Campaign, secret: str) -> None:
    for status in (personas.PENDING, personas.REJECTED):
        personas.make_contribution(campaign, status=status)
    first = get(secret, "collections/fear-spaces-contributions/items?limit=1").json()
    [following] = [one["href"] for one in first["links"] if one["rel"] == "next"]
    assert statuses(Client().get(following)) == ["pending"]


def test_public_pages_do_not_know_the_link(campaign: Campaign, secret: str) -> None:
    get(secret, "collections/fear-spaces-contributions?f=html")
    for address in ("/ogc/", "/ogc/collections", "/ogc/collections/fear-spaces-contributions?f=html", "/"):
        assert secret not in words_of(Client().get(address))


def test_answers_to_a_link_are_for_nobody_else(campaign: Campaign, secret: str) -> None:
    answer = get(
        secret, "collections/fear-spaces-contributions/items", headers={"Origin": "https://else.org"}
    )
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_address_without_its_last_slash_works(campaign: Campaign, secret: str) -> None:
    answer = Client().get(f"/ogc/key/{secret}")
    assert answer.headers["Location"] == f"/ogc/key/{secret}/"


def test_session_and_token_count_for_nothing_beside_a_link(
    campaign: Campaign, secret: str, administrator: User
) -> None:
    other = personas.make_campaign("other", is_draft=True)
    browser = personas.staff_browser(administrator)
    token = {"Authorization": f"Bearer {ApiToken.issue(administrator)}"}
    address = f"/ogc/key/{secret}/collections/{other.slug}-contributions/items"
    assert browser.get(address, headers=token).status_code == 404


def test_each_use_is_recorded_without_the_secret(
    campaign: Campaign, secret: str, analyst: User, lines: list[str]
) -> None:
    link = AccessLink.objects.get()
    get(secret)
    get(secret, "collections/fear-spaces-contributions/items")
    expected = f"user={analyst.pk} campaign=fear-spaces view=ogc "
    assert lines == [
        f"{expected}landing of=- link={link.pk}",
        f"{expected}items of=fear-spaces-contributions link={link.pk}",
    ]
    assert secret not in "".join(lines)
    assert analyst.email not in "".join(lines)


def test_uses_are_counted_with_few_writes(
    campaign: Campaign,
    secret: str,
    django_assert_num_queries: Any,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        get(secret, "conformance")
    # The link with its maker, and the maker's role: the rest waits to be counted.
    with django_assert_num_queries(2):
        get(secret, "conformance")
    assert AccessLink.objects.get().uses == 1
    access_links.settle_uses()
    link = AccessLink.objects.get()
    assert (link.uses, link.last_used_at is not None) == (2, True)


def test_secret_is_not_stored(secret: str) -> None:
    assert secret not in str(AccessLink.objects.values())
    assert len(secret) == 43


@pytest.mark.parametrize(
    "message",
    [
        "Not Found: /ogc/key/SECRET-x_1/collections",
        "GET /ogc/key/SECRET-x_1/",
        "Not Found: /ogc/key/SECRET-x_1",
        "next=%2Fogc%2Fkey%2FSECRET-x_1%2Fcollections",
        "http://a.de/ogc/key/SECRET-x_1?f=html",
        "Not Found: /mine/SECRET-x_1/",
    ],
)
def test_log_does_not_hold_secrets(message: str) -> None:
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s", (message,), None)
    assert WithoutPrivateLinks().filter(record)
    assert "SECRET" not in record.getMessage()
    assert "…" in record.getMessage()


def test_link_writes_nothing(campaign: Campaign, secret: str) -> None:
    address = f"/ogc/key/{secret}/collections/fear-spaces-contributions/items"
    answer = Client().post(address, "{}", content_type="application/geo+json")
    assert answer.status_code == 403


# --- the planners' page ------------------------------------------------------------------------------------------

PAGE = "/planning/fear-spaces/access/"


def test_analyst_makes_a_link_and_sees_it_once(campaign: Campaign, analyst: User) -> None:
    browser = personas.staff_browser(analyst)
    last_day = timezone.localdate() + timedelta(days=30)
    answer = browser.post(PAGE, {"name": "QGIS im Planungsamt", "last_day": last_day.isoformat()})
    page = answer.content.decode()
    address = page.partition('value="http://testserver/ogc/key/')[2].partition('"')[0]
    assert "no-store" in answer.headers["Cache-Control"]
    assert Client().get(f"/ogc/key/{address}").status_code == 200
    link = AccessLink.objects.get()
    assert (link.name, link.user, link.campaign) == ("QGIS im Planungsamt", analyst, campaign)
    assert link.expires_at is not None
    assert timezone.localtime(link.expires_at).date() == last_day + timedelta(days=1)
    page = browser.get(PAGE).content.decode()
    assert "QGIS im Planungsamt" in page
    assert address not in page


@pytest.mark.parametrize(
    "sent", [{"name": ""}, {"name": "x" * 81}, {"name": "x", "last_day": "2020-01-01"}, {"last_day": "soon"}]
)
def test_bad_links_are_refused_at_the_field(campaign: Campaign, analyst: User, sent: dict[str, str]) -> None:
    answer = personas.staff_browser(analyst).post(PAGE, sent)
    assert answer.status_code == 422
    assert "field--wrong" in answer.content.decode()
    assert not AccessLink.objects.exists()


def test_revoking_closes_at_once(campaign: Campaign, secret: str, analyst: User) -> None:
    assert get(secret).status_code == 200
    link = AccessLink.objects.get()
    browser = personas.staff_browser(analyst)
    assert browser.post(f"{PAGE}{link.pk}/revoke/", follow=True).status_code == 200
    assert get(secret).status_code == 404
    assert link.name in browser.get(PAGE).content.decode()


def test_others_make_and_revoke_none(
    campaign: Campaign, secret: str, moderator: User, outsider: User
) -> None:
    link = AccessLink.objects.get()
    another = personas.make_user("another@example.org", campaign, Role.ANALYST)
    for user in (moderator, outsider, another):
        browser = personas.staff_browser(user)
        browser.post(f"{PAGE}{link.pk}/revoke/")
        if user != another:
            assert browser.get(PAGE).status_code == 403
            assert browser.post(PAGE, {"name": "Mine"}).status_code == 403
    assert get(secret).status_code == 200
    assert AccessLink.objects.count() == 1
