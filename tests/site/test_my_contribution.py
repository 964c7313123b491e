"""The author's private page."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from mapping.models import Campaign, Comment, Contribution, ContributionStatus, Photo, Reply, ReplyStatus
from mapping.services.identity import edit_token
from mapping.services.moderation import moderate
from mapping.services.submit import add_photo
from tests import personas


def link(contribution: Contribution, name: str = "my-contribution", *arguments: object) -> str:
    return reverse(name, args=(edit_token(contribution.pk), *arguments))


def picture(colour: str = "teal") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def browser() -> Client:
    """Any device: no cookie of the author, English texts."""
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def coordinates(contribution: Contribution) -> tuple[float, ...]:
    assert contribution.geom is not None
    found: tuple[float, ...] = contribution.geom.coords
    return found


def place(contribution: Contribution) -> dict[str, str]:
    lon, lat = coordinates(contribution)
    return {"latitude": str(lat), "longitude": str(lon)}


def test_link_opens_the_contribution_on_any_device(browser: Client, pending: Contribution) -> None:
    response = browser.get(link(pending))
    assert response.status_code == 200
    assert pending.text in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "strict-origin"
    assert "participant" not in response.cookies


def test_forged_links_lead_nowhere(browser: Client, pending: Contribution) -> None:
    token = edit_token(pending.pk)
    other = "A" if token[-5] != "A" else "B"
    for forged in (token[:-5] + other + token[-4:], token + "A", "x", "%00", str(pending.pk)):
        response = browser.get(f"/mine/{forged}/")
        assert response.status_code == 404
        assert pending.text not in response.content.decode()


def test_author_changes_the_text_and_it_waits_for_a_review_again(
    browser: Client, published: Contribution
) -> None:
    before = coordinates(published)
    response = browser.post(link(published), {"text": "Now it is bright.", **place(published)}, follow=True)
    published.refresh_from_db()
    assert (published.text, published.status) == ("Now it is bright.", ContributionStatus.PENDING)
    assert coordinates(published) == before
    assert "Your changes are saved" in response.content.decode()


def test_author_moves_the_place(browser: Client, published: Contribution) -> None:
    lon, lat = personas.STATION
    browser.post(link(published), {"text": "Moved.", "latitude": f"{lat}", "longitude": f"{lon}"})
    published.refresh_from_db()
    assert coordinates(published) == personas.STATION


def test_place_outside_the_area_is_told_at_the_field(browser: Client, published: Contribution) -> None:
    lon, lat = personas.OUTSIDE
    response = browser.post(link(published), {"text": "Moved.", "latitude": f"{lat}", "longitude": f"{lon}"})
    shown = response.content.decode()
    assert 'id="id_latitude_error"' in shown
    assert "Not saved yet" in shown
    published.refresh_from_db()
    assert coordinates(published) == personas.TOWN_HALL


def test_after_the_end_it_can_be_read_and_deleted_but_not_changed(
    browser: Client, closed_campaign: Campaign
) -> None:
    contribution = personas.make_contribution(closed_campaign)
    shown = browser.get(link(contribution)).content.decode()
    assert contribution.text in shown
    assert "Save changes" not in shown
    browser.post(link(contribution), {"text": "Too late.", **place(contribution)})
    contribution.refresh_from_db()
    assert contribution.text == "Here it is dark."
    browser.post(link(contribution, "withdraw-mine"))
    assert not Contribution.objects.filter(pk=contribution.pk).exists()


def test_deleting_asks_first_and_leaves_nothing(browser: Client, published: Contribution) -> None:
    personas.make_comment(published)
    shown = browser.get(link(published, "withdraw-mine")).content.decode()
    assert "Delete your contribution?" in shown
    published.refresh_from_db()
    assert published.status == ContributionStatus.PUBLISHED

    response = browser.post(link(published, "withdraw-mine"), follow=True)
    assert "is deleted" in response.content.decode()
    assert not Contribution.objects.exists()
    assert not Comment.objects.exists()
    assert browser.get(link(published)).status_code == 404
    assert browser.post(link(published, "withdraw-mine")).status_code == 404


def test_author_adds_sees_and_deletes_photos(
    browser: Client, pending: Contribution, django_capture_on_commit_callbacks: object
) -> None:
    upload = io.BytesIO(picture())
    upload.name = "photo.jpg"
    browser.post(link(pending), {"text": "With a photo.", "photos": upload, **place(pending)})
    photo = Photo.objects.get()
    shown = browser.get(link(pending, "my-photo", photo.pk))
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(shown.streaming_content)[:2] == b"\xff\xd8"  # type: ignore[attr-defined]
    assert browser.get(link(pending, "remove-my-photo", photo.pk)).status_code == 405
    browser.post(link(pending, "remove-my-photo", photo.pk))
    assert not Photo.objects.exists()


def test_link_opens_no_photo_of_others(
    browser: Client, pending: Contribution, published: Contribution
) -> None:
    photo = add_photo(published, picture())
    assert browser.get(link(pending, "my-photo", photo.pk)).status_code == 404
    assert browser.post(link(pending, "remove-my-photo", photo.pk)).status_code == 404
    assert Photo.objects.exists()


def test_author_reads_why_it_was_rejected(browser: Client, pending: Contribution, moderator: object) -> None:
    moderate.reject(pending, moderator, "It names a person.")  # type: ignore[arg-type]
    shown = browser.get(link(pending)).content.decode()
    assert "The reason: It names a person." in shown
    assert "Save changes" in shown


def test_author_reads_the_answer_of_the_city(browser: Client, published: Contribution) -> None:
    Reply.objects.create(contribution=published, status=ReplyStatus.PLANNED, text="A lamp comes in May.")
    assert "A lamp comes in May." in browser.get(link(published)).content.decode()


def test_text_is_escaped_everywhere(browser: Client, campaign: Campaign) -> None:
    evil = "<script>alert(1)</script>"
    contribution = personas.make_contribution(campaign, text=evil)
    for name in ("my-contribution", "withdraw-mine"):
        assert evil not in browser.get(link(contribution, name)).content.decode()


def test_changes_need_the_token_of_the_form(pending: Contribution) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(link(pending), {"text": "x"}).status_code == 403
    assert browser.post(link(pending, "withdraw-mine")).status_code == 403
