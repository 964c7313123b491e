"""Pictures that a city shows (titles of campaigns, choices of questions): stored by planners, deleted once unused."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import chain
from typing import Final
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from mapping.geo.text import TextProblem, clean_text
from mapping.models import Campaign, Picture, Question, RemovedQuestion
from mapping.services.errors import Invalid, Problem, invalid
from mapping.services.photos.attachments import delete_files, transaction_with_files
from mapping.services.photos.pictures import EncodedPhoto, reencode

LONGEST_ALT: Final = 300
UNUSED_FOR: Final = timedelta(days=7)
"""So long a picture stays that nothing shows: a removed question may come back, a form may still be open."""


def store_picture(campaign: Campaign, data: bytes, alt: str) -> Picture:
    """Store a JPEG, PNG or WebP picture as JPEG without metadata, transparency as white; the same one only once.

    `alt` is what the picture shows, in words; of a picture that is there already it is replaced. Callers must check
    permissions first. Raises Invalid on "picture" (see `reencode`) and "alt" (alt_missing, too_long), NotStored.
    """
    words = _cleaned(alt)
    encoded = _encoded(data)
    with transaction_with_files() as written:
        _lock(campaign)
        found = Picture.objects.filter(campaign=campaign, digest=encoded.digest).order_by("pk").first()
        name = _write(encoded, written)
        if found is None:
            return Picture.objects.create(
                campaign=campaign,
                file=name,
                alt=words,
                width=encoded.width,
                height=encoded.height,
                digest=encoded.digest,
            )
        # A new file, because the old one may be lost, and because the age of a file protects it from deletion.
        former = str(found.file.name)
        found.file.name, found.alt = name, words
        found.save(update_fields=["file", "alt"])
        transaction.on_commit(lambda: delete_files([former]), robust=True)
        return found


def unused_pictures(older_than: datetime) -> list[Picture]:
    """Pictures uploaded before a moment that neither a campaign nor a question shows."""
    untitled = Picture.objects.filter(titles=None).select_related("campaign").order_by("pk")
    shown = set(_shown_in_questions())
    return [picture for picture in untitled if picture.pk not in shown and _is_older(picture, older_than)]


def delete_unused_pictures(older_than: datetime) -> int:
    """Delete the `unused_pictures`; the files follow once the transaction is final. Returns their number."""
    number = 0
    by_campaign: dict[int, list[UUID]] = {}
    for picture in unused_pictures(older_than):
        by_campaign.setdefault(picture.campaign_id, []).append(picture.pk)
    for campaign, candidates in by_campaign.items():
        with transaction.atomic():
            _lock(Campaign(pk=campaign))
            # Some may have been stored again or have come into use since they were listed.
            standing = {picture.pk: picture for picture in unused_pictures(older_than)}
            unused = [standing[pk] for pk in candidates if pk in standing]
            Picture.objects.filter(pk__in=[picture.pk for picture in unused]).delete()
            _delete_on_commit(unused)
        number += len(unused)
    return number


def _cleaned(alt: str) -> str:
    try:
        words = clean_text(alt, max_length=LONGEST_ALT, multiline=False)
    except TextProblem as problem:
        raise Invalid({"alt": [Problem(problem.code, problem.params)]}) from None
    if not words:
        raise invalid("alt", "alt_missing")
    return words


def _encoded(data: bytes) -> EncodedPhoto:
    try:
        return reencode(data)
    except Invalid as refused:
        raise Invalid({"picture": refused.fields["photos"]}) from None


def _write(encoded: EncodedPhoto, written: list[str]) -> str:
    wanted = Picture.file.field.generate_filename(Picture(), f"{uuid4().hex}.jpg")
    name = default_storage.save(wanted, ContentFile(encoded.data))
    written.append(name)
    return name


def _lock(campaign: Campaign) -> None:
    """Let pictures of a campaign come and go one after the other; contributions do not wait for it."""
    Campaign.objects.select_for_update(no_key=True).filter(pk=campaign.pk).first()


def _shown_in_questions() -> Iterator[UUID]:
    # Whatever the kind: a question may have been changed from pictures to words, and be changed back.
    asked = (one.filter(options__has_key="choices") for one in (Question.objects, RemovedQuestion.objects))
    for options in chain.from_iterable(found.values_list("options", flat=True) for found in asked):
        choices = options["choices"] if isinstance(options, Mapping) else None
        for choice in choices if isinstance(choices, list) else ():
            named = choice.get("picture") if isinstance(choice, Mapping) else None
            try:
                yield UUID(str(named))
            except ValueError:
                continue


def _is_older(picture: Picture, moment: datetime) -> bool:
    try:
        return default_storage.get_modified_time(str(picture.file.name)) < moment
    except FileNotFoundError:
        return True


def _delete_on_commit(pictures: Iterable[Picture]) -> None:
    names = [str(picture.file.name) for picture in pictures]
    transaction.on_commit(lambda: delete_files(names), robust=True)
