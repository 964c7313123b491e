"""News of a campaign: written, published at once or later, deleted with their pictures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from engagement.models import Image, Update
from engagement.rules import may_edit_of_campaign
from engagement.services.checked import checked_texts
from engagement.services.images import add_image, remove_image
from mapping.models import Campaign
from mapping.services.campaigns import validate
from mapping.services.checking.gates import require_role
from mapping.services.errors import Conflict, NotAllowed
from mapping.services.photos.attachments import delete_files

LONGEST: Final[Mapping[str, int]] = {"title": 160, "text": 20_000}
"""Characters of each text."""


def version_of(update: Update | None) -> str:
    """A mark of news as they are stored: another one after each change."""
    return "" if update is None else update.changed_at.isoformat()


def save_update(
    actor: User,
    campaign: Campaign,
    update: Update | None,
    texts: Mapping[str, object],
    *,
    is_public: bool,
    published_at: datetime | None = None,
    expected: str = "",
) -> Update:
    """Store new news of a campaign, or the changes of some.

    `published_at` is when the public may read them: now, or as before, where it is None. Raises NotAllowed
    (not_update_editor, gone), Conflict "step_changed" (params: version), Invalid by the names of `LONGEST`.
    """
    require_role(may_edit_of_campaign, actor, campaign, "not_update_editor")
    cleaned = checked_texts(texts, LONGEST, needed=LONGEST, multiline=("text",))
    with transaction.atomic():
        stored = Update(campaign=campaign) if update is None else _locked(update)
        if update is not None and expected != version_of(stored):
            raise Conflict("step_changed", version=version_of(stored))
        now = timezone.now()
        if published_at is not None:
            stored.published_at = published_at
        elif is_public and stored.is_draft:
            stored.published_at = now
        stored.title, stored.text = str(cleaned["title"]), str(cleaned["text"])
        stored.is_draft, stored.changed_at = not is_public, now
        validate(stored)
        stored.save()
    return stored


def delete_update(actor: User, update: Update) -> None:
    """Delete news and their pictures; raises NotAllowed "not_update_editor"."""
    require_role(may_edit_of_campaign, actor, update.campaign, "not_update_editor")
    with transaction.atomic():
        names = [str(one.file.name) for one in Image.objects.filter(update=update)]
        Update.objects.filter(pk=update.pk).delete()
        transaction.on_commit(lambda: delete_files(names), robust=True)


def add_picture(actor: User, update: Update, data: bytes, alt: str) -> Image:
    """Add a picture to news; raises NotAllowed (not_update_editor, gone), and as `images.add_image`."""
    require_role(may_edit_of_campaign, actor, update.campaign, "not_update_editor")
    with transaction.atomic():
        return add_image(_locked(update), data, alt)


def remove_picture(actor: User, update: Update, picture: UUID) -> None:
    """Remove a picture of news, if it is still there; raises NotAllowed "not_update_editor"."""
    require_role(may_edit_of_campaign, actor, update.campaign, "not_update_editor")
    found = Image.objects.filter(update=update, pk=picture).first()
    if found is not None:
        remove_image(found)


def _locked(update: Update) -> Update:
    stored = Update.objects.select_for_update(of=("self",)).filter(pk=update.pk).first()
    if stored is None:
        raise NotAllowed("gone")
    return stored
