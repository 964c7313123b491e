"""Pictures of dates and updates: re-encoded without metadata, stored and deleted with their files."""

from __future__ import annotations

from typing import Final
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from engagement.models import EventDate, Image, Update
from mapping.geo.errors import TextProblem
from mapping.geo.text import clean_text
from mapping.services.errors import Invalid, Problem, invalid
from mapping.services.photos.attachments import delete_files, transaction_with_files
from mapping.services.photos.pictures import reencode

MOST_IMAGES: Final = 12
LONGEST_ALT: Final = 300


def add_image(owner: EventDate | Update, data: bytes, alt: str) -> Image:
    """Store a JPEG, PNG or WebP picture as JPEG without metadata; the same one only once, with new words.

    `alt` is what it shows, in words. Callers must check permissions first. Raises Invalid on "picture" (as
    `pictures.reencode`, too_many_images) and on "alt" (alt_missing, too_long), NotStored.
    """
    try:
        words = clean_text(alt, max_length=LONGEST_ALT, multiline=False)
    except TextProblem as problem:
        raise Invalid({"alt": [Problem(problem.code, problem.params)]}) from None
    if not words:
        raise invalid("alt", "alt_missing")
    try:
        encoded = reencode(data)
    except Invalid as refused:
        raise Invalid({"picture": refused.fields["photos"]}) from None
    field = "date" if isinstance(owner, EventDate) else "update"
    with transaction_with_files() as written:
        present = list(Image.objects.filter(**{field: owner}).order_by("position"))
        known = next((one for one in present if bytes(one.digest) == encoded.digest), None)
        if known is not None:
            known.alt = words
            known.save(update_fields=["alt"])
            return known
        if len(present) >= MOST_IMAGES:
            raise invalid("picture", "too_many_images", max=MOST_IMAGES)
        # A random name, as those of photos.
        wanted = Image.file.field.generate_filename(Image(), f"{uuid4().hex}.jpg")
        name = default_storage.save(wanted, ContentFile(encoded.data))
        written.append(name)
        return Image.objects.create(
            **{field: owner},
            file=name,
            alt=words,
            width=encoded.width,
            height=encoded.height,
            digest=encoded.digest,
            position=present[-1].position + 1 if present else 0,
        )


def remove_image(image: Image) -> None:
    """Delete a picture; its file follows once the transaction is final. Callers must check permissions first."""
    name = str(image.file.name)
    with transaction.atomic():
        Image.objects.filter(pk=image.pk).delete()
        transaction.on_commit(lambda: delete_files([name]), robust=True)
