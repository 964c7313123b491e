"""Pictures of the city: who sees them, and how caches keep them."""

import uuid

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from accounts.models import User
from mapping.models import Campaign, Picture
from mapping.services.photos.city_pictures import store_picture
from tests import personas
from tests.personas import user_called
from tests.services.photos.test_attachments import colourful

SIGHT: dict[str, str] = {
    # campaign     anonymous outsider analyst moderator manager administrator dismissed
    "visible":    "yes       yes      yes     yes       yes     yes           yes",
    "draft":      "no        no       yes     yes       yes     yes           no",
}  # fmt: skip
WHO = ("anonymous", "outsider", "analyst", "moderator", "manager", "administrator", "dismissed")


@pytest.fixture
def picture(campaign: Campaign) -> Picture:
    return store_picture(campaign, colourful(0), "A red field")


def address(picture: Picture) -> str:
    return f"/pictures/{picture.pk}.jpg"


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("state", SIGHT)
def test_pictures_are_seen_with_their_campaign(picture: Picture, state: str, who: str) -> None:
    expected = dict(zip(WHO, SIGHT[state].split(), strict=True))[who] == "yes"
    Campaign.objects.update(is_draft=state == "draft")
    user = user_called(who, picture.campaign)
    browser = personas.staff_browser(user) if isinstance(user, User) else Client()
    answer = browser.get(address(picture))
    assert answer.status_code == (200 if expected else 404)
    if expected:
        kept = "private, no-store" if state == "draft" else "public, max-age=600"
        assert answer.headers["Cache-Control"] == kept
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert "Set-Cookie" not in answer.headers
        assert answer.getvalue().startswith(b"\xff\xd8")


def test_browser_that_has_it_gets_nothing_again(picture: Picture) -> None:
    tag = Client().get(address(picture)).headers["ETag"]
    again = Client().get(address(picture), headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_changed_and_missing_pictures_are_not_found(picture: Picture) -> None:
    assert Client().get(f"/pictures/{uuid.uuid4()}.jpg").status_code == 404
    assert Client().post(address(picture)).status_code == 405
    default_storage.delete(str(picture.file.name))
    assert Client().get(address(picture)).status_code == 404
