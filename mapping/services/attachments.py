"""Photos of a contribution: files and rows that come and go together."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from mapping.models import Campaign, Contribution, Photo
from mapping.services.errors import invalid
from mapping.services.photos import MAX_PHOTOS, EncodedPhoto, reencode


def encoded(campaign: Campaign, photos: Sequence[bytes]) -> list[EncodedPhoto]:
    """Pictures from outside, re-encoded; raises Invalid on "photos" where the campaign or a picture refuses."""
    if not photos:
        return []
    if not campaign.allows_photos:
        raise invalid("photos", "photos_off")
    if len(photos) > MAX_PHOTOS:
        raise invalid("photos", "too_many_photos", max=MAX_PHOTOS)
    return [reencode(data) for data in photos]


@contextmanager
def written_files() -> Iterator[list[str]]:
    """A list for the names of new files, around a transaction: where it fails, the files go as the rows do."""
    names: list[str] = []
    try:
        yield names
    except BaseException:
        for name in names:
            default_storage.delete(name)
        raise


def attach(contribution: Contribution, pictures: Sequence[EncodedPhoto], written: list[str]) -> list[Photo]:
    """Store the pictures that a (locked) contribution does not have yet, and return the rows of all of them."""
    if not pictures:
        return []
    present = {bytes(photo.digest): photo for photo in contribution.photos.all()}
    result: list[Photo] = []
    for picture in pictures:
        photo = present.get(picture.digest)
        if photo is None:
            if len(present) >= MAX_PHOTOS:
                raise invalid("photos", "too_many_photos", max=MAX_PHOTOS)
            taken = {one.position for one in present.values()}
            photo = _store(contribution, picture, min(set(range(MAX_PHOTOS)) - taken), written)
            present[picture.digest] = photo
        result.append(photo)
    return result


def discard(contribution: Contribution, *, only: int | None = None) -> None:
    """Delete a contribution's photos (or one of them); the files follow once the transaction is final."""
    photos = contribution.photos.all() if only is None else contribution.photos.filter(pk=only)
    names = [photo.file.name for photo in photos if photo.file.name]
    photos.delete()
    transaction.on_commit(lambda: _delete_files(names), robust=True)


def _store(contribution: Contribution, picture: EncodedPhoto, position: int, written: list[str]) -> Photo:
    # A random name: neither guessable nor telling to which contribution it belongs.
    wanted = Photo.file.field.generate_filename(Photo(), f"{uuid4().hex}.jpg")
    name = default_storage.save(wanted, ContentFile(picture.data))
    written.append(name)
    return Photo.objects.create(
        contribution=contribution,
        file=name,
        width=picture.width,
        height=picture.height,
        digest=picture.digest,
        position=position,
    )


def _delete_files(names: Sequence[str]) -> None:
    for name in names:
        default_storage.delete(name)
