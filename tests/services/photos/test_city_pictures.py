"""Pictures of the city: stored once, described in words, deleted once nothing shows them."""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from mapping.models import Campaign, Picture, Question, RemovedQuestion
from mapping.services.errors import Invalid
from mapping.services.photos.city_pictures import (
    UNUSED_FOR,
    delete_unused_pictures,
    store_picture,
    unused_pictures,
)
from mapping.services.photos.sweeping import find_strays
from tests import personas
from tests.services.photos.test_attachments import colourful
from tests.services.photos.test_pictures import encode, jpeg_with_secrets

Committing = Callable[..., object]


def age(picture: Picture, days: float) -> None:
    """Let a picture's file be that old."""
    moment = time.time() - days * 86_400
    os.utime(default_storage.path(str(picture.file.name)), (moment, moment))


def ask_for(campaign: Campaign, *pictures: Picture, kind: str = "picture_choice") -> Question:
    return Question.objects.create(
        campaign=campaign,
        slug="figure",
        title="Which figure?",
        kind=kind,
        options={
            "choices": [
                {"value": str(number), "title": one.alt, "picture": str(one.pk), "alt": one.alt}
                for number, one in enumerate(pictures)
            ]
        },
    )


def files() -> list[str]:
    """The names of all stored files of pictures."""
    if not default_storage.exists("pictures"):
        return []
    years = default_storage.listdir("pictures")[0]
    folders = [
        f"pictures/{year}/{month}"
        for year in years
        for month in default_storage.listdir(f"pictures/{year}")[0]
    ]
    return [f"{folder}/{name}" for folder in folders for name in default_storage.listdir(folder)[1]]


def test_picture_is_a_jpeg_without_metadata(campaign: Campaign) -> None:
    stored = store_picture(campaign, jpeg_with_secrets(), "  A red\nfish\u202e ")
    assert stored.alt == "A red fish"
    content = stored.file.read()
    assert content.startswith(b"\xff\xd8")
    assert b"secret" not in content
    assert (stored.width, stored.height) == Image.open(BytesIO(content)).size
    assert str(stored.pk) not in str(stored.file.name)


@pytest.mark.parametrize("name", ["PNG", "WEBP"])
def test_transparency_becomes_white(campaign: Campaign, name: str) -> None:
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    image.paste((0, 130, 60, 255), (10, 10, 30, 30))
    stored = store_picture(campaign, encode(image, name, lossless=True), "A green square")
    with stored.file.open("rb") as file:
        seen = Image.open(file).convert("RGB")
        assert min(seen.getpixel((2, 2))) > 250  # type: ignore[arg-type]
        assert seen.getpixel((20, 20))[0] < 20  # type: ignore[index]


def test_same_picture_of_a_campaign_is_stored_once(
    campaign: Campaign, django_capture_on_commit_callbacks: Committing
) -> None:
    first = store_picture(campaign, colourful(0), "Red")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        second = store_picture(campaign, colourful(0), "A red field")
    assert first.pk == second.pk
    assert Picture.objects.get().alt == "A red field"
    assert files() == [second.file.name]
    other = personas.make_campaign("other", with_categories=False)
    assert store_picture(other, colourful(0), "Red").pk != first.pk


def test_lost_file_comes_back(campaign: Campaign) -> None:
    first = store_picture(campaign, colourful(0), "Red")
    default_storage.delete(str(first.file.name))
    assert store_picture(campaign, colourful(0), "Red").file.read().startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("data", "alt", "field", "code"),
    [
        (None, " \u200b\n", "alt", "alt_missing"),
        (None, "x" * 301, "alt", "too_long"),
        (b"", "Red", "picture", "photo_empty"),
        (b"GIF89a", "Red", "picture", "not_a_photo"),
    ],
)
def test_bad_input_is_refused_at_its_field(
    campaign: Campaign, data: bytes | None, alt: str, field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        store_picture(campaign, colourful(0) if data is None else data, alt)
    assert {name: [one.code for one in found] for name, found in refused.value.fields.items()} == {
        field: [code]
    }
    assert files() == []
    assert not Picture.objects.exists()


def test_file_of_a_failed_transaction_is_removed(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Picture.objects, "create", fail)
    with pytest.raises(RuntimeError):
        store_picture(campaign, colourful(0), "Red")
    assert files() == []


@pytest.mark.parametrize("kind", ["picture_choice", "single_choice"])
def test_pictures_in_use_are_never_deleted(
    campaign: Campaign, kind: str, django_capture_on_commit_callbacks: Committing
) -> None:
    title, choice, unused, fresh = (
        store_picture(campaign, colourful(number), str(number)) for number in range(4)
    )
    campaign.picture = title
    campaign.save()
    ask_for(campaign, choice, kind=kind)
    for old in (title, choice, unused):
        age(old, 8)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        assert delete_unused_pictures(timezone.now() - UNUSED_FOR) == 1
    assert set(Picture.objects.all()) == {title, choice, fresh}
    assert sorted(files()) == sorted(str(one.file.name) for one in (title, choice, fresh))
    assert delete_unused_pictures(timezone.now() - UNUSED_FOR) == 0


def test_pictures_of_removed_questions_stay(campaign: Campaign) -> None:
    picture = store_picture(campaign, colourful(0), "Red")
    RemovedQuestion.objects.create(
        campaign=campaign,
        slug="figure",
        title="Which?",
        kind="picture_choice",
        options={"choices": [{"value": "a", "title": "A", "picture": str(picture.pk)}]},
    )
    assert unused_pictures(timezone.now() + timedelta(days=9)) == []


def test_picture_stored_again_is_young(campaign: Campaign) -> None:
    age(store_picture(campaign, colourful(0), "Red"), 8)
    assert len(unused_pictures(timezone.now() - UNUSED_FOR)) == 1
    store_picture(campaign, colourful(0), "Red")
    assert unused_pictures(timezone.now() - UNUSED_FOR) == []


def test_options_without_readable_pictures_do_no_harm(campaign: Campaign) -> None:
    unreadable: tuple[object, ...] = ({}, ["a"], [{"picture": "no id"}, {"picture": None}, {}], None)
    for number, choices in enumerate(unreadable):
        Question.objects.create(
            campaign=campaign,
            slug=str(number),
            title="x",
            kind="picture_choice",
            options={"choices": choices},
        )
    assert unused_pictures(timezone.now()) == []


def test_sweep_leaves_files_of_pictures_and_finds_strays_among_them(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = store_picture(campaign, colourful(0), "Red")
    unused = store_picture(campaign, colourful(1), "Green")
    lost = store_picture(campaign, colourful(2), "White")
    ask_for(campaign, shown, lost)
    for old in (shown, unused, lost):
        age(old, 8)
    gone = store_picture(personas.make_campaign("gone", with_categories=False), colourful(3), "Black")
    age(gone, 2)
    Campaign.objects.get(slug="gone").delete()
    default_storage.delete(str(lost.file.name))
    strays = find_strays(timezone.now() - timedelta(days=1))
    assert (strays.files, list(strays.rows), strays.whole) == ([gone.file.name], [lost], 2)

    call_command("sweep_photos", "--delete", "--delete-rows")
    out = capsys.readouterr().out
    assert f"no file: {lost.file.name} (campaign {campaign.slug}, picture {lost.pk})" in out
    assert f"unused: {unused.file.name} (campaign {campaign.slug})" in out
    assert "1 files deleted, 1 unused pictures deleted" in out
    assert list(Picture.objects.all()) == [shown]
    assert default_storage.exists(str(shown.file.name))
