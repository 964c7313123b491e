"""Photos of a contribution: files and rows, stored and deleted together."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from mapping.models import Campaign, Contribution, Photo
from mapping.services.errors import invalid
from mapping.services.files.disks import refusing_what_disks_refuse
from mapping.services.photos.pictures import MAX_PHOTOS, EncodedPhoto, reencode

_log = logging.getLogger(__name__)


def encoded(campaign: Campaign, photos: Sequence[bytes]) -> list[EncodedPhoto]:
    """Re-encode uploaded pictures; raises Invalid on "photos" if the campaign accepts none or a picture is invalid."""
    if not photos:
        return []
    if not campaign.allows_photos:
        raise invalid("photos", "photos_off")
    if len(photos) > MAX_PHOTOS:
        raise invalid("photos", "too_many_photos", max=MAX_PHOTOS)
    return [reencode(data) for data in photos]


@contextmanager
def transaction_with_files() -> Iterator[list[str]]:
    """A transaction, and a list for the names of files written in it: they are deleted if it is known to have failed.

    Full and unwritable disks raise NotStored. After an error from COMMIT the outcome is unknown: the server may have
    committed before the connection broke, and the rows would name deleted files. Then the files stay;
    `sweeping.find_strays` finds those without a row.
    """
    names: list[str] = []
    is_undone = False
    try:
        with refusing_what_disks_refuse(), transaction.atomic():
            try:
                yield names
            except BaseException:
                # COMMIT was never sent.
                is_undone = True
                raise
    except BaseException as error:
        # Deferred constraints are checked by COMMIT, and the server reported a violation.
        if is_undone or isinstance(error, IntegrityError):
            delete_files(names)
        raise


def attach(contribution: Contribution, pictures: Sequence[EncodedPhoto], written: list[str]) -> list[Photo]:
    """Store the pictures that a (locked) contribution does not have yet; return the rows of all given pictures."""
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
        elif not default_storage.exists(str(photo.file.name)):
            # The file was lost; uploading it again restores it.
            photo.file.name = _write(picture, written)
            photo.save(update_fields=["file"])
        result.append(photo)
    return result


def discard(contribution: Contribution, *, only: UUID | None = None) -> None:
    """Delete a contribution's photos (or one of them); the files follow once the transaction is final."""
    photos = contribution.photos.all() if only is None else contribution.photos.filter(pk=only)
    names = [photo.file.name for photo in photos if photo.file.name]
    photos.delete()
    transaction.on_commit(lambda: delete_files(names), robust=True)


def delete_files(names: Iterable[str]) -> None:
    """Delete files; failures are logged and do not prevent deletion of the others."""
    for name in names:
        try:
            default_storage.delete(name)
        except OSError:
            _log.exception("The file %s cannot be deleted; bin/manage sweep_photos finds it later.", name)


def _store(contribution: Contribution, picture: EncodedPhoto, position: int, written: list[str]) -> Photo:
    return Photo.objects.create(
        contribution=contribution,
        file=_write(picture, written),
        width=picture.width,
        height=picture.height,
        digest=picture.digest,
        position=position,
    )


def _write(picture: EncodedPhoto, written: list[str]) -> str:
    # A random name: neither guessable nor revealing the contribution.
    wanted = Photo.file.field.generate_filename(Photo(), f"{uuid4().hex}.jpg")
    name = default_storage.save(wanted, ContentFile(picture.data))
    written.append(name)
    return name
