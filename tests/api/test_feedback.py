"""Comments, support and photos over HTTP."""

import io
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from mapping.models import Campaign, Comment, Contribution, ContributionStatus, Photo, Support
from tests.api.conftest import code, contributions_url, reasons
from tests.personas import Citizen, make_contribution, make_open_at_once

SLUG = "fear-spaces"
COOKIE = settings.PARTICIPANT_COOKIE_NAME


def of(contribution: Contribution, rest: str) -> str:
    return contributions_url(contribution.campaign.slug, f"{contribution.pk}/{rest}")


def post(client: Client, url: str, body: object) -> Any:
    return client.post(url, body, content_type="application/json")


def picture(kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, kind)
    return out.getvalue()


def test_comment_waits_for_review_where_the_campaign_reviews(published: Contribution, public: Client) -> None:
    url = of(published, "comments/")
    response = post(public, url, {"text": "  I agree. "})
    assert response.status_code == 201
    assert response.json()["text"] == "I agree."
    assert response.json()["status"] == "pending"
    assert response.cookies[COOKIE]["httponly"]
    assert public.get(url).json() == {"comments": [], "numberReturned": 0}
    assert post(public, url, {"text": "I agree."}).json()["id"] == response.json()["id"]
    assert Comment.objects.count() == 1


def test_comment_is_public_at_once_where_reviewed_later(db: None, public: Client) -> None:
    contribution = make_contribution(make_open_at_once())
    post(public, of(contribution, "comments/"), {"text": "Yes!"})
    body = public.get(of(contribution, "comments/")).json()
    assert [comment["text"] for comment in body["comments"]] == ["Yes!"]
    expected = {"id", "parent", "answers_comment", "text", "support", "created", "status"}
    assert set(body["comments"][0]) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"text": "required"}),
        ({"text": ""}, {"text": "required"}),
        ({"text": " \u200b "}, {"text": "required"}),
        ({"text": 7}, {"text": "not_a_text"}),
        ({"text": ["a"]}, {"text": "not_a_text"}),
        ({"text": "x" * 2001}, {"text": "too_long"}),
        ([], {"body": "wrong_type"}),
    ],
)
def test_bad_comment_is_refused(
    published: Contribution, public: Client, body: object, expected: object
) -> None:
    response = post(public, of(published, "comments/"), body)
    assert response.status_code == 400
    assert reasons(response) == expected
    assert not Comment.objects.exists()


def test_support_is_said_changed_and_taken_back(published: Contribution, public: Client) -> None:
    url = of(published, "support/")
    put = {"content_type": "application/json"}
    assert public.get(url).json() == {"support": 0, "opposition": 0, "own": 0}
    assert public.put(url, {"value": 1}, **put).json() == {"support": 1, "opposition": 0, "own": 1}  # type: ignore[arg-type]
    assert public.put(url, {"value": 1}, **put).json() == {"support": 1, "opposition": 0, "own": 1}  # type: ignore[arg-type]
    assert public.get(url).json()["own"] == 1
    assert public.put(url, {"value": -1}, **put).json() == {"support": 0, "opposition": 1, "own": -1}  # type: ignore[arg-type]
    assert public.delete(url).json() == {"support": 0, "opposition": 0, "own": 0}
    assert public.delete(url).status_code == 200
    assert public.post(url).json() == {"support": 1, "opposition": 0, "own": 1}
    assert Client().get(url).json() == {"support": 1, "opposition": 0, "own": 0}


@pytest.mark.parametrize("value", [0, 2, "1", 1.0, True, None, [1], {"a": 1}, 10**400])
def test_bad_opinion_is_refused(published: Contribution, public: Client, value: object) -> None:
    response = public.put(of(published, "support/"), {"value": value}, content_type="application/json")
    assert response.status_code == 400
    assert not Support.objects.exists()


def test_nobody_reacts_to_what_is_not_public(
    pending: Contribution, cells_campaign: Campaign, public: Client, citizen: Citizen
) -> None:
    protected = make_contribution(cells_campaign)
    for client in (public, citizen.browser()):
        for contribution, status in ((pending, 404), (protected, 403)):
            assert client.get(of(contribution, "comments/")).status_code == status
            assert post(client, of(contribution, "comments/"), {"text": "x"}).status_code == status
            assert post(client, of(contribution, "support/"), {}).status_code == status
            assert client.get(of(contribution, "support/")).status_code == status
    assert not Comment.objects.exists()
    assert not Support.objects.exists()


def test_closed_campaign_takes_no_reactions(closed_campaign: Campaign, public: Client) -> None:
    contribution = make_contribution(closed_campaign)
    for response in (
        post(public, of(contribution, "comments/"), {"text": "late"}),
        public.post(of(contribution, "support/")),
    ):
        assert response.status_code == 403
        assert code(response) == "campaign_closed"


def test_author_adds_photos(campaign: Campaign, citizen: Citizen, public: Client) -> None:
    from mapping.services.identity import edit_token

    own = make_contribution(campaign, by=citizen, status=ContributionStatus.PENDING)
    response = citizen.browser().post(of(own, "photos/"), picture(), content_type="image/jpeg")
    assert response.status_code == 201
    photo = Photo.objects.get()
    assert response.json() == {"url": f"http://testserver/photos/{photo.pk}.jpg"}
    elsewhere = public.post(
        of(own, "photos/"),
        picture("PNG"),
        content_type="image/png",
        headers={"X-Edit-Token": edit_token(own.pk)},
    )
    assert elsewhere.status_code == 201
    [mine] = citizen.browser().get(contributions_url(SLUG, "mine/")).json()["features"]
    assert response.json()["url"] in mine["properties"]["photos"]


def test_strangers_add_no_photos(
    published: Contribution, pending: Contribution, another_citizen: Citizen
) -> None:
    for contribution, status in ((published, 403), (pending, 404)):
        response = another_citizen.browser().post(
            of(contribution, "photos/"), picture(), content_type="image/jpeg"
        )
        assert response.status_code == status
    assert not Photo.objects.exists()


@pytest.mark.parametrize(
    "case",
    [
        (b"", "image/jpeg", 400, {"photos": "photo_empty"}),
        (b"GIF89a", "image/png", 400, {"photos": "not_a_photo"}),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/jpeg", 400, {"photos": "not_a_photo"}),
        (b"x", "image/svg+xml", 415, {}),
        (b"x", "image/gif", 415, {}),
        (b"x", "image/*", 415, {}),
        (b"{}", "application/json", 415, {}),
        (b"--x--", "multipart/form-data; boundary=x", 415, {}),
        (b"\xff\xd8" + b"x" * (10 * 1024 * 1024), "image/jpeg", 413, {}),
    ],
)
def test_bad_photo_is_refused(
    published: Contribution, citizen: Citizen, case: tuple[bytes, str, int, dict[str, str]]
) -> None:
    data, content_type, status, expected = case
    browser = citizen.browser()
    browser.raise_request_exception = False
    response = browser.post(of(published, "photos/"), data, content_type=content_type)
    assert response.status_code == status
    assert reasons(response) == expected
    assert not Photo.objects.exists()
