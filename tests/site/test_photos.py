"""Who may see which photo."""

import io
import uuid

import pytest
from django.test import Client
from PIL import Image

from accounts.models import User
from mapping.models import Campaign, Contribution, ContributionStatus, Photo
from mapping.services.submit import add_photo
from tests import personas
from tests.personas import Citizen, staff_browser


def photo_of(contribution: Contribution) -> Photo:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "PNG")
    photo = add_photo(contribution, file.getvalue())
    Contribution.objects.filter(pk=contribution.pk).update(status=contribution.status)
    return photo


def test_photo_of_a_published_contribution_is_public(client: Client, published: Contribution) -> None:
    photo = photo_of(published)
    response = client.get(f"/photos/{photo.pk}.jpg")
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    assert response["Cache-Control"] == "public, max-age=600"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert not response.cookies
    again = client.get(f"/photos/{photo.pk}.jpg", headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("status", [ContributionStatus.PENDING, ContributionStatus.REJECTED])
def test_unpublished_photo_is_for_author_and_moderators_only(  # noqa: PLR0917 - every persona of the table
    campaign: Campaign,
    status: ContributionStatus,
    citizen: Citizen,
    another_citizen: Citizen,
    moderator: User,
    analyst: User,
    outsider: User,
) -> None:
    photo = photo_of(personas.make_contribution(campaign, by=citizen, status=status))
    another_citizen.participant(campaign)
    seen = {
        "anyone": Client(),
        "author": citizen.browser(),
        "another": another_citizen.browser(),
        "moderator": staff_browser(moderator),
        "analyst": staff_browser(analyst),
        "outsider": staff_browser(outsider),
    }
    statuses = {name: browser.get(f"/photos/{photo.pk}.jpg").status_code for name, browser in seen.items()}
    assert statuses == {
        "anyone": 404,
        "author": 200,
        "another": 404,
        "moderator": 200,
        "analyst": 404,
        "outsider": 404,
    }
    assert citizen.browser().get(f"/photos/{photo.pk}.jpg")["Cache-Control"] == "private, no-store"


def test_cells_campaign_publishes_no_photo(client: Client, cells_campaign: Campaign) -> None:
    photo = photo_of(personas.make_contribution(cells_campaign))
    assert client.get(f"/photos/{photo.pk}.jpg").status_code == 404


def test_lost_file_is_not_found_instead_of_an_error(client: Client, published: Contribution) -> None:
    photo = photo_of(published)
    photo.file.storage.delete(str(photo.file.name))
    assert client.get(f"/photos/{photo.pk}.jpg").status_code == 404
    for name in (uuid.uuid4(), 1, 999999, 99999999999999999999999):
        assert client.get(f"/photos/{name}.jpg").status_code == 404
