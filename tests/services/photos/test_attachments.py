"""Photos of contributions: files and rows that come and go together."""

from collections.abc import Callable

import pytest
from django.core.files.storage import default_storage

from mapping.models import Campaign, Contribution, Photo
from mapping.services.errors import Invalid, NotAllowed
from mapping.services.submit import Submission, add_photo, remove_photo, revise, submit
from tests import personas
from tests.personas import Citizen, point
from tests.services.photos.test_pictures import encode, picture


def files() -> list[str]:
    """The names of all stored files."""

    def walk(folder: str) -> list[str]:
        folders, names = default_storage.listdir(folder)
        deeper = [name for inner in folders for name in walk(f"{folder}/{inner}")]
        return [f"{folder}/{name}" for name in names] + deeper

    return walk("photos") if default_storage.exists("photos") else []


def colourful(number: int) -> bytes:
    return encode(picture(colour=["red", "green", "white", "black"][number]))


def test_contribution_brings_its_photos(campaign: Campaign, citizen: Citizen) -> None:
    sent = Submission("spot", point(), photos=[colourful(0), colourful(1)])
    stored = submit(campaign, sent, citizen.secret).contribution
    assert [photo.position for photo in stored.photos.all()] == [0, 1]
    assert sorted(files()) == sorted(str(photo.file.name) for photo in stored.photos.all())
    for photo in stored.photos.all():
        assert str(stored.pk) not in str(photo.file.name)
        assert photo.file.read().startswith(b"\xff\xd8")
    assert not submit(campaign, sent, citizen.secret).contribution.photos.count() > 2


def test_same_picture_twice_is_one_photo(campaign: Campaign, pending: Contribution) -> None:
    first, second = add_photo(pending, colourful(0)), add_photo(pending, colourful(0))
    assert first == second
    assert len(files()) == 1


def test_fourth_photo_is_refused_and_leaves_no_file(campaign: Campaign, pending: Contribution) -> None:
    for number in range(3):
        add_photo(pending, colourful(number))
    with pytest.raises(Invalid) as refused:
        add_photo(pending, colourful(3))
    assert refused.value.fields["photos"][0].code == "too_many_photos"
    with pytest.raises(Invalid):
        revise(pending, Submission("spot", point(), photos=[colourful(3)]))
    assert len(files()) == Photo.objects.count() == 3


def test_four_photos_at_once_are_refused(campaign: Campaign, citizen: Citizen) -> None:
    sent = Submission("spot", point(), photos=[colourful(number) for number in range(4)])
    with pytest.raises(Invalid):
        submit(campaign, sent, citizen.secret)
    assert files() == []


def test_files_of_a_failed_submission_are_removed(
    campaign: Campaign, citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Photo.objects, "create", fail)
    with pytest.raises(RuntimeError):
        submit(campaign, Submission("spot", point(), photos=[colourful(0)]), citizen.secret)
    assert files() == []
    assert not Contribution.objects.exists()


def test_new_photo_on_a_published_contribution_waits_for_review(
    campaign: Campaign, published: Contribution
) -> None:
    add_photo(published, colourful(0))
    published.refresh_from_db()
    assert published.status == "pending"


def test_photo_right_after_sending_is_no_event_of_its_own(campaign: Campaign, pending: Contribution) -> None:
    before = pending.moderation_events.count()
    add_photo(pending, colourful(0))
    assert pending.moderation_events.count() == before


def test_photo_is_taken_back(
    campaign: Campaign,
    published: Contribution,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    first, _ = add_photo(published, colourful(0)), add_photo(published, colourful(1))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        remove_photo(first)
    assert len(files()) == Photo.objects.count() == 1
    again = add_photo(published, colourful(2))
    assert again.position == 0


def test_campaign_without_photos_takes_none(citizen: Citizen, db: None) -> None:
    campaign = personas.make_campaign("texts-only", allows_photos=False)
    with pytest.raises(Invalid) as refused:
        submit(campaign, Submission("spot", point(), photos=[colourful(0)]), citizen.secret)
    assert refused.value.fields["photos"][0].code == "photos_off"


def test_no_photo_after_the_end(closed_campaign: Campaign) -> None:
    stored = personas.make_contribution(closed_campaign)
    with pytest.raises(NotAllowed):
        add_photo(stored, colourful(0))
    assert files() == []
